//! What is told of witnesses.

use super::Part;
use super::layouts::{code, count, moment, text, yes_no};

/// A log that is watched from now on, or a quorum that changed.
pub const QUORUM: &[Part] = &[
    Part::Sentence {
        at: "/change",
        family: "cli-witness-change-",
    },
    Part::Sheet(&[
        text("cli-origin", "/origin"),
        yes_no("cli-witness-known", "/known"),
        count("cli-witness-threshold", "/threshold"),
        count("cli-witness-of", "/of"),
        text("cli-index", "/index"),
    ]),
];

/// How the witnesses stand.
pub const WITNESSES: &[Part] = &[
    Part::List {
        name: "asked",
        empty: Some("cli-witness-asks-none"),
        fields: &[
            text("cli-witness", "/name"),
            text("cli-witness-address", "/address"),
            code("cli-witness-answer", "/answer", "cli-witness-answer-"),
            moment("cli-witness-answered", "/at"),
        ],
    },
    Part::Sheet(&[
        count("cli-witness-threshold", "/threshold"),
        count("cli-log-size", "/size"),
        count("cli-witnessed-up-to", "/cosigned"),
        yes_no("cli-witness-news", "/news"),
        text("cli-witness-key", "/key"),
    ]),
    Part::List {
        name: "watched",
        empty: Some("cli-witness-watches-none"),
        fields: &[
            text("cli-origin", "/origin"),
            count("cli-witnessed-up-to", "/size"),
            yes_no("cli-witness-contradicted", "/contradicted"),
        ],
    },
];
