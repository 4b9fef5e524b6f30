//! One log in its order: chains, receipts, keys and mandates.

use std::collections::{BTreeMap, VecDeque};
use std::thread::Scope;

use data_encoding::HEXLOWER;
use ensign_trust::anchor::Anchors;
use ensign_trust::chain::Head;
use ensign_trust::id::KeyId;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::merkle::Frontier;
use ensign_trust::log::tile::{FULL_WIDTH, TileKind, TilePath, node_from_tile, place_of};
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::logbook::{self, LogName, Receipt, Sealed};
use ensign_trust::party::{Act, Malformed, Refusal};
use ensign_trust::{Realm, Statement};

use super::auditor::Auditor;
use super::bundles::{Bundle, Bundles, Fault, KnownKeys, Member, Signature};
use super::database::LogDatabase;
use super::finding::{Findings, causes};
use super::follow::Followed;
use super::opening::Opening;
use super::sealed::Told;
use super::tree::Tree;
use super::{LogAudit, MAX_REFUSED, Options, Refused};
use crate::append::{TreeFault, receipt_of, widest};

/// Most entries that wait for a receipt; a log without one is judged all the same.
const MAX_BATCH: usize = 1 << 16;
/// Bundles lost in a row after which the rest of a log is given up.
const MAX_LOST: u64 = 16;

/// A log that is being gone through.
pub(super) struct Pass<'scope, 'env> {
    opening: &'env Opening,
    realm: &'env Realm,
    /// Where entries are staged whose files may not lie there yet.
    database: Option<&'env LogDatabase>,
    keys: &'env KnownKeys,
    bundles: Bundles<'scope, 'env>,
    tree: Tree<'env>,
    /// Members of bundles that the tree has taken in.
    queue: VecDeque<(u64, Member)>,
    /// Index of the next entry that no batch has.
    next: u64,
    /// Entries judged, lost ones included.
    judged: u64,
    /// Entries that cannot be read, or are not those of the tree.
    lost: u64,
    /// Bundles lost in a row.
    lost_bundles: u64,
    chains: BTreeMap<KeyId, Last>,
    /// First index that no receipt covers yet; unknown after entries were lost.
    uncovered: Option<u64>,
    beside: u64,
    log_key: Option<NoteKey>,
    told: Told,
    tally: Tally,
}

/// Entries up to and with their receipt.
pub(super) struct Batch {
    members: Vec<(u64, Member)>,
    receipt: Option<Receipt>,
    /// Entries after these are lost, and maybe their receipt among them.
    lost: bool,
}

/// Last statement of a chain, and how many entries were lost before it.
#[derive(Clone, Copy)]
struct Last {
    head: Head,
    lost: u64,
}

#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, u64>,
    understood: u64,
    not_understood: u64,
    refused_total: u64,
    refused: Vec<Refused>,
    receipts: u64,
    last_received: Option<u64>,
    witnessed: Option<u64>,
}

impl<'scope, 'env> Pass<'scope, 'env> {
    pub fn new(
        scope: &'scope Scope<'scope, 'env>,
        keys: &'env KnownKeys,
        database: Option<&'env LogDatabase>,
        opening: &'env Opening,
        options: &Options,
        realm: &'env Realm,
    ) -> Self {
        let Options { screen, cores, .. } = *options;
        Pass {
            opening,
            realm,
            database,
            keys,
            bundles: Bundles::new(scope, keys, &opening.folder, opening.size, screen, cores),
            tree: Tree::new(opening),
            queue: VecDeque::new(),
            next: 0,
            judged: 0,
            lost: 0,
            lost_bundles: 0,
            chains: BTreeMap::new(),
            uncovered: Some(0),
            beside: 0,
            log_key: None,
            told: Told::default(),
            tally: Tally::default(),
        }
    }

    /// Goes on behind the entries that were gone through before.
    pub fn behind(mut self, before: &Followed, findings: &mut Findings) -> Self {
        self.bundles.begin_at(before.size);
        self.tree = Tree::behind(self.opening, before.size, findings);
        (self.next, self.judged) = (before.size, before.size);
        self.uncovered = Some(before.size);
        let last = |(key, head): (&KeyId, &Head)| {
            (
                *key,
                Last {
                    head: *head,
                    lost: 0,
                },
            )
        };
        self.chains = before.chains.iter().map(last).collect();
        self.log_key = before.key.clone();
        self.tally.last_received = before.received;
        self
    }

    /// The last statement of each chain.
    pub fn chains(&self) -> BTreeMap<KeyId, Head> {
        let head = |(key, last): (&KeyId, &Last)| (*key, last.head);
        self.chains.iter().map(head).collect()
    }

    /// How many entries are judged, lost ones included.
    pub fn judged(&self) -> u64 {
        self.judged
    }

