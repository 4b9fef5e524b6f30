//! The tree of a log recomputed from its entries and compared with every file that lies there.

use std::fs;
use std::io::ErrorKind;

use ensign_trust::log::merkle::{Frontier, root_of};
use ensign_trust::log::tile::{FULL_WIDTH, TileKind, TilePath, bundle_entries, tile_hashes};
use ensign_trust::log::{Hash, leaf_hash};

use super::bundles::{Bundle, Fault, Member, Signature};
use super::finding::{Findings, causes};
use super::opening::Opening;
use crate::append::receipt_of;

/// The tree so far: as much as its right edge needs.
pub(super) struct Tree<'a> {
    opening: &'a Opening,
    frontier: Frontier,
    levels: Vec<Level>,
    /// An entry is lost and no tile has its hash: what is above it cannot be recomputed.
    broken: bool,
}

/// The open tile of one level.
#[derive(Default)]
struct Level {
    index: u64,
    hashes: Vec<Hash>,
    /// At which widths a batch ended: partial tiles of these widths may lie there.
    ends: Widths,
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

/// A set of widths from 1 to 255.
#[derive(Clone, Copy, Default)]
struct Widths([u64; 4]);

impl<'a> Tree<'a> {
    pub fn new(opening: &'a Opening) -> Self {
        Tree {
            opening,
            frontier: Frontier::new(),
            levels: Vec::new(),
            broken: false,
        }
    }

    /// The tree of the entries that were gone through before, from its files.
    pub fn behind(opening: &'a Opening, size: u64, findings: &mut Findings) -> Self {
        let mut tree = Tree::new(opening);
        let mut nodes = Vec::new();
        for level in 0.. {
            let count = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
            if count == 0 {
                break;
            }
            let mut open = Level {
                index: count / u64::from(FULL_WIDTH),
                ..Level::default()
            };
            let width = (count % u64::from(FULL_WIDTH)) as u16;
            if width > 0 {
                let kind = TileKind::Hashes { level };
                let path = TilePath {
                    kind,
                    index: open.index,
                    width,
                };
                match tree.stored(path, findings) {
                    Some((_, hashes)) => open.hashes.extend(&hashes[..width.into()]),
                    None => tree.broken = true,
                }
                open.ends.insert(width.into());
            }
            nodes.splice(0..0, subtrees(&open.hashes));
            tree.levels.push(open);
        }
        match Frontier::from_parts(size, nodes) {
            Ok(frontier) => tree.frontier = frontier,
            Err(_) => tree.broken = true,
        }
        tree
    }

    /// Takes in the next bundle of `width` entries and says which of them are damaged: not those
    /// whose hashes the tree holds. Where entry and tile differ, the signature decides which of
    /// the two was changed.
    pub fn take(&mut self, bundle: &Bundle, width: u16, findings: &mut Findings) -> Vec<bool> {
        let opening = self.opening;
        let base = bundle.index * u64::from(FULL_WIDTH);
        note_fault(opening, bundle, base, width, findings);
        let tile = TilePath {
            kind: TileKind::Hashes { level: 0 },
            index: bundle.index,
            width,
        };
        let stored = self.stored(tile, findings);
        let mut damaged = vec![false; width.into()];
        let mut tile_differs = None;
        let old = self.frontier.size().saturating_sub(base) as usize;
        let known = self.levels.first().map_or(&[][..], |open| &open.hashes);
        for (at, hash) in known.iter().enumerate().take(old) {
            let held = stored.as_ref().and_then(|(_, hashes)| hashes.get(at));
            let leaf = bundle.members.get(at).map(|member| &member.leaf);
            if [held, leaf]
                .iter()
                .any(|it| it.is_some_and(|it| it != hash))
            {
                let what = format!("entry {} is another one than before", base + at as u64);
                findings.note("log.entry_changed", opening.place(bundle.path), what);
            }
        }
        for (at, damaged) in damaged.iter_mut().enumerate().skip(old) {
            let held = stored.as_ref().and_then(|(_, hashes)| hashes.get(at));
            let member = bundle.members.get(at);
            let leaf = match (member, held) {
                (Some(member), None) => member.leaf,
                (Some(member), Some(held)) if member.leaf == *held => *held,
                (Some(member), Some(_)) if member.signature == Signature::Good => {
                    tile_differs.get_or_insert(at);
                    member.leaf
                }
                (Some(member), Some(held)) => {
                    *damaged = true;
                    let what = format!(
                        "entry {} is not the one whose hash the tree holds: {}",
                        base + at as u64,
                        member.flaw()
                    );
                    findings.note("log.entry_damaged", opening.place(bundle.path), what);
                    *held
                }
                (None, Some(held)) => *held,
                (None, None) => {
                    self.broken = true;
                    [0; 32]
                }
            };
            let may_end = member.is_none_or(|member| *damaged || member.ends_a_batch());
            self.push(leaf, may_end, findings);
        }
        if let (Some(at), Some((path, _))) = (tile_differs, stored) {
            let what = format!("hash {at} is not that of entry {}", base + at as u64);
            findings.note("log.tile_differs", opening.place(path), what);
        }
        damaged
    }

