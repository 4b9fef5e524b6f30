//! Who is signed in, and whether a form comes from this node's own pages.
//!
//! | a request that changes something | has to show |
//! |---|---|
//! | every one | that this node's own page sent it: `Sec-Fetch-Site: same-origin`, or an `Origin` of the host asked |
//! | of somebody signed in | the cookie, which goes to no other site and no script, and the form's token, which another origin can neither read nor guess |
//! | of a program | a token, as `Authorization: Bearer` (RFC 6750), and no cookie |

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use ensign_node::Node;
use ensign_node::people::{Session, SignedIn, Tokened};
use ensign_trust::AccountId;

use crate::fault::Fault;
use crate::pages::{Asking, see_other};
use crate::site::Site;

/// The cookie: of this host alone, over TLS alone (or on this machine), for the whole site.
const COOKIE: &str = "__Host-ensign";

/// The field in which a form repeats its token.
const FORM_TOKEN: &str = "form_token";

/// What a browser shows of who it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown(Option<String>);

/// A form that a page of this node sent.
pub(crate) struct Sent(Vec<(String, String)>);

/// What a program shows of who it is.
pub(crate) struct Bearer(pub(crate) String);

/// Somebody signed in who asks for a page.
pub(crate) struct Signed<'a> {
    pub(crate) site: &'a Site,
    pub(crate) asking: &'a Asking,
    pub(crate) session: Session,
}

impl Signed<'_> {
    pub(crate) fn node(&self) -> &Node {
        self.site.node()
    }

    /// The account.
    pub(crate) fn account(&self) -> AccountId {
        self.session.account
    }
}

impl Shown {
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.0.as_deref()
    }

    fn of(headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(header::COOKIE).iter();
        let mut pairs = cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        Shown(
            pairs
                .find(|(name, _)| *name == COOKIE)
                .map(|(_, it)| it.to_owned()),
        )
    }
}

impl Sent {
    /// What is in a field; nothing where it is not sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        found.next().map_or("", |(_, value)| value.as_str())
    }

    /// All that is in fields of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for Shown {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        Ok(Shown::of(&parts.headers))
    }
}

impl<S: Sync + Send> FromRequest<S> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if !is_ours(request.headers()) {
            return Err(Fault::Forged);
        }
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(pairs)) => Ok(Sent(pairs)),
            Err(FormRejection::BytesRejection(_)) => Err(Fault::TooLarge {
                most: crate::site::MAX_BODY,
            }),
            Err(_) => Err(Fault::Form),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let value = parts.headers.get(header::AUTHORIZATION);
        let token = value
            .and_then(|value| value.to_str().ok())
            .and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme
                    .eq_ignore_ascii_case("bearer")
                    .then(|| token.trim().to_owned())
            });
        token.map(Bearer).ok_or(Fault::NoToken)
    }
}

impl Bearer {
    /// Who it is, if the token is for this.
    pub(crate) fn permits(
        &self,
        site: &Site,
        action: ensign_trust::account::Action,
    ) -> Result<Tokened, Fault> {
        let tokened = site.node().tokened(&self.0).map_err(Fault::of)?;
        tokened.permits(action).map_err(Fault::of)?;
        Ok(tokened)
    }
}

impl Site {
    /// Answers somebody who is signed in; leads anybody else to where one signs in.
    pub(crate) async fn signed(
        &self,
        asking: Asking,
        shown: Shown,
        make: impl FnOnce(&Signed<'_>) -> Result<Response, Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        self.blocking(move |site| {
            let session = match shown.cookie() {
                Some(cookie) => site.node().session(cookie).map_err(Fault::of)?,
                None => None,
            };
            let Some(session) = session else {
                return Ok(see_other(&format!("/{}/sign-in", asking.locale.code())));
            };
            let signed = Signed {
                site,
                asking: &asking,
                session,
            };
            Ok(unkept(make(&signed)?))
        })
        .await
    }

    /// Does what a form of somebody who is signed in asks for.
    pub(crate) async fn signed_sent(
        &self,
        asking: Asking,
        shown: Shown,
        sent: Sent,
        act: impl FnOnce(&Signed<'_>, &Sent) -> Result<Response, Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        self.signed(asking, shown, move |signed| {
            match sent.field(FORM_TOKEN) == signed.session.form_token {
                true => act(signed, &sent),
                false => Err(Fault::Forged),
            }
        })
        .await
    }
}

/// Whether a browser says that one of this host's own pages sent the request. A browser that says
/// nothing of where it comes from is not believed.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|it: &HeaderValue| it.to_str().ok())
    };
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        None => {
            let origin = text(header::ORIGIN).and_then(|it| it.split_once("://"));
            origin.is_some_and(|(_, host)| Some(host) == text(header::HOST))
        }
    }
}

/// An answer that nobody keeps.
pub(crate) fn unkept(mut response: Response) -> Response {
    let unkept = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, unkept);
    response
}

/// Gives the browser of somebody who has signed in the cookie.
pub(crate) fn with_cookie(mut response: Response, signed_in: &SignedIn) -> Response {
    let cookie = format!(
        "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
        *signed_in.cookie
    );
    let mut cookie = HeaderValue::from_str(&cookie).expect("a cookie's letters are visible ASCII");
    cookie.set_sensitive(true);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// Takes the cookie away.
pub(crate) fn without_cookie(mut response: Response) -> Response {
    let gone = "__Host-ensign=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, HeaderValue::from_static(gone));
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    headers.insert(header::HeaderName::from_static("clear-site-data"), clear);
    response
}
