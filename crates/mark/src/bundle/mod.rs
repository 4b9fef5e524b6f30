//! An emblem in one file: tokens, keys, evidence and the policy that it was judged by.
//!
//! ```cddl
//! file      = [ "ensign emblem bundle", 1, content: bstr .cbor content, digest: bstr .size 32 ]   ; SHA-256 of content
//! content   = { "tokens": [+ bstr], ? "keys": [+ bstr .cbor COSE_Key], ? "chains": [+ [+ certificate: bstr]],
//!               ? "logs": [+ SubjectPublicKeyInfo: bstr], ? "inclusions": [+ inclusion],
//!               ? "revocations": [+ list: bstr], ? "policy": bstr .size 32 }
//! inclusion = [ log: bstr .size 32, leaf: bstr .size 32, index: uint, [* bstr .size 32],
//!               [ size: uint, timestamp: uint, root: bstr .size 32, signature: bstr ] ]
//! ```
//!
//! Deterministic CBOR. Lists but that within a chain are in ascending order of their encodings and
//! have nothing twice, so one content has one file. The digest tells a damaged file from a false
//! one; it proves nothing. Neither does anything else in the file: all of it is checked as if it had
//! been found on the street. Keys of logs count only where the verifier's policy names the log, and
//! the policy's id says by which policy the sender judged, no more.

#[cfg(test)]
mod tests;

