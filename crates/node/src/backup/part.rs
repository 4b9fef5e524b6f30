//! A part of a backup as it lies on disk, each file the one that was written or the part is refused.
//!
//! | file | holds |
//! |---|---|
//! | `manifest.json` | of which node the part is, when it was made, how far the logs were |
//! | `SHA256SUMS` | digest and path of every other file, as `sha256sum --check` reads them |
//! | the others | as in a node's folder |
//!
//! The digests tell a damaged part from a whole one, and prove nothing to a stranger: what the logs
//! hold is proved by their checkpoints, what the Vault holds by its seals.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use ensign_store::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// The format that this version writes, and the newest that it reads.
pub(super) const FORMAT: u32 = 1;

const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";

/// What a part of a backup is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub format: u32,
    pub part: Part,
    /// When the backup was begun, Unix seconds.
    pub made: u64,
    pub node: Named,
    /// The heads of both logs; none with the data keys.
    pub logs: Vec<LogCopy>,
}

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Part {
    Keys,
    Records,
}

/// Which node a backup is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Origin of its public log.
    pub origin: String,
    /// Where its statements count.
    pub realm: String,
    /// The party that runs it.
    pub operator: String,
}

/// How far a log was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogCopy {
    /// `public` or `closed`.
    pub log: String,
    /// Entries.
    pub size: u64,
    /// The signed note that says so.
    pub checkpoint: String,
}

/// A part that was read in full.
#[derive(Debug)]
pub(crate) struct Whole {
    pub manifest: Manifest,
    /// The node's files by their path, without manifest and digests.
    pub files: BTreeMap<String, Digest>,
    path: PathBuf,
}

