//! Which term is in force between whom, and why.
//!
//! After the Vienna Convention on the Law of Treaties, Art. 19 to 21 (the primary text was not
//! checked): a reservation changes the term for both sides of a pair, an objection takes the term
//! out of force between them to that extent, and what may not be reserved is not.

use ensign_trust::{PartyId, StatementId};

use crate::evaluate::accord::{Accord, Adopted, Bound, Member, Reserved, reserved};
use crate::evaluate::duty::Owed;
use crate::evaluate::frame::Frame;
use crate::term::ast::Term;
use crate::term::canonical::InstrumentDigest;
use crate::term::name::TermName;

/// Whether, and how, a term is in force between two parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// Both varied it, and not alike.
    Contradicted,
    /// A reservation excludes it.
    Excluded,
    /// As written.
    InForce,
    /// Not at this time: not yet, or no more.
    OutOfForce,
    /// One objected to the other's reservation.
    Objected,
    /// As a reservation varies it.
    Varied,
}

impl Binding {
    /// As a code.
    pub fn code(self) -> &'static str {
        match self {
            Binding::Contradicted => "contradicted",
            Binding::Excluded => "excluded",
            Binding::InForce => "in_force",
            Binding::OutOfForce => "out_of_force",
            Binding::Objected => "objected",
            Binding::Varied => "varied",
        }
    }
}

/// One cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The digest of the text.
    pub text: InstrumentDigest,
    /// The term.
    pub term: TermName,
    /// Who owes.
    pub debtor: PartyId,
    /// To whom; nobody where the term names no creditor.
    pub creditor: Option<PartyId>,
    /// Whether it is in force.
    pub binding: Binding,
    /// The adoptions and objections that make it so.
    pub because: Vec<StatementId>,
    /// Reservations of the two that have no effect, since the term allows none.
    pub void: Vec<StatementId>,
}

/// The whole matrix at a moment, as known at a log size.
pub fn matrix(accord: &Accord, index: u64, at: i64) -> Vec<Cell> {
    let bound = Bound::at(accord, index);
    let mut cells = Vec::new();
    for adopted in &bound.texts {
        for term in adopted.terms() {
            for debtor in adopted.holders(&term.debtor) {
                let creditors: Vec<_> = match &term.creditor {
                    None => vec![None],
                    Some(role) => adopted
                        .holders(role)
                        .filter(|it| it.party != debtor.party)
                        .map(Some)
                        .collect(),
                };
                for creditor in creditors {
                    cells.push(cell(adopted, term, debtor, creditor, at));
                }
            }
        }
    }
    cells
}

fn cell(
    adopted: &Adopted<'_>,
    term: &Term,
    debtor: &Member<'_>,
    creditor: Option<&Member<'_>>,
    at: i64,
) -> Cell {
    let between = between(adopted, term, debtor, creditor, at);
    let both = [Some(debtor), creditor].into_iter().flatten();
    let is_void =
        |it: &&Member<'_>| term.non_reservable && it.adoption.reservations.contains_key(&term.name);
    Cell {
        text: adopted.text.digest,
        term: term.name.clone(),
        debtor: debtor.party,
        creditor: creditor.map(|it| it.party),
        binding: between.binding,
        because: between.because,
        void: both
            .filter(is_void)
            .map(|it| it.adoption.statement)
            .collect(),
    }
}

/// What holds between two parties.
struct Between<'a> {
    binding: Binding,
    reserved: Option<&'a Reserved>,
    because: Vec<StatementId>,
}

fn between<'a>(
    adopted: &Adopted<'_>,
    term: &Term,
    debtor: &Member<'a>,
    creditor: Option<&Member<'a>>,
    at: i64,
) -> Between<'a> {
    let both: Vec<&Member<'a>> = [Some(debtor), creditor].into_iter().flatten().collect();
    let mut because: Vec<_> = both.iter().map(|it| it.adoption.statement).collect();
    let made: Vec<(&Member<'a>, &'a Reserved)> = both
        .iter()
        .filter_map(|it| Some((*it, reserved(it, term)?)))
        .collect();
    let objections = adopted.objections.iter().filter(|objection| {
        let against = made.iter().any(|(it, _)| it.party == objection.against);
        let by_other = both.iter().any(|it| it.party == objection.by);
        objection.term == term.name
            && objection.from <= at
            && objection.by != objection.against
            && against
            && by_other
    });
    let objections: Vec<_> = objections.map(|it| it.statement).collect();
    let (binding, reserved) = match &made[..] {
        _ if !both.iter().all(|it| is_bound(it, at)) => (Binding::OutOfForce, None),
        [] => (Binding::InForce, None),
        _ if !objections.is_empty() => (Binding::Objected, None),
        made if made.iter().any(|(_, it)| **it == Reserved::Excludes) => (Binding::Excluded, None),
        [(_, a), (_, b)] if a != b => (Binding::Contradicted, None),
        [(_, reserved), ..] => (Binding::Varied, Some(*reserved)),
    };
    if binding == Binding::Objected {
        because.extend(objections);
    }
    because.sort();
    Between {
        binding,
        reserved,
        because,
    }
}

fn is_bound(member: &Member<'_>, at: i64) -> bool {
    member.binds[0] <= at && at < member.binds[1]
}

/// What an obligation owes, after reservations; nothing if the term is not in force between its
/// parties. Towards several creditors the debtor's own reservation holds.
pub(crate) fn owed<'a>(
    adopted: &Adopted<'a>,
    term: &Term,
    debtor: &Member<'a>,
    frame: &Frame<'_>,
) -> Option<Owed<'a>> {
    let at = frame.cause.when.lo.max(debtor.binds[0]);
    let at = at.min(debtor.binds[1].saturating_sub(1));
    let creditor = match frame.creditors[..] {
        [only] => Some(adopted.member(only)?),
        _ => None,
    };
    let both = [Some(debtor), creditor].into_iter().flatten();
    let mut both = both.map(|it| is_bound(it, at) && reserved(it, term).is_none());
    if both.all(|is_plain| is_plain) {
        return Some(Owed::AsWritten);
    }
    let between = between(adopted, term, debtor, creditor, at);
    if between.binding != Binding::InForce {
        frame.note(
            "reservation.applies",
            [("binding", between.binding.code().into())],
        );
    }
    match (between.binding, between.reserved) {
        (Binding::InForce, _) => Some(Owed::AsWritten),
        (Binding::Varied, Some(Reserved::Varies(variation))) => Some(Owed::Varied(variation)),
        _ => None,
    }
}
