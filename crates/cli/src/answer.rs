//! Answers as people read them, laid out from the JSON object that `--json` prints.
//!
//! A layout names what is shown and in which order. What an answer does not have is left out, so
//! an answer of a node of another version is shown as far as it is understood.

use ensign_node::Failure;
use ensign_web::i18n::Texts;
use serde_json::{Map, Value};

use crate::arguments::Form;
use crate::columns::{Cell, columns, sentence};
use crate::talk::{Talk, print};

mod backup;
mod deploy;
mod duties;
mod ended;
mod layouts;
mod marks;
mod people;
mod proof;
#[cfg(test)]
mod tests;
mod verification;
mod witnesses;

pub use backup::{BACKED_UP, FINISHED, MIRRORED, RESTORED, SEALED};
pub use deploy::{CHECKED, DEPLOY};
pub use duties::{
    ACCORD, CELLS, CHANGES, EVALUATED, EXPLAINED, FACT_STATED, INSTRUMENT_STATED, INSTRUMENTS,
    LINTS, RECORD_STATED, SAMPLES,
};
pub use layouts::{
    AUDITED, CONTRADICTED, EXPORTED, FOUNDED, IMPORTED, KEYS, MANDATES, PARTIES, REBUILT, STATED,
    STATUS, VERIFIED, WRITTEN,
};
pub use marks::{
    ASSET, ASSET_STATED, ASSETS, AUTHORITIES, AUTHORITY_STATED, EMBLEM, EMBLEM_STATED, EMBLEMS,
};
pub use people::{ACCOUNT, ACCOUNTS, ENTERING, ERASED, REQUEST, REQUESTS};
pub use verification::EMBLEM_VERIFIED;
pub use witnesses::{QUORUM, WITNESSES};

/// A part of an answer.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// A line for each row, under a line of titles.
    List {
        /// Name of the list in the answer.
        name: &'static str,
        /// Message that stands for an empty list; nothing stands for it if there is none.
        empty: Option<&'static str>,
        /// The columns.
        fields: &'static [Field],
    },
    /// A sentence, by a code of the answer and the family of messages that has words for it.
    Sentence {
        /// Where the code stands: a JSON pointer.
        at: &'static str,
        /// The family.
        family: &'static str,
    },
    /// A line for each field.
    Sheet(&'static [Field]),
    /// Prose.
    Told(fn(&Value, &Texts) -> String),
}

/// A value of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its title: a message.
    label: &'static str,
    /// Where it stands: a JSON pointer (RFC 6901).
    at: &'static str,
    kind: Kind,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Seconds that have passed.
    Age,
    /// A code or several, by the family of messages that has words for it.
    Code(&'static str),
    /// A number of things.
    Count,
    /// Unix seconds.
    Moment,
    /// A party: its name, which stands beside its id as `by_name` beside `by`, and the id.
    Party,
    /// Roles of an account, each with its end where it has one.
    Roles,
    /// Parameters, each with what a party set and what the text proposes.
    Settings,
    /// As it is: words, ids, places in a log.
    Text,
    /// Yes or no.
    YesNo,
}

/// Prints an answer.
pub fn give(answer: Value, layout: &[Part], form: Form, talk: &Talk) -> Result<(), Failure> {
    let answer = object(answer, layout);
    let text = if form.json {
        format!("{answer}\n")
    } else {
        text(&answer, layout, talk.texts())
    };
    print(text.as_bytes())
}

/// An answer in words, its parts with a blank line between them.
pub fn text(answer: &Value, layout: &[Part], texts: &Texts) -> String {
    let parts = layout.iter().map(|part| part.text(answer, texts));
    let parts: Vec<String> = parts.filter(|text| !text.is_empty()).collect();
    parts.join("\n")
}

/// The answer as one object: a bare list is named.
fn object(answer: Value, layout: &[Part]) -> Value {
    match (layout.first(), answer) {
        (Some(Part::List { name, .. }), list @ Value::Array(_)) => {
            Value::Object(Map::from_iter([((*name).to_owned(), list)]))
        }
        (_, answer) => answer,
    }
}

