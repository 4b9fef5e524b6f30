//! Reading while somebody guesses passwords at ten times the rate that a node takes, beside reading
//! the same node at rest.
//!
//! Reads and guesses come from the same machine and share its processors with the node. What of the
//! guesses was let through is counted: a round in which none was, or all, measures nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use ensign_node::Node;
use ensign_node::clock::{SystemClock, SystemEntropy};

use crate::load::{self, Connection};
use crate::measure::{self, ROUNDS, Spread};
use crate::report::{Duty, Report, Target};
use crate::serve::{self, ROUTES, while_served};

/// Attempts to sign in that a node looks at in a second, of all names together.
const QUOTA: f64 = 10.0;
/// Attempts a second.
const FLOOD: f64 = 10.0 * QUOTA;
/// Reads a second.
const RATE: f64 = 50.0;
/// Reads in a round.
const READS: usize = 400;
/// Connections over which the attempts come.
const GUESSERS: usize = 8;

/// How a flood was answered.
#[derive(Debug, Default)]
struct Answered {
    looked_at: AtomicUsize,
    refused: AtomicUsize,
}

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let folder = serve::generated(report)?;
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let node = Node::open(&folder, clock, entropy, &mut |_| ())?;
    while_served(Arc::new(node), |address| measure(report, address))
}

fn measure(report: &mut Report, address: SocketAddr) -> Result<()> {
    load::send(address, &ROUTES, RATE, READS / 2)?;
    let (mut idle, mut flooded, mut ratio) = (Vec::new(), Vec::new(), Vec::new());
    let answered = Answered::default();
    let mut refused_in = Vec::new();
    for _ in 0..ROUNDS {
        let p99 = |outcome: load::Outcome| -> Result<f64> {
            let times = outcome.times.concat();
            ensure!(times.len() == READS, "{} reads were answered", times.len());
            Ok(measure::quantile(times, 0.99))
        };
        let rest = p99(load::send(address, &ROUTES, RATE, READS)?)?;
        let before = answered.refused.load(Ordering::Relaxed);
        let loaded = while_flooded(address, &answered, || {
            p99(load::send(address, &ROUTES, RATE, READS)?)
        })?;
        refused_in.push(answered.refused.load(Ordering::Relaxed) - before);
        idle.push(rest);
        flooded.push(loaded);
        ratio.push(loaded / rest);
    }
    let looked_at = answered.looked_at.into_inner();
    let refused = answered.refused.into_inner();
    ensure!(
        looked_at > 0 && refused_in.iter().all(|refused| *refused > 0),
        "{looked_at} attempts were looked at, {refused_in:?} were refused"
    );
    let reads = 2 * ROUNDS * READS;
    report.note(&format!(
        "{reads} reads at {RATE}/s, all answered; {} attempts to sign in at {FLOOD}/s: {looked_at} looked \
         at, {refused} refused",
        looked_at + refused
    ));
    for (name, figures) in [("at rest", idle), ("flooded", flooded)] {
        let Spread {
            median,
            least,
            most,
        } = Spread::of(figures);
        report.note(&format!(
            "p99 of reading, {name}: {median:.2} ms [{least:.2} to {most:.2}]"
        ));
    }
    let found = Spread::of(ratio);
    report.figure("ratio", "times", found, Target::Below(2.0), Duty::Aim);
    Ok(())
}

/// Does something while others guess, each a name and a password of its own.
fn while_flooded<T>(
    address: SocketAddr,
    answered: &Answered,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let (over, next) = (AtomicBool::new(false), AtomicUsize::new(0));
    let begin = measure::now();
    let guess = || -> Result<()> {
        let mut connection = Connection::plain(address)?;
        while !over.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            measure::wait_until(begin + Duration::from_secs_f64(at as f64 / FLOOD));
            let form = format!("login=guess{at}&password=wrong{at}&code=000000");
            let headers = [
                ("sec-fetch-site", "same-origin"),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            let (status, _) = connection.post("/en/sign-in", &headers, form.as_bytes())?;
            match status {
                422 => answered.looked_at.fetch_add(1, Ordering::Relaxed),
                429 => answered.refused.fetch_add(1, Ordering::Relaxed),
                other => anyhow::bail!("an attempt to sign in was answered with {other}"),
            };
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let guessing: Vec<_> = (0..GUESSERS).map(|_| scope.spawn(guess)).collect();
        let done = work();
        over.store(true, Ordering::Relaxed);
        for guesser in guessing {
            guesser.join().expect("guessing does not panic")?;
        }
        done
    })
}
