//! Everybody's accounts, for whoever looks after them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_node::Error;
use ensign_node::people::{AccountOpened, AccountRow, Asked, Refusal, TokenRow, grantable};
use ensign_trust::account::Role;

use super::requests::to;
use super::{Me, page};
use crate::fault::{Fault, Wrong};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, see_other};
use crate::signed::{Sent, Shown, Signed};
use crate::site::Site;

#[derive(Template)]
#[template(path = "people/accounts.html")]
struct Accounts {
    w: Words,
    shell: Shell,
    me: Me,
    rows: Vec<(AccountRow, Vec<TokenRow>)>,
    roles: Vec<Role>,
    /// Those of the roles that one person grants alone.
    given_alone: Vec<Role>,
}

pub(super) async fn accounts(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
) -> Result<Response, Fault> {
    site.signed(asking, shown, |signed| {
        let node = signed.node();
        let rows = node.accounts(Some(signed.account())).map_err(Fault::of)?;
        let with_tokens = |row: AccountRow| {
            let tokens = node.tokens(row.account);
            (row, tokens)
        };
        let shell = signed.shell()?;
        page(&Accounts {
            w: shell.words(),
            shell,
            me: Me::of(signed, "accounts"),
            rows: rows.into_iter().map(with_tokens).collect(),
            roles: grantable().collect(),
            given_alone: grantable().filter(|role| !role.decides()).collect(),
        })
    })
    .await
}

pub(super) async fn open(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let roles = sent.all("role").map(role).collect::<Result<Vec<_>, _>>()?;
        let by = Some(signed.account());
        let opened = signed.node().open_account(sent.field("name"), &roles, by);
        entering(signed, &opened.map_err(Fault::of)?)
    })
    .await
}

pub(super) async fn enrol(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, move |signed, _| {
        let (node, by) = (signed.node(), Some(signed.account()));
        match node.enrol_again(&id, by) {
            Err(Error::Person(Refusal::TakesTwo(_))) => {
                ask(signed, &Asked::AccountEnrol { account: id })
            }
            opened => entering(signed, &opened.map_err(Fault::of)?),
        }
    })
    .await
}

pub(super) async fn grant(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, move |signed, sent| {
        let role = role(sent.field("role"))?;
        let until = match sent.field("until") {
            "" => None,
            text => Some(crate::ask::moment("until", text)?),
        };
        let by = Some(signed.account());
        match signed.node().grant_role(&id, role, until, by) {
            Err(Error::Person(Refusal::TakesTwo(_))) => {
                let (account, role) = (id, role.code().to_owned());
                let asked = Asked::AccountGrant {
                    account,
                    role,
                    until,
                };
                ask(signed, &asked)
            }
            granted => granted.map(|_| back(signed)).map_err(Fault::of),
        }
    })
    .await
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, move |signed, sent| {
        let role = role(sent.field("role"))?;
        let by = Some(signed.account());
        signed
            .node()
            .withdraw_role(&id, role, by)
            .map_err(Fault::of)?;
        Ok(back(signed))
    })
    .await
}

pub(super) async fn close(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, move |signed, _| {
        signed
            .node()
            .close_account(&id, Some(signed.account()))
            .map_err(Fault::of)?;
        Ok(back(signed))
    })
    .await
}

pub(super) async fn revoke_token(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, move |signed, sent| {
        let by = Some(signed.account());
        signed
            .node()
            .revoke_token(&id, sent.field("token"), by)
            .map_err(Fault::of)?;
        Ok(back(signed))
    })
    .await
}

/// Asks for what takes another person too, and leads to the request.
fn ask(signed: &Signed<'_>, asked: &Asked) -> Result<Response, Fault> {
    let by = Some(signed.account());
    let id = signed.node().ask_for(asked, &[], by).map_err(Fault::of)?;
    Ok(to(signed, &id.to_string()))
}

/// Shows a code to enter, once.
fn entering(signed: &Signed<'_>, opened: &AccountOpened) -> Result<Response, Fault> {
    let code = vec![opened.enrolment.code.clone()];
    signed.once("enrolment", code, Some(opened.enrolment.until), "accounts")
}

fn role(code: &str) -> Result<Role, Fault> {
    code.parse().map_err(|_| Fault::Parameter {
        name: "role".to_owned(),
        value: code.to_owned(),
        wrong: Wrong::Choice,
    })
}

fn back(signed: &Signed<'_>) -> Response {
    see_other(&format!("/{}/accounts", signed.asking.locale.code()))
}
