//! Whatever ends changes every answer, and leaves what was then known.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use ensign_mark::asset::{Honoured, Register};
use ensign_mark::discovery::{
    CWT_PATH, Item, RecordType, read_answer, read_document, wire_name, zone_lines,
};
use ensign_mark::moment::AsOf;
use ensign_mark::token::Dialect;
use ensign_mark::{DomainName, Kid, paper};
use ensign_node::authority::AuthorityRequest;
use ensign_node::clock::Clock;
use ensign_node::deploy::DeployRequest;
use ensign_node::dns::{Naming, Published, Transport};
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
    /// Of all recognitions of the authority of each side, the last one first.
    authorities: [Vec<String>; 2],
}

fn told(outcome: &str, recognised: usize, emblem: &str, published: Option<usize>) -> Told {
    Told {
        asset: (outcome.to_owned(), recognised),
        emblem: emblem.to_owned(),
        published,
        authorities: [["standing"], ["standing"]].map(|it| it.map(str::to_owned).into()),
    }
}

impl Told {
    /// With the recognitions of one side's authority.
    fn and(mut self, side: usize, recognitions: &[&str]) -> Self {
        self.authorities[side] = recognitions.iter().map(|it| (*it).to_owned()).collect();
        self
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
            let former = asset["former"]["recognised"].as_array();
            let named = recognised.len() + former.map_or(0, Vec::len);
            assert_eq!(verdict.matches("https://").count(), named);
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
        // A card has the same set as text, where it has one.
        let card = get(format!("/en/assets/{}/card?{question}", self.asset)).await;
        if let Some((_, text)) = card.text().split_once("<pre class=\"raw\"") {
            let text = text.split_once('>').unwrap().1.split('<').next().unwrap();
            assert_eq!(paper::read(text).unwrap().encode().unwrap(), file.bytes);
        }
        Told {
            asset: (outcome.to_owned(), recognised.len()),
            emblem: emblem["status"].as_str().unwrap().to_owned(),
            published,
            authorities: [
                self.authority(0, question).await,
                self.authority(1, question).await,
            ],
        }
    }

