//! An instrument as data: what the parser reads, the canonical form holds and the evaluator runs.
//!
//! All numbers are integers. Shares are parts per 10,000. Nothing here has a place in a text: what
//! two texts say alike is equal.

use jiff::civil::Date;

use crate::term::duration::Duration;
use crate::term::name::{
    CalendarName, Channel, CodeWord, Field, HolidaysName, Indicator, InstrumentName, Kind,
    LadderName, ParamName, Passage, Register, Response, Role, RungName, SourceName, TermName, Text,
    Word, ZoneName,
};

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
    /// The share of them above the lowest value of the scale.
    Uptime,
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
    /// Other duties take its place; one or more.
    VariesDuty(Vec<Duty>),
    /// Another limit takes the place of its limit.
    VariesLimit(Limit),
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
    ///
    /// A term that some `on_breach` names starts by that breach alone; its condition must hold
    /// beside. Else the first `occurs` that the condition demands is the trigger, and the rest of
    /// the condition is judged beside. Without a condition the fact that a limit is counted from is
    /// the trigger. Everything else starts with the adoption.
    pub fn trigger<'a>(&'a self, term: &'a Term) -> Trigger<'a> {
        if self
            .terms
            .iter()
            .any(|parent| parent.on_breach.contains(&term.name))
        {
            return Trigger::Breach;
        }
        match (&term.when, &term.duty) {
            (Some(condition), _) => condition.demanded(),
            (None, Duty::Deliver { limit, .. }) => match &limit.anchor {
                Anchor::Breach => Trigger::Breach,
                Anchor::Fact { kind, .. } => Trigger::Fact(kind, &[]),
            },
            (None, _) => Trigger::Adoption,
        }
    }
}

impl Condition {
    /// The first fact that a condition demands, if it demands one.
    fn demanded(&self) -> Trigger<'_> {
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
