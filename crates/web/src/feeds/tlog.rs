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
    Ok(checkpoint_answer(head.checkpoint))
}

async fn tile(State(site): State<Site>, Path(path): Path<String>) -> Result<Response, Fault> {
    let path = tile_path(&path)?;
    let found = site.blocking(move |site| {
        site.node()
            .log(LogName::Public)
            .resource(&path)
            .map_err(internal)
    });
    Ok(tile_answer(found.await?.ok_or(Fault::NoPage)?))
}

/// What is asked for below `tile/`.
pub(crate) fn tile_path(path: &str) -> Result<TilePath, Fault> {
    format!("tile/{path}").parse().map_err(|_| Fault::NoPage)
}

/// A checkpoint, which the next one replaces.
pub(crate) fn checkpoint_answer(note: Vec<u8>) -> Response {
    let fresh = [(header::CACHE_CONTROL, "public, max-age=2")];
    (fresh, body("text/plain; charset=utf-8", note)).into_response()
}

/// A tile or a bundle, which never changes.
pub(crate) fn tile_answer(bytes: Vec<u8>) -> Response {
    let immutable = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (immutable, body("application/octet-stream", bytes)).into_response()
}
