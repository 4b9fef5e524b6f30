//! Stories in files: who is bound, what was logged, what it comes to at which time.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ensign_trust::fact::Retraction;
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::evaluate::accord::{Accord, Adoption, Text};
use crate::evaluate::{AsOf, Evaluation, Obligation};
use crate::term::parse;
use crate::term::tests::canonical::published;

/// 1 January 2027, 00:00 UTC: when stories start.
pub(crate) const START: i64 = 1_798_761_600;

/// Positions of an hour: facts logged in one hour keep the order in which a story tells them.
const PER_HOUR: u64 = 1000;

#[derive(Deserialize)]
struct File {
    instrument: Option<String>,
    #[serde(default)]
    party: Vec<Party>,
    story: Vec<Told>,
}

#[derive(Deserialize, Clone)]
struct Party {
    name: String,
    roles: Vec<String>,
    /// Bound from the start, where nothing else is said.
    from: Option<i64>,
    until: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    name: String,
    #[serde(default)]
    cases: Vec<String>,
    instrument: Option<String>,
    party: Option<Vec<Party>>,
    fact: Vec<Logged>,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Logged {
    id: String,
    kind: String,
    by: String,
    to: Option<String>,
    about: Option<String>,
    at: Option<i64>,
    valid: Option<[i64; 2]>,
    received: Option<i64>,
    log: Option<i64>,
    /// So many seconds later.
    #[serde(default)]
    seconds: i64,
    #[serde(default)]
    cites: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
    grade: Option<String>,
    replaces: Option<String>,
    withdraws: Option<String>,
    every: Option<i64>,
    values: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    #[serde(default = "forty")]
    pub(crate) t: i64,
    k: Option<i64>,
    term: Option<String>,
    trigger: Option<String>,
    debtor: Option<String>,
    part: Option<u32>,
    nth: Option<u32>,
    period: Option<u32>,
    status: Option<String>,
    possible: Option<Vec<String>>,
    standing: Option<String>,
    stopped: Option<String>,
    ruling: Option<String>,
    elapsed: Option<[i64; 2]>,
    count: Option<usize>,
    /// The hour at which something may change next, in the whole story.
    next: Option<i64>,
}

fn forty() -> i64 {
    40
}

/// A story, ready to be judged.
pub(crate) struct Story {
    pub(crate) name: String,
    /// The cases of the decision note that it tells.
    pub(crate) cases: Vec<String>,
    pub(crate) accord: Accord,
    pub(crate) facts: Vec<Fact>,
    pub(crate) expect: Vec<Expected>,
    /// What its parties and facts are called.
    pub(crate) names: Vec<String>,
}

/// An id that stands for a name.
pub(crate) fn id(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

pub(crate) fn party(name: &str) -> PartyId {
    PartyId::from_bytes(id(name))
}

pub(crate) fn statement(name: &str) -> StatementId {
    StatementId::from_bytes(id(name))
}

fn second(hour: i64) -> i64 {
    START + hour * 3600
}

fn hours(second: i64) -> f64 {
    (second - START) as f64 / 3600.0
}

/// A text that binds these parties in these roles from the start.
pub(crate) fn accord(text: &str, parties: &[(&str, &[&str])]) -> Accord {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let published = published(parsed.instrument).unwrap();
    let digest = published.digest();
    let adoption = |(name, roles): &(&str, &[&str])| Adoption {
        statement: statement(&format!("adoption of {name}")),
        position: 0,
        party: party(name),
        text: digest,
        roles: roles
            .iter()
            .map(|role| crate::term::name::Role::new(role).unwrap())
            .collect(),
        from: START,
        until: None,
        params: BTreeMap::new(),
        reservations: BTreeMap::new(),
    };
    Accord {
        texts: vec![Text::read(digest, &published.encode(), 0).unwrap()],
        adoptions: parties.iter().map(adoption).collect(),
        objections: Vec::new(),
    }
}

/// Reads the stories of a file in the folder of stories.
pub(crate) fn read(file: &str) -> Vec<Story> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata/stories/hold")
        .join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let tell = |told: Told| {
        let text = told.instrument.or_else(|| file.instrument.clone());
        let all = told.party.unwrap_or_else(|| file.party.clone());
        let roles: Vec<Vec<&str>> = all
            .iter()
            .map(|party| party.roles.iter().map(String::as_str).collect())
            .collect();
        let parties: Vec<(&str, &[&str])> = all
            .iter()
            .zip(&roles)
            .map(|(party, roles)| (party.name.as_str(), roles.as_slice()))
            .collect();
        let of_parties = parties.iter().flat_map(|(name, _)| {
            let adoption = format!("adoption of {name}");
            [(*name).to_owned(), adoption]
        });
        let of_facts = told.fact.iter().map(|fact| fact.id.clone());
        let mut accord = accord(&text.unwrap(), &parties);
        for (adoption, party) in accord.adoptions.iter_mut().zip(&all) {
            adoption.from = second(party.from.unwrap_or(0));
            adoption.until = party.until.map(second);
        }
        Story {
            names: of_parties.chain(of_facts).collect(),
            name: told.name,
            cases: told.cases,
            accord,
            facts: told.fact.iter().map(|it| logged(it, &told.fact)).collect(),
            expect: told.expect,
        }
    };
    file.story.into_iter().map(tell).collect()
}

/// A fact of a story. Facts of one id are of one statement.
fn logged(told: &Logged, all: &[Logged]) -> Fact {
    let nth = all.iter().position(|it| it.id == told.id).unwrap();
    let valid = told.valid.unwrap_or_else(|| [told.at.unwrap(); 2]);
    let samples = told
        .values
        .as_deref()
        .map_or(0, |values| series(values).len() as i64);
    let end = valid[1].max(valid[0] + samples - 1);
    let received = told.received.unwrap_or(match told.log {
        Some(log) if samples == 0 => log.min(end),
        _ => end,
    });
    let log = told.log.unwrap_or(received);
    let mut fields: BTreeMap<Code, Coded> = told
        .fields
        .iter()
        .map(|(name, value)| (Code::new(name.as_str()).unwrap(), coded(value)))
        .collect();
    if let Some(values) = &told.values {
        assert_eq!(told.every, Some(1), "samples come once an hour");
        fields.insert(Code::literal("values"), Coded::List(series(values)));
    }
    let retracts = match (&told.replaces, &told.withdraws) {
        (Some(older), _) => Some(Retraction::Replaces(statement(older))),
        (None, Some(other)) => Some(Retraction::Withdraws(statement(other))),
        (None, None) => None,
    };
    let unsigned = |hour: i64| (second(hour) + told.seconds) as u64;
    Fact {
        kind: Code::new(told.kind.as_str()).unwrap(),
        actor: party(&told.by),
        to: told.to.as_deref().map(party),
        subject: told.about.as_deref().map(named),
        fields,
        valid: valid.map(unsigned),
        received: unsigned(received),
        position: log as u64 * PER_HOUR + nth as u64 + 1,
        cites: told.cites.iter().map(|it| statement(it)).collect(),
        retracts,
        grade: told.grade.as_deref().map(|it| Code::new(it).unwrap()),
        sources: vec![statement(&told.id)],
    }
}

/// `24x10000 1x0` are 24 samples of 10000 and one of 0.
fn series(text: &str) -> Vec<Coded> {
    let runs = text.split_whitespace().map(|run| {
        let (count, value) = run.split_once('x').unwrap();
        let value = Coded::Int(value.parse().unwrap());
        vec![value; count.parse().unwrap()]
    });
    runs.flatten().collect()
}

/// `@mill` is the party of that name.
fn named(text: &str) -> Code {
    let code = match text.strip_prefix('@') {
        Some(name) => Code::new(party(name).to_string()),
        None => Code::new(text),
    };
    code.unwrap()
}

fn coded(value: &toml::Value) -> Coded {
    match value {
        toml::Value::Boolean(it) => Coded::Bool(*it),
        toml::Value::Integer(it) => Coded::Int((*it).into()),
        toml::Value::String(it) => Coded::Code(named(it)),
        other => panic!("a field is no {other}"),
    }
}

impl Expected {
    /// As of when it is expected.
    pub(crate) fn as_of(&self) -> AsOf {
        let k = self.k.unwrap_or(40.max(self.t)) as u64;
        AsOf {
            t: second(self.t),
            index: (k + 1) * PER_HOUR,
        }
    }

