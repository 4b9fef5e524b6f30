//! What answers about instruments, facts and duties show, in which order.

use ensign_views::PromiseRow;
use ensign_web::promise_sentence;
use serde::Deserialize as _;

use super::layouts::{code, count, moment, settings, text};
use super::{Field, Part};
use crate::columns::{plain, sentence};

const OBLIGATION_FIELDS: &[Field] = &[
    code("cli-duty", "/status", "cli-duty-"),
    text("cli-term", "/term"),
    text("cli-debtor", "/debtor"),
    moment("cli-due", "/due/1"),
    text("cli-regard", "/standing"),
    text("cli-obligation", "/obligation"),
];

/// Obligations.
pub const EVALUATED: &[Part] = &[
    Part::Sheet(&[
        moment("cli-judged", "/at"),
        count("cli-log-size", "/index"),
        moment("cli-next-change", "/next"),
    ]),
    Part::List {
        name: "obligations",
        empty: Some("cli-no-obligations"),
        fields: OBLIGATION_FIELDS,
    },
];

/// One obligation.
pub const EXPLAINED: &[Part] = &[
    Part::Told(|answer, texts| {
        let promise = answer.get("promise").map(PromiseRow::deserialize);
        let said = promise.and_then(Result::ok);
        said.map_or_else(String::new, |promise| {
            let said = promise_sentence(texts, &promise);
            sentence(&said).into_owned() + "\n"
        })
    }),
    Part::Sheet(&[
        code("cli-duty", "/status", "cli-duty-"),
        text("cli-possible", "/possible"),
        text("cli-regard", "/standing"),
        text("cli-instrument", "/instrument"),
        text("cli-force", "/force"),
        text("cli-term", "/term"),
        text("cli-class", "/class"),
        text("cli-cited", "/source"),
        text("cli-debtor", "/debtor"),
        text("cli-creditors", "/creditors"),
        moment("cli-due", "/due/1"),
        text("cli-trigger", "/trigger"),
        moment("cli-judged", "/at"),
        count("cli-log-size", "/index"),
    ]),
    Part::Told(|answer, _| {
        let clause = answer.get("clause").and_then(serde_json::Value::as_str);
        clause.unwrap_or_default().to_owned()
    }),
    Part::List {
        name: "steps",
        empty: None,
        fields: STEP_FIELDS,
    },
    Part::List {
        name: "missing",
        empty: None,
        fields: MISSING_FIELDS,
    },
];

const STEP_FIELDS: &[Field] = &[text("cli-step", "/code"), text("cli-with", "/with")];

const MISSING_FIELDS: &[Field] = &[text("cli-missing", "/code"), text("cli-with", "/with")];

/// What would change.
pub const CHANGES: &[Part] = &[
    Part::List {
        name: "changes",
        empty: Some("cli-no-changes"),
        fields: &[
            code("cli-before", "/before", "cli-duty-"),
            code("cli-after", "/after", "cli-duty-"),
            text("cli-term", "/term"),
            moment("cli-triggered", "/triggered/0"),
            text("cli-debtor", "/debtor"),
            text("cli-obligation", "/obligation"),
        ],
    },
    NOTES,
];

/// A status record.
pub const RECORD_STATED: &[Part] = &[Part::Sheet(&[
    code("cli-duty", "/status", "cli-duty-"),
    text("cli-obligation", "/obligation"),
    text("cli-party", "/party"),
    text("cli-statement", "/statement"),
    text("cli-index", "/index"),
])];

/// What is wrong with texts.
pub const LINTS: &[Part] = &[Part::List {
    name: "lints",
    empty: Some("cli-no-lints"),
    fields: &[
        text("cli-file", "/file"),
        text("cli-line", "/line"),
        text("cli-column", "/column"),
        text("cli-finding", "/code"),
        text("cli-what", "/message"),
        text("cli-fix", "/fix"),
    ],
}];

