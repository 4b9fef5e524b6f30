//! What people are told when an emblem is of another time, odd, or absent.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::Place;

/// A set of invented organisations, with all that proves it; valid from September 2026 for a year.
const EXAMPLE: &str = include_str!("../../../web/assets/example.txt");
const AT: &str = "1790000000";

#[test]
fn an_expired_emblem_says_until_when_and_an_early_one_from_when() {
    let place = Place::new();
    place.write("set.txt", EXAMPLE);
    for (at, state, parts) in [
        (
            "2030-01-01T00:00:00Z",
            "expired",
            [
                "Expired: its signature is right",
                "valid until just before 21 September 2027",
            ],
        ),
        (
            "2020-01-01T00:00:00Z",
            "not-yet",
            ["Not valid yet: its signature is right", "valid from "],
        ),
    ] {
        let words = ["set.txt", "--evidence", "set.txt", "--at", at];
        let (answer, code) = place.verified(&words);
        assert_eq!((code, &answer["results"]), (1, &json!(["INVALID"])));
        assert_eq!(
            (&answer["standing"], &answer["emblem"]["state"]),
            (&json!(state), &json!(state))
        );
        assert_eq!(answer["emblem"]["marks"], json!(["www.hospital.example"]));
        let told = place.verify(&words);
        let own_word = "The words are the emblem\u{2019}s own";
        let names = ["www.hospital.example", "Issued by https://hospital.example"];
        for part in parts.iter().chain(&names).chain(&[own_word]) {
            assert!(told.out.contains(part), "{part}: {}", told.out);
        }
    }
}

#[test]
fn nothing_to_verify_and_a_missing_key_each_have_their_sentence() {
    let place = Place::new();
    fs::create_dir(place.path("empty")).unwrap();
    let said = place.verify(&["empty"]).failed(1);
    assert!(
        said.contains("empty holds no file: nothing to verify"),
        "{said}"
    );
    place.write("blank.txt", "\n");
    let said = place.verify(&["blank.txt"]).failed(1);
    assert!(said.contains("blank.txt holds no token"), "{said}");
    // Keys alone are no emblem, and words are not either.
    let blocks: Vec<_> = EXAMPLE.split("\n\n").collect();
    place.write("words/a.txt", "Call the hospital.");
    let told = place.verify(&["words", "--at", AT]);
    assert_eq!(told.code, 1);
    assert!(told.out.contains("No emblem is here"), "{}", told.out);
    place.write("alone.txt", blocks[0]);
    let told = place.verify(&["alone.txt", "--at", AT]);
    assert_eq!(told.code, 4);
    assert!(
        told.out.contains("a key that signed is not here"),
        "{}",
        told.out
    );
    assert!(!told.out.contains("a rule failed"), "{}", told.out);
    let (answer, _) = place.verified(&["alone.txt", "--at", AT]);
    let key = answer["missing"][0]["key"].as_str().unwrap();
    assert!(told.out.contains(key), "{}", told.out);
}

