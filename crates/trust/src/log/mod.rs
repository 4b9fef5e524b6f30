//! The transparency log, as bytes: an RFC 6962 Merkle tree, its tiles, and the signed texts about it.
//!
//! A log is a list of entries. Its *root* commits to all of them and to their order; a *checkpoint*
//! is the signed root at one size. Two proofs make a log checkable without reading all of it: an
//! *inclusion proof* (this entry is in that tree) and a *consistency proof* (this tree is an
//! extension of that one). Other parties *cosign* checkpoints, so that a log cannot show two
//! histories to two readers.
//!
//! | file | what | standard |
//! |---|---|---|
//! | [`merkle`] | hashing, the compact tree so far, both proofs | RFC 6962 §2.1, RFC 9162 §2.1.3 and §2.1.4 |
//! | [`tile`] | paths of tiles and entry bundles, which are new, which node lies where | c2sp.org/tlog-tiles |
//! | [`note`] | signed notes: text, signature lines, the rules of verification | c2sp.org/signed-note |
//! | [`vkey`] | keys of notes in text form, the signer of a log | c2sp.org/signed-note |
//! | [`checkpoint`] | origin, size and root as the text of a note | c2sp.org/tlog-checkpoint |
//! | [`cosignature`] | what witnesses sign: Ed25519 and ML-DSA-44 | c2sp.org/tlog-cosignature |
//! | [`proof`] | one file that proves one entry, offline | c2sp.org/tlog-proof |
//! | [`witness`] | what a witness is asked, and whether it may cosign | c2sp.org/tlog-witness |
//! | [`equivocation`] | whether two checkpoints of one log contradict each other | |
//!
//! In scope: the formats to the letter, strictly in both directions: what is parsed is written back
//! byte for byte, and what could not be parsed back is not written. Sizes are at most
//! [`MAX_SIZE`].
//!
//! Out of scope: where tiles are kept and in which order they are written (the store), what an
//! entry means (statements), the HTTP around witnesses and mirrors, subtree cosignatures
//! that do not start at the first entry, static-ct-api. Nothing here reads a clock or draws
//! randomness: timestamps and seeds are arguments.

pub mod checkpoint;
pub mod cosignature;
pub mod equivocation;
mod lines;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod tile;
pub mod vkey;
pub mod witness;

#[cfg(test)]
mod tests;

pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use cosignature::{CosignatureSigner, Cosigned};
pub use equivocation::{Contradiction, Verdict};
pub use merkle::{
    Frontier, NodeId, ProofError, consistency_proof, empty_root, inclusion_proof, leaf_hash,
    node_hash, verify_consistency, verify_inclusion,
};
pub use note::{Note, NoteError, NoteSignature};
pub use proof::{LogProof, LogProofError};
pub use tile::{TileError, TileKind, TilePath};
pub use vkey::{KeyError, LogSigner, NoteKey, NoteKeyType, SignatureError};

/// A SHA-256 digest: the hash of a leaf, of a node or of a whole tree.
pub type Hash = [u8; 32];

/// The largest size that a log may have. C2SP texts carry sizes as decimals; timestamps and
/// indices are held to the same bound, so that they fit a signed 64-bit integer everywhere.
pub const MAX_SIZE: u64 = i64::MAX as u64;
