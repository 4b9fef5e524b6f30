//! One's own account.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ensign_node::people::{AccountRow, MIN_PASSWORD, SCOPES, TokenRow};
use ensign_trust::account::Action;

use super::Me;
use super::passkey::{Passkeys, scripted};
use crate::fault::{Fault, Wrong};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, see_other};
use crate::signed::{Sent, Shown, Signed, with_cookie, without_cookie};
use crate::site::Site;

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    w: Words,
    shell: Shell,
    me: Me,
    name: String,
    row: AccountRow,
    sessions: u64,
    recovery: u64,
    has_password: bool,
    passkeys: Passkeys,
    tokens: Vec<TokenRow>,
    scopes: &'static [Action],
    least: u64,
}

pub(super) async fn account(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
) -> Result<Response, Fault> {
    site.signed(asking, shown, |signed| {
        let (node, account) = (signed.node(), signed.account());
        let shell = signed.shell()?;
        let passkeys = Passkeys::of(signed)?;
        let page = AccountPage {
            w: shell.words(),
            shell,
            me: Me::of(signed, "account"),
            name: node.own_name(account).map_err(Fault::of)?,
            row: node.account_row(account).map_err(Fault::of)?,
            sessions: node.sessions(account).map_err(Fault::of)? as u64,
            recovery: node.recovery_codes_left(account).map_err(Fault::of)? as u64,
            has_password: node.has_password(account).map_err(Fault::of)?,
            passkeys,
            tokens: node.tokens(account),
            scopes: &SCOPES,
            least: MIN_PASSWORD as u64,
        };
        scripted(&page, page.passkeys.offered)
    })
    .await
}

pub(super) async fn password(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let (now, next) = (sent.field("now"), sent.field("next"));
        let signed_in = signed.node().change_password(signed.account(), now, next);
        Ok(with_cookie(back(signed), &signed_in.map_err(Fault::of)?))
    })
    .await
}

pub(super) async fn recovery(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, _| {
        let codes = signed
            .node()
            .new_recovery_codes(&signed.session)
            .map_err(Fault::of)?;
        let codes = codes.iter().map(|it| it.to_string()).collect();
        let has_password = signed.node().has_password(signed.account());
        let what = match has_password.map_err(Fault::of)? {
            true => "recovery",
            false => "recovery-alone",
        };
        signed.once(what, codes, None, "account")
    })
    .await
}

pub(super) async fn sessions(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, _| {
        signed
            .node()
            .end_sessions(signed.account())
            .map_err(Fault::of)?;
        Ok(without_cookie(see_other(&format!(
            "/{}/sign-in",
            signed.asking.locale.code()
        ))))
    })
    .await
}

pub(super) async fn make_token(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let scope = |code: &str| {
            code.parse().map_err(|_| Fault::Parameter {
                name: "scope".to_owned(),
                value: code.to_owned(),
                wrong: Wrong::Choice,
            })
        };
        let scopes = sent
            .all("scope")
            .map(scope)
            .collect::<Result<Vec<_>, _>>()?;
        let days = sent.field("days");
        let days = days.parse().map_err(|_| Fault::Parameter {
            name: "days".to_owned(),
            value: days.to_owned(),
            wrong: Wrong::Number,
        })?;
        let made = signed
            .node()
            .make_token(signed.account(), &scopes, days)
            .map_err(Fault::of)?;
        signed.once("token", vec![made.secret], Some(made.until), "account")
    })
    .await
}

pub(super) async fn revoke_token(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let (node, account) = (signed.node(), signed.account());
        node.revoke_token(&account.to_string(), sent.field("token"), Some(account))
            .map_err(Fault::of)?;
        Ok(back(signed))
    })
    .await
}

pub(super) async fn close(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, _| {
        let (node, account) = (signed.node(), signed.account());
        node.close_account(&account.to_string(), Some(account))
            .map_err(Fault::of)?;
        Ok(without_cookie(see_other(&format!(
            "/{}/sign-in",
            signed.asking.locale.code()
        ))))
    })
    .await
}

fn back(signed: &Signed<'_>) -> Response {
    see_other(&format!("/{}/account", signed.asking.locale.code()))
}
