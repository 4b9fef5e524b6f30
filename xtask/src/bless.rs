//! Goldens: each test that compares with a file rewrites it when `ENSIGN_BLESS` is set.

use anyhow::{Result, bail};

use crate::stage::{NotRun, Outcome};
use crate::{browser, shell, suite};

/// Runs every test once with `ENSIGN_BLESS=1`, those of the browser too where there is one.
pub fn run() -> Result<()> {
    let (_, content) = shell::run_tests(suite::tests().env("ENSIGN_BLESS", "1"))?;
    suite::build_with_tests()?;
    let pages = match browser::run_with(&[("ENSIGN_BLESS", "1")])? {
        Outcome::NotRun(NotRun::Missing(why) | NotRun::NotInstallable(why)) => {
            println!("not rewritten: snapshots of pages: {why}");
            true
        }
        Outcome::Clean => true,
        Outcome::Tests(_, content) => content,
    };
    if !(content && pages) {
        bail!("some tests fail for another reason than their golden file");
    }
    println!("review what changed with `git diff` before you commit it");
    Ok(())
}
