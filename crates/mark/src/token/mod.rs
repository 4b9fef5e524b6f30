//! Emblem tokens: what they say, apart from the encoding that carries it.
//!
//! An **emblem** says that assets enjoy protection; an **endorsement** says that a key may sign
//! emblems, or endorse further keys, for an organisation. Both are signed, and valid from `nbf`
//! until just before `exp`.
//!
//! | dialect | file | encoding | standard |
//! |---|---|---|---|
//! | [`Dialect::Cwt`] | `cwt`, `write` | CWT in COSE_Sign1: native, written and read | draft-linker-diem-adem-core-02; RFC 8392, RFC 9052 |
//! | [`Dialect::Jws`] | `jws` | compact JWS: read only | draft-linker-diem-adem-core-00; RFC 7515, RFC 7519 |
//!
//! A result is never printed without its dialect: the same names mean different things in them.
//!
//! Out of scope: which tokens belong together ([`verify`](crate::verify)), the UDP and TLS channels
//! of older drafts, unsigned tokens.

mod cwt;
mod error;
mod jws;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use crate::commitment::LogId;
use crate::identifier::Identifier;
use crate::key::{Algorithm, EmblemKey, Kid};
use crate::name::Organisation;
use crate::purpose::Purposes;

pub(crate) use cwt::is_signed_message;
pub use error::TokenError;
pub use write::{IssueError, Unsigned};

/// Longest token that is read, in bytes.
pub const MAX_TOKEN: usize = 16 * 1024;

/// The content type of a token in the CWT dialect (COSE header parameter 16).
pub const CONTENT_TYPE: &str = "application/adem";

/// One of the incompatible encodings of the protocol, and its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// CWT in COSE_Sign1, the newest drafts.
    Cwt,
    /// Compact JWS, until spring 2026.
    Jws,
}

/// How tokens of the CWT dialect are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// Also takes a token without tag 61, as the draft text of September 2026 had it, and numbers
    /// of the outer form in any width.
    #[default]
    Lenient,
    /// Asks for `61(18(...))` in its shortest form.
    Strict,
}

/// A token that was read; its signature is not yet checked.
#[derive(Debug, Clone)]
pub struct Token {
    bytes: Vec<u8>,
    dialect: Dialect,
    algorithm: Algorithm,
    signer: Signer,
    claims: Claims,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claims {
    /// Assets enjoy protection.
    Emblem(Emblem),
    /// A key may sign for an organisation.
    Endorsement(Endorsement),
}

/// When a token counts, in Unix seconds. A time with a fraction is rounded up, which changes no
/// comparison with whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first second at which it counts (`nbf`).
    pub not_before: i64,
    /// The first second at which it no longer counts (`exp`).
    pub expires: i64,
    /// When its author says it was made (`iat`).
    pub issued: Option<i64>,
}

/// Where a time stands to a [`Validity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// `exp` has come.
    Expired,
    /// `nbf` is still to come.
    NotYet,
    /// Between the two.
    Valid,
}

/// An emblem: what it marks, and with which protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emblem {
    /// Who says so (`iss`).
    pub issuer: Option<Organisation>,
    /// When it counts.
    pub validity: Validity,
    /// Which protection (`prp`). Absent only in the JWS dialect, where it means any.
    pub purposes: Option<Purposes>,
    /// What is marked; never empty.
    pub assets: Vec<Identifier>,
    /// Over which channels it may be found (JWS `dst`). Absent means any.
    pub channels: Option<Channels>,
}

/// An endorsement of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Who endorses (`iss`).
    pub issuer: Option<Organisation>,
    /// Whose key it is (`sub`).
    pub subject: Option<Organisation>,
    /// When it counts.
    pub validity: Validity,
    /// The endorsed key's id in the token's dialect (`key`).
    pub key: Kid,
    /// Whether the endorsed key may endorse further keys (`end`).
    pub may_endorse: bool,
    /// Where the organisation committed to the key that signed this (`log`): entries of Certificate
    /// Transparency logs. Empty where it is no root key.
    pub log: Vec<LogEntry>,
    /// What emblems under it may claim (`prp`). Absent only in the JWS dialect, where it means any.
    pub purposes: Option<Purposes>,
    /// Over which channels emblems under it may be found (JWS `dst`). Absent means any.
    pub channels: Option<Channels>,
    /// Which assets emblems under it may mark (JWS `assets`). Absent means any.
    pub assets: Option<Vec<Identifier>>,
    /// How many seconds an emblem under it may be valid (JWS `wnd`). Absent means any.
    pub window: Option<u64>,
}

/// An entry of a Certificate Transparency log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogEntry {
    /// Which log.
    pub log: LogId,
    /// Which of its entries.
    pub leaf: Leaf,
}

/// How an entry of a log is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaf {
    /// By its RFC 6962 leaf hash.
    Hash([u8; 32]),
    /// By its index (static-ct-api).
    Index(u64),
}

/// The channels over which an emblem may be found: a set, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels(u8);

/// Which key is to verify a token.
#[derive(Debug, Clone)]
pub(crate) enum Signer {
    /// One of the keys at hand.
    Named(Kid),
    /// The key in the token itself.
    Enclosed(Box<EmblemKey>),
}

