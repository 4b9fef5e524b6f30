//! CBOR of foreign hands, read with bounds and without copies.
//!
//! Emblem tokens need not be deterministically encoded, and their times may be floats; so this
//! reader takes any order of map keys, any width of numbers and finite floats, where
//! [`ensign_trust::cbor`] would refuse. Refused here: indefinite lengths, duplicate keys, `null`,
//! `undefined` and other simple values, infinite and undefined numbers, nesting deeper than
//! [`MAX_DEPTH`], text that is not UTF-8, and bytes after the end.

use crate::encoding::{Flaw, Misencoded};

/// Deepest nesting of arrays, maps and tags that is read.
pub(crate) const MAX_DEPTH: usize = 16;

/// Most members of one map: each is compared with all before it.
pub(crate) const MAX_MEMBERS: usize = 64;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item<'a> {
    Array(Vec<Item<'a>>),
    Bool(bool),
    Bytes(&'a [u8]),
    Float(f64),
    Int(i128),
    Map(Map<'a>),
    Tag(u64, Box<Item<'a>>),
    Text(&'a str),
}

/// Members in the order in which they stand; no key occurs twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Map<'a>(Vec<(Item<'a>, Item<'a>)>);

/// Reads exactly one item.
pub(crate) fn decode(bytes: &[u8]) -> Result<Item<'_>, Misencoded> {
    let mut reader = Reader { bytes, at: 0 };
    let item = reader.item(0)?;
    match reader.at == bytes.len() {
        true => Ok(item),
        false => Err(Flaw::Trailing.at(reader.at)),
    }
}

impl<'a> Map<'a> {
    /// The member with an integer key.
    pub(crate) fn int(&self, key: i128) -> Option<&Item<'a>> {
        let found = self.0.iter().find(|(it, _)| *it == Item::Int(key));
        found.map(|(_, value)| value)
    }

    /// The member with a text key.
    pub(crate) fn text(&self, key: &str) -> Option<&Item<'a>> {
        let found = self.0.iter().find(|(it, _)| *it == Item::Text(key));
        found.map(|(_, value)| value)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Item<'a>> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The byte that is read next.
    at: usize,
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: usize) -> Result<Item<'a>, Misencoded> {
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(Flaw::Nesting.at(start));
        }
        #[cfg(test)]
        crate::tests::steps::item(0);
        let initial = self.take(1)?[0];
        let (major, low) = (initial >> 5, initial & 0x1f);
        let argument = match low {
            0..=23 => u64::from(low),
            24..=27 => {
                let bytes = self.take(1 << (low - 24))?;
                bytes
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
            }
            31 => return Err(Flaw::Indefinite.at(start)),
            _ => return Err(Flaw::NotAnItem.at(start)),
        };
        let finite = |number: f64| match number.is_finite() {
            true => Ok(Item::Float(number)),
            false => Err(Flaw::NotFinite.at(start)),
        };
        Ok(match major {
            0 => Item::Int(argument.into()),
            1 => Item::Int(-1 - i128::from(argument)),
            2 => Item::Bytes(self.take(argument)?),
            3 => {
                let text = std::str::from_utf8(self.take(argument)?);
                Item::Text(text.map_err(|_| Flaw::NotUtf8.at(start))?)
            }
            4 => {
                let length = self.plausible(argument, start)?;
                let mut items = Vec::with_capacity(length.min(MAX_MEMBERS));
                for _ in 0..length {
                    items.push(self.item(depth + 1)?);
                }
                Item::Array(items)
            }
            5 => self.map(argument, depth, start)?,
            6 => Item::Tag(argument, Box::new(self.item(depth + 1)?)),
            _ => match low {
                20 => Item::Bool(false),
                21 => Item::Bool(true),
                25 => finite(half(argument))?,
                26 => {
                    // Four bytes were read.
                    let single = u32::try_from(argument).unwrap_or_default();
                    finite(f32::from_bits(single).into())?
                }
                27 => finite(f64::from_bits(argument))?,
                _ => return Err(Flaw::Simple.at(start)),
            },
        })
    }

    fn map(&mut self, length: u64, depth: usize, start: usize) -> Result<Item<'a>, Misencoded> {
        let length = self.plausible(length, start)?;
        if length > MAX_MEMBERS {
            return Err(Flaw::TooMany.at(start));
        }
        let mut members: Vec<(Item, Item)> = Vec::with_capacity(length);
        for _ in 0..length {
            let at = self.at;
            let key = self.item(depth + 1)?;
            #[cfg(test)]
            crate::tests::steps::item(members.len());
            if members.iter().any(|(it, _)| *it == key) {
                return Err(Flaw::Twice.at(at));
            }
            members.push((key, self.item(depth + 1)?));
        }
        Ok(Item::Map(Map(members)))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Misencoded> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = usize::try_from(length).ok();
        let taken = length.and_then(|length| rest.get(..length));
        let taken = taken.ok_or(Flaw::CutShort.at(self.at))?;
        self.at += taken.len();
        Ok(taken)
    }

    /// A claimed number of items, refused where fewer bytes are left than items: a short input
    /// cannot make the reader reserve much memory.
    fn plausible(&self, items: u64, start: usize) -> Result<usize, Misencoded> {
        let left = self.bytes.len() - self.at;
        let items = usize::try_from(items).ok().filter(|items| *items <= left);
        items.ok_or(Flaw::TooMany.at(start))
    }
}

