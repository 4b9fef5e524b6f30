//! Who is bound by what, whatever the order in which it is given.

use super::story::{START, accord, id, party};
use crate::evaluate::accord::{Accord, Bound, Objection, Reserved};
use crate::evaluate::{AsOf, Obligation, Status, evaluate};
use crate::oracle::tests::bytes;
use crate::term::name::TermName;
use crate::term::parse::variation;
use ensign_trust::{Code, Fact, StatementId};

const DAYS: i64 = 86_400;

fn text(name: &str, force: &str, rest: &str) -> String {
    format!(
        "instrument {name} {{
          force treaty
          in_force {force}
          {rest}
          kind asked performative by asker to state
          term ANSWER {{ owes state to asker when occurs asked deliver answer within PT24H of asked }}
        }}"
    )
}

const BOTH: [(&str, &[&str]); 2] = [
    ("north", &["state", "asker"]),
    ("south", &["state", "asker"]),
];

/// What binds under several texts that all were adopted.
fn under(texts: &[String]) -> Accord {
    let mut all = Accord::default();
    for text in texts {
        let one = accord(text, &BOTH);
        all.texts.extend(one.texts);
        all.adoptions.extend(one.adoptions);
    }
    all
}

fn asked(at: i64) -> Fact {
    let second = (START + at) as u64;
    Fact {
        kind: Code::literal("asked"),
        actor: party("south"),
        to: Some(party("north")),
        subject: None,
        fields: Default::default(),
        valid: [second; 2],
        received: second,
        position: 10,
        cites: Vec::new(),
        retracts: None,
        grade: None,
        sources: vec![StatementId::from_bytes(id("asked"))],
    }
}

fn as_of(at: i64) -> AsOf {
    AsOf {
        t: START + at,
        index: 100,
    }
}

#[test]
fn texts_and_adoptions_bind_alike_in_any_order_and_given_twice() {
    let names = ["FIRST", "SECOND", "THIRD"];
    let texts = names.map(|name| text(name, "2027-01-01 .. open", ""));
    let straight = under(&texts);
    let expected = evaluate(&straight, &[asked(3)], as_of(DAYS));
    assert_eq!(expected.obligations.len(), 3);
    let mut turned = straight.clone();
    turned.texts.reverse();
    turned.adoptions.reverse();
    let mut doubled = straight.clone();
    for text in &straight.texts {
        let mut again = text.clone();
        again.position = 20;
        doubled.texts.insert(0, again);
    }
    for accord in [turned, doubled] {
        let found = evaluate(&accord, &[asked(3)], as_of(DAYS));
        assert_eq!(bytes(&found), bytes(&expected));
        let texts = Bound::at(&accord, 100).texts;
        assert!(texts.is_sorted_by_key(|it| it.text.digest));
        assert!(texts.iter().all(|it| it.text.position == 0));
    }
}

#[test]
fn no_period_begins_under_a_text_that_another_took_over_and_none_ends_under_one_that_was_never_in_force()
 {
    let texts = [
        text(
            "OFTEN",
            "2027-01-01 .. open",
            "term PING { owes state perform ping per PT6H }",
        ),
        text(
            "OFTEN",
            "2027-01-04 .. open",
            "term PING { owes state perform ping per PT24H }",
        ),
    ];
    let mut all = under(&texts);
    let periods = |all: &Accord| {
        let found = evaluate(all, &[], as_of(100 * 3600)).obligations;
        [0, 1].map(|at| {
            let of_text = |it: &&Obligation| it.key.text == all.texts[at].digest;
            let of_north = |it: &&Obligation| it.key.debtor == party("north");
            found.iter().filter(of_text).filter(of_north).count()
        })
    };
    assert_eq!(periods(&all), [12, 2]);
    let digest = all.texts[1].digest;
    for adoption in all.adoptions.iter_mut().filter(|it| it.text == digest) {
        adoption.until = Some(START);
    }
    assert_eq!(periods(&all), [17, 0]);
}

#[test]
fn a_text_that_begins_where_another_ends_amends_nothing() {
    let texts = ["2027-01-01 .. 2027-01-03", "2027-01-03 .. open"];
    let accord = under(&texts.map(|force| text("PAIR", force, "")));
    let evaluation = evaluate(&accord, &[asked(40 * 3600)], as_of(50 * 3600));
    let statuses: Vec<_> = evaluation.obligations.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [Status::Lapsed]);
}

