//! What a page about a text says of those who are bound by it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::testkit::promises::{DAY, HOUR, Pair};
use crate::testkit::{NOW, Served};

#[tokio::test]
async fn a_text_that_another_took_over_from_says_when_and_which() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let (later, after) = (pair.later(), NOW + 60);
    pair.adopts(0, &later, &[]);
    let place = format!("accords/{}?at={after}", pair.text);
    let accord = pair.served.get(&format!("/api/v1/{place}")).await.json();
    let members: Vec<_> = accord["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["name"], &it["until"], &it["taken_over_by"]))
        .collect();
    let (until, none) = (NOW.into(), Value::Null);
    assert_eq!(
        members,
        [
            (&"Aranthia".into(), &until, &later.as_str().into()),
            (&"Belvoria".into(), &none, &none),
        ]
    );
    assert_eq!(accord["parties"], 1);
    for (locale, words) in [
        ("en", "when a later text takes over"),
        ("ar", "حين يحلّ محله نص لاحق"),
    ] {
        let page = pair.served.get(&format!("/{locale}/{place}")).await;
        let link = format!("{words}: <a href=\"/{locale}/accords/{later}?");
        assert!(page.text().contains(&link), "{link}: {}", page.text());
    }
    let matrix = format!("/api/v1/accords/{}/matrix?at={after}", pair.text);
    let matrix = pair.served.get(&matrix).await.json();
    let adopted = pair.served.get(&format!("/api/v1/accords/{later}")).await;
    let adoption = &adopted.json()["members"][0]["adoption"];
    for cell in matrix["cells"].as_array().unwrap() {
        assert_eq!(cell["binding"], "out_of_force");
        let because = cell["because"].as_array().unwrap();
        assert_eq!((because.len(), &because[2]), (3, adoption));
    }
}

/// What counts each duty once, by its name in an answer, in the order of the columns.
const PARTS: [&str; 6] = [
    "kept",
    "late",
    "breached",
    "undetermined",
    "open",
    "released",
];

#[tokio::test]
async fn what_each_duty_came_to_adds_up_to_all_of_them() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let asked = pair.lodged(9 * DAY + HOUR, [0, 1], "asked", None);
    pair.lodged(9 * DAY + 2 * HOUR, [0, 1], "waiver", Some(asked));
    pair.served.clock.set(NOW);
    let place = format!("accords/{}?at={NOW}", pair.text);
    let accord = pair.served.get(&format!("/api/v1/{place}")).await.json();
    let number = |counts: &Value, name: &str| counts[name].as_u64().unwrap();
    let of = |counts: &Value| PARTS.map(|part| number(counts, part));
    assert!(number(&accord["counts"], "released") > 0, "{accord}");
    let lists = ["by_term", "by_party"].map(|by| accord[by].as_array().unwrap());
    let rows: Vec<&Value> = lists.into_iter().flatten().collect();
    for counts in rows.iter().chain([&&accord["counts"]]) {
        let sum: u64 = of(counts).iter().sum();
        assert_eq!(sum, number(counts, "total"), "{counts}");
    }
    let page = pair.served.get(&format!("/en/{place}")).await;
    let shown = page
        .text()
        .split("<td class=\"number\">")
        .skip(1)
        .map(|cell| {
            let digits = cell.chars().skip_while(|c| !c.is_ascii_digit());
            let digits: String = digits.take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        });
    let shown: Vec<u64> = shown.collect();
    let expected = rows.iter().flat_map(|counts| {
        let contested = number(counts, "contested");
        of(counts).into_iter().chain([contested])
    });
    assert_eq!(shown, expected.collect::<Vec<_>>());
    let titles = [
        "Kept",
        "Late",
        "Not kept",
        "Undetermined",
        "Open",
        "Released",
    ];
    let titles = titles.map(|title| format!("<th scope=\"col\" class=\"number\">{title}</th>\n"));
    assert!(page.text().contains(&titles.concat()));
}

#[tokio::test]
async fn what_a_debtor_set_stands_beside_the_terms_that_go_by_it() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let text = pair.later();
    pair.adopts(0, &text, &[("answer_within", "PT80H")]);
    pair.adopts(1, &text, &[]);
    let matrix = format!("accords/{text}/matrix");
    let cells = pair.served.get(&format!("/api/v1/{matrix}")).await.json();
    let set: Vec<_> = cells["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["term"], &it["debtor"]["name"], &it["set"]))
        .filter(|(_, _, set)| **set != json!([]))
        .collect();
    let own = json!([{ "name": "answer_within", "value": "PT80H", "proposed": "PT36H" }]);
    assert_eq!(set, [(&"ANSWER".into(), &"Aranthia".into(), &own)]);
    for (locale, words) in [
        (
            "en",
            "With \u{2068}answer_within = PT80H\u{2069}, set by the debtor (proposed: \u{2068}PT36H\u{2069}).",
        ),
        (
            "ar",
            "مع \u{2068}answer_within = PT80H\u{2069}، وقد حدده المدين (المقترح: \u{2068}PT36H\u{2069}).",
        ),
    ] {
        let page = pair.served.get(&format!("/{locale}/{matrix}")).await;
        assert_eq!(page.text().matches(words).count(), 1, "{}", page.text());
    }
    let file = pair.served.get(&format!("/en/{matrix}.csv")).await;
    assert_eq!(file.text().matches(",answer_within=PT80H").count(), 1);
}

#[tokio::test]
async fn who_asks_about_the_past_waits_for_room_and_nobody_else_does() {
    let served = Served::empty();
    let crowd = served.site.crowd().await;
    let little = Duration::from_millis(500);
    for address in [
        "/api/v1/accords?at=5",
        "/api/v1/accords?index=0",
        "/en/accords?%61t=5",
    ] {
        let waits = timeout(little, served.get(address)).await;
        assert!(waits.is_err(), "{address}");
    }
    assert_eq!(served.get("/api/v1/accords?at=").await.status, 200);
    drop(crowd);
    assert_eq!(served.get("/api/v1/accords?at=5").await.status, 200);
}
