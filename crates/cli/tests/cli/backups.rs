//! A backup on the command line, and the way back from it.

use serde_json::{Value, json};

use crate::Place;
use crate::serving::Serving;

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

#[test]
fn a_log_that_nobody_can_complete_is_sealed_and_another_node_goes_on() {
    let (place, records, keys) = backed_up();
    let founding = ["party", "found", "--name", "Three Rivers", "--type", "body"];
    place
        .run(&[&founding[..], &["--dir", "node"]].concat())
        .done();
    let newest = std::fs::read(place.path("node/log/public/checkpoint")).unwrap();
    std::fs::write(place.path("newest"), newest).unwrap();
    std::fs::remove_dir_all(place.path("node")).unwrap();
    std::fs::copy(place.path("node.key"), place.path("old.key")).unwrap();
    place
        .run(&["restore", &records, "--keys", &keys, "--dir", "old"])
        .done();
    let finish = [
        "restore",
        "finish",
        "--checkpoint",
        "newest",
        "--dir",
        "old",
    ];
    let behind = place.run(&finish).failed(1);
    assert!(behind.contains("`ensign restore seal`"), "{behind}");

    let seal = [
        "restore", "seal", "--to", "next", "--dir", "old", "--origin",
    ];
    let same = place.run(&[&seal[..], &["node.example.org/log"]].concat());
    let same = same.failed(2);
    assert!(same.contains("another one"), "{same}");
    let seal = [&seal[..], &["node.example.org/log-2"]].concat();
    let sealed = place.run(&seal);
    assert!(
        sealed.said.contains("next: ensign serve --dir "),
        "{}",
        sealed.said
    );
    assert!(sealed.done().contains("node.example.org/log-2"));
    let again = place.ask(&seal);
    assert_eq!(again["sealed"], "node.example.org/log");

    for words in [&finish[..], &[&founding[..], &["--dir", "old"]].concat()] {
        let refused = place.run(words).failed(1);
        assert!(
            refused.contains("node.example.org/log-2 goes on"),
            "{refused}"
        );
        assert!(refused.contains("hint: go on in "), "{refused}");
    }
    let status = place.run(&["status", "--dir", "old"]).done();
    assert!(status.contains("sealed, gone on by"), "{status}");
    let status = place.ask(&["status", "--dir", "next"]);
    assert_eq!(status["goes_on_from"]["size"], again["size"]);
    place
        .run(&[&founding[..], &["--dir", "next"]].concat())
        .done();
    for folder in ["old", "next"] {
        place.run(&["verify", folder]).done();
    }
    place
        .run(&["export", "incident", "EX-1", "--dir", "old", "-o", "case"])
        .done();
    let anchors = place.run(&["trust", "export", "--dir", "next"]).done();
    let first = format!(
        "# goes on from node.example.org/log, sealed at size {}\n",
        again["size"]
    );
    assert!(anchors.starts_with(&first), "{anchors}");

    for (folder, told) in [("old", "goes on in its place"), ("next", "goes on from")] {
        let serving = Serving::start(
            &place,
            &["serve", "--dir", folder, "--listen", "127.0.0.1:0"],
        );
        for page in ["/en/", "/en/log"] {
            let page = String::from_utf8(serving.get(page)).unwrap();
            assert!(page.contains(told), "{page}");
        }
        let log: Value = serde_json::from_slice(&serving.get("/api/v1/log/public")).unwrap();
        match folder {
            "old" => assert_eq!(log["successor"]["log"], "node.example.org/log-2"),
            _ => assert_eq!(log["goes_on_from"]["log"], "node.example.org/log"),
        }
    }
}

