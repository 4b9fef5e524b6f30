//! The facts that get signed.

use std::collections::BTreeMap;

use ensign_trust::party::Malformed;
use ensign_trust::{Code, Coded, Draft, PartyId, StatementId};

use crate::field::{
    as_code, body, code, list, map, number, of_pair, optional, pair, parsed, refer, reference,
    references, seals, set, stretch,
};
use crate::term::name::{Indicator, Kind, TermName, Word};

/// Most samples of one statement.
pub const MAX_SAMPLES: usize = 1000;

/// Longest time that one attestation is about, in seconds.
pub const WEEK: u64 = 7 * 86_400;

/// Longest step between two samples, in seconds: a year.
const MAX_STEP: u64 = 366 * 86_400;

/// A statement about facts. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `fact.attested`.
    Attested(Attested),
    /// `dispute.closed`.
    Closed(Closed),
    /// `finding.made`.
    Found(Found),
    /// `fact.lodged`.
    Lodged(Lodged),
    /// `dispute.opened`.
    Opened(Opened),
    /// `fact.receipted`.
    Receipted(Receipted),
    /// `fact.sampled`.
    Sampled(Sampled),
    /// `fact.withdrawn`.
    Withdrawn(Withdrawn),
}

/// `fact.lodged`: subject what it is about; `kind`, `valid`, and where given `to`, `fields`,
/// `grade`. Refers to what it `cites`, and to the statement that it `replaces`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lodged {
    /// What happened or was done.
    pub kind: Kind,
    /// About what.
    pub about: Option<Code>,
    /// To whom.
    pub to: Option<PartyId>,
    /// First and last second of the time in which it was, Unix time.
    pub valid: [u64; 2],
    /// Coded fields.
    pub fields: BTreeMap<Code, Coded>,
    /// How sure its author is.
    pub grade: Option<Code>,
    /// What it belongs to, as a rule a trigger.
    pub cites: Vec<StatementId>,
    /// The author's statement whose place it takes.
    pub replaces: Option<StatementId>,
}

/// `fact.sampled`: subject what was measured; `indicator`, `from`, `every`, `values` (`false` where
/// there is none), `coverage`. Refers to what it `cites`, and to the statement that it `replaces`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sampled {
    /// What was measured.
    pub indicator: Indicator,
    /// Of what.
    pub about: Option<Code>,
    /// The second of the first sample, Unix time.
    pub from: u64,
    /// Seconds from one sample to the next.
    pub every: u64,
    /// The values, at least one and at most [`MAX_SAMPLES`].
    pub values: Vec<Option<i64>>,
    /// First and last seconds of stretches in which somebody was watching: in order and apart. Every
    /// sample lies in one.
    pub coverage: Vec<[u64; 2]>,
    /// What it belongs to.
    pub cites: Vec<StatementId>,
    /// The author's statement whose place it takes.
    pub replaces: Option<StatementId>,
}

/// `fact.attested`: subject the facility; `indicator`, `percent`, `from`, `until`. Refers to the
/// statement that it `replaces`.
///
/// The scale is that of surveys of health facilities: not, a quarter, half, three quarters, fully
/// functional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// What is attested.
    pub indicator: Indicator,
    /// Of which facility.
    pub about: Code,
    /// 0, 25, 50, 75 or 100.
    pub percent: u64,
    /// First second, Unix time.
    pub from: u64,
    /// First second no more; at most [`WEEK`] later.
    pub until: u64,
    /// The author's statement whose place it takes.
    pub replaces: Option<StatementId>,
}

/// `fact.receipted`: `at`. Refers to the `act` that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipted {
    /// The act.
    pub act: StatementId,
    /// When its author received it, Unix seconds.
    pub at: u64,
}

/// `fact.withdrawn`: `reason`. Refers to the `fact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The statement that is taken back.
    pub fact: StatementId,
    /// Why, as a code.
    pub reason: Code,
}

