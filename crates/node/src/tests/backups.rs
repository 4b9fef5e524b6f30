//! Backups of real folders, and what becomes of a node out of one.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ensign_store::Kek;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::logbook::LogName;

use super::witnesses::{Scene, Wires};
use super::{BEGIN, Place, files};
use crate::asset::{AssetQuestion, AssetRequest};
use crate::audit::{self, Audit};
use crate::backup::{self, BackupAnswer, RestoredAnswer};
use crate::clock::Clock as _;
use crate::error::Error;
use crate::folder::Folder;
use crate::node::Node;

/// Where a test keeps what, beside the node's folder.
pub(super) fn beside(place: &Place, name: &str) -> PathBuf {
    place.folder().with_file_name(name)
}

/// A backup of the node in a place, a second after the one before.
pub(super) fn backed_up(place: &Place) -> BackupAnswer {
    place.clock.set(place.clock.now() + 1);
    let (to, keys_to) = (beside(place, "backups"), beside(place, "keys"));
    backup::make(&place.folder(), &to, &keys_to, &*place.clock, &mut |_| ()).unwrap()
}

/// A backup of a node in another folder of a place.
pub(super) fn backed_up_of(place: &Place, name: &str) -> BackupAnswer {
    place.clock.set(place.clock.now() + 1);
    let (to, keys_to) = (beside(place, "backups"), beside(place, "keys"));
    backup::make(
        &beside(place, name),
        &to,
        &keys_to,
        &*place.clock,
        &mut |_| (),
    )
    .unwrap()
}

pub(super) fn audited(folder: &Path) -> Audit {
    let options = audit::Options {
        screen: false,
        kek: None,
        cores: NonZero::<usize>::MIN,
    };
    audit::audit(&Folder::at(folder), None, options, &mut |_| ()).unwrap()
}

fn try_restore(
    place: &Place,
    name: &str,
    records: &Path,
    keys: &Path,
) -> Result<RestoredAnswer, Error> {
    let folder = beside(place, name);
    let key = place.folder().with_extension("key");
    std::fs::copy(key, folder.with_extension("key")).unwrap();
    let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
    backup::restore(records, keys, &folder, clock, entropy, &mut |_| ())
}

/// A node out of a backup.
pub(super) fn restored(place: &Place, name: &str, backup: &BackupAnswer) -> Node {
    let keys = backup.keys.as_deref().unwrap();
    try_restore(place, name, &backup.records, keys).unwrap();
    open(place, name)
}

/// The same with data keys of another backup.
pub(super) fn restored_with(place: &Place, name: &str, records: &Path, keys: &Path) -> Node {
    try_restore(place, name, records, keys).unwrap();
    open(place, name)
}

pub(super) fn open(place: &Place, name: &str) -> Node {
    let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
    Node::open(&beside(place, name), clock, entropy, &mut |_| ()).unwrap()
}

fn kek(place: &Place) -> Kek {
    let key = place.folder().with_extension("key");
    Kek::from_hex(&std::fs::read_to_string(key).unwrap()).unwrap()
}

pub(super) fn size(node: &Node, log: LogName) -> u64 {
    node.log(log).head().unwrap().unwrap().size
}

pub(super) fn checkpoint(node: &Node, log: LogName) -> String {
    let head = node.log(log).head().unwrap().unwrap();
    String::from_utf8(head.checkpoint).unwrap()
}

pub(super) fn grow(node: &Node) {
    node.found_party("River Clinic", "organisation").unwrap();
}

fn assert_signs_nothing(node: &Node) {
    let before = [LogName::Public, LogName::Closed].map(|log| checkpoint(node, log));
    let refused = node
        .found_party("River Clinic", "organisation")
        .unwrap_err();
    assert_eq!(refused.code(), "node.restored");
    let operator = node.operator().to_string();
    assert_eq!(node.add_key(&operator).unwrap_err().code(), "node.restored");
    assert_eq!(
        node.ask_witnesses(LogName::Public, &Wires::default())
            .unwrap(),
        None
    );
    assert!(node.status().unwrap().restored.is_some());
    let after = [LogName::Public, LogName::Closed].map(|log| checkpoint(node, log));
    assert_eq!(before, after);
}

