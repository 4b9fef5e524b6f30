//! Lists of incidents.

use std::collections::BTreeMap;

use ensign_trust::Code;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::{Filter, IncidentRow, Sources};
use crate::Error;
use crate::column::{get, only};
use crate::database::lock;
use crate::page::{IncidentCursor, MAX_PAGE, Page};

/// A condition of a query, with the value that it binds, if any.
type Condition<'a> = (&'static str, Option<&'a Code>);

/// Totals of the filters that were asked for, as of one index.
#[derive(Debug, Default)]
pub(super) struct Totals {
    next: u64,
    known: BTreeMap<Filter, u64>,
}

/// Totals that are kept.
const KEPT: usize = 4_096;

impl Sources {
    /// Incidents, newest first.
    pub fn incidents(
        &self,
        filter: &Filter,
        after: Option<&IncidentCursor>,
        limit: usize,
    ) -> Result<Page<IncidentRow, IncidentCursor>, Error> {
        let limit = limit.clamp(1, MAX_PAGE);
        self.database.read(|db| {
            let rows = rows(db, filter, after, limit + 1)?;
            let total = match tallied(db, filter)? {
                Some(total) => total,
                None => self.counted(db, filter)?,
            };
            Ok(Page::cut(rows, limit, total, |row| IncidentCursor {
                date: row.date.clone(),
                source_id: row.source_id.clone(),
                source: row.source.clone(),
            }))
        })
    }

    /// How many incidents a filter lets through, counted once for each state of the view.
    fn counted(&self, db: &Connection, filter: &Filter) -> rusqlite::Result<u64> {
        let next = db
            .prepare_cached("SELECT next FROM position")?
            .query_row([], only)?;
        let totals = lock(&self.totals);
        if let Some(total) = totals.known.get(filter).filter(|_| totals.next == next) {
            return Ok(*total);
        }
        drop(totals);
        let total = count(db, filter)?;
        let mut totals = lock(&self.totals);
        if totals.next != next || totals.known.len() >= KEPT {
            *totals = Totals {
                next,
                known: BTreeMap::new(),
            };
        }
        totals.known.insert(filter.clone(), total);
        Ok(total)
    }
}

fn rows(
    db: &Connection,
    filter: &Filter,
    after: Option<&IncidentCursor>,
    limit: usize,
) -> rusqlite::Result<Vec<IncidentRow>> {
    let conditions = conditions(filter);
    let place = after.map(|after| [&after.date, &after.source_id, &after.source]);
    let seek = place.map(|_| "(date, source_id, source) < (?, ?, ?)");
    let sql = format!(
        "SELECT * FROM incident WHERE n IN (
           SELECT n FROM {} WHERE {}
           ORDER BY date DESC, source_id DESC, source DESC LIMIT ?)
         ORDER BY date DESC, source_id DESC, source DESC",
        table(filter),
        all_of(conditions.iter().map(|(text, _)| *text).chain(seek))
    );
    let bound = conditions.iter().filter_map(|(_, value)| *value);
    let bound = bound.chain(place.into_iter().flatten()).map(text);
    let bound = bound.chain([Value::Integer(limit as i64)]);
    let mut incidents = db.prepare_cached(&sql)?;
    let rows = incidents.query_map(params_from_iter(bound), incident_row)?;
    rows.collect()
}

/// The total out of the tallies, where the filter asks for one code at most and for no more than
/// one of the marks.
fn tallied(db: &Connection, filter: &Filter) -> rusqlite::Result<Option<u64>> {
    let codes = [
        ("source", &filter.source),
        ("country", &filter.country),
        ("certainty", &filter.certainty),
        ("attack_type", &filter.attack_type),
    ];
    let mut asked = codes
        .into_iter()
        .filter_map(|(dimension, code)| Some((dimension, code.as_ref()?.as_str())));
    let (dimension, code) = asked.next().unwrap_or(("all", ""));
    let marked = filter.changed.is_some() || filter.listed.is_some();
    if asked.next().is_some()
        || filter.from.is_some()
        || filter.until.is_some()
        || (dimension == "attack_type" && marked)
    {
        return Ok(None);
    }
    let sql = match (filter.changed, filter.listed) {
        (None, None) => "SELECT incidents FROM tally WHERE dimension = ?1 AND code = ?2",
        (Some(true), None) => "SELECT changed FROM tally WHERE dimension = ?1 AND code = ?2",
        (Some(false), None) => {
            "SELECT incidents - changed FROM tally WHERE dimension = ?1 AND code = ?2"
        }
        (None, Some(false)) => "SELECT not_listed FROM tally WHERE dimension = ?1 AND code = ?2",
        (None, Some(true)) => {
            "SELECT incidents - not_listed FROM tally WHERE dimension = ?1 AND code = ?2"
        }
        (Some(_), Some(_)) => return Ok(None),
    };
    let total = db.prepare_cached(sql)?.query_row([dimension, code], only);
    Ok(Some(total.optional()?.unwrap_or(0)))
}

fn count(db: &Connection, filter: &Filter) -> rusqlite::Result<u64> {
    let conditions = conditions(filter);
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {}",
        table(filter),
        all_of(conditions.iter().map(|(text, _)| *text))
    );
    let bound = conditions.iter().filter_map(|(_, value)| *value).map(text);
    db.prepare_cached(&sql)?
        .query_row(params_from_iter(bound), only)
}

/// Both tables have the columns that are asked for; one is in order of the attack types.
fn table(filter: &Filter) -> &'static str {
    match filter.attack_type {
        None => "incident",
        Some(_) => "attack",
    }
}

fn conditions(filter: &Filter) -> Vec<Condition<'_>> {
    let coded = [
        ("attack_type = ?", &filter.attack_type),
        ("source = ?", &filter.source),
        ("country = ?", &filter.country),
        ("certainty = ?", &filter.certainty),
        ("date >= ?", &filter.from),
        ("date <= ?", &filter.until),
    ];
    let coded = coded
        .into_iter()
        .filter_map(|(text, value)| value.as_ref().map(|value| (text, Some(value))));
    let changed = filter.changed.map(|changed| match changed {
        true => "changes > 0",
        false => "changes = 0",
    });
    let listed = filter.listed.map(|listed| match listed {
        true => "listed = 1",
        false => "listed = 0",
    });
    let plain = [changed, listed].into_iter().flatten();
    coded.chain(plain.map(|text| (text, None))).collect()
}

fn all_of<'a>(conditions: impl Iterator<Item = &'a str>) -> String {
    let conditions: Vec<&str> = conditions.collect();
    match conditions.is_empty() {
        true => "true".to_owned(),
        false => conditions.join(" AND "),
    }
}

fn text(code: &Code) -> Value {
    Value::Text(code.to_string())
}

pub(super) fn incident_row(row: &Row<'_>) -> rusqlite::Result<IncidentRow> {
    Ok(IncidentRow {
        record: get(row, "record")?,
        source: get(row, "source")?,
        source_id: get(row, "source_id")?,
        date: get(row, "date")?,
        country: get(row, "country")?,
        certainty: get(row, "certainty")?,
        attack_types: get(row, "attack_types")?,
        killed: get(row, "killed")?,
        injured: get(row, "injured")?,
        listed: get(row, "listed")?,
        added_late: get(row, "added_late")?,
        changes: get(row, "changes")?,
        first_received: get(row, "first_received")?,
        last_received: get(row, "last_received")?,
    })
}
