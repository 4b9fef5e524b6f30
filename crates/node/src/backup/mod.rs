//! Backups of a node's folder, made beside the process that serves it or without one.
//!
//! A backup has two parts, each a folder of the same name in another place: the records, and
//! `keys.db` apart, so that what was erased by destroying a data key does not live on wherever the
//! records are kept. What is copied in which order, and what never is, says
//! `docs/decisions/0012-backup.md`.

mod part;
mod restore;
mod seal;

use std::fs;
use std::io::ErrorKind;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use ensign_store::{AcquireError, FileLeases, Kek, Keys, Leases as _, SqliteLog};
use ensign_trust::log::tile::{TileKind, TilePath, bundle_entries, bundle_push, tiles_of_size};
use ensign_trust::logbook::LogName;
use serde::Serialize;

pub(crate) use self::part::file;
pub use self::part::{BackupFault, LogCopy, Named};
use self::part::{Coming, FORMAT, Manifest, Part, Whole, copy, unfit, write};
pub use self::restore::{Finished, RestoredAnswer, Unconfirmed, restore};
pub(crate) use self::restore::{Mark, read_mark};
pub(crate) use self::seal::{Ends, Predecessor};
pub use self::seal::{GoesOnFrom, SealedAnswer, Successor};
use crate::audit::database::LogDatabase;
use crate::audit::{self, Audit};
use crate::clock::Clock;
use crate::command::Progress;
use crate::config::{self, Config};
use crate::error::Error;
use crate::folder::{Folder, KEYS};

/// The lease under which a log is written.
const WRITER: &str = "writer";
const LOGS: [LogName; 2] = [LogName::Public, LogName::Closed];

/// A backup that was made or checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupAnswer {
    /// The folder of the records.
    pub records: PathBuf,
    /// The folder of the data keys, where they were looked at.
    pub keys: Option<PathBuf>,
    /// When it was begun, Unix seconds.
    pub made: u64,
    /// Of which node it is.
    #[serde(flatten)]
    pub node: Named,
    /// How far the logs were.
    pub logs: Vec<LogCopy>,
    /// Files of the records.
    pub files: u64,
    /// Imported files among them.
    pub blobs: u64,
    /// Whether every sealed value was opened.
    pub opened: bool,
}

/// A backup all of whose files were read.
struct Checked {
    records: Whole,
    keys: Option<Whole>,
    audit: Audit,
}

