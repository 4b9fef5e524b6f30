//! A copy of a public log's files, checked and read without a node: what a stranger judges from.
//!
//! Checkpoint and bundles are enough. Every entry is hashed again and every signature checked, and
//! the statements are fed to views in memory, so that the answers are those of the node.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ensign_hold::evaluate::record::Head;
use ensign_trust::Statement;
use ensign_trust::anchor::Anchors;
use ensign_trust::id::KeyId;
use ensign_trust::key::PublicKey;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::leaf_hash;
use ensign_trust::log::merkle::Frontier;
use ensign_trust::log::note::Note;
use ensign_trust::log::tile::{FULL_WIDTH, TileKind, TilePath, bundle_entries};
use ensign_trust::log::vkey::{NoteKey, NoteKeyType};
use ensign_trust::logbook::{self, LogName};
use ensign_trust::party::Act;
use ensign_views::{ObligationPage, Views};

use crate::append::receipt_of;
use crate::error::Error;
use crate::instrument::Judged;
use crate::judge::{Evaluated, evaluated, explained};

/// Longest checkpoint file, in bytes.
const MAX_CHECKPOINT: u64 = 1 << 20;

/// A checked copy of a public log.
#[derive(Debug)]
pub struct Replica {
    views: Views,
    origin: String,
    /// Leaf hashes, for the root at every size.
    leaves: Vec<ensign_trust::log::Hash>,
    anchored: bool,
    /// When the last batch was received, Unix seconds.
    received: u64,
}

