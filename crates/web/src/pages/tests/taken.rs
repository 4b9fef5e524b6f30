//! A duty whose trigger its author withdraws or corrects leaves a trace on every page that had it.

use axum::http::StatusCode;
use ensign_node::fact::FactRequest;
use serde_json::Value as Json;

use super::markup;
use crate::i18n::Locale;
use crate::testkit::NOW;
use crate::testkit::promises::{HOUR, Pair};

/// The answer about a duty.
async fn duty(pair: &Pair, id: &str) -> Json {
    let address = format!("/api/v1/obligations/{id}?at={NOW}");
    pair.served.get(&address).await.json()
}

/// The id of the first duty with a status, after its trigger was withdrawn.
async fn withdrawn(pair: &Pair, state: &str) -> String {
    let id = pair.duty(state).await;
    let trigger = duty(pair, &id).await["trigger"].clone();
    let trigger = trigger.as_str().unwrap();
    pair.served.node.withdraw_fact(trigger, "mistake").unwrap();
    id
}

/// A page without the escapes of its addresses.
async fn page(pair: &Pair, address: &str) -> (StatusCode, String) {
    let page = pair.served.get(address).await;
    let locale = match address.starts_with("/ar/") {
        true => Locale::Ar,
        false => Locale::En,
    };
    markup::check(page.text(), locale).unwrap_or_else(|it| panic!("{address}: {it}"));
    (page.status, page.text().replace("&#38;", "&"))
}

#[tokio::test]
async fn a_duty_whose_trigger_was_withdrawn_says_so_and_leads_to_what_it_was() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let id = withdrawn(&pair, "breached").await;
    let api = format!("/api/v1/obligations/{id}?at={NOW}");
    let problem = pair.served.get(&api).await;
    assert_eq!(problem.status, StatusCode::GONE);
    assert_eq!(problem.json()["type"], "obligation.taken_back");
    let accord = format!("/api/v1/accords/{}?at={NOW}", pair.text);
    let accord = pair.served.get(&accord).await.json();
    let rows = accord["taken_back"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == id.as_str()).unwrap();
    let index = &row["change"]["index"];
    assert_eq!(row["was"]["status"], "breached");
    assert_eq!(row["change"]["by"]["name"], "Belvoria");
    assert_eq!(row["change"]["how"], "withdrawn");
    let before = format!("obligations/{id}?at={NOW}&index={index}");
    let detail = problem.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(&before), "{detail}");
    for (locale, says) in [
        ("en", "withdrew the statement that started it"),
        ("ar", "سحب \u{2068}Belvoria\u{2069} الإفادة التي أطلقته"),
    ] {
        let gone = page(&pair, &format!("/{locale}/obligations/{id}")).await;
        let list = page(&pair, &format!("/{locale}/accords/pair_accord")).await;
        assert_eq!(
            (gone.0, list.0),
            (StatusCode::GONE, StatusCode::OK),
            "{locale}"
        );
        assert!(list.1.contains("id=\"taken-back\""));
        for text in [&gone.1, &list.1] {
            for part in [says, "Belvoria", "ANSWER"] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(text.contains(&format!("href=\"/{locale}/{before}\"")));
            assert!(text.contains(&format!("href=\"/{locale}/log/{index}\"")));
        }
    }
    let (status, then) = page(&pair, &format!("/en/{before}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(then.contains("Not delivered in time"));
    let file = format!("/en/obligations/{id}.ensign");
    assert_eq!(pair.served.get(&file).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_accord_of_which_nothing_was_taken_back_says_nothing_of_it() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let (_, list) = page(&pair, "/en/accords/pair_accord").await;
    assert!(!list.contains("taken-back"), "{list}");
}

#[tokio::test]
async fn a_duty_whose_trigger_was_corrected_says_by_whom_and_from_when_to_when() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let id = pair.duty("active").await;
    let before = duty(&pair, &id).await;
    let (_, unchanged) = page(&pair, &format!("/en/obligations/{id}")).await;
    assert!(!unchanged.contains("id=\"trigger\""));
    let trigger = before["trigger"].as_str().unwrap();
    let request = FactRequest {
        party: pair.parties[0].to_string(),
        to: Some(pair.parties[1].to_string()),
        kind: "asked".to_owned(),
        from: Some(NOW - HOUR),
        replaces: Some(trigger.to_owned()),
        ..FactRequest::default()
    };
    pair.served.node.lodge_fact(&request).unwrap();
    let after = duty(&pair, &id).await;
    let change = &after["trigger_changes"][0];
    assert_eq!(change["by"]["name"], "Aranthia");
    assert_eq!(change["how"], "corrected");
    for (then, of) in [("before", &before), ("after", &after)] {
        for part in ["triggered", "due"] {
            assert_eq!(change[then][part], of[part], "{then} {part}");
        }
    }
    assert_ne!(before["due"], after["due"]);
    let (index, at) = (&change["index"], &change["at"]);
    let link = format!("obligations/{id}?at={at}&index={index}");
    for (locale, says) in [("en", "Its start was"), ("ar", "كانت بدايته")] {
        let (_, text) = page(&pair, &format!("/{locale}/obligations/{id}")).await;
        assert!(text.contains(says), "{text}");
        assert!(text.contains(&format!("href=\"/{locale}/{link}\"")));
    }
    let then = pair.served.get(&format!("/api/v1/{link}")).await.json();
    assert_eq!(then["due"], before["due"]);
}
