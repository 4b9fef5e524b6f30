//! The page "verify an emblem", and the same over the API.

use axum::http::StatusCode;
use serde_json::json;

use super::markup;
use crate::i18n::Locale;
use crate::testkit::Served;

pub(super) const EXAMPLE: &str = include_str!("../../../assets/example.txt");
pub(super) const FORM: &str = "multipart/form-data; boundary=limit";

/// A form as a browser sends it: fields, then files.
pub(super) fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--limit\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    for (name, content) in files {
        let head = format!(
            "--limit\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--limit--\r\n");
    body
}

#[tokio::test]
async fn what_is_pasted_is_explained_in_every_language_and_never_kept() {
    let served = Served::empty();
    for locale in Locale::ALL {
        let address = format!("/{}/verify", locale.code());
        let body = form(&[("paste", EXAMPLE), ("at", "1790000000")], &[]);
        let page = served.post(&address, FORM, &body).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header("cache-control"), "no-store");
        markup::check(page.text(), locale).unwrap();
        for part in [
            "SIGNED ORGANIZATIONAL ENDORSED",
            "adem-cwt",
            "https://authority.example",
            "ensign emblem verify given --evidence given --at 1790000000",
            "class=\"notice verdict met\"",
        ] {
            assert!(page.text().contains(part), "{part}");
        }
    }
    let example = served.get("/en/verify?example").await;
    assert!(example.text().contains("SIGNED ORGANIZATIONAL ENDORSED"));
}

#[tokio::test]
async fn a_chain_that_was_verified_is_not_checked_again_and_decides_nothing_else() {
    let served = Served::empty();
    let verify = async |given: &[&str], at: u64| {
        let asked = json!({ "given": given, "at": at.to_string() }).to_string();
        let address = "/api/v1/emblems/verify";
        let answer = served.post(address, "application/json", asked.as_bytes());
        let answer = answer.await.json();
        let outcome = answer["outcome"].as_str().unwrap().to_owned();
        (outcome, served.site.checks())
    };
    let met = |checks| ("met".to_owned(), checks);
    // Two endorsements and their two commitments; then nothing but the emblem, which is not counted.
    assert_eq!(verify(&[EXAMPLE], 1_790_000_000).await, met(4));
    assert_eq!(verify(&[EXAMPLE], 1_790_000_001).await, met(4));
    // Times are judged anew, and evidence that is not there proves nothing.
    let (late, _) = verify(&[EXAMPLE], 4_000_000_000).await;
    assert_eq!(late, "invalid");
    let begin = EXAMPLE.find("-----BEGIN CERTIFICATE").unwrap();
    let (without, checks) = verify(&[&EXAMPLE[..begin]], 1_790_000_000).await;
    assert_eq!((without.as_str(), checks), ("unproven", 6));
    // The same chains on the page.
    let body = form(&[("paste", EXAMPLE), ("at", "1790000000")], &[]);
    let page = served.post("/en/verify", FORM, &body).await;
    assert!(page.text().contains("class=\"notice verdict met\""));
    assert_eq!(served.site.checks(), 6);
}

#[tokio::test]
async fn files_a_policy_and_a_time_are_taken_and_a_bundle_is_given_back() {
    let served = Served::empty();
    let policy = "version = 1\n[[honour]]\norganisation = \"https://authority.example\"\n";
    let fields = [("policy", policy), ("at", "2026-09-21T14:13:20Z")];
    let files = [("set.txt", EXAMPLE.as_bytes()), ("photo.png", b"\x89PNG")];
    let page = served
        .post("/en/verify", FORM, &form(&fields, &files))
        .await;
    let text = page.text();
    assert!(
        text.contains("Recognised by") && text.contains("photo.png"),
        "{text}"
    );
    assert!(text.contains("--at 1790000000 --policy policy.toml"));
    let wanted = [("answer", "bundle")];
    let bundle = served
        .post("/en/verify", FORM, &form(&wanted, &files[..1]))
        .await;
    assert!(bundle.header("content-disposition").contains("set.emblem"));
    let again = form(&[("at", "1790000000")], &[("set.emblem", &bundle.bytes)]);
    let again = served.post("/en/verify", FORM, &again).await;
    assert!(again.text().contains("class=\"notice verdict unproven\""));
}

