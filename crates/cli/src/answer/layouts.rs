//! What each answer shows, in which order.

use super::{Field, Kind, Part, marks, proof};

/// A folder that was audited.
pub const AUDITED: &[Part] = &[
    Part::Sentence {
        at: "/verdict",
        family: "cli-verdict-",
    },
    Part::List {
        name: "logs",
        empty: None,
        fields: &[
            code("cli-log", "/log", "cli-log-name-"),
            text("cli-origin", "/origin"),
            count("cli-log-size", "/size"),
            count("cli-receipts", "/receipts"),
            count("cli-not-understood", "/not_understood"),
            count("cli-not-counting", "/refused_total"),
            count("cli-witnessed-up-to", "/witnessed"),
            moment("cli-newest", "/last_received"),
        ],
    },
    Part::List {
        name: "logs",
        empty: None,
        fields: &[
            code("cli-log", "/log", "cli-log-name-"),
            text("cli-root", "/root"),
        ],
    },
    Part::Sheet(&[
        text("cli-realm", "/realm"),
        count("cli-blobs", "/blobs/blobs"),
        count("cli-sealed-values", "/vault/values"),
        count("cli-sealed-unreadable", "/vault/unreadable"),
        count("cli-findings", "/findings_total"),
    ]),
    FINDINGS,
];

/// What is not as it should be.
pub(super) const FINDINGS: Part = Part::List {
    name: "findings",
    empty: None,
    fields: &[
        text("cli-finding", "/code"),
        text("cli-place", "/place"),
        text("cli-what", "/what"),
    ],
};

/// A record that was exported.
pub const EXPORTED: &[Part] = &[Part::Sheet(&[
    text("cli-subject", "/subject"),
    count("cli-statements", "/statements"),
    count("cli-log-size", "/size"),
    text("cli-file", "/file"),
])];

/// A log that contradicted itself.
pub const CONTRADICTED: &[Part] = &[
    Part::Sentence {
        at: "/verdict",
        family: "cli-verdict-",
    },
    Part::Sentence {
        at: "/how",
        family: "cli-contradiction-",
    },
    Part::Sheet(&[
        text("cli-origin", "/origin"),
        text("cli-fingerprint", "/fingerprint"),
    ]),
    Part::List {
        name: "trees",
        empty: None,
        fields: &[count("cli-log-size", "/size"), text("cli-root", "/root")],
    },
];

/// A node that was made.
pub const FOUNDED: &[Part] = &[Part::Sheet(&[
    text("cli-folder", "/folder"),
    text("cli-key-file", "/key_file"),
    text("cli-operator", "/name"),
    text("cli-party", "/operator"),
    text("cli-realm", "/realm"),
    text("cli-origin", "/origin"),
])];

/// A file that was taken in.
pub const IMPORTED: &[Part] = &[
    Part::Sheet(&[
        count("cli-rows", "/rows"),
        count("cli-rows-added", "/added"),
        count("cli-rows-changed", "/changed"),
        count("cli-rows-absent", "/absent"),
        count("cli-rows-unchanged", "/unchanged"),
        count("cli-rows-rejected", "/rejected"),
        text("cli-covers-from", "/covers/from"),
        text("cli-covers-until", "/covers/until"),
        text("cli-encoding", "/encoding"),
        text("cli-file-digest", "/file"),
        text("cli-run", "/run"),
        text("cli-index", "/index"),
    ]),
    Part::List {
        name: "rejections",
        empty: None,
        fields: &[
            text("cli-line", "/line"),
            text("cli-column", "/column"),
            text("cli-row-id", "/id"),
            code("cli-reason", "/reason", "refusal-"),
            text("cli-row-expected", "/expected"),
        ],
    },
];

/// Keys.
pub const KEYS: &[Part] = &[Part::List {
    name: "keys",
    empty: Some("cli-no-keys"),
    fields: &[
        text("cli-key", "/key"),
        text("cli-party", "/party"),
        text("cli-added-at", "/added"),
        code("cli-key-state", "/state", "cli-key-state-"),
        text("cli-revoked-at", "/revoked"),
        code("cli-reason", "/reason", "cli-key-reason-"),
        text("cli-ended-by", "/ended"),
        yes_no("cli-key-held", "/held"),
    ],
}];

