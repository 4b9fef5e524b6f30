//! Bad input: an answer each time, in bounded time and memory.

use std::sync::Arc;

use ensign_trust::fact::Retraction;
use ensign_trust::{Code, Coded, Fact, StatementId};

use super::story::{START, accord, id, party};
use crate::evaluate::{AsOf, Docket, Obligation, Status, evaluate};
use crate::term::parse;

pub(super) fn as_of(hour: i64) -> AsOf {
    AsOf {
        t: START + hour * 3600,
        index: u64::MAX,
    }
}

pub(super) fn fact(name: &str, kind: &'static str, hour: i64) -> Fact {
    let second = (START + hour * 3600) as u64;
    Fact {
        kind: Code::literal(kind),
        actor: party("north"),
        to: None,
        subject: None,
        fields: Default::default(),
        valid: [second; 2],
        received: second,
        position: 1,
        cites: Vec::new(),
        retracts: None,
        grade: None,
        sources: vec![StatementId::from_bytes(id(name))],
    }
}

pub(super) fn judged(items: &str, hour: i64) -> Vec<Obligation> {
    let text = format!(
        "instrument BAD {{ force contract in_force 2027-01-01 .. open kind asked observed {items} }}"
    );
    let accord = accord(&text, &[("north", &["state"])]);
    let facts = [fact("asked", "asked", 0)];
    let judged = evaluate(&accord, &facts, as_of(hour)).obligations;
    let mut docket = Docket::new(Arc::new(accord), as_of(hour).t);
    docket.append(&facts);
    let statuses = |it: &Obligation| (it.key.clone(), it.status);
    let kept = docket.summaries().into_iter().map(|it| (it.key, it.status));
    assert!(kept.eq(judged.iter().map(statuses)));
    judged
}

pub(super) fn of_term(obligations: &[Obligation], name: &str) -> Status {
    let mut found = obligations.iter();
    let found = found.find(|it| it.key.term.as_str() == name);
    found.unwrap().status
}

#[test]
fn statuses_that_rest_on_each_other_in_a_circle_are_undetermined() {
    let circle = "
        term A { owes state when occurs asked and status B is breached deliver answer within PT1H of asked }
        term B { owes state when occurs asked and not status A is breached deliver answer within PT1H of asked }";
    let obligations = judged(circle, 10);
    assert_eq!(of_term(&obligations, "A"), Status::Undetermined);
    assert_eq!(of_term(&obligations, "B"), Status::Undetermined);
}

#[test]
fn words_that_are_defined_by_each_other_are_unknown() {
    let circle = "
        define one means \"one\" counts_as holds other
        define other means \"other\" counts_as holds one and occurs asked
        term A { owes state when occurs asked and holds one deliver answer within PT1H of asked }";
    assert_eq!(of_term(&judged(circle, 10), "A"), Status::Undetermined);
}

#[test]
fn remedies_that_start_each_other_end() {
    let circle = "
        term A { owes state when occurs asked deliver answer within PT1H of asked on_breach { B, C } remedy_within PT5H }
        term B { owes state deliver b within PT1H of breach on_breach { C, B } remedy_within PT5H }
        term C { owes state deliver c within PT1H of breach on_breach { B, C } remedy_within PT5H }";
    let obligations = judged(circle, 1000);
    assert!(obligations.len() < 70_000, "{}", obligations.len());
    let mut keys: Vec<_> = obligations.iter().map(|it| &it.key).collect();
    keys.dedup();
    assert_eq!(keys.len(), obligations.len());
}

