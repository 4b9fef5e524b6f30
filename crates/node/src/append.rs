//! Appending: sign, admit, log durably, project.
//!
//! A batch is whole or not at all. Its statements are checked against the registry as of their own
//! index, each continues its author's chain, and a receipt signed by the node ends it. Leaf hashes
//! are taken from the entry bytes that are stored, the checkpoint is signed, and the store compares
//! and swaps head and chain heads in the transaction that makes the batch durable.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;

use ensign_store::{AppendError, Batch, Log, Mark};
use ensign_trust::chain::Head;
use ensign_trust::code::Code;
use ensign_trust::id::{KeyId, PartyId, StatementId};
use ensign_trust::key::SigningKey;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::merkle::{Frontier, NodeId, leaf_hash};
use ensign_trust::log::tile::{self, TileKind, TilePath};
use ensign_trust::logbook::{self, LogName, Receipt};
use ensign_trust::party::{Act, Refusal, Registry};
use ensign_trust::{Draft, Statement};

use crate::backup::Unconfirmed;
use crate::command::Progress;
use crate::error::Error;
use crate::node::{Node, Signing, Writer, log_fault, read, write};

/// How far ahead of this node's clock a statement may be claimed, in seconds.
pub const MAX_AHEAD: u64 = 600;

/// Entries that are read from the log at once.
const CHUNK: u64 = 4096;

/// A batch that is durably in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Index of the first statement.
    pub first: u64,
    /// The statements' ids, in order; the receipt that follows them is left out.
    pub ids: Vec<StatementId>,
    /// When the node received the batch, Unix seconds.
    pub received: u64,
}

/// A batch that is durably in the log and that the views may not have seen yet.
struct Taken {
    first: u64,
    received: u64,
    /// Size of the public log then.
    public_size: u64,
    /// With their receipt.
    statements: Vec<Statement>,
}

impl Node {
    /// Appends statements that were signed by their authors. Signatures are checked strictly, on
    /// all cores, before the writer is held up.
    pub fn append(&self, log: LogName, statements: Vec<Statement>) -> Result<Appended, Error> {
        let verdicts = verify(&read(&self.registry), &statements);
        let taken = self.append_verified(log, statements, verdicts)?;
        self.project(log, taken)
    }

    fn append_verified(
        &self,
        log: LogName,
        statements: Vec<Statement>,
        verdicts: Vec<Result<(), Refusal>>,
    ) -> Result<Taken, Error> {
        let mut writer = self.writing()?;
        let mut unchecked = BTreeSet::new();
        for (at, (statement, verdict)) in statements.iter().zip(verdicts).enumerate() {
            match verdict {
                Ok(()) => (),
                // A key that an earlier statement of the same batch adds is not known yet.
                Err(Refusal::UnknownKey { .. }) => {
                    unchecked.insert(at);
                }
                Err(refusal) => return Err(Error::Refused { at, refusal }),
            }
            if statement.claimed > self.clock.now() + MAX_AHEAD {
                let seconds = statement.claimed - self.clock.now();
                return Err(Error::FromTheFuture { at, seconds });
            }
        }
        self.append_locked(&mut writer, log, statements, &unchecked)
    }

    /// States drafts as a party whose key this node keeps, at the end of the key's chain.
    pub(crate) fn state_as(
        &self,
        log: LogName,
        party: PartyId,
        key: &SigningKey,
        drafts: Vec<Draft>,
    ) -> Result<Appended, Error> {
        debug_assert!(drafts.iter().all(|draft| draft.issuer == Some(party)));
        let mut writer = self.writing()?;
        let origin = writer.of(log).origin.clone();
        let last = chain_head(self.log(log), key.id())?;
        let statements = link_and_sign(drafts, last, &origin, key)?;
        let taken = self.append_locked(&mut writer, log, statements, &BTreeSet::new())?;
        drop(writer);
        self.project(log, taken)
    }

