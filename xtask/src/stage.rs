//! One stage of the test run: what it found, how long it took.

use std::fmt;
use std::ops::AddAssign;
use std::time::Instant;

use anyhow::Result;

/// Tests that a runner has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    /// The counts in a closing line of cargo-nextest, `cargo test`, `node --test`, or one of the
    /// form `1 passed, 0 failed`; nothing for any other line. The closing line of `cargo test` is
    /// not indented: cargo-nextest repeats it, indented, for each test that failed.
    pub fn of_line(line: &str) -> Counts {
        let mut counts = Counts::default();
        let closes = line.starts_with("test result:");
        let line = line.trim();
        let numbered = closes
            || line.starts_with("Summary [")
            || line.split_once(" passed, ").is_some_and(|(head, tail)| {
                head.parse::<u64>().is_ok() && tail.contains(" failed")
            });
        let words: Vec<&str> = line
            .split(|it: char| !it.is_ascii_alphanumeric())
            .filter(|it| !it.is_empty())
            .collect();
        if numbered {
            for pair in words.windows(2) {
                if let Ok(number) = pair[0].parse() {
                    counts.add(pair[1], number);
                }
            }
        } else if line.starts_with(['ℹ', '#'])
            && let [word, number] = words[..]
            && let Ok(number) = number.parse()
        {
            counts.add(word, number);
        }
        counts
    }

    fn add(&mut self, word: &str, number: u64) {
        match word {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "timed" | "cancelled" => self.failed += number,
            "skipped" | "ignored" => self.skipped += number,
            _ => {}
        }
    }
}

/// The closing line that reads the same for every runner.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// How a stage ended.
pub enum Outcome {
    /// A check without tests of its own found nothing.
    Clean,
    /// Tests ran; the flag says whether the runner was content.
    Tests(Counts, bool),
    /// The suite could not run.
    NotRun(NotRun),
}

/// Why a suite did not run.
pub enum NotRun {
    /// Something is missing that could have been installed: a failure where everything must run.
    Missing(String),
    /// An installer failed three times, or there is no installer for it here.
    NotInstallable(String),
}

/// A stage that is over.
pub struct Stage {
    pub name: &'static str,
    pub seconds: f64,
    pub outcome: Result<Outcome>,
}

impl Stage {
    #[expect(
        clippy::disallowed_methods,
        reason = "seconds per stage are what is printed"
    )]
    pub fn run(name: &'static str, work: impl FnOnce() -> Result<Outcome>) -> Stage {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work();
        let seconds = start.elapsed().as_secs_f64();
        Stage {
            name,
            seconds,
            outcome,
        }
    }

    pub fn check(name: &'static str, work: impl FnOnce() -> Result<()>) -> Stage {
        Stage::run(name, || work().map(|()| Outcome::Clean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn closing_lines_of_all_runners_are_counted() {
        for (line, expected) in [
            (
                "     Summary [   0.011s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped",
                counts(11, 1, 2),
            ),
            (
                "     Summary [  61.002s] 3 tests run: 2 passed, 1 timed out, 0 skipped",
                counts(2, 1, 0),
            ),
            (
                "test result: FAILED. 3 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 0.00s",
                counts(3, 1, 4),
            ),
            ("ℹ pass 7", counts(7, 0, 0)),
            ("# skipped 2", counts(0, 0, 2)),
            ("ℹ cancelled 4", counts(0, 4, 0)),
            ("2 passed, 1 failed, 3 skipped", counts(2, 1, 3)),
        ] {
            assert_eq!(Counts::of_line(line), expected, "{line}");
        }
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "",
            "ok 3 - 5 passed the check",
            "ℹ tests 7",
            "PASS [ 0.1s] 4 failed a",
            "# fail safe",
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 8 filtered out",
        ] {
            assert_eq!(Counts::of_line(line), Counts::default(), "{line}");
        }
    }
}
