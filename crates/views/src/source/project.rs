//! How statements about sources get into the view.

use std::path::Path;
use std::sync::Mutex;

use ensign_prove::source::{Act, Record, Run};
use ensign_trust::{Code, Coded, RecordId, Statement};
use rusqlite::{Connection, OptionalExtension, params};

use super::history::{find, follow, history};
use super::incidents::Totals;
use super::{ChangeKind, Sources};
use crate::Error;
use crate::batch::{Batch, Entry, ReachBack};
use crate::column::{Sql, get, only};
use crate::database::{Database, Layout, lock};
use crate::judge::Judgement;

const LAYOUT: Layout = Layout {
    view: "source",
    format: 1,
    tables: include_str!("tables.sql"),
};

impl Sources {
    /// Opens the view in a folder, or a new one in memory.
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        Ok(Sources {
            database: Database::open(folder, &LAYOUT)?,
            totals: Mutex::default(),
        })
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        self.database.clear()?;
        *lock(&self.totals) = Totals::default();
        Ok(())
    }

    /// Index of the next entry of the public log.
    pub fn next(&self) -> Result<u64, Error> {
        self.database
            .read(|db| db.query_row("SELECT next FROM position", [], only))
    }

    /// Takes in a batch of the public log that begins at the next index.
    pub fn apply(&self, batch: &Batch<'_>) -> Result<(), Error> {
        self.database.write(|db| {
            for entry in &batch.entries {
                if let Some(back) = &entry.reaches_back {
                    judge_again(db, back)?;
                }
                if entry.judgement.counts() {
                    take_in(db, entry, batch.received)?;
                }
            }
            let mut advance = db.prepare_cached("UPDATE position SET next = ?1")?;
            advance.execute([Sql(batch.end)])?;
            Ok(())
        })
    }
}

fn take_in(db: &Connection, entry: &Entry<'_>, received: u64) -> rusqlite::Result<()> {
    let Some(Ok(act)) = Act::read(entry.statement) else {
        return Ok(());
    };
    let n = act.record().map(|record| number(db, record)).transpose()?;
    let mut insert = db.prepare_cached(
        "INSERT INTO statement (place, n, key, received, entry) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        Sql(entry.index),
        n,
        Sql(entry.statement.key()),
        Sql(received),
        Sql(entry.statement),
    ])?;
    derive(db, entry.statement, n, entry.index, received)
}

/// The number of a record, which it keeps.
fn number(db: &Connection, record: RecordId) -> rusqlite::Result<i64> {
    match find(db, record)? {
        Some(n) => Ok(n),
        None => {
            let mut add = db.prepare_cached("INSERT INTO record (record) VALUES (?1)")?;
            add.insert([Sql(record)])
        }
    }
}

/// Takes back what counts no longer, and derives everything anew of what is left.
fn judge_again(db: &Connection, back: &ReachBack) -> rusqlite::Result<()> {
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
    if fallen.is_empty() {
        return Ok(());
    }
    let mut take_back = db.prepare_cached("UPDATE statement SET counts = 0 WHERE place = ?1")?;
    for place in fallen {
        take_back.execute([Sql(place)])?;
    }
    db.execute_batch(
        "DELETE FROM attack; DELETE FROM change; DELETE FROM incident; DELETE FROM run;
         DELETE FROM tally;",
    )?;
    let mut left = db.prepare_cached(
        "SELECT place, n, received, entry FROM statement WHERE counts = 1 ORDER BY place",
    )?;
    let mut rows = left.query([])?;
    while let Some(row) = rows.next()? {
        let statement: Statement = get(row, "entry")?;
        let (place, received) = (get(row, "place")?, get(row, "received")?);
        derive(db, &statement, row.get("n")?, place, received)?;
    }
    Ok(())
}

/// What a statement changes, `n` being the number of the record that it is about.
fn derive(
    db: &Connection,
    statement: &Statement,
    n: Option<i64>,
    place: u64,
    received: u64,
) -> rusqlite::Result<()> {
    match (n, Act::read(statement)) {
        (Some(n), _) => update(db, statement, n, place, received),
        (None, Some(Ok(Act::Imported(run)))) => insert_run(db, statement, &run, place),
        (None, _) => Ok(()),
    }
}

fn insert_run(
    db: &Connection,
    statement: &Statement,
    run: &Run,
    place: u64,
) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO run (place, statement, source, first_date, last_date)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        Sql(place),
        Sql(statement.id()),
        Sql(&run.source),
        Sql(&run.from),
        Sql(&run.until)
    ])?;
    Ok(())
}

/// What the statements of a record say of it as a whole.
struct Past {
    added_late: bool,
    changes: u64,
    first_received: u64,
}

