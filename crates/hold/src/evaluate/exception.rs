//! What excuses, varies or suspends a duty.

use ensign_trust::Code;

use crate::evaluate::condition;
use crate::evaluate::frame::{Frame, Seen};
use crate::evaluate::interval::{LATEST, When};
use crate::evaluate::names::Scope;
use crate::evaluate::suspension::{Clock, Stop, Suspended};
use crate::evaluate::truth::Truth;
use crate::term::ast::{Condition, Effect, Exception, Length, MAX_SUSPENSIONS};

/// Whether an exception excuses the duty, as of a moment: the first that applies wins.
pub(crate) fn excused(frame: &Frame<'_>, at: When) -> Truth {
    let applies = applies(frame, at, |effect| matches!(effect, Effect::Excuses));
    applies
        .into_iter()
        .map(|(_, truth)| truth)
        .max()
        .unwrap_or(Truth::False)
}

/// The exceptions of a sort that may apply as of a moment, and whether they do.
pub(crate) fn applies<'a>(
    frame: &Frame<'a>,
    at: When,
    of_sort: impl Fn(&Effect) -> bool,
) -> Vec<(&'a Exception, Truth)> {
    let mut earlier = Truth::False;
    let mut found = Vec::new();
    for (nth, exception) in frame.term.exceptions.iter().enumerate() {
        if earlier == Truth::True {
            break;
        }
        let guard = condition::holds(frame, &exception.guard, at);
        let applies = guard.min(!earlier);
        earlier = earlier.max(guard);
        if of_sort(&exception.effect) && applies.may_hold() {
            let with = [
                ("exception", (nth as i64).into()),
                ("holds", applies.code().into()),
                ("at", at.into()),
            ];
            frame.note("exception.applies", with);
            frame.path(|| format!("except.{nth}"));
            found.push((exception, applies));
        }
    }
    found
}

/// The clock of the obligation, with caps counted from a start.
pub(crate) fn clock(frame: &Frame<'_>, start: When) -> Clock {
    if frame.term.unsuspendable {
        return Clock::default();
    }
    let mut stops = Vec::new();
    for clause in &frame.term.suspensions {
        let starts = frame.citing(clause.by.as_code());
        let suspended = starts
            .into_iter()
            .filter(|seen| frame.may_suspend(seen.entry))
            .filter_map(|seen| suspended(frame, seen, clause.until.as_code(), Truth::True))
            .collect::<Vec<_>>();
        stops.extend(stop(frame, &suspended, &clause.max, start));
    }
    for exception in &frame.term.exceptions {
        let Effect::Suspends(max) = &exception.effect else {
            continue;
        };
        let suspended = excepted(frame, exception);
        stops.extend(stop(frame, &suspended, max, start));
    }
    stops.truncate(MAX_SUSPENSIONS);
    Clock::new(stops, start)
}

/// The suspensions of an exception: from each fact that its guard demands, where the guard holds,
/// to the fact `KIND.ended` that cites it.
fn excepted(frame: &Frame<'_>, exception: &Exception) -> Vec<Suspended> {
    let Some((kind, with)) = demanded(&exception.guard) else {
        return Vec::new();
    };
    let ended = Code::new(format!("{kind}.ended")).ok();
    let starts = frame.belonging(kind).into_iter();
    starts
        .filter(|seen| frame.may_suspend(seen.entry))
        .filter_map(|seen| {
            let contains = condition::contains(frame, seen.entry, with);
            let frame_applies = applies(frame, seen.when, |_| true);
            let applies = frame_applies
                .into_iter()
                .find(|(other, _)| std::ptr::eq(*other, exception));
            let truth = applies.map_or(Truth::False, |(_, truth)| truth.min(contains));
            match &ended {
                Some(ended) if truth.may_hold() => suspended(frame, seen, ended, truth),
                _ => None,
            }
        })
        .collect()
}

/// The first kind that a guard demands, and what it must contain.
fn demanded(guard: &Condition) -> Option<(&Code, &[crate::term::ast::Requirement])> {
    match guard {
        Condition::Occurs { kind, with, .. } => Some((kind.as_code(), with)),
        Condition::All(parts) => parts.iter().find_map(demanded),
        _ => None,
    }
}

/// One suspension that has started: it ends with the first end that cites it.
fn suspended(frame: &Frame<'_>, start: Seen<'_>, until: &Code, is_one: Truth) -> Option<Suspended> {
    if !frame.bench.has_come(start.when.lo) {
        return None;
    }
    frame.bench.may_change([start.when.hi]);
    frame.uses(start.entry);
    let ends = frame.bench.find(until, Scope::Citing(start.entry.line));
    let ends = frame.seen(until, ends.collect()).into_iter();
    let end = ends
        .filter(|seen| frame.is_party(seen.entry) && frame.bench.has_come(seen.when.lo))
        .inspect(|seen| {
            frame.bench.may_change([seen.when.hi]);
            frame.uses(seen.entry);
        })
        .map(|seen| seen.when)
        .reduce(When::min);
    let code = match end {
        Some(_) => "suspension.closed",
        None => "suspension.open",
    };
    let with = [
        ("statement", start.entry.id.into()),
        ("from", start.when.into()),
        ("until", end.unwrap_or(When::at(frame.bench.t)).into()),
    ];
    frame.note(code, with);
    Some(Suspended {
        start: start.when,
        end,
        sure: is_one == Truth::True,
    })
}

/// What one clause stops, with its cap. A cap of days or months is counted from the first second
/// that may be stopped.
fn stop(frame: &Frame<'_>, suspended: &[Suspended], max: &Length, start: When) -> Option<Stop> {
    if suspended.is_empty() {
        return None;
    }
    let max = frame.length(max);
    let first = suspended.iter().map(|one| one.start).reduce(When::min)?;
    let from = first.max(start);
    let cap = frame.seconds_from(from, max).unwrap_or_else(|| {
        frame.miss("calendar.silent", [("from", from.into())]);
        [0, LATEST]
    });
    let stop = Stop::unite(suspended, cap);
    frame.note("suspension.capped", [("cap", cap.into())]);
    Some(stop)
}
