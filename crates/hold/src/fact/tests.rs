use ensign_trust::fact::Retraction;
use ensign_trust::{Code, Coded, Fact, Statement, StatementId};
use proptest::prelude::*;

use super::story::{HOUR, START, party, says};
use super::*;
use crate::term::name::{Indicator, Kind, Word};

const ALPHA: u8 = 1;
const BETA: u8 = 2;

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn kind(text: &str) -> Kind {
    Kind::new(text).unwrap()
}

fn lodged(text: &str) -> Lodged {
    Lodged {
        kind: kind(text),
        about: Some(code("clinic-7")),
        to: Some(party(BETA)),
        valid: [START, START + 60],
        fields: [(code("cause_known"), Coded::Bool(false))].into(),
        grade: Some(code("2")),
        cites: vec![StatementId::from_bytes([9; 32])],
        replaces: None,
    }
}

fn sampled(values: Vec<Option<i64>>, coverage: Vec<[u64; 2]>) -> Sampled {
    Sampled {
        indicator: Indicator::new("service.functionality").unwrap(),
        about: Some(code("clinic-7")),
        from: START + HOUR,
        every: HOUR,
        values,
        coverage,
        cites: Vec::new(),
        replaces: None,
    }
}

fn attested(percent: u64, hours: u64) -> Attested {
    Attested {
        indicator: Indicator::new("service.functionality").unwrap(),
        about: code("clinic-7"),
        percent,
        from: START,
        until: START + hours * HOUR,
        replaces: None,
    }
}

fn found() -> Found {
    Found {
        ground: Word::new("beyond_control").unwrap(),
        holds: true,
        about: None,
        term: None,
        party: Some(party(BETA)),
        standard: Some(code("clear-and-convincing")),
        valid: [START; 2],
        reasons: None,
        cites: vec![StatementId::from_bytes([9; 32])],
        replaces: None,
    }
}

fn stated(act: &Act, nth: u64) -> Statement {
    says(ALPHA, START + 100, nth, |draft| act.write(draft))
}

fn facts_of(act: &Act) -> Vec<Fact> {
    facts(&stated(act, 1), 5, START + 200)
}

#[test]
fn every_statement_reads_back_as_it_was_written() {
    let id = StatementId::from_bytes([9; 32]);
    let acts = [
        Act::Lodged(lodged("outage.aware")),
        Act::Sampled(sampled(
            vec![Some(10_000), None, Some(0)],
            vec![
                [START + 1, START + HOUR],
                [START + 3 * HOUR, START + 3 * HOUR],
            ],
        )),
        Act::Attested(attested(75, 168)),
        Act::Receipted(Receipted { act: id, at: START }),
        Act::Withdrawn(Withdrawn {
            fact: id,
            reason: code("mistaken"),
        }),
        Act::Found(found()),
        open(kind("dispute_admitted"), id).unwrap(),
        Act::Closed(Closed {
            kind: kind("dispute_closed"),
            dispute: id,
        }),
    ];
    for act in acts {
        let statement = stated(&act, 1);
        assert_eq!(Act::read(&statement), Some(Ok(act)));
    }
}

#[test]
fn a_sample_outside_its_coverage_is_malformed() {
    let outside = Act::Sampled(sampled(vec![Some(1), Some(2)], vec![[START, START + HOUR]]));
    assert!(matches!(Act::read(&stated(&outside, 1)), Some(Err(_))));
    let none_there = Act::Sampled(sampled(vec![Some(1), None], vec![[START, START + HOUR]]));
    assert!(matches!(Act::read(&stated(&none_there, 1)), Some(Ok(_))));
    let overlapping = sampled(
        vec![Some(1)],
        vec![[START, START + HOUR], [START + 9, START + 99]],
    );
    let refused = sample(&Facts::default(), party(ALPHA), overlapping);
    assert_eq!(refused, Err(Refusal::Samples));
    let too_many = sampled(vec![None; MAX_SAMPLES + 1], Vec::new());
    let refused = sample(&Facts::default(), party(ALPHA), too_many);
    assert_eq!(refused, Err(Refusal::Samples));
}

