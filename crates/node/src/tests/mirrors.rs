//! Copies of a log that is served from its folder.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use ensign_trust::log::checkpoint::Checkpoint;
use ensign_trust::log::equivocation::{Verdict, judge};
use ensign_trust::log::leaf_hash;
use ensign_trust::log::merkle::root_of;
use ensign_trust::log::note::Note;
use ensign_trust::log::tile::{TileKind, bundle_entries, tiles_of_growth, tiles_of_size};
use ensign_trust::logbook::LogName;

use super::{Place, files};
use crate::backup;
use crate::clock::Clock as _;
use crate::error::Error;
use crate::mirror::{MirrorAnswer, ServedMirror, mirror};
use crate::network::{Network, Reply, Unreachable};
use crate::node::Node;
use crate::replica::Replica;

const ADDRESS: &str = "https://node.example.org/tlog";

/// What is given of a file, by its path and its bytes.
type Change<'a> = dyn Fn(&str, Vec<u8>) -> Option<Vec<u8>> + Sync + 'a;

/// Serves a folder of a log's files, and changes what it gives.
struct Served<'a> {
    folder: PathBuf,
    change: &'a Change<'a>,
}

impl Network for Served<'_> {
    fn post(&self, address: &str, _body: &[u8]) -> Result<Reply, Unreachable> {
        unreachable!("nothing is sent to {address}")
    }

    fn get(&self, address: &str, most: u64) -> Result<Reply, Unreachable> {
        let path = address
            .strip_prefix(ADDRESS)
            .unwrap()
            .trim_start_matches('/');
        let found = std::fs::read(self.folder.join(path)).ok();
        let body = found.and_then(|bytes| (self.change)(path, bytes));
        let status = if body.is_some() { 200 } else { 404 };
        let body = body.unwrap_or_default();
        assert!(body.len() as u64 <= most, "{path}");
        Ok(Reply { status, body })
    }
}

fn honest(_: &str, bytes: Vec<u8>) -> Option<Vec<u8>> {
    Some(bytes)
}

fn copied_by(served: &Path, copy: &Path, change: &Change) -> Result<MirrorAnswer, Error> {
    let network = Served {
        folder: served.to_owned(),
        change,
    };
    let cores = NonZero::new(2).unwrap();
    mirror(ADDRESS, copy, None, &network, cores, &mut |_| ())
}

fn copied(served: &Path, copy: &Path) -> Result<MirrorAnswer, Error> {
    copied_by(served, copy, &honest)
}

fn log(place: &Place) -> PathBuf {
    place.folder().join("log/public")
}

fn beside(place: &Place, name: &str) -> PathBuf {
    place.folder().with_file_name(name)
}

fn size(node: &Node) -> u64 {
    node.log(LogName::Public).head().unwrap().unwrap().size
}

fn grow_to(node: &Node, least: u64) {
    while size(node) < least {
        node.found_party("River Clinic", "organisation").unwrap();
    }
}

/// What a folder has, without what the mirror remembers.
fn held(copy: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = files(copy).into_iter();
    let of_log = files.filter(|path| !path.display().to_string().contains("mirror."));
    of_log
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            (path.strip_prefix(copy).unwrap().to_owned(), bytes)
        })
        .collect()
}

fn told(error: &Error) -> String {
    crate::error::chain(error)
}

