//! The folder is copied before each step that changes the disk, for a whole run of appends. Each
//! copy is what a crash at that step leaves; with the files that were never flushed emptied, it is
//! what a power cut may leave. Each copy must open, hold every entry that was answered, and grow
//! into the same files as the run that never crashed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::testkit::log::{check, grow};
use crate::{FileLeases, Leases};

const SIZES: [u64; 8] = [1, 3, 200, 256, 300, 511, 700, 701];

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What a crash leaves.
struct Crash {
    step: &'static str,
    /// Size of the log that was answered for before.
    answered: u64,
    files: Files,
    /// Files as they were when they were last flushed.
    flushed: Files,
}

#[derive(Default)]
struct Recording {
    answered: u64,
    last: &'static str,
    flushed: Files,
    crashes: Vec<Crash>,
}

/// All files of a folder, by relative path; not the shared memory of SQLite, which no crash leaves.
fn files(folder: &Path, below: &Path, found: &mut Files) {
    for entry in fs::read_dir(below).expect("lists") {
        let path = entry.expect("an entry").path();
        let name = path.strip_prefix(folder).expect("below").to_owned();
        if path.is_dir() {
            files(folder, &path, found);
        } else if !name.to_string_lossy().ends_with("-shm") {
            found.insert(name, fs::read(&path).expect("reads"));
        }
    }
}

fn all_files(folder: &Path) -> Files {
    let mut found = Files::new();
    files(folder, folder, &mut found);
    found
}

fn put_files(folder: &Path, files: &Files) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
        fs::write(path, bytes).expect("writes");
    }
}

fn lease(folder: &Path) -> Lease {
    let leases = FileLeases::open(folder, &folder.join("log.db")).expect("opens");
    leases.acquire("writer").expect("free")
}

fn open(
    folder: &Path,
    lease: &Lease,
    before: Option<super::super::tree::Before>,
) -> Result<SqliteLog, Error> {
    let mut tree = Tree::open(&folder.join("public")).expect("opens");
    tree.before = before;
    let log = SqliteLog::open_in(tree, &folder.join("log.db"), "public", lease)?;
    // Small enough that staging is emptied several times within the run.
    log.lock().settle_at = 4000;
    Ok(log)
}

/// Runs all appends and gives the files of the log, and what a crash leaves at each step.
fn run() -> (Files, Vec<Crash>) {
    let folder = tempfile::tempdir().expect("a folder");
    let lease = lease(folder.path());
    let recording = Arc::new(Mutex::new(Recording::default()));
    let before = {
        let (recording, folder) = (Arc::clone(&recording), folder.path().to_owned());
        Box::new(move |step| {
            let mut recording = recording.lock().expect("recording");
            let files = all_files(&folder);
            let removed = recording.last == "remove partials" && step != "remove partials";
            if recording.last == "flush" || removed {
                recording.flushed = files.clone();
            }
            recording.last = step;
            let (answered, flushed) = (recording.answered, recording.flushed.clone());
            recording.crashes.push(Crash {
                step,
                answered,
                files,
                flushed,
            });
            Ok(())
        })
    };
    let log = open(folder.path(), &lease, Some(before)).expect("opens");
    for size in SIZES {
        grow(&log, size).expect("appended");
        recording.lock().expect("recording").answered = size;
    }
    log.close().expect("closed");
    let crashes = std::mem::take(&mut recording.lock().expect("recording").crashes);
    (all_files(&folder.path().join("public")), crashes)
}

