//! An instrument as data: what the parser reads, the canonical form holds and the evaluator runs.
//!
//! All numbers are integers. Shares are parts per 10,000. Nothing here has a place in a text: what
//! two texts say alike is equal.

mod condition;
mod ladder;
mod term;

use jiff::civil::Date;

use crate::term::duration::Duration;
use crate::term::name::{
    CalendarName, HolidaysName, Indicator, InstrumentName, Kind, ParamName, Passage, Role,
    SourceName, TermName, Text, Word, ZoneName,
};
pub use condition::{Aggregate, Comparison, Condition, Measure, Object, Order, Quantity, State};
pub use ladder::{Fraction, Ladder, Quorum, Rung, RungState};
pub use term::{
    Act, Anchor, Class, Duty, Effect, Exception, Length, Limit, Modality, Moment, Requirement,
    Side, Span, Suspension, Term, Variation, Which,
};

/// Most clauses of one term that stop its clock: how they share time is looked at choice by choice.
pub const MAX_SUSPENSIONS: usize = 8;

/// Most terms in a row of which each starts the next by its breach, or rests on its status.
pub const MAX_CHAIN: u32 = 16;

/// Most defined words in a row of which each stands in the meaning of the one before.
pub const MAX_WORDS: u32 = 16;

/// A text that binds parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// Its name.
    pub name: InstrumentName,
    /// What its authors say about it.
    pub notes: Vec<Text>,
    /// What kind of promise it is.
    pub force: Force,
    /// When it is in force.
    pub in_force: InForce,
    /// Who reviews it, and how often.
    pub review: Option<Review>,
    /// The texts that it draws on.
    pub sources: Vec<Source>,
    /// The calendars that its terms count in.
    pub calendars: Vec<CalendarRule>,
    /// What the parties set for themselves.
    pub params: Vec<Param>,
    /// Its glossary.
    pub definitions: Vec<Definition>,
    /// The kinds of facts that it reads.
    pub kinds: Vec<KindRule>,
    /// The indicators that it reads.
    pub indicators: Vec<IndicatorRule>,
    /// Its terms.
    pub terms: Vec<Term>,
    /// Its ladders.
    pub ladders: Vec<Ladder>,
}

/// What kind of promise an instrument is. It is shown with every status: a breach of a voluntary
/// norm is not a breach of a treaty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Force {
    /// A contract between parties.
    Contract,
    /// An act of a legislature, such as a directive.
    Legislation,
    /// A pledge of one party.
    Pledge,
    /// A resolution of an organisation.
    Resolution,
    /// A treaty.
    Treaty,
    /// A norm that is followed voluntarily.
    VoluntaryNorm,
}

/// When an instrument is in force: from 00:00 UTC of the first date until 00:00 UTC of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// The first day.
    pub from: Date,
    /// The day on which it no longer is; nothing if it has no end.
    pub until: Option<Date>,
}

/// A duty of the convenor to review the instrument, a period after each review, or after the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// How often.
    pub every: Duration,
    /// By whom.
    pub by: Role,
    /// In which calendar the period is counted.
    pub calendar: Option<CalendarName>,
}

/// A text that an instrument draws on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is found: an address, or how a library finds it.
    pub location: Text,
    /// How citations name it.
    pub name: SourceName,
    /// Whether the primary text was checked.
    pub verified: bool,
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The source.
    pub source: SourceName,
    /// The place in it; nothing if the whole of it is meant.
    pub passage: Option<Passage>,
    /// Whether what the clause says was checked against the primary text.
    pub verified: bool,
}

/// A calendar in words. Publication makes a [compiled](crate::calendar) one of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRule {
    /// Its name.
    pub name: CalendarName,
    /// Its time zone.
    pub zone: ZoneName,
    /// How its periods run.
    pub counting: Counting,
    /// The days of each week on which nobody works, in the order of the week, each once.
    pub weekend: Vec<Weekday>,
    /// Further days on which nobody works.
    pub holidays: Option<HolidaysName>,
    /// What happens to a deadline on such a day.
    pub weekend_rule: WeekendRule,
}

