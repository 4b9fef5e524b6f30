//! The facts that are visible, found by what they are about.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
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
    /// The lines that it refers to, each once.
    pub(crate) cites: Vec<StatementId>,
}

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
mod scope {
    pub(super) const EVERYWHERE: u8 = 0;
    pub(super) const BY: u8 = 1;
    pub(super) const TO: u8 = 2;
    pub(super) const CITING: u8 = 3;
    pub(super) const OF: u8 = 4;
    pub(super) const ABOUT: u8 = 5;
}

/// The facts visible at some log size, in their canonical order under each key.
///
/// What an obligation asks for most is what cites its trigger, kind by kind. So these facts stand
/// together, by the number of the line that they cite.
#[derive(Debug, Default)]
pub(crate) struct Ledger<'a> {
    entries: Vec<Entry<'a>>,
    /// By the number of a line; what is beyond has none.
    lines: Vec<Line>,
    /// Under the other keys.
    found: Index<Key, Places, BuildHasherDefault<Mixer>>,
    names: Names,
    pub(crate) witnessing: Witnessing,
}

/// The facts of a line of corrections, and those that cite it.
#[derive(Debug, Default, Clone)]
struct Line {
    of: Places,
    citing: Places,
}

/// Entries by kind, those of a kind in the canonical order. Most lists have one.
#[derive(Debug, Default, Clone)]
enum Places {
    #[default]
    None,
    One(Place),
    Several(Vec<Place>),
}

/// The number of an entry, with that of its kind.
#[derive(Debug, Clone, Copy)]
struct Place {
    kind: u32,
    at: u32,
}

/// Small numbers for kinds, subjects and ids, in the order in which they were met.
#[derive(Debug, Default)]
struct Names {
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

/// Mixes the numbers of a key. They are given out in turn: nobody can choose them to collide.
#[derive(Debug, Default)]
struct Mixer(u64);

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
        let line_of = |cited: &StatementId| standing.cited_at(fact.position, *cited);
        let lines = fact.cites.iter().map(line_of);
        let mut cites: Vec<_> = lines.collect();
        cites.sort_unstable();
        cites.dedup();
        Some(Entry {
            id,
            line: standing.first_of(id),
            when,
            received,
            cites,
            fact,
        })
    }

    /// The canonical order: by time, then by statement, then by what the fact says.
    pub(crate) fn order(&self, other: &Entry<'_>) -> Ordering {
        let (first, second) = ((self.when, self.id), (other.when, other.id));
        let by_content = || order_of_facts(&self.fact, &other.fact);
        first.cmp(&second).then_with(by_content)
    }

    /// The seconds of a watch, until before the second one: nobody has watched what was to come when
    /// the node heard of it.
    pub(crate) fn watched(&self) -> [i64; 2] {
        [self.when.lo, self.when.hi.min(self.received) + 1]
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

    /// Whether a finding says that it was so.
    pub(crate) fn confirms(&self) -> bool {
        self.field("holds") != Some(&Coded::Bool(false))
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
        let stands =
            |fact: &Fact| statement_of(fact).is_some_and(|statement| standing.stands(statement));
        let placed = |(fact, number): (&Fact, usize)| {
            When::read([fact.received; 2])?;
            (fact.position < index && stands(fact)).then_some((When::read(fact.valid)?, number))
        };
        let mut placed: Vec<_> = facts.iter().zip(0..).filter_map(placed).collect();
        let order = |a: &(When, usize), b: &(When, usize)| {
            let by_statement = || {
                let (a, b) = (&facts[a.1], &facts[b.1]);
                let ids = statement_of(a).cmp(&statement_of(b));
                ids.then_with(|| order_of_facts(a, b))
            };
            a.0.cmp(&b.0).then_with(by_statement)
        };
        placed.sort_by(order);
        placed.dedup_by(|a, b| order(a, b).is_eq());
        let mut ledger = Ledger::default();
        ledger.entries.reserve(placed.len());
        ledger.lines.reserve(placed.len());
        ledger.names.ids.reserve(placed.len());
        for (_, number) in placed {
            if let Some(entry) = Entry::read(Held::Lent(&facts[number]), &standing) {
                ledger.push(entry);
            }
        }
        for line in &mut ledger.lines {
            line.of.sort();
            line.citing.sort();
        }
        ledger
    }

    /// Adds a fact that comes after all others in the canonical order; its lines are to be sorted by
    /// kind afterwards.
    fn push(&mut self, entry: Entry<'a>) {
        let at = self.entries.len() as u32;
        self.names.keys(&entry, |key| {
            places(&mut self.lines, &mut self.found, key).push(Place { kind: key.0, at })
        });
        self.witnessing.note(&entry, at);
        self.entries.push(entry);
    }

    /// Adds a fact wherever it belongs: its number, and the keys under which it is now found.
    /// Nothing if it is there already.
    pub(crate) fn insert(&mut self, entry: Entry<'a>) -> Option<(u32, Vec<Key>)> {
        let keys = self.keys(&entry);
        let at = self.entries.len() as u32;
        for key in &keys {
            let place = Place { kind: key.0, at };
            let there = places(&mut self.lines, &mut self.found, *key);
            match there.search(key.0, |other| self.entries[other as usize].order(&entry)) {
                Ok(_) => return None,
                Err(before) => there.insert(before, place),
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
            let there = places(&mut self.lines, &mut self.found, *key);
            if let Ok(place) =
                there.search(key.0, |other| self.entries[other as usize].order(entry))
            {
                number = Some(there.take(place).at);
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
        let kinds = 0..self.names.kinds.len() as u32;
        let everywhere = kinds.flat_map(|kind| self.there((kind, scope::EVERYWHERE, 0)));
        everywhere.map(|place| place.at).collect()
    }

    /// The facts of a kind in a scope, in the canonical order.
    pub(crate) fn find<'l>(
        &'l self,
        kind: &Code,
        scope: Scope<'_>,
        looks: &Looks,
    ) -> impl ExactSizeIterator<Item = &'l Entry<'a>> + use<'l, 'a> {
        let key = self.names.known(kind, &scope, &looks.last);
        if let Some(reads) = &looks.reads {
            let mut reads = reads.borrow_mut();
            match key {
                Some(key) => drop(reads.keys.insert(key)),
                None => reads.unnamed.push((kind.clone(), scope.into_owned())),
            }
        }
        let there = key.map_or(&[][..], |key| self.there(key));
        there.iter().map(|place| self.entry(place.at))
    }

    /// The keys of what was looked for, each once.
    pub(crate) fn name(&mut self, reads: Reads) -> Vec<Key> {
        let mut keys = reads.keys;
        for (kind, scope) in reads.unnamed {
            let kind = self.names.kind(&kind);
            keys.insert(self.names.key(kind, &scope));
        }
        keys.into_iter().collect()
    }

    /// What stands under a key.
    fn there(&self, key: Key) -> &[Place] {
        let line = || self.lines.get(key.2 as usize);
        match key.1 {
            scope::CITING => line().map_or(&[], |line| line.citing.of_kind(key.0)),
            scope::OF => line().map_or(&[], |line| line.of.of_kind(key.0)),
            _ => self.found.get(&key).map_or(&[], Places::as_slice),
        }
    }

    fn keys(&mut self, entry: &Entry<'_>) -> Vec<Key> {
        let mut keys = Vec::new();
        self.names.keys(entry, |key| keys.push(key));
        keys
    }
}

/// The list under a key, made where there is none yet.
fn places<'l>(
    lines: &'l mut Vec<Line>,
    found: &'l mut Index<Key, Places, BuildHasherDefault<Mixer>>,
    key: Key,
) -> &'l mut Places {
    if ![scope::CITING, scope::OF].contains(&key.1) {
        return found.entry(key).or_default();
    }
    let number = key.2 as usize;
    if lines.len() <= number {
        lines.resize(number + 1, Line::default());
    }
    let line = &mut lines[number];
    match key.1 {
        scope::CITING => &mut line.citing,
        _ => &mut line.of,
    }
}

