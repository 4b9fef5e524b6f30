//! Ladders and their rungs.

use crate::term::ast::{Condition, Length};
use crate::term::name::{CalendarName, LadderName, Response, Role, RungName, Text};

/// Steps that a case walks, each with its conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// Its name.
    pub name: LadderName,
    /// What its authors say about it.
    pub notes: Vec<Text>,
    /// The calendar of its durations.
    pub calendar: Option<CalendarName>,
    /// Its rungs.
    pub rungs: Vec<Rung>,
}

/// One step of a ladder. Its conditions make it possible, never automatic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Its number; rungs stand in ascending order.
    pub number: u32,
    /// Its name.
    pub name: RungName,
    /// When it may be entered.
    pub enter: Condition,
    /// How long it must last before the next one may be entered.
    pub cooling_off: Length,
    /// How long it lasts at most.
    pub expires: Length,
    /// What it allows; one or more.
    pub allows: Vec<Response>,
    /// Who decides to enter it.
    pub decided_by: Role,
    /// How they decide.
    pub quorum: Quorum,
    /// When it is left.
    pub exit: Condition,
}

/// How the holders of a role decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quorum {
    /// All of them.
    All,
    /// Each for itself.
    Alone,
    /// At least this share of them.
    AtLeast(Fraction),
    /// It goes ahead unless this share of them objects in time: a negative vote.
    Unless {
        /// The share.
        share: Fraction,
        /// How long they have.
        within: Length,
    },
}

/// A share of a body: above 0, at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    /// The upper number.
    pub numerator: u32,
    /// The lower number.
    pub denominator: u32,
}

/// What came of a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RungState {
    /// It was entered.
    Entered,
    /// It was left by its exit condition.
    Exited,
    /// It ended without.
    Expired,
}
