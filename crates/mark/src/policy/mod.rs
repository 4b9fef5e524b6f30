//! Trust policies: whom a verifier honours, for what, and on how much evidence.
//!
//! A token never says who is an authority: any domain with a certificate can endorse. Whether an
//! endorsement matters is the verifier's to decide, and to show: the policy is a document, its id is
//! a digest of what it says, and every answer names it.
//!
//! ```toml
//! version = 1
//! least = "organizational"        # or "signed", "endorsed"
//! commitments = "every"           # or how many log entries of each commitment must be proved
//! evidence-days = 400             # how old the proof of a commitment may be; absent: any age
//! revocation-lists = "if-given"   # or "required": one that is still current at the time judged
//! logs = ["<id in base64>"]       # logs that count; absent: those whose keys the verifier gives
//!
//! [[honour]]
//! organisation = "https://authority.example"
//! emblems = ["protective"]        # absent: all
//! assets = ["domain"]             # or "address", "network"; absent: all
//! ```
//!
//! | answer | when |
//! |---|---|
//! | met | the level asked for is proved; where organisations are honoured, one of them endorses |
//! | invalid, false | a rule failed; evidence contradicts a commitment |
//! | unproven | neither: what is missing is named |

mod document;
mod judgement;
#[cfg(test)]
mod tests;
mod weigh;

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::HEXLOWER;

use crate::commitment::LogId;
use crate::identifier::AssetKind;
use crate::name::Organisation;
use crate::purpose::Purposes;
use crate::token::Emblem;
use crate::verify::Level;

pub use document::{MAX_POLICY, PolicyError};
pub use judgement::{Judgement, Lack, Outcome, Standing};

/// Whom to honour, for what, and on how much evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    terms: Terms,
    id: PolicyId,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The level that must be proved.
    pub least: Level,
    /// How many log entries of a commitment must be proved.
    pub commitments: Enough,
    /// How many days old the proof of a commitment may be; absent means any age.
    pub evidence_days: Option<u32>,
    /// Whether a current revocation list must be there.
    pub revocation: RevocationLists,
    /// The logs that count; empty means those whose keys the verifier gives.
    pub logs: BTreeSet<LogId>,
    /// The organisations that are honoured. Where there are some, one of them must endorse an
    /// emblem, or issue it.
    pub honours: Vec<Honour>,
}

/// How many log entries of a commitment must be proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// This many.
    AtLeast(u8),
    /// Every one that the token names.
    Every,
}

/// Whether a revocation list must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationLists {
    /// One that is given counts.
    IfGiven,
    /// One that covers the certificate and is current at the time judged must be there.
    Required,
}

/// An organisation that is honoured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Honour {
    /// Which.
    pub organisation: Organisation,
    /// For which protection.
    pub purposes: Purposes,
    /// For which kinds of asset.
    pub kinds: BTreeSet<AssetKind>,
}

/// A policy's id: SHA-256 of its deterministic CBOR, so that comments and the order of a document
/// do not change it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyId([u8; 32]);

impl Policy {
    /// What the policy says.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Its id.
    pub fn id(&self) -> PolicyId {
        self.id
    }

    /// The logs that count; empty means those whose keys the verifier gives.
    pub fn logs(&self) -> &BTreeSet<LogId> {
        &self.terms.logs
    }

    /// Whether an organisation is honoured for an emblem: for all that it claims and marks.
    pub fn honours(&self, organisation: &Organisation, emblem: &Emblem) -> bool {
        let claimed = emblem.purposes.unwrap_or(Purposes::JWS);
        let counts = |honour: &Honour| {
            let mut assets = emblem.assets.iter();
            honour.organisation == *organisation
                && honour.purposes.contains(claimed)
                && assets.all(|asset| honour.kinds.contains(&asset.kind()))
        };
        self.terms.honours.iter().any(counts)
    }
}

impl Default for Terms {
    /// Every commitment proved, of any age, from logs whose keys the verifier gives; nobody in
    /// particular is honoured.
    fn default() -> Self {
        Terms {
            least: Level::Organizational,
            commitments: Enough::Every,
            evidence_days: None,
            revocation: RevocationLists::IfGiven,
            logs: BTreeSet::new(),
            honours: Vec::new(),
        }
    }
}

impl Honour {
    /// An organisation that is honoured for all emblems and assets.
    pub fn of(organisation: Organisation) -> Self {
        Honour {
            organisation,
            purposes: Purposes::ALL,
            kinds: AssetKind::ALL.into(),
        }
    }
}

impl PolicyId {
    /// The id with this digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        PolicyId(bytes)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
