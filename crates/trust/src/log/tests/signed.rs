//! Checkpoints, cosignatures, offline proofs and contradictions.

use super::super::checkpoint::*;
use super::super::cosignature::{CosignatureError, Cosigned, CosignersError, ml_dsa_message};
use super::super::equivocation::{Contradiction, Verdict, judge};
use super::super::lines;
use super::super::note::{Note, NoteError, NoteSignature};
use super::super::proof::*;
use super::super::vkey::{LogSigner, NoteKey, NoteKeyType, SignatureError};
use super::super::{
    CosignatureSigner, Hash, MAX_SIZE, NodeId, ProofError, consistency_proof, empty_root,
    inclusion_proof,
};
use super::{any_hash, leaves, naive_node, naive_root};
use ml_dsa::{Keypair as _, MlDsa44, SigningKey};
use proptest::prelude::*;

const ORIGIN: &str = "log.example/one";

fn log() -> LogSigner {
    LogSigner::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness(name: &str, seed: u8) -> CosignatureSigner {
    CosignatureSigner::from_seed(name, &[seed; 32]).unwrap()
}

/// A cosigner of type 06, which the crate itself only verifies.
fn ml_dsa_witness(name: &str) -> (NoteKey, SigningKey<MlDsa44>) {
    let secret = SigningKey::<MlDsa44>::from_seed(&[3; 32].into());
    let public = secret.verifying_key().encode();
    let key = NoteKey::new(name, NoteKeyType::MlDsa44Cosignature, &public).unwrap();
    (key, secret)
}

fn ml_dsa_line(
    (key, secret): &(NoteKey, SigningKey<MlDsa44>),
    timestamp: u64,
    message: &[u8],
) -> NoteSignature {
    let signature = secret
        .expanded_key()
        .sign_deterministic(message, &[])
        .unwrap()
        .encode();
    NoteSignature {
        name: key.name().to_owned(),
        key_id: key.key_id(),
        signature: [&timestamp.to_be_bytes()[..], &signature].concat(),
    }
}

fn signed(size: u64, root: Hash) -> SignedCheckpoint {
    SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root), &log()).unwrap()
}

fn text_of(signed: &SignedCheckpoint) -> &str {
    &signed.note().text
}

#[test]
fn a_checkpoint_is_three_lines_and_its_extensions() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let text = format!("example.com/behind-the-sofa\n20852163\n{root}\none\ntwo 2\n");
    let checkpoint = Checkpoint::parse(&text).unwrap();
    assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
    assert_eq!(
        (checkpoint.size, checkpoint.root),
        (20_852_163, super::hash(root))
    );
    assert_eq!(checkpoint.extensions, ["one", "two 2"]);
    assert_eq!(checkpoint.to_text().unwrap(), text);
    let largest = format!("o\n{MAX_SIZE}\n{root}\n");
    assert_eq!(Checkpoint::parse(&largest).unwrap().size, MAX_SIZE);
}

#[test]
fn a_malformed_checkpoint_is_refused_and_the_reason_named() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let refused = |text: &str| Checkpoint::parse(text).unwrap_err();
    for text in ["", "\n", "o\n1\n", "o\n1", &format!("o\n1\n{root}")] {
        assert_eq!(refused(text), CheckpointError::Lines, "{text:?}");
    }
    for origin in ["", "a\tb", "a\r"] {
        assert_eq!(
            refused(&format!("{origin}\n1\n{root}\n")),
            CheckpointError::Origin
        );
    }
    for size in [
        "",
        "01",
        "00",
        "-1",
        "+1",
        "1 ",
        " 1",
        "1\r",
        "0x1",
        "1e3",
        "١",
        "9223372036854775808",
        "18446744073709551616",
        "99999999999999999999999",
    ] {
        assert_eq!(
            refused(&format!("o\n{size}\n{root}\n")),
            CheckpointError::Size,
            "{size:?}"
        );
    }
    for root in [
        "",
        "AAAA",
        &root[..43],
        &root.replace('/', "_"),
        &format!("{root} "),
        &format!("{}J=", &root[..42]),
        &format!("{root}\r"),
    ] {
        assert_eq!(
            refused(&format!("o\n1\n{root}\n")),
            CheckpointError::Root,
            "{root:?}"
        );
    }
    let line = |line| CheckpointError::Extension { line };
    assert_eq!(refused(&format!("o\n1\n{root}\n\n")), line(4));
    assert_eq!(refused(&format!("o\n1\n{root}\na\n\nb\n")), line(5));
    assert_eq!(refused(&format!("o\n1\n{root}\na\u{1}\n")), line(4));
}

