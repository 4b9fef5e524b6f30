//! Statements, logs, bundles and trust anchors.

use std::collections::BTreeMap;

use ensign_hold::{fact, instrument, record};
use ensign_mark::{asset, authority, emblem};
use ensign_prove::source;
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::Bundle;
use ensign_trust::cbor::{self, Value};
use ensign_trust::key::{PublicKey, SigningKey};
use ensign_trust::log::{
    Checkpoint, LogProof, LogSigner, Note, NoteKey, SignedCheckpoint, TilePath, leaf_hash, note,
    tile,
};
use ensign_trust::logbook;
use ensign_trust::party::{self, Malformed};
use ensign_trust::{Disclosure, Draft, Statement};
use sha2::{Digest, Sha256};

/// A bundle's file around any content, with the digest that fuzzing cannot find.
pub(crate) fn framed(content: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(content).into();
    cbor::encode(&Value::Array(vec![
        Value::text("ensign bundle"),
        Value::Int(1),
        Value::bytes(content),
        Value::bytes(digest),
    ]))
}

pub(crate) fn anchors(bytes: &[u8]) -> bool {
    let Some(Ok(anchors)) = text(bytes).map(str::parse::<Anchors>) else {
        return false;
    };
    let written = anchors.to_string();
    let again: Anchors = written.parse().expect("anchors read back");
    assert_eq!(again.to_string(), written);
    let all = anchors.quorum.is_met(|_| true);
    assert!(all, "a quorum that no witnesses can meet");
    assert_eq!(anchors.quorum.is_none(), anchors.quorum.is_met(|_| false));
    true
}

/// Takes a bundle's file or its content alone.
pub(crate) fn bundle(bytes: &[u8]) -> bool {
    let content = framed(bytes);
    let (file, bundle) = match (Bundle::decode(bytes), Bundle::decode(&content)) {
        (Ok(bundle), _) => (bytes, bundle),
        (_, Ok(bundle)) => (content.as_slice(), bundle),
        _ => return false,
    };
    assert_eq!(bundle.encode(), file);
    bundle.verify(None, source::need).is_ok()
}

pub(crate) fn cbor(bytes: &[u8]) -> bool {
    let Ok(value) = cbor::decode(bytes) else {
        return false;
    };
    assert_eq!(cbor::encode(&value), bytes);
    true
}

pub(crate) fn checkpoint(bytes: &[u8]) -> bool {
    let Some(Ok(checkpoint)) = text(bytes).map(Checkpoint::parse) else {
        return false;
    };
    let written = checkpoint.to_text().expect("a checkpoint is written back");
    assert_eq!(written.as_bytes(), bytes);
    true
}

pub(crate) fn disclosure(bytes: &[u8]) -> bool {
    let Ok(disclosure) = Disclosure::decode(bytes) else {
        return false;
    };
    assert_eq!(disclosure.encode(), bytes);
    assert_eq!(disclosure.digest()[..], Sha256::digest(bytes)[..]);
    true
}

/// The first two bytes are the number of entries, the others the bundle.
pub(crate) fn entry_bundle(bytes: &[u8]) -> bool {
    let Some((count, bundle)) = bytes.split_first_chunk::<2>() else {
        return false;
    };
    let count = u16::from_be_bytes(*count);
    let Ok(entries) = tile::bundle_entries(bundle, count) else {
        return false;
    };
    assert_eq!(entries.len(), usize::from(count));
    let mut written = Vec::new();
    for entry in entries {
        tile::bundle_push(&mut written, entry).expect("an entry that was read fits");
    }
    assert_eq!(written, bundle);
    true
}

pub(crate) fn log_proof(bytes: &[u8]) -> bool {
    let Ok(proof) = LogProof::parse(bytes) else {
        return false;
    };
    let written = proof.to_bytes().expect("a proof is written back");
    assert_eq!(written, bytes);
    let log = log_key();
    let shown = proof.verify(&leaf_hash(b"no entry"), &log, &[], 0);
    assert!(shown.is_err(), "the entry is in no log");
    true
}

