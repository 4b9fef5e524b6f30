//! A log that another implementation made, with all that it published at sizes 1 to 40.

use super::super::checkpoint::SignedCheckpoint;
use super::super::cosignature::Cosigned;
use super::super::merkle::*;
use super::super::note::{Note, parse_signature_lines};
use super::super::proof::LogProof;
use super::super::tile::*;
use super::super::vkey::{NoteKey, NoteKeyType};
use super::super::{Hash, lines};
use super::{hash, recorded, recorded_text};

const TIMESTAMP: u64 = 1_795_315_182;
const WIDTHS: [u16; 8] = [1, 2, 3, 4, 5, 6, 7, 40];

fn key(file: &str) -> Option<NoteKey> {
    let text = recorded_text(file)?;
    let key: NoteKey = text.trim_end().parse().unwrap();
    assert_eq!(key.to_string(), text.trim_end());
    Some(key)
}

fn log() -> Option<NoteKey> {
    key("log.vkey")
}

fn witnesses() -> Option<[NoteKey; 2]> {
    Some([key("witness-ed25519.vkey")?, key("witness-mldsa44.vkey")?])
}

fn checkpoint() -> Option<SignedCheckpoint> {
    let bytes = recorded("checkpoint.40")?;
    let signed = SignedCheckpoint::open(&bytes, &log()?).unwrap();
    assert_eq!(signed.to_bytes(), bytes);
    Some(signed)
}

/// The 40 leaf hashes.
fn leaves() -> Option<Vec<Hash>> {
    let tile = recorded("tile/0/000.p/40")?;
    Some(tile_hashes(&tile).unwrap().to_vec())
}

#[test]
fn the_recorded_keys_are_of_the_three_types() {
    let (Some(log), Some([ed25519, ml_dsa])) = (log(), witnesses()) else {
        return;
    };
    assert_eq!(
        (log.name(), log.key_type()),
        ("example.com/tessera-peer", NoteKeyType::Ed25519)
    );
    assert_eq!(ed25519.name(), "witness.example/go");
    assert_eq!(ed25519.key_type(), NoteKeyType::Ed25519Cosignature);
    assert_eq!(ml_dsa.name(), "witness.example/mldsa");
    assert_eq!(ml_dsa.key_type(), NoteKeyType::MlDsa44Cosignature);
}

#[test]
fn every_recorded_tile_and_bundle_belongs_to_the_same_tree() {
    let Some(all) = leaves() else { return };
    for width in WIDTHS {
        let [entries, hashes] = ["tile/entries/000", "tile/0/000"]
            .map(|path| format!("{path}.p/{width}").parse::<TilePath>().unwrap());
        let mut expected = tiles_of_size(width.into());
        assert_eq!(
            [expected.next(), expected.next()],
            [Some(entries), Some(hashes)]
        );
        assert_eq!(expected.next(), None);
        let bundle = recorded(&entries.to_string()).unwrap();
        let tile = recorded(&hashes.to_string()).unwrap();
        let tile = tile_hashes(&tile).unwrap();
        let entries = bundle_entries(&bundle, width).unwrap();
        let computed: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        assert_eq!(computed, tile);
        assert_eq!(tile, &all[..usize::from(width)]);
        let mut written = Vec::new();
        for entry in entries {
            bundle_push(&mut written, entry).unwrap();
        }
        assert_eq!(written, bundle);
    }
}

#[test]
fn the_recorded_checkpoint_has_the_root_of_the_tiles() {
    let (Some(signed), Some(leaves)) = (checkpoint(), leaves()) else {
        return;
    };
    let mut frontier = Frontier::new();
    frontier.extend(leaves);
    assert_eq!(signed.checkpoint().origin, "example.com/tessera-peer");
    assert_eq!(signed.checkpoint().size, frontier.size());
    assert_eq!(signed.checkpoint().root, frontier.root());
    assert!(signed.checkpoint().extensions.is_empty());
    assert_eq!(signed.checkpoint().to_text().unwrap(), signed.note().text);
}

