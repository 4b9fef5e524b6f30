//! What the verification of an emblem answers about commitments to root keys.

use ensign_mark::commitment::{Checked, Evidence, Finding, Missing, Revocation, Shown};
use ensign_mark::token::Leaf;
use ensign_mark::verify::{Root, Weight};
use serde::Serialize;
use utoipa::ToSchema;

/// An organisation's commitment to its root key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Commitment {
    /// Who committed.
    pub organisation: String,
    /// Whether it is the emblem's issuer.
    pub own: bool,
    /// The root key.
    pub key: String,
    /// `proved`, `unproven`, `false` or `revoked`.
    pub result: &'static str,
    /// Each log entry that the token names.
    pub entries: Vec<LogEntry>,
}

/// A log entry that a token names, and what the evidence says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogEntry {
    /// The id of the log, in base64.
    pub log: String,
    /// What the log is called, where the evidence says so.
    pub log_name: Option<String>,
    /// The leaf hash, or the index.
    pub leaf: String,
    /// `proved`, `unproven` or `false`.
    pub result: &'static str,
    /// Code of what is missing or wrong.
    pub code: Option<&'static str>,
    /// What was found, in words.
    pub says: String,
    /// The certificates that this is about.
    pub certificates: Vec<Certificate>,
    /// When the log took it.
    pub logged: Option<u64>,
    /// Whether its issuer's signature was checked too, where it is proved.
    pub issuer_checked: Option<bool>,
    /// `clear`, `revoked` or `unknown`, where it is proved.
    pub revocation: Option<&'static str>,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Certificate {
    /// Its SHA-256.
    pub fingerprint: String,
    /// The names that it is for.
    pub names: Vec<String>,
}

impl Commitment {
    pub(super) fn new(own: bool, root: &Root, evidence: &Evidence) -> Self {
        let entries = root.commitment.entries.iter();
        Commitment {
            organisation: root.organisation.to_string(),
            own,
            key: root.key.to_string(),
            result: match root.commitment.weight {
                Weight::False => "false",
                Weight::Proved => "proved",
                Weight::Revoked => "revoked",
                Weight::Unproven => "unproven",
            },
            entries: entries.map(|it| LogEntry::new(it, evidence)).collect(),
        }
    }

    /// The message id of the result.
    pub(crate) fn result_code(&self) -> String {
        format!("found-{}", self.result)
    }
}

impl LogEntry {
    fn new(checked: &Checked, evidence: &Evidence) -> Self {
        let entry = &checked.entry;
        let known = evidence.logs().get(&entry.log);
        let mut told = LogEntry {
            log: entry.log.to_string(),
            log_name: known.and_then(|it| it.name()).map(str::to_owned),
            leaf: match entry.leaf {
                Leaf::Hash(hash) => data_encoding::HEXLOWER.encode(&hash),
                Leaf::Index(index) => index.to_string(),
            },
            result: "proved",
            code: None,
            says: String::new(),
            certificates: Vec::new(),
            logged: None,
            issuer_checked: None,
            revocation: None,
        };
        match &checked.finding {
            Finding::Proved(proof) => {
                told.says = "the log's signature over the certificate is right, and the \
                             certificate binds the key"
                    .to_owned();
                told.certificates.push(Certificate::new(&proof.certificate));
                told.logged = Some(proof.logged);
                told.issuer_checked = Some(proof.issuer_checked);
                told.revocation = Some(match proof.revocation {
                    Revocation::Clear { .. } => "clear",
                    Revocation::Revoked { .. } => "revoked",
                    Revocation::Unknown => "unknown",
                });
            }
            Finding::False(contradiction) => {
                told.result = "false";
                told.code = Some(contradiction.flaw.code());
                told.says = contradiction.to_string();
                let certificate = Certificate::new(&contradiction.certificate);
                told.certificates.push(certificate);
            }
            Finding::Unproven(missing) => {
                told.result = "unproven";
                told.code = Some(missing.code());
                told.says = missing.to_string();
                match missing {
                    Missing::Certificate { foreign, .. } => {
                        told.certificates = foreign.iter().map(Certificate::new).collect();
                    }
                    Missing::Issuer { certificate } => {
                        told.certificates.push(Certificate::new(certificate));
                    }
                    Missing::LogKey { .. } => {}
                }
            }
        }
        told
    }

    /// The message id of the result.
    pub(crate) fn result_code(&self) -> String {
        format!("found-{}", self.result)
    }
}

impl Certificate {
    fn new(shown: &Shown) -> Self {
        Certificate {
            fingerprint: data_encoding::HEXLOWER.encode(&shown.fingerprint),
            names: shown.names.clone(),
        }
    }
}
