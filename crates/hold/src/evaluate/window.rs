//! One window of an indicator: what its aggregate can be, with what is missing at either end of the
//! scale and with what may have been suspended inside or outside.

use std::ops::Range;

use crate::evaluate::frame::{Frame, compare};
use crate::evaluate::indicator::{Samples, Slot};
use crate::evaluate::interval::Stretches;
use crate::evaluate::truth::Truth;
use crate::term::ast::{Aggregate, Comparison, Measure, Order, Quantity};

/// Parts of a whole.
const WHOLE: i128 = 10_000;

/// The slots of a window.
pub(crate) struct Window<'s> {
    samples: &'s Samples,
    aggregate: Aggregate,
    /// The numbers of its slots, the second one excluded.
    numbers: [i64; 2],
    /// The numbers of those that surely left it.
    gone: Stretches,
    /// The numbers of those that may have left it, and did not surely.
    doubtful: Stretches,
    /// How many slots there are that did not surely leave.
    pub(crate) slots: i64,
    /// How many of them have a value.
    pub(crate) sampled: i64,
}

impl<'s> Window<'s> {
    /// The window that ends with a slot; nothing if no full slot is left in it.
    ///
    /// `suspended` are the slots that surely, and those that possibly, leave it.
    pub(crate) fn at(
        frame: &Frame<'_>,
        samples: &'s Samples,
        measure: &Measure,
        end: i64,
        suspended: [&Stretches; 2],
    ) -> Option<Self> {
        let count = length(frame, samples, measure, end)?;
        let numbers = [end.saturating_sub(count) + 1, end + 1];
        let [gone, possibly] = suspended.map(|it| it.within(numbers[0], numbers[1]));
        let doubtful = possibly.without(&gone);
        let mut window = Window {
            samples,
            aggregate: measure.aggregate,
            slots: count - gone.length(),
            sampled: 0,
            numbers,
            gone,
            doubtful,
        };
        window.sampled = window.all().len() as i64 - window.known(&window.gone) as i64;
        (window.slots > 0).then_some(window)
    }

