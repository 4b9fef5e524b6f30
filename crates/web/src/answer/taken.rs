//! What is answered about duties whose trigger was corrected or withdrawn by its author.

use serde::Serialize;
use utoipa::ToSchema;

use super::promises::NamedParty;

/// What a correction or a withdrawal of its trigger did to a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TriggerChange {
    /// The statement that corrects or withdraws.
    pub(crate) statement: String,
    /// Its place in the public log, which is the size of the log before it.
    pub(crate) index: u64,
    /// When it was received.
    pub(crate) received: u64,
    /// Who stated it: the author of the trigger.
    pub(crate) by: NamedParty,
    /// `corrected` or `withdrawn`.
    pub(crate) how: &'static str,
    /// The time at which the duty is judged here.
    pub(crate) at: i64,
    /// The duty as it was before; absent where there was none.
    pub(crate) before: Option<DutyThen>,
    /// The duty as it was with it; absent where there was none any more.
    pub(crate) after: Option<DutyThen>,
}

/// What a duty was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DutyThen {
    /// When what started it was.
    pub(crate) triggered: [i64; 2],
    /// The last second in time.
    pub(crate) due: Option<[i64; 2]>,
    /// What it had come to.
    pub(crate) status: &'static str,
    /// What it may have come to; one where that is known.
    pub(crate) possible: Vec<&'static str>,
}

/// A duty that is none any more since its trigger was corrected or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TakenBack {
    /// Its id.
    pub(crate) id: String,
    /// The term.
    pub(crate) term: String,
    /// Who owed.
    pub(crate) debtor: NamedParty,
    /// What it was just before.
    pub(crate) was: DutyThen,
    /// What took it back.
    pub(crate) change: TriggerChange,
}
