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
    let mut out = Vec::with_capacity(header.len() + payload.len() + 20);
    out.extend_from_slice(b"\x84\x6aSignature1");
    cbor::write_bytes(header, &mut out);
    cbor::write_bytes(&[], &mut out);
    cbor::write_bytes(payload, &mut out);
    out
}

mod read;
#[cfg(test)]
mod tests;
