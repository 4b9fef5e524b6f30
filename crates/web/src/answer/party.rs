//! What is answered about parties and their keys.

use serde::Serialize;
use utoipa::ToSchema;

use super::AsOf;

/// A party with its keys and mandates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Party {
    /// What this is true of.
    pub(crate) as_of: AsOf,
    /// Its id.
    pub(crate) id: String,
    /// What it is called, unless that was erased.
    pub(crate) name: Option<String>,
    /// What it says it is.
    #[serde(rename = "type")]
    pub(crate) nature: String,
    /// Index of the statement that founded it.
    pub(crate) founded: u64,
    /// Whether it opened the log.
    pub(crate) root: bool,
    /// The keys that ever spoke for it, the first one first.
    pub(crate) keys: Vec<Key>,
    /// The mandates that it was ever granted, the first one first.
    pub(crate) mandates: Vec<Mandate>,
}

/// A key of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Key {
    /// Its id.
    pub(crate) key: String,
    /// `active`, `revoked`, `replaced`, or `fallen` with the key that added it.
    pub(crate) state: &'static str,
    /// Index of the statement that added it.
    pub(crate) added: u64,
    /// First index at which its statements no longer count; those before stand.
    pub(crate) revoked_as_of: Option<u64>,
    /// Code of why its party revoked it.
    pub(crate) reason: Option<String>,
    /// Index of the statement that ended it.
    pub(crate) ended: Option<u64>,
}

/// A mandate of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Mandate {
    /// The statement that granted it.
    pub(crate) mandate: String,
    /// The role.
    pub(crate) role: String,
    /// For what alone; everything the role covers where absent.
    pub(crate) scope: Option<String>,
    /// Index of the statement that granted it.
    pub(crate) granted: u64,
    /// First index at which it no longer counts.
    pub(crate) withdrawn: Option<u64>,
    /// The revoked key that signed it: then it never counted.
    pub(crate) key_revoked: Option<KeyRevoked>,
}

/// A revoked key on which a statement rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct KeyRevoked {
    /// The key.
    pub(crate) key: String,
    /// `statement`: it signed the statement itself. `mandate`: it signed a mandate of the statement's
    /// author, which has none without it.
    pub(crate) signed: &'static str,
    /// First index at which what it signed no longer counts.
    pub(crate) as_of: u64,
    /// Code of why its party revoked it; absent where it was replaced, or fell with another key.
    pub(crate) reason: Option<String>,
    /// Index of the statement that ended it.
    pub(crate) ended: u64,
}

/// What rests on revoked keys alone, so that nothing of it is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fallen {
    /// What was asked for.
    pub(crate) id: String,
    /// The first statement about it.
    pub(crate) index: u64,
    /// The key on which that rests.
    pub(crate) key: KeyRevoked,
}
