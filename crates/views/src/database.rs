//! One file per question: how it is opened, written by one and read by many.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::Error;

/// Marks a file as a view, in its own header.
const APPLICATION: i64 = i32::from_be_bytes(*b"Evie") as i64;

/// How long a reader of a view in memory waits for its writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that are kept open for readers.
const IDLE: usize = 8;

/// What a view's file is.
pub(crate) struct Layout {
    /// Name of the view and of its file.
    pub view: &'static str,
    /// Format of its tables; a file of any other one is outdated.
    pub format: i64,
    /// Makes its tables, empty, in place of those that are there.
    pub tables: &'static str,
}

/// A view's file.
#[derive(Debug)]
pub(crate) struct Database {
    view: &'static str,
    tables: &'static str,
    place: Place,
    writer: Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    /// A name that every connection of this process finds.
    Memory(String),
}

impl Database {
    /// Opens a view in a folder, or a new one in memory.
    pub fn open(folder: Option<&Path>, layout: &Layout) -> Result<Self, Error> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let view = layout.view;
        let place = match folder {
            Some(folder) => Place::File(folder.join(view).with_extension("db")),
            None => {
                let count = COUNT.fetch_add(1, Ordering::Relaxed);
                Place::Memory(format!("file:/ensign-{view}-{count}?vfs=memdb"))
            }
        };
        if let Place::File(path) = &place {
            create_private(path)?;
        }
        let failed = Error::database("open", view);
        let mut writer = place.connect().map_err(&failed)?;
        if !is_current(&writer, &place, layout)? {
            recreate(&mut writer, layout.tables, layout.format).map_err(&failed)?;
        }
        writer
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = NORMAL;
                 PRAGMA cache_size = -16000;
                 PRAGMA wal_autocheckpoint = 4000;",
            )
            .map_err(&failed)?;
        Ok(Database {
            view,
            tables: layout.tables,
            place,
            writer: Mutex::new(writer),
            idle: Mutex::default(),
        })
    }

    /// Asks the view: all that `query` reads is of one moment.
    pub fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let failed = Error::database("read", self.view);
        let reader = match lock(&self.idle).pop() {
            Some(reader) => reader,
            None => self.connect().map_err(&failed)?,
        };
        let snapshot = reader.unchecked_transaction().map_err(&failed)?;
        let answer = query(&snapshot).map_err(&failed)?;
        drop(snapshot);
        let mut idle = lock(&self.idle);
        if idle.len() < IDLE {
            idle.push(reader);
        }
        Ok(answer)
    }

    /// Changes the view: all or nothing.
    pub fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut writer = lock(&self.writer);
        let write = || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = change(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        };
        write().map_err(Error::database("write", self.view))
    }

    /// Empties the view.
    pub fn clear(&self) -> Result<(), Error> {
        self.write(|transaction| transaction.execute_batch(self.tables))
    }

    /// A connection of one's own that can write into temporary tables.
    pub fn connection(&self) -> Result<Connection, Error> {
        self.place
            .connect()
            .map_err(Error::database("open", self.view))
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let reader = self.place.connect()?;
        reader.execute_batch("PRAGMA query_only = ON;")?;
        Ok(reader)
    }
}

impl Place {
    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Place::File(path) => Connection::open_with_flags(path, flags)?,
            Place::Memory(name) => Connection::open_with_flags(
                name,
                flags | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI,
            )?,
        };
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        Ok(connection)
    }
}

/// Opens the file of a view to read it again and again, beside the process that writes it.
pub(crate) fn open_to_follow(path: &Path, layout: &Layout) -> Result<Connection, Error> {
    let place = Place::File(path.to_owned());
    let failed = Error::database("open", layout.view);
    let reader = place.connect().map_err(&failed)?;
    reader
        .execute_batch("PRAGMA query_only = ON;")
        .map_err(&failed)?;
    if is_current(&reader, &place, layout)? {
        return Ok(reader);
    }
    // Empty: somebody is about to make it.
    Err(Error::Outdated {
        path: path.to_owned(),
        found: 0,
        known: layout.format,
    })
}

/// Makes the file first, so that it and the files that SQLite puts beside it are private.
fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path).map(drop);
    opened.map_err(|source| Error::Io {
        act: "open",
        path: path.to_owned(),
        source,
    })
}

/// Whether the file is of this format; `false` means that it is empty.
fn is_current(writer: &Connection, place: &Place, layout: &Layout) -> Result<bool, Error> {
    let number = |sql: &str| {
        let number = writer.query_row(sql, [], |row| row.get::<_, i64>(0));
        number.map_err(Error::database("open", layout.view))
    };
    let application = number("PRAGMA application_id")?;
    let found = number("PRAGMA user_version")?;
    match place {
        _ if application == APPLICATION && found == layout.format => Ok(true),
        _ if number("SELECT count(*) FROM sqlite_schema")? == 0 => Ok(false),
        Place::Memory(_) => Ok(false),
        Place::File(path) => Err(Error::Outdated {
            path: path.clone(),
            found,
            known: layout.format,
        }),
    }
}

fn recreate(writer: &mut Connection, tables: &str, format: i64) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(tables)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", format)?;
    transaction.commit()
}

/// A panic of another thread leaves nothing half done here: transactions roll back.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
