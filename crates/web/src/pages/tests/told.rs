//! What pages and files of the register tell: as of the size that is asked for, each thing once, in the
//! reader's language.

use axum::http::StatusCode;
use ensign_mark::asset::{Honoured, Outcome, Register};
use ensign_mark::moment::AsOf;
use ensign_mark::paper;
use ensign_node::asset::AssetRequest;
use ensign_node::emblem::EndorsementRequest;
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::Bundle;
use ensign_trust::{AssetId, StatementId};

use super::markup;
use super::register::words;
use crate::i18n::Locale;
use crate::testkit::{NOW, Served};

/// What a proof file says of its asset, under the node's trust anchors.
fn proved(served: &Served, file: &[u8]) -> (u64, Outcome) {
    let anchors = served.node.trust_anchors().unwrap().anchors;
    let anchors: Anchors = anchors.parse().unwrap();
    let bundle = Bundle::decode(file).unwrap();
    let verified = bundle.verify(Some(&anchors), ensign_views::need).unwrap();
    let asset: AssetId = verified.subject.as_str().parse().unwrap();
    let counts = verified.statements.iter().filter(|it| !it.taken_back);
    let register = counts.fold(Register::default(), |register, it| {
        register.apply(&it.statement, it.index, it.received)
    });
    let as_of = AsOf::now_known(verified.size, NOW + 120);
    let answer = register.answer(asset, Honoured::Everybody, &as_of);
    (verified.size, answer.outcome)
}

#[tokio::test]
async fn a_proof_file_of_an_earlier_size_says_what_was_said_then() {
    let served = Served::story();
    for asset in served.assets("recognised").await {
        let size = served.node.views().as_of(None, NOW).unwrap().size;
        served.clock.set(NOW + 60);
        served.node.withdraw_asset(&asset, "moved").unwrap();
        let now = served.get(&format!("/en/assets/{asset}.ensign")).await;
        assert_eq!(proved(&served, &now.bytes).1, Outcome::Withdrawn);
        let address = format!("/en/assets/{asset}.ensign?index={size}");
        let then = served.get(&address).await;
        assert_eq!(
            proved(&served, &then.bytes),
            (size, Outcome::Recognised),
            "{asset}"
        );
        let page = format!("/en/assets/{asset}?index={size}");
        let page = served.get(&page).await;
        assert!(page.text().contains(&format!("href=\"{address}\"")));
        for (size, status) in [
            (4, StatusCode::NOT_FOUND),
            (1_000_000, StatusCode::BAD_REQUEST),
        ] {
            let address = format!("/en/assets/{asset}.ensign?index={size}");
            assert_eq!(served.get(&address).await.status, status, "{size}");
        }
    }
}

#[tokio::test]
async fn a_file_of_an_emblem_is_as_of_the_size_that_is_asked_for() {
    let served = Served::story();
    let emblem = served.emblem("recognised").await;
    let size = served.node.views().as_of(None, NOW).unwrap().size;
    let file = async |question: &str| {
        let address = format!("/en/emblems/{emblem}.emblem{question}");
        served.get(&address).await
    };
    let before = file("").await;
    assert_eq!(before.status, StatusCode::OK);
    served.clock.set(NOW + 60);
    served.node.revoke_emblem(&emblem, "superseded").unwrap();
    let now = file("").await;
    assert_eq!(now.status, StatusCode::NOT_FOUND);
    assert!(now.text().contains("This emblem has no file"));
    let question = format!("?index={size}");
    assert_eq!(file(&question).await.bytes, before.bytes);
    let page = served.get(&format!("/en/emblems/{emblem}{question}")).await;
    let link = format!("/{emblem}.emblem{question}\"");
    assert!(page.text().contains(&link), "{}", page.text());
}

#[tokio::test]
async fn a_withdrawn_asset_tells_once_that_it_was_withdrawn_and_its_card_too() {
    let served = Served::story();
    let asset = served.assets("recognised").await.remove(0);
    served.node.withdraw_asset(&asset, "moved").unwrap();
    let page = served.get(&format!("/en/assets/{asset}")).await;
    let told = words(page.text());
    let verdict = "Withdrawn On 6 September 2026";
    for (part, times) in [
        (verdict, 1),
        ("Withdrawn", 1),
        ("it moved", 1),
        ("not mean unprotected", 1),
        ("Ended", 0),
    ] {
        assert_eq!(told.matches(part).count(), times, "{part}: {told}");
    }
    let card = served.get(&format!("/en/assets/{asset}/card")).await;
    let told = words(card.text());
    for part in ["Withdrawn", "it moved", "until just before", "unprotected"] {
        assert_eq!(told.matches(part).count(), 1, "{part}: {told}");
    }
    // Before it was withdrawn, the page says when it would be.
    let early = format!("/en/assets/{asset}?at={}", NOW - 60);
    let told = words(served.get(&early).await.text());
    assert!(told.contains("Withdrawn it moved"), "{told}");
    let unknown = served.get("/en/assets/ast_x").await;
    let told = words(unknown.text());
    let main = told.split("Nothing has the id").nth(1).unwrap();
    assert!(!main.contains("unprotected"), "the title says so: {told}");
}