#[test]
fn samples_state_their_values_and_each_stretch_in_which_somebody_watched() {
    let coverage = vec![
        [START + 1, START + HOUR],
        [START + 3 * HOUR, START + 4 * HOUR],
    ];
    let facts = facts_of(&Act::Sampled(sampled(
        vec![Some(10_000), None, Some(0)],
        coverage.clone(),
    )));
    assert_eq!(facts[0].kind, "service.functionality");
    assert_eq!(facts[0].valid, [START + HOUR, START + 3 * HOUR]);
    let values = [Coded::Int(10_000), Coded::Bool(false), Coded::Int(0)];
    assert_eq!(facts[0].fields["values"].as_list(), Some(&values[..]));
    assert_eq!(facts[0].fields["every"], Coded::from(HOUR));
    let watched = &facts[1..];
    assert!(
        watched
            .iter()
            .all(|it| it.kind == "service.functionality.coverage")
    );
    let stretches: Vec<_> = watched.iter().map(|it| it.valid).collect();
    assert_eq!(stretches, coverage);
}

#[test]
fn an_attestation_speaks_for_each_hour_of_its_week() {
    let facts = facts_of(&Act::Attested(attested(25, 168)));
    let values = facts[0].fields["values"].as_list().unwrap();
    assert_eq!(values, vec![Coded::Int(2_500); 168]);
    assert_eq!(facts[0].valid, [START + HOUR, START + 168 * HOUR]);
    assert_eq!(facts[1].valid, [START, START + 168 * HOUR - 1]);
}

#[test]
fn an_attestation_is_in_quarters_and_about_a_week_at_most() {
    let by = party(ALPHA);
    let attest = |percent, hours| attest(&Facts::default(), by, attested(percent, hours));
    assert!(attest(100, 168).is_ok());
    assert_eq!(attest(60, 168), Err(Refusal::Quarters));
    assert_eq!(attest(50, 169), Err(Refusal::Time));
    assert_eq!(attest(50, 0), Err(Refusal::Time));
    for (percent, hours) in [(60, 168), (125, 168), (50, 169)] {
        let statement = stated(&Act::Attested(attested(percent, hours)), 1);
        assert!(
            matches!(Act::read(&statement), Some(Err(_))),
            "{percent}, {hours}"
        );
    }
}

#[test]
fn a_receipt_is_never_later_than_the_log_had_it() {
    let act = StatementId::from_bytes([9; 32]);
    let at = |at| facts_of(&Act::Receipted(Receipted { act, at }))[0].valid;
    assert_eq!(at(START + 7), [START + 7; 2]);
    assert_eq!(at(START + 9999), [START + 200; 2]);
}

#[test]
fn a_dispute_lies_between_its_claim_and_its_receipt_and_its_end_cites_it() {
    let trigger = StatementId::from_bytes([9; 32]);
    let opened = facts_of(&open(kind("dispute_admitted"), trigger).unwrap());
    assert_eq!(opened[0].kind, "dispute_admitted");
    assert_eq!(opened[0].valid, [START + 100, START + 200]);
    assert_eq!(opened[0].cites, [trigger]);
    let dispute = stated(&open(kind("dispute_admitted"), trigger).unwrap(), 1);
    let known = Facts::default().apply(&dispute, 5, START + 200);
    let by = dispute.author();
    let closing = close(&known, by, kind("dispute_closed"), dispute.id()).unwrap();
    assert_eq!(facts_of(&closing)[0].cites, [dispute.id()]);
    let known = known.apply(&stated(&closing, 2), 6, START + 300);
    let again = |known: &Facts, by, name| close(known, by, kind(name), dispute.id());
    let refused = again(&known, by, "dispute_closed");
    assert_eq!(refused, Err(Refusal::Closed));
    // A closing that counts for nothing bars nobody from the one that does.
    let stranger = party(BETA);
    assert!(again(&known, stranger, "dispute_closed").is_ok());
    assert!(again(&known, by, "dispute_ended").is_ok());
    let closed = stated(&closing, 2).id();
    let back = withdraw(&known, by, closed, Code::literal("error")).unwrap();
    let known = known.apply(&stated(&back, 3), 7, START + 400);
    assert!(again(&known, by, "dispute_closed").is_ok());
}

