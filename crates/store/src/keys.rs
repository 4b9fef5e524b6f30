//! `keys.db`: one data key an owner, wrapped under the key-encryption key. Destroying a data key
//! makes every value sealed under it unreadable, in every copy and backup.
//!
//! A wrapped key is `nonce (24) || ciphertext (48)`, bound to its owner.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER_PERMISSIVE;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use zeroize::Zeroizing;

use crate::cipher::{self, KEY, NONCE};
use crate::sqlite::{self, Format};
use crate::{Entropy, Error};

const FORMAT: Format = Format {
    application: *b"Ekey",
    version: 1,
    tables: "
        CREATE TABLE canary (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL) STRICT;
        CREATE TABLE data_key (owner TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;",
    erasable: true,
};

/// The key that wraps all data keys of a folder. Kept outside the folder; wiped when dropped.
pub struct Kek(Zeroizing<[u8; KEY]>);

impl Kek {
    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 64 hexadecimal digits, in either case, with white space around them.
    ///
    /// # Errors
    /// [`Error::KekText`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let text = text.trim().as_bytes();
        let mut bytes = Zeroizing::new([0; KEY]);
        if text.len() != 2 * KEY {
            return Err(Error::KekText);
        }
        HEXLOWER_PERMISSIVE
            .decode_mut(text, bytes.as_mut())
            .map_err(|_| Error::KekText)?;
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kek(..)")
    }
}

/// The key of one owner's values. Wiped when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; KEY]>);

impl DataKey {
    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

/// The data keys of a folder.
pub struct Keys {
    path: PathBuf,
    /// What new keys and nonces are made of; none where the database is only read.
    entropy: Option<Arc<dyn Entropy>>,
    open: Mutex<Open>,
}

struct Open {
    db: Connection,
    kek: Kek,
}

impl Keys {
    /// Opens `keys.db` at `path`, or makes it.
    ///
    /// # Errors
    /// [`Error::WrongKek`] if the folder was made with another key; [`Error::NewerFormat`].
    pub fn open(path: &Path, kek: Kek, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let db = sqlite::open(path, &FORMAT)?;
        let keys = Self {
            path: path.to_owned(),
            entropy: Some(entropy),
            open: Mutex::new(Open { db, kek }),
        };
        keys.keep_canary()?;
        keys.check()?;
        Ok(keys)
    }

    /// Opens the `keys.db` at `path` to read it, also beside a process that writes it. Nothing is
    /// made or changed: what would is [`Error::ReadOnly`].
    ///
    /// # Errors
    /// [`Error::WrongKek`] if the folder was made with another key; [`Error::NewerFormat`];
    /// failures of the database, also where there is none.
    pub fn open_to_read(path: &Path, kek: Kek) -> Result<Self, Error> {
        Self::reading(path, kek, sqlite::open_to_read(path)?)
    }

    /// The same for long: data keys that are made or destroyed meanwhile are seen.
    ///
    /// # Errors
    /// As [`Keys::open_to_read`].
    pub fn open_to_follow(path: &Path, kek: Kek) -> Result<Self, Error> {
        Self::reading(path, kek, sqlite::open_to_follow(path)?)
    }

    fn reading(path: &Path, kek: Kek, db: Connection) -> Result<Self, Error> {
        if !sqlite::is_current(&db, path, &FORMAT)? {
            return Err(Error::damaged(path, "it is empty"));
        }
        let keys = Self {
            path: path.to_owned(),
            entropy: None,
            open: Mutex::new(Open { db, kek }),
        };
        keys.check()?;
        Ok(keys)
    }

    /// Who has a data key, in order.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn owners(&self) -> Result<Vec<String>, Error> {
        self.lock()
            .db
            .prepare_cached("SELECT owner FROM data_key ORDER BY owner")
            .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
            .map_err(|source| Error::sqlite("read", &self.path, source))
    }

