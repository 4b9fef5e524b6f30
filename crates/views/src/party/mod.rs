//! Who may say what: the statements of which the registry of parties, keys and mandates is made.

use std::collections::BTreeSet;
use std::path::Path;

use ensign_trust::party::{Act, Registry};
use ensign_trust::{PartyId, Statement};
use rusqlite::{Connection, params};

use crate::Error;
use crate::batch::Batch;
use crate::column::{Sql, get, only};
use crate::database::{Database, Layout};

const LAYOUT: Layout = Layout {
    view: "party",
    format: 1,
    tables: include_str!("tables.sql"),
};

/// The view: `party.db`.
#[derive(Debug)]
pub(crate) struct Parties {
    database: Database,
}

impl Parties {
    /// Opens the view in a folder, or a new one in memory.
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        Ok(Parties {
            database: Database::open(folder, &LAYOUT)?,
        })
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        self.database.clear()
    }

    /// Index of the next entry of the public log.
    pub fn next(&self) -> Result<u64, Error> {
        self.database
            .read(|db| db.query_row("SELECT next FROM position", [], only))
    }

    /// Takes in a batch of the public log that begins at the next index.
    pub fn apply(&self, batch: &Batch<'_>) -> Result<(), Error> {
        self.database.write(|db| {
            let mut insert = db.prepare_cached(
                "INSERT INTO statement (place, received, entry) VALUES (?1, ?2, ?3)",
            )?;
            let effective = batch.entries.iter().filter(|entry| entry.changes_registry);
            for entry in effective {
                let statement = Sql(entry.statement);
                insert.execute(params![Sql(entry.index), Sql(batch.received), statement])?;
            }
            let mut advance = db.prepare_cached("UPDATE position SET next = ?1")?;
            advance.execute([Sql(batch.end)])?;
            Ok(())
        })
    }

    /// The registry, made anew of all its statements.
    pub fn registry(&self) -> Result<Registry, Error> {
        Ok(self.standing(None)?.registry)
    }

    /// All that says what parties could say: now, or when the log had a size.
    pub fn standing(&self, size: Option<u64>) -> Result<Standing, Error> {
        let mut statements = Vec::new();
        let mut registry = Registry::default();
        self.database.read(|db| {
            each(db, |index, received, statement| {
                if size.is_none_or(|size| index < size) {
                    registry = std::mem::take(&mut registry).apply(&statement, index, received);
                    statements.push((index, statement));
                }
            })
        })?;
        Ok(Standing {
            statements,
            registry,
        })
    }
}

/// The statements of which a registry is made, and what they amount to.
pub(crate) struct Standing {
    statements: Vec<(u64, Statement)>,
    registry: Registry,
}

impl Standing {
    /// Indexes of the statements without which nobody can tell what these parties could say: the
    /// opening of the log, their founding and keys, the mandates granted to them and what became of
    /// these. What a revocation took back is left out, unless a revocation itself rests on it.
    pub fn of(&self, parties: &BTreeSet<PartyId>) -> BTreeSet<u64> {
        let mut indexes = BTreeSet::new();
        let mut mandates = BTreeSet::new();
        for (index, statement) in &self.statements {
            let about_them = match Act::read(statement) {
                Some(Ok(Act::MandateGranted { to, .. })) => {
                    parties.contains(&to) && mandates.insert(statement.id())
                }
                Some(Ok(Act::MandateWithdrawn(mandate))) => mandates.contains(&mandate),
                Some(Ok(_)) => parties.contains(&statement.author()),
                // The opening of the log.
                _ => true,
            };
            if about_them && stands(statement, *index, &self.registry) {
                indexes.insert(*index);
            }
        }
        let mut revoking = BTreeSet::new();
        for (index, statement) in self.statements.iter().rev() {
            match Act::read(statement) {
                Some(Ok(Act::KeyRevoked { .. })) if indexes.contains(index) => {
                    revoking.insert(statement.key());
                }
                Some(Ok(Act::Founded { key, .. } | Act::KeyAdded(key) | Act::KeyRotated(key)))
                    if revoking.contains(&key.id()) =>
                {
                    indexes.insert(*index);
                    revoking.insert(statement.key());
                }
                _ => {}
            }
        }
        indexes
    }
}

/// Whether no later revocation took a statement back. Revocations alone stand in any case.
fn stands(statement: &Statement, index: u64, registry: &Registry) -> bool {
    let revoked = registry.key(statement.key()).and_then(|key| key.revoked);
    revoked.is_none_or(|revoked| index < revoked)
        || matches!(Act::read(statement), Some(Ok(Act::KeyRevoked { .. })))
}

fn each(db: &Connection, mut take: impl FnMut(u64, u64, Statement)) -> rusqlite::Result<()> {
    let mut all =
        db.prepare_cached("SELECT place, received, entry FROM statement ORDER BY place")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        take(
            get(row, "place")?,
            get(row, "received")?,
            get(row, "entry")?,
        );
    }
    Ok(())
}
