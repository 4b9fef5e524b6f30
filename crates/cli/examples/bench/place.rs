//! Folders of nodes, under `target/bench`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use ensign_node::clock::SetClock;
use ensign_node::{Founding, Node};
use ensign_store::Entropy;
use sha2::{Digest as _, Sha256};

/// From which everything is drawn.
pub const SEED: u64 = 20_260_101;
/// Invented time at which all of it happens, Unix seconds.
pub const TIME: u64 = 1_790_000_000;
/// Where invented statements count.
pub const REALM: &str = "exercise/bench";

/// A folder whose content is gone when it is dropped.
pub struct Place(tempfile::TempDir);

/// Draws the same bytes in every run: SHA-256 of a seed and a counter.
pub struct Seeded {
    seed: u64,
    drawn: AtomicU64,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Seeded {
            seed,
            drawn: AtomicU64::new(0),
        }
    }

    /// Sixteen bytes.
    pub fn unique(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes
    }
}

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
            let hash = Sha256::new().chain_update(self.seed.to_be_bytes());
            let digest = hash.chain_update(drawn.to_be_bytes()).finalize();
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

impl Place {
    pub fn new() -> Result<Self> {
        Ok(Place(tempfile::tempdir_in(root()?)?))
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Where a node is or will be.
    pub fn node(&self) -> PathBuf {
        self.join("node")
    }
}

/// Where all folders are made.
pub fn root() -> Result<PathBuf> {
    let root = workspace().join("target/bench");
    fs::create_dir_all(&root).with_context(|| format!("could not make {}", root.display()))?;
    Ok(root)
}

/// A file of the published data that lies beside the workspace, if it is there.
pub fn published(path: &str) -> Option<PathBuf> {
    let path = workspace().join("../shared/data").join(path);
    path.is_file().then_some(path)
}

/// Makes a node.
pub fn found(folder: &Path) -> Result<Node> {
    let founding = Founding {
        name: "Records Office of the Three Rivers".to_owned(),
        origin: "node.example.org/log".to_owned(),
        realm: REALM.parse()?,
    };
    let entropy = Arc::new(Seeded::new(SEED));
    Ok(Node::init(
        folder,
        &founding,
        Arc::new(SetClock::at(TIME)),
        entropy,
    )?)
}

/// Opens a node.
pub fn open(folder: &Path) -> Result<Node> {
    // What is drawn later must not repeat what was drawn before.
    let entropy = Arc::new(Seeded::new(SEED ^ u64::from(std::process::id())));
    Ok(Node::open(
        folder,
        Arc::new(SetClock::at(TIME)),
        entropy,
        &mut |_| (),
    )?)
}

/// A node's folder that is kept from run to run: filled by `fill` where it is not there, or was
/// filled otherwise than `recipe` says.
pub fn kept(name: &str, recipe: &str, fill: impl FnOnce(Node) -> Result<()>) -> Result<PathBuf> {
    let place = root()?.join(name);
    let (node, note) = (place.join("node"), place.join("recipe"));
    if fs::read_to_string(&note).is_ok_and(|it| it == recipe) {
        return Ok(node);
    }
    println!("  filling {} ...", place.display());
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::create_dir_all(&place)?;
    fill(found(&node)?)?;
    fs::write(note, recipe)?;
    Ok(node)
}

fn workspace() -> PathBuf {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.ancestors()
        .nth(2)
        .expect("the crate lies in crates/ of the workspace")
        .to_owned()
}
