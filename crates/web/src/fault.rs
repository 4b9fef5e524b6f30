//! Why a request is not answered with what it asks for: one fault, told as a page in the reader's
//! language or as a problem (RFC 9457) in the API.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ensign_trust::RecordId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::party::Fallen;
use crate::answer::taken::TakenBack;
use crate::site::MAX_BODY;

/// A fault. It becomes a response without a body that carries the fault; the layer of the pages or
/// that of the API puts words to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The source's id is used by several sources.
    Ambiguous { id: String, records: Vec<RecordId> },
    /// What it was rests on revoked keys alone.
    Fallen(Box<Fallen>),
    /// What was sent is no form.
    Form,
    /// Another site may have sent this, or it was sent from a page of before signing in.
    Forged,
    /// No token was shown.
    NoToken,
    /// Somebody may not do this, or it is not there for them.
    Person {
        code: &'static str,
        says: String,
        status: u16,
        /// Seconds after which another try counts.
        after: Option<u64>,
    },
    /// What was sent to be verified cannot be.
    Given { why: String },
    /// The node failed; the program log says how.
    Internal,
    /// Something else than reading was asked.
    Method,
    /// Nothing has this address.
    NoPage,
    /// Nothing is registered under this id.
    NoAsset { id: String },
    /// No emblem has this id.
    NoEmblem { id: String },
    /// The emblem is there, and no file of it.
    NoEmblemFile { id: String },
    /// No incident has this id.
    NoIncident { id: String },
    /// No entry of the public log is meant by this id or index.
    NoEntry { id: String },
    /// No duty has this id.
    NoObligation { id: String },
    /// No text has this digest or name.
    NoAccord { id: String },
    /// No party has this id.
    NoParty { id: String },
    /// The party could not state this.
    Refused { code: &'static str, says: String },
    /// No source has this code.
    NoSource { source: String },
    /// A parameter cannot be used.
    Parameter {
        name: String,
        value: String,
        wrong: Wrong,
    },
    /// The duty is none any more: its trigger was corrected or withdrawn.
    TakenBack(Box<TakenBack>),
    /// More was sent than the bytes that are read.
    TooLarge { most: usize },
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Not there, where it must be.
    Absent,
    /// Not one of the values that there are.
    Choice,
    /// No code.
    Code,
    /// No date, or one that no calendar has.
    Date,
    /// Not a moment.
    Moment,
    /// A size that the log has not had; it has this many entries.
    NotReached { size: u64 },
    /// Not a whole number in the range.
    Number,
    /// The first date is after the last one.
    Order,
    /// Not a place in the list that an earlier page gave.
    Place,
    /// Given twice.
    Repeated,
    /// No parameter of this page.
    Unknown,
}

/// A problem, as RFC 9457 writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Code of the problem.
    #[schema(example = "parameter.date")]
    r#type: &'static str,
    /// The code in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What this request has to do with it.
    detail: String,
    /// The parameter that is meant, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// The records that may have been meant, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    records: Vec<String>,
}

