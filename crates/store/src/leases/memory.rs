use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{AcquireError, Lease, Leases};
use crate::file;

/// Leases within one process: for tests. Clones share their leases.
#[derive(Clone, Default)]
pub struct MemoryLeases {
    leases: Arc<Mutex<BTreeMap<String, Held>>>,
}

#[derive(Default)]
struct Held {
    epoch: u64,
    now: bool,
}

impl MemoryLeases {
    /// No leases.
    pub fn new() -> Self {
        Self::default()
    }

    /// The epoch of the newest lease of this name; 0 if there was none.
    pub(crate) fn epoch(&self, name: &str) -> u64 {
        self.lock().get(name).map_or(0, |held| held.epoch)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leases for MemoryLeases {
    fn acquire(&self, name: &str) -> Result<Lease, AcquireError> {
        file::check_name(name)?;
        let mut leases = self.lock();
        let held = leases.entry(name.to_owned()).or_default();
        if held.now {
            return Err(AcquireError::Held {
                holder: PathBuf::from(name),
            });
        }
        held.now = true;
        held.epoch += 1;
        let hold = Hold {
            leases: self.clone(),
            name: name.to_owned(),
        };
        Ok(Lease::new(name, held.epoch, hold))
    }
}

struct Hold {
    leases: MemoryLeases,
    name: String,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(held) = self.leases.lock().get_mut(&self.name) {
            held.now = false;
        }
    }
}
