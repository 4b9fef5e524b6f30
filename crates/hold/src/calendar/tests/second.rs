//! The same rules written a second time, over another calendar library.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono::{MappedLocalTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::term::Duration;
use crate::term::ast::{CalendarRule, Counting, WeekendRule};

/// What a calendar is to a reader of its rules.
pub(super) struct Second<'a> {
    pub(super) rule: &'a CalendarRule,
    pub(super) zone: Tz,
    pub(super) holidays: Vec<NaiveDate>,
}

impl Second<'_> {
    pub(super) fn deadline(&self, start: i64, length: Duration) -> i64 {
        let local = self.local(start);
        let eec = self.rule.counting == Counting::Eec1182;
        if eec
            && !length.needs_calendar()
            && length.seconds > 0
            && length.seconds.is_multiple_of(3600)
        {
            let hours = i64::try_from(length.seconds / 3600).unwrap();
            let into_hour = i64::from(local.minute() * 60 + local.second());
            return start - into_hour + (hours + 1) * 3600 - 1;
        }
        if eec && length.needs_calendar() && length.seconds == 0 {
            return self.end_of_days(local.date(), length);
        }
        let end = if length.needs_calendar() {
            self.latest(self.shifted(local, length))
        } else {
            start
        };
        let end = end + i64::try_from(length.seconds).unwrap();
        self.moved(start, end)
    }

    fn shifted(&self, local: NaiveDateTime, length: Duration) -> NaiveDateTime {
        let months = local
            .checked_add_months(Months::new(length.months))
            .unwrap();
        months
            .checked_add_days(Days::new(length.days.into()))
            .unwrap()
    }

    fn end_of_days(&self, event: NaiveDate, length: Duration) -> i64 {
        let last = self.shifted(event.and_time(NaiveTime::MIN), length).date();
        let (date, at) = match self.rule.weekend_rule {
            WeekendRule::Stays => (last, None),
            WeekendRule::Next(at) => (self.next_in_time(event, last, length), at),
            WeekendRule::Previous(at) => {
                let mut before = std::iter::successors(last.pred_opt(), |day| day.pred_opt());
                let works = |day: &NaiveDate| *day <= event || self.works(*day);
                let earlier = (!self.works(last) && last > event).then(|| before.find(works));
                (earlier.flatten().unwrap_or(last), at)
            }
        };
        if let Some(at) = at.filter(|_| date != last) {
            let minutes = u32::from(at.minutes);
            let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap();
            return self.latest(date.and_time(time));
        }
        let midnight = date.succ_opt().unwrap().and_time(NaiveTime::MIN);
        self.first(midnight) - 1
    }

    /// The first working day from the last one on by which the period has two working days.
    fn next_in_time(&self, event: NaiveDate, last: NaiveDate, length: Duration) -> NaiveDate {
        let wanted = if length.months == 0 && length.days < 2 {
            0
        } else {
            2
        };
        let in_time = |date: &NaiveDate| {
            let period = event.iter_days().skip(1).take_while(|day| day <= date);
            let working = period.filter(|day| self.works(*day)).count();
            self.works(*date) && working >= wanted
        };
        last.iter_days().find(in_time).unwrap()
    }

    fn moved(&self, start: i64, end: i64) -> i64 {
        let local = self.local(end);
        let (forward, at) = match self.rule.weekend_rule {
            WeekendRule::Stays => return end,
            WeekendRule::Next(at) => (true, at),
            WeekendRule::Previous(at) => (false, at),
        };
        if self.works(local.date()) {
            return end;
        }
        let mut date = local.date();
        while !self.works(date) {
            date = if forward {
                date.succ_opt()
            } else {
                date.pred_opt()
            }
            .unwrap();
        }
        let time = at.map_or(local.time(), |at| {
            let minutes = u32::from(at.minutes);
            NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap()
        });
        self.latest(date.and_time(time)).max(start)
    }

    fn works(&self, date: NaiveDate) -> bool {
        let weekday = date.weekday().num_days_from_monday();
        let weekend = self.rule.weekend.iter().any(|day| *day as u32 == weekday);
        !weekend && !self.holidays.contains(&date)
    }

    fn local(&self, moment: i64) -> NaiveDateTime {
        let utc: DateTime<Utc> = DateTime::from_timestamp(moment, 0).unwrap();
        utc.with_timezone(&self.zone).naive_local()
    }

    fn latest(&self, local: NaiveDateTime) -> i64 {
        match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Single(only) => only.timestamp(),
            MappedLocalTime::Ambiguous(a, b) => a.timestamp().max(b.timestamp()),
            MappedLocalTime::None => self.after_gap(local),
        }
    }

    fn first(&self, local: NaiveDateTime) -> i64 {
        match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Ambiguous(a, b) => a.timestamp().min(b.timestamp()),
            _ => self.latest(local),
        }
    }

    /// The first moment whose local time is beyond one that the clock leaves out.
    fn after_gap(&self, local: NaiveDateTime) -> i64 {
        let near = local.and_utc().timestamp();
        let (mut before, mut after) = (near - 36 * 3600, near + 36 * 3600);
        while after - before > 1 {
            let middle = before + TimeDelta::seconds(after - before).num_seconds() / 2;
            if self.local(middle) > local {
                after = middle
            } else {
                before = middle
            }
        }
        after
    }
}
