//! What a key signed from the index on as of which it was revoked is flagged wherever it is shown; what
//! it signed before stands without a word.

use axum::http::StatusCode;
use ensign_node::asset::AssetRequest;
use ensign_node::emblem::EmblemRequest;
use ensign_node::fact::FactRequest;
use serde_json::Value as Json;

use super::markup;
use crate::i18n::{Locale, Texts};
use crate::testkit::promises::{HOUR, Pair};
use crate::testkit::{NOW, Served};

const LOCALES: [(&str, Locale); 2] = [("en", Locale::En), ("ar", Locale::Ar)];

/// What stands beside something that was signed with a key revoked as of an index.
fn flag(locale: Locale, as_of: u64) -> String {
    Texts::of(locale).text_with("statement-key-revoked", &[("index", as_of.into())])
}

/// The same of a mandate.
fn mandate_flag(locale: Locale, as_of: u64) -> String {
    Texts::of(locale).text_with("statement-mandate-key-revoked", &[("index", as_of.into())])
}

async fn page(served: &Served, locale: Locale, address: &str) -> (StatusCode, String) {
    let page = served.get(address).await;
    markup::check(page.text(), locale).unwrap_or_else(|it| panic!("{address}: {it}"));
    (page.status, page.text().to_owned())
}

fn rows(answer: &Json, at: &str) -> Vec<Json> {
    answer[at].as_array().unwrap().clone()
}

/// All entries of the public log, the first one first.
async fn entries(served: &Served) -> Vec<Json> {
    let log = served.get("/api/v1/log/public?limit=1000").await.json();
    let mut entries = rows(&log, "entries");
    assert!(log["next"].is_null());
    entries.reverse();
    entries
}

/// The page of each entry says it where the key signed at or after the index, and nowhere else.
async fn entries_say_it(served: &Served, key: &str, as_of: u64) {
    let mut flagged = 0;
    for entry in entries(served).await {
        let index = entry["index"].as_u64().unwrap();
        let expected = entry["key"] == key && as_of <= index;
        flagged += usize::from(expected);
        let revoked = &entry["key_revoked"];
        assert_eq!(revoked["signed"] == "statement", expected, "{entry}");
        if expected {
            assert_eq!(revoked["as_of"], as_of);
            assert_eq!(revoked["reason"], "compromised");
            let stands = entry["kind"] == "key.revoked";
            assert_eq!(entry["refusal"] == "key.revoked", !stands, "{entry}");
        }
        for (code, locale) in LOCALES {
            let (_, text) = page(served, locale, &format!("/{code}/log/{index}")).await;
            assert_eq!(text.contains(&flag(locale, as_of)), expected, "{index}");
            let list = format!("/{code}/log?before={}&limit=1", index + 1);
            let (_, list) = page(served, locale, &list).await;
            assert_eq!(list.contains(&flag(locale, as_of)), expected, "{index}");
        }
    }
    assert!(flagged > 0);
}

