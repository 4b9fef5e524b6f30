//! A witness over HTTP (c2sp.org/tlog-witness v1.0.0): checkpoints to be cosigned come in, and the
//! last one of each log goes out.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ensign_node::witness::{Answer, Witness};
use tower_http::limit::RequestBodyLimitLayer;

use crate::error::Error;
use crate::serve::serve_router;

/// Most bytes of a request: 63 hashes, and a checkpoint with a dozen cosignatures after quantum
/// computers' measure.
const MAX_REQUEST: usize = 64 * 1024;

/// Serves a witness until `stop`, as [`serve`](crate::serve()) serves a node.
///
/// # Errors
/// [`Error::NotLoopback`] where other machines could connect and `behind_proxy` does not say that a
/// proxy speaks TLS; [`Error::Listen`].
pub async fn serve_witness(
    witness: Arc<Witness>,
    listen: SocketAddr,
    behind_proxy: bool,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    serve_router(router(witness), listen, behind_proxy, ready, stop).await
}

fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(checkpoint))
        .route("/healthz", get(async || "ok\n"))
        .layer(RequestBodyLimitLayer::new(MAX_REQUEST))
        .with_state(witness)
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    answered(move || witness.add_checkpoint(&body)).await
}

async fn checkpoint(State(witness): State<Arc<Witness>>, Path(origin): Path<String>) -> Response {
    answered(move || witness.checkpoint(&origin)).await
}

/// Gives the answer of a thread that may wait for the disk.
async fn answered(answer: impl FnOnce() -> Answer + Send + 'static) -> Response {
    let Ok(answer) = tokio::task::spawn_blocking(answer).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, answer.media),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, answer.body).into_response()
}
