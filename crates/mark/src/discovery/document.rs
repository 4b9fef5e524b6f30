//! The files under `/.well-known/` of a host, beside its pages.
//!
//! | path | content | type |
//! |---|---|---|
//! | [`CWT_PATH`] | a CBOR array of byte strings: tokens of the CWT dialect and COSE_Keys | `application/cbor` |
//! | [`JWS_PATH`] | the texts of TXT records, a line each: tokens of the JWS dialect and their keys | `text/plain` |
//!
//! The array is the bundle that the reference implementation's tools read. The name is not
//! registered (RFC 8615 section 3.1): no draft has one. A host without items of a dialect has no file
//! for it.

use ensign_trust::cbor::{self, Value};
use thiserror::Error;

use super::item::{Item, NotAnItem};
use super::text::{self, Parts, Text};
use super::{FoundItem, Reason, Section};
use crate::cbor as foreign;
use crate::token::Dialect;

/// Path of the set in the CWT dialect.
pub const CWT_PATH: &str = "/.well-known/digital-emblem";
/// Path of the set in the JWS dialect.
pub const JWS_PATH: &str = "/.well-known/digital-emblem.txt";

/// Longest document that is read, in bytes.
pub const MAX_DOCUMENT: usize = 256 * 1024;
/// Most tokens and keys in a document.
const MAX_ITEMS: usize = 64;

/// What is served at one of the paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The media type.
    pub content_type: &'static str,
    /// The bytes.
    pub body: Vec<u8>,
}

/// Why a document is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// Not a CBOR array of byte strings.
    #[error("not a CBOR array of byte strings")]
    NotAnArray,
    /// Not ASCII text.
    #[error("not lines of ASCII text")]
    NotText,
    /// An item is neither a token nor a key.
    #[error("item {at} is no token or key")]
    Item {
        /// Its place, from 1.
        at: usize,
        /// What it is not.
        #[source]
        source: NotAnItem,
    },
    /// A line is not the text of a token or a key.
    #[error("line {at} is no token or key")]
    Line {
        /// Its number, from 1.
        at: usize,
        /// What is wrong with it.
        #[source]
        source: Reason,
    },
    /// Longer than [`MAX_DOCUMENT`], or with too many items.
    #[error("longer than {MAX_DOCUMENT} bytes, or with more than {MAX_ITEMS} tokens and keys")]
    TooLong,
}

/// What is served at the path of a dialect; nothing where the set has no item of it.
pub fn document(items: &[Item], dialect: Dialect) -> Option<Document> {
    let items: Vec<&Item> = items.iter().filter(|it| it.dialect() == dialect).collect();
    if items.is_empty() {
        return None;
    }
    Some(match dialect {
        Dialect::Cwt => {
            let items = items.iter().map(|it| Value::bytes(it.bytes())).collect();
            Document {
                content_type: "application/cbor",
                body: cbor::encode(&Value::Array(items)),
            }
        }
        Dialect::Jws => {
            let lines = items.iter().map(|it| text::write(it) + "\n");
            Document {
                content_type: "text/plain; charset=us-ascii",
                body: lines.collect::<String>().into_bytes(),
            }
        }
    })
}

/// Reads what was served at the path of a dialect. Unlike in DNS nothing else can be meant by the
/// file, so what is no token or key is an error.
///
/// # Errors
/// [`DocumentError`].
pub fn read_document(body: &[u8], dialect: Dialect) -> Result<Vec<FoundItem>, DocumentError> {
    if body.len() > MAX_DOCUMENT {
        return Err(DocumentError::TooLong);
    }
    let items = match dialect {
        Dialect::Cwt => read_array(body)?,
        Dialect::Jws => read_lines(body)?,
    };
    if items.len() > MAX_ITEMS {
        return Err(DocumentError::TooLong);
    }
    Ok(items)
}

fn read_array(body: &[u8]) -> Result<Vec<FoundItem>, DocumentError> {
    let Ok(foreign::Item::Array(items)) = foreign::decode(body) else {
        return Err(DocumentError::NotAnArray);
    };
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let foreign::Item::Bytes(bytes) = item else {
            return Err(DocumentError::NotAnArray);
        };
        let item = Item::from_cbor(bytes);
        let item = item.map_err(|source| DocumentError::Item { at: at + 1, source })?;
        found.push(in_file(item, None));
    }
    Ok(found)
}

fn read_lines(body: &[u8]) -> Result<Vec<FoundItem>, DocumentError> {
    let text = std::str::from_utf8(body)
        .ok()
        .filter(|text| text.is_ascii());
    let text = text.ok_or(DocumentError::NotText)?;
    let (mut found, mut parts) = (Vec::new(), Parts::default());
    let mut last = 0;
    for (at, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        last = at + 1;
        let wrong = |source| DocumentError::Line { at: at + 1, source };
        let read = text::read_line(line).ok_or(wrong(Reason::Text))?;
        match read.map_err(wrong)? {
            Text::Whole(item, set) => found.push(in_file(item, set)),
            Text::Part(of, number, text) => parts.add(of, number, text),
        }
    }
    for (item, set) in parts.join() {
        let item = item.map_err(|source| DocumentError::Line { at: last, source })?;
        found.push(in_file(item, set));
    }
    Ok(found)
}

fn in_file(item: Item, set: Option<String>) -> FoundItem {
    let section = Section::File;
    FoundItem { item, set, section }
}
