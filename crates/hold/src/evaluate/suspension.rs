//! Clocks that are stopped: united, capped, sure and possible.

use std::borrow::Cow;

use crate::evaluate::interval::{LATEST, Stretches, When};
use crate::evaluate::truth::Truth;

/// What one clause stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Seconds that it stops in every world, before its cap.
    pub sure: Stretches,
    /// Seconds that it stops in some world, before its cap.
    pub possible: Stretches,
    /// How long it stops at most, over all: the least and the greatest that this can be.
    pub cap: [i64; 2],
}

/// One suspension: when it starts and when it ends, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspended {
    /// When the clock stops.
    pub start: When,
    /// When it goes on. In worlds in which this is before the start, nothing stops.
    pub end: Option<When>,
    /// Whether the start is one at all.
    pub sure: bool,
}

/// How much of what may be stopped is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// As little as in any world.
    Least,
    /// As much as in any world.
    Most,
}

/// What all clauses of a term stop from a start on. Each second counts once, each clause stops no more
/// than its cap, and the debtor has the better allotment: up to each second as much is stopped as some
/// allotment of the seconds to the clauses allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// Each clause apart, at most [`crate::term::ast::MAX_SUSPENSIONS`].
    stops: Vec<Stop>,
    /// From when the caps are counted.
    start: Option<When>,
    /// The seconds that are stopped in every world, and those that are in some, within the caps.
    stopped: [Stretches; 2],
}

impl Stop {
    /// Unites the suspensions of one clause.
    pub fn unite(suspended: &[Suspended], cap: [i64; 2]) -> Self {
        let end = |one: &Suspended| {
            one.end.unwrap_or(When {
                lo: LATEST,
                hi: LATEST,
            })
        };
        let sure = suspended.iter().filter(|one| one.sure);
        Stop {
            sure: Stretches::unite(sure.map(|one| [one.start.hi, end(one).lo])),
            possible: Stretches::unite(suspended.iter().map(|one| [one.start.lo, end(one).hi])),
            cap,
        }
    }

    fn seconds(&self, doubt: Doubt) -> (&Stretches, i64) {
        match doubt {
            Doubt::Least => (&self.sure, self.cap[0]),
            Doubt::Most => (&self.possible, self.cap[1]),
        }
    }
}

impl Clock {
    /// What some clauses stop from a start on.
    pub fn new(stops: Vec<Stop>, start: When) -> Self {
        let stopped = [Doubt::Least, Doubt::Most].map(|doubt| Sweep::over(&stops, start, doubt));
        Clock {
            stops,
            start: Some(start),
            stopped,
        }
    }