#[test]
fn whoever_may_find_or_decide_something_is_one_who_finds() {
    let rest = "
      define harmful means \"what harms\" counts_as finding harmful by panel
      define grave means \"what is grave\"
      source \"https://example.org/law\" law
      term GUARDED {
        owes state when finding grave by inspector and occurs asked deliver notice within PT2H of asked
        except not finding grave by court and occurs asked or occurs asked and finding grave by jury excuses under law
      }
      term SPARE { forbid state never attack covered_by watch attributed_by tribunal }
      ladder steps {
        rung 0 talk {
          enter finding grave by elder
          cooling_off PT0S
          expires PT24H
          allows talks
          decided_by council alone
          exit finding grave by mediator
        }
      }";
    let accord = accord(&text("PAIR", "2027-01-01 .. open", rest), &BOTH);
    let bound = Bound::at(&accord, 100);
    let finders: Vec<_> = bound.texts[0]
        .finders
        .iter()
        .map(|it| it.as_str())
        .collect();
    assert_eq!(
        finders,
        [
            "council",
            "court",
            "elder",
            "inspector",
            "jury",
            "mediator",
            "panel",
            "tribunal"
        ]
    );
}

#[test]
fn a_review_is_owed_whatever_is_reserved_and_ends_with_the_text() {
    let rest = "review every PT240H by state";
    let mut accord = accord(
        &text("PAIR", "2027-01-01 .. 2027-01-15", rest),
        &[("north", &["state"])],
    );
    for reserved in [false, true] {
        if reserved {
            let review = TermName::new("periodic_review").unwrap();
            let reservations = &mut accord.adoptions[0].reservations;
            reservations.insert(review, Reserved::Excludes);
        }
        let evaluation = evaluate(&accord, &[], as_of(25 * DAYS));
        let statuses: Vec<_> = evaluation.obligations.iter().map(|it| it.status).collect();
        assert_eq!(statuses, [Status::Breached, Status::Lapsed]);
    }
}

fn reserve(accord: &mut Accord, by: &str, term: &str, reserved: Reserved) {
    let adoptions = &mut accord.adoptions;
    let own = adoptions.iter_mut().find(|it| it.party == party(by));
    let term = TermName::new(term).unwrap();
    own.unwrap().reservations.insert(term, reserved);
}

#[test]
fn what_adoption_starts_is_owed_to_whom_the_text_binds_then_and_each_period_at_its_start() {
    let text = "instrument LEAVING {
      force contract
      in_force 2027-01-01 .. open
      indicator up scale 0 .. 1 every PT1H
      term KEEP { owes sender to reader maintain avg(up, PT5H) >= 1 }
      term PING { owes sender to reader perform ping per PT6H }
    }";
    let hour = |hours: i64| START + hours * 3600;
    let plain = accord(text, &[("north", &["sender"]), ("south", &["reader"])]);
    let creditors = |all: &Accord, t: i64| -> Vec<usize> {
        let found = evaluate(all, &[], AsOf { t, index: 99 }).obligations;
        found.iter().map(|it| it.creditors.len()).collect()
    };
    // Who is bound in the debtor's last second is a creditor of what runs, and of no period.
    let mut last = plain.clone();
    last.adoptions[0].until = Some(hour(10));
    last.adoptions[1].from = hour(10) - 1;
    assert_eq!(creditors(&last, hour(11)), [1, 0, 0]);
    last.adoptions[1].from = hour(10);
    assert_eq!(creditors(&last, hour(11)), [0, 0, 0]);
    // Who joins is a creditor from the next period on, who leaves to the end of the one that runs.
    let mut joins = plain.clone();
    joins.adoptions[1].from = hour(6);
    joins.adoptions[1].until = Some(hour(12));
    assert_eq!(creditors(&joins, hour(11)), [1, 0, 1]);
    assert_eq!(creditors(&joins, hour(13)), [0, 0, 1, 0]);
    joins.adoptions[1].from = START + 1;
    assert_eq!(creditors(&joins, hour(7)), [1, 0, 1]);
    // An objection to how the debtor varies it takes out of force what begins from then on.
    let mut objects = plain.clone();
    let seven = Reserved::Varies(variation("(perform ping per PT7H)").unwrap());
    reserve(&mut objects, "north", "PING", seven.clone());
    objects.objections.push(Objection {
        statement: StatementId::from_bytes(id("objection")),
        position: 5,
        by: party("south"),
        against: party("north"),
        text: objects.texts[0].digest,
        term: TermName::new("PING").unwrap(),
        reserved: seven,
        from: hour(7) + 1,
    });
    assert_eq!(creditors(&objects, hour(22)), [1, 1, 1]);
    objects.objections[0].from = hour(7);
    assert_eq!(creditors(&objects, hour(22)), [1, 1]);
}

