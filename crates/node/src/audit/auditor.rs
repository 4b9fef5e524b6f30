use std::collections::VecDeque;

use ensign_trust::Statement;
use ensign_trust::anchor::Anchors;
use ensign_trust::party::Registry;

use super::finding::Findings;

/// By what both logs are judged, and what was found.
pub(super) struct Auditor<'a> {
    /// Parties, keys and mandates as of the public entries gone through so far.
    pub registry: Registry,
    /// What is believed from elsewhere.
    pub anchors: Option<&'a Anchors>,
    /// What was found.
    pub findings: Findings,
    /// Size of the public log.
    pub public_size: u64,
    /// The statements that made the registry, to be gone through once more beside the closed log.
    acts: VecDeque<Act>,
}

/// A statement of the public log that changed the registry.
struct Act {
    index: u64,
    received: u64,
    statement: Statement,
}

impl<'a> Auditor<'a> {
    /// Knows nobody yet.
    pub fn new(public_size: u64, anchors: Option<&'a Anchors>, findings: Findings) -> Self {
        let (registry, acts) = Default::default();
        Auditor {
            registry,
            anchors,
            findings,
            public_size,
            acts,
        }
    }

    /// Takes in a statement of the public log that counts and changes the registry.
    pub fn apply(&mut self, statement: Statement, index: u64, received: u64) {
        self.change(&statement, index, received);
        self.acts.push_back(Act {
            index,
            received,
            statement,
        });
    }

    /// Where those statements lie that changed the registry, and when they were received.
    pub fn acts(&self) -> impl Iterator<Item = (u64, u64)> {
        self.acts.iter().map(|act| (act.index, act.received))
    }

    /// Forgets the registry, to follow the public log once more beside the closed one.
    pub fn begin_again(&mut self) {
        self.registry = Registry::default();
    }

    /// Brings the registry to what it was when the public log had this size. A later registry
    /// would not do: a revocation may reach back.
    pub fn advance_to(&mut self, size: u64) {
        while let Some(act) = self.acts.pop_front_if(|act| act.index < size) {
            self.change(&act.statement, act.index, act.received);
        }
    }

    fn change(&mut self, statement: &Statement, index: u64, received: u64) {
        self.registry = std::mem::take(&mut self.registry).apply(statement, index, received);
    }
}
