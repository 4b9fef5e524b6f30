//! Keys of signed notes (c2sp.org/signed-note, "verifier keys"): the text form
//! `<name>+<8 hex digits of the id>+<base64 of type and public key>`, and the signer of a log.
//!
//! | type | signature | signs |
//! |---|---|---|
//! | 01 | Ed25519 | the text of the note |
//! | 04 | Ed25519 cosignature | time and text of a checkpoint, see [`super::cosignature`] |
//! | 06 | ML-DSA-44 cosignature | name, time, origin, size and root of a checkpoint |
//!
//! Types 02 (ECDSA), 05 (RFC 6962 tree head) and ff are recognised and refused. An Ed25519 key that is
//! weak (of small order) or not canonically encoded is no key: libraries would disagree about its
//! signatures.

use super::cosignature::{self, CosignatureError};
use super::lines::{base64, parse_base64};
use super::note::{Note, NoteError, NoteSignature};
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use ml_dsa::{EncodedVerifyingKey, MlDsa44};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// How a key signs; the value is the type byte of the key's text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum NoteKeyType {
    /// Ed25519 over the text of the note.
    Ed25519 = 0x01,
    /// Ed25519 over time and text of a checkpoint: `cosignature/v1`.
    Ed25519Cosignature = 0x04,
    /// ML-DSA-44 over name, time, origin, size and root of a checkpoint: `subtree/v1`.
    MlDsa44Cosignature = 0x06,
}

/// Why a text or bytes are no usable key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not of the form name, `+`, id, `+`, base64.
    #[error("note key is not of the form name+id+key")]
    Form,
    /// The name is empty, or has a space, a plus or a control character; or it is the name of an
    /// ML-DSA-44 key and longer than 255 bytes.
    #[error("{name:?} cannot be the name of a note key")]
    Name {
        /// The name as given.
        name: String,
    },
    /// The id is not eight lower-case hexadecimal digits.
    #[error("id of note key {name} is not eight lower-case hexadecimal digits")]
    Id {
        /// The key's name.
        name: String,
    },
    /// The id does not follow from name, type and key.
    #[error("id of note key {name} is {found:08x}, its name and key give {expected:08x}")]
    IdMismatch {
        /// The key's name.
        name: String,
        /// The id computed.
        expected: u32,
        /// The id in the text.
        found: u32,
    },
    /// The key is not canonical base64, or empty.
    #[error("note key {name} is not canonical base64")]
    Base64 {
        /// The key's name.
        name: String,
    },
    /// A signature type that is not supported.
    #[error("note key {name} has the unsupported type {code:02x}")]
    UnsupportedType {
        /// The key's name.
        name: String,
        /// The type byte.
        code: u8,
    },
    /// The public key has the wrong length for its type.
    #[error("note key {name} has {found} key bytes instead of {expected}")]
    Length {
        /// The key's name.
        name: String,
        /// The length for this type.
        expected: usize,
        /// The length given.
        found: usize,
    },
    /// An Ed25519 key that is no point, of small order, or not in its canonical encoding.
    #[error("Ed25519 key of {name} is weak or not canonical")]
    Weak {
        /// The key's name.
        name: String,
    },
}

/// Why one signature of a known key was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The length is not that of this type.
    #[error("signature has {found} bytes instead of {expected}")]
    Length {
        /// The length for this type.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// The signature is not one of this key over this text.
    #[error("signature does not verify")]
    Invalid,
    /// What was signed is no checkpoint, or the cosignature itself breaks a rule.
    #[error("not a valid cosignature")]
    Cosignature(#[source] CosignatureError),
}

/// A named public key that verifies lines of signed notes.
#[derive(Clone)]
pub struct NoteKey {
    name: String,
    key_id: u32,
    /// Type byte and public key, as in the text form.
    encoded: Vec<u8>,
    public: PublicKey,
}

#[derive(Clone)]
pub(super) enum PublicKey {
    Ed25519(VerifyingKey),
    Ed25519Cosignature(VerifyingKey),
    /// Boxed: with its expanded matrix it is large.
    MlDsa44Cosignature(Box<ml_dsa::VerifyingKey<MlDsa44>>),
}

impl NoteKey {
    /// A key from its name, type and public key: 32 bytes for both Ed25519 types, 1,312 bytes for
    /// ML-DSA-44.
    ///
    /// # Errors
    /// [`KeyError::Name`], [`KeyError::Length`], [`KeyError::Weak`].
    pub fn new(name: &str, key_type: NoteKeyType, public: &[u8]) -> Result<Self, KeyError> {
        check_name(name)?;
        let parsed = match key_type {
            NoteKeyType::Ed25519 => PublicKey::Ed25519(parse_ed25519(name, public)?),
            NoteKeyType::Ed25519Cosignature => {
                PublicKey::Ed25519Cosignature(parse_ed25519(name, public)?)
            }
            NoteKeyType::MlDsa44Cosignature if name.len() > 255 => return Err(bad_name(name)),
            NoteKeyType::MlDsa44Cosignature => {
                let encoded = EncodedVerifyingKey::<MlDsa44>::try_from(public)
                    .map_err(|_| wrong_length(name, 1312, public))?;
                PublicKey::MlDsa44Cosignature(Box::new(ml_dsa::VerifyingKey::decode(&encoded)))
            }
        };
        let encoded = [&[key_type as u8], public].concat();
        Ok(Self {
            name: name.to_owned(),
            key_id: key_id(name, &encoded),
            encoded,
            public: parsed,
        })
    }

    /// The name that stands in signature lines. Of a log it is the origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256 of name, newline, type and key. An identifier, no fingerprint:
    /// with some work anybody can make another key with the same id.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    /// How the key signs.
    #[must_use]
    pub const fn key_type(&self) -> NoteKeyType {
        match self.public {
            PublicKey::Ed25519(_) => NoteKeyType::Ed25519,
            PublicKey::Ed25519Cosignature(_) => NoteKeyType::Ed25519Cosignature,
            PublicKey::MlDsa44Cosignature(_) => NoteKeyType::MlDsa44Cosignature,
        }
    }

    /// The public key without its type byte.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.encoded[1..]
    }

    /// Whether a signature line claims to be by this key: same name and same id.
    #[must_use]
    pub fn is_named_by(&self, signature: &NoteSignature) -> bool {
        self.key_id == signature.key_id && self.name == signature.name
    }

    /// Checks one signature of this key over the text of a note, whatever the line's name and id.
    /// Gives the timestamp of a cosignature, and none for type 01.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, SignatureError> {
        match &self.public {
            PublicKey::Ed25519(key) => {
                verify_ed25519(key, text.as_bytes(), signature).map(|()| None)
            }
            PublicKey::Ed25519Cosignature(key) => {
                cosignature::verify_ed25519_cosignature(key, text, signature).map(Some)
            }
            PublicKey::MlDsa44Cosignature(key) => {
                cosignature::verify_ml_dsa_cosignature(&self.name, key, text, signature).map(Some)
            }
        }
    }
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.key_id,
            base64(&self.encoded)
        )
    }
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteKey({}+{:08x})", self.name, self.key_id)
    }
}

