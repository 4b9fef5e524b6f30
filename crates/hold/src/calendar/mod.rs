//! Compiled calendars: civil days, months and working days as functions of Unix seconds.
//!
//! A calendar holds all that it needs (offsets from UTC, days on which nobody works) for an interval
//! that was settled when its instrument was published. Outside that interval it answers nothing. So a
//! deadline is the same on every machine, whatever time zone rules that machine has.
//!
//! | question | answer |
//! |---|---|
//! | [`Calendar::deadline`] | when a period that starts now ends, with the calendar's way of counting and its weekend rule |
//! | [`Calendar::deadlines`] | the earliest and latest of these where the start is vague |
//! | [`Calendar::after`], [`Calendar::before`] | the same day and time so much later or earlier: windows, caps and `before` limits |
//!
//! Source of the counting by whole hours and days: Regulation (EEC, Euratom) No 1182/71, Art. 3. Its
//! counterpart from moment to moment follows no regulation; months clamp as ISO 8601 users expect.

mod compile;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span};

use crate::term::Duration;
use crate::term::ast::{Counting, TimeOfDay, WeekendRule};

pub use compile::{CompileError, MAX_DAYS_OFF, MAX_YEARS, compile};

/// Seconds in 24 hours.
const DAY: i64 = 86_400;

/// Seconds in an hour.
const HOUR: i64 = 3_600;

/// Larger than the sum of any two offsets from UTC.
const TWO_OFFSETS: i64 = 2 * DAY;

/// No calendar knows a moment as far from 1970 as this: 9,999 years.
const MAX_MOMENT: i64 = 9_999 * 366 * DAY;

/// How far from an end of a vague start an extreme deadline can be: months clamp by three days, and
/// weekend rules move by a run of days off.
const REACH: i64 = (MAX_DAYS_OFF as i64 + 5) * DAY;

/// A compiled calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// How its periods run.
    pub counting: Counting,
    /// What happens to a deadline on a day off.
    pub weekend_rule: WeekendRule,
    /// The first moment that it knows, in Unix seconds.
    pub from: i64,
    /// The first moment that it no longer knows.
    pub until: i64,
    /// From when which offset from UTC applies, both in seconds: in order of time, never the same
    /// twice running, the first one from [`Calendar::from`] on.
    pub offsets: Vec<(i64, i32)>,
    /// Days on which nobody works, as days since 1970-01-01, ascending.
    pub days_off: Vec<i32>,
}

impl Calendar {
    /// When a period that starts at a moment ends: the last second that is still in time.
    ///
    /// Nothing where start or end lies outside what the calendar knows.
    pub fn deadline(&self, start: i64, length: Duration) -> Option<i64> {
        self.knows(start)?;
        if self.counts_exactly(length) {
            let end = self.after(start, length)?;
            return self.moved(start, end);
        }
        if length.needs_calendar() {
            let event = self.civil(start)?.date();
            let last = shifted(event.into(), length, 1)?.date();
            return self.end_of_period(event, last, length);
        }
        let into_hour = (start + i64::from(self.offset(start)?)).rem_euclid(HOUR);
        self.knows(start - into_hour + HOUR + seconds(length) - 1)
    }

    /// The earliest and the latest deadline of a period that starts somewhere between two moments,
    /// both included.
    ///
    /// A later start can have an earlier deadline: 30 January at noon and a month is 28 February at
    /// noon, 31 January at nine and a month is 28 February at nine. Within one day's starts, and one
    /// day's ends before the weekend rule, a later start never has.
    pub fn deadlines(&self, [first, last]: [i64; 2], length: Duration) -> Option<[i64; 2]> {
        if first == last {
            return self.deadline(first, length).map(|deadline| [deadline; 2]);
        }
        let mut bounds = [i64::MAX, i64::MIN];
        let mut widen = |deadline: i64| {
            bounds = [bounds[0].min(deadline), bounds[1].max(deadline)];
        };
        for [start, end] in self.pieces(first, last)? {
            if self.counts_exactly(length) {
                let (from, to) = (self.after(start, length)?, self.after(end, length)?);
                for [from, to] in self.pieces(from, to)? {
                    widen(self.moved(start, from)?);
                    widen(self.moved(end, to)?);
                }
            } else {
                widen(self.deadline(start, length)?);
                widen(self.deadline(end, length)?);
            }
        }
        Some(bounds)
    }

    /// The same day and time so much later, from moment to moment.
    pub fn after(&self, start: i64, length: Duration) -> Option<i64> {
        self.moment_away(start, length, 1)
    }

