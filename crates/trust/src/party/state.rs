//! The registry of parties, keys and mandates, with the log index of each change, so that it
//! answers for every index at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::code::Code;
use crate::id::{KeyId, PartyId, StatementId};
use crate::key::PublicKey;
use crate::logbook;
use crate::party::decide::Need;
use crate::party::statement::Act;
use crate::statement::Statement;

/// Parties, keys and mandates as of every index of a public log that has been applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    parties: BTreeMap<PartyId, Party>,
    keys: BTreeMap<KeyId, KeyState>,
    mandates: BTreeMap<StatementId, Mandate>,
    roots: BTreeSet<PartyId>,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What it says it is.
    pub nature: Code,
    /// Index of the statement that founded it.
    pub founded: u64,
}

/// A key and the indexes between which it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    /// The key.
    pub key: PublicKey,
    /// For whom it speaks.
    pub party: PartyId,
    /// The key that added it; a founding key added itself.
    pub by: KeyId,
    /// Index of the statement that added it.
    pub added: u64,
    /// First index at which its statements no longer count.
    pub revoked: Option<u64>,
    /// What ended it, where it is revoked.
    pub end: Option<KeyEnd>,
}

/// What ended a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEnd {
    /// Index of the statement that did.
    pub index: u64,
    /// How it did.
    pub how: Ended,
}

/// How a key ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Its party revoked it, for this reason.
    Revoked(Code),
    /// It named the key that takes its place.
    Replaced,
    /// The key that added it was revoked as of that place or before.
    Fallen,
}

/// A mandate and the indexes between which it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Who granted it.
    pub by: PartyId,
    /// The key that signed the grant.
    pub signed: KeyId,
    /// Who may act.
    pub to: PartyId,
    /// In which role.
    pub role: Code,
    /// For what alone.
    pub scope: Option<Code>,
    /// First second.
    pub from: Option<u64>,
    /// First second no more.
    pub until: Option<u64>,
    /// Index of the statement that granted it.
    pub granted: u64,
    /// Index of the statement that withdrew it.
    pub withdrawn: Option<u64>,
}

impl KeyState {
    /// Whether, and as of which index, the key is revoked for a statement at an index.
    pub fn revoked_at(&self, index: u64) -> Option<u64> {
        self.revoked.filter(|revoked| *revoked <= index)
    }

    /// `active`, `revoked`, `replaced` or `fallen`: what became of it.
    pub fn state(&self) -> &'static str {
        match self.end.as_ref().map(|end| &end.how) {
            None => "active",
            Some(Ended::Revoked(_)) => "revoked",
            Some(Ended::Replaced) => "replaced",
            Some(Ended::Fallen) => "fallen",
        }
    }

    /// Why its party revoked it, where it did.
    pub fn reason(&self) -> Option<&Code> {
        match self.end.as_ref().map(|end| &end.how) {
            Some(Ended::Revoked(reason)) => Some(reason),
            _ => None,
        }
    }

    /// Whether a statement at this index may be signed with the key.
    pub fn counts_at(&self, index: u64) -> bool {
        self.added < index && self.revoked.is_none_or(|revoked| index < revoked)
    }
}

impl Mandate {
    /// Whether the mandate covers a role and scope at a log index and time received.
    pub fn covers(&self, role: &str, scope: Option<&Code>, index: u64, received: u64) -> bool {
        self.role == *role
            && (self.scope.is_none() || self.scope.as_ref() == scope)
            && Range {
                start: self.granted + 1,
                end: self.withdrawn.unwrap_or(u64::MAX),
            }
            .contains(&index)
            && Range {
                start: self.from.unwrap_or(0),
                end: self.until.unwrap_or(u64::MAX),
            }
            .contains(&received)
    }
}