    /// Which owners whose names begin so have a data key, in order.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn owners_in(&self, prefix: &str) -> Result<Vec<String>, Error> {
        // No text has this character, the last one there is.
        let end = format!("{prefix}\u{10ffff}");
        self.lock()
            .db
            .prepare_cached(
                "SELECT owner FROM data_key WHERE owner >= ?1 AND owner < ?2 ORDER BY owner",
            )
            .and_then(|mut all| all.query_map([prefix, &end], |row| row.get(0))?.collect())
            .map_err(|source| Error::sqlite("read", &self.path, source))
    }

    /// The key of `owner`, made on first use.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the stored key does not open; failures of the database.
    pub fn data_key(&self, owner: &str) -> Result<DataKey, Error> {
        let mut keys = self.data_keys(&BTreeSet::from([owner]))?;
        Ok(keys
            .remove(owner)
            .expect("data_keys answers for each owner asked"))
    }

    /// The keys of all `owners`; those that are missing are made in one commit.
    ///
    /// # Errors
    /// As [`Keys::data_key`].
    pub fn data_keys<'a>(
        &self,
        owners: &BTreeSet<&'a str>,
    ) -> Result<BTreeMap<&'a str, DataKey>, Error> {
        let mut open = self.lock();
        let mut keys = BTreeMap::new();
        let mut fresh = Vec::new();
        for &owner in owners {
            let key = match self.find(&open, owner)? {
                Some(key) => key,
                None => {
                    let mut key = DataKey(Zeroizing::new([0; KEY]));
                    self.entropy()?.fill(key.0.as_mut());
                    fresh.push((owner, self.wrap(&open.kek, owner, &key)?));
                    key
                }
            };
            keys.insert(owner, key);
        }
        if !fresh.is_empty() {
            let failed = |source| Error::sqlite("add a data key to", &self.path, source);
            let tx = open.db.transaction().map_err(failed)?;
            for (owner, wrapped) in fresh {
                tx.execute(
                    "INSERT INTO data_key (owner, wrapped) VALUES (?1, ?2)",
                    (owner, wrapped),
                )
                .map_err(failed)?;
            }
            tx.commit().map_err(failed)?;
        }
        Ok(keys)
    }

    /// The key of `owner` if there is one. Opening a value never makes a key.
    ///
    /// # Errors
    /// As [`Keys::data_key`].
    pub fn find_data_key(&self, owner: &str) -> Result<Option<DataKey>, Error> {
        self.find(&self.lock(), owner)
    }

    /// Destroys the key of `owner` and says whether there was one. When this returns, no trace of
    /// it is left in the database or its write-ahead log.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn destroy(&self, owner: &str) -> Result<bool, Error> {
        let open = self.lock();
        let gone = open
            .db
            .execute("DELETE FROM data_key WHERE owner = ?1", [owner])
            .map_err(|source| Error::sqlite("destroy a data key in", &self.path, source))?;
        sqlite::truncate_wal(&open.db, &self.path)?;
        Ok(gone > 0)
    }

    /// Wraps all data keys under `kek` instead, all or none. The data keys stay what they are.
    ///
    /// # Errors
    /// [`Error::Damaged`] if a stored key does not open; failures of the database.
    pub fn rewrap(&self, kek: Kek) -> Result<(), Error> {
        let owners = self.owners()?;
        let mut open = self.lock();
        let failed = |source| Error::sqlite("rewrap the data keys of", &self.path, source);
        let mut wrapped = Vec::with_capacity(owners.len());
        for owner in owners {
            let key = self.find(&open, &owner)?.ok_or_else(|| {
                Error::damaged(&self.path, format!("the key of {owner} vanished"))
            })?;
            wrapped.push((self.wrap(&kek, &owner, &key)?, owner));
        }
        let tx = open
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        for row in wrapped {
            tx.execute("UPDATE data_key SET wrapped = ?1 WHERE owner = ?2", row)
                .map_err(failed)?;
        }
        tx.execute("UPDATE canary SET wrapped = ?1", [self.canary(&kek)?])
            .map_err(failed)?;
        tx.commit().map_err(failed)?;
        open.kek = kek;
        sqlite::truncate_wal(&open.db, &self.path)
    }

    /// Keeps a check value in a new database.
    fn keep_canary(&self) -> Result<(), Error> {
        let open = self.lock();
        open.db
            .execute(
                "INSERT INTO canary (one, wrapped) SELECT 1, ?1
                 WHERE NOT EXISTS (SELECT 1 FROM canary) AND NOT EXISTS (SELECT 1 FROM data_key)",
                [self.canary(&open.kek)?],
            )
            .map(drop)
            .map_err(|source| Error::sqlite("write", &self.path, source))
    }

    /// Compares the key-encryption key with the one that the database was made with.
    fn check(&self) -> Result<(), Error> {
        let open = self.lock();
        let failed = |source| Error::sqlite("read", &self.path, source);
        let stored: Vec<u8> = open
            .db
            .query_row("SELECT wrapped FROM canary", [], |row| row.get(0))
            .optional()
            .map_err(failed)?
            .ok_or_else(|| Error::damaged(&self.path, "the check value is missing"))?;
        let (nonce, ciphertext) = stored
            .split_first_chunk::<NONCE>()
            .ok_or_else(|| Error::damaged(&self.path, "the check value is too short"))?;
        match cipher::open(&open.kek.0, nonce, &cipher::bind(&[CANARY]), ciphertext) {
            Some(_) => Ok(()),
            None => Err(Error::WrongKek {
                path: self.path.clone(),
            }),
        }
    }

    fn canary(&self, kek: &Kek) -> Result<Vec<u8>, Error> {
        self.sealed(kek, &cipher::bind(&[CANARY]), &[])
    }

    fn wrap(&self, kek: &Kek, owner: &str, key: &DataKey) -> Result<Vec<u8>, Error> {
        self.sealed(
            kek,
            &cipher::bind(&[WRAPPED, owner.as_bytes()]),
            key.bytes(),
        )
    }

    fn sealed(&self, kek: &Kek, bound: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE];
        self.entropy()?.fill(&mut nonce);
        let mut sealed = nonce.to_vec();
        sealed.extend(cipher::seal(&kek.0, &nonce, bound, plaintext));
        Ok(sealed)
    }

    fn entropy(&self) -> Result<&dyn Entropy, Error> {
        self.entropy.as_deref().ok_or_else(|| Error::ReadOnly {
            action: "write",
            path: self.path.clone(),
            source: "it was opened to be read".into(),
        })
    }

    fn find(&self, open: &Open, owner: &str) -> Result<Option<DataKey>, Error> {
        let stored: Option<Vec<u8>> = open
            .db
            .prepare_cached("SELECT wrapped FROM data_key WHERE owner = ?1")
            .and_then(|mut one| one.query_row([owner], |row| row.get(0)).optional())
            .map_err(|source| Error::sqlite("read a data key of", &self.path, source))?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        let bound = cipher::bind(&[WRAPPED, owner.as_bytes()]);
        stored
            .split_first_chunk::<NONCE>()
            .and_then(|(nonce, wrapped)| cipher::open(&open.kek.0, nonce, &bound, wrapped))
            .and_then(|key| <[u8; KEY]>::try_from(key.as_slice()).ok())
            .map(|key| Some(DataKey::from_bytes(key)))
            .ok_or_else(|| Error::damaged(&self.path, format!("the key of {owner} does not open")))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if self.entropy.is_some() {
            // Only tidies: what a failure leaves in the write-ahead log is as wrapped as the rest.
            let _ = sqlite::truncate_wal(&self.lock().db, &self.path);
        }
    }
}

