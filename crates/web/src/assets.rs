//! The stylesheet, inside the binary, under a name that changes with its content.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::site::{Site, body};

const STYLE: &str = include_str!("../assets/style.css");

/// Where the stylesheet is served.
pub(crate) fn stylesheet() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/assets/{}/style.css", digest()));
    &PATH
}

/// What tells two versions of the pages apart: the program's version and the stylesheet's digest.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> =
        LazyLock::new(|| format!("{}-{}", env!("CARGO_PKG_VERSION"), digest()));
    &VERSION
}

pub(crate) fn router() -> Router<Site> {
    Router::new().route("/assets/{digest}/style.css", get(style))
}

async fn style(Path(asked): Path<String>) -> Result<Response, Fault> {
    if asked != digest() {
        return Err(Fault::NoPage);
    }
    let immutable = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((immutable, body("text/css; charset=utf-8", STYLE)).into_response())
}

/// The first twelve digits of the stylesheet's SHA-256.
fn digest() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        let digest = ensign_views::Digest::from_bytes(Sha256::digest(STYLE).into());
        digest.to_string()[..12].to_owned()
    });
    &DIGEST
}
