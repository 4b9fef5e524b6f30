//! What a node states about its own logs: their opening, receipts for batches, cosigned
//! checkpoints and contradictions.
//!
//! | statement | says |
//! |---|---|
//! | `log.quorum` | whose cosignatures the node asks for from here on; before the first of them, nobody's |
//! | `log.opened` | the origin and the keys of this log; the second statement of a public log and the first of a closed one |
//! | `log.received` | the entries `[first, end)` were received at a time; the last entry of each batch |
//! | `log.cosigned` | a checkpoint with the cosignatures that the node obtained for it |
//! | `log.sealed` | another log is not gone on with, and this one comes after it; in the first batch of a log |
//! | `log.contradicted` | two checkpoints, signed by one key, that cannot both be true, with the hashes that show it |
//!
//! Receipts and cosignature records are bookkeeping: a checkpoint whose new entries are all of
//! these kinds is neither sent to witnesses nor logged, so the log never feeds itself.

use std::collections::BTreeMap;

use crate::code::{Code, Coded};
use crate::log::Hash;
use crate::log::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::log::vkey::NoteKey;
use crate::party::{Malformed, Need};
use crate::quorum::Quorum;
use crate::statement::Draft;

/// A node's statement about its logs. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// `log.contradicted`: `log` (a vkey), `checkpoints` (two signed notes) and `proof` (hashes).
    Contradicted(Box<Contradiction>),
    /// `log.cosigned`: `checkpoint`, a signed note with Ed25519 cosignatures.
    Cosigned(Vec<u8>),
    /// `log.opened`: `origin`, `log_key` and `cosigner_key` (each 32 bytes, Ed25519).
    Opened {
        /// The log's origin.
        origin: Code,
        /// The key that signs its checkpoints.
        log_key: [u8; 32],
        /// The key with which this node cosigns others' checkpoints.
        cosigner_key: [u8; 32],
    },
    /// `log.quorum`: `policy`, the lines of a tlog-policy about witnesses.
    Quorum(Quorum),
    /// `log.received`: `first`, `end`, `received`, and in a closed log `beside`.
    Received(Receipt),
    /// `log.sealed`: `log` and `successor` (vkeys) and `checkpoint`, a signed note.
    Sealed(Box<Sealed>),
}

/// That a log ends, and where it goes on. Only this statement's author says so: whoever has the old
/// log sees whether that key spoke for its operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key of the log that ends; its name is the log's origin.
    pub log: NoteKey,
    /// The last checkpoint of it that is gone on from, as that key signed it: size and root stand there.
    pub checkpoint: Vec<u8>,
    /// The key of the log that goes on; its name is the log's origin.
    pub successor: NoteKey,
}

/// Two checkpoints of one log of which neither tree extends the other: whoever holds them can judge
/// them with [`equivocation::judge`](crate::log::equivocation::judge).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The key that signed both.
    pub log: NoteKey,
    /// The signed notes.
    pub checkpoints: [Vec<u8>; 2],
    /// Consistency proof of the larger tree; empty where their sizes are equal.
    pub proof: Vec<Hash>,
}

/// Which of a node's two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogName {
    /// What is not published: reports before publication, custody, privileged acts.
    Closed,
    /// What is published.
    Public,
}

impl LogName {
    /// `closed` or `public`: name of its folder and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            LogName::Closed => "closed",
            LogName::Public => "public",
        }
    }
}

/// When the entries of a batch were received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Index of the first entry.
    pub first: u64,
    /// Index after the last entry, which is that of the receipt itself.
    pub end: u64,
    /// Unix seconds by the node's clock.
    pub received: u64,
    /// In a closed log: size of the public log at that moment, which orders the two.
    pub beside: Option<u64>,
}

