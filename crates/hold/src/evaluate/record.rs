//! The status record: what nodes exchange to compare results.

use ensign_trust::cbor::{self, Value};
use ensign_trust::{PartyId, StatementId};
use serde::Serialize;

use crate::evaluate::AsOf;
use crate::evaluate::deadline::Bounds;
use crate::evaluate::obligation::Obligation;
use crate::evaluate::proof::Proof;
use crate::evaluate::standing::Standing;
use crate::evaluate::status::Possible;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRecord<'a> {
    /// The obligation.
    pub obligation: &'a Obligation,
    /// As of when.
    pub as_of: AsOf,
    /// The heads of the logs that were read.
    pub heads: &'a [Head],
}

/// The shape of the JSON, in the order of the record's fields.
#[derive(Serialize)]
struct Json<'a> {
    engine: &'static str,
    #[serde(serialize_with = "hex")]
    instrument: [u8; 32],
    term: &'a str,
    instance: Instance<'a>,
    debtor: PartyId,
    creditors: &'a [PartyId],
    at: i64,
    index: u64,
    logs: &'a [Head],
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
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    part: u32,
}

impl<'a> StatusRecord<'a> {
    /// Deterministic CBOR.
    pub fn to_cbor(&self) -> Vec<u8> {
        let Obligation {
            key,
            creditors,
            standing,
            ..
        } = self.obligation;
        let text = |text: &str| Value::text(text);
        let mut instance = vec![
            (text("nth"), Value::from(u64::from(key.nth))),
            (text("part"), Value::from(u64::from(key.part))),
            (text("trigger"), Value::bytes(*key.trigger.as_bytes())),
        ];
        if let Some(after) = &key.after {
            instance.push((text("after"), text(after.as_str())));
        }
        let head = |head: &Head| {
            Value::Array(vec![
                text(&head.origin),
                Value::from(head.size),
                Value::bytes(head.root),
            ])
        };
        let parties = |parties: &[PartyId]| {
            let each = parties.iter().map(|it| Value::bytes(*it.as_bytes()));
            Value::Array(each.collect())
        };
        let possible = self.obligation.possible.iter();
        let mut record = vec![
            (text("engine"), text(ENGINE)),
            (text("instrument"), Value::bytes(key.text)),
            (text("term"), text(key.term.as_str())),
            (text("instance"), Value::Map(instance)),
            (text("debtor"), Value::bytes(*key.debtor.as_bytes())),
            (text("creditors"), parties(creditors)),
            (text("at"), Value::Int(self.as_of.t.into())),
            (text("index"), Value::from(self.as_of.index)),
            (
                text("logs"),
                Value::Array(self.heads.iter().map(head).collect()),
            ),
            (text("status"), text(self.obligation.status.code())),
            (
                text("possible"),
                Value::Array(possible.map(|it| text(it.code())).collect()),
            ),
            (text("standing"), text(standing.code())),
            (text("stopped"), text(self.obligation.stopped.code())),
            (text("because"), self.obligation.proof.to_cbor()),
        ];
        match standing {
            Standing::Substantiated(grade) => record.push((text("grade"), text(grade.as_str()))),
            Standing::Determined(by) => record.push((text("determined_by"), parties(by))),
            Standing::None | Standing::Alleged | Standing::Contested => {}
        }
        if let Some(ruling) = self.obligation.ruling {
            record.push((text("ruling"), text(ruling.code())));
        }
        if let Some(bounds) = self.obligation.bounds {
            let range = |[least, most]: [i64; 2]| {
                Value::Array(vec![Value::Int(least.into()), Value::Int(most.into())])
            };
            let bounds = vec![
                (text("due"), bounds.due.to_cbor()),
                (text("elapsed"), range(bounds.elapsed)),
                (text("grace"), range(bounds.grace)),
                (text("limit"), range(bounds.limit)),
            ];
            record.push((text("bounds"), Value::Map(bounds)));
        }
        cbor::encode(&Value::Map(record))
    }

    /// JSON on one line; ids as text, digests as hexadecimal.
    pub fn to_json(&self) -> String {
        let Obligation { key, standing, .. } = self.obligation;
        let json = Json {
            engine: ENGINE,
            instrument: key.text,
            term: key.term.as_str(),
            instance: Instance {
                trigger: key.trigger,
                nth: key.nth,
                after: key.after.as_ref().map(|it| it.as_str()),
                part: key.part,
            },
            debtor: key.debtor,
            creditors: &self.obligation.creditors,
            at: self.as_of.t,
            index: self.as_of.index,
            logs: self.heads,
            status: self.obligation.status.code(),
            possible: self.obligation.possible,
            standing: standing.code(),
            grade: match standing {
                Standing::Substantiated(grade) => Some(grade.as_str()),
                _ => None,
            },
            determined_by: match standing {
                Standing::Determined(by) => by,
                _ => &[],
            },
            ruling: self.obligation.ruling.map(|it| it.code()),
            stopped: self.obligation.stopped.code(),
            bounds: self.obligation.bounds,
            because: &self.obligation.proof,
        };
        serde_json::to_string(&json).expect("maps with text keys, numbers and texts are JSON")
    }
}

fn hex<S: serde::Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    serializer.serialize_str(&text)
}