const CANARY: &[u8] = b"ensign check value v1";
const WRAPPED: &[u8] = b"ensign data key v1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{Counting, bytes_below, contains};

    fn kek(byte: u8) -> Kek {
        Kek::from_bytes([byte; KEY])
    }

    fn open(folder: &Path, byte: u8) -> Result<Keys, Error> {
        Keys::open(
            &folder.join("keys.db"),
            kek(byte),
            Arc::new(Counting::default()),
        )
    }

    #[test]
    fn a_data_key_is_made_once_and_found_again_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = open(folder.path(), 1).expect("new");
        assert!(keys.find_data_key("pty_a").expect("looks").is_none());
        let first = *keys.data_key("pty_a").expect("made").bytes();
        assert_ne!(&first, keys.data_key("pty_b").expect("made").bytes());
        drop(keys);
        let keys = open(folder.path(), 1).expect("again");
        assert_eq!(&first, keys.data_key("pty_a").expect("found").bytes());
    }

    #[test]
    fn another_key_is_told_apart_from_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = open(folder.path(), 1).expect("new");
        keys.data_key("pty_a").expect("made");
        assert!(matches!(
            open(folder.path(), 2),
            Err(Error::WrongKek { .. })
        ));
        keys.lock()
            .db
            .execute("UPDATE data_key SET wrapped = zeroblob(72)", [])
            .expect("damages the row");
        let error = keys.data_key("pty_a").expect_err("damaged");
        assert!(matches!(&error, Error::Damaged { what, .. } if what.contains("pty_a")));
    }

    #[test]
    fn a_wrapped_key_moved_to_another_owner_does_not_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = open(folder.path(), 1).expect("new");
        keys.data_key("pty_a").expect("made");
        keys.lock()
            .db
            .execute("UPDATE data_key SET owner = 'pty_b'", [])
            .expect("moves the row");
        assert!(matches!(keys.data_key("pty_b"), Err(Error::Damaged { .. })));
    }

    #[test]
    fn a_destroyed_key_leaves_no_trace_in_any_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = open(folder.path(), 1).expect("new");
        keys.data_key("pty_a").expect("made");
        keys.data_key("pty_keeps").expect("made");
        let wrapped: Vec<u8> = keys
            .lock()
            .db
            .query_row(
                "SELECT wrapped FROM data_key WHERE owner = 'pty_a'",
                [],
                |row| row.get(0),
            )
            .expect("wrapped");
        assert!(contains(&bytes_below(folder.path()), &wrapped));
        assert!(keys.destroy("pty_a").expect("destroyed"));
        assert!(!keys.destroy("pty_a").expect("was gone"));
        assert!(!contains(&bytes_below(folder.path()), &wrapped));
        assert!(!contains(&bytes_below(folder.path()), b"pty_a"));
        assert!(keys.find_data_key("pty_a").expect("looks").is_none());
        assert!(keys.find_data_key("pty_keeps").expect("looks").is_some());
    }

    #[test]
    fn no_data_key_lies_in_the_folder_in_clear() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = open(folder.path(), 1).expect("new");
        let key = keys.data_key("pty_a").expect("made");
        assert!(!contains(&bytes_below(folder.path()), key.bytes()));
        assert!(!contains(&bytes_below(folder.path()), &[1; KEY]));
    }

    #[test]
    fn rewrapping_keeps_the_data_keys_and_shuts_the_old_key_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = open(folder.path(), 1).expect("new");
        let before = *keys.data_key("pty_a").expect("made").bytes();
        keys.rewrap(kek(2)).expect("rewrapped");
        assert_eq!(&before, keys.data_key("pty_a").expect("found").bytes());
        drop(keys);
        assert!(matches!(
            open(folder.path(), 1),
            Err(Error::WrongKek { .. })
        ));
        let keys = open(folder.path(), 2).expect("new key");
        assert_eq!(&before, keys.data_key("pty_a").expect("found").bytes());
    }

    #[test]
    fn keys_that_are_opened_to_be_read_are_found_and_nothing_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys.db");
        let missing = Keys::open_to_read(&path, kek(1)).map(drop);
        assert!(matches!(missing, Err(Error::Failed { .. })) && !path.exists());
        let writing = open(folder.path(), 1).expect("new");
        let key = *writing.data_key("pty_a").expect("made").bytes();
        let beside = Keys::open_to_read(&path, kek(1)).expect("beside the writer");
        let found = beside.find_data_key("pty_a").expect("looks");
        assert_eq!(found.expect("there").bytes(), &key);
        drop((beside, writing));

        let before = bytes_below(folder.path());
        let alone = Keys::open_to_read(&path, kek(1)).expect("as it lies");
        assert_eq!(alone.owners().expect("listed"), ["pty_a"]);
        let made = alone.data_key("pty_b").map(drop);
        assert!(matches!(made, Err(Error::ReadOnly { .. })));
        assert!(matches!(alone.rewrap(kek(2)), Err(Error::ReadOnly { .. })));
        assert!(alone.destroy("pty_a").is_err());
        drop(alone);
        assert_eq!(bytes_below(folder.path()), before);
        let other = Keys::open_to_read(&path, kek(2)).map(drop);
        assert!(matches!(other, Err(Error::WrongKek { .. })));
    }

    #[test]
    fn the_text_of_a_key_is_strict_and_never_shown() {
        let text = "00112233445566778899aabbccddeeFF00112233445566778899aabbccddeeff";
        let key = Kek::from_hex(&format!(" {text}\n")).expect("a key");
        assert_eq!(key.0[..3], [0x00, 0x11, 0x22]);
        assert_eq!(format!("{key:?}"), "Kek(..)");
        for bad in [
            "",
            &text[1..],
            &text.replace('9', "g"),
            &format!("{text}00"),
        ] {
            let error = Kek::from_hex(bad).expect_err("malformed");
            assert_eq!(
                error.to_string(),
                "a key-encryption key is 64 hexadecimal digits"
            );
        }
    }
}
