//! Deadlines, duties, accords and proposals: in both languages, as then known, with nobody above
//! another.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use ensign_node::instrument::{Judged, PublicationRequest};
use ensign_trust::bundle::Bundle;
use ensign_views::Recomputed;

use super::markup;
use crate::i18n::Locale;
use crate::testkit::promises::{BEGIN, DAY, HOUR, Pair};
use crate::testkit::{NOW, Served};

/// Every page about promises.
async fn places(pair: &Pair) -> Vec<String> {
    let text = &pair.text;
    let mut places = vec![
        "/deadlines".to_owned(),
        "/deadlines?state=all".to_owned(),
        "/deadlines?state=all&limit=2".to_owned(),
        format!("/deadlines?party={}", pair.parties[0]),
        format!("/deadlines?party={}", pair.other),
        format!("/deadlines?text={text}&state=breached&known=then"),
        "/accords".to_owned(),
        format!("/accords/{text}"),
        "/accords/pair_accord".to_owned(),
        format!("/accords/{text}?at={BEGIN}&known=then"),
        format!("/accords/{text}/matrix"),
        format!("/accords/{text}/matrix?changed=true"),
        format!("/accords/{text}/matrix?term=ANSWER&limit=1"),
        format!("/accords/{text}/adopt"),
        format!("/accords/{text}/adopt?party={}&role=state", pair.other),
        format!("/accords/{text}/adopt?role=state"),
        "/attest".to_owned(),
        "/attest?percent=50".to_owned(),
        format!(
            "/attest?party={}&about=clinic-7&percent=50&from=2026-08-31",
            pair.other
        ),
        format!(
            "/attest?party={}&about=clinic-7&percent=33&from=2026-08-31",
            pair.other
        ),
    ];
    for state in [
        "met",
        "late",
        "breached",
        "active",
        "latent",
        "undetermined",
    ] {
        let list = format!("/api/v1/deadlines?state={state}");
        let list = pair.served.get(&list).await.json();
        for row in list["deadlines"].as_array().unwrap() {
            places.push(format!("/obligations/{}", row["id"].as_str().unwrap()));
        }
    }
    places
}

#[tokio::test]
async fn every_page_about_promises_is_well_formed_in_every_language() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    for place in places(&pair).await {
        for locale in Locale::ALL {
            let address = format!("/{}{place}", locale.code());
            let page = pair.served.get(&address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
            markup::check(page.text(), locale).unwrap_or_else(|it| panic!("{address}: {it}"));
        }
    }
}

#[tokio::test]
async fn a_node_without_texts_says_what_would_stand_there() {
    let served = Served::empty();
    for (place, says) in [
        ("/deadlines", "Nobody has promised anything here yet"),
        ("/accords", "No text has been published yet"),
        ("/attest", "Weekly attestation"),
    ] {
        let page = served.get(&format!("/en{place}")).await;
        assert!(page.text().contains(says), "{place}");
        let arabic = served.get(&format!("/ar{place}")).await;
        markup::check(arabic.text(), Locale::Ar).unwrap();
    }
    let calendar = served.get("/en/deadlines.ics").await;
    assert!(!calendar.text().contains("VEVENT"));
}

