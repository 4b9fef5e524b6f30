//! Measurements of the whole node: `cargo xtask bench [NAME...]`.
//!
//! Only ratios carry over to other machines, so that each figure stands beside a bound that was
//! measured in the same run, by turns with it, on the same data. What was done is compared before
//! how fast it was. Everything that is drawn comes from a seed that is printed.
//!
//! | file | measures |
//! |---|---|
//! | `hold` | the evaluator of obligations |
//! | `mark` | verifying emblems, and serving them in DNS (`dns`) |
//! | `ingest` | durable appending of statements that others signed |
//! | `audit` | `ensign verify`, strict and screened |
//! | `mirror` | copying a log from scratch, beside auditing it |
//! | `import` | a published file, the real one and a large one |
//! | `serve` | pages and API under load |
//! | `flood` | reading while somebody guesses passwords |
//! | `witness` | cosigning, beside a bare flush |
//! | `size` | starting and memory with a million statements |
//!
//! Folders are made under `target/bench`, on the disk that the build is on.

mod audit;
mod authors;
mod child;
mod dns;
mod endorsed;
mod export;
mod flood;
mod hold;
mod import;
mod ingest;
mod load;
mod mark;
mod measure;
mod mirror;
mod place;
mod report;
mod serve;
mod size;
mod witness;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::report::Report;

/// A name and what it measures.
type Bench = (&'static str, fn(&mut Report) -> Result<()>);

const BENCHES: [Bench; 10] = [
    ("ingest", ingest::run),
    ("audit", audit::run),
    ("mirror", mirror::run),
    ("import", import::run),
    ("hold", hold::run),
    ("mark", mark::run),
    ("serve", serve::run),
    ("flood", flood::run),
    ("witness", witness::run),
    ("size", size::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((first, task)) if first == child::FLAG => child::run(task).map(|()| true),
        _ => measure_all(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Says whether every figure that must be reached was.
fn measure_all(names: &[String]) -> Result<bool> {
    let known = |name: &String| BENCHES.iter().any(|(known, _)| known == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let names = BENCHES.map(|(name, _)| name).join(", ");
        bail!("there is no benchmark {unknown}: {names}");
    }
    let mut report = Report::begin()?;
    for (name, run) in BENCHES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            report.open(name)?;
            run(&mut report).with_context(|| format!("{name} could not be measured"))?;
        }
    }
    Ok(report.end())
}
