//! What is served of a log, while its node writes it.

use std::sync::Arc;

use domain::base::{Message, ParsedName};
use domain::rdata::Soa;

use super::*;
use crate::asset::AssetRequest;
use crate::deploy::{DeployAnswer, DeployRequest};
use crate::emblem::{EmblemRequest, EmblemStated, EndorsementRequest};
use crate::folder::Folder;
use crate::node::Node;
use crate::tests::{BEGIN, Place};

const PORTAL: &str = "portal.planted.example";
const YEAR: u64 = 31_536_000;

struct Scene {
    place: Place,
    node: Node,
    hospital: String,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let place = Place::new(seed);
        let node = place.init();
        let hospital = node.found_party("Invented Hospital", "body").unwrap();
        let hospital = hospital.party.to_string();
        node.publish_emblem_key(&hospital, None).unwrap();
        Scene {
            place,
            node,
            hospital,
        }
    }

    fn registers(&self, name: &str) -> String {
        self.registers_by(&self.hospital, name)
    }

    fn registers_by(&self, party: &str, name: &str) -> String {
        self.registers_as(AssetRequest {
            party: party.to_owned(),
            ..self.request(name)
        })
    }

    /// A name of the hospital's, for anybody to see.
    fn request(&self, name: &str) -> AssetRequest {
        AssetRequest {
            party: self.hospital.clone(),
            kind: "domain".to_owned(),
            identifier: name.to_owned(),
            permanent: false,
            public: true,
            bearer: None,
            law: "gc-i".to_owned(),
            authority: None,
            from: None,
            until: None,
            replaces: None,
        }
    }

    fn registers_as(&self, request: AssetRequest) -> String {
        self.node
            .register_asset(&request)
            .unwrap()
            .asset
            .to_string()
    }

    fn issues(&self, asset: &str, until: u64) -> EmblemStated {
        let request = EmblemRequest {
            asset: asset.to_owned(),
            purposes: vec!["protective".to_owned()],
            from: None,
            until,
            party: None,
            key: None,
        };
        self.node.issue_emblem(&request).unwrap()
    }

    /// What the node's own web server has for a name.
    fn on_the_web(&self, host: &str) -> Option<Vec<Item>> {
        self.node.published(&name(host)).unwrap()
    }

    fn deploys(&self, id: &str) -> DeployAnswer {
        let request = DeployRequest {
            id: id.to_owned(),
            ihle: IHLE.0,
            ttl: 60,
            root: "/srv".to_owned(),
            at: None,
        };
        self.node.deployment(&request).unwrap()
    }

    fn cautions(&self, id: &str) -> Vec<(&'static str, Option<String>)> {
        let told = self.deploys(id);
        let cautions = told.cautions.iter().map(|it| (it.code(), it.detail()));
        cautions.collect()
    }

    fn published(&self, files: Vec<Zone>) -> Published {
        let naming = Naming {
            ttl: 60,
            ..Naming::default()
        };
        let folder = Folder::at(self.place.folder());
        Published::of_log(&folder, &naming, files, IHLE, self.place.clock.clone()).unwrap()
    }
}

/// The answer to an ordinary question: its code, and the items that it carries.
fn asks(published: &Published, host: &str) -> (u8, Vec<Item>) {
    published.forget_when_looked();
    let query = query(&name(host), RecordType::A, [1, 2]);
    let told = answer(&published.zones(), &query, Transport::Udp).unwrap();
    let found = read_answer(&told, &name(host), IHLE).unwrap_or_default();
    let items = found.items.into_iter().map(|it| it.item).collect();
    (head(&told).2, items)
}

fn token(stated: &EmblemStated) -> Vec<u8> {
    let text = stated.token.as_ref().unwrap();
    data_encoding::BASE64URL_NOPAD
        .decode(text.as_bytes())
        .unwrap()
}

#[test]
fn what_the_log_says_is_served_from_the_next_question_on() {
    let scene = Scene::new(90);
    let published = scene.published(Vec::new());
    assert_eq!(asks(&published, PORTAL), (5, vec![]));
    let asset = scene.registers(PORTAL);
    assert_eq!(asks(&published, PORTAL), (5, vec![]));

    let first = scene.issues(&asset, BEGIN + YEAR);
    let (code, items) = asks(&published, PORTAL);
    assert_eq!((code, items.len()), (0, 2));
    assert_eq!(items[0].bytes(), token(&first));

    // A key takes the place of another.
    scene
        .node
        .publish_emblem_key(&scene.hospital, None)
        .unwrap();
    let second = scene.issues(&asset, BEGIN + 2 * YEAR);
    let (_, rotated) = asks(&published, PORTAL);
    assert_eq!(rotated[0].bytes(), token(&second));
    assert_ne!(rotated[1], items[1]);
    scene
        .node
        .revoke_emblem(&second.key.unwrap(), "compromised")
        .unwrap();
    assert_eq!(asks(&published, PORTAL).1, items);
    // Time alone ends it too, and a clock that is put back brings it back.
    scene.place.clock.set(BEGIN + YEAR - 1);
    assert_eq!(asks(&published, PORTAL).1.len(), 2);
    scene.place.clock.set(BEGIN + YEAR);
    assert_eq!(asks(&published, PORTAL), (5, vec![]));

    let third = scene.issues(&asset, BEGIN + 3 * YEAR);
    assert_eq!(asks(&published, PORTAL).1[0].bytes(), token(&third));
    scene.node.withdraw_asset(&asset, "moved").unwrap();
    assert_eq!(asks(&published, PORTAL), (5, vec![]));
}

