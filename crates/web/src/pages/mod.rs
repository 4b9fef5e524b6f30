//! Pages: one view struct and one template of the same name each, in every language.
//!
//! `/{locale}/…` is a page, the same address with `.json` or `.csv` its data. A page is drawn from
//! the answer that the read API gives, so that the three always agree.

mod accord;
mod card;
mod deadlines;
mod entry;
mod fault;
mod front;
mod incident;
mod incidents;
mod log;
mod obligation;
mod party;
mod people;
mod promise;
mod propose;
mod register;
mod shell;
mod source;
mod taken;
mod telling;
#[cfg(test)]
mod tests;
mod verify;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::fault::{Fault, internal};
use crate::i18n::Locale;
use crate::read::log_size;
use crate::site::{Site, body};
pub use promise::promise_sentence;

pub(crate) fn router() -> Router<Site> {
    Router::new()
        .route("/", get(root))
        .route("/{locale}", get(language))
        .route("/{locale}/", get(front::front))
        .route("/{locale}/index.json", get(front::front))
        .route("/{locale}/index.csv", get(front::front))
        .route("/{locale}/incidents", get(incidents::incidents))
        .route("/{locale}/incidents.json", get(incidents::incidents))
        .route("/{locale}/incidents.csv", get(incidents::incidents))
        .route("/{locale}/incidents/{id}", get(incident::incident))
        .route("/{locale}/sources", get(language))
        .route("/{locale}/sources/{source}", get(source::source))
        .route("/{locale}/log", get(log::log))
        .route("/{locale}/log.json", get(log::log))
        .route("/{locale}/log.csv", get(log::log))
        .route("/{locale}/log/anchors.txt", get(log::anchors))
        .route("/{locale}/log/{index}", get(entry::entry))
        .route("/{locale}/parties/{id}", get(party::party))
        .route("/{locale}/assets", get(register::assets))
        .route("/{locale}/assets.json", get(register::assets))
        .route("/{locale}/assets.csv", get(register::assets))
        .route("/{locale}/assets/{id}", get(register::asset))
        .route("/{locale}/assets/{id}/card", get(card::card))
        .route("/{locale}/emblems", get(register::emblems))
        .route("/{locale}/emblems.json", get(register::emblems))
        .route("/{locale}/emblems.csv", get(register::emblems))
        .route("/{locale}/emblems/{id}", get(register::emblem))
        .route("/{locale}/authorities", get(register::authorities))
        .route("/{locale}/authorities.json", get(register::authorities))
        .route("/{locale}/authorities.csv", get(register::authorities))
        .route("/{locale}/authorities/{domain}", get(register::authority))
        .route("/{locale}/deadlines", get(deadlines::deadlines))
        .route("/{locale}/deadlines.json", get(deadlines::deadlines))
        .route("/{locale}/deadlines.csv", get(deadlines::deadlines))
        .route("/{locale}/deadlines.ics", get(deadlines::deadlines))
        .route("/{locale}/obligations/{id}", get(obligation::obligation))
        .route("/{locale}/accords", get(accord::accords))
        .route("/{locale}/accords.json", get(accord::accords))
        .route("/{locale}/accords.csv", get(accord::accords))
        .route("/{locale}/accords/{id}", get(accord::accord))
        .route("/{locale}/accords/{id}/adopt", get(propose::adopt))
        .route("/{locale}/accords/{id}/matrix", get(accord::matrix))
        .route("/{locale}/accords/{id}/matrix.json", get(accord::matrix))
        .route("/{locale}/accords/{id}/matrix.csv", get(accord::matrix))
        .route("/{locale}/attest", get(propose::attest))
        .route("/{locale}/verify", get(verify::form))
        .fallback(async || Fault::NoPage)
}

/// The page to which something is sent.
pub(crate) fn judging() -> Router<Site> {
    Router::new().route("/{locale}/verify", post(verify::judge))
}

/// The pages of people who have an account, and where one signs in.
pub(crate) fn people() -> Router<Site> {
    people::router()
}

