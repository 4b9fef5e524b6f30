//! Codes and coded values: all that may stand in the signed body of a statement.
//!
//! A code is a word of a closed or open vocabulary, an identifier or a date, never prose. Free
//! text and whatever can identify a person is a [disclosure](crate::disclosure) instead.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::cbor::{DecodeError, Flaw, Reader, Value};

/// Longest code, in characters.
pub const MAX_CODE: usize = 128;

/// One to [`MAX_CODE`] of the characters `A-Z a-z 0-9 . _ : / + -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

/// A text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a code has 1 to {MAX_CODE} of the characters A-Z a-z 0-9 . _ : / + -")]
pub struct NotACode;

/// A value of a statement's body: integers, truth values, byte strings, codes, and lists and maps
/// of these. There are no floats and there is no prose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coded {
    /// `true` or `false`.
    Bool(bool),
    /// Bytes, as a rule a digest or a key.
    Bytes(Vec<u8>),
    /// A code.
    Code(Code),
    /// An integer between -2^64 and 2^64 - 1.
    Int(i128),
    /// Values in an order that means something.
    List(Vec<Coded>),
    /// Values by name.
    Map(BTreeMap<Code, Coded>),
}

impl Code {
    /// Reads a code.
    pub fn new(text: impl AsRef<str> + Into<String>) -> Result<Self, NotACode> {
        let plain = |b: &u8| {
            b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'/' | b'+' | b'-')
        };
        let bytes = text.as_ref().as_bytes();
        if (1..=MAX_CODE).contains(&bytes.len()) && bytes.iter().all(plain) {
            Ok(Code(text.into()))
        } else {
            Err(NotACode)
        }
    }

    /// A code that is written in the program's own text.
    ///
    /// # Panics
    /// If the text is not a code, which the first run of the line shows.
    pub fn literal(text: &'static str) -> Self {
        Code::new(text).expect("codes in the source text are codes")
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl std::borrow::Borrow<str> for Code {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Coded {
    /// A list of codes.
    pub fn codes(codes: impl IntoIterator<Item = Code>) -> Self {
        Coded::List(codes.into_iter().map(Coded::Code).collect())
    }

    /// The code, if it is one.
    pub fn as_code(&self) -> Option<&Code> {
        match self {
            Coded::Code(code) => Some(code),
            _ => None,
        }
    }

    /// The bytes, if it is a byte string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Coded::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The number, if it is one that is not negative and below 2^64.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Coded::Int(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&[Coded]> {
        match self {
            Coded::List(items) => Some(items),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&BTreeMap<Code, Coded>> {
        match self {
            Coded::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn to_cbor(&self) -> Value {
        match self {
            Coded::Bool(bool) => Value::Bool(*bool),
            Coded::Bytes(bytes) => Value::Bytes(bytes.clone()),
            Coded::Code(code) => Value::text(code.as_str()),
            Coded::Int(number) => Value::Int(*number),
            Coded::List(items) => Value::Array(items.iter().map(Coded::to_cbor).collect()),
            Coded::Map(entries) => body_to_cbor(entries),
        }
    }

    /// Reads a value at a depth of nesting.
    fn read(reader: &mut Reader<'_>, depth: usize) -> Result<Self, DecodeError> {
        let at = reader.at();
        let unexpected = DecodeError {
            at,
            flaw: Flaw::Unexpected,
        };
        let (major, argument) = reader.head_within(depth)?;
        Ok(match major {
            0 => Coded::Int(argument.into()),
            1 => Coded::Int(-1 - i128::from(argument)),
            2 => Coded::Bytes(reader.take(argument)?.to_vec()),
            3 => Coded::Code(code(reader.take(argument)?, at)?),
            4 => {
                let mut items = Vec::with_capacity(reader.plausible(argument)?);
                for _ in 0..argument {
                    items.push(Coded::read(reader, depth + 1)?);
                }
                Coded::List(items)
            }
            5 => Coded::Map(read_members(reader, argument, depth)?),
            6 => return Err(unexpected),
            _ => Coded::Bool(argument == 21),
        })
    }
}

impl From<Code> for Coded {
    fn from(code: Code) -> Self {
        Coded::Code(code)
    }
}

impl From<u64> for Coded {
    fn from(number: u64) -> Self {
        Coded::Int(number.into())
    }
}

impl From<Vec<u8>> for Coded {
    fn from(bytes: Vec<u8>) -> Self {
        Coded::Bytes(bytes)
    }
}

/// JSON of a coded value: byte strings as lower-case hexadecimal text.
impl Serialize for Coded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Coded::Bool(bool) => serializer.serialize_bool(*bool),
            Coded::Bytes(bytes) => serializer.serialize_str(&data_encoding::HEXLOWER.encode(bytes)),
            Coded::Code(code) => code.serialize(serializer),
            Coded::Int(number) => serializer.serialize_i128(*number),
            Coded::List(items) => items.serialize(serializer),
            Coded::Map(entries) => entries.serialize(serializer),
        }
    }
}

pub(crate) fn body_to_cbor(body: &BTreeMap<Code, Coded>) -> Value {
    let entry = |(name, value): (&Code, &Coded)| (Value::text(name.as_str()), value.to_cbor());
    Value::Map(body.iter().map(entry).collect())
}

/// Reads values by name; `depth` is that of the map itself.
pub(crate) fn read_body(
    reader: &mut Reader<'_>,
    depth: usize,
) -> Result<BTreeMap<Code, Coded>, DecodeError> {
    let length = reader.expect(5)?;
    read_members(reader, length, depth)
}

/// Reads a text string that is a code.
pub(crate) fn read_code(reader: &mut Reader<'_>) -> Result<Code, DecodeError> {
    let at = reader.at();
    let length = reader.expect(3)?;
    code(reader.take(length)?, at)
}

fn read_members(
    reader: &mut Reader<'_>,
    length: u64,
    depth: usize,
) -> Result<BTreeMap<Code, Coded>, DecodeError> {
    let mut entries = reader.entries(length)?;
    let mut members = BTreeMap::new();
    let mut at = reader.at();
    while let Some(key) = reader.key(&mut entries)? {
        let name = read_code(&mut Reader::new(key)).map_err(|error| DecodeError { at, ..error })?;
        members.insert(name, Coded::read(reader, depth + 1)?);
        at = reader.at();
    }
    Ok(members)
}

fn code(bytes: &[u8], at: usize) -> Result<Code, DecodeError> {
    let fault = |flaw| DecodeError { at, flaw };
    let text = std::str::from_utf8(bytes).map_err(|_| fault(Flaw::NotUtf8))?;
    Code::new(text).map_err(|_| fault(Flaw::Unexpected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_code() {
        for text in [
            "",
            "two words",
            "na\u{ef}ve",
            "tab\t",
            "a\nb",
            "\u{661}",
            &"x".repeat(129),
        ] {
            assert_eq!(Code::new(text), Err(NotACode), "{text:?}");
        }
        for text in [
            "PSE",
            "2024-02-08",
            "14:30",
            "party.founded",
            "node.example.org/log",
        ] {
            assert_eq!(Code::new(text).unwrap().as_str(), text);
        }
    }
}
