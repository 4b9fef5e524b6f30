//! What sources published under their own ids, and what they changed later.
//!
//! A record that nobody has linked is shown as an incident under its record id. Fields have codes
//! that mean the same whichever source states them: `country`, `certainty`, `attack_types`,
//! `killed`, `injured` and `date` are columns here and can be filtered by; all fields of a record
//! are on its own page. Of a disclosed text there is the digest alone.

use std::str::FromStr;
use std::sync::Mutex;

use ensign_trust::{Code, Coded, PartyId, RecordId, StatementId};
use serde::Serialize;

use crate::database::Database;
use crate::ledger::{Digest, EntryRow, LogSize};

mod absence;
mod front;
mod history;
mod incident;
mod incidents;
mod project;
mod runs;

use incidents::Totals;

pub use absence::Absence;

/// The view: `source.db`.
#[derive(Debug)]
pub(crate) struct Sources {
    database: Database,
    totals: Mutex<Totals>,
}

/// All incidents in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Front {
    /// How many incidents, also those that an export no longer lists.
    pub incidents: u64,
    /// How many of them are not in the last export that covers their date.
    pub not_listed: u64,
    /// Sum of what they state; an incident that states none adds none.
    pub killed: u64,
    /// Sum of what they state; an incident that states none adds none.
    pub injured: u64,
    /// How many countries and territories.
    pub countries: u64,
    /// Date of the first incident.
    pub first_date: Option<Code>,
    /// Date of the last incident.
    pub last_date: Option<Code>,
    /// By month, the first one first; months without an incident are left out.
    pub months: Vec<MonthTally>,
    /// By country, most incidents first.
    pub by_country: Vec<CountryTally>,
    /// By certainty, in order of the code; those without one last.
    pub by_certainty: Vec<CertaintyTally>,
    /// By source, in order of the code.
    pub sources: Vec<SourceSummary>,
    /// The public log and the closed one.
    pub logs: Vec<LogSize>,
}

/// Incidents of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthTally {
    /// As `YYYY-MM`.
    pub month: Code,
    /// How many incidents.
    pub incidents: u64,
    /// Sum of what they state.
    pub killed: u64,
    /// Sum of what they state.
    pub injured: u64,
}

/// Incidents of a country or territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountryTally {
    /// Its code; absent for incidents that state no country that has one.
    pub country: Option<Code>,
    /// How many incidents.
    pub incidents: u64,
    /// Sum of what they state.
    pub killed: u64,
    /// Sum of what they state.
    pub injured: u64,
}

/// Incidents of one level of certainty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertaintyTally {
    /// Its code; absent for incidents that state no level that has one.
    pub certainty: Option<Code>,
    /// How many incidents.
    pub incidents: u64,
    /// Sum of what they state.
    pub killed: u64,
    /// Sum of what they state.
    pub injured: u64,
}

/// A source in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceSummary {
    /// Its code.
    pub source: Code,
    /// How many records it published.
    pub records: u64,
    /// How many of them are not in the last export that covers their date.
    pub not_listed: u64,
    /// How many runs took them in.
    pub runs: u64,
    /// The last of these.
    pub last_run: Option<Run>,
    /// What it changed later, by kind.
    pub changes: ChangeCounts,
}

/// A source with its runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourcePage {
    /// Code, numbers and last run.
    #[serde(flatten)]
    pub summary: SourceSummary,
    /// Date of its first record.
    pub first_date: Option<Code>,
    /// Date of its last record.
    pub last_date: Option<Code>,
    /// All its runs, newest first.
    pub runs: Vec<Run>,
}

/// How many changes of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ChangeCounts {
    /// Records added late.
    pub added_late: u64,
    /// Fields changed.
    pub changed: u64,
    /// Records no longer listed.
    pub absent: u64,
    /// Records listed again.
    pub listed_again: u64,
}

/// One run of an importer over one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The `import.run` statement.
    pub run: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// When the node received it, Unix seconds.
    pub received: u64,
    /// Who signed it.
    pub author: PartyId,
    /// Whose file it was.
    pub source: Code,
    /// Version of the mapping from columns and labels to fields and codes.
    pub mapping: u64,
    /// SHA-256 of the raw file.
    pub file: Digest,
    /// First date that the file covers.
    pub from: Code,
    /// Last date that the file covers.
    pub until: Code,
    /// The fields that the file had a column for.
    pub columns: Vec<Code>,
    /// Rows of the file.
    pub rows: u64,
    /// Rows of records that were new.
    pub added: u64,
    /// Rows that differed from what was known.
    pub changed: u64,
    /// Known records inside the dates covered that the file did not list.
    pub absent: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

