//! Every name, length and condition of an instrument, with its place.

use crate::term::ast::{
    Act, Anchor, Citation, Comparison, Condition, Defined, Duty, Effect, Instrument, Length, Limit,
    Measure, Quantity, Quorum, Requirement, Span, Term, Variation,
};
use crate::term::name::{CalendarName, Indicator, Kind, Register, Role, TermName, Word};
use crate::term::parse::{Part, Place};

/// A thing that stands somewhere in an instrument.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'a> {
    Anchor(&'a Anchor),
    Calendar(&'a CalendarName),
    Citation(&'a Citation),
    Comparison(&'a Comparison),
    Condition(&'a Condition),
    Coverage(&'a Quantity),
    Duty(&'a Duty),
    Field(&'a Kind),
    Indicator(&'a Indicator),
    Kind(&'a Kind),
    /// A length that may be none.
    Length(&'a Length),
    Measured(&'a Measure, &'a Comparison),
    /// A length that must be some.
    Period(&'a Length),
    Register(&'a Register),
    Role(&'a Role),
    Term(&'a TermName),
    Word(&'a Word),
}

/// All of them, in the order of the instrument's parts.
pub(super) fn nodes(instrument: &Instrument) -> Vec<(Place, Node<'_>)> {
    let mut walk = Walk {
        place: Place::Review,
        nodes: Vec::new(),
    };
    if let Some(review) = &instrument.review {
        walk.push(Node::Role(&review.by));
        walk.nodes.extend(
            review
                .calendar
                .iter()
                .map(|it| (Place::Review, Node::Calendar(it))),
        );
    }
    for (at, definition) in instrument.definitions.iter().enumerate() {
        walk.place = Place::Definition(at);
        if let (Defined::Word(_), Some(condition)) = (&definition.subject, &definition.counts_as) {
            walk.condition(condition);
        }
    }
    for (at, kind) in instrument.kinds.iter().enumerate() {
        walk.place = Place::Kind(at);
        kind.by
            .iter()
            .chain(&kind.to)
            .for_each(|role| walk.push(Node::Role(role)));
    }
    for (at, term) in instrument.terms.iter().enumerate() {
        walk.term(at, term);
    }
    for (ladder_at, ladder) in instrument.ladders.iter().enumerate() {
        walk.place = Place::Ladder(ladder_at);
        ladder
            .calendar
            .iter()
            .for_each(|it| walk.push(Node::Calendar(it)));
        for (at, rung) in ladder.rungs.iter().enumerate() {
            walk.place = Place::Rung(ladder_at, at);
            walk.condition(&rung.enter);
            walk.push(Node::Length(&rung.cooling_off));
            walk.push(Node::Period(&rung.expires));
            walk.push(Node::Role(&rung.decided_by));
            if let Quorum::Unless { within, .. } = &rung.quorum {
                walk.push(Node::Period(within));
            }
            walk.condition(&rung.exit);
        }
    }
    walk.nodes
}

/// What stands in one condition.
pub(super) fn in_condition(condition: &Condition) -> Vec<Node<'_>> {
    let mut walk = Walk {
        place: Place::Instrument,
        nodes: Vec::new(),
    };
    walk.condition(condition);
    walk.nodes.into_iter().map(|(_, node)| node).collect()
}

struct Walk<'a> {
    place: Place,
    nodes: Vec<(Place, Node<'a>)>,
}

impl<'a> Walk<'a> {
    fn push(&mut self, node: Node<'a>) {
        self.nodes.push((self.place, node));
    }

    fn term(&mut self, at: usize, term: &'a Term) {
        self.place = Place::Term(at, Part::Text);
        term.text
            .iter()
            .for_each(|it| self.push(Node::Citation(it)));
        self.place = Place::Term(at, Part::Parties);
        self.push(Node::Role(&term.debtor));
        term.creditor
            .iter()
            .for_each(|it| self.push(Node::Role(it)));
        self.place = Place::Term(at, Part::When);
        term.when.iter().for_each(|it| self.condition(it));
        self.place = Place::Term(at, Part::Duty);
        self.duty(&term.duty);
        self.place = Place::Term(at, Part::Calendar);
        term.calendar
            .iter()
            .for_each(|it| self.push(Node::Calendar(it)));
        self.place = Place::Term(at, Part::Grace);
        term.grace.iter().for_each(|it| self.push(Node::Length(it)));
        for (number, exception) in term.exceptions.iter().enumerate() {
            self.place = Place::Term(at, Part::Exception(number));
            self.condition(&exception.guard);
            match &exception.effect {
                Effect::Excuses => {}
                Effect::Suspends(max) => self.push(Node::Period(max)),
                Effect::Varies(Variation::Duties(all)) => all.iter().for_each(|it| self.duty(it)),
                Effect::Varies(Variation::Limit(limit)) => self.limit(limit),
            }
            self.push(Node::Citation(&exception.under));
        }
        for (number, suspension) in term.suspensions.iter().enumerate() {
            self.place = Place::Term(at, Part::Suspension(number));
            self.push(Node::Kind(&suspension.by));
            self.push(Node::Kind(&suspension.until));
            self.push(Node::Period(&suspension.max));
        }
        self.place = Place::Term(at, Part::OnBreach);
        term.on_breach
            .iter()
            .for_each(|it| self.push(Node::Term(it)));
        self.place = Place::Term(at, Part::Remedy);
        term.remedy_within
            .iter()
            .for_each(|it| self.push(Node::Length(it)));
    }

    fn duty(&mut self, duty: &'a Duty) {
        self.push(Node::Duty(duty));
        match duty {
            Duty::Declare(_) => {}
            Duty::Deliver { act, limit } => {
                self.act(act);
                self.limit(limit);
            }
            Duty::Maintain {
                measure,
                comparison,
                coverage,
            } => {
                self.measured(measure, comparison);
                coverage.iter().for_each(|it| self.push(Node::Coverage(it)));
            }
            Duty::Never {
                kind,
                register,
                covered_by,
                attributed_by,
            } => {
                self.push(Node::Kind(kind));
                register.iter().for_each(|it| self.push(Node::Register(it)));
                self.push(Node::Kind(covered_by));
                attributed_by
                    .iter()
                    .for_each(|it| self.push(Node::Role(it)));
            }
            Duty::Perform { act, per } => {
                self.act(act);
                self.push(Node::Period(per));
            }
        }
    }

    fn act(&mut self, act: &'a Act) {
        self.push(Node::Kind(&act.kind));
        self.requirements(&act.with);
    }

    fn requirements(&mut self, all: &'a [Requirement]) {
        for requirement in all {
            if let Requirement::Compared(_, it) | Requirement::Grade(it) = requirement {
                self.push(Node::Comparison(it));
            }
        }
    }

    fn limit(&mut self, limit: &'a Limit) {
        self.span(&limit.span);
        self.anchor(&limit.anchor);
        if let Some((span, anchor)) = &limit.and_within {
            self.span(span);
            self.anchor(anchor);
        }
    }

    fn span(&mut self, span: &'a Span) {
        match span {
            Span::Field { kind, .. } => self.push(Node::Field(kind)),
            Span::Length(length) => self.push(Node::Length(length)),
        }
    }

    fn anchor(&mut self, anchor: &'a Anchor) {
        self.push(Node::Anchor(anchor));
        if let Anchor::Fact { kind, .. } = anchor {
            self.push(Node::Kind(kind));
        }
    }

    fn measured(&mut self, measure: &'a Measure, comparison: &'a Comparison) {
        self.push(Node::Indicator(&measure.indicator));
        self.push(Node::Period(&measure.window));
        self.push(Node::Measured(measure, comparison));
    }

    fn condition(&mut self, condition: &'a Condition) {
        self.push(Node::Condition(condition));
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Count {
                kind,
                with,
                last,
                comparison,
            } => {
                self.push(Node::Kind(kind));
                self.requirements(with);
                self.push(Node::Period(last));
                self.push(Node::Comparison(comparison));
            }
            Condition::Elapsed { span, anchor } => {
                self.span(span);
                self.anchor(anchor);
            }
            Condition::Finding { ground, by } => {
                self.push(Node::Word(ground));
                self.push(Node::Role(by));
            }
            Condition::Grade(comparison) => self.push(Node::Comparison(comparison)),
            Condition::Holds(word) => self.push(Node::Word(word)),
            Condition::Measured {
                measure,
                comparison,
            } => self.measured(measure, comparison),
            Condition::Not(inner) => self.condition(inner),
            Condition::Occurs { kind, with, last } => {
                self.push(Node::Kind(kind));
                self.requirements(with);
                last.iter().for_each(|it| self.push(Node::Period(it)));
            }
            Condition::Registered { register, .. } => self.push(Node::Register(register)),
            Condition::Rung { .. } => {}
            Condition::Status { term, .. } => self.push(Node::Term(term)),
        }
    }
}
