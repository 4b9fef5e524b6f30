//! Emblems that this program issued, verified by nothing but what it gave away.

use std::fs;

use serde_json::{Value, json};

use crate::Place;
use crate::certificates::Log;
use crate::serving::Serving;

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

/// A place with a node, whose answers about emblems are collected in the folder `set`.
struct Issuing(Place);

impl Issuing {
    /// The answer of a command; its token or key goes into the set.
    fn ask(&self, words: &[&str]) -> Value {
        let answer = self.0.ask(&[words, &["--dir", "node"]].concat());
        for part in ["token", "jwk"] {
            if let Some(piece) = answer[part].as_str() {
                let statement = text(&answer["statement"]);
                self.0.write(&format!("set/{statement}.{part}"), piece);
            }
        }
        answer
    }

    fn party(&self, name: &str) -> String {
        text(&self.ask(&["party", "found", "--name", name, "--type", "body"])["party"])
    }

    fn key(&self, party: &str, organisation: &str) -> String {
        let words = ["emblem", "key", party, "--organisation", organisation];
        text(&self.ask(&words)["key"])
    }

    fn endorse(&self, key: &str, by: &str, with: &str, more: &[&str]) {
        let until = "2100-01-01T00:00:00Z";
        let words = [
            "emblem",
            "endorse",
            key,
            "--by",
            by,
            "--with",
            with,
            "--purpose",
            "protective",
            "--until",
            until,
        ];
        self.ask(&[&words[..], more].concat());
    }

    /// Registers a name and issues an emblem for it.
    fn issue(&self, name: &str, by: &str) {
        let register = [
            "asset", "register", "domain", name, "--by", by, "--law", "gc-i",
        ];
        let asset = text(&self.ask(&register)["asset"]);
        let until = "2099-01-01T00:00:00Z";
        let issue = [
            "emblem",
            "issue",
            &asset,
            "--purpose",
            "protective",
            "--until",
            until,
        ];
        self.ask(&issue);
    }
}

#[test]
fn an_operator_issues_an_emblem_that_strangers_verify_up_to_the_authority() {
    let node = Issuing(Place::with_node());
    let (state, hospital) = (node.party("Republic"), node.party("Hospital"));
    let authority = node.key(&state, "https://ministry.example");
    let root = node.key(&hospital, "https://hospital.example");
    let own = node.key(&hospital, "https://hospital.example");
    let log = Log::new();
    node.0.write("evidence/logs.json", log.keys());
    for (domain, kid) in [
        ("ministry.example", &authority),
        ("hospital.example", &root),
    ] {
        let organisation = format!("adem-configuration.{domain}");
        let chain = log.certify(&[organisation.clone(), format!("{kid}.{organisation}")]);
        node.0.write(&format!("evidence/{domain}.pem"), chain);
    }
    // The certificate of another organisation commits nobody to this key.
    let refused = [
        "emblem",
        "endorse",
        &own,
        "--by",
        &hospital,
        "--with",
        &root,
        "--purpose",
        "protective",
        "--until",
        "2100-01-01T00:00:00Z",
        "--log-from",
        "evidence/ministry.example.pem",
        "--dir",
        "node",
    ];
    let said = node.0.run(&refused).failed(2);
    assert!(said.contains("the certificate is not for both"), "{said}");

    let chain = ["--last", "--log-from", "evidence/hospital.example.pem"];
    node.endorse(&own, &hospital, &root, &chain);
    let chain = ["--log-from", "evidence/ministry.example.pem"];
    node.endorse(&root, &state, &authority, &chain);
    node.issue("portal.hospital.example", &hospital);

    let (answer, code) = node.0.verified(&["set", "--evidence", "evidence"]);
    let all = json!(["SIGNED", "ORGANIZATIONAL", "ENDORSED"]);
    assert_eq!((code, &answer["results"]), (0, &all), "{answer}");
    assert_eq!(answer["emblem"]["issuer"], "https://hospital.example");
    let honour = "version = 1\n[[honour]]\norganisation = \"https://ministry.example\"\n";
    node.0.write("policy.toml", honour);
    let words = ["set", "--evidence", "evidence", "--policy", "policy.toml"];
    let told = node.0.verify(&words).done();
    assert!(
        told.contains("Recognised by https://ministry.example"),
        "{told}"
    );
    let (answer, code) = node.0.verified(&["set"]);
    assert_eq!((code, &answer["outcome"]), (4, &json!("unproven")));
}

