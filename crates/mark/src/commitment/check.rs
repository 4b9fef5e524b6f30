//! One binding against the evidence, entry by entry.

use std::collections::BTreeSet;

use ensign_trust::log::leaf_hash;

use super::certificate::{Chain, Signed};
use super::evidence::{Evidence, LogKey};
use super::sct::Sct;
use super::{
    Binding, Checked, Contradiction, Finding, Flaw, LogId, MAX_FOREIGN, Missing, Proof, Revocation,
};
use crate::token::{Leaf, LogEntry};

/// Checks each log entry that is said to commit an organisation to a key. Where `honoured` names
/// logs, only their keys count, wherever they come from; otherwise those that the verifier vouches
/// for.
///
/// The answers do not depend on the time at which they are asked for.
pub fn check(
    binding: &Binding,
    log: &[LogEntry],
    evidence: &Evidence,
    honoured: &BTreeSet<LogId>,
) -> Vec<Checked> {
    let names = binding.names();
    let mut chains: Vec<_> = evidence
        .chains
        .iter()
        .map(|it| Candidate::new(it, &names))
        .collect();
    let mut one = |entry: &LogEntry| {
        let key = Key::find(entry.log, evidence, honoured);
        let findings = chains.iter_mut();
        let findings = findings.filter_map(|chain| chain.finding(entry, &key, evidence));
        let best = findings.min_by_key(rank);
        best.unwrap_or_else(|| Finding::Unproven(foreign(&evidence.chains, &names)))
    };
    let checked = |entry: &LogEntry| Checked {
        entry: *entry,
        finding: one(entry),
    };
    log.iter().map(checked).collect()
}

/// The key of a log, or why there is none.
enum Key<'a> {
    At(&'a LogKey),
    Missing(Missing),
}

impl<'a> Key<'a> {
    fn find(log: LogId, evidence: &'a Evidence, honoured: &BTreeSet<LogId>) -> Self {
        let key = evidence.logs().get(&log);
        let counts = |key: &LogKey| match honoured.is_empty() {
            true => key.vouched,
            false => honoured.contains(&log),
        };
        match key {
            Some(key) if counts(key) => Key::At(key),
            _ => Key::Missing(Missing::LogKey {
                log,
                unvouched: key.is_some(),
            }),
        }
    }
}

/// A chain that may be the one of an entry.
struct Candidate<'a> {
    chain: &'a Chain,
    /// Both names are there.
    binds: bool,
    /// Whether it is signed, once that was asked.
    signed: Option<Signed>,
    /// Whether its log signed each of its SCTs, once that was asked: many entries may ask.
    logged: Vec<Option<bool>>,
    /// The hash of its issuer's key, where the issuer is there.
    issuer: Option<[u8; 32]>,
}

impl<'a> Candidate<'a> {
    fn new(chain: &'a Chain, names: &[String; 2]) -> Self {
        Candidate {
            chain,
            binds: names.iter().all(|name| chain.leaf.is_for(name)),
            signed: None,
            logged: vec![None; chain.leaf.scts.len()],
            issuer: chain.issuer().map(|it| it.key_hash()),
        }
    }

    /// What the chain says about an entry; none where it is foreign to it.
    fn finding(&mut self, entry: &LogEntry, key: &Key, evidence: &Evidence) -> Option<Finding> {
        let leaf = &self.chain.leaf;
        let scts = leaf.scts.iter().enumerate();
        let mut scts = scts.filter(|(_, sct)| sct.log == entry.log);
        match entry.leaf {
            Leaf::Index(index) => {
                let (at, sct) = scts.find(|(_, sct)| sct.index() == Some(index))?;
                let Some(issuer) = self.issuer else {
                    return Some(self.no_issuer());
                };
                let signed = sct.signed(&issuer, &leaf.precertificate);
                let log = match key {
                    Key::At(log) => log,
                    Key::Missing(missing) => return Some(Finding::Unproven(missing.clone())),
                };
                if !self.is_logged(at, log, &signed) {
                    // Anybody can write an index into a certificate of their own.
                    return self
                        .altered(&[(at, signed)], key)
                        .then(|| self.flawed(Flaw::SctSignature));
                }
                Some(self.matched(sct, &signed, log, evidence))
            }
            Leaf::Hash(hash) => {
                let Some(issuer) = self.issuer else {
                    scts.next()?;
                    return self.binds.then(|| self.no_issuer());
                };
                let scts: Vec<_> = scts
                    .map(|(at, sct)| (at, sct.signed(&issuer, &leaf.precertificate)))
                    .collect();
                let found = scts.iter().find(|(_, signed)| leaf_hash(signed) == hash);
                let Some((at, signed)) = found else {
                    return self
                        .altered(&scts, key)
                        .then(|| self.flawed(Flaw::SctSignature));
                };
                // The entry names this certificate, whoever its log is.
                if !self.binds {
                    return Some(self.flawed(Flaw::Names));
                }
                match key {
                    Key::At(log) if !self.is_logged(*at, log, signed) => {
                        Some(self.flawed(Flaw::SctSignature))
                    }
                    Key::At(log) => Some(self.matched(&leaf.scts[*at], signed, log, evidence)),
                    Key::Missing(_) if self.is_signed() == Signed::Wrong => {
                        Some(self.flawed(Flaw::IssuerSignature))
                    }
                    Key::Missing(missing) => Some(Finding::Unproven(missing.clone())),
                }
            }
        }
    }

