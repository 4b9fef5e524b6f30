//! Independent tools written in Python, against the running node and the vectors: `e2e/peers/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::stage::{NotRun, Outcome};
use crate::suite::Suite;
use crate::{shell, workspace};

pub const SUITE: Suite = Suite {
    name: "python peers",
    run,
};

/// Runs the peers' tests, or says why it cannot.
fn run() -> Result<Outcome> {
    let target = workspace::target()?;
    let binary = target.join("debug").join("ensign");
    let Some(python) = newest_python() else {
        let why = "they need Python 3.12 or newer, and none was found on PATH or under pyenv";
        return Ok(Outcome::NotRun(NotRun::NotInstallable(why.to_owned())));
    };
    let folder = workspace::root().join("e2e").join("peers");
    let environment = match install_packages(&python, &folder, &target) {
        Ok(environment) => environment,
        Err(error) => {
            let why = format!("the Python packages could not be installed: {error:#}");
            return Ok(Outcome::NotRun(NotRun::NotInstallable(why)));
        }
    };
    let (counts, content) = shell::run_tests(
        Command::new(environment.join("bin").join("python"))
            .current_dir(&folder)
            .arg("run.py")
            .env("ENSIGN_BIN", &binary),
    )?;
    Ok(Outcome::Tests(counts, content))
}

/// The first of the interpreters on PATH and under pyenv that the peers can use.
fn newest_python() -> Option<PathBuf> {
    let mut candidates: Vec<PathBuf> = ["python3", "python3.14", "python3.13", "python3.12"]
        .map(PathBuf::from)
        .into();
    if let Ok(root) = shell::output(Command::new("pyenv").arg("root")) {
        let versions = fs::read_dir(Path::new(root.trim()).join("versions"));
        let versions = versions.into_iter().flatten().flatten();
        candidates.extend(versions.map(|it| it.path().join("bin").join("python3")));
    }
    let recent = "import sys, venv; sys.exit(sys.version_info < (3, 12))";
    candidates
        .into_iter()
        .find(|it| shell::output(Command::new(it).args(["-c", recent])).is_ok())
}

/// An environment of its own inside the target folder, made once for each list of packages.
fn install_packages(python: &Path, folder: &Path, target: &Path) -> Result<PathBuf> {
    let list = folder.join("requirements.txt");
    let wanted = fs::read(&list).context("could not read e2e/peers/requirements.txt")?;
    let environment = target.join("peers");
    let installed = environment.join("installed.txt");
    if fs::read(&installed).is_ok_and(|it| it == wanted) {
        return Ok(environment);
    }
    shell::run(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(&environment),
    )?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-cache-dir",
        "--disable-pip-version-check",
    ];
    shell::run_three_times(
        Command::new(environment.join("bin").join("python"))
            .args(pip)
            .arg("--requirement")
            .arg(&list),
    )?;
    fs::write(&installed, wanted).context("could not note which Python packages are installed")?;
    Ok(environment)
}