/// Why a folder holds no copy of a log that can be believed.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum ReplicaError {
    #[error("its checkpoint cannot be read")]
    Checkpoint(#[source] ensign_trust::log::checkpoint::CheckpointError),
    #[error("its checkpoint's cosignatures cannot be read")]
    Cosigners(#[source] ensign_trust::log::cosignature::CosignersError),
    #[error("the checkpoint is of another log than the trust anchors hold")]
    ForeignLog,
    #[error("entry {0} is of another realm than the trust anchors")]
    ForeignRealm(u64),
    #[error("the log was opened by a party that the trust anchors do not hold")]
    ForeignRoot,
    #[error("{} cannot be read", path.display())]
    Missing {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the checkpoint does not say what a log says")]
    NotACheckpoint,
    #[error("the log does not state the key of its checkpoints")]
    NotOpened,
    #[error("the entries from {0} on have no receipt")]
    NoReceipt(u64),
    #[error("entry {0} is not signed by the key that it names")]
    Signature(u64),
    #[error("entry {at} is not a statement")]
    Statement {
        at: u64,
        #[source]
        source: ensign_trust::statement::StatementError,
    },
    #[error("{path} is no bundle")]
    Tile {
        path: TilePath,
        #[source]
        source: ensign_trust::log::tile::TileError,
    },
    #[error("the entries do not lead to the root of the checkpoint")]
    Root,
    #[error("the checkpoint lacks cosignatures that the trust anchors ask for")]
    Unwitnessed,
}

impl Replica {
    /// Reads and checks a folder with the files of a public log. Without trust anchors the log's own
    /// keys are taken at their word: it is then consistent, not anchored.
    pub fn read(folder: &Path, anchors: Option<&Anchors>) -> Result<Self, Error> {
        let unfit = |source| Error::Replica {
            path: folder.to_owned(),
            source,
        };
        let note = checkpoint(folder).map_err(unfit)?;
        let claimed = claimed(&note).map_err(unfit)?;
        let entries = entries(folder, claimed.size, 0..claimed.size).map_err(unfit)?;
        let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let mut tree = Frontier::default();
        tree.extend(leaves.iter().copied());
        if tree.root() != claimed.root {
            return Err(unfit(ReplicaError::Root));
        }
        let statements = statements(entries).map_err(unfit)?;
        let key = stated_key(&claimed.origin, &statements).map_err(unfit)?;
        let signed = SignedCheckpoint::open(&note, &key)
            .map_err(|source| unfit(ReplicaError::Checkpoint(source)))?;
        if let Some(anchors) = anchors {
            believed(anchors, &key, &signed, &statements).map_err(unfit)?;
        }
        let views = Views::in_memory()?;
        let received = feed(&views, &statements).map_err(|error| match error {
            Fed::Replica(source) => unfit(source),
            Fed::Views(error) => error.into(),
        })?;
        let registry = views.registry()?;
        if let Some(anchors) = anchors
            && !registry.roots().all(|root| anchors.parties.contains(&root))
        {
            return Err(unfit(ReplicaError::ForeignRoot));
        }
        Ok(Replica {
            views,
            origin: claimed.origin,
            leaves,
            anchored: anchors.is_some(),
            received,
        })
    }

    /// Whether trust anchors hold its key, its realm and who opened it.
    pub fn is_anchored(&self) -> bool {
        self.anchored
    }

    /// Judges every duty, or those of one text or party. Where no moment is given it is that of the
    /// last receipt: a copy knows no other.
    pub fn evaluate(
        &self,
        text: Option<&str>,
        party: Option<&str>,
        asked: Judged,
    ) -> Result<Evaluated, Error> {
        let as_of = self.judged(asked)?;
        evaluated(&self.views, self.head_at(as_of.index), text, party, as_of)
    }

    /// One duty with its clause and its proof.
    pub fn explain(&self, obligation: &str, asked: Judged) -> Result<ObligationPage, Error> {
        let as_of = self.judged(asked)?;
        explained(&self.views, &self.head_at(as_of.index), obligation, as_of)
    }

    fn judged(&self, asked: Judged) -> Result<ensign_hold::evaluate::AsOf, Error> {
        let last = i64::try_from(self.received).unwrap_or(i64::MAX);
        Ok(self
            .views
            .judged_as_of(asked.index, asked.at.unwrap_or(last))?)
    }

    fn head_at(&self, size: u64) -> Head {
        let mut tree = Frontier::default();
        let size_here = usize::try_from(size).unwrap_or(usize::MAX);
        tree.extend(self.leaves.iter().take(size_here).copied());
        Head {
            origin: self.origin.clone(),
            size,
            root: tree.root(),
        }
    }
}

/// Why statements cannot be fed.
enum Fed {
    Replica(ReplicaError),
    Views(ensign_views::Error),
}

/// What a checkpoint says, whoever signed it.
fn claimed(note: &[u8]) -> Result<Checkpoint, ReplicaError> {
    let note = Note::parse(note).map_err(|_| ReplicaError::NotACheckpoint)?;
    Checkpoint::parse(&note.text).map_err(|_| ReplicaError::NotACheckpoint)
}

/// A log's checkpoint as it lies in a folder.
pub(crate) fn checkpoint(folder: &Path) -> Result<Vec<u8>, ReplicaError> {
    read_file(&folder.join("checkpoint"), MAX_CHECKPOINT)
}

/// Some of a log's entries, up to the size of its checkpoint, as they lie in a folder.
pub(crate) fn entries(
    folder: &Path,
    size: u64,
    asked: Range<u64>,
) -> Result<Vec<Vec<u8>>, ReplicaError> {
    let full = u64::from(FULL_WIDTH);
    let mut entries = Vec::new();
    for index in asked.start / full..asked.end.div_ceil(full) {
        let start = index * full;
        let width = (size - start).min(full) as u16;
        let wanted = TilePath {
            kind: TileKind::Entries,
            index,
            width,
        };
        // A log that has grown since has the full bundle in the place of a part of it.
        let partial = folder.join(wanted.to_string());
        let path = match partial.exists() {
            true => wanted,
            false => wanted.full(),
        };
        let bytes = read_file(&folder.join(path.to_string()), u64::MAX)?;
        let held = bundle_entries(&bytes, path.width);
        let held = held.map_err(|source| ReplicaError::Tile { path, source })?;
        let before = asked.start.saturating_sub(start) as usize;
        let until = (asked.end - start).min(full) as usize;
        let held = held.into_iter().take(until).skip(before);
        entries.extend(held.map(<[u8]>::to_vec));
    }
    Ok(entries)
}

/// Decodes every entry and checks its signature under the key that it names, which an entry before
/// it registered. Whether the key counted there is for the views to judge.
fn statements(entries: Vec<Vec<u8>>) -> Result<Vec<Statement>, ReplicaError> {
    let mut keys: BTreeMap<KeyId, PublicKey> = BTreeMap::new();
    let mut statements = Vec::with_capacity(entries.len());
    for (at, entry) in (0..).zip(entries) {
        let statement = Statement::decode(entry);
        let statement = statement.map_err(|source| ReplicaError::Statement { at, source })?;
        if let Some(Ok(Act::Founded { key, .. } | Act::KeyAdded(key) | Act::KeyRotated(key))) =
            Act::read(&statement)
        {
            keys.insert(key.id(), key);
        }
        let key = keys.get(&statement.key());
        let verified = key.map(|key| statement.verify(key));
        if !matches!(verified, Some(Ok(()))) {
            return Err(ReplicaError::Signature(at));
        }
        statements.push(statement);
    }
    Ok(statements)
}

/// The key of the log's checkpoints, as its second statement states it.
fn stated_key(origin: &str, statements: &[Statement]) -> Result<NoteKey, ReplicaError> {
    let opened = statements.get(1);
    match opened.and_then(|statement| logbook::Entry::read(statement)) {
        Some(Ok(logbook::Entry::Opened { log_key, .. })) => {
            NoteKey::new(origin, NoteKeyType::Ed25519, &log_key)
                .map_err(|_| ReplicaError::NotOpened)
        }
        _ => Err(ReplicaError::NotOpened),
    }
}

fn believed(
    anchors: &Anchors,
    key: &NoteKey,
    signed: &SignedCheckpoint,
    statements: &[Statement],
) -> Result<(), ReplicaError> {
    if !anchors.holds_log(key) {
        return Err(ReplicaError::ForeignLog);
    }
    if !anchors.quorum.is_none() {
        let cosigned = signed
            .cosigned_by(&anchors.quorum.keys())
            .map_err(ReplicaError::Cosigners)?;
        let signed = |at| cosigned.iter().any(|by| by.cosigner == at);
        if !anchors.quorum.is_met(signed) {
            return Err(ReplicaError::Unwitnessed);
        }
    }
    let mut foreign = (0..).zip(statements);
    match foreign.find(|(_, statement)| statement.realm != anchors.realm) {
        Some((at, _)) => Err(ReplicaError::ForeignRealm(at)),
        None => Ok(()),
    }
}

/// Feeds the statements batch by batch; gives when the last one was received.
fn feed(views: &Views, statements: &[Statement]) -> Result<u64, Fed> {
    let (mut first, mut last) = (0, 0);
    for (index, statement) in (0..).zip(statements) {
        let ends = |receipt: &logbook::Receipt| (receipt.first, receipt.end) == (first, index);
        let Some(receipt) = receipt_of(statement).filter(ends) else {
            continue;
        };
        let batch = &statements[first as usize..=index as usize];
        views
            .apply(LogName::Public, first, batch, receipt.received)
            .map_err(Fed::Views)?;
        (first, last) = (index + 1, receipt.received);
    }
    match first == statements.len() as u64 {
        true => Ok(last),
        false => Err(Fed::Replica(ReplicaError::NoReceipt(first))),
    }
}

fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, ReplicaError> {
    use std::io::Read as _;
    let missing = |source| ReplicaError::Missing {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(missing)?;
    file.take(most).read_to_end(&mut bytes).map_err(missing)?;
    Ok(bytes)
}
