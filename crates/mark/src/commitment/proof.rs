//! Inclusion proofs and signed tree heads of logs (RFC 6962 sections 2.1.1 and 3.5).
//!
//! They come as JSON with the member names of RFC 6962 section 4:
//!
//! ```json
//! { "inclusions": [ { "log_id": "..", "leaf_hash": "..", "leaf_index": 5, "audit_path": [".."],
//!     "sth": { "tree_size": 8, "timestamp": 1780000000000, "sha256_root_hash": "..", "tree_head_signature": ".." } } ] }
//! ```

use data_encoding::BASE64;
use ensign_trust::log::verify_inclusion;

use super::LogId;
use super::sct::{ECDSA_SHA256, Reader};
use crate::curve::{Hash, Point};
use crate::json::{Json, Object};

/// That an entry is in a log's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Which log.
    pub log: LogId,
    /// The entry's leaf hash.
    pub leaf: [u8; 32],
    /// Its index.
    pub index: u64,
    /// The hashes beside its way to the root.
    pub path: Vec<[u8; 32]>,
    /// The root, signed.
    pub head: TreeHead,
}

/// A log's signed tree head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHead {
    /// How many entries the tree has.
    pub size: u64,
    /// Milliseconds of Unix time.
    pub timestamp: u64,
    /// Its root.
    pub root: [u8; 32],
    /// `digitally-signed` of RFC 5246: algorithms, length and signature.
    pub signature: Vec<u8>,
}

impl Inclusion {
    /// Longest path: a tree has at most 2^63 entries.
    pub const MAX_PATH: usize = 63;

    /// Whether the path leads to the root, and the log signed it.
    pub(super) fn is_right(&self, log: &Point) -> bool {
        let head = &self.head;
        verify_inclusion(self.index, head.size, &self.leaf, &self.path, &head.root).is_ok()
            && head.is_signed_by(log)
    }

    /// Reads one member of `inclusions`.
    pub(super) fn read(members: &Object) -> Option<Self> {
        let head = members.get("sth")?.as_object()?;
        let path = members.get("audit_path")?.as_array()?;
        if path.len() > Self::MAX_PATH {
            return None;
        }
        Some(Inclusion {
            log: LogId::from_bytes(digest(members.get("log_id")?)?),
            leaf: digest(members.get("leaf_hash")?)?,
            index: members.get("leaf_index")?.as_u64()?,
            path: path.iter().map(digest).collect::<Option<_>>()?,
            head: TreeHead {
                size: head.get("tree_size")?.as_u64()?,
                timestamp: head.get("timestamp")?.as_u64()?,
                root: digest(head.get("sha256_root_hash")?)?,
                signature: bytes(head.get("tree_head_signature")?)?,
            },
        })
    }
}

impl TreeHead {
    fn is_signed_by(&self, log: &Point) -> bool {
        let mut signed = vec![0, 1];
        signed.extend_from_slice(&self.timestamp.to_be_bytes());
        signed.extend_from_slice(&self.size.to_be_bytes());
        signed.extend_from_slice(&self.root);
        let mut reader = Reader(&self.signature);
        let algorithm = reader.take(2);
        let signature = reader.long();
        algorithm.is_ok_and(|it| it == ECDSA_SHA256)
            && reader.end().is_ok()
            && signature.is_ok_and(|it| log.verifies_der(Hash::Sha256, &signed, it))
    }
}

pub(super) fn bytes(value: &Json) -> Option<Vec<u8>> {
    BASE64.decode(value.as_str()?.as_bytes()).ok()
}

pub(super) fn digest(value: &Json) -> Option<[u8; 32]> {
    bytes(value)?.try_into().ok()
}
