use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use super::*;
use crate::testkit::log::{check, checkpoint, entries, grow, root};
use crate::{FileLeases, Leases};

/// A folder with one log in it, and the lease on it.
struct Node {
    folder: TempDir,
    lease: Lease,
}

impl Node {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lease = lease(folder.path());
        Self { folder, lease }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> Result<SqliteLog, Error> {
        SqliteLog::open(
            &self.path("public"),
            &self.path("log.db"),
            "public",
            &self.lease,
        )
    }

    /// Opens the log on a disk where `step` fails while `fails` is set.
    fn open_on(&self, step: &'static str, fails: &Arc<AtomicBool>) -> SqliteLog {
        let mut tree = Tree::open(&self.path("public")).expect("opens");
        let fails = Arc::clone(fails);
        tree.before = Some(Box::new(move |at| {
            let fails = at == step && fails.load(Ordering::SeqCst);
            if fails {
                Err(io::ErrorKind::StorageFull.into())
            } else {
                Ok(())
            }
        }));
        SqliteLog::open_in(tree, &self.path("log.db"), "public", &self.lease).expect("opens")
    }

    fn damage(&self) -> String {
        match self.open() {
            Err(Error::Damaged { path, what }) => format!("{}: {what}", path.display()),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("the damage was not noticed"),
        }
    }
}

fn lease(folder: &Path) -> Lease {
    let leases = FileLeases::open(folder, &folder.join("log.db")).expect("opens");
    leases.acquire("writer").expect("free")
}

fn staged(node: &Node) -> i64 {
    Connection::open(node.path("log.db"))
        .expect("opens")
        .query_row("SELECT count(*) FROM staging", [], |row| row.get(0))
        .expect("counts")
}

#[test]
fn a_log_outlives_the_process() {
    let node = Node::new();
    for size in [1, 255, 256, 300, 700] {
        let log = node.open().expect("opens");
        grow(&log, size).expect("appended");
        drop(log);
        let log = node.open().expect("opens again");
        check(&log, size);
        assert_eq!(
            fs::read(node.path("public/checkpoint")).expect("reads"),
            checkpoint(size)
        );
    }
    assert_eq!(
        node.open().expect("opens").mark(b"appends").expect("reads"),
        Some(vec![5])
    );
}

#[test]
fn closing_empties_staging_and_removes_partial_tiles_that_were_filled() {
    let node = Node::new();
    let log = node.open().expect("opens");
    for size in [5, 300] {
        grow(&log, size).expect("appended");
    }
    assert_eq!(staged(&node), 2);
    assert!(node.path("public/tile/0/000.p/5").exists());
    log.close().expect("closed");
    assert_eq!(staged(&node), 0);
    for kind in ["0", "entries"] {
        assert!(node.path(&format!("public/tile/{kind}/000")).exists());
        assert!(!node.path(&format!("public/tile/{kind}/000.p")).exists());
        assert!(node.path(&format!("public/tile/{kind}/001.p/44")).exists());
    }
}

#[test]
fn staging_is_emptied_by_an_append_once_enough_is_flushed() {
    let node = Node::new();
    let log = node.open().expect("opens");
    log.lock().settle_at = 1000;
    let mut most = 0;
    for size in (10..=600).step_by(10) {
        grow(&log, size).expect("appended");
        most = most.max(staged(&node));
    }
    assert!((2..10).contains(&most), "{most} batches were staged");
    check(&log, 600);
}

#[test]
fn two_logs_share_a_database_and_nothing_else() {
    let node = Node::new();
    let open = |name| SqliteLog::open(&node.path(name), &node.path("log.db"), name, &node.lease);
    let (public, closed) = (
        open("public").expect("opens"),
        open("closed").expect("opens"),
    );
    grow(&public, 10).expect("appended");
    assert_eq!(closed.head().expect("no head"), None);
    assert_eq!(closed.mark(b"appends").expect("reads"), None);
    grow(&closed, 300).expect("appended");
    grow(&public, 20).expect("appended");
    drop((public, closed));
    check(&open("public").expect("opens"), 20);
    check(&open("closed").expect("opens"), 300);
    let error = open("a/b").err().expect("no name");
    assert!(matches!(error, Error::Name { .. }));
}

#[test]
fn a_folder_of_a_newer_version_is_refused() {
    let node = Node::new();
    Connection::open(node.path("log.db"))
        .and_then(|db| db.execute_batch("PRAGMA user_version = 2"))
        .expect("set");
    assert!(matches!(
        node.open(),
        Err(Error::NewerFormat {
            found: 2,
            known: 1,
            ..
        })
    ));
}

