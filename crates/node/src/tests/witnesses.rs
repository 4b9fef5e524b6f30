//! A log and its witnesses, in one process: the network is a function.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ensign_hold::evaluate::interval::LATEST;
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::{Bundle, BundleError};
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::equivocation::{Verdict, judge};
use ensign_trust::log::vkey::LogSigner;
use ensign_trust::log::witness::AddCheckpoint;
use ensign_trust::logbook::{Entry, LogName};
use ensign_trust::{AssetId, Statement};

use super::{BEGIN, Place};
use crate::Replica;
use crate::asset::AssetRequest;
use crate::clock::SetClock;
use crate::error::Error;
use crate::fact::FactRequest;
use crate::instrument::{AdoptionRequest, Judged, PublicationRequest};
use crate::network::{Network, Reply, Unreachable};
use crate::node::Node;
use crate::witness::{Asked, QuorumChange, Witness};

/// Witnesses by the address at which they answer, and how often they were asked.
#[derive(Default)]
pub(super) struct Wires {
    pub(super) witnesses: BTreeMap<String, Witness>,
    sent: Mutex<usize>,
}

impl Network for Wires {
    fn post(&self, address: &str, body: &[u8]) -> Result<Reply, Unreachable> {
        *self.sent.lock().unwrap() += 1;
        let host = address.strip_suffix("/add-checkpoint").unwrap();
        let witness = self.witnesses.get(host).ok_or_else(|| Unreachable {
            address: address.to_owned(),
            source: "no route".into(),
        })?;
        let answer = witness.add_checkpoint(body);
        Ok(Reply {
            status: answer.status,
            body: answer.body,
        })
    }

    fn get(&self, address: &str, _most: u64) -> Result<Reply, Unreachable> {
        unreachable!("nobody asks for {address}")
    }
}

/// A log, and the folders of its witnesses with their clocks.
pub(super) struct Scene {
    pub(super) place: Place,
    pub(super) node: Node,
    others: Vec<Place>,
    pub(super) clock: Arc<SetClock>,
    pub(super) wires: Wires,
}

impl Scene {
    /// A log that asks so many witnesses, each of which watches it.
    pub(super) fn with(count: u64, threshold: Option<usize>) -> Self {
        let place = Place::new(1);
        let node = place.init();
        let clock = Arc::new(SetClock::at(BEGIN + 5));
        let (mut others, mut wires) = (Vec::new(), Wires::default());
        for number in 0..count {
            let other = Place::new(100 + number);
            let founding = crate::Founding {
                name: "Harbour Registry".to_owned(),
                origin: format!("w{number}.example.org/log"),
                realm: "exercise/three-rivers".parse().unwrap(),
            };
            let folder = other.folder();
            let entropy = Arc::new(crate::clock::SystemEntropy);
            let witness = Node::init(&folder, &founding, other.clock.clone(), entropy).unwrap();
            let log = node.log_key(LogName::Public).to_string();
            witness.add_witness(&log, None, None).unwrap();
            drop(witness);
            let witness = Witness::open(&folder, clock.clone()).unwrap();
            let address = format!("https://w{number}.example.org");
            let key = witness.key().to_string();
            node.add_witness(&key, Some(&address), threshold).unwrap();
            wires.witnesses.insert(address, witness);
            others.push(other);
        }
        Scene {
            place,
            node,
            others,
            clock,
            wires,
        }
    }

    fn size(&self) -> u64 {
        self.node.log(LogName::Public).head().unwrap().unwrap().size
    }

    pub(super) fn ask(&self) -> Option<crate::witness::Round> {
        self.node
            .ask_witnesses(LogName::Public, &self.wires)
            .unwrap()
    }

    fn register(&self) -> AssetId {
        let party = self.node.found_party("River Hospital", "organisation");
        let request = AssetRequest {
            party: party.unwrap().party.to_string(),
            kind: "domain".to_owned(),
            identifier: "portal.example.org".to_owned(),
            permanent: false,
            public: true,
            bearer: None,
            law: "gc-i".to_owned(),
            authority: None,
            from: None,
            until: Some(BEGIN + 1000),
            replaces: None,
        };
        self.node.register_asset(&request).unwrap().asset
    }

    pub(super) fn grow(&self) {
        self.node
            .found_party("River Clinic", "organisation")
            .unwrap();
    }
}

