//! The public log as c2sp.org/tlog-tiles says: the checkpoint, tiles of hashes, bundles of entries.
//! The closed log is not here.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ensign_trust::log::tile::TilePath;
use ensign_trust::logbook::LogName;

use crate::fault::{Fault, internal};
use crate::site::{Site, body};

pub(crate) fn router() -> Router<Site> {
    Router::new()
        .route("/checkpoint", get(checkpoint))
        .route("/tile/{*path}", get(tile))
}

async fn checkpoint(State(site): State<Site>) -> Result<Response, Fault> {
    let head = site.blocking(|site| site.node().log(LogName::Public).head().map_err(internal));
    let head = head.await?.ok_or(Fault::NoPage)?;
    let fresh = [(header::CACHE_CONTROL, "public, max-age=2")];
    Ok((fresh, body("text/plain; charset=utf-8", head.checkpoint)).into_response())
}

async fn tile(State(site): State<Site>, Path(path): Path<String>) -> Result<Response, Fault> {
    let path: TilePath = format!("tile/{path}").parse().map_err(|_| Fault::NoPage)?;
    let found = site.blocking(move |site| {
        site.node()
            .log(LogName::Public)
            .resource(&path)
            .map_err(internal)
    });
    let found = found.await?.ok_or(Fault::NoPage)?;
    let immutable = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((immutable, body("application/octet-stream", found)).into_response())
}
