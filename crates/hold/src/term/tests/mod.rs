//! The language: what is read, what is refused and where, and that text and data are one.

pub(crate) mod canonical;
mod generate;
pub(crate) mod instruments;

use proptest::prelude::*;

use crate::term::ast::*;
use crate::term::parse::{MAX_BYTES, MAX_DEPTH};
use crate::term::{format, parse};

/// The worked clauses, with what the language asks for beside them.
const WORKED: &str = include_str!("worked.term");

/// An instrument with some terms.
pub(crate) fn with(items: &str) -> String {
    format!("instrument X {{\n  force contract\n  in_force 2027-01-01 .. open\n{items}\n}}\n")
}

fn refused(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

/// The error in a term's body that begins on line 5.
fn refused_term(body: &str) -> String {
    refused(&with(&format!("  term T {{\n{body}\n  }}")))
}

#[test]
fn the_worked_clauses_are_read_and_written_as_they_stand() {
    let parsed = parse(WORKED).unwrap();
    assert_eq!(format(&parsed.instrument), WORKED);
}

#[test]
fn what_is_left_out_is_written_out() {
    let text = with("term T { owes a deliver b within P1W of c.occurred grace PT60M }");
    let written = format(&parse(&text).unwrap().instrument);
    let lines: Vec<_> = written.lines().map(str::trim).collect();
    assert!(lines.contains(&"class computable"), "{written}");
    assert!(lines.contains(&"deliver b within P7D of c"), "{written}");
    assert!(lines.contains(&"grace PT1H"), "{written}");
}

#[test]
fn not_binds_before_and_and_before_or() {
    let bare = "not holds a and holds b or holds c and not holds d";
    let full = "((not holds a) and holds b) or (holds c and (not holds d))";
    let read = |condition: &str| {
        let text = with(&format!("define w means \"x\" counts_as {condition}"));
        parse(&text).unwrap().instrument
    };
    assert_eq!(read(bare), read(full));
    assert!(format(&read(full)).contains(bare));
    let grouped = "not (holds a and (holds b or holds c))";
    assert!(format(&read(grouped)).contains(grouped));
}

#[test]
fn an_error_says_where_what_was_found_and_what_was_expected() {
    for (body, expected) in [
        ("owes a", "line 6, column 3: found `}`, expected a duty"),
        (
            "  owes a deliver within",
            "line 5, column 18: found `within`, expected a kind of fact: a word of the language is no name",
        ),
        (
            "owes a deliver b within P1H of c",
            "line 5, column 25: found `P1H`, expected a duration: `H` is no unit here",
        ),
        (
            "owes a deliver b within P1.5D of c",
            "line 5, column 25: found `P1.5D`, expected a duration: durations are whole",
        ),
        (
            "owes a deliver b within PT1H of c.first.last",
            "line 5, column 33: found `c.first.last`, expected what the time is counted from",
        ),
        (
            "owes a deliver b within PT1H c",
            "line 5, column 30: found `c`, expected `of`",
        ),
        (
            "shall a",
            "line 5, column 1: found `shall`, expected whom the term binds: one of `owes`, `may`, `forbid`",
        ),
        (
            "owes a maintain avg(x, PT1H) => 3",
            "line 5, column 31: found `>`, expected a number or the name of a parameter",
        ),
        (
            "owes a maintain avg(x, PT1H) >= 3.5",
            "line 5, column 33: found `3.5`, expected a whole number",
        ),
        (
            "owes a maintain avg(x, PT1H) >= 99.999%",
            "line 5, column 33: found `99.999%`, expected a whole number",
        ),
        (
            "owes a declare \"x\" safety grace PT1H safety",
            "line 5, column 38: `safety` stands here a second time",
        ),
        (
            "owes a declare \"x\" // why",
            "line 5, column 20: there are no comments",
        ),
        (
            "owes a declare \"x",
            "line 5, column 16: the text that begins here has no closing",
        ),
        (
            "owes a declare \"\u{202e}x\"",
            "line 5, column 16: a text is one line",
        ),
        (
            "owes a declare \"\\n\"",
            "line 5, column 16: in a text, `\\`",
        ),
        (
            "owes a declare \" \"",
            "line 5, column 16: a text says something",
        ),
        (
            "owes \u{e9}t\u{e9} declare \"x\"",
            "line 5, column 6: found the character '\u{e9}'",
        ),
        (
            "owes a when status T is broken declare \"x\"",
            "line 5, column 25: found `broken`, expected a status: one of `latent`",
        ),
        (
            "owes a when occurs b with (c) declare \"x\"",
            "line 5, column 29: found `)`, expected `|` and another field",
        ),
        (
            "owes a declare \"x\" except holds w forgives under y",
            "line 5, column 35: found `forgives`, expected `and`, `or`, `excuses`",
        ),
        (
            "owes a declare \"x\" shiny",
            "line 5, column 20: found `shiny`, expected `calendar`, `grace`",
        ),
    ] {
        let message = refused_term(body);
        assert!(message.starts_with(expected), "{body:?}:\n{message}");
    }
}

#[test]
fn columns_count_characters() {
    let text = with("note \"\u{1f6a9}\u{1f6a9}\u{645}\" bogus");
    assert!(
        refused(&text).starts_with("line 4, column 12: found `bogus`"),
        "{}",
        refused(&text)
    );
}

#[test]
fn an_instrument_has_one_force_and_one_interval() {
    assert!(refused("instrument X { force treaty }").contains("has no `in_force`"));
    assert!(refused("instrument X { in_force 2027-01-01 .. open }").contains("has no `force`"));
    assert!(refused(&with("force pledge")).contains("`force` stands here a second time"));
    assert!(refused(&(with("") + "x")).contains("nothing after the instrument's `}`"));
    assert!(refused("").contains("found the end of the text, expected `instrument`"));
}

#[test]
fn dates_outside_the_years_1_to_9999_are_refused() {
    for date in [
        "0000-01-01",
        "10000-01-01",
        "2027-02-29",
        "2027-13-01",
        "27-01-01",
        "+027-01-01",
    ] {
        let text = format!("instrument X {{ force treaty in_force {date} .. open }}");
        assert!(
            refused(&text).contains(&format!("found `{date}`, expected a date")),
            "{date}"
        );
    }
    for date in ["0001-01-01", "9999-12-31", "2028-02-29"] {
        let text = format!("instrument X {{ force treaty in_force {date} .. open }}");
        assert!(parse(&text).is_ok(), "{date}");
    }
}

#[test]
fn a_thousand_nested_conditions_get_a_clear_answer() {
    let nested = |depth: usize, open: &str, close: &str| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        with(&format!(
            "define w means \"x\" counts_as {open}holds v{close}"
        ))
    };
    for (open, close) in [("(", ")"), ("not ", "")] {
        assert!(parse(&nested(MAX_DEPTH, open, close)).is_ok());
        assert!(refused(&nested(MAX_DEPTH + 1, open, close)).contains("nest more than 32 deep"));
        assert!(refused(&nested(1000, open, close)).contains("give a part a name with `define`"));
    }
    assert!(
        parse(&with(&format!(
            "define w means \"x\" counts_as holds v{}",
            " and holds u".repeat(1000)
        )))
        .is_ok()
    );
}