pub(crate) fn note(bytes: &[u8]) -> bool {
    let Ok(note) = Note::parse(bytes) else {
        return false;
    };
    let written = note.to_bytes().expect("a note is written back");
    assert_eq!(written, bytes);
    if let Ok(signed) = SignedCheckpoint::open(bytes, &log_key()) {
        assert_eq!(signed.to_bytes(), bytes);
    }
    true
}

pub(crate) fn public_key(bytes: &[u8]) -> bool {
    let Ok(key) = PublicKey::from_cose(bytes) else {
        return false;
    };
    assert_eq!(key.to_cose(), bytes);
    // Any signature is refused or right; none makes a panic.
    let _ = key.verify(bytes, &[1; 64]);
    true
}

pub(crate) fn signature_lines(bytes: &[u8]) -> bool {
    let Ok(lines) = note::parse_signature_lines(bytes) else {
        return false;
    };
    let written: String = lines.iter().map(|line| format!("{line}\n")).collect();
    assert_eq!(written.as_bytes(), bytes);
    true
}

/// Reads a statement, and what its kind makes of it.
pub(crate) fn statement(bytes: &[u8]) -> bool {
    let Ok(statement) = Statement::decode(bytes) else {
        return false;
    };
    assert_eq!(statement.entry(), bytes);
    let value = cbor::decode(bytes).expect("a statement is CBOR");
    assert_eq!(cbor::encode(&value), bytes);
    let draft: &Draft = &statement;
    let signed = draft.sign(&signing_key());
    let signed = signed.expect("what was read can be signed");
    assert_eq!(*signed, *draft);
    assert_eq!(signed.verify(&signing_key().public()), Ok(()));
    let read = acts(draft);
    assert!(read <= 1, "a kind belongs to one crate");
    let _ = party::Registry::default().admit(&statement, 0, 0, source::need);
    true
}

/// How many kinds read a statement as one of theirs: each says an act, a fault of it, or that it is none
/// of its business.
pub(crate) fn acts(draft: &Draft) -> usize {
    let read = [
        reads_back(draft, party::Act::read, party::Act::write),
        reads_back(draft, logbook::Entry::read, logbook::Entry::write),
        reads_back(draft, source::Act::read, source::Act::write),
        reads_back(draft, asset::Act::read, asset::Act::write),
        reads_back(draft, authority::Act::read, authority::Act::write),
        reads_back(draft, emblem::Act::read, emblem::Act::write),
        reads_back(draft, instrument::Act::read, instrument::Act::write),
        reads_back(draft, fact::Act::read, fact::Act::write),
        reads_back(draft, record::Recorded::read, record::Recorded::write),
    ];
    read.into_iter().filter(|read| *read).count()
}

/// Whether it is an act: what was read is written so that it reads the same.
fn reads_back<T: PartialEq + std::fmt::Debug>(
    draft: &Draft,
    read: fn(&Draft) -> Option<Result<T, Malformed>>,
    write: fn(&T, &mut Draft),
) -> bool {
    let Some(Ok(act)) = read(draft) else {
        return false;
    };
    let mut written = Draft {
        subject: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
        ..draft.clone()
    };
    write(&act, &mut written);
    assert_eq!(read(&written), Some(Ok(act)));
    true
}

pub(crate) fn tile_path(bytes: &[u8]) -> bool {
    let Some(Ok(path)) = text(bytes).map(str::parse::<TilePath>) else {
        return false;
    };
    assert_eq!(path.to_string().as_bytes(), bytes);
    assert!(path.least_size().is_some());
    true
}

pub(crate) fn vkey(bytes: &[u8]) -> bool {
    let Some(Ok(key)) = text(bytes).map(str::parse::<NoteKey>) else {
        return false;
    };
    assert_eq!(key.to_string().as_bytes(), bytes);
    let verified = key.verify("node.example.org/log\n", &[1; 64]);
    assert!(verified.is_err(), "a signature that nobody made");
    true
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn signing_key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

/// The key of the log in the corpora.
fn log_key() -> NoteKey {
    let signer = LogSigner::from_seed("node.example.org/log", &[2; 32]);
    signer.expect("the name of a log").key().clone()
}
