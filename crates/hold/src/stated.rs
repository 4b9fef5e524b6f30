//! Who stated something, where and when.

use ensign_trust::{PartyId, Statement, StatementId};
use serde::Serialize;

/// Who stated something, where and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// The statement.
    pub statement: StatementId,
    /// Who signed it.
    pub by: PartyId,
    /// Its index in the public log.
    pub index: u64,
    /// When the node received it, Unix seconds.
    pub received: u64,
}

impl Stated {
    /// Where a statement stands.
    pub fn of(statement: &Statement, index: u64, received: u64) -> Self {
        Stated {
            statement: statement.id(),
            by: statement.author(),
            index,
            received,
        }
    }
}
