//! Where a period starts, and when it ends.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::evaluate::exception;
use crate::evaluate::frame::Frame;
use crate::evaluate::interval::{EARLIEST, LATEST, When};
use crate::evaluate::ledger::Entry;
use crate::evaluate::suspension::{Clock, Doubt};
use crate::term::Duration;
use crate::term::ast::{Anchor, Limit, Moment, Side, Span, Which};

/// A start that was found.
pub(crate) struct Anchored<'a> {
    pub(crate) when: When,
    /// The facts of which each may be the one.
    facts: Vec<&'a Entry<'a>>,
}

/// One limit of a duty: from where, until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    /// Where it starts.
    pub(crate) start: When,
    /// The last second in time, if nothing is suspended.
    pub(crate) due: When,
    /// The last second within the grace, if nothing is suspended.
    pub(crate) last: When,
    /// An act must not precede the start.
    pub(crate) follows: bool,
    /// Suspensions move it.
    pub(crate) moves: bool,
    /// Its length is the same wherever it starts, so that start and end are one unknown, not two.
    plain: bool,
}

/// A limit with the clock that moves it.
pub(crate) struct Timed<'c> {
    period: Period,
    clock: Cow<'c, Clock>,
}

/// Which end of a period is meant.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Due,
    Last,
}

/// Finds the start that an anchor names. One of the future counts only as a plan.
pub(crate) fn resolve<'a>(
    frame: &Frame<'a>,
    anchor: &Anchor,
    is_plan: bool,
) -> Option<Anchored<'a>> {
    let (kind, which, moment) = match anchor {
        Anchor::Breach => {
            let when = frame.cause.breach?;
            let facts = Vec::new();
            return Some(Anchored { when, facts });
        }
        Anchor::Fact {
            kind,
            which,
            moment,
        } => (kind.as_code(), *which, *moment),
    };
    let trigger = frame.cause.fact.filter(|it| it.fact.kind == *kind);
    let time = |entry: &Entry<'_>| match moment {
        Moment::Occurred if is_plan => frame.planned(kind, entry),
        Moment::Occurred => frame.time_of(kind, entry),
        Moment::Recorded => frame.recorded(entry),
    };
    if let (Some(entry), Which::Only) = (trigger, which) {
        let when = time(entry);
        return (is_plan || frame.bench.has_come(when.lo)).then_some(Anchored {
            when,
            facts: vec![entry],
        });
    }
    let mut found = Vec::new();
    for seen in frame.belonging(kind) {
        let when = time(seen.entry);
        if is_plan || frame.bench.has_come(when.lo) {
            frame.uses(seen.entry);
            frame.bench.may_change([when.hi]);
            found.push((when, seen.entry));
        }
    }
    let have_come = |when: When| is_plan || when.hi <= frame.bench.t;
    let anchored = choose(found, which, have_come);
    if anchored.is_none() {
        frame.miss("anchor.absent", [("kind", kind.as_str().into())]);
    }
    anchored
}

/// The first, the last or the only one of some facts.
fn choose<'a>(
    mut found: Vec<(When, &'a Entry<'a>)>,
    which: Which,
    have_come: impl Fn(When) -> bool,
) -> Option<Anchored<'a>> {
    found.sort_by_key(|(when, _)| *when);
    let times = found.iter().map(|(when, _)| *when);
    let when = match which {
        Which::Only => times.reduce(When::hull)?,
        Which::First => times.reduce(When::min)?,
        // What may be to come is perhaps the last one, and perhaps not yet.
        Which::Last => {
            let sure = times.clone().filter(|when| have_come(*when));
            let lo = sure.map(|when| when.lo).max();
            let any = times.reduce(When::hull)?;
            When {
                lo: lo.unwrap_or(any.lo),
                hi: any.hi,
            }
        }
    };
    // Of those that surely are of one second, the order of facts decides.
    let decides = |at: usize| match which {
        Which::First => at.checked_sub(1),
        Which::Last => Some(at + 1),
        Which::Only => None,
    };
    let is_it = |at: usize| {
        let (own, _) = found[at];
        let other = decides(at).and_then(|at| found.get(at));
        let is_beaten = other.is_some_and(|(other, _)| own.lo == own.hi && *other == own);
        own.lo <= when.hi && when.lo <= own.hi && !is_beaten
    };
    let places = (0..found.len()).filter(|at| is_it(*at));
    Some(Anchored {
        when,
        facts: places.map(|at| found[at].1).collect(),
    })
}

