//! What the read API answers. Pages and files say the same: the page of an answer is drawn from it,
//! its JSON is it, its CSV is its rows.
//!
//! Times are Unix seconds, as they stand in the signed statements; dates are `YYYY-MM-DD`; digests
//! are 64 characters 0-9 a-f. Only the public log is read.

pub(crate) mod caution;
pub(crate) mod emblem;
pub(crate) mod party;
pub(crate) mod promises;
pub(crate) mod register;
pub(crate) mod taken;

use std::collections::BTreeMap;

use ensign_trust::{Code, Coded};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use party::KeyRevoked;

/// What an answer is true of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AsOf {
    /// `real`, or `exercise/NAME`: then everything is invented.
    pub(crate) realm: String,
    /// Origin of the public log.
    pub(crate) log: String,
    /// Size of the log that was read.
    pub(crate) size: u64,
    /// When the last of its entries was received.
    pub(crate) received: Option<u64>,
    /// How many independent witnesses confirmed the log's newest checkpoint.
    pub(crate) witnesses: u64,
}

/// All incidents in a few numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Front {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// All incidents.
    #[serde(flatten)]
    pub(crate) total: Tally,
    /// How many are not in the last export that covers their date.
    pub(crate) not_listed: u64,
    /// How many countries and territories.
    pub(crate) countries: u64,
    /// Date of the first incident.
    pub(crate) first_date: Option<String>,
    /// Date of the last incident.
    pub(crate) last_date: Option<String>,
    /// By month, the first one first; months without an incident are left out.
    pub(crate) months: Vec<Month>,
    /// By country or territory, most incidents first.
    pub(crate) by_country: Vec<CountryTally>,
    /// By level of certainty.
    pub(crate) by_certainty: Vec<CertaintyTally>,
    /// By source.
    pub(crate) sources: Vec<SourceSummary>,
}

/// Incidents and the sums of what they state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Tally {
    /// How many incidents.
    pub(crate) incidents: u64,
    /// People killed; an incident that states none adds none.
    pub(crate) killed: u64,
    /// People injured; an incident that states none adds none.
    pub(crate) injured: u64,
}

/// Incidents of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Month {
    /// As `YYYY-MM`.
    pub(crate) month: String,
    /// Its incidents.
    #[serde(flatten)]
    pub(crate) tally: Tally,
}

/// Incidents of a country or territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CountryTally {
    /// Its code; absent for incidents that state none that has a code.
    pub(crate) country: Option<String>,
    /// Its incidents.
    #[serde(flatten)]
    pub(crate) tally: Tally,
}

/// Incidents of a level of certainty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CertaintyTally {
    /// Its code; absent for incidents that state none that has a code.
    pub(crate) certainty: Option<String>,
    /// Its incidents.
    #[serde(flatten)]
    pub(crate) tally: Tally,
}

/// Some incidents, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Incidents {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// How many match.
    pub(crate) total: u64,
    /// The incidents of this page.
    pub(crate) incidents: Vec<IncidentRow>,
    /// What to ask for as `after` to get the next page; absent on the last one.
    pub(crate) next: Option<String>,
}

/// An incident in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct IncidentRow {
    /// Our id of it.
    pub(crate) id: String,
    /// Code of who published it.
    pub(crate) source: String,
    /// The source's own id of it.
    pub(crate) source_id: String,
    /// Its date.
    pub(crate) date: String,
    /// Code of the country or territory, if it has one.
    pub(crate) country: Option<String>,
    /// Code of the level of certainty, if it has one.
    pub(crate) certainty: Option<String>,
    /// Codes of the attack types.
    pub(crate) attack_types: Vec<String>,
    /// People killed; absent where it states none.
    pub(crate) killed: Option<u64>,
    /// People injured; absent where it states none.
    pub(crate) injured: Option<u64>,
    /// Whether the last export that covers its date has it.
    pub(crate) listed: bool,
    /// Whether it was missing in an earlier export that covered its date.
    pub(crate) added_late: bool,
    /// How often its source changed it since, field by field, absences and returns included.
    pub(crate) changes: u64,
    /// When this node first received it.
    pub(crate) first_received: u64,
    /// When this node received the last statement about it.
    pub(crate) last_received: u64,
}

