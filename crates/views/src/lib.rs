//! Projections of the log into SQLite, one folder per question.

mod error;
mod ledger;
mod page;
mod source;

pub use error::Error;
pub use ledger::{Digest, EntryRow, LogPage, LogSize};
pub use page::{ChangeCursor, IncidentCursor, MAX_PAGE, NotACursor, Page};
pub use source::{
    CertaintyTally, Change, ChangeCounts, ChangeKind, CountryTally, FieldRow, Filter, Front,
    Incident, IncidentRow, Missing, MonthTally, NotAChange, Run, Shown, SourcePage, SourceSummary,
};

use ensign_trust::logbook::LogName;
use ensign_trust::{Code, RecordId, StatementId};

/// The views of one node.
#[derive(Debug)]
pub struct Views {}

impl Views {
    /// All incidents in a few numbers.
    pub fn front(&self) -> Result<Front, Error> {
        todo!()
    }

    /// Incidents, newest first by date and then by the source's own id.
    pub fn incidents(
        &self,
        _filter: &Filter,
        _after: Option<&IncidentCursor>,
        _limit: usize,
    ) -> Result<Page<IncidentRow, IncidentCursor>, Error> {
        todo!()
    }

    /// An incident by our id of it, or by the source's own.
    ///
    /// # Errors
    /// [`Error::Ambiguous`] where several sources use the id.
    pub fn incident(&self, _id: &str) -> Result<Option<Incident>, Error> {
        todo!()
    }

    /// A source with its runs.
    pub fn source(&self, _source: &Code) -> Result<Option<SourcePage>, Error> {
        todo!()
    }

    /// What a source changed later, newest first; of one kind only, where given.
    pub fn changes(
        &self,
        _source: &Code,
        _kind: Option<ChangeKind>,
        _after: Option<ChangeCursor>,
        _limit: usize,
    ) -> Result<Page<Change, ChangeCursor>, Error> {
        todo!()
    }

    /// Entries of a log, newest first: those before an index, where given.
    pub fn log(
        &self,
        _log: LogName,
        _before: Option<u64>,
        _limit: usize,
    ) -> Result<LogPage, Error> {
        todo!()
    }

    /// An entry by its id; in the public log, where both have it.
    pub fn entry(&self, _statement: StatementId) -> Result<Option<EntryRow>, Error> {
        todo!()
    }

    /// What one source published under one of its ids, as the importer compares with it.
    pub fn record(&self, _record: RecordId) -> Result<Option<()>, Error> {
        todo!()
    }
}
