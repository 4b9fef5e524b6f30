//! One row, its values as parsed: two rows that differ only in how they are written are equal.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ensign_prove::source::{self, Value};
use ensign_trust::{Code, Coded};
use jiff::civil::Date;

use super::{Column, SOURCE, Treatment, vocabulary};
use crate::rejection::Reason;
use crate::text::tidy;

/// Longest id of a row, in characters.
pub const MAX_ID: usize = 64;
/// Largest number in a cell; above it a digit too many was typed.
pub const MAX_COUNT: u64 = 10_000_000;

/// One attack, as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Physical line on which the row begins, counted from 1.
    pub line: u64,
    /// The publisher's id: 1 to [`MAX_ID`] of the characters `A-Z a-z 0-9 . _ -`.
    pub foreign_id: String,
    /// Day of the attack, from 2000 to 2099.
    pub date: Date,
    /// The other values by field code: one for each column that the file has.
    pub values: BTreeMap<&'static str, Cell>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The cell is empty.
    Blank,
    /// A number, at most [`MAX_COUNT`].
    Count(u64),
    /// A code of the field's vocabulary; in the field `time` also `HH:MM` or `HH:MM-HH:MM`.
    Code(Cow<'static, str>),
    /// Several labels: the codes of those that are known, and what is left.
    Codes {
        /// Sorted, each once.
        known: Vec<&'static str>,
        /// Text that is no known label; a disclosure of class public, never a code.
        unknown: Option<String>,
    },
    /// Free text, or a label that the vocabulary lacks; a disclosure of class public.
    Text(String),
}

impl Row {
    /// The row as the domain compares it: values by field, dates and counts as codes and numbers.
    pub fn into_source_row(self) -> source::Row {
        let code = |text: &str| Code::new(text).expect("ids, dates and vocabulary codes are codes");
        let value = |cell| match cell {
            Cell::Blank => Value::Blank,
            Cell::Count(count) => Value::Coded(count.into()),
            Cell::Code(known) => Value::Coded(code(&known).into()),
            Cell::Codes { known, unknown } => {
                let known = (!known.is_empty()).then(|| Coded::codes(known.into_iter().map(code)));
                match (known, unknown) {
                    (Some(known), Some(text)) => Value::CodedAndText(known, text),
                    (Some(known), None) => Value::Coded(known),
                    (None, Some(text)) => Value::Text(text),
                    (None, None) => Value::Blank,
                }
            }
            Cell::Text(text) => Value::Text(text),
        };
        let values = self
            .values
            .into_iter()
            .map(|(field, cell)| (code(field), value(cell)));
        source::Row {
            source: code(SOURCE),
            foreign_id: code(&self.foreign_id),
            date: code(&self.date.to_string()),
            values: values.collect(),
        }
    }
}

impl Cell {
    /// Reads a value as its column is read. Only a count can be refused.
    pub(super) fn parse(column: Column, raw: &str) -> Result<Self, Reason> {
        let text = tidy(raw);
        if text.is_empty() {
            return Ok(Cell::Blank);
        }
        let known = match column.treatment {
            Treatment::Count => return parse_count(&text).map(Cell::Count),
            Treatment::Choices => return Ok(parse_choices(column.field, &text)),
            Treatment::Choice => vocabulary::code(column.field, &text).map(Cow::Borrowed),
            Treatment::Time => vocabulary::code(column.field, &text)
                .map(Cow::Borrowed)
                .or_else(|| parse_time(&text).map(Cow::Owned)),
            Treatment::Text | Treatment::Id | Treatment::Date | Treatment::Derived => None,
        };
        Ok(known.map_or_else(|| Cell::Text(text.into_owned()), Cell::Code))
    }
}

/// Reads an id, without the white space around it.
pub(super) fn parse_id(raw: &str) -> Result<String, Reason> {
    let id = tidy(raw);
    if id.is_empty() {
        return Err(Reason::NoId);
    }
    let fits = id.len() <= MAX_ID
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if fits {
        Ok(id.into_owned())
    } else {
        Err(Reason::BadId)
    }
}

/// Reads `M/D/YY`, `M/D/YYYY` or `YYYY-MM-DD`, with or without a time of day, which is ignored.
pub(super) fn parse_date(raw: &str) -> Option<Date> {
    let text = tidy(raw);
    let (day, clock) = match text.split_once([' ', 'T']) {
        Some((day, clock)) => (day, Some(clock)),
        None => (&*text, None),
    };
    if let Some(clock) = clock {
        parse_clock(clock.strip_suffix('Z').unwrap_or(clock))?;
    }
    let separator = if day.contains('/') { '/' } else { '-' };
    let mut parts = day.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = if separator == '/' {
        (parse_year(third)?, first, second)
    } else {
        (
            parse_year(first).filter(|_| first.len() == 4)?,
            second,
            third,
        )
    };
    Date::new(year, digits(month, 1..=2)?, digits(day, 1..=2)?).ok()
}

