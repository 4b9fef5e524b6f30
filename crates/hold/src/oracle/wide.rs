//! Larger random logs, judged by a text that uses every clause of the language.
//!
//! Nobody has counted what they come to. What must hold of any log is tried on them, and the bytes of
//! their status records are written down: an engine of one name gives the same bytes for ever.

mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ensign_trust::fact::Retraction;
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};
use jiff::tz::TimeZoneDatabase;

use crate::calendar::compile;
use crate::evaluate::accord::{Accord, Adoption, Objection, Reserved, Text};
use crate::oracle::logs::{Seed, ZERO};
use crate::term::ast::{Number, Setting};
use crate::term::name::{ParamName, Role, TermName};
use crate::term::tests::canonical::published;
use crate::term::{Duration, parse};

const TEXT: &str = include_str!("../../../../testdata/stories/hold/wide.terms");

const HOUR: i64 = 3600;

/// The text, and a later one that takes its place.
static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| {
    let later = TEXT
        .replace("in_force 2027-01-01", "in_force 2027-01-09")
        .replace("grace PT12H", "grace PT6H");
    let read = |text: &str| {
        let published = published(parse(text).unwrap().instrument).unwrap();
        Text::read(published.digest(), &published.encode(), 0).unwrap()
    };
    let mut texts = vec![read(TEXT), read(&later)];
    for text in &mut texts {
        // One calendar ends before the text does.
        let rules = text.instrument.calendars.iter();
        let rule = rules.last().expect("the text has calendars");
        let short = [ZERO - 30 * 24 * HOUR, ZERO + 18 * 24 * HOUR];
        let zone = TimeZoneDatabase::bundled().get(rule.zone.as_str());
        let calendar = compile(rule, short, &zone.expect("a zone that there is"), &[]);
        let calendar = calendar.expect("a calendar with working days");
        text.calendars.insert(rule.name.clone(), calendar);
    }
    texts
});

/// Who is bound by the text, and in which roles.
const PARTIES: [&[&str]; 4] = [
    &["operator", "office"],
    &["operator", "client"],
    &["client"],
    &["panel"],
];

/// A kind of fact: how often it comes, whose act it is, what it cites.
struct Sort {
    kind: &'static str,
    often: u64,
    by: &'static [u8],
    cites: &'static [&'static str],
}

const fn sort(
    kind: &'static str,
    often: u64,
    by: &'static [u8],
    cites: &'static [&'static str],
) -> Sort {
    Sort {
        kind,
        often,
        by,
        cites,
    }
}

const DUE: &[&str] = &["asked", "outage", "planned", ADOPTED];

/// Stands for the adoption of a party.
const ADOPTED: &str = "adoption";

const SORTS: [Sort; 39] = [
    sort("asked", 8, &[1, 2], &[]),
    sort("outage", 6, &[0, 1], &[]),
    sort("planned", 5, &[0, 1], &[]),
    sort("answer", 7, &[0, 1], &["asked"]),
    sort("goods", 2, &[0, 1], &["asked"]),
    sort("explanation", 2, &[0, 1], &["asked"]),
    sort("restored", 3, &[0, 1], &["outage"]),
    sort("restored.coverage", 3, &[3, 0], &["outage"]),
    sort("visit", 3, &[1, 2], &["outage", "planned"]),
    sort("permit", 3, &[0, 1], &["planned"]),
    sort("start", 3, &[0, 1], &["planned"]),
    sort("notice", 4, &[0, 1], &["planned"]),
    sort("report", 6, &[0, 1], DUE),
    sort("receipt_slip", 4, &[0, 1], &["asked"]),
    sort("receipt", 4, &[1, 2], &["answer", "notice", "report"]),
    sort("opened", 8, &[0, 1, 2], DUE),
    sort("closed", 5, &[0, 1, 2], &["opened"]),
    sort("paused", 4, &[0, 1, 2], DUE),
    sort("resumed", 3, &[0, 1, 2], &["paused"]),
    sort("storm", 6, &[0, 3], DUE),
    sort("storm.ended", 2, &[0, 3], &["storm"]),
    sort("alarm", 5, &[0, 1, 3], DUE),
    sort(
        "finding",
        7,
        &[3, 3, 2],
        &["asked", "outage", "planned", "attack", "shelling", ADOPTED],
    ),
    sort("waiver", 4, &[1, 2], DUE),
    sort("allegation", 3, &[2, 3], DUE),
    sort("contest", 2, &[0, 1], DUE),
    sort("ruling", 2, &[3], DUE),
    sort("attack", 5, &[0, 1, 3], &["outage"]),
    sort("shelling", 2, &[0, 1], &["planned"]),
    sort("watch", 6, &[0, 3], &[]),
    sort("warning", 2, &[0, 1], &[]),
    sort("heeded", 1, &[2], &[]),
    sort("register.medical", 4, &[3], &[]),
    sort("ping", 6, &[0, 1], &[ADOPTED]),
    sort("plan", 3, &[0, 1], &["planned"]),
    sort("load", 14, &[0, 1], &["outage", "asked", ADOPTED]),
    sort("review.held", 2, &[0], &[ADOPTED]),
    sort("log.quorum", 2, &[4], &[]),
    sort("log.cosigned", 5, &[4], &[]),
];

