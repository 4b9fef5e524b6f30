//! Listening, and stopping when told to.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use ensign_node::Node;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::error::Error;
use crate::site::{Site, private_router, router};

/// Serves a node until `stop`: then no new connection is taken and those that are open are
/// answered to the end. `listen` is instead of the configured address; `ready` learns the address
/// once connections are taken, which matters where the port is 0.
///
/// # Errors
/// [`Error::NotLoopback`] where other machines could connect and no proxy is configured that speaks
/// TLS; [`Error::Listen`] where an address is taken or not this machine's; [`Error::Serve`].
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
    let site = Site::new(node);
    let (stopping, stopped) = watch::channel(());
    let serving = listen_on(
        public.listener,
        public.address,
        router(site.clone()),
        stopped.clone(),
    );
    let beside = async {
        match private {
            Some(it) => listen_on(it.listener, it.address, private_router(site), stopped).await,
            None => Ok(()),
        }
    };
    let stop = async move {
        stop.await;
        drop(stopping);
        Ok(())
    };
    ready(public.address);
    tokio::try_join!(serving, beside, stop).map(drop)
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

async fn listen_on(
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    mut stopped: watch::Receiver<()>,
) -> Result<(), Error> {
    // Nothing is ever sent: the wait ends when the sender is dropped.
    let stop = async move { while stopped.changed().await.is_ok() {} };
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
    serving
        .await
        .map_err(|source| Error::Serve { address, source })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::atomic::{AtomicU16, Ordering};

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
