use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::party::Need;
use ensign_trust::{Code, Statement, StatementId};
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::*;
use crate::evaluate::accord::Reserved;
use crate::evaluate::matrix::{Binding, Matrix};
use crate::fact::story::{START, party, says};
use crate::term::ast::{Setting, Variation};
use crate::term::canonical::Sources;
use crate::term::name::{Kind, ParamName, Role, TermName};
use crate::term::parse::{setting, variation};
use crate::term::{self, InstrumentDigest, parse};

const NORTH: u8 = 1;
const SOUTH: u8 = 2;
const CLERK: u8 = 3;

const TEXT: &str = "
instrument pair {
  force treaty
  in_force 2027-01-01 .. open
  param soon PT24H set_by parties
  kind asked performative by asker to state
  term ANSWER { owes state to asker when occurs asked deliver answer within soon of asked }
  term FIRM { owes state to asker when occurs asked deliver notice within PT24H of asked non_reservable }
}
";

fn compiled(text: &str) -> term::Published {
    let sources = Sources {
        zones: &|_| Some(TimeZone::UTC),
        holidays: &|_| None,
        horizon: date(2030, 1, 1),
    };
    term::Published::compile(parse(text).unwrap().instrument, &sources).unwrap()
}

/// Statements one after another, each received when it was claimed.
struct Told {
    state: Instruments,
    next: u64,
}

impl Told {
    fn new() -> Self {
        let state = Instruments::default();
        Told { state, next: 0 }
    }

    fn says(&mut self, by: u8, at: u64, act: &Act) -> Statement {
        let statement = says(by, at, self.next, |draft| act.write(draft));
        self.state = std::mem::take(&mut self.state).apply(&statement, self.next, at);
        self.next += 1;
        statement
    }

    fn publishes(&mut self, text: &str) -> InstrumentDigest {
        let published = compiled(text);
        let publishing = publish(&self.state, &published, None).unwrap();
        let parts = publishing.parts.clone();
        let parts = parts.iter().map(|part| self.says(CLERK, START, part).id());
        let parts = parts.collect();
        self.says(CLERK, START, &publishing.publication(parts));
        published.digest()
    }

    fn adopts(&mut self, by: u8, at: u64, request: Adoption) -> Statement {
        let act = adopt(&self.state, party(by), request, at).unwrap();
        self.says(by, at, &act)
    }
}

fn adoption(text: InstrumentDigest, from: u64) -> Adoption {
    Adoption {
        text,
        roles: ["asker", "state"]
            .map(|role| Role::new(role).unwrap())
            .into(),
        from,
        until: None,
        params: BTreeMap::new(),
        reservations: BTreeMap::new(),
    }
}

fn term(name: &str) -> TermName {
    TermName::new(name).unwrap()
}

fn reserving(text: InstrumentDigest, on: &str, reserved: Reserved) -> Adoption {
    Adoption {
        reservations: [(term(on), reserved)].into(),
        ..adoption(text, START)
    }
}

fn varies(text: &str) -> Reserved {
    Reserved::Varies(variation(text).unwrap())
}

#[test]
fn every_statement_reads_back_as_it_was_written() {
    let text = compiled(TEXT).digest();
    let id = StatementId::from_bytes([9; 32]);
    let acts = [
        publish(&Instruments::default(), &compiled(TEXT), None)
            .unwrap()
            .publication(Vec::new()),
        Act::Part(Part {
            text,
            bytes: vec![1; PART],
        }),
        Act::Adopted(Adopted {
            text,
            roles: BTreeSet::from([Role::new("state").unwrap()]),
            from: START,
            until: Some(START + 1),
            params: [
                (ParamName::new("soon").unwrap(), setting("PT2H").unwrap()),
                (ParamName::new("much").unwrap(), setting("95%").unwrap()),
            ]
            .into(),
            reservations: [
                (term("ANSWER"), Reserved::Excludes),
                (term("FIRM"), varies("(within PT48H of asked)")),
            ]
            .into(),
            supersedes: Some(id),
        }),
        Act::Withdrawn(Withdrawn {
            text,
            adoption: id,
            until: START,
            reason: Code::literal("policy"),
        }),
        Act::Objected(Objected {
            text,
            adoption: id,
            term: term("ANSWER"),
        }),
    ];
    for (nth, act) in (0..).zip(acts) {
        let statement = says(NORTH, START, nth, |draft| act.write(draft));
        assert_eq!(Act::read(&statement), Some(Ok(act)));
    }
}

