//! Passkeys over HTTP, as a browser and a device use them.

use ensign_authenticator::Authenticator;

use super::*;
use crate::testkit::Answered;

const ORIGIN: &str = "http://localhost:8480";

/// Asks for a page at the node's own address, perhaps as somebody signed in.
async fn get(served: &Served, address: &str, cookie: &str) -> Answered {
    let cookie = format!("__Host-ensign={cookie}");
    let headers = [("host", "localhost:8480"), ("cookie", cookie.as_str())];
    served.ask(Method::GET, address, &headers).await
}

/// Sends a form from there.
async fn send(served: &Served, address: &str, cookie: &str, fields: &[(&str, &str)]) -> Answered {
    let cookie = format!("__Host-ensign={cookie}");
    let headers = [
        ("host", "localhost:8480"),
        ("origin", ORIGIN),
        ("cookie", cookie.as_str()),
    ];
    served.send(address, &headers, &encoded(fields)).await
}

/// What a page gives the browser.
fn options(page: &Answered) -> String {
    let text = page.text();
    let found = text.split("data-options=\"").nth(1);
    let found = found.unwrap_or_else(|| panic!("no options in {text}"));
    found.split('"').next().unwrap().replace("&#34;", "\"")
}

/// What the browser was given to stay signed in.
fn cookie(answer: &Answered) -> String {
    let cookie = answer.header("set-cookie");
    let value = cookie.strip_prefix("__Host-ensign=").unwrap_or_default();
    value.split(';').next().unwrap().to_owned()
}

/// Somebody who has entered with a passkey alone.
struct Holder {
    account: AccountId,
    device: Authenticator,
    cookie: String,
    form_token: String,
}

