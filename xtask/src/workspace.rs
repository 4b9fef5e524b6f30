//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// The folder of the workspace's Cargo.toml.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in a folder of the workspace")
}

/// Files of the work tree with one of `extensions`, relative to the root: tracked, or new and not ignored.
pub fn files(extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let list = shell::output(Command::new("git").current_dir(root()).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]))?;
    let mut files: Vec<PathBuf> = list
        .split('\0')
        .map(PathBuf::from)
        .filter(|path| {
            path.extension()
                .and_then(|it| it.to_str())
                .is_some_and(|it| extensions.contains(&it))
        })
        .filter(|path| root().join(path).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// Reads a file of [`files`].
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(root().join(path))
        .with_context(|| format!("could not read {}", path.display()))
}

/// `cargo metadata`, with or without the dependencies of the dependencies.
pub fn metadata(with_dependencies: bool) -> Result<Value> {
    let mut command = Command::new("cargo");
    command
        .current_dir(root())
        .args(["metadata", "--format-version", "1"]);
    if !with_dependencies {
        command.arg("--no-deps");
    }
    serde_json::from_str(&shell::output(&mut command)?).context("cargo metadata did not print JSON")
}

/// Where cargo builds, and where everything else goes that can be made again.
pub fn target() -> Result<PathBuf> {
    let metadata = metadata(false)?;
    let target = metadata["target_directory"].as_str();
    Ok(target
        .context("cargo metadata names no target folder")?
        .into())
}
