//! What a party would state: decided as the statement itself is, and stated nowhere.

use ensign_node::fact::{AttestationRequest, FUNCTIONALITY};
use ensign_node::instrument::AdoptionRequest;
use ensign_trust::PartyId;

use super::Reader;
use crate::answer::promises::{DutyJudged, Preview, StatementNote};
use crate::ask::When;
use crate::ask::promises::{AdoptionAsked, AttestationAsked};
use crate::fault::{Fault, Wrong};

/// Seconds of an hour: an attestation gives a sample for each.
const HOUR: u64 = 3_600;

/// A week of them.
const WEEK: u64 = 7 * 24 * HOUR;

/// A preview, or why nothing would be stated.
pub(crate) type Previewed = Result<Preview, Refused>;

/// Why nothing would be stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// As a code.
    pub(crate) code: &'static str,
    /// In the program's own words.
    pub(crate) says: String,
}

impl Reader<'_> {
    /// What a party would state by adopting a text. Nothing is stated.
    pub(crate) fn preview_adoption(
        &self,
        id: &str,
        asked: &AdoptionAsked,
    ) -> Result<Previewed, Fault> {
        let (judged, as_of) = self.duty_judged(&When::default())?;
        let text = self.text_of(id, as_of)?;
        let party = asked.party.ok_or_else(|| absent("party"))?;
        let excluded = asked.except.iter().map(|term| (term.clone(), None));
        let varied = asked.instead.iter();
        let varied = varied.map(|(term, it)| (term.clone(), Some(it.clone())));
        let request = AdoptionRequest {
            party: party.to_string(),
            text: text.to_string(),
            roles: asked.roles.clone(),
            from: asked.from,
            until: asked.until,
            params: asked.set.clone(),
            reservations: excluded.chain(varied).collect(),
        };
        let previewed = match self.node.preview_adoption(&request) {
            Ok(previewed) => previewed,
            Err(error) => return Ok(Err(refused(&error))),
        };
        let mut command = format!("ensign instrument adopt {text} --by {party}");
        for role in &asked.roles {
            command += &format!(" --role {}", quoted(role));
        }
        for (name, value) in &asked.set {
            command += &format!(" --set {}", quoted(&format!("{name}={value}")));
        }
        for term in &asked.except {
            command += &format!(" --except {}", quoted(term));
        }
        for (term, instead) in &asked.instead {
            command += &format!(" --instead {}", quoted(&format!("{term}={instead}")));
        }
        for (flag, at) in [("from", asked.from), ("until", asked.until)] {
            command += &at.map_or(String::new(), |at| format!(" --{flag} {at}"));
        }
        Ok(Ok(self.preview(judged, party, previewed, command)?))
    }

    /// What a party would attest. Nothing is stated.
    pub(crate) fn preview_attestation(&self, asked: &AttestationAsked) -> Result<Previewed, Fault> {
        let (judged, _) = self.duty_judged(&When::default())?;
        let party = asked.party.ok_or_else(|| absent("party"))?;
        let about = asked.about.clone().ok_or_else(|| absent("about"))?;
        let percent = asked.percent.ok_or_else(|| absent("percent"))?;
        let from = asked.from.ok_or_else(|| absent("from"))?;
        let until = asked.until.unwrap_or(from.saturating_add(WEEK));
        let request = AttestationRequest {
            party: party.to_string(),
            about: about.clone(),
            percent,
            indicator: asked.indicator.clone(),
            from,
            until: Some(until),
            replaces: None,
        };
        let previewed = match self.node.preview_attestation(&request) {
            Ok(previewed) => previewed,
            Err(error) => return Ok(Err(refused(&error))),
        };
        let mut command = format!(
            "ensign fact attest {} {percent} --by {party}",
            quoted(&about)
        );
        if let Some(indicator) = asked.indicator.as_deref().filter(|it| *it != FUNCTIONALITY) {
            command += &format!(" --indicator {}", quoted(indicator));
        }
        command += &format!(" --from {from}");
        command += &asked
            .until
            .map_or(String::new(), |until| format!(" --until {until}"));
        let preview = self.preview(judged, party, previewed, command)?;
        Ok(Ok(Preview {
            samples: (until - from).div_ceil(HOUR),
            coverage: Some([from, until - 1]),
            ..preview
        }))
    }

    fn preview(
        &self,
        judged: DutyJudged,
        party: PartyId,
        previewed: ensign_node::instrument::Preview,
        command: String,
    ) -> Result<Preview, Fault> {
        Ok(Preview {
            judged,
            party: self.named_party(party)?,
            kind: previewed.kind.to_string(),
            subject: previewed.subject.map(|subject| subject.to_string()),
            body: previewed.body,
            mandated: previewed.mandated,
            notes: previewed
                .notes
                .into_iter()
                .map(|ensign_node::Note { code, text }| StatementNote { code, text })
                .collect(),
            samples: 0,
            coverage: None,
            command,
        })
    }
}

fn refused(error: &ensign_node::Error) -> Refused {
    Refused {
        code: error.code(),
        says: error.to_string(),
    }
}

fn absent(name: &str) -> Fault {
    Fault::Parameter {
        name: name.to_owned(),
        value: String::new(),
        wrong: Wrong::Absent,
    }
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._:/=+-,%".contains(it);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
