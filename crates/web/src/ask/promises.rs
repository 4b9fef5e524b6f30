//! What is asked about promises.

use std::collections::BTreeMap;

use axum::http::Uri;
use ensign_hold::InstrumentDigest;
use ensign_trust::PartyId;
use ensign_views::{DeadlineCursor, DeadlineState};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Asked, When, moment, wrong};
use crate::fault::{Fault, Wrong};

/// Which duties, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeadlinesAsked {
    pub(crate) when: When,
    pub(crate) text: Option<InstrumentDigest>,
    pub(crate) party: Option<PartyId>,
    pub(crate) state: DeadlineState,
    /// A day of the week in which they run out.
    pub(crate) week: Option<Date>,
    pub(crate) after: Option<DeadlineCursor>,
    pub(crate) limit: Option<usize>,
}

/// Which cells of the matrix, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CellsAsked {
    pub(crate) when: When,
    pub(crate) term: Option<String>,
    pub(crate) party: Option<PartyId>,
    pub(crate) changed: bool,
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// What a party would adopt. Nothing is stated by asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AdoptionAsked {
    pub(crate) party: Option<PartyId>,
    pub(crate) roles: Vec<String>,
    pub(crate) from: Option<u64>,
    pub(crate) until: Option<u64>,
    /// What it sets, by parameter.
    pub(crate) set: BTreeMap<String, String>,
    /// Terms that it does not accept.
    pub(crate) except: Vec<String>,
    /// What it accepts instead, by term.
    pub(crate) instead: BTreeMap<String, String>,
}

/// What a party would attest. Nothing is stated by asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AttestationAsked {
    pub(crate) party: Option<PartyId>,
    pub(crate) about: Option<String>,
    pub(crate) indicator: Option<String>,
    pub(crate) percent: Option<u64>,
    pub(crate) from: Option<u64>,
    pub(crate) until: Option<u64>,
}

/// What [`DeadlinesAsked`] filters by, as OpenAPI describes it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct DeadlineParameters {
    /// Digest of the text.
    text: Option<String>,
    /// Id of a party that owes or is owed.
    party: Option<String>,
    /// `open` (something can still be done about it), `all`, or the code of a status.
    #[param(default = "open")]
    state: Option<String>,
    /// A day of the week (Monday to Sunday, UTC) in which they run out.
    #[param(format = Date)]
    week: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Most rows of the answer.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u16>,
}

/// What [`CellsAsked`] filters by, as OpenAPI describes it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct CellParameters {
    /// Name of a term.
    term: Option<String>,
    /// Id of a party that owes or is owed.
    party: Option<String>,
    /// Only what is not in force as it is written.
    changed: Option<bool>,
    /// The `next` of the page before.
    after: Option<u64>,
    /// Most rows of the answer.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u16>,
}

/// The parameters of [`AdoptionAsked`], as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct AdoptionParameters {
    /// Id of the party.
    party: String,
    /// A role; may be repeated.
    role: Vec<String>,
    /// First moment; now where absent.
    from: Option<String>,
    /// First moment no more.
    until: Option<String>,
    /// What it sets, as `NAME=VALUE`; may be repeated.
    set: Vec<String>,
    /// A term that it does not accept; may be repeated.
    except: Vec<String>,
    /// What it accepts instead of a term, as `TERM=(...)`; may be repeated.
    instead: Vec<String>,
}

/// The parameters of [`AttestationAsked`], as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct AttestationParameters {
    /// Id of the party that attests.
    party: String,
    /// The facility, as a code.
    about: String,
    /// How far it worked.
    #[param(example = 50)]
    percent: u64,
    /// What is attested.
    #[param(default = "service.functionality")]
    indicator: Option<String>,
    /// First moment, or the first day.
    from: String,
    /// First moment no more; a week later where absent.
    until: Option<String>,
}

impl DeadlinesAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let when = asked.when()?;
        let text = asked.parsed("text", Wrong::Code)?;
        let party = asked.parsed("party", Wrong::Code)?;
        let state = asked.parsed("state", Wrong::Choice)?.unwrap_or_default();
        let week = asked.date("week")?;
        let (after, limit) = (asked.parsed("after", Wrong::Place)?, asked.limit()?);
        asked.end()?;
        Ok(DeadlinesAsked {
            when,
            text,
            party,
            state,
            week: week.and_then(|week| week.as_str().parse().ok()),
            after,
            limit,
        })
    }

    /// The seconds of the week that is asked for.
    pub(crate) fn between(&self) -> Option<[i64; 2]> {
        let monday = week_of(self.week?);
        let start = monday.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        let start = start.timestamp().as_second();
        Some([start, start + 7 * 86_400 - 1])
    }
}