    /// The same day and time so much earlier, from moment to moment.
    pub fn before(&self, end: i64, length: Duration) -> Option<i64> {
        self.moment_away(end, length, -1)
    }

    /// Moments between two, both included, among which are those from which so much later or earlier
    /// is the earliest and the latest: a later one can come to an earlier day where months are unequal,
    /// but not within a day.
    pub(crate) fn extremes(&self, [first, last]: [i64; 2]) -> Option<Vec<i64>> {
        if first == last {
            return Some(vec![first]);
        }
        let pieces = self.pieces(first, last)?;
        Some(pieces.into_iter().flatten().collect())
    }

    /// Whether people work on a day; nothing for a day that the calendar does not know.
    pub fn is_working_day(&self, date: Date) -> Option<bool> {
        let day = days_since_epoch(date);
        let noon = i64::from(day) * DAY + DAY / 2;
        self.knows(noon)?;
        Some(self.days_off.binary_search(&day).is_err())
    }

    /// Day and time of a moment.
    pub fn civil(&self, moment: i64) -> Option<DateTime> {
        let local = moment.checked_add(self.offset(moment)?.into())?;
        let midnight = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        midnight.checked_add(SignedDuration::from_secs(local)).ok()
    }

    /// Whether it keeps what its fields promise, and its days off are few enough running.
    pub fn is_sound(&self) -> bool {
        let [first, ..] = self.offsets.as_slice() else {
            return false;
        };
        let in_order = |pair: &[(i64, i32)]| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1;
        let [from, until] = [self.from, self.until];
        (-MAX_MOMENT..until).contains(&from)
            && until <= MAX_MOMENT
            && until - from <= MAX_YEARS * 366 * DAY
            && first.0 == from
            && self.offsets.windows(2).all(in_order)
            && self.offsets.iter().all(|(at, _)| *at < until)
            && self
                .offsets
                .iter()
                .all(|(_, offset)| i64::from(offset.unsigned_abs()) < TWO_OFFSETS / 2)
            && self.days_off.is_sorted_by(|a, b| a < b)
            && self
                .days_off
                .iter()
                .all(|day| i64::from(day.unsigned_abs()) <= MAX_MOMENT / DAY)
            && !compile::has_long_run(&self.days_off)
    }

    fn knows(&self, moment: i64) -> Option<i64> {
        (self.from..self.until).contains(&moment).then_some(moment)
    }

    fn offset(&self, moment: i64) -> Option<i32> {
        self.knows(moment)?;
        let after = self.offsets.partition_point(|(from, _)| *from <= moment);
        Some(self.offsets.get(after.checked_sub(1)?)?.1)
    }

    fn moment_away(&self, start: i64, length: Duration, sign: i64) -> Option<i64> {
        self.knows(start)?;
        let day = if length.needs_calendar() {
            let civil = shifted(self.civil(start)?, length, sign)?;
            self.moment(civil, Overlap::Later)?
        } else {
            start
        };
        self.knows(day.checked_add(sign * seconds(length))?)
    }

    /// The moment of a day and time: of one that the clock leaves out the moment at which it jumps,
    /// of one that it has twice as asked.
    fn moment(&self, civil: DateTime, overlap: Overlap) -> Option<i64> {
        let local = seconds_since_epoch(civil);
        let near = |moment: i64| self.offsets.partition_point(|(from, _)| *from <= moment);
        let (first, end) = (
            near(local - TWO_OFFSETS).saturating_sub(1),
            near(local + TWO_OFFSETS),
        );
        let mut found = None;
        for at in first..end {
            let (from, offset) = self.offsets[at];
            let until = self.offsets.get(at + 1).map_or(self.until, |next| next.0);
            let moment = local - i64::from(offset);
            if moment < from && found.is_none() {
                // Past the end of the offset before and not yet within this one.
                return (at > 0).then_some(from);
            }
            if (from..until).contains(&moment) {
                found = Some(moment);
                if overlap == Overlap::Earlier {
                    break;
                }
            }
        }
        found
    }

    /// A deadline after the weekend rule, never before the period's start.
    fn moved(&self, start: i64, deadline: i64) -> Option<i64> {
        let (forward, at) = match self.weekend_rule {
            WeekendRule::Stays => return Some(deadline),
            WeekendRule::Next(at) => (true, at),
            WeekendRule::Previous(at) => (false, at),
        };
        let civil = self.civil(deadline)?;
        if self.is_working_day(civil.date())? {
            return Some(deadline);
        }
        let mut date = civil.date();
        while !self.is_working_day(date)? {
            date = if forward {
                date.tomorrow()
            } else {
                date.yesterday()
            }
            .ok()?;
        }
        let time = at.map_or(civil.time(), time);
        let moved = self.moment(date.to_datetime(time), Overlap::Later)?;
        Some(moved.max(start))
    }

