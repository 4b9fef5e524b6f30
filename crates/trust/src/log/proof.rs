//! Offline proofs of one entry (c2sp.org/tlog-proof, v1): index, inclusion proof and signed
//! checkpoint in one text file, by convention `*.tlog-proof`.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>            (optional)
//! index <decimal>
//! <base64 hash>             (none or more, the leaf's sibling first)
//!
//! <checkpoint note, verbatim>
//! ```

use super::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use super::cosignature::{Cosigned, CosignersError, check_cosigners};
use super::lines::{base64, parse_base64, parse_decimal, parse_hash};
use super::merkle::{ProofError, verify_inclusion};
use super::note::{Note, NoteError};
use super::vkey::NoteKey;
use super::{Hash, MAX_SIZE};

use thiserror::Error;

/// The largest number of hashes: no tree of at most [`MAX_SIZE`] entries is higher.
pub const MAX_HASHES: usize = 63;

/// The largest extra value in bytes.
pub const MAX_EXTRA_LEN: usize = 1 << 20;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A proof that one entry is in a log. It says nothing before [`LogProof::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    /// Opaque bytes beside the proof. Nobody signed them: never trust them.
    pub extra: Option<Vec<u8>>,
    /// The position of the entry in the log, starting with 0.
    pub index: u64,
    /// The inclusion proof, the leaf's sibling first.
    pub hashes: Vec<Hash>,
    /// The checkpoint with the log's signature and cosignatures.
    pub checkpoint: Note,
}

/// What a proof has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenEntry {
    /// The position of the entry in the log.
    pub index: u64,
    /// The tree that the entry is in.
    pub checkpoint: Checkpoint,
    /// The cosigners that saw the tree, at least as many as the quorum.
    pub cosigned: Vec<Cosigned>,
}

/// Why a proof is malformed or proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LogProofError {
    /// Not UTF-8, or another first line.
    #[error("log proof does not start with the line {HEADER:?}")]
    Header,
    /// An extra line that is empty, too long or no canonical base64.
    #[error(
        "log proof has an extra line that is not canonical base64 of 1 to {MAX_EXTRA_LEN} bytes"
    )]
    Extra,
    /// No index line where one must be, or no plain decimal up to [`MAX_SIZE`] in it.
    #[error("log proof has no index line with a plain decimal up to {MAX_SIZE}")]
    Index,
    /// A line that is no hash.
    #[error("line {line} of a log proof is not the canonical base64 of 32 bytes")]
    Hash {
        /// Its number, starting with 1.
        line: usize,
    },
    /// More than [`MAX_HASHES`] hashes.
    #[error("log proof has more than {MAX_HASHES} hashes")]
    TooManyHashes,
    /// No empty line before the checkpoint.
    #[error("log proof has no empty line before its checkpoint")]
    NoCheckpoint,
    /// The checkpoint is no well-formed note.
    #[error("checkpoint of a log proof is not a signed note")]
    Note(#[source] NoteError),
    /// The log did not sign this checkpoint.
    #[error("checkpoint of a log proof is refused")]
    Checkpoint(#[source] CheckpointError),
    /// The cosignatures, or the list of cosigners, are refused.
    #[error("cosignatures of a log proof are refused")]
    Cosigners(#[source] CosignersError),
    /// The log's own key among the cosigners.
    #[error("the log's own key is listed as cosigner {name}")]
    LogAsCosigner {
        /// Name of that cosigner.
        name: String,
    },
    /// Too few of the cosigners signed.
    #[error("{found} cosigners signed the checkpoint of a log proof, {quorum} must have")]
    Quorum {
        /// How many must have signed.
        quorum: usize,
        /// How many did.
        found: usize,
    },
    /// The entry is not in the tree of the checkpoint.
    #[error("log proof does not show that the entry is in the log")]
    Inclusion(#[source] ProofError),
}

impl LogProof {
    /// Reads a proof. Nothing is verified.
    ///
    /// # Errors
    /// Any of the [`LogProofError`]s about form.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogProofError> {
        let text = str::from_utf8(bytes).map_err(|_| LogProofError::Header)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(LogProofError::NoCheckpoint)?;
        let mut lines = (1..).zip(head.split('\n')).peekable();
        if lines.next_if(|(_, line)| *line == HEADER).is_none() {
            return Err(LogProofError::Header);
        }
        let extra = lines
            .next_if(|(_, line)| line.starts_with("extra "))
            .map(|(_, line)| parse_extra(line).ok_or(LogProofError::Extra))
            .transpose()?;
        let index = lines
            .next()
            .and_then(|(_, line)| parse_decimal(line.strip_prefix("index ")?))
            .ok_or(LogProofError::Index)?;
        let mut hashes = Vec::new();
        for (line, hash) in lines {
            if hashes.len() == MAX_HASHES {
                return Err(LogProofError::TooManyHashes);
            }
            hashes.push(parse_hash(hash).ok_or(LogProofError::Hash { line })?);
        }
        Ok(Self {
            extra,
            index,
            hashes,
            checkpoint: Note::parse(checkpoint.as_bytes()).map_err(LogProofError::Note)?,
        })
    }

    /// Writes the proof.
    ///
    /// # Errors
    /// [`LogProofError::Extra`], [`LogProofError::Index`], [`LogProofError::TooManyHashes`],
    /// [`LogProofError::Note`] for values that the format cannot carry.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LogProofError> {
        if self.index > MAX_SIZE {
            return Err(LogProofError::Index);
        }
        if self.hashes.len() > MAX_HASHES {
            return Err(LogProofError::TooManyHashes);
        }
        let mut text = format!("{HEADER}\n");
        if let Some(extra) = &self.extra {
            if !(1..=MAX_EXTRA_LEN).contains(&extra.len()) {
                return Err(LogProofError::Extra);
            }
            text += &format!("extra {}\n", base64(extra));
        }
        text += &format!("index {}\n", self.index);
        for hash in &self.hashes {
            text += &base64(hash);
            text.push('\n');
        }
        text.push('\n');
        let checkpoint = self.checkpoint.to_bytes().map_err(LogProofError::Note)?;
        Ok([text.into_bytes(), checkpoint].concat())
    }

    /// Checks that the entry with this leaf hash is in the log: the log's signature, at least `quorum`
    /// of the cosigners' (0 asks for none), and the inclusion proof. The leaf hash is that of the
    /// entry which the caller holds ([`leaf_hash`](super::leaf_hash)); the proof does not carry it.
    ///
    /// # Errors
    /// Any of the [`LogProofError`]s but those about form.
    pub fn verify(
        &self,
        leaf: &Hash,
        log: &NoteKey,
        cosigners: &[NoteKey],
        quorum: usize,
    ) -> Result<ProvenEntry, LogProofError> {
        check_cosigners(cosigners).map_err(LogProofError::Cosigners)?;
        if let Some(key) = cosigners
            .iter()
            .find(|key| key.public_key() == log.public_key())
        {
            let name = key.name().to_owned();
            return Err(LogProofError::LogAsCosigner { name });
        }
        let signed = SignedCheckpoint::from_note(self.checkpoint.clone(), log)
            .map_err(LogProofError::Checkpoint)?;
        let cosigned = signed
            .cosigned_by(cosigners)
            .map_err(LogProofError::Cosigners)?;
        if cosigned.len() < quorum {
            let found = cosigned.len();
            return Err(LogProofError::Quorum { quorum, found });
        }
        let checkpoint = signed.into_checkpoint();
        verify_inclusion(
            self.index,
            checkpoint.size,
            leaf,
            &self.hashes,
            &checkpoint.root,
        )
        .map_err(LogProofError::Inclusion)?;
        Ok(ProvenEntry {
            index: self.index,
            checkpoint,
            cosigned,
        })
    }
}

fn parse_extra(line: &str) -> Option<Vec<u8>> {
    let extra = parse_base64(line.strip_prefix("extra ")?)?;
    (1..=MAX_EXTRA_LEN).contains(&extra.len()).then_some(extra)
}
