//! Which term is in force between whom, and why.
//!
//! After the Vienna Convention on the Law of Treaties, Art. 19 to 21 (the primary text was not
//! checked): a reservation changes the term for both sides of a pair, an objection takes the term
//! out of force between them to that extent, and what may not be reserved is not.

use ensign_trust::{PartyId, StatementId};

use crate::evaluate::accord::{
    Accord, Adopted, Adoption, Bound, Member, Objection, Reserved, reserved,
};
use crate::evaluate::duty::Owed;
use crate::evaluate::frame::Frame;
use crate::evaluate::interval::LATEST;
use crate::evaluate::obligation;
use crate::term::ast::Term;
use crate::term::canonical::InstrumentDigest;
use crate::term::name::{Role, TermName};

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
    /// The adoptions and objections that make it so, in the order of the log: where a later text
    /// took over, also the adoption of that one.
    pub because: Vec<StatementId>,
    /// Reservations of the two that have no effect, since the term allows none.
    pub void: Vec<StatementId>,
}

/// What is in force between whom at a moment, as known at a log size.
#[derive(Debug)]
pub struct Matrix<'a> {
    bound: Bound<'a>,
    at: i64,
}

/// One term between two parties.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    adopted: &'a Adopted<'a>,
    term: &'a Term,
    debtor: &'a Member<'a>,
    creditor: Option<&'a Member<'a>>,
    at: i64,
}

impl<'a> Matrix<'a> {
    /// The matrix of all texts.
    pub fn at(accord: &'a Accord, index: u64, at: i64) -> Self {
        let mut bound = Bound::at(accord, index);
        bound.texts.sort_by_key(|it| it.text.position);
        Matrix { bound, at }
    }

    /// Every term between every two that it binds: texts and parties in the order of the log, terms
    /// in that of the text.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'_>> {
        self.bound.texts.iter().flat_map(move |adopted| {
            let mut parties: Vec<&Member<'_>> = adopted.parties.iter().collect();
            parties.sort_by_key(|it| (it.adoption.position, it.party));
            let of_term = move |term| Pair::all(adopted, term, &parties, self.at);
            adopted.terms().flat_map(of_term)
        })
    }
}

impl<'a> Pair<'a> {
    fn all(
        adopted: &'a Adopted<'a>,
        term: &'a Term,
        parties: &[&'a Member<'a>],
        at: i64,
    ) -> impl Iterator<Item = Self> + use<'a> {
        let holders = |role: &Role| -> Vec<&'a Member<'a>> {
            let holds = |it: &&&Member<'_>| it.adoption.roles.contains(role);
            parties.iter().filter(holds).copied().collect()
        };
        let creditors = match &term.creditor {
            None => vec![None],
            Some(role) => holders(role).into_iter().map(Some).collect(),
        };
        let debtors = holders(&term.debtor).into_iter();
        let to_each = move |debtor: &'a Member<'a>| {
            let creditors = creditors.clone().into_iter();
            let others = creditors.filter(|it| it.is_none_or(|it| it.party != debtor.party));
            others.map(move |creditor| Pair {
                adopted,
                term,
                debtor,
                creditor,
                at,
            })
        };
        debtors.flat_map(to_each)
    }

    /// The digest of the text.
    pub fn text(&self) -> InstrumentDigest {
        self.adopted.text.digest
    }

    /// The term.
    pub fn term(&self) -> &'a TermName {
        &self.term.name
    }

    /// Who owes.
    pub fn debtor(&self) -> PartyId {
        self.debtor.party
    }

    /// To whom; nobody where the term names no creditor.
    pub fn creditor(&self) -> Option<PartyId> {
        self.creditor.map(|it| it.party)
    }

    /// Whether it is in force.
    pub fn binding(&self) -> Binding {
        self.between().0
    }

    /// The whole cell.
    pub fn cell(&self) -> Cell {
        let binding = self.binding();
        let both = [Some(self.debtor), self.creditor];
        let adoptions = both.into_iter().flatten().map(|it| it.adoption);
        let stated = |it: &Adoption| (it.position, it.statement);
        let mut because: Vec<_> = adoptions.clone().map(stated).collect();
        if binding == Binding::Objected {
            let objections = objections(self.adopted, self.term, both, self.at);
            because.extend(objections.map(|it| (it.position, it.statement)));
        }
        let ended = both
            .into_iter()
            .flatten()
            .filter(|it| it.binds[1] <= self.at);
        because.extend(ended.filter_map(|it| it.replaced_by).map(stated));
        because.sort();
        let is_void = |it: &&Adoption| {
            self.term.non_reservable && it.reservations.contains_key(&self.term.name)
        };
        Cell {
            text: self.text(),
            term: self.term.name.clone(),
            debtor: self.debtor(),
            creditor: self.creditor(),
            binding,
            because: because
                .into_iter()
                .map(|(_, statement)| statement)
                .collect(),
            void: adoptions.filter(is_void).map(|it| it.statement).collect(),
        }
    }

    fn between(&self) -> (Binding, Option<&'a Reserved>) {
        between(
            self.adopted,
            self.term,
            [Some(self.debtor), self.creditor],
            self.at,
        )
    }
}

