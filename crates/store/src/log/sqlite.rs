mod rows;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use ensign_trust::log::MAX_SIZE;
use ensign_trust::log::tile::{FULL_WIDTH, TileKind, TilePath, bundle_entries};
use rusqlite::{Connection, TransactionBehavior};

use self::rows::{LockRow, Staged};
use super::edge::{Edge, Resource, join, split};
use super::tree::Tree;
use super::{AppendError, Batch, Head, Log, check_head, check_range, size_and_root};
use crate::{Error, Lease, file, meta, sqlite};

/// Bytes of staged entries above which the files that cover them are flushed and staging is
/// emptied.
const SETTLE_AT: u64 = 8 << 20;

/// A log whose head and staged entries are in `log.db`, and whose tiles, bundles and checkpoint are
/// plain files.
///
/// One commit makes a batch durable: it holds the entries, the marks and the new head, and fails
/// unless lease, head and marks are as expected. The files are then written without a flush, since
/// opening the log writes them again from staging. Staging is emptied only after the files it covers
/// were flushed, many batches at a time. A partial tile or bundle is removed after its full version
/// was flushed.
pub struct SqliteLog {
    name: String,
    lease: String,
    epoch: u64,
    path: PathBuf,
    tree: Tree,
    // Locked in this order. Readers do not wait for the flush of a commit.
    writer: Mutex<Writer>,
    seen: RwLock<Seen>,
    reader: Mutex<Connection>,
}

/// What readers see.
struct Seen {
    head: Option<Head>,
    /// Entries that the files have; the rest of the log is in staging.
    published: u64,
}

struct Writer {
    db: Connection,
    /// The right edge of all that was committed.
    edge: Edge,
    /// What was committed but is not in the files yet.
    unpublished: Option<Publication>,
    /// Files written since they were last flushed.
    written: BTreeSet<PathBuf>,
    /// Full tiles and bundles among them: their partial versions go.
    filled: Vec<TilePath>,
    /// Bytes of entries that only staging holds durably.
    staged: u64,
    /// See [`SETTLE_AT`].
    settle_at: u64,
    /// Size of the log whose files were flushed, while staging still covers them.
    flushed: Option<u64>,
    /// Until recovery is done, and after a commit or a flush that failed: what is on disk is known
    /// only after opening (again).
    unsure: bool,
}

struct Publication {
    resources: Vec<Resource>,
    head: Head,
}

impl SqliteLog {
    /// Opens the log `name` in `folder`, its database at `path`, under `lease`; or makes it. Several
    /// logs share one database, each with a folder of its own. What an interrupted append left
    /// undone is done first.
    ///
    /// # Errors
    /// [`Error::Damaged`] if tiles, checkpoint and head do not agree, [`Error::Ahead`] if the files
    /// are newer than the database, [`Error::NewerFormat`], [`Error::Name`]; failures of the disk.
    pub fn open(folder: &Path, path: &Path, name: &str, lease: &Lease) -> Result<Self, Error> {
        file::check_name(name)?;
        Self::open_in(Tree::open(folder)?, path, name, lease)
    }

    pub(super) fn open_in(
        tree: Tree,
        path: &Path,
        name: &str,
        lease: &Lease,
    ) -> Result<Self, Error> {
        let db = sqlite::open(path, &meta::FORMAT)?;
        let reader = Mutex::new(sqlite::open(path, &meta::FORMAT)?);
        let row = LockRow::find(&db, name).map_err(|source| Error::sqlite("read", path, source))?;
        let settled = row.as_ref().map_or(0, |row| row.settled);
        let writer = Writer {
            db,
            edge: Edge::load(&tree, settled)?,
            unpublished: None,
            written: BTreeSet::new(),
            filled: Vec::new(),
            staged: 0,
            settle_at: SETTLE_AT,
            flushed: None,
            unsure: true,
        };
        let log = Self {
            name: name.to_owned(),
            lease: lease.name().to_owned(),
            epoch: lease.epoch(),
            path: path.to_owned(),
            tree,
            writer: Mutex::new(writer),
            seen: RwLock::new(Seen {
                head: None,
                published: 0,
            }),
            reader,
        };
        log.recover(row.map(|row| row.head))?;
        Ok(log)
    }

