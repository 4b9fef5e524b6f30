//! A promise on its way from its text to its status, with a node and without.

use std::fs;
use std::path::Path;

use ensign_trust::Statement;
use ensign_trust::bundle::{Bundle, Proven};
use serde_json::Value;

use crate::Place;

const TEXT: &str = "instrument pair {
  force treaty
  in_force 2020-01-01 .. 2100-01-01

  kind asked performative by asker to state
  kind answer performative by state to asker

  indicator service.functionality scale 0% .. 100% every PT1H

  term ANSWER {
    class computable
    owes state to asker
    when occurs asked with asset
    deliver answer within PT24H of asked
    grace PT24H
  }
}
";

/// Long after everything here.
const LATER: &str = "2090-01-01T00:00:00Z";

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The words with the node's folder behind them.
fn at<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--dir", "node"]].concat()
}

/// A node with a text that two parties adopted, both in both roles.
struct Told {
    place: Place,
    parties: [String; 2],
    text: String,
}

impl Told {
    fn new() -> Self {
        let place = Place::with_node();
        fs::write(place.path("pair.term"), TEXT).unwrap();
        let parties = ["Northland", "Southland"].map(|name| {
            let found = ["party", "found", "--name", name, "--type", "state"];
            text(&place.ask(&at(&found))["party"])
        });
        let publish = ["instrument", "publish", "pair.term", "--by", &parties[0]];
        let digest = text(&place.ask(&at(&publish))["text"]);
        for party in &parties {
            let grant = ["mandate", "grant", "--to", party, "--role", "signatory"];
            place.ask(&at(&grant));
            let adopt = [
                "instrument",
                "adopt",
                &digest,
                "--by",
                party,
                "--role",
                "state",
                "--role",
                "asker",
            ];
            place.ask(&at(&adopt));
        }
        Told {
            place,
            parties,
            text: digest,
        }
    }

    fn asked(&self) -> String {
        let [north, south] = &self.parties;
        let lodge = [
            "fact",
            "lodge",
            "asked",
            "--by",
            south,
            "--to",
            north,
            "--field",
            "asset=clinic-7",
        ];
        text(&self.place.ask(&at(&lodge))["statement"])
    }