/// What holds between two parties, and what stands in the place of the duty where it is varied.
fn between<'a>(
    adopted: &Adopted<'_>,
    term: &Term,
    both: [Option<&Member<'a>>; 2],
    at: i64,
) -> (Binding, Option<&'a Reserved>) {
    let members = both.into_iter().flatten();
    let mut made = members.clone().filter_map(|it| reserved(it, term));
    if !members.clone().all(|it| is_bound(it, at)) {
        return (Binding::OutOfForce, None);
    }
    let Some(first) = made.next() else {
        return (Binding::InForce, None);
    };
    if objections(adopted, term, both, at).next().is_some() {
        return (Binding::Objected, None);
    }
    match (first, made.next()) {
        (Reserved::Excludes, _) | (_, Some(Reserved::Excludes)) => (Binding::Excluded, None),
        (first, Some(second)) if first != second => (Binding::Contradicted, None),
        _ => (Binding::Varied, Some(first)),
    }
}

/// What one of two objects to in the other's reservations.
fn objections<'o>(
    adopted: &'o Adopted<'_>,
    term: &'o Term,
    both: [Option<&'o Member<'_>>; 2],
    at: i64,
) -> impl Iterator<Item = &'o Objection> {
    let is_between = move |it: &&&Objection| {
        let mut members = both.into_iter().flatten();
        let is_other = members.clone().any(|member| member.party == it.by);
        it.term == term.name
            && it.from <= at
            && it.by != it.against
            && is_other
            && members.any(|other| {
                other.party == it.against && reserved(other, term) == Some(&it.reserved)
            })
    };
    adopted.objections.iter().filter(is_between).copied()
}

fn is_bound(member: &Member<'_>, at: i64) -> bool {
    member.binds[0] <= at && at < member.binds[1]
}

/// Settles as of a second to whom an obligation is owed, and what; nothing if the term is not in force
/// between its parties.
///
/// What a fact or a breach starts is settled then. What adoption alone starts is what it is when that
/// begins; to whom it is owed, and whether at all, is settled for each period at its start, and of what
/// does not recur now.
pub(crate) fn settle<'a>(frame: &mut Frame<'a>, at: i64) -> Option<Owed<'a>> {
    let [from, until] = frame.debtor.binds;
    let at = at.min(until.saturating_sub(1));
    // A trigger from before the debtor was bound has no other creditors than those of then.
    frame.creditors = creditors(frame, at);
    owed(frame, at.max(from))
}

/// What the debtor alone owes: as written, or as it varies it.
pub(crate) fn own<'a>(frame: &Frame<'a>) -> Option<Owed<'a>> {
    match reserved(frame.debtor, frame.term) {
        None => Some(Owed::AsWritten),
        Some(Reserved::Varies(variation)) => Some(Owed::Varied(variation)),
        Some(Reserved::Excludes) => None,
    }
}

/// The seconds at which others come, go or object.
pub(crate) fn changes(frame: &Frame<'_>) -> impl Iterator<Item = i64> {
    let role = frame.term.creditor.iter();
    let holders = role.flat_map(|role| frame.adopted.holders(role));
    let ends = holders.flat_map(|it| it.binds).filter(|end| *end < LATEST);
    let debtor = frame.debtor.party;
    let is_about = move |it: &&&Objection| {
        it.term == frame.term.name && (it.by == debtor || it.against == debtor)
    };
    let objections = frame.adopted.objections.iter().filter(is_about);
    ends.chain(objections.map(|it| it.from))
}

/// To whom it is owed, by id: those whom the text binds then, so that nobody joins what is under way.
/// Nobody owes to itself, nor to whom the text does not bind in that role: a debtor that writes its own
/// trigger cannot choose who lets it off.
fn creditors(frame: &Frame<'_>, at: i64) -> Vec<PartyId> {
    let Some(role) = &frame.term.creditor else {
        return Vec::new();
    };
    let is_one = |it: &&Member<'_>| it.party != frame.debtor.party && is_bound(it, at);
    let trigger = frame.cause.fact;
    let named = trigger.and_then(|entry| obligation::bind(frame.adopted, role, entry));
    let named = named.filter(|party| frame.adopted.holds(*party, role));
    match named.and_then(|party| frame.adopted.member(party)) {
        Some(member) if is_one(&member) => vec![member.party],
        _ => frame
            .adopted
            .holders(role)
            .filter(is_one)
            .map(|member| member.party)
            .collect(),
    }
}

/// What is owed, after reservations. Creditors with whom the term is not in force are none. Towards
/// several the debtor's own reservation holds.
fn owed<'a>(frame: &mut Frame<'a>, at: i64) -> Option<Owed<'a>> {
    let (adopted, term, debtor) = (frame.adopted, frame.term, frame.debtor);
    let creditors = frame.creditors.iter().filter_map(|it| adopted.member(*it));
    let creditors: Vec<&Member<'_>> = creditors.collect();
    let is_plain = |it: &Member<'_>| is_bound(it, at) && reserved(it, term).is_none();
    if is_plain(debtor) && creditors.iter().all(|it| is_plain(it)) {
        return Some(Owed::AsWritten);
    }
    let with = |creditor| between(adopted, term, [Some(debtor), creditor], at);
    let mut of_force = creditors.clone();
    of_force.retain(|it| matches!(with(Some(*it)).0, Binding::InForce | Binding::Varied));
    let (binding, reserved) = match (&creditors[..], &of_force[..]) {
        (_, [only]) => with(Some(*only)),
        ([first, ..], []) => with(Some(*first)),
        _ => with(None),
    };
    frame.creditors = of_force.iter().map(|it| it.party).collect();
    if binding != Binding::InForce {
        frame.note("reservation.applies", [("binding", binding.code().into())]);
    }
    match (binding, reserved) {
        (Binding::InForce, _) => Some(Owed::AsWritten),
        (Binding::Varied, Some(Reserved::Varies(variation))) => Some(Owed::Varied(variation)),
        _ => None,
    }
}
