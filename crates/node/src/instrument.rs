//! Commands about instruments: publishing a text, adopting, leaving, objecting, and who is bound.

use std::collections::BTreeMap;

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::accord::Reserved;
use ensign_hold::instrument::{self, Act, Adoption};
use ensign_hold::term::Published;
use ensign_hold::term::canonical::{PublishError, Sources};
use ensign_hold::term::check::{Knowledge, check, check_publication};
use ensign_hold::term::name::{HolidaysName, ParamName, Role, TermName, ZoneName};
use ensign_hold::term::parse::{parse, setting, variation};
use ensign_trust::id::StatementId;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Need;
use ensign_trust::{Code, Coded, Draft, PartyId};
use ensign_views::{AccordPage, CellRow, InstrumentRow};
use jiff::civil::Date;
use jiff::tz::TimeZoneDatabase;
use serde::{Deserialize, Serialize};

use crate::authority::parsed;
use crate::error::Error;
use crate::node::{Node, read};
use crate::note::Note;
use crate::party::{code, not_an_id, party_id};

/// How long the calendars of a text without end are compiled for, in years, where nothing is said.
const HORIZON: i16 = 20;

/// A publication that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationRequest {
    /// Who publishes.
    pub party: String,
    /// The text in the term language.
    pub text: String,
    /// Lists of holidays that its calendars name: dates as `YYYY-MM-DD`.
    pub holidays: BTreeMap<String, Vec<String>>,
    /// Last date that the calendars of a text without end must know; in 20 years if none.
    pub horizon: Option<String>,
    /// The publication of the text that this one amends.
    pub supersedes: Option<String>,
}

/// An adoption that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptionRequest {
    /// Who adopts.
    pub party: String,
    /// The digest of the text.
    pub text: String,
    /// In which roles.
    pub roles: Vec<String>,
    /// First second; now if none.
    pub from: Option<u64>,
    /// First second no more.
    pub until: Option<u64>,
    /// What it sets: name and value, as the language writes it.
    pub params: BTreeMap<String, String>,
    /// What it reserves: the term and what it accepts instead, as the language writes it; nothing
    /// where it excludes the term.
    pub reservations: Vec<(String, Option<String>)>,
}

/// A statement about an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstrumentStated {
    /// The text.
    pub text: InstrumentDigest,
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Who said it.
    pub party: PartyId,
    /// What the log does not have yet that the text relies on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// What a party would state. Nothing was stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Kind of the statement.
    pub kind: Code,
    /// What it would be about.
    pub subject: Option<Code>,
    /// Its coded fields.
    pub body: BTreeMap<Code, Coded>,
    /// Whether the party is known here and has the mandate that it needs for it now.
    pub mandated: bool,
    /// What would keep it from counting, as far as the log knows now.
    pub notes: Vec<Note>,
}

/// As of when a question about promises is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// Size of the log judged; the whole log if none.
    pub index: Option<u64>,
    /// Moment judged, Unix seconds; now if none.
    pub at: Option<i64>,
}

impl Node {
    /// Publishes a text, its calendars compiled.
    pub fn publish_instrument(
        &self,
        request: &PublicationRequest,
    ) -> Result<InstrumentStated, Error> {
        let party = party_id(&request.party)?;
        let parsed = parse(&request.text).map_err(|error| unfit("the text", &error))?;
        if let Some(lint) = check(&parsed.instrument).first() {
            let at = lint.position(&request.text, &parsed.places);
            return Err(unfit("the text", &format!("{at}: {lint}")));
        }
        let lints = check_publication(&parsed.instrument, &self.knowledge()?);
        let notes = each_once(lints.iter().map(Note::from));
        let text = self.compiled(parsed.instrument, request)?;
        let supersedes = request.supersedes.as_ref();
        let supersedes = supersedes.map(|id| id.parse().map_err(|_| not_an_id(id)));
        let key = self.key_now(party, None)?;
        let promises = self.promises_now()?;
        let publishing =
            instrument::publish(&promises.instruments, &text, supersedes.transpose()?)?;
        drop(promises);
        let mut parts = Vec::new();
        for part in &publishing.parts {
            let mut draft = self.draft(Some(party));
            part.write(&mut draft);
            parts.push(draft);
        }
        let parts = match parts.is_empty() {
            true => Vec::new(),
            false => self.state_as(LogName::Public, party, &key, parts)?.ids,
        };
        let stated = self.state_instrument(party, &publishing.publication(parts))?;
        Ok(InstrumentStated { notes, ..stated })
    }

