//! The export, row by row.

use std::collections::BTreeMap;
use std::io::Read;

use super::row::{Cell, Row, parse_date, parse_id};
use super::{COLUMNS, Column, Treatment};
use crate::Error;
use crate::rejection::{Reason, Rejection, excerpt};
use crate::table::{Encoding, Record, Table};
use crate::text::fold;

const ID: &str = "Attack ID";
const DATE: &str = "Attack Date";

/// Reads the rows of an export.
///
/// An item is a row or a rejection of one; after an error there are no more items. Two rows of one
/// id are both given: which of them counts is the importer's decision.
pub struct Reader<R> {
    table: Table<R>,
    id: usize,
    date: usize,
    present: Vec<(usize, Column)>,
    ignored: Vec<String>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header of a file in an encoding that [`sniff`](crate::table::sniff) found.
    ///
    /// Refused if the id or the date has no column, or a known column stands there twice.
    pub fn new(read: R, encoding: Encoding) -> Result<Self, Error> {
        let table = Table::new(read, encoding)?;
        let id = table.required_column(ID)?;
        let date = table.required_column(DATE)?;
        let mut present = Vec::new();
        for column in COLUMNS {
            if let Some(at) = table.column(column.header)? {
                present.push((at, column));
            }
        }
        let is_known = |name: &String| COLUMNS.iter().any(|c| fold(c.header) == fold(name));
        let ignored = table
            .columns()
            .iter()
            .filter(|name| !is_known(name) && !name.is_empty());
        let ignored = ignored.cloned().collect();
        present.retain(|(_, column)| {
            !matches!(
                column.treatment,
                Treatment::Id | Treatment::Date | Treatment::Derived
            )
        });
        Ok(Reader {
            table,
            id,
            date,
            present,
            ignored,
            ended: false,
        })
    }

    /// The fields that each row has, beside id and date, in the order of [`COLUMNS`].
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.present.iter().map(|(_, column)| column.field)
    }

    /// The columns of the file that are not the export's, as the header names them. They are not
    /// read; the derived columns of the export are not among them.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The delimiter of the file: comma, semicolon or tab.
    pub fn delimiter(&self) -> char {
        self.table.delimiter()
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Result<Row, Rejection>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = match self.table.next_record() {
            Ok(Some(Ok(record))) => Ok(read_row(record, self.id, self.date, &self.present)),
            Ok(Some(Err(rejection))) => Ok(Err(rejection)),
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Err(error) => {
                self.ended = true;
                Err(error)
            }
        };
        Some(item)
    }
}

fn read_row(
    record: Record<'_>,
    id: usize,
    date: usize,
    present: &[(usize, Column)],
) -> Result<Row, Rejection> {
    let reject = |header: &str, at: usize, reason: Reason, id: Option<String>| Rejection {
        line: record.line(),
        last_line: record.last_line(),
        column: Some(header.to_owned()),
        reason,
        excerpt: excerpt(record.field(at)),
        id,
    };
    let foreign_id = parse_id(record.field(id)).map_err(|reason| reject(ID, id, reason, None))?;
    let date = parse_date(record.field(date))
        .ok_or_else(|| reject(DATE, date, Reason::BadDate, Some(foreign_id.clone())))?;
    let mut values = BTreeMap::new();
    for &(at, column) in present {
        let cell = Cell::parse(column, record.field(at))
            .map_err(|reason| reject(column.header, at, reason, Some(foreign_id.clone())))?;
        values.insert(column.field, cell);
    }
    Ok(Row {
        line: record.line(),
        foreign_id,
        date,
        values,
    })
}
