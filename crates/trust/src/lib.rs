//! Keys, parties, mandates, statements, facts, the Merkle log, checkpoints, bundles and trust
//! anchors: all that a stranger needs in order to check a record without trusting anybody's
//! server.
//!
//! Pure: no clock, no randomness, no file, no socket. Time and entropy are arguments.

pub mod account;
pub mod anchor;
pub mod bundle;
pub mod cbor;
pub mod chain;
pub mod code;
pub mod contradiction;
pub mod disclosure;
pub mod fact;
pub mod id;
pub mod key;
pub mod log;
pub mod logbook;
pub mod party;
pub mod quorum;
pub mod realm;
pub mod statement;
pub mod tombstone;
pub mod witnessed;

pub use code::{Code, Coded};
pub use disclosure::Disclosure;
pub use fact::Fact;
pub use id::{AccountId, AssetId, IncidentId, KeyId, ObligationId, PartyId, RecordId, StatementId};
pub use realm::Realm;
pub use statement::{Draft, Statement};
