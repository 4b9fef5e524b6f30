//! What is answered about promises: what lapses next, how a duty came to its status, who is bound by
//! what. Times are Unix seconds; an interval is its first and its last second.

use std::collections::BTreeMap;

use ensign_trust::{Code, Coded};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::taken::{TakenBack, TriggerChange};
use super::{AsOf, Entry};

/// What stands beside every status.
pub(crate) const NOTE: &str = "computed from the log, not a finding of law";

/// As of when duties are judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DutyJudged {
    /// What the answer is true of.
    pub(crate) as_of: AsOf,
    /// The time judged.
    pub(crate) at: i64,
    /// Size of the log judged.
    pub(crate) index: u64,
    /// `now`: all statements below that size count. `then`: of these, only what was received by the
    /// time judged.
    pub(crate) known: &'static str,
    /// The rules by which it was judged.
    pub(crate) engine: &'static str,
    /// `computed from the log, not a finding of law`.
    pub(crate) note: &'static str,
}

/// Duties in the order in which their time runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Deadlines {
    /// As of when.
    pub(crate) judged: DutyJudged,
    /// How many match.
    pub(crate) total: u64,
    /// What each party owes and is owed of all that match, by id.
    pub(crate) parties: Vec<PartyDue>,
    /// The duties of this page.
    pub(crate) deadlines: Vec<Deadline>,
    /// What to ask for as `after` to get the next page; absent on the last one.
    pub(crate) next: Option<String>,
}

/// A party by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NamedParty {
    /// Its id.
    pub(crate) party: String,
    /// What it is called, unless that was erased.
    pub(crate) name: Option<String>,
}

/// What a party owes and is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PartyDue {
    /// The party.
    #[serde(flatten)]
    pub(crate) party: NamedParty,
    /// Duties that it owes.
    pub(crate) owes: u64,
    /// Duties that are owed to it.
    pub(crate) owed: u64,
    /// When the first of those that it owes runs out.
    pub(crate) next: Option<[i64; 2]>,
}

/// A duty in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Deadline {
    /// Its id.
    pub(crate) id: String,
    /// Digest of the text.
    pub(crate) text: String,
    /// What the instrument is called.
    pub(crate) instrument: String,
    /// What kind of promise it is.
    pub(crate) force: &'static str,
    /// The term.
    pub(crate) term: String,
    /// How the term can be checked.
    pub(crate) class: &'static str,
    /// Who owes.
    pub(crate) debtor: NamedParty,
    /// To whom.
    pub(crate) creditors: Vec<NamedParty>,
    /// The statement that started it.
    pub(crate) trigger: String,
    /// When that was.
    pub(crate) triggered: [i64; 2],
    /// What it has come to.
    pub(crate) status: &'static str,
    /// What it may have come to; one where that is known.
    pub(crate) possible: Vec<&'static str>,
    /// What people hold of it; never part of the status.
    pub(crate) standing: &'static str,
    /// What a body made of the result.
    pub(crate) ruling: Option<&'static str>,
    /// Whether its clock stands: `true`, `false` or `unknown`.
    pub(crate) stopped: &'static str,
    /// The last second in time.
    pub(crate) due: Option<[i64; 2]>,
    /// The last second of what runs out next, or ran out last.
    pub(crate) lapses: Option<[i64; 2]>,
    /// What that is: `limit`, `grace` or `remedy`.
    pub(crate) ends: Option<&'static str>,
    /// Seconds from the time judged to the first of `lapses`; below zero when that is over.
    pub(crate) left: Option<i64>,
    /// The duty in parts.
    pub(crate) duty: Duty,
}

/// A duty in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Duty {
    /// `owes`, `may` or `forbid`.
    pub(crate) modality: String,
    /// The role that it binds.
    pub(crate) debtor: String,
    /// The role to which it is owed.
    pub(crate) creditor: Option<String>,
    /// `deliver`, `maintain`, `never`, `perform` or `declare`.
    pub(crate) sort: &'static str,
    /// Kind of the act, of what must not occur, or the indicator; the words of a declaration.
    pub(crate) what: String,
    /// `within` or `before`.
    pub(crate) side: Option<String>,
    /// How long, as ISO 8601 writes it, or the field that states it: the limit, the window or the
    /// period.
    pub(crate) span: Option<String>,
    /// What the limit is counted from.
    pub(crate) anchor: Option<String>,
    /// How samples are taken together.
    pub(crate) aggregate: Option<String>,
    /// How that is compared.
    pub(crate) order: Option<String>,
    /// With what.
    pub(crate) threshold: Option<String>,
    /// The share of the samples that must be there.
    pub(crate) coverage: Option<String>,
    /// Who finds which party did it.
    pub(crate) attributed_by: Option<String>,
    /// The calendar in which its time is counted; absent where hours are counted.
    pub(crate) calendar: Option<DutyCalendar>,
}

