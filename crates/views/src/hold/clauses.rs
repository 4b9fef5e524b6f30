//! A text clause by clause, what it amends and was amended by, and how old its last samples are.

use std::collections::{BTreeMap, BTreeSet};

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::AsOf;
use ensign_hold::evaluate::accord::Text;
use ensign_hold::evaluate::matrix::{Binding, Matrix, Pair};
use ensign_hold::term;
use ensign_hold::term::ast::{Duty, Variation};
use ensign_hold::term::check::roles;
use ensign_hold::term::name::Role;
use ensign_trust::{Fact, PartyId};
use serde::Serialize;

use super::duty::{DutyRow, Settings, duty_row};
use super::row::{Departures, cell_row, clause, instrument_row, source};
use super::{CellRow, InstrumentRow};
use crate::{Error, MAX_PAGE, Views};

/// A text clause by clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clauses {
    /// What stands before the first term: notes, sources, parameters, words and kinds.
    pub preface: String,
    /// Its terms, in its order.
    pub terms: Vec<TermRow>,
    /// The roles that it knows.
    pub roles: Vec<String>,
    /// Its parameters: name, and what it proposes.
    pub params: Vec<(String, String)>,
    /// Its sources: name, where to find it, and whether somebody read it.
    pub sources: Vec<SourceRow>,
    /// The other texts of the same name, in the order of the log.
    pub versions: Vec<InstrumentRow>,
    /// The last second for which somebody measured one of its indicators.
    pub measured: Option<u64>,
}

/// A source that a text draws on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    /// How clauses name it.
    pub name: String,
    /// Where it is found.
    pub location: String,
    /// Whether the primary text was checked.
    pub verified: bool,
}

/// One term of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// Its name.
    pub name: String,
    /// How it can be checked, as a code.
    pub class: &'static str,
    /// The duty in parts, with what the text proposes where the parties set something.
    pub duty: DutyRow,
    /// As it is written.
    pub clause: String,
    /// Where it stands in its source; nothing where the parties added it.
    pub source: Option<String>,
    /// Whether somebody read the clause in its source.
    pub verified: bool,
    /// What its authors say about it.
    pub notes: Vec<String>,
    /// Nothing stops its clock.
    pub unsuspendable: bool,
    /// No party may reserve against it.
    pub non_reservable: bool,
    /// What it asks for, as a reservation writes what it accepts instead; nothing where that is prose.
    pub variable: Option<String>,
    /// The terms that its breach starts.
    pub on_breach: Vec<String>,
}

/// Which cells of the matrix; a field that is absent lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellFilter {
    /// Of this text.
    pub text: Option<InstrumentDigest>,
    /// Of this term.
    pub term: Option<String>,
    /// Owed by, or to, this party.
    pub party: Option<PartyId>,
    /// Only what is not in force as it is written.
    pub changed: bool,
}

/// Some cells of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The cells of this page.
    pub rows: Vec<CellRow>,
    /// How many there are in all.
    pub total: u64,
    /// How many of these are not in force as they are written.
    pub changed: u64,
    /// How many to pass over to get the next page; absent on the last one.
    pub next: Option<usize>,
}