#[test]
fn a_served_log_is_mirrored_and_a_lost_node_goes_on_from_its_mirror() {
    let (place, records, keys) = backed_up();
    let serving = Serving::start(
        &place,
        &["serve", "--dir", "node", "--listen", "127.0.0.1:0"],
    );
    let address = format!("http://{}/tlog", serving.address());
    let mirror = ["mirror", &address, "--to", "copy"];
    let first = place.run(&[&mirror[..], &["--json"]].concat());
    assert_eq!(first.code, 4, "{}", first.said);
    let first: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(
        (&first["anchored"], &first["added"]),
        (&json!(false), &first["size"])
    );
    place
        .run(&["trust", "export", "--dir", "node", "-o", "anchors"])
        .done();
    let founding = ["party", "found", "--name", "Three Rivers", "--type", "body"];
    place
        .run(&[&founding[..], &["--dir", "node"]].concat())
        .done();
    let told = place
        .run(&[&mirror[..], &["--trust", "anchors"]].concat())
        .done();
    let held = told
        .lines()
        .find(|it| it.starts_with("held by the trust anchors"));
    assert!(held.is_some_and(|it| it.ends_with(" Yes")), "{told}");
    let size = place.ask(&["status", "--dir", "node"])["logs"][0]["size"].clone();
    drop(serving);
    // The network is gone, and then the node.
    let gone = place.run(&mirror).failed(3);
    assert!(gone.contains("does not answer"), "{gone}");
    std::fs::remove_dir_all(place.path("node")).unwrap();
    std::fs::copy(place.path("node.key"), place.path("new.key")).unwrap();
    place
        .run(&["restore", &records, "--keys", &keys, "--dir", "new"])
        .done();
    let finish = ["restore", "finish", "--dir", "new", "--from", "copy"];
    let finished = place.ask(&finish);
    assert_eq!(finished["size"], size, "{finished}");
    assert!(finished["taken"].as_u64().unwrap() > 0);
    place
        .run(&[&founding[..], &["--dir", "new"]].concat())
        .done();
    place.run(&["verify", "new"]).done();
    // The copy goes on with the node that was restored.
    let serving = Serving::start(
        &place,
        &["serve", "--dir", "new", "--listen", "127.0.0.1:0"],
    );
    let address = format!("http://{}/tlog", serving.address());
    let again = ["mirror", &address, "--to", "copy", "--trust", "anchors"];
    let again = place.ask(&again);
    assert!(again["size"].as_u64() > size.as_u64(), "{again}");
    assert_eq!(again["findings_total"], 0);
    let other = place.run(&["mirror", &address, "--to", "new"]).failed(2);
    assert!(other.contains("no mirror"), "{other}");
}

#[test]
fn a_served_mirror_is_mirrored_and_a_lost_node_goes_on_from_the_copy_of_the_copy() {
    let (place, records, keys) = backed_up();
    let founding = ["party", "found", "--name", "Three Rivers", "--type", "body"];
    let node = Serving::start(
        &place,
        &["serve", "--dir", "node", "--listen", "127.0.0.1:0"],
    );
    let of_node = format!("http://{}/tlog", node.address());
    place
        .run(&["trust", "export", "--dir", "node", "-o", "anchors"])
        .done();
    let copy = |address: &str, to: &str| {
        let words = ["mirror", address, "--to", to, "--trust", "anchors"];
        place.ask(&words)["size"].as_u64().unwrap()
    };
    let first = copy(&of_node, "copy");
    let mirror = Serving::start(
        &place,
        &["mirror", "serve", "copy", "--listen", "127.0.0.1:0"],
    );
    let of_mirror = format!("http://{}/tlog", mirror.address());
    assert_eq!(copy(&of_mirror, "second"), first);
    assert_eq!(mirror.get("/tlog/checkpoint"), node.get("/tlog/checkpoint"));
    assert_eq!(mirror.get("/healthz"), b"ok\n");
    // The copy is brought up to date while it is served.
    place
        .run(&[&founding[..], &["--dir", "node"]].concat())
        .done();
    assert_eq!(copy(&of_mirror, "second"), first);
    let size = copy(&of_node, "copy");
    assert!(size > first);
    assert_eq!(copy(&of_mirror, "second"), size);
    drop((node, mirror));
    for lost in ["node", "copy"] {
        std::fs::remove_dir_all(place.path(lost)).unwrap();
    }
    std::fs::copy(place.path("node.key"), place.path("new.key")).unwrap();
    place
        .run(&["restore", &records, "--keys", &keys, "--dir", "new"])
        .done();
    let finish = ["restore", "finish", "--dir", "new", "--from", "second"];
    assert_eq!(place.ask(&finish)["size"], size);
    place.run(&["verify", "new"]).done();

    let none = place.run(&["mirror", "serve", "new"]).failed(2);
    assert!(none.contains("it is no mirror"), "{none}");
    let open = ["mirror", "serve", "second", "--listen", "192.0.2.1:8482"];
    let open = place.run(&open).failed(1);
    assert!(open.contains("--behind-proxy"), "{open}");
}
