//! What a result rests on: statements, intervals and sums, as codes with arguments.
//!
//! Words are written elsewhere. A proof says what the evaluator did, never what the law is.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::cbor::Value;
use ensign_trust::{PartyId, StatementId};
use serde::{Serialize, Serializer};

use crate::evaluate::interval::When;
use crate::evaluate::status::Possible;

/// What a result rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The path of the clause: the term, then what in it decided.
    pub path: Vec<String>,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// What is not there and would have made a difference.
    pub missing: Vec<Step>,
    /// The statements that were used.
    pub uses: BTreeSet<StatementId>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Step {
    /// Which, such as `act.found`: a message id.
    pub code: &'static str,
    /// With what, by the names that the message uses.
    pub with: BTreeMap<&'static str, Arg>,
}

/// What was used or came out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arg {
    /// A code, a kind or a name.
    Code(String),
    /// A number or a number of seconds.
    Number(i64),
    /// A party.
    Party(PartyId),
    /// The least and the greatest.
    Range([i64; 2]),
    /// A statement.
    Statement(StatementId),
    /// Statuses.
    Statuses(Possible),
    /// A time, Unix seconds.
    Time(When),
}

impl Step {
    /// A step.
    pub fn new<const N: usize>(code: &'static str, with: [(&'static str, Arg); N]) -> Self {
        Step {
            code,
            with: with.into(),
        }
    }

    fn to_cbor(&self) -> Value {
        let with = self.with.iter();
        let with = with.map(|(name, arg)| (Value::text(*name), arg.to_cbor()));
        Value::Array(vec![Value::text(self.code), Value::Map(with.collect())])
    }
}

impl Proof {
    pub(crate) fn to_cbor(&self) -> Value {
        let steps = |steps: &[Step]| Value::Array(steps.iter().map(Step::to_cbor).collect());
        let uses = self.uses.iter().map(|id| Value::bytes(*id.as_bytes()));
        Value::Map(vec![
            (Value::text("missing"), steps(&self.missing)),
            (
                Value::text("path"),
                Value::Array(self.path.iter().map(Value::text).collect()),
            ),
            (Value::text("steps"), steps(&self.steps)),
            (Value::text("uses"), Value::Array(uses.collect())),
        ])
    }
}

impl Arg {
    fn to_cbor(&self) -> Value {
        match self {
            Arg::Code(code) => Value::text(code),
            Arg::Number(number) => Value::Int((*number).into()),
            Arg::Party(party) => Value::bytes(*party.as_bytes()),
            Arg::Range([least, most]) => Value::Array(vec![
                Value::Int((*least).into()),
                Value::Int((*most).into()),
            ]),
            Arg::Statement(id) => Value::bytes(*id.as_bytes()),
            Arg::Statuses(possible) => {
                Value::Array(possible.iter().map(|it| Value::text(it.code())).collect())
            }
            Arg::Time(when) => when.to_cbor(),
        }
    }
}

impl Serialize for Arg {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Arg::Code(code) => code.serialize(serializer),
            Arg::Number(number) => number.serialize(serializer),
            Arg::Party(party) => party.serialize(serializer),
            Arg::Range(range) => range.serialize(serializer),
            Arg::Statement(id) => id.serialize(serializer),
            Arg::Statuses(possible) => possible.serialize(serializer),
            Arg::Time(when) => when.serialize(serializer),
        }
    }
}

macro_rules! args {
    ($($from:ty => $to:ident;)+) => {$(
        impl From<$from> for Arg {
            fn from(value: $from) -> Self {
                Arg::$to(value.into())
            }
        }
    )+};
}

args! {
    &str => Code;
    String => Code;
    i64 => Number;
    PartyId => Party;
    [i64; 2] => Range;
    StatementId => Statement;
    Possible => Statuses;
    When => Time;
}
