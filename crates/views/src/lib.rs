//! Projections of both logs into SQLite, one folder per question:
//!
//! | file | answers |
//! |---|---|
//! | `hold.db` | which texts bind whom, what happened, what each duty has come to |
//! | `ledger.db` | what stands in the logs, who signed it, when it was received, whether it counts |
//! | `mark.db` | what is protected, who recognises whom, which emblems say so |
//! | `party.db` | who may say what |
//! | `source.db` | what sources published and what they changed later |
//!
//! They are derived from the logs' entries and from nothing else. Deleted and fed again, they give
//! the same answers, byte for byte. They hold codes and digests; no text that a statement only
//! commits to ever comes here.
//!
//! One writer feeds them while many readers ask: [`Views`] is shared between threads as it is.

mod batch;
mod column;
mod database;
mod error;
mod hold;
mod judge;
mod ledger;
mod mark;
mod page;
mod party;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use ensign_prove::source::Record;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Registry;
use ensign_trust::{AssetId, Code, RecordId, Statement, StatementId};

pub use error::Error;
pub use hold::{
    AccordPage, CalendarRow, Case, CellFilter, CellRow, Cells, Clauses, Coverage, DeadlineCursor,
    DeadlineFilter, DeadlineRow, DeadlineState, Deadlines, Differing, DutyRow, DutySort,
    InstrumentRow, Lapse, MemberRow, NotAState, ObligationFilter, ObligationPage, ObligationProof,
    ObligationRow, Order, OwnWord, PartyDue, PromiseRow, Promises, Rank, Recomputed, SetRow,
    SourceRow, Start, Stop, Story, Supposition, Tally, TallyRow, TermRow, TriggerChange,
};
pub use judge::{need, read};
pub use ledger::{Digest, EntryRow, LogPage, LogSize};
pub use mark::{
    AllegationRow, AnswerRow, AssetFilter, AssetPage, AssetRow, AuthorityFilter, AuthorityRow,
    EmblemFilter, EmblemPage, EmblemRow, EndRow, EndorsementRow, Following, FormerRow, Question,
    RecognisedRow,
};
pub use page::{ChangeCursor, IncidentCursor, MAX_PAGE, NotACursor, Page};
pub use source::{
    Absence, CertaintyTally, Change, ChangeCounts, ChangeKind, CountryTally, FieldRow, Filter,
    Front, Incident, IncidentRow, MonthTally, NotAChange, Run, Shown, SourcePage, SourceSummary,
};

use batch::Batch;
use database::lock;
use hold::Holds;
use ledger::Ledger;
use mark::Marks;
use party::Parties;
use source::Sources;

/// The views of one node.
#[derive(Debug)]
pub struct Views {
    holds: Holds,
    ledger: Ledger,
    marks: Marks,
    parties: Parties,
    sources: Sources,
    /// As of the last batch; whoever holds it is the one who writes.
    registry: Mutex<Registry>,
}

