use std::collections::BTreeSet;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Cell, Change, Vault};
use crate::cipher::{self, NONCE};
use crate::{DataKey, Entropy, Error, Keys};

const VERSION: u8 = 1;

/// A vault whose values only the data key of their owner opens, each only at its own place.
///
/// ```text
/// value = version (1) || length of owner (8, big-endian) || owner || nonce (24) || ciphertext
/// ```
///
/// XChaCha20-Poly1305, bound to version, table, row, column and owner.
#[derive(Clone)]
pub struct SealedVault {
    vault: Arc<dyn Vault>,
    keys: Arc<Keys>,
    entropy: Arc<dyn Entropy>,
}

/// One step of a change that is made whole or not at all.
#[derive(Clone, Copy, Debug)]
pub enum SealedChange<'a> {
    /// Puts a plaintext that belongs to an owner, in place of the value before.
    Put {
        /// Where.
        cell: Cell<'a>,
        /// Whose data key seals it.
        owner: &'a str,
        /// The plaintext.
        value: &'a [u8],
    },
    /// Deletes a value, if there is one.
    Delete(Cell<'a>),
}

/// A value that was opened.
pub struct Opened {
    /// Whose it is.
    pub owner: String,
    /// The plaintext; wiped when dropped.
    pub value: Zeroizing<Vec<u8>>,
}

impl SealedVault {
    /// Seals what goes into `vault` under `keys`, with nonces from `entropy`.
    pub fn new(vault: Arc<dyn Vault>, keys: Arc<Keys>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            vault,
            keys,
            entropy,
        }
    }

    /// Puts one value of `owner`.
    ///
    /// # Errors
    /// As [`SealedVault::apply`].
    pub fn put(&self, cell: Cell<'_>, owner: &str, value: &[u8]) -> Result<(), Error> {
        self.apply(&[SealedChange::Put { cell, owner, value }])
    }

    /// Deletes one value, if there is one.
    ///
    /// # Errors
    /// As [`SealedVault::apply`].
    pub fn delete(&self, cell: Cell<'_>) -> Result<(), Error> {
        self.vault.delete(cell)
    }

    /// Makes all `changes` in their order, or none. Owners without a data key get one first.
    ///
    /// # Errors
    /// Failures of the databases.
    pub fn apply(&self, changes: &[SealedChange<'_>]) -> Result<(), Error> {
        let owners: BTreeSet<&str> = changes.iter().filter_map(SealedChange::owner).collect();
        let keys = self.keys.data_keys(&owners)?;
        let sealed: Vec<(Cell<'_>, Option<Vec<u8>>)> = changes
            .iter()
            .map(|change| match *change {
                SealedChange::Put { cell, owner, value } => {
                    (cell, Some(self.seal(&keys[owner], cell, owner, value)))
                }
                SealedChange::Delete(cell) => (cell, None),
            })
            .collect();
        let changes: Vec<Change<'_>> = sealed
            .iter()
            .map(|(cell, value)| match value {
                Some(value) => Change::Put(*cell, value),
                None => Change::Delete(*cell),
            })
            .collect();
        self.vault.apply(&changes)
    }

    /// The value at `cell` and its owner, if there is one.
    ///
    /// # Errors
    /// [`Error::NoKey`] if the owner's data key was destroyed; [`Error::Altered`] if the value was
    /// changed, moved or sealed under another key; failures of the databases.
    pub fn get(&self, cell: Cell<'_>) -> Result<Option<Opened>, Error> {
        self.vault
            .get(cell)?
            .map(|stored| self.open(cell, &stored))
            .transpose()
    }

    /// Whose value lies at `cell`, if there is one; it need not open.
    ///
    /// # Errors
    /// [`Error::Altered`] if the value does not say whose it is; failures of the database.
    pub fn owner(&self, cell: Cell<'_>) -> Result<Option<String>, Error> {
        let stored = self.vault.get(cell)?;
        let owner = stored.map(|stored| {
            let (owner, ..) = split(&stored).ok_or_else(|| altered(cell))?;
            Ok(owner.to_owned())
        });
        owner.transpose()
    }

    /// Opens the bytes `stored` that were found at `cell`: what an audit of [`Vault::all`] does.
    ///
    /// # Errors
    /// As [`SealedVault::get`].
    pub fn open(&self, cell: Cell<'_>, stored: &[u8]) -> Result<Opened, Error> {
        let (owner, nonce, ciphertext) = split(stored).ok_or_else(|| altered(cell))?;
        let key = self
            .keys
            .find_data_key(owner)?
            .ok_or_else(|| Error::NoKey {
                owner: owner.to_owned(),
                table: cell.table.to_owned(),
                row: cell.row.to_owned(),
                column: cell.column.to_owned(),
            })?;
        let value = cipher::open(key.bytes(), nonce, &bound(cell, owner), ciphertext)
            .ok_or_else(|| altered(cell))?;
        Ok(Opened {
            owner: owner.to_owned(),
            value,
        })
    }

    /// The vault as stored: to list its rows, to audit it, to wipe what was deleted.
    pub fn stored(&self) -> &dyn Vault {
        &*self.vault
    }

    /// The data keys: to destroy one.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn seal(&self, key: &DataKey, cell: Cell<'_>, owner: &str, value: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let mut stored = vec![VERSION];
        stored.extend((owner.len() as u64).to_be_bytes());
        stored.extend(owner.as_bytes());
        stored.extend(nonce);
        stored.extend(cipher::seal(
            key.bytes(),
            &nonce,
            &bound(cell, owner),
            value,
        ));
        stored
    }
}

impl<'a> SealedChange<'a> {
    fn owner(&self) -> Option<&'a str> {
        match self {
            Self::Put { owner, .. } => Some(owner),
            Self::Delete(_) => None,
        }
    }
}

fn split(stored: &[u8]) -> Option<(&str, &[u8; NONCE], &[u8])> {
    let (&version, rest) = stored.split_first()?;
    let (length, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    let (owner, rest) = rest.split_at_checked(length)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>()?;
    let owner = std::str::from_utf8(owner).ok()?;
    (version == VERSION).then_some((owner, nonce, ciphertext))
}

fn bound(cell: Cell<'_>, owner: &str) -> Vec<u8> {
    let Cell { table, row, column } = cell;
    cipher::bind(&[
        b"ensign sealed value",
        &[VERSION],
        table.as_bytes(),
        row.as_bytes(),
        column.as_bytes(),
        owner.as_bytes(),
    ])
}

fn altered(cell: Cell<'_>) -> Error {
    Error::Altered {
        table: cell.table.to_owned(),
        row: cell.row.to_owned(),
        column: cell.column.to_owned(),
    }
}
