//! Which statements an answer hangs on: what a stranger needs in order to come to the same one.

use std::collections::{BTreeSet, VecDeque};

use ensign_trust::AssetId;

use super::answer::{MAX_STEPS, Register};
use crate::authority::Recognition;
use crate::emblem::{Key, Target};
use crate::key::Kid;
use crate::token::Dialect;

impl Register {
    /// Log indexes of all statements that decide about an asset, at whatever time and for whatever
    /// reader: its registrations, emblems and ends, misuse alleged of it, and everything upwards to
    /// all recognitions that are within reach, with what ended it. A register of these alone
    /// answers for the asset as this one does.
    pub fn evidence(&self, id: AssetId) -> BTreeSet<u64> {
        let mut found = BTreeSet::new();
        let Some(asset) = self.assets.asset(id) else {
            return found;
        };
        found.extend(asset.versions.iter().map(|version| version.stated.index));
        found.extend(asset.withdrawn.iter().map(|end| end.stated.index));
        found.extend(asset.erased.values().map(|erased| erased.index));
        for allegation in self.emblems.allegations_of(id) {
            found.insert(allegation.stated.index);
            found.extend(allegation.withdrawn.iter().map(|end| end.index));
        }
        let mut ahead = VecDeque::new();
        for emblem in self.emblems.of_asset(id) {
            found.insert(emblem.stated.index);
            let target = Target::Digest(emblem.digest());
            let end = self.emblems.revocation(target, emblem.stated.by);
            found.extend(end.map(|end| end.stated.index));
            ahead.push_back((emblem.said.key, 0));
        }
        self.climb_all(ahead, &mut found);
        found
    }

    /// Follows the endorsements of keys upwards, whether they count or not.
    fn climb_all(&self, mut ahead: VecDeque<(Kid, usize)>, found: &mut BTreeSet<u64>) {
        let mut seen = BTreeSet::new();
        while let Some((kid, steps)) = ahead.pop_front() {
            let Some(key) = self.emblems.key(kid).filter(|_| seen.insert(kid)) else {
                continue;
            };
            self.key_evidence(key, found);
            for recognition in self.authorities.of_key(kid) {
                self.recognition_evidence(recognition, found);
            }
            if steps == MAX_STEPS {
                continue;
            }
            for endorsed in self.emblems.endorsements_of(kid) {
                found.insert(endorsed.stated.index);
                let target = Target::Digest(endorsed.digest());
                let end = self.emblems.revocation(target, endorsed.stated.by);
                found.extend(end.map(|end| end.stated.index));
                ahead.push_back((endorsed.token.kid(), steps + 1));
            }
        }
    }

    fn key_evidence(&self, key: &Key, found: &mut BTreeSet<u64>) {
        found.insert(key.stated.index);
        let target = Target::Key(key.key.kid(Dialect::Cwt));
        let end = self.emblems.revocation(target, key.stated.by);
        found.extend(end.map(|end| end.stated.index));
    }

    /// A recognition, those before it whose place it took, and what ended it.
    fn recognition_evidence(&self, recognition: &Recognition, found: &mut BTreeSet<u64>) {
        found.extend(recognition.end.iter().map(|end| end.stated.index));
        let mut next = Some(recognition);
        while let Some(recognition) = next {
            found.insert(recognition.stated.index);
            let older = recognition.said.supersedes;
            next = older.and_then(|older| self.authorities.recognition(older));
        }
    }
}
