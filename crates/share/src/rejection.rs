//! A row that cannot be read: where it stands and why. The rest of the file is read on.

use std::fmt;

use ensign_hold::fact::Scale;
use thiserror::Error as ThisError;

use crate::text;

/// Longest excerpt of a rejected value, in characters.
pub const MAX_EXCERPT: usize = 40;

/// A row was not read.
///
/// It can be written into a program log: an excerpt shows digits and signs as they are and every
/// letter as `x`, since a shifted column may hold what somebody wrote in free text.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub struct Rejection {
    /// Physical line on which the row begins, counted from 1.
    pub line: u64,
    /// Physical line on which it ends; far below `line` where a quote was never closed.
    pub last_line: u64,
    /// Name of the column, as in the header; none where the row as a whole is at fault.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: Reason,
    /// Form of the value, at most [`MAX_EXCERPT`] characters; empty where there is none.
    pub excerpt: String,
    /// The publisher's id of the row, if it could be read.
    pub id: Option<String>,
}

/// Why a row was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ThisError)]
pub enum Reason {
    /// Fewer fields than columns.
    #[error("{found} fields")]
    TooFewFields {
        /// Fields of the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// More fields than columns: often a delimiter in an unquoted text.
    #[error("too many fields")]
    TooManyFields {
        /// Columns of the header, or the most that a table may have.
        expected: usize,
    },
    /// A field above [`MAX_FIELD`](crate::table::MAX_FIELD).
    #[error("a field too long")]
    FieldTooLong,
    /// A record above [`MAX_RECORD`](crate::table::MAX_RECORD).
    #[error("a row too long")]
    RecordTooLong,
    /// The file ends inside quotes.
    #[error("a quote is not closed before the file ends")]
    UnclosedQuote,
    /// The publisher's id is empty.
    #[error("no id")]
    NoId,
    /// The publisher's id has other characters than `A-Z a-z 0-9 . _ -`, or more than 64.
    #[error("not an id")]
    BadId,
    /// No [code](ensign_trust::Code).
    #[error("not a code")]
    BadCode,
    /// No date, an impossible one, or one in an unknown form.
    #[error("not a date")]
    BadDate,
    /// No moment, or one before 1970.
    #[error("not a moment")]
    BadMoment,
    /// Neither empty nor a number that an indicator can have.
    #[error("not a value")]
    BadValue,
    /// Off every scale on which a text measures the indicator; the nearest one.
    #[error("off the scale")]
    OffScale(Scale),
    /// Neither empty nor a whole number from zero.
    #[error("not a count")]
    BadCount,
    /// A number above [`MAX_COUNT`](crate::who_ssa::MAX_COUNT).
    #[error("a number too large")]
    CountTooLarge,
}

impl Reason {
    /// The message id in the translations.
    pub fn code(self) -> &'static str {
        match self {
            Reason::TooFewFields { .. } => "import.row.too_few_fields",
            Reason::TooManyFields { .. } => "import.row.too_many_fields",
            Reason::FieldTooLong => "import.row.field_too_long",
            Reason::RecordTooLong => "import.row.record_too_long",
            Reason::UnclosedQuote => "import.row.unclosed_quote",
            Reason::NoId => "import.row.no_id",
            Reason::BadId => "import.row.bad_id",
            Reason::BadCode => "import.row.bad_code",
            Reason::BadDate => "import.row.bad_date",
            Reason::BadMoment => "import.row.bad_moment",
            Reason::BadValue => "import.row.bad_value",
            Reason::OffScale(_) => "import.row.off_scale",
            Reason::BadCount => "import.row.bad_count",
            Reason::CountTooLarge => "import.row.count_too_large",
        }
    }

    /// What is right there, with an example where one says more.
    pub fn expected(self) -> String {
        match self {
            Reason::TooFewFields { expected, .. } | Reason::TooManyFields { expected } => format!(
                "{expected} fields, as many as the header has; a text that holds the separator stands in quotation marks"
            ),
            Reason::FieldTooLong => format!("at most {} KiB", crate::table::MAX_FIELD / 1024),
            Reason::RecordTooLong => format!(
                "at most {} KiB; a quotation mark may not be closed",
                crate::table::MAX_RECORD / 1024
            ),
            Reason::UnclosedQuote => "a quotation mark behind the text that one begins".to_owned(),
            Reason::NoId | Reason::BadId => {
                "1 to 64 of the characters A-Z a-z 0-9 . _ -, such as EX-17".to_owned()
            }
            Reason::BadCode => format!(
                "1 to {} of the characters A-Z a-z 0-9 . _ : / + -, such as clinic-7",
                ensign_trust::code::MAX_CODE
            ),
            Reason::BadDate => {
                "a date from 2000 to 2099 as month/day/year or year-month-day, such as 2/25/2017 or 2017-02-25"
                    .to_owned()
            }
            Reason::BadMoment => {
                "RFC 3339 or Unix seconds, from 1970 on, such as 2027-03-01T00:00:00Z or 1803859200".to_owned()
            }
            Reason::BadValue => {
                "a whole number, or per cent with two decimals at most, such as 7 or 99.25%".to_owned()
            }
            Reason::OffScale(scale) => format!("a value on the scale {scale}"),
            Reason::BadCount => "a whole number from zero, such as 3".to_owned(),
            Reason::CountTooLarge => format!("at most {}", crate::who_ssa::MAX_COUNT),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if self.last_line != self.line {
            write!(f, " to {}", self.last_line)?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column:?}")?;
        }
        write!(f, ": {}", self.reason)?;
        if !self.excerpt.is_empty() {
            write!(f, ", {:?}", self.excerpt)?;
        }
        write!(f, "; expected {}", self.reason.expected())
    }
}

/// The form of a value without its words.
pub(crate) fn excerpt(value: &str) -> String {
    let value = text::tidy(value);
    let mut shown: String = value
        .chars()
        .take(MAX_EXCERPT)
        .map(|c| {
            if c.is_ascii_digit() || c.is_ascii_punctuation() || c == ' ' {
                c
            } else {
                'x'
            }
        })
        .collect();
    if value.chars().nth(MAX_EXCERPT).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}
