//! All obligations as facts come in and time goes on: the same as from scratch, with less work.
//!
//! Each place from which obligations arise (a term with a trigger or an adoption) is judged again
//! when a fact is added or taken back that it looked for, or when the second comes that its own
//! judgement named. Nothing else can change it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ensign_trust::fact::{Standing as Taken, TakenBack};
use ensign_trust::{Fact, ObligationId, PartyId, StatementId};

use crate::evaluate::AsOf;
use crate::evaluate::accord::{Accord, Bound};
use crate::evaluate::bench::{Bench, Course};
use crate::evaluate::interval::When;
use crate::evaluate::ledger::{Entry, Held, Ledger, statement_of, taken_back};
use crate::evaluate::names::{Key, Looks, Reads};
use crate::evaluate::obligation::{self, Obligation, ObligationKey, Unassigned};
use crate::evaluate::standing::{Ruling, Standing};
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::timer::Timer;
use crate::evaluate::truth::Truth;
use crate::evaluate::witnessing::is_of_log;
use crate::term::ast::Trigger;

/// An obligation as it stands in a list: without its proof and its running sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What names it.
    pub key: ObligationKey,
    /// The id that stands for the key.
    pub id: ObligationId,
    /// To whom it is owed, by id.
    pub creditors: Vec<PartyId>,
    /// When its trigger happened.
    pub triggered: When,
    /// The status.
    pub status: Status,
    /// The statuses that hold in some world.
    pub possible: Possible,
    /// What people hold of it.
    pub standing: Standing,
    /// What a body made of the result.
    pub ruling: Option<Ruling>,
    /// Whether its clock stands.
    pub stopped: Truth,
    /// The last second in time, where it has a deadline.
    pub due: Option<When>,
}

impl From<&Obligation> for Summary {
    fn from(obligation: &Obligation) -> Self {
        Summary {
            key: obligation.key.clone(),
            id: obligation.key.id(),
            creditors: obligation.creditors.clone(),
            triggered: obligation.triggered,
            status: obligation.status,
            possible: obligation.possible,
            standing: obligation.standing.clone(),
            ruling: obligation.ruling,
            stopped: obligation.stopped,
            due: obligation.bounds.map(|bounds| bounds.due),
        }
    }
}

/// All obligations of an accord, kept up to date.
#[derive(Debug)]
pub struct Docket {
    accord: Arc<Accord>,
    as_of: AsOf,
    log: Log,
    ledger: Ledger<'static>,
    places: Vec<Place>,
    /// The places whose obligations bear a trigger's name, by number.
    named: BTreeSet<(StatementId, u32)>,
    /// Which places looked under which keys.
    readers: BTreeSet<(Key, u32)>,
    due: BTreeSet<u32>,
    timer: Timer,
}

/// Everything that was logged, and what stands of it.
#[derive(Debug, Default)]
struct Log {
    facts: BTreeMap<StatementId, Vec<Arc<Fact>>>,
    known: BTreeMap<StatementId, (u64, PartyId)>,
    takings: Vec<TakenBack>,
    standing: Taken,
}

/// Where obligations arise.
#[derive(Debug)]
struct Place {
    text: usize,
    term: usize,
    source: Source,
    reads: Vec<Key>,
    summaries: Vec<Summary>,
    unassigned: Option<Unassigned>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Adoption(usize),
    Fact(u32),
    /// The fact was taken back.
    Nothing,
}

impl Docket {
    /// An empty log at a moment.
    pub fn new(accord: Arc<Accord>, t: i64) -> Self {
        Docket {
            accord,
            as_of: AsOf { t, index: 0 },
            log: Log::default(),
            ledger: Ledger::default(),
            places: Vec::new(),
            named: BTreeSet::new(),
            readers: BTreeSet::new(),
            due: BTreeSet::new(),
            timer: Timer::new(t),
        }
    }

    /// As of when it stands.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// Takes note of what binds by now. Nothing at the indices that it has seen may have changed.
    pub fn bind(&mut self, accord: &Arc<Accord>) {
        if !Arc::ptr_eq(&self.accord, accord) {
            self.accord = Arc::clone(accord);
        }
    }

    /// Takes in the facts of the next statements, in the order of the log.
    pub fn append(&mut self, facts: &[Fact]) {
        let accord = Arc::clone(&self.accord);
        let mut bound = Bound::at(&accord, self.as_of.index);
        for of_statement in facts.chunk_by(|a, b| a.position == b.position) {
            if self.reaches(of_statement[0].position.saturating_add(1)) {
                bound = Bound::at(&accord, self.as_of.index);
            }
            for fact in of_statement {
                self.take_in(&bound, fact);
            }
        }
    }

