//! Emblems in the log: keys, endorsements, issues, revocations, and misuse that is alleged.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `emblem.key_published` | a key signs emblems and endorsements for the party, with proof that it holds it | any known party |
//! | `emblem.endorsed` | an endorsement token, in clear | the party that published the key which signed it |
//! | `emblem.issued` | an asset bears an emblem, from when until when | the party that published its key; it counts where it registered the asset or bears it |
//! | `emblem.revoked` | an emblem, an endorsement or a key no longer counts | who issued or published it |
//! | `emblem.misuse_alleged` | an emblem or its asset was used otherwise | any known party |
//! | `emblem.misuse_withdrawn` | the party no longer alleges it | the party that alleged it |
//!
//! | state of a key, endorsement or emblem | entered by | left by |
//! |---|---|---|
//! | standing | its statement | `emblem.revoked`, or its time is over |
//! | revoked | `emblem.revoked` | never |
//!
//! The token of an emblem names its asset, so it is a disclosure, and the statement has its digest.
//! Where there is no token the statement is the emblem itself, and its digest is the statement's id.
//!
//! Misuse is alleged, never found: no word here says that it happened.
//!
//! In scope: what the log says about emblems. Out of scope: reading and verifying token sets
//! ([`token`](crate::token), `verify`), and what an asset's emblems amount to
//! ([`asset::Register`](crate::asset::Register)).

mod decide;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{Issue, Refusal, allege, endorse, facts, issue, need, publish, revoke, withdraw};
pub use state::{Allegation, Emblems, Endorsed, Issued, Key, Revocation};
pub use statement::{
    Act, Alleged, Endorsing, Issuing, Published, Revoked, Target, Withdrawn, proof_message,
};
