//! Tokens and keys in TXT records: `key=value` (RFC 1464).
//!
//! | record | carries | of |
//! |---|---|---|
//! | `adem-token=` | a compact JWS | the code of the JWS dialect |
//! | `adem-key=` | a JWK as JSON, or a SubjectPublicKeyInfo in base64 | the code; the draft |
//! | `adem-emb[-ID]=`, `adem-end[-ID]=` | a compact JWS | draft-linker-diem-adem-dns-00 |
//! | `adem-emb[-ID]-sN[-pN]=`, `adem-end...` | a compact JWS, or a part of one | the draft of 2023 |
//!
//! Tokens with an ID belong to the set of that ID, those without one to every set of the name.
//! Parts are put together in the order of their numbers, which need not be consecutive: that
//! one is missing shows when the token cannot be read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::BASE64;

use super::answer::Reason;
use super::item::Item;
use crate::token::MAX_TOKEN;

/// Longest string of a TXT record.
const MAX_STRING: usize = 255;
/// Longest name of a set.
const MAX_ID: usize = 64;

/// A TXT record that is about emblems.
pub(super) enum Text {
    /// A token or key, and the set that it names.
    Whole(Item, Option<String>),
    /// A part of a token.
    Part(PartOf, u16, String),
}

/// Which token a part is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PartOf {
    /// Whether it is an emblem, as its record says.
    emblem: bool,
    set: Option<String>,
    sequence: u16,
}

/// Parts of tokens until all are there.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<PartOf, Vec<(u16, String)>>);

impl Parts {
    pub(super) fn add(&mut self, of: PartOf, number: u16, text: String) {
        self.0.entry(of).or_default().push((number, text));
    }

    /// The tokens, and what could not be put together.
    pub(super) fn join(self) -> impl Iterator<Item = (Result<Item, Reason>, Option<String>)> {
        self.0.into_iter().map(|(of, mut parts)| {
            parts.sort_by_key(|(number, _)| *number);
            let twice = parts.windows(2).any(|pair| pair[0].0 == pair[1].0);
            let whole: String = parts.into_iter().map(|(_, text)| text).collect();
            let item = if twice {
                Err(Reason::PartTwice)
            } else {
                Item::jws(&whole).map_err(Reason::Item)
            };
            (item, of.set)
        })
    }
}

/// Reads the data of a TXT record; none where it is not about emblems.
pub(super) fn read(rdata: &[u8]) -> Option<Result<Text, Reason>> {
    read_line(&strings(rdata)?)
}

/// Reads the text of a TXT record; none where it is not about emblems.
pub(super) fn read_line(text: &str) -> Option<Result<Text, Reason>> {
    let (key, value) = text.split_once('=')?;
    let key = key.trim().to_ascii_lowercase();
    let whole = |item: Result<Item, Reason>| item.map(|item| Text::Whole(item, None));
    Some(match key.as_str() {
        "adem-token" => whole(Item::jws(value).map_err(Reason::Item)),
        "adem-key" => whole(read_key(value)),
        _ => {
            let emblem = key.strip_prefix("adem-emb");
            let rest = emblem.or_else(|| key.strip_prefix("adem-end"))?;
            read_token(emblem.is_some(), rest, value)
        }
    })
}

/// The text of an item that has one.
pub(super) fn write(item: &Item) -> String {
    match item {
        Item::Jws(text) => format!("adem-token={text}"),
        Item::Jwk(text) => format!("adem-key={text}"),
        Item::Spki(der) => format!("adem-key={}", BASE64.encode(der)),
        Item::Cwt(_) | Item::CoseKey(_) => String::new(),
    }
}

/// A text as data of a TXT record: strings of at most 255 bytes.
pub fn rdata(text: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(text.len() + text.len() / MAX_STRING + 1);
    for string in text.chunks(MAX_STRING) {
        data.push(u8::try_from(string.len()).expect("a chunk has at most 255 bytes"));
        data.extend(string);
    }
    data
}

/// The data of a TXT record as in a zone file (RFC 1035 section 5.1).
pub(super) fn presentation(rdata: &[u8]) -> String {
    let mut written = String::new();
    let mut rest = rdata;
    while let Some((length, after)) = rest.split_first() {
        let (string, after) = after.split_at(usize::from(*length).min(after.len()));
        if !written.is_empty() {
            written.push(' ');
        }
        written.push('"');
        for byte in string {
            match byte {
                b'"' | b'\\' => written.extend(['\\', char::from(*byte)]),
                b' '..=b'~' => written.push(char::from(*byte)),
                other => {
                    write!(written, "\\{other:03}").expect("a string takes all that it is given")
                }
            }
        }
        written.push('"');
        rest = after;
    }
    written
}

/// The strings of a TXT record in one; none where its data is broken, too long or not ASCII.
fn strings(rdata: &[u8]) -> Option<String> {
    let mut text = Vec::with_capacity(rdata.len());
    let mut rest = rdata;
    while let Some((length, after)) = rest.split_first() {
        let (string, after) = after.split_at_checked(usize::from(*length))?;
        text.extend(string);
        rest = after;
    }
    let ascii = text.is_ascii().then_some(text);
    ascii.and_then(|text| String::from_utf8(text).ok())
}

fn read_key(value: &str) -> Result<Item, Reason> {
    if value.starts_with('{') {
        return Item::jwk(value).map_err(Reason::Item);
    }
    let der = BASE64.decode(value.as_bytes());
    der.map(Item::Spki).map_err(|_| Reason::Key)
}

fn read_token(emblem: bool, suffix: &str, value: &str) -> Result<Text, Reason> {
    if value.len() > MAX_TOKEN {
        return Err(Reason::Text);
    }
    let names: Vec<&str> = match suffix.strip_prefix('-') {
        Some(names) => names.split('-').collect(),
        None if suffix.is_empty() => Vec::new(),
        None => return Err(Reason::Text),
    };
    let (set, sequence, part) = match *names.as_slice() {
        [] => (None, None, None),
        [id] if number(id, 's').is_none() => (Some(id), None, None),
        [sequence] => (None, Some(sequence), None),
        [sequence, part] if number(part, 'p').is_some() => (None, Some(sequence), Some(part)),
        [id, sequence] => (Some(id), Some(sequence), None),
        [id, sequence, part] => (Some(id), Some(sequence), Some(part)),
        _ => return Err(Reason::Text),
    };
    if set.is_some_and(|id| id.is_empty() || id.len() > MAX_ID) {
        return Err(Reason::Text);
    }
    let read = |text: Option<&str>, letter| match text {
        None => Ok(None),
        Some(text) => number(text, letter).map(Some).ok_or(Reason::Text),
    };
    let (sequence, part) = (read(sequence, 's')?, read(part, 'p')?);
    let set = set.map(str::to_owned);
    match (sequence, part) {
        (Some(sequence), Some(part)) => {
            let of = PartOf {
                emblem,
                set,
                sequence,
            };
            Ok(Text::Part(of, part, value.to_owned()))
        }
        _ => {
            let item = Item::jws(value).map_err(Reason::Item)?;
            Ok(Text::Whole(item, set))
        }
    }
}

/// The number after a letter.
fn number(text: &str, letter: char) -> Option<u16> {
    let digits = text.strip_prefix(letter)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}
