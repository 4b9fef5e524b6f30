//! What `log.db` holds of one log, statement by statement.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Row};

use super::super::{Head, Mark};

/// The row of a log that is compared and swapped in each append.
pub(super) struct LockRow {
    pub head: Head,
    /// Size up to which the files were flushed; staging begins there.
    pub settled: u64,
}

impl LockRow {
    pub fn find(db: &Connection, log: &str) -> rusqlite::Result<Option<Self>> {
        db.prepare_cached("SELECT size, root, checkpoint, settled FROM head WHERE log = ?1")?
            .query_row([log], |row| {
                Ok(Self {
                    head: Head {
                        size: number(row, 0)?,
                        root: row.get(1)?,
                        checkpoint: row.get(2)?,
                    },
                    settled: number(row, 3)?,
                })
            })
            .optional()
    }
}

/// A batch that the files may not durably hold yet.
pub(super) struct Staged {
    /// Size of the log before the batch.
    pub start: u64,
    /// Size of the log after it.
    pub size: u64,
    /// Checkpoint of the head before the batch, if there was one.
    pub previous: Option<Vec<u8>>,
    /// The entries, joined.
    pub entries: Vec<u8>,
}

impl Staged {
    /// The batches that have entries in `range`, in order. Together they are hardly larger than
    /// what makes the log empty its staging.
    pub fn find(db: &Connection, log: &str, range: Range<u64>) -> rusqlite::Result<Vec<Self>> {
        db.prepare_cached(
            "SELECT start, size, previous, entries FROM staging
             WHERE log = ?1 AND start < ?3 AND size > ?2 ORDER BY start",
        )?
        .query_map((log, as_i64(range.start), as_i64(range.end)), |row| {
            Ok(Self {
                start: number(row, 0)?,
                size: number(row, 1)?,
                previous: row.get(2)?,
                entries: row.get(3)?,
            })
        })?
        .collect()
    }

    /// Stages the batch.
    pub fn insert(&self, tx: &Connection, log: &str) -> rusqlite::Result<()> {
        let Self {
            start,
            size,
            previous,
            entries,
        } = self;
        tx.prepare_cached(
            "INSERT INTO staging (log, start, size, previous, entries) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((log, as_i64(*start), as_i64(*size), previous, entries))?;
        Ok(())
    }
}

/// Puts the head of a log in place of the one before.
pub(super) fn set_head(tx: &Connection, log: &str, head: &Head) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO head (log, size, root, checkpoint, settled) VALUES (?1, ?2, ?3, ?4, 0)
         ON CONFLICT DO UPDATE
         SET size = excluded.size, root = excluded.root, checkpoint = excluded.checkpoint",
    )?
    .execute((log, as_i64(head.size), head.root, &head.checkpoint))?;
    Ok(())
}

/// Drops the staging that files flushed at size `flushed` cover.
pub(super) fn drop_staging(tx: &Connection, log: &str, flushed: u64) -> rusqlite::Result<()> {
    let row = (log, as_i64(flushed));
    tx.execute("DELETE FROM staging WHERE log = ?1 AND size <= ?2", row)?;
    tx.execute("UPDATE head SET settled = ?2 WHERE log = ?1", row)?;
    Ok(())
}

/// The newest epoch of a lease; 0 if it was never taken.
pub(super) fn epoch(db: &Connection, lease: &str) -> rusqlite::Result<u64> {
    let epoch = db
        .prepare_cached("SELECT epoch FROM lease WHERE name = ?1")?
        .query_row([lease], |row| number(row, 0))
        .optional()?;
    Ok(epoch.unwrap_or(0))
}

/// The value of a mark.
pub(super) fn find_mark(
    db: &Connection,
    log: &str,
    key: &[u8],
) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("SELECT value FROM mark WHERE log = ?1 AND key = ?2")?
        .query_row((log, key), |row| row.get(0))
        .optional()
}

/// Moves a mark and says whether it was what was expected.
pub(super) fn move_mark(tx: &Connection, log: &str, mark: &Mark) -> rusqlite::Result<bool> {
    let Mark {
        key,
        expected,
        value,
    } = mark;
    let moved = match expected {
        None => tx
            .prepare_cached(
                "INSERT INTO mark (log, key, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute((log, key, value))?,
        Some(expected) => tx
            .prepare_cached(
                "UPDATE mark SET value = ?3 WHERE log = ?1 AND key = ?2 AND value = ?4",
            )?
            .execute((log, key, value, expected))?,
    };
    Ok(moved == 1)
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// SQLite's integers are signed; a log has at most 2^63 - 1 entries.
fn as_i64(size: u64) -> i64 {
    i64::try_from(size).expect("a log has at most 2^63 - 1 entries")
}
