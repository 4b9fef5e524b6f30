//! This node as a witness: answering whoever asks it to cosign a checkpoint.

use std::path::Path;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::cosignature::CosignatureSigner;
use ensign_trust::log::equivocation::{Verdict, judge};
use ensign_trust::log::note::Note;
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::log::witness::{AddCheckpoint, Declined, SIZE_TYPE};
use ensign_trust::logbook::{Contradiction, LogName};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::memory::{Memory, Watched};
use crate::audit::database::LogDatabase;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, chain};
use crate::folder::Folder;
use crate::followed::FollowedVault;
use crate::node::{cosigner_cell, log_fault};

const TEXT: &str = "text/plain; charset=utf-8";

/// A witness. Several processes may be the same one: what it remembers they share.
pub struct Witness {
    memory: Memory,
    signer: CosignatureSigner,
    clock: Arc<dyn Clock>,
}

/// What a witness answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub media: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

impl Witness {
    /// The witness of a node's folder, beside the process that serves the node, if there is one.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let folder = Folder::at(path);
        let origin = LogDatabase::open(&folder)?.origin()?;
        let memory = Memory::open(&folder)?.ok_or_else(|| Error::WitnessForgot {
            path: folder.witness_db(),
        })?;
        let vault = FollowedVault::open(&folder, &Config::read(path)?)?;
        let seed = vault.value(cosigner_cell())?;
        let seed = seed.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        let seed = Zeroizing::new(seed.ok_or_else(|| Error::NotOurs {
            party: "the witness".to_owned(),
        })?);
        let signer = CosignatureSigner::from_seed(&witness_name(origin.as_str()), &seed);
        let signer = signer.map_err(log_fault(LogName::Public))?;
        Ok(Witness::over(memory, signer, clock))
    }

    /// A witness over what it remembers.
    pub(crate) fn over(memory: Memory, signer: CosignatureSigner, clock: Arc<dyn Clock>) -> Self {
        Witness {
            memory,
            signer,
            clock,
        }
    }

    /// The key of its cosignatures.
    pub fn key(&self) -> &NoteKey {
        self.signer.key()
    }

    /// The logs that it watches.
    pub fn watched(&self) -> Result<Vec<Watched>, Error> {
        self.memory.watched()
    }

    /// Answers `POST /add-checkpoint`.
    pub fn add_checkpoint(&self, body: &[u8]) -> Answer {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return Answer::text(400, chain(&error)),
        };
        match self.cosign(&request) {
            Ok(answer) => answer,
            Err(error) => Answer::failed(&error),
        }
    }

    /// Answers `GET /HASH/checkpoint`: the last checkpoint that was cosigned of the log whose origin
    /// has this SHA-256 digest, in lower-case hexadecimal.
    pub fn checkpoint(&self, hash: &str) -> Answer {
        match self.last_by_hash(hash) {
            Ok(Some(body)) => Answer {
                status: 200,
                media: TEXT,
                body,
            },
            Ok(None) => Answer::text(404, "no checkpoint of this log was cosigned".to_owned()),
            Err(error) => Answer::failed(&error),
        }
    }

    fn last_by_hash(&self, hash: &str) -> Result<Option<Vec<u8>>, Error> {
        for log in self.memory.watched()? {
            if HEXLOWER.encode(&Sha256::digest(&log.origin)) == hash {
                return self.memory.last(&log.origin);
            }
        }
        Ok(None)
    }

    fn cosign(&self, request: &AddCheckpoint) -> Result<Answer, Error> {
        let fault = log_fault(LogName::Public);
        let origin = match request.claimed() {
            Ok(checkpoint) => checkpoint.origin,
            Err(error) => return Ok(Answer::text(400, chain(&error))),
        };
        let Some(log) = self.memory.log(&origin)? else {
            return Ok(Answer::text(404, "this log is not watched here".to_owned()));
        };
        // Each round that does not end was overtaken by another request, which did.
        loop {
            let before = self.memory.last(&origin)?;
            let last = before
                .as_deref()
                .map(|note| SignedCheckpoint::open(note, &log));
            let last = last.transpose().map_err(log_fault(LogName::Public))?;
            let latest = last.as_ref().map(SignedCheckpoint::checkpoint);
            let signed = match request.judge(&log, latest) {
                Ok(signed) => signed,
                Err(declined) => {
                    if let Some(before) = &before {
                        self.keep_contradiction(&log, before, request)?;
                    }
                    return Ok(Answer::declined(&declined));
                }
            };
            let earlier = last
                .as_ref()
                .and_then(|last| last.cosigned_by(std::slice::from_ref(self.key())).ok())
                .and_then(|lines| lines.first().map(|line| line.timestamp));
            let time = self.clock.now().max(earlier.unwrap_or(0));
            let text = &signed.note().text;
            let line = self.signer.sign(text, time);
            let line = line.map_err(log_fault(LogName::Public))?;
            let own = signed.note().signatures.iter();
            let own = own.filter(|line| log.is_named_by(line)).cloned();
            let kept = Note::new(text.as_str(), own.chain([line.clone()]).collect());
            let kept = kept.and_then(|note| note.to_bytes()).map_err(&fault)?;
            if self.memory.advance(&origin, before.as_deref(), &kept)? {
                return Ok(Answer {
                    status: 200,
                    media: TEXT,
                    body: format!("{line}\n").into_bytes(),
                });
            }
        }
    }

    /// Keeps two checkpoints of which neither extends the other, where the request shows that.
    fn keep_contradiction(
        &self,
        log: &NoteKey,
        last: &[u8],
        request: &AddCheckpoint,
    ) -> Result<(), Error> {
        let Ok(other) = request.checkpoint.to_bytes() else {
            return Ok(());
        };
        if let Ok(Verdict::Contradiction(_)) = judge(last, &other, log, Some(&request.proof)) {
            tracing::error!(origin = log.name(), "a log contradicts itself");
            self.memory.keep(&Contradiction {
                log: log.clone(),
                checkpoints: [last.to_vec(), other],
                proof: request.proof.clone(),
            })?;
        }
        Ok(())
    }
}

impl Answer {
    fn text(status: u16, mut text: String) -> Self {
        text.push('\n');
        Answer {
            status,
            media: TEXT,
            body: text.into_bytes(),
        }
    }

    fn declined(declined: &Declined) -> Self {
        match declined {
            Declined::OtherSize { size } => Answer {
                status: declined.status(),
                media: SIZE_TYPE,
                body: format!("{size}\n").into_bytes(),
            },
            _ => Answer::text(declined.status(), chain(declined)),
        }
    }

    fn failed(error: &Error) -> Self {
        tracing::error!(error = %chain(error), "the witness cannot answer");
        Answer::text(503, "the witness cannot answer now; try again".to_owned())
    }
}

/// What the witness of a node is called.
pub(crate) fn witness_name(origin: &str) -> String {
    format!("{origin}/witness")
}
