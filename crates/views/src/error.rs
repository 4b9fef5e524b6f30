//! Why a view cannot be opened, fed or asked.

use std::path::PathBuf;

use ensign_trust::RecordId;
use ensign_trust::logbook::LogName;
use thiserror::Error;

/// A view failed.
#[derive(Debug, Error)]
pub enum Error {
    /// One id of a source stands for records of several sources: ask for one of them.
    #[error("{id} is an id of {} sources", records.len())]
    Ambiguous {
        /// The id.
        id: String,
        /// The records, in order.
        records: Vec<RecordId>,
    },
    /// The database failed, or holds what cannot be read: discard the views and rebuild them.
    #[error("cannot {act} the {view} view")]
    Database {
        /// What was attempted.
        act: &'static str,
        /// Which view.
        view: &'static str,
        /// What the database says.
        #[source]
        source: rusqlite::Error,
    },
    /// The batch does not follow the last one, or a closed one refers to a public log that was not
    /// read so far: feed what is between.
    #[error("the {} log is read up to index {expected}, the batch begins at {found}", log.as_str())]
    Gap {
        /// Which log.
        log: LogName,
        /// Where the next batch has to begin.
        expected: u64,
        /// Where it begins.
        found: u64,
    },
    /// The folder cannot be made or a file in it cannot be deleted.
    #[error("cannot {act} {}", path.display())]
    Io {
        /// What was attempted.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The entries are not one batch that its own receipt ends.
    #[error("the entries of the {} log from index {first} are not a batch with its receipt", log.as_str())]
    NotABatch {
        /// Which log.
        log: LogName,
        /// Index of the first entry.
        first: u64,
    },
    /// The log is not as large as was asked for: what it does not hold yet cannot be judged.
    #[error("{asked} is not a size that the log has had: it has {size} entries")]
    NotReached {
        /// Which size was asked for.
        asked: u64,
        /// Which it has.
        size: u64,
    },
    /// The file was written by another version of the software: discard the views and rebuild them.
    #[error("{} is a view of format {found}, this version reads format {known}", path.display())]
    Outdated {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The format of this version.
        known: i64,
    },
}

impl Error {
    pub(crate) fn database(
        act: &'static str,
        view: &'static str,
    ) -> impl Fn(rusqlite::Error) -> Error {
        move |source| Error::Database { act, view, source }
    }
}
