//! What an operator could do who holds every key: write a log afresh.

use std::fs;

use ensign_trust::chain::Head;
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::key::SigningKey;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::merkle::root_of;
use ensign_trust::log::tile::{TileKind, TilePath, bundle_entries, bundle_push, tiles_of_size};
use ensign_trust::log::vkey::LogSigner;
use ensign_trust::log::{Hash, leaf_hash};
use ensign_trust::logbook::{Entry, Receipt};
use ensign_trust::{Draft, Statement};
use rusqlite::Connection;

use super::Story;
use crate::node::blank;
use crate::tests::{BEGIN, files};

pub(super) const ORIGIN: &str = "node.example.org/log";

impl Story {
    /// The entries of the public log.
    pub(super) fn entries(&self) -> Vec<Vec<u8>> {
        let mut entries = Vec::new();
        for index in 0.. {
            let found = (1..=256).rev().find_map(|width| {
                let path = TilePath {
                    kind: TileKind::Entries,
                    index,
                    width,
                };
                Some((
                    width,
                    fs::read(self.path(&format!("log/public/{path}"))).ok()?,
                ))
            });
            let Some((width, bytes)) = found else { break };
            entries.extend(
                bundle_entries(&bytes, width)
                    .unwrap()
                    .into_iter()
                    .map(<[u8]>::to_vec),
            );
        }
        entries
    }

    /// Writes every file of the public log for these entries; with a signer the checkpoint and the
    /// lock row too.
    pub(super) fn rewrite(&self, entries: &[Vec<u8>], signer: Option<&LogSigner>) {
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let size = leaves.len() as u64;
        let log = self.path("log/public");
        let old = files(&log);
        let old = old.iter().filter_map(|path| {
            path.strip_prefix(&log)
                .unwrap()
                .display()
                .to_string()
                .parse::<TilePath>()
                .ok()
        });
        for path in old.chain(tiles_of_size(size)).collect::<Vec<_>>() {
            let file = log.join(path.to_string());
            if path.least_size().unwrap() > size {
                fs::remove_file(file).unwrap();
                continue;
            }
            let first = (path.index * 256) as usize;
            let bytes = match path.kind {
                TileKind::Entries => {
                    let mut bundle = Vec::new();
                    for entry in &entries[first..first + usize::from(path.width)] {
                        bundle_push(&mut bundle, entry).unwrap();
                    }
                    bundle
                }
                TileKind::Hashes { level } => {
                    let span = 256_usize.pow(level.into());
                    let nodes = leaves
                        .chunks_exact(span)
                        .skip(first)
                        .take(path.width.into());
                    nodes.flat_map(root_of).collect()
                }
            };
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        let Some(signer) = signer else { return };
        let root = root_of(&leaves);
        let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root), signer).unwrap();
        fs::write(log.join("checkpoint"), signed.to_bytes()).unwrap();
        let database = Connection::open(self.path("log.db")).unwrap();
        let change = "UPDATE head SET size = ?1, settled = ?1, root = ?2, checkpoint = ?3
            WHERE log = 'public'";
        database
            .execute(change, (size as i64, root, signed.to_bytes()))
            .unwrap();
    }

    /// The key that signs the public log's checkpoints.
    pub(super) fn signer(&self) -> LogSigner {
        LogSigner::from_seed(ORIGIN, &self.log_seed).unwrap()
    }

    /// A draft of an unknown kind.
    pub(super) fn draft(&self, party: PartyId) -> Draft {
        let unique = |bytes: &mut [u8]| bytes.fill(0x5a);
        let realm = "exercise/three-rivers".parse().unwrap();
        let mut draft = blank(Some(party), &realm, BEGIN + 5000, &unique);
        draft.kind = Code::literal("test.unheard_of");
        draft
    }

    /// Adds statements with a receipt, and signs the log that results.
    pub(super) fn append(&self, statements: Vec<Statement>) {
        let mut entries = self.entries();
        let first = entries.len() as u64;
        let end = first + statements.len() as u64;
        entries.extend(statements.into_iter().map(Statement::into_entry));
        let (operator, key) = &self.operator;
        let receipt = Receipt {
            first,
            end,
            received: BEGIN + 6000,
            beside: None,
        };
        entries.push(self.receipt(&entries, *operator, key, receipt).into_entry());
        self.rewrite(&entries, Some(&self.signer()));
    }

    pub(super) fn receipt(
        &self,
        entries: &[Vec<u8>],
        operator: PartyId,
        key: &SigningKey,
        receipt: Receipt,
    ) -> Statement {
        let mut draft = self.draft(operator);
        Entry::Received(receipt).write(&mut draft);
        draft.link = Some(Head::next(last(entries, key), &Code::literal(ORIGIN)));
        draft.sign(key).unwrap()
    }
}

/// The last statement of a key's chain.
pub(super) fn last(entries: &[Vec<u8>], key: &SigningKey) -> Option<Head> {
    let statements = entries
        .iter()
        .rev()
        .map(|entry| Statement::decode(entry.as_slice()).unwrap());
    let mut by_key = statements.filter(|statement| statement.key() == key.id());
    let statement = by_key.find(|statement| statement.link.is_some())?;
    Some(Head {
        seq: statement.link.as_ref()?.seq,
        id: statement.id(),
    })
}
