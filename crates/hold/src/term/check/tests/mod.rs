//! For each lint an example that triggers it and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{Knowledge, Lint, LintCode, Reservation, check, check_publication, params};
use crate::term::name::{Channel, Register, Role, TermName};
use crate::term::parse;
use crate::term::tests::with;

/// What the log of the examples knows.
fn knowledge() -> Knowledge {
    Knowledge {
        roles: ["a", "observer"]
            .map(|role| Role::new(role).unwrap())
            .into(),
        registers: BTreeSet::from([Register::new("register.health").unwrap()]),
        delivery: BTreeMap::from([(Channel::new("post").unwrap(), 3 * 86_400)]),
        reservations: vec![Reservation {
            by: Role::new("a").unwrap(),
            term: TermName::new("T").unwrap(),
        }],
    }
}

fn lints(items: &str) -> Vec<Lint> {
    check(&parse(&with(items)).unwrap().instrument)
}

fn codes(items: &str) -> Vec<&'static str> {
    lints(items).iter().map(|lint| lint.code.code()).collect()
}

#[test]
fn each_lint_has_an_example_that_triggers_it_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/term/check/tests/examples");
    let entries = fs::read_dir(&folder).unwrap();
    let files: BTreeSet<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let expected = LintCode::ALL
        .iter()
        .map(|code| format!("{}.term", code.code()));
    assert_eq!(files, expected.collect());
    for code in LintCode::ALL {
        let text = fs::read_to_string(folder.join(format!("{}.term", code.code()))).unwrap();
        let parsed = parse(&text).unwrap_or_else(|error| panic!("{}: {error}", code.code()));
        let found = check_publication(&parsed.instrument, &knowledge());
        assert!(!found.is_empty(), "{} is not found", code.code());
        for lint in &found {
            assert_eq!(lint.code, *code, "{lint}");
            let at = lint.position(&text, &parsed.places);
            assert!(at.line > 1, "{lint} has no place");
            assert!(!lint.fix.is_empty() && !lint.message.is_empty());
        }
        let needs_log = [
            LintCode::DeadlineTooShort,
            LintCode::RegisterEmpty,
            LintCode::ReservationBarred,
            LintCode::RoleVacant,
        ];
        let alone = check(&parsed.instrument);
        assert_eq!(
            alone.is_empty(),
            needs_log.contains(code),
            "{}",
            code.code()
        );
    }
}

#[test]
fn a_lint_points_at_the_word_that_it_is_about() {
    let text = with(
        "kind incident observed\nkind notice performative\nterm T {\n  owes a\n  deliver notice\n    within PT24H of accident.recorded\n}",
    );
    let parsed = parse(&text).unwrap();
    let found = check(&parsed.instrument);
    let [lint] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        lint.position(&text, &parsed.places).to_string(),
        "line 9, column 21"
    );
    let shown = "name.unknown: no kind is called `accident`; declare it, or correct the name";
    assert_eq!(lint.to_string(), shown);
}

#[test]
fn who_keeps_a_register_is_named() {
    let keeper = "kind register.health observed by keeper";
    for asks in [
        "term T { forbid a never k on register.health covered_by w unsuspendable }",
        "term T { owes a when occurs k and registered subject in register.health \
         deliver n within PT24H of k }",
        "define known means \"known\" counts_as registered subject in register.health \
         term T { owes a when occurs k and holds known deliver n within PT24H of k }",
    ] {
        let items =
            format!("kind k observed kind n performative kind w observed by watcher {asks}");
        let found = lints(&items);
        let [lint] = found.as_slice() else {
            panic!("{asks}: {found:?}")
        };
        assert_eq!(lint.code, LintCode::ObserverUnnamed);
        assert_eq!(lint.word.as_deref(), Some("register.health"));
        let unnamed = format!("kind register.health observed {items}");
        assert_eq!(codes(&unnamed), ["observer.unnamed"], "{asks}");
        assert_eq!(codes(&format!("{keeper} {items}")), [""; 0], "{asks}");
    }
}

#[test]
fn the_parameters_of_a_term_are_those_that_it_goes_by() {
    let names = [
        "limit_set",
        "second_set",
        "grace_set",
        "cap_set",
        "varied_set",
        "lasting_set",
        "bound_set",
        "remedy_set",
        "elsewhere_set",
        "unused_set",
    ];
    let durations = names.map(|name| format!("param {name} PT1H set_by parties"));
    let text = format!(
        "{} param often_set 2 set_by parties param least_set 90% set_by parties param sampled_set 80% set_by parties \
         define busy means \"busy\" counts_as holds crowded \
         define crowded means \"crowded\" counts_as count k in last bound_set >= often_set \
         source \"An invented text\" s kind k observed kind n performative kind o performative \
         term T {{ owes a when occurs k in last lasting_set and holds busy \
         deliver n within limit_set of k and within second_set of k.recorded grace grace_set \
         except occurs o varies (within varied_set of k) under s suspended_by o until n max cap_set \
         remedy_within remedy_set }} \
         term M {{ owes a maintain avg(i, elsewhere_set) >= least_set coverage sampled_set }} \
         term D {{ owes a declare \"nothing\" }}",
        durations.join(" ")
    );
    let instrument = parse(&with(&text)).unwrap().instrument;
    let found = |name: &str| -> Vec<String> {
        let found = params(&instrument, &TermName::new(name).unwrap());
        found.iter().map(ToString::to_string).collect()
    };
    let expected = [
        "bound_set",
        "cap_set",
        "grace_set",
        "lasting_set",
        "limit_set",
        "often_set",
        "remedy_set",
        "second_set",
        "varied_set",
    ];
    assert_eq!(found("T"), expected);
    assert_eq!(found("M"), ["elsewhere_set", "least_set", "sampled_set"]);
    assert_eq!(found("D"), [""; 0]);
}