/// When a span that starts at an anchor ends; nothing where its length is not known.
pub(crate) fn end_of(frame: &Frame<'_>, span: &Span, anchor: &Anchored<'_>) -> Option<When> {
    let lengths = lengths_of(frame, span, anchor)?;
    let end = hull(
        lengths
            .iter()
            .map(|length| frame.deadline(anchor.when, *length)),
    );
    if end.is_none() {
        frame.miss("calendar.silent", [("from", anchor.when.into())]);
    }
    end
}

/// Anywhere in any of these; nothing where one is not known.
fn hull(ends: impl Iterator<Item = Option<When>>) -> Option<When> {
    let ends: Option<Vec<When>> = ends.collect();
    ends?.into_iter().reduce(When::hull)
}

/// The lengths of which each may be the one; nothing where one is not known.
fn lengths_of(frame: &Frame<'_>, span: &Span, anchor: &Anchored<'_>) -> Option<Vec<Duration>> {
    let (kind, field) = match span {
        Span::Length(length) => return Some(vec![frame.length(length)]),
        Span::Field { kind, field } => (kind.as_code(), field),
    };
    let in_anchor = anchor.facts.iter().filter(|entry| entry.fact.kind == *kind);
    let mut facts: Vec<&Entry<'_>> = in_anchor.copied().collect();
    if facts.is_empty() {
        let found = frame.belonging(kind).into_iter();
        let come = found.filter(|seen| frame.bench.has_come(seen.when.lo));
        let come = come.inspect(|seen| frame.bench.may_change([seen.when.hi]));
        let come = come.map(|seen| (seen.when, seen.entry)).collect();
        let last = choose(come, Which::Last, |when| when.hi <= frame.bench.t);
        facts = last.map_or_else(Vec::new, |last| last.facts);
    }
    let lengths = facts.into_iter().map(|entry| {
        frame.uses(entry);
        entry.code(field.as_str())?.parse().ok()
    });
    let lengths: Option<BTreeSet<Duration>> = lengths.collect();
    let lengths = lengths.filter(|lengths| !lengths.is_empty());
    if lengths.is_none() {
        let with = [
            ("kind", kind.as_str().into()),
            ("field", field.as_str().into()),
        ];
        frame.miss("limit.absent", with);
    }
    lengths.map(Vec::from_iter)
}

/// The periods of a limit whose anchors have happened.
pub(crate) fn periods(frame: &Frame<'_>, limit: &Limit) -> Vec<Period> {
    let first = period(frame, limit.side, &limit.span, &limit.anchor, true);
    let second = limit
        .and_within
        .as_ref()
        .and_then(|(span, anchor)| period(frame, Side::Within, span, anchor, false));
    first.into_iter().chain(second).collect()
}

fn period(
    frame: &Frame<'_>,
    side: Side,
    span: &Span,
    anchor: &Anchor,
    is_first: bool,
) -> Option<Period> {
    let is_before = side == Side::Before;
    let anchored = resolve(frame, anchor, is_before)?;
    let start = anchored.when;
    let lengths = lengths_of(frame, span, &anchored);
    let due_after = |length: Duration| {
        if !is_before {
            return frame.deadline(start, length);
        }
        frame.away_from(start, length, false)
    };
    let of_all = |lengths: &Vec<Duration>| hull(lengths.iter().map(|length| due_after(*length)));
    let due = lengths.as_ref().and_then(of_all);
    let mut made = with_grace(frame, start, due);
    if is_before && due.is_none() {
        // How long before is not known: the debtor gains nothing by not saying it.
        let any = When {
            lo: EARLIEST,
            hi: start.hi,
        };
        (made.due, made.last) = (any, any);
    }
    let only = lengths.filter(|lengths| lengths.len() == 1);
    made.plain = made.plain && only.is_some_and(|lengths| frame.is_plain(lengths[0]));
    made.follows = is_first && !is_before;
    made.moves = !is_before;
    Some(made)
}

