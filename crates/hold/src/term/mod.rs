//! The term language: what was promised, in words that everybody reads and everybody computes.
//!
//! [`ast`] is an instrument as data, [`name`] and [`duration`] what it is made of. The grammar and
//! the meaning of each word are in the decision notes.

pub mod ast;
pub mod canonical;
pub mod check;
pub mod duration;
mod format;
pub mod name;
pub mod parse;
#[cfg(test)]
pub(crate) mod tests;
mod word;

pub use canonical::{InstrumentDigest, Published};
pub use duration::Duration;
pub use format::format;
pub use parse::parse;
