//! How entries get into the ledger.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::Ledger;
use crate::Error;
use crate::batch::{Batch, Entry, Revocation, log_number};
use crate::column::Sql;
use crate::database::{Database, Layout};

const LAYOUT: Layout = Layout {
    view: "ledger",
    format: 1,
    tables: include_str!("tables.sql"),
};

impl Ledger {
    /// Opens the view in a folder, or a new one in memory.
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        Ok(Ledger {
            database: Database::open(folder, &LAYOUT)?,
        })
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        self.database.clear()
    }

    /// Takes in a batch that begins at the next index.
    pub fn apply(&self, batch: &Batch<'_>) -> Result<(), Error> {
        self.database.write(|db| {
            for entry in &batch.entries {
                for revocation in &entry.revokes {
                    revoke(db, revocation, entry.index)?;
                }
                insert(db, batch, entry)?;
            }
            let mut advance = db.prepare_cached("UPDATE position SET next = ?2 WHERE log = ?1")?;
            advance.execute(params![Sql(log_number(batch.log)), Sql(batch.end)])?;
            Ok(())
        })
    }
}

fn insert(db: &Connection, batch: &Batch<'_>, entry: &Entry<'_>) -> rusqlite::Result<()> {
    let statement = entry.statement;
    let references = statement.refs.iter().flat_map(|(_, id)| *id);
    let mut insert = db.prepare_cached(
        "INSERT INTO entry (place, statement, kind, version, understood, refusal, signer, subject,
                            claimed, received, batch, receipt, size, judged, refs)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    insert.execute(params![
        Sql(2 * entry.index + log_number(batch.log)),
        Sql(statement.id()),
        Sql(&statement.kind),
        Sql(statement.version),
        entry.judgement.understood,
        entry
            .judgement
            .refusal
            .as_ref()
            .map(|refusal| refusal.code()),
        signer(db, entry)?,
        statement.subject.as_ref().map(Sql),
        Sql(statement.claimed),
        Sql(batch.received),
        Sql(batch.first),
        Sql(batch.receipt()),
        Sql(statement.entry().len() as u64),
        Sql(entry.judged),
        references.collect::<Vec<u8>>(),
    ])?;
    Ok(())
}

fn signer(db: &Connection, entry: &Entry<'_>) -> rusqlite::Result<i64> {
    let names = params![Sql(entry.statement.key()), Sql(entry.statement.author())];
    let mut known =
        db.prepare_cached("SELECT signer FROM signer WHERE key = ?1 AND author = ?2")?;
    if let Some(signer) = known.query_row(names, |row| row.get(0)).optional()? {
        return Ok(signer);
    }
    let mut add = db.prepare_cached("INSERT INTO signer (key, author) VALUES (?1, ?2)")?;
    add.insert(names)
}

/// Takes back what a key signed from an index on, up to the statement that revokes it. Revocations
/// alone stand, as in the registry.
fn revoke(db: &Connection, revocation: &Revocation, index: u64) -> rusqlite::Result<()> {
    let mut revoke = db.prepare_cached(
        "UPDATE entry SET refusal = 'key.revoked'
         WHERE signer IN (SELECT signer FROM signer WHERE key = ?1)
           AND judged >= ?2 AND judged <= ?3
           AND (refusal IS NULL OR refusal = 'mandate.missing')
           AND kind <> 'key.revoked'",
    )?;
    revoke.execute(params![
        Sql(revocation.key),
        Sql(revocation.as_of),
        Sql(index)
    ])?;
    Ok(())
}
