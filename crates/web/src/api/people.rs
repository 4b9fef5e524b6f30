//! What programs do for people, each with a token of an account.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use ensign_node::people::{AccountRow, ClosedPage, RequestPage, RequestRow};
use ensign_trust::account::Action;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::json;
use crate::ask::{LogAsked, LogParameters, ROWS, nothing};
use crate::fault::{Fault, Problem};
use crate::signed::{Bearer, unkept};
use crate::site::{MAX_BODY, Site};

/// A statement as its author signed it: one COSE_Sign1 entry, at most 16 KiB.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "the description of bytes that are read by hand")]
struct SignedStatement(Vec<u8>);

/// A statement that is in the public log.
#[derive(Serialize, ToSchema)]
struct Submitted {
    /// Its id.
    statement: String,
    /// Its index.
    index: u64,
    /// Whether it was there before.
    known: bool,
}

/// Accounts that the token's account may see.
#[derive(Serialize, ToSchema)]
struct Accounts {
    accounts: Vec<Account>,
}

/// An account.
#[derive(Serialize, ToSchema)]
struct Account {
    /// Its id.
    account: String,
    /// When it was opened, Unix seconds.
    opened: u64,
    /// When it was closed.
    closed: Option<u64>,
    /// What it may act as, beside a member.
    roles: Vec<Role>,
}

/// A role of an account.
#[derive(Serialize, ToSchema)]
struct Role {
    /// Its code.
    #[schema(example = "auditor")]
    role: &'static str,
    /// First second at which it is held no more, Unix seconds.
    until: Option<u64>,
}

/// Requests that the token's account may see.
#[derive(Serialize, ToSchema)]
struct Requests {
    requests: Vec<Request>,
}

/// An act that waits for another person, or waited.
#[derive(Serialize, ToSchema)]
struct Request {
    /// Its id.
    request: String,
    /// What is to be done.
    #[schema(example = "key.change")]
    act: &'static str,
    /// To what.
    about: String,
    /// `low`, `moderate`, `high` or `severe`.
    sensitivity: &'static str,
    /// The account that asked; absent where whoever holds the folder did.
    by: Option<String>,
    /// When, Unix seconds.
    asked: u64,
    /// `open`, `approved`, `done`, `refused` or `withdrawn`.
    outcome: &'static str,
    /// How many more have to agree.
    missing: usize,
    /// Accounts that agreed.
    approved: Vec<String>,
    /// Accounts that were named to decide.
    assigned: Vec<String>,
    /// How the token's account stands to it: `assigned`, `author`, `none` or `recused`.
    relation: &'static str,
}

/// A part of the closed log, newest first.
#[derive(Serialize, ToSchema)]
struct Closed {
    /// Size of the closed log.
    total: u64,
    /// The entries that the token's account may read.
    entries: Vec<ClosedEntry>,
    /// What to ask for as `before` to go on.
    next: Option<u64>,
}

/// An entry of the closed log.
#[derive(Serialize, ToSchema)]
struct ClosedEntry {
    /// Its index in the closed log.
    index: u64,
    /// Its statement.
    statement: String,
    /// Its kind.
    #[schema(example = "account.granted")]
    kind: String,
    /// When it was received, Unix seconds.
    received: u64,
    /// `low`, `moderate`, `high` or `severe`.
    sensitivity: &'static str,
    /// The account that acted.
    by: Option<String>,
    /// The account that it is about.
    account: Option<String>,
    /// The request that it is about.
    request: Option<String>,
    /// What was done, granted, changed or asked for, by its code.
    what: Option<String>,
}

/// Hand in a signed statement
///
/// The body is the statement as its author signed it. Its author needs the mandates that its kind
/// asks for, as anybody's. The same statement again changes nothing.
#[utoipa::path(
    post,
    path = "/statements",
    request_body(content = SignedStatement, content_type = "application/cbor"),
    security(("token" = ["statement.submit"])),
    responses(
        (status = 200, description = "It was there before", body = Submitted),
        (status = 201, description = "It is in the log now", body = Submitted),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Out of its author's order", body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn submit(
    State(site): State<Site>,
    uri: Uri,
    bearer: Bearer,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    let sent = sent.map_err(|_| Fault::TooLarge { most: MAX_BODY })?;
    site.blocking(move |site| {
        let tokened = bearer.permits(site, Action::StatementSubmit)?;
        let submitted = site.node().submit(sent.to_vec(), tokened.account);
        let submitted = submitted.map_err(Fault::of)?;
        let status = match submitted.known {
            true => StatusCode::OK,
            false => StatusCode::CREATED,
        };
        let answer = Submitted {
            statement: submitted.statement.to_string(),
            index: submitted.index,
            known: submitted.known,
        };
        Ok(unkept((status, json(&answer)).into_response()))
    })
    .await
}

