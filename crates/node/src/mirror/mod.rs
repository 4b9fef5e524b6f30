//! A mirror: the files of another log, copied as they are published and audited before the copy
//! says that it has them.
//!
//! | in the folder | what |
//! |---|---|
//! | `checkpoint`, `tile/` | the log as c2sp.org/tlog-tiles says: any web server can serve the folder, and a log can be restored from it |
//! | `mirror.json` | where they come from, and how far they were gone through |
//! | `contradiction-M-N` | two checkpoints of the log that contradict each other, with the hashes that show it |
//!
//! | the log shows | the mirror |
//! |---|---|
//! | a larger tree that goes on from the copy | takes it; statements that do not count are the log's, are kept and told |
//! | entries that do not lead to its checkpoint | takes nothing |
//! | the tree that is here, or a smaller one that it went on from | stays as it is |
//! | another tree | keeps both checkpoints as evidence, and takes nothing any more |

mod fetch;
mod served;
mod state;

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::fingerprint;
use ensign_trust::log::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use ensign_trust::log::equivocation::{Verdict, judge};
use ensign_trust::log::merkle::{Frontier, NodeId, consistency_proof};
use ensign_trust::log::note::Note;
use ensign_trust::log::tile::{node_from_tile, place_of};
use ensign_trust::log::{Hash, vkey::NoteKey};
use ensign_trust::logbook::LogName;
use ensign_trust::{Realm, Statement};
use serde::Serialize;

use self::fetch::Source;
pub use self::served::ServedMirror;
use self::state::State;
use crate::append::{TreeFault, widest};
use crate::audit::Finding;
use crate::audit::follow::{Followed, Step, follow};
use crate::command::Progress;
use crate::error::Error;
use crate::network::{Network, Unreachable};
use crate::node::log_fault;
use crate::replica;

/// What a mirror has after it was brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MirrorAnswer {
    /// The folder.
    pub folder: PathBuf,
    /// Where it was copied from.
    pub address: String,
    /// Origin of the log.
    pub origin: String,
    /// The realm of its statements.
    pub realm: String,
    /// Entries of the copy.
    pub size: u64,
    /// How many of them are new.
    pub added: u64,
    /// The size that was shown, where it is smaller: the server is behind.
    pub behind: Option<u64>,
    /// Fingerprint of the key of its checkpoints, to be compared over another channel.
    pub fingerprint: String,
    /// Whether trust anchors were given and hold that key.
    pub anchored: bool,
    /// When the last batch was received, Unix seconds.
    pub received: Option<u64>,
    /// How many things were found that are not as they should be among the new statements.
    pub findings_total: u64,
    /// The first of them.
    pub findings: Vec<Finding>,
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum MirrorFault {
    #[error("what {address} gives is no checkpoint of the log")]
    Checkpoint {
        address: String,
        #[source]
        source: CheckpointError,
    },
    #[error("{} is gone, or not what the mirror wrote", path.display())]
    Damaged { path: PathBuf },
    #[error("the log has signed two trees; {} holds the evidence", evidence.display())]
    Contradicted { evidence: PathBuf },
    #[error("the trust anchors hold another log: {what}")]
    Foreign { what: String },
    #[error("what {address} gives is no checkpoint of a log")]
    NotALog { address: String },
    #[error("the copy is of the log {ours}, and this one is {found}")]
    OtherLog { found: String, ours: String },
    #[error("{address} answers with the status {status}")]
    Status { address: String, status: u16 },
    #[error("{address} is too long for what it is, or not what it should be")]
    Unfit { address: String },
    #[error("what was given is not what the checkpoint is of: {} at {}: {}", .0.code, .0.place, .0.what)]
    Unsound(Finding),
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

/// Brings a copy of the public log at an address up to date, or begins one.
///
/// # Errors
/// [`Error::Mirror`]; the copy is then as it was. Failures of the disk.
pub fn mirror(
    address: &str,
    folder: &Path,
    anchors: Option<&Anchors>,
    network: &dyn Network,
    cores: NonZero<usize>,
    progress: &mut dyn FnMut(Progress),
) -> Result<MirrorAnswer, Error> {
    let source = Source::new(address, network);
    let state = State::open(folder)?;
    let before = state.followed()?;
    let note = source.checkpoint()?;
    let shown = claimed(&note).ok_or_else(|| source.not_a_log())?;
    let copy = Copy {
        folder,
        state: &state,
        source: &source,
        anchors,
    };
    if let Some(key) = &before.key {
        copy.check_key(key, &note, &shown)?;
    }
    if shown.size <= before.size {
        let key = before.key.as_ref().ok_or_else(|| source.not_a_log())?;
        copy.compare(key, before.size, &note, &shown)?;
        let realm = copy.realm(before.size)?;
        let answer = copy.answer(&before, &realm, key, None, before.size, shown.size);
        if shown.size == before.size {
            // Others may have cosigned it since.
            state.renew(&note)?;
        }
        return Ok(answer);
    }
    source.fetch(folder, before.size, shown.size, progress)?;
    let realm = match before.size {
        // What was fetched is not checked yet.
        0 => copy.realm(shown.size).map_err(|_| source.not_a_log())?,
        size => copy.realm(size)?,
    };
    let step = follow(
        folder,
        &before,
        (&note, &shown),
        &realm,
        anchors,
        cores,
        progress,
    )?;
    let mut findings = step.findings.iter();
    if let Some(foreign) = findings.find(|it| it.code.starts_with("anchors.")) {
        let what = foreign.what.clone();
        return Err(MirrorFault::Foreign { what }.into());
    }
    if let Some(unsound) = step.findings.iter().find(|it| is_of_tree(it)) {
        if let Some(key) = &before.key {
            copy.seek_contradiction(key, before.size, &note, &shown)?;
        }
        return Err(MirrorFault::Unsound(unsound.clone()).into());
    }
    let key = step.followed.key.clone();
    let key = key.ok_or_else(|| source.not_a_log())?;
    let followed = step.followed.clone();
    let answer = copy.answer(&followed, &realm, &key, Some(step), before.size, shown.size);
    state.take(&source, &followed, &note, before.size)?;
    Ok(answer)
}

/// A copy and where it comes from.
struct Copy<'a> {
    folder: &'a Path,
    state: &'a State,
    source: &'a Source<'a>,
    anchors: Option<&'a Anchors>,
}