impl Places {
    fn as_slice(&self) -> &[Place] {
        match self {
            Places::None => &[],
            Places::One(place) => std::slice::from_ref(place),
            Places::Several(places) => places,
        }
    }

    fn of_kind(&self, kind: u32) -> &[Place] {
        let all = self.as_slice();
        let first = all.partition_point(|place| place.kind < kind);
        let count = all[first..].partition_point(|place| place.kind == kind);
        &all[first..first + count]
    }

    /// Where an entry of a kind stands by an order of theirs, or where it would.
    fn search(&self, kind: u32, order: impl Fn(u32) -> Ordering) -> Result<usize, usize> {
        let by_kind = |other: &Place| other.kind.cmp(&kind).then_with(|| order(other.at));
        self.as_slice().binary_search_by(by_kind)
    }

    fn push(&mut self, place: Place) {
        self.insert(self.as_slice().len(), place);
    }

    fn insert(&mut self, before: usize, place: Place) {
        match self {
            Places::None => *self = Places::One(place),
            Places::One(other) => {
                let mut both = vec![*other];
                both.insert(before, place);
                *self = Places::Several(both);
            }
            Places::Several(places) => places.insert(before, place),
        }
    }

    fn take(&mut self, at: usize) -> Place {
        match self {
            Places::Several(places) => places.remove(at),
            _ => {
                let place = self.as_slice()[at];
                *self = Places::None;
                place
            }
        }
    }

    /// Puts kinds together, and leaves their entries in order.
    fn sort(&mut self) {
        if let Places::Several(places) = self {
            places.sort_by_key(|place| place.kind);
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

    /// The keys under which a fact is found, each once.
    fn keys(&mut self, entry: &Entry<'_>, mut each: impl FnMut(Key)) {
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

/// The order of facts of one statement that happened at one time.
fn order_of_facts(a: &Fact, b: &Fact) -> Ordering {
    a.kind
        .cmp(&b.kind)
        .then_with(|| a.subject.cmp(&b.subject))
        .then_with(|| (a.actor, a.to).cmp(&(b.actor, b.to)))
        .then_with(|| a.fields.cmp(&b.fields))
        .then_with(|| a.grade.cmp(&b.grade))
        .then_with(|| a.cites.cmp(&b.cites))
}
