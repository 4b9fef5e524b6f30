//! The Merkle tree of RFC 6962 section 2.1 with SHA-256: hashes, the compact tree so far, inclusion
//! and consistency proofs.
//!
//! A tree of `n` leaves splits at the largest power of two below `n`. So every tree is a row of
//! *perfect subtrees*, one for each bit of its size, largest first; a [`NodeId`] names one. Leaves
//! and inner nodes are hashed with different prefixes, and so no entry can pass for a node.

use super::{Hash, MAX_SIZE};
use sha2::{Digest as _, Sha256};
use std::iter;
use std::ops::Range;
use thiserror::Error;

/// The hash of an entry: SHA-256 of `00 || entry`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(entry)
        .finalize()
        .into()
}

/// The hash of an inner node: SHA-256 of `01 || left || right`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut input = [1; 65];
    input[1..33].copy_from_slice(left);
    input[33..].copy_from_slice(right);
    Sha256::digest(input).into()
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Names a perfect subtree: at `level`, the one that covers the leaves from
/// `index * 2^level` up to `(index + 1) * 2^level`. Level 0 is the leaves themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Height above the leaves; at most 62 in a log of at most [`MAX_SIZE`] entries.
    pub level: u8,
    /// Position within the level, from the left, starting with 0.
    pub index: u64,
}

/// Why a Merkle proof was not accepted, or cannot exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A size above [`MAX_SIZE`].
    #[error("log size {size} is above the largest size {MAX_SIZE}")]
    SizeTooLarge {
        /// The size asked for.
        size: u64,
    },
    /// The index names no leaf of the tree.
    #[error("index {index} is outside a log of size {size}")]
    IndexOutside {
        /// The index asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The old tree would have to shrink.
    #[error("old size {old} is larger than new size {new}")]
    OldLarger {
        /// Size of the older tree.
        old: u64,
        /// Size of the newer tree.
        new: u64,
    },
    /// The number of hashes follows from the sizes, and this is another one.
    #[error("proof has {found} hashes where the sizes ask for {expected}")]
    WrongLength {
        /// How many hashes the proof must have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The proof leads to another root than the one given (the newer one, of a consistency proof).
    #[error("proof leads to another root")]
    RootMismatch,
    /// The proof leads to the newer root, but from another older root than the one given.
    #[error("proof starts from another old root")]
    OldRootMismatch,
}

/// The tree so far, as the hashes of its perfect subtrees: enough to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    nodes: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            size: 0,
            nodes: Vec::new(),
        }
    }

    /// Restores a frontier from its size and its subtree hashes, largest subtree first, as
    /// [`Frontier::nodes`] gives them. The hashes themselves are taken as given: compare
    /// [`Frontier::root`] with a root that is trusted.
    ///
    /// # Errors
    /// [`ProofError::SizeTooLarge`]; [`ProofError::WrongLength`] where there is not exactly one
    /// hash for each one-bit of the size.
    pub fn from_parts(size: u64, nodes: Vec<Hash>) -> Result<Self, ProofError> {
        check_size(size)?;
        check_length(size.count_ones(), nodes.len())?;
        Ok(Self { size, nodes })
    }

    /// Restores the frontier of a tree of `size` by reading its perfect subtrees, largest first.
    ///
    /// # Errors
    /// [`ProofError::SizeTooLarge`], or what `read` reports.
    pub fn load<E: From<ProofError>>(
        size: u64,
        read: impl FnMut(NodeId) -> Result<Hash, E>,
    ) -> Result<Self, E> {
        check_size(size)?;
        let nodes = perfect_subtrees(0..size)
            .map(read)
            .collect::<Result<_, E>>()?;
        Ok(Self { size, nodes })
    }

    /// Appends one leaf, given its hash ([`leaf_hash`]). Nothing else here accepts a frontier of more
    /// than [`MAX_SIZE`] leaves; it is for those who write checkpoints to stop before.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each trailing one-bit of the old size is a subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            let left = self.nodes.pop();
            let left = left.expect("a frontier has one hash for each one-bit of its size");
            hash = node_hash(&left, &hash);
        }
        self.nodes.push(hash);
        self.size += 1;
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold_right(&self.nodes).unwrap_or_else(empty_root)
    }

    /// The hashes of the perfect subtrees, largest (leftmost) first.
    #[must_use]
    pub fn nodes(&self) -> &[Hash] {
        &self.nodes
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

/// Checks that the leaf with hash `leaf` is at `index` in the tree of `size` leaves with this
/// `root`. The proof runs from the leaf's sibling up to a child of the root (RFC 9162 section
/// 2.1.3.2).
///
/// # Errors
/// Any [`ProofError`] but those about an old tree.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    check_index(index, size)?;
    let path = Path::new(0, index, size);
    check_length(path.len(), proof.len())?;
    if path.climb(leaf, proof) == *root {
        Ok(())
    } else {
        Err(ProofError::RootMismatch)
    }
}

