//! Who is bound by what, whatever the order in which it is given.

use super::story::{START, accord, id, party};
use crate::evaluate::accord::{Accord, Bound, Reserved};
use crate::evaluate::{AsOf, Status, evaluate};
use crate::oracle::tests::bytes;
use crate::term::name::TermName;
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
