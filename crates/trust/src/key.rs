//! Keys that sign statements: Ed25519 (EdDSA) and ECDSA P-256 (ES256).
//!
//! A public key travels as a COSE_Key (RFC 9052 section 7) holding only its required members,
//! deterministically encoded; its id is the RFC 9679 thumbprint, SHA-256 of these same bytes.
//! Weak keys (of small order) and keys whose encoding is not canonical are refused before they can
//! be registered; Ed25519 signatures are checked by `verify_strict`, ES256 ones with low `s` only.
//! So all nodes reach the same verdict on every signature.

use std::fmt;

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::cbor::{self, Value};
use crate::id::KeyId;

/// COSE number of a signature algorithm (IANA COSE Algorithms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519: COSE `EdDSA`, -8.
    EdDsa,
    /// ECDSA on P-256 with SHA-256: COSE `ES256`, -7.
    Es256,
}

/// A public key fit to be registered.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    point: Point,
    id: KeyId,
}

#[derive(Clone, PartialEq, Eq)]
enum Point {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(Box<p256::ecdsa::VerifyingKey>),
}

/// An Ed25519 key that signs statements. The other algorithm signs elsewhere: in browsers and on
/// cards.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Members are missing, of the wrong type, superfluous or in another order.
    #[error(
        "not a deterministic COSE_Key with exactly the members of an Ed25519 or P-256 public key"
    )]
    Malformed,
    /// The point is not on the curve, or its encoding is not the canonical one.
    #[error("the key's point is not on its curve or not canonically encoded")]
    NotAPoint,
    /// The key is of small order: it would accept forged signatures.
    #[error("the key is weak (of small order)")]
    Weak,
}

/// A signature does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not verify under this key")]
pub struct BadSignature;

impl Algorithm {
    /// The COSE number.
    pub fn cose(self) -> i128 {
        match self {
            Algorithm::EdDsa => -8,
            Algorithm::Es256 => -7,
        }
    }
}

impl PublicKey {
    /// An Ed25519 key from its 32 bytes.
    pub fn ed25519(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(KeyError::NotAPoint);
        }
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Point::Ed25519(key).into())
    }

    /// A P-256 key from its coordinates, 32 bytes each, big-endian.
    pub fn p256(x: &[u8; 32], y: &[u8; 32]) -> Result<Self, KeyError> {
        let sec1 = [&[4][..], x, y].concat();
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1);
        let key = key.map_err(|_| KeyError::NotAPoint)?;
        Ok(Point::P256(Box::new(key)).into())
    }

    /// Reads a COSE_Key.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, KeyError> {
        let value = cbor::decode(bytes).map_err(|_| KeyError::Malformed)?;
        let members = value.into_map().ok_or(KeyError::Malformed)?;
        let coordinate =
            |bytes: &[u8]| <[u8; 32]>::try_from(bytes).map_err(|_| KeyError::Malformed);
        match members.as_slice() {
            [
                (Value::Int(1), Value::Int(1)),
                (Value::Int(-1), Value::Int(6)),
                (Value::Int(-2), Value::Bytes(x)),
            ] => PublicKey::ed25519(&coordinate(x)?),
            [
                (Value::Int(1), Value::Int(2)),
                (Value::Int(-1), Value::Int(1)),
                (Value::Int(-2), Value::Bytes(x)),
                (Value::Int(-3), Value::Bytes(y)),
            ] => PublicKey::p256(&coordinate(x)?, &coordinate(y)?),
            _ => Err(KeyError::Malformed),
        }
    }

    /// The COSE_Key.
    pub fn to_cose(&self) -> Vec<u8> {
        self.point.to_cose()
    }

    /// The key's id.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Which algorithm the key is for.
    pub fn algorithm(&self) -> Algorithm {
        match self.point {
            Point::Ed25519(_) => Algorithm::EdDsa,
            Point::P256(_) => Algorithm::Es256,
        }
    }

    /// Checks a signature over a message.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        match &self.point {
            Point::Ed25519(key) => key
                .verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature))
                .map_err(|_| BadSignature),
            Point::P256(key) => {
                let signature =
                    p256::ecdsa::Signature::from_slice(signature).map_err(|_| BadSignature)?;
                if signature.normalize_s() != signature {
                    return Err(BadSignature);
                }
                key.verify(message, &signature).map_err(|_| BadSignature)
            }
        }
    }

    /// Checks a signature as an authenticator writes it (Web Authentication Level 3, section 6.5.5):
    /// of ES256 in DER, and its `s` may be the high one, since no two nodes have to agree on it; of
    /// EdDSA as 64 bytes.
    pub fn verify_authenticator(
        &self,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        let plain: [u8; 64] = match &self.point {
            Point::Ed25519(_) => signature.try_into().map_err(|_| BadSignature)?,
            Point::P256(_) => {
                let read = p256::ecdsa::Signature::from_der(signature).map_err(|_| BadSignature)?;
                read.normalize_s().to_bytes().into()
            }
        };
        self.verify(message, &plain)
    }

    /// The Ed25519 key for batch screening, if it is one.
    pub(crate) fn as_ed25519(&self) -> Option<&ed25519_dalek::VerifyingKey> {
        match &self.point {
            Point::Ed25519(key) => Some(key),
            Point::P256(_) => None,
        }
    }
}