#[tokio::test]
async fn an_unknown_duty_or_text_is_said_to_be_unknown() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let no_duty = format!("obl_{}", "0".repeat(64));
    let no_text = "0".repeat(64);
    for (address, code) in [
        (format!("obligations/{no_duty}"), "obligation.unknown"),
        ("obligations/obl_x".to_owned(), "obligation.unknown"),
        (format!("accords/{no_text}"), "accord.unknown"),
        ("accords/nothing".to_owned(), "accord.unknown"),
        ("accords/nothing/matrix".to_owned(), "accord.unknown"),
    ] {
        let problem = pair.served.get(&format!("/api/v1/{address}")).await;
        assert_eq!(problem.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(problem.json()["type"], code);
        let page = pair.served.get(&format!("/ar/{address}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
        markup::check(page.text(), Locale::Ar).unwrap();
    }
    for question in ["state=broken", "week=2026-13-01", "party=pty_x", "after=1"] {
        let page = pair.served.get(&format!("/en/deadlines?{question}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{question}");
    }
}

#[tokio::test]
async fn what_lapses_next_stands_first_and_page_file_and_answer_agree() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let served = &pair.served;
    let list = served
        .get(&format!("/api/v1/deadlines?at={NOW}"))
        .await
        .json();
    let rows = list["deadlines"].as_array().unwrap();
    let terms: Vec<_> = rows
        .iter()
        .map(|row| row["term"].as_str().unwrap())
        .collect();
    assert_eq!(terms[..2], ["ANSWER", "EXPLAIN"]);
    assert_eq!(rows[0]["lapses"][0], BEGIN + 11 * DAY);
    assert_eq!(rows[0]["left"], DAY);
    assert_eq!(rows[0]["debtor"]["name"], "Belvoria");
    assert_eq!(rows[1]["debtor"]["name"], "Aranthia");
    assert_eq!(rows[1]["duty"]["calendar"]["zone"], "Europe/Brussels");
    let all = format!("/api/v1/deadlines?state=all&at={NOW}");
    let total = served.get(&all).await.json()["total"].as_u64().unwrap();
    // Page by page.
    let mut ids = Vec::new();
    let mut address = format!("{all}&limit=2");
    loop {
        let page = served.get(&address).await.json();
        let rows = page["deadlines"].as_array().unwrap();
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        address = format!("{all}&limit=2&after={next}");
    }
    assert_eq!(ids.len() as u64, total);
    let csv = format!("/en/deadlines.csv?state=all&at={NOW}");
    let csv = served.get(&csv).await.records();
    let cells: Vec<_> = csv[1..].iter().map(|row| row[0].clone()).collect();
    assert_eq!(cells, ids);
    let page = served.get("/en/deadlines?state=all&limit=2").await;
    assert!(page.text().contains("rel=\"next\""));
    let page = served.get("/en/deadlines").await;
    assert!(page.text().contains("Europe/Brussels"));
}

#[tokio::test]
async fn a_week_and_a_party_have_their_own_lists() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let served = &pair.served;
    let count = async |question: &str| {
        let list = format!("/api/v1/deadlines?at={NOW}&{question}");
        served.get(&list).await.json()["total"].as_u64().unwrap()
    };
    let all = count("state=all").await;
    assert_eq!(
        count(&format!("state=all&party={}", pair.parties[1])).await,
        all
    );
    assert_eq!(count(&format!("state=all&party={}", pair.other)).await, 0);
    // BEGIN is Thursday, 27 August 2026: ANSWER lapses on Monday, 7 September.
    assert_eq!(count("week=2026-09-10").await, 2);
    assert_eq!(count("week=2026-09-14").await, 0);
}

#[tokio::test]
async fn a_calendar_has_an_event_for_each_deadline_in_the_readers_words() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let calendar = pair.served.get("/ar/deadlines.ics?state=all").await;
    let english = pair.served.get("/en/deadlines.ics?state=all").await;
    assert_eq!(calendar.status, StatusCode::OK);
    assert_eq!(
        calendar.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    let text = calendar.text().replace("\r\n ", "");
    let list = pair.served.get("/api/v1/deadlines?state=all").await.json();
    let rows = list["deadlines"].as_array().unwrap().iter();
    let timed: Vec<_> = rows.filter(|row| row["lapses"].is_array()).collect();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), timed.len());
    for row in timed {
        let id = row["id"].as_str().unwrap();
        for line in [
            format!("UID:{id}\r\n"),
            format!("URL:https://node.example.org/ar/obligations/{id}\r\n"),
        ] {
            assert_eq!(text.matches(&line).count(), 1, "{line}");
        }
    }
    let english = english.text().replace("\r\n ", "");
    for (text, summary, status) in [
        (&text, "SUMMARY:الموعد: على \u{2068}Belvoria", "جارٍ\\n"),
        (
            &english,
            "SUMMARY:Due: \u{2068}Belvoria",
            "DESCRIPTION:Running\\n",
        ),
    ] {
        assert!(text.contains(summary) && text.contains(status), "{text}");
        assert!(!text.contains("pty_") && !text.contains("in_grace"));
    }
    // What was fetched before is updated, not doubled.
    pair.served.clock.set(NOW + HOUR);
    let again = pair.served.get("/ar/deadlines.ics?state=all").await;
    assert_eq!(again.text(), calendar.text());
}