/// IEEE 754 half precision, as RFC 8949 appendix D reads it.
fn half(bits: u64) -> f64 {
    let exponent = i32::try_from(bits >> 10 & 0x1f).unwrap_or_default();
    let mantissa = u16::try_from(bits & 0x3ff).unwrap_or_default();
    let magnitude = match exponent {
        0 => f64::from(mantissa) * 2f64.powi(-24),
        31 => f64::INFINITY,
        _ => f64::from(mantissa + 1024) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    fn is_read(hex: &str) -> bool {
        decode(&HEXLOWER.decode(hex.as_bytes()).unwrap()).is_ok()
    }

    #[test]
    fn any_width_and_order_is_read_and_floats_are_exact() {
        for good in ["1801", "a2026101016102", "c11a514b67b0", "a0", "f5"] {
            assert!(is_read(good), "{good}");
        }
        for (bits, number) in [
            ("f93c00", 1.0),
            ("f97bff", 65504.0),
            ("f90001", 5.960_464_477_539_063e-8),
            ("f9c400", -4.0),
            ("fa47c35000", 100_000.0),
            ("fb3ff199999999999a", 1.1),
        ] {
            let bytes = HEXLOWER.decode(bits.as_bytes()).unwrap();
            assert_eq!(decode(&bytes), Ok(Item::Float(number)), "{bits}");
        }
    }

    #[test]
    fn what_has_no_bound_or_no_meaning_is_refused() {
        for bad in [
            "a2016101016102",
            "5f41ff",
            "9fff",
            "f6",
            "f7",
            "f814",
            "f97c00",
            "f97e00",
            "fa7f800000",
            "fb7ff0000000000000",
            "9bffffffffffffffff",
            "bbffffffffffffffff",
            "61ff",
            "0000",
            "4401",
            "",
        ] {
            assert!(!is_read(bad), "{bad}");
        }
        let deep = |levels: usize| [vec![0x81; levels], vec![0]].concat();
        assert!(decode(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(
            decode(&deep(MAX_DEPTH + 1)),
            Err(Flaw::Nesting.at(MAX_DEPTH + 1))
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_the_byte_at_which_it_is() {
        for (hex, flaw, at) in [
            ("a2016101016102", Flaw::Twice, 4),
            ("825f41ff", Flaw::Indefinite, 1),
            ("81f6", Flaw::Simple, 1),
            ("8200f97e00", Flaw::NotFinite, 2),
            ("81fb7ff0000000000000", Flaw::NotFinite, 1),
            ("829bffffffffffffffff", Flaw::TooMany, 1),
            ("819bffffffffffffffff", Flaw::TooMany, 1),
            ("8161ff", Flaw::NotUtf8, 1),
            ("0000", Flaw::Trailing, 1),
            ("4401", Flaw::CutShort, 1),
            ("811c", Flaw::NotAnItem, 1),
            ("", Flaw::CutShort, 0),
        ] {
            let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
            assert_eq!(decode(&bytes), Err(flaw.at(at)), "{hex}");
        }
    }
}
