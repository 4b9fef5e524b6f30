//! What a party is told of a fact that nothing counts yet, and of a value that nothing ever will.

use std::collections::BTreeMap;

use super::Place;
use crate::Error;
use crate::fact::{AttestationRequest, FactRequest, FindingRequest, SamplesRequest};
use crate::instrument::{AdoptionRequest, PublicationRequest};
use crate::node::Node;
use crate::note::Note;

const TEXT: &str = "instrument pair {
  force treaty
  in_force 2020-01-01 .. 2100-01-01
  kind asked performative by asker to state
  kind answer performative by state to asker
  kind report performative by state to asker
  kind register.health observed by keeper
  indicator service.functionality scale 0% .. 100% every PT1H
  indicator queue scale 0 .. 50 every PT1H
  term ANSWER { owes state to asker when occurs asked and registered subject in register.health
    deliver answer within PT24H of asked }
  term REPORT { owes state to asker perform report per P1Y calendar plain }
  calendar plain { tz UTC }
}";

/// A node with the text, and two parties of which the first adopted it as `state`.
fn told(place: &Place) -> (Node, [String; 2]) {
    let node = place.init();
    let parties = ["Northland", "Southland"].map(|name| {
        let party = node.found_party(name, "state").unwrap().party.to_string();
        node.grant_mandate(&party, "signatory", None, None, None)
            .unwrap();
        party
    });
    let text = node.publish_instrument(&publication(&parties[0], TEXT));
    let adoption = AdoptionRequest {
        party: parties[0].clone(),
        text: text.unwrap().text.to_string(),
        roles: vec!["state".to_owned()],
        from: None,
        until: None,
        params: BTreeMap::new(),
        reservations: Vec::new(),
    };
    node.adopt_instrument(&adoption).unwrap();
    (node, parties)
}

fn publication(party: &str, text: &str) -> PublicationRequest {
    PublicationRequest {
        party: party.to_owned(),
        text: text.to_owned(),
        holidays: BTreeMap::new(),
        horizon: None,
        supersedes: None,
    }
}

fn fact(party: &str, kind: &str) -> FactRequest {
    FactRequest {
        party: party.to_owned(),
        kind: kind.to_owned(),
        ..FactRequest::default()
    }
}

fn codes(notes: &[Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.code).collect()
}

#[test]
fn a_fact_that_nothing_counts_yet_is_lodged_and_its_author_is_told_why() {
    let place = Place::new(61);
    let (node, [north, south]) = told(&place);
    let notes = |request: &FactRequest| codes(&node.lodge_fact(request).unwrap().notes);
    let asked = node.lodge_fact(&fact(&south, "asked")).unwrap();
    assert_eq!(codes(&asked.notes), ["fact.not_in_role"]);
    assert!(asked.notes[0].text.contains("`pair` as `asker`"));
    for elsewhere in ["asked", "register.health"] {
        assert_eq!(notes(&fact(&north, elsewhere)), ["fact.not_in_role"]);
    }
    assert_eq!(notes(&fact(&north, "answer")), ["fact.cites_nothing"]);
    assert_eq!(
        notes(&fact(&south, "answer")),
        ["fact.not_in_role", "fact.cites_nothing"]
    );
    assert_eq!(notes(&fact(&north, "anwser")), ["fact.not_named"]);
    let cited = FactRequest {
        cites: vec![asked.statement.to_string()],
        ..fact(&north, "answer")
    };
    for counts in [
        cited,
        fact(&north, "report"),
        fact(&south, "allegation"),
        fact(&north, "queue.coverage"),
    ] {
        assert_eq!(notes(&counts), Vec::<&str>::new(), "{}", counts.kind);
    }
    let nowhere = FactRequest {
        cites: vec![ensign_trust::StatementId::from_bytes([7; 32]).to_string()],
        ..fact(&north, "answer")
    };
    assert_eq!(notes(&nowhere), ["fact.cites_unknown"]);
    let finds = |party: &String| {
        node.find(&FindingRequest {
            party: party.clone(),
            ground: "beyond_control".to_owned(),
            cites: vec![asked.statement.to_string()],
            ..FindingRequest::default()
        })
    };
    assert_eq!(codes(&finds(&north).unwrap().notes), ["fact.not_heard"]);
    let receipts = |party: &str| {
        let receipt = node.receipt_fact(party, &asked.statement.to_string(), None);
        codes(&receipt.unwrap().notes)
    };
    assert_eq!(receipts(&north), [""; 0]);
    assert_eq!(receipts(&south), ["fact.not_heard"]);
    let before = FactRequest {
        from: Some(0),
        until: Some(9),
        ..fact(&north, "report")
    };
    place.clock.set(1_500_000_000);
    assert_eq!(notes(&before), ["fact.not_named"]);
}

