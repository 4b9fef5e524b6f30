//! An indicator on the right side of a threshold.

use crate::evaluate::deadline::Judged;
use crate::evaluate::exception;
use crate::evaluate::frame::Frame;
use crate::evaluate::indicator::{Samples, slot_of};
use crate::evaluate::interval::{LATEST, Stretches, When};
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::suspension::{Clock, Doubt};
use crate::evaluate::truth::Truth;
use crate::evaluate::window::{Window, equal_length};
use crate::term::ast::{Aggregate, Comparison, Measure, Quantity};

/// What is to be maintained.
#[derive(Clone, Copy)]
pub(crate) struct Threshold<'a> {
    pub(crate) measure: &'a Measure,
    pub(crate) comparison: &'a Comparison,
    pub(crate) coverage: Option<&'a Quantity>,
}

/// Windows that end in a row and are judged alike.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The numbers of the slots with which the first and the last of them end.
    slots: [i64; 2],
    judged: Judgement,
}

/// What a window comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Judgement {
    /// Whether it is on the right side; nothing if no slot is left in it.
    holds: Option<Truth>,
    /// Whether in some world no slot is left in it.
    may_be_empty: bool,
}

/// Most windows that are looked at beyond those with which a slot that has a value comes or goes.
const MAX_WINDOWS: i64 = 100_000;

/// A window that was not looked at.
const UNKNOWN: Judgement = Judgement {
    holds: Some(Truth::Unknown),
    may_be_empty: true,
};

/// A window of which everything is suspended.
const EMPTY: Judgement = Judgement {
    holds: None,
    may_be_empty: true,
};

impl Judgement {
    fn of(self, slots: [i64; 2]) -> Run {
        Run {
            slots,
            judged: self,
        }
    }

    fn surely_fails(self) -> bool {
        self.holds == Some(Truth::False)
    }

    fn may_fail(self) -> bool {
        self.holds.is_some_and(Truth::may_fail)
    }
}

/// Judges an indicator at the moment judged.
pub(crate) fn judge(frame: &Frame<'_>, threshold: Threshold<'_>) -> Judged {
    let start = frame.cause.when;
    let Some(samples) = Samples::read(frame, threshold.measure) else {
        return Judged {
            possible: Possible::only(Status::Met).or(Status::Breached),
            ..Judged::default()
        };
    };
    let t = frame.bench.t;
    let clock = exception::clock(frame, start);
    frame.bench.may_change(clock.next_change(t));
    let [sure, possible] = clock.seconds();
    let end = t.div_euclid(samples.period);
    frame
        .bench
        .may_change([(end + 1).saturating_mul(samples.period)]);
    let history = History {
        frame,
        threshold,
        samples: &samples,
        suspended: [samples.touched(sure), samples.touched(possible)],
    };
    let runs = history.runs(end);
    let last = runs.last().map_or(EMPTY, |run| run.judged);
    history.write(end);

    let delay = Delay {
        frame,
        clock: &clock,
    };
    let sure_breach = history
        .last_shortfall(&runs, Judgement::surely_fails, |it| it.holds.is_none())
        .map(|first| delay.breach(history.surely_from(first), Doubt::Most));
    let possible_breach = history
        .last_shortfall(&runs, Judgement::may_fail, |it| it.may_be_empty)
        .map(|first| delay.breach(history.end(first), Doubt::Least));
    frame.bench.may_change(sure_breach);
    frame.bench.may_change(possible_breach);
    let breached = Truth::between(
        sure_breach.is_some_and(|at| at <= t),
        possible_breach.is_some_and(|at| at <= t),
    );
    let mut found = Possible::NONE.or_if(breached.may_hold(), Status::Breached);
    if breached.may_fail() {
        let stands = clock.stands(t);
        found = found.or_if(stands.may_hold(), Status::Suspended);
        if stands.may_fail() {
            found = found
                .or_if(last.may_be_empty, Status::Active)
                .or_if(last.holds.is_some_and(Truth::may_hold), Status::Met)
                .or_if(last.may_fail() && delay.has_grace(), Status::InGrace);
        }
    }
    let breach = breached.may_hold().then(|| When {
        lo: possible_breach.unwrap_or(t).min(t),
        hi: sure_breach.unwrap_or(LATEST),
    });
    found = excuse(frame, found, breach);
    let past = match breach {
        None => history.past(&runs, &delay),
        Some(_) => None,
    };
    Judged {
        possible: found,
        breach: breach.or(past.map(|(breach, _)| breach)),
        cured: past.map(|(_, cured)| (cured, true)),
        moves: true,
        clock,
        ..Judged::default()
    }
}

