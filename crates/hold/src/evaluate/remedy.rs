//! What follows a breach.

use crate::evaluate::anchor::{End, Period};
use crate::evaluate::deadline::Judged;
use crate::evaluate::frame::Frame;
use crate::evaluate::interval::{LATEST, When};
use crate::evaluate::obligation;
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::truth::Truth;
use crate::term::ast::Duty;

/// Says, where a term has a remedy, what has become of a breach.
pub(crate) fn follow(frame: &Frame<'_>, mut judged: Judged) -> Judged {
    let (Some(within), Some(breach)) = (&frame.term.remedy_within, judged.breach) else {
        return judged;
    };
    let is_now = judged.possible.has(Status::Breached);
    // A maintained indicator that was breached, and is not any more.
    let is_past = !is_now && judged.possible.has(Status::Met) && judged.cured.is_some();
    if !is_now && !is_past {
        return judged;
    }
    let t = frame.bench.t;
    let length = frame.length(within);
    let due = frame.deadline(breach, length).unwrap_or(When {
        lo: breach.lo,
        hi: LATEST,
    });
    let due = Period::between(frame, breach, due, length);
    let due = due.timed(&judged.clock).moved(End::Due);
    frame.bench.may_change([due.lo + 1, due.hi + 1]);
    let spawned = frame.term.on_breach.is_empty();
    let cured = match spawned {
        true => judged.cured,
        false => secondary(frame, breach),
    };
    let mut followed = Possible::NONE;
    if let Some((when, _)) = cured {
        let when = When {
            lo: when.lo,
            hi: when.hi.min(t),
        };
        followed = followed
            .or_if(when.lo <= due.hi, Status::Remedied)
            .or_if(when.hi > due.lo, Status::RemediedLate);
    }
    let is_sure = cured.is_some_and(|(_, sure)| sure);
    if !is_sure && is_now {
        followed = followed
            .or_if(t <= due.hi, Status::RemedyDue)
            .or_if(t > due.lo, Status::Unremedied);
    }
    frame.note(
        "remedy.judged",
        [
            ("breach", breach.into()),
            ("due", due.into()),
            ("possible", followed.into()),
        ],
    );
    frame.path(|| "remedy_within".to_owned());
    let replaced = if is_now {
        Status::Breached
    } else {
        Status::Met
    };
    judged.possible = judged
        .possible
        .filter(|status| status != replaced)
        .union(followed);
    judged
}

/// When all terms that the breach started were met, and whether they surely were.
fn secondary(frame: &Frame<'_>, breach: When) -> Option<(When, bool)> {
    let mut all: Option<(When, bool)> = None;
    for name in &frame.term.on_breach {
        let Some(judged) = obligation::started(frame, name, breach) else {
            let any = When {
                lo: breach.lo,
                hi: LATEST,
            };
            return Some((any, false));
        };
        let mut done: Option<(When, bool)> = None;
        for one in &judged {
            let is_kept = |status| {
                matches!(
                    status,
                    Status::Met | Status::Late | Status::Excused | Status::Waived
                )
            };
            if !one.possible.any(is_kept) {
                return None;
            }
            let surely = one.possible.all(is_kept);
            let (when, known) = one.cured.unwrap_or((
                When {
                    lo: breach.lo,
                    hi: frame.bench.t,
                },
                true,
            ));
            done = Some(match done {
                None => (when, surely && known),
                Some((other, sure)) => (other.max(when), sure && surely && known),
            });
        }
        let (when, sure) = done?;
        all = Some(match all {
            None => (when, sure),
            Some((other, also)) => (other.max(when), sure && also),
        });
    }
    all
}

/// Whether the clock of what is open, or of the remedy, stands at the moment judged.
pub(crate) fn stands(frame: &Frame<'_>, judged: &Judged) -> Truth {
    let counts = judged.possible.any(|status| match status {
        Status::Suspended | Status::Active | Status::InGrace => judged.moves,
        status => status == Status::RemedyDue,
    });
    let is_act = !matches!(frame.term.duty, Duty::Never { .. });
    match counts && is_act {
        true => judged.clock.stands(frame.bench.t),
        false => Truth::False,
    }
}