#[test]
fn both_recorded_cosigners_signed_at_the_recorded_time() {
    let (Some(log), Some(witnesses)) = (log(), witnesses()) else {
        return;
    };
    let bytes = recorded("checkpoint.40.cosigned").unwrap();
    let signed = SignedCheckpoint::open(&bytes, &log).unwrap();
    assert_eq!(signed.to_bytes(), bytes);
    let expected = [0, 1].map(|cosigner| Cosigned {
        cosigner,
        timestamp: TIMESTAMP,
    });
    assert_eq!(signed.cosigned_by(&witnesses).unwrap(), expected);
    let lines = &signed.note().signatures[1..];
    let lengths: Vec<usize> = lines.iter().map(|line| line.signature.len()).collect();
    assert_eq!(lengths, [72, 2428]);
}

#[test]
fn the_answer_of_the_recorded_witnesses_makes_the_cosigned_checkpoint() {
    let (Some(signed), Some(witnesses)) = (checkpoint(), witnesses()) else {
        return;
    };
    let request = recorded_text("add-checkpoint.request").unwrap();
    let (head, note) = request.split_once("\n\n").unwrap();
    assert_eq!(head, "old 0");
    assert_eq!(Note::parse(note.as_bytes()).unwrap(), *signed.note());
    let answer = recorded("add-checkpoint.response").unwrap();
    let answer = parse_signature_lines(&answer).unwrap();
    let signed = signed.with_signatures(answer).unwrap();
    assert_eq!(signed.cosigned_by(&witnesses).unwrap().len(), 2);
    let recorded = recorded("checkpoint.40.cosigned").unwrap();
    assert_eq!(signed.to_bytes(), recorded);
}

#[test]
fn the_recorded_consistency_proofs_verify_and_are_made_again() {
    let (Some(signed), Some(all)) = (checkpoint(), leaves()) else {
        return;
    };
    let new = signed.checkpoint();
    for old in [1, 7, 32, 39] {
        let text = recorded_text(&format!("consistency-{old}-40.txt")).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(&*format!("old {old}")));
        let root = hash(lines.next().unwrap().strip_prefix("root ").unwrap());
        let proof: Vec<Hash> = lines.map(hash).collect();
        verify_consistency(old, 40, &proof, &root, &new.root).unwrap();
        let made = consistency_proof(old, 40, |node| {
            Ok::<_, ProofError>(super::naive_node(&all, node))
        });
        assert_eq!(made.unwrap(), proof);
        assert_eq!(root_of(&all[..old as usize]), root);
    }
}

#[test]
fn the_recorded_proofs_verify_with_both_witnesses() {
    let (Some(log), Some(witnesses), Some(all)) = (log(), witnesses(), leaves()) else {
        return;
    };
    for index in [0, 17, 39] {
        let bytes = recorded(&format!("entry{index}.tlog-proof")).unwrap();
        let entry = recorded(&format!("entry{index}.bin")).unwrap();
        let proof = LogProof::parse(&bytes).unwrap();
        assert_eq!(proof.to_bytes().unwrap(), bytes);
        let proven = proof
            .verify(&leaf_hash(&entry), &log, &witnesses, 2)
            .unwrap();
        assert_eq!((proven.index, proven.checkpoint.size), (index, 40));
        assert_eq!(proven.cosigned.len(), 2);
        let made = inclusion_proof(index, 40, |node| {
            Ok::<_, ProofError>(super::naive_node(&all, node))
        });
        assert_eq!(made.unwrap(), proof.hashes);
        let other = leaf_hash(b"another entry");
        assert!(proof.verify(&other, &log, &witnesses, 2).is_err());
    }
}

#[test]
fn hash_lines_of_the_recorded_files_are_canonical() {
    let Some(text) = recorded_text("consistency-39-40.txt") else {
        return;
    };
    for line in text.lines().skip(2) {
        assert_eq!(lines::base64(&hash(line)), line);
    }
}