    /// Takes note that the log has this size, though its last statements state no facts.
    pub fn grow(&mut self, index: u64) {
        self.reaches(index);
    }

    /// Moves on to a larger size; whether other texts and adoptions bind at it.
    fn reaches(&mut self, index: u64) -> bool {
        let before = self.as_of.index;
        if index <= before {
            return false;
        }
        self.as_of.index = index;
        let new = |position: u64| (before..index).contains(&position);
        let accord = &self.accord;
        let texts = accord.texts.iter().map(|it| it.position);
        let adoptions = accord.adoptions.iter().map(|it| it.position);
        let objections = accord.objections.iter().map(|it| it.position);
        let binds_anew = texts.chain(adoptions).chain(objections).any(new);
        if binds_anew {
            self.open();
        }
        binds_anew
    }

    /// Moves on to a later moment.
    pub fn advance(&mut self, t: i64) {
        self.as_of.t = self.as_of.t.max(t);
        while let Some((_, place)) = self.timer.due(self.as_of.t) {
            self.due.insert(place);
        }
    }

    /// What each obligation has come to, in the order of their keys.
    pub fn summaries(&mut self) -> Vec<Summary> {
        self.settle();
        let each = self.places.iter().flat_map(|place| &place.summaries);
        let mut all: Vec<&Summary> = each.collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all.into_iter().cloned().collect()
    }

    /// Triggers that bind nobody, in order.
    pub fn unassigned(&mut self) -> Vec<Unassigned> {
        self.settle();
        let each = self.places.iter().filter_map(|it| it.unassigned.clone());
        let mut all: Vec<Unassigned> = each.collect();
        all.sort();
        all.dedup();
        all
    }

    /// Each obligation with its sums and its proof, in the order of their keys.
    pub fn obligations(&self) -> Vec<Obligation> {
        let bound = Bound::at(&self.accord, self.as_of.index);
        let each =
            (0..self.places.len()).flat_map(|place| self.judge(&bound, place, true).obligations);
        obligation::in_order(each.collect())
    }

    /// One obligation with its sums and its proof.
    pub fn obligation(&mut self, key: &ObligationKey) -> Option<Obligation> {
        self.settle();
        let named = self.named.range((key.trigger, 0)..=(key.trigger, u32::MAX));
        let has = |place: &Place| place.summaries.iter().any(|it| it.key == *key);
        let mut places = named.map(|(_, place)| *place as usize);
        let place = places.find(|place| has(&self.places[*place]))?;
        let bound = Bound::at(&self.accord, self.as_of.index);
        let mut judged = self.judge(&bound, place, true).obligations.into_iter();
        judged.find(|it| it.key == *key)
    }

    /// Judges again what may have changed. Asking does so as well; a caller that asks seldom can
    /// settle in between.
    pub fn settle(&mut self) {
        if self.due.is_empty() {
            return;
        }
        let accord = Arc::clone(&self.accord);
        let bound = Bound::at(&accord, self.as_of.index);
        for place in std::mem::take(&mut self.due) {
            let judged = self.judge(&bound, place as usize, false);
            let state = &mut self.places[place as usize];
            state.summaries = judged.obligations.iter().map(Summary::from).collect();
            state.unassigned = judged.unassigned;
            let reads = self.ledger.name(judged.reads);
            for key in std::mem::replace(&mut state.reads, reads) {
                self.readers.remove(&(key, place));
            }
            let reads = state.reads.iter();
            self.readers.extend(reads.map(|key| (*key, place)));
            if let Some(next) = judged.next {
                self.timer.push(next, place);
            }
        }
    }

    /// Starts anew with what binds now.
    fn open(&mut self) {
        self.places.clear();
        self.named.clear();
        self.readers.clear();
        self.due.clear();
        self.timer = Timer::new(self.as_of.t);
        let accord = Arc::clone(&self.accord);
        let bound = Bound::at(&accord, self.as_of.index);
        for (text, adopted) in bound.texts.iter().enumerate() {
            for (term, it) in adopted.terms().enumerate() {
                if matches!(adopted.trigger(it), Trigger::Adoption) {
                    for (member, it) in adopted.parties.iter().enumerate() {
                        self.add(text, term, Source::Adoption(member), it.first);
                    }
                }
            }
        }
        for entry in self.ledger.numbers() {
            self.start(&bound, entry);
        }
    }

