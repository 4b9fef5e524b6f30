//! Every change that a node makes to its folder, held where it reaches the disk: the process ends
//! there, or in the middle of a write, or the change fails and the process lives on. Afterwards the
//! node must open by itself, hold all that it answered for and every head that anybody could have
//! seen, go on, and leave a folder that the audit finds clean.
//!
//! In each run of the tests one fault by turns is done at each of the first [`EVERY`] changes of the
//! story and at every [`STRIDE`]th after them; by hand every fault at every change:
//!
//! ```text
//! cargo nextest run -p ensign-node --run-ignored only to_the_end
//! ```

mod sealing;
mod story;
mod traced;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Child;

use ensign_trust::anchor::Anchors;
use ensign_trust::log::checkpoint::Checkpoint;
use ensign_trust::log::merkle::{Frontier, leaf_hash};
use ensign_trust::log::note::Note;
use ensign_trust::logbook::LogName;
use ensign_trust::quorum::Quorum;
use nix::errno::Errno;
use tempfile::TempDir;

use self::story::{ACTS, Act, ERASED, begin, open, prepare, sightings, teller};
use self::traced::{Change, Fate};
use crate::audit;
use crate::folder::Folder;
use crate::node::Node;
use crate::tests::erasing::{copies, told as told_of};

/// Changes of the story that are all held in each run of the tests.
const EVERY: u64 = 500;
/// Of the changes after them, one in so many.
const STRIDE: u64 = 7;

/// A head that others could see.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    checkpoint: Checkpoint,
    /// Whether somebody was answered on its strength: it may never be lost.
    answered: bool,
}

impl Sighting {
    pub(super) fn of(note: &[u8], answered: bool) -> Option<Self> {
        let note = Note::parse(note).ok()?;
        let checkpoint = Checkpoint::parse(&note.text).ok()?;
        Some(Sighting {
            checkpoint,
            answered,
        })
    }
}

/// An act and how the folder lay before it.
struct Scene {
    act: Act,
    before: TempDir,
    /// What was seen of the logs before.
    seen: Vec<Sighting>,
    /// Changes of the story before this act.
    first: u64,
    /// Of each change of this act, whether it is a write, which can be torn.
    writes: Vec<bool>,
}

/// What is done at a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The process ends before it.
    Ends,
    /// The process ends in the middle of it: half of the bytes are written.
    Tears,
    /// It fails, and the process lives on.
    Fails(Errno),
}

/// What did not hold, all of it.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn note(&mut self, point: &str, recovered: Result<(), String>) {
        self.0
            .extend(recovered.err().map(|what| format!("{point}: {what}")));
    }
}

/// A folder in memory where there is one: no test waits for a disk.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    }
    .unwrap()
}

/// Tells the story without a fault and keeps how the folder lay before each act. Nothing where the
/// system lets nobody trace a child.
fn scenes() -> Option<Vec<Scene>> {
    let root = folder();
    prepare(root.path());
    let (mut scenes, mut seen, mut first) = (Vec::new(), Vec::new(), 0);
    for act in ACTS {
        let before = folder();
        copy(root.path(), before.path());
        let mut writes = Vec::new();
        let mut child = teller(act, root.path());
        let told = run(&mut child, root.path(), &mut |change| {
            writes.push(change.write.is_some());
            Fate::Happens
        });
        if told == Err(Errno::EPERM) {
            traced::end(&mut child);
            ensign_recorded::skip("this system lets no process trace its child");
            return None;
        }
        let found = sightings(&mut child);
        assert!(found.iter().all(|one| one.answered), "{act:?} failed");
        let changes = writes.len() as u64;
        assert!(changes > 0 && !found.is_empty(), "{act:?} was not told");
        scenes.push(Scene {
            act,
            before,
            seen: seen.clone(),
            first,
            writes,
        });
        seen.extend(found);
        println!("{act:?}: changes {} to {}", first + 1, first + changes);
        first += changes;
    }
    Some(scenes)
}

fn run(child: &mut Child, root: &Path, decide: &mut dyn FnMut(&Change) -> Fate) -> nix::Result<()> {
    let mut input = child.stdin.take().unwrap();
    traced::follow(child, root, || begin(&mut input), decide)
}