#[test]
fn damage_at_the_right_edge_is_noticed_on_opening_and_named() {
    let node = Node::new();
    let log = node.open().expect("opens");
    grow(&log, 600).expect("appended");
    log.close().expect("closed");
    for name in ["tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"] {
        let path = node.path("public").join(name);
        let good = fs::read(&path).expect("reads");
        for at in [0, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, bad).expect("writes");
            node.damage();
        }
        fs::remove_file(&path).expect("removes");
        assert!(node.damage().ends_with(&format!("{name}: it is missing")));
        fs::write(&path, good).expect("writes");
    }
    check(&node.open().expect("whole again"), 600);
}

#[test]
fn a_checkpoint_that_is_not_that_of_the_head_is_refused_and_a_missing_one_written() {
    let node = Node::new();
    let log = node.open().expect("opens");
    for size in [3, 5] {
        grow(&log, size).expect("appended");
    }
    log.close().expect("closed");
    let path = node.path("public/checkpoint");
    for wrong in [
        &checkpoint(3)[..],
        &checkpoint(6),
        b"",
        &[&checkpoint(5)[..], b"\n"].concat(),
    ] {
        fs::write(&path, wrong).expect("writes");
        assert!(
            node.damage()
                .ends_with("checkpoint: it is not the checkpoint that the log signed last")
        );
    }
    fs::remove_file(&path).expect("removes");
    drop(node.open().expect("opens"));
    assert_eq!(fs::read(&path).expect("reads"), checkpoint(5));
}

#[test]
fn an_older_database_beside_newer_files_is_refused() {
    for (older, newer) in [(5, 10), (5, 256), (256, 257), (300, 600)] {
        let node = Node::new();
        let log = node.open().expect("opens");
        grow(&log, older).expect("appended");
        log.close().expect("closed");
        fs::copy(node.path("log.db"), node.path("backup")).expect("copies");
        let log = node.open().expect("opens");
        grow(&log, newer).expect("appended");
        log.close().expect("closed");
        fs::remove_file(node.path("public/checkpoint")).expect("removes");
        fs::copy(node.path("backup"), node.path("log.db")).expect("restores");
        assert!(matches!(node.open(), Err(Error::Ahead { size, .. }) if size == older));
    }
    let node = Node::new();
    fs::create_dir(node.path("public")).expect("makes");
    fs::write(node.path("public/checkpoint"), checkpoint(1)).expect("writes");
    assert!(matches!(node.open(), Err(Error::Ahead { size: 0, .. })));
}

#[test]
fn a_full_disk_refuses_a_batch_whole_and_later_takes_it() {
    let node = Node::new();
    let full = Arc::new(AtomicBool::new(false));
    let log = node.open_on("commit", &full);
    grow(&log, 5).expect("appended");
    full.store(true, Ordering::SeqCst);
    assert!(matches!(
        grow(&log, 9),
        Err(AppendError::Store(Error::Full { .. }))
    ));
    check(&log, 5);
    full.store(false, Ordering::SeqCst);
    grow(&log, 9).expect("appended");
    check(&log, 9);
}

#[test]
fn a_batch_whose_files_could_not_be_written_is_appended_and_readable_and_published_later() {
    let node = Node::new();
    let full = Arc::new(AtomicBool::new(false));
    for step in ["write", "rename"] {
        let log = node.open_on(step, &full);
        let before = log.head().expect("a head").map_or(0, |head| head.size);
        grow(&log, before + 5).expect("appended");
        full.store(true, Ordering::SeqCst);
        grow(&log, before + 300).expect("durable all the same");
        assert_eq!(
            log.read(0..before + 300).expect("reads"),
            entries(0..before + 300)
        );
        assert_eq!(log.read(before + 9..before + 11).expect("reads").len(), 2);
        assert_eq!(
            fs::read(node.path("public/checkpoint")).expect("reads"),
            checkpoint(before + 5)
        );
        assert!(matches!(
            grow(&log, before + 301),
            Err(AppendError::Store(Error::Full { .. }))
        ));
        assert!(matches!(log.publish(), Err(Error::Full { .. })));
        full.store(false, Ordering::SeqCst);
        log.publish().expect("published");
        check(&log, before + 300);
        assert_eq!(
            fs::read(node.path("public/checkpoint")).expect("reads"),
            checkpoint(before + 300)
        );
        grow(&log, before + 301).expect("appended");
        check(&log, before + 301);
    }
}

