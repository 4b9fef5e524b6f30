//! From published bytes to results as bytes.

use std::sync::Arc;

use ensign_trust::cbor::{Value, decode};
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::FILES;
use super::story::{self, START, accord};
use crate::evaluate::accord::{Accord, Text};
use crate::evaluate::interval::When;
use crate::evaluate::record::Results;
use crate::evaluate::{AsOf, Broken, Docket, ObligationKey, Unassigned, evaluate, summarize};
use crate::term::ast::{Number, Setting, Variation};
use crate::term::canonical::{CanonicalError, Sources};
use crate::term::parse::{setting, variation};
use crate::term::{InstrumentDigest, Published, parse};

const TEXT: &str = "
instrument ROUTINE {
  force contract
  in_force 2027-01-01 .. open
  review every P1Y calendar utc by operator
  calendar utc { tz UTC }
  param often PT6H set_by parties
  term PING { owes operator to reader perform ping per often }
}
";

/// The text as it would be published, and an accord on it.
fn published() -> (Vec<u8>, Accord) {
    let sources = Sources {
        zones: &|_| Some(TimeZone::UTC),
        holidays: &|_| None,
        horizon: date(2030, 1, 1),
    };
    let published = Published::compile(parse(TEXT).unwrap().instrument, &sources).unwrap();
    let bytes = published.encode();
    let mut accord = accord(TEXT, &[("north", &["operator"]), ("south", &["reader"])]);
    let digest = published.digest();
    accord.texts = vec![Text::read(digest, &bytes, 0).unwrap()];
    for adoption in &mut accord.adoptions {
        adoption.text = digest;
    }
    (bytes, accord)
}

fn as_of(hour: i64) -> AsOf {
    AsOf {
        t: START + hour * 3600,
        index: 100,
    }
}

#[test]
fn a_text_is_read_from_what_its_digest_names_and_from_nothing_else() {
    let (bytes, accord) = published();
    let digest = InstrumentDigest::of(&bytes);
    let text = &accord.texts[0];
    let again = Published {
        instrument: text.instrument.clone(),
        calendars: text.calendars.clone(),
    };
    assert_eq!(again.encode(), bytes);
    assert_eq!(text.digest, digest);
    let mut other = bytes.clone();
    *other.last_mut().unwrap() ^= 1;
    assert_eq!(
        Text::read(digest, &other, 0).unwrap_err(),
        CanonicalError::OtherDigest {
            asked: digest,
            found: InstrumentDigest::of(&other)
        }
    );
    let nothing = InstrumentDigest::of(b"");
    assert!(matches!(
        Text::read(nothing, b"", 0),
        Err(CanonicalError::Cbor(_))
    ));
}

#[test]
fn a_digest_has_one_text() {
    let digest = InstrumentDigest::of(b"a");
    let text = digest.to_string();
    assert_eq!(text.parse(), Ok(digest));
    for wrong in [&text[1..], &text.to_uppercase(), "", &format!("{text}00")] {
        assert!(wrong.parse::<InstrumentDigest>().is_err(), "{wrong}");
    }
}

#[test]
fn a_calendar_of_the_published_bytes_is_the_one_that_counts() {
    let (_, mut accord) = published();
    let review = |accord: &Accord| {
        let evaluation = evaluate(accord, &[], as_of(366 * 24));
        let mut all = evaluation.obligations.into_iter();
        all.find(|it| it.key.term.as_str() == "periodic_review")
            .map(|it| it.status.code())
    };
    assert_eq!(review(&accord), Some("breached"));
    accord.texts[0].calendars.clear();
    assert_eq!(review(&accord), Some("undetermined"));
}

#[test]
fn all_results_are_the_same_bytes_whoever_asks() {
    let (_, accord) = published();
    let asked = || evaluate(&accord, &[], as_of(13));
    let (one, other) = (asked(), asked());
    let results = |evaluation| Results {
        evaluation,
        heads: &[],
    };
    assert_eq!(results(&one).to_cbor(), results(&other).to_cbor());
    let json: serde_json::Value = serde_json::from_str(&results(&one).to_json()).unwrap();
    assert_eq!(json["engine"], "terms/1.0");
    assert_eq!(json["results"].as_array().unwrap().len(), 4);
    assert_eq!(json["results"][0]["status"], "breached");
    let id = one.obligations[0].key.id();
    assert_eq!(json["results"][0]["id"], id.to_string());
    let cbor = decode(&results(&one).to_cbor()).unwrap();
    assert_eq!(ensign_trust::cbor::encode(&cbor), results(&one).to_cbor());
}

#[test]
fn a_story_comes_to_the_same_statement_by_statement() {
    for story in FILES.iter().flat_map(|file| story::read(file)) {
        let accord = Arc::new(story.accord);
        let mut facts = story.facts;
        facts.sort_by_key(|fact| fact.position);
        for expected in &story.expect {
            let as_of = expected.as_of();
            let mut docket = Docket::new(Arc::clone(&accord), as_of.t);
            let statements = facts.chunk_by(|a, b| a.position == b.position);
            for of_statement in statements.take_while(|it| it[0].position < as_of.index) {
                docket.append(of_statement);
                docket.summaries();
            }
            docket.grow(as_of.index);
            let scratch = evaluate(&accord, &facts, as_of);
            assert_eq!(docket.obligations(), scratch.obligations, "{}", story.name);
        }
    }
}

