//! How statements about sources get into the view.

use std::path::Path;

use ensign_prove::source::{Act, Record, Run};
use ensign_trust::{Code, Coded, RecordId, Statement};
use rusqlite::{Connection, OptionalExtension, params};

use super::history::{follow, history};
use super::{ChangeKind, Sources};
use crate::Error;
use crate::batch::{Batch, Entry, Revocation};
use crate::column::{Sql, get, only};
use crate::database::{Database, Layout};

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
        })
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        self.database.clear()
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
                if let Some(revocation) = entry.revokes {
                    revoke(db, revocation)?;
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
    let mut insert = db.prepare_cached(
        "INSERT INTO statement (place, record, key, received, entry) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        Sql(entry.index),
        record_of(&act).map(Sql),
        Sql(entry.statement.key()),
        Sql(received),
        Sql(entry.statement),
    ])?;
    derive(db, entry.statement, &act, entry.index, received)
}

/// What a key signed from an index on counts no longer, and all that was derived from it goes.
fn revoke(db: &Connection, revocation: Revocation) -> rusqlite::Result<()> {
    let mut revoke = db.prepare_cached(
        "UPDATE statement SET counts = 0 WHERE key = ?1 AND place >= ?2 AND counts = 1",
    )?;
    if revoke.execute(params![Sql(revocation.key), Sql(revocation.as_of)])? == 0 {
        return Ok(());
    }
    db.execute_batch(
        "DELETE FROM attack; DELETE FROM change; DELETE FROM incident; DELETE FROM run;
         DELETE FROM tally;",
    )?;
    let mut left = db.prepare_cached(
        "SELECT place, received, entry FROM statement WHERE counts = 1 ORDER BY place",
    )?;
    let mut rows = left.query([])?;
    while let Some(row) = rows.next()? {
        let statement: Statement = get(row, "entry")?;
        if let Some(Ok(act)) = Act::read(&statement) {
            derive(
                db,
                &statement,
                &act,
                get(row, "place")?,
                get(row, "received")?,
            )?;
        }
    }
    Ok(())
}

fn derive(
    db: &Connection,
    statement: &Statement,
    act: &Act,
    place: u64,
    received: u64,
) -> rusqlite::Result<()> {
    match act {
        Act::Imported(run) => insert_run(db, statement, run, place),
        Act::Absent(absent) => update(db, statement, absent.record(), place, received),
        Act::Stated(stated) => update(db, statement, stated.record(), place, received),
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
    record: RecordId,
    place: u64,
    received: u64,
) -> rusqlite::Result<()> {
    let mut past = db.prepare_cached(
        "SELECT added_late, changes, first_received FROM incident WHERE record = ?1",
    )?;
    let past = past.query_row([Sql(record)], |row| {
        Ok(Past {
            added_late: get(row, "added_late")?,
            changes: get(row, "changes")?,
            first_received: get(row, "first_received")?,
        })
    });
    let past = past.optional()?;
    let known = match past {
        Some(_) => history(db, record, place)?.pop().map(|step| step.record),
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
        "INSERT INTO change (place, ordinal, source, kind, record) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (ordinal, kind) in (0..).zip(kinds) {
        insert.execute(params![
            Sql(place),
            Sql::<u64>(ordinal),
            Sql(&record.source),
            kind.as_str(),
            Sql(record.id),
        ])?;
    }
    replace(db, &record, &past, received)
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

fn replace(db: &Connection, record: &Record, past: &Past, received: u64) -> rusqlite::Result<()> {
    let mut known = db.prepare_cached(
        "SELECT incident, date, source_id, source, attack_types FROM incident WHERE record = ?1",
    )?;
    let known = known.query_row([Sql(record.id)], |row| {
        let types: Vec<Code> = get(row, "attack_types")?;
        Ok((
            row.get::<_, i64>("incident")?,
            get::<Code>(row, "date")?,
            types,
        ))
    });
    let known = known.optional()?;
    if let Some((incident, date, types)) = &known {
        let mut delete = db.prepare_cached(
            "DELETE FROM attack WHERE attack_type = ?1 AND date = ?2 AND source_id = ?3
             AND source = ?4 AND incident = ?5",
        )?;
        for attack_type in types {
            delete.execute(params![
                Sql(attack_type),
                Sql(date),
                Sql(&record.foreign_id),
                Sql(&record.source),
                incident,
            ])?;
        }
        let mut delete = db.prepare_cached("DELETE FROM incident WHERE incident = ?1")?;
        delete.execute([incident])?;
    }
    let types = attack_types(record);
    let mut insert = db.prepare_cached(
        "INSERT INTO incident (incident, record, source, source_id, date, country, certainty,
                               attack_types, killed, injured, listed, added_late, changes,
                               first_received, last_received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    let incident = insert.insert(params![
        known.map(|(incident, ..)| incident),
        Sql(record.id),
        Sql(&record.source),
        Sql(&record.foreign_id),
        Sql(&record.date),
        coded(record, "country").and_then(Coded::as_code).map(Sql),
        coded(record, "certainty").and_then(Coded::as_code).map(Sql),
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
        "INSERT INTO attack (attack_type, date, source_id, source, incident)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for attack_type in &types {
        insert.execute(params![
            Sql(attack_type),
            Sql(&record.date),
            Sql(&record.foreign_id),
            Sql(&record.source),
            incident,
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

fn record_of(act: &Act) -> Option<RecordId> {
    match act {
        Act::Imported(_) => None,
        Act::Absent(absent) => Some(absent.record()),
        Act::Stated(stated) => Some(stated.record()),
    }
}
