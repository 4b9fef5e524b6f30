//! A log that is sealed, by a child that is ended at each change that it makes to the disk, and within
//! each write: what is left is a log that may be finished and no other one, or one that is sealed for
//! good and whose successor is made whole by asking again.

use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ensign_trust::logbook::LogName;
use nix::errno::Errno;

use super::traced::{self, Change, Fate};
use super::{Faults, copy, folder, put, run};
use crate::backup::{self, SealedAnswer};
use crate::clock::SetClock;
use crate::error::{Error, chain};
use crate::folder::Folder;
use crate::founding::Founding;
use crate::node::Node;
use crate::tests::backups::audited;
use crate::tests::witnesses::Wires;
use crate::tests::{BEGIN, Seeded};

const ORIGIN: &str = "node.example.org/log-2";
const ASKED: &str = "seal:";
const READY: &str = "@@ ready";

fn turn(turn: u64) -> (Arc<SetClock>, Arc<Seeded>) {
    let clock = Arc::new(SetClock::at(BEGIN + 60 * turn));
    (clock, Arc::new(Seeded(AtomicU64::new(turn << 32))))
}

fn open(folder: &Path, at: u64) -> Result<Node, Error> {
    let (clock, entropy) = turn(at);
    Node::open(folder, clock, entropy, &mut |_| ())
}

fn next(root: &Path) -> PathBuf {
    root.join("next")
}

fn seal(old: &Node, root: &Path) -> Result<SealedAnswer, Error> {
    old.seal(&next(root), ORIGIN)
}

/// A node out of a backup, `old`, and the newest checkpoint that anybody has.
fn prepare(root: &Path) -> String {
    let (clock, entropy) = turn(0);
    let founding = Founding {
        name: "Records Office of the Three Rivers".to_owned(),
        origin: "node.example.org/log".to_owned(),
        realm: "exercise/three-rivers".parse().unwrap(),
    };
    let first = root.join("first");
    let node = Node::init(&first, &founding, clock.clone(), entropy.clone()).unwrap();
    let head = node.log(LogName::Public).head().unwrap().unwrap();
    drop(node);
    let (to, keys_to) = (root.join("records"), root.join("keys"));
    let made = backup::make(&first, &to, &keys_to, &*clock, &mut |_| ()).unwrap();
    let (old, keys) = (root.join("old"), made.keys.unwrap());
    std::fs::copy(root.join("first.key"), root.join("old.key")).unwrap();
    backup::restore(&made.records, &keys, &old, clock, entropy, &mut |_| ()).unwrap();
    for made in [first, to, keys_to] {
        std::fs::remove_dir_all(made).unwrap();
    }
    String::from_utf8(head.checkpoint).unwrap()
}

/// Starts a child that seals as soon as it is let.
fn sealer(root: &Path) -> Child {
    let asked = format!("{ASKED}{}", root.display());
    let test = "tests::faults::sealing::a_child_seals_what_it_is_asked_for";
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, &asked, "--nocapture", "--test-threads=1"]);
    child.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains(READY) {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "the child has ended");
    }
    child.stdout = Some(out.into_inner());
    child
}

/// In a run of its own nobody asks: then a log is sealed without a fault.
#[test]
fn a_child_seals_what_it_is_asked_for() {
    let asked = std::env::args().find_map(|one| one.strip_prefix(ASKED).map(PathBuf::from));
    let Some(root) = asked else {
        let root = tempfile::tempdir().unwrap();
        prepare(root.path());
        let old = open(&root.path().join("old"), 1).unwrap();
        seal(&old, root.path()).unwrap();
        return;
    };
    println!("{READY}");
    io::stdin().read_line(&mut String::new()).unwrap();
    let old = open(&root.join("old"), 1).unwrap();
    seal(&old, &root).unwrap();
}

#[test]
fn a_seal_that_is_cut_short_anywhere_leaves_nothing_or_is_brought_to_its_end() {
    let root = folder();
    let newest = prepare(root.path());
    let (mut faults, mut points, mut ended) = (Faults::default(), 0, 0);
    let mut check = |change: &Change, torn: bool| {
        let left = folder();
        copy(root.path(), left.path());
        if let (true, Some(write)) = (torn, &change.write) {
            let half = &write.bytes[..write.bytes.len() / 2];
            put(root.path(), left.path(), &change.path, half, write.offset);
        }
        points += 1;
        let found = recover(left.path(), &newest, points);
        ended += u64::from(found == Ok(true));
        faults.note(&format!("{points}, torn {torn}: {change}"), found.map(drop));
    };
    let mut child = sealer(root.path());
    let told = run(&mut child, root.path(), &mut |change| {
        check(change, false);
        if change.write.is_some() {
            check(change, true);
        }
        Fate::Happens
    });
    if told == Err(Errno::EPERM) {
        traced::end(&mut child);
        ensign_recorded::skip("this system lets no process trace its child");
        return;
    }
    told.unwrap();
    assert!(
        Folder::at(next(root.path())).holds_a_node(),
        "the child failed"
    );
    println!("ended at {points} changes, {ended} of them behind the seal");
    assert!(faults.0.is_empty(), "{}", faults.0.join("\n"));
    assert_eq!(recover(root.path(), &newest, points), Ok(true));
    assert!(ended > 10 && points - ended > 10, "{ended} of {points}");
}

/// What is found where a process ended; whether the log was sealed.
fn recover(root: &Path, newest: &str, number: u64) -> Result<bool, String> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: Error| format!("{what}: {}", chain(&error))
    };
    let there = Folder::at(next(root)).holds_a_node();
    let old = open(&root.join("old"), 2).map_err(failed("the old node does not open"))?;
    let sealed = old.successor().is_some();
    let finish = || old.finish_restoring(&[newest.to_owned()], None, &Wires::default());
    match sealed {
        false if there => return Err("a successor is there and the log is not sealed".to_owned()),
        false if number.is_multiple_of(2) => {
            finish().map_err(failed("it cannot be finished"))?;
            let grown = old.found_party("River Clinic", "organisation");
            grown.map_err(failed("it does not go on"))?;
            return Ok(false);
        }
        false => (),
        true => match finish() {
            Err(Error::Sealed(_)) => (),
            other => return Err(format!("a sealed log was finished: {other:?}")),
        },
    }
    seal(&old, root).map_err(failed("it is not brought to its end"))?;
    drop(old);
    let node = open(&next(root), 3).map_err(failed("the successor does not open"))?;
    node.found_party("River Clinic", "organisation")
        .map_err(failed("the successor does not go on"))?;
    drop(node);
    for folder in [root.join("old"), next(root)] {
        let audit = audited(&folder);
        if !audit.is_clean() {
            return Err(format!("the audit finds {:?}", audit.findings));
        }
    }
    Ok(sealed)
}