/// Checks that the tree of `new_size` leaves with `new_root` begins with the tree of `old_size`
/// leaves with `old_root` (RFC 9162 section 2.1.4.2). Equal sizes, and an empty old tree, take an
/// empty proof.
///
/// # Errors
/// Any [`ProofError`] but [`ProofError::IndexOutside`].
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    check_sizes(old_size, new_size)?;
    let (from, to) = if old_size == 0 {
        check_length(0, proof.len())?;
        let to = if new_size == 0 {
            empty_root()
        } else {
            *new_root
        };
        (empty_root(), to)
    } else if old_size == new_size {
        check_length(0, proof.len())?;
        (*new_root, *new_root)
    } else {
        let path = Path::of_old_tree(old_size, new_size);
        // A perfect old tree is itself the node that the path starts from, and is left out.
        let perfect = old_size.is_power_of_two();
        check_length(path.len() + u32::from(!perfect), proof.len())?;
        let (seed, siblings) = match proof {
            [seed, siblings @ ..] if !perfect => (seed, siblings),
            siblings => (old_root, siblings),
        };
        (path.climb_left(seed, siblings), path.climb(seed, siblings))
    };
    if to != *new_root {
        Err(ProofError::RootMismatch)
    } else if from != *old_root {
        Err(ProofError::OldRootMismatch)
    } else {
        Ok(())
    }
}

/// The inclusion proof of the leaf at `index` in the tree of `size` leaves. `read` gives the hash of
/// a perfect subtree that lies wholly inside the tree.
///
/// # Errors
/// [`ProofError::SizeTooLarge`] and [`ProofError::IndexOutside`], or what `read` reports.
pub fn inclusion_proof<E: From<ProofError>>(
    index: u64,
    size: u64,
    mut read: impl FnMut(NodeId) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    check_index(index, size)?;
    let mut proof = Vec::new();
    Path::new(0, index, size).collect(&mut proof, &mut read)?;
    Ok(proof)
}

/// The consistency proof between the trees of `old` and `new` leaves. `read` gives the hash of a
/// perfect subtree that lies wholly inside the newer tree.
///
/// # Errors
/// [`ProofError::SizeTooLarge`] and [`ProofError::OldLarger`], or what `read` reports.
pub fn consistency_proof<E: From<ProofError>>(
    old: u64,
    new: u64,
    mut read: impl FnMut(NodeId) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    check_sizes(old, new)?;
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    let path = Path::of_old_tree(old, new);
    if !old.is_power_of_two() {
        proof.push(read(path.node())?);
    }
    path.collect(&mut proof, &mut read)?;
    Ok(proof)
}

/// The RFC 6962 root of the tree over these hashes: leaf hashes, or the hashes of perfect subtrees that
/// are all of one level.
#[must_use]
pub fn root_of(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    frontier.extend(hashes.iter().copied());
    frontier.root()
}

/// The older and the newer root to which a consistency path leads, from `seed`, the hash of the
/// last perfect subtree of the older tree. Both come from the same hashes: where the newer one is a
/// signed root, the older one is the root of that very tree at `old_size`.
///
/// Expects `0 < old_size < new_size <= MAX_SIZE`.
pub(super) fn roots_of_consistency(
    old_size: u64,
    new_size: u64,
    seed: &Hash,
    siblings: &[Hash],
) -> Result<(Hash, Hash), ProofError> {
    let path = Path::of_old_tree(old_size, new_size);
    check_length(path.len(), siblings.len())?;
    Ok((path.climb_left(seed, siblings), path.climb(seed, siblings)))
}

/// The way from a perfect subtree up to the root of a tree.
///
/// Below the fork from the tree's right edge, siblings stand on either side: `inner` levels. Above
/// it the node is on the right edge itself, and only left siblings count: one for each one-bit of
/// what is left of the index.
struct Path {
    level: u8,
    index: u64,
    size: u64,
    inner: u32,
}