/// Why a backup cannot be used.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum BackupFault {
    #[error("{path} is not the file that was written")]
    Altered { path: String },
    #[error("what lies there is not as it was signed: {place}: {what} ({code}); findings: {total}")]
    Finding {
        code: &'static str,
        place: String,
        what: String,
        total: u64,
    },
    #[error("it has format {found}, this version reads up to format {known}")]
    Format { found: u32, known: u32 },
    #[error("the data keys are older than the records that they are to open")]
    KeysOlder,
    #[error("{path} says other things than the databases beside it")]
    ManifestDiffers { path: &'static str },
    #[error("{path} cannot be read as what it should be")]
    Malformed { path: &'static str },
    #[error("{path} is missing")]
    Missing { path: String },
    #[error("the data keys are of another node")]
    OtherNode,
    #[error("it is not the part of a backup that is wanted here")]
    OtherPart,
    #[error("{path} belongs to no backup")]
    Unlisted { path: String },
}

impl Whole {
    /// Reads every file of a part.
    pub fn read(path: &Path, part: Part) -> Result<Self, Error> {
        let unfit = |source| unfit(path, source);
        let there = files_below(path)?;
        let text = |name: &'static str| {
            if !there.contains(name) {
                let path = name.to_owned();
                return Err(unfit(BackupFault::Missing { path }));
            }
            fs::read(path.join(name)).map_err(file("read", &path.join(name)))
        };
        let sums = parse_sums(&text(SUMS)?);
        let mut files = sums.ok_or_else(|| unfit(BackupFault::Malformed { path: SUMS }))?;
        for path in there.iter().filter(|path| *path != SUMS) {
            if !files.contains_key(path) {
                let path = path.clone();
                return Err(unfit(BackupFault::Unlisted { path }));
            }
        }
        for (name, digest) in &files {
            let fault = match there.contains(name) {
                false => BackupFault::Missing { path: name.clone() },
                true if digest_of(&path.join(name))? == *digest => continue,
                true => BackupFault::Altered { path: name.clone() },
            };
            return Err(unfit(fault));
        }
        let malformed = || unfit(BackupFault::Malformed { path: MANIFEST });
        let bytes = text(MANIFEST)?;
        let format: AnyFormat = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        if format.format != FORMAT {
            let (found, known) = (format.format, FORMAT);
            return Err(unfit(BackupFault::Format { found, known }));
        }
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        if manifest.part != part {
            return Err(unfit(BackupFault::OtherPart));
        }
        files.remove(MANIFEST);
        Ok(Whole {
            manifest,
            files,
            path: path.to_owned(),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Copies the node's files into a folder, each as it was written.
    pub fn copy_to(&self, folder: &Path) -> Result<(), Error> {
        for (name, digest) in &self.files {
            let from = self.path.join(name);
            if copy(&from, &folder.join(name))? != *digest {
                let path = name.clone();
                return Err(unfit(&self.path, BackupFault::Altered { path }));
            }
        }
        Ok(())
    }
}

/// A folder that is being filled, and is named when it is whole. Dropped before, it is removed.
pub(crate) struct Coming {
    path: PathBuf,
    named: PathBuf,
    done: bool,
}

impl Coming {
    /// Begins a folder beside its place, for its owner alone.
    pub fn begin(named: &Path) -> Result<Self, Error> {
        if fs::symlink_metadata(named).is_ok() {
            return Err(Error::FolderTaken {
                path: named.to_owned(),
            });
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(named.file_name().unwrap_or_default());
        name.push(".tmp");
        let path = named.with_file_name(name);
        make_folders(parent(named))?;
        make_folder(&path)?;
        Ok(Coming {
            path,
            named: named.to_owned(),
            done: false,
        })
    }

    /// Where it lies as yet.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds what makes a part of it: the manifest, and the digests of all files as they are read back.
    pub fn seal(&self, manifest: &Manifest) -> Result<(), Error> {
        let json = serde_json::to_vec_pretty(manifest).map_err(Error::Answer)?;
        write(&self.path.join(MANIFEST), &json)?;
        let mut sums = String::new();
        for name in files_below(&self.path)? {
            let digest = digest_of(&self.path.join(&name))?;
            sums.push_str(&format!("{digest}  {name}\n"));
        }
        write(&self.path.join(SUMS), sums.as_bytes())
    }

    /// Makes all of it durable.
    pub fn flush(&self) -> Result<(), Error> {
        let files = files_below(&self.path)?;
        let files = files.iter().map(|name| self.path.join(name)).collect();
        Ok(ensign_store::flush_files(&self.path, &files)?)
    }

    /// Names it, durably.
    pub fn finish(mut self) -> Result<(), Error> {
        fs::rename(&self.path, &self.named).map_err(file("name", &self.named))?;
        self.done = true;
        Ok(ensign_store::sync_folder(parent(&self.named))?)
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        if !self.done {
            // The error that led here is the one to report.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// The format alone, whatever else a manifest of it holds.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

/// Writes a new file, with the folders that lead to it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = create(path)?.write_all(bytes);
    written.map_err(file("write", path))
}

/// Copies a file to a new one; gives the digest of what was copied.
pub(super) fn copy(from: &Path, to: &Path) -> Result<Digest, Error> {
    let source = File::open(from).map_err(file("read", from))?;
    pour(source, &mut create(to)?).map_err(file("copy", from))
}

fn digest_of(path: &Path) -> Result<Digest, Error> {
    let source = File::open(path).map_err(file("read", path))?;
    pour(source, &mut io::sink()).map_err(file("read", path))
}

fn pour(mut source: File, target: &mut dyn Write) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok(Digest::from_bytes(hash.finalize().into())),
            n => {
                hash.update(&buffer[..n]);
                target.write_all(&buffer[..n])?;
            }
        }
    }
}

fn create(path: &Path) -> Result<File, Error> {
    make_folders(parent(path))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(file("write", path))
}

fn make_folder(path: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().mode(0o700).create(path);
    made.map_err(file("make", path))
}

fn make_folders(path: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().mode(0o700).recursive(true).create(path);
    made.map_err(file("make", path))
}

/// The files below a folder by their paths, in order. Links and the like are no part of a backup.
fn files_below(folder: &Path) -> Result<BTreeSet<String>, Error> {
    fn walk(folder: &Path, below: &str, found: &mut BTreeSet<String>) -> Result<(), Error> {
        let place = folder.join(below);
        for entry in fs::read_dir(&place).map_err(file("read", &place))? {
            let entry = entry.map_err(file("read", &place))?;
            let kind = entry.file_type().map_err(file("read", &place))?;
            let name = entry.file_name().display().to_string();
            let path = match below {
                "" => name,
                _ => format!("{below}/{name}"),
            };
            if kind.is_dir() {
                walk(folder, &path, found)?;
            } else if kind.is_file() {
                found.insert(path);
            } else {
                return Err(unfit(folder, BackupFault::Unlisted { path }));
            }
        }
        Ok(())
    }
    let mut found = BTreeSet::new();
    walk(folder, "", &mut found)?;
    Ok(found)
}

/// The digests by path; a path leads to a file below the folder.
fn parse_sums(bytes: &[u8]) -> Option<BTreeMap<String, Digest>> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let line = |line: &str| {
        let (digest, path) = line.split_once("  ")?;
        let plain = |part| matches!(part, Component::Normal(_));
        let below = !path.is_empty() && Path::new(path).components().all(plain);
        Some((below.then(|| path.to_owned())?, digest.parse().ok()?))
    };
    text.split('\n').map(line).collect()
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

pub(super) fn unfit(path: &Path, source: BackupFault) -> Error {
    let path = path.to_owned();
    Error::Backup { path, source }
}

pub(crate) fn file(action: &'static str, path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path: path.clone(),
        source,
    }
}