impl Views {
    /// A text clause by clause.
    pub fn clauses(&self, text: InstrumentDigest, as_of: AsOf) -> Result<Option<Clauses>, Error> {
        let promises = self.promises(as_of.index)?;
        let known = promises.instruments.text(text);
        let Some(known) = known.filter(|known| known.position < as_of.index) else {
            return Ok(None);
        };
        let instrument = &known.instrument;
        let accord = promises.instruments.accord();
        let settings = Settings::of(accord, known, None, as_of.index);
        let term_row = |term: &term::ast::Term| {
            Some(TermRow {
                name: term.name.to_string(),
                class: term.class.word(),
                duty: duty_row(&term.name, &settings)?,
                clause: clause(known, &term.name),
                source: source(term),
                verified: term.text.as_ref().is_some_and(|cited| cited.verified),
                notes: term.notes.iter().map(ToString::to_string).collect(),
                unsuspendable: term.unsuspendable,
                non_reservable: term.non_reservable,
                variable: variable(&term.duty),
                on_breach: term.on_breach.iter().map(ToString::to_string).collect(),
            })
        };
        let is_version = |other: &&Text| {
            other.instrument.name == instrument.name
                && other.digest != text
                && other.position < as_of.index
        };
        let takeovers = accord.takeovers(as_of.index);
        let versions = accord.texts.iter().filter(is_version).filter_map(|other| {
            let publication = promises.instruments.publication(other.digest)?;
            Some(instrument_row(
                publication,
                other,
                accord,
                &takeovers,
                as_of,
            ))
        });
        let indicators: BTreeSet<&str> = instrument
            .indicators
            .iter()
            .map(|rule| rule.indicator.as_str())
            .collect();
        let now = u64::try_from(as_of.t).unwrap_or(0);
        let adoptions = accord.adoptions.iter();
        let of_text = adoptions.filter(|it| it.text == text && it.position < as_of.index);
        // The last one of each party counts.
        let mut roles_of: BTreeMap<PartyId, (u64, &BTreeSet<Role>)> = BTreeMap::new();
        for it in of_text {
            let known = roles_of.entry(it.party).or_insert((it.position, &it.roles));
            if known.0 <= it.position {
                *known = (it.position, &it.roles);
            }
        }
        // Whose word counts for a kind: that of anybody, where the text names no role for it.
        let may_state = |fact: &&Fact| {
            let mut rules = instrument.kinds.iter();
            let rule = rules.find(|rule| *rule.kind.as_code() == fact.kind);
            let role = rule.and_then(|rule| rule.by.as_ref());
            let own = roles_of.get(&fact.actor);
            role.is_none_or(|role| own.is_some_and(|(_, roles)| roles.contains(role)))
        };
        let samples = promises.facts.all().iter().filter(|fact| {
            fact.position < as_of.index
                && fact.valid[0] <= now
                && indicators.contains(fact.kind.as_str())
        });
        // Nobody has measured what was to come when the node received it.
        let seconds = samples.filter(may_state).map(|fact| {
            let known = fact.received.min(now);
            fact.valid[1].min(known)
        });
        Ok(Some(Clauses {
            preface: preface(&term::format(instrument)),
            terms: instrument.terms.iter().filter_map(term_row).collect(),
            roles: roles(instrument).iter().map(ToString::to_string).collect(),
            params: instrument
                .params
                .iter()
                .map(|param| (param.name.to_string(), param.proposed.to_string()))
                .collect(),
            sources: instrument
                .sources
                .iter()
                .map(|source| SourceRow {
                    name: source.name.to_string(),
                    location: source.location.to_string(),
                    verified: source.verified,
                })
                .collect(),
            versions: versions.collect(),
            measured: seconds.max(),
        }))
    }

    /// What is in force between whom: some cells, after so many that are passed over.
    pub fn cells(
        &self,
        filter: &CellFilter,
        as_of: AsOf,
        after: usize,
        limit: usize,
    ) -> Result<Cells, Error> {
        let promises = self.promises(as_of.index)?;
        let matrix = Matrix::at(promises.instruments.accord(), as_of.index, as_of.t);
        let lets_through = |pair: &Pair<'_>| {
            filter.text.is_none_or(|text| text == pair.text())
                && filter
                    .term
                    .as_ref()
                    .is_none_or(|term| term == pair.term().as_str())
                && filter
                    .party
                    .is_none_or(|party| party == pair.debtor() || pair.creditor() == Some(party))
        };
        let end = after.saturating_add(limit.min(MAX_PAGE));
        let mut departures = Departures::at(&promises, as_of.index);
        let (mut total, mut changed, mut rows) = (0, 0, Vec::new());
        for pair in matrix.pairs().filter(lets_through) {
            let is_changed = pair.binding() != Binding::InForce;
            changed += u64::from(is_changed);
            if is_changed || !filter.changed {
                if (after..end).contains(&total) {
                    rows.push(cell_row(pair.cell(), &mut departures));
                }
                total += 1;
            }
        }
        Ok(Cells {
            rows,
            total: total as u64,
            changed,
            next: (end < total).then_some(end),
        })
    }
}

/// A duty as what could take its place: the limit of an act, or all of it.
fn variable(duty: &Duty) -> Option<String> {
    let variation = match duty {
        Duty::Declare(_) => return None,
        Duty::Deliver { limit, .. } => Variation::Limit(limit.clone()),
        other => Variation::Duties(vec![other.clone()]),
    };
    Some(variation.to_string())
}

/// What stands before the first term of a text.
fn preface(written: &str) -> String {
    let is_before = |line: &&str| !line.starts_with("  term ") && !line.starts_with("  ladder ");
    let lines = written.lines().take_while(is_before);
    let mut preface: String = lines.fold(String::new(), |all, line| all + line + "\n");
    preface.truncate(preface.trim_end().len());
    preface.push('\n');
    preface
}
