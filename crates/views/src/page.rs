//! Pages of long answers, by seeking: a page begins after the last row of the one before, so that
//! the thousandth page costs what the first one costs and nothing is shown twice.

use std::fmt;
use std::str::FromStr;

use ensign_trust::Code;
use serde::{Serialize, Serializer};
use thiserror::Error;

/// Most rows of one page; a larger limit is taken for this one.
pub const MAX_PAGE: usize = 1_000;

/// Some rows of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T, C> {
    /// The rows, in the order of the answer.
    pub rows: Vec<T>,
    /// How many rows the whole answer has.
    pub total: u64,
    /// Where the next page begins; absent on the last one.
    pub next: Option<C>,
}

/// A place in a list of incidents, as `DATE~SOURCE_ID~SOURCE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentCursor {
    /// Date of the last incident shown.
    pub date: Code,
    /// Its source's own id.
    pub source_id: Code,
    /// Its source.
    pub source: Code,
}

/// A place in a list of changes, as `INDEX~ORDER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeCursor {
    /// Log index of the last change shown.
    pub index: u64,
    /// Its place among the changes of its statement.
    pub order: u64,
}

/// A text is no place in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a place in this list is written {0}")]
pub struct NotACursor(pub(crate) &'static str);

impl fmt::Display for IncidentCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}~{}", self.date, self.source_id, self.source)
    }
}

impl FromStr for IncidentCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let wrong = NotACursor("DATE~SOURCE_ID~SOURCE");
        let parts: Vec<Code> = text
            .split('~')
            .map(Code::new)
            .collect::<Result<_, _>>()
            .map_err(|_| wrong)?;
        let [date, source_id, source] = parts.try_into().map_err(|_| wrong)?;
        Ok(IncidentCursor {
            date,
            source_id,
            source,
        })
    }
}

impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.index, self.order)
    }
}

impl FromStr for ChangeCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let wrong = NotACursor("INDEX~ORDER");
        // Above what the database can hold there is nothing to find.
        let number = |text: &str| text.parse().ok().filter(|n| i64::try_from(*n).is_ok());
        let (index, order) = text.split_once('~').ok_or(wrong)?;
        Ok(ChangeCursor {
            index: number(index).ok_or(wrong)?,
            order: number(order).ok_or(wrong)?,
        })
    }
}

impl Serialize for IncidentCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for ChangeCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<T, C> Page<T, C> {
    /// Makes a page out of one row more than it shall have.
    pub(crate) fn cut(
        mut rows: Vec<T>,
        limit: usize,
        total: u64,
        place: impl FnOnce(&T) -> C,
    ) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        Page {
            next: rows.last().filter(|_| more).map(place),
            rows,
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_reads_back_and_nonsense_does_not() {
        let text = "2031-02-08~HARB0007~harbour-watch";
        assert_eq!(text.parse::<IncidentCursor>().unwrap().to_string(), text);
        assert_eq!("12~3".parse::<ChangeCursor>().unwrap().to_string(), "12~3");
        for wrong in ["", "a~b", "a~b~c~d", "a~b c~d"] {
            assert!(wrong.parse::<IncidentCursor>().is_err(), "{wrong}");
        }
        for wrong in ["", "12", "12~x", "18446744073709551615~1"] {
            assert!(wrong.parse::<ChangeCursor>().is_err(), "{wrong}");
        }
    }
}
