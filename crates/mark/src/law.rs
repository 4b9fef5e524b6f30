//! Codes of the rules of law under which things are protected.
//!
//! The vocabulary is open: a statement may name a rule that is not among these, and every reader keeps
//! its code. Whoever states such a code is cautioned, because it may be a slip of the pen that stands in
//! the log for good.

use ensign_trust::Code;

/// The codes that have words here.
pub const KNOWN: [&str; 10] = [
    "ap-i",
    "ap-ii",
    "ap-iii",
    "customary",
    "gc-i",
    "gc-ii",
    "gc-iii",
    "gc-iv",
    "hague-1954",
    "movement",
];

/// Whether a code has words here.
pub fn is_known(law: &Code) -> bool {
    KNOWN.contains(&law.as_str())
}
