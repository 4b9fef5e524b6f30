//! What answers about emblems say first: who, under which law and policy, until when; and what they do
//! not mean.

use axum::http::StatusCode;
use ensign_node::asset::AssetRequest;
use ensign_node::authority::AuthorityRequest;
use ensign_node::deploy::DeployRequest;
use serde_json::{Value, json};

use super::markup;
use super::verify::{EXAMPLE, FORM, form};
use crate::i18n::{Locale, Texts};
use crate::testkit::{NOW, Served};

/// The answer of the API for what is given, at the example's time.
async fn verified(served: &Served, given: &[&str], policy: &str) -> Value {
    let asked = json!({ "given": given, "policy": policy, "at": "1790000000" }).to_string();
    let address = "/api/v1/emblems/verify";
    let answer = served.post(address, "application/json", asked.as_bytes());
    answer.await.json()
}

/// The page that judges the same.
async fn judged(served: &Served, locale: Locale, paste: &str, policy: &str) -> String {
    let fields = [("paste", paste), ("policy", policy), ("at", "1790000000")];
    let address = format!("/{}/verify", locale.code());
    let page = served.post(&address, FORM, &form(&fields, &[])).await;
    markup::check(page.text(), locale).unwrap();
    page.text().to_owned()
}

#[tokio::test]
async fn the_earliest_end_is_told_on_page_card_api_and_in_what_is_deployed() {
    let served = Served::story();
    let soon = NOW + 5_000;
    let known: Vec<_> = {
        let register = served.node.views().register();
        register.authorities.iter().cloned().collect()
    };
    for recognition in known {
        let said = &recognition.said;
        let request = AuthorityRequest {
            party: recognition.stated.by.to_string(),
            organisation: said.organisation.to_string(),
            keys: said.keys.iter().map(ToString::to_string).collect(),
            purposes: vec!["protective".to_owned()],
            kinds: Vec::new(),
            law: "gc-i".to_owned(),
            from: None,
            until: Some(soon),
            policy: said.policy.map(|it| data_encoding::HEXLOWER.encode(&it)),
            supersedes: Some(recognition.stated.statement.to_string()),
        };
        served.node.recognise_authority(&request).unwrap();
    }
    let emblem = served.emblem("recognised").await;
    let answer = served
        .get(&format!("/api/v1/emblems/{emblem}"))
        .await
        .json();
    let asset = answer["asset"].as_str().unwrap().to_owned();
    assert!(
        answer["until"].as_u64().unwrap() > soon,
        "its own end is another"
    );
    assert_eq!(answer["holds_until"], soon);
    assert_eq!(answer["ends_first"], "recognition");
    let answer = served.get(&format!("/api/v1/assets/{asset}")).await.json();
    assert_eq!(answer["holds_until"], soon);
    assert_eq!(answer["recognised"][0]["until"], soon);
    assert_eq!(answer["recognised"][0]["ends_first"], "recognition");
    let deployed = served.node.deployment(&DeployRequest {
        id: asset.clone(),
        ihle: 65297,
        ttl: 300,
        root: String::new(),
        at: None,
    });
    assert_eq!(deployed.unwrap().until, soon);
    let card = format!("/en/assets/{asset}/card");
    let card = served.get(&card).await;
    let until = card
        .text()
        .split("<dt>Until just before</dt>")
        .nth(1)
        .unwrap();
    let until = until.split("</dd>").next().unwrap();
    assert!(until.contains("a recognition ends first"), "{until}");
    let moment = until.split("<dd>").nth(1).unwrap();
    let moment = moment.split(" <span").next().unwrap();
    for place in [format!("emblems/{emblem}"), format!("assets/{asset}")] {
        let page = served.get(&format!("/en/{place}")).await;
        let holds = page
            .text()
            .split("All of this holds until just before")
            .nth(1);
        assert!(holds.unwrap().trim_start().starts_with(moment), "{moment}");
    }
}

#[tokio::test]
async fn who_recognises_does_so_under_a_policy_on_page_card_and_emblem() {
    let served = Served::story();
    let emblem = served.emblem("recognised").await;
    let answer = served
        .get(&format!("/api/v1/emblems/{emblem}"))
        .await
        .json();
    let asset = answer["asset"].as_str().unwrap();
    let ways = answer["recognised"].as_array().unwrap();
    let policies: Vec<_> = ways
        .iter()
        .map(|it| it["policy"].as_str().unwrap())
        .collect();
    assert_eq!(policies.len(), 2);
    assert_ne!(policies[0], policies[1], "each party has its own");
    for (locale, words) in [(Locale::En, "Under policy"), (Locale::Ar, "بموجب السياسة")]
    {
        for place in [
            format!("emblems/{emblem}"),
            format!("assets/{asset}"),
            format!("assets/{asset}/card"),
        ] {
            let page = served.get(&format!("/{}/{place}", locale.code())).await;
            markup::check(page.text(), locale).unwrap();
            assert!(page.text().contains(words), "{place}: {words}");
            for policy in &policies {
                assert!(page.text().contains(policy), "{place}");
            }
        }
    }
}

