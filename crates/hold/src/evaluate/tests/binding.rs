//! What is in force between whom, and in which calendar.

use std::collections::BTreeMap;

use ensign_trust::{Code, Fact, PartyId, StatementId};

use super::story::{START, accord, id};
use crate::calendar::Calendar;
use crate::evaluate::accord::{Accord, Adoption, Objection, Reserved, Takeover};
use crate::evaluate::interval::LATEST;
use crate::evaluate::matrix::{Binding, Cell, Matrix};
use crate::evaluate::proof::Arg;
use crate::evaluate::record::{Head, StatusRecord};
use crate::evaluate::{AsOf, Status, evaluate, explain, what_if};
use crate::term::ast::{Counting, Duty, Variation, WeekendRule};
use crate::term::name::{CalendarName, TermName};

const TEXT: &str = "
instrument PAIR {
  force treaty
  in_force 2027-01-01 .. open
  kind asked performative by asker to state
  term ANSWER { owes state to asker when occurs asked deliver answer within PT24H of asked }
  term FIRM { owes state to asker when occurs asked deliver notice within PT24H of asked non_reservable }
}
";

fn party(name: &str) -> PartyId {
    PartyId::from_bytes(id(name))
}

fn term(name: &str) -> TermName {
    TermName::new(name).unwrap()
}

/// Two states that may ask each other.
fn pair() -> Accord {
    accord(
        TEXT,
        &[
            ("north", &["state", "asker"]),
            ("south", &["state", "asker"]),
        ],
    )
}

fn asked(hour: i64) -> Fact {
    let second = (START + hour * 3600) as u64;
    Fact {
        kind: Code::literal("asked"),
        actor: party("south"),
        to: Some(party("north")),
        subject: None,
        fields: BTreeMap::new(),
        valid: [second; 2],
        received: second,
        position: 10,
        cites: Vec::new(),
        retracts: None,
        grade: None,
        sources: vec![StatementId::from_bytes(id("asked"))],
    }
}

fn as_of(hour: i64) -> AsOf {
    AsOf {
        t: START + hour * 3600,
        index: 100,
    }
}

fn reserve(accord: &mut Accord, name: &str, on: &str, reserved: Reserved) {
    let is_of = |it: &&mut Adoption| it.party == party(name);
    let adoption = accord.adoptions.iter_mut().find(is_of).unwrap();
    adoption.reservations.insert(term(on), reserved);
}

fn within(hours: u32) -> Reserved {
    let text = TEXT.replace(
        "deliver answer within PT24H",
        &format!("deliver answer within PT{hours}H"),
    );
    let instrument = crate::term::parse(&text).unwrap().instrument;
    match &instrument.terms[0].duty {
        Duty::Deliver { limit, .. } => Reserved::Varies(Variation::Limit(limit.clone())),
        other => panic!("{other:?}"),
    }
}

fn cells(accord: &Accord, at: i64) -> Vec<Cell> {
    let matrix = Matrix::at(accord, 100, at);
    matrix.pairs().map(|pair| pair.cell()).collect()
}

/// How a term stands between two states, and what one answer too few has come to after 30 hours.
fn between(accord: &Accord, name: &str) -> (Binding, Option<Status>) {
    let cells = cells(accord, START + 3600);
    let cell = cells
        .iter()
        .find(|it| it.term == term(name) && it.debtor == party("north"))
        .unwrap();
    let evaluation = evaluate(accord, &[asked(1)], as_of(30));
    let mut of_term = evaluation
        .obligations
        .iter()
        .filter(|it| it.key.term == term(name));
    (cell.binding, of_term.next().map(|it| it.status))
}

#[test]
fn a_reservation_binds_both_sides_of_a_pair() {
    assert_eq!(
        between(&pair(), "ANSWER"),
        (Binding::InForce, Some(Status::Breached))
    );
    for name in ["north", "south"] {
        let mut accord = pair();
        reserve(&mut accord, name, "ANSWER", Reserved::Excludes);
        assert_eq!(
            between(&accord, "ANSWER"),
            (Binding::Excluded, None),
            "{name}"
        );
        let mut accord = pair();
        reserve(&mut accord, name, "ANSWER", within(48));
        assert_eq!(
            between(&accord, "ANSWER"),
            (Binding::Varied, Some(Status::Active)),
            "{name}"
        );
    }
}