#[test]
fn a_text_has_a_mebibyte_at_most() {
    let fill = |bytes: usize| {
        let text = with("");
        let spaces = " ".repeat(bytes - text.len());
        text + &spaces
    };
    assert!(parse(&fill(MAX_BYTES)).is_ok());
    assert!(refused(&fill(MAX_BYTES + 1)).contains("more than 1048576 bytes"));
}

#[test]
fn the_trigger_is_the_fact_that_a_term_demands_first() {
    let trigger = |body: &str| {
        let text = with(&format!(
            "term T {{ {body} }} term U {{ owes a declare \"x\" on_breach {{ V }} }}"
        ));
        let instrument = parse(&text).unwrap().instrument;
        format!("{:?}", instrument.trigger(&instrument.terms[0]))
    };
    let deliver = "deliver b within PT1H of c";
    for (body, expected) in [
        (
            format!("owes a when occurs k with f {deliver}"),
            "Fact(Kind(Code(\"k\")), [Field(Field(Code(\"f\")))])",
        ),
        (
            format!("owes a when holds w and occurs k and occurs l {deliver}"),
            "Fact(Kind(Code(\"k\")), [])",
        ),
        (format!("owes a {deliver}"), "Fact(Kind(Code(\"c\")), [])"),
        (
            format!("owes a when occurs k in last PT1H {deliver}"),
            "Adoption",
        ),
        (format!("owes a when not occurs k {deliver}"), "Adoption"),
        (
            format!("owes a when occurs k or occurs l {deliver}"),
            "Adoption",
        ),
        ("owes a perform b per PT1H".to_owned(), "Adoption"),
        (
            "owes a deliver b within PT1H of breach".to_owned(),
            "Breach",
        ),
    ] {
        assert_eq!(trigger(&body), expected, "{body}");
    }
    let spawned = with(
        "term V { owes a when occurs k declare \"x\" } term U { owes a declare \"x\" on_breach { V } }",
    );
    let instrument = parse(&spawned).unwrap().instrument;
    assert_eq!(instrument.trigger(&instrument.terms[0]), Trigger::Breach);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(instrument in generate::instrument()) {
        let written = format(&instrument);
        let read = parse(&written).map_err(|error| format!("{error}\n{written}"));
        prop_assert_eq!(read.map(|read| read.instrument), Ok(instrument), "{}", written);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        if let Ok(parsed) = parse(&text) {
            prop_assert_eq!(parse(&format(&parsed.instrument)).unwrap().instrument, parsed.instrument);
        }
    }

    #[test]
    fn a_changed_text_is_read_or_refused(
        at in any::<prop::sample::Index>(),
        cut in 0..40usize,
        put in prop_oneof![
            "\\PC{0,3}",
            proptest::sample::select(vec!["{", "}", "(", ")", " and ", " of ", " P1M ", "\"", " not ", " 5% "])
                .prop_map(str::to_owned),
        ],
    ) {
        let starts: Vec<usize> = WORKED.char_indices().map(|(at, _)| at).collect();
        let from = starts[at.index(starts.len())];
        let to = starts.iter().copied().find(|it| *it >= from + cut).unwrap_or(WORKED.len());
        let changed = format!("{}{put}{}", &WORKED[..from], &WORKED[to..]);
        match parse(&changed) {
            Ok(parsed) => {
                let written = format(&parsed.instrument);
                prop_assert_eq!(parse(&written).unwrap().instrument, parsed.instrument);
            }
            Err(error) => {
                let lines = changed.lines().count() + 1;
                prop_assert!(error.at.line <= lines && !error.to_string().is_empty());
            }
        }
    }
}