#[test]
fn what_enough_witnesses_cosigned_is_logged_and_an_idle_log_does_not_grow() {
    let scene = Scene::with(3, None);
    let before = scene.size();
    let round = scene.ask().unwrap();
    assert!(round.met, "{round:?}");
    assert_eq!(round.size, before);
    assert!(
        round
            .answers
            .iter()
            .all(|(_, asked)| *asked == Asked::Cosigned)
    );
    // The record and its receipt.
    assert_eq!(scene.size(), before + 2);
    assert_eq!(
        scene.node.last_cosigned(LogName::Public).unwrap(),
        Some(before)
    );
    let sent = *scene.wires.sent.lock().unwrap();
    for _ in 0..5 {
        assert_eq!(scene.ask(), None);
    }
    assert_eq!(*scene.wires.sent.lock().unwrap(), sent);
    assert_eq!(scene.size(), before + 2);
    scene.grow();
    let grown = scene.size();
    assert_eq!(
        scene.ask().map(|round| (round.size, round.met)),
        Some((grown, true))
    );
    assert_eq!(
        scene.node.last_cosigned(LogName::Public).unwrap(),
        Some(grown)
    );
}

#[test]
fn what_counts_from_when_the_log_held_it_is_open_until_the_witnesses_cosigned() {
    let scene = Scene::with(2, None);
    let node = &scene.node;
    let party = node
        .found_party("North", "state")
        .unwrap()
        .party
        .to_string();
    let text = "instrument ANSWERS {
        force contract in_force 2020-01-01 .. open
        kind asked performative
        kind answer performative
        term ANSWER { owes state when occurs asked deliver answer within PT24H of asked.recorded }
    }";
    let to_sign = node.grant_mandate(&party, "signatory", None, None, None);
    to_sign.unwrap();
    let publication = PublicationRequest {
        party: party.clone(),
        text: text.to_owned(),
        holidays: BTreeMap::new(),
        horizon: None,
        supersedes: None,
    };
    let published = node.publish_instrument(&publication).unwrap();
    let adoption = AdoptionRequest {
        party: party.clone(),
        text: published.text.to_string(),
        roles: vec!["state".to_owned()],
        from: None,
        until: None,
        params: BTreeMap::new(),
        reservations: Vec::new(),
    };
    node.adopt_instrument(&adoption).unwrap();
    let asked = FactRequest {
        party,
        kind: "asked".to_owned(),
        ..FactRequest::default()
    };
    node.lodge_fact(&asked).unwrap();
    let due = || {
        let evaluated = node.evaluate(None, None, Judged::default()).unwrap();
        evaluated.obligations[0].due.unwrap()
    };
    let [day, received] = [86_400, BEGIN as i64];
    assert_eq!(due(), [received + day, LATEST]);
    assert!(scene.ask().unwrap().met);
    // The witnesses' clock is five seconds ahead.
    assert_eq!(due(), [received + day, received + 5 + day]);
    let elsewhere = tempfile::tempdir().unwrap();
    copy_folder(&node.folder().log(LogName::Public), elsewhere.path());
    let replica = Replica::read(elsewhere.path(), None).unwrap();
    let [here, there] = [
        node.evaluate(None, None, Judged::default()).unwrap(),
        replica
            .evaluate(
                None,
                None,
                Judged {
                    index: None,
                    at: Some(received),
                },
            )
            .unwrap(),
    ];
    assert_eq!(here.obligations[0].due, there.obligations[0].due);
}

#[test]
fn too_few_cosignatures_are_not_logged_and_later_ones_suffice() {
    let mut scene = Scene::with(3, Some(2));
    let away: Vec<_> = ["https://w1.example.org", "https://w2.example.org"]
        .iter()
        .map(|address| (*address, scene.wires.witnesses.remove(*address).unwrap()))
        .collect();
    let before = scene.size();
    let round = scene.ask().unwrap();
    assert!(!round.met);
    assert_eq!(round.answers[1].1, Asked::Unreachable);
    assert_eq!(scene.size(), before);
    for (address, witness) in away {
        scene.wires.witnesses.insert(address.to_owned(), witness);
    }
    scene.grow();
    assert!(scene.ask().unwrap().met);
    let status = scene.node.witnesses().unwrap();
    assert_eq!((status.threshold, status.news), (Some(2), false));
    assert!(
        status
            .asked
            .iter()
            .all(|one| one.answer == Some(Asked::Cosigned))
    );
}

