//! Why a foreign file cannot be read at all.

use thiserror::Error as ThisError;

use crate::table::Encoding;

/// A file cannot be read, or cannot be read further. A row that cannot be read is a
/// [`Rejection`](crate::Rejection) instead.
#[derive(Debug, ThisError)]
pub enum Error {
    /// The caller's reader failed.
    #[error("cannot read the table")]
    Read(#[source] std::io::Error),
    /// The file holds NUL: a spreadsheet, an archive, or UTF-16 without its mark.
    #[error("the file is not text: it holds NUL bytes; save it as CSV in UTF-8 and try again")]
    NotText,
    /// A byte sequence that the encoding does not know.
    #[error(
        "the text near byte {offset} is not valid {encoding}; save the file as UTF-8 and try again"
    )]
    Encoding {
        /// The encoding of the file.
        encoding: Encoding,
        /// Bytes from the start of the file to what is not valid, or a few more.
        offset: u64,
    },
    /// There is not even a header line.
    #[error("the file is empty; a table begins with a line of column names")]
    Empty,
    /// The first line does not end, or a quote in it does not.
    #[error(
        "line {line} is no line of column names: {reason}; check that the file is a CSV export"
    )]
    Header {
        /// Line of the header, counted from 1.
        line: u64,
        /// What is wrong with it.
        reason: crate::Reason,
    },
    /// A column that the import cannot do without.
    #[error("line {line} has no column {column:?}; export the table again with that column")]
    MissingColumn {
        /// Line of the header, counted from 1.
        line: u64,
        /// Name of the column, as its publisher writes it.
        column: &'static str,
    },
    /// More different readings than are taken in at once.
    #[error("the file has more than {most} different readings; split it and import the parts")]
    TooManyReadings {
        /// How many there may be.
        most: usize,
    },
    /// Two columns of one name: which one counts cannot be known.
    #[error(
        "line {line} names the column {column:?} twice, as columns {first} and {second}; remove or rename one"
    )]
    RepeatedColumn {
        /// Line of the header, counted from 1.
        line: u64,
        /// Name of the column, as its publisher writes it.
        column: &'static str,
        /// Place of the first, counted from 1.
        first: usize,
        /// Place of the second, counted from 1.
        second: usize,
    },
}
