//! The canonical form: what is hashed, published and evaluated.
//!
//! It is deterministic CBOR ([`ensign_trust::cbor`]) of the instrument and its compiled calendars:
//!
//! ```cddl
//! published = { "format": "ensign terms 1", "instrument": { ... },
//!               "calendars": { * name => [from: int, until: int, offsets: [+ [int, int]], days_off: [* int]] } }
//! ```
//!
//! A record is a map that leaves out what is not there; a choice is an array that begins with its
//! word. A condition is an array in postfix order, so its nesting is not that of the CBOR. The reader
//! takes nothing that the parser could not have made, so that whatever is read can be written as text
//! and read again.

mod condition;
mod item;
mod record;
mod term;

use std::collections::BTreeMap;
use std::fmt;

use ensign_trust::cbor::{self, DecodeError, Value};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::calendar::{self, Calendar, CompileError};
use crate::term::ast::{CalendarRule, Instrument};
use crate::term::name::{CalendarName, HolidaysName, ZoneName};
use record::{Malformed, Record, integer, list};

const FORMAT: &str = "ensign terms 1";

/// Longest canonical form, in bytes.
pub const MAX_CANONICAL: usize = 4 << 20;

/// An instrument as it is published: its text as data, and its calendars compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The instrument.
    pub instrument: Instrument,
    /// Its calendars.
    pub calendars: BTreeMap<CalendarName, Calendar>,
}

/// SHA-256 of an instrument's canonical form. It is shown as hexadecimal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstrumentDigest(pub [u8; 32]);

/// What the calendars of an instrument are compiled from.
pub struct Sources<'a> {
    /// The rules of a time zone.
    pub zones: &'a dyn Fn(&ZoneName) -> Option<TimeZone>,
    /// The days of a list of holidays.
    pub holidays: &'a dyn Fn(&HolidaysName) -> Option<Vec<Date>>,
    /// The last day that the calendars of an instrument without end must know.
    pub horizon: Date,
}

/// Why an instrument cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PublishError {
    /// A calendar cannot be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// Two calendars have one name.
    #[error("published an instrument with two calendars `{0}`")]
    Twice(CalendarName),
    /// There is no such list.
    #[error("compiled calendar `{calendar}` without a list of holidays `{holidays}`")]
    UnknownHolidays {
        /// The calendar.
        calendar: CalendarName,
        /// The list that it names.
        holidays: HolidaysName,
    },
    /// There is no such time zone.
    #[error("compiled calendar `{calendar}` without rules of the time zone `{zone}`")]
    UnknownZone {
        /// The calendar.
        calendar: CalendarName,
        /// The zone that it names.
        zone: ZoneName,
    },
}

/// Why bytes are not a canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CanonicalError {
    /// They are not deterministic CBOR.
    #[error("read an instrument that is not deterministic CBOR")]
    Cbor(#[source] DecodeError),
    /// A part is not as it must be.
    #[error("read an instrument whose part `{0}` is not as this format has it")]
    Malformed(&'static str),
    /// There are too many.
    #[error("read an instrument of more than {MAX_CANONICAL} bytes")]
    TooLarge,
}

impl Published {
    /// Compiles an instrument's calendars, from a year before its first day in force until a year
    /// after its end or the horizon.
    pub fn compile(instrument: Instrument, sources: &Sources) -> Result<Self, PublishError> {
        let (from, until) = (instrument.in_force.from, instrument.in_force.until);
        let last = until.unwrap_or_else(|| sources.horizon.max(from));
        let year = Span::new().years(1);
        let interval = [
            midnight(from.checked_sub(year).unwrap_or(from)),
            midnight(last.checked_add(year).unwrap_or(last)),
        ];
        let mut calendars = BTreeMap::new();
        for rule in &instrument.calendars {
            let compiled = compile(rule, interval, sources)?;
            if calendars.insert(rule.name.clone(), compiled).is_some() {
                return Err(PublishError::Twice(rule.name.clone()));
            }
        }
        Ok(Published {
            instrument,
            calendars,
        })
    }

    /// The canonical form.
    pub fn encode(&self) -> Vec<u8> {
        let calendars = self.calendars.iter();
        let calendars = calendars.map(|(name, it)| (Value::text(name.as_str()), written(it)));
        cbor::encode(&Value::Map(vec![
            (Value::text("format"), Value::text(FORMAT)),
            (Value::text("instrument"), item::write(&self.instrument)),
            (Value::text("calendars"), Value::Map(calendars.collect())),
        ]))
    }

    /// Reads a canonical form.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        if bytes.len() > MAX_CANONICAL {
            return Err(CanonicalError::TooLarge);
        }
        let value = cbor::decode(bytes).map_err(CanonicalError::Cbor)?;
        read(value).map_err(|Malformed(part)| CanonicalError::Malformed(part))
    }

    /// The digest that names the instrument.
    pub fn digest(&self) -> InstrumentDigest {
        InstrumentDigest(Sha256::digest(self.encode()).into())
    }
}

