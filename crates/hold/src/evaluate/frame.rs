//! One term for one debtor and one trigger, and what can be asked about it.

use std::cell::RefCell;

use ensign_trust::{Code, PartyId, StatementId};

use crate::calendar::Calendar;
use crate::evaluate::accord::{Adopted, Member, REVIEW};
use crate::evaluate::bench::Bench;
use crate::evaluate::interval::{LATEST, When};
use crate::evaluate::ledger::Entry;
use crate::evaluate::names::Scope;
use crate::evaluate::proof::{Arg, Proof, Step};
use crate::term::Duration;
use crate::term::ast::{Duty, KindRule, Length, Order, Quantity, Setting, Term, World};
use crate::term::name::Role;

/// Kinds that the evaluator knows whatever the text says.
pub(crate) mod kinds {
    use std::sync::LazyLock;

    use ensign_trust::Code;

    /// Somebody alleges that a duty was not kept.
    pub(crate) static ALLEGATION: LazyLock<Code> = LazyLock::new(|| Code::literal("allegation"));
    /// Enough witnesses have cosigned the log.
    pub(crate) static COSIGNED: LazyLock<Code> = LazyLock::new(|| Code::literal("log.cosigned"));
    /// The debtor contests it.
    pub(crate) static CONTEST: LazyLock<Code> = LazyLock::new(|| Code::literal("contest"));
    /// A signed human determination.
    pub(crate) static FINDING: LazyLock<Code> = LazyLock::new(|| Code::literal("finding"));
    /// Whom the log asks for cosignatures from here on.
    pub(crate) static QUORUM: LazyLock<Code> = LazyLock::new(|| Code::literal("log.quorum"));
    /// The addressee of an act has received it.
    pub(crate) static RECEIPT: LazyLock<Code> = LazyLock::new(|| Code::literal("receipt"));
    /// A body annuls or upholds a result.
    pub(crate) static RULING: LazyLock<Code> = LazyLock::new(|| Code::literal("ruling"));
    /// The creditor lets the debtor off.
    pub(crate) static WAIVER: LazyLock<Code> = LazyLock::new(|| Code::literal("waiver"));
}

/// Of two moments so far apart the later never has the earlier deadline, in seconds: months differ by
/// three days, and a limit moves over a weekend and its holidays.
const ORDERED: i64 = 40 * DAY;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What starts an obligation.
#[derive(Clone)]
pub(crate) struct Cause<'a> {
    /// The first statement of the trigger's line, or of the adoption.
    pub(crate) line: StatementId,
    /// Which of several triggers that one statement states.
    pub(crate) nth: u32,
    pub(crate) when: When,
    /// The fact, if it is one.
    pub(crate) fact: Option<&'a Entry<'a>>,
    /// The moment of the breach, if it is one.
    pub(crate) breach: Option<When>,
}

/// One term for one debtor and one trigger.
pub(crate) struct Frame<'a> {
    pub(crate) bench: Bench<'a>,
    pub(crate) adopted: &'a Adopted<'a>,
    pub(crate) term: &'a Term,
    pub(crate) debtor: &'a Member<'a>,
    pub(crate) creditors: Vec<PartyId>,
    pub(crate) cause: Cause<'a>,
    pub(crate) proof: RefCell<Proof>,
}

/// A fact as it is seen from an obligation.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) entry: &'a Entry<'a>,
    /// When it happened, as far as its author can be believed.
    pub(crate) when: When,
}

impl<'a> Adopted<'a> {
    /// What the absence of a kind proves.
    pub(crate) fn world(&self, kind: &Code) -> World {
        if let Some(rule) = self.rule(kind) {
            return rule.world;
        }
        let is_act = self.acts.contains(kind)
            || *kind == *kinds::WAIVER
            || (*kind == REVIEW && self.review.is_some());
        if is_act {
            World::Performative
        } else {
            World::Observed
        }
    }

    /// Whether the actor of a fact may state its kind.
    pub(crate) fn may_state(&self, kind: &Code, actor: PartyId) -> bool {
        let role = self.author(kind);
        role.is_none_or(|role| self.holds(actor, role))
    }

    /// The role whose holders alone may state a kind.
    fn author(&self, kind: &Code) -> Option<&'a Role> {
        self.rule(kind).and_then(|it| it.by.as_ref())
    }

    /// What the text says of a kind.
    pub(crate) fn rule(&self, kind: &Code) -> Option<&'a KindRule> {
        self.rules.get(kind).copied()
    }
}