#[tokio::test]
async fn a_duty_that_was_not_met_has_its_story_its_debtors_word_and_how_to_recompute_it() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let id = pair.duty("breached").await;
    let page = pair
        .served
        .get(&format!("/en/obligations/{id}?at={NOW}"))
        .await;
    let text = page.text();
    for says in [
        "Not delivered in time",
        "Contested by the debtor",
        "What \u{2068}Aranthia\u{2069} says",
        "contests it</a>",
        "is done by being lodged",
        "within answer_within of asked",
        "Primary text not checked",
        &format!("ensign term explain {id} --at {NOW} --index"),
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let json = pair
        .served
        .get(&format!("/api/v1/obligations/{id}?at={NOW}"))
        .await;
    let json = json.json();
    let (at, index) = (NOW as i64, json["judged"]["index"].as_u64());
    let asked = ensign_node::instrument::Judged {
        index,
        at: Some(at),
    };
    let explained = pair.served.node.explain(&id, asked).unwrap();
    assert_eq!(json["record"], explained.record);
    assert_eq!(json["status"], "breached");
    assert_eq!(json["standing"], "contested");
}

#[tokio::test]
async fn a_story_speaks_of_grace_only_where_the_term_has_some() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let list = pair.served.get("/api/v1/deadlines?state=all").await.json();
    for (term, has_grace) in [("ANSWER", true), ("EXPLAIN", false)] {
        let mut rows = list["deadlines"].as_array().unwrap().iter();
        let row = rows.find(|row| row["term"] == term).unwrap();
        let id = row["id"].as_str().unwrap();
        for (locale, due, grace) in [
            ("en", "Last second in time", "With the grace"),
            ("ar", "آخر ثانية في الموعد", "ومع المهلة الإضافية"),
        ] {
            let page = pair
                .served
                .get(&format!("/{locale}/obligations/{id}"))
                .await;
            assert!(page.text().contains(due), "{term}");
            assert_eq!(page.text().contains(grace), has_grace, "{term} {locale}");
        }
    }
}

#[tokio::test]
async fn no_id_stands_above_the_title_of_a_page() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let id = pair.duty("breached").await;
    for (address, id) in [
        (format!("/en/obligations/{id}"), &id),
        (format!("/en/accords/{}", pair.text), &pair.text),
    ] {
        let page = pair.served.get(&address).await;
        let (_, main) = page.text().split_once("<main").unwrap();
        let (above, below) = main.split_once("<h1>").unwrap();
        assert!(!above.contains("class=\"hash\""), "{above}");
        let shown = format!("<bdi class=\"hash\" dir=\"ltr\">{id}</bdi>");
        assert!(below.contains(&shown), "{address}");
    }
}

