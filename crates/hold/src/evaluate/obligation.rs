//! Obligations: which there are, and what each has come to.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use ensign_trust::{PartyId, StatementId};

use crate::evaluate::accord::{Adopted, Member};
use crate::evaluate::bench::{Bench, WORK_OF_A_BREACH};
use crate::evaluate::condition;
use crate::evaluate::deadline::{Bounds, Judged};
use crate::evaluate::duty;
use crate::evaluate::frame::{Cause, Frame};
use crate::evaluate::interval::When;
use crate::evaluate::ledger::{Entry, Ledger};
use crate::evaluate::matrix;
use crate::evaluate::names::{Looks, Scope};
use crate::evaluate::perform;
use crate::evaluate::proof::Proof;
use crate::evaluate::remedy;
use crate::evaluate::standing::{self, Ruling, Standing};
use crate::evaluate::status::{Possible, Status};
use crate::evaluate::truth::Truth;
use crate::term::ast::{Act, Duty, Length, MAX_CHAIN, Term, Trigger};
use crate::term::canonical::InstrumentDigest;
use crate::term::name::{Role, TermName};

/// What names an obligation: it stays the same when its trigger is corrected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObligationKey {
    /// The digest of the text.
    pub text: InstrumentDigest,
    /// The term.
    pub term: TermName,
    /// Who owes.
    pub debtor: PartyId,
    /// The first statement of the trigger's line, or of the adoption.
    pub trigger: StatementId,
    /// Which of several triggers of that statement.
    pub nth: u32,
    /// The breaches that led to it, the first one first.
    pub after: Vec<Broken>,
    /// Which period, where it recurs.
    pub period: Option<u32>,
    /// Which of several duties that take the place of one.
    pub part: u32,
}

/// What was breached on the way to an obligation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// The term.
    pub term: TermName,
    /// Which period of it, where it recurs.
    pub period: Option<u32>,
    /// Who owed it.
    pub debtor: PartyId,
}

/// What an obligation has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// What names it.
    pub key: ObligationKey,
    /// To whom it is owed.
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
    /// Whether its clock, or that of its remedy, stands.
    pub stopped: Truth,
    /// The sums of its deadline.
    pub bounds: Option<Bounds>,
    /// What the result rests on.
    pub proof: Proof,
}

/// A trigger of a term that binds nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unassigned {
    /// The digest of the text.
    pub text: InstrumentDigest,
    /// The term.
    pub term: TermName,
    /// The first statement of the trigger's line.
    pub trigger: StatementId,
}

/// A trigger with the debtor whom it binds: all that is computed from one place.
pub(crate) struct Instance<'a> {
    pub(crate) adopted: &'a Adopted<'a>,
    pub(crate) term: &'a Term,
    pub(crate) debtor: &'a Member<'a>,
    pub(crate) cause: Cause<'a>,
}

