//! What stands in the logs: each entry with its signer, its receipt and whether it counts.
//!
//! Everything is here, also what is not understood and what is refused; the other views hold what
//! counts alone.

use std::fmt;

use ensign_trust::logbook::LogName;
use ensign_trust::{Code, KeyId, PartyId, StatementId};
use serde::{Serialize, Serializer};

use crate::database::Database;

mod project;
mod query;

/// The view: `ledger.db`.
#[derive(Debug)]
pub(crate) struct Ledger {
    database: Database,
}

/// One entry of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryRow {
    /// Which log.
    #[serde(serialize_with = "log_name")]
    pub log: LogName,
    /// Its place there.
    pub index: u64,
    /// Its id.
    pub statement: StatementId,
    /// What kind of statement it is.
    pub kind: Code,
    /// Version of the kind.
    pub version: u64,
    /// Whether this version of the software knows the kind and its version.
    pub understood: bool,
    /// Why it does not count, as a message id; absent where it counts.
    pub refusal: Option<String>,
    /// The key that signed it.
    pub key: KeyId,
    /// Who says it.
    pub author: PartyId,
    /// What it is about.
    pub subject: Option<Code>,
    /// When its author says it was made, Unix seconds.
    pub claimed: u64,
    /// When the node received it, Unix seconds, as its receipt says.
    pub received: u64,
    /// Index of the first entry of its batch.
    pub batch: u64,
    /// Index of its receipt, the last entry of its batch.
    pub receipt: u64,
    /// Length of the signed bytes.
    pub size: u64,
}

/// Entries of a log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogPage {
    /// Which log.
    #[serde(serialize_with = "log_name")]
    pub log: LogName,
    /// How many entries the log has.
    pub total: u64,
    /// The entries.
    pub rows: Vec<EntryRow>,
    /// What to ask for as `before` to get the next page; absent on the last one.
    pub next: Option<u64>,
}

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogSize {
    /// Which log.
    #[serde(serialize_with = "log_name")]
    pub log: LogName,
    /// How many entries it has.
    pub entries: u64,
    /// When its last batch was received, Unix seconds.
    pub last_received: Option<u64>,
}

/// SHA-256, as 64 characters 0-9 a-f.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Digest(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

pub(crate) fn log_name<S: Serializer>(log: &LogName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(log.as_str())
}
