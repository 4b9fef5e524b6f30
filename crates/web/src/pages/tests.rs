mod accords;
mod answers;
mod changes;
mod markup;
mod promises;
mod register;
mod revoked;
mod swapped;
mod taken;
mod told;
mod verify;

use axum::http::{Method, StatusCode};

use crate::i18n::Locale;
use crate::testkit::{Answered, Served, assert_golden};

/// Every page of a node that has the story, in one language.
async fn pages(served: &Served, locale: &str) -> Vec<String> {
    let (changed, same) = (served.incident(true).await, served.incident(false).await);
    let authority = "/authorities/health.aranthia.example".to_owned();
    let mut places = [
        "/",
        "/incidents",
        "/incidents?changed=true&from=2025-01-01",
        "/incidents?country=ZZZ",
        &changed,
        &same,
        "/sources/who-ssa",
        "/sources/who-ssa?kind=changed",
        "/log",
        "/log?before=20&limit=5",
        "/log/0",
        "/log/1",
        "/log/12",
        "/verify",
        "/verify?example",
        "/assets",
        "/assets?outcome=recognised&limit=1&known=then",
        "/assets?kind=corridor",
        "/emblems",
        "/authorities",
        "/authorities?limit=1",
        "/authorities/nobody.example",
        &authority,
    ]
    .map(str::to_owned)
    .to_vec();
    for outcome in ["recognised", "declared", "expired", "revoked"] {
        for asset in served.assets(outcome).await {
            places.extend([format!("/assets/{asset}"), format!("/assets/{asset}/card")]);
        }
    }
    let emblems = served.get("/api/v1/emblems").await.json();
    for emblem in emblems["emblems"].as_array().unwrap() {
        places.push(format!(
            "/emblems/{}",
            emblem["statement"].as_str().unwrap()
        ));
    }
    places
        .iter()
        .map(|place| format!("/{locale}{place}"))
        .collect()
}