/// Accounts of the node
#[utoipa::path(get, path = "/accounts", security(("token" = ["account.read"])), responses(
    (status = 200, body = Accounts),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn accounts(
    State(site): State<Site>,
    uri: Uri,
    bearer: Bearer,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.blocking(move |site| {
        let by = bearer.permits(site, Action::AccountRead)?.account;
        let accounts = site.node().accounts(Some(by)).map_err(Fault::of)?;
        let accounts = accounts.into_iter().map(Account::from).collect();
        Ok(unkept(json(&Accounts { accounts })))
    })
    .await
}

/// What waits for a second person, or waited
#[utoipa::path(get, path = "/requests", security(("token" = ["request.read"])), responses(
    (status = 200, body = Requests),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn requests(
    State(site): State<Site>,
    uri: Uri,
    bearer: Bearer,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.blocking(move |site| {
        let by = bearer.permits(site, Action::RequestRead)?.account;
        let requests = site.node().requests(Some(by)).map_err(Fault::of)?;
        let requests = requests.into_iter().map(Request::from).collect();
        Ok(unkept(json(&Requests { requests })))
    })
    .await
}

/// A request
#[utoipa::path(get, path = "/requests/{id}", params(("id" = String, Path, description = "The id")), security(("token" = ["request.read"])), responses(
    (status = 200, body = Request),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn request(
    State(site): State<Site>,
    Path(id): Path<String>,
    uri: Uri,
    bearer: Bearer,
) -> Result<Response, Fault> {
    nothing(&uri)?;
    site.blocking(move |site| {
        let by = bearer.permits(site, Action::RequestRead)?.account;
        let RequestPage { row, .. } = site.node().request(&id, Some(by)).map_err(Fault::of)?;
        Ok(unkept(json(&Request::from(row))))
    })
    .await
}

/// Entries of the closed log, newest first
///
/// That an account read what is not its own is stated in the closed log.
#[utoipa::path(get, path = "/log/closed", params(LogParameters), security(("token" = ["audit.read"])), responses(
    (status = 200, body = Closed),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn closed(
    State(site): State<Site>,
    uri: Uri,
    bearer: Bearer,
) -> Result<Response, Fault> {
    let asked = LogAsked::read(&uri)?;
    site.blocking(move |site| {
        let by = bearer.permits(site, Action::AuditRead)?.account;
        let limit = asked.limit.unwrap_or(ROWS);
        let page = site.node().read_closed(asked.before, limit, Some(by));
        Ok(unkept(json(&Closed::from(page.map_err(Fault::of)?))))
    })
    .await
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        let role = |it: ensign_node::people::RoleRow| Role {
            role: it.role.code(),
            until: it.until,
        };
        Account {
            account: row.account.to_string(),
            opened: row.opened,
            closed: row.closed,
            roles: row.roles.into_iter().map(role).collect(),
        }
    }
}

impl From<RequestRow> for Request {
    fn from(row: RequestRow) -> Self {
        let ids = |all: &[ensign_trust::AccountId]| all.iter().map(|it| it.to_string()).collect();
        Request {
            request: row.request.to_string(),
            act: row.act.code(),
            about: row.about.to_string(),
            sensitivity: row.sensitivity.code(),
            by: row.by.map(|it| it.to_string()),
            asked: row.asked,
            outcome: row.outcome,
            missing: row.missing,
            approved: ids(&row.approved),
            assigned: ids(&row.assigned),
            relation: row.relation.code(),
        }
    }
}

impl From<ClosedPage> for Closed {
    fn from(page: ClosedPage) -> Self {
        let entry = |it: ensign_node::people::ClosedRow| ClosedEntry {
            index: it.index,
            statement: it.statement.to_string(),
            kind: it.kind.to_string(),
            received: it.received,
            sensitivity: it.sensitivity.code(),
            by: it.by.map(|it| it.to_string()),
            account: it.account.map(|it| it.to_string()),
            request: it.request.map(|it| it.to_string()),
            what: it.what.map(|it| it.to_string()),
        };
        Closed {
            total: page.total,
            entries: page.entries.into_iter().map(entry).collect(),
            next: page.next,
        }
    }
}
