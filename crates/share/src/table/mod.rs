//! Tables as spreadsheets and databases export them: CSV in the encodings that occur, read as a
//! stream in constant memory.
//!
//! | Trap | Treatment |
//! |---|---|
//! | encoding not stated | [`sniff`]: a mark decides, else UTF-8 if all of the file is, else Windows-1252 |
//! | not text at all | NUL is refused |
//! | delimiter not stated | comma, semicolon or tab: whichever is most frequent in the header outside quotes |
//! | line breaks in quotes | kept; every record knows the physical lines that it spans |
//! | CRLF, LF, CR | each ends one line |
//! | empty lines, records of blanks alone | passed over: they say nothing |
//! | a quote that never ends | the record is rejected at a size limit or at the end, with all its lines |
//! | column names | matched without regard to case and spaces |
//!
//! Source: RFC 4180, which asks for less; the Encoding Standard for the decoders.

mod decode;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::Read;

use csv_core::{ReadRecordResult, ReaderBuilder};

use self::decode::Decoded;
pub use self::decode::sniff;
use crate::Error;
use crate::rejection::{Reason, Rejection};
use crate::text::{fold, is_blank, tidy};

/// Longest field, in bytes of UTF-8.
pub const MAX_FIELD: usize = 64 * 1024;
/// Longest record, in bytes of UTF-8 without delimiters and quotes.
pub const MAX_RECORD: usize = 256 * 1024;
/// Longest header line, in bytes of UTF-8.
pub const MAX_HEADER: usize = 64 * 1024;
/// Most columns.
pub const MAX_COLUMNS: usize = 1024;

/// How the characters of a file are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16, low byte first, with its mark.
    Utf16Le,
    /// UTF-16, high byte first, with its mark.
    Utf16Be,
    /// Windows-1252, of which Latin-1 text is a part.
    Windows1252,
}

/// A table read record by record.
pub struct Table<R> {
    text: Decoded<R>,
    parser: csv_core::Reader,
    record: Box<[u8]>,
    ends: Box<[usize]>,
    columns: Vec<String>,
    header_line: u64,
    delimiter: char,
    line: u64,
    after_cr: bool,
    done: bool,
}

