//! Times that nobody knows exactly, and stretches of time.

use ensign_trust::cbor::Value;
use serde::Serialize;

/// The first second that is read: 1 January of the year 1, UTC.
pub const EARLIEST: i64 = -62_135_596_800;

/// The last second that is read: the end of the year 9999, UTC.
pub const LATEST: i64 = 253_402_300_799;

/// One second somewhere between two, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "[i64; 2]")]
pub struct When {
    /// The earliest that it can be.
    pub lo: i64,
    /// The latest that it can be; not before `lo`.
    pub hi: i64,
}

impl When {
    /// Exactly this second.
    pub const fn at(second: i64) -> Self {
        When {
            lo: second,
            hi: second,
        }
    }

    /// Between these two seconds, if they are in order and between [`EARLIEST`] and [`LATEST`].
    pub fn read(valid: [u64; 2]) -> Option<Self> {
        let [lo, hi] = valid.map(|second| i64::try_from(second).unwrap_or(i64::MAX));
        (lo <= hi && hi <= LATEST).then_some(When { lo, hi })
    }

    /// As late as the other at most.
    pub fn min(self, other: When) -> Self {
        When {
            lo: self.lo.min(other.lo),
            hi: self.hi.min(other.hi),
        }
    }

    /// As late as the other at least.
    pub fn max(self, other: When) -> Self {
        When {
            lo: self.lo.max(other.lo),
            hi: self.hi.max(other.hi),
        }
    }

    /// Anywhere in the one or the other.
    pub fn hull(self, other: When) -> Self {
        When {
            lo: self.lo.min(other.lo),
            hi: self.hi.max(other.hi),
        }
    }

    /// So many seconds later.
    pub fn plus(self, seconds: i64) -> Self {
        When {
            lo: self.lo.saturating_add(seconds),
            hi: self.hi.saturating_add(seconds),
        }
    }

    pub(crate) fn to_cbor(self) -> Value {
        Value::Array(vec![Value::Int(self.lo.into()), Value::Int(self.hi.into())])
    }
}

impl From<When> for [i64; 2] {
    fn from(when: When) -> Self {
        [when.lo, when.hi]
    }
}

/// A set of seconds: stretches from one second until before another, in order, apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretches(Vec<[i64; 2]>);

impl Stretches {
    /// The union of stretches in any order. Those that end before they start are empty.
    pub fn unite(stretches: impl IntoIterator<Item = [i64; 2]>) -> Self {
        let mut sorted: Vec<_> = stretches.into_iter().filter(|[a, b]| a < b).collect();
        sorted.sort_unstable();
        let mut united: Vec<[i64; 2]> = Vec::with_capacity(sorted.len());
        for [from, until] in sorted {
            match united.last_mut() {
                Some(last) if from <= last[1] => last[1] = last[1].max(until),
                _ => united.push([from, until]),
            }
        }
        Stretches(united)
    }

