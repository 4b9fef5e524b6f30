use super::super::MAX_SIZE;
use super::super::merkle::{NodeId, inclusion_proof, verify_inclusion};
use super::super::tile::*;
use super::{leaves, naive_node, naive_root};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn paths(tiles: impl Iterator<Item = TilePath>) -> Vec<String> {
    tiles.map(|tile| tile.to_string()).collect()
}

fn any_path() -> impl Strategy<Value = TilePath> {
    let kind = prop_oneof![
        Just(TileKind::Entries),
        (0_u8..8).prop_map(|level| TileKind::Hashes { level }),
    ];
    let index = (0_u32..56).prop_flat_map(|bits| 0..1_u64 << bits);
    (kind, index, 1_u16..=256).prop_map(|(kind, index, width)| TilePath { kind, index, width })
}

/// All tiles of a log of these leaves, by level and index, at their widest.
fn tiles_of(leaves: &[[u8; 32]]) -> BTreeMap<(u8, u64), Vec<u8>> {
    let mut tiles = BTreeMap::new();
    for path in tiles_of_size(leaves.len() as u64) {
        let TileKind::Hashes { level } = path.kind else {
            continue;
        };
        let hashes = (0..u64::from(path.width)).flat_map(|offset| {
            let index = path.index * 256 + offset;
            naive_node(
                leaves,
                NodeId {
                    level: 8 * level,
                    index,
                },
            )
        });
        tiles.insert((level, path.index), hashes.collect());
    }
    tiles
}

#[test]
fn paths_are_written_as_the_standard_shows() {
    for path in [
        "tile/0/000",
        "tile/0/x001/067.p/3",
        "tile/0/x001/x234/067",
        "tile/entries/000",
        "tile/entries/x001/x234/067.p/255",
        "tile/7/000.p/127",
        "tile/0/999",
        "tile/0/x001/000",
    ] {
        let parsed: TilePath = path.parse().expect(path);
        assert_eq!(parsed.to_string(), path);
    }
    let parsed: TilePath = "tile/0/x001/x234/067".parse().unwrap();
    assert_eq!(parsed.index, 1_234_067);
    assert_eq!(
        (parsed.kind, parsed.width),
        (TileKind::Hashes { level: 0 }, 256)
    );
}

#[test]
fn a_path_has_one_spelling() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile//0/000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/256/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/data/000",
        "tile/Entries/000",
        "Tile/0/000",
        "tile/8/0/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/000",
        "tile/0/x000/x001/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/X001/000",
        "tile/0/xx001/000",
        "tile/0/x01/000",
        "tile/0/x0001/000",
        "tile/0/+01",
        "tile/0/ 01",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/+1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.P/1",
        "tile/0/x001.p/1",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/000?",
    ] {
        assert_eq!(path.parse::<TilePath>(), Err(TileError::Path), "{path}");
    }
}

#[test]
fn a_path_beyond_the_largest_log_is_refused() {
    for path in [
        "tile/8/000.p/1",
        "tile/63/000",
        "tile/7/000.p/128",
        "tile/7/001.p/1",
        "tile/0/x036/x028/x797/x018/x963/968.p/1",
        "tile/0/x018/x446/x744/x073/x709/x551/615",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/entries/x999/x999/x999/x999/x999/x999/x999/999.p/1",
    ] {
        assert_eq!(path.parse::<TilePath>(), Err(TileError::Beyond), "{path}");
    }
    let last: TilePath = "tile/0/x036/x028/x797/x018/x963/967.p/255".parse().unwrap();
    assert_eq!(last.least_size(), Some(MAX_SIZE));
}

#[test]
fn a_log_of_256_entries_has_one_full_tile_and_one_hash_above() {
    let expected = ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"];
    assert_eq!(paths(tiles_of_size(256)), expected);
}

