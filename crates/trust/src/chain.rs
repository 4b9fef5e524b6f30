//! Author chains: each institutional key numbers and links its statements in each log.
//!
//! A chain belongs to one key and one log origin. Its first statement has `seq` 0 and no `prev`;
//! each later one has the next number and the id of the one before. Two different statements of
//! one key with the same place in one log are portable proof that the key equivocated.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::code::Code;
use crate::id::{KeyId, StatementId};
use crate::statement::{Link, Statement};

/// Last statement of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: StatementId,
}

/// The chains of one log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chains(BTreeMap<KeyId, Head>);

/// A statement does not continue its chain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChainError {
    /// The chain belongs to another log.
    #[error("the chain belongs to the log {found}, not to {expected}")]
    OtherLog {
        /// This log.
        expected: Code,
        /// The log that the statement names.
        found: Code,
    },
    /// The number is right and the statement before is another one.
    #[error("number {seq} of {key} does not follow the statement before it")]
    OtherPrevious {
        /// The key.
        key: KeyId,
        /// Its number.
        seq: u64,
    },
    /// The number is not the next one.
    #[error("{key} is expected to go on with number {expected}, not {found}")]
    OutOfOrder {
        /// The key.
        key: KeyId,
        /// The next number.
        expected: u64,
        /// The statement's number.
        found: u64,
    },
}

impl Head {
    /// The link of the statement that comes after the last one, `None` being an empty chain.
    pub fn next(last: Option<Head>, log: &Code) -> Link {
        Link {
            log: log.clone(),
            seq: last.map_or(0, |head| head.seq + 1),
            prev: last.map(|head| head.id),
        }
    }

    /// Checks that a statement with a link continues a chain of this log.
    pub fn follow(
        last: Option<Head>,
        log: &Code,
        key: KeyId,
        link: &Link,
    ) -> Result<(), ChainError> {
        if link.log != *log {
            return Err(ChainError::OtherLog {
                expected: log.clone(),
                found: link.log.clone(),
            });
        }
        let expected = Head::next(last, log);
        if link.seq != expected.seq {
            return Err(ChainError::OutOfOrder {
                key,
                expected: expected.seq,
                found: link.seq,
            });
        }
        if link.prev != expected.prev {
            return Err(ChainError::OtherPrevious { key, seq: link.seq });
        }
        Ok(())
    }
}

impl Chains {
    /// Takes in the next statement of a log. One without a link has no chain and is let through.
    pub fn follow(&mut self, log: &Code, statement: &Statement) -> Result<(), ChainError> {
        let Some(link) = &statement.link else {
            return Ok(());
        };
        let key = statement.key();
        Head::follow(self.head(key), log, key, link)?;
        self.0.insert(
            key,
            Head {
                seq: link.seq,
                id: statement.id(),
            },
        );
        Ok(())
    }

    /// The last statement of a key's chain.
    pub fn head(&self, key: KeyId) -> Option<Head> {
        self.0.get(&key).copied()
    }
}

/// Whether two statements prove that one key equivocated: same key, log and number, different
/// bytes. Their signatures must have been checked.
pub fn equivocates(one: &Statement, other: &Statement) -> bool {
    let place = |statement: &Statement| {
        statement
            .link
            .as_ref()
            .map(|link| (statement.key(), link.log.clone(), link.seq))
    };
    one.id() != other.id() && place(one).is_some() && place(one) == place(other)
}
