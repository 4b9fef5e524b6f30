//! Duties whose triggers were corrected or withdrawn: by whom, and what each was just before.
//!
//! Only statements that take back one of a kind which some term waits for are looked at. The log is
//! gone through once up to the last of these, and each is judged as of its index and as of the next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::{AsOf, Docket, ObligationKey, Summary};
use ensign_hold::term::ast::Trigger;
use ensign_trust::fact::Retraction;
use ensign_trust::{Code, Fact, ObligationId, PartyId, StatementId};
use serde::Serialize;

use super::row::obligation_row;
use super::{Holds, ObligationRow, Order, Promises};
use crate::database::lock;
use crate::{Error, Views};

/// What a correction or a withdrawal of its trigger did to one duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriggerChange {
    /// The statement that corrects or withdraws.
    pub statement: StatementId,
    /// Its index, which is the size of the log before it.
    pub index: u64,
    /// When it was received.
    pub received: u64,
    /// Who stated it: the author of the trigger.
    pub by: PartyId,
    /// Whether it says nothing in the trigger's place.
    pub withdraws: bool,
    /// The moment at which the duty is judged here.
    pub at: i64,
    /// The duty as it was before; nothing where there was none.
    pub before: Option<ObligationRow>,
    /// The duty as it was with it; nothing where there is none.
    pub after: Option<ObligationRow>,
}

/// The changes of the log up to a size, and which they are.
#[derive(Debug)]
pub(super) struct Walked {
    upto: Upto,
    changes: Arc<Vec<Change>>,
}

/// By what the changes are determined.
#[derive(Debug, PartialEq, Eq)]
struct Upto {
    falls: u64,
    /// The size, where statements have fallen since that counted at it.
    index: Option<u64>,
    last: u64,
    t: i64,
}

/// A statement that takes back one which may have started duties.
struct Taking<'a> {
    statement: StatementId,
    fact: &'a Fact,
    retraction: Retraction,
    /// What it takes back, what that took back, and so on, and itself.
    line: BTreeSet<StatementId>,
}

/// What one statement did to one duty.
#[derive(Debug)]
struct Change {
    id: ObligationId,
    key: ObligationKey,
    statement: StatementId,
    index: u64,
    received: u64,
    by: PartyId,
    withdraws: bool,
    at: i64,
    before: Option<Summary>,
    after: Option<Summary>,
}

impl Views {
    /// What corrections and withdrawals of its trigger did to a duty, in the order of the log.
    pub fn trigger_changes(
        &self,
        id: ObligationId,
        as_of: AsOf,
    ) -> Result<Vec<TriggerChange>, Error> {
        let promises = self.promises(as_of.index)?;
        let changes = self.holds.trigger_changes(&promises, as_of)?;
        let of_it = changes.iter().filter(|change| change.id == id);
        Ok(of_it.map(|change| change.told(&promises)).collect())
    }

    /// The duties of a text that are none any more since their trigger was corrected or withdrawn, in
    /// the order of the log.
    pub fn taken_back(
        &self,
        text: InstrumentDigest,
        as_of: AsOf,
    ) -> Result<Vec<TriggerChange>, Error> {
        let promises = self.promises(as_of.index)?;
        let changes = self.holds.trigger_changes(&promises, as_of)?;
        let of_text = changes.iter().filter(|it| it.key.text == text);
        let last: BTreeMap<ObligationId, &Change> = of_text.map(|it| (it.id, it)).collect();
        let mut gone: Vec<&Change> = last.into_values().filter(|it| it.after.is_none()).collect();
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let there: BTreeSet<ObligationId> = self
            .holds
            .summaries(as_of)?
            .iter()
            .map(|it| it.id)
            .collect();
        gone.retain(|change| !there.contains(&change.id));
        let order = Order::of(&promises, gone.iter().map(|it| it.key.trigger), as_of);
        gone.sort_by_key(|change| (change.index, order.rank(&change.key)));
        Ok(gone.iter().map(|change| change.told(&promises)).collect())
    }
}

impl Holds {
    /// What corrections and withdrawals of triggers did, in the order of the log.
    fn trigger_changes(&self, promises: &Promises, as_of: AsOf) -> Result<Arc<Vec<Change>>, Error> {
        // Read before the statements: a fall in between makes what is kept look older than it is.
        let falls = self.falls.load(Ordering::SeqCst);
        let takings = takings(promises, as_of.index);
        let Some(last) = takings.last() else {
            return Ok(Arc::default());
        };
        let upto = Upto {
            falls,
            index: match self.newest(as_of.index)? {
                Some(_) => None,
                None => Some(as_of.index),
            },
            last: last.fact.position,
            t: as_of.t.min(seconds(last.fact.received)),
        };
        let mut walked = lock(&self.walked);
        if let Some(walked) = walked.as_ref().filter(|it| it.upto == upto) {
            return Ok(Arc::clone(&walked.changes));
        }
        let changes = Arc::new(walk(promises, &takings, as_of.t));
        *walked = Some(Walked {
            upto,
            changes: Arc::clone(&changes),
        });
        Ok(changes)
    }
}

