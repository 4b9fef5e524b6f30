//! Terms as wholes: what they can show, what starts them, what stops them.

use std::collections::BTreeSet;

use crate::term::ast::{
    Anchor, Class, Comparison, Condition, Duty, Effect, MAX_SUSPENSIONS, Modality, Number, Order,
    Term, Trigger, Variation, Which, World,
};
use crate::term::check::walk::{Node, in_condition, nodes};
use crate::term::check::{Checker, LintCode};
use crate::term::name::Kind;
use crate::term::parse::{Part, Place};

pub(super) fn check(checker: &mut Checker) {
    for (at, term) in checker.instrument.terms.iter().enumerate() {
        class(checker, at, term);
        modality(checker, at, term);
        safety(checker, at, term);
        absence(checker, at, term);
        recurring(checker, at, term);
        let is_deliver = matches!(term.duty, Duty::Deliver { .. });
        if is_deliver && checker.trigger(term) == Trigger::Adoption {
            let place = Place::Term(at, Part::When);
            let message = format!("no fact starts the time of `{}`", term.name);
            let fix = "let the condition demand one fact: `when occurs KIND and ...`; make two terms of \
                       an `or`";
            checker.add(place, LintCode::TriggerMissing, None, message, fix);
        }
    }
    anchors(checker);
    observers(checker);
}

/// Who watches, measures or keeps a register decides whether a duty binds and counts as kept: the
/// parties agree on who that is.
fn observers(checker: &mut Checker) {
    let it = checker.instrument;
    for (place, node) in nodes(it) {
        let watching = match node {
            Node::Duty(Duty::Never { covered_by, .. }) => covered_by.to_string(),
            Node::Duty(Duty::Deliver { act, .. })
                if checker.worlds.get(&act.kind) == Some(&World::Observed) =>
            {
                format!("{}.coverage", act.kind)
            }
            Node::Measured(measure, _) => measure.indicator.to_string(),
            Node::Register(register) => register.to_string(),
            _ => continue,
        };
        let mut kinds = it.kinds.iter();
        if kinds.any(|it| it.kind.as_str() == watching && it.by.is_some()) {
            continue;
        }
        let message = format!("anybody may state `{watching}`, the debtor too, and decide by it");
        let fix = "say who watches, measures or keeps the register: `kind KIND observed by ROLE`";
        checker.add(
            place,
            LintCode::ObserverUnnamed,
            Some(&watching),
            message,
            fix,
        );
    }
}

/// The periods of a recurring duty are obligations from the adoption or the trigger on: an exception,
/// which is settled at a deadline, comes too late for them.
fn recurring(checker: &mut Checker, at: usize, term: &Term) {
    for (number, exception) in term.exceptions.iter().enumerate() {
        let recurs = |duty: &Duty| matches!(duty, Duty::Perform { .. });
        if matches!(&exception.effect, Effect::Varies(Variation::Duties(duties)) if duties.iter().any(recurs))
        {
            let place = Place::Term(at, Part::Exception(number));
            let message = format!(
                "no period would be judged of what recurs in the place of `{}`",
                term.name
            );
            let fix = "make a term of it: `term NAME { owes ROLE when CONDITION perform KIND per LENGTH }`";
            let word = Some("perform");
            checker.add(place, LintCode::RecurringInstead, word, message, fix);
        }
    }
}

