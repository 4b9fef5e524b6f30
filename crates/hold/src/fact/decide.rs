//! What a party may state about facts, and which facts follow.

use std::collections::BTreeMap;

use ensign_trust::fact::Retraction;
use ensign_trust::party::Need;
use ensign_trust::{Code, Coded, Disclosure, Draft, Fact, PartyId, Statement, StatementId};
use thiserror::Error;

use super::scale::Scale;
use super::state::{Facts, Known};
use super::statement::{
    Act, Attested, Closed, Found, Lodged, MAX_SAMPLES, Opened, Receipted, Sampled, WEEK, Withdrawn,
    is_stated_otherwise,
};
use crate::field::body;
use crate::stated::Stated;
use crate::term::name::{Indicator, Kind};

/// Seconds between two samples of an attestation.
const HOUR: u64 = 3600;

/// Parts per 10,000 in one per cent.
pub(super) const PART: u64 = 100;

/// Why something is not stated about facts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum Refusal {
    #[error("the party has closed this dispute before")]
    Closed,
    #[error("a receipt is for a time before now")]
    Future,
    #[error("facts of kind {0} have a statement of their own")]
    OwnStatement(Code),
    #[error("only the author of a statement may replace or withdraw it")]
    NotYours,
    #[error("a value of `{indicator}` lies off its scale, {scale}")]
    OffScale { indicator: Indicator, scale: Scale },
    #[error("an attestation is in quarters: 0, 25, 50, 75 or 100 per cent")]
    Quarters,
    #[error("a statement holds 1 to {MAX_SAMPLES} samples, each in a stretch of its coverage")]
    Samples,
    #[error("the first second lies after the last, or an attestation is about more than {} days", WEEK / 86_400)]
    Time,
    #[error("the log has no such statement about facts")]
    Unknown,
    #[error("the statement was replaced or withdrawn before")]
    Withdrawn,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::Closed => "fact.dispute_closed",
            Refusal::Future => "fact.future",
            Refusal::OwnStatement(_) => "fact.own_statement",
            Refusal::NotYours => "fact.not_yours",
            Refusal::OffScale { .. } => "fact.off_scale",
            Refusal::Quarters => "fact.quarters",
            Refusal::Samples => "fact.samples",
            Refusal::Time => "fact.time",
            Refusal::Unknown => "fact.unknown",
            Refusal::Withdrawn => "fact.withdrawn_before",
        }
    }
}

/// Lodges a fact.
pub fn lodge(facts: &Facts, by: PartyId, said: Lodged) -> Result<Act, Refusal> {
    own_statement(&said.kind)?;
    in_order(said.valid)?;
    replaceable(facts, by, said.replaces)?;
    Ok(Act::Lodged(said))
}

/// States samples.
pub fn sample(facts: &Facts, by: PartyId, said: Sampled) -> Result<Act, Refusal> {
    replaceable(facts, by, said.replaces)?;
    let act = Act::Sampled(said);
    match reads_back(&act) {
        true => Ok(act),
        false => Err(Refusal::Samples),
    }
}

/// Attests how far a facility worked.
pub fn attest(facts: &Facts, by: PartyId, said: Attested) -> Result<Act, Refusal> {
    if said.percent > 100 || !said.percent.is_multiple_of(25) {
        return Err(Refusal::Quarters);
    }
    if said.until <= said.from || said.until - said.from > WEEK {
        return Err(Refusal::Time);
    }
    replaceable(facts, by, said.replaces)?;
    Ok(Act::Attested(said))
}

/// States that an act was received.
pub fn receipt(facts: &Facts, said: Receipted, now: u64) -> Result<Act, Refusal> {
    facts.known(said.act).ok_or(Refusal::Unknown)?;
    match said.at <= now {
        true => Ok(Act::Receipted(said)),
        false => Err(Refusal::Future),
    }
}

