//! An act, a limit and a clock that can be stopped.

use ensign_trust::{Code, PartyId};

use crate::evaluate::anchor::{End, Period, Timed};
use crate::evaluate::condition;
use crate::evaluate::exception;
use crate::evaluate::frame::{Frame, Seen, kinds};
use crate::evaluate::interval::{LATEST, Stretches, When};
use crate::evaluate::ledger::Entry;
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::suspension::Clock;
use crate::evaluate::truth::Truth;
use crate::term::Duration;
use crate::term::ast::{Act, World};

/// An act that may discharge the duty.
#[derive(Clone, Copy)]
pub(crate) struct Done<'a> {
    pub(crate) seen: Seen<'a>,
    /// It is surely such an act, and surely not before the start.
    pub(crate) sure: bool,
}

/// What came of a duty, before remedies and the end of force.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judged {
    pub(crate) possible: Possible,
    /// The first second of the breach, in the worlds in which there is one.
    pub(crate) breach: Option<When>,
    /// When the act was done or the indicator restored, and whether that is sure.
    pub(crate) cured: Option<(When, bool)>,
    /// The sums of a deadline.
    pub(crate) bounds: Option<Bounds>,
    pub(crate) clock: Clock,
    /// Whether a limit moves when the clock stands.
    pub(crate) moves: bool,
}

/// The sums of a deadline, in seconds; each the least and the most that it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Bounds {
    /// The time that ran from the start to the act, or to the moment judged.
    pub elapsed: [i64; 2],
    /// The limit without suspensions.
    pub limit: [i64; 2],
    /// The grace.
    pub grace: [i64; 2],
    /// The last second in time, suspensions included.
    pub due: When,
}

/// The acts of a kind that cite the trigger.
pub(crate) fn acts<'a>(frame: &Frame<'a>, act: &Act, periods: &[Period]) -> Vec<Done<'a>> {
    let found = frame.citing(act.kind.as_code()).into_iter();
    let owed = found.filter_map(|seen| as_owed(frame, act, seen));
    let is_after =
        |start: When, when: When| Truth::between(when.lo >= start.hi, when.hi >= start.lo);
    let starts: Vec<When> = starts(frame, periods).collect();
    owed.filter_map(|done| {
        let order = starts.iter().map(|start| is_after(*start, done.seen.when));
        match order.fold(Truth::True, Truth::min) {
            Truth::False => {
                let with = [("statement", done.seen.entry.id.into())];
                frame.miss("act.before_trigger", with);
                None
            }
            order => Some(Done {
                sure: done.sure && order == Truth::True,
                ..done
            }),
        }
    })
    .collect()
}

impl<'a> Done<'a> {
    /// Writes into the proof that it was done.
    pub(crate) fn write(&self, frame: &Frame<'_>) {
        frame.uses(self.seen.entry);
        let with = [
            ("statement", self.seen.entry.id.into()),
            ("time", self.seen.when.into()),
        ];
        frame.note("act.found", with);
    }

