//! A copy of a public log that grows: what was gone through before is not gone through again.
//!
//! What has to be known of the entries before is little: the tree's right edge, which the files
//! hold, the last statement of each chain, and the statements that say who may sign.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;

use ensign_trust::anchor::Anchors;
use ensign_trust::chain::Head;
use ensign_trust::code::Code;
use ensign_trust::id::KeyId;
use ensign_trust::log::checkpoint::Checkpoint;
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::logbook::LogName;
use ensign_trust::{Realm, Statement};

use super::Options;
use super::auditor::Auditor;
use super::bundles::KnownKeys;
use super::finding::{Finding, Findings};
use super::opening::Opening;
use super::pass::Pass;
use crate::command::Progress;
use crate::error::Error;
use crate::replica;

/// How far a copy was gone through, and what has to be known of it to go on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Followed {
    /// Entries.
    pub size: u64,
    /// The key that signs its checkpoints, as it states.
    pub key: Option<NoteKey>,
    /// Index and second of receipt of the statements that changed parties, keys and mandates.
    pub acts: Vec<(u64, u64)>,
    /// The last statement of each chain.
    pub chains: BTreeMap<KeyId, Head>,
    /// When the last batch was received, Unix seconds.
    pub received: Option<u64>,
}

/// What was found of the entries since.
#[derive(Debug)]
pub(crate) struct Step {
    pub findings_total: u64,
    pub findings: Vec<Finding>,
    pub followed: Followed,
}

/// Goes through what came since, up to a checkpoint, in a folder of the log's files.
///
/// # Errors
/// Where what was gone through before is not there any more.
pub(crate) fn follow(
    folder: &Path,
    before: &Followed,
    (note, checkpoint): (&[u8], &Checkpoint),
    realm: &Realm,
    anchors: Option<&Anchors>,
    cores: NonZero<usize>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Step, Error> {
    let origin = Code::new(checkpoint.origin.clone()).map_err(|_| Error::Argument {
        what: "the log's origin".to_owned(),
        expected: "a code",
    })?;
    let opening = Opening {
        log: LogName::Public,
        origin,
        folder: folder.to_owned(),
        size: checkpoint.size,
        root: checkpoint.root,
        settled: checkpoint.size,
        checkpoint: Some(note.to_vec()),
    };
    let options = Options {
        screen: false,
        kek: None,
        cores,
    };
    let keys = KnownKeys::default();
    let mut auditor = Auditor::new(checkpoint.size, anchors, Findings::default());
    for (index, received) in &before.acts {
        let statement = statement(folder, before.size, *index)?;
        keys.learn(std::iter::once(&statement));
        auditor.apply(statement, *index, *received);
    }
    let (audit, chains) = std::thread::scope(|scope| {
        let pass = Pass::new(scope, &keys, None, &opening, &options, realm);
        let mut pass = pass.behind(before, &mut auditor.findings);
        while let Some(batch) = pass.next(&mut auditor.findings) {
            pass.judge(batch, &mut auditor);
            progress(Progress {
                stage: "verifying".to_owned(),
                done: pass.judged(),
                total: Some(opening.size),
            });
        }
        let chains = pass.chains();
        (pass.finish(&mut auditor).0, chains)
    });
    super::opening::check_anchors(realm, &mut auditor);
    let followed = Followed {
        size: audit.size,
        key: audit.key.as_deref().and_then(|key| key.parse().ok()),
        acts: auditor.acts().collect(),
        chains,
        received: audit.last_received,
    };
    let (findings_total, findings) = auditor.findings.finish();
    Ok(Step {
        findings_total,
        findings,
        followed,
    })
}

fn statement(folder: &Path, size: u64, index: u64) -> Result<Statement, Error> {
    let unfit = |source| Error::Replica {
        path: folder.to_owned(),
        source,
    };
    let entry = replica::entries(folder, size, index..index + 1).map_err(unfit)?;
    let entry = entry.into_iter().next().unwrap_or_default();
    Statement::decode(entry).map_err(Error::Statement)
}
