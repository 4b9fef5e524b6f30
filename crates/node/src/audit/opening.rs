//! Where an audit starts and ends: heads, checkpoints, log keys, trust anchors.

use std::path::{Path, PathBuf};

use ensign_trust::Realm;
use ensign_trust::anchor::Anchors;
use ensign_trust::code::Code;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::note::Note;
use ensign_trust::log::vkey::{NoteKey, NoteKeyType};
use ensign_trust::log::{Hash, empty_root};
use ensign_trust::logbook::LogName;

use super::auditor::Auditor;
use super::database::{LockRow, LogDatabase};
use super::finding::{Findings, causes};
use crate::error::Error;
use crate::folder::Folder;

/// How often a head is read again because a serving process moved it meanwhile.
const PATIENCE: usize = 1000;

/// A log as it stood when the audit began.
#[derive(Debug)]
pub(super) struct Opening {
    pub log: LogName,
    /// Its origin, from that of the folder.
    pub origin: Code,
    /// Its folder of plain files.
    pub folder: PathBuf,
    /// How many entries are judged.
    pub size: u64,
    /// The root that they must have.
    pub root: Hash,
    /// Up to which size files must lie there; staging has what comes after.
    pub settled: u64,
    /// The checkpoint that is judged.
    pub checkpoint: Option<Vec<u8>>,
}

impl Opening {
    /// Reads lock row and checkpoint of a log and compares them.
    pub fn read(
        folder: &Folder,
        database: &LogDatabase,
        log: LogName,
        origin: &Code,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let name = log.as_str();
        let origin = match log {
            LogName::Closed => Code::new(format!("{origin}/closed")),
            LogName::Public => Ok(origin.clone()),
        };
        let origin = origin.map_err(|_| Error::Argument {
            what: "the folder's origin".to_owned(),
            expected: "short enough for that of a closed log",
        })?;
        let files = folder.log(log);
        let (row, file) = steady(database, log, &files, findings)?;
        let opening = |size, root, settled, checkpoint| Opening {
            log,
            origin: origin.clone(),
            folder: files.clone(),
            size,
            root,
            settled,
            checkpoint,
        };
        let Some(row) = row else {
            findings.note(
                "log.empty",
                format!("log/{name}"),
                "log.db has no head of this log",
            );
            return Ok(opening(0, empty_root(), 0, None));
        };
        let agrees =
            |(_, found): &(&Vec<u8>, Checkpoint)| (found.size, found.root) == (row.size, row.root);
        let notes = [Some(&row.checkpoint), file.as_ref()];
        let notes = notes
            .into_iter()
            .flatten()
            .filter_map(|note| Some((note, parse(note)?)));
        let notes: Vec<_> = notes.collect();
        let chosen = notes.iter().find(|one| agrees(one)).or(notes.first());
        let Some((note, checkpoint)) = chosen else {
            let what = "neither the lock row nor the file holds a checkpoint that can be read";
            findings.note(
                "log.checkpoint_malformed",
                format!("log/{name}/checkpoint"),
                what,
            );
            return Ok(opening(row.size, row.root, row.settled, None));
        };
        if (checkpoint.size, checkpoint.root) != (row.size, row.root) {
            let what = format!(
                "its size {} and root are not those of its checkpoint, of size {}",
                row.size, checkpoint.size
            );
            findings.note("log.head_differs", format!("log.db/head/{name}"), what);
        }
        if row.settled > row.size {
            let what = format!(
                "it says that {} entries of {} are settled",
                row.settled, row.size
            );
            findings.note("log.head_differs", format!("log.db/head/{name}"), what);
        }
        let settled = row.settled.min(checkpoint.size);
        Ok(opening(
            checkpoint.size,
            checkpoint.root,
            settled,
            Some((*note).clone()),
        ))
    }

    /// A path below this log's folder, as findings name it.
    pub fn place(&self, path: impl std::fmt::Display) -> String {
        format!("log/{}/{path}", self.log.as_str())
    }

    /// An entry, as findings name it.
    pub fn entry(&self, index: u64) -> String {
        format!("{}/{index}", self.log.as_str())
    }

