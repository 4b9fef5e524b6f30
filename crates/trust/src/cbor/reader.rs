//! Reading item by item.

use super::{DecodeError, Flaw, MAX_DEPTH, Value};

/// Reads items one after the other, for formats that know what comes next and need no [`Value`].
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A map that a [`Reader`] is in.
pub(crate) struct Entries<'a> {
    left: u64,
    previous: Option<&'a [u8]>,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    /// Where the next item begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Makes sure that nothing follows.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self.at == self.bytes.len() {
            true => Ok(()),
            false => Err(fault(self.at, Flaw::Trailing)),
        }
    }

    /// Reads an integer that is not negative.
    pub fn uint(&mut self) -> Result<u64, DecodeError> {
        self.expect(0)
    }

    /// Reads a byte string.
    pub fn byte_string(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.expect(2)?;
        self.take(length)
    }

    /// Reads a byte string of one length.
    pub fn array_of<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let start = self.at;
        let bytes = self.byte_string()?.try_into();
        bytes.map_err(|_| fault(start, Flaw::Unexpected))
    }

    /// Reads a text string.
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        let start = self.at;
        let length = self.expect(3)?;
        let text = std::str::from_utf8(self.take(length)?);
        text.map_err(|_| fault(start, Flaw::NotUtf8))
    }

    /// Reads the head of an array; its items follow.
    pub fn array(&mut self) -> Result<usize, DecodeError> {
        let length = self.expect(4)?;
        self.plausible(length)
    }

    /// Reads the head of a map; [`key`](Self::key) goes through it.
    pub fn map(&mut self) -> Result<Entries<'a>, DecodeError> {
        let left = self.expect(5)?;
        self.entries(left)
    }

    /// Reads the head of a map whose length is known.
    pub fn entries(&self, left: u64) -> Result<Entries<'a>, DecodeError> {
        self.plausible(left)?;
        Ok(Entries {
            left,
            previous: None,
        })
    }

    /// Reads the next key of a map and gives its encoding; its value follows.
    pub fn key(&mut self, entries: &mut Entries<'a>) -> Result<Option<&'a [u8]>, DecodeError> {
        if entries.left == 0 {
            return Ok(None);
        }
        let start = self.at;
        match self.head()? {
            (0 | 1, _) => {}
            (2, length) => drop(self.take(length)?),
            (3, length) => {
                let text = std::str::from_utf8(self.take(length)?);
                text.map_err(|_| fault(start, Flaw::NotUtf8))?;
            }
            _ => return Err(fault(start, Flaw::Unexpected)),
        }
        let key = &self.bytes[start..self.at];
        if let Some(previous) = entries.previous.filter(|previous| key <= *previous) {
            let flaw = match key == previous {
                true => Flaw::DuplicateKey,
                false => Flaw::Unsorted,
            };
            return Err(fault(start, flaw));
        }
        entries.previous = Some(key);
        entries.left -= 1;
        Ok(Some(key))
    }

    /// Reads whatever item comes next.
    pub fn item(&mut self, depth: usize) -> Result<Value, DecodeError> {
        let start = self.at;
        let (major, argument) = self.head_within(depth)?;
        Ok(match major {
            0 => Value::Int(argument.into()),
            1 => Value::Int(-1 - i128::from(argument)),
            2 => Value::Bytes(self.take(argument)?.to_vec()),
            3 => {
                let text = std::str::from_utf8(self.take(argument)?);
                let text = text.map_err(|_| fault(start, Flaw::NotUtf8))?;
                Value::Text(text.to_owned())
            }
            4 => {
                let mut items = Vec::with_capacity(self.plausible(argument)?);
                for _ in 0..argument {
                    items.push(self.item(depth + 1)?);
                }
                Value::Array(items)
            }
            5 => {
                let mut entries = self.entries(argument)?;
                let mut members = Vec::new();
                while let Some(key) = self.key(&mut entries)? {
                    let key = Reader::new(key).item(depth + 1)?;
                    members.push((key, self.item(depth + 1)?));
                }
                Value::Map(members)
            }
            6 => Value::Tag(argument, Box::new(self.item(depth + 1)?)),
            _ => Value::Bool(argument == 21),
        })
    }

    /// Reads an initial byte and its argument, unless nesting is too deep. Major type 7 gives 20
    /// for `false`, 21 for `true` and nothing else.
    pub fn head_within(&mut self, depth: usize) -> Result<(u8, u64), DecodeError> {
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(fault(start, Flaw::TooDeep));
        }
        match self.head()? {
            (7, argument) if !(20..=21).contains(&argument) => Err(fault(start, Flaw::Forbidden)),
            head => Ok(head),
        }
    }

    /// Reads the head of an item that must be of a major type.
    pub fn expect(&mut self, major: u8) -> Result<u64, DecodeError> {
        let start = self.at;
        match self.head()? {
            (found, argument) if found == major => Ok(argument),
            _ => Err(fault(start, Flaw::Unexpected)),
        }
    }

    /// Reads an initial byte and its argument. Major type 7 gives the simple value's number.
    fn head(&mut self) -> Result<(u8, u64), DecodeError> {
        let start = self.at;
        let initial = self.take(1)?[0];
        let (major, low) = (initial >> 5, initial & 0x1f);
        if major == 7 && low >= 24 {
            return Err(fault(start, Flaw::Forbidden));
        }
        let width = match low {
            0..=23 => return Ok((major, low.into())),
            24..=27 => 1usize << (low - 24),
            _ => return Err(fault(start, Flaw::Reserved)),
        };
        let argument = self
            .take(width as u64)?
            .iter()
            .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        let least = if width == 1 { 24 } else { 1u64 << (width * 4) };
        if argument < least {
            return Err(fault(start, Flaw::NotShortest));
        }
        Ok((major, argument))
    }

    /// Reads so many bytes.
    pub fn take(&mut self, length: u64) -> Result<&'a [u8], DecodeError> {
        let truncated = fault(self.at, Flaw::Truncated);
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
    pub fn plausible(&self, items: u64) -> Result<usize, DecodeError> {
        let left = self.bytes.len() - self.at;
        usize::try_from(items)
            .ok()
            .filter(|items| *items <= left)
            .ok_or(fault(self.at, Flaw::Truncated))
    }
}

fn fault(at: usize, flaw: Flaw) -> DecodeError {
    DecodeError { at, flaw }
}
