//! A node out of a backup, and when it may write again.
//!
//! Whoever restores an older copy of a log and goes on writing signs a second tree beside the one
//! that was signed meanwhile. So a restored folder bears a mark and signs nothing, neither entries nor
//! checkpoints, until it is shown that nothing is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ensign_store::{Entropy, Head};
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::logbook::LogName;
use ensign_trust::quorum::Quorum;
use serde::{Deserialize, Serialize};

use super::part::{Coming, LogCopy, Named, file, write};
use super::{LOGS, verified};
use crate::clock::Clock;
use crate::command::Progress;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::network::Network;
use crate::node::Node;
use crate::replica;
use crate::witness::Asked;

/// What lies in the file that marks a restored folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// When the backup was made, Unix seconds.
    pub backup: u64,
    /// When it was restored.
    pub restored: u64,
}

/// A folder that was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoredAnswer {
    /// Where the node lies now.
    pub folder: PathBuf,
    /// When the backup was made, Unix seconds.
    pub made: u64,
    /// Which node it is.
    #[serde(flatten)]
    pub node: Named,
    /// How far its logs are.
    pub logs: Vec<LogCopy>,
}

/// A restored node that may write again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finished {
    /// Entries of the public log.
    pub size: u64,
    /// How many of them were missing here and taken from a copy.
    pub taken: u64,
    /// Who showed that nothing is missing: `witnesses`, asked now or by a checkpoint that they
    /// cosigned since; `operator`, who gave the checkpoint of a log that asks no witnesses.
    pub confirmed: &'static str,
}

/// Why it is not shown that nothing is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum Unconfirmed {
    #[error("the {log} log was signed up to size {known}, and this copy has {size} entries")]
    Behind {
        log: &'static str,
        known: u64,
        size: u64,
    },
    #[error("a checkpoint is of another log, or not signed by it")]
    Foreign,
    #[error("another tree of the {log} log was signed at size {size}")]
    Forked { log: &'static str, size: u64 },
    #[error("a witness knows more of the log than this copy has, or another tree of it")]
    KnownBetter,
    #[error("the log asks no witnesses, and no checkpoint of it was given")]
    NoEvidence,
    #[error(
        "a checkpoint of the {log} log is of size {known}: it tells nothing of the entries up to {size}"
    )]
    Older {
        log: &'static str,
        known: u64,
        size: u64,
    },
    #[error(
        "the entries of the copy do not lead from this log to the copy's checkpoint of size {size}"
    )]
    NotBehind { size: u64 },
    #[error("too few of its witnesses have cosigned the log as it is here since it was restored")]
    TooFew,
}

/// Makes a node's folder from a backup. The node opens to be read, and signs nothing.
pub fn restore(
    records: &Path,
    keys: &Path,
    folder: &Path,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    progress: &mut dyn FnMut(Progress),
) -> Result<RestoredAnswer, Error> {
    let coming = Coming::begin(folder)?;
    let kek = Folder::at(folder).key(&Config::read(records)?)?;
    let checked = verified(records, Some(keys), Some(kek), progress)?;
    checked.records.copy_to(coming.path())?;
    if let Some(keys) = &checked.keys {
        keys.copy_to(coming.path())?;
    }
    let manifest = checked.records.manifest;
    let mark = Mark {
        backup: manifest.made,
        restored: clock.now(),
    };
    let mark = serde_json::to_vec(&mark).map_err(Error::Answer)?;
    write(&Folder::at(coming.path()).restored(), &mark)?;
    coming.flush()?;
    coming.finish()?;
    // What the log says was erased is erased before anybody is served.
    drop(Node::open(folder, clock, entropy, progress)?);
    Ok(RestoredAnswer {
        folder: folder.to_owned(),
        made: manifest.made,
        node: manifest.node,
        logs: manifest.logs,
    })
}

/// The mark of a restored folder.
pub(crate) fn read_mark(folder: &Folder) -> Result<Option<Mark>, Error> {
    let path = folder.restored();
    match fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        read => {
            let mark = serde_json::from_slice(&read.map_err(file("read", &path))?);
            Ok(Some(
                mark.map_err(|error| file("read", &path)(error.into()))?,
            ))
        }
    }
}

impl Node {
    /// Lets a restored node write, where it is shown that nothing is missing: by checkpoints that
    /// were signed up to now, or by the witnesses that the log asks. What is missing is taken from a
    /// copy of the public log's files, where there is one.
    pub fn finish_restoring(
        &self,
        checkpoints: &[String],
        copy: Option<&Path>,
        network: &dyn Network,
    ) -> Result<Finished, Error> {
        if let Some(successor) = self.successor() {
            return Err(Error::Sealed(Box::new(successor)));
        }
        let Some(restored) = self.restored() else {
            return Err(Error::Unfit {
                what: self.folder.path().display().to_string(),
                why: "it did not come out of a backup, or may write already".to_owned(),
            });
        };
        let before = self.writer().public.frontier.size();
        let copied = copy.map(|copy| self.catch_up_from(copy)).transpose()?;
        // What was taken may have changed whom the log asks.
        let quorum = self.quorum()?;
        let mut given = copied.filter(|_| quorum.is_none());
        for note in checkpoints {
            let (log, signed) = self.own(note).ok_or(Unconfirmed::Foreign)?;
            self.matches_head(log, &signed)?;
            if log == LogName::Public {
                given = Some(signed);
            }
        }
        let confirmed = match given {
            None if quorum.is_none() => return Err(Unconfirmed::NoEvidence.into()),
            None => {
                self.confirmed_now(&quorum, network)?;
                "witnesses"
            }
            Some(_) if quorum.is_none() => "operator",
            Some(signed) => {
                confirmed_since(restored, &quorum, &signed)?;
                "witnesses"
            }
        };
        let mut writer = self.writer();
        // Somebody may have sealed it meanwhile.
        if let Some(successor) = &writer.sealed {
            return Err(Error::Sealed(Box::new(successor.clone())));
        }
        let path = self.folder.restored();
        fs::remove_file(&path).map_err(file("remove", &path))?;
        ensign_store::sync_folder(self.folder.path())?;
        writer.restored = None;
        let size = writer.public.frontier.size();
        Ok(Finished {
            size,
            taken: size - before,
            confirmed,
        })
    }