#[test]
fn a_mirror_follows_a_log_and_ends_with_what_one_made_at_once_has() {
    let place = Place::new(300);
    let node = place.init();
    let copy = beside(&place, "copy");
    let first = copied(&log(&place), &copy).unwrap();
    assert_eq!((first.added, first.size), (size(&node), size(&node)));
    assert_eq!(first.origin, "node.example.org/log");
    assert_eq!(first.realm, "exercise/three-rivers");
    let operator = node.operator().to_string();
    for least in [9, 200, 256, 258, 300, 512, 520] {
        grow_to(&node, least);
        if least == 300 {
            node.add_key(&operator).unwrap();
        }
        let before = copied(&log(&place), &beside(&place, "whole")).map(|it| it.size);
        let found = copied(&log(&place), &copy).unwrap();
        assert_eq!(found.size, size(&node), "{least}");
        assert_eq!(found.findings_total, 0, "{:?}", found.findings);
        assert_eq!(before.unwrap(), found.size);
        let again = copied(&log(&place), &copy).unwrap();
        assert_eq!(
            (again.added, again.size, again.behind),
            (0, found.size, None)
        );
        let mut expected: Vec<_> = tiles_of_size(found.size).map(|it| it.to_string()).collect();
        expected.push("checkpoint".to_owned());
        expected.sort();
        let mut there: Vec<_> = held(&copy)
            .into_iter()
            .map(|(path, _)| path.display().to_string())
            .collect();
        there.sort();
        assert_eq!(there, expected);
        Replica::read(&copy, None).unwrap();
    }
    let fresh = beside(&place, "fresh");
    copied(&log(&place), &fresh).unwrap();
    assert_eq!(held(&fresh), held(&copy));
    let memory = |folder: &Path| std::fs::read_to_string(folder.join("mirror.json")).unwrap();
    assert_eq!(memory(&fresh), memory(&copy));
}

/// Reads all that a checkpoint is of; gives its size.
fn read_whole(served: &ServedMirror) -> u64 {
    let note = Note::parse(&served.checkpoint().unwrap()).unwrap();
    let checkpoint = Checkpoint::parse(&note.text).unwrap();
    let mut leaves = Vec::new();
    for path in tiles_of_size(checkpoint.size) {
        let bytes = served.resource(&path).unwrap();
        let bytes = bytes.unwrap_or_else(|| panic!("{path} of {}", checkpoint.size));
        match path.kind {
            TileKind::Entries => {
                let entries = bundle_entries(&bytes, path.width).unwrap();
                leaves.extend(entries.into_iter().map(leaf_hash));
            }
            TileKind::Hashes { level: 0 } => {
                let start = path.index as usize * 256;
                let width = usize::from(path.width);
                assert_eq!(bytes, leaves[start..start + width].concat(), "{path}");
            }
            TileKind::Hashes { .. } => assert_eq!(bytes.len(), usize::from(path.width) * 32),
        }
    }
    assert_eq!(root_of(&leaves), checkpoint.root);
    checkpoint.size
}

#[test]
fn a_reader_finds_all_that_a_checkpoint_is_of_while_the_mirror_goes_on() {
    let place = Place::new(323);
    let node = place.init();
    let copy = beside(&place, "copy");
    copied(&log(&place), &copy).unwrap();
    let served = ServedMirror::open(&copy).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut sizes = BTreeSet::new();
            while !done.load(Ordering::SeqCst) {
                sizes.insert(read_whole(&served));
            }
            sizes
        });
        for least in (20..600).step_by(20) {
            grow_to(&node, least);
            copied(&log(&place), &copy).unwrap();
        }
        done.store(true, Ordering::SeqCst);
        assert!(reading.join().unwrap().len() > 1, "nothing moved on");
    });
    assert_eq!(read_whole(&served), size(&node));
}

#[test]
fn a_partial_file_that_is_gone_is_cut_from_the_full_one() {
    let place = Place::new(301);
    let node = place.init();
    grow_to(&node, 250);
    let old = std::fs::read(log(&place).join("checkpoint")).unwrap();
    let at = size(&node);
    grow_to(&node, 300);
    drop(node);
    let copy = beside(&place, "copy");
    let no_partials = |path: &str, bytes: Vec<u8>| match path {
        "checkpoint" => Some(old.clone()),
        _ => (!path.contains(".p/")).then_some(bytes),
    };
    let found = copied_by(&log(&place), &copy, &no_partials).unwrap();
    assert_eq!(found.size, at);
    Replica::read(&copy, None).unwrap();
    let found = copied(&log(&place), &copy).unwrap();
    assert!(found.size >= 300);
    Replica::read(&copy, None).unwrap();
}

