//! The folder of a log: tiles, bundles and the checkpoint as plain files.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ensign_trust::log::tile::{FULL_WIDTH, TileKind, TilePath};

use crate::{Error, file};

/// The files of one log.
pub(super) struct Tree {
    folder: PathBuf,
    /// Called before each step that changes the disk; an error stands for a disk that fails there.
    #[cfg(test)]
    pub before: Option<Before>,
}

#[cfg(test)]
pub(super) type Before = Box<dyn Fn(&'static str) -> io::Result<()> + Send + Sync>;

impl Tree {
    /// The folder, made if need be.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        file::make_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            #[cfg(test)]
            before: None,
        })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn path(&self, tile: &TilePath) -> PathBuf {
        self.folder.join(tile.to_string())
    }

    pub fn checkpoint(&self) -> PathBuf {
        self.folder.join("checkpoint")
    }

    /// A partial tile or bundle, or the full one that has taken its place.
    pub fn widest(&self, tile: TilePath) -> Result<(TilePath, Vec<u8>), Error> {
        for path in [tile, tile.full()] {
            if let Some(bytes) = file::read(&self.path(&path))? {
                return Ok((path, bytes));
            }
        }
        Err(self.damaged(&tile, "it is missing"))
    }

    /// Puts a file in place whole: no reader ever sees a part of it. Not yet durable.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let mut coming = path.as_os_str().to_owned();
        coming.push(".tmp");
        let coming = PathBuf::from(coming);
        self.step("write")
            .and_then(|()| create(&coming)?.write_all(bytes))
            .map_err(|source| Error::io("write", &coming, source))?;
        self.step("rename")
            .and_then(|()| fs::rename(&coming, path))
            .map_err(|source| Error::io("put in place", path, source))
    }

    /// Makes all files of `written`, and their names, durable.
    pub fn flush(&self, written: &BTreeSet<PathBuf>) -> Result<(), Error> {
        self.step("flush")
            .map_err(|source| Error::io("flush the files of", &self.folder, source))?;
        file::flush_files(&self.folder, written)
    }

    /// Removes the partial versions of full tiles and bundles, durably.
    pub fn remove_partials(&self, full: &[TilePath]) -> Result<(), Error> {
        let mut changed = BTreeSet::new();
        for partials in full.iter().map(|full| self.partials(full)) {
            self.step("remove partials")
                .map_err(|source| Error::io("remove", &partials, source))?;
            match fs::remove_dir_all(&partials) {
                Ok(()) => changed.extend(partials.parent().map(Path::to_owned)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::io("remove", &partials, error)),
            }
        }
        changed
            .iter()
            .try_for_each(|folder| file::sync_folder(folder))
    }

    /// A file that a log of `size` cannot have yet, if there is one at its right edge.
    pub fn ahead_of(&self, size: u64) -> Result<Option<PathBuf>, Error> {
        let index = size / u64::from(FULL_WIDTH);
        let width = (size % u64::from(FULL_WIDTH)) as u16;
        for kind in [TileKind::Entries, TileKind::Hashes { level: 0 }] {
            let full = TilePath {
                kind,
                index,
                width: FULL_WIDTH,
            };
            let path = self.path(&full);
            if path.exists() {
                return Ok(Some(path));
            }
            let partials = self.partials(&full);
            if partials.exists() {
                let names = file::names(&partials)?;
                let mut widths = names.iter().filter_map(|name| name.parse::<u16>().ok());
                if let Some(wider) = widths.find(|&found| found > width) {
                    return Ok(Some(partials.join(wider.to_string())));
                }
            }
        }
        Ok(None)
    }

    /// Every file below the folder that a log of `size` cannot have, in order.
    pub fn strays(&self, size: u64) -> Result<Vec<PathBuf>, Error> {
        let mut strays = Vec::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            let failed = |source| Error::io("list the folder", &folder, source);
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                if entry.file_type().map_err(failed)?.is_dir() {
                    folders.push(entry.path());
                } else if !self.belongs(&entry.path(), size) {
                    strays.push(entry.path());
                }
            }
        }
        strays.sort_unstable();
        Ok(strays)
    }

    fn belongs(&self, path: &Path, size: u64) -> bool {
        if size > 0 && path == self.checkpoint() {
            return true;
        }
        let name = path.strip_prefix(&self.folder).ok().and_then(Path::to_str);
        let tile = name.and_then(|name| name.parse::<TilePath>().ok());
        tile.and_then(|tile| tile.least_size())
            .is_some_and(|least| least <= size)
    }

    pub fn damaged(&self, tile: &TilePath, what: &str) -> Error {
        Error::damaged(&self.path(tile), what)
    }

    #[cfg(test)]
    pub fn step(&self, step: &'static str) -> io::Result<()> {
        self.before.as_ref().map_or(Ok(()), |before| before(step))
    }

    #[cfg(not(test))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "tests make a step fail here"
    )]
    pub fn step(&self, _step: &'static str) -> io::Result<()> {
        Ok(())
    }

    fn partials(&self, full: &TilePath) -> PathBuf {
        let mut path = self.path(full).into_os_string();
        path.push(".p");
        path.into()
    }
}

/// Opens a new or emptied file, with the folders that lead to it.
fn create(path: &Path) -> io::Result<File> {
    match File::create(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().expect("a file of the log lies in a folder"))?;
            File::create(path)
        }
        created => created,
    }
}
