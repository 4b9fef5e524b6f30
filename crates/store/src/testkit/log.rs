use std::cell::Cell;

use ensign_trust::log::Hash;
use ensign_trust::log::merkle::{empty_root, leaf_hash, root_of};
use ensign_trust::log::tile::{TileKind, TilePath, tile_hashes, tiles_of_size};

use crate::{AppendError, Batch, Error, Head, Lease, Leases, Log, Mark};

macro_rules! log_suite {
    ($make:expr) => {
        $crate::testkit::suite!(log, $make,
            a_log_is_empty_before_the_first_append
            entries_come_back_in_order_with_the_head_that_was_signed
            tiles_and_bundles_lead_to_the_root
            a_partial_tile_of_a_published_head_is_there_until_the_full_one_is
            a_batch_on_another_head_is_refused
            a_batch_that_does_not_lead_to_its_root_is_refused
            an_empty_batch_and_an_entry_too_long_are_refused
            marks_are_compared_and_swapped_with_the_append
            marks_of_one_batch_follow_each_other
            a_refused_batch_leaves_nothing
            a_holder_whose_lease_was_taken_over_is_fenced_off
            only_entries_that_exist_can_be_read);
    };
}
pub(crate) use log_suite;

/// A log, and the leases that fence it.
pub(crate) struct LogBench {
    log: Box<dyn Log>,
    leases: Box<dyn Leases>,
    lease: Cell<Option<Lease>>,
}

impl LogBench {
    pub(crate) fn new<L: Leases + 'static, G: Log + 'static>(
        leases: L,
        open: impl FnOnce(&L, &Lease) -> G,
    ) -> Self {
        let lease = leases.acquire("writer").expect("free");
        let log = Box::new(open(&leases, &lease));
        Self {
            log,
            leases: Box::new(leases),
            lease: Cell::new(Some(lease)),
        }
    }

    fn log(&self) -> &dyn Log {
        &*self.log
    }
}

pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}, {}", "x".repeat((index % 37) as usize)).into_bytes()
}

pub(crate) fn entries(range: std::ops::Range<u64>) -> Vec<Vec<u8>> {
    range.map(entry).collect()
}

pub(crate) fn root(size: u64) -> Hash {
    let leaves: Vec<Hash> = (0..size).map(|index| leaf_hash(&entry(index))).collect();
    if leaves.is_empty() {
        empty_root()
    } else {
        root_of(&leaves)
    }
}

pub(crate) fn checkpoint(size: u64) -> Vec<u8> {
    format!("log.example.org\n{size}\n").into_bytes()
}

/// Appends invented entries up to `size`, with one mark that counts the appends.
pub(crate) fn grow(log: &dyn Log, size: u64) -> Result<(), AppendError> {
    let expected = log.head()?.map_or(0, |head| head.size);
    let before = log.mark(b"appends")?;
    let count = before.as_ref().map_or(0, |bytes| bytes[0]);
    log.append(&Batch {
        expected,
        expected_root: root(expected),
        entries: &entries(expected..size),
        root: root(size),
        checkpoint: &checkpoint(size),
        marks: &[Mark {
            key: b"appends".to_vec(),
            expected: before,
            value: vec![count + 1],
        }],
    })
}

/// Checks that a log has exactly the invented entries below `size`.
pub(crate) fn check(log: &dyn Log, size: u64) {
    let head = Head {
        size,
        root: root(size),
        checkpoint: checkpoint(size),
    };
    assert_eq!(log.head().expect("a head"), Some(head));
    assert_eq!(log.read(0..size).expect("reads"), entries(0..size));
    for tile in tiles_of_size(size) {
        assert!(
            log.resource(&tile).expect("reads").is_some(),
            "{tile} of size {size}"
        );
    }
}

pub(crate) fn a_log_is_empty_before_the_first_append(bench: &LogBench) {
    let log = bench.log();
    assert_eq!(log.head().expect("no head"), None);
    assert_eq!(log.read(0..0).expect("reads"), Vec::<Vec<u8>>::new());
    assert_eq!(log.mark(b"any").expect("reads"), None);
    let tile = TilePath {
        kind: TileKind::Entries,
        index: 0,
        width: 1,
    };
    assert_eq!(log.resource(&tile).expect("reads"), None);
}

