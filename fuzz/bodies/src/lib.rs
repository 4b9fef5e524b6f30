//! One body a parser of foreign bytes: what fuzzing does with them, and what the tests here do with
//! every file of a corpus.
//!
//! A body panics where a promise is broken, and answers whether the bytes were accepted. The
//! promises are: no panic on any bytes, and what was read is written back as it was (or, where a
//! format has several spellings, reads back as the same).

mod commands;
mod emblems;
mod logs;
mod tables;
mod terms;
#[cfg(test)]
mod tests;

/// A body: `true` where the bytes are accepted.
pub type Body = fn(&[u8]) -> bool;

/// Each fuzz target by the name of its folder in the corpus.
pub const TARGETS: [(&str, Body); 25] = [
    ("anchors", logs::anchors),
    ("bundle", logs::bundle),
    ("cbor", logs::cbor),
    ("checkpoint", logs::checkpoint),
    ("command", commands::command),
    ("config", commands::config),
    ("disclosure", logs::disclosure),
    ("emblem_bundle", emblems::bundle),
    ("emblem_evidence", emblems::evidence),
    ("emblem_identifier", emblems::identifier),
    ("emblem_key", emblems::key),
    ("emblem_policy", emblems::policy),
    ("emblem_token", emblems::token),
    ("entry_bundle", logs::entry_bundle),
    ("instrument", terms::instrument),
    ("log_proof", logs::log_proof),
    ("note", logs::note),
    ("public_key", logs::public_key),
    ("sealed_stream", tables::sealed_stream),
    ("signature_lines", logs::signature_lines),
    ("statement", logs::statement),
    ("term", terms::term),
    ("tile_path", logs::tile_path),
    ("vkey", logs::vkey),
    ("who_ssa", tables::who_ssa),
];

/// Runs the body of a target.
///
/// # Panics
/// Where the parser breaks a promise, or there is no such target.
pub fn run(target: &str, bytes: &[u8]) -> bool {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, body) = found.expect("a target is one of the list");
    body(bytes)
}