/// A statement about an instrument.
pub const INSTRUMENT_STATED: &[Part] = &[
    Part::Sheet(&[
        text("cli-text", "/text"),
        text("cli-party", "/party"),
        text("cli-statement", "/statement"),
        text("cli-index", "/index"),
    ]),
    NOTES,
];

/// What keeps a statement from counting, as far as the log knows now.
const NOTES: Part = Part::Told(|answer, _| {
    let notes = answer.get("notes").and_then(serde_json::Value::as_array);
    let line = |note: &serde_json::Value| {
        let [code, text] = ["code", "text"].map(|part| note.get(part)?.as_str());
        Some(format!("{}: {}\n", plain(code?), plain(text?)))
    };
    notes.into_iter().flatten().filter_map(line).collect()
});

/// Texts.
pub const INSTRUMENTS: &[Part] = &[Part::List {
    name: "instruments",
    empty: Some("cli-no-instruments"),
    fields: &[
        text("cli-instrument", "/name"),
        text("cli-force", "/force"),
        text("cli-from", "/from"),
        text("cli-until", "/until"),
        count("cli-terms", "/terms"),
        count("cli-parties", "/parties"),
        text("cli-text", "/text"),
    ],
}];

/// A text with its parties, and what its duties have come to.
pub const ACCORD: &[Part] = &[
    Part::Sheet(&[
        text("cli-instrument", "/name"),
        text("cli-text", "/text"),
        text("cli-force", "/force"),
        text("cli-from", "/from"),
        text("cli-until", "/until"),
        moment("cli-judged", "/at"),
        count("cli-log-size", "/index"),
    ]),
    Part::List {
        name: "members",
        empty: Some("cli-no-members"),
        fields: &[
            text("cli-party", "/party"),
            text("cli-role", "/roles"),
            moment("cli-from", "/from"),
            moment("cli-until", "/until"),
            text("cli-taken-over-by", "/taken_over_by"),
            text("cli-params", "/params"),
            text("cli-reservations", "/reservations"),
        ],
    },
    Part::List {
        name: "tallies",
        empty: Some("cli-no-obligations"),
        fields: &[
            text("cli-term", "/term"),
            text("cli-debtor", "/debtor"),
            count("cli-total", "/total"),
            count("cli-kept-duties", "/kept"),
            count("cli-late", "/late"),
            count("cli-breached", "/breached"),
            count("cli-undetermined", "/undetermined"),
            count("cli-open", "/open"),
            count("cli-released", "/released"),
            count("cli-contested", "/contested"),
            count("cli-sampled", "/coverage/sampled"),
            count("cli-expected", "/coverage/expected"),
        ],
    },
];

/// What is in force between whom.
pub const CELLS: &[Part] = &[Part::List {
    name: "cells",
    empty: Some("cli-no-members"),
    fields: &[
        code("cli-binding", "/binding", "cli-binding-"),
        text("cli-term", "/term"),
        text("cli-debtor", "/debtor"),
        text("cli-creditor", "/creditor"),
        settings("cli-set-by-debtor", "/set"),
        text("cli-because", "/because"),
        text("cli-void", "/void"),
    ],
}];

/// A statement about facts.
pub const FACT_STATED: &[Part] = &[
    Part::Sheet(&[
        text("cli-kind", "/kind"),
        text("cli-party", "/party"),
        text("cli-statement", "/statement"),
        text("cli-index", "/index"),
    ]),
    NOTES,
];

/// Samples that were taken in.
pub const SAMPLES: &[Part] = &[
    Part::Sheet(&[
        count("cli-rows", "/rows"),
        count("cli-readings", "/readings"),
        count("cli-statements", "/statements"),
        count("cli-rows-rejected", "/rejected"),
        text("cli-index", "/index"),
    ]),
    Part::List {
        name: "rejections",
        empty: None,
        fields: &[
            text("cli-line", "/line"),
            text("cli-column", "/column"),
            code("cli-reason", "/reason", "refusal-"),
            text("cli-row-expected", "/expected"),
        ],
    },
    NOTES,
];
