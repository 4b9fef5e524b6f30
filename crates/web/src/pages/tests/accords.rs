//! What a page about a text says of those who are bound by it.

use serde_json::Value;

use crate::testkit::NOW;
use crate::testkit::promises::Pair;

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
