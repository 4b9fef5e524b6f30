use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Cell, Change, Stored, Vault};
use crate::Error;

type Place = (String, String, String);

/// A vault that is gone with the process: for tests.
#[derive(Default)]
pub struct MemoryVault {
    values: Mutex<BTreeMap<Place, Vec<u8>>>,
}

impl MemoryVault {
    /// An empty vault.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Place, Vec<u8>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for MemoryVault {
    fn get(&self, cell: Cell<'_>) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.lock().get(&place(cell)).cloned())
    }

    fn apply(&self, changes: &[Change<'_>]) -> Result<(), Error> {
        let mut values = self.lock();
        for change in changes {
            match *change {
                Change::Put(cell, value) => values.insert(place(cell), value.to_vec()),
                Change::Delete(cell) => values.remove(&place(cell)),
            };
        }
        Ok(())
    }

    fn rows(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, Error> {
        let values = self.lock();
        let mut rows: Vec<String> = values
            .keys()
            .filter(|(t, row, _)| t == table && after.is_none_or(|after| row.as_str() > after))
            .map(|(_, row, _)| row.clone())
            .collect();
        rows.dedup();
        rows.truncate(limit);
        Ok(rows)
    }

    fn page(&self, after: Option<Cell<'_>>, limit: usize) -> Result<Vec<Stored>, Error> {
        let from = after.map_or(Bound::Unbounded, |cell| Bound::Excluded(place(cell)));
        Ok(self
            .lock()
            .range((from, Bound::Unbounded))
            .take(limit)
            .map(|((table, row, column), value)| Stored {
                table: table.clone(),
                row: row.clone(),
                column: column.clone(),
                value: value.clone(),
            })
            .collect())
    }

    fn scrub(&self) -> Result<(), Error> {
        Ok(())
    }
}

fn place(cell: Cell<'_>) -> Place {
    (
        cell.table.to_owned(),
        cell.row.to_owned(),
        cell.column.to_owned(),
    )
}
