//! How much a commitment is worth at a time, by a policy.

use std::sync::Arc;

use super::{Enough, Lack, Policy, RevocationLists};
use crate::commitment::{Checked, Finding, Proof, Revocation};
use crate::verify::{Commitment, Weight};

const DAY: u64 = 24 * 60 * 60;
/// The end of what has none.
const FOR_GOOD: u64 = u64::MAX;

impl Policy {
    /// Weighs what the evidence says about the log entries of a commitment. One that is false
    /// outweighs all others: the token names it.
    pub(crate) fn weigh(&self, entries: Arc<[Checked]>, now: u64) -> Commitment {
        let (mut ends, mut worst, mut lacks) = (Vec::new(), None, Vec::new());
        // One revocation takes the whole commitment with it.
        let mut falls: Option<u64> = None;
        for checked in entries.iter() {
            match &checked.finding {
                Finding::False(_) => worst = Some(Weight::False),
                Finding::Proved(proof) => match self.counts(proof, now) {
                    Ok(until) => {
                        ends.push(until);
                        if let Revocation::Revoked { since } = proof.revocation {
                            falls = Some(falls.map_or(since, |before| before.min(since)));
                        }
                    }
                    Err(Short::Revoked) => worst = worst.or(Some(Weight::Revoked)),
                    Err(Short::Lack(lack)) => lacks.push(lack(checked)),
                },
                Finding::Unproven(missing) => lacks.push(Lack::Evidence {
                    entry: checked.entry,
                    missing: missing.clone(),
                }),
            }
        }
        let needed = match self.terms.commitments {
            Enough::Every => entries.len().max(1),
            Enough::AtLeast(number) => number.into(),
        };
        let weight = match worst {
            Some(worst) => worst,
            None if ends.len() >= needed => Weight::Proved,
            None => Weight::Unproven,
        };
        match weight {
            Weight::Unproven if entries.len() < needed => {
                let named = entries.len();
                lacks.push(Lack::Commitments { named, needed });
            }
            Weight::Unproven => {}
            _ => lacks.clear(),
        }
        // As long as so many proofs count as are needed.
        ends.sort_unstable_by(|one, other| other.cmp(one));
        let last = needed.checked_sub(1).and_then(|at| ends.get(at));
        let until = last.copied().into_iter().chain(falls).min();
        let until = until.filter(|until| *until < FOR_GOOD && weight == Weight::Proved);
        Commitment {
            weight,
            entries,
            lacks,
            until,
        }
    }

    /// Whether a proof counts at a time, and the first second at which its age or its list ends that.
    fn counts(&self, proof: &Proof, now: u64) -> Result<u64, Short> {
        let current = match proof.revocation {
            Revocation::Revoked { since } if since <= now => return Err(Short::Revoked),
            Revocation::Revoked { .. } => true,
            Revocation::Clear { until, .. } => until.is_none_or(|until| now < until),
            Revocation::Unknown => false,
        };
        if proof.logged > now {
            return Err(Short::Lack(|checked| Lack::NotYetLogged {
                entry: checked.entry,
            }));
        }
        let oldest = self.terms.evidence_days.map(|days| u64::from(days) * DAY);
        if oldest.is_some_and(|oldest| now - proof.logged > oldest) {
            return Err(Short::Lack(|checked| Lack::TooOld {
                entry: checked.entry,
            }));
        }
        if self.terms.revocation == RevocationLists::Required && !current {
            return Err(Short::Lack(|checked| Lack::RevocationList {
                entry: checked.entry,
            }));
        }
        let is_too_old = oldest.map(|oldest| proof.logged.saturating_add(oldest).saturating_add(1));
        let is_unlisted = match (self.terms.revocation, proof.revocation) {
            (RevocationLists::Required, Revocation::Clear { until, .. }) => until,
            _ => None,
        };
        Ok(is_too_old
            .into_iter()
            .chain(is_unlisted)
            .min()
            .unwrap_or(FOR_GOOD))
    }
}

/// Why a proof does not count.
enum Short {
    Lack(fn(&Checked) -> Lack),
    Revoked,
}
