//! A node's folder: what lies where, and how it is made.
//!
//! | path | holds |
//! |---|---|
//! | `ensign.toml` | configuration |
//! | `log.db` | heads of both logs, staging, chain heads, origin and realm |
//! | `log/public`, `log/closed` | checkpoint, tiles and entry bundles of each log, as plain files |
//! | `blobs` | imported files, encrypted |
//! | `vault.db`, `keys.db` | disclosures and secret keys, sealed; the data keys that open them |
//! | `witness.db` | which logs this node's witness watches and what it has cosigned; part of no backup |
//! | `views` | projections; may be deleted |
//! | `restored` | says that the folder came out of a backup and signs nothing yet |
//! | `lock`, `socket` | who writes, and where others can reach that process |
//!
//! The key-encryption key lies outside, by default in a file beside the folder.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use ensign_store::{Entropy, Kek};
use ensign_trust::logbook::LogName;
use zeroize::Zeroizing;

use crate::clock::fresh;
use crate::config::Config;
use crate::error::Error;

/// Name of the database of the data keys.
pub(crate) const KEYS: &str = "keys.db";
/// Environment variable with the key-encryption key as 64 hexadecimal digits.
pub const KEY_VARIABLE: &str = "ENSIGN_KEY";
/// Environment variable with the name of the file that holds it.
pub const KEY_FILE_VARIABLE: &str = "ENSIGN_KEY_FILE";

/// Paths inside a node's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
    keys_db: PathBuf,
}

impl Folder {
    /// The folder at a path, which need not exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let keys_db = path.join(KEYS);
        Folder { path, keys_db }
    }

    /// The same folder with its data keys in another one, as in a backup.
    pub(crate) fn with_keys_in(self, other: &Path) -> Self {
        Folder {
            keys_db: other.join(KEYS),
            ..self
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Heads, staging and permanent values.
    pub fn log_db(&self) -> PathBuf {
        self.path.join("log.db")
    }

    /// Where each log has its folder of plain files.
    pub fn logs(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The plain files of a log.
    pub fn log(&self, log: LogName) -> PathBuf {
        self.logs().join(log.as_str())
    }

    /// Encrypted files.
    pub fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// Sealed values.
    pub fn vault_db(&self) -> PathBuf {
        self.path.join("vault.db")
    }

    /// Wrapped data keys.
    pub fn keys_db(&self) -> PathBuf {
        self.keys_db.clone()
    }

    /// What the witness remembers.
    pub fn witness_db(&self) -> PathBuf {
        self.path.join("witness.db")
    }

    /// What says that the folder came out of a backup.
    pub(crate) fn restored(&self) -> PathBuf {
        self.path.join("restored")
    }

    /// Projections.
    pub fn views(&self) -> PathBuf {
        self.path.join("views")
    }

    /// Where a serving process listens.
    pub fn socket(&self) -> PathBuf {
        self.path.join("socket")
    }

    /// What a new node begins with, in the order in which it appears: the file that says that a node
    /// is here comes last.
    pub(crate) fn made_by_init(&self) -> [PathBuf; 4] {
        [
            self.keys_db(),
            self.vault_db(),
            self.witness_db(),
            self.log_db(),
        ]
    }

    /// Whether a node was made here.
    pub fn holds_a_node(&self) -> bool {
        self.log_db().exists()
    }

    /// The key-encryption key: from [`KEY_VARIABLE`], or the file that [`KEY_FILE_VARIABLE`] or
    /// the configuration names.
    pub fn key(&self, config: &Config) -> Result<Kek, Error> {
        if let Some(text) = variable(KEY_VARIABLE) {
            return Ok(Kek::from_hex(&Zeroizing::new(text))?);
        }
        let path = self.key_file(config);
        let text = fs::read_to_string(&path).map_err(|source| Error::Key {
            path: path.clone(),
            source,
        })?;
        Ok(Kek::from_hex(&Zeroizing::new(text))?)
    }

    /// Makes a fresh key-encryption key for a new folder, readable by its owner alone, unless one
    /// is given by environment or file already. Its file appears whole or not at all.
    pub(crate) fn make_key(&self, config: &Config, entropy: &dyn Entropy) -> Result<(), Error> {
        let path = self.key_file(config);
        if variable(KEY_VARIABLE).is_some() || path.exists() {
            return Ok(());
        }
        let text = Zeroizing::new(HEXLOWER.encode(&*Zeroizing::new(fresh::<32>(entropy))));
        let mut coming = path.clone().into_os_string();
        coming.push(".tmp");
        let write = || {
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true).mode(0o600);
            let mut file = options.open(&coming)?;
            // What an interrupted start left may be of another mode.
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
            writeln!(file, "{}", *text)?;
            file.sync_all()?;
            fs::rename(&coming, &path)
        };
        write().map_err(|source| Error::File {
            action: "write the key",
            path: path.clone(),
            source,
        })
    }

    /// The file of the key-encryption key: as the environment says, or the configuration.
    pub fn key_file(&self, config: &Config) -> PathBuf {
        // By its full path: the key of `.` lies beside the folder, not in it.
        let folder = || fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        variable(KEY_FILE_VARIABLE).map_or_else(|| config.key_file(&folder()), PathBuf::from)
    }
}

/// A variable of the environment, unless it is empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    let value = std::env::var(name);
    value.ok().filter(|text| !text.is_empty())
}