#[test]
fn only_its_author_replaces_or_withdraws_a_statement_and_once() {
    let first = stated(&Act::Lodged(lodged("outage.aware")), 1);
    let known = Facts::default().apply(&first, 5, START + 200);
    let reason = || code("mistaken");
    let by_other = withdraw(&known, party(BETA), first.id(), reason());
    assert_eq!(by_other, Err(Refusal::NotYours));
    let act = withdraw(&known, party(ALPHA), first.id(), reason()).unwrap();
    let retraction = facts_of(&act)[0].retracts;
    assert_eq!(retraction, Some(Retraction::Withdraws(first.id())));
    let known = known.apply(&stated(&act, 2), 6, START + 300);
    let again = withdraw(&known, party(ALPHA), first.id(), reason());
    assert_eq!(again, Err(Refusal::Withdrawn));
    let replacing = Lodged {
        replaces: Some(first.id()),
        ..lodged("outage.aware")
    };
    assert_eq!(
        lodge(&known, party(ALPHA), replacing),
        Err(Refusal::Withdrawn)
    );
    let unknown = withdraw(
        &known,
        party(ALPHA),
        StatementId::from_bytes([0; 32]),
        reason(),
    );
    assert_eq!(unknown, Err(Refusal::Unknown));
}

#[test]
fn nobody_lodges_what_has_a_statement_of_its_own() {
    for name in [
        "receipt",
        "incident.reported",
        "asset.registered",
        "fact.withdrawn",
    ] {
        let refused = lodge(&Facts::default(), party(ALPHA), lodged(name));
        assert_eq!(refused, Err(Refusal::OwnStatement(code(name))));
        let statement = stated(&Act::Lodged(lodged(name)), 1);
        assert!(matches!(Act::read(&statement), Some(Err(_))), "{name}");
        assert!(facts(&statement, 5, START).is_empty(), "{name}");
    }
}

#[test]
fn the_reasons_of_a_finding_are_sealed() {
    let (act, reasons) = find(
        &Facts::default(),
        party(ALPHA),
        found(),
        Some(("The flood took the only line.", [5; 32])),
    )
    .unwrap();
    let statement = stated(&act, 1);
    assert_eq!(statement.sealed, [reasons.unwrap().digest()]);
    let facts = facts_of(&act);
    assert_eq!(
        facts[0].fields["ground"],
        Coded::Code(code("beyond_control"))
    );
    assert!(!facts[0].fields.contains_key("reasons"));
}

#[test]
fn a_million_duplicates_are_one_reading() {
    let readings = (0..1_000_000u64).map(|n| Reading {
        second: START + (n % 3) * HOUR,
        value: 10_000,
    });
    let all = series(readings, HOUR, 10).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].values, [Some(10_000); 3]);
    assert_eq!(all[0].coverage, [[START - HOUR + 1, START + 2 * HOUR]]);
    let different = (0..11u64).map(|n| Reading {
        second: n,
        value: 0,
    });
    assert_eq!(series(different, HOUR, 10), Err(TooMany(10)));
}

#[test]
fn a_gap_in_the_readings_is_one_in_the_coverage_and_off_the_step_begins_anew() {
    let at = |hour: u64, value| Reading {
        second: START + hour * HOUR,
        value,
    };
    let off = Reading {
        second: START + 5 * HOUR + 7,
        value: 3,
    };
    let all = series([at(1, 1), at(3, 2), off, at(1, 9)], HOUR, 10).unwrap();
    assert_eq!(all[0].values, [Some(1), None, Some(2)]);
    let watched = [
        [START + 1, START + HOUR],
        [START + 2 * HOUR + 1, START + 3 * HOUR],
    ];
    assert_eq!(all[0].coverage, watched);
    assert_eq!(
        (all[1].from, &all[1].values[..]),
        (off.second, &[Some(3)][..])
    );
    assert_eq!(
        (all[2].from, &all[2].values[..]),
        (START + HOUR, &[Some(9)][..])
    );
}

proptest! {
    #[test]
    fn series_hold_every_reading_once_and_pass_as_statements(
        readings in proptest::collection::vec((0u64..5000, 0i64..4), 0..200),
        every in 1u64..50,
    ) {
        let readings: Vec<Reading> = readings
            .into_iter()
            .map(|(second, value)| Reading { second: START + second, value })
            .collect();
        let all = series(readings.iter().copied(), every, 1000).unwrap();
        let mut held = Vec::new();
        for one in &all {
            let said = Sampled {
                from: one.from,
                every,
                values: one.values.clone(),
                coverage: one.coverage.clone(),
                ..sampled(Vec::new(), Vec::new())
            };
            let seconds: Vec<u64> = said.seconds().collect();
            let pairs = seconds.into_iter().zip(&one.values);
            held.extend(pairs.filter_map(|(second, value)| {
                Some(Reading { second, value: (*value)? })
            }));
            prop_assert!(sample(&Facts::default(), party(ALPHA), said).is_ok());
        }
        held.sort();
        let mut expected = readings;
        expected.sort();
        expected.dedup();
        prop_assert_eq!(held, expected);
    }
}