#[test]
fn exceptions_overlap_only_where_both_can_hold() {
    let head = "source \"An invented text\" s kind k observed kind n performative kind w observed \
                kind f observed define war means \"war\" counts_as occurs w and not occurs f";
    let overlap = |first: &str, second: &str| {
        let term = format!(
            "{head} term U {{ owes a deliver n within PT24H of k }} term T {{ owes a deliver n within PT24H of k \
             except {first} excuses under s#1 except {second} excuses under s#2 }}"
        );
        codes(&term)
    };
    for (first, second) in [
        ("occurs w", "not occurs w and occurs f"),
        ("count w in last PT24H >= 3", "count w in last PT24H < 3"),
        (
            "count w in last PT24H = 3",
            "not count w in last PT24H <= 5",
        ),
        ("grade > 2", "grade = 1"),
        ("status U is met", "status U is late"),
        ("holds war", "occurs f"),
        ("holds war", "not occurs w"),
    ] {
        assert_eq!(overlap(first, second), [""; 0], "{first} / {second}");
    }
    for (first, second) in [
        ("occurs w", "occurs f"),
        ("occurs w", "occurs w"),
        ("count w in last PT24H >= 3", "count w in last PT24H > 3"),
        ("count w in last PT24H >= 3", "count w in last PT48H < 3"),
        ("grade >= 2", "grade != 3"),
        ("status U is met", "not status U is late"),
        ("holds war", "occurs w"),
    ] {
        assert_eq!(
            overlap(first, second),
            ["exception.overlap"],
            "{first} / {second}"
        );
    }
    let many: Vec<_> = (0..12).map(|n| format!("occurs w with f{n}")).collect();
    let all = many.join(" and ");
    assert_eq!(overlap(&all, "occurs f"), ["exception.overlap"]);
}

#[test]
fn absence_of_a_notice_is_found_however_it_is_written() {
    let head = "kind k observed kind n performative kind o performative \
                define quiet means \"nobody said anything\" counts_as not occurs n";
    let found = |condition: &str| {
        let items = format!(
            "{head} term T {{ owes a when occurs k and {condition} deliver o within PT24H of k }}"
        );
        !codes(&items).is_empty()
    };
    for condition in [
        "not occurs n",
        "count n in last PT24H < 1",
        "count n in last PT24H = 0",
        "not count n in last PT24H > 0",
        "not (occurs n and occurs k)",
        "holds quiet",
    ] {
        assert!(found(condition), "{condition}");
    }
    for condition in [
        "occurs n",
        "not not occurs n",
        "not occurs k",
        "count n in last PT24H > 0",
        "not holds quiet",
    ] {
        assert!(!found(condition), "{condition}");
    }
}

#[test]
fn cycles_and_long_chains_are_answered_in_time() {
    let chain: String = (0..3_000)
        .map(|n| {
            format!(
                "term T{n} {{ owes a deliver n within PT1H of breach on_breach {{ T{} }} }}\n",
                n + 1
            )
        })
        .collect();
    let last = "term T3000 { owes a deliver n within PT1H of breach }";
    let first = "kind n performative term S { owes a deliver n within PT1H of n on_breach { T0 } }";
    assert_eq!(
        codes(&format!("{first} {chain} {last}")),
        ["chain.too_long"]
    );
    let closed = "term T3000 { owes a deliver n within PT1H of breach on_breach { T0 } }";
    let found = codes(&format!("{first} {chain} {closed}"));
    assert_eq!(found.len(), 3_001);
    assert!(found.iter().all(|code| *code == "remedy.cycle"));
    let deep: String = (0..2_000)
        .map(|n| {
            format!(
                "define w{n} means \"x\" counts_as holds w{} and holds w{}\n",
                n + 1,
                n + 1
            )
        })
        .collect();
    let items = format!(
        "kind n performative {deep} define w2000 means \"x\" counts_as occurs n \
                         term T {{ owes a when occurs n and holds w0 deliver n within PT1H of n }}"
    );
    assert_eq!(codes(&items), ["chain.too_long"]);
}

#[test]
fn what_a_definition_brings_is_checked_where_it_is_used() {
    let head = "kind k observed kind n performative define often means \"many\" counts_as count k in last P30D > 3";
    let without = format!(
        "{head} term T {{ owes a when occurs k and holds often deliver n within PT1H of k }}"
    );
    assert_eq!(codes(&without), ["calendar.missing"]);
    let with_calendar = format!(
        "{head} calendar c {{ tz UTC }} term T {{ owes a when occurs k and holds often \
                                 deliver n within PT1H of k calendar c }}"
    );
    assert_eq!(codes(&with_calendar), [""; 0]);
}
