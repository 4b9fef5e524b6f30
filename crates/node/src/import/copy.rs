//! The encrypted copies of imported files.
//!
//! Each copy has a data key of its own, so that it can be destroyed alone. A row of the vault's table
//! `import` is named after the file's SHA-256 and holds the copy's place among the blobs; where words
//! were taken out of the copy since, also the SHA-256 of what is left. A key without a row is that of
//! a copy which nothing refers to, and is destroyed at the next start.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use ensign_prove::source;
use ensign_share::{table, who_ssa};
use ensign_store::{Cell, DataKey, Digest, Opening, Sealing};
use ensign_trust::code::Code;
use sha2::{Digest as _, Sha256};

use crate::clock::fresh;
use crate::command::Progress;
use crate::error::Error;
use crate::node::Node;

/// What the encryption of an imported file is bound to.
pub(crate) const CONTEXT: &[u8] = b"import";
/// How the owners of copies begin.
const OWNER: &str = "import/";

/// A copy, where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    /// SHA-256 of the file, in hexadecimal.
    pub file: String,
    /// Whose data key opens it.
    pub owner: String,
    /// The blob.
    pub blob: Digest,
    /// SHA-256 of what is left, where words were taken out.
    pub redacted: Option<[u8; 32]>,
}

/// A file on its way in, read from its copy.
pub(super) struct Source<'a> {
    pub path: &'a Path,
    pub digest: [u8; 32],
    pub copy: Copy,
    /// Whether the copy was made for this import, rather than for an earlier one.
    pub fresh: bool,
}

impl Node {
    /// Keeps the raw file, encrypted, and learns its digest. A file that is kept already is not
    /// kept twice.
    pub(super) fn take_in<'a>(
        &self,
        path: &'a Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Source<'a>, Error> {
        let mut hashing = Hashing::new(open(path)?);
        let owner = self.copy_owner();
        let put = self.put_copy(&owner, &mut hashing);
        if let Some(source) = hashing.fault {
            self.vault.keys().destroy(&owner)?;
            return Err(unread(path, source));
        }
        let blob = put?;
        progress(Progress {
            stage: "reading".to_owned(),
            done: hashing.length,
            total: Some(hashing.length),
        });
        let digest: [u8; 32] = hashing.hash.finalize().into();
        let copy = Copy {
            file: data_encoding::HEXLOWER.encode(&digest),
            owner,
            blob,
            redacted: None,
        };
        match self.copy_of(&copy.file)? {
            Some(known) if self.is_whole(&known, &digest) => {
                self.destroy_copy(&copy)?;
                Ok(Source {
                    path,
                    digest,
                    copy: known,
                    fresh: false,
                })
            }
            _ => Ok(Source {
                path,
                digest,
                copy,
                fresh: true,
            }),
        }
    }

    /// Has the vault refer to the copy that stays, without the words of erased records; says whether
    /// that is another one than the file was read into. Until then nothing refers to a new copy, so
    /// that it goes where the node stops.
    pub(super) fn settle_copy(&self, source: &Source<'_>, erased: bool) -> Result<bool, Error> {
        let before = self.copy_of(&source.copy.file)?;
        let redacted = match erased {
            true => self.redact(&source.copy)?,
            false => None,
        };
        if redacted.is_none() && source.fresh {
            self.keep_copy(&source.copy)?;
        }
        if let Some(damaged) = before.filter(|_| source.fresh) {
            self.destroy_copy(&damaged)?;
        }
        Ok(redacted.is_some())
    }

    /// Opens a copy.
    pub(super) fn reading(
        &self,
        path: &Path,
        copy: &Copy,
    ) -> Result<Opening<impl Read + use<>>, Error> {
        let gone = || unread(path, io::ErrorKind::NotFound.into());
        let key = self.vault.keys().find_data_key(&copy.owner)?;
        let blob = self.blobs.get(&copy.blob)?.ok_or_else(gone)?;
        Ok(Opening::new(&key.ok_or_else(gone)?, CONTEXT, blob))
    }

    /// Takes the words of erased records out of all copies.
    pub(crate) fn redact_copies(&self) -> Result<(), Error> {
        for file in self.copied_files()? {
            if let Some(copy) = self.copy_of(&file)?
                && self.redact(&copy)?.is_some()
            {
                self.destroy_copy(&copy)?;
            }
        }
        Ok(())
    }

    /// Makes another copy without the words of erased records, and has it take the place of the one
    /// before, which can still be read; none where there is nothing to take out.
    pub(super) fn redact(&self, copy: &Copy) -> Result<Option<Copy>, Error> {
        let path = Path::new(&copy.file);
        let fault = |source| Error::Import {
            path: path.to_owned(),
            source,
        };
        let encoding = table::sniff(self.reading(path, copy)?).map_err(fault)?;
        let source = Code::literal(who_ssa::SOURCE);
        let erased = |id: &str| {
            let id = Code::new(id).ok();
            let known = id.map(|id| self.views.record(source::record_id(&source, &id)));
            matches!(known, Some(Ok(Some(record))) if record.erased)
        };
        let redacting = || {
            let reading = self.reading(path, copy)?;
            who_ssa::Redacting::new(reading, encoding, erased).map_err(fault)
        };
        let mut tried = redacting()?;
        let mut hash = Hashing::new(&mut tried);
        io::copy(&mut hash, &mut io::sink()).map_err(|error| unread(path, error))?;
        let left: [u8; 32] = hash.hash.finalize().into();
        if tried.found() == 0 || copy.redacted == Some(left) {
            return Ok(None);
        }
        let owner = self.copy_owner();
        let redacted = Copy {
            blob: self.put_copy(&owner, redacting()?)?,
            owner,
            file: copy.file.clone(),
            redacted: Some(left),
        };
        self.keep_copy(&redacted)?;
        Ok(Some(redacted))
    }

