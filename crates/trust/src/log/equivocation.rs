//! Whether two checkpoints of one log contradict each other.
//!
//! A log must never sign two trees of which neither extends the other. Where it did, the two
//! signed checkpoints are evidence that anybody can check without asking anybody:
//!
//! | sizes | roots, proof | verdict |
//! |---|---|---|
//! | one is 0 | its root is not that of the empty tree | contradiction |
//! | equal | equal | consistent |
//! | equal | different | contradiction |
//! | different | a proof that leads from the older root to the newer one | consistent |
//! | different | hashes that lead to the newer root, but from another older one | contradiction |
//! | different | no proof, or one that does not lead to the newer root | undecided |
//!
//! The fifth row holds because the same hashes give both roots: they are nodes of the newer tree, and
//! the older root computed from them is what that tree had at the older size. A proof that merely
//! fails accuses nobody, since anybody can make one.

use super::Hash;
use super::checkpoint::{CheckpointError, SignedCheckpoint};
use super::merkle::{empty_root, roots_of_consistency};
use super::vkey::NoteKey;
use std::mem;

/// What two checkpoints of one log, and perhaps a proof, show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The larger tree extends the smaller one, or they are the same.
    Consistent,
    /// No log that keeps its promise signs both.
    Contradiction(Contradiction),
    /// What is given does not decide it.
    Undecided,
}

/// In which way two signed checkpoints contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// A log of no entries with a root other than that of the empty tree.
    EmptyTree,
    /// Two roots at one size.
    SameSize,
    /// The larger tree does not begin with the smaller one, as the proof shows.
    Fork,
}

/// Judges two checkpoint notes that must both be signed by this key of the log, in any order. The
/// `proof` is the RFC 6962 consistency proof between their sizes, as read from the larger tree.
/// Where the smaller size is a power of two, RFC 6962 leaves out the first hash (it is the older
/// root); to show a fork there, put the larger tree's own node in front.
///
/// # Errors
/// [`CheckpointError`] where a note is not a checkpoint of this log signed with this key.
pub fn judge(
    one: &[u8],
    other: &[u8],
    log: &NoteKey,
    proof: Option<&[Hash]>,
) -> Result<Verdict, CheckpointError> {
    let one = SignedCheckpoint::open(one, log)?;
    let other = SignedCheckpoint::open(other, log)?;
    Ok(compare(&one, &other, proof))
}

fn compare(one: &SignedCheckpoint, other: &SignedCheckpoint, proof: Option<&[Hash]>) -> Verdict {
    let (mut old, mut new) = (one.checkpoint(), other.checkpoint());
    if old.size > new.size {
        mem::swap(&mut old, &mut new);
    }
    if [old, new]
        .iter()
        .any(|tree| tree.size == 0 && tree.root != empty_root())
    {
        return Verdict::Contradiction(Contradiction::EmptyTree);
    }
    if old.size == new.size {
        return if old.root == new.root {
            Verdict::Consistent
        } else {
            Verdict::Contradiction(Contradiction::SameSize)
        };
    }
    if old.size == 0 {
        return Verdict::Consistent;
    }
    let Some(proof) = proof else {
        return Verdict::Undecided;
    };
    // With its first hash, a proof shows both roots; without it, it can only confirm the older one.
    let roots = match proof {
        [seed, rest @ ..] => roots_of_consistency(old.size, new.size, seed, rest).ok(),
        [] => None,
    };
    let roots = roots.or_else(|| {
        let seed = old.size.is_power_of_two().then_some(&old.root)?;
        roots_of_consistency(old.size, new.size, seed, proof).ok()
    });
    match roots {
        Some((from, to)) if to == new.root && from == old.root => Verdict::Consistent,
        Some((_, to)) if to == new.root => Verdict::Contradiction(Contradiction::Fork),
        _ => Verdict::Undecided,
    }
}
