//! Logs that end for good, and the logs that go on.

use std::path::PathBuf;

use ensign_trust::anchor::Anchors;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::vkey::LogSigner;
use ensign_trust::logbook::{Entry, LogName, Sealed};
use ensign_trust::{PartyId, Statement};

use super::Place;
use super::backups::{
    audited, backed_up, backed_up_of, beside, checkpoint, grow, open, restored, size,
};
use super::witnesses::Wires;
use crate::backup::SealedAnswer;
use crate::error::Error;
use crate::folder::Folder;
use crate::founding::put_in_place;
use crate::node::Node;
use crate::replica::Replica;

const ORIGIN: &str = "node.example.org/log-2";

const LOGS: [LogName; 2] = [LogName::Public, LogName::Closed];

/// A place with a node out of a backup, `old`, that lacks what was signed since. Gives the newest
/// checkpoint of the tree that the copy has, with which it could be finished.
fn behind(seed: u64) -> (Place, Node, String) {
    let place = Place::new(seed);
    let node = place.init();
    node.rotate_key(&node.operator().to_string()).unwrap();
    let one = backed_up(&place);
    let newest = checkpoint(&node, LogName::Public);
    grow(&node);
    drop(node);
    let old = restored(&place, "old", &one);
    (place, old, newest)
}

fn next(place: &Place) -> PathBuf {
    beside(place, "next")
}

fn seal(place: &Place, old: &Node) -> Result<SealedAnswer, Error> {
    old.seal(&next(place), ORIGIN)
}

fn statement(node: &Node, log: LogName, index: u64) -> Statement {
    let entry = node.log(log).read(index..index + 1).unwrap().remove(0);
    Statement::decode(entry).unwrap()
}

/// The seal with which a log begins.
fn sealed_in(node: &Node, log: LogName) -> (Statement, Sealed) {
    let index = match log {
        LogName::Closed => 1,
        LogName::Public => 3,
    };
    let statement = statement(node, log, index);
    match Entry::read(&statement) {
        Some(Ok(Entry::Sealed(seal))) => (statement, *seal),
        other => panic!("{other:?}"),
    }
}

/// The old log can be read and signs nothing, whatever is shown.
fn assert_sealed(old: &Node, newest: &str) {
    let before = LOGS.map(|log| checkpoint(old, log));
    let finish = || old.finish_restoring(&[newest.to_owned()], None, &Wires::default());
    let found = || old.found_party("River Clinic", "organisation").map(drop);
    for refused in [finish().map(drop), found(), old.may_write()] {
        let error = refused.unwrap_err();
        assert_eq!(error.code(), "node.sealed", "{error:?}");
        assert!(error.to_string().contains(ORIGIN), "{error}");
    }
    let asked = old.ask_witnesses(LogName::Public, &Wires::default());
    assert_eq!(asked.unwrap(), None);
    assert_eq!(LOGS.map(|log| checkpoint(old, log)), before);
    let status = old.status().unwrap();
    assert_eq!(status.successor.unwrap().origin, ORIGIN);
    assert!(audited(old.folder().path()).is_clean());
}

/// The successor is whole, names the end of the old log and goes on.
fn assert_goes_on(place: &Place, old: &Node) {
    let node = open(place, "next");
    let from = node.status().unwrap().goes_on_from.unwrap();
    assert_eq!(from.origin, "node.example.org/log");
    assert_eq!(from.size, size(old, LogName::Public));
    assert_ne!(node.operator(), old.operator());
    for log in LOGS {
        let (statement, seal) = sealed_in(&node, log);
        let head = old.log(log).head().unwrap().unwrap();
        let Checkpoint { size, root, .. } = seal.ends_at().unwrap();
        assert_eq!((size, root), (head.size, head.root));
        assert_eq!(seal.checkpoint, head.checkpoint);
        assert_eq!(seal.log, old.log_key(log));
        assert_eq!(seal.successor, node.log_key(log));
        assert_ne!(
            node.log_key(log).public_key(),
            old.log_key(log).public_key()
        );
        // Whoever has the old log knows the key and for whom it spoke there.
        assert_eq!(statement.issuer, Some(node.operator()));
        let registry = old.views().registry().unwrap();
        let state = registry.key(statement.key()).unwrap();
        assert_eq!(state.party, old.operator());
        assert!(state.counts_at(self::size(old, LogName::Public)));
    }
    grow(&node);
    drop(node);
    let audit = audited(&next(place));
    assert!(audit.is_clean(), "{:?}", audit.findings);
    for log in &audit.logs {
        assert_eq!(log.kinds["log.sealed"], 1);
    }
    Replica::read(&next(place).join("log/public"), None).unwrap();
}

