use std::sync::Arc;

use ensign_trust::logbook::LogName;
use serde_json::json;

use super::{Place, files};
use crate::command::Command;
use crate::error::Error;
use crate::socket;

#[test]
fn a_new_node_has_opened_both_logs_and_says_so() {
    let place = Place::new(1);
    let status = place.init().status().unwrap();
    assert_eq!(status.realm, "exercise/three-rivers");
    assert_eq!(
        status.name.as_deref(),
        Some("Records Office of the Three Rivers")
    );
    let sizes: Vec<_> = status
        .logs
        .iter()
        .map(|log| (log.log, log.size, log.projected))
        .collect();
    assert_eq!(sizes, [("public", 4, 4), ("closed", 2, 2)]);
    assert_eq!(status.logs[1].origin, "node.example.org/log/closed");
}

#[test]
fn a_node_opens_again_as_it_was() {
    let place = Place::new(2);
    let before = place.init().status().unwrap();
    assert_eq!(place.open().unwrap().status().unwrap(), before);
}

#[test]
fn a_folder_takes_one_node_and_one_process() {
    let place = Place::new(3);
    let node = place.init();
    assert!(matches!(place.try_init(), Err(Error::FolderTaken { .. })));
    assert!(matches!(place.open(), Err(Error::Held { .. })));
    drop(node);
    assert!(place.open().is_ok());
}

#[test]
fn what_an_unfinished_init_left_behind_is_in_nobodys_way() {
    let place = Place::new(4);
    let unfinished = place.folder().join("unfinished");
    std::fs::create_dir_all(&unfinished).unwrap();
    std::fs::write(unfinished.join("log.db"), "half").unwrap();
    place.init();
    assert!(!unfinished.exists());
}

#[test]
fn a_folder_without_its_key_stays_shut() {
    let place = Place::new(5);
    drop(place.init());
    let key = place.folder().with_extension("key");
    let text = std::fs::read_to_string(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(place.open(), Err(Error::Key { .. })));
    std::fs::write(&key, text.replace(|c: char| c.is_ascii_digit(), "a")).unwrap();
    let wrong = place.open().map(|_| ()).unwrap_err();
    assert_eq!(wrong.code(), "node.key_wrong", "{wrong:?}");
}

#[test]
fn nothing_is_found_where_no_node_is() {
    let place = Place::new(6);
    assert!(matches!(place.open(), Err(Error::NoFolder { .. })));
}

#[test]
fn an_origin_that_is_no_url_prefix_is_refused() {
    let place = Place::new(7);
    for origin in [
        "",
        "https://node.example.org",
        "node.example.org/",
        "two words",
        "a+b",
    ] {
        let founding = crate::founding::Founding {
            name: "Office".to_owned(),
            origin: origin.to_owned(),
            realm: "real".parse().unwrap(),
        };
        let made = crate::Node::init(
            &place.folder(),
            &founding,
            place.clock.clone(),
            place.entropy.clone(),
        );
        assert!(matches!(made, Err(Error::Argument { .. })), "{origin}");
    }
    assert!(!place.folder().exists());
}

