//! What a witness remembers, in `witness.db`.
//!
//! | name | value |
//! |---|---|
//! | `log ORIGIN` | the key of a log that is watched, as vkey |
//! | `last ORIGIN` | its last checkpoint that was cosigned, with both signatures |
//! | `fork ORIGIN` | two of its checkpoints that contradict each other, as JSON |
//! | `told ORIGIN` | empty; this node's log states the contradiction |

use std::sync::Arc;

use ensign_store::Watermarks;
use ensign_trust::log::Hash;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::vkey::{NoteKey, NoteKeyType};
use ensign_trust::logbook::Contradiction;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::folder::Folder;

/// What a witness remembers.
#[derive(Clone)]
pub(crate) struct Memory(Arc<Watermarks>);

/// A log that a witness watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Its origin.
    pub origin: String,
    /// The key that signs its checkpoints, as vkey.
    pub key: String,
    /// The size that was cosigned last; none before the first.
    pub size: Option<u64>,
    /// Whether it signed two checkpoints that contradict each other.
    pub contradicted: bool,
}

/// A contradiction as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    checkpoints: [String; 2],
    proof: Vec<Hash>,
}

impl Memory {
    /// Opens the memory of a folder; none where it came out of a backup.
    pub fn open(folder: &Folder) -> Result<Option<Self>, Error> {
        let marks = Watermarks::open(&folder.witness_db())?;
        Ok(marks.map(|marks| Memory::over(Arc::new(marks))))
    }

    /// The memory that these values are.
    pub fn over(marks: Arc<Watermarks>) -> Self {
        Memory(marks)
    }

    /// Begins to watch a log; tells whether it was not watched before.
    pub fn watch(&self, log: &NoteKey) -> Result<bool, Error> {
        let (name, key) = (format!("log {}", log.name()), log.to_string());
        if self.0.swap(&name, None, key.as_bytes())? {
            return Ok(true);
        }
        match self.log(log.name())? {
            Some(known) if known == *log => Ok(false),
            // A log has one key for ever: another under its name is another log, or a fork.
            _ => Err(Error::Unfit {
                what: format!("the key of {}", log.name()),
                why: "another key of this log is watched already, and a log keeps its key"
                    .to_owned(),
            }),
        }
    }

    /// The key of a watched log.
    pub fn log(&self, origin: &str) -> Result<Option<NoteKey>, Error> {
        let key = self.0.value(&format!("log {origin}"))?;
        let key = key.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
        Ok(key.filter(|key: &NoteKey| key.key_type() == NoteKeyType::Ed25519))
    }

    /// The last checkpoint of a log that was cosigned, as kept.
    pub fn last(&self, origin: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.value(&format!("last {origin}"))?)
    }

    /// Keeps a checkpoint that is about to be cosigned, if the last one is still this.
    pub fn advance(
        &self,
        origin: &str,
        last: Option<&[u8]>,
        checkpoint: &[u8],
    ) -> Result<bool, Error> {
        Ok(self.0.swap(&format!("last {origin}"), last, checkpoint)?)
    }

    /// Keeps a contradiction; the first of a log is enough.
    pub fn keep(&self, found: &Contradiction) -> Result<(), Error> {
        let text = |note: &Vec<u8>| String::from_utf8_lossy(note).into_owned();
        let kept = Kept {
            checkpoints: [text(&found.checkpoints[0]), text(&found.checkpoints[1])],
            proof: found.proof.clone(),
        };
        let bytes = serde_json::to_vec(&kept).map_err(Error::Answer)?;
        let name = format!("fork {}", found.log.name());
        self.0.swap(&name, None, &bytes)?;
        Ok(())
    }

    /// The contradictions kept, by origin.
    pub fn contradictions(&self) -> Result<Vec<Contradiction>, Error> {
        let mut found = Vec::new();
        for (name, bytes) in self.0.beginning("fork ")? {
            let kept: Kept = serde_json::from_slice(&bytes).map_err(Error::Answer)?;
            if let Some(log) = self.log(&name["fork ".len()..])? {
                found.push(Contradiction {
                    log,
                    checkpoints: kept.checkpoints.map(String::into_bytes),
                    proof: kept.proof,
                });
            }
        }
        Ok(found)
    }

    /// Whether this node's log states the contradiction of a log.
    pub fn was_told(&self, origin: &str) -> Result<bool, Error> {
        Ok(self.0.value(&format!("told {origin}"))?.is_some())
    }

    /// Remembers that it does.
    pub fn told(&self, origin: &str) -> Result<(), Error> {
        self.0.swap(&format!("told {origin}"), None, b"")?;
        Ok(())
    }

    /// All logs that are watched, by origin.
    pub fn watched(&self) -> Result<Vec<Watched>, Error> {
        let contradicted = self.contradictions()?;
        let mut all = Vec::new();
        for (name, _) in self.0.beginning("log ")? {
            let origin = &name["log ".len()..];
            let Some(key) = self.log(origin)? else {
                continue;
            };
            let last = self.last(origin)?;
            let last = last.and_then(|note| SignedCheckpoint::open(&note, &key).ok());
            all.push(Watched {
                origin: origin.to_owned(),
                size: last.map(|signed| signed.checkpoint().size),
                contradicted: contradicted.iter().any(|one| one.log == key),
                key: key.to_string(),
            });
        }
        Ok(all)
    }
}
