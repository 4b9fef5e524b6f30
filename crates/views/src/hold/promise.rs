//! A term as a whole, in parts from which sentences are made: what is owed, what starts it, what stops
//! its clock, what follows a breach.

use ensign_hold::evaluate::accord::Text;
use ensign_hold::term::ast::{Effect, Term, Trigger};
use ensign_hold::term::name::TermName;
use serde::{Deserialize, Serialize};

use super::duty::{DutyRow, Settings, duty_row};

/// A term as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// What is owed, allowed or prohibited.
    pub duty: DutyRow,
    /// What starts it.
    pub starts: Start,
    /// How much later still counts as late, as ISO 8601 writes it.
    pub grace: Option<String>,
    /// What stops its clock.
    pub stops: Vec<Stop>,
    /// The terms that its breach starts.
    pub on_breach: Vec<String>,
    /// How long there is for these, as ISO 8601 writes it.
    pub remedy_within: Option<String>,
}

/// What starts a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The adoption.
    Adoption,
    /// The breach of one of these terms.
    Breach(Vec<String>),
    /// Each fact of this kind.
    Fact(String),
}

/// What stops a clock, for how long at most, as ISO 8601 writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// An exception.
    Exception {
        /// On what ground.
        under: String,
        /// How long.
        most: String,
    },
    /// A fact.
    Fact {
        /// Its kind.
        by: String,
        /// The kind that lets the clock go on.
        until: String,
        /// How long.
        most: String,
    },
}

/// A term in parts; nothing where the text has no such term.
pub(super) fn promise_row(
    text: &Text,
    name: &TermName,
    settings: &Settings<'_>,
) -> Option<PromiseRow> {
    let duty = duty_row(name, settings)?;
    let Some(term) = text.instrument.term(name) else {
        return Some(PromiseRow {
            duty,
            starts: Start::Adoption,
            grace: None,
            stops: Vec::new(),
            on_breach: Vec::new(),
            remedy_within: None,
        });
    };
    let length = |length| settings.length(length);
    Some(PromiseRow {
        duty,
        starts: start(text, term),
        grace: term.grace.as_ref().map(length),
        stops: stops(term, settings),
        on_breach: term.on_breach.iter().map(ToString::to_string).collect(),
        remedy_within: term.remedy_within.as_ref().map(length),
    })
}

fn start(text: &Text, term: &Term) -> Start {
    match text.instrument.trigger(term) {
        Trigger::Adoption => Start::Adoption,
        Trigger::Breach => {
            let before = text.instrument.terms.iter();
            let before = before.filter(|it| it.on_breach.contains(&term.name));
            Start::Breach(before.map(|it| it.name.to_string()).collect())
        }
        Trigger::Fact(kind, _) => Start::Fact(kind.to_string()),
    }
}

fn stops(term: &Term, settings: &Settings<'_>) -> Vec<Stop> {
    let facts = term.suspensions.iter().map(|it| Stop::Fact {
        by: it.by.to_string(),
        until: it.until.to_string(),
        most: settings.length(&it.max),
    });
    let exceptions = term.exceptions.iter().filter_map(|it| match &it.effect {
        Effect::Suspends(most) => Some(Stop::Exception {
            under: it.under.source.to_string(),
            most: settings.length(most),
        }),
        Effect::Excuses | Effect::Varies(_) => None,
    });
    facts.chain(exceptions).collect()
}
