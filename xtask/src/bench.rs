//! Measurements, on a release build: `crates/cli/examples/bench/`.

use std::process::Command;

use anyhow::Result;

use crate::{shell, workspace};

/// Runs the benchmarks with these names, or all of them.
pub fn run(names: &[String]) -> Result<()> {
    let bench = [
        "run",
        "--release",
        "--quiet",
        "-p",
        "ensign",
        "--example",
        "bench",
        "--",
    ];
    shell::run(
        Command::new("cargo")
            .current_dir(workspace::root())
            .args(bench)
            .args(names),
    )
}
