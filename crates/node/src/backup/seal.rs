//! A log that ends, and the log that goes on in its place.
//!
//! Where nobody has what a restored log lacks, nothing may ever be signed under its origin again: some
//! reader may have what is missing. Its operator founds another log, whose first batch says so.
//!
//! | | step | a process that ends before it leaves |
//! |---|---|---|
//! | 1 | what the successor begins with is made in its folder, under another name | nothing that counts: no node is there and no seal is signed, here all is as before |
//! | 2 | `log.db` of the old folder states which log goes on | the same |
//! | 3 | what was made is moved into place, `log.db` last | an old log that is sealed for good; asking again goes on here |
//! | 4 | the successor is opened, which signs its first batches with the seals | the same; whoever opens the successor does it too |

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use ensign_store::Meta;
use ensign_trust::PartyId;
use ensign_trust::bundle::fingerprint;
use ensign_trust::log::checkpoint::Checkpoint;
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::logbook::{LogName, Sealed};
use serde::{Deserialize, Serialize};

use super::LOGS;
use crate::error::Error;
use crate::folder::Folder;
use crate::founding::{Founding, Making, put_in_place, refuse_occupied};
use crate::node::{Node, Writer, log_fault, origin_code};

/// Permanent value of a folder whose logs are sealed.
const SUCCESSOR: &str = "successor";
/// Permanent value of a folder whose logs go on from others.
const PREDECESSOR: &str = "predecessor";

/// What goes on in the place of a sealed log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// When the log was sealed, Unix seconds.
    pub sealed: u64,
    /// Origin of the public log that goes on.
    pub origin: String,
    /// The key of its checkpoints, as vkey.
    pub key: String,
    /// Where its node was founded.
    pub folder: PathBuf,
}

/// From what a node's logs go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Predecessor {
    /// The key of the public log that goes on, as vkey.
    key: String,
    ends: Ends,
}

/// The ends of both logs of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ends {
    public: End,
    closed: End,
}

/// The end of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    /// Its key, as vkey.
    log: String,
    /// Its last checkpoint.
    checkpoint: String,
}

/// From which log another one goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoesOnFrom {
    /// Origin of the log that was sealed.
    pub origin: String,
    /// At which size.
    pub size: u64,
}

/// A log that was sealed, and its successor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SealedAnswer {
    /// Where the successor lies.
    pub folder: PathBuf,
    /// Origin of its public log.
    pub origin: String,
    /// The party that runs it, founded with the key of the one that ran the sealed log.
    pub operator: PartyId,
    /// Fingerprint of the key of its checkpoints, to be compared over another channel.
    pub fingerprint: String,
    /// Origin of the public log that was sealed.
    pub sealed: String,
    /// The size at which it was.
    pub size: u64,
    /// The size at which the closed log was.
    pub closed_size: u64,
}

impl Node {
    /// Seals the logs of a restored node for good, and founds the node that goes on in a folder and under
    /// an origin of its own. Where they are sealed already, what was begun in that folder is brought to its
    /// end, and no other successor is founded.
    ///
    /// # Errors
    /// [`Error::Sealed`] where another log goes on already; [`Error::Unfit`] where the node did not come
    /// out of a backup or may write; [`Error::FolderTaken`]; [`Error::Argument`] for an origin that is
    /// none or not another one.
    pub fn seal(&self, to: &Path, origin: &str) -> Result<SealedAnswer, Error> {
        let successor = {
            let mut writer = self.writer();
            match writer.sealed.clone() {
                Some(known) if known.origin == origin => known,
                Some(known) => return Err(Error::Sealed(Box::new(known))),
                None => {
                    let successor = self.prepare_successor(&writer, to, origin)?;
                    self.end(&mut writer, &successor)?;
                    successor
                }
            }
        };
        self.begin_successor(&successor, to)
    }

    /// From which log this node's goes on, where it does.
    pub fn goes_on_from(&self) -> Option<GoesOnFrom> {
        let (log, predecessor) = (LogName::Public, self.predecessor.as_ref()?);
        let seal = predecessor.seal(log, self.log_key(log)).ok()?;
        let Checkpoint { origin, size, .. } = seal.ends_at().ok()?;
        Some(GoesOnFrom { origin, size })
    }

    /// Which log goes on in the place of this node's, where they are sealed.
    pub fn successor(&self) -> Option<Successor> {
        self.writer().sealed.clone()
    }

