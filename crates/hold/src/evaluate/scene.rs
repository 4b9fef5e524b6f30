//! All obligations of what a log shows: judged on every processor where there are many.
//!
//! Each is judged by itself and has a key of its own, so that it makes no difference who judges which.

use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use ensign_trust::Fact;

use crate::evaluate::accord::{Accord, Adopted, Bound};
use crate::evaluate::bench::{Bench, Course};
use crate::evaluate::ledger::Ledger;
use crate::evaluate::names::Looks;
use crate::evaluate::obligation::{self, Instance, Obligation, Unassigned};
use crate::evaluate::{AsOf, Evaluation};
use crate::term::ast::Term;

/// So many triggers are judged in one go.
const A_SHARE: usize = 1 << 8;

/// With fewer triggers than this a second thread is not worth its start.
const MANY: usize = 1 << 12;

/// What a log shows.
pub(crate) struct Scene<'a> {
    pub(crate) bound: Bound<'a>,
    pub(crate) ledger: Ledger<'a>,
}

/// Some of the triggers of a term.
struct Share<'a> {
    adopted: &'a Adopted<'a>,
    term: &'a Term,
    triggers: Range<usize>,
}

/// What one thread found.
#[derive(Default)]
struct Found {
    obligations: Vec<Obligation>,
    unassigned: Vec<Unassigned>,
    next: Option<i64>,
}

impl<'a> Scene<'a> {
    pub(crate) fn at(accord: &'a Accord, facts: &'a [Fact], as_of: AsOf) -> Self {
        Scene {
            bound: Bound::at(accord, as_of.index),
            ledger: Ledger::at(facts, as_of.index),
        }
    }

    /// Judges what is wanted of it.
    pub(crate) fn judge(
        &self,
        as_of: AsOf,
        proves: bool,
        wanted: impl Fn(&Instance<'_>) -> bool + Sync,
    ) -> Evaluation {
        let shares = self.shares();
        let triggers: usize = shares.iter().map(|share| share.triggers.len()).sum();
        let threads = match triggers < MANY {
            true => 1,
            false => thread::available_parallelism().map_or(1, NonZero::get),
        };
        let begun = AtomicUsize::new(0);
        let judge = || {
            let course = Course::new(Looks::default());
            let bench = Bench::at(&self.ledger, as_of.t, &course, proves);
            let mut found = Found::default();
            while let Some(share) = shares.get(begun.fetch_add(1, Ordering::Relaxed)) {
                let instances = share.instances(bench, &mut found.unassigned);
                let wanted = instances.iter().filter(|it| wanted(it));
                found
                    .obligations
                    .extend(wanted.flat_map(|it| it.judge(bench)));
            }
            (found.next, _) = course.end();
            found
        };
        let found = on_threads(threads, judge);
        let next = found.iter().filter_map(|it| it.next).min();
        let (mut obligations, mut unassigned) = (Vec::new(), Vec::new());
        for found in found {
            obligations.extend(found.obligations);
            unassigned.extend(found.unassigned);
        }
        unassigned.sort();
        unassigned.dedup();
        Evaluation {
            as_of,
            obligations: obligation::in_order(obligations),
            unassigned,
            next,
        }
    }

    fn shares(&self) -> Vec<Share<'_>> {
        let mut shares = Vec::new();
        for adopted in &self.bound.texts {
            for term in adopted.terms() {
                let triggers = obligation::triggers(&self.ledger, adopted, term);
                let starts = (0..triggers).step_by(A_SHARE);
                shares.extend(starts.map(|start| Share {
                    adopted,
                    term,
                    triggers: start..triggers.min(start + A_SHARE),
                }));
            }
        }
        shares
    }
}

impl<'a> Share<'a> {
    fn instances(&self, bench: Bench<'a>, unassigned: &mut Vec<Unassigned>) -> Vec<Instance<'a>> {
        let triggers = self.triggers.clone();
        obligation::instances(bench, self.adopted, self.term, triggers, unassigned)
    }
}

/// Does something on this thread and, where the system lets it, on so many in all at once.
fn on_threads<T: Send>(threads: usize, act: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let others = (1..threads).map_while(|_| {
            let builder = thread::Builder::new();
            builder.spawn_scoped(scope, &act).ok()
        });
        let others: Vec<_> = others.collect();
        let mut made = vec![act()];
        for other in others {
            match other.join() {
                Ok(one) => made.push(one),
                Err(cause) => panic::resume_unwind(cause),
            }
        }
        made
    })
}
