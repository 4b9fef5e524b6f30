//! Things that are protected: a network range, a domain, a place, a vehicle, a corridor.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `asset.registered` | a thing of this kind is protected, under this law, from when until when | any known party; one that supersedes another, the registrant |
//! | `asset.withdrawn` | its registrant no longer says so | the registrant |
//! | `asset.erased` | what the registration committed to was destroyed: the tombstone | the registrant |
//!
//! | state of an asset | entered by | left by |
//! |---|---|---|
//! | registered | the first `asset.registered` | `asset.withdrawn` |
//! | withdrawn | `asset.withdrawn` | never |
//!
//! Its identifier stands in the statement for good, or is a disclosure that can be destroyed; then
//! the log says no more than that a party registered something of this kind.
//!
//! What is registered is *declared*. It is *recognised* where an emblem of it leads to an authority
//! that somebody else recognises: [`Register::answer`]. That nothing is registered never means that
//! something is unprotected.
//!
//! Sources of protection: the Geneva Conventions of 1949 and their protocols, the Hague Convention
//! of 1954, customary law; which one applies is the registrant's word, as a code.
//!
//! In scope: identity, registration and the answer for an asset. Out of scope: geometry, importers,
//! look-ups at speed, and whether a law protects a thing.

mod also;
mod answer;
mod decide;
mod evidence;
mod former;
mod identity;
mod outcome;
#[cfg(test)]
mod properties;
mod set;
mod state;
mod statement;
#[cfg(test)]
pub(crate) mod story;
#[cfg(test)]
mod tests;

pub use also::MAX_ALSO;
pub use answer::{Answer, Ends, Honoured, Link, Recognised, Register};
pub use decide::{Refusal, Registration, facts, need, register, withdraw};
pub use former::Former;
pub use identity::{Identity, Kind, NotAKind, NotAnIdentity, Position, Unfit};
pub use outcome::{Outcome, Reason};
pub use set::Backer;
pub use state::{Asset, Assets, Version, Withdrawal};
pub use statement::{Act, Erased, Named, Registered, Withdrawn, asset_id};
