//! A duty by its sort, with what takes its place, and its end with the instrument.

use crate::evaluate::anchor::{self, End};
use crate::evaluate::bench::Bench;
use crate::evaluate::condition;
use crate::evaluate::deadline::{self, Judged};
use crate::evaluate::exception;
use crate::evaluate::forbid::{self, Prohibition};
use crate::evaluate::frame::Frame;
use crate::evaluate::interval::When;
use crate::evaluate::maintain::{self, Threshold};
use crate::evaluate::perform::Turn;
use crate::evaluate::remedy;
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::truth::Truth;
use crate::term::ast::{Act, Duty, Effect, Length, Limit, Modality, Term, Variation};

/// What is owed.
#[derive(Clone, Copy)]
pub(crate) enum Owed<'a> {
    /// What the term says.
    AsWritten,
    /// What a reservation puts in its place.
    Varied(&'a Variation),
}

impl<'a> Owed<'a> {
    /// What is owed again in every period, if that is all that is owed.
    pub(crate) fn recurring(self, term: &'a Term) -> Option<(&'a Act, &'a Length)> {
        let duty = match self {
            Owed::AsWritten => &term.duty,
            Owed::Varied(Variation::Limit(_)) => &term.duty,
            Owed::Varied(Variation::Duties(duties)) => match duties.as_slice() {
                [only] => only,
                _ => return None,
            },
        };
        match duty {
            Duty::Perform { act, per } => Some((act, per)),
            _ => None,
        }
    }
}

/// Judges each part of an obligation. Nothing where the trigger does not start one.
pub(crate) fn judge(frame: &Frame<'_>, owed: Owed<'_>) -> Vec<Judged> {
    let binds = binds(frame);
    if binds == Truth::False {
        return Vec::new();
    }
    let at = match (frame.cause.fact, frame.cause.breach) {
        (_, Some(breach)) => breach,
        (Some(_), None) => frame.cause.when,
        (None, None) => When::at(frame.bench.t),
    };
    // What has elapsed and what has become of other terms makes it owed from then on.
    let applies = applies(frame, at, When::at(frame.bench.t));
    if applies == Truth::False {
        return match frame.cause.fact {
            None if frame.cause.breach.is_none() => vec![latent()],
            _ => Vec::new(),
        };
    }
    let parts = until_lapse(frame, owed);
    let finish = |judged| {
        let mut judged = remedy::follow(frame, judged);
        // In the worlds in which it is not owed, nothing is open and nothing can be breached.
        if applies == Truth::Unknown {
            judged.possible = judged.possible.or(Status::Latent);
        }
        if binds == Truth::Unknown && !judged.possible.all(|it| it == Status::Met) {
            judged.possible = judged.possible.or(Status::Latent);
        }
        judged
    };
    parts.into_iter().map(finish).collect()
}

/// Judges one period of a recurring duty, which is an obligation of its own.
pub(crate) fn judge_turn(act: &Act, turn: &Turn<'_>) -> Option<Judged> {
    let frame = &turn.frame;
    let at_end = |frame: &Frame<'_>| {
        let clock = exception::clock(frame, turn.period.start);
        let judged = deadline::judge(frame, act, &[turn.period], &turn.done, clock);
        vec![mapped(frame, judged)]
    };
    let judged = lapse(frame, &at_end).pop()?;
    let mut judged = remedy::follow(frame, judged);
    judged.possible = judged
        .possible
        .or_if(turn.applies == Truth::Unknown, Status::Latent);
    Some(judged)
}

/// Whether the trigger lies within the time in which the text binds the debtor.
pub(crate) fn binds(frame: &Frame<'_>) -> Truth {
    let [from, until] = frame.debtor.binds;
    let When { lo, hi } = frame.cause.when;
    if frame.cause.breach.is_some() {
        return Truth::True;
    }
    let truth = Truth::between(lo >= from && hi < until, hi >= from && lo < until);
    if truth == Truth::Unknown {
        frame.miss("force.unclear", [("trigger", frame.cause.when.into())]);
    }
    truth
}

