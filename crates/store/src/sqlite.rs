//! How every database of the store is opened: one format check, one set of safe settings.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::Error;

/// How long one connection waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a database is, in its own header.
pub(crate) struct Format {
    /// `PRAGMA application_id`: four readable bytes.
    pub application: [u8; 4],
    /// `PRAGMA user_version`: the format that this version writes, and the newest that it reads.
    pub version: i64,
    /// The tables of a new database.
    pub tables: &'static str,
    /// Whether deleted content is wiped and the file shrinks with it.
    pub erasable: bool,
}

/// Opens the database at `path`, readable by its owner only, or makes a new one.
///
/// Every commit is durable when it returns: WAL with `synchronous = FULL`. The write-ahead log may
/// grow to 16 MiB, so that a page that many commits change is copied to the database once.
pub(crate) fn open(path: &Path, format: &Format) -> Result<Connection, Error> {
    create_private(path)?;
    let failed = |source| Error::sqlite("open", path, source);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(failed)?;
    db.busy_timeout(PATIENCE).map_err(failed)?;
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        .map_err(failed)?;
    if !is_current(&db, path, format)? {
        if format.erasable {
            db.execute_batch("PRAGMA auto_vacuum = FULL;")
                .map_err(failed)?;
        }
        db.execute_batch("PRAGMA journal_mode = WAL;")
            .map_err(failed)?;
        create_tables(&mut db, path, format)?;
    }
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA cache_size = -8192;
         PRAGMA wal_autocheckpoint = 4096;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;",
    )
    .map_err(failed)?;
    if format.erasable {
        db.execute_batch("PRAGMA secure_delete = ON;")
            .map_err(failed)?;
    }
    Ok(db)
}

/// A database of a format that is gone when it is closed; errors call it `path`.
pub(crate) fn open_in_memory(path: &Path, format: &Format) -> Result<Connection, Error> {
    let mut db =
        Connection::open_in_memory().map_err(|source| Error::sqlite("open", path, source))?;
    create_tables(&mut db, path, format)?;
    Ok(db)
}

/// Opens the database at `path` to read it, beside a process that may be writing. Where there is no
/// write-ahead log nobody has it open for writing: it is read as it lies, and no file is made
/// beside it.
///
/// # Errors
/// Failures of the database.
pub fn open_to_read(path: &Path) -> Result<Connection, Error> {
    let failed = |source| Error::sqlite("read", path, source);
    let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let db = if Path::new(&log).exists() {
        Connection::open_with_flags(path, read_only)
    } else {
        let flags = read_only | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags(as_it_lies(path), flags)
    };
    let db = db.map_err(failed)?;
    db.busy_timeout(PATIENCE).map_err(failed)?;
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        .map_err(failed)?;
    Ok(db)
}

/// Opens the database at `path` to read it again and again, beside processes that come, write it and
/// go: each reading sees all that was committed before. It is never changed, though SQLite may put
/// its write-ahead log and index beside it.
///
/// # Errors
/// Failures of the database, also where there is none.
pub fn open_to_follow(path: &Path) -> Result<Connection, Error> {
    let failed = |source| Error::sqlite("read", path, source);
    // A reader that could not write the index of the write-ahead log could not be the first there.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(failed)?;
    db.busy_timeout(PATIENCE).map_err(failed)?;
    db.execute_batch(
        "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )
    .map_err(failed)?;
    Ok(db)
}

/// Copies the database at `from` to `to` as it stands at one moment, beside processes that write it.
///
/// The copy is one file and has no page in which something deleted could linger. It is not durable
/// yet.
///
/// # Errors
/// Failures of the database, also where there is none or where `to` exists.
pub fn copy_database(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = |source| Error::sqlite("copy", from, source);
    if to.exists() {
        return Err(Error::io("copy to", to, ErrorKind::AlreadyExists.into()));
    }
    // A reader that could not write the index of the write-ahead log could not be the first there.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(from, flags).map_err(failed)?;
    db.busy_timeout(PATIENCE).map_err(failed)?;
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        .map_err(failed)?;
    create_private(to)?;
    let target = to
        .to_str()
        .ok_or_else(|| Error::io("copy to", to, ErrorKind::InvalidFilename.into()))?;
    db.execute("VACUUM INTO ?1", [target])
        .map(drop)
        .map_err(failed)
}

/// The address of a database that nobody writes.
fn as_it_lies(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// Moves all of the WAL into the database and leaves an empty WAL file.
///
/// No other connection may be in a transaction.
pub(crate) fn truncate_wal(db: &Connection, path: &Path) -> Result<(), Error> {
    let failed = |source| Error::sqlite("empty the write-ahead log of", path, source);
    let busy: i64 = db
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(failed)?;
    if busy == 0 {
        return Ok(());
    }
    Err(failed(rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
        None,
    )))
}

/// Makes the file first, so that it and the files SQLite puts beside it are private from birth.
fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(drop)
        .map_err(|source| Error::io("open", path, source))
}

