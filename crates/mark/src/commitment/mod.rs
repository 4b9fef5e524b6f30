//! Root key commitments: that an organisation stands by a key, shown offline.
//!
//! An organisation commits to a root key with a certificate whose names bind its domain to the key's
//! id, and which is logged in Certificate Transparency, so that nobody can bind a key to a domain
//! unseen. An endorsement by a root key names the log entries; each is checked here against the
//! evidence at hand, with no network: nobody learns who checks what.
//!
//! | what | how | standard |
//! |---|---|---|
//! | the entry is this certificate | RFC 6962 leaf hash of its precertificate and SCT; index in the SCT's extension | RFC 6962 §3.2, §3.4; static-ct-api |
//! | the log has it | the SCT's signature under the log's key; an inclusion proof where one is given | RFC 6962 §3.2, §2.1.1, §3.5 |
//! | it binds the key | both names, per dialect, none of them a wildcard | draft-linker-diem-adem-core |
//! | its issuer issued it | signatures up the chain, as far as it goes | RFC 5280 |
//! | it was not revoked | a revocation list where one is given | RFC 5280 §5 |
//!
//! Three answers: *proved*; *false*, where evidence that matches the entry contradicts it; *unproven*,
//! where there is no matching evidence or a key is missing, with what is missing by name. A
//! certificate that merely resembles the one of the entry is foreign and proves nothing; one that was
//! changed after it was issued makes it false ([`check`] has the rule). Whether a
//! certificate has expired does not matter: it is the binding that counts, not the web server.
//!
//! Chains are not followed to a root: a log admits only chains that end in one of its own. RSA
//! signatures of issuers are not checked, which an answer says.

mod certificate;
mod check;
mod entries;
mod evidence;
mod proof;
mod revocation;
mod sct;
#[cfg(test)]
mod tests;

use std::fmt;

use data_encoding::BASE64;

use crate::key::Kid;
use crate::name::Organisation;
use crate::token::{Dialect, LogEntry};

pub use certificate::CertificateError;
pub use check::check;
pub use entries::{EntriesError, entries};
pub use evidence::{Added, Evidence, EvidenceError, LogKey, MAX_CHAINS, MAX_EVIDENCE};
pub use proof::{Inclusion, TreeHead};

/// The id of a Certificate Transparency log: SHA-256 of its public key. Shown in base64, as log
/// lists have it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogId([u8; 32]);

/// What is to be shown: that an organisation committed to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding<'a> {
    /// The dialect, whose rule for names applies.
    pub dialect: Dialect,
    /// Who committed.
    pub organisation: &'a Organisation,
    /// The root key.
    pub key: Kid,
}

/// One log entry that an endorsement names, and what the evidence says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The entry.
    pub entry: LogEntry,
    /// What was found.
    pub finding: Finding,
}

/// What the evidence says about one log entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The entry binds the key to the organisation.
    Proved(Proof),
    /// Evidence that matches the entry contradicts it.
    False(Contradiction),
    /// Nothing at hand shows it.
    Unproven(Missing),
}

/// What proves a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The certificate.
    pub certificate: Shown,
    /// When the log took it, in Unix seconds.
    pub logged: u64,
    /// Whether an inclusion proof was given too; a log's signed promise is enough without.
    pub included: bool,
    /// Whether the issuer's signature was checked; it is not where it is RSA.
    pub issuer_checked: bool,
    /// What the revocation lists at hand say.
    pub revocation: Revocation,
}

/// How matching evidence contradicts an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The certificate.
    pub certificate: Shown,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with a certificate that matches a log entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// An inclusion proof of the entry is wrong.
    Inclusion,
    /// The certificate's issuer did not sign it.
    IssuerSignature,
    /// Its names do not bind the key to the organisation.
    Names,
    /// Its list of SCTs cannot be read, and its issuer did not sign it so.
    SctList,
    /// The log did not sign its SCT.
    SctSignature,
}