/// A calendar of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DutyCalendar {
    /// Its name in the text.
    pub(crate) name: String,
    /// Its time zone, as the IANA database names it.
    pub(crate) zone: String,
    /// How its periods run: `exact` or `eec_1182_71`.
    pub(crate) counting: String,
}

/// How one duty came to its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Obligation {
    /// As of when.
    pub(crate) judged: DutyJudged,
    /// As in a list.
    #[serde(flatten)]
    pub(crate) row: Deadline,
    /// The term as it is written.
    pub(crate) clause: String,
    /// Where the clause stands in its source; absent where the parties added it.
    pub(crate) source: Option<String>,
    /// Whether somebody read the clause in its source.
    pub(crate) verified: bool,
    /// What corrections and withdrawals of what started it did, in the order of the log.
    pub(crate) trigger_changes: Vec<TriggerChange>,
    /// The sums of its deadline.
    pub(crate) bounds: Option<DutyBounds>,
    /// The path of the clause that decided.
    pub(crate) path: Vec<String>,
    /// What was done to judge it, in order.
    pub(crate) steps: Vec<ProofStep>,
    /// What is not there and would have made a difference.
    pub(crate) missing: Vec<ProofStep>,
    /// How strong the evidence of the allegation is.
    pub(crate) grade: Option<String>,
    /// Who found what was the case.
    pub(crate) determined_by: Vec<NamedParty>,
    /// What the debtor itself said about it, in the order of the log, the last ones.
    pub(crate) own_words: Vec<OwnWord>,
    /// How many of its statements are left out before these.
    pub(crate) more_own_words: u64,
    /// What would follow: computed, lodged nowhere.
    pub(crate) supposed: Vec<Supposed>,
    /// The statements that were used, in the order of the log; the first 200.
    pub(crate) uses: Vec<UsedStatement>,
    /// How many there are.
    pub(crate) used: u64,
    /// The status record, as every copy of the log gives it.
    pub(crate) record: String,
    /// SHA-256 of that text.
    pub(crate) digest: String,
    /// Address of the file that proves the result without a network.
    pub(crate) proof: String,
}

/// The sums of a deadline in seconds, each the least and the most that it can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DutyBounds {
    /// From the start to the act or to the time judged, without what was suspended.
    pub(crate) elapsed: [i64; 2],
    /// The limit.
    pub(crate) limit: [i64; 2],
    /// The grace.
    pub(crate) grace: [i64; 2],
}

/// One thing that was done to judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProofStep {
    /// Which.
    pub(crate) code: &'static str,
    /// With what.
    #[schema(value_type = BTreeMap<String, Json>)]
    pub(crate) with: BTreeMap<&'static str, Json>,
}

/// One thing that a debtor said about its own duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OwnWord {
    /// The statement.
    pub(crate) statement: String,
    /// Its place in the public log.
    pub(crate) index: u64,
    /// Its kind.
    pub(crate) kind: String,
    /// When it holds.
    pub(crate) valid: [u64; 2],
    /// When it was received.
    pub(crate) received: u64,
    /// Its fields.
    #[schema(value_type = BTreeMap<String, Json>)]
    pub(crate) fields: BTreeMap<String, Coded>,
}

/// What would become of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Supposed {
    /// `confirmed`, `done`, `late`, `never`, `found`, `attributed`, `restored`, `failed` or
    /// `unmeasured`.
    pub(crate) case: &'static str,
    /// The kind of fact, the ground of the finding, or the indicator.
    pub(crate) what: String,
    /// Who would state it; absent where it is that nobody does.
    pub(crate) by: Option<NamedParty>,
    /// The time judged.
    pub(crate) at: i64,
    /// What it would come to.
    pub(crate) status: &'static str,
    /// What it might come to.
    pub(crate) possible: Vec<&'static str>,
    /// The terms that this would start.
    pub(crate) starts: Vec<String>,
}

/// A statement on which a result rests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct UsedStatement {
    /// Its place in the public log; absent where it is not there any more.
    pub(crate) index: Option<u64>,
    /// Its id.
    pub(crate) statement: String,
    /// First index at which the key on which it rests no longer counts, where that was said after the
    /// size judged; absent where it stands.
    pub(crate) key_revoked_as_of: Option<u64>,
}

/// Texts, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Accords {
    /// As of when.
    pub(crate) judged: DutyJudged,
    /// The texts.
    pub(crate) accords: Vec<AccordRow>,
}