fn update(
    db: &Connection,
    statement: &Statement,
    n: i64,
    place: u64,
    received: u64,
) -> rusqlite::Result<()> {
    let mut past =
        db.prepare_cached("SELECT added_late, changes, first_received FROM incident WHERE n = ?1")?;
    let past = past.query_row([n], |row| {
        Ok(Past {
            added_late: get(row, "added_late")?,
            changes: get(row, "changes")?,
            first_received: get(row, "first_received")?,
        })
    });
    let past = past.optional()?;
    let known = match past {
        Some(_) => history(db, n, place)?.pop().map(|step| step.record),
        None => None,
    };
    let Some((record, changes)) = follow(known.as_ref(), statement) else {
        return Ok(());
    };
    let mut past = match past {
        Some(past) => past,
        None => Past {
            added_late: came_late(db, statement, &record)?,
            changes: 0,
            first_received: received,
        },
    };
    let mut kinds: Vec<ChangeKind> = changes.into_iter().map(|(kind, _)| kind).collect();
    past.changes += kinds.len() as u64;
    if known.is_none() && past.added_late {
        kinds.push(ChangeKind::AddedLate);
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO change (source, place, ordinal, kind, n) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (ordinal, kind) in (0..).zip(kinds) {
        let ordinal = Sql::<u64>(ordinal);
        insert.execute(params![
            Sql(&record.source),
            Sql(place),
            ordinal,
            kind.as_str(),
            n
        ])?;
    }
    if let Some(known) = &known {
        remove(db, n, known)?;
    }
    insert_incident(db, n, &record, &past, received)
}

/// Whether an earlier run of the source covered the record's date and did not have it. What happens
/// on the last day that a file covers may come in the next one and is not late.
fn came_late(db: &Connection, statement: &Statement, record: &Record) -> rusqlite::Result<bool> {
    let Some(run) = statement.reference("run") else {
        return Ok(false);
    };
    let mut covered = db.prepare_cached(
        "SELECT EXISTS (
           SELECT 1 FROM run
           WHERE source = ?1 AND first_date <= ?2 AND last_date > ?2
             AND place < (SELECT place FROM run WHERE statement = ?3))",
    )?;
    covered.query_row(
        params![Sql(&record.source), Sql(&record.date), Sql(run)],
        only,
    )
}

fn remove(db: &Connection, n: i64, known: &Record) -> rusqlite::Result<()> {
    let mut delete = db.prepare_cached(
        "DELETE FROM attack
         WHERE attack_type = ?1 AND date = ?2 AND source_id = ?3 AND source = ?4",
    )?;
    for attack_type in &attack_types(known) {
        delete.execute(params![
            Sql(attack_type),
            Sql(&known.date),
            Sql(&known.foreign_id),
            Sql(&known.source),
        ])?;
    }
    db.prepare_cached("DELETE FROM incident WHERE n = ?1")?
        .execute([n])?;
    Ok(())
}

fn insert_incident(
    db: &Connection,
    n: i64,
    record: &Record,
    past: &Past,
    received: u64,
) -> rusqlite::Result<()> {
    let types = attack_types(record);
    let country = coded(record, "country").and_then(Coded::as_code).map(Sql);
    let certainty = coded(record, "certainty").and_then(Coded::as_code).map(Sql);
    let mut insert = db.prepare_cached(
        "INSERT INTO incident (n, record, source, source_id, date, country, certainty,
                               attack_types, killed, injured, listed, added_late, changes,
                               first_received, last_received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    insert.execute(params![
        n,
        Sql(record.id),
        Sql(&record.source),
        Sql(&record.foreign_id),
        Sql(&record.date),
        country,
        certainty,
        Sql(types.as_slice()),
        people(record, "killed"),
        people(record, "injured"),
        record.listed,
        past.added_late,
        Sql(past.changes),
        Sql(past.first_received),
        Sql(received),
    ])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO attack (attack_type, date, source_id, source, country, certainty, listed,
                             changes, n)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for attack_type in &types {
        insert.execute(params![
            Sql(attack_type),
            Sql(&record.date),
            Sql(&record.foreign_id),
            Sql(&record.source),
            country,
            certainty,
            record.listed,
            Sql(past.changes),
            n,
        ])?;
    }
    Ok(())
}

/// Each once, in order.
fn attack_types(record: &Record) -> Vec<Code> {
    let listed = coded(record, "attack_types").and_then(Coded::as_list);
    let codes = listed.unwrap_or_default().iter().filter_map(Coded::as_code);
    let mut codes: Vec<Code> = codes.cloned().collect();
    codes.sort();
    codes.dedup();
    codes
}

/// A number of people; one that is beyond all measure is left out of lists and sums.
fn people(record: &Record, field: &str) -> Option<u32> {
    u32::try_from(coded(record, field)?.as_u64()?).ok()
}

fn coded<'a>(record: &'a Record, field: &str) -> Option<&'a Coded> {
    record.fields.get(field)?.value.coded()
}
