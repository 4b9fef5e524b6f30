//! What must hold, whatever happens.

use std::collections::BTreeMap;
use std::fs;

use data_encoding::BASE64;
use ensign_trust::Statement;
use ensign_trust::anchor::Anchors;
use ensign_trust::id::StatementId;
use ensign_trust::log::checkpoint::Checkpoint;
use ensign_trust::log::equivocation::{Verdict, judge};
use ensign_trust::log::witness::AddCheckpoint;
use ensign_trust::log::{Hash, leaf_hash};
use ensign_trust::logbook::{Entry, LogName};

use super::world::{Wire, World};
use crate::replica::{self, Replica};

/// What has to be compared later.
#[derive(Default)]
pub(super) struct Check {
    /// What was acknowledged, by party and index.
    pub(super) acknowledged: BTreeMap<usize, BTreeMap<u64, StatementId>>,
    /// What each witness cosigned of each log, in its order.
    cosigned: BTreeMap<(usize, usize), Vec<(u64, Hash)>>,
    /// How many entries were compared at the end.
    pub(super) compared: usize,
    /// Which mirrors and witnesses hold evidence.
    pub(super) found: usize,
}

impl World {
    /// Whether one log can have signed both.
    pub(super) fn agree(&self, log: usize, one: (u64, Hash), other: (u64, Hash)) -> bool {
        let mut faces = self.parties[log].faces.iter();
        faces.any(|face| face.signed(one.0, &one.1) && face.signed(other.0, &other.1))
    }

    /// A witness cosigns nothing that contradicts what it cosigned, nor anything smaller.
    pub(super) fn check_witness(
        &self,
        wire: &mut Wire,
        witness: usize,
        request: &AddCheckpoint,
        shown: &Checkpoint,
        status: u16,
    ) {
        let log = self.keys.iter().position(|key| key.name() == shown.origin);
        let log = log.expect("a log of this world");
        let new = (shown.size, shown.root);
        let last = wire.check.cosigned.entry((witness, log)).or_default();
        let contradicted = last.iter().find(|old| !self.agree(log, **old, new));
        let contradicted = contradicted.copied();
        let latest = last.last().copied();
        if status == 200 {
            last.push(new);
            if let Some((size, _)) = contradicted {
                wire.violated(format!(
                    "n{witness} cosigned {} of n{log}, which contradicts {size} that it cosigned before",
                    new.0
                ));
            } else if latest.is_some_and(|(size, _)| size > new.0) {
                wire.violated(format!("n{witness} went back to {} of n{log}", new.0));
            }
            return;
        }
        if status >= 500 {
            wire.violated(format!("n{witness} could not answer"));
        }
        // What the request shows is evidence, but for a size that is a power of two: the hash that
        // would tell the two trees apart is left out of the proof there.
        let shows = latest.is_some_and(|(size, root)| {
            request.old == size
                && !self.agree(log, (size, root), new)
                && (size == new.0 || !size.is_power_of_two())
        });
        if shows {
            let memory = self.parties[witness].memory();
            let found = memory.contradictions().unwrap();
            if !found.iter().any(|one| one.log == self.keys[log]) {
                wire.violated(format!("n{witness} keeps no evidence against n{log}"));
            }
        }
    }

    /// Everything that must hold once all is repaired and still.
    pub(super) fn check_end(&self) {
        for at in 0..self.parties.len() {
            self.check_heads(at);
            self.check_accusations(at);
        }
        for at in self.honest() {
            self.check_log(at);
        }
        for at in 0..self.mirrors.len() {
            self.check_mirror(at);
        }
    }

    /// No log has signed two heads of one size, nor gone back.
    fn check_heads(&self, at: usize) {
        for face in &self.parties[at].faces {
            let history = face.history();
            if let Some(pair) = history.windows(2).find(|pair| pair[0].size >= pair[1].size) {
                self.violated(format!(
                    "n{at} signed a head of {} after one of {}",
                    pair[1].size, pair[0].size
                ));
            }
        }
    }

