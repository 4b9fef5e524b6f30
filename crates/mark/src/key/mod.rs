//! Keys that sign emblem tokens: ES256, ES384, ES512 and EdDSA (Ed25519).
//!
//! | form | file | standard |
//! |---|---|---|
//! | COSE_Key | `cose` | RFC 9052 section 7, RFC 9053 section 7 |
//! | JWK | `jwk` | RFC 7517, RFC 7518 section 6.2, RFC 8037 |
//! | PEM or DER SubjectPublicKeyInfo | `spki` | RFC 7468, RFC 5480, RFC 8410 |
//!
//! Keys reach a verifier over paths that nobody guards, so an id that comes with a key is ignored
//! and always computed anew: it is the RFC 9679 thumbprint in the CWT dialect and the RFC 7638
//! thumbprint in the JWS dialect. Refused are private parts wherever they stand, a key without its
//! algorithm (a PEM key's follows from its curve), an algorithm that does not fit the curve,
//! compressed points, coordinates of another width, points off the curve and weak ones.
//!
//! Out of scope: RSA, and secret keys. Emblem tokens are signed by whoever holds the secret.

mod cose;
mod jwk;
mod kid;
mod spki;
pub(crate) use jwk::read as read_jwk;
#[cfg(test)]
mod tests;

use std::fmt;

use thiserror::Error;

use crate::curve::{self, Curve, Point};
use crate::token::Dialect;

pub use kid::{Kid, NotAKid};

/// Longest encoding of a key that is read, in bytes.
pub const MAX_KEY: usize = 4 * 1024;

/// Most keys of a JWK Set.
pub const MAX_SET: usize = 64;

/// A signature algorithm of emblem tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519: COSE -8.
    EdDsa,
    /// ECDSA on P-256 with SHA-256: COSE -7.
    Es256,
    /// ECDSA on P-384 with SHA-384: COSE -35.
    Es384,
    /// ECDSA on P-521 with SHA-512: COSE -36.
    Es512,
}

/// A public key that verifies emblem tokens.
#[derive(Clone)]
pub struct EmblemKey {
    point: Point,
    /// `x`, then `y` unless the curve is Ed25519.
    public: Vec<u8>,
    cose: Kid,
    jwk: Kid,
}

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The algorithm is of another curve.
    #[error("the key's algorithm does not fit its curve")]
    AlgorithmMismatch,
    /// A coordinate has not the width of its curve, or the point is compressed.
    #[error("a coordinate is missing, compressed or not as wide as its curve")]
    Coordinate,
    /// A COSE_Key or JWK does not say what it is for.
    #[error("the key does not name its algorithm")]
    NoAlgorithm,
    /// The bytes are not in any of the forms.
    #[error("neither a COSE_Key nor a JWK nor a PEM public key")]
    NotAKey,
    /// The point is not on the curve, or its encoding is not the canonical one.
    #[error("the key's point is not on its curve or not canonically encoded")]
    NotAPoint,
    /// The key may not be used to verify.
    #[error("the key is marked for another use than verifying signatures")]
    OtherUse,
    /// There is a secret in it.
    #[error(
        "the key has a private part: it is refused, and must never be shared; replace it where \
         others have seen it"
    )]
    Private,
    /// Not the exact DER of a SubjectPublicKeyInfo.
    #[error("not the exact encoding of a public key (SubjectPublicKeyInfo)")]
    Spki,
    /// A secret that two sides share (JWK `oct`, COSE `Symmetric`).
    #[error(
        "a shared secret is no public key: it verifies nothing that others may believe, and must \
         never be shared further"
    )]
    Symmetric,
    /// A member stands twice.
    #[error(
        "{member} stands twice in the key, the second time at byte {at}, so two readers could read \
         two keys: its author must write it once"
    )]
    Twice {
        /// The member, as its form calls it.
        member: &'static str,
        /// Where its name begins the second time, counted from 0.
        at: usize,
    },
    /// Longer than [`MAX_KEY`].
    #[error("longer than the {MAX_KEY} bytes of any key")]
    TooLong,
    /// A JWK Set of more than [`MAX_SET`].
    #[error("more than the {MAX_SET} keys of any set")]
    TooMany,
    /// Another kind of key, curve or algorithm.
    #[error("the key is not one of ES256, ES384, ES512 and EdDSA (Ed25519)")]
    Unsupported,
    /// The key is of small order: it would accept forged signatures.
    #[error("the key is weak (of small order)")]
    Weak,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 4] = [
        Algorithm::EdDsa,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::Es512,
    ];

    /// The COSE number (IANA COSE Algorithms).
    pub const fn cose(self) -> i128 {
        match self {
            Algorithm::EdDsa => -8,
            Algorithm::Es256 => -7,
            Algorithm::Es384 => -35,
            Algorithm::Es512 => -36,
        }
    }

    /// The JOSE name (IANA JSON Web Signature and Encryption Algorithms).
    pub const fn jose(self) -> &'static str {
        match self {
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::Es512 => "ES512",
        }
    }

    /// The algorithm with a COSE number.
    pub fn from_cose(number: i128) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.cose() == number)
    }

    /// The algorithm with a JOSE name.
    pub fn from_jose(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.jose() == name)
    }

    /// Bytes of a signature.
    pub const fn signature_len(self) -> usize {
        2 * self.curve().width()
    }

    const fn curve(self) -> Curve {
        match self {
            Algorithm::EdDsa => Curve::Ed25519,
            Algorithm::Es256 => Curve::P256,
            Algorithm::Es384 => Curve::P384,
            Algorithm::Es512 => Curve::P521,
        }
    }

    const fn of(curve: Curve) -> Self {
        match curve {
            Curve::Ed25519 => Algorithm::EdDsa,
            Curve::P256 => Algorithm::Es256,
            Curve::P384 => Algorithm::Es384,
            Curve::P521 => Algorithm::Es512,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.jose())
    }
}

