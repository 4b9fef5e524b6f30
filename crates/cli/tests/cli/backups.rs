//! A backup on the command line, and the way back from it.

use serde_json::{Value, json};

use crate::Place;

/// A place with a node, and the two parts of a backup of it.
fn backed_up() -> (Place, String, String) {
    let place = Place::with_node();
    place
        .run(&["import", "who-ssa", "export.csv", "--dir", "node"])
        .done();
    let made = place.ask(&[
        "backup",
        "--to",
        "records",
        "--keys-to",
        "keys",
        "--dir",
        "node",
    ]);
    assert_eq!(made["opened"], true, "{made}");
    let part = |name: &str| made[name].as_str().unwrap().to_owned();
    let (records, keys) = (part("records"), part("keys"));
    (place, records, keys)
}

#[test]
fn a_backup_is_made_checked_and_restored_and_the_node_writes_once_that_is_shown() {
    let (place, records, keys) = backed_up();
    let check = ["backup", "check", &records];
    assert_eq!(place.ask(&check)["opened"], false);
    let mut command = place.command(&[&check[..], &["--keys", &keys, "--json"]].concat());
    let output = command.env("ENSIGN_KEY_FILE", "node.key").output().unwrap();
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(checked["opened"], true, "{checked}");
    assert_eq!(checked["origin"], "node.example.org/log");

    let restore = ["restore", &records, "--keys", &keys, "--dir", "new"];
    let without_key = place.run(&restore).failed(1);
    assert!(without_key.contains("new.key"), "{without_key}");
    std::fs::copy(place.path("node.key"), place.path("new.key")).unwrap();
    let told = place.run(&restore);
    assert!(
        told.said
            .ends_with("next: ensign restore finish --dir new\n"),
        "{}",
        told.said
    );
    assert!(told.done().contains("node.example.org/log"));
    let there = place.run(&restore).failed(1);
    assert!(there.contains("new already holds a node"), "{there}");

    let founding = ["party", "found", "--name", "Three Rivers", "--type", "body"];
    let founding = [&founding[..], &["--dir", "new"]].concat();
    let refused = place.run(&founding).failed(1);
    assert!(refused.contains("came out of a backup"), "{refused}");
    assert!(
        refused.contains("hint: `ensign restore finish`"),
        "{refused}"
    );
    let status = place.run(&["status", "--dir", "new"]).done();
    assert!(status.contains("restored, read-only since"), "{status}");
    place
        .run(&["export", "incident", "EX-1", "--dir", "new", "-o", "case"])
        .done();

    let finish = ["restore", "finish", "--dir", "new"];
    let alone = place.run(&finish).failed(1);
    assert!(alone.contains("asks no witnesses"), "{alone}");
    let newest = ["--checkpoint", "node/log/public/checkpoint"];
    let finished = place.ask(&[&finish[..], &newest].concat());
    assert_eq!(finished["confirmed"], json!("operator"));
    place.run(&founding).done();
    place.run(&["verify", "new"]).done();
}

#[test]
fn a_damaged_backup_is_named_and_nothing_is_restored_from_it() {
    let (place, records, keys) = backed_up();
    let file = place.path(&records).join("log/public/checkpoint");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("node", "nods", 1)).unwrap();
    let told = place.run(&["backup", "check", &records]).failed(1);
    assert!(
        told.contains("log/public/checkpoint is not the file that was written"),
        "{told}"
    );
    std::fs::copy(place.path("node.key"), place.path("new.key")).unwrap();
    place
        .run(&["restore", &records, "--keys", &keys, "--dir", "new"])
        .failed(1);
    assert!(!place.path("new").exists());
    let usage = place.run(&["backup", "--to", "records", "--dir", "node"]);
    assert_eq!(usage.code, 2, "{}", usage.said);
    let same = ["backup", "--to", "a", "--keys-to", "a", "--dir", "node"];
    let same = place.run(&same).failed(2);
    assert!(same.contains("three places"), "{same}");
}