impl Fault {
    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Fault::Ambiguous { .. } => StatusCode::MULTIPLE_CHOICES,
            Fault::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Fault::Method => StatusCode::METHOD_NOT_ALLOWED,
            Fault::NoPage
            | Fault::NoAsset { .. }
            | Fault::NoEmblem { .. }
            | Fault::NoEmblemFile { .. }
            | Fault::NoIncident { .. }
            | Fault::NoEntry { .. }
            | Fault::NoObligation { .. }
            | Fault::NoAccord { .. }
            | Fault::NoParty { .. }
            | Fault::NoSource { .. } => StatusCode::NOT_FOUND,
            Fault::Form | Fault::Given { .. } | Fault::Parameter { .. } => StatusCode::BAD_REQUEST,
            Fault::Forged => StatusCode::FORBIDDEN,
            Fault::NoToken => StatusCode::UNAUTHORIZED,
            Fault::Person { status, .. } => {
                StatusCode::from_u16(*status).unwrap_or(StatusCode::FORBIDDEN)
            }
            Fault::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Fallen(_) | Fault::TakenBack(_) => StatusCode::GONE,
            Fault::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// The fault that the server's own answer of this status stands for.
    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        Some(match status {
            // The server itself calls bad what is no address: a path that is not UTF-8.
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Fault::NoPage,
            StatusCode::METHOD_NOT_ALLOWED => Fault::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge { most: MAX_BODY },
            StatusCode::INTERNAL_SERVER_ERROR => Fault::Internal,
            _ => return None,
        })
    }

    fn code_and_title(&self) -> (&'static str, &'static str) {
        match self {
            Fault::Ambiguous { .. } => ("incident.ambiguous", "Several sources use this id"),
            Fault::Fallen(_) => ("key.revoked", "It rests on a revoked key"),
            Fault::Form => ("request.form", "This is not a form"),
            Fault::Forged => ("request.forged", "Another site may have sent this"),
            Fault::NoToken => ("token.absent", "A token is needed"),
            Fault::Person { code, .. } => (code, "The account may not do this"),
            Fault::Given { .. } => ("emblem.unreadable", "This cannot be verified"),
            Fault::Internal => ("node.failed", "The node failed"),
            Fault::Method => ("request.method", "This can only be read"),
            Fault::NoPage => ("page.unknown", "Nothing has this address"),
            Fault::NoAsset { .. } => ("asset.unknown", "No entry, which does not mean unprotected"),
            Fault::NoEmblem { .. } => (
                "emblem.unknown",
                "No entry, which does not mean unprotected",
            ),
            Fault::NoEmblemFile { .. } => ("emblem.no_file", "The emblem has no file"),
            Fault::NoIncident { .. } => ("incident.unknown", "No incident here has this id"),
            Fault::NoEntry { .. } => ("entry.unknown", "The public log has no such entry"),
            Fault::NoObligation { .. } => ("obligation.unknown", "No duty here has this id"),
            Fault::NoAccord { .. } => ("accord.unknown", "No text here has this digest or name"),
            Fault::NoParty { .. } => ("party.unknown", "No party here has this id"),
            Fault::NoSource { .. } => ("source.unknown", "No source here has this code"),
            Fault::Parameter { wrong, .. } => wrong.code_and_title(),
            Fault::Refused { code, .. } => (code, "The party could not state this"),
            Fault::TakenBack(_) => ("obligation.taken_back", "The duty was taken back"),
            Fault::TooLarge { .. } => ("request.too_large", "More was sent than is read"),
        }
    }

    fn detail(&self) -> String {
        match self {
            Fault::Ambiguous { id, records } => {
                format!(
                    "{id} is an id of {} sources: ask for one of the records",
                    records.len()
                )
            }
            Fault::Fallen(fallen) => {
                let Fallen { id, index, key } = &**fallen;
                format!(
                    "what was said of {id} from entry {index} on rests on {}, which was revoked as of \
                     entry {}, by entry {} of the log: /api/v1/log/entries/{index} answers what was said",
                    key.key, key.as_of, key.ended
                )
            }
            Fault::Form => "send the fields as application/x-www-form-urlencoded".to_owned(),
            Fault::Forged => {
                "open the page again and send it from there: nothing was changed".to_owned()
            }
            Fault::NoToken => "send `Authorization: Bearer TOKEN`".to_owned(),
            Fault::Person { says, .. } => says.clone(),
            Fault::Given { why } => why.clone(),
            Fault::Internal => "the program log of the node says what failed".to_owned(),
            Fault::Method => "this address is asked with another method".to_owned(),
            Fault::NoPage => "the API is described at /api/v1/openapi.json".to_owned(),
            Fault::NoEmblem { id } => format!(
                "{id} is neither an emblem's statement nor the SHA-256 of a token that is in this log \
                 as of then: look for it in the list of emblems, or verify the token itself; no \
                 entry does not mean unprotected"
            ),
            Fault::NoAsset { id } => {
                format!("{id} is not in this log as of then; no entry does not mean unprotected")
            }
            Fault::NoEmblemFile { id } => format!(
                "{id} has a file as long as it stands and its token is there and public: as of then it \
                 has none"
            ),
            Fault::NoIncident { id } => {
                format!("{id} is not here; another node may have it")
            }
            Fault::NoEntry { id } => format!("{id} is not an entry of the public log"),
            Fault::NoObligation { id } => {
                format!("{id} is not a duty as of then; another moment may have it")
            }
            Fault::NoAccord { id } => format!("{id} is not in this log as of then"),
            Fault::NoParty { id } => format!("{id} is not in this log"),
            Fault::NoSource { source } => format!("nothing of {source} was taken in here"),
            Fault::Parameter { name, value, wrong } => wrong.detail(name, value),
            Fault::Refused { says, .. } => says.clone(),
            Fault::TakenBack(taken) => {
                let TakenBack { id, change, .. } = &**taken;
                format!(
                    "what had started {id} was {} by {}, at index {} of the log: \
                     /api/v1/obligations/{id}?at={}&index={} answers what it was before",
                    change.how, change.by.party, change.index, change.at, change.index
                )
            }
            Fault::TooLarge { most } => {
                format!("at most {most} bytes are read here: send less, or verify it with `ensign`")
            }
        }
    }

    /// The fault as the API tells it.
    pub(crate) fn problem(&self) -> Response {
        let (code, title) = self.code_and_title();
        let problem = Problem {
            r#type: code,
            title,
            status: self.status().as_u16(),
            detail: self.detail(),
            parameter: match self {
                Fault::Parameter { name, .. } => Some(name.clone()),
                _ => None,
            },
            records: match self {
                Fault::Ambiguous { records, .. } => {
                    records.iter().map(RecordId::to_string).collect()
                }
                _ => Vec::new(),
            },
        };
        let body = serde_json::to_vec(&problem).expect("a problem has no key that is not a text");
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        let mut response = (self.status(), headers, body).into_response();
        self.head(response.headers_mut());
        response
    }

    /// Why the node did not do what it was told, where that is a person's affair; else a failure.
    pub(crate) fn of(error: ensign_node::Error) -> Self {
        use ensign_node::people::Refusal;
        let after = match &error {
            ensign_node::Error::Person(Refusal::Throttled { seconds }) => Some(*seconds),
            _ => None,
        };
        let status = match error.code() {
            "account.not_allowed" | "token.scope" => 403,
            "account.unknown" | "passkey.unknown" | "request.unknown" | "id.unknown" => 404,
            "request.decided"
            | "request.lapsed"
            | "request.takes_two"
            | "request.too_many"
            | "request.undone"
            | "request.unsure"
            | "statement.out_of_order" => 409,
            "sign_in.throttled" => 429,
            "token.refused" => 401,
            "node.failed" | "node.held" => return internal(error),
            _ if error.is_unavailable() => 503,
            _ => 422,
        };
        Fault::Person {
            code: error.code(),
            says: ensign_node::Failure::from(&error).message,
            status,
            after,
        }
    }

    /// What a header says of the fault (RFC 6750, section 3; RFC 9110, section 10.2.3).
    pub(crate) fn head(&self, headers: &mut axum::http::HeaderMap) {
        if self.status() == StatusCode::UNAUTHORIZED {
            let bearer = axum::http::HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        if let Fault::Person {
            after: Some(seconds),
            ..
        } = self
        {
            headers.insert(header::RETRY_AFTER, (*seconds).into());
        }
    }
}

