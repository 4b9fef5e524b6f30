//! What answers about deployments show, in which order.

use ensign_web::i18n::Texts;
use serde_json::Value;

use super::Part;
use super::layouts::{code, moment, text, yes_no};
use super::marks::NOTE;
use super::verification::CAUTIONS;
use crate::columns::{Cell, columns, sentence};

/// What is to be deployed.
pub const DEPLOY: &[Part] = &[
    Part::Sheet(&[
        text("cli-name", "/name"),
        text("cli-asset", "/asset"),
        text("cli-emblem", "/emblem"),
        moment("answer-holds-until", "/until"),
        code("cli-ends-first", "/ends_first", "ends-first-"),
        yes_no("cli-over-tcp", "/over_tcp"),
        text("cli-found-as", "/results"),
        text("cli-why", "/why"),
        text("cli-well-known", "/path"),
        text("cli-file", "/file"),
    ]),
    CAUTIONS,
    Part::Told(zone),
    Part::Told(servers),
    Part::Told(certificates),
];

/// What others find.
pub const CHECKED: &[Part] = &[
    Part::Sentence {
        at: "/verdict",
        family: "cli-deployment-",
    },
    NOTE,
    Part::Sheet(&[
        text("cli-name", "/name"),
        text("cli-server", "/server"),
        moment("cli-judged", "/at"),
    ]),
    Part::List {
        name: "questions",
        empty: None,
        fields: &[
            text("cli-question", "/question"),
            text("cli-over", "/over"),
            text("cli-in-answer", "/answer"),
            text("cli-in-additional", "/additional"),
            text("cli-why", "/error"),
        ],
    },
    Part::List {
        name: "items",
        empty: Some("cli-nothing-found"),
        fields: &[
            code("cli-state", "/state", "cli-deployed-"),
            text("cli-place", "/place"),
            text("cli-what", "/what"),
        ],
    },
    Part::List {
        name: "ignored",
        empty: None,
        fields: &[
            text("cli-ignored", "/owner"),
            text("cli-type", "/rtype"),
            text("cli-why", "/why"),
        ],
    },
    Part::List {
        name: "sets",
        empty: None,
        fields: &[
            text("cli-dialect", "/dialect"),
            text("cli-found-as", "/results"),
            yes_no("cli-marks-name", "/marks"),
            text("cli-why", "/why"),
            code("cli-lacks", "/lacks", ""),
        ],
    },
];

/// The lines of the zone file, ready to be pasted.
fn zone(answer: &Value, texts: &Texts) -> String {
    let lines = answer["zone"].as_array().map_or(&[][..], Vec::as_slice);
    let lines = lines.iter().filter_map(Value::as_str);
    let lines: String = lines
        .map(|line| format!("{}\n", crate::columns::plain(line)))
        .collect();
    titled("cli-zone-lines", &lines, texts)
}

fn servers(answer: &Value, texts: &Texts) -> String {
    let snippet = |title, name: &str| {
        let lines = answer[name].as_str().unwrap_or_default();
        titled(title, lines, texts)
    };
    [
        snippet("cli-for-nginx", "nginx"),
        snippet("cli-for-apache", "apache"),
        snippet("cli-for-caddy", "caddy"),
    ]
    .join("\n")
}

/// The names that a certificate of each organisation must have.
fn certificates(answer: &Value, texts: &Texts) -> String {
    let all = answer["certificates"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let told = all.iter().map(|one| {
        let word = |value: &Value| crate::columns::plain(value.as_str().unwrap_or_default());
        let committed = match one["committed"].as_bool() {
            Some(true) => "answer-yes",
            _ => "answer-no",
        };
        let rows = [
            ("cli-organisation", word(&one["organisation"])),
            ("cli-key", word(&one["key"])),
            ("cli-certificate-name", word(&one["names"][0])),
            ("cli-certificate-name", word(&one["names"][1])),
            ("cli-committed", texts.text(committed)),
        ];
        let rows =
            rows.map(|(label, value)| vec![Cell::Text(texts.text(label)), Cell::Text(value)]);
        columns(&rows)
    });
    let told: Vec<String> = told.collect();
    titled("cli-certificates", &told.join("\n"), texts)
}

/// Lines under a title; nothing where there are none.
fn titled(title: &str, lines: &str, texts: &Texts) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("{}\n\n{lines}", sentence(&texts.text(title)))
}
