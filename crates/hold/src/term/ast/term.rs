//! Terms: what is owed, allowed or prohibited, and what is said beside it.

use crate::term::ast::{Citation, Comparison, Condition, Measure, Quantity, Trigger};
use crate::term::duration::Duration;
use crate::term::name::{
    CalendarName, Channel, CodeWord, Field, Kind, ParamName, Register, Role, TermName, Text,
};

/// One duty, right or prohibition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: TermName,
    /// What its authors say about it.
    pub notes: Vec<Text>,
    /// The passage that it encodes; nothing if the parties added it.
    pub text: Option<Citation>,
    /// How it can be checked.
    pub class: Class,
    /// Whether it obliges, allows or prohibits.
    pub modality: Modality,
    /// Whom it obliges, allows or prohibits.
    pub debtor: Role,
    /// To whom it is owed.
    pub creditor: Option<Role>,
    /// When it applies. See [`Instrument::trigger`].
    pub when: Option<Condition>,
    /// What is to be done, kept or left.
    pub duty: Duty,
    /// The calendar of its durations.
    pub calendar: Option<CalendarName>,
    /// How much later than the limit still counts as late instead of not done.
    pub grace: Option<Length>,
    /// Exceptions: the first that applies wins.
    pub exceptions: Vec<Exception>,
    /// What stops its clock.
    pub suspensions: Vec<Suspension>,
    /// Nothing stops its clock.
    pub unsuspendable: bool,
    /// It protects people, such as a prohibition of harm or a first notice.
    pub safety: bool,
    /// The terms that its breach starts.
    pub on_breach: Vec<TermName>,
    /// How long after a breach those terms must be met.
    pub remedy_within: Option<Length>,
    /// What is open goes on after the instrument has ended.
    pub survives: bool,
    /// No party may reserve against it.
    pub non_reservable: bool,
}

/// How a term can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// From facts in the log.
    Computable,
    /// It cannot be checked: it is tracked and carries no status.
    Declaratory,
    /// By a finding of people.
    Finding,
    /// From samples of an indicator.
    Measured,
}

/// Whether a term obliges, allows or prohibits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Modality {
    /// A prohibition.
    Forbid,
    /// A power or right; it cannot be breached.
    May,
    /// A duty.
    Owes,
}

/// What is to be done, kept or left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duty {
    /// Words that nobody can check.
    Declare(Text),
    /// An act within a limit.
    Deliver {
        /// The act.
        act: Act,
        /// The limit.
        limit: Limit,
    },
    /// An indicator on the right side of a threshold.
    Maintain {
        /// What is computed.
        measure: Measure,
        /// What it is compared with.
        comparison: Comparison,
        /// The share of expected samples that must be there.
        coverage: Option<Quantity>,
    },
    /// A kind of fact that must not occur.
    Never {
        /// The kind.
        kind: Kind,
        /// The register of the objects that are protected from it.
        register: Option<Register>,
        /// The kind of fact that says somebody was watching.
        covered_by: Kind,
        /// Who finds which party did it. Without this each such fact counts against the debtor.
        attributed_by: Option<Role>,
    },
    /// An act again in every period.
    Perform {
        /// The act.
        act: Act,
        /// The period.
        per: Length,
    },
}

/// A fact that a party is to bring about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its kind.
    pub kind: Kind,
    /// What it must contain.
    pub with: Vec<Requirement>,
    /// The channel through which it must come.
    pub via: Option<Channel>,
}

/// What a fact must contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// At least one of these fields; two or more.
    Any(Vec<Field>),
    /// A number in a field.
    Compared(Field, Comparison),
    /// A field, whatever its value.
    Field(Field),
    /// The fact's grade.
    Grade(Comparison),
    /// A field with one of these codes; one or more.
    Is(Field, Vec<CodeWord>),
}

/// By when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Whether the act follows or precedes the anchor.
    pub side: Side,
    /// How long.
    pub span: Span,
    /// Counted from where.
    pub anchor: Anchor,
    /// A second limit: the earlier deadline of the two binds.
    pub and_within: Option<(Span, Anchor)>,
}

/// Whether an act follows or precedes its anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// At least so long before the anchor.
    Before,
    /// At most so long after the anchor, and not before it.
    Within,
}

/// Where a period starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// The moment at which the term that started this one was breached: the end of its limit and
    /// grace.
    Breach,
    /// A time of a fact.
    Fact {
        /// The kind.
        kind: Kind,
        /// Which fact of that kind.
        which: Which,
        /// Which of its times.
        moment: Moment,
    },
}

/// Which fact of a kind is meant, in the order of their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The first.
    First,
    /// The last.
    Last,
    /// The trigger, or the only one there is.
    Only,
}

/// Which time of a fact is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// When it held.
    Occurred,
    /// When the log held it.
    Recorded,
}

/// A length that is known once the parties have adopted the instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// As written.
    Fixed(Duration),
    /// As the debtor set it.
    Param(ParamName),
}

/// A length, perhaps one that a fact states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// The value of a field: an ISO 8601 duration as a code.
    Field {
        /// The kind of the fact.
        kind: Kind,
        /// The field.
        field: Field,
    },
    /// A length of the instrument.
    Length(Length),
}

/// What ends or changes a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// When.
    pub guard: Condition,
    /// How.
    pub effect: Effect,
    /// On what ground.
    pub under: Citation,
}

/// What an exception does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The duty need not be met.
    Excuses,
    /// The clock stops, for this long at most.
    Suspends(Length),
    /// Something else takes its place.
    Varies(Variation),
}

/// What takes the place of a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variation {
    /// Other duties; one or more.
    Duties(Vec<Duty>),
    /// The same act within another limit.
    Limit(Limit),
}

/// What stops a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// The kind of fact that stops it.
    pub by: Kind,
    /// The kind of fact that lets it run again: it cites the start that it ends.
    pub until: Kind,
    /// How long it stands at most, over all such suspensions together.
    pub max: Length,
}

impl Duty {
    /// The act that it asks for, if it asks for one.
    pub const fn act(&self) -> Option<&Act> {
        match self {
            Duty::Deliver { act, .. } | Duty::Perform { act, .. } => Some(act),
            Duty::Declare(_) | Duty::Maintain { .. } | Duty::Never { .. } => None,
        }
    }

    /// The class that follows from a duty where none is stated.
    pub const fn class(&self) -> Class {
        match self {
            Duty::Declare(_) => Class::Declaratory,
            Duty::Maintain { .. } => Class::Measured,
            Duty::Never {
                attributed_by: Some(_),
                ..
            } => Class::Finding,
            Duty::Deliver { .. } | Duty::Never { .. } | Duty::Perform { .. } => Class::Computable,
        }
    }
}

impl Term {
    /// What starts an obligation of this term, which an `on_breach` names or not.
    ///
    /// A term that some `on_breach` names starts by that breach alone; its condition must hold
    /// beside. Else the first `occurs` that the condition demands is the trigger, and the rest of
    /// the condition is judged beside. Without a condition the fact that a limit is counted from is
    /// the trigger. Everything else starts with the adoption.
    pub fn trigger(&self, is_spawned: bool) -> Trigger<'_> {
        if is_spawned {
            return Trigger::Breach;
        }
        match (&self.when, &self.duty) {
            (Some(condition), _) => condition.demanded(),
            (None, Duty::Deliver { limit, .. }) => match &limit.anchor {
                Anchor::Breach => Trigger::Breach,
                Anchor::Fact { kind, .. } => Trigger::Fact(kind, &[]),
            },
            (None, _) => Trigger::Adoption,
        }
    }
}