#[test]
fn what_doubles_with_every_word_is_cut_short() {
    let words: String = (0..16)
        .map(|n| {
            let next = n + 1;
            format!("define w{n} means \"x\" counts_as holds w{next} and holds w{next} and holds w{next} ")
        })
        .collect();
    let items = format!(
        "{words} define w16 means \"x\" counts_as occurs asked
         term A {{ owes state when occurs asked and holds w0 deliver answer within PT1H of asked }}"
    );
    let cut = judged(&items, 10);
    assert_eq!(of_term(&cut, "A"), Status::Undetermined);
    let missing = &cut[0].proof.missing;
    assert!(missing.iter().any(|it| it.code == "work.exceeded"));
    // 59,047 parts are few enough, three times as many are not; once cut short, nothing more is known.
    let few = items.replace("and holds w0", "and holds w7");
    assert_eq!(of_term(&judged(&few, 10), "A"), Status::Breached);
    let many = items.replace("and holds w0", "and holds w6");
    assert_eq!(of_term(&judged(&many, 10), "A"), Status::Undetermined);
    let or_so = items.replace(
        "and holds w0",
        "and (holds w0 or occurs asked or occurs asked)",
    );
    assert_eq!(of_term(&judged(&or_so, 10), "A"), Status::Undetermined);
}

#[test]
fn a_guard_that_may_change_too_often_until_a_vague_deadline_is_unknown() {
    let accord = accord(
        "instrument BAD { force contract in_force 2027-01-01 .. open kind asked observed kind pulse observed
           source \"https://example.org/law\" law
           term A { owes state when occurs asked deliver answer within PT24H of asked
             except elapsed PT2H of pulse.last excuses under law } }",
        &[("north", &["state"])],
    );
    let asked = Fact {
        valid: [START as u64, (START + 100 * 3600) as u64],
        ..fact("asked", "asked", 0)
    };
    let pulse = |hour: i64| Fact {
        cites: asked.sources.clone(),
        ..fact(&format!("pulse {hour}"), "pulse", hour)
    };
    let judged = |hour: i64| {
        let mut facts: Vec<Fact> = (1..=hour).map(pulse).collect();
        facts.push(asked.clone());
        let as_of = AsOf {
            t: START + hour * 3600,
            index: u64::MAX,
        };
        let actor = |mut fact: Fact| {
            fact.actor = party("office");
            fact
        };
        let facts: Vec<Fact> = facts.into_iter().map(actor).collect();
        let mut judged = evaluate(&accord, &facts, as_of).obligations;
        let own = judged.remove(0);
        let mut missing = own.proof.missing.iter();
        (own.possible, missing.any(|it| it.code == "work.exceeded"))
    };
    // Each pulse comes before two hours have passed since the one before.
    let (possible, is_cut) = judged(60);
    assert!(!possible.has(Status::Excused) && !is_cut);
    let (possible, is_cut) = judged(99);
    assert!(possible.has(Status::Excused) && possible.has(Status::Active) && is_cut);
}

#[test]
fn facts_that_are_looked_at_again_and_again_are_work() {
    cut_by_facts("count pulse in last PT9H < 9999", "pulse");
    cut_by_facts("not registered subject in register.wards", "register.wards");
}

/// That a word which looks at the facts of a kind is cut short where these are many.
fn cut_by_facts(word: &str, kind: &'static str) {
    let words: String = (0..8)
        .map(|n| {
            let next = n + 1;
            format!("define w{n} means \"x\" counts_as holds w{next} and holds w{next} and holds w{next} ")
        })
        .collect();
    let items = format!(
        "{words} define w8 means \"x\" counts_as {word}
         term A {{ owes state when occurs asked and holds w0 deliver answer within PT1H of asked }}"
    );
    let text = format!(
        "instrument BAD {{ force contract in_force 2027-01-01 .. open kind asked observed kind pulse performative {items} }}"
    );
    let about = Code::literal("clinic");
    let accord = accord(&text, &[("north", &["state"])]);
    let status = |pulses: usize| {
        let pulse = |n: usize| Fact {
            cites: vec![StatementId::from_bytes(id("asked"))],
            subject: Some(about.clone()),
            ..fact(&format!("pulse {n}"), kind, 1)
        };
        let mut facts: Vec<Fact> = (0..pulses).map(pulse).collect();
        facts.push(Fact {
            subject: Some(about.clone()),
            ..fact("asked", "asked", 0)
        });
        evaluate(&accord, &facts, as_of(0)).obligations[0].status
    };
    // 6,561 words at the end: with 128 facts each they are two shares more of work, and with 640 more than
    // are allowed.
    assert_eq!(status(128), Status::Active, "{word}");
    assert_eq!(status(640), Status::Undetermined, "{word}");
}