    /// Compares what is still open; gives the root unless entries are lost.
    pub fn finish(self, findings: &mut Findings) -> Option<Hash> {
        for level in 0..self.levels.len() {
            if !self.levels[level].hashes.is_empty() {
                self.close(level, findings);
            }
        }
        let whole = !self.broken && self.frontier.size() == self.opening.size;
        whole.then(|| self.frontier.root())
    }

    fn push(&mut self, leaf: Hash, may_end: bool, findings: &mut Findings) {
        self.frontier.push(leaf);
        let mut hash = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Level::default());
            }
            self.levels[level].hashes.push(hash);
            if self.levels[level].hashes.len() < usize::from(FULL_WIDTH) {
                break;
            }
            self.close(level, findings);
            let open = &mut self.levels[level];
            hash = root_of(&open.hashes);
            *open = Level {
                index: open.index + 1,
                ..Level::default()
            };
        }
        if may_end {
            for open in &mut self.levels {
                open.ends.insert(open.hashes.len());
            }
        }
    }

    /// Compares the files of an open tile, and at the lowest level the partial bundles beside it.
    fn close(&self, level: usize, findings: &mut Findings) {
        let open = &self.levels[level];
        let kind = TileKind::Hashes { level: level as u8 };
        let path = TilePath {
            kind,
            index: open.index,
            width: open.hashes.len() as u16,
        };
        if self.broken {
            return;
        }
        // The lowest level was compared with its bundle already.
        if level > 0 {
            if let Some((path, stored)) = self.stored(path, findings) {
                let differs = |(at, hash): (usize, &Hash)| stored.get(at) != Some(hash);
                if let Some(at) = open.hashes.iter().enumerate().position(differs) {
                    let what = format!("hash {at} is not the one recomputed from the entries");
                    findings.note("log.tile_differs", self.opening.place(path), what);
                }
            }
        } else {
            self.partials(
                TilePath {
                    kind: TileKind::Entries,
                    ..path
                },
                open,
                findings,
            );
        }
        self.partials(path, open, findings);
    }

    /// Compares all narrower versions of a tile or bundle that lie there.
    fn partials(&self, widest: TilePath, open: &Level, findings: &mut Findings) {
        let opening = self.opening;
        let folder = format!("{}.p", widest.full());
        // No such folder, which is the rule, or one that the search for foreign files reports.
        let Ok(names) = fs::read_dir(opening.folder.join(&folder)) else {
            return;
        };
        for name in names.flatten() {
            let Ok(path) = format!("{folder}/{}", name.file_name().display()).parse::<TilePath>()
            else {
                continue;
            };
            if path.width >= widest.width {
                continue;
            }
            let place = || opening.place(path);
            if !open.ends.contains(path.width.into()) {
                findings.note("log.file_foreign", place(), "no batch ended at this width");
                continue;
            }
            let bytes = match fs::read(name.path()) {
                Ok(bytes) => bytes,
                // Removed by the process that serves the folder, which it may.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => {
                    findings.note("log.file_unreadable", place(), error.to_string());
                    continue;
                }
            };
            let expected = &open.hashes[..path.width.into()];
            let (code, same) = match path.kind {
                TileKind::Entries => ("log.bundle_differs", {
                    let entries = bundle_entries(&bytes, path.width).unwrap_or_default();
                    let hashes = entries.iter().map(|entry| leaf_hash(entry));
                    hashes.eq(expected.iter().copied())
                }),
                TileKind::Hashes { .. } => (
                    "log.tile_differs",
                    tile_hashes(&bytes).is_ok_and(|found| found == expected),
                ),
            };
            if !same {
                findings.note(
                    code,
                    place(),
                    "it is not what the entries lead to at this width",
                );
            }
        }
    }

    /// The hashes of a tile, or of the full one that has taken its place since, with its path.
    fn stored(&self, wanted: TilePath, findings: &mut Findings) -> Option<(TilePath, Vec<Hash>)> {
        let opening = self.opening;
        for path in [wanted, wanted.full()] {
            match fs::read(opening.folder.join(path.to_string())) {
                Ok(bytes) => match tile_hashes(&bytes) {
                    Ok(hashes) if hashes.len() == usize::from(path.width) => {
                        return Some((path, hashes.to_vec()));
                    }
                    _ => {
                        let what = format!("{} bytes are not {} hashes", bytes.len(), path.width);
                        findings.note("log.tile_differs", opening.place(path), what);
                        return None;
                    }
                },
                Err(error) if error.kind() == ErrorKind::NotFound => (),
                Err(error) => {
                    findings.note(
                        "log.file_unreadable",
                        opening.place(path),
                        error.to_string(),
                    );
                    return None;
                }
            }
        }
        if wanted
            .least_size()
            .is_some_and(|least| least <= opening.settled)
        {
            findings.note(
                "log.tile_missing",
                opening.place(wanted),
                "the file is missing",
            );
        }
        None
    }
}

