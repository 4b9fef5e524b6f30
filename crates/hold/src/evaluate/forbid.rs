//! A kind of fact that must not occur.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::{Code, PartyId};

use crate::evaluate::condition;
use crate::evaluate::deadline::Judged;
use crate::evaluate::exception;
use crate::evaluate::frame::{Cause, Frame, Seen, kinds};
use crate::evaluate::interval::{LATEST, Stretches, When};
use crate::evaluate::ledger::Entry;
use crate::evaluate::names::Scope;
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::truth::Truth;
use crate::term::ast::World;
use crate::term::name::{Kind, Register, Role};

/// The ground of a finding that says who did something.
const ATTRIBUTION: &str = "attribution";

/// What is forbidden.
#[derive(Clone, Copy)]
pub(crate) struct Prohibition<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) register: Option<&'a Register>,
    pub(crate) covered_by: &'a Kind,
    pub(crate) attributed_by: Option<&'a Role>,
}

/// Judges a prohibition at the moment judged.
pub(crate) fn judge(frame: &Frame<'_>, prohibition: Prohibition<'_>) -> Judged {
    let start = frame.cause.when;
    let clock = exception::clock(frame, start);
    frame.bench.may_change(clock.next_change(frame.bench.t));
    let (mut surely, mut possibly): (Option<i64>, Option<i64>) = (None, None);
    for seen in events(frame, prohibition.kind) {
        let counts = counts(frame, prohibition, seen, start, clock.seconds());
        let with = [
            ("statement", seen.entry.id.into()),
            ("time", seen.when.into()),
            ("counts", counts.code().into()),
        ];
        frame.note("event.found", with);
        frame.uses(seen.entry);
        if counts == Truth::True {
            surely = Some(surely.map_or(seen.when.hi, |hi| hi.min(seen.when.hi)));
        }
        if counts.may_hold() {
            possibly = Some(possibly.map_or(seen.when.lo, |lo| lo.min(seen.when.lo)));
        }
    }
    if surely.is_none() && !is_watched(frame, prohibition, start) {
        possibly = Some(start.lo);
    }
    Judged {
        possible: Possible::NONE
            .or_if(possibly.is_some(), Status::Breached)
            .or_if(surely.is_none(), Status::Met),
        breach: possibly.map(|lo| When {
            lo,
            hi: surely.unwrap_or(LATEST),
        }),
        clock,
        ..Judged::default()
    }
}

/// The facts of the forbidden kind that have come.
fn events<'a>(frame: &Frame<'a>, kind: &Kind) -> Vec<Seen<'a>> {
    let kind = kind.as_code();
    let found = match frame.cause.fact {
        Some(_) => frame.belonging(kind),
        None => {
            let all = frame.bench.find(kind, Scope::Everywhere);
            frame.seen(kind, all.collect())
        }
    };
    let come = found.into_iter().filter(|seen| {
        let has_come = frame.bench.has_come(seen.when.lo);
        frame.bench.may_change([seen.when.hi]);
        has_come
    });
    come.collect()
}

/// Whether a fact is a breach.
fn counts(
    frame: &Frame<'_>,
    prohibition: Prohibition<'_>,
    seen: Seen<'_>,
    start: When,
    suspended: &[Stretches; 2],
) -> Truth {
    let When { lo, hi } = seen.when;
    let since = Truth::between(lo >= start.hi, hi >= start.lo);
    let by_now = Truth::between(hi <= frame.bench.t, true);
    let subject = seen.entry.fact.subject.as_ref();
    let protected = match (prohibition.register, subject) {
        (None, _) => Truth::True,
        (Some(register), Some(object)) => {
            condition::registered(frame, register, object.as_str(), seen.when)
        }
        (Some(_), None) => {
            frame.miss("object.unnamed", [("statement", seen.entry.id.into())]);
            Truth::Unknown
        }
    };
    let stopped = Truth::between(
        suspended[0].covers(lo, hi + 1),
        suspended[1].measure(lo, hi + 1) > 0,
    );
    let known = since.min(by_now).min(protected).min(!stopped);
    if known == Truth::False {
        return known;
    }
    let by_debtor = match prohibition.attributed_by {
        None => Truth::True,
        Some(role) => attributed(frame, seen, role),
    };
    known.min(by_debtor).min(!excused(frame, seen))
}

