//! Parties, their keys and their mandates: who may say what, as of each index of the log.
//!
//! | statement | effect | who may make it |
//! |---|---|---|
//! | `party.founded` | a party exists, with its first key | the key itself: a party's id is the id of this statement |
//! | `key.added` | a further key speaks for the party | the party |
//! | `key.rotated` | a key takes the place of the one that signs this | the party |
//! | `key.revoked` | nothing that the key signed at or after index `as_of` counts | the party |
//! | `mandate.granted` | a party may act in a role, in a scope, from one time until another | a root party |
//! | `mandate.withdrawn` | the mandate ends here | the party that granted it |
//!
//! A root party is the one that opened the log: the first statement of a public log founds it, the
//! second opens the log. A stranger decides by trust anchors which root parties to believe.
//!
//! What a revoked key did at or after that index falls with it: the keys that it added, the
//! mandates that it granted, and what others said under these. Revocations alone stand, whoever signed them, since they only take away. So
//! a party that wants to outlive the theft of a key adds a second one before, and keeps it elsewhere.
//!
//! Before and after are decided by log index, never by anybody's clock; only the dates inside a
//! mandate are compared with the time at which the node received a statement.
//!
//! In scope: keys and mandates as states, and the question whether a statement counts. Out of
//! scope: what a party is called (a disclosure), people's accounts, and what a kind means beyond
//! the [`Need`] that its crate states for it.

mod decide;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{Need, Refusal, Rule, need};
pub use state::{Ended, KeyEnd, KeyState, Mandate, Party, Registry};
pub use statement::{Act, Malformed};