fn is_of_log(kind: &str) -> bool {
    kind.starts_with("log.")
}

pub(crate) fn party(number: u8) -> PartyId {
    PartyId::from_bytes([number + 100; 32])
}

pub(crate) fn statement(number: u8) -> StatementId {
    StatementId::from_bytes([number; 32])
}

/// The number of the first adoption's statement.
const ADOPTIONS: u8 = 200;

/// The adoption of a party as a statement.
fn adoption_of(party: u8) -> StatementId {
    statement(ADOPTIONS + party)
}

/// Who adopted which text, on what conditions: some from the start, some while facts come in.
pub(crate) fn accord(seed: &mut Seed, pace: Pace) -> Accord {
    let mut texts = TEXTS.clone();
    for text in &mut texts {
        text.instrument
            .terms
            .retain(|term| pace.is_about(&term.name));
        text.position = position(seed);
    }
    let mut adoptions = Vec::new();
    for (number, roles) in (0u8..).zip(PARTIES) {
        let mut adopt = |text: &Text, of: u8, seed: &mut Seed| {
            adoptions.push(Adoption {
                statement: statement(of + number),
                position: position(seed),
                party: party(number),
                text: text.digest,
                roles: roles.iter().map(|role| Role::new(role).unwrap()).collect(),
                from: ZERO + seed.next(2) as i64 * 30 * HOUR,
                until: seed
                    .chance(3)
                    .then(|| ZERO + (200 + seed.next(300) as i64) * HOUR),
                params: params(seed),
                reservations: reservations(seed),
            });
        };
        adopt(&texts[0], ADOPTIONS, seed);
        if seed.chance(3) {
            adopt(&texts[1], ADOPTIONS + 10, seed);
        }
        if seed.chance(2) {
            adopt(&texts[0], ADOPTIONS + 20, seed);
        }
    }
    let objecting: Vec<u8> = (0..3).filter(|_| seed.chance(3)).collect();
    let objection = |number: u8| {
        let position = position(seed);
        let against = party((number + 1) % 3);
        let term = TermName::new(RESERVED[seed.next(4) as usize]).unwrap();
        let mut of_other = adoptions.iter().filter(|it| it.party == against);
        let reserved = of_other.find_map(|it| it.reservations.get(&term)).cloned();
        Objection {
            statement: statement(ADOPTIONS + 30 + number),
            position,
            by: party(number),
            against,
            text: texts[0].digest,
            term,
            reserved: reserved.unwrap_or(Reserved::Excludes),
            from: ZERO + seed.next(100) as i64 * HOUR,
        }
    };
    let objections = objecting.into_iter().map(objection).collect();
    Accord {
        texts,
        adoptions,
        objections,
    }
}

/// Where in the log it stands: mostly before all facts.
fn position(seed: &mut Seed) -> u64 {
    match seed.chance(7) {
        true => 0,
        false => seed.next(30),
    }
}

/// Terms that parties make reservations on.
const RESERVED: [&str; 4] = ["ANSWER", "NOTICE", "URGENT", "ROUTINE"];

