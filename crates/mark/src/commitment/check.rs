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
/// A certificate of the right names that is not the entry's may be the entry's, changed: in its list
/// of SCTs, which no leaf hash covers, or elsewhere. It is held for that, and the entry for false,
/// where it is shown to have been changed:
///
/// | its issuer | shown to have been changed | for |
/// |---|---|---|
/// | signed it | never: it is whole, and of another entry | |
/// | did not sign it | always | all entries |
/// | signs with RSA, which is not checked | a log at hand did not sign its SCT in it | all entries |
/// | is not at hand | never: nothing can be checked | |
///
/// Entries of a log that did sign its SCT in the certificate are apart: to the log it is another one.
/// Who makes a certificate of their own signs it with their own key, so it is foreign.
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
        let findings = chains.iter_mut();
        let findings = findings.filter_map(|chain| chain.finding(entry, evidence, honoured));
        let best = findings.min_by_key(rank);
        best.unwrap_or_else(|| Finding::Unproven(foreign(&evidence.chains, binding)))
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
    fn finding(
        &mut self,
        entry: &LogEntry,
        evidence: &Evidence,
        honoured: &BTreeSet<LogId>,
    ) -> Option<Finding> {
        let key = Key::find(entry.log, evidence, honoured);
        let Some(at) = self.names_entry(entry) else {
            let changed = self.changed(entry.log, evidence, honoured)?;
            return Some(self.flawed(changed));
        };
        let by_hash = match entry.leaf {
            Leaf::Hash(_) if self.issuer.is_none() => {
                return self.binds.then(|| self.no_issuer());
            }
            Leaf::Index(_) if self.issuer.is_none() => return Some(self.no_issuer()),
            Leaf::Hash(_) => true,
            Leaf::Index(_) => false,
        };
        // By its hash the entry names this certificate, whoever its log is.
        if by_hash && !self.binds {
            return Some(self.flawed(Flaw::Names));
        }
        match key {
            Key::At(log) if self.is_logged(at, log) => Some(self.matched(at, log, evidence)),
            Key::At(_) if by_hash => Some(self.flawed(Flaw::SctSignature)),
            // Anybody can write an index into a certificate of their own.
            Key::At(_) => {
                let changed = self.changed(entry.log, evidence, honoured)?;
                Some(self.flawed(changed))
            }
            Key::Missing(_) if self.binds && self.is_signed() == Signed::Wrong => {
                Some(self.flawed(Flaw::IssuerSignature))
            }
            Key::Missing(missing) => Some(Finding::Unproven(missing)),
        }
    }

    /// The SCT by which the entry names the certificate. Where the issuer is not there, without which
    /// there is no leaf hash, it is the first of the log.
    fn names_entry(&self, entry: &LogEntry) -> Option<usize> {
        let mut scts = self.of_log(entry.log);
        scts.find(|(at, sct)| match entry.leaf {
            Leaf::Index(index) => sct.index() == Some(index),
            Leaf::Hash(hash) => self.signed(*at).is_none_or(|it| leaf_hash(&it) == hash),
        })
        .map(|(at, _)| at)
    }

    /// What shows that the certificate, of these names, was changed after it was issued; see
    /// [`check`].
    fn changed(
        &mut self,
        log: LogId,
        evidence: &Evidence,
        honoured: &BTreeSet<LogId>,
    ) -> Option<Flaw> {
        if !self.binds || self.issuer.is_none() {
            return None;
        }
        let chain = self.chain;
        let by_issuer = chain.is_leaf_signed();
        if by_issuer == Signed::Right {
            return None;
        }
        let mut is_logged = |at: usize| {
            let log = chain.leaf.scts[at].log;
            match Key::find(log, evidence, honoured) {
                Key::At(key) => Some(self.is_logged(at, key)),
                Key::Missing(_) => None,
            }
        };
        let scts = &chain.leaf.scts;
        let (own, others): (Vec<_>, Vec<_>) = (0..scts.len()).partition(|at| scts[*at].log == log);
        let own: Vec<_> = own.into_iter().map(&mut is_logged).collect();
        if !own.is_empty() && own.iter().all(|it| *it == Some(true)) {
            return None;
        }
        match by_issuer {
            _ if own.contains(&Some(false)) => Some(Flaw::SctSignature),
            Signed::Wrong if !chain.leaf.has_readable_scts => Some(Flaw::SctList),
            Signed::Wrong => Some(Flaw::IssuerSignature),
            _ => {
                let mut others = others.into_iter().map(is_logged);
                others
                    .any(|it| it == Some(false))
                    .then_some(Flaw::SctSignature)
            }
        }
    }

    /// The SCTs of a log, each with its place.
    fn of_log(&self, log: LogId) -> impl Iterator<Item = (usize, &'a Sct)> + use<'a> {
        let scts = self.chain.leaf.scts.iter().enumerate();
        scts.filter(move |(_, sct)| sct.log == log)
    }

    /// What the log of an SCT signed; none where the issuer is not there.
    fn signed(&self, at: usize) -> Option<Vec<u8>> {
        let leaf = &self.chain.leaf;
        let issuer = self.issuer?;
        Some(leaf.scts[at].signed(&issuer, &leaf.precertificate))
    }

    /// A certificate whose SCT is signed by the log.
    fn matched(&mut self, at: usize, log: &LogKey, evidence: &Evidence) -> Finding {
        if !self.binds {
            return self.flawed(Flaw::Names);
        }
        let issuer = self.is_signed();
        if issuer == Signed::Wrong {
            return self.flawed(Flaw::IssuerSignature);
        }
        let sct = &self.chain.leaf.scts[at];
        let leaf = self.signed(at).map(|it| leaf_hash(&it));
        let given = evidence.inclusions.iter();
        let mut given = given
            .filter(|it| it.log == sct.log && Some(it.leaf) == leaf)
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

    /// Whether its log signed one of its SCTs.
    fn is_logged(&mut self, at: usize, log: &LogKey) -> bool {
        if let Some(known) = self.logged[at] {
            return known;
        }
        let signed = self.signed(at);
        let sct = &self.chain.leaf.scts[at];
        let is_logged = signed.is_some_and(|it| sct.is_signed_by(&log.point, &it));
        self.logged[at] = Some(is_logged);
        is_logged
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

/// No certificate is the entry's: those of the organisation are named, the one with the names first.
fn foreign(chains: &[Chain], binding: &Binding) -> Missing {
    let names = binding.names();
    let domain = binding.organisation.domain().to_string();
    let own = chains.iter().filter(|it| it.leaf.is_under(&domain));
    let is_for = |chain: &&Chain| names.iter().filter(|it| chain.leaf.is_for(it)).count();
    let mut own: Vec<_> = own.collect();
    own.sort_by_key(|chain| std::cmp::Reverse(is_for(chain)));
    let shown = own.iter().take(MAX_FOREIGN).map(|it| it.leaf.shown());
    Missing::Certificate {
        foreign: shown.collect(),
        names,
    }
}