/// In what form a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Deadlines as a calendar.
    Calendar,
    /// The signed bytes of an entry.
    Cbor,
    /// All rows as CSV.
    Csv,
    /// An emblem's tokens and keys.
    Emblem,
    /// The page.
    Html,
    /// The answer of the read API.
    Json,
    /// The proof of an incident, an asset or a duty.
    Proof,
}

/// What every page is asked: in which language, in which form, with which question.
pub(crate) struct Asking {
    pub(crate) locale: Locale,
    pub(crate) form: Form,
    pub(crate) headers: HeaderMap,
    pub(crate) uri: Uri,
    /// Whether it is only read.
    pub(crate) is_read: bool,
}

impl Form {
    const EXTENSIONS: [(&'static str, Form); 6] = [
        (".cbor", Form::Cbor),
        (".csv", Form::Csv),
        (".emblem", Form::Emblem),
        (".ensign", Form::Proof),
        (".ics", Form::Calendar),
        (".json", Form::Json),
    ];

    /// The name without its extension, and the form that the extension means.
    fn split(name: &str) -> (&str, Form) {
        let known = Form::EXTENSIONS.into_iter();
        let mut found = known.filter_map(|(end, form)| Some((name.strip_suffix(end)?, form)));
        found.next().unwrap_or((name, Form::Html))
    }
}

impl Asking {
    /// The address behind the language, with its question.
    pub(crate) fn place(&self) -> String {
        place(&self.uri)
    }
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        Ok(Asking {
            locale: locale_of(&parts.uri).ok_or(Fault::NoPage)?,
            form: Form::split(parts.uri.path()).1,
            headers: parts.headers.clone(),
            uri: parts.uri.clone(),
            is_read: parts.method.is_safe(),
        })
    }
}

/// A page as HTML.
pub(crate) fn html(page: &impl Template) -> Result<Response, Fault> {
    Ok(body(
        "text/html; charset=utf-8",
        page.render().map_err(internal)?,
    ))
}

/// Tells a fault as a page in the reader's language, or as a problem where data was asked for.
pub(crate) async fn tell(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (uri, accept) = (request.uri().clone(), accepted(request.headers()));
    let response = next.run(request).await;
    let fault = response.extensions().get::<Fault>().cloned();
    let Some(fault) = fault.or_else(|| Fault::of_status(response.status())) else {
        return response;
    };
    if matches!(
        Form::split(uri.path()).1,
        Form::Calendar | Form::Csv | Form::Json
    ) {
        return fault.problem();
    }
    let locale = locale_of(&uri).unwrap_or_else(|| Locale::negotiate(&accept));
    let page = site.blocking(move |site| {
        let size = log_size(site.node())?;
        let reader = site.reader(size);
        fault::page(
            reader.ok().as_ref(),
            site.node().realm(),
            locale,
            place(&uri),
            &fault,
        )
    });
    match page.await {
        Ok(page) => page,
        Err(fault) => fault.problem(),
    }
}

/// Leads to the reader's language.
async fn root(headers: HeaderMap) -> Response {
    let locale = Locale::negotiate(&accepted(&headers));
    let mut response = see_other(&format!("/{}/", locale.code()));
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// Leads from `/en` to `/en/`, and from `/en/sources` too: the overview names the sources.
async fn language(Path(locale): Path<String>) -> Result<Response, Fault> {
    let locale = Locale::from_path_segment(&locale).ok_or(Fault::NoPage)?;
    Ok(see_other(&format!("/{}/", locale.code())))
}

/// Leads to another address, which the program itself wrote.
pub(crate) fn see_other(place: &str) -> Response {
    let headers = [
        (header::LOCATION, place),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn accepted(headers: &HeaderMap) -> String {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().to_owned()
}

fn locale_of(uri: &Uri) -> Option<Locale> {
    Locale::from_path_segment(uri.path().split('/').nth(1)?)
}

fn place(uri: &Uri) -> String {
    let path = match locale_of(uri) {
        Some(locale) => uri
            .path()
            .trim_start_matches('/')
            .trim_start_matches(locale.code()),
        None => "/",
    };
    let path = if path.is_empty() { "/" } else { path };
    match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}
