//! Conditions: true, false or unknown at a moment.

use std::cell::Cell;

use ensign_trust::Code;

use crate::evaluate::anchor;
use crate::evaluate::bench::Bench;
use crate::evaluate::frame::{Frame, Seen, compare, kinds};
use crate::evaluate::indicator;
use crate::evaluate::interval::{Stretches, When};
use crate::evaluate::ledger::Entry;
use crate::evaluate::names::Scope;
use crate::evaluate::obligation;
use crate::evaluate::truth::Truth;
use crate::term::Duration;
use crate::term::ast::{
    Act, Anchor, Comparison, Condition, Length, MAX_WORDS, Object, Order, Requirement, Span, World,
};
use crate::term::name::{Register, Role, Word};

/// Longest that a moment so much earlier can be off when months clamp, in seconds.
const CLAMP: i64 = 4 * 86_400;

/// Most moments at which one guard of the past is looked at.
const MAX_MOMENTS: usize = 64;

/// Where a condition stands.
#[derive(Clone, Copy)]
struct Place {
    /// The moment at which it is judged.
    at: When,
    /// The moment as of which it is read what has become of other terms, and how long something is ago.
    as_of: When,
    /// Not under an odd number of `not`: here absence speaks against it.
    positive: bool,
    /// How many defined words it stands in.
    words: u32,
}

/// Whether a condition holds at a moment that is not after the moment judged.
pub(crate) fn holds(frame: &Frame<'_>, condition: &Condition, at: When) -> Truth {
    holds_as_of(frame, condition, at, at)
}

/// The same, where what has elapsed and what has become of other terms is read as of another moment.
pub(crate) fn holds_as_of(
    frame: &Frame<'_>,
    condition: &Condition,
    at: When,
    as_of: When,
) -> Truth {
    let place = Place {
        at,
        as_of,
        positive: true,
        words: 0,
    };
    judge(frame, condition, place)
}

/// Whether a fact contains what is required.
pub(crate) fn contains(frame: &Frame<'_>, entry: &Entry<'_>, with: &[Requirement]) -> Truth {
    let one = |need: &Requirement| match need {
        Requirement::Any(fields) => {
            Truth::from(fields.iter().any(|it| entry.field(it.as_str()).is_some()))
        }
        Requirement::Compared(field, with) => {
            let number = entry.number(field.as_str());
            Truth::from(number.is_some_and(|it| is_so(frame, with, it)))
        }
        Requirement::Field(field) => Truth::from(entry.field(field.as_str()).is_some()),
        Requirement::Grade(with) => graded(frame, entry, with),
        Requirement::Is(field, codes) => {
            let code = entry.code(field.as_str());
            Truth::from(code.is_some_and(|it| codes.iter().any(|word| word.as_str() == it)))
        }
    };
    with.iter().map(one).min().unwrap_or(Truth::True)
}

/// Whether a fact is an act as it is owed: its content and its channel.
pub(crate) fn is_act(frame: &Frame<'_>, entry: &Entry<'_>, act: &Act) -> Truth {
    let via = act.via.as_ref();
    let came = via.is_none_or(|via| entry.code("via") == Some(via.as_str()));
    contains(frame, entry, &act.with).min(Truth::from(came))
}

fn judge(frame: &Frame<'_>, condition: &Condition, place: Place) -> Truth {
    if !frame.bench.may_work() {
        frame.exceed();
        return Truth::Unknown;
    }
    let each = |part: &Condition| judge(frame, part, place);
    match condition {
        Condition::All(parts) => parts.iter().map(each).fold(Truth::True, Truth::min),
        Condition::Any(parts) => parts.iter().map(each).fold(Truth::False, Truth::max),
        Condition::Not(part) => {
            let turned = Place {
                positive: !place.positive,
                ..place
            };
            !judge(frame, part, turned)
        }
        Condition::Count {
            kind,
            with,
            last,
            comparison,
        } => counted(frame, kind.as_code(), with, last, comparison, place),
        Condition::Elapsed { span, anchor } => {
            throughout(frame, place.as_of, &|frame| elapsed(frame, span, anchor))
        }
        Condition::Finding { ground, by } => found(frame, ground, by, place),
        Condition::Grade(with) => {
            let trigger = frame.cause.fact;
            trigger.map_or(Truth::False, |entry| graded(frame, entry, with))
        }
        Condition::Holds(word) => match frame.adopted.text.instrument.meaning(word) {
            Some(meaning) if place.words <= MAX_WORDS => {
                let words = place.words + 1;
                judge(frame, meaning, Place { words, ..place })
            }
            _ => Truth::Unknown,
        },
        Condition::Measured {
            measure,
            comparison,
        } => indicator::holds(frame, measure, comparison, place.at),
        Condition::Occurs { kind, with, last } => {
            occurs(frame, kind.as_code(), with, last.as_ref(), place)
        }
        Condition::Registered { object, register } => match object_of(frame, object) {
            Some(object) => registered(frame, register, object, place.at),
            None => Truth::False,
        },
        Condition::Rung { .. } => Truth::Unknown,
        Condition::Status { term, is } => throughout(frame, place.as_of, &|frame| {
            let possible = obligation::status_of(frame, term);
            let is = |status: crate::evaluate::status::Status| status.is(*is);
            Truth::between(possible.all(is), possible.any(is))
        }),
    }
}