    /// The stretches.
    pub fn iter(&self) -> impl Iterator<Item = [i64; 2]> + '_ {
        self.0.iter().copied()
    }

    /// What lies from one second until before another.
    pub fn within(&self, from: i64, until: i64) -> Stretches {
        if until <= from {
            return Stretches::default();
        }
        let start = self.0.partition_point(|[_, b]| *b <= from);
        let pieces = self.0[start..].iter().take_while(|[a, _]| *a < until);
        let cut = pieces.map(|[a, b]| [*a.max(&from), *b.min(&until)]);
        Stretches(cut.collect())
    }

    /// What is in it and not in another.
    pub fn without(&self, other: &Stretches) -> Stretches {
        let mut left = Vec::new();
        for [mut from, until] in self.iter() {
            for [a, b] in other.within(from, until).iter() {
                left.push([from, a]);
                from = b;
            }
            left.push([from, until]);
        }
        Stretches::unite(left)
    }

    /// How many seconds it has.
    pub fn length(&self) -> i64 {
        self.iter().map(|[a, b]| b - a).sum()
    }

    /// How many seconds of it lie from one second until before another; none if that is not later.
    pub fn measure(&self, from: i64, until: i64) -> i64 {
        if until <= from {
            return 0;
        }
        let start = self.0.partition_point(|[_, b]| *b <= from);
        self.0[start..]
            .iter()
            .take_while(|[a, _]| *a < until)
            .fold(0i64, |sum, [a, b]| {
                sum.saturating_add((*b).min(until).saturating_sub((*a).max(from)))
            })
    }

    /// Whether this second is in it.
    pub fn contains(&self, second: i64) -> bool {
        let at = self.0.partition_point(|[_, b]| *b <= second);
        self.0.get(at).is_some_and(|[a, _]| *a <= second)
    }

    /// Whether every second from one until before another is in it.
    pub fn covers(&self, from: i64, until: i64) -> bool {
        if from >= until {
            return true;
        }
        let at = self.0.partition_point(|[_, b]| *b <= from);
        self.0
            .get(at)
            .is_some_and(|[a, b]| *a <= from && until <= *b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_that_touch_are_one() {
        let two = Stretches::unite([[5, 9], [0, 5], [20, 20], [8, 7]]);
        assert_eq!(two.iter().collect::<Vec<_>>(), [[0, 9]]);
        assert!(two.covers(0, 9) && !two.covers(0, 10) && two.covers(30, 30));
    }

    #[test]
    fn what_is_within_some_seconds_ends_with_them_and_is_never_empty() {
        let two = Stretches::unite([[0, 9], [20, 30]]);
        let within = |from, until| two.within(from, until).iter().collect::<Vec<_>>();
        assert_eq!(within(5, 25), [[5, 9], [20, 25]]);
        assert_eq!(within(9, 20), [[0i64; 2]; 0]);
        assert_eq!(within(8, 21), [[8, 9], [20, 21]]);
        assert_eq!(within(5, 5), [[0i64; 2]; 0]);
        assert_eq!(within(6, 5), [[0i64; 2]; 0]);
    }

    #[test]
    fn time_outside_the_years_or_backwards_is_not_read() {
        assert_eq!(When::read([5, 4]), None);
        assert_eq!(When::read([0, u64::MAX]), None);
        assert_eq!(When::read([3, 4]), Some(When { lo: 3, hi: 4 }));
        let last = LATEST as u64;
        assert_eq!(When::read([last; 2]), Some(When::at(LATEST)));
        assert_eq!(When::read([last, last + 1]), None);
    }

    #[test]
    fn the_earlier_and_the_later_of_two_vague_moments_are_bounded_by_both() {
        let (a, b) = (When { lo: 1, hi: 9 }, When { lo: 3, hi: 5 });
        for (a, b) in [(a, b), (b, a)] {
            assert_eq!(a.min(b), When { lo: 1, hi: 5 });
            assert_eq!(a.max(b), When { lo: 3, hi: 9 });
            assert_eq!(a.hull(b), When { lo: 1, hi: 9 });
        }
    }

    proptest! {
        #[test]
        fn stretches_are_sets_of_seconds(
            pieces in proptest::collection::vec((0i64..40, 0i64..40), 0..8),
            from in 0i64..40,
            length in 0i64..40,
            spent in 1i64..40,
        ) {
            let is_in = |x: i64| pieces.iter().any(|(a, b)| (*a..*b).contains(&x));
            let stretches = Stretches::unite(pieces.iter().map(|(a, b)| [*a, *b]));
            let until = from + length;
            let inside = (from..until).filter(|x| is_in(*x)).count();
            prop_assert_eq!(stretches.measure(from, until), inside as i64);
            prop_assert_eq!(stretches.covers(from, until), inside as i64 == length);
            prop_assert_eq!(stretches.within(from, until).measure(0, 99), inside as i64);
            for x in 0..40 {
                prop_assert_eq!(stretches.contains(x), is_in(x));
            }
            let within = stretches.within(from, until);
            let united = Stretches::unite(within.iter());
            prop_assert_eq!(&within, &united);
            prop_assert_eq!(within.length(), inside as i64);
            let others = Stretches::unite([[from, until]]);
            let without = stretches.without(&others);
            for x in 0..80 {
                prop_assert_eq!(without.contains(x), is_in(x) && !others.contains(x));
            }
            prop_assert_eq!(stretches.measure(until + spent, until), 0);
        }
    }
}