    /// The same act at the time at which those received it to whom another obligation is owed.
    pub(crate) fn as_seen_from(&self, frame: &Frame<'a>) -> Done<'a> {
        let entry = self.seen.entry;
        let when = frame.time_of(&entry.fact.kind, entry);
        frame.bench.may_change([when.hi]);
        Done {
            seen: Seen { entry, when },
            sure: self.sure,
        }
    }
}

/// An act as far as it is the one that is owed: by the debtor, to the creditor, with its content.
pub(crate) fn as_owed<'a>(frame: &Frame<'a>, act: &Act, seen: Seen<'a>) -> Option<Done<'a>> {
    let by_debtor = seen.entry.fact.actor == frame.debtor.party;
    if !by_debtor || !is_for(frame, seen.entry) || !frame.bench.has_come(seen.when.lo) {
        return None;
    }
    frame.bench.may_change([seen.when.hi]);
    let complete = condition::is_act(frame, seen.entry, act);
    if complete == Truth::False {
        frame.uses(seen.entry);
        let with = [
            ("statement", seen.entry.id.into()),
            ("time", seen.when.into()),
        ];
        frame.miss("act.incomplete", with);
        return None;
    }
    let done = Done {
        seen,
        sure: complete == Truth::True,
    };
    done.write(frame);
    Some(done)
}

/// Whether an act is addressed to a creditor, or to nobody.
pub(crate) fn is_for(frame: &Frame<'_>, entry: &Entry<'_>) -> bool {
    let to = entry.fact.to;
    to.is_none_or(|to| frame.creditors.is_empty() || frame.creditors.contains(&to))
}

/// Judges a deadline at the moment judged.
pub(crate) fn judge(
    frame: &Frame<'_>,
    act: &Act,
    periods: &[Period],
    done: &[Done<'_>],
    clock: Clock,
) -> Judged {
    let Some(first) = periods.first() else {
        return Judged {
            possible: Possible::only(Status::Latent),
            ..Judged::default()
        };
    };
    let t = frame.bench.t;
    let timed = periods.iter().map(|period| period.timed(&clock));
    let ends = Ends {
        periods,
        timed: timed.collect(),
        clock: &clock,
        have_grace: frame.grace() != Duration::default(),
    };
    let (due, last) = (ends.moved(End::Due), ends.moved(End::Last));
    frame
        .bench
        .may_change([due.lo + 1, due.hi + 1, last.lo + 1, last.hi + 1]);
    frame.bench.may_change(clock.next_change(t));

    let in_time = |one: &Done<'_>| {
        let surely = one.sure && one.seen.when.hi <= t;
        let lo = one.seen.when.lo.max(first_second(frame, periods));
        Truth::between(
            surely && ends.most_over(End::Due, one.seen.when.hi) <= 0,
            ends.least_over(End::Due, lo) <= 0,
        )
    };
    let met = done.iter().map(in_time).max().unwrap_or(Truth::False);
    let surely_done = done
        .iter()
        .filter(|one| one.sure && one.seen.when.hi <= t)
        .map(|one| one.seen.when.hi)
        .min();
    let maybe_done = done.iter().map(|one| one.seen.when.lo).min();

    let until = |end: i64| end.min(t);
    let deadline = When {
        lo: until(due.lo),
        hi: until(due.hi),
    };
    let excused = exception::excused(frame, deadline);
    let waived = waived(frame, last);
    let mut possible = Possible::NONE.or_if(met.may_hold(), Status::Met);
    if met.may_fail() {
        possible = possible.or_if(excused.may_hold(), Status::Excused);
        if excused.may_fail() {
            possible = possible.or_if(waived.may_hold(), Status::Waived);
        }
        if excused.may_fail() && waived.may_fail() {
            possible = possible.union(undone(frame, act, &ends, done, surely_done));
        }
    }
    let grace = [last.lo - due.lo, last.hi - due.hi];
    let reached = match (maybe_done, surely_done) {
        (Some(lo), Some(hi)) => When { lo, hi },
        (Some(lo), None) => When { lo, hi: t.max(lo) },
        _ => When::at(t),
    };
    let bounds = Bounds {
        elapsed: first.timed(&clock).elapsed(reached),
        limit: first.length(),
        grace: [grace[0].min(grace[1]), grace[0].max(grace[1])],
        due,
    };
    frame.note(
        "deadline.computed",
        [
            ("start", first.start.into()),
            ("due", due.into()),
            ("last", last.into()),
            ("elapsed", bounds.elapsed.into()),
            ("limit", bounds.limit.into()),
        ],
    );
    Judged {
        possible,
        breach: possible
            .has(Status::Breached)
            .then_some(last.plus(1))
            .map(|it| When {
                lo: it.lo.min(LATEST),
                hi: it.hi.min(LATEST),
            }),
        cured: maybe_done.map(|lo| {
            let hi = surely_done.unwrap_or(LATEST).max(lo);
            (When { lo, hi }, surely_done.is_some())
        }),
        bounds: Some(bounds),
        moves: ends.moves(),
        clock,
    }
}

/// What holds in the worlds in which nothing was done in time, nothing excused and nothing waived.
fn undone(
    frame: &Frame<'_>,
    act: &Act,
    ends: &Ends<'_>,
    done: &[Done<'_>],
    surely_done: Option<i64>,
) -> Possible {
    let t = frame.bench.t;
    let late = done.iter().any(|one| {
        let lo = one.seen.when.lo.max(first_second(frame, ends.periods));
        let hi = one.seen.when.hi.min(t);
        ends.have_grace && ends.least_over(End::Last, lo) <= 0 && ends.most_over(End::Due, hi) > 0
    });
    let possible = Possible::NONE.or_if(late, Status::Late);
    if let Some(hi) = surely_done {
        return possible.or_if(ends.most_over(End::Last, hi) > 0, Status::Breached);
    }
    let mut possible = possible;
    if ends.most_over(End::Last, t) > 0 {
        possible = possible.or(Status::Breached);
        if frame.adopted.world(act.kind.as_code()) == World::Observed {
            possible = possible.union(unseen(frame, act, ends));
        } else if done.is_empty() {
            let with = [("kind", act.kind.as_str().into())];
            frame.note("absence.performative", with);
        }
    }
    if ends.least_over(End::Last, t) <= 0 {
        let stands = match ends.moves() {
            true => ends.clock.stands(t),
            false => Truth::False,
        };
        possible = possible.or_if(stands.may_hold(), Status::Suspended);
        if stands.may_fail() {
            possible = possible
                .or_if(ends.least_over(End::Due, t) <= 0, Status::Active)
                .or_if(
                    ends.have_grace && ends.most_over(End::Due, t) > 0,
                    Status::InGrace,
                );
        }
    }
    possible
}

/// What an act that nobody saw may have made of a deadline that has passed.
fn unseen(frame: &Frame<'_>, act: &Act, ends: &Ends<'_>) -> Possible {
    let t = frame.bench.t;
    let (watched, first) = (watched(frame, act), first_second(frame, ends.periods));
    let (due, last) = (ends.moved(End::Due), ends.moved(End::Last));
    let in_time = !watched.covers(first, due.hi.min(t).saturating_add(1));
    let in_grace = !watched.covers(due.lo.saturating_add(1), last.hi.min(t).saturating_add(1));
    let code = if in_time || in_grace {
        "absence.unwatched"
    } else {
        "absence.watched"
    };
    frame.note(code, [("kind", act.kind.as_str().into())]);
    if in_time || in_grace {
        let with = [
            ("kind", act.kind.as_str().into()),
            ("from", first.into()),
            ("until", last.hi.min(t).into()),
        ];
        frame.miss("coverage.gap", with);
    }
    Possible::NONE
        .or_if(in_time, Status::Met)
        .or_if(in_grace, Status::Late)
}

/// When somebody watched whether an observed act is done.
fn watched(frame: &Frame<'_>, act: &Act) -> Stretches {
    let Ok(kind) = Code::new(format!("{}.coverage", act.kind)) else {
        return Stretches::default();
    };
    Stretches::unite(frame.belonging(&kind).into_iter().map(|seen| {
        frame.uses(seen.entry);
        let piece = seen.entry.watched();
        frame.bench.may_change([piece[1]]);
        piece
    }))
}

/// Whether the creditors let the debtor off before the breach: each of them.
pub(crate) fn waived(frame: &Frame<'_>, last: When) -> Truth {
    let names_term = |seen: &Seen<'_>| {
        let term = seen.entry.code("term");
        term.is_none_or(|term| term == frame.term.name.as_str())
    };
    let by_creditor = |seen: &Seen<'_>| frame.creditors.contains(&seen.entry.fact.actor);
    let waivers = frame.citing(&kinds::WAIVER).into_iter();
    let come: Vec<Seen<'_>> = waivers
        .filter(|seen| by_creditor(seen) && names_term(seen))
        .filter(|seen| frame.bench.has_come(seen.when.lo))
        .inspect(|seen| {
            frame.bench.may_change([seen.when.hi]);
            frame.uses(seen.entry);
            let with = [
                ("statement", seen.entry.id.into()),
                ("time", seen.when.into()),
            ];
            frame.note("waiver.found", with);
        })
        .collect();
    let by = |creditor: &PartyId| {
        let own = come
            .iter()
            .filter(|seen| seen.entry.fact.actor == *creditor);
        let each = own.map(|seen| {
            Truth::between(
                seen.when.hi <= last.lo.min(frame.bench.t),
                seen.when.lo <= last.hi,
            )
        });
        each.max().unwrap_or(Truth::False)
    };
    frame.creditors.iter().map(by).min().unwrap_or(Truth::False)
}

/// What an act must not precede: the trigger, and where a limit starts that it follows.
fn starts(frame: &Frame<'_>, periods: &[Period]) -> impl Iterator<Item = When> {
    let limits = periods.iter().filter(|period| period.follows);
    std::iter::once(frame.cause.when).chain(limits.map(|period| period.start))
}

/// The first second at which an act may have been done in some world.
fn first_second(frame: &Frame<'_>, periods: &[Period]) -> i64 {
    let all = starts(frame, periods).map(|start| start.lo);
    all.max().unwrap_or(i64::MIN)
}

/// All limits of a duty: the one that ends first binds.
struct Ends<'a> {
    periods: &'a [Period],
    /// The same with their clocks.
    timed: Vec<Timed<'a>>,
    clock: &'a Clock,
    /// Whether there is time between the limit and the breach.
    have_grace: bool,
}

impl Ends<'_> {
    fn moves(&self) -> bool {
        self.periods.iter().any(|period| period.moves)
    }

    fn most_over(&self, end: End, second: i64) -> i64 {
        let over = self.timed.iter().map(|it| it.most_over(end, second));
        over.max().unwrap_or(i64::MIN)
    }

    fn least_over(&self, end: End, second: i64) -> i64 {
        let over = self.timed.iter().map(|it| it.least_over(end, second));
        over.max().unwrap_or(i64::MIN)
    }

    fn moved(&self, end: End) -> When {
        let moved = self.timed.iter().map(|it| it.moved(end));
        moved.reduce(When::min).unwrap_or(When::at(LATEST))
    }
}