impl<'a> Instance<'a> {
    fn frame(&self, bench: Bench<'a>) -> Frame<'a> {
        Frame {
            bench,
            adopted: self.adopted,
            term: self.term,
            debtor: self.debtor,
            creditors: Vec::new(),
            cause: self.cause.clone(),
            proof: RefCell::default(),
        }
    }

    /// The obligation, in its parts, with those that its breach starts.
    pub(crate) fn judge(&self, bench: Bench<'a>) -> Vec<Obligation> {
        let mut found = Vec::new();
        bench.begin();
        self.judge_after(bench, &[], &mut found);
        found
    }

    fn judge_after(&self, bench: Bench<'a>, after: &[Broken], found: &mut Vec<Obligation>) {
        let is_declared = matches!(self.term.duty, Duty::Declare(_));
        let work = if after.is_empty() {
            1
        } else {
            WORK_OF_A_BREACH
        };
        if bench.depth > MAX_CHAIN || is_declared || !bench.may_do(work) {
            return;
        }
        let frame = self.frame(bench);
        for (period, judged, frame) in self.outcomes(frame) {
            let breach = judged.breach;
            for (part, judged) in (0..).zip(judged.parts) {
                let key = self.key(after, period, part);
                found.push(self.seal(&frame, judged, key));
            }
            let Some(breach) = breach else {
                continue;
            };
            let deeper = bench.deeper();
            let mut after = after.to_vec();
            after.push(Broken {
                term: self.term.name.clone(),
                period,
                debtor: self.debtor.party,
            });
            for name in BTreeSet::from_iter(&self.term.on_breach) {
                for next in self.started(name, breach) {
                    next.judge_after(deeper, &after, found);
                }
            }
        }
    }

    /// What it comes to, period by period where it recurs.
    fn outcomes(&self, mut frame: Frame<'a>) -> Vec<(Option<u32>, Outcome, Frame<'a>)> {
        let begin = frame.cause.when.lo;
        let mut owed = matrix::settle(&mut frame, begin);
        let begun = owed.or_else(|| matrix::own(&frame));
        if let Some((act, per)) = begun.and_then(|owed| owed.recurring(self.term)) {
            return self.turns(&frame, act, per);
        }
        if frame.is_of_adoption() {
            frame.bench.may_change(matrix::changes(&frame));
            let now = frame.bench.t;
            // What did not recur when it began does not begin to.
            owed = matrix::settle(&mut frame, now)
                .and_then(|owed| owed.recurring(self.term).map_or(Some(owed), |_| begun));
        }
        let Some(owed) = owed else {
            return Vec::new();
        };
        let (parts, is_cut) = frame.bench.watch(|| duty::judge(&frame, owed));
        frame.is_cut(is_cut);
        vec![(None, Outcome::of(parts), frame)]
    }

    fn turns(
        &self,
        frame: &Frame<'a>,
        act: &Act,
        per: &Length,
    ) -> Vec<(Option<u32>, Outcome, Frame<'a>)> {
        if duty::binds(frame) == Truth::False {
            return Vec::new();
        }
        let turns = perform::turns(frame, act, per);
        let until = self.debtor.leaves.filter(|_| !self.term.survives);
        let judge = |turn: perform::Turn<'a>| {
            let (judged, is_cut) = frame.bench.watch(|| duty::judge_turn(act, &turn));
            turn.frame.is_cut(is_cut);
            let judged = judged?;
            Some((Some(turn.number), Outcome::of(vec![judged]), turn.frame))
        };
        let is_bound =
            |turn: &perform::Turn<'_>| until.is_none_or(|end| turn.period.start.lo < end);
        turns
            .into_iter()
            .filter(is_bound)
            .filter_map(judge)
            .collect()
    }

    fn key(&self, after: &[Broken], period: Option<u32>, part: u32) -> ObligationKey {
        ObligationKey {
            text: self.adopted.text.digest,
            term: self.term.name.clone(),
            debtor: self.debtor.party,
            trigger: self.cause.line,
            nth: self.cause.nth,
            after: after.to_vec(),
            period,
            part,
        }
    }

    fn seal(&self, frame: &Frame<'a>, judged: Judged, key: ObligationKey) -> Obligation {
        let standing = standing::of(frame);
        let ruling = standing::ruling(frame);
        let status = judged.possible.status();
        frame.note("status.computed", [("possible", judged.possible.into())]);
        let mut proof = frame.proof.borrow().clone();
        if frame.bench.proves {
            proof.path.insert(0, self.term.name.to_string());
            proof.uses.insert(self.cause.line);
            proof.uses.extend(self.cause.fact.map(|it| it.id));
        }
        Obligation {
            key,
            creditors: frame.creditors.clone(),
            triggered: frame.cause.when,
            status,
            possible: judged.possible,
            standing,
            ruling,
            stopped: remedy::stands(frame, &judged),
            bounds: judged.bounds,
            proof,
        }
    }

    /// The instances of a term that a breach of this one starts.
    fn started(&self, name: &TermName, breach: When) -> Vec<Instance<'a>> {
        let Some(term) = self.adopted.term(name) else {
            return Vec::new();
        };
        let debtors: Vec<&'a Member<'a>> = match self.adopted.holds(self.debtor.party, &term.debtor)
        {
            true => vec![self.debtor],
            false => self.adopted.holders(&term.debtor).collect(),
        };
        let cause = Cause {
            when: breach,
            breach: Some(breach),
            ..self.cause.clone()
        };
        let with = |debtor| Instance {
            adopted: self.adopted,
            term,
            debtor,
            cause: cause.clone(),
        };
        debtors.into_iter().map(with).collect()
    }
}

/// The parts of what an obligation came to.
struct Outcome {
    parts: Vec<Judged>,
    /// The first second of a breach that is sure.
    breach: Option<When>,
}

impl Outcome {
    fn of(parts: Vec<Judged>) -> Self {
        // Several duties in one are breached with the first of them.
        let broken = parts
            .iter()
            .filter(|part| part.possible.all(Status::is_breach));
        Outcome {
            breach: broken.filter_map(|part| part.breach).reduce(When::min),
            parts,
        }
    }
}

