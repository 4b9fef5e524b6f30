//! Finding the emblem of a name: what a name publishes about itself, and how it is published.
//!
//! | channel | file | standard |
//! |---|---|---|
//! | IHLE records, one CWT token or COSE_Key each | `answer`, `record` | draft-linker-diem-adem-dns-02; RFC 3597 |
//! | TXT records with JWS tokens and keys | `text` | draft-linker-diem-adem-dns-00 and its code; the draft of 2023 |
//! | files under `/.well-known/` | `document` | RFC 8615; Ensign's own |
//!
//! What a register says that names are to publish is in `deployment`.
//!
//! A verifier asks an ordinary question about the name, such as for its address, and reads the
//! emblem beside the answer: whoever watches cannot tell the one from the other. What is found is
//! a set of tokens and keys that prove nothing until they are verified; after that the name that
//! was asked for must be among the assets ([`marks`]).
//!
//! Records of another owner or class are ignored, and so is what cannot be a token or a key; each is
//! reported with the reason. DNSSEC is neither needed nor taken for trust.
//!
//! Out of scope: sending and receiving (the node's server and client), and whether tokens are true.

mod answer;
mod choice;
mod deployment;
mod document;
mod item;
mod record;
mod snippet;
#[cfg(test)]
mod tests;
mod text;

pub use answer::{Alias, AnswerError, Found, FoundItem, Ignored, Reason, Section, read_answer};
pub use choice::{Backing, Claim, choose};
pub use deployment::{
    Deployed, Deployment, Nothing, Opened, RootKey, Wanted, deployed, deployed_for,
};
pub use document::{
    CWT_PATH, Document, DocumentError, JWS_PATH, MAX_DOCUMENT, document, read_document,
};
pub use item::{Item, NotAnItem};
pub use record::{NotARecordType, Record, RecordType, records, wire_name, zone_lines};
pub use snippet::{apache, caddy, nginx};
pub use text::rdata as text_data;

use crate::identifier::Identifier;
use crate::name::DomainName;
use crate::token::Emblem;

/// Whether an emblem marks exactly the name that was asked for. In DNS a wildcard or an address
/// marks no name (draft-linker-diem-adem-dns-02).
pub fn marks(emblem: &Emblem, name: &DomainName) -> bool {
    let named = |asset: &Identifier| matches!(asset, Identifier::Domain(it) if it == name);
    emblem.assets.iter().any(named)
}
