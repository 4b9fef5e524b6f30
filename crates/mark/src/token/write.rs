//! Writing the CWT dialect: strictly what the drafts say, deterministically encoded.
//!
//! Only what every reader of the dialect understands is written: assets are domain names, and the
//! limits of the JWS dialect have no place. Signing is left to whoever holds the secret: a draft
//! gives the bytes to sign and takes the signature, which is checked before the token leaves.

use ensign_trust::cbor::{self, Value};
use ensign_trust::key::SigningKey;
use thiserror::Error;

use super::cwt::{
    ALG, EXP, IAT, ISS, KID, MAX_LOG, NBF, SUB, TAG_CWT, TAG_SIGN1, TYP, sig_structure,
};
use super::{
    CONTENT_TYPE, Dialect, Emblem, Endorsement, Leaf, LogEntry, MAX_TOKEN, Reading, Token,
    TokenError, Validity,
};
use crate::identifier::Identifier;
use crate::key::EmblemKey;
use crate::name::Organisation;

/// A token that is ready to be signed.
#[derive(Debug, Clone)]
pub struct Unsigned {
    key: EmblemKey,
    header: Vec<u8>,
    payload: Vec<u8>,
    message: Vec<u8>,
}

/// Why a token cannot be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IssueError {
    /// An asset is not a domain name, which is all that the dialect can mark.
    #[error("the dialect marks domain names only, not addresses, networks or wildcards")]
    Asset,
    /// It would never count.
    #[error("the token would end before it begins")]
    Empty,
    /// A limit that the dialect has no claim for.
    #[error("the dialect has no limits of channel, asset or lifetime")]
    Limit,
    /// Nothing is marked, or too much at once.
    #[error("the token marks nothing, or is longer than {MAX_TOKEN} bytes")]
    Length,
    /// More log entries than are read.
    #[error("more than {MAX_LOG} log entries")]
    Log,
    /// The purpose is not given.
    #[error("the token must say which protection it is about")]
    Purpose,
    /// The signature is not one of the key.
    #[error("the signature is not one of the key")]
    Signature,
    /// The key's own reader refuses the token; never expected.
    #[error("the token does not read back")]
    Unreadable(#[source] TokenError),
}

impl Emblem {
    /// The emblem as a token of the CWT dialect, ready to be signed by a key.
    pub fn draft(&self, key: &EmblemKey) -> Result<Unsigned, IssueError> {
        if self.channels.is_some() {
            return Err(IssueError::Limit);
        }
        let name = |asset: &Identifier| match asset {
            Identifier::Domain(name) => Ok(Value::text(name.as_str())),
            _ => Err(IssueError::Asset),
        };
        let assets: Vec<_> = self.assets.iter().map(name).collect::<Result<_, _>>()?;
        if assets.is_empty() {
            return Err(IssueError::Length);
        }
        let purposes = self.purposes.ok_or(IssueError::Purpose)?;
        let mut claims = common(self.issuer.as_ref(), self.validity, purposes.bits())?;
        claims.push((Value::text("assets"), Value::Array(assets)));
        Unsigned::new(key, &[], claims)
    }
}

impl Endorsement {
    /// The endorsement as a token of the CWT dialect, ready to be signed by a key.
    pub fn draft(&self, key: &EmblemKey) -> Result<Unsigned, IssueError> {
        if self.channels.is_some() || self.assets.is_some() || self.window.is_some() {
            return Err(IssueError::Limit);
        }
        if self.log.len() > MAX_LOG {
            return Err(IssueError::Log);
        }
        let purposes = self.purposes.ok_or(IssueError::Purpose)?;
        let mut claims = common(self.issuer.as_ref(), self.validity, purposes.bits())?;
        if let Some(subject) = &self.subject {
            claims.push((Value::Int(SUB), Value::text(subject.to_string())));
        }
        claims.push((Value::text("key"), Value::bytes(*self.key.as_bytes())));
        claims.push((Value::text("end"), Value::Bool(self.may_endorse)));
        Unsigned::new(key, &self.log, claims)
    }
}

impl Unsigned {
    fn new(
        key: &EmblemKey,
        log: &[LogEntry],
        claims: Vec<(Value, Value)>,
    ) -> Result<Self, IssueError> {
        let kid = key.kid(Dialect::Cwt);
        let mut parameters = vec![
            (Value::Int(ALG), Value::Int(key.algorithm().cose())),
            (Value::Int(KID), Value::bytes(*kid.as_bytes())),
            (Value::Int(TYP), Value::text(CONTENT_TYPE)),
        ];
        if !log.is_empty() {
            let entries = log.iter().map(entry).collect();
            parameters.push((Value::text("log"), Value::Array(entries)));
        }
        let header = cbor::encode(&Value::Map(parameters));
        let payload = cbor::encode(&Value::Map(claims));
        // Tags, heads and the signature come on top.
        if header.len() + payload.len() + key.algorithm().signature_len() + 16 > MAX_TOKEN {
            return Err(IssueError::Length);
        }
        Ok(Unsigned {
            message: sig_structure(&header, &payload),
            key: key.clone(),
            header,
            payload,
        })
    }

    /// The bytes to sign.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The token with its signature, in the fixed-width form of COSE.
    ///
    /// # Errors
    /// [`IssueError::Signature`] where it is not one of the key.
    pub fn seal(self, signature: &[u8]) -> Result<Token, IssueError> {
        let parts = vec![
            Value::Bytes(self.header),
            Value::Map(vec![]),
            Value::Bytes(self.payload),
            Value::bytes(signature),
        ];
        let sign1 = Value::Tag(TAG_SIGN1, Box::new(Value::Array(parts)));
        let bytes = cbor::encode(&Value::Tag(TAG_CWT, Box::new(sign1)));
        let token = Token::from_cwt(&bytes, Reading::Strict).map_err(|why| match why {
            TokenError::SignatureLength => IssueError::Signature,
            why => IssueError::Unreadable(why),
        })?;
        if !token.is_signed_by(&self.key) {
            return Err(IssueError::Signature);
        }
        Ok(token)
    }

    /// The token signed with a trust key.
    pub fn sign(self, key: &SigningKey) -> Result<Token, IssueError> {
        let signature = key.sign(&self.message);
        self.seal(&signature)
    }
}

fn common(
    issuer: Option<&Organisation>,
    validity: Validity,
    purposes: u8,
) -> Result<Vec<(Value, Value)>, IssueError> {
    if validity.not_before >= validity.expires {
        return Err(IssueError::Empty);
    }
    let number = |number: i64| Value::Int(number.into());
    let mut claims = vec![
        (Value::Int(EXP), number(validity.expires)),
        (Value::Int(NBF), number(validity.not_before)),
        (Value::text("prp"), Value::Int(purposes.into())),
        (Value::text("ver"), Value::Int(1)),
    ];
    if let Some(issued) = validity.issued {
        claims.push((Value::Int(IAT), number(issued)));
    }
    if let Some(issuer) = issuer {
        claims.push((Value::Int(ISS), Value::text(issuer.to_string())));
    }
    Ok(claims)
}

fn entry(entry: &LogEntry) -> Value {
    let leaf = match entry.leaf {
        Leaf::Hash(hash) => (Value::text("hash"), Value::bytes(hash)),
        Leaf::Index(index) => (Value::text("index"), Value::Int(index.into())),
    };
    let id = Value::bytes(*entry.log.as_bytes());
    Value::Map(vec![(Value::text("id"), id), leaf])
}
