//! The whole test run, in the order in which a fault is cheapest to find.

use std::process::Command;

use anyhow::{Result, bail};

use crate::stage::{Counts, NotRun, Outcome, Stage};
use crate::{browser, css, deps, i18n, install, licences, lines, peers, shell, skipped, workspace};

/// What a suite is that did not run for want of something that could have been installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Fails,
    IsPrinted,
}

/// Tests on the binary, by a runner that is not cargo's.
pub struct Suite {
    pub name: &'static str,
    pub run: fn() -> Result<Outcome>,
}

impl Missing {
    /// In CI everything must run.
    #[expect(
        clippy::disallowed_methods,
        reason = "CI=true is how a build machine says what it is"
    )]
    pub fn of_environment() -> Missing {
        match std::env::var("CI").as_deref() {
            Ok("true" | "1") => Missing::Fails,
            _ => Missing::IsPrinted,
        }
    }
}

/// Runs every stage, whatever the others found, and prints what each took and what did not run.
pub fn run(missing: Missing, install: bool) -> Result<()> {
    let mut stages = Vec::new();
    if install {
        stages.push(Stage::check("system packages", install::system_packages));
    }
    stages.extend([
        Stage::check("fmt", || {
            shell::run(cargo().args(["fmt", "--all", "--check"]))
        }),
        Stage::check("deps", deps::check),
        Stage::check("licences", licences::check),
        Stage::check("lines", lines::check),
        Stage::check("css", css::check),
        Stage::check("i18n", i18n::check),
        Stage::check("clippy", || {
            let lint = ["clippy", "--workspace", "--all-targets", "--quiet"];
            shell::run(cargo().args(lint).args(["--", "-D", "warnings"]))
        }),
        Stage::run("tests", || skipped::run(&mut tests())),
        Stage::run("skipped tests", skipped::reasons),
    ]);
    // By itself the binary has fewer features of its libraries than beside the tests.
    stages.push(Stage::check("binary alone", || {
        shell::run(cargo().args(["check", "--package", "ensign", "--quiet"]))
    }));
    stages.extend(on_the_binary(
        &[peers::SUITE, browser::SUITE],
        build_with_tests,
    ));
    if missing == Missing::Fails {
        stages.push(Stage::check("clean tree", clean_tree));
    }
    conclude(&stages, missing)
}

/// Runs one suite by itself; that it could not run is then a failure.
pub fn alone(suite: Suite) -> Result<()> {
    conclude(&on_the_binary(&[suite], build), Missing::Fails)
}

/// Builds the binary, then runs suites on it, never on one that an earlier build left.
fn on_the_binary(suites: &[Suite], build: fn() -> Result<()>) -> Vec<Stage> {
    let build = Stage::check("binary", build);
    let built = build.outcome.is_ok();
    let mut stages = vec![build];
    for suite in suites {
        stages.push(Stage::run(suite.name, || {
            if built {
                return (suite.run)();
            }
            let why = "the binary was not built".to_owned();
            Ok(Outcome::NotRun(NotRun::Missing(why)))
        }));
    }
    stages
}

/// Builds the binary in the profile of the tests.
fn build() -> Result<()> {
    shell::run(cargo().args(["build", "--package", "ensign", "--quiet"]))
}

/// The same beside the tests, which were built before: nothing is built twice.
pub fn build_with_tests() -> Result<()> {
    let beside = ["build", "--workspace", "--bin", "ensign", "--tests"];
    shell::run(cargo().args(beside).arg("--quiet"))
}

/// A test run changes nothing that is under version control: no lock file, no golden.
fn clean_tree() -> Result<()> {
    let mut status = Command::new("git");
    status
        .current_dir(workspace::root())
        .args(["status", "--porcelain"]);
    let changes = shell::output(&mut status)?;
    if !changes.is_empty() {
        print!("{changes}");
        bail!("the test run changed the work tree");
    }
    Ok(())
}

/// Every test of the workspace, by cargo-nextest where it is installed. Properties draw the same
/// cases on every machine; those who run the tests by themselves draw new ones each time.
pub fn tests() -> Command {
    let mut command = cargo();
    command.env("PROPTEST_RNG_SEED", "2026");
    if shell::answers("cargo-nextest", "--version") {
        command.args(["nextest", "run", "--workspace"]);
    } else {
        command.args(["test", "--workspace", "--no-fail-fast"]);
        command.args(["--lib", "--bins", "--tests"]);
    }
    command
}

fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root());
    command
}

fn conclude(stages: &[Stage], missing: Missing) -> Result<()> {
    let mut total = Counts::default();
    let mut failed = Vec::new();
    let mut not_run = Vec::new();
    println!();
    for stage in stages {
        let word = match &stage.outcome {
            Ok(Outcome::Clean) => "ok".to_owned(),
            Ok(Outcome::Tests(counts, content)) => {
                total += *counts;
                // A runner that ran nothing is content too.
                if *content && *counts != Counts::default() {
                    counts.to_string()
                } else {
                    failed.push(stage.name);
                    format!("failed: {counts}")
                }
            }
            Ok(Outcome::NotRun(reason)) => {
                let (NotRun::Missing(why) | NotRun::NotInstallable(why)) = reason;
                if missing == Missing::Fails && matches!(reason, NotRun::Missing(_)) {
                    failed.push(stage.name);
                }
                not_run.push(format!("not run: {}: {why}", stage.name));
                "not run".to_owned()
            }
            Err(error) => {
                failed.push(stage.name);
                format!("failed: {error:#}")
            }
        };
        println!("{:>16} {:>7.1} s  {word}", stage.name, stage.seconds);
    }
    println!();
    for line in &not_run {
        println!("{line}");
    }
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    println!("{total}");
    if failed.is_empty() {
        return Ok(());
    }
    bail!("{} of {} stages failed", failed.len(), stages.len())
}
