//! What is erased is nowhere any more, in no restored node either, and all proofs verify.

use ensign_prove::source;
use ensign_trust::account::Role;
use ensign_trust::bundle::Bundle;
use ensign_trust::id::RecordId;
use ensign_trust::logbook::LogName;
use ensign_trust::tombstone::Ground;
use ensign_trust::{Code, Disclosure};

use super::backups::{audited, backed_up, beside, checkpoint, grow, restored, size};
use super::emblems::holds;
use super::witnesses::Wires;
use super::{Place, files};
use crate::command::Command;
use crate::erase::ErasedAnswer;
use crate::error::Error;
use crate::import::ImportAnswer;
use crate::node::Node;
use crate::people::Refusal;

const PLANTED: &str = "Clinic of Ottoline Planted";
const OTHER: &str = "Blood bank by the river";

fn export(first: &str, dead: &str) -> String {
    format!(
        "Attack ID,Attack Date,Country / Territory,Total Death,Facility Other,Remarks\n\
         ARA000001,3/1/25,Ukraine,{dead},{first},{first}\n\
         ARA000002,3/2/25,Ukraine,1,{OTHER},kept\n"
    )
}

fn import(node: &Node, place: &Place, text: &str) -> ImportAnswer {
    let path = place.file("export.csv", text);
    let answer = node.import("who-ssa", &path, None, &mut |_| ()).unwrap();
    std::fs::remove_file(path).unwrap();
    answer
}

fn erased(node: &Node, subject: &str) -> ErasedAnswer {
    let answer = node.erase_subject(subject, "unlawful").unwrap();
    assert_eq!(answer.ground, Ground::Unlawful);
    answer
}

fn record() -> RecordId {
    source::record_id(&Code::literal("who-ssa"), &Code::literal("ARA000001"))
}

/// The words of an incident that a bundle of it opens; not the names of who said so.
pub(super) fn told(node: &Node, id: &str) -> Vec<String> {
    let (bundle, _) = node.incident_bundle(id).unwrap();
    let bundle = Bundle::decode(&bundle.encode()).unwrap();
    let all = bundle.disclosures.iter();
    let all = all.map(|one| Disclosure::decode(one).unwrap());
    let all = all.filter(|one| *one.field() != "name");
    all.map(|one| one.text().to_owned()).collect()
}

/// What the copies of imported files say, those that open.
pub(super) fn copies(node: &Node) -> Vec<String> {
    let rows = node.vault.stored().rows("import", None, 100).unwrap();
    let copy = |file: &String| {
        let cell = ensign_store::Cell {
            table: "import",
            row: file,
            column: "blob",
        };
        let opened = node.vault.get(cell).unwrap().unwrap();
        let blob: [u8; 32] = opened.value[..32].try_into().unwrap();
        let blob = ensign_store::Digest::from_bytes(blob);
        let key = node.vault.keys().find_data_key(&opened.owner).unwrap();
        let blob = node.blobs.get(&blob).unwrap().unwrap();
        let mut text = String::new();
        let mut opening = ensign_store::Opening::new(&key.unwrap(), b"import", blob);
        std::io::Read::read_to_string(&mut opening, &mut text).unwrap();
        text
    };
    rows.iter().map(copy).collect()
}

fn assert_audit_is_clean(place: &Place, name: &str) {
    let audit = audited(&beside(place, name));
    assert!(audit.is_clean(), "{:?}", audit.findings);
}

