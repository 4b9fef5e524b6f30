//! From a published file to a proof that a stranger can check.

use serde_json::{Value, json};

use crate::Place;

fn counts(answer: &Value) -> [&Value; 6] {
    [
        "rows",
        "added",
        "changed",
        "absent",
        "unchanged",
        "rejected",
    ]
    .map(|name| &answer[name])
}

#[test]
fn a_published_file_becomes_records_that_a_stranger_can_check() {
    let place = Place::with_node();

    let first = place.ask(&["import", "who-ssa", "export.csv", "--dir", "node"]);
    assert_eq!(counts(&first), [4, 3, 0, 0, 0, 1]);
    assert_eq!(
        first["covers"],
        json!({ "from": "2024-02-06", "until": "2024-02-08" })
    );
    assert_eq!(first["rejections"][0]["line"], 5);
    assert_eq!(first["rejections"][0]["column"], "Attack Date");
    let again = place.run(&["import", "who-ssa", "export.csv", "--dir", "node"]);
    assert!(
        again.out.contains("\nunchanged             3\n"),
        "{}",
        again.out
    );
    assert!(
        again
            .out
            .contains("5  Attack Date  EX-4  Not a date  a date from 2000 to 2099"),
        "{}",
        again.out
    );
    assert!(
        again.said.ends_with("next: ensign serve --dir node\n"),
        "{}",
        again.said
    );

    let exporting = [
        "export",
        "incident",
        "EX-2",
        "--dir",
        "node",
        "-o",
        "case.ensign",
    ];
    let exported = place.ask(&exporting);
    assert_eq!(exported["file"], "case.ensign");
    assert_eq!(exported["bundle"], Value::Null);
    let there_already = place.run(&exporting).failed(1);
    assert!(there_already.contains("\n\nhint: "), "{there_already}");
    place.run(&[&exporting[..], &["--force"]].concat()).done();

    place
        .run(&["trust", "export", "--dir", "node", "-o", "anchors.txt"])
        .done();
    let printed = place.run(&["trust", "export", "--dir", "node"]).done();
    assert_eq!(
        printed,
        std::fs::read_to_string(place.path("anchors.txt")).unwrap()
    );

    // Whoever checks has neither the node nor its key.
    for gone in ["node", "node.key"] {
        std::fs::rename(place.path(gone), place.path(&format!("{gone}.gone"))).unwrap();
    }
    let verify = ["verify", "case.ensign", "--trust", "anchors.txt"];
    let verified = place.ask(&[&verify[..], &["--at", "2100-01-01T00:00:00Z"]].concat());
    assert_eq!(verified["verdict"], "anchored");
    assert_eq!(verified["subject"], exported["subject"]);
    assert_eq!(verified["size"], exported["size"]);
    assert_eq!(verified["judged"], 4_102_444_800_u64);
    let said = verified["said"].as_array().unwrap();
    assert!(
        said.iter()
            .any(|said| said["value"] == "a lantern workshop"),
        "{said:?}"
    );
    let told = place.run(&verify).done();
    for words in [
        "Verified: ",
        "signed by",
        "Lantern",
        "unwitnessed",
        "less than a minute ago",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }

    let alone = place.run(&["verify", "case.ensign"]);
    assert_eq!(alone.code, 4, "{}", alone.said);
    assert!(
        alone.out.starts_with("Consistent, not anchored: "),
        "{}",
        alone.out
    );
    let fingerprint = verified["fingerprint"].as_str().unwrap();
    assert!(alone.out.contains(fingerprint), "{}", alone.out);
}