impl Member {
    fn ends_a_batch(&self) -> bool {
        self.statement
            .as_ref()
            .is_ok_and(|statement| receipt_of(statement).is_some())
    }

    fn flaw(&self) -> String {
        match (&self.statement, self.signature) {
            (Err(error), _) => causes(error),
            (Ok(_), Signature::KeyUnknown) => {
                "it names a key that the log does not know".to_owned()
            }
            (Ok(_), _) => "its signature does not verify".to_owned(),
        }
    }
}

impl Widths {
    fn insert(&mut self, width: usize) {
        self.0[width / 64] |= 1 << (width % 64);
    }

    fn contains(self, width: usize) -> bool {
        self.0[width / 64] & 1 << (width % 64) != 0
    }
}

fn note_fault(opening: &Opening, bundle: &Bundle, base: u64, width: u16, findings: &mut Findings) {
    let Some(fault) = &bundle.fault else { return };
    let place = opening.place(bundle.path);
    let found = bundle.members.len() as u64;
    let lost = match found < width.into() {
        true => format!(
            "; entries {} to {} are lost",
            base + found,
            base + u64::from(width) - 1
        ),
        false => String::new(),
    };
    match fault {
        Fault::Missing => findings.note(
            "log.bundle_missing",
            place,
            format!("the file is missing{lost}"),
        ),
        Fault::Unreadable(error) => {
            findings.note("log.file_unreadable", place, format!("{error}{lost}"))
        }
        Fault::Format(error) => {
            findings.note("log.bundle_damaged", place, format!("{error}{lost}"))
        }
    }
}