/// `finding.made`: subject what it is about; `ground`, `holds`, `valid`, and where given `term`,
/// `party`, `standard`; at most one disclosure, the reasons. Refers to what it `cites`, and to the
/// statement that it `replaces`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was determined: a word of the text, `attribution`, or another code.
    pub ground: Word,
    /// Whether it is so, or the contrary.
    pub holds: bool,
    /// About what.
    pub about: Option<Code>,
    /// Of which term, where it determines what became of one.
    pub term: Option<TermName>,
    /// Which party, where it attributes.
    pub party: Option<PartyId>,
    /// By which standard of proof.
    pub standard: Option<Code>,
    /// First and last second of the time of which it speaks, Unix time.
    pub valid: [u64; 2],
    /// Digest of the reasons.
    pub reasons: Option<[u8; 32]>,
    /// What it belongs to.
    pub cites: Vec<StatementId>,
    /// The author's statement whose place it takes.
    pub replaces: Option<StatementId>,
}

/// `dispute.opened`: `kind`. Refers to the `trigger` of the obligation whose clock stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The kind by which the text knows it.
    pub kind: Kind,
    /// The trigger.
    pub trigger: StatementId,
}

/// `dispute.closed`: `kind`. Refers to the `dispute`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The kind by which the text knows it.
    pub kind: Kind,
    /// The statement that opened it.
    pub dispute: StatementId,
}

impl Act {
    /// Reads the statement; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        Some(match draft.kind.as_str() {
            "dispute.closed" => Closed::read(draft).map(Act::Closed),
            "dispute.opened" => Opened::read(draft).map(Act::Opened),
            "fact.attested" => Attested::read(draft).map(Act::Attested),
            "fact.lodged" => Lodged::read(draft).map(Act::Lodged),
            "fact.receipted" => Receipted::read(draft).map(Act::Receipted),
            "fact.sampled" => Sampled::read(draft).map(Act::Sampled),
            "fact.withdrawn" => Withdrawn::read(draft).map(Act::Withdrawn),
            "finding.made" => Found::read(draft).map(Act::Found),
            _ => return None,
        })
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Attested(_) => "fact.attested",
            Act::Closed(_) => "dispute.closed",
            Act::Found(_) => "finding.made",
            Act::Lodged(_) => "fact.lodged",
            Act::Opened(_) => "dispute.opened",
            Act::Receipted(_) => "fact.receipted",
            Act::Sampled(_) => "fact.sampled",
            Act::Withdrawn(_) => "fact.withdrawn",
        })
    }

    /// Writes kind, version, subject, references, body and digests into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = self.kind();
        draft.version = 1;
        match self {
            Act::Attested(said) => said.write(draft),
            Act::Closed(said) => {
                draft.body = body([("kind", said.kind.as_code().clone().into())]);
                refer(draft, "dispute", said.dispute);
            }
            Act::Found(said) => said.write(draft),
            Act::Lodged(said) => said.write(draft),
            Act::Opened(said) => {
                draft.body = body([("kind", said.kind.as_code().clone().into())]);
                refer(draft, "trigger", said.trigger);
            }
            Act::Receipted(said) => {
                draft.body = body([("at", said.at.into())]);
                refer(draft, "act", said.act);
            }
            Act::Sampled(said) => said.write(draft),
            Act::Withdrawn(said) => {
                draft.body = body([("reason", said.reason.clone().into())]);
                refer(draft, "fact", said.fact);
            }
        }
    }
}

impl Lodged {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let kind = kind(draft)?;
        if is_stated_otherwise(kind.as_code()) {
            return Err(Malformed("kind"));
        }
        Ok(Lodged {
            kind,
            about: draft.subject.clone(),
            to: optional(draft, "to", parsed)?,
            valid: valid(draft)?,
            fields: map(draft, "fields")?,
            grade: optional(draft, "grade", code)?,
            cites: references(draft, "cites"),
            replaces: draft.reference("replaces"),
        })
    }

    fn write(&self, draft: &mut Draft) {
        draft.subject = self.about.clone();
        draft.body = body([
            ("kind", self.kind.as_code().clone().into()),
            ("valid", of_pair(self.valid)),
        ]);
        if let Some(to) = self.to {
            set(draft, "to", as_code(to));
        }
        if !self.fields.is_empty() {
            set(draft, "fields", Coded::Map(self.fields.clone()));
        }
        if let Some(grade) = &self.grade {
            set(draft, "grade", grade.clone());
        }
        refer_all(draft, &self.cites, self.replaces);
    }
}

