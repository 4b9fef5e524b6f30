//! COSE_Key, and the thumbprint of RFC 9679.

use ensign_trust::cbor::{self, Value};
use sha2::{Digest, Sha256};

use super::{Algorithm, EmblemKey, KeyError, Kid, MAX_KEY};
use crate::cbor::{Item, Map};
use crate::curve::{Curve, Point};
use crate::encoding::{Flaw, Misencoded};

const KTY: i128 = 1;
const ALG: i128 = 3;
const KEY_OPS: i128 = 4;
const CRV: i128 = -1;
const X: i128 = -2;
const Y: i128 = -3;
/// `d` of OKP and EC2 keys.
const D: i128 = -4;
/// `kty` of a shared secret.
const SYMMETRIC: i128 = 4;
/// `key_ops` value "verify".
const VERIFY: i128 = 2;

impl EmblemKey {
    /// Reads a COSE_Key. Members may be in any order; unknown ones and `kid` are passed over.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, KeyError> {
        let members = members(bytes)?;
        let curve = curve(&members)?;
        match members.int(ALG) {
            None => return Err(KeyError::NoAlgorithm),
            Some(Item::Int(number)) => match Algorithm::from_cose(*number) {
                None => return Err(KeyError::Unsupported),
                Some(algorithm) if algorithm.curve() != curve => {
                    return Err(KeyError::AlgorithmMismatch);
                }
                Some(_) => {}
            },
            Some(_) => return Err(KeyError::Unsupported),
        }
        if let Some(operations) = members.int(KEY_OPS) {
            let verifies = |operations: &[Item]| operations.contains(&Item::Int(VERIFY));
            if !matches!(operations, Item::Array(operations) if verifies(operations)) {
                return Err(KeyError::OtherUse);
            }
        }
        let public = public(curve, &members)?;
        Ok(Self::from_point(Point::new(curve, &public)?, &public))
    }
}

impl Kid {
    /// The thumbprint of a COSE_Key, which does not depend on its algorithm: it can be computed
    /// even for a key that is refused for verifying because it names none.
    pub fn of_cose_key(bytes: &[u8]) -> Result<Self, KeyError> {
        let members = members(bytes)?;
        let curve = curve(&members)?;
        let public = public(curve, &members)?;
        Point::new(curve, &public)?;
        Ok(Kid::from_bytes(thumbprint(curve, &public)))
    }
}

/// Reads a COSE_Key that names no algorithm, of a known curve.
pub(super) fn read(curve: Curve, bytes: &[u8]) -> Result<EmblemKey, KeyError> {
    let public = public(curve, &members(bytes)?)?;
    Ok(EmblemKey::from_point(Point::new(curve, &public)?, &public))
}

pub(super) fn thumbprint(curve: Curve, public: &[u8]) -> [u8; 32] {
    Sha256::digest(cbor::encode(&Value::Map(required(curve, public)))).into()
}

pub(super) fn write(curve: Curve, public: &[u8]) -> Vec<u8> {
    let mut members = required(curve, public);
    let algorithm = Algorithm::of(curve).cose();
    members.push((Value::Int(ALG), Value::Int(algorithm)));
    cbor::encode(&Value::Map(members))
}

/// The members that make the key what it is.
fn required(curve: Curve, public: &[u8]) -> Vec<(Value, Value)> {
    let (x, y) = public.split_at(curve.width());
    let (kty, crv) = numbers(curve);
    let mut members = vec![
        (Value::Int(KTY), Value::Int(kty)),
        (Value::Int(CRV), Value::Int(crv)),
        (Value::Int(X), Value::bytes(x)),
    ];
    if !y.is_empty() {
        members.push((Value::Int(Y), Value::bytes(y)));
    }
    members
}

/// Key type and curve (IANA COSE Key Types, COSE Elliptic Curves).
const fn numbers(curve: Curve) -> (i128, i128) {
    match curve {
        Curve::Ed25519 => (1, 6),
        Curve::P256 => (2, 1),
        Curve::P384 => (2, 2),
        Curve::P521 => (2, 3),
    }
}

fn members(bytes: &[u8]) -> Result<Map<'_>, KeyError> {
    if bytes.len() > MAX_KEY {
        return Err(KeyError::TooLong);
    }
    match crate::cbor::decode(bytes) {
        Ok(Item::Map(members)) => Ok(members),
        Err(Misencoded {
            flaw: Flaw::Twice,
            at,
        }) => Err(KeyError::Twice {
            member: member_at(bytes, at),
            at,
        }),
        _ => Err(KeyError::NotAKey),
    }
}

/// What the member is called whose label begins at a byte.
fn member_at(bytes: &[u8], at: usize) -> &'static str {
    // The labels of COSE_Key are all written in one byte.
    match bytes.get(at) {
        Some(0x01) => "the member 1 (kty)",
        Some(0x02) => "the member 2 (kid)",
        Some(0x03) => "the member 3 (alg)",
        Some(0x04) => "the member 4 (key_ops)",
        Some(0x20) => "the member -1 (crv)",
        Some(0x21) => "the member -2 (x)",
        Some(0x22) => "the member -3 (y)",
        Some(0x23) => "the member -4 (d)",
        _ => "a member",
    }
}

fn curve(members: &Map) -> Result<Curve, KeyError> {
    if members.int(KTY) == Some(&Item::Int(SYMMETRIC)) {
        return Err(KeyError::Symmetric);
    }
    let (Some(Item::Int(kty)), Some(Item::Int(crv))) = (members.int(KTY), members.int(CRV)) else {
        return Err(KeyError::Unsupported);
    };
    let found = Curve::ALL
        .into_iter()
        .find(|curve| numbers(*curve) == (*kty, *crv));
    found.ok_or(KeyError::Unsupported)
}

fn public(curve: Curve, members: &Map) -> Result<Vec<u8>, KeyError> {
    if members.int(D).is_some() {
        return Err(KeyError::Private);
    }
    let coordinate = |label| match members.int(label) {
        Some(Item::Bytes(bytes)) if bytes.len() == curve.width() => Ok(*bytes),
        _ => Err(KeyError::Coordinate),
    };
    let x = coordinate(X)?;
    match curve {
        Curve::Ed25519 => Ok(x.to_vec()),
        _ => Ok([x, coordinate(Y)?].concat()),
    }
}