impl Copy<'_> {
    fn check_key(&self, key: &NoteKey, note: &[u8], shown: &Checkpoint) -> Result<(), Error> {
        if shown.origin != key.name() {
            return Err(MirrorFault::OtherLog {
                found: shown.origin.clone(),
                ours: key.name().to_owned(),
            }
            .into());
        }
        if self.anchors.is_some_and(|anchors| !anchors.holds_log(key)) {
            let what = format!("not {key}");
            return Err(MirrorFault::Foreign { what }.into());
        }
        match SignedCheckpoint::open(note, key) {
            Ok(_) => Ok(()),
            Err(source) => Err(MirrorFault::Checkpoint {
                address: self.source.address().to_owned(),
                source,
            }
            .into()),
        }
    }

    /// The realm of the statements, as the first one says, of a copy of this size.
    fn realm(&self, size: u64) -> Result<Realm, Error> {
        let unfit = |source| Error::Replica {
            path: self.folder.to_owned(),
            source,
        };
        let first = replica::entries(self.folder, size, 0..1).map_err(unfit)?;
        let first = first.into_iter().next().unwrap_or_default();
        Ok(Statement::decode(first)
            .map_err(Error::Statement)?
            .realm
            .clone())
    }

    /// Compares a checkpoint that is no larger than the copy with the copy's own tree.
    fn compare(
        &self,
        key: &NoteKey,
        size: u64,
        note: &[u8],
        shown: &Checkpoint,
    ) -> Result<(), Error> {
        let tree = Frontier::load(shown.size, |node| self.node(size, node));
        let tree = tree.map_err(log_fault(LogName::Public))?;
        if tree.root() == shown.root {
            return Ok(());
        }
        let proof = shown_by(shown.size, size, |node| self.node(size, node));
        let proof = proof.map_err(log_fault(LogName::Public))?;
        self.contradicted(key, note, (shown.size, size), &proof)
    }

    /// Looks whether a larger checkpoint, whose entries do not go on from the copy, contradicts it: by
    /// the hashes that its own server gives.
    fn seek_contradiction(
        &self,
        key: &NoteKey,
        size: u64,
        note: &[u8],
        shown: &Checkpoint,
    ) -> Result<(), Error> {
        let Ok(proof) = shown_by(size, shown.size, |node| self.source.node(shown.size, node))
        else {
            return Ok(());
        };
        self.contradicted(key, note, (size, shown.size), &proof)
    }

    /// Keeps the evidence, where there is some.
    fn contradicted(
        &self,
        key: &NoteKey,
        note: &[u8],
        (smaller, larger): (u64, u64),
        proof: &[Hash],
    ) -> Result<(), Error> {
        let own = self.state.checkpoint()?;
        let verdict = judge(&own, note, key, Some(proof));
        if !matches!(verdict, Ok(Verdict::Contradiction(_))) {
            return Ok(());
        }
        let evidence = self
            .folder
            .join(format!("contradiction-{smaller}-{larger}"));
        fs::create_dir_all(&evidence).map_err(state::file("create", &evidence))?;
        let hashes: String = proof
            .iter()
            .map(|hash| BASE64.encode(hash) + "\n")
            .collect();
        for (name, bytes) in [
            ("held", &own[..]),
            ("shown", note),
            ("proof", hashes.as_bytes()),
        ] {
            state::write(&evidence.join(name), bytes)?;
        }
        Err(MirrorFault::Contradicted { evidence }.into())
    }

    fn node(&self, size: u64, node: NodeId) -> Result<Hash, TreeFault> {
        let path = widest(place_of(node).tile, size);
        let tile = fs::read(self.folder.join(path.to_string()));
        Ok(node_from_tile(
            node,
            &tile.map_err(|_| TreeFault::Missing(path))?,
        )?)
    }

    fn answer(
        &self,
        followed: &Followed,
        realm: &Realm,
        key: &NoteKey,
        step: Option<Step>,
        before: u64,
        shown: u64,
    ) -> MirrorAnswer {
        let (findings_total, findings) =
            step.map_or_else(Default::default, |it| (it.findings_total, it.findings));
        MirrorAnswer {
            folder: self.folder.to_owned(),
            address: self.source.address().to_owned(),
            origin: key.name().to_owned(),
            realm: realm.to_string(),
            size: followed.size,
            added: followed.size - before,
            behind: (shown < followed.size).then_some(shown),
            fingerprint: HEXLOWER.encode(&fingerprint(key)),
            anchored: self.anchors.is_some_and(|anchors| anchors.holds_log(key)),
            received: followed.received,
            findings_total,
            findings,
        }
    }
}
impl MirrorFault {
    /// Id of the message.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            MirrorFault::Contradicted { .. } => "mirror.contradicted",
            MirrorFault::Checkpoint { .. } | MirrorFault::NotALog { .. } => "mirror.not_a_log",
            MirrorFault::Foreign { .. } | MirrorFault::OtherLog { .. } => "mirror.other_log",
            MirrorFault::Status { .. } | MirrorFault::Unreachable(_) => "mirror.unreachable",
            MirrorFault::Damaged { .. } | MirrorFault::Unfit { .. } | MirrorFault::Unsound(_) => {
                "mirror.unsound"
            }
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        Some(match self {
            MirrorFault::Contradicted { .. } => {
                "show the evidence to others: whoever has the log's key can check it"
            }
            MirrorFault::Checkpoint { .. } | MirrorFault::NotALog { .. } => {
                "give the address below which the log serves `checkpoint` and `tile/`, such as \
                 https://node.example.org/tlog"
            }
            MirrorFault::Foreign { .. } => {
                "compare the fingerprint of the log's key with its operator over another channel"
            }
            MirrorFault::OtherLog { .. } => "choose another folder for another log",
            MirrorFault::Damaged { .. } => "copy the log into a new folder",
            MirrorFault::Unfit { .. } | MirrorFault::Unsound(_) => {
                "ask another server of the log; what was copied before is not touched"
            }
            MirrorFault::Status { .. } | MirrorFault::Unreachable(_) => return None,
        })
    }
}

