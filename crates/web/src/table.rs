//! Answers as CSV (RFC 4180, UTF-8, with a header): the same rows, the same names as in JSON.
//!
//! A cell that a spreadsheet would run as a formula begins with an apostrophe; numbers, dates and
//! codes of vocabularies never do. Several codes in a cell are set apart by `;`. An absent value and
//! an empty one are both an empty cell: JSON tells them apart.

pub(crate) mod promises;

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use ensign_trust::Coded;
use http_body::Frame;
use tokio::sync::mpsc;

use crate::answer::party::{Key, Party};
use crate::answer::register::{AssetRow, EmblemRow, Recognition};
use crate::answer::{Change, Entry, Front, Incident, IncidentRow, Statement, Tally, Value};
use crate::fault::Fault;
use crate::site::{Site, body};

/// The type of such a file.
pub(crate) const TYPE: &str = "text/csv; charset=utf-8; header=present";

/// Rows on their way into a file.
pub(crate) struct Csv(csv::Writer<Vec<u8>>);

/// A row of an answer.
pub(crate) trait Row {
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];

    /// One cell for each column.
    fn cells(&self) -> Vec<String>;
}

/// A page of rows, and where the next one begins.
pub(crate) struct Part<R, A> {
    pub(crate) rows: Vec<R>,
    pub(crate) next: Option<A>,
}

impl Csv {
    /// A file with this header.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let mut file = Csv::without_header();
        file.record(columns.iter().map(|it| (*it).to_owned()));
        file
    }

    fn without_header() -> Self {
        let mut format = csv::WriterBuilder::new();
        Csv(format
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(Vec::new()))
    }

    /// Adds a row.
    pub(crate) fn record(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().map(guarded);
        self.0
            .write_record(cells)
            .expect("writing to memory does not fail");
    }

    /// The bytes so far.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
            .into_inner()
            .expect("writing to memory does not fail")
    }

    /// A whole answer of rows.
    pub(crate) fn of<R: Row>(rows: &[R]) -> Vec<u8> {
        let mut file = Csv::new(R::COLUMNS);
        rows.iter().for_each(|row| file.record(row.cells()));
        file.into_bytes()
    }
}

/// An answer of all rows, page by page, read as fast as the reader takes them. The first page was
/// read already, so that a fault is told as one.
pub(crate) fn stream<R, A>(
    site: Site,
    first: Part<R, A>,
    read: impl Fn(&Site, A) -> Result<Part<R, A>, Fault> + Clone + Send + Sync + 'static,
) -> Response
where
    R: Row + Send + 'static,
    A: Send + 'static,
{
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let mut bytes = Csv::of(&first.rows);
        let mut next = first.next;
        loop {
            if sender.send(Ok(Bytes::from(bytes))).await.is_err() {
                // The reader is gone.
                return;
            }
            let Some(place) = next.take() else { return };
            let read = read.clone();
            match site.blocking(move |site| read(site, place)).await {
                Ok(part) => {
                    let mut file = Csv::without_header();
                    part.rows.iter().for_each(|row| file.record(row.cells()));
                    bytes = file.into_bytes();
                    next = part.next;
                }
                Err(_) => {
                    // Breaks the transfer off, so that the file is not taken for a whole one.
                    let broken = std::io::Error::other("the node failed");
                    let _ = sender.send(Err(broken)).await;
                    return;
                }
            }
        }
    });
    body(TYPE, Body::new(Written(receiver)))
}

/// A body that is written while it is sent.
struct Written(mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl http_body::Body for Written {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0
            .poll_recv(context)
            .map(|bytes| bytes.map(|bytes| bytes.map(Frame::data)))
    }
}

/// The front page: all its tallies in one table.
pub(crate) fn front(front: &Front) -> Vec<u8> {
    let mut file = Csv::new(&["by", "value", "incidents", "killed", "injured"]);
    let mut row = |by: &str, value: Option<&String>, tally: &Tally| {
        file.record([
            by.to_owned(),
            value.cloned().unwrap_or_default(),
            tally.incidents.to_string(),
            tally.killed.to_string(),
            tally.injured.to_string(),
        ]);
    };
    row("all", None, &front.total);
    front
        .months
        .iter()
        .for_each(|it| row("month", Some(&it.month), &it.tally));
    front
        .by_country
        .iter()
        .for_each(|it| row("country", it.country.as_ref(), &it.tally));
    front
        .by_certainty
        .iter()
        .for_each(|it| row("certainty", it.certainty.as_ref(), &it.tally));
    file.into_bytes()
}

