//! One appended batch, judged, on its way into the views.

use std::collections::BTreeMap;

use ensign_trust::logbook::{self, LogName};
use ensign_trust::party::{self, Registry};
use ensign_trust::{KeyId, Statement};

use crate::Error;
use crate::judge::Judgement;

/// Entries that one receipt ends.
pub(crate) struct Batch<'a> {
    pub log: LogName,
    /// Index of the first entry.
    pub first: u64,
    /// Index after the last entry.
    pub end: u64,
    /// When the node received them, Unix seconds.
    pub received: u64,
    /// In their order.
    pub entries: Vec<Entry<'a>>,
}

/// An entry with what it is for this log.
pub(crate) struct Entry<'a> {
    pub statement: &'a Statement,
    pub index: u64,
    /// Index of the public log at which it is judged.
    pub judged: u64,
    pub judgement: Judgement,
    /// What was judged before and has to be judged again, as it takes a key away.
    pub reaches_back: Option<ReachBack>,
    /// Whether it changes who may say what.
    pub changes_registry: bool,
}

/// What a revocation, which reaches back, may have taken away: the key, the keys that it added, the
/// mandates that it granted.
pub(crate) struct ReachBack {
    /// All keys whose statements may count less, with the first index of the public log at which.
    pub suspects: BTreeMap<KeyId, u64>,
    /// By what they are judged.
    pub registry: Registry,
}

impl<'a> Batch<'a> {
    /// Judges a batch, one entry after another. `registry` holds all that was said before; the
    /// second part of the answer is what it becomes, if it changes.
    pub fn judge(
        log: LogName,
        first: u64,
        statements: &'a [Statement],
        received: u64,
        registry: &Registry,
    ) -> Result<(Self, Option<Registry>), Error> {
        let end = first + statements.len() as u64;
        let beside = beside(statements, first, end, received).filter(|beside| {
            // The receipts of a closed log, and only these, say where the public log stood.
            beside.is_some() == (log == LogName::Closed)
        });
        let beside = beside.ok_or(Error::NotABatch { log, first })?;
        let mut changed: Option<Registry> = None;
        let mut entries = Vec::with_capacity(statements.len());
        for (index, statement) in (first..).zip(statements) {
            let judged = beside.unwrap_or(index);
            let known = changed.as_ref().unwrap_or(registry);
            let judgement = Judgement::of(statement, known, judged, received);
            let act = party::Act::read(statement).and_then(Result::ok);
            let opens = matches!(
                logbook::Entry::read(statement),
                Some(Ok(logbook::Entry::Opened { .. }))
            );
            let effective = log == LogName::Public && judgement.counts();
            let changes_registry = effective && (act.is_some() || opens);
            let mut reaches_back = None;
            if changes_registry {
                let known = changed.take().unwrap_or_else(|| registry.clone());
                let before =
                    matches!(act, Some(party::Act::KeyRevoked { .. })).then(|| known.clone());
                let after = known.apply(statement, index, received);
                reaches_back = before.map(|before| ReachBack::between(&before, &after));
                changed = Some(after);
            }
            entries.push(Entry {
                statement,
                index,
                judged,
                judgement,
                reaches_back,
                changes_registry,
            });
        }
        let batch = Batch {
            log,
            first,
            end,
            received,
            entries,
        };
        Ok((batch, changed))
    }

    /// Index of the receipt.
    pub fn receipt(&self) -> u64 {
        self.end - 1
    }
}

impl ReachBack {
    /// What counts less after a statement than before it.
    fn between(before: &Registry, after: &Registry) -> Self {
        let mut suspects = BTreeMap::new();
        let mut suspect = |key: KeyId, from: u64| {
            let known = suspects.entry(key).or_insert(from);
            *known = from.min(*known);
        };
        for (key, state) in after.keys() {
            let earlier = before.key(key).and_then(|state| state.revoked);
            if let Some(revoked) = state.revoked.filter(|_| state.revoked != earlier) {
                suspect(key, revoked);
            }
        }
        for ((_, earlier), (_, mandate)) in before.mandates().zip(after.mandates()) {
            if mandate.withdrawn != earlier.withdrawn {
                for (key, _) in after.keys_of(mandate.to) {
                    suspect(key, mandate.granted);
                }
            }
        }
        ReachBack {
            suspects,
            registry: after.clone(),
        }
    }
}

/// Where the public log stood, as the receipt of these entries says; `None` where the last of them
/// is not their receipt.
fn beside(statements: &[Statement], first: u64, end: u64, received: u64) -> Option<Option<u64>> {
    match logbook::Entry::read(statements.last()?) {
        Some(Ok(logbook::Entry::Received(receipt)))
            if (receipt.first, receipt.end, receipt.received) == (first, end - 1, received) =>
        {
            Some(receipt.beside)
        }
        _ => None,
    }
}

/// The number by which SQL knows a log.
pub(crate) fn log_number(log: LogName) -> u64 {
    match log {
        LogName::Public => 0,
        LogName::Closed => 1,
    }
}