impl PartialEq for NoteKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.encoded == other.encoded
    }
}

impl Eq for NoteKey {}

impl FromStr for NoteKey {
    type Err = KeyError;

    /// # Errors
    /// Any [`KeyError`].
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        check_name(name)?;
        let id = parse_id(id).ok_or_else(|| KeyError::Id {
            name: name.to_owned(),
        })?;
        let encoded = parse_base64(key);
        let Some((&code, public)) = encoded.as_deref().and_then(<[u8]>::split_first) else {
            return Err(KeyError::Base64 {
                name: name.to_owned(),
            });
        };
        let key_type = match code {
            0x01 => NoteKeyType::Ed25519,
            0x04 => NoteKeyType::Ed25519Cosignature,
            0x06 => NoteKeyType::MlDsa44Cosignature,
            code => {
                let name = name.to_owned();
                return Err(KeyError::UnsupportedType { name, code });
            }
        };
        let key = Self::new(name, key_type, public)?;
        if key.key_id != id {
            return Err(KeyError::IdMismatch {
                name: key.name,
                expected: key.key_id,
                found: id,
            });
        }
        Ok(key)
    }
}

/// Signs notes as a log does: Ed25519, type 01.
#[derive(Clone)]
pub struct LogSigner {
    key: NoteKey,
    secret: SigningKey,
}

impl LogSigner {
    /// The signer with this name (for a log, its origin) and Ed25519 seed.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = SigningKey::from_bytes(seed);
        let public = secret.verifying_key().to_bytes();
        let key = NoteKey::new(name, NoteKeyType::Ed25519, &public)?;
        Ok(Self { key, secret })
    }

    /// The public half.
    #[must_use]
    pub const fn key(&self) -> &NoteKey {
        &self.key
    }

    /// The signature line for a text. It is a note's text only if [`Note::to_bytes`] accepts it.
    #[must_use]
    pub fn sign(&self, text: &str) -> NoteSignature {
        NoteSignature {
            name: self.key.name.clone(),
            key_id: self.key.key_id,
            signature: self.secret.sign(text.as_bytes()).to_vec(),
        }
    }

    /// A note with this text and this signer's line alone.
    ///
    /// # Errors
    /// [`NoteError`] where the text cannot be that of a note.
    pub fn sign_note(&self, text: &str) -> Result<Note, NoteError> {
        Note::new(text, vec![self.sign(text)])
    }
}

impl fmt::Debug for LogSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogSigner({}+{:08x})", self.key.name, self.key.key_id)
    }
}

/// Whether a name may stand in a signature line.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c == '+' || c < ' ' || c.is_whitespace())
}

/// `verify_strict`: key and nonce not of small order, scalar and nonce in canonical form.
pub(super) fn verify_ed25519(
    key: &VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let bytes = signature.try_into().map_err(|_| SignatureError::Length {
        expected: ed25519_dalek::SIGNATURE_LENGTH,
        found: signature.len(),
    })?;
    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(bytes))
        .map_err(|_| SignatureError::Invalid)
}

fn check_name(name: &str) -> Result<(), KeyError> {
    if is_name(name) {
        Ok(())
    } else {
        Err(bad_name(name))
    }
}

fn bad_name(name: &str) -> KeyError {
    KeyError::Name {
        name: name.to_owned(),
    }
}

fn parse_ed25519(name: &str, public: &[u8]) -> Result<VerifyingKey, KeyError> {
    let bytes = public
        .try_into()
        .map_err(|_| wrong_length(name, 32, public))?;
    VerifyingKey::from_bytes(bytes)
        .ok()
        .filter(|key| !key.is_weak() && key.to_edwards().compress().as_bytes() == bytes)
        .ok_or_else(|| KeyError::Weak {
            name: name.to_owned(),
        })
}

fn wrong_length(name: &str, expected: usize, public: &[u8]) -> KeyError {
    KeyError::Length {
        name: name.to_owned(),
        expected,
        found: public.len(),
    }
}

fn parse_id(text: &str) -> Option<u32> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn key_id(name: &str, encoded: &[u8]) -> u32 {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update(b"\n")
        .chain_update(encoded)
        .finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}
