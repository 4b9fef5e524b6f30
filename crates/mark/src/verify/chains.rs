//! Chains that were verified before.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::commitment::{Checked, Evidence, Finding};
use crate::key::{EmblemKey, Kid};
use crate::policy::{Policy, PolicyId};
use crate::token::Token;

/// Endorsements and commitments that were verified before, by the id of the key that signed them:
/// what changes from one emblem to the next is its own signature.
///
/// Nothing in it depends on the time. Signatures that are right stay right; times, limits and the
/// policy's demands are judged anew at every verification. It holds at most as many of each as it
/// was made for, and forgets the oldest first.
#[derive(Debug)]
pub struct VerifiedChains {
    limit: usize,
    /// Endorsements that are signed.
    signed: Bounded<(Kid, Digest32), ()>,
    /// Commitments of endorsements that evidence proves.
    checked: Bounded<(Kid, Digest32, Digest32, PolicyId), Arc<[Checked]>>,
    /// How many of both were checked since.
    checks: u64,
}

type Digest32 = [u8; 32];

impl VerifiedChains {
    /// Remembers at most this many endorsements and commitments.
    pub fn new(limit: usize) -> Self {
        VerifiedChains {
            limit,
            signed: Bounded::default(),
            checked: Bounded::default(),
            checks: 0,
        }
    }

    /// Remembers nothing.
    pub(crate) fn none() -> Self {
        Self::new(0)
    }

    /// How many endorsements are remembered.
    pub fn len(&self) -> usize {
        self.signed.values.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.signed.values.is_empty()
    }

    /// How many endorsements and commitments were not known and had to be checked.
    pub fn checks(&self) -> u64 {
        self.checks
    }

    /// Whether a key signed an endorsement; a wrong signature is not remembered.
    pub(super) fn is_signed(&mut self, token: &Token, key: &EmblemKey) -> bool {
        if self.limit == 0 {
            return token.is_signed_by(key);
        }
        let known = (key.kid(token.dialect()), digest(token));
        if self.signed.values.contains_key(&known) {
            // The id is the key, and the digest the token: the answer is the same.
            return true;
        }
        self.checks += 1;
        let signed = token.is_signed_by(key);
        if signed {
            self.signed.insert(known, (), self.limit);
        }
        signed
    }

    /// What the evidence says about the commitment of an endorsement; only what is wholly proved is
    /// remembered.
    pub(super) fn checked(
        &mut self,
        token: &Token,
        evidence: &Evidence,
        policy: &Policy,
        look: impl FnOnce() -> Arc<[Checked]>,
    ) -> Arc<[Checked]> {
        if self.limit == 0 {
            return look();
        }
        let known = (token.kid(), digest(token), evidence.digest(), policy.id());
        if let Some(checked) = self.checked.values.get(&known) {
            return checked.clone();
        }
        self.checks += 1;
        let checked = look();
        let is_proved = |it: &Checked| matches!(it.finding, Finding::Proved(_));
        if checked.iter().all(is_proved) {
            self.checked.insert(known, checked.clone(), self.limit);
        }
        checked
    }
}

fn digest(token: &Token) -> Digest32 {
    Sha256::digest(token.bytes()).into()
}

/// A map that forgets its oldest entries.
#[derive(Debug)]
struct Bounded<K, V> {
    values: BTreeMap<K, V>,
    order: VecDeque<K>,
}

impl<K: Ord + Copy, V> Bounded<K, V> {
    fn insert(&mut self, key: K, value: V, limit: usize) {
        while self.order.len() >= limit {
            if let Some(oldest) = self.order.pop_front() {
                self.values.remove(&oldest);
            }
        }
        self.order.push_back(key);
        self.values.insert(key, value);
    }
}

impl<K, V> Default for Bounded<K, V> {
    fn default() -> Self {
        Bounded {
            values: BTreeMap::new(),
            order: VecDeque::new(),
        }
    }
}