impl Entry {
    /// Reads the entry; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        let read: fn(&Draft) -> Result<Self, Malformed> = match draft.kind.as_str() {
            "log.contradicted" => {
                |draft| Contradiction::read(draft).map(|found| Entry::Contradicted(Box::new(found)))
            }
            "log.cosigned" => |draft| Ok(Entry::Cosigned(bytes(draft, "checkpoint")?.to_vec())),
            "log.opened" => |draft| {
                let origin = draft.field("origin").and_then(Coded::as_code);
                Ok(Entry::Opened {
                    origin: origin.ok_or(Malformed("origin"))?.clone(),
                    log_key: key(draft, "log_key")?,
                    cosigner_key: key(draft, "cosigner_key")?,
                })
            },
            "log.quorum" => |draft| {
                let text = str::from_utf8(bytes(draft, "policy")?).ok();
                let quorum = text.and_then(|text| text.parse().ok());
                Ok(Entry::Quorum(quorum.ok_or(Malformed("policy"))?))
            },
            "log.received" => |draft| Receipt::read(draft).map(Entry::Received),
            "log.sealed" => {
                |draft| Sealed::read(draft).map(|sealed| Entry::Sealed(Box::new(sealed)))
            }
            _ => return None,
        };
        Some(read(draft))
    }

    /// Writes kind, version and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        let mut body = BTreeMap::new();
        let mut set = |name, value: Coded| body.insert(Code::literal(name), value);
        let kind = match self {
            Entry::Contradicted(found) => {
                let list = |all: &[Vec<u8>]| all.iter().cloned().map(Coded::Bytes).collect();
                set("log", found.log.to_string().into_bytes().into());
                set("checkpoints", Coded::List(list(&found.checkpoints)));
                let proof: Vec<Vec<u8>> = found.proof.iter().map(|hash| hash.to_vec()).collect();
                set("proof", Coded::List(list(&proof)));
                "log.contradicted"
            }
            Entry::Cosigned(note) => {
                set("checkpoint", note.clone().into());
                "log.cosigned"
            }
            Entry::Opened {
                origin,
                log_key,
                cosigner_key,
            } => {
                set("origin", origin.clone().into());
                set("log_key", log_key.to_vec().into());
                set("cosigner_key", cosigner_key.to_vec().into());
                "log.opened"
            }
            Entry::Quorum(quorum) => {
                set("policy", quorum.to_string().into_bytes().into());
                "log.quorum"
            }
            Entry::Received(receipt) => {
                set("first", receipt.first.into());
                set("end", receipt.end.into());
                set("received", receipt.received.into());
                if let Some(beside) = receipt.beside {
                    set("beside", beside.into());
                }
                "log.received"
            }
            Entry::Sealed(sealed) => {
                set("log", sealed.log.to_string().into_bytes().into());
                set("checkpoint", sealed.checkpoint.clone().into());
                set(
                    "successor",
                    sealed.successor.to_string().into_bytes().into(),
                );
                "log.sealed"
            }
        };
        draft.kind = Code::literal(kind);
        draft.version = 1;
        draft.body = body;
    }
}

impl Contradiction {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let notes = draft.field("checkpoints").and_then(Coded::as_list);
        let Some([Coded::Bytes(one), Coded::Bytes(other)]) = notes else {
            return Err(Malformed("checkpoints"));
        };
        let hashes = draft.field("proof").and_then(Coded::as_list);
        let hash = |coded: &Coded| coded.as_bytes().and_then(|bytes| bytes.try_into().ok());
        let proof = hashes.and_then(|hashes| hashes.iter().map(hash).collect());
        Ok(Contradiction {
            log: vkey(draft, "log")?,
            checkpoints: [one.clone(), other.clone()],
            proof: proof.ok_or(Malformed("proof"))?,
        })
    }
}

impl Sealed {
    /// What is known of the log that ends: origin, size and root.
    ///
    /// # Errors
    /// Where the checkpoint is not one of that log, signed by its key.
    pub fn ends_at(&self) -> Result<Checkpoint, CheckpointError> {
        SignedCheckpoint::open(&self.checkpoint, &self.log).map(SignedCheckpoint::into_checkpoint)
    }

    fn read(draft: &Draft) -> Result<Self, Malformed> {
        Ok(Sealed {
            log: vkey(draft, "log")?,
            checkpoint: bytes(draft, "checkpoint")?.to_vec(),
            successor: vkey(draft, "successor")?,
        })
    }
}

impl Receipt {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let number = |name| {
            draft
                .field(name)
                .and_then(Coded::as_u64)
                .ok_or(Malformed(name))
        };
        let receipt = Receipt {
            first: number("first")?,
            end: number("end")?,
            received: number("received")?,
            beside: draft
                .field("beside")
                .map(|_| number("beside"))
                .transpose()?,
        };
        if receipt.first < receipt.end {
            Ok(receipt)
        } else {
            Err(Malformed("first"))
        }
    }
}

/// What the author of a statement about a log must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "log.opened" => Some(Need::Known),
        "log.contradicted" | "log.cosigned" | "log.quorum" | "log.received" | "log.sealed" => {
            Some(Need::Role {
                role: "operator",
                scope: None,
            })
        }
        _ => None,
    }
}

/// Whether a kind is mere bookkeeping.
pub fn is_bookkeeping(kind: &Code) -> bool {
    matches!(kind.as_str(), "log.received" | "log.cosigned")
}

fn bytes<'a>(draft: &'a Draft, name: &'static str) -> Result<&'a [u8], Malformed> {
    draft
        .field(name)
        .and_then(Coded::as_bytes)
        .ok_or(Malformed(name))
}

fn vkey(draft: &Draft, name: &'static str) -> Result<NoteKey, Malformed> {
    let text = str::from_utf8(bytes(draft, name)?).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or(Malformed(name))
}

fn key(draft: &Draft, name: &'static str) -> Result<[u8; 32], Malformed> {
    bytes(draft, name)?.try_into().map_err(|_| Malformed(name))
}
