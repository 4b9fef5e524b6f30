use super::*;
use crate::testkit::log::{LogBench, log_suite};

mod memory {
    use super::*;
    use crate::MemoryLeases;

    log_suite!(Box::new(LogBench::new(MemoryLeases::new(), MemoryLog::new)));

    #[test]
    fn a_log_in_memory_outlives_who_opened_it_and_a_copy_goes_its_own_way() {
        use crate::Leases as _;
        use ensign_trust::log::merkle::{leaf_hash, root_of};

        let leases = MemoryLeases::new();
        let lease = leases.acquire("writer").expect("free");
        let first = MemoryLog::new(&leases, &lease);
        let append = |log: &MemoryLog, entries: &[&[u8]]| {
            let head = log.head().expect("reads");
            let (expected, expected_root) = size_and_root(head.as_ref());
            let mut leaves: Vec<_> = log.read(0..expected).expect("reads");
            let new: Vec<_> = entries.iter().map(|entry| entry.to_vec()).collect();
            leaves.extend(new.iter().cloned());
            let leaves: Vec<_> = leaves.iter().map(|entry| leaf_hash(entry)).collect();
            log.append(&Batch {
                expected,
                expected_root,
                entries: &new,
                root: root_of(&leaves),
                checkpoint: b"note",
                marks: &[],
            })
        };
        append(&first, &[b"a", b"b"]).expect("appends");
        drop(lease);
        let lease = leases.acquire("writer").expect("free again");
        let again = first.reopened(&lease);
        append(&again, &[b"c"]).expect("goes on");
        let late = append(&first, &[b"d"]).expect_err("is fenced off");
        assert!(matches!(late, AppendError::Fenced { .. }), "{late}");
        let others = MemoryLeases::new();
        let copy = again.copied(&others, &others.acquire("writer").expect("free"));
        append(&copy, &[b"x"]).expect("appends");
        append(&again, &[b"y"]).expect("appends");
        let fourth = |log: &MemoryLog| log.read(3..4).expect("reads");
        assert_eq!(
            (fourth(&copy), fourth(&again)),
            (vec![b"x".to_vec()], vec![b"y".to_vec()])
        );
    }
}

mod sqlite {
    use super::*;
    use crate::FileLeases;
    use crate::testkit::InFolder;

    log_suite!(InFolder::new(|folder| {
        let path = folder.join("log.db");
        LogBench::new(
            FileLeases::open(folder, &path).expect("opens"),
            |_, lease| {
                SqliteLog::open(&folder.join("public"), &path, "public", lease).expect("opens")
            },
        )
    }));
}
