//! The page of a party: its keys, from where to where each counts, and its mandates.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::answer;
use crate::api::json;
use crate::ask::nothing;
use crate::fault::Fault;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::site::{Site, body};
use crate::table;

#[derive(Template)]
#[template(path = "party.html")]
struct Party {
    w: Words,
    shell: Shell,
    party: answer::party::Party,
}

pub(crate) async fn party(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    nothing(&asking.uri)?;
    let headers = asking.headers.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        let (id, form) = Form::split(&name);
        let party = reader.party(id)?;
        match form {
            Form::Json => Ok(json(&party)),
            Form::Csv => Ok(body(table::TYPE, table::keys(&party))),
            Form::Calendar | Form::Cbor | Form::Emblem | Form::Proof => Err(Fault::NoPage),
            Form::Html => {
                let shell = Shell::new(reader, asking.locale, Here::Log, asking.place())?;
                html(&Party {
                    w: shell.words(),
                    shell: shell.with_forms(&format!("/parties/{id}")),
                    party,
                })
            }
        }
    })
    .await
}

impl Party {
    /// What the party is called, or its id where that was erased.
    fn title(&self) -> &str {
        self.party.name.as_deref().unwrap_or(&self.party.id)
    }
}
