//! How one duty came to its status, in parts from which sentences are made, with the debtor's own
//! word and what would follow.

use std::collections::{BTreeMap, BTreeSet};

use ensign_hold::evaluate::deadline::Bounds;
use ensign_hold::evaluate::proof::Step;
use ensign_hold::evaluate::record::Head;
use ensign_hold::evaluate::standing::Standing;
use ensign_hold::evaluate::{AsOf, Obligation};
use ensign_hold::term::ast::{Duty, Instrument, Term};
use ensign_hold::term::name::TermName;
use ensign_trust::{Code, Coded, Fact, ObligationId, PartyId, StatementId};

use super::deadlines::{DeadlineRow, deadline_row};
use super::suppose::{Supposition, suppositions};
use super::{ObligationPage, Promises};
use crate::{Error, Views};

/// Most statements of the debtor that a story repeats, the last ones.
const MAX_WORDS: usize = 20;

/// How one duty came to its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Clause, record and statements used.
    pub page: ObligationPage,
    /// The duty in parts, and what of it runs out.
    pub deadline: DeadlineRow,
    /// The sums of its deadline.
    pub bounds: Option<Bounds>,
    /// The path of the clause that decided.
    pub path: Vec<String>,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// What is not there and would have made a difference.
    pub missing: Vec<Step>,
    /// How strong the evidence of the allegation is, as a code.
    pub grade: Option<String>,
    /// Who found what was the case.
    pub determined_by: Vec<PartyId>,
    /// What the debtor itself said about it, in the order of the log.
    pub own_words: Vec<OwnWord>,
    /// How many statements of the debtor are left out before these.
    pub more_own_words: u64,
    /// What would follow, as the evaluator computes it.
    pub supposed: Vec<Supposition>,
}

/// One thing that a debtor said about its own duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWord {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Its kind.
    pub kind: String,
    /// When it holds: the first and the last second.
    pub valid: [u64; 2],
    /// When it was received.
    pub received: u64,
    /// Its fields.
    pub fields: Vec<(String, Coded)>,
}

impl Views {
    /// How one duty came to its status, and what would follow.
    pub fn story(
        &self,
        id: ObligationId,
        head: Option<&Head>,
        as_of: AsOf,
    ) -> Result<Option<Story>, Error> {
        let Some(page) = self.obligation(id, head, as_of)? else {
            return Ok(None);
        };
        let promises = self.promises(as_of.index)?;
        let summaries = self.holds.summaries(as_of)?;
        let Some(summary) = summaries.iter().find(|summary| summary.id == id) else {
            return Ok(None);
        };
        let lapse = self.lapse(summary, as_of)?;
        let deadline = deadline_row(&promises, summary, lapse, as_of);
        let proved = self.holds.obligation(&summary.key, as_of)?;
        let (Some(deadline), Some(obligation)) = (deadline, proved) else {
            return Ok(None);
        };
        let obligation = &obligation;
        let (own_words, more_own_words) = own_words(&promises, obligation, as_of);
        Ok(Some(Story {
            page,
            deadline,
            bounds: obligation.bounds,
            path: obligation.proof.path.clone(),
            steps: obligation.proof.steps.clone(),
            missing: obligation.proof.missing.clone(),
            grade: match &obligation.standing {
                Standing::Substantiated(grade) => Some(grade.to_string()),
                _ => None,
            },
            determined_by: match &obligation.standing {
                Standing::Determined(by) => by.clone(),
                _ => Vec::new(),
            },
            own_words,
            more_own_words,
            supposed: suppositions(&promises, obligation, as_of),
        }))
    }

    /// What a debtor said about each of some duties last, as far as it said anything.
    pub fn last_own_words(
        &self,
        ids: &[ObligationId],
        as_of: AsOf,
    ) -> Result<Vec<Option<OwnWord>>, Error> {
        let promises = self.promises(as_of.index)?;
        let summaries = self.holds.summaries(as_of)?;
        let mut found: BTreeMap<ObligationId, OwnWord> = BTreeMap::new();
        for summary in summaries.iter().filter(|it| ids.contains(&it.id)) {
            let obligation = self.holds.obligation(&summary.key, as_of)?;
            let words = obligation.map(|it| own_words(&promises, &it, as_of).0);
            if let Some(word) = words.and_then(|mut words| words.pop()) {
                found.insert(summary.id, word);
            }
        }
        Ok(ids.iter().map(|id| found.remove(id)).collect())
    }
}

/// What the debtor said that cites what started the duty, or contests or rests on it; and how much
/// more of that there is. What it owes by another term it says of that.
fn own_words(promises: &Promises, obligation: &Obligation, as_of: AsOf) -> (Vec<OwnWord>, u64) {
    let (key, uses) = (&obligation.key, &obligation.proof.uses);
    let text = promises.instruments.text(key.text);
    let others = text.map_or_else(BTreeSet::new, |it| {
        acts_of_others(&it.instrument, &key.term)
    });
    let is_own = |fact: &&Fact| {
        let by_statement = |id: &StatementId| *id != key.trigger && uses.contains(id);
        let is_about = fact.cites.contains(&key.trigger) && !others.contains(&fact.kind);
        fact.actor == key.debtor
            && fact.position < as_of.index
            && (is_about || fact.sources.iter().any(by_statement))
    };
    let mut words: Vec<OwnWord> = Vec::new();
    for fact in promises.facts.all().iter().filter(is_own) {
        let Some(statement) = fact.sources.first() else {
            continue;
        };
        // A statement that measures states its samples and when somebody watched: one word of it.
        if words.last().is_none_or(|word| word.statement != *statement) {
            words.push(own_word(*statement, fact));
        }
    }
    let more = words.len().saturating_sub(MAX_WORDS);
    (words.split_off(more), more as u64)
}

/// The kinds of acts that only other terms demand, those left out that a breach of this one starts.
fn acts_of_others<'a>(instrument: &'a Instrument, name: &TermName) -> BTreeSet<&'a Code> {
    let started = instrument.term(name).map(|term| &term.on_breach[..]);
    let is_near = |term: &&Term| {
        term.name == *name || started.is_some_and(|started| started.contains(&term.name))
    };
    let (near, others): (Vec<&Term>, Vec<&Term>) = instrument.terms.iter().partition(is_near);
    let mut acts: BTreeSet<&Code> = others.into_iter().filter_map(act).collect();
    for act in near.into_iter().filter_map(act) {
        acts.remove(act);
    }
    acts
}

fn act(term: &Term) -> Option<&Code> {
    match &term.duty {
        Duty::Deliver { act, .. } | Duty::Perform { act, .. } => Some(act.kind.as_code()),
        _ => None,
    }
}

fn own_word(statement: StatementId, fact: &Fact) -> OwnWord {
    // Samples are shown as sums.
    let is_word = |(name, _): &(&Code, &Coded)| !matches!(name.as_str(), "values" | "every");
    let fields = fact.fields.iter().filter(is_word);
    OwnWord {
        statement,
        index: fact.position,
        kind: fact.kind.to_string(),
        valid: fact.valid,
        received: fact.received,
        fields: fields
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
    }
}