impl From<MirrorFault> for Error {
    fn from(fault: MirrorFault) -> Self {
        Error::Mirror(fault)
    }
}

/// The hashes of the larger tree that show which root it had at the smaller size: the consistency proof, and
/// where RFC 6962 leaves out the older root, the larger tree's own in front.
fn shown_by(
    smaller: u64,
    larger: u64,
    node: impl Fn(NodeId) -> Result<Hash, TreeFault>,
) -> Result<Vec<Hash>, TreeFault> {
    let mut proof = consistency_proof(smaller, larger, &node)?;
    if smaller.is_power_of_two() && smaller < larger {
        let first = NodeId {
            level: smaller.trailing_zeros() as u8,
            index: 0,
        };
        proof.insert(0, node(first)?);
    }
    Ok(proof)
}

/// Whether a finding is about the copy's files or its checkpoint, and not about what somebody stated.
fn is_of_tree(finding: &Finding) -> bool {
    let stated = ["log.cosigned_differs", "log.seal_differs"].contains(&finding.code);
    finding.code.starts_with("log.") && !stated
}

/// What a checkpoint says, whoever signed it.
fn claimed(note: &[u8]) -> Option<Checkpoint> {
    Checkpoint::parse(&Note::parse(note).ok()?.text).ok()
}
