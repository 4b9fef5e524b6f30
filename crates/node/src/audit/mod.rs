//! `ensign verify D`: both logs of a folder, audited from the bytes that lie there.
//!
//! An audit reads and never writes, takes no lease, and works on a stopped folder as on a served
//! one: what is judged is each log up to the head of its lock row as it was read at the start.
//!
//! | file | what |
//! |---|---|
//! | [`database`] | the folder's databases, opened for reading |
//! | [`bundles`] | entry bundles read, decoded, hashed and their signatures checked, on all cores |
//! | [`tree`] | the tree recomputed, every tile and bundle compared |
//! | [`foreign`] | what lies in the logs' folders and does not belong there |
//! | [`pass`] | in the order of the log: chains, receipts, whether each statement counts |
//! | [`auditor`] | parties, keys and mandates as of each index |
//! | [`opening`] | heads, checkpoints, the statements that open a log, trust anchors |
//! | [`sealed`] | blobs, sealed values, data keys |
//! | [`follow`] | a copy of a public log, of which what came since is gone through |
//!
//! A signature is judged in two steps: whether it verifies under the key that it names, which no
//! order can change because a key's id is its digest, and later whether that key counted at that
//! index.
//!
//! A screened audit checks signatures in batches. It says so: a batch can in contrived cases pass
//! with a member that would fail alone, so nothing is held against anybody on its strength.

mod auditor;
mod bundles;
pub(crate) mod database;
mod finding;
pub(crate) mod follow;
mod foreign;
mod opening;
mod pass;
mod sealed;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeMap;
use std::num::NonZero;

use ensign_store::Kek;
use ensign_trust::StatementId;
use ensign_trust::anchor::Anchors;
use ensign_trust::logbook::LogName;
use serde::Serialize;

use crate::command::Progress;
use crate::error::Error;
use crate::folder::Folder;
use auditor::Auditor;
use bundles::KnownKeys;
use database::LogDatabase;
pub use finding::Finding;
use finding::Findings;
use opening::Opening;
use pass::Pass;
pub use sealed::{BlobAudit, VaultAudit};

/// Most refused statements that are listed for one log; all are counted.
const MAX_REFUSED: usize = 1000;

/// Entries between two reports of progress.
const REPORT: u64 = 1024;

/// How to audit.
#[derive(Debug)]
pub struct Options {
    /// Check signatures in batches: about twice as fast, and a screen, not a verdict.
    pub screen: bool,
    /// The key-encryption key; without it sealed values are not opened.
    pub kek: Option<Kek>,
    /// How many threads check signatures.
    pub cores: NonZero<usize>,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The folder's realm.
    pub realm: String,
    /// `strict`: each signature was checked by itself; `screened`: in batches.
    pub method: &'static str,
    /// Whether trust anchors were given and hold both logs' keys. Otherwise the folder's own keys
    /// were taken at their word.
    pub anchored: bool,
    /// The public and the closed log.
    pub logs: Vec<LogAudit>,
    /// The imported files.
    pub blobs: BlobAudit,
    /// The sealed values.
    pub vault: VaultAudit,
    /// How many findings there are.
    pub findings_total: u64,
    /// The first thousand of them.
    pub findings: Vec<Finding>,
}

/// One log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogAudit {
    /// `public` or `closed`.
    pub log: &'static str,
    /// Its origin.
    pub origin: String,
    /// The key that signs its checkpoints, as vkey, where the log says it.
    pub key: Option<String>,
    /// Whether the trust anchors hold that key.
    pub anchored: bool,
    /// Entries judged.
    pub size: u64,
    /// Root recomputed from them, in hexadecimal; none where entries are lost.
    pub root: Option<String>,
    /// Entries that only `log.db` durably holds as yet: files that cover them may still be missing.
    pub unsettled: u64,
    /// Statements that were read, by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Statements of kinds and versions that this software knows.
    pub understood: u64,
    /// Statements of other kinds and versions: kept, and no fault.
    pub not_understood: u64,
    /// How many statements of the log do not count.
    pub refused_total: u64,
    /// The first thousand of them.
    pub refused: Vec<Refused>,
    /// Receipts: how many batches were appended.
    pub receipts: u64,
    /// When the last batch was received, Unix seconds.
    pub last_received: Option<u64>,
    /// Largest size whose checkpoint the witnesses of the trust anchors cosigned, as logged.
    pub witnessed: Option<u64>,
}

/// A statement that is in the log and does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its index.
    pub index: u64,
    /// Its id.
    pub statement: StatementId,
    /// Why it does not count.
    pub code: &'static str,
}

impl Audit {
    /// Whether everything is as it was signed.
    pub fn is_clean(&self) -> bool {
        self.findings_total == 0
    }
}

/// Audits a folder.
///
/// # Errors
/// Where the audit cannot even start: no node lies there, or its `log.db` cannot be read. Whatever
/// is wrong beyond that is a [`Finding`].
pub fn audit(
    folder: &Folder,
    anchors: Option<&Anchors>,
    options: Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Audit, Error> {
    let database = LogDatabase::open(folder)?;
    let origin = database.origin()?;
    let realm = database.realm()?;
    let mut findings = Findings::default();
    // The closed log names sizes of the public one, which a serving process may be adding to.
    let closed = Opening::read(folder, &database, LogName::Closed, &origin, &mut findings)?;
    let public = Opening::read(folder, &database, LogName::Public, &origin, &mut findings)?;
    let mut auditor = Auditor::new(public.size, anchors, findings);
    let keys = KnownKeys::default();
    let (logs, told) = std::thread::scope(|scope| {
        let total = Some(public.size + closed.size);
        let mut go_through = |opening, before: u64, auditor: &mut Auditor<'_>| {
            let mut pass = Pass::new(scope, &keys, Some(&database), opening, &options, &realm);
            while let Some(batch) = pass.next(&mut auditor.findings) {
                let last = pass.judged();
                pass.judge(batch, auditor);
                if last / REPORT != pass.judged() / REPORT {
                    let (stage, done) = ("verifying".to_owned(), before + pass.judged());
                    progress(Progress { stage, done, total });
                }
            }
            pass.finish(auditor)
        };
        // The public log first: it holds the keys and mandates of both.
        let (public_audit, told) = go_through(&public, 0, &mut auditor);
        opening::check_root_party(&database, &realm, &mut auditor);
        auditor.begin_again();
        let (closed_audit, _) = go_through(&closed, public.size, &mut auditor);
        (vec![public_audit, closed_audit], told)
    });
    let mut findings = auditor.findings;
    foreign::check(folder, &database, [&public, &closed], &mut findings);
    let (blobs, vault) = sealed::check(folder, options.kek, &told, &mut findings, progress);
    let (findings_total, findings) = findings.finish();
    Ok(Audit {
        realm: realm.to_string(),
        method: if options.screen { "screened" } else { "strict" },
        anchored: logs.iter().all(|log: &LogAudit| log.anchored),
        logs,
        blobs,
        vault,
        findings_total,
        findings,
    })
}
