//! Plain files: what is missing is an answer, everything else that fails names the path.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

/// The bytes of a file; `None` where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path, error)),
    }
}

/// Removes a file; `false` where there was none.
pub(crate) fn remove(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("remove", path, error)),
    }
}

/// Makes a folder with all that lead to it, durably.
pub(crate) fn make_folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if parent != Path::new(".") {
        make_folder(parent)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(Error::io("make the folder", path, error)),
        Ok(()) => sync_folder(parent),
    }
}

/// Makes the names in a folder durable.
///
/// # Errors
/// Failures of the file system.
pub fn sync_folder(path: &Path) -> Result<(), Error> {
    // Only Unix can open a folder as a file; elsewhere the system keeps names on its own.
    if !cfg!(unix) {
        return Ok(());
    }
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| Error::io("flush the folder", path, source))
}

/// Makes the files of `written`, and their names, durable: all lie below `folder`.
///
/// One call flushes the whole file system: far cheaper than a flush for each of some hundred files.
///
/// # Errors
/// Failures of the file system; what is on disk is then not known.
#[cfg(target_os = "linux")]
pub fn flush_files(folder: &Path, _written: &BTreeSet<PathBuf>) -> Result<(), Error> {
    File::open(folder)
        .and_then(|folder| Ok(rustix::fs::syncfs(folder)?))
        .map_err(|source| Error::io("flush the files of", folder, source))
}

/// Makes the files of `written`, and their names, durable: all lie below `folder`.
///
/// # Errors
/// Failures of the file system; what is on disk is then not known.
#[cfg(not(target_os = "linux"))]
pub fn flush_files(folder: &Path, written: &BTreeSet<PathBuf>) -> Result<(), Error> {
    let mut folders = BTreeSet::from([folder]);
    for path in written {
        // Flushing needs a file that may be written on some systems.
        File::options()
            .write(true)
            .open(path)
            .and_then(|file| file.sync_all())
            .map_err(|source| Error::io("flush", path, source))?;
        folders.extend(
            path.ancestors()
                .skip(1)
                .take_while(|above| *above != folder),
        );
    }
    folders.into_iter().try_for_each(sync_folder)
}

/// Refuses a name that could mean anything but one plain file.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !name.is_empty() && name.bytes().all(plain) {
        return Ok(());
    }
    Err(Error::Name {
        name: name.to_owned(),
    })
}

/// The names in a folder, in order; names that are no text cannot be ours and are left out.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let failed = |source| Error::io("list the folder", folder, source);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}