impl Dialect {
    /// The name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Dialect::Cwt => "adem-cwt",
            Dialect::Jws => "adem-jws",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Token {
    /// Reads a token of either dialect.
    pub fn read(bytes: &[u8], reading: Reading) -> Result<Self, TokenError> {
        match bytes.first() {
            Some(first) if first.is_ascii() => Self::from_jws(bytes.trim_ascii()),
            _ => Self::from_cwt(bytes, reading),
        }
    }

    /// Reads a token of the CWT dialect.
    pub fn from_cwt(bytes: &[u8], reading: Reading) -> Result<Self, TokenError> {
        cwt::read(bytes, reading)
    }

    /// Reads a token of the JWS dialect: three parts of base64url with dots between them.
    pub fn from_jws(bytes: &[u8]) -> Result<Self, TokenError> {
        jws::read(bytes)
    }

    /// The token as it was read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes that its signature covers.
    pub fn message(&self) -> &[u8] {
        &self.signed
    }

    /// Its dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What its header says it is signed with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What it says.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The emblem, if it is one.
    pub fn emblem(&self) -> Option<&Emblem> {
        match &self.claims {
            Claims::Emblem(emblem) => Some(emblem),
            Claims::Endorsement(_) => None,
        }
    }

    /// The endorsement, if it is one.
    pub fn endorsement(&self) -> Option<&Endorsement> {
        match &self.claims {
            Claims::Emblem(_) => None,
            Claims::Endorsement(endorsement) => Some(endorsement),
        }
    }

    /// Who signed it, as it says.
    pub fn issuer(&self) -> Option<&Organisation> {
        match &self.claims {
            Claims::Emblem(emblem) => emblem.issuer.as_ref(),
            Claims::Endorsement(endorsement) => endorsement.issuer.as_ref(),
        }
    }

    /// When it counts.
    pub fn validity(&self) -> Validity {
        match &self.claims {
            Claims::Emblem(emblem) => emblem.validity,
            Claims::Endorsement(endorsement) => endorsement.validity,
        }
    }

    /// Whether it is a CWT without the tag that says so (61), which only a lenient reading takes.
    pub fn is_untagged(&self) -> bool {
        self.dialect == Dialect::Cwt && !cwt::is_tagged(&self.bytes)
    }

    /// The id of the key that is to verify it.
    pub fn kid(&self) -> Kid {
        match &self.signer {
            Signer::Named(kid) => *kid,
            Signer::Enclosed(key) => key.kid(self.dialect),
        }
    }

    /// The key in the token itself (JWS `jwk`). It proves nothing about who holds it.
    pub fn enclosed_key(&self) -> Option<&EmblemKey> {
        match &self.signer {
            Signer::Named(_) => None,
            Signer::Enclosed(key) => Some(key),
        }
    }

    /// Whether a key is the one that the token names and its signature is right under it. The
    /// key's algorithm must be the header's.
    #[must_use]
    pub fn is_signed_by(&self, key: &EmblemKey) -> bool {
        key.algorithm() == self.algorithm
            && key.kid(self.dialect) == self.kid()
            && key.verifies(&self.signed, &self.signature)
    }
}

/// By its bytes, which say everything.
impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Token {}

impl Emblem {
    /// What is marked, each once and in the order of the token, which may name it twice.
    pub fn marks(&self) -> Vec<&Identifier> {
        let mut marks = Vec::new();
        for asset in &self.assets {
            if !marks.contains(&asset) {
                marks.push(asset);
            }
        }
        marks
    }
}

impl Validity {
    /// From `not_before` until just before `expires`.
    pub const fn new(not_before: i64, expires: i64) -> Self {
        Validity {
            not_before,
            expires,
            issued: None,
        }
    }

    /// Where a time, in Unix seconds, stands to it.
    pub fn at(&self, now: u64) -> Phase {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        if now < self.not_before {
            Phase::NotYet
        } else if now < self.expires {
            Phase::Valid
        } else {
            Phase::Expired
        }
    }

    /// How many seconds it lasts; none where it never counts.
    pub fn seconds(&self) -> u64 {
        let seconds = i128::from(self.expires) - i128::from(self.not_before);
        u64::try_from(seconds).unwrap_or_default()
    }
}

impl Channels {
    const NAMES: [&'static str; 4] = ["dns", "icmp", "tls", "udp"];

    /// The set of channels with these names; none where one is unknown or there are none.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut bits = 0;
        for name in names {
            bits |= 1 << Self::NAMES.iter().position(|it| *it == name)?;
        }
        (bits != 0).then_some(Channels(bits))
    }

    /// The names, in alphabetical order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let named = Self::NAMES.into_iter().enumerate();
        named.filter_map(move |(at, name)| (self.0 & 1 << at != 0).then_some(name))
    }

    /// Whether every channel of `other` is in this set.
    pub const fn contains(self, other: Channels) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A NumericDate with a fraction, rounded up to whole seconds.
pub(crate) fn round_up(seconds: f64) -> Option<i64> {
    // Beyond 2^53 not every second has a float of its own.
    const LAST: f64 = 9_007_199_254_740_992.0;
    let whole = seconds.ceil();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within 2^53, a whole number"
    )]
    (whole.abs() <= LAST).then_some(whole as i64)
}