    /// Writes files that a commit could not write, on a full disk for instance. An append does so
    /// first.
    ///
    /// # Errors
    /// What still stands in the way.
    pub fn publish(&self) -> Result<(), Error> {
        self.publish_late(&mut self.lock())
    }

    /// Files in the folder that are no tile, bundle or checkpoint of this log: put there by somebody
    /// else.
    ///
    /// # Errors
    /// Failures of the disk.
    pub fn strays(&self) -> Result<Vec<PathBuf>, Error> {
        let writer = self.lock();
        self.tree.strays(writer.edge.size())
    }

    /// Flushes all files and empties staging. Dropping the log does the same and tells nobody
    /// about errors; none of them loses an entry.
    ///
    /// # Errors
    /// Failures of the disk.
    pub fn close(self) -> Result<(), Error> {
        self.settle()
    }

    fn recover(&self, head: Option<Head>) -> Result<(), Error> {
        let mut writer = self.lock();
        self.check_lease(&writer.db)?;
        let failed = |source| Error::sqlite("read the staging of", &self.path, source);
        let (size, root) = size_and_root(head.as_ref());
        let mut known: Vec<Option<Vec<u8>>> = Vec::new();
        let Writer {
            db,
            edge,
            written,
            filled,
            staged,
            unsure,
            ..
        } = &mut *writer;
        // Reading all of it, not only what the head covers, notices what should not be there.
        for batch in Staged::find(db, &self.name, 0..MAX_SIZE).map_err(failed)? {
            let (next, resources) = split(&batch.entries, batch.size.saturating_sub(edge.size()))
                .and_then(|entries| edge.grow(entries).ok())
                .ok_or_else(|| Error::damaged(&self.path, "its staging does not fit its tiles"))?;
            write_resources(&self.tree, &resources, written, filled)?;
            *staged += batch.entries.len() as u64;
            *edge = next;
            known.push(batch.previous);
        }
        if (edge.size(), edge.root()) != (size, root) {
            let what = format!("its tiles do not lead to the root of the head of size {size}");
            return Err(Error::damaged(self.tree.folder(), what));
        }
        if let Some(path) = self.tree.ahead_of(size)? {
            return Err(Error::Ahead { path, size });
        }
        if restore_checkpoint(&self.tree, head.as_ref(), &known)? {
            written.insert(self.tree.checkpoint());
        }
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Seen {
            head,
            published: size,
        };
        *unsure = false;
        Ok(())
    }

    /// Commits the batch with the `new` head, if lease, head and marks are as expected. Nothing in
    /// memory moves with it.
    fn commit(
        &self,
        writer: &mut Writer,
        batch: &Batch<'_>,
        new: &Head,
    ) -> Result<(), AppendError> {
        let failed = |source| Error::sqlite("append to", &self.path, source);
        let tx = writer
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        self.check_lease(&tx)?;
        let head = LockRow::find(&tx, &self.name)
            .map_err(failed)?
            .map(|row| row.head);
        let (found, root) = size_and_root(head.as_ref());
        check_head(batch, found, root)?;
        for mark in batch.marks {
            if !rows::move_mark(&tx, &self.name, mark).map_err(failed)? {
                return Err(AppendError::MarkMoved {
                    key: mark.key.clone(),
                    found: rows::find_mark(&tx, &self.name, &mark.key).map_err(failed)?,
                });
            }
        }
        if let Some(flushed) = writer.flushed {
            rows::drop_staging(&tx, &self.name, flushed).map_err(failed)?;
        }
        let staged = Staged {
            start: found,
            size: new.size,
            previous: head.map(|head| head.checkpoint),
            entries: join(batch.entries),
        };
        staged.insert(&tx, &self.name).map_err(failed)?;
        rows::set_head(&tx, &self.name, new).map_err(failed)?;
        self.step("commit")?;
        if let Err(error) = tx.commit().map_err(failed) {
            // A full disk refuses a commit whole. After any other failure it may or may not stand.
            writer.unsure = !matches!(error, Error::Full { .. });
            return Err(error.into());
        }
        writer.flushed = None;
        Ok(())
    }