/// Which evidence is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The certificate of the entry. Others of the organisation may be at hand, which are foreign to it:
    /// first among them the ones with its names.
    Certificate {
        /// The foreign ones, at most [`MAX_FOREIGN`].
        foreign: Vec<Shown>,
        /// The names that it has.
        names: [String; 2],
    },
    /// The certificate of the issuer, without which the leaf hash cannot be computed.
    Issuer {
        /// The certificate whose issuer it is.
        certificate: Shown,
    },
    /// The public key of the log.
    LogKey {
        /// Which log.
        log: LogId,
        /// Whether a key came with the tokens or in a bundle, which no policy names as one of a log to honour.
        unvouched: bool,
    },
}

/// Most foreign certificates that are named for one entry.
pub const MAX_FOREIGN: usize = 4;

/// A certificate, as it is shown to people.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// SHA-256 of the certificate.
    pub fingerprint: [u8; 32],
    /// Its DNS names, as far as they are printable.
    pub names: Vec<String>,
}

/// What revocation lists say about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// A list of the issuer covers it and does not have it.
    Clear {
        /// When the list was made, in Unix seconds.
        from: u64,
        /// When the next one was due.
        until: Option<u64>,
    },
    /// A list of the issuer has it.
    Revoked {
        /// Since when, in Unix seconds.
        since: u64,
    },
    /// No list of the issuer that covers it is at hand.
    Unknown,
}

impl LogId {
    /// The id with this digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        LogId(bytes)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl fmt::Debug for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Binding<'_> {
    /// The two names that a certificate must have, neither as a wildcard.
    pub fn names(&self) -> [String; 2] {
        let domain = self.organisation.domain();
        let key = self.key;
        let organisation = match self.dialect {
            Dialect::Cwt => format!("adem-configuration.{domain}"),
            Dialect::Jws => domain.to_string(),
        };
        [organisation, format!("{key}.adem-configuration.{domain}")]
    }
}

impl Flaw {
    /// The message id.
    pub const fn code(self) -> &'static str {
        match self {
            Flaw::Inclusion => "emblem-commitment-inclusion",
            Flaw::IssuerSignature => "emblem-commitment-issuer-signature",
            Flaw::Names => "emblem-commitment-names",
            Flaw::SctList => "emblem-commitment-sct-list",
            Flaw::SctSignature => "emblem-commitment-sct-signature",
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::Inclusion => "the proof that the log includes the certificate is wrong",
            Flaw::IssuerSignature => "the certificate is not signed by its issuer",
            Flaw::Names => "the certificate's names do not bind the key to the organisation",
            Flaw::SctList => {
                "the certificate's list of signatures of logs (SCTs) was changed and cannot be read"
            }
            Flaw::SctSignature => "the log's signature over the certificate (SCT) is wrong",
        })
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.flaw, self.certificate)
    }
}

impl Missing {
    /// The message id.
    pub fn code(&self) -> &'static str {
        match self {
            Missing::Certificate { foreign, .. } if foreign.is_empty() => {
                "emblem-missing-certificate"
            }
            Missing::Certificate { .. } => "emblem-missing-certificate-foreign",
            Missing::Issuer { .. } => "emblem-missing-issuer",
            Missing::LogKey { .. } => "emblem-missing-log-key",
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::Certificate { foreign, names } if foreign.is_empty() => write!(
                f,
                "no certificate for {} and {} is among the evidence",
                names[0], names[1]
            ),
            Missing::Certificate { foreign, .. } => {
                f.write_str("no certificate at hand is the one that the log entry names")?;
                for (at, certificate) in foreign.iter().enumerate() {
                    let lead = if at == 0 { "; foreign to it:" } else { ";" };
                    write!(f, "{lead} {certificate}")?;
                }
                Ok(())
            }
            Missing::Issuer { certificate } => {
                write!(
                    f,
                    "the certificate of the issuer of {certificate} is not at hand"
                )
            }
            Missing::LogKey {
                log,
                unvouched: false,
            } => {
                write!(f, "the public key of the log {log} is not at hand")
            }
            Missing::LogKey {
                log,
                unvouched: true,
            } => write!(
                f,
                "the public key of the log {log} came with the tokens or in a bundle, where anybody can \
                 put one: give it as evidence in a file of its own, or name the log in the policy"
            ),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fingerprint = data_encoding::HEXLOWER.encode(&self.fingerprint);
        write!(f, "certificate {fingerprint}")?;
        match self.names.as_slice() {
            [] => Ok(()),
            names => write!(f, " for {}", names.join(", ")),
        }
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