fn params(seed: &mut Seed) -> BTreeMap<ParamName, Setting> {
    let hours = Duration {
        seconds: (10 + seed.next(50)) * HOUR as u64,
        ..Duration::default()
    };
    let settings = [
        ("answer_within", Setting::Duration(hours)),
        (
            "share",
            Setting::Number(Number::Share(5000 + 100 * seed.next(50) as i64)),
        ),
        (
            "many",
            Setting::Number(Number::Integer(1 + seed.next(3) as i64)),
        ),
    ];
    let set = settings.into_iter().filter(|_| seed.chance(5));
    set.map(|(name, value)| (ParamName::new(name).unwrap(), value))
        .collect()
}

fn reservations(seed: &mut Seed) -> BTreeMap<TermName, Reserved> {
    let mut made = BTreeMap::new();
    for name in RESERVED {
        if !seed.chance(2) {
            continue;
        }
        let varied = match name {
            "ANSWER" => "(within PT60H of asked)",
            _ => "(deliver notice within PT20H of planned)",
        };
        let reserved = match seed.chance(5) {
            true => Reserved::Excludes,
            false => Reserved::Varies(crate::term::parse::variation(varied).unwrap()),
        };
        made.insert(TermName::new(name).unwrap(), reserved);
    }
    made
}

/// How the times of a log lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// A hundred facts within weeks.
    Wide,
    /// A few facts within days, at every sixth hour, about one term: much happens in one second, and
    /// as a limit passes.
    Tight(&'static str),
}

impl Pace {
    /// About one of the terms.
    pub(crate) fn tight(seed: &mut Seed) -> Self {
        let terms: Vec<&str> = TEXT.split("  term ").skip(1).collect();
        Pace::Tight(terms[seed.next(terms.len() as u64) as usize])
    }

    /// Whether a log is about a term.
    fn is_about(self, term: &TermName) -> bool {
        match self {
            Pace::Wide => true,
            Pace::Tight(told) => told
                .split(|it: char| !it.is_ascii_uppercase() && it != '_')
                .any(|word| word == term.as_str()),
        }
    }

    /// What times are counted in, in seconds.
    pub(crate) fn step(self) -> i64 {
        match self {
            Pace::Wide => HOUR,
            Pace::Tight(_) => 6 * HOUR,
        }
    }

    /// Up to so many steps: the first number in a wide log, the second in a tight one.
    pub(crate) fn steps(self, seed: &mut Seed, wide: u64, tight: u64) -> i64 {
        let below = match self {
            Pace::Wide => wide,
            Pace::Tight(_) => tight,
        };
        seed.next(below) as i64 * self.step()
    }
}

/// A log in its order. A wide one has of everything a little, or a few triggers and much of some kinds
/// about them; a tight one has what one term names.
pub(crate) fn random(seed: &mut Seed, pace: Pace, vague: bool) -> Vec<Fact> {
    let all: Vec<&Sort> = SORTS.iter().collect();
    let is_trigger = |sort: &&Sort| DUE.contains(&sort.kind);
    let triggers: Vec<&Sort> = SORTS.iter().filter(is_trigger).collect();
    let others = SORTS.iter().filter(|sort| !is_trigger(sort));
    let (length, weeks, some) = match pace {
        Pace::Wide => {
            let length = 20 + seed.next(80);
            let weeks = 1 + seed.next(3);
            (length, weeks, others.filter(|_| seed.chance(3)).collect())
        }
        Pace::Tight(term) => {
            let is_named = |kind: &str| kind.split('.').next().is_some_and(|it| term.contains(it));
            let some = |sort: &&Sort| match sort.cites {
                _ if is_named(sort.kind) => true,
                // What can be said of any of them.
                DUE => seed.chance(3),
                _ => seed.chance(1),
            };
            let some: Vec<&Sort> = SORTS.iter().filter(some).collect();
            (5 + seed.next(25), 1, some)
        }
    };
    let is_dense = !some.is_empty() && (pace != Pace::Wide || seed.chance(5));
    let mut log: Vec<Fact> = Vec::new();
    for number in 0..length as u8 {
        let among = match number {
            _ if !is_dense => &all,
            0..3 if pace == Pace::Wide => &triggers,
            _ => &some,
        };
        let sort = chosen(seed, among);
        let mut fact = fact(seed, sort, number, weeks, pace, &log, vague);
        if let Some(before) = log.last().filter(|_| seed.chance(1))
            && !is_of_log(sort.kind)
            && !is_of_log(before.kind.as_str())
        {
            // One statement can state several facts.
            fact.sources.clone_from(&before.sources);
            fact.retracts.clone_from(&before.retracts);
            (fact.position, fact.actor) = (before.position, before.actor);
            fact.received = before.received;
        }
        log.push(fact);
    }
    log
}

