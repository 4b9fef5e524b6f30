//! Values that are moved by compare and swap and are durable before the answer: what a witness has
//! cosigned last of each log.
//!
//! A watermark that came back from a backup would be lower than what was answered for, so the file
//! is made once with its folder and is part of no backup: where it is gone, whoever relied on it
//! must start under a new key.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::Error;
use crate::sqlite::{self, Format};

const FORMAT: Format = Format {
    application: *b"Ewat",
    version: 1,
    tables: "CREATE TABLE watermark (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;",
    erasable: false,
};

/// Named values of a file, shared between processes.
pub struct Watermarks {
    path: PathBuf,
    db: Mutex<Connection>,
}

impl Watermarks {
    /// Makes the file at `path`.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn make(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: path.to_owned(),
            db: Mutex::new(sqlite::open(path, &FORMAT)?),
        })
    }

    /// Values that are gone when this is dropped: for tests.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn in_memory() -> Result<Self, Error> {
        let path = PathBuf::from("watermarks in memory");
        let db = sqlite::open_in_memory(&path, &FORMAT)?;
        Ok(Self {
            path,
            db: Mutex::new(db),
        })
    }

    /// Opens the file at `path`; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::NewerFormat`]; failures of the database.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        path.exists().then(|| Self::make(path)).transpose()
    }

    /// The value under `name`.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn value(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        find(&self.lock(), name).map_err(|source| Error::sqlite("read", &self.path, source))
    }

    /// The names that begin with `prefix` and their values, in order of name.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn beginning(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let read = |db: &Connection| {
            db.prepare_cached(
                "SELECT name, value FROM watermark WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
            )?
            .query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()
        };
        read(&self.lock()).map_err(|source| Error::sqlite("read", &self.path, source))
    }

    /// Puts `value` under `name` if what is there now is `expected`; tells whether it was. What was
    /// put is durable when this returns.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn swap(&self, name: &str, expected: Option<&[u8]>, value: &[u8]) -> Result<bool, Error> {
        let failed = |source| Error::sqlite("write to", &self.path, source);
        let mut db = self.lock();
        let tx = db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        if find(&tx, name).map_err(failed)?.as_deref() != expected {
            return Ok(false);
        }
        tx.execute(
            "INSERT INTO watermark (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
        .map_err(failed)?;
        tx.commit().map_err(failed)?;
        Ok(true)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(db: &Connection, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("SELECT value FROM watermark WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_moves_only_from_what_was_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("witness.db");
        assert!(Watermarks::open(&path).expect("looks").is_none());
        let one = Watermarks::make(&path).expect("makes");
        let other = Watermarks::open(&path).expect("opens").expect("is there");
        assert!(one.swap("log a", None, b"1").expect("first"));
        assert!(!other.swap("log a", None, b"2").expect("late"));
        assert!(!other.swap("log a", Some(b"0"), b"2").expect("wrong"));
        assert!(other.swap("log a", Some(b"1"), b"2").expect("right"));
        assert_eq!(one.value("log a").expect("reads"), Some(b"2".to_vec()));
        assert_eq!(one.value("log b").expect("reads"), None);
        assert!(one.swap("key a", None, b"k").expect("another"));
        let logs = other.beginning("log ").expect("lists");
        assert_eq!(logs, [("log a".to_owned(), b"2".to_vec())]);
    }

    #[test]
    fn of_many_who_race_one_wins_each_round() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("witness.db");
        let marks = Watermarks::make(&path).expect("makes");
        for round in 0_u8..8 {
            let expected = round.checked_sub(1).map(|last| vec![last]);
            let won: usize = std::thread::scope(|scope| {
                let racers: Vec<_> = (0..4)
                    .map(|_| {
                        let (path, expected) = (&path, expected.as_deref());
                        scope.spawn(move || {
                            let own = Watermarks::open(path).expect("opens").expect("is there");
                            own.swap("it", expected, &[round]).expect("swaps")
                        })
                    })
                    .collect();
                let outcomes = racers.into_iter().map(|racer| racer.join().expect("ends"));
                outcomes.filter(|won| *won).count()
            });
            assert_eq!(won, 1, "round {round}");
        }
        assert_eq!(marks.value("it").expect("reads"), Some(vec![7]));
    }
}
