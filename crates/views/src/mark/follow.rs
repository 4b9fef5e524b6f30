//! The register of a folder that other processes write, as of the last thing that they projected.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ensign_mark::asset::Register;
use ensign_trust::Statement;
use rusqlite::{Connection, params};

use super::project::{LAYOUT, read_register};
use crate::Error;
use crate::column::{Sql, get, only};
use crate::database::open_to_follow;

/// A reader of `mark.db` beside the processes that write it. It writes nothing, and learns of a
/// change at the next question.
#[derive(Debug)]
pub struct Following {
    path: PathBuf,
    db: Connection,
    /// Which file it is: views of another format are replaced by a new one.
    file: (u64, u64),
    /// What SQLite says of commits by others.
    version: i64,
    seen: Seen,
    register: Arc<Register>,
}

/// How far the view was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Seen {
    /// Index of the next entry of the public log.
    next: u64,
    statements: u64,
    /// Those that count no more.
    fallen: u64,
    last: u64,
}

impl Following {
    /// Opens the view in a folder.
    ///
    /// # Errors
    /// [`Error::Io`] where there is none, [`Error::Outdated`] where it is of another format.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(LAYOUT.view).with_extension("db");
        let file = identity(&path)?;
        let mut following = Following {
            db: open_to_follow(&path, &LAYOUT)?,
            path,
            file,
            version: 0,
            seen: Seen::default(),
            register: Arc::default(),
        };
        following.version = following.ask(version)?;
        following.read()?;
        Ok(following)
    }

    /// Index of the next entry of the public log that the register has not seen.
    pub fn next(&self) -> u64 {
        self.seen.next
    }

    /// The register as of now.
    ///
    /// Views that are projected afresh are passed over until they are as far as they were: what is
    /// read in between would not know of revocations.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Io`], [`Error::Outdated`].
    pub fn register(&mut self) -> Result<&Arc<Register>, Error> {
        let file = identity(&self.path)?;
        if file != self.file {
            self.db = open_to_follow(&self.path, &LAYOUT)?;
            self.file = file;
            self.version = i64::MIN;
        }
        let version = self.ask(version)?;
        if version != self.version {
            self.read()?;
            self.version = version;
        }
        Ok(&self.register)
    }

    fn read(&mut self) -> Result<(), Error> {
        let known = self.seen;
        let read = self.ask(|db| {
            // One moment for all that is read.
            let snapshot = db.unchecked_transaction()?;
            let seen = seen(&snapshot)?;
            if seen.next < known.next {
                return Ok(None);
            }
            let grown = seen.fallen == known.fallen && seen.statements >= known.statements;
            let register = if grown && seen.statements == known.statements {
                Arc::clone(&self.register)
            } else if grown && known.statements > 0 {
                let register = Register::clone(&self.register);
                Arc::new(read_after(&snapshot, register, known.last)?)
            } else {
                Arc::new(read_register(&snapshot)?)
            };
            Ok(Some((seen, register)))
        })?;
        if let Some((seen, register)) = read {
            (self.seen, self.register) = (seen, register);
        }
        Ok(())
    }

    fn ask<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        ask(&self.db).map_err(Error::database("read", LAYOUT.view))
    }
}

fn identity(path: &Path) -> Result<(u64, u64), Error> {
    let found = fs::metadata(path).map_err(|source| Error::Io {
        act: "read",
        path: path.to_owned(),
        source,
    })?;
    Ok((found.dev(), found.ino()))
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
}

fn seen(db: &Connection) -> rusqlite::Result<Seen> {
    let next = db
        .prepare_cached("SELECT next FROM position")?
        .query_row([], only)?;
    let mut counts = db.prepare_cached(
        "SELECT count(*) AS statements, count(*) FILTER (WHERE counts = 0) AS fallen,
                coalesce(max(place), 0) AS last FROM statement",
    )?;
    counts.query_row([], |row| {
        Ok(Seen {
            next,
            statements: get(row, "statements")?,
            fallen: get(row, "fallen")?,
            last: get(row, "last")?,
        })
    })
}

/// A register with what stands behind a place.
fn read_after(db: &Connection, mut register: Register, place: u64) -> rusqlite::Result<Register> {
    let mut new = db.prepare_cached(
        "SELECT place, received, entry FROM statement WHERE counts = 1 AND place > ?1
         ORDER BY place",
    )?;
    let mut rows = new.query(params![Sql(place)])?;
    while let Some(row) = rows.next()? {
        let statement: Statement = get(row, "entry")?;
        register = register.apply(&statement, get(row, "place")?, get(row, "received")?);
    }
    Ok(register)
}