fn unconfirmed(node: &Node, checkpoints: &[String], wires: &Wires) -> String {
    let error = node.finish_restoring(checkpoints, None, wires).unwrap_err();
    assert_eq!(error.code(), "restore.unconfirmed", "{error:?}");
    assert_signs_nothing(node);
    crate::error::chain(&error)
}

#[test]
fn a_backup_that_is_made_while_a_node_writes_is_a_whole_earlier_state_of_it() {
    let place = Place::new(200);
    let node = place.init();
    let done = AtomicBool::new(false);
    let made: Vec<_> = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut count = 0;
            while !done.load(Ordering::SeqCst) || count < 300 {
                grow(&node);
                count += 1;
            }
        });
        let made = (0..4).map(|_| backed_up(&place)).collect();
        done.store(true, Ordering::SeqCst);
        writing.join().unwrap();
        made
    });
    let sizes: Vec<_> = made
        .iter()
        .map(|one: &BackupAnswer| one.logs[0].size)
        .collect();
    assert!(sizes.is_sorted() && sizes[3] > sizes[0], "{sizes:?}");
    for (at, one) in made.iter().enumerate() {
        assert!(one.opened);
        let copy = restored(&place, &format!("copy{at}"), one);
        for (log, told) in [LogName::Public, LogName::Closed]
            .into_iter()
            .zip(&one.logs)
        {
            assert_eq!(size(&copy, log), told.size);
            assert_eq!(checkpoint(&copy, log), told.checkpoint);
            let all = |node: &Node| node.log(log).read(0..told.size).unwrap();
            assert_eq!(all(&copy), all(&node), "{log:?} of backup {at}");
        }
        assert_signs_nothing(&copy);
    }
    // One more of the node as it lies there when nobody serves it, with its files settled.
    let size = size(&node, LogName::Public);
    drop(node);
    let one = backed_up(&place);
    assert_eq!(one.logs[0].size, size);
    assert_signs_nothing(&restored(&place, "stopped", &one));
}

#[test]
fn a_backup_taken_after_a_tile_was_filled_has_the_part_that_it_names() {
    let place = Place::new(201);
    drop(place.init());
    let node = place.open().unwrap();
    while size(&node, LogName::Public) < 250 {
        grow(&node);
    }
    // Settles at a partial width, which is removed when the tile is full and settled.
    drop(node);
    let heads = std::fs::read(place.folder().join("log.db")).unwrap();
    let vault = std::fs::read(place.folder().join("vault.db")).unwrap();
    let node = place.open().unwrap();
    for _ in 0..10 {
        grow(&node);
    }
    drop(node);
    let partial = place.folder().join("log/public/tile/0/000.p");
    assert!(!partial.exists());
    // As if the heads had been copied before, and the files only now.
    std::fs::write(place.folder().join("log.db"), heads).unwrap();
    std::fs::write(place.folder().join("vault.db"), vault).unwrap();
    let one = backed_up(&place);
    assert!((250..260).contains(&one.logs[0].size), "{:?}", one.logs);
    assert!(one.records.join("log/public/tile/0/000.p").exists());
    backup::check(
        &one.records,
        one.keys.as_deref(),
        Some(kek(&place)),
        &mut |_| (),
    )
    .unwrap();
}

