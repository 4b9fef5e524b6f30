//! The right edge of a log: what the next entry needs, in memory, so that an append reads no file.

use ensign_trust::log::Hash;
use ensign_trust::log::merkle::{Frontier, empty_root, leaf_hash, root_of};
use ensign_trust::log::tile::{
    FULL_WIDTH, TileError, TileKind, TilePath, bundle_entries, bundle_push, tile_hashes,
};

use super::tree::Tree;
use super::{AppendError, Batch};
use crate::Error;

/// A tile or a bundle with its bytes.
pub(super) struct Resource {
    pub path: TilePath,
    pub bytes: Vec<u8>,
}

/// The open tile of each level, lowest first, and the open bundle; all below full width.
#[derive(Clone)]
pub(super) struct Edge {
    size: u64,
    root: Hash,
    tiles: Vec<Vec<Hash>>,
    bundle: Vec<u8>,
}

impl Edge {
    /// The edge of the empty log.
    pub fn new() -> Self {
        Self {
            size: 0,
            root: empty_root(),
            tiles: Vec::new(),
            bundle: Vec::new(),
        }
    }

    /// Number of entries of the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the log.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The edge after `entries`, and what they add: each tile and bundle that was filled, and the
    /// open ones that changed, at their new width.
    pub fn grow<'a>(
        &self,
        entries: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(Self, Vec<Resource>), TileError> {
        let mut edge = self.clone();
        let mut new = Vec::new();
        let mut changed = 0;
        for entry in entries {
            changed = changed.max(edge.push(entry, &mut new)?);
        }
        let width = (edge.size % u64::from(FULL_WIDTH)) as u16;
        if changed > 0 && width > 0 {
            let index = edge.size / u64::from(FULL_WIDTH);
            let path = TilePath {
                kind: TileKind::Entries,
                index,
                width,
            };
            new.push(Resource {
                path,
                bytes: edge.bundle.clone(),
            });
        }
        for (level, tile) in edge.tiles.iter().enumerate().take(changed) {
            if !tile.is_empty() {
                let path = edge.open_tile(level as u8, tile.len() as u16);
                new.push(Resource {
                    path,
                    bytes: tile.concat(),
                });
            }
        }
        edge.root = edge.compute_root();
        Ok((edge, new))
    }

    /// [`Edge::grow`] by a batch, which must lead to the root that it says.
    pub fn follow(&self, batch: &Batch<'_>) -> Result<(Self, Vec<Resource>), AppendError> {
        if batch.entries.is_empty() {
            return Err(AppendError::Empty);
        }
        let too_long = |entry: &Vec<u8>| entry.len() > usize::from(u16::MAX);
        if let Some(entry) = batch.entries.iter().position(too_long) {
            return Err(AppendError::EntryLength {
                entry,
                length: batch.entries[entry].len(),
            });
        }
        let (edge, new) = self
            .grow(batch.entries.iter().map(Vec::as_slice))
            .expect("no entry of the batch is too long");
        if edge.root() != batch.root {
            return Err(AppendError::RootDiffers);
        }
        Ok((edge, new))
    }

    /// Reads the edge of a log of `size` from its files.
    pub fn load(tree: &Tree, size: u64) -> Result<Self, Error> {
        let mut edge = Self {
            size,
            ..Self::new()
        };
        for level in 0.. {
            let hashes = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
            if hashes == 0 {
                break;
            }
            let width = (hashes % u64::from(FULL_WIDTH)) as u16;
            let tile = if width == 0 {
                Vec::new()
            } else {
                let (path, bytes) = tree.widest(edge.open_tile(level, width))?;
                let hashes = tile_hashes(&bytes)
                    .ok()
                    .and_then(|all| all.get(..width.into()));
                hashes
                    .ok_or_else(|| tree.damaged(&path, "it is not a tile of its width"))?
                    .to_vec()
            };
            edge.tiles.push(tile);
        }
        edge.load_bundle(tree)?;
        edge.root = edge.compute_root();
        Ok(edge)
    }

    fn load_bundle(&mut self, tree: &Tree) -> Result<(), Error> {
        let width = (self.size % u64::from(FULL_WIDTH)) as u16;
        if width == 0 {
            return Ok(());
        }
        let index = self.size / u64::from(FULL_WIDTH);
        let (path, bytes) = tree.widest(TilePath {
            kind: TileKind::Entries,
            index,
            width,
        })?;
        let entries = bundle_entries(&bytes, path.width)
            .map_err(|_| tree.damaged(&path, "it is not a bundle of its width"))?;
        for (entry, leaf) in entries.into_iter().zip(&self.tiles[0]) {
            if leaf_hash(entry) != *leaf {
                return Err(tree.damaged(&path, "its entries are not those of its tile"));
            }
            bundle_push(&mut self.bundle, entry).expect("an entry of a bundle fits a bundle");
        }
        Ok(())
    }

