use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ensign_trust::log::tile::{TilePath, stale_partials};

use super::edge::{Edge, Resource};
use super::{AppendError, Batch, Head, Log, check_head, check_range, size_and_root};
use crate::{Error, Lease, MemoryLeases};

/// A log that is gone with the process: for tests.
pub struct MemoryLog {
    leases: MemoryLeases,
    lease: String,
    epoch: u64,
    state: Arc<Mutex<State>>,
}

#[derive(Clone)]
struct State {
    head: Option<Head>,
    edge: Edge,
    entries: Vec<Vec<u8>>,
    marks: BTreeMap<Vec<u8>, Vec<u8>>,
    resources: BTreeMap<TilePath, Vec<u8>>,
}

impl MemoryLog {
    /// An empty log that appends while `lease` is the newest of its name in `leases`.
    pub fn new(leases: &MemoryLeases, lease: &Lease) -> Self {
        Self {
            leases: leases.clone(),
            lease: lease.name().to_owned(),
            epoch: lease.epoch(),
            state: Arc::new(Mutex::new(State {
                head: None,
                edge: Edge::new(),
                entries: Vec::new(),
                marks: BTreeMap::new(),
                resources: BTreeMap::new(),
            })),
        }
    }

    /// The same log under a newer lease of the same leases, as after a restart: what was opened
    /// under an older one appends no more.
    pub fn reopened(&self, lease: &Lease) -> Self {
        Self {
            leases: self.leases.clone(),
            lease: lease.name().to_owned(),
            epoch: lease.epoch(),
            state: Arc::clone(&self.state),
        }
    }

    /// A copy that goes its own way, under leases of its own.
    pub fn copied(&self, leases: &MemoryLeases, lease: &Lease) -> Self {
        let copy = Self::new(leases, lease);
        *copy.lock() = self.lock().clone();
        copy
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for MemoryLog {
    fn head(&self) -> Result<Option<Head>, Error> {
        Ok(self.lock().head.clone())
    }

    fn append(&self, batch: &Batch<'_>) -> Result<(), AppendError> {
        let mut state = self.lock();
        let current = self.leases.epoch(&self.lease);
        if current != self.epoch {
            return Err(AppendError::Fenced {
                held: self.epoch,
                current,
            });
        }
        let (size, root) = size_and_root(state.head.as_ref());
        check_head(batch, size, root)?;
        let (edge, new) = state.edge.follow(batch)?;
        let mut moved: BTreeMap<&[u8], &[u8]> = BTreeMap::new();
        for mark in batch.marks {
            let before = state.marks.get(&mark.key).map(Vec::as_slice);
            let found = moved.get(&*mark.key).copied().or(before);
            if found != mark.expected.as_deref() {
                let found = found.map(<[u8]>::to_vec);
                return Err(AppendError::MarkMoved {
                    key: mark.key.clone(),
                    found,
                });
            }
            moved.insert(&mark.key, &mark.value);
        }
        for (key, value) in moved {
            state.marks.insert(key.to_vec(), value.to_vec());
        }
        for Resource { path, bytes } in new {
            for partial in stale_partials(path) {
                state.resources.remove(&partial);
            }
            state.resources.insert(path, bytes);
        }
        state.entries.extend_from_slice(batch.entries);
        state.head = Some(Head {
            size: edge.size(),
            root: batch.root,
            checkpoint: batch.checkpoint.to_vec(),
        });
        state.edge = edge;
        Ok(())
    }

    fn mark(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.lock().marks.get(key).cloned())
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        let state = self.lock();
        check_range(&range, state.entries.len() as u64)?;
        Ok(state.entries[range.start as usize..range.end as usize].to_vec())
    }

    fn resource(&self, path: &TilePath) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.lock().resources.get(path).cloned())
    }
}
