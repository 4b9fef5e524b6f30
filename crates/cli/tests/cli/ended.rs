//! Emblems that end, and root keys that are rotated: what is published, and what others still find.

use data_encoding::BASE64;
use serde_json::Value;

use crate::Place;
use crate::deploying::{PORTAL, Serving, data, marked, renewed, states};

/// The words with the node's folder behind them.
fn at<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--dir", "node"]].concat()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn what_is_left_of_an_emblem_that_ended_is_found_and_is_to_be_taken_down() {
    let place = Place::with_node();
    let asset = marked(&place);
    // Another name server has the lines, and does not hear of the log.
    let told = place.ask(&["emblem", "deploy", PORTAL, "--dir", "node"]);
    for (at, item) in told["items"].as_array().unwrap().iter().enumerate() {
        let bytes = BASE64.decode(item["bytes"].as_str().unwrap().as_bytes());
        place.write(&format!("old/{PORTAL}/{at}"), bytes.unwrap());
    }
    let zone = "[[zone]]\nname = \"hospital.example\"\nservers = [\"ns1.example.org\"]\n\
        contact = \"hostmaster.example.org\"\nemblems = \"old\"\n[[zone.host]]\n\
        name = \"portal.hospital.example\"\naddresses = [\"192.0.2.10\"]\n";
    place.write("old.toml", zone);
    let old = Serving::start(&place, &["--zone", "old.toml"]);
    let own = Serving::start(&place, &["--dir", "node"]);
    let look = ["emblem", "check-deployment", PORTAL, "--dir", "node"];
    let ask = |server: &Serving, more: &[&str]| {
        let words = [&look[..], &["--json", "--server", &server.address], more].concat();
        let ended = place.run(&words);
        let told: Value =
            serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{}", ended.said));
        (ended.code, told)
    };
    let verdict =
        |(code, told): &(i32, Value)| (*code, told["verdict"].as_str().unwrap().to_owned());
    let left = |server: &Serving, more: &[&str]| {
        let found = ask(server, more);
        assert_eq!(verdict(&found), (1, "left".to_owned()), "{}", found.1);
        assert_eq!(states(&found.1), ["stale"; 2]);
    };
    let gone = |server: &Serving, more: &[&str]| {
        let found = ask(server, more);
        assert_eq!(verdict(&found), (0, "gone".to_owned()), "{}", found.1);
        assert_eq!(states(&found.1), [""; 0]);
    };
    assert_eq!(verdict(&ask(&old, &[])), (0, "deployed".to_owned()));
    // After its last second it stands no more, whatever the log says.
    left(&old, &["--at", "2100-01-01T00:00:01Z"]);
    let emblem = told["emblem"].as_str().unwrap();
    place.ask(&[
        "emblem", "revoke", emblem, "--reason", "lost", "--dir", "node",
    ]);
    let shown = place.run(&at(&["emblem", "show", emblem])).done();
    let of_asset = place.run(&at(&["asset", "show", &asset])).done();
    for told in [shown, of_asset] {
        for words in [
            "Revoked on ",
            " by Hospital (pty_",
            ": it was lost.",
            "This does not mean unprotected",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }
    left(&old, &[]);
    gone(&own, &[]);
    // Withdrawn, the name itself is forgotten: its token is known by the digest that stays.
    place.ask(&[
        "asset", "withdraw", &asset, "--reason", "moved", "--dir", "node",
    ]);
    left(&old, &[]);
    gone(&own, &[]);
    // What the log never issued is none of its past.
    place.write(&format!("old/{PORTAL}/0"), renewed().bytes());
    let other = Serving::start(&place, &["--zone", "old.toml"]);
    let found = ask(&other, &[]);
    assert_eq!(verdict(&found), (1, "left".to_owned()), "{}", found.1);
    assert_eq!(states(&found.1), ["foreign"; 2]);
    let words = [&look[..], &["--server", &old.address]].concat();
    let ended = place.run(&words);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("take it down"), "{}", ended.out);
}

#[test]
fn rotating_a_root_key_changes_dns_until_the_new_one_endorses() {
    const MINISTRY: &str = "https://ministry.example";
    let place = Place::with_node();
    let ask = |words: &[&str]| place.ask(&at(words));
    let state = text(&ask(&["party", "found", "--name", "State", "--type", "state"])["party"]);
    let publish = || text(&ask(&["emblem", "key", &state, "--organisation", MINISTRY])["key"]);
    let recognise = |root: &str, more: &[&str]| {
        let by = [
            "authority",
            "recognise",
            MINISTRY,
            "--by",
            &state,
            "--key",
            root,
        ];
        let terms = ["--purpose", "protective", "--law", "gc-i"];
        text(&ask(&[&by[..], &terms, more].concat())["statement"])
    };
    marked(&place);
    let own = text(&ask(&["emblem", "list"])["emblems"][0]["key"]);
    let endorse = |root: &str| {
        let by = ["emblem", "endorse", &own, "--by", &state, "--with", root];
        let terms = ["--purpose", "protective", "--until", "2100-01-01T00:00:00Z"];
        ask(&[&by[..], &terms].concat());
    };
    let first = publish();
    let recognition = recognise(&first, &[]);
    endorse(&first);

    let serving = Serving::start(&place, &["--dir", "node"]);
    // What is served, after a check that lines for other name servers say the same.
    let published = || {
        let served = data(&serving.dig(&[PORTAL, "A"])?);
        let lines = ask(&["emblem", "deploy", PORTAL])["zone"].clone();
        let lines: Vec<String> = serde_json::from_value(lines).unwrap();
        assert_eq!(data(&lines.join("\n")), served);
        Some(served)
    };
    let Some(before) = published() else {
        return;
    };
    assert_eq!(before.len(), 4);
    let second = publish();
    recognise(&second, &["--replaces", &recognition]);
    let between = published().unwrap();
    assert_eq!(between.len(), 2);
    assert!(between.iter().all(|it| before.contains(it)));
    endorse(&second);
    let after = published().unwrap();
    assert_eq!(after.len(), 4);
    let kept = after.iter().filter(|it| before.contains(it));
    assert!(kept.eq(&between), "the emblem and its key");
}
