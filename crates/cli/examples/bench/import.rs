//! Importing a published file into a new node, in a process of its own.

use std::path::Path;

use anyhow::{Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::child;
use crate::export;
use crate::measure::{ROUNDS, Spread};
use crate::place::{self, Place, SEED};
use crate::report::{Duty, Report, Target};

const PUBLISHED: &str = "who-ssa/ssa_2018_2024_raw.csv";
/// Rows of that file.
const PUBLISHED_ROWS: f64 = 6277.0;
const ROWS: u64 = 100_000;

/// What importing took.
struct Import {
    cpu: f64,
    rate: f64,
    peak: f64,
}

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    match place::published(PUBLISHED) {
        Some(file) => published(report, &file)?,
        None => report.note(&format!("{PUBLISHED} is not beside the workspace: skipped")),
    }
    let place = Place::new()?;
    let file = place.join("generated.csv");
    report.data(
        &format!("{ROWS} generated rows"),
        SEED,
        export::write(&file, 0..ROWS)?,
    );
    let imported = import(&file, ROWS as f64)?;
    let Import { cpu, rate, peak } = imported;
    report.note(&format!(
        "import.generated: {rate:.0} rows/s, {cpu:.2} s of processor"
    ));
    report.figure(
        "generated_peak",
        "MB",
        Spread::of([peak]),
        Target::Below(200.0),
        Duty::Aim,
    );
    Ok(())
}

fn published(report: &mut Report, file: &Path) -> Result<()> {
    let digest = Sha256::digest(std::fs::read(file)?).into();
    report.data(
        &format!("the published file, {PUBLISHED_ROWS} rows"),
        0,
        digest,
    );
    let all: Vec<Import> = (0..ROUNDS)
        .map(|_| import(file, PUBLISHED_ROWS))
        .collect::<Result<_>>()?;
    let spread = |of: fn(&Import) -> f64| Spread::of(all.iter().map(of));
    let (rate, peak) = (spread(|it| it.rate).median, spread(|it| it.peak).most);
    report.note(&format!(
        "import.published: {rate:.0} rows/s, at most {peak:.0} MB"
    ));
    let cpu = spread(|it| it.cpu);
    report.figure(
        "published_cpu",
        "s of processor",
        cpu,
        Target::Below(2.0),
        Duty::Aim,
    );
    Ok(())
}

fn import(file: &Path, rows: f64) -> Result<Import> {
    let place = Place::new()?;
    let answer = child::start("import", &[&place.node(), file])?;
    let figure = |name| child::figure(&answer, name);
    for counted in ["rows", "added", "incidents"] {
        ensure!(
            figure(counted)? == rows,
            "of {rows} rows, {counted} are {}",
            figure(counted)?
        );
    }
    let rate = rows / figure("wall")?;
    Ok(Import {
        cpu: figure("cpu")?,
        rate,
        peak: figure("peak")?,
    })
}
