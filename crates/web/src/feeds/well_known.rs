//! The emblem of this host, as it publishes it about itself: the files under `/.well-known/`, out of
//! what is public in the register. A host that bears none has no file.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ensign_mark::DomainName;
use ensign_mark::discovery::{CWT_PATH, JWS_PATH, document};
use ensign_mark::token::Dialect;

use crate::fault::{Fault, internal};
use crate::site::{Site, body};

pub(crate) fn router() -> Router<Site> {
    Router::new()
        .route(CWT_PATH, get(published))
        .route(JWS_PATH, get(published))
}

async fn published(
    State(site): State<Site>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Fault> {
    let dialect = match uri.path() {
        JWS_PATH => Dialect::Jws,
        _ => Dialect::Cwt,
    };
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    // The port is no part of the name.
    let name = host.and_then(|host| host.split(':').next()?.parse::<DomainName>().ok());
    let name = name.ok_or(Fault::NoPage)?;
    site.blocking(move |site| {
        let items = site.node().published(&name).map_err(internal)?;
        let items = items.ok_or(Fault::NoPage)?;
        let document = document(&items, dialect).ok_or(Fault::NoPage)?;
        let fresh = [(header::CACHE_CONTROL, "public, max-age=300")];
        Ok((fresh, body(document.content_type, document.body)).into_response())
    })
    .await
}
