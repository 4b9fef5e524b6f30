//! Which organisations a party recognises as authorities, for which emblems and kinds of asset.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `authority.recognised` | the party recognises an organisation, known by its root keys, under a law, from when until when | any known party |
//! | `authority.withdrawn` | it no longer does | the party that recognised it |
//!
//! | state of a recognition | entered by | left by |
//! |---|---|---|
//! | standing | `authority.recognised` | `authority.withdrawn`, or a recognition that supersedes it |
//! | ended | either of these | never |
//!
//! Root keys are rotated by a recognition with other keys that supersedes the one before.
//!
//! In scope: who recognises whom. Out of scope: whether an organisation stands by a root key
//! ([`commitment`](crate::commitment)), and whom a reader honours.

mod decide;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{Refusal, facts, need, recognise, withdraw};
pub use state::{Authorities, End, Ending, Recognition};
pub use statement::{Act, MAX_KEYS, Recognised, Withdrawn};
