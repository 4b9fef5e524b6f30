//! Facts as their statements leave them.

use std::collections::BTreeMap;

use ensign_trust::{Code, Fact, Statement, StatementId};

use super::decide::facts;
use super::statement::Act;
use crate::stated::Stated;

/// All facts that were ever stated, in the order of the log. What was withdrawn is among them: what
/// stands depends on how much of the log is read.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    known: BTreeMap<StatementId, Known>,
    disputes: BTreeMap<StatementId, Dispute>,
    facts: Vec<Fact>,
}

/// A statement about facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who stated it, where and when.
    pub stated: Stated,
    /// Its kind.
    pub kind: Code,
    /// The statement that took it back, if its author did.
    pub taken_back: Option<StatementId>,
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Who opened it, where and when.
    pub opened: Stated,
    /// The trigger of the obligation that it is about.
    pub trigger: StatementId,
    /// By which kind the text knows its opening.
    pub kind: Code,
    /// Who closed it, by which kind.
    pub closings: Vec<(Code, Stated)>,
}

impl Facts {
    /// What a statement that counts changes. Total: one that is not understood changes nothing.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        let Some(Ok(act)) = Act::read(statement) else {
            return self;
        };
        let stated = Stated::of(statement, index, received);
        match &act {
            Act::Closed(said) => {
                if let Some(dispute) = self.disputes.get_mut(&said.dispute) {
                    let kind = said.kind.as_code().clone();
                    dispute.closings.push((kind, stated));
                }
            }
            Act::Opened(said) => {
                let dispute = Dispute {
                    opened: stated,
                    trigger: said.trigger,
                    kind: said.kind.as_code().clone(),
                    closings: Vec::new(),
                };
                self.disputes.insert(stated.statement, dispute);
            }
            _ => {}
        }
        let facts = facts(statement, index, received);
        for fact in &facts {
            let older = fact
                .retracts
                .and_then(|it| self.known.get_mut(&it.target()));
            if let Some(older) = older.filter(|older| older.stated.by == stated.by) {
                older.taken_back = Some(stated.statement);
            }
        }
        self.facts.extend(facts);
        let known = Known {
            stated,
            kind: act.kind(),
            taken_back: None,
        };
        self.known.insert(stated.statement, known);
        self
    }

    /// Takes in facts that statements of another crate state, in the order of the log.
    pub fn take(&mut self, facts: Vec<Fact>) {
        self.facts.extend(facts);
    }

    /// All facts, in the order of the log.
    pub fn all(&self) -> &[Fact] {
        &self.facts
    }

    /// A statement about facts.
    pub fn known(&self, id: StatementId) -> Option<&Known> {
        self.known.get(&id)
    }

    /// A dispute, by the statement that opened it.
    pub fn dispute(&self, id: StatementId) -> Option<&Dispute> {
        self.disputes.get(&id)
    }

    /// All disputes.
    pub fn disputes(&self) -> impl Iterator<Item = &Dispute> {
        self.disputes.values()
    }
}
