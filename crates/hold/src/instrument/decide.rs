//! What may be said about instruments, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::party::Need;
use ensign_trust::{Code, Draft, PartyId, StatementId};
use thiserror::Error;

use super::state::Instruments;
use super::statement::{
    Act, Adopted, MAX_PARTS, Objected, PART, Part, Published, SIGNATORY, WHOLE, Withdrawn,
};
use crate::evaluate::accord::{Reserved, Text, acts};
use crate::term::ast::{Duty, Instrument, Setting, Term, Variation, World};
use crate::term::check::{check, roles};
use crate::term::name::{Kind, ParamName, Role, TermName};
use crate::term::{self, InstrumentDigest};

/// Why something is not stated about an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum Refusal {
    #[error("the party has adopted this text before; what it reserved and set then stays")]
    Adopted,
    #[error("what is reserved on {0} is said twice")]
    ReservedTwice(TermName),
    #[error("the party's adoption of this text has ended before that")]
    Ended,
    #[error("nothing may reach back: what is to begin or end must lie ahead")]
    Past,
    #[error("a text amends one of the same name that comes into force before it")]
    NoAmendment,
    #[error("the text does not allow reservations on {0}")]
    NotReservable(TermName),
    #[error("the party has no adoption of this text")]
    NotAdopted,
    #[error("that adoption has no reservation of another party on {0}")]
    NoReservation(TermName),
    #[error("the text was published before")]
    Published,
    #[error("the text has no parameter {0}")]
    UnknownParam(ParamName),
    #[error("the text has no role {0}")]
    UnknownRole(Role),
    #[error("the text has no term {0}")]
    UnknownTerm(TermName),
    #[error("the log has no such text")]
    UnknownText,
    #[error("{0} has a value that the text does not take: {1}")]
    UnfitParam(ParamName, Setting),
    #[error("the text's own check does not accept {1} in the place of {0}")]
    UnfitReservation(TermName, String),
    #[error("{1} is no act of the text, so that nothing would show that it was not done for {0}")]
    UnknownAct(TermName, Kind),
    #[error("what is accepted in the place of {0} is prose, which would stay in the log for ever")]
    Prose(TermName),
    #[error("the canonical form has more than {} bytes", MAX_PARTS * PART)]
    TooLong,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::Adopted => "instrument.adopted_before",
            Refusal::ReservedTwice(_) => "instrument.reserved_twice",
            Refusal::Ended => "instrument.adoption_ended",
            Refusal::Past => "instrument.past",
            Refusal::NoAmendment => "instrument.no_amendment",
            Refusal::NotReservable(_) => "instrument.not_reservable",
            Refusal::NotAdopted => "instrument.not_adopted",
            Refusal::NoReservation(_) => "instrument.no_reservation",
            Refusal::Published => "instrument.published_before",
            Refusal::UnknownAct(..) => "instrument.unknown_act",
            Refusal::UnknownParam(_) => "instrument.unknown_param",
            Refusal::UnknownRole(_) => "instrument.unknown_role",
            Refusal::UnknownTerm(_) => "instrument.unknown_term",
            Refusal::UnknownText => "instrument.unknown",
            Refusal::UnfitParam(..) => "instrument.unfit_param",
            Refusal::UnfitReservation(..) => "instrument.unfit_reservation",
            Refusal::Prose(_) => "instrument.prose",
            Refusal::TooLong => "instrument.too_long",
        }
    }
}

/// An adoption that a party wants to state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The text.
    pub text: InstrumentDigest,
    /// In which roles.
    pub roles: BTreeSet<Role>,
    /// First second; not before now.
    pub from: u64,
    /// First second no more.
    pub until: Option<u64>,
    /// What it sets.
    pub params: BTreeMap<ParamName, Setting>,
    /// What it reserves.
    pub reservations: BTreeMap<TermName, Reserved>,
}

/// A publication on its way: the parts are stated first, for it refers to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publishing {
    /// The parts of the canonical form; none where it stands in the publication.
    pub parts: Vec<Act>,
    said: Published,
}

impl Publishing {
    /// The publication, given the statements of the parts in their order.
    pub fn publication(self, parts: Vec<StatementId>) -> Act {
        Act::Published(Published { parts, ..self.said })
    }
}

