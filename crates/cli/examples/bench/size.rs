//! Starting a node with a million statements, and the memory that it takes.

use anyhow::{Result, ensure};
use ensign_trust::logbook::LogName;
use sha2::{Digest as _, Sha256};

use crate::authors::Authors;
use crate::child;
use crate::measure::{ROUNDS, Spread};
use crate::place::{self, SEED};
use crate::report::{Duty, Report, Target};

const STATEMENTS: u64 = 1_000_000;
/// Large, since this is no measurement yet.
const BATCH: usize = 4096;

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let recipe = format!("{STATEMENTS} notes in batches of {BATCH}, seed {SEED}, format 1");
    let folder = place::kept("size", &recipe, |node| {
        let mut authors = Authors::found(&node, 0)?;
        while authors.signed() < STATEMENTS {
            node.append(LogName::Public, authors.notes(BATCH)?)?;
        }
        Ok(())
    })?;
    let checkpoint = std::fs::read(folder.join("log/public/checkpoint"))?;
    report.data(
        "a log whose checkpoint this is the digest of",
        SEED,
        Sha256::digest(checkpoint).into(),
    );
    let opened: Vec<_> = (0..ROUNDS)
        .map(|_| child::start("open", &[&folder]))
        .collect::<Result<_>>()?;
    for answer in &opened {
        let entries = child::figure(answer, "entries")?;
        ensure!(
            entries >= STATEMENTS as f64,
            "the log has {entries} entries"
        );
    }
    let spread = |name| -> Result<Spread> {
        let figures: Result<Vec<f64>> = opened
            .iter()
            .map(|answer| child::figure(answer, name))
            .collect();
        Ok(Spread::of(figures?))
    };
    let (start, opened_at) = (spread("wall")?, spread("opened")?.median);
    report.note(&format!("{opened_at:.1} MB resident right after the start"));
    report.figure("start", "s", start, Target::Below(0.3), Duty::Must);
    report.figure(
        "resident",
        "MB",
        spread("peak")?,
        Target::Below(200.0),
        Duty::Must,
    );
    Ok(())
}
