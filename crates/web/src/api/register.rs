//! The register of assets, emblems and authorities over the API.

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

use crate::answer::register::{Asset, Assets, Authorities, Emblem, Emblems};
use crate::api::json;
use crate::ask::{
    AssetParameters, AssetsAsked, AuthoritiesAsked, AuthorityParameters, EmblemParameters,
    EmblemsAsked, ListParameters, When, WhenParameters,
};
use crate::fault::{Fault, Problem};
use crate::site::Site;

/// Assets with the answer for each, the last one registered first
#[utoipa::path(
    get,
    path = "/assets",
    params(AssetParameters, WhenParameters, ListParameters),
    responses(
        (status = 200, body = Assets),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn assets(State(site): State<Site>, uri: Uri) -> Result<Response, Fault> {
    let asked = AssetsAsked::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.assets(&asked)?)))
        .await
}

/// An asset with all that the log says about it; that there is none does not mean unprotected
#[utoipa::path(
    get,
    path = "/assets/{id}",
    params(("id" = String, Path, description = "Its id"), WhenParameters),
    responses(
        (status = 200, body = Asset),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn asset(
    State(site): State<Site>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let when = When::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.asset(&id, &when)?)))
        .await
}

/// Emblems, the last one first
#[utoipa::path(
    get,
    path = "/emblems",
    params(EmblemParameters, WhenParameters, ListParameters),
    responses(
        (status = 200, body = Emblems),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn emblems(State(site): State<Site>, uri: Uri) -> Result<Response, Fault> {
    let asked = EmblemsAsked::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.emblems(&asked)?)))
        .await
}

/// An emblem by the statement that issued it, with what leads to an authority
#[utoipa::path(
    get,
    path = "/emblems/{statement}",
    params(("statement" = String, Path, description = "Id of the statement"), WhenParameters),
    responses(
        (status = 200, body = Emblem),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn emblem(
    State(site): State<Site>,
    Path(statement): Path<String>,
    uri: Uri,
) -> Result<Response, Fault> {
    let when = When::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.emblem(&statement, &when)?)))
        .await
}

/// Recognitions of authorities, the last one first
#[utoipa::path(
    get,
    path = "/authorities",
    params(AuthorityParameters, WhenParameters, ListParameters),
    responses(
        (status = 200, body = Authorities),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn authorities(State(site): State<Site>, uri: Uri) -> Result<Response, Fault> {
    let asked = AuthoritiesAsked::read(&uri)?;
    site.answer_now(move |reader| Ok(json(&reader.authorities(&asked)?)))
        .await
}
