//! Durations: calendar parts apart from exact seconds.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A length of time as ISO 8601 writes it, in its normal form.
///
/// Years are twelve months and weeks are seven days in every calendar, hours are 3,600 and minutes
/// 60 seconds, so `P1Y` and `P12M` are one duration, and so are `P1W` and `P7D`, `PT1H` and `PT60M`.
/// A month is never a number of days, and a day is never 24 hours: how long they are depends on
/// where they are counted from, and in which calendar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// Calendar months, at most [`Duration::MAX_MONTHS`].
    pub months: u32,
    /// Civil days, at most [`Duration::MAX_DAYS`].
    pub days: u32,
    /// Exact seconds, at most [`Duration::MAX_SECONDS`].
    pub seconds: u64,
}

/// A text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotADuration {
    /// It does not follow ISO 8601.
    #[error("a duration is written as ISO 8601 does, such as `PT24H`, `P30D` or `P1M`")]
    Shape,
    /// It has a letter that is no unit, or not there.
    #[error("`{0}` is no unit here; before `T` stand Y, M, W and D, after it H, M and S")]
    Unit(char),
    /// It has a fraction.
    #[error("durations are whole numbers, without fractions")]
    Fraction,
    /// It is longer than 9,999 years.
    #[error("a duration is at most 9,999 years")]
    TooLong,
}

impl Duration {
    /// Most months: those of 9,999 years.
    pub const MAX_MONTHS: u32 = 9_999 * 12;
    /// Most days: those of 9,999 years.
    pub const MAX_DAYS: u32 = 9_999 * 366;
    /// Most seconds: those of as many days.
    pub const MAX_SECONDS: u64 = Self::MAX_DAYS as u64 * 86_400;

    /// Exact seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Duration {
            months: 0,
            days: 0,
            seconds,
        }
    }

    /// Exact hours.
    pub const fn hours(hours: u32) -> Self {
        Duration::seconds(hours as u64 * 3_600)
    }

    /// Civil days.
    pub const fn days(days: u32) -> Self {
        Duration {
            months: 0,
            days,
            seconds: 0,
        }
    }

    /// Calendar months.
    pub const fn months(months: u32) -> Self {
        Duration {
            months,
            days: 0,
            seconds: 0,
        }
    }

    /// Whether it has months or days, which only a calendar can count.
    pub const fn needs_calendar(&self) -> bool {
        self.months > 0 || self.days > 0
    }

    /// Its seconds, where it has nothing that a calendar must count.
    pub const fn exact(&self) -> Option<u64> {
        if self.needs_calendar() {
            None
        } else {
            Some(self.seconds)
        }
    }

    /// Whether each part is within its limit.
    pub const fn is_within_limits(&self) -> bool {
        self.months <= Self::MAX_MONTHS
            && self.days <= Self::MAX_DAYS
            && self.seconds <= Self::MAX_SECONDS
    }
}

impl FromStr for Duration {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let parts = text.strip_prefix('P').ok_or(NotADuration::Shape)?;
        let (date, time) = match parts.split_once('T') {
            Some((_, "")) => return Err(NotADuration::Shape),
            Some((date, time)) => (date, time),
            None if parts.is_empty() => return Err(NotADuration::Shape),
            None => (parts, ""),
        };
        let [years, months, weeks, days] = amounts(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes, seconds] = amounts(time, ['H', 'M', 'S'])?;
        let total = |amounts: [(u64, u64); 3]| {
            amounts.iter().try_fold(0u64, |sum, (amount, unit)| {
                sum.checked_add(amount.checked_mul(*unit)?)
            })
        };
        let whole = |sum: Option<u64>| {
            let sum = sum.and_then(|sum| u32::try_from(sum).ok());
            sum.ok_or(NotADuration::TooLong)
        };
        let duration = Duration {
            months: whole(total([(years, 12), (months, 1), (0, 0)]))?,
            days: whole(total([(weeks, 7), (days, 1), (0, 0)]))?,
            seconds: total([(hours, 3_600), (minutes, 60), (seconds, 1)])
                .ok_or(NotADuration::TooLong)?,
        };
        if duration.is_within_limits() {
            Ok(duration)
        } else {
            Err(NotADuration::TooLong)
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, rest) = (self.seconds / 3_600, self.seconds % 3_600);
        let date = [
            (self.months / 12, 'Y'),
            (self.months % 12, 'M'),
            (self.days, 'D'),
        ];
        let time = [(hours, 'H'), (rest / 60, 'M'), (rest % 60, 'S')];
        f.write_str("P")?;
        for (amount, unit) in date.iter().filter(|(amount, _)| *amount > 0) {
            write!(f, "{amount}{unit}")?;
        }
        if self.seconds > 0 {
            f.write_str("T")?;
        } else if !self.needs_calendar() {
            f.write_str("T0S")?;
        }
        for (amount, unit) in time.iter().filter(|(amount, _)| *amount > 0) {
            write!(f, "{amount}{unit}")?;
        }
        Ok(())
    }
}

