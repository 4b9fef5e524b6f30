//! Results as bytes: what nodes exchange, and what everybody who evaluates the same log must get.
//!
//! [`StatusRecord`] is one result, [`Results`] are all of a question. Both are deterministic CBOR to
//! compare and JSON on one line to read.

use ensign_trust::cbor::{self, Value};
use ensign_trust::{ObligationId, PartyId, StatementId};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::evaluate::deadline::Bounds;
use crate::evaluate::obligation::{self, Obligation, ObligationKey, Unassigned};
use crate::evaluate::proof::Proof;
use crate::evaluate::standing::Standing;
use crate::evaluate::status::Possible;
use crate::evaluate::{AsOf, Evaluation};
use crate::term::InstrumentDigest;

/// The rules by which results are computed. A change of any rule changes this name.
pub const ENGINE: &str = "terms/1.0";

/// The head of a log that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The log's origin.
    pub origin: String,
    /// Its size: what [`AsOf::index`] counts.
    pub size: u64,
    /// Its root hash, hexadecimal in JSON.
    #[serde(serialize_with = "hex")]
    pub root: [u8; 32],
}

/// One result, to be compared byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusRecord<'a> {
    /// The obligation.
    pub obligation: &'a Obligation,
    /// As of when.
    pub as_of: AsOf,
    /// The heads of the logs that were read.
    pub heads: &'a [Head],
}

/// All results of a question, to be compared byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Results<'a> {
    /// What the evaluator found.
    pub evaluation: &'a Evaluation,
    /// The heads of the logs that were read.
    pub heads: &'a [Head],
}

/// What was asked, of which logs, by which rules.
#[derive(Clone, Copy, Serialize)]
struct Question<'a> {
    engine: &'static str,
    at: i64,
    index: u64,
    logs: &'a [Head],
}

/// The shape of one result in JSON.
#[derive(Serialize)]
struct Answer<'a> {
    id: ObligationId,
    instrument: InstrumentDigest,
    term: &'a str,
    instance: Instance<'a>,
    debtor: PartyId,
    creditors: &'a [PartyId],
    status: &'static str,
    possible: Possible,
    standing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    determined_by: &'a [PartyId],
    #[serde(skip_serializing_if = "Option::is_none")]
    ruling: Option<&'static str>,
    stopped: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<Bounds>,
    because: &'a Proof,
}

#[derive(Serialize)]
struct Instance<'a> {
    trigger: StatementId,
    nth: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<Broken<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    part: u32,
}

#[derive(Serialize)]
struct Broken<'a> {
    term: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    debtor: PartyId,
}

#[derive(Serialize)]
struct Vacancy<'a> {
    instrument: InstrumentDigest,
    term: &'a str,
    trigger: StatementId,
}

#[derive(Serialize)]
struct One<'a> {
    #[serde(flatten)]
    question: Question<'a>,
    #[serde(flatten)]
    answer: Answer<'a>,
}

#[derive(Serialize)]
struct All<'a> {
    #[serde(flatten)]
    question: Question<'a>,
    results: Vec<Answer<'a>>,
    unassigned: Vec<Vacancy<'a>>,
}

impl StatusRecord<'_> {
    /// Deterministic CBOR.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut record = Question::new(self.as_of, self.heads).entries();
        record.extend(entries(self.obligation));
        cbor::encode(&Value::Map(record))
    }

    /// JSON on one line; ids as text, digests as hexadecimal.
    pub fn to_json(&self) -> String {
        json(&One {
            question: Question::new(self.as_of, self.heads),
            answer: Answer::of(self.obligation),
        })
    }
}

impl Results<'_> {
    /// Deterministic CBOR: what was asked, then each result in the order of its key.
    pub fn to_cbor(&self) -> Vec<u8> {
        let Evaluation {
            as_of,
            obligations,
            unassigned,
            ..
        } = self.evaluation;
        let mut all = Question::new(*as_of, self.heads).entries();
        let results = obligations.iter().map(|it| Value::Map(entries(it)));
        let vacancy = |it: &Unassigned| {
            Value::Map(vec![
                (Value::text("instrument"), Value::bytes(it.text.0)),
                (Value::text("term"), Value::text(it.term.as_str())),
                (Value::text("trigger"), Value::bytes(*it.trigger.as_bytes())),
            ])
        };
        let unassigned = unassigned.iter().map(vacancy).collect();
        all.push((Value::text("results"), Value::Array(results.collect())));
        all.push((Value::text("unassigned"), Value::Array(unassigned)));
        cbor::encode(&Value::Map(all))
    }

    /// JSON on one line; ids as text, digests as hexadecimal.
    pub fn to_json(&self) -> String {
        let Evaluation {
            as_of,
            obligations,
            unassigned,
            ..
        } = self.evaluation;
        json(&All {
            question: Question::new(*as_of, self.heads),
            results: obligations.iter().map(Answer::of).collect(),
            unassigned: unassigned.iter().map(Vacancy::of).collect(),
        })
    }
}

impl ObligationKey {
    /// The id of the obligation: SHA-256 of its key as deterministic CBOR.
    pub fn id(&self) -> ObligationId {
        let key = vec![
            (Value::text("instrument"), Value::bytes(self.text.0)),
            (Value::text("term"), Value::text(self.term.as_str())),
            (Value::text("instance"), instance(self)),
            (Value::text("debtor"), Value::bytes(*self.debtor.as_bytes())),
        ];
        let key = cbor::encode(&Value::Map(key));
        ObligationId::from_bytes(Sha256::digest(key).into())
    }
}

