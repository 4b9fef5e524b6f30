//! What lies beside the logs: imported files, sealed values, data keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use ensign_prove::source;
use ensign_store::{DataKey, Digest, Kek, Keys, MemoryVault, Opening, SealedVault};
use ensign_trust::tombstone::Tombstone;
use ensign_trust::{Disclosure, Statement};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::database::Reading;
use super::finding::{Findings, causes};
use crate::clock::SystemEntropy;
use crate::command::Progress;
use crate::folder::Folder;
use crate::import::copy::{CONTEXT, Copy};

/// The blobs of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BlobAudit {
    /// How many there are.
    pub blobs: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many of them were opened as imported files; none without the key.
    pub opened: Option<u64>,
}

/// The sealed values of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum VaultAudit {
    /// Each value was opened, or tried.
    Checked {
        /// How many there are.
        values: u64,
        /// How many do not open.
        unreadable: u64,
        /// How many owners have a data key.
        owners: u64,
    },
    /// Nothing was opened.
    NotChecked {
        /// Why not.
        why: String,
    },
}

/// What the public log tells of what lies beside it.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The files that were imported.
    pub files: Vec<ImportedFile>,
    /// Digests of the disclosures that were destroyed.
    pub erased: BTreeSet<[u8; 32]>,
    /// Sources of which records were erased: words were taken out of the copies of their files.
    pub redacted: BTreeSet<String>,
}

/// An imported file, as its run states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImportedFile {
    /// Index of the run in the public log.
    pub index: u64,
    /// Code of the source, which owns the file.
    pub source: String,
    /// SHA-256 of the raw file.
    pub digest: [u8; 32],
}

impl Told {
    /// Takes in a statement that counts, of the public log.
    pub fn hear(&mut self, index: u64, statement: &Statement) {
        match source::Act::read(statement) {
            Some(Ok(source::Act::Imported(run))) => self.files.push(ImportedFile {
                index,
                source: run.source.to_string(),
                digest: run.file,
            }),
            Some(Ok(source::Act::Erased(said))) => {
                self.erased.extend(said.digests);
                self.redacted.insert(said.source.to_string());
            }
            _ => (),
        }
        if let Some(Ok(said)) = Tombstone::read(statement) {
            self.erased.extend(said.digests);
        }
    }
}

/// Checks blobs by their digests and, with the key, what they and the vault hold.
pub(super) fn check(
    folder: &Folder,
    kek: Option<Kek>,
    told: &Told,
    findings: &mut Findings,
    progress: &mut dyn FnMut(Progress),
) -> (BlobAudit, VaultAudit) {
    let not_checked = |why: &str| VaultAudit::NotChecked {
        why: why.to_owned(),
    };
    let Some(kek) = kek else {
        return (
            check_blobs(folder, &BTreeMap::new(), findings, progress).0,
            not_checked("no key"),
        );
    };
    let keys = match Keys::open_to_read(&folder.keys_db(), kek) {
        Ok(keys) => Arc::new(keys),
        Err(error) => {
            findings.note("keys.unreadable", "keys.db", causes(&error));
            let blobs = check_blobs(folder, &BTreeMap::new(), findings, progress).0;
            return (blobs, not_checked("keys.db does not open"));
        }
    };
    let held = check_vault(folder, keys.clone(), told, findings);
    let mut copies = BTreeMap::new();
    for copy in &held.copies {
        if let Ok(Some(key)) = keys.find_data_key(&copy.owner) {
            copies.insert(*copy.blob.as_bytes(), (copy, key));
        }
    }
    let (mut blobs, files) = check_blobs(folder, &copies, findings, progress);
    blobs.opened = Some(files.len() as u64);
    let mut whole = held.unopened;
    for (file, redacted) in files {
        // Words are taken out of a copy only where a tombstone says so.
        let by_right = |run: &ImportedFile| !redacted || told.redacted.contains(&run.source);
        let runs = told.files.iter().filter(|run| run.digest == file);
        whole.extend(runs.filter(|run| by_right(run)).map(|run| run.digest));
    }
    for run in &told.files {
        // The copy that a backup had of such a file may be gone with the words in it.
        if !whole.contains(&run.digest) && !told.redacted.contains(&run.source) {
            let what = "the file that was imported here is in no blob that opens";
            findings.note("import.file_missing", format!("public/{}", run.index), what);
        }
    }
    (blobs, held.audit)
}

/// What the vault holds.
struct Held {
    audit: VaultAudit,
    /// The copies of imported files.
    copies: Vec<Copy>,
    /// Digests of the files of which it cannot be read where their copies lie.
    unopened: BTreeSet<[u8; 32]>,
}