pub(crate) fn entries_come_back_in_order_with_the_head_that_was_signed(bench: &LogBench) {
    for size in [1, 2, 5, 255, 256, 257, 700, 1024, 1030] {
        grow(bench.log(), size).expect("appended");
        check(bench.log(), size);
    }
    let read = |range: std::ops::Range<u64>| bench.log().read(range).expect("reads");
    for (start, end) in [
        (0, 1),
        (255, 257),
        (250, 800),
        (1024, 1030),
        (1029, 1030),
        (7, 7),
    ] {
        assert_eq!(read(start..end), entries(start..end), "{start}..{end}");
    }
}

pub(crate) fn tiles_and_bundles_lead_to_the_root(bench: &LogBench) {
    grow(bench.log(), 300).expect("appended");
    grow(bench.log(), 1300).expect("appended");
    let hashes = |level, index, width| -> Vec<Hash> {
        let path = TilePath {
            kind: TileKind::Hashes { level },
            index,
            width,
        };
        let bytes = bench
            .log()
            .resource(&path)
            .expect("reads")
            .expect("is there");
        tile_hashes(&bytes).expect("a tile").to_vec()
    };
    let full: Vec<Hash> = (0..5)
        .map(|index| root_of(&hashes(0, index, 256)))
        .collect();
    assert_eq!(hashes(1, 0, 5), full);
    let leaves = (0..5)
        .flat_map(|index| hashes(0, index, 256))
        .chain(hashes(0, 5, 20));
    assert_eq!(root_of(&leaves.collect::<Vec<_>>()), root(1300));
}

pub(crate) fn a_partial_tile_of_a_published_head_is_there_until_the_full_one_is(bench: &LogBench) {
    let log = bench.log();
    let tile = |kind, width| TilePath {
        kind,
        index: 0,
        width,
    };
    let kinds = [TileKind::Entries, TileKind::Hashes { level: 0 }];
    for size in [3, 100] {
        grow(log, size).expect("appended");
    }
    for kind in kinds {
        for width in [3, 100] {
            assert!(log.resource(&tile(kind, width)).expect("reads").is_some());
        }
        assert!(log.resource(&tile(kind, 4)).expect("reads").is_none());
    }
    grow(log, 256).expect("appended");
    for kind in kinds {
        assert!(log.resource(&tile(kind, 256)).expect("reads").is_some());
    }
}

pub(crate) fn a_batch_on_another_head_is_refused(bench: &LogBench) {
    let log = bench.log();
    grow(log, 10).expect("appended");
    let batch = Batch {
        expected: 10,
        expected_root: root(10),
        entries: &entries(10..12),
        root: root(12),
        checkpoint: b"next",
        marks: &[],
    };
    let refused = |batch: &Batch<'_>| {
        assert!(matches!(
            log.append(batch),
            Err(AppendError::HeadMoved { found: 10, .. })
        ));
    };
    refused(&Batch {
        expected: 9,
        expected_root: root(9),
        ..batch
    });
    refused(&Batch {
        expected: 11,
        expected_root: root(11),
        ..batch
    });
    refused(&Batch {
        expected_root: root(9),
        ..batch
    });
    refused(&Batch {
        expected: 0,
        expected_root: empty_root(),
        ..batch
    });
    log.append(&batch).expect("the right one");
}

pub(crate) fn a_batch_that_does_not_lead_to_its_root_is_refused(bench: &LogBench) {
    let batch = Batch {
        expected: 0,
        expected_root: empty_root(),
        entries: &entries(0..3),
        root: root(4),
        checkpoint: b"wrong",
        marks: &[],
    };
    assert!(matches!(
        bench.log().append(&batch),
        Err(AppendError::RootDiffers)
    ));
    assert_eq!(bench.log().head().expect("no head"), None);
}

pub(crate) fn an_empty_batch_and_an_entry_too_long_are_refused(bench: &LogBench) {
    let log = bench.log();
    grow(log, 1).expect("appended");
    let batch = Batch {
        expected: 1,
        expected_root: root(1),
        entries: &[],
        root: root(1),
        checkpoint: b"again",
        marks: &[],
    };
    assert!(matches!(log.append(&batch), Err(AppendError::Empty)));
    let long = [vec![0; 65_535], vec![0; 65_536]];
    let error = log
        .append(&Batch {
            entries: &long,
            ..batch
        })
        .expect_err("too long");
    assert!(matches!(
        error,
        AppendError::EntryLength {
            entry: 1,
            length: 65_536
        }
    ));
    check(log, 1);
}