impl Path {
    /// Expects that the subtree lies inside the tree.
    fn new(level: u8, index: u64, size: u64) -> Self {
        let right_edge = (size - 1) >> level;
        let inner = u64::BITS - (index ^ right_edge).leading_zeros();
        Self {
            level,
            index,
            size,
            inner,
        }
    }

    /// The way from the last perfect subtree of the older of two trees. Expects `0 < old < new`.
    fn of_old_tree(old: u64, new: u64) -> Self {
        let level = old.trailing_zeros();
        Self::new(level as u8, (old - 1) >> level, new)
    }

    const fn node(&self) -> NodeId {
        NodeId {
            level: self.level,
            index: self.index,
        }
    }

    /// The number of hashes on the way.
    const fn len(&self) -> u32 {
        // The shift is below 64: `inner` is 64 only for an index of 2^63 or more.
        self.inner + (self.index >> self.inner).count_ones()
    }

    /// The root reached with these siblings.
    fn climb(&self, start: &Hash, siblings: &[Hash]) -> Hash {
        let (inner, border) = siblings.split_at(self.inner as usize);
        let mut hash = *start;
        for (height, sibling) in inner.iter().enumerate() {
            hash = if (self.index >> height) & 1 == 0 {
                node_hash(&hash, sibling)
            } else {
                node_hash(sibling, &hash)
            };
        }
        border
            .iter()
            .fold(hash, |hash, left| node_hash(left, &hash))
    }

    /// The root reached with the left siblings alone: that of the tree which ends with this node.
    fn climb_left(&self, start: &Hash, siblings: &[Hash]) -> Hash {
        let (inner, border) = siblings.split_at(self.inner as usize);
        inner
            .iter()
            .enumerate()
            .filter(|(height, _)| (self.index >> height) & 1 == 1)
            .map(|(_, left)| left)
            .chain(border)
            .fold(*start, |hash, left| node_hash(left, &hash))
    }

    /// Reads the siblings, lowest first.
    fn collect<E>(
        &self,
        proof: &mut Vec<Hash>,
        read: &mut impl FnMut(NodeId) -> Result<Hash, E>,
    ) -> Result<(), E> {
        for height in 0..self.inner {
            let level = self.level + height as u8;
            let index = (self.index >> height) ^ 1;
            // A right sibling may reach beyond the tree: then it is a row of perfect subtrees.
            let end = self.size.min((index + 1) << level);
            let row = perfect_subtrees(index << level..end)
                .map(&mut *read)
                .collect::<Result<Vec<_>, E>>()?;
            proof.extend(fold_right(&row));
        }
        for height in self.inner..u64::BITS {
            let index = self.index >> height;
            if index & 1 == 1 {
                proof.push(read(NodeId {
                    level: self.level + height as u8,
                    index: index ^ 1,
                })?);
            }
        }
        Ok(())
    }
}

/// The perfect subtrees of a range that starts at a multiple of a power of two not below its length,
/// left to right.
fn perfect_subtrees(range: Range<u64>) -> impl Iterator<Item = NodeId> {
    let mut start = range.start;
    iter::from_fn(move || {
        let level = (range.end - start).checked_ilog2()?;
        let node = NodeId {
            level: level as u8,
            index: start >> level,
        };
        start += 1 << level;
        Some(node)
    })
}

/// The root of a row of perfect subtrees, largest first; none of an empty row.
fn fold_right(row: &[Hash]) -> Option<Hash> {
    let (last, rest) = row.split_last()?;
    Some(
        rest.iter()
            .rfold(*last, |hash, left| node_hash(left, &hash)),
    )
}

fn check_size(size: u64) -> Result<(), ProofError> {
    if size > MAX_SIZE {
        return Err(ProofError::SizeTooLarge { size });
    }
    Ok(())
}

fn check_index(index: u64, size: u64) -> Result<(), ProofError> {
    check_size(size)?;
    if index >= size {
        return Err(ProofError::IndexOutside { index, size });
    }
    Ok(())
}

fn check_sizes(old: u64, new: u64) -> Result<(), ProofError> {
    check_size(new)?;
    if old > new {
        return Err(ProofError::OldLarger { old, new });
    }
    Ok(())
}

fn check_length(expected: u32, found: usize) -> Result<(), ProofError> {
    let expected = expected as usize;
    if expected != found {
        return Err(ProofError::WrongLength { expected, found });
    }
    Ok(())
}
