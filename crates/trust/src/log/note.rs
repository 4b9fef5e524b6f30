//! Signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines
//! `— <name> <base64 of key id and signature>`.
//!
//! Text and signatures part at the *last* empty line. Parsing is strict, so that a note has one
//! spelling: [`Note::to_bytes`] gives back what [`Note::parse`] read. Nothing in a note means
//! anything before [`Note::verify`].

use super::lines::{base64, control_character, parse_base64};
use super::vkey::is_name;
use std::fmt;
use thiserror::Error;

pub use super::vkey::{KeyError, LogSigner, NoteKey, NoteKeyType, SignatureError};

/// The largest number of signature lines. The standard asks for 16 at least.
pub const MAX_SIGNATURES: usize = 64;

/// The largest note in bytes: room for [`MAX_SIGNATURES`] post-quantum lines and a text beside them.
pub const MAX_NOTE_LEN: usize = 1 << 20;

/// A text and the lines that sign it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text with its final newline; it may have empty lines.
    pub text: String,
    /// At least one line, in their order.
    pub signatures: Vec<NoteSignature>,
}

/// One signature line. [`fmt::Display`] writes it without its newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub key_id: u32,
    /// The signature, in the form that the key's type prescribes; at least one byte.
    pub signature: Vec<u8>,
}

/// One line of a note that a known key signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedLine {
    /// Position of the key in the list of known keys.
    pub key: usize,
    /// Position of the line in the note.
    pub line: usize,
    /// The time in Unix seconds that a cosignature states; none for type 01.
    pub timestamp: Option<u64>,
}

/// What is wrong with a note. Positions are bytes from the start of what was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Longer than [`MAX_NOTE_LEN`].
    #[error("note of {len} bytes is longer than {MAX_NOTE_LEN}")]
    TooLong {
        /// Length of the note.
        len: usize,
    },
    /// Not UTF-8.
    #[error("note is not UTF-8 at byte {at}")]
    Utf8 {
        /// Where the first invalid sequence starts.
        at: usize,
    },
    /// A control character other than a newline.
    #[error("note has a control character at byte {at}")]
    Control {
        /// Where it stands.
        at: usize,
    },
    /// No empty line before signatures, or a text that does not end with a newline.
    #[error("note has no text that ends with a newline and an empty line")]
    NoText,
    /// No signature line.
    #[error("note has no signature line")]
    NoSignature,
    /// More than [`MAX_SIGNATURES`] lines.
    #[error("note has more than {MAX_SIGNATURES} signature lines")]
    TooManySignatures,
    /// A malformed signature line.
    #[error("signature line at byte {at} {fault}")]
    Line {
        /// Where the line starts.
        at: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// Two different known keys share name and id, so that a line cannot be assigned.
    #[error("two different known keys are {name}+{key_id:08x}")]
    AmbiguousKey {
        /// Their name.
        name: String,
        /// Their id.
        key_id: u32,
    },
    /// A line names a known key, and its signature fails: the whole note is refused.
    #[error("signature of {name}+{key_id:08x} on a note is refused")]
    BadSignature {
        /// The key's name.
        name: String,
        /// The key's id.
        key_id: u32,
        /// Why.
        #[source]
        source: SignatureError,
    },
    /// No known key signed.
    #[error("note is signed by none of {known} known keys")]
    Unverified {
        /// The number of known keys.
        known: usize,
    },
}

/// What is wrong with a signature line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LineFault {
    /// It does not end with a newline.
    #[error("has no newline")]
    NoNewline,
    /// It does not start with an em dash and a space.
    #[error("does not start with a dash")]
    NoDash,
    /// The name is empty, or has a character that names must not have.
    #[error("has no valid name")]
    Name,
    /// The rest is not the canonical base64 of five bytes or more.
    #[error("has no canonical base64 of a key id and a signature")]
    Base64,
}

impl Note {
    /// A note from its parts.
    ///
    /// # Errors
    /// [`NoteError`] where the parts would not make a note that can be parsed back.
    pub fn new(text: impl Into<String>, signatures: Vec<NoteSignature>) -> Result<Self, NoteError> {
        let note = Self {
            text: text.into(),
            signatures,
        };
        note.to_bytes().map(|_| note)
    }