#[test]
fn a_command_through_the_socket_answers_like_one_in_the_process() {
    let place = Place::new(8);
    let node = Arc::new(place.init());
    let path = node.folder().socket();
    assert!(
        socket::call(&path, &Command::Status, &mut |_| ())
            .unwrap()
            .is_none()
    );
    let listening = socket::listen(Arc::clone(&node)).unwrap();
    let through = socket::call(&path, &Command::Status, &mut |_| ())
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(through, Command::Status.run(&node, &mut |_| ()).unwrap());
    let unknown = Command::MandateWithdraw {
        mandate: "nonsense".to_owned(),
    };
    let refused = socket::call(&path, &unknown, &mut |_| ())
        .unwrap()
        .unwrap()
        .unwrap_err();
    assert_eq!(refused.code, "command.argument");
    drop(listening);
    assert!(!path.exists());
    assert!(
        socket::call(&path, &Command::Status, &mut |_| ())
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_socket_in_a_deep_folder_is_reached_all_the_same() {
    let place = Place::new(13);
    let deep = place.folder().join("d".repeat(100)).join("node");
    std::fs::create_dir_all(deep.parent().unwrap()).unwrap();
    let founding = crate::Founding {
        name: "Office".to_owned(),
        origin: "node.example.org/log".to_owned(),
        realm: "exercise/deep".parse().unwrap(),
    };
    let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
    let node = Arc::new(crate::Node::init(&deep, &founding, clock, entropy).unwrap());
    let path = node.folder().socket();
    assert!(path.as_os_str().len() > 108);
    assert!(
        socket::call(&path, &Command::Status, &mut |_| ())
            .unwrap()
            .is_none()
    );
    let _listening = socket::listen(Arc::clone(&node)).unwrap();
    assert!(
        socket::call(&path, &Command::Status, &mut |_| ())
            .unwrap()
            .unwrap()
            .is_ok()
    );
}

#[test]
fn a_node_that_ended_before_its_closed_log_was_opened_opens_it_later() {
    let place = Place::new(14);
    drop(place.init());
    let db = rusqlite::Connection::open(place.folder().join("log.db")).unwrap();
    for table in ["head", "mark", "staging"] {
        db.execute(&format!("DELETE FROM {table} WHERE log = 'closed'"), ())
            .unwrap();
    }
    drop(db);
    std::fs::remove_dir_all(place.folder().join("log/closed")).unwrap();
    std::fs::remove_dir_all(place.folder().join("views")).unwrap();
    let logs = place.open().unwrap().status().unwrap().logs;
    assert_eq!((logs[0].size, logs[1].size), (4, 2));
}

#[test]
fn a_clock_that_is_put_right_makes_no_receipt_run_backwards() {
    let place = Place::new(15);
    let node = place.init();
    let received = |node: &crate::Node| {
        let page = node.views().log(LogName::Public, None, 1).unwrap();
        page.rows[0].received
    };
    for (clock, expected) in [(100, 100), (90, 100), (101, 101), (101 - 601, 101 - 601)] {
        place
            .clock
            .set(super::BEGIN.checked_add_signed(clock).unwrap());
        node.found_party("Harbour Clinic", "organisation").unwrap();
        assert_eq!(
            received(&node),
            super::BEGIN.checked_add_signed(expected).unwrap()
        );
    }
    drop(node);
    place.clock.set(super::BEGIN - 550);
    let node = place.open().unwrap();
    node.found_party("River Clinic", "organisation").unwrap();
    assert_eq!(
        received(&node),
        super::BEGIN + 101 - 601,
        "the last receipt is remembered"
    );
}

#[test]
fn parties_keys_and_mandates_live_and_end() {
    let place = Place::new(9);
    let node = place.init();
    let party = node
        .found_party("Independent Verification Mission", "body")
        .unwrap();
    let id = party.party.to_string();
    let mandate = node
        .grant_mandate(&id, "verifier", None, None, None)
        .unwrap();
    let rotated = node.rotate_key(&id).unwrap();
    let keys = node.keys(Some(&id)).unwrap();
    assert_eq!(keys.len(), 2);
    let first = keys.iter().find(|row| Some(row.key) == party.key).unwrap();
    assert_eq!(first.revoked, Some(rotated.index + 1));
    let second = rotated.key.unwrap().to_string();
    node.revoke_key(&second, None, "compromised").unwrap();
    assert!(
        matches!(node.add_key(&id), Err(Error::NotOurs { .. })),
        "no key is left to sign with"
    );
    node.withdraw_mandate(&mandate.statement.to_string())
        .unwrap();
    let rows = node.mandates().unwrap();
    let row = rows
        .iter()
        .find(|row| row.mandate == mandate.statement)
        .unwrap();
    assert!(row.withdrawn.is_some());
    // Each privileged act left a statement and its receipt in the closed log.
    assert_eq!(
        node.log(LogName::Closed).head().unwrap().unwrap().size,
        2 + 5 * 2
    );
    let before = (
        node.parties().unwrap(),
        node.keys(None).unwrap(),
        node.mandates().unwrap(),
    );
    drop(node);
    let node = place.open().unwrap();
    assert_eq!(
        (
            node.parties().unwrap(),
            node.keys(None).unwrap(),
            node.mandates().unwrap()
        ),
        before
    );
}

#[test]
fn a_rotated_operator_goes_on_with_its_new_key() {
    let place = Place::new(10);
    let node = place.init();
    let operator = node.operator().to_string();
    node.rotate_key(&operator).unwrap();
    node.found_party("Harbour Clinic", "organisation").unwrap();
    drop(node);
    place
        .open()
        .unwrap()
        .found_party("River Clinic", "organisation")
        .unwrap();
}

/// What an audit of a stopped node's folder finds.
fn findings(place: &Place) -> Vec<String> {
    let options = crate::audit::Options {
        screen: false,
        kek: None,
        cores: std::num::NonZero::<usize>::MIN,
    };
    let folder = crate::folder::Folder::at(place.folder());
    let audit = crate::audit::audit(&folder, None, options, &mut |_| ()).unwrap();
    audit
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.place))
        .collect()
}

#[test]
fn after_a_rotation_the_folder_is_clean_and_a_proof_still_convinces() {
    let place = Place::new(16);
    let node = place.init();
    let text = "Attack ID,Attack Date\nARA000001,3/1/25\n";
    let path = place.file("export.csv", text);
    node.import("who-ssa", &path, None, &mut |_| ()).unwrap();
    let operator = node.operator().to_string();
    let first = node.keys(None).unwrap()[0].key.to_string();
    node.rotate_key(&operator).unwrap();
    node.add_key(&operator).unwrap();
    node.found_party("Harbour Clinic", "organisation").unwrap();
    // The first key is revoked once more, with an index that takes nothing of this story back.
    node.revoke_key(&first, None, "retired").unwrap();
    let anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
    let (bundle, _) = node.incident_bundle("ARA000001").unwrap();
    bundle.verify(Some(&anchors), ensign_views::need).unwrap();
    drop(node);
    assert_eq!(findings(&place), [""; 0]);
    place
        .open()
        .unwrap()
        .found_party("River Clinic", "organisation")
        .unwrap();
}

