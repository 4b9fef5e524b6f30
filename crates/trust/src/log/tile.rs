//! Tiles and entry bundles (c2sp.org/tlog-tiles): their paths, which of them a growing log has to
//! write, and where a node of the tree lies.
//!
//! A *tile* is up to 256 hashes of one level of every eighth: tile level `l` holds the perfect
//! subtrees of level `8 * l`. An *entry bundle* is up to 256 entries, each behind its length. Both
//! are *full* at 256 and *partial* below; the content of a path never changes, as the width is part of
//! the path.

use super::merkle::{NodeId, root_of};
use super::{Hash, MAX_SIZE};
use std::fmt;
use std::iter;
use std::str::FromStr;
use thiserror::Error;

/// The number of hashes in a full tile, and of entries in a full bundle.
pub const FULL_WIDTH: u16 = 256;

/// The number of bytes of a hash.
const HASH_LEN: usize = 32;

/// The highest tile level of a log of at most [`MAX_SIZE`] entries: its width there is at most 127.
const MAX_LEVEL: u8 = 7;

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Entries, each behind its length.
    Entries,
    /// Hashes of the perfect subtrees of level `8 * level`.
    Hashes {
        /// The tile level, 0 to 7 in a log of at most [`MAX_SIZE`] entries.
        level: u8,
    },
}

/// The relative path of a tile or an entry bundle, such as `tile/0/x001/067.p/3` or
/// `tile/entries/000`. [`fmt::Display`] and [`FromStr`] are exact inverses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    /// Hashes of which level, or entries.
    pub kind: TileKind,
    /// Position within the level, from the left, starting with 0.
    pub index: u64,
    /// The number of hashes or entries, 1 to 256; 256 is full.
    pub width: u16,
}

/// Where the hash of a node is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The tile, at the least width that has the node; any wider version has it too.
    pub tile: TilePath,
    /// The position of the first hash in the tile that the node covers.
    pub offset: u16,
    /// The number of hashes that the node covers: 1 where it is stored, else a power of two up to 128.
    pub count: u16,
}

/// What is wrong with a tile, a bundle or a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TileError {
    /// The text is no path of a tile or bundle in its one spelling.
    #[error("not the path of a tile or an entry bundle")]
    Path,
    /// A well-formed path that no log of at most [`MAX_SIZE`] entries has.
    #[error("path of a tile beyond the largest log")]
    Beyond,
    /// The tile is not a whole number of hashes, or has more than 256.
    #[error("tile of {len} bytes is not 1 to 256 whole hashes")]
    TileLength {
        /// Length of the tile in bytes.
        len: usize,
    },
    /// The node lies to the right of what the tile has.
    #[error("tile of width {width} is narrower than {needed}")]
    Narrow {
        /// How many hashes the tile has.
        width: usize,
        /// How many it would need.
        needed: u16,
    },
    /// An entry that does not fit the format's 16-bit length.
    #[error("entry of {len} bytes is longer than 65535")]
    EntryLength {
        /// Length of the entry in bytes.
        len: usize,
    },
    /// A bundle that ends inside an entry, or before the last one.
    #[error("entry bundle ends within entry {entry} of {count}")]
    BundleShort {
        /// Position of the entry in the bundle, starting with 0.
        entry: u16,
        /// The number of entries asked for.
        count: u16,
    },
    /// A bundle with bytes after its last entry.
    #[error("entry bundle has {bytes} bytes after its {count} entries")]
    BundleLong {
        /// How many bytes are left over.
        bytes: usize,
        /// The number of entries asked for.
        count: u16,
    },
    /// A width of 0 or above 256.
    #[error("entry bundle cannot have {count} entries")]
    BundleWidth {
        /// The number of entries asked for.
        count: u16,
    },
}

impl TilePath {
    /// Whether this is a full tile or bundle: its content is final, and its partial versions may go.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == FULL_WIDTH
    }

    /// The full version of the same tile or bundle.
    #[must_use]
    pub const fn full(self) -> Self {
        Self {
            width: FULL_WIDTH,
            ..self
        }
    }

    /// The least log size that has this tile or bundle; none above [`MAX_SIZE`], and none for a
    /// width outside 1 to 256.
    #[must_use]
    pub fn least_size(&self) -> Option<u64> {
        let level = match self.kind {
            TileKind::Entries => 0,
            TileKind::Hashes { level } => level,
        };
        if !(1..=FULL_WIDTH).contains(&self.width) || level > MAX_LEVEL {
            return None;
        }
        let hashes = self
            .index
            .checked_mul(FULL_WIDTH.into())?
            .checked_add(self.width.into())?;
        let size = hashes.checked_mul(1 << (8 * level))?;
        (size <= MAX_SIZE).then_some(size)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries/")?,
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
        }
        let groups = self.index.checked_ilog(1000).unwrap_or(0);
        for group in (1..=groups).rev() {
            write!(f, "x{:03}/", self.index / 1000_u64.pow(group) % 1000)?;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.width == FULL_WIDTH {
            Ok(())
        } else {
            write!(f, ".p/{}", self.width)
        }
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    /// # Errors
    /// [`TileError::Path`], [`TileError::Beyond`].
    fn from_str(path: &str) -> Result<Self, TileError> {
        let parsed = parse_path(path).ok_or(TileError::Path)?;
        if parsed.least_size().is_none() {
            return Err(TileError::Beyond);
        }
        Ok(parsed)
    }
}