fn check_vault(folder: &Folder, keys: Arc<Keys>, told: &Told, findings: &mut Findings) -> Held {
    let mut owners = 0;
    match keys.owners() {
        Ok(listed) => {
            owners = listed.len() as u64;
            for owner in listed {
                if let Err(error) = keys.find_data_key(&owner) {
                    findings.note("keys.altered", key_place(&owner), causes(&error));
                }
            }
        }
        Err(error) => findings.note("keys.unreadable", "keys.db", causes(&error)),
    }
    let vault = SealedVault::new(
        Arc::new(MemoryVault::default()),
        keys,
        Arc::new(SystemEntropy),
    );
    let (mut values, mut unreadable) = (0, 0);
    let (mut copies, mut unopened) = (Vec::new(), BTreeSet::new());
    let visited = Reading::open(&folder.vault_db()).and_then(|reading| {
        reading.values(&mut |cell, stored| {
            values += 1;
            let place = || format!("vault.db/{}/{}/{}", cell.table, cell.row, cell.column);
            let named = || cell.row.parse::<Digest>().map(|named| *named.as_bytes());
            let erased = || named().is_ok_and(|named| told.erased.contains(&named));
            if cell.table == "disclosure" && erased() {
                let what = "a tombstone says that it was destroyed";
                findings.note("vault.not_erased", place(), what);
            }
            match vault.open(cell, stored) {
                Ok(opened) if cell.table == "disclosure" => {
                    let digest = Disclosure::decode(&opened.value).map(|one| one.digest());
                    let name = digest.map(|digest| Digest::from_bytes(digest).to_string());
                    if name.as_deref() != Ok(cell.row) {
                        let what = "it is not the disclosure whose digest names it";
                        findings.note("vault.disclosure_differs", place(), what);
                    }
                }
                Ok(opened) if cell.table == "import" => {
                    copies.extend(Copy::read(cell.row, &opened.owner, &opened.value));
                }
                Ok(_) => (),
                Err(error) => {
                    unreadable += 1;
                    if cell.table == "import" {
                        unopened.extend(named());
                    }
                    findings.note("vault.value_altered", place(), causes(&error));
                }
            }
        })
    });
    if let Err(error) = visited {
        findings.note("vault.unreadable", "vault.db", causes(&error));
    }
    Held {
        audit: VaultAudit::Checked {
            values,
            unreadable,
            owners,
        },
        copies,
        unopened,
    }
}

/// Compares each blob with its name; gives the digests of the imported files whose copies are what
/// the vault says, and whether words were taken out of them.
fn check_blobs(
    folder: &Folder,
    copies: &BTreeMap<[u8; 32], (&Copy, DataKey)>,
    findings: &mut Findings,
    progress: &mut dyn FnMut(Progress),
) -> (BlobAudit, BTreeMap<[u8; 32], bool>) {
    let mut audit = BlobAudit::default();
    let mut files = BTreeMap::new();
    for first in names(&folder.blobs()) {
        // What was being received when the process ended, or is just now.
        if first == "coming" {
            continue;
        }
        let rests = names(&folder.blobs().join(&first));
        if rests.is_empty() && first.len() != 2 {
            findings.note("blob.foreign", format!("blobs/{first}"), "it is no blob");
        }
        for rest in rests {
            let place = format!("blobs/{first}/{rest}");
            let path = folder.blobs().join(&first).join(&rest);
            let Some(name) = format!("{first}{rest}")
                .parse::<Digest>()
                .ok()
                .filter(|_| first.len() == 2)
            else {
                findings.note("blob.foreign", place, "it is no blob");
                continue;
            };
            match digest(&mut File::open(&path)) {
                Ok((found, length)) => {
                    audit.blobs += 1;
                    audit.bytes += length;
                    if found != *name.as_bytes() {
                        findings.note("blob.altered", place, "its bytes are not those of its name");
                        continue;
                    }
                }
                // Deleted meanwhile by the process that serves the folder, which it may.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    findings.note("blob.unreadable", place, error.to_string());
                    continue;
                }
            }
            let copy = copies.get(name.as_bytes());
            files.extend(copy.and_then(|(copy, key)| imported(&path, copy, key)));
            let stage = "opening".to_owned();
            progress(Progress {
                stage,
                done: audit.bytes,
                total: None,
            });
        }
    }
    (audit, files)
}

/// Digest of the imported file whose copy lies in a blob, and whether words were taken out of it; none
/// where the copy is not what the vault says.
fn imported(path: &Path, copy: &Copy, key: &DataKey) -> Option<([u8; 32], bool)> {
    let sealed = File::open(path).ok()?;
    let (found, _) = digest(&mut Ok(Opening::new(key, CONTEXT, sealed))).ok()?;
    let file = *copy.file.parse::<Digest>().ok()?.as_bytes();
    (found == copy.redacted.unwrap_or(file)).then_some((file, copy.redacted.is_some()))
}

fn digest(source: &mut io::Result<impl Read>) -> io::Result<([u8; 32], u64)> {
    let source = match source {
        Ok(source) => source,
        Err(error) => return Err(io::Error::new(error.kind(), error.to_string())),
    };
    let mut hash = Sha256::new();
    let mut length = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok((hash.finalize().into(), length)),
            n => {
                hash.update(&buffer[..n]);
                length += n as u64;
            }
        }
    }
}

fn key_place(owner: &str) -> String {
    format!("keys.db/{owner}")
}

/// The names in a folder, in order; none where it is no folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().display().to_string())
        .collect();
    names.sort_unstable();
    names
}
