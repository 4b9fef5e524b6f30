//! A token or a key as it is published, not yet read.

use std::fmt;

use thiserror::Error;

use crate::key::{EmblemKey, KeyError, Kid, MAX_KEY};
use crate::token::{Dialect, MAX_TOKEN, Reading, Token, TokenError};

/// First bytes of a token: tag 61 in two bytes, then tag 18; the first alone in older texts.
const CWT: [u8; 2] = [0xd8, 0x3d];
const COSE_SIGN1: u8 = 0xd2;
/// Characters of a key's id that a label shows.
const KID_SHOWN: usize = 12;
/// Major type of a CBOR map, of which a COSE_Key is one.
const MAP: u8 = 5;

/// A token or a key as it is published, in the form of its channel.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A token of the CWT dialect.
    Cwt(Vec<u8>),
    /// A COSE_Key.
    CoseKey(Vec<u8>),
    /// A token of the JWS dialect, in compact form.
    Jws(String),
    /// A JWK, as JSON.
    Jwk(String),
    /// A SubjectPublicKeyInfo, in DER.
    Spki(Vec<u8>),
}

/// Bytes that are neither a token nor a key, by how they begin and how long they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnItem {
    /// Another beginning.
    #[error("neither a token nor a COSE_Key or JWK: it does not begin like one")]
    Beginning,
    /// Nothing at all.
    #[error("empty")]
    Empty,
    /// Longer than any token or key.
    #[error("longer than the {MAX_TOKEN} bytes of any token, or the {MAX_KEY} of any key")]
    TooLong,
}

impl Item {
    /// What bytes are by their beginning, as in the data of an IHLE record: a map is a key, tag 61
    /// or 18 begins a token.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, NotAnItem> {
        match bytes {
            [] => Err(NotAnItem::Empty),
            [first, ..] if first >> 5 == MAP => {
                within(bytes, MAX_KEY).map(|it| Item::CoseKey(it.into()))
            }
            [COSE_SIGN1, ..] => within(bytes, MAX_TOKEN).map(|it| Item::Cwt(it.into())),
            _ if bytes.starts_with(&CWT) => within(bytes, MAX_TOKEN).map(|it| Item::Cwt(it.into())),
            _ => Err(NotAnItem::Beginning),
        }
    }

    /// What the bytes of a file are: CBOR as [`Item::from_cbor`], a JWK, or a compact JWS, with
    /// white space around text.
    pub fn from_file(bytes: &[u8]) -> Result<Self, NotAnItem> {
        let trimmed = bytes.trim_ascii();
        match std::str::from_utf8(trimmed) {
            Ok(text) if text.starts_with('{') => Self::jwk(text),
            Ok(text) if text.starts_with("eyJ") => Self::jws(text),
            _ => Self::from_cbor(bytes),
        }
    }

    pub(super) fn jws(text: &str) -> Result<Self, NotAnItem> {
        // A header is a JSON object, and `{"` begins so in base64url.
        if !text.starts_with("eyJ") {
            return Err(NotAnItem::Beginning);
        }
        within(text.as_bytes(), MAX_TOKEN).map(|_| Item::Jws(text.to_owned()))
    }

    pub(super) fn jwk(text: &str) -> Result<Self, NotAnItem> {
        within(text.as_bytes(), MAX_KEY).map(|_| Item::Jwk(text.to_owned()))
    }

    /// Whether it is a token, and no key.
    pub fn is_token(&self) -> bool {
        matches!(self, Item::Cwt(_) | Item::Jws(_))
    }

    /// The dialect on whose channels it is published.
    pub fn dialect(&self) -> Dialect {
        match self {
            Item::Cwt(_) | Item::CoseKey(_) => Dialect::Cwt,
            Item::Jws(_) | Item::Jwk(_) | Item::Spki(_) => Dialect::Jws,
        }
    }

    /// Its bytes, as they are in a file.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Item::Cwt(bytes) | Item::CoseKey(bytes) | Item::Spki(bytes) => bytes,
            Item::Jws(text) | Item::Jwk(text) => text.as_bytes(),
        }
    }

    /// Reads the token; none where it is a key.
    pub fn token(&self, reading: Reading) -> Option<Result<Token, TokenError>> {
        match self {
            Item::Cwt(bytes) => Some(Token::from_cwt(bytes, reading)),
            Item::Jws(text) => Some(Token::from_jws(text.as_bytes())),
            Item::CoseKey(_) | Item::Jwk(_) | Item::Spki(_) => None,
        }
    }

    /// Reads the key; none where it is a token.
    pub fn key(&self) -> Option<Result<EmblemKey, KeyError>> {
        match self {
            Item::CoseKey(bytes) => Some(EmblemKey::from_cose(bytes)),
            Item::Jwk(text) => Some(EmblemKey::from_jwk(text.as_bytes())),
            Item::Spki(der) => Some(EmblemKey::from_spki(der)),
            Item::Cwt(_) | Item::Jws(_) => None,
        }
    }

    /// Whether both are the same token, or keys that verify the same whatever their form.
    pub fn is_same(&self, other: &Item) -> bool {
        match (self.key(), other.key()) {
            (Some(Ok(own)), Some(Ok(key))) => own.to_cose() == key.to_cose(),
            _ => self == other,
        }
    }

    /// What it is and by which key, in a few words: ids are cut short.
    pub fn label(&self) -> String {
        let short = |kid: Kid| kid.to_string().chars().take(KID_SHOWN).collect::<String>();
        let form = self.form();
        if let Some(key) = self.key() {
            return match key {
                Ok(key) => format!("key {}", short(key.kid(self.dialect()))),
                Err(_) => format!("unreadable {form}"),
            };
        }
        let Some(Ok(token)) = self.token(Reading::Lenient) else {
            return format!("unreadable {form}");
        };
        let by = short(token.kid());
        match token.endorsement() {
            None => format!("emblem signed by {by}"),
            Some(said) => match &said.issuer {
                Some(issuer) => format!("endorsement of {} by {issuer}, key {by}", short(said.key)),
                None => format!("endorsement of {} signed by {by}", short(said.key)),
            },
        }
    }

    /// What it is, in the words of the formats.
    pub const fn form(&self) -> &'static str {
        match self {
            Item::Cwt(_) => "CWT",
            Item::CoseKey(_) => "COSE_Key",
            Item::Jws(_) => "JWS",
            Item::Jwk(_) => "JWK",
            Item::Spki(_) => "SubjectPublicKeyInfo",
        }
    }
}

/// By form and length: content is public, and long.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.form(), self.bytes().len())
    }
}

fn within(bytes: &[u8], most: usize) -> Result<&[u8], NotAnItem> {
    if bytes.len() > most {
        return Err(NotAnItem::TooLong);
    }
    Ok(bytes)
}