impl<'a> Frame<'a> {
    /// The same obligation, with nothing written about it yet.
    pub(crate) fn again(&self) -> Frame<'a> {
        Frame {
            creditors: self.creditors.clone(),
            cause: self.cause.clone(),
            proof: RefCell::default(),
            ..*self
        }
    }

    /// The facts of a kind that are of concern here: that cite the trigger, are cited by it, or are
    /// about its subject. Without a trigger: what the debtor did, what was addressed to it, what is
    /// about it, what cites its adoption.
    pub(crate) fn belonging(&self, kind: &Code) -> Vec<Seen<'a>> {
        let find = |scope: Scope<'_>| self.bench.find(kind, scope);
        let mut found: Vec<_> = find(Scope::Citing(self.cause.line)).collect();
        match self.cause.fact {
            Some(trigger) => {
                if trigger.fact.kind == *kind {
                    found.push(trigger);
                }
                for cited in &trigger.cites {
                    found.extend(find(Scope::Of(*cited)));
                }
                if let Some(subject) = &trigger.fact.subject {
                    found.extend(find(Scope::About(subject.as_str().into())));
                }
            }
            None => {
                let debtor = self.debtor.party;
                found.extend(find(Scope::By(debtor)));
                found.extend(find(Scope::To(debtor)));
                found.extend(find(Scope::About(self.debtor.name.as_str().into())));
            }
        }
        self.seen(kind, found)
    }

    /// The facts of a kind that cite the trigger.
    pub(crate) fn citing(&self, kind: &Code) -> Vec<Seen<'a>> {
        let found = self.bench.find(kind, Scope::Citing(self.cause.line));
        self.seen(kind, found.collect())
    }

    /// Facts of a kind that count: their actor may state them. Each once, in order.
    pub(crate) fn seen(&self, kind: &Code, mut found: Vec<&'a Entry<'a>>) -> Vec<Seen<'a>> {
        if found.is_empty() {
            return Vec::new();
        }
        found.sort_by(|a, b| a.order(b));
        found.dedup_by(|a, b| a.order(b).is_eq());
        // What the text says of the kind is looked up once: of an indicator there are many facts.
        let world = self.adopted.world(kind);
        if let Some(role) = self.adopted.author(kind) {
            found.retain(|entry| {
                let may_state = self.adopted.holds(entry.fact.actor, role);
                may_state && (world == World::Performative || !self.is_own_judge(entry, role))
            });
        }
        self.bench.may_look_at(found.len());
        let as_seen = |entry| Seen {
            entry,
            when: self.time_in(world, entry),
        };
        found.into_iter().map(as_seen).collect()
    }

    /// When a fact happened. What somebody claims to have done was done between the claim and its
    /// receipt by the node, or by the addressee: nobody back-dates a notice.
    pub(crate) fn time_of(&self, kind: &Code, entry: &Entry<'_>) -> When {
        self.time_in(self.adopted.world(kind), entry)
    }

    /// When a fact is planned to happen: what is claimed for later is what a plan says.
    pub(crate) fn planned(&self, kind: &Code, entry: &Entry<'_>) -> When {
        if entry.when.lo > entry.received {
            entry.when
        } else {
            self.time_of(kind, entry)
        }
    }

    fn time_in(&self, world: World, entry: &Entry<'_>) -> When {
        let claimed = match world {
            World::Observed => entry.when,
            // Nobody lodges today what is done tomorrow.
            World::Performative => entry.when.min(When::at(entry.received)),
        };
        if entry.fact.actor == self.debtor.party && self.is_trigger(entry) {
            // It had happened when the debtor said so: doubt about the future puts nothing off.
            let hi = claimed.hi.min(entry.received.max(claimed.lo));
            return When { hi, ..claimed };
        }
        if world == World::Observed {
            return claimed;
        }
        let mut hi = entry.received;
        for receipt in self.bench.find(&kinds::RECEIPT, Scope::Citing(entry.line)) {
            let is_of_it = receipt.fact.cites.contains(&entry.id);
            if is_of_it && self.may_receive(receipt, entry, claimed) {
                hi = hi.min(receipt.when.hi);
                self.uses(receipt);
            }
        }
        When { lo: claimed.lo, hi }
    }

    /// Whether a receipt shows when something was done: it speaks against its signer, who was bound
    /// by then. The debtor's shows when it heard of the trigger, a creditor's what it was given.
    fn may_receive(&self, receipt: &Entry<'_>, entry: &Entry<'_>, claimed: When) -> bool {
        let signer = receipt.fact.actor;
        let speaks_against_itself = match entry.fact.actor == self.debtor.party {
            true => self.creditors.contains(&signer),
            false => self.is_trigger(entry) && signer == self.debtor.party,
        };
        let was_bound = |it: &Member<'_>| it.binds[0] <= claimed.lo;
        speaks_against_itself
            && entry.fact.to.is_none_or(|to| to == signer)
            && self.adopted.member(signer).is_some_and(was_bound)
            && receipt.when.hi >= claimed.lo
    }

    fn is_trigger(&self, entry: &Entry<'_>) -> bool {
        let trigger = self.cause.fact;
        trigger.is_some_and(|it| it.order(entry).is_eq())
    }

    /// Whether adoption alone starts it.
    pub(crate) fn is_of_adoption(&self) -> bool {
        self.cause.fact.is_none() && self.cause.breach.is_none()
    }

    /// The second at which what is open ends with its ground: with the text, and what adoption alone
    /// keeps running with the adoption.
    pub(crate) fn lapses(&self) -> Option<i64> {
        let runs = matches!(self.term.duty, Duty::Maintain { .. } | Duty::Never { .. });
        let runs_on = runs && self.is_of_adoption();
        match (self.term.survives, runs_on) {
            (true, _) => None,
            (false, true) => self.debtor.leaves,
            (false, false) => self.debtor.lapses,
        }
    }

    /// Whether a statement counts that changes a status: its author holds a role of the text.
    pub(crate) fn is_party(&self, entry: &Entry<'_>) -> bool {
        self.adopted.member(entry.fact.actor).is_some()
    }

    /// Whether a fact is by a holder of a role who may find what was the case: nobody judges itself.
    pub(crate) fn may_find(&self, entry: &Entry<'_>, role: &Role) -> bool {
        self.holds(entry, role) && entry.fact.actor != self.debtor.party
    }

    /// Whether the debtor speaks in a role that is not the one in which it owes: nobody watches,
    /// measures or suspends for itself what the text leaves to others.
    fn is_own_judge(&self, entry: &Entry<'_>, role: &Role) -> bool {
        *role != self.term.debtor
            && entry.fact.actor == self.debtor.party
            && !self.is_trigger(entry)
    }

    /// Whether a fact by a party may stop the clock.
    pub(crate) fn may_suspend(&self, entry: &Entry<'_>) -> bool {
        let role = self.adopted.author(&entry.fact.kind);
        self.is_party(entry) && !role.is_some_and(|role| self.is_own_judge(entry, role))
    }

    /// Whether the actor of a fact holds a role.
    pub(crate) fn holds(&self, entry: &Entry<'_>, role: &Role) -> bool {
        self.adopted.holds(entry.fact.actor, role)
    }

    /// A number as the debtor set it.
    pub(crate) fn number(&self, quantity: &Quantity) -> i64 {
        self.debtor.number(&self.adopted.text.instrument, quantity)
    }

    /// A length as the debtor set it.
    pub(crate) fn length(&self, length: &Length) -> Duration {
        match length {
            Length::Fixed(duration) => *duration,
            Length::Param(name) => match self.debtor.setting(&self.adopted.text.instrument, name) {
                Some(Setting::Duration(duration)) => duration,
                _ => Duration::default(),
            },
        }
    }

    /// The term's grace, none if it has none.
    pub(crate) fn grace(&self) -> Duration {
        let grace = self.term.grace.as_ref().map(|grace| self.length(grace));
        grace.unwrap_or_default()
    }

    fn calendar(&self) -> Option<&'a Calendar> {
        let name = self.term.calendar.as_ref()?;
        self.adopted.text.calendars.get(name)
    }

    /// Whether lengths are plain seconds here.
    pub(crate) fn is_plain(&self, length: Duration) -> bool {
        self.term.calendar.is_none() && !length.needs_calendar()
    }

    /// When a period that starts at a vague moment ends. Nothing where the calendar does not know.
    pub(crate) fn deadline(&self, start: When, length: Duration) -> Option<When> {
        match (self.calendar(), length.exact()) {
            (Some(calendar), _) if start.hi == LATEST => {
                let near = start.lo.saturating_add(ORDERED);
                let [lo, _] = calendar.deadlines([start.lo, near], length)?;
                Some(When { lo, hi: LATEST })
            }
            (Some(calendar), _) => {
                let [lo, hi] = calendar.deadlines([start.lo, start.hi], length)?;
                Some(When { lo, hi })
            }
            (None, Some(seconds)) => Some(start.plus(seconds as i64)),
            (None, None) => None,
        }
    }

    /// The same time of day so much later, or earlier.
    pub(crate) fn away(&self, from: i64, length: Duration, later: bool) -> Option<i64> {
        match (length.exact(), self.calendar()) {
            (Some(seconds), _) if later => Some(from.saturating_add(seconds as i64)),
            (Some(seconds), _) => Some(from.saturating_sub(seconds as i64)),
            (None, Some(calendar)) if later => calendar.after(from, length),
            (None, Some(calendar)) => calendar.before(from, length),
            (None, None) => None,
        }
    }

    /// The moments among which a length from a vague one is at its shortest and at its longest. Nothing
    /// where the calendar does not know.
    fn extremes(&self, from: When, length: Duration) -> Option<Vec<i64>> {
        match self.calendar() {
            Some(calendar) if length.exact().is_none() => {
                // Of one that may yet be any, the latest end is not looked for.
                let near = from.lo.saturating_add(ORDERED);
                let hi = if from.hi == LATEST { near } else { from.hi };
                calendar.extremes([from.lo, hi])
            }
            _ => Some(vec![from.lo, from.hi]),
        }
    }

    /// The same time of day so much later, or earlier, than a vague moment.
    pub(crate) fn away_from(&self, from: When, length: Duration, later: bool) -> Option<When> {
        let moments = self.extremes(from, length)?.into_iter();
        let ends = moments.map(|moment| Some(When::at(self.away(moment, length, later)?)));
        let ends: Option<Vec<When>> = ends.collect();
        let end = ends?.into_iter().reduce(When::hull)?;
        let hi = if from.hi == LATEST { LATEST } else { end.hi };
        Some(When { lo: end.lo, hi })
    }

    /// How many seconds a length is from a vague moment on: the least and the most. Of one so vague that
    /// not each of its days is looked at, every month may have 28 or 31 days, and the clock change.
    pub(crate) fn seconds_from(&self, from: When, length: Duration) -> Option<[i64; 2]> {
        if length.exact().is_none() && from.hi - from.lo > ORDERED {
            // Where the calendar does not reach so far, nothing is known.
            self.away(from.hi, length, true)?;
            let day = |days: u32| i64::from(days) * DAY;
            let rest = length.seconds as i64 + day(length.days);
            let [least, most] = [28, 31].map(|days| rest + day(length.months) * days);
            return Some([least - DAY, most + DAY]);
        }
        let moments = self.extremes(from, length)?.into_iter();
        let lengths = moments.map(|moment| Some(self.away(moment, length, true)? - moment));
        let lengths: Option<Vec<i64>> = lengths.collect();
        let lengths = lengths?;
        Some([*lengths.iter().min()?, *lengths.iter().max()?])
    }

    /// Writes a step of the proof.
    pub(crate) fn note<const N: usize>(&self, code: &'static str, with: [(&'static str, Arg); N]) {
        if self.bench.proves {
            self.proof.borrow_mut().steps.push(Step::new(code, with));
        }
    }

    /// Writes what is missing.
    pub(crate) fn miss<const N: usize>(&self, code: &'static str, with: [(&'static str, Arg); N]) {
        if self.bench.proves {
            let step = Step::new(code, with);
            let mut proof = self.proof.borrow_mut();
            if !proof.missing.contains(&step) {
                proof.missing.push(step);
            }
        }
    }

    /// Says that there was too much work to know more.
    pub(crate) fn exceed(&self) {
        self.bench.exceed();
    }

    /// Writes that something was not judged to its end.
    pub(crate) fn is_cut(&self, is_cut: bool) {
        if is_cut {
            self.miss("work.exceeded", []);
        }
    }

    /// Writes that what another obligation rests on was used.
    pub(crate) fn rests_on(&self, other: &Frame<'_>) {
        if self.bench.proves {
            let uses = &mut self.proof.borrow_mut().uses;
            uses.extend(other.proof.borrow().uses.iter());
            uses.insert(other.cause.line);
            uses.extend(other.cause.fact.map(|it| it.id));
        }
    }

    /// Writes that a fact was used.
    pub(crate) fn uses(&self, entry: &Entry<'_>) {
        if self.bench.proves {
            self.proof.borrow_mut().uses.insert(entry.id);
        }
    }

    /// Takes over what was written about a part.
    pub(crate) fn take(&self, part: Frame<'_>) {
        if self.bench.proves {
            let (mut own, part) = (self.proof.borrow_mut(), part.proof.into_inner());
            own.path.extend(part.path);
            own.steps.extend(part.steps);
            for step in part.missing {
                if !own.missing.contains(&step) {
                    own.missing.push(step);
                }
            }
            own.uses.extend(part.uses);
        }
    }

    /// Writes what in the term decided.
    pub(crate) fn path(&self, part: impl FnOnce() -> String) {
        if self.bench.proves {
            self.proof.borrow_mut().path.push(part());
        }
    }
}

/// Compares two numbers.
pub(crate) fn compare(order: Order, a: i128, b: i128) -> bool {
    match order {
        Order::AtLeast => a >= b,
        Order::AtMost => a <= b,
        Order::Equal => a == b,
        Order::Less => a < b,
        Order::More => a > b,
        Order::NotEqual => a != b,
    }
}
