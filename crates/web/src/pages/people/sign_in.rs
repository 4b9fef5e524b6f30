//! Signing in and out.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{page, shell};
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
    /// Code of what is wrong, and for how many seconds nobody may try again.
    wrong: Option<(&'static str, Option<u64>)>,
}

pub(super) async fn form(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    site.blocking(move |site| {
        let shell = shell(site, &asking)?;
        page(&SignIn {
            w: shell.words(),
            shell,
            login: String::new(),
            wrong: None,
        })
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
        let Fault::Person { code, after, .. } = &fault else {
            return Err(fault);
        };
        let shell = shell(site, &asking)?;
        let mut response = page(&SignIn {
            w: shell.words(),
            shell,
            login: login.to_owned(),
            wrong: Some((code, *after)),
        })?;
        *response.status_mut() = match after {
            Some(_) => StatusCode::TOO_MANY_REQUESTS,
            None => StatusCode::UNPROCESSABLE_ENTITY,
        };
        fault.head(response.headers_mut());
        Ok(response)
    })
    .await
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