/// Whether the database is of this format; `false` means that it is still empty.
pub(crate) fn is_current(db: &Connection, path: &Path, format: &Format) -> Result<bool, Error> {
    let number = |pragma: &str| {
        db.query_row(pragma, [], |row| row.get::<_, i64>(0))
            .map_err(|source| Error::sqlite("open", path, source))
    };
    let application = i64::from(i32::from_be_bytes(format.application));
    let found = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    if found == 0 && version == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(false);
    }
    if found != application {
        return Err(Error::damaged(path, "it is another kind of database"));
    }
    match version {
        v if v == format.version => Ok(true),
        v if v > format.version => Err(Error::NewerFormat {
            path: path.to_owned(),
            found: v,
            known: format.version,
        }),
        v => Err(Error::damaged(path, format!("there is no format {v}"))),
    }
}

fn create_tables(db: &mut Connection, path: &Path, format: &Format) -> Result<(), Error> {
    let failed = |source| Error::sqlite("create", path, source);
    let tx = db
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    if !is_current(&tx, path, format)? {
        let application = i32::from_be_bytes(format.application);
        let version = format.version;
        tx.execute_batch(format.tables).map_err(failed)?;
        tx.execute_batch(&format!(
            "PRAGMA application_id = {application}; PRAGMA user_version = {version};"
        ))
        .map_err(failed)?;
    }
    tx.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: Format = Format {
        application: *b"Etst",
        version: 3,
        tables: "CREATE TABLE word (word TEXT PRIMARY KEY) STRICT;",
        erasable: false,
    };

    #[test]
    fn a_database_of_a_newer_format_is_refused_with_both_versions_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        open(&path, &FORMAT)
            .expect("new")
            .execute_batch("PRAGMA user_version = 4")
            .expect("set");
        let error = open(&path, &FORMAT).expect_err("newer");
        assert!(matches!(
            error,
            Error::NewerFormat {
                found: 4,
                known: 3,
                ..
            }
        ));
        assert!(
            error
                .to_string()
                .ends_with("has format 4, this version reads up to format 3")
        );
    }

    #[test]
    fn a_database_of_another_kind_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        open(&path, &FORMAT).expect("new");
        let other = Format {
            application: *b"Eoth",
            ..FORMAT
        };
        assert!(matches!(open(&path, &other), Err(Error::Damaged { .. })));
    }

    #[test]
    fn a_path_through_a_file_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("file"), b"").expect("a file");
        let path = folder.path().join("file/a.db");
        let error = open(&path, &FORMAT).expect_err("no folder");
        assert!(error.to_string().contains(&path.display().to_string()));
    }

    #[test]
    fn a_database_is_copied_beside_a_writer_without_what_was_deleted() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, to) = (folder.path().join("a.db"), folder.path().join("b.db"));
        let db = open(&path, &FORMAT).expect("new");
        db.execute_batch("INSERT INTO word VALUES ('lantern'), ('harbour'); DELETE FROM word WHERE word = 'lantern';")
            .expect("set");
        db.execute_batch("BEGIN IMMEDIATE; INSERT INTO word VALUES ('later');")
            .expect("begun");
        copy_database(&path, &to).expect("copies");
        db.execute_batch("COMMIT").expect("ends");
        let bytes = std::fs::read(&to).expect("reads");
        assert!(!bytes.windows(7).any(|found| found == b"lantern"));
        let copy = open(&to, &FORMAT).expect("is of the same format");
        let words: String = copy
            .query_row("SELECT group_concat(word) FROM word", [], |row| row.get(0))
            .expect("reads");
        assert_eq!(words, "harbour");
        let again = copy_database(&path, &to).expect_err("is there");
        assert!(again.to_string().contains("b.db"), "{again}");
        assert!(
            copy_database(
                &folder.path().join("absent.db"),
                &folder.path().join("c.db")
            )
            .is_err()
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_database_and_its_write_ahead_log() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let _db = open(&path, &FORMAT).expect("new");
        for file in std::fs::read_dir(folder.path()).expect("listing") {
            let mode = file
                .expect("file")
                .metadata()
                .expect("metadata")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