/// What excuses a shortfall now excuses it; a breach, if it did so when that began.
fn excuse(frame: &Frame<'_>, found: Possible, breach: Option<When>) -> Possible {
    let is_short = |status| matches!(status, Status::Breached | Status::InGrace);
    if !found.any(is_short) {
        return found;
    }
    let now = exception::excused(frame, When::at(frame.bench.t));
    let then = breach.map_or(now, |breach| {
        exception::excused(frame, breach.min(When::at(frame.bench.t)))
    });
    // What may be a breach by now may be one since now: where that is open, both excuse alike.
    let both = now.min(then);
    let stays = |status| match status {
        Status::Breached => both != Truth::True,
        Status::InGrace => now != Truth::True,
        _ => true,
    };
    found.filter(stays).or_if(both.may_hold(), Status::Excused)
}

/// How long a shortfall must last before it is a breach.
struct Delay<'a> {
    frame: &'a Frame<'a>,
    clock: &'a Clock,
}

impl Delay<'_> {
    fn has_grace(&self) -> bool {
        let grace = self.frame.term.grace.as_ref();
        grace.is_some_and(|grace| self.frame.length(grace) != Default::default())
    }

    /// The first second of the breach of a shortfall that started at a second.
    fn breach(&self, start: i64, doubt: Doubt) -> i64 {
        let Some(grace) = self.frame.term.grace.as_ref() else {
            return start;
        };
        let end = self
            .frame
            .deadline(When::at(start), self.frame.length(grace));
        end.map_or(LATEST, |end| {
            let clock = self.clock.since(When::at(start));
            clock.last_within(doubt, start, end.lo - start - 1) + 1
        })
    }
}

struct History<'a> {
    frame: &'a Frame<'a>,
    threshold: Threshold<'a>,
    samples: &'a Samples,
    /// The slots that surely, and those that possibly, are suspended.
    suspended: [Stretches; 2],
}

