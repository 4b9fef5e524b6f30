//! People who have entered an invented node.

use axum::http::Method;
use ensign_node::clock::Clock as _;
use ensign_node::people::{SCOPES, one_time_code};
use ensign_trust::AccountId;
use ensign_trust::account::Role;

use super::{Answered, Served};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "three rivers meet here";

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) account: AccountId,
    pub(crate) cookie: String,
    pub(crate) form_token: String,
    /// What a program of theirs shows.
    pub(crate) token: String,
    /// The secret of their authenticator app.
    pub(crate) secret: String,
}

impl Person {
    pub(crate) fn new(served: &Served, login: &str, roles: &[Role]) -> Self {
        let node = &served.node;
        let opened = node.open_account("Planted Person", roles, None).unwrap();
        let code = &opened.enrolment.code;
        let begun = node.begin_enrolment(code, login, PASSWORD).unwrap();
        let one_time = one_time_code(&begun.secret, served.clock.now()).unwrap();
        let enrolled = node.end_enrolment(code, &one_time).unwrap();
        let cookie = enrolled.signed_in.cookie.to_string();
        let session = node.session(&cookie).unwrap().unwrap();
        let token = node.make_token(opened.account, &SCOPES, 30).unwrap();
        Person {
            account: opened.account,
            cookie,
            form_token: session.form_token,
            token: token.secret,
            secret: begun.secret.to_string(),
        }
    }

    /// Asks for a page.
    pub(crate) async fn get(&self, served: &Served, address: &str) -> Answered {
        let cookie = format!("__Host-ensign={}", self.cookie);
        served
            .ask(Method::GET, address, &[("cookie", &cookie)])
            .await
    }

    /// Sends a form.
    pub(crate) async fn post(
        &self,
        served: &Served,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Answered {
        let token = [("form_token", self.form_token.as_str())];
        let fields: Vec<_> = token.iter().chain(fields).copied().collect();
        served.form(address, &self.cookie, &fields).await
    }
}
