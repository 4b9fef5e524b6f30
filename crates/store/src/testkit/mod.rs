//! What the tests of this crate share: one conformance suite a port, run for each implementation.

pub(crate) mod blobs;
pub(crate) mod leases;
pub(crate) mod log;
pub(crate) mod vault;

use std::fs;
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use crate::Entropy;

/// Makes one test of each function of a suite, on what `$make` gives.
macro_rules! suite {
    ($suite:ident, $make:expr, $($sentence:ident)*) => {
        $(
            #[test]
            fn $sentence() {
                $crate::testkit::$suite::$sentence(&*$make);
            }
        )*
    };
}
pub(crate) use suite;

/// Something in a folder that is removed after it.
pub(crate) struct InFolder<T> {
    inner: T,
    _folder: TempDir,
}

impl<T> InFolder<T> {
    pub(crate) fn new(make: impl FnOnce(&Path) -> T) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            inner: make(folder.path()),
            _folder: folder,
        }
    }
}

impl<T> Deref for InFolder<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

/// Bytes that never repeat and are the same in each run.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        use sha2::{Digest, Sha256};
        for chunk in bytes.chunks_mut(32) {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&Sha256::digest(number.to_be_bytes())[..chunk.len()]);
        }
    }
}

/// The bytes of all files below a folder.
pub(crate) fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).expect("lists") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            bytes.extend(bytes_below(&path));
        } else {
            bytes.extend(fs::read(&path).expect("reads"));
        }
    }
    bytes
}

/// Whether `needle` occurs in `bytes`.
pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