/// The clock of some limits, counted from where the earliest starts that it moves.
pub(crate) fn clock(frame: &Frame<'_>, periods: &[Period]) -> Clock {
    let moved = || periods.iter().filter(|period| period.moves);
    let first = moved().map(|period| period.start).reduce(When::min);
    let clock = exception::clock(frame, first.unwrap_or(frame.cause.when));
    // Of two limits that may start in the same seconds either may be the earlier one: that matters
    // where an end does not move with its start, as in a calendar.
    match moved().count() > 1 && frame.term.calendar.is_some() {
        true => clock.apart(),
        false => clock,
    }
}

/// A period from a start until a due moment, and its grace. Ends that are not known may be any from
/// the start on.
pub(crate) fn with_grace(frame: &Frame<'_>, start: When, due: Option<When>) -> Period {
    let grace = frame.grace();
    let ends = due.and_then(|due| match grace == Duration::default() {
        true => Some((due, due)),
        false => Some((due, frame.deadline(due, grace)?)),
    });
    if due.is_some() && ends.is_none() {
        frame.miss("calendar.silent", [("from", start.into())]);
    }
    let anything = When {
        lo: start.lo,
        hi: LATEST,
    };
    let (due, last) = ends.unwrap_or((anything, anything));
    Period {
        start,
        due,
        last,
        follows: true,
        moves: true,
        plain: frame.is_plain(grace),
    }
}

impl Period {
    /// A time that starts somewhere and ends somewhere else, and is moved by the clock.
    pub(crate) fn between(frame: &Frame<'_>, start: When, due: When, length: Duration) -> Self {
        Period {
            start,
            due,
            last: due,
            follows: true,
            moves: true,
            plain: frame.is_plain(length),
        }
    }

    /// With the clock that moves it.
    pub(crate) fn timed(self, clock: &Clock) -> Timed<'_> {
        Timed {
            period: self,
            clock: clock.since(self.start),
        }
    }

    fn end(&self, end: End) -> When {
        match end {
            End::Due => self.due,
            End::Last => self.last,
        }
    }

    /// Its length without suspensions: the least and the most.
    pub(crate) fn length(&self) -> [i64; 2] {
        match self.plain {
            true => [self.due.lo - self.start.lo; 2],
            false => [self.due.lo - self.start.hi, self.due.hi - self.start.lo],
        }
    }
}

impl Timed<'_> {
    /// How many seconds after an end a second lies at most, over all worlds; 0 or less is in time.
    pub(crate) fn most_over(&self, end: End, second: i64) -> i64 {
        let Timed { period, clock } = self;
        let end = period.end(end);
        if !period.moves {
            second.saturating_sub(end.lo)
        } else if period.plain {
            let running = clock.running(Doubt::Least, period.start.lo, second);
            running.saturating_sub(end.lo - period.start.lo)
        } else {
            let stopped = clock.stopped(Doubt::Least, period.start.hi, second);
            second.saturating_sub(end.lo).saturating_sub(stopped)
        }
    }

    /// How many seconds after an end a second lies at least, over all worlds.
    pub(crate) fn least_over(&self, end: End, second: i64) -> i64 {
        let Timed { period, clock } = self;
        let end = period.end(end);
        if !period.moves {
            second.saturating_sub(end.hi)
        } else if period.plain {
            let running = clock.running(Doubt::Most, period.start.hi, second);
            running.saturating_sub(end.hi - period.start.hi)
        } else {
            let stopped = clock.stopped(Doubt::Most, period.start.lo, second);
            second.saturating_sub(end.hi).saturating_sub(stopped)
        }
    }

    /// The last second that is not after an end, the clock's stops included.
    pub(crate) fn moved(&self, end: End) -> When {
        let Timed { period, clock } = self;
        let end = period.end(end);
        if !period.moves {
            return end;
        }
        let (early, late) = match period.plain {
            true => (period.start.lo, period.start.hi),
            false => (period.start.hi, period.start.lo),
        };
        When {
            lo: clock.last_within(Doubt::Least, early, end.lo - early),
            hi: clock.last_within(Doubt::Most, late, end.hi - late),
        }
    }

    /// How long it runs from a start to a second: the least and the most.
    pub(crate) fn elapsed(&self, second: When) -> [i64; 2] {
        let Timed { period, clock } = self;
        match period.moves {
            true => [
                clock.running(Doubt::Most, period.start.hi, second.lo),
                clock.running(Doubt::Least, period.start.lo, second.hi),
            ],
            false => [second.lo - period.start.hi, second.hi - period.start.lo],
        }
    }
}