impl Point {
    fn to_cose(&self) -> Vec<u8> {
        let member = |name: i128, value| (Value::Int(name), value);
        cbor::encode(&Value::Map(match self {
            Point::Ed25519(key) => vec![
                member(1, Value::Int(1)),
                member(-1, Value::Int(6)),
                member(-2, Value::bytes(*key.as_bytes())),
            ],
            Point::P256(key) => {
                let sec1 = key.to_sec1_point(false);
                let sec1 = sec1.as_bytes();
                vec![
                    member(1, Value::Int(2)),
                    member(-1, Value::Int(1)),
                    member(-2, Value::bytes(&sec1[1..33])),
                    member(-3, Value::bytes(&sec1[33..])),
                ]
            }
        }))
    }
}

impl From<Point> for PublicKey {
    fn from(point: Point) -> Self {
        let id = KeyId::from_bytes(Sha256::digest(point.to_cose()).into());
        PublicKey { point, id }
    }
}

/// Checks many Ed25519 signatures at once, about twice as fast as one by one. A screen, not a
/// verdict: what passes may in contrived cases still fail [`PublicKey::verify`], so nothing is
/// accepted or alleged on its strength. ES256 signatures are checked one by one.
///
/// The library draws the batch's coefficients from a hash of the batch itself.
pub fn screen(batch: &[(&PublicKey, &[u8], &[u8; 64])]) -> Result<(), BadSignature> {
    let mut messages = Vec::with_capacity(batch.len());
    let mut signatures = Vec::with_capacity(batch.len());
    let mut keys = Vec::with_capacity(batch.len());
    for (key, message, signature) in batch {
        match key.as_ed25519() {
            Some(ed25519) => {
                keys.push(*ed25519);
                messages.push(*message);
                signatures.push(ed25519_dalek::Signature::from_bytes(signature));
            }
            None => key.verify(message, signature)?,
        }
    }
    ed25519_dalek::verify_batch(&messages, &signatures, &keys).map_err(|_| BadSignature)
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.algorithm(), self.id())
    }
}

