//! A mirror as it is read while another process brings it up to date.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ensign_trust::log::tile::TilePath;

use super::fetch::narrowed;
use super::state::{self, NAME};
use super::{MirrorFault, claimed};
use crate::append::widest;
use crate::error::Error;

/// The folder of a mirror, to be given to others. Nothing is written, and no lock is taken.
///
/// Whoever keeps the mirror puts the checkpoint in place after the files that it is of, and removes
/// narrower files last. So the checkpoint says what may be read: what lies there beyond it is not
/// audited yet and is not given, and a file that was replaced is cut from the wider one.
#[derive(Debug)]
pub struct ServedMirror {
    folder: PathBuf,
}

impl ServedMirror {
    /// The folder of a mirror that has taken something.
    ///
    /// # Errors
    /// [`Error::Unfit`] where no mirror lies there; failures of the disk.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        if !folder.join(NAME).exists() {
            return Err(Error::Unfit {
                what: folder.display().to_string(),
                why: "it is no mirror".to_owned(),
            });
        }
        let mirror = ServedMirror {
            folder: folder.to_owned(),
        };
        mirror.checkpoint()?;
        Ok(mirror)
    }

    /// The checkpoint, as the log gave it.
    ///
    /// # Errors
    /// Failures of the disk; [`MirrorFault::Damaged`] where it is no checkpoint.
    pub fn checkpoint(&self) -> Result<Vec<u8>, Error> {
        Ok(self.head()?.0)
    }

    /// A tile or a bundle, at the width that is asked for; none where the log that the checkpoint is
    /// of does not have it.
    ///
    /// # Errors
    /// Failures of the disk; [`MirrorFault::Damaged`] where it should be there.
    pub fn resource(&self, path: &TilePath) -> Result<Option<Vec<u8>>, Error> {
        let mut tried = None;
        loop {
            let (_, size) = self.head()?;
            if path.least_size().is_none_or(|least| least > size) {
                return Ok(None);
            }
            let held = widest(*path, size);
            let file = self.folder.join(held.to_string());
            let damaged = || MirrorFault::Damaged { path: file.clone() };
            match fs::read(&file) {
                Ok(bytes) => return Ok(Some(narrowed(bytes, &held, path).ok_or_else(damaged)?)),
                // The mirror may have gone on since, and then another file has it.
                Err(error) if error.kind() == ErrorKind::NotFound && tried != Some(size) => {
                    tried = Some(size);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => return Err(damaged().into()),
                Err(error) => return Err(state::file("read", &file)(error)),
            }
        }
    }

    /// The checkpoint and the size that it says.
    fn head(&self) -> Result<(Vec<u8>, u64), Error> {
        let path = self.folder.join("checkpoint");
        let note = fs::read(&path).map_err(state::file("read", &path))?;
        let size = claimed(&note).ok_or(MirrorFault::Damaged { path })?.size;
        Ok((note, size))
    }
}
