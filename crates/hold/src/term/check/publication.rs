//! What only a log can tell: who holds a role, what a register has, how long delivery takes.

use std::collections::{BTreeMap, BTreeSet};

use crate::term::ast::{Condition, Duty, Instrument, Length, Quantity, Span};
use crate::term::check::walk::{Node, in_condition, nodes};
use crate::term::check::{Checker, Lint, LintCode, check};
use crate::term::duration::Duration;
use crate::term::name::{Channel, Kind, ParamName, Register, Role, TermName};
use crate::term::parse::{Part, Place};

/// What a log knows when an instrument is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Roles that somebody holds.
    pub roles: BTreeSet<Role>,
    /// Registers that have at least one object.
    pub registers: BTreeSet<Register>,
    /// How long delivery over a channel takes as measured, in seconds.
    pub delivery: BTreeMap<Channel, u64>,
    /// Reservations that parties have announced.
    pub reservations: Vec<Reservation>,
}

/// A reservation against a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// The role in which a party reserves.
    pub by: Role,
    /// The term.
    pub term: TermName,
}

/// The roles that an instrument names.
pub fn roles(instrument: &Instrument) -> BTreeSet<Role> {
    let role = |(_, node)| match node {
        Node::Role(role) => Some(role.clone()),
        _ => None,
    };
    nodes(instrument).into_iter().filter_map(role).collect()
}

/// The kinds of facts that an instrument names, its registers among them.
pub fn kinds(instrument: &Instrument) -> BTreeSet<Kind> {
    let kind = |(_, node)| match node {
        Node::Kind(kind) | Node::Field(kind) => Some(kind.clone()),
        Node::Register(register) => Kind::new(register.as_str()).ok(),
        _ => None,
    };
    let named = nodes(instrument).into_iter().filter_map(kind);
    let declared = instrument.kinds.iter().map(|rule| rule.kind.clone());
    named.chain(declared).collect()
}

/// The parameters that a term goes by, those of the words that it uses among them.
pub fn params(instrument: &Instrument, name: &TermName) -> BTreeSet<ParamName> {
    let checker = Checker::new(instrument);
    let is_own = |place| matches!(place, Place::Term(at, _) if instrument.terms[at].name == *name);
    let own = nodes(instrument)
        .into_iter()
        .filter(|(place, _)| is_own(*place));
    let mut open: Vec<Node<'_>> = own.map(|(_, node)| node).collect();
    let (mut words, mut found) = (BTreeSet::new(), BTreeSet::new());
    while let Some(node) = open.pop() {
        if let Node::Condition(Condition::Holds(word)) = node
            && words.insert(word)
        {
            let meaning = checker.meanings.get(word).copied().flatten();
            open.extend(meaning.into_iter().flat_map(in_condition));
        }
        found.extend(param(node).cloned());
    }
    found
}

fn param(node: Node<'_>) -> Option<&ParamName> {
    let quantity = match node {
        Node::Length(length) | Node::Period(length) => {
            return match length {
                Length::Param(name) => Some(name),
                Length::Fixed(_) => None,
            };
        }
        Node::Comparison(comparison) | Node::Measured(_, comparison) => &comparison.with,
        Node::Coverage(share) => share,
        _ => return None,
    };
    match quantity {
        Quantity::Param(name) => Some(name),
        Quantity::Fixed(_) => None,
    }
}

/// Everything that [`check`] finds, and what is wrong with an instrument in view of a log.
pub fn check_publication(instrument: &Instrument, knowledge: &Knowledge) -> Vec<Lint> {
    let mut checker = Checker::new(instrument);
    checker.lints = check(instrument);
    for (place, node) in nodes(instrument) {
        match node {
            Node::Role(role) if !knowledge.roles.contains(role) => {
                let message = format!("nobody holds the role `{role}`");
                let fix = "have a party adopt it in that role, or grant a mandate";
                let code = LintCode::RoleVacant;
                checker.add(place, code, Some(role.as_str()), message, fix);
            }
            Node::Register(register) if !knowledge.registers.contains(register) => {
                let message = format!("`{register}` has no object that it would protect");
                let fix = "fill the register first";
                let code = LintCode::RegisterEmpty;
                checker.add(place, code, Some(register.as_str()), message, fix);
            }
            Node::Duty(duty) => too_short(&mut checker, place, duty, knowledge),
            _ => {}
        }
    }
    for reservation in &knowledge.reservations {
        let at = instrument
            .terms
            .iter()
            .position(|term| term.name == reservation.term);
        let barred = at.filter(|at| instrument.terms[*at].non_reservable);
        if let Some(at) = barred {
            let (by, term) = (&reservation.by, &reservation.term);
            let message = format!("{by} reserves against `{term}`, which allows no reservation");
            let fix = "withdraw the reservation";
            let place = Place::Term(at, Part::Whole);
            checker.add(place, LintCode::ReservationBarred, None, message, fix);
        }
    }
    checker.finish()
}

fn too_short(checker: &mut Checker, place: Place, duty: &Duty, knowledge: &Knowledge) {
    let Duty::Deliver { act, limit } = duty else {
        return;
    };
    let Some(channel) = &act.via else {
        return;
    };
    let spans = std::iter::once(&limit.span).chain(limit.and_within.iter().map(|(span, _)| span));
    for span in spans {
        let Span::Length(length) = span else {
            continue;
        };
        let shortest = checker.proposed(length).map(shortest);
        let needed = knowledge.delivery.get(channel).copied();
        if let (Some(shortest), Some(needed)) = (shortest, needed)
            && shortest < needed
        {
            let message = format!(
                "delivery over `{channel}` takes {needed} seconds, the limit is {shortest}"
            );
            let fix = "allow more time, or name a faster channel";
            let code = LintCode::DeadlineTooShort;
            checker.add(place, code, Some(channel.as_str()), message, fix);
        }
    }
}

/// The fewest seconds that a duration can last: a month of 28 days, a day of 23 hours.
fn shortest(duration: Duration) -> u64 {
    let days = u64::from(duration.months) * 28 + u64::from(duration.days);
    days * 23 * 3_600 + duration.seconds
}
