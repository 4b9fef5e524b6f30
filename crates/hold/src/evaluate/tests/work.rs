//! What too much work leaves open, and that it says so; what a result that rests on another names.

use ensign_trust::fact::Retraction;
use ensign_trust::{Fact, StatementId};

use super::bad::{as_of, fact, judged, of_term};
use super::story::{accord, id};
use crate::evaluate::{AsOf, Evaluation, Obligation, Status, evaluate, summarize};

/// Words of which each asks three times for the next, down to what the last one asks.
fn words(count: usize, last: &str) -> String {
    let words = (0..count).map(|n| {
        let next = n + 1;
        format!(
            "define w{n} means \"x\" counts_as holds w{next} and holds w{next} and holds w{next} "
        )
    });
    let words: String = words.collect();
    format!("{words} define w{count} means \"x\" counts_as {last} ")
}

fn is_cut(obligation: &Obligation) -> bool {
    let mut missing = obligation.proof.missing.iter();
    missing.any(|it| it.code == "work.exceeded")
}

#[test]
fn each_period_says_whether_its_condition_or_its_exception_was_too_much() {
    let recurring = |count: usize, rest: &str| {
        let items = words(count, "not occurs nothing");
        judged(
            &format!("{items} source \"https://example.org/law\" law {rest}"),
            60,
        )
    };
    let condition = "term A { owes state when holds w0 perform ping per PT24H }";
    let exception =
        "term A { owes state perform ping per PT24H except holds w0 excuses under law }";
    for text in [condition, exception] {
        let (few, many) = (recurring(4, text), recurring(16, text));
        assert_eq!([few.len(), many.len()], [3, 3]);
        assert!(!few.iter().any(is_cut), "{text}");
        // The first that is judged, which is the last, has some work left; what is known of it is sure.
        assert!(many.iter().all(is_cut), "{text}");
    }
}

#[test]
fn each_period_of_what_another_rests_on_is_work() {
    let ask = |count: usize| {
        let items = words(count, "not status B is waived");
        let terms = "term A { owes state when occurs asked and holds w0 deliver answer within PT1H of asked }
                     term B { owes state perform ping per PT1H }";
        judged(&format!("{items} {terms}"), 700)
    };
    // 700 periods, asked for 27 times and 243 times.
    assert_eq!(of_term(&ask(3), "A"), Status::Breached);
    assert_eq!(of_term(&ask(5), "A"), Status::Undetermined);
}

#[test]
fn each_act_of_a_period_is_looked_at_twice() {
    let text = format!(
        "instrument BAD {{ force contract in_force 2027-01-01 .. open kind asked observed
         {} term A {{ owes state when occurs asked and holds w0 deliver answer within PT1H of asked }}
         term B {{ owes state perform ping per PT1000H }} }}",
        words(5, "not status B is waived")
    );
    let accord = accord(&text, &[("north", &["state"])]);
    let status = |pings: usize| {
        let ping = |n: usize| fact(&format!("ping {n}"), "ping", 1);
        let mut facts: Vec<Fact> = (0..pings).map(ping).collect();
        facts.push(fact("asked", "asked", 0));
        let Evaluation { obligations, .. } = summarize(&accord, &facts, as_of(10));
        of_term(&obligations, "A")
    };
    // 243 times one share for 64 facts, as they are found and as they are shared out: of 65,536.
    assert_eq!(status(64 * 120), Status::Breached);
    assert_eq!(status(64 * 180), Status::Undetermined);
}

#[test]
fn a_result_names_the_trigger_of_another_that_it_rests_on_and_its_correction() {
    let accord = accord(
        "instrument BAD { force contract in_force 2027-01-01 .. open kind asked observed kind pulse observed
           term A { owes state when occurs asked and status B is breached and not status C is waived
             deliver answer within PT1H of asked }
           term B { owes state when occurs pulse deliver b within PT1H of pulse }
           term C { owes state perform ping per PT24H } }",
        &[("north", &["state"])],
    );
    let of = |name: &str| StatementId::from_bytes(id(name));
    let asked = fact("asked", "asked", 0);
    let pulse = |name: &str, position: u64| Fact {
        position,
        cites: vec![of("asked")],
        ..fact(name, "pulse", 1)
    };
    let corrected = Fact {
        retracts: Some(Retraction::Replaces(of("first"))),
        ..pulse("second", 3)
    };
    let facts = [asked, pulse("first", 2), corrected];
    let all = AsOf {
        index: 9,
        ..as_of(9)
    };
    let obligations = evaluate(&accord, &facts, all).obligations;
    let mut of_a = obligations.iter().filter(|it| it.key.term.as_str() == "A");
    let uses = &of_a.next().unwrap().proof.uses;
    for name in ["asked", "first", "second", "adoption of north"] {
        assert!(uses.contains(&of(name)), "{name}");
    }
}
