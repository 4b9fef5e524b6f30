//! Records as their statements leave them.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::{ObligationId, Statement};

use super::statement::Recorded;
use crate::stated::Stated;

/// All records that were ever stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    compared: BTreeMap<Compared, Comparison>,
}

/// What must lead to the same record: obligation, moment, root, rules.
type Compared = (ObligationId, u64, [u8; 32], String);

/// All records of one obligation at one moment, from one log by one set of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What was stated, by whom, in the order of the log.
    pub records: Vec<(Stated, Recorded)>,
}

impl Records {
    /// What a statement that counts changes. Total: one that is not understood changes nothing.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        if let Some(Ok(said)) = Recorded::read(statement) {
            let engine = said.engine.to_string();
            let key = (said.obligation, said.at, said.head.root, engine);
            let comparison = self.compared.entry(key).or_default();
            let stated = Stated::of(statement, index, received);
            comparison.records.push((stated, said));
        }
        self
    }

    /// All comparisons.
    pub fn iter(&self) -> impl Iterator<Item = &Comparison> {
        self.compared.values()
    }

    /// Those whose records contradict each other.
    pub fn alarms(&self) -> impl Iterator<Item = &Comparison> {
        self.iter().filter(|one| one.is_contradicted())
    }
}

impl Comparison {
    /// Whether two of the records differ.
    pub fn is_contradicted(&self) -> bool {
        let digests: BTreeSet<_> = self.records.iter().map(|(_, said)| said.record).collect();
        digests.len() > 1
    }
}
