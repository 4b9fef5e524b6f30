//! The page of one entry of the public log.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_trust::Coded;

use crate::answer;
use crate::api::json;
use crate::ask::nothing;
use crate::fault::Fault;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::site::{Site, body, file};
use crate::table;

#[derive(Template)]
#[template(path = "entry.html")]
struct Entry {
    w: Words,
    shell: Shell,
    statement: answer::Statement,
    /// The coded fields, those inside others under their path.
    fields: Vec<(String, String)>,
    /// Whether the subject is a record with a page of its own.
    is_record: bool,
}

pub(crate) async fn entry(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    nothing(&asking.uri)?;
    let headers = asking.headers.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        let (id, form) = Form::split(&name);
        let statement = match id.parse() {
            Ok(index) => reader.entry_at(index)?,
            Err(_) => reader.entry_of(id)?,
        };
        let index = statement.entry.index;
        match form {
            Form::Json => Ok(json(&statement)),
            Form::Csv => Ok(body(table::TYPE, table::entry(&statement))),
            Form::Cbor => {
                let name = format!("{}.cbor", statement.entry.id);
                Ok(file(
                    "application/cose; cose-type=\"cose-sign1\"",
                    &name,
                    reader.signed_bytes(index)?,
                ))
            }
            Form::Calendar | Form::Emblem | Form::Proof => Err(Fault::NoPage),
            Form::Html => {
                let shell = Shell::new(reader, asking.locale, Here::Log, asking.place())?;
                let mut fields = Vec::new();
                for (name, value) in &statement.body {
                    flatten(name.to_string(), value, &mut fields);
                }
                let subject = statement.entry.subject.as_deref();
                html(&Entry {
                    w: shell.words(),
                    shell: shell.with_forms(&format!("/log/{index}")),
                    is_record: subject.is_some_and(|it| it.starts_with("rec_")),
                    fields,
                    statement,
                })
            }
        }
    })
    .await
}

fn flatten(path: String, value: &Coded, fields: &mut Vec<(String, String)>) {
    match value {
        Coded::Map(entries) if !entries.is_empty() => {
            for (name, value) in entries {
                flatten(format!("{path}.{name}"), value, fields);
            }
        }
        Coded::Code(code) => fields.push((path, code.to_string())),
        other => {
            let text = serde_json::to_string(other).unwrap_or_default();
            fields.push((path, text.trim_matches('"').to_owned()));
        }
    }
}
