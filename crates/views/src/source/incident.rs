//! One incident, and one record as the importer asks for it.

use std::collections::BTreeSet;

use ensign_prove::source::Record;
use ensign_trust::{RecordId, Statement, StatementId};
use rusqlite::{Connection, OptionalExtension};

use super::history::{Step, find, whole_history};
use super::incidents::incident_row;
use super::runs::run_of;
use super::{Change, ChangeKind, FieldRow, IncidentRow, Run, Sources};
use crate::Error;
use crate::column::only;

/// All that this view knows about an incident.
pub(crate) struct Known {
    pub row: IncidentRow,
    pub fields: Vec<FieldRow>,
    pub runs: Vec<Run>,
    pub changes: Vec<Change>,
}

impl Sources {
    /// A record as its statements leave it.
    pub fn record(&self, record: RecordId) -> Result<Option<Record>, Error> {
        self.database.read(|db| latest(db, record))
    }

    /// Digests of the texts that statements about a record ever committed to, sorted.
    pub fn texts_of(&self, record: RecordId) -> Result<Vec<[u8; 32]>, Error> {
        self.database.read(|db| {
            let Some(n) = find(db, record)? else {
                return Ok(Vec::new());
            };
            // Also what counts no longer committed to texts.
            let mut entries = db.prepare_cached("SELECT entry FROM statement WHERE n = ?1")?;
            let mut texts = BTreeSet::new();
            for statement in entries.query_map([n], only::<Statement>)? {
                texts.extend(statement?.sealed.iter().copied());
            }
            Ok(texts.into_iter().collect())
        })
    }

    /// The record of an id: of ours, or of a source's own.
    pub fn find(&self, id: &str) -> Result<Option<RecordId>, Error> {
        if let Ok(record) = id.parse() {
            return Ok(Some(record));
        }
        let records: Vec<RecordId> = self.database.read(|db| {
            let mut records = db.prepare_cached(
                "SELECT record FROM incident WHERE source_id = ?1 ORDER BY record",
            )?;
            records.query_map([id], only)?.collect()
        })?;
        match records[..] {
            [] => Ok(None),
            [record] => Ok(Some(record)),
            _ => Err(Error::Ambiguous {
                id: id.to_owned(),
                records,
            }),
        }
    }

    /// All that this view knows about an incident.
    pub fn known(&self, record: RecordId) -> Result<Option<Known>, Error> {
        self.database.read(|db| {
            let Some(n) = find(db, record)? else {
                return Ok(None);
            };
            let mut row = db.prepare_cached("SELECT * FROM incident WHERE n = ?1")?;
            let Some(row) = row.query_row([n], incident_row).optional()? else {
                return Ok(None);
            };
            let steps = whole_history(db, n)?;
            let fields = steps.last().map(|step| fields_of(&step.record));
            let runs = steps
                .iter()
                .filter_map(|step| step.statement.reference("run"));
            let runs: BTreeSet<StatementId> = runs.collect();
            let runs = runs.into_iter().map(|run| run_of(db, run));
            let mut runs: Vec<Run> = runs
                .filter_map(Result::transpose)
                .collect::<rusqlite::Result<_>>()?;
            runs.sort_by_key(|run| run.index);
            Ok(Some(Known {
                changes: changes_of(&steps, row.added_late),
                fields: fields.unwrap_or_default(),
                runs,
                row,
            }))
        })
    }
}

/// A record as its statements leave it.
pub(super) fn latest(db: &Connection, record: RecordId) -> rusqlite::Result<Option<Record>> {
    let Some(n) = find(db, record)? else {
        return Ok(None);
    };
    let steps = whole_history(db, n)?;
    Ok(steps.into_iter().next_back().map(|step| step.record))
}

/// The changes of a record, the first one first.
pub(super) fn changes_of(steps: &[Step], added_late: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let late = (at == 0 && added_late).then_some((ChangeKind::AddedLate, None));
        let all = step.changes.iter().cloned().chain(late);
        for (order, (kind, change)) in (0..).zip(all) {
            changes.push(Change {
                kind,
                record: step.record.id,
                source: step.record.source.clone(),
                source_id: step.record.foreign_id.clone(),
                date: step.record.date.clone(),
                field: change.as_ref().map(|change| change.field.clone()),
                was: change
                    .as_ref()
                    .and_then(|change| Some(change.was.clone()?.into())),
                now: change.map(|change| change.now.into()),
                statement: step.statement.id(),
                index: step.place,
                order,
                received: step.received,
                run: step.statement.reference("run"),
            });
        }
    }
    changes
}

fn fields_of(record: &Record) -> Vec<FieldRow> {
    let fields = record.fields.iter();
    let field = fields.map(|(code, field)| FieldRow {
        field: code.clone(),
        value: field.value.clone().into(),
        statement: field.by,
    });
    field.collect()
}