#[tokio::test]
async fn strangers_who_endorse_take_no_code_from_a_card() {
    let served = Served::story();
    let emblem = served.emblem("recognised").await;
    let issued: StatementId = emblem.parse().unwrap();
    let said = {
        let register = served.node.views().register();
        register.emblems.emblem(issued).unwrap().said.clone()
    };
    let asset = said.asset;
    let card = async || {
        let page = served.get(&format!("/en/assets/{asset}/card")).await;
        let text = page.text().to_owned();
        assert!(text.contains("<svg"), "it has a code");
        let (_, raw) = text.split_once("<pre class=\"raw\"").unwrap();
        let raw = &raw[raw.find('>').unwrap() + 1..raw.find("</pre>").unwrap()];
        paper::read(raw).unwrap().tokens().len()
    };
    let file = async || {
        let file = served.get(&format!("/en/emblems/{emblem}.emblem")).await;
        ensign_mark::bundle::Bundle::decode(&file.bytes)
            .unwrap()
            .tokens()
            .len()
    };
    assert_eq!((card().await, file().await), (3, 3));
    for n in 0..8 {
        let party = served
            .node
            .found_party(&format!("Stranger {n}"), "body")
            .unwrap();
        let party = party.party.to_string();
        let organisation = format!("https://stranger-{n}.example");
        served
            .node
            .publish_emblem_key(&party, Some(&organisation))
            .unwrap();
        let request = EndorsementRequest {
            party,
            key: said.key.to_string(),
            purposes: vec!["protective".to_owned()],
            from: None,
            until: NOW + 31_536_000,
            last: false,
            with: None,
            log_from: None,
        };
        served.node.endorse_key(&request).unwrap();
    }
    // Those whom others recognise stay.
    assert_eq!((card().await, file().await), (3, 9));
}

#[tokio::test]
async fn an_arabic_page_of_the_register_has_arabic_commas() {
    let served = Served::story();
    let mut addresses = Vec::new();
    for outcome in ["recognised", "declared", "expired", "revoked"] {
        for asset in served.assets(outcome).await {
            addresses.push(format!("/ar/assets/{asset}"));
            addresses.push(format!("/ar/assets/{asset}/card"));
        }
    }
    for outcome in ["recognised", "expired", "revoked"] {
        let emblem = served.emblem(outcome).await;
        addresses.push(format!("/ar/emblems/{emblem}"));
    }
    for address in addresses {
        let page = served.get(&address).await;
        let main = page.text().split("<main").nth(1).unwrap();
        let main = main.split("</main>").next().unwrap();
        let told = words(main);
        let told = told.replace("&#34;", "").replace("&#39;", "");
        assert!(!told.contains([',', ';']), "{address}: {told}");
    }
}

#[tokio::test]
async fn a_field_that_cannot_be_read_is_called_as_the_reader_calls_it() {
    let served = Served::story();
    let asset = served.assets("recognised").await.remove(0);
    let asset = format!("assets/{asset}");
    for (place, question, en, ar) in [
        (&*asset, "at=%20", "Time judged", "وقت الحكم"),
        (&*asset, "index=x", "Log size", "حجم السجل"),
        (&*asset, "known=maybe", "What counts", "ما يُحتسب"),
        ("emblems", "limit=0", "Number of rows", "عدد الصفوف"),
        ("emblems", "asset=x", "Asset", "العين المحمية"),
        (
            "assets",
            "before=x",
            "Place in the list",
            "الموضع في القائمة",
        ),
        ("assets", "outcome=x", "Answer", "الجواب"),
        ("incidents", "from=x", "Beginning", "البداية"),
        (
            "incidents",
            "after=x",
            "Place in the list",
            "الموضع في القائمة",
        ),
        ("deadlines", "week=x", "A day of the week", "يوم من الأسبوع"),
        ("assets", "colour=x", "colour", "colour"),
    ] {
        for (locale, name) in [(Locale::En, en), (Locale::Ar, ar)] {
            let address = format!("/{}/{place}?{question}", locale.code());
            let page = served.get(&address).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{address}");
            markup::check(page.text(), locale).unwrap();
            let list = page.text().split("role=\"alert\"").nth(1).unwrap();
            let list = words(list.split("</ul>").next().unwrap());
            let list = list.replace(" :", ":");
            assert!(list.contains(&format!(" {name}: ")), "{address}: {list}");
        }
    }
}

#[tokio::test]
async fn a_page_tells_that_another_party_has_registered_the_same_where_that_is_public() {
    let served = Served::empty();
    let register = |name: &str, public: bool| {
        let party = served.node.found_party(name, "body").unwrap();
        let request = AssetRequest {
            party: party.party.to_string(),
            kind: "domain".to_owned(),
            identifier: "portal.example".to_owned(),
            permanent: false,
            public,
            bearer: None,
            law: "gc-i".to_owned(),
            authority: None,
            from: None,
            until: None,
            replaces: None,
        };
        let stated = served.node.register_asset(&request).unwrap();
        stated.asset.to_string()
    };
    let own = register("Hospital", true);
    let sealed = register("Clinic", false);
    let cautions = async |asset: &str| {
        let address = format!("/api/v1/assets/{asset}");
        served.get(&address).await.json()["cautions"].clone()
    };
    assert_eq!(cautions(&own).await, serde_json::json!([]));
    let other = register("Stranger", true);
    for (asset, also) in [(&own, &other), (&other, &own)] {
        let told = cautions(asset).await;
        assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told[0]["code"], "caution-also-registered");
        assert_eq!(told[0]["about"], **also);
        for locale in Locale::ALL {
            for place in ["", "/card"] {
                let address = format!("/{}/assets/{asset}{place}", locale.code());
                let page = served.get(&address).await;
                markup::check(page.text(), locale).unwrap();
                assert!(page.text().contains(also.as_str()), "{address}");
                assert!(!page.text().contains(&sealed), "{address}");
            }
        }
    }
    assert_eq!(cautions(&sealed).await, serde_json::json!([]));
    served.node.withdraw_asset(&other, "mistaken").unwrap();
    assert_eq!(cautions(&own).await, serde_json::json!([]));
}
