//! What must hold of any log, and the bytes that these come to.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use ensign_trust::{Coded, Fact, PartyId};
use sha2::{Digest, Sha256};

use super::{Pace, SORTS, TEXT, accord, party, random};
use crate::evaluate::accord::{Accord, Adoption, Reserved};
use crate::evaluate::matrix::Matrix;
use crate::evaluate::{
    AsOf, Docket, Evaluation, Obligation, Status, Summary, evaluate, explain, summarize, what_if,
};
use crate::oracle::logs::{Seed, ZERO};
use crate::oracle::tests::{LOGS, are_opposite, bytes};
use crate::term::name::Role;
use crate::term::parse;
use crate::term::tests::instruments::blessing;

/// These are dearer than the small ones.
const WIDE: u64 = LOGS;

/// How many logs are written down.
const WRITTEN: u64 = 3_000;

const HOUR: i64 = 3600;

/// A log with what binds its parties and a time at which it is judged.
struct Case {
    seed: Seed,
    pace: Pace,
    accord: Accord,
    log: Vec<Fact>,
    as_of: AsOf,
}

/// One log in five is wide: it is dearer than the others together.
fn case(number: u64, vague: bool) -> Case {
    let mut seed = Seed(number);
    let pace = match number % 5 {
        0 => Pace::Wide,
        _ => Pace::tight(&mut seed),
    };
    let accord = accord(&mut seed, pace);
    let log = random(&mut seed, pace, vague);
    let as_of = moment(&mut seed, pace, log.len() as u64);
    Case {
        seed,
        pace,
        accord,
        log,
        as_of,
    }
}

/// Mostly while things happen, and mostly with all of the log.
fn moment(seed: &mut Seed, pace: Pace, length: u64) -> AsOf {
    let (steps, offsets) = match pace {
        Pace::Wide if seed.chance(2) => (1_200, [0, 1_234, 1_234]),
        Pace::Wide => (400, [0, 1_234, 1_234]),
        Pace::Tight(_) => (40, [-1, 0, 1]),
    };
    let index = match seed.next(3) {
        0 => seed.next(length + 1),
        _ => length,
    };
    AsOf {
        t: ZERO + seed.next(steps) as i64 * pace.step() + offsets[seed.next(3) as usize],
        index: index + 1,
    }
}

#[test]
fn status_records_are_as_written_down() {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/stories/hold/wide.txt");
    let blessing = blessing();
    let written = match blessing {
        true => String::new(),
        false => std::fs::read_to_string(&path).unwrap(),
    };
    let mut lines = written.lines();
    let mut text = String::new();
    for number in 0..WRITTEN {
        let mut case = case(number, number % 2 == 0);
        let mut hash = Sha256::new();
        for _ in 0..4 {
            let evaluation = evaluate(&case.accord, &case.log, case.as_of);
            digest(&evaluation, &mut hash);
            let matrix = Matrix::at(&case.accord, case.as_of.index, case.as_of.t);
            let cells: Vec<_> = matrix.pairs().map(|pair| pair.cell()).collect();
            hash.update(format!("{cells:?}"));
            case.as_of = moment(&mut case.seed, case.pace, case.log.len() as u64);
        }
        let mut line = format!("{number} ");
        for byte in &hash.finalize()[..8] {
            write!(line, "{byte:02x}").unwrap();
        }
        if blessing {
            writeln!(text, "{line}").unwrap();
        } else {
            let advice = "a change of any rule changes the engine's name; ENSIGN_BLESS=1 rewrites";
            assert_eq!(
                lines.next(),
                Some(line.as_str()),
                "{advice} {}",
                path.display()
            );
        }
    }
    if blessing {
        std::fs::write(&path, text).unwrap();
    } else {
        assert_eq!(lines.next(), None);
    }
}

/// All that an evaluation says.
fn digest(evaluation: &Evaluation, hash: &mut Sha256) {
    for (cbor, json) in bytes(evaluation) {
        hash.update(cbor);
        hash.update(json);
    }
    hash.update(format!("{:?} {:?}", evaluation.unassigned, evaluation.next));
}