/// An incident with all that is known about it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Incident {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// As in a list.
    #[serde(flatten)]
    pub(crate) row: IncidentRow,
    /// What its source states now.
    pub(crate) fields: Vec<Field>,
    /// Every statement about it in the public log, the first one first; also what is refused or not
    /// understood.
    pub(crate) statements: Vec<Entry>,
    /// The imports that these refer to, the first one first.
    pub(crate) runs: Vec<Run>,
    /// What its source changed, the first change first.
    pub(crate) changed: Vec<Change>,
    /// Address of the file that proves all this without a network.
    pub(crate) proof: String,
}

/// A field of a record as it stands now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Field {
    /// Its code.
    pub(crate) field: String,
    /// What it states.
    #[serde(flatten)]
    pub(crate) value: Value,
    /// The statement that said so.
    pub(crate) statement: String,
}

/// What a source states in a field.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Value {
    /// Whether the cell was there and empty.
    pub(crate) blank: bool,
    /// The coded value or the coded part of it.
    #[schema(value_type = Option<Json>)]
    pub(crate) coded: Option<Coded>,
    /// The publisher's own words, where it has no code.
    pub(crate) text: Option<Text>,
}

/// Words that a statement commits to by their digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Text {
    /// The digest in the statement.
    pub(crate) digest: String,
    /// The field that they are the value of; absent where they are not here or were erased.
    pub(crate) field: Option<String>,
    /// The words; absent where they are not here or were erased.
    pub(crate) words: Option<String>,
}

/// One line of what a source changed later.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Change {
    /// `absent`, `added_late`, `changed` or `listed_again`. An absent record is not said to be
    /// withdrawn: the export does not say why it is missing.
    pub(crate) kind: &'static str,
    /// Our id of the incident.
    pub(crate) incident: String,
    /// The source's own id of it.
    pub(crate) source_id: String,
    /// Its date, after the change.
    pub(crate) date: String,
    /// Which field; absent where it is about the record as a whole.
    pub(crate) field: Option<String>,
    /// The value before; absent where there was none.
    pub(crate) was: Option<Value>,
    /// The value since.
    pub(crate) now: Option<Value>,
    /// The statement that says so.
    pub(crate) statement: String,
    /// Its index in the log.
    pub(crate) index: u64,
    /// When this node received it.
    pub(crate) received: u64,
    /// The import that it refers to.
    pub(crate) run: Option<String>,
}

/// A source and what it published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Source {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// Code and numbers.
    #[serde(flatten)]
    pub(crate) summary: SourceSummary,
    /// Date of its first record.
    pub(crate) first_date: Option<String>,
    /// Date of its last record.
    pub(crate) last_date: Option<String>,
    /// All imports of it, newest first.
    pub(crate) runs: Vec<Run>,
}

/// A source in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SourceSummary {
    /// Its code.
    pub(crate) source: String,
    /// How many records it published.
    pub(crate) records: u64,
    /// How many of them are not in the last export that covers their date.
    pub(crate) not_listed: u64,
    /// What it changed later.
    pub(crate) changes: ChangeCounts,
}

/// How many changes of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChangeCounts {
    /// Records added late.
    pub(crate) added_late: u64,
    /// Fields changed.
    pub(crate) changed: u64,
    /// Records no longer listed.
    pub(crate) absent: u64,
    /// Records listed again.
    pub(crate) listed_again: u64,
}

/// What a source changed later, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Changes {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// Code of the source.
    pub(crate) source: String,
    /// How many changes match.
    pub(crate) total: u64,
    /// The changes of this page.
    pub(crate) changes: Vec<Change>,
    /// What to ask for as `after` to get the next page; absent on the last one.
    pub(crate) next: Option<String>,
}