    /// Adopts a text.
    pub fn adopt_instrument(&self, request: &AdoptionRequest) -> Result<InstrumentStated, Error> {
        let (party, act) = self.adoption(request)?;
        self.state_instrument(party, &act)
    }

    /// What a party would state by adopting a text; nothing is stated.
    pub fn preview_adoption(&self, request: &AdoptionRequest) -> Result<Preview, Error> {
        let (party, act) = self.adoption(request)?;
        Ok(self.preview(party, |draft| act.write(draft), instrument::need))
    }

    /// What a draft of a party says, and whether the party may say it now.
    pub(crate) fn preview(
        &self,
        party: PartyId,
        write: impl FnOnce(&mut Draft),
        need: impl FnOnce(&Draft) -> Option<Need>,
    ) -> Preview {
        let mut draft = self.draft(Some(party));
        write(&mut draft);
        let registry = read(&self.registry);
        let (next, now) = (u64::MAX - 1, self.clock.now());
        let mandated = registry.party(party).is_some()
            && match need(&draft) {
                Some(Need::Role { role, scope }) => registry.mandates().any(|(_, mandate)| {
                    mandate.to == party && mandate.covers(role, scope.as_ref(), next, now)
                }),
                _ => true,
            };
        Preview {
            kind: draft.kind,
            subject: draft.subject,
            body: draft.body,
            mandated,
            notes: Vec::new(),
        }
    }

    fn adoption(&self, request: &AdoptionRequest) -> Result<(PartyId, Act), Error> {
        let party = party_id(&request.party)?;
        let role = |text: &String| named("the role", text, Role::new);
        let param = |(name, value): (&String, &String)| {
            let value = setting(value).map_err(|error| unfit(name, &error))?;
            Ok((named("the parameter", name, ParamName::new)?, value))
        };
        let reservation = |(term, instead): &(String, Option<String>)| {
            let reserved = match instead {
                None => Reserved::Excludes,
                Some(text) => {
                    Reserved::Varies(variation(text).map_err(|error| unfit(term, &error))?)
                }
            };
            Ok::<_, Error>((named("the term", term, TermName::new)?, reserved))
        };
        let now = self.clock.now();
        let params: Result<_, Error> = request.params.iter().map(param).collect();
        let mut reservations = BTreeMap::new();
        for reserved in request.reservations.iter().map(reservation) {
            let (term, reserved) = reserved?;
            if reservations.contains_key(&term) {
                return Err(instrument::Refusal::ReservedTwice(term).into());
            }
            reservations.insert(term, reserved);
        }
        let adoption = Adoption {
            text: parsed("the text", &request.text)?,
            roles: request.roles.iter().map(role).collect::<Result<_, _>>()?,
            from: request.from.unwrap_or(now),
            until: request.until,
            params: params?,
            reservations,
        };
        let promises = self.promises_now()?;
        let act = instrument::adopt(&promises.instruments, party, adoption, now)?;
        Ok((party, act))
    }

    /// Ends a party's adoption; now, where nothing is said.
    pub fn leave_instrument(
        &self,
        party: &str,
        text: &str,
        until: Option<u64>,
        reason: &str,
    ) -> Result<InstrumentStated, Error> {
        let party = party_id(party)?;
        let text = parsed("the text", text)?;
        let reason = code("the reason", reason)?;
        let now = self.clock.now();
        let until = until.unwrap_or(now);
        let promises = self.promises_now()?;
        let act = instrument::withdraw(&promises.instruments, party, text, until, reason, now)?;
        drop(promises);
        self.state_instrument(party, &act)
    }

    /// Objects to another party's reservation.
    pub fn object_to_reservation(
        &self,
        party: &str,
        text: &str,
        against: &str,
        term: &str,
    ) -> Result<InstrumentStated, Error> {
        let (party, against) = (party_id(party)?, party_id(against)?);
        let text = parsed("the text", text)?;
        let term = named("the term", term, TermName::new)?;
        let promises = self.promises_now()?;
        let act = instrument::object(&promises.instruments, party, text, against, term)?;
        drop(promises);
        self.state_instrument(party, &act)
    }

    /// Lists texts, in the order of the log.
    pub fn list_instruments(&self, asked: Judged) -> Result<Vec<InstrumentRow>, Error> {
        Ok(self.views.instruments(self.judged(asked)?)?)
    }

    /// A text, who is bound by it, and what its duties have come to.
    pub fn show_instrument(&self, text: &str, asked: Judged) -> Result<AccordPage, Error> {
        let digest = self.digest_of(text, asked)?;
        let page = self.views.accord(digest, self.judged(asked)?)?;
        page.ok_or_else(|| Error::NotFound {
            id: text.to_owned(),
        })
    }

