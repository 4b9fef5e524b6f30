//! Browser tests: `e2e/` against the binary that was just built.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::stage::{NotRun, Outcome};
use crate::suite::Suite;
use crate::{install, shell, workspace};

/// Where Debian puts the browser.
pub const CHROMIUM: &str = "/usr/bin/chromium";

pub const SUITE: Suite = Suite {
    name: "browser tests",
    run,
};

/// Runs the browser tests, or says why it cannot.
fn run() -> Result<Outcome> {
    run_with(&[])
}

/// The same with more in the environment.
pub fn run_with(environment: &[(&str, &str)]) -> Result<Outcome> {
    let target = workspace::target()?;
    let binary = target.join("debug").join("ensign");
    for (present, what) in [
        (Path::new(CHROMIUM).exists(), "chromium"),
        (shell::answers("node", "--version"), "node"),
        (shell::answers("npm", "--version"), "npm"),
    ] {
        if !present {
            return Ok(Outcome::NotRun(absent(what)));
        }
    }
    let folder = workspace::root().join("e2e");
    if let Err(error) = install_packages(&folder, &target) {
        let why = format!("the npm packages could not be installed: {error:#}");
        return Ok(Outcome::NotRun(NotRun::NotInstallable(why)));
    }
    let (counts, content) = shell::run_tests(
        Command::new("node")
            .current_dir(&folder)
            .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
            .args(test_files(&folder)?)
            .env("ENSIGN_BIN", &binary)
            .env("ENSIGN_CHROMIUM", CHROMIUM)
            .envs(environment.iter().copied()),
    )?;
    Ok(Outcome::Tests(counts, content))
}

/// Where an installer ran, it has failed three times by now.
fn absent(what: &str) -> NotRun {
    if install::possible() {
        NotRun::NotInstallable(format!(
            "{what} is absent, and apt-get could not install it"
        ))
    } else {
        NotRun::Missing(format!("{what} is absent"))
    }
}

/// Named one by one: Node 20 does not expand patterns.
fn test_files(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).context("could not list e2e")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}

/// `npm ci`, once for each state of the lock file, with its cache inside the target folder.
fn install_packages(folder: &Path, target: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .context("could not read e2e/package-lock.json")?;
    let installed = folder.join("node_modules").join("installed-lock.json");
    if fs::read(&installed).is_ok_and(|it| it == lock) {
        return Ok(());
    }
    shell::run_three_times(
        Command::new("npm")
            .current_dir(folder)
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .env("npm_config_cache", target.join("npm")),
    )?;
    fs::write(&installed, lock).context("could not note what was installed in e2e/node_modules")
}
