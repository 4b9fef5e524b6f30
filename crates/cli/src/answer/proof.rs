//! A proof in sentences: who signed what, when it was received, and what it says.

use ensign_web::i18n::Texts;
use jiff::civil::Date;
use serde_json::Value;

use crate::columns::{Cell, columns, plain, sentence};

/// Characters of a key's id in a sentence; the whole id stands in the list of keys.
const KEY: usize = 12;

/// A sentence for each statement, in the order of the log.
pub fn statements(answer: &Value, texts: &Texts) -> String {
    let rows = rows(answer, "statements");
    if rows.is_empty() {
        return String::new();
    }
    let mut told = texts.text("cli-told-statements") + "\n";
    for row in rows {
        let word = |at| plain(row[at].as_str().unwrap_or_default());
        let kind = word("kind");
        let standing = word("standing");
        let party = match row["signed_by"].as_str() {
            Some(name) => plain(name),
            None => word("party"),
        };
        let key: String = word("key").chars().take(KEY).chain(['…']).collect();
        let received = texts.date_time(row["received"].as_i64().unwrap_or(i64::MAX));
        let line = texts.text_with(
            "cli-told-statement",
            &[
                ("place", row["index"].to_string().into()),
                ("kind", texts.label("kind-", &kind).unwrap_or(kind).into()),
                ("party", party.into()),
                ("key", key.into()),
                ("received", received.into()),
                (
                    "standing",
                    texts
                        .label("cli-standing-", &standing)
                        .unwrap_or(standing)
                        .into(),
                ),
            ],
        );
        told.push_str(&sentence(&line));
        if let Some(as_of) = row["key_revoked_as_of"].as_u64() {
            let place = as_of.to_string();
            let revoked = texts.text_with("cli-told-key-revoked", &[("place", place.into())]);
            told.push(' ');
            told.push_str(&sentence(&revoked));
        }
        told.push('\n');
    }
    told
}

/// What each statement about the subject says, field by field.
pub fn said(answer: &Value, texts: &Texts) -> String {
    let statements = rows(answer, "said").chunk_by(|one, next| one["index"] == next["index"]);
    let told = statements.map(|fields| {
        let place = fields[0]["index"].to_string();
        let title = texts.text_with("cli-told-said", &[("place", place.into())]);
        let lines = fields.iter().map(|row| {
            let field = row["field"].as_str().unwrap_or_default();
            let name = texts.label("cli-told-field-", field);
            let name = name.unwrap_or_else(|| texts.field(field));
            let value = value(field, &row["value"], texts);
            vec![Cell::Text(name), Cell::Text(value)]
        });
        let lines: Vec<_> = lines.collect();
        sentence(&title).into_owned() + "\n" + &columns(&lines)
    });
    told.collect::<Vec<_>>().join("\n")
}

/// A value in words, as the pages have it.
fn value(field: &str, value: &Value, texts: &Texts) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| self::value(field, item, texts))
                .collect();
            items.join(", ")
        }
        Value::Bool(true) => texts.text("answer-yes"),
        Value::Bool(false) => texts.text("answer-no"),
        Value::Number(number) if matches!(field, "from" | "until") => {
            texts.date_time(number.as_i64().unwrap_or(i64::MAX))
        }
        Value::Number(number) => match number.as_u64() {
            Some(number) => texts.number(number),
            None => number.to_string(),
        },
        // The names of fields whose cell was there and empty.
        Value::String(code) if field == "blank" => texts.field(code),
        Value::String(code) if field == "date" => code
            .parse()
            .map_or_else(|_| code.clone(), |date: Date| texts.date(date)),
        Value::String(code) => texts.term(field, code),
        other => other.to_string(),
    }
}

fn rows<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer[name].as_array().map_or(&[], Vec::as_slice)
}
