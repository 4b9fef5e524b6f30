mod passkeys;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use ensign_node::people::{Asked, one_time_code};
use ensign_trust::account::matrix::{allows, cases};
use ensign_trust::account::{Action, Relation, Role, Sensitivity};
use ensign_trust::chain::Head;
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Act;
use ensign_trust::{AccountId, AssetId, Code, Draft, PartyId, Realm, Statement};

use crate::testkit::people::{PASSWORD, Person};
use crate::testkit::{NOW, Served, encoded};

/// The people of the matrix: one of each role, and others to do things to.
struct Cast {
    served: Served,
    people: BTreeMap<Role, Person>,
    /// Has every role but that of a guardian, and asks.
    asker: Person,
    /// Could approve, and never does.
    other: Person,
    made: u32,
}

impl Cast {
    fn new() -> Self {
        let served = Served::empty();
        let person = |role: &Role| {
            let roles = [*role];
            let roles = if *role == Role::Member {
                &[][..]
            } else {
                &roles
            };
            (*role, Person::new(&served, role.code(), roles))
        };
        let people = Role::ALL.iter().map(person).collect();
        let all = [Role::Administrator, Role::Auditor, Role::Registrar];
        let asker = Person::new(&served, "asker", &all);
        let other = Person::new(&served, "other", &[Role::Guardian, Role::Administrator]);
        Cast {
            served,
            people,
            asker,
            other,
            made: 0,
        }
    }

    /// An account that nobody has entered.
    fn dummy(&self) -> AccountId {
        let opened = self.served.node.open_account("Nobody yet", &[], None);
        opened.unwrap().account
    }

    /// Lets somebody have a role while something is done.
    fn as_if<T>(&self, person: AccountId, role: Role, act: impl FnOnce() -> T) -> T {
        let node = &self.served.node;
        let has = node
            .account_row(person)
            .unwrap()
            .roles
            .iter()
            .any(|it| it.role == role);
        if has {
            return act();
        }
        node.grant_role(&person.to_string(), role, None, None)
            .unwrap();
        let done = act();
        node.withdraw_role(&person.to_string(), role, None).unwrap();
        done
    }

    /// A request of a sensitivity to which somebody stands in a relation.
    fn request(
        &mut self,
        sensitivity: Sensitivity,
        relation: Relation,
        person: AccountId,
    ) -> String {
        self.made += 1;
        let (asked, role) = match sensitivity {
            Sensitivity::High => {
                let asset = AssetId::from_bytes(nth(self.made)).to_string();
                (Asked::PlaceReveal { asset }, Role::Registrar)
            }
            Sensitivity::Severe => {
                let account = self.dummy().to_string();
                (Asked::PersonIdentify { account }, Role::Auditor)
            }
            _ => {
                let party = PartyId::from_bytes(nth(self.made)).to_string();
                (Asked::KeyAdd { party }, Role::Administrator)
            }
        };
        let node = &self.served.node;
        let other = self.other.account.to_string();
        let ask = |by, assigned: &[String]| {
            node.ask_for(&asked, assigned, Some(by))
                .unwrap()
                .to_string()
        };
        let asker = self.asker.account;
        let named = [other.clone(), person.to_string()];
        match relation {
            Relation::Author => self.as_if(person, role, || ask(person, &[other])),
            Relation::None if sensitivity == Sensitivity::Severe => ask(asker, &[other]),
            Relation::None => ask(asker, &[]),
            Relation::Assigned => self.as_if(person, Role::Guardian, || ask(asker, &named)),
            Relation::Recused => self.as_if(person, Role::Guardian, || {
                let id = ask(asker, &named);
                node.recuse(&id, person).unwrap();
                id
            }),
        }
    }