/// A year of the 2000s, in two digits or four.
fn parse_year(text: &str) -> Option<i16> {
    match text.len() {
        2 => digits::<i16>(text, 2..=2).map(|year| 2000 + year),
        _ => digits(text, 4..=4).filter(|year| (2000..=2099).contains(year)),
    }
}

/// Reads `1`, `1.0`, `1.00`. With just three zeros behind the point it might be thousands, as some
/// languages write them, and is refused.
fn parse_count(text: &str) -> Result<u64, Reason> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    let is_whole =
        !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') && fraction.len() != 3;
    if !is_number || !is_whole {
        return Err(Reason::BadCount);
    }
    // Digits alone: what does not fit is too large.
    let count = whole.parse().ok().filter(|&count| count <= MAX_COUNT);
    count.ok_or(Reason::CountTooLarge)
}

/// Reads a time of day, or a band of two, into `HH:MM` or `HH:MM-HH:MM`. A band may end at `24:00`,
/// which is written `00:00`. Seconds that are not zero are not a form of the publisher.
fn parse_time(text: &str) -> Option<String> {
    let written = |clock: Clock| format!("{:02}:{:02}", clock.hour, clock.minute);
    let to_the_minute = |text: &str| parse_clock(text).filter(|clock| !clock.has_seconds);
    match text.split_once(['-', '\u{2013}']) {
        None => to_the_minute(text).map(written),
        Some((from, until)) => {
            let from = to_the_minute(from.trim())?;
            let until = match until.trim() {
                "24:00" | "24:00:00" => Clock::default(),
                until => to_the_minute(until)?,
            };
            (from != until).then(|| format!("{}-{}", written(from), written(until)))
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Clock {
    hour: u8,
    minute: u8,
    has_seconds: bool,
}

/// Reads `H:MM`, `HH:MM:SS` or `HH:MM:SS.fff`, on a clock of twelve hours if AM or PM follows.
fn parse_clock(text: &str) -> Option<Clock> {
    let at_half = text.len().saturating_sub(2);
    let (clock, afternoon) = match text.get(at_half..)? {
        half if half.eq_ignore_ascii_case("AM") => (text[..at_half].trim_end(), Some(false)),
        half if half.eq_ignore_ascii_case("PM") => (text[..at_half].trim_end(), Some(true)),
        _ => (text, None),
    };
    let mut parts = clock.splitn(3, ':');
    let hour = digits::<u8>(parts.next()?, 1..=2)?;
    let minute = digits::<u8>(parts.next()?, 2..=2).filter(|&minute| minute < 60)?;
    let has_seconds = match parts.next() {
        None => false,
        Some(rest) => {
            let (seconds, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
            digits::<u8>(seconds, 2..=2).filter(|&second| second < 60)?;
            digits::<u32>(fraction, 1..=9)?;
            rest.bytes().any(|b| matches!(b, b'1'..=b'9'))
        }
    };
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    (hour < 24).then_some(Clock {
        hour,
        minute,
        has_seconds,
    })
}

/// Digits alone, as many as that.
fn digits<T: std::str::FromStr>(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<T> {
    let fits = length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

const SEPARATORS: [char; 3] = [',', ';', ' '];

/// Looks for labels in a list whose items contain its separator. A label counts where an item may
/// begin and where the text or a separator follows; what no label covers is kept as unknown.
fn parse_choices(field: &str, text: &str) -> Cell {
    let mut known = Vec::new();
    let mut unknown: Vec<&str> = Vec::new();
    let mut rest = text.trim_start_matches(SEPARATORS);
    while !rest.is_empty() {
        let end = match vocabulary::code_at_start(field, rest) {
            Some((code, length)) => {
                known.push(code);
                length
            }
            None => {
                let begins_label = |at: usize| {
                    let next = rest[at..].trim_start_matches(SEPARATORS);
                    vocabulary::code_at_start(field, next).is_some()
                };
                let mut separators = rest.match_indices([',', ';']).map(|(at, _)| at);
                let end = separators
                    .find(|&at| begins_label(at))
                    .unwrap_or(rest.len());
                unknown.push(rest[..end].trim_end_matches(SEPARATORS));
                end
            }
        };
        rest = rest[end..].trim_start_matches(SEPARATORS);
    }
    known.sort_unstable();
    known.dedup();
    let unknown = (!unknown.is_empty()).then(|| unknown.join(", "));
    Cell::Codes { known, unknown }
}