#[tokio::test]
async fn a_verified_emblem_says_first_who_endorses_which_law_and_until_when() {
    let served = Served::empty();
    let answer = verified(&served, &[EXAMPLE], "").await;
    assert_eq!(answer["standing"], "endorsed");
    assert_eq!(answer["endorsed_by"], json!(["https://authority.example"]));
    let laws = json!([{ "purpose": "protective", "laws": ["gc-i", "ap-iii"] }]);
    assert_eq!(answer["laws"], laws);
    let tokens = answer["tokens"].as_array().unwrap().iter();
    let ends = tokens.filter(|it| it["role"] != "dropped");
    let ends = ends.map(|it| it["says"]["until"].as_i64().unwrap()).min();
    assert_eq!(answer["holds_until"].as_i64(), ends);
    assert_eq!(answer["note"]["code"], "not-unprotected");
    let page = judged(&served, Locale::En, EXAMPLE, "").await;
    let first = page.split("Step 1: signatures").next().unwrap();
    for part in [
        "Endorsed by \u{2068}https://authority.example",
        "the First Geneva Convention of 1949; Additional Protocol III of 2005",
        "The tokens name no law.",
        "All of this holds until just before",
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(!page.contains("Declared only"), "somebody else says so too");
    judged(&served, Locale::Ar, EXAMPLE, "").await;
}

#[tokio::test]
async fn what_was_not_checked_says_why_and_a_missing_key_is_named() {
    let served = Served::empty();
    let unread = format!("{EXAMPLE}\n\neyJhbGciOiJub25lIn0.e30.\n");
    let answer = verified(&served, &[&unread], "").await;
    let tokens = answer["tokens"].as_array().unwrap();
    assert_eq!(tokens.last().unwrap()["signature"], "unread");
    let page = judged(&served, Locale::En, &unread, "").await;
    assert!(page.contains("Signature not looked at: the token cannot be read"));
    assert!(
        !page.contains("Signature not checked"),
        "every key is there"
    );
    // Without the keys.
    let tokens: Vec<_> = EXAMPLE.split("\n\n").take(3).collect();
    let answer = verified(&served, &tokens, "").await;
    assert_eq!(
        (&answer["outcome"], &answer["results"]),
        (&json!("unproven"), &json!(["INVALID"]))
    );
    let missing = &answer["missing"][0];
    assert_eq!(
        (&missing["code"], &missing["token"]),
        (&json!("emblem-lack-key"), &json!(1))
    );
    let key = missing["key"].as_str().unwrap();
    let page = judged(&served, Locale::En, &tokens.join("\n\n"), "").await;
    assert!(page.contains(key) && page.contains("key that signed token"));
    // A level that does not hold is named in words.
    let bare = judged(
        &served,
        Locale::En,
        tokens[0],
        "version = 1\nleast = \"endorsed\"\n",
    )
    .await;
    assert!(!bare.contains("emblem-lack"), "no bare code");
}

#[tokio::test]
async fn too_much_is_told_in_the_readers_language_with_the_limit() {
    let served = Served::empty();
    let large = form(&[], &[("large", &vec![0; 2 * 1024 * 1024])]);
    let length = large.len().to_string();
    for locale in Locale::ALL {
        let limit = Texts::of(locale).number(1_114_112);
        let address = format!("/{}/verify", locale.code());
        let page = served.post(&address, FORM, &large).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        markup::check(page.text(), locale).unwrap();
        assert!(
            page.text().contains("ensign emblem verify"),
            "{}",
            page.text()
        );
        assert!(page.text().contains(&limit), "{}", page.text());
        // A body that says its length and is not read at all.
        let headers = [("content-type", FORM), ("content-length", length.as_str())];
        let page = served
            .ask(axum::http::Method::POST, "/en/promises", &headers)
            .await;
        assert!(page.text().contains("<h1>"), "{}", page.text());
    }
    let address = "/api/v1/emblems/verify";
    let problem = served.post(address, "application/json", &large).await;
    assert_eq!(problem.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.json()["type"], "request.too_large");
    assert!(
        problem.json()["detail"]
            .as_str()
            .unwrap()
            .contains("1114112")
    );
}

#[tokio::test]
async fn the_page_of_an_emblem_and_the_card_show_what_should_be_known() {
    let served = Served::empty();
    let party = served.node.found_party("Hospital", "body").unwrap().party;
    let asset = AssetRequest {
        party: party.to_string(),
        kind: "domain".to_owned(),
        identifier: "xn--80ak6aa92e.example".to_owned(),
        permanent: false,
        public: true,
        bearer: None,
        law: "gc-i".to_owned(),
        authority: None,
        from: None,
        until: None,
        replaces: None,
    };
    let asset = served.node.register_asset(&asset).unwrap().asset;
    served
        .node
        .publish_emblem_key(&party.to_string(), None)
        .unwrap();
    let emblem = ensign_node::emblem::EmblemRequest {
        asset: asset.to_string(),
        purposes: vec!["protective".to_owned()],
        from: None,
        until: NOW + 1_000,
        party: None,
        key: None,
    };
    let emblem = served.node.issue_emblem(&emblem).unwrap().statement;
    let answer = served
        .get(&format!("/api/v1/emblems/{emblem}"))
        .await
        .json();
    assert_eq!(answer["cautions"][0]["code"], "caution-script");
    assert_eq!(answer["cautions"].as_array().unwrap().len(), 1, "each once");
    for locale in Locale::ALL {
        for place in [format!("emblems/{emblem}"), format!("assets/{asset}/card")] {
            let page = served.get(&format!("/{}/{place}", locale.code())).await;
            markup::check(page.text(), locale).unwrap();
            assert!(page.text().contains("notice caution"), "{place}");
            assert!(
                page.text()
                    .contains("\u{430}\u{440}\u{440}\u{4cf}\u{435}.example")
            );
        }
    }
}