impl Views {
    /// Opens the views in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`Error::Outdated`] where a file is of another format: delete the folder and feed the views
    /// anew.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|source| Error::Io {
            act: "make",
            path: folder.to_owned(),
            source,
        })?;
        Views::open_in(Some(folder))
    }

    /// New views that are gone when they are dropped.
    pub fn in_memory() -> Result<Self, Error> {
        Views::open_in(None)
    }

    fn open_in(folder: Option<&Path>) -> Result<Self, Error> {
        let views = Views {
            holds: Holds::open(folder)?,
            ledger: Ledger::open(folder)?,
            marks: Marks::open(folder)?,
            parties: Parties::open(folder)?,
            sources: Sources::open(folder)?,
            registry: Mutex::default(),
        };
        // The parties are written last: ahead of the others they can only be where a file is gone.
        let next = views.parties.next()?;
        if next > views.position(LogName::Public)? {
            views.clear()?;
        }
        *lock(&views.registry) = views.parties.registry()?;
        Ok(views)
    }

    /// Empties the views, so that they can be fed from the first entry on.
    pub fn clear(&self) -> Result<(), Error> {
        let mut registry = lock(&self.registry);
        // In the order in which a crash in between is noticed.
        self.parties.clear()?;
        self.sources.clear()?;
        self.marks.clear()?;
        self.holds.clear()?;
        self.ledger.clear()?;
        *registry = Registry::default();
        Ok(())
    }

    /// Index of the next entry of a log that has to be fed.
    pub fn position(&self, log: LogName) -> Result<u64, Error> {
        let ledger = self.ledger.next(log)?;
        match log {
            LogName::Closed => Ok(ledger),
            LogName::Public => Ok(ledger
                .min(self.parties.next()?)
                .min(self.sources.next()?)
                .min(self.marks.next()?)
                .min(self.holds.next()?)),
        }
    }

    /// Takes in one appended batch: entries whose signatures were checked, the last one being the
    /// receipt of them all. `first` is the index of the first entry, `received` the time in the
    /// receipt, in Unix seconds. A batch that was taken in before is skipped.
    ///
    /// The public log goes before the closed one, whose receipts say where the public one stood.
    ///
    /// # Errors
    /// [`Error::Gap`] where a batch before it is missing, [`Error::NotABatch`] where the entries are
    /// not one whole batch.
    pub fn apply(
        &self,
        log: LogName,
        first: u64,
        entries: &[Statement],
        received: u64,
    ) -> Result<(), Error> {
        let mut registry = lock(&self.registry);
        let expected = self.position(log)?;
        let end = first + entries.len() as u64;
        if end <= expected {
            return Ok(());
        }
        if first != expected {
            return Err(Error::Gap {
                log,
                expected,
                found: first,
            });
        }
        let (batch, changed) = Batch::judge(log, first, entries, received, &registry)?;
        self.reaches(&batch)?;
        if self.ledger.next(log)? == first {
            self.ledger.apply(&batch)?;
        }
        if log == LogName::Public {
            if self.sources.next()? == first {
                self.sources.apply(&batch)?;
            }
            if self.marks.next()? == first {
                self.marks.apply(&batch)?;
            }
            if self.holds.next()? == first {
                self.holds.apply(&batch)?;
            }
            if self.parties.next()? == first {
                self.parties.apply(&batch)?;
            }
        }
        if let Some(changed) = changed {
            *registry = changed;
        }
        Ok(())
    }

    /// Checks that the public log was read up to where a batch is judged.
    fn reaches(&self, batch: &Batch<'_>) -> Result<(), Error> {
        let judged = batch.entries.first().map_or(0, |entry| entry.judged);
        let expected = self.position(LogName::Public)?;
        match batch.log {
            LogName::Closed if judged > expected => Err(Error::Gap {
                log: LogName::Public,
                expected,
                found: judged,
            }),
            _ => Ok(()),
        }
    }

    /// Parties, keys and mandates as of every index that was fed.
    pub fn registry(&self) -> Result<Registry, Error> {
        Ok(lock(&self.registry).clone())
    }

    /// The first statements of the public log with this subject, in their order; also those that do
    /// not count.
    pub fn about(&self, subject: &Code) -> Result<Vec<EntryRow>, Error> {
        self.ledger.about(subject)
    }

    /// All incidents in a few numbers.
    pub fn front(&self) -> Result<Front, Error> {
        self.sources.front(self.ledger.sizes()?)
    }

    /// Incidents, newest first by date and then by the source's own id.
    pub fn incidents(
        &self,
        filter: &Filter,
        after: Option<&IncidentCursor>,
        limit: usize,
    ) -> Result<Page<IncidentRow, IncidentCursor>, Error> {
        self.sources.incidents(filter, after, limit)
    }

    /// An incident by our id of it, or by the source's own.
    ///
    /// # Errors
    /// [`Error::Ambiguous`] where several sources use the id.
    pub fn incident(&self, id: &str) -> Result<Option<Incident>, Error> {
        let Some(record) = self.sources.find(id)? else {
            return Ok(None);
        };
        let Some(known) = self.sources.known(record)? else {
            return Ok(None);
        };
        Ok(Some(Incident {
            row: known.row,
            fields: known.fields,
            statements: self.ledger.about(&subject(record))?,
            runs: known.runs,
            changes: known.changes,
        }))
    }

    /// A source with its runs.
    pub fn source(&self, source: &Code) -> Result<Option<SourcePage>, Error> {
        self.sources.source(source)
    }

    /// What a source changed later, newest first; of one kind only, where given.
    pub fn changes(
        &self,
        source: &Code,
        kind: Option<ChangeKind>,
        after: Option<ChangeCursor>,
        limit: usize,
    ) -> Result<Page<Change, ChangeCursor>, Error> {
        self.sources.changes(source, kind, after, limit)
    }

    /// What one source published under one of its ids, as an importer compares with it.
    pub fn record(&self, record: RecordId) -> Result<Option<Record>, Error> {
        self.sources.record(record)
    }

    /// Begins to look for the records of a source that a file does not list.
    pub fn absence(&self, source: &Code) -> Result<Absence, Error> {
        self.sources.absence(source)
    }

    /// Entries of a log, newest first: those before an index, where given.
    pub fn log(&self, log: LogName, before: Option<u64>, limit: usize) -> Result<LogPage, Error> {
        self.ledger.log(log, before, limit)
    }

    /// Index of the last statement of a log of this kind: `log.quorum`, or `log.cosigned`.
    pub fn last_of_witnessing(&self, log: LogName, kind: &str) -> Result<Option<u64>, Error> {
        self.ledger.last_of_witnessing(log, kind)
    }

    /// Indexes of the entries of the closed log that count and say who has access to the node or
    /// what waits for whom, and when each was received, in Unix seconds.
    pub fn of_accounts(&self) -> Result<Vec<(u64, u64)>, Error> {
        self.ledger.of_accounts()
    }

    /// Indexes of the public entries that count and are tombstones of records and parties, in order.
    pub fn tombstones(&self) -> Result<Vec<u64>, Error> {
        self.ledger.tombstones()
    }

    /// The record of an id: of ours, or of a source's own.
    ///
    /// # Errors
    /// [`Error::Ambiguous`] where several sources have that id.
    pub fn find_record(&self, id: &str) -> Result<Option<RecordId>, Error> {
        self.sources.find(id)
    }

    /// Digests of the texts that statements about a record ever committed to, sorted.
    pub fn texts_of(&self, record: RecordId) -> Result<Vec<[u8; 32]>, Error> {
        self.sources.texts_of(record)
    }

    /// When an entry of the closed log was received, in Unix seconds; 0 where it is not here yet.
    pub fn closed_received(&self, index: u64) -> Result<u64, Error> {
        let page = self.ledger.log(LogName::Closed, Some(index + 1), 1)?;
        let row = page.rows.first().filter(|row| row.index == index);
        Ok(row.map_or(0, |row| row.received))
    }

    /// Whether a log has an entry from this index on that is not mere bookkeeping.
    pub fn has_news(&self, log: LogName, from: u64) -> Result<bool, Error> {
        self.ledger.has_news(log, from)
    }

    /// An entry by its id; in the public log, where both have it.
    pub fn entry(&self, statement: StatementId) -> Result<Option<EntryRow>, Error> {
        self.ledger.entry(statement)
    }

    /// Indexes of all public entries that prove a record, in order: its statements and what they
    /// refer to, the receipts that cover them, and what makes their authors able to say so. None
    /// where nobody stated the record.
    pub fn proof_set(&self, record: RecordId) -> Result<Vec<u64>, Error> {
        self.proving(self.ledger.with_references(&subject(record))?, None)
    }

    /// The same for an asset: all that the answer for it hangs on, up to whoever recognises it.
    pub fn asset_proof_set(&self, asset: AssetId) -> Result<Vec<u64>, Error> {
        self.proving(self.register().evidence(asset), None)
    }

    /// Entries with the receipts that cover them, and what makes their authors able to say so: as it
    /// is, or as it was when the log had a size.
    fn proving(&self, mut indexes: BTreeSet<u64>, size: Option<u64>) -> Result<Vec<u64>, Error> {
        let standing = self.parties.standing(size)?;
        let mut found = 0;
        while found < indexes.len() {
            found = indexes.len();
            indexes.extend(self.ledger.receipts_and_authors(&indexes)?.0);
            let (_, authors) = self.ledger.receipts_and_authors(&indexes)?;
            indexes.extend(standing.of(&authors));
        }
        Ok(indexes.into_iter().collect())
    }
}

fn subject(record: RecordId) -> Code {
    Code::new(record.to_string()).expect("the text of an id is a code")
}