/// Whether the condition holds at a moment, or now if that is still to come, with what has elapsed and
/// what has become of other terms as of another moment.
pub(crate) fn applies(frame: &Frame<'_>, at: When, as_of: When) -> Truth {
    let Some(when) = &frame.term.when else {
        return Truth::True;
    };
    let at = at.min(When::at(frame.bench.t));
    let truth = condition::holds_as_of(frame, when, at, as_of);
    frame.note("condition.judged", [("holds", truth.code().into())]);
    truth
}

fn latent() -> Judged {
    Judged {
        possible: Possible::only(Status::Latent),
        ..Judged::default()
    }
}

fn until_lapse(frame: &Frame<'_>, owed: Owed<'_>) -> Vec<Judged> {
    lapse(frame, &|frame| parts(frame, owed))
}

/// Judges as of the end of force, where that has come and the term does not survive it: what is
/// open then lapses, what was decided stays.
fn lapse(frame: &Frame<'_>, judge: &dyn Fn(&Frame<'_>) -> Vec<Judged>) -> Vec<Judged> {
    let Some(end) = frame.lapses().filter(|end| frame.bench.has_come(*end)) else {
        return judge(frame);
    };
    let at_end = Frame {
        bench: Bench {
            t: end - 1,
            ..frame.bench
        },
        ..frame.again()
    };
    let mut ended = judge(&at_end);
    frame.take(at_end);
    frame.note("force.ended", [("at", end.into())]);
    frame.path(|| "in_force".to_owned());
    // A late act, or a restored indicator, still cures what was breached before.
    let later = if ended.iter().any(|it| it.possible.has(Status::Breached)) {
        let after = frame.again();
        let later = judge(&after);
        frame.rests_on(&after);
        later
    } else {
        Vec::new()
    };
    for (nth, judged) in ended.iter_mut().enumerate() {
        let lapsed = judged.possible.any(Status::is_open);
        judged.possible = judged
            .possible
            .filter(|status| !status.is_open())
            .or_if(lapsed, Status::Lapsed);
        if let Some(later) = later.get(nth) {
            judged.cured = later.cured;
        }
    }
    ended
}

/// The parts of the duty as it is owed, with what its exceptions put in its place.
fn parts(frame: &Frame<'_>, owed: Owed<'_>) -> Vec<Judged> {
    let base = |frame: &Frame<'_>| match owed {
        Owed::AsWritten => vec![one(frame, &frame.term.duty)],
        Owed::Varied(variation) => varied(frame, variation),
    };
    let varies = |effect: &Effect| matches!(effect, Effect::Varies(_));
    if !frame.term.exceptions.iter().any(|it| varies(&it.effect)) {
        return base(frame);
    }
    let applying = exception::applies(frame, deadline_of(frame, owed), varies);
    let mut alternatives = Vec::new();
    if !applying.iter().any(|(_, truth)| *truth == Truth::True) {
        alternatives.push(base(frame));
    }
    for (exception, _) in applying {
        if let Effect::Varies(variation) = &exception.effect {
            alternatives.push(varied(frame, variation));
        }
    }
    either(alternatives)
}

/// Each part may be that of any alternative.
fn either(alternatives: Vec<Vec<Judged>>) -> Vec<Judged> {
    let longest = alternatives.iter().map(Vec::len).max().unwrap_or(0);
    let part = |nth: usize| {
        let each = alternatives
            .iter()
            .map(|parts| parts.get(nth).cloned().unwrap_or_else(latent));
        each.reduce(Judged::or).unwrap_or_else(latent)
    };
    (0..longest).map(part).collect()
}

