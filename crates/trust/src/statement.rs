//! Statements: every act in the system, signed.
//!
//! A statement is a COSE_Sign1 (RFC 9052) over CWT claims (RFC 8392), in deterministic CBOR, at
//! most [`MAX_ENTRY`] bytes:
//!
//! ```cddl
//! entry  = #6.18([ bstr .cbor header, {}, bstr .cbor claims, signature: bstr .size 64 ])
//! header = { 1: -8 / -7, 4: bstr .size 32, 16: "application/ensign+cwt" }
//! claims = { ? 1: tstr, ? 2: tstr, 6: uint, 7: bstr .size 16,
//!            "kind": tstr, "ver": uint, "realm": tstr,
//!            ? "log": tstr, ? "seq": uint, ? "prev": bstr .size 32,
//!            ? "refs": [+ [role: tstr, bstr .size 32]],
//!            ? "body": { * tstr => coded }, ? "sd": [+ bstr .size 32] }
//! ```
//!
//! In scope: reading, writing, signing and checking one statement. Whether a statement is admitted
//! is for [`party`](crate::party) to say, and what it means for the crate that owns its kind.
//! Unknown kinds and versions are read like all others: they are kept, and shown as not understood.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::cbor::{self, DecodeError, Value};
use crate::code::{self, Code, Coded};
use crate::id::{KeyId, PartyId, StatementId};
use crate::key::{Algorithm, BadSignature, PublicKey, SigningKey};
use crate::realm::Realm;

/// Longest entry, in bytes.
pub const MAX_ENTRY: usize = 16 * 1024;

/// The content type of a statement's payload (COSE header parameter 16).
pub const CONTENT_TYPE: &str = "application/ensign+cwt";

/// What a statement says, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who says it; absent only in the statement that founds a party.
    pub issuer: Option<PartyId>,
    /// The id of what it is about.
    pub subject: Option<Code>,
    /// When its author says it was made, in Unix seconds: the author's word, no more.
    pub claimed: u64,
    /// Unique among the statements of its key.
    pub unique: [u8; 16],
    /// What kind of statement it is, as `noun.verb`.
    pub kind: Code,
    /// Version of the kind.
    pub version: u64,
    /// Where it counts.
    pub realm: Realm,
    /// Its place in its author's chain; reporters' keys have none.
    pub link: Option<Link>,
    /// Other statements, by role.
    pub refs: Vec<(Code, [u8; 32])>,
    /// Coded fields.
    pub body: BTreeMap<Code, Coded>,
    /// Digests of disclosures, sorted.
    pub sealed: Vec<[u8; 32]>,
}

/// Place of a statement in the chain of its key and log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Origin of the log that the chain belongs to.
    pub log: Code,
    /// Zero for the first statement, then one more each.
    pub seq: u64,
    /// The statement before; absent in the first.
    pub prev: Option<StatementId>,
}

/// A statement with its signature, as it is written in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    id: StatementId,
    entry: Vec<u8>,
    key: KeyId,
    algorithm: Algorithm,
    signature: [u8; 64],
    /// Where the payload lies in the entry.
    payload: std::ops::Range<usize>,
    /// Where the protected header lies in the entry.
    header: std::ops::Range<usize>,
    draft: Draft,
}

/// Why bytes are not a statement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatementError {
    /// A claim is missing, superfluous or of the wrong type.
    #[error("the claim {0} is missing, superfluous or not of its type")]
    Claim(&'static str),
    /// The bytes are not deterministic CBOR.
    #[error("the {part} is not deterministic CBOR")]
    Encoding {
        /// Which of the nested encodings.
        part: &'static str,
        /// What is wrong with it.
        #[source]
        source: DecodeError,
    },
    /// The protected header is not exactly algorithm, key id and content type.
    #[error(
        "the protected header is not exactly {{1: -8 or -7, 4: key id, 16: \"{CONTENT_TYPE}\"}}"
    )]
    Header,
    /// The entry is not a tagged COSE_Sign1 with an empty unprotected header and 64 signature bytes.
    #[error("not a tagged COSE_Sign1 with an empty unprotected header and a signature of 64 bytes")]
    NotSign1,
    /// The entry is too long.
    #[error("{0} bytes are more than a statement's {MAX_ENTRY}")]
    TooLong(usize),
}

