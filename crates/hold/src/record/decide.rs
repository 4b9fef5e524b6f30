//! What may be said about a computed status.

use ensign_trust::party::Need;
use ensign_trust::{Code, Draft};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::statement::Recorded;
use crate::evaluate::record::{ENGINE, StatusRecord};

/// Why a record is not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It rests on several logs, or on a log's size other than that judged.
    #[error("a record is stated of one log at the size that was judged")]
    Heads,
    /// The moment judged lies before 1970.
    #[error("a record is stated of a moment since 1970")]
    Moment,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Heads => "record.heads",
            Refusal::Moment => "record.moment",
        }
    }
}

/// States that a record was computed.
pub fn record(record: &StatusRecord<'_>) -> Result<Recorded, Refusal> {
    let head = match record.heads {
        [head] if head.size == record.as_of.index => head.clone(),
        _ => return Err(Refusal::Heads),
    };
    Ok(Recorded {
        obligation: record.obligation.key.id(),
        record: Sha256::digest(record.to_cbor()).into(),
        status: Code::literal(record.obligation.status.code()),
        engine: Code::literal(ENGINE),
        at: u64::try_from(record.as_of.t).map_err(|_| Refusal::Moment)?,
        head,
    })
}

/// What the author of a statement about a record must be, if the kind is this one.
pub fn need(draft: &Draft) -> Option<Need> {
    (draft.kind == "status.recorded").then_some(Need::Known)
}