/// What something comes to that is judged as of the second which is asked about, and not as of now:
/// what happened later changes nothing. At a vague moment it is looked at wherever it may change.
fn throughout(frame: &Frame<'_>, at: When, judge: &dyn Fn(&Frame<'_>) -> Truth) -> Truth {
    let t = frame.bench.t;
    let last = at.hi.min(t);
    let mut second = at.lo.min(last);
    let mut found: Option<Truth> = None;
    for _ in 0..MAX_MOMENTS {
        let next = Cell::new(i64::MAX);
        let truth = if second == t {
            judge(frame)
        } else {
            let past = Frame {
                bench: Bench {
                    t: second,
                    now: second,
                    next: &next,
                    ..frame.bench
                },
                ..frame.again()
            };
            let truth = judge(&past);
            frame.take(past);
            truth
        };
        if found.is_some_and(|found| found != truth) {
            return Truth::Unknown;
        }
        let next = next.get();
        if next > last {
            if last == t {
                frame.bench.may_change([next]);
            }
            return truth;
        }
        if !frame.bench.may_work() {
            break;
        }
        (second, found) = (next, Some(truth));
    }
    frame.exceed();
    Truth::Unknown
}

/// Whether an object is in a register throughout, or at some second of, a moment.
pub(crate) fn registered(frame: &Frame<'_>, register: &Register, object: &str, at: When) -> Truth {
    let kind = register.as_code();
    let entries = frame.bench.find(kind, Scope::About(object.into()));
    let stated = entries.filter(|it| frame.adopted.may_state(kind, it.fact.actor));
    let stated: Vec<_> = stated.collect();
    frame.bench.may_look_at(stated.len());
    let stated = stated.into_iter();
    let held = stated.map(|entry| {
        frame.uses(entry);
        frame.bench.may_change([entry.when.lo, entry.when.hi + 1]);
        [entry.when.lo, entry.when.hi + 1]
    });
    let held = Stretches::unite(held);
    Truth::between(
        held.covers(at.lo, at.hi + 1),
        held.measure(at.lo, at.hi + 1) > 0,
    )
}

fn object_of<'f>(frame: &'f Frame<'_>, object: &Object) -> Option<&'f str> {
    let trigger = frame.cause.fact?;
    match object {
        Object::Field(field) => trigger.code(field.as_str()),
        Object::Subject => trigger.fact.subject.as_ref().map(Code::as_str),
    }
}

fn occurs(
    frame: &Frame<'_>,
    kind: &Code,
    with: &[Requirement],
    last: Option<&Length>,
    place: Place,
) -> Truth {
    let truth = matching(frame, kind, with, last, place.at)
        .map(|(_, truth)| truth)
        .max()
        .unwrap_or(Truth::False);
    if truth != Truth::False {
        return truth;
    }
    frame.miss("fact.absent", [("kind", kind.as_str().into())]);
    let is_proof = place.positive || frame.adopted.world(kind) == World::Performative;
    if is_proof {
        Truth::False
    } else {
        Truth::Unknown
    }
}

fn counted(
    frame: &Frame<'_>,
    kind: &Code,
    with: &[Requirement],
    last: &Length,
    comparison: &Comparison,
    place: Place,
) -> Truth {
    let (mut least, mut most) = (0i64, 0i64);
    for (_, truth) in matching(frame, kind, with, Some(last), place.at) {
        least += i64::from(truth == Truth::True);
        most += i64::from(truth.may_hold());
    }
    frame.note(
        "count.made",
        [
            ("kind", kind.as_str().into()),
            ("count", [least, most].into()),
        ],
    );
    let limit = frame.number(&comparison.with);
    let seen = between(comparison.order, [least, most], limit);
    if frame.adopted.world(kind) == World::Performative {
        return seen;
    }
    let unseen = between(comparison.order, [least, i64::MAX], limit);
    // What rests on nobody having seen more must not help to make the whole condition true.
    let helps = if place.positive {
        Truth::True
    } else {
        Truth::False
    };
    if seen != unseen && seen == helps {
        Truth::Unknown
    } else {
        seen
    }
}

/// Whether any, and whether every, number of a range compares so.
fn between(order: Order, [least, most]: [i64; 2], limit: i64) -> Truth {
    let so = |number: i64| compare(order, number.into(), limit.into());
    let contains = least <= limit && limit <= most;
    match order {
        Order::Equal => Truth::between(least == limit && most == limit, contains),
        Order::NotEqual => Truth::between(!contains, least != limit || most != limit),
        _ => Truth::between(so(least) && so(most), so(least) || so(most)),
    }
}

