//! Exceptions that can apply at once.
//!
//! The first that applies wins, so two that can hold together hide an order of precedence that a
//! reader of the second does not see. Conditions are taken as made of parts that hold or do not, each
//! by itself, but that numbers compared with the same thing, and statuses of the same term, bind
//! each other. Two guards overlap if some choice makes both true.

use crate::term::ast::{Comparison, Condition, Number, Order};
use crate::term::check::{Checker, LintCode};
use crate::term::parse::{Part, Place};

/// Most different parts of two guards that are tried in all combinations.
const MAX_PARTS: usize = 10;

/// Most exceptions of a term that are compared in pairs.
const MAX_EXCEPTIONS: usize = 32;

/// Most parts of a guard, those of definitions included, that are looked at.
const MAX_SIZE: usize = 200;

pub(super) fn check(checker: &mut Checker) {
    for (at, term) in checker.instrument.terms.iter().enumerate() {
        let guards: Vec<_> = term.exceptions.iter().map(|it| &it.guard).collect();
        if guards.len() > MAX_EXCEPTIONS {
            let message = format!("`{}` has more than {MAX_EXCEPTIONS} exceptions", term.name);
            add(
                checker,
                Place::Term(at, Part::Exception(MAX_EXCEPTIONS)),
                message,
            );
            continue;
        }
        for second in 1..guards.len() {
            for first in 0..second {
                let place = Place::Term(at, Part::Exception(second));
                let [one, other] = [first + 1, second + 1];
                let message = match overlap(checker, guards[first], guards[second]) {
                    Overlap::Never => continue,
                    Overlap::Possible => format!("exceptions {one} and {other} can apply together"),
                    Overlap::Unknown => {
                        format!("exceptions {one} and {other} have too many parts to be compared")
                    }
                };
                add(checker, place, message);
            }
        }
    }
}

fn add(checker: &mut Checker, place: Place, message: String) {
    let fix = "add `and not ...` to the later one, so that one of them applies at most";
    checker.add(place, LintCode::ExceptionOverlap, None, message, fix);
}

enum Overlap {
    Never,
    Possible,
    Unknown,
}

fn overlap<'a>(checker: &Checker<'a>, first: &'a Condition, second: &'a Condition) -> Overlap {
    let mut parts = Parts {
        checker,
        atoms: Vec::new(),
        size: 0,
    };
    let (Some(first), Some(second)) = (parts.formula(first, 0), parts.formula(second, 0)) else {
        return Overlap::Unknown;
    };
    if parts.atoms.len() > MAX_PARTS {
        return Overlap::Unknown;
    }
    let choices = 0..1u32 << parts.atoms.len();
    let both = |choice: &u32| first.holds(*choice) && second.holds(*choice);
    if choices.filter(both).any(|choice| parts.is_possible(choice)) {
        Overlap::Possible
    } else {
        Overlap::Never
    }
}

/// A condition over numbered parts.
enum Formula {
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Atom(usize),
    Not(Box<Formula>),
}

impl Formula {
    fn holds(&self, choice: u32) -> bool {
        match self {
            Formula::All(parts) => parts.iter().all(|it| it.holds(choice)),
            Formula::Any(parts) => parts.iter().any(|it| it.holds(choice)),
            Formula::Atom(at) => choice >> at & 1 == 1,
            Formula::Not(inner) => !inner.holds(choice),
        }
    }
}

struct Parts<'c, 'a> {
    checker: &'c Checker<'a>,
    atoms: Vec<&'a Condition>,
    size: usize,
}