#[test]
fn a_node_that_starts_again_learns_the_size_from_its_witness() {
    let scene = Scene::with(1, None);
    scene.ask().unwrap();
    let Scene {
        place,
        node,
        wires,
        others: _kept,
        ..
    } = scene;
    drop(node);
    let node = place.open().unwrap();
    node.found_party("River Clinic", "organisation").unwrap();
    let round = node
        .ask_witnesses(LogName::Public, &wires)
        .unwrap()
        .unwrap();
    assert!(round.met, "{round:?}");
}

#[test]
fn a_folder_that_is_older_than_what_was_cosigned_is_told_so() {
    let scene = Scene::with(1, None);
    let copy = tempfile::tempdir().unwrap();
    let old = copy.path().join("node");
    copy_folder(&scene.place.folder(), &old);
    std::fs::copy(
        scene.place.folder().with_extension("key"),
        copy.path().join("node.key"),
    )
    .unwrap();
    scene.grow();
    assert!(scene.ask().unwrap().met);
    let clock = scene.place.clock.clone();
    let entropy = Arc::new(crate::clock::SystemEntropy);
    let restored = Node::open(&old, clock, entropy, &mut |_| ()).unwrap();
    let round = restored.ask_witnesses(LogName::Public, &scene.wires);
    assert_eq!(round.unwrap().unwrap().answers[0].1, Asked::Ahead);
    // It goes on writing, and now it is another history.
    for _ in 0..3 {
        restored
            .found_party("Other Clinic", "organisation")
            .unwrap();
    }
    let round = restored.ask_witnesses(LogName::Public, &scene.wires);
    assert_eq!(round.unwrap().unwrap().answers[0].1, Asked::Forked);
}

#[test]
fn a_cosignature_older_than_the_receipt_does_not_count() {
    let scene = Scene::with(1, None);
    scene.clock.set(BEGIN - 1);
    let round = scene.ask().unwrap();
    assert_eq!(round.answers[0].1, Asked::Clock);
    assert!(!round.met);
}

#[test]
fn a_log_that_forks_is_found_out_once_and_its_contradiction_is_stated() {
    let scene = Scene::with(1, None);
    let liar = LogSigner::from_seed("liar.example.org/log", &[7; 32]).unwrap();
    let witness = &scene.wires.witnesses["https://w0.example.org"];
    let folder = scene.others[0].folder();
    let open = || {
        let other = &scene.others[0];
        let entropy = Arc::new(crate::clock::SystemEntropy);
        Node::open(&folder, other.clock.clone(), entropy, &mut |_| ()).unwrap()
    };
    open()
        .add_witness(&liar.key().to_string(), None, None)
        .unwrap();
    let request = |old, root| {
        let checkpoint = Checkpoint::new("liar.example.org/log", 1, root);
        let signed = SignedCheckpoint::sign(checkpoint, &liar).unwrap();
        let checkpoint = signed.note().clone();
        let proof = Vec::new();
        AddCheckpoint {
            old,
            proof,
            checkpoint,
        }
        .to_bytes()
        .unwrap()
    };
    assert_eq!(witness.add_checkpoint(&request(0, [1; 32])).status, 200);
    assert_eq!(witness.add_checkpoint(&request(1, [1; 32])).status, 200);
    assert_eq!(witness.add_checkpoint(&request(1, [2; 32])).status, 422);
    assert_eq!(witness.add_checkpoint(&request(1, [3; 32])).status, 422);
    assert!(
        witness
            .watched()
            .unwrap()
            .iter()
            .any(|log| log.contradicted)
    );
    let node = open();
    let stated = node.state_contradictions().unwrap();
    assert_eq!(stated.len(), 1);
    assert!(node.state_contradictions().unwrap().is_empty());
    let index = stated[0].first;
    let entry = node.log(LogName::Public).read(index..index + 1).unwrap();
    let statement = Statement::decode(entry[0].clone()).unwrap();
    let Some(Ok(Entry::Contradicted(found))) = Entry::read(&statement) else {
        panic!("{statement:?}")
    };
    // By the statement or by the log it is the same file, which proves what was found.
    let told = node.export_contradiction(&statement.id().to_string());
    let told = told.unwrap();
    let of_log = node.export_contradiction("liar.example.org/log");
    assert_eq!(of_log.unwrap(), told);
    let file = data_encoding::BASE64.decode(told.bundle.as_bytes());
    let proven = ensign_trust::contradiction::verify(&file.unwrap()).unwrap();
    assert_eq!(proven.log, *liar.key());
    for nothing in ["node.example.org/log", &node.operator().to_string()] {
        let refused = node.export_contradiction(nothing);
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{nothing}");
    }
    let [one, other] = &found.checkpoints;
    let verdict = judge(one, other, &found.log, Some(&found.proof)).unwrap();
    assert!(matches!(verdict, Verdict::Contradiction(_)));
}

