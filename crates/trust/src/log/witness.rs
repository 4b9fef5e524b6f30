//! What a witness is asked and what it answers (c2sp.org/tlog-witness v1.0.0): the request as bytes,
//! the answer as a decision on what the witness remembers.
//!
//! | what the witness finds | status |
//! |---|---|
//! | a request that is not of this form, or whose old size is above the new one | 400 |
//! | a log that it does not know | 404 |
//! | no signature of the log, or one that fails | 403 |
//! | that it last cosigned another size than the request says | 409, with that size |
//! | a proof that does not lead there, or another root at the same size | 422 |
//! | nothing of these | 200, with its cosignature |
//!
//! The size in an answer of 409 is a decimal and a newline, of the type [`SIZE_TYPE`].
//!
//! Remembering the new tree and answering are one atomic step, and the tree is remembered first:
//! else two requests could race, and roll the witness back. That is its caller's to do.

use super::Hash;
use super::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use super::lines::{base64, parse_decimal, parse_hash};
use super::merkle::{ProofError, empty_root, verify_consistency};
use super::note::{Note, NoteError};
use super::vkey::NoteKey;
use thiserror::Error;

/// Most hashes of a consistency proof in a request.
pub const MAX_HASHES: usize = 63;

/// Media type of the answer that names the size which the witness last cosigned.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

/// A request to cosign a checkpoint: what of it the witness is thought to know, and how one leads to
/// the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is thought to have cosigned last; 0 for none.
    pub old: u64,
    /// RFC 6962 consistency proof from that size to the checkpoint's.
    pub proof: Vec<Hash>,
    /// The checkpoint, with the log's signature.
    pub checkpoint: Note,
}

/// What is wrong with the form of a request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AddCheckpointError {
    /// It does not begin with `old` and a size.
    #[error("request does not begin with `old` and a plain decimal")]
    Old,
    /// A line before the empty one that is no hash.
    #[error("line {line} of a request is not the canonical base64 of 32 bytes")]
    Hash {
        /// Its number, the first being 1.
        line: usize,
    },
    /// More hashes than a proof has.
    #[error("request has more than {MAX_HASHES} hashes")]
    TooManyHashes,
    /// No empty line, so no checkpoint.
    #[error("request has no checkpoint")]
    NoCheckpoint,
    /// What follows is no note.
    #[error("checkpoint of a request is not a note")]
    Note(#[source] NoteError),
    /// What follows is no checkpoint.
    #[error("checkpoint of a request is malformed")]
    Checkpoint(#[source] CheckpointError),
    /// The old size is above the new one.
    #[error("request goes back from size {old} to {new}")]
    Backwards {
        /// The size that the witness is thought to know.
        old: u64,
        /// The checkpoint's.
        new: u64,
    },
}

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Declined {
    /// The log did not sign it, or a line in its name fails.
    #[error("the checkpoint is not signed by its log")]
    Unsigned(#[source] CheckpointError),
    /// It has last cosigned another size.
    #[error("size {size} was cosigned last")]
    OtherSize {
        /// That size.
        size: u64,
    },
    /// Two roots at one size: a log that signed both has forked.
    #[error("another root was cosigned at size {size}")]
    OtherRoot {
        /// The size.
        size: u64,
    },
    /// A tree of no entries with another root than that of the empty tree.
    #[error("the root of no entries is not that of the empty tree")]
    EmptyTree,
    /// The proof does not lead from the one tree to the other.
    #[error("the checkpoint is not shown to extend what was cosigned last")]
    Unproven(#[source] ProofError),
}

impl AddCheckpoint {
    /// Reads a request. Nothing is verified.
    ///
    /// # Errors
    /// Any [`AddCheckpointError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, AddCheckpointError> {
        let text = str::from_utf8(bytes).map_err(|_| AddCheckpointError::Old)?;
        let (first, rest) = text.split_once('\n').ok_or(AddCheckpointError::Old)?;
        let old = first.strip_prefix("old ").and_then(parse_decimal);
        let old = old.ok_or(AddCheckpointError::Old)?;
        let mut proof = Vec::new();
        let mut rest = rest;
        let note = loop {
            let (line, after) = rest
                .split_once('\n')
                .ok_or(AddCheckpointError::NoCheckpoint)?;
            if line.is_empty() {
                break after;
            }
            if proof.len() == MAX_HASHES {
                return Err(AddCheckpointError::TooManyHashes);
            }
            let line_number = proof.len() + 2;
            let hash = parse_hash(line).ok_or(AddCheckpointError::Hash { line: line_number })?;
            proof.push(hash);
            rest = after;
        };
        let checkpoint = Note::parse(note.as_bytes()).map_err(AddCheckpointError::Note)?;
        let request = Self {
            old,
            proof,
            checkpoint,
        };
        let new = request.claimed()?.size;
        if old > new {
            return Err(AddCheckpointError::Backwards { old, new });
        }
        Ok(request)
    }

    /// Writes the request.
    ///
    /// # Errors
    /// [`AddCheckpointError::TooManyHashes`], [`AddCheckpointError::Note`] for values that the form
    /// cannot carry.
    pub fn to_bytes(&self) -> Result<Vec<u8>, AddCheckpointError> {
        if self.proof.len() > MAX_HASHES {
            return Err(AddCheckpointError::TooManyHashes);
        }
        let note = self
            .checkpoint
            .to_bytes()
            .map_err(AddCheckpointError::Note)?;
        let hashes = self.proof.iter().map(|hash| base64(hash) + "\n");
        let head = format!("old {}\n{}\n", self.old, hashes.collect::<String>());
        Ok([head.as_bytes(), &note].concat())
    }

    /// What the checkpoint says, whoever signed it: by its origin the witness finds the log.
    ///
    /// # Errors
    /// [`AddCheckpointError::Checkpoint`].
    pub fn claimed(&self) -> Result<Checkpoint, AddCheckpointError> {
        Checkpoint::parse(&self.checkpoint.text).map_err(AddCheckpointError::Checkpoint)
    }

    /// Whether a witness that has last cosigned this tree may cosign the checkpoint of a log with this
    /// key. An equal tree is cosigned again, at another time.
    ///
    /// # Errors
    /// Any [`Declined`].
    pub fn judge(
        &self,
        log: &NoteKey,
        latest: Option<&Checkpoint>,
    ) -> Result<SignedCheckpoint, Declined> {
        let signed = SignedCheckpoint::from_note(self.checkpoint.clone(), log);
        let signed = signed.map_err(Declined::Unsigned)?;
        let new = signed.checkpoint();
        let (size, root) = latest.map_or((0, empty_root()), |tree| (tree.size, tree.root));
        if self.old != size {
            return Err(Declined::OtherSize { size });
        }
        if new.size == 0 && new.root != empty_root() {
            return Err(Declined::EmptyTree);
        }
        if new.size == size && new.root != root {
            return Err(Declined::OtherRoot { size });
        }
        verify_consistency(size, new.size, &self.proof, &root, &new.root)
            .map_err(Declined::Unproven)?;
        Ok(signed)
    }
}

/// Reads the size that a witness names where it has cosigned another one last: a decimal and a
/// newline, as the answer of type [`SIZE_TYPE`] has it.
pub fn parse_size(body: &[u8]) -> Option<u64> {
    parse_decimal(str::from_utf8(body).ok()?.strip_suffix('\n')?)
}

impl Declined {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Declined::Unsigned(_) => 403,
            Declined::OtherSize { .. } => 409,
            Declined::OtherRoot { .. } | Declined::EmptyTree | Declined::Unproven(_) => 422,
        }
    }
}
