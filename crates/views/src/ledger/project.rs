//! How entries get into the ledger.

use std::path::Path;

use ensign_trust::party::{self, Need, Registry};
use ensign_trust::{Code, KeyId, PartyId};
use rusqlite::{Connection, OptionalExtension, params};

use super::Ledger;
use crate::Error;
use crate::batch::{Batch, Entry, ReachBack, log_number};
use crate::column::{Sql, get};
use crate::database::{Database, Layout};
use crate::judge::need;

const LAYOUT: Layout = Layout {
    view: "ledger",
    format: 6,
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
                if let Some(back) = &entry.reaches_back {
                    judge_again(db, back, entry.index)?;
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
    let (key, author) = (entry.statement.key(), entry.statement.author());
    let (role, scope) = match party::need(entry.statement, need) {
        Need::Role { role, scope } => (role, scope),
        Need::Known | Need::Root => ("", None),
    };
    let scope = scope.as_ref().map_or("", Code::as_str);
    let names = params![Sql(key), Sql(author), role, scope];
    let mut known = db.prepare_cached(
        "SELECT signer FROM signer
         WHERE key = ?1 AND author = ?2 AND role = ?3 AND scope = ?4",
    )?;
    if let Some(signer) = known.query_row(names, |row| row.get(0)).optional()? {
        return Ok(signer);
    }
    let mut add =
        db.prepare_cached("INSERT INTO signer (key, author, role, scope) VALUES (?1, ?2, ?3, ?4)")?;
    add.insert(names)
}

/// Takes back what counts no longer after the revocation at an index, up to that index.
/// Revocations alone stand, as in the registry.
fn judge_again(db: &Connection, back: &ReachBack, index: u64) -> rusqlite::Result<()> {
    let registry = &back.registry;
    for (key, from) in &back.suspects {
        if let Some(revoked) = registry.key(*key).and_then(|state| state.revoked) {
            take_back_from(db, *key, revoked, index)?;
        }
        take_back_unmandated(db, *key, *from, index, registry)?;
    }
    Ok(())
}

/// Takes back what a key signed from an index on.
fn take_back_from(db: &Connection, key: KeyId, from: u64, until: u64) -> rusqlite::Result<()> {
    let mut take_back = db.prepare_cached(
        "UPDATE entry SET refusal = 'key.revoked'
         WHERE signer IN (SELECT signer FROM signer WHERE key = ?1)
           AND judged >= ?2 AND judged <= ?3
           AND (refusal IS NULL OR refusal = 'mandate.missing')
           AND kind <> 'key.revoked'",
    )?;
    take_back.execute(params![Sql(key), Sql(from), Sql(until)])?;
    Ok(())
}

/// Takes back what a key signed for which its party now never had a mandate.
fn take_back_unmandated(
    db: &Connection,
    key: KeyId,
    from: u64,
    until: u64,
    registry: &Registry,
) -> rusqlite::Result<()> {
    let mut suspected = db.prepare_cached(
        "SELECT place, judged, received, author, role, scope
         FROM entry JOIN signer USING (signer)
         WHERE key = ?1 AND role <> '' AND judged >= ?2 AND judged <= ?3 AND refusal IS NULL",
    )?;
    let mut rows = suspected.query(params![Sql(key), Sql(from), Sql(until)])?;
    let mut fallen: Vec<u64> = Vec::new();
    while let Some(row) = rows.next()? {
        let author: PartyId = get(row, "author")?;
        let (judged, received) = (get(row, "judged")?, get(row, "received")?);
        let role = row.get_ref("role")?.as_str()?;
        // No code is empty.
        let scope = Code::new(row.get_ref("scope")?.as_str()?).ok();
        if !registry.holds_mandate(author, role, scope.as_ref(), judged, received) {
            fallen.push(get(row, "place")?);
        }
    }
    let mut take_back =
        db.prepare_cached("UPDATE entry SET refusal = 'mandate.missing' WHERE place = ?1")?;
    for place in fallen {
        take_back.execute([Sql(place)])?;
    }
    Ok(())
}
