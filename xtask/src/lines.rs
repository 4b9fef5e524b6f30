//! Length of files: 500 lines are the aim, 800 the end.

use anyhow::{Result, bail};

use crate::workspace;

const AIM: usize = 500;
const LIMIT: usize = 800;

/// Lists files above the aim; fails on one above the limit.
pub fn check() -> Result<()> {
    let mut above = 0;
    for path in workspace::files(&["rs", "css", "ts", "mjs", "html", "py"])? {
        let count = workspace::read(&path)?.lines().count();
        if count > AIM {
            let word = if count > LIMIT { "too long" } else { "long" };
            println!("{}: {count} lines: {word}", path.display());
        }
        above += usize::from(count > LIMIT);
    }
    if above > 0 {
        bail!("{above} files are above {LIMIT} lines: split them by subject");
    }
    Ok(())
}
