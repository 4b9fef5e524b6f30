//! What is judged, when, and how much work may go into it.

use std::cell::Cell;

use ensign_trust::Code;

use crate::evaluate::ledger::{Entry, Ledger};
use crate::evaluate::names::{Looks, Reads, Scope};

/// Most parts of conditions, and results that others rest on, that are judged for one trigger. What
/// is beyond is unknown: a text can say in few words what takes for ever to judge.
pub(crate) const MAX_WORK: u32 = 1 << 16;

/// How many facts or results are looked at for a share of it.
const LOOKS_A_SHARE: usize = 64;

/// What of it an obligation takes that a breach starts: a trigger leads to 1,024 of them at most.
pub(crate) const WORK_OF_A_BREACH: u32 = 64;

/// What judging leaves behind, beside its results.
#[derive(Debug)]
pub(crate) struct Course {
    /// The next second at which a result may change while nothing is added.
    next: Cell<i64>,
    /// How much may still be judged for this trigger.
    work: Cell<u32>,
    /// Whether that was too little for the obligation that is judged.
    exceeded: Cell<bool>,
    looks: Looks,
}

/// What is judged, and when.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a> {
    pub(crate) ledger: &'a Ledger<'a>,
    /// The moment judged.
    pub(crate) t: i64,
    /// The moment that was asked for: later than `t` where an end of force lies between.
    pub(crate) now: i64,
    /// The next second at which the result may change while nothing is added.
    pub(crate) next: &'a Cell<i64>,
    pub(crate) course: &'a Course,
    /// How deep results depend on one another here.
    pub(crate) depth: u32,
    /// Whether proofs are written.
    pub(crate) proves: bool,
}

impl Course {
    pub(crate) fn new(looks: Looks) -> Self {
        Course {
            next: Cell::new(i64::MAX),
            work: Cell::new(0),
            exceeded: Cell::new(false),
            looks,
        }
    }

    /// The next second at which a result may change, and what was looked for.
    pub(crate) fn end(self) -> (Option<i64>, Reads) {
        let next = Some(self.next.get()).filter(|next| *next != i64::MAX);
        (next, self.looks.reads())
    }
}

impl<'a> Bench<'a> {
    /// What is judged of a ledger at a moment.
    pub(crate) fn at(ledger: &'a Ledger<'a>, t: i64, course: &'a Course, proves: bool) -> Self {
        Bench {
            ledger,
            t,
            now: t,
            next: &course.next,
            course,
            depth: 0,
            proves,
        }
    }

    /// For a result that another one depends on.
    pub(crate) fn deeper(&self) -> Self {
        Bench {
            depth: self.depth + 1,
            ..*self
        }
    }

    /// Gives a trigger the work that is allowed.
    pub(crate) fn begin(&self) {
        self.course.work.set(MAX_WORK);
    }

    /// Says that there was too much work to know all of a result.
    pub(crate) fn exceed(&self) {
        self.course.exceeded.set(true);
    }

    /// Whether a second has come. One that has not is when the result may change.
    pub(crate) fn has_come(&self, second: i64) -> bool {
        if second <= self.t {
            return true;
        }
        if second > self.now {
            self.next.set(self.next.get().min(second));
        }
        false
    }

    /// Takes a share of the work that is allowed; false where none is left.
    pub(crate) fn may_work(&self) -> bool {
        self.may_do(1)
    }

    /// Takes so many shares of it.
    pub(crate) fn may_do(&self, shares: u32) -> bool {
        let work = &self.course.work;
        let left = work.get().checked_sub(shares);
        work.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Does something, and says whether there was too much work to know all of it.
    pub(crate) fn watch<T>(&self, act: impl FnOnce() -> T) -> (T, bool) {
        let exceeded = &self.course.exceeded;
        let before = exceeded.replace(false);
        let made = act();
        let is_cut = exceeded.get();
        exceeded.set(before || is_cut);
        (made, is_cut)
    }

    /// Takes the shares that so many facts or results are worth. A word of words can look at all of them
    /// again and again.
    pub(crate) fn may_look_at(&self, number: usize) {
        let shares = number / LOOKS_A_SHARE;
        self.may_do(u32::try_from(shares).unwrap_or(u32::MAX));
    }

    /// Says that the result may change at each of these seconds.
    pub(crate) fn may_change(&self, seconds: impl IntoIterator<Item = i64>) {
        for second in seconds {
            self.has_come(second);
        }
    }

    /// The facts of a kind in a scope.
    pub(crate) fn find(
        &self,
        kind: &Code,
        scope: Scope<'_>,
    ) -> impl ExactSizeIterator<Item = &'a Entry<'a>> + use<'a> {
        self.ledger.find(kind, scope, &self.course.looks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_too_much_is_told_of_everything_around_it_and_of_nothing_after_it() {
        let (ledger, course) = (Ledger::default(), Course::new(Looks::default()));
        let bench = Bench::at(&ledger, 0, &course, true);
        let quiet = || bench.watch(|| ()).1;
        let inner_then_quiet = bench.watch(|| {
            assert!(bench.watch(|| bench.exceed()).1);
            assert!(!quiet());
        });
        assert!(inner_then_quiet.1);
        let own_then_quiet = bench.watch(|| {
            bench.exceed();
            assert!(!quiet());
        });
        assert!(own_then_quiet.1);
        assert!(!quiet());
    }
}