fn class(checker: &mut Checker, at: usize, term: &Term) {
    let place = Place::Term(at, Part::Class);
    let (name, class) = (term.name.as_str(), term.class);
    let declares = matches!(term.duty, Duty::Declare(_));
    if declares && class != Class::Declaratory {
        let message = format!("nothing can show whether `{name}` is kept: it only declares");
        let fix = "give it `class declaratory`, or a duty with an observable fact";
        checker.add(place, LintCode::Unverifiable, None, message, fix);
        return;
    }
    if class == Class::Finding && !rests_on_finding(checker, term) {
        let message = format!("`{name}` is to be found by people, and asks for no finding");
        let fix = "say who finds what: `finding WORD by ROLE` or `attributed_by ROLE`";
        checker.add(place, LintCode::Unverifiable, None, message, fix);
        return;
    }
    let measures = matches!(term.duty, Duty::Maintain { .. });
    let mismatch = match class {
        Class::Declaratory => !declares,
        Class::Measured => !measures,
        Class::Computable => measures,
        Class::Finding => false,
    };
    if mismatch {
        let message = format!("`{name}` has class {}, which its duty is not", class.word());
        let fix = "leave the class out: it follows from the duty";
        checker.add(
            place,
            LintCode::ClassMismatch,
            Some(class.word()),
            message,
            fix,
        );
    }
}

fn rests_on_finding(checker: &Checker, term: &Term) -> bool {
    let attributed = matches!(
        &term.duty,
        Duty::Never {
            attributed_by: Some(_),
            ..
        }
    );
    let guards = term.exceptions.iter().map(|it| &it.guard);
    let mut conditions = term
        .when
        .iter()
        .chain(guards)
        .flat_map(|it| checker.expanded(it));
    attributed || conditions.any(has_finding)
}

/// Whether a condition asks for a finding itself.
pub(super) fn has_finding(condition: &Condition) -> bool {
    let is_finding = |node| matches!(node, Node::Condition(Condition::Finding { .. }));
    in_condition(condition).into_iter().any(is_finding)
}

fn modality(checker: &mut Checker, at: usize, term: &Term) {
    let prohibits = matches!(term.duty, Duty::Never { .. });
    let message = match term.modality {
        Modality::Forbid if !prohibits => "forbids, and its duty is not `never`",
        Modality::Owes | Modality::May if prohibits => "has the duty `never`, and does not forbid",
        Modality::May if !term.on_breach.is_empty() || term.remedy_within.is_some() => {
            "is a right, which nobody can breach"
        }
        _ => return,
    };
    let message = format!("`{}` {message}", term.name);
    let fix = "write `forbid ... never KIND`, and `on_breach` with duties only";
    let place = Place::Term(at, Part::Parties);
    checker.add(place, LintCode::ModalityMismatch, None, message, fix);
}

fn safety(checker: &mut Checker, at: usize, term: &Term) {
    let protects = term.safety || term.modality == Modality::Forbid;
    if protects && !term.unsuspendable {
        let message = format!(
            "`{}` protects people, and its clock could be stopped",
            term.name
        );
        let fix = "add `unsuspendable`";
        let place = Place::Term(at, Part::Whole);
        checker.add(place, LintCode::SafetySuspendable, None, message, fix);
    }
    let is_suspension = |effect: &Effect| matches!(effect, Effect::Suspends(_));
    let excepted = term
        .exceptions
        .iter()
        .position(|it| is_suspension(&it.effect));
    let excepted_count = term.exceptions.iter();
    let excepted_count = excepted_count
        .filter(|it| is_suspension(&it.effect))
        .count();
    let clauses = term.suspensions.len() + excepted_count;
    if clauses > MAX_SUSPENSIONS {
        let message = format!(
            "{clauses} clauses stop the clock of `{}`, and {MAX_SUSPENSIONS} are judged together",
            term.name
        );
        let fix = "let one kind of fact stand for several grounds";
        let place = Place::Term(at, Part::Whole);
        checker.add(place, LintCode::TooManySuspensions, None, message, fix);
    }
    let part = match (term.suspensions.first(), excepted) {
        (Some(_), _) => Part::Suspension(0),
        (None, Some(exception)) => Part::Exception(exception),
        (None, None) => return,
    };
    if term.unsuspendable {
        let message = format!("`{}` is unsuspendable, and this suspends it", term.name);
        let fix = "remove one of the two";
        let place = Place::Term(at, part);
        checker.add(place, LintCode::SuspensionContradiction, None, message, fix);
    }
}