/// The numbers before each of the units, which stand in their order and once each.
fn amounts<const N: usize>(text: &str, units: [char; N]) -> Result<[u64; N], NotADuration> {
    let (mut found, mut rest, mut next) = ([0; N], text, 0);
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .ok_or(NotADuration::Shape)?;
        let (digits, tail) = rest.split_at(end);
        let unit = tail.chars().next().ok_or(NotADuration::Shape)?;
        if matches!(unit, '.' | ',') {
            return Err(NotADuration::Fraction);
        }
        let at = units.iter().position(|known| *known == unit);
        let at = at.ok_or(NotADuration::Unit(unit))?;
        if digits.is_empty() || at < next {
            return Err(NotADuration::Shape);
        }
        found[at] = digits.parse().map_err(|_| NotADuration::TooLong)?;
        next = at + 1;
        rest = &tail[unit.len_utf8()..];
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_duration_has_one_normal_form() {
        for (written, normal) in [
            ("PT24H", "PT24H"),
            ("P1Y", "P1Y"),
            ("P12M", "P1Y"),
            ("P14M", "P1Y2M"),
            ("P1W", "P7D"),
            ("P2W3D", "P17D"),
            ("PT60M", "PT1H"),
            ("PT90S", "PT1M30S"),
            ("P1M2DT3H4M5S", "P1M2DT3H4M5S"),
            ("P0D", "PT0S"),
            ("PT0S", "PT0S"),
            ("P9999Y", "P9999Y"),
        ] {
            assert_eq!(
                written.parse::<Duration>().unwrap().to_string(),
                normal,
                "{written}"
            );
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", NotADuration::Shape),
            ("P", NotADuration::Shape),
            ("PT", NotADuration::Shape),
            ("P1", NotADuration::Shape),
            ("P1DT", NotADuration::Shape),
            ("24H", NotADuration::Shape),
            ("P1D1M", NotADuration::Shape),
            ("P1M1M", NotADuration::Shape),
            ("PD", NotADuration::Shape),
            ("-P1D", NotADuration::Shape),
            ("P1H", NotADuration::Unit('H')),
            ("PT1D", NotADuration::Unit('D')),
            ("P1x", NotADuration::Unit('x')),
            ("P1\u{e9}", NotADuration::Unit('\u{e9}')),
            ("P0.5D", NotADuration::Fraction),
            ("PT1,5H", NotADuration::Fraction),
            ("P10000Y", NotADuration::TooLong),
            ("P99999999999999999999D", NotADuration::TooLong),
            ("PT18446744073709551615H", NotADuration::TooLong),
        ] {
            assert_eq!(text.parse::<Duration>(), Err(reason), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_duration_reads_back(
            months in 0..=Duration::MAX_MONTHS,
            days in 0..=Duration::MAX_DAYS,
            seconds in 0..=Duration::MAX_SECONDS,
        ) {
            let duration = Duration { months, days, seconds };
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        }
    }
}