#[test]
fn contradictory_reservations_leave_nothing_in_force_and_alike_ones_do() {
    let mut accord = pair();
    reserve(&mut accord, "north", "ANSWER", within(48));
    reserve(&mut accord, "south", "ANSWER", within(48));
    assert_eq!(
        between(&accord, "ANSWER"),
        (Binding::Varied, Some(Status::Active))
    );
    reserve(&mut accord, "south", "ANSWER", within(12));
    assert_eq!(between(&accord, "ANSWER"), (Binding::Contradicted, None));
}

#[test]
fn an_objection_takes_the_term_out_of_force_between_the_two() {
    let mut accord = pair();
    reserve(&mut accord, "north", "ANSWER", within(48));
    let objection = |position| Objection {
        statement: StatementId::from_bytes(id("objection")),
        position,
        by: party("south"),
        against: party("north"),
        text: accord.texts[0].digest,
        term: term("ANSWER"),
        reserved: within(48),
        from: START,
    };
    let (seen, unseen) = (objection(5), objection(100));
    accord.objections = vec![unseen];
    assert_eq!(between(&accord, "ANSWER").0, Binding::Varied);
    accord.objections = vec![seen];
    assert_eq!(between(&accord, "ANSWER"), (Binding::Objected, None));
}

#[test]
fn what_may_not_be_reserved_is_not() {
    let mut accord = pair();
    reserve(&mut accord, "north", "FIRM", Reserved::Excludes);
    assert_eq!(
        between(&accord, "FIRM"),
        (Binding::InForce, Some(Status::Breached))
    );
    let cells = cells(&accord, START);
    let is_void = |term_name: &str| {
        cells
            .iter()
            .any(|it| it.term == term(term_name) && !it.void.is_empty())
    };
    assert!(is_void("FIRM") && !is_void("ANSWER"));
}

#[test]
fn the_matrix_stands_in_the_order_of_the_log() {
    let mut accord = pair();
    let parties = |accord: &Accord| -> Vec<_> {
        let of_term = cells(accord, START)
            .into_iter()
            .filter(|it| it.term == term("FIRM"));
        of_term
            .map(|it| (it.debtor, it.creditor.unwrap()))
            .collect()
    };
    let [north, south] = ["north", "south"].map(party);
    for (first, second) in [(north, south), (south, north)] {
        for adoption in &mut accord.adoptions {
            adoption.position = u64::from(adoption.party == second);
        }
        assert_eq!(parties(&accord), [(first, second), (second, first)]);
    }
}

#[test]
fn a_trigger_is_judged_by_the_text_then_in_force() {
    let mut accord = pair();
    let amended = TEXT
        .replace("2027-01-01", "2027-01-03")
        .replace("deliver answer within PT24H", "deliver answer within PT1H");
    let later = super::story::accord(
        &amended,
        &[
            ("north", &["state", "asker"]),
            ("south", &["state", "asker"]),
        ],
    );
    accord.texts.extend(later.texts);
    accord.adoptions.extend(later.adoptions);
    for (hour, t, status) in [
        (40, 50, Status::Active),
        (40, 64, Status::Active),
        (40, 65, Status::Breached),
        (48, 49, Status::Active),
        (48, 50, Status::Breached),
    ] {
        let evaluation = evaluate(&accord, &[asked(hour)], as_of(t));
        let of_term: Vec<_> = evaluation
            .obligations
            .iter()
            .filter(|it| it.key.term == term("ANSWER"))
            .map(|it| it.status)
            .collect();
        assert_eq!(of_term, [status], "asked at {hour}, judged at {t}");
    }
}

#[test]
fn a_month_is_counted_in_the_calendar_and_outside_it_nothing_is_known() {
    let text = "
instrument MONTHS {
  force contract
  in_force 2027-01-01 .. open
  calendar utc { tz UTC }
  kind asked performative by asker to state
  term ANSWER { owes state to asker when occurs asked deliver answer within P1M of asked calendar utc }
}
";
    let mut accord = accord(text, &[("north", &["state"]), ("south", &["asker"])]);
    let calendar = |days: i64| Calendar {
        counting: Counting::Exact,
        weekend_rule: WeekendRule::Stays,
        from: START,
        until: START + days * 86_400,
        offsets: vec![(START, 0)],
        days_off: Vec::new(),
    };
    // Asked on 31 January at noon: due on 28 February at noon.
    let due = (58 * 24) + 12;
    for (days, t, status) in [
        (365, due, Status::Active),
        (365, due + 1, Status::Breached),
        (40, due + 1, Status::Undetermined),
    ] {
        let name = CalendarName::new("utc").unwrap();
        accord.texts[0].calendars = [(name, calendar(days))].into();
        let evaluation = evaluate(&accord, &[asked(30 * 24 + 12)], as_of(t));
        assert_eq!(
            evaluation.obligations[0].status, status,
            "{days} days, hour {t}"
        );
    }
}