#[test]
fn a_proof_of_another_node_or_a_damaged_one_is_refused() {
    let place = Place::with_node();
    place.init("other").done();
    place
        .run(&[
            "import",
            "who-ssa",
            "export.csv",
            "--dir",
            "node",
            "--quiet",
        ])
        .done();
    place
        .run(&[
            "export",
            "incident",
            "EX-1",
            "--dir",
            "node",
            "-o",
            "case.ensign",
        ])
        .done();
    place
        .run(&["trust", "export", "--dir", "other", "-o", "other.txt"])
        .done();

    let foreign = place
        .run(&["verify", "case.ensign", "--trust", "other.txt"])
        .failed(1);
    assert!(
        foreign.starts_with("error: case.ensign is not verified: "),
        "{foreign}"
    );
    assert!(foreign.contains("\n\nhint: "), "{foreign}");

    let mut bytes = std::fs::read(place.path("case.ensign")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(place.path("case.ensign"), &bytes).unwrap();
    let damaged = place.run(&["verify", "case.ensign", "--json"]);
    assert_eq!(damaged.code, 1);
    let answer: Value = serde_json::from_str(&damaged.out).unwrap();
    assert_eq!(
        (&answer["verdict"], &answer["code"]),
        (&json!("failed"), &json!("bundle.invalid"))
    );
}

#[test]
fn a_folder_is_audited_and_whatever_was_changed_in_it_is_named() {
    let place = Place::with_node();
    place.init("other").done();
    place
        .run(&["import", "who-ssa", "export.csv", "--dir", "node"])
        .done();
    for node in ["node", "other"] {
        place
            .run(&[
                "trust",
                "export",
                "--dir",
                node,
                "-o",
                &format!("{node}.txt"),
            ])
            .done();
    }
    let verdict =
        |words: &[&str]| place.ask(&[&["verify", "node"], words].concat())["verdict"].clone();
    assert_eq!(verdict(&[]), "folder");
    assert_eq!(verdict(&["--screen"]), "screened");
    assert_eq!(verdict(&["--trust", "node.txt"]), "anchored");
    let foreign = place.run(&["verify", "node", "--trust", "other.txt"]);
    assert_eq!(foreign.code, 1, "{}{}", foreign.out, foreign.said);
    assert!(
        foreign.out.starts_with("Not verified.\n"),
        "{}",
        foreign.out
    );

    let stray = place.path("node/log/public/notes.txt");
    std::fs::write(&stray, "not ours").unwrap();
    let found = place.run(&["verify", "node", "--json"]);
    assert_eq!(found.code, 1);
    let found: Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(found["verdict"], "failed");
    assert_eq!(found["findings_total"], 1, "{found}");
    assert!(
        found["findings"][0]["place"]
            .as_str()
            .unwrap()
            .ends_with("notes.txt"),
        "{found}"
    );
    std::fs::remove_file(&stray).unwrap();
    assert_eq!(verdict(&[]), "folder");

    let checkpoint = place.path("node/log/public/checkpoint");
    let text = std::fs::read_to_string(&checkpoint).unwrap();
    std::fs::write(
        &checkpoint,
        text.replacen("node.example", "nods.example", 1),
    )
    .unwrap();
    let told = place.run(&["verify", "node"]);
    assert_eq!(told.code, 1);
    assert!(told.out.contains("checkpoint"), "{}", told.out);
}

#[test]
fn parties_keys_and_mandates_are_founded_listed_and_ended() {
    let place = Place::with_node();
    let at = ["--dir", "node"];
    let with = |words: &[&str]| place.ask(&[words, &at[..]].concat());

    let founded = with(&[
        "party",
        "found",
        "--name",
        "Three Rivers",
        "--type",
        "organisation",
    ]);
    let party = founded["party"].as_str().unwrap();
    let parties = with(&["party", "list"]);
    let parties = parties["parties"].as_array().unwrap();
    let names: Vec<_> = parties.iter().map(|party| &party["name"]).collect();
    assert!(names.contains(&&json!("Lantern")) && names.contains(&&json!("Three Rivers")));

    let added = with(&["key", "add", party]);
    let key = added["key"].as_str().unwrap();
    with(&["key", "revoke", key, "--reason", "lost"]);
    let keys = with(&["key", "list", party]);
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(
        keys.iter().filter(|key| key["revoked"].is_null()).count(),
        1
    );

    let until = ["--until", "2100-01-01T00:00:00Z"];
    let granted = with(
        &[
            &["mandate", "grant", "--to", party, "--role", "verifier"],
            &until[..],
        ]
        .concat(),
    );
    let mandate = granted["statement"].as_str().unwrap();
    with(&["mandate", "withdraw", mandate]);
    let mandates = with(&["mandate", "list"]);
    let mandates = mandates["mandates"].as_array().unwrap();
    let ours = mandates
        .iter()
        .find(|row| row["mandate"] == mandate)
        .unwrap();
    assert_eq!(ours["until"], 4_102_444_800_u64);
    assert!(ours["withdrawn"].is_u64(), "{ours}");
}

#[test]
fn the_views_are_made_afresh_and_answer_the_same() {
    let place = Place::with_node();
    place
        .run(&["import", "who-ssa", "export.csv", "--dir", "node"])
        .done();
    let logs = |place: &Place| place.ask(&["status", "--dir", "node"])["logs"].clone();
    let before = logs(&place);
    let rebuilt = place.ask(&["views", "rebuild", "--dir", "node"]);
    assert_eq!(rebuilt["public"], before[0]["size"]);
    assert_eq!(rebuilt["closed"], before[1]["size"]);
    assert_eq!(logs(&place), before);
}

#[test]
fn help_completions_and_manual_are_answers() {
    let place = Place::new();
    let help = place.run(&["import", "--help"]).done();
    let golden = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/goldens/help/ensign-import.txt"
    );
    assert_eq!(help, std::fs::read_to_string(golden).unwrap());
    assert!(
        place
            .run(&["completions", "bash"])
            .done()
            .contains("complete ")
    );
    assert!(place.run(&["man"]).done().contains(".TH ensign 1"));
    place.run(&["man", "-o", "man1"]).done();
    assert!(place.path("man1/ensign-export-incident.1").exists());
}

#[test]
fn answers_are_in_the_readers_language() {
    let place = Place::with_node();
    let mut command = place.command(&["status"]);
    command
        .env("LC_ALL", "ar_EG.UTF-8")
        .env("ENSIGN_DIR", "node");
    let told = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(told.contains("المشغّل"), "{told}");
    let mut command = place.command(&["status"]);
    let output = command.env("LC_ALL", "ar").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("خطأ: لا عقدة في هذا المجلد\n  ensign holds no node\n"),
        "{said}"
    );
}