pub(crate) fn marks_are_compared_and_swapped_with_the_append(bench: &LogBench) {
    let log = bench.log();
    let append = |expected: Option<&[u8]>, value: &[u8]| {
        let size = log.head()?.map_or(0, |head| head.size);
        log.append(&Batch {
            expected: size,
            expected_root: root(size),
            entries: &entries(size..size + 1),
            root: root(size + 1),
            checkpoint: &checkpoint(size + 1),
            marks: &[Mark {
                key: b"chain".to_vec(),
                expected: expected.map(<[u8]>::to_vec),
                value: value.to_vec(),
            }],
        })
    };
    let moved = |result: Result<(), AppendError>, expected: Option<&[u8]>| match result {
        Err(AppendError::MarkMoved { key, found }) => {
            assert_eq!((&key[..], found.as_deref()), (&b"chain"[..], expected));
        }
        other => panic!("{other:?}"),
    };
    moved(append(Some(b"a"), b"b"), None);
    append(None, b"a").expect("new");
    moved(append(None, b"b"), Some(b"a"));
    moved(append(Some(b"x"), b"b"), Some(b"a"));
    append(Some(b"a"), b"b").expect("moved");
    assert_eq!(log.mark(b"chain").expect("reads"), Some(b"b".to_vec()));
    check(log, 2);
}

pub(crate) fn marks_of_one_batch_follow_each_other(bench: &LogBench) {
    let mark = |expected: Option<&[u8]>, value: &[u8]| Mark {
        key: b"chain".to_vec(),
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
    };
    let batch = Batch {
        expected: 0,
        expected_root: empty_root(),
        entries: &entries(0..2),
        root: root(2),
        checkpoint: &checkpoint(2),
        marks: &[mark(None, b"a"), mark(Some(b"a"), b"b")],
    };
    let broken = [mark(None, b"a"), mark(None, b"b")];
    let refused = bench.log().append(&Batch {
        marks: &broken,
        ..batch
    });
    assert!(matches!(refused, Err(AppendError::MarkMoved { found: Some(a), .. }) if a == b"a"));
    bench.log().append(&batch).expect("appended");
    assert_eq!(
        bench.log().mark(b"chain").expect("reads"),
        Some(b"b".to_vec())
    );
}

pub(crate) fn a_refused_batch_leaves_nothing(bench: &LogBench) {
    let log = bench.log();
    grow(log, 5).expect("appended");
    let mark = |key: &[u8], expected: Option<&[u8]>| Mark {
        key: key.to_vec(),
        expected: expected.map(<[u8]>::to_vec),
        value: b"new".to_vec(),
    };
    let batch = Batch {
        expected: 5,
        expected_root: root(5),
        entries: &entries(5..6),
        root: root(6),
        checkpoint: &checkpoint(6),
        marks: &[mark(b"first", None), mark(b"second", Some(b"not there"))],
    };
    assert!(matches!(
        log.append(&batch),
        Err(AppendError::MarkMoved { .. })
    ));
    assert_eq!(log.mark(b"first").expect("reads"), None);
    check(log, 5);
    grow(log, 6).expect("appended");
    check(log, 6);
}

pub(crate) fn a_holder_whose_lease_was_taken_over_is_fenced_off(bench: &LogBench) {
    grow(bench.log(), 5).expect("appended");
    drop(bench.lease.take());
    let _other = bench.leases.acquire("writer").expect("free");
    let refused = grow(bench.log(), 6);
    assert!(
        matches!(
            refused,
            Err(AppendError::Fenced {
                held: 1,
                current: 2
            })
        ),
        "{refused:?}"
    );
    check(bench.log(), 5);
}

pub(crate) fn only_entries_that_exist_can_be_read(bench: &LogBench) {
    grow(bench.log(), 5).expect("appended");
    for range in [0..6, 5..6, 9..9] {
        assert!(matches!(
            bench.log().read(range),
            Err(Error::Beyond { size: 5, .. })
        ));
    }
    let backwards = std::ops::Range { start: 3, end: 2 };
    assert!(matches!(
        bench.log().read(backwards),
        Err(Error::Beyond { .. })
    ));
}