#[test]
fn a_name_is_taken_over_by_nobody_who_registers_it_later() {
    let scene = Scene::new(97);
    let asset = scene.registers(PORTAL);
    let own = scene.issues(&asset, BEGIN + YEAR);
    let published = scene.published(Vec::new());
    let before = asks(&published, PORTAL);
    assert_eq!(scene.deploys(PORTAL).cautions, []);

    let stranger = scene.node.found_party("Invented Stranger", "body").unwrap();
    let stranger = stranger.party.to_string();
    scene.node.publish_emblem_key(&stranger, None).unwrap();
    let other_asset = scene.registers_by(&stranger, PORTAL);
    let other = scene.issues(&other_asset, BEGIN + 2 * YEAR);
    assert_eq!(asks(&published, PORTAL), before);
    let told = |id: &str| {
        let emblem = scene.deploys(id).emblem;
        (emblem, scene.cautions(id))
    };
    let emblem = |it: &EmblemStated| Some(it.statement.to_string());
    let kept = (own.statement, vec![("caution-other-party", emblem(&other))]);
    assert_eq!(told(PORTAL), kept);
    assert_eq!(told(&asset), kept);
    let not_published = vec![("caution-other-published", emblem(&own))];
    assert_eq!(told(&other_asset), (other.statement, not_published));

    // Nor while the first one's emblem is renewed.
    let revoked = scene
        .node
        .revoke_emblem(&own.statement.to_string(), "superseded");
    revoked.unwrap();
    assert_eq!(asks(&published, PORTAL), (5, vec![]));
    assert_eq!(scene.on_the_web(PORTAL), None);
    let not_published = vec![("caution-kept", emblem(&own))];
    assert_eq!(told(&other_asset), (other.statement, not_published));
    let request = DeployRequest {
        id: PORTAL.to_owned(),
        ihle: IHLE.0,
        ttl: 60,
        root: "/srv".to_owned(),
        at: None,
    };
    let kept = scene.node.deployment(&request).unwrap_err();
    assert_eq!(kept.code(), "emblem.name_kept");
    let renewed = scene.issues(&asset, BEGIN + 3 * YEAR);
    assert_eq!(asks(&published, PORTAL).1[0].bytes(), token(&renewed));

    // What is free is the next one's.
    scene.node.withdraw_asset(&asset, "moved").unwrap();
    assert_eq!(asks(&published, PORTAL).1[0].bytes(), token(&other));
    assert_eq!(told(PORTAL), (other.statement, vec![]));
}

#[test]
fn what_is_not_public_is_deployed_by_hand_alone() {
    let scene = Scene::new(98);
    let sealed = AssetRequest {
        public: false,
        ..scene.request(PORTAL)
    };
    let asset = scene.registers_as(sealed.clone());
    scene.issues(&asset, BEGIN + YEAR);
    let published = scene.published(Vec::new());
    let unseen = || {
        assert_eq!(asks(&published, PORTAL), (5, vec![]));
        assert_eq!(scene.on_the_web(PORTAL), None);
        assert_eq!(scene.deploys(PORTAL).items.len(), 2);
        assert_eq!(scene.cautions(PORTAL), [("caution-sealed", None)]);
    };
    unseen();
    // The emblem before is as little public as it was.
    let replaces = Some(asset.clone());
    scene.registers_as(AssetRequest {
        replaces: replaces.clone(),
        ..scene.request(PORTAL)
    });
    unseen();
    let open = scene.issues(&asset, BEGIN + 2 * YEAR);
    let seen = asks(&published, PORTAL).1;
    assert_eq!(seen[0].bytes(), token(&open));
    assert_eq!(scene.on_the_web(PORTAL), Some(seen));
    assert_eq!(scene.cautions(PORTAL), []);
    scene.registers_as(AssetRequest { replaces, ..sealed });
    unseen();
}

