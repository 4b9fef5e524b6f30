//! What is asked of the logs' entries.

use std::collections::BTreeSet;

use ensign_trust::logbook::LogName;
use ensign_trust::{Code, PartyId, StatementId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{EntryRow, Ledger, LogPage, LogSize};
use crate::Error;
use crate::batch::log_number;
use crate::column::{Sql, get, only};
use crate::page::MAX_PAGE;

impl Ledger {
    /// Entries of a log, newest first: those before an index, where given.
    pub fn log(&self, log: LogName, before: Option<u64>, limit: usize) -> Result<LogPage, Error> {
        self.database.read(|db| {
            let total = next(db, log)?;
            let before = before.map_or(total, |before| before.min(total));
            let from = before.saturating_sub(limit.clamp(1, MAX_PAGE) as u64);
            let mut entries = db.prepare_cached(
                "SELECT * FROM entry JOIN signer USING (signer)
                 WHERE place >= 2 * ?1 AND place < 2 * ?2 AND place % 2 = ?3
                 ORDER BY place DESC",
            )?;
            let rows = entries.query_map(
                params![Sql(from), Sql(before), Sql(log_number(log))],
                entry_row,
            )?;
            Ok(LogPage {
                log,
                total,
                rows: rows.collect::<rusqlite::Result<_>>()?,
                next: (from > 0).then_some(from),
            })
        })
    }

    /// An entry by its id; in the public log, where both have it.
    pub fn entry(&self, statement: StatementId) -> Result<Option<EntryRow>, Error> {
        self.database.read(|db| {
            let mut entries = db.prepare_cached(
                "SELECT * FROM entry JOIN signer USING (signer)
                 WHERE substr(statement, 1, 8) = substr(?1, 1, 8) AND statement = ?1
                 ORDER BY place % 2, place LIMIT 1",
            )?;
            entries.query_row([Sql(statement)], entry_row).optional()
        })
    }

    /// The first entries of the public log with this subject, in their order.
    pub fn about(&self, subject: &Code) -> Result<Vec<EntryRow>, Error> {
        self.database.read(|db| {
            let mut entries = db.prepare_cached(
                "SELECT * FROM entry JOIN signer USING (signer)
                 WHERE substr(subject, 5, 12) = substr(?1, 5, 12) AND subject = ?1
                   AND place % 2 = 0
                 ORDER BY place LIMIT ?2",
            )?;
            let rows = entries.query_map(params![Sql(subject), MAX_PAGE as i64], entry_row)?;
            rows.collect()
        })
    }

    /// How far both logs have come.
    pub fn sizes(&self) -> Result<Vec<LogSize>, Error> {
        self.database.read(|db| {
            let size = |log| {
                let entries = next(db, log)?;
                let mut last = db.prepare_cached("SELECT received FROM entry WHERE place = ?1")?;
                let place = entries
                    .checked_sub(1)
                    .map(|last| 2 * last + log_number(log));
                let last_received = match place {
                    Some(place) => last.query_row([Sql(place)], only).optional()?,
                    None => None,
                };
                Ok(LogSize {
                    log,
                    entries,
                    last_received,
                })
            };
            [LogName::Public, LogName::Closed]
                .into_iter()
                .map(size)
                .collect()
        })
    }

    /// Indexes of the public entries with this subject that are not refused, and of those that
    /// they refer to.
    pub fn with_references(&self, subject: &Code) -> Result<BTreeSet<u64>, Error> {
        self.database.read(|db| {
            let mut entries = db.prepare_cached(
                "SELECT place, refs FROM entry
                 WHERE substr(subject, 5, 12) = substr(?1, 5, 12) AND subject = ?1
                   AND place % 2 = 0 AND refusal IS NULL",
            )?;
            let mut find = db.prepare_cached(
                "SELECT place FROM entry
                 WHERE substr(statement, 1, 8) = substr(?1, 1, 8) AND statement = ?1
                   AND place % 2 = 0",
            )?;
            let mut indexes = BTreeSet::new();
            let mut rows = entries.query([Sql(subject)])?;
            while let Some(row) = rows.next()? {
                indexes.insert(get::<u64>(row, "place")? / 2);
                for reference in row.get_ref("refs")?.as_blob()?.chunks_exact(32) {
                    let found: Option<u64> = find.query_row([reference], only).optional()?;
                    indexes.extend(found.map(|place| place / 2));
                }
            }
            Ok(indexes)
        })
    }

    /// Indexes of the receipts of public entries, and the authors of these entries.
    pub fn receipts_and_authors(
        &self,
        indexes: &BTreeSet<u64>,
    ) -> Result<(BTreeSet<u64>, BTreeSet<PartyId>), Error> {
        self.database.read(|db| {
            let mut entry = db.prepare_cached(
                "SELECT receipt, author FROM entry JOIN signer USING (signer) WHERE place = ?1",
            )?;
            let (mut receipts, mut authors) = (BTreeSet::new(), BTreeSet::new());
            for index in indexes {
                let (receipt, author) = entry.query_row([Sql(2 * index)], |row| {
                    Ok((get(row, "receipt")?, get(row, "author")?))
                })?;
                receipts.insert(receipt);
                authors.insert(author);
            }
            Ok((receipts, authors))
        })
    }

    /// Index of the last statement of a log that says whom the node asks to witness it, or what
    /// they cosigned, by its kind.
    pub fn last_of_witnessing(&self, log: LogName, kind: &str) -> Result<Option<u64>, Error> {
        self.database.read(|db| {
            let mut last = db.prepare_cached(
                "SELECT place FROM entry
                 WHERE kind IN ('log.cosigned', 'log.quorum') AND kind = ?1
                   AND place % 2 = ?2 AND refusal IS NULL
                 ORDER BY place DESC LIMIT 1",
            )?;
            let last: Option<u64> = last
                .query_row(params![kind, Sql(log_number(log))], only)
                .optional()?;
            Ok(last.map(|place| place / 2))
        })
    }

    /// Indexes of the entries of the closed log that count and say who has access to the node or
    /// what waits for whom, and when each was received, in Unix seconds.
    pub fn of_accounts(&self) -> Result<Vec<(u64, u64)>, Error> {
        self.database.read(|db| {
            let mut entries = db.prepare_cached(
                "SELECT place, received FROM entry WHERE kind IN (
                   'account.changed', 'account.closed', 'account.granted', 'account.opened',
                   'account.withdrawn', 'passkey.added', 'passkey.removed', 'request.approved',
                   'request.asked', 'request.done', 'request.recused', 'request.refused',
                   'request.withdrawn', 'token.made', 'token.revoked')
                   AND place % 2 = 1 AND refusal IS NULL
                 ORDER BY place",
            )?;
            let rows = entries.query_map([], |row| {
                Ok((get::<u64>(row, "place")? / 2, get(row, "received")?))
            })?;
            rows.collect()
        })
    }

    /// Indexes of the public entries that count and are tombstones of records and parties.
    pub fn tombstones(&self) -> Result<Vec<u64>, Error> {
        self.database.read(|db| {
            let mut entries = db.prepare_cached(
                "SELECT place FROM entry WHERE kind IN ('party.erased', 'source.erased')
                   AND place % 2 = 0 AND refusal IS NULL
                 ORDER BY place",
            )?;
            let rows = entries.query_map([], |row| Ok(get::<u64>(row, "place")? / 2))?;
            rows.collect()
        })
    }

    /// Whether a log has an entry from this index on that is not mere bookkeeping.
    pub fn has_news(&self, log: LogName, from: u64) -> Result<bool, Error> {
        self.database.read(|db| {
            let mut news = db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM entry WHERE place >= ?1 AND place % 2 = ?2
                   AND kind NOT IN ('log.received', 'log.cosigned'))",
            )?;
            news.query_row(params![Sql(2 * from), Sql(log_number(log))], |row| {
                row.get(0)
            })
        })
    }

    /// Index of the next entry.
    pub fn next(&self, log: LogName) -> Result<u64, Error> {
        self.database.read(|db| next(db, log))
    }
}

fn next(db: &Connection, log: LogName) -> rusqlite::Result<u64> {
    let mut next = db.prepare_cached("SELECT next FROM position WHERE log = ?1")?;
    next.query_row([Sql(log_number(log))], only)
}

fn entry_row(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    let place: u64 = get(row, "place")?;
    Ok(EntryRow {
        log: match place % 2 {
            0 => LogName::Public,
            _ => LogName::Closed,
        },
        index: place / 2,
        statement: get(row, "statement")?,
        kind: get(row, "kind")?,
        version: get(row, "version")?,
        understood: get(row, "understood")?,
        refusal: get(row, "refusal")?,
        key: get(row, "key")?,
        author: get(row, "author")?,
        subject: get(row, "subject")?,
        claimed: get(row, "claimed")?,
        received: get(row, "received")?,
        batch: get(row, "batch")?,
        receipt: get(row, "receipt")?,
        size: get(row, "size")?,
    })
}
