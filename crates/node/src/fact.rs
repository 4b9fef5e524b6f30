//! Commands about facts: lodging, attesting, importing samples, receipts, findings, disputes.
//!
//! Nothing here looks at a facility: what is measured is pushed by those who measured it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use ensign_hold::fact::{self, Act, Attested, Found, Lodged, Receipted, Sampled, Scales};
use ensign_hold::term::name::{Indicator, Kind, TermName, Word};
use ensign_share::samples;
use ensign_trust::id::StatementId;
use ensign_trust::logbook::LogName;
use ensign_trust::{Code, Coded, PartyId};
use serde::{Deserialize, Serialize};

use crate::clock::fresh;
use crate::command::Progress;
use crate::error::Error;
use crate::instrument::{Preview, named};
use crate::node::Node;
use crate::note::{Note, notes};
use crate::party::{code, not_an_id, party_id, words_of};

/// What is attested where nothing else is said.
pub const FUNCTIONALITY: &str = "service.functionality";

/// Statements in one batch.
const BATCH: usize = 64;

/// Most different readings of one file.
const MAX_READINGS: usize = 1_000_000;

/// A fact that is to be lodged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRequest {
    /// Who lodges it.
    pub party: String,
    /// What happened or was done.
    pub kind: String,
    /// About what.
    pub about: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// First second of the time in which it was; now if none.
    pub from: Option<u64>,
    /// Last second of it; the first if none.
    pub until: Option<u64>,
    /// Fields: name and value.
    pub fields: BTreeMap<String, String>,
    /// How sure its author is.
    pub grade: Option<String>,
    /// What it belongs to.
    pub cites: Vec<String>,
    /// The statement whose place it takes.
    pub replaces: Option<String>,
}

/// An attestation that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestationRequest {
    /// Who attests.
    pub party: String,
    /// Which facility.
    pub about: String,
    /// 0, 25, 50, 75 or 100.
    pub percent: u64,
    /// What is attested; `service.functionality` if none.
    pub indicator: Option<String>,
    /// First second.
    pub from: u64,
    /// First second no more; a week later if none.
    pub until: Option<u64>,
    /// The statement whose place it takes.
    pub replaces: Option<String>,
}

/// A finding that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingRequest {
    /// Who finds.
    pub party: String,
    /// What, as a word of the text.
    pub ground: String,
    /// Whether the contrary was found.
    pub contrary: bool,
    /// About what.
    pub about: Option<String>,
    /// Of which term.
    pub term: Option<String>,
    /// Which party did it, where it attributes.
    pub attributed_to: Option<String>,
    /// By which standard of proof.
    pub standard: Option<String>,
    /// First second of the time of which it speaks; now if none.
    pub from: Option<u64>,
    /// Last second of it; the first if none.
    pub until: Option<u64>,
    /// The reasons; they are sealed.
    pub reasons: Option<String>,
    /// What it belongs to.
    pub cites: Vec<String>,
    /// The statement whose place it takes.
    pub replaces: Option<String>,
}

/// A file of samples that is to be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamplesRequest {
    /// Who measured.
    pub party: String,
    /// The file: columns `time` and `value`, and where it is about several things `about`.
    pub file: std::path::PathBuf,
    /// What was measured.
    pub indicator: String,
    /// Of what, where the file does not say.
    pub about: Option<String>,
    /// Seconds from one sample to the next.
    pub every: u64,
    /// What the samples belong to.
    pub cites: Vec<String>,
}