#[test]
fn what_is_no_checkpoint_is_neither_written_nor_signed() {
    let good = Checkpoint::new(ORIGIN, 1, [0; 32]);
    let with = |change: fn(&mut Checkpoint)| {
        let mut checkpoint = good.clone();
        change(&mut checkpoint);
        checkpoint.to_text()
    };
    assert_eq!(with(|c| c.origin.clear()), Err(CheckpointError::Origin));
    assert_eq!(with(|c| c.origin.push('\n')), Err(CheckpointError::Origin));
    assert_eq!(with(|c| c.size = MAX_SIZE + 1), Err(CheckpointError::Size));
    let line = Err(CheckpointError::Extension { line: 4 });
    assert_eq!(with(|c| c.extensions.push(String::new())), line);
    assert_eq!(with(|c| c.extensions.push("a\n\nb".into())), line);
    let other = SignedCheckpoint::sign(Checkpoint::new("other.example", 1, [0; 32]), &log());
    assert!(matches!(other, Err(CheckpointError::OtherOrigin { .. })));
}

#[test]
fn a_signed_checkpoint_opens_with_the_key_of_its_origin_only() {
    let signed = signed(3, [9; 32]);
    let bytes = signed.to_bytes();
    assert_eq!(SignedCheckpoint::open(&bytes, log().key()), Ok(signed));
    // Another key of the same name.
    let stranger = LogSigner::from_seed(ORIGIN, &[2; 32]).unwrap();
    let unverified = CheckpointError::Note(NoteError::Unverified { known: 1 });
    assert_eq!(
        SignedCheckpoint::open(&bytes, stranger.key()),
        Err(unverified)
    );
    // The key of another log that signed this log's checkpoint.
    let other = LogSigner::from_seed("other.example", &[2; 32]).unwrap();
    let text = Checkpoint::new(ORIGIN, 3, [9; 32]).to_text().unwrap();
    let bytes = other.sign_note(&text).unwrap().to_bytes().unwrap();
    let refused = SignedCheckpoint::open(&bytes, other.key());
    assert!(matches!(refused, Err(CheckpointError::OtherOrigin { .. })));
}

#[test]
fn a_witness_cosigns_with_the_time_it_is_given() {
    let witness = witness("w.example", 5);
    let mut checkpoint = Checkpoint::new(ORIGIN, 3, [9; 32]);
    checkpoint.extensions.push("extension".to_owned());
    let signed = SignedCheckpoint::sign(checkpoint, &log()).unwrap();
    assert_eq!(signed.cosigned_by(&[witness.key().clone()]), Ok(vec![]));
    let line = witness.sign(text_of(&signed), 1_679_315_147).unwrap();
    assert_eq!(line.signature.len(), 72);
    let signed = signed.with_signatures([line]).unwrap();
    let reopened = SignedCheckpoint::open(&signed.to_bytes(), log().key()).unwrap();
    let cosigned = Cosigned {
        cosigner: 0,
        timestamp: 1_679_315_147,
    };
    assert_eq!(
        reopened.cosigned_by(&[witness.key().clone()]),
        Ok(vec![cosigned])
    );
}

#[test]
fn the_time_of_a_cosignature_is_signed_and_bounded() {
    let witness = witness("w.example", 5);
    let text = Checkpoint::new(ORIGIN, 3, [9; 32]).to_text().unwrap();
    let mut line = witness.sign(&text, MAX_SIZE).unwrap();
    assert_eq!(
        witness.key().verify(&text, &line.signature),
        Ok(Some(MAX_SIZE))
    );
    line.signature[7] ^= 1;
    assert_eq!(
        witness.key().verify(&text, &line.signature),
        Err(SignatureError::Invalid)
    );
    let timestamp = MAX_SIZE + 1;
    let refused = CosignatureError::Timestamp { timestamp };
    assert_eq!(witness.sign(&text, timestamp), Err(refused.clone()));
    line.signature[..8].copy_from_slice(&timestamp.to_be_bytes());
    let refused = SignatureError::Cosignature(refused);
    assert_eq!(witness.key().verify(&text, &line.signature), Err(refused));
    for len in [0, 7, 8, 64, 71, 73, 2428] {
        let length = SignatureError::Length {
            expected: 72,
            found: len,
        };
        assert_eq!(witness.key().verify(&text, &vec![0; len]), Err(length));
    }
}

