//! Importing a published file.
//!
//! The file is read once, to encrypt it into the blobs and take its digest, so that what is signed
//! is what is kept even if the file changes meanwhile. The encrypted copy is then read three times
//! and never held in memory: to recognise its encoding; to compare every row with what is known,
//! which gives the counts of the run; to state what is new. The run is stated before its rows, and
//! a row that says nothing new makes no statement, so an import that was broken off is finished by
//! running it again. A file is kept once, and only if a run says that it was imported.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use ensign_prove::source::{self, Act, Counts, Outcome, Row, Run};
use ensign_share::{Rejection, table, who_ssa};
use ensign_store::{Cell, DataKey, Opening, Sealing};
use ensign_trust::code::Code;
use ensign_trust::id::StatementId;
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::{Disclosure, Draft};
use ensign_views::Absence;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::clock::fresh;
use crate::command::{Covers, Progress};
use crate::error::Error;
use crate::node::Node;
use crate::party::code;

/// What the encryption of an imported file is bound to.
pub(crate) const BLOB_CONTEXT: &[u8] = b"import";
/// Statements in one batch.
const BATCH: usize = 256;
/// Rejected rows that an answer lists; the count goes on.
const MAX_LISTED: usize = 1000;
/// Rows between two reports of progress.
const REPORT: u64 = 1000;

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportAnswer {
    /// Rows of the file.
    pub rows: u64,
    /// Rows of new records.
    pub added: u64,
    /// Rows that differ from what was known, or are back after an absence.
    pub changed: u64,
    /// Known records inside the dates covered that the file does not list.
    pub absent: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Rows that cannot be read.
    pub rejected: u64,
    /// First and last date that the file covers.
    pub covers: Covers,
    /// The statement of the run.
    pub run: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub file: String,
    /// The file's encoding.
    pub encoding: &'static str,
    /// Columns that are not read.
    pub ignored_columns: Vec<String>,
    /// The first rows that cannot be read, at most 1,000.
    pub rejections: Vec<RejectedRow>,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    /// Line on which it begins.
    pub line: u64,
    /// Column at fault, where it is one.
    pub column: Option<String>,
    /// Why, as a code.
    pub reason: String,
    /// What is right there, in English.
    pub expected: String,
    /// Where, why and what is right, in English.
    pub message: String,
    /// The row's own id, where it could be read.
    pub id: Option<String>,
}

/// A file on its way in, read from its encrypted copy.
struct Source<'a> {
    path: &'a Path,
    digest: [u8; 32],
    key: DataKey,
    blob: ensign_store::Digest,
    /// Whether the copy was made for this import, rather than for an earlier one.
    fresh: bool,
}

/// What the comparing pass found.
struct Compared {
    encoding: table::Encoding,
    counts: Counts,
    dates: Option<(Code, Code)>,
    columns: Vec<Code>,
    ignored: Vec<String>,
    rejections: Vec<RejectedRow>,
}