#[test]
fn nothing_but_what_is_listed_lies_in_a_backup_and_the_data_keys_lie_apart() {
    let place = Place::new(202);
    let node = place.init();
    let text = "Attack ID,Attack Date\nARA000001,3/1/25\n";
    let path = place.file("export.csv", text);
    node.import("who-ssa", &path, None, &mut |_| ()).unwrap();
    let one = backed_up(&place);
    assert_eq!(one.blobs, 1);
    let names = |folder: &Path| -> Vec<String> {
        let name = |path: PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
        files(folder).into_iter().map(name).collect()
    };
    let keys = names(one.keys.as_deref().unwrap());
    assert_eq!(keys, ["SHA256SUMS", "keys.db", "manifest.json"]);
    for name in names(&one.records) {
        let known = ["SHA256SUMS", "log.db", "manifest.json", "vault.db"].contains(&&*name);
        assert!(
            known || name.starts_with("log/") || name.starts_with("blobs/"),
            "{name}"
        );
    }
    // The records alone can be checked, though nothing sealed is opened.
    let checked = backup::check(&one.records, None, Some(kek(&place)), &mut |_| ()).unwrap();
    assert!(!checked.opened);
    let nested = |to: &str, keys_to: &str| {
        let (to, keys_to) = (beside(&place, to), beside(&place, keys_to));
        backup::make(&place.folder(), &to, &keys_to, &*place.clock, &mut |_| ()).unwrap_err()
    };
    for (to, keys_to) in [
        ("a", "a"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("node/a", "b"),
        ("a", "node"),
    ] {
        assert_eq!(
            nested(to, keys_to).code(),
            "command.argument",
            "{to} {keys_to}"
        );
    }
    assert!(!place.folder().join("a").exists());
    // Nothing is made over another backup.
    let again = backup::make(
        &place.folder(),
        &beside(&place, "backups"),
        &beside(&place, "keys"),
        &*place.clock,
        &mut |_| (),
    );
    assert_eq!(again.unwrap_err().code(), "node.folder_taken");
    let left = std::fs::read_dir(beside(&place, "backups")).unwrap();
    assert_eq!(left.count(), 1);
}

#[test]
fn a_backup_with_a_changed_missing_or_added_file_is_refused_and_leaves_nothing() {
    let place = Place::new(203);
    let node = place.init();
    let path = place.file("export.csv", "Attack ID,Attack Date\nARA000001,3/1/25\n");
    node.import("who-ssa", &path, None, &mut |_| ()).unwrap();
    drop(node);
    let one = backed_up(&place);
    let keys = one.keys.clone().unwrap();
    let refused = |what: &Path| {
        let error = try_restore(&place, "copy", &one.records, &keys).unwrap_err();
        assert_eq!(
            error.code(),
            "backup.unfit",
            "{}: {error:?}",
            what.display()
        );
        assert!(!beside(&place, "copy").exists() && !beside(&place, ".copy.tmp").exists());
        let checked = backup::check(&one.records, Some(&keys), None, &mut |_| ());
        assert_eq!(
            checked.unwrap_err().code(),
            "backup.unfit",
            "{}",
            what.display()
        );
    };
    for file in [files(&one.records), files(&keys)].concat() {
        let bytes = std::fs::read(&file).unwrap();
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&file, changed).unwrap();
            refused(&file);
        }
        std::fs::remove_file(&file).unwrap();
        refused(&file);
        std::fs::write(&file, bytes).unwrap();
    }
    let added = one.records.join("log/public/notes");
    std::fs::write(&added, "").unwrap();
    refused(&added);
    std::fs::remove_file(&added).unwrap();
    std::os::unix::fs::symlink("log.db", &added).unwrap();
    refused(&added);
    std::fs::remove_file(&added).unwrap();
    try_restore(&place, "copy", &one.records, &keys).unwrap();
    let error = try_restore(&place, "copy", &one.records, &keys).unwrap_err();
    assert_eq!(error.code(), "node.folder_taken");
}

