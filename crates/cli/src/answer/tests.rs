use ensign_web::i18n::Locale;
use serde_json::json;

use super::*;

const ALL: [&[Part]; 17] = [
    ACCORD,
    AUDITED,
    CELLS,
    CHECKED,
    DEPLOY,
    EMBLEM_VERIFIED,
    EXPORTED,
    FOUNDED,
    IMPORTED,
    KEYS,
    MANDATES,
    PARTIES,
    REBUILT,
    STATED,
    STATUS,
    VERIFIED,
    WRITTEN,
];

#[test]
fn every_title_has_words_in_every_language() {
    for locale in Locale::ALL {
        let texts = Texts::of(locale);
        for part in ALL.iter().copied().flatten() {
            let (empty, fields) = match part {
                Part::List { empty, fields, .. } => (*empty, *fields),
                Part::Sheet(fields) => (None, *fields),
                Part::Sentence { .. } | Part::Told(_) => (None, &[][..]),
            };
            for key in fields.iter().map(|field| field.label).chain(empty) {
                assert!(texts.label("", key).is_some(), "{key} in {}", locale.code());
            }
        }
    }
}

#[test]
fn an_import_is_told_in_counts_and_rejected_rows() {
    let answer = json!({
        "rows": 6277, "added": 6275, "changed": 0, "absent": 0, "unchanged": 0, "rejected": 2,
        "rejections": [
            {
                "line": 7, "column": "Attack Date", "reason": "import.row.bad_date", "id": "X1",
                "expected": "a date",
            },
            { "line": 1200, "column": null, "reason": "import.row.of_tomorrow", "id": null },
        ],
    });
    let told = text(&answer, IMPORTED, Texts::of(Locale::En));
    let expected = "\
rows       6,277
added      6,275
changed    0
absent     0
unchanged  0
rejected   2

line  column       id  reason                  expected
   7  Attack Date  X1  Not a date              a date
1200  -            -   import.row.of_tomorrow  -
";
    assert_eq!(told, expected);
}

#[test]
fn a_bare_list_becomes_an_object_and_an_empty_one_says_so() {
    let parties = object(json!([{ "name": "Lantern", "root": true }]), PARTIES);
    assert_eq!(parties["parties"][0]["name"], "Lantern");
    let texts = Texts::of(Locale::En);
    let told = text(&parties, PARTIES, texts);
    assert_eq!(
        told,
        "name     type  founded at  root party  party\nLantern  -     -           Yes         -\n"
    );
    assert_eq!(
        text(&object(json!([]), PARTIES), PARTIES, texts),
        "No parties.\n"
    );
}

#[test]
fn times_ages_and_verdicts_are_words() {
    let answer = json!({ "verdict": "anchored", "newest": 0, "judged": 7200, "age": 7200 });
    let told = text(&answer, VERIFIED, Texts::of(Locale::En));
    let expected = "\
Verified: this is what the log holds, and a log that you trust.

last entry received  1 January 1970 at 00:00:00 UTC
judged               1 January 1970 at 02:00:00 UTC
age                  2 hours ago
";
    assert_eq!(told, expected);
}

#[test]
fn counts_of_an_accord_add_up_and_who_took_over_is_named() {
    let answer = json!({
        "members": [{
            "party": "pty_north", "roles": ["state"], "from": 0, "until": 86_400,
            "taken_over_by": "5e1f", "params": [], "reservations": [],
        }],
        "tallies": [{
            "term": "ANSWER", "debtor": "pty_north", "total": 63, "kept": 1, "late": 2,
            "breached": 4, "undetermined": 8, "open": 16, "released": 32, "contested": 5,
            "coverage": { "sampled": 0, "expected": 0 },
        }],
    });
    let told = text(&answer, ACCORD, Texts::of(Locale::En));
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("until"), "{told}");
    assert!(lines[0].contains("taken over by"), "{told}");
    assert!(lines[1].contains("5e1f"), "{told}");
    let titles: Vec<&str> = lines[3].split_whitespace().collect();
    let words = "term owed by all kept late not kept undetermined open released contested";
    assert!(titles.join(" ").starts_with(words), "{told}");
    let figures = lines[4].split_whitespace().skip(2);
    let figures: Vec<u64> = figures.map(|figure| figure.parse().unwrap()).collect();
    assert_eq!(figures[0], figures[1..7].iter().sum::<u64>(), "{told}");
}