    /// Destroys a copy: its key first, so that what is left of it says nothing.
    pub(super) fn destroy_copy(&self, copy: &Copy) -> Result<(), Error> {
        self.vault.keys().destroy(&copy.owner)?;
        self.blobs.delete(&copy.blob)?;
        Ok(())
    }

    /// Destroys the keys of copies that nothing refers to, and forgets copies whose keys are gone.
    pub(crate) fn finish_copies(&self) -> Result<(), Error> {
        let mut keys = self.vault.keys().owners_in(OWNER)?;
        for file in self.copied_files()? {
            let owner = self.vault.owner(cell(&file))?.unwrap_or_default();
            match keys.iter().position(|known| *known == owner) {
                Some(at) => {
                    keys.swap_remove(at);
                }
                None => self.vault.delete(cell(&file))?,
            }
        }
        for owner in keys {
            self.vault.keys().destroy(&owner)?;
        }
        Ok(())
    }

    fn put_copy(&self, owner: &str, plain: impl Read) -> Result<Digest, Error> {
        let key: DataKey = self.vault.keys().data_key(owner)?;
        let mut sealing = Sealing::new(&key, CONTEXT, &*self.entropy, plain);
        Ok(self.blobs.put(&mut sealing)?)
    }

    fn keep_copy(&self, copy: &Copy) -> Result<(), Error> {
        let mut kept = copy.blob.as_bytes().to_vec();
        kept.extend(copy.redacted.iter().flatten());
        Ok(self.vault.put(cell(&copy.file), &copy.owner, &kept)?)
    }

    /// The copy of a file, if there is one that its key opens.
    fn copy_of(&self, file: &str) -> Result<Option<Copy>, Error> {
        match self.vault.get(cell(file)) {
            Ok(opened) => Ok(opened.and_then(|it| Copy::read(file, &it.owner, &it.value))),
            // Its key was destroyed, and with it the copy.
            Err(ensign_store::Error::NoKey { .. } | ensign_store::Error::Altered { .. }) => {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The files that there are copies of.
    fn copied_files(&self) -> Result<Vec<String>, Error> {
        let (mut files, mut after) = (Vec::new(), None::<String>);
        loop {
            let rows = self.vault.stored().rows("import", after.as_deref(), 256)?;
            let Some(last) = rows.last() else {
                return Ok(files);
            };
            after = Some(last.clone());
            files.extend(rows);
        }
    }

    /// Whether a copy is there and is the file, or what is left of it.
    fn is_whole(&self, copy: &Copy, file: &[u8; 32]) -> bool {
        let path = Path::new(&copy.file);
        self.reading(path, copy).is_ok_and(|reading| {
            let mut hashing = Hashing::new(reading);
            let read = io::copy(&mut hashing, &mut io::sink());
            let expected = copy.redacted.as_ref().unwrap_or(file);
            read.is_ok() && hashing.hash.finalize()[..] == expected[..]
        })
    }

    fn copy_owner(&self) -> String {
        let name = data_encoding::HEXLOWER.encode(&fresh::<16>(&*self.entropy));
        format!("{OWNER}{name}")
    }
}

impl Copy {
    /// Reads what the vault holds of a copy.
    pub fn read(file: &str, owner: &str, kept: &[u8]) -> Option<Self> {
        let (blob, redacted) = kept.split_first_chunk::<32>()?;
        let redacted = match redacted {
            [] => None,
            redacted => Some(redacted.try_into().ok()?),
        };
        Some(Copy {
            file: file.to_owned(),
            owner: owner.to_owned(),
            blob: Digest::from_bytes(*blob),
            redacted,
        })
    }
}

/// Takes the digest of what is read through it, and keeps why it could not be read.
struct Hashing<R> {
    read: R,
    hash: Sha256,
    length: u64,
    fault: Option<io::Error>,
}

impl<R> Hashing<R> {
    fn new(read: R) -> Self {
        Hashing {
            read,
            hash: Sha256::new(),
            length: 0,
            fault: None,
        }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.read.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let kind = error.kind();
                self.fault = Some(error);
                return Err(kind.into());
            }
            read => read?,
        };
        self.hash.update(&buffer[..read]);
        self.length += read as u64;
        Ok(read)
    }
}

fn open(path: &Path) -> Result<BufReader<File>, Error> {
    let file = File::open(path).map_err(|source| unread(path, source))?;
    Ok(BufReader::with_capacity(256 * 1024, file))
}

fn unread(path: &Path, source: io::Error) -> Error {
    Error::File {
        action: "read",
        path: path.to_owned(),
        source,
    }
}

/// Where the copy of a file is told.
fn cell(file: &str) -> Cell<'_> {
    Cell {
        table: "import",
        row: file,
        column: "blob",
    }
}