impl Sampled {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let indicator = indicator(draft)?;
        let (from, every) = (number(draft, "from")?, number(draft, "every")?);
        let value = |value: &Coded| match value {
            Coded::Bool(false) => Some(None),
            Coded::Int(number) => i64::try_from(*number).ok().map(Some),
            _ => None,
        };
        let values: Option<Vec<_>> = list(draft, "values")?.iter().map(value).collect();
        let values = values.filter(|all| (1..=MAX_SAMPLES).contains(&all.len()));
        let values = values.ok_or(Malformed("values"))?;
        let last = every.checked_mul(values.len() as u64 - 1);
        let last = last.and_then(|length| from.checked_add(length));
        if !(1..=MAX_STEP).contains(&every) || last.is_none() {
            return Err(Malformed("every"));
        }
        let coverage: Option<Vec<_>> = list(draft, "coverage")?.iter().map(pair).collect();
        let coverage = coverage.filter(|all| all.is_sorted_by(|a, b| a[1] < b[0]));
        let said = Sampled {
            indicator,
            about: draft.subject.clone(),
            from,
            every,
            values,
            coverage: coverage.ok_or(Malformed("coverage"))?,
            cites: references(draft, "cites"),
            replaces: draft.reference("replaces"),
        };
        match said.is_covered() {
            true => Ok(said),
            false => Err(Malformed("coverage")),
        }
    }

    fn write(&self, draft: &mut Draft) {
        draft.subject = self.about.clone();
        let value = |value: &Option<i64>| match value {
            Some(number) => Coded::Int((*number).into()),
            None => Coded::Bool(false),
        };
        let coverage = self.coverage.iter().map(|stretch| of_pair(*stretch));
        draft.body = body([
            ("indicator", self.indicator.as_code().clone().into()),
            ("from", self.from.into()),
            ("every", self.every.into()),
            (
                "values",
                Coded::List(self.values.iter().map(value).collect()),
            ),
            ("coverage", Coded::List(coverage.collect())),
        ]);
        refer_all(draft, &self.cites, self.replaces);
    }

    /// The second of each sample, as many as there are.
    pub fn seconds(&self) -> impl Iterator<Item = u64> {
        let (from, every) = (self.from, self.every);
        (0..self.values.len() as u64).map(move |nth| from.saturating_add(nth.saturating_mul(every)))
    }

    /// Whether somebody was watching at each sample that has a value.
    fn is_covered(&self) -> bool {
        let sampled = self.seconds().zip(&self.values);
        let mut sampled = sampled.filter(|(_, value)| value.is_some());
        sampled.all(|(second, _)| {
            let next = self.coverage.partition_point(|it| it[1] < second);
            self.coverage.get(next).is_some_and(|it| it[0] <= second)
        })
    }
}

impl Attested {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let [from, until] = stretch(draft)?;
        if until - from > WEEK {
            return Err(Malformed("until"));
        }
        let percent = number(draft, "percent")?;
        if percent > 100 || !percent.is_multiple_of(25) {
            return Err(Malformed("percent"));
        }
        Ok(Attested {
            indicator: indicator(draft)?,
            about: draft.subject.clone().ok_or(Malformed("2 (sub)"))?,
            percent,
            from,
            until,
            replaces: draft.reference("replaces"),
        })
    }

    fn write(&self, draft: &mut Draft) {
        draft.subject = Some(self.about.clone());
        draft.body = body([
            ("indicator", self.indicator.as_code().clone().into()),
            ("percent", self.percent.into()),
            ("from", self.from.into()),
            ("until", self.until.into()),
        ]);
        refer_all(draft, &[], self.replaces);
    }
}

