//! How statements about promises get into the view.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ensign_trust::Statement;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Holds, Promises};
use crate::Error;
use crate::batch::{Batch, Entry, ReachBack};
use crate::column::{Sql, get, only};
use crate::database::{Database, Layout, lock};
use crate::judge::Judgement;

const LAYOUT: Layout = Layout {
    view: "hold",
    format: 2,
    tables: include_str!("tables.sql"),
};

impl Holds {
    /// Opens the view in a folder, or a new one in memory.
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let database = Database::open(folder, &LAYOUT)?;
        let promises = database.read(|db| read_promises(db, None))?;
        Ok(Holds {
            database,
            promises: Mutex::new(Arc::new(promises)),
            docket: Mutex::default(),
            falls: AtomicU64::new(0),
            judged: Mutex::default(),
            walked: Mutex::default(),
        })
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        let mut promises = lock(&self.promises);
        self.database.clear()?;
        self.falls.fetch_add(1, Ordering::SeqCst);
        *promises = Arc::default();
        *lock(&self.judged) = None;
        Ok(())
    }

    /// Index of the next entry of the public log.
    pub fn next(&self) -> Result<u64, Error> {
        self.database
            .read(|db| db.query_row("SELECT next FROM position", [], only))
    }

    /// What the statements amount to that counted when the log had a size: those before it are as
    /// they were then, later ones do not matter to an answer as of it.
    pub fn promises(&self, size: u64) -> Result<Arc<Promises>, Error> {
        if let Some(newest) = self.newest(size)? {
            return Ok(newest);
        }
        let then = self.database.read(|db| read_promises(db, Some(size)))?;
        Ok(Arc::new(then))
    }

    /// What the statements amount to that count now, if none has fallen that counted when the log had
    /// a size.
    pub fn newest(&self, size: u64) -> Result<Option<Arc<Promises>>, Error> {
        // Taken first: what falls in between is still in it.
        let newest = Arc::clone(&lock(&self.promises));
        let has_fallen_since = self.database.read(|db| {
            let mut fallen = db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM statement WHERE fell >= ?1 AND place < ?1)",
            )?;
            fallen.query_row([Sql(size)], only::<bool>)
        })?;
        Ok((!has_fallen_since).then_some(newest))
    }

    /// The statements at these indexes, with the index and when each was received.
    pub fn statements(&self, places: &BTreeSet<u64>) -> Result<Vec<(u64, u64, Statement)>, Error> {
        self.database.read(|db| {
            let mut one =
                db.prepare_cached("SELECT received, entry FROM statement WHERE place = ?1")?;
            let mut found = Vec::new();
            for place in places {
                let read = |row: &Row<'_>| Ok((*place, get(row, "received")?, get(row, "entry")?));
                found.extend(one.query_row([Sql(*place)], read).optional()?);
            }
            Ok(found)
        })
    }

    /// Indexes of all statements that counted when the log had a size.
    pub fn counted(&self, size: u64) -> Result<BTreeSet<u64>, Error> {
        self.database.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT place FROM statement WHERE place < ?1 AND (fell IS NULL OR fell >= ?1)",
            )?;
            all.query_map([Sql(size)], only::<u64>)?.collect()
        })
    }

    /// Index of the first statement that was received after a moment, if there is one.
    pub fn known_by(&self, at: u64) -> Result<Option<u64>, Error> {
        self.database.read(|db| {
            let mut later =
                db.prepare_cached("SELECT MIN(place) FROM statement WHERE received > ?1")?;
            later.query_row([Sql(at)], only::<Option<u64>>)
        })
    }

    /// Takes in a batch of the public log that begins at the next index.
    pub fn apply(&self, batch: &Batch<'_>) -> Result<(), Error> {
        let mut promises = lock(&self.promises);
        // Whether a statement is of concern can hang on the one before.
        let mut known = Arc::clone(&promises);
        let mut taken: Vec<&Entry<'_>> = Vec::new();
        for entry in batch.entries.iter().filter(|it| it.judgement.counts()) {
            if !known.concerns(entry.statement) {
                continue;
            }
            if taken.is_empty() {
                // Nobody reads it as a rule, so that nothing is copied.
                drop(std::mem::take(&mut *promises));
            }
            let applied = Arc::unwrap_or_clone(known);
            known = Arc::new(applied.apply(entry.statement, entry.index, batch.received));
            taken.push(entry);
        }
        *promises = known;
        let written = self.database.write(|db| {
            let mut fallen = false;
            for entry in &batch.entries {
                if let Some(back) = &entry.reaches_back {
                    fallen |= judge_again(db, back, entry.index)?;
                }
            }
            let mut insert = db.prepare_cached(
                "INSERT INTO statement (place, key, received, entry) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for entry in &taken {
                insert.execute(params![
                    Sql(entry.index),
                    Sql(entry.statement.key()),
                    Sql(batch.received),
                    Sql(entry.statement),
                ])?;
            }
            let mut advance = db.prepare_cached("UPDATE position SET next = ?1")?;
            advance.execute([Sql(batch.end)])?;
            fallen.then(|| read_promises(db, None)).transpose()
        });
        match written {
            Ok(Some(anew)) => {
                self.falls.fetch_add(1, Ordering::SeqCst);
                *promises = Arc::new(anew);
            }
            Ok(None) => {}
            Err(error) => {
                // What could not be written must not be answered for.
                self.falls.fetch_add(1, Ordering::SeqCst);
                *promises = Arc::new(self.database.read(|db| read_promises(db, None))?);
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Takes back what counts no longer from an index on; whether there was any.
fn judge_again(db: &Connection, back: &ReachBack, index: u64) -> rusqlite::Result<bool> {
    let mut suspected = db.prepare_cached(
        "SELECT place, received, entry FROM statement
         WHERE key = ?1 AND place >= ?2 AND fell IS NULL",
    )?;
    let mut fallen: Vec<u64> = Vec::new();
    for (key, from) in &back.suspects {
        let mut rows = suspected.query(params![Sql(*key), Sql(*from)])?;
        while let Some(row) = rows.next()? {
            let statement: Statement = get(row, "entry")?;
            let (place, received) = (get(row, "place")?, get(row, "received")?);
            if !Judgement::of(&statement, &back.registry, place, received).counts() {
                fallen.push(place);
            }
        }
    }
    let mut take_back = db.prepare_cached("UPDATE statement SET fell = ?2 WHERE place = ?1")?;
    for place in &fallen {
        take_back.execute(params![Sql(*place), Sql(index)])?;
    }
    Ok(!fallen.is_empty())
}

/// All that statements amount to which count: now, or when the log had a size.
fn read_promises(db: &Connection, size: Option<u64>) -> rusqlite::Result<Promises> {
    let mut all = db.prepare_cached(
        "SELECT place, received, entry FROM statement
         WHERE place < ?1 AND (fell IS NULL OR fell >= ?1) ORDER BY place",
    )?;
    let size = size.unwrap_or(i64::MAX.cast_unsigned());
    let mut rows = all.query([Sql(size)])?;
    let mut promises = Promises::default();
    while let Some(row) = rows.next()? {
        let statement: Statement = get(row, "entry")?;
        promises = promises.apply(&statement, get(row, "place")?, get(row, "received")?);
    }
    Ok(promises)
}
