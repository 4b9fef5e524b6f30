//! A key that is revoked as of a place in the log, in the list of keys and in proof files.

use serde_json::Value;

use crate::Place;

const HEADER: &str = "\"Attack Date\",\"Attack ID\",\"Total Death\"\n";

/// The words with the node's folder behind them.
fn at<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--dir", "node"]].concat()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_proof_says_which_key_was_revoked_as_of_where_and_holds_nothing_that_fell() {
    let place = Place::new();
    place.init("node").done();
    let import = |name: &str, rows: &str| {
        std::fs::write(place.path(name), format!("{HEADER}{rows}")).unwrap();
        place.ask(&at(&["import", "who-ssa", name]))
    };
    place
        .run(&at(&["trust", "export", "-o", "anchors.txt"]))
        .done();
    let export = |name: &str| {
        place
            .run(&at(&["export", "incident", "EX-1", "-o", name]))
            .done();
        place.ask(&["verify", name, "--trust", "anchors.txt"])
    };
    import("first.csv", "2/8/24 12:00 AM,\"EX-1\",1\n");
    let parties = place.ask(&at(&["party", "list"]));
    let operator = text(&parties["parties"][0]["party"]).to_owned();
    let key = text(&place.ask(&at(&["key", "add", &operator]))["key"]).to_owned();
    let stands = export("before.ensign")["size"].as_u64().unwrap();
    import("second.csv", "2/8/24 12:00 AM,\"EX-1\",500\n");
    let signed = export("during.ensign");
    let by_key = |told: &Value| -> Vec<Value> {
        let all = told["statements"].as_array().unwrap().iter();
        all.filter(|it| it["key"] == key.as_str())
            .cloned()
            .collect()
    };
    let with_it = by_key(&signed);
    let receipt = with_it.last().unwrap();
    assert_eq!(receipt["kind"], "log.received");
    let revoke = |as_of: u64| {
        let as_of = as_of.to_string();
        let words = [
            "key",
            "revoke",
            &key,
            "--reason",
            "compromised",
            "--as-of",
            &as_of,
        ];
        place.ask(&at(&words));
    };

    // As of the receipt alone: what it covers stands, without its time.
    let as_of = receipt["index"].as_u64().unwrap();
    revoke(as_of);
    let told = export("receipt.ensign");
    let mut unproven = 0;
    for row in by_key(&told) {
        let is_receipt = row["index"] == as_of;
        let flag = is_receipt.then_some(as_of);
        assert_eq!(row["key_revoked_as_of"], serde_json::json!(flag), "{row}");
        assert_eq!(row["standing"] == "taken_back", is_receipt);
        unproven += usize::from(row["standing"] == "time_unproven");
    }
    assert!(unproven > 0);
    let words = place
        .run(&["verify", "receipt.ensign", "--trust", "anchors.txt"])
        .done();
    let sentence = format!("Signed with a key that was revoked as of entry {as_of}.");
    assert_eq!(words.matches(&sentence).count(), 1, "{words}");
    assert!(words.contains("somebody else may have the key"), "{words}");

    // Further back, what the key said is not in the file, and the file says which key it was.
    revoke(stands);
    let told = export("after.ensign");
    let left = by_key(&told);
    assert!(
        left.iter()
            .all(|row| row["index"].as_u64().unwrap() < stands)
    );
    let keys = told["keys"].as_array().unwrap();
    let ended = keys.iter().find(|it| it["key"] == key.as_str()).unwrap();
    assert_eq!(
        (&ended["state"], &ended["revoked"]),
        (&"revoked".into(), &stands.into())
    );
    assert_eq!(ended["reason"], "compromised");
    let said = told["said"].to_string();
    assert!(
        said.contains("\"value\":1}") && !said.contains("500"),
        "{said}"
    );

    // What was given away before holds as of its own checkpoint.
    let given = place.ask(&["verify", "during.ensign", "--trust", "anchors.txt"]);
    assert_eq!(given, signed_at(&signed, &given));
    let listed = place.ask(&at(&["key", "list", &operator]));
    let listed = listed["keys"].as_array().unwrap();
    let row = listed.iter().find(|it| it["key"] == key.as_str()).unwrap();
    assert_eq!(
        (&row["state"], &row["revoked"]),
        (&"revoked".into(), &stands.into())
    );
    let listed = place.run(&at(&["key", "list", &operator])).done();
    assert!(
        listed.contains("revoked as of") && listed.contains("in use"),
        "{listed}"
    );
    place.run(&["verify", "node"]).done();
}

/// An answer as of the moment of another one.
fn signed_at(answer: &Value, other: &Value) -> Value {
    let mut answer = answer.clone();
    for at in ["age", "judged"] {
        answer[at] = other[at].clone();
    }
    answer
}