impl Node {
    /// Imports a file in one of the formats that are known.
    pub fn import(
        &self,
        format: &str,
        path: &Path,
        covers: Option<&Covers>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ImportAnswer, Error> {
        if format != who_ssa::SOURCE {
            return Err(Error::Importer {
                format: format.to_owned(),
            });
        }
        let source_code = Code::literal(who_ssa::SOURCE);
        let covers = covers.map(parse_covers).transpose()?;
        let source = self.take_in(path, progress)?;
        let mut absence = self.views.absence(&source_code)?;
        let weighed = self.weigh(&source, covers, &mut absence, progress);
        if weighed.is_err() && source.fresh {
            self.let_go(&source)?;
        }
        let (compared, (from, until)) = weighed?;
        let counts = compared.counts;
        let run = Run {
            source: source_code.clone(),
            mapping: who_ssa::MAPPING,
            file: source.digest,
            from: from.clone(),
            until: until.clone(),
            columns: compared.columns,
            counts,
        };
        let author = self.importer(&source_code)?;
        let mut draft = self.draft(Some(self.operator));
        Act::Imported(run).write(&mut draft);
        let appended = self.state_as(LogName::Public, self.operator, &author, vec![draft])?;
        let run = appended.ids[0];
        let mut stating = Stating {
            node: self,
            author,
            run,
            drafts: Vec::new(),
            texts: Vec::new(),
        };
        let encoding = compared.encoding;
        self.state_rows(&source, encoding, &absence, &mut stating, counts, progress)?;
        absence.missing(&from, &until, &mut |record| {
            stating.act(&source::absent(&record, run), Vec::new())
        })?;
        stating.flush()?;
        self.note_act("import")?;
        Ok(ImportAnswer {
            rows: counts.rows,
            added: counts.added,
            changed: counts.changed,
            absent: counts.absent,
            unchanged: counts.unchanged,
            rejected: counts.rejected,
            covers: Covers {
                from: from.to_string(),
                until: until.to_string(),
            },
            run,
            index: appended.first,
            file: data_encoding::HEXLOWER.encode(&source.digest),
            encoding: encoding.name(),
            ignored_columns: compared.ignored,
            rejections: compared.rejections,
        })
    }

    /// Keeps the raw file, encrypted, and learns its digest. A file that is kept already is not
    /// kept twice.
    fn take_in<'a>(
        &self,
        path: &'a Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Source<'a>, Error> {
        let mut hashing = Hashing::new(open(path)?);
        let key = self.vault.keys().data_key(who_ssa::SOURCE)?;
        let mut sealing = Sealing::new(&key, BLOB_CONTEXT, &*self.entropy, &mut hashing);
        let put = self.blobs.put(&mut sealing);
        if let Some(source) = hashing.fault {
            return Err(unread(path, source));
        }
        let blob = put?;
        progress(Progress {
            stage: "reading".to_owned(),
            done: hashing.length,
            total: Some(hashing.length),
        });
        let mut source = Source {
            path,
            digest: hashing.hash.finalize().into(),
            key,
            blob,
            fresh: true,
        };
        let row = source.row();
        let known = match self.vault.get(blob_cell(&row)) {
            Ok(known) => known.and_then(|known| known.value[..].try_into().ok()),
            // Its key was destroyed, and with it the copy.
            Err(ensign_store::Error::NoKey { .. } | ensign_store::Error::Altered { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(known) = known.map(ensign_store::Digest::from_bytes) {
            source.blob = known;
            source.fresh = false;
            if self.is_whole(&source) {
                self.blobs.delete(&blob)?;
                return Ok(source);
            }
            source.blob = blob;
        }
        let kept = source.blob.as_bytes();
        self.vault.put(blob_cell(&row), who_ssa::SOURCE, kept)?;
        Ok(source)
    }

    /// Forgets a file that nothing was stated of.
    fn let_go(&self, source: &Source<'_>) -> Result<(), Error> {
        self.vault.delete(blob_cell(&source.row()))?;
        self.blobs.delete(&source.blob)?;
        Ok(())
    }

    /// Opens the encrypted copy.
    fn reading(&self, source: &Source<'_>) -> Result<Opening<impl Read + use<>>, Error> {
        let blob = self.blobs.get(&source.blob)?;
        let blob = blob.ok_or_else(|| unread(source.path, io::ErrorKind::NotFound.into()))?;
        Ok(Opening::new(&source.key, BLOB_CONTEXT, blob))
    }

    /// Whether the encrypted copy is there and is the file.
    fn is_whole(&self, source: &Source<'_>) -> bool {
        self.reading(source).is_ok_and(|copy| {
            let mut hashing = Hashing::new(copy);
            let read = io::copy(&mut hashing, &mut io::sink());
            read.is_ok() && hashing.hash.finalize()[..] == source.digest[..]
        })
    }

    /// Reads all that a run says, before anything is stated.
    fn weigh(
        &self,
        source: &Source<'_>,
        covers: Option<(Code, Code)>,
        absence: &mut Absence,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Compared, (Code, Code)), Error> {
        let mut compared = self.compare(source, absence, progress)?;
        let (from, until) = covers
            .or(compared.dates.take())
            .ok_or_else(|| Error::ImportEmpty {
                path: source.path.to_owned(),
            })?;
        compared.counts.absent = absence.count_missing(&from, &until)?;
        Ok((compared, (from, until)))
    }

    fn compare(
        &self,
        source: &Source<'_>,
        absence: &mut Absence,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Compared, Error> {
        let fault = import_fault(source.path);
        let encoding = table::sniff(self.reading(source)?).map_err(&fault)?;
        let reader = who_ssa::Reader::new(self.reading(source)?, encoding).map_err(&fault)?;
        let mut counts = Counts::default();
        let mut dates: Option<(Code, Code)> = None;
        let mut rejections = Vec::new();
        let columns = reader.fields().map(Code::literal).collect();
        let ignored = reader.ignored().to_vec();
        for row in reader {
            counts.rows += 1;
            let row = row.map_err(&fault)?;
            let rejected = match row {
                Ok(row) => {
                    let line = row.line;
                    let row = row.into_source_row();
                    let record = source::record_id(&row.source, &row.foreign_id);
                    match absence.see(record, line)? {
                        Some(first) => Some(duplicate(line, first, &row)),
                        None => {
                            match self.compare_row(&row)? {
                                Outcome::Added => counts.added += 1,
                                Outcome::Changed(_) | Outcome::ListedAgain(_) => {
                                    counts.changed += 1
                                }
                                Outcome::Unchanged => counts.unchanged += 1,
                            }
                            widen(&mut dates, &row.date);
                            None
                        }
                    }
                }
                Err(rejection) => {
                    // The file lists the record, though nobody can read how: it is not missing.
                    if let Some(id) = rejection.id.as_deref().and_then(|id| Code::new(id).ok()) {
                        let record = source::record_id(&Code::literal(who_ssa::SOURCE), &id);
                        absence.see(record, rejection.line)?;
                    }
                    Some(rejected(&rejection))
                }
            };
            if let Some(rejected) = rejected {
                counts.rejected += 1;
                if rejections.len() < MAX_LISTED {
                    rejections.push(rejected);
                }
            }
            if counts.rows % REPORT == 0 {
                let stage = "comparing".to_owned();
                progress(Progress {
                    stage,
                    done: counts.rows,
                    total: None,
                });
            }
        }
        Ok(Compared {
            encoding,
            counts,
            dates,
            columns,
            ignored,
            rejections,
        })
    }

    fn compare_row(&self, row: &Row) -> Result<Outcome, Error> {
        let record = self
            .views
            .record(source::record_id(&row.source, &row.foreign_id))?;
        Ok(source::compare(row, record.as_ref(), &|digest| {
            self.opened(digest)
        }))
    }

    /// States what is new in the file.
    fn state_rows(
        &self,
        source: &Source<'_>,
        encoding: table::Encoding,
        absence: &Absence,
        stating: &mut Stating<'_>,
        counts: Counts,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Error> {
        let to_state = counts.added + counts.changed;
        if to_state == 0 {
            return Ok(());
        }
        let fault = import_fault(source.path);
        let reader = who_ssa::Reader::new(self.reading(source)?, encoding).map_err(&fault)?;
        let mut stated = 0;
        for row in reader {
            let Ok(row) = row.map_err(&fault)? else {
                continue;
            };
            let line = row.line;
            let row = row.into_source_row();
            let id = source::record_id(&row.source, &row.foreign_id);
            if absence.first_line(id)? != Some(line) {
                continue;
            }
            let record = self.views.record(id)?;
            let opened = |digest: &[u8; 32]| self.opened(digest);
            if source::compare(&row, record.as_ref(), &opened) == Outcome::Unchanged {
                continue;
            }
            let mut salt = || fresh(&*self.entropy);
            let (act, texts) = source::state(row, record.as_ref(), stating.run, &opened, &mut salt);
            stating.act(&act, texts)?;
            stated += 1;
            if stated % REPORT == 0 {
                let stage = "writing".to_owned();
                progress(Progress {
                    stage,
                    done: stated,
                    total: Some(to_state),
                });
            }
        }
        Ok(())
    }

    /// The text of a disclosure. One that cannot be opened is not compared.
    fn opened(&self, digest: &[u8; 32]) -> Option<String> {
        let disclosure = self.disclosed(digest).ok().flatten()?;
        Some(disclosure.text().to_owned())
    }

    /// The key that states imports; the operator gets the mandate at its first import.
    fn importer(&self, source: &Code) -> Result<SigningKey, Error> {
        let key = self.operating_key()?;
        let next = self
            .log(LogName::Public)
            .head()?
            .map_or(0, |head| head.size);
        let now = self.clock.now();
        let holds = self.mandates()?.iter().any(|mandate| {
            mandate.to == self.operator
                && mandate.role == "importer"
                && mandate.scope.as_ref().is_none_or(|scope| scope == source)
                && mandate.withdrawn.is_none()
                && mandate.granted < next
                && mandate.from.is_none_or(|from| from <= now)
                && mandate.until.is_none_or(|until| now < until)
        });
        if !holds {
            let to = self.operator.to_string();
            self.grant_mandate(&to, "importer", Some(source.as_str()), None, None)?;
        }
        Ok(key)
    }
}

/// Statements of a run on their way into the log, a batch at a time.
struct Stating<'a> {
    node: &'a Node,
    author: SigningKey,
    run: StatementId,
    drafts: Vec<Draft>,
    texts: Vec<Disclosure>,
}

impl Stating<'_> {
    fn act(&mut self, act: &Act, texts: Vec<Disclosure>) -> Result<(), Error> {
        let mut draft = self.node.draft(Some(self.node.operator));
        act.write(&mut draft);
        self.drafts.push(draft);
        self.texts.extend(texts);
        if self.drafts.len() >= BATCH {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Texts are kept before the statements that commit to them: what is left over from a crash
    /// between the two belongs to no statement and opens nothing.
    fn flush(&mut self) -> Result<(), Error> {
        if !self.texts.is_empty() {
            self.node.keep_public(who_ssa::SOURCE, &self.texts)?;
            self.texts.clear();
        }
        if !self.drafts.is_empty() {
            let drafts = std::mem::take(&mut self.drafts);
            self.node
                .state_as(LogName::Public, self.node.operator, &self.author, drafts)?;
        }
        Ok(())
    }
}

impl Source<'_> {
    /// Row of the file in the vault.
    fn row(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.digest)
    }
}

/// Takes the digest of what is read through it, and keeps why it could not be read.
struct Hashing<R> {
    read: R,
    hash: Sha256,
    length: u64,
    fault: Option<io::Error>,
}

impl<R> Hashing<R> {
    fn new(read: R) -> Self {
        Hashing {
            read,
            hash: Sha256::new(),
            length: 0,
            fault: None,
        }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.read.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let kind = error.kind();
                self.fault = Some(error);
                return Err(kind.into());
            }
            read => read?,
        };
        self.hash.update(&buffer[..read]);
        self.length += read as u64;
        Ok(read)
    }
}

fn open(path: &Path) -> Result<BufReader<File>, Error> {
    let file = File::open(path).map_err(|source| unread(path, source))?;
    Ok(BufReader::with_capacity(256 * 1024, file))
}

fn unread(path: &Path, source: io::Error) -> Error {
    Error::File {
        action: "read",
        path: path.to_owned(),
        source,
    }
}

/// Where the digest of a file's encrypted copy is kept.
fn blob_cell(file: &str) -> Cell<'_> {
    Cell {
        table: "import",
        row: file,
        column: "blob",
    }
}

fn import_fault(path: &Path) -> impl Fn(ensign_share::Error) -> Error {
    move |source| Error::Import {
        path: path.to_owned(),
        source,
    }
}

fn parse_covers(covers: &Covers) -> Result<(Code, Code), Error> {
    let date = |text: &str| -> Result<Code, Error> {
        let date: Option<jiff::civil::Date> = text.parse().ok();
        match date.filter(|date| date.to_string() == text) {
            Some(_) => code("the date", text),
            None => {
                let what = format!("the date {text:?}");
                Err(Error::Argument {
                    what,
                    expected: "a date of the form 2024-02-08",
                })
            }
        }
    };
    let (from, until) = (date(&covers.from)?, date(&covers.until)?);
    if until < from {
        let what = "the last date covered".to_owned();
        return Err(Error::Argument {
            what,
            expected: "the first date covered or later",
        });
    }
    Ok((from, until))
}

fn widen(dates: &mut Option<(Code, Code)>, date: &Code) {
    match dates {
        None => *dates = Some((date.clone(), date.clone())),
        Some((first, last)) => {
            if date < first {
                first.clone_from(date);
            }
            if date > last {
                last.clone_from(date);
            }
        }
    }
}

pub(crate) fn rejected(rejection: &Rejection) -> RejectedRow {
    RejectedRow {
        line: rejection.line,
        column: rejection.column.clone(),
        reason: rejection.reason.code().to_owned(),
        expected: rejection.reason.expected(),
        message: rejection.to_string(),
        id: rejection.id.clone(),
    }
}

fn duplicate(line: u64, first: u64, row: &Row) -> RejectedRow {
    RejectedRow {
        line,
        column: None,
        reason: "import.row.duplicate_id".to_owned(),
        expected: format!("an id that no other row has; line {first} has it"),
        message: format!("line {line}: the id stands already on line {first}"),
        id: Some(row.foreign_id.to_string()),
    }
}