async fn entered(served: &Served, number: u8) -> Holder {
    let opened = served
        .node
        .open_account("Planted Person", &[], None)
        .unwrap();
    let code = opened.enrolment.code.as_str();
    let page = send(served, "/en/enrol/passkey", "", &[("code", code)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let mut device = Authenticator::new(ORIGIN, number);
    let answer = device.create(&options(&page));
    let fields = [
        ("code", code),
        ("answer", &answer),
        ("label", "planted label"),
    ];
    let done = send(served, "/en/enrol/passkey", "", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(
        done.text().matches("<code dir=\"ltr\">").count(),
        10,
        "recovery codes"
    );
    let cookie = cookie(&done);
    let session = served.node.session(&cookie).unwrap().unwrap();
    Holder {
        account: opened.account,
        device,
        cookie,
        form_token: session.form_token,
    }
}

#[tokio::test]
async fn a_person_enters_and_signs_in_with_a_passkey_and_no_name() {
    let served = Served::empty();
    for number in [1, 2] {
        let mut holder = entered(&served, number).await;
        let account = get(&served, "/en/account", &holder.cookie).await;
        assert!(account.text().contains("planted label"));
        assert!(
            !account.text().contains("id=\"now\""),
            "there is no password to change"
        );
        let page = get(&served, "/en/sign-in", "").await;
        let answer = holder.device.get(&options(&page));
        let fields = [("answer", answer.as_str())];
        let done = send(&served, "/en/sign-in/passkey", "", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert_eq!(done.header("location"), "/en/account");
        assert_eq!(done.header("cache-control"), "no-store");
        let session = served.node.session(&cookie(&done)).unwrap().unwrap();
        assert_eq!(session.account, holder.account);
        let again = send(&served, "/en/sign-in/passkey", "", &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "replayed");
        assert!(again.header("set-cookie").is_empty());
        assert_ne!(
            options(&again),
            options(&page),
            "another challenge, to try again"
        );
    }
}

#[tokio::test]
async fn only_pages_that_ask_for_passkeys_have_a_script_and_only_at_their_own_address() {
    let served = Served::empty();
    let holder = entered(&served, 1).await;
    let opened = served.node.open_account("Somebody", &[], None).unwrap();
    let code = [("code", opened.enrolment.code.as_str())];
    let making = send(&served, "/en/enrol/passkey", "", &code).await;
    let mut pages = vec![("making", making)];
    for address in ["/en/sign-in", "/ar/enrol", "/en/account"] {
        pages.push((address, get(&served, address, &holder.cookie).await));
    }
    let wrong = send(&served, "/en/sign-in", "", &[("login", "nobody")]).await;
    pages.push(("wrong", wrong));
    let policy = |page: &Answered| page.header("content-security-policy").to_owned();
    for (address, page) in &pages {
        let src = format!("src=\"{}\"", crate::assets::script());
        assert_eq!(page.text().matches("<script").count(), 1, "{address}");
        assert!(page.text().contains(&src), "{address}");
        assert!(policy(page).ends_with("; script-src 'self'"), "{address}");
        assert!(!policy(page).contains("unsafe"), "{address}");
    }
    for address in [
        "/en/",
        "/en/requests",
        "/en/accounts",
        "/en/audit",
        "/en/enrol",
    ] {
        let host = match address {
            "/en/enrol" => "127.0.0.1:8480",
            _ => "localhost:8480",
        };
        let session = format!("__Host-ensign={}", holder.cookie);
        let headers = [("host", host), ("cookie", session.as_str())];
        let page = served.ask(Method::GET, address, &headers).await;
        assert!(!policy(&page).contains("script"), "{address}");
        assert!(!page.text().contains("<script"), "{address}");
        assert!(!page.text().contains("data-with-passkeys"), "{address}");
    }
    for host in [
        "node.example.org",
        "localhost",
        "localhost:8481",
        "localhost.example.org:8480",
    ] {
        for address in ["/en/sign-in", "/en/account"] {
            let session = format!("__Host-ensign={}", holder.cookie);
            let headers = [("host", host), ("cookie", session.as_str())];
            let page = served.ask(Method::GET, address, &headers).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!policy(&page).contains("script"), "{address} at {host}");
            assert!(
                !page.text().contains("data-with-passkeys"),
                "{address} at {host}"
            );
        }
    }
    let script = served.get(crate::assets::script()).await;
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert!(script.header("cache-control").contains("immutable"));
    let other = served.get("/assets/000000000000/passkey.js").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn passkeys_are_added_and_removed_on_the_page_of_the_account() {
    let served = Served::empty();
    let holder = entered(&served, 1).await;
    let token = ("form_token", holder.form_token.as_str());
    let page = get(&served, "/en/account", &holder.cookie).await;
    assert!(
        !page.text().contains("passkeys/remove"),
        "the last one stays"
    );
    let making = send(&served, "/en/account/passkeys", &holder.cookie, &[token]).await;
    let mut second = Authenticator::new(ORIGIN, 2);
    let answer = second.create(&options(&making));
    let fields = [("answer", answer.as_str()), ("label", "<b>second</b>")];
    let forged = send(&served, "/en/account/passkeys", &holder.cookie, &fields).await;
    assert_eq!(
        forged.status,
        StatusCode::FORBIDDEN,
        "without the form's token"
    );
    let fields = [token, fields[0], fields[1]];
    let added = send(&served, "/en/account/passkeys", &holder.cookie, &fields).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    let again = send(&served, "/en/account/passkeys", &holder.cookie, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "replayed");
    let page = get(&served, "/en/account", &holder.cookie).await;
    assert!(page.text().contains("&#60;b&#62;second"), "{}", page.text());
    let first = served
        .node
        .passkeys(holder.account)
        .unwrap()
        .remove(0)
        .passkey;
    let fields = [token, ("passkey", first.as_str())];
    let removed = send(
        &served,
        "/en/account/passkeys/remove",
        &holder.cookie,
        &fields,
    )
    .await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    let gone = get(&served, "/en/account", &holder.cookie).await;
    assert_eq!(
        gone.status,
        StatusCode::SEE_OTHER,
        "signed out everywhere else"
    );
    let session = served.node.session(&cookie(&removed)).unwrap().unwrap();
    let token = ("form_token", session.form_token.as_str());
    for (passkey, status) in [
        (first.clone(), StatusCode::NOT_FOUND),
        (
            served
                .node
                .passkeys(holder.account)
                .unwrap()
                .remove(0)
                .passkey,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let fields = [token, ("passkey", passkey.as_str())];
        let address = "/en/account/passkeys/remove";
        let refused = send(&served, address, &cookie(&removed), &fields).await;
        assert_eq!(refused.status, status);
    }
    served.clock.set(NOW + 600);
    let page = get(&served, "/en/account", &cookie(&removed)).await;
    assert!(
        !page.text().contains("action=\"/en/account/passkeys\""),
        "too long ago"
    );
    let late = send(&served, "/en/account/passkeys", &cookie(&removed), &[token]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_refused_passkey_leaves_no_word_of_anybody_in_the_program_log() {
    let heard = Heard::default();
    let writer = heard.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let served = Served::empty();
    let mut holder = entered(&served, 1).await;
    holder.device.origin = "https://false.example".to_owned();
    let page = get(&served, "/en/sign-in", "").await;
    let answer = holder.device.get(&options(&page));
    let refused = send(&served, "/en/sign-in/passkey", "", &[("answer", &answer)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("it was made at another origin"), "{said}");
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let account = holder.account.to_string();
    for planted in [
        "planted",
        "false.example",
        answer["id"].as_str().unwrap(),
        answer["response"]["userHandle"].as_str().unwrap(),
        &holder.cookie,
        &account,
    ] {
        assert!(!said.contains(planted), "the program log says {planted}");
        assert!(!refused.text().contains(planted), "the page says {planted}");
    }
}
