use std::fs::{OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use super::{AcquireError, Lease, Leases};
use crate::{Error, file, meta, sqlite};

/// Leases on a folder: a lock on the file `NAME.lock`, which the system releases with the process,
/// and the epoch in `log.db`, where the log compares it in each append.
pub struct FileLeases {
    folder: PathBuf,
    path: PathBuf,
    db: Mutex<Connection>,
}

impl FileLeases {
    /// Leases on `folder`, which is made if need be, with their epochs in the `log.db` at `path`.
    ///
    /// # Errors
    /// [`Error::NewerFormat`]; failures of the database.
    pub fn open(folder: &Path, path: &Path) -> Result<Self, Error> {
        file::make_folder(folder)?;
        let db = Mutex::new(sqlite::open(path, &meta::FORMAT)?);
        Ok(Self {
            folder: folder.to_owned(),
            path: path.to_owned(),
            db,
        })
    }

    fn next_epoch(&self, name: &str) -> Result<u64, Error> {
        let failed = |source| Error::sqlite("take a lease in", &self.path, source);
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let epoch: i64 = tx
            .query_row(
                "INSERT INTO lease (name, epoch) VALUES (?1, 1)
                 ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch",
                [name],
                |row| row.get(0),
            )
            .map_err(failed)?;
        tx.commit().map_err(failed)?;
        Ok(epoch.unsigned_abs())
    }
}

impl Leases for FileLeases {
    fn acquire(&self, name: &str) -> Result<Lease, AcquireError> {
        file::check_name(name)?;
        let path = self.folder.join(format!("{name}.lock"));
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| Error::io("open", &path, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Lease::new(name, self.next_epoch(name)?, lock)),
            Err(TryLockError::WouldBlock) => Err(AcquireError::Held {
                holder: self.folder.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(Error::io("lock", &path, source).into()),
        }
    }
}
