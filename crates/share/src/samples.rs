//! Samples of an indicator as a table: one reading a row.
//!
//! | Column | Read as |
//! |---|---|
//! | `time` | RFC 3339, or Unix seconds; required |
//! | `value` | a whole number, or per cent with at most two decimals, as parts per 10,000; required column, an empty cell is no sample |
//! | `about` | what was measured, as a code; where the column is missing the caller says it |
//!
//! Each reading counts once, however often it stands in the file, so memory is bounded by how many
//! different ones there may be.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use ensign_hold::fact::{Reading, Scales};
use ensign_trust::Code;
use jiff::Timestamp;

use crate::error::Error;
use crate::rejection::{Reason, Rejection, excerpt};
use crate::table::{Encoding, Record, Table};

/// Rejected rows that are kept; the count goes on.
const MAX_KEPT: usize = 1000;

/// What a file of samples holds.
#[derive(Debug, Default)]
pub struct Read {
    /// Rows, without blank ones.
    pub rows: u64,
    /// The readings, by what was measured.
    pub readings: BTreeMap<Option<Code>, BTreeSet<Reading>>,
    /// Rows that cannot be read.
    pub rejected: u64,
    /// The first thousand of these.
    pub rejections: Vec<Rejection>,
}

/// Where the columns stand, and what their values may be.
struct Columns<'a> {
    scales: &'a Scales,
    time: usize,
    value: usize,
    about: Option<usize>,
}

/// Reads a file of samples in an encoding that [`sniff`](crate::table::sniff) found.
///
/// # Errors
/// Where the file cannot be read, lacks a column, or has more than `most` different readings. A value
/// off every one of the `scales` is a row that cannot be read.
pub fn read(
    read: impl io::Read,
    encoding: Encoding,
    scales: &Scales,
    most: usize,
) -> Result<Read, Error> {
    let mut table = Table::new(read, encoding)?;
    let columns = Columns {
        scales,
        time: table.required_column("time")?,
        value: table.required_column("value")?,
        about: table.column("about")?,
    };
    let mut found = Read::default();
    let mut different = 0;
    while let Some(record) = table.next_record()? {
        found.rows += 1;
        match record.and_then(|record| columns.read(&record)) {
            Ok(None) => {}
            Ok(Some((about, reading))) => {
                different += usize::from(found.readings.entry(about).or_default().insert(reading));
                if different > most {
                    return Err(Error::TooManyReadings { most });
                }
            }
            Err(rejection) => {
                found.rejected += 1;
                if found.rejections.len() < MAX_KEPT {
                    found.rejections.push(rejection);
                }
            }
        }
    }
    Ok(found)
}

impl Columns<'_> {
    fn read(&self, record: &Record<'_>) -> Result<Option<(Option<Code>, Reading)>, Rejection> {
        let rejected = |column: &str, reason, value: &str| Rejection {
            line: record.line(),
            last_line: record.last_line(),
            column: Some(column.to_owned()),
            reason,
            excerpt: excerpt(value),
            id: None,
        };
        let value = record.field(self.value).trim();
        if value.is_empty() {
            return Ok(None);
        }
        let number = number(value).ok_or_else(|| rejected("value", Reason::BadValue, value))?;
        if let Some(scale) = self.scales.missed(number) {
            return Err(rejected("value", Reason::OffScale(scale), value));
        }
        let time = record.field(self.time).trim();
        let second = moment(time).ok_or_else(|| rejected("time", Reason::BadMoment, time))?;
        let about = self.about.map(|at| record.field(at).trim());
        let about = about.filter(|about| !about.is_empty());
        let about = about.map(|text| {
            let code = Code::new(text);
            code.map_err(|_| rejected("about", Reason::BadCode, text))
        });
        let reading = Reading {
            second,
            value: number,
        };
        Ok(Some((about.transpose()?, reading)))
    }
}

/// Unix seconds or RFC 3339, until the end of the year 9999: what is beyond is in milliseconds.
fn moment(text: &str) -> Option<u64> {
    let moment = match text.parse::<i64>() {
        Ok(second) => Timestamp::from_second(second).ok()?,
        Err(_) => text.parse::<Timestamp>().ok()?,
    };
    u64::try_from(moment.as_second()).ok()
}