#[test]
fn nothing_changes_by_itself_where_nothing_ends() {
    let text = "instrument CALM {
      force contract
      in_force 2027-01-01 .. open
      kind strike performative
      term SPARE { forbid sender to reader never strike covered_by watch }
    }";
    let all = accord(text, &[("north", &["sender"]), ("south", &["reader"])]);
    let found = evaluate(&all, &[], as_of(50));
    assert_eq!(found.obligations[0].status, Status::Met);
    assert_eq!(found.next, None);
}

#[test]
fn a_recurring_duty_is_owed_as_it_is_reserved() {
    let rest = "term PING { owes state to asker perform ping per PT24H }";
    let roles: [(&str, &[&str]); 2] = [("north", &["state"]), ("south", &["asker"])];
    let plain = accord(&text("PAIR", "2027-01-01 .. open", rest), &roles);
    let periods = |accord: &Accord| {
        let all = evaluate(accord, &[], as_of(3 * DAYS)).obligations;
        all.iter().map(|it| it.status).collect::<Vec<_>>()
    };
    assert_eq!(periods(&plain).len(), 4);
    let mut excluded = plain.clone();
    reserve(&mut excluded, "north", "PING", Reserved::Excludes);
    assert!(periods(&excluded).is_empty());
    let mut varied = plain.clone();
    let other = variation("(perform ping per PT48H)").unwrap();
    reserve(&mut varied, "north", "PING", Reserved::Varies(other));
    assert_eq!(periods(&varied), [Status::Breached, Status::Active]);
    let several =
        variation("(perform ping per PT48H; deliver message within PT24H of asked)").unwrap();
    reserve(&mut varied, "north", "PING", Reserved::Varies(several));
    assert_eq!(periods(&varied), [Status::Latent, Status::Latent]);
}

#[test]
fn nothing_is_owed_to_those_with_whom_the_term_is_not_in_force() {
    let roles: [(&str, &[&str]); 3] = [
        ("north", &["state"]),
        ("south", &["asker"]),
        ("west", &["asker"]),
    ];
    let plain = accord(&text("PAIR", "2027-01-01 .. open", ""), &roles);
    let mut question = asked(3);
    question.actor = party("passer_by");
    let owed_to = |accord: &Accord| {
        let mut all = accord.clone();
        // Whoever asks: it is owed to all who may.
        for text in &mut all.texts {
            text.instrument.kinds.clear();
        }
        let all = evaluate(&all, std::slice::from_ref(&question), as_of(2 * DAYS)).obligations;
        let one = all.into_iter().next();
        one.map(|it| {
            let mut creditors = it.creditors;
            creditors.sort();
            creditors
        })
    };
    let both = |names: &[&str]| {
        let mut parties: Vec<_> = names.iter().map(|name| party(name)).collect();
        parties.sort();
        Some(parties)
    };
    assert_eq!(owed_to(&plain), both(&["south", "west"]));
    let mut one = plain.clone();
    reserve(&mut one, "south", "ANSWER", Reserved::Excludes);
    assert_eq!(owed_to(&one), both(&["west"]));
    let mut none = one.clone();
    reserve(&mut none, "west", "ANSWER", Reserved::Excludes);
    assert_eq!(owed_to(&none), None);
    // Who objects to how the debtor varies it is owed nothing: the other is, as it varies it.
    let mut objected = plain.clone();
    let longer = variation("(within PT99H of asked)").unwrap();
    let longer = Reserved::Varies(longer);
    reserve(&mut objected, "north", "ANSWER", longer.clone());
    assert_eq!(owed_to(&objected), both(&["south", "west"]));
    objected.objections.push(Objection {
        statement: StatementId::from_bytes(id("objection")),
        position: 0,
        by: party("south"),
        against: party("north"),
        text: objected.texts[0].digest,
        term: TermName::new("ANSWER").unwrap(),
        reserved: longer,
        from: START,
    });
    assert_eq!(owed_to(&objected), both(&["west"]));
    // It falls with what it was about.
    let other = variation("(within PT98H of asked)").unwrap();
    reserve(&mut objected, "north", "ANSWER", Reserved::Varies(other));
    assert_eq!(owed_to(&objected), both(&["south", "west"]));
}

