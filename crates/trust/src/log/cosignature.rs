//! Cosignatures (c2sp.org/tlog-cosignature): what a witness signs about a checkpoint.
//!
//! A cosignature says: at this time, this was the largest tree of that log which I had seen, and it
//! extended all that I had seen before. In a note it is a signature line whose bytes are a 64-bit
//! timestamp and the signature.
//!
//! - Ed25519 (type 04) covers the time and the whole text. It does not bind the cosigner's name: one
//!   key for one cosigner.
//! - ML-DSA-44 (type 06) covers name, time, origin, size and root; extension lines it does not. A time of
//!   0 says nothing about when, nor that the tree was the largest. Verified here, not produced.

use super::MAX_SIZE;
use super::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use super::note::{NoteError, NoteSignature};
use super::vkey::{KeyError, NoteKey, NoteKeyType, SignatureError, verify_ed25519};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use ml_dsa::{MlDsa44, Verifier as _};
use std::fmt;
use thiserror::Error;

const TIMESTAMP_LEN: usize = 8;
const ED25519_LEN: usize = TIMESTAMP_LEN + 64;
const ML_DSA_44_LEN: usize = TIMESTAMP_LEN + 2420;

/// Why a cosignature cannot be made or verified, other than by its signature.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CosignatureError {
    /// The text is that of no checkpoint.
    #[error("cosigned text is not a checkpoint")]
    Checkpoint(#[source] Box<CheckpointError>),
    /// A timestamp above [`MAX_SIZE`].
    #[error("cosignature time {timestamp} is above {MAX_SIZE}")]
    Timestamp {
        /// The timestamp.
        timestamp: u64,
    },
    /// An origin that does not fit the 8-bit length of the ML-DSA-44 message.
    #[error("origin of {len} bytes is longer than 255, and cannot be cosigned with ML-DSA-44")]
    OriginLength {
        /// Length of the origin in bytes.
        len: usize,
    },
}

/// One cosigner's word about a checkpoint, verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// Position of the cosigner in the list of keys.
    pub cosigner: usize,
    /// The time in Unix seconds that the cosigner states; with ML-DSA-44, 0 states none.
    pub timestamp: u64,
}

/// Why the cosignatures of a checkpoint cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CosignersError {
    /// A key of type 01 states no time and is no cosigner.
    #[error("note key {name} is not a cosigner's")]
    NotACosigner {
        /// The key's name.
        name: String,
    },
    /// The same public key twice would let one cosigner count as two.
    #[error("cosigners {one} and {other} have the same public key")]
    SameKey {
        /// Name of the first.
        one: String,
        /// Name of the second.
        other: String,
    },
    /// A line of a known cosigner fails, or two known keys cannot be told apart.
    #[error("cosignatures of a checkpoint are refused")]
    Note(#[source] NoteError),
}

impl SignedCheckpoint {
    /// Which of these cosigners signed the checkpoint, and when; in the order of its lines, each
    /// cosigner once. None is an answer, not an error.
    ///
    /// # Errors
    /// Any [`CosignersError`].
    pub fn cosigned_by(&self, cosigners: &[NoteKey]) -> Result<Vec<Cosigned>, CosignersError> {
        check_cosigners(cosigners)?;
        let lines = self.note().verify_known(cosigners);
        let lines = lines.map_err(CosignersError::Note)?;
        Ok(lines
            .iter()
            .filter_map(|line| {
                Some(Cosigned {
                    cosigner: line.key,
                    timestamp: line.timestamp?,
                })
            })
            .collect())
    }
}

/// Cosigns checkpoints with Ed25519, type 04.
#[derive(Clone)]
pub struct CosignatureSigner {
    key: NoteKey,
    secret: SigningKey,
}

impl CosignatureSigner {
    /// The cosigner with this name and Ed25519 seed. The seed must serve nothing else.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = SigningKey::from_bytes(seed);
        let public = secret.verifying_key().to_bytes();
        let key = NoteKey::new(name, NoteKeyType::Ed25519Cosignature, &public)?;
        Ok(Self { key, secret })
    }

    /// The public half.
    #[must_use]
    pub const fn key(&self) -> &NoteKey {
        &self.key
    }

    /// The cosignature line for the text of a checkpoint, at this time in Unix seconds. Whoever calls
    /// this has checked the log's signature, and that the tree extends all trees cosigned before.
    ///
    /// # Errors
    /// [`CosignatureError::Checkpoint`], [`CosignatureError::Timestamp`].
    pub fn sign(&self, text: &str, timestamp: u64) -> Result<NoteSignature, CosignatureError> {
        parse_checkpoint(text)?;
        check_timestamp(timestamp)?;
        let signature = self.secret.sign(&ed25519_message(timestamp, text));
        Ok(NoteSignature {
            name: self.key.name().to_owned(),
            key_id: self.key.key_id(),
            signature: [&timestamp.to_be_bytes()[..], &signature.to_bytes()].concat(),
        })
    }
}