#[test]
fn a_cell_says_what_the_debtor_set() {
    let cell = |set| json!({ "binding": "in_force", "term": "ANSWER", "set": set });
    let set = json!([{ "name": "answer_within", "value": "PT80H", "proposed": "PT36H" }]);
    let told = text(
        &json!({ "cells": [cell(set), cell(json!([]))] }),
        CELLS,
        Texts::of(Locale::En),
    );
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("set by the debtor"), "{told}");
    assert!(
        lines[1].contains("  answer_within = PT80H (proposed: PT36H)  "),
        "{told}"
    );
    assert!(
        !lines[2].contains("set") && !lines[2].contains("[]"),
        "{told}"
    );
}

fn proof() -> Value {
    let statement = |index: u64, kind: &str, signed_by: Option<&str>, standing: &str| {
        json!({ "index": index, "kind": kind, "signed_by": signed_by, "party": "pty_aaaa",
            "key": "key_3ltf4lpwbcsbpf4yuxtjglhbzqsuimxt2gzfqdopgnhempwiadza", "received": 0,
            "standing": standing })
    };
    let mut taken_back = statement(9, "mandate.granted", Some("L\u{1b}[2J"), "taken_back");
    taken_back["key_revoked_as_of"] = 9.into();
    json!({
        "statements": [
            statement(0, "party.founded", Some("Lantern"), "understood"),
            statement(7, "verdict.pronounced", None, "not_understood"),
            taken_back,
        ],
        "said": [
            { "index": 7, "field": "attack_types", "value": ["setting_fire", "unheard_of"] },
            { "index": 7, "field": "blank", "value": ["killed"] },
            { "index": 7, "field": "date", "value": "2025-07-04" },
            { "index": 9, "field": "injured", "value": 1200 },
            { "index": 9, "field": "unheard_of", "value": true },
        ],
        "keys": [
            { "key": "key_a", "signed_by": "Lantern", "state": "active", "revoked": null },
            { "key": "key_b", "signed_by": "Lantern", "state": "revoked", "revoked": 9,
                "reason": "lost" },
        ],
    })
}

#[test]
fn a_proof_is_told_in_a_sentence_for_each_statement_and_by_the_names_of_fields() {
    let told = text(&proof(), VERIFIED, Texts::of(Locale::En));
    let expected = "\
By place in the log:
0. Party founded: signed by Lantern with key_3ltf4lpw…, received on 1 January 1970 at 00:00:00 UTC; understood.
7. verdict.pronounced: signed by pty_aaaa with key_3ltf4lpw…, received on 1 January 1970 at 00:00:00 UTC; not understood by this version of the program.
9. Mandate granted: signed by L\u{fffd}[2J with key_3ltf4lpw…, received on 1 January 1970 at 00:00:00 UTC; taken back by a later revocation. Signed with a key that was revoked as of entry 9.

What statement 7 says:
Kinds of attack     Setting fire, unheard_of
left empty          Killed
Date of the attack  4 July 2025

What statement 9 says:
Injured     1,200
unheard_of  Yes

signed by  key    state    revoked as of  reason
Lantern    key_a  in use   -              -
Lantern    key_b  revoked              9  it was lost
";
    assert_eq!(told, expected);
}

#[test]
fn a_proof_is_told_in_every_language() {
    let english = text(&proof(), VERIFIED, Texts::of(Locale::En));
    for locale in Locale::ALL {
        let told = text(&proof(), VERIFIED, Texts::of(locale));
        assert_eq!(told.lines().count(), english.lines().count());
        for standing in [
            "understood",
            "not_understood",
            "malformed",
            "taken_back",
            "time_unproven",
        ] {
            let word = Texts::of(locale).label("cli-standing-", standing);
            assert!(word.is_some(), "{standing} in {}", locale.code());
        }
    }
}
