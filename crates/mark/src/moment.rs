//! Who stated what and when, and the moment as of which a question is asked.
//!
//! Two times are kept apart: when something holds, and when the log came to know it. *As now known*
//! is every statement below a size of the log; *as then known* only those that were received by the
//! time judged.

use ensign_trust::{PartyId, Statement, StatementId};
use serde::Serialize;

use crate::token::Phase;

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

/// The moment as of which a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// Statements from this index on are not known.
    pub size: u64,
    /// Statements received after this second are not known.
    pub heard: u64,
    /// The time judged, Unix seconds.
    pub at: u64,
}

/// From one second until just before another; for good where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// First second.
    pub from: u64,
    /// First second no more.
    pub until: Option<u64>,
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

impl AsOf {
    /// A time, as known to a log of this size.
    pub const fn now_known(size: u64, at: u64) -> Self {
        AsOf {
            size,
            heard: u64::MAX,
            at,
        }
    }

    /// The same time, as known then.
    #[must_use]
    pub const fn then_known(self) -> Self {
        AsOf {
            heard: self.at,
            ..self
        }
    }

    /// Whether a statement is known.
    pub fn knows(&self, stated: &Stated) -> bool {
        stated.index < self.size && stated.received <= self.heard
    }

    /// Whether a statement that ends something has ended it: it is known, and was received by the
    /// time judged.
    pub fn is_past(&self, end: &Stated) -> bool {
        self.knows(end) && end.received <= self.at
    }
}

impl Period {
    /// Where a time stands to it.
    pub fn at(&self, now: u64) -> Phase {
        if now < self.from {
            Phase::NotYet
        } else if self.until.is_none_or(|until| now < until) {
            Phase::Valid
        } else {
            Phase::Expired
        }
    }

    /// First and last second, as facts have them.
    pub fn valid(&self) -> [u64; 2] {
        [self.from, self.until.map_or(u64::MAX, |until| until - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_just_before_its_end() {
        let period = Period {
            from: 10,
            until: Some(12),
        };
        let phases = [9, 10, 11, 12].map(|now| period.at(now));
        assert_eq!(
            phases,
            [Phase::NotYet, Phase::Valid, Phase::Valid, Phase::Expired]
        );
        assert_eq!(period.valid(), [10, 11]);
    }

    #[test]
    fn what_came_later_is_known_now_and_was_not_then() {
        let stated = Stated {
            statement: StatementId::from_bytes([1; 32]),
            by: PartyId::from_bytes([2; 32]),
            index: 5,
            received: 100,
        };
        let now = AsOf::now_known(6, 99);
        assert!(now.knows(&stated) && !now.then_known().knows(&stated));
        assert!(!now.is_past(&stated) && AsOf::now_known(6, 100).is_past(&stated));
        assert!(!AsOf::now_known(5, 100).knows(&stated));
    }
}