#[tokio::test]
async fn what_cannot_be_used_is_said_beside_the_form_that_keeps_its_text() {
    let served = Served::empty();
    for (fields, part) in [
        (vec![("paste", "")], "href=\"#paste\""),
        (vec![("paste", "eyJ.a.b"), ("at", "soon")], "href=\"#at\""),
        (
            vec![("paste", "eyJ.a.b"), ("policy", "version = 7")],
            "href=\"#policy\"",
        ),
    ] {
        let page = served.post("/en/verify", FORM, &form(&fields, &[])).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        markup::check(page.text(), Locale::En).unwrap();
        assert!(page.text().contains(part), "{part}");
        assert!(page.text().contains(fields[0].1));
    }
    let odd = form(&[("paste", "<script>alert(1)</script>")], &[]);
    let odd = served.post("/ar/verify", FORM, &odd).await;
    assert!(odd.status == StatusCode::OK && !odd.text().contains("<script"));
    for (kind, body) in [
        (FORM, form(&[("other", "x")], &[])),
        (FORM, b"--limit\r\n".to_vec()),
        ("text/plain", b"x".to_vec()),
    ] {
        let page = served.post("/en/verify", kind, &body).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text().contains("<h1>"));
    }
    let large = form(&[], &[("large", &vec![0; 2 * 1024 * 1024])]);
    for (address, kind) in [
        ("/en/verify", FORM),
        ("/api/v1/emblems/verify", "application/json"),
    ] {
        let refused = served.post(address, kind, &large).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{address}");
    }
}

#[tokio::test]
async fn the_api_answers_the_same_steps() {
    let served = Served::empty();
    let asked = json!({ "given": [EXAMPLE], "at": "1790000000" });
    let asked = serde_json::to_vec(&asked).unwrap();
    let address = "/api/v1/emblems/verify";
    let answer = served.post(address, "application/json", &asked).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    assert_eq!(answer["outcome"], "met");
    assert_eq!(
        answer["results"],
        json!(["SIGNED", "ORGANIZATIONAL", "ENDORSED"])
    );
    assert_eq!(
        answer["commitments"][0]["entries"][0]["log_name"],
        "Invented Log"
    );
    for (body, code) in [
        (json!({ "given": [] }), "emblem.unreadable"),
        (json!({ "given": ["x"], "at": "soon" }), "parameter.moment"),
        (
            json!({ "given": ["x"], "policy": "x" }),
            "emblem.unreadable",
        ),
        (json!({ "tokens": [] }), "emblem.unreadable"),
    ] {
        let body = serde_json::to_vec(&body).unwrap();
        let problem = served.post(address, "application/json", &body).await;
        assert_eq!(problem.status, StatusCode::BAD_REQUEST);
        assert_eq!(problem.json()["type"], code);
    }
}

