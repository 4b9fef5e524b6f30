//! Promises over the API: what lapses next, how a duty came to its status, who is bound by what, and
//! what a party would state.

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

use crate::answer::promises::{Accord, Accords, Deadlines, Matrix, Obligation, Preview};
use crate::api::json;
use crate::ask::promises::{
    AdoptionAsked, AdoptionParameters, AttestationAsked, AttestationParameters, CellParameters,
    CellsAsked, DeadlineParameters, DeadlinesAsked,
};
use crate::ask::{When, WhenParameters};
use crate::fault::{Fault, Problem};
use crate::read::proposals::Previewed;
use crate::site::Site;

/// Duties in the order in which their time runs out
#[utoipa::path(
    get,
    path = "/deadlines",
    params(DeadlineParameters, WhenParameters),
    responses(
        (status = 200, body = Deadlines),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn deadlines(State(site): State<Site>, uri: Uri) -> Result<Response, Fault> {
    let asked = DeadlinesAsked::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.deadlines(&asked)?)))
        .await
}

/// How one duty came to its status, and what would follow
#[utoipa::path(
    get,
    path = "/obligations/{id}",
    params(("id" = String, Path, description = "Its id"), WhenParameters),
    responses(
        (status = 200, body = Obligation),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn obligation(
    State(site): State<Site>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let when = When::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.story(&id, &when)?.0)))
        .await
}

/// Texts that bind, in the order of the log
#[utoipa::path(
    get,
    path = "/accords",
    params(WhenParameters),
    responses(
        (status = 200, body = Accords),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn accords(State(site): State<Site>, uri: Uri) -> Result<Response, Fault> {
    let when = When::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.accords(&when)?)))
        .await
}

/// A text, who is bound by it, and what its duties have come to
#[utoipa::path(
    get,
    path = "/accords/{text}",
    params(("text" = String, Path, description = "Its digest or name"), WhenParameters),
    responses(
        (status = 200, body = Accord),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn accord(
    State(site): State<Site>,
    Path(text): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let when = When::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.accord(&text, &when)?)))
        .await
}

/// What of a text is in force between whom, with the reason
#[utoipa::path(
    get,
    path = "/accords/{text}/matrix",
    params(("text" = String, Path, description = "Its digest or name"), CellParameters, WhenParameters),
    responses(
        (status = 200, body = Matrix),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn matrix(
    State(site): State<Site>,
    Path(text): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let asked = CellsAsked::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.matrix(&text, &asked)?)))
        .await
}

/// What a party would state by adopting a text; nothing is stated
#[utoipa::path(
    get,
    path = "/accords/{text}/adoption",
    params(("text" = String, Path, description = "Its digest or name"), AdoptionParameters),
    responses(
        (status = 200, body = Preview),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn adoption(
    State(site): State<Site>,
    Path(text): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let asked = AdoptionAsked::read(&uri)?.unwrap_or_default();
    site.answer_now(move |reader| answer(reader.preview_adoption(&text, &asked)?))
        .await
}

/// What a party would attest of a week; nothing is stated
#[utoipa::path(
    get,
    path = "/attestation",
    params(AttestationParameters),
    responses(
        (status = 200, body = Preview),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn attestation(State(site): State<Site>, uri: Uri) -> Result<Response, Fault> {
    let asked = AttestationAsked::read(&uri)?.unwrap_or_default();
    site.answer_now(move |reader| answer(reader.preview_attestation(&asked)?))
        .await
}

fn answer(previewed: Previewed) -> Result<Response, Fault> {
    let preview = previewed.map_err(|refused| Fault::Refused {
        code: refused.code,
        says: refused.says,
    })?;
    Ok(json(&preview))
}
