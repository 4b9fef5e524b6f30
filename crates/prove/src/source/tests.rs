use std::collections::BTreeMap;

use ensign_trust::fact::Retraction;
use ensign_trust::key::SigningKey;
use ensign_trust::party::{Malformed, Need};
use ensign_trust::tombstone::MAX_DIGESTS;
use ensign_trust::{Code, Coded, Disclosure, Draft, PartyId, Realm, Statement, StatementId};
use proptest::prelude::*;

use super::*;

const RUN: StatementId = StatementId::from_bytes([9; 32]);

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn draft() -> Draft {
    Draft {
        issuer: Some(PartyId::from_bytes([1; 32])),
        subject: None,
        claimed: 1_900_000_000,
        unique: [2; 16],
        kind: code("test.said"),
        version: 1,
        realm: Realm::Real,
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    }
}

fn signed(act: &Act) -> Statement {
    let mut draft = draft();
    act.write(&mut draft);
    draft.sign(&SigningKey::from_seed(&[7; 32])).unwrap()
}

fn row(date: &str, values: &[(&str, Value)]) -> Row {
    Row {
        source: code("harbour-watch"),
        foreign_id: code("HARB0007"),
        date: code(date),
        values: values
            .iter()
            .map(|(field, value)| (code(field), value.clone()))
            .collect(),
    }
}

fn coded(text: &str) -> Value {
    Value::Coded(code(text).into())
}