#[test]
fn nothing_is_taken_of_what_is_not_what_the_checkpoint_is_of() {
    let place = Place::new(302);
    let node = place.init();
    let copy = beside(&place, "copy");
    grow_to(&node, 100);
    let before = copied(&log(&place), &copy).unwrap().size;
    grow_to(&node, 300);
    let mut paths = vec!["checkpoint".to_owned()];
    paths.extend(tiles_of_growth(before, size(&node)).map(|path| path.to_string()));
    assert!(paths.len() > 4, "{paths:?}");
    let note = std::fs::read(copy.join("checkpoint")).unwrap();
    for path in &paths {
        for at in [0, 1, 2] {
            let flip = |asked: &str, mut bytes: Vec<u8>| {
                if asked == path {
                    let at = (bytes.len() - 1) * at / 2;
                    bytes[at] ^= 1;
                }
                Some(bytes)
            };
            let trial = beside(&place, "trial");
            std::fs::create_dir(&trial).unwrap();
            for (name, bytes) in held(&copy) {
                std::fs::create_dir_all(trial.join(&name).parent().unwrap()).unwrap();
                std::fs::write(trial.join(name), bytes).unwrap();
            }
            std::fs::copy(copy.join("mirror.json"), trial.join("mirror.json")).unwrap();
            let error = copied_by(&log(&place), &trial, &flip).unwrap_err();
            let code = error.code();
            assert!(
                ["mirror.unsound", "mirror.not_a_log", "mirror.other_log"].contains(&code),
                "{path} {at}: {error:?}"
            );
            assert_eq!(std::fs::read(trial.join("checkpoint")).unwrap(), note);
            assert_eq!(
                copied(&log(&place), &trial).unwrap().added,
                size(&node) - before
            );
            std::fs::remove_dir_all(&trial).unwrap();
        }
    }
}

/// Two nodes out of one backup, each of which goes on by itself.
fn twins(place: &Place) -> [PathBuf; 2] {
    drop(place.init());
    place.clock.set(place.clock.now() + 1);
    let (to, keys_to) = (beside(place, "backups"), beside(place, "keys"));
    let made = backup::make(&place.folder(), &to, &keys_to, &*place.clock, &mut |_| ()).unwrap();
    let key = place.folder().with_extension("key");
    let folder = beside(place, "twin");
    std::fs::copy(key, folder.with_extension("key")).unwrap();
    let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
    let keys = made.keys.unwrap();
    backup::restore(&made.records, &keys, &folder, clock, entropy, &mut |_| ()).unwrap();
    std::fs::remove_file(folder.join("restored")).unwrap();
    [log(place), folder.join("log/public")]
}

#[test]
fn two_trees_of_one_log_are_found_when_they_meet_in_a_mirror_and_kept_as_evidence() {
    // How far the tree goes that is copied, and the other one that is shown then.
    // Of 16 entries, a power of two, RFC 6962 leaves a hash out.
    let sizes = [(40, 40), (40, 20), (20, 40), (300, 17), (16, 300), (40, 16)];
    for (number, (own, other)) in sizes.into_iter().enumerate() {
        let place = Place::new(310 + number as u64);
        let [one, two] = twins(&place);
        let node = place.open().unwrap();
        grow_to(&node, own);
        assert!(own != 16 || size(&node) == own);
        let key = node.log_key(LogName::Public);
        drop(node);
        let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
        let twin = Node::open(&beside(&place, "twin"), clock, entropy, &mut |_| ()).unwrap();
        grow_to(&twin, other);
        assert!(other != 16 || size(&twin) == other);
        drop(twin);
        let copy = beside(&place, "copy");
        copied(&one, &copy).unwrap();
        let note = std::fs::read(copy.join("checkpoint")).unwrap();
        let error = copied(&two, &copy).unwrap_err();
        assert_eq!(
            error.code(),
            "mirror.contradicted",
            "{own} {other}: {error:?}"
        );
        assert_eq!(std::fs::read(copy.join("checkpoint")).unwrap(), note);
        let evidence = files(&copy)
            .into_iter()
            .find(|path| path.ends_with("proof"))
            .unwrap();
        let evidence = evidence.parent().unwrap();
        let read = |name: &str| std::fs::read(evidence.join(name)).unwrap();
        let proof: Vec<[u8; 32]> = String::from_utf8(read("proof"))
            .unwrap()
            .lines()
            .map(|line| {
                let hash = data_encoding::BASE64.decode(line.as_bytes()).unwrap();
                hash.try_into().unwrap()
            })
            .collect();
        let verdict = judge(&read("held"), &read("shown"), &key, Some(&proof)).unwrap();
        assert!(
            matches!(verdict, Verdict::Contradiction(_)),
            "{own} {other}"
        );
        // It goes on with the tree that it has.
        assert_eq!(copied(&one, &copy).unwrap().added, 0);
    }
}

