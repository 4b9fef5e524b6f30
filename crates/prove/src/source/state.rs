//! A record as its statements, merged, leave it.

use std::collections::BTreeMap;

use ensign_trust::{Code, RecordId, Statement, StatementId};

use crate::source::statement::{Act, DATE, Stated, Value};

/// What a source states under one of its ids, merged from all its statements of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Our id of it.
    pub id: RecordId,
    /// Code of the source.
    pub source: Code,
    /// The source's own id of it.
    pub foreign_id: Code,
    /// Date of what it is about, which is also the field [`DATE`].
    pub date: Code,
    /// Every field that was ever stated, with its last value.
    pub fields: BTreeMap<Code, Field>,
    /// The latest `source.stated`.
    pub latest: StatementId,
    /// Whether the last run that covers its date listed it.
    pub listed: bool,
    /// Whether texts of it were erased.
    pub erased: bool,
}

/// The last value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The value; of a text its digest.
    pub value: Value<[u8; 32]>,
    /// The last statement that said so.
    pub by: StatementId,
}

/// A field that has another value than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its code.
    pub field: Code,
    /// The value before, if the field was stated.
    pub was: Option<Value<[u8; 32]>>,
    /// The value since.
    pub now: Value<[u8; 32]>,
}

impl Record {
    /// The record that a first `source.stated` makes.
    pub fn first(statement: &Statement) -> Option<Self> {
        let Some(Ok(Act::Stated(stated))) = Act::read(statement) else {
            return None;
        };
        let empty = Record {
            id: stated.record(),
            source: stated.source.clone(),
            foreign_id: stated.foreign_id.clone(),
            date: stated.date.clone(),
            fields: BTreeMap::new(),
            latest: statement.id(),
            listed: true,
            erased: false,
        };
        Some(empty.state(stated, statement.id()))
    }

    /// What a further statement changes. Total: one that is not understood or about another record
    /// changes nothing.
    pub fn apply(mut self, statement: &Statement) -> Self {
        match Act::read(statement) {
            Some(Ok(Act::Stated(stated))) if stated.record() == self.id => {
                self.state(stated, statement.id())
            }
            Some(Ok(Act::Absent(absent))) if absent.record() == self.id => {
                self.listed = false;
                self
            }
            Some(Ok(Act::Erased(erased))) if erased.record() == self.id => {
                self.erased = true;
                self
            }
            _ => self,
        }
    }

    /// The fields that have another value than in an earlier state, in order of their codes. A
    /// column that was not there before and is empty is no change.
    pub fn changes_since(&self, earlier: &Record) -> Vec<Change> {
        let change = |(code, field): (&Code, &Field)| {
            let was = earlier.fields.get(code).map(|field| &field.value);
            let is_new = match was {
                None => field.value != Value::Blank,
                Some(was) => *was != field.value,
            };
            is_new.then(|| Change {
                field: code.clone(),
                was: was.cloned(),
                now: field.value.clone(),
            })
        };
        self.fields.iter().filter_map(change).collect()
    }

    fn state(mut self, stated: Stated, by: StatementId) -> Self {
        let date = (
            Code::literal(DATE),
            Value::Coded(stated.date.clone().into()),
        );
        for (field, value) in stated.values.into_iter().chain([date]) {
            self.fields.insert(field, Field { value, by });
        }
        self.date = stated.date;
        self.latest = by;
        self.listed = true;
        self
    }
}
