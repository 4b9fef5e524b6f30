//! The term language: what was promised, in words that everybody reads and everybody computes.
//!
//! [`ast`] is an instrument as data, [`name`] and [`duration`] what it is made of. The grammar and
//! the meaning of each word are in the decision notes.

pub mod ast;
pub mod duration;
pub mod name;
mod word;

pub use duration::Duration;
