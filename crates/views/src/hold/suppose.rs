//! What would follow: a duty judged with facts that nobody has stated, or at a later moment.
//!
//! Each case is computed by the evaluator on the facts of the log and those supposed, and by nothing
//! else. What is supposed is lodged nowhere.

use std::collections::BTreeMap;

use ensign_hold::evaluate::accord::Text;
use ensign_hold::evaluate::proof::{Arg, Step};
use ensign_hold::evaluate::{self, AsOf, Obligation, ObligationKey, Possible, Status};
use ensign_hold::term::ast::{
    Act, Duty, IndicatorRule, Length, Measure, Number, Order, Quantity, Requirement, Setting,
};
use ensign_hold::term::name::{Role, TermName};
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};
use serde::Serialize;

use super::Promises;
use super::duty::Settings;

/// Most samples that a case supposes.
const MAX_SAMPLES: i64 = 1_000;

/// What would become of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supposition {
    /// What is supposed.
    pub case: Case,
    /// The kind of fact, the ground of the finding, or the indicator.
    pub what: String,
    /// Who would state it; nobody where it is that nobody does.
    pub by: Option<PartyId>,
    /// The moment judged, Unix seconds.
    pub at: i64,
    /// What it would come to.
    pub status: &'static str,
    /// What it might come to.
    pub possible: Possible,
    /// The terms that this would start.
    pub starts: Vec<String>,
}

/// What is supposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// Its addressee confirms that it had the act when the debtor says that it was done.
    Confirmed,
    /// The act is done at the moment judged.
    Done,
    /// The act is done a second after its time.
    Late,
    /// The act is never done: judged when its time and the grace are over.
    Never,
    /// The finding on which it hangs is made.
    Found,
    /// A finding attributes the act to the debtor.
    Attributed,
    /// The indicator is as good as it can be through a whole window.
    Restored,
    /// The indicator is as bad as it can be through a whole window.
    Failed,
    /// Nobody measures through a whole window.
    Unmeasured,
}

impl Case {
    /// As a code.
    pub fn code(self) -> &'static str {
        match self {
            Case::Confirmed => "confirmed",
            Case::Done => "done",
            Case::Late => "late",
            Case::Never => "never",
            Case::Found => "found",
            Case::Attributed => "attributed",
            Case::Restored => "restored",
            Case::Failed => "failed",
            Case::Unmeasured => "unmeasured",
        }
    }
}

/// A duty that is supposed about.
struct Stage<'a> {
    promises: &'a Promises,
    text: &'a Text,
    obligation: &'a Obligation,
    as_of: AsOf,
    /// The facts that are visible; what a case supposes is pushed for as long as it is judged.
    facts: Vec<Fact>,
}

/// The cases that apply to a duty, each judged. None to what is decided for good.
pub(super) fn suppositions(
    promises: &Promises,
    obligation: &Obligation,
    as_of: AsOf,
) -> Vec<Supposition> {
    let key = &obligation.key;
    let Some(text) = promises.instruments.text(key.text) else {
        return Vec::new();
    };
    let status = obligation.status;
    let is_settled = matches!(
        status,
        Status::Met
            | Status::Late
            | Status::Remedied
            | Status::RemediedLate
            | Status::Excused
            | Status::Waived
            | Status::Lapsed
    );
    let duty = text.instrument.term(&key.term).map(|term| &term.duty);
    // What is maintained can fail again.
    if is_settled && !matches!(duty, Some(Duty::Maintain { .. })) {
        return Vec::new();
    }
    let all = promises.facts.all().iter();
    let mut stage = Stage {
        promises,
        text,
        obligation,
        as_of,
        facts: all
            .filter(|fact| fact.position < as_of.index)
            .cloned()
            .collect(),
    };
    let mut cases = Vec::new();
    cases.extend(stage.confirmed());
    match duty {
        Some(Duty::Deliver { act, .. } | Duty::Perform { act, .. }) => {
            cases.extend(stage.acts(&act.clone()));
        }
        Some(Duty::Maintain { measure, .. }) => cases.extend(stage.measures(&measure.clone())),
        Some(Duty::Never { attributed_by, .. }) => {
            let by = attributed_by.clone();
            cases.extend(by.and_then(|role| stage.attributed(&role)));
        }
        Some(Duty::Declare(_)) | None => {}
    }
    cases.extend(stage.found());
    cases
}

