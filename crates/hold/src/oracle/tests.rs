//! The evaluator against the oracle, and what must hold of any log.

use std::collections::BTreeSet;
use std::sync::Arc;

use ensign_trust::Fact;

use crate::evaluate::record::StatusRecord;
use crate::evaluate::{AsOf, Docket, Evaluation, Obligation, Status, Summary, evaluate, summarize};
use crate::oracle::logs::{self, Seed, ZERO, party, statement};
use crate::oracle::{Event, Rule, Shown};

/// How many random logs are tried: more by hand, with `ENSIGN_LOGS` set when the tests are built.
pub(crate) const LOGS: u64 = match option_env!("ENSIGN_LOGS") {
    Some(count) => number(count),
    None => 2_000,
};

const fn number(text: &str) -> u64 {
    let (bytes, mut at, mut number) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        number = number * 10 + (bytes[at] - b'0') as u64;
        at += 1;
    }
    number
}

const DELIVER: Rule = Rule {
    limit: 5,
    grace: 2,
    cap: 4,
};
const REMEDY: Rule = Rule {
    limit: 3,
    grace: 0,
    cap: 3,
};
const SEEN: Rule = Rule {
    limit: 4,
    grace: 2,
    cap: 0,
};
const KEEP: Rule = Rule {
    limit: 0,
    grace: 2,
    cap: 3,
};
const ROUTINE: Rule = Rule {
    limit: 4,
    grace: 2,
    cap: 0,
};

fn facts(log: &[Event]) -> Vec<Fact> {
    log.iter().map(logs::fact).collect()
}

fn as_of(t: i64, k: u64) -> AsOf {
    AsOf {
        t: ZERO + t,
        index: k + 1,
    }
}

/// What the oracle says of an obligation, if it can.
fn expected(shown: &Shown<'_>, obligation: &Obligation) -> Option<BTreeSet<Status>> {
    let trigger = || {
        let events = shown.of_kind("aware").into_iter();
        let mut of_line =
            events.filter(|it| statement(shown.first(it.id)) == obligation.key.trigger);
        of_line.next().unwrap()
    };
    Some(match obligation.key.term.as_str() {
        "DELIVER" => super::deliver(shown, trigger(), "notice", DELIVER),
        "REMEDY" => super::remedied(shown, trigger(), "notice", REMEDY, 3),
        "SEEN" => super::seen(shown, trigger(), SEEN),
        "KEEP" => super::maintain(shown, trigger(), KEEP, 3, 5)?,
        "NEVER" => super::never(shown),
        "ROUTINE" => {
            let by = (0..2)
                .find(|it| party(*it) == obligation.key.debtor)
                .unwrap();
            let periods = super::perform(shown, by, ROUTINE);
            periods[obligation.key.period.unwrap() as usize].clone()
        }
        other => panic!("the oracle does not know {other}"),
    })
}

/// Whether one of them says kept and the other says not.
pub(crate) fn are_opposite(one: Status, other: Status) -> bool {
    use Status::{Breached, Met, RemedyDue, Unremedied};
    let broken = |status| matches!(status, Breached | RemedyDue | Unremedied);
    (one == Met && broken(other)) || (other == Met && broken(one))
}

/// The obligations that there must be: each trigger starts five, each adoption a prohibition and
/// its periods.
fn expected_count(shown: &Shown<'_>, t: i64) -> usize {
    let periods = t.div_euclid(ROUTINE.limit) + 1;
    shown.of_kind("aware").len() * 4 + 2 + 2 * periods as usize
}

fn told(log: &[Event]) -> String {
    log.iter().map(|event| format!("{event:?}\n")).collect()
}

#[test]
fn an_exact_log_comes_to_what_the_oracle_counts() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, false);
        let (t, k) = (random.next(20) as i64, random.next(log.len() as u64 + 2));
        let shown = Shown::at(&log, t, k);
        let evaluation = evaluate(&accord, &facts(&log), as_of(t, k));
        assert_eq!(
            evaluation.obligations.len(),
            expected_count(&shown, t),
            "seed {seed}, t {t}, k {k}\n{}",
            told(&log)
        );
        for obligation in &evaluation.obligations {
            let found: BTreeSet<Status> = obligation.possible.iter().collect();
            let Some(worlds) = expected(&shown, obligation) else {
                continue;
            };
            // Missing samples are doubt as well, which the evaluator may bound more widely.
            let is_measured = obligation.key.term.as_str() == "KEEP";
            if is_measured && found.len() > 1 && found.is_superset(&worlds) {
                continue;
            }
            assert_eq!(
                found,
                worlds,
                "seed {seed}, t {t}, k {k}, {:?}\n{}",
                obligation,
                told(&log)
            );
        }
    }
}