    /// Adds one entry and what it fills, and says how many levels changed.
    fn push(&mut self, entry: &[u8], new: &mut Vec<Resource>) -> Result<usize, TileError> {
        bundle_push(&mut self.bundle, entry)?;
        let index = self.size / u64::from(FULL_WIDTH);
        self.size += 1;
        if self.size.is_multiple_of(FULL_WIDTH.into()) {
            let path = TilePath {
                kind: TileKind::Entries,
                index,
                width: FULL_WIDTH,
            };
            new.push(Resource {
                path,
                bytes: std::mem::take(&mut self.bundle),
            });
        }
        let mut hash = leaf_hash(entry);
        for level in 0.. {
            if level == self.tiles.len() {
                self.tiles.push(Vec::with_capacity(FULL_WIDTH.into()));
            }
            let tile = &mut self.tiles[level];
            tile.push(hash);
            if tile.len() < FULL_WIDTH.into() {
                return Ok(level + 1);
            }
            hash = root_of(tile);
            let bytes = tile.concat();
            tile.clear();
            let index = (self.size >> (8 * level + 8)) - 1;
            let kind = TileKind::Hashes { level: level as u8 };
            new.push(Resource {
                path: TilePath {
                    kind,
                    index,
                    width: FULL_WIDTH,
                },
                bytes,
            });
        }
        unreachable!("some level of a log of at most 2^63 entries is not full")
    }

    fn compute_root(&self) -> Hash {
        let nodes = self
            .tiles
            .iter()
            .rev()
            .flat_map(|tile| subtrees(tile))
            .collect();
        Frontier::from_parts(self.size, nodes)
            .expect("the widths of the open tiles are the base-256 digits of the size")
            .root()
    }

    fn open_tile(&self, level: u8, width: u16) -> TilePath {
        let index = self.size >> (8 * level) >> 8;
        TilePath {
            kind: TileKind::Hashes { level },
            index,
            width,
        }
    }
}

/// Writes entries one after the other, each behind its length, as in a bundle but of any number.
pub(super) fn join(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(entries.iter().map(|entry| 2 + entry.len()).sum());
    for entry in entries {
        bundle_push(&mut joined, entry)
            .expect("entries are joined after their lengths were checked");
    }
    joined
}

/// The entries that [`join`] wrote; `None` unless there are exactly `count`.
pub(super) fn split(mut joined: &[u8], count: u64) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = joined.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        entries.push(entry);
        joined = rest;
    }
    (joined.is_empty() && entries.len() as u64 == count).then_some(entries)
}

/// Roots of the perfect subtrees, largest first, into which the hashes of an open tile fall.
fn subtrees(mut tile: &[Hash]) -> Vec<Hash> {
    let mut roots = Vec::new();
    while let Some(height) = tile.len().checked_ilog2() {
        let (subtree, rest) = tile.split_at(1 << height);
        roots.push(root_of(subtree));
        tile = rest;
    }
    roots
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ensign_trust::log::merkle::root_of;
    use ensign_trust::log::tile::tiles_of_growth;

    use super::*;

    fn entries(range: std::ops::Range<u64>) -> Vec<Vec<u8>> {
        range.map(|i| i.to_be_bytes().to_vec()).collect()
    }

    #[test]
    fn growing_gives_the_root_and_exactly_the_new_tiles_at_every_size_around_the_borders() {
        let leaves: Vec<Hash> = entries(0..66_000)
            .iter()
            .map(|entry| leaf_hash(entry))
            .collect();
        let mut edge = Edge::new();
        for size in [
            1, 2, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 65_792, 66_000,
        ] {
            let added = entries(edge.size()..size);
            let (next, new) = edge
                .grow(added.iter().map(Vec::as_slice))
                .expect("short entries");
            assert_eq!(
                next.root(),
                root_of(&leaves[..size as usize]),
                "root at {size}"
            );
            let paths: BTreeSet<TilePath> = new.iter().map(|resource| resource.path).collect();
            assert_eq!(
                paths,
                tiles_of_growth(edge.size(), size).collect(),
                "tiles at {size}"
            );
            assert_eq!(paths.len(), new.len());
            edge = next;
        }
    }

    #[test]
    fn joined_entries_are_split_exactly() {
        let all = [vec![], vec![1], vec![2; 300]];
        let joined = join(&all);
        assert_eq!(
            split(&joined, 3).expect("three"),
            all.iter().collect::<Vec<_>>()
        );
        assert_eq!(split(&joined, 2), None);
        assert_eq!(split(&joined[..joined.len() - 1], 3), None);
        assert_eq!(split(&[0], 0), None);
    }
}
