//! A mirror over HTTP: the files of a log, at the addresses at which a node serves its own.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use ensign_node::Error as NodeError;
use ensign_node::mirror::ServedMirror;
use tower_http::limit::RequestBodyLimitLayer;

use crate::error::Error;
use crate::fault::{Fault, internal};
use crate::feeds::tlog::{checkpoint_answer, tile_answer, tile_path};
use crate::serve::serve_router;
use crate::site::{MAX_BODY, healthy, secured};

/// Serves a mirror until `stop`, as [`serve`](crate::serve()) serves a node: `/tlog/checkpoint`,
/// `/tlog/tile/` and `/healthz`.
///
/// # Errors
/// [`Error::NotLoopback`] where other machines could connect and `behind_proxy` does not say that a
/// proxy speaks TLS; [`Error::Listen`].
pub async fn serve_mirror(
    mirror: Arc<ServedMirror>,
    listen: SocketAddr,
    behind_proxy: bool,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    serve_router(router(mirror), listen, behind_proxy, ready, stop).await
}

fn router(mirror: Arc<ServedMirror>) -> Router {
    Router::new()
        .route("/tlog/checkpoint", get(checkpoint))
        .route("/tlog/tile/{*path}", get(tile))
        .route("/healthz", get(healthz))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(middleware::map_response(secured))
        .with_state(mirror)
}

async fn checkpoint(State(mirror): State<Arc<ServedMirror>>) -> Result<Response, Fault> {
    Ok(checkpoint_answer(read(move || mirror.checkpoint()).await?))
}

async fn tile(
    State(mirror): State<Arc<ServedMirror>>,
    Path(path): Path<String>,
) -> Result<Response, Fault> {
    let path = tile_path(&path)?;
    let found = read(move || mirror.resource(&path)).await?;
    Ok(tile_answer(found.ok_or(Fault::NoPage)?))
}

/// Says `ok` as long as the checkpoint can be read.
async fn healthz(State(mirror): State<Arc<ServedMirror>>) -> Result<Response, Fault> {
    read(move || mirror.checkpoint()).await?;
    Ok(healthy())
}

/// Reads where it does not hold up other requests.
async fn read<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NodeError> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await.map_err(internal)?;
    done.map_err(internal)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use axum::body::Body;
    use axum::http::{Method, Request, StatusCode};
    use ensign_trust::log::tile::tiles_of_size;
    use ensign_trust::logbook::LogName;

    use super::*;
    use crate::testkit::{Answered, Served, answered};

    /// The files of a log as a mirror holds them, without what only an earlier size needed.
    fn copied(node: &Path, to: &Path, size: u64, checkpoint: &[u8]) {
        for path in tiles_of_size(size) {
            let path = path.to_string();
            std::fs::create_dir_all(to.join(&path).parent().unwrap()).unwrap();
            std::fs::copy(node.join(&path), to.join(&path)).unwrap();
        }
        std::fs::write(to.join("checkpoint"), checkpoint).unwrap();
        std::fs::write(to.join("mirror.json"), "{}").unwrap();
    }

    struct Mirrored {
        served: Served,
        folder: tempfile::TempDir,
        size: u64,
    }

    impl Mirrored {
        fn story() -> Self {
            let served = Served::story();
            let folder = tempfile::tempdir().unwrap();
            let head = served.node.log(LogName::Public).head().unwrap().unwrap();
            let log = served.node.folder().log(LogName::Public);
            copied(&log, folder.path(), head.size, &head.checkpoint);
            Mirrored {
                served,
                folder,
                size: head.size,
            }
        }

        async fn ask(&self, method: Method, address: &str) -> Answered {
            let mirror = ServedMirror::open(self.folder.path()).unwrap();
            let request = Request::builder().method(method).uri(address);
            answered(
                router(Arc::new(mirror)),
                request.body(Body::empty()).unwrap(),
            )
            .await
        }

        async fn get(&self, address: &str) -> Answered {
            self.ask(Method::GET, address).await
        }
    }

    #[tokio::test]
    async fn a_mirror_answers_as_the_node_does() {
        let mirrored = Mirrored::story();
        let mut addresses = vec!["/tlog/checkpoint".to_owned(), "/healthz".to_owned()];
        addresses.extend(tiles_of_size(mirrored.size).map(|path| format!("/tlog/{path}")));
        for address in addresses {
            let (ours, nodes) = (
                mirrored.get(&address).await,
                mirrored.served.get(&address).await,
            );
            assert_eq!(ours.status, StatusCode::OK, "{address}");
            assert_eq!(ours.headers, nodes.headers, "{address}");
            assert_eq!(ours.bytes, nodes.bytes, "{address}");
        }
        for address in [
            "/tlog/tile/8/000",
            "/tlog/tile/0/999",
            "/en/",
            "/",
            "/tlog/mirror.json",
        ] {
            let answer = mirrored.get(address).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let answer = mirrored.ask(method, "/tlog/checkpoint").await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    }

    #[tokio::test]
    async fn a_narrower_file_is_cut_from_the_one_that_took_its_place() {
        let mirrored = Mirrored::story();
        let width = mirrored.size % 256;
        assert!(width > 1, "{}", mirrored.size);
        for kind in ["0", "entries"] {
            let index = mirrored.size / 256;
            let asked = |width| format!("/tlog/tile/{kind}/{index:03}.p/{width}");
            let widest = mirrored.get(&asked(width)).await.bytes;
            for width in 1..width {
                let narrower = mirrored.get(&asked(width)).await;
                assert_eq!(narrower.status, StatusCode::OK, "{kind} {width}");
                assert!(narrower.bytes.len() < widest.len());
                assert!(widest.starts_with(&narrower.bytes));
            }
        }
    }

    #[tokio::test]
    async fn what_lies_there_beyond_the_checkpoint_is_not_given() {
        let mirrored = Mirrored::story();
        let index = mirrored.size / 256;
        for kind in ["0", "entries"] {
            for name in [format!("{index:03}"), format!("{:03}", index + 1)] {
                let path = format!("tile/{kind}/{name}");
                std::fs::write(mirrored.folder.path().join(&path), "not audited").unwrap();
                let answer = mirrored.get(&format!("/tlog/{path}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }

    #[tokio::test]
    async fn a_damaged_mirror_says_so() {
        let mirrored = Mirrored::story();
        let path = tiles_of_size(mirrored.size).next().unwrap();
        std::fs::remove_file(mirrored.folder.path().join(path.to_string())).unwrap();
        let answer = mirrored.get(&format!("/tlog/{path}")).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let mirror = ServedMirror::open(mirrored.folder.path()).unwrap();
        std::fs::write(mirrored.folder.path().join("checkpoint"), "").unwrap();
        let request = Request::builder().uri("/healthz").body(Body::empty());
        let answer = answered(router(Arc::new(mirror)), request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(ServedMirror::open(mirrored.folder.path()).is_err());
        let elsewhere = mirrored.served.node.folder().log(LogName::Public);
        assert!(ServedMirror::open(&elsewhere).is_err());
    }
}