#[test]
fn after_a_revocation_that_reaches_back_a_proof_of_what_came_before_still_convinces() {
    let place = Place::new(18);
    let node = place.init();
    let import = |date: &str| {
        let text = format!("Attack ID,Attack Date\nARA000001,{date}\n");
        let path = place.file("export.csv", &text);
        node.import("who-ssa", &path, None, &mut |_| ()).unwrap();
    };
    import("3/1/25");
    let operator = node.operator().to_string();
    let stolen = node.add_key(&operator).unwrap().key.unwrap();
    let granted = node
        .grant_mandate(&operator, "importer", None, None, None)
        .unwrap();
    import("3/2/25");
    let added = node.add_key(&operator).unwrap();
    let revocation = node
        .revoke_key(&stolen.to_string(), Some(granted.index), "compromised")
        .unwrap();
    let incident = node.views().incident("ARA000001").unwrap().unwrap();
    assert_eq!(incident.row.date.as_str(), "2025-03-01");

    let anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
    let (bundle, _) = node.incident_bundle("ARA000001").unwrap();
    let verified = bundle.verify(Some(&anchors), ensign_views::need).unwrap();
    let about = verified
        .statements
        .iter()
        .filter(|one| one.statement.kind == "source.stated");
    assert_eq!(about.count(), 1, "the later statement was taken back");
    // The key that revoked was itself added by the stolen one: it is shown, and that it fell, with
    // the receipt that it signed.
    let taken_back = verified.statements.iter().filter(|one| one.taken_back);
    let taken_back: Vec<u64> = taken_back.map(|one| one.index).collect();
    assert_eq!(taken_back, [added.index, added.index + 1]);
    assert!(
        verified
            .statements
            .iter()
            .any(|one| one.index == revocation.index)
    );
    drop(node);
    assert_eq!(findings(&place), [""; 0]);
}

#[test]
fn an_operator_is_kept_from_ending_its_last_key_and_its_own_mandate() {
    let place = Place::new(17);
    let node = place.init();
    let key = node.keys(None).unwrap()[0].key.to_string();
    let mandate = node.mandates().unwrap()[0].mandate.to_string();
    let size = || node.log(LogName::Public).head().unwrap().unwrap().size;
    let before = size();
    assert!(matches!(
        node.revoke_key(&key, None, "lost"),
        Err(Error::WouldStop)
    ));
    assert!(matches!(
        node.withdraw_mandate(&mandate),
        Err(Error::WouldStop)
    ));
    assert_eq!(size(), before, "nothing was stated");
    node.add_key(&node.operator().to_string()).unwrap();
    node.revoke_key(&key, None, "lost").unwrap();
    node.found_party("Harbour Clinic", "organisation").unwrap();
    drop(node);
    assert_eq!(findings(&place), [""; 0]);
}

#[test]
fn nobody_else_may_read_the_folder_and_a_configuration_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new(18);
    std::fs::create_dir(place.folder()).unwrap();
    let config = place.folder().join("ensign.toml");
    std::fs::write(&config, "[web]\nlisten = \"127.0.0.1:1\"\n").unwrap();
    place.init();
    assert!(
        std::fs::read_to_string(&config)
            .unwrap()
            .contains("127.0.0.1:1")
    );
    let mode = std::fs::metadata(place.folder())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn names_and_keys_lie_in_no_file_in_clear() {
    let place = Place::new(11);
    let node = place.init();
    node.found_party("Planted Name Of A Party", "organisation")
        .unwrap();
    drop(node);
    for file in files(&place.folder()) {
        let bytes = std::fs::read(&file).unwrap();
        for planted in ["Planted Name", "Records Office"] {
            let found = bytes
                .windows(planted.len())
                .any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {}", file.display());
        }
    }
}

#[test]
fn the_demo_is_told_once_and_reused() {
    let place = Place::new(12);
    let open = || {
        let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
        crate::demo::open(&place.folder(), clock, entropy, &mut |_| ()).unwrap()
    };
    let node = open();
    assert_eq!(node.parties().unwrap().len(), 6);
    let runs = node
        .views()
        .source(&ensign_trust::Code::literal("who-ssa"))
        .unwrap()
        .unwrap()
        .runs;
    let counts: Vec<_> = runs
        .iter()
        .map(|run| json!([run.added, run.changed, run.absent]))
        .collect();
    assert_eq!(
        json!(counts),
        json!([[3, 4, 1], [61, 0, 0]]),
        "newest first"
    );
    let status = node.status().unwrap();
    drop(node);
    assert_eq!(open().status().unwrap(), status);
}
