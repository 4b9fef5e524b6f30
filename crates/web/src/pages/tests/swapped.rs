//! The two hostile parties swapped in the story: outcomes swap, and nothing else of all that is
//! served, in either language and to the byte.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use ensign_mark::discovery::CWT_PATH;
use ensign_node::deploy::DeployRequest;

use crate::i18n::Locale;
use crate::testkit::Served;

const PORTAL: &str = "portal.three-rivers.example";
const SIDES: [&str; 2] = ["health.aranthia.example", "medical.belvoria.example"];
/// Characters of an id after its prefix.
const DIGITS: usize = 52;

/// A story told, and what its ids and names are called by what they do in it.
struct Told {
    served: Served,
    labels: BTreeMap<String, String>,
}

impl Told {
    fn new(swapped: bool) -> Self {
        let served = Served::emblems(swapped);
        let mut labels = BTreeMap::new();
        let register = served.node.views().register();
        let parties = served.node.parties().unwrap();
        for (n, domain) in SIDES.into_iter().enumerate() {
            let mut recognitions = register.authorities.iter();
            let said = recognitions.find(|it| it.said.organisation.domain().as_str() == domain);
            let stated = &said.unwrap().stated;
            labels.insert(stated.statement.to_string(), format!("recognition {n}"));
            labels.insert(stated.by.to_string(), format!("party {n}"));
            let party = parties.iter().find(|it| it.party == stated.by).unwrap();
            labels.insert(party.name.clone().unwrap(), format!("name {n}"));
            for endorsed in register.emblems.endorsements() {
                if endorsed.stated.by == stated.by {
                    let statement = endorsed.stated.statement.to_string();
                    labels.insert(statement, format!("endorsement {n}"));
                }
            }
        }
        drop(register);
        Told { served, labels }
    }

    /// A text with labels in place of ids and names; further ids are numbered as they appear.
    fn label(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        let is_digit = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ids: Vec<String> = text
            .match_indices('_')
            .filter_map(|(at, _)| {
                let id = text.get(at.checked_sub(3)?..at + 1 + DIGITS)?;
                let digits = &id.as_bytes()[4..];
                digits.iter().all(is_digit).then(|| id.to_owned())
            })
            .collect();
        for id in ids {
            let label = format!("id {}", self.labels.len());
            self.labels.entry(id).or_insert(label);
        }
        for (known, label) in &self.labels {
            text = text.replace(known, label);
        }
        text
    }

    /// What is served at an address, by its labels.
    async fn get(&mut self, address: &str) -> String {
        let answer = self.served.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        match String::from_utf8(answer.bytes) {
            Ok(text) => self.label(&text),
            // A set of tokens and keys has no id in it, and a proof hardly anything else.
            Err(binary) if address.ends_with(".emblem") => format!("{:02x?}", binary.as_bytes()),
            Err(binary) => format!("{} bytes", binary.as_bytes().len()),
        }
    }

    /// All that is served about emblems, by where it is.
    async fn everything(mut self) -> Vec<(String, String)> {
        let mut places = Vec::new();
        let assets = self.served.get("/api/v1/assets").await.json();
        let emblems = self.served.get("/api/v1/emblems").await.json();
        let ids = |list: &serde_json::Value, name: &str| -> Vec<String> {
            let text = |it: &serde_json::Value| it[name].as_str().unwrap().to_owned();
            list.as_array().unwrap().iter().map(text).collect()
        };
        let assets = ids(&assets["assets"], "id");
        let emblems = ids(&emblems["emblems"], "statement");
        assert_eq!((assets.len(), emblems.len()), (5, 4));
        for code in Locale::ALL.map(Locale::code) {
            for list in ["assets", "emblems", "authorities"] {
                places.extend(["", ".json", ".csv"].map(|form| format!("/{code}/{list}{form}")));
            }
            let pages = ["", "/card", ".json", ".ensign"];
            for asset in &assets {
                places.extend(pages.map(|form| format!("/{code}/assets/{asset}{form}")));
            }
            for emblem in &emblems {
                places.extend(["", ".json"].map(|form| format!("/{code}/emblems/{emblem}{form}")));
            }
            places.extend(SIDES.map(|domain| format!("/{code}/authorities/{domain}")));
        }
        let portal = self.served.emblem("recognised").await;
        places.push(format!("/en/emblems/{portal}.emblem"));
        let mut told = Vec::new();
        for place in places {
            let text = self.get(&place).await;
            told.push((self.label(&place), text));
        }
        let headers = [("host", PORTAL)];
        let document = self.served.ask(Method::GET, CWT_PATH, &headers).await;
        assert_eq!(document.status, StatusCode::OK);
        told.push((CWT_PATH.to_owned(), format!("{:02x?}", document.bytes)));
        let request = DeployRequest {
            id: PORTAL.to_owned(),
            ihle: 65_297,
            ttl: 300,
            root: "/srv/www".to_owned(),
            at: None,
        };
        let deployment = self.served.node.deployment(&request).unwrap();
        told.push(("zone".to_owned(), deployment.zone.join("\n")));
        told
    }
}

#[tokio::test]
async fn swapping_the_two_parties_swaps_who_is_named_and_no_other_byte() {
    let story = Told::new(false).everything().await;
    let swapped = Told::new(true).everything().await;
    assert_eq!(story.len(), swapped.len());
    for ((place, text), (other, changed)) in story.iter().zip(&swapped) {
        assert_eq!(place, other);
        let lines = text.lines().zip(changed.lines());
        for (line, changed) in lines {
            assert_eq!(line, changed, "{place}");
        }
        assert_eq!(text.len(), changed.len(), "{place}");
    }
    let named = |label: &str| {
        story
            .iter()
            .filter(|(_, text)| text.contains(label))
            .count()
    };
    assert!(named("name 0") > 10 && named("name 1") > 10);
}