#[test]
fn a_cap_in_months_is_counted_from_each_day_or_is_as_vague_as_a_month() {
    const DAY: i64 = 86_400;
    let text = "
instrument MONTHS {
  force contract
  in_force 2027-01-01 .. open
  calendar utc { tz UTC }
  kind asked performative by asker to state
  kind opened observed
  term ANSWER {
    owes state to asker when occurs asked deliver answer within P1M of asked calendar utc
    suspended_by opened until closed max P1M2D
  }
}
";
    let mut accord = accord(text, &[("north", &["state"]), ("south", &["asker"])]);
    let calendar = Calendar {
        counting: Counting::Exact,
        weekend_rule: WeekendRule::Stays,
        from: START - 365 * DAY,
        until: START + 365 * DAY,
        offsets: vec![(START - 365 * DAY, 0)],
        days_off: Vec::new(),
    };
    let name = CalendarName::new("utc").unwrap();
    accord.texts[0].calendars = [(name, calendar)].into();
    let cap = |doubt: i64| {
        let asked = asked(0);
        let opened = Fact {
            kind: Code::literal("opened"),
            to: None,
            cites: asked.sources.clone(),
            valid: [START as u64, (START + doubt) as u64],
            sources: vec![StatementId::from_bytes(id("opened"))],
            ..asked.clone()
        };
        let mut judged = evaluate(&accord, &[asked, opened], as_of(1)).obligations;
        let proof = judged.remove(0).proof;
        let is_silent = proof.missing.iter().any(|it| it.code == "calendar.silent");
        let mut steps = proof.steps.into_iter();
        let step = steps.find(|it| it.code == "suspension.capped").unwrap();
        (step.with["cap"].clone(), is_silent)
    };
    let days = |least: i64, most: i64| (Arg::Range([least * DAY, most * DAY]), false);
    assert_eq!(cap(0), days(33, 33));
    // From January on, and from February on.
    assert_eq!(cap(40 * DAY), days(30, 33));
    assert_eq!(cap(40 * DAY + 1), days(29, 34));
    assert_eq!(cap(340 * DAY), (Arg::Range([0, LATEST]), true));
}

#[test]
fn what_would_follow_is_shown_without_being_logged() {
    let accord = pair();
    let logged = [asked(1)];
    let mut answer = asked(20);
    answer.kind = Code::literal("answer");
    answer.actor = party("north");
    answer.to = Some(party("south"));
    answer.cites = vec![StatementId::from_bytes(id("asked"))];
    answer.sources = vec![StatementId::from_bytes(id("answer"))];
    let status = |evaluation: &crate::evaluate::Evaluation| evaluation.obligations[0].status;
    assert_eq!(
        status(&evaluate(&accord, &logged, as_of(30))),
        Status::Breached
    );
    let supposed = |accord| what_if(accord, &logged, std::slice::from_ref(&answer), as_of(30));
    assert_eq!(status(&supposed(&accord)), Status::Met);
    let mut later = pair();
    let withdrawn = Adoption {
        position: as_of(30).index,
        until: Some(START),
        ..later.adoptions[0].clone()
    };
    later.adoptions.push(withdrawn);
    let known = supposed(&later);
    assert_eq!(
        known,
        supposed(&accord),
        "what the log says next is not seen"
    );
}

#[test]
fn a_record_names_what_was_judged_and_the_engine() {
    let accord = pair();
    let facts = [asked(1)];
    let as_of = as_of(30);
    let key = evaluate(&accord, &facts, as_of).obligations[0].key.clone();
    let obligation = explain(&accord, &facts, as_of, &key).unwrap();
    let heads = [Head {
        origin: "node.example.org/log".to_owned(),
        size: 100,
        root: [1; 32],
    }];
    let record = StatusRecord {
        obligation: &obligation,
        as_of,
        heads: &heads,
    };
    let json: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    assert_eq!(json["engine"], "terms/1.0");
    assert_eq!(json["status"], "breached");
    assert_eq!(
        json["bounds"]["elapsed"],
        serde_json::json!([29 * 3600, 29 * 3600])
    );
    assert_eq!(json["because"]["steps"][0]["code"], "condition.judged");
    let cbor = ensign_trust::cbor::decode(&record.to_cbor()).unwrap();
    assert_eq!(ensign_trust::cbor::encode(&cbor), record.to_cbor());
}

