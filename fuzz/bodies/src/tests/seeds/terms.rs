//! Seeds about instruments: some that come with the program, and bad ones made by hand.

use ensign_hold::term::canonical::Sources;
use ensign_hold::term::{Published, parse};

use super::Seed;

const ASSISTANCE: &str = include_str!("../../../../../instruments/gge-13h.term");
const CONTINUITY: &str = include_str!("../../../../../instruments/service-continuity.term");
const MEDICAL: &str = include_str!("../../../../../instruments/medical-protection.term");

/// The shortest instrument around some items.
fn with(items: &str) -> Vec<u8> {
    let text = format!("instrument X {{ force pledge in_force 2027-01-01 .. open {items} }}");
    text.into_bytes()
}

/// The canonical form of an instrument that has no calendars.
fn canonical(text: &str) -> Vec<u8> {
    let instrument = parse(text).expect("the instrument is text").instrument;
    assert!(instrument.calendars.is_empty());
    let sources = Sources {
        zones: &|_| None,
        holidays: &|_| None,
        horizon: "2030-01-01".parse().expect("a date"),
    };
    let published = Published::compile(instrument, &sources);
    published.expect("nothing to compile").encode()
}

pub(super) fn all() -> Vec<Seed> {
    let assistance = canonical(ASSISTANCE);
    let mut other_format = assistance.clone();
    let word = b"ensign terms 1";
    let at = other_format.windows(word.len()).position(|it| it == word);
    let at = at.expect("the form names itself");
    other_format[at + word.len() - 1] = b'2';
    let nested = format!(
        "define w means \"x\" counts_as {}holds v",
        "not ".repeat(1000)
    );
    vec![
        ("instrument", "good-assistance", assistance.clone()),
        (
            "instrument",
            "bad-cut",
            assistance[..assistance.len() - 1].to_vec(),
        ),
        ("instrument", "bad-format", other_format),
        ("term", "good-assistance", ASSISTANCE.into()),
        ("term", "good-continuity", CONTINUITY.into()),
        ("term", "good-medical", MEDICAL.into()),
        (
            "term",
            "good-faulty",
            with("term T { owes a deliver b within P1M of c }"),
        ),
        ("term", "bad-nested", with(&nested)),
        (
            "term",
            "bad-duration",
            with("term T { owes a deliver b within P1H of c }"),
        ),
        ("term", "bad-unclosed", with("note \"never closed")),
        (
            "term",
            "bad-reserved",
            with("term within { owes a declare \"x\" }"),
        ),
    ]
}