#[test]
fn what_takes_the_place_of_a_duty_is_settled_at_the_limit_as_reserved() {
    let text = "instrument PAIR {
      force contract
      in_force 2027-01-01 .. open
      source \"https://example.org/law\" law
      kind asked observed
      kind storm observed
      term ANSWER {
        owes state
        when occurs asked
        deliver answer within PT24H of asked
        except occurs storm varies (within PT60H of asked) under law
      }
    }";
    let plain = accord(text, &[("north", &["state"])]);
    let mut storm = asked(30 * 3600);
    storm.kind = Code::literal("storm");
    storm.sources = vec![StatementId::from_bytes(id("storm"))];
    storm.cites = asked(0).sources;
    let facts = [asked(0), storm];
    let status = |accord: &Accord| evaluate(accord, &facts, as_of(50 * 3600)).obligations[0].status;
    assert_eq!(status(&plain), Status::Breached);
    let mut longer = plain.clone();
    let limit = variation("(within PT48H of asked)").unwrap();
    reserve(&mut longer, "north", "ANSWER", Reserved::Varies(limit));
    assert_eq!(status(&longer), Status::Active);
}

#[test]
fn an_act_is_received_by_those_to_whom_its_own_period_is_owed() {
    let text = "instrument PINGS {
      force contract
      in_force 2027-01-01 .. open
      kind ping performative by sender
      term PING { owes sender to reader perform ping per PT6H }
    }";
    let roles: [(&str, &[&str]); 3] = [
        ("north", &["sender"]),
        ("south", &["reader"]),
        ("west", &["reader"]),
    ];
    let hour = |hours: i64| START + hours * 3600;
    let mut accord = accord(text, &roles);
    // Nobody reads the first period, west the second, south the third.
    accord.adoptions[2].from = hour(6);
    accord.adoptions[2].until = Some(hour(12));
    accord.adoptions[1].from = hour(12);
    let ping = |name: &str, at: i64, received: i64, to: Option<&str>| Fact {
        kind: Code::literal("ping"),
        actor: party("north"),
        to: to.map(party),
        valid: [hour(at) as u64; 2],
        received: hour(received) as u64,
        sources: vec![StatementId::from_bytes(id(name))],
        ..asked(0)
    };
    let receipt = |by: &str, of: &str, at: i64| Fact {
        kind: Code::literal("receipt"),
        actor: party(by),
        to: None,
        valid: [hour(at) as u64; 2],
        received: hour(24) as u64,
        cites: vec![StatementId::from_bytes(id(of))],
        sources: vec![StatementId::from_bytes(id(&format!("receipt of {of}")))],
        ..asked(0)
    };
    let judged = |facts: &[Fact], t: i64| {
        let all = evaluate(&accord, facts, as_of(t * 3600)).obligations;
        all.into_iter().map(|it| (it.status, it.proof.uses.len()))
    };
    let statuses = |facts: &[Fact], t: i64| -> Vec<Status> {
        judged(facts, t).map(|(status, _)| status).collect()
    };
    // Who joins later does not make an act of the first period one to nobody.
    let first = [ping("first", 1, 1, Some("west"))];
    assert_eq!(statuses(&first, 5), [Status::Met]);
    assert_eq!(statuses(&first, 7), [Status::Met, Status::Active]);
    // What is addressed to whom it is not owed is none.
    let third = [ping("third", 13, 13, Some("west"))];
    assert_eq!(statuses(&third, 14)[2], Status::Active);
    // Claimed for the third period and received long after: those who were owed the second say nothing of it.
    let late = ping("late", 13, 23, None);
    assert_eq!(
        statuses(std::slice::from_ref(&late), 25)[2],
        Status::Undetermined
    );
    let by = |reader: &str| statuses(&[late.clone(), receipt(reader, "late", 14)], 25)[2];
    assert_eq!(
        [by("west"), by("south")],
        [Status::Undetermined, Status::Met]
    );
    // A proof names the act.
    let proved: Vec<_> = judged(&[ping("own", 13, 13, None)], 17).collect();
    assert_eq!(
        proved,
        [
            (Status::Breached, 1),
            (Status::Breached, 1),
            (Status::Met, 2)
        ]
    );
}

#[test]
fn the_proof_of_a_period_names_the_acts_that_lie_in_it() {
    let text = "instrument PINGS {
      force contract
      in_force 2027-01-01 .. open
      term PING { owes sender perform ping per PT6H grace PT3H }
    }";
    let accord = accord(text, &[("north", &["sender"])]);
    let ping = |name: &str, at: i64| {
        let second = (START + at * 3600) as u64;
        Fact {
            kind: Code::literal("ping"),
            actor: party("north"),
            valid: [second; 2],
            received: second,
            sources: vec![StatementId::from_bytes(id(name))],
            ..asked(0)
        }
    };
    // Each is late for the period before it, and none is left for its own.
    let pings = [
        ping("a", 7),
        ping("b", 13),
        ping("c", 19),
        ping("d", 25),
        ping("e", 27),
    ];
    let all = evaluate(&accord, &pings, as_of(29 * 3600)).obligations;
    let found: Vec<_> = all
        .iter()
        .map(|it| (it.status, it.proof.uses.len() - 1))
        .collect();
    assert_eq!(
        found,
        [
            (Status::Late, 1),
            (Status::Late, 2),
            (Status::Late, 2),
            (Status::Late, 2),
            (Status::Met, 2),
        ]
    );
}