/// An incident: its fields.
pub(crate) fn incident(incident: &Incident) -> Vec<u8> {
    let columns = [
        "id",
        "source",
        "source_id",
        "field",
        "blank",
        "coded",
        "text",
        "erased",
        "statement",
    ];
    let mut file = Csv::new(&columns);
    for field in &incident.fields {
        let [coded, text, erased] = value_cells(Some(&field.value));
        file.record([
            incident.row.id.clone(),
            incident.row.source.clone(),
            incident.row.source_id.clone(),
            field.field.clone(),
            field.value.blank.to_string(),
            coded,
            text,
            erased,
            field.statement.clone(),
        ]);
    }
    file.into_bytes()
}

/// The keys of a party.
pub(crate) fn keys(party: &Party) -> Vec<u8> {
    let mut file = Csv::new(Key::COLUMNS);
    for key in &party.keys {
        file.record(key.cells());
    }
    file.into_bytes()
}

/// An entry: what stands in a list, and its fields.
pub(crate) fn entry(statement: &Statement) -> Vec<u8> {
    let mut file = Csv::new(&["claim", "value"]);
    for (name, cell) in Entry::COLUMNS.iter().zip(statement.entry.cells()) {
        file.record([(*name).to_owned(), cell]);
    }
    for (name, value) in &statement.body {
        file.record([format!("body.{name}"), coded_cell(value)]);
    }
    for text in &statement.sealed {
        let words = text.words.clone().unwrap_or_default();
        file.record([format!("sd.{}", text.digest), words]);
    }
    file.into_bytes()
}

impl Row for IncidentRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "source",
        "source_id",
        "date",
        "country",
        "certainty",
        "attack_types",
        "killed",
        "injured",
        "listed",
        "added_late",
        "changes",
        "first_received",
        "last_received",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.source.clone(),
            self.source_id.clone(),
            self.date.clone(),
            self.country.clone().unwrap_or_default(),
            self.certainty.clone().unwrap_or_default(),
            self.attack_types.join(";"),
            number(self.killed),
            number(self.injured),
            self.listed.to_string(),
            self.added_late.to_string(),
            self.changes.to_string(),
            self.first_received.to_string(),
            self.last_received.to_string(),
        ]
    }
}

impl Row for Change {
    const COLUMNS: &'static [&'static str] = &[
        "kind",
        "incident",
        "source_id",
        "date",
        "field",
        "was_coded",
        "was_text",
        "was_erased",
        "now_coded",
        "now_text",
        "now_erased",
        "statement",
        "index",
        "received",
        "run",
    ];

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![
            self.kind.to_owned(),
            self.incident.clone(),
            self.source_id.clone(),
            self.date.clone(),
            self.field.clone().unwrap_or_default(),
        ];
        cells.extend(value_cells(self.was.as_ref()));
        cells.extend(value_cells(self.now.as_ref()));
        cells.extend([
            self.statement.clone(),
            self.index.to_string(),
            self.received.to_string(),
            self.run.clone().unwrap_or_default(),
        ]);
        cells
    }
}

impl Row for Entry {
    const COLUMNS: &'static [&'static str] = &[
        "index",
        "id",
        "kind",
        "version",
        "understood",
        "refusal",
        "key_revoked_as_of",
        "author",
        "author_name",
        "key",
        "subject",
        "claimed",
        "received",
        "batch",
        "receipt",
        "size",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.index.to_string(),
            self.id.clone(),
            self.kind.clone(),
            self.version.to_string(),
            self.understood.to_string(),
            self.refusal.clone().unwrap_or_default(),
            self.key_revoked
                .as_ref()
                .map_or_else(String::new, |key| key.as_of.to_string()),
            self.author.clone(),
            self.author_name.clone().unwrap_or_default(),
            self.key.clone(),
            self.subject.clone().unwrap_or_default(),
            self.claimed.to_string(),
            self.received.to_string(),
            self.batch.to_string(),
            self.receipt.to_string(),
            self.size.to_string(),
        ]
    }
}

impl Row for Key {
    const COLUMNS: &'static [&'static str] =
        &["key", "state", "added", "revoked_as_of", "reason", "ended"];

    fn cells(&self) -> Vec<String> {
        let index = |index: Option<u64>| index.map_or_else(String::new, |index| index.to_string());
        vec![
            self.key.clone(),
            self.state.to_owned(),
            self.added.to_string(),
            index(self.revoked_as_of),
            self.reason.clone().unwrap_or_default(),
            index(self.ended),
        ]
    }
}