    /// Appends the statement that founds a party, followed by its first drafts.
    pub(crate) fn found(
        &self,
        genesis: Statement,
        key: &SigningKey,
        drafts: Vec<Draft>,
    ) -> Result<Appended, Error> {
        let mut writer = self.writing()?;
        let origin = writer.public.origin.clone();
        let last = genesis.link.as_ref().map(|link| Head {
            seq: link.seq,
            id: genesis.id(),
        });
        let mut statements = vec![genesis];
        statements.extend(link_and_sign(drafts, last, &origin, key)?);
        let log = LogName::Public;
        let taken = self.append_locked(&mut writer, log, statements, &BTreeSet::new())?;
        drop(writer);
        self.project(log, taken)
    }

    /// Projects a batch, so that whoever appended it reads it back. The writer is free meanwhile:
    /// batches are projected in their order by whoever comes first.
    fn project(&self, log: LogName, taken: Taken) -> Result<Appended, Error> {
        let Taken {
            first,
            received,
            public_size,
            mut statements,
        } = taken;
        let _turn = self.projecting();
        let next = (
            self.views.position(log)?,
            self.views.position(LogName::Public)?,
        );
        if log == LogName::Public && next.0 == first
            || log == LogName::Closed && next == (first, public_size)
        {
            self.views.apply(log, first, &statements, received)?;
        } else {
            // Another batch came between, or an earlier one could not be projected.
            self.catch_up(&mut |_| ())?;
        }
        statements.pop();
        let ids = statements.iter().map(Statement::id).collect();
        Ok(Appended {
            first,
            ids,
            received,
        })
    }

    /// Projects what the views have not seen yet. Nobody else may project meanwhile.
    pub(crate) fn catch_up(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), Error> {
        for log in [LogName::Public, LogName::Closed] {
            let size = self.log(log).head()?.map_or(0, |head| head.size);
            let mut position = self.views.position(log)?;
            let mut batch = Vec::new();
            let mut next = position;
            while next < size {
                let end = size.min(next + CHUNK);
                for entry in self.log(log).read(next..end)? {
                    let statement = Statement::decode(entry).map_err(Error::Statement)?;
                    let index = position + batch.len() as u64;
                    let ends =
                        |receipt: &Receipt| (receipt.first, receipt.end) == (position, index);
                    let receipt = receipt_of(&statement).filter(ends);
                    batch.push(statement);
                    if let Some(receipt) = receipt {
                        self.views.apply(log, position, &batch, receipt.received)?;
                        position += batch.len() as u64;
                        batch.clear();
                    }
                }
                next = end;
                let stage = "projecting".to_owned();
                progress(Progress {
                    stage,
                    done: next,
                    total: Some(size),
                });
            }
        }
        Ok(())
    }

