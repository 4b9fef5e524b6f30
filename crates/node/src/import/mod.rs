//! Importing a published file.
//!
//! The file is read once, to encrypt it into the blobs and take its digest, so that what is signed
//! is what is kept even if the file changes meanwhile. The encrypted copy is then read three times
//! and never held in memory: to recognise its encoding; to compare every row with what is known,
//! which gives the counts of the run; to state what is new. The run is stated before its rows, and
//! a row that says nothing new makes no statement, so an import that was broken off is finished by
//! running it again. A file is kept once, and only if a run says that it was imported. Each record's
//! texts are sealed under a data key of that record.

pub(crate) mod copy;

use std::path::Path;

use ensign_prove::source::{self, Act, Counts, Outcome, Row, Run};
use ensign_share::{Rejection, table, who_ssa};
use ensign_trust::code::Code;
use ensign_trust::id::{RecordId, StatementId};
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::{Disclosure, Draft};
use ensign_views::Absence;
use serde::Serialize;

use self::copy::Source;
use crate::clock::fresh;
use crate::command::{Covers, Progress};
use crate::error::Error;
use crate::node::Node;
use crate::party::code;

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

/// What the comparing pass found.
struct Compared {
    encoding: table::Encoding,
    counts: Counts,
    dates: Option<(Code, Code)>,
    columns: Vec<Code>,
    ignored: Vec<String>,
    rejections: Vec<RejectedRow>,
    /// Whether it lists a record whose texts were erased.
    erased: bool,
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
        let covers = covers.map(parse_covers).transpose()?;
        let source = self.take_in(path, progress)?;
        let mut absence = self.views.absence(&Code::literal(who_ssa::SOURCE))?;
        let weighed = self.weigh(&source, covers, &mut absence, progress);
        let settled = weighed.and_then(|(compared, covered)| {
            let replaced = self.settle_copy(&source, compared.erased)?;
            Ok((compared, covered, replaced))
        });
        if settled.is_err() && source.fresh {
            self.destroy_copy(&source.copy)?;
        }
        let (compared, covered, replaced) = settled?;
        let stated = self.state_run(&source, compared, covered, &mut absence, progress);
        if replaced {
            self.destroy_copy(&source.copy)?;
        }
        stated
    }

    /// States the run and what is new in it.
    fn state_run(
        &self,
        source: &Source<'_>,
        compared: Compared,
        (from, until): (Code, Code),
        absence: &mut Absence,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ImportAnswer, Error> {
        let source_code = Code::literal(who_ssa::SOURCE);
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
        self.state_rows(source, encoding, absence, &mut stating, counts, progress)?;
        absence.missing(&from, &until, &mut |record| {
            stating.act(&source::absent(&record, run), record.id, Vec::new())
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
        let encoding = table::sniff(self.reading(source.path, &source.copy)?).map_err(&fault)?;
        let reader = who_ssa::Reader::new(self.reading(source.path, &source.copy)?, encoding)
            .map_err(&fault)?;
        let mut counts = Counts::default();
        let mut dates: Option<(Code, Code)> = None;
        let mut rejections = Vec::new();
        let mut erased = false;
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
                            let known = self.views.record(record)?;
                            erased |= known.as_ref().is_some_and(|known| known.erased);
                            let opened = |digest: &[u8; 32]| self.opened(digest);
                            match source::compare(&row, known.as_ref(), &opened) {
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
                        let known = self.views.record(record)?;
                        erased |= known.is_some_and(|known| known.erased);
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
            erased,
        })
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
        let reader = who_ssa::Reader::new(self.reading(source.path, &source.copy)?, encoding)
            .map_err(&fault)?;
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
            stating.act(&act, id, texts)?;
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
    pub(crate) fn importer(&self, source: &Code) -> Result<SigningKey, Error> {
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
    texts: Vec<(String, Disclosure)>,
}

impl Stating<'_> {
    fn act(&mut self, act: &Act, record: RecordId, texts: Vec<Disclosure>) -> Result<(), Error> {
        let mut draft = self.node.draft(Some(self.node.operator));
        act.write(&mut draft);
        self.drafts.push(draft);
        let owner = record.to_string();
        self.texts
            .extend(texts.into_iter().map(|text| (owner.clone(), text)));
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
            self.node.keep_public(&self.texts)?;
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