#[test]
fn a_vague_log_leaves_possible_whatever_holds_in_some_world() {
    let accord = logs::accord();
    let (mut all, mut wider) = (0u64, 0u64);
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let (t, k) = (random.next(20) as i64, random.next(log.len() as u64 + 2));
        let shown = Shown::at(&log, t, k);
        for obligation in &evaluate(&accord, &facts(&log), as_of(t, k)).obligations {
            let found: BTreeSet<Status> = obligation.possible.iter().collect();
            let Some(worlds) = expected(&shown, obligation) else {
                continue;
            };
            assert!(
                found.is_superset(&worlds),
                "seed {seed}, t {t}, k {k}: worlds {worlds:?} in {:?}\n{}",
                obligation,
                told(&log)
            );
            all += 1;
            wider += u64::from(found.len() > 1 && worlds.len() == 1);
        }
    }
    // Bounds that hang together are taken apart: rarely is more left open than must be.
    println!("{wider} of {all} obligations were left open although every world agrees");
    assert!(wider * 50 < all, "{wider} of {all}");
}

#[test]
fn the_order_of_arrival_makes_no_difference() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let at = as_of(random.next(20) as i64, log.len() as u64);
        let mut shuffled = facts(&log);
        let straight = evaluate(&accord, &shuffled, at);
        random.shuffle(&mut shuffled);
        shuffled.extend(shuffled.first().cloned());
        assert_eq!(
            bytes(&evaluate(&accord, &shuffled, at)),
            bytes(&straight),
            "seed {seed}"
        );
    }
}

#[test]
fn a_past_answer_never_changes() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let k = random.next(log.len() as u64 + 1);
        let at = as_of(random.next(20) as i64, k);
        let all = evaluate(&accord, &facts(&log), at);
        let then = evaluate(&accord, &facts(&log[..k as usize]), at);
        assert_eq!(bytes(&all), bytes(&then), "seed {seed}");
    }
}

#[test]
fn more_doubt_never_turns_a_status_into_its_opposite() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let at = as_of(random.next(20) as i64, log.len() as u64);
        let mut wider = log.clone();
        let event = &mut wider[random.next(log.len() as u64) as usize];
        match event.kind {
            "watch" | "seen.coverage" => event.hi = (event.hi - 1).max(event.lo),
            _ => {
                event.lo = (event.lo - random.next(3) as i64).max(0);
                event.hi += random.next(3) as i64;
            }
        }
        let before = evaluate(&accord, &facts(&log), at);
        let after = evaluate(&accord, &facts(&wider), at);
        for obligation in &before.obligations {
            let same = after.obligations.iter().find(|it| it.key == obligation.key);
            if let Some(same) = same {
                assert!(
                    !are_opposite(obligation.status, same.status),
                    "seed {seed}: {obligation:?} became {same:?}\n{}",
                    told(&log)
                );
            }
        }
    }
}

#[test]
fn a_suspension_in_two_halves_is_one() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, false);
        let at = as_of(random.next(20) as i64, 99);
        let Some(opened) = log.iter().find(|it| it.kind == "opened") else {
            continue;
        };
        let later = opened.lo + random.next(4) as i64;
        let part = |id: u8, kind: &'static str, cites: Option<u8>| Event {
            id,
            kind,
            lo: later,
            hi: later,
            received: later,
            position: u64::from(id),
            cites,
            replaces: None,
            withdraws: None,
            ..opened.clone()
        };
        let mut halves = log.clone();
        // The first half ends where the second begins; what closed it closes the second as well.
        halves.push(part(50, "opened", opened.cites));
        for (id, end) in (60..).zip(log.iter().filter(|it| it.cites == Some(opened.id))) {
            if end.kind == "closed" {
                halves.push(Event {
                    id,
                    position: u64::from(id),
                    lo: end.lo.max(later),
                    hi: end.hi.max(later),
                    received: end.received.max(later),
                    cites: Some(50),
                    replaces: None,
                    withdraws: None,
                    ..end.clone()
                });
            }
        }
        let is_plain = log
            .iter()
            .all(|it| it.replaces.is_none() && it.withdraws.is_none());
        let ends = log
            .iter()
            .filter(|it| it.kind == "closed" && it.cites == Some(opened.id));
        if !is_plain || ends.clone().any(|end| end.lo < later) {
            continue;
        }
        halves.push(part(51, "closed", Some(opened.id)));
        let one = summarize(&accord, &facts(&log), at);
        let two = summarize(&accord, &facts(&halves), at);
        let statuses = |it: &Evaluation| -> Vec<_> {
            it.obligations
                .iter()
                .map(|it| (it.key.clone(), it.possible))
                .collect()
        };
        assert_eq!(
            statuses(&one),
            statuses(&two),
            "seed {seed}\n{}",
            told(&log)
        );
    }
}

