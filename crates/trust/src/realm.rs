//! Realms: what is real and what is an exercise can never be taken for one another.
//!
//! A node's folder has one realm, fixed when it is made. The realm stands inside the signed bytes
//! of each statement, and a statement of another realm is refused.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::code::Code;

/// `real`, or `exercise/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Realm {
    /// An exercise, a drill or an invented story, with its name.
    Exercise(Code),
    /// The world.
    Real,
}

/// A text names no realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a realm is `real` or `exercise/NAME`, NAME being lower-case letters, digits and hyphens")]
pub struct NotARealm;

impl Realm {
    /// Whether this is an exercise.
    pub fn is_exercise(&self) -> bool {
        matches!(self, Realm::Exercise(_))
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Realm::Exercise(name) => write!(f, "exercise/{name}"),
            Realm::Real => f.write_str("real"),
        }
    }
}

impl FromStr for Realm {
    type Err = NotARealm;

    fn from_str(text: &str) -> Result<Self, NotARealm> {
        if text == "real" {
            return Ok(Realm::Real);
        }
        let name = text.strip_prefix("exercise/").ok_or(NotARealm)?;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if name.len() > 64 || !name.bytes().all(plain) {
            return Err(NotARealm);
        }
        Ok(Realm::Exercise(Code::new(name).map_err(|_| NotARealm)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_realm_reads_back_as_it_was_written() {
        for text in ["real", "exercise/harbour-2026"] {
            assert_eq!(text.parse::<Realm>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "Real",
            "exercise/",
            "exercise/A",
            "exercise/a b",
            "exercise/a/b",
            "drill/a",
        ] {
            assert_eq!(text.parse::<Realm>(), Err(NotARealm), "{text}");
        }
    }
}