    /// Whether somebody of a role does something over HTTP to a thing of a sensitivity to which they
    /// stand in a relation.
    async fn does(
        &mut self,
        action: Action,
        sensitivity: Sensitivity,
        relation: Relation,
        role: Role,
    ) -> StatusCode {
        let own = relation == Relation::Author;
        let closing = action == Action::AccountClose && own;
        let leaving = closing.then(|| {
            self.made += 1;
            let roles = [role];
            let roles = if role == Role::Member {
                &[][..]
            } else {
                &roles
            };
            Person::new(&self.served, &format!("leaving-{}", self.made), roles)
        });
        let id = match action {
            Action::RequestApprove
            | Action::RequestRead
            | Action::RequestRecuse
            | Action::RequestRefuse
            | Action::RequestWithdraw => {
                let person = self.people[&role].account;
                self.request(sensitivity, relation, person)
            }
            _ => String::new(),
        };
        let audited = match (action, sensitivity) {
            (Action::AuditRead, Sensitivity::High | Sensitivity::Severe) => {
                let person = self.people[&role].account;
                self.request(sensitivity, relation, person)
            }
            _ => String::new(),
        };
        let served = &self.served;
        let person = leaving.as_ref().unwrap_or(&self.people[&role]);
        let object = match own {
            true => person.account,
            false if action.code().starts_with("request.") => self.other.account,
            false => self.dummy(),
        }
        .to_string();
        let post = async |address: String, fields: &[(&str, &str)]| {
            person.post(served, &address, fields).await.status
        };
        match action {
            Action::AccountRead => {
                let page = person.get(served, "/en/accounts").await;
                seen(page.text().contains(&object))
            }
            Action::AccountOpen => {
                let opened = post("/en/accounts".to_owned(), &[("name", "Somebody")]).await;
                let again = post(format!("/en/accounts/{object}/enrol"), &[]).await;
                assert_eq!(
                    opened, again,
                    "another code to enter is given by the same people"
                );
                opened
            }
            Action::AccountEmpower => {
                let fields = [("role", "guardian")];
                post(format!("/en/accounts/{object}/grant"), &fields).await
            }
            Action::AccountGrant => {
                let fields = [("role", "registrar"), ("until", "1788800000")];
                post(format!("/en/accounts/{object}/grant"), &fields).await
            }
            Action::AccountWithdraw => {
                let not_held = if role == Role::Auditor {
                    "submitter"
                } else {
                    "auditor"
                };
                post(
                    format!("/en/accounts/{object}/withdraw"),
                    &[("role", not_held)],
                )
                .await
            }
            Action::AccountClose if own => post("/en/account/close".to_owned(), &[]).await,
            Action::AccountClose => post(format!("/en/accounts/{object}/close"), &[]).await,
            Action::AuditRead => {
                let bearer = format!("Bearer {}", person.token);
                let headers = [("authorization", bearer.as_str())];
                let page = served
                    .ask(Method::GET, "/api/v1/log/closed?limit=1000", &headers)
                    .await;
                let page = page.json();
                let found = page["entries"].as_array().unwrap().iter().any(|entry| {
                    entry["sensitivity"] == sensitivity.code()
                        && match sensitivity {
                            Sensitivity::Low => entry["kind"] == "log.received",
                            Sensitivity::Moderate => {
                                entry["kind"] == "account.opened" && entry["account"] == object
                            }
                            _ => entry["statement"] == audited,
                        }
                });
                seen(found)
            }
            Action::KeyChange => {
                let party = PartyId::from_bytes([7; 32]).to_string();
                let fields = [("act", "key-add"), ("about", party.as_str())];
                post("/en/requests".to_owned(), &fields).await
            }
            Action::PlaceReveal => {
                let asset = AssetId::from_bytes([7; 32]).to_string();
                let fields = [("act", "place-reveal"), ("about", asset.as_str())];
                post("/en/requests".to_owned(), &fields).await
            }
            Action::PersonIdentify => {
                let other = self.other.account.to_string();
                let fields = [
                    ("act", "person-identify"),
                    ("about", object.as_str()),
                    ("assigned", other.as_str()),
                ];
                post("/en/requests".to_owned(), &fields).await
            }
            Action::RequestRead => {
                person
                    .get(served, &format!("/en/requests/{id}"))
                    .await
                    .status
            }
            Action::RequestApprove => post(format!("/en/requests/{id}/approve"), &[]).await,
            Action::RequestRecuse => post(format!("/en/requests/{id}/recuse"), &[]).await,
            Action::RequestRefuse => post(format!("/en/requests/{id}/refuse"), &[]).await,
            Action::RequestWithdraw => post(format!("/en/requests/{id}/withdraw"), &[]).await,
            Action::StatementSubmit => {
                let bearer = format!("Bearer {}", person.token);
                let headers = [("authorization", bearer.as_str())];
                served
                    .send("/api/v1/statements", &headers, "no statement")
                    .await
                    .status
            }
            Action::SubjectErase => {
                let fields = [
                    ("act", "subject-erase"),
                    ("about", object.as_str()),
                    ("ground", "safety"),
                ];
                post("/en/requests".to_owned(), &fields).await
            }
            Action::TokenMake => {
                let fields = [("scope", "account.read"), ("days", "1")];
                post("/en/account/tokens".to_owned(), &fields).await
            }
            Action::TokenRevoke => {
                let account = object.parse().unwrap();
                let made = served
                    .node
                    .make_token(account, &[Action::AccountRead], 1)
                    .unwrap();
                let fields = [("token", made.token.as_str())];
                match own {
                    true => post("/en/account/tokens/revoke".to_owned(), &fields).await,
                    false => post(format!("/en/accounts/{object}/tokens/revoke"), &fields).await,
                }
            }
        }
    }
}