    fn add(&mut self, text: usize, term: usize, source: Source, line: StatementId) {
        let number = self.places.len() as u32;
        self.named.insert((line, number));
        self.places.push(Place {
            text,
            term,
            source,
            reads: Vec::new(),
            summaries: Vec::new(),
            unassigned: None,
        });
        self.due.insert(number);
    }

    /// Adds the places that a fact starts.
    fn start(&mut self, bound: &Bound<'_>, entry: u32) {
        let (kind, line) = {
            let entry = self.ledger.entry(entry);
            (entry.fact.kind.clone(), entry.line)
        };
        for (text, adopted) in bound.texts.iter().enumerate() {
            for (term, it) in adopted.terms().enumerate() {
                if let Trigger::Fact(of, _) = adopted.trigger(it)
                    && *of.as_code() == kind
                {
                    self.add(text, term, Source::Fact(entry), line);
                }
            }
        }
    }

    fn take_in(&mut self, bound: &Bound<'_>, fact: &Fact) {
        let Some(id) = statement_of(fact) else {
            return;
        };
        if !is_of_log(fact) {
            let known = self.log.known.entry(id);
            known.or_insert((fact.position, fact.actor));
        }
        let fact = Arc::new(fact.clone());
        let of_statement = self.log.facts.entry(id).or_default();
        of_statement.push(Arc::clone(&fact));
        match taken_back(&fact) {
            Some(taking) => {
                self.log.takings.push(taking);
                self.judge_takings(bound);
            }
            None if self.log.standing.stands(id) => self.insert(bound, fact),
            None => {}
        }
    }

    /// Decides again what stands, and moves facts in and out.
    fn judge_takings(&mut self, bound: &Bound<'_>) {
        let log = &mut self.log;
        let standing = Taken::of(&log.takings, |id| log.known.get(&id).copied());
        let before = std::mem::replace(&mut log.standing, standing);
        let changed = |id: &&StatementId| before.stands(**id) != log.standing.stands(**id);
        let all = before.fallen().union(log.standing.fallen());
        let mut changed: Vec<StatementId> = all.filter(changed).copied().collect();
        changed.extend(log.takings.last().map(|taking| taking.by));
        changed.sort();
        changed.dedup();
        for id in changed {
            for fact in self.log.facts.get(&id).cloned().unwrap_or_default() {
                if self.log.standing.stands(id) {
                    self.insert(bound, fact);
                } else {
                    self.remove(fact);
                }
            }
        }
    }

    fn insert(&mut self, bound: &Bound<'_>, fact: Arc<Fact>) {
        let Some(entry) = Entry::read(Held::Kept(fact), &self.log.standing) else {
            return;
        };
        if let Some((number, keys)) = self.ledger.insert(entry) {
            self.wake(&keys);
            self.start(bound, number);
        }
    }

    fn remove(&mut self, fact: Arc<Fact>) {
        let Some(entry) = Entry::read(Held::Kept(fact), &self.log.standing) else {
            return;
        };
        if let Some((number, keys)) = self.ledger.remove(&entry) {
            self.wake(&keys);
            for (place, state) in self.places.iter_mut().enumerate() {
                if state.source == Source::Fact(number) {
                    state.source = Source::Nothing;
                    self.due.insert(place as u32);
                }
            }
        }
    }

    /// Marks those who looked under some keys.
    fn wake(&mut self, keys: &[Key]) {
        for key in keys {
            let readers = self.readers.range((*key, 0)..=(*key, u32::MAX));
            self.due.extend(readers.map(|(_, place)| *place));
        }
    }

    fn judge(&self, bound: &Bound<'_>, place: usize, proves: bool) -> Judged {
        let place = &self.places[place];
        let course = Course::new(Looks::noted());
        let bench = Bench::at(&self.ledger, self.as_of.t, &course, proves);
        let adopted = &bound.texts[place.text];
        let mut unassigned = Vec::new();
        let instances = match (adopted.terms().nth(place.term), place.source) {
            (Some(term), Source::Adoption(member)) => {
                obligation::by_adoption(bench, adopted, term, &adopted.parties[member])
                    .into_iter()
                    .collect()
            }
            (Some(term), Source::Fact(entry)) => {
                let entry = self.ledger.entry(entry);
                obligation::by_trigger(bench, adopted, term, entry, &mut unassigned)
            }
            _ => Vec::new(),
        };
        let obligations = instances.iter().flat_map(|it| it.judge(bench)).collect();
        let (next, reads) = course.end();
        Judged {
            obligations,
            unassigned: unassigned.pop(),
            reads,
            next,
        }
    }
}

struct Judged {
    obligations: Vec<Obligation>,
    unassigned: Option<Unassigned>,
    reads: Reads,
    next: Option<i64>,
}