/// Makes a backup: the records in a new folder in `to`, the data keys in one in `keys_to`.
pub fn make(
    folder: &Path,
    to: &Path,
    keys_to: &Path,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupAnswer, Error> {
    let node = Folder::at(folder);
    let database = LogDatabase::open(&node)?;
    let kek = node.key(&Config::read(folder)?)?;
    apart(folder, to, keys_to)?;
    let made = clock.now();
    let name = stamp(made)?;
    let (records_at, keys_at) = (to.join(&name), keys_to.join(&name));
    let (records, keys) = (Coming::begin(&records_at)?, Coming::begin(&keys_at)?);
    progress(copying(0));
    let logs = copy_records(&node, &Folder::at(records.path()))?;
    progress(copying(logs.iter().map(|log| log.size).sum()));
    // Last, so that every copied value finds its key, and none that was destroyed by now is kept.
    ensign_store::copy_database(&node.keys_db(), &keys.path().join(KEYS))?;
    let manifest = Manifest {
        format: FORMAT,
        part: Part::Records,
        made,
        node: named(&database)?,
        logs,
    };
    records.seal(&manifest)?;
    keys.seal(&Manifest {
        part: Part::Keys,
        logs: Vec::new(),
        ..manifest
    })?;
    keys.flush()?;
    records.flush()?;
    let checked = verified(records.path(), Some(keys.path()), Some(kek), progress)?;
    let answer = checked.answer(records_at, Some(keys_at));
    keys.finish()?;
    records.finish()?;
    Ok(answer)
}

/// Checks a backup without its node: its files, its logs, and with data keys and key what is sealed.
pub fn check(
    records: &Path,
    keys: Option<&Path>,
    kek: Option<Kek>,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupAnswer, Error> {
    let checked = verified(records, keys, kek, progress)?;
    Ok(checked.answer(records.to_owned(), keys.map(Path::to_owned)))
}

impl Checked {
    fn answer(self, records: PathBuf, keys: Option<PathBuf>) -> BackupAnswer {
        let Manifest {
            made, node, logs, ..
        } = self.records.manifest;
        BackupAnswer {
            records,
            keys,
            made,
            node,
            logs,
            files: self.records.files.len() as u64,
            blobs: self.audit.blobs.blobs,
            opened: matches!(self.audit.vault, audit::VaultAudit::Checked { .. }),
        }
    }
}

/// Reads all files of a backup and audits them as those of a node.
fn verified(
    records: &Path,
    keys: Option<&Path>,
    kek: Option<Kek>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Checked, Error> {
    let records = Whole::read(records, Part::Records)?;
    let keys = keys.map(|keys| Whole::read(keys, Part::Keys)).transpose()?;
    let of_now = keys
        .as_ref()
        .is_some_and(|keys| keys.manifest.made == records.manifest.made);
    let mut folder = Folder::at(records.path());
    if let Some(keys) = &keys {
        opens(keys, &records)?;
        folder = folder.with_keys_in(keys.path());
    }
    // Later data keys lack those that were destroyed since: what these sealed cannot be opened.
    let kek = match kek {
        Some(kek) if keys.is_some() && !of_now => {
            Keys::open_to_read(&folder.keys_db(), kek)?;
            None
        }
        kek => kek.filter(|_| keys.is_some()),
    };
    let database = LogDatabase::open(&folder)?;
    if named(&database)? != records.manifest.node || heads(&database)? != records.manifest.logs {
        let path = "manifest.json";
        return Err(unfit(records.path(), BackupFault::ManifestDiffers { path }));
    }
    let options = audit::Options {
        screen: false,
        kek,
        cores: std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
    };
    let audit = audit::audit(&folder, None, options, progress)?;
    if let Some(first) = audit.findings.first() {
        let fault = BackupFault::Finding {
            code: first.code,
            place: first.place.clone(),
            what: first.what.clone(),
            total: audit.findings_total,
        };
        return Err(unfit(records.path(), fault));
    }
    Ok(Checked {
        records,
        keys,
        audit,
    })
}

/// How many entries are copied.
fn copying(done: u64) -> Progress {
    Progress {
        stage: "copying".to_owned(),
        done,
        total: None,
    }
}

/// Refuses data keys that cannot open these records.
fn opens(keys: &Whole, records: &Whole) -> Result<(), Error> {
    let (of, to) = (&keys.manifest, &records.manifest);
    if of.node != to.node {
        return Err(unfit(keys.path(), BackupFault::OtherNode));
    }
    if of.made < to.made {
        return Err(unfit(keys.path(), BackupFault::KeysOlder));
    }
    if !keys.files.keys().eq([KEYS]) {
        return Err(unfit(keys.path(), BackupFault::OtherPart));
    }
    Ok(())
}

/// Copies everything but the data keys. The heads go first: all that the logs name was written
/// before them, so what is copied after them has it.
fn copy_records(node: &Folder, copied: &Folder) -> Result<Vec<LogCopy>, Error> {
    ensign_store::copy_database(&node.log_db(), &copied.log_db())?;
    let database = LogDatabase::open(copied)?;
    for log in LOGS {
        if let Some(row) = database.lock_row(log)? {
            write(&copied.log(log).join("checkpoint"), &row.checkpoint)?;
            // What came later is staged in the copied database.
            for tile in tiles_of_size(row.settled) {
                copy_tile(tile, &node.log(log), &copied.log(log))?;
            }
        }
    }
    settle(copied)?;
    ensign_store::copy_database(&node.vault_db(), &copied.vault_db())?;
    copy_blobs(&node.blobs(), &copied.blobs())?;
    let configuration = node.path().join(config::FILE);
    if configuration.exists() {
        copy(&configuration, &copied.path().join(config::FILE))?;
    }
    heads(&database)
}

/// Writes the files of what is staged in the copied database, as a start after a crash does.
fn settle(copied: &Folder) -> Result<(), Error> {
    let held = |error: AcquireError| match error {
        AcquireError::Held { holder } => Error::Held { path: holder },
        AcquireError::Store(error) => error.into(),
    };
    let leases = FileLeases::open(copied.path(), &copied.log_db())?;
    let lease = leases.acquire(WRITER).map_err(held)?;
    for log in LOGS {
        SqliteLog::open(&copied.log(log), &copied.log_db(), log.as_str(), &lease)?.close()?;
    }
    let lock = copied.path().join(format!("{WRITER}.lock"));
    fs::remove_file(&lock).map_err(file("remove", &lock))
}

/// Copies a tile or bundle; where a partial one was replaced by the full one, the part of that.
fn copy_tile(tile: TilePath, from: &Path, to: &Path) -> Result<(), Error> {
    let (source, target) = (from.join(tile.to_string()), to.join(tile.to_string()));
    match copy(&source, &target) {
        Err(error) if is_missing(&error) && !tile.is_full() => (),
        copied => return copied.map(drop),
    }
    let source = from.join(tile.full().to_string());
    let full = fs::read(&source).map_err(file("read", &source))?;
    let cut =
        cut(tile, &full).ok_or_else(|| file("cut", &source)(ErrorKind::InvalidData.into()))?;
    write(&target, &cut)
}

fn cut(tile: TilePath, full: &[u8]) -> Option<Vec<u8>> {
    let width = usize::from(tile.width);
    match tile.kind {
        TileKind::Hashes { .. } => Some(full.get(..32 * width)?.to_vec()),
        TileKind::Entries => {
            let entries = bundle_entries(full, tile.full().width).ok()?;
            let mut bundle = Vec::new();
            for entry in &entries[..width] {
                bundle_push(&mut bundle, entry).ok()?;
            }
            Some(bundle)
        }
    }
}

/// Copies blobs; one that is deleted meanwhile, or is still coming, is left out.
fn copy_blobs(from: &Path, to: &Path) -> Result<(), Error> {
    for first in names(from)?.iter().filter(|first| first.len() == 2) {
        for rest in names(&from.join(first))? {
            match copy(&from.join(first).join(&rest), &to.join(first).join(&rest)) {
                Err(error) if !is_missing(&error) => return Err(error),
                _ => (),
            }
        }
    }
    Ok(())
}

/// The names in a folder; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(file("read", folder))?,
    };
    let mut names = Vec::new();
    for entry in listed {
        names.push(
            entry
                .map_err(file("read", folder))?
                .file_name()
                .display()
                .to_string(),
        );
    }
    Ok(names)
}

fn is_missing(error: &Error) -> bool {
    matches!(error, Error::File { source, .. } if source.kind() == ErrorKind::NotFound)
}

fn heads(database: &LogDatabase) -> Result<Vec<LogCopy>, Error> {
    let mut heads = Vec::new();
    for log in LOGS {
        if let Some(row) = database.lock_row(log)? {
            heads.push(LogCopy {
                log: log.as_str().to_owned(),
                size: row.size,
                checkpoint: String::from_utf8_lossy(&row.checkpoint).into_owned(),
            });
        }
    }
    Ok(heads)
}

fn named(database: &LogDatabase) -> Result<Named, Error> {
    Ok(Named {
        origin: database.origin()?.to_string(),
        realm: database.realm()?.to_string(),
        operator: database
            .operator()
            .map(|party| party.to_string())
            .unwrap_or_default(),
    })
}

/// Refuses places of which one lies in another: a copy of one would hold the other.
fn apart(node: &Path, to: &Path, keys_to: &Path) -> Result<(), Error> {
    let mut places = Vec::new();
    for place in [node, to, keys_to] {
        places.push(resolved(place).map_err(file("find", place))?);
    }
    let holds = |outer: usize, inner: usize| places[inner].starts_with(&places[outer]);
    let all = [(0, 1), (0, 2), (1, 2), (2, 1), (1, 0), (2, 0)];
    if all.into_iter().any(|(outer, inner)| holds(outer, inner)) {
        return Err(Error::Unfit {
            what: format!("{} beside {}", keys_to.display(), to.display()),
            why:
                "records, data keys and node are kept in three places, none of them within another"
                    .to_owned(),
        });
    }
    Ok(())
}

/// A path that need not exist, without links in what exists of it.
fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let found = path.ancestors().find_map(|above| {
        let rest = path.strip_prefix(above).ok()?;
        Some(fs::canonicalize(above).ok()?.join(rest))
    });
    Ok(found.unwrap_or(path))
}

/// What the folders of a backup are called, so that they stand in the order of their time.
fn stamp(made: u64) -> Result<String, Error> {
    let made = i64::try_from(made)
        .ok()
        .and_then(|made| jiff::Timestamp::from_second(made).ok());
    let made = made.ok_or_else(|| Error::Argument {
        what: "the time of this machine's clock".to_owned(),
        expected: "a time that a date can be of",
    })?;
    Ok(made.strftime("%Y%m%dT%H%M%SZ").to_string())
}
