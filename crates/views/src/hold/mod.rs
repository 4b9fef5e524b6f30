//! Which texts bind whom, what happened, and what each duty has come to.
//!
//! The file holds the statements; what they amount to is in memory, where it answers for every size
//! of the log. An answer about the newest size at a moment that is not before the last one asked for
//! comes from the docket, which judges only what changed since; any other is computed from scratch.
//! Both are the same.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use ensign_hold::evaluate::record::Head;
use ensign_hold::evaluate::{Evaluation, Possible};
use ensign_hold::{InstrumentDigest, Stated};
use ensign_trust::{ObligationId, PartyId, StatementId};
use serde::Serialize;

use crate::database::Database;

mod ask;
mod clauses;
mod deadlines;
mod duty;
mod kept;
mod order;
mod project;
mod promise;
mod promises;
mod proving;
mod row;
mod story;
mod suppose;
mod taken;

pub use clauses::{CellFilter, Cells, Clauses, SourceRow, TermRow};
pub use deadlines::{
    DeadlineCursor, DeadlineFilter, DeadlineRow, DeadlineState, Deadlines, Lapse, NotAState,
    PartyDue,
};
pub use duty::{CalendarRow, DutyRow, DutySort};
pub use order::{Order, Rank};
pub use promise::{PromiseRow, Start, Stop};
pub use promises::Promises;
pub use proving::{Differing, ObligationProof, Recomputed};
pub use story::{OwnWord, Story};
pub use suppose::{Case, Supposition};
pub use taken::TriggerChange;

use kept::Kept;
use taken::Walked;

/// The view: `hold.db`.
#[derive(Debug)]
pub(crate) struct Holds {
    database: Database,
    promises: Mutex<Arc<Promises>>,
    /// What each duty has come to, kept up to date for the newest size and the present; nothing until
    /// somebody asks, and after something that counted counts no more.
    docket: Mutex<Option<Kept>>,
    /// How often statements that had counted ceased to.
    falls: AtomicU64,
    /// The last answer from scratch. The size and the moment that it is of can have no other.
    judged: Mutex<Option<Arc<Evaluation>>>,
    /// What corrections and withdrawals of triggers did, up to the last of them.
    walked: Mutex<Option<Walked>>,
}

/// Which obligations; a field that is absent lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObligationFilter {
    /// Of this text.
    pub text: Option<InstrumentDigest>,
    /// Owed by, or to, this party.
    pub party: Option<PartyId>,
    /// Due between these two seconds, both included: its due time may lie there.
    pub due: Option<[i64; 2]>,
    /// With this status, as a code.
    pub status: Option<String>,
    /// That can still be met or breached.
    pub open: bool,
}

/// An obligation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObligationRow {
    /// Its id.
    pub obligation: ObligationId,
    /// The text.
    pub text: InstrumentDigest,
    /// What the instrument is called.
    pub instrument: String,
    /// What kind of promise it is, as a code.
    pub force: &'static str,
    /// The term.
    pub term: String,
    /// How the term can be checked, as a code.
    pub class: &'static str,
    /// Who owes.
    pub debtor: PartyId,
    /// To whom.
    pub creditors: Vec<PartyId>,
    /// The statement that started it.
    pub trigger: StatementId,
    /// When that was: the earliest and the latest that it can be.
    pub triggered: [i64; 2],
    /// What it has come to.
    pub status: &'static str,
    /// What it may have come to.
    pub possible: Possible,
    /// What people hold of it.
    pub standing: &'static str,
    /// What a body made of the result.
    pub ruling: Option<&'static str>,
    /// Whether its clock stands: `true`, `false` or `unknown`.
    pub stopped: &'static str,
    /// The last second in time: the earliest and the latest that it can be.
    pub due: Option<[i64; 2]>,
}

/// An obligation with its clause and its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObligationPage {
    /// As in a list.
    #[serde(flatten)]
    pub row: ObligationRow,
    /// The moment judged, Unix seconds.
    pub at: i64,
    /// The size of the log judged.
    pub index: u64,
    /// The term in parts, with what the debtor set.
    pub promise: PromiseRow,
    /// The term as it is written.
    pub clause: String,
    /// Where the clause stands in its source.
    pub source: Option<String>,
    /// Whether somebody read the clause in its source.
    pub verified: bool,
    /// The status record on one line of JSON: with every sum and every statement used.
    pub record: String,
    /// What the debtor lodged to contest it.
    pub contests: Vec<StatementId>,
    /// Every fact that the result rests on, by its statement, in the order of the log.
    pub uses: Vec<StatementId>,
}