#[test]
fn after_a_failed_flush_nothing_is_appended_until_the_log_is_opened_again() {
    let node = Node::new();
    let full = Arc::new(AtomicBool::new(false));
    let log = node.open_on("flush", &full);
    log.lock().settle_at = 0;
    grow(&log, 5).expect("appended");
    full.store(true, Ordering::SeqCst);
    assert!(matches!(
        grow(&log, 6),
        Err(AppendError::Store(Error::Full { .. }))
    ));
    full.store(false, Ordering::SeqCst);
    assert!(matches!(
        grow(&log, 6),
        Err(AppendError::Store(Error::Unsure { .. }))
    ));
    drop(log);
    assert_eq!(staged(&node), 1);
    let log = node.open().expect("opens");
    check(&log, 5);
    grow(&log, 6).expect("appended");
}

#[test]
fn a_holder_that_lost_its_lease_leaves_the_folder_alone() {
    let mut node = Node::new();
    let full = Arc::new(AtomicBool::new(false));
    let stale = node.open_on("write", &full);
    grow(&stale, 5).expect("appended");
    full.store(true, Ordering::SeqCst);
    grow(&stale, 8).expect("durable");
    fs::remove_file(node.path("writer.lock")).expect("somebody removes the lock");
    node.lease = lease(node.folder.path());
    let log = node.open().expect("opens");
    grow(&log, 300).expect("appended");
    full.store(false, Ordering::SeqCst);
    assert!(matches!(
        stale.publish(),
        Err(Error::Fenced {
            held: 1,
            current: 2
        })
    ));
    assert!(matches!(stale.close(), Err(Error::Fenced { .. })));
    assert_eq!(
        fs::read(node.path("public/checkpoint")).expect("reads"),
        checkpoint(300)
    );
    drop(log);
    check(&node.open().expect("opens"), 300);
}

#[test]
fn a_stale_lease_opens_nothing() {
    let node = Node::new();
    fs::remove_file(node.path("writer.lock")).expect("somebody removes the lock");
    let _newer = lease(node.folder.path());
    assert!(matches!(
        node.open(),
        Err(Error::Fenced {
            held: 1,
            current: 2
        })
    ));
}

#[test]
fn files_that_are_not_of_the_log_are_named() {
    let node = Node::new();
    let log = node.open().expect("opens");
    assert!(log.strays().expect("lists").is_empty());
    for size in [5, 300, 600] {
        grow(&log, size).expect("appended");
    }
    assert!(log.strays().expect("lists").is_empty());
    let foreign = [
        "public/note.txt",
        "public/tile/0/000.p/300",
        "public/tile/0/003",
        "public/tile/2/000.p/1",
        "public/tile/entries/0",
    ];
    for name in foreign {
        let path = node.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
        fs::write(path, b"").expect("writes");
    }
    let found = log.strays().expect("lists");
    assert_eq!(found, foreign.map(|name| node.path(name)));
}

#[test]
fn readers_see_whole_heads_while_the_log_grows() {
    let node = Node::new();
    let log = node.open().expect("opens");
    log.lock().settle_at = 2000;
    grow(&log, 1).expect("appended");
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let size = log.head().expect("a head").expect("not empty").size;
                        assert_eq!(log.read(0..size).expect("reads"), entries(0..size));
                        if size == 800 {
                            break;
                        }
                    }
                })
            })
            .collect();
        for size in (8..=800).step_by(8) {
            grow(&log, size).expect("appended");
        }
        readers
            .into_iter()
            .for_each(|reader| reader.join().expect("reads"));
    });
}

#[test]
fn an_error_names_the_path_that_could_not_be_made() {
    let node = Node::new();
    fs::write(node.path("file"), b"").expect("writes");
    let opened = SqliteLog::open(
        &node.path("file/public"),
        &node.path("log.db"),
        "public",
        &node.lease,
    );
    let error = opened.err().expect("no folder");
    assert!(
        error
            .to_string()
            .contains(&node.path("file").display().to_string()),
        "{error}"
    );
}

#[test]
fn an_impossible_head_is_damage_and_no_panic() {
    let node = Node::new();
    let log = node.open().expect("opens");
    grow(&log, 3).expect("appended");
    log.close().expect("closed");
    for (size, settled) in [
        (-1, 3),
        (3, -1),
        (i64::MAX, i64::MAX),
        (2, 3),
        (3, 2),
        (3, 0),
    ] {
        Connection::open(node.path("log.db"))
            .and_then(|db| db.execute("UPDATE head SET size = ?1, settled = ?2", (size, settled)))
            .expect("set");
        assert!(node.open().is_err(), "size {size}, settled {settled}");
    }
    assert_eq!(root(0), ensign_trust::log::merkle::empty_root());
}