#[test]
fn a_citation_of_what_is_stated_later_means_nothing_though_the_id_is_known() {
    let accord = accord(
        "instrument BAD { force contract in_force 2027-01-01 .. open kind asked observed
           term A { owes state when occurs asked deliver answer within PT5H of asked } }",
        &[("north", &["state"])],
    );
    let of = |name: &str, position: u64| StatementId::from_bytes(id(&format!("{name} {position}")));
    let asked = Fact {
        position: 1,
        sources: vec![of("asked", 1)],
        ..fact("asked", "asked", 0)
    };
    let answer = |position: u64| Fact {
        position,
        cites: vec![of("asked", 3)],
        sources: vec![of("answer", position)],
        ..fact("answer", "answer", 2)
    };
    let corrected = Fact {
        position: 3,
        sources: vec![of("asked", 3)],
        retracts: Some(Retraction::Replaces(of("asked", 1))),
        ..fact("asked", "asked", 1)
    };
    for (position, expected) in [(2, Status::Breached), (4, Status::Met)] {
        let mut facts = vec![asked.clone(), answer(position), corrected.clone()];
        facts.sort_by_key(|fact| fact.position);
        let as_of = AsOf {
            index: 9,
            ..as_of(20)
        };
        let judged = evaluate(&accord, &facts, as_of).obligations;
        assert_eq!(judged[0].status, expected);
        let mut docket = Docket::new(Arc::new(accord.clone()), as_of.t);
        docket.append(&facts);
        docket.grow(9);
        let kept: Vec<_> = docket.summaries().iter().map(|it| it.status).collect();
        assert_eq!(kept, [expected]);
    }
}

#[test]
fn what_doubles_with_every_status_is_cut_short() {
    let terms: String = (0..14)
        .map(|n| {
            let next = n + 1;
            format!(
                "term T{n} {{ owes state when occurs asked and not status T{next} is met and not status T{next} is late \
                 and not status T{next} is waived deliver answer within PT1H of asked }} "
            )
        })
        .collect();
    let last = "term T14 { owes state when occurs asked deliver answer within PT1H of asked }";
    let obligations = judged(&format!("{terms} {last}"), 10);
    assert_eq!(of_term(&obligations, "T0"), Status::Undetermined);
    assert_eq!(of_term(&obligations, "T10"), Status::Breached);
}

#[test]
fn eight_clauses_stop_a_clock_and_the_ninth_does_not() {
    let clauses: String = (0..9)
        .map(|n| format!("suspended_by stop{n} until go max PT1H "))
        .collect();
    let text = format!(
        "instrument BAD {{ force contract in_force 2027-01-01 .. open kind asked observed
         term A {{ owes state when occurs asked deliver answer within PT5H of asked {clauses} }} }}"
    );
    let accord = accord(&text, &[("north", &["state"])]);
    let asked = fact("asked", "asked", 0);
    let mut facts = vec![asked.clone()];
    for kind in [
        "stop0", "stop1", "stop2", "stop3", "stop4", "stop5", "stop6", "stop7", "stop8",
    ] {
        facts.push(Fact {
            cites: asked.sources.clone(),
            ..fact(kind, kind, 1)
        });
    }
    let status = |hour| of_term(&evaluate(&accord, &facts, as_of(hour)).obligations, "A");
    assert_eq!([status(13), status(14)], [Status::Active, Status::Breached]);
}

/// Terms of which each rests on the next.
fn in_a_row(count: usize) -> String {
    let terms = (0..count).map(|n| {
        let next = n + 1;
        format!(
            "term T{n} {{ owes state when occurs asked and status T{next} is breached \
             deliver answer within PT1H of asked }} "
        )
    });
    let terms: String = terms.collect();
    format!(
        "{terms} term T{count} {{ owes state when occurs asked deliver answer within PT1H of asked }}"
    )
}