#[test]
fn an_endorsement_that_is_revoked_is_served_no_more() {
    let scene = Scene::new(96);
    let Scene { node, hospital, .. } = &scene;
    let asset = scene.registers(PORTAL);
    let own = node.publish_emblem_key(hospital, Some("https://hospital.example"));
    let own = own.unwrap().key.unwrap();
    scene.issues(&asset, BEGIN + YEAR);
    let ministry = node.found_party("Invented Ministry", "body").unwrap();
    let ministry = ministry.party.to_string();
    node.publish_emblem_key(&ministry, Some("https://ministry.example"))
        .unwrap();
    let published = scene.published(Vec::new());
    let alone = asks(&published, PORTAL);
    let request = EndorsementRequest {
        party: ministry,
        key: own,
        purposes: vec!["protective".to_owned()],
        from: None,
        until: BEGIN + YEAR,
        last: false,
        with: None,
        log_from: None,
    };
    let endorsement = node.endorse_key(&request).unwrap();
    let (code, items) = asks(&published, PORTAL);
    assert_eq!((alone.1.len(), code, items.len()), (2, 0, 4));
    assert_eq!(items[1].bytes(), token(&endorsement));
    let statement = endorsement.statement.to_string();
    node.revoke_emblem(&statement, "withdrawn").unwrap();
    assert_eq!(asks(&published, PORTAL), alone);
}

#[test]
fn a_folder_is_followed_while_nodes_come_and_go() {
    let scene = Scene::new(91);
    let asset = scene.registers(PORTAL);
    scene.issues(&asset, BEGIN + YEAR);
    let Scene {
        place,
        node,
        hospital,
    } = scene;
    drop(node);
    let node = place.open().unwrap();
    let scene = Scene {
        place,
        node,
        hospital,
    };
    let published = scene.published(Vec::new());
    assert_eq!(asks(&published, PORTAL).1.len(), 2);
    // Views that are projected afresh, and views in other files.
    scene.node.rebuild_views(&mut |_| ()).unwrap();
    assert_eq!(asks(&published, PORTAL).1.len(), 2);
    let Scene {
        place,
        node,
        hospital,
    } = scene;
    drop(node);
    std::fs::remove_dir_all(Folder::at(place.folder()).views()).unwrap();
    assert_eq!(asks(&published, PORTAL).1.len(), 2, "what was served last");
    let node = place.open().unwrap();
    let scene = Scene {
        place,
        node,
        hospital,
    };
    assert_eq!(asks(&published, PORTAL).1.len(), 2);
    scene.node.withdraw_asset(&asset, "moved").unwrap();
    assert_eq!(asks(&published, PORTAL), (5, vec![]));
}

#[test]
fn names_of_the_log_stand_in_zones_of_files_or_in_their_own() {
    let scene = Scene::new(92);
    let set = set::ed25519();
    let files = vec![zone(&set)];
    // In the file's zone; under a name that has its own emblem there; two names, one under the other;
    // and one above the file's zone, which cannot be served beside it.
    for host in [
        "new.hospital.example",
        HOST,
        "deep.portal.example.org",
        "portal.example.org",
    ] {
        let asset = scene.registers(host);
        scene.issues(&asset, BEGIN + YEAR);
    }
    let published = scene.published(files);
    assert_eq!(asks(&published, "new.hospital.example").1.len(), 2);
    assert_eq!(asks(&published, HOST).1, set);
    for host in ["deep.portal.example.org", "portal.example.org"] {
        assert_eq!(asks(&published, host).1.len(), 2, "{host}");
    }
    assert_eq!(asks(&published, "other.portal.example.org").0, 3);
    let zones = published.zones();
    let asked = query(&name("portal.example.org"), RecordType::SOA, [1, 2]);
    let soa = answer(&zones, &asked, Transport::Udp).unwrap();
    let soa = Message::from_octets(&soa[..]).unwrap();
    let mut soa = soa.answer().unwrap().limit_to::<Soa<ParsedName<_>>>();
    let server = soa.next().unwrap().unwrap().data().mname().to_string();
    assert_eq!(server, "node.example.org");

    let above = Zone::new(name("www.portal.example.org"), authority()).unwrap();
    let published = scene.published(vec![above]);
    assert_eq!(asks(&published, "portal.example.org").0, 5);
    assert_eq!(asks(&published, "deep.portal.example.org").1.len(), 2);
}

#[test]
fn a_folder_that_cannot_be_read_is_named_at_the_start() {
    let scene = Scene::new(93);
    let folder = Folder::at(scene.place.folder());
    let naming = |server: &str| Naming {
        server: Some(name(server)),
        ..Naming::default()
    };
    let open = |folder: &Folder, naming: &Naming| {
        let clock = scene.place.clock.clone();
        Published::of_log(folder, naming, Vec::new(), IHLE, clock)
    };
    assert!(open(&folder, &naming("ns.example.org")).is_ok());
    let nowhere = Folder::at(scene.place.folder().join("absent"));
    let refused = open(&nowhere, &naming("ns.example.org")).err().unwrap();
    assert!(refused.to_string().ends_with("holds no node"), "{refused}");
    let own = Zone::new(name("example.org"), authority()).unwrap();
    let twice = Published::of_files(
        vec![own.clone(), own],
        IHLE,
        Arc::new(crate::clock::SystemClock),
    );
    assert!(matches!(
        twice,
        Err(PublishError::Zone(ZoneError::Overlap { .. }))
    ));
}