    /// Reads a note. The signatures are not verified.
    ///
    /// # Errors
    /// Any of the [`NoteError`]s about form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let whole = checked_text(bytes)?;
        let split = whole.rfind("\n\n").ok_or(NoteError::NoText)?;
        let (text, lines) = (&whole[..=split], &whole[split + 2..]);
        Ok(Self {
            text: text.to_owned(),
            signatures: parse_lines(lines, split + 2)?,
        })
    }

    /// Writes the note.
    ///
    /// # Errors
    /// Any of the [`NoteError`]s about form, if the parts are not those of a note. Positions are
    /// in the text that would have been written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NoteError> {
        let written = self.write();
        // The one way to be sure that every reader finds these parts again.
        if Self::parse(&written)? == *self {
            Ok(written)
        } else {
            Err(NoteError::NoText)
        }
    }

    /// [`Note::to_bytes`] for parts that are known to be those of a note.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut whole = format!("{}\n", self.text);
        for signature in &self.signatures {
            whole += &format!("{signature}\n");
        }
        whole.into_bytes()
    }

    /// Finds the lines that known keys signed, by the rules of the standard: a line of an unknown
    /// name and id is ignored; a line of a known name and id that fails refuses the note; and so does
    /// having no line of a known key. At most one line counts for each key: the first.
    ///
    /// # Errors
    /// [`NoteError::AmbiguousKey`], [`NoteError::BadSignature`], [`NoteError::Unverified`].
    pub fn verify(&self, known: &[NoteKey]) -> Result<Vec<VerifiedLine>, NoteError> {
        let lines = self.verify_known(known)?;
        if lines.is_empty() {
            return Err(NoteError::Unverified { known: known.len() });
        }
        Ok(lines)
    }

    /// [`Note::verify`], but a note that no known key signed gives an empty list.
    pub(super) fn verify_known(&self, known: &[NoteKey]) -> Result<Vec<VerifiedLine>, NoteError> {
        check_unambiguous(known)?;
        let mut verified: Vec<VerifiedLine> = Vec::new();
        for (line, signature) in self.signatures.iter().enumerate() {
            let Some(key) = known.iter().position(|key| key.is_named_by(signature)) else {
                continue;
            };
            let timestamp = known[key]
                .verify(&self.text, &signature.signature)
                .map_err(|source| NoteError::BadSignature {
                    name: signature.name.clone(),
                    key_id: signature.key_id,
                    source,
                })?;
            if verified.iter().all(|earlier| earlier.key != key) {
                verified.push(VerifiedLine {
                    key,
                    line,
                    timestamp,
                });
            }
        }
        Ok(verified)
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [&self.key_id.to_be_bytes(), &*self.signature].concat();
        write!(f, "\u{2014} {} {}", self.name, base64(&signature))
    }
}

/// Reads one or more signature lines that stand alone, as a witness answers them.
///
/// # Errors
/// Any of the [`NoteError`]s about form but [`NoteError::NoText`].
pub fn parse_signature_lines(bytes: &[u8]) -> Result<Vec<NoteSignature>, NoteError> {
    parse_lines(checked_text(bytes)?, 0)
}

fn checked_text(bytes: &[u8]) -> Result<&str, NoteError> {
    if bytes.len() > MAX_NOTE_LEN {
        return Err(NoteError::TooLong { len: bytes.len() });
    }
    let text = str::from_utf8(bytes).map_err(|error| NoteError::Utf8 {
        at: error.valid_up_to(),
    })?;
    match control_character(text) {
        Some(at) => Err(NoteError::Control { at }),
        None => Ok(text),
    }
}

/// `start` is where the lines begin in what is parsed, for the positions of errors.
fn parse_lines(lines: &str, start: usize) -> Result<Vec<NoteSignature>, NoteError> {
    let mut at = start;
    let mut signatures = Vec::new();
    for line in lines.split_inclusive('\n') {
        if signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        signatures.push(parse_line(line).map_err(|fault| NoteError::Line { at, fault })?);
        at += line.len();
    }
    if signatures.is_empty() {
        return Err(NoteError::NoSignature);
    }
    Ok(signatures)
}

fn parse_line(line: &str) -> Result<NoteSignature, LineFault> {
    let line = line.strip_suffix('\n').ok_or(LineFault::NoNewline)?;
    let line = line.strip_prefix("\u{2014} ").ok_or(LineFault::NoDash)?;
    let (name, encoded) = line.split_once(' ').ok_or(LineFault::Base64)?;
    if !is_name(name) {
        return Err(LineFault::Name);
    }
    let decoded = parse_base64(encoded).ok_or(LineFault::Base64)?;
    match decoded.split_first_chunk::<4>() {
        Some((key_id, signature)) if !signature.is_empty() => Ok(NoteSignature {
            name: name.to_owned(),
            key_id: u32::from_be_bytes(*key_id),
            signature: signature.to_vec(),
        }),
        _ => Err(LineFault::Base64),
    }
}

fn check_unambiguous(known: &[NoteKey]) -> Result<(), NoteError> {
    for (position, key) in known.iter().enumerate() {
        let twin = |other: &&NoteKey| {
            other.key_id() == key.key_id() && other.name() == key.name() && *other != key
        };
        if let Some(key) = known[..position].iter().find(twin) {
            return Err(NoteError::AmbiguousKey {
                name: key.name().to_owned(),
                key_id: key.key_id(),
            });
        }
    }
    Ok(())
}