/// Opens what a crash left, checks it, finishes the run and gives the files of the log.
fn finish(crash: &Crash, left: &Files) -> Files {
    let folder = tempfile::tempdir().expect("a folder");
    put_files(folder.path(), left);
    let lease = lease(folder.path());
    let log = open(folder.path(), &lease, None)
        .unwrap_or_else(|error| panic!("after {} at {}: {error}", crash.step, crash.answered));
    let size = log.head().expect("a head").map_or(0, |head| head.size);
    let next = SIZES.into_iter().find(|&size| size > crash.answered);
    assert!(
        size == crash.answered || Some(size) == next,
        "{size} after {}",
        crash.step
    );
    if size > 0 {
        check(&log, size);
    }
    for size in SIZES.into_iter().filter(|&next| next > size) {
        grow(&log, size).expect("appended");
    }
    log.close().expect("closed");
    all_files(&folder.path().join("public"))
}

fn is_of_the_log(name: &Path) -> bool {
    name.starts_with("public")
}

#[test]
fn a_crash_at_any_step_loses_no_answered_entry_and_changes_no_file() {
    let (whole, crashes) = run();
    for step in [
        "commit",
        "write",
        "rename",
        "flush",
        "remove partials",
        "settle",
    ] {
        assert!(
            crashes.iter().any(|crash| crash.step == step),
            "no crash before {step}"
        );
    }
    for crash in &crashes {
        let files = finish(crash, &crash.files);
        assert!(
            files == whole,
            "other files after {} at {}",
            crash.step,
            crash.answered
        );
    }
}

#[test]
fn a_power_cut_at_any_step_that_empties_every_unflushed_file_loses_nothing_either() {
    let (whole, crashes) = run();
    let mut emptied = 0;
    for crash in &crashes {
        let mut left = crash.files.clone();
        for (name, bytes) in left.iter_mut().filter(|(name, _)| is_of_the_log(name)) {
            if crash.flushed.get(name) != Some(bytes) {
                bytes.clear();
                emptied += 1;
            }
        }
        let files = finish(crash, &left);
        assert!(
            files == whole,
            "other files after {} at {}",
            crash.step,
            crash.answered
        );
    }
    assert!(emptied > crashes.len(), "only {emptied} files were emptied");
}

#[test]
fn a_power_cut_that_undoes_every_unflushed_file_loses_nothing_either() {
    let (whole, crashes) = run();
    for crash in &crashes {
        let database = crash.files.iter().filter(|(name, _)| !is_of_the_log(name));
        let flushed = crash.flushed.iter().filter(|(name, _)| is_of_the_log(name));
        let left = database
            .chain(flushed)
            .map(|(name, bytes)| (name.clone(), bytes.clone()));
        let files = finish(crash, &left.collect());
        assert!(
            files == whole,
            "other files after {} at {}",
            crash.step,
            crash.answered
        );
    }
}

#[test]
fn a_crash_during_recovery_is_recovered_from() {
    let (whole, crashes) = run();
    let crash = crashes
        .iter()
        .rfind(|crash| crash.step == "flush")
        .expect("a late flush");
    let folder = tempfile::tempdir().expect("a folder");
    let database = crash.files.iter().filter(|(name, _)| !is_of_the_log(name));
    let flushed = crash.flushed.iter().filter(|(name, _)| is_of_the_log(name));
    let left = database
        .chain(flushed)
        .map(|(name, bytes)| (name.clone(), bytes.clone()));
    put_files(folder.path(), &left.collect());
    let mut crashed = 0;
    let log = loop {
        let lease = lease(folder.path());
        let steps = AtomicUsize::new(0);
        let before = Box::new(move |_| {
            let late = steps.fetch_add(1, Ordering::SeqCst) == crashed;
            if late {
                Err(io::Error::other("crashed"))
            } else {
                Ok(())
            }
        });
        match open(folder.path(), &lease, Some(before)) {
            Err(Error::Failed { .. }) => crashed += 1,
            Err(other) => panic!("{other}"),
            Ok(log) => break log,
        }
    };
    assert!(crashed > 4, "recovery took only {crashed} steps");
    drop(log);
    let lease = lease(folder.path());
    let log = open(folder.path(), &lease, None).expect("opens");
    check(&log, 701);
    log.close().expect("closed");
    assert!(all_files(&folder.path().join("public")) == whole);
}