    /// Step 1.
    pub(crate) fn prepare_successor(
        &self,
        writer: &Writer,
        to: &Path,
        origin: &str,
    ) -> Result<Successor, Error> {
        if writer.restored.is_none() {
            return Err(Error::Unfit {
                what: self.folder.path().display().to_string(),
                why: "it did not come out of a backup, or may write already".to_owned(),
            });
        }
        let code = origin_code(origin)?;
        let sealed = LOGS.map(|log| writer.of(log).origin.to_string());
        if sealed.contains(&origin.to_owned()) || sealed.contains(&format!("{origin}/closed")) {
            return Err(Error::Argument {
                what: format!("the origin {origin}"),
                expected: "another one than those of the logs that are sealed",
            });
        }
        let half_made = half_made(writer, to);
        let ours = [Path::new(crate::config::FILE), half_made.path()];
        let known = |name: &Path| ours.iter().any(|it| it.ends_with(name));
        refuse_occupied(to, known)?;
        let end = |log: LogName| -> Result<End, Error> {
            let head = self.log(log).head()?.ok_or_else(|| Error::NoFolder {
                path: self.folder.log(log),
            })?;
            Ok(End {
                log: writer.of(log).signer.key().to_string(),
                checkpoint: String::from_utf8_lossy(&head.checkpoint).into_owned(),
            })
        };
        let ends = Ends {
            public: end(LogName::Public)?,
            closed: end(LogName::Closed)?,
        };
        let name = self.party_name(self.operator)?;
        let founding = Founding {
            name: name.ok_or_else(|| Error::Unfit {
                what: "the operator's name".to_owned(),
                why: "it was erased".to_owned(),
            })?,
            origin: origin.to_owned(),
            realm: self.realm.clone(),
        };
        let making = Making {
            founding: &founding,
            operator: Some(self.operating_key()?),
            predecessor: Some(&ends),
            clock: &*self.clock,
            entropy: &self.entropy,
        };
        let key = making.prepare(to, &half_made, &code)?;
        Ok(Successor {
            sealed: self.clock.now(),
            origin: origin.to_owned(),
            key: key.to_string(),
            folder: to.to_owned(),
        })
    }

    /// Step 2: from here on nothing is signed under the origin of this folder any more.
    pub(crate) fn end(&self, writer: &mut Writer, successor: &Successor) -> Result<(), Error> {
        let value = serde_json::to_vec(successor).map_err(Error::Answer)?;
        Meta::open(&self.folder.log_db())?.set_once(SUCCESSOR, &value)?;
        writer.sealed = Some(successor.clone());
        Ok(())
    }

    /// Steps 3 and 4. The folders may have been moved since; what is there tells by its key whether it is
    /// the successor that was stated.
    fn begin_successor(&self, successor: &Successor, to: &Path) -> Result<SealedAnswer, Error> {
        let (half_made, folder) = (half_made(&self.writer(), to), Folder::at(to));
        let stated = || Error::Sealed(Box::new(successor.clone()));
        // It is moved last.
        let mut places = [half_made.log_db(), folder.log_db()].into_iter();
        let place = places.find(|path| path.exists()).ok_or_else(stated)?;
        let predecessor = Predecessor::read(&Meta::open(&place)?)?;
        if predecessor.is_none_or(|it| it.key != successor.key) {
            return Err(stated());
        }
        if half_made.path().exists() {
            put_in_place(&half_made, &folder)?;
        }
        let (clock, entropy) = (self.clock.clone(), self.entropy.clone());
        let node = Node::open(to, clock, entropy, &mut |_| ())?;
        let GoesOnFrom { origin, size } = node.goes_on_from().ok_or_else(stated)?;
        Ok(SealedAnswer {
            folder: to.to_owned(),
            origin: successor.origin.clone(),
            operator: node.operator(),
            fingerprint: HEXLOWER.encode(&fingerprint(&node.log_key(LogName::Public))),
            sealed: origin,
            size,
            closed_size: self.log(LogName::Closed).head()?.map_or(0, |it| it.size),
        })
    }
}

impl Successor {
    /// What goes on in the place of the logs of a folder, where they are sealed.
    pub(crate) fn read(meta: &Meta) -> Result<Option<Self>, Error> {
        permanent(meta, SUCCESSOR)
    }
}

impl Predecessor {
    /// From what the logs of a folder go on.
    pub fn read(meta: &Meta) -> Result<Option<Self>, Error> {
        permanent(meta, PREDECESSOR)
    }

    /// Keeps it for good, to be stated when the logs are opened.
    pub fn keep(meta: &Meta, ends: &Ends, key: &NoteKey) -> Result<(), Error> {
        let predecessor = Predecessor {
            key: key.to_string(),
            ends: ends.clone(),
        };
        let value = serde_json::to_vec(&predecessor).map_err(Error::Answer)?;
        Ok(meta.set_once(PREDECESSOR, &value)?)
    }

    /// The seal that a log of the successor, with this key, begins with.
    pub fn seal(&self, log: LogName, successor: NoteKey) -> Result<Sealed, Error> {
        let end = match log {
            LogName::Closed => &self.ends.closed,
            LogName::Public => &self.ends.public,
        };
        Ok(Sealed {
            log: end.log.parse().map_err(log_fault(log))?,
            checkpoint: end.checkpoint.clone().into_bytes(),
            successor,
        })
    }
}

/// Where the successor of a log is made before it is in its place.
fn half_made(writer: &Writer, to: &Path) -> Folder {
    let mark = fingerprint(writer.public.signer.key());
    Folder::at(to.join(format!("successor-of-{}", HEXLOWER.encode(&mark[..8]))))
}

fn permanent<T: for<'a> Deserialize<'a>>(meta: &Meta, key: &str) -> Result<Option<T>, Error> {
    let value = meta.value(key)?;
    let value = value.map(|value| serde_json::from_slice(&value));
    value.transpose().map_err(|_| Error::Unfit {
        what: format!("the value `{key}` of log.db"),
        why: "it is not what was written".to_owned(),
    })
}