/// Terms of which each breach starts the next.
fn in_turn(count: usize) -> String {
    let terms = (1..=count).map(|n| {
        let next = n + 1;
        format!("term T{n} {{ owes state deliver answer within PT1H of breach on_breach {{ T{next} }} }} ")
    });
    let terms: String = terms.collect();
    let last = count + 1;
    format!(
        "term T0 {{ owes state when occurs asked deliver answer within PT1H of asked on_breach {{ T1 }} }} \
         {terms} term T{last} {{ owes state deliver answer within PT1H of breach }}"
    )
}

#[test]
fn sixteen_in_a_row_are_judged_and_the_seventeenth_is_not() {
    let sixteen = judged(&in_a_row(16), 10);
    assert!(sixteen.iter().all(|it| it.status == Status::Breached));
    let seventeen = judged(&in_a_row(17), 10);
    assert_eq!(of_term(&seventeen, "T0"), Status::Undetermined);
    assert_eq!(of_term(&seventeen, "T1"), Status::Breached);
    let missing = |obligations: &[Obligation]| {
        let missing = obligations.iter().flat_map(|it| &it.proof.missing);
        missing.filter(|it| it.code == "work.exceeded").count()
    };
    assert_eq!((missing(&sixteen), missing(&seventeen)), (0, 1));
    let started = judged(&in_turn(30), 100);
    assert_eq!(started.len(), 17);
}

#[test]
fn a_remedy_sixteen_breaches_on_is_found_and_the_seventeenth_is_not() {
    for (count, expected) in [(14, Status::Breached), (15, Status::Undetermined)] {
        let last = count + 1;
        let items = format!(
            "{} term ASKS {{ owes state when occurs asked and status T{last} is breached \
             deliver answer within PT1H of asked }}",
            in_turn(count)
        );
        assert_eq!(of_term(&judged(&items, 100), "ASKS"), expected, "{count}");
    }
}

#[test]
fn what_becomes_of_a_remedy_sixteen_breaches_on_is_left_open() {
    let terms = (0..20).map(|n| {
        let (next, start) = (n + 1, ["", "when occurs asked "][usize::from(n == 0)]);
        let anchor = ["breach", "asked"][usize::from(n == 0)];
        format!(
            "term T{n} {{ owes state {start}deliver answer within PT1H of {anchor} \
             on_breach {{ T{next} }} remedy_within PT999H }} "
        )
    });
    let terms: String = terms.collect();
    let items = format!("{terms} term T20 {{ owes state deliver answer within PT1H of breach }}");
    let obligations = judged(&items, 100);
    assert_eq!(obligations.len(), 17);
    for it in &obligations {
        let is_cut = it.key.after.len() == 16;
        let expected = match is_cut {
            true => Status::Undetermined,
            false => Status::RemedyDue,
        };
        assert_eq!(it.status, expected, "{:?}", it.key);
        assert!(it.possible.has(Status::RemedyDue));
        // Each looks as far as to where it is cut.
        let mut missing = it.proof.missing.iter();
        assert!(missing.any(|it| it.code == "work.exceeded"));
    }
}

#[test]
fn conditions_as_deep_as_they_may_be_fit_on_the_stack() {
    let words: String = (0..16)
        .map(|n| {
            let next = n + 1;
            format!(
                "define w{n} means \"x\" counts_as {}holds w{next} ",
                "not ".repeat(32)
            )
        })
        .collect();
    let terms: String = (0..16)
        .map(|n| {
            let next = n + 1;
            format!(
                "term T{n} {{ owes state when occurs asked and {}status T{next} is breached \
                 deliver answer within PT1H of asked }} ",
                "not ".repeat(32)
            )
        })
        .collect();
    let items = format!(
        "{words} {terms} define w16 means \"x\" counts_as occurs asked
         term T16 {{ owes state when occurs asked and holds w0 deliver answer within PT1H of asked }}"
    );
    assert_eq!(of_term(&judged(&items, 10), "T0"), Status::Breached);
}

