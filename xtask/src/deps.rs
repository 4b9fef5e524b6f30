//! Arrows between crates, and what pure crates must not reach.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{shell, workspace};

/// Which crates a crate may depend on. Dependencies of its tests are no arrows.
const ARROWS: [(&str, &[&str]); 10] = [
    ("trust", &[]),
    ("mark", &["trust"]),
    ("prove", &["trust"]),
    ("hold", &["trust"]),
    ("share", &["trust", "mark", "prove", "hold"]),
    ("store", &["trust"]),
    ("views", &["trust", "mark", "prove", "hold"]),
    (
        "node",
        &["trust", "mark", "prove", "hold", "share", "store", "views"],
    ),
    (
        "web",
        &[
            "trust", "mark", "prove", "hold", "share", "store", "views", "node",
        ],
    ),
    (
        "cli",
        &[
            "trust", "mark", "prove", "hold", "share", "store", "views", "node", "web",
        ],
    ),
];

/// Crates in which time and entropy are arguments and nothing is read or sent.
const PURE: [&str; 5] = ["trust", "mark", "prove", "hold", "share"];

/// Libraries that a pure crate must not reach, however far down.
const IMPURE_LIBRARIES: [&str; 18] = [
    "async_std",
    "axum",
    "chrono",
    "futures_executor",
    "getrandom",
    "hyper",
    "libsqlite3_sys",
    "mio",
    "object_store",
    "rand",
    "reqwest",
    "rusqlite",
    "rustls",
    "smol",
    "socket2",
    "tokio",
    "tower",
    "ureq",
];

/// What the code of a pure crate must not say outside its tests.
const IMPURE_WORDS: [&str; 11] = [
    "async fn",
    "std::env",
    "std::fs",
    "std::os",
    "std::process",
    "std::thread",
    "TcpListener",
    "TcpStream",
    "UdpSocket",
    "UnixStream",
    "io::stdin",
];

/// Fails on an arrow that [`ARROWS`] does not have, and on an impure dependency or call of a pure crate.
pub fn check() -> Result<()> {
    let mut faults = wrong_arrows(&workspace::metadata(false)?)?;
    for folder in PURE {
        faults.extend(impure_libraries(folder)?);
    }
    for path in workspace::files(&["rs"])? {
        if pure_source(&path) {
            faults.extend(impure_words(&path, &workspace::read(&path)?));
        }
    }
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} dependencies are against the design", faults.len());
    }
    Ok(())
}

fn wrong_arrows(metadata: &Value) -> Result<Vec<String>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    let mut faults = Vec::new();
    for package in packages {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let Some(folder) = crate_folder(Path::new(manifest)) else {
            continue;
        };
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == folder) else {
            faults.push(format!("crates/{folder} has no place among the arrows: an eleventh crate needs a decision note"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(path) = dependency["path"].as_str() else {
                continue;
            };
            if dependency["kind"] == "dev" {
                continue;
            }
            // What lies outside crates/, such as fuzz/bodies, uses all crates and is used by none.
            match crate_folder(&Path::new(path).join("Cargo.toml")) {
                Some(to) if allowed.contains(&to) => {}
                Some(to) => faults.push(format!("crates/{folder} must not depend on crates/{to}")),
                None => faults.push(format!("crates/{folder} must not depend on {path}")),
            }
        }
    }
    Ok(faults)
}

/// `trust` for `.../crates/trust/Cargo.toml`.
fn crate_folder(manifest: &Path) -> Option<&str> {
    let folder = manifest.parent()?;
    let inside = folder.parent()?.file_name()? == "crates";
    inside.then(|| folder.file_name()?.to_str()).flatten()
}

