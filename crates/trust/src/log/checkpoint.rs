//! Checkpoints (c2sp.org/tlog-checkpoint): the root of a log at one size, as the text of a signed
//! note. Lines: origin, size, base64 root, and extension lines, whose use is discouraged.

use super::lines::{base64, control_character, parse_decimal, parse_hash};
use super::note::{Note, NoteError, NoteSignature};
use super::vkey::{LogSigner, NoteKey};
use super::{Hash, MAX_SIZE};
use std::fmt::Write as _;
use thiserror::Error;

/// A log at one size. Before its note is verified it is no more than a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The permanent name of the log, by convention a URL prefix without scheme. Opaque.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the RFC 6962 tree over them.
    pub root: Hash,
    /// Further lines, without their newlines; none of them empty. Monitors cannot audit them and
    /// ML-DSA-44 cosignatures do not cover them.
    pub extensions: Vec<String>,
}

/// What is wrong with a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// Fewer than three lines, or no newline at the end.
    #[error("checkpoint has fewer than three lines or does not end with a newline")]
    Lines,
    /// The origin is empty, or has a control character.
    #[error("checkpoint has no valid origin")]
    Origin,
    /// The size is no decimal without leading zero up to [`MAX_SIZE`].
    #[error("checkpoint size is not a plain decimal up to {MAX_SIZE}")]
    Size,
    /// The root is not the canonical base64 of 32 bytes.
    #[error("checkpoint root is not the canonical base64 of 32 bytes")]
    Root,
    /// An extension line that is empty or has a control character.
    #[error("checkpoint line {line} is empty or has a control character")]
    Extension {
        /// Its number, the origin being line 1.
        line: usize,
    },
    /// The note around the checkpoint is malformed or not signed as asked.
    #[error("checkpoint is not a signed note of its log")]
    Note(#[source] NoteError),
    /// The origin is not the name of the log's key.
    #[error("checkpoint is of {found:?}, not of {expected:?}")]
    OtherOrigin {
        /// The name of the key.
        expected: String,
        /// The origin found.
        found: String,
    },
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    #[must_use]
    pub fn new(origin: impl Into<String>, size: u64, root: Hash) -> Self {
        Self {
            origin: origin.into(),
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// Reads the text of a checkpoint note, final newline included.
    ///
    /// # Errors
    /// Any [`CheckpointError`] but those about the note.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        if !is_line(origin) {
            return Err(CheckpointError::Origin);
        }
        let size = parse_decimal(size).ok_or(CheckpointError::Size)?;
        let root = parse_hash(root).ok_or(CheckpointError::Root)?;
        let extensions = lines
            .enumerate()
            .map(|(position, line)| match is_line(line) {
                true => Ok(line.to_owned()),
                false => Err(CheckpointError::Extension { line: position + 4 }),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions,
        })
    }

    /// Writes the text of the checkpoint note.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`], [`CheckpointError::Size`], [`CheckpointError::Extension`] for
    /// values that a checkpoint cannot carry.
    pub fn to_text(&self) -> Result<String, CheckpointError> {
        if !is_line(&self.origin) {
            return Err(CheckpointError::Origin);
        }
        if self.size > MAX_SIZE {
            return Err(CheckpointError::Size);
        }
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, base64(&self.root));
        for (position, line) in self.extensions.iter().enumerate() {
            if !is_line(line) {
                return Err(CheckpointError::Extension { line: position + 4 });
            }
            // Formatting into a string cannot fail.
            let _ = writeln!(text, "{line}");
        }
        Ok(text)
    }
}

/// A checkpoint whose log's signature was verified, with the note that carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

impl SignedCheckpoint {
    /// Reads a checkpoint note and verifies that the log signed it. The key's name must be the
    /// origin, so that a key of one log cannot vouch for another.
    ///
    /// # Errors
    /// Any [`CheckpointError`].
    pub fn open(bytes: &[u8], log: &NoteKey) -> Result<Self, CheckpointError> {
        Self::from_note(Note::parse(bytes).map_err(CheckpointError::Note)?, log)
    }

    /// [`SignedCheckpoint::open`] for a note that has been parsed.
    ///
    /// # Errors
    /// Any [`CheckpointError`].
    pub(super) fn from_note(note: Note, log: &NoteKey) -> Result<Self, CheckpointError> {
        let checkpoint = Checkpoint::parse(&note.text)?;
        check_origin(&checkpoint, log)?;
        note.verify(std::slice::from_ref(log))
            .map_err(CheckpointError::Note)?;
        Ok(Self { note, checkpoint })
    }

    /// Signs a checkpoint as its log. Whoever calls this answers for never signing two
    /// checkpoints that contradict each other.
    ///
    /// # Errors
    /// [`CheckpointError::OtherOrigin`], and those of [`Checkpoint::to_text`].
    pub fn sign(checkpoint: Checkpoint, log: &LogSigner) -> Result<Self, CheckpointError> {
        check_origin(&checkpoint, log.key())?;
        let text = checkpoint.to_text()?;
        let note = log.sign_note(&text).map_err(CheckpointError::Note)?;
        Ok(Self { note, checkpoint })
    }

    /// What was signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// What was signed, without its note.
    #[must_use]
    pub fn into_checkpoint(self) -> Checkpoint {
        self.checkpoint
    }

    /// The note, with all its lines; only that of the log has been verified.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// The bytes of the note, equal to those that were opened.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.write()
    }

    /// The same checkpoint with further signature lines, such as cosignatures, behind its own.
    /// Verify them first: one bad line of a known key makes every reader refuse the note.
    ///
    /// # Errors
    /// [`CheckpointError::Note`] for malformed or too many lines.
    pub fn with_signatures(
        mut self,
        lines: impl IntoIterator<Item = NoteSignature>,
    ) -> Result<Self, CheckpointError> {
        self.note.signatures.extend(lines);
        self.note.to_bytes().map_err(CheckpointError::Note)?;
        Ok(self)
    }
}

fn check_origin(checkpoint: &Checkpoint, log: &NoteKey) -> Result<(), CheckpointError> {
    if checkpoint.origin != log.name() {
        return Err(CheckpointError::OtherOrigin {
            expected: log.name().to_owned(),
            found: checkpoint.origin.clone(),
        });
    }
    Ok(())
}

fn is_line(line: &str) -> bool {
    !line.is_empty() && !line.contains('\n') && control_character(line).is_none()
}
