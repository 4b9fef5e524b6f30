//! What is told of backups and copies.

use super::Part;
use super::layouts::{code, count, moment, text, yes_no};

/// A backup that was made or checked.
pub const BACKED_UP: &[Part] = &[
    Part::Sheet(&[
        text("cli-backup-records", "/records"),
        text("cli-backup-keys", "/keys"),
        moment("cli-backup-made", "/made"),
        text("cli-origin", "/origin"),
        text("cli-realm", "/realm"),
        text("cli-party", "/operator"),
        count("cli-backup-files", "/files"),
        count("cli-blobs", "/blobs"),
        yes_no("cli-backup-opened", "/opened"),
    ]),
    LOGS,
];

/// A node that was restored.
pub const RESTORED: &[Part] = &[
    Part::Sheet(&[
        text("cli-folder", "/folder"),
        moment("cli-backup-made", "/made"),
        text("cli-origin", "/origin"),
        text("cli-realm", "/realm"),
        text("cli-party", "/operator"),
    ]),
    LOGS,
];

/// A restored node that may write again.
pub const FINISHED: &[Part] = &[
    Part::Sentence {
        at: "/confirmed",
        family: "cli-restore-confirmed-",
    },
    Part::Sheet(&[
        count("cli-log-size", "/size"),
        count("cli-restore-taken", "/taken"),
    ]),
];

/// A log that was sealed, and its successor.
pub const SEALED: &[Part] = &[Part::Sheet(&[
    text("cli-folder", "/folder"),
    text("cli-origin", "/origin"),
    text("cli-party", "/operator"),
    text("cli-fingerprint", "/fingerprint"),
    text("cli-seal-sealed", "/sealed"),
    count("cli-seal-size", "/size"),
    count("cli-seal-closed-size", "/closed_size"),
])];

/// A copy of another log.
pub const MIRRORED: &[Part] = &[
    Part::Sheet(&[
        text("cli-folder", "/folder"),
        text("cli-mirror-address", "/address"),
        text("cli-origin", "/origin"),
        text("cli-realm", "/realm"),
        text("cli-fingerprint", "/fingerprint"),
        yes_no("cli-mirror-anchored", "/anchored"),
        count("cli-log-size", "/size"),
        count("cli-mirror-added", "/added"),
        count("cli-mirror-behind", "/behind"),
        moment("cli-received", "/received"),
        count("cli-findings", "/findings_total"),
    ]),
    super::layouts::FINDINGS,
];

const LOGS: Part = Part::List {
    name: "logs",
    empty: None,
    fields: &[
        code("cli-log", "/log", "cli-log-name-"),
        count("cli-log-size", "/size"),
    ],
};
