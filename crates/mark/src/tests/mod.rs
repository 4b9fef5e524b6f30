//! What the tests of several modules share.

pub(crate) mod invented;
pub(crate) mod recorded;