    /// The next entries up to a receipt.
    pub fn next(&mut self, findings: &mut Findings) -> Option<Batch> {
        let mut members = Vec::new();
        loop {
            if self.queue.is_empty() && !self.take_bundle(findings) {
                let lost = self.next < self.opening.size;
                return (!members.is_empty()).then_some(Batch {
                    members,
                    receipt: None,
                    lost,
                });
            }
            let Some((index, member)) = self.queue.pop_front() else {
                continue;
            };
            if index != self.next && !members.is_empty() {
                self.queue.push_front((index, member));
                return Some(Batch {
                    members,
                    receipt: None,
                    lost: true,
                });
            }
            if index != self.next {
                self.uncovered = None;
            }
            self.next = index + 1;
            let read = member
                .statement
                .as_ref()
                .ok()
                .filter(|_| member.signature != Signature::Bad);
            let receipt = read
                .and_then(receipt_of)
                .filter(|receipt| receipt.end == index);
            members.push((index, member));
            if receipt.is_some() || members.len() == MAX_BATCH {
                return Some(Batch {
                    members,
                    receipt,
                    lost: false,
                });
            }
        }
    }

    /// Judges the next batch: the public log as of each index, the closed log as of the size that
    /// the public log then had.
    pub fn judge(&mut self, batch: Batch, auditor: &mut Auditor<'_>) {
        self.check_receipt(&batch, auditor);
        if self.opening.log == LogName::Closed {
            auditor.advance_to(self.beside);
        }
        let received = self.tally.last_received.unwrap_or(0);
        for (index, member) in batch.members {
            self.lost += index - self.judged;
            self.judge_member(index, member, received, auditor);
            self.judged = index + 1;
        }
    }

    /// Compares the tree with the checkpoint; gives what was found of the log, and the files whose
    /// import it states.
    pub fn finish(self, auditor: &mut Auditor<'_>) -> (LogAudit, Told) {
        let Auditor {
            anchors, findings, ..
        } = auditor;
        let opening = self.opening;
        let root = self.tree.finish(findings);
        if root.is_some_and(|root| root != opening.root) {
            let what = "the entries do not lead to its root";
            findings.note("log.root_differs", opening.place("checkpoint"), what);
        }
        let anchored = opening.check_key(self.log_key.as_ref(), *anchors, findings);
        let Tally {
            kinds,
            understood,
            not_understood,
            refused_total,
            refused,
            receipts,
            last_received,
            witnessed,
        } = self.tally;
        let audit = LogAudit {
            log: opening.log.as_str(),
            origin: opening.origin.to_string(),
            key: self.log_key.map(|key| key.to_string()),
            anchored,
            size: opening.size,
            root: root.map(|root| HEXLOWER.encode(&root)),
            unsettled: opening.size - opening.settled,
            kinds,
            understood,
            not_understood,
            refused_total,
            refused,
            receipts,
            last_received,
            witnessed,
        };
        (audit, self.told)
    }

    /// Takes the next bundle in; `false` at the end of the log.
    fn take_bundle(&mut self, findings: &mut Findings) -> bool {
        if self.lost_bundles == MAX_LOST {
            return false;
        }
        let Some(mut bundle) = self.bundles.next() else {
            return false;
        };
        let base = bundle.index * u64::from(FULL_WIDTH);
        let width = self.bundles.width(bundle.index);
        let short = bundle.members.len() < width.into();
        if short
            && self.opening.settled < base + u64::from(width)
            && let Some(staged) = self.staged(base, width)
        {
            bundle = staged;
        }
        let nothing = matches!(bundle.fault, Some(Fault::Missing));
        self.lost_bundles = if nothing { self.lost_bundles + 1 } else { 0 };
        for member in &mut bundle.members {
            // Registered in an earlier bundle that was checked at the same time.
            if let (Ok(statement), Signature::KeyUnknown) = (&member.statement, member.signature) {
                member.signature = self.keys.check(statement);
            }
        }
        let damaged = self.tree.take(&bundle, width, findings);
        let members = bundle.members.into_iter().zip(damaged).zip(base..);
        let new = members.skip_while(|(_, index)| *index < self.next);
        let sound = new.filter(|((_, damaged), _)| !damaged);
        self.queue
            .extend(sound.map(|((member, _), index)| (index, member)));
        true
    }