/// The facts of a kind that may count, and whether they do.
fn matching<'f>(
    frame: &'f Frame<'_>,
    kind: &Code,
    with: &'f [Requirement],
    last: Option<&Length>,
    at: When,
) -> impl Iterator<Item = (Seen<'f>, Truth)> {
    let last = last.map(|length| {
        let length = frame.length(length);
        (length, frame.away_from(at, length, false))
    });
    let seen = frame.belonging(kind).into_iter();
    seen.filter_map(move |seen| {
        let truth = lies(frame, seen, last, at).min(contains(frame, seen.entry, with));
        if truth.may_hold() {
            frame.uses(seen.entry);
        }
        truth.may_hold().then_some((seen, truth))
    })
}

/// Whether a fact lies before a moment, and not so long before it: after what lies that long before.
fn lies(
    frame: &Frame<'_>,
    seen: Seen<'_>,
    last: Option<(Duration, Option<When>)>,
    at: When,
) -> Truth {
    let When { lo, hi } = seen.when;
    if !frame.bench.has_come(lo) {
        return Truth::False;
    }
    frame.bench.may_change([hi]);
    let is_trigger = frame
        .cause
        .fact
        .is_some_and(|trigger| trigger.order(seen.entry).is_eq());
    let before = Truth::between(is_trigger || hi <= at.lo, is_trigger || lo <= at.hi);
    let Some((last, starts)) = last else {
        return before;
    };
    for second in [lo, hi] {
        // Near the end of a window of months, the window's start can even go back.
        match frame.away(second, last, true) {
            Some(end) if last.needs_calendar() && (frame.bench.t - end).abs() <= CLAMP => {
                frame.bench.may_change([frame.bench.t + 1]);
            }
            Some(end) if last.needs_calendar() => frame.bench.may_change([end - CLAMP]),
            Some(end) => frame.bench.may_change([end]),
            None => {}
        }
    }
    let recent = starts.map_or(Truth::Unknown, |start| {
        Truth::between(lo > start.hi, hi > start.lo)
    });
    before.min(recent)
}

fn elapsed(frame: &Frame<'_>, span: &Span, since: &Anchor) -> Truth {
    let Some(anchor) = anchor::resolve(frame, since, false) else {
        return Truth::False;
    };
    let Some(end) = anchor::end_of(frame, span, &anchor) else {
        return Truth::Unknown;
    };
    frame.bench.may_change([end.lo, end.hi]);
    Truth::between(end.hi <= frame.bench.t, end.lo <= frame.bench.t)
}

fn graded(frame: &Frame<'_>, entry: &Entry<'_>, with: &Comparison) -> Truth {
    match entry.grade() {
        Some(grade) => Truth::from(is_so(frame, with, grade)),
        None => {
            frame.miss("grade.absent", [("statement", entry.id.into())]);
            Truth::Unknown
        }
    }
}

fn is_so(frame: &Frame<'_>, with: &Comparison, number: i64) -> bool {
    let limit = frame.number(&with.with);
    compare(with.order, number.into(), limit.into())
}

fn found(frame: &Frame<'_>, ground: &Word, by: &Role, place: Place) -> Truth {
    let findings = matching(frame, &kinds::FINDING, &[], None, place.at)
        .filter(|(seen, _)| {
            seen.entry.code("ground") == Some(ground.as_str()) && frame.may_find(seen.entry, by)
        })
        .map(|(seen, truth)| (seen, truth == Truth::True));
    let says = |entry: &Entry<'_>| Truth::from(entry.confirms());
    heard(findings.collect(), says).unwrap_or_else(|| {
        let with = [
            ("ground", ground.as_str().into()),
            ("by", by.as_str().into()),
        ];
        frame.miss("finding.absent", with);
        Truth::False
    })
}

/// What findings come to, each with whether it surely counts by now: the last one of each finder, those
/// that may come after it leave it open, and finders who differ leave it unknown. Nothing where there
/// are none.
pub(crate) fn heard(
    mut findings: Vec<(Seen<'_>, bool)>,
    says: impl Fn(&Entry<'_>) -> Truth,
) -> Option<Truth> {
    findings.sort_by_key(|(seen, _)| (seen.entry.fact.actor, seen.when));
    let of_each = findings.chunk_by(|a, b| a.0.entry.fact.actor == b.0.entry.fact.actor);
    let says = |(seen, counts): &(Seen<'_>, bool)| match counts {
        true => says(seen.entry),
        false => Truth::Unknown,
    };
    let voices = of_each.map(|findings| {
        let last = findings.len() - 1;
        let still_open = findings[..last]
            .iter()
            .any(|(seen, _)| seen.when.hi > findings[last].0.when.lo);
        let all_agree = findings
            .windows(2)
            .all(|two| says(&two[0]) == says(&two[1]));
        if still_open && !all_agree {
            Truth::Unknown
        } else {
            says(&findings[last])
        }
    });
    voices.reduce(|a, b| if a == b { a } else { Truth::Unknown })
}