impl Part {
    fn text(&self, answer: &Value, texts: &Texts) -> String {
        match self {
            Part::List {
                name,
                empty,
                fields,
            } => {
                let rows = answer
                    .get(name)
                    .and_then(Value::as_array)
                    .map_or(&[][..], Vec::as_slice);
                if rows.is_empty() {
                    let empty = empty.map(|empty| texts.text(empty) + "\n");
                    return empty.unwrap_or_default();
                }
                let titles = fields
                    .iter()
                    .map(|field| Cell::Text(texts.text(field.label)));
                let mut lines = vec![titles.collect::<Vec<_>>()];
                lines.extend(rows.iter().map(|row| {
                    let cell = |field: &Field| field.cell(row, texts);
                    let none = || Cell::Text("-".to_owned());
                    fields
                        .iter()
                        .map(|field| cell(field).unwrap_or_else(none))
                        .collect()
                }));
                columns(&lines)
            }
            Part::Sentence { at, family } => {
                let code = answer
                    .pointer(at)
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let label = texts.label(family, code);
                label.map_or_else(String::new, |label| sentence(&label).into_owned() + "\n")
            }
            Part::Sheet(fields) => {
                let line = |field: &Field| {
                    let (Cell::Figure(value) | Cell::Text(value)) = field.cell(answer, texts)?;
                    Some(vec![Cell::Text(texts.text(field.label)), Cell::Text(value)])
                };
                columns(&fields.iter().filter_map(line).collect::<Vec<_>>())
            }
            Part::Told(tell) => tell(answer, texts),
        }
    }
}

impl Field {
    fn cell(&self, row: &Value, texts: &Texts) -> Option<Cell> {
        let value = row.pointer(self.at).filter(|value| !value.is_null())?;
        Some(match (self.kind, value) {
            (Kind::Age, Value::Number(age)) if age.is_u64() => Cell::Text(texts.age(age.as_u64()?)),
            (Kind::Count, Value::Number(count)) if count.is_u64() => {
                Cell::Figure(texts.number(count.as_u64()?))
            }
            (Kind::Moment, Value::Number(moment)) if moment.is_i64() => {
                Cell::Text(texts.date_time(moment.as_i64()?))
            }
            (Kind::Code(family), Value::String(code)) => {
                let label = texts.label(family, code);
                Cell::Text(label.unwrap_or_else(|| code.clone()))
            }
            (Kind::Code(family), Value::Array(codes)) => {
                let codes = codes.iter().filter_map(Value::as_str);
                let word =
                    |code: &str| texts.label(family, code).unwrap_or_else(|| code.to_owned());
                Cell::Text(texts.list(&codes.map(word).collect::<Vec<_>>()))
            }
            (Kind::Party, Value::String(id)) => {
                let name = row.pointer(&format!("{}_name", self.at));
                Cell::Text(match name.and_then(Value::as_str) {
                    Some(name) => format!("{name} ({id})"),
                    None => id.clone(),
                })
            }
            (Kind::Roles, Value::Array(roles)) => {
                let told = roles.iter().map(|it| role(it, texts));
                let told: Vec<String> = told.collect::<Option<_>>()?;
                Cell::Text((!told.is_empty()).then(|| texts.list(&told))?)
            }
            (Kind::Settings, Value::Array(settings)) => {
                let told = settings.iter().map(|it| setting(it, texts));
                let told: Vec<String> = told.collect::<Option<_>>()?;
                Cell::Text((!told.is_empty()).then(|| texts.list(&told))?)
            }
            (Kind::YesNo, Value::Bool(true)) => Cell::Text(texts.text("answer-yes")),
            (Kind::YesNo, Value::Bool(false)) => Cell::Text(texts.text("answer-no")),
            (_, Value::Number(number)) => Cell::Figure(number.to_string()),
            (_, Value::String(text)) => Cell::Text(text.clone()),
            (_, Value::Array(items)) => {
                let words = items.iter().map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                });
                Cell::Text(texts.list(&words.collect::<Vec<_>>()))
            }
            (_, other) => Cell::Text(other.to_string()),
        })
    }
}

fn role(held: &Value, texts: &Texts) -> Option<String> {
    let code = held.get("role")?.as_str()?;
    let role = texts
        .label("role-", code)
        .unwrap_or_else(|| code.to_owned());
    Some(match held.get("until").and_then(Value::as_i64) {
        Some(until) => {
            let until = texts.date_time(until);
            texts.text_with(
                "cli-role-until",
                &[("role", role.into()), ("moment", until.into())],
            )
        }
        None => role,
    })
}

fn setting(set: &Value, texts: &Texts) -> Option<String> {
    let [name, value, proposed] =
        ["name", "value", "proposed"].map(|part| set.get(part).and_then(Value::as_str));
    let setting = format!("{} = {}", name?, value?);
    Some(texts.text_with(
        "cli-setting",
        &[("setting", setting.into()), ("proposed", proposed?.into())],
    ))
}
