//! Emblems over the API.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use ensign_mark::given::{Given, told};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::emblem::Verification;
use crate::api::json;
use crate::ask::{moment, nothing};
use crate::fault::{Fault, Problem};
use crate::site::{MAX_SENT, Site};

/// What is to be verified. Nothing of it is kept; in memory stays for a while which endorsements of
/// organisations were right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToVerify {
    /// Tokens, keys, certificates, keys of logs, revocation lists, bundles: each as text, what is
    /// binary as hexadecimal or base64.
    #[schema(example = json!(["eyJ...", "{\"kty\":\"EC\",...}"]))]
    given: Vec<String>,
    /// The trust policy to judge by, in TOML. Without one every commitment must be proved.
    policy: Option<String>,
    /// The time judged, in Unix seconds or as RFC 3339 writes it; now where absent.
    #[schema(example = "2026-11-22T08:00:00Z")]
    at: Option<String>,
}

/// Verifies an emblem, step by step
#[utoipa::path(post, path = "/emblems/verify", request_body = ToVerify, responses(
    (status = 200, body = Verification),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn verify(
    State(site): State<Site>,
    uri: Uri,
    asked: Result<Json<ToVerify>, JsonRejection>,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    let Json(asked) = asked.map_err(|why| match why.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge { most: MAX_SENT },
        _ => Fault::Given {
            why: "the request is not JSON of the form described".to_owned(),
        },
    })?;
    let at = match asked.at.as_deref() {
        Some(at) => moment("at", at)?,
        None => site.node().clock().now(),
    };
    site.blocking(move |site| {
        let fault = |why| Fault::Given { why: told(&why) };
        let mut given = Given::default();
        given
            .read_policy(asked.policy.as_deref().unwrap_or_default())
            .map_err(fault)?;
        for text in &asked.given {
            given.add_text(text).map_err(fault)?;
        }
        if given.is_empty() {
            let why = "no token was given".to_owned();
            return Err(Fault::Given { why });
        }
        let judged = site.judge(&given, at).map_err(fault)?;
        let mut response = json(&Verification::new(&judged));
        let unkept = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, unkept);
        Ok(response)
    })
    .await
}
