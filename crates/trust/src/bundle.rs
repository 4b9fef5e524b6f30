//! Proof bundles: one file with which a stranger checks, offline, what a log holds about a subject.
//!
//! ```cddl
//! bundle  = [ "ensign bundle", 1, bstr .cbor content, digest: bstr .size 32 ]
//! content = { "cosigners": [* vkey: tstr], "checkpoint": bstr, "disclosures": [* bstr],
//!             "entries": [+ [index: uint, entry: bstr, [* hash: bstr .size 32]]],
//!             "log": vkey: tstr, ? "result": result, ? "size": uint, "subject": tstr }
//! result  = [ at: int, record: bstr, root: bstr .size 32, [* hash: bstr .size 32] ]
//! ```
//!
//! The digest is SHA-256 of the content: it tells a damaged file apart from a false one. Every
//! other byte is covered by a proof of its own: the checkpoint by the log's signature, each
//! cosignature by its cosigner's key, each entry by its inclusion proof and its author's
//! signature, each disclosure by a digest that an entry holds. Whatever is not needed for the
//! proof is refused: an unknown signature line, a disclosure that no entry commits to.
//!
//! What a bundle cannot show is what was left out of it: a later correction, or a revocation. It
//! shows the log as of its checkpoint, and only what its maker chose to put in.
//!
//! A bundle may ask what the log said when it was smaller than its checkpoint: `size`. That is a
//! question and no claim: the answer is computed from what is proved, whatever the size is.
//!
//! A bundle about an obligation states a result: what was computed from its statements for a moment
//! and that size. The root at that size is proved to be the beginning of the checkpoint's tree. The
//! record itself is bytes here: whoever can evaluate computes it anew and compares.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::anchor::Anchors;
use crate::cbor::{self, DecodeError, Value};
use crate::code::Code;
use crate::disclosure::Disclosure;
use crate::id::{ObligationId, PartyId};
use crate::log::Hash;
use crate::log::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::log::cosignature::CosignersError;
use crate::log::merkle::{ProofError, leaf_hash, verify_consistency, verify_inclusion};
use crate::log::vkey::NoteKey;
use crate::logbook::{self, Receipt};
use crate::party::{Act, Refusal, Registry, Rule};
use crate::statement::{Statement, StatementError};

const MAGIC: &str = "ensign bundle";
const VERSION: u64 = 1;

/// Largest bundle that is read, in bytes.
pub const MAX_BUNDLE: usize = 64 * 1024 * 1024;

/// A bundle whose parts are not yet checked against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Id of what the bundle is about.
    pub subject: Code,
    /// Key of the log, as vkey.
    pub log: String,
    /// Keys of the cosigners whose lines the checkpoint bears, as vkeys.
    pub cosigners: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: Vec<u8>,
    /// Entries in the order of their index.
    pub entries: Vec<Proven>,
    /// Encoded disclosures in the order of their digests.
    pub disclosures: Vec<Vec<u8>>,
    /// The size of the log that it is asked about, where that is less than its checkpoint's.
    pub size: Option<u64>,
    /// What is said to follow, where the bundle is about an obligation.
    pub result: Option<StatedResult>,
}

/// A result that a bundle states of an obligation at the size that it is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedResult {
    /// The moment judged, Unix seconds.
    pub at: i64,
    /// The bytes of the result. Nothing here says that they follow from the statements.
    pub record: Vec<u8>,
    /// The root of the log at that size.
    pub root: Hash,
    /// Consistency proof from that size to the checkpoint's; empty where they are the same.
    pub proof: Vec<Hash>,
}

/// An entry with its place and the proof of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Index in the log.
    pub index: u64,
    /// The bytes.
    pub entry: Vec<u8>,
    /// Inclusion proof from the leaf's sibling upwards.
    pub proof: Vec<Hash>,
}

/// What a bundle proves.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Whether trust anchors vouch for the log.
    pub anchored: bool,
    /// Id of what the bundle is about.
    pub subject: Code,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
    /// The size of the log that the bundle is asked about: its checkpoint's, or less.
    pub size: u64,
    /// Key of the log.
    pub log: NoteKey,
    /// Cosigners by name, with the Unix time that each states. With trust anchors only those whose
    /// keys they hold: anybody can make a key under any name.
    pub cosigned: Vec<(String, u64)>,
    /// All statements with their places.
    pub statements: Vec<Counted>,
    /// What the statements say of parties, keys and mandates.
    pub registry: Registry,
    /// All disclosures.
    pub disclosures: Vec<Disclosure>,
    /// The parties that opened the log.
    pub roots: Vec<PartyId>,
    /// What the bundle states of its obligation. Its root is that of the log at `size`; whether its
    /// record follows from the statements is for whoever can evaluate.
    pub result: Option<StatedResult>,
}

