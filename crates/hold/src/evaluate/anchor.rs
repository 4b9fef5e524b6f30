//! Where a period starts, and when it ends.

use crate::evaluate::frame::Frame;
use crate::evaluate::interval::{EARLIEST, LATEST, When};
use crate::evaluate::ledger::Entry;
use crate::evaluate::suspension::{Clock, Doubt};
use crate::term::Duration;
use crate::term::ast::{Anchor, Limit, Moment, Side, Span, Which};

/// A start that was found.
#[derive(Clone, Copy)]
pub(crate) struct Anchored<'a> {
    pub(crate) when: When,
    fact: Option<&'a Entry<'a>>,
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
            return Some(Anchored { when, fact: None });
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
            fact: Some(entry),
        });
    }
    let mut found: Option<Anchored<'a>> = None;
    for seen in frame.belonging(kind) {
        let when = time(seen.entry);
        if !is_plan && !frame.bench.has_come(when.lo) {
            continue;
        }
        frame.uses(seen.entry);
        let fact = Some(seen.entry);
        found = Some(match found {
            None => Anchored { when, fact },
            Some(other) => Anchored {
                when: match which {
                    Which::First => other.when.min(when),
                    Which::Last => other.when.max(when),
                    Which::Only => other.when.hull(when),
                },
                fact,
            },
        });
    }
    if found.is_none() {
        frame.miss("anchor.absent", [("kind", kind.as_str().into())]);
    }
    found
}

/// When a span that starts at an anchor ends; nothing where its length is not known.
pub(crate) fn end_of(frame: &Frame<'_>, span: &Span, anchor: &Anchored<'_>) -> Option<When> {
    let length = length_of(frame, span, anchor)?;
    let end = frame.deadline(anchor.when, length);
    if end.is_none() {
        frame.miss("calendar.silent", [("from", anchor.when.into())]);
    }
    end
}

fn length_of(frame: &Frame<'_>, span: &Span, anchor: &Anchored<'_>) -> Option<Duration> {
    let (kind, field) = match span {
        Span::Length(length) => return Some(frame.length(length)),
        Span::Field { kind, field } => (kind.as_code(), field),
    };
    let in_anchor = anchor.fact.filter(|entry| entry.fact.kind == *kind);
    let entry = in_anchor.or_else(|| {
        let found = frame.belonging(kind).into_iter();
        let come = found.filter(|seen| frame.bench.has_come(seen.when.lo));
        come.last().map(|seen| seen.entry)
    });
    let length = entry.and_then(|entry| {
        frame.uses(entry);
        entry.code(field.as_str())?.parse().ok()
    });
    if length.is_none() {
        let with = [
            ("kind", kind.as_str().into()),
            ("field", field.as_str().into()),
        ];
        frame.miss("limit.absent", with);
    }
    length
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
    let length = length_of(frame, span, &anchored);
    let due = length.and_then(|length| {
        if is_before {
            let ends = [start.lo, start.hi].map(|end| frame.away(end, length, false));
            match ends {
                [Some(lo), Some(hi)] => Some(When {
                    lo: lo.min(hi),
                    hi: lo.max(hi),
                }),
                [Some(lo), None] if start.hi == LATEST => Some(When { lo, hi: LATEST }),
                _ => None,
            }
        } else {
            frame.deadline(start, length)
        }
    });
    let mut made = with_grace(frame, start, due);
    if is_before && due.is_none() {
        // How long before is not known: the debtor gains nothing by not saying it.
        let any = When {
            lo: EARLIEST,
            hi: start.hi,
        };
        (made.due, made.last) = (any, any);
    }
    made.plain = made.plain && length.is_some_and(|length| frame.is_plain(length));
    made.follows = is_first && !is_before;
    made.moves = !is_before;
    Some(made)
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
    fn end(&self, end: End) -> When {
        match end {
            End::Due => self.due,
            End::Last => self.last,
        }
    }

    /// How many seconds after an end a second lies at most, over all worlds; 0 or less is in time.
    pub(crate) fn most_over(&self, clock: &Clock, end: End, second: i64) -> i64 {
        let end = self.end(end);
        if !self.moves {
            second.saturating_sub(end.lo)
        } else if self.plain {
            let running = clock.running(Doubt::Least, self.start.lo, second);
            running.saturating_sub(end.lo - self.start.lo)
        } else {
            let stopped = clock.stopped(Doubt::Least, self.start.hi, second);
            second.saturating_sub(end.lo).saturating_sub(stopped)
        }
    }

    /// How many seconds after an end a second lies at least, over all worlds.
    pub(crate) fn least_over(&self, clock: &Clock, end: End, second: i64) -> i64 {
        let end = self.end(end);
        if !self.moves {
            second.saturating_sub(end.hi)
        } else if self.plain {
            let running = clock.running(Doubt::Most, self.start.hi, second);
            running.saturating_sub(end.hi - self.start.hi)
        } else {
            let stopped = clock.stopped(Doubt::Most, self.start.lo, second);
            second.saturating_sub(end.hi).saturating_sub(stopped)
        }
    }

    /// The last second that is not after an end, the clock's stops included.
    pub(crate) fn moved(&self, clock: &Clock, end: End) -> When {
        let end = self.end(end);
        if !self.moves {
            return end;
        }
        let (early, late) = match self.plain {
            true => (self.start.lo, self.start.hi),
            false => (self.start.hi, self.start.lo),
        };
        When {
            lo: clock.last_within(Doubt::Least, early, end.lo - early),
            hi: clock.last_within(Doubt::Most, late, end.hi - late),
        }
    }

    /// How long it runs from a start to a second: the least and the most.
    pub(crate) fn elapsed(&self, clock: &Clock, second: When) -> [i64; 2] {
        if self.moves {
            [
                clock.running(Doubt::Most, self.start.hi, second.lo),
                clock.running(Doubt::Least, self.start.lo, second.hi),
            ]
        } else {
            [second.lo - self.start.hi, second.hi - self.start.lo]
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