    fn is_about(&self, obligation: &Obligation) -> bool {
        let key = &obligation.key;
        self.term
            .as_deref()
            .is_none_or(|it| it == key.term.as_str())
            && self
                .trigger
                .as_deref()
                .is_none_or(|it| statement(it) == key.trigger)
            && self
                .debtor
                .as_deref()
                .is_none_or(|it| party(it) == key.debtor)
            && self.part.is_none_or(|it| it == key.part)
            && self.nth.is_none_or(|it| it == key.nth)
            && self.period.is_none_or(|it| key.period == Some(it))
    }

    /// What an evaluation says otherwise.
    pub(crate) fn differs(&self, evaluation: &Evaluation) -> Option<String> {
        let about: Vec<_> = evaluation
            .obligations
            .iter()
            .filter(|it| self.is_about(it))
            .collect();
        let count = self.count.unwrap_or(1);
        if about.len() != count {
            let found: Vec<_> = about
                .iter()
                .map(|it| {
                    (
                        it.key.term.to_string(),
                        it.key.nth,
                        it.key.period,
                        it.status,
                    )
                })
                .collect();
            return Some(format!("{count} expected, there are {found:?}"));
        }
        if self
            .next
            .is_some_and(|next| evaluation.next != Some(second(next)))
        {
            return Some(format!("next is {:?}", evaluation.next.map(hours)));
        }
        let Some(status) = &self.status else {
            return None;
        };
        let one = about[0];
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: String, found: String| {
            if expected != found {
                differences.push(format!("{what} {found} instead of {expected}"));
            }
        };
        compare("status", status.clone(), one.status.to_string());
        if let Some(possible) = &self.possible {
            let found: Vec<_> = one.possible.iter().map(|it| it.to_string()).collect();
            compare("possible", format!("{possible:?}"), format!("{found:?}"));
        }
        if let Some(standing) = &self.standing {
            compare("standing", standing.clone(), one.standing.code().to_owned());
        }
        if let Some(stopped) = &self.stopped {
            compare("stopped", stopped.clone(), one.stopped.code().to_owned());
        }
        if let Some(ruling) = &self.ruling {
            let found = one.ruling.map_or("none", |it| it.code());
            compare("ruling", ruling.clone(), found.to_owned());
        }
        if let Some(elapsed) = self.elapsed {
            let found = one
                .bounds
                .map(|it| it.elapsed.map(|seconds| seconds / 3600));
            compare(
                "elapsed",
                format!("{:?}", Some(elapsed)),
                format!("{found:?}"),
            );
        }
        (!differences.is_empty()).then(|| {
            let proof = serde_json::to_string_pretty(&one.proof).unwrap();
            format!(
                "{}, possible {:?}\n{proof}",
                differences.join(", "),
                one.possible
            )
        })
    }
}