#[test]
fn every_term_comes_to_most_of_its_statuses() {
    let mut found: BTreeSet<(String, Status)> = BTreeSet::new();
    for number in 0..WRITTEN {
        let case = case(number, number % 2 == 0);
        let evaluation = summarize(&case.accord, &case.log, case.as_of);
        let each = evaluation.obligations.iter();
        found.extend(each.map(|it| (it.key.term.to_string(), it.status)));
    }
    let instrument = parse(TEXT).unwrap().instrument;
    for term in &instrument.terms {
        let name = term.name.as_str();
        let of_term = found.iter().filter(|(of, _)| of == name);
        let statuses: Vec<_> = of_term.map(|(_, status)| status).collect();
        assert!(
            statuses.len() >= 2 || name == "WORDS",
            "{name}: {statuses:?}"
        );
    }
    let all: BTreeSet<Status> = found.iter().map(|(_, status)| *status).collect();
    assert_eq!(all, Status::ALL.into_iter().collect());
}

#[test]
fn the_order_of_arrival_makes_no_difference() {
    for number in 0..WIDE {
        let mut case = case(number, true);
        let straight = evaluate(&case.accord, &case.log, case.as_of);
        case.seed.shuffle(&mut case.log);
        case.log.extend(case.log.first().cloned());
        case.seed.shuffle(&mut case.accord.adoptions);
        let shuffled = evaluate(&case.accord, &case.log, case.as_of);
        assert_eq!(bytes(&shuffled), bytes(&straight), "{number}");
    }
}

#[test]
fn a_past_answer_never_changes() {
    for number in 0..WIDE {
        let case = case(number, true);
        let all = evaluate(&case.accord, &case.log, case.as_of);
        let shown = |fact: &&Fact| fact.position < case.as_of.index;
        let then: Vec<Fact> = case.log.iter().filter(shown).cloned().collect();
        let then = evaluate(&case.accord, &then, case.as_of);
        assert_eq!(bytes(&all), bytes(&then), "{number}");
    }
}

#[test]
fn each_obligation_alone_is_what_it_is_among_all() {
    for number in 0..WIDE {
        let case = case(number, true);
        let all = evaluate(&case.accord, &case.log, case.as_of).obligations;
        for obligation in [all.first(), all.last()].into_iter().flatten() {
            let alone = explain(&case.accord, &case.log, case.as_of, &obligation.key);
            assert_eq!(alone.as_ref(), Some(obligation), "{number}");
        }
    }
}

#[test]
fn further_facts_come_to_the_same_as_logged_ones() {
    for number in 0..WIDE {
        let mut case = case(number, true);
        let length = case.log.len();
        let shown = case.seed.next(length as u64 + 1);
        let end = AsOf {
            index: length as u64 + 1,
            ..case.as_of
        };
        let then = AsOf {
            index: shown + 1,
            ..case.as_of
        };
        let is_further = |fact: &&Fact| fact.position >= then.index;
        let further: Vec<Fact> = case.log.iter().filter(is_further).cloned().collect();
        case.accord = known(&case.accord, then.index);
        let logged = evaluate(&case.accord, &case.log, end);
        let supposed = what_if(&case.accord, &case.log, &further, then);
        assert_eq!(supposed.obligations, logged.obligations, "{number}");
        assert_eq!(supposed.unassigned, logged.unassigned, "{number}");
        assert_eq!(supposed.next, logged.next, "{number}");
    }
}

#[test]
fn nothing_changes_before_the_second_that_was_named() {
    for number in 0..WIDE {
        let Case {
            accord, log, as_of, ..
        } = case(number, true);
        let now = summarize(&accord, &log, as_of);
        let next = now.next.unwrap_or(i64::MAX).min(as_of.t + 99 * HOUR);
        let before = AsOf {
            t: next - 1,
            ..as_of
        };
        let later = summarize(&accord, &log, before);
        let statuses =
            |it: &Evaluation| -> Vec<_> { it.obligations.iter().map(Summary::from).collect() };
        assert_eq!(statuses(&now), statuses(&later), "{number}, {as_of:?}");
    }
}

/// The dearest of these: in parts that run beside each other.
mod step_by_step_comes_to_the_same_as_from_scratch {
    #[test]
    fn in_the_first_half_of_all_logs() {
        super::step_by_step(0);
    }

    #[test]
    fn in_the_second_half_of_all_logs() {
        super::step_by_step(1);
    }
}

/// What binds below a size of the log.
fn known(accord: &Accord, index: u64) -> Accord {
    let mut known = accord.clone();
    known.texts.retain(|it| it.position < index);
    known.adoptions.retain(|it| it.position < index);
    known.objections.retain(|it| it.position < index);
    known
}