#[test]
fn swapping_the_parties_swaps_the_outcomes_and_nothing_else() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let at = as_of(random.next(20) as i64, log.len() as u64);
        let mut swapped = log.clone();
        for event in &mut swapped {
            event.party = 1 - event.party;
        }
        let other = |it: &Obligation, swap: bool| {
            let (a, b) = (party(0), party(1));
            let debtor = match swap {
                true if it.key.debtor == a => b,
                true => a,
                false => it.key.debtor,
            };
            // Where the adoption is the trigger, it is the other party's.
            let is_adoption = [200, 201].map(statement).contains(&it.key.trigger);
            let trigger = (!is_adoption).then_some(it.key.trigger);
            (
                it.key.term.clone(),
                debtor,
                trigger,
                it.key.nth,
                it.key.period,
                it.possible,
                it.bounds,
            )
        };
        let outcomes = |log: &[Event], swap: bool| {
            let evaluation = evaluate(&accord, &facts(log), at);
            let mut outcomes: Vec<_> = evaluation
                .obligations
                .iter()
                .map(|it| format!("{:?}", other(it, swap)))
                .collect();
            outcomes.sort();
            outcomes
        };
        assert_eq!(
            outcomes(&log, true),
            outcomes(&swapped, false),
            "seed {seed}"
        );
    }
}

/// The dearest of these: in parts that run beside each other.
mod step_by_step_comes_to_the_same_as_from_scratch {
    #[test]
    fn in_the_first_quarter_of_all_logs() {
        super::step_by_step(0);
    }

    #[test]
    fn in_the_second_quarter_of_all_logs() {
        super::step_by_step(1);
    }

    #[test]
    fn in_the_third_quarter_of_all_logs() {
        super::step_by_step(2);
    }

    #[test]
    fn in_the_last_quarter_of_all_logs() {
        super::step_by_step(3);
    }
}

fn step_by_step(quarter: u64) {
    let accord = Arc::new(logs::accord());
    for seed in LOGS * quarter / 4..LOGS * (quarter + 1) / 4 {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let all = facts(&log);
        let mut t = random.next(3) as i64;
        let mut docket = Docket::new(Arc::clone(&accord), ZERO + t);
        docket.grow(1);
        for fact in &all {
            docket.append(std::slice::from_ref(fact));
            t += random.next(3) as i64;
            docket.advance(ZERO + t);
            let as_of = AsOf {
                t: ZERO + t,
                index: fact.position + 1,
            };
            assert_eq!(docket.as_of(), as_of);
            let scratch = evaluate(&accord, &all, as_of);
            let summaries: Vec<_> = scratch.obligations.iter().map(Summary::from).collect();
            assert_eq!(
                docket.summaries(),
                summaries,
                "seed {seed}, {as_of:?}\n{}",
                told(&log)
            );
            assert_eq!(docket.unassigned(), scratch.unassigned, "seed {seed}");
            let kept = Evaluation {
                obligations: docket.obligations(),
                ..scratch.clone()
            };
            assert_eq!(bytes(&kept), bytes(&scratch), "seed {seed}, {as_of:?}");
        }
    }
}

#[test]
fn nothing_changes_before_the_second_that_was_named() {
    let accord = logs::accord();
    for seed in 0..LOGS {
        let mut random = Seed(seed);
        let log = logs::random(&mut random, true);
        let all = facts(&log);
        let at = as_of(random.next(18) as i64, log.len() as u64);
        let now = summarize(&accord, &all, at);
        let next = now.next.unwrap_or(i64::MAX).min(at.t + 20);
        let later = summarize(&accord, &all, AsOf { t: next - 1, ..at });
        let statuses =
            |it: &Evaluation| -> Vec<_> { it.obligations.iter().map(Summary::from).collect() };
        assert_eq!(
            statuses(&now),
            statuses(&later),
            "seed {seed}\n{}",
            told(&log)
        );
    }
}

/// All status records, in both of their forms.
pub(crate) fn bytes(evaluation: &Evaluation) -> Vec<(Vec<u8>, String)> {
    let record = |obligation| StatusRecord {
        obligation,
        as_of: evaluation.as_of,
        heads: &[],
    };
    let each = evaluation.obligations.iter().map(record);
    each.map(|it| (it.to_cbor(), it.to_json())).collect()
}