/// The moment at which it is settled what takes the place of a duty: its deadline, or now.
fn deadline_of(frame: &Frame<'_>, owed: Owed<'_>) -> When {
    let t = frame.bench.t;
    let duties = match owed {
        Owed::AsWritten => std::slice::from_ref(&frame.term.duty),
        Owed::Varied(Variation::Duties(duties)) => duties.as_slice(),
        Owed::Varied(Variation::Limit(_)) => &[],
    };
    let limit = match owed {
        Owed::Varied(Variation::Limit(limit)) => Some(limit),
        _ => duties.iter().find_map(|duty| match duty {
            Duty::Deliver { limit, .. } => Some(limit),
            _ => None,
        }),
    };
    let Some(limit) = limit else {
        return When::at(t);
    };
    let periods = anchor::periods(frame, limit);
    let clock = anchor::clock(frame, &periods);
    let due = periods.iter().map(|it| it.timed(&clock).moved(End::Due));
    let due = due.reduce(When::min).unwrap_or(When::at(t));
    frame.bench.may_change([due.lo, due.hi]);
    When {
        lo: due.lo.min(t),
        hi: due.hi.min(t),
    }
}

fn varied(frame: &Frame<'_>, variation: &Variation) -> Vec<Judged> {
    match variation {
        Variation::Duties(duties) => duties.iter().map(|duty| one(frame, duty)).collect(),
        Variation::Limit(limit) => vec![within(frame, limit)],
    }
}

/// The act of the term within another limit.
fn within(frame: &Frame<'_>, limit: &Limit) -> Judged {
    match &frame.term.duty {
        Duty::Deliver { act, .. } => mapped(frame, deliver(frame, act, limit)),
        duty => one(frame, duty),
    }
}

fn one(frame: &Frame<'_>, duty: &Duty) -> Judged {
    let judged = match duty {
        // Tracked elsewhere: nothing can be judged.
        Duty::Declare(_) => latent(),
        Duty::Deliver { act, limit } => deliver(frame, act, limit),
        Duty::Maintain {
            measure,
            comparison,
            coverage,
        } => maintain::judge(
            frame,
            Threshold {
                measure,
                comparison,
                coverage: coverage.as_ref(),
            },
        ),
        Duty::Never {
            kind,
            register,
            covered_by,
            attributed_by,
        } => forbid::judge(
            frame,
            Prohibition {
                kind,
                register: register.as_ref(),
                covered_by,
                attributed_by: attributed_by.as_ref(),
            },
        ),
        // Its periods are obligations of their own.
        Duty::Perform { .. } => latent(),
    };
    mapped(frame, judged)
}

fn deliver(frame: &Frame<'_>, act: &Act, limit: &Limit) -> Judged {
    let periods = anchor::periods(frame, limit);
    let done = deadline::acts(frame, act, &periods);
    let clock = match periods.is_empty() {
        true => Default::default(),
        false => anchor::clock(frame, &periods),
    };
    deadline::judge(frame, act, &periods, &done, clock)
}

/// A right is open until it is used or its time is over; it cannot be breached.
fn mapped(frame: &Frame<'_>, mut judged: Judged) -> Judged {
    if frame.term.modality == Modality::May {
        let of_right = |status| match status {
            Status::Breached => Status::Lapsed,
            Status::Late | Status::InGrace => Status::Lapsed,
            other => other,
        };
        judged.possible = judged.possible.iter().map(of_right).collect();
        judged.breach = None;
    }
    judged
}

impl Judged {
    /// What holds if one of two holds.
    pub(crate) fn or(self, other: Judged) -> Judged {
        let hull = |a: Option<When>, b: Option<When>| match (a, b) {
            (Some(a), Some(b)) => Some(a.hull(b)),
            (a, b) => a.or(b),
        };
        Judged {
            possible: self.possible.union(other.possible),
            breach: hull(self.breach, other.breach),
            cured: match (self.cured, other.cured) {
                (Some((a, sure)), Some((b, also))) => Some((a.hull(b), sure && also)),
                (a, b) => a.or(b).map(|(when, _)| (when, false)),
            },
            bounds: if self.bounds == other.bounds {
                self.bounds
            } else {
                None
            },
            moves: self.moves || other.moves,
            clock: self.clock.or(other.clock),
        }
    }
}
