use ensign_web::i18n::Locale;
use serde_json::json;

use super::*;

const ALL: [&[Part]; 12] = [
    AUDITED, EXPORTED, FOUNDED, IMPORTED, KEYS, MANDATES, PARTIES, REBUILT, STATED, STATUS,
    VERIFIED, WRITTEN,
];

#[test]
fn every_title_has_words_in_every_language() {
    for locale in Locale::ALL {
        let texts = Texts::of(locale);
        for part in ALL.iter().copied().flatten() {
            let (empty, fields) = match part {
                Part::List { empty, fields, .. } => (*empty, *fields),
                Part::Sheet(fields) => (None, *fields),
                Part::Sentence { .. } => (None, &[][..]),
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
            { "line": 7, "column": "Attack Date", "reason": "import.row.bad_date", "id": "X1" },
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

line  column       id  reason
   7  Attack Date  X1  Not a date
1200  -            -   import.row.of_tomorrow
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
