use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Blobs, Checked, Digest, Hashing};
use crate::{Error, file};

/// Blobs as plain files: `ab/cdef...`, the digest split after its first byte.
pub struct FileBlobs {
    folder: PathBuf,
    coming: PathBuf,
    next: AtomicU64,
}

impl FileBlobs {
    /// Opens the blobs in `folder`, or makes it. What an interrupted put left is removed, so one
    /// process may open a folder at a time.
    ///
    /// # Errors
    /// Failures of the file system.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let coming = folder.join("coming");
        match fs::remove_dir_all(&coming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io("remove unfinished blobs in", &coming, error));
            }
            _ => file::make_folder(&coming)?,
        }
        Ok(Self {
            folder: folder.to_owned(),
            coming,
            next: AtomicU64::new(0),
        })
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let (first, rest) = name.split_at(2);
        self.folder.join(first).join(rest)
    }

    /// Writes all bytes to `path`, flushed.
    fn receive(path: &Path, bytes: &mut dyn Read) -> Result<Digest, Error> {
        let failed = |source| Error::io("write the blob", path, source);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut target = options.open(path).map_err(failed)?;
        let mut source = Hashing::new(bytes);
        io::copy(&mut source, &mut target).map_err(failed)?;
        target
            .flush()
            .and_then(|()| target.sync_all())
            .map_err(failed)?;
        Ok(source.digest())
    }

    /// Gives a received file the name of its digest, durably.
    fn name(&self, received: &Path, digest: &Digest) -> Result<(), Error> {
        let path = self.path(digest);
        let folder = path
            .parent()
            .expect("a blob lies in a folder of its first byte");
        file::make_folder(folder)?;
        fs::rename(received, &path).map_err(|source| Error::io("name the blob", &path, source))?;
        file::sync_folder(folder)?;
        file::sync_folder(&self.folder)
    }
}

impl Blobs for FileBlobs {
    fn put(&self, bytes: &mut dyn Read) -> Result<Digest, Error> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let received = self.coming.join(number.to_string());
        let named = Self::receive(&received, bytes)
            .and_then(|digest| self.name(&received, &digest).map(|()| digest));
        if named.is_err() {
            // The first error is the one to report; the next start removes what this leaves.
            let _ = file::remove(&received);
        }
        named
    }

    fn get(&self, digest: &Digest) -> Result<Option<Box<dyn Read + Send>>, Error> {
        let path = self.path(digest);
        match File::open(&path) {
            Ok(blob) => Ok(Some(Box::new(Checked::new(*digest, blob)))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("open the blob", &path, error)),
        }
    }

    fn delete(&self, digest: &Digest) -> Result<bool, Error> {
        let path = self.path(digest);
        let there = file::remove(&path)?;
        if there {
            file::sync_folder(
                path.parent()
                    .expect("a blob lies in a folder of its first byte"),
            )?;
        }
        Ok(there)
    }

    fn list(&self) -> Result<Vec<Digest>, Error> {
        let mut digests = Vec::new();
        for first in file::names(&self.folder)? {
            if first.len() != 2 {
                continue;
            }
            for rest in file::names(&self.folder.join(&first))? {
                digests.extend(format!("{first}{rest}").parse::<Digest>().ok());
            }
        }
        digests.sort_unstable();
        Ok(digests)
    }
}
