//! An act again in every period.

use crate::evaluate::anchor::{self, End, Period};
use crate::evaluate::deadline::{self, Done};
use crate::evaluate::frame::Frame;
use crate::evaluate::interval::When;
use crate::evaluate::ledger::Scope;
use crate::evaluate::suspension::Clock;
use crate::evaluate::truth::Truth;
use crate::term::Duration;
use crate::term::ast::{Act, Length};

/// Most periods that are listed: the latest.
pub(crate) const MAX_PERIODS: u32 = 10_000;

/// One period: its number, its limits, the acts that count for it.
pub(crate) struct Turn<'a> {
    pub(crate) number: u32,
    pub(crate) period: Period,
    pub(crate) done: Vec<Done<'a>>,
}

/// The periods that have started, each with its acts.
pub(crate) fn turns<'a>(frame: &Frame<'a>, act: &Act, per: &Length) -> Vec<Turn<'a>> {
    let per = frame.length(per);
    let Some(last) = current(frame, per) else {
        return Vec::new();
    };
    let first = last.saturating_sub(MAX_PERIODS - 1);
    let found = frame
        .bench
        .find(act.kind.as_code(), Scope::By(frame.debtor.party));
    let found = frame.seen(act.kind.as_code(), found.collect()).into_iter();
    let acts: Vec<Done<'_>> = found
        .filter_map(|seen| deadline::as_owed(frame, act, seen))
        .collect();
    // Whether an act was used as the late act of a period before.
    let mut used = vec![Truth::False; acts.len()];
    let mut turns = Vec::new();
    for number in first..=last {
        let (Some(start), Some(next)) = (
            start_of(frame, per, number),
            start_of(frame, per, number + 1),
        ) else {
            break;
        };
        frame.bench.may_change([next.lo]);
        let period = anchor::with_grace(frame, start, Some(next.plus(-1)));
        let of_period = share(&acts, &mut used, period);
        turns.push(Turn {
            number,
            period,
            done: of_period,
        });
    }
    turns
}

/// The acts that count for a period. Those that it needs late are used up for the next one.
fn share<'a>(acts: &[Done<'a>], used: &mut [Truth], period: Period) -> Vec<Done<'a>> {
    let clock = Clock::default();
    let (due, last) = (
        period.moved(&clock, End::Due),
        period.moved(&clock, End::Last),
    );
    let mut in_time = Truth::False;
    let mut of_period = Vec::new();
    let mut late = Vec::new();
    for (at, act) in acts.iter().enumerate() {
        let When { lo, hi } = act.seen.when;
        let free = !used[at];
        let fits = |from: When, until: When| {
            let surely = act.sure && lo >= from.hi && hi <= until.lo;
            free.min(Truth::between(surely, hi >= from.lo && lo <= until.hi))
        };
        in_time = in_time.max(fits(period.start, due));
        let in_grace = fits(due.plus(1), last);
        if in_grace.may_hold() {
            late.push((at, in_grace));
        }
        let counts = fits(period.start, last);
        if counts.may_hold() {
            of_period.push(Done {
                sure: counts == Truth::True,
                ..*act
            });
        }
    }
    if in_time == Truth::True {
        return of_period;
    }
    let first = late
        .iter()
        .min_by_key(|(at, _)| acts[*at].seen.when.hi)
        .copied();
    let is_first = |at: usize, hi: i64| {
        let others = late.iter().filter(|(other, _)| *other != at);
        others
            .clone()
            .all(|(other, _)| acts[*other].seen.when.lo >= hi)
    };
    match first {
        Some((at, Truth::True))
            if in_time == Truth::False && is_first(at, acts[at].seen.when.hi) =>
        {
            used[at] = Truth::True;
        }
        _ => late.iter().for_each(|(at, _)| used[*at] = Truth::Unknown),
    }
    of_period
}

/// The number of the last period that has started.
fn current(frame: &Frame<'_>, per: Duration) -> Option<u32> {
    if per == Duration::default() {
        return None;
    }
    let has_started = |number: u32| {
        let start = start_of(frame, per, number);
        start.is_some_and(|start| start.lo <= frame.bench.t)
    };
    if !has_started(0) {
        return None;
    }
    let (mut low, mut high) = (0u32, u32::MAX);
    while low < high {
        let middle = high - (high - low) / 2;
        if has_started(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Some(low)
}

/// When a period starts: so many periods after the first one.
fn start_of(frame: &Frame<'_>, per: Duration, number: u32) -> Option<When> {
    let many = Duration {
        months: per.months.checked_mul(number)?,
        days: per.days.checked_mul(number)?,
        seconds: per.seconds.checked_mul(number.into())?,
    };
    if !many.is_within_limits() {
        return None;
    }
    let start = frame.cause.when;
    let [lo, hi] = [start.lo, start.hi].map(|first| frame.away(first, many, true));
    let (lo, hi) = (lo?, hi?);
    Some(When {
        lo: lo.min(hi),
        hi: lo.max(hi),
    })
}