impl fmt::Display for InstrumentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn compile(
    rule: &CalendarRule,
    interval: [i64; 2],
    sources: &Sources,
) -> Result<Calendar, PublishError> {
    let zone = (sources.zones)(&rule.zone).ok_or_else(|| PublishError::UnknownZone {
        calendar: rule.name.clone(),
        zone: rule.zone.clone(),
    })?;
    let holidays = match &rule.holidays {
        None => Vec::new(),
        Some(list) => (sources.holidays)(list).ok_or_else(|| PublishError::UnknownHolidays {
            calendar: rule.name.clone(),
            holidays: list.clone(),
        })?,
    };
    Ok(calendar::compile(rule, interval, &zone, &holidays)?)
}

fn midnight(date: Date) -> i64 {
    let midnight = date.to_datetime(Time::midnight());
    TimeZone::UTC
        .to_timestamp(midnight)
        .map_or(0, Timestamp::as_second)
}

fn written(it: &Calendar) -> Value {
    let pair = |(from, offset): &(i64, i32)| {
        Value::Array(vec![
            Value::Int((*from).into()),
            Value::Int((*offset).into()),
        ])
    };
    let day = |day: &i32| Value::Int((*day).into());
    Value::Array(vec![
        Value::Int(it.from.into()),
        Value::Int(it.until.into()),
        Value::Array(it.offsets.iter().map(pair).collect()),
        Value::Array(it.days_off.iter().map(day).collect()),
    ])
}

fn read(value: Value) -> Result<Published, Malformed> {
    let mut record = Record::new(value, "published")?;
    let format = record.required("format", |value| {
        value.into_text().filter(|it| it == FORMAT)
    });
    format?;
    let instrument = item::read(record.value("instrument")?)?;
    let mut compiled = Record::new(record.value("calendars")?, "calendars")?;
    record.end()?;
    let mut calendars = BTreeMap::new();
    for rule in &instrument.calendars {
        let value = compiled.named(rule.name.as_str(), "calendars")?;
        let calendar = read_calendar(value, rule).ok_or(Malformed("calendars"))?;
        calendars.insert(rule.name.clone(), calendar);
    }
    compiled.end()?;
    Ok(Published {
        instrument,
        calendars,
    })
}

fn read_calendar(value: Value, rule: &CalendarRule) -> Option<Calendar> {
    let [from, until, offsets, days_off] = value.into_array()?.try_into().ok()?;
    let pair = |value: Value| {
        let [from, offset] = value.into_array()?.try_into().ok()?;
        Some((integer(&from)?, integer(&offset)?))
    };
    let calendar = Calendar {
        counting: rule.counting,
        weekend_rule: rule.weekend_rule,
        from: integer(&from)?,
        until: integer(&until)?,
        offsets: list(offsets, pair)?,
        days_off: list(days_off, |day| integer(&day))?,
    };
    calendar.is_sound().then_some(calendar)
}
