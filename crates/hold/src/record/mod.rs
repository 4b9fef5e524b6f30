//! What a party computed, so that results can be compared.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `status.recorded` | by these rules, from a log of this root, its author computed this record | any known party |
//!
//! | state of a comparison | entered by | left by |
//! |---|---|---|
//! | agreed | `status.recorded` | one with another digest for the same obligation, root and moment |
//! | contradicted | that one | never |
//!
//! A record is never a fact: it changes no status anywhere. Two that contradict each other are a
//! defect or a fork, and an alarm in both cases.
//!
//! In scope: who recorded what. Out of scope: the [record](crate::evaluate::record::StatusRecord)
//! itself.

mod decide;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{Refusal, need, record};
pub use state::{Comparison, Records};
pub use statement::Recorded;
