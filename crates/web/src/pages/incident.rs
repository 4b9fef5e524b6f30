//! The page of one incident: what was published, every statement, what changed, how to verify it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use ensign_share::who_ssa;

use crate::answer;
use crate::api::json;
use crate::ask::nothing;
use crate::fault::{Fault, internal};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::{Told, Words};
use crate::pages::{Asking, Form, html, see_other};
use crate::read::Reader;
use crate::site::{Site, body, file};
use crate::table;

#[derive(Template)]
#[template(path = "incident.html")]
struct Incident {
    w: Words,
    shell: Shell,
    title: String,
    incident: answer::Incident,
    fields: Vec<(String, Told)>,
    changes: Vec<ChangeLine>,
    /// The parties whose word it is that the publisher said so.
    importers: Vec<String>,
}

/// A line of what changed.
pub(crate) struct ChangeLine {
    pub(crate) change: answer::Change,
    /// The field in words; absent where it is about the record as a whole.
    pub(crate) field: Option<String>,
    pub(crate) was: Option<Told>,
    pub(crate) now: Option<Told>,
}

pub(crate) async fn incident(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    nothing(&asking.uri)?;
    let headers = asking.headers.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        let (id, form) = Form::split(&name);
        if form == Form::Proof {
            return proof(reader, id);
        }
        let incident = reader.incident(id)?;
        let canonical = format!("/{}/incidents/{}", asking.locale.code(), incident.row.id);
        match form {
            Form::Json => Ok(json(&incident)),
            Form::Csv => Ok(body(table::TYPE, table::incident(&incident))),
            Form::Calendar | Form::Cbor | Form::Emblem => Err(Fault::NoPage),
            Form::Html if id != incident.row.id => Ok(see_other(&canonical)),
            Form::Html | Form::Proof => {
                let stem = format!("/incidents/{}", incident.row.id);
                let shell = Shell::new(reader, asking.locale, Here::Incidents, asking.place())?;
                let mut page = html(&page(shell.with_forms(&stem), incident))?;
                let link = format!("<{canonical}>; rel=\"canonical\"");
                if let Ok(link) = HeaderValue::from_str(&link) {
                    page.headers_mut().insert(header::LINK, link);
                }
                Ok(page)
            }
        }
    })
    .await
}

/// The file that proves an incident without a network.
fn proof(reader: &Reader<'_>, id: &str) -> Result<Response, Fault> {
    let bundle = reader
        .node()
        .incident_bundle(id)
        .map_err(|error| match error {
            ensign_node::Error::NotFound { id } => Fault::NoIncident { id },
            ensign_node::Error::Views(ensign_views::Error::Ambiguous { id, records }) => {
                Fault::Ambiguous { id, records }
            }
            error => internal(error),
        });
    let (bundle, _) = bundle?;
    Ok(file(
        "application/octet-stream",
        &format!("{}.ensign", bundle.subject),
        bundle.encode(),
    ))
}

fn page(shell: Shell, incident: answer::Incident) -> Incident {
    let w = shell.words();
    let country = match (
        &incident.row.country,
        incident.fields.iter().find(is_country),
    ) {
        (None, Some(field)) => field
            .value
            .text
            .as_ref()
            .and_then(|text| text.words.clone()),
        _ => None,
    };
    let country = country.unwrap_or_else(|| w.country(incident.row.country.as_deref()));
    let date = w.day(&incident.row.date);
    let mut importers: Vec<String> = Vec::new();
    for run in &incident.runs {
        let name = run.author_name.as_ref().unwrap_or(&run.author);
        if !importers.contains(name) {
            importers.push(name.clone());
        }
    }
    let mut fields: Vec<&answer::Field> = incident.fields.iter().collect();
    fields.sort_by_key(|field| {
        who_ssa::COLUMNS
            .iter()
            .position(|it| it.field == field.field)
    });
    Incident {
        w,
        shell,
        title: w.text_with(
            "incident-title",
            &[("country", country.into()), ("date", date.into())],
        ),
        fields: fields
            .iter()
            .map(|it| (w.field(&it.field), w.told(&it.field, &it.value)))
            .collect(),
        changes: incident
            .changed
            .iter()
            .map(|it| ChangeLine::new(w, it))
            .collect(),
        importers,
        incident,
    }
}

fn is_country(field: &&answer::Field) -> bool {
    field.field == "country"
}

impl ChangeLine {
    pub(crate) fn new(w: Words, change: &answer::Change) -> Self {
        let field = change.field.as_deref().unwrap_or_default();
        let told = |value: &Option<answer::Value>| value.as_ref().map(|it| w.told(field, it));
        ChangeLine {
            field: change.field.as_deref().map(|field| w.field(field)),
            was: told(&change.was),
            now: told(&change.now),
            change: change.clone(),
        }
    }
}