    /// A bundle from staging, and before it from the file of the size that was settled.
    fn staged(&self, base: u64, width: u16) -> Option<Bundle> {
        let opening = self.opening;
        let path = TilePath {
            kind: TileKind::Entries,
            index: base / u64::from(FULL_WIDTH),
            width,
        };
        let from = opening.settled.max(base);
        let mut entries = Vec::new();
        if base < from {
            let settled = TilePath {
                width: (from - base) as u16,
                ..path
            };
            let bytes = std::fs::read(opening.folder.join(settled.to_string())).ok()?;
            let held = ensign_trust::log::tile::bundle_entries(&bytes, settled.width).ok()?;
            entries.extend(held.into_iter().map(<[u8]>::to_vec));
        }
        let until = base + u64::from(width);
        let staged = self.database?.staged(opening.log, from, until);
        entries.extend(staged.ok()??);
        Some(Bundle::of_entries(path, &entries, self.keys))
    }

    fn check_receipt(&mut self, batch: &Batch, auditor: &mut Auditor<'_>) {
        let last = batch
            .members
            .last()
            .map_or(self.judged, |(index, _)| *index);
        let place = self.opening.entry(last);
        let Some(receipt) = batch.receipt else {
            if !batch.lost {
                let first = batch.members.first().map_or(last, |(index, _)| *index);
                let what = format!("no receipt covers the entries from {first} to {last}");
                auditor.findings.note("receipt.missing", place, what);
            }
            self.uncovered = None;
            return;
        };
        if let Some(first) = self.uncovered.filter(|first| *first != receipt.first) {
            let what = format!(
                "the receipt covers the entries from {}, the one before ends at {first}",
                receipt.first
            );
            auditor.findings.note("receipt.range", place.as_str(), what);
        }
        if let Some(last) = self
            .tally
            .last_received
            .filter(|last| receipt.received < *last)
        {
            let what = format!(
                "received at {}, the batch before at {last}",
                receipt.received
            );
            auditor
                .findings
                .note("receipt.time_backwards", place.as_str(), what);
        }
        let possible = match self.opening.log {
            LogName::Closed => Some(self.beside..=auditor.public_size),
            LogName::Public => None,
        };
        match (receipt.beside, possible) {
            (None, None) => (),
            (Some(beside), Some(possible)) if possible.contains(&beside) => self.beside = beside,
            (said, possible) => {
                let what = format!(
                    "it says that the public log had {said:?} entries then; possible is {possible:?}"
                );
                auditor.findings.note("receipt.range", place, what);
            }
        }
        self.tally.receipts += 1;
        self.tally.last_received = Some(receipt.received);
        self.uncovered = Some(receipt.end + 1);
    }

    fn judge_member(
        &mut self,
        index: u64,
        member: Member,
        received: u64,
        auditor: &mut Auditor<'_>,
    ) {
        let place = || self.opening.entry(index);
        let statement = match member.statement {
            Ok(statement) => statement,
            Err(error) => {
                auditor
                    .findings
                    .note("statement.malformed", place(), causes(&error));
                self.lost += 1;
                return;
            }
        };
        *self
            .tally
            .kinds
            .entry(statement.kind.to_string())
            .or_default() += 1;
        match member.known {
            Some(_) => self.tally.understood += 1,
            None => self.tally.not_understood += 1,
        }
        self.check_chain(index, &statement, &mut auditor.findings);
        if statement.realm != *self.realm {
            let what = format!(
                "it is of {}, the folder is of {}",
                statement.realm, self.realm
            );
            auditor
                .findings
                .note("statement.other_realm", place(), what);
            return;
        }
        if member.signature == Signature::Bad {
            let what = "its signature does not verify under the key that it names";
            auditor.findings.note("statement.signature", place(), what);
            return;
        }
        let admitted = match member.known {
            Some(Err(Malformed(field))) => Err(Refusal::Malformed(field)),
            _ => self.admit(&statement, index, received, auditor),
        };
        if let Err(refusal) = admitted {
            auditor
                .findings
                .note(refusal.code(), place(), refusal.to_string());
            self.tally.refused_total += 1;
            if self.tally.refused.len() < MAX_REFUSED {
                let (statement, code) = (statement.id(), refusal.code());
                self.tally.refused.push(Refused {
                    index,
                    statement,
                    code,
                });
            }
            return;
        }
        if member.known.is_some() {
            self.take_in(index, statement, received, auditor);
        }
    }