    /// The log's key, from the 32 bytes that the log states.
    pub fn key(&self, stated: &[u8; 32]) -> Option<NoteKey> {
        NoteKey::new(self.origin.as_str(), NoteKeyType::Ed25519, stated).ok()
    }

    /// Checks the signature of the checkpoint, and the key against the anchors; says whether they
    /// hold it.
    pub fn check_key(
        &self,
        key: Option<&NoteKey>,
        anchors: Option<&Anchors>,
        findings: &mut Findings,
    ) -> bool {
        let Some(key) = key else {
            if self.size > 0 {
                let what = "the log does not state the key that signs its checkpoints";
                findings.note("log.not_opened", self.place("checkpoint"), what);
            }
            return false;
        };
        let opened = self
            .checkpoint
            .as_ref()
            .map(|note| SignedCheckpoint::open(note, key));
        if let Some(Err(error)) = opened {
            let what = causes(&error);
            findings.note("log.checkpoint_signature", self.place("checkpoint"), what);
        }
        let Some(anchors) = anchors else { return false };
        let held = anchors.holds_log(key);
        if !held {
            let what = format!("the trust anchors do not hold the key {key}");
            findings.note("anchors.log_key", self.place("checkpoint"), what);
        }
        held
    }
}

/// Compares the party that opened the log with the folder's operator and with the anchors.
pub(super) fn check_root_party(database: &LogDatabase, realm: &Realm, auditor: &mut Auditor<'_>) {
    let operator = database.operator();
    if !operator.is_some_and(|operator| auditor.registry.is_root(operator)) {
        let what = "the folder's operator is not the party that opened the log";
        let place = "log.db/meta/operator";
        auditor.findings.note("log.operator_differs", place, what);
    }
    check_anchors(realm, auditor);
}

/// Compares the realm and the party that opened the log with the anchors.
pub(super) fn check_anchors(realm: &Realm, auditor: &mut Auditor<'_>) {
    let Auditor {
        registry,
        anchors,
        findings,
        ..
    } = auditor;
    let Some(anchors) = anchors else { return };
    if anchors.realm != *realm {
        let what = format!(
            "the log is of {realm}, the trust anchors are of {}",
            anchors.realm
        );
        findings.note("anchors.realm", "public/0", what);
    }
    for root in registry
        .roots()
        .filter(|root| !anchors.parties.contains(root))
    {
        let what = format!("{root} opened the log and is not one of the trust anchors'");
        findings.note("anchors.party", "public/0", what);
    }
}

/// The lock row with the checkpoint file beside it, read while neither moved; differences between
/// the two that no append explains are noted.
fn steady(
    database: &LogDatabase,
    log: LogName,
    files: &Path,
    findings: &mut Findings,
) -> Result<(Option<LockRow>, Option<Vec<u8>>), Error> {
    let place = format!("log/{}/checkpoint", log.as_str());
    let path = files.join("checkpoint");
    for _ in 0..PATIENCE {
        let row = match database.lock_row(log) {
            Ok(row) => row,
            Err(error) => {
                let head = format!("log.db/head/{}", log.as_str());
                findings.note("log.head_differs", head, causes(&error));
                None
            }
        };
        let file = match std::fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                findings.note("log.file_unreadable", place.as_str(), error.to_string());
                None
            }
        };
        if row.as_ref().map(|row| &row.checkpoint) == file.as_ref() {
            return Ok((row, file));
        }
        let earlier = database.earlier_checkpoints(log)?;
        if !matches!(database.lock_row(log), Ok(again) if again != row) {
            let unsettled = row.as_ref().is_some_and(|row| row.settled < row.size);
            match &file {
                None if unsettled => (),
                None => findings.note("log.checkpoint_missing", place, "the file is missing"),
                Some(_) if unsettled && earlier.contains(&file) => (),
                Some(_) => {
                    let what = "it is not the checkpoint of the lock row in log.db, byte for byte";
                    findings.note("log.checkpoint_differs", place, what);
                }
            }
            return Ok((row, file));
        }
    }
    Err(Error::WriterFenced)
}

fn parse(note: &[u8]) -> Option<Checkpoint> {
    Checkpoint::parse(&Note::parse(note).ok()?.text).ok()
}