#[test]
fn only_a_checkpoint_can_be_cosigned() {
    let refused = witness("w.example", 5).sign("no checkpoint\n", 1);
    assert!(matches!(refused, Err(CosignatureError::Checkpoint(_))));
    let ml_dsa = ml_dsa_witness("m.example");
    let refused = ml_dsa.0.verify("no checkpoint\n", &[0; 2428]);
    assert!(matches!(refused, Err(SignatureError::Cosignature(_))));
}

#[test]
fn an_ml_dsa_cosignature_covers_all_but_the_extension_lines() {
    let witness = ml_dsa_witness("m.example");
    let checkpoint = Checkpoint::new(ORIGIN, 3, [9; 32]);
    let message = ml_dsa_message("m.example", 77, &checkpoint).unwrap();
    let line = ml_dsa_line(&witness, 77, &message);
    let verify = |change: fn(&mut Checkpoint)| {
        let mut changed = checkpoint.clone();
        change(&mut changed);
        witness
            .0
            .verify(&changed.to_text().unwrap(), &line.signature)
    };
    assert_eq!(verify(|_| ()), Ok(Some(77)));
    assert_eq!(verify(|c| c.extensions.push("more".into())), Ok(Some(77)));
    assert_eq!(verify(|c| c.size = 4), Err(SignatureError::Invalid));
    assert_eq!(verify(|c| c.root[0] = 0), Err(SignatureError::Invalid));
    assert_eq!(verify(|c| c.origin.push('x')), Err(SignatureError::Invalid));
    assert!(matches!(
        verify(|c| c.origin = "o".repeat(256)),
        Err(SignatureError::Cosignature(
            CosignatureError::OriginLength { len: 256 }
        ))
    ));
    // Another cosigner's name over the same key, and another time.
    let public = witness.0.public_key();
    let renamed = NoteKey::new("n.example", NoteKeyType::MlDsa44Cosignature, public).unwrap();
    let text = checkpoint.to_text().unwrap();
    assert_eq!(
        renamed.verify(&text, &line.signature),
        Err(SignatureError::Invalid)
    );
    let mut later = line.signature.clone();
    later[7] += 1;
    assert_eq!(
        witness.0.verify(&text, &later),
        Err(SignatureError::Invalid)
    );
}

#[test]
fn a_key_name_of_more_than_255_bytes_cannot_cosign_with_ml_dsa() {
    let (key, _) = ml_dsa_witness("m.example");
    let named = |len| {
        NoteKey::new(
            &"n".repeat(len),
            NoteKeyType::MlDsa44Cosignature,
            key.public_key(),
        )
    };
    assert!(named(255).is_ok());
    assert!(named(256).is_err());
}

#[test]
fn one_public_key_under_two_names_is_not_two_cosigners() {
    let signed = signed(3, [9; 32]);
    let keys = [witness("w.example", 5), witness("v.example", 5)].map(|one| one.key().clone());
    let refused = CosignersError::SameKey {
        one: "w.example".into(),
        other: "v.example".into(),
    };
    assert_eq!(signed.cosigned_by(&keys), Err(refused));
    let refused = CosignersError::NotACosigner {
        name: ORIGIN.into(),
    };
    assert_eq!(signed.cosigned_by(&[log().key().clone()]), Err(refused));
}

#[test]
fn a_failing_line_of_a_known_cosigner_refuses_the_checkpoint() {
    let witness = witness("w.example", 5);
    let signed = signed(3, [9; 32]);
    let mut line = witness.sign(text_of(&signed), 7).unwrap();
    line.signature[20] ^= 1;
    let signed = signed.with_signatures([line]).unwrap();
    let refused = signed.cosigned_by(&[witness.key().clone()]);
    assert!(matches!(
        refused,
        Err(CosignersError::Note(NoteError::BadSignature { .. }))
    ));
    // Who does not know the witness does not mind.
    assert!(SignedCheckpoint::open(&signed.to_bytes(), log().key()).is_ok());
}

