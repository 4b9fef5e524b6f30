use std::io::{self, Read};

use crate::{Blobs, Digest};

macro_rules! blobs_suite {
    ($make:expr) => {
        $crate::testkit::suite!(blobs, $make,
            a_blob_comes_back_under_the_digest_of_its_bytes
            putting_the_same_bytes_again_changes_nothing
            a_deleted_blob_is_gone
            all_blobs_are_listed_in_order
            a_source_that_fails_leaves_nothing
            blobs_can_be_put_at_the_same_time);
    };
}
pub(crate) use blobs_suite;

fn bytes_of(blobs: &dyn Blobs, digest: &Digest) -> Option<Vec<u8>> {
    let mut blob = blobs.get(digest).expect("opens")?;
    let mut bytes = Vec::new();
    blob.read_to_end(&mut bytes).expect("reads");
    Some(bytes)
}

pub(crate) fn a_blob_comes_back_under_the_digest_of_its_bytes(blobs: &dyn Blobs) {
    for bytes in [vec![], b"abc".to_vec(), vec![7; 300_000]] {
        let digest = blobs.put(&mut &bytes[..]).expect("put");
        assert_eq!(digest, Digest::of(&bytes));
        assert_eq!(bytes_of(blobs, &digest), Some(bytes));
    }
    assert_eq!(bytes_of(blobs, &Digest::of(b"never put")), None);
}

pub(crate) fn putting_the_same_bytes_again_changes_nothing(blobs: &dyn Blobs) {
    let first = blobs.put(&mut &b"same"[..]).expect("put");
    assert_eq!(blobs.put(&mut &b"same"[..]).expect("put"), first);
    assert_eq!(blobs.list().expect("lists"), [first]);
}

pub(crate) fn a_deleted_blob_is_gone(blobs: &dyn Blobs) {
    let digest = blobs.put(&mut &b"to delete"[..]).expect("put");
    assert!(blobs.delete(&digest).expect("deleted"));
    assert!(!blobs.delete(&digest).expect("was gone"));
    assert_eq!(bytes_of(blobs, &digest), None);
    assert_eq!(blobs.list().expect("lists"), []);
}

pub(crate) fn all_blobs_are_listed_in_order(blobs: &dyn Blobs) {
    let mut put: Vec<Digest> = (0..50_u8)
        .map(|i| blobs.put(&mut &[i][..]).expect("put"))
        .collect();
    put.sort();
    assert_eq!(blobs.list().expect("lists"), put);
}

pub(crate) fn a_source_that_fails_leaves_nothing(blobs: &dyn Blobs) {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the line is cut"))
        }
    }
    assert!(blobs.put(&mut (&b"half"[..]).chain(Failing)).is_err());
    assert_eq!(blobs.list().expect("lists"), []);
}

pub(crate) fn blobs_can_be_put_at_the_same_time(blobs: &dyn Blobs) {
    std::thread::scope(|scope| {
        for i in 0..8_u8 {
            scope.spawn(move || blobs.put(&mut &[i / 2; 1000][..]).expect("put"));
        }
    });
    assert_eq!(blobs.list().expect("lists").len(), 4);
}
