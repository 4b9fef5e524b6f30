//! Whatever ends changes every answer, and leaves what was then known.

use axum::http::{Method, StatusCode};
use ensign_mark::asset::{Honoured, Register};
use ensign_mark::discovery::{CWT_PATH, read_document};
use ensign_mark::moment::AsOf;
use ensign_mark::token::{Dialect, Reading};
use ensign_mark::{Kid, Token};
use ensign_node::authority::AuthorityRequest;
use ensign_node::emblem::EndorsementRequest;
use ensign_trust::AssetId;
use ensign_trust::bundle::Bundle;

use super::markup;
use crate::i18n::Locale;
use crate::testkit::{NOW, Served};

const PORTAL: &str = "portal.three-rivers.example";
const DAY: u64 = 86_400;
const SIDES: [&str; 2] = [
    "https://health.aranthia.example",
    "https://medical.belvoria.example",
];

/// The portal of the story, and what leads from it to the two hostile parties.
struct Story {
    served: Served,
    asset: AssetId,
    emblem: String,
    recognitions: Vec<String>,
    endorsements: Vec<String>,
}

/// What everything that is served says.
#[derive(Debug, PartialEq)]
struct Told {
    /// The answer for the asset, and how many recognise it.
    asset: (String, usize),
    /// Of its emblem.
    emblem: String,
    /// How many tokens it publishes; none where it publishes nothing.
    published: Option<usize>,
}

fn told(outcome: &str, recognised: usize, emblem: &str, published: Option<usize>) -> Told {
    Told {
        asset: (outcome.to_owned(), recognised),
        emblem: emblem.to_owned(),
        published,
    }
}

impl Story {
    async fn begun() -> Self {
        let served = Served::story();
        let list = served
            .get("/api/v1/assets?kind=domain&outcome=recognised")
            .await;
        let asset = list.json()["assets"][0].clone();
        assert_eq!(asset["identifier"], PORTAL);
        let id = asset["id"].as_str().unwrap();
        let emblem = served.emblem("recognised").await;
        let texts = |name: &str| {
            let rows = asset["recognised"].as_array().unwrap();
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let rows = rows.iter().map(|row| match &row[name] {
                serde_json::Value::Array(steps) => text(&steps[0]),
                one => text(one),
            });
            rows.collect::<Vec<_>>()
        };
        Story {
            asset: id.parse().unwrap(),
            recognitions: texts("recognition"),
            endorsements: texts("endorsements"),
            served,
            emblem,
        }
    }

    /// The party that recognises the authority of one side.
    fn side(&self, n: usize) -> String {
        let register = self.served.node.views().register();
        let id = self.recognitions[n].parse().unwrap();
        let recognition = register.authorities.recognition(id).unwrap();
        recognition.stated.by.to_string()
    }

    /// The root key of a side takes the place of the one before.
    fn rotates(&self, n: usize) -> String {
        let (node, party) = (&self.served.node, self.side(n));
        let made = node.publish_emblem_key(&party, Some(SIDES[n])).unwrap();
        let key = made.key.unwrap();
        let request = AuthorityRequest {
            party,
            organisation: SIDES[n].to_owned(),
            keys: vec![key.clone()],
            purposes: vec!["protective".to_owned()],
            kinds: Vec::new(),
            law: "gc-i".to_owned(),
            from: Some(NOW - DAY),
            until: None,
            policy: None,
            supersedes: Some(self.recognitions[n].clone()),
        };
        node.recognise_authority(&request).unwrap();
        key
    }

    /// A side endorses the hospital's key with a key of its own.
    fn endorses(&self, n: usize, with: String) {
        let request = EndorsementRequest {
            party: self.side(n),
            key: self.key().to_string(),
            purposes: vec!["protective".to_owned()],
            from: Some(NOW - DAY),
            until: NOW + 400 * DAY,
            last: false,
            with: Some(with),
            log_from: None,
        };
        self.served.node.endorse_key(&request).unwrap();
    }

    /// The hospital's key.
    fn key(&self) -> Kid {
        let register = self.served.node.views().register();
        let id = self.emblem.parse().unwrap();
        register.emblems.emblem(id).unwrap().said.key
    }