impl Wrong {
    fn code_and_title(self) -> (&'static str, &'static str) {
        match self {
            Wrong::Absent => ("parameter.absent", "A parameter is missing"),
            Wrong::Choice => ("parameter.choice", "Not one of the values that there are"),
            Wrong::Code => ("parameter.code", "Not a code"),
            Wrong::Date => ("parameter.date", "Not a date"),
            Wrong::Moment => ("parameter.moment", "Not a moment"),
            Wrong::NotReached { .. } => ("parameter.not_reached", "The log is not as large"),
            Wrong::Number => ("parameter.number", "Not a whole number in the range"),
            Wrong::Order => ("parameter.order", "The first date is after the last one"),
            Wrong::Place => ("parameter.place", "Not a place in this list"),
            Wrong::Repeated => ("parameter.repeated", "A parameter is given twice"),
            Wrong::Unknown => ("parameter.unknown", "There is no such parameter"),
        }
    }

    fn detail(self, name: &str, value: &str) -> String {
        match self {
            Wrong::Absent => format!("{name} is not given"),
            Wrong::Choice => format!("{name} is {value:?}, which is not one of the values"),
            Wrong::Code => format!("{name} is {value:?}, which is no code"),
            Wrong::Date => format!("{name} is {value:?}, not a date written as 2023-10-07"),
            Wrong::Moment => format!(
                "{name} is {value:?}, neither Unix seconds nor a moment as 2026-11-22T08:00:00Z"
            ),
            Wrong::NotReached { size } => {
                format!("{name} is {value}, and the log has {size} entries")
            }
            Wrong::Number => format!("{name} is {value:?}, not a whole number in the range"),
            Wrong::Order => format!("{name} is {value}, which is after the last date asked for"),
            Wrong::Place => format!("{name} is {value:?}, not the `next` of an earlier page"),
            Wrong::Repeated => format!("{name} is given more than once"),
            Wrong::Unknown => format!("nothing is called {name:?} here"),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What keeps the log from being judged as it was asked: a size that it has not had, or a failure.
pub(crate) fn not_judged(error: ensign_views::Error) -> Fault {
    match error {
        ensign_views::Error::NotReached { asked, size } => Fault::Parameter {
            name: "index".to_owned(),
            value: asked.to_string(),
            wrong: Wrong::NotReached { size },
        },
        other => internal(other),
    }
}

/// Writes the failure into the program log; the reader learns that there was one.
pub(crate) fn internal(error: impl std::error::Error) -> Fault {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    tracing::error!(%error, causes = causes.join(": "), "a request could not be answered");
    Fault::Internal
}