/// Absence of a notice starts nothing, and excuses no breach of a prohibition.
fn absence(checker: &mut Checker, at: usize, term: &Term) {
    let mut places: Vec<_> = term.when.iter().map(|it| (Part::When, it)).collect();
    if term.modality == Modality::Forbid {
        let guards = term.exceptions.iter().enumerate();
        places.extend(guards.map(|(at, it)| (Part::Exception(at), &it.guard)));
    }
    for (part, condition) in places {
        let found = absent_notices(checker, condition);
        for kind in found {
            let message = format!("this rests on `{kind}` not having been lodged");
            let fix = "absence of notice changes no protection: let something that happened be the \
                       condition";
            let place = Place::Term(at, part);
            checker.add(
                place,
                LintCode::AbsenceOfNotice,
                Some(kind.as_str()),
                message,
                fix,
            );
        }
    }
}

/// Notices whose absence makes a condition true, or false where it is looked for under a `not`.
fn absent_notices<'a>(checker: &Checker<'a>, condition: &'a Condition) -> Vec<&'a Kind> {
    let is_notice = |kind| checker.worlds.get(kind) == Some(&World::Performative);
    let (mut open, mut seen, mut found) = (vec![(condition, true)], BTreeSet::new(), Vec::new());
    while let Some((condition, wanted)) = open.pop() {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                open.extend(parts.iter().map(|part| (part, wanted)));
            }
            Condition::Not(inner) => open.push((inner.as_ref(), !wanted)),
            Condition::Holds(word) if seen.insert((word, wanted)) => {
                let meaning = checker.meanings.get(word).copied().flatten();
                open.extend(meaning.map(|meaning| (meaning, wanted)));
            }
            Condition::Occurs { kind, .. } if !wanted && is_notice(kind) => found.push(kind),
            Condition::Count {
                kind, comparison, ..
            } if is_notice(kind) && holds_for_none(checker, comparison) == Some(wanted) => {
                found.push(kind);
            }
            _ => {}
        }
    }
    found
}

/// Whether a comparison of a number of facts is true of none.
fn holds_for_none(checker: &Checker, comparison: &Comparison) -> Option<bool> {
    let Number::Integer(number) = checker.number(&comparison.with)? else {
        return None;
    };
    Some(match comparison.order {
        Order::AtLeast => 0 >= number,
        Order::AtMost => 0 <= number,
        Order::Equal => 0 == number,
        Order::Less => 0 < number,
        Order::More => 0 > number,
        Order::NotEqual => 0 != number,
    })
}

fn anchors(checker: &mut Checker) {
    let it = checker.instrument;
    for (place, node) in nodes(it) {
        let Node::Anchor(anchor) = node else {
            continue;
        };
        let trigger = match place {
            Place::Term(term, _) => checker.trigger(&it.terms[term]),
            _ => Trigger::Adoption,
        };
        match anchor {
            Anchor::Breach => {
                let is_spawned = match place {
                    Place::Term(term, _) => checker.spawned.contains(&it.terms[term].name),
                    _ => false,
                };
                if !is_spawned {
                    let message = "no term names this one in `on_breach`".to_owned();
                    let fix = "name it there, or count from a fact";
                    let code = LintCode::AnchorWithoutBreach;
                    checker.add(place, code, Some("breach"), message, fix);
                }
            }
            Anchor::Fact { kind, which, .. } => {
                let is_trigger = matches!(trigger, Trigger::Fact(of, _) if of == kind);
                if *which == Which::Only && !is_trigger {
                    let message =
                        format!("several facts can be `{kind}`, and none of them is the trigger");
                    let fix = "write `.first` or `.last` behind it";
                    let code = LintCode::AmbiguousAnchor;
                    checker.add(place, code, Some(kind.as_str()), message, fix);
                }
            }
        }
    }
}