impl EmblemKey {
    /// Reads a key in whichever of the forms it is: COSE_Key, JWK or PEM.
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        match bytes.trim_ascii_start().first() {
            Some(b'{') => Self::from_jwk(bytes),
            Some(b'-') => Self::from_pem(bytes),
            Some(first) if first >> 5 == 5 => Self::from_cose(bytes),
            _ => Err(KeyError::NotAKey),
        }
    }

    /// A key from its coordinates, each as wide as the curve: `x`, then `y` unless it is Ed25519.
    pub fn new(algorithm: Algorithm, public: &[u8]) -> Result<Self, KeyError> {
        let point = Point::new(algorithm.curve(), public)?;
        Ok(Self::from_point(point, public))
    }

    /// Reads the keys of a JWK Set (RFC 7517 section 5), each by itself; unknown members are passed
    /// over.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] where it is no JWK Set, [`KeyError::TooMany`] where it holds more than
    /// [`MAX_SET`].
    pub fn read_set(bytes: &[u8]) -> Result<Vec<Result<Self, KeyError>>, KeyError> {
        jwk::read_set(bytes)
    }

    /// The key that a trust key is in emblem tokens.
    pub fn from_trust(key: &ensign_trust::key::PublicKey) -> Self {
        let curve = match key.algorithm() {
            ensign_trust::key::Algorithm::EdDsa => Curve::Ed25519,
            ensign_trust::key::Algorithm::Es256 => Curve::P256,
        };
        cose::read(curve, &key.to_cose()).expect("a registered key is one of the supported ones")
    }

    fn from_point(point: Point, public: &[u8]) -> Self {
        let curve = point.curve();
        EmblemKey {
            cose: Kid::from_bytes(cose::thumbprint(curve, public)),
            jwk: Kid::from_bytes(jwk::thumbprint(curve, public)),
            point,
            public: public.to_vec(),
        }
    }

    /// What the key signs with.
    pub fn algorithm(&self) -> Algorithm {
        Algorithm::of(self.point.curve())
    }

    /// The key's id in a dialect.
    pub fn kid(&self, dialect: Dialect) -> Kid {
        match dialect {
            Dialect::Cwt => self.cose,
            Dialect::Jws => self.jwk,
        }
    }

    /// The COSE_Key with its algorithm, deterministically encoded.
    pub fn to_cose(&self) -> Vec<u8> {
        cose::write(self.point.curve(), &self.public)
    }

    /// The JWK with its algorithm, members in alphabetical order.
    pub fn to_jwk(&self) -> String {
        jwk::write(self.point.curve(), &self.public)
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn to_spki(&self) -> Vec<u8> {
        curve::spki(self.point.curve(), &self.public)
    }

    /// The coordinates: `x`, then `y` unless the key is Ed25519.
    pub fn coordinates(&self) -> &[u8] {
        &self.public
    }

    /// Whether a signature, in the fixed-width form of JOSE and COSE, is right.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.point.verifies(message, signature)
    }
}

impl PartialEq for EmblemKey {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for EmblemKey {}

impl fmt::Debug for EmblemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm(), self.cose)
    }
}

impl From<ensign_trust::key::KeyError> for KeyError {
    fn from(error: ensign_trust::key::KeyError) -> Self {
        match error {
            ensign_trust::key::KeyError::Weak => KeyError::Weak,
            _ => KeyError::NotAPoint,
        }
    }
}
