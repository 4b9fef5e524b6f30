//! A source's runs, and what it changed later.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ensign_prove::source::Act;
use ensign_trust::{Code, Statement, StatementId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::history::whole_history;
use super::incident::changes_of;
use super::{Change, ChangeCounts, ChangeKind, Run, SourcePage, SourceSummary, Sources};
use crate::Error;
use crate::column::{Sql, get, only};
use crate::ledger::Digest;
use crate::page::{ChangeCursor, MAX_PAGE, Page};

impl Sources {
    /// A source with its runs.
    pub fn source(&self, source: &Code) -> Result<Option<SourcePage>, Error> {
        self.database.read(|db| {
            let mut runs = db.prepare_cached(
                "SELECT s.place, s.received, s.entry FROM run AS r JOIN statement AS s USING (place)
                 WHERE r.source = ?1 ORDER BY place DESC",
            )?;
            let runs = runs.query_map([Sql(source)], run_row)?;
            let runs: Vec<Run> = runs.collect::<rusqlite::Result<_>>()?;
            let summary = summary(db, source)?;
            if runs.is_empty() && summary.records == 0 {
                return Ok(None);
            }
            let mut dates = db.prepare_cached(
                "SELECT (SELECT date FROM incident WHERE source = ?1
                         ORDER BY date, source_id, source LIMIT 1) AS first_date,
                        (SELECT date FROM incident WHERE source = ?1
                         ORDER BY date DESC, source_id DESC, source DESC LIMIT 1) AS last_date",
            )?;
            let (first_date, last_date) = dates.query_row([Sql(source)], |row| {
                Ok((get(row, "first_date")?, get(row, "last_date")?))
            })?;
            Ok(Some(SourcePage {
                summary,
                first_date,
                last_date,
                runs,
            }))
        })
    }

    /// What a source changed later, newest first.
    pub fn changes(
        &self,
        source: &Code,
        kind: Option<ChangeKind>,
        after: Option<ChangeCursor>,
        limit: usize,
    ) -> Result<Page<Change, ChangeCursor>, Error> {
        let limit = limit.clamp(1, MAX_PAGE);
        self.database.read(|db| {
            let counts = change_counts(db, source)?;
            let total = match kind {
                None => ChangeKind::ALL
                    .into_iter()
                    .map(|kind| counts.of(kind))
                    .sum(),
                Some(kind) => counts.of(kind),
            };
            let sql = match kind {
                None => {
                    "SELECT place, ordinal, n FROM change
                     WHERE source = ?1 AND ?2 IS NULL AND (place, ordinal) < (?3, ?4)
                     ORDER BY place DESC, ordinal DESC LIMIT ?5"
                }
                Some(_) => {
                    "SELECT place, ordinal, n FROM change
                     WHERE source = ?1 AND kind = ?2 AND (place, ordinal) < (?3, ?4)
                     ORDER BY place DESC, ordinal DESC LIMIT ?5"
                }
            };
            let after = after.unwrap_or(ChangeCursor {
                index: i64::MAX.cast_unsigned(),
                order: 0,
            });
            let mut places = db.prepare_cached(sql)?;
            let places = places.query_map(
                params![
                    Sql(source),
                    kind.map(ChangeKind::as_str),
                    Sql(after.index),
                    Sql(after.order),
                    (limit + 1) as i64
                ],
                |row| {
                    let n: i64 = row.get("n")?;
                    Ok((n, get(row, "place")?, get(row, "ordinal")?))
                },
            )?;
            let mut records = BTreeMap::new();
            let mut rows = Vec::new();
            for place in places {
                let (n, index, order): (i64, u64, u64) = place?;
                let changes = match records.entry(n) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => unknown.insert(changes_of_record(db, n)?),
                };
                let mut changes = changes.iter();
                let found = changes.find(|change| (change.index, change.order) == (index, order));
                rows.extend(found.cloned());
            }
            Ok(Page::cut(rows, limit, total, |row| ChangeCursor {
                index: row.index,
                order: row.order,
            }))
        })
    }
}

