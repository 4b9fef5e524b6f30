//! The export without the words of some of its rows.

use std::io::{self, Read};

use super::row::{Cell, parse_date, parse_id};
use super::{COLUMNS, Column, Treatment};
use crate::Error;
use crate::table::{Encoding, Record, Table};
use crate::text::fold;

/// Reads an export and gives it again as CSV in UTF-8, with the words of erased rows left out.
///
/// Of such a row the id, the date and what is wholly coded stay; every other cell is empty, also in
/// columns that the import does not read. A row that cannot be read is left out: whose words it has
/// cannot be known. All other rows keep their text.
pub struct Redacting<R, F> {
    table: Table<R>,
    id: usize,
    columns: Vec<Option<Column>>,
    erased: F,
    found: u64,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read, F: Fn(&str) -> bool> Redacting<R, F> {
    /// Reads the header of a file; `erased` says which ids are those of erased rows.
    ///
    /// # Errors
    /// As [`Reader::new`](super::Reader::new).
    pub fn new(read: R, encoding: Encoding, erased: F) -> Result<Self, Error> {
        let table = Table::new(read, encoding)?;
        let known = |name: &String| {
            let column = COLUMNS.iter().find(|it| fold(it.header) == fold(name));
            column.copied()
        };
        let mut new = Redacting {
            id: table.required_column("Attack ID")?,
            columns: table.columns().iter().map(known).collect(),
            table,
            erased,
            found: 0,
            ready: Vec::new(),
            given: 0,
        };
        let header = new.table.columns().to_vec();
        new.ready = line(new.table.delimiter(), &header);
        Ok(new)
    }

    /// How many rows of erased ids were met so far.
    pub fn found(&self) -> u64 {
        self.found
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let delimiter = self.table.delimiter();
            let record = match self.table.next_record()? {
                None => return Ok(None),
                Some(Err(_)) => continue,
                Some(Ok(record)) => record,
            };
            let Ok(id) = parse_id(record.field(self.id)) else {
                continue;
            };
            let fields: Vec<&str> = match (self.erased)(&id) {
                false => record.fields().collect(),
                true => {
                    self.found += 1;
                    coded(&self.columns, record)
                }
            };
            return Ok(Some(line(delimiter, &fields)));
        }
    }
}

impl<R: Read, F: Fn(&str) -> bool> Read for Redacting<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.ready = match self.next_line() {
                Ok(line) => line.unwrap_or_default(),
                Err(Error::Read(source)) => return Err(source),
                Err(error) => return Err(io::Error::other(error)),
            };
            self.given = 0;
        }
        let rest = &self.ready[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

/// The cells of a row, those with words in them empty.
fn coded<'a>(columns: &[Option<Column>], record: Record<'a>) -> Vec<&'a str> {
    let stays = |column: Option<Column>, text: &str| match column {
        None => false,
        Some(column) => match column.treatment {
            Treatment::Id => true,
            Treatment::Date => parse_date(text).is_some(),
            Treatment::Derived => false,
            _ => !matches!(
                Cell::parse(column, text),
                Err(_)
                    | Ok(Cell::Text(_)
                        | Cell::Codes {
                            unknown: Some(_),
                            ..
                        })
            ),
        },
    };
    let cells = columns.iter().zip(record.fields());
    cells
        .map(|(column, text)| if stays(*column, text) { text } else { "" })
        .collect()
}

fn line(delimiter: char, fields: &[impl AsRef<str>]) -> Vec<u8> {
    let mut format = csv::WriterBuilder::new();
    format.delimiter(u8::try_from(delimiter).unwrap_or(b','));
    let mut writer = format.from_writer(Vec::new());
    let written = writer.write_record(fields.iter().map(AsRef::as_ref));
    written.expect("memory takes what is written");
    writer.into_inner().expect("memory takes what is written")
}
