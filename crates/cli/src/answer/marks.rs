//! What answers about assets, authorities and emblems show, in which order.

use super::layouts::{code, moment, text};
use super::verification::CAUTIONS;
use super::{Field, Part};

const ALLEGED: Part = Part::List {
    name: "alleged",
    empty: None,
    fields: &[
        text("cli-alleged", "/act"),
        text("cli-alleged-by", "/by"),
        text("cli-grade", "/grade"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        text("cli-statement", "/statement"),
    ],
};

/// The answer in a sentence.
pub(super) const OUTCOME: Part = Part::Sentence {
    at: "/outcome",
    family: "cli-outcome-",
};

/// What stood in the way, in a sentence.
pub(super) const REASON: Part = Part::Sentence {
    at: "/reason",
    family: "cli-why-",
};

/// Who recognises an asset.
pub(super) const RECOGNISED: Part = Part::List {
    name: "recognised",
    empty: None,
    fields: &[
        text("cli-recognised-by", "/by"),
        text("cli-authority", "/authority"),
        text("cli-law", "/law"),
        text("cli-policy", "/policy"),
        moment("cli-until", "/until"),
        text("cli-recognition", "/recognition"),
    ],
};

const EMBLEM_FIELDS: &[Field] = &[
    code("cli-state", "/status", "cli-state-"),
    text("cli-purposes", "/purposes"),
    moment("cli-from", "/from"),
    moment("cli-until", "/until"),
    text("cli-emblem", "/statement"),
    text("cli-asset", "/asset"),
];

/// An asset, or what an identifier is of.
pub const ASSET: &[Part] = &[
    OUTCOME,
    REASON,
    CAUTIONS,
    Part::Sheet(&[
        text("cli-asked", "/asked"),
        text("cli-asset", "/asset"),
        text("cli-kind-of-asset", "/kind"),
        text("cli-name", "/name"),
        text("cli-law", "/law"),
        text("cli-registrant", "/registrant"),
        text("cli-bearer", "/bearer"),
        text("cli-authority", "/authority"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        moment("cli-received", "/received"),
        moment("cli-judged", "/at"),
        text("cli-log-size", "/size"),
        code("cli-then-known", "/then/outcome", "cli-answer-"),
    ]),
    RECOGNISED,
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
    text("cli-kind-of-asset", "/kind"),
    text("cli-name", "/name"),
    text("cli-law", "/law"),
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
        text("cli-recognised-by", "/by"),
        text("cli-purposes", "/purposes"),
        text("cli-law", "/law"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        text("cli-recognition", "/statement"),
    ],
}];

/// A statement about an authority.
pub const AUTHORITY_STATED: &[Part] = &[Part::Sheet(&[
    text("cli-authority", "/organisation"),
    text("cli-party", "/party"),
    text("cli-statement", "/statement"),
    text("cli-index", "/index"),
])];

/// An emblem.
pub const EMBLEM: &[Part] = &[
    Part::Sheet(&[
        code("cli-state", "/status", "cli-state-"),
        text("cli-asset", "/asset"),
        text("cli-purposes", "/purposes"),
        moment("cli-from", "/from"),
        moment("cli-until", "/until"),
        text("cli-organisation", "/organisation"),
        text("cli-key", "/key"),
        text("cli-token-digest", "/digest"),
        text("cli-token", "/name"),
        moment("cli-judged", "/at"),
        text("cli-log-size", "/size"),
    ]),
    RECOGNISED,
    Part::List {
        name: "endorsements",
        empty: None,
        fields: &[
            code("cli-state", "/status", "cli-state-"),
            text("cli-endorsed-by", "/issuer"),
            text("cli-purposes", "/purposes"),
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
