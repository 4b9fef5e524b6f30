//! What a witness is asked and when it declines, case by case as its specification lists them.

use super::super::checkpoint::{Checkpoint, SignedCheckpoint};
use super::super::merkle::{consistency_proof, empty_root};
use super::super::vkey::LogSigner;
use super::super::witness::{AddCheckpoint, AddCheckpointError, Declined, MAX_HASHES, parse_size};
use super::{any_hash, leaves, naive_node, naive_root};
use crate::log::{Hash, ProofError};
use proptest::prelude::*;

const ORIGIN: &str = "node.example.org/log";

fn log() -> LogSigner {
    LogSigner::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn checkpoint(size: usize) -> SignedCheckpoint {
    signed(size as u64, naive_root(&leaves(size)))
}

fn signed(size: u64, root: Hash) -> SignedCheckpoint {
    SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root), &log()).unwrap()
}

fn proof(old: u64, new: usize) -> Vec<Hash> {
    let all = leaves(new);
    consistency_proof(old, new as u64, |node| {
        Ok::<_, ProofError>(naive_node(&all, node))
    })
    .unwrap()
}

fn request(old: u64, new: usize) -> AddCheckpoint {
    AddCheckpoint {
        old,
        proof: proof(old, new),
        checkpoint: checkpoint(new).note().clone(),
    }
}

/// What a witness answers that has last cosigned a tree of this size; 0 for none.
fn answer(request: &AddCheckpoint, latest: usize) -> Result<u64, u16> {
    let latest = (latest > 0).then(|| checkpoint(latest).into_checkpoint());
    let key = log().key().clone();
    let judged = request.judge(&key, latest.as_ref());
    judged
        .map(|signed| signed.checkpoint().size)
        .map_err(|declined| declined.status())
}

#[test]
fn a_log_that_grows_is_cosigned_each_time() {
    for (old, new) in [(0, 7), (7, 40), (40, 40), (40, 64), (64, 1000)] {
        let request = request(old, new);
        let bytes = request.to_bytes().unwrap();
        assert_eq!(AddCheckpoint::parse(&bytes).unwrap(), request);
        assert_eq!(answer(&request, old as usize), Ok(new as u64));
    }
}

#[test]
fn a_request_from_another_size_learns_the_one_last_cosigned() {
    let key = log().key().clone();
    let latest = checkpoint(7).into_checkpoint();
    let declined = request(0, 40).judge(&key, Some(&latest)).unwrap_err();
    assert_eq!(declined, Declined::OtherSize { size: 7 });
    assert_eq!(answer(&request(0, 40), 7), Err(409));
    assert_eq!(answer(&request(7, 40), 0), Err(409));
}

#[test]
fn a_log_that_forks_is_not_cosigned() {
    let mut forked = request(7, 40);
    forked.checkpoint = signed(40, [9; 32]).note().clone();
    assert_eq!(answer(&forked, 7), Err(422));
    let mut other_root = request(40, 40);
    other_root.checkpoint = signed(40, [9; 32]).note().clone();
    assert_eq!(answer(&other_root, 40), Err(422));
    let mut unproven = request(7, 40);
    unproven.proof.pop();
    assert_eq!(answer(&unproven, 7), Err(422));
    let mut too_much = request(0, 40);
    too_much.proof.push([1; 32]);
    assert_eq!(answer(&too_much, 0), Err(422));
    let empty = |root| AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: signed(0, root).note().clone(),
    };
    assert_eq!(answer(&empty([9; 32]), 0), Err(422));
    assert_eq!(answer(&empty(empty_root()), 0), Ok(0));
}

#[test]
fn only_the_logs_own_signature_counts() {
    let stranger = LogSigner::from_seed(ORIGIN, &[2; 32]).unwrap();
    let mut request = request(0, 7);
    let text = request.checkpoint.text.clone();
    request.checkpoint = stranger.sign_note(&text).unwrap();
    assert_eq!(answer(&request, 0), Err(403));
    let mut spoilt = self::request(0, 7);
    *spoilt.checkpoint.signatures[0]
        .signature
        .last_mut()
        .unwrap() ^= 1;
    assert_eq!(answer(&spoilt, 0), Err(403));
}

#[test]
fn what_is_no_request_is_told_apart() {
    let good = String::from_utf8(request(7, 40).to_bytes().unwrap()).unwrap();
    let refused = |text: &str| AddCheckpoint::parse(text.as_bytes()).unwrap_err();
    assert_eq!(refused(""), AddCheckpointError::Old);
    for spelling in ["old 07\n", "Old 7\n", "old 7 \n", "old -7\n", "old \n"] {
        let spelt = good.replacen("old 7\n", spelling, 1);
        assert_eq!(refused(&spelt), AddCheckpointError::Old, "{spelling:?}");
    }
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let no_hash = good.replacen(lines[1], "AAAA\n", 1);
    assert_eq!(refused(&no_hash), AddCheckpointError::Hash { line: 2 });
    assert_eq!(
        refused(&lines[..3].concat()),
        AddCheckpointError::NoCheckpoint
    );
    let many = format!("old 7\n{}{}", lines[1].repeat(MAX_HASHES + 1), "\nx");
    assert_eq!(refused(&many), AddCheckpointError::TooManyHashes);
    let backwards = good.replacen("old 7\n", "old 41\n", 1);
    assert_eq!(
        refused(&backwards),
        AddCheckpointError::Backwards { old: 41, new: 40 }
    );
    assert!(matches!(
        refused("old 0\n\nnothing\n"),
        AddCheckpointError::Note(_)
    ));
    assert!(matches!(
        refused(&good.replace("\r", "").replace('\n', "\r\n")),
        AddCheckpointError::Old
    ));
}

#[test]
fn the_size_of_an_answer_has_one_spelling() {
    assert_eq!(parse_size(b"0\n"), Some(0));
    assert_eq!(parse_size(b"1234\n"), Some(1234));
    for other in [
        &b"1234"[..],
        b"01\n",
        b"\n",
        b"1\n\n",
        b"x\n",
        b"1\r\n",
        b"\xff\n",
    ] {
        assert_eq!(parse_size(other), None, "{other:?}");
    }
}

proptest! {
    #[test]
    fn requests_read_back_as_they_were_written(
        old in 0_u64..=64,
        proof in proptest::collection::vec(any_hash(), 0..=MAX_HASHES),
    ) {
        let request = AddCheckpoint { old, proof, checkpoint: checkpoint(64).note().clone() };
        let bytes = request.to_bytes().unwrap();
        prop_assert_eq!(AddCheckpoint::parse(&bytes).unwrap(), request);
    }

    #[test]
    fn a_witness_is_never_led_back_or_aside(
        old in 0_usize..40,
        new in 0_usize..60,
        latest in 0_usize..60,
        broken in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        prop_assume!(old <= new);
        let mut request = request(old as u64, new);
        if let Some(at) = broken && !request.proof.is_empty() {
            let at = at.index(request.proof.len());
            request.proof[at][0] ^= 1;
            prop_assert!(answer(&request, latest).is_err());
        } else {
            prop_assert_eq!(answer(&request, latest).is_ok(), old == latest);
        }
    }
}