#[test]
fn what_is_logged_later_is_no_part_of_what_is_supposed() {
    let accord = pair();
    let asked = asked(0);
    let answer = Fact {
        kind: Code::literal("answer"),
        actor: party("north"),
        to: None,
        position: 11,
        cites: asked.sources.clone(),
        sources: vec![StatementId::from_bytes(id("answer"))],
        ..asked.clone()
    };
    let as_of = AsOf {
        index: 11,
        ..as_of(5)
    };
    let logged = [asked, answer.clone()];
    let status = |further: &[Fact]| {
        let supposed = what_if(&accord, &logged, further, as_of).obligations;
        let answer = supposed.iter().find(|it| it.key.term == term("ANSWER"));
        answer.map(|it| it.status)
    };
    assert_eq!(status(&[]), Some(Status::Active));
    assert_eq!(status(std::slice::from_ref(&answer)), Some(Status::Met));
    let other = Fact {
        kind: Code::literal("other"),
        sources: vec![StatementId::from_bytes(id("other"))],
        ..answer
    };
    assert_eq!(status(&[other]), Some(Status::Active));
}

#[test]
fn a_fact_of_several_statements_is_that_of_the_first() {
    let accord = pair();
    let mut asked = asked(0);
    let first = asked.sources[0];
    asked.sources.push(StatementId::from_bytes(id("another")));
    let found = evaluate(&accord, &[asked], as_of(5)).obligations;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|it| it.key.trigger == first));
}

#[test]
fn a_cell_that_a_later_text_ended_cites_who_adopted_that_one() {
    let mut accord = pair();
    let statement = |name: &str| StatementId::from_bytes(id(name));
    let roles: &[&str] = &["state", "asker"];
    // South adopts the later text only; before north adopts it too, the earlier one is in force.
    let texts = [
        TEXT.replace("PT24H", "PT9H")
            .replace("2027-01-01", "2027-01-02"),
        TEXT.replace("PT24H", "PT8H")
            .replace("2027-01-01", "2027-01-03"),
    ];
    for (text, (name, position)) in texts.iter().zip([("south", 7), ("north", 5)]) {
        let mut later = super::story::accord(text, &[(name, roles)]);
        later.adoptions[0].statement = statement(&format!("later of {name}"));
        later.adoptions[0].position = position;
        accord.texts.extend(later.texts);
        accord.adoptions.extend(later.adoptions);
    }
    accord.adoptions[1].position = 6;
    let [north, south] = ["north", "south"].map(|name| statement(&format!("adoption of {name}")));
    let [by_north, by_south] =
        ["north", "south"].map(|name| statement(&format!("later of {name}")));
    let day = 86_400;
    for (at, binding, because) in [
        (day - 1, Binding::InForce, vec![north, south]),
        (day, Binding::OutOfForce, vec![north, south, by_south]),
        (
            2 * day - 1,
            Binding::OutOfForce,
            vec![north, south, by_south],
        ),
        (
            2 * day,
            Binding::OutOfForce,
            vec![north, by_north, south, by_south],
        ),
    ] {
        let old = accord.texts[0].digest;
        let found = cells(&accord, START + at);
        let found: Vec<_> = found.into_iter().filter(|it| it.text == old).collect();
        assert_eq!(found.len(), 4, "two terms, two ways");
        for cell in found {
            assert_eq!(
                (cell.binding, cell.because),
                (binding, because.clone()),
                "{at}"
            );
        }
    }
    let [first, second, third] = [0, 1, 2].map(|at| accord.texts[at].digest);
    let takeover = |by, days| Takeover {
        by,
        from: START + days * day,
    };
    let expected = [
        ((first, party("south")), takeover(second, 1)),
        ((first, party("north")), takeover(third, 2)),
    ];
    assert_eq!(accord.takeovers(100), expected.into());
    assert_eq!(accord.takeovers(5), [].into(), "not adopted yet");
    // Who withdraws in the second in which the later text takes effect was never bound by it.
    let mut withdrawn = accord.clone();
    let adoptions = withdrawn.adoptions.iter_mut();
    for it in adoptions.filter(|it| it.text == third && it.party == party("north")) {
        it.until = Some(START + 2 * day);
    }
    assert_eq!(
        withdrawn.takeovers(100),
        expected[..1].iter().copied().collect()
    );
}