#[test]
fn many_samples_are_all_looked_at() {
    let text = "instrument UP {
        force contract in_force 2027-01-01 .. open
        indicator up scale 0 .. 1 every PT1H
        term KEEP { owes state maintain avg(up, PT24H) >= 1 grace PT5H }
    }";
    let accord = accord(text, &[("north", &["state"])]);
    let samples = |number: i64| Fact {
        fields: [(
            Code::literal("values"),
            Coded::List(vec![Coded::Int(1); 1000]),
        )]
        .into(),
        received: (START + 1000 * 3600 * (number + 1)) as u64,
        ..fact(&format!("samples {number}"), "up", 1000 * number + 1)
    };
    let facts: Vec<Fact> = (0..60).map(samples).collect();
    let judged = evaluate(&accord, &facts, as_of(60_000)).obligations;
    assert_eq!(judged[0].status, Status::Met);
}

#[test]
fn a_million_samples_of_the_same_hours_are_those_hours() {
    let text = "instrument UP {
        force contract in_force 2027-01-01 .. open
        indicator up scale 0 .. 1 every PT1H
        term KEEP { owes state maintain avg(up, PT1000H) >= 1 grace PT5H }
    }";
    let accord = accord(text, &[("north", &["state"])]);
    let samples = |number: usize| Fact {
        fields: [(
            Code::literal("values"),
            Coded::List(vec![Coded::Int(1); 1000]),
        )]
        .into(),
        received: (START + 1000 * 3600) as u64,
        ..fact(&format!("samples {number}"), "up", 1)
    };
    let once = evaluate(&accord, &[samples(0)], as_of(1000));
    let often: Vec<Fact> = (0..1000).map(samples).collect();
    let often = evaluate(&accord, &often, as_of(1000));
    assert_eq!(once.obligations[0].status, Status::Met);
    assert_eq!(often.obligations[0].possible, once.obligations[0].possible);
    let same = vec![samples(0); 1000];
    assert_eq!(evaluate(&accord, &same, as_of(1000)), once);
}

#[test]
fn a_bad_text_is_answered_with_what_is_wrong() {
    let bad = |items: &str| {
        let text =
            format!("instrument BAD {{ force contract in_force 2027-01-01 .. open {items} }}");
        parse(&text).unwrap_err().to_string()
    };
    let nested = format!(
        "define w means \"x\" counts_as {}occurs k",
        "not ".repeat(1000)
    );
    for (items, answer) in [
        (nested.as_str(), "nest more than 32 deep"),
        ("param p P1H set_by parties", "expected a duration"),
        ("param p PT5X set_by parties", "expected a duration"),
        ("param p 5km set_by parties", "expected"),
    ] {
        assert!(bad(items).contains(answer), "{}", bad(items));
    }
    for date in ["0000-01-01", "10000-01-01", "2027-02-30"] {
        let text = format!("instrument BAD {{ force contract in_force {date} .. open }}");
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains("expected a date"), "{error}");
    }
}

#[test]
fn facts_at_the_ends_of_time_are_judged_or_left_out() {
    let text = "instrument BAD {
        force contract in_force 2027-01-01 .. open
        kind asked observed
        term A { owes state when occurs asked deliver answer within PT24H of asked grace PT24H remedy_within PT24H }
    }";
    let accord = accord(text, &[("north", &["state"])]);
    let with = |name: &str, valid: [u64; 2]| Fact {
        valid,
        received: valid[1],
        ..fact(name, "asked", 0)
    };
    let last = crate::evaluate::interval::LATEST as u64;
    let facts = [
        with("last", [last, last]),
        with("wide", [START as u64, last]),
        with("after", [last + 1, last + 1]),
        with("never", [u64::MAX, u64::MAX]),
        with("backwards", [START as u64 + 5, START as u64]),
    ];
    for t in [i64::MIN, START, last as i64, i64::MAX] {
        let evaluation = evaluate(&accord, &facts, AsOf { t, index: u64::MAX });
        assert!(evaluation.obligations.len() <= 2, "{t}");
    }
}