/// Publishes a text, in amendment of an earlier one where its publication is named.
pub fn publish(
    instruments: &Instruments,
    text: &term::Published,
    supersedes: Option<StatementId>,
) -> Result<Publishing, Refusal> {
    let bytes = text.encode();
    let digest = InstrumentDigest::of(&bytes);
    if instruments.text(digest).is_some() {
        return Err(Refusal::Published);
    }
    if bytes.len() > MAX_PARTS * PART {
        return Err(Refusal::TooLong);
    }
    if let Some(older) = supersedes {
        let newer = Text {
            digest,
            position: 0,
            instrument: text.instrument.clone(),
            calendars: text.calendars.clone(),
        };
        let amended = instruments.amended(older, &newer);
        amended.ok_or(Refusal::NoAmendment)?;
    }
    let part = |bytes: &[u8]| {
        let (text, bytes) = (digest, bytes.to_vec());
        Act::Part(Part { text, bytes })
    };
    let is_whole = bytes.len() <= WHOLE;
    let parts = match is_whole {
        true => Vec::new(),
        false => bytes.chunks(PART).map(part).collect(),
    };
    Ok(Publishing {
        parts,
        said: Published {
            text: digest,
            name: text.instrument.name.clone(),
            bytes: is_whole.then_some(bytes),
            parts: Vec::new(),
            supersedes,
        },
    })
}

/// Adopts a text, in place of an adoption that has not taken effect where there is one.
pub fn adopt(
    instruments: &Instruments,
    by: PartyId,
    request: Adoption,
    now: u64,
) -> Result<Act, Refusal> {
    let text = instruments.text(request.text).ok_or(Refusal::UnknownText)?;
    let known = instruments.adoption(request.text, by);
    let has_begun = |from: i64| u64::try_from(from).unwrap_or(0) <= now;
    if known.is_some_and(|known| has_begun(known.from)) {
        return Err(Refusal::Adopted);
    }
    if request.from < now || request.until.is_some_and(|until| until <= request.from) {
        return Err(Refusal::Past);
    }
    let said = Adopted {
        text: request.text,
        roles: request.roles,
        from: request.from,
        until: request.until,
        params: request.params,
        reservations: request.reservations,
        supersedes: known.map(|known| known.statement),
    };
    fits(text, &said)?;
    for term in said.reservations.keys() {
        if text
            .instrument
            .term(term)
            .is_some_and(|it| it.non_reservable)
        {
            return Err(Refusal::NotReservable(term.clone()));
        }
    }
    Ok(Act::Adopted(said))
}

/// Ends a party's adoption.
pub fn withdraw(
    instruments: &Instruments,
    by: PartyId,
    text: InstrumentDigest,
    until: u64,
    reason: Code,
    now: u64,
) -> Result<Act, Refusal> {
    let known = instruments.adoption(text, by).ok_or(Refusal::NotAdopted)?;
    if until < now {
        return Err(Refusal::Past);
    }
    let end = known.until.map(|end| u64::try_from(end).unwrap_or(0));
    if end.is_some_and(|end| end <= until) {
        return Err(Refusal::Ended);
    }
    Ok(Act::Withdrawn(Withdrawn {
        text,
        adoption: known.statement,
        until,
        reason,
    }))
}

/// Objects to another party's reservation.
pub fn object(
    instruments: &Instruments,
    by: PartyId,
    text: InstrumentDigest,
    against: PartyId,
    term: TermName,
) -> Result<Act, Refusal> {
    instruments.adoption(text, by).ok_or(Refusal::NotAdopted)?;
    let adoption = instruments.adoption(text, against);
    let reserves = adoption.filter(|it| by != against && it.reservations.contains_key(&term));
    match reserves {
        Some(adoption) => Ok(Act::Objected(Objected {
            text,
            adoption: adoption.statement,
            term,
        })),
        None => Err(Refusal::NoReservation(term)),
    }
}

/// What the author of a statement about an instrument must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "instrument.part" | "instrument.published" => Some(Need::Known),
        "instrument.adopted" | "adoption.withdrawn" | "instrument.objected" => Some(Need::Role {
            role: SIGNATORY,
            scope: draft.subject.clone(),
        }),
        _ => None,
    }
}

