//! Assets, emblems and authorities: the same everywhere, as of any time, and nothing that is not
//! public.

use axum::http::{Method, StatusCode};
use data_encoding::BASE64;
use ensign_mark::discovery::{CWT_PATH, JWS_PATH, read_document};
use ensign_mark::paper;
use ensign_mark::token::{Dialect, Reading};
use ensign_node::asset::AssetRequest;
use ensign_node::deploy::DeployRequest;
use ensign_node::emblem::EmblemRequest;

use super::{markup, pages};
use crate::i18n::Locale;
use crate::testkit::{NOW, Served, read_qr};

/// What identifies the asset of the story that is shown to its operator alone.
const RESTRICTED: &str = "TR-AMB-07";
/// The host of the story that bears an emblem.
const PORTAL: &str = "portal.three-rivers.example";

#[tokio::test]
async fn every_answer_says_that_no_entry_does_not_mean_unprotected() {
    let served = Served::story();
    for outcome in ["recognised", "declared", "expired", "revoked"] {
        let assets = served.assets(outcome).await;
        assert!(!assets.is_empty(), "{outcome}");
        for asset in assets {
            for place in ["", "/card"] {
                let page = served.get(&format!("/en/assets/{asset}{place}")).await;
                assert!(
                    page.text().contains("does not mean unprotected"),
                    "{outcome}"
                );
            }
            let json = served.get(&format!("/api/v1/assets/{asset}")).await.json();
            assert_eq!(json["judged"]["note"], "no entry does not mean unprotected");
        }
    }
    for place in ["assets", "emblems", "assets?kind=corridor"] {
        let page = served.get(&format!("/en/{place}")).await;
        assert!(page.text().contains("does not mean unprotected"), "{place}");
    }
    for address in ["/en/assets/ast_x", "/en/emblems/sta_x"] {
        let page = served.get(address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(
            page.text().contains("does not mean unprotected"),
            "{address}"
        );
        let page = served.get(&address.replace("/en/", "/ar/")).await;
        markup::check(page.text(), Locale::Ar).unwrap();
    }
}

#[tokio::test]
async fn what_is_not_public_is_on_no_page_and_in_no_file() {
    let served = Served::story();
    let mut addresses = pages(&served, "en").await;
    addresses.extend(
        [
            "/en/assets.csv",
            "/en/assets.json",
            "/en/emblems.csv",
            "/en/log.csv",
        ]
        .map(str::to_owned),
    );
    let size = served.get("/api/v1/front").await.json()["as_of"]["size"].clone();
    addresses.extend((0..size.as_u64().unwrap()).map(|at| format!("/en/log/{at}.json")));
    for address in addresses {
        let answer = served.get(&address).await;
        let text = String::from_utf8_lossy(&answer.bytes);
        assert!(!text.contains(RESTRICTED), "{address}");
    }
}

#[tokio::test]
async fn page_file_and_answer_of_the_register_have_the_same_rows() {
    let served = Served::story();
    for (noun, id) in [
        ("assets", "id"),
        ("emblems", "statement"),
        ("authorities", "statement"),
    ] {
        let rows = if noun == "authorities" {
            "recognitions"
        } else {
            noun
        };
        let at = format!("at={NOW}");
        let json = served.get(&format!("/en/{noun}.json?{at}")).await.json();
        let api = served.get(&format!("/api/v1/{noun}?{at}")).await.json();
        assert_eq!(json, api, "{noun}");
        let ids = json[rows].as_array().unwrap().iter();
        let ids: Vec<_> = ids.map(|it| it[id].as_str().unwrap().to_owned()).collect();
        assert!(ids.len() >= 2, "{noun}");
        let csv = served.get(&format!("/en/{noun}.csv")).await.records();
        let cells: Vec<_> = csv[1..].iter().map(|it| it[0].clone()).collect();
        assert_eq!(cells, ids, "{noun}");
        // Page by page.
        let mut address = format!("/api/v1/{noun}?limit=1");
        let mut seen = Vec::new();
        loop {
            let page = served.get(&address).await.json();
            seen.push(page[rows][0][id].as_str().unwrap().to_owned());
            let Some(before) = page["next"].as_u64() else {
                break;
            };
            address = format!("/api/v1/{noun}?limit=1&before={before}");
        }
        assert_eq!(seen, ids, "{noun}");
    }
}

#[tokio::test]
async fn an_answer_is_given_as_of_any_time_as_now_and_as_then_known() {
    let served = Served::story();
    let asset = &served.assets("recognised").await[0];
    let before = NOW - 86_400;
    let address = format!("/api/v1/assets/{asset}?at={before}");
    let now_known = served.get(&format!("{address}&known=now")).await.json();
    assert_eq!(now_known["outcome"], "recognised");
    assert_eq!(now_known["then"]["outcome"], "no-entry");
    let then_known = served.get(&format!("{address}&known=then")).await;
    assert_eq!(then_known.status, StatusCode::NOT_FOUND);
    assert_eq!(then_known.json()["type"], "asset.unknown");
    let page = served.get(&format!("/en/assets/{asset}?at={before}")).await;
    assert!(page.text().contains("the answer for the same time was: "));
    // Before the log had it.
    let index = now_known["index"].as_u64().unwrap();
    assert!(index > 0);
    let size = served.get(&format!("/api/v1/assets/{asset}?index=4")).await;
    assert_eq!(size.status, StatusCode::NOT_FOUND);
    // Its emblem ends, and with it the recognition.
    let later = NOW + 366 * 86_400;
    let later = served
        .get(&format!("/api/v1/assets/{asset}?at={later}"))
        .await;
    assert_eq!(later.json()["outcome"], "expired");
    for (question, code) in [
        ("at=soon", "parameter.moment"),
        ("known=maybe", "parameter.choice"),
        ("index=x", "parameter.number"),
        ("index=1000000", "parameter.not_reached"),
    ] {
        let refused = served
            .get(&format!("/api/v1/assets/{asset}?{question}"))
            .await;
        assert_eq!(refused.json()["type"], code);
    }
    // The size is named, and it is a size that can be asked for.
    let index = served.node.views().as_of(None, NOW).unwrap().size;
    let beyond = served
        .get(&format!("/en/assets/{asset}?index={}", index + 1))
        .await;
    assert_eq!(beyond.status, StatusCode::BAD_REQUEST);
    let says = format!("The log has \u{2068}{index}\u{2069} entries");
    assert!(beyond.text().contains(&says), "{}", beyond.text());
    let whole = served
        .get(&format!("/en/assets/{asset}?index={index}"))
        .await;
    assert_eq!(whole.status, StatusCode::OK);
    for list in ["assets", "emblems", "authorities", "deadlines", "accords"] {
        let beyond = served.get(&format!("/api/v1/{list}?index=1000000")).await;
        assert_eq!(beyond.json()["type"], "parameter.not_reached", "{list}");
    }
    let moment = served
        .get(&format!("/en/assets/{asset}?at=2026-09-06T00:00:00Z"))
        .await;
    assert_eq!(moment.status, StatusCode::OK);
    assert_eq!(moment.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_code_on_a_card_is_exactly_the_set_and_its_signatures_are_right() {
    let served = Served::story();
    let mut read = 0;
    for asset in served.assets("recognised").await {
        let card = served.get(&format!("/ar/assets/{asset}/card")).await;
        let Some(at) = card.text().find("<svg class=\"qr\"") else {
            assert!(card.text().contains("ensign asset show"));
            continue;
        };
        let text = read_qr(&card.text()[at..]);
        let shown = card.text().split("<pre class=\"raw\"").nth(1).unwrap();
        assert!(shown.contains(&text), "the same stands below as text");
        let bundle = paper::read(&text).unwrap();
        let emblem = served.emblem("recognised").await;
        let file = served.get(&format!("/en/emblems/{emblem}.emblem")).await;
        assert_eq!(bundle.encode().unwrap(), file.bytes);
        for token in bundle.tokens() {
            let signed = bundle.keys().iter().any(|key| token.is_signed_by(key));
            assert!(signed, "{token:?}");
        }
        let emblems = bundle.tokens().iter().filter_map(|it| it.emblem());
        let marked: Vec<_> = emblems.flat_map(|it| &it.assets).collect();
        assert_eq!(marked.len(), 1);
        assert_eq!(marked[0].to_string(), PORTAL);
        assert_eq!(bundle.tokens().len(), 3, "an emblem and both endorsements");
        read += 1;
    }
    assert_eq!(read, 1);
}

#[tokio::test]
async fn a_card_names_the_domain_of_the_authority_as_its_contact() {
    let served = Served::story();
    let asset = served.assets("recognised").await.remove(0);
    let answer = served.get(&format!("/api/v1/assets/{asset}")).await.json();
    let authority = answer["recognised"][0]["authority"].as_str().unwrap();
    let card = served.get(&format!("/en/assets/{asset}/card")).await;
    let contact = card.text().split("<dt>Contact</dt>").nth(1).unwrap();
    let contact = contact.split("</dd>").next().unwrap();
    assert!(contact.contains(authority), "{contact}");
    assert!(
        contact.contains("at the domain by which it is named"),
        "{contact}"
    );
}

#[tokio::test]
async fn a_wide_network_and_a_name_of_another_script_are_told_beside_the_asset() {
    let served = Served::empty();
    let party = served.node.found_party("Hospital", "body").unwrap();
    for (kind, identifier, code, part) in [
        ("network", "0.0.0.0/0", "caution-every-address", "IPv4"),
        (
            "domain",
            "xn--80ak6aa92e.example",
            "caution-script",
            "\u{430}\u{440}\u{440}\u{4cf}\u{435}.example",
        ),
    ] {
        let request = AssetRequest {
            party: party.party.to_string(),
            kind: kind.to_owned(),
            identifier: identifier.to_owned(),
            permanent: false,
            public: true,
            bearer: None,
            law: "gc-i".to_owned(),
            authority: None,
            from: None,
            until: None,
            replaces: None,
        };
        let asset = served.node.register_asset(&request).unwrap().asset;
        let answer = served.get(&format!("/api/v1/assets/{asset}")).await.json();
        assert_eq!(answer["cautions"][0]["code"], code);
        for locale in Locale::ALL {
            let page = served
                .get(&format!("/{}/assets/{asset}", locale.code()))
                .await;
            markup::check(page.text(), locale).unwrap();
            assert!(page.text().contains("notice caution") && page.text().contains(part));
        }
    }
}

#[tokio::test]
async fn a_host_publishes_its_own_emblem_and_no_other() {
    let served = Served::story();
    let ask = async |path: &str, host: &str| {
        let headers = [("host", host)];
        served.ask(Method::GET, path, &headers).await
    };
    for host in [PORTAL, "PORTAL.three-rivers.example:8443"] {
        let found = ask(CWT_PATH, host).await;
        assert_eq!(found.status, StatusCode::OK, "{host}");
        assert_eq!(found.header("content-type"), "application/cbor");
        let items = read_document(&found.bytes, Dialect::Cwt).unwrap();
        let tokens = items.iter().filter_map(|it| it.item.token(Reading::Strict));
        assert_eq!(tokens.filter(Result::is_ok).count(), 3);
    }
    for (path, host) in [
        (JWS_PATH, PORTAL),
        (CWT_PATH, "other.example"),
        (CWT_PATH, "127.0.0.1:8080"),
        (CWT_PATH, "laboratory.three-rivers.example"),
    ] {
        assert_eq!(
            ask(path, host).await.status,
            StatusCode::NOT_FOUND,
            "{host}"
        );
    }
}

/// The text of a page between its tags, without the marks around names.
pub(super) fn words(page: &str) -> String {
    let pieces = page.split('<').map(|piece| match piece.split_once('>') {
        Some((_, text)) => text,
        None => piece,
    });
    let text: String = pieces.collect::<Vec<_>>().join(" ");
    let text = text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_page_of_an_emblem_that_ended_says_so_first_and_who_recognised_it() {
    let served = Served::story();
    let authority = "https://health.aranthia.example";
    for (outcome, ended) in [
        (
            "revoked",
            "revoked On 6 September 2026 at 13:06:40 UTC by Three Rivers",
        ),
        (
            "expired",
            "expired It was marked until just before 7 August 2026",
        ),
    ] {
        let emblem = served.emblem(outcome).await;
        let page = served.get(&format!("/en/emblems/{emblem}")).await;
        let told = words(page.text());
        assert!(told.contains(ended), "{outcome}: {told}");
        assert!(!told.contains("leads to no authority"), "{outcome}: {told}");
        let by = format!(
            "Until then it was recognised by Republic of Aranthia (invented), through the authority {authority}"
        );
        assert!(told.contains(&by), "{outcome}: {told}");
        let json = served
            .get(&format!("/api/v1/emblems/{emblem}"))
            .await
            .json();
        assert_eq!(json["former"]["recognised"][0]["authority"], authority);
        // Before its end it was recognised, and says nothing of an end.
        let before = NOW - 40 * 86_400;
        let page = served
            .get(&format!("/en/emblems/{emblem}?at={before}"))
            .await;
        assert!(
            !words(page.text()).contains("It was marked until"),
            "{outcome}"
        );
        let page = served.get(&format!("/ar/emblems/{emblem}")).await;
        markup::check(page.text(), Locale::Ar).unwrap();
        assert!(words(page.text()).contains("كانت الشارة قائمة حتى ما قبل"));
    }
}

#[tokio::test]
async fn the_card_of_what_has_ended_says_so_in_its_title_and_facts() {
    let served = Served::story();
    let portal = served.assets("recognised").await;
    let mut cards = Vec::new();
    for outcome in ["expired", "revoked"] {
        cards.extend(served.assets(outcome).await);
    }
    for asset in &portal {
        let card = served.get(&format!("/en/assets/{asset}/card")).await;
        let told = words(card.text());
        assert!(told.contains("Why this is protected") && !told.contains("was marked until"));
        served.node.withdraw_asset(asset, "moved").unwrap();
        cards.push(asset.clone());
    }
    assert!(cards.len() >= 3);
    for asset in cards {
        let card = served.get(&format!("/en/assets/{asset}/card")).await;
        let told = words(card.text());
        for part in [
            "This was marked, and the mark has ended",
            "It was marked until just before",
            "Authority https://health.aranthia.example",
            "does not mean unprotected",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        for part in ["Why this is protected", "no end is set", "None is named"] {
            assert!(!told.contains(part), "{part}: {told}");
        }
        let card = served.get(&format!("/ar/assets/{asset}/card")).await;
        markup::check(card.text(), Locale::Ar).unwrap();
    }
}

#[tokio::test]
async fn what_ended_an_asset_and_its_emblems_is_told_in_words_and_listed() {
    let served = Served::story();
    let revoked = served.assets("revoked").await.remove(0);
    let page = served.get(&format!("/en/assets/{revoked}")).await;
    let told = words(page.text());
    assert!(
        told.contains("Emblem, endorsement or key revoked"),
        "{told}"
    );
    assert!(told.contains("something else took its place"), "{told}");
    let alleged = served.assets("recognised").await;
    for asset in alleged {
        let page = served.get(&format!("/en/assets/{asset}")).await;
        let told = words(page.text());
        for code in ["other-use", "superseded"] {
            assert!(!told.contains(code), "{code}: {told}");
        }
        let json = served.get(&format!("/api/v1/assets/{asset}")).await.json();
        let is_alleged = !json["alleged"].as_array().unwrap().is_empty();
        assert_eq!(
            told.contains("used for something else ( reported )")
                || told.contains("used for something else (reported)"),
            is_alleged,
            "{told}"
        );
    }
}

#[tokio::test]
async fn an_older_log_shows_nothing_of_what_came_later_and_says_what_is_gone() {
    let served = Served::story();
    let mut of_emblems = 0;
    for asset in served.assets("recognised").await {
        let size = served.node.views().as_of(None, NOW).unwrap().size;
        served.clock.set(NOW + 60);
        served.node.withdraw_asset(&asset, "moved").unwrap();
        for question in [format!("index={size}"), format!("at={NOW}&known=then")] {
            let address = format!("/en/assets/{asset}?{question}");
            let told = words(served.get(&address).await.text());
            assert!(told.contains("Recognised by"), "{question}: {told}");
            assert!(!told.contains("Asset withdrawn"), "{question}: {told}");
            assert!(!told.contains("Its holder can show"), "{question}: {told}");
            assert!(told.contains("erased later"), "{question}: {told}");
            let json = served
                .get(&format!("/api/v1/assets/{asset}?{question}"))
                .await
                .json();
            for entry in json["statements"].as_array().unwrap() {
                assert!(entry["index"].as_u64().unwrap() < size, "{question}");
            }
            for emblem in json["emblems"].as_array().unwrap() {
                let emblem = emblem["statement"].as_str().unwrap();
                let page = served
                    .get(&format!("/en/emblems/{emblem}?{question}"))
                    .await;
                let told = words(page.text());
                assert!(!told.contains("Its holder can show"), "{told}");
                of_emblems += usize::from(told.contains("nobody can show it any more"));
            }
        }
        let told = words(served.get(&format!("/en/assets/{asset}")).await.text());
        assert!(told.contains("it moved"), "{told}");
    }
    assert!(of_emblems > 0);
}

#[tokio::test]
async fn an_emblem_is_found_by_its_token_too_and_what_is_not_there_says_what_to_do() {
    let served = Served::story();
    let emblem = served.emblem("recognised").await;
    let json = served
        .get(&format!("/api/v1/emblems/{emblem}"))
        .await
        .json();
    let digest = json["digest"].as_str().unwrap();
    let found = served.get(&format!("/en/emblems/{digest}")).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.text().contains(&emblem));
    let unknown = served.get(&format!("/en/emblems/{}", "0".repeat(64))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let told = words(unknown.text());
    for part in ["Look for it among the emblems", "does not mean unprotected"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_host_publishes_one_emblem_whoever_else_registers_its_name() {
    let served = Served::story();
    let headers = [("host", PORTAL)];
    let ask = async || served.ask(Method::GET, CWT_PATH, &headers).await;
    let before = ask().await.bytes;
    let stranger = served.node.found_party("Stranger", "body").unwrap();
    let stranger = stranger.party.to_string();
    served.node.publish_emblem_key(&stranger, None).unwrap();
    let asset = AssetRequest {
        party: stranger,
        kind: "domain".to_owned(),
        identifier: PORTAL.to_owned(),
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
    let emblem = EmblemRequest {
        asset: asset.to_string(),
        purposes: vec!["protective".to_owned()],
        from: None,
        until: NOW + 86_400,
        party: None,
        key: None,
    };
    served.node.issue_emblem(&emblem).unwrap();
    assert_eq!(ask().await.bytes, before);
    let deployed = served.node.deployment(&DeployRequest {
        id: PORTAL.to_owned(),
        ihle: 65_297,
        ttl: 300,
        root: "/srv/www".to_owned(),
        at: None,
    });
    let deployed = deployed.unwrap();
    assert_eq!(deployed.found.results[0], "SIGNED");
    assert_eq!(deployed.document, BASE64.encode(&before));
}