impl fmt::Debug for CosignatureSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, key_id) = (self.key.name(), self.key.key_id());
        write!(f, "CosignatureSigner({name}+{key_id:08x})")
    }
}

/// Verifies the bytes of a type 04 line over the text of a checkpoint; gives its timestamp.
pub(super) fn verify_ed25519_cosignature(
    key: &VerifyingKey,
    text: &str,
    signature: &[u8],
) -> Result<u64, SignatureError> {
    let (timestamp, signature) = split(signature, ED25519_LEN)?;
    parse_checkpoint(text).map_err(SignatureError::Cosignature)?;
    verify_ed25519(key, &ed25519_message(timestamp, text), signature)?;
    Ok(timestamp)
}

/// Verifies the bytes of a type 06 line over the text of a checkpoint; gives its timestamp.
pub(super) fn verify_ml_dsa_cosignature(
    name: &str,
    key: &ml_dsa::VerifyingKey<MlDsa44>,
    text: &str,
    signature: &[u8],
) -> Result<u64, SignatureError> {
    let (timestamp, signature) = split(signature, ML_DSA_44_LEN)?;
    let checkpoint = parse_checkpoint(text).map_err(SignatureError::Cosignature)?;
    let message =
        ml_dsa_message(name, timestamp, &checkpoint).map_err(SignatureError::Cosignature)?;
    let signature =
        ml_dsa::Signature::<MlDsa44>::try_from(signature).map_err(|_| SignatureError::Invalid)?;
    key.verify(&message, &signature)
        .map_err(|_| SignatureError::Invalid)?;
    Ok(timestamp)
}

/// What a type 06 cosigner signs about a whole tree.
pub(super) fn ml_dsa_message(
    name: &str,
    timestamp: u64,
    checkpoint: &Checkpoint,
) -> Result<Vec<u8>, CosignatureError> {
    let origin = checkpoint.origin.as_bytes();
    let origin_len = u8::try_from(origin.len())
        .map_err(|_| CosignatureError::OriginLength { len: origin.len() })?;
    let name_len =
        u8::try_from(name.len()).expect("ML-DSA-44 keys have names of at most 255 bytes");
    let start = 0_u64;
    Ok([
        b"subtree/v1\n\0",
        &[name_len][..],
        name.as_bytes(),
        &timestamp.to_be_bytes(),
        &[origin_len],
        origin,
        &start.to_be_bytes(),
        &checkpoint.size.to_be_bytes(),
        &checkpoint.root,
    ]
    .concat())
}

/// Refuses lists of cosigners that cannot be counted.
pub(super) fn check_cosigners(cosigners: &[NoteKey]) -> Result<(), CosignersError> {
    for (position, key) in cosigners.iter().enumerate() {
        if key.key_type() == NoteKeyType::Ed25519 {
            let name = key.name().to_owned();
            return Err(CosignersError::NotACosigner { name });
        }
        let same = |other: &&NoteKey| other.public_key() == key.public_key();
        if let Some(one) = cosigners[..position].iter().find(same) {
            return Err(CosignersError::SameKey {
                one: one.name().to_owned(),
                other: key.name().to_owned(),
            });
        }
    }
    Ok(())
}

fn ed25519_message(timestamp: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {timestamp}\n{text}").into_bytes()
}

fn parse_checkpoint(text: &str) -> Result<Checkpoint, CosignatureError> {
    Checkpoint::parse(text).map_err(|error| CosignatureError::Checkpoint(Box::new(error)))
}

fn check_timestamp(timestamp: u64) -> Result<(), CosignatureError> {
    if timestamp > MAX_SIZE {
        return Err(CosignatureError::Timestamp { timestamp });
    }
    Ok(())
}

/// Timestamp and signature of a line's bytes, which must be `expected` in number.
fn split(line: &[u8], expected: usize) -> Result<(u64, &[u8]), SignatureError> {
    match line.split_first_chunk::<TIMESTAMP_LEN>() {
        Some((timestamp, signature)) if line.len() == expected => {
            let timestamp = u64::from_be_bytes(*timestamp);
            check_timestamp(timestamp).map_err(SignatureError::Cosignature)?;
            Ok((timestamp, signature))
        }
        _ => Err(SignatureError::Length {
            expected,
            found: line.len(),
        }),
    }
}