    /// Takes back entries that the public log had before: behind those that it has, up to a checkpoint
    /// that it signed then.
    pub(crate) fn take_back(
        &self,
        entries: &[Vec<u8>],
        signed: &SignedCheckpoint,
    ) -> Result<(), Error> {
        let log = LogName::Public;
        let mut writer = self.writer();
        if let Some(successor) = &writer.sealed {
            return Err(Error::Sealed(Box::new(successor.clone())));
        }
        let signing = writer.of_mut(log);
        let mut frontier = signing.frontier.clone();
        frontier.extend(entries.iter().map(|entry| leaf_hash(entry)));
        let Checkpoint { size, root, .. } = *signed.checkpoint();
        if (frontier.size(), frontier.root()) != (size, root) {
            return Err(Unconfirmed::NotBehind { size }.into());
        }
        let mut chains = Chains {
            store: self.log(log),
            heads: BTreeMap::new(),
        };
        let mut statements = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let statement = Statement::decode(entry.clone()).map_err(Error::Statement)?;
            chains.follow(at, &signing.origin, &statement)?;
            statements.push(statement);
        }
        let received = statements.last().and_then(receipt_of);
        let received = received.map_or(signing.received, |receipt| receipt.received);
        self.store(
            signing,
            log,
            &statements,
            chains,
            frontier,
            &signed.to_bytes(),
        )?;
        signing.received = received;
        drop(writer);
        let _turn = self.projecting();
        self.catch_up(&mut |_| ())?;
        *write(&self.registry) = self.views.registry()?;
        Ok(())
    }

    fn append_locked(
        &self,
        writer: &mut Writer,
        log: LogName,
        mut statements: Vec<Statement>,
        unchecked: &BTreeSet<usize>,
    ) -> Result<Taken, Error> {
        let received = steady(self.clock.now(), writer.of(log).received);
        let store = self.log(log);
        let first = writer.of(log).frontier.size();
        let beside = (log == LogName::Closed).then(|| writer.public.frontier.size());
        let mut chains = Chains {
            store,
            heads: BTreeMap::new(),
        };
        let origin = writer.of(log).origin.clone();
        let mut changed = None::<Registry>;
        for (at, statement) in statements.iter().enumerate() {
            let index = first + at as u64;
            if statement.realm != self.realm {
                let (found, ours) = (statement.realm.to_string(), self.realm.to_string());
                return Err(Error::OtherRealm { at, found, ours });
            }
            chains.follow(at, &origin, statement)?;
            let changes_registry = log == LogName::Public && changes_registry(statement);
            let refused = |refusal| Error::Refused { at, refusal };
            let known = read(&self.registry);
            let current = changed.as_ref().unwrap_or(&known);
            let place = beside.unwrap_or(index);
            if unchecked.contains(&at) {
                current
                    .admit(statement, place, received, ensign_views::need)
                    .map_err(refused)?;
            } else {
                current
                    .admit_signed(statement, place, received, ensign_views::need)
                    .map_err(refused)?;
            }
            if changes_registry {
                changed = Some(current.clone().apply(statement, index, received));
            }
        }
        let end = first + statements.len() as u64;
        let receipt = Receipt {
            first,
            end,
            received,
            beside,
        };
        let key = {
            let known = read(&self.registry);
            let place = beside.unwrap_or(end);
            self.operating_key_at(changed.as_ref().unwrap_or(&known), place)?
        };
        statements.push(self.receipt(&mut chains, &origin, &key, receipt)?);
        self.commit(writer.of_mut(log), log, &statements, chains, received)?;
        if let Some(changed) = changed {
            *write(&self.registry) = changed;
        }
        Ok(Taken {
            first,
            received,
            public_size: writer.public.frontier.size(),
            statements,
        })
    }

    fn receipt(
        &self,
        chains: &mut Chains<'_>,
        origin: &Code,
        key: &SigningKey,
        receipt: Receipt,
    ) -> Result<Statement, Error> {
        let mut draft = self.draft(Some(self.operator));
        logbook::Entry::Received(receipt).write(&mut draft);
        draft.claimed = receipt.received;
        draft.link = Some(Head::next(chains.last(key.id())?, origin));
        let statement = draft.sign(key).map_err(Error::Statement)?;
        chains.follow(0, origin, &statement)?;
        Ok(statement)
    }

    /// Hashes, signs the new head and hands everything to the store.
    fn commit(
        &self,
        signing: &mut Signing,
        log: LogName,
        statements: &[Statement],
        chains: Chains<'_>,
        received: u64,
    ) -> Result<(), Error> {
        let mut frontier = signing.frontier.clone();
        frontier.extend(statements.iter().map(|it| leaf_hash(it.entry())));
        let body = Checkpoint::new(signing.origin.as_str(), frontier.size(), frontier.root());
        let checkpoint = SignedCheckpoint::sign(body, &signing.signer).map_err(log_fault(log))?;
        let checkpoint = checkpoint.to_bytes();
        self.store(signing, log, statements, chains, frontier, &checkpoint)?;
        signing.received = received;
        Ok(())
    }

    /// Hands a batch with the checkpoint over it to the store.
    fn store(
        &self,
        signing: &mut Signing,
        log: LogName,
        statements: &[Statement],
        chains: Chains<'_>,
        frontier: Frontier,
        checkpoint: &[u8],
    ) -> Result<(), Error> {
        let entries: Vec<Vec<u8>> = statements.iter().map(|s| s.entry().to_vec()).collect();
        let mut marks = chains.into_marks();
        let expected = signing.frontier.size();
        for (offset, statement) in statements.iter().enumerate() {
            let index = expected + offset as u64;
            marks.push(Mark {
                key: id_mark(statement.id()),
                expected: None,
                value: index.to_be_bytes().to_vec(),
            });
        }
        let batch = Batch {
            expected,
            expected_root: signing.frontier.root(),
            entries: &entries,
            root: frontier.root(),
            checkpoint,
            marks: &marks,
        };
        let stated = |key: &[u8]| {
            statements
                .iter()
                .map(Statement::id)
                .find(|id| id_mark(*id) == key)
        };
        self.log(log).append(&batch).map_err(|error| match error {
            AppendError::MarkMoved { key, .. } => match stated(&key) {
                Some(id) => Error::Stated { id },
                None => Error::WriterFenced,
            },
            AppendError::Store(error) => error.into(),
            _ => Error::WriterFenced,
        })?;
        signing.frontier = frontier;
        Ok(())
    }
}

