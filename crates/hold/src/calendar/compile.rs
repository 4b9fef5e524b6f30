//! A calendar in words, with the rules of its time zone and its holidays, made into a compiled one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday as CivilWeekday};
use jiff::tz::TimeZone;
use thiserror::Error;

use crate::calendar::{Calendar, DAY, days_since_epoch};
use crate::term::ast::{CalendarRule, Weekday};

/// Longest interval that a calendar is compiled for, in years.
pub const MAX_YEARS: i64 = 200;

/// Longest run of days on which nobody works.
pub const MAX_DAYS_OFF: usize = 40;

/// Why a calendar cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CompileError {
    /// The interval is empty.
    #[error("compiled calendar `{0}` for an interval that ends before it begins")]
    Empty(String),
    /// For more than [`MAX_DAYS_OFF`] days running nobody works.
    #[error("compiled calendar `{0}`, in which nobody works for more than {MAX_DAYS_OFF} days")]
    NoWorkingDay(String),
    /// The interval is too long, or lies outside the years 1 to 9999.
    #[error(
        "compiled calendar `{0}` for more than {MAX_YEARS} years, or beyond the years 1 to 9999"
    )]
    TooLong(String),
}

/// Compiles a calendar for the moments from `from` until before `until`, in Unix seconds.
///
/// `holidays` are the days of the list that the calendar names, in any order.
pub fn compile(
    rule: &CalendarRule,
    [from, until]: [i64; 2],
    zone: &TimeZone,
    holidays: &[Date],
) -> Result<Calendar, CompileError> {
    let name = || rule.name.to_string();
    if until <= from {
        return Err(CompileError::Empty(name()));
    }
    let too_long = || CompileError::TooLong(name());
    if until - from > MAX_YEARS * 366 * DAY {
        return Err(too_long());
    }
    let [start, end] = [from, until].map(Timestamp::from_second);
    let (start, end) = (start.map_err(|_| too_long())?, end.map_err(|_| too_long())?);
    let mut offsets = vec![(from, zone.to_offset(start).seconds())];
    for transition in zone.following(start).take_while(|it| it.timestamp() < end) {
        let (second, offset) = (
            transition.timestamp().as_second(),
            transition.offset().seconds(),
        );
        if offsets.last().is_some_and(|(_, before)| *before != offset) {
            offsets.push((second, offset));
        }
    }
    let first = zone.to_datetime(start).date();
    let last = zone.to_datetime(end).date();
    let holidays: BTreeSet<Date> = holidays.iter().copied().collect();
    let is_off = |date: &Date| rule.weekend.contains(&weekday(*date)) || holidays.contains(date);
    let days = first
        .series(jiff::Span::new().days(1))
        .take_while(|date| *date <= last);
    let days_off: Vec<i32> = days.filter(is_off).map(days_since_epoch).collect();
    if has_long_run(&days_off) {
        return Err(CompileError::NoWorkingDay(name()));
    }
    Ok(Calendar {
        counting: rule.counting,
        weekend_rule: rule.weekend_rule,
        from,
        until,
        offsets,
        days_off,
    })
}

/// Whether more than [`MAX_DAYS_OFF`] of some days follow each other.
pub(super) fn has_long_run(days: &[i32]) -> bool {
    let run = i64::try_from(MAX_DAYS_OFF).expect("a run of days fits");
    let is_run = |days: &[i32]| i64::from(days[MAX_DAYS_OFF]) - i64::from(days[0]) == run;
    days.windows(MAX_DAYS_OFF + 1).any(is_run)
}

fn weekday(date: Date) -> Weekday {
    match date.weekday() {
        CivilWeekday::Monday => Weekday::Monday,
        CivilWeekday::Tuesday => Weekday::Tuesday,
        CivilWeekday::Wednesday => Weekday::Wednesday,
        CivilWeekday::Thursday => Weekday::Thursday,
        CivilWeekday::Friday => Weekday::Friday,
        CivilWeekday::Saturday => Weekday::Saturday,
        CivilWeekday::Sunday => Weekday::Sunday,
    }
}