    /// What a statement that counts changes for those after it.
    fn take_in(
        &mut self,
        index: u64,
        statement: Statement,
        received: u64,
        auditor: &mut Auditor<'_>,
    ) {
        let opening = self.opening;
        let mut changes_registry = Act::read(&statement).is_some();
        match logbook::Entry::read(&statement) {
            Some(Ok(logbook::Entry::Opened {
                origin, log_key, ..
            })) => {
                changes_registry = true;
                let opens = match opening.log {
                    LogName::Closed => index == 0 && auditor.registry.is_root(statement.author()),
                    LogName::Public => index == 1,
                };
                if opens && origin == opening.origin {
                    self.log_key = opening.key(&log_key);
                }
            }
            Some(Ok(logbook::Entry::Cosigned(note))) => {
                if let Err(what) = self.check_cosigned(index, &note, auditor.anchors) {
                    auditor
                        .findings
                        .note("log.cosigned_differs", opening.entry(index), what);
                }
            }
            Some(Ok(logbook::Entry::Sealed(seal))) => {
                if let Err(what) = self.check_seal(index, &seal) {
                    let (code, place) = ("log.seal_differs", opening.entry(index));
                    auditor.findings.note(code, place, what);
                }
            }
            _ => (),
        }
        if opening.log == LogName::Closed {
            return;
        }
        self.told.hear(index, &statement);
        if changes_registry {
            auditor.apply(statement, index, received);
        }
    }

    /// Whether a statement whose signature was checked counts. One that founds a party must name
    /// the key that it registers.
    fn admit(
        &self,
        statement: &Statement,
        index: u64,
        received: u64,
        auditor: &Auditor<'_>,
    ) -> Result<(), Refusal> {
        let registry = &auditor.registry;
        let at = match self.opening.log {
            LogName::Closed => self.beside,
            LogName::Public => index,
        };
        if statement.issuer.is_none() {
            statement.names(&registry.signing_key(statement)?)?;
        }
        registry.admit_signed(statement, at, received, ensign_views::need)
    }

    fn check_chain(&mut self, index: u64, statement: &Statement, findings: &mut Findings) {
        let Some(link) = &statement.link else { return };
        let key = statement.key();
        let last = self.chains.get(&key).copied();
        let origin = &self.opening.origin;
        if let Err(error) = Head::follow(last.map(|last| last.head), origin, key, link) {
            // What was lost since may have held the statements between.
            let goes_on = link.log == *origin && last.is_none_or(|last| link.seq > last.head.seq);
            if !(goes_on && self.lost > last.map_or(0, |last| last.lost)) {
                findings.note("chain.broken", self.opening.entry(index), error.to_string());
            }
        }
        let head = Head {
            seq: link.seq,
            id: statement.id(),
        };
        self.chains.insert(
            key,
            Last {
                head,
                lost: self.lost,
            },
        );
    }

    /// Checks what a log says of the one before it: a checkpoint that was signed there, this log as the
    /// one that goes on, and in its place, right behind what opens the log.
    fn check_seal(&self, index: u64, seal: &Sealed) -> Result<(), String> {
        seal.ends_at().map_err(|error| causes(&error))?;
        if Some(&seal.successor) != self.log_key.as_ref() {
            return Err(format!(
                "it names {} as the one that goes on",
                seal.successor
            ));
        }
        if seal.log.name() == seal.successor.name()
            || seal.log.public_key() == seal.successor.public_key()
        {
            return Err("a log cannot go on from itself".to_owned());
        }
        let place = match self.opening.log {
            LogName::Closed => 1,
            LogName::Public => 3,
        };
        match index == place {
            true => Ok(()),
            false => Err(format!("it is entry {index} and not {place}")),
        }
    }

    /// Checks a cosigned checkpoint that the log holds against the log's own tree and, where
    /// anchors are given, their witnesses.
    fn check_cosigned(
        &mut self,
        index: u64,
        note: &[u8],
        anchors: Option<&Anchors>,
    ) -> Result<(), String> {
        let key = self.log_key.as_ref().ok_or("the log's key is not known")?;
        let signed = SignedCheckpoint::open(note, key).map_err(|error| causes(&error))?;
        let checkpoint = signed.checkpoint();
        if checkpoint.size > index {
            return Err(format!(
                "its size {} is larger than the log then was",
                checkpoint.size
            ));
        }
        let folder = &self.opening.folder;
        let tree = Frontier::load::<TreeFault>(checkpoint.size, |node| {
            let path = widest(place_of(node).tile, self.opening.size);
            let tile = std::fs::read(folder.join(path.to_string()));
            Ok(node_from_tile(
                node,
                &tile.map_err(|_| TreeFault::Missing(path))?,
            )?)
        });
        if tree.map_err(|error| causes(&error))?.root() != checkpoint.root {
            return Err(format!(
                "the log had another root at size {}",
                checkpoint.size
            ));
        }
        let Some(anchors) = anchors.filter(|anchors| !anchors.quorum.is_none()) else {
            return Ok(());
        };
        let witnesses = anchors.quorum.keys();
        let cosigned = signed
            .cosigned_by(&witnesses)
            .map_err(|error| causes(&error))?;
        if anchors
            .quorum
            .is_met(|at| cosigned.iter().any(|one| one.cosigner == at))
        {
            self.tally.witnessed = self.tally.witnessed.max(Some(checkpoint.size));
        }
        Ok(())
    }
}
