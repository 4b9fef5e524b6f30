//! A record's statements, one after another, with what each of them changed.

use ensign_prove::source::{Change as FieldChange, Record, Value};
use ensign_trust::{RecordId, Statement};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ChangeKind, Shown};
use crate::column::{Sql, get};
use crate::ledger::Digest;

/// What a statement changed: the kind of each change, and the field where it is about one.
pub(super) type Changes = Vec<(ChangeKind, Option<FieldChange>)>;

/// A statement that counts, and the record after it.
pub(super) struct Step {
    pub place: u64,
    pub received: u64,
    pub statement: Statement,
    pub record: Record,
    /// What the statement changed; not whether the record came late.
    pub changes: Changes,
}

/// The number of a record, if anything that counted was ever said of it.
pub(super) fn find(db: &Connection, record: RecordId) -> rusqlite::Result<Option<i64>> {
    let mut find = db.prepare_cached(
        "SELECT n FROM record WHERE substr(record, 1, 8) = substr(?1, 1, 8) AND record = ?1",
    )?;
    find.query_row([Sql(record)], |row| row.get(0)).optional()
}

/// All statements of the record with this number.
pub(super) fn whole_history(db: &Connection, n: i64) -> rusqlite::Result<Vec<Step>> {
    history(db, n, i64::MAX.cast_unsigned())
}

/// The statements of the record with this number before an index.
pub(super) fn history(db: &Connection, n: i64, before: u64) -> rusqlite::Result<Vec<Step>> {
    let mut statements = db.prepare_cached(
        "SELECT place, received, entry FROM statement
         WHERE n = ?1 AND place < ?2 AND counts = 1 ORDER BY place",
    )?;
    let mut rows = statements.query(params![n, Sql(before)])?;
    let mut steps: Vec<Step> = Vec::new();
    while let Some(row) = rows.next()? {
        let known = steps.last().map(|step| &step.record);
        let statement: Statement = get(row, "entry")?;
        if let Some((record, changes)) = follow(known, &statement) {
            steps.push(Step {
                place: get(row, "place")?,
                received: get(row, "received")?,
                statement,
                record,
                changes,
            });
        }
    }
    Ok(steps)
}

/// The record after a further statement, and what that changed; `None` where it says nothing about
/// a record that is known.
pub(super) fn follow(known: Option<&Record>, statement: &Statement) -> Option<(Record, Changes)> {
    let Some(known) = known else {
        return Some((Record::first(statement)?, Vec::new()));
    };
    let record = known.clone().apply(statement);
    let mut changes = Vec::new();
    match (known.listed, record.listed) {
        (true, false) => changes.push((ChangeKind::Absent, None)),
        (false, true) => changes.push((ChangeKind::ListedAgain, None)),
        _ => {}
    }
    let fields = record.changes_since(known).into_iter();
    changes.extend(fields.map(|change| (ChangeKind::Changed, Some(change))));
    Some((record, changes))
}

impl From<Value<[u8; 32]>> for Shown {
    fn from(value: Value<[u8; 32]>) -> Self {
        Shown {
            blank: value == Value::Blank,
            coded: value.coded().cloned(),
            text: value.text().copied().map(Digest::from_bytes),
        }
    }
}
