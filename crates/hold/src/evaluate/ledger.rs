//! The facts that are visible, found by what they are about.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use ensign_trust::fact::{Standing, TakenBack};
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};

use crate::evaluate::interval::When;
use crate::evaluate::witnessing::{Witnessing, is_of_log};

/// A map that is looked into by key and never gone through, so that no result hangs on its order.
#[expect(
    clippy::disallowed_types,
    reason = "millions of keys are looked up, in no order"
)]
type Index<K, V, S = std::hash::RandomState> = std::collections::HashMap<K, V, S>;

/// A fact, lent or kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Held<'a> {
    Lent(&'a Fact),
    Kept(Arc<Fact>),
}

impl Deref for Held<'_> {
    type Target = Fact;

    fn deref(&self) -> &Fact {
        match self {
            Held::Lent(fact) => fact,
            Held::Kept(fact) => fact,
        }
    }
}

/// A fact that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry<'a> {
    pub(crate) fact: Held<'a>,
    /// The statement that states it.
    pub(crate) id: StatementId,
    /// The first statement of the line of corrections that this one belongs to.
    pub(crate) line: StatementId,
    /// When it happened, as its author says.
    pub(crate) when: When,
    /// When the node received it.
    pub(crate) received: i64,
    /// The lines that it refers to.
    pub(crate) cites: Vec<StatementId>,
}

/// Which facts of a kind are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope<'q> {
    /// Those about a subject.
    About(&'q str),
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

/// The facts visible at some log size, in their canonical order under each key.
#[derive(Debug, Default)]
pub(crate) struct Ledger<'a> {
    entries: Vec<Entry<'a>>,
    found: Index<Key, Places, BuildHasherDefault<Mixer>>,
    names: RefCell<Names>,
    pub(crate) witnessing: Witnessing,
}

/// The numbers of the entries under one key, in the canonical order. Most keys have one.
#[derive(Debug)]
enum Places {
    One(u32),
    Several(Vec<u32>),
}

/// Small numbers for kinds, subjects and ids, in the order in which they were met.
#[derive(Debug, Default)]
struct Names {
    kinds: Index<Code, u32>,
    subjects: Index<String, u32>,
    ids: Index<[u8; 32], u32>,
}

/// Mixes the numbers of a key. They are given out in turn: nobody can choose them to collide.
#[derive(Debug, Default)]
struct Mixer(u64);

/// Under how many keys a fact is found, about: so much room is made beforehand.
const KEYS_OF_A_FACT: usize = 4;

/// The statement that states a fact.
pub(crate) fn statement_of(fact: &Fact) -> Option<StatementId> {
    fact.sources.first().copied()
}

/// Which of these facts' statements stand at a log size.
pub(crate) fn standing(facts: &[Fact], index: u64) -> Standing {
    let visible = || facts.iter().filter(|fact| fact.position < index);
    let takings: Vec<_> = visible().filter_map(taken_back).collect();
    if takings.is_empty() {
        return Standing::default();
    }
    let known: BTreeMap<_, _> = visible()
        .filter(|fact| !is_of_log(fact))
        .filter_map(|fact| Some((statement_of(fact)?, (fact.position, fact.actor))))
        .collect();
    Standing::of(&takings, |statement| known.get(&statement).copied())
}

/// What a fact takes back.
pub(crate) fn taken_back(fact: &Fact) -> Option<TakenBack> {
    Some(TakenBack {
        position: fact.position,
        by: statement_of(fact)?,
        author: fact.actor,
        retraction: fact.retracts?,
    })
}

impl<'a> Entry<'a> {
    /// Reads a fact; nothing if it has no statement or its times make no sense.
    pub(crate) fn read(fact: Held<'a>, standing: &Standing) -> Option<Self> {
        let id = statement_of(&fact)?;
        let when = When::read(fact.valid)?;
        let received = When::read([fact.received; 2])?.lo;
        let cites = fact.cites.iter().map(|cited| standing.first_of(*cited));
        Some(Entry {
            id,
            line: standing.first_of(id),
            when,
            received,
            cites: cites.collect(),
            fact,
        })
    }

    /// The canonical order: by time, then by statement, then by what the fact says.
    pub(crate) fn order(&self, other: &Entry<'_>) -> Ordering {
        let (first, second) = ((self.when, self.id), (other.when, other.id));
        let by_content = || order_of_facts(&self.fact, &other.fact);
        first.cmp(&second).then_with(by_content)
    }

    /// The value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<&Coded> {
        self.fact.fields.get(name)
    }

    /// A field that holds an integer.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        match self.field(name)? {
            Coded::Int(number) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// A field that holds a code.
    pub(crate) fn code(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_code().map(Code::as_str)
    }

    /// A field that names a party.
    pub(crate) fn party(&self, name: &str) -> Option<PartyId> {
        self.code(name)?.parse().ok()
    }

    /// The grade of the fact as a whole number.
    pub(crate) fn grade(&self) -> Option<i64> {
        let of_fact = || self.fact.grade.as_ref()?.as_str().parse().ok();
        self.number("grade").or_else(of_fact)
    }
}