impl Receipted {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        Ok(Receipted {
            act: reference(draft, "act")?,
            at: number(draft, "at")?,
        })
    }
}

impl Withdrawn {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        Ok(Withdrawn {
            fact: reference(draft, "fact")?,
            reason: code(draft, "reason")?,
        })
    }
}

impl Found {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        seals(draft, 1)?;
        let ground = code(draft, "ground")?;
        let term = optional(draft, "term", code)?;
        let term = term.map(|term| TermName::new(term.as_str()));
        let holds = match draft.field("holds") {
            Some(Coded::Bool(holds)) => *holds,
            _ => return Err(Malformed("holds")),
        };
        Ok(Found {
            ground: Word::new(ground.as_str()).map_err(|_| Malformed("ground"))?,
            holds,
            about: draft.subject.clone(),
            term: term.transpose().map_err(|_| Malformed("term"))?,
            party: optional(draft, "party", parsed)?,
            standard: optional(draft, "standard", code)?,
            valid: valid(draft)?,
            reasons: draft.sealed.first().copied(),
            cites: references(draft, "cites"),
            replaces: draft.reference("replaces"),
        })
    }

    fn write(&self, draft: &mut Draft) {
        draft.subject = self.about.clone();
        draft.body = self.fields();
        set(draft, "valid", of_pair(self.valid));
        draft.sealed = self.reasons.into_iter().collect();
        refer_all(draft, &self.cites, self.replaces);
    }

    /// All but its time.
    pub(super) fn fields(&self) -> BTreeMap<Code, Coded> {
        let mut fields = body([
            ("ground", self.ground.as_code().clone().into()),
            ("holds", Coded::Bool(self.holds)),
        ]);
        let term = self.term.as_ref().map(|term| term.as_code().clone());
        let given = [
            ("party", self.party.map(as_code)),
            ("standard", self.standard.clone()),
            ("term", term),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                fields.insert(Code::literal(name), value.into());
            }
        }
        fields
    }
}

impl Opened {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        Ok(Opened {
            kind: disputed(draft)?,
            trigger: reference(draft, "trigger")?,
        })
    }
}

impl Closed {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        Ok(Closed {
            kind: disputed(draft)?,
            dispute: reference(draft, "dispute")?,
        })
    }
}

/// Whether facts of a kind come from statements of their own, whose checks count.
pub(super) fn is_stated_otherwise(kind: &Code) -> bool {
    let families = ["asset.", "authority.", "emblem.", "fact.", "log."];
    let kinds = ["incident.reported", "receipt"];
    let text = kind.as_str();
    kinds.contains(&text) || families.iter().any(|family| text.starts_with(family))
}

fn disputed(draft: &Draft) -> Result<Kind, Malformed> {
    let kind = kind(draft)?;
    match is_stated_otherwise(kind.as_code()) {
        true => Err(Malformed("kind")),
        false => Ok(kind),
    }
}

fn kind(draft: &Draft) -> Result<Kind, Malformed> {
    Kind::new(code(draft, "kind")?.as_str()).map_err(|_| Malformed("kind"))
}

fn indicator(draft: &Draft) -> Result<Indicator, Malformed> {
    let code = code(draft, "indicator")?;
    Indicator::new(code.as_str()).map_err(|_| Malformed("indicator"))
}

fn valid(draft: &Draft) -> Result<[u64; 2], Malformed> {
    draft
        .field("valid")
        .and_then(pair)
        .ok_or(Malformed("valid"))
}

fn refer_all(draft: &mut Draft, cites: &[StatementId], replaces: Option<StatementId>) {
    for cited in cites {
        refer(draft, "cites", *cited);
    }
    if let Some(replaces) = replaces {
        refer(draft, "replaces", replaces);
    }
}
