//! Samples of an indicator, one value a slot.
//!
//! Slot n ends at n times the indicator's period and holds the seconds after the end of the slot
//! before. A window holds the last full slots.

use std::ops::Range;

use ensign_trust::Coded;

use crate::evaluate::frame::Frame;
use crate::evaluate::interval::{Stretches, When};
use crate::evaluate::truth::Truth;
use crate::evaluate::window::Window;
use crate::term::Duration;
use crate::term::ast::{Comparison, Measure, Number};

/// Seconds of a mean month of the Gregorian calendar.
const MONTH: u64 = 2_629_746;

/// Most windows that one vague moment is looked at through.
const MAX_WINDOWS: i64 = 64;

/// The samples of one indicator for one obligation.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// The period in seconds, at least 1.
    pub(crate) period: i64,
    /// The least and the greatest value of the scale.
    pub(crate) scale: [i64; 2],
    /// The slots with a value, in order.
    pub(crate) slots: Vec<Slot>,
    /// Sums of the least and the greatest values of all slots before each.
    sums: Vec<[i128; 2]>,
}

/// One slot with what its samples leave possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) number: i64,
    pub(crate) least: i64,
    pub(crate) most: i64,
}

/// Whether a measure compares so at a moment.
pub(crate) fn holds(
    frame: &Frame<'_>,
    measure: &Measure,
    comparison: &Comparison,
    at: When,
) -> Truth {
    let Some(samples) = Samples::read(frame, measure) else {
        return Truth::Unknown;
    };
    let period = samples.period;
    let (first, last) = (at.lo.div_euclid(period), at.hi.div_euclid(period));
    frame.bench.may_change([(last + 1).saturating_mul(period)]);
    if last - first >= MAX_WINDOWS {
        return Truth::Unknown;
    }
    let nothing = [&Stretches::default(), &Stretches::default()];
    let truths = (first..=last).map(|end| {
        let window = Window::at(frame, &samples, measure, end, nothing);
        window.map_or(Truth::Unknown, |window| window.compare(frame, comparison))
    });
    let mut truths = truths.collect::<Vec<_>>();
    truths.dedup();
    match truths[..] {
        [truth] => truth,
        _ => Truth::Unknown,
    }
}

impl Samples {
    /// Reads the samples that are of concern; nothing if the text does not know the indicator.
    pub(crate) fn read(frame: &Frame<'_>, measure: &Measure) -> Option<Self> {
        let rule = frame
            .adopted
            .text
            .instrument
            .indicator(&measure.indicator)?;
        let plain = |number| match number {
            Number::Integer(number) | Number::Share(number) => number,
        };
        let scale = [plain(rule.lowest), plain(rule.highest)];
        let period = seconds_of(rule.every).max(1);
        let mut read = Vec::new();
        for seen in frame.belonging(measure.indicator.as_code()) {
            let mut add = |when: When, value: Option<i64>| {
                let (first, last) = (slot_of(when.lo, period), slot_of(when.hi, period));
                let is_on_scale = |value: &i64| (scale[0]..=scale[1]).contains(value);
                let is_past = when.hi <= seen.entry.received;
                if let Some(value) = value.filter(is_on_scale)
                    && first == last
                    && is_past
                {
                    read.push(Slot {
                        number: first,
                        least: value,
                        most: value,
                    });
                }
            };
            match seen.entry.field("values").and_then(Coded::as_list) {
                Some(values) => {
                    let each = values.iter().zip(0i64..);
                    let every = seen.entry.number("every").unwrap_or(period);
                    for (value, nth) in each {
                        let when = seen.entry.when.lo.saturating_add(nth.saturating_mul(every));
                        add(When::at(when), integer(value));
                    }
                }
                None => add(seen.entry.when, seen.entry.number("value")),
            }
            frame.uses(seen.entry);
        }
        read.sort_by_key(|slot: &Slot| slot.number);
        let merged = read.chunk_by(|a, b| a.number == b.number);
        let merge = |same: &[Slot]| {
            same.iter().copied().reduce(|a, b| Slot {
                least: a.least.min(b.least),
                most: a.most.max(b.most),
                ..a
            })
        };
        let slots: Vec<Slot> = merged.filter_map(merge).collect();
        let mut sums = vec![[0; 2]];
        for slot in &slots {
            let [least, most] = sums[sums.len() - 1];
            sums.push([least + i128::from(slot.least), most + i128::from(slot.most)]);
        }
        Some(Samples {
            period,
            scale,
            slots,
            sums,
        })
    }

    /// The slots from one number until before another.
    pub(crate) fn within(&self, [from, until]: [i64; 2]) -> Range<usize> {
        let before = |number: i64| self.slots.partition_point(|it| it.number < number);
        before(from)..before(until)
    }

    /// The sums of the least and the greatest values of some slots.
    pub(crate) fn sum(&self, slots: Range<usize>) -> [i128; 2] {
        let (before, all) = (self.sums[slots.start], self.sums[slots.end]);
        [all[0] - before[0], all[1] - before[1]]
    }

    /// The numbers of the slots that some seconds touch.
    pub(crate) fn touched(&self, seconds: &Stretches) -> Stretches {
        let slot_of = |second: i64| slot_of(second, self.period);
        let slots = |[from, until]: [i64; 2]| [slot_of(from), slot_of(until - 1) + 1];
        Stretches::unite(seconds.iter().map(slots))
    }
}

/// The number of the slot that holds a second.
pub(crate) fn slot_of(second: i64, period: i64) -> i64 {
    second.saturating_add(period - 1).div_euclid(period)
}

/// A period of an indicator in seconds: it has no start from which a calendar could count.
fn seconds_of(duration: Duration) -> i64 {
    let days = u64::from(duration.days) * 86_400;
    let months = u64::from(duration.months) * MONTH;
    let all = duration.seconds.saturating_add(days).saturating_add(months);
    i64::try_from(all).unwrap_or(i64::MAX)
}

fn integer(value: &Coded) -> Option<i64> {
    match value {
        Coded::Int(number) => i64::try_from(*number).ok(),
        _ => None,
    }
}