/// A statement about facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactStated {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Its kind.
    pub kind: Code,
    /// Who said it.
    pub party: PartyId,
    /// What keeps it from counting, as far as the log knows now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// What came of a file of samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SamplesAnswer {
    /// Rows of the file.
    pub rows: u64,
    /// Different readings: each counts once.
    pub readings: u64,
    /// Statements that hold them.
    pub statements: u64,
    /// Index of the first of these.
    pub index: Option<u64>,
    /// Rows that cannot be read.
    pub rejected: u64,
    /// The first of these, at most 1,000.
    pub rejections: Vec<crate::RejectedRow>,
    /// What keeps the others from counting, as far as the log knows now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Node {
    /// Lodges a fact.
    pub fn lodge_fact(&self, request: &FactRequest) -> Result<FactStated, Error> {
        let party = party_id(&request.party)?;
        let said = self.lodged(request)?;
        let promises = self.promises_now()?;
        let act = fact::lodge(&promises.facts, party, said)?;
        fact::on_scale(promises.instruments.accord(), &act)?;
        drop(promises);
        self.state_fact(party, &act)
    }

    /// Attests how far a facility worked.
    pub fn attest(&self, request: &AttestationRequest) -> Result<FactStated, Error> {
        let (party, act) = self.attestation(request)?;
        self.state_fact(party, &act)
    }

    /// What a party would attest; nothing is stated.
    pub fn preview_attestation(&self, request: &AttestationRequest) -> Result<Preview, Error> {
        let (party, act) = self.attestation(request)?;
        let notes = notes(&*self.promises_now()?, party, &act, self.clock.now());
        Ok(Preview {
            notes,
            ..self.preview(party, |draft| act.write(draft), fact::need)
        })
    }

    fn attestation(&self, request: &AttestationRequest) -> Result<(PartyId, Act), Error> {
        let party = party_id(&request.party)?;
        let indicator = request.indicator.as_deref().unwrap_or(FUNCTIONALITY);
        let week = request.from.saturating_add(fact::WEEK);
        let said = Attested {
            indicator: named("the indicator", indicator, Indicator::new)?,
            about: code("what it is about", &request.about)?,
            percent: request.percent,
            from: request.from,
            until: request.until.unwrap_or(week),
            replaces: statement_id(request.replaces.as_ref())?,
        };
        let promises = self.promises_now()?;
        let act = fact::attest(&promises.facts, party, said)?;
        fact::on_scale(promises.instruments.accord(), &act)?;
        Ok((party, act))
    }

    /// States that a party received an act.
    pub fn receipt_fact(
        &self,
        party: &str,
        act: &str,
        at: Option<u64>,
    ) -> Result<FactStated, Error> {
        let party = party_id(party)?;
        let now = self.clock.now();
        let said = Receipted {
            act: act.parse().map_err(|_| not_an_id(act))?,
            at: at.unwrap_or(now),
        };
        let act = fact::receipt(&self.promises_now()?.facts, said, now)?;
        self.state_fact(party, &act)
    }

    /// Takes back a statement about facts.
    pub fn withdraw_fact(&self, fact: &str, reason: &str) -> Result<FactStated, Error> {
        let id: StatementId = fact.parse().map_err(|_| not_an_id(fact))?;
        let promises = self.promises_now()?;
        let known = promises.facts.known(id);
        let party = known
            .map(|known| known.stated.by)
            .ok_or_else(|| Error::NotFound {
                id: fact.to_owned(),
            })?;
        let act = fact::withdraw(&promises.facts, party, id, code("the reason", reason)?)?;
        drop(promises);
        self.state_fact(party, &act)
    }

    /// States a finding; its reasons are sealed.
    pub fn find(&self, request: &FindingRequest) -> Result<FactStated, Error> {
        let party = party_id(&request.party)?;
        let from = request.from.unwrap_or_else(|| self.clock.now());
        let term = request.term.as_ref();
        let said = Found {
            ground: named("the ground", &request.ground, Word::new)?,
            holds: !request.contrary,
            about: optional_code("what it is about", request.about.as_ref())?,
            term: term
                .map(|term| named("the term", term, TermName::new))
                .transpose()?,
            party: request
                .attributed_to
                .as_ref()
                .map(|id| party_id(id))
                .transpose()?,
            standard: optional_code("the standard", request.standard.as_ref())?,
            valid: [from, request.until.unwrap_or(from)],
            reasons: None,
            cites: statement_ids(&request.cites)?,
            replaces: statement_id(request.replaces.as_ref())?,
        };
        let reasons = request.reasons.as_deref();
        let reasons = reasons.map(|text| (text, fresh(&*self.entropy)));
        let promises = self.promises_now()?;
        let (act, reasons) = fact::find(&promises.facts, party, said, reasons)?;
        drop(promises);
        if let Some(reasons) = reasons {
            self.keep_public(&[(words_of(party), reasons)])?;
        }
        self.state_fact(party, &act)
    }

    /// Opens a dispute, which stops the clock of what a statement triggered.
    pub fn open_dispute(
        &self,
        party: &str,
        kind: &str,
        trigger: &str,
    ) -> Result<FactStated, Error> {
        let party = party_id(party)?;
        let kind = named("the kind", kind, Kind::new)?;
        let trigger = trigger.parse().map_err(|_| not_an_id(trigger))?;
        self.state_fact(party, &fact::open(kind, trigger)?)
    }

    /// Closes a dispute.
    pub fn close_dispute(
        &self,
        party: &str,
        kind: &str,
        dispute: &str,
    ) -> Result<FactStated, Error> {
        let party = party_id(party)?;
        let kind = named("the kind", kind, Kind::new)?;
        let dispute = dispute.parse().map_err(|_| not_an_id(dispute))?;
        let act = fact::close(&self.promises_now()?.facts, party, kind, dispute)?;
        self.state_fact(party, &act)
    }

    /// Takes in a file of samples: a thousand to a statement, with the time that they cover.
    pub fn import_samples(
        &self,
        request: &SamplesRequest,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SamplesAnswer, Error> {
        let party = party_id(&request.party)?;
        let indicator = named("the indicator", &request.indicator, Indicator::new)?;
        let about = optional_code("what it is about", request.about.as_ref())?;
        let cites = statement_ids(&request.cites)?;
        if request.every == 0 {
            return Err(Error::Argument {
                what: "the step between two samples".to_owned(),
                expected: "at least a second",
            });
        }
        let promises = self.promises_now()?;
        let scales = Scales::of(promises.instruments.accord(), &indicator);
        let read = read_samples(&request.file, &scales)?;
        let (mut drafts, mut noted) = (Vec::new(), Vec::new());
        let now = self.clock.now();
        let mut readings = 0;
        for (of, all) in read.readings {
            let series = fact::series(all, request.every, MAX_READINGS)?;
            for one in series {
                readings += one.values.iter().flatten().count() as u64;
                let said = Sampled {
                    indicator: indicator.clone(),
                    about: of.clone().or_else(|| about.clone()),
                    from: one.from,
                    every: request.every,
                    values: one.values,
                    coverage: one.coverage,
                    cites: cites.clone(),
                    replaces: None,
                };
                let mut draft = self.draft(Some(party));
                let act = fact::sample(&promises.facts, party, said)?;
                noted.extend(notes(&promises, party, &act, now));
                noted.dedup();
                act.write(&mut draft);
                drafts.push(draft);
            }
        }
        drop(promises);
        let key = self.key_now(party, None)?;
        let (total, mut done, mut index) = (drafts.len() as u64, 0, None);
        let mut drafts = drafts.into_iter();
        loop {
            let batch: Vec<_> = drafts.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            done += batch.len() as u64;
            let appended = self.state_as(LogName::Public, party, &key, batch)?;
            index.get_or_insert(appended.first);
            let stage = "writing".to_owned();
            let total = Some(total);
            progress(Progress { stage, done, total });
        }
        Ok(SamplesAnswer {
            rows: read.rows,
            readings,
            statements: total,
            index,
            rejected: read.rejected,
            rejections: read
                .rejections
                .iter()
                .map(crate::import::rejected)
                .collect(),
            notes: noted,
        })
    }

    /// The fact that a request describes.
    pub(crate) fn lodged(&self, request: &FactRequest) -> Result<Lodged, Error> {
        let from = request.from.unwrap_or_else(|| self.clock.now());
        let field =
            |(name, value): (&String, &String)| Ok((code("the field", name)?, coded(name, value)?));
        let fields: Result<_, Error> = request.fields.iter().map(field).collect();
        Ok(Lodged {
            kind: named("the kind", &request.kind, Kind::new)?,
            about: optional_code("what it is about", request.about.as_ref())?,
            to: request.to.as_ref().map(|id| party_id(id)).transpose()?,
            valid: [from, request.until.unwrap_or(from)],
            fields: fields?,
            grade: optional_code("the grade", request.grade.as_ref())?,
            cites: statement_ids(&request.cites)?,
            replaces: statement_id(request.replaces.as_ref())?,
        })
    }

    fn state_fact(&self, party: PartyId, act: &Act) -> Result<FactStated, Error> {
        let mut draft = self.draft(Some(party));
        act.write(&mut draft);
        let notes = notes(&*self.promises_now()?, party, act, self.clock.now());
        let key = self.key_now(party, None)?;
        let appended = self.state_as(LogName::Public, party, &key, vec![draft])?;
        Ok(FactStated {
            statement: appended.ids[0],
            index: appended.first,
            kind: act.kind(),
            party,
            notes,
        })
    }
}