    /// The clock of what starts somewhere: where that is not the start from which the caps are counted,
    /// what was stopped before has used them up.
    pub fn since(&self, start: When) -> Cow<'_, Clock> {
        if self.stops.is_empty() || self.start == Some(start) {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Clock::within_caps(self.stopped.clone()))
    }

    /// The same, where nothing may be taken to start where the caps are counted from.
    pub fn apart(self) -> Clock {
        Clock {
            start: None,
            ..self
        }
    }

    /// What holds if one of two holds.
    pub fn or(self, other: Clock) -> Clock {
        if self == other {
            return self;
        }
        let [[sure, possible], [also_sure, also_possible]] = [self.stopped, other.stopped];
        let either = possible.iter().chain(also_possible.iter());
        let both = sure.without(&sure.without(&also_sure));
        Clock::within_caps([both, Stretches::unite(either)])
    }

    /// A clock that is stopped in these seconds, whatever it counts from.
    fn within_caps(stopped: [Stretches; 2]) -> Self {
        let [sure, possible] = stopped.clone();
        let stop = Stop {
            sure,
            possible,
            cap: [LATEST; 2],
        };
        Clock {
            stops: vec![stop],
            start: None,
            stopped,
        }
    }

    /// How many seconds are stopped from the start, in a world in which it is this second, until before
    /// another: the least, over every choice of clauses, of their caps together and the seconds of the
    /// others.
    pub fn stopped(&self, doubt: Doubt, from: i64, until: i64) -> i64 {
        match self.stops.as_slice() {
            [] => 0,
            [only] => {
                let (seconds, cap) = only.seconds(doubt);
                seconds.measure(from, until).min(cap)
            }
            several => {
                let with = |choice: usize| {
                    let mut caps = 0i64;
                    let mut others = Vec::new();
                    for (at, stop) in several.iter().enumerate() {
                        let (seconds, cap) = stop.seconds(doubt);
                        if choice & (1 << at) != 0 {
                            caps = caps.saturating_add(cap);
                        } else {
                            others.extend(seconds.within(from, until).iter());
                        }
                    }
                    caps.saturating_add(Stretches::unite(others).measure(from, until))
                };
                choices(several).map(with).min().unwrap_or(0)
            }
        }
    }

    /// The time that runs from one second to another.
    pub fn running(&self, doubt: Doubt, from: i64, until: i64) -> i64 {
        let all = until.saturating_sub(from);
        all.saturating_sub(self.stopped(doubt, from, until))
    }

    /// The last second by which no more than so much time has run.
    pub fn last_within(&self, doubt: Doubt, from: i64, seconds: i64) -> i64 {
        let mut low = from.saturating_add(seconds).min(LATEST);
        if self.stops.is_empty() {
            return low;
        }
        let most = |stop: &Stop| stop.seconds(doubt).1.max(0);
        let caps = self
            .stops
            .iter()
            .map(most)
            .fold(0i64, |a, b| a.saturating_add(b));
        let mut high = low.saturating_add(caps).min(LATEST);
        while low < high {
            let middle = high - (high - low) / 2;
            if self.running(doubt, from, middle) <= seconds {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }

    /// Whether the clock stands at `t`.
    pub fn stands(&self, t: i64) -> Truth {
        let [surely, possibly] = self.stopped.each_ref().map(|it| it.contains(t));
        Truth::between(surely, possibly)
    }

    /// The seconds that are stopped in every world, and those that are in some, within the caps.
    pub fn seconds(&self) -> &[Stretches; 2] {
        &self.stopped
    }

    /// The next second after `t` at which [`Clock::stands`] may answer otherwise.
    pub fn next_change(&self, t: i64) -> Option<i64> {
        let edges = self.stopped.iter().flat_map(Stretches::iter).flatten();
        edges.filter(|second| *second > t).min()
    }
}

/// Every choice of some clauses: a bit for each.
fn choices(stops: &[Stop]) -> std::ops::Range<usize> {
    0..1 << stops.len()
}

/// Goes through time from edge to edge, and counts for every choice of clauses the seconds of the others.
///
/// A second is stopped where what is stopped until after it is more than until before it. That is so
/// where, for each choice of clauses that has all that are open, their caps and the seconds of the others
/// until then are more than what is stopped until then.
struct Sweep<'a> {
    stops: &'a [Stop],
    start: When,
    doubt: Doubt,
    /// By choice: the seconds of the clauses that are not in it, in every world and in some.
    others: [Vec<i64>; 2],
}

impl<'a> Sweep<'a> {
    fn over(stops: &'a [Stop], start: When, doubt: Doubt) -> Stretches {
        let none = vec![0; choices(stops).len()];
        let mut sweep = Sweep {
            stops,
            start,
            doubt,
            others: [none.clone(), none],
        };
        let each = stops.iter().flat_map(|stop| [&stop.sure, &stop.possible]);
        let mut edges: Vec<i64> = each.flat_map(Stretches::iter).flatten().collect();
        edges.extend([start.lo, start.hi]);
        edges.retain(|edge| *edge >= start.lo);
        edges.sort_unstable();
        edges.dedup();
        let pieces = edges.windows(2).map(|piece| {
            let [from, until] = [piece[0], piece[1]];
            let open = sweep.open(from);
            let stopped = sweep.stopped(open, until - from);
            sweep.pass(open, until - from);
            [from, from + stopped]
        });
        Stretches::unite(pieces)
    }