/// A statement of a verified bundle.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Index in the log.
    pub index: u64,
    /// When the node received it, Unix seconds.
    pub received: u64,
    /// The statement.
    pub statement: Statement,
    /// Whether a later revocation took it back. Receipts and what was done to keys and mandates are
    /// shown nevertheless, since they explain what was received when, and who could sign what; of
    /// everything else a bundle holds only what counts.
    pub taken_back: bool,
    /// Whether a later revocation took its receipt back: its place in the log stands, the time is
    /// the word of a key that is no longer believed.
    pub receipt_taken_back: bool,
}

/// Why a bundle proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum BundleError {
    #[error("{0} bytes are more than a bundle's {MAX_BUNDLE}")]
    TooLong(usize),
    #[error("the file is not deterministic CBOR")]
    Encoding(#[source] DecodeError),
    #[error("the file is no proof bundle of a version that is understood here")]
    NotABundle,
    #[error("the file is damaged: its outer digest does not match")]
    Digest,
    #[error("the bundle's part {0} is missing, superfluous or not of its type")]
    Part(&'static str),
    #[error("the key of the log or of a cosigner cannot be read")]
    Key,
    #[error("the checkpoint is not a note that the log signed")]
    Checkpoint(#[source] CheckpointError),
    #[error("a cosignature of the checkpoint does not hold")]
    Cosigners(#[source] CosignersError),
    #[error("the checkpoint bears a signature line that no key of the bundle explains")]
    UnknownLine,
    #[error("entries or disclosures are out of order")]
    Order,
    #[error("entry {index} is not in the log as the checkpoint has it")]
    Inclusion {
        index: u64,
        #[source]
        source: ProofError,
    },
    #[error("entry {index} is no statement")]
    Statement {
        index: u64,
        #[source]
        source: StatementError,
    },
    #[error("statement {index} does not count")]
    Refused {
        index: u64,
        #[source]
        refusal: Refusal,
    },
    #[error("statement {index} has no receipt in the bundle")]
    NoReceipt { index: u64 },
    #[error("statement {index} is of another realm")]
    OtherRealm { index: u64 },
    #[error("the bundle lacks the statement that opens its log with this key")]
    NotOpened,
    #[error("no statement of the bundle is about its subject")]
    NoSubject,
    #[error("the bundle is asked about {size} entries, and its checkpoint has {has}")]
    Size { size: u64, has: u64 },
    #[error("the log did not have the root that the bundle states for {size} entries")]
    Root {
        size: u64,
        #[source]
        source: ProofError,
    },
    #[error("a disclosure belongs to no statement of the bundle")]
    Disclosure,
    #[error("the log is not one of the trust anchors'")]
    ForeignLog,
    #[error("the realm is not that of the trust anchors")]
    ForeignRealm,
    #[error("the log was opened by a party that is not one of the trust anchors'")]
    ForeignRoot,
    #[error("the checkpoint lacks the cosignatures that the trust anchors ask for")]
    Unwitnessed,
}

impl Bundle {
    /// Writes the file.
    pub fn encode(&self) -> Vec<u8> {
        let texts = |all: &[String]| {
            Value::Array(all.iter().map(|text| Value::text(text.as_str())).collect())
        };
        let hashes =
            |all: &[Hash]| Value::Array(all.iter().map(|hash| Value::bytes(*hash)).collect());
        let entry = |proven: &Proven| {
            Value::Array(vec![
                proven.index.into(),
                Value::bytes(proven.entry.as_slice()),
                hashes(&proven.proof),
            ])
        };
        let result = |result: &StatedResult| {
            Value::Array(vec![
                Value::Int(result.at.into()),
                Value::bytes(result.record.as_slice()),
                Value::bytes(result.root),
                hashes(&result.proof),
            ])
        };
        let disclosures = self
            .disclosures
            .iter()
            .map(|one| Value::bytes(one.as_slice()));
        let mut content = vec![
            (
                Value::text("checkpoint"),
                Value::bytes(self.checkpoint.as_slice()),
            ),
            (Value::text("cosigners"), texts(&self.cosigners)),
            (
                Value::text("disclosures"),
                Value::Array(disclosures.collect()),
            ),
            (
                Value::text("entries"),
                Value::Array(self.entries.iter().map(entry).collect()),
            ),
            (Value::text("log"), Value::text(self.log.as_str())),
            (Value::text("subject"), Value::text(self.subject.as_str())),
        ];
        let size = self.size.map(|size| (Value::text("size"), size.into()));
        content.extend(size);
        let result = self.result.as_ref().map(result);
        content.extend(result.map(|result| (Value::text("result"), result)));
        let content = cbor::encode(&Value::Map(content));
        let digest: [u8; 32] = Sha256::digest(&content).into();
        cbor::encode(&Value::Array(vec![
            Value::text(MAGIC),
            VERSION.into(),
            Value::Bytes(content),
            Value::bytes(digest),
        ]))
    }

    /// Reads the file and checks its outer digest.
    pub fn decode(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BUNDLE {
            return Err(BundleError::TooLong(bytes.len()));
        }
        let outer = cbor::decode(bytes).map_err(BundleError::Encoding)?;
        let outer: Option<[Value; 4]> = outer.into_array().and_then(|outer| outer.try_into().ok());
        let Some(
            [
                Value::Text(magic),
                Value::Int(version),
                Value::Bytes(content),
                Value::Bytes(digest),
            ],
        ) = outer
        else {
            return Err(BundleError::NotABundle);
        };
        if magic != MAGIC || version != i128::from(VERSION) {
            return Err(BundleError::NotABundle);
        }
        if Sha256::digest(&content)[..] != digest[..] {
            return Err(BundleError::Digest);
        }
        let content = cbor::decode(&content).map_err(BundleError::Encoding)?;
        let mut content = content.into_map().ok_or(BundleError::Part("content"))?;
        let part = BundleError::Part;
        let size = taken(&mut content, "size").map(|size| size.as_u64().ok_or(part("size")));
        let result = taken(&mut content, "result").map(|it| result(it).ok_or(part("result")));
        let (size, result) = (size.transpose()?, result.transpose()?);
        let parts = <[_; 6]>::try_from(content).map_err(|_| BundleError::Part("content"))?;
        // Keys are unique and in bytewise order: shorter names first.
        let names = [
            "log",
            "entries",
            "subject",
            "cosigners",
            "checkpoint",
            "disclosures",
        ];
        if parts
            .iter()
            .zip(names)
            .any(|((key, _), name)| *key != Value::text(name))
        {
            return Err(BundleError::Part("content"));
        }
        let [log, entries, subject, cosigners, checkpoint, disclosures] = parts.map(|(_, v)| v);
        Ok(Bundle {
            subject: subject
                .into_text()
                .and_then(|t| Code::new(t).ok())
                .ok_or(part("subject"))?,
            log: log.into_text().ok_or(part("log"))?,
            cosigners: list(cosigners, Value::into_text).ok_or(part("cosigners"))?,
            checkpoint: checkpoint.into_bytes().ok_or(part("checkpoint"))?,
            entries: list(entries, proven).ok_or(part("entries"))?,
            disclosures: list(disclosures, Value::into_bytes).ok_or(part("disclosures"))?,
            size,
            result,
        })
    }

    /// Checks everything. `others` says what the authors of other crates' kinds must be; without
    /// anchors the bundle can be consistent, not more.
    pub fn verify(&self, anchors: Option<&Anchors>, others: Rule) -> Result<Verified, BundleError> {
        let log: NoteKey = self.log.parse().map_err(|_| BundleError::Key)?;
        if anchors.is_some_and(|anchors| !anchors.holds_log(&log)) {
            return Err(BundleError::ForeignLog);
        }
        let checkpoint =
            SignedCheckpoint::open(&self.checkpoint, &log).map_err(BundleError::Checkpoint)?;
        let cosigned = self.check_cosigners(&checkpoint, anchors)?;
        let size = self.check_size(&checkpoint)?;
        self.check_result(&checkpoint, size)?;
        let mut statements = self.check_entries(&checkpoint)?;
        let registry = check_authors(&mut statements, others)?;
        let roots = self.check_opening(&statements, &registry, &log, anchors)?;
        let disclosures = self.check_disclosures(&statements)?;
        let is_about_it = |one: &Counted| {
            one.index < size && one.statement.subject.as_ref() == Some(&self.subject)
        };
        // An obligation is what statements come to: none is about it.
        if self.result.is_none() && !statements.iter().any(is_about_it) {
            return Err(BundleError::NoSubject);
        }
        let (anchored, subject) = (anchors.is_some(), self.subject.clone());
        Ok(Verified {
            anchored,
            subject,
            checkpoint,
            size,
            log,
            cosigned,
            statements,
            registry,
            disclosures,
            roots,
            result: self.result.clone(),
        })
    }

    fn check_cosigners(
        &self,
        checkpoint: &SignedCheckpoint,
        anchors: Option<&Anchors>,
    ) -> Result<Vec<(String, u64)>, BundleError> {
        let keys: Vec<NoteKey> = self
            .cosigners
            .iter()
            .map(|vkey| vkey.parse().map_err(|_| BundleError::Key))
            .collect::<Result<_, _>>()?;
        let mut cosigned = checkpoint
            .cosigned_by(&keys)
            .map_err(BundleError::Cosigners)?;
        if cosigned.len() != keys.len() || checkpoint.note().signatures.len() != 1 + keys.len() {
            return Err(BundleError::UnknownLine);
        }
        if let Some(anchors) = anchors {
            let witnesses = anchors.quorum.keys();
            if !anchors.quorum.is_met(|at| keys.contains(&witnesses[at])) {
                return Err(BundleError::Unwitnessed);
            }
            cosigned.retain(|by| witnesses.contains(&keys[by.cosigner]));
        }
        let name = |by: &crate::log::Cosigned| (keys[by.cosigner].name().to_owned(), by.timestamp);
        Ok(cosigned.iter().map(name).collect())
    }

    /// A size that is the checkpoint's own is not written: each bundle has one form.
    fn check_size(&self, checkpoint: &SignedCheckpoint) -> Result<u64, BundleError> {
        let has = checkpoint.checkpoint().size;
        match self.size {
            None => Ok(has),
            Some(size) if size < has => Ok(size),
            Some(size) => Err(BundleError::Size { size, has }),
        }
    }

    /// An obligation has a result and nothing else has; its root is that of the log at the size asked.
    fn check_result(&self, checkpoint: &SignedCheckpoint, size: u64) -> Result<(), BundleError> {
        let is_obligation = self.subject.as_str().parse::<ObligationId>().is_ok();
        match &self.result {
            Some(StatedResult { root, proof, .. }) if is_obligation => {
                let tree = checkpoint.checkpoint();
                verify_consistency(size, tree.size, proof, root, &tree.root)
                    .map_err(|source| BundleError::Root { size, source })
            }
            None if !is_obligation => Ok(()),
            _ => Err(BundleError::Part("result")),
        }
    }

    fn check_entries(&self, checkpoint: &SignedCheckpoint) -> Result<Vec<Counted>, BundleError> {
        if !self
            .entries
            .windows(2)
            .all(|pair| pair[0].index < pair[1].index)
        {
            return Err(BundleError::Order);
        }
        let tree = checkpoint.checkpoint();
        let mut receipts: Vec<Receipt> = Vec::new();
        let mut statements = Vec::with_capacity(self.entries.len());
        for Proven {
            index,
            entry,
            proof,
        } in &self.entries
        {
            let index = *index;
            verify_inclusion(index, tree.size, &leaf_hash(entry), proof, &tree.root)
                .map_err(|source| BundleError::Inclusion { index, source })?;
            let statement = Statement::decode(entry.as_slice())
                .map_err(|source| BundleError::Statement { index, source })?;
            receipts.extend(receipt_at(index, &statement));
            statements.push(Counted {
                index,
                received: 0,
                statement,
                taken_back: false,
                receipt_taken_back: false,
            });
        }
        let realm = statements
            .first()
            .map(|first| first.statement.realm.clone());
        for counted in &mut statements {
            let index = counted.index;
            if Some(&counted.statement.realm) != realm.as_ref() {
                return Err(BundleError::OtherRealm { index });
            }
            // They were found in the order of their index, which is their end.
            let next = receipts.partition_point(|receipt| receipt.end < index);
            let receipt = receipts.get(next).filter(|receipt| receipt.first <= index);
            counted.received = receipt.ok_or(BundleError::NoReceipt { index })?.received;
        }
        Ok(statements)
    }

    fn check_opening(
        &self,
        statements: &[Counted],
        registry: &Registry,
        log: &NoteKey,
        anchors: Option<&Anchors>,
    ) -> Result<Vec<PartyId>, BundleError> {
        let opens = |counted: &&Counted| {
            let Some(Ok(logbook::Entry::Opened {
                origin, log_key, ..
            })) = logbook::Entry::read(&counted.statement)
            else {
                return false;
            };
            counted.index == 1
                && origin == *log.name()
                && log_key[..] == *log.public_key()
                && registry.is_root(counted.statement.author())
        };
        let opening = statements
            .iter()
            .find(opens)
            .ok_or(BundleError::NotOpened)?;
        if let Some(anchors) = anchors {
            if opening.statement.realm != anchors.realm {
                return Err(BundleError::ForeignRealm);
            }
            if !registry.roots().all(|root| anchors.parties.contains(&root)) {
                return Err(BundleError::ForeignRoot);
            }
        }
        Ok(registry.roots().collect())
    }

    fn check_disclosures(&self, statements: &[Counted]) -> Result<Vec<Disclosure>, BundleError> {
        let sealed: BTreeSet<&[u8; 32]> = statements
            .iter()
            .flat_map(|one| &one.statement.sealed)
            .collect();
        let mut disclosures = Vec::with_capacity(self.disclosures.len());
        let mut last = None;
        for bytes in &self.disclosures {
            let disclosure = Disclosure::decode(bytes).map_err(|_| BundleError::Disclosure)?;
            let digest = disclosure.digest();
            if !sealed.contains(&digest) {
                return Err(BundleError::Disclosure);
            }
            if last.replace(digest).is_some_and(|last| last >= digest) {
                return Err(BundleError::Order);
            }
            disclosures.push(disclosure);
        }
        Ok(disclosures)
    }
}

impl Verified {
    /// SHA-256 of the log's vkey text, to be compared with a fingerprint from elsewhere.
    pub fn fingerprint(&self) -> [u8; 32] {
        fingerprint(&self.log)
    }
}

/// SHA-256 of a log key's vkey text: what people compare by voice or on paper.
pub fn fingerprint(log: &NoteKey) -> [u8; 32] {
    Sha256::digest(log.to_string()).into()
}

/// The receipt that a statement is; it stands right behind what it covers.
fn receipt_at(index: u64, statement: &Statement) -> Option<Receipt> {
    match logbook::Entry::read(statement) {
        Some(Ok(logbook::Entry::Received(receipt))) if receipt.end == index => Some(receipt),
        _ => None,
    }
}

/// Admits every statement at its index, and makes sure that it still stands at the end.
fn check_authors(statements: &mut [Counted], others: Rule) -> Result<Registry, BundleError> {
    let mut registry = Registry::default();
    for Counted {
        index,
        received,
        statement,
        ..
    } in &*statements
    {
        let index = *index;
        registry
            .admit(statement, index, *received, others)
            .map_err(|refusal| BundleError::Refused { index, refusal })?;
        registry = registry.apply(statement, index, *received);
    }
    // A revocation may reach back. It takes what was done to keys and mandates out of the registry
    // itself; everything else must still be admitted by what is left there. Receipts come behind
    // what they cover, so the statements are gone through from the last one on.
    let mut receipt_taken_back = false;
    for counted in statements.iter_mut().rev() {
        let Counted {
            index,
            received,
            statement,
            ..
        } = &*counted;
        let index = *index;
        let key = registry.key(statement.key());
        let revoked = key.and_then(|key| key.revoked);
        let fallen = revoked.is_some_and(|revoked| revoked <= index);
        let is_receipt = receipt_at(index, statement).is_some();
        if is_receipt {
            receipt_taken_back = fallen;
        }
        counted.taken_back = match Act::read(statement) {
            Some(Ok(Act::KeyRevoked { .. })) => false,
            Some(_) => fallen,
            None if is_receipt && fallen => true,
            None => {
                let admitted = registry.admit_signed(statement, index, *received, others);
                admitted.map_err(|refusal| BundleError::Refused { index, refusal })?;
                false
            }
        };
        counted.receipt_taken_back = receipt_taken_back;
    }
    Ok(registry)
}

/// Takes a part out that may be absent.
fn taken(content: &mut Vec<(Value, Value)>, name: &str) -> Option<Value> {
    let at = content
        .iter()
        .position(|(key, _)| *key == Value::text(name))?;
    Some(content.remove(at).1)
}

fn result(value: Value) -> Option<StatedResult> {
    let [at, record, root, proof]: [Value; 4] = value.into_array()?.try_into().ok()?;
    let Value::Int(at) = at else {
        return None;
    };
    Some(StatedResult {
        at: i64::try_from(at).ok()?,
        record: record.into_bytes()?,
        root: root.into_bytes()?.try_into().ok()?,
        proof: list(proof, |hash| hash.into_bytes()?.try_into().ok())?,
    })
}

fn proven(value: Value) -> Option<Proven> {
    let [index, entry, proof]: [Value; 3] = value.into_array()?.try_into().ok()?;
    Some(Proven {
        index: index.as_u64()?,
        entry: entry.into_bytes()?,
        proof: list(proof, |hash| hash.into_bytes()?.try_into().ok())?,
    })
}

fn list<T>(value: Value, read: impl FnMut(Value) -> Option<T>) -> Option<Vec<T>> {
    value.into_array()?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests;