/// Bytes of an id that nothing has.
fn nth(number: u32) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Being shown a thing, as a status.
fn seen(seen: bool) -> StatusCode {
    match seen {
        true => StatusCode::OK,
        false => StatusCode::FORBIDDEN,
    }
}

/// Every case of the matrix, tried over HTTP.
#[tokio::test]
async fn nobody_does_over_http_what_the_matrix_does_not_allow_and_everybody_what_it_does() {
    let mut cast = Cast::new();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (action, sensitivity, relation, role) in cases() {
        let status = cast.does(action, sensitivity, relation, role).await;
        // What is not there for somebody has no address for them.
        let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status);
        // Everybody here is a member too.
        let may = |role| allows(role, action, sensitivity, relation);
        let allowed = may(role) || may(Role::Member);
        if refused == allowed {
            wrong.push(format!(
                "{role} {action} {sensitivity} {relation}: {status}"
            ));
        }
        tried += 1;
    }
    assert!(wrong.is_empty(), "of {tried}: {wrong:#?}");
    assert!(tried > 300, "{tried}");
}

#[tokio::test]
async fn nothing_is_reached_without_an_account() {
    let served = Served::empty();
    let pages = ["account", "accounts", "requests", "requests/sta_x", "audit"];
    for page in pages {
        for cookie in ["", "__Host-ensign=", "__Host-ensign=made-up", "other=1; x"] {
            let asked = served
                .ask(Method::GET, &format!("/en/{page}"), &[("cookie", cookie)])
                .await;
            assert_eq!(asked.status, StatusCode::SEE_OTHER, "{page}");
            assert_eq!(asked.headers["location"], "/en/sign-in");
        }
    }
    let posts = [
        "sign-out",
        "account/close",
        "account/passkeys",
        "account/passkeys/remove",
        "account/password",
        "account/recovery",
        "account/sessions",
        "account/tokens",
        "account/tokens/revoke",
        "accounts",
        "accounts/acc_x/close",
        "accounts/acc_x/enrol",
        "accounts/acc_x/grant",
        "accounts/acc_x/withdraw",
        "accounts/acc_x/tokens/revoke",
        "requests",
        "requests/sta_x/approve",
        "requests/sta_x/recuse",
        "requests/sta_x/refuse",
        "requests/sta_x/withdraw",
    ];
    for page in posts {
        let sent = served
            .form(&format!("/en/{page}"), "made-up", &[("name", "x")])
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{page}");
        assert_eq!(sent.headers["location"], "/en/sign-in", "{page}");
    }
    for address in ["accounts", "requests", "requests/x", "log/closed"] {
        let address = format!("/api/v1/{address}");
        for bearer in ["", "Basic eDp5", "Bearer", "Bearer ensign_made-up"] {
            let asked = served
                .ask(Method::GET, &address, &[("authorization", bearer)])
                .await;
            assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{address} {bearer}");
            assert_eq!(asked.headers["www-authenticate"], "Bearer");
        }
    }
    let sent = served
        .post("/api/v1/statements", "application/cbor", b"x")
        .await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let served = Served::empty();
    let ada = Person::new(&served, "ada", &[Role::Administrator]);
    let cookie = format!("__Host-ensign={}", ada.cookie);
    let body = encoded(&[("form_token", &ada.form_token), ("name", "Somebody")]);
    let from = |name, value| {
        vec![
            ("cookie", cookie.as_str()),
            ("host", "node.example"),
            (name, value),
        ]
    };
    let before = served.node.accounts(None).unwrap().len();
    for headers in [
        from("sec-fetch-site", "cross-site"),
        from("sec-fetch-site", "same-site"),
        from("origin", "https://other.example"),
        from("origin", "null"),
        from("referer", "https://node.example/en/accounts"),
    ] {
        let sent = served.send("/en/accounts", &headers, &body).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let ours = from("origin", "https://node.example");
    for token in ["", "0000", ada.form_token.to_uppercase().as_str()] {
        let body = encoded(&[("form_token", token), ("name", "Somebody")]);
        let sent = served.send("/en/accounts", &ours, &body).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{token}");
    }
    assert_eq!(served.node.accounts(None).unwrap().len(), before);
    let sent = served.send("/en/accounts", &ours, &body).await;
    assert_eq!(sent.status, StatusCode::OK);
    assert_eq!(served.node.accounts(None).unwrap().len(), before + 1);
    // Signing somebody in to another's account from elsewhere is refused too.
    let sent = served
        .send(
            "/en/sign-in",
            &from("origin", "https://other.example"),
            "login=x",
        )
        .await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whoever_signs_in_gets_a_cookie_that_no_script_and_no_other_site_sees() {
    let served = Served::empty();
    let ada = Person::new(&served, "ada", &[]);
    served.clock.set(NOW + 90);
    let code = one_time_code(&ada.secret, NOW + 90).unwrap();
    let fields = [
        ("login", "ada"),
        ("password", PASSWORD),
        ("code", code.as_str()),
    ];
    let sent = served.form("/en/sign-in", "", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let cookie = sent.headers["set-cookie"].to_str().unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Strict");
    let value = value.strip_prefix("__Host-ensign=").unwrap();
    assert_eq!(value.len(), 43, "256 bits");
    assert_eq!(sent.headers["cache-control"], "no-store");
    let session = served.node.session(value).unwrap().unwrap();
    let out = served
        .form(
            "/en/sign-out",
            value,
            &[("form_token", &session.form_token)],
        )
        .await;
    assert!(
        out.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert!(served.node.session(value).unwrap().is_none());
    let replayed = served.form("/en/sign-in", "", &fields).await;
    assert_eq!(
        replayed.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a code is good once"
    );
}

/// What the program log says meanwhile.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn ten_thousand_guesses_are_refused_alike_and_leave_no_word_of_anybody() {
    let heard = Heard::default();
    let writer = heard.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // Of all threads, as answers are made on others.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let served = Served::empty();
    let said = served.site.blocking(|_| {
        tracing::info!("listening");
        Ok(())
    });
    said.await.unwrap();
    let ada = Person::new(&served, "ada-planted", &[]);
    let guess = async |login: &str, password: &str| {
        let fields = [("login", login), ("password", password), ("code", "123456")];
        let sent = served.form("/en/sign-in", "", &fields).await;
        let text = sent.text().replace(login, "LOGIN");
        (sent.status, text)
    };
    let known = guess("ada-planted", "wrong-planted").await;
    assert_eq!(known.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(guess("nobody-planted", "wrong-planted").await, known);
    assert_eq!(
        guess("ada-planted", PASSWORD).await,
        known,
        "and so is a wrong code"
    );
    let (mut throttled, mut read) = (0, 0);
    for attempt in 0..10_000_u64 {
        served.clock.set(NOW + attempt / 100);
        match guess("ada-planted", "wrong-planted").await.0 {
            StatusCode::TOO_MANY_REQUESTS => throttled += 1,
            StatusCode::UNPROCESSABLE_ENTITY => read += 1,
            other => panic!("{other}"),
        }
    }
    assert!(read < 20 && throttled > 9_980, "{read} were read");
    let large = encoded(&[("login", &"x".repeat(20_000))]);
    let sent = served
        .send("/en/sign-in", &[("sec-fetch-site", "same-origin")], &large)
        .await;
    assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE);
    let said = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("listening"));
    let account = ada.account.to_string();
    for planted in [
        "planted",
        PASSWORD,
        "123456",
        &ada.cookie,
        &ada.token,
        &account,
    ] {
        assert!(!said.contains(planted), "the program log says {planted}");
    }
}

/// A statement that founds a party whose key is not here.
fn founding_of_a_stranger(served: &Served) -> Statement {
    let key = SigningKey::from_seed(&[9; 32]);
    let mut draft = Draft {
        issuer: None,
        subject: None,
        claimed: NOW,
        unique: [1; 16],
        kind: Code::literal("unset"),
        version: 1,
        realm: Realm::Real,
        link: Some(Head::next(None, &served.node.origin(LogName::Public))),
        refs: Vec::new(),
        body: Default::default(),
        sealed: Vec::new(),
    };
    let act = Act::Founded {
        key: key.public(),
        nature: Code::literal("body"),
    };
    act.write(&mut draft);
    draft.sign(&key).unwrap()
}

#[tokio::test]
async fn a_token_that_ended_is_refused_and_a_statement_handed_in_twice_is_one() {
    let served = Served::empty();
    let ada = Person::new(&served, "ada", &[Role::Submitter]);
    let bearer = format!("Bearer {}", ada.token);
    let headers = [("authorization", bearer.as_str())];
    let stranger = founding_of_a_stranger(&served);
    let (entry, id) = (stranger.entry().to_vec(), stranger.id().to_string());
    let hand_in = async |entry: &[u8]| served.put("/api/v1/statements", &headers, entry).await;
    let first = hand_in(&entry).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    assert_eq!(first.json()["statement"], id);
    let again = hand_in(&entry).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json()["index"], first.json()["index"]);
    assert_eq!(again.json()["known"], true);
    assert_eq!(
        hand_in(&entry[..20]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mut forged = entry.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(
        hand_in(&forged).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    served.clock.set(NOW + 31 * 86_400);
    assert_eq!(hand_in(&entry).await.status, StatusCode::UNAUTHORIZED);
}
