//! The facts that are visible, found by what they are about.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use ensign_trust::fact::{Standing, TakenBack};
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};

use crate::evaluate::interval::When;
use crate::evaluate::names::{Key, Looks, Names, Reads, Scope, scope};
use crate::evaluate::witnessing::{Witnessing, is_of_log};

/// A map that is looked into by key and never gone through, so that no result hangs on its order.
#[expect(
    clippy::disallowed_types,
    reason = "millions of keys are looked up, in no order"
)]
pub(crate) type Index<K, V, S = std::hash::RandomState> = std::collections::HashMap<K, V, S>;

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

/// Mixes the numbers of a key. They are given out in turn: nobody can choose them to collide.
#[derive(Debug, Default)]
struct Mixer(u64);

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
        ledger.names.reserve(placed.len());
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
        let kinds = self.names.kinds();
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
        let key = self.names.look(kind, scope, looks);
        let there = key.map_or(&[][..], |key| self.there(key));
        there.iter().map(|place| self.entry(place.at))
    }

    /// The keys of what was looked for, each once.
    pub(crate) fn name(&mut self, reads: Reads) -> Vec<Key> {
        self.names.name(reads)
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
