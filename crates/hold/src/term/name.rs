//! Names and texts of the language, each kind of name a type of its own.
//!
//! Every name is a [`Code`], so that facts can be compared with it.

use std::fmt;

use ensign_trust::Code;
use thiserror::Error;

use crate::term::word;

/// Longest text, in characters.
pub const MAX_TEXT: usize = 4096;

/// A text is not a name of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAName {
    /// It looks like a duration.
    #[error("what looks like a duration is no name")]
    Duration,
    /// It has a wrong shape.
    #[error("{0}")]
    Shape(&'static str),
    /// It is a word of the language.
    #[error("a word of the language is no name")]
    Reserved,
}

/// What a plain name looks like.
pub(crate) const PLAIN: &str =
    "a name is a letter followed by letters, digits or `_`, 128 characters at most";

/// What a dotted name looks like.
pub(crate) const DOTTED: &str = "a name of this kind is letters, digits and `_` in parts joined by `.`, each beginning \
     with a letter, 128 characters at most";

/// What a time zone's name looks like.
pub(crate) const ZONE: &str = "a time zone is a name of the IANA database such as `Europe/Vienna`";

/// What a citation looks like, before and after its `#`.
pub(crate) const CITED: &str = "a source is cited as `name` or `name#place`, with letters, digits and `. _ : / -` only, 128 \
     characters each at most";

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $shape:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Code);

        impl $name {
            /// Reads a name.
            pub fn new(text: &str) -> Result<Self, NotAName> {
                shape::$shape(text)?;
                Code::new(text).map($name).map_err(|_| NotAName::Shape(PLAIN))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The name as it stands in facts.
            pub fn as_code(&self) -> &Code {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

names! {
    /// A calendar of the instrument.
    CalendarName: plain;
    /// A channel of delivery, such as `poc` or `voice`.
    Channel: plain;
    /// A value of a coded field.
    CodeWord: plain;
    /// A field of a fact.
    Field: plain;
    /// A list of holidays that the publisher supplies.
    HolidaysName: plain;
    /// A measured indicator, such as `service.functionality`.
    Indicator: dotted;
    /// An instrument.
    InstrumentName: plain;
    /// A kind of fact, such as `assistance_request` or `incident.handled`. Its last part is none of
    /// the words `occurred`, `recorded`, `first` and `last`.
    Kind: kind;
    /// A ladder of the instrument.
    LadderName: plain;
    /// A parameter that the parties set.
    ParamName: plain;
    /// A place in a source, such as `art_23.4.a`.
    Passage: cited;
    /// A register of objects, such as `register.medical`.
    Register: dotted;
    /// A response that a rung allows.
    Response: plain;
    /// A role that a party holds.
    Role: plain;
    /// A rung of a ladder.
    RungName: plain;
    /// A text that the instrument draws on, such as `eli/dir/2022/2555`.
    SourceName: cited;
    /// A term of the instrument.
    TermName: plain;
    /// A defined word: a ground of findings, or a condition with a name.
    Word: plain;
    /// A time zone of the IANA database.
    ZoneName: zone;
}

/// A line of prose: 1 to [`MAX_TEXT`] characters, without control characters and without those that
/// override the direction of text, so that it reads as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

/// A text cannot stand in an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAText {
    /// It is empty, or spaces only.
    #[error("a text says something")]
    Empty,
    /// It has a character that cannot be shown.
    #[error("a text is one line, without control characters and without overrides of direction")]
    Hidden,
    /// It has more than [`MAX_TEXT`] characters.
    #[error("a text has {MAX_TEXT} characters at most")]
    TooLong,
}

impl Text {
    /// Reads a text.
    pub fn new(text: impl Into<String>) -> Result<Self, NotAText> {
        let text = text.into();
        if text.trim().is_empty() {
            Err(NotAText::Empty)
        } else if text.chars().any(is_hidden) {
            Err(NotAText::Hidden)
        } else if text.chars().count() > MAX_TEXT {
            Err(NotAText::TooLong)
        } else {
            Ok(Text(text))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character is none that a text may have: controls, line and paragraph separators, and
/// the embeddings, overrides and isolates of Unicode's bidirectional algorithm.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

mod shape {
    use super::{CITED, DOTTED, NotAName, PLAIN, ZONE, word};

    pub(super) fn plain(text: &str) -> Result<(), NotAName> {
        if word::is_reserved(text) {
            Err(NotAName::Reserved)
        } else if word::is_duration_like(text) {
            Err(NotAName::Duration)
        } else if text.len() <= 128 && is_part(text) {
            Ok(())
        } else {
            Err(NotAName::Shape(PLAIN))
        }
    }

    pub(super) fn dotted(text: &str) -> Result<(), NotAName> {
        if word::is_reserved(text) {
            Err(NotAName::Reserved)
        } else if word::is_duration_like(text) {
            Err(NotAName::Duration)
        } else if text.len() <= 128 && text.split('.').all(is_part) {
            Ok(())
        } else {
            Err(NotAName::Shape(DOTTED))
        }
    }

    pub(super) fn kind(text: &str) -> Result<(), NotAName> {
        dotted(text)?;
        let last = text.rsplit('.').next().unwrap_or_default();
        if word::ANCHOR_PARTS.contains(&last) {
            Err(NotAName::Reserved)
        } else {
            Ok(())
        }
    }

    pub(super) fn zone(text: &str) -> Result<(), NotAName> {
        let is_part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
        };
        if text.len() <= 128 && text.split('/').all(is_part) {
            Ok(())
        } else {
            Err(NotAName::Shape(ZONE))
        }
    }

    pub(super) fn cited(text: &str) -> Result<(), NotAName> {
        let fits = (1..=128).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._:/-".contains(&b))
            && !text.contains("..")
            && !text.contains("//");
        if fits {
            Ok(())
        } else {
            Err(NotAName::Shape(CITED))
        }
    }

    fn is_part(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    }
}