#[tokio::test]
async fn an_emblem_of_another_time_is_quoted_with_its_times_and_whom_it_names() {
    let served = Served::empty();
    for locale in Locale::ALL {
        let address = format!("/{}/verify", locale.code());
        for at in ["2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z"] {
            let body = form(&[("paste", EXAMPLE), ("at", at)], &[]);
            let page = served.post(&address, FORM, &body).await;
            markup::check(page.text(), locale).unwrap();
            for part in [
                "www.hospital.example",
                "https://hospital.example",
                "notice verdict invalid",
            ] {
                assert!(page.text().contains(part), "{at}: {part}");
            }
        }
    }
    let body = form(&[("paste", EXAMPLE), ("at", "2030-01-01T00:00:00Z")], &[]);
    let page = served.post("/en/verify", FORM, &body).await;
    for part in [
        "It says that it was valid until just before",
        "The words are the emblem\u{2019}s own",
    ] {
        assert!(page.text().contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_private_key_is_told_at_the_top_of_page_and_answer() {
    let served = Served::empty();
    let secret = "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n";
    let given = format!("{EXAMPLE}\n\n{secret}");
    for locale in Locale::ALL {
        let files = [
            ("own.pem", secret.as_bytes()),
            ("set.txt", EXAMPLE.as_bytes()),
        ];
        let body = form(&[("at", "1790000000")], &files);
        let page = served
            .post(&format!("/{}/verify", locale.code()), FORM, &body)
            .await;
        markup::check(page.text(), locale).unwrap();
        let told = page.text().find("own.pem").unwrap();
        assert!(told < page.text().find("id=\"signatures\"").unwrap());
    }
    let asked = json!({ "given": [given], "at": "1790000000" });
    let asked = serde_json::to_vec(&asked).unwrap();
    let answer = served
        .post("/api/v1/emblems/verify", "application/json", &asked)
        .await;
    let answer = answer.json();
    assert_eq!(
        (&answer["outcome"], &answer["cautions"][0]["code"]),
        (&json!("met"), &json!("caution-private-key"))
    );
    assert_eq!(
        answer["passed_over"][0]["code"],
        "emblem-passed-private-key"
    );
}

#[tokio::test]
async fn each_thing_is_said_once_and_in_the_language_of_the_page() {
    let served = Served::empty();
    let ask = async |locale: &str, fields: &[(&str, &str)]| {
        let address = format!("/{locale}/verify");
        let page = served.post(&address, FORM, &form(fields, &[])).await;
        page.text().to_owned()
    };
    // No emblem among what was given: one sentence says so.
    let none = ask("en", &[("paste", "hello")]).await;
    assert!(none.contains("No emblem is here: there is nothing to verify"));
    assert!(!none.contains("No emblem is there"), "{none}");
    // A policy that cannot be read.
    let fields = [("paste", EXAMPLE), ("policy", "version = 2")];
    let policy = ask("en", &fields).await;
    assert_eq!(
        policy
            .to_lowercase()
            .matches("policy cannot be read")
            .count(),
        1,
        "{policy}"
    );
    assert!(
        policy.contains("The policy is of another version than 1."),
        "{policy}"
    );
    // What is missing, once and in words of the page's language alone.
    let required = "version = 1\nrevocation-lists = \"required\"\n";
    let missing = [
        ("paste", EXAMPLE),
        ("policy", required),
        ("at", "1790000000"),
    ];
    let english = ask("en", &missing).await;
    let general = "No current revocation list covers the certificate.";
    assert!(english.contains(general), "{english}");
    let arabic = ask("ar", &missing).await;
    assert!(
        !arabic.contains("class=\"own-word\" dir=\"ltr\" lang=\"en\""),
        "{arabic}"
    );
    assert!(!arabic.contains("revocation list"), "{arabic}");
    // So is what is wrong with a policy.
    for (policy, word) in [
        ("version = 2", "another version"),
        ("version = 1\nleast = \"x\"", "means nothing"),
        ("version = 1\nlogs = []", "means nothing"),
        ("version = 1\nother = 1", "is not TOML"),
        (
            "version = 1\n[[honour]]\norganisation = \"x\"",
            "lower case",
        ),
    ] {
        let fields = [("paste", EXAMPLE), ("policy", policy)];
        let english = ask("en", &fields).await;
        let arabic = ask("ar", &fields).await;
        assert!(english.contains(word), "{policy}");
        assert!(
            !arabic.contains(word) && !arabic.contains("class=\"own-word\""),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn the_policy_that_a_bundle_names_stands_in_the_answer() {
    let served = Served::empty();
    let fields = [
        ("paste", EXAMPLE),
        ("policy", "version = 1\ncommitments = 1\n"),
        ("answer", "bundle"),
    ];
    let bundle = served.post("/en/verify", FORM, &form(&fields, &[])).await;
    let judge = async |policy: &str| {
        let fields = [("policy", policy), ("at", "1790000000")];
        let body = form(&fields, &[("set.emblem", &bundle.bytes)]);
        let page = served.post("/en/verify", FORM, &body).await;
        page.text().to_owned()
    };
    let same = judge("version = 1\ncommitments = 1\n").await;
    assert!(same.contains("Policy that a bundle names") && same.contains("the one used here"));
    let other = judge("").await;
    assert!(
        other.contains("not the one used here: its sender judged by another"),
        "{other}"
    );
    let given = data_encoding::BASE64.encode(&bundle.bytes);
    let asked = json!({ "given": [given], "at": "1790000000" }).to_string();
    let answer = served.post(
        "/api/v1/emblems/verify",
        "application/json",
        asked.as_bytes(),
    );
    let answer = answer.await.json();
    assert_eq!(answer["bundle_policies"][0]["used"], false);
    let id = answer["bundle_policies"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(same.contains(&id) && other.contains(&id));
}

#[tokio::test]
async fn a_key_of_another_algorithm_than_the_token_says_is_told_as_that() {
    let served = Served::empty();
    let mut given = ensign_mark::given::Given::default();
    given.add_text(EXAMPLE).unwrap();
    let judged = given.judge(1_790_000_000).unwrap();
    let at = judged.set.token(0).unwrap();
    let hex = data_encoding::HEXLOWER.encode(at.bytes());
    // The header's first member is `alg`: ES256 and EdDSA have signatures of one length.
    let (from, to) = match at.algorithm() {
        ensign_mark::key::Algorithm::EdDsa => ("0127", "0126"),
        _ => ("0126", "0127"),
    };
    let other = hex.replacen(from, to, 1);
    assert_ne!(other, hex);
    let asked = json!({ "given": [EXAMPLE, other], "at": "1790000000" }).to_string();
    let answer = served.post(
        "/api/v1/emblems/verify",
        "application/json",
        asked.as_bytes(),
    );
    let answer = answer.await.json();
    let tokens = answer["tokens"].as_array().unwrap();
    let last = tokens.last().unwrap();
    assert_eq!(last["signature"], "mismatched", "{answer}");
    assert_eq!(last["failed"]["rule"], "emblem-algorithm");
}