/// One record, with as many fields as the table has columns.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    line: u64,
    last_line: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<R: Read> Table<R> {
    /// Reads the header line of a file in an encoding that [`sniff`] found.
    pub fn new(read: R, encoding: Encoding) -> Result<Self, Error> {
        let mut table = Table {
            text: Decoded::new(read, encoding),
            parser: csv_core::Reader::new(),
            record: vec![0; MAX_RECORD].into(),
            ends: vec![0; MAX_COLUMNS].into(),
            columns: Vec::new(),
            header_line: 0,
            delimiter: ',',
            line: 1,
            after_cr: false,
            done: false,
        };
        table.skip_line_breaks()?;
        table.header_line = table.line;
        let delimiter = table.find_delimiter()?;
        table.delimiter = char::from(delimiter);
        table.parser = ReaderBuilder::new().delimiter(delimiter).build();
        let span = table.scan()?.ok_or(Error::Empty)?;
        let fields = span.fields.map_err(|reason| table.bad_header(reason))?;
        table.columns = table
            .record(span, fields)
            .fields()
            .map(|f| tidy(f).into())
            .collect();
        Ok(table)
    }

    /// The column names, white space tidied, in the order of the file.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The delimiter: comma, semicolon or tab.
    pub fn delimiter(&self) -> char {
        self.delimiter
    }

    /// Where the column of that name stands, counted from 0; refused if there are two.
    pub fn column(&self, name: &'static str) -> Result<Option<usize>, Error> {
        let name_key = fold(name);
        let mut places = (0..self.columns.len()).filter(|&i| fold(&self.columns[i]) == name_key);
        match (places.next(), places.next()) {
            (Some(first), Some(second)) => Err(Error::RepeatedColumn {
                line: self.header_line,
                column: name,
                first: first + 1,
                second: second + 1,
            }),
            (place, _) => Ok(place),
        }
    }

    /// Where the column of that name stands, counted from 0; refused if there is none.
    pub fn required_column(&self, name: &'static str) -> Result<usize, Error> {
        let missing = Error::MissingColumn {
            line: self.header_line,
            column: name,
        };
        self.column(name)?.ok_or(missing)
    }

    /// Reads the next record that is not blank; none at the end of the file.
    ///
    /// After a rejection reading goes on with the next record, after an error it has ended.
    pub fn next_record(&mut self) -> Result<Option<Result<Record<'_>, Rejection>>, Error> {
        while let Some(span) = self.scan()? {
            let fields = match span.fields {
                Err(reason) => return Ok(Some(Err(span.rejected(reason, None)))),
                Ok(fields) => fields,
            };
            if self.record(span, fields).is_blank() {
                continue;
            }
            let record = self.record(span, fields);
            return Ok(Some(self.check(span, fields).map(|()| record)));
        }
        Ok(None)
    }

    /// A record has one field a column, and none too long.
    fn check(&self, span: Span, fields: usize) -> Result<(), Rejection> {
        let expected = self.columns.len();
        if fields < expected {
            return Err(span.rejected(
                Reason::TooFewFields {
                    found: fields,
                    expected,
                },
                None,
            ));
        }
        if fields > expected {
            return Err(span.rejected(Reason::TooManyFields { expected }, None));
        }
        match self
            .record(span, fields)
            .fields()
            .position(|field| field.len() > MAX_FIELD)
        {
            Some(at) => Err(span.rejected(Reason::FieldTooLong, Some(self.columns[at].clone()))),
            None => Ok(()),
        }
    }

    /// Reads one record, blank or not, into the buffers.
    fn scan(&mut self) -> Result<Option<Span>, Error> {
        if self.done {
            return Ok(None);
        }
        // Until it is known how this ends: an error ends the reading.
        self.done = true;
        self.skip_line_breaks()?;
        if self.text.ready().is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut last_line = line;
        let (mut written, mut ended) = (0, 0);
        let mut fault = None;
        loop {
            let at_end = self.text.ready().is_empty() && !self.text.fill()?;
            // A line break ends the last record, unless a quote is open.
            let input = if at_end { b"\n" } else { self.text.ready() };
            let (result, read, out, ends) = self.parser.read_record(
                input,
                &mut self.record[written..],
                &mut self.ends[ended..],
            );
            (written, ended) = (written + out, ended + ends);
            if !at_end && read > 0 {
                last_line = self.advance(read);
            }
            match result {
                ReadRecordResult::InputEmpty if at_end => {
                    fault = Some(Reason::UnclosedQuote);
                    break;
                }
                ReadRecordResult::InputEmpty => {}
                // The rest of the record is read over the start of it, and dropped.
                ReadRecordResult::OutputFull => {
                    fault = fault.or(Some(Reason::RecordTooLong));
                    (written, ended) = (0, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    fault = fault.or(Some(Reason::TooManyFields {
                        expected: MAX_COLUMNS,
                    }));
                    (written, ended) = (0, 0);
                }
                ReadRecordResult::Record | ReadRecordResult::End => {
                    self.done = at_end;
                    break;
                }
            }
        }
        let fields = fault.map_or(Ok(ended), Err);
        Ok(Some(Span {
            line,
            last_line,
            fields,
        }))
    }

    /// What [`scan`](Self::scan) left in the buffers.
    fn record(&self, span: Span, fields: usize) -> Record<'_> {
        let ends = &self.ends[..fields];
        let length = ends.last().copied().unwrap_or(0);
        let text = std::str::from_utf8(&self.record[..length])
            .expect("the decoder writes UTF-8 and the parser only takes ASCII out of it");
        Record {
            line: span.line,
            last_line: span.last_line,
            text,
            ends,
        }
    }

    /// Counts the line breaks among the next bytes and consumes these. Answers the last line that
    /// has any of them, a line break being part of the line that it ends.
    fn advance(&mut self, count: usize) -> u64 {
        let mut last_line = self.line;
        for &byte in &self.text.ready()[..count] {
            let second_half = byte == b'\n' && self.after_cr;
            // The line was counted at the first half, which may have come before these bytes.
            last_line = self.line - u64::from(second_half);
            if matches!(byte, b'\n' | b'\r') && !second_half {
                self.line += 1;
            }
            self.after_cr = byte == b'\r';
        }
        self.text.consume(count);
        last_line
    }

    fn skip_line_breaks(&mut self) -> Result<(), Error> {
        loop {
            if self.text.ready().is_empty() && !self.text.fill()? {
                return Ok(());
            }
            let breaks = self
                .text
                .ready()
                .iter()
                .take_while(|b| matches!(b, b'\n' | b'\r'))
                .count();
            if breaks == 0 {
                return Ok(());
            }
            self.advance(breaks);
        }
    }

    /// Looks at the header line without consuming it.
    fn find_delimiter(&mut self) -> Result<u8, Error> {
        loop {
            let ready = self.text.ready();
            let line = &ready[..ready.len().min(MAX_HEADER)];
            if let Some(delimiter) = most_frequent_delimiter(line) {
                return Ok(delimiter);
            }
            if ready.len() >= MAX_HEADER {
                return Err(self.bad_header(Reason::RecordTooLong));
            }
            if !self.text.fill()? {
                // No line break: the header is all there is.
                let whole = [self.text.ready(), b"\n"].concat();
                let unclosed = self.bad_header(Reason::UnclosedQuote);
                return most_frequent_delimiter(&whole).ok_or(unclosed);
            }
        }
    }

    fn bad_header(&self, reason: Reason) -> Error {
        Error::Header {
            line: self.header_line,
            reason,
        }
    }
}