/// Judges what each statement took back, just before it and with it.
fn walk(promises: &Promises, takings: &[Taking<'_>], t: i64) -> Vec<Change> {
    let (accord, facts) = (promises.instruments.accord(), promises.facts.all());
    let judged_at = |taking: &Taking<'_>| t.min(seconds(taking.fact.received));
    let mut docket = Docket::new(Arc::clone(accord), takings.first().map_or(t, judged_at));
    let mut changes = Vec::new();
    for taking in takings {
        let at = judged_at(taking);
        let mut of_line = |index: u64| -> BTreeMap<ObligationId, Summary> {
            let known = docket.as_of().index;
            let from = facts.partition_point(|fact| fact.position < known);
            let until = facts.partition_point(|fact| fact.position < index);
            docket.append(&facts[from..until]);
            docket.grow(index);
            docket.advance(at);
            let summaries = docket.summaries().into_iter();
            let of_line = summaries.filter(|it| taking.line.contains(&it.key.trigger));
            of_line.map(|it| (it.id, it)).collect()
        };
        let index = taking.fact.position;
        let mut before = of_line(index);
        let mut after = of_line(index + 1);
        let both = before.values().chain(after.values());
        let keys: BTreeMap<ObligationId, ObligationKey> =
            both.map(|it| (it.id, it.key.clone())).collect();
        let withdraws = matches!(taking.retraction, Retraction::Withdraws(_));
        for (id, key) in keys {
            let change = Change {
                id,
                key,
                statement: taking.statement,
                index,
                received: taking.fact.received,
                by: taking.fact.actor,
                withdraws,
                at,
                before: before.remove(&id),
                after: after.remove(&id),
            };
            // What was withdrawn although something else had replaced it changes nothing.
            if !withdraws || change.before != change.after {
                changes.push(change);
            }
        }
    }
    changes
}

/// The statements below a size that take back one of the same author which may have started a duty.
fn takings(promises: &Promises, index: u64) -> Vec<Taking<'_>> {
    let facts = promises.facts.all();
    let known = &facts[..facts.partition_point(|fact| fact.position < index)];
    let back: BTreeMap<StatementId, (&Fact, Retraction)> = known
        .iter()
        .filter_map(|fact| Some((*fact.sources.first()?, (fact, fact.retracts?))))
        .collect();
    let mut takings: Vec<Taking<'_>> = back
        .iter()
        .map(|(id, (fact, retraction))| Taking {
            statement: *id,
            fact,
            retraction: *retraction,
            line: line(*id, &back),
        })
        .collect();
    if takings.is_empty() {
        return takings;
    }
    takings.sort_by_key(|taking| taking.fact.position);
    let starts = starts(promises);
    let lines: BTreeSet<StatementId> = takings.iter().flat_map(|it| it.line.clone()).collect();
    let (mut authors, mut may_start) = (BTreeMap::new(), BTreeSet::new());
    for fact in known {
        let stated = fact.sources.first().filter(|id| lines.contains(id));
        if let Some(id) = stated {
            authors.insert(*id, fact.actor);
            if starts.contains(&fact.kind) {
                may_start.insert(*id);
            }
        }
    }
    takings.retain(|taking| {
        let author = authors.get(&taking.retraction.target());
        author == Some(&taking.fact.actor) && !taking.line.is_disjoint(&may_start)
    });
    takings
}

/// A statement, what it takes back, what that took back, and so on.
fn line(
    from: StatementId,
    back: &BTreeMap<StatementId, (&Fact, Retraction)>,
) -> BTreeSet<StatementId> {
    let mut line = BTreeSet::new();
    let mut next = Some(from);
    while let Some(id) = next.filter(|id| line.insert(*id)) {
        next = back.get(&id).map(|(_, retraction)| retraction.target());
    }
    line
}

/// The kinds of facts that start a duty by any text.
fn starts(promises: &Promises) -> BTreeSet<&Code> {
    let texts = promises.instruments.accord().texts.iter();
    let terms = texts.flat_map(|text| {
        let instrument = &text.instrument;
        let terms = instrument.terms.iter();
        terms.map(|term| instrument.trigger(term))
    });
    terms
        .filter_map(|trigger| match trigger {
            Trigger::Fact(kind, _) => Some(kind.as_code()),
            _ => None,
        })
        .collect()
}

fn seconds(received: u64) -> i64 {
    i64::try_from(received).unwrap_or(i64::MAX)
}

impl Change {
    fn told(&self, promises: &Promises) -> TriggerChange {
        let row = |summary: &Summary| {
            let text = promises.instruments.text(summary.key.text)?;
            Some(obligation_row(text, summary))
        };
        TriggerChange {
            statement: self.statement,
            index: self.index,
            received: self.received,
            by: self.by,
            withdraws: self.withdraws,
            at: self.at,
            before: self.before.as_ref().and_then(row),
            after: self.after.as_ref().and_then(row),
        }
    }
}
