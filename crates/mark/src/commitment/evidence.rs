//! What a verifier has at hand to check commitments with.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use thiserror::Error;
use x509_cert::der::Document;

use super::LogId;
use super::certificate::{CertificateError, Chain, MAX_CHAIN};
use super::proof::{Inclusion, bytes, digest};
use super::revocation::RevocationList;
use crate::curve::Point;
use crate::json::{self, Json};
use crate::key::{KeyError, MAX_KEY};
use crate::pem;

/// Longest piece of evidence that is read, in bytes: a revocation list may be long.
pub const MAX_EVIDENCE: usize = 4 * 1024 * 1024;
/// Most certificate chains, and most of each other kind.
pub const MAX_CHAINS: usize = 64;
/// Longest piece of JSON, in bytes.
const MAX_JSON: usize = 256 * 1024;
/// Longest name of a log.
const MAX_LOG_NAME: usize = 64;

/// Certificate chains, keys of logs, inclusion proofs and revocation lists; what is added twice is
/// there once.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub(super) chains: Vec<Chain>,
    logs: BTreeMap<LogId, LogKey>,
    pub(super) inclusions: Vec<Inclusion>,
    pub(super) revocations: Vec<RevocationList>,
    /// Running digest of all that was added.
    digest: [u8; 32],
}

/// The public key of a log.
#[derive(Debug, Clone)]
pub struct LogKey {
    spki: Vec<u8>,
    pub(super) point: Point,
    name: Option<String>,
    /// Whether the verifier vouches for it, or it came with the tokens.
    pub(super) vouched: bool,
}

/// What a file added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// A certificate chain.
    Chain,
    /// Inclusion proofs, this many.
    Inclusions(usize),
    /// Keys of logs, this many.
    LogKeys(usize),
    /// Nothing: a file of another kind.
    Nothing,
    /// A revocation list.
    RevocationList,
}

/// Why evidence is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvidenceError {
    /// A certificate of the chain cannot be read.
    #[error("certificate {at} of the chain cannot be read")]
    Certificate {
        /// Its place, from 1.
        at: usize,
        /// Why.
        #[source]
        source: CertificateError,
    },
    /// The inclusion proofs cannot be read.
    #[error("the inclusion proofs are not in the form that they have")]
    Inclusions,
    /// The key of a log cannot be read.
    #[error("the key of the log {id} cannot be read")]
    LogKey {
        /// The log, as the file names it.
        id: LogId,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// The list of log keys cannot be read, or an id is not the SHA-256 of its key.
    #[error("the list of log keys is not in the form that it has, or an id is not of its key")]
    LogKeys,
    /// Not PEM as it is written.
    #[error("the PEM blocks cannot be read")]
    Pem,
    /// The revocation list cannot be read, or is of a kind that is not understood.
    #[error("the revocation list cannot be read, or is a delta, indirect or partial one")]
    RevocationList,
    /// More than is read.
    #[error("longer than {MAX_EVIDENCE} bytes, or more than {MAX_CHAINS} of a kind")]
    TooMuch,
}

impl Evidence {
    /// Reads a file of any of the kinds: PEM certificates, JSON with `logs` (`name`, `id`, `key`)
    /// or `inclusions`, a PEM or DER revocation list. Others are passed over.
    pub fn add_file(&mut self, content: &[u8]) -> Result<Added, EvidenceError> {
        self.read_file(content, true)
    }

    /// As [`add_file`](Self::add_file), for what came with the tokens: a key of a log among it
    /// counts only where a policy names the log.
    pub fn add_unvouched_file(&mut self, content: &[u8]) -> Result<Added, EvidenceError> {
        self.read_file(content, false)
    }