/// Sorts obligations by their keys, without moving each many times.
pub(crate) fn in_order(mut obligations: Vec<Obligation>) -> Vec<Obligation> {
    let of_a_term =
        obligations.chunk_by(|a, b| a.key.term == b.key.term && a.key.text == b.key.text);
    let mut terms: Vec<_> = of_a_term
        .map(|of_it| (of_it[0].key.text, of_it[0].key.term.clone()))
        .collect();
    terms.sort_unstable();
    terms.dedup();
    obligations.sort_by_cached_key(|it| {
        let key = &it.key;
        let term = terms.partition_point(|(text, term)| (text, term) < (&key.text, &key.term));
        let way = (key.after.clone(), key.period);
        (term, key.debtor, key.trigger, key.nth, way, key.part)
    });
    obligations
}

/// How many triggers of a term there are.
pub(crate) fn triggers(ledger: &Ledger<'_>, adopted: &Adopted<'_>, term: &Term) -> usize {
    match adopted.trigger(term) {
        Trigger::Breach => 0,
        Trigger::Adoption => adopted.holders(&term.debtor).count(),
        Trigger::Fact(kind, _) => {
            let looks = Looks::default();
            let found = ledger.find(kind.as_code(), Scope::Everywhere, &looks);
            found.len()
        }
    }
}

/// Some of the triggers of a term, each with the debtors whom it binds.
pub(crate) fn instances<'a>(
    bench: Bench<'a>,
    adopted: &'a Adopted<'a>,
    term: &'a Term,
    triggers: Range<usize>,
    unassigned: &mut Vec<Unassigned>,
) -> Vec<Instance<'a>> {
    let [before, number] = [triggers.start, triggers.len()];
    match adopted.trigger(term) {
        Trigger::Breach => Vec::new(),
        Trigger::Adoption => {
            let holders = adopted.holders(&term.debtor);
            let some = holders.skip(before).take(number);
            let binding = some.filter_map(|it| by_adoption(bench, adopted, term, it));
            binding.collect()
        }
        Trigger::Fact(kind, _) => {
            let facts = bench.find(kind.as_code(), Scope::Everywhere);
            let some = facts.skip(before).take(number);
            let binding = some.flat_map(|it| by_trigger(bench, adopted, term, it, unassigned));
            binding.collect()
        }
    }
}

/// The debtors whom a fact binds; where nobody holds the role, that is written down.
pub(crate) fn by_trigger<'a>(
    bench: Bench<'a>,
    adopted: &'a Adopted<'a>,
    term: &'a Term,
    entry: &'a Entry<'a>,
    unassigned: &mut Vec<Unassigned>,
) -> Vec<Instance<'a>> {
    let found = by_fact(bench, adopted, term, entry);
    if found.is_empty() && adopted.holders(&term.debtor).next().is_none() {
        unassigned.push(Unassigned {
            text: adopted.text.digest,
            term: term.name.clone(),
            trigger: entry.line,
        });
    }
    found
}

/// What a party's adoption starts.
pub(crate) fn by_adoption<'a>(
    bench: Bench<'a>,
    adopted: &'a Adopted<'a>,
    term: &'a Term,
    debtor: &'a Member<'a>,
) -> Option<Instance<'a>> {
    let [from, until] = debtor.binds;
    let owes = debtor.adoption.roles.contains(&term.debtor);
    (owes && from < until && bench.has_come(from)).then(|| Instance {
        adopted,
        term,
        debtor,
        cause: Cause {
            line: debtor.first,
            nth: 0,
            when: When::at(from),
            fact: None,
            breach: None,
        },
    })
}

/// The debtors whom a fact binds.
pub(crate) fn by_fact<'a>(
    bench: Bench<'a>,
    adopted: &'a Adopted<'a>,
    term: &'a Term,
    entry: &'a Entry<'a>,
) -> Vec<Instance<'a>> {
    let Trigger::Fact(kind, with) = adopted.trigger(term) else {
        return Vec::new();
    };
    if !adopted.may_state(kind.as_code(), entry.fact.actor) {
        return Vec::new();
    }
    let mut of_line = bench.find(kind.as_code(), Scope::Of(entry.line));
    let nth = of_line.position(|it| it.order(entry).is_eq()).unwrap_or(0) as u32;
    let debtors = match bind(adopted, &term.debtor, entry) {
        Some(party) => adopted.member(party).into_iter().collect::<Vec<_>>(),
        None => adopted.holders(&term.debtor).collect(),
    };
    let of_debtor = |debtor: &'a Member<'a>| {
        let mut instance = Instance {
            adopted,
            term,
            debtor,
            cause: Cause {
                line: entry.line,
                nth,
                when: entry.when,
                fact: Some(entry),
                breach: None,
            },
        };
        let frame = instance.frame(bench);
        instance.cause.when = frame.time_of(kind.as_code(), entry);
        let When { lo, hi } = instance.cause.when;
        bench.may_change([hi]);
        let contains = condition::contains(&frame, entry, with);
        (bench.has_come(lo) && contains.may_hold()).then_some(instance)
    };
    debtors
        .into_iter()
        .filter(|debtor| debtor.adoption.roles.contains(&term.debtor))
        .filter_map(of_debtor)
        .collect()
}