fn count(number: u64) -> Value {
    Value::Coded(number.into())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A source's record, with the disclosures that its texts were sealed in.
#[derive(Default)]
struct Story {
    record: Option<Record>,
    vault: BTreeMap<[u8; 32], Disclosure>,
    salts: u8,
}

impl Story {
    fn opened(&self) -> impl Fn(&[u8; 32]) -> Option<String> {
        |digest| Some(self.vault.get(digest)?.text().to_owned())
    }

    fn compares(&self, row: &Row) -> Outcome {
        compare(row, self.record.as_ref(), &self.opened())
    }

    fn states(&mut self, row: Row) -> Statement {
        let salts = &mut self.salts;
        let vault = &self.vault;
        let opened = |digest: &[u8; 32]| Some(vault.get(digest)?.text().to_owned());
        let (act, disclosures) = state(row, self.record.as_ref(), RUN, &opened, &mut || {
            *salts += 1;
            [*salts; 32]
        });
        let sealed = disclosures.into_iter().map(|d| (d.digest(), d));
        self.vault.extend(sealed);
        let statement = signed(&act);
        self.applies(&statement);
        statement
    }

    fn applies(&mut self, statement: &Statement) {
        self.record = match self.record.take() {
            None => Record::first(statement),
            Some(record) => Some(record.apply(statement)),
        };
    }

    fn record(&self) -> &Record {
        self.record.as_ref().unwrap()
    }

    fn value(&self, field: &str) -> &Value<[u8; 32]> {
        &self.record().fields[&code(field)].value
    }
}

#[test]
fn a_records_id_is_the_digest_of_source_and_foreign_id() {
    let id = record_id(&code("who-ssa"), &code("UKR000001"));
    // SHA-256 of 83 6d"ensign record" 67"who-ssa" 69"UKR000001".
    assert_eq!(
        id.to_string(),
        "rec_3whtp7zy3kcfdhs3btudky5ill7auyb7cyudnkzihg5mo3ohyhfq"
    );
    assert_ne!(id, record_id(&code("who-ss"), &code("aUKR000001")));
}

#[test]
fn every_act_reads_back_as_it_was_written() {
    let digests = [[3; 32], [1; 32], [2; 32]];
    let values = BTreeMap::from([
        (code("a"), Value::Text(digests[0])),
        (
            code("b"),
            Value::CodedAndText(Coded::codes([code("x")]), digests[1]),
        ),
        (code("c"), Value::Blank),
        (code("d"), Value::Coded(Coded::Int(4))),
        (code("e"), Value::Text(digests[2])),
    ]);
    let stated = Stated {
        source: code("harbour-watch"),
        foreign_id: code("HARB0007"),
        run: RUN,
        corrects: Some(StatementId::from_bytes([8; 32])),
        date: code("2031-02-08"),
        values,
    };
    let first = Stated {
        corrects: None,
        values: BTreeMap::new(),
        ..stated.clone()
    };
    let run = Run {
        source: code("harbour-watch"),
        mapping: 1,
        file: [4; 32],
        from: code("2031-01-01"),
        until: code("2031-12-31"),
        columns: vec![code("country"), code("killed")],
        counts: Counts {
            rows: 6,
            added: 1,
            changed: 2,
            absent: 9,
            unchanged: 2,
            rejected: 1,
        },
    };
    let absent = Absent {
        source: code("harbour-watch"),
        foreign_id: code("HARB0007"),
        run: RUN,
        last: StatementId::from_bytes([8; 32]),
    };
    for act in [
        Act::Stated(stated),
        Act::Stated(first),
        Act::Imported(run),
        Act::Absent(absent),
    ] {
        let statement = Statement::decode(signed(&act).entry()).unwrap();
        assert_eq!(Act::read(&statement), Some(Ok(act)));
    }
}

#[test]
fn a_statement_that_is_not_well_formed_is_malformed_and_names_the_field() {
    let row = row("2031-02-08", &[("b", text("a quay")), ("c", Value::Blank)]);
    let (act, _) = state(row, None, RUN, &|_| None, &mut || [1; 32]);
    type Spoil = fn(&mut Draft);
    let spoilt: [(&str, Spoil); 11] = [
        ("sub", |draft| draft.subject = None),
        ("sub", |draft| {
            draft.body.insert(code("id"), code("HARB0008").into());
        }),
        ("source", |draft| drop(draft.body.remove("source"))),
        ("fields", |draft| drop(draft.body.remove("fields"))),
        ("date", |draft| {
            let fields = BTreeMap::from([(code("date"), code("2031-02-29").into())]);
            draft.body.insert(code("fields"), Coded::Map(fields));
        }),
        ("date", |draft| {
            let fields = BTreeMap::from([(code("date"), code("20310208").into())]);
            draft.body.insert(code("fields"), Coded::Map(fields));
        }),
        ("texts", |draft| drop(draft.body.remove("texts"))),
        ("texts", |draft| draft.sealed.clear()),
        ("texts", |draft| {
            let texts = [("b", 0), ("e", 0)].map(|(field, at)| (code(field), Coded::Int(at)));
            draft.body.insert(code("texts"), Coded::Map(texts.into()));
        }),
        ("blank", |draft| {
            draft.body.insert(code("blank"), Coded::codes([code("b")]));
        }),
        ("refs: run", |draft| draft.refs.clear()),
    ];
    for (name, spoil) in spoilt {
        let mut draft = draft();
        act.write(&mut draft);
        spoil(&mut draft);
        assert_eq!(Act::read(&draft), Some(Err(Malformed(name))));
    }
}

#[test]
fn a_later_version_of_a_kind_is_not_understood() {
    let (act, _) = state(row("2031-02-08", &[]), None, RUN, &|_| None, &mut || {
        [1; 32]
    });
    let mut draft = draft();
    act.write(&mut draft);
    draft.version = 2;
    assert_eq!(Act::read(&draft), None);
}

#[test]
fn a_row_that_reads_the_same_makes_no_statement() {
    let mut story = Story::default();
    let values = [("killed", count(2)), ("place", text("the north quay"))];
    assert_eq!(story.compares(&row("2031-02-08", &values)), Outcome::Added);
    story.states(row("2031-02-08", &values));
    assert_eq!(
        story.compares(&row("2031-02-08", &values)),
        Outcome::Unchanged
    );
}

#[test]
fn a_column_that_is_absent_says_nothing_and_the_older_value_stands() {
    let mut story = Story::default();
    story.states(row(
        "2031-02-08",
        &[("killed", count(2)), ("injured", count(5))],
    ));
    let narrower = row("2031-02-08", &[("killed", count(3))]);
    assert_eq!(
        story.compares(&narrower),
        Outcome::Changed(vec![FieldChange {
            field: code("killed"),
            was: Some(Value::Coded(2.into())),
            now: count(3),
        }])
    );
    let statement = story.states(narrower);
    assert_eq!(
        statement
            .field("fields")
            .and_then(Coded::as_map)
            .unwrap()
            .len(),
        2
    );
    assert_eq!(*story.value("injured"), Value::Coded(5.into()));
    assert_eq!(*story.value("killed"), Value::Coded(3.into()));
}

#[test]
fn a_column_that_is_new_and_empty_is_no_change_but_a_value_that_goes_is() {
    let mut story = Story::default();
    story.states(row("2031-02-08", &[("killed", count(2))]));
    let wider = row(
        "2031-02-08",
        &[("killed", count(2)), ("place", Value::Blank)],
    );
    assert_eq!(story.compares(&wider), Outcome::Unchanged);
    let emptied = row("2031-02-08", &[("killed", Value::Blank)]);
    assert!(matches!(story.compares(&emptied), Outcome::Changed(changes) if changes.len() == 1));
}

#[test]
fn a_date_that_is_corrected_is_a_change_of_the_field_date() {
    let mut story = Story::default();
    story.states(row("2031-02-08", &[]));
    let before = story.record().clone();
    story.states(row("2031-02-09", &[]));
    assert_eq!(
        story.record().changes_since(&before),
        [Change {
            field: code("date"),
            was: Some(Value::Coded(code("2031-02-08").into())),
            now: Value::Coded(code("2031-02-09").into()),
        }]
    );
    assert_eq!(story.record().date, code("2031-02-09"));
}

#[test]
fn an_unchanged_text_keeps_its_disclosure_and_a_changed_one_gets_its_own() {
    let mut story = Story::default();
    let place = text("the north quay");
    story.states(row(
        "2031-02-08",
        &[("killed", count(2)), ("place", place.clone())],
    ));
    let first = story.value("place").clone();
    story.states(row("2031-02-08", &[("killed", count(3)), ("place", place)]));
    assert_eq!(*story.value("place"), first);
    assert_eq!(story.vault.len(), 1);
    let before = story.record().clone();
    story.states(row("2031-02-08", &[("place", text("the south quay"))]));
    let changes = story.record().changes_since(&before);
    assert!(matches!(&changes[..], [change] if change.field == "place"));
    assert_eq!(story.vault.len(), 2);
}

#[test]
fn a_text_that_can_no_longer_be_read_is_not_compared_and_stands() {
    let mut story = Story::default();
    story.states(row(
        "2031-02-08",
        &[("killed", count(2)), ("place", text("a quay"))],
    ));
    let sealed = story.value("place").clone();
    story.vault.clear();
    let other = [("killed", count(2)), ("place", text("another quay"))];
    assert_eq!(
        story.compares(&row("2031-02-08", &other)),
        Outcome::Unchanged
    );
    let other = [("killed", count(3)), ("place", text("another quay"))];
    story.states(row("2031-02-08", &other));
    assert_eq!(*story.value("place"), sealed);
    assert!(story.vault.is_empty());
    let emptied = row("2031-02-08", &[("place", Value::Blank)]);
    assert!(matches!(story.compares(&emptied), Outcome::Changed(_)));
}

#[test]
fn the_coded_part_of_a_value_is_compared_apart_from_its_text() {
    let mut story = Story::default();
    let types =
        |code_: &str, rest: &str| Value::CodedAndText(Coded::codes([code(code_)]), rest.to_owned());
    story.states(row("2031-02-08", &[("types", types("arson", "and more"))]));
    let same = row("2031-02-08", &[("types", types("arson", "and more"))]);
    assert_eq!(story.compares(&same), Outcome::Unchanged);
    for other in [
        types("theft", "and more"),
        types("arson", "and less"),
        text("and more"),
    ] {
        let row = row("2031-02-08", &[("types", other)]);
        assert!(matches!(story.compares(&row), Outcome::Changed(_)));
    }
}

#[test]
fn a_record_that_comes_back_is_listed_again_and_corrects_its_latest_statement() {
    let mut story = Story::default();
    let first = story.states(row("2031-02-08", &[("killed", count(2))]));
    let gone = signed(&absent(story.record(), RUN));
    assert_eq!(gone.reference("last"), Some(first.id()));
    story.applies(&gone);
    assert!(!story.record().listed);
    let back = row("2031-02-08", &[("killed", count(2))]);
    assert_eq!(story.compares(&back), Outcome::ListedAgain(vec![]));
    let again = story.states(back);
    assert_eq!(again.reference("corrects"), Some(first.id()));
    assert!(story.record().listed);
    assert_eq!(story.record().latest, again.id());
}

#[test]
fn statements_about_other_records_and_of_unknown_kinds_change_nothing() {
    let mut story = Story::default();
    story.states(row("2031-02-08", &[("killed", count(2))]));
    let before = story.record().clone();
    let mut other = row("2031-02-08", &[("killed", count(7))]);
    other.foreign_id = code("HARB0008");
    let (act, _) = state(other, None, RUN, &|_| None, &mut || [1; 32]);
    for statement in [
        signed(&act),
        draft().sign(&SigningKey::from_seed(&[7; 32])).unwrap(),
    ] {
        assert_eq!(before.clone().apply(&statement), before);
    }
    assert_eq!(Record::first(&signed(&absent(&before, RUN))), None);
}

#[test]
fn who_states_a_source_needs_a_mandate_for_that_source() {
    let (act, _) = state(row("2031-02-08", &[]), None, RUN, &|_| None, &mut || {
        [1; 32]
    });
    let mut draft = draft();
    assert_eq!(need(&draft), None);
    act.write(&mut draft);
    let role = Need::Role {
        role: "importer",
        scope: Some(code("harbour-watch")),
    };
    assert_eq!(need(&draft), Some(role));
}

#[test]
fn a_statement_states_one_fact_and_takes_back_the_one_that_it_corrects() {
    let mut story = Story::default();
    let first = story.states(row(
        "2031-02-08",
        &[("certainty", coded("probable")), ("place", text("a quay"))],
    ));
    let [fact] = &facts(&first, 12, 1_900_000_100)[..] else {
        panic!("one fact");
    };
    assert_eq!(fact.kind, "incident.reported");
    assert_eq!(fact.actor, first.author());
    assert_eq!(fact.subject, first.subject);
    assert_eq!(fact.grade, Some(code("probable")));
    // 8 February 2031, 00:00:00 to 23:59:59 UTC.
    assert_eq!(fact.valid, [1_928_275_200, 1_928_361_599]);
    assert_eq!(
        fact.fields.keys().map(Code::as_str).collect::<Vec<_>>(),
        ["certainty", "date"]
    );
    assert_eq!((fact.position, fact.retracts), (12, None));
    assert_eq!(fact.cites, [RUN]);
    let second = story.states(row("2031-02-08", &[("certainty", coded("confirmed"))]));
    let [fact] = &facts(&second, 20, 1_900_000_200)[..] else {
        panic!("one fact");
    };
    assert_eq!(fact.retracts, Some(Retraction::Replaces(first.id())));
    assert_eq!(fact.cites, [RUN, first.id()]);
    assert_eq!(facts(&signed(&absent(story.record(), RUN)), 21, 0), []);
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Blank),
        (0..3_u64).prop_map(count),
        "[a-c]".prop_map(|text| Value::Coded(code(&text).into())),
        "[a-c ]{1,2}".prop_map(Value::Text),
        ("[ab]", "[a-c ]{1,2}")
            .prop_map(|(part, rest)| { Value::CodedAndText(Coded::codes([code(&part)]), rest) }),
    ]
}