/// Disturbs the story at each change that is this test's share, and says what did not hold.
fn disturb(all: bool, share: u64, shares: u64) {
    let Some(scenes) = scenes() else { return };
    let (mut faults, mut met, mut noticed) = (Faults::default(), [0; 3], 0);
    for scene in &scenes {
        let of = |number: usize| -> &[Fault] {
            let n = scene.first + number as u64;
            match n / shares % shares == share {
                true => planned(n, scene.writes[number - 1], all),
                false => &[],
            }
        };
        let ends = |fault: &Fault| !matches!(fault, Fault::Fails(_));
        let mut number = 0;
        let root = folder();
        copy(scene.before.path(), root.path());
        let mut child = teller(scene.act, root.path());
        let told = run(&mut child, root.path(), &mut |change| {
            number += 1;
            for fault in of(number).iter().filter(|fault| ends(fault)) {
                let left = folder();
                copy(root.path(), left.path());
                if let (Fault::Tears, Some(write)) = (fault, &change.write) {
                    let half = &write.bytes[..write.bytes.len() / 2];
                    put(root.path(), left.path(), &change.path, half, write.offset);
                }
                let point = format!("{:?}, {fault:?} at {number}: {change}", scene.act);
                faults.note(&point, recover(scene, left.path(), &[]));
                met[usize::from(*fault == Fault::Tears)] += 1;
            }
            Fate::Happens
        });
        told.unwrap();
        let told = sightings(&mut child);
        faults.note("after all", recover(scene, root.path(), &told));

        for number in 1..=scene.writes.len() {
            for fault in of(number) {
                let Fault::Fails(error) = *fault else {
                    continue;
                };
                let (root, mut at, mut point) = (folder(), 0, String::new());
                copy(scene.before.path(), root.path());
                let mut child = teller(scene.act, root.path());
                let told = run(&mut child, root.path(), &mut |change| {
                    at += 1;
                    if at != number {
                        return Fate::Happens;
                    }
                    point = format!("{:?}, {fault:?} at {number}: {change}", scene.act);
                    Fate::Fails(error)
                });
                told.unwrap();
                let told = sightings(&mut child);
                faults.note(&point, recover(scene, root.path(), &told));
                met[2] += 1;
                noticed += u64::from(!told.iter().all(|one| one.answered));
            }
        }
    }
    let [ended, torn, failed] = met;
    println!("ended at {ended} changes and within {torn} writes; {failed} changes failed");
    println!("{noticed} of those made an act fail on an open node");
    assert!(
        faults.0.is_empty(),
        "{} faults:\n{}",
        faults.0.len(),
        faults.0.join("\n")
    );
    assert!(ended > 30 && torn > 20 && failed > 60 && noticed > 3);
}

/// What is done at the `n`th change of the story: everything, or by turns.
fn planned(n: u64, writes: bool, all: bool) -> &'static [Fault] {
    const FAULTS: [Fault; 4] = [
        Fault::Ends,
        Fault::Fails(Errno::EIO),
        Fault::Fails(Errno::ENOSPC),
        Fault::Tears,
    ];
    // What is no write cannot be torn.
    let possible = if writes { 4 } else { 3 };
    let turn = match n {
        _ if all => return &FAULTS[..possible],
        ..=EVERY => n,
        _ if n.is_multiple_of(STRIDE) => n / STRIDE,
        _ => return &[],
    };
    let turn = (turn % 4) as usize % possible;
    &FAULTS[turn..=turn]
}

/// Puts bytes into the copy of a file, where a file is copied.
fn put(root: &Path, left: &Path, path: &Path, bytes: &[u8], offset: u64) {
    let path = left.join(path.strip_prefix(root).unwrap());
    if !is_index(&path) {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.write_all_at(bytes, offset).unwrap();
    }
}

