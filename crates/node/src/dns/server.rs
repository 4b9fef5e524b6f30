//! UDP and TCP on one address.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

use super::answer::{Transport, Zones};

/// Longest query that is looked at; a longer one is malformed.
const MAX_QUERY: usize = 2048;
/// Open connections; further ones wait.
const MAX_CONNECTIONS: usize = 256;
/// Questions in one connection, so that nobody keeps one for ever.
const MAX_QUESTIONS: usize = 1024;
/// How long a connection may take to send a question or to take an answer (RFC 7766 section 6.2.3).
const PATIENCE: Duration = Duration::from_secs(5);
/// Datagrams that one task answers before it lets others have their turn.
const TURN: usize = 64;
/// How often a free port for both protocols is looked for.
const ATTEMPTS: usize = 16;

/// How often what is served is looked at though nobody asks, so that nothing that was withdrawn is
/// kept for long.
const IDLE: Duration = Duration::from_secs(1);

/// What is to be served, asked for every question.
pub type Newest = Arc<dyn Fn() -> Arc<Zones> + Send + Sync>;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum ServeError {
    #[error("cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot go on serving on {address}")]
    Serve {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
}

/// Serves zones until `stop`, those that `newest` gives at each question; connections that are in the
/// middle of a question are then closed. `ready` learns the address once questions are taken,
/// which matters where the port is 0.
///
/// # Errors
/// [`ServeError::Listen`] where an address is taken or not this machine's; [`ServeError::Serve`].
pub async fn serve(
    listen: SocketAddr,
    newest: Newest,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let bound = bind(listen).await;
    let (tcp, udp) = bound.map_err(|source| ServeError::Listen {
        address: listen,
        source,
    })?;
    let fault = |source| ServeError::Serve {
        address: listen,
        source,
    };
    let address = tcp.local_addr().map_err(fault)?;
    let udp = Arc::new(udp);
    let mut tasks = JoinSet::new();
    for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
        tasks.spawn(datagrams(Arc::clone(&udp), Arc::clone(&newest)));
    }
    tasks.spawn(connections(tcp, Arc::clone(&newest)));
    tasks.spawn(async move {
        let mut second = interval(IDLE);
        loop {
            second.tick().await;
            drop(newest());
        }
    });
    ready(address);
    // Tasks end by themselves only where something failed; all are ended with the set.
    tokio::select! {
        () = stop => Ok(()),
        Some(Ok(ended)) = tasks.join_next() => ended.map_err(fault),
    }
}

async fn bind(listen: SocketAddr) -> std::io::Result<(TcpListener, UdpSocket)> {
    let mut attempt = 1;
    loop {
        let tcp = TcpListener::bind(listen).await?;
        match UdpSocket::bind(tcp.local_addr()?).await {
            Ok(udp) => return Ok((tcp, udp)),
            // A free port of TCP may be taken in UDP.
            Err(error) if listen.port() != 0 || attempt == ATTEMPTS => return Err(error),
            Err(_) => attempt += 1,
        }
    }
}

/// Answers datagrams. One that cannot be sent at once is lost, as datagrams are: whoever asked
/// asks again.
async fn datagrams(socket: Arc<UdpSocket>, newest: Newest) -> std::io::Result<()> {
    let mut query = vec![0; MAX_QUERY];
    let mut answer = Vec::with_capacity(super::MAX_UDP);
    loop {
        socket.readable().await?;
        for _ in 0..TURN {
            let (length, from) = match socket.try_recv_from(&mut query) {
                Ok(received) => received,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // What a network says about an earlier answer.
                Err(error) if is_passing(&error) => continue,
                Err(error) => return Err(error),
            };
            // Only now: a question counts from when it has come.
            if newest().answer(&query[..length], Transport::Udp, &mut answer) {
                let _ = socket.try_send_to(&answer, from);
            }
        }
    }
}

async fn connections(listener: TcpListener, newest: Newest) -> std::io::Result<()> {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        let place = Arc::clone(&room).acquire_owned().await;
        let place = place.expect("the semaphore is never closed");
        match listener.accept().await {
            Ok((stream, _)) => {
                let newest = Arc::clone(&newest);
                open.spawn(async move {
                    // A connection that breaks is the business of who made it.
                    let _ = converse(stream, newest).await;
                    drop(place);
                });
            }
            Err(error) if is_passing(&error) => {}
            // Out of descriptors: the next connection that ends makes room.
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "a connection was not taken");
                if open.join_next().await.is_none() {
                    return Err(error);
                }
            }
        }
        while open.try_join_next().is_some() {}
    }
}

/// Answers the questions of a connection, one after the other.
async fn converse(mut stream: TcpStream, newest: Newest) -> std::io::Result<()> {
    let mut query = [0; MAX_QUERY];
    let (mut answer, mut framed) = (Vec::new(), Vec::new());
    for _ in 0..MAX_QUESTIONS {
        let asked = timeout(PATIENCE, read(&mut stream, &mut query)).await;
        let Some(length) = asked.map_err(std::io::Error::from)?? else {
            return Ok(());
        };
        if !newest().answer(&query[..length], Transport::Tcp, &mut answer) {
            return Ok(());
        }
        let length = u16::try_from(answer.len()).expect("an answer is at most a message long");
        framed.clear();
        framed.extend(length.to_be_bytes());
        framed.extend(&answer);
        timeout(PATIENCE, stream.write_all(&framed)).await??;
    }
    Ok(())
}

/// Reads one message; none where the connection has ended, or the message is longer than any
/// question.
async fn read(stream: &mut TcpStream, query: &mut [u8]) -> std::io::Result<Option<usize>> {
    let mut length = [0; 2];
    match stream.read_exact(&mut length).await {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    };
    let length = usize::from(u16::from_be_bytes(length));
    let Some(query) = query.get_mut(..length) else {
        return Ok(None);
    };
    stream.read_exact(query).await?;
    Ok(Some(length))
}

fn is_passing(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::Interrupted
            | ErrorKind::NetworkUnreachable
    )
}
