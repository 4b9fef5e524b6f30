//! Deterministic CBOR, read and written strictly.
//!
//! The encoding is RFC 8949 section 4.2.1 (core deterministic encoding): shortest integers and
//! lengths, definite lengths only, map keys in bytewise order of their encodings and unique. The
//! data model leaves out floating point, `null`, `undefined` and all simple values but `true` and
//! `false`: signed bytes have no use for them; a map's keys are integers, byte strings and texts. Whatever is not exactly so is refused, never
//! repaired, so that encoding what was decoded gives the same bytes.

use thiserror::Error;

pub(crate) use reader::Reader;

mod reader;

/// Deepest nesting of arrays, maps and tags that is read.
pub const MAX_DEPTH: usize = 16;

/// One CBOR data item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An array.
    Array(Vec<Value>),
    /// `true` or `false`.
    Bool(bool),
    /// A byte string.
    Bytes(Vec<u8>),
    /// An integer between -2^64 and 2^64 - 1.
    Int(i128),
    /// A map; its entries are put in order when they are encoded.
    Map(Vec<(Value, Value)>),
    /// A tagged item.
    Tag(u64, Box<Value>),
    /// A text string.
    Text(String),
}

/// Why bytes are not the deterministic encoding of one item.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("byte {at}: {flaw}")]
pub struct DecodeError {
    /// Offset of the item that is at fault.
    pub at: usize,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// The ways in which an encoding can be at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Flaw {
    /// A map has the same key twice.
    #[error("a map key occurs twice")]
    DuplicateKey,
    /// A float, null, undefined or another simple value.
    #[error("floating point, null, undefined and other simple values are not used here")]
    Forbidden,
    /// A length or integer is written longer than it needs to be.
    #[error("a number or length is not written in its shortest form")]
    NotShortest,
    /// A text string is not UTF-8.
    #[error("a text string is not UTF-8")]
    NotUtf8,
    /// An indefinite length or a reserved initial byte.
    #[error("indefinite lengths and reserved codes are not allowed")]
    Reserved,
    /// Nesting is deeper than [`MAX_DEPTH`].
    #[error("nesting is deeper than {MAX_DEPTH}")]
    TooDeep,
    /// An item is well formed, but not of the kind that belongs at its place.
    #[error("an item is not of the kind that belongs here")]
    Unexpected,
    /// Bytes follow the item.
    #[error("bytes follow the end of the item")]
    Trailing,
    /// The bytes end inside the item.
    #[error("the bytes end inside an item")]
    Truncated,
    /// Map keys are not in bytewise order.
    #[error("map keys are not in order")]
    Unsorted,
}

/// Decodes exactly one item.
pub fn decode(bytes: &[u8]) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(bytes);
    let value = reader.item(0)?;
    reader.finish()?;
    Ok(value)
}

/// Decodes the item with which the bytes begin, and gives what follows it.
pub fn decode_first(bytes: &[u8]) -> Result<(Value, &[u8]), DecodeError> {
    let mut reader = Reader::new(bytes);
    let value = reader.item(0)?;
    Ok((value, &bytes[reader.at()..]))
}

/// Encodes an item deterministically.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

impl Value {
    /// A text string.
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    /// A byte string.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Value::Bytes(bytes.into())
    }

    /// The array's items, if it is one.
    pub fn into_array(self) -> Option<Vec<Value>> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The map's entries, if it is one.
    pub fn into_map(self) -> Option<Vec<(Value, Value)>> {
        match self {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The byte string, if it is one.
    pub fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn into_text(self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer as an unsigned number, if it is one.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Int(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Int(number.into())
    }
}

/// Writes a byte string.
pub(crate) fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    write_head(2, bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            write_head(4, items.len() as u64, out);
            for item in items {
                write(item, out);
            }
        }
        Value::Bool(bool) => out.push(if *bool { 0xf5 } else { 0xf4 }),
        Value::Bytes(bytes) => write_bytes(bytes, out),
        Value::Int(number) => {
            let negative = *number < 0;
            let argument = if negative { -1 - *number } else { *number };
            let argument = u64::try_from(argument).unwrap_or(u64::MAX);
            write_head(u8::from(negative), argument, out);
        }
        Value::Map(entries) => {
            write_head(5, entries.len() as u64, out);
            let mut encoded: Vec<_> = entries
                .iter()
                .map(|(key, value)| (encode(key), value))
                .collect();
            encoded.sort_by(|a, b| a.0.cmp(&b.0));
            for (key, value) in encoded {
                out.extend_from_slice(&key);
                write(value, out);
            }
        }
        Value::Tag(tag, inner) => {
            write_head(6, *tag, out);
            write(inner, out);
        }
        Value::Text(text) => {
            write_head(3, text.len() as u64, out);
            out.extend_from_slice(text.as_bytes());
        }
    }
}

fn write_head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    match argument {
        0..=23 => out.push(major | bytes[7]),
        24..=0xff => out.extend_from_slice(&[major | 24, bytes[7]]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&bytes[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&bytes[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&bytes);
        }
    }
}

#[cfg(test)]
mod tests;
