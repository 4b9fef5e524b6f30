//! Stories on real folders.

mod admission;
mod backups;
mod emblems;
mod erasing;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod faults;
mod folders;
mod imports;
mod mirrors;
mod notes;
mod passkeys;
mod people;
mod promises;
mod sealing;
mod simulation;
mod witnesses;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ensign_store::Entropy;
use sha2::{Digest as _, Sha256};

use crate::clock::SetClock;
use crate::founding::Founding;
use crate::node::Node;

/// Entropy that is the same in every run: SHA-256 of a seed and a counter.
pub(crate) struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            chunk.copy_from_slice(&Sha256::digest(count.to_be_bytes())[..chunk.len()]);
        }
    }
}

/// Invented time at which every story begins.
pub(crate) const BEGIN: u64 = 1_790_000_000;

/// A node of an invented operator in a temporary folder.
pub(crate) struct Place {
    root: tempfile::TempDir,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) entropy: Arc<Seeded>,
}

impl Place {
    pub(crate) fn new(seed: u64) -> Self {
        Place {
            root: tempfile::tempdir().unwrap(),
            clock: Arc::new(SetClock::at(BEGIN)),
            entropy: Arc::new(Seeded(AtomicU64::new(seed << 32))),
        }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("node")
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.root.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn init(&self) -> Node {
        self.try_init().unwrap()
    }

    pub(crate) fn try_init(&self) -> Result<Node, crate::Error> {
        let founding = Founding {
            name: "Records Office of the Three Rivers".to_owned(),
            origin: "node.example.org/log".to_owned(),
            realm: "exercise/three-rivers".parse().unwrap(),
        };
        Node::init(
            &self.folder(),
            &founding,
            self.clock.clone(),
            self.entropy.clone(),
        )
    }

    pub(crate) fn open(&self) -> Result<Node, crate::Error> {
        Node::open(
            &self.folder(),
            self.clock.clone(),
            self.entropy.clone(),
            &mut |_| (),
        )
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