/// Which incidents; a field that is absent lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filter {
    /// Of this source.
    pub source: Option<Code>,
    /// In this country or territory.
    pub country: Option<Code>,
    /// Of this level of certainty.
    pub certainty: Option<Code>,
    /// With this attack type among others.
    pub attack_type: Option<Code>,
    /// On or after this date, as `YYYY-MM-DD`.
    pub from: Option<Code>,
    /// On or before this date, as `YYYY-MM-DD`.
    pub until: Option<Code>,
    /// With a change since they were first stated, or without one.
    pub changed: Option<bool>,
    /// In the last export that covers their date, or not.
    pub listed: Option<bool>,
}

/// An incident in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncidentRow {
    /// Our id of it.
    pub record: RecordId,
    /// Who published it.
    pub source: Code,
    /// The source's own id of it.
    pub source_id: Code,
    /// As `YYYY-MM-DD`.
    pub date: Code,
    /// Code of the country or territory, if it has one.
    pub country: Option<Code>,
    /// Code of the level of certainty, if it has one.
    pub certainty: Option<Code>,
    /// Codes of the attack types.
    pub attack_types: Vec<Code>,
    /// People killed; absent where it states none.
    pub killed: Option<u64>,
    /// People injured; absent where it states none.
    pub injured: Option<u64>,
    /// Whether the last export that covers its date has it.
    pub listed: bool,
    /// Whether it was missing in an earlier export that covered its date.
    pub added_late: bool,
    /// How often its source changed it since, field by field, absences and returns included.
    pub changes: u64,
    /// When the node first received it, Unix seconds.
    pub first_received: u64,
    /// When the node received the last statement about it, Unix seconds.
    pub last_received: u64,
}

/// An incident with all that is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// As in a list.
    #[serde(flatten)]
    pub row: IncidentRow,
    /// What its source states now, in order of the field's code.
    pub fields: Vec<FieldRow>,
    /// Every statement about it with its place in the log, the first one first; also what is
    /// refused or not understood.
    pub statements: Vec<EntryRow>,
    /// The runs that these refer to, the first one first.
    pub runs: Vec<Run>,
    /// What changed, the first change first.
    pub changes: Vec<Change>,
}

/// A field of a record as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldRow {
    /// Its code.
    pub field: Code,
    /// What it states.
    #[serde(flatten)]
    pub value: Shown,
    /// The statement that said so.
    pub statement: StatementId,
}

/// A value as it can be shown without opening a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Whether the cell was there and empty.
    pub blank: bool,
    /// The coded value or the coded part of it.
    pub coded: Option<Coded>,
    /// Digest of the disclosure that holds the text or the part of it that has no code.
    pub text: Option<Digest>,
}

/// What a source did to a record after it was first stated, or that it came late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The record is not in an export that covers its date. It is not said to be withdrawn.
    Absent,
    /// The record was missing in an earlier export that covered its date.
    AddedLate,
    /// A field has another value.
    Changed,
    /// The record is back after an absence.
    ListedAgain,
}

/// One line of what a source changed later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// To which record.
    pub record: RecordId,
    /// Whose record.
    pub source: Code,
    /// The source's own id of it.
    pub source_id: Code,
    /// Its date, after the change.
    pub date: Code,
    /// Which field; absent where it is about the record as a whole.
    pub field: Option<Code>,
    /// The value before; absent where there was none.
    pub was: Option<Shown>,
    /// The value since.
    pub now: Option<Shown>,
    /// The statement that says so.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Its place among the changes of that statement.
    pub order: u64,
    /// When the node received it, Unix seconds.
    pub received: u64,
    /// The run that it refers to.
    pub run: Option<StatementId>,
}

impl ChangeKind {
    /// All kinds, in order of their codes.
    pub const ALL: [ChangeKind; 4] = [
        ChangeKind::Absent,
        ChangeKind::AddedLate,
        ChangeKind::Changed,
        ChangeKind::ListedAgain,
    ];

    /// The code.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Absent => "absent",
            ChangeKind::AddedLate => "added_late",
            ChangeKind::Changed => "changed",
            ChangeKind::ListedAgain => "listed_again",
        }
    }
}

/// A text is no kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kind of change is absent, added_late, changed or listed_again")]
pub struct NotAChange;

impl FromStr for ChangeKind {
    type Err = NotAChange;

    fn from_str(text: &str) -> Result<Self, NotAChange> {
        let mut all = ChangeKind::ALL.into_iter();
        all.find(|kind| kind.as_str() == text).ok_or(NotAChange)
    }
}