/// One of some sorts, by how often they come.
fn chosen<'a>(seed: &mut Seed, among: &[&'a Sort]) -> &'a Sort {
    let mut at = seed.next(among.iter().map(|sort| sort.often).sum());
    let sort = among.iter().find(|sort| {
        let is_it = at < sort.often;
        at = at.saturating_sub(sort.often);
        is_it
    });
    sort.expect("a number below the sum of all lies in one of them")
}

fn fact(
    seed: &mut Seed,
    sort: &Sort,
    number: u8,
    weeks: u64,
    pace: Pace,
    log: &[Fact],
    vague: bool,
) -> Fact {
    let actor = match seed.chance(9) {
        true => sort.by[seed.next(sort.by.len() as u64) as usize],
        false => seed.next(5) as u8,
    };
    let cited = cited(seed, sort, log);
    let earliest = cited.map_or(0, |(_, second)| (second - ZERO) / pace.step());
    let offset = match pace {
        Pace::Wide if !seed.chance(7) => (seed.next(3600) as i64 - 1800).max(0),
        Pace::Tight(_) => beside(seed),
        _ => 0,
    };
    let (before, within) = match pace {
        Pace::Wide => (3, 60),
        Pace::Tight(_) => (1, 10),
    };
    let lo = ZERO
        + offset
        + match cited {
            Some(_) => (earliest - before).max(0) * pace.step() + pace.steps(seed, within, within),
            None => pace.steps(seed, weeks * 7 * 24, 16),
        };
    let is_period = matches!(
        sort.kind,
        "watch" | "restored.coverage" | "register.medical"
    );
    let is_exact = sort.kind == "load" || is_of_log(sort.kind);
    let hi = match is_period {
        true => lo + pace.steps(seed, 300, 20) + beside(seed).max(0),
        false if vague && !is_exact && seed.chance(4) => {
            lo + pace.steps(seed, 20, 4) + beside(seed).max(0)
        }
        false => lo,
    };
    // Lodged at once, or late; what is measured or watched mostly when it is over.
    let over = match sort.kind {
        "load" => lo + 240 * HOUR,
        _ => hi,
    };
    let received = match seed.next(10) {
        0..3 => lo + pace.steps(seed, 30, 6),
        // Claimed for later than it was lodged.
        3 => lo - pace.steps(seed, 30, 6),
        _ => over,
    };
    let older: Vec<StatementId> = log
        .iter()
        .filter(|it| it.actor == party(actor))
        .map(|it| it.sources[0])
        .collect();
    let retracts = match older.len() as u64 {
        0 => None,
        count => match seed.next(20) {
            0 => Some(Retraction::Withdraws(older[seed.next(count) as usize])),
            1 => Some(Retraction::Replaces(older[seed.next(count) as usize])),
            _ => None,
        },
    };
    let is_of_harm = cited.is_some_and(|(id, _)| {
        let of = log.iter().find(|it| it.sources[0] == id);
        of.is_some_and(|it| ["attack", "shelling"].contains(&it.kind.as_str()))
    });
    let is_guarded = ["attack", "register.medical"].contains(&sort.kind);
    let subjects = if is_guarded { 2 } else { 5 };
    let subject = ["clinic", "ward", "mill"].get(seed.next(subjects) as usize);
    Fact {
        kind: Code::literal(sort.kind),
        actor: party(actor),
        to: seed.chance(3).then(|| party(seed.next(4) as u8)),
        subject: subject.map(|it| Code::literal(it)),
        fields: fields(seed, sort.kind, is_of_harm, number),
        valid: [lo as u64, hi as u64],
        received: received as u64,
        position: u64::from(number) + 1,
        cites: cited.into_iter().map(|(id, _)| id).collect(),
        retracts,
        grade: seed.chance(2).then(|| Code::literal("4")),
        sources: vec![statement(number)],
    }
}