#[tokio::test]
async fn a_duty_has_a_proof_file_of_what_its_page_says() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let id = pair.duty("breached").await;
    let size = pair.served.node.evaluate(None, None, Judged::default());
    let earlier = size.unwrap().index - 1;
    for question in [format!("?at={NOW}"), format!("?at={NOW}&index={earlier}")] {
        let answer = format!("/api/v1/obligations/{id}{question}");
        let json = pair.served.get(&answer).await.json();
        let address = json["proof"].as_str().unwrap().to_owned();
        for locale in Locale::ALL {
            let page = format!("/{}/obligations/{id}{question}", locale.code());
            let page = pair.served.get(&page).await;
            let link = address.replace("/en/", &format!("/{}/", locale.code()));
            let link = link.replace('&', "&amp;");
            assert!(page.text().contains(&link), "{link}: {}", page.text());
        }
        let file = pair.served.get(&address).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.header("content-disposition").ends_with(".ensign\""));
        let bundle = Bundle::decode(&file.bytes).unwrap();
        let anchors = pair.served.node.trust_anchors().unwrap().anchors;
        let anchors = anchors.parse().unwrap();
        let verified = bundle.verify(Some(&anchors), ensign_views::need).unwrap();
        let recomputed = Recomputed::of(&verified).unwrap();
        assert_eq!(recomputed.differing(&bundle.result.unwrap().record), []);
        assert_eq!(json["record"], recomputed.page.record);
    }
    let no_duty = format!("/ar/obligations/obl_{}.ensign", "0".repeat(64));
    for unknown in [&no_duty, "/ar/obligations/obl_x.ensign"] {
        let page = pair.served.get(unknown).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn what_would_follow_is_computed_for_what_is_still_open() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let list = format!("/api/v1/deadlines?at={NOW}&limit=1");
    let list = pair.served.get(&list).await.json();
    let id = list["deadlines"][0]["id"].as_str().unwrap();
    let duty = pair
        .served
        .get(&format!("/api/v1/obligations/{id}?at={NOW}"))
        .await
        .json();
    let outcome = |case: &str| {
        let mut all = duty["supposed"].as_array().unwrap().iter();
        let found = all.find(|it| it["case"] == case);
        found.unwrap_or_else(|| panic!("{duty}"))["status"].clone()
    };
    assert_eq!(outcome("done"), "met");
    assert_eq!(outcome("late"), "late");
    assert_eq!(outcome("never"), "breached");
    let mut all = duty["supposed"].as_array().unwrap().iter();
    let never = all.find(|it| it["case"] == "never").unwrap();
    assert_eq!(never["starts"], serde_json::json!(["EXPLAIN"]));
    // Nothing of it was stated.
    let after = pair
        .served
        .get(&format!("/api/v1/obligations/{id}?at={NOW}"))
        .await
        .json();
    assert_eq!(after["judged"]["index"], duty["judged"]["index"]);
    assert_eq!(after["status"], "active");
    let kept = pair.duty("met").await;
    let kept = pair
        .served
        .get(&format!("/api/v1/obligations/{kept}"))
        .await
        .json();
    assert_eq!(kept["supposed"], serde_json::json!([]));
}

#[tokio::test]
async fn a_past_answer_is_what_was_known_then() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let met = pair.duty("met").await;
    // Judged when nobody had answered yet.
    let before = BEGIN + 5 * HOUR;
    for known in ["now", "then"] {
        let address = format!("/api/v1/obligations/{met}?at={before}&known={known}");
        let duty = pair.served.get(&address).await.json();
        assert_eq!(duty["status"], "active", "{known}");
        assert_eq!(duty["judged"]["known"], known);
    }
    let then = format!("/api/v1/deadlines?state=all&at={before}&known=then");
    let then = pair.served.get(&then).await.json();
    let now = pair.served.get("/api/v1/deadlines?state=all").await.json();
    assert!(then["judged"]["index"].as_u64() < now["judged"]["index"].as_u64());
    // The same by the size of the log alone.
    let index = then["judged"]["index"].as_u64().unwrap();
    let by_size = format!("/api/v1/deadlines?state=all&at={before}&index={index}");
    let by_size = pair.served.get(&by_size).await.json();
    assert_eq!(by_size["deadlines"], then["deadlines"]);
}

#[tokio::test]
async fn an_accord_counts_with_denominators_and_ranks_nobody() {
    let pair = Pair::told(["Belvoria", "Aranthia"]);
    let address = format!("/api/v1/accords/pair_accord?at={NOW}");
    let accord = pair.served.get(&address).await.json();
    let (total, kept) = (&accord["counts"]["total"], &accord["counts"]["kept"]);
    assert_eq!(kept, 1);
    assert_eq!(accord["counts"]["late"], 1);
    assert_eq!(accord["counts"]["breached"], 1);
    // What its breach started goes back to the same statement.
    assert_eq!(accord["counts"]["contested"], 2);
    let sum = |by: &str, name: &str| {
        let rows = accord[by].as_array().unwrap().iter();
        rows.map(|row| row[name].as_u64().unwrap()).sum::<u64>()
    };
    for by in ["by_term", "by_party"] {
        assert_eq!(Some(sum(by, "total")), total.as_u64(), "{by}");
        assert_eq!(Some(sum(by, "kept")), kept.as_u64(), "{by}");
    }
    let names = accord["by_party"].as_array().unwrap().iter();
    let names: Vec<_> = names.map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Aranthia", "Belvoria"]);
    let mut adverse = accord["adverse"].as_array().unwrap().iter();
    let breached = adverse.find(|it| it["status"] == "breached").unwrap();
    assert_eq!(breached["own_word"]["kind"], "contest");
    let page = pair
        .served
        .get(&format!("/en/accords/{}?at={NOW}", pair.text))
        .await;
    let share = format!("\u{2068}1\u{2069} of \u{2068}{total}\u{2069}");
    assert!(page.text().contains(&share), "{}", page.text());
    assert!(page.text().contains("id=\"term-ANSWER\""));
}