/// Every tile and bundle that is new when a log grows from `old_size` to `new_size`, at its width in
/// the grown log: first the entry bundles, then the hash tiles by level, each from left to right.
/// Intermediate widths that no checkpoint names are left out. Empty where the log does not grow.
pub fn tiles_of_growth(old_size: u64, new_size: u64) -> impl Iterator<Item = TilePath> {
    iter::once(TileKind::Entries)
        .chain((0..=MAX_LEVEL).map(|level| TileKind::Hashes { level }))
        .flat_map(move |kind| {
            let shift = match kind {
                TileKind::Entries => 0,
                TileKind::Hashes { level } => 8 * u32::from(level),
            };
            let (old, new) = (old_size >> shift, new_size >> shift);
            let tiles = if old < new {
                old / 256..new.div_ceil(256)
            } else {
                0..0
            };
            tiles.map(move |index| TilePath {
                kind,
                index,
                width: (new - index * 256).min(256) as u16,
            })
        })
}

/// Every tile and bundle that a log of this size must have, at its widest, in the order of
/// [`tiles_of_growth`].
pub fn tiles_of_size(size: u64) -> impl Iterator<Item = TilePath> {
    tiles_of_growth(0, size)
}

/// The partial versions that a full tile or bundle makes stale. A partial version must be served from
/// the checkpoint that names it until the full one exists, and may be deleted from then on (readers
/// fetch the full one instead). Empty for a path that is itself partial.
pub fn stale_partials(full: TilePath) -> impl Iterator<Item = TilePath> {
    let widths = if full.is_full() { 1..FULL_WIDTH } else { 0..0 };
    widths.map(move |width| TilePath { width, ..full })
}

/// Which tile has the hash of a node, or the hashes from which it is computed.
#[must_use]
pub const fn place_of(node: NodeId) -> Place {
    // A tile has every eighth level; the nodes between are computed from 2, 4, ... 128 hashes.
    let above = node.level % 8;
    let offset = ((node.index << above) & 0xff) as u16;
    let count = 1 << above;
    Place {
        tile: TilePath {
            kind: TileKind::Hashes {
                level: node.level / 8,
            },
            index: node.index >> (8 - above),
            width: offset + count,
        },
        offset,
        count,
    }
}

/// The hash of a node from the bytes of the tile that [`place_of`] names, or of a wider version of it.
///
/// # Errors
/// [`TileError::TileLength`], [`TileError::Narrow`].
pub fn node_from_tile(node: NodeId, tile: &[u8]) -> Result<Hash, TileError> {
    let place = place_of(node);
    let hashes = tile_hashes(tile)?;
    let covered = usize::from(place.offset)..usize::from(place.tile.width);
    let covered = hashes.get(covered).ok_or(TileError::Narrow {
        width: hashes.len(),
        needed: place.tile.width,
    })?;
    Ok(root_of(covered))
}

/// The hashes of a tile.
///
/// # Errors
/// [`TileError::TileLength`] unless the tile is 1 to 256 whole hashes.
pub fn tile_hashes(tile: &[u8]) -> Result<&[Hash], TileError> {
    match tile.as_chunks::<HASH_LEN>() {
        (hashes, []) if (1..=usize::from(FULL_WIDTH)).contains(&hashes.len()) => Ok(hashes),
        _ => Err(TileError::TileLength { len: tile.len() }),
    }
}

/// Appends one entry to a bundle, behind its length as 16 bits, most significant byte first.
///
/// # Errors
/// [`TileError::EntryLength`] above 65,535 bytes; the bundle is then as it was.
pub fn bundle_push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TileError> {
    let len =
        u16::try_from(entry.len()).map_err(|_| TileError::EntryLength { len: entry.len() })?;
    bundle.extend_from_slice(&len.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle that must have exactly `count` of them (the width of its path, 1 to 256)
/// and not a byte more.
///
/// # Errors
/// [`TileError::BundleWidth`], [`TileError::BundleShort`], [`TileError::BundleLong`].
pub fn bundle_entries(bundle: &[u8], count: u16) -> Result<Vec<&[u8]>, TileError> {
    if !(1..=FULL_WIDTH).contains(&count) {
        return Err(TileError::BundleWidth { count });
    }
    let mut rest = bundle;
    let entries = (0..count)
        .map(|entry| take_entry(&mut rest).ok_or(TileError::BundleShort { entry, count }))
        .collect::<Result<_, _>>()?;
    if !rest.is_empty() {
        let bytes = rest.len();
        return Err(TileError::BundleLong { bytes, count });
    }
    Ok(entries)
}

fn take_entry<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk::<2>()?;
    let (entry, after) = after.split_at_checked(u16::from_be_bytes(*len).into())?;
    *rest = after;
    Some(entry)
}

/// The grammar alone; whether a log can be that large is checked by the caller.
fn parse_path(path: &str) -> Option<TilePath> {
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => TileKind::Hashes {
            level: parse_number(level, 63)? as u8,
        },
    };
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => (groups, parse_number(width, 255)?),
        None => (rest, FULL_WIDTH),
    };
    if width == 0 {
        return None;
    }
    let (leading, last) = match groups.rsplit_once('/') {
        Some((leading, last)) => (Some(leading), last),
        None => (None, groups),
    };
    let mut index = 0_u64;
    for (position, group) in leading.iter().flat_map(|text| text.split('/')).enumerate() {
        let group = parse_group(group.strip_prefix('x')?)?;
        if position == 0 && group == 0 {
            return None;
        }
        index = index.saturating_mul(1000).saturating_add(group);
    }
    // Saturated, the index is beyond any log, and refused for that.
    index = index
        .saturating_mul(1000)
        .saturating_add(parse_group(last)?);
    Some(TilePath { kind, index, width })
}

/// A decimal without leading zero, at most `max`.
fn parse_number(text: &str, max: u16) -> Option<u16> {
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok().filter(|&number| number <= max)
}

/// Exactly three digits.
fn parse_group(text: &str) -> Option<u64> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}