#[test]
fn the_words_of_a_record_are_nowhere_once_it_is_erased_and_do_not_come_back() {
    let place = Place::new(400);
    let node = place.init();
    import(&node, &place, &export(PLANTED, "0"));
    assert!(told(&node, "ARA000001").contains(&PLANTED.to_owned()));
    assert!(copies(&node)[0].contains(PLANTED));
    let answer = erased(&node, "ARA000001");
    assert_eq!((answer.texts, answer.log), (1, "public"));
    assert_eq!(answer.subject, record().to_string());
    let assert_gone = |node: &Node| {
        assert!(told(node, "ARA000001").is_empty());
        assert_eq!(told(node, "ARA000002"), [OTHER]);
        for copy in copies(node) {
            assert!(!copy.contains("Planted"), "{copy}");
            assert!(copy.contains(OTHER), "{copy}");
        }
    };
    assert_gone(&node);
    assert!(
        node.vault
            .keys()
            .find_data_key(&record().to_string())
            .unwrap()
            .is_none()
    );
    let again = node.erase_subject("ARA000001", "unlawful").unwrap_err();
    assert_eq!(again.code(), "command.argument");

    // The same file, another one with other words, and one with another number.
    let unchanged = import(&node, &place, &export(PLANTED, "0"));
    assert_eq!((unchanged.unchanged, unchanged.absent), (2, 0));
    let unchanged = import(&node, &place, &export("Planted again", "0"));
    assert_eq!((unchanged.unchanged, unchanged.changed), (2, 0));
    let changed = import(&node, &place, &export("Planted again", "3"));
    assert_eq!((changed.unchanged, changed.changed), (1, 1));
    assert_gone(&node);
    drop(node);
    assert_gone(&place.open().unwrap());
    assert_audit_is_clean(&place, "node");
}

#[test]
fn a_node_that_stops_while_it_erases_goes_on_when_it_is_opened() {
    let place = Place::new(401);
    let node = place.init();
    import(&node, &place, &export(PLANTED, "0"));
    let before = backed_up(&place);
    let rows = node.vault.stored().rows("import", None, 100).unwrap();
    erased(&node, "ARA000001");
    // A copy from before is there again, as if the node had stopped before it let go of it.
    let text = export(PLANTED, "0");
    let key = node.vault.keys().data_key("import/left").unwrap();
    let mut sealing = ensign_store::Sealing::new(&key, b"import", &*node.entropy, text.as_bytes());
    node.blobs.put(&mut sealing).unwrap();
    let cell = ensign_store::Cell {
        table: "import",
        row: &rows[0],
        column: "blob",
    };
    let kept = node.vault.get(cell).unwrap().unwrap();
    drop(node);
    // A key that nothing refers to is that of a copy which was let go.
    let node = place.open().unwrap();
    let keys = node.vault.keys();
    assert!(keys.find_data_key("import/left").unwrap().is_none());
    assert!(keys.find_data_key(&kept.owner).unwrap().is_some());
    drop(node);
    // The tombstone is there and nothing else was done yet: the old state with the new log.
    let copy = copied(&place, "copy");
    let node = restored(&place, "halfway", &before);
    assert!(copies(&node)[0].contains(PLANTED));
    let newest = checkpoint(&place.open().unwrap(), LogName::Public);
    node.finish_restoring(&[newest], Some(&copy), &Wires::default())
        .unwrap();
    assert!(told(&node, "ARA000001").is_empty());
    assert!(!copies(&node)[0].contains("Planted"));
    drop(node);
    assert_audit_is_clean(&place, "halfway");
}

/// The files of the public log, as a reader has them.
fn copied(place: &Place, name: &str) -> std::path::PathBuf {
    let (from, to) = (place.folder().join("log/public"), beside(place, name));
    for file in files(&from) {
        let target = to.join(file.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, target).unwrap();
    }
    to
}