    /// Which clauses surely, and which possibly, are open at a second.
    fn open(&self, second: i64) -> [usize; 2] {
        let open = |of: fn(&Stop) -> &Stretches| {
            let stops = self.stops.iter().enumerate();
            let bits = stops.map(|(at, stop)| usize::from(of(stop).contains(second)) << at);
            bits.sum::<usize>()
        };
        let has_begun = second >= self.start.hi;
        let sure = if has_begun { open(|it| &it.sure) } else { 0 };
        [sure, open(|it| &it.possible)]
    }

    /// How many of the next seconds, in which the same clauses are open, are stopped: the first ones.
    fn stopped(&self, open: [usize; 2], length: i64) -> i64 {
        let [own, other] = match self.doubt {
            Doubt::Least => [0, 1],
            Doubt::Most => [1, 0],
        };
        // Caps that are larger let at least as much more be stopped as they have let be stopped by then:
        // a choice that is least with all that are open has every clause of one that is least without.
        let most = |choice: usize, side: usize| {
            let chosen = self.stops.iter().enumerate();
            let chosen = chosen.filter(|(at, _)| choice & (1 << at) != 0);
            let caps = chosen.map(|(_, stop)| stop.cap[own]);
            caps.fold(self.others[side][choice], i64::saturating_add)
        };
        let has_all = |choice: usize, open: usize| open & !choice == 0;
        if open[own] == 0 {
            return 0;
        }
        let every = || choices(self.stops);
        let allowed = every().filter(|choice| has_all(*choice, open[own]));
        let allowed = allowed.map(|choice| most(choice, own)).min();
        // What is stopped by then stays as it is, or grows with each second.
        let (mut stays, mut grows) = (i64::MAX, i64::MAX);
        for choice in every() {
            let stopped = most(choice, other);
            match has_all(choice, open[other]) {
                true => stays = stays.min(stopped),
                false => grows = grows.min(stopped),
            }
        }
        let allowed = allowed.unwrap_or(0);
        if stays < allowed {
            return length;
        }
        allowed.saturating_sub(grows).clamp(0, length)
    }

