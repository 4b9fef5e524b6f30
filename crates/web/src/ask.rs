//! What a request asks for: its parameters, read strictly. A parameter that is not known, given
//! twice or malformed is a fault: an answer that left it out would be taken for what was asked.
//! An empty one is the same as none, because a form sends every field that it has.

pub(crate) mod promises;

use std::str::FromStr;

use axum::extract::Query;
use axum::http::Uri;
use ensign_mark::asset::{Kind, Outcome};
use ensign_trust::{AssetId, Code};
use ensign_views::{ChangeCursor, ChangeKind, Filter, IncidentCursor};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::fault::{Fault, Wrong};

/// Rows of a page where the request names no number.
pub(crate) const ROWS: usize = 50;

/// Which incidents, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IncidentsAsked {
    pub(crate) filter: Filter,
    pub(crate) after: Option<IncidentCursor>,
    pub(crate) limit: Option<usize>,
}

/// Which changes of a source, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ChangesAsked {
    pub(crate) kind: Option<ChangeKind>,
    pub(crate) after: Option<ChangeCursor>,
    pub(crate) limit: Option<usize>,
}

/// Where in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LogAsked {
    pub(crate) before: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// As of when a question to the register is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct When {
    /// The time judged; now where absent.
    pub(crate) at: Option<u64>,
    /// The size of the log judged; all of it where absent.
    pub(crate) index: Option<u64>,
    /// Whether only what was received by the time judged counts.
    pub(crate) then: bool,
}

/// Which assets, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AssetsAsked {
    pub(crate) when: When,
    pub(crate) kind: Option<Kind>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) before: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// Which emblems, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EmblemsAsked {
    pub(crate) when: When,
    pub(crate) asset: Option<AssetId>,
    pub(crate) before: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// Which recognitions of authorities, and where in their list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AuthoritiesAsked {
    pub(crate) when: When,
    pub(crate) organisation: Option<String>,
    pub(crate) before: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// The parameters of [`When`], as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct WhenParameters {
    /// The time judged, in Unix seconds or as RFC 3339 writes it; now where absent.
    #[param(example = "2026-11-22T08:00:00Z")]
    at: Option<String>,
    /// Size of the log judged: statements from this index on are not known.
    index: Option<u64>,
    /// `now`, or `then`: only what was received by the time judged counts.
    known: Option<String>,
}

/// The parameters of lists of the register, as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct ListParameters {
    /// Only those from before this index: the `next` of the page before.
    before: Option<u64>,
    /// Most rows of the answer.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u16>,
}

/// What [`AssetsAsked`] filters by, as OpenAPI describes it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct AssetParameters {
    /// Kind of asset.
    #[param(example = "domain")]
    kind: Option<String>,
    /// The answer.
    #[param(example = "recognised")]
    outcome: Option<String>,
}

/// What [`EmblemsAsked`] filters by, as OpenAPI describes it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct EmblemParameters {
    /// Id of the asset that bears them.
    asset: Option<String>,
}

/// What [`AuthoritiesAsked`] filters by, as OpenAPI describes it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct AuthorityParameters {
    /// The organisation that is recognised.
    #[param(example = "https://authority.example")]
    organisation: Option<String>,
}

/// The parameters of [`IncidentsAsked`], as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct IncidentsParameters {
    /// Code of the source.
    source: Option<String>,
    /// Code of the country or territory.
    #[param(example = "XKX")]
    country: Option<String>,
    /// Code of the level of certainty.
    certainty: Option<String>,
    /// Code of an attack type, among others.
    attack_type: Option<String>,
    /// First date, inclusive.
    #[param(format = Date)]
    from: Option<String>,
    /// Last date, inclusive.
    #[param(format = Date)]
    until: Option<String>,
    /// With a change since they were first stated, or without one.
    changed: Option<bool>,
    /// In the last export that covers their date, or not.
    listed: Option<bool>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Most rows of the answer.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u16>,
}

/// The parameters of [`ChangesAsked`], as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct ChangesParameters {
    /// `absent`, `added_late`, `changed` or `listed_again`.
    kind: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Most rows of the answer.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u16>,
}

/// The parameters of [`LogAsked`], as OpenAPI describes them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "the description of parameters that are read by hand"
)]
pub(crate) struct LogParameters {
    /// Only entries before this index: the `next` of the page before.
    before: Option<u64>,
    /// Most rows of the answer.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u16>,
}

impl IncidentsAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let filter = Filter {
            source: asked.code("source")?,
            country: asked.code("country")?,
            certainty: asked.code("certainty")?,
            attack_type: asked.code("attack_type")?,
            from: asked.date("from")?,
            until: asked.date("until")?,
            changed: asked.yes_or_no("changed")?,
            listed: asked.yes_or_no("listed")?,
        };
        if let (Some(from), Some(until)) = (&filter.from, &filter.until)
            && from.as_str() > until.as_str()
        {
            return Err(wrong("from", from.as_str(), Wrong::Order));
        }
        let (after, limit) = (asked.parsed("after", Wrong::Place)?, asked.limit()?);
        asked.end()?;
        Ok(IncidentsAsked {
            filter,
            after,
            limit,
        })
    }
}

impl ChangesAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let kind = asked.parsed("kind", Wrong::Choice)?;
        let (after, limit) = (asked.parsed("after", Wrong::Place)?, asked.limit()?);
        asked.end()?;
        Ok(ChangesAsked { kind, after, limit })
    }
}

