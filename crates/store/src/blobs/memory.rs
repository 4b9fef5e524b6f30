use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Blobs, Checked, Digest};
use crate::Error;

/// Blobs that are gone with the process: for tests.
#[derive(Default)]
pub struct MemoryBlobs {
    blobs: Mutex<BTreeMap<Digest, Arc<[u8]>>>,
}

impl MemoryBlobs {
    /// No blobs.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Digest, Arc<[u8]>>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Blobs for MemoryBlobs {
    fn put(&self, bytes: &mut dyn Read) -> Result<Digest, Error> {
        let mut all = Vec::new();
        bytes
            .read_to_end(&mut all)
            .map_err(|source| Error::io("read a blob into", Path::new("memory"), source))?;
        let digest = Digest::of(&all);
        self.lock().insert(digest, all.into());
        Ok(digest)
    }

    fn get(&self, digest: &Digest) -> Result<Option<Box<dyn Read + Send>>, Error> {
        let blob = self.lock().get(digest).cloned();
        Ok(blob.map(|bytes| Box::new(Checked::new(*digest, Cursor::new(bytes))) as _))
    }

    fn delete(&self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.lock().remove(digest).is_some())
    }

    fn list(&self) -> Result<Vec<Digest>, Error> {
        Ok(self.lock().keys().copied().collect())
    }
}