/// Takes back a statement.
pub fn withdraw(
    facts: &Facts,
    by: PartyId,
    fact: StatementId,
    reason: Code,
) -> Result<Act, Refusal> {
    standing(facts, by, fact)?;
    Ok(Act::Withdrawn(Withdrawn { fact, reason }))
}

/// States a finding, with its reasons sealed where there are any.
pub fn find(
    facts: &Facts,
    by: PartyId,
    said: Found,
    reasons: Option<(&str, [u8; 32])>,
) -> Result<(Act, Option<Disclosure>), Refusal> {
    in_order(said.valid)?;
    replaceable(facts, by, said.replaces)?;
    let reasons = reasons.map(|(text, salt)| Disclosure::new(salt, Code::literal("reasons"), text));
    let said = Found {
        reasons: reasons.as_ref().map(Disclosure::digest),
        ..said
    };
    Ok((Act::Found(said), reasons))
}

/// Opens a dispute.
pub fn open(kind: Kind, trigger: StatementId) -> Result<Act, Refusal> {
    own_statement(&kind)?;
    Ok(Act::Opened(Opened { kind, trigger }))
}

/// Closes a dispute. Whose closing counts the texts say: that of another, or by another kind, bars
/// nobody.
pub fn close(facts: &Facts, by: PartyId, kind: Kind, dispute: StatementId) -> Result<Act, Refusal> {
    own_statement(&kind)?;
    let known = facts.dispute(dispute).ok_or(Refusal::Unknown)?;
    let stands = |it: &Stated| {
        let known = facts.known(it.statement);
        known.is_some_and(|known| known.taken_back.is_none())
    };
    let is_same = |(other, it): &(Code, Stated)| it.by == by && other == kind.as_code();
    let mut closings = known.closings.iter();
    match closings.any(|it| is_same(it) && stands(&it.1)) {
        true => Err(Refusal::Closed),
        false => Ok(Act::Closed(Closed { kind, dispute })),
    }
}

/// What the author of a statement about facts must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "dispute.closed" | "dispute.opened" | "fact.attested" | "fact.lodged"
        | "fact.receipted" | "fact.sampled" | "fact.withdrawn" | "finding.made" => {
            Some(Need::Known)
        }
        _ => None,
    }
}