/// One import of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Run {
    /// The statement that says so.
    pub(crate) run: String,
    /// Its index in the log.
    pub(crate) index: u64,
    /// When this node received it.
    pub(crate) received: u64,
    /// The party that signed it.
    pub(crate) author: String,
    /// What that party is called, unless that was erased.
    pub(crate) author_name: Option<String>,
    /// Code of the source.
    pub(crate) source: String,
    /// Version of the mapping from columns and labels to fields and codes.
    pub(crate) mapping: u64,
    /// SHA-256 of the file.
    pub(crate) file: String,
    /// First date that the file covers.
    pub(crate) from: String,
    /// Last date that the file covers.
    pub(crate) until: String,
    /// Fields that the file had a column for.
    pub(crate) columns: Vec<String>,
    /// Rows of the file.
    pub(crate) rows: u64,
    /// Rows of new records.
    pub(crate) added: u64,
    /// Rows that differed from what was known.
    pub(crate) changed: u64,
    /// Known records inside the dates covered that the file did not list.
    pub(crate) absent: u64,
    /// Rows that said nothing new.
    pub(crate) unchanged: u64,
    /// Rows that could not be read.
    pub(crate) rejected: u64,
}

/// Where a log comes from and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Succession {
    /// The sealed log from which this one goes on; absent where it is the first.
    pub(crate) goes_on_from: Option<GoesOnFrom>,
    /// The log that goes on in the place of this one; absent where it is not sealed.
    pub(crate) successor: Option<Successor>,
}

/// A log that was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct GoesOnFrom {
    /// Its origin.
    pub(crate) log: String,
    /// At which size.
    pub(crate) size: u64,
}

/// A log that goes on in the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Successor {
    /// Its origin.
    pub(crate) log: String,
    /// The key of its checkpoints, as vkey.
    pub(crate) key: String,
    /// When the other one was sealed, Unix seconds.
    pub(crate) sealed: u64,
}

/// Entries of the public log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Log {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    #[serde(flatten)]
    pub(crate) succession: Succession,
    /// How many entries the log has.
    pub(crate) total: u64,
    /// The entries of this page.
    pub(crate) entries: Vec<Entry>,
    /// What to ask for as `before` to get the next page; absent on the last one.
    pub(crate) next: Option<u64>,
}

/// One entry of the public log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Its place in the log.
    pub(crate) index: u64,
    /// Its id.
    pub(crate) id: String,
    /// What kind of statement it is.
    pub(crate) kind: String,
    /// Version of the kind.
    pub(crate) version: u64,
    /// Whether this version of the software knows the kind and its version.
    pub(crate) understood: bool,
    /// Code of why it does not count; absent where it counts.
    pub(crate) refusal: Option<String>,
    /// The revoked key on which it rests; absent where it rests on none.
    pub(crate) key_revoked: Option<KeyRevoked>,
    /// The party that says it.
    pub(crate) author: String,
    /// What that party is called, unless that was erased.
    pub(crate) author_name: Option<String>,
    /// The key that signed it.
    pub(crate) key: String,
    /// What it is about.
    pub(crate) subject: Option<String>,
    /// When its author says it was made: the author's word, no more.
    pub(crate) claimed: u64,
    /// When this node received it, as its receipt says.
    pub(crate) received: u64,
    /// Index of the first entry of its batch.
    pub(crate) batch: u64,
    /// Index of its receipt, the last entry of its batch.
    pub(crate) receipt: u64,
    /// Length of the signed bytes.
    pub(crate) size: u64,
}

/// One entry of the public log with what it says.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Statement {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// As in a list.
    #[serde(flatten)]
    pub(crate) entry: Entry,
    /// The realm in which it counts.
    pub(crate) realm: String,
    /// Its place in its author's chain; absent where the key has none.
    pub(crate) chain: Option<Link>,
    /// Other statements that it refers to.
    pub(crate) refs: Vec<Reference>,
    /// Its coded fields.
    #[schema(value_type = BTreeMap<String, Json>)]
    pub(crate) body: BTreeMap<Code, Coded>,
    /// The words that it commits to.
    pub(crate) sealed: Vec<Text>,
}

/// Place of a statement in the chain of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Link {
    /// Origin of the log that the chain belongs to.
    pub(crate) log: String,
    /// Zero for the first statement, then one more each.
    pub(crate) seq: u64,
    /// The statement before; absent in the first.
    pub(crate) prev: Option<String>,
}

/// A statement that another one refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Reference {
    /// As what.
    pub(crate) role: String,
    /// Its id.
    pub(crate) statement: String,
}