#[test]
fn data_keys_of_another_node_or_of_an_earlier_backup_are_refused() {
    let (place, other) = (Place::new(204), Place::new(205));
    drop(place.init());
    drop(other.init());
    let (first, second) = (backed_up(&place), backed_up(&place));
    let foreign = backed_up(&other).keys.unwrap();
    let why = |records: &BackupAnswer, keys: &Path| {
        let error = try_restore(&place, "copy", &records.records, keys).unwrap_err();
        (error.code(), crate::error::chain(&error))
    };
    let (code, told) = why(&first, &foreign);
    assert!(
        code == "backup.unfit" && told.contains("another node"),
        "{told}"
    );
    let (code, told) = why(&second, first.keys.as_deref().unwrap());
    assert!(code == "backup.unfit" && told.contains("older"), "{told}");
    let (code, told) = why(&second, &second.records);
    assert!(code == "backup.unfit" && told.contains("part"), "{told}");
    assert_eq!(why(&second, &beside(&place, "absent")).0, "node.failed");
    // Later ones open what they still can.
    let keys = second.keys.as_deref().unwrap();
    try_restore(&place, "copy", &first.records, keys).unwrap();
    // Without the key of the folder nothing is restored.
    std::fs::write(place.folder().with_extension("key"), "ab".repeat(32)).unwrap();
    let error = try_restore(&place, "wrong", &second.records, keys).unwrap_err();
    assert_eq!(error.code(), "backup.unfit");
    assert!(!beside(&place, "wrong").exists());
}

