//! The document about threats names a test for each line, and each of these tests exists.

use std::fs;
use std::path::Path;

const THREATS: &str = include_str!("../../../../docs/threats.md");

/// All Rust source under a folder.
fn source(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            source(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_line_of_the_threats_names_a_test_that_there_is() {
    let mut all = String::new();
    source(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut all);
    let rows = THREATS.lines().filter(|line| line.starts_with("| "));
    let heads = [
        "| tries |",
        "| looks for |",
        "| does |",
        "| happens |",
        "| somebody hopes |",
    ];
    let rows: Vec<_> = rows
        .filter(|row| !heads.iter().any(|it| row.starts_with(it)))
        .collect();
    assert!(rows.len() > 30, "{} lines", rows.len());
    for row in rows {
        let shown = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let names: Vec<_> = shown.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test is named in {row}");
        for name in names {
            let test = format!("fn {name}(");
            assert!(
                all.contains(&test),
                "there is no test {name}, which is named in {row}"
            );
        }
    }
}