impl<'a> Parts<'_, 'a> {
    /// Nothing where the condition is too large, or defined by way of itself.
    fn formula(&mut self, condition: &'a Condition, depth: usize) -> Option<Formula> {
        self.size += 1;
        if self.size > MAX_SIZE || depth > MAX_SIZE {
            return None;
        }
        let mut listed = |parts: &'a [Condition]| {
            parts
                .iter()
                .map(|it| self.formula(it, depth + 1))
                .collect::<Option<Vec<_>>>()
        };
        Some(match condition {
            Condition::All(parts) => Formula::All(listed(parts)?),
            Condition::Any(parts) => Formula::Any(listed(parts)?),
            Condition::Not(inner) => Formula::Not(Box::new(self.formula(inner, depth + 1)?)),
            Condition::Holds(word) => match self.checker.meanings.get(word).copied().flatten() {
                Some(meaning) => self.formula(meaning, depth + 1)?,
                None => self.atom(condition)?,
            },
            _ => self.atom(condition)?,
        })
    }

    fn atom(&mut self, condition: &'a Condition) -> Option<Formula> {
        let known = self.atoms.iter().position(|it| *it == condition);
        let at = known.unwrap_or(self.atoms.len());
        if known.is_none() {
            self.atoms.push(condition);
        }
        (at < 32).then_some(Formula::Atom(at))
    }

    /// Whether a choice of parts contradicts neither itself nor arithmetic.
    fn is_possible(&self, choice: u32) -> bool {
        let chosen = |at: usize| choice >> at & 1 == 1;
        (0..self.atoms.len()).all(|at| {
            let same: Vec<_> = (0..self.atoms.len())
                .filter(|other| self.is_about_the_same(self.atoms[at], self.atoms[*other]))
                .map(|other| (self.atoms[other], chosen(other)))
                .collect();
            match self.atoms[at] {
                Condition::Status { .. } => one_status(&same),
                other if compared(other).is_some() => self.one_number(&same),
                _ => true,
            }
        })
    }

    fn is_about_the_same(&self, one: &Condition, other: &Condition) -> bool {
        match (one, other) {
            (Condition::Status { term, .. }, Condition::Status { term: of, .. }) => term == of,
            (
                Condition::Count {
                    kind, with, last, ..
                },
                Condition::Count {
                    kind: other_kind,
                    with: other_with,
                    last: other_last,
                    ..
                },
            ) => kind == other_kind && with == other_with && last == other_last,
            (Condition::Measured { measure, .. }, Condition::Measured { measure: of, .. }) => {
                measure == of
            }
            (Condition::Grade(_), Condition::Grade(_)) => true,
            _ => false,
        }
    }

    /// Whether some number meets all comparisons: one near a number that it is compared with.
    fn one_number(&self, all: &[(&Condition, bool)]) -> bool {
        let known: Option<Vec<_>> = all
            .iter()
            .map(|(condition, holds)| {
                let comparison = compared(condition)?;
                let with = match self.checker.number(&comparison.with)? {
                    Number::Integer(number) | Number::Share(number) => i128::from(number),
                };
                Some((comparison.order, with, *holds))
            })
            .collect();
        let Some(known) = known else {
            // Parameters that are not there can be anything.
            return true;
        };
        let tried = known
            .iter()
            .flat_map(|(_, with, _)| [with - 1, *with, with + 1]);
        tried.into_iter().any(|number| {
            known
                .iter()
                .all(|(order, with, holds)| meets(number, *order, *with) == *holds)
        })
    }
}

/// A term has one status at a time.
fn one_status(all: &[(&Condition, bool)]) -> bool {
    all.iter().filter(|(_, holds)| *holds).count() <= 1
}

fn compared(condition: &Condition) -> Option<&Comparison> {
    match condition {
        Condition::Count { comparison, .. }
        | Condition::Grade(comparison)
        | Condition::Measured { comparison, .. } => Some(comparison),
        _ => None,
    }
}

fn meets(number: i128, order: Order, with: i128) -> bool {
    match order {
        Order::AtLeast => number >= with,
        Order::AtMost => number <= with,
        Order::Equal => number == with,
        Order::Less => number < with,
        Order::More => number > with,
        Order::NotEqual => number != with,
    }
}
