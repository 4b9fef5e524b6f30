//! Signing in and out.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::passkey::{offered, scripted};
use super::shell;
use crate::fault::Fault;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, see_other};
use crate::signed::{Sent, Shown, unkept, with_cookie, without_cookie};
use crate::site::Site;

#[derive(Template)]
#[template(path = "people/sign-in.html")]
struct SignIn {
    w: Words,
    shell: Shell,
    login: String,
    /// Code of what is wrong, for how many seconds nobody may try again, and what one can do.
    wrong: Option<(&'static str, Option<u64>, &'static str)>,
    /// What the browser is asked for, where passkeys are good at the address that was asked.
    passkey: Option<String>,
}

impl SignIn {
    fn new(site: &Site, asking: &Asking) -> Result<Self, Fault> {
        let shell = shell(site, asking)?;
        let begin = || site.node().begin_passkey_sign_in(site.address());
        Ok(SignIn {
            w: shell.words(),
            shell,
            login: String::new(),
            wrong: None,
            passkey: offered(site, &asking.headers).then(begin),
        })
    }
}

pub(super) async fn form(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    site.blocking(move |site| {
        let page = SignIn::new(site, &asking)?;
        scripted(&page, page.passkey.is_some())
    })
    .await
}

pub(super) async fn sign_in(
    State(site): State<Site>,
    asking: Asking,
    sent: Sent,
) -> Result<Response, Fault> {
    site.guarded(move |site| {
        let login = sent.field("login");
        let (password, code) = (sent.field("password"), sent.field("code"));
        let fault = match site.node().sign_in(login, password, code) {
            Ok(signed_in) => {
                let place = format!("/{}/account", asking.locale.code());
                return Ok(with_cookie(unkept(see_other(&place)), &signed_in));
            }
            Err(error) => Fault::of(error),
        };
        door(site, &asking, login, fault, "sign-in-wrong")
    })
    .await
}

/// The page again, for somebody who was not let in, with what they can do.
pub(super) fn door(
    site: &Site,
    asking: &Asking,
    login: &str,
    fault: Fault,
    hint: &'static str,
) -> Result<Response, Fault> {
    let Fault::Person { code, after, .. } = &fault else {
        return Err(fault);
    };
    let page = SignIn {
        login: login.to_owned(),
        wrong: Some((code, *after, hint)),
        ..SignIn::new(site, asking)?
    };
    let mut response = scripted(&page, page.passkey.is_some())?;
    *response.status_mut() = match after {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    fault.head(response.headers_mut());
    Ok(response)
}

pub(super) async fn sign_out(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    let cookie = shown.clone();
    site.signed_sent(asking, shown, sent, move |signed, _| {
        let cookie = cookie.cookie().unwrap_or_default();
        signed.node().sign_out(cookie).map_err(Fault::of)?;
        let place = format!("/{}/sign-in", signed.asking.locale.code());
        Ok(without_cookie(see_other(&place)))
    })
    .await
}
