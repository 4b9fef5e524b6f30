//! What lies beside the logs: imported files, sealed values, data keys.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use ensign_store::{DataKey, Digest, Kek, Keys, MemoryVault, Opening, SealedVault};
use ensign_trust::Disclosure;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::database::Reading;
use super::finding::{Findings, causes};
use super::pass::ImportedFile;
use crate::clock::SystemEntropy;
use crate::command::Progress;
use crate::folder::Folder;
use crate::import::BLOB_CONTEXT;

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

/// Checks blobs by their digests and, with the key, what they and the vault hold.
pub(super) fn check(
    folder: &Folder,
    kek: Option<Kek>,
    runs: &[ImportedFile],
    findings: &mut Findings,
    progress: &mut dyn FnMut(Progress),
) -> (BlobAudit, VaultAudit) {
    let not_checked = |why: &str| VaultAudit::NotChecked {
        why: why.to_owned(),
    };
    let Some(kek) = kek else {
        return (
            check_blobs(folder, &[], findings, progress).0,
            not_checked("no key"),
        );
    };
    let keys = match Keys::open_to_read(&folder.keys_db(), kek) {
        Ok(keys) => Arc::new(keys),
        Err(error) => {
            findings.note("keys.unreadable", "keys.db", causes(&error));
            let blobs = check_blobs(folder, &[], findings, progress).0;
            return (blobs, not_checked("keys.db does not open"));
        }
    };
    let sources: BTreeSet<&str> = runs.iter().map(|run| run.source.as_str()).collect();
    let mut found = Vec::new();
    for source in sources {
        match keys.find_data_key(source) {
            Ok(Some(key)) => found.push((source, key)),
            // Erased: what the source published can no longer be read, as was decided.
            Ok(None) => (),
            Err(error) => findings.note("keys.altered", key_place(source), causes(&error)),
        }
    }
    let (mut blobs, files) = check_blobs(folder, &found, findings, progress);
    blobs.opened = Some(files.len() as u64);
    for run in runs
        .iter()
        .filter(|run| found.iter().any(|(source, _)| *source == run.source))
    {
        if !files.contains(&run.digest) {
            let what = "the file that was imported here is in no blob that opens";
            findings.note("import.file_missing", format!("public/{}", run.index), what);
        }
    }
    let vault = check_vault(folder, keys, findings);
    (blobs, vault)
}

fn check_vault(folder: &Folder, keys: Arc<Keys>, findings: &mut Findings) -> VaultAudit {
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
    let visited = Reading::open(&folder.vault_db()).and_then(|reading| {
        reading.values(&mut |cell, stored| {
            values += 1;
            let place = || format!("vault.db/{}/{}/{}", cell.table, cell.row, cell.column);
            match vault.open(cell, stored) {
                Ok(opened) if cell.table == "disclosure" => {
                    let digest = Disclosure::decode(&opened.value).map(|one| one.digest());
                    let name = digest.map(|digest| Digest::from_bytes(digest).to_string());
                    if name.as_deref() != Ok(cell.row) {
                        let what = "it is not the disclosure whose digest names it";
                        findings.note("vault.disclosure_differs", place(), what);
                    }
                }
                Ok(_) => (),
                Err(error) => {
                    unreadable += 1;
                    findings.note("vault.value_altered", place(), causes(&error));
                }
            }
        })
    });
    if let Err(error) = visited {
        findings.note("vault.unreadable", "vault.db", causes(&error));
    }
    VaultAudit::Checked {
        values,
        unreadable,
        owners,
    }
}

/// Compares each blob with its name; gives the digests of the imported files that open under these
/// keys.
fn check_blobs(
    folder: &Folder,
    keys: &[(&str, DataKey)],
    findings: &mut Findings,
    progress: &mut dyn FnMut(Progress),
) -> (BlobAudit, BTreeSet<[u8; 32]>) {
    let mut audit = BlobAudit::default();
    let mut files = BTreeSet::new();
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
            files.extend(keys.iter().find_map(|(_, key)| imported(&path, key)));
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

/// Digest of the imported file in a blob, if it opens under a key.
fn imported(path: &Path, key: &DataKey) -> Option<[u8; 32]> {
    let sealed = File::open(path).ok()?;
    let opened = digest(&mut Ok(Opening::new(key, BLOB_CONTEXT, sealed)));
    opened.ok().map(|(digest, _)| digest)
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