#[test]
fn what_did_not_recur_when_it_began_does_not_begin_to() {
    let text = "instrument PINGS {
      force contract
      in_force 2027-01-01 .. open
      indicator up scale 0 .. 1 every PT1H
      term PING { owes sender to reader perform ping per PT6H }
    }";
    let roles: [(&str, &[&str]); 3] = [
        ("north", &["sender"]),
        ("south", &["reader"]),
        ("west", &["reader"]),
    ];
    let mut accord = accord(text, &roles);
    let other = variation("(maintain min(up, PT1H) >= 1)").unwrap();
    reserve(&mut accord, "south", "PING", Reserved::Varies(other));
    accord.adoptions[2].from = START + 3 * 3600;
    let statuses = |t: i64| -> Vec<Status> {
        let all = evaluate(&accord, &[], as_of(t * 3600)).obligations;
        all.iter().map(|it| it.status).collect()
    };
    assert_eq!(statuses(2), [Status::Undetermined]);
    assert_eq!(statuses(9), [Status::Undetermined]);
}

#[test]
fn what_was_used_up_before_the_first_period_that_is_listed_stays_used() {
    let text = "instrument PINGS {
      force contract
      in_force 2027-01-01 .. open
      term PING { owes sender perform ping per PT1H grace PT30M }
    }";
    let accord = accord(text, &[("north", &["sender"])]);
    let ping = |hour: i64| {
        let second = (START + hour * 3600 + 600) as u64;
        Fact {
            kind: Code::literal("ping"),
            actor: party("north"),
            valid: [second; 2],
            received: second,
            sources: vec![StatementId::from_bytes(id(&format!("ping {hour}")))],
            ..asked(0)
        }
    };
    // Each of two is late for the period before its own. Period 6 is the first that is listed.
    let all = evaluate(&accord, &[ping(5), ping(6)], as_of(10_005 * 3600)).obligations;
    assert_eq!(all.len(), 10_000);
    let of = |number: u32| all.iter().find(|it| it.key.period == Some(number));
    assert!(of(5).is_none());
    assert_eq!(of(6).unwrap().status, Status::Breached);
    let alone = evaluate(&accord, &[ping(6)], as_of(10_004 * 3600)).obligations;
    assert_eq!(alone[0].key.period, Some(5));
    assert_eq!(
        [alone[0].status, alone[1].status],
        [Status::Late, Status::Breached]
    );
}

#[test]
fn who_is_not_owed_a_period_says_nothing_of_what_is_left_for_it() {
    let text = "instrument PINGS {
      force contract
      in_force 2027-01-01 .. open
      kind ping performative by sender
      term PING { owes sender to reader perform ping per PT6H grace PT2H }
    }";
    let roles: [(&str, &[&str]); 3] = [
        ("north", &["sender"]),
        ("south", &["reader"]),
        ("west", &["reader"]),
    ];
    let minute = |minutes: i64| (START + minutes * 60) as u64;
    let mut accord = accord(text, &roles);
    // The first period is owed to west, the second to south.
    accord.adoptions[2].until = Some(START + 6 * 3600);
    accord.adoptions[1].from = START + 6 * 3600;
    let fact = |kind: &'static str, by: &str, name: &str, at: i64, received: i64| Fact {
        kind: Code::literal(kind),
        actor: party(by),
        to: None,
        valid: [minute(at); 2],
        received: minute(received),
        sources: vec![StatementId::from_bytes(id(name))],
        ..asked(0)
    };
    let known = fact("ping", "north", "known", 420, 420);
    let claimed = fact("ping", "north", "claimed", 390, 1200);
    let receipt = Fact {
        cites: claimed.sources.clone(),
        ..fact("receipt", "west", "receipt", 408, 1200)
    };
    let second = |facts: &[Fact]| {
        let all = evaluate(&accord, facts, as_of(25 * 3600)).obligations;
        all[1].status
    };
    // Either may be the late act of the first period, or the only one of the second.
    assert_eq!(
        second(&[known.clone(), claimed.clone()]),
        Status::Undetermined
    );
    assert_eq!(second(&[known, claimed, receipt]), Status::Undetermined);
}