    fn publish_pending(&self, writer: &mut Writer) -> Result<(), Error> {
        let Some(Publication { resources, head }) = &writer.unpublished else {
            return Ok(());
        };
        write_resources(
            &self.tree,
            resources,
            &mut writer.written,
            &mut writer.filled,
        )?;
        let checkpoint = self.tree.checkpoint();
        self.tree.write(&checkpoint, &head.checkpoint)?;
        writer.written.insert(checkpoint);
        self.seen
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .published = head.size;
        writer.unpublished = None;
        Ok(())
    }

    /// Publishes what could not be published right after its commit, unless another holder has
    /// done so since.
    fn publish_late(&self, writer: &mut Writer) -> Result<(), Error> {
        if writer.unpublished.is_none() {
            return Ok(());
        }
        self.check_lease(&writer.db)?;
        self.publish_pending(writer)
    }

    /// Flushes the files, so that the next commit, or [`SqliteLog::settle`], can empty staging.
    fn flush(&self, writer: &mut Writer) -> Result<(), Error> {
        if writer.staged == 0 {
            return Ok(());
        }
        // After a failed flush the system may take lost pages for written ones: only writing the
        // files again from staging is safe.
        writer.unsure = true;
        self.tree.flush(&writer.written)?;
        self.tree.remove_partials(&writer.filled)?;
        writer.unsure = false;
        writer.written.clear();
        writer.filled.clear();
        writer.staged = 0;
        writer.flushed = Some(writer.edge.size());
        Ok(())
    }

    fn settle(&self) -> Result<(), Error> {
        let failed = |source| Error::sqlite("empty the staging of", &self.path, source);
        let mut writer = self.lock();
        self.check_sure(&writer)?;
        self.publish_late(&mut writer)?;
        self.flush(&mut writer)?;
        if let Some(flushed) = writer.flushed {
            self.step("settle")?;
            let tx = writer
                .db
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(failed)?;
            self.check_lease(&tx)?;
            rows::drop_staging(&tx, &self.name, flushed).map_err(failed)?;
            tx.commit().map_err(failed)?;
            writer.flushed = None;
        }
        Ok(())
    }

    fn read_staged(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        let failed = |source| Error::sqlite("read the staging of", &self.path, source);
        let db = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let batches = Staged::find(&db, &self.name, range.clone()).map_err(failed)?;
        let mut found = Vec::new();
        for Staged {
            start,
            size,
            entries,
            ..
        } in &batches
        {
            let entries = split(entries, size.saturating_sub(*start))
                .ok_or_else(|| Error::damaged(&self.path, "its staging cannot be read"))?;
            let wanted = (*start..)
                .zip(entries)
                .filter(|(index, _)| range.contains(index));
            found.extend(wanted.map(|(_, entry)| entry.to_vec()));
        }
        Ok(found)
    }

    fn read_bundles(&self, range: Range<u64>, size: u64) -> Result<Vec<Vec<u8>>, Error> {
        let full = u64::from(FULL_WIDTH);
        let mut found = Vec::with_capacity((range.end - range.start) as usize);
        for index in range.start / full..range.end.div_ceil(full) {
            let first = index * full;
            let width = (size - first).min(full) as u16;
            let path = TilePath {
                kind: TileKind::Entries,
                index,
                width,
            };
            let (path, bytes) = self.tree.widest(path)?;
            let entries = bundle_entries(&bytes, path.width)
                .map_err(|_| self.tree.damaged(&path, "it is not a bundle of its width"))?;
            let wanted = (first..)
                .zip(entries)
                .filter(|(index, _)| range.contains(index));
            found.extend(wanted.map(|(_, entry)| entry.to_vec()));
        }
        Ok(found)
    }

    fn check_lease(&self, db: &Connection) -> Result<(), Error> {
        let current = rows::epoch(db, &self.lease)
            .map_err(|source| Error::sqlite("check the lease in", &self.path, source))?;
        if current == self.epoch {
            return Ok(());
        }
        Err(Error::Fenced {
            held: self.epoch,
            current,
        })
    }

