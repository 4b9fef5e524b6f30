//! Making passkeys and signing in with them.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use ensign_node::people::PasskeyRow;

use super::sign_in::door;
use super::{Me, Once, enrol, page, shell};
use crate::fault::Fault;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, see_other};
use crate::signed::{Sent, Shown, Signed, unkept, with_cookie};
use crate::site::{Scripted, Site};

/// Where a passkey is made: with a code to enter, or by somebody signed in.
#[derive(Template)]
#[template(path = "people/passkey.html")]
struct Making {
    w: Words,
    shell: Shell,
    me: Option<Me>,
    /// Where it is sent.
    action: String,
    /// The code to enter.
    code: String,
    options: String,
}

/// The passkeys of somebody signed in.
pub(super) struct Passkeys {
    pub(super) rows: Vec<PasskeyRow>,
    /// Whether they are good at the address that was asked.
    pub(super) offered: bool,
    /// Whether one can be added or removed now, or after signing in again.
    pub(super) fresh: bool,
}

impl Passkeys {
    pub(super) fn of(signed: &Signed<'_>) -> Result<Self, Fault> {
        let node = signed.node();
        Ok(Passkeys {
            rows: node.passkeys(signed.account()).map_err(Fault::of)?,
            offered: offered(signed.site, &signed.asking.headers),
            fresh: node.is_fresh(&signed.session),
        })
    }
}

/// Whether passkeys are good at the address that somebody asked.
pub(super) fn offered(site: &Site, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    host.is_some_and(|host| site.address().is_asked(host))
}

/// A page that has the script, where passkeys are offered.
pub(super) fn scripted(page: &impl Template, offered: bool) -> Result<Response, Fault> {
    let mut response = super::page(page)?;
    if offered {
        response.extensions_mut().insert(Scripted);
    }
    Ok(response)
}

pub(super) async fn sign_in(
    State(site): State<Site>,
    asking: Asking,
    sent: Sent,
) -> Result<Response, Fault> {
    site.blocking(move |site| {
        let answer = sent.field("answer");
        match site.node().sign_in_with_passkey(site.address(), answer) {
            Ok(signed_in) => {
                let place = format!("/{}/account", asking.locale.code());
                Ok(with_cookie(unkept(see_other(&place)), &signed_in))
            }
            Err(error) => door(site, &asking, "", Fault::of(error), "passkey-wrong"),
        }
    })
    .await
}

pub(super) async fn enrol(
    State(site): State<Site>,
    asking: Asking,
    sent: Sent,
) -> Result<Response, Fault> {
    site.blocking(move |site| {
        let (node, address) = (site.node(), site.address());
        let (code, label) = (sent.field("code"), sent.field("label"));
        let done = match sent.field("answer") {
            "" => node.begin_passkey_enrolment(code, address).map(Ok),
            answer => node
                .end_passkey_enrolment(code, address, answer, label)
                .map(Err),
        };
        let shell = shell(site, &asking)?;
        match done {
            Ok(Ok(options)) => scripted(
                &Making {
                    w: shell.words(),
                    me: None,
                    action: format!("/{}/enrol/passkey", shell.locale.code()),
                    shell,
                    code: code.to_owned(),
                    options,
                },
                true,
            ),
            Ok(Err(enrolled)) => {
                let response = page(&Once {
                    w: shell.words(),
                    me: None,
                    what: "recovery-alone",
                    secrets: enrolled.recovery.iter().map(|it| it.to_string()).collect(),
                    until: None,
                    then: format!("/{}/account", shell.locale.code()),
                    shell,
                })?;
                Ok(with_cookie(response, &enrolled.signed_in))
            }
            Err(error) => enrol::again(site, &asking, code, "", Fault::of(error)),
        }
    })
    .await
}

pub(super) async fn add(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let (node, address) = (signed.node(), signed.site.address());
        let answer = sent.field("answer");
        if !answer.is_empty() {
            node.end_passkey(signed.account(), address, answer, sent.field("label"))
                .map_err(Fault::of)?;
            return Ok(back(signed));
        }
        let options = node.begin_passkey(&signed.session, address);
        let options = options.map_err(Fault::of)?;
        let shell = signed.shell()?;
        scripted(
            &Making {
                w: shell.words(),
                me: Some(Me::of(signed, "account")),
                action: format!("/{}/account/passkeys", shell.locale.code()),
                shell,
                code: String::new(),
                options,
            },
            true,
        )
    })
    .await
}

pub(super) async fn remove(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let passkey = sent.field("passkey");
        let signed_in = signed.node().remove_passkey(&signed.session, passkey);
        Ok(with_cookie(back(signed), &signed_in.map_err(Fault::of)?))
    })
    .await
}

fn back(signed: &Signed<'_>) -> Response {
    see_other(&format!("/{}/account", signed.asking.locale.code()))
}
