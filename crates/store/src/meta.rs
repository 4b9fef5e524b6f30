//! `log.db`: the one database of all logs of a node, and what is permanent about the folder.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::Error;
use crate::sqlite::{self, Format};

/// What `log.db` is. `head` is the lock row of a log; `staging` holds what its files may not
/// durably hold yet.
pub(crate) const FORMAT: Format = Format {
    application: *b"Elog",
    version: 1,
    tables: "
        CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE lease (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE head (
            log TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
            checkpoint BLOB NOT NULL, settled INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE staging (
            log TEXT NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL,
            previous BLOB, entries BLOB NOT NULL, PRIMARY KEY (log, start)
        ) STRICT;
        CREATE TABLE mark (
            log TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (log, key)
        ) STRICT, WITHOUT ROWID;",
    erasable: false,
};

/// Values of a folder that are set once and never changed: its origin, its realm.
pub struct Meta {
    path: PathBuf,
    db: Mutex<Connection>,
}

impl Meta {
    /// Opens `log.db` at `path`, or makes it.
    ///
    /// # Errors
    /// [`Error::NewerFormat`]; failures of the database.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let db = Mutex::new(sqlite::open(path, &FORMAT)?);
        Ok(Self {
            path: path.to_owned(),
            db,
        })
    }

    /// The value of `key`, if it was set.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn value(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        find(&self.db.lock().unwrap_or_else(PoisonError::into_inner), key)
            .map_err(|source| Error::sqlite("read", &self.path, source))
    }

    /// Sets `key` for good. Setting the same value again changes nothing.
    ///
    /// # Errors
    /// [`Error::AlreadySet`] if it has another value; failures of the database.
    pub fn set_once(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        let failed = |source| Error::sqlite("write to", &self.path, source);
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        match find(&tx, key).map_err(failed)? {
            Some(found) if found == value => return Ok(()),
            Some(_) => {
                return Err(Error::AlreadySet {
                    path: self.path.clone(),
                    key: key.to_owned(),
                });
            }
            None => tx
                .execute(
                    "INSERT INTO meta (key, value) VALUES (?1, ?2)",
                    (key, value),
                )
                .map_err(failed)?,
        };
        tx.commit().map_err(failed)
    }
}

fn find(db: &Connection, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
        row.get(0)
    })
    .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permanent_value_is_set_once_and_outlives_the_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.db");
        let meta = Meta::open(&path).expect("new");
        assert_eq!(meta.value("origin").expect("reads"), None);
        meta.set_once("origin", b"node.example.org").expect("set");
        drop(meta);
        let meta = Meta::open(&path).expect("again");
        meta.set_once("origin", b"node.example.org")
            .expect("the same value");
        let error = meta
            .set_once("origin", b"other.example.org")
            .expect_err("another value");
        assert!(matches!(error, Error::AlreadySet { key, .. } if key == "origin"));
        assert_eq!(
            meta.value("origin").expect("reads"),
            Some(b"node.example.org".to_vec())
        );
    }
}
