use ensign_trust::party::Malformed;
use ensign_trust::{Coded, Draft, StatementId};

use super::*;
use crate::asset::Kind;
use crate::asset::story::{
    AREN, BELV, START, Story, YEAR, code, draft, organisation, party, recognised,
};
use crate::moment::Period;

fn act() -> Act {
    Act::Recognised(Recognised {
        kinds: Some([Kind::Domain, Kind::Place].into()),
        period: Period {
            from: START,
            until: Some(START + YEAR),
        },
        supersedes: Some(StatementId::from_bytes([3; 32])),
        ..recognised(organisation("first"), &[10, 11])
    })
}

#[test]
fn every_act_reads_back_as_it_was_written() {
    let withdrawn = Act::Withdrawn(Withdrawn {
        organisation: organisation("first"),
        recognition: StatementId::from_bytes([3; 32]),
        reason: code("policy"),
    });
    let plain = Act::Recognised(Recognised {
        policy: None,
        ..recognised(organisation("first"), &[10])
    });
    for act in [act(), plain, withdrawn] {
        let mut written = draft(AREN, 0);
        act.write(&mut written);
        assert_eq!(Act::read(&written), Some(Ok(act)));
    }
}

#[test]
fn a_statement_that_is_not_well_formed_is_malformed_and_names_the_field() {
    type Spoil = fn(&mut Draft);
    let spoilt: [(&str, Spoil); 8] = [
        ("1 (iss)", |draft| draft.issuer = None),
        ("2 (sub)", |draft| {
            draft.subject = Some(code("https://First.example"))
        }),
        ("keys", |draft| {
            draft.body.insert(code("keys"), Coded::List(vec![]));
        }),
        ("keys", |draft| {
            let keys = (0..17).map(|n: u8| Coded::Bytes(vec![n; 32]));
            draft.body.insert(code("keys"), Coded::List(keys.collect()));
        }),
        ("purposes", |draft| {
            draft.body.insert(code("purposes"), 32.into());
        }),
        ("kinds", |draft| {
            let kinds = [code("place"), code("domain")];
            draft.body.insert(code("kinds"), Coded::codes(kinds));
        }),
        ("policy", |draft| {
            draft.body.insert(code("policy"), vec![1; 31].into());
        }),
        ("sd", |draft| draft.sealed = vec![[1; 32]]),
    ];
    for (field, spoil) in spoilt {
        let mut written = draft(AREN, 0);
        act().write(&mut written);
        spoil(&mut written);
        assert_eq!(Act::read(&written), Some(Err(Malformed(field))), "{field}");
    }
}

#[test]
fn a_recognition_ends_once_and_by_its_own_party() {
    let mut story = Story::begun();
    let first = story.recognises(AREN, recognised(organisation("first"), &[10]));
    let withdraws = |story: &Story, by: u8, id| {
        withdraw(&story.register.authorities, party(by), id, code("policy"))
    };
    assert_eq!(withdraws(&story, BELV, first), Err(Refusal::NotYours));
    let unknown = StatementId::from_bytes([1; 32]);
    assert_eq!(withdraws(&story, AREN, unknown), Err(Refusal::Unknown));
    let again = |by: u8, name: &str| {
        let request = Recognised {
            supersedes: Some(first),
            ..recognised(organisation(name), &[11])
        };
        recognise(&story.register.authorities, party(by), request)
    };
    assert_eq!(again(AREN, "second"), Err(Refusal::OtherOrganisation));
    assert_eq!(again(BELV, "first"), Err(Refusal::NotYours));
    let act = again(AREN, "first").unwrap();
    story.says(AREN, |draft| act.write(draft));
    assert_eq!(withdraws(&story, AREN, first), Err(Refusal::Ended));
    // Two replacements that were made at the same time: the first one stands.
    let before = story.register.authorities.clone();
    story.says(AREN, |draft| act.write(draft));
    assert_eq!(story.register.authorities, before);
    let empty = Recognised {
        kinds: Some([].into()),
        ..recognised(organisation("first"), &[10])
    };
    let refused = recognise(&story.register.authorities, party(AREN), empty);
    assert_eq!(refused, Err(Refusal::Extent));
}

#[test]
fn a_withdrawal_states_a_fact_and_takes_none_back() {
    let mut story = Story::begun();
    let id = story.recognises(AREN, recognised(organisation("first"), &[10]));
    let act = withdraw(&story.register.authorities, party(AREN), id, code("policy")).unwrap();
    story.says(AREN, |draft| act.write(draft));
    let stated = |at: usize| {
        let (statement, received) = &story.log[at];
        facts(statement, at as u64, *received).remove(0)
    };
    assert_eq!(stated(0).kind.as_str(), "authority.recognised");
    assert_eq!(stated(0).valid, [START, u64::MAX]);
    let withdrawn = stated(1);
    assert_eq!((withdrawn.cites, withdrawn.retracts), (vec![id], None));
    assert_eq!(withdrawn.subject.unwrap().as_str(), "https://first.example");
}
