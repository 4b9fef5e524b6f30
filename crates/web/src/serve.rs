//! Listening, and stopping when told to.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use ensign_node::Node;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::error::Error;
use crate::site::{Site, private_router, router};

/// How long a connection may take for the headers of a request, be idle before them, and be silent in
/// the middle of a body: who sends nothing holds no connection for ever, nor the end of the process.
const PATIENCE: Duration = Duration::from_secs(30);

/// Largest head of a request, in bytes: its line and all its headers.
const MAX_HEAD: usize = 32 * 1024;

/// Serves a node until `stop`: then no new connection is taken and those that are open are
/// answered to the end. `listen` is instead of the configured address; `ready` learns the address
/// once connections are taken, which matters where the port is 0.
///
/// # Errors
/// [`Error::NotLoopback`] where other machines could connect and no proxy is configured that speaks
/// TLS; [`Error::Listen`] where an address is taken or not this machine's.
pub async fn serve(
    node: Arc<Node>,
    listen: Option<SocketAddr>,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let web = &node.config().web;
    let (behind_proxy, metrics) = (web.behind_proxy, web.metrics);
    let public = listener(listen.unwrap_or(web.listen), behind_proxy).await?;
    let private = match metrics {
        Some(address) => Some(listener(address, behind_proxy).await?),
        None => None,
    };
    let site = Site::new(node, public.address.port());
    let (stopping, stopped) = watch::channel(());
    let public_router = router(site.clone());
    let serving = listen_on(public.listener, public_router, PATIENCE, stopped.clone());
    let beside = async {
        if let Some(it) = private {
            listen_on(it.listener, private_router(site), PATIENCE, stopped).await;
        }
    };
    let stop = async move {
        stop.await;
        drop(stopping);
    };
    ready(public.address);
    tokio::join!(serving, beside, stop);
    Ok(())
}

/// Serves a router alone until `stop`.
pub(crate) async fn serve_router(
    router: Router,
    listen: SocketAddr,
    behind_proxy: bool,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let it = listener(listen, behind_proxy).await?;
    let (stopping, stopped) = watch::channel(());
    let stop = async move {
        stop.await;
        drop(stopping);
    };
    ready(it.address);
    tokio::join!(listen_on(it.listener, router, PATIENCE, stopped), stop);
    Ok(())
}

struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

async fn listener(address: SocketAddr, behind_proxy: bool) -> Result<Listening, Error> {
    if !address.ip().is_loopback() && !behind_proxy {
        return Err(Error::NotLoopback { address });
    }
    let fault = |source| Error::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok(Listening { listener, address })
}

/// Answers connections until told to stop, and then those that are open to the end.
async fn listen_on(
    mut listener: TcpListener,
    router: Router,
    patience: Duration,
    mut stopped: watch::Receiver<()>,
) {
    let router = router.layer(RequestBodyTimeoutLayer::new(patience));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(MAX_HEAD);
    let open = GracefulShutdown::new();
    loop {
        let (stream, _) = tokio::select! {
            // Logs what fails, and goes on.
            accepted = Listener::accept(&mut listener) => accepted,
            // Nothing is ever sent: the wait ends when the sender is dropped.
            _ = stopped.changed() => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off is its client's affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    open.shutdown().await;
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::atomic::{AtomicU16, Ordering};

    use axum::body::Bytes;

    use super::*;
    use crate::testkit::Served;

    #[tokio::test]
    async fn it_answers_on_the_address_that_it_tells_and_stops_when_told() {
        let node = Served::empty().node;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = tokio::sync::oneshot::channel();
        let stopped = async { drop(stopped.await) };
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let serving = tokio::spawn(serve(node, listen, |it| tell.send(it).unwrap(), stopped));
        let address = told.await.unwrap();
        assert_ne!(address.port(), 0);
        let asking = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            stream.write_all(request).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let answer = asking.await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"),
            "{answer}"
        );
        stop.send(()).unwrap();
        serving.await.unwrap().unwrap();
        assert!(TcpStream::connect(address).is_err());
    }

    /// What a server with little patience answers to bytes that are no whole request.
    async fn answer_to(head: impl Into<Vec<u8>>) -> String {
        let router = Router::new()
            .route("/", axum::routing::get(async || "here"))
            .route("/", axum::routing::post(async |_: Bytes| "here"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stopping, stopped) = watch::channel(());
        let serving = tokio::spawn(listen_on(
            listener,
            router,
            Duration::from_millis(50),
            stopped,
        ));
        let head = head.into();
        let asking = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.write_all(&head).unwrap();
            let mut answer = String::new();
            let end = stream.read_to_string(&mut answer);
            assert!(end.is_ok(), "the connection is held: {end:?}");
            answer
        });
        let answer = asking.await.unwrap();
        drop(stopping);
        serving.await.unwrap();
        answer
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_headers_is_let_go() {
        for slow in [
            &b""[..],
            b"GET / HT",
            b"GET / HTTP/1.1\r\nhost: x\r\nslow: ",
        ] {
            assert!(!answer_to(slow).await.contains("here"));
        }
        let kept_alive = b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nho";
        assert!(answer_to(*kept_alive).await.contains("here"));
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_body_is_let_go() {
        let head = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n";
        for slow in ["", "a", "abc"] {
            let answer = answer_to(format!("{head}\r\n{slow}")).await;
            assert!(!answer.contains("here"), "{answer}");
        }
        let whole = format!("{head}connection: close\r\n\r\nabcd");
        assert!(answer_to(whole).await.contains("here"));
    }

    #[tokio::test]
    async fn headers_without_measure_are_refused() {
        // Exactly what is read, so that nothing unread resets the connection.
        let mut long = b"GET / HTTP/1.1\r\nhost: x\r\nlong: ".to_vec();
        long.resize(MAX_HEAD, b'x');
        let answer = answer_to(long).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }

    #[tokio::test]
    async fn other_machines_are_kept_out_and_a_taken_port_is_named() {
        let served = Served::empty();
        let ready = AtomicU16::new(0);
        let attempt = async |address: SocketAddr| {
            let note = |it: SocketAddr| ready.store(it.port(), Ordering::SeqCst);
            serve(Arc::clone(&served.node), Some(address), note, async {}).await
        };
        let open = attempt("0.0.0.0:0".parse().unwrap()).await;
        assert!(matches!(open, Err(Error::NotLoopback { .. })));
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let fault = attempt(taken.local_addr().unwrap()).await.unwrap_err();
        assert!(
            fault
                .to_string()
                .contains(&taken.local_addr().unwrap().to_string())
        );
        assert_eq!(
            ready.load(Ordering::SeqCst),
            0,
            "nobody was told that it is ready"
        );
    }
}
