//! An act again in every period.

use std::collections::BTreeSet;
use std::ops::Range;

use ensign_trust::PartyId;

use crate::evaluate::anchor::{self, End, Period};
use crate::evaluate::deadline::{self, Done};
use crate::evaluate::duty;
use crate::evaluate::frame::Frame;
use crate::evaluate::interval::When;
use crate::evaluate::matrix;
use crate::evaluate::names::Scope;
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
    /// Whether the condition holds at its start.
    pub(crate) applies: Truth,
    pub(crate) done: Vec<Done<'a>>,
    /// What it is judged with.
    pub(crate) frame: Frame<'a>,
}

/// The acts of a debtor, by the first second that each may be of.
struct Acts<'a> {
    acts: Vec<Done<'a>>,
    /// The latest second of each and of those before it.
    reach: Vec<i64>,
    /// Whether each was used as the late act of a period.
    used: Vec<Truth>,
    /// To whom the last period was owed.
    creditors: Vec<PartyId>,
    /// The acts that may have been late for it, where its creditors received some act.
    received: BTreeSet<usize>,
}

/// To whom it is owed from a second on, until others come, go or object.
struct Stage<'a> {
    from: i64,
    /// Nothing while it is not in force between its parties.
    settled: Option<Frame<'a>>,
}

/// The periods that have started and are owed, each with its acts.
pub(crate) fn turns<'a>(frame: &Frame<'a>, act: &Act, per: &Length) -> Vec<Turn<'a>> {
    let per = frame.length(per);
    let Some(last) = current(frame, per) else {
        return Vec::new();
    };
    let stages = Stage::all(frame);
    let mut acts = Acts::of(frame, act);
    let first = last.saturating_sub(MAX_PERIODS - 1);
    // What was used before the first one that is listed: back to a period in which nothing was done.
    let before = (first.saturating_sub(MAX_PERIODS)..first).rev();
    let busy = before.take_while(|number| {
        let period = period(frame, per, *number);
        period.is_some_and(|period| !acts.within(&period).is_empty())
    });
    let begin = first - busy.count() as u32;
    // The latest first: where conditions are too much work, it is the oldest that stay open.
    let mut turns: Vec<Turn<'a>> = (begin..=last)
        .rev()
        .filter_map(|number| {
            let period = period(frame, per, number)?;
            let mut frame = Stage::at(&stages, period.start)?;
            frame.cause.when = period.start;
            let (applies, is_cut) = frame
                .bench
                .watch(|| duty::applies(&frame, period.start, period.start));
            frame.is_cut(is_cut);
            (applies != Truth::False).then_some(Turn {
                number,
                period,
                applies,
                done: Vec::new(),
                frame,
            })
        })
        .collect();
    turns.reverse();
    for turn in &mut turns {
        turn.done = acts.share(turn);
    }
    turns.retain(|turn| turn.number >= first);
    turns
}

impl<'a> Stage<'a> {
    /// What a fact starts is settled once, what adoption starts again and again.
    fn all(frame: &Frame<'a>) -> Vec<Self> {
        let mut seconds = vec![frame.cause.when.lo];
        if frame.is_of_adoption() {
            let since = seconds[0] + 1..=frame.bench.t;
            seconds.extend(matrix::changes(frame).filter(|second| since.contains(second)));
            seconds.sort_unstable();
            seconds.dedup();
        }
        let at = |from: i64| {
            let mut settled = frame.again();
            let owed = matrix::settle(&mut settled, from);
            Stage {
                from,
                settled: owed.map(|_| settled),
            }
        };
        seconds.into_iter().map(at).collect()
    }

    /// What a period that starts then is judged with; nothing where it is not owed.
    fn at(stages: &[Self], start: When) -> Option<Frame<'a>> {
        let past = stages.partition_point(|stage| stage.from <= start.lo);
        let settled = stages[..past].last()?.settled.as_ref()?;
        let frame = settled.again();
        frame.proof.replace(settled.proof.borrow().clone());
        Some(frame)
    }
}

/// A period that has started; one whose end the calendar does not know has none.
fn period(frame: &Frame<'_>, per: Duration, number: u32) -> Option<Period> {
    let start = start_of(frame, per, number)?;
    let next = number
        .checked_add(1)
        .and_then(|next| start_of(frame, per, next));
    frame.bench.may_change(next.map(|next| next.lo));
    Some(anchor::with_grace(
        frame,
        start,
        next.map(|next| next.plus(-1)),
    ))
}

