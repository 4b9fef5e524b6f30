//! Clocks that are stopped: united, capped, sure and possible.

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

/// What all clauses of a term stop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// Each clause apart, in their order, at most [`crate::term::ast::MAX_SUSPENSIONS`].
    pub stops: Vec<Stop>,
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

    /// Whether it stops the clock at `t`, counted from a start.
    fn stands(&self, from: When, t: i64) -> Truth {
        let surely = self.sure.contains(t) && self.possible.measure(from.lo, t) < self.cap[0];
        let possibly = self.possible.contains(t) && self.sure.measure(from.hi, t) < self.cap[1];
        Truth::between(surely, possibly)
    }
}

impl Clock {
    /// How many seconds are stopped from one second until before another. Each second counts once,
    /// each clause stops no more than its cap, and the debtor has the better allotment: the least,
    /// over every choice of clauses, of their caps together and the seconds of the others.
    pub fn stopped(&self, doubt: Doubt, from: i64, until: i64) -> i64 {
        match self.stops.as_slice() {
            [] => 0,
            [only] => {
                let (seconds, cap) = only.seconds(doubt);
                seconds.measure(from, until).min(cap)
            }
            several => {
                let choices = 0u32..1 << several.len();
                let with = |choice: u32| {
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
                choices.map(with).min().unwrap_or(0)
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

    /// Whether the clock stands at `t`, counted from a start.
    pub fn stands(&self, from: When, t: i64) -> Truth {
        let each = self.stops.iter().map(|stop| stop.stands(from, t));
        each.max().unwrap_or(Truth::False)
    }

    /// The seconds that are stopped in every world or in some, within the caps.
    pub fn seconds(&self, doubt: Doubt, from: When) -> Stretches {
        let capped = self.stops.iter().flat_map(|stop| {
            // What may have been stopped before uses up the cap of what surely is, and the reverse.
            let (seconds, spent) = match doubt {
                Doubt::Least => (&stop.sure, stop.possible.spent(from.lo, stop.cap[0])),
                Doubt::Most => (&stop.possible, stop.sure.spent(from.hi, stop.cap[1])),
            };
            let start = match doubt {
                Doubt::Least => from.hi,
                Doubt::Most => from.lo,
            };
            let within = seconds.within(start, spent.unwrap_or(LATEST));
            within.iter().collect::<Vec<_>>()
        });
        Stretches::unite(capped)
    }

    /// The next second after `t` at which [`Clock::stands`] may answer otherwise.
    pub fn next_change(&self, from: When, t: i64) -> Option<i64> {
        let of_stop = |stop: &Stop| {
            let edges = stop
                .sure
                .iter()
                .chain(stop.possible.iter())
                .flatten()
                .collect::<Vec<_>>();
            let spent = [
                stop.possible.spent(from.lo, stop.cap[0]),
                stop.sure.spent(from.hi, stop.cap[1]),
            ];
            edges
                .into_iter()
                .chain(spent.into_iter().flatten())
                .filter(|second| *second > t)
                .min()
        };
        self.stops.iter().filter_map(of_stop).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clock(pieces: &[[i64; 2]], cap: i64) -> Clock {
        let one = |piece: &[i64; 2]| Suspended {
            start: When::at(piece[0]),
            end: Some(When::at(piece[1])),
            sure: true,
        };
        let all: Vec<_> = pieces.iter().map(one).collect();
        Clock {
            stops: vec![Stop::unite(&all, [cap, cap])],
        }
    }

    #[test]
    fn overlapping_suspensions_count_once() {
        let clock = clock(&[[10, 40], [30, 50]], 100);
        assert_eq!(clock.running(Doubt::Least, 0, 66), 26);
    }

    #[test]
    fn the_cap_is_on_all_suspensions_together() {
        let clock = clock(&[[10, 20], [30, 40]], 15);
        assert_eq!(clock.stopped(Doubt::Most, 0, 100), 15);
        assert_eq!(clock.stands(When::at(0), 34), Truth::True);
        assert_eq!(clock.stands(When::at(0), 35), Truth::False);
        assert_eq!(
            clock.seconds(Doubt::Least, When::at(0)),
            Stretches::unite([[10, 20], [30, 35]])
        );
    }

    #[test]
    fn clauses_share_a_second_once_to_the_debtors_favour() {
        let stop = |pieces: &[[i64; 2]], cap| clock(pieces, cap).stops.remove(0);
        let two = Clock {
            stops: vec![stop(&[[0, 20]], 5), stop(&[[0, 5]], 5)],
        };
        assert_eq!(two.stopped(Doubt::Least, 0, 30), 10);
        let three = Clock {
            stops: vec![stop(&[[0, 20]], 5), stop(&[[0, 5]], 9), stop(&[[3, 9]], 1)],
        };
        assert_eq!(three.stopped(Doubt::Least, 0, 30), 11);
    }

    proptest! {
        #[test]
        fn running_time_never_grows_when_it_starts_later_and_never_shrinks_when_it_ends_later(
            pieces in proptest::collection::vec([0i64..60, 0i64..60], 0..5),
            cap in 0i64..60,
            from in 0i64..60,
            length in 0i64..60,
        ) {
            let clock = clock(&pieces, cap);
            let running = clock.running(Doubt::Least, from, from + length);
            prop_assert!(clock.running(Doubt::Least, from + 1, from + length) <= running);
            prop_assert!(clock.running(Doubt::Least, from, from + length + 1) >= running);
            let last = clock.last_within(Doubt::Least, from, length);
            prop_assert!(clock.running(Doubt::Least, from, last) <= length);
            prop_assert!(clock.running(Doubt::Least, from, last + 1) > length);
        }
    }
}
