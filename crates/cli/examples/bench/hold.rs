//! The evaluator: its timer, a million obligations, one explained, an accord recomputed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use ensign_hold::evaluate::accord::{Accord, Adoption, Text};
use ensign_hold::evaluate::timer::Timer;
use ensign_hold::evaluate::{AsOf, Docket, Status, summarize};
use ensign_hold::term::canonical::Sources;
use ensign_hold::term::name::Role;
use ensign_hold::term::{Published, parse};
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};
use sha2::{Digest as _, Sha256};

use crate::measure::{ROUNDS, Rate, Spread, timed};
use crate::place::SEED;
use crate::report::{Duty, Report, Target};

/// 1 January 2027.
const START: i64 = 1_798_761_600;
const HOUR: i64 = 3600;

/// Entries of the timer, and obligations.
const MANY: usize = 1_000_000;
/// Rounds of what takes long.
const LONG_ROUNDS: usize = 3;
/// Obligations that are explained.
const EXPLAINED: usize = 200;

/// Facts, parties and terms of the accord that is recomputed.
const FACTS: usize = 500_000;
const PARTIES: usize = 200;
const TERMS: usize = 40;

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    timer(report)?;
    obligations(report)?;
    recomputed(report)
}

/// SplitMix64.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: i64) -> i64 {
        (self.next() % end as u64) as i64
    }
}

/// A queue of a million entries from which the first is taken and put back for later.
fn timer(report: &mut Report) -> Result<()> {
    let mut seed = Seed(SEED);
    let seconds: Vec<i64> = (0..MANY)
        .map(|_| START + seed.below(365 * 24 * HOUR))
        .collect();
    let later: Vec<i64> = (0..MANY).map(|_| 1 + seed.below(60 * 24 * HOUR)).collect();
    let mut digest = Sha256::new();
    for second in seconds.iter().chain(&later) {
        digest.update(second.to_be_bytes());
    }
    report.data(
        &format!("{MANY} entries over a year, each put back once"),
        SEED,
        digest.finalize().into(),
    );
    let mut rounds: Vec<(Rate, Rate)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut ours = Timer::new(START);
        for (second, entry) in seconds.iter().zip(0..) {
            ours.push(*second, entry);
        }
        let mut theirs: BinaryHeap<Reverse<(i64, u32)>> = seconds
            .iter()
            .zip(0..)
            .map(|(second, entry)| Reverse((*second, entry)))
            .collect();
        let (mut of_ours, mut of_theirs) = (Vec::with_capacity(MANY), Vec::with_capacity(MANY));
        let ((), our_time) = timed(|| {
            for step in &later {
                if let Some((second, entry)) = ours.due(i64::MAX) {
                    of_ours.push(second);
                    ours.push(second + step, entry);
                }
            }
        });
        let ((), their_time) = timed(|| {
            for step in &later {
                if let Some(Reverse((second, entry))) = theirs.pop() {
                    of_theirs.push(second);
                    theirs.push(Reverse((second + step, entry)));
                }
            }
        });
        ensure!(
            of_ours.len() == MANY && of_ours == of_theirs,
            "the queues differ"
        );
        rounds.push((our_time.rate(MANY), their_time.rate(MANY)));
    }
    report.rates("timer", &rounds, "a binary heap", 5.0, Duty::Aim);
    Ok(())
}

const DELIVER: &str = "
instrument MANY {
  force contract
  in_force 2027-01-01 .. open
  kind aware observed by operator
  kind notice performative by operator
  kind opened performative
  kind closed performative
  term WARN {
    owes operator to authority
    when occurs aware
    deliver notice within PT24H of aware
    grace PT2H
    suspended_by opened until closed max PT48H
  }
}
";

/// One trigger and what came of it, in seconds after it.
struct Story {
    aware: i64,
    notice: Option<i64>,
    stopped: Option<[i64; 2]>,
}