    /// Adds a certificate and those above it, each in DER.
    pub fn add_chain(&mut self, certificates: &[&[u8]]) -> Result<Added, EvidenceError> {
        let read = Chain::read(certificates);
        let chain = read.map_err(|source| {
            let fails = |it: &&[u8]| Chain::read(&[it]).is_err();
            let at = certificates.iter().position(fails).unwrap_or_default() + 1;
            EvidenceError::Certificate { at, source }
        })?;
        if self.chains().any(|known| known == certificates) {
            return Ok(Added::Chain);
        }
        room(self.chains.len())?;
        for certificate in chain.certificates() {
            self.note(b"certificate", &certificate.fingerprint);
        }
        self.note(b"chain", &[]);
        self.chains.push(chain);
        Ok(Added::Chain)
    }

    /// Adds the key of a log, as a DER SubjectPublicKeyInfo. The verifier vouches for it.
    pub fn add_log_key(&mut self, name: Option<&str>, spki: &[u8]) -> Result<LogId, EvidenceError> {
        self.insert_log_key(name, spki, true)
    }

    /// Adds the key of a log that came with the tokens: it counts only where a policy names the log.
    pub fn add_unvouched_log_key(&mut self, spki: &[u8]) -> Result<LogId, EvidenceError> {
        self.insert_log_key(None, spki, false)
    }

    /// Adds an inclusion proof.
    pub fn add_inclusion(&mut self, inclusion: Inclusion) -> Result<(), EvidenceError> {
        if self.inclusions.contains(&inclusion) {
            return Ok(());
        }
        room(self.inclusions.len())?;
        self.note(b"inclusion", format!("{inclusion:?}").as_bytes());
        self.inclusions.push(inclusion);
        Ok(())
    }

    /// Adds a revocation list in DER.
    pub fn add_revocation_list(&mut self, der: &[u8]) -> Result<Added, EvidenceError> {
        let list = RevocationList::read(der).ok_or(EvidenceError::RevocationList)?;
        if self.revocation_lists().any(|known| known == der) {
            return Ok(Added::RevocationList);
        }
        room(self.revocations.len())?;
        self.note(b"revocations", der);
        self.revocations.push(list);
        Ok(Added::RevocationList)
    }

    /// Adds all of another's, in its order.
    pub fn extend(&mut self, other: &Evidence) -> Result<(), EvidenceError> {
        for chain in other.chains() {
            self.add_chain(&chain)?;
        }
        for key in other.logs.values() {
            self.insert_log_key(key.name.as_deref(), &key.spki, key.vouched)?;
        }
        for inclusion in &other.inclusions {
            self.add_inclusion(inclusion.clone())?;
        }
        for list in other.revocation_lists() {
            self.add_revocation_list(list)?;
        }
        Ok(())
    }

    /// The chains, each certificate in DER.
    pub fn chains(&self) -> impl Iterator<Item = Vec<&[u8]>> {
        let chains = self.chains.iter();
        chains.map(|chain| chain.certificates().map(|it| it.der.as_slice()).collect())
    }

    /// The logs whose keys are at hand.
    pub fn logs(&self) -> &BTreeMap<LogId, LogKey> {
        &self.logs
    }

    /// The inclusion proofs.
    pub fn inclusions(&self) -> &[Inclusion] {
        &self.inclusions
    }

    /// The revocation lists in DER.
    pub fn revocation_lists(&self) -> impl Iterator<Item = &[u8]> {
        self.revocations.iter().map(|list| list.der.as_slice())
    }

