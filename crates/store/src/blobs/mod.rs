//! The port of bytes that are named by their digest and never change: raw files, geometry, prose.

mod file;
mod memory;

pub use file::FileBlobs;
pub use memory::MemoryBlobs;

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::Error;

/// The SHA-256 of a blob, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest that was computed elsewhere.
    pub const fn from_bytes(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text that is not a digest.
#[derive(Debug, thiserror::Error)]
#[error("a digest is 64 lower-case hexadecimal digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| NotADigest)?;
        bytes.try_into().map(Self).map_err(|_| NotADigest)
    }
}

/// Bytes by their digest. What is put is durable when the call returns.
pub trait Blobs: Send + Sync {
    /// Takes all of `bytes` in and gives their digest. Putting the same bytes again changes
    /// nothing; a source that fails leaves nothing.
    ///
    /// # Errors
    /// A source that cannot be read, and failures of the store.
    fn put(&self, bytes: &mut dyn Read) -> Result<Digest, Error>;

    /// Opens a blob, if it is there. Reading to the end checks the digest: bytes that were changed
    /// end in [`io::ErrorKind::InvalidData`].
    ///
    /// # Errors
    /// Failures of the store.
    fn get(&self, digest: &Digest) -> Result<Option<Box<dyn Read + Send>>, Error>;

    /// Deletes a blob and says whether it was there.
    ///
    /// # Errors
    /// Failures of the store.
    fn delete(&self, digest: &Digest) -> Result<bool, Error>;

    /// The digests of all blobs, in order.
    ///
    /// # Errors
    /// Failures of the store.
    fn list(&self) -> Result<Vec<Digest>, Error>;
}

/// Hashes what flows through it.
struct Hashing<R> {
    source: R,
    hash: Sha256,
}

impl<R: Read> Hashing<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            hash: Sha256::new(),
        }
    }

    fn digest(self) -> Digest {
        Digest(self.hash.finalize().into())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        self.hash.update(&buffer[..n]);
        Ok(n)
    }
}

/// A blob that is read: its end is reached only if its bytes are those of its name.
struct Checked<R> {
    bytes: Hashing<R>,
    name: Digest,
}

impl<R: Read> Checked<R> {
    fn new(name: Digest, source: R) -> Self {
        Self {
            bytes: Hashing::new(source),
            name,
        }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        if n == 0 && !buffer.is_empty() && self.bytes.hash.clone().finalize()[..] != self.name.0 {
            let what = format!("the bytes of blob {} were changed", self.name);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests;