    fn revokes(&self, what: &str) {
        self.served.node.revoke_emblem(what, "lost").unwrap();
    }

    /// What is served as of a question, after a check that all of it agrees.
    async fn told(&self, question: &str, as_of: &AsOf) -> Told {
        let get = async |address: String| self.served.get(&address).await;
        let asset = get(format!("/api/v1/assets/{}?{question}", self.asset)).await;
        let asset = asset.json();
        let outcome = asset["outcome"].as_str().unwrap();
        let recognised = asset["recognised"].as_array().unwrap();
        for locale in Locale::ALL {
            let code = locale.code();
            for place in [
                format!("/{code}/assets/{}?{question}", self.asset),
                format!("/{code}/assets/{}/card?{question}", self.asset),
                format!("/{code}/emblems/{}?{question}", self.emblem),
            ] {
                let page = get(place.clone()).await;
                assert_eq!(page.status, StatusCode::OK, "{place}");
                markup::check(page.text(), locale).unwrap();
            }
            let words = crate::i18n::Texts::of(locale).label("outcome-", outcome);
            let words = words.unwrap();
            let page = get(format!("/{code}/assets/{}?{question}", self.asset)).await;
            let verdict = page
                .text()
                .split("<div class=\"notice verdict")
                .nth(1)
                .unwrap();
            let verdict = verdict.split("</div>").next().unwrap();
            assert!(verdict.contains(&words), "{outcome}: {verdict}");
            assert_eq!(verdict.matches("https://").count(), recognised.len());
        }
        let json = get(format!("/en/assets/{}.json?{question}", self.asset))
            .await
            .json();
        assert_eq!(json, asset);
        let list = get(format!("/en/assets.json?{question}")).await.json();
        let mut rows = list["assets"].as_array().unwrap().iter();
        let row = rows.find(|row| row["id"] == asset["id"]).unwrap();
        assert_eq!(row["outcome"], asset["outcome"], "in the list");
        assert_eq!(row["recognised"], asset["recognised"], "in the list");
        let csv = get(format!("/en/assets.csv?{question}")).await.records();
        let row = csv
            .iter()
            .find(|row| row[0] == self.asset.to_string())
            .unwrap();
        assert!(row.iter().any(|cell| cell == outcome), "{row:?}");

        let emblem = get(format!("/api/v1/emblems/{}?{question}", self.emblem)).await;
        let emblem = emblem.json();
        assert_eq!(emblem["recognised"].as_array().unwrap(), recognised);
        let listed = &asset["emblems"][0];
        assert_eq!(listed["status"], emblem["status"]);
        self.check_proof(outcome, recognised.len(), as_of).await;
        let file = get(format!("/en/emblems/{}.emblem?{question}", self.emblem)).await;
        let published = (file.status == StatusCode::OK).then(|| {
            let bundle = ensign_mark::bundle::Bundle::decode(&file.bytes).unwrap();
            bundle.tokens().len()
        });
        Told {
            asset: (outcome.to_owned(), recognised.len()),
            emblem: emblem["status"].as_str().unwrap().to_owned(),
            published,
        }
    }

    /// The proof of the asset holds, and who has it alone comes to the same answer.
    async fn check_proof(&self, outcome: &str, recognised: usize, as_of: &AsOf) {
        let proof = format!("/en/assets/{}.ensign", self.asset);
        let proof = self.served.get(&proof).await;
        let anchors = self.served.node.trust_anchors().unwrap().anchors;
        let bundle = Bundle::decode(&proof.bytes).unwrap();
        let verified = bundle.verify(Some(&anchors.parse().unwrap()), ensign_views::need);
        let verified = verified.unwrap();
        let mut alone = Register::default();
        for it in verified.statements.iter().filter(|it| !it.taken_back) {
            alone = alone.apply(&it.statement, it.index, it.received);
        }
        let answer = alone.answer(self.asset, Honoured::Everybody, as_of);
        assert_eq!(answer.outcome.code(), outcome);
        assert_eq!(answer.recognised.len(), recognised);
    }