/// How periods run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counting {
    /// From moment to moment: a month after the 5th at 10:30 is the next 5th at 10:30.
    Exact,
    /// As Regulation (EEC, Euratom) No 1182/71 counts: the hour or day of the event is left out,
    /// and a period ends when its last hour or day has ended.
    Eec1182,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// What happens to a deadline that falls on a day on which nobody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeekendRule {
    /// It stays.
    Stays,
    /// It moves to the next working day, to this time of day or else to its own.
    Next(Option<TimeOfDay>),
    /// It moves to the working day before, to this time of day or else to its own.
    Previous(Option<TimeOfDay>),
}

/// A time of day in minutes after midnight, below 1,440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// Minutes after midnight.
    pub minutes: u16,
}

/// A value that each party sets when it adopts the instrument. Its type is that of the proposed
/// value, which holds where an adoption is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: ParamName,
    /// What the instrument proposes.
    pub proposed: Setting,
}

/// A value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A duration.
    Duration(Duration),
    /// A number.
    Number(Number),
}

/// An integer, plain or in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// A plain integer.
    Integer(i64),
    /// Parts per 10,000: 95 % is 9,500.
    Share(i64),
}

/// An entry of the glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What is defined.
    pub subject: Defined,
    /// What it means.
    pub means: Text,
    /// The condition that it stands for.
    pub counts_as: Option<Condition>,
}

/// What an entry of the glossary defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defined {
    /// A phrase of the text, for readers.
    Phrase(Text),
    /// A word that findings and conditions use.
    Word(Word),
}

/// What is said of a kind of fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRule {
    /// The kind.
    pub kind: Kind,
    /// What its absence proves.
    pub world: World,
    /// Which role of a term its actor has.
    pub by: Option<Role>,
    /// Which role of a term its addressee has.
    pub to: Option<Role>,
}

/// What the absence of a kind of fact proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum World {
    /// Something seen from outside: its absence counts only where somebody watched.
    Observed,
    /// An act done by lodging it in the log: what is not there was not done.
    Performative,
}

/// What is said of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorRule {
    /// The indicator.
    pub indicator: Indicator,
    /// The lowest value that a sample can have.
    pub lowest: Number,
    /// The highest value.
    pub highest: Number,
    /// How often a sample is expected.
    pub every: Duration,
}

/// What starts an obligation of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger<'a> {
    /// The breach of a term that names it in `on_breach`.
    Breach,
    /// Each fact of a kind that contains what is required.
    Fact(&'a Kind, &'a [Requirement]),
    /// The adoption of the instrument: the term applies while its condition holds.
    Adoption,
}

impl Setting {
    /// Whether it can be set where this is proposed: a value of the same type, and with months or
    /// days only where the proposal has some, since the terms may have no calendar.
    pub fn fits(&self, proposed: &Setting) -> bool {
        match (self, proposed) {
            (Setting::Duration(own), Setting::Duration(proposed)) => {
                !own.needs_calendar() || proposed.needs_calendar()
            }
            (Setting::Number(own), Setting::Number(proposed)) => {
                std::mem::discriminant(own) == std::mem::discriminant(proposed)
            }
            _ => false,
        }
    }
}

impl Instrument {
    /// The term with this name.
    pub fn term(&self, name: &TermName) -> Option<&Term> {
        self.terms.iter().find(|term| term.name == *name)
    }

    /// What is said of a kind.
    pub fn kind(&self, kind: &Kind) -> Option<&KindRule> {
        self.kinds.iter().find(|rule| rule.kind == *kind)
    }

    /// What is said of an indicator.
    pub fn indicator(&self, indicator: &Indicator) -> Option<&IndicatorRule> {
        self.indicators
            .iter()
            .find(|rule| rule.indicator == *indicator)
    }

    /// A parameter.
    pub fn param(&self, name: &ParamName) -> Option<&Param> {
        self.params.iter().find(|param| param.name == *name)
    }

    /// The condition that a defined word stands for.
    pub fn meaning(&self, word: &Word) -> Option<&Condition> {
        let of = |definition: &&Definition| definition.subject == Defined::Word(word.clone());
        self.definitions.iter().find(of)?.counts_as.as_ref()
    }

    /// What starts an obligation of one of its terms.
    pub fn trigger<'a>(&self, term: &'a Term) -> Trigger<'a> {
        term.trigger(
            self.terms
                .iter()
                .any(|parent| parent.on_breach.contains(&term.name)),
        )
    }
}