    fn pass(&mut self, open: [usize; 2], length: i64) {
        for (others, open) in self.others.iter_mut().zip(open) {
            for (choice, seconds) in others.iter_mut().enumerate() {
                if open & !choice != 0 {
                    *seconds += length;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stop(pieces: &[[i64; 2]], cap: i64) -> Stop {
        let one = |piece: &[i64; 2]| Suspended {
            start: When::at(piece[0]),
            end: Some(When::at(piece[1])),
            sure: true,
        };
        let all: Vec<_> = pieces.iter().map(one).collect();
        Stop::unite(&all, [cap, cap])
    }

    fn clock(stops: impl Into<Vec<Stop>>) -> Clock {
        Clock::new(stops.into(), When::at(0))
    }

    #[test]
    fn overlapping_suspensions_count_once() {
        let clock = clock([stop(&[[10, 40], [30, 50]], 100)]);
        assert_eq!(clock.running(Doubt::Least, 0, 66), 26);
    }

    #[test]
    fn the_cap_is_on_all_suspensions_together() {
        let clock = clock([stop(&[[10, 20], [30, 40]], 15)]);
        assert_eq!(clock.stopped(Doubt::Most, 0, 100), 15);
        assert_eq!(clock.stands(34), Truth::True);
        assert_eq!(clock.stands(35), Truth::False);
        let within = Stretches::unite([[10, 20], [30, 35]]);
        assert_eq!(*clock.seconds(), [within.clone(), within]);
        assert_eq!(
            [29, 30, 35].map(|t| clock.next_change(t)),
            [Some(30), Some(35), None]
        );
    }

    #[test]
    fn clauses_share_a_second_once_to_the_debtors_favour() {
        let two = clock([stop(&[[0, 20]], 5), stop(&[[0, 5]], 5)]);
        assert_eq!(two.stopped(Doubt::Least, 0, 30), 10);
        assert_eq!(two.seconds()[0], Stretches::unite([[0, 10]]));
        let three = [stop(&[[0, 20]], 5), stop(&[[0, 5]], 9), stop(&[[3, 9]], 1)];
        assert_eq!(clock(three).stopped(Doubt::Least, 0, 30), 11);
    }

    #[test]
    fn what_was_stopped_before_a_second_start_has_used_up_its_cap() {
        let clock = clock([stop(&[[10, 20], [40, 60]], 15)]);
        let later = clock.since(When::at(30));
        assert_eq!(later.stopped(Doubt::Least, 30, 100), 5);
        assert_eq!(later.stopped(Doubt::Most, 30, 100), 5);
        assert_eq!(later.last_within(Doubt::Most, 30, 20), 55);
    }

    fn stops(clauses: &[(Vec<[i64; 2]>, i64)]) -> Vec<Stop> {
        let each = clauses.iter().map(|(pieces, cap)| stop(pieces, *cap));
        each.collect()
    }

    fn clauses() -> impl Strategy<Value = Vec<(Vec<[i64; 2]>, i64)>> {
        let pieces = proptest::collection::vec([0i64..40, 0i64..40], 0..4);
        proptest::collection::vec((pieces, 0i64..30), 0..4)
    }

    proptest! {
        #[test]
        fn running_time_never_grows_when_it_starts_later_and_never_shrinks_when_it_ends_later(
            pieces in proptest::collection::vec([0i64..60, 0i64..60], 0..5),
            cap in 0i64..60,
            from in 0i64..60,
            length in 0i64..60,
        ) {
            let clock = clock([stop(&pieces, cap)]);
            let running = clock.running(Doubt::Least, from, from + length);
            prop_assert!(clock.running(Doubt::Least, from + 1, from + length) <= running);
            prop_assert!(clock.running(Doubt::Least, from, from + length + 1) >= running);
            let last = clock.last_within(Doubt::Least, from, length);
            prop_assert!(clock.running(Doubt::Least, from, last) <= length);
            prop_assert!(clock.running(Doubt::Least, from, last + 1) > length);
        }

        #[test]
        fn the_seconds_that_are_stopped_are_as_many_as_are_stopped(clauses in clauses()) {
            let clock = clock(stops(&clauses));
            let [sure, possible] = clock.seconds();
            prop_assert_eq!(sure, possible);
            for until in 0..45 {
                let stopped = clock.stopped(Doubt::Least, 0, until);
                prop_assert_eq!(sure.measure(0, until), stopped);
            }
        }

        #[test]
        fn no_world_leaves_the_bounds(
            clauses in clauses(),
            vague in proptest::collection::vec((0i64..6, 0i64..6, any::<[bool; 4]>()), 17),
            start in [0i64..9, 0i64..9],
        ) {
            // In the world each end of a piece, each cap and the start are somewhere within the doubt.
            let mut doubts = vague.into_iter().cycle();
            let (mut exact, mut doubted) = (Vec::new(), Vec::new());
            for (pieces, cap) in &clauses {
                let (mut known, mut of_clause) = (Vec::new(), Vec::new());
                for [from, until] in pieces {
                    let (before, after, [sure, is_one, first, second]) = doubts.next().unwrap_or_default();
                    of_clause.push(Suspended {
                        start: When { lo: from - before, hi: from + after },
                        end: Some(When { lo: until - after, hi: until + before }),
                        sure,
                    });
                    if sure || is_one {
                        known.push([
                            if first { from - before } else { from + after },
                            if second { until - after } else { until + before },
                        ]);
                    }
                }
                let (less, more, [is_less, is_more, ..]) = doubts.next().unwrap_or_default();
                let [less_in_it, more_in_it] =
                    [(less, is_less), (more, is_more)].map(|(by, is_so)| if is_so { by } else { 0 });
                exact.push(stop(&known, cap + less_in_it + more_in_it));
                doubted.push(Stop::unite(&of_clause, [*cap, cap + less + more]));
            }
            let [lo, hi] = [start[0].min(start[1]), start[0].max(start[1])];
            let bounds = Clock::new(doubted, When { lo, hi });
            let [sure, possible] = bounds.seconds();
            for second in lo..=hi {
                let world = Clock::new(exact.clone(), When::at(second));
                for t in 0..60 {
                    let stands = world.stands(t) == Truth::True;
                    prop_assert!(!sure.contains(t) || stands);
                    prop_assert!(!stands || possible.contains(t));
                }
            }
        }
    }
}