    /// Takes what is missing from a copy of the public log's files, as it was signed; gives the
    /// copy's checkpoint.
    fn catch_up_from(&self, copy: &Path) -> Result<SignedCheckpoint, Error> {
        let unfit = |source| Error::Replica {
            path: copy.to_owned(),
            source,
        };
        let note = replica::checkpoint(copy).map_err(unfit)?;
        let key = self.log_key(LogName::Public);
        let signed = SignedCheckpoint::open(&note, &key).map_err(|_| Unconfirmed::Foreign)?;
        let (here, there) = (
            self.writer().public.frontier.size(),
            signed.checkpoint().size,
        );
        if there <= here {
            self.matches_head(LogName::Public, &signed)?;
            return Ok(signed);
        }
        let entries = replica::entries(copy, there, here..there).map_err(unfit)?;
        self.take_back(&entries, &signed)?;
        self.finish_erasing()?;
        Ok(signed)
    }

    /// A checkpoint of one of this node's logs.
    fn own(&self, note: &str) -> Option<(LogName, SignedCheckpoint)> {
        LOGS.into_iter().find_map(|log| {
            let signed = SignedCheckpoint::open(note.as_bytes(), &self.log_key(log));
            Some((log, signed.ok()?))
        })
    }

    /// Refuses a checkpoint that says anything else than the head of the log does.
    fn matches_head(&self, log: LogName, signed: &SignedCheckpoint) -> Result<(), Error> {
        let Head { size, root, .. } = self.log(log).head()?.ok_or(Unconfirmed::Foreign)?;
        let (log, found) = (log.as_str(), signed.checkpoint());
        let known = found.size;
        Err(match known.cmp(&size) {
            std::cmp::Ordering::Greater => Unconfirmed::Behind { log, known, size },
            std::cmp::Ordering::Less => Unconfirmed::Older { log, known, size },
            std::cmp::Ordering::Equal if found.root == root => return Ok(()),
            std::cmp::Ordering::Equal => Unconfirmed::Forked { log, size },
        }
        .into())
    }

    /// Has the witnesses cosign the head that was signed before the backup: each of them would know
    /// of a later one.
    fn confirmed_now(&self, quorum: &Quorum, network: &dyn Network) -> Result<(), Error> {
        let round = self.sound_witnesses(quorum, LogName::Public, network)?;
        let round = round.ok_or(Unconfirmed::NoEvidence)?;
        let knows_better = |asked: &Asked| matches!(asked, Asked::Ahead | Asked::Forked);
        if round.answers.iter().any(|(_, asked)| knows_better(asked)) {
            return Err(Unconfirmed::KnownBetter.into());
        }
        match round.met {
            true => Ok(()),
            false => Err(Unconfirmed::TooFew.into()),
        }
    }
}

/// Refuses a checkpoint that too few witnesses have cosigned since a moment.
fn confirmed_since(since: u64, quorum: &Quorum, signed: &SignedCheckpoint) -> Result<(), Error> {
    let found = signed.cosigned_by(&quorum.keys()).unwrap_or_default();
    let by = |at: usize| {
        found
            .iter()
            .any(|it| it.cosigner == at && it.timestamp >= since)
    };
    match quorum.is_met(by) {
        true => Ok(()),
        false => Err(Unconfirmed::TooFew.into()),
    }
}

impl Unconfirmed {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Unconfirmed::Behind { .. } | Unconfirmed::KnownBetter => {
                "give a copy of the log's files that has the rest with `--from FOLDER`, or restore a newer \
                 backup; where nobody has the rest, `ensign restore seal` goes on in another log. Until \
                 then the node stays read-only, since to write would fork the log"
            }
            Unconfirmed::Foreign => {
                "give the file `checkpoint` of this node's log, as readers have it"
            }
            Unconfirmed::Forked { .. } => {
                "somebody wrote to another copy of the log; nothing more must be signed here"
            }
            Unconfirmed::NoEvidence | Unconfirmed::Older { .. } => {
                "give the newest checkpoint of the log that anybody has with `--checkpoint FILE`"
            }
            Unconfirmed::NotBehind { .. } => {
                "the copy is damaged, or somebody wrote to another copy of the log; try one from elsewhere"
            }
            Unconfirmed::TooFew => {
                "try again when more witnesses answer; `ensign witness status` tells what each answered"
            }
        }
    }
}

impl From<Unconfirmed> for Error {
    fn from(why: Unconfirmed) -> Self {
        Error::Unconfirmed(why)
    }
}
