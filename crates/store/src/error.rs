//! What can go wrong below the ports: each error says what was attempted on what.

use std::io;
use std::path::{Path, PathBuf};

/// What the operating system or SQLite said.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A failure of the store. [`Error::Full`] and [`Error::ReadOnly`] stand apart because the right
/// answer to them is "unavailable, nothing was lost".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system or SQLite refused.
    #[error("cannot {action} {}", path.display())]
    Failed {
        /// What was attempted: a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: Cause,
    },
    /// No space, or no quota, is left.
    #[error("cannot {action} {}: the disk is full", path.display())]
    Full {
        /// What was attempted: a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: Cause,
    },
    /// The folder or the file may not be written.
    #[error("cannot {action} {}: it may not be written", path.display())]
    ReadOnly {
        /// What was attempted: a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: Cause,
    },
    /// The folder was written by a newer version of the software.
    #[error("{} has format {found}, this version reads up to format {known}", path.display())]
    NewerFormat {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this version reads.
        known: i64,
    },
    /// What is stored contradicts itself.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The files of a log are newer than its head: an older database was put beside them.
    #[error("{} is newer than the head of its log at size {size}", path.display())]
    Ahead {
        /// The file that should not exist yet.
        path: PathBuf,
        /// Size of the head in the database.
        size: u64,
    },
    /// An earlier commit or flush failed half-way, so what is on disk is not known.
    #[error("an earlier write to {} failed, the log must be opened again", path.display())]
    Unsure {
        /// The database.
        path: PathBuf,
    },
    /// Another holder took the lease since: this one must stop.
    #[error("the lease of epoch {held} was taken over by epoch {current}")]
    Fenced {
        /// Epoch of the lease that the log was opened with.
        held: u64,
        /// Newest epoch.
        current: u64,
    },
    /// More was asked than the log holds.
    #[error("entries {start}..{end} were asked of a log of {size}")]
    Beyond {
        /// First index asked.
        start: u64,
        /// One past the last index asked.
        end: u64,
        /// Size of the log.
        size: u64,
    },
    /// A value that is set once was to be changed.
    #[error("{key} in {} is permanent and already set to another value", path.display())]
    AlreadySet {
        /// The database.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// A name that becomes a file name has other characters than `a-z`, `0-9` and `-`.
    #[error("{name:?} is not a name of lower-case letters, digits and hyphens")]
    Name {
        /// The name.
        name: String,
    },
    /// The text of a key-encryption key is malformed. The text itself is not repeated.
    #[error("a key-encryption key is 64 hexadecimal digits")]
    KekText,
    /// The key-encryption key is not the one that the folder was made with.
    #[error("this key does not open {}", path.display())]
    WrongKek {
        /// The key database.
        path: PathBuf,
    },
    /// The data key of a value's owner was destroyed, or never was.
    #[error("no data key of {owner} opens {table}/{row}/{column}")]
    NoKey {
        /// Who owns the value.
        owner: String,
        /// Table of the value.
        table: String,
        /// Row of the value.
        row: String,
        /// Column of the value.
        column: String,
    },
    /// A sealed value was changed, moved, or sealed under another key.
    #[error("the sealed value {table}/{row}/{column} was changed or moved")]
    Altered {
        /// Table of the value.
        table: String,
        /// Row of the value.
        row: String,
        /// Column of the value.
        column: String,
    },
}

impl Error {
    /// Sorts what the operating system said.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full {
                action,
                path,
                source: source.into(),
            },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly {
                action,
                path,
                source: source.into(),
            },
            _ => Self::Failed {
                action,
                path,
                source: source.into(),
            },
        }
    }

    /// Sorts what SQLite said.
    pub(crate) fn sqlite(action: &'static str, path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let path = path.to_owned();
        // Where the index of a write-ahead log cannot grow, SQLite does not say that the disk is full.
        let grows = source.sqlite_error().map(|error| error.extended_code);
        if grows == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full {
                action,
                path,
                source: source.into(),
            };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full {
                action,
                path,
                source: source.into(),
            },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly {
                action,
                path,
                source: source.into(),
            },
            _ => Self::Failed {
                action,
                path,
                source: source.into(),
            },
        }
    }

    /// Says that `path` contradicts itself.
    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_read_only_folder_are_told_from_other_failures() {
        let of = |kind| Error::io("write", Path::new("log/checkpoint"), io::Error::from(kind));
        assert!(matches!(of(io::ErrorKind::StorageFull), Error::Full { .. }));
        assert!(matches!(
            of(io::ErrorKind::QuotaExceeded),
            Error::Full { .. }
        ));
        assert!(matches!(
            of(io::ErrorKind::PermissionDenied),
            Error::ReadOnly { .. }
        ));
        assert!(matches!(
            of(io::ErrorKind::ReadOnlyFilesystem),
            Error::ReadOnly { .. }
        ));
        assert!(matches!(
            of(io::ErrorKind::NotADirectory),
            Error::Failed { .. }
        ));
        assert_eq!(
            of(io::ErrorKind::StorageFull).to_string(),
            "cannot write log/checkpoint: the disk is full"
        );
    }
}