impl<'a> Question<'a> {
    fn new(as_of: AsOf, logs: &'a [Head]) -> Self {
        Question {
            engine: ENGINE,
            at: as_of.t,
            index: as_of.index,
            logs,
        }
    }

    fn entries(&self) -> Vec<(Value, Value)> {
        let head = |head: &Head| {
            Value::Array(vec![
                Value::text(&head.origin),
                Value::from(head.size),
                Value::bytes(head.root),
            ])
        };
        let logs = self.logs.iter().map(head);
        vec![
            (Value::text("engine"), Value::text(self.engine)),
            (Value::text("at"), Value::Int(self.at.into())),
            (Value::text("index"), Value::from(self.index)),
            (Value::text("logs"), Value::Array(logs.collect())),
        ]
    }
}

impl<'a> Broken<'a> {
    fn of(broken: &'a obligation::Broken) -> Self {
        Broken {
            term: broken.term.as_str(),
            period: broken.period,
            debtor: broken.debtor,
        }
    }
}

impl<'a> Answer<'a> {
    fn of(obligation: &'a Obligation) -> Self {
        let Obligation { key, standing, .. } = obligation;
        Answer {
            id: key.id(),
            instrument: key.text,
            term: key.term.as_str(),
            instance: Instance {
                trigger: key.trigger,
                nth: key.nth,
                after: key.after.iter().map(Broken::of).collect(),
                period: key.period,
                part: key.part,
            },
            debtor: key.debtor,
            creditors: &obligation.creditors,
            status: obligation.status.code(),
            possible: obligation.possible,
            standing: standing.code(),
            grade: match standing {
                Standing::Substantiated(grade) => Some(grade.as_str()),
                _ => None,
            },
            determined_by: match standing {
                Standing::Determined(by) => by,
                _ => &[],
            },
            ruling: obligation.ruling.map(|it| it.code()),
            stopped: obligation.stopped.code(),
            bounds: obligation.bounds,
            because: &obligation.proof,
        }
    }
}

impl<'a> Vacancy<'a> {
    fn of(unassigned: &'a Unassigned) -> Self {
        Vacancy {
            instrument: unassigned.text,
            term: unassigned.term.as_str(),
            trigger: unassigned.trigger,
        }
    }
}

/// One result as entries of a map.
fn entries(obligation: &Obligation) -> Vec<(Value, Value)> {
    let Obligation {
        key,
        creditors,
        standing,
        ..
    } = obligation;
    let text = |text: &str| Value::text(text);
    let parties = |parties: &[PartyId]| {
        let each = parties.iter().map(|it| Value::bytes(*it.as_bytes()));
        Value::Array(each.collect())
    };
    let possible = obligation.possible.iter();
    let mut entries = vec![
        (text("instrument"), Value::bytes(key.text.0)),
        (text("term"), text(key.term.as_str())),
        (text("instance"), instance(key)),
        (text("debtor"), Value::bytes(*key.debtor.as_bytes())),
        (text("creditors"), parties(creditors)),
        (text("status"), text(obligation.status.code())),
        (
            text("possible"),
            Value::Array(possible.map(|it| text(it.code())).collect()),
        ),
        (text("standing"), text(standing.code())),
        (text("stopped"), text(obligation.stopped.code())),
        (text("because"), obligation.proof.to_cbor()),
    ];
    match standing {
        Standing::Substantiated(grade) => entries.push((text("grade"), text(grade.as_str()))),
        Standing::Determined(by) => entries.push((text("determined_by"), parties(by))),
        Standing::None | Standing::Alleged | Standing::Contested => {}
    }
    if let Some(ruling) = obligation.ruling {
        entries.push((text("ruling"), text(ruling.code())));
    }
    if let Some(bounds) = obligation.bounds {
        let range = |[least, most]: [i64; 2]| {
            Value::Array(vec![Value::Int(least.into()), Value::Int(most.into())])
        };
        let bounds = vec![
            (text("due"), bounds.due.to_cbor()),
            (text("elapsed"), range(bounds.elapsed)),
            (text("grace"), range(bounds.grace)),
            (text("limit"), range(bounds.limit)),
        ];
        entries.push((text("bounds"), Value::Map(bounds)));
    }
    entries
}

fn instance(key: &ObligationKey) -> Value {
    let mut instance = vec![
        (Value::text("nth"), Value::from(u64::from(key.nth))),
        (Value::text("part"), Value::from(u64::from(key.part))),
        (
            Value::text("trigger"),
            Value::bytes(*key.trigger.as_bytes()),
        ),
    ];
    if !key.after.is_empty() {
        let after = key.after.iter().map(broken);
        instance.push((Value::text("after"), Value::Array(after.collect())));
    }
    instance.extend(period(key.period));
    Value::Map(instance)
}

fn broken(broken: &obligation::Broken) -> Value {
    let mut entries = vec![
        (
            Value::text("debtor"),
            Value::bytes(*broken.debtor.as_bytes()),
        ),
        (Value::text("term"), Value::text(broken.term.as_str())),
    ];
    entries.extend(period(broken.period));
    Value::Map(entries)
}

fn period(number: Option<u32>) -> Option<(Value, Value)> {
    number.map(|number| (Value::text("period"), Value::from(u64::from(number))))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("maps with text keys, numbers and texts are JSON")
}

fn hex<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&digits)
}