fn step_by_step(half: u64) {
    for number in WIDE * half / 2..WIDE * (half + 1) / 2 {
        let Case {
            mut seed,
            pace,
            accord,
            log,
            ..
        } = case(number, true);
        let accord = Arc::new(accord);
        let mut t = ZERO + seed.next(40) as i64 * HOUR;
        let mut docket = Docket::new(Arc::new(known(&accord, 0)), t);
        assert_eq!(docket.as_of(), AsOf { t, index: 0 });
        docket.bind(&Arc::new(known(&accord, 1)));
        docket.grow(1);
        let mut facts = log.as_slice();
        while !facts.is_empty() {
            let at_once = facts.len().min(1 + seed.next(3) as usize);
            let (now, later) = facts.split_at(at_once);
            let mut index = now[now.len() - 1].position + 1;
            docket.bind(&Arc::new(known(&accord, index)));
            docket.append(now);
            facts = later;
            t += pace.steps(&mut seed, 9, 2);
            docket.advance(t);
            if later.is_empty() {
                // Statements that state no facts, but may bind.
                index += 30;
                docket.bind(&Arc::new(known(&accord, index)));
                docket.grow(index);
            } else if seed.next(10) > 0 || later[0].position < index {
                continue;
            }
            let as_of = AsOf { t, index };
            assert_eq!(docket.as_of(), as_of);
            let scratch = evaluate(&accord, &log, as_of);
            let all = &scratch.obligations;
            let one = all.get(seed.next(all.len().max(1) as u64) as usize);
            let mut asks: [&mut dyn FnMut(&mut Docket); 3] = [
                &mut |docket| assert_eq!(docket.unassigned(), scratch.unassigned, "{number}"),
                &mut |docket| {
                    let kept = docket.summaries();
                    let both = kept.iter().zip(all.iter().map(Summary::from));
                    for (kept, scratch) in both {
                        assert_eq!(*kept, scratch, "{number}, {as_of:?}");
                    }
                    assert_eq!(kept.len(), all.len(), "{number}, {as_of:?}");
                },
                &mut |docket| {
                    let found = one.and_then(|one| docket.obligation(&one.key));
                    assert_eq!(found.as_ref(), one, "{number}");
                },
            ];
            // Whatever is asked first.
            asks.rotate_left(seed.next(3) as usize);
            asks.into_iter().for_each(|ask| ask(&mut docket));
            let kept = Evaluation {
                obligations: docket.obligations(),
                ..scratch.clone()
            };
            let both = [bytes(&kept), bytes(&scratch)];
            let [mut kept, mut scratch] = both.each_ref().map(|it| it.iter());
            let differs = kept.find(|one| scratch.next() != Some(one));
            assert_eq!(differs.map(|(_, json)| json), None, "{number}, {as_of:?}");
            assert_eq!(both[0].len(), both[1].len());
        }
    }
}

#[test]
fn who_joins_later_changes_nothing_that_has_begun() {
    for number in 0..WIDE {
        let case = case(number, true);
        let mut joined = case.accord.clone();
        for text in &case.accord.texts {
            joined.adoptions.push(Adoption {
                statement: super::statement(250),
                position: 0,
                party: party(77),
                text: text.digest,
                roles: ["client", "office", "panel"]
                    .map(|role| Role::new(role).unwrap())
                    .into(),
                from: case.as_of.t,
                until: None,
                params: Default::default(),
                reservations: Default::default(),
            });
        }
        let before = summarize(&case.accord, &case.log, case.as_of);
        let after = summarize(&joined, &case.log, case.as_of);
        let begun: BTreeSet<_> = case.log.iter().map(|fact| fact.sources[0]).collect();
        let of_facts = |evaluation: &Evaluation| -> Vec<Summary> {
            let all = evaluation.obligations.iter().filter(|it| {
                let has_begun = it.triggered.lo < case.as_of.t;
                has_begun && it.key.debtor != party(77) && begun.contains(&it.key.trigger)
            });
            all.map(Summary::from).collect()
        };
        assert_eq!(of_facts(&before), of_facts(&after), "{number}");
    }
}

/// Kinds that are seen from outside. What is done by lodging it happened in `[claimed, received]`
/// whatever its author says of the end.
const OBSERVED: [&str; 9] = [
    "attack",
    "finding",
    "heeded",
    "outage",
    "restored",
    "shelling",
    "start",
    "storm",
    "storm.ended",
];

