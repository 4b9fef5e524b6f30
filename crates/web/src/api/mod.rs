//! The read API under `/api/v1`, described by the OpenAPI 3.1 document that it serves itself.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::party::Party;
use crate::answer::{Changes, Front, Incident, Incidents, Log, Source, Statement};
use crate::ask::{
    ChangesAsked, ChangesParameters, IncidentsAsked, IncidentsParameters, LogAsked, LogParameters,
    nothing,
};
use crate::fault::{Fault, Problem};
use crate::site::{Site, body};

mod emblems;
mod people;
mod promises;
mod register;
#[cfg(test)]
mod tests;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Ensign API",
        description = "What a node holds, as its pages show it. Nothing has to be believed: each \
            answer names the log and the size of it that it is true of, each statement its place \
            there, and the log itself is served under `/tlog` (c2sp.org/tlog-tiles). Errors are \
            problems (RFC 9457) whose type is a code.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/api/v1")),
    components(schemas(Problem)),
    modifiers(&Tokens),
)]
struct Description;

/// How programs show whom they act for.
struct Tokens;

impl utoipa::Modify for Tokens {
    fn modify(&self, description: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token of an account, made on its page"))
            .build();
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// What is read; its last route is the description of all.
pub(crate) fn router() -> Router<Site> {
    let text = serde_json::to_string(&description()).expect("the description is plain JSON");
    parts()
        .0
        .route(
            "/openapi.json",
            get(async move || body("application/json", text)),
        )
        .fallback(async || Fault::NoPage)
}

/// What describes all.
fn description() -> OpenApi {
    let mut description = parts().1;
    description.merge(judging_parts().1);
    description.merge(people_parts().1);
    description
}

/// Where something is sent to be judged.
pub(crate) fn judging() -> Router<Site> {
    judging_parts().0
}

/// What programs do for people.
pub(crate) fn people() -> Router<Site> {
    people_parts().0
}

fn people_parts() -> (Router<Site>, OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(people::submit))
        .routes(routes!(people::accounts))
        .routes(routes!(people::requests))
        .routes(routes!(people::request))
        .routes(routes!(people::closed))
        .split_for_parts()
}

fn judging_parts() -> (Router<Site>, OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(emblems::verify))
        .split_for_parts()
}

/// The routes that are read, and the document that describes them.
fn parts() -> (Router<Site>, OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(front))
        .routes(routes!(incidents))
        .routes(routes!(incident))
        .routes(routes!(source))
        .routes(routes!(changes))
        .routes(routes!(log))
        .routes(routes!(entry))
        .routes(routes!(party))
        .routes(routes!(register::assets))
        .routes(routes!(register::asset))
        .routes(routes!(register::emblems))
        .routes(routes!(register::emblem))
        .routes(routes!(register::authorities))
        .routes(routes!(promises::deadlines))
        .routes(routes!(promises::obligation))
        .routes(routes!(promises::accords))
        .routes(routes!(promises::accord))
        .routes(routes!(promises::matrix))
        .routes(routes!(promises::adoption))
        .routes(routes!(promises::attestation))
        .split_for_parts()
}

/// Tells a fault as a problem.
pub(crate) async fn tell(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let fault = response.extensions().get::<Fault>().cloned();
    match fault.or_else(|| Fault::of_status(response.status())) {
        Some(fault) => fault.problem(),
        None => response,
    }
}

/// A party with its keys, from where to where each counts, and its mandates
#[utoipa::path(
    get,
    path = "/parties/{id}",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = Party),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn party(
    State(site): State<Site>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.party(&id)?)))
        .await
}

/// An answer as JSON.
pub(crate) fn json(answer: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(answer).expect("an answer has no key that is not a text");
    body("application/json", bytes)
}

/// All incidents in a few numbers
#[utoipa::path(get, path = "/front", responses(
    (status = 200, body = Front),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
async fn front(State(site): State<Site>, headers: HeaderMap, uri: Uri) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.answer("api", &headers, |reader| Ok(json(&reader.front())))
        .await
}

/// Incidents, newest first
#[utoipa::path(get, path = "/incidents", params(IncidentsParameters), responses(
    (status = 200, body = Incidents),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
async fn incidents(
    State(site): State<Site>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Fault> {
    let asked = IncidentsAsked::read(&uri)?;
    site.answer("api", &headers, move |reader| {
        Ok(json(&reader.incidents(&asked)?))
    })
    .await
}

/// An incident by our id of it or by its source's own
#[utoipa::path(get, path = "/incidents/{id}", params(("id" = String, Path, description = "The id")), responses(
    (status = 200, body = Incident),
    (status = 300, body = Problem, content_type = "application/problem+json"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn incident(
    State(site): State<Site>,
    headers: HeaderMap,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.answer("api", &headers, move |reader| {
        Ok(json(&reader.incident(&id)?))
    })
    .await
}

/// A source with its imports
#[utoipa::path(get, path = "/sources/{source}", params(("source" = String, Path, description = "Its code")), responses(
    (status = 200, body = Source),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn source(
    State(site): State<Site>,
    headers: HeaderMap,
    Path(source): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.answer("api", &headers, move |reader| {
        Ok(json(&reader.source(&source)?))
    })
    .await
}

/// What a source changed later, newest first
#[utoipa::path(
    get,
    path = "/sources/{source}/changes",
    params(("source" = String, Path, description = "Its code"), ChangesParameters),
    responses(
        (status = 200, body = Changes),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn changes(
    State(site): State<Site>,
    headers: HeaderMap,
    Path(source): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let asked = ChangesAsked::read(&uri)?;
    site.answer("api", &headers, move |reader| {
        Ok(json(&reader.changes(&source, &asked)?))
    })
    .await
}

/// Entries of the public log, newest first
#[utoipa::path(get, path = "/log/public", params(LogParameters), responses(
    (status = 200, body = Log),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
async fn log(State(site): State<Site>, headers: HeaderMap, uri: Uri) -> Result<Response, Fault> {
    let asked = LogAsked::read(&uri)?;
    site.answer("api", &headers, move |reader| Ok(json(&reader.log(asked)?)))
        .await
}

/// An entry of the public log by its index or by the id of its statement
#[utoipa::path(get, path = "/log/entries/{id}", params(("id" = String, Path, description = "Index or id")), responses(
    (status = 200, body = Statement),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn entry(
    State(site): State<Site>,
    headers: HeaderMap,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.answer("api", &headers, move |reader| {
        let found = match id.parse() {
            Ok(index) => reader.entry_at(index),
            Err(_) => reader.entry_of(&id),
        };
        Ok(json(&found?))
    })
    .await
}
