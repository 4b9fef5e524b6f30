//! Points on the four curves that emblem keys, certificates and logs use, and the signatures that
//! they verify.
//!
//! Coordinates have the full width of their curve, a point is never compressed. ECDSA signatures
//! are taken with either `s`: the emblem protocol does not ask for the lower one. Ed25519 is
//! verified strictly, as everywhere in Ensign.

use std::fmt;

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::der::Encode;
use x509_cert::der::asn1::{BitStringRef, ObjectIdentifier};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use crate::key::KeyError;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// One of the curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Curve {
    Ed25519,
    P256,
    P384,
    P521,
}

/// The hash that a signature is made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// A point that is on its curve and not weak.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Point {
    Ed25519(Box<ensign_trust::key::PublicKey>),
    P256(Box<p256::ecdsa::VerifyingKey>),
    P384(Box<p384::ecdsa::VerifyingKey>),
    P521(Box<p521::ecdsa::VerifyingKey>),
}

impl Curve {
    pub(crate) const ALL: [Curve; 4] = [Curve::Ed25519, Curve::P256, Curve::P384, Curve::P521];

    /// Bytes of one coordinate.
    pub(crate) const fn width(self) -> usize {
        match self {
            Curve::Ed25519 | Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    /// Bytes of `x`, and of `y` where there is one.
    pub(crate) const fn public_width(self) -> usize {
        match self {
            Curve::Ed25519 => 32,
            _ => 2 * self.width(),
        }
    }

    /// The hash of the curve's own signature algorithm; Ed25519 brings its own.
    const fn hash(self) -> Hash {
        match self {
            Curve::P256 => Hash::Sha256,
            Curve::P384 => Hash::Sha384,
            Curve::Ed25519 | Curve::P521 => Hash::Sha512,
        }
    }

    const fn oid(self) -> ObjectIdentifier {
        match self {
            Curve::Ed25519 => ED25519,
            Curve::P256 => P256,
            Curve::P384 => P384,
            Curve::P521 => P521,
        }
    }
}

impl Point {
    /// A point from its coordinates: `x`, then `y` unless the curve is Ed25519.
    pub(crate) fn new(curve: Curve, public: &[u8]) -> Result<Self, KeyError> {
        if public.len() != curve.public_width() {
            return Err(KeyError::Coordinate);
        }
        let sec1 = || [&[4], public].concat();
        Ok(match curve {
            Curve::Ed25519 => {
                let bytes = public.try_into().map_err(|_| KeyError::Coordinate)?;
                Point::Ed25519(Box::new(ensign_trust::key::PublicKey::ed25519(bytes)?))
            }
            Curve::P256 => Point::P256(Box::new(
                p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1())
                    .map_err(|_| KeyError::NotAPoint)?,
            )),
            Curve::P384 => Point::P384(Box::new(
                p384::ecdsa::VerifyingKey::from_sec1_bytes(&sec1())
                    .map_err(|_| KeyError::NotAPoint)?,
            )),
            Curve::P521 => Point::P521(Box::new(
                p521::ecdsa::VerifyingKey::from_sec1_bytes(&sec1())
                    .map_err(|_| KeyError::NotAPoint)?,
            )),
        })
    }

    /// Reads a DER SubjectPublicKeyInfo (RFC 5280, 5480, 8410), strictly: exactly the encoding
    /// that [`spki`] writes.
    pub(crate) fn from_spki(der: &[u8]) -> Result<(Curve, &[u8], Self), KeyError> {
        let info = SubjectPublicKeyInfoRef::try_from(der).map_err(|_| KeyError::Spki)?;
        let curve = match info.algorithm.oid {
            EC_PUBLIC_KEY => {
                let named = info.algorithm.parameters_oid();
                let named = named.map_err(|_| KeyError::Spki)?;
                Curve::ALL.into_iter().find(|curve| curve.oid() == named)
            }
            ED25519 => Some(Curve::Ed25519),
            _ => None,
        };
        let curve = curve.ok_or(KeyError::Unsupported)?;
        // The key bits are the end of the encoding, which is compared whole.
        let width = curve.public_width();
        let start = der.len().checked_sub(width).ok_or(KeyError::Spki)?;
        let public = &der[start..];
        if spki(curve, public) != der {
            return Err(KeyError::Spki);
        }
        Ok((curve, public, Point::new(curve, public)?))
    }

    pub(crate) fn curve(&self) -> Curve {
        match self {
            Point::Ed25519(_) => Curve::Ed25519,
            Point::P256(_) => Curve::P256,
            Point::P384(_) => Curve::P384,
            Point::P521(_) => Curve::P521,
        }
    }

    pub(crate) fn is_ed25519(&self) -> bool {
        matches!(self, Point::Ed25519(_))
    }

    /// Checks a signature in the fixed-width form of JOSE and COSE, made with the curve's own
    /// hash.
    #[must_use]
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        #[cfg(test)]
        crate::tests::steps::signature();
        let hash = self.curve().hash();
        match self {
            Point::Ed25519(key) => signature
                .try_into()
                .is_ok_and(|signature| key.verify(message, signature).is_ok()),
            Point::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify_prehash(&hash.of(message), &it).is_ok()),
            Point::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify_prehash(&hash.of(message), &it).is_ok()),
            Point::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify_prehash(&hash.of(message), &it).is_ok()),
        }
    }

    /// Checks a signature in the DER form of X.509 and Certificate Transparency, made with any of
    /// the hashes. Ed25519 has one form and one hash.
    #[must_use]
    pub(crate) fn verifies_der(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        #[cfg(test)]
        crate::tests::steps::signature();
        match self {
            Point::Ed25519(_) => self.verifies(message, signature),
            Point::P256(key) => p256::ecdsa::DerSignature::try_from(signature)
                .is_ok_and(|it| key.verify_prehash(&hash.of(message), &it).is_ok()),
            Point::P384(key) => p384::ecdsa::DerSignature::try_from(signature)
                .is_ok_and(|it| key.verify_prehash(&hash.of(message), &it).is_ok()),
            Point::P521(key) => p521::ecdsa::DerSignature::try_from(signature)
                .is_ok_and(|it| key.verify_prehash(&hash.of(message), &it).is_ok()),
        }
    }
}

impl Hash {
    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a point on {:?}", self.curve())
    }
}

/// The DER SubjectPublicKeyInfo of a point.
pub(crate) fn spki(curve: Curve, public: &[u8]) -> Vec<u8> {
    let named = curve.oid();
    let (algorithm, bits) = match curve {
        Curve::Ed25519 => (
            AlgorithmIdentifierRef {
                oid: ED25519,
                parameters: None,
            },
            public.to_vec(),
        ),
        _ => (
            AlgorithmIdentifierRef {
                oid: EC_PUBLIC_KEY,
                parameters: Some((&named).into()),
            },
            [&[4], public].concat(),
        ),
    };
    let subject_public_key = BitStringRef::from_bytes(&bits);
    let info = SubjectPublicKeyInfoRef {
        algorithm,
        subject_public_key: subject_public_key.expect("whole bytes make a bit string"),
    };
    info.to_der().expect("a short key has an encoding")
}
