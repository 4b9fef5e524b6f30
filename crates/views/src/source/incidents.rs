//! Lists of incidents.

use ensign_trust::Code;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::{Filter, IncidentRow, Sources};
use crate::Error;
use crate::column::{get, only};
use crate::page::{IncidentCursor, MAX_PAGE, Page};

/// A condition of a query, with the value that it binds, if any.
type Condition<'a> = (&'static str, Option<&'a Code>);

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
            let total = total(db, filter)?;
            Ok(Page::cut(rows, limit, total, |row| IncidentCursor {
                date: row.date.clone(),
                source_id: row.source_id.clone(),
                source: row.source.clone(),
            }))
        })
    }
}

fn rows(
    db: &Connection,
    filter: &Filter,
    after: Option<&IncidentCursor>,
    limit: usize,
) -> rusqlite::Result<Vec<IncidentRow>> {
    let conditions = conditions(filter);
    // Lists of one attack type are led by the table that is in their order.
    let (from, seek, order) = match filter.attack_type {
        None => (
            "incident AS i",
            "(i.date, i.source_id, i.source) < (?, ?, ?)",
            "i.date DESC, i.source_id DESC, i.source DESC",
        ),
        Some(_) => (
            "attack AS a CROSS JOIN incident AS i USING (incident)",
            "(a.date, a.source_id, a.source) < (?, ?, ?)",
            "a.date DESC, a.source_id DESC, a.source DESC",
        ),
    };
    let places = after.map(|after| [&after.date, &after.source_id, &after.source]);
    let seek = places.is_some().then_some(seek);
    let texts = conditions.iter().map(|(text, _)| *text).chain(seek);
    let sql = format!(
        "SELECT i.* FROM {from} WHERE {} ORDER BY {order} LIMIT ?",
        all_of(texts)
    );
    let bound = conditions.iter().filter_map(|(_, value)| *value);
    let bound = bound.chain(places.into_iter().flatten()).map(text);
    let mut incidents = db.prepare_cached(&sql)?;
    let rows = incidents.query_map(
        params_from_iter(bound.chain([Value::Integer(limit as i64)])),
        incident_row,
    )?;
    rows.collect()
}

/// How many incidents the filter lets through: out of the totals where it asks one thing at most.
fn total(db: &Connection, filter: &Filter) -> rusqlite::Result<u64> {
    let conditions = conditions(filter);
    let dimension = match conditions[..] {
        [] => Some(("all", None)),
        [(SOURCE, code)] => Some(("source", code)),
        [(COUNTRY, code)] => Some(("country", code)),
        [(CERTAINTY, code)] => Some(("certainty", code)),
        [(ATTACK_TYPE, code)] => Some(("attack_type", code)),
        _ => None,
    };
    if let Some((dimension, code)) = dimension {
        let mut tally =
            db.prepare_cached("SELECT incidents FROM tally WHERE dimension = ?1 AND code = ?2")?;
        let total = tally.query_row([dimension, code.map_or("", Code::as_str)], only);
        return Ok(total.optional()?.unwrap_or(0));
    }
    let from = match filter.attack_type {
        None => "incident AS i",
        Some(_) => "attack AS a CROSS JOIN incident AS i USING (incident)",
    };
    let sql = format!(
        "SELECT count(*) FROM {from} WHERE {}",
        all_of(conditions.iter().map(|(text, _)| *text))
    );
    let bound = conditions.iter().filter_map(|(_, value)| *value).map(text);
    db.prepare_cached(&sql)?
        .query_row(params_from_iter(bound), only)
}

const SOURCE: &str = "i.source = ?";
const COUNTRY: &str = "i.country = ?";
const CERTAINTY: &str = "i.certainty = ?";
const ATTACK_TYPE: &str = "a.attack_type = ?";

fn conditions(filter: &Filter) -> Vec<Condition<'_>> {
    // Dates are asked of the table that leads.
    let (from, until) = match filter.attack_type {
        None => ("i.date >= ?", "i.date <= ?"),
        Some(_) => ("a.date >= ?", "a.date <= ?"),
    };
    let coded = [
        (ATTACK_TYPE, &filter.attack_type),
        (SOURCE, &filter.source),
        (COUNTRY, &filter.country),
        (CERTAINTY, &filter.certainty),
        (from, &filter.from),
        (until, &filter.until),
    ];
    let coded = coded
        .into_iter()
        .filter_map(|(text, value)| value.as_ref().map(|value| (text, Some(value))));
    let changed = filter.changed.map(|changed| match changed {
        true => "i.changes > 0",
        false => "i.changes = 0",
    });
    let listed = filter.listed.map(|listed| match listed {
        true => "i.listed = 1",
        false => "i.listed = 0",
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