/// A whole number, or per cent as parts per 10,000.
fn number(text: &str) -> Option<i64> {
    let Some(percent) = text.strip_suffix('%') else {
        return text.parse().ok();
    };
    let (whole, decimals) = percent
        .trim_end()
        .split_once('.')
        .unwrap_or((percent.trim_end(), ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 2 || !is_digits(whole) || !is_digits(decimals) {
        return None;
    }
    let parts: i64 = format!("{decimals:0<2}").parse().ok()?;
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Read, Error> {
        read(text.as_bytes(), Encoding::Utf8, &Scales::default(), 3)
    }

    #[test]
    fn rows_are_read_by_what_they_measure_and_duplicates_count_once() {
        let text = "time,value,about\n\
            2027-01-01T01:00:00Z,95.5%,clinic-7\n\
            1798765200,9550,clinic-7\n\
            2027-01-01T02:00:00Z,,clinic-7\n\
            2027-01-01T03:00:00+01:00,7,\n";
        let found = read_text(text).unwrap();
        assert_eq!((found.rows, found.rejected), (4, 0));
        let about = Some(Code::literal("clinic-7"));
        let reading = Reading {
            second: 1_798_765_200,
            value: 9_550,
        };
        assert_eq!(found.readings[&about], BTreeSet::from([reading]));
        assert_eq!(found.readings[&None].len(), 1);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_said_and_the_rest_is_taken() {
        let text = "time,value\nyesterday,1\n1798765200000,1\n1798765200,much\n1798765200,1.5%5\n1798765200,4\n";
        let found = read_text(text).unwrap();
        let reasons: Vec<_> = found.rejections.iter().map(|it| it.reason).collect();
        let value = Reason::BadValue;
        assert_eq!(
            reasons,
            [Reason::BadMoment, Reason::BadMoment, value, value]
        );
        assert_eq!(found.readings[&None].len(), 1);
    }

    #[test]
    fn a_rejected_row_says_which_rule_it_breaks_and_gives_an_example_that_breaks_none() {
        let text = "time,value,about\n\
            yesterday,1,clinic-7\n\
            1798765200,much,clinic-7\n\
            1798765200,1,the old clinic\n";
        let found = read_text(text).unwrap();
        let said = found.rejections.iter().map(ToString::to_string);
        assert_eq!(
            said.collect::<Vec<_>>(),
            [
                "line 2, column \"time\": not a moment, \"xxxxxxxxx\"; expected RFC 3339 or Unix seconds, from \
                 1970 on, such as 2027-03-01T00:00:00Z or 1803859200",
                "line 3, column \"value\": not a value, \"xxxx\"; expected a whole number, or per cent with two \
                 decimals at most, such as 7 or 99.25%",
                "line 4, column \"about\": not a code, \"xxx xxx xxxxxx\"; expected 1 to 128 of the characters \
                 A-Z a-z 0-9 . _ : / + -, such as clinic-7",
            ]
        );
        let examples =
            "time,value,about\n2027-03-01T00:00:00Z,7,clinic-7\n1803859200,99.25%,clinic-7\n";
        assert_eq!(read_text(examples).unwrap().rejected, 0);
    }

    #[test]
    fn more_different_readings_than_allowed_end_the_reading() {
        let text = "time,value\n1,1\n1,1\n2,1\n3,1\n4,1\n";
        assert!(matches!(
            read_text(text),
            Err(Error::TooManyReadings { most: 3 })
        ));
        assert!(matches!(
            read_text("time\n1\n"),
            Err(Error::MissingColumn { .. })
        ));
    }

    #[test]
    fn per_cent_are_parts_per_ten_thousand() {
        assert_eq!(number("100%"), Some(10_000));
        assert_eq!(number("99.5 %"), Some(9_950));
        assert_eq!(number("0.05%"), Some(5));
        assert_eq!(number("-1"), Some(-1));
        assert_eq!(number("1.234%"), None);
        assert_eq!(number("%"), None);
    }
}
