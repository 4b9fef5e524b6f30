//! Entering an account for the first time: with a passkey, or a name and a password, then the second
//! factor; then the recovery codes.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ensign_node::people::MIN_PASSWORD;

use super::passkey::{offered, scripted};
use super::{Once, page, shell};
use crate::charts::{self, Markup};
use crate::fault::Fault;
use crate::pages::Asking;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::signed::{Sent, with_cookie};
use crate::site::Site;

#[derive(Template)]
#[template(path = "people/enrol.html")]
struct Enrol {
    w: Words,
    shell: Shell,
    code: String,
    login: String,
    least: u64,
    /// Code of what is wrong.
    wrong: Option<&'static str>,
    /// Whether passkeys are good at the address that was asked.
    offered: bool,
}

#[derive(Template)]
#[template(path = "people/second-factor.html")]
struct Second {
    w: Words,
    shell: Shell,
    code: String,
    secret: String,
    drawn: Option<Markup>,
}

pub(super) async fn form(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    site.blocking(move |site| first(site, &asking, "", "", None))
        .await
}

pub(super) async fn enrol(
    State(site): State<Site>,
    asking: Asking,
    sent: Sent,
) -> Result<Response, Fault> {
    site.guarded(move |site| {
        let (code, login) = (sent.field("code"), sent.field("login"));
        let one_time = sent.field("one_time");
        let outcome = match one_time {
            "" => site
                .node()
                .begin_enrolment(code, login, sent.field("password"))
                .map(Ok),
            _ => site.node().end_enrolment(code, one_time).map(Err),
        };
        match outcome {
            Ok(Ok(begun)) => {
                let shell = shell(site, &asking)?;
                let w = shell.words();
                let title = w.text("enrol-qr");
                page(&Second {
                    w,
                    shell,
                    code: code.to_owned(),
                    secret: begun.secret.to_string(),
                    drawn: charts::qr(&begun.uri, &title),
                })
            }
            Ok(Err(enrolled)) => {
                let shell = shell(site, &asking)?;
                let then = format!("/{}/account", shell.locale.code());
                let response = page(&Once {
                    w: shell.words(),
                    shell,
                    me: None,
                    what: "recovery",
                    secrets: enrolled.recovery.iter().map(|it| it.to_string()).collect(),
                    until: None,
                    then,
                })?;
                Ok(with_cookie(response, &enrolled.signed_in))
            }
            Err(error) => again(site, &asking, code, login, Fault::of(error)),
        }
    })
    .await
}

/// The first page again, with what was wrong.
pub(super) fn again(
    site: &Site,
    asking: &Asking,
    code: &str,
    login: &str,
    fault: Fault,
) -> Result<Response, Fault> {
    match fault {
        Fault::Person { code: wrong, .. } => first(site, asking, code, login, Some(wrong)),
        fault => Err(fault),
    }
}

fn first(
    site: &Site,
    asking: &Asking,
    code: &str,
    login: &str,
    wrong: Option<&'static str>,
) -> Result<Response, Fault> {
    let shell = shell(site, asking)?;
    let offered = offered(site, &asking.headers);
    let page = Enrol {
        w: shell.words(),
        shell,
        code: code.to_owned(),
        login: login.to_owned(),
        least: MIN_PASSWORD as u64,
        wrong,
        offered,
    };
    let mut response = scripted(&page, offered)?;
    if wrong.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}
