//! The stylesheet and the one script, inside the binary, under names that change with their content.

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
const SCRIPT: &str = include_str!("../assets/passkey.js");

/// Where the stylesheet is served.
pub(crate) fn stylesheet() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/assets/{}/style.css", style()));
    &PATH
}

/// Where the script is served that asks a browser for passkeys.
pub(crate) fn script() -> &'static str {
    static PATH: LazyLock<String> =
        LazyLock::new(|| format!("/assets/{}/passkey.js", digest(SCRIPT)));
    &PATH
}

/// What tells two versions of the pages apart: the program's version and the stylesheet's digest. No
/// page that has the script is kept.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> =
        LazyLock::new(|| format!("{}-{}", env!("CARGO_PKG_VERSION"), style()));
    &VERSION
}

pub(crate) fn router() -> Router<Site> {
    let style = |Path(asked): Path<String>| async move {
        answer(&asked, style(), "text/css; charset=utf-8", STYLE)
    };
    let script = |Path(asked): Path<String>| async move {
        let content_type = "text/javascript; charset=utf-8";
        answer(&asked, &digest(SCRIPT), content_type, SCRIPT)
    };
    Router::new()
        .route("/assets/{digest}/style.css", get(style))
        .route("/assets/{digest}/passkey.js", get(script))
}

fn answer(
    asked: &str,
    digest: &str,
    content_type: &'static str,
    text: &'static str,
) -> Result<Response, Fault> {
    if asked != digest {
        return Err(Fault::NoPage);
    }
    let immutable = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((immutable, body(content_type, text)).into_response())
}

fn style() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| digest(STYLE));
    &DIGEST
}

/// The first twelve digits of a text's SHA-256.
fn digest(text: &str) -> String {
    let digest = ensign_views::Digest::from_bytes(Sha256::digest(text).into());
    digest.to_string()[..12].to_owned()
}