    /// What is in force between whom, with the reason.
    pub fn matrix(&self, text: Option<&str>, asked: Judged) -> Result<Vec<CellRow>, Error> {
        let text = text.map(|text| self.digest_of(text, asked)).transpose()?;
        Ok(self.views.matrix(text, self.judged(asked)?)?)
    }

    /// What the log says about promises now.
    pub(crate) fn promises_now(&self) -> Result<std::sync::Arc<ensign_views::Promises>, Error> {
        let size = self.views.position(LogName::Public)?;
        Ok(self.views.promises(size)?)
    }

    /// A text by its digest, or by its name: the last one of that name.
    fn digest_of(&self, text: &str, asked: Judged) -> Result<InstrumentDigest, Error> {
        let digest: Option<InstrumentDigest> = text.parse().ok();
        let known = self.list_instruments(asked)?;
        let is_it = |row: &&InstrumentRow| match digest {
            Some(digest) => row.text == digest,
            None => row.name == text,
        };
        let named = known.iter().rev().find(is_it);
        named.map(|row| row.text).ok_or_else(|| Error::NotFound {
            id: text.to_owned(),
        })
    }

    fn compiled(
        &self,
        instrument: ensign_hold::term::ast::Instrument,
        request: &PublicationRequest,
    ) -> Result<Published, Error> {
        let mut lists = BTreeMap::new();
        for (name, dates) in &request.holidays {
            let dates: Result<Vec<Date>, Error> = dates.iter().map(|text| date(text)).collect();
            lists.insert(name.as_str(), dates?);
        }
        let horizon = match &request.horizon {
            Some(text) => date(text)?,
            None => {
                let from = instrument.in_force.from;
                let later = from.year().saturating_add(HORIZON).min(9998);
                Date::new(later, 12, 31).unwrap_or(from)
            }
        };
        let sources = Sources {
            zones: &|zone: &ZoneName| TimeZoneDatabase::bundled().get(zone.as_str()).ok(),
            holidays: &|name: &HolidaysName| lists.get(name.as_str()).cloned(),
            horizon,
        };
        Published::compile(instrument, &sources).map_err(|error| match error {
            PublishError::UnknownHolidays { calendar, holidays } => {
                Error::Holidays { calendar, holidays }
            }
            error => unfit("the text", &error),
        })
    }

    /// What the log has that a text may rely on.
    fn knowledge(&self) -> Result<Knowledge, Error> {
        let promises = self.promises_now()?;
        let adoptions = promises.instruments.accord().adoptions.iter();
        let lodged = promises.facts.all().iter();
        let registers = lodged.filter_map(|fact| parse_register(fact.kind.as_str()));
        Ok(Knowledge {
            roles: adoptions.flat_map(|it| it.roles.clone()).collect(),
            registers: registers.collect(),
            ..Knowledge::default()
        })
    }

    fn state_instrument(&self, party: PartyId, act: &Act) -> Result<InstrumentStated, Error> {
        let mut draft = self.draft(Some(party));
        act.write(&mut draft);
        let key = self.key_now(party, None)?;
        let appended = self.state_as(LogName::Public, party, &key, vec![draft])?;
        Ok(InstrumentStated {
            text: act.text(),
            statement: appended.ids[0],
            index: appended.first,
            party,
            notes: Vec::new(),
        })
    }
}

/// Reads a name of the language from a command.
pub(crate) fn named<T, E: std::fmt::Display>(
    what: &str,
    text: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Error> {
    read(text).map_err(|error| unfit(&format!("{what} {text:?}"), &error))
}

fn unfit(what: &str, why: &dyn std::fmt::Display) -> Error {
    Error::Unfit {
        what: what.to_owned(),
        why: why.to_string(),
    }
}

/// Notes in their order: a role that many clauses name is vacant once.
fn each_once(notes: impl Iterator<Item = Note>) -> Vec<Note> {
    let mut kept: Vec<Note> = Vec::new();
    for note in notes {
        if !kept.contains(&note) {
            kept.push(note);
        }
    }
    kept
}

fn parse_register(kind: &str) -> Option<ensign_hold::term::name::Register> {
    ensign_hold::term::name::Register::new(kind).ok()
}

fn date(text: &str) -> Result<Date, Error> {
    let date: Option<Date> = text.parse().ok();
    let exact = date.filter(|date| date.to_string() == text);
    exact.ok_or_else(|| Error::Argument {
        what: format!("the date {text:?}"),
        expected: "a date of the form 2027-05-10",
    })
}