    /// The end of a period in days, months or years that runs from the day after an event.
    fn end_of_period(&self, event: Date, last: Date, length: Duration) -> Option<i64> {
        let mut date = last;
        let mut at = None;
        match self.weekend_rule {
            WeekendRule::Stays => {}
            WeekendRule::Next(time) => {
                let two_days = length.months > 0 || length.days >= 2;
                let mut missing = if two_days {
                    self.missing_working_days(event, last)?
                } else {
                    0
                };
                while missing > 0 || !self.is_working_day(date)? {
                    date = date.tomorrow().ok()?;
                    at = time;
                    if missing > 0 && self.is_working_day(date)? {
                        missing -= 1;
                    }
                }
            }
            WeekendRule::Previous(time) => {
                while !self.is_working_day(date)? && date > event {
                    date = date.yesterday().ok()?;
                    at = time;
                }
            }
        }
        match at {
            Some(at) => self.moment(date.to_datetime(time(at)), Overlap::Later),
            None => {
                let midnight = date.tomorrow().ok()?.to_datetime(Time::midnight());
                self.knows(self.moment(midnight, Overlap::Earlier)? - 1)
            }
        }
    }

    /// How many of two working days a period lacks.
    fn missing_working_days(&self, event: Date, last: Date) -> Option<u32> {
        let (mut date, mut missing) = (event, 2);
        while missing > 0 && date < last {
            date = date.tomorrow().ok()?;
            if self.is_working_day(date)? {
                missing -= 1;
            }
        }
        Some(missing)
    }

    /// An interval cut where a day or an offset begins, without the pieces in its middle that can
    /// have neither the earliest nor the latest deadline.
    fn pieces(&self, first: i64, last: i64) -> Option<Vec<[i64; 2]>> {
        let is_near = |moment: i64| moment - first <= REACH || last - moment <= REACH;
        let mut cuts: Vec<i64> = self.offsets.iter().map(|(from, _)| *from).collect();
        let last_date = self.civil(last)?.date();
        let mut date = self.civil(first)?.date();
        while date <= last_date {
            let midnight = self.moment(date.to_datetime(Time::midnight()), Overlap::Earlier);
            cuts.extend(midnight);
            let far = midnight.filter(|midnight| !is_near(*midnight));
            let days = far.map_or(1, |midnight| ((last - REACH - midnight) / DAY).max(1));
            date = date.checked_add(Span::new().try_days(days).ok()?).ok()?;
        }
        cuts.retain(|cut| first < *cut && *cut <= last && is_near(*cut));
        cuts.sort_unstable();
        cuts.dedup();
        let starts = std::iter::once(first).chain(cuts.iter().copied());
        let ends = cuts.iter().map(|cut| cut - 1).chain([last]);
        Some(starts.zip(ends).map(|(start, end)| [start, end]).collect())
    }

    /// Whether a length runs from moment to moment.
    fn counts_exactly(&self, length: Duration) -> bool {
        let in_hours = !length.needs_calendar();
        let whole_hours = length.seconds > 0 && seconds(length) % HOUR == 0;
        let whole_days = length.seconds == 0;
        self.counting == Counting::Exact || !(if in_hours { whole_hours } else { whole_days })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Overlap {
    Earlier,
    Later,
}

/// Months first, on the same day or the last of a shorter month, then days.
fn shifted(civil: DateTime, length: Duration, sign: i64) -> Option<DateTime> {
    let months = Span::new()
        .try_months(sign * i64::from(length.months))
        .ok()?;
    let days = Span::new().try_days(sign * i64::from(length.days)).ok()?;
    civil.checked_add(months).ok()?.checked_add(days).ok()
}

fn seconds(length: Duration) -> i64 {
    i64::try_from(length.seconds).unwrap_or(i64::MAX / 4)
}

fn time(at: TimeOfDay) -> Time {
    let (hour, minute) = (at.minutes / 60 % 24, at.minutes % 60);
    let [hour, minute] = [hour, minute].map(|part| i8::try_from(part).unwrap_or_default());
    Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight())
}

fn days_since_epoch(date: Date) -> i32 {
    let days = seconds_since_epoch(date.to_datetime(Time::midnight())) / DAY;
    i32::try_from(days).expect("the days of the years -9999 to 9999 fit")
}

fn seconds_since_epoch(civil: DateTime) -> i64 {
    let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    civil.duration_since(epoch).as_secs()
}