#[test]
fn a_long_text_is_put_together_from_its_parts_and_a_wrong_part_leaves_nothing() {
    let notes: String = (0..40)
        .map(|n| format!("note \"{n} {}\"\n", "word ".repeat(100)))
        .collect();
    let long = TEXT.replace("  force", &format!("{notes}  force"));
    let mut told = Told::new();
    let digest = told.publishes(&long);
    assert!(told.next > 2, "it has parts");
    let text = told.state.text(digest).unwrap();
    assert_eq!(text.instrument, parse(&long).unwrap().instrument);

    let mut told = Told::new();
    let publishing = publish(&told.state, &compiled(&long), None).unwrap();
    let parts = publishing.parts.clone();
    let mut ids: Vec<_> = parts
        .iter()
        .map(|part| told.says(CLERK, START, part).id())
        .collect();
    ids.reverse();
    told.says(CLERK, START, &publishing.clone().publication(ids.clone()));
    assert!(told.state.text(digest).is_none(), "parts in another order");
    ids.reverse();
    told.says(NORTH, START, &publishing.clone().publication(ids.clone()));
    assert!(told.state.text(digest).is_none(), "another party's parts");
    told.says(CLERK, START, &publishing.publication(ids));
    assert!(told.state.text(digest).is_some());
}

#[test]
fn an_adoption_of_what_is_not_of_the_text_is_refused_and_has_no_effect() {
    let mut told = Told::new();
    let text = told.publishes(TEXT);
    let unknown = InstrumentDigest([0; 32]);
    let role = Role::new("judge").unwrap();
    let name = |name: &str| ParamName::new(name).unwrap();
    let with_role = Adoption {
        roles: BTreeSet::from([role.clone()]),
        ..adoption(text, START)
    };
    let with_param = |param: &str, value: &str| Adoption {
        params: [(name(param), setting(value).unwrap())].into(),
        ..adoption(text, START)
    };
    let month = setting("P1M").unwrap();
    let days = variation("(within P2D of asked)").unwrap();
    let declares = "(declare \"Someone will be asked to answer.\")";
    let both = "(deliver answer within PT1H of asked; declare \"Someone will answer.\")";
    let often = "(perform answer per PT1H; perform notice per PT1H)";
    let cases = [
        (adoption(unknown, START), Refusal::UnknownText),
        (with_role, Refusal::UnknownRole(role)),
        (
            with_param("late", "PT1H"),
            Refusal::UnknownParam(name("late")),
        ),
        (
            with_param("soon", "7"),
            Refusal::UnfitParam(name("soon"), setting("7").unwrap()),
        ),
        (
            with_param("soon", "P1M"),
            Refusal::UnfitParam(name("soon"), month),
        ),
        (
            reserving(text, "NOTHING", Reserved::Excludes),
            Refusal::UnknownTerm(term("NOTHING")),
        ),
        (
            reserving(text, "ANSWER", Reserved::Varies(days.clone())),
            Refusal::UnfitReservation(term("ANSWER"), days.to_string()),
        ),
        (
            reserving(
                text,
                "ANSWER",
                varies("(deliver song within PT1H of asked)"),
            ),
            Refusal::UnknownAct(term("ANSWER"), Kind::new("song").unwrap()),
        ),
        (
            reserving(text, "ANSWER", varies(often)),
            Refusal::UnfitReservation(term("ANSWER"), variation(often).unwrap().to_string()),
        ),
        (
            reserving(text, "ANSWER", varies(declares)),
            Refusal::Prose(term("ANSWER")),
        ),
        (
            reserving(text, "ANSWER", varies(both)),
            Refusal::Prose(term("ANSWER")),
        ),
    ];
    for (request, refusal) in cases {
        let said = Act::Adopted(Adopted {
            text: request.text,
            roles: request.roles.clone(),
            from: request.from,
            until: request.until,
            params: request.params.clone(),
            reservations: request.reservations.clone(),
            supersedes: None,
        });
        assert_eq!(
            adopt(&told.state, party(NORTH), request, START),
            Err(refusal)
        );
        told.says(NORTH, START, &said);
        assert!(told.state.accord().adoptions.is_empty());
    }
    let firm = reserving(text, "FIRM", Reserved::Excludes);
    let refused = adopt(&told.state, party(NORTH), firm, START);
    assert_eq!(refused, Err(Refusal::NotReservable(term("FIRM"))));
}

#[test]
fn a_second_adoption_has_no_effect_unless_the_first_had_none_yet() {
    let mut told = Told::new();
    let text = told.publishes(TEXT);
    let later = adoption(text, START + 100);
    told.adopts(NORTH, START, later.clone());
    let corrected = reserving(text, "ANSWER", Reserved::Excludes);
    let corrected = Adoption {
        from: START + 100,
        ..corrected
    };
    let second = told.adopts(NORTH, START + 50, corrected);
    let known = told.state.adoption(text, party(NORTH)).unwrap();
    assert_eq!(known.statement, second.id());
    let refused = adopt(&told.state, party(NORTH), later.clone(), START + 100);
    assert_eq!(refused, Err(Refusal::Adopted));
    for supersedes in [None, Some(second.id())] {
        let said = Act::Adopted(Adopted {
            text,
            roles: later.roles.clone(),
            from: START + 200,
            until: None,
            params: BTreeMap::new(),
            reservations: BTreeMap::new(),
            supersedes,
        });
        told.says(NORTH, START + 100, &said);
    }
    let known = told.state.adoption(text, party(NORTH)).unwrap();
    assert_eq!(known.statement, second.id());
}

