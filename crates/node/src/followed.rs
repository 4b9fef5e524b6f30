//! The Vault of a folder, read beside the process that writes it.

use std::sync::Arc;

use ensign_store::{Cell, Keys, MemoryVault, SealedVault};
use rusqlite::{Connection, OptionalExtension as _};
use zeroize::Zeroizing;

use crate::clock::SystemEntropy;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;

/// The Vault of a folder, to be read.
pub(crate) struct FollowedVault {
    db: Connection,
    sealed: SealedVault,
}

impl FollowedVault {
    pub fn open(folder: &Folder, config: &Config) -> Result<Self, Error> {
        let keys = Keys::open_to_follow(&folder.keys_db(), folder.key(config)?)?;
        Ok(FollowedVault {
            db: ensign_store::open_to_follow(&folder.vault_db())?,
            sealed: SealedVault::new(
                Arc::new(MemoryVault::new()),
                Arc::new(keys),
                Arc::new(SystemEntropy),
            ),
        })
    }

    /// The value of a cell; none where there is none, or it cannot be read at this moment.
    pub fn value(&self, cell: Cell<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let Some(sealed) = self.sealed(cell).ok().flatten() else {
            return Ok(None);
        };
        Ok(Some(self.sealed.open(cell, &sealed)?.value))
    }

    fn sealed(&self, cell: Cell<'_>) -> rusqlite::Result<Option<Vec<u8>>> {
        let mut one = self
            .db
            .prepare_cached("SELECT value FROM cell WHERE tbl = ?1 AND row = ?2 AND col = ?3")?;
        one.query_row((cell.table, cell.row, cell.column), |row| row.get(0))
            .optional()
    }
}