impl Registry {
    /// What a statement at an index of the public log changes. Total: a statement that is not
    /// understood, or that [`Registry::admit`] would refuse, changes nothing.
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        if let Some(logbook::Entry::Opened { .. }) =
            logbook::Entry::read(statement).and_then(Result::ok)
        {
            if self.roots.is_empty() && self.parties.contains_key(&statement.author()) {
                self.roots.insert(statement.author());
            }
            return self;
        }
        let Some(Ok(act)) = Act::read(statement) else {
            return self;
        };
        if self.admit(statement, index, received, |_| None).is_err() {
            return self;
        }
        let author = statement.author();
        match act {
            Act::Founded { key, nature } => {
                self.parties.insert(
                    author,
                    Party {
                        nature,
                        founded: index,
                    },
                );
                self.add_key(key, author, statement.key(), index);
            }
            Act::KeyAdded(key) => self.add_key(key, author, statement.key(), index),
            Act::KeyRotated(key) => {
                self.add_key(key, author, statement.key(), index);
                let end = KeyEnd {
                    index,
                    how: Ended::Replaced,
                };
                self.revoke(statement.key(), author, index + 1, end);
            }
            Act::KeyRevoked { key, as_of, reason } => {
                let how = Ended::Revoked(reason);
                self.revoke(key, author, as_of, KeyEnd { index, how });
            }
            Act::MandateGranted {
                to,
                role,
                scope,
                from,
                until,
            } => {
                let mandate = Mandate {
                    by: author,
                    signed: statement.key(),
                    to,
                    role,
                    scope,
                    from,
                    until,
                    granted: index,
                    withdrawn: None,
                };
                self.mandates.insert(statement.id(), mandate);
            }
            Act::MandateWithdrawn(id) => {
                let mandate = self
                    .mandates
                    .get_mut(&id)
                    .filter(|mandate| mandate.by == author);
                if let Some(mandate) = mandate {
                    mandate.withdrawn.get_or_insert(index);
                }
            }
        }
        self
    }

    /// A key by its id.
    pub fn key(&self, id: KeyId) -> Option<&KeyState> {
        self.keys.get(&id)
    }

    /// A party.
    pub fn party(&self, id: PartyId) -> Option<&Party> {
        self.parties.get(&id)
    }

    /// All parties in order of id.
    pub fn parties(&self) -> impl Iterator<Item = (PartyId, &Party)> {
        self.parties.iter().map(|(id, party)| (*id, party))
    }

    /// All keys that were ever registered, in order of id.
    pub fn keys(&self) -> impl Iterator<Item = (KeyId, &KeyState)> {
        self.keys.iter().map(|(id, key)| (*id, key))
    }

    /// The keys that ever spoke for a party, in order of id.
    pub fn keys_of(&self, party: PartyId) -> impl Iterator<Item = (KeyId, &KeyState)> {
        self.keys().filter(move |(_, key)| key.party == party)
    }

    /// All mandates in order of the granting statement's id.
    pub fn mandates(&self) -> impl Iterator<Item = (StatementId, &Mandate)> {
        self.mandates.iter().map(|(id, mandate)| (*id, mandate))
    }

    /// Whether a party opened the log.
    pub fn is_root(&self, party: PartyId) -> bool {
        self.roots.contains(&party)
    }

    /// The parties that opened the log.
    pub fn roots(&self) -> impl Iterator<Item = PartyId> {
        self.roots.iter().copied()
    }

    /// Whether a mandate lets a party act in a role and scope at a log index and time received.
    pub fn holds_mandate(
        &self,
        party: PartyId,
        role: &str,
        scope: Option<&Code>,
        index: u64,
        received: u64,
    ) -> bool {
        self.mandates
            .values()
            .any(|mandate| mandate.to == party && mandate.covers(role, scope, index, received))
    }

    /// Whether a party's mandates cover a need at an index.
    pub(super) fn satisfies(&self, party: PartyId, need: &Need, index: u64, received: u64) -> bool {
        match need {
            Need::Known => true,
            Need::Root => self.is_root(party),
            Need::Role { role, scope } => {
                self.holds_mandate(party, role, scope.as_ref(), index, received)
            }
        }
    }

    /// The first registration of a key stands: a key speaks for one party, for good.
    fn add_key(&mut self, key: PublicKey, party: PartyId, by: KeyId, added: u64) {
        let state = KeyState {
            party,
            by,
            added,
            revoked: None,
            end: None,
            key,
        };
        self.keys.entry(state.key.id()).or_insert(state);
    }

    /// A revocation only ever takes more away: the key from an index on, and with it whatever it did
    /// from there on, the keys that it added and the mandates that it granted.
    fn revoke(&mut self, key: KeyId, party: PartyId, as_of: u64, end: KeyEnd) {
        let Some(state) = self.keys.get_mut(&key).filter(|state| state.party == party) else {
            return;
        };
        if state.revoked.is_some_and(|earlier| earlier <= as_of) {
            return;
        }
        let index = end.index;
        state.revoked = Some(as_of);
        state.end = Some(end);
        for mandate in self.mandates.values_mut() {
            if mandate.signed == key && mandate.granted >= as_of {
                mandate.withdrawn = Some(mandate.granted);
            }
        }
        let fallen = self
            .keys
            .iter()
            .filter(|(id, state)| state.by == key && **id != key && state.added >= as_of);
        let fallen: Vec<_> = fallen
            .map(|(id, state)| (*id, state.party, state.added))
            .collect();
        for (id, party, added) in fallen {
            let how = Ended::Fallen;
            self.revoke(id, party, added, KeyEnd { index, how });
        }
    }
}
