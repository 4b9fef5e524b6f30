use axum::http::{Method, StatusCode};
use ensign_node::people::Asked;
use ensign_trust::account::Role;
use serde_json::Value;

use crate::testkit::people::Person;
use crate::testkit::{Served, assert_golden};

#[test]
fn the_description_is_the_golden() {
    let description = super::description();
    let text = serde_json::to_string_pretty(&description).unwrap();
    assert_golden("openapi.json", &format!("{text}\n"));
}

#[tokio::test]
async fn every_described_path_answers_as_described() {
    let served = Served::story();
    let description = served.get("/api/v1/openapi.json").await;
    assert_eq!(description.header("content-type"), "application/json");
    let description = description.json();
    assert_eq!(description["openapi"], "3.1.0");
    let id = served.incident(true).await.replace("/incidents/", "");
    let asset = served.assets("recognised").await[0].clone();
    let emblem = served.emblem("recognised").await;
    let duties = served.get("/api/v1/deadlines").await.json();
    let duty = duties["deadlines"][0]["id"].as_str().unwrap();
    let party = served.node.operator();
    let speaker = party.to_string();
    let [ada, _] = ["ada", "bob"].map(|it| Person::new(&served, it, &[Role::Administrator]));
    let asked = Asked::KeyAdd {
        party: party.to_string(),
    };
    let request = served
        .node
        .ask_for(&asked, &[], Some(ada.account))
        .unwrap()
        .to_string();
    let bearer = format!("Bearer {}", ada.token);
    for (path, item) in description["paths"].as_object().unwrap() {
        let Some(operation) = item.get("get") else {
            continue;
        };
        let id = match path {
            _ if path.contains("entries") => "0",
            _ if path.contains("assets") => &asset,
            _ if path.contains("parties") => &speaker,
            _ if path.contains("obligations") => duty,
            _ if path.contains("requests") => &request,
            _ => &id,
        };
        let address = path.replace("{id}", id).replace("{source}", "who-ssa");
        let address = address.replace("{statement}", &emblem);
        let mut address = address.replace("{text}", "harbour_accord");
        address += &match path.as_str() {
            "/accords/{text}/adoption" => format!("?party={party}&role=state"),
            "/attestation" => format!("?party={party}&about=x&percent=50&from=2026-08-31"),
            _ => String::new(),
        };
        let headers = match operation.get("security") {
            Some(_) => vec![("authorization", bearer.as_str())],
            None => Vec::new(),
        };
        let get = async |address: &str| served.ask(Method::GET, address, &headers).await;
        let answer = get(&format!("/api/v1{address}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        conforms(&answer.json(), schema, &description, &address);
        let sign = if address.contains('?') { '&' } else { '?' };
        let wrong = format!("/api/v1{address}{sign}nothing=x");
        let wrong = get(&wrong).await;
        assert_eq!(wrong.json()["type"], "parameter.unknown", "{address}");
        let problem = &description["components"]["schemas"]["Problem"];
        conforms(&wrong.json(), problem, &description, &address);
    }
}

#[tokio::test]
async fn what_is_missing_is_a_problem_with_a_code() {
    let served = Served::story();
    for (address, code) in [
        ("/api/v1/nothing", "page.unknown"),
        ("/api/v1/incidents/rec_x", "incident.unknown"),
        ("/api/v1/incidents/%FF", "page.unknown"),
        ("/api/v1/sources/x", "source.unknown"),
        ("/api/v1/sources/x/changes", "source.unknown"),
        ("/api/v1/obligations/obl_x", "obligation.unknown"),
        ("/api/v1/accords/x", "accord.unknown"),
        ("/api/v1/assets/ast_x", "asset.unknown"),
        ("/api/v1/parties/pty_x", "party.unknown"),
        ("/api/v1/emblems/sta_x", "emblem.unknown"),
        ("/api/v1/log/entries/99999999", "entry.unknown"),
        ("/api/v1/log/entries/18446744073709551615", "entry.unknown"),
        ("/api/v1/log/entries/sta_x", "entry.unknown"),
    ] {
        let problem = served.get(address).await;
        assert_eq!(problem.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(
            problem.header("content-type"),
            "application/problem+json",
            "{address}"
        );
        assert_eq!(problem.json()["type"], code, "{address}");
    }
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page_without_a_gap() {
    let served = Served::story();
    let all = served.get("/api/v1/log/public?limit=1000").await.json();
    let size = all["as_of"]["size"].as_u64().unwrap();
    assert_eq!(all["entries"].as_array().unwrap().len() as u64, size);
    let mut next = size;
    let mut seen = Vec::new();
    loop {
        let page = served
            .get(&format!("/api/v1/log/public?limit=7&before={next}"))
            .await
            .json();
        let entries = page["entries"].as_array().unwrap().clone();
        seen.extend(entries);
        match page["next"].as_u64() {
            Some(before) => next = before,
            None => break,
        }
    }
    assert_eq!(Value::from(seen), all["entries"]);
}

/// A schema as far as the description uses the language: types, properties, references, lists.
fn conforms(value: &Value, schema: &Value, description: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let found = description.pointer(name.trim_start_matches('#')).unwrap();
        return conforms(value, found, description, at);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        conforms(value, part, description, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let schema = choices
            .iter()
            .find(|it| value.is_null() == (it["type"] == "null"))
            .unwrap();
        return conforms(value, schema, description, at);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let found = match value {
        Value::Array(_) => "array",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
        Value::Number(_) => "integer",
        Value::Object(_) => "object",
        Value::String(_) => "string",
    };
    assert!(
        types.is_empty() || types.contains(&found),
        "{at} is {found}, not {types:?}"
    );
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(
            value.get(name.as_str().unwrap()).is_some(),
            "{at} has no {name}"
        );
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            conforms(value, schema, description, &format!("{at}.{name}"));
        }
    }
    for value in value.as_array().into_iter().flatten() {
        conforms(value, &schema["items"], description, &format!("{at}[]"));
    }
}
