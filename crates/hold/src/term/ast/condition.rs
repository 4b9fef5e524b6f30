//! Conditions, and the measures and comparisons in them.

use crate::term::ast::{Anchor, Length, Number, Requirement, RungState, Span, Trigger};
use crate::term::name::{Field, Indicator, Kind, ParamName, Register, Role, TermName, Word};

/// A number that is known once the parties have adopted the instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// As written.
    Fixed(Number),
    /// As the debtor set it.
    Param(ParamName),
}

/// A comparison with a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub order: Order,
    /// With what.
    pub with: Quantity,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// At least.
    AtLeast,
    /// At most.
    AtMost,
    /// Equal.
    Equal,
    /// Less.
    Less,
    /// More.
    More,
    /// Not equal.
    NotEqual,
}

/// What is computed over an indicator's samples in a window that ends now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// How.
    pub aggregate: Aggregate,
    /// Of which indicator.
    pub indicator: Indicator,
    /// Over how long.
    pub window: Length,
}

/// How samples become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aggregate {
    /// Their mean.
    Average,
    /// How many there are.
    Count,
    /// The longest time at the lowest value of the scale, in seconds.
    Gap,
    /// The lowest.
    Minimum,
    /// The value that 95 % of them do not exceed.
    Percentile95,
    /// Their mean as a share of the scale: half a service all day is 50 %.
    Uptime,
}

/// What can be true, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of them; two or more, none of which is itself an `All`.
    All(Vec<Condition>),
    /// One of them; two or more, none of which is itself an `Any`.
    Any(Vec<Condition>),
    /// How often a kind of fact occurred.
    Count {
        /// The kind.
        kind: Kind,
        /// What the facts must contain.
        with: Vec<Requirement>,
        /// How far back.
        last: Length,
        /// How many.
        comparison: Comparison,
    },
    /// So much time has passed since the anchor.
    Elapsed {
        /// How much.
        span: Span,
        /// Since when.
        anchor: Anchor,
    },
    /// Somebody found it so.
    Finding {
        /// What.
        ground: Word,
        /// Who.
        by: Role,
    },
    /// The grade of the fact that starts the term.
    Grade(Comparison),
    /// A defined word holds.
    Holds(Word),
    /// An indicator.
    Measured {
        /// What is computed.
        measure: Measure,
        /// What it is compared with.
        comparison: Comparison,
    },
    /// It is not so.
    Not(Box<Condition>),
    /// A fact of this kind occurred.
    Occurs {
        /// The kind.
        kind: Kind,
        /// What it must contain.
        with: Vec<Requirement>,
        /// How far back; nothing if at any time.
        last: Option<Length>,
    },
    /// An object is in a register at the time judged.
    Registered {
        /// The object.
        object: Object,
        /// The register.
        register: Register,
    },
    /// A rung of the same ladder.
    Rung {
        /// Its number.
        number: u32,
        /// What came of it.
        is: RungState,
    },
    /// The status of another term, for the same parties and the same trigger.
    Status {
        /// The term.
        term: TermName,
        /// Its status.
        is: State,
    },
}

/// What a register is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// What a field of the trigger names.
    Field(Field),
    /// The subject of the trigger.
    Subject,
}

/// The status of an obligation, as the evaluator computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not started.
    Latent,
    /// Running.
    Active,
    /// Its clock stands.
    Suspended,
    /// Past its limit, within its grace.
    InGrace,
    /// Done in time.
    Met,
    /// Done after the limit, within the grace.
    Late,
    /// Not done.
    Breached,
    /// Not done, and its remedy is running.
    RemedyDue,
    /// Not done, and remedied.
    Remedied,
    /// Not done, and not remedied in time.
    Unremedied,
    /// An exception excused it.
    Excused,
    /// The creditor waived it.
    Waived,
    /// It ended with its instrument.
    Lapsed,
    /// The evidence does not decide.
    Undetermined,
}

impl Condition {
    /// The first fact that a condition demands, if it demands one.
    pub(super) fn demanded(&self) -> Trigger<'_> {
        let first = match self {
            Condition::All(all) => all
                .iter()
                .find(|part| matches!(part, Condition::Occurs { last: None, .. })),
            other => Some(other),
        };
        match first {
            Some(Condition::Occurs {
                kind,
                with,
                last: None,
            }) => Trigger::Fact(kind, with),
            _ => Trigger::Adoption,
        }
    }
}
