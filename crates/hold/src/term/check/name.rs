//! Names: each stands for one thing, and for something.

use std::collections::BTreeSet;

use crate::term::ast::{Condition, Defined, Length, Quantity, Setting};
use crate::term::check::walk::{Node, nodes};
use crate::term::check::{Checker, LintCode};
use crate::term::name::ParamName;
use crate::term::parse::{Part, Place};

pub(super) fn check(checker: &mut Checker) {
    twice(checker);
    unknown(checker);
}

fn twice(checker: &mut Checker) {
    let it = checker.instrument;
    let defined = it.definitions.iter().map(|it| match &it.subject {
        Defined::Phrase(text) => text.as_str(),
        Defined::Word(word) => word.as_str(),
    });
    let term = |at| Place::Term(at, Part::Whole);
    let sources = it.sources.iter().map(|it| it.name.as_str());
    once(checker, "source", sources, Place::Source);
    let calendars = it.calendars.iter().map(|it| it.name.as_str());
    once(checker, "calendar", calendars, Place::Calendar);
    once(
        checker,
        "parameter",
        it.params.iter().map(|it| it.name.as_str()),
        Place::Param,
    );
    once(checker, "definition", defined, Place::Definition);
    once(
        checker,
        "kind",
        it.kinds.iter().map(|it| it.kind.as_str()),
        Place::Kind,
    );
    let indicators = it.indicators.iter().map(|it| it.indicator.as_str());
    once(checker, "indicator", indicators, Place::Indicator);
    once(
        checker,
        "term",
        it.terms.iter().map(|it| it.name.as_str()),
        term,
    );
    once(
        checker,
        "ladder",
        it.ladders.iter().map(|it| it.name.as_str()),
        Place::Ladder,
    );
}

fn once<'a>(
    checker: &mut Checker<'a>,
    what: &str,
    names: impl Iterator<Item = &'a str>,
    place: impl Fn(usize) -> Place,
) {
    let mut seen = BTreeSet::new();
    for (at, name) in names.enumerate() {
        if !seen.insert(name) {
            let message = format!("a second {what} is called `{name}`");
            let fix = "give it a name of its own";
            checker.add(place(at), LintCode::NameTwice, Some(name), message, fix);
        }
    }
}

fn unknown(checker: &mut Checker) {
    let it = checker.instrument;
    let calendars: BTreeSet<_> = it.calendars.iter().map(|it| &it.name).collect();
    let indicators: BTreeSet<_> = it.indicators.iter().map(|it| &it.indicator).collect();
    let sources: BTreeSet<_> = it.sources.iter().map(|it| &it.name).collect();
    let terms: BTreeSet<_> = it.terms.iter().map(|it| &it.name).collect();
    for (place, node) in nodes(it) {
        let found = match node {
            Node::Anchor(_) | Node::Duty(_) | Node::Register(_) => None,
            Node::Calendar(name) => missing("calendar", name.as_str(), calendars.contains(name)),
            Node::Citation(cited) => {
                let name = &cited.source;
                missing("source", name.as_str(), sources.contains(name))
            }
            Node::Comparison(it) | Node::Measured(_, it) => param(checker, place, &it.with, false),
            Node::Condition(Condition::Holds(word)) => {
                let is_known = checker.meanings.get(word).is_some_and(Option::is_some);
                missing("definition with `counts_as`", word.as_str(), is_known)
            }
            Node::Condition(_) | Node::Role(_) => None,
            Node::Coverage(share) => param(checker, place, share, true),
            Node::Field(kind) | Node::Kind(kind) => {
                missing("kind", kind.as_str(), checker.worlds.contains_key(kind))
            }
            Node::Indicator(name) => missing("indicator", name.as_str(), indicators.contains(name)),
            Node::Length(length) | Node::Period(length) => length_param(checker, place, length),
            Node::Term(name) => missing("term", name.as_str(), terms.contains(name)),
            Node::Word(word) => missing(
                "definition",
                word.as_str(),
                checker.meanings.contains_key(word),
            ),
        };
        if let Some((what, name)) = found {
            let message = format!("no {what} is called `{name}`");
            let fix = "declare it, or correct the name";
            checker.add(place, LintCode::NameUnknown, Some(&name), message, fix);
        }
    }
}

type Missing = Option<(&'static str, String)>;

fn missing(what: &'static str, name: &str, is_known: bool) -> Missing {
    (!is_known).then(|| (what, name.to_owned()))
}

fn param(checker: &mut Checker, place: Place, quantity: &Quantity, share: bool) -> Missing {
    let Quantity::Param(name) = quantity else {
        return None;
    };
    let fits = |setting: &Setting| matches!(setting, Setting::Number(_));
    let what = if share { "a share" } else { "a number" };
    typed(checker, place, name, fits, what)
}

fn length_param(checker: &mut Checker, place: Place, length: &Length) -> Missing {
    let Length::Param(name) = length else {
        return None;
    };
    let fits = |setting: &Setting| matches!(setting, Setting::Duration(_));
    typed(checker, place, name, fits, "a duration")
}

/// A parameter that is not there, or a lint about one of another type.
fn typed(
    checker: &mut Checker,
    place: Place,
    name: &ParamName,
    fits: impl Fn(&Setting) -> bool,
    what: &str,
) -> Missing {
    let Some(known) = checker.params.get(name) else {
        return missing("parameter", name.as_str(), false);
    };
    if !fits(&known.proposed) {
        let message = format!("`{name}` is not {what}, and {what} stands here");
        let fix = "propose a value of that type, or use another parameter";
        checker.add(
            place,
            LintCode::ParamType,
            Some(name.as_str()),
            message,
            fix,
        );
    }
    None
}