#[test]
fn a_witness_answers_as_its_specification_says() {
    let scene = Scene::with(1, None);
    let witness = &scene.wires.witnesses["https://w0.example.org"];
    let hash = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(
        "node.example.org/log",
    ));
    assert_eq!(witness.checkpoint(&hash).status, 404);
    assert_eq!(witness.add_checkpoint(b"old 1\n").status, 400);
    scene.ask().unwrap();
    let kept = witness.checkpoint(&hash);
    assert_eq!(kept.status, 200);
    let signed = SignedCheckpoint::open(&kept.body, &scene.node.log_key(LogName::Public)).unwrap();
    let cosigned = signed.cosigned_by(&[witness.key().clone()]).unwrap();
    assert_eq!(cosigned[0].timestamp, BEGIN + 5);
    let unknown = LogSigner::from_seed("unknown.example.org/log", &[8; 32]).unwrap();
    let checkpoint = Checkpoint::new("unknown.example.org/log", 1, [1; 32]);
    let note = SignedCheckpoint::sign(checkpoint, &unknown)
        .unwrap()
        .note()
        .clone();
    let request = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: note,
    };
    assert_eq!(
        witness.add_checkpoint(&request.to_bytes().unwrap()).status,
        404
    );
    let request = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: signed.note().clone(),
    };
    let again = witness.add_checkpoint(&request.to_bytes().unwrap());
    assert_eq!(again.status, 409);
    assert_eq!(again.media, "text/x.tlog.size");
    assert_eq!(
        again.body,
        format!("{}\n", signed.checkpoint().size).into_bytes()
    );
}

#[test]
fn whom_a_node_asks_stands_in_its_log_and_in_its_anchors() {
    let scene = Scene::with(3, None);
    let anchors = scene.node.trust_anchors().unwrap().anchors;
    assert!(anchors.contains("\ngroup quorum 2 "), "{anchors}");
    let name = scene.node.quorum().unwrap().witnesses()[0].name.clone();
    let change = scene.node.remove_witness(&name, None).unwrap();
    assert!(matches!(
        change,
        QuorumChange::Asks {
            index: Some(_),
            threshold: 2,
            of: 2
        }
    ));
    assert!(matches!(
        scene.node.remove_witness(&name, None),
        Err(Error::NotFound { .. })
    ));
    for bad in [
        "ftp://w.example.org",
        "https://",
        "https://a b",
        "w.example.org",
    ] {
        let key = scene.node.quorum().unwrap().witnesses()[0].key.to_string();
        let refused = scene.node.add_witness(&key, Some(bad), None);
        assert!(matches!(refused, Err(Error::Argument { .. })), "{bad}");
    }
    let own = scene.node.log_key(LogName::Public).to_string();
    let refused = scene.node.add_witness(&own, None, None);
    assert!(matches!(refused, Err(Error::Unfit { .. })));
}

#[test]
fn a_bundle_is_proved_against_what_the_witnesses_cosigned() {
    let scene = Scene::with(3, None);
    let asset = scene.register();
    let bundle = || scene.node.asset_bundle(asset, None).unwrap();
    let anchors: Anchors = scene.node.trust_anchors().unwrap().anchors.parse().unwrap();
    let verify = |bundle: &Bundle| bundle.verify(Some(&anchors), ensign_views::need);
    assert!(matches!(verify(&bundle().0), Err(BundleError::Unwitnessed)));
    let round = scene.ask().unwrap();
    scene.grow();
    let (bundle, size) = bundle();
    assert_eq!(size, round.size);
    let verified = verify(&bundle).unwrap();
    assert_eq!(verified.cosigned.len(), 3);
    assert!(verified.cosigned.iter().all(|(_, time)| *time == BEGIN + 5));
}

#[test]
fn a_witness_without_its_memory_cosigns_nothing() {
    let scene = Scene::with(1, None);
    let folder = scene.others[0].folder();
    for file in ["witness.db", "witness.db-wal", "witness.db-shm"] {
        let _ = std::fs::remove_file(folder.join(file));
    }
    let refused = Witness::open(&folder, scene.clock.clone());
    assert!(matches!(refused, Err(Error::WitnessForgot { .. })));
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