fn impure_libraries(folder: &str) -> Result<Vec<String>> {
    let package = format!("ensign-{folder}");
    // Resolved for this package alone, so that no other crate's features count.
    let tree = shell::output(Command::new("cargo").current_dir(workspace::root()).args([
        "tree",
        "--package",
        &package,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{lib}",
    ]))?;
    let reached: BTreeSet<&str> = tree.lines().filter_map(|it| it.split(' ').next()).collect();
    let fault = |library: &&str| {
        format!(
            "{package} is pure and must not reach {library}: see `cargo tree -p {package} -e normal -i {library}`"
        )
    };
    Ok(IMPURE_LIBRARIES
        .iter()
        .filter(|it| reached.contains(*it))
        .map(fault)
        .collect())
}

/// Whether `path` is code of a pure crate, not of its tests.
fn pure_source(path: &Path) -> bool {
    let pure = PURE
        .iter()
        .any(|it| path.starts_with(Path::new("crates").join(it).join("src")));
    let test = path
        .components()
        .any(|it| matches!(it.as_os_str().to_str(), Some("tests" | "tests.rs")));
    pure && !test
}

fn impure_words(path: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let code = text.lines().take_while(|it| *it != "#[cfg(test)]");
    for (index, line) in code.enumerate() {
        let line = line.split("//").next().unwrap_or_default();
        for word in IMPURE_WORDS {
            if line.contains(word) {
                faults.push(format!(
                    "{}:{}: `{word}` in a pure crate",
                    path.display(),
                    index + 1
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn arrow(from: &str, to: &str, kind: Value) -> Vec<String> {
        let metadata = json!({ "packages": [{
            "manifest_path": format!("/w/crates/{from}/Cargo.toml"),
            "dependencies": [{ "path": format!("/w/crates/{to}"), "kind": kind }],
        }]});
        wrong_arrows(&metadata).unwrap()
    }

    #[test]
    fn only_arrows_of_the_design_pass() {
        assert!(arrow("share", "prove", Value::Null).is_empty());
        assert!(arrow("cli", "trust", Value::Null).is_empty());
        for (from, to) in [
            ("prove", "hold"),
            ("trust", "store"),
            ("node", "web"),
            ("views", "store"),
            ("store", "prove"),
        ] {
            assert_eq!(
                arrow(from, to, Value::Null),
                [format!("crates/{from} must not depend on crates/{to}")]
            );
        }
    }

    #[test]
    fn a_dependency_of_the_build_is_an_arrow_and_one_of_tests_is_not() {
        assert_eq!(arrow("trust", "node", json!("build")).len(), 1);
        assert!(arrow("trust", "node", json!("dev")).is_empty());
    }

    #[test]
    fn an_eleventh_crate_is_noticed() {
        assert_eq!(arrow("extra", "trust", Value::Null).len(), 1);
    }

    #[test]
    fn no_crate_depends_on_what_lies_outside_the_crates() {
        let metadata = json!({ "packages": [
            {
                "manifest_path": "/w/crates/trust/Cargo.toml",
                "dependencies": [{ "path": "/w/fuzz/bodies", "kind": null }],
            },
            {
                "manifest_path": "/w/fuzz/bodies/Cargo.toml",
                "dependencies": [{ "path": "/w/crates/trust", "kind": null }],
            },
        ]});
        assert_eq!(
            wrong_arrows(&metadata).unwrap(),
            ["crates/trust must not depend on /w/fuzz/bodies"]
        );
    }

    #[test]
    fn impure_words_count_in_code_and_not_in_comments_or_tests() {
        let text = "//! no std::fs here\nuse std::fs;\n#[cfg(test)]\nmod tests { use std::env; }\n";
        let path = Path::new("crates/trust/src/lib.rs");
        assert_eq!(
            impure_words(path, text),
            ["crates/trust/src/lib.rs:2: `std::fs` in a pure crate"]
        );
        assert!(pure_source(path));
        assert!(!pure_source(Path::new("crates/trust/src/log/tests.rs")));
        assert!(!pure_source(Path::new("crates/node/src/lib.rs")));
    }
}
