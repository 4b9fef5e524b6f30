//! `ensign mirror`: a node's public log, served on loopback and copied from scratch, beside the strict
//! audit of the same log where it lies.
//!
//! A copy must be fetched and flushed and is audited by the same code. Server and copy share the
//! processors here.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use ensign_node::folder::Folder;
use ensign_node::mirror::mirror;
use ensign_node::network::Internet;
use ensign_node::{Node, audit};
use ensign_trust::logbook::LogName;

use crate::authors::Authors;
use crate::measure::{ROUNDS, Rate, Spread, cores, timed};
use crate::place::{self, Place, SEED};
use crate::report::{Duty, Report};
use crate::serve::while_served;

const STATEMENTS: u64 = 200_000;
const BATCH: usize = 256;

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let place = Place::new()?;
    let node = place::found(&place.node())?;
    let mut authors = Authors::found(&node, 0)?;
    while authors.signed() < STATEMENTS {
        node.append(LogName::Public, authors.notes(BATCH)?)?;
    }
    let head = node.log(LogName::Public).head()?;
    let size = head.context("the log is empty")?.size;
    report.data(
        &format!("{size} entries of the public log"),
        SEED,
        authors.digest(),
    );
    let node = Arc::new(node);
    let served = Arc::clone(&node);
    let rounds = while_served(served, |address| {
        let address = format!("http://{address}/tlog");
        (0..ROUNDS)
            .map(|_| measure(&place, &node, &address, size))
            .collect::<Result<Vec<_>>>()
    })?;
    let cpu = Spread::of(rounds.iter().map(|(_, audit)| audit.cpu)).median;
    report.note(&format!("strict audit: {cpu:.1} µs of processor each"));
    report.rates(
        "from_scratch",
        &rounds,
        "strict audit of the node's folder",
        0.8,
        Duty::Aim,
    );
    Ok(())
}

/// One round: audit and mirror by turns.
fn measure(place: &Place, node: &Node, address: &str, size: u64) -> Result<(Rate, Rate)> {
    let options = audit::Options {
        screen: false,
        kek: None,
        cores: cores(),
    };
    let folder = Folder::at(place.node());
    let (audited, strict) = timed(|| audit::audit(&folder, None, options, &mut |_| ()));
    let audited = audited?;
    ensure!(audited.is_clean(), "the audit found {:?}", audited.findings);
    let to = place.join("copy");
    let internet = Internet::default();
    let (copied, ours) = timed(|| mirror(address, &to, None, &internet, cores(), &mut |_| ()));
    let copied = copied?;
    ensure!(
        copied.findings_total == 0,
        "the mirror found {:?}",
        copied.findings
    );
    let sizes = [audited.logs[0].size, copied.size, copied.added];
    ensure!(
        sizes == [size; 3],
        "of {size} entries {sizes:?} were judged"
    );
    let head = node.log(LogName::Public).head()?;
    let head = head.context("the log is empty")?;
    ensure!(
        std::fs::read(to.join("checkpoint"))? == head.checkpoint,
        "the copy is of another tree"
    );
    std::fs::remove_dir_all(&to)?;
    let entries = usize::try_from(size)?;
    // What the closed log adds to the audit's time is no part of this rate.
    let judged = audited.logs.iter().map(|log| log.size).sum::<u64>();
    Ok((ours.rate(entries), strict.rate(usize::try_from(judged)?)))
}