impl LogAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let before = asked.parsed::<u64>("before", Wrong::Number)?;
        let limit = asked.limit()?;
        asked.end()?;
        Ok(LogAsked { before, limit })
    }
}

impl When {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let when = asked.when()?;
        asked.end()?;
        Ok(when)
    }
}

impl AssetsAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let when = asked.when()?;
        let kind = asked.parsed("kind", Wrong::Choice)?;
        let outcome = match asked.take("outcome") {
            None => None,
            Some(code) => {
                let found = Outcome::ALL.into_iter().find(|it| it.code() == code);
                Some(found.ok_or_else(|| wrong("outcome", &code, Wrong::Choice))?)
            }
        };
        let (before, limit) = (asked.parsed("before", Wrong::Number)?, asked.limit()?);
        asked.end()?;
        Ok(AssetsAsked {
            when,
            kind,
            outcome,
            before,
            limit,
        })
    }
}

impl EmblemsAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let when = asked.when()?;
        let asset = asked.parsed("asset", Wrong::Code)?;
        let (before, limit) = (asked.parsed("before", Wrong::Number)?, asked.limit()?);
        asked.end()?;
        Ok(EmblemsAsked {
            when,
            asset,
            before,
            limit,
        })
    }
}

impl AuthoritiesAsked {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut asked = Asked::of(uri)?;
        let when = asked.when()?;
        let organisation = asked.take("organisation");
        let (before, limit) = (asked.parsed("before", Wrong::Number)?, asked.limit()?);
        asked.end()?;
        Ok(AuthoritiesAsked {
            when,
            organisation,
            before,
            limit,
        })
    }
}

/// A moment, in Unix seconds or as RFC 3339 writes it.
pub(crate) fn moment(name: &str, value: &str) -> Result<u64, Fault> {
    let moment = match value.parse::<i64>() {
        Ok(second) => jiff::Timestamp::from_second(second),
        Err(_) => value.parse(),
    };
    let second = moment.map(|moment| u64::try_from(moment.as_second()));
    match second {
        Ok(Ok(second)) => Ok(second),
        _ => Err(wrong(name, value, Wrong::Moment)),
    }
}

/// Refuses any parameter.
pub(crate) fn nothing(uri: &Uri) -> Result<(), Fault> {
    Asked::of(uri)?.end()
}

/// Whether an address asks as of another moment or size than now.
pub(crate) fn names_moment(uri: &Uri) -> bool {
    let given = Asked::of(uri).map(|asked| asked.left).unwrap_or_default();
    given
        .iter()
        .any(|(name, _)| matches!(name.as_str(), "at" | "index"))
}

/// The parameters that have not been read yet, and the names of those that have.
struct Asked {
    left: Vec<(String, String)>,
    read: Vec<String>,
}

impl Asked {
    fn of(uri: &Uri) -> Result<Self, Fault> {
        let query = uri.query().unwrap_or_default();
        let Query(mut left) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| wrong("?", query, Wrong::Unknown))?;
        left.retain(|(_, value)| !value.is_empty());
        Ok(Asked {
            left,
            read: Vec::new(),
        })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.read.push(name.to_owned());
        let at = self.left.iter().position(|(key, _)| key == name)?;
        Some(self.left.remove(at).1)
    }

    fn parsed<T: FromStr>(&mut self, name: &str, why: Wrong) -> Result<Option<T>, Fault> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        value
            .parse()
            .map(Some)
            .map_err(|_| wrong(name, &value, why))
    }

    fn code(&mut self, name: &str) -> Result<Option<Code>, Fault> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        Code::new(value.as_str())
            .map(Some)
            .map_err(|_| wrong(name, &value, Wrong::Code))
    }

    fn date(&mut self, name: &str) -> Result<Option<Code>, Fault> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let day: Option<jiff::civil::Date> = value.parse().ok();
        // A parser of dates takes more spellings than the one in which dates are compared.
        let canonical = day.is_some_and(|day| day.to_string() == value);
        let code = canonical.then(|| Code::new(value.as_str()).ok()).flatten();
        code.map(Some)
            .ok_or_else(|| wrong(name, &value, Wrong::Date))
    }

    fn yes_or_no(&mut self, name: &str) -> Result<Option<bool>, Fault> {
        self.parsed(name, Wrong::Choice)
    }

    fn when(&mut self) -> Result<When, Fault> {
        let at = self.take("at").map(|at| moment("at", &at)).transpose()?;
        let index = self.parsed("index", Wrong::Number)?;
        let then = match self.take("known").as_deref() {
            None | Some("now") => false,
            Some("then") => true,
            Some(other) => return Err(wrong("known", other, Wrong::Choice)),
        };
        Ok(When { at, index, then })
    }

    fn limit(&mut self) -> Result<Option<usize>, Fault> {
        let Some(value) = self.take("limit") else {
            return Ok(None);
        };
        let number = value
            .parse()
            .ok()
            .filter(|it| (1..=ensign_views::MAX_PAGE).contains(it));
        number
            .map(Some)
            .ok_or_else(|| wrong("limit", &value, Wrong::Number))
    }

    /// Whatever is left was asked twice or is not known.
    fn end(self) -> Result<(), Fault> {
        let Some((name, value)) = self.left.into_iter().next() else {
            return Ok(());
        };
        let why = if self.read.contains(&name) {
            Wrong::Repeated
        } else {
            Wrong::Unknown
        };
        Err(wrong(&name, &value, why))
    }
}

fn wrong(name: &str, value: &str, wrong: Wrong) -> Fault {
    Fault::Parameter {
        name: name.to_owned(),
        value: value.to_owned(),
        wrong,
    }
}