    /// How many tokens the host itself publishes now.
    async fn well_known(&self) -> Option<usize> {
        let headers = [("host", PORTAL)];
        let found = self.served.ask(Method::GET, CWT_PATH, &headers).await;
        (found.status == StatusCode::OK).then(|| {
            let items = read_document(&found.bytes, Dialect::Cwt).unwrap();
            let tokens = items.iter().filter_map(|it| it.item.token(Reading::Strict));
            tokens.map(Result::<Token, _>::unwrap).count()
        })
    }
}

/// Tells a story further, and checks what is said before, after, and of the time before. What is
/// erased is published no more, whichever time is asked about.
async fn changes(act: impl AsyncFnOnce(&Story), after: Told) {
    let story = Story::begun().await;
    let as_of = |at| story.served.node.views().as_of(None, at).unwrap();
    let before = told("recognised", 2, "standing", Some(3));
    assert_eq!(story.told("", &as_of(NOW)).await, before);
    assert_eq!(story.well_known().await, Some(3));
    let known = as_of(NOW).size;

    story.served.clock.set(NOW + 1_000);
    act(&story).await;
    let now = story.served.node.clock().now() + 1_000;
    story.served.clock.set(now);
    assert_eq!(story.told("", &as_of(now)).await, after);
    assert_eq!(story.well_known().await, after.published);

    let before = match after.asset.0.as_str() {
        "withdrawn" => told("recognised", 2, "standing", None),
        _ => before,
    };
    let then = format!("at={}&known=then", NOW + 500);
    let as_then = as_of(NOW + 500).then_known();
    assert_eq!(story.told(&then, &as_then).await, before, "as then known");
    let sized = format!("at={}&index={known}", NOW + 500);
    let as_sized = AsOf::now_known(known, NOW + 500);
    assert_eq!(story.told(&sized, &as_sized).await, before, "at its size");
}

#[tokio::test]
async fn withdrawing_an_asset_changes_everything() {
    let act = async |story: &Story| {
        let id = story.asset.to_string();
        story.served.node.withdraw_asset(&id, "moved").unwrap();
    };
    changes(act, told("withdrawn", 0, "withdrawn", None)).await;
}

#[tokio::test]
async fn the_end_of_an_emblem_changes_everything() {
    let act = async |story: &Story| story.served.clock.set(NOW + 366 * DAY);
    changes(act, told("expired", 0, "expired", None)).await;
}

#[tokio::test]
async fn revoking_an_emblem_changes_everything() {
    let act = async |story: &Story| story.revokes(&story.emblem);
    changes(act, told("revoked", 0, "revoked", None)).await;
}

#[tokio::test]
async fn revoking_the_key_of_an_emblem_changes_everything() {
    let act = async |story: &Story| story.revokes(&story.key().to_string());
    changes(act, told("revoked", 0, "revoked", None)).await;
}

#[tokio::test]
async fn revoking_an_endorsement_changes_everything() {
    let act = async |story: &Story| story.revokes(&story.endorsements[0]);
    changes(act, told("recognised", 1, "standing", Some(2))).await;
    let act = async |story: &Story| story.endorsements.iter().for_each(|it| story.revokes(it));
    changes(act, told("declared", 0, "standing", Some(1))).await;
}

#[tokio::test]
async fn withdrawing_a_recognition_changes_every_answer_and_no_token() {
    let act = async |story: &Story| {
        let node = &story.served.node;
        node.withdraw_authority(&story.recognitions[1], "policy")
            .unwrap();
    };
    changes(act, told("recognised", 1, "standing", Some(3))).await;
}

#[tokio::test]
async fn rotating_root_keys_changes_everything_until_the_new_ones_endorse() {
    let act = async |story: &Story| drop(story.rotates(0));
    changes(act, told("recognised", 1, "standing", Some(2))).await;
    let act = async |story: &Story| {
        story.rotates(0);
        story.rotates(1);
    };
    changes(act, told("declared", 0, "standing", Some(1))).await;
    let act = async |story: &Story| {
        for side in 0..2 {
            let key = story.rotates(side);
            story.endorses(side, key);
        }
    };
    changes(act, told("recognised", 2, "standing", Some(3))).await;
}
