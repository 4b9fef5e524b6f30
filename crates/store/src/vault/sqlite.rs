use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};

use super::{Cell, Change, Stored, Vault};
use crate::Error;
use crate::sqlite::{self, Format};

const FORMAT: Format = Format {
    application: *b"Evlt",
    version: 1,
    tables: "
        CREATE TABLE cell (
            tbl TEXT NOT NULL, row TEXT NOT NULL, col TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (tbl, row, col)
        ) STRICT, WITHOUT ROWID;",
    erasable: true,
};

/// A vault in one SQLite file. Deleted content is overwritten, the file shrinks with it, and the
/// write-ahead log is emptied on [`Vault::scrub`] and when the vault is dropped.
pub struct SqliteVault {
    path: PathBuf,
    // Readers do not wait for the flush of a writer. Both are locked in this order.
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl SqliteVault {
    /// Opens `vault.db` at `path`, or makes it.
    ///
    /// # Errors
    /// [`Error::NewerFormat`]; failures of the database.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(sqlite::open(path, &FORMAT)?),
            reader: Mutex::new(sqlite::open(path, &FORMAT)?),
        })
    }

    fn failed(&self, action: &'static str) -> impl Fn(rusqlite::Error) -> Error {
        move |source| Error::sqlite(action, &self.path, source)
    }
}

impl Vault for SqliteVault {
    fn get(&self, cell: Cell<'_>) -> Result<Option<Vec<u8>>, Error> {
        lock(&self.reader)
            .prepare_cached("SELECT value FROM cell WHERE tbl = ?1 AND row = ?2 AND col = ?3")
            .and_then(|mut one| {
                one.query_row((cell.table, cell.row, cell.column), |row| row.get(0))
                    .optional()
            })
            .map_err(self.failed("read a value of"))
    }

    fn apply(&self, changes: &[Change<'_>]) -> Result<(), Error> {
        let failed = self.failed("write values to");
        let mut db = lock(&self.writer);
        let tx = db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        for change in changes {
            match *change {
                Change::Put(cell, value) => tx
                    .prepare_cached(
                        "INSERT INTO cell (tbl, row, col, value) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT DO UPDATE SET value = excluded.value",
                    )
                    .and_then(|mut put| put.execute((cell.table, cell.row, cell.column, value))),
                Change::Delete(cell) => tx
                    .prepare_cached("DELETE FROM cell WHERE tbl = ?1 AND row = ?2 AND col = ?3")
                    .and_then(|mut delete| delete.execute((cell.table, cell.row, cell.column))),
            }
            .map_err(&failed)?;
        }
        tx.commit().map_err(failed)
    }

    fn rows(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, Error> {
        lock(&self.reader)
            .prepare_cached(
                "SELECT DISTINCT row FROM cell WHERE tbl = ?1 AND (?2 IS NULL OR row > ?2)
                 ORDER BY row LIMIT ?3",
            )
            .and_then(|mut rows| {
                rows.query_map((table, after, bounded(limit)), |row| row.get(0))?
                    .collect()
            })
            .map_err(self.failed("list rows of"))
    }

    fn page(&self, after: Option<Cell<'_>>, limit: usize) -> Result<Vec<Stored>, Error> {
        let db = lock(&self.reader);
        let page = match after {
            None => db
                .prepare_cached(
                    "SELECT tbl, row, col, value FROM cell ORDER BY tbl, row, col LIMIT ?1",
                )
                .and_then(|mut page| page.query_map([bounded(limit)], stored)?.collect()),
            Some(cell) => db
                .prepare_cached(
                    "SELECT tbl, row, col, value FROM cell WHERE (tbl, row, col) > (?1, ?2, ?3)
                     ORDER BY tbl, row, col LIMIT ?4",
                )
                .and_then(|mut page| {
                    page.query_map((cell.table, cell.row, cell.column, bounded(limit)), stored)?
                        .collect()
                }),
        };
        page.map_err(self.failed("list values of"))
    }

    fn scrub(&self) -> Result<(), Error> {
        let writer = lock(&self.writer);
        let _no_reader = lock(&self.reader);
        sqlite::truncate_wal(&writer, &self.path)
    }
}

impl Drop for SqliteVault {
    fn drop(&mut self) {
        // Whoever erases calls `scrub` and sees its error; here it only tidies.
        let _ = self.scrub();
    }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        table: row.get(0)?,
        row: row.get(1)?,
        column: row.get(2)?,
        value: row.get(3)?,
    })
}

fn bounded(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn lock(db: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    db.lock().unwrap_or_else(PoisonError::into_inner)
}
