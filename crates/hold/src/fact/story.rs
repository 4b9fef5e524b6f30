//! Statements of invented parties, for tests.

use std::collections::BTreeMap;

use ensign_trust::key::SigningKey;
use ensign_trust::{Code, Draft, PartyId, Realm, Statement};

/// 1 January 2027, 00:00 UTC.
pub(crate) const START: u64 = 1_798_761_600;

/// Seconds of an hour.
pub(crate) const HOUR: u64 = 3600;

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

pub(crate) fn party(seed: u8) -> PartyId {
    PartyId::from_bytes([seed; 32])
}

/// What a party says at a moment; no two statements are alike.
pub(crate) fn says(seed: u8, claimed: u64, nth: u64, write: impl FnOnce(&mut Draft)) -> Statement {
    let mut unique = [seed; 16];
    unique[..8].copy_from_slice(&nth.to_be_bytes());
    let mut draft = Draft {
        issuer: Some(party(seed)),
        subject: None,
        claimed,
        unique,
        kind: Code::literal("unset"),
        version: 1,
        realm: Realm::Real,
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    };
    write(&mut draft);
    draft
        .sign(&key(seed))
        .unwrap_or_else(|error| panic!("{error}"))
}