impl<'a> Acts<'a> {
    /// What cites the trigger; where that is the adoption, all that the debtor does. To whom, and when
    /// somebody received it, is a matter of each period.
    fn of(frame: &Frame<'a>, act: &Act) -> Self {
        let frame = Frame {
            creditors: Vec::new(),
            ..frame.again()
        };
        let frame = &frame;
        let kind = act.kind.as_code();
        let found = match frame.cause.fact {
            Some(_) => frame.citing(kind),
            None => {
                let all = frame.bench.find(kind, Scope::By(frame.debtor.party));
                frame.seen(kind, all.collect())
            }
        };
        let owed = found.into_iter();
        let mut acts: Vec<Done<'_>> = owed
            .filter_map(|seen| deadline::as_owed(frame, act, seen))
            .collect();
        acts.sort_by_key(|act| act.seen.when.lo);
        let reach = acts.iter().scan(i64::MIN, |reach, act| {
            *reach = act.seen.when.hi.max(*reach);
            Some(*reach)
        });
        Acts {
            reach: reach.collect(),
            used: vec![Truth::False; acts.len()],
            creditors: Vec::new(),
            received: BTreeSet::new(),
            acts,
        }
    }

    /// Those that may be of a period or its grace, and perhaps others.
    fn within(&self, period: &Period) -> Range<usize> {
        let clock = Clock::default();
        let last = period.timed(&clock).moved(End::Last);
        let end = self.acts.partition_point(|act| act.seen.when.lo <= last.hi);
        let first = self.reach.partition_point(|reach| *reach < period.start.lo);
        first.min(end)..end
    }

    /// The acts that count for a period. Those that it needs late are used up for the later ones.
    fn share(&mut self, turn: &Turn<'a>) -> Vec<Done<'a>> {
        let (period, applies) = (&turn.period, turn.applies);
        let clock = Clock::default();
        let period = period.timed(&clock);
        let [start, due, last] = [
            turn.period.start,
            period.moved(End::Due),
            period.moved(End::Last),
        ];
        if turn.frame.creditors != self.creditors {
            // Who is not owed this period does not say by a receipt what is left for it.
            self.creditors.clone_from(&turn.frame.creditors);
            for at in std::mem::take(&mut self.received) {
                self.used[at] = Truth::Unknown;
            }
        }
        let within = self.within(&turn.period);
        turn.frame.bench.may_look_at(within.len());
        let mut is_received = false;
        let mut in_time = Truth::False;
        let mut of_period = Vec::new();
        let mut late: Vec<(usize, When, Truth)> = Vec::new();
        for at in within {
            let claimed = self.acts[at].seen.when;
            if claimed.hi < start.lo || last.hi < claimed.lo {
                continue;
            }
            let act = self.acts[at].as_seen_from(&turn.frame);
            is_received |= act.seen.when != claimed;
            turn.frame.uses(act.seen.entry);
            let free = deadline::is_for(&turn.frame, act.seen.entry);
            let free = Truth::from(free).min(!self.used[at]);
            let When { lo, hi } = act.seen.when;
            let fits = |from: When, until: When| {
                let surely = act.sure && lo >= from.hi && hi <= until.lo;
                free.min(Truth::between(surely, hi >= from.lo && lo <= until.hi))
            };
            in_time = in_time.max(fits(start, due));
            let in_grace = fits(due.plus(1), last);
            if in_grace.may_hold() {
                late.push((at, act.seen.when, in_grace));
            }
            let counts = fits(start, last);
            if counts.may_hold() {
                act.write(&turn.frame);
                of_period.push(Done {
                    sure: counts == Truth::True,
                    ..act
                });
            }
        }
        if is_received {
            self.received.extend(late.iter().map(|(at, ..)| *at));
        }
        if in_time == Truth::True {
            return of_period;
        }
        let first = late.iter().min_by_key(|(_, when, _)| when.hi).copied();
        let is_first = |at: usize, hi: i64| {
            let mut others = late.iter().filter(|(other, ..)| *other != at);
            others.all(|(_, when, _)| when.lo >= hi)
        };
        match first {
            Some((at, when, Truth::True)) if in_time == Truth::False && is_first(at, when.hi) => {
                self.used[at] = applies;
            }
            _ => late
                .iter()
                .for_each(|(at, ..)| self.used[*at] = Truth::Unknown),
        }
        of_period
    }
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
    frame.away_from(frame.cause.when, many, true)
}
