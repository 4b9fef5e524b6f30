//! Files that a command writes: whole or not at all, and never over another by accident.

use std::fs::Permissions;
use std::io::{Read, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ensign_node::Failure;

use crate::exit::{failure, file_failure};

/// Writes a file beside its place and moves it there; replaces one that exists only if told to.
pub fn write(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Failure> {
    let fault = |error: &std::io::Error| file_failure("write", path, error);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".ensign-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .map_err(|error| fault(&error))?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.as_file().sync_all());
    written.map_err(|error| fault(&error))?;
    let moved = if replace {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match moved {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == std::io::ErrorKind::AlreadyExists => Err(Failure {
            hint: Some("choose another file, or replace this one with `--force`".to_owned()),
            ..failure("file.exists", format!("{} exists already", path.display()))
        }),
        Err(refused) => Err(fault(&refused.error)),
    }
}

/// Reads a file that may have at most so many bytes. It may be a pipe, such as a shell puts in the
/// place of a file.
pub fn read(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let fault = |error: &std::io::Error| file_failure("read", path, error);
    let found = std::fs::metadata(path).map_err(|error| fault(&error))?;
    if found.is_dir() {
        let message = format!("{} is a folder, and a file is wanted", path.display());
        return Err(failure("file.folder", message));
    }
    let file = std::fs::File::open(path).map_err(|error| fault(&error))?;
    read_all(file, path, most)
}

/// Reads standard input, which may have at most so many bytes.
pub fn read_input(most: usize) -> Result<Vec<u8>, Failure> {
    read_all(std::io::stdin().lock(), Path::new("standard input"), most)
}

fn read_all(file: impl Read, path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = file.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| file_failure("read", path, &error))?;
    if bytes.len() > most {
        let why = format!("{} is longer than {most} bytes", path.display());
        return Err(failure("file.too_long", why));
    }
    Ok(bytes)
}

/// A path as another process can use it.
pub fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| file_failure("name", path, &error))
}

/// A path or a name as a shell reads it.
pub fn shell_word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./+:@%,=".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_when_told_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.ensign");
        write(&path, b"one", false).unwrap();
        assert_eq!(write(&path, b"two", false).unwrap_err().code, "file.exists");
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        write(&path, b"two", true).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("absent/case.ensign");
        assert_eq!(write(&nowhere, b"", false).unwrap_err().code, "file.failed");
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"1234").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"1234");
        assert_eq!(read(&path, 3).unwrap_err().code, "file.too_long");
    }

    #[test]
    fn a_folder_is_refused_and_a_device_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), 4).unwrap_err().code, "file.folder");
        let endless = Path::new("/dev/zero");
        assert_eq!(read(endless, 4).unwrap_err().code, "file.too_long");
    }

    #[test]
    fn a_suggested_path_can_be_pasted() {
        assert_eq!(shell_word(Path::new("a/b-1.csv")), "a/b-1.csv");
        assert_eq!(shell_word(Path::new("a b")), "'a b'");
        assert_eq!(shell_word(Path::new("it's")), r"'it'\''s'");
        assert_eq!(shell_word(Path::new("")), "''");
    }
}
