//! The files of a log, fetched by GET.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use ensign_trust::log::Hash;
use ensign_trust::log::merkle::NodeId;
use ensign_trust::log::tile::{
    FULL_WIDTH, TileKind, TilePath, bundle_entries, bundle_push, node_from_tile, place_of,
    tile_hashes, tiles_of_growth,
};

use super::{MirrorFault, state};
use crate::append::{TreeFault, widest};
use crate::command::Progress;
use crate::error::Error;
use crate::network::Network;

/// Longest checkpoint: one with a dozen cosignatures after quantum computers' measure.
const MAX_CHECKPOINT: u64 = 64 * 1024;
/// Longest bundle: entries of 65,535 bytes, each behind its length.
const MAX_BUNDLE: u64 = FULL_WIDTH as u64 * (65_535 + 2);

/// Where a log is served.
pub(super) struct Source<'a> {
    address: String,
    network: &'a dyn Network,
}

impl<'a> Source<'a> {
    /// A log at an address, with or without a slash at its end.
    pub fn new(address: &str, network: &'a dyn Network) -> Self {
        Source {
            address: address.trim_end_matches('/').to_owned(),
            network,
        }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn not_a_log(&self) -> Error {
        MirrorFault::NotALog {
            address: self.address.clone(),
        }
        .into()
    }

    pub fn checkpoint(&self) -> Result<Vec<u8>, Error> {
        let found = self.get("checkpoint", MAX_CHECKPOINT)?;
        Ok(found.ok_or_else(|| self.status("checkpoint", 404))?)
    }

    /// Fetches all tiles and bundles that came with a log's growth. They are in place afterwards, and
    /// not yet flushed.
    pub fn fetch(
        &self,
        folder: &Path,
        old: u64,
        new: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Error> {
        let paths = Mutex::new(tiles_of_growth(old, new));
        let failed = AtomicBool::new(false);
        let next = &|| {
            let mut paths = paths.lock().unwrap_or_else(PoisonError::into_inner);
            paths.next().filter(|_| !failed.load(Ordering::Relaxed))
        };
        let fetch = &|path: &TilePath| -> Result<u64, Error> {
            let bytes = self.resource(path)?;
            state::clear_beside(folder, path, old)?;
            state::put(&folder.join(path.to_string()), &bytes)?;
            Ok(match path.kind {
                TileKind::Entries => path.width.into(),
                TileKind::Hashes { .. } => 0,
            })
        };
        let (sender, fetched) = mpsc::channel();
        let work = &|sender: mpsc::Sender<Result<u64, Error>>| {
            while let Some(path) = next() {
                let one = fetch(&path);
                failed.fetch_or(one.is_err(), Ordering::Relaxed);
                // Who would hear of it waits for all of them.
                let _ = sender.send(one);
            }
        };
        std::thread::scope(|scope| {
            match self.network.at_once() {
                1 => work(sender),
                several => {
                    for _ in 0..several {
                        let sender = sender.clone();
                        scope.spawn(move || work(sender));
                    }
                    drop(sender);
                }
            }
            let (mut there, mut outcome) = (old - old % u64::from(FULL_WIDTH), Ok(()));
            for one in fetched {
                match one {
                    Ok(entries) => there += entries,
                    Err(error) => outcome = outcome.and(Err(error)),
                }
                progress(Progress {
                    stage: "reading".to_owned(),
                    done: there,
                    total: Some(new),
                });
            }
            outcome
        })
    }

    /// The hash of a node of the tree that the log has at a size.
    pub fn node(&self, size: u64, node: NodeId) -> Result<Hash, TreeFault> {
        let path = widest(place_of(node).tile, size);
        let tile = self.resource(&path);
        Ok(node_from_tile(
            node,
            &tile.map_err(|_| TreeFault::Missing(path))?,
        )?)
    }

    /// A tile or a bundle, or as much of the full one that has taken its place.
    fn resource(&self, path: &TilePath) -> Result<Vec<u8>, MirrorFault> {
        let most = match path.kind {
            TileKind::Entries => MAX_BUNDLE,
            TileKind::Hashes { .. } => u64::from(FULL_WIDTH) * 32,
        };
        if let Some(found) = self.get(&path.to_string(), most)? {
            return Ok(found);
        }
        let full = path.full();
        let found = self.get(&full.to_string(), most)?;
        let found = found.ok_or_else(|| self.status(&path.to_string(), 404))?;
        narrowed(found, &full, path).ok_or_else(|| MirrorFault::Unfit {
            address: format!("{}/{full}", self.address),
        })
    }

    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorFault> {
        let address = format!("{}/{path}", self.address);
        let reply = self.network.get(&address, most)?;
        match reply.status {
            200 => Ok(Some(reply.body)),
            404 | 410 => Ok(None),
            status => Err(MirrorFault::Status { address, status }),
        }
    }

    fn status(&self, path: &str, status: u16) -> MirrorFault {
        MirrorFault::Status {
            address: format!("{}/{path}", self.address),
            status,
        }
    }
}

/// The beginning of a tile or bundle that lies in a wider one.
pub(super) fn narrowed(held: Vec<u8>, wider: &TilePath, path: &TilePath) -> Option<Vec<u8>> {
    if wider.width == path.width {
        return Some(held);
    }
    let width = usize::from(path.width);
    match path.kind {
        TileKind::Hashes { .. } => Some(tile_hashes(&held).ok()?.get(..width)?.concat()),
        TileKind::Entries => {
            let mut bundle = Vec::new();
            let entries = bundle_entries(&held, wider.width).ok()?;
            for entry in entries.into_iter().take(width) {
                bundle_push(&mut bundle, entry).ok()?;
            }
            Some(bundle)
        }
    }
}