/// Opens what a fault left, as whoever starts the node again, and says what does not hold then.
fn recover(scene: &Scene, root: &Path, told: &[Sighting]) -> Result<(), String> {
    let (act, turn) = (scene.act, 10 * scene.act.number() + 5);
    let mut seen = [&scene.seen[..], told].concat();
    for log in [LogName::Public, LogName::Closed] {
        let path = root.join("node/log").join(log.as_str()).join("checkpoint");
        if path.exists() {
            let one = Sighting::of(&fs::read(path).unwrap(), false);
            seen.push(one.ok_or("a reader sees half a checkpoint")?);
        }
    }
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: crate::Error| format!("{what}: {}", crate::error::chain(&error))
    };
    let node = open(act, root, turn).map_err(failed("the node does not open"))?;
    node.found_party("River Clinic", "organisation")
        .map_err(failed("it does not go on"))?;
    match act.tell(&node, root) {
        Err(crate::Error::Asset(_)) if matches!(act, Act::Register | Act::Erase) => Ok(()),
        told => told.map_err(failed("the act cannot be done again")),
    }?;
    check_logs(&node, &seen)?;
    if node.parties().unwrap().iter().any(|it| it.name.is_none()) {
        return Err("a name is lost".to_owned());
    }
    if act.number() > Act::Import.number() {
        let anchors: Anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
        let quorum = Quorum::default();
        let bundle = node.incident_bundle("ARA000001");
        let (bundle, _) = bundle.map_err(failed("there is no proof"))?;
        let verified = bundle.verify(Some(&Anchors { quorum, ..anchors }), ensign_views::need);
        verified.map_err(|error| format!("a proof does not verify: {error}"))?;
    }
    if act.number() >= Act::Erase.number() {
        let words = [told_of(&node, ERASED), copies(&node)].concat();
        let row = |text: &String| text.contains(",Dialysis clinic 2\n") || !text.contains(',');
        if words.iter().any(row) {
            return Err("words that were erased are there".to_owned());
        }
    }
    drop(node);
    let folder = Folder::at(root.join("node"));
    let config = crate::Config::read(folder.path()).unwrap();
    let options = audit::Options {
        screen: true,
        kek: Some(folder.key(&config).unwrap()),
        cores: std::num::NonZero::<usize>::MIN,
    };
    let audit = audit::audit(&folder, None, options, &mut |_| ()).unwrap();
    match audit.is_clean() {
        true => Ok(()),
        false => Err(format!("the audit finds {:?}", audit.findings)),
    }
}

/// Whether every head that was seen is a beginning of the log that is there now: nothing that was
/// answered for is lost, and nothing was signed twice.
fn check_logs(node: &Node, seen: &[Sighting]) -> Result<(), String> {
    for log in [LogName::Public, LogName::Closed] {
        let origin = node.origin(log).to_string();
        let store = node.log(log);
        let size = store.head().unwrap().unwrap().size;
        let mut tree = Frontier::default();
        let mut roots = BTreeMap::from([(0, tree.root())]);
        for entry in store.read(0..size).unwrap() {
            tree.extend([leaf_hash(&entry)]);
            roots.insert(tree.size(), tree.root());
        }
        for one in seen.iter().filter(|one| one.checkpoint.origin == origin) {
            let Checkpoint { size, root, .. } = &one.checkpoint;
            match roots.get(size) {
                Some(now) if now == root => (),
                Some(_) => return Err(format!("a head of size {size} was signed twice")),
                None if one.answered => return Err(format!("an answered head {size} is lost")),
                None => return Err(format!("a published head {size} is lost")),
            }
        }
    }
    Ok(())
}

/// Copies a folder, but not the index of a write-ahead log, which no end of a process leaves in use.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy(&path, &to);
        } else if !is_index(&path) {
            fs::copy(&path, &to).unwrap();
        }
    }
}

fn is_index(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with("-shm")
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: PathBuf = self.path.iter().skip(4).collect();
        match &self.write {
            Some(write) => write!(
                f,
                "{} bytes at {} of {}",
                write.bytes.len(),
                write.offset,
                names.display()
            ),
            None if self.flushes => write!(f, "flush of {}", names.display()),
            None => write!(f, "{}", names.display()),
        }
    }
}

macro_rules! shares {
    ($($name:ident $to_the_end:ident $share:literal,)*) => {
        const SHARES: u64 = [$($share,)*].len() as u64;
        $(
            #[test]
            fn $name() {
                disturb(false, $share, SHARES);
            }

            #[test]
            #[ignore = "takes many minutes: by hand"]
            fn $to_the_end() {
                disturb(true, $share, SHARES);
            }
        )*
    };
}

// Four tests of one sentence, so that two cores share the work.
shares! {
    a_change_that_does_not_happen_loses_nothing_1 a_change_loses_nothing_to_the_end_1 0,
    a_change_that_does_not_happen_loses_nothing_2 a_change_loses_nothing_to_the_end_2 1,
    a_change_that_does_not_happen_loses_nothing_3 a_change_loses_nothing_to_the_end_3 2,
    a_change_that_does_not_happen_loses_nothing_4 a_change_loses_nothing_to_the_end_4 3,
}
