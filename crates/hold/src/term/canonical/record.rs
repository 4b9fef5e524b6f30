//! Maps and arrays of the canonical form, read strictly.

use std::collections::BTreeMap;

use ensign_trust::cbor::Value;

use crate::term::duration::Duration;
use crate::term::name::{NotAName, Text};
use crate::term::word::Spelled;

/// The part that is not as it must be.
pub(super) struct Malformed(pub(super) &'static str);

/// A map with text keys, each of which is taken once.
pub(super) struct Record {
    entries: BTreeMap<String, Value>,
    part: &'static str,
}

impl Record {
    pub(super) fn new(value: Value, part: &'static str) -> Result<Self, Malformed> {
        let entries = value.into_map().ok_or(Malformed(part))?;
        let entry = |(key, value): (Value, Value)| Some((key.into_text()?, value));
        let entries: Option<_> = entries.into_iter().map(entry).collect();
        Ok(Record {
            entries: entries.ok_or(Malformed(part))?,
            part,
        })
    }

    /// A value that must be there.
    pub(super) fn value(&mut self, key: &'static str) -> Result<Value, Malformed> {
        self.named(key, key)
    }

    /// The value under a key that is no word of the format.
    pub(super) fn named(&mut self, key: &str, part: &'static str) -> Result<Value, Malformed> {
        self.entries.remove(key).ok_or(Malformed(part))
    }

    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<T, Malformed> {
        read(self.value(key)?).ok_or(Malformed(key))
    }

    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, Malformed> {
        match self.entries.remove(key) {
            Some(value) => read(value).map(Some).ok_or(Malformed(key)),
            None => Ok(None),
        }
    }

    /// A list, which is left out where it is empty.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(Value) -> Option<T>,
    ) -> Result<Vec<T>, Malformed> {
        let items = self.optional(key, |value| {
            list(value, read).filter(|items| !items.is_empty())
        })?;
        Ok(items.unwrap_or_default())
    }

    /// Whether a mark is there: it is `true` or left out.
    pub(super) fn mark(&mut self, key: &'static str) -> Result<bool, Malformed> {
        let is_true = |value| (value == Value::Bool(true)).then_some(());
        Ok(self.optional(key, is_true)?.is_some())
    }

    /// Nothing is left.
    pub(super) fn end(self) -> Result<(), Malformed> {
        if self.entries.is_empty() {
            Ok(())
        } else {
            Err(Malformed(self.part))
        }
    }
}

/// Entries of a map that is written, without those that are not there.
pub(super) fn record(entries: Vec<(&'static str, Option<Value>)>) -> Value {
    let entry = |(key, value): (&'static str, Option<Value>)| Some((Value::text(key), value?));
    Value::Map(entries.into_iter().filter_map(entry).collect())
}

/// An array that is left out where it is empty.
pub(super) fn some_list<T>(items: &[T], write: impl Fn(&T) -> Value) -> Option<Value> {
    (!items.is_empty()).then(|| Value::Array(items.iter().map(write).collect()))
}

/// A mark that is left out where it does not stand.
pub(super) fn some_mark(is: bool) -> Option<Value> {
    is.then_some(Value::Bool(true))
}

/// A choice: its word and what belongs to it.
pub(super) fn choice(word: &str, parts: impl IntoIterator<Item = Value>) -> Value {
    let parts = std::iter::once(Value::text(word)).chain(parts);
    Value::Array(parts.collect())
}

/// The word of a choice and what belongs to it.
pub(super) fn chosen(value: Value) -> Option<(String, Vec<Value>)> {
    let mut parts = value.into_array()?.into_iter();
    let word = parts.next()?.into_text()?;
    Some((word, parts.collect()))
}

/// Exactly so many parts.
pub(super) fn exactly<const N: usize>(parts: Vec<Value>) -> Option<[Value; N]> {
    parts.try_into().ok()
}

pub(super) fn list<T>(value: Value, read: impl Fn(Value) -> Option<T>) -> Option<Vec<T>> {
    value.into_array()?.into_iter().map(read).collect()
}

pub(super) fn integer<T: TryFrom<i128>>(value: &Value) -> Option<T> {
    match value {
        Value::Int(number) => T::try_from(*number).ok(),
        _ => None,
    }
}

pub(super) fn name<T>(read: impl Fn(&str) -> Result<T, NotAName>) -> impl Fn(Value) -> Option<T> {
    move |value| read(&value.into_text()?).ok()
}

pub(super) fn text(value: Value) -> Option<Text> {
    Text::new(value.into_text()?).ok()
}

pub(super) fn spelled<T: Spelled>(value: Value) -> Option<T> {
    T::from_word(&value.into_text()?)
}

pub(super) fn duration(value: Value) -> Option<Duration> {
    let [months, days, seconds] = exactly(value.into_array()?)?;
    let duration = Duration {
        months: integer(&months)?,
        days: integer(&days)?,
        seconds: integer(&seconds)?,
    };
    duration.is_within_limits().then_some(duration)
}

pub(super) fn of_duration(it: &Duration) -> Value {
    let parts = [it.months.into(), it.days.into(), i128::from(it.seconds)];
    Value::Array(parts.map(Value::Int).to_vec())
}

pub(super) fn of_name(it: &impl ToString) -> Value {
    Value::Text(it.to_string())
}