/// The same log in one of its worlds, as far as facts can tell: each observed fact at one second.
fn narrowed(seed: &mut Seed, log: &[Fact]) -> Vec<Fact> {
    let mut log = log.to_vec();
    for fact in &mut log {
        let [lo, hi] = fact.valid;
        if OBSERVED.contains(&fact.kind.as_str()) {
            // What starts the duty of whoever says so had happened by its receipt.
            let hi = hi.min(fact.received.max(lo));
            let at = lo + seed.next(hi - lo + 1);
            fact.valid = [at, at];
        }
    }
    log
}

#[test]
fn a_world_of_a_vague_log_comes_to_what_was_possible() {
    for number in 0..WIDE {
        let mut case = case(number, true);
        let vague = summarize(&case.accord, &case.log, case.as_of);
        let world = narrowed(&mut case.seed, &case.log);
        let world = summarize(&case.accord, &world, case.as_of);
        for obligation in &world.obligations {
            let same = vague.obligations.iter().find(|it| it.key == obligation.key);
            let Some(same) = same else {
                continue;
            };
            assert!(
                !are_opposite(obligation.status, same.status)
                    && obligation.possible.any(|status| is_possible(same, status)),
                "{number}, {:?}: {:?} became {:?}",
                case.as_of,
                same,
                obligation
            );
        }
    }
}

/// Only sure shortfalls of the past leave a mark: one that merely may have been leaves none.
fn is_possible(obligation: &Obligation, status: Status) -> bool {
    let is_mark = matches!(status, Status::Remedied | Status::RemediedLate);
    let is_kept = is_mark && obligation.key.term.as_str() == "KEEP";
    obligation.possible.has(status) || is_kept && obligation.possible.has(Status::Met)
}

#[test]
fn other_names_of_the_parties_make_no_difference() {
    for number in 0..WIDE {
        let Case {
            mut accord,
            log,
            as_of,
            ..
        } = case(number, true);
        let straight = outcomes(&summarize(&accord, &log, as_of), |party| party);
        for adoption in &mut accord.adoptions {
            adoption.party = other(adoption.party);
        }
        for objection in &mut accord.objections {
            objection.by = other(objection.by);
            objection.against = other(objection.against);
        }
        let renamed: Vec<Fact> = log.iter().map(renamed).collect();
        let swapped = outcomes(&summarize(&accord, &renamed, as_of), other);
        assert_eq!(straight, swapped, "{number}");
    }
}

fn other(id: PartyId) -> PartyId {
    let numbers = (0..5u8).map(party);
    let at = numbers.clone().position(|it| it == id);
    at.and_then(|at| numbers.rev().nth(at)).unwrap_or(id)
}

fn renamed(fact: &Fact) -> Fact {
    let mut fact = fact.clone();
    fact.actor = other(fact.actor);
    fact.to = fact.to.map(other);
    for value in fact.fields.values_mut() {
        if let Coded::Code(code) = value
            && let Ok(party) = code.as_str().parse()
        {
            *code = ensign_trust::Code::new(other(party).to_string()).unwrap();
        }
    }
    fact
}

fn outcomes(evaluation: &Evaluation, name: impl Fn(PartyId) -> PartyId) -> Vec<String> {
    let outcome = |it: &Obligation| {
        let mut key = it.key.clone();
        key.debtor = name(key.debtor);
        for broken in &mut key.after {
            broken.debtor = name(broken.debtor);
        }
        let mut creditors: Vec<_> = it.creditors.iter().map(|it| name(*it)).collect();
        creditors.sort();
        format!("{key:?} {creditors:?} {:?} {:?}", it.possible, it.bounds)
    };
    let mut outcomes: Vec<_> = evaluation.obligations.iter().map(outcome).collect();
    outcomes.sort();
    outcomes
}

#[test]
fn every_kind_that_the_text_names_is_tried() {
    let instrument = parse(TEXT).unwrap().instrument;
    let tried: BTreeSet<&str> = SORTS.iter().map(|sort| sort.kind).collect();
    for rule in &instrument.kinds {
        assert!(tried.contains(rule.kind.as_code().as_str()), "{rule:?}");
    }
    let mut seed = Seed(0);
    let makes = |reserved: &Reserved| matches!(reserved, Reserved::Varies(_));
    let adoptions = (0..9).flat_map(|_| super::accord(&mut seed, Pace::Wide).adoptions);
    assert!(
        adoptions
            .flat_map(|it| it.reservations.into_values())
            .any(|it| makes(&it))
    );
}