    fn evaluated(&self, more: &[&str]) -> Value {
        self.place.ask(&at(&[&["term", "eval"], more].concat()))
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn a_copy_of_the_logs_files_gives_the_same_bytes_as_the_node() {
    let told = Told::new();
    let place = &told.place;
    let asked = told.asked();
    let before = told.evaluated(&["--at", LATER])["index"].to_string();
    let [north, south] = &told.parties;
    let answer = [
        "fact", "lodge", "answer", "--by", north, "--to", south, "--cites", &asked,
    ];
    place.ask(&at(&answer));
    let anchors = ["trust", "export", "-o", "anchors.txt"];
    place.run(&at(&anchors)).done();
    copy(&place.path("node/log/public"), &place.path("elsewhere"));
    let size = told.evaluated(&["--at", LATER])["index"].to_string();
    for (index, status) in [(&before, "breached"), (&size, "met")] {
        let asked = ["term", "eval", "--at", LATER, "--index", index, "--json"];
        let here = place.run(&at(&asked)).done();
        let copied = ["--log", "elsewhere", "--trust", "anchors.txt"];
        let there = place.run(&[&asked[..], &copied].concat()).done();
        assert_eq!(here, there);
        let answer: Value = serde_json::from_str(&here).unwrap();
        assert_eq!(answer["results"][0]["status"], status);
        assert_eq!(answer["logs"][0]["size"].to_string(), *index);
    }
    let unanchored = ["term", "eval", "--log", "elsewhere", "--json"];
    let ended = place.run(&unanchored);
    assert_eq!(ended.code, 4, "{}", ended.said);

    let first = told.evaluated(&["--at", LATER]);
    let id = text(&first["results"][0]["id"]);
    let explain = ["term", "explain", &id, "--at", LATER, "--json"];
    let here = place.run(&at(&explain)).done();
    let copied = ["--log", "elsewhere", "--trust", "anchors.txt"];
    let there = place.run(&[&explain[..], &copied].concat()).done();
    assert_eq!(here, there);
    let told = place
        .run(&at(&["term", "explain", &id, "--at", LATER]))
        .done();
    for words in ["met", "term ANSWER {", "act.found"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let sentence = "state owes asker “answer” within 24 hours of “asked”. It starts with each “asked”. \
        Up to 24 hours later it is late, and then breached. Nothing stops its clock. \
        A breach starts nothing further.\n";
    assert!(told.starts_with(sentence), "{told}");
}

#[test]
fn a_proof_file_of_a_duty_is_judged_again_in_an_empty_folder() {
    let told = Told::new();
    let place = &told.place;
    let asked = told.asked();
    let before = told.evaluated(&["--at", LATER]);
    let (id, size) = (&before["results"][0]["id"], &before["index"]);
    let (id, size) = (text(id), size.to_string());
    let [north, south] = &told.parties;
    let answer = [
        "fact", "lodge", "answer", "--by", north, "--to", south, "--cites", &asked,
    ];
    place.ask(&at(&answer));
    let anchors = ["trust", "export", "-o", "anchors.txt"];
    place.run(&at(&anchors)).done();
    let export = ["export", "obligation", &id, "--at", LATER];
    place.ask(&at(&[&export[..], &["-o", "now.ensign"]].concat()));
    let then = ["--index", &size, "-o", "then.ensign"];
    let exported = place.ask(&at(&[&export[..], &then].concat()));
    assert_eq!(exported["size"].to_string(), size);

    let stranger = Place::new();
    for file in ["now.ensign", "then.ensign", "anchors.txt"] {
        fs::copy(place.path(file), stranger.path(file)).unwrap();
    }
    let verify = |file: &'static str| ["verify", file, "--trust", "anchors.txt"];
    for (file, status) in [("now.ensign", "met"), ("then.ensign", "breached")] {
        let answer = stranger.ask(&verify(file));
        assert_eq!(answer["verdict"], "anchored");
        assert_eq!(
            (&answer["subject"], &answer["result"]["status"]),
            (&(&*id).into(), &status.into())
        );
        assert_eq!(answer["follows"], "statements");
    }
    let explain = [
        "term", "explain", &id, "--at", LATER, "--index", &size, "--json",
    ];
    let record = place.run(&at(&explain)).done();
    let answer = stranger.ask(&verify("then.ensign"));
    let record: Value = serde_json::from_str(&record).unwrap();
    let stated: Value = serde_json::from_str(&text(&answer["result"]["record"])).unwrap();
    assert_eq!(stated, record);
    let words = stranger.run(&verify("then.ensign")).done();
    for says in [
        "not delivered in time",
        "no other statement",
        "ensign term eval",
        "result as of",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    assert_eq!(stranger.run(&["verify", "now.ensign"]).code, 4);
    let index = [&verify("now.ensign")[..], &["--index", &size]].concat();
    assert_eq!(stranger.run(&index).code, 2);

    let bytes = fs::read(stranger.path("now.ensign")).unwrap();
    let bundle = Bundle::decode(&bytes).unwrap();
    let write = |bundle: Bundle| fs::write(stranger.path("false.ensign"), bundle.encode()).unwrap();
    let then = Bundle::decode(&fs::read(stranger.path("then.ensign")).unwrap()).unwrap();
    let mut swapped = bundle.clone();
    swapped.result.as_mut().unwrap().record = then.result.unwrap().record;
    write(swapped);
    let refused = stranger.run(&verify("false.ensign")).failed(1);
    assert!(
        refused.contains("status is stated as `breached`, and `met` follows"),
        "{refused}"
    );
    let mut without = bundle;
    let is_text = |proven: &Proven| {
        let statement = Statement::decode(proven.entry.as_slice()).unwrap();
        statement.kind == "instrument.published"
    };
    without.entries.retain(|proven| !is_text(proven));
    write(without);
    let refused = stranger.run(&verify("false.ensign")).failed(1);
    assert!(refused.contains("no such obligation"), "{refused}");
    let mut damaged = bytes;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(stranger.path("false.ensign"), damaged).unwrap();
    stranger.run(&verify("false.ensign")).failed(1);
}

#[test]
fn a_copy_that_was_changed_is_not_believed() {
    let told = Told::new();
    let place = &told.place;
    told.asked();
    copy(&place.path("node/log/public"), &place.path("elsewhere"));
    let anchors = ["trust", "export", "-o", "anchors.txt"];
    place.run(&at(&anchors)).done();
    place.init("other").done();
    place
        .run(&["trust", "export", "-o", "others.txt", "--dir", "other"])
        .done();
    let eval =
        |anchors: &str| place.run(&["term", "eval", "--log", "elsewhere", "--trust", anchors]);
    eval("anchors.txt").done();
    let foreign = eval("others.txt").failed(1);
    assert!(foreign.contains("another log"), "{foreign}");
    let tiles = place.path("elsewhere/tile/entries");
    let mut bundle = tiles.clone();
    while bundle.is_dir() {
        let inside = fs::read_dir(&bundle).unwrap();
        let widest = inside
            .map(|entry| entry.unwrap().path())
            .max_by_key(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                (name.len(), name)
            });
        bundle = widest.unwrap();
    }
    let mut bytes = fs::read(&bundle).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    eval("anchors.txt").failed(1);
}

#[test]
fn a_duty_is_judged_supposed_recorded_and_taken_back() {
    let told = Told::new();
    let place = &told.place;
    let [north, south] = &told.parties;
    let asked = told.asked();
    let listed = place.run(&at(&["term", "eval"])).done();
    for words in ["running", "ANSWER"] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
    let supposed = [
        "term", "what-if", "answer", "--by", north, "--to", south, "--cites", &asked,
    ];
    let changes = place.ask(&at(&supposed));
    let change = &changes["changes"][0];
    assert_eq!(
        (&change["before"], &change["after"]),
        (&"active".into(), &"met".into())
    );
    let twice = [
        &supposed[..],
        &["--field", "accept=true", "--field", "accept=false"],
    ]
    .concat();
    let refused = place.run(&at(&twice)).failed(2);
    assert!(refused.contains("given more than once"), "{refused}");
    let id = text(&change["obligation"]);
    let record = ["term", "record", &id, "--by", south];
    assert_eq!(place.ask(&at(&record))["status"], "active");
    let shown = place.ask(&at(&["instrument", "show", "pair"]));
    assert_eq!(shown["tally"]["total"], 1);
    assert_eq!(shown["members"].as_array().unwrap().len(), 2);
    let cells = place.ask(&at(&["instrument", "matrix", &told.text]));
    assert_eq!(cells["cells"].as_array().unwrap().len(), 2);
    let before = ["instrument", "matrix", &told.text, "--index", "0"];
    let unknown = place.run(&at(&before)).failed(1);
    assert!(unknown.contains(&told.text), "{unknown}");
    let withdraw = ["fact", "withdraw", &asked, "--reason", "mistaken"];
    place.ask(&at(&withdraw));
    let after = told.evaluated(&[]);
    assert_eq!(after["results"], Value::Array(Vec::new()));
    place.run(&["verify", "node"]).done();
}

#[test]
fn samples_and_attestations_come_in_with_their_coverage() {
    let told = Told::new();
    let place = &told.place;
    let north = &told.parties[0];
    let rows: String = (0..2000)
        .map(|hour| format!("{},100%\n", 1_700_000_000 + 3600 * (hour % 1500)))
        .collect();
    fs::write(
        place.path("samples.csv"),
        format!("time,value\n{rows}bad,1\n"),
    )
    .unwrap();
    let import = [
        "fact",
        "import",
        "samples.csv",
        "--by",
        north,
        "--indicator",
        "service.functionality",
        "--about",
        "clinic-7",
        "--every",
        "3600",
    ];
    let answer = place.ask(&at(&import));
    let counts = ["rows", "readings", "statements", "rejected"].map(|name| answer[name].as_u64());
    assert_eq!(counts, [Some(2001), Some(1500), Some(2), Some(1)]);
    let attest = |percent: &str| {
        let from = "2027-03-01T00:00:00Z";
        place.run(&at(&[
            "fact", "attest", "clinic-7", percent, "--by", north, "--from", from,
        ]))
    };
    attest("75").done();
    let refused = attest("60").failed(1);
    assert!(refused.contains("quarters"), "{refused}");
}

#[test]
fn who_lodges_what_nothing_counts_is_told_and_a_rejected_row_says_what_is_right() {
    let told = Told::new();
    let place = &told.place;
    let north = &told.parties[0];
    let lodge = ["fact", "lodge", "answer", "--by", north];
    let words = place.run(&at(&lodge)).done();
    assert!(
        words.contains("fact.cites_nothing: it cites nothing"),
        "{words}"
    );
    assert_eq!(
        place.ask(&at(&lodge))["notes"][0]["code"],
        "fact.cites_nothing"
    );
    let rows = "time,value\nyesterday,50%\n1700000000,101%\n1700003600,50%\n";
    fs::write(place.path("samples.csv"), rows).unwrap();
    let import = |indicator| {
        let words = [
            "fact",
            "import",
            "samples.csv",
            "--by",
            north,
            "--every",
            "3600",
        ];
        let of = ["--about", "clinic-7", "--indicator", indicator];
        place.run(&at(&[&words[..], &of].concat())).done()
    };
    let words = import("service.functionality");
    for says in [
        "such as 2027-03-01T00:00:00Z",
        "a value on the scale 0% .. 100%",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    assert!(!words.contains("fact.not_named"), "{words}");
    assert!(import("water.supply").contains("fact.not_named: "));
}

#[test]
fn a_text_that_names_holidays_is_published_with_a_list_of_them() {
    let told = Told::new();
    let place = &told.place;
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments");
    let text = shipped.join("nis2-article-23.term").display().to_string();
    let publish = ["instrument", "publish", &text, "--by", &told.parties[0]];
    let refused = place.run(&at(&publish)).failed(2);
    for says in [
        "`brussels`",
        "--holidays eu_institutions=FILE",
        "a date a line",
    ] {
        assert!(refused.contains(says), "{says}: {refused}");
    }
    fs::write(place.path("days.txt"), "2026-12-25\n2027-01-01\n").unwrap();
    let holidays = ["--holidays", "eu_institutions=days.txt"];
    let words = place.run(&at(&[&publish[..], &holidays].concat())).done();
    assert_eq!(
        words.matches("nobody holds the role `csirt`").count(),
        1,
        "{words}"
    );
}

#[test]
fn nobody_adopts_without_a_mandate_and_nobody_twice() {
    let told = Told::new();
    let place = &told.place;
    let found = ["party", "found", "--name", "Eastland", "--type", "state"];
    let east = text(&place.ask(&at(&found))["party"]);
    let adopt = |party: &str| {
        place.run(&at(&[
            "instrument",
            "adopt",
            &told.text,
            "--by",
            party,
            "--role",
            "state",
        ]))
    };
    let refused = adopt(&east).failed(1);
    assert!(refused.contains("mandate grant"), "{refused}");
    let again = adopt(&told.parties[0]).failed(1);
    assert!(again.contains("adopted this text before"), "{again}");
}

#[test]
fn texts_are_checked_and_laid_out_without_a_node() {
    let place = Place::new();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments");
    let files: Vec<String> = fs::read_dir(shipped)
        .unwrap()
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    let words: Vec<&str> = files.iter().map(String::as_str).collect();
    let clean = place.ask(&[&["term", "check"], &words[..]].concat());
    assert_eq!(clean["lints"], Value::Array(Vec::new()));
    assert_eq!(clean["files"], files.len());

    let bad = TEXT.replace("of asked\n", "of nothing\n");
    fs::write(place.path("bad.term"), &bad).unwrap();
    let ended = place.run(&["term", "check", "bad.term"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("bad.term"), "{}", ended.out);
    fs::write(place.path("worse.term"), "instrument {").unwrap();
    let ended = place.run(&["term", "check", "worse.term", "--json"]);
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(answer["lints"][0]["code"], "term.unreadable");

    fs::write(place.path("flat.term"), TEXT.replace('\n', " ")).unwrap();
    assert_eq!(place.run(&["term", "fmt", "flat.term"]).done(), TEXT);
    place.run(&["term", "fmt", "flat.term", "--write"]).done();
    assert_eq!(fs::read_to_string(place.path("flat.term")).unwrap(), TEXT);
}
