//! Deterministic CBOR, read and written strictly.
//!
//! The encoding is RFC 8949 section 4.2.1 (core deterministic encoding): shortest integers and
//! lengths, definite lengths only, map keys in bytewise order of their encodings and unique. The
//! data model leaves out floating point, `null`, `undefined` and all simple values but `true` and
//! `false`: signed bytes have no use for them. Whatever is not exactly so is refused, never
//! repaired, so that encoding what was decoded gives the same bytes.

use thiserror::Error;

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
    let mut reader = Reader { bytes, at: 0 };
    let value = reader.item(0)?;
    if reader.at == bytes.len() {
        Ok(value)
    } else {
        Err(DecodeError {
            at: reader.at,
            flaw: Flaw::Trailing,
        })
    }
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

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn item(&mut self, depth: usize) -> Result<Value, DecodeError> {
        let start = self.at;
        let fault = |flaw| DecodeError { at: start, flaw };
        if depth > MAX_DEPTH {
            return Err(fault(Flaw::TooDeep));
        }
        let (major, argument) = self.head()?;
        Ok(match major {
            0 => Value::Int(argument.into()),
            1 => Value::Int(-1 - i128::from(argument)),
            2 => Value::Bytes(self.take(argument)?.to_vec()),
            3 => {
                let text = std::str::from_utf8(self.take(argument)?);
                Value::Text(text.map_err(|_| fault(Flaw::NotUtf8))?.to_owned())
            }
            4 => {
                let mut items = Vec::with_capacity(self.plausible(argument)?);
                for _ in 0..argument {
                    items.push(self.item(depth + 1)?);
                }
                Value::Array(items)
            }
            5 => self.map(argument, depth)?,
            6 => Value::Tag(argument, Box::new(self.item(depth + 1)?)),
            _ => match argument {
                20 => Value::Bool(false),
                21 => Value::Bool(true),
                _ => return Err(fault(Flaw::Forbidden)),
            },
        })
    }

    fn map(&mut self, length: u64, depth: usize) -> Result<Value, DecodeError> {
        let mut entries = Vec::with_capacity(self.plausible(length)?);
        let mut previous: &[u8] = &[];
        for _ in 0..length {
            let start = self.at;
            let key = self.item(depth + 1)?;
            let encoded = &self.bytes[start..self.at];
            if !entries.is_empty() && encoded <= previous {
                let flaw = if encoded == previous {
                    Flaw::DuplicateKey
                } else {
                    Flaw::Unsorted
                };
                return Err(DecodeError { at: start, flaw });
            }
            previous = encoded;
            entries.push((key, self.item(depth + 1)?));
        }
        Ok(Value::Map(entries))
    }

    /// Reads an initial byte and its argument. Major type 7 gives the simple value's number.
    fn head(&mut self) -> Result<(u8, u64), DecodeError> {
        let start = self.at;
        let initial = self.take(1)?[0];
        let (major, low) = (initial >> 5, initial & 0x1f);
        if major == 7 && low >= 24 {
            return Err(DecodeError {
                at: start,
                flaw: Flaw::Forbidden,
            });
        }
        let width = match low {
            0..=23 => return Ok((major, low.into())),
            24..=27 => 1usize << (low - 24),
            _ => {
                return Err(DecodeError {
                    at: start,
                    flaw: Flaw::Reserved,
                });
            }
        };
        let argument = self
            .take(width as u64)?
            .iter()
            .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        let least = if width == 1 { 24 } else { 1u64 << (width * 4) };
        if argument < least {
            return Err(DecodeError {
                at: start,
                flaw: Flaw::NotShortest,
            });
        }
        Ok((major, argument))
    }

    fn take(&mut self, length: u64) -> Result<&[u8], DecodeError> {
        let truncated = DecodeError {
            at: self.at,
            flaw: Flaw::Truncated,
        };
        let length = usize::try_from(length).map_err(|_| truncated.clone())?;
        let end = self
            .at
            .checked_add(length)
            .filter(|end| *end <= self.bytes.len());
        let taken = &self.bytes[self.at..end.ok_or(truncated)?];
        self.at += length;
        Ok(taken)
    }

    /// A claimed number of items, refused where fewer bytes are left than items: a short input
    /// cannot make the reader reserve much memory.
    fn plausible(&self, items: u64) -> Result<usize, DecodeError> {
        let left = self.bytes.len() - self.at;
        usize::try_from(items)
            .ok()
            .filter(|items| *items <= left)
            .ok_or(DecodeError {
                at: self.at,
                flaw: Flaw::Truncated,
            })
    }
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
        Value::Bytes(bytes) => {
            write_head(2, bytes.len() as u64, out);
            out.extend_from_slice(bytes);
        }
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
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn examples_of_rfc_8949_appendix_a_are_read_and_written() {
        for (encoded, value) in [
            ("00", Value::Int(0)),
            ("1864", Value::Int(100)),
            ("1bffffffffffffffff", Value::Int(u64::MAX.into())),
            ("3bffffffffffffffff", Value::Int(-1 - i128::from(u64::MAX))),
            ("20", Value::Int(-1)),
            ("f5", Value::Bool(true)),
            (
                "c074323031332d30332d32315432303a30343a30305a",
                Value::Tag(0, Box::new(Value::text("2013-03-21T20:04:00Z"))),
            ),
            ("4401020304", Value::bytes([1, 2, 3, 4])),
            ("62c3bc", Value::text("\u{fc}")),
            (
                "a26161016162820203",
                Value::Map(vec![
                    (Value::text("a"), Value::Int(1)),
                    (
                        Value::text("b"),
                        Value::Array(vec![Value::Int(2), Value::Int(3)]),
                    ),
                ]),
            ),
        ] {
            assert_eq!(decode(&hex(encoded)).as_ref(), Ok(&value), "{encoded}");
            assert_eq!(encode(&value), hex(encoded), "{encoded}");
        }
    }

    #[test]
    fn what_is_not_deterministic_is_refused_with_its_place() {
        for (encoded, at, flaw) in [
            ("1801", 0, Flaw::NotShortest),
            ("190018", 0, Flaw::NotShortest),
            ("5f41ff", 0, Flaw::Reserved),
            ("9fff", 0, Flaw::Reserved),
            ("f90000", 0, Flaw::Forbidden),
            ("fb3ff199999999999a", 0, Flaw::Forbidden),
            ("f6", 0, Flaw::Forbidden),
            ("f7", 0, Flaw::Forbidden),
            ("f814", 0, Flaw::Forbidden),
            ("a2616101616102", 4, Flaw::DuplicateKey),
            ("a2616201616102", 4, Flaw::Unsorted),
            ("61ff", 0, Flaw::NotUtf8),
            ("0000", 1, Flaw::Trailing),
            ("4401", 1, Flaw::Truncated),
            ("9bffffffffffffffff", 9, Flaw::Truncated),
            ("", 0, Flaw::Truncated),
        ] {
            assert_eq!(
                decode(&hex(encoded)),
                Err(DecodeError { at, flaw }),
                "{encoded}"
            );
        }
        let deep = [vec![0x81; MAX_DEPTH + 1], vec![0]].concat();
        assert_eq!(decode(&deep).unwrap_err().flaw, Flaw::TooDeep);
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = decode(&bytes) {
                prop_assert_eq!(encode(&value), bytes);
            }
        }
    }
}