/// Whether an adoption fits the text: its names are the text's, its values of their types, and what
/// it accepts instead of a duty would pass the text's own check.
pub(super) fn fits(text: &Text, said: &Adopted) -> Result<(), Refusal> {
    let instrument = &text.instrument;
    let known = roles(instrument);
    if let Some(role) = said.roles.iter().find(|role| !known.contains(role)) {
        return Err(Refusal::UnknownRole(role.clone()));
    }
    for (name, value) in &said.params {
        let param = instrument.param(name);
        let param = param.ok_or_else(|| Refusal::UnknownParam(name.clone()))?;
        if !takes(&param.proposed, value) {
            return Err(Refusal::UnfitParam(name.clone(), *value));
        }
    }
    for (name, reserved) in &said.reservations {
        let place = instrument.terms.iter().position(|term| term.name == *name);
        let place = place.ok_or_else(|| Refusal::UnknownTerm(name.clone()))?;
        let Reserved::Varies(variation) = reserved else {
            continue;
        };
        if is_prose(variation) {
            return Err(Refusal::Prose(name.clone()));
        }
        if let Some(kind) = unknown_act(instrument, variation) {
            return Err(Refusal::UnknownAct(name.clone(), kind.clone()));
        }
        if !accepts(instrument, place, variation) {
            let said = variation.to_string();
            return Err(Refusal::UnfitReservation(name.clone(), said));
        }
    }
    Ok(())
}

/// Whether a value can stand for the one that is proposed: terms that use it may have no calendar.
fn takes(proposed: &Setting, value: &Setting) -> bool {
    match (proposed, value) {
        (Setting::Duration(proposed), Setting::Duration(value)) => {
            proposed.needs_calendar() || !value.needs_calendar()
        }
        (Setting::Number(proposed), Setting::Number(value)) => {
            std::mem::discriminant(proposed) == std::mem::discriminant(value)
        }
        _ => false,
    }
}

/// Whether a variation declares something in words. A text is prose that is published on purpose; a
/// statement carries none, for what it carries cannot be erased.
fn is_prose(variation: &Variation) -> bool {
    match variation {
        Variation::Duties(duties) => duties.iter().any(|it| matches!(it, Duty::Declare(_))),
        Variation::Limit(_) => false,
    }
}

/// What a variation asks for that the text does not know as an act. Without a log that shows it, it is
/// as its author claims, and nobody could see the duty broken.
fn unknown_act<'v>(instrument: &Instrument, variation: &'v Variation) -> Option<&'v Kind> {
    let Variation::Duties(duties) = variation else {
        return None;
    };
    let acts = acts(instrument);
    let is_lodged = |kind: &Kind| {
        let rule = instrument.kinds.iter().find(|rule| rule.kind == *kind);
        rule.is_some_and(|rule| rule.world == World::Performative)
    };
    let is_known = |kind: &Kind| acts.contains(kind.as_code()) || is_lodged(kind);
    let asked = duties.iter().filter_map(Duty::act);
    asked.map(|act| &act.kind).find(|kind| !is_known(kind))
}

/// Whether the instrument has no more faults with a variation in the place of a term's duty.
fn accepts(instrument: &Instrument, place: usize, variation: &Variation) -> bool {
    let before = check(instrument);
    let with = |duty: Duty| {
        let mut varied = instrument.clone();
        let term: &mut Term = &mut varied.terms[place];
        term.class = duty.class();
        term.duty = duty;
        check(&varied).iter().all(|lint| before.contains(lint))
    };
    let recurs = |duty: &Duty| matches!(duty, Duty::Perform { .. });
    match (variation, &instrument.terms[place].duty) {
        // The periods of what recurs are obligations of their own: it stands alone.
        (Variation::Duties(duties), _) if duties.len() > 1 && duties.iter().any(recurs) => false,
        (Variation::Duties(duties), _) => duties.iter().cloned().all(with),
        (Variation::Limit(limit), Duty::Deliver { act, .. }) => with(Duty::Deliver {
            act: act.clone(),
            limit: limit.clone(),
        }),
        (Variation::Limit(_), _) => false,
    }
}
