//! What a party may say about authorities, and what its statements mean.

use ensign_trust::fact::Retraction;
use ensign_trust::party::Need;
use ensign_trust::{Code, Draft, Fact, PartyId, Statement, StatementId};
use thiserror::Error;

use super::state::{Authorities, Recognition};
use super::statement::{Act, MAX_KEYS, Recognised, Withdrawn};
use crate::asset::Kind;
use crate::field::as_code;

/// Why something is not stated about an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The recognition was superseded or withdrawn before.
    #[error("the recognition has ended before")]
    Ended,
    /// No kind of asset, or no key, or too many keys.
    #[error("a recognition is for at least one kind of asset, and of 1 to {MAX_KEYS} keys")]
    Extent,
    /// Another party's recognition.
    #[error("only the party that recognised an authority may withdraw or replace that")]
    NotYours,
    /// The organisation of the recognition is another one.
    #[error("the recognition is of another organisation")]
    OtherOrganisation,
    /// The log has no such recognition.
    #[error("the log has no such recognition")]
    Unknown,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Ended => "authority.ended",
            Refusal::Extent => "authority.extent",
            Refusal::NotYours => "authority.not_yours",
            Refusal::OtherOrganisation => "authority.other_organisation",
            Refusal::Unknown => "authority.unknown",
        }
    }
}

/// Recognises an organisation, in place of an earlier recognition where one is named.
pub fn recognise(
    authorities: &Authorities,
    by: PartyId,
    request: Recognised,
) -> Result<Act, Refusal> {
    let kinds = request.kinds.as_ref();
    if kinds.is_some_and(|kinds| kinds.is_empty()) || !(1..=MAX_KEYS).contains(&request.keys.len())
    {
        return Err(Refusal::Extent);
    }
    if let Some(older) = request.supersedes {
        let older = standing(authorities, by, older)?;
        if older.said.organisation != request.organisation {
            return Err(Refusal::OtherOrganisation);
        }
    }
    Ok(Act::Recognised(request))
}

/// Withdraws a recognition.
pub fn withdraw(
    authorities: &Authorities,
    by: PartyId,
    recognition: StatementId,
    reason: Code,
) -> Result<Act, Refusal> {
    let known = standing(authorities, by, recognition)?;
    Ok(Act::Withdrawn(Withdrawn {
        organisation: known.said.organisation.clone(),
        recognition,
        reason,
    }))
}

/// What the author of a statement about an authority must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "authority.recognised" | "authority.withdrawn" => Some(Need::Known),
        _ => None,
    }
}

/// The facts that a statement states, mapping version 1.
///
/// `authority.recognised`, valid in the time of the recognition, in place of the one that it
/// supersedes; `authority.withdrawn`, which cites the recognition and does not take it back: until
/// then it held.
pub fn facts(statement: &Statement, index: u64, received: u64) -> Vec<Fact> {
    let Some(Ok(act)) = Act::read(statement) else {
        return Vec::new();
    };
    let (valid, cites, retracts) = match &act {
        Act::Recognised(said) => (
            said.period.valid(),
            said.supersedes,
            said.supersedes.map(Retraction::Replaces),
        ),
        Act::Withdrawn(said) => (
            [statement.claimed.min(received), received],
            Some(said.recognition),
            None,
        ),
    };
    vec![Fact {
        kind: act.kind(),
        actor: statement.author(),
        to: None,
        subject: as_code(act.organisation()),
        fields: statement.body.clone(),
        valid,
        received,
        position: index,
        cites: cites.into_iter().collect(),
        retracts,
        grade: None,
        sources: vec![statement.id()],
    }]
}

impl Recognition {
    /// Whether it is for assets of a kind.
    pub fn covers(&self, kind: Kind) -> bool {
        let kinds = self.said.kinds.as_ref();
        kinds.is_none_or(|kinds| kinds.contains(&kind))
    }
}

fn standing(
    authorities: &Authorities,
    by: PartyId,
    id: StatementId,
) -> Result<&Recognition, Refusal> {
    let known = authorities.recognition(id).ok_or(Refusal::Unknown)?;
    if known.stated.by != by {
        return Err(Refusal::NotYours);
    }
    match known.end {
        Some(_) => Err(Refusal::Ended),
        None => Ok(known),
    }
}
