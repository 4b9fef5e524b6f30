//! The four ports of a node's store, in memory and on SQLite with plain files.
//!
//! | port | holds | on disk |
//! |---|---|---|
//! | [`Log`] | what is appended once and never changed | [`SqliteLog`]: `log.db`, tiles, bundles and the checkpoint as plain files |
//! | [`Blobs`] | bytes named by their SHA-256 digest | [`FileBlobs`]: one file a blob |
//! | [`Vault`] | all that is mutable, secret or erasable | [`SqliteVault`]: `vault.db`; [`SealedVault`] encrypts each value under a key of [`Keys`], `keys.db` |
//! | [`Leases`] | the right to be the one writer, with an epoch that fences a late one off | [`FileLeases`]: a lock file, the epoch in `log.db` |
//!
//! Beside the ports lie [`Meta`], what is set once for a folder, and [`Watermarks`], what is moved by
//! compare and swap.
//!
//! The store knows bytes, not the domain. It is synchronous, takes `&self` everywhere and may be
//! shared between threads. One conformance suite a port runs for each implementation.

pub mod blobs;
mod cipher;
mod entropy;
mod error;
mod file;
pub mod keys;
pub mod leases;
pub mod log;
pub mod meta;
mod sqlite;
pub mod stream;
#[cfg(test)]
mod testkit;
pub mod vault;
pub mod watermarks;

pub use blobs::{Blobs, Digest, FileBlobs, MemoryBlobs};
pub use entropy::Entropy;
pub use error::{Cause, Error};
pub use file::{flush_files, sync_folder};
pub use keys::{DataKey, Kek, Keys};
pub use leases::{AcquireError, FileLeases, Lease, Leases, MemoryLeases};
pub use log::{AppendError, Batch, Head, Log, Mark, MemoryLog, SqliteLog};
pub use meta::Meta;
pub use sqlite::{copy_database, open_to_follow, open_to_read};
pub use stream::{Opening, Sealing};
pub use vault::{Cell, Change, MemoryVault, SealedVault, SqliteVault, Stored, Vault};
pub use watermarks::Watermarks;
