//! Lengths, scales and order: clauses that name things which exist and still mean nothing.

use crate::term::ast::{
    Aggregate, Comparison, Condition, IndicatorRule, Length, Measure, Number, Quantity, Setting,
};
use crate::term::check::walk::{Node, in_condition, nodes};
use crate::term::check::{Checker, LintCode};
use crate::term::duration::Duration;
use crate::term::parse::{Part, Place};

/// 100 % in parts per 10,000.
const WHOLE: i64 = 10_000;

pub(super) fn check(checker: &mut Checker) {
    let it = checker.instrument;
    if it
        .in_force
        .until
        .is_some_and(|until| until <= it.in_force.from)
    {
        let message = "the instrument ends before it begins".to_owned();
        let fix = "let the second date be later than the first";
        checker.add(Place::InForce, LintCode::NeverInForce, None, message, fix);
    }
    indicators(checker);
    calendars(checker);
    for (place, node) in nodes(it) {
        match node {
            Node::Coverage(share) => coverage(checker, place, share),
            Node::Measured(measure, comparison) => measured(checker, place, measure, comparison),
            Node::Period(length) if checker.proposed(length) == Some(Duration::default()) => {
                zero(checker, place);
            }
            _ => {}
        }
    }
    if it
        .review
        .as_ref()
        .is_some_and(|review| review.every == Duration::default())
    {
        zero(checker, Place::Review);
    }
    ladders(checker);
}

fn zero(checker: &mut Checker, place: Place) {
    let message = "this period has no length".to_owned();
    let fix = "write a length above zero";
    checker.add(place, LintCode::ZeroLength, Some("PT0S"), message, fix);
}

fn indicators(checker: &mut Checker) {
    for (at, it) in checker.instrument.indicators.iter().enumerate() {
        let message = match (scale(it), it.every.exact()) {
            (None, _) => "the scale has two units",
            (Some([lowest, highest]), _) if lowest >= highest => {
                "the scale's lowest value is not below its highest"
            }
            (_, None | Some(0)) => "samples are expected in a period of exact length",
            _ => continue,
        };
        let name = it.indicator.as_str();
        let message = format!("`{name}` cannot be measured: {message}");
        let fix = "write for example `scale 0% .. 100% every PT1H`";
        checker.add(
            Place::Indicator(at),
            LintCode::IndicatorMalformed,
            Some(name),
            message,
            fix,
        );
    }
}

/// Both ends of a scale of one unit.
fn scale(it: &IndicatorRule) -> Option<[i64; 2]> {
    match (it.lowest, it.highest) {
        (Number::Integer(lowest), Number::Integer(highest))
        | (Number::Share(lowest), Number::Share(highest)) => Some([lowest, highest]),
        _ => None,
    }
}

fn calendars(checker: &mut Checker) {
    let it = checker.instrument;
    if it
        .review
        .as_ref()
        .is_some_and(|it| it.every.needs_calendar() && it.calendar.is_none())
    {
        missing_calendar(checker, Place::Review, "this period");
    }
    for (place, node) in nodes(it) {
        let has_calendar = match place {
            Place::Term(term, _) => it.terms[term].calendar.is_some(),
            Place::Rung(ladder, _) => it.ladders[ladder].calendar.is_some(),
            _ => true,
        };
        if has_calendar {
            continue;
        }
        let lengths = match node {
            Node::Length(length) | Node::Period(length) => vec![length],
            Node::Condition(condition @ Condition::Holds(_)) => {
                let defined = checker
                    .expanded(condition)
                    .into_iter()
                    .skip(1)
                    .flat_map(in_condition);
                let lengths = defined.filter_map(|node| match node {
                    Node::Length(length) | Node::Period(length) => Some(length),
                    _ => None,
                });
                lengths.collect()
            }
            _ => continue,
        };
        for length in lengths {
            if checker
                .proposed(length)
                .is_some_and(|length| length.needs_calendar())
            {
                let shown = match length {
                    Length::Fixed(duration) => duration.to_string(),
                    Length::Param(name) => name.to_string(),
                };
                missing_calendar(checker, place, &format!("`{shown}`"));
            }
        }
    }
}

fn missing_calendar(checker: &mut Checker, place: Place, what: &str) {
    let message = format!("{what} has days or months, and no calendar counts them");
    let fix = "name a calendar, or write exact hours";
    checker.add(place, LintCode::MissingCalendar, None, message, fix);
}

