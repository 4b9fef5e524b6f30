//! The port of what is appended once and never changed: entries in a Merkle tree, the head that
//! was signed over them, and their tiles and bundles (c2sp.org/tlog-tiles).

mod edge;
mod memory;
mod sqlite;
mod tree;

pub use memory::MemoryLog;
pub use sqlite::SqliteLog;

use std::ops::Range;

use ensign_trust::log::Hash;
use ensign_trust::log::merkle::empty_root;
use ensign_trust::log::tile::TilePath;

use crate::Error;

/// The newest state of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// The signed note that says so: opaque bytes here.
    pub checkpoint: Vec<u8>,
}

/// Entries to append, all or none, with the head that follows.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Size of the head that the batch was built on; 0 before the first append.
    pub expected: u64,
    /// Root of the head that the batch was built on; that of the empty tree before the first append.
    pub expected_root: Hash,
    /// The entries, at least one, each of at most 65,535 bytes.
    pub entries: &'a [Vec<u8>],
    /// Root of the tree with the entries; the log recomputes it.
    pub root: Hash,
    /// The signed note over the new size and root.
    pub checkpoint: &'a [u8],
    /// Marks to move with the append, in this order.
    pub marks: &'a [Mark],
}

/// A value beside the log that is compared and swapped with an append: the head of an author
/// chain, the index of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it is called.
    pub key: Vec<u8>,
    /// What it must be; `None` if it must not be there.
    pub expected: Option<Vec<u8>>,
    /// What it becomes.
    pub value: Vec<u8>,
}

/// Why a batch was not appended. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The batch was built on another head than the log has.
    #[error("the batch was built on size {expected}, the log is another one of size {found}")]
    HeadMoved {
        /// Size that the batch was built on.
        expected: u64,
        /// Size of the log.
        found: u64,
    },
    /// A mark is not what the batch expected.
    #[error("a mark of the batch has moved")]
    MarkMoved {
        /// Which one.
        key: Vec<u8>,
        /// What it is.
        found: Option<Vec<u8>>,
    },
    /// Another holder took the lease since: this one must stop.
    #[error("the lease of epoch {held} was taken over by epoch {current}")]
    Fenced {
        /// Epoch of the lease that the log was opened with.
        held: u64,
        /// Newest epoch.
        current: u64,
    },
    /// There is nothing to append, and a head is never signed twice.
    #[error("the batch has no entries")]
    Empty,
    /// An entry does not fit its 16-bit length.
    #[error("entry {entry} of the batch has {length} bytes, more than 65535")]
    EntryLength {
        /// Position in the batch, from 0.
        entry: usize,
        /// Its length in bytes.
        length: usize,
    },
    /// The entries lead to another root than the batch says.
    #[error("the entries of the batch do not lead to its root")]
    RootDiffers,
    /// The store failed. [`Error::Full`] and [`Error::ReadOnly`] can be tried again later.
    #[error(transparent)]
    Store(Error),
}

impl From<Error> for AppendError {
    fn from(error: Error) -> Self {
        match error {
            Error::Fenced { held, current } => Self::Fenced { held, current },
            error => Self::Store(error),
        }
    }
}

/// One append-only log.
pub trait Log: Send + Sync {
    /// The newest head; `None` before the first append.
    ///
    /// # Errors
    /// Failures of the store.
    fn head(&self) -> Result<Option<Head>, Error>;

    /// Appends a batch: when this returns, it is durable and may be answered.
    ///
    /// # Errors
    /// See [`AppendError`]; nothing of the batch is then kept.
    fn append(&self, batch: &Batch<'_>) -> Result<(), AppendError>;

    /// The value of a mark, if it is there.
    ///
    /// # Errors
    /// Failures of the store.
    fn mark(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// The entries at these indices.
    ///
    /// # Errors
    /// [`Error::Beyond`] for indices that the log does not have; failures of the store.
    fn read(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error>;

    /// The bytes of a tile or bundle; `None` if there is none, or if it is a partial one whose
    /// full version exists.
    ///
    /// # Errors
    /// Failures of the store.
    fn resource(&self, path: &TilePath) -> Result<Option<Vec<u8>>, Error>;
}

/// Refuses a range that the log does not have.
fn check_range(range: &Range<u64>, size: u64) -> Result<(), Error> {
    if range.start <= range.end && range.end <= size {
        return Ok(());
    }
    Err(Error::Beyond {
        start: range.start,
        end: range.end,
        size,
    })
}

/// Refuses a batch that was built on another head.
fn check_head(batch: &Batch<'_>, size: u64, root: Hash) -> Result<(), AppendError> {
    if (batch.expected, batch.expected_root) == (size, root) {
        return Ok(());
    }
    Err(AppendError::HeadMoved {
        expected: batch.expected,
        found: size,
    })
}

/// Size and root of a head, or of the empty log.
fn size_and_root(head: Option<&Head>) -> (u64, Hash) {
    head.map_or_else(|| (0, empty_root()), |head| (head.size, head.root))
}

#[cfg(test)]
mod tests;