#[test]
fn a_log_that_is_lost_for_good_is_sealed_and_another_one_goes_on() {
    let (place, old, newest) = behind(400);
    let name = old.status().unwrap().name;
    let answer = seal(&place, &old).unwrap();
    assert_eq!(answer.sealed, "node.example.org/log");
    assert_eq!(answer.size, size(&old, LogName::Public));
    assert_eq!(answer.closed_size, size(&old, LogName::Closed));
    assert_sealed(&old, &newest);
    // What it is asked again is answered again, and nothing else.
    assert_eq!(seal(&place, &old).unwrap(), answer);
    for (to, origin) in [("next", "node.example.org/log-3"), ("other", ORIGIN)] {
        let error = old.seal(&beside(&place, to), origin).unwrap_err();
        assert_eq!(error.code(), "node.sealed");
    }
    assert!(!beside(&place, "other").exists());
    drop(old);
    let old = open(&place, "old");
    assert_sealed(&old, &newest);
    let successor = open(&place, "next");
    // Nothing of the old log is taken over but the operator's key and name.
    let parties: Vec<PartyId> = successor
        .parties()
        .unwrap()
        .iter()
        .map(|it| it.party)
        .collect();
    assert_eq!(parties, [answer.operator]);
    drop(successor);
    assert_goes_on(&place, &old);
    let successor = open(&place, "next");
    let status = successor.status().unwrap();
    assert_eq!(status.name, name);
    assert_eq!((status.restored, status.successor), (None, None));
    assert_eq!(status.operator, answer.operator);
    let told = |node: &Node| {
        let anchors = node.trust_anchors().unwrap().anchors;
        let read: Anchors = anchors.parse().unwrap();
        assert!(read.holds_log(&node.log_key(LogName::Public)));
        anchors
    };
    assert!(told(&successor).starts_with("# goes on from node.example.org/log, sealed at size "));
    assert!(told(&old).starts_with("# sealed: node.example.org/log-2 goes on\n"));
}

#[test]
fn a_node_out_of_a_backup_of_a_sealed_log_is_sealed() {
    let (place, old, newest) = behind(401);
    seal(&place, &old).unwrap();
    drop(old);
    let one = backed_up_of(&place, "old");
    let again = restored(&place, "again", &one);
    assert_sealed(&again, &newest);
    // Nor does it help to remove the mark of the restoring.
    drop(again);
    std::fs::remove_file(beside(&place, "again").join("restored")).unwrap();
    assert_sealed(&open(&place, "again"), &newest);
}

#[test]
fn only_a_restored_log_is_sealed_and_its_successor_is_another_log_in_a_folder_of_its_own() {
    let (place, old, newest) = behind(402);
    let refused = |to: &str, origin: &str| {
        let error = old.seal(&beside(&place, to), origin).unwrap_err();
        assert!(old.status().unwrap().successor.is_none());
        error.code()
    };
    for origin in [
        "node.example.org/log",
        "node.example.org/log/closed",
        "https://node.example.org/log-2",
        "node.example.org/log-2/",
        "",
    ] {
        assert_eq!(refused("next", origin), "command.argument", "{origin}");
    }
    assert!(!next(&place).exists());
    for taken in ["node", "old", "backups"] {
        assert_eq!(refused(taken, ORIGIN), "node.folder_taken");
    }
    old.finish_restoring(&[newest], None, &Wires::default())
        .unwrap();
    assert_eq!(refused("next", ORIGIN), "command.argument");
    grow(&old);
}

/// Steps of sealing that were done before the process ended.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Prepared,
    Ended,
    /// So many files were moved.
    Moved(usize),
    InPlace,
    Founded,
}