fn read_samples(path: &Path, scales: &Scales) -> Result<samples::Read, Error> {
    let open = || {
        File::open(path).map_err(|source| Error::File {
            action: "read",
            path: path.to_owned(),
            source,
        })
    };
    let fault = |source| Error::Import {
        path: path.to_owned(),
        source,
    };
    let encoding = ensign_share::table::sniff(open()?).map_err(fault)?;
    samples::read(open()?, encoding, scales, MAX_READINGS).map_err(fault)
}

/// A value of a field: a whole number, `true`, `false`, or a code.
fn coded(name: &str, value: &str) -> Result<Coded, Error> {
    Ok(match value {
        "true" => Coded::Bool(true),
        "false" => Coded::Bool(false),
        value => match value.parse::<i64>() {
            Ok(number) => Coded::Int(number.into()),
            Err(_) => code(&format!("the field {name}"), value)?.into(),
        },
    })
}

fn optional_code(what: &str, text: Option<&String>) -> Result<Option<Code>, Error> {
    text.map(|text| code(what, text)).transpose()
}

fn statement_id(text: Option<&String>) -> Result<Option<StatementId>, Error> {
    text.map(|id| id.parse().map_err(|_| not_an_id(id)))
        .transpose()
}

fn statement_ids(texts: &[String]) -> Result<Vec<StatementId>, Error> {
    let ids = texts.iter().map(|id| id.parse().map_err(|_| not_an_id(id)));
    ids.collect()
}
