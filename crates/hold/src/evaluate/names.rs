//! What is looked for among facts, as small numbers.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use ensign_trust::{Code, PartyId, StatementId};

use crate::evaluate::ledger::{Entry, Index};

/// Which facts of a kind are looked for.
#[derive(Debug)]
pub(crate) enum Scope<'q> {
    /// Those about a subject.
    About(Cow<'q, str>),
    /// Those by a party.
    By(PartyId),
    /// Those that refer to a line.
    Citing(StatementId),
    /// All.
    Everywhere,
    /// Those of a line themselves.
    Of(StatementId),
    /// Those addressed to a party.
    To(PartyId),
}

/// A kind and a scope, as small numbers.
pub(crate) type Key = (u32, u8, u32);

/// The scopes as they stand in a [`Key`].
pub(crate) mod scope {
    pub(crate) const EVERYWHERE: u8 = 0;
    pub(crate) const BY: u8 = 1;
    pub(crate) const TO: u8 = 2;
    pub(crate) const CITING: u8 = 3;
    pub(crate) const OF: u8 = 4;
    pub(crate) const ABOUT: u8 = 5;
}

/// Small numbers for kinds, subjects and ids, in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct Names {
    kinds: Index<Code, u32>,
    subjects: Index<String, u32>,
    ids: Index<[u8; 32], u32>,
}

type LastId = Cell<Option<([u8; 32], u32)>>;

/// What looking for facts leaves behind.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// The id that was looked for last, with its number: mostly the same is, many times in a row.
    last: LastId,
    /// What was looked for, where somebody asks for that.
    reads: Option<RefCell<Reads>>,
}

/// What was looked for.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    keys: BTreeSet<Key>,
    /// Under what no fact was found yet that would have a number.
    unnamed: Vec<(Code, Scope<'static>)>,
}

impl Scope<'_> {
    fn into_owned(self) -> Scope<'static> {
        match self {
            Scope::About(subject) => Scope::About(subject.into_owned().into()),
            Scope::By(party) => Scope::By(party),
            Scope::Citing(line) => Scope::Citing(line),
            Scope::Everywhere => Scope::Everywhere,
            Scope::Of(line) => Scope::Of(line),
            Scope::To(party) => Scope::To(party),
        }
    }
}

impl Looks {
    /// Such that it is known afterwards what was looked for.
    pub(crate) fn noted() -> Self {
        Looks {
            reads: Some(RefCell::default()),
            ..Looks::default()
        }
    }

    /// What was looked for; nothing where nobody asked.
    pub(crate) fn reads(self) -> Reads {
        self.reads.map(RefCell::into_inner).unwrap_or_default()
    }
}

impl Names {
    /// Makes room for so many ids.
    pub(crate) fn reserve(&mut self, ids: usize) {
        self.ids.reserve(ids);
    }

    /// The numbers of all kinds that were met.
    pub(crate) fn kinds(&self) -> Range<u32> {
        0..self.kinds.len() as u32
    }

    /// The key under which facts are looked for, if any is known there.
    pub(crate) fn look(&self, kind: &Code, scope: Scope<'_>, looks: &Looks) -> Option<Key> {
        let key = self.known(kind, &scope, &looks.last);
        if let Some(reads) = &looks.reads {
            let mut reads = reads.borrow_mut();
            match key {
                Some(key) => drop(reads.keys.insert(key)),
                None => reads.unnamed.push((kind.clone(), scope.into_owned())),
            }
        }
        key
    }

    /// The keys of what was looked for, each once.
    pub(crate) fn name(&mut self, reads: Reads) -> Vec<Key> {
        let mut keys = reads.keys;
        for (kind, scope) in reads.unnamed {
            let kind = self.kind(&kind);
            keys.insert(self.key(kind, &scope));
        }
        keys.into_iter().collect()
    }

    /// The keys under which a fact is found, each once.
    pub(crate) fn keys(&mut self, entry: &Entry<'_>, mut each: impl FnMut(Key)) {
        let fact = &entry.fact;
        let kind = self.kind(&fact.kind);
        let to = fact.to.map(Scope::To);
        let subject = fact
            .subject
            .as_ref()
            .map(|it| Scope::About(it.as_str().into()));
        let scopes = [
            Scope::Everywhere,
            Scope::Of(entry.line),
            Scope::By(fact.actor),
        ];
        let citing = entry.cites.iter().map(|line| Scope::Citing(*line));
        for scope in scopes.into_iter().chain(to).chain(subject).chain(citing) {
            each(self.key(kind, &scope));
        }
    }

    fn kind(&mut self, kind: &Code) -> u32 {
        let next = self.kinds.len() as u32;
        match self.kinds.get(kind) {
            Some(number) => *number,
            None => *self.kinds.entry(kind.clone()).or_insert(next),
        }
    }

    /// The key that was given out, if one was: what nobody has named has no facts.
    fn known(&self, kind: &Code, scope: &Scope<'_>, last: &LastId) -> Option<Key> {
        let kind = *self.kinds.get(kind)?;
        Some(match scope {
            Scope::Everywhere => (kind, scope::EVERYWHERE, 0),
            Scope::By(party) => (kind, scope::BY, self.known_id(party.as_bytes(), last)?),
            Scope::To(party) => (kind, scope::TO, self.known_id(party.as_bytes(), last)?),
            Scope::Citing(line) => (kind, scope::CITING, self.known_id(line.as_bytes(), last)?),
            Scope::Of(line) => (kind, scope::OF, self.known_id(line.as_bytes(), last)?),
            Scope::About(subject) => (kind, scope::ABOUT, *self.subjects.get(&**subject)?),
        })
    }

    fn known_id(&self, id: &[u8; 32], last: &LastId) -> Option<u32> {
        match last.get() {
            Some((last, number)) if last == *id => Some(number),
            _ => {
                let number = *self.ids.get(id)?;
                last.set(Some((*id, number)));
                Some(number)
            }
        }
    }

    fn key(&mut self, kind: u32, scope: &Scope<'_>) -> Key {
        match scope {
            Scope::Everywhere => (kind, scope::EVERYWHERE, 0),
            Scope::By(party) => (kind, scope::BY, self.id(party.as_bytes())),
            Scope::To(party) => (kind, scope::TO, self.id(party.as_bytes())),
            Scope::Citing(line) => (kind, scope::CITING, self.id(line.as_bytes())),
            Scope::Of(line) => (kind, scope::OF, self.id(line.as_bytes())),
            Scope::About(subject) => (kind, scope::ABOUT, self.subject(subject)),
        }
    }

    fn id(&mut self, id: &[u8; 32]) -> u32 {
        let next = self.ids.len() as u32;
        *self.ids.entry(*id).or_insert(next)
    }

    fn subject(&mut self, subject: &str) -> u32 {
        let next = self.subjects.len() as u32;
        match self.subjects.get(subject) {
            Some(number) => *number,
            None => *self.subjects.entry(subject.to_owned()).or_insert(next),
        }
    }
}
