//! What can be wrong with an encoding of foreign hands: each flaw with a code that is stable, where it
//! is, and what its author can do.

use std::fmt;

use crate::cbor::{MAX_DEPTH, MAX_MEMBERS};

/// What is wrong with an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// It ends before what it begins.
    CutShort,
    /// A length that stands at the end instead of the beginning.
    Indefinite,
    /// A byte that begins no item of CBOR.
    NotAnItem,
    /// Something else than a map or object of members with names.
    NotAMap,
    /// Not base64url without padding.
    NotBase64,
    /// A number that is infinite, or none.
    NotFinite,
    /// Not JSON.
    NotJson,
    /// Not three parts with dots between them.
    NotThreeParts,
    /// A text that is not UTF-8.
    NotUtf8,
    /// Nested deeper than any token.
    Nesting,
    /// `null`, `undefined` or another simple value.
    Simple,
    /// More members than any token has, or than there are bytes.
    TooMany,
    /// Something after the end.
    Trailing,
    /// The same name twice in a map.
    Twice,
}

/// A flaw, and the byte at which it is, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misencoded {
    /// What is wrong.
    pub flaw: Flaw,
    /// At which byte.
    pub at: usize,
}

impl Flaw {
    /// The flaw, at a byte counted from 0.
    pub(crate) const fn at(self, at: usize) -> Misencoded {
        Misencoded { flaw: self, at }
    }

    /// The message id.
    pub const fn code(self) -> &'static str {
        match self {
            Flaw::CutShort => "emblem-token-cut-short",
            Flaw::Indefinite => "emblem-token-indefinite",
            Flaw::NotAnItem => "emblem-token-not-an-item",
            Flaw::NotAMap => "emblem-token-not-a-map",
            Flaw::NotBase64 => "emblem-token-not-base64",
            Flaw::NotFinite => "emblem-token-not-finite",
            Flaw::NotJson => "emblem-token-not-json",
            Flaw::NotThreeParts => "emblem-token-not-three-parts",
            Flaw::NotUtf8 => "emblem-token-not-utf8",
            Flaw::Nesting => "emblem-token-nesting",
            Flaw::Simple => "emblem-token-simple",
            Flaw::TooMany => "emblem-token-too-many",
            Flaw::Trailing => "emblem-token-trailing",
            Flaw::Twice => "emblem-token-twice",
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::CutShort => f.write_str("it ends too early: copy it again, whole"),
            Flaw::Indefinite => f.write_str(
                "something is of indefinite length: its author must write the length in front",
            ),
            Flaw::NotAnItem => f.write_str("the byte begins no item of CBOR: copy it again, whole"),
            Flaw::NotAMap => {
                f.write_str("it is something else than a map of claims: its author must write one")
            }
            Flaw::NotBase64 => {
                f.write_str("it is not base64url without padding: copy it again, whole")
            }
            Flaw::NotFinite => f.write_str(
                "a number is infinite or none at all: its author must write a time in seconds",
            ),
            Flaw::NotJson => f.write_str("it is not JSON: copy it again, whole"),
            Flaw::NotThreeParts => {
                f.write_str("it is not three parts with dots between them: copy it again, whole")
            }
            Flaw::NotUtf8 => f.write_str("a text is not UTF-8: its author must write it so"),
            Flaw::Nesting => write!(
                f,
                "it is nested deeper than the {MAX_DEPTH} levels that are read: no emblem needs that, \
                 so take it as hostile"
            ),
            Flaw::Simple => f.write_str(
                "a value is null, undefined or of no meaning here: its author must leave it out",
            ),
            Flaw::TooMany => write!(
                f,
                "a list or map names more members than there are bytes, or than the {MAX_MEMBERS} \
                 that are read: no emblem needs that, so take it as hostile"
            ),
            Flaw::Trailing => {
                f.write_str("something stands after its end: give one token, and nothing after it")
            }
            Flaw::Twice => f.write_str(
                "the same name stands twice, so two readers could read two things: its author must \
                 write it once",
            ),
        }
    }
}

impl fmt::Display for Misencoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}, {}", self.at, self.flaw)
    }
}