impl SigningKey {
    /// The key with this 32-byte seed (RFC 8032 private key).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        SigningKey(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, to be kept secret; wiped when dropped.
    pub fn to_seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        Point::Ed25519(self.0.verifying_key()).into()
    }

    /// The id of the public half.
    pub fn id(&self) -> KeyId {
        self.public().id()
    }

    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "secret half of {}", self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        let ed25519 = SigningKey::from_seed(&[7; 32]).public();
        let secret = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
        let p256 = PublicKey::from(Point::P256(Box::new(*secret.verifying_key())));
        for key in [ed25519, p256] {
            assert_eq!(PublicKey::from_cose(&key.to_cose()).unwrap(), key);
        }
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_9679() {
        // RFC 9679 section 6, an EC2 key on P-256.
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let x = hex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d");
        let y = hex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
        let key = PublicKey::p256(&x.try_into().unwrap(), &y.try_into().unwrap()).unwrap();
        let thumbprint = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";
        assert_eq!(key.id().as_bytes().to_vec(), hex(thumbprint));
    }

    #[test]
    fn weak_and_non_canonical_keys_are_refused() {
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(PublicKey::ed25519(&one), Err(KeyError::Weak));
        // y = p + 1 encodes the same point as y = 1.
        let mut p_plus_one = [0xff; 32];
        (p_plus_one[0], p_plus_one[31]) = (0xee, 0x7f);
        assert_eq!(PublicKey::ed25519(&p_plus_one), Err(KeyError::NotAPoint));
        assert_eq!(PublicKey::ed25519(&[2; 32]), Err(KeyError::NotAPoint));
        assert_eq!(
            PublicKey::p256(&[1; 32], &[1; 32]),
            Err(KeyError::NotAPoint)
        );
    }

    #[test]
    fn an_es256_signature_with_high_s_is_refused() {
        let secret = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
        let key = PublicKey::from(Point::P256(Box::new(*secret.verifying_key())));
        let signature: p256::ecdsa::Signature = secret.sign(b"message");
        let low = signature.normalize_s();
        let (r, s) = low.split_scalars();
        let high = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
        assert_eq!(key.verify(b"message", &low.to_bytes().into()), Ok(()));
        assert_eq!(
            key.verify(b"message", &high.to_bytes().into()),
            Err(BadSignature)
        );
    }

    /// Web Authentication Level 3, section 16: the assertions of 16.2 (its `s` is high) and 16.11.
    #[test]
    fn assertions_of_the_standard_verify_and_changed_ones_do_not() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let coordinate = |text: &str| <[u8; 32]>::try_from(hex(text)).unwrap();
        let es256 = PublicKey::p256(
            &coordinate("afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61"),
            &coordinate("930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220"),
        );
        let ed25519 = PublicKey::ed25519(&coordinate(
            "44e06ddd331c36a8dc667bab52bcae63486c916aa5e339e6acebaa84934bf832",
        ));
        for (key, data, challenge, signature) in [
            (
                es256.unwrap(),
                "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
                "OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag",
                "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221\
                 008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
            ),
            (
                ed25519.unwrap(),
                "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50100000000",
                "iVlX4BxjOmmDSKLYoxpUt9sn6MHEOyCA15riGQJnv9I",
                "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cfdfc48f85393bc0\
                 d40b011f0d6fecb097d6607525713223a0dc0d453993dae00b",
            ),
        ] {
            let client = format!(
                "{{\"type\":\"webauthn.get\",\"challenge\":\"{challenge}\",\
                 \"origin\":\"https://example.org\",\"crossOrigin\":false}}"
            );
            let message = [hex(data), Sha256::digest(client).to_vec()].concat();
            let signature = hex(signature);
            assert_eq!(key.verify_authenticator(&message, &signature), Ok(()));
            for at in 0..signature.len() {
                let mut other = signature.clone();
                other[at] ^= 1;
                assert_eq!(
                    key.verify_authenticator(&message, &other),
                    Err(BadSignature)
                );
            }
            for other in [&message[1..], &[]] {
                assert_eq!(
                    key.verify_authenticator(other, &signature),
                    Err(BadSignature)
                );
            }
            assert_eq!(key.verify_authenticator(&message, &[]), Err(BadSignature));
        }
    }

    #[test]
    fn a_screen_finds_the_one_bad_signature_among_many() {
        let keys: Vec<_> = (1..=9).map(|n| SigningKey::from_seed(&[n; 32])).collect();
        let public: Vec<_> = keys.iter().map(SigningKey::public).collect();
        let mut signatures: Vec<_> = keys.iter().map(|key| key.sign(b"message")).collect();
        let batch = |signatures: &[[u8; 64]]| {
            let members = public
                .iter()
                .zip(signatures)
                .map(|(k, s)| (k, &b"message"[..], s));
            screen(&members.collect::<Vec<_>>())
        };
        assert_eq!(batch(&signatures), Ok(()));
        signatures[4][40] ^= 1;
        assert_eq!(batch(&signatures), Err(BadSignature));
    }
}