/// A million obligations of one clause.
fn obligations(report: &mut Report) -> Result<()> {
    let operators = 100u16;
    let accord = Arc::new(accord(
        DELIVER,
        (0..=operators).map(|number| {
            let role = if number == operators {
                "authority"
            } else {
                "operator"
            };
            (number, vec![role])
        }),
    )?);
    let mut seed = Seed(SEED);
    let stories: Vec<Story> = (0..MANY)
        .map(|_| Story {
            aware: START + seed.below(300 * 24 * HOUR),
            notice: (seed.below(10) < 7).then(|| seed.below(60 * HOUR)),
            stopped: (seed.below(10) < 1).then(|| {
                let from = seed.below(20 * HOUR);
                [from, from + 1 + seed.below(60 * HOUR)]
            }),
        })
        .collect();
    let mut facts: Vec<Fact> = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        let operator = (number % usize::from(operators)) as u16;
        let name = |what: u8| name(what, number);
        facts.push(fact("aware", operator, name(0), story.aware, None));
        if let Some(after) = story.notice {
            facts.push(fact(
                "notice",
                operator,
                name(1),
                story.aware + after,
                Some(name(0)),
            ));
        }
        if let Some([from, until]) = story.stopped {
            facts.push(fact(
                "opened",
                operator,
                name(2),
                story.aware + from,
                Some(name(0)),
            ));
            facts.push(fact(
                "closed",
                operator,
                name(3),
                story.aware + until,
                Some(name(2)),
            ));
        }
    }
    logged(&mut facts);
    report.data(
        &format!("{} facts on {MANY} obligations of one clause", facts.len()),
        SEED,
        digest(&facts),
    );
    let as_of = AsOf {
        t: START + 280 * 24 * HOUR,
        index: u64::MAX,
    };
    let expected = expected(&stories, as_of.t);
    let mut rounds = Vec::new();
    for _ in 0..LONG_ROUNDS {
        let (found, ours) = timed(|| {
            counted(
                summarize(&accord, &facts, as_of)
                    .obligations
                    .iter()
                    .map(|it| it.status),
            )
        });
        let (bound, theirs) = timed(|| plain(&facts, as_of.t));
        ensure!(found == expected, "{found:?} instead of {expected:?}");
        ensure!(
            bound == expected,
            "the bound counts {bound:?} instead of {expected:?}"
        );
        rounds.push((ours.rate(facts.len()), theirs.rate(facts.len())));
    }
    report.rates(
        "scratch",
        &rounds,
        "one hash map and the same sums for exact times",
        1.0,
        Duty::Aim,
    );
    let each_second = Spread::of(rounds.iter().map(|(ours, _)| 1.0 / ours.cpu));
    report.figure(
        "facts",
        "million facts a second and core",
        each_second,
        Target::AtLeast(1.0),
        Duty::Aim,
    );

    let mut docket = Docket::new(Arc::clone(&accord), START);
    let (found, taken) = timed(|| {
        for day in facts.chunk_by(|a, b| a.received / 86_400 == b.received / 86_400) {
            if day[0].received as i64 > as_of.t {
                break;
            }
            docket.append(day);
            docket.advance(
                as_of
                    .t
                    .min(day[0].received as i64 / 86_400 * 86_400 + 86_400),
            );
            docket.settle();
        }
        docket.advance(as_of.t);
        counted(docket.summaries().iter().map(|it| it.status))
    });
    ensure!(
        found == expected,
        "day by day {found:?} instead of {expected:?}"
    );
    let rate = taken.rate(facts.len());
    report.note(&format!(
        "hold.docket: day by day {:.0} facts/s, {:.1} µs of processor each",
        rate.each_second, rate.cpu
    ));
    let keys: Vec<_> = docket
        .summaries()
        .into_iter()
        .map(|it| it.key)
        .step_by(MANY / EXPLAINED)
        .collect();
    let mut times = Vec::new();
    for key in &keys {
        let (obligation, span) = timed(|| docket.obligation(key));
        let obligation = obligation.context("an obligation is not there any more")?;
        ensure!(!obligation.proof.steps.is_empty(), "nothing is explained");
        times.push(span.wall * 1e3);
    }
    report.figure(
        "explain",
        "ms",
        Spread::of(times),
        Target::Below(1.0),
        Duty::Must,
    );
    Ok(())
}

/// How often each status is expected: the clause by hand, for exact times.
fn expected(stories: &[Story], t: i64) -> BTreeMap<Status, usize> {
    counted(
        stories
            .iter()
            .filter(|story| story.aware <= t)
            .map(|story| {
                let opened = story.stopped.filter(|[from, _]| story.aware + from <= t);
                let until = |[_, until]: [i64; 2]| {
                    if story.aware + until <= t {
                        until
                    } else {
                        i64::MAX / 2
                    }
                };
                status(
                    opened.map(|it| [it[0], until(it)]),
                    story.notice,
                    t - story.aware,
                )
            }),
    )
}

