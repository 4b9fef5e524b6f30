//! When a log can be shown to have held a fact: from its receipt until its first logged cosignature.
//!
//! Both are facts that the log states about itself (`log.quorum`, `log.cosigned`), so the answer
//! hangs on the size judged like every other: at a size at which no cosignature is logged yet the end
//! is open, and it closes once. What a log states about itself cannot be taken back.

use std::collections::BTreeMap;

use ensign_trust::Fact;

use crate::evaluate::frame::{Frame, kinds};
use crate::evaluate::interval::{LATEST, When};
use crate::evaluate::ledger::{Entry, Ledger};
use crate::evaluate::names::Scope;

/// Whether a fact is one of those that a log states about itself.
pub(crate) fn is_of_log(fact: &Fact) -> bool {
    fact.kind.as_str().starts_with("log.")
}

/// What a log states about its witnesses: numbers of entries, by position.
#[derive(Debug, Default)]
pub(crate) struct Witnessing {
    quorums: BTreeMap<u64, u32>,
    cosigned: BTreeMap<u64, u32>,
}

impl Witnessing {
    /// Takes note of an entry, if it is about witnesses.
    pub(crate) fn note(&mut self, entry: &Entry<'_>, number: u32) {
        let position = entry.fact.position;
        if entry.fact.kind == *kinds::QUORUM {
            self.quorums.insert(position, number);
        } else if entry.fact.kind == *kinds::COSIGNED {
            self.cosigned.insert(position, number);
        }
    }
}

/// What a log shows of when it held a fact.
enum Shown<'l, 'a> {
    /// Nobody was asked to cosign when it came in.
    Unwitnessed,
    /// Nobody has cosigned it yet.
    Awaited,
    /// The first cosignature.
    By(&'l Entry<'a>),
}

impl<'a> Ledger<'a> {
    fn shown<'l>(&'l self, entry: &Entry<'_>) -> Shown<'l, 'a> {
        let position = entry.fact.position;
        let number = |of: &u32, name: &str| self.entry(*of).number(name).unwrap_or(0);
        let quorum = self.witnessing.quorums.range(..position).next_back();
        if quorum.is_none_or(|(_, of)| number(of, "witnesses") == 0) {
            return Shown::Unwitnessed;
        }
        // A checkpoint is logged behind what it covers.
        let mut later = self.witnessing.cosigned.range(position..);
        let first = later.find(|(_, of)| {
            let covers = u64::try_from(number(of, "size")).is_ok_and(|size| size > position);
            covers && self.entry(**of).when.hi >= entry.received
        });
        first.map_or(Shown::Awaited, |(_, of)| Shown::By(self.entry(*of)))
    }
}

impl Frame<'_> {
    /// When the log can be shown to have held a fact.
    pub(crate) fn recorded(&self, entry: &Entry<'_>) -> When {
        let lo = entry.received;
        let statement = ("statement", entry.id.into());
        match self.bench.ledger.shown(entry) {
            Shown::Unwitnessed => {
                self.note("recorded.unwitnessed", [statement]);
                When::at(lo)
            }
            Shown::Awaited => {
                // Whoever judged this judges again with the next cosignature.
                let _ = self.bench.find(&kinds::COSIGNED, Scope::Everywhere);
                self.miss("cosignature.awaited", [statement]);
                When { lo, hi: LATEST }
            }
            Shown::By(by) => {
                let when = When { lo, hi: by.when.hi };
                let with = [statement, ("by", by.id.into()), ("time", when.into())];
                self.note("recorded.witnessed", with);
                self.uses(by);
                when
            }
        }
    }
}