/// Mostly on the second, else one before or after it.
fn beside(seed: &mut Seed) -> i64 {
    match seed.next(10) {
        0 => -1,
        1 => 1,
        _ => 0,
    }
}

/// A fact that one of this sort cites, with its time.
fn cited(seed: &mut Seed, sort: &Sort, log: &[Fact]) -> Option<(StatementId, i64)> {
    let mut found: Vec<(StatementId, i64)> = log
        .iter()
        .filter(|it| sort.cites.contains(&it.kind.as_str()))
        .map(|it| (it.sources[0], it.valid[0] as i64))
        .collect();
    if sort.cites.contains(&ADOPTED) {
        found.extend([0, 1].map(|number| (adoption_of(number), ZERO)));
    }
    match found.len() as u64 {
        0 => None,
        count => seed.chance(9).then(|| found[seed.next(count) as usize]),
    }
}

fn fields(seed: &mut Seed, kind: &str, is_of_harm: bool, behind: u8) -> BTreeMap<Code, Coded> {
    let mut fields = BTreeMap::new();
    let code = |text: &str| Coded::Code(Code::new(text).unwrap());
    let mut put = |name: &'static str, value: Coded| {
        fields.insert(Code::literal(name), value);
    };
    let number = |seed: &mut Seed, below| Coded::Int(seed.next(below).into());
    match kind {
        "asked" => {
            put("grade", number(seed, 5));
            if seed.chance(8) {
                put(
                    "urgency",
                    code(["high", "low", "none"][seed.next(3) as usize]),
                );
            }
            put(
                "time_limit",
                code(["PT6H", "PT30H", "soon"][seed.next(3) as usize]),
            );
        }
        "planned" if seed.chance(5) => put("time_limit", code("PT20H")),
        "planned" | "alarm" => put("grade", number(seed, 5)),
        "log.quorum" => put("witnesses", number(seed, 3)),
        // It covers what stands before it, or less.
        "log.cosigned" => put("size", number(seed, u64::from(behind) + 2)),
        "answer" => {
            put(
                ["accept", "decline", "other"][seed.next(3) as usize],
                Coded::Bool(true),
            );
            if seed.chance(5) {
                put("via", code("phone"));
            }
        }
        "explanation" if seed.chance(8) => {
            put("reasons", code("storm"));
            if seed.chance(6) {
                put("measures", code("guard"));
            }
        }
        "receipt_slip" if seed.chance(8) => put("size", number(seed, 8)),
        "ping" => put(
            "channel",
            code(["voice", "mail", "flag"][seed.next(3) as usize]),
        ),
        "warning" => put("time_limit", code("PT24H")),
        "waiver" | "allegation" if seed.chance(3) => put("term", code("ANSWER")),
        "ruling" => put(
            "mark",
            code(["annulled", "upheld", "other"][seed.next(3) as usize]),
        ),
        "finding" => match seed.next(4) {
            _ if is_of_harm && seed.chance(8) => {
                put("ground", code("attribution"));
                put("party", code(&party(seed.next(2) as u8).to_string()));
            }
            0 => put("term", code(["ANSWER", "RESTORE"][seed.next(2) as usize])),
            _ => {
                put("ground", code("harmful"));
                if seed.chance(3) {
                    put("holds", Coded::Bool(false));
                }
            }
        },
        "load" => {
            // A run of samples, mostly good or mostly bad.
            let usual = [9_000, 1_000, 10_000, 0][seed.next(4) as usize];
            let values = (0..1 + seed.next(40)).map(|_| match seed.chance(8) {
                true => Coded::Int(usual.into()),
                false => Coded::Int((seed.next(101) * 100).into()),
            });
            let values = values.collect();
            put("values", Coded::List(values));
            put("every", Coded::Int((6 * HOUR).into()));
        }
        _ => {}
    }
    fields
}