use ensign_trust::cbor::{self, DecodeError, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::commitment::{Evidence, EvidenceError, Inclusion, LogId, TreeHead};
use crate::key::{EmblemKey, KeyError};
use crate::policy::PolicyId;
use crate::token::{Reading, Token, TokenError};
use crate::verify::{MAX_KEYS, MAX_TOKENS, TokenSet};

/// Longest bundle that is read, in bytes.
pub const MAX_BUNDLE: usize = 16 * 1024 * 1024;

const NAME: &str = "ensign emblem bundle";
const VERSION: i128 = 1;

/// Tokens, keys and evidence, as they travel together.
#[derive(Debug, Clone)]
pub struct Bundle {
    tokens: Vec<Token>,
    keys: Vec<EmblemKey>,
    evidence: Evidence,
    policy: Option<PolicyId>,
}

/// Why bytes are not a bundle, or a bundle cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BundleError {
    /// The content is not what the digest says: the file is damaged.
    #[error("the file is damaged: its content is not what its digest says")]
    Damaged,
    /// The file is not deterministic CBOR.
    #[error("the file is not deterministic CBOR")]
    Encoding(#[source] DecodeError),
    /// A piece of evidence cannot be read.
    #[error("the evidence of the bundle cannot be read")]
    Evidence(#[source] EvidenceError),
    /// A key is refused.
    #[error("a key of the bundle is refused")]
    Key(#[source] KeyError),
    /// Not a bundle.
    #[error("not an emblem bundle")]
    NotABundle,
    /// The content has another shape, order or repetition.
    #[error("the bundle's content is not in the one form that it has")]
    Shape,
    /// A token cannot be read.
    #[error("a token of the bundle cannot be read")]
    Token(#[source] TokenError),
    /// There are no tokens, or more tokens, keys or bytes than are read.
    #[error("no tokens, or more tokens, keys or bytes than a bundle has")]
    Size,
    /// A bundle of another version.
    #[error("the bundle is of version {0}, and version {VERSION} is understood")]
    Version(i128),
}

impl Bundle {
    /// A bundle; what is there twice is taken once.
    pub fn new(
        mut tokens: Vec<Token>,
        mut keys: Vec<EmblemKey>,
        evidence: Evidence,
        policy: Option<PolicyId>,
    ) -> Result<Self, BundleError> {
        tokens.sort_by(|a, b| a.bytes().cmp(b.bytes()));
        tokens.dedup();
        keys.sort_by_key(EmblemKey::to_cose);
        keys.dedup();
        if tokens.is_empty() || tokens.len() > MAX_TOKENS || keys.len() > MAX_KEYS {
            return Err(BundleError::Size);
        }
        Ok(Bundle {
            tokens,
            keys,
            evidence,
            policy,
        })
    }

    /// The tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The keys.
    pub fn keys(&self) -> &[EmblemKey] {
        &self.keys
    }

    /// The evidence. In a bundle that was read, nobody vouches for the keys of logs.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// By which policy the sender judged.
    pub fn policy(&self) -> Option<PolicyId> {
        self.policy
    }

    /// The tokens and keys, to be verified.
    pub fn set(&self) -> TokenSet {
        let set = TokenSet::new(self.tokens.clone(), self.keys.clone());
        set.expect("a bundle has no more tokens and keys than a set")
    }

    /// The file.
    ///
    /// # Errors
    /// [`BundleError::Size`] where it would be longer than is read.
    pub fn encode(&self) -> Result<Vec<u8>, BundleError> {
        let content = cbor::encode(&self.content());
        let digest: [u8; 32] = Sha256::digest(&content).into();
        let file = cbor::encode(&Value::Array(vec![
            Value::text(NAME),
            Value::Int(VERSION),
            Value::Bytes(content),
            Value::bytes(digest),
        ]));
        match file.len() <= MAX_BUNDLE {
            true => Ok(file),
            false => Err(BundleError::Size),
        }
    }

    /// Reads a file, strictly: what is read is written back byte for byte.
    pub fn decode(file: &[u8]) -> Result<Self, BundleError> {
        if file.len() > MAX_BUNDLE {
            return Err(BundleError::Size);
        }
        let outer = cbor::decode(file).map_err(BundleError::Encoding)?;
        let parts: Option<[Value; 4]> = outer.into_array().and_then(|it| it.try_into().ok());
        let Some([Value::Text(name), version, content, digest]) = parts else {
            return Err(BundleError::NotABundle);
        };
        if name != NAME {
            return Err(BundleError::NotABundle);
        }
        let (Value::Bytes(content), Value::Bytes(digest)) = (content, digest) else {
            return Err(BundleError::NotABundle);
        };
        match version {
            Value::Int(VERSION) => {}
            Value::Int(version) => return Err(BundleError::Version(version)),
            _ => return Err(BundleError::NotABundle),
        }
        if digest != Sha256::digest(&content)[..] {
            return Err(BundleError::Damaged);
        }
        let read = read(cbor::decode(&content).map_err(BundleError::Encoding)?)?;
        // Order, repetition and members that stand for nothing show in the encoding.
        match cbor::encode(&read.content()) == content {
            true => Ok(read),
            false => Err(BundleError::Shape),
        }
    }

    fn content(&self) -> Value {
        let evidence = &self.evidence;
        let chain = |chain: Vec<&[u8]>| Value::Array(chain.into_iter().map(Value::bytes).collect());
        let lists = [
            (
                "tokens",
                self.tokens
                    .iter()
                    .map(|it| Value::bytes(it.bytes()))
                    .collect(),
            ),
            (
                "keys",
                self.keys
                    .iter()
                    .map(|it| Value::Bytes(it.to_cose()))
                    .collect(),
            ),
            ("chains", evidence.chains().map(chain).collect()),
            (
                "logs",
                evidence
                    .logs()
                    .values()
                    .map(|it| Value::bytes(it.spki()))
                    .collect(),
            ),
            (
                "inclusions",
                evidence.inclusions().iter().map(write_inclusion).collect(),
            ),
            (
                "revocations",
                evidence.revocation_lists().map(Value::bytes).collect(),
            ),
        ];
        let lists = lists
            .into_iter()
            .filter(|(_, list): &(_, Vec<Value>)| !list.is_empty());
        let mut members: Vec<_> = lists
            .map(|(name, list)| (Value::text(name), Value::Array(ascending(list))))
            .collect();
        if let Some(policy) = self.policy {
            members.push((Value::text("policy"), Value::bytes(*policy.as_bytes())));
        }
        Value::Map(members)
    }
}

/// In the order of their encodings, nothing twice.
fn ascending(list: Vec<Value>) -> Vec<Value> {
    let mut encoded: Vec<_> = list.into_iter().map(|it| (cbor::encode(&it), it)).collect();
    encoded.sort_by(|a, b| a.0.cmp(&b.0));
    encoded.dedup_by(|a, b| a.0 == b.0);
    encoded.into_iter().map(|(_, value)| value).collect()
}

fn read(content: Value) -> Result<Bundle, BundleError> {
    const SHAPE: BundleError = BundleError::Shape;
    let (mut tokens, mut keys) = (Vec::new(), Vec::new());
    let (mut evidence, mut policy) = (Evidence::default(), None);
    let bytes = |value: Value| value.into_bytes().ok_or(SHAPE);
    for (name, value) in content.into_map().ok_or(SHAPE)? {
        let name = name.into_text().ok_or(SHAPE)?;
        if name == "policy" {
            policy = Some(PolicyId::from_bytes(digest(value).ok_or(SHAPE)?));
            continue;
        }
        for item in value.into_array().ok_or(SHAPE)? {
            match name.as_str() {
                "tokens" => {
                    let token = Token::read(&bytes(item)?, Reading::Lenient);
                    tokens.push(token.map_err(BundleError::Token)?);
                }
                "keys" => {
                    let key = EmblemKey::from_cose(&bytes(item)?);
                    keys.push(key.map_err(BundleError::Key)?);
                }
                "chains" => {
                    let chain = item.into_array().ok_or(SHAPE)?.into_iter().map(bytes);
                    let chain: Vec<_> = chain.collect::<Result<_, _>>()?;
                    let chain: Vec<_> = chain.iter().map(Vec::as_slice).collect();
                    evidence.add_chain(&chain).map_err(BundleError::Evidence)?;
                }
                "logs" => {
                    let added = evidence.add_unvouched_log_key(&bytes(item)?);
                    added.map_err(BundleError::Evidence)?;
                }
                "inclusions" => {
                    let inclusion = read_inclusion(item).ok_or(SHAPE)?;
                    let added = evidence.add_inclusion(inclusion);
                    added.map_err(BundleError::Evidence)?;
                }
                "revocations" => {
                    let added = evidence.add_revocation_list(&bytes(item)?);
                    added.map_err(BundleError::Evidence)?;
                }
                _ => return Err(SHAPE),
            }
            if tokens.len() > MAX_TOKENS || keys.len() > MAX_KEYS {
                return Err(BundleError::Size);
            }
        }
    }
    Bundle::new(tokens, keys, evidence, policy)
}

fn write_inclusion(inclusion: &Inclusion) -> Value {
    let head = &inclusion.head;
    let path = inclusion.path.iter().map(|hash| Value::bytes(*hash));
    Value::Array(vec![
        Value::bytes(*inclusion.log.as_bytes()),
        Value::bytes(inclusion.leaf),
        inclusion.index.into(),
        Value::Array(path.collect()),
        Value::Array(vec![
            head.size.into(),
            head.timestamp.into(),
            Value::bytes(head.root),
            Value::bytes(head.signature.as_slice()),
        ]),
    ])
}

fn read_inclusion(value: Value) -> Option<Inclusion> {
    let [log, leaf, index, path, head]: [Value; 5] = value.into_array()?.try_into().ok()?;
    let [size, timestamp, root, signature]: [Value; 4] = head.into_array()?.try_into().ok()?;
    let path = path.into_array()?;
    if path.len() > Inclusion::MAX_PATH {
        return None;
    }
    Some(Inclusion {
        log: LogId::from_bytes(digest(log)?),
        leaf: digest(leaf)?,
        index: index.as_u64()?,
        path: path.into_iter().map(digest).collect::<Option<_>>()?,
        head: TreeHead {
            size: size.as_u64()?,
            timestamp: timestamp.as_u64()?,
            root: digest(root)?,
            signature: signature.into_bytes()?,
        },
    })
}

fn digest(value: Value) -> Option<[u8; 32]> {
    value.into_bytes()?.try_into().ok()
}