#[test]
fn what_an_interrupted_fetch_left_never_stands_in_the_way() {
    let place = Place::new(323);
    let node = place.init();
    let copy = beside(&place, "copy");
    grow_to(&node, 240);
    copied(&log(&place), &copy).unwrap();
    let no_bundles = |path: &str, bytes: Vec<u8>| (!path.contains("entries")).then_some(bytes);
    for (least, most) in [(245, 250), (300, 310), (400, 600)] {
        grow_to(&node, least);
        // Fetched and not taken, and then something that no log has had.
        copied_by(&log(&place), &copy, &no_bundles).unwrap_err();
        for tile in ["000.p/251", "001.p/3", "001.p/200"] {
            let left = copy.join("tile/0").join(tile);
            std::fs::create_dir_all(left.parent().unwrap()).unwrap();
            std::fs::write(left, b"cut short").unwrap();
        }
        grow_to(&node, most);
        let found = copied(&log(&place), &copy).unwrap();
        assert_eq!((found.size, found.findings_total), (size(&node), 0));
    }
    Replica::read(&copy, None).unwrap();
}

#[test]
fn an_older_state_of_the_log_is_told_and_changes_nothing() {
    let place = Place::new(320);
    let node = place.init();
    let early = beside(&place, "early");
    let first = copied(&log(&place), &early).unwrap();
    grow_to(&node, 50);
    let copy = beside(&place, "copy");
    let whole = copied(&log(&place), &copy).unwrap();
    let note = std::fs::read(copy.join("checkpoint")).unwrap();
    let found = copied(&early, &copy).unwrap();
    assert_eq!((found.size, found.added), (whole.size, 0));
    assert_eq!(found.behind, Some(first.size));
    assert_eq!(std::fs::read(copy.join("checkpoint")).unwrap(), note);
    // A mirror can be mirrored.
    let third = beside(&place, "third");
    assert_eq!(copied(&copy, &third).unwrap().size, whole.size);
    assert_eq!(held(&third), held(&copy));
}

#[test]
fn what_is_no_log_or_another_one_is_refused() {
    let (place, other) = (Place::new(321), Place::new(322));
    drop(place.init());
    drop(other.init());
    let copy = beside(&place, "copy");
    let absent = copied(&beside(&place, "nowhere"), &copy).unwrap_err();
    assert!(
        absent.is_unavailable() && told(&absent).contains("status 404"),
        "{absent:?}"
    );
    let nonsense = |path: &str, bytes: Vec<u8>| {
        Some(if path == "checkpoint" {
            b"hello\n".to_vec()
        } else {
            bytes
        })
    };
    let error = copied_by(&log(&place), &copy, &nonsense).unwrap_err();
    assert_eq!(error.code(), "mirror.not_a_log");
    copied(&log(&place), &copy).unwrap();
    // The same origin with another key.
    let error = copied(&log(&other), &copy).unwrap_err();
    assert_eq!(error.code(), "mirror.not_a_log", "{error:?}");
    let renamed = |path: &str, bytes: Vec<u8>| {
        let text = String::from_utf8_lossy(&bytes).replacen("node.", "edon.", 1);
        Some(if path == "checkpoint" {
            text.into_bytes()
        } else {
            bytes
        })
    };
    let error = copied_by(&log(&place), &copy, &renamed).unwrap_err();
    assert_eq!(error.code(), "mirror.other_log", "{error:?}");
    let full = place.file("full", "");
    let error = copied(&log(&place), &full).unwrap_err();
    assert_eq!(error.code(), "node.failed");
    let error = copied(&log(&place), &place.folder()).unwrap_err();
    assert!(told(&error).contains("no mirror"), "{error:?}");
}
