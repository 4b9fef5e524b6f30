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
use std::str::FromStr;

use ensign_trust::cbor::{self, DecodeError, Value};
use ensign_trust::{Code, Coded};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::calendar::{self, Calendar, CompileError};
use crate::term::Duration;
use crate::term::ast::{CalendarRule, Instrument, Number, Setting, Variation};
use crate::term::name::{CalendarName, HolidaysName, ZoneName};
use record::{Malformed, Record, integer, list};

const FORMAT: &str = "ensign terms 1";

const SHARE: &str = "share";

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

/// A text is not the digest of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an instrument's digest has 64 of the characters 0-9 a-f")]
pub struct NotADigest;

/// Why bytes are not a canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CanonicalError {
    /// They are not deterministic CBOR.
    #[error("read an instrument that is not deterministic CBOR")]
    Cbor(#[source] DecodeError),
    /// They are another instrument's.
    #[error("read instrument {found} where {asked} was named")]
    OtherDigest {
        /// What was named.
        asked: InstrumentDigest,
        /// What the bytes are.
        found: InstrumentDigest,
    },
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

    /// Reads the canonical form that a digest names: nothing else passes, whoever handed it over.
    pub fn open(digest: InstrumentDigest, bytes: &[u8]) -> Result<Self, CanonicalError> {
        if bytes.len() > MAX_CANONICAL {
            return Err(CanonicalError::TooLarge);
        }
        let found = InstrumentDigest::of(bytes);
        if found != digest {
            return Err(CanonicalError::OtherDigest {
                asked: digest,
                found,
            });
        }
        Published::decode(bytes)
    }

    /// The digest that names the instrument.
    pub fn digest(&self) -> InstrumentDigest {
        InstrumentDigest::of(&self.encode())
    }
}

impl Variation {
    /// Deterministic CBOR, as it stands in the canonical form of an exception.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&term::of_variation(self))
    }

    /// Reads the bytes of a variation.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let value = cbor::decode(bytes).map_err(CanonicalError::Cbor)?;
        term::variation(value).ok_or(CanonicalError::Malformed("variation"))
    }
}

impl Setting {
    /// As it stands in the body of an adoption: a duration as a code, a number as an integer, a
    /// share as a map of one.
    pub fn to_coded(&self) -> Coded {
        match self {
            Setting::Duration(duration) => {
                Coded::Code(Code::new(duration.to_string()).expect("a duration is a short word"))
            }
            Setting::Number(Number::Integer(number)) => Coded::Int((*number).into()),
            Setting::Number(Number::Share(parts)) => {
                Coded::Map([(Code::literal(SHARE), Coded::Int((*parts).into()))].into())
            }
        }
    }

    /// Reads what [`Setting::to_coded`] writes, and nothing else.
    pub fn from_coded(value: &Coded) -> Option<Self> {
        let number = |value: &Coded| match value {
            Coded::Int(number) => i64::try_from(*number).ok(),
            _ => None,
        };
        match value {
            Coded::Code(code) => {
                let duration: Duration = code.as_str().parse().ok()?;
                let is_canonical = duration.to_string() == code.as_str();
                is_canonical.then_some(Setting::Duration(duration))
            }
            Coded::Map(map) if map.len() == 1 => {
                let parts = number(map.get(SHARE)?)?;
                Some(Setting::Number(Number::Share(parts)))
            }
            value => Some(Setting::Number(Number::Integer(number(value)?))),
        }
    }
}

impl InstrumentDigest {
    /// The digest of a canonical form.
    pub fn of(canonical: &[u8]) -> Self {
        InstrumentDigest(Sha256::digest(canonical).into())
    }
}

impl FromStr for InstrumentDigest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let nibble = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let pair = |pair: &[u8]| Some(nibble(pair[0])? << 4 | nibble(pair[1])?);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> = pairs.iter().map(|it| pair(it)).collect();
        match bytes.map(<[u8; 32]>::try_from) {
            Some(Ok(digest)) if rest.is_empty() => Ok(InstrumentDigest(digest)),
            _ => Err(NotADigest),
        }
    }
}

impl Serialize for InstrumentDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
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
