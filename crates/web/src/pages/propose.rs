//! What a party would state by adopting a text or attesting a week, before it is stated. Nothing is
//! written here: the command that states it is shown to whoever holds the party's key.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_node::fact::FUNCTIONALITY;
use ensign_trust::{Code, Coded, PartyId};

use crate::answer::promises::{Accord, Preview};
use crate::ask::When;
use crate::ask::promises::{AdoptionAsked, AttestationAsked};
use crate::fault::{Fault, Wrong, internal};
use crate::pages::deadlines::Choice;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, html};
use crate::read::Reader;
use crate::read::proposals::{Previewed, Refused};
use crate::site::Site;

/// Most parties that a list offers; where there are more, the id is written into a field.
const MAX_CHOICES: usize = 300;

/// How far a facility worked, in quarters as surveys of health facilities ask.
const QUARTERS: [u64; 5] = [0, 25, 50, 75, 100];

#[derive(Template)]
#[template(path = "adopt.html")]
struct AdoptPage {
    w: Words,
    shell: Shell,
    accord: Accord,
    parties: Vec<Choice>,
    asked: AdoptionAsked,
    outcome: Option<Outcome>,
}

#[derive(Template)]
#[template(path = "attest.html")]
struct AttestPage {
    w: Words,
    shell: Shell,
    parties: Vec<Choice>,
    asked: AttestationAsked,
    outcome: Option<Outcome>,
}

/// What came of a proposal.
enum Outcome {
    /// What would be stated.
    Preview(Box<Preview>),
    /// Why nothing would be.
    Refused(Refused),
    /// What is still to be filled in, by the name of its field.
    Absent(String),
}

pub(crate) async fn adopt(
    State(site): State<Site>,
    Path((_, id)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let asked = AdoptionAsked::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let accord = reader.accord(&id, &When::default())?;
        let shell = Shell::new(reader, asking.locale, Here::Accords, asking.place())?;
        let w = shell.words();
        let preview = asked.as_ref().map(|it| reader.preview_adoption(&id, it));
        let outcome = preview.map(outcome).transpose()?;
        let asked = asked.unwrap_or_default();
        html(&AdoptPage {
            w,
            parties: parties(reader, asked.party)?,
            accord,
            shell,
            asked,
            outcome,
        })
    })
    .await
}

pub(crate) async fn attest(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let asked = AttestationAsked::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let shell = Shell::new(reader, asking.locale, Here::Attest, asking.place())?;
        let w = shell.words();
        let preview = asked.as_ref().map(|it| reader.preview_attestation(it));
        let outcome = preview.map(outcome).transpose()?;
        let asked = asked.unwrap_or_default();
        html(&AttestPage {
            w,
            parties: parties(reader, asked.party)?,
            shell,
            asked,
            outcome,
        })
    })
    .await
}

/// What is left out of a form is no fault of the address.
fn outcome(previewed: Result<Previewed, Fault>) -> Result<Outcome, Fault> {
    match previewed {
        Ok(Ok(preview)) => Ok(Outcome::Preview(Box::new(preview))),
        Ok(Err(refused)) => Ok(Outcome::Refused(refused)),
        Err(Fault::Parameter {
            name,
            wrong: Wrong::Absent,
            ..
        }) => Ok(Outcome::Absent(name)),
        Err(fault) => Err(fault),
    }
}

/// The parties that the log knows, by name; none where they are too many to choose from.
fn parties(reader: &Reader<'_>, chosen: Option<PartyId>) -> Result<Vec<Choice>, Fault> {
    let known = reader.node().parties().map_err(internal)?;
    if known.len() > MAX_CHOICES {
        return Ok(Vec::new());
    }
    let mut choices = Vec::new();
    for row in known {
        let named = reader.named_party(row.party)?;
        choices.push(Choice {
            word: named.name.unwrap_or_else(|| named.party.clone()),
            chosen: chosen == Some(row.party),
            code: named.party,
        });
    }
    choices.sort_by(|a, b| (&a.word, &a.code).cmp(&(&b.word, &b.code)));
    Ok(choices)
}

/// A coded field as a text.
fn coded(value: &Coded) -> String {
    match value {
        Coded::Code(code) => code.to_string(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

impl AdoptPage {
    fn is_role(&self, role: &str) -> bool {
        self.asked.roles.iter().any(|it| it == role)
    }

    fn is_excluded(&self, term: &str) -> bool {
        self.asked.except.iter().any(|it| it == term)
    }

    fn set(&self, name: &str) -> &str {
        self.asked.set.get(name).map_or("", String::as_str)
    }

    fn instead(&self, term: &str) -> &str {
        self.asked.instead.get(term).map_or("", String::as_str)
    }

    fn coded(&self, field: &(&Code, &Coded)) -> String {
        coded(field.1)
    }

    fn party(&self) -> String {
        let party = self.asked.party.map(|party| party.to_string());
        party.unwrap_or_default()
    }

    /// The command that gives a party the mandate to bind itself.
    fn mandate(&self, party: &str) -> String {
        format!("ensign mandate grant --to {party} --role signatory")
    }

    fn fields<'a>(&self, preview: &'a Preview) -> Vec<(&'a Code, &'a Coded)> {
        preview.body.iter().collect()
    }
}

impl AttestPage {
    fn quarters(&self) -> [u64; 5] {
        QUARTERS
    }

    fn is_percent(&self, percent: &u64) -> bool {
        self.asked.percent == Some(*percent)
    }

    fn about(&self) -> &str {
        self.asked.about.as_deref().unwrap_or_default()
    }

    fn indicator(&self) -> &str {
        self.asked.indicator.as_deref().unwrap_or(FUNCTIONALITY)
    }

    fn from(&self) -> String {
        day(self.asked.from)
    }

    fn party(&self) -> String {
        let party = self.asked.party.map(|party| party.to_string());
        party.unwrap_or_default()
    }

    fn coded(&self, field: &(&Code, &Coded)) -> String {
        coded(field.1)
    }

    fn fields<'a>(&self, preview: &'a Preview) -> Vec<(&'a Code, &'a Coded)> {
        preview.body.iter().collect()
    }
}

/// The day of a moment in UTC, as a field for dates takes it.
fn day(second: Option<u64>) -> String {
    let second = second.and_then(|second| i64::try_from(second).ok());
    let moment = second.and_then(|second| jiff::Timestamp::from_second(second).ok());
    let moment = moment.map(|it| it.to_zoned(jiff::tz::TimeZone::UTC).date().to_string());
    moment.unwrap_or_default()
}