impl<'a> Ledger<'a> {
    /// Everything that a log of this size shows.
    pub(crate) fn at(facts: &'a [Fact], index: u64) -> Self {
        let standing = standing(facts, index);
        let visible = facts.iter().filter(|fact| fact.position < index);
        let stands = |fact: &&Fact| statement_of(fact).is_some_and(|id| standing.stands(id));
        let placed = |fact: &'a Fact| {
            let (when, id) = (When::read(fact.valid)?, statement_of(fact)?);
            When::read([fact.received; 2])?;
            Some((when, id, fact))
        };
        let mut placed: Vec<_> = visible.filter(stands).filter_map(placed).collect();
        let order = |a: &(When, StatementId, &Fact), b: &(When, StatementId, &Fact)| {
            let by_content = || order_of_facts(a.2, b.2);
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(by_content)
        };
        placed.sort_by(order);
        placed.dedup_by(|a, b| order(a, b).is_eq());
        let mut ledger = Ledger::default();
        ledger.entries.reserve(placed.len());
        ledger.found.reserve(placed.len() * KEYS_OF_A_FACT);
        ledger.names.get_mut().ids.reserve(placed.len());
        let entries = placed.into_iter();
        for entry in entries.filter_map(|(.., fact)| Entry::read(Held::Lent(fact), &standing)) {
            ledger.push(entry);
        }
        ledger
    }

    /// Adds a fact that comes after all others in the canonical order.
    fn push(&mut self, entry: Entry<'a>) {
        let at = self.entries.len() as u32;
        for key in self.keys(&entry) {
            match self.found.entry(key) {
                Slot::Vacant(slot) => {
                    slot.insert(Places::One(at));
                }
                Slot::Occupied(slot) => slot.into_mut().insert(at, |places| places.len()),
            }
        }
        self.witnessing.note(&entry, at);
        self.entries.push(entry);
    }

    /// Adds a fact wherever it belongs: its number, and the keys under which it is now found.
    /// Nothing if it is there already.
    pub(crate) fn insert(&mut self, entry: Entry<'a>) -> Option<(u32, Vec<Key>)> {
        let keys = self.keys(&entry);
        let at = self.entries.len() as u32;
        for key in &keys {
            let entries = &self.entries;
            let there = self.found.entry(*key).or_insert(Places::NONE);
            match there.search(|other| entries[other as usize].order(&entry)) {
                Ok(_) => return None,
                Err(place) => there.insert(at, |_| place),
            }
        }
        self.witnessing.note(&entry, at);
        self.entries.push(entry);
        Some((at, keys))
    }

    /// Takes a fact out: its number, and the keys under which it was found.
    pub(crate) fn remove(&mut self, entry: &Entry<'_>) -> Option<(u32, Vec<Key>)> {
        let keys = self.keys(entry);
        let mut number = None;
        for key in &keys {
            let entries = &self.entries;
            let Some(there) = self.found.get_mut(key) else {
                continue;
            };
            if let Ok(place) = there.search(|other| entries[other as usize].order(entry)) {
                number = Some(there.take(place));
            }
        }
        Some((number?, keys))
    }

    /// A fact by its number.
    pub(crate) fn entry(&self, number: u32) -> &Entry<'a> {
        &self.entries[number as usize]
    }

    /// The numbers of all facts that are found.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        let kinds = 0..self.names.borrow().kinds.len() as u32;
        let everywhere = kinds.filter_map(|kind| self.found.get(&(kind, 0, 0)));
        let numbers = everywhere.flat_map(|there| there.as_slice().iter().copied());
        numbers.collect()
    }

    /// The facts of a kind in a scope, in the canonical order. Under which key they were looked for
    /// is written down where somebody asks for it.
    pub(crate) fn find<'l>(
        &'l self,
        kind: &Code,
        scope: Scope<'_>,
        reads: Option<&RefCell<BTreeSet<Key>>>,
    ) -> impl Iterator<Item = &'l Entry<'a>> + use<'l, 'a> {
        let key = match reads {
            None => self.names.borrow().known(kind, scope),
            Some(reads) => {
                let mut names = self.names.borrow_mut();
                let kind = names.kind(kind);
                let key = names.key(kind, scope);
                reads.borrow_mut().insert(key);
                Some(key)
            }
        };
        let places = key.and_then(|key| self.found.get(&key));
        let places = places.map_or(&[][..], Places::as_slice);
        places.iter().map(|at| &self.entries[*at as usize])
    }

    fn keys(&self, entry: &Entry<'_>) -> Vec<Key> {
        let mut names = self.names.borrow_mut();
        let fact = &entry.fact;
        let kind = names.kind(&fact.kind);
        let mut keys = Vec::with_capacity(4 + entry.cites.len());
        let mut add = |scope: Scope<'_>| keys.push(names.key(kind, scope));
        add(Scope::Everywhere);
        add(Scope::Of(entry.line));
        add(Scope::By(fact.actor));
        fact.to.map(Scope::To).into_iter().for_each(&mut add);
        if let Some(subject) = &fact.subject {
            add(Scope::About(subject.as_str()));
        }
        for line in &entry.cites {
            add(Scope::Citing(*line));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl Places {
    const NONE: Places = Places::Several(Vec::new());

    fn as_slice(&self) -> &[u32] {
        match self {
            Places::One(number) => std::slice::from_ref(number),
            Places::Several(numbers) => numbers,
        }
    }

    /// Where a number stands by an order of theirs, or where it would.
    fn search(&self, order: impl Fn(u32) -> Ordering) -> Result<usize, usize> {
        self.as_slice().binary_search_by(|other| order(*other))
    }

    fn insert(&mut self, number: u32, place: impl Fn(&[u32]) -> usize) {
        match self {
            Places::One(other) => {
                let mut both = vec![*other];
                both.insert(place(&both), number);
                *self = Places::Several(both);
            }
            Places::Several(numbers) => {
                let place = place(numbers);
                numbers.insert(place, number);
            }
        }
    }

    fn take(&mut self, place: usize) -> u32 {
        match self {
            Places::One(number) => {
                let number = *number;
                *self = Places::NONE;
                number
            }
            Places::Several(numbers) => numbers.remove(place),
        }
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Names {
    fn kind(&mut self, kind: &Code) -> u32 {
        let next = self.kinds.len() as u32;
        match self.kinds.get(kind) {
            Some(number) => *number,
            None => *self.kinds.entry(kind.clone()).or_insert(next),
        }
    }

    /// The key that was given out, if one was: what nobody has named has no facts.
    fn known(&self, kind: &Code, scope: Scope<'_>) -> Option<Key> {
        let kind = *self.kinds.get(kind)?;
        let id = |bytes: &[u8; 32]| self.ids.get(bytes).copied();
        Some(match scope {
            Scope::Everywhere => (kind, 0, 0),
            Scope::By(party) => (kind, 1, id(party.as_bytes())?),
            Scope::To(party) => (kind, 2, id(party.as_bytes())?),
            Scope::Citing(line) => (kind, 3, id(line.as_bytes())?),
            Scope::Of(line) => (kind, 4, id(line.as_bytes())?),
            Scope::About(subject) => (kind, 5, *self.subjects.get(subject)?),
        })
    }

    fn key(&mut self, kind: u32, scope: Scope<'_>) -> Key {
        let mut id = |bytes: &[u8; 32]| {
            let next = self.ids.len() as u32;
            *self.ids.entry(*bytes).or_insert(next)
        };
        match scope {
            Scope::Everywhere => (kind, 0, 0),
            Scope::By(party) => (kind, 1, id(party.as_bytes())),
            Scope::To(party) => (kind, 2, id(party.as_bytes())),
            Scope::Citing(line) => (kind, 3, id(line.as_bytes())),
            Scope::Of(line) => (kind, 4, id(line.as_bytes())),
            Scope::About(subject) => {
                let next = self.subjects.len() as u32;
                let number = match self.subjects.get(subject) {
                    Some(number) => *number,
                    None => *self.subjects.entry(subject.to_owned()).or_insert(next),
                };
                (kind, 5, number)
            }
        }
    }
}

/// The order of facts of one statement that happened at one time.
fn order_of_facts(a: &Fact, b: &Fact) -> Ordering {
    a.kind
        .cmp(&b.kind)
        .then_with(|| a.subject.cmp(&b.subject))
        .then_with(|| (a.actor, a.to).cmp(&(b.actor, b.to)))
        .then_with(|| order_of_maps(&a.fields, &b.fields))
        .then_with(|| a.grade.cmp(&b.grade))
        .then_with(|| a.cites.cmp(&b.cites))
}

fn order_of_maps(a: &BTreeMap<Code, Coded>, b: &BTreeMap<Code, Coded>) -> Ordering {
    let by_entry =
        |(x, y): ((&Code, &Coded), (&Code, &Coded))| x.0.cmp(y.0).then(order_of_values(x.1, y.1));
    let differing = a.iter().zip(b).map(by_entry).find(|order| order.is_ne());
    differing.unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn order_of_values(a: &Coded, b: &Coded) -> Ordering {
    let rank = |value: &Coded| match value {
        Coded::Bool(_) => 0,
        Coded::Bytes(_) => 1,
        Coded::Code(_) => 2,
        Coded::Int(_) => 3,
        Coded::List(_) => 4,
        Coded::Map(_) => 5,
    };
    match (a, b) {
        (Coded::Bool(a), Coded::Bool(b)) => a.cmp(b),
        (Coded::Bytes(a), Coded::Bytes(b)) => a.cmp(b),
        (Coded::Code(a), Coded::Code(b)) => a.cmp(b),
        (Coded::Int(a), Coded::Int(b)) => a.cmp(b),
        (Coded::List(a), Coded::List(b)) => {
            let pairs = a.iter().zip(b).map(|(a, b)| order_of_values(a, b));
            let differing = pairs.into_iter().find(|order| order.is_ne());
            differing.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Coded::Map(a), Coded::Map(b)) => order_of_maps(a, b),
        _ => rank(a).cmp(&rank(b)),
    }
}