    /// What became of the recognitions of a side's authority, after a check that its page, the list
    /// of all and the files of both agree.
    async fn authority(&self, side: usize, question: &str) -> Vec<String> {
        let get = async |address: String| self.served.get(&address).await;
        let domain = SIDES[side].trim_start_matches("https://");
        let all = get(format!("/api/v1/authorities?{question}")).await.json();
        let rows = all["recognitions"].as_array().unwrap().iter();
        let rows: Vec<_> = rows
            .filter(|it| it["organisation"] == SIDES[side])
            .collect();
        let states: Vec<String> = rows
            .iter()
            .map(|it| it["status"].as_str().unwrap().to_owned())
            .collect();
        for place in ["authorities".to_owned(), format!("authorities/{domain}")] {
            let json = get(format!("/en/{place}.json?{question}")).await.json();
            let listed = json["recognitions"].as_array().unwrap().iter();
            let listed: Vec<_> = listed
                .filter(|it| it["organisation"] == SIDES[side])
                .collect();
            assert_eq!(listed, rows, "{place}");
            let csv = get(format!("/en/{place}.csv?{question}")).await.records();
            let listed = csv.iter().filter(|row| row[4] == SIDES[side]);
            let listed: Vec<&String> = listed.map(|row| &row[12]).collect();
            assert_eq!(listed, states.iter().collect::<Vec<_>>(), "{place}");
            for locale in Locale::ALL {
                let place = format!("/{}/{place}?{question}", locale.code());
                let page = get(place.clone()).await;
                assert_eq!(page.status, StatusCode::OK, "{place}");
                markup::check(page.text(), locale).unwrap();
                let shown = page.text().split("<li class=\"statement\">").skip(1);
                let shown: Vec<&str> = shown.filter(|it| it.contains(SIDES[side])).collect();
                assert_eq!(shown.len(), rows.len(), "{place}");
                for (shown, row) in shown.iter().zip(&rows) {
                    let state = crate::i18n::Texts::of(locale)
                        .label("status-", row["status"].as_str().unwrap());
                    let (heading, keys) = shown.split_once("</h2>").unwrap();
                    assert!(heading.contains(&state.unwrap()), "{place}: {heading}");
                    assert!(keys.contains(row["keys"][0].as_str().unwrap()), "{place}");
                }
            }
        }
        states
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

    /// The tokens that are published now, after a check that the host's own file, the lines for
    /// other name servers and the answer of ours to an ordinary question have the same; none where
    /// nothing is published.
    async fn published(&self) -> Option<Vec<Vec<u8>>> {
        let headers = [("host", PORTAL)];
        let found = self.served.ask(Method::GET, CWT_PATH, &headers).await;
        let file = (found.status == StatusCode::OK).then(|| {
            let items = read_document(&found.bytes, Dialect::Cwt).unwrap();
            items.into_iter().map(|it| it.item).collect::<Vec<_>>()
        });
        let name: DomainName = PORTAL.parse().unwrap();
        let request = DeployRequest {
            id: PORTAL.to_owned(),
            ihle: RecordType::IHLE.0,
            ttl: 300,
            root: "/srv/www".to_owned(),
            at: None,
        };
        // Their order says nothing.
        let sorted = |lines: Vec<String>| lines.into_iter().collect::<BTreeSet<_>>();
        let lines = |items: &[Item]| sorted(zone_lines(&name, items, RecordType::IHLE, 300));
        let zone = self.served.node.deployment(&request).ok();
        let zone = zone.map(|it| sorted(it.zone));
        assert_eq!(zone, file.as_deref().map(lines), "lines of a zone");
        let (status, served) = self.asked(&name);
        // A name that publishes nothing is in no zone: it is refused.
        assert_eq!(status, if file.is_some() { 0 } else { 5 });
        assert_eq!(lines(&served), zone.unwrap_or_default(), "an answer in DNS");
        let tokens = file?.into_iter().filter(Item::is_token);
        Some(tokens.map(|it| it.bytes().to_vec()).collect())
    }

    /// What `ensign dns serve` sends to who asks for an address: its status, and the items in it.
    fn asked(&self, name: &DomainName) -> (u8, Vec<Item>) {
        let naming = Naming {
            server: Some("ns1.example.org".parse().unwrap()),
            contact: None,
            ttl: 300,
        };
        let clock: Arc<dyn Clock> = Arc::clone(&self.served.clock) as _;
        let (folder, ihle) = (self.served.node.folder(), RecordType::IHLE);
        let published = Published::of_log(folder, &naming, Vec::new(), ihle, clock).unwrap();
        let header = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        let question = [&header[..], &wire_name(name), &[0, 1, 0, 1]].concat();
        let mut answer = Vec::new();
        assert!(
            published
                .zones()
                .answer(&question, Transport::Tcp, &mut answer)
        );
        let found = read_answer(&answer, name, ihle).unwrap_or_default();
        (
            answer[3] & 15,
            found.items.into_iter().map(|it| it.item).collect(),
        )
    }
}

/// What a name published before an act, and after it.
type Tokens = [Option<Vec<Vec<u8>>>; 2];

/// Tells a story further, and checks what is said before, after, and of the time before. What is
/// erased is published no more, whichever time is asked about.
async fn changes(act: impl AsyncFnOnce(&Story), after: Told) -> Tokens {
    let story = Story::begun().await;
    let as_of = |at| story.served.node.views().as_of(None, at).unwrap();
    let before = told("recognised", 2, "standing", Some(3));
    assert_eq!(story.told("", &as_of(NOW)).await, before);
    let published = story.published().await;
    assert_eq!(published.as_ref().map(Vec::len), before.published);
    let known = as_of(NOW).size;

    story.served.clock.set(NOW + 1_000);
    act(&story).await;
    let now = story.served.node.clock().now() + 1_000;
    story.served.clock.set(now);
    assert_eq!(story.told("", &as_of(now)).await, after);
    let publishes = story.published().await;
    assert_eq!(publishes.as_ref().map(Vec::len), after.published);

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
    [published, publishes]
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
    let after = told("recognised", 1, "standing", Some(3)).and(1, &["withdrawn"]);
    let [before, after] = changes(act, after).await;
    assert_eq!(before, after);
}

#[tokio::test]
async fn rotating_root_keys_changes_everything_until_the_new_ones_endorse() {
    const ROTATED: [&str; 2] = ["standing", "superseded"];
    let act = async |story: &Story| drop(story.rotates(0));
    let after = told("recognised", 1, "standing", Some(2)).and(0, &ROTATED);
    changes(act, after).await;
    let act = async |story: &Story| {
        story.rotates(0);
        story.rotates(1);
    };
    let after = told("declared", 0, "standing", Some(1));
    changes(act, after.and(0, &ROTATED).and(1, &ROTATED)).await;
    let act = async |story: &Story| {
        for side in 0..2 {
            let key = story.rotates(side);
            story.endorses(side, key);
        }
    };
    let after = told("recognised", 2, "standing", Some(3));
    let after = after.and(0, &ROTATED).and(1, &ROTATED);
    let [before, after] = changes(act, after).await;
    let (before, after) = (before.unwrap(), after.unwrap());
    assert_eq!(before[0], after[0], "the emblem is as it was");
    assert!(
        before[1..].iter().all(|it| !after.contains(it)),
        "and nothing else is"
    );
}
