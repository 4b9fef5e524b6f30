//! Serving a node: pages, read API and the command socket, until a signal ends it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use ensign_node::clock::{SystemClock, SystemEntropy};
use ensign_node::network::Internet;
use ensign_node::{Failure, Node, demo as story, socket};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::filter::LevelFilter;

use crate::exit::{Exit, failure};
use crate::session;
use crate::talk::{self, Talk};

/// Serves the node in a folder.
pub fn serve(dir: &Path, listen: Option<SocketAddr>, talk: &mut Talk) -> Result<Exit, Failure> {
    let node = session::open(dir, talk)?;
    talk.end_stage();
    run(node, listen, talk)
}

/// Serves the invented story; tells it first where it is not there.
pub fn demo(dir: &Path, listen: Option<SocketAddr>, talk: &mut Talk) -> Result<Exit, Failure> {
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let node = story::open(dir, clock, entropy, &mut |step| talk.step(&step));
    let node = node.map_err(|error| Failure::from(&error))?;
    talk.end_stage();
    talk.say(&talk.texts().text("cli-invented"));
    run(node, listen, talk)
}

fn run(node: Node, listen: Option<SocketAddr>, talk: &Talk) -> Result<Exit, Failure> {
    program_log(talk.is_quiet());
    let node = Arc::new(node);
    let commands = socket::listen(Arc::clone(&node)).map_err(|error| Failure::from(&error))?;
    let (stop, stopped) = std::sync::mpsc::channel();
    let asking = {
        let node = Arc::clone(&node);
        std::thread::spawn(move || node.stay_witnessed(&Internet::default(), &stopped))
    };
    let served = until_stopped(talk, async |stop| {
        let ready = |address: SocketAddr| {
            // Whoever does not read the address can still use it.
            let _ = talk::print(format!("http://{address}/\n").as_bytes());
            talk.say(&talk.texts().text("cli-serving"));
        };
        let served = ensign_web::serve(node, listen, ready, stop).await;
        served.map_err(|error| not_served(&error))
    });
    drop(stop);
    // A witness that is being asked is waited for: what it cosigns is logged.
    asking.join().expect("asking witnesses does not panic");
    drop(commands);
    served
}

/// Runs a server until a signal to stop.
pub fn until_stopped(
    talk: &Talk,
    serve: impl AsyncFnOnce(std::pin::Pin<Box<dyn Future<Output = ()> + '_>>) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| system("start the server's threads", &error))?;
    let served = runtime.block_on(async {
        let mut interrupt = listen_for(SignalKind::interrupt())?;
        let mut terminate = listen_for(SignalKind::terminate())?;
        let stop = async {
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
            talk.say(&talk.texts().text("cli-stopping"));
        };
        serve(Box::pin(stop)).await
    });
    served.map(|()| Exit::Done)
}

fn listen_for(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| system("wait for signals", &error))
}

pub fn not_served(error: &ensign_web::Error) -> Failure {
    let unavailable = matches!(error, ensign_web::Error::Listen { .. });
    let hint = unavailable.then(|| "choose another address with `--listen`".to_owned());
    let message = crate::exit::chain(error);
    Failure {
        hint,
        unavailable,
        ..failure("node.not_serving", message)
    }
}

pub fn system(what: &str, error: &std::io::Error) -> Failure {
    failure("node.failed", format!("cannot {what}: {error}"))
}

/// The program log goes to standard error, as plain lines without colour.
pub fn program_log(quiet: bool) {
    let level = if quiet {
        LevelFilter::ERROR
    } else {
        LevelFilter::INFO
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_max_level(level)
        .init();
}
