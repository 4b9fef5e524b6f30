//! What answers about assets, authorities and emblems show, in which order.

use ensign_web::i18n::Texts;
use serde_json::Value;

use super::ended::{by, ended};
use super::layouts::{code, moment, party, text};
use super::verification::CAUTIONS;
use super::{Field, Part};
use crate::columns::{plain, sentence};

const ALLEGED: Part = Part::List {
    name: "alleged",
    empty: None,
    fields: &[
        code("cli-alleged", "/act", "misuse-act-"),
        party("cli-alleged-by", "/by"),
        code("cli-grade", "/grade", "misuse-grade-"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        text("cli-statement", "/statement"),
    ],
};

/// The answer in a sentence.
pub(super) const OUTCOME: Part = Part::Told(outcome);

/// What stood in the way, in a sentence.
pub(super) const REASON: Part = Part::Sentence {
    at: "/reason",
    family: "cli-why-",
};

/// What the answer does not mean.
pub(super) const NOTE: Part = Part::Told(note);

/// Who recognises an asset.
pub(super) const RECOGNISED: Part = Part::List {
    name: "recognised",
    empty: None,
    fields: &[
        text("cli-recognised-by", "/by"),
        text("cli-authority", "/authority"),
        code("cli-law", "/law", "law-"),
        text("cli-policy", "/policy"),
        moment("cli-until", "/until"),
        text("cli-recognition", "/recognition"),
    ],
};

const EMBLEM_FIELDS: &[Field] = &[
    code("cli-state", "/status", "cli-state-"),
    code("cli-purposes", "/purposes", "purpose-"),
    moment("cli-from", "/from"),
    moment("cli-until", "/until"),
    text("cli-emblem", "/statement"),
    text("cli-asset", "/asset"),
];

/// An asset, or what an identifier is of.
pub const ASSET: &[Part] = &[
    OUTCOME,
    Part::Told(recognised),
    REASON,
    Part::Told(ended),
    NOTE,
    CAUTIONS,
    Part::Sheet(&[
        text("cli-asked", "/asked"),
        text("cli-asset", "/asset"),
        code("cli-kind-of-asset", "/kind", "asset-kind-"),
        text("cli-name", "/name"),
        code("cli-law", "/law", "law-"),
        party("cli-registrant", "/registrant"),
        party("cli-bearer", "/bearer"),
        text("cli-authority", "/authority"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        moment("answer-holds-until", "/holds_until"),
        code("cli-ends-first", "/ends_first", "ends-first-"),
        moment("cli-received", "/received"),
        moment("cli-judged", "/at"),
        text("cli-log-size", "/size"),
        code("cli-then-known", "/then/outcome", "cli-answer-"),
    ]),
    ASSETS_LIST,
    Part::List {
        name: "emblems",
        empty: None,
        fields: EMBLEM_FIELDS,
    },
    ALLEGED,
];

const ASSETS_LIST: Part = Part::List {
    name: "assets",
    empty: None,
    fields: ASSET_FIELDS,
};

const ASSET_FIELDS: &[Field] = &[
    code("cli-answer", "/outcome", "cli-answer-"),
    moment("answer-holds-until", "/holds_until"),
    code("cli-kind-of-asset", "/kind", "asset-kind-"),
    text("cli-name", "/name"),
    code("cli-law", "/law", "law-"),
    moment("cli-until", "/until"),
    text("cli-asset", "/asset"),
];

/// Assets.
pub const ASSETS: &[Part] = &[Part::List {
    name: "assets",
    empty: Some("cli-no-assets"),
    fields: ASSET_FIELDS,
}];

/// A statement about an asset.
pub const ASSET_STATED: &[Part] = &[
    Part::Sheet(&[
        text("cli-asset", "/asset"),
        code("cli-kept", "/identifier_kept", "cli-kept-"),
        text("cli-party", "/party"),
        text("cli-statement", "/statement"),
        text("cli-index", "/index"),
    ]),
    CAUTIONS,
];

/// Who recognises whom.
pub const AUTHORITIES: &[Part] = &[Part::List {
    name: "authorities",
    empty: Some("cli-no-authorities"),
    fields: &[
        code("cli-state", "/status", "cli-state-"),
        text("cli-authority", "/organisation"),
        party("cli-recognised-by", "/by"),
        code("cli-purposes", "/purposes", "purpose-"),
        code("cli-law", "/law", "law-"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        text("cli-policy", "/policy"),
        text("cli-recognition", "/statement"),
    ],
}];

/// A statement about an authority.
pub const AUTHORITY_STATED: &[Part] = &[
    Part::Sheet(&[
        text("cli-authority", "/organisation"),
        text("cli-party", "/party"),
        text("cli-statement", "/statement"),
        text("cli-index", "/index"),
    ]),
    CAUTIONS,
];

/// An emblem.
pub const EMBLEM: &[Part] = &[
    Part::Told(recognised),
    Part::Told(ended),
    NOTE,
    Part::Sheet(&[
        code("cli-state", "/status", "cli-state-"),
        text("cli-asset", "/asset"),
        code("cli-purposes", "/purposes", "purpose-"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        moment("answer-holds-until", "/holds_until"),
        code("cli-ends-first", "/ends_first", "ends-first-"),
        text("cli-organisation", "/organisation"),
        text("cli-key", "/key"),
        text("cli-token-digest", "/digest"),
        text("cli-token", "/name"),
        moment("cli-judged", "/at"),
        text("cli-log-size", "/size"),
    ]),
    Part::List {
        name: "endorsements",
        empty: None,
        fields: &[
            code("cli-state", "/status", "cli-state-"),
            text("cli-endorsed-by", "/issuer"),
            code("cli-purposes", "/purposes", "purpose-"),
            moment("cli-from", "/from"),
            moment("cli-until", "/until"),
            text("cli-statement", "/statement"),
        ],
    },
    ALLEGED,
];

/// Emblems.
pub const EMBLEMS: &[Part] = &[Part::List {
    name: "emblems",
    empty: Some("cli-no-emblems"),
    fields: EMBLEM_FIELDS,
}];

/// A statement about emblems.
pub const EMBLEM_STATED: &[Part] = &[Part::Sheet(&[
    text("cli-asset", "/asset"),
    text("cli-key", "/key"),
    text("cli-jwk", "/jwk"),
    text("cli-token", "/token"),
    text("cli-party", "/party"),
    text("cli-statement", "/statement"),
    text("cli-index", "/index"),
])];

fn outcome(answer: &Value, texts: &Texts) -> String {
    let code = answer["outcome"].as_str().unwrap_or_default();
    // How it was withdrawn is told instead.
    let is_told = code == "withdrawn" && withdrawals(answer);
    let label = texts.label("cli-outcome-", code).filter(|_| !is_told);
    label.map_or_else(String::new, |label| sentence(&label).into_owned() + "\n")
}

/// Whether an answer holds the withdrawal of what it is about.
fn withdrawals(answer: &Value) -> bool {
    let assets = answer["assets"].as_array().map_or(&[][..], Vec::as_slice);
    answer["withdrawn"].is_object() || assets.iter().any(|it| it["withdrawn"].is_object())
}

fn note(answer: &Value, texts: &Texts) -> String {
    let label = match (answer["outcome"].as_str(), answer["note"]["code"].as_str()) {
        (_, None) => None,
        // That answer says so itself.
        (Some("no-entry"), Some(_)) => Some(texts.text("cli-note-law")),
        (_, Some(code)) => texts.label("cli-note-", code),
    };
    label.map_or_else(String::new, |label| sentence(&label).into_owned() + "\n")
}

/// Who recognises what, through which authority, under which law and policy, and until when: in the
/// sentences that the pages have.
fn recognised(answer: &Value, texts: &Texts) -> String {
    let rows = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let mut told: Vec<String> = rows(answer, "recognised")
        .iter()
        .map(|way| recognition(way, texts))
        .collect();
    for asset in rows(answer, "assets") {
        let name = asset["name"].as_str().or(asset["asset"].as_str());
        let name = plain(name.unwrap_or_default());
        let ways = rows(&asset, "recognised");
        told.extend(
            ways.iter()
                .map(|way| format!("{name}: {}", recognition(way, texts))),
        );
    }
    told.iter()
        .map(|line| sentence(line).into_owned() + "\n")
        .collect()
}

fn recognition(way: &Value, texts: &Texts) -> String {
    let word = |at: &str| plain(way[at].as_str().unwrap_or_default());
    let law = word("law");
    let law = texts.label("law-", &law).unwrap_or(law);
    let who = [
        ("by", by(way).into()),
        ("authority", word("authority").into()),
        ("law", law.into()),
    ];
    let until = match way["until"].as_i64() {
        None => texts.text("asset-recognised-for-good"),
        Some(until) => {
            let moment = texts.date_time(until);
            texts.text_with("asset-recognised-until", &[("moment", moment.into())])
        }
    };
    let policy = match &*word("policy") {
        "" => texts.text("asset-without-policy"),
        policy => format!("{} {policy}.", texts.text("asset-under-policy")),
    };
    format!(
        "{} {policy} {until}",
        texts.text_with("asset-recognised-by", &who)
    )
}