#[test]
fn what_was_erased_after_a_backup_is_in_no_node_restored_from_it_with_later_data_keys() {
    const PORTAL: &str = "portal.example.org";
    let place = Place::new(206);
    let node = place.init();
    let party = node.found_party("River Hospital", "organisation").unwrap();
    let request = AssetRequest {
        party: party.party.to_string(),
        kind: "domain".to_owned(),
        identifier: PORTAL.to_owned(),
        permanent: false,
        public: true,
        bearer: None,
        law: "gc-i".to_owned(),
        authority: None,
        from: None,
        until: Some(BEGIN + 1000),
        replaces: None,
    };
    let asset = node.register_asset(&request).unwrap().asset.to_string();
    let before = backed_up(&place);
    node.withdraw_asset(&asset, "moved").unwrap();
    let after = backed_up(&place);
    let told = |node: &Node| {
        let asked = AssetQuestion::default();
        serde_json::to_string(&node.show_asset(&asset, None, &asked).unwrap()).unwrap()
    };
    assert!(told(&restored(&place, "early", &before)).contains(PORTAL));
    try_restore(
        &place,
        "late",
        &before.records,
        after.keys.as_deref().unwrap(),
    )
    .unwrap();
    let late = open(&place, "late");
    assert!(!told(&late).contains(PORTAL));
    drop(late);
    assert!(!told(&restored(&place, "whole", &after)).contains(PORTAL));
    for name in ["late", "whole"] {
        for file in files(&beside(&place, name)) {
            let bytes = std::fs::read(&file).unwrap();
            let found = bytes
                .windows(PORTAL.len())
                .any(|it| it == PORTAL.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }
}

#[test]
fn a_log_without_witnesses_goes_on_with_its_newest_checkpoint_only() {
    let place = Place::new(207);
    let node = place.init();
    let older = checkpoint(&node, LogName::Public);
    grow(&node);
    let one = backed_up(&place);
    let newest = [LogName::Public, LogName::Closed].map(|log| checkpoint(&node, log));
    let none = Wires::default();
    let copy = restored(&place, "copy", &one);
    assert!(unconfirmed(&copy, &[], &none).contains("asks no witnesses"));
    assert!(unconfirmed(&copy, &[older], &none).contains("of size 4"));
    let foreign = Place::new(208);
    let foreign = checkpoint(&foreign.init(), LogName::Public);
    assert!(unconfirmed(&copy, &[foreign], &none).contains("another log"));
    assert!(unconfirmed(&copy, &["no note".to_owned()], &none).contains("another log"));
    // The closed log alone shows nothing of the public one, nor an old one of either.
    assert!(unconfirmed(&copy, &newest[1..], &none).contains("asks no witnesses"));
    drop(copy);
    let copy = open(&place, "copy");
    assert_signs_nothing(&copy);
    let finished = copy.finish_restoring(&newest, None, &none).unwrap();
    assert_eq!(finished.confirmed, "operator");
    assert_eq!(copy.status().unwrap().restored, None);
    grow(&copy);
    let again = copy.finish_restoring(&newest, None, &none).unwrap_err();
    assert_eq!(again.code(), "command.argument");
    drop(copy);
    grow(&open(&place, "copy"));
    // Two copies of one backup are two trees: what the other signed is found out.
    let forked = checkpoint(&open(&place, "copy"), LogName::Public);
    let twin = restored(&place, "twin", &one);
    assert!(unconfirmed(&twin, &[forked], &none).contains("was signed up to size"));
}

/// The files of a node's public log, as a reader copied them.
fn copied(place: &Place, name: &str) -> PathBuf {
    let (from, to) = (place.folder().join("log/public"), beside(place, name));
    for file in files(&from) {
        let path = to.join(file.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(&file, path).unwrap();
    }
    to
}

#[test]
fn what_is_missing_is_taken_from_a_copy_as_it_was_signed() {
    const PORTAL: &str = "portal.example.org";
    let place = Place::new(211);
    let node = place.init();
    let hospital = node.found_party("River Hospital", "organisation").unwrap();
    let request = AssetRequest {
        party: hospital.party.to_string(),
        kind: "domain".to_owned(),
        identifier: PORTAL.to_owned(),
        permanent: false,
        public: true,
        bearer: None,
        law: "gc-i".to_owned(),
        authority: None,
        from: None,
        until: Some(BEGIN + 1000),
        replaces: None,
    };
    let asset = node.register_asset(&request).unwrap().asset.to_string();
    let one = backed_up(&place);
    // A week: more than a bundle, a key that is added, and something that is erased.
    node.withdraw_asset(&asset, "moved").unwrap();
    node.add_key(&hospital.party.to_string()).unwrap();
    while size(&node, LogName::Public) < 300 {
        grow(&node);
    }
    let halfway = copied(&place, "halfway");
    for _ in 0..3 {
        grow(&node);
    }
    let whole = copied(&place, "whole");
    let end = size(&node, LogName::Public);
    let newest = checkpoint(&node, LogName::Public);
    let entries = node.log(LogName::Public).read(0..end).unwrap();
    drop(node);
    std::fs::remove_dir_all(place.folder()).unwrap();

    let none = Wires::default();
    let copy = restored(&place, "copy", &one);
    let finish =
        |checkpoints: &[String], from: &Path| copy.finish_restoring(checkpoints, Some(from), &none);
    // What comes first is not all, and whoever knows the end says so.
    let error = finish(std::slice::from_ref(&newest), &halfway).unwrap_err();
    assert!(
        crate::error::chain(&error).contains("was signed up to size"),
        "{error:?}"
    );
    assert_signs_nothing(&copy);
    assert!(size(&copy, LogName::Public) < end);
    let finished = finish(std::slice::from_ref(&newest), &whole).unwrap();
    assert_eq!((finished.size, finished.confirmed), (end, "operator"));
    assert!(finished.taken > 0);
    assert_eq!(checkpoint(&copy, LogName::Public), newest);
    assert_eq!(copy.log(LogName::Public).read(0..end).unwrap(), entries);
    for file in files(&beside(&place, "copy")) {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes
            .windows(PORTAL.len())
            .any(|it| it == PORTAL.as_bytes());
        assert!(!found, "{}", file.display());
    }
    // It goes on where it stopped, with the keys and chains of that time.
    grow(&copy);
    assert!(size(&copy, LogName::Public) > end);
    drop(copy);
    grow(&open(&place, "copy"));
    let audit = audited(&beside(&place, "copy"));
    assert!(audit.is_clean(), "{:?}", audit.findings);
    assert_eq!(audit.logs[0].refused_total, 0);
}

#[test]
fn a_copy_that_does_not_go_on_from_here_is_not_taken() {
    let place = Place::new(212);
    let node = place.init();
    let one = backed_up(&place);
    let early = copied(&place, "early");
    while size(&node, LogName::Public) < 40 {
        grow(&node);
    }
    drop(node);
    let none = Wires::default();
    let copy = restored(&place, "copy", &one);
    let refused = |from: &Path| {
        let error = copy.finish_restoring(&[], Some(from), &none).unwrap_err();
        assert_signs_nothing(&copy);
        (error.code(), crate::error::chain(&error))
    };
    let late = copied(&place, "late");
    let bundle = late.join("tile/entries/000.p/40");
    let bytes = std::fs::read(&bundle).unwrap();
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&bundle, &changed).unwrap();
    let (code, told) = refused(&late);
    assert_eq!(code, "restore.unconfirmed");
    assert!(told.contains("do not lead"), "{told}");
    std::fs::write(&bundle, &bytes[..bytes.len() - 1]).unwrap();
    assert!(refused(&late).1.contains("is no bundle"));
    std::fs::remove_file(&bundle).unwrap();
    assert!(refused(&late).1.contains("cannot be read"));
    std::fs::write(&bundle, bytes).unwrap();
    assert!(
        refused(&beside(&place, "absent"))
            .1
            .contains("cannot be read")
    );
    let foreign = Place::new(213);
    let node = foreign.init();
    grow(&node);
    assert!(refused(&copied(&foreign, "log")).1.contains("another log"));
    // Another tree of this log: the copy of a backup that went on by itself.
    let twin = restored(&place, "twin", &one);
    let heads = [checkpoint(&twin, LogName::Public)];
    twin.finish_restoring(&heads, None, &none).unwrap();
    grow(&twin);
    let newest = checkpoint(&twin, LogName::Public);
    drop(twin);
    let forked = beside(&place, "twin").join("log/public");
    let third = restored(&place, "third", &one);
    third.finish_restoring(&[], Some(&forked), &none).unwrap();
    assert_eq!(checkpoint(&third, LogName::Public), newest);
    let behind = third.finish_restoring(&[], Some(&early), &none);
    assert_eq!(behind.unwrap_err().code(), "command.argument");
    let fourth = restored(&place, "fourth", &one);
    fourth.finish_restoring(&[], Some(&late), &none).unwrap();
    let other = restored(&place, "fifth", &backed_up_of(&place, "fourth"));
    let error = other
        .finish_restoring(&[], Some(&forked), &none)
        .unwrap_err();
    assert_eq!(error.code(), "restore.unconfirmed", "{error:?}");
}

#[test]
fn witnesses_judge_what_was_taken_from_a_copy() {
    let scene = Scene::with(3, None);
    assert!(scene.ask().unwrap().met);
    let one = backed_up(&scene.place);
    scene.grow();
    let behind = copied(&scene.place, "behind");
    scene.grow();
    assert!(scene.ask().unwrap().met);
    let whole = copied(&scene.place, "whole");
    let copy = restored(&scene.place, "copy", &one);
    let finish = |from: &Path| copy.finish_restoring(&[], Some(from), &scene.wires);
    let error = finish(&behind).unwrap_err();
    assert!(
        crate::error::chain(&error).contains("knows more"),
        "{error:?}"
    );
    assert_signs_nothing(&copy);
    assert_eq!(finish(&whole).unwrap().confirmed, "witnesses");
    grow(&copy);
    assert!(
        copy.ask_witnesses(LogName::Public, &scene.wires)
            .unwrap()
            .unwrap()
            .met
    );
    assert!(copy.state_contradictions().unwrap().is_empty());
}

#[test]
fn another_tree_of_the_same_size_is_a_fork_and_ends_the_copy() {
    let place = Place::new(209);
    let node = place.init();
    let early = backed_up(&place);
    let none = Wires::default();
    let heads = vec![checkpoint(&node, LogName::Public)];
    let copy = restored(&place, "copy", &early);
    // The node was not lost after all and goes on; so does the copy, on the word of its operator.
    copy.finish_restoring(&heads, None, &none).unwrap();
    grow(&node);
    grow(&copy);
    drop(node);
    let late = backed_up(&place);
    let twin = restored(&place, "twin", &late);
    let other = checkpoint(&copy, LogName::Public);
    assert!(unconfirmed(&twin, &[other], &none).contains("another tree"));
}

#[test]
fn witnesses_that_know_no_more_let_a_restored_log_go_on_and_it_never_forks() {
    let scene = Scene::with(3, None);
    assert!(scene.ask().unwrap().met);
    scene.grow();
    assert!(scene.ask().unwrap().met);
    let one = backed_up(&scene.place);
    let (place, wires) = (&scene.place, &scene.wires);
    let copy = restored(place, "copy", &one);
    assert_signs_nothing(&copy);
    assert!(unconfirmed(&copy, &[], &Wires::default()).contains("too few"));
    // What was cosigned before says nothing of what came after.
    let head = checkpoint(&copy, LogName::Public);
    assert!(unconfirmed(&copy, &[head], wires).contains("too few"));
    assert_eq!(
        copy.finish_restoring(&[], None, wires).unwrap().confirmed,
        "witnesses"
    );
    // Its own witness remembers nothing, and that stands in nobody's way.
    assert!(copy.witnesses().unwrap().watched.is_empty());
    assert!(copy.state_contradictions().unwrap().is_empty());
    grow(&copy);
    let round = copy.ask_witnesses(LogName::Public, wires).unwrap().unwrap();
    assert!(round.met, "{round:?}");
}

#[test]
fn a_restored_log_of_which_a_witness_knows_more_stays_as_it_is() {
    let scene = Scene::with(3, None);
    assert!(scene.ask().unwrap().met);
    let one = backed_up(&scene.place);
    scene.grow();
    assert!(scene.ask().unwrap().met);
    let copy = restored(&scene.place, "copy", &one);
    assert!(unconfirmed(&copy, &[], &scene.wires).contains("knows more"));
    let newer = checkpoint(&scene.node, LogName::Public);
    assert!(unconfirmed(&copy, &[newer], &scene.wires).contains("was signed up to size"));
}

#[test]
fn a_checkpoint_counts_that_enough_witnesses_cosigned_since_it_was_restored() {
    let scene = Scene::with(3, None);
    let one = backed_up(&scene.place);
    let copy = restored(&scene.place, "copy", &one);
    let marked = copy.status().unwrap().restored.unwrap();
    let key = copy.log_key(LogName::Public);
    let head = checkpoint(&copy, LogName::Public);
    let signed = SignedCheckpoint::open(head.as_bytes(), &key).unwrap();
    let cosigned = |time: u64| {
        scene.clock.set(time);
        let request = ensign_trust::log::witness::AddCheckpoint {
            old: 0,
            proof: Vec::new(),
            checkpoint: signed.note().clone(),
        };
        let again = ensign_trust::log::witness::AddCheckpoint {
            old: signed.checkpoint().size,
            ..request.clone()
        };
        let lines = scene.wires.witnesses.values().take(2).map(|witness| {
            let mut answer = witness.add_checkpoint(&request.to_bytes().unwrap());
            if answer.status == 409 {
                answer = witness.add_checkpoint(&again.to_bytes().unwrap());
            }
            String::from_utf8(answer.body).unwrap()
        });
        format!("{head}{}", lines.collect::<String>())
    };
    let none = Wires::default();
    assert!(unconfirmed(&copy, &[cosigned(marked - 1)], &none).contains("too few"));
    let finished = copy
        .finish_restoring(&[cosigned(marked)], None, &none)
        .unwrap();
    assert_eq!(finished.confirmed, "witnesses");
    grow(&copy);
}

#[test]
fn a_folder_whose_mark_cannot_be_read_stays_shut() {
    let place = Place::new(210);
    let node = place.init();
    let one = backed_up(&place);
    drop(node);
    drop(restored(&place, "copy", &one));
    let mark = beside(&place, "copy").join("restored");
    std::fs::write(&mark, "").unwrap();
    let (clock, entropy) = (place.clock.clone(), Arc::clone(&place.entropy));
    let opened = Node::open(&beside(&place, "copy"), clock, entropy, &mut |_| ());
    assert!(matches!(opened.map(|_| ()), Err(Error::File { .. })));
}