impl ChangeCounts {
    /// How many of a kind.
    pub fn of(&self, kind: ChangeKind) -> u64 {
        match kind {
            ChangeKind::Absent => self.absent,
            ChangeKind::AddedLate => self.added_late,
            ChangeKind::Changed => self.changed,
            ChangeKind::ListedAgain => self.listed_again,
        }
    }
}

/// A source with its numbers and its last run.
pub(super) fn summary(db: &Connection, source: &Code) -> rusqlite::Result<SourceSummary> {
    let mut tally = db.prepare_cached(
        "SELECT incidents, not_listed FROM tally WHERE dimension = 'source' AND code = ?1",
    )?;
    let tally = tally.query_row([Sql(source)], |row| {
        Ok((get(row, "incidents")?, get(row, "not_listed")?))
    });
    let (records, not_listed) = tally.optional()?.unwrap_or((0, 0));
    let mut runs = db.prepare_cached("SELECT count(*) FROM run WHERE source = ?1")?;
    let mut last_run = db.prepare_cached(
        "SELECT s.place, s.received, s.entry FROM run AS r JOIN statement AS s USING (place)
         WHERE r.source = ?1 ORDER BY place DESC LIMIT 1",
    )?;
    Ok(SourceSummary {
        source: source.clone(),
        records,
        not_listed,
        runs: runs.query_row([Sql(source)], only)?,
        last_run: last_run.query_row([Sql(source)], run_row).optional()?,
        changes: change_counts(db, source)?,
    })
}

/// A run by the id of its statement.
pub(super) fn run_of(db: &Connection, run: StatementId) -> rusqlite::Result<Option<Run>> {
    let mut runs = db.prepare_cached(
        "SELECT s.place, s.received, s.entry FROM run AS r JOIN statement AS s USING (place)
         WHERE r.statement = ?1",
    )?;
    runs.query_row([Sql(run)], run_row).optional()
}

fn changes_of_record(db: &Connection, n: i64) -> rusqlite::Result<Vec<Change>> {
    let mut late = db.prepare_cached("SELECT added_late FROM incident WHERE n = ?1")?;
    let late = late.query_row([n], only)?;
    Ok(changes_of(&whole_history(db, n)?, late))
}

fn change_counts(db: &Connection, source: &Code) -> rusqlite::Result<ChangeCounts> {
    let mut count =
        db.prepare_cached("SELECT incidents FROM tally WHERE dimension = ?1 AND code = ?2")?;
    let mut of = |kind: ChangeKind| {
        let count = count.query_row([kind.as_str(), source.as_str()], only);
        Ok::<u64, rusqlite::Error>(count.optional()?.unwrap_or(0))
    };
    Ok(ChangeCounts {
        added_late: of(ChangeKind::AddedLate)?,
        changed: of(ChangeKind::Changed)?,
        absent: of(ChangeKind::Absent)?,
        listed_again: of(ChangeKind::ListedAgain)?,
    })
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    let statement: Statement = get(row, "entry")?;
    let Some(Ok(Act::Imported(run))) = Act::read(&statement) else {
        return Err(rusqlite::Error::FromSqlConversionFailure(
            2,
            rusqlite::types::Type::Blob,
            "not an import.run".into(),
        ));
    };
    Ok(Run {
        run: statement.id(),
        index: get(row, "place")?,
        received: get(row, "received")?,
        author: statement.author(),
        source: run.source,
        mapping: run.mapping,
        file: Digest::from_bytes(run.file),
        from: run.from,
        until: run.until,
        columns: run.columns,
        rows: run.counts.rows,
        added: run.counts.added,
        changed: run.counts.changed,
        absent: run.counts.absent,
        unchanged: run.counts.unchanged,
        rejected: run.counts.rejected,
    })
}