#[test]
fn nothing_reaches_back_before_it_was_received() {
    let mut told = Told::new();
    let text = told.publishes(TEXT);
    let refused = adopt(&told.state, party(NORTH), adoption(text, START), START + 9);
    assert_eq!(refused, Err(Refusal::Past));
    let said = |from, until| {
        Act::Adopted(Adopted {
            text,
            roles: adoption(text, from).roles,
            from,
            until,
            params: BTreeMap::new(),
            reservations: [(term("ANSWER"), Reserved::Excludes)].into(),
            supersedes: None,
        })
    };
    told.says(SOUTH, START + 9, &said(START, Some(START + 5)));
    assert!(told.state.adoption(text, party(SOUTH)).is_none());
    let made = told.says(NORTH, START + 9, &said(START, None));
    let second = |unix: u64| unix as i64;
    let known = told.state.adoption(text, party(NORTH)).unwrap();
    assert_eq!(known.from, second(START + 9));

    told.adopts(SOUTH, START + 10, adoption(text, START + 10));
    let objection = object(
        &told.state,
        party(SOUTH),
        text,
        party(NORTH),
        term("ANSWER"),
    );
    told.says(SOUTH, START + 20, &objection.unwrap());
    assert_eq!(told.state.accord().objections[0].from, second(START + 20));

    let left = Act::Withdrawn(Withdrawn {
        text,
        adoption: made.id(),
        until: START + 12,
        reason: Code::literal("policy"),
    });
    told.says(NORTH, START + 30, &left);
    let known = told.state.adoption(text, party(NORTH)).unwrap();
    assert_eq!(known.until, Some(second(START + 30)));
    let again = withdraw(
        &told.state,
        party(NORTH),
        text,
        START + 40,
        Code::literal("policy"),
        START + 40,
    );
    assert_eq!(again, Err(Refusal::Ended));
}

#[test]
fn an_objection_is_to_another_partys_reservation_by_a_party() {
    let mut told = Told::new();
    let text = told.publishes(TEXT);
    told.adopts(NORTH, START, reserving(text, "ANSWER", Reserved::Excludes));
    let object = |told: &Told, by, against, on| {
        object(&told.state, party(by), text, party(against), term(on))
    };
    assert_eq!(
        object(&told, SOUTH, NORTH, "ANSWER"),
        Err(Refusal::NotAdopted)
    );
    told.adopts(SOUTH, START, adoption(text, START));
    let none = |on| Err(Refusal::NoReservation(term(on)));
    assert_eq!(object(&told, SOUTH, NORTH, "FIRM"), none("FIRM"));
    assert_eq!(object(&told, NORTH, NORTH, "ANSWER"), none("ANSWER"));
    let binding = |told: &Told| {
        let matrix = Matrix::at(told.state.accord(), told.next, START as i64 + 1);
        let mut pairs = matrix.pairs();
        pairs
            .find(|it| *it.term() == term("ANSWER"))
            .unwrap()
            .binding()
    };
    assert_eq!(binding(&told), Binding::Excluded);
    let act = object(&told, SOUTH, NORTH, "ANSWER").unwrap();
    told.says(SOUTH, START, &act);
    assert_eq!(binding(&told), Binding::Objected);
}

#[test]
fn a_text_amends_an_earlier_one_of_its_name() {
    let mut told = Told::new();
    let old = told.publishes(TEXT);
    let publication = told.state.publication(old).unwrap().stated.statement;
    let amends = |told: &Told, text: &str| {
        publish(&told.state, &compiled(text), Some(publication)).map(drop)
    };
    let later = TEXT.replace("2027-01-01", "2028-01-01");
    assert_eq!(amends(&told, &later), Ok(()));
    let renamed = later.replace("instrument pair", "instrument other");
    assert_eq!(amends(&told, &renamed), Err(Refusal::NoAmendment));
    let earlier = TEXT.replace("2027-01-01", "2026-01-01");
    assert_eq!(amends(&told, &earlier), Err(Refusal::NoAmendment));
    let same = publish(&told.state, &compiled(TEXT), None).map(drop);
    assert_eq!(same, Err(Refusal::Published));
}

#[test]
fn a_party_is_bound_by_a_mandate_for_all_texts_or_for_one() {
    let mut told = Told::new();
    let text = told.publishes(TEXT);
    let statement = told.adopts(NORTH, START, adoption(text, START));
    let scope = Some(Code::new(text.to_string()).unwrap());
    let role = SIGNATORY;
    assert_eq!(need(&statement), Some(Need::Role { role, scope }));
}

#[test]
fn a_setting_keeps_its_type() {
    let variation: Variation = variation("(within PT48H of asked)").unwrap();
    assert_eq!(Variation::decode(&variation.encode()), Ok(variation));
    let share: Setting = setting("95%").unwrap();
    assert_eq!(Setting::from_coded(&share.to_coded()), Some(share));
}