#[tokio::test]
async fn every_page_is_well_formed_in_every_language_and_says_that_the_story_is_invented() {
    let served = Served::story();
    for locale in Locale::ALL {
        for address in pages(&served, locale.code()).await {
            let page = served.get(&address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            markup::check(page.text(), locale).unwrap_or_else(|fault| panic!("{address}: {fault}"));
            assert!(page.text().contains("class=\"realm\""), "{address}");
            assert!(page.text().contains("harbour"), "{address}");
        }
    }
}

#[tokio::test]
async fn a_node_without_anything_has_pages_too_and_no_banner() {
    let served = Served::empty();
    for locale in Locale::ALL {
        for place in [
            "/",
            "/incidents",
            "/log",
            "/log/0",
            "/log/1",
            "/assets",
            "/emblems",
            "/authorities",
            "/verify",
        ] {
            let address = format!("/{}{place}", locale.code());
            let page = served.get(&address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            markup::check(page.text(), locale).unwrap_or_else(|fault| panic!("{address}: {fault}"));
            assert!(!page.text().contains("class=\"realm\""), "{address}");
        }
    }
    let missing = served.get("/en/sources/who-ssa").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_answer_has_the_strict_headers_and_no_cookie() {
    let served = Served::story();
    for address in [
        "/",
        "/en/",
        "/en/nothing",
        "/api/v1/front",
        "/api/v1/nothing",
        "/tlog/checkpoint",
        "/tlog/tile/9",
        "/healthz",
        crate::assets::stylesheet(),
    ] {
        let answer = served.get(address).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'"),
            "{address}"
        );
        assert!(
            !policy.contains("script") && !policy.contains("unsafe"),
            "{address}"
        );
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{address}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "same-origin",
            "{address}"
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{address}");
        assert_eq!(
            answer.header("x-content-type-options"),
            "nosniff",
            "{address}"
        );
        assert!(
            answer
                .header("permissions-policy")
                .contains("geolocation=()"),
            "{address}"
        );
        assert!(answer.headers.get("set-cookie").is_none(), "{address}");
    }
}

#[tokio::test]
async fn the_root_leads_to_the_readers_language() {
    let served = Served::empty();
    for (accept, place) in [("ar-EG, en;q=0.5", "/ar/"), ("fr", "/en/"), ("", "/en/")] {
        let answer = served
            .ask(Method::GET, "/", &[("accept-language", accept)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), place);
        assert!(answer.header("vary").contains("accept-language"));
    }
    for address in ["/ar", "/ar/sources"] {
        assert_eq!(served.get(address).await.header("location"), "/ar/");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_readers_language() {
    let served = Served::story();
    let english = served.get("/en/nothing").await;
    assert_eq!(english.status, StatusCode::NOT_FOUND);
    assert!(english.text().contains("There is no such page"));
    markup::check(english.text(), Locale::En).unwrap();
    for address in [
        "/ar/nothing",
        "/ar/incidents/rec_x",
        "/ar/incidents/%FF",
        "/ar/log/99999",
        "/ar/sources/x",
    ] {
        let arabic = served.get(address).await;
        assert_eq!(arabic.status, StatusCode::NOT_FOUND, "{address}");
        markup::check(arabic.text(), Locale::Ar).unwrap_or_else(|it| panic!("{address}: {it}"));
    }
    let negotiated = served
        .ask(Method::GET, "/xx/y", &[("accept-language", "ar")])
        .await;
    assert_eq!(negotiated.status, StatusCode::NOT_FOUND);
    assert!(negotiated.text().contains("dir=\"rtl\""));
    let data = served.get("/en/nothing.json").await;
    assert_eq!(data.header("content-type"), "application/problem+json");
    let posted = served.ask(Method::POST, "/en/incidents", &[]).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(posted.text().contains("<h1>"));
    let large = [("content-length", "16385")];
    let large = served.ask(Method::GET, "/en/", &large).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_parameter_that_cannot_be_used_is_named_and_not_left_out() {
    let served = Served::story();
    for (question, name, code) in [
        ("from=2023-02-30", "from", "parameter.date"),
        ("from=20230207", "from", "parameter.date"),
        (
            "from=2024-01-02&until=2024-01-01",
            "from",
            "parameter.order",
        ),
        ("changed=maybe", "changed", "parameter.choice"),
        ("country=%3Cscript%3E", "country", "parameter.code"),
        ("limit=0", "limit", "parameter.number"),
        ("limit=1001", "limit", "parameter.number"),
        ("after=nowhere", "after", "parameter.place"),
        ("county=XKX", "county", "parameter.unknown"),
        ("country=XKX&country=YEM", "country", "parameter.repeated"),
        ("kind=changed", "kind", "parameter.unknown"),
    ] {
        let problem = served.get(&format!("/api/v1/incidents?{question}")).await;
        assert_eq!(problem.status, StatusCode::BAD_REQUEST, "{question}");
        assert_eq!(problem.header("content-type"), "application/problem+json");
        let told = problem.json();
        assert_eq!(
            (told["type"].as_str(), told["parameter"].as_str()),
            (Some(code), Some(name))
        );
        assert_eq!(told["status"], 400);
        let page = served.get(&format!("/ar/incidents?{question}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{question}");
        markup::check(page.text(), Locale::Ar).unwrap_or_else(|it| panic!("{question}: {it}"));
        assert!(
            page.text().contains(name) && !page.text().contains("<script"),
            "{question}"
        );
    }
    let empty = served
        .get("/en/incidents?country=&from=&until=&certainty=")
        .await;
    assert_eq!(
        empty.status,
        StatusCode::OK,
        "a form sends its empty fields"
    );
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let served = Served::story();
    for address in [
        "/en/",
        "/ar/incidents",
        "/en/incidents.csv",
        "/api/v1/log/public",
    ] {
        let first = served.get(address).await;
        let tag = first.header("etag");
        assert!(tag.starts_with("W/\""), "{address}: {tag}");
        assert_eq!(first.header("cache-control"), "public, no-cache");
        let again = served
            .ask(Method::GET, address, &[("if-none-match", tag)])
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{address}");
        assert!(again.bytes.is_empty());
        let other = served
            .ask(Method::GET, address, &[("if-none-match", "W/\"x\"")])
            .await;
        assert_eq!(other.status, StatusCode::OK);
    }
    for address in ["/en/incidents/rec_x", "/api/v1/incidents/rec_x"] {
        let any = served.ask(Method::GET, address, &[("if-none-match", "*")]);
        assert_eq!(any.await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let before = served.get("/en/").await.header("etag").to_owned();
    served
        .node
        .found_party("Harbour Clinic (invented)", "organisation")
        .unwrap();
    let after = served
        .ask(Method::GET, "/en/", &[("if-none-match", &before)])
        .await;
    assert_eq!(after.status, StatusCode::OK, "the log has grown");
}

#[tokio::test]
async fn page_file_and_answer_have_the_same_rows() {
    let served = Served::story();
    let json = served.get("/en/incidents.json?limit=1000").await.json();
    let ids: Vec<&str> = json["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert!(ids.len() > 60 && json["next"].is_null());
    assert_eq!(json["total"], ids.len());
    let api = served.get("/api/v1/incidents?limit=1000").await;
    assert_eq!(api.json(), json);
    let csv = served.get("/en/incidents.csv").await;
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let records = csv.records();
    assert_eq!(records[0][0], "id");
    let rows: Vec<&str> = records[1..].iter().map(|it| it[0].as_str()).collect();
    assert_eq!(rows, ids);
    // The page, leaf by leaf, by its own links.
    let mut address = "/en/incidents?limit=25".to_owned();
    let mut shown = Vec::new();
    loop {
        let page = served.get(&address).await;
        shown.extend(linked_ids(&page));
        let Some(next) = markup::link_of_class(page.text(), "next") else {
            break;
        };
        address = next;
    }
    assert_eq!(shown, ids);
}

#[tokio::test]
async fn what_a_source_changed_is_the_same_everywhere() {
    let served = Served::story();
    let page = served
        .get("/en/sources/who-ssa.json?limit=1000")
        .await
        .json();
    let api = served
        .get("/api/v1/sources/who-ssa/changes?limit=1000")
        .await
        .json();
    assert_eq!(page["changed"], api["changes"]);
    let changes = api["changes"].as_array().unwrap();
    let of = |kind: &str| changes.iter().filter(|it| it["kind"] == kind).count();
    assert_eq!(api["total"], changes.len());
    for kind in ["changed", "added_late", "absent", "listed_again"] {
        assert_eq!(page["changes"][kind], of(kind), "{kind}");
        let only = served
            .get(&format!("/api/v1/sources/who-ssa/changes?kind={kind}"))
            .await;
        assert_eq!(only.json()["total"], of(kind), "{kind}");
    }
    assert!(of("changed") > 0 && of("added_late") > 0 && of("absent") > 0);
    let csv = served.get("/en/sources/who-ssa.csv").await.records();
    assert_eq!(csv.len() - 1, changes.len());
}

#[tokio::test]
async fn an_incident_is_found_by_either_id_and_has_one_address() {
    let served = Served::story();
    let place = served.incident(true).await;
    let json = served.get(&format!("/en{place}.json")).await.json();
    let foreign = json["source_id"].as_str().unwrap();
    let led = served.get(&format!("/en/incidents/{foreign}")).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    assert_eq!(led.header("location"), format!("/en{place}"));
    assert_eq!(
        served
            .get(&format!("/api/v1/incidents/{foreign}"))
            .await
            .json(),
        json
    );
    let page = served.get(&format!("/en{place}")).await;
    assert!(page.header("link").contains("rel=\"canonical\""));
    assert!(page.text().contains("ensign verify rec_") && page.text().contains("--trust"));
    let statements = json["statements"].as_array().unwrap();
    assert!(statements.len() > 1);
    for statement in statements {
        let index = statement["index"].as_u64().unwrap();
        assert!(page.text().contains(&format!("href=\"/en/log/{index}\"")));
        let entry = served
            .get(&format!("/api/v1/log/entries/{index}"))
            .await
            .json();
        assert_eq!(entry["id"], statement["id"]);
    }
    let proof = served.get(&format!("/en{place}.ensign")).await;
    assert_eq!(proof.status, StatusCode::OK);
    assert!(proof.header("content-disposition").ends_with(".ensign\""));
    let made = served.node.incident_bundle(foreign).unwrap().0;
    assert_eq!(proof.bytes, made.encode());
}

#[tokio::test]
async fn the_bytes_of_an_entry_are_those_that_were_signed() {
    let served = Served::story();
    for index in [0, 1, 7] {
        let bytes = served.get(&format!("/en/log/{index}.cbor")).await.bytes;
        let statement = ensign_trust::Statement::decode(bytes).unwrap();
        let json = served.get(&format!("/en/log/{index}.json")).await.json();
        assert_eq!(json["id"], statement.id().to_string());
        assert_eq!(json["kind"], statement.kind.as_str());
        let by_id = served
            .get(&format!("/api/v1/log/entries/{}", statement.id()))
            .await
            .json();
        assert_eq!(by_id, json);
    }
}

#[tokio::test]
async fn nothing_of_the_closed_log_is_served() {
    let served = Served::story();
    let closed = served
        .node
        .views()
        .log(ensign_trust::logbook::LogName::Closed, None, 10)
        .unwrap();
    assert!(!closed.rows.is_empty());
    for row in closed.rows {
        for address in [
            format!("/api/v1/log/entries/{}", row.statement),
            format!("/en/log/{}", row.statement),
            format!("/en/log/{}.cbor", row.statement),
        ] {
            assert_eq!(
                served.get(&address).await.status,
                StatusCode::NOT_FOUND,
                "{address}"
            );
        }
    }
    assert_eq!(
        served.get("/api/v1/log/closed").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_language_switch_keeps_the_page_and_a_draft_says_so() {
    let served = Served::story();
    let page = served.get("/ar/incidents?certainty=confirmed").await;
    assert!(
        page.text()
            .contains("href=\"/en/incidents?certainty=confirmed\"")
    );
    let draft = crate::i18n::Texts::of(Locale::Ar).text("draft-title");
    assert!(page.text().contains(&draft));
    assert!(
        !served
            .get("/en/incidents")
            .await
            .text()
            .contains("Machine translation")
    );
}

#[tokio::test]
async fn pages_are_light() {
    let served = Served::story();
    for address in pages(&served, "ar").await {
        let page = served
            .ask(Method::GET, &address, &[("accept-encoding", "gzip")])
            .await;
        assert_eq!(page.header("content-encoding"), "gzip", "{address}");
        assert!(
            page.bytes.len() < 80 * 1024,
            "{address}: {} bytes",
            page.bytes.len()
        );
    }
}

#[tokio::test]
async fn pages_read_as_their_goldens() {
    let served = Served::story();
    let incident = served.incident(true).await;
    let asset = format!("/assets/{}", served.assets("recognised").await[0]);
    let emblem = format!("/emblems/{}", served.emblem("recognised").await);
    for locale in Locale::ALL {
        for (name, place) in [
            ("front", "/"),
            ("incident", incident.as_str()),
            ("log", "/log?limit=8"),
            ("assets", "/assets"),
            ("asset", asset.as_str()),
            ("emblem", emblem.as_str()),
            ("authorities", "/authorities"),
            ("verify", "/verify?example"),
        ] {
            let page = served.get(&format!("/{}{place}", locale.code())).await;
            let file = format!("src/pages/goldens/{name}.{}.html", locale.code());
            let land = include_str!("../../assets/land.path").trim_end();
            let text = page.text().replace(land, "(land)");
            assert_golden(
                &file,
                &text.replace(crate::assets::stylesheet(), "(stylesheet)"),
            );
        }
    }
}

/// The incidents that the table of a list links to.
fn linked_ids(page: &Answered) -> Vec<String> {
    let links = page
        .text()
        .split("<th scope=\"row\"><a href=\"/en/incidents/")
        .skip(1);
    links
        .map(|link| link.split('"').next().unwrap().to_owned())
        .collect()
}
