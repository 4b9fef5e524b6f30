//! Witnesses (c2sp.org/tlog-witness v1.0.0): those who cosign the checkpoints of logs, so that no
//! log can show two histories to two readers.
//!
//! | file | what |
//! |---|---|
//! | [`service`] | this node as a witness of other logs: it remembers the largest tree of each, and cosigns only what extends it |
//! | [`memory`] | what it remembers |
//! | [`asking`] | this node as a log: whom it asks, and what becomes of their cosignatures |
//!
//! A witness whose memory is lost has no right to its key any more: it could be led back to a tree
//! that it has cosigned past. The memory is therefore made with the folder and never anew.

mod asking;
mod memory;
mod service;

pub(crate) use asking::Asking;
pub use asking::{Asked, AskedWitness, QuorumChange, Round, WitnessesAnswer};
pub(crate) use memory::Memory;
pub use memory::Watched;
#[cfg(test)]
pub(crate) use service::witness_name;
pub use service::{Answer, Witness};
