//! What is wrong with an instrument that can be read: each fault with a stable code, a place, what is
//! wrong in plain words and what to write instead.
//!
//! [`check`] needs nothing but the instrument. [`check_publication`] also needs what the log knows, and
//! runs when an instrument is published. Time is linear in the instrument but for exceptions, which
//! are compared in pairs, a bounded number to a term.

mod clause;
mod cycle;
mod name;
mod overlap;
mod publication;
mod term;
#[cfg(test)]
mod tests;
mod walk;
mod word;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::term::ast::{Condition, Defined, Instrument, Param, Term, Trigger, World};
use crate::term::name::{Kind, ParamName, TermName, Word};
use crate::term::parse::{Place, Places, Position};
pub use publication::{Knowledge, Reservation, check_publication, kinds, params, roles};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// What is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum LintCode {
            $($(#[$doc])* $name,)+
        }

        impl LintCode {
            /// All of them.
            pub const ALL: &'static [LintCode] = &[$(LintCode::$name),+];

            /// The stable code, which is also the id of its message in the translations.
            pub const fn code(self) -> &'static str {
                match self {
                    $(LintCode::$name => $code),+
                }
            }
        }
    };
}

codes! {
    /// Terms or words that rest on one another in too long a row.
    ChainTooLong = "chain.too_long";
    /// An anchor that may fit several facts.
    AmbiguousAnchor = "anchor.ambiguous";
    /// A duty counted from a breach that nothing says of it.
    AnchorWithoutBreach = "anchor.without_breach";
    /// A length in days or months without a calendar.
    MissingCalendar = "calendar.missing";
    /// A class that the duty cannot have.
    ClassMismatch = "class.mismatch";
    /// A deadline shorter than the channel's measured delivery time.
    DeadlineTooShort = "deadline.too_short";
    /// Definitions that stand for each other.
    DefinitionCycle = "definition.cycle";
    /// Exceptions that can apply at once.
    ExceptionOverlap = "exception.overlap";
    /// An instrument that ends before it begins.
    NeverInForce = "in_force.empty";
    /// An indicator whose scale or period means nothing.
    IndicatorMalformed = "indicator.malformed";
    /// Rungs out of order, or a rung that there is not.
    LadderOrder = "ladder.order";
    /// A period without length.
    ZeroLength = "length.zero";
    /// A comparison that the scale cannot decide.
    OutOfScale = "measure.out_of_scale";
    /// A prohibition that is none, or a duty that is one.
    ModalityMismatch = "modality.mismatch";
    /// A name that stands for two things.
    NameTwice = "name.twice";
    /// A name that stands for nothing.
    NameUnknown = "name.unknown";
    /// What shows whether a duty binds or is kept may be said by anybody.
    ObserverUnnamed = "observer.unnamed";
    /// A parameter of another type.
    ParamType = "param.type";
    /// A duty that recurs in the place of another, where no period of it would be judged.
    RecurringInstead = "recurring.instead";
    /// An empty register of objects.
    RegisterEmpty = "register.empty";
    /// Remedies that start each other.
    RemedyCycle = "remedy.cycle";
    /// A reservation against a term that allows none.
    ReservationBarred = "reservation.barred";
    /// A role that nobody holds.
    RoleVacant = "role.vacant";
    /// A duty that protects people and can be suspended.
    SafetySuspendable = "safety.suspendable";
    /// Terms whose statuses depend on each other.
    StatusCycle = "status.cycle";
    /// A duty that cannot and can be suspended.
    SuspensionContradiction = "suspension.contradiction";
    /// More clauses that stop a clock than are judged together.
    TooManySuspensions = "suspension.too_many";
    /// A clause that nothing can show to be kept.
    Unverifiable = "term.unverifiable";
    /// The absence of a notice as a trigger.
    AbsenceOfNotice = "trigger.absence_of_notice";
    /// A duty within a time without a fact that starts it.
    TriggerMissing = "trigger.missing";
    /// An open-textured word that is computed.
    OpenTextured = "word.open_textured";
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lint {
    /// The part of the instrument that it is about.
    pub place: Place,
    /// What is wrong.
    pub code: LintCode,
    /// The word in that part that it is about.
    pub word: Option<String>,
    /// What is wrong, in words.
    pub message: String,
    /// What to write instead.
    pub fix: &'static str,
}

impl Lint {
    /// Where it stands in the text that the instrument was read from.
    pub fn position(&self, text: &str, places: &Places) -> Position {
        match &self.word {
            Some(word) => places.position_of(text, self.place, word),
            None => places.position(text, self.place),
        }
    }
}

/// The code, what is wrong and what to do about it, on one line.
impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.code.code(), self.message, self.fix)
    }
}

/// Everything that is wrong with an instrument by itself, in the order of its parts.
pub fn check(instrument: &Instrument) -> Vec<Lint> {
    let mut checker = Checker::new(instrument);
    name::check(&mut checker);
    cycle::check(&mut checker);
    clause::check(&mut checker);
    term::check(&mut checker);
    overlap::check(&mut checker);
    word::check(&mut checker);
    checker.finish()
}

/// What every check reads, and what they found.
struct Checker<'a> {
    instrument: &'a Instrument,
    worlds: BTreeMap<&'a Kind, World>,
    params: BTreeMap<&'a ParamName, &'a Param>,
    meanings: BTreeMap<&'a Word, Option<&'a Condition>>,
    spawned: BTreeSet<&'a TermName>,
    lints: Vec<Lint>,
}

impl<'a> Checker<'a> {
    fn new(instrument: &'a Instrument) -> Self {
        let words = instrument
            .definitions
            .iter()
            .filter_map(|it| match &it.subject {
                Defined::Phrase(_) => None,
                Defined::Word(word) => Some((word, it.counts_as.as_ref())),
            });
        let spawned = instrument.terms.iter().flat_map(|term| &term.on_breach);
        Checker {
            instrument,
            worlds: instrument
                .kinds
                .iter()
                .map(|it| (&it.kind, it.world))
                .collect(),
            params: instrument.params.iter().map(|it| (&it.name, it)).collect(),
            meanings: words.collect(),
            spawned: spawned.collect(),
            lints: Vec::new(),
        }
    }

    fn add(
        &mut self,
        place: Place,
        code: LintCode,
        word: Option<&str>,
        message: String,
        fix: &'static str,
    ) {
        let word = word.map(str::to_owned);
        self.lints.push(Lint {
            place,
            code,
            word,
            message,
            fix,
        });
    }

    fn trigger(&self, term: &'a Term) -> Trigger<'a> {
        term.trigger(self.spawned.contains(&term.name))
    }

    fn finish(self) -> Vec<Lint> {
        let mut lints = self.lints;
        lints.sort();
        lints.dedup();
        lints
    }
}