#[tokio::test]
async fn the_matrix_says_what_is_not_in_force_and_why() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let address = format!("/api/v1/accords/{}/matrix", pair.text);
    let matrix = pair.served.get(&address).await.json();
    assert_eq!(matrix["total"], 6, "three terms, two ways");
    assert_eq!(matrix["changed"], 2, "one reservation counts both ways");
    let changed = pair
        .served
        .get(&format!("{address}?changed=true"))
        .await
        .json();
    for cell in changed["cells"].as_array().unwrap() {
        assert_eq!(
            (&cell["term"], &cell["binding"]),
            (&"KEEP".into(), &"excluded".into())
        );
        assert_eq!(cell["because"].as_array().unwrap().len(), 2);
    }
    let first = pair.served.get(&format!("{address}?limit=4")).await.json();
    assert_eq!(first["next"], 4);
    let second = pair
        .served
        .get(&format!("{address}?limit=4&after=4"))
        .await
        .json();
    assert_eq!(second["cells"].as_array().unwrap().len(), 2);
    assert_eq!(second["next"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_proposal_states_nothing_and_shows_the_command_that_does() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let size = pair.served.get("/api/v1/front").await.json()["as_of"]["size"].clone();
    let (text, other) = (&pair.text, pair.other);
    let adopting = format!(
        "/en/accords/{text}/adopt?party={other}&role=state&role=asker&set.answer_within=PT24H&except=KEEP"
    );
    let page = pair.served.get(&adopting).await;
    let command = format!(
        "ensign instrument adopt {text} --by {other} --role state --role asker \
         --set answer_within=PT24H --except KEEP"
    );
    assert!(page.text().contains(&command), "{}", page.text());
    assert!(page.text().contains("no mandate"));
    let preview_of = format!("/api/v1/accords/{text}/adoption?party={other}&role=state");
    let preview = pair.served.get(&preview_of).await.json();
    assert_eq!(preview["kind"], "instrument.adopted");
    assert_eq!(preview["mandated"], false);
    let refused = format!(
        "/api/v1/accords/{text}/adoption?party={}&role=state",
        pair.parties[0]
    );
    let refused = pair.served.get(&refused).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["type"], "instrument.adopted_before");
    let both = "except=KEEP&instead=KEEP%3D(within%20PT1H%20of%20asked)";
    let refused = pair.served.get(&format!("{preview_of}&{both}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["type"], "instrument.reserved_twice");
    let week = format!("party={other}&about=clinic-7&percent=75&from=2026-08-31");
    let week = pair
        .served
        .get(&format!("/api/v1/attestation?{week}"))
        .await
        .json();
    assert_eq!(week["samples"], 168);
    assert_eq!(week["mandated"], true);
    assert_eq!(week["kind"], "fact.attested");
    let first = week["coverage"][0].as_u64().unwrap();
    assert_eq!(week["coverage"][1], first + 7 * DAY - 1);
    let absent = pair.served.get("/api/v1/attestation?percent=75").await;
    assert_eq!(absent.json()["type"], "parameter.absent");
    let after = pair.served.get("/api/v1/front").await.json()["as_of"]["size"].clone();
    assert_eq!(after, size);
}

#[tokio::test]
async fn what_an_attestation_would_not_count_for_is_said_before_it_is_stated() {
    let pair = Pair::told(["Northland", "Southland"]);
    let week = format!(
        "party={}&about=clinic-7&percent=75&from=2026-08-31",
        pair.other
    );
    let none = format!("{week}&indicator=water.supply");
    for (asked, code, says) in [
        (&week, "fact.not_in_role", "as `facility`"),
        (&none, "fact.not_named", "no text in force names"),
    ] {
        let preview = format!("/api/v1/attestation?{asked}");
        let noted = pair.served.get(&preview).await.json();
        assert_eq!(noted["notes"][0]["code"], code);
        for (locale, words) in [("en", "count for nothing"), ("ar", "لن يُحتسب")] {
            let page = pair.served.get(&format!("/{locale}/attest?{asked}")).await;
            assert!(page.text().contains(words), "{locale}: {code}");
            assert!(page.text().contains(says), "{locale}: {code}");
        }
    }
    let roles = format!("party={}&role=facility", pair.other);
    let adoption = format!("/api/v1/accords/{}/adoption?{roles}", pair.text);
    let adoption = pair.served.get(&adoption).await.json();
    assert_eq!(adoption["notes"], serde_json::json!([]));
}

#[tokio::test]
async fn the_form_of_adoption_says_term_by_term_what_a_reservation_does() {
    let pair = Pair::told(["Northland", "Southland"]);
    let text = "instrument firm {
      force treaty in_force 2026-01-01 .. 2036-01-01
      kind asked performative by asker to state
      kind answer performative by state
      kind explanation performative by state
      kind report performative by state
      term ANSWER { owes state to asker when occurs asked deliver answer within PT24H of asked on_breach { EXPLAIN } }
      term EXPLAIN { owes state to asker deliver explanation within P7D of breach non_reservable calendar plain }
      term REPORT { owes state perform report per P1Y calendar plain }
      calendar plain { tz UTC }
    }";
    let publication = PublicationRequest {
        party: pair.other.to_string(),
        text: text.to_owned(),
        holidays: BTreeMap::new(),
        horizon: None,
        supersedes: None,
    };
    let text = pair
        .served
        .node
        .publish_instrument(&publication)
        .unwrap()
        .text;
    let page = pair.served.get(&format!("/en/accords/{text}/adopt")).await;
    let plain = page.text().replace(['\u{2068}', '\u{2069}'], "");
    for words in [
        "state then owes asker nothing under it",
        "Nor does its breach start EXPLAIN.",
        "In the form in which the text has it: (within PT24H of asked).",
        "As state, this party then owes nothing under it.",
        "In the form in which the text has it: (perform report per P1Y).",
    ] {
        assert_eq!(plain.matches(words).count(), 1, "{words}: {plain}");
    }
    let barred = plain
        .split("<bdi dir=\"ltr\">EXPLAIN</bdi>")
        .nth(1)
        .unwrap();
    let barred = barred.split("</fieldset>").next().unwrap();
    assert!(barred.contains("The text allows no reservation on this term."));
    assert!(!barred.contains("<input"), "{barred}");
    let page = pair.served.get(&format!("/ar/accords/{text}/adopt")).await;
    assert!(page.text().contains("لا يقبل النص تحفظًا على هذا البند."));
}

#[tokio::test]
async fn two_parties_that_change_places_change_the_pages_and_nothing_else() {
    let names = ["Aranthia", "Belvoria"];
    let (here, there) = (Pair::told(names), Pair::told([names[1], names[0]]));
    for place in ["/deadlines", "/deadlines?state=all", "/accords/pair_accord"] {
        let address = format!("/en{place}");
        let one = here.served.get(&address).await;
        let other = there.served.get(&address).await;
        let swapped = other
            .text()
            .replace(names[0], "\0")
            .replace(names[1], names[0])
            .replace('\0', names[1]);
        assert_eq!(lines(one.text()), lines(&swapped), "{place}");
    }
}

/// The lines of a page without ids, in any order: names stand in the order of the alphabet.
fn lines(page: &str) -> Vec<String> {
    let mut lines: Vec<String> = page.lines().map(masked).collect();
    lines.sort();
    lines
}

/// A line without what is an id or a digest.
fn masked(line: &str) -> String {
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let mut masked = String::new();
    for word in line.split_inclusive(|it| !is_word(it)) {
        match word.len() > 40 {
            true => masked.push_str("ID"),
            false => masked.push_str(word),
        }
    }
    masked
}

#[tokio::test]
async fn the_front_page_says_what_lapses_next_until_that_changes() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let first = pair.served.get("/en/").await;
    assert!(first.text().contains("What lapses next"));
    pair.served.clock.set(NOW + HOUR);
    let same = pair.served.get("/en/").await;
    assert_eq!(same.header("etag"), first.header("etag"));
    pair.served.clock.set(NOW + 2 * DAY);
    let later = pair.served.get("/en/").await;
    assert_ne!(later.header("etag"), first.header("etag"));
}
