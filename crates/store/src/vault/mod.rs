//! The port of all that is mutable, secret or erasable: values by table, row and column.

mod memory;
mod sealed;
mod sqlite;

pub use memory::MemoryVault;
pub use sealed::{Opened, SealedChange, SealedVault};
pub use sqlite::SqliteVault;

use crate::Error;

/// The place of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell<'a> {
    /// What kind of thing: `disclosure`, `session`.
    pub table: &'a str,
    /// Which one: an id.
    pub row: &'a str,
    /// Which part of it.
    pub column: &'a str,
}

/// One step of a change that is made whole or not at all.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Puts a value, in place of the one before.
    Put(Cell<'a>, &'a [u8]),
    /// Deletes a value, if there is one.
    Delete(Cell<'a>),
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Table of the value.
    pub table: String,
    /// Row of the value.
    pub row: String,
    /// Column of the value.
    pub column: String,
    /// The bytes as stored.
    pub value: Vec<u8>,
}

impl Stored {
    /// The place of the value.
    pub fn cell(&self) -> Cell<'_> {
        Cell {
            table: &self.table,
            row: &self.row,
            column: &self.column,
        }
    }
}

/// Values by table, row and column. What is put is durable when the call returns.
///
/// Bytes are kept as they are given: see [`SealedVault`] for values that only a key opens.
pub trait Vault: Send + Sync {
    /// The value at `cell`, if there is one.
    ///
    /// # Errors
    /// Failures of the database.
    fn get(&self, cell: Cell<'_>) -> Result<Option<Vec<u8>>, Error>;

    /// Makes all `changes` in their order, or none.
    ///
    /// # Errors
    /// Failures of the database.
    fn apply(&self, changes: &[Change<'_>]) -> Result<(), Error>;

    /// Up to `limit` rows of `table` in the order of their bytes, from the first after `after`.
    ///
    /// # Errors
    /// Failures of the database.
    fn rows(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, Error>;

    /// Up to `limit` values in the order of table, row and column, from the first after `after`.
    ///
    /// # Errors
    /// Failures of the database.
    fn page(&self, after: Option<Cell<'_>>, limit: usize) -> Result<Vec<Stored>, Error>;

    /// Wipes what was deleted or replaced: when this returns, no file holds a byte of it.
    ///
    /// # Errors
    /// Failures of the database.
    fn scrub(&self) -> Result<(), Error>;

    /// Puts one value, in place of the one before.
    ///
    /// # Errors
    /// Failures of the database.
    fn put(&self, cell: Cell<'_>, value: &[u8]) -> Result<(), Error> {
        self.apply(&[Change::Put(cell, value)])
    }

    /// Deletes one value, if there is one. [`Vault::scrub`] then wipes it.
    ///
    /// # Errors
    /// Failures of the database.
    fn delete(&self, cell: Cell<'_>) -> Result<(), Error> {
        self.apply(&[Change::Delete(cell)])
    }

    /// Shows every value to `visit`, in order and in constant memory. `visit` may use the vault.
    ///
    /// # Errors
    /// Failures of the database, and the first error of `visit`.
    fn all(&self, visit: &mut dyn FnMut(&Stored) -> Result<(), Error>) -> Result<(), Error> {
        let mut page = self.page(None, PAGE)?;
        while let Some(last) = page.last() {
            page.iter().try_for_each(&mut *visit)?;
            page = self.page(Some(last.cell()), PAGE)?;
        }
        Ok(())
    }
}

/// Values that [`Vault::all`] holds at a time.
const PAGE: usize = 256;

#[cfg(test)]
mod tests;
