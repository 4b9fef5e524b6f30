//! What a row of a file says that was not known, and what its statement means.

use std::collections::BTreeMap;

use ensign_trust::fact::Retraction;
use ensign_trust::party::Need;
use ensign_trust::{Code, Coded, Disclosure, Draft, Fact, Statement, StatementId};

use crate::source::state::Record;
use crate::source::statement::{Absent, Act, DATE, Stated, Value, seconds_of};

/// A row of a source's file, its values as parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Code of the source.
    pub source: Code,
    /// The source's own id.
    pub foreign_id: Code,
    /// Date of what the row is about, `YYYY-MM-DD`.
    pub date: Code,
    /// The other values by field: one for each column that the file has.
    pub values: BTreeMap<Code, Value>,
}

/// What a row says beside what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The record is new.
    Added,
    /// These fields have other values.
    Changed(Vec<FieldChange>),
    /// The record is back after an absence, perhaps with other values.
    ListedAgain(Vec<FieldChange>),
    /// Nothing: no statement is made.
    Unchanged,
}

/// A field of which a row says something else than what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its code.
    pub field: Code,
    /// The known value, if there is one; of a text its digest.
    pub was: Option<Value<[u8; 32]>>,
    /// What the row says.
    pub now: Value,
}

/// Compares a row with the record of its id.
///
/// `opened` gives the text of a disclosure by its digest, or nothing where it can no longer be
/// read: such a text is not compared with another one.
pub fn compare(
    row: &Row,
    record: Option<&Record>,
    opened: &dyn Fn(&[u8; 32]) -> Option<String>,
) -> Outcome {
    let Some(record) = record else {
        return Outcome::Added;
    };
    let date = (Code::literal(DATE), Value::Coded(row.date.clone().into()));
    let values = row.values.iter().chain([(&date.0, &date.1)]);
    let change = |(field, now): (&Code, &Value)| {
        let was = record.fields.get(field).map(|field| &field.value);
        let same = match was {
            _ if record.erased && holds_text(was, now) => true,
            None => *now == Value::Blank,
            Some(was) => is_same(was, now, opened),
        };
        (!same).then(|| FieldChange {
            field: field.clone(),
            was: was.cloned(),
            now: now.clone(),
        })
    };
    let mut changes: Vec<_> = values.filter_map(change).collect();
    changes.sort_by(|a, b| a.field.cmp(&b.field));
    match (record.listed, changes.is_empty()) {
        (false, _) => Outcome::ListedAgain(changes),
        (true, false) => Outcome::Changed(changes),
        (true, true) => Outcome::Unchanged,
    }
}

/// The statement that a row makes in a run, and the disclosures that are new in it.
///
/// A text that is known and unchanged, or can no longer be read, keeps its disclosure. Where texts of
/// the record were erased, none is taken in. `salt` gives 32 fresh random bytes at each call.
pub fn state(
    row: Row,
    record: Option<&Record>,
    run: StatementId,
    opened: &dyn Fn(&[u8; 32]) -> Option<String>,
    salt: &mut dyn FnMut() -> [u8; 32],
) -> (Act, Vec<Disclosure>) {
    let mut disclosures = Vec::new();
    let mut values = BTreeMap::new();
    let erased = record.filter(|record| record.erased);
    for (field, value) in row.values {
        if let Some(record) = erased {
            let was = record.fields.get(&field).map(|field| &field.value);
            if holds_text(was, &value) {
                // A field that is not stated says nothing: what was known of it stands.
                values.extend(was.map(|was| (field, was.clone())));
                continue;
            }
        }
        let known = record.and_then(|record| record.fields.get(&field)?.value.text().copied());
        let mut seal = |text: String| {
            let kept = known.filter(|known| opened(known).is_none_or(|known| known == text));
            kept.unwrap_or_else(|| {
                let disclosure = Disclosure::new(salt(), field.clone(), text);
                let digest = disclosure.digest();
                disclosures.push(disclosure);
                digest
            })
        };
        let value = match value {
            Value::Blank => Value::Blank,
            Value::Coded(coded) => Value::Coded(coded),
            Value::CodedAndText(coded, text) => Value::CodedAndText(coded, seal(text)),
            Value::Text(text) => Value::Text(seal(text)),
        };
        values.insert(field, value);
    }
    let act = Act::Stated(Stated {
        source: row.source,
        foreign_id: row.foreign_id,
        run,
        corrects: record.map(|record| record.latest),
        date: row.date,
        values,
    });
    (act, disclosures)
}

/// The statement that a run, which covers its date, does not list a record.
pub fn absent(record: &Record, run: StatementId) -> Act {
    Act::Absent(Absent {
        source: record.source.clone(),
        foreign_id: record.foreign_id.clone(),
        run,
        last: record.latest,
    })
}

/// What the author of a statement about a source must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "import.run" | "source.absent" | "source.erased" | "source.stated" => {
            Some(Need::role_in("importer", draft, "source"))
        }
        _ => None,
    }
}

/// The facts that a statement states, mapping version 1.
///
/// A `source.stated` states one `incident.reported`: its signer says that the source reports so,
/// valid on the whole day of its date in UTC, graded by the source's level of certainty. It takes
/// back the statement that it corrects. An absence states nothing.
pub fn facts(statement: &Statement, index: u64, received: u64) -> Vec<Fact> {
    let Some(Ok(Act::Stated(stated))) = Act::read(statement) else {
        return Vec::new();
    };
    let Some(valid) = seconds_of(&stated.date) else {
        return Vec::new();
    };
    let fields = statement.field("fields").and_then(Coded::as_map);
    let fields = fields.cloned().unwrap_or_default();
    vec![Fact {
        kind: Code::literal("incident.reported"),
        actor: statement.author(),
        to: None,
        subject: statement.subject.clone(),
        grade: fields.get("certainty").and_then(Coded::as_code).cloned(),
        fields,
        valid,
        received,
        position: index,
        cites: [Some(stated.run), stated.corrects]
            .into_iter()
            .flatten()
            .collect(),
        retracts: stated.corrects.map(Retraction::Replaces),
        sources: vec![statement.id()],
    }]
}

/// Whether a field had a text or would get one.
fn holds_text(was: Option<&Value<[u8; 32]>>, now: &Value) -> bool {
    was.is_some_and(|was| was.text().is_some()) || now.text().is_some()
}

fn is_same(
    was: &Value<[u8; 32]>,
    now: &Value,
    opened: &dyn Fn(&[u8; 32]) -> Option<String>,
) -> bool {
    let same_text = match (was.text(), now.text()) {
        (None, None) => true,
        (Some(was), Some(now)) => opened(was).is_none_or(|was| was == *now),
        _ => false,
    };
    same_text && was.coded() == now.coded()
}