/// The party that a trigger binds to a role, if it binds one.
pub(crate) fn bind(adopted: &Adopted<'_>, role: &Role, entry: &Entry<'_>) -> Option<PartyId> {
    let rule = adopted.rule(&entry.fact.kind);
    if rule.is_some_and(|rule| rule.by.as_ref() == Some(role)) {
        return Some(entry.fact.actor);
    }
    if rule.is_some_and(|rule| rule.to.as_ref() == Some(role)) {
        return entry.fact.to;
    }
    entry.party(role.as_str())
}

/// What may have become of another term for the same trigger and the same parties.
pub(crate) fn status_of(frame: &Frame<'_>, name: &TermName) -> Possible {
    let bench = frame.bench.deeper();
    let Some(term) = frame.adopted.term(name) else {
        return Possible::only(Status::Latent);
    };
    let Some(outcomes) = outcomes_of(frame, bench, term) else {
        return Status::ALL.into_iter().collect();
    };
    let parts = outcomes.iter().flat_map(|(_, outcome)| &outcome.parts);
    let possible = parts.map(|judged| judged.possible);
    let possible = possible.reduce(Possible::union);
    possible.unwrap_or(Possible::only(Status::Latent))
}

/// What a term has come to for the same trigger and the same parties; nothing where results depend
/// on one another in a circle.
fn outcomes_of<'a>(
    frame: &Frame<'a>,
    bench: Bench<'a>,
    term: &'a Term,
) -> Option<Vec<(Instance<'a>, Outcome)>> {
    if bench.depth > MAX_CHAIN || !bench.may_work() {
        frame.exceed();
        return None;
    }
    let adopted = frame.adopted;
    let same = adopted.holds(frame.debtor.party, &term.debtor);
    let is_party = |it: &Member<'_>| !same || it.party == frame.debtor.party;
    let debtors = adopted.holders(&term.debtor).filter(|it| is_party(it));
    let found: Vec<Instance<'a>> = match adopted.trigger(term) {
        Trigger::Adoption => debtors
            .filter_map(|debtor| by_adoption(bench, adopted, term, debtor))
            .collect(),
        Trigger::Fact(kind, _) => {
            let kind = kind.as_code();
            let trigger = frame.cause.fact.filter(|it| it.fact.kind == *kind);
            let entries = match trigger {
                Some(entry) => vec![entry],
                None => {
                    let belonging = frame.belonging(kind).into_iter();
                    belonging.map(|seen| seen.entry).collect()
                }
            };
            let each = entries.into_iter();
            each.flat_map(|entry| by_fact(bench, adopted, term, entry))
                .filter(|instance| is_party(instance.debtor))
                .collect()
        }
        Trigger::Breach => {
            let deeper = bench.deeper();
            let mut found = Vec::new();
            for parent in adopted
                .terms()
                .filter(|it| it.on_breach.contains(&term.name))
            {
                for (instance, outcome) in outcomes_of(frame, deeper, parent)? {
                    if let Some(breach) = outcome.breach {
                        found.extend(instance.started(&term.name, breach));
                    }
                }
            }
            found
        }
    };
    let mut outcomes = Vec::new();
    for instance in found {
        let of_instance = instance.outcomes(instance.frame(bench));
        bench.may_do(u32::try_from(of_instance.len()).unwrap_or(u32::MAX));
        for (_, outcome, judged) in of_instance {
            frame.rests_on(&judged);
            let same = Instance {
                cause: instance.cause.clone(),
                ..instance
            };
            outcomes.push((same, outcome));
        }
    }
    Some(outcomes)
}

/// What a term has come to that a breach of this one starts; nothing where that leads on too far.
pub(crate) fn started(frame: &Frame<'_>, name: &TermName, breach: When) -> Option<Vec<Judged>> {
    let bench = frame.bench.deeper();
    if bench.depth > MAX_CHAIN || !bench.may_work() {
        frame.exceed();
        return None;
    }
    let parent = Instance {
        adopted: frame.adopted,
        term: frame.term,
        debtor: frame.debtor,
        cause: frame.cause.clone(),
    };
    let instances = parent.started(name, breach);
    let judged = instances.iter().flat_map(|instance| {
        let outcomes = instance.outcomes(instance.frame(bench));
        outcomes.into_iter().flat_map(|(_, outcome, judged)| {
            frame.rests_on(&judged);
            outcome.parts
        })
    });
    Some(judged.collect())
}
