//! JWK, and the thumbprint of RFC 7638.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::{Algorithm, EmblemKey, KeyError, MAX_KEY, MAX_SET};
use crate::curve::{Curve, Point};
use crate::encoding::{Flaw, Misencoded};
use crate::json::{self, Json, Object};

/// Members that only a private or symmetric key has (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

/// Members by their names, as they are spoken of.
const MEMBERS: [(&[u8], &str); 10] = [
    (b"alg", "the member \"alg\""),
    (b"crv", "the member \"crv\""),
    (b"d", "the member \"d\""),
    (b"key_ops", "the member \"key_ops\""),
    (b"keys", "the member \"keys\""),
    (b"kid", "the member \"kid\""),
    (b"kty", "the member \"kty\""),
    (b"use", "the member \"use\""),
    (b"x", "the member \"x\""),
    (b"y", "the member \"y\""),
];

impl EmblemKey {
    /// Reads a JWK. Unknown members and `kid` are passed over.
    pub fn from_jwk(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() > MAX_KEY {
            return Err(KeyError::TooLong);
        }
        match json::read(bytes) {
            Ok(Json::Object(members)) => read(&members),
            Ok(_) => Err(KeyError::NotAKey),
            Err(why) => Err(misread(bytes, why)),
        }
    }
}

/// Why JSON is no key: the member that stands twice, where that is so.
fn misread(bytes: &[u8], why: Misencoded) -> KeyError {
    if why.flaw != Flaw::Twice {
        return KeyError::NotAKey;
    }
    // The reader stops at the quotation mark that closes the name.
    let read = bytes.get(..why.at).unwrap_or_default();
    let begins = read.iter().rposition(|byte| *byte == b'"');
    let name = begins.and_then(|begins| read.get(begins + 1..));
    let known = |it: &&(&[u8], &str)| Some(it.0) == name;
    KeyError::Twice {
        member: MEMBERS.iter().find(known).map_or("a member", |it| it.1),
        at: begins.unwrap_or(why.at),
    }
}

pub(super) fn read_set(bytes: &[u8]) -> Result<Vec<Result<EmblemKey, KeyError>>, KeyError> {
    let members = match json::read(bytes) {
        Ok(Json::Object(members)) => members,
        Ok(_) => return Err(KeyError::NotAKey),
        Err(why) => return Err(misread(bytes, why)),
    };
    let keys = members.get("keys").and_then(Json::as_array);
    let keys = keys.ok_or(KeyError::NotAKey)?;
    if keys.len() > MAX_SET {
        return Err(KeyError::TooMany);
    }
    let read = |key: &Json| match key {
        Json::Object(members) => read(members),
        _ => Err(KeyError::NotAKey),
    };
    Ok(keys.iter().map(read).collect())
}

/// Reads a JWK that is part of a token.
pub(crate) fn read(members: &Object) -> Result<EmblemKey, KeyError> {
    if members.get("kty").and_then(Json::as_str) == Some("oct") {
        return Err(KeyError::Symmetric);
    }
    if PRIVATE.iter().any(|name| members.get(name).is_some()) {
        return Err(KeyError::Private);
    }
    let text = |name| members.get(name).and_then(Json::as_str);
    let named = (text("kty"), text("crv"));
    let curve = Curve::ALL
        .into_iter()
        .find(|curve| named == (Some(names(*curve).0), Some(names(*curve).1)));
    let curve = curve.ok_or(KeyError::Unsupported)?;
    let algorithm = members.get("alg").ok_or(KeyError::NoAlgorithm)?;
    match algorithm.as_str().and_then(Algorithm::from_jose) {
        None => return Err(KeyError::Unsupported),
        Some(algorithm) if algorithm.curve() != curve => return Err(KeyError::AlgorithmMismatch),
        Some(_) => {}
    }
    let is_verify = |operation: &Json| operation.as_str() == Some("verify");
    let other_use = members
        .get("use")
        .is_some_and(|it| it.as_str() != Some("sig"));
    let other_operation = members.get("key_ops").is_some_and(
        |it| !matches!(it, Json::Array(operations) if operations.iter().any(is_verify)),
    );
    if other_use || other_operation {
        return Err(KeyError::OtherUse);
    }
    let coordinate = |name| {
        let bytes = text(name).and_then(|it| BASE64URL_NOPAD.decode(it.as_bytes()).ok());
        let bytes = bytes.filter(|bytes| bytes.len() == curve.width());
        bytes.ok_or(KeyError::Coordinate)
    };
    let mut public = coordinate("x")?;
    if curve != Curve::Ed25519 {
        public.extend(coordinate("y")?);
    }
    Ok(EmblemKey::from_point(Point::new(curve, &public)?, &public))
}

pub(super) fn thumbprint(curve: Curve, public: &[u8]) -> [u8; 32] {
    Sha256::digest(object(curve, public, "")).into()
}

pub(super) fn write(curve: Curve, public: &[u8]) -> String {
    let algorithm = format!("\"alg\":\"{}\",", Algorithm::of(curve).jose());
    object(curve, public, &algorithm)
}

/// The required members in alphabetical order, after others that come before them.
fn object(curve: Curve, public: &[u8], before: &str) -> String {
    let (kty, crv) = names(curve);
    let (x, y) = public.split_at(curve.width());
    let x = BASE64URL_NOPAD.encode(x);
    let y = match curve {
        Curve::Ed25519 => String::new(),
        _ => format!(",\"y\":\"{}\"", BASE64URL_NOPAD.encode(y)),
    };
    format!("{{{before}\"crv\":\"{crv}\",\"kty\":\"{kty}\",\"x\":\"{x}\"{y}}}")
}

/// Key type and curve.
const fn names(curve: Curve) -> (&'static str, &'static str) {
    match curve {
        Curve::Ed25519 => ("OKP", "Ed25519"),
        Curve::P256 => ("EC", "P-256"),
        Curve::P384 => ("EC", "P-384"),
        Curve::P521 => ("EC", "P-521"),
    }
}