/// A text in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstrumentRow {
    /// The text.
    pub text: InstrumentDigest,
    /// What the instrument is called.
    pub name: String,
    /// Who published it, where and when.
    #[serde(flatten)]
    pub stated: Stated,
    /// The text that it amends.
    pub supersedes: Option<InstrumentDigest>,
    /// What kind of promise it is, as a code.
    pub force: &'static str,
    /// First day in force, `YYYY-MM-DD`.
    pub from: String,
    /// First day no more.
    pub until: Option<String>,
    /// How many terms it has.
    pub terms: usize,
    /// How many parties are bound by it at the moment judged.
    pub parties: usize,
}

/// An accord: a text, who is bound by it, and what its duties have come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccordPage {
    /// As in a list.
    #[serde(flatten)]
    pub row: InstrumentRow,
    /// The moment judged, Unix seconds.
    pub at: i64,
    /// The size of the log judged.
    pub index: u64,
    /// The text as it is written.
    pub clauses: String,
    /// Its parties, in the order in which they adopted it.
    pub members: Vec<MemberRow>,
    /// What its duties have come to, all together.
    pub tally: Tally,
    /// The same for each term and debtor that has any.
    pub tallies: Vec<TallyRow>,
    /// Triggers that bind nobody, since nobody holds the role: term and trigger.
    pub unassigned: Vec<(String, StatementId)>,
}

/// A party to a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberRow {
    /// The party.
    pub party: PartyId,
    /// The statement by which it is bound, or ends it.
    pub adoption: StatementId,
    /// In which roles.
    pub roles: Vec<String>,
    /// First second.
    pub from: i64,
    /// First second no more: as it said, or as a later text takes over.
    pub until: Option<i64>,
    /// The later text of the same name that takes over then.
    pub taken_over_by: Option<InstrumentDigest>,
    /// What it set: name and value.
    pub params: Vec<(String, String)>,
    /// What it reserved: the term, and what it accepts instead, or `excluded`.
    pub reservations: Vec<(String, String)>,
}

/// Counts of obligations, each with the same denominator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All of them: the denominator.
    pub total: u64,
    /// Neither kept nor broken yet.
    pub open: u64,
    /// Met in time.
    pub kept: u64,
    /// Done after the limit, within the grace.
    pub late: u64,
    /// Not done, whatever came after.
    pub breached: u64,
    /// Of these, remedied since.
    pub remedied: u64,
    /// The evidence does not decide.
    pub undetermined: u64,
    /// Excused, waived or lapsed.
    pub released: u64,
    /// Of all, contested by the debtor.
    pub contested: u64,
    /// Of the indicators that are measured, how much was sampled.
    pub coverage: Coverage,
}

/// How much of what should have been sampled was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Samples that there are.
    pub sampled: u64,
    /// Samples that there should be: the denominator.
    pub expected: u64,
}

/// Counts for one term and one debtor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TallyRow {
    /// The term.
    pub term: String,
    /// How it can be checked, as a code.
    pub class: &'static str,
    /// Who owes.
    pub debtor: PartyId,
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
}

/// One cell of the matrix of what is in force between whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellRow {
    /// The text.
    pub text: InstrumentDigest,
    /// The term.
    pub term: String,
    /// Who owes.
    pub debtor: PartyId,
    /// To whom; nobody where the term names no creditor.
    pub creditor: Option<PartyId>,
    /// Whether it is in force, as a code.
    pub binding: &'static str,
    /// The adoptions and objections that make it so.
    pub because: Vec<StatementId>,
    /// Adoptions whose reservation on it has no effect.
    pub void: Vec<StatementId>,
    /// What the debtor set otherwise than the text proposes, of what the term goes by where it is in
    /// force.
    pub set: Vec<SetRow>,
}

/// A parameter that a party set otherwise than the text proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetRow {
    /// Its name.
    pub name: String,
    /// What the party set.
    pub value: String,
    /// What the text proposes.
    pub proposed: String,
}

/// The heads that a status record names.
pub(crate) fn heads(head: Option<&Head>) -> &[Head] {
    head.map_or(&[], std::slice::from_ref)
}