/// A proof of entry 4 of 11, cosigned by two witnesses.
fn proof() -> (LogProof, Hash, [NoteKey; 2]) {
    let all = leaves(11);
    let read = |node| Ok::<_, ProofError>(naive_node(&all, node));
    let witnesses = [witness("w.example", 5), witness("v.example", 6)];
    let signed = signed(11, naive_root(&all));
    let lines = witnesses
        .each_ref()
        .map(|one| one.sign(text_of(&signed), 7).unwrap());
    let proof = LogProof {
        extra: None,
        index: 4,
        hashes: inclusion_proof(4, 11, read).unwrap(),
        checkpoint: signed.with_signatures(lines).unwrap().note().clone(),
    };
    (proof, all[4], witnesses.map(|one| one.key().clone()))
}

#[test]
fn a_proof_shows_its_entry_to_whoever_trusts_log_and_witnesses() {
    let (mut proof, leaf, witnesses) = proof();
    for extra in [None, Some(b"beside".to_vec())] {
        proof.extra = extra;
        let read = LogProof::parse(&proof.to_bytes().unwrap()).unwrap();
        assert_eq!(read, proof);
        let proven = read.verify(&leaf, log().key(), &witnesses, 2).unwrap();
        assert_eq!(
            (proven.index, proven.checkpoint.size, proven.cosigned.len()),
            (4, 11, 2)
        );
    }
    assert!(proof.verify(&leaf, log().key(), &[], 0).is_ok());
}

#[test]
fn a_proof_without_quorum_or_of_another_entry_proves_nothing() {
    let (proof, leaf, witnesses) = proof();
    let log = log();
    let verify = |leaf, log: &LogSigner, cosigners: &[NoteKey], quorum| {
        proof
            .verify(leaf, log.key(), cosigners, quorum)
            .unwrap_err()
    };
    let quorum = LogProofError::Quorum {
        quorum: 2,
        found: 1,
    };
    assert_eq!(verify(&leaf, &log, &witnesses[..1], 2), quorum);
    let absent = witness("absent.example", 9).key().clone();
    let quorum = LogProofError::Quorum {
        quorum: 1,
        found: 0,
    };
    assert_eq!(verify(&leaf, &log, &[absent], 1), quorum);
    let inclusion = LogProofError::Inclusion(ProofError::RootMismatch);
    assert_eq!(verify(&[0; 32], &log, &witnesses, 2), inclusion);
    let stranger = LogSigner::from_seed(ORIGIN, &[2; 32]).unwrap();
    assert!(matches!(
        verify(&leaf, &stranger, &[], 0),
        LogProofError::Checkpoint(_)
    ));
    let own = CosignatureSigner::from_seed("w.example", &[1; 32])
        .unwrap()
        .key()
        .clone();
    let refused = LogProofError::LogAsCosigner {
        name: "w.example".into(),
    };
    assert_eq!(verify(&leaf, &log, &[own], 0), refused);
}

