//! Whether a statement is understood, and whether it counts.

use ensign_hold::{fact, instrument, record};
use ensign_mark::{asset, authority, emblem};
use ensign_prove::source;
use ensign_trust::party::{self, Malformed, Need, Refusal, Registry};
use ensign_trust::tombstone::{self, Tombstone};
use ensign_trust::{Draft, Statement, account, logbook};

/// What the author of a statement must be, if one of the crates between `trust` and the views owns
/// its kind: the one rule by which statements are admitted, audited and shown, and bundles checked.
pub fn need(draft: &Draft) -> Option<Need> {
    source::need(draft)
        .or_else(|| tombstone::need(draft))
        .or_else(|| asset::need(draft))
        .or_else(|| authority::need(draft))
        .or_else(|| emblem::need(draft))
        .or_else(|| instrument::need(draft))
        .or_else(|| fact::need(draft))
        .or_else(|| record::need(draft))
}

/// Reads a statement with the crate that owns its kind; `None` where the kind or its version is
/// known to none.
pub fn read(draft: &Draft) -> Option<Result<(), Malformed>> {
    fn outcome<T>(read: Result<T, Malformed>) -> Result<(), Malformed> {
        read.map(drop)
    }
    party::Act::read(draft)
        .map(outcome)
        .or_else(|| logbook::Entry::read(draft).map(outcome))
        .or_else(|| account::Act::read(draft).map(outcome))
        .or_else(|| Tombstone::read(draft).map(outcome))
        .or_else(|| source::Act::read(draft).map(outcome))
        .or_else(|| asset::Act::read(draft).map(outcome))
        .or_else(|| authority::Act::read(draft).map(outcome))
        .or_else(|| emblem::Act::read(draft).map(outcome))
        .or_else(|| instrument::Act::read(draft).map(outcome))
        .or_else(|| fact::Act::read(draft).map(outcome))
        .or_else(|| record::Recorded::read(draft).map(outcome))
}

/// What a statement is for this version of the software and for this log.
pub(crate) struct Judgement {
    /// Whether its kind and version are known.
    pub understood: bool,
    /// Why it does not count.
    pub refusal: Option<Refusal>,
}

impl Judgement {
    /// Judges a statement, whose signature was checked, at an index of the public log.
    pub fn of(statement: &Statement, registry: &Registry, index: u64, received: u64) -> Self {
        let read = read(statement);
        let admitted = match read {
            Some(Err(Malformed(field))) => Err(Refusal::Malformed(field)),
            _ => registry.admit_signed(statement, index, received, need),
        };
        Judgement {
            understood: read.is_some(),
            refusal: admitted.err(),
        }
    }

    /// Whether views other than the ledger take it in.
    pub fn counts(&self) -> bool {
        self.understood && self.refusal.is_none()
    }
}