/// The status of one obligation, from seconds after its trigger.
fn status(stopped: Option<[i64; 2]>, notice: Option<i64>, now: i64) -> Status {
    let (limit, last, cap) = (24 * HOUR, 26 * HOUR, 48 * HOUR);
    let stood =
        |second: i64| stopped.map_or(0, |[from, until]| (second.min(until) - from).clamp(0, cap));
    let ran = |second: i64| second - stood(second);
    match notice.filter(|notice| *notice <= now).map(ran) {
        Some(ran) if ran <= limit => Status::Met,
        Some(ran) if ran <= last => Status::Late,
        Some(_) => Status::Breached,
        None if ran(now) > last => Status::Breached,
        None if stopped
            .is_some_and(|[from, until]| (from..until.min(from + cap)).contains(&now)) =>
        {
            Status::Suspended
        }
        None if ran(now) <= limit => Status::Active,
        None => Status::InGrace,
    }
}

#[expect(
    clippy::disallowed_types,
    reason = "a bound is as fast as can be; only counts come of it"
)]
type Index<T> = std::collections::HashMap<StatementId, T>;

/// What any evaluator of this clause must do at least: find what cites what, and count.
fn plain(facts: &[Fact], t: i64) -> BTreeMap<Status, usize> {
    #[derive(Default, Clone, Copy)]
    struct Row {
        aware: i64,
        notice: Option<i64>,
        opened: Option<i64>,
        closed: Option<i64>,
    }
    let mut rows: Index<Row> = Index::new();
    let mut of_stop: Index<StatementId> = Index::new();
    for fact in facts {
        let at = fact.valid[0] as i64;
        if at > t {
            continue;
        }
        match fact.kind.as_str() {
            "aware" => rows.entry(fact.sources[0]).or_default().aware = at,
            "notice" => rows.entry(fact.cites[0]).or_default().notice = Some(at),
            "opened" => {
                rows.entry(fact.cites[0]).or_default().opened = Some(at);
                of_stop.insert(fact.sources[0], fact.cites[0]);
            }
            _ => {
                if let Some(row) = of_stop.get(&fact.cites[0]) {
                    rows.entry(*row).or_default().closed = Some(at);
                }
            }
        }
    }
    counted(rows.values().map(|row| {
        let after = |second: i64| second - row.aware;
        let stopped = row
            .opened
            .map(|from| [after(from), row.closed.map_or(i64::MAX / 2, after)]);
        status(stopped, row.notice.map(after), after(t))
    }))
}

/// A year of an accord with many terms and parties, from scratch.
fn recomputed(report: &mut Report) -> Result<()> {
    let mut text = String::from("instrument YEAR { force treaty in_force 2027-01-01 .. open ");
    text.push_str("kind opened performative kind closed performative ");
    for number in 0..TERMS {
        text.push_str(&match number % 4 {
            0 | 1 => format!(
                "kind asked{number} performative by asker to state \
                 term ANSWER{number} {{ owes state to asker when occurs asked{number} \
                 deliver answer{number} within PT72H of asked{number} grace PT12H \
                 suspended_by opened until closed max PT48H \
                 on_breach {{ REGRET{number} }} remedy_within PT200H }} \
                 term REGRET{number} {{ owes state deliver regret{number} within PT100H of breach }} "
            ),
            2 => format!("term CONFIRM{number} {{ owes state perform confirmed{number} per PT720H grace PT48H }} "),
            _ => format!(
                "indicator service{number} scale 0 .. 100 every PT1H \
                 term KEEP{number} {{ owes state maintain avg(service{number}, PT24H) >= 90 coverage 90% \
                 grace PT12H remedy_within PT72H }} "
            ),
        });
    }
    text.push('}');
    let accord = accord(
        &text,
        (0..PARTIES as u16).map(|number| (number, vec!["state", "asker"])),
    )?;
    let mut seed = Seed(SEED);
    let mut facts: Vec<Fact> = Vec::new();
    let mut number = 0;
    let kinds = |word: &str| -> Vec<Code> {
        (0..TERMS)
            .map(|number| Code::new(format!("{word}{number}")).expect("a word and a number"))
            .collect()
    };
    let (asked, answer, confirmed, service) = (
        kinds("asked"),
        kinds("answer"),
        kinds("confirmed"),
        kinds("service"),
    );
    while facts.len() < FACTS {
        number += 1;
        let at = START + seed.below(350 * 24 * HOUR);
        let [a, b] = [seed.below(PARTIES as i64), seed.below(PARTIES as i64)].map(|it| it as u16);
        let term = seed.below(TERMS as i64) as usize;
        match term % 4 {
            0 | 1 => {
                let mut one = fact("asked", a, name(0, number), at, None);
                one.kind = asked[term].clone();
                one.to = Some(party(b));
                facts.push(one);
                if seed.below(10) < 8 {
                    let after = seed.below(96 * HOUR);
                    let mut one = fact(
                        "answer",
                        b,
                        name(1, number),
                        at + after,
                        Some(name(0, number)),
                    );
                    one.kind = answer[term].clone();
                    facts.push(one);
                }
            }
            2 => {
                let mut one = fact("confirmed", a, name(0, number), at, None);
                one.kind = confirmed[term].clone();
                facts.push(one);
            }
            _ => {
                let mut one = fact("service", a, name(0, number), at, None);
                one.kind = service[term].clone();
                let value = if seed.below(10) < 9 {
                    100
                } else {
                    seed.below(101)
                };
                one.fields
                    .insert(Code::literal("value"), Coded::Int(value.into()));
                facts.push(one);
            }
        }
    }
    logged(&mut facts);
    report.data(
        &format!(
            "{} facts of a year, {PARTIES} parties, {TERMS} terms and the duties that they start",
            facts.len()
        ),
        SEED,
        digest(&facts),
    );
    let as_of = AsOf {
        t: START + 365 * 24 * HOUR,
        index: u64::MAX,
    };
    let mut counts = None;
    let mut times = Vec::new();
    for _ in 0..LONG_ROUNDS {
        let (found, span) = timed(|| {
            counted(
                summarize(&accord, &facts, as_of)
                    .obligations
                    .iter()
                    .map(|it| it.status),
            )
        });
        ensure!(
            counts.is_none() || counts.as_ref() == Some(&found),
            "one log, two results"
        );
        counts = Some(found);
        times.push(span.wall);
    }
    let counts = counts.unwrap_or_default();
    let listed: Vec<String> = counts
        .iter()
        .map(|(status, count)| format!("{status} {count}"))
        .collect();
    report.note(&format!(
        "{} obligations: {}",
        counts.values().sum::<usize>(),
        listed.join(", ")
    ));
    report.figure(
        "accord",
        "s",
        Spread::of(times),
        Target::Below(2.0),
        Duty::Must,
    );
    Ok(())
}