/// The page of a party lists each key with what became of it.
async fn party_says_it(served: &Served, party: &str, key: &str, as_of: u64) {
    let answer = served.get(&format!("/api/v1/parties/{party}")).await.json();
    let keys = rows(&answer, "keys");
    let ended = keys.iter().find(|it| it["key"] == key).unwrap();
    assert_eq!(ended["state"], "revoked");
    assert_eq!(ended["revoked_as_of"], as_of);
    assert_eq!(ended["reason"], "compromised");
    let other = keys.iter().find(|it| it["state"] == "active").unwrap();
    assert_eq!(other["revoked_as_of"], Json::Null);
    let csv = served.get(&format!("/en/parties/{party}.csv")).await;
    assert!(csv.text().contains(&format!("{key},revoked,")));
    for (code, locale) in LOCALES {
        let (status, text) = page(served, locale, &format!("/{code}/parties/{party}")).await;
        assert_eq!(status, StatusCode::OK);
        let texts = Texts::of(locale);
        let from = texts.text_with("key-revoked-from", &[("index", as_of.into())]);
        for part in [
            texts.text("key-state-revoked"),
            texts.text("key-state-active"),
            texts.text("key-reason-compromised"),
            from,
        ] {
            assert!(text.contains(&part), "{part}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_registered_with_a_key_stands_up_to_the_index_and_is_flagged_from_there() {
    let served = Served::story();
    let marked = served.assets("recognised").await.remove(0);
    let told = served.get(&format!("/api/v1/assets/{marked}")).await.json();
    let party = rows(&told, "statements")[0]["author"]
        .as_str()
        .unwrap()
        .to_owned();
    let key = served
        .node
        .add_key(&party)
        .unwrap()
        .key
        .unwrap()
        .to_string();
    let registered = served.node.register_asset(&AssetRequest {
        party: party.clone(),
        kind: "domain".to_owned(),
        identifier: "maternity.three-rivers.example".to_owned(),
        permanent: false,
        public: true,
        bearer: None,
        law: "gc-i".to_owned(),
        authority: None,
        from: None,
        until: None,
        replaces: None,
    });
    let asset = registered.unwrap().asset.to_string();
    let issued = served.node.issue_emblem(&EmblemRequest {
        asset: asset.clone(),
        purposes: vec!["protective".to_owned()],
        from: None,
        until: NOW + 86_400,
        party: None,
        key: None,
    });
    let emblem = issued.unwrap().statement.to_string();
    let told = served.get(&format!("/api/v1/assets/{asset}")).await.json();
    let statements = rows(&told, "statements");
    let (first, issued) = (&statements[0], &statements[1]);
    assert_eq!(
        (statements.len(), &issued["id"]),
        (2, &Json::from(emblem.as_str()))
    );
    let as_of = issued["index"].as_u64().unwrap();

    let (_, before) = page(&served, Locale::En, &format!("/en/assets/{asset}")).await;
    assert!(!before.contains("was revoked as of"));

    served
        .node
        .revoke_key(&key, Some(as_of), "compromised")
        .unwrap();
    for (code, locale) in LOCALES {
        let flag = flag(locale, as_of);
        let (status, text) = page(&served, locale, &format!("/{code}/assets/{asset}")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            text.matches(&flag).count(),
            1,
            "the emblem and not the registration"
        );
        let gone = format!("/{code}/emblems/{emblem}");
        let (status, text) = page(&served, locale, &gone).await;
        assert_eq!(status, StatusCode::GONE);
        assert!(text.contains(&flag), "{text}");
        assert!(text.contains(&format!("href=\"/{code}/log/{as_of}\"")));
    }
    let english = flag(Locale::En, 7);
    assert_eq!(
        english.replace(['\u{2068}', '\u{2069}'], ""),
        "Signed with a key that was revoked as of entry 7."
    );
    let problem = served.get(&format!("/api/v1/emblems/{emblem}")).await;
    assert_eq!(
        (problem.status, &problem.json()["type"]),
        (StatusCode::GONE, &"key.revoked".into())
    );
    entries_say_it(&served, &key, as_of).await;
    party_says_it(&served, &party, &key, as_of).await;

    // Further back, nothing is left of the asset.
    let earlier = first["index"].as_u64().unwrap();
    served
        .node
        .revoke_key(&key, Some(earlier), "compromised")
        .unwrap();
    for (code, locale) in LOCALES {
        let (status, text) = page(&served, locale, &format!("/{code}/assets/{asset}")).await;
        assert_eq!(status, StatusCode::GONE);
        assert!(text.contains(&flag(locale, earlier)));
    }
    let problem = served.get(&format!("/api/v1/assets/{asset}")).await;
    assert_eq!(problem.status, StatusCode::GONE);
    party_says_it(&served, &party, &key, earlier).await;
}

#[tokio::test]
async fn a_revocation_as_of_now_leaves_everything_as_it_was() {
    let served = Served::story();
    let asset = served.assets("recognised").await.remove(0);
    let told = served.get(&format!("/api/v1/assets/{asset}")).await.json();
    let first = &rows(&told, "statements")[0];
    served
        .node
        .add_key(first["author"].as_str().unwrap())
        .unwrap();
    let key = first["key"].as_str().unwrap();
    let revoked = served.node.revoke_key(key, None, "lost").unwrap();
    let after = served.get(&format!("/api/v1/assets/{asset}")).await.json();
    assert_eq!(after["statements"], told["statements"]);
    assert_eq!(after["outcome"], told["outcome"]);
    for entry in entries(&served).await {
        assert_eq!(entry["key_revoked"], Json::Null, "{entry}");
    }
    let entry = format!("/api/v1/log/entries/{}", revoked.index);
    assert_eq!(served.get(&entry).await.json()["refusal"], Json::Null);
}

#[tokio::test]
async fn what_was_taken_in_under_a_key_is_flagged_on_the_page_of_the_incident() {
    let served = Served::empty();
    let folder = tempfile::tempdir().unwrap();
    let import = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        served
            .node
            .import("who-ssa", &path, None, &mut |_| ())
            .unwrap()
    };
    let header = "Attack ID,Attack Date,Total Death\n";
    import("first.csv", &format!("{header}ARA000001,3/1/25,1\n"));
    let operator = served.node.operator().to_string();
    let key = served.node.add_key(&operator).unwrap().key.unwrap();
    let as_of = entries(&served).await.len() as u64;
    import(
        "second.csv",
        &format!("{header}ARA000001,3/1/25,5\nARA000002,3/1/25,9\n"),
    );
    let listed = served.get("/api/v1/incidents").await.json();
    let rows_now = rows(&listed, "incidents");
    assert_eq!(rows_now.len(), 2);
    let id = |of: &str| {
        let row = rows_now.iter().find(|row| row["source_id"] == of).unwrap();
        row["id"].as_str().unwrap().to_owned()
    };
    let (kept, fallen) = (id("ARA000001"), id("ARA000002"));
    served
        .node
        .revoke_key(&key.to_string(), Some(as_of), "compromised")
        .unwrap();
    for (code, locale) in LOCALES {
        let flag = flag(locale, as_of);
        let (status, text) = page(&served, locale, &format!("/{code}/incidents/{kept}")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(text.matches(&flag).count(), 1, "{text}");
        let (status, text) = page(&served, locale, &format!("/{code}/incidents/{fallen}")).await;
        assert_eq!(status, StatusCode::GONE);
        assert!(text.contains(&flag));
    }
    let answer = served
        .get(&format!("/api/v1/incidents/{kept}"))
        .await
        .json();
    let revoked: Vec<_> = rows(&answer, "statements")
        .iter()
        .map(|it| it["key_revoked"]["as_of"].clone())
        .collect();
    assert_eq!(revoked, [Json::Null, as_of.into()]);
    let proof = format!("/api/v1/incidents/{fallen}");
    assert_eq!(served.get(&proof).await.status, StatusCode::GONE);
    entries_say_it(&served, &key.to_string(), as_of).await;
    party_says_it(&served, &operator, &key.to_string(), as_of).await;
}

#[tokio::test]
async fn what_a_party_promised_under_a_key_is_flagged_on_the_pages_of_the_text() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let served = &pair.served;
    let party = pair.parties[1].to_string();
    let key = served
        .node
        .add_key(&party)
        .unwrap()
        .key
        .unwrap()
        .to_string();
    let later = pair.later();
    pair.adopts(1, &later, &[]);
    let asked = FactRequest {
        party: party.clone(),
        to: Some(pair.parties[0].to_string()),
        kind: "asked".to_owned(),
        from: Some(NOW - HOUR),
        ..FactRequest::default()
    };
    let trigger = served
        .node
        .lodge_fact(&asked)
        .unwrap()
        .statement
        .to_string();
    let size = entries(served).await.len();
    let accord = format!("/api/v1/accords/{later}?at={NOW}");
    let before = served.get(&accord).await.json();
    assert_eq!(rows(&before, "without_effect"), Vec::<Json>::new());
    let as_of = rows(&before, "members")[0]["adoption"]["index"]
        .as_u64()
        .unwrap();
    let duties = served.get("/api/v1/deadlines?limit=1000").await.json();
    let mut ids = Vec::new();
    for row in rows(&duties, "deadlines") {
        let id = row["id"].as_str().unwrap();
        let duty = served
            .get(&format!("/api/v1/obligations/{id}?at={NOW}"))
            .await
            .json();
        if duty["trigger"] == trigger.as_str() {
            ids.push(id.to_owned());
        }
    }
    assert!(!ids.is_empty());
    served
        .node
        .revoke_key(&key, Some(as_of), "compromised")
        .unwrap();
    let after = served.get(&accord).await.json();
    assert_eq!(rows(&after, "members"), Vec::<Json>::new());
    let without = rows(&after, "without_effect");
    assert_eq!(without.len(), 1);
    assert_eq!(
        (&without[0]["index"], &without[0]["key_revoked"]["as_of"]),
        (&as_of.into(), &as_of.into())
    );
    for (code, locale) in LOCALES {
        let flag = flag(locale, as_of);
        let list = format!("/{code}/accords/{later}");
        let (status, text) = page(served, locale, &list).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(text.matches(&flag).count(), without.len());
        // What the log said then is shown as it was said, with what became of it.
        for id in &ids {
            let then = format!("/{code}/obligations/{id}?at={NOW}&index={size}");
            let (status, text) = page(served, locale, &then).await;
            assert_eq!(status, StatusCode::OK, "{text}");
            assert!(text.contains(&flag), "{text}");
            let now = format!("/{code}/obligations/{id}?at={NOW}");
            assert_eq!(page(served, locale, &now).await.0, StatusCode::NOT_FOUND);
        }
    }
    entries_say_it(served, &key, as_of).await;
    party_says_it(served, &party, &key, as_of).await;
}

#[tokio::test]
async fn what_was_said_under_a_mandate_that_a_revoked_key_signed_says_so() {
    let pair = Pair::told(["Aranthia", "Belvoria"]);
    let served = &pair.served;
    let (node, operator) = (&served.node, served.node.operator().to_string());
    let key = node.add_key(&operator).unwrap().key.unwrap();
    let other = pair.other.to_string();
    let granted = node
        .grant_mandate(&other, "signatory", None, None, None)
        .unwrap();
    let request = ensign_node::instrument::AdoptionRequest {
        party: other.clone(),
        text: pair.text.clone(),
        roles: vec!["state".to_owned()],
        from: None,
        until: None,
        params: Default::default(),
        reservations: Vec::new(),
    };
    let adopted = node.adopt_instrument(&request).unwrap();
    node.revoke_key(&key.to_string(), Some(granted.index), "compromised")
        .unwrap();
    let entry = format!("/api/v1/log/entries/{}", adopted.index);
    let entry = served.get(&entry).await.json();
    assert_eq!(entry["refusal"], "mandate.missing");
    assert_eq!(entry["key_revoked"]["signed"], "mandate");
    assert_eq!(entry["key_revoked"]["as_of"], granted.index);
    for (code, locale) in LOCALES {
        let flag = mandate_flag(locale, granted.index);
        for address in [
            format!("/{code}/log/{}", adopted.index),
            format!("/{code}/parties/{other}"),
            format!("/{code}/accords/pair_accord"),
        ] {
            let (status, text) = page(served, locale, &address).await;
            assert_eq!(status, StatusCode::OK, "{address}");
            assert!(text.contains(&flag), "{address}: {text}");
        }
    }
}