impl History<'_> {
    /// The windows from the start to the one that ends with a slot, where the past matters.
    fn runs(&self, end: i64) -> Vec<Run> {
        let term = self.frame.term;
        let needs_past = term.grace.is_some()
            || term.remedy_within.is_some()
            || !term.on_breach.is_empty()
            || !term.exceptions.is_empty();
        let first = slot_of(self.frame.cause.when.lo, self.samples.period);
        let ends = match needs_past {
            true => self.ends(first, end),
            false => Some(vec![end]),
        };
        let Some(ends) = ends else {
            return vec![UNKNOWN.of([first, end])];
        };
        let mut runs: Vec<Run> = Vec::new();
        for (at, number) in ends.iter().enumerate() {
            let judged = self.judgement(*number);
            let last = ends.get(at + 1).map_or(*number, |next| next - 1);
            match runs.last_mut() {
                Some(run) if run.judged == judged => run.slots[1] = last,
                _ => runs.push(judged.of([*number, last])),
            }
        }
        runs
    }

    /// The slots from one to another with which a window may end that differs from the one before: a
    /// slot with a value comes or goes, or one that is suspended; all of them where windows differ in
    /// length. Nothing if these are too many.
    fn ends(&self, first: i64, end: i64) -> Option<Vec<i64>> {
        let measure = self.threshold.measure;
        let samples = self.samples;
        let [first, until] = [first.min(end), end + 1];
        let ends = match equal_length(self.frame, samples, measure) {
            None => Stretches::unite([[first, until]]),
            Some(length) => {
                let seen = samples.slots.iter();
                let seen = seen.map(|slot| [slot.number, slot.number + 1]);
                let suspended = self.suspended.iter().flat_map(Stretches::iter);
                let differing = seen.chain(suspended).flat_map(|[from, until]| {
                    let gone = [from, until].map(|slot| slot.saturating_add(length));
                    match measure.aggregate {
                        // How long nothing was seen before and after it differs with each slot.
                        Aggregate::Gap => vec![[from, gone[1]]],
                        _ => vec![[from, until], gone],
                    }
                });
                let bounds = [first, end].map(|slot| [slot, slot + 1]);
                Stretches::unite(differing.chain(bounds)).within(first, until)
            }
        };
        let known = samples.slots.len() as i64;
        if ends.length() > MAX_WINDOWS.saturating_add(2 * known) {
            return None;
        }
        Some(ends.iter().flat_map(|[from, until]| from..until).collect())
    }

    fn window(&self, end: i64) -> Option<Window<'_>> {
        Window::at(
            self.frame,
            self.samples,
            self.threshold.measure,
            end,
            self.suspended.each_ref(),
        )
    }

    /// What the window comes to that ends with a slot: on the right side only with enough samples.
    fn judgement(&self, end: i64) -> Judgement {
        let Some(window) = self.window(end) else {
            return EMPTY;
        };
        let holds = match window.compare(self.frame, self.threshold.comparison) {
            Truth::True if !window.is_covered(self.frame, self.threshold.coverage) => {
                Truth::Unknown
            }
            holds => holds,
        };
        Judgement {
            holds: Some(holds),
            may_be_empty: window.may_be_empty(),
        }
    }

    /// The first of the last windows in a row that fail, if the very last does. A window that is empty, since all
    /// of it is suspended, neither starts nor ends a shortfall.
    fn last_shortfall(
        &self,
        runs: &[Run],
        fails: impl Fn(Judgement) -> bool,
        is_empty: impl Fn(Judgement) -> bool,
    ) -> Option<i64> {
        let row = runs
            .iter()
            .rev()
            .take_while(|run| is_empty(run.judged) || fails(run.judged))
            .filter(|run| fails(run.judged));
        row.last().map(|first| first.slots[0])
    }

    /// The last second of a slot.
    fn end(&self, slot: i64) -> i64 {
        slot.saturating_mul(self.samples.period)
    }

    /// When a shortfall surely is one that begins with a window: once the trigger surely has happened.
    fn surely_from(&self, first: i64) -> i64 {
        let start = slot_of(self.frame.cause.when.hi, self.samples.period);
        self.end(first.max(start))
    }

    /// The last sure breach that is over, and when it was cured.
    fn past(&self, runs: &[Run], delay: &Delay<'_>) -> Option<(When, When)> {
        self.frame.term.remedy_within.as_ref()?;
        let is_short = |run: &Run| run.judged.surely_fails() || run.judged.holds.is_none();
        let mut end = runs.len();
        for row in runs.chunk_by(|a, b| is_short(a) == is_short(b)).rev() {
            let after = &runs[end..];
            end -= row.len();
            let first = row.iter().find(|run| run.judged.surely_fails());
            let from = first.map(|first| self.surely_from(first.slots[0]));
            let breach = from.map(|from| delay.breach(from, Doubt::Most));
            let next = self.end(row[row.len() - 1].slots[1] + 1);
            if let Some(breach) = breach.filter(|breach| *breach < next) {
                let restored = after
                    .iter()
                    .find(|run| run.judged.holds == Some(Truth::True) && !run.judged.may_be_empty)
                    .map(|run| self.end(run.slots[0]))?;
                let cured = When {
                    lo: next,
                    hi: restored,
                };
                return Some((When::at(breach), cured));
            }
        }
        None
    }

    /// Writes the sums of the window judged.
    fn write(&self, end: i64) {
        let Some(window) = self.window(end) else {
            self.frame.miss("window.empty", []);
            return;
        };
        let limit = self.frame.number(&self.threshold.comparison.with);
        let narrow = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
        self.frame.note(
            "window.computed",
            [
                ("end", self.end(end).into()),
                ("slots", window.slots.into()),
                ("sampled", window.sampled.into()),
                ("threshold", limit.into()),
                ("balance", window.bounds(limit.into()).map(narrow).into()),
            ],
        );
        if window.sampled < window.slots {
            let with = [
                ("kind", self.threshold.measure.indicator.as_str().into()),
                ("slots", (window.slots - window.sampled).into()),
            ];
            self.frame.miss("samples.absent", with);
        }
    }
}
