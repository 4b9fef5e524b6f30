//! What a mirror remembers, and its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ensign_store::{flush_files, sync_folder};
use ensign_trust::chain::Head;
use ensign_trust::log::tile::{TilePath, tiles_of_size};
use serde::{Deserialize, Serialize};

use super::fetch::Source;
use crate::append::widest;
use crate::audit::follow::Followed;
use crate::error::Error;

/// The file.
pub(super) const NAME: &str = "mirror.json";

/// A mirror's folder, held against other processes.
pub(super) struct State {
    folder: PathBuf,
    kept: Kept,
    _held: File,
}

/// What lies in the file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Where the log is served.
    address: String,
    size: u64,
    /// The key of its checkpoints, as vkey.
    key: Option<String>,
    /// Index and second of receipt of what changed parties, keys and mandates.
    acts: Vec<(u64, u64)>,
    /// By key: number and id of its last statement.
    chains: BTreeMap<String, (u64, String)>,
    received: Option<u64>,
    /// The checkpoint of the copy. What lies in `checkpoint` follows it.
    #[serde(default)]
    checkpoint: String,
}

impl State {
    /// Opens a mirror's folder, or makes one of a folder that is not there or empty. A checkpoint that a
    /// run did not come to put in place is put there.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(file("create", folder))?;
        let path = folder.join(NAME);
        let kept = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| Error::Unfit {
                what: path.display().to_string(),
                why: "it is not what a mirror wrote".to_owned(),
            })?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let mut there = fs::read_dir(folder).map_err(file("list", folder))?;
                if there.next().is_some() && !folder.join(LOCK).exists() {
                    return Err(Error::Unfit {
                        what: folder.display().to_string(),
                        why: "it is not empty, and no mirror".to_owned(),
                    });
                }
                Kept::default()
            }
            Err(error) => return Err(file("read", &path)(error)),
        };
        let lock = folder.join(LOCK);
        let held = File::create(&lock).map_err(file("create", &lock))?;
        if held.try_lock().is_err() {
            return Err(Error::Held { path: lock });
        }
        let state = State {
            folder: folder.to_owned(),
            kept,
            _held: held,
        };
        let known = state.kept.checkpoint.as_bytes();
        if !known.is_empty() && fs::read(state.checkpoint_file()).ok().as_deref() != Some(known) {
            write(&state.checkpoint_file(), known)?;
        }
        Ok(state)
    }

    /// The checkpoint of the copy.
    pub fn checkpoint(&self) -> Result<Vec<u8>, Error> {
        match self.kept.checkpoint.as_str() {
            "" => {
                let path = self.checkpoint_file();
                fs::read(&path).map_err(file("read", &path))
            }
            known => Ok(known.as_bytes().to_vec()),
        }
    }

    /// Takes the same checkpoint with other signatures.
    pub fn renew(mut self, note: &[u8]) -> Result<(), Error> {
        match self.checkpoint()? == note {
            true => Ok(()),
            false => self.remember(note),
        }
    }

    fn checkpoint_file(&self) -> PathBuf {
        self.folder.join("checkpoint")
    }

    /// Makes durable what is known, with the checkpoint, and then puts that in its place.
    fn remember(&mut self, note: &[u8]) -> Result<(), Error> {
        self.kept.checkpoint = String::from_utf8_lossy(note).into_owned();
        let kept = serde_json::to_vec(&self.kept).map_err(Error::Answer)?;
        write(&self.folder.join(NAME), &kept)?;
        write(&self.checkpoint_file(), note)
    }

    /// How far the copy was gone through.
    pub fn followed(&self) -> Result<Followed, Error> {
        let kept = &self.kept;
        let damaged = || Error::Unfit {
            what: self.folder.join(NAME).display().to_string(),
            why: "it is not what a mirror wrote".to_owned(),
        };
        let key = kept.key.as_ref().map(|key| key.parse()).transpose();
        let chain = |(key, (seq, id)): (&String, &(u64, String))| {
            let id = id.parse().ok()?;
            Some((key.parse().ok()?, Head { seq: *seq, id }))
        };
        let chains = kept.chains.iter().map(chain).collect::<Option<_>>();
        Ok(Followed {
            size: kept.size,
            key: key.map_err(|_| damaged())?,
            acts: kept.acts.clone(),
            chains: chains.ok_or_else(damaged)?,
            received: kept.received,
        })
    }

    /// Says that the copy has what was fetched: the files are made durable first, and those that only a
    /// smaller log needs go last.
    pub fn take(
        mut self,
        source: &Source<'_>,
        followed: &Followed,
        note: &[u8],
        before: u64,
    ) -> Result<(), Error> {
        flush_files(&self.folder, &paths(&self.folder, followed.size))?;
        let chain = |(key, head): (&ensign_trust::id::KeyId, &Head)| {
            (key.to_string(), (head.seq, head.id.to_string()))
        };
        self.kept = Kept {
            address: source.address().to_owned(),
            size: followed.size,
            key: followed.key.as_ref().map(ToString::to_string),
            acts: followed.acts.clone(),
            chains: followed.chains.iter().map(chain).collect(),
            received: followed.received,
            checkpoint: String::new(),
        };
        self.remember(note)?;
        let needed: BTreeSet<TilePath> = tiles_of_size(followed.size).collect();
        for stale in tiles_of_size(before).filter(|path| !needed.contains(path)) {
            let path = self.folder.join(stale.to_string());
            let _ = fs::remove_file(&path);
            // Goes as well where nothing else is left in it.
            let _ = path.parent().map(fs::remove_dir);
        }
        Ok(())
    }
}

/// A file that is locked while a process works on the mirror.
const LOCK: &str = "mirror.lock";

fn paths(folder: &Path, size: u64) -> BTreeSet<PathBuf> {
    let paths = tiles_of_size(size);
    paths.map(|path| folder.join(path.to_string())).collect()
}

/// Removes the partial versions of a tile or bundle that are neither wanted now nor those of the copy of
/// `old` entries: fetching was cut short before, or what was fetched was not taken.
pub(super) fn clear_beside(folder: &Path, wanted: &TilePath, old: u64) -> Result<(), Error> {
    let full = wanted.full();
    let beside = folder.join(format!("{full}.p"));
    let kept = [*wanted, widest(full, old)].map(|path| folder.join(path.to_string()));
    let there = match fs::read_dir(&beside) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(file("list", &beside)(error)),
    };
    for left in there {
        let left = left.map_err(file("list", &beside))?.path();
        if !kept.contains(&left) {
            fs::remove_file(&left).map_err(file("remove", &left))?;
        }
    }
    Ok(())
}

/// Puts a file in place whole and durably.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    put(path, bytes)?;
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(file("flush", path))?;
    let folder = path.parent().unwrap_or(path);
    Ok(sync_folder(folder)?)
}

/// Puts a file in place whole, with the folders that lead to it.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(file("create", folder))?;
    let mut coming = path.as_os_str().to_owned();
    coming.push(".tmp");
    fs::write(&coming, bytes).map_err(file("write", path))?;
    fs::rename(&coming, path).map_err(file("put in place", path))
}

/// What failed on which file.
pub(super) fn file(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path,
        source,
    }
}