proptest! {
    #[test]
    fn after_any_history_the_row_that_was_stated_last_says_nothing_new(
        rows in prop::collection::vec(
            (0..3_u8, prop::collection::btree_map("[f-i]", value(), 0..4)),
            1..6,
        ),
    ) {
        let mut story = Story::default();
        for (day, values) in rows {
            let row = Row {
                values: values.into_iter().map(|(field, value)| (code(&field), value)).collect(),
                ..row(&format!("2031-02-0{}", day + 1), &[])
            };
            let outcome = story.compares(&row);
            let before = story.record.clone();
            if outcome != Outcome::Unchanged {
                story.states(row.clone());
                prop_assert_eq!(story.compares(&row), Outcome::Unchanged);
            }
            let changed = match (before, outcome) {
                (Some(before), Outcome::Changed(changes)) => {
                    let stated = story.record().changes_since(&before);
                    prop_assert_eq!(stated.len(), changes.len());
                    stated.iter().zip(&changes).all(|(a, b)| a.field == b.field)
                }
                _ => true,
            };
            prop_assert!(changed);
        }
    }
}

#[test]
fn of_an_erased_record_only_what_is_wholly_coded_is_taken_in() {
    let mut story = Story::default();
    story.states(row(
        "2031-02-08",
        &[
            ("facility_other", text("Clinic of somebody")),
            ("killed", count(1)),
            ("other_hit", Value::Blank),
        ],
    ));
    let digest = *story.value("facility_other").text().unwrap();
    let erased = Act::Erased(Erased {
        source: code("harbour-watch"),
        foreign_id: code("HARB0007"),
        digests: vec![digest],
        ground: code("unlawful"),
    });
    story.vault.clear();
    let tombstone = signed(&erased);
    assert_eq!(Act::read(&tombstone).unwrap().unwrap(), erased);
    story.applies(&tombstone);
    assert!(story.record().erased);

    // The same file again, and one of which the words were taken, say nothing new.
    for said in [
        text("Clinic of somebody"),
        text("another name"),
        Value::Blank,
    ] {
        let same = row(
            "2031-02-08",
            &[
                ("facility_other", said),
                ("killed", count(1)),
                ("other_hit", text("words about somebody")),
            ],
        );
        assert_eq!(story.compares(&same), Outcome::Unchanged);
    }
    let more = row(
        "2031-02-08",
        &[
            ("facility_other", text("another name")),
            ("killed", count(2)),
            ("other_hit", text("words about somebody")),
        ],
    );
    assert!(matches!(story.compares(&more), Outcome::Changed(fields) if fields.len() == 1));
    let statement = story.states(more);
    assert!(story.vault.is_empty(), "no text was sealed");
    assert_eq!(statement.sealed, vec![digest]);
    assert_eq!(*story.value("killed"), Value::Coded(2.into()));
    assert_eq!(*story.value("other_hit"), Value::Blank);
    assert!(story.record().erased);
}

#[test]
fn a_tombstone_names_its_digests_once_in_order_and_not_too_many() {
    let digests = |digests: Vec<[u8; 32]>| {
        let erased = Act::Erased(Erased {
            source: code("harbour-watch"),
            foreign_id: code("HARB0007"),
            digests,
            ground: code("unlawful"),
        });
        Act::read(&signed(&erased)).unwrap().map(drop)
    };
    let many = |count: usize| -> Vec<[u8; 32]> {
        let digest = |at: usize| {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&(at as u64).to_be_bytes());
            digest
        };
        (0..count).map(digest).collect()
    };
    assert_eq!(digests(many(MAX_DIGESTS)), Ok(()));
    for refused in [
        many(0),
        many(MAX_DIGESTS + 1),
        vec![[2; 32], [1; 32]],
        vec![[1; 32], [1; 32]],
    ] {
        assert_eq!(digests(refused), Err(Malformed("digests")));
    }
}