/// Why a statement does not verify under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// The header names another key, or another algorithm than the key's.
    #[error("the statement names another key")]
    OtherKey,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature(#[source] BadSignature),
}

impl Draft {
    /// Signs the statement.
    ///
    /// # Errors
    /// [`StatementError::TooLong`] where it exceeds [`MAX_ENTRY`]; [`StatementError::Claim`] where
    /// the claims are not such as can be read back: disclosures unsorted or doubled, a chain whose
    /// first member has a predecessor or whose later member has none.
    pub fn sign(&self, key: &SigningKey) -> Result<Statement, StatementError> {
        let header = cbor::encode(&Value::Map(vec![
            (Value::Int(1), Value::Int(Algorithm::EdDsa.cose())),
            (Value::Int(4), Value::bytes(*key.id().as_bytes())),
            (Value::Int(16), Value::text(CONTENT_TYPE)),
        ]));
        let payload = cbor::encode(&self.to_claims());
        let signature = key.sign(&sig_structure(&header, &payload));
        let entry = cbor::encode(&Value::Tag(
            18,
            Box::new(Value::Array(vec![
                Value::Bytes(header),
                Value::Map(vec![]),
                Value::Bytes(payload),
                Value::bytes(signature),
            ])),
        ));
        Statement::decode(entry)
    }

    fn to_claims(&self) -> Value {
        let mut claims = Vec::with_capacity(13);
        if let Some(issuer) = self.issuer {
            claims.push((Value::Int(1), Value::text(issuer.to_string())));
        }
        if let Some(subject) = &self.subject {
            claims.push((Value::Int(2), Value::text(subject.as_str())));
        }
        claims.push((Value::Int(6), self.claimed.into()));
        claims.push((Value::Int(7), Value::bytes(self.unique)));
        let mut named = |name: &str, value| claims.push((Value::text(name), value));
        named("kind", Value::text(self.kind.as_str()));
        named("ver", self.version.into());
        named("realm", Value::text(self.realm.to_string()));
        if let Some(link) = &self.link {
            named("log", Value::text(link.log.as_str()));
            named("seq", link.seq.into());
            if let Some(prev) = link.prev {
                named("prev", Value::bytes(*prev.as_bytes()));
            }
        }
        if !self.refs.is_empty() {
            let pair = |(role, id): &(Code, [u8; 32])| {
                Value::Array(vec![Value::text(role.as_str()), Value::bytes(*id)])
            };
            named("refs", Value::Array(self.refs.iter().map(pair).collect()));
        }
        if !self.body.is_empty() {
            named("body", code::body_to_cbor(&self.body));
        }
        if !self.sealed.is_empty() {
            named(
                "sd",
                Value::Array(self.sealed.iter().map(|d| Value::bytes(*d)).collect()),
            );
        }
        Value::Map(claims)
    }

    fn from_claims(claims: Value) -> Result<Self, StatementError> {
        let mut claims = Claims(claims.into_map().ok_or(StatementError::Claim("map"))?);
        let issuer = claims.optional("1 (iss)", text)?;
        let draft = Draft {
            issuer: issuer
                .map(|text| text.parse().map_err(|_| StatementError::Claim("1 (iss)")))
                .transpose()?,
            subject: claims.optional("2 (sub)", coded_text)?,
            claimed: claims.required("6 (iat)", |value| value.as_u64())?,
            unique: claims.required("7 (cti)", fixed)?,
            kind: claims.required("kind", coded_text)?,
            version: claims.required("ver", |value| value.as_u64())?,
            realm: claims.required("realm", |value| text(value)?.parse().ok())?,
            link: claims.link()?,
            refs: claims.optional("refs", refs)?.unwrap_or_default(),
            body: claims.optional("body", body)?.unwrap_or_default(),
            sealed: claims.optional("sd", sealed)?.unwrap_or_default(),
        };
        match claims.0.is_empty() {
            true => Ok(draft),
            false => Err(StatementError::Claim("that is none of the known ones")),
        }
    }