/// The Monday of the week of a day.
pub(crate) fn week_of(day: Date) -> Date {
    let since = i64::from(day.weekday().since(jiff::civil::Weekday::Monday));
    day.checked_sub(jiff::Span::new().days(since))
        .unwrap_or(day)
}

impl CellsAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let when = asked.when()?;
        let term = asked.code("term")?.map(|term| term.to_string());
        let party = asked.parsed("party", Wrong::Code)?;
        let changed = asked.yes_or_no("changed")?.unwrap_or(false);
        let (after, limit) = (asked.parsed("after", Wrong::Number)?, asked.limit()?);
        asked.end()?;
        Ok(CellsAsked {
            when,
            term,
            party,
            changed,
            after,
            limit,
        })
    }
}

impl AdoptionAsked {
    /// What is asked; nothing where the question is empty.
    pub(crate) fn read(uri: &Uri) -> Result<Option<Self>, Fault> {
        let mut asked = Asked::of(uri)?;
        let is_empty = asked.left.is_empty();
        let party = asked.parsed("party", Wrong::Code)?;
        let roles = asked.all("role");
        let from = asked.begins("from")?;
        let until = asked.begins("until")?;
        let mut set: BTreeMap<String, String> = BTreeMap::new();
        let mut instead: BTreeMap<String, String> = BTreeMap::new();
        for (name, into) in [("set", &mut set), ("instead", &mut instead)] {
            for pair in asked.all(name) {
                let Some((key, value)) = pair.split_once('=') else {
                    return Err(wrong(name, &pair, Wrong::Choice));
                };
                // A form sends each of its fields, also one that was left empty.
                let before = match value.is_empty() {
                    true => None,
                    false => into.insert(key.to_owned(), value.to_owned()),
                };
                if before.is_some() {
                    return Err(wrong(name, &pair, Wrong::Repeated));
                }
            }
        }
        // So that a form needs no script: a field of its own for each name.
        for (prefix, into) in [("set.", &mut set), ("instead.", &mut instead)] {
            into.extend(asked.prefixed(prefix));
        }
        let except = asked.all("except");
        asked.end()?;
        Ok((!is_empty).then_some(AdoptionAsked {
            party,
            roles,
            from,
            until,
            set,
            except,
            instead,
        }))
    }
}

impl AttestationAsked {
    /// What is asked; nothing where the question is empty.
    pub(crate) fn read(uri: &Uri) -> Result<Option<Self>, Fault> {
        let mut asked = Asked::of(uri)?;
        let is_empty = asked.left.is_empty();
        let party = asked.parsed("party", Wrong::Code)?;
        let about = asked.code("about")?.map(|about| about.to_string());
        let indicator = asked.code("indicator")?;
        let percent = asked.parsed("percent", Wrong::Number)?;
        let from = asked.begins("from")?;
        let until = asked.begins("until")?;
        asked.end()?;
        Ok((!is_empty).then_some(AttestationAsked {
            party,
            about,
            indicator: indicator.map(|indicator| indicator.to_string()),
            percent,
            from,
            until,
        }))
    }
}

impl Asked {
    /// All values of a parameter that may be repeated.
    fn all(&mut self, name: &str) -> Vec<String> {
        let (found, left) = std::mem::take(&mut self.left)
            .into_iter()
            .partition(|(key, _)| key == name);
        self.left = left;
        let found: Vec<(String, String)> = found;
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// The parameters whose name begins like this, by the rest of it.
    fn prefixed(&mut self, prefix: &str) -> BTreeMap<String, String> {
        let (found, left) = std::mem::take(&mut self.left)
            .into_iter()
            .partition(|(key, _)| key.starts_with(prefix));
        self.left = left;
        let found: Vec<(String, String)> = found;
        let rest = |(key, value): (String, String)| (key[prefix.len()..].to_owned(), value);
        found.into_iter().map(rest).collect()
    }

    /// A moment, or the beginning of a day in UTC.
    fn begins(&mut self, name: &str) -> Result<Option<u64>, Fault> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        if let Ok(day) = value.parse::<Date>()
            && day.to_string() == value
        {
            let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok();
            let start = start.and_then(|start| u64::try_from(start.timestamp().as_second()).ok());
            return start
                .map(Some)
                .ok_or_else(|| wrong(name, &value, Wrong::Moment));
        }
        moment(name, &value).map(Some)
    }
}