impl<'a> Record<'a> {
    /// Physical line on which the record begins, counted from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Physical line on which it ends.
    pub fn last_line(&self) -> u64 {
        self.last_line
    }

    /// The field in that column, counted from 0; empty beyond the last.
    pub fn field(&self, column: usize) -> &'a str {
        let Some(&end) = self.ends.get(column) else {
            return "";
        };
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }

    /// The fields in the order of the columns.
    pub fn fields(self) -> impl Iterator<Item = &'a str> {
        (0..self.ends.len()).map(move |column| self.field(column))
    }

    fn is_blank(&self) -> bool {
        is_blank(self.text)
    }
}

impl Encoding {
    /// Name of the encoding, as the Encoding Standard writes it.
    pub fn name(self) -> &'static str {
        self.decoder().name()
    }

    fn decoder(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a record stands in the file, and how many fields it has.
#[derive(Debug, Clone, Copy)]
struct Span {
    line: u64,
    last_line: u64,
    fields: Result<usize, Reason>,
}

impl Span {
    fn rejected(self, reason: Reason, column: Option<String>) -> Rejection {
        Rejection {
            line: self.line,
            last_line: self.last_line,
            column,
            reason,
            excerpt: String::new(),
            id: None,
        }
    }
}

/// The delimiter of the first line; none if the text ends before the line does. A line without
/// any delimiter is a table of one column.
fn most_frequent_delimiter(text: &[u8]) -> Option<u8> {
    const CANDIDATES: [u8; 3] = [b',', b';', b'\t'];
    let mut counts = [0_usize; 3];
    let mut quoted = false;
    for &byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                // The first of equals: the comma before the others.
                let most = counts.iter().copied().max()?;
                return counts
                    .iter()
                    .position(|&c| c == most)
                    .map(|at| CANDIDATES[at]);
            }
            _ if quoted => {}
            _ => {
                if let Some(at) = CANDIDATES.iter().position(|&c| c == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    None
}