    /// A field of the body.
    pub fn field(&self, name: &str) -> Option<&Coded> {
        self.body.get(name)
    }

    /// The first statement referred to in a role.
    pub fn reference(&self, role: &str) -> Option<StatementId> {
        let found = self.refs.iter().find(|(name, _)| *name == role);
        found.map(|(_, id)| StatementId::from_bytes(*id))
    }
}

impl Statement {
    /// Reads a statement, strictly.
    pub fn decode(entry: impl Into<Vec<u8>>) -> Result<Self, StatementError> {
        let entry = entry.into();
        if entry.len() > MAX_ENTRY {
            return Err(StatementError::TooLong(entry.len()));
        }
        let encoding = |part| move |source| StatementError::Encoding { part, source };
        let Value::Tag(18, inner) = cbor::decode(&entry).map_err(encoding("entry"))? else {
            return Err(StatementError::NotSign1);
        };
        let parts: Option<[Value; 4]> = inner.into_array().and_then(|parts| parts.try_into().ok());
        let Some(
            [
                Value::Bytes(header),
                Value::Map(unprotected),
                Value::Bytes(claims),
                Value::Bytes(signature),
            ],
        ) = parts
        else {
            return Err(StatementError::NotSign1);
        };
        let Ok(signature) = <[u8; 64]>::try_from(signature) else {
            return Err(StatementError::NotSign1);
        };
        if !unprotected.is_empty() {
            return Err(StatementError::NotSign1);
        }
        let (algorithm, key) = read_header(&header)?;
        let draft = Draft::from_claims(cbor::decode(&claims).map_err(encoding("payload"))?)?;
        // The entry ends in the payload and a two-byte head with the 64 signature bytes; the
        // header follows the tag, the array's head and its own two-byte head.
        let payload_end = entry.len() - 66;
        Ok(Statement {
            id: StatementId::from_bytes(Sha256::digest(&entry).into()),
            key,
            algorithm,
            signature,
            payload: payload_end - claims.len()..payload_end,
            header: 4..4 + header.len(),
            draft,
            entry,
        })
    }

    /// Checks the signature.
    pub fn verify(&self, key: &PublicKey) -> Result<(), VerifyError> {
        self.names(key)?;
        key.verify(&self.signed_bytes(), &self.signature)
            .map_err(VerifyError::Signature)
    }

    /// Checks that a key is the one the header names, without looking at the signature.
    pub fn names(&self, key: &PublicKey) -> Result<(), VerifyError> {
        let named = key.algorithm() == self.algorithm && key.id() == self.key;
        if named {
            Ok(())
        } else {
            Err(VerifyError::OtherKey)
        }
    }

    /// The COSE `Sig_structure` that is signed.
    pub fn signed_bytes(&self) -> Vec<u8> {
        sig_structure(
            &self.entry[self.header.clone()],
            &self.entry[self.payload.clone()],
        )
    }

    /// The signature.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The statement's id.
    pub fn id(&self) -> StatementId {
        self.id
    }

    /// The bytes in the log.
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }

    /// The bytes in the log, given away.
    pub fn into_entry(self) -> Vec<u8> {
        self.entry
    }

    /// The key that signed it.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// The algorithm that signed it.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The party that a statement without issuer founds, otherwise its issuer.
    pub fn author(&self) -> PartyId {
        self.draft.issuer.unwrap_or_else(|| self.id.into())
    }
}

/// What is said: the fields of the [`Draft`] that was signed.
impl std::ops::Deref for Statement {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.draft
    }
}