#[test]
fn a_value_off_the_scale_of_every_text_is_refused_and_one_that_no_text_measures_is_noted() {
    let place = Place::new(62);
    let (node, [north, _]) = told(&place);
    let off = FactRequest {
        fields: [("value".to_owned(), "51".to_owned())].into(),
        ..fact(&north, "queue")
    };
    let refused = node.lodge_fact(&off).unwrap_err();
    assert_eq!(refused.code(), "fact.off_scale");
    assert!(refused.to_string().contains("0 .. 50"), "{refused}");
    let attested = |indicator: &str, from: u64| {
        node.attest(&AttestationRequest {
            party: north.clone(),
            about: "clinic-7".to_owned(),
            percent: 75,
            indicator: Some(indicator.to_owned()),
            from,
            until: None,
            replaces: None,
        })
    };
    let attest = |indicator: &str| attested(indicator, super::BEGIN - ensign_hold::fact::WEEK);
    assert_eq!(
        codes(&attest("service.functionality").unwrap().notes),
        [""; 0]
    );
    let ahead = attested("service.functionality", super::BEGIN);
    assert_eq!(codes(&ahead.unwrap().notes), ["fact.not_yet"]);
    assert_eq!(codes(&attest("depth").unwrap().notes), ["fact.not_named"]);
    assert_eq!(attest("queue").unwrap_err().code(), "fact.off_scale");
}

#[test]
fn samples_off_the_scale_are_rejected_by_line_and_the_others_come_in() {
    let place = Place::new(63);
    let (node, [north, _]) = told(&place);
    let text = "time,value\n1789999200,50\n1790002800,51\n1790006400,-1\n";
    let file = place.file("samples.csv", text);
    let import = |indicator: &str| {
        let request = SamplesRequest {
            party: north.clone(),
            file: file.clone(),
            indicator: indicator.to_owned(),
            about: Some("clinic-7".to_owned()),
            every: 3600,
            cites: Vec::new(),
        };
        node.import_samples(&request, &mut |_| ()).unwrap()
    };
    let answer = import("queue");
    assert_eq!((answer.readings, answer.rejected), (1, 2));
    let rows = answer.rejections.iter();
    let listed: Vec<_> = rows
        .map(|row| (row.line, row.reason.as_str(), row.expected.as_str()))
        .collect();
    let scale = "a value on the scale 0 .. 50";
    assert_eq!(
        listed,
        [
            (3, "import.row.off_scale", scale),
            (4, "import.row.off_scale", scale)
        ]
    );
    assert_eq!(answer.notes, []);
    let unknown = import("depth");
    assert_eq!((unknown.readings, unknown.rejected), (3, 0));
    assert_eq!(codes(&unknown.notes), ["fact.not_named"]);
}

#[test]
fn a_role_that_nobody_holds_is_noted_once_however_often_the_text_names_it() {
    let place = Place::new(64);
    let node = place.init();
    let party = node.found_party("Northland", "state").unwrap().party;
    let stated = node.publish_instrument(&publication(&party.to_string(), TEXT));
    let notes = stated.unwrap().notes;
    let vacant = notes.iter().filter(|note| note.code == "role.vacant");
    let vacant: Vec<_> = vacant.map(|note| note.text.as_str()).collect();
    assert_eq!(vacant.len(), 3, "{vacant:?}");
    for role in ["`asker`", "`state`", "`keeper`"] {
        assert!(vacant.iter().any(|text| text.contains(role)), "{role}");
    }
}

#[test]
fn a_text_whose_holidays_are_not_given_says_how_to_give_them() {
    let place = Place::new(65);
    let node = place.init();
    let party = node.found_party("Northland", "state").unwrap().party;
    let text = TEXT.replace("tz UTC", "tz UTC holidays harbour");
    let mut asked = publication(&party.to_string(), &text);
    let refused = node.publish_instrument(&asked).unwrap_err();
    assert!(matches!(refused, Error::Holidays { .. }), "{refused:?}");
    assert!(refused.to_string().contains("`plain`"), "{refused}");
    let hint = refused.hint().unwrap();
    assert!(hint.contains("--holidays harbour=FILE"), "{hint}");
    assert!(hint.contains("2027-12-25"), "{hint}");
    let list = vec!["2027-12-25".to_owned()];
    asked.holidays.insert("harbour".to_owned(), list);
    node.publish_instrument(&asked).unwrap();
}