    /// Whom a party accuses contradicts itself, and the evidence shows it: what its witness keeps and
    /// what its log states.
    fn check_accusations(&self, at: usize) {
        let mut accused = self.parties[at].memory().contradictions().unwrap();
        self.wire().check.found += accused.len();
        let node = self.parties[at].faces[0].node.as_ref().expect("runs");
        let size = node.log(LogName::Public).head().unwrap().unwrap().size;
        let entries = node.log(LogName::Public).read(0..size).unwrap();
        for entry in entries {
            let statement = Statement::decode(entry).unwrap();
            if let Some(Ok(Entry::Contradicted(found))) = Entry::read(&statement) {
                accused.push(*found);
            }
        }
        for found in accused {
            let log = self.keys.iter().position(|key| *key == found.log).unwrap();
            let [one, other] = &found.checkpoints;
            let verdict = judge(one, other, &found.log, Some(&found.proof));
            if !matches!(verdict, Ok(Verdict::Contradiction(_))) {
                self.violated(format!("n{at} accuses n{log} and does not show it"));
            }
            if self.liar != Some(log) {
                self.violated(format!("n{at} accuses n{log}, which kept its promise"));
            }
        }
    }

    /// A log has what it acknowledged, and its witnesses have confirmed all there is.
    fn check_log(&self, at: usize) {
        let node = self.parties[at].faces[0].node.as_ref().expect("runs");
        let log = node.log(LogName::Public);
        let head = log.head().unwrap().unwrap();
        let entries = log.read(0..head.size).unwrap();
        self.check_entries(&format!("n{at}"), at, &entries);
        let leaves = entries.iter().map(|entry| leaf_hash(entry));
        let leaves: Vec<_> = leaves.collect();
        if ensign_trust::log::merkle::root_of(&leaves) != head.root {
            self.violated(format!("the entries of n{at} do not lead to its root"));
        }
        if node.witnesses().unwrap().news {
            self.violated(format!("what n{at} appended was never witnessed"));
        }
    }

    fn check_entries(&self, whose: &str, of: usize, entries: &[Vec<u8>]) {
        let mut wire = self.wire();
        let acknowledged = wire.check.acknowledged.get(&of).cloned();
        for (index, id) in acknowledged.unwrap_or_default() {
            wire.check.compared += 1;
            let found = entries.get(index as usize).cloned();
            let found = found.and_then(|entry| Some(Statement::decode(entry).ok()?.id()));
            if found != Some(id) {
                wire.violated(format!("{whose} lost entry {index} of n{of}"));
            }
        }
    }

    /// A mirror has what its log has, or evidence against it.
    fn check_mirror(&self, at: usize) {
        let mirror = &self.mirrors[at];
        let of = mirror.of;
        let evidence = self.check_evidence(at);
        // Once all was repaired it was shown both trees, unless by a mirror that has one.
        if self.parties[of].faces.len() > 1 && mirror.from == of && evidence == 0 {
            self.violated(format!("m{at} keeps no evidence against n{of}"));
        }
        let Ok(copy) = Replica::read(&mirror.folder, Some(&self.anchors(of))) else {
            self.violated(format!("m{at} is no copy that can be believed"));
            return;
        };
        assert!(copy.is_anchored());
        if self.liar == Some(of) {
            return;
        }
        let head = self.parties[of].faces[0].history().last().cloned();
        let head = head.expect("an opened log");
        if mirror.held != Some((head.size, head.root)) {
            self.violated(format!("m{at} has not what n{of} has"));
            return;
        }
        match replica::entries(&mirror.folder, head.size, 0..head.size) {
            Ok(entries) => self.check_entries(&format!("m{at}"), of, &entries),
            Err(error) => self.violated(format!("m{at} cannot be read: {error}")),
        }
    }

    fn anchors(&self, of: usize) -> Anchors {
        let party = &self.parties[of];
        Anchors {
            realm: party.realm().clone(),
            logs: vec![self.keys[of].clone()],
            parties: vec![party.operator()],
            quorum: Default::default(),
        }
    }

    /// The evidence of a mirror is such that anybody can judge it; how much it has.
    fn check_evidence(&self, at: usize) -> usize {
        let mirror = &self.mirrors[at];
        let mut kept = 0;
        for entry in fs::read_dir(&mirror.folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if !name.starts_with("contradiction-") {
                continue;
            }
            let read = |name: &str| fs::read(entry.path().join(name)).unwrap();
            let proof = String::from_utf8(read("proof")).unwrap();
            let hash = |line: &str| BASE64.decode(line.as_bytes()).unwrap().try_into().unwrap();
            let proof: Vec<Hash> = proof.lines().map(hash).collect();
            let key = &self.keys[mirror.of];
            let verdict = judge(&read("held"), &read("shown"), key, Some(&proof));
            if !matches!(verdict, Ok(Verdict::Contradiction(_))) || self.liar != Some(mirror.of) {
                self.violated(format!("m{at} accuses n{} in {name}", mirror.of));
            }
            kept += 1;
        }
        self.wire().check.found += kept;
        kept
    }
}
