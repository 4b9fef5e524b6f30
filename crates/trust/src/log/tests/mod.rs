//! Published vectors, cross-checks with independent crates, and properties.

mod flips;
mod merkle;
mod note;
mod signed;
mod tile;
mod vectors;
mod witness;

use super::{Hash, NodeId, node_hash};
use proptest::prelude::*;

/// A file of the folder of recorded logs that may lie beside the workspace.
fn recorded(file: &str) -> Option<Vec<u8>> {
    ensign_recorded::read(&format!("tlog/{file}"))
}

fn recorded_text(file: &str) -> Option<String> {
    recorded(file).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// Base64 as a standard hash line has it.
fn hash(line: &str) -> Hash {
    super::lines::parse_hash(line).expect(line)
}

/// RFC 6962 section 2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => super::empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// The largest power of two below `n`.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The root of a perfect subtree of these leaves.
fn naive_node(leaves: &[Hash], node: NodeId) -> Hash {
    let start = (node.index as usize) << node.level;
    naive_root(&leaves[start..start + (1 << node.level)])
}

/// Distinct leaf hashes.
fn leaves(count: usize) -> Vec<Hash> {
    (0..count)
        .map(|n| super::leaf_hash(&n.to_be_bytes()))
        .collect()
}

fn any_hash() -> impl Strategy<Value = Hash> {
    any::<Hash>()
}

/// Names that a key may have.
fn any_name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9./:é~-]{1,30}"
}

/// Texts that a note may have, empty lines included.
fn any_text() -> impl Strategy<Value = String> {
    "[ -~é\u{2014}\n]{0,60}\n"
}