#[test]
fn a_malformed_proof_is_refused() {
    let (proof, ..) = proof();
    let good = String::from_utf8(proof.to_bytes().unwrap()).unwrap();
    let refused = |from: &str, to: &str| {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from:?}");
        LogProof::parse(bad.as_bytes()).unwrap_err()
    };
    assert_eq!(refused("@v1", "@v2"), LogProofError::Header);
    assert_eq!(refused("c2sp", " c2sp"), LogProofError::Header);
    assert_eq!(refused("@v1\n", "@v1\r\n"), LogProofError::Header);
    assert_eq!(refused("index 4\n", ""), LogProofError::Index);
    for index in [
        "index 04",
        "index",
        "index ",
        "index -1",
        "index 4 ",
        "Index 4",
        "index  4",
        "index 9223372036854775808",
    ] {
        assert_eq!(refused("index 4", index), LogProofError::Index, "{index:?}");
    }
    for extra in ["extra ", "extra A", "extra AAB=", "extra AAA= "] {
        assert_eq!(
            refused("index", &format!("{extra}\nindex")),
            LogProofError::Extra,
            "{extra:?}"
        );
    }
    assert_eq!(
        refused("index", "extra AAA=\nextra AAA=\nindex"),
        LogProofError::Index
    );
    assert_eq!(refused("index", "extra\nindex"), LogProofError::Index);
    assert_eq!(
        refused("index 4\n", "index 4\nextra AAA=\n"),
        LogProofError::Hash { line: 3 }
    );
    let line = lines::base64(&proof.hashes[1]);
    assert_eq!(refused(&line, &line[1..]), LogProofError::Hash { line: 4 });
    let many = format!("index 4\n{}", format!("{line}\n").repeat(60));
    assert_eq!(refused("index 4\n", &many), LogProofError::TooManyHashes);
    let without_gap = good.split("\n\n").next().unwrap();
    assert_eq!(
        LogProof::parse(without_gap.as_bytes()),
        Err(LogProofError::NoCheckpoint)
    );
    assert_eq!(LogProof::parse(b"\xff"), Err(LogProofError::Header));
    assert!(matches!(
        refused("\u{2014} log", "- log"),
        LogProofError::Note(_)
    ));
}

#[test]
fn a_proof_that_the_format_cannot_carry_is_not_written() {
    let (good, ..) = proof();
    let with = |change: fn(&mut LogProof)| {
        let mut proof = good.clone();
        change(&mut proof);
        proof.to_bytes().unwrap_err()
    };
    assert_eq!(
        with(|proof| proof.extra = Some(vec![])),
        LogProofError::Extra
    );
    assert_eq!(
        with(|proof| proof.index = MAX_SIZE + 1),
        LogProofError::Index
    );
    assert_eq!(
        with(|proof| proof.hashes = vec![[0; 32]; 64]),
        LogProofError::TooManyHashes
    );
    let unsigned = with(|proof| proof.checkpoint.signatures.clear());
    assert_eq!(unsigned, LogProofError::Note(NoteError::NoSignature));
}

fn verdict(one: (u64, Hash), other: (u64, Hash), proof: Option<&[Hash]>) -> Verdict {
    let (one, other) = (
        signed(one.0, one.1).to_bytes(),
        signed(other.0, other.1).to_bytes(),
    );
    let verdict = judge(&one, &other, log().key(), proof).unwrap();
    assert_eq!(
        judge(&other, &one, log().key(), proof).unwrap(),
        verdict,
        "order must not matter"
    );
    verdict
}

#[test]
fn two_roots_at_one_size_are_a_contradiction() {
    let contradiction = Verdict::Contradiction(Contradiction::SameSize);
    assert_eq!(verdict((5, [1; 32]), (5, [2; 32]), None), contradiction);
    assert_eq!(
        verdict((5, [1; 32]), (5, [1; 32]), None),
        Verdict::Consistent
    );
}

#[test]
fn different_sizes_without_a_proof_or_with_a_useless_one_are_undecided() {
    let all = leaves(11);
    let (old, new) = ((6, naive_root(&all[..6])), (11, naive_root(&all)));
    assert_eq!(verdict(old, new, None), Verdict::Undecided);
    assert_eq!(verdict(old, new, Some(&[])), Verdict::Undecided);
    // Made up by an accuser: it does not lead to the newer root.
    for len in 0..8 {
        assert_eq!(
            verdict(old, new, Some(&vec![[3; 32]; len])),
            Verdict::Undecided
        );
    }
}

#[test]
fn a_fork_is_shown_by_the_newer_tree_itself() {
    let all = leaves(11);
    let new = (11, naive_root(&all));
    let node = |node| Ok::<_, ProofError>(naive_node(&all, node));
    for size in 1..11 {
        let honest = (size, naive_root(&all[..size as usize]));
        let forked = (size, [1; 32]);
        let mut proof = consistency_proof(size, 11, node).unwrap();
        assert_eq!(verdict(honest, new, Some(&proof)), Verdict::Consistent);
        if size.is_power_of_two() {
            assert_eq!(verdict(forked, new, Some(&proof)), Verdict::Undecided);
            let level = size.ilog2() as u8;
            proof.insert(0, naive_node(&all, NodeId { level, index: 0 }));
            assert_eq!(verdict(honest, new, Some(&proof)), Verdict::Consistent);
        }
        let contradiction = Verdict::Contradiction(Contradiction::Fork);
        assert_eq!(verdict(forked, new, Some(&proof)), contradiction);
    }
}

