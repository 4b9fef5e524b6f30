//! A log that contradicted itself, in a file that anybody can judge.

use std::sync::Arc;

use ensign_node::clock::SystemClock;
use ensign_node::witness::Witness;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::vkey::LogSigner;
use ensign_trust::log::witness::AddCheckpoint;

use crate::Place;

const ORIGIN: &str = "liar.example.org/log";

/// What the witness answers to a checkpoint of one entry.
fn asked(witness: &Witness, log: &LogSigner, old: u64, root: [u8; 32]) -> u16 {
    let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 1, root), log).unwrap();
    let request = AddCheckpoint {
        old,
        proof: Vec::new(),
        checkpoint: signed.note().clone(),
    };
    witness.add_checkpoint(&request.to_bytes().unwrap()).status
}

#[test]
fn what_a_witness_found_is_written_to_a_file_that_is_judged_without_it() {
    let place = Place::with_node();
    let log = LogSigner::from_seed(ORIGIN, &[7; 32]).unwrap();
    let key = log.key().to_string();
    place.run(&["witness", "add", &key, "--dir", "node"]).done();
    let export = [
        "export",
        "contradiction",
        ORIGIN,
        "--dir",
        "node",
        "-o",
        "found.ensign",
    ];
    let said = place.run(&export).failed(1);
    assert!(said.contains(ORIGIN), "{said}");
    let witness = Witness::open(&place.path("node"), Arc::new(SystemClock)).unwrap();
    assert_eq!(asked(&witness, &log, 0, [1; 32]), 200);
    assert_eq!(asked(&witness, &log, 1, [2; 32]), 422);
    place.run(&export).done();
    std::fs::remove_dir_all(place.path("node")).unwrap();

    let ended = place.run(&["verify", "found.ensign"]);
    assert_eq!(ended.code, 4, "{}", ended.said);
    for part in ["The log contradicted itself", ORIGIN, "different roots"] {
        assert!(ended.out.contains(part), "{part}: {}", ended.out);
    }
    place.init("other").done();
    place
        .run(&["trust", "export", "--dir", "other", "-o", "other.txt"])
        .done();
    let foreign = place
        .run(&["verify", "found.ensign", "--trust", "other.txt"])
        .failed(1);
    assert!(
        foreign.contains("not a log of the trust anchors"),
        "{foreign}"
    );
    let others = std::fs::read_to_string(place.path("other.txt")).unwrap();
    let first = others
        .lines()
        .find(|line| line.starts_with("log "))
        .unwrap();
    let trusted = others.replacen(first, &format!("log {key}"), 1);
    std::fs::write(place.path("liar.txt"), trusted).unwrap();
    let told = place.ask(&["verify", "found.ensign", "--trust", "liar.txt"]);
    assert_eq!(told["verdict"], "contradiction-anchored");
    assert_eq!(
        (&told["origin"], &told["how"]),
        (&ORIGIN.into(), &"same-size".into())
    );
    assert_eq!(told["trees"].as_array().unwrap().len(), 2);

    let mut file = std::fs::read(place.path("found.ensign")).unwrap();
    let last = file.len() - 2;
    file[last] ^= 1;
    std::fs::write(place.path("changed.ensign"), file).unwrap();
    place.run(&["verify", "changed.ensign"]).failed(1);
}