    /// Whether in some world all of it is suspended.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.slots <= self.doubtful.length()
    }

    /// Whether enough of its slots have a value, whatever was suspended.
    pub(crate) fn is_covered(&self, frame: &Frame<'_>, coverage: Option<&Quantity>) -> bool {
        let share = coverage.map_or(0, |share| frame.number(share));
        let sure = i128::from(self.sampled) - self.known(&self.doubtful) as i128;
        sure * WHOLE >= i128::from(share) * i128::from(self.slots)
    }

    /// Whether the aggregate compares so.
    pub(crate) fn compare(&self, frame: &Frame<'_>, comparison: &Comparison) -> Truth {
        let limit = i128::from(frame.number(&comparison.with));
        let [least, most] = self.bounds(limit);
        let so = |number: i128| compare(comparison.order, number, 0);
        let inside = least <= 0 && 0 <= most;
        match comparison.order {
            Order::Equal => Truth::between(least == 0 && most == 0, inside),
            Order::NotEqual => Truth::between(!inside, least != 0 || most != 0),
            _ => Truth::between(so(least) && so(most), so(least) || so(most)),
        }
    }

    /// The aggregate less a limit, scaled so that nothing is divided: the least and the most.
    pub(crate) fn bounds(&self, limit: i128) -> [i128; 2] {
        let [low, high] = self.samples.scale.map(i128::from);
        match self.aggregate {
            Aggregate::Average => self.total(|value| value - limit),
            Aggregate::Uptime => self.total(|value| (value - low) * WHOLE - limit * (high - low)),
            Aggregate::Count => {
                let most = i128::from(self.sampled);
                [
                    most - self.known(&self.doubtful) as i128 - limit,
                    most - limit,
                ]
            }
            Aggregate::Minimum => self.minimum().map(|it| it - limit),
            Aggregate::Percentile95 => self.percentile().map(|it| it - limit),
            Aggregate::Gap => self.gap().map(|it| it - limit),
        }
    }

    /// The sum, over the slots, of a rising linear function of their value.
    fn total(&self, of: impl Fn(i128) -> i128) -> [i128; 2] {
        let [low, high] = self.samples.scale.map(i128::from);
        let slope = of(1) - of(0);
        let line = |sum: i128, count: i128| slope * sum + of(0) * count;
        let range = |numbers: [i64; 2]| {
            let slots = self.samples.within(numbers);
            let count = slots.len() as i128;
            let [least, most] = self.samples.sum(slots);
            [line(least, count), line(most, count)]
        };
        let mut sums = range(self.numbers);
        for numbers in self.gone.iter().chain(self.doubtful.iter()) {
            let of_range = range(numbers);
            sums = [sums[0] - of_range[0], sums[1] - of_range[1]];
        }
        let missing = i128::from(self.slots - self.sampled - self.missing_doubtful());
        sums[0] += missing * of(low);
        sums[1] += missing * of(high);
        for slot in self.doubted() {
            sums[0] += of(i128::from(slot.least)).min(0);
            sums[1] += of(i128::from(slot.most)).max(0);
        }
        let doubtful = i128::from(self.missing_doubtful());
        sums[0] += doubtful * of(low).min(0);
        sums[1] += doubtful * of(high).max(0);
        sums
    }

    fn minimum(&self) -> [i128; 2] {
        let [low, high] = self.samples.scale.map(i128::from);
        let least = self
            .firm()
            .chain(self.doubted())
            .map(|slot| i128::from(slot.least))
            .min();
        let most = self.firm().map(|slot| i128::from(slot.most)).min();
        let least = match self.sampled < self.slots {
            true => low,
            false => least.unwrap_or(low),
        };
        [least, most.unwrap_or(high)]
    }

    /// The nearest rank. A slot that may have left counts as the least and as the greatest value:
    /// adding either never moves the rank the other way.
    fn percentile(&self) -> [i128; 2] {
        let [low, high] = self.samples.scale.map(i128::from);
        let rank = (self.slots as i128 * 95 + 99) / 100;
        let sorted = |of: fn(&Slot) -> i64| {
            let mut values: Vec<_> = self.firm().map(|slot| i128::from(of(slot))).collect();
            values.sort_unstable();
            values
        };
        let (least, most) = (sorted(|slot| slot.least), sorted(|slot| slot.most));
        let unknown = self.slots as i128 - least.len() as i128;
        let at = |values: &[i128], rank: i128| {
            usize::try_from(rank - 1)
                .ok()
                .and_then(|at| values.get(at).copied())
        };
        [
            at(&least, rank - unknown).unwrap_or(low),
            at(&most, rank).unwrap_or(high),
        ]
    }

    /// The longest run of slots at the lowest value, in seconds. A slot that left neither counts
    /// nor interrupts.
    fn gap(&self) -> [i128; 2] {
        let low = self.samples.scale[0];
        let (mut sure, mut longest_sure) = (0i64, 0i64);
        let (mut possible, mut longest_possible) = (0i64, 0i64);
        let [mut next, end] = self.numbers;
        let unseen = |from: i64, until: i64| until - from - self.gone.measure(from, until);
        for slot in &self.samples.slots[self.all()] {
            if self.gone.contains(slot.number) {
                continue;
            }
            let between = unseen(next, slot.number);
            next = slot.number + 1;
            if between > 0 {
                sure = 0;
                possible += between;
                longest_possible = longest_possible.max(possible);
            }
            let doubtful = self.doubtful.contains(slot.number);
            let is_low = slot.most == low && !doubtful;
            sure = if is_low { sure + 1 } else { 0 };
            let may_be_low = slot.least == low || doubtful;
            possible = if may_be_low { possible + 1 } else { 0 };
            longest_sure = longest_sure.max(sure);
            longest_possible = longest_possible.max(possible);
        }
        longest_possible = longest_possible.max(possible + unseen(next, end));
        let period = i128::from(self.samples.period);
        [
            i128::from(longest_sure) * period,
            i128::from(longest_possible) * period,
        ]
    }

    fn all(&self) -> Range<usize> {
        self.samples.within(self.numbers)
    }

    /// The slots with a value that surely count.
    fn firm(&self) -> impl Iterator<Item = &Slot> {
        let slots = &self.samples.slots[self.all()];
        slots
            .iter()
            .filter(|slot| !self.gone.contains(slot.number))
            .filter(|slot| !self.doubtful.contains(slot.number))
    }

    /// The slots with a value that may have left.
    fn doubted(&self) -> impl Iterator<Item = &Slot> {
        let ranges = self.doubtful.iter();
        ranges.flat_map(|numbers| &self.samples.slots[self.samples.within(numbers)])
    }

    /// How many slots of some numbers have a value.
    fn known(&self, numbers: &Stretches) -> usize {
        let each = numbers.iter();
        each.map(|numbers| self.samples.within(numbers).len()).sum()
    }

    fn missing_doubtful(&self) -> i64 {
        self.doubtful.length() - self.known(&self.doubtful) as i64
    }
}

/// How many slots a window has wherever it ends; nothing where that differs, as months do.
pub(crate) fn equal_length(frame: &Frame<'_>, samples: &Samples, measure: &Measure) -> Option<i64> {
    let seconds = frame.length(&measure.window).exact()?;
    Some(i64::try_from(seconds).unwrap_or(i64::MAX) / samples.period)
}

/// How many slots a window has that ends with a slot, before any leaves it.
pub(crate) fn length(
    frame: &Frame<'_>,
    samples: &Samples,
    measure: &Measure,
    end: i64,
) -> Option<i64> {
    let last = end.saturating_mul(samples.period);
    let from = frame.away(last, frame.length(&measure.window), false)?;
    Some(last.saturating_sub(from) / samples.period)
}