/// Mandates.
pub const MANDATES: &[Part] = &[Part::List {
    name: "mandates",
    empty: Some("cli-no-mandates"),
    fields: &[
        text("cli-mandate", "/mandate"),
        text("cli-role", "/role"),
        text("cli-scope", "/scope"),
        text("cli-granted-to", "/to"),
        text("cli-granted-by", "/by"),
        text("cli-granted-at", "/granted"),
        text("cli-withdrawn-at", "/withdrawn"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
    ],
}];

/// Parties.
pub const PARTIES: &[Part] = &[Part::List {
    name: "parties",
    empty: Some("cli-no-parties"),
    fields: &[
        text("cli-name", "/name"),
        text("cli-type", "/nature"),
        text("cli-founded-at", "/founded"),
        yes_no("cli-root-party", "/root"),
        text("cli-party", "/party"),
    ],
}];

/// Views that were projected afresh.
pub const REBUILT: &[Part] = &[Part::Sheet(&[
    count("cli-entries-public", "/public"),
    count("cli-entries-closed", "/closed"),
])];

/// An act about a party, a key or a mandate.
pub const STATED: &[Part] = &[Part::Sheet(&[
    text("cli-party", "/party"),
    text("cli-key", "/key"),
    text("cli-statement", "/statement"),
    text("cli-index", "/index"),
])];

/// How a node stands.
pub const STATUS: &[Part] = &[
    Part::Sheet(&[
        text("cli-folder", "/folder"),
        text("cli-operator", "/name"),
        text("cli-party", "/operator"),
        text("cli-realm", "/realm"),
        moment("cli-clock", "/now"),
        moment("cli-restored", "/restored"),
        moment("cli-seal-at", "/successor/sealed"),
        text("cli-seal-by", "/successor/origin"),
        text("cli-seal-from", "/goes_on_from/origin"),
        count("cli-seal-size", "/goes_on_from/size"),
    ]),
    Part::List {
        name: "logs",
        empty: None,
        fields: &[
            code("cli-log", "/log", "cli-log-name-"),
            text("cli-origin", "/origin"),
            count("cli-log-size", "/size"),
            count("cli-projected", "/projected"),
            code("cli-witnesses", "/witnessed", "cli-witnesses-"),
        ],
    },
];

/// A proof file that was checked.
pub const VERIFIED: &[Part] = &[
    Part::Sentence {
        at: "/verdict",
        family: "cli-verdict-",
    },
    marks::OUTCOME,
    marks::NOTE,
    marks::REASON,
    marks::RECOGNISED,
    Part::Sentence {
        at: "/follows",
        family: "cli-follows-",
    },
    Part::Sheet(&[
        code("cli-duty", "/result/status", "cli-duty-"),
        text("cli-possible", "/result/possible"),
        text("cli-regard", "/result/standing"),
        text("cli-instrument", "/result/instrument"),
        text("cli-term", "/result/term"),
        text("cli-debtor", "/result/debtor"),
        text("cli-creditors", "/result/creditors"),
        moment("cli-due", "/result/due/1"),
        text("cli-trigger", "/result/trigger"),
        moment("cli-result-at", "/result/at"),
    ]),
    Part::Sheet(&[
        text("cli-subject", "/subject"),
        code("cli-then-known", "/then/outcome", "cli-answer-"),
        text("cli-realm", "/realm"),
        text("cli-origin", "/origin"),
        text("cli-fingerprint", "/fingerprint"),
        count("cli-log-size", "/size"),
        count("cli-answers-for", "/index"),
        text("cli-root", "/root"),
        code("cli-witnesses", "/witnessed", "cli-witnesses-"),
        moment("cli-newest", "/newest"),
        moment("cli-judged", "/judged"),
        field("cli-age", "/age", Kind::Age),
    ]),
    Part::List {
        name: "cosigned",
        empty: None,
        fields: &[
            text("cli-witness", "/witness"),
            moment("cli-cosigned", "/time"),
        ],
    },
    Part::Told(proof::statements),
    Part::Told(proof::said),
    Part::List {
        name: "parties",
        empty: None,
        fields: &[
            text("cli-name", "/name"),
            yes_no("cli-root-party", "/root"),
            text("cli-party", "/party"),
        ],
    },
    Part::List {
        name: "keys",
        empty: None,
        fields: &[
            text("cli-signed-by", "/signed_by"),
            text("cli-key", "/key"),
            code("cli-key-state", "/state", "cli-key-state-"),
            text("cli-revoked-at", "/revoked"),
            code("cli-reason", "/reason", "cli-key-reason-"),
        ],
    },
];

/// Trust anchors that were written to a file.
pub const WRITTEN: &[Part] = &[Part::Sheet(&[
    text("cli-file", "/file"),
    text("cli-fingerprint", "/fingerprint"),
])];

pub(super) const fn code(label: &'static str, at: &'static str, family: &'static str) -> Field {
    field(label, at, Kind::Code(family))
}

pub(super) const fn count(label: &'static str, at: &'static str) -> Field {
    field(label, at, Kind::Count)
}

pub(super) const fn moment(label: &'static str, at: &'static str) -> Field {
    field(label, at, Kind::Moment)
}

pub(super) const fn party(label: &'static str, at: &'static str) -> Field {
    field(label, at, Kind::Party)
}

pub(super) const fn settings(label: &'static str, at: &'static str) -> Field {
    field(label, at, Kind::Settings)
}

pub(super) const fn text(label: &'static str, at: &'static str) -> Field {
    field(label, at, Kind::Text)
}

pub(super) const fn yes_no(label: &'static str, at: &'static str) -> Field {
    field(label, at, Kind::YesNo)
}

const fn field(label: &'static str, at: &'static str, kind: Kind) -> Field {
    Field { label, at, kind }
}