#[test]
fn an_empty_log_has_one_root() {
    let contradiction = Verdict::Contradiction(Contradiction::EmptyTree);
    assert_eq!(verdict((0, [1; 32]), (5, [2; 32]), None), contradiction);
    assert_eq!(verdict((0, [1; 32]), (0, [1; 32]), None), contradiction);
    assert_eq!(
        verdict((0, empty_root()), (5, [2; 32]), None),
        Verdict::Consistent
    );
    assert_eq!(
        verdict((0, empty_root()), (0, empty_root()), None),
        Verdict::Consistent
    );
}

#[test]
fn checkpoints_of_another_log_accuse_nobody() {
    let ours = signed(5, [1; 32]).to_bytes();
    let other = LogSigner::from_seed("other.example", &[1; 32]).unwrap();
    let theirs = Checkpoint::new("other.example", 5, [2; 32]);
    let theirs = SignedCheckpoint::sign(theirs, &other).unwrap().to_bytes();
    assert!(judge(&ours, &theirs, log().key(), None).is_err());
    assert!(judge(&theirs, &ours, log().key(), None).is_err());
}

proptest! {
    #[test]
    fn checkpoints_agree_with_tlog_tiles(
        origin in "[ -~é]{1,20}",
        size in 0..=MAX_SIZE,
        root in any_hash(),
        extensions in prop::collection::vec("[ -~é]{1,9}", 0..3),
    ) {
        let ours = Checkpoint { origin, size, root, extensions };
        let text = ours.to_text().unwrap();
        prop_assert_eq!(&Checkpoint::parse(&text).unwrap(), &ours);
        let theirs = tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).unwrap();
        prop_assert_eq!(theirs.origin(), &ours.origin);
        prop_assert_eq!((theirs.size(), theirs.hash().0), (ours.size, ours.root));
        prop_assert_eq!(theirs.to_bytes(), text.as_bytes());
    }

    #[test]
    fn any_text_is_a_checkpoint_or_refused(
        text in "[ab]{0,2}\n?(0|1|12|012|[0-9]{0,20})\n?(A{43}=|[A=]{0,9})\n?[ab]{0,2}\n{0,2}",
    ) {
        if let Ok(checkpoint) = Checkpoint::parse(&text) {
            prop_assert_eq!(checkpoint.to_text().unwrap(), text);
        }
    }

    #[test]
    fn any_bytes_are_a_proof_and_a_signed_checkpoint_or_refused(
        head in "(c2sp.org/tlog-proof@v1\n)?(extra [A=]{0,5}\n)?(index [0-9]{0,3}\n)?(A{43}=\n){0,3}",
        tail in prop::collection::vec(any::<u8>(), 0..80),
        keep in any::<bool>(),
    ) {
        let note = signed(3, [9; 32]).to_bytes();
        let tail = if keep { [b"\n", &note[..]].concat() } else { tail };
        let bytes = [head.as_bytes(), &tail].concat();
        if let Ok(proof) = LogProof::parse(&bytes) {
            prop_assert_eq!(&proof.to_bytes().unwrap(), &bytes);
            let _ = proof.verify(&[0; 32], log().key(), &[], 0);
        }
        let _ = SignedCheckpoint::open(&tail, log().key());
        let _ = judge(&tail, &note, log().key(), None);
        let _ = Note::parse(&bytes);
    }

    #[test]
    fn any_bytes_are_a_cosignature_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 60..80),
        long in prop::collection::vec(any::<u8>(), 2428),
    ) {
        let text = Checkpoint::new(ORIGIN, 3, [9; 32]).to_text().unwrap();
        prop_assert!(witness("w.example", 5).key().verify(&text, &bytes).is_err());
        prop_assert!(log().key().verify(&text, &bytes).is_err());
        prop_assert!(ml_dsa_witness("m.example").0.verify(&text, &long).is_err());
    }
}
