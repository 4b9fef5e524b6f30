//! What stands beside every answer that is not "recognised".

use serde::Serialize;

/// A sentence with a code that is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its code.
    pub code: &'static str,
    /// It in words.
    pub says: &'static str,
}

/// That no answer takes a protection away: it is the law that protects, with or without an emblem.
pub const NOT_UNPROTECTED: Note = Note {
    code: "not-unprotected",
    says: "this does not mean unprotected: the law protects with or without an emblem or an entry",
};
