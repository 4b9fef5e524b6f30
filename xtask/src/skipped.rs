//! Tests that ended early for want of recorded data or of a tool, as they note it themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::stage::{Counts, NotRun, Outcome};
use crate::{install, shell, workspace};

/// Runs `tests`; those that ended early are counted as skipped.
pub fn run(tests: &mut Command) -> Result<Outcome> {
    let path = notes()?;
    // Notes are added to: none may be left of an earlier run.
    fs::write(&path, "").context("could not make the file of what was skipped")?;
    let (counts, content) = shell::run_tests(tests.env(ensign_recorded::NOTES, &path))?;
    let counts = without(counts, &fs::read_to_string(&path)?);
    Ok(Outcome::Tests(counts, content))
}

/// What was skipped in the last run, and why.
///
/// Recorded data has no installer. A tool has one: without it there is no excuse where everything must run.
pub fn reasons() -> Result<Outcome> {
    let notes = fs::read_to_string(notes()?).context("could not read what was skipped")?;
    if notes.is_empty() {
        return Ok(Outcome::Clean);
    }
    let why = told(&notes);
    let no_excuse = !shell::answers("dig", "-v") && !install::possible();
    Ok(Outcome::NotRun(match no_excuse {
        true => NotRun::Missing(why),
        false => NotRun::NotInstallable(why),
    }))
}

fn notes() -> Result<PathBuf> {
    Ok(workspace::target()?.join("skipped.txt"))
}

/// Test and reason, a line each; a test may have several lines.
fn lines(notes: &str) -> impl Iterator<Item = (&str, &str)> {
    notes.lines().filter_map(|it| it.split_once('\t'))
}

fn without(counts: Counts, notes: &str) -> Counts {
    let tests: BTreeSet<&str> = lines(notes).map(|(test, _)| test).collect();
    // A test that failed has noted what it skipped as well.
    let skipped = counts.passed.min(tests.len() as u64);
    Counts {
        passed: counts.passed - skipped,
        skipped: counts.skipped + skipped,
        ..counts
    }
}

fn told(notes: &str) -> String {
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (test, why) in lines(notes) {
        reasons.entry(why).or_default().insert(test);
    }
    let told = reasons
        .iter()
        .map(|(why, tests)| format!("{why} ({} tests)", tests.len()));
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str = "mark a\tno data\nmark b\tno data\nmark a\tno data\ncli a\tno dig\n";

    #[test]
    fn each_reason_is_told_once_with_its_tests() {
        assert_eq!(told(NOTES), "no data (2 tests); no dig (1 tests)");
    }

    #[test]
    fn who_ended_early_did_not_pass() {
        let counts = |passed, skipped| Counts {
            passed,
            failed: 1,
            skipped,
        };
        assert_eq!(without(counts(9, 1), NOTES), counts(6, 4));
        assert_eq!(without(counts(9, 1), ""), counts(9, 1));
    }
}
