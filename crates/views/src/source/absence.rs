//! Which records a file does not list, in constant memory.

use ensign_prove::source::Record;
use ensign_trust::{Code, RecordId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Sources;
use super::incident::latest;
use crate::Error;
use crate::column::{Sql, get, only};

/// Records that are read at a time.
const CHUNK: usize = 256;

/// The rows of a file that were seen, in a temporary file that nobody else can open.
#[derive(Debug)]
pub struct Absence {
    source: Code,
    db: Connection,
}

/// A place in the order in which missing records are gone through.
type Place = (Code, Code);

impl Sources {
    /// Begins to look for the records of a source that a file does not list.
    pub fn absence(&self, source: &Code) -> Result<Absence, Error> {
        let db = self.database.connection()?;
        db.execute_batch(
            "PRAGMA temp_store = FILE;
             CREATE TEMP TABLE seen (record BLOB PRIMARY KEY, line INTEGER NOT NULL)
             STRICT, WITHOUT ROWID;
             PRAGMA temp.journal_mode = OFF;
             PRAGMA temp.cache_size = -16000;",
        )
        .map_err(Error::database("prepare", "source"))?;
        Ok(Absence {
            source: source.clone(),
            db,
        })
    }
}

impl Absence {
    /// Notes the line of a record; if it was seen before, gives the line where that was.
    pub fn see(&mut self, record: RecordId, line: u64) -> Result<Option<u64>, Error> {
        let see = || {
            let mut insert = self
                .db
                .prepare_cached("INSERT OR IGNORE INTO temp.seen VALUES (?1, ?2)")?;
            match insert.execute(params![Sql(record), Sql(line)])? {
                0 => line_of(&self.db, record),
                _ => Ok(None),
            }
        };
        see().map_err(Error::database("note a row beside", "source"))
    }

    /// The first line of a record.
    pub fn first_line(&self, record: RecordId) -> Result<Option<u64>, Error> {
        line_of(&self.db, record).map_err(Error::database("read", "source"))
    }

    /// How many records of the source are listed so far, dated from one date until another, both
    /// included, and were not seen.
    pub fn count_missing(&self, from: &Code, until: &Code) -> Result<u64, Error> {
        let count = || {
            let mut count = self.db.prepare_cached(
                "SELECT count(*) FROM main.incident AS i
                 WHERE i.source = ?1 AND i.date >= ?2 AND i.date <= ?3 AND i.listed = 1
                   AND NOT EXISTS (SELECT 1 FROM temp.seen AS s WHERE s.record = i.record)",
            )?;
            count.query_row(params![Sql(&self.source), Sql(from), Sql(until)], only)
        };
        count().map_err(Error::database("read", "source"))
    }

    /// Gives these records one by one, in order of date and the source's own id. Statements about
    /// them may be appended meanwhile.
    pub fn missing<E: From<Error>>(
        &self,
        from: &Code,
        until: &Code,
        give: &mut dyn FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after: Option<Place> = None;
        loop {
            let (records, place) = self
                .chunk(from, until, after.as_ref())
                .map_err(Error::database("read", "source"))?;
            for record in records {
                give(record)?;
            }
            match place {
                Some(place) => after = Some(place),
                None => return Ok(()),
            }
        }
    }

    /// Some missing records after a place, and the place where they end if there may be more.
    fn chunk(
        &self,
        from: &Code,
        until: &Code,
        after: Option<&Place>,
    ) -> rusqlite::Result<(Vec<Record>, Option<Place>)> {
        let snapshot = self.db.unchecked_transaction()?;
        let mut missing = snapshot.prepare_cached(
            "SELECT i.record, i.date, i.source_id FROM main.incident AS i
             WHERE i.source = ?1 AND (i.date, i.source_id) > (?2, ?3) AND i.date <= ?4
               AND i.listed = 1
               AND NOT EXISTS (SELECT 1 FROM temp.seen AS s WHERE s.record = i.record)
             ORDER BY i.date, i.source_id LIMIT ?5",
        )?;
        // No id is the empty text, so the first chunk begins with the first id of its date.
        let (date, id) = after.map_or((from.as_str(), ""), |(date, id)| {
            (date.as_str(), id.as_str())
        });
        let place = |row: &Row<'_>| {
            let record: RecordId = get(row, "record")?;
            Ok((record, (get(row, "date")?, get(row, "source_id")?)))
        };
        let found = missing.query_map(
            params![Sql(&self.source), date, id, Sql(until), CHUNK as i64],
            place,
        )?;
        let found: Vec<(RecordId, Place)> = found.collect::<rusqlite::Result<_>>()?;
        let records = found.iter().map(|(record, _)| latest(&snapshot, *record));
        let records = records.filter_map(Result::transpose);
        let records = records.collect::<rusqlite::Result<_>>()?;
        let full = found.len() == CHUNK;
        let last = found.into_iter().next_back().filter(|_| full);
        Ok((records, last.map(|(_, place)| place)))
    }
}

fn line_of(db: &Connection, record: RecordId) -> rusqlite::Result<Option<u64>> {
    let mut line = db.prepare_cached("SELECT line FROM temp.seen WHERE record = ?1")?;
    line.query_row([Sql(record)], only).optional()
}
