//! What is told of accounts and of what takes two people.

use super::layouts::{code, count, moment, text};
use super::{Field, Kind, Part};

const ROLES: Field = Field {
    label: "account-roles",
    at: "/roles",
    kind: Kind::Roles,
};

/// An account.
pub const ACCOUNT: &[Part] = &[Part::Sheet(&[
    text("cli-account", "/account"),
    ROLES,
    moment("cli-account-opened", "/opened"),
    moment("cli-account-closed", "/closed"),
])];

/// Accounts.
pub const ACCOUNTS: &[Part] = &[Part::List {
    name: "accounts",
    empty: Some("cli-no-accounts"),
    fields: &[
        text("cli-account", "/account"),
        ROLES,
        moment("cli-account-opened", "/opened"),
        moment("cli-account-closed", "/closed"),
    ],
}];

/// With what somebody enters an account.
pub const ENTERING: &[Part] = &[Part::Sheet(&[
    text("cli-account", "/account"),
    text("cli-account-code", "/code"),
    moment("cli-until", "/until"),
])];

/// What was erased.
pub const ERASED: &[Part] = &[
    Part::Sheet(&[
        text("cli-erased-subject", "/subject"),
        code("cli-erased-ground", "/ground", "ground-"),
        count("cli-erased-texts", "/texts"),
        text("cli-erased-tombstone", "/tombstone"),
    ]),
    Part::Told(|_, texts| texts.text("cli-erased-left") + "\n"),
];

/// What is asked for, and what came of it.
pub const REQUEST: &[Part] = &[Part::Sheet(&[
    text("cli-request", "/request"),
    code("cli-request-act", "/act", "action-"),
    text("cli-request-about", "/about"),
    code("cli-request-outcome", "/outcome", "became-"),
    count("cli-request-missing", "/missing"),
    moment("cli-request-asked", "/asked"),
    text("cli-request-by", "/by"),
    text("cli-request-approved", "/approved"),
    text("cli-request-answer", "/answer"),
])];

/// What waits for other people, or waited.
pub const REQUESTS: &[Part] = &[Part::List {
    name: "requests",
    empty: Some("cli-no-requests"),
    fields: &[
        code("cli-request-act", "/act", "action-"),
        code("cli-request-outcome", "/outcome", "became-"),
        count("cli-request-missing", "/missing"),
        moment("cli-request-asked", "/asked"),
        text("cli-request-about", "/about"),
        text("cli-request", "/request"),
    ],
}];
