//! The port of the right to write: one holder at a time, and an epoch that only grows, so that a
//! holder who does not know that it lost the lease is fenced off by the log.

mod file;
mod memory;

pub use file::FileLeases;
pub use memory::MemoryLeases;

use std::any::Any;
use std::fmt;
use std::path::PathBuf;

use crate::Error;

/// The right to write, until it is dropped.
pub struct Lease {
    name: String,
    epoch: u64,
    _hold: Box<dyn Any + Send + Sync>,
}

impl Lease {
    fn new(name: &str, epoch: u64, hold: impl Any + Send + Sync) -> Self {
        Self {
            name: name.to_owned(),
            epoch,
            _hold: Box::new(hold),
        }
    }

    /// What the lease is for.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The fencing epoch: greater than that of every earlier lease of this name.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lease({}, epoch {})", self.name, self.epoch)
    }
}

/// Why a lease was not given.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    /// Another process, or another part of this one, holds it.
    #[error("{} is in use by another process", holder.display())]
    Held {
        /// The folder that is held.
        holder: PathBuf,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Leases by name.
pub trait Leases: Send + Sync {
    /// Takes the lease `name`, at once or not at all. A name is of `a-z`, `0-9` and `-`.
    ///
    /// # Errors
    /// [`AcquireError::Held`] if somebody has it; failures of the store.
    fn acquire(&self, name: &str) -> Result<Lease, AcquireError>;
}

#[cfg(test)]
mod tests;
