//! Developer tasks. `cargo xtask test` is the one that matters; the others are its parts.

mod bench;
mod bless;
mod browser;
mod css;
mod deps;
mod i18n;
mod install;
mod licences;
mod lines;
mod mutants;
mod peers;
mod shell;
mod skipped;
mod stage;
mod suite;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer tasks of Ensign")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure on a release build: all, or those named (ingest, audit, mirror, import, hold, mark, serve, flood, witness, size)
    Bench {
        /// Which to run
        names: Vec<String>,
    },
    /// Rewrite every golden file from what the code does now; review the difference before you commit it
    Bless,
    /// `test`, in which a suite that did not run is a failure (also what CI=true does)
    Ci,
    /// Refuse physical directions in stylesheets: pages are read from both sides
    Css,
    /// Refuse arrows between crates that the design does not have, and impure dependencies of pure crates
    Deps,
    /// Browser tests on the real binary
    E2e,
    /// Compare the translations: same keys, same arguments; list keys that nothing uses
    I18n,
    /// Refuse licences and sources of dependencies that deny.toml does not allow
    Licences,
    /// Refuse files above 800 lines, list those above 500
    Lines,
    /// Change the evaluator a little, a thousand times over, and list the changes that no test notices
    Mutants {
        /// Only files whose path has this in it
        part: Option<String>,
        /// Only changes that lived when this was done last
        #[arg(long)]
        again: bool,
        /// Only every so-manieth change, as a sample
        #[arg(long, default_value_t = 1)]
        every: usize,
        /// How many at a time
        #[arg(long, default_value_t = 1)]
        jobs: usize,
    },
    /// Independent tools written in Python, against the running node
    Peers,
    /// Everything: checks, unit tests, peers, browser; at the end what did not run, and why
    Test {
        /// Do not install missing system packages, even as root
        #[arg(long)]
        no_install: bool,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Bench { names } => bench::run(&names),
        Task::Bless => bless::run(),
        Task::Ci => suite::run(suite::Missing::Fails, true),
        Task::Css => css::check(),
        Task::Deps => deps::check(),
        Task::E2e => suite::alone(browser::SUITE),
        Task::I18n => i18n::check(),
        Task::Licences => licences::check(),
        Task::Lines => lines::check(),
        Task::Mutants {
            part,
            again,
            every,
            jobs,
        } => mutants::run(part.as_deref(), again, every, jobs),
        Task::Peers => suite::alone(peers::SUITE),
        Task::Test { no_install } => suite::run(suite::Missing::of_environment(), !no_install),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
