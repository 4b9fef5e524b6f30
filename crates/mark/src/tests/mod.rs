//! What the tests of several modules share.

pub(crate) mod invented;
mod mutants;
pub(crate) mod recorded;
pub(crate) mod steps;
