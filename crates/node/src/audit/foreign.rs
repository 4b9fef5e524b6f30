//! What lies in the folders of the logs and does not belong there.

use std::fs;
use std::io::ErrorKind;

use ensign_trust::log::tile::TilePath;
use ensign_trust::logbook::LogName;

use super::database::LogDatabase;
use super::finding::Findings;
use super::opening::Opening;
use crate::folder::Folder;

/// Looks for files and folders that do not belong to the logs. What a serving process wrote since
/// the audit began does: it is newer than the head of then and not newer than that of now.
pub(super) fn check(
    folder: &Folder,
    database: &LogDatabase,
    openings: [&Opening; 2],
    findings: &mut Findings,
) {
    // A folder that is missing was noticed file by file.
    let Ok(names) = fs::read_dir(folder.path().join("log")) else {
        return;
    };
    for name in names.flatten() {
        let name = name.file_name().display().to_string();
        if ![LogName::Public, LogName::Closed]
            .iter()
            .any(|log| log.as_str() == name)
        {
            findings.note(
                "log.file_foreign",
                format!("log/{name}"),
                "it is no part of a log",
            );
        }
    }
    for opening in openings {
        let mut search = Search {
            opening,
            database,
            size: opening.size,
            findings,
        };
        let foreign = search.walk("");
        for Foreign { path, what } in foreign.list {
            findings.note("log.file_foreign", opening.place(path), what);
        }
    }
}

struct Search<'a> {
    opening: &'a Opening,
    database: &'a LogDatabase,
    /// Size of the log when it was last asked.
    size: u64,
    findings: &'a mut Findings,
}

struct Foreign {
    path: String,
    what: &'static str,
}

/// What a folder holds.
#[derive(Default)]
struct Held {
    /// Whether anything of it belongs to the log.
    belongs: bool,
    list: Vec<Foreign>,
}

impl Search<'_> {
    fn walk(&mut self, below: &str) -> Held {
        let mut held = Held::default();
        let entries = match fs::read_dir(self.opening.folder.join(below)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return held,
            Err(error) => {
                let place = self.opening.place(below);
                self.findings
                    .note("log.file_unreadable", place, error.to_string());
                return Held {
                    belongs: true,
                    ..held
                };
            }
        };
        let mut empty = true;
        for entry in entries.flatten() {
            empty = false;
            let name = entry.file_name().display().to_string();
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let inner = self.walk(&path);
                held.belongs |= inner.belongs;
                held.list.extend(inner.list);
            } else if let Some(what) = self.flaw(&path) {
                held.list.push(Foreign { path, what });
            } else {
                held.belongs = true;
            }
        }
        // The folder of a tile is there before and may be there after its files.
        let awaits = |name| least_size(&format!("{below}/{name}"));
        if empty {
            let least = awaits("1").or_else(|| awaits("000"));
            held.belongs = least.is_some_and(|least| self.has(least));
        }
        // A folder with nothing that belongs to the log is named once, not file by file.
        if !held.belongs && !below.is_empty() {
            let (path, what) = (below.to_owned(), "the folder is no part of the log");
            held.list = vec![Foreign { path, what }];
        }
        held
    }

    /// Why a file does not belong to the log; nothing where it does, and was judged with its tile.
    fn flaw(&mut self, path: &str) -> Option<&'static str> {
        let Some(finished) = path.strip_suffix(".tmp") else {
            return match least_size(path) {
                None if path == "checkpoint" => None,
                None => Some("it is no part of the log"),
                Some(least) if self.has(least) => None,
                Some(_) => Some("it is newer than the head of the log"),
            };
        };
        // A process that serves the folder may be just writing a batch that was committed.
        let least = match finished {
            "checkpoint" => Some(0),
            finished => least_size(finished),
        };
        let publishing = self.opening.settled < self.opening.size || self.has_grown();
        match least {
            None => Some("it is no part of the log"),
            Some(least) if publishing && self.has(least) => None,
            Some(_) => Some("it was left by a write that was interrupted"),
        }
    }

    /// Whether the log has this many entries, by now. A file is written after the commit of its
    /// batch, so what was listed is never newer than the head that is read after it.
    fn has(&mut self, least: u64) -> bool {
        if self.size < least {
            self.has_grown();
        }
        least <= self.size
    }

    fn has_grown(&mut self) -> bool {
        if let Ok(Some(row)) = self.database.lock_row(self.opening.log) {
            self.size = self.size.max(row.size);
        }
        self.size > self.opening.size
    }
}

fn least_size(path: &str) -> Option<u64> {
    path.parse::<TilePath>().ok()?.least_size()
}