/// The time of a receipt: that of the clock, but not before the last receipt where the clock was only
/// put right. A clock that goes back further is told as it is, for the audit to report.
fn steady(now: u64, last: u64) -> u64 {
    if now < last && last - now <= MAX_AHEAD {
        last
    } else {
        now
    }
}

/// When the last batch of a log was received.
pub(crate) fn last_received(log: &dyn Log, size: u64) -> Result<u64, Error> {
    let Some(last) = size.checked_sub(1) else {
        return Ok(0);
    };
    let entry = log.read(last..size)?.pop().unwrap_or_default();
    let receipt = receipt_of(&Statement::decode(entry).map_err(Error::Statement)?);
    Ok(receipt.map_or(0, |receipt| receipt.received))
}

/// Index of a statement in a log, if it is there.
pub(crate) fn index_of(log: &dyn Log, id: StatementId) -> Result<Option<u64>, Error> {
    let value = log.mark(&id_mark(id))?;
    Ok(value.and_then(|bytes| Some(u64::from_be_bytes(bytes.try_into().ok()?))))
}

/// The receipt that a statement is, if it is one.
pub(crate) fn receipt_of(statement: &Statement) -> Option<Receipt> {
    match logbook::Entry::read(statement) {
        Some(Ok(logbook::Entry::Received(receipt))) => Some(receipt),
        _ => None,
    }
}

