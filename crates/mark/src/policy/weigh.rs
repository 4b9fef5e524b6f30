//! How much a commitment is worth at a time, by a policy.

use std::sync::Arc;

use super::{Enough, Lack, Policy, RevocationLists};
use crate::commitment::{Checked, Finding, Proof, Revocation};
use crate::verify::{Commitment, Weight};

const DAY: u64 = 24 * 60 * 60;

impl Policy {
    /// Weighs what the evidence says about the log entries of a commitment. One that is false
    /// outweighs all others: the token names it.
    pub(crate) fn weigh(&self, entries: Arc<[Checked]>, now: u64) -> Commitment {
        let (mut proved, mut worst, mut lacks) = (0, None, Vec::new());
        for checked in entries.iter() {
            match &checked.finding {
                Finding::False(_) => worst = Some(Weight::False),
                Finding::Proved(proof) => match self.counts(proof, now) {
                    Ok(()) => proved += 1,
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
            None if proved >= needed => Weight::Proved,
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
        Commitment {
            weight,
            entries,
            lacks,
        }
    }

    /// Whether a proof counts at a time.
    fn counts(&self, proof: &Proof, now: u64) -> Result<(), Short> {
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
        Ok(())
    }
}

/// Why a proof does not count.
enum Short {
    Lack(fn(&Checked) -> Lack),
    Revoked,
}