impl Row for AssetRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "kind",
        "identifier",
        "erased",
        "outcome",
        "reason",
        "recognised_by",
        "authorities",
        "registrant",
        "bearer",
        "law",
        "authority",
        "from",
        "until",
        "index",
        "received",
    ];

    fn cells(&self) -> Vec<String> {
        let recognised = self.answer.recognised.iter();
        let by: Vec<_> = recognised.clone().map(|it| it.by.as_str()).collect();
        let authorities: Vec<_> = recognised.map(|it| it.authority.as_str()).collect();
        vec![
            self.id.clone(),
            self.kind.to_owned(),
            self.identifier.clone().unwrap_or_default(),
            self.erased.to_string(),
            self.answer.outcome.to_owned(),
            self.answer.reason.unwrap_or_default().to_owned(),
            by.join(";"),
            authorities.join(";"),
            self.registrant.clone(),
            self.bearer.clone(),
            self.law.clone(),
            self.authority.clone().unwrap_or_default(),
            self.from.to_string(),
            number(self.until),
            self.index.to_string(),
            self.received.to_string(),
        ]
    }
}

impl Row for EmblemRow {
    const COLUMNS: &'static [&'static str] = &[
        "statement",
        "index",
        "received",
        "by",
        "asset",
        "key",
        "purposes",
        "from",
        "until",
        "digest",
        "has_token",
        "status",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.stated.statement.clone(),
            self.stated.index.to_string(),
            self.stated.received.to_string(),
            self.stated.by.clone(),
            self.asset.clone(),
            self.key.clone(),
            self.purposes.join(";"),
            self.from.to_string(),
            number(self.until),
            self.digest.clone(),
            self.has_token.to_string(),
            self.status.to_owned(),
        ]
    }
}

impl Row for Recognition {
    const COLUMNS: &'static [&'static str] = &[
        "statement",
        "index",
        "received",
        "by",
        "organisation",
        "keys",
        "purposes",
        "kinds",
        "law",
        "policy",
        "from",
        "until",
        "status",
    ];

    fn cells(&self) -> Vec<String> {
        let kinds = self.kinds.as_ref().map(|kinds| kinds.join(";"));
        vec![
            self.stated.statement.clone(),
            self.stated.index.to_string(),
            self.stated.received.to_string(),
            self.stated.by.clone(),
            self.organisation.clone(),
            self.keys.join(";"),
            self.purposes.join(";"),
            kinds.unwrap_or_default(),
            self.law.clone(),
            self.policy.clone().unwrap_or_default(),
            self.from.to_string(),
            number(self.until),
            self.status.to_owned(),
        ]
    }
}

/// Coded part, words, and whether the words were erased.
fn value_cells(value: Option<&Value>) -> [String; 3] {
    let Some(value) = value else {
        return Default::default();
    };
    let words = value.text.as_ref().and_then(|text| text.words.clone());
    let erased = value
        .text
        .as_ref()
        .map(|text| text.words.is_none().to_string());
    [
        value.coded.as_ref().map(coded_cell).unwrap_or_default(),
        words.unwrap_or_default(),
        erased.unwrap_or_default(),
    ]
}

/// A code or number as it is, codes set apart by `;`, anything deeper as JSON.
fn coded_cell(coded: &Coded) -> String {
    match coded {
        Coded::Code(code) => code.to_string(),
        Coded::List(items) if items.iter().all(|item| item.as_code().is_some()) => {
            let codes: Vec<&str> = items
                .iter()
                .filter_map(Coded::as_code)
                .map(|code| code.as_str())
                .collect();
            codes.join(";")
        }
        Coded::Bytes(_) => {
            // As JSON it is a text of hexadecimal digits.
            serde_json::to_string(coded)
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned()
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

fn number(number: Option<u64>) -> String {
    number.map(|it| it.to_string()).unwrap_or_default()
}

/// Keeps a spreadsheet from running a cell.
fn guarded(cell: String) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{cell}"),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_run_is_quoted_and_no_other() {
        let mut file = Csv::new(&["a", "b"]);
        file.record(["=1+1".to_owned(), "a \"b\", c\r\nd".to_owned()]);
        file.record(["2031-02-08".to_owned(), "12:00-18:00".to_owned()]);
        file.record(["@SUM(A1)".to_owned(), String::new()]);
        assert_eq!(
            String::from_utf8(file.into_bytes()).unwrap(),
            "a,b\r\n'=1+1,\"a \"\"b\"\", c\r\nd\"\r\n2031-02-08,12:00-18:00\r\n'@SUM(A1),\r\n"
        );
    }
}