    /// A certificate whose SCT is signed by the log.
    fn matched(&mut self, sct: &Sct, signed: &[u8], log: &LogKey, evidence: &Evidence) -> Finding {
        if !self.binds {
            return self.flawed(Flaw::Names);
        }
        let issuer = self.is_signed();
        if issuer == Signed::Wrong {
            return self.flawed(Flaw::IssuerSignature);
        }
        let leaf = leaf_hash(signed);
        let given = evidence.inclusions.iter();
        let mut given = given
            .filter(|it| it.log == sct.log && it.leaf == leaf)
            .peekable();
        let included = given.peek().is_some();
        if !given.all(|it| it.is_right(&log.point)) {
            return self.flawed(Flaw::Inclusion);
        }
        Finding::Proved(Proof {
            certificate: self.chain.leaf.shown(),
            logged: sct.timestamp / 1000,
            included,
            issuer_checked: issuer == Signed::Right,
            revocation: self.revocation(evidence),
        })
    }

    /// Whether the certificate is one of these names that was changed after it was issued: neither
    /// the log's signature fits nor that of the issuer that it names.
    fn altered(&mut self, scts: &[(usize, Vec<u8>)], key: &Key) -> bool {
        let Key::At(log) = key else {
            return false;
        };
        self.binds
            && !scts.is_empty()
            && self.is_signed() == Signed::Wrong
            && !scts
                .iter()
                .any(|(at, signed)| self.is_logged(*at, log, signed))
    }

    /// Whether its log signed one of its SCTs.
    fn is_logged(&mut self, at: usize, log: &LogKey, signed: &[u8]) -> bool {
        let sct = &self.chain.leaf.scts[at];
        *self.logged[at].get_or_insert_with(|| sct.is_signed_by(&log.point, signed))
    }

    fn is_signed(&mut self) -> Signed {
        *self.signed.get_or_insert_with(|| self.chain.is_signed())
    }

    /// A revocation that one list has outweighs all others; of clear ones that which is current for longest.
    fn revocation(&self, evidence: &Evidence) -> Revocation {
        let mut found = Revocation::Unknown;
        for list in &evidence.revocations {
            found = match (found, list.says(self.chain)) {
                (Revocation::Revoked { since: one }, Revocation::Revoked { since: other }) => {
                    Revocation::Revoked {
                        since: one.min(other),
                    }
                }
                (revoked @ Revocation::Revoked { .. }, _)
                | (_, revoked @ Revocation::Revoked { .. }) => revoked,
                (before, Revocation::Unknown) => before,
                (before @ Revocation::Clear { .. }, clear) if until(clear) <= until(before) => {
                    before
                }
                (_, clear) => clear,
            };
        }
        found
    }

    fn flawed(&self, flaw: Flaw) -> Finding {
        Finding::False(Contradiction {
            certificate: self.chain.leaf.shown(),
            flaw,
        })
    }

    fn no_issuer(&self) -> Finding {
        Finding::Unproven(Missing::Issuer {
            certificate: self.chain.leaf.shown(),
        })
    }
}

/// Until when a list is current.
fn until(revocation: Revocation) -> u64 {
    match revocation {
        Revocation::Clear { until, .. } => until.unwrap_or(u64::MAX),
        _ => 0,
    }
}

/// Proof outweighs contradiction, which may be forged; contradiction outweighs want of evidence.
fn rank(finding: &Finding) -> u8 {
    match finding {
        Finding::Proved(_) => 0,
        Finding::False(_) => 1,
        Finding::Unproven(_) => 2,
    }
}

/// The certificates at hand, those with one of the names first.
fn foreign(chains: &[Chain], names: &[String; 2]) -> Missing {
    let named = |chain: &&Chain| names.iter().any(|name| chain.leaf.is_for(name));
    let (near, far): (Vec<_>, Vec<_>) = chains.iter().partition(named);
    let shown = if near.is_empty() { far } else { near };
    let shown = shown.iter().take(MAX_FOREIGN).map(|it| it.leaf.shown());
    Missing::Certificate {
        foreign: shown.collect(),
    }
}