/// The facts that a statement states, mapping version 1.
///
/// | statement | facts |
/// |---|---|
/// | `fact.lodged` | one of its kind |
/// | `fact.sampled` | one of the indicator, with `values` and `every`; one `INDICATOR.coverage` for each stretch |
/// | `fact.attested` | the same value every hour, and its coverage |
/// | `fact.receipted` | one `receipt`, at its time, but not after it was received |
/// | `finding.made` | one `finding` |
/// | `dispute.opened`, `dispute.closed` | one of the kind that they name, from claimed to received |
/// | `fact.withdrawn` | one of its own name, which withdraws |
pub fn facts(statement: &Statement, index: u64, received: u64) -> Vec<Fact> {
    let Some(Ok(act)) = Act::read(statement) else {
        return Vec::new();
    };
    let claimed = [statement.claimed.min(received), received];
    let of = |kind: Code, valid: [u64; 2], cites: Vec<StatementId>| Fact {
        kind,
        actor: statement.author(),
        to: None,
        subject: statement.subject.clone(),
        fields: BTreeMap::new(),
        valid,
        received,
        position: index,
        cites,
        retracts: None,
        grade: None,
        sources: vec![statement.id()],
    };
    let replaces = |older: Option<StatementId>| older.map(Retraction::Replaces);
    match act {
        Act::Attested(said) => {
            let count = (said.until - said.from).div_ceil(HOUR);
            let value = Coded::from(said.percent * PART);
            let values = vec![value; usize::try_from(count).unwrap_or(0)];
            // A sample ends the hour for which it speaks.
            let first = said.from.saturating_add(HOUR);
            let last = said.from.saturating_add(count.saturating_mul(HOUR));
            let samples = Fact {
                fields: series(values, HOUR),
                retracts: replaces(said.replaces),
                ..of(said.indicator.as_code().clone(), [first, last], Vec::new())
            };
            let watched = [said.from, said.until - 1];
            vec![samples, of(coverage(&said.indicator), watched, Vec::new())]
        }
        Act::Closed(said) => {
            let dispute = vec![said.dispute];
            vec![of(said.kind.as_code().clone(), claimed, dispute)]
        }
        Act::Found(said) => vec![Fact {
            fields: said.fields(),
            retracts: replaces(said.replaces),
            ..of(Code::literal("finding"), said.valid, said.cites)
        }],
        Act::Lodged(said) => vec![Fact {
            to: said.to,
            fields: said.fields,
            retracts: replaces(said.replaces),
            grade: said.grade,
            ..of(said.kind.as_code().clone(), said.valid, said.cites)
        }],
        Act::Opened(said) => {
            let trigger = vec![said.trigger];
            vec![of(said.kind.as_code().clone(), claimed, trigger)]
        }
        Act::Receipted(said) => {
            let at = said.at.min(received);
            vec![of(Code::literal("receipt"), [at; 2], vec![said.act])]
        }
        Act::Sampled(said) => {
            let last = said.seconds().last().unwrap_or(said.from);
            let value = |value: &Option<i64>| match value {
                Some(number) => Coded::Int((*number).into()),
                None => Coded::Bool(false),
            };
            let values = said.values.iter().map(value).collect();
            let samples = Fact {
                fields: series(values, said.every),
                retracts: replaces(said.replaces),
                ..of(
                    said.indicator.as_code().clone(),
                    [said.from, last],
                    said.cites.clone(),
                )
            };
            let watched = said.coverage.iter();
            let watched =
                watched.map(|stretch| of(coverage(&said.indicator), *stretch, said.cites.clone()));
            [samples].into_iter().chain(watched).collect()
        }
        Act::Withdrawn(said) => vec![Fact {
            retracts: Some(Retraction::Withdraws(said.fact)),
            ..of(statement.kind.clone(), claimed, vec![said.fact])
        }],
    }
}

fn series(values: Vec<Coded>, every: u64) -> BTreeMap<Code, Coded> {
    body([("values", Coded::List(values)), ("every", every.into())])
}

/// The kind of a fact that says when an indicator was watched.
fn coverage(indicator: &Indicator) -> Code {
    // A name of 120 characters and more has none of its own: nothing can then name the kind.
    let code = Code::new(format!("{indicator}.coverage"));
    code.unwrap_or_else(|_| indicator.as_code().clone())
}

fn own_statement(kind: &Kind) -> Result<(), Refusal> {
    match is_stated_otherwise(kind.as_code()) {
        true => Err(Refusal::OwnStatement(kind.as_code().clone())),
        false => Ok(()),
    }
}

fn in_order(valid: [u64; 2]) -> Result<(), Refusal> {
    match valid[0] <= valid[1] {
        true => Ok(()),
        false => Err(Refusal::Time),
    }
}

fn replaceable(facts: &Facts, by: PartyId, older: Option<StatementId>) -> Result<(), Refusal> {
    older.map_or(Ok(()), |older| standing(facts, by, older).map(drop))
}

/// A party's own statement that was not taken back.
fn standing(facts: &Facts, by: PartyId, id: StatementId) -> Result<&Known, Refusal> {
    let known = facts.known(id).ok_or(Refusal::Unknown)?;
    match known.taken_back {
        _ if known.stated.by != by => Err(Refusal::NotYours),
        Some(_) => Err(Refusal::Withdrawn),
        None => Ok(known),
    }
}

/// Whether a statement passes the checks of its own reader.
fn reads_back(act: &Act) -> bool {
    let mut draft = Draft {
        issuer: None,
        subject: None,
        claimed: 0,
        unique: [0; 16],
        kind: act.kind(),
        version: 1,
        realm: ensign_trust::Realm::Real,
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    };
    act.write(&mut draft);
    matches!(Act::read(&draft), Some(Ok(read)) if read == *act)
}