    /// A digest of all that was added, in the order in which it was.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.digest == [0; 32]
    }

    fn read_file(&mut self, content: &[u8], vouched: bool) -> Result<Added, EvidenceError> {
        if content.len() > MAX_EVIDENCE {
            return Err(EvidenceError::TooMuch);
        }
        match content.trim_ascii_start() {
            [b'{', ..] => self.add_json(content, vouched),
            [0x30, ..] => self.add_revocation_list(content),
            text if text.starts_with(b"-----BEGIN CERTIFICATE-----") => self.add_pem(text),
            text if text.starts_with(b"-----BEGIN X509 CRL-----") => {
                let text = std::str::from_utf8(text).map_err(|_| EvidenceError::Pem)?;
                let (_, der) = pem::read(text).ok_or(EvidenceError::Pem)?;
                self.add_revocation_list(der.as_bytes())
            }
            _ => Ok(Added::Nothing),
        }
    }

    fn add_pem(&mut self, text: &[u8]) -> Result<Added, EvidenceError> {
        const END: &str = "-----END CERTIFICATE-----";
        let text = std::str::from_utf8(text).map_err(|_| EvidenceError::Pem)?;
        let mut documents = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = rest.find(END).ok_or(EvidenceError::Pem)? + END.len();
            let (block, after) = rest.split_at(end);
            let (label, document) = pem::read(block).ok_or(EvidenceError::Pem)?;
            if label != "CERTIFICATE" || documents.len() == MAX_CHAIN {
                return Err(EvidenceError::Pem);
            }
            documents.push(document);
            rest = after.trim_start();
        }
        let certificates: Vec<_> = documents.iter().map(Document::as_bytes).collect();
        self.add_chain(&certificates)
    }

    fn add_json(&mut self, content: &[u8], vouched: bool) -> Result<Added, EvidenceError> {
        if content.len() > MAX_JSON {
            return Err(EvidenceError::TooMuch);
        }
        let Ok(Json::Object(members)) = json::read(content) else {
            return Ok(Added::Nothing);
        };
        if let Some(logs) = members.get("logs") {
            let logs = logs.as_array().ok_or(EvidenceError::LogKeys)?;
            for log in logs {
                let log = log.as_object().ok_or(EvidenceError::LogKeys)?;
                let id = log.get("id").and_then(digest);
                let key = log.get("key").and_then(bytes);
                let (Some(id), Some(key)) = (id, key) else {
                    return Err(EvidenceError::LogKeys);
                };
                if id != Sha256::digest(&key)[..] {
                    return Err(EvidenceError::LogKeys);
                }
                self.insert_log_key(log.get("name").and_then(Json::as_str), &key, vouched)?;
            }
            return Ok(Added::LogKeys(logs.len()));
        }
        if let Some(inclusions) = members.get("inclusions") {
            let inclusions = inclusions.as_array().ok_or(EvidenceError::Inclusions)?;
            for inclusion in inclusions {
                let read = inclusion.as_object().and_then(Inclusion::read);
                self.add_inclusion(read.ok_or(EvidenceError::Inclusions)?)?;
            }
            return Ok(Added::Inclusions(inclusions.len()));
        }
        Ok(Added::Nothing)
    }

    fn insert_log_key(
        &mut self,
        name: Option<&str>,
        spki: &[u8],
        vouched: bool,
    ) -> Result<LogId, EvidenceError> {
        let id = LogId::from_bytes(Sha256::digest(spki).into());
        if spki.len() > MAX_KEY {
            return Err(EvidenceError::TooMuch);
        }
        let read = Point::from_spki(spki);
        let (_, _, point) = read.map_err(|source| EvidenceError::LogKey { id, source })?;
        let known = self.logs.get(&id);
        if known.is_none() {
            room(self.logs.len())?;
        }
        let vouched = vouched || known.is_some_and(|it| it.vouched);
        let printable = |name: &&str| {
            name.len() <= MAX_LOG_NAME && name.bytes().all(|it| it.is_ascii_graphic() || it == b' ')
        };
        let name = name.filter(printable).map(str::to_owned);
        let name = name.or_else(|| known.and_then(|it| it.name.clone()));
        self.note(if vouched { b"log" } else { b"unvouched log" }, spki);
        let key = LogKey {
            spki: spki.to_vec(),
            point,
            name,
            vouched,
        };
        self.logs.insert(id, key);
        Ok(id)
    }

    fn note(&mut self, kind: &[u8], content: &[u8]) {
        let digest = Sha256::new()
            .chain_update(self.digest)
            .chain_update(kind)
            .chain_update([0])
            .chain_update(Sha256::digest(content));
        self.digest = digest.finalize().into();
    }
}

impl LogKey {
    /// The DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// What the log is called, where a list says so.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

fn room(count: usize) -> Result<(), EvidenceError> {
    if count < MAX_CHAINS {
        Ok(())
    } else {
        Err(EvidenceError::TooMuch)
    }
}