/// Why a node of a log's tree cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TreeFault {
    #[error("the tile {0} is missing")]
    Missing(TilePath),
    #[error(transparent)]
    Proof(#[from] ensign_trust::log::merkle::ProofError),
    #[error(transparent)]
    Store(#[from] ensign_store::Error),
    #[error(transparent)]
    Tile(#[from] tile::TileError),
}

/// The tree of a log so far, read from its tiles.
pub(crate) fn frontier(log: &dyn Log, size: u64) -> Result<Frontier, TreeFault> {
    Frontier::load(size, |node| node_hash(log, size, node))
}

/// The hash of a perfect subtree of a log.
pub(crate) fn node_hash(
    log: &dyn Log,
    size: u64,
    node: NodeId,
) -> Result<ensign_trust::log::Hash, TreeFault> {
    let path = widest(tile::place_of(node).tile, size);
    let tile = log.resource(&path)?.ok_or(TreeFault::Missing(path))?;
    Ok(tile::node_from_tile(node, &tile)?)
}

/// The widest version of a tile that a log of this size has.
pub(crate) fn widest(path: TilePath, size: u64) -> TilePath {
    let level = match path.kind {
        TileKind::Entries => 0,
        TileKind::Hashes { level } => u32::from(level),
    };
    let nodes = size
        .checked_shr(8 * level)
        .unwrap_or(0)
        .saturating_sub(path.index * 256);
    TilePath {
        width: u16::try_from(nodes.min(256)).unwrap_or(256),
        ..path
    }
}

/// Checks signatures on all cores, strictly.
fn verify(registry: &Registry, statements: &[Statement]) -> Vec<Result<(), Refusal>> {
    let verdict = |statement: &Statement| -> Result<(), Refusal> {
        Ok(statement.verify(&registry.signing_key(statement)?)?)
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = statements.len().div_ceil(cores).max(16);
    std::thread::scope(|scope| {
        let check = |part: &[Statement]| part.iter().map(verdict).collect::<Vec<_>>();
        let mut parts = statements.chunks(share);
        let own = parts.next();
        let others: Vec<_> = parts.map(|part| scope.spawn(move || check(part))).collect();
        let mut verdicts = own.map(check).unwrap_or_default();
        for other in others {
            verdicts.extend(other.join().expect("checking a signature does not panic"));
        }
        verdicts
    })
}

fn changes_registry(statement: &Statement) -> bool {
    Act::read(statement).is_some() || *statement.kind.as_str() == *"log.opened"
}

fn link_and_sign(
    drafts: Vec<Draft>,
    mut last: Option<Head>,
    origin: &Code,
    key: &SigningKey,
) -> Result<Vec<Statement>, Error> {
    let sign = |mut draft: Draft| {
        let link = Head::next(last, origin);
        let seq = link.seq;
        draft.link = Some(link);
        let statement = draft.sign(key).map_err(Error::Statement)?;
        last = Some(Head {
            seq,
            id: statement.id(),
        });
        Ok(statement)
    };
    drafts.into_iter().map(sign).collect()
}

/// Chain heads as the store has them and as a batch will leave them.
struct Chains<'a> {
    store: &'a dyn Log,
    heads: BTreeMap<KeyId, (Option<Head>, Option<Head>)>,
}

impl Chains<'_> {
    fn last(&mut self, key: KeyId) -> Result<Option<Head>, Error> {
        if let Some((_, last)) = self.heads.get(&key) {
            return Ok(*last);
        }
        let stored = chain_head(self.store, key)?;
        self.heads.insert(key, (stored, stored));
        Ok(stored)
    }

    fn follow(&mut self, at: usize, origin: &Code, statement: &Statement) -> Result<(), Error> {
        let Some(link) = &statement.link else {
            return Ok(());
        };
        let key = statement.key();
        let last = self.last(key)?;
        Head::follow(last, origin, key, link).map_err(|source| Error::Chain { at, source })?;
        let head = Some(Head {
            seq: link.seq,
            id: statement.id(),
        });
        self.heads.entry(key).and_modify(|(_, last)| *last = head);
        Ok(())
    }

    fn into_marks(self) -> Vec<Mark> {
        let moved = self
            .heads
            .into_iter()
            .filter(|(_, (stored, last))| stored != last);
        moved
            .filter_map(|(key, (stored, last))| {
                Some(Mark {
                    key: chain_mark(key),
                    expected: stored.map(head_bytes),
                    value: head_bytes(last?),
                })
            })
            .collect()
    }
}

fn chain_head(log: &dyn Log, key: KeyId) -> Result<Option<Head>, Error> {
    let Some(bytes) = log.mark(&chain_mark(key))? else {
        return Ok(None);
    };
    let head = bytes.split_first_chunk::<8>().and_then(|(seq, id)| {
        let id = StatementId::from_bytes(id.try_into().ok()?);
        Some(Head {
            seq: u64::from_be_bytes(*seq),
            id,
        })
    });
    Ok(head)
}

fn head_bytes(head: Head) -> Vec<u8> {
    [&head.seq.to_be_bytes()[..], head.id.as_bytes()].concat()
}

fn chain_mark(key: KeyId) -> Vec<u8> {
    [b"chain:", &key.as_bytes()[..]].concat()
}

fn id_mark(id: StatementId) -> Vec<u8> {
    [b"id:", &id.as_bytes()[..]].concat()
}
