//! How statements about assets, authorities and emblems get into the view.

use std::path::Path;
use std::sync::{Arc, Mutex};

use ensign_mark::asset::Register;
use ensign_mark::{asset, authority, emblem};
use ensign_trust::Statement;
use rusqlite::{Connection, params};

use super::Marks;
use crate::Error;
use crate::batch::{Batch, ReachBack};
use crate::column::{Sql, get, only};
use crate::database::{Database, Layout, lock};
use crate::judge::Judgement;

pub(super) const LAYOUT: Layout = Layout {
    view: "mark",
    format: 1,
    tables: include_str!("tables.sql"),
};

impl Marks {
    /// Opens the view in a folder, or a new one in memory.
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let database = Database::open(folder, &LAYOUT)?;
        let register = database.read(read_register)?;
        Ok(Marks {
            database,
            register: Mutex::new(Arc::new(register)),
        })
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        let mut register = lock(&self.register);
        self.database.clear()?;
        *register = Arc::default();
        Ok(())
    }

    /// Index of the next entry of the public log.
    pub fn next(&self) -> Result<u64, Error> {
        self.database
            .read(|db| db.query_row("SELECT next FROM position", [], only))
    }

    /// What the statements amount to.
    pub fn register(&self) -> Arc<Register> {
        Arc::clone(&lock(&self.register))
    }

    /// Takes in a batch of the public log that begins at the next index.
    pub fn apply(&self, batch: &Batch<'_>) -> Result<(), Error> {
        let mut register = lock(&self.register);
        let counting = || {
            let entries = batch.entries.iter();
            entries.filter(|entry| entry.judgement.counts() && is_about_marks(entry.statement))
        };
        let anew = self.database.write(|db| {
            let mut fallen = false;
            for back in batch
                .entries
                .iter()
                .filter_map(|it| it.reaches_back.as_ref())
            {
                fallen |= judge_again(db, back)?;
            }
            let mut insert = db.prepare_cached(
                "INSERT INTO statement (place, key, received, entry) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for entry in counting() {
                insert.execute(params![
                    Sql(entry.index),
                    Sql(entry.statement.key()),
                    Sql(batch.received),
                    Sql(entry.statement),
                ])?;
            }
            let mut advance = db.prepare_cached("UPDATE position SET next = ?1")?;
            advance.execute([Sql(batch.end)])?;
            fallen.then(|| read_register(db)).transpose()
        })?;
        if let Some(anew) = anew {
            *register = Arc::new(anew);
        } else if counting().next().is_some() {
            // Nobody reads it as a rule, so that nothing is copied.
            let mut known = Arc::unwrap_or_clone(std::mem::take(&mut *register));
            for entry in counting() {
                known = known.apply(entry.statement, entry.index, batch.received);
            }
            *register = Arc::new(known);
        }
        Ok(())
    }
}

fn is_about_marks(statement: &Statement) -> bool {
    asset::Act::read(statement).is_some()
        || authority::Act::read(statement).is_some()
        || emblem::Act::read(statement).is_some()
}

/// Takes back what counts no longer; whether there was any.
fn judge_again(db: &Connection, back: &ReachBack) -> rusqlite::Result<bool> {
    let mut suspected = db.prepare_cached(
        "SELECT place, received, entry FROM statement
         WHERE key = ?1 AND place >= ?2 AND counts = 1",
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
    let mut take_back = db.prepare_cached("UPDATE statement SET counts = 0 WHERE place = ?1")?;
    for place in &fallen {
        take_back.execute([Sql(*place)])?;
    }
    Ok(!fallen.is_empty())
}

/// The register, made anew of all statements that count.
pub(super) fn read_register(db: &Connection) -> rusqlite::Result<Register> {
    let mut all = db.prepare_cached(
        "SELECT place, received, entry FROM statement WHERE counts = 1 ORDER BY place",
    )?;
    let mut rows = all.query([])?;
    let mut register = Register::default();
    while let Some(row) = rows.next()? {
        let statement: Statement = get(row, "entry")?;
        register = register.apply(&statement, get(row, "place")?, get(row, "received")?);
    }
    Ok(register)
}
