//! The folder's databases, opened for reading beside a process that may be writing.

use std::path::{Path, PathBuf};

use ensign_store::{Cell, Stored};
use ensign_trust::Realm;
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::log::Hash;
use ensign_trust::logbook::LogName;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::Error;
use crate::folder::Folder;

/// `log.db`. It is opened anew for each question: a node may start, or stop, during the audit.
pub(crate) struct LogDatabase(PathBuf);

/// The row of a log that is compared and swapped in each append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockRow {
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// The signed note that says so.
    pub checkpoint: Vec<u8>,
    /// Size up to which the files are durable; staging begins there.
    pub settled: u64,
}

/// A database that is only read.
pub(super) struct Reading {
    db: Connection,
    path: PathBuf,
}

impl LogDatabase {
    /// Opens the `log.db` of a folder.
    pub fn open(folder: &Folder) -> Result<Self, Error> {
        if !folder.holds_a_node() {
            return Err(Error::NoFolder {
                path: folder.path().to_owned(),
            });
        }
        Ok(LogDatabase(folder.log_db()))
    }

    /// Origin of the public log.
    pub fn origin(&self) -> Result<Code, Error> {
        let text = self.permanent("origin")?;
        String::from_utf8(text)
            .ok()
            .and_then(|text| Code::new(text).ok())
            .ok_or_else(|| Error::Argument {
                what: "the folder's origin".to_owned(),
                expected: "a code",
            })
    }

    /// The folder's realm.
    pub fn realm(&self) -> Result<Realm, Error> {
        let text = self.permanent("realm")?;
        let text = String::from_utf8(text).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or_else(|| Error::Argument {
                what: "the folder's realm".to_owned(),
                expected: "`real` or `exercise/NAME`",
            })
    }

    /// The party that runs the node.
    pub fn operator(&self) -> Option<PartyId> {
        let bytes = self.permanent("operator").ok()?;
        Some(PartyId::from_bytes(bytes.try_into().ok()?))
    }

    /// The head of a log; none before its first append.
    pub fn lock_row(&self, log: LogName) -> Result<Option<LockRow>, Error> {
        self.asked(|db| {
            db.prepare_cached("SELECT size, root, checkpoint, settled FROM head WHERE log = ?1")?
                .query_row([log.as_str()], |row| {
                    Ok(LockRow {
                        size: number(row, 0)?,
                        root: row.get(1)?,
                        checkpoint: row.get(2)?,
                        settled: number(row, 3)?,
                    })
                })
                .optional()
        })
    }

    /// Checkpoints before batches whose files may not lie there yet.
    pub fn earlier_checkpoints(&self, log: LogName) -> Result<Vec<Option<Vec<u8>>>, Error> {
        self.asked(|db| {
            db.prepare_cached("SELECT previous FROM staging WHERE log = ?1")?
                .query_map([log.as_str()], |row| row.get(0))?
                .collect()
        })
    }

    /// The staged entries from an index on, one after the other, up to another index; none where
    /// staging has a gap there.
    pub fn staged(
        &self,
        log: LogName,
        from: u64,
        until: u64,
    ) -> Result<Option<Vec<Vec<u8>>>, Error> {
        let rows: Vec<(u64, Vec<u8>)> = self.asked(|db| {
            db.prepare_cached(
                "SELECT start, entries FROM staging WHERE log = ?1 AND start < ?3 AND size > ?2
                 ORDER BY start",
            )?
            .query_map((log.as_str(), signed(from), signed(until)), |row| {
                Ok((number(row, 0)?, row.get(1)?))
            })?
            .collect()
        })?;
        let mut next = from;
        let mut found = Vec::new();
        for (start, joined) in rows {
            let mut rest = &joined[..];
            for index in start.. {
                let Some((length, after)) = rest.split_first_chunk::<2>() else {
                    break;
                };
                let length = usize::from(u16::from_be_bytes(*length));
                let Some((entry, after)) = after.split_at_checked(length) else {
                    return Ok(None);
                };
                rest = after;
                if index == next && index < until {
                    found.push(entry.to_vec());
                    next += 1;
                }
            }
        }
        Ok((next == until).then_some(found))
    }

    fn asked<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        Reading::open(&self.0)?.asked(ask)
    }

    fn permanent(&self, key: &str) -> Result<Vec<u8>, Error> {
        let value = self.asked(|db| {
            db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
                row.get(0)
            })
            .optional()
        })?;
        let folder = self.0.parent().unwrap_or(&self.0);
        value.ok_or_else(|| Error::NoFolder {
            path: folder.to_owned(),
        })
    }
}

impl Reading {
    /// Opens a database of the store.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Reading {
            db: ensign_store::open_to_read(path)?,
            path: path.to_owned(),
        })
    }

    /// Shows every sealed value of a `vault.db` to `visit`.
    pub fn values(&self, visit: &mut dyn FnMut(Cell<'_>, &[u8])) -> Result<(), Error> {
        self.asked(|db| {
            let mut all =
                db.prepare("SELECT tbl, row, col, value FROM cell ORDER BY tbl, row, col")?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let (table, row_id, column) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let stored = Stored {
                    table,
                    row: row_id,
                    column,
                    value: row.get(3)?,
                };
                visit(stored.cell(), &stored.value);
            }
            Ok(())
        })
    }

    fn asked<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        ask(&self.db).map_err(|source| failed(&self.path, source))
    }
}

fn failed(path: &Path, source: rusqlite::Error) -> Error {
    let (action, path) = ("read", path.to_owned());
    ensign_store::Error::Failed {
        action,
        path,
        source: source.into(),
    }
    .into()
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// SQLite's integers are signed; an index beyond them is beyond every row.
fn signed(index: u64) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}