/// A text in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AccordRow {
    /// Digest of the text.
    pub(crate) text: String,
    /// What the instrument is called.
    pub(crate) name: String,
    /// The statement that published it.
    pub(crate) statement: String,
    /// Its place in the public log.
    pub(crate) index: u64,
    /// When it was received.
    pub(crate) received: u64,
    /// Who published it.
    pub(crate) by: NamedParty,
    /// Digest of the text that it amends.
    pub(crate) supersedes: Option<String>,
    /// What kind of promise it is.
    pub(crate) force: &'static str,
    /// First day in force.
    pub(crate) from: String,
    /// First day no more.
    pub(crate) until: Option<String>,
    /// How many terms it has.
    pub(crate) terms: u64,
    /// How many parties are bound by it at the time judged.
    pub(crate) parties: u64,
}

/// A text, who is bound by it, and what its duties have come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Accord {
    /// As of when.
    pub(crate) judged: DutyJudged,
    /// As in a list.
    #[serde(flatten)]
    pub(crate) row: AccordRow,
    /// The other texts of the same name, in the order of the log.
    pub(crate) versions: Vec<AccordRow>,
    /// Its parties, by id.
    pub(crate) members: Vec<AccordMember>,
    /// What its duties have come to, all together.
    pub(crate) counts: DutyCounts,
    /// The same for each term that has any, in the order of the text.
    pub(crate) by_term: Vec<TermCounts>,
    /// The same for each party that owes any, by name.
    pub(crate) by_party: Vec<PartyCounts>,
    /// The last second for which somebody measured one of its indicators.
    pub(crate) measured: Option<u64>,
    /// What was not kept in time or is not decided, with its debtor's own word: 50 of these, some of
    /// each status.
    pub(crate) adverse: Vec<Adverse>,
    /// How many of these there are.
    pub(crate) adverse_total: u64,
    /// The same by status.
    pub(crate) adverse_by_status: Vec<StatusCount>,
    /// Duties that are none any more since their trigger was corrected or withdrawn; the last 50.
    pub(crate) taken_back: Vec<TakenBack>,
    /// How many of these there are.
    pub(crate) taken_back_total: u64,
    /// Statements about the text that are kept and do not count, in the order of the log.
    pub(crate) without_effect: Vec<Entry>,
    /// Triggers that bind nobody, since nobody holds the role.
    pub(crate) unassigned: Vec<UnassignedTrigger>,
    /// What stands before its terms, as it is written.
    pub(crate) preface: String,
    /// Its terms, in its order.
    pub(crate) clauses: Vec<Clause>,
    /// The sources that it draws on.
    pub(crate) sources: Vec<CitedSource>,
    /// The roles that it knows.
    pub(crate) roles: Vec<String>,
    /// What parties set, and what it proposes.
    pub(crate) params: BTreeMap<String, String>,
}

/// A party to a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AccordMember {
    /// The party.
    #[serde(flatten)]
    pub(crate) party: NamedParty,
    /// The statement by which it is bound.
    pub(crate) adoption: UsedStatement,
    /// In which roles.
    pub(crate) roles: Vec<String>,
    /// First second.
    pub(crate) from: i64,
    /// First second no more.
    pub(crate) until: Option<i64>,
    /// Digest of the later text of the same name that takes over then; absent where none does.
    pub(crate) taken_over_by: Option<String>,
    /// What it set.
    pub(crate) params: BTreeMap<String, String>,
    /// What it reserved: by term, what it accepts instead, or `excluded`.
    pub(crate) reservations: BTreeMap<String, String>,
}

/// Counts of duties, each with the same denominator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DutyCounts {
    /// All of them: the denominator.
    pub(crate) total: u64,
    /// Neither kept nor broken yet.
    pub(crate) open: u64,
    /// Met in time.
    pub(crate) kept: u64,
    /// Done after the limit, within the grace.
    pub(crate) late: u64,
    /// Not done in time, whatever came after.
    pub(crate) breached: u64,
    /// Of these, remedied since.
    pub(crate) remedied: u64,
    /// The evidence does not decide.
    pub(crate) undetermined: u64,
    /// Excused, waived or lapsed.
    pub(crate) released: u64,
    /// Of all, contested by the debtor.
    pub(crate) contested: u64,
    /// Samples that there are.
    pub(crate) sampled: u64,
    /// Samples that there should be: the denominator of the coverage.
    pub(crate) expected: u64,
}

/// Counts of the duties of one term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TermCounts {
    /// The term.
    pub(crate) term: String,
    /// How it can be checked.
    pub(crate) class: &'static str,
    /// The counts.
    #[serde(flatten)]
    pub(crate) counts: DutyCounts,
}

