//! What others recorded, in `../shared/data` beside the project and never part of it.
//!
//! A test that finds it absent, or a tool, ends early and says so by [`skip`]: `cargo xtask test`
//! lists at its end what was skipped and why, so that no test passes in silence without its data.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The variable that names the file to which each skip adds a line.
pub const NOTES: &str = "ENSIGN_SKIPPED";

/// A recorded file or folder, by its path under `../shared/data`; skips where it is absent.
pub fn find(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // Without dots, where it can be told.
    let root = root.canonicalize().unwrap_or(root);
    let data = root.parent().unwrap_or(&root).join("shared/data");
    let found = data.join(path);
    if found.exists() {
        return Some(found);
    }
    // One reason for all that lies in a folder that is not there.
    let topmost = found.ancestors().take_while(|it| !it.exists()).last();
    skip(&format!(
        "{} is absent",
        topmost.unwrap_or(&found).display()
    ));
    None
}

/// The bytes of a recorded file; skips where it is absent.
///
/// # Panics
///
/// If it is there and cannot be read.
pub fn read(path: &str) -> Option<Vec<u8>> {
    let found = find(path)?;
    let bytes = std::fs::read(&found);
    Some(bytes.unwrap_or_else(|error| panic!("{}: {error}", found.display())))
}

/// Says that the test that runs ends early, and why.
///
/// # Panics
///
/// If [`NOTES`] names a file that cannot be written.
#[expect(
    clippy::disallowed_methods,
    reason = "the runner of the tests says where it reads what was skipped"
)]
pub fn skip(why: &str) {
    println!("skipped: {why}");
    let Some(notes) = std::env::var_os(NOTES) else {
        return;
    };
    let program = std::env::args().next().unwrap_or_default();
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&notes)
        .expect("the notes of what was skipped can be opened");
    // At once, because tests run beside each other.
    file.write_all(format!("{program} {test}\t{why}\n").as_bytes())
        .expect("the notes of what was skipped can be written");
}
