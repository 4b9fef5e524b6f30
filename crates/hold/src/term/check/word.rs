//! Open-textured words: no machine says what is reasonable.

use crate::term::ast::{Defined, World};
use crate::term::check::term::has_finding;
use crate::term::check::{Checker, LintCode};
use crate::term::parse::Place;

/// Words whose meaning is a judgement, as they stand in names and definitions.
pub(crate) const OPEN_TEXTURED: &[&str] = &[
    "adequate",
    "appropriate",
    "considerable",
    "excessive",
    "feasible",
    "forthwith",
    "proportionate",
    "prompt",
    "promptly",
    "reasonable",
    "reasonably",
    "serious",
    "severe",
    "significant",
    "substantial",
    "sufficient",
    "timely",
    "undue",
    "unreasonable",
];

const FIX: &str = "let people decide: `finding WORD by ROLE`, or a kind that its actor declares \
                   (`performative`)";

pub(super) fn check(checker: &mut Checker) {
    let it = checker.instrument;
    for (at, kind) in it.kinds.iter().enumerate() {
        if let (World::Observed, Some(word)) = (kind.world, open_textured(kind.kind.as_str())) {
            let name = kind.kind.as_str();
            let message = format!("nobody can observe what `{word}` means in `{name}`");
            checker.add(
                Place::Kind(at),
                LintCode::OpenTextured,
                Some(name),
                message,
                FIX,
            );
        }
    }
    for (at, indicator) in it.indicators.iter().enumerate() {
        let name = indicator.indicator.as_str();
        if let Some(word) = open_textured(name) {
            let message = format!("nobody can measure what `{word}` means in `{name}`");
            checker.add(
                Place::Indicator(at),
                LintCode::OpenTextured,
                Some(name),
                message,
                FIX,
            );
        }
    }
    for (at, definition) in it.definitions.iter().enumerate() {
        let Some(meaning) = &definition.counts_as else {
            continue;
        };
        let subject = match &definition.subject {
            Defined::Phrase(text) => text.as_str(),
            Defined::Word(word) => word.as_str(),
        };
        let open = open_textured(subject).or(open_textured(definition.means.as_str()));
        let found = checker.expanded(meaning).into_iter().any(has_finding);
        if let (Some(word), false) = (open, found) {
            let message = format!("this computes what `{word}` means");
            checker.add(
                Place::Definition(at),
                LintCode::OpenTextured,
                None,
                message,
                FIX,
            );
        }
    }
}

/// The first open-textured word of a name or text.
fn open_textured(text: &str) -> Option<&'static str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let known = |word: &str| {
        let same = |open: &&&str| open.eq_ignore_ascii_case(word);
        OPEN_TEXTURED.iter().find(same).copied()
    };
    words.into_iter().find_map(known)
}