impl Stage<'_> {
    /// A receipt by the addressee of an act whose time is vague.
    fn confirmed(&mut self) -> Option<Supposition> {
        if self.obligation.status != Status::Undetermined {
            return None;
        }
        let steps = self.obligation.proof.steps.iter();
        let vague = steps.filter(|step| step.code == "act.found");
        let mut vague = vague.filter_map(|step| {
            let (Arg::Statement(act), Arg::Time(when)) =
                (step.with.get("statement")?, step.with.get("time")?)
            else {
                return None;
            };
            (when.lo < when.hi).then_some((*act, when.lo))
        });
        let (act, at) = vague.next_back()?;
        let found = self.facts.iter().find(|fact| fact.sources.contains(&act))?;
        let by = found.to.or(self.obligation.creditors.first().copied())?;
        let kind = found.kind.to_string();
        let receipt = self.fact("receipt", by, at, vec![act])?;
        self.judged(Case::Confirmed, kind, Some(by), vec![receipt], self.as_of.t)
    }

    /// The act is done now, too late, or never.
    fn acts(&mut self, act: &Act) -> Vec<Supposition> {
        let t = self.as_of.t;
        let debtor = self.obligation.key.debtor;
        let kind = act.kind.to_string();
        let mut cases = Vec::new();
        if self.is_done() {
            return cases;
        }
        let computed = |name| self.time("deadline.computed", name);
        let (due, last) = (computed("due"), computed("last"));
        let now = self.act(act, t);
        cases.extend(self.judged(Case::Done, kind.clone(), Some(debtor), now, t));
        if let Some(late) = due.map(|due| due[1].saturating_add(1)).filter(|it| t < *it) {
            let facts = self.act(act, late);
            cases.extend(self.judged(Case::Late, kind.clone(), Some(debtor), facts, late));
        }
        if let Some(over) = last
            .map(|last| last[1].saturating_add(1))
            .filter(|it| t < *it)
        {
            cases.extend(self.judged(Case::Never, kind, None, Vec::new(), over));
        }
        cases
    }

    /// Whether an act was found already: then another one changes nothing for the better.
    fn is_done(&self) -> bool {
        let mut steps = self.obligation.proof.steps.iter();
        steps.any(|step| step.code == "act.found")
    }

    /// The act as it is owed.
    fn act(&self, act: &Act, at: i64) -> Vec<Fact> {
        let key = &self.obligation.key;
        let mut fields = BTreeMap::new();
        for needed in &act.with {
            if let Some((name, value)) = self.field(needed) {
                fields.insert(name, value);
            }
        }
        if let Some(channel) = &act.via {
            fields.insert(Code::literal("via"), channel.as_code().clone().into());
        }
        let cites = vec![key.trigger];
        let fact = self.fact(act.kind.as_str(), key.debtor, at, cites);
        let fact = fact.map(|fact| Fact {
            to: self.obligation.creditors.first().copied(),
            fields,
            grade: grade(&act.with),
            ..fact
        });
        fact.into_iter().collect()
    }

    /// A field that satisfies what is needed of it; nothing where the grade is meant.
    fn field(&self, needed: &Requirement) -> Option<(Code, Coded)> {
        match needed {
            Requirement::Any(fields) => {
                Some((fields.first()?.as_code().clone(), Coded::Bool(true)))
            }
            Requirement::Field(field) => Some((field.as_code().clone(), Coded::Bool(true))),
            Requirement::Is(field, codes) => {
                let code = codes.first()?.as_code().clone();
                Some((field.as_code().clone(), code.into()))
            }
            Requirement::Compared(field, comparison) => {
                let settings = self.settings();
                let number = settings.number(&comparison.with)?;
                let number = satisfying(comparison.order, number);
                Some((field.as_code().clone(), Coded::Int(number.into())))
            }
            Requirement::Grade(_) => None,
        }
    }

    /// Through a whole window the indicator is at its best, at its worst, or not measured.
    fn measures(&mut self, measure: &Measure) -> Vec<Supposition> {
        let rule = self.text.instrument.indicator(&measure.indicator).cloned();
        let window = self.seconds(&measure.window);
        let (Some(rule), Some(window)) = (rule, window) else {
            return Vec::new();
        };
        let period = i64::try_from(rule.every.seconds).unwrap_or(0);
        let grace = self.text.instrument.term(&self.obligation.key.term);
        let grace = grace.and_then(|term| term.grace.as_ref());
        let grace = grace.map_or(Some(0), |grace| self.seconds(grace));
        let (Some(grace), true) = (grace, period > 0) else {
            return Vec::new();
        };
        let span = window.saturating_add(grace);
        if span / period > MAX_SAMPLES {
            return Vec::new();
        }
        let t = self.as_of.t;
        let end = t.saturating_add(span).saturating_add(period);
        let name = measure.indicator.to_string();
        let plain = |number| match number {
            Number::Integer(number) | Number::Share(number) => number,
        };
        let mut cases = Vec::new();
        for (case, value) in [
            (Case::Restored, plain(rule.highest)),
            (Case::Failed, plain(rule.lowest)),
        ] {
            let samples = self.samples(&rule, value, [t, end]);
            cases.extend(self.judged(case, name.clone(), None, samples, end));
        }
        cases.extend(self.judged(Case::Unmeasured, name, None, Vec::new(), end));
        cases
    }

    /// One value for each slot after the first moment, up to the last.
    fn samples(&self, rule: &IndicatorRule, value: i64, [from, until]: [i64; 2]) -> Vec<Fact> {
        let period = i64::try_from(rule.every.seconds).unwrap_or(1).max(1);
        let first = from.div_euclid(period).saturating_add(1) * period;
        let count = (until - first).div_euclid(period).saturating_add(1).max(0);
        let values = vec![Coded::Int(value.into()); usize::try_from(count).unwrap_or(0)];
        let trigger = self.obligation.key.trigger;
        let by = self.measurer(rule);
        let fact = by.and_then(|by| self.fact(rule.indicator.as_str(), by, first, vec![trigger]));
        let last = u64::try_from(first + (count - 1).max(0) * period).unwrap_or(0);
        let fact = fact.map(|fact| Fact {
            valid: [fact.valid[0], last],
            // Nobody has measured what was to come when the node heard of it.
            received: last,
            fields: BTreeMap::from([
                (Code::literal("every"), rule.every.seconds.into()),
                (Code::literal("values"), Coded::List(values)),
            ]),
            ..fact
        });
        fact.into_iter().collect()
    }

    /// Somebody whose samples count: where the text names a role, one of its holders who does not
    /// measure itself.
    fn measurer(&self, rule: &IndicatorRule) -> Option<PartyId> {
        let debtor = self.obligation.key.debtor;
        let kind = rule.indicator.as_code();
        let mut rules = self.text.instrument.kinds.iter();
        match rules.find(|rule| rule.kind.as_code() == kind)?.by.as_ref() {
            Some(role) => self.holders(role).find(|party| *party != debtor),
            None => Some(debtor),
        }
    }

    /// Whoever may attribute attributes the last event to the debtor.
    fn attributed(&mut self, role: &Role) -> Option<Supposition> {
        let missing = self.obligation.proof.missing.iter();
        let act = missing.rev().find_map(|step| {
            let is_it = step.code == "attribution.absent";
            match step.with.get("statement") {
                Some(Arg::Statement(act)) if is_it => Some(*act),
                _ => None,
            }
        })?;
        let by = self.holder(role)?;
        let t = self.as_of.t;
        let key = &self.obligation.key;
        let debtor = Code::new(key.debtor.to_string()).ok()?;
        let mut finding = self.finding(by, "attribution", vec![act])?;
        finding.fields.insert(Code::literal("party"), debtor.into());
        let what = "attribution".to_owned();
        self.judged(Case::Attributed, what, Some(by), vec![finding], t)
    }

    /// The finding that is missing is made by somebody who may make it.
    fn found(&mut self) -> Option<Supposition> {
        let missing = self.obligation.proof.missing.iter();
        let (ground, role) = missing.rev().find_map(absent_finding)?;
        let role = Role::new(role.as_str()).ok()?;
        let by = self.holder(&role)?;
        let t = self.as_of.t;
        let cites = vec![self.obligation.key.trigger];
        let finding = self.finding(by, &ground, cites)?;
        self.judged(Case::Found, ground, Some(by), vec![finding], t)
    }

    fn finding(&self, by: PartyId, ground: &str, cites: Vec<StatementId>) -> Option<Fact> {
        // A finding's time is that of which it speaks.
        let at = self.obligation.triggered.lo;
        let fact = self.fact("finding", by, at, cites)?;
        let ground = Code::new(ground).ok()?;
        Some(Fact {
            fields: BTreeMap::from([
                (Code::literal("ground"), ground.into()),
                (Code::literal("holds"), Coded::Bool(true)),
            ]),
            ..fact
        })
    }

    /// Somebody who holds a role: whoever it is, the result is the same.
    fn holder(&self, role: &Role) -> Option<PartyId> {
        self.holders(role).next()
    }

    fn holders(&self, role: &Role) -> impl Iterator<Item = PartyId> {
        let accord = self.promises.instruments.accord();
        let holders = accord.adoptions.iter().filter(move |it| {
            let is_known = it.position < self.as_of.index;
            is_known && it.text == self.text.digest && it.roles.contains(role)
        });
        holders.map(|it| it.party)
    }

    /// A fact that nobody stated.
    fn fact(&self, kind: &str, by: PartyId, at: i64, cites: Vec<StatementId>) -> Option<Fact> {
        let second = u64::try_from(at).ok()?;
        Some(Fact {
            kind: Code::new(kind).ok()?,
            actor: by,
            to: None,
            subject: None,
            fields: BTreeMap::new(),
            valid: [second; 2],
            received: second,
            // At the end of what is known: what comes after it is not.
            position: self.as_of.index.saturating_sub(1),
            cites,
            retracts: None,
            grade: None,
            sources: vec![SUPPOSED],
        })
    }

    fn settings(&self) -> Settings<'_> {
        let accord = self.promises.instruments.accord();
        let debtor = Some(self.obligation.key.debtor);
        Settings::of(accord, self.text, debtor, self.as_of.index)
    }

    /// A length that no calendar must count.
    fn seconds(&self, length: &Length) -> Option<i64> {
        let duration = match length {
            Length::Fixed(duration) => *duration,
            Length::Param(name) => match self.settings().setting(name)? {
                Setting::Duration(duration) => duration,
                Setting::Number(_) => return None,
            },
        };
        i64::try_from(duration.exact()?).ok()
    }

    fn time(&self, code: &str, name: &str) -> Option<[i64; 2]> {
        let mut steps = self.obligation.proof.steps.iter().rev();
        match steps.find(|step| step.code == code)?.with.get(name)? {
            Arg::Time(when) => Some([when.lo, when.hi]),
            _ => None,
        }
    }

    /// Judges the duty with these facts at a moment.
    fn judged(
        &mut self,
        case: Case,
        what: String,
        by: Option<PartyId>,
        further: Vec<Fact>,
        t: i64,
    ) -> Option<Supposition> {
        let key: &ObligationKey = &self.obligation.key;
        let seen = self.facts.len();
        self.facts.extend(further);
        let as_of = AsOf { t, ..self.as_of };
        let accord = self.promises.instruments.accord();
        let judged = evaluate::explain(accord, &self.facts, as_of, key);
        self.facts.truncate(seen);
        let judged = judged?;
        let has_begun = !self.obligation.status.is_breach() && judged.status.is_breach();
        let term = self.text.instrument.term(&key.term);
        let starts = term.filter(|_| has_begun).map(|term| &term.on_breach);
        Some(Supposition {
            case,
            what,
            by,
            at: t,
            status: judged.status.code(),
            possible: judged.possible,
            starts: starts
                .into_iter()
                .flatten()
                .map(TermName::to_string)
                .collect(),
        })
    }
}

/// The statement of what is supposed: nobody's.
const SUPPOSED: StatementId = StatementId::from_bytes([0; 32]);

fn absent_finding(step: &Step) -> Option<(String, String)> {
    let (Arg::Code(ground), Arg::Code(by)) = (step.with.get("ground")?, step.with.get("by")?)
    else {
        return None;
    };
    (step.code == "finding.absent").then(|| (ground.clone(), by.clone()))
}

/// A grade that satisfies what is needed of it.
fn grade(needed: &[Requirement]) -> Option<Code> {
    needed.iter().find_map(|needed| match needed {
        Requirement::Grade(comparison) => match comparison.with {
            Quantity::Fixed(Number::Integer(number) | Number::Share(number)) => {
                Code::new(satisfying(comparison.order, number).to_string()).ok()
            }
            Quantity::Param(_) => None,
        },
        _ => None,
    })
}

/// A number that compares as asked with another.
fn satisfying(order: Order, number: i64) -> i64 {
    match order {
        Order::AtLeast | Order::AtMost | Order::Equal => number,
        Order::Less => number.saturating_sub(1),
        Order::More | Order::NotEqual => number.saturating_add(1),
    }
}
