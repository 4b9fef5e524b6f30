//! Until when an answer holds: the earliest end of all that leads to it, the same in every command.

use serde_json::Value;

use crate::Place;

const PORTAL: &str = "portal.hospital.example";
/// The first second of 2050.
const SOON: u64 = 2_524_608_000;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The words with the node's folder behind them.
fn at<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--dir", "node"]].concat()
}

/// A portal that a republic recognises until 2050; all else lasts until 2100. The asset's id.
fn recognised(place: &Place, law: &str) -> String {
    let found = |name| {
        let words = ["party", "found", "--name", name, "--type", "body"];
        text(&place.ask(&at(&words))["party"])
    };
    let (state, hospital) = (found("Republic"), found("Hospital"));
    let key = |party: &str, organisation: &str| {
        let words = ["emblem", "key", party, "--organisation", organisation];
        text(&place.ask(&at(&words))["key"])
    };
    let ministry = "https://ministry.example";
    let root = key(&state, ministry);
    let own = key(&hospital, "https://hospital.example");
    let policy = "ab".repeat(32);
    let purpose = ["--purpose", "protective"];
    let recognise = ["authority", "recognise", ministry, "--by", &state];
    let terms = ["--key", &root, "--law", law, "--policy", &policy];
    let until = ["--until", "2050-01-01T00:00:00Z"];
    let stated = place.ask(&at(&[&recognise[..], &purpose, &terms, &until].concat()));
    let is_known = law == "gc-i";
    assert_eq!(stated["cautions"].as_array().unwrap().is_empty(), is_known);
    let until = ["--until", "2100-01-01T00:00:00Z"];
    let endorse = ["emblem", "endorse", &own, "--by", &state];
    place.ask(&at(&[&endorse[..], &purpose, &until].concat()));
    let register = ["asset", "register", "domain", PORTAL, "--by", &hospital];
    let law = ["--law", law, "--public"];
    let asset = text(&place.ask(&at(&[&register[..], &law].concat()))["asset"]);
    let issue = ["emblem", "issue", &asset];
    place.ask(&at(&[&issue[..], &purpose, &until].concat()));
    asset
}

#[test]
fn a_recognition_that_ends_first_ends_every_answer() {
    let place = Place::with_node();
    let asset = recognised(&place, "gc-i");
    let emblem = place.ask(&at(&["emblem", "list"]))["emblems"][0]["statement"].clone();
    for (words, until) in [
        (vec!["asset", "show", &asset], "/holds_until"),
        (vec!["asset", "show", &asset], "/recognised/0/until"),
        (vec!["asset", "show", PORTAL], "/assets/0/holds_until"),
        (
            vec!["emblem", "show", emblem.as_str().unwrap()],
            "/holds_until",
        ),
        (vec!["emblem", "deploy", PORTAL], "/until"),
    ] {
        let answer = place.ask(&at(&words));
        assert_eq!(
            answer.pointer(until),
            Some(&SOON.into()),
            "{words:?}: {answer}"
        );
        let told = place.run(&at(&words)).done();
        assert!(told.contains("1 January 2050"), "{words:?}: {told}");
    }
    for asked in [&*asset, PORTAL] {
        let told = place.run(&at(&["asset", "show", asked])).done();
        let by = "Recognised by Republic (pty_";
        let policy = format!("Under policy {}.", "ab".repeat(32));
        for part in [by, &policy, "Until 1 January 2050"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
    let deployed = place.run(&at(&["emblem", "deploy", PORTAL])).done();
    assert!(deployed.contains("a recognition ends first"), "{deployed}");
    assert!(
        !deployed.contains("emblem-lack"),
        "no bare code: {deployed}"
    );
}

#[test]
fn a_law_without_words_is_stated_with_a_word_of_caution() {
    let place = Place::with_node();
    let asset = recognised(&place, "nonsense");
    let shown = place.ask(&at(&["asset", "show", &asset]));
    assert_eq!(shown["law"], "nonsense");
    let register = [
        "asset",
        "register",
        "domain",
        "other.example",
        "--law",
        "nonsense",
    ];
    let by = ["--by", shown["registrant"].as_str().unwrap()];
    let told = place.run(&at(&[&register[..], &by].concat())).done();
    assert!(
        told.contains("The law \u{201c}nonsense\u{201d} has no words here"),
        "{told}"
    );
    assert!(told.contains("gc-i, gc-ii"), "{told}");
}

#[test]
fn a_url_is_refused_with_the_form_that_is_expected() {
    let place = Place::with_node();
    for kind in ["address", "domain", "network"] {
        let words = ["asset", "show", "https://www.example.org/a", "--kind", kind];
        let said = place.run(&at(&words)).failed(2);
        assert!(said.contains("a URL was given"), "{said}");
        assert!(!said.contains("prefix"), "{said}");
    }
}