fn coverage(checker: &mut Checker, place: Place, share: &Quantity) {
    let share = checker.number(share);
    if share.is_some_and(|it| !matches!(it, Number::Share(1..=WHOLE))) {
        let message = "coverage is a share above 0% and at most 100%".to_owned();
        let fix = "write for example `coverage 90%`";
        checker.add(place, LintCode::OutOfScale, Some("coverage"), message, fix);
    }
}

fn measured(checker: &mut Checker, place: Place, measure: &Measure, comparison: &Comparison) {
    let Some(rule) = checker.instrument.indicator(&measure.indicator) else {
        return;
    };
    let (Some(scale), Some(threshold)) = (scale(rule), checker.number(&comparison.with)) else {
        return;
    };
    let fits = match (measure.aggregate, threshold) {
        (Aggregate::Count | Aggregate::Gap, Number::Integer(number)) => number >= 0,
        (Aggregate::Uptime, Number::Share(share)) => (0..=WHOLE).contains(&share),
        (Aggregate::Average | Aggregate::Minimum | Aggregate::Percentile95, threshold) => {
            match (rule.lowest, threshold) {
                (Number::Integer(_), Number::Integer(number))
                | (Number::Share(_), Number::Share(number)) => {
                    (scale[0]..=scale[1]).contains(&number)
                }
                _ => false,
            }
        }
        _ => false,
    };
    if !fits {
        let (name, aggregate) = (measure.indicator.as_str(), measure.aggregate.word());
        let message = format!("`{aggregate}({name}, ...)` never has this value, or not this unit");
        let fix = "compare with a value of the indicator's scale, `uptime` with a share, `count` and \
                   `gap` with a whole number";
        checker.add(place, LintCode::OutOfScale, Some(aggregate), message, fix);
    }
}

fn ladders(checker: &mut Checker) {
    let it = checker.instrument;
    for (ladder_at, ladder) in it.ladders.iter().enumerate() {
        let mut last = None;
        for (at, rung) in ladder.rungs.iter().enumerate() {
            let place = Place::Rung(ladder_at, at);
            if last.is_some_and(|last| rung.number <= last) {
                let message = format!("rung {} stands after a higher one", rung.number);
                let fix = "number the rungs upwards";
                checker.add(place, LintCode::LadderOrder, None, message, fix);
            }
            last = Some(rung.number);
            let named = rungs(checker, [&rung.enter, &rung.exit]);
            let is_there = |number: &u32| ladder.rungs.iter().any(|rung| rung.number == *number);
            for number in named.into_iter().filter(|number| !is_there(number)) {
                unknown_rung(checker, place, number);
            }
        }
    }
    for (at, term) in it.terms.iter().enumerate() {
        let guards = term.exceptions.iter().map(|it| &it.guard);
        for number in rungs(checker, term.when.iter().chain(guards)) {
            unknown_rung(checker, Place::Term(at, Part::Whole), number);
        }
    }
}

/// Rungs that conditions name, by definitions too.
fn rungs<'a>(
    checker: &Checker<'a>,
    conditions: impl IntoIterator<Item = &'a Condition>,
) -> Vec<u32> {
    let all = conditions.into_iter().flat_map(|it| checker.expanded(it));
    let numbers = all.flat_map(in_condition).filter_map(|node| match node {
        Node::Condition(Condition::Rung { number, .. }) => Some(*number),
        _ => None,
    });
    numbers.collect()
}

fn unknown_rung(checker: &mut Checker, place: Place, number: u32) {
    let message = format!("no rung {number} stands in this ladder");
    let fix = "name a rung of the same ladder, and rungs in ladders only";
    checker.add(place, LintCode::LadderOrder, None, message, fix);
}

impl Checker<'_> {
    /// A length as it is written or proposed.
    pub(super) fn proposed(&self, length: &Length) -> Option<Duration> {
        match length {
            Length::Fixed(duration) => Some(*duration),
            Length::Param(name) => match self.params.get(name)?.proposed {
                Setting::Duration(duration) => Some(duration),
                Setting::Number(_) => None,
            },
        }
    }

    /// A number as it is written or proposed.
    pub(super) fn number(&self, quantity: &Quantity) -> Option<Number> {
        match quantity {
            Quantity::Fixed(number) => Some(*number),
            Quantity::Param(name) => match self.params.get(name)?.proposed {
                Setting::Number(number) => Some(number),
                Setting::Duration(_) => None,
            },
        }
    }
}