/// Counts of the duties of one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PartyCounts {
    /// The party.
    #[serde(flatten)]
    pub(crate) party: NamedParty,
    /// The counts.
    #[serde(flatten)]
    pub(crate) counts: DutyCounts,
}

/// A duty that was not kept in time or is not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Adverse {
    /// The duty.
    #[serde(flatten)]
    pub(crate) row: Deadline,
    /// What its debtor said about it last.
    pub(crate) own_word: Option<OwnWord>,
}

/// How many duties have come to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct StatusCount {
    /// The status.
    pub(crate) status: &'static str,
    /// How many duties.
    pub(crate) total: u64,
}

/// A trigger that binds nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct UnassignedTrigger {
    /// The term.
    pub(crate) term: String,
    /// The statement.
    pub(crate) trigger: String,
}

/// One term of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Clause {
    /// Its name.
    pub(crate) name: String,
    /// How it can be checked.
    pub(crate) class: &'static str,
    /// The duty in parts, with what the text proposes where the parties set something.
    pub(crate) duty: Duty,
    /// As it is written.
    pub(crate) clause: String,
    /// Where it stands in its source; absent where the parties added it.
    pub(crate) source: Option<String>,
    /// Whether somebody read it in its source.
    pub(crate) verified: bool,
    /// Nothing stops its clock.
    pub(crate) unsuspendable: bool,
    /// No party may reserve against it.
    pub(crate) non_reservable: bool,
    /// What it asks for, as a reservation writes what it accepts instead; absent where that is prose.
    pub(crate) variable: Option<String>,
    /// The terms that its breach starts.
    pub(crate) on_breach: Vec<String>,
}

/// A source that a text draws on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CitedSource {
    /// How clauses name it.
    pub(crate) name: String,
    /// Where it is found.
    pub(crate) location: String,
    /// Whether the primary text was checked.
    pub(crate) verified: bool,
}

/// What is in force between whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Matrix {
    /// As of when.
    pub(crate) judged: DutyJudged,
    /// Digest of the text.
    pub(crate) text: String,
    /// What the instrument is called.
    pub(crate) name: String,
    /// How many cells match.
    pub(crate) total: u64,
    /// How many of the text's cells are not in force as they are written.
    pub(crate) changed: u64,
    /// The cells of this page.
    pub(crate) cells: Vec<MatrixCell>,
    /// What to ask for as `after` to get the next page; absent on the last one.
    pub(crate) next: Option<u64>,
}

/// Whether a term is in force between two parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct MatrixCell {
    /// The term.
    pub(crate) term: String,
    /// Who owes.
    pub(crate) debtor: NamedParty,
    /// To whom; absent where the term names no creditor.
    pub(crate) creditor: Option<NamedParty>,
    /// `in_force`, `varied`, `excluded`, `objected`, `contradicted` or `out_of_force`.
    pub(crate) binding: &'static str,
    /// The adoptions and objections that make it so.
    pub(crate) because: Vec<UsedStatement>,
    /// Adoptions whose reservation on it has no effect.
    pub(crate) void: Vec<UsedStatement>,
    /// What the debtor set otherwise than the text proposes, of what the term goes by where it is in
    /// force.
    pub(crate) set: Vec<SetParam>,
}

/// A parameter that a party set otherwise than the text proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SetParam {
    /// Its name.
    pub(crate) name: String,
    /// What the party set.
    pub(crate) value: String,
    /// What the text proposes.
    pub(crate) proposed: String,
}

/// What a party would state. Nothing was stated.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// As of when.
    pub(crate) judged: DutyJudged,
    /// The party.
    pub(crate) party: NamedParty,
    /// Kind of the statement.
    pub(crate) kind: String,
    /// What it would be about.
    pub(crate) subject: Option<String>,
    /// Its coded fields.
    #[schema(value_type = BTreeMap<String, Json>)]
    pub(crate) body: BTreeMap<Code, Coded>,
    /// Whether the party has the mandate that it needs for it now.
    pub(crate) mandated: bool,
    /// What would keep it from counting, as far as the log knows now.
    pub(crate) notes: Vec<StatementNote>,
    /// How many samples it would give.
    pub(crate) samples: u64,
    /// The time that it would cover, where it gives samples.
    pub(crate) coverage: Option<[u64; 2]>,
    /// The command that states it, for whoever holds the party's key.
    pub(crate) command: String,
}

/// One thing that would keep a statement from counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct StatementNote {
    /// What, as a code.
    pub(crate) code: &'static str,
    /// What, and what to do about it, in English.
    pub(crate) text: String,
}