/// Whether those who find who did it say that the debtor did. Each is heard on the debtor; who has
/// only named others says that it was not the debtor.
fn attributed(frame: &Frame<'_>, seen: Seen<'_>, role: &Role) -> Truth {
    let t = frame.bench.t;
    let citing = frame
        .bench
        .find(&kinds::FINDING, Scope::Citing(seen.entry.line));
    let debtor = frame.debtor.party;
    let names = |finding: &Seen<'_>| finding.entry.party("party") == Some(debtor);
    let mut found: Vec<(Seen<'_>, bool)> = frame
        .seen(&kinds::FINDING, citing.collect())
        .into_iter()
        .filter(|finding| {
            finding.entry.code("ground") == Some(ATTRIBUTION)
                && frame.may_find(finding.entry, role)
                && frame.bench.has_come(finding.when.lo)
                && (names(finding) || finding.entry.confirms())
        })
        .filter(|finding| note_attribution(frame, finding))
        .map(|finding| (finding, finding.when.hi <= t))
        .collect();
    let of_debtor: BTreeSet<PartyId> = found
        .iter()
        .filter(|(finding, _)| names(finding))
        .map(|(finding, _)| finding.entry.fact.actor)
        .collect();
    found.retain(|(finding, _)| names(finding) || !of_debtor.contains(&finding.entry.fact.actor));
    let says = |entry: &Entry<'_>| match entry.party("party") {
        Some(party) if party == debtor => Truth::from(entry.confirms()),
        _ => Truth::False,
    };
    condition::heard(found, says).unwrap_or_else(|| {
        let with = [
            ("statement", seen.entry.id.into()),
            ("by", role.as_str().into()),
        ];
        frame.miss("attribution.absent", with);
        Truth::Unknown
    })
}

/// Writes down whom a finding names; false where it names nobody.
fn note_attribution(frame: &Frame<'_>, finding: &Seen<'_>) -> bool {
    let Some(party) = finding.entry.party("party") else {
        return false;
    };
    frame.bench.may_change([finding.when.hi]);
    frame.uses(finding.entry);
    let code = match finding.entry.confirms() {
        true => "attribution.found",
        false => "attribution.denied",
    };
    let with = [
        ("statement", finding.entry.id.into()),
        ("party", party.into()),
    ];
    frame.note(code, with);
    true
}

/// Whether an exception excuses a fact: judged at its moment, by what is about its subject.
fn excused(frame: &Frame<'_>, seen: Seen<'_>) -> Truth {
    if frame.term.exceptions.is_empty() {
        return Truth::False;
    }
    let of_event = Frame {
        cause: Cause {
            line: seen.entry.line,
            when: seen.when,
            fact: Some(seen.entry),
            ..frame.cause.clone()
        },
        ..frame.again()
    };
    let excused = exception::excused(&of_event, seen.when);
    frame.take(of_event);
    excused
}

/// Whether somebody watched from the start until now, wherever it is forbidden.
fn is_watched(frame: &Frame<'_>, prohibition: Prohibition<'_>, start: When) -> bool {
    let kind = prohibition.covered_by.as_code();
    let all = frame.bench.find(kind, Scope::Everywhere).collect();
    let mut everywhere = Vec::new();
    let mut of_object: BTreeMap<&Code, Vec<[i64; 2]>> = BTreeMap::new();
    for seen in frame.seen(kind, all) {
        frame.uses(seen.entry);
        let piece = seen.entry.watched();
        match &seen.entry.fact.subject {
            None => everywhere.push(piece),
            Some(object) => of_object.entry(object).or_default().push(piece),
        }
    }
    let until = frame.bench.t.saturating_add(1);
    let covered = |object: Option<&Code>, from: i64, until: i64| {
        let own = object.and_then(|object| of_object.get(object));
        let pieces = everywhere.iter().chain(own.into_iter().flatten());
        Stretches::unite(pieces.copied()).covers(from, until)
    };
    let subject = frame.cause.fact.and_then(|it| it.fact.subject.as_ref());
    let whole = covered(subject, start.lo, until);
    let watched = whole
        || prohibition.register.is_some_and(|register| {
            let kind = register.as_code();
            let entries = frame.bench.find(kind, Scope::Everywhere);
            let stated = entries.filter(|it| frame.adopted.may_state(kind, it.fact.actor));
            let mut has_object = false;
            let mut all_covered = true;
            for entry in stated {
                let from = entry.when.lo.max(start.lo);
                frame.bench.may_change([from]);
                let until = (entry.when.hi + 1).min(until);
                if let Some(object) = entry.fact.subject.as_ref().filter(|_| from < until) {
                    has_object = true;
                    all_covered &= covered(Some(object), from, until);
                }
            }
            has_object && all_covered
        });
    if frame.adopted.world(prohibition.kind.as_code()) == World::Performative {
        // A kind that is lodged to be valid is seen in the log, or it did not happen.
        return true;
    }
    if watched {
        // What happens next may happen where nobody watches. A gap stays one.
        frame.bench.may_change([until]);
    } else {
        let with = [
            ("kind", prohibition.covered_by.as_str().into()),
            ("from", start.lo.into()),
            ("until", frame.bench.t.into()),
        ];
        frame.miss("coverage.gap", with);
    }
    watched
}