fn counted(statuses: impl Iterator<Item = Status>) -> BTreeMap<Status, usize> {
    let mut counts = BTreeMap::new();
    for status in statuses {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

fn accord(text: &str, parties: impl Iterator<Item = (u16, Vec<&'static str>)>) -> Result<Accord> {
    let sources = Sources {
        zones: &|_| None,
        holidays: &|_| None,
        horizon: jiff::civil::date(2030, 1, 1),
    };
    let published = Published::compile(parse(text)?.instrument, &sources)?;
    let digest = published.digest();
    let adoption = |(number, roles): (u16, Vec<&'static str>)| {
        let roles: Result<_, _> = roles.into_iter().map(Role::new).collect();
        Ok(Adoption {
            statement: StatementId::from_bytes(name(9, number.into())),
            position: 0,
            party: party(number),
            text: digest,
            roles: roles?,
            from: START,
            until: None,
            params: BTreeMap::new(),
            reservations: BTreeMap::new(),
        })
    };
    Ok(Accord {
        texts: vec![Text::read(digest, &published.encode(), 0)?],
        adoptions: parties.map(adoption).collect::<Result<_>>()?,
        objections: Vec::new(),
    })
}

fn party(number: u16) -> PartyId {
    PartyId::from_bytes(name(8, number.into()))
}

/// Bytes that look like a digest.
fn name(what: u8, number: usize) -> [u8; 32] {
    let mut seed = Seed(number as u64 * 16 + u64::from(what));
    let mut bytes = [0; 32];
    for word in bytes.chunks_mut(8) {
        word.copy_from_slice(&seed.next().to_be_bytes());
    }
    bytes
}

fn fact(kind: &'static str, by: u16, id: [u8; 32], at: i64, cites: Option<[u8; 32]>) -> Fact {
    let at = at as u64;
    Fact {
        kind: Code::literal(kind),
        actor: party(by),
        to: None,
        subject: None,
        fields: BTreeMap::new(),
        valid: [at; 2],
        received: at,
        position: 0,
        cites: cites.into_iter().map(StatementId::from_bytes).collect(),
        retracts: None,
        grade: None,
        sources: vec![StatementId::from_bytes(id)],
    }
}

/// Puts facts in the order of a log, in which each is received when it happens.
fn logged(facts: &mut [Fact]) {
    facts.sort_by_key(|fact| (fact.received, fact.sources[0]));
    for (fact, position) in facts.iter_mut().zip(1..) {
        fact.position = position;
    }
}

fn digest(facts: &[Fact]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for fact in facts {
        digest.update(fact.sources[0].as_bytes());
        digest.update(fact.received.to_be_bytes());
    }
    digest.finalize().into()
}