/// RFC 9052 section 4.4, with no external data.
fn sig_structure(header: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        Value::text("Signature1"),
        Value::bytes(header),
        Value::bytes([]),
        Value::bytes(payload),
    ]))
}

fn read_header(bytes: &[u8]) -> Result<(Algorithm, KeyId), StatementError> {
    let header = cbor::decode(bytes).map_err(|source| StatementError::Encoding {
        part: "protected header",
        source,
    })?;
    let Value::Map(members) = header else {
        return Err(StatementError::Header);
    };
    let [
        (Value::Int(1), Value::Int(algorithm)),
        (Value::Int(4), Value::Bytes(key)),
        (Value::Int(16), Value::Text(content_type)),
    ] = members.as_slice()
    else {
        return Err(StatementError::Header);
    };
    let algorithm = match algorithm {
        -8 => Algorithm::EdDsa,
        -7 => Algorithm::Es256,
        _ => return Err(StatementError::Header),
    };
    let key = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| StatementError::Header)?;
    if content_type != CONTENT_TYPE {
        return Err(StatementError::Header);
    }
    Ok((algorithm, KeyId::from_bytes(key)))
}

/// Claims that are taken out one by one, so that what is left over is superfluous.
struct Claims(Vec<(Value, Value)>);

impl Claims {
    /// Takes a claim. A name that begins with a digit is that integer key.
    fn take(&mut self, name: &str) -> Option<Value> {
        let number = name.split(' ').next().and_then(|first| first.parse().ok());
        let at = self.0.iter().position(|(key, _)| match (key, number) {
            (Value::Int(key), Some(number)) => *key == number,
            (Value::Text(key), None) => key == name,
            _ => false,
        })?;
        Some(self.0.swap_remove(at).1)
    }

    fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, StatementError> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or(StatementError::Claim(name)),
        }
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<T, StatementError> {
        self.optional(name, read)?
            .ok_or(StatementError::Claim(name))
    }

    fn link(&mut self) -> Result<Option<Link>, StatementError> {
        let log = self.optional("log", coded_text)?;
        let seq = self.optional("seq", |value| value.as_u64())?;
        let prev = self.optional("prev", fixed)?.map(StatementId::from_bytes);
        match (log, seq, prev) {
            (None, None, None) => Ok(None),
            (Some(log), Some(seq), prev) if (seq == 0) == prev.is_none() => {
                Ok(Some(Link { log, seq, prev }))
            }
            _ => Err(StatementError::Claim("log, seq, prev")),
        }
    }
}

fn text(value: Value) -> Option<String> {
    value.into_text()
}

fn coded_text(value: Value) -> Option<Code> {
    Code::new(value.into_text()?).ok()
}

fn fixed<const N: usize>(value: Value) -> Option<[u8; N]> {
    value.into_bytes()?.try_into().ok()
}

fn refs(value: Value) -> Option<Vec<(Code, [u8; 32])>> {
    let pair = |pair: Value| {
        let [role, id]: [Value; 2] = pair.into_array()?.try_into().ok()?;
        Some((coded_text(role)?, fixed(id)?))
    };
    let refs: Vec<_> = value
        .into_array()?
        .into_iter()
        .map(pair)
        .collect::<Option<_>>()?;
    (!refs.is_empty()).then_some(refs)
}

fn body(value: Value) -> Option<BTreeMap<Code, Coded>> {
    code::body_from_cbor(value.into_map()?).ok()
}

fn sealed(value: Value) -> Option<Vec<[u8; 32]>> {
    let digests: Vec<[u8; 32]> = value
        .into_array()?
        .into_iter()
        .map(fixed)
        .collect::<Option<_>>()?;
    let sorted = digests.windows(2).all(|pair| pair[0] < pair[1]);
    (sorted && !digests.is_empty()).then_some(digests)
}

#[cfg(test)]
mod tests;