#[test]
fn a_verified_emblem_says_first_who_endorses_which_law_and_until_when() {
    let place = Place::new();
    place.write("set.txt", EXAMPLE);
    let words = ["set.txt", "--evidence", "set.txt", "--at", AT];
    let told = place.verify(&words).done();
    let first = told.split("Step 1: signatures").next().unwrap();
    for part in [
        "Endorsed by: https://authority.example",
        "Law: Red cross, red crescent or red crystal, protective use: the First Geneva Convention \
         of 1949; Additional Protocol III of 2005",
        "All of this holds until just before",
        "may be protected all the same",
    ] {
        assert!(first.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("Declared only"), "{told}");
    let (answer, _) = place.verified(&words);
    let tokens = answer["tokens"].as_array().unwrap().iter();
    let ends = tokens.map(|it| it["says"]["until"].as_i64().unwrap()).min();
    assert_eq!(answer["holds_until"].as_i64(), ends);
    assert_eq!(answer["note"]["code"], "not-unprotected");
}

#[test]
fn what_is_not_read_is_named_and_never_waited_for() {
    let place = Place::new();
    place.write("set/all.txt", EXAMPLE);
    place.write("set/older/key.jwk", "{}");
    let made = Command::new("mkfifo").arg(place.path("set/pipe")).status();
    assert!(made.unwrap().success());
    let words = ["set", "--evidence", "set/all.txt", "--at", AT];
    let (answer, code) = place.verified(&words);
    assert_eq!(code, 0, "{answer}");
    let passed = answer["passed_over"].as_array().unwrap().iter();
    let passed: Vec<_> = passed.map(|it| (&it["name"], &it["code"])).collect();
    assert_eq!(
        passed,
        [
            (&json!("set/older"), &json!("emblem-passed-folder")),
            (&json!("set/pipe"), &json!("emblem-passed-special"))
        ]
    );
    // What is both found and vouched for is named once.
    let (answer, _) = place.verified(&["set", "--evidence", "set", "--at", AT]);
    assert_eq!(
        answer["passed_over"].as_array().unwrap().len(),
        2,
        "{answer}"
    );
    let said = place.verify(&["/dev/zero"]).failed(1);
    assert!(said.contains("is longer than"), "{said}");
}

#[test]
fn keys_come_as_a_set_and_secrets_are_refused_in_clear_words() {
    let place = Place::new();
    place.write("set.txt", EXAMPLE);
    let secret = "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n";
    place.write("own.pem", secret);
    let told = place.verify(&["set.txt", "own.pem", "--evidence", "set.txt", "--at", AT]);
    let told = told.done();
    assert!(told.contains("A private key lies in own.pem"), "{told}");
    assert!(told.contains("Never share it"), "{told}");
    for (keys, why) in [
        (r#"{"keys":[]}"#, "a JWK Set without any key in it"),
        (
            r#"{"keys":[{"kty":"oct","alg":"HS256","k":"AAAA"}]}"#,
            "a shared secret is no public key",
        ),
    ] {
        place.write("keys.json", keys);
        let told = place.verify(&["set.txt", "keys.json", "--evidence", "set.txt", "--at", AT]);
        let told = told.done();
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn what_identifies_nothing_is_refused_for_its_own_reason() {
    let place = Place::with_node();
    let party = place.ask(&[
        "party", "found", "--name", "Hospital", "--type", "body", "--dir", "node",
    ]);
    let party = party["party"].as_str().unwrap();
    let long = "a".repeat(5_000);
    let control = "a\u{1b}[2Jb.example";
    for (kind, text, why) in [
        ("address", "::ffff:192.0.2.1", "not as IPv4-mapped IPv6"),
        (
            "address",
            "fe80::1%eth0",
            "means something on one machine only",
        ),
        ("address", "192.0.2.0/24", "it is of the kind `network`"),
        ("network", "192.0.2.1/24", "the network is 192.0.2.0/24"),
        ("domain", "hospital", "the name is not fully qualified"),
        ("domain", "*", "every name there is"),
        ("domain", control, "other characters than ASCII"),
        ("domain", &long, "of DNS"),
    ] {
        let register = [
            "asset", "register", kind, text, "--by", party, "--law", "gc-i", "--dir", "node",
        ];
        let show = ["asset", "show", text, "--kind", kind, "--dir", "node"];
        for words in [&register[..], &show] {
            let said = place.run(words).failed(2);
            assert!(said.contains(why), "{text}: {said}");
            assert!(!said.contains('\u{1b}') && said.len() < 600, "{said}");
        }
    }
    for (text, why) in [
        ("::ffff:192.0.2.1", "not as IPv4-mapped IPv6"),
        ("fe80::1%eth0", "means something on one machine only"),
        ("hospital", "the name is not fully qualified"),
        (&long, "say the kind"),
    ] {
        let said = place
            .run(&["asset", "show", text, "--dir", "node"])
            .failed(2);
        assert!(said.contains(why) && said.len() < 600, "{text}: {said}");
    }
}

#[test]
fn a_registrant_learns_what_should_be_known_of_what_it_registers() {
    let place = Place::with_node();
    let party = place.ask(&[
        "party", "found", "--name", "Hospital", "--type", "body", "--dir", "node",
    ]);
    let party = party["party"].as_str().unwrap();
    let register = |kind: &str, text: &str, more: &[&str]| {
        let words = [
            "asset", "register", kind, text, "--by", party, "--law", "gc-i", "--dir", "node",
        ];
        place.ask(&[&words[..], more].concat())
    };
    let narrow = register("network", "[9.1.2.0/24]", &[]);
    assert_eq!(narrow["cautions"], json!([]));
    let reserved = register("network", "[192.0.2.0/24]", &[]);
    assert_eq!(reserved["cautions"][0]["code"], "caution-documentation");
    let wide = register("network", "0.0.0.0/0", &[]);
    assert_eq!(wide["cautions"][0]["code"], "caution-every-address");
    let name = "xn--80ak6aa92e.example";
    let first = register("domain", name, &["--permanent"]);
    assert_eq!(first["cautions"][0]["code"], "caution-script");
    let again = register("domain", name, &[]);
    let codes = again["cautions"].as_array().unwrap().iter();
    let codes: Vec<_> = codes.map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["caution-script", "caution-registered"]);
    assert_eq!(again["cautions"][1]["about"], first["asset"]);
    let asset = first["asset"].as_str().unwrap();
    let told = place.run(&["asset", "show", asset, "--dir", "node"]).done();
    let shown = "\u{430}\u{440}\u{440}\u{4cf}\u{435}.example";
    assert!(told.contains(name) && told.contains(shown), "{told}");
    // Who asks about one address learns how wide the network is that holds it.
    let told = place
        .run(&["asset", "show", "198.51.100.7", "--dir", "node"])
        .done();
    assert!(
        told.contains("0.0.0.0/0 is every IPv4 address there is"),
        "{told}"
    );
    // What replaces another registration is not told that it is there.
    let replaced = register(
        "network",
        "0.0.0.0/0",
        &["--replaces", wide["asset"].as_str().unwrap()],
    );
    assert_eq!(replaced["cautions"].as_array().unwrap().len(), 1);
}
