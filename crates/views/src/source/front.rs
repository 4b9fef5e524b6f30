//! All incidents in a few numbers.

use std::cmp::Reverse;

use ensign_trust::Code;
use rusqlite::Connection;

use super::runs::summary;
use super::{CertaintyTally, CountryTally, Front, MonthTally, SourceSummary, Sources};
use crate::Error;
use crate::column::{get, only};
use crate::ledger::LogSize;

/// One line of a dimension.
#[derive(Default)]
struct Tally {
    /// Absent where the incidents have no code in that dimension.
    code: Option<Code>,
    incidents: u64,
    not_listed: u64,
    killed: u64,
    injured: u64,
}

impl Sources {
    /// All incidents in a few numbers, with what is known of the logs.
    pub fn front(&self, logs: Vec<LogSize>) -> Result<Front, Error> {
        self.database.read(|db| {
            let all = tallies(db, "all")?.pop().unwrap_or_default();
            let month = |tally: Tally| {
                Some(MonthTally {
                    month: tally.code?,
                    incidents: tally.incidents,
                    killed: tally.killed,
                    injured: tally.injured,
                })
            };
            let mut by_country: Vec<_> = tallies(db, "country")?
                .into_iter()
                .map(|tally| CountryTally {
                    country: tally.code,
                    incidents: tally.incidents,
                    killed: tally.killed,
                    injured: tally.injured,
                })
                .collect();
            by_country.sort_by_key(|row| Reverse(row.incidents));
            let by_certainty = tallies(db, "certainty")?
                .into_iter()
                .map(|tally| CertaintyTally {
                    certainty: tally.code,
                    incidents: tally.incidents,
                    killed: tally.killed,
                    injured: tally.injured,
                })
                .collect();
            let countries = by_country.iter().filter(|row| row.country.is_some());
            Ok(Front {
                incidents: all.incidents,
                not_listed: all.not_listed,
                killed: all.killed,
                injured: all.injured,
                countries: countries.count() as u64,
                first_date: db.query_row("SELECT min(date) FROM incident", [], only)?,
                last_date: db.query_row("SELECT max(date) FROM incident", [], only)?,
                months: tallies(db, "month")?
                    .into_iter()
                    .filter_map(month)
                    .collect(),
                by_country,
                by_certainty,
                sources: summaries(db)?,
                logs,
            })
        })
    }
}

fn summaries(db: &Connection) -> rusqlite::Result<Vec<SourceSummary>> {
    let mut sources = db.prepare_cached("SELECT DISTINCT source FROM run ORDER BY source")?;
    let sources = sources.query_map([], only::<Code>)?;
    sources.map(|source| summary(db, &source?)).collect()
}

/// A dimension in order of its codes, what has none last.
fn tallies(db: &Connection, dimension: &str) -> rusqlite::Result<Vec<Tally>> {
    let mut tallies = db.prepare_cached(
        "SELECT nullif(code, '') AS code, incidents, not_listed, killed, injured
         FROM tally WHERE dimension = ?1 ORDER BY code IS NULL, code",
    )?;
    let rows = tallies.query_map([dimension], |row| {
        Ok(Tally {
            code: get(row, "code")?,
            incidents: get(row, "incidents")?,
            not_listed: get(row, "not_listed")?,
            killed: get(row, "killed")?,
            injured: get(row, "injured")?,
        })
    })?;
    rows.collect()
}