#[test]
fn what_was_erased_does_not_come_back_with_last_weeks_backup() {
    const NAME: &str = "Ottoline Planted Relief";
    const PERSON: &str = "Ottoline Planted in person";
    let place = Place::new(402);
    let node = place.init();
    import(&node, &place, &export(PLANTED, "0"));
    let party = node.found_party(NAME, "organisation").unwrap().party;
    let account = node.open_account(PERSON, &[], None).unwrap().account;
    let (bundle, _) = node.incident_bundle("ARA000001").unwrap();
    let last_week = backed_up(&place);

    for subject in ["ARA000001", &party.to_string(), &account.to_string()] {
        erased(&node, subject);
    }
    while size(&node, LogName::Public) < 300 {
        grow(&node);
    }
    assert_eq!(node.party_name(party).unwrap(), None);
    let newest = [LogName::Public, LogName::Closed].map(|log| checkpoint(&node, log));
    let copy = copied(&place, "copy");
    let late = backed_up(&place);
    drop(node);
    std::fs::remove_dir_all(place.folder()).unwrap();

    // With the data keys of last week, and a copy of the public log.
    let node = restored(&place, "back", &last_week);
    let finish = |node: &Node| {
        node.finish_restoring(&newest[..1], Some(&copy), &Wires::default())
            .unwrap()
    };
    finish(&node);
    let assert_gone = |node: &Node| {
        assert!(told(node, "ARA000001").is_empty());
        assert_eq!(told(node, "ARA000002"), [OTHER]);
        assert_eq!(node.party_name(party).unwrap(), None);
        assert!(copies(node).iter().all(|copy| !copy.contains("Planted")));
    };
    assert_gone(&node);
    drop(node);
    let node = super::backups::open(&place, "back");
    assert_gone(&node);
    drop(node);
    assert_audit_is_clean(&place, "back");
    // The bundle that left before still verifies, and cannot be recalled.
    assert!(Bundle::decode(&bundle.encode()).is_ok());

    // With the data keys of now nothing of it opens, even before the log is caught up.
    let keys = late.keys.as_deref().unwrap();
    let node = super::backups::restored_with(&place, "later", &last_week.records, keys);
    assert!(told(&node, "ARA000001").is_empty());
    assert_eq!(node.party_name(party).unwrap(), None);
    assert!(node.own_name(account).is_err());
    finish(&node);
    assert_gone(&node);
    drop(node);
    assert_audit_is_clean(&place, "later");
    for name in ["back", "later"] {
        for text in [PLANTED, NAME, PERSON, "Planted"] {
            assert!(holds(&beside(&place, name), text.as_bytes()).is_empty());
        }
    }
}

#[test]
fn erasing_takes_two_people_as_soon_as_there_are_two() {
    let place = Place::new(403);
    let node = place.init();
    import(&node, &place, &export(PLANTED, "0"));
    let account = |role| {
        node.open_account("Somebody", &[role], None)
            .unwrap()
            .account
    };
    let [ada, bob] = [account(Role::Guardian), account(Role::Guardian)];
    let eve = account(Role::Registrar);
    let erase = Command::Erase {
        subject: "ARA000001".to_owned(),
        ground: "safety".to_owned(),
    };
    let waits = erase.run(&node, &mut |_| ()).unwrap_err();
    let Error::Person(Refusal::Waits { request }) = waits else {
        panic!("{waits:?}")
    };
    let id = request.to_string();
    let row = node.request(&id, None).unwrap().row;
    assert_eq!(row.about.as_str(), record().to_string());
    node.approve(&id, ada).unwrap();
    assert!(!told(&node, "ARA000001").is_empty());
    assert_eq!(
        node.approve(&id, eve).unwrap_err().code(),
        "account.not_allowed"
    );
    assert_eq!(node.approve(&id, bob).unwrap().outcome, "done");
    assert!(told(&node, "ARA000001").is_empty());
    let unknown = Command::Erase {
        subject: "ARA000009".to_owned(),
        ground: "safety".to_owned(),
    };
    assert_eq!(
        unknown.run(&node, &mut |_| ()).unwrap_err().code(),
        "id.unknown"
    );
    let groundless = Command::Erase {
        subject: "ARA000002".to_owned(),
        ground: "because".to_owned(),
    };
    assert_eq!(
        groundless.run(&node, &mut |_| ()).unwrap_err().code(),
        "command.argument"
    );
}
