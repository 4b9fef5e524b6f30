//! Pages of people who have an account: signing in, one's own account, everybody's accounts, what
//! waits for a second person, the closed log.

mod account;
mod accounts;
mod audit;
mod enrol;
mod passkey;
mod requests;
mod sign_in;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use ensign_trust::Code;
use ensign_trust::account::{Action, Relation, Role, Sensitivity};

use crate::fault::Fault;
use crate::pages::html;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::signed::{Signed, unkept};
use crate::site::Site;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(
            "/{locale}/sign-in",
            get(sign_in::form).post(sign_in::sign_in),
        )
        .route("/{locale}/sign-in/passkey", post(passkey::sign_in))
        .route("/{locale}/sign-out", post(sign_in::sign_out))
        .route("/{locale}/enrol", get(enrol::form).post(enrol::enrol))
        .route("/{locale}/enrol/passkey", post(passkey::enrol))
        .route("/{locale}/account", get(account::account))
        .route("/{locale}/account/close", post(account::close))
        .route("/{locale}/account/passkeys", post(passkey::add))
        .route("/{locale}/account/passkeys/remove", post(passkey::remove))
        .route("/{locale}/account/password", post(account::password))
        .route("/{locale}/account/recovery", post(account::recovery))
        .route("/{locale}/account/sessions", post(account::sessions))
        .route("/{locale}/account/tokens", post(account::make_token))
        .route(
            "/{locale}/account/tokens/revoke",
            post(account::revoke_token),
        )
        .route(
            "/{locale}/accounts",
            get(accounts::accounts).post(accounts::open),
        )
        .route("/{locale}/accounts/{id}/close", post(accounts::close))
        .route("/{locale}/accounts/{id}/enrol", post(accounts::enrol))
        .route("/{locale}/accounts/{id}/grant", post(accounts::grant))
        .route("/{locale}/accounts/{id}/withdraw", post(accounts::withdraw))
        .route(
            "/{locale}/accounts/{id}/tokens/revoke",
            post(accounts::revoke_token),
        )
        .route(
            "/{locale}/requests",
            get(requests::requests).post(requests::ask),
        )
        .route("/{locale}/requests/{id}", get(requests::request))
        .route("/{locale}/requests/{id}/approve", post(requests::approve))
        .route("/{locale}/requests/{id}/recuse", post(requests::recuse))
        .route("/{locale}/requests/{id}/refuse", post(requests::refuse))
        .route("/{locale}/requests/{id}/withdraw", post(requests::withdraw))
        .route("/{locale}/audit", get(audit::audit))
}

/// What stands above every page of somebody signed in.
pub(super) struct Me {
    /// The account.
    account: String,
    /// What every form repeats.
    form_token: String,
    /// Whether it may open accounts.
    administers: bool,
    /// The page that this is.
    here: &'static str,
}

impl Me {
    fn of(signed: &Signed<'_>, here: &'static str) -> Self {
        let account = signed.account();
        let administers = signed.node().permit(
            Some(account),
            Action::AccountOpen,
            Sensitivity::Moderate,
            Relation::None,
        );
        Me {
            account: account.to_string(),
            form_token: signed.session.form_token.clone(),
            administers: administers.is_ok(),
            here,
        }
    }
}

/// What is shown once and never again: a code, a token, the answer to a request.
#[derive(Template)]
#[template(path = "people/once.html")]
struct Once {
    w: Words,
    shell: Shell,
    me: Option<Me>,
    /// Which words stand above it.
    what: &'static str,
    secrets: Vec<String>,
    /// First second at which it is good no more.
    until: Option<u64>,
    /// Where to go on.
    then: String,
}

impl Once {
    fn title(&self) -> &'static str {
        match self.what {
            "enrolment" => "once-enrolment-title",
            "recovery" | "recovery-alone" => "once-recovery-title",
            _ => "once-token-title",
        }
    }

    fn lead(&self) -> &'static str {
        match self.what {
            "enrolment" => "once-enrolment-lead",
            "recovery" => "once-recovery-lead",
            "recovery-alone" => "once-recovery-alone-lead",
            _ => "once-token-lead",
        }
    }
}

impl Words {
    /// What a role is called.
    fn role(&self, role: &Role) -> String {
        self.label("role-", role.code())
            .unwrap_or_else(|| role.to_string())
    }

    /// What a role may do.
    fn role_means(&self, role: &Role) -> String {
        self.label("role_means-", role.code()).unwrap_or_default()
    }

    /// What is done.
    fn action(&self, action: &Action) -> String {
        self.label("action-", action.code())
            .unwrap_or_else(|| action.to_string())
    }

    /// What can be asked for.
    fn asked(&self, code: &str) -> String {
        self.label("asked-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// On what ground something is erased.
    fn ground(&self, code: &str) -> String {
        self.label("ground-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What a field of what is asked for is called.
    fn asked_field(&self, name: &str) -> String {
        self.label("asked_field-", name)
            .unwrap_or_else(|| name.to_owned())
    }

    /// What became of a request.
    fn became(&self, code: &str) -> String {
        self.label("became-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What somebody says of a request.
    fn decision(&self, code: &str) -> String {
        self.label("decision-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    fn sensitivity(&self, sensitivity: &Sensitivity) -> String {
        self.label("sensitivity-", sensitivity.code())
            .unwrap_or_else(|| sensitivity.to_string())
    }

    fn relation(&self, relation: &Relation) -> String {
        self.label("relation-", relation.code())
            .unwrap_or_else(|| relation.to_string())
    }

    /// What an entry of the closed log is about: an act, a role or a credential.
    fn closed(&self, code: &Code) -> String {
        let families = ["action-", "done-", "role-", "credential-"];
        let mut found = families
            .iter()
            .filter_map(|family| self.label(family, code.as_str()));
        found.next().unwrap_or_else(|| code.to_string())
    }
}

impl Signed<'_> {
    fn shell(&self) -> Result<Shell, Fault> {
        shell(self.site, self.asking)
    }

    /// A page that shows secrets once.
    fn once(
        &self,
        what: &'static str,
        secrets: Vec<String>,
        until: Option<u64>,
        then: &str,
    ) -> Result<Response, Fault> {
        let shell = self.shell()?;
        let then = format!("/{}/{then}", shell.locale.code());
        html(&Once {
            w: shell.words(),
            me: Some(Me::of(self, "")),
            shell,
            what,
            secrets,
            until,
            then,
        })
    }
}

/// What stands around a page of people.
fn shell(site: &Site, asking: &super::Asking) -> Result<Shell, Fault> {
    let reader = site.reader(crate::read::log_size(site.node())?)?;
    let mut shell = Shell::new(&reader, asking.locale, Here::People, asking.place())?;
    // Where something was sent to has no page in another language, but the part that it belongs to has.
    let part = shell.place.split(['/', '?']).nth(1).unwrap_or_default();
    let has_page = [
        "sign-in", "enrol", "account", "accounts", "requests", "audit",
    ];
    shell.place = match part {
        _ if asking.is_read => shell.place,
        part if has_page.contains(&part) => format!("/{part}"),
        _ => "/account".to_owned(),
    };
    Ok(shell)
}

/// A page that is kept by nobody.
fn page(template: &impl Template) -> Result<Response, Fault> {
    Ok(unkept(html(template)?))
}