#[test]
fn an_emblem_whose_issuer_committed_to_no_key_names_none() {
    let node = Issuing(Place::with_node());
    let (state, hospital) = (node.party("Republic"), node.party("Hospital"));
    let authority = node.key(&state, "https://ministry.example");
    let own = node.key(&hospital, "https://hospital.example");
    node.endorse(&own, &state, &authority, &[]);
    node.issue("portal.hospital.example", &hospital);
    let (answer, code) = node.0.verified(&["set", "--least", "signed"]);
    assert_eq!(
        (code, &answer["results"]),
        (0, &json!(["SIGNED"])),
        "{answer}"
    );
    assert_eq!(answer["emblem"]["issuer"], Value::Null);
    assert_eq!(node.0.verified(&["set"]).1, 4);
}

/// The commands that a page prints.
fn commands(page: &str) -> Vec<Vec<String>> {
    let printed = page.split("<pre class=\"command\"").skip(1);
    let lines = printed.map(|rest| {
        let code = rest.split_once("<code>").unwrap().1;
        let line = code.split_once("</code>").unwrap().0;
        line.split(' ').skip(1).map(str::to_owned).collect()
    });
    lines.collect()
}

#[test]
fn every_command_that_the_pages_of_the_story_print_answers_what_they_say() {
    let place = Place::new();
    let words = ["demo", "--dir", "story", "--listen", "127.0.0.1:0"];
    let serving = Serving::start(&place, &words);
    let page = |path: &str| String::from_utf8(serving.get(path)).unwrap();
    let run = |command: &[String]| {
        let words = command.iter().map(|word| match &**word {
            "D" => "story",
            word => word,
        });
        place.run(&words.collect::<Vec<_>>())
    };
    let list = place.ask(&["emblem", "list", "--dir", "story"]);
    let (mut files, mut cards) = (Vec::new(), 0);
    for row in list["emblems"].as_array().unwrap() {
        let (id, status) = (text(&row["statement"]), text(&row["status"]));
        let text = page(&format!("/en/emblems/{id}"));
        assert!(
            text.contains(&format!("notice verdict {status}")),
            "{status}"
        );
        for command in commands(&text) {
            if command[..2] != ["emblem", "verify"] {
                run(&command).done();
                continue;
            }
            place.write(
                &command[2],
                serving.get(&format!("/en/emblems/{}", command[2])),
            );
            let told = run(&command).done();
            let says = "Results of the protocol: SIGNED (dialect adem-cwt)";
            assert!(told.contains(says), "{told}");
            assert!(text.contains("was revoked stands in the log"), "{status}");
            files.push(status.clone());
        }
        let card = page(&format!("/en/assets/{}/card", self::text(&row["asset"])));
        let paper = card.split("EMBLEM1:").nth(1);
        for command in commands(&card) {
            if command[..2] == ["emblem", "verify"] {
                let paper = paper.unwrap().split_once('<').unwrap().0;
                place.write("card.txt", format!("EMBLEM1:{paper}"));
                let told = run(&command).done();
                assert!(told.contains("SIGNED"), "{told}");
                cards += 1;
            } else {
                run(&command).done();
            }
        }
    }
    // What no longer stands is given to nobody.
    assert_eq!((files, cards), (vec!["standing".to_owned()], 1));
    let found = fs::read_to_string(place.path("card.txt")).unwrap();
    assert!(found.len() > 500, "{found}");
}