#[test]
fn a_log_of_70000_entries_has_the_tiles_that_the_standard_counts() {
    let tiles: Vec<TilePath> = tiles_of_size(70_000).collect();
    let of = |kind| tiles.iter().filter(move |tile| tile.kind == kind);
    for kind in [TileKind::Entries, TileKind::Hashes { level: 0 }] {
        assert_eq!(of(kind).filter(|tile| tile.is_full()).count(), 273);
        assert_eq!(
            of(kind).next_back().map(|tile| (tile.index, tile.width)),
            Some((273, 112))
        );
    }
    let above = paths(
        tiles
            .iter()
            .copied()
            .filter(|tile| matches!(tile.kind, TileKind::Hashes { level: 1.. })),
    );
    assert_eq!(above, ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

#[test]
fn growth_within_a_tile_writes_no_tile_of_an_unchanged_level() {
    let expected = ["tile/entries/001.p/7", "tile/0/001.p/7"];
    assert_eq!(paths(tiles_of_growth(258, 263)), expected);
    let expected = [
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
    ];
    assert_eq!(paths(tiles_of_growth(255, 257)), expected);
    assert_eq!(tiles_of_growth(5, 5).count(), 0);
    assert_eq!(tiles_of_growth(6, 5).count(), 0);
    assert_eq!(tiles_of_size(0).count(), 0);
}

#[test]
fn only_a_full_tile_makes_its_partial_versions_stale() {
    let full: TilePath = "tile/entries/x001/067".parse().unwrap();
    let stale = paths(stale_partials(full));
    assert_eq!(stale.len(), 255);
    assert_eq!(stale.first().unwrap(), "tile/entries/x001/067.p/1");
    assert_eq!(stale.last().unwrap(), "tile/entries/x001/067.p/255");
    let partial: TilePath = "tile/0/067.p/3".parse().unwrap();
    assert_eq!(stale_partials(partial).count(), 0);
    assert_eq!(partial.full().to_string(), "tile/0/067");
}

#[test]
fn proofs_can_be_made_from_tiles_alone() {
    let all = leaves(700);
    let root = naive_root(&all);
    let tiles = tiles_of(&all);
    let read = |node| -> Result<_, Box<dyn std::error::Error>> {
        let place = place_of(node);
        let TileKind::Hashes { level } = place.tile.kind else {
            unreachable!()
        };
        Ok(node_from_tile(node, &tiles[&(level, place.tile.index)])?)
    };
    for index in (0..all.len()).step_by(37) {
        let proof = inclusion_proof(index as u64, all.len() as u64, read).unwrap();
        verify_inclusion(index as u64, all.len() as u64, &all[index], &proof, &root).unwrap();
    }
}

#[test]
fn a_tile_that_is_no_row_of_hashes_or_too_narrow_gives_no_node() {
    let node = NodeId { level: 1, index: 1 };
    for len in [0, 1, 31, 33, 63, 257 * 32] {
        let wrong = TileError::TileLength { len };
        assert_eq!(node_from_tile(node, &vec![0; len]), Err(wrong));
    }
    let narrow = TileError::Narrow {
        width: 3,
        needed: 4,
    };
    assert_eq!(node_from_tile(node, &[0; 96]), Err(narrow));
    assert!(node_from_tile(node, &[0; 128]).is_ok());
}

#[test]
fn a_bundle_must_end_exactly_after_its_last_entry() {
    let mut bundle = Vec::new();
    bundle_push(&mut bundle, b"one").unwrap();
    bundle_push(&mut bundle, b"").unwrap();
    assert_eq!(bundle, b"\0\x03one\0\0");
    assert_eq!(bundle_entries(&bundle, 2), Ok(vec![&b"one"[..], b""]));
    let long = TileError::BundleLong { bytes: 2, count: 1 };
    assert_eq!(bundle_entries(&bundle, 1), Err(long));
    let short = TileError::BundleShort { entry: 2, count: 3 };
    assert_eq!(bundle_entries(&bundle, 3), Err(short));
    for end in 0..bundle.len() {
        assert!(bundle_entries(&bundle[..end], 2).is_err());
    }
    for count in [0, 257, u16::MAX] {
        assert_eq!(
            bundle_entries(b"", count),
            Err(TileError::BundleWidth { count })
        );
    }
}

#[test]
fn an_entry_of_more_than_65535_bytes_is_refused_and_leaves_the_bundle_alone() {
    let mut bundle = vec![9];
    let len = 65_536;
    assert_eq!(
        bundle_push(&mut bundle, &vec![0; len]),
        Err(TileError::EntryLength { len })
    );
    assert_eq!(bundle, [9]);
    bundle_push(&mut bundle, &vec![0; len - 1]).unwrap();
    assert_eq!(bundle.len(), 1 + 2 + 65_535);
}

proptest! {
    #[test]
    fn every_path_reads_back_as_it_was_written(path in any_path()) {
        let read = path.to_string().parse::<TilePath>();
        match path.least_size() {
            Some(_) => prop_assert_eq!(read, Ok(path)),
            None => prop_assert_eq!(read, Err(TileError::Beyond)),
        }
    }

    #[test]
    fn paths_agree_with_tlog_tiles(path in any_path()) {
        let (level, is_data) = match path.kind {
            TileKind::Entries => (0, true),
            TileKind::Hashes { level } => (level, false),
        };
        let width = path.width.into();
        let theirs = tlog_tiles::Tile::new(8, level, path.index, width, is_data).path();
        let ours = path.to_string().replace("entries", "data").replacen("tile/", "tile/8/", 1);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn growth_agrees_with_tlog_tiles(old in 0_u64..200_000, more in 0_u64..200_000) {
        let new = old + more;
        let ours = tiles_of_growth(old, new)
            .filter_map(|path| match path.kind {
                TileKind::Entries => None,
                TileKind::Hashes { level } => Some((level, path.index, u32::from(path.width))),
            })
            .collect::<Vec<_>>();
        let theirs = tlog_tiles::Tile::new_tiles(8, old, new)
            .iter()
            .map(|tile| (tile.level(), tile.level_index(), tile.width()))
            .collect::<Vec<_>>();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn growing_in_steps_writes_every_tile_of_the_final_size(
        steps in prop::collection::vec(0_u64..1000, 1..8),
    ) {
        let mut written = BTreeSet::new();
        let mut size = 0;
        for step in steps {
            written.extend(tiles_of_growth(size, size + step));
            size += step;
            prop_assert!(tiles_of_size(size).all(|tile| written.contains(&tile)));
        }
        prop_assert!(written.iter().all(|tile| tile.least_size().unwrap() <= size));
    }

    #[test]
    fn the_place_of_a_node_agrees_with_tlog_tiles(level in 0_u8..40, index in 0_u64..1 << 20) {
        let place = place_of(NodeId { level, index });
        let stored = tlog_tiles::stored_hash_index(level, index);
        let theirs = tlog_tiles::Tile::from_index(8, stored);
        let kind = TileKind::Hashes { level: theirs.level() };
        prop_assert_eq!(place.tile.kind, kind);
        prop_assert_eq!(place.tile.index, theirs.level_index());
        prop_assert_eq!(u32::from(place.tile.width), theirs.width());
        prop_assert_eq!(place.offset + place.count, place.tile.width);
    }

    #[test]
    fn the_place_of_any_node_is_found_without_panic(level in any::<u8>(), index in any::<u64>()) {
        let place = place_of(NodeId { level, index });
        prop_assert!((1..=256).contains(&place.tile.width));
        let _ = node_from_tile(NodeId { level, index }, &[0; 96]);
        let _ = place.tile.least_size();
    }

    #[test]
    fn every_node_of_a_tree_is_read_from_its_tile(size in 1_usize..600, seed in any::<u64>()) {
        let all = leaves(size);
        let tiles = tiles_of(&all);
        for level in 0..=(size.ilog2() as u8) {
            let index = seed % (size as u64 >> level);
            let node = NodeId { level, index };
            let tile = &tiles[&(level / 8, place_of(node).tile.index)];
            prop_assert_eq!(node_from_tile(node, tile), Ok(naive_node(&all, node)));
        }
    }

    #[test]
    fn a_bundle_gives_back_its_entries(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..=256),
    ) {
        let mut bundle = Vec::new();
        for entry in &entries {
            bundle_push(&mut bundle, entry).unwrap();
        }
        let read = bundle_entries(&bundle, entries.len() as u16).unwrap();
        prop_assert_eq!(read, entries.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }

    #[test]
    fn any_text_is_a_path_or_refused(text in "(tile/)?[0-9a-z/.]{0,24}") {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn any_bytes_are_a_bundle_and_a_tile_or_refused(
        bytes in prop::collection::vec(0_u8..4, 0..100),
        count in any::<u16>(),
    ) {
        if let Ok(entries) = bundle_entries(&bytes, count) {
            let mut again = Vec::new();
            for entry in entries {
                bundle_push(&mut again, entry).unwrap();
            }
            prop_assert_eq!(again, bytes);
        } else {
            let _ = tile_hashes(&bytes);
        }
    }
}