#[test]
fn all_results_and_all_that_binds_nobody_are_written() {
    let (_, accord) = published();
    let mut evaluation = evaluate(&accord, &[], as_of(13));
    let key = &evaluation.obligations[0].key;
    evaluation.unassigned.push(Unassigned {
        text: key.text,
        term: key.term.clone(),
        trigger: key.trigger,
    });
    let results = Results {
        evaluation: &evaluation,
        heads: &[],
    };
    let Value::Map(entries) = decode(&results.to_cbor()).unwrap() else {
        panic!("results are a map");
    };
    let listed = |name: &str| match entries.iter().find(|(key, _)| *key == Value::text(name)) {
        Some((_, Value::Array(all))) => all.len(),
        _ => 0,
    };
    assert_eq!([listed("results"), listed("unassigned")], [4, 1]);
}

#[test]
fn each_period_starts_where_the_one_before_ended() {
    let (_, accord) = published();
    let all = evaluate(&accord, &[], as_of(13)).obligations;
    let of_ping = all.iter().filter(|it| it.key.term.as_str() == "PING");
    let starts: Vec<When> = of_ping.map(|it| it.triggered).collect();
    assert_eq!(starts, [0, 6, 12].map(|hour| When::at(as_of(hour).t)));
}

#[test]
fn the_latest_ten_thousand_periods_are_listed() {
    let text = "instrument OFTEN {
      force contract
      in_force 2027-01-01 .. open
      term PING { owes operator perform ping per PT1S }
    }";
    let accord = accord(text, &[("north", &["operator"])]);
    let periods = |t: i64| -> Vec<u32> {
        let as_of = AsOf {
            t: START + t,
            index: 9,
        };
        let all = summarize(&accord, &[], as_of).obligations;
        all.iter().map(|it| it.key.period.unwrap()).collect()
    };
    assert_eq!(periods(9_999), Vec::from_iter(0..10_000));
    assert_eq!(periods(10_005), Vec::from_iter(6..10_006));
    assert!(periods(-1).is_empty());
}

#[test]
fn every_part_of_a_key_is_in_its_id() {
    let (_, accord) = published();
    let key = evaluate(&accord, &[], as_of(1)).obligations[0].key.clone();
    let term = crate::term::name::TermName::new("OTHER").unwrap();
    let broken = Broken {
        term: term.clone(),
        period: None,
        debtor: key.debtor,
    };
    let after = |broken: &Broken| ObligationKey {
        after: vec![broken.clone()],
        ..key.clone()
    };
    let others = [
        ObligationKey {
            text: InstrumentDigest([1; 32]),
            ..key.clone()
        },
        ObligationKey {
            term: term.clone(),
            ..key.clone()
        },
        ObligationKey {
            debtor: ensign_trust::PartyId::from_bytes([1; 32]),
            ..key.clone()
        },
        ObligationKey {
            trigger: ensign_trust::StatementId::from_bytes([1; 32]),
            ..key.clone()
        },
        ObligationKey {
            nth: 9,
            ..key.clone()
        },
        after(&broken),
        after(&Broken {
            term: key.term.clone(),
            ..broken.clone()
        }),
        after(&Broken {
            period: Some(9),
            ..broken.clone()
        }),
        after(&Broken {
            debtor: ensign_trust::PartyId::from_bytes([1; 32]),
            ..broken.clone()
        }),
        ObligationKey {
            period: Some(9),
            ..key.clone()
        },
        ObligationKey {
            part: 9,
            ..key.clone()
        },
    ];
    let mut ids: Vec<_> = others.iter().map(ObligationKey::id).collect();
    ids.push(key.id());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12);
}

#[test]
fn what_a_party_sets_is_read_as_it_was_written() {
    for text in ["PT6H", "P1M", "12", "-3", "95%", "99.95%"] {
        let value = setting(text).unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(
            Setting::from_coded(&value.to_coded()),
            Some(value),
            "{text}"
        );
    }
    for wrong in ["", "P1H", "PT6H PT6H", "now"] {
        assert!(setting(wrong).is_err(), "{wrong}");
    }
    let code = |text: &str| ensign_trust::Coded::Code(ensign_trust::Code::new(text).unwrap());
    for wrong in ["PT60M", "95", "soon"] {
        assert_eq!(Setting::from_coded(&code(wrong)), None, "{wrong}");
    }
}

#[test]
fn a_value_binds_only_where_it_fits_the_proposal() {
    let (_, mut accord) = published();
    let periods = |accord: &Accord| evaluate(accord, &[], as_of(11)).obligations.len() - 1;
    assert_eq!(periods(&accord), 2);
    let name = crate::term::name::ParamName::new("often").unwrap();
    for (value, expected) in [
        (setting("PT2H").unwrap(), 6),
        (setting("P1M").unwrap(), 2),
        (Setting::Number(Number::Integer(1)), 2),
    ] {
        accord.adoptions[0].params = [(name.clone(), value)].into();
        assert_eq!(periods(&accord), expected, "{value}");
    }
    assert!(!setting("5").unwrap().fits(&setting("5%").unwrap()));
}

#[test]
fn a_variation_is_the_same_as_text_and_as_bytes() {
    for text in [
        "(within PT48H of asked)",
        "(before P2D of meeting.last.recorded)",
        "(deliver answer with reasons within PT48H of asked; perform ping per P1M)",
    ] {
        let one = variation(text).unwrap();
        assert_eq!(one.to_string(), text);
        let bytes = one.encode();
        assert_eq!(Variation::decode(&bytes).unwrap(), one);
        assert!(Variation::decode(&bytes[1..]).is_err());
        assert!(Variation::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
    assert!(variation("within PT48H of asked").is_err());
    assert!(variation("(within PT48H of asked) grace PT1H").is_err());
}
