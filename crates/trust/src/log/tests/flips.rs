//! One changed byte at a time.

use super::super::note::{Note, NoteSignature};
use super::super::proof::LogProof;
use super::super::{LogSigner, NoteKey, leaf_hash};
use super::{recorded, recorded_text};

#[test]
fn every_flipped_bit_of_a_note_is_refused_or_changes_an_ignored_line_only() {
    let signer = LogSigner::from_seed("log.example", &[1; 32]).unwrap();
    let known = [signer.key().clone()];
    let text = "log.example\n3\n\nmore\n";
    let stranger = NoteSignature {
        name: "stranger".to_owned(),
        key_id: 7,
        signature: vec![5; 20],
    };
    let note = Note::new(text, vec![signer.sign(text), stranger]).unwrap();
    let bytes = note.to_bytes().unwrap();
    let ignored = bytes.len() - note.signatures[1].to_string().len() - 1;
    let mut accepted = 0;
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let Ok(read) = Note::parse(&flipped) else {
                continue;
            };
            assert_eq!(read.to_bytes().unwrap(), flipped);
            if read.verify(&known).is_ok() {
                assert!(at >= ignored, "byte {at}, bit {bit}");
                assert_eq!(read.text, text);
                assert_eq!(read.signatures[0], note.signatures[0]);
                accepted += 1;
            }
        }
    }
    assert!(accepted > 0, "the stranger's line can change");
}

#[test]
fn every_changed_byte_of_a_recorded_proof_is_refused_where_all_keys_are_known() {
    let Some(bytes) = recorded("entry39.tlog-proof") else {
        return;
    };
    let key = |file| -> NoteKey { recorded_text(file).unwrap().trim_end().parse().unwrap() };
    let log = key("log.vkey");
    let witnesses = [key("witness-ed25519.vkey"), key("witness-mldsa44.vkey")];
    let leaf = leaf_hash(&recorded("entry39.bin").unwrap());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 3);
        let verdict =
            LogProof::parse(&changed).map(|proof| proof.verify(&leaf, &log, &witnesses, 2).is_ok());
        assert_ne!(verdict, Ok(true), "byte {at}");
    }
}
