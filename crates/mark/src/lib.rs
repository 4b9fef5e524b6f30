//! Protected assets, digital emblems and the offline register.
//!
//! | module | what |
//! |---|---|
//! | [`key`] | keys that sign emblem tokens, in their three forms, and their ids |
//! | [`name`], [`identifier`], [`purpose`], [`law`] | organisations, assets and which contains which, kinds of protection, rules of law |
//! | [`token`] | emblems and endorsements: written and read as CWT, read as JWS |
//! | [`relation`] | which token endorses which, and what an endorsement permits |
//! | [`encoding`] | what can be wrong with an encoding, and where |
//! | [`commitment`] | that an organisation stands by a key: certificates and Certificate Transparency, offline |
//! | [`discovery`] | what a name publishes about its emblem, in DNS and over HTTP |
//! | [`verify`] | a set of tokens under the protocol's rules: what holds, or the exact rule that failed |
//! | [`policy`] | whom a verifier honours, for what, on how much evidence; the answer in plain words |
//! | [`caution`] | what a reader should know of things that break no rule: look-alike names, wide networks, odd times |
//! | [`note`] | what stands beside every answer that is not "recognised" |
//! | [`bundle`] | tokens, keys and evidence in one file |
//! | [`paper`] | a bundle as text, for one QR code |
//! | [`given`] | text and files of somebody who verifies, sorted into tokens, keys, evidence and policy |
//! | [`asset`], [`authority`], [`emblem`] | what the log says: things registered, authorities recognised, emblems issued; the answer for an asset |
//! | [`moment`] | as of which size of the log, and at which time, a question is asked |
//!
//! Pure: no clock, no randomness, no file, no socket. Time is an argument.

pub mod asset;
pub mod authority;
pub mod bundle;
pub mod caution;
mod cbor;
pub mod commitment;
mod curve;
pub mod discovery;
pub mod emblem;
pub mod encoding;
mod field;
pub mod given;
pub mod identifier;
mod json;
pub mod key;
pub mod law;
pub mod moment;
pub mod name;
pub mod note;
pub mod paper;
mod pem;
pub mod policy;
mod punycode;
pub mod purpose;
pub mod relation;
#[cfg(test)]
mod tests;
pub mod token;
pub mod verify;

pub use identifier::Identifier;
pub use key::{EmblemKey, Kid};
pub use name::{DomainName, Organisation};
pub use purpose::{Purpose, Purposes};
pub use token::{Dialect, Emblem, Endorsement, Token};
