//! Real sets of tokens and keys, signed by invented parties: an emblem, the endorsement of its key
//! by its organisation, and that of the organisation by an authority.

use ensign_mark::commitment::LogId;
use ensign_mark::discovery::Item;
use ensign_mark::key::Algorithm;
use ensign_mark::token::{Leaf, LogEntry, Unsigned, Validity};
use ensign_mark::{Dialect, Emblem, EmblemKey, Endorsement, Purposes, Token};
use ensign_trust::key::SigningKey;
use p521::ecdsa::signature::Signer as _;

/// What marks the host of all tests.
pub(crate) const HOST: &str = "www.hospital.example";

/// A set signed with Ed25519; it fits into a datagram.
pub(crate) fn ed25519() -> Vec<Item> {
    committed(1)
}

/// The same, with this many log entries an endorsement; with two it does not.
pub(crate) fn committed(entries: u8) -> Vec<Item> {
    let key = |seed| SigningKey::from_seed(&[seed; 32]);
    set(
        entries,
        |seed| EmblemKey::from_trust(&key(seed).public()),
        |seed, draft| draft.sign(&key(seed)).unwrap(),
    )
}

/// A set signed with ECDSA on P-521, as the protocol's reference does; it does not.
pub(crate) fn es512() -> Vec<Item> {
    let key = |seed: u8| {
        let mut scalar = [seed; 66];
        scalar[0] = 0;
        p521::ecdsa::SigningKey::from_slice(&scalar).unwrap()
    };
    let public = |seed| {
        let point = key(seed).verifying_key().to_sec1_point(false);
        EmblemKey::new(Algorithm::Es512, &point.as_bytes()[1..]).unwrap()
    };
    let seal = |seed, draft: Unsigned| {
        let signature: p521::ecdsa::Signature = key(seed).sign(draft.message());
        draft.seal(&signature.to_bytes()).unwrap()
    };
    set(1, public, seal)
}

/// What the emblem of both sets says.
pub(crate) fn emblem() -> Emblem {
    Emblem {
        issuer: Some("https://hospital.example".parse().unwrap()),
        validity: Validity::new(1_780_000_000, 1_800_000_000),
        purposes: Purposes::from_bits(1),
        assets: vec![HOST.parse().unwrap()],
        channels: None,
    }
}

fn set(
    entries: u8,
    key: impl Fn(u8) -> EmblemKey,
    seal: impl Fn(u8, Unsigned) -> Token,
) -> Vec<Item> {
    let validity = Validity::new(1_780_000_000, 1_800_000_000);
    let (hospital, authority) = ("https://hospital.example", "https://authority.example");
    let emblem = emblem();
    let log = (0..entries).map(|at| LogEntry {
        log: LogId::from_bytes([9 + at; 32]),
        leaf: Leaf::Hash([8; 32]),
    });
    let log: Vec<LogEntry> = log.collect();
    let endorsement = |issuer: &str, endorsed| Endorsement {
        issuer: Some(issuer.parse().unwrap()),
        subject: Some(hospital.parse().unwrap()),
        validity,
        key: key(endorsed).kid(Dialect::Cwt),
        may_endorse: true,
        log: log.clone(),
        purposes: Purposes::from_bits(1),
        channels: None,
        assets: None,
        window: None,
    };
    let tokens = [
        seal(1, emblem.draft(&key(1)).unwrap()),
        seal(2, endorsement(hospital, 1).draft(&key(2)).unwrap()),
        seal(3, endorsement(authority, 2).draft(&key(3)).unwrap()),
    ];
    let tokens = tokens.iter().map(|it| Item::Cwt(it.bytes().to_vec()));
    let keys = (1..=3).map(|seed| Item::CoseKey(key(seed).to_cose()));
    tokens.chain(keys).collect()
}
