//! Pages and API of a node with 100,000 incidents under an open load of 200 requests a second.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use anyhow::{Context as _, Result, ensure};
use ensign_node::Node;
use ensign_prove::source::record_id;
use ensign_share::who_ssa;
use ensign_trust::Code;
use tokio::sync::oneshot;

use crate::export;
use crate::load::{self, Connection, Route};
use crate::measure::{self, ROUNDS, Spread, quantile};
use crate::place::{self, Place, SEED};
use crate::report::{Duty, Report, Target};

const INCIDENTS: u64 = 100_000;
/// Requests a second.
const RATE: f64 = 200.0;
/// Requests in a round: all rounds together take 20 seconds.
const REQUESTS: usize = 800;
/// Milliseconds within which 99 of 100 requests are answered.
const P99: f64 = 20.0;

/// A route on which nothing is asked of the node but the size of its log: what is slow there is slow
/// for reasons of the machine.
const IDLE: [Route; 1] = [Route {
    name: "healthz",
    path: |_| "/healthz".to_owned(),
}];

/// What is read.
pub const ROUTES: [Route; 10] = [
    Route {
        name: "front",
        path: |_| "/en/".to_owned(),
    },
    Route {
        name: "front in Arabic",
        path: |_| "/ar/".to_owned(),
    },
    Route {
        name: "incidents",
        path: |_| "/en/incidents".to_owned(),
    },
    Route {
        name: "incidents, one filter",
        path: |at| format!("/en/incidents?country={}", export::country(at)),
    },
    Route {
        name: "incidents, three filters",
        path: |at| {
            let (country, year) = (export::country(at), 2018 + at % 7);
            let dates = format!("from={year}-01-01&until={year}-12-31");
            format!("/en/incidents?country={country}&certainty=confirmed&{dates}")
        },
    },
    Route {
        name: "incident",
        path: |at| format!("/en/incidents/{}", incident(at)),
    },
    Route {
        name: "source",
        path: |_| "/en/sources/who-ssa".to_owned(),
    },
    Route {
        name: "log",
        path: |_| "/en/log".to_owned(),
    },
    Route {
        name: "API front",
        path: |_| "/api/v1/front".to_owned(),
    },
    Route {
        name: "API incident",
        path: |at| format!("/api/v1/incidents/{}", incident(at)),
    },
];

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let node = Arc::new(place::open(&generated(report)?)?);
    while_served(node, |address| measure(report, address))
}

/// The folder of a node with the generated rows.
pub fn generated(report: &Report) -> Result<PathBuf> {
    let recipe = format!("{INCIDENTS} generated rows, seed {SEED}, format 1");
    let folder = place::kept("serve", &recipe, |node| {
        let place = Place::new()?;
        let file = place.join("generated.csv");
        export::write(&file, 0..INCIDENTS)?;
        node.import("who-ssa", &file, None, &mut |_| ())?;
        Ok(())
    })?;
    let place = Place::new()?;
    let digest = export::write(&place.join("generated.csv"), 0..INCIDENTS)?;
    report.data(&format!("{INCIDENTS} generated rows"), SEED, digest);

    Ok(folder)
}

/// Does something while a node is served on a free port of this machine.
pub fn while_served<T>(node: Arc<Node>, work: impl FnOnce(SocketAddr) -> Result<T>) -> Result<T> {
    let (tell, told) = mpsc::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = std::thread::spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let ready = move |address| tell.send(address).expect("the benchmark waits for it");
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let stopped = async { drop(stopped.await) };
        Ok(runtime.block_on(ensign_web::serve(node, listen, ready, stopped))?)
    });
    let address = told.recv().context("the server did not start")?;
    let done = work(address);
    drop(stop);
    serving.join().expect("serving does not panic")?;
    done
}

fn measure(report: &mut Report, address: SocketAddr) -> Result<()> {
    let front = Connection::plain(address)?.ask("/api/v1/front")?;
    let front: serde_json::Value = serde_json::from_slice(&front)?;
    let incidents = &front["incidents"];
    ensure!(
        *incidents == INCIDENTS,
        "the front shows {incidents} incidents"
    );
    load::send(address, &ROUTES, RATE, REQUESTS / 2)?;

    let mut times = vec![Vec::new(); ROUTES.len()];
    let (mut p99, mut idle, mut cpu, mut bytes) = (Vec::new(), Vec::new(), 0.0, 0);
    for _ in 0..ROUNDS {
        let (outcome, span) = measure::timed(|| load::send(address, &ROUTES, RATE, REQUESTS));
        let outcome = outcome?;
        let answered = outcome.times.concat();
        ensure!(
            answered.len() == REQUESTS,
            "{} requests were answered",
            answered.len()
        );
        p99.push(quantile(answered, 0.99));
        cpu += span.cpu - outcome.own_cpu;
        bytes += outcome.bytes;
        for (all, times) in times.iter_mut().zip(outcome.times) {
            all.extend(times);
        }
        let beside = load::send(address, &IDLE, RATE, REQUESTS / 4)?;
        idle.push(quantile(beside.times.concat(), 0.99));
    }
    let count = (ROUNDS * REQUESTS) as f64;
    report.note(&format!(
        "{count} requests at {RATE}/s: {:.2} ms of processor each, {:.0} bytes each",
        cpu * 1e3 / count,
        bytes as f64 / count
    ));
    for (route, times) in ROUTES.iter().zip(times) {
        let [half, most] = [0.5, 0.99].map(|part| quantile(times.clone(), part));
        report.note(&format!(
            "{:<24} p50 {half:>6.2} ms  p99 {most:>7.2} ms",
            route.name
        ));
    }
    let Spread {
        median,
        least,
        most,
    } = Spread::of(idle);
    report.note(&format!(
        "p99 of {} by turns: {median:.2} ms [{least:.2} to {most:.2}]",
        IDLE[0].name
    ));
    report.figure("p99", "ms", Spread::of(p99), Target::Below(P99), Duty::Aim);
    Ok(())
}

/// The id of an incident, far from that of the request before.
fn incident(at: u64) -> String {
    let id = export::id(at * 7919 % INCIDENTS);
    let code = |text: &str| Code::new(text).expect("a generated id is a code");
    record_id(&code(who_ssa::SOURCE), &code(&id)).to_string()
}