#[test]
fn a_process_that_ends_between_two_steps_leaves_nothing_or_what_is_brought_to_its_end() {
    let cuts = [
        Cut::Prepared,
        Cut::Ended,
        Cut::Moved(1),
        Cut::Moved(2),
        Cut::Moved(3),
        Cut::InPlace,
        Cut::Founded,
    ];
    for (at, cut) in cuts.into_iter().enumerate() {
        let (place, old, newest) = behind(410 + at as u64);
        let to = next(&place);
        {
            let mut writer = old.writer();
            let successor = old.prepare_successor(&writer, &to, ORIGIN).unwrap();
            if !matches!(cut, Cut::Prepared) {
                old.end(&mut writer, &successor).unwrap();
            }
            drop(writer);
            let made = std::fs::read_dir(&to).unwrap();
            let half_made = made
                .map(|entry| entry.unwrap().path())
                .find(|path| path.display().to_string().contains("successor-of-"));
            let (half_made, folder) = (Folder::at(half_made.unwrap()), Folder::at(&to));
            match cut {
                Cut::Prepared | Cut::Ended => (),
                Cut::Moved(count) => {
                    let pairs = half_made.made_by_init().into_iter();
                    for (from, to) in pairs.zip(folder.made_by_init()).take(count) {
                        std::fs::rename(from, to).unwrap();
                    }
                }
                Cut::InPlace | Cut::Founded => put_in_place(&half_made, &folder).unwrap(),
            }
            if matches!(cut, Cut::Founded) {
                drop(open(&place, "next"));
            }
        }
        drop(old);
        let old = open(&place, "old");
        assert_eq!(
            Folder::at(&to).holds_a_node(),
            matches!(cut, Cut::InPlace | Cut::Founded),
            "{cut:?}"
        );
        if matches!(cut, Cut::Prepared) {
            // Nothing is sealed: the log may still be finished, or sealed.
            assert!(old.status().unwrap().successor.is_none());
            drop(old);
            let aside = beside(&place, "aside");
            std::fs::rename(beside(&place, "old"), &aside).unwrap();
            copied(&aside, &beside(&place, "old"));
            let old = open(&place, "old");
            old.finish_restoring(std::slice::from_ref(&newest), None, &Wires::default())
                .unwrap();
            grow(&old);
            drop(old);
            std::fs::remove_dir_all(beside(&place, "old")).unwrap();
            std::fs::rename(&aside, beside(&place, "old")).unwrap();
        } else {
            assert_sealed(&old, &newest);
            if !Folder::at(&to).holds_a_node() {
                // Nobody founds another node in its place.
                let founding = crate::Founding {
                    name: "Somebody".to_owned(),
                    origin: ORIGIN.to_owned(),
                    realm: old.realm().clone(),
                };
                let (clock, entropy) = (place.clock.clone(), place.entropy.clone());
                let taken = Node::init(&to, &founding, clock, entropy);
                assert_eq!(taken.map(drop).unwrap_err().code(), "node.folder_taken");
            }
            drop(old);
        }
        let old = open(&place, "old");
        seal(&place, &old).unwrap();
        assert_sealed(&old, &newest);
        assert_goes_on(&place, &old);
        let left: Vec<_> = super::files(&to)
            .into_iter()
            .filter(|path| path.display().to_string().contains("successor-of-"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_successor_that_was_moved_away_is_not_founded_twice() {
    let (place, old, newest) = behind(420);
    seal(&place, &old).unwrap();
    std::fs::rename(next(&place), beside(&place, "elsewhere")).unwrap();
    let error = seal(&place, &old).unwrap_err();
    assert_eq!(error.code(), "node.sealed");
    assert!(!next(&place).exists());
    assert_sealed(&old, &newest);
    std::fs::rename(beside(&place, "next.key"), beside(&place, "elsewhere.key")).unwrap();
    let found = old.seal(&beside(&place, "elsewhere"), ORIGIN).unwrap();
    assert_eq!(found.size, size(&old, LogName::Public));
}

#[test]
fn what_an_earlier_try_has_left_elsewhere_never_becomes_a_second_successor() {
    let (place, old, newest) = behind(423);
    let stale = beside(&place, "stale");
    drop(
        old.prepare_successor(&old.writer(), &stale, ORIGIN)
            .unwrap(),
    );
    seal(&place, &old).unwrap();
    let error = old.seal(&stale, ORIGIN).unwrap_err();
    assert_eq!(error.code(), "node.sealed");
    assert!(!Folder::at(&stale).holds_a_node());
    assert_sealed(&old, &newest);
    assert_goes_on(&place, &old);
}

#[test]
fn a_seal_that_is_not_what_it_says_is_found_by_the_audit() {
    let other = Place::new(421);
    let node = other.init();
    let ours = node.log_key(LogName::Public);
    let own = node.log(LogName::Public).head().unwrap().unwrap();
    let signer = |origin| LogSigner::from_seed(origin, &[7; 32]).unwrap();
    let (origin, foreign) = ("old.example.org/log", signer("other.example.org/log"));
    let checkpoint = Checkpoint::new(origin, 5, [1; 32]);
    let signed = SignedCheckpoint::sign(checkpoint, &signer(origin)).unwrap();
    let right = Sealed {
        log: signer(origin).key().clone(),
        checkpoint: signed.to_bytes(),
        successor: ours.clone(),
    };
    let mut damaged = right.clone();
    let text = String::from_utf8(damaged.checkpoint).unwrap();
    damaged.checkpoint = text.replacen("\n5\n", "\n6\n", 1).into_bytes();
    let wrong = [
        (right.clone(), "and not 3"),
        (damaged, "sign"),
        (
            Sealed {
                log: foreign.key().clone(),
                ..right.clone()
            },
            "not of \"other.example.org/log\"",
        ),
        (
            Sealed {
                successor: foreign.key().clone(),
                ..right.clone()
            },
            "as the one that goes on",
        ),
        (
            Sealed {
                log: ours,
                checkpoint: own.checkpoint,
                ..right
            },
            "go on from itself",
        ),
    ];
    for (seal, _) in &wrong {
        node.state_of_log(LogName::Public, &Entry::Sealed(Box::new(seal.clone())))
            .unwrap();
    }
    drop(node);
    let audit = audited(&other.folder());
    let found: Vec<_> = audit
        .findings
        .iter()
        .map(|it| (it.code, it.what.as_str()))
        .collect();
    assert_eq!(found.len(), wrong.len(), "{found:?}");
    for ((code, what), (_, expected)) in found.iter().zip(&wrong) {
        assert_eq!(*code, "log.seal_differs");
        assert!(what.contains(expected), "{what} {expected}");
    }
}

/// A copy of a folder that nobody has open.
fn copied(from: &std::path::Path, to: &std::path::Path) {
    for path in super::files(from) {
        let to = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(path, to).unwrap();
    }
}