    fn check_sure(&self, writer: &Writer) -> Result<(), Error> {
        if writer.unsure {
            Err(Error::Unsure {
                path: self.path.clone(),
            })
        } else {
            Ok(())
        }
    }

    /// A step on the database, as [`Tree::step`] is one on the files.
    fn step(&self, step: &'static str) -> Result<(), Error> {
        self.tree
            .step(step)
            .map_err(|source| Error::io(step, &self.path, source))
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for SqliteLog {
    fn head(&self) -> Result<Option<Head>, Error> {
        Ok(self
            .seen
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .head
            .clone())
    }

    fn append(&self, batch: &Batch<'_>) -> Result<(), AppendError> {
        let mut writer = self.lock();
        self.check_sure(&writer)?;
        self.publish_late(&mut writer)?;
        if writer.staged > writer.settle_at {
            self.flush(&mut writer)?;
        }
        check_head(batch, writer.edge.size(), writer.edge.root())?;
        let (edge, resources) = writer.edge.follow(batch)?;
        let head = Head {
            size: edge.size(),
            root: batch.root,
            checkpoint: batch.checkpoint.to_vec(),
        };
        self.commit(&mut writer, batch, &head)?;

        writer.staged += batch
            .entries
            .iter()
            .map(|entry| 2 + entry.len() as u64)
            .sum::<u64>();
        writer.edge = edge;
        writer.unpublished = Some(Publication {
            resources,
            head: head.clone(),
        });
        self.seen
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .head = Some(head);
        // The batch is durable whatever happens here; `publish` and the next append try again.
        let _ = self.publish_pending(&mut writer);
        Ok(())
    }

    fn mark(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let db = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        rows::find_mark(&db, &self.name, key)
            .map_err(|source| Error::sqlite("read a mark of", &self.path, source))
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        // Staging that is held here cannot be emptied: that needs `published` to move first.
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        check_range(&range, seen.head.as_ref().map_or(0, |head| head.size))?;
        let published = seen.published;
        let staged = range.start.max(published)..range.end;
        let staged = if staged.is_empty() {
            Vec::new()
        } else {
            self.read_staged(staged)?
        };
        drop(seen);
        let filed = range.start..range.end.min(published);
        if filed.is_empty() {
            return Ok(staged);
        }
        let mut entries = self.read_bundles(filed, published)?;
        entries.extend(staged);
        Ok(entries)
    }

    fn resource(&self, path: &TilePath) -> Result<Option<Vec<u8>>, Error> {
        file::read(&self.tree.path(path))
    }
}

impl Drop for SqliteLog {
    fn drop(&mut self) {
        // What fails here is done again from staging when the log is opened.
        let _ = self.settle();
    }
}

/// Writes tiles and bundles: the one path of an append and of recovery.
fn write_resources(
    tree: &Tree,
    resources: &[Resource],
    written: &mut BTreeSet<PathBuf>,
    filled: &mut Vec<TilePath>,
) -> Result<(), Error> {
    for Resource { path, bytes } in resources {
        let file = tree.path(path);
        tree.write(&file, bytes)?;
        written.insert(file);
        if path.is_full() {
            filled.push(*path);
        }
    }
    Ok(())
}

/// Compares the checkpoint file with the head and says whether it had to be written.
///
/// While batches are staged, the file may be missing, emptied by a power cut, or still any of the
/// `known` checkpoints before them. Otherwise it is missing, or that of the head byte for byte.
fn restore_checkpoint(
    tree: &Tree,
    head: Option<&Head>,
    known: &[Option<Vec<u8>>],
) -> Result<bool, Error> {
    let path = tree.checkpoint();
    let found = file::read(&path)?;
    let Some(head) = head else {
        return if found.is_some() {
            Err(Error::Ahead { path, size: 0 })
        } else {
            Ok(false)
        };
    };
    let replaceable = match &found {
        Some(found) if *found == head.checkpoint => return Ok(false),
        None => true,
        Some(found) if found.is_empty() => !known.is_empty(),
        Some(_) => known.contains(&found),
    };
    if !replaceable {
        return Err(Error::damaged(
            &path,
            "it is not the checkpoint that the log signed last",
        ));
    }
    tree.write(&path, &head.checkpoint)?;
    Ok(true)
}

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod tests;
