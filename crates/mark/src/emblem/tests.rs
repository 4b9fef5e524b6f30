use ensign_trust::fact::Retraction;
use ensign_trust::party::Malformed;
use ensign_trust::{AssetId, Draft, Realm, StatementId};
use sha2::{Digest, Sha256};

use super::*;
use crate::asset::Register;
use crate::asset::story::{
    AREN, BELV, HOSPITAL, START, STRANGER, Story, code, draft, endorsement, kid, organisation,
    party, portal_token, registration, secret, year,
};
use crate::key::EmblemKey;
use crate::moment::Period;
use crate::purpose::Purpose;
use crate::token::Token;

fn key(n: u8) -> EmblemKey {
    EmblemKey::from_trust(&secret(n).public())
}

fn proof(n: u8, by: u8) -> Vec<u8> {
    let realm = Realm::Exercise(code("harbour"));
    secret(n).sign(&proof_message(&realm, party(by))).to_vec()
}

fn token(n: u8) -> Token {
    let draft = endorsement("first", 30).draft(&key(n)).unwrap();
    draft.sign(&secret(n)).unwrap()
}

fn alleged(asset: AssetId) -> Alleged {
    Alleged {
        asset,
        emblem: None,
        act: code("other-use"),
        grade: code("reported"),
        period: Period {
            from: START,
            until: None,
        },
        evidence: vec![[4; 32], [5; 32]],
    }
}

#[test]
fn every_act_reads_back_as_it_was_written() {
    let asset = AssetId::from_bytes([9; 32]);
    let issuing = Issuing {
        asset,
        key: kid(30),
        purposes: Purpose::Protective.into(),
        period: year(),
        token: Some([[1; 32], [2; 32]]),
    };
    let reason = code("compromised");
    let acts = [
        Act::Published(Published {
            key: key(30),
            proof: proof(30, HOSPITAL),
            organisation: Some(organisation("hospital")),
        }),
        Act::Endorsed(Endorsing { token: token(10) }),
        Act::Issued(issuing.clone()),
        Act::Issued(Issuing {
            token: None,
            ..issuing
        }),
        Act::Revoked(Revoked {
            target: Target::Digest([1; 32]),
            reason: reason.clone(),
        }),
        Act::Revoked(Revoked {
            target: Target::Key(kid(30)),
            reason,
        }),
        Act::Alleged(Alleged {
            emblem: Some(StatementId::from_bytes([3; 32])),
            ..alleged(asset)
        }),
        Act::Withdrawn(Withdrawn {
            asset,
            allegation: StatementId::from_bytes([3; 32]),
        }),
    ];
    for act in acts {
        let mut written = draft(HOSPITAL, 0);
        act.write(&mut written);
        assert_eq!(Act::read(&written), Some(Ok(act)));
    }
}

#[test]
fn a_key_is_published_with_proof_that_this_party_holds_it_in_this_realm() {
    let published = Act::Published(Published {
        key: key(30),
        proof: proof(30, HOSPITAL),
        organisation: None,
    });
    let mut copied = draft(STRANGER, 0);
    published.write(&mut copied);
    assert_eq!(Act::read(&copied), Some(Err(Malformed("proof"))));
    let mut elsewhere = draft(HOSPITAL, 0);
    published.write(&mut elsewhere);
    elsewhere.realm = Realm::Real;
    assert_eq!(Act::read(&elsewhere), Some(Err(Malformed("proof"))));
    let mut other = draft(HOSPITAL, 0);
    published.write(&mut other);
    other.subject = Some(code(&kid(31).to_string()));
    assert_eq!(Act::read(&other), Some(Err(Malformed("2 (sub)"))));
}

#[test]
fn a_statement_that_is_not_well_formed_is_malformed_and_names_the_field() {
    let issuing = Act::Issued(Issuing {
        asset: AssetId::from_bytes([9; 32]),
        key: kid(30),
        purposes: Purpose::Protective.into(),
        period: year(),
        token: Some([[1; 32], [2; 32]]),
    });
    type Spoil = fn(&mut Draft);
    let spoilt: [(&str, Spoil); 5] = [
        ("sd", |draft| draft.sealed.clear()),
        ("sd", |draft| drop(draft.body.remove("token"))),
        ("until", |draft| drop(draft.body.remove("until"))),
        ("kid", |draft| {
            draft.body.insert(code("kid"), vec![1; 20].into());
        }),
        ("purposes", |draft| {
            draft.body.insert(code("purposes"), 0.into());
        }),
    ];
    for (field, spoil) in spoilt {
        let mut written = draft(HOSPITAL, 0);
        issuing.write(&mut written);
        spoil(&mut written);
        assert_eq!(Act::read(&written), Some(Err(Malformed(field))), "{field}");
    }
    let mut both = draft(HOSPITAL, 0);
    let target = Target::Key(kid(30));
    let reason = code("lost");
    Act::Revoked(Revoked { target, reason }).write(&mut both);
    both.body.insert(code("digest"), vec![1; 32].into());
    assert_eq!(Act::read(&both), Some(Err(Malformed("digest"))));
    let mut emblem = draft(AREN, 0);
    Act::Endorsed(Endorsing { token: token(10) }).write(&mut emblem);
    emblem.body.insert(code("token"), vec![0xd8, 0x3d].into());
    assert_eq!(Act::read(&emblem), Some(Err(Malformed("token"))));
}

#[test]
fn a_request_that_cannot_stand_is_refused_with_its_reason() {
    let (mut story, asset, emblem) = Story::told(AREN, BELV);
    let emblems = &story.register.emblems;
    let taken = publish(emblems, key(30), proof(30, STRANGER), None);
    assert_eq!(taken, Err(Refusal::KeyTaken));
    assert_eq!(
        endorse(emblems, party(STRANGER), token(10)),
        Err(Refusal::KeyNotYours)
    );
    let request = Issue {
        asset,
        key: kid(30),
        purposes: Purpose::Protective.into(),
        period: year(),
    };
    let issues = |story: &Story, by: u8, request: &Issue| {
        let register = &story.register;
        let by = party(by);
        issue(
            &register.emblems,
            &register.assets,
            by,
            request.clone(),
            None,
        )
        .unwrap_err()
    };
    let foreign = Issue {
        key: kid(10),
        ..request.clone()
    };
    assert_eq!(issues(&story, AREN, &foreign), Refusal::NotYourAsset);
    assert_eq!(issues(&story, HOSPITAL, &foreign), Refusal::KeyNotYours);
    let mut endless = request.clone();
    endless.period.until = None;
    assert_eq!(issues(&story, HOSPITAL, &endless), Refusal::Period);
    let target = Target::Digest(emblems.emblem(emblem).unwrap().digest());
    let reason = code("withdrawn");
    assert_eq!(
        revoke(emblems, party(AREN), target, reason.clone()),
        Err(Refusal::Unknown)
    );
    story.revokes(HOSPITAL, target);
    let again = revoke(&story.register.emblems, party(HOSPITAL), target, reason);
    assert_eq!(again, Err(Refusal::Ended));
    story.revokes(HOSPITAL, Target::Key(kid(30)));
    assert_eq!(issues(&story, HOSPITAL, &request), Refusal::Ended);
    story.publishes(HOSPITAL, 31, None);
    story.withdraws(HOSPITAL, asset);
    let later = Issue {
        key: kid(31),
        ..request
    };
    assert_eq!(issues(&story, HOSPITAL, &later), Refusal::AssetWithdrawn);
}

#[test]
fn an_endorsement_that_its_author_s_key_did_not_sign_has_no_effect() {
    let mut story = Story::begun();
    story.publishes(AREN, 10, Some(organisation("first")));
    story.says(BELV, |draft| {
        Act::Endorsed(Endorsing { token: token(10) }).write(draft);
    });
    assert_eq!(story.register.emblems.endorsements().count(), 0);
    story.says(AREN, |draft| {
        Act::Endorsed(Endorsing { token: token(10) }).write(draft);
    });
    assert_eq!(story.register.emblems.endorsements().count(), 1);
    let mut bytes = token(10).bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let token = Token::from_cwt(&bytes, crate::token::Reading::Strict).unwrap();
    let refused = endorse(&story.register.emblems, party(AREN), token.clone());
    assert_eq!(refused, Err(Refusal::Token));
    story.says(AREN, |draft| {
        Act::Endorsed(Endorsing { token }).write(draft);
    });
    assert_eq!(story.register.emblems.endorsements().count(), 1);
}

#[test]
fn no_token_is_stated_twice_or_the_second_would_be_born_revoked() {
    let (mut story, asset, emblem) = Story::told(AREN, BELV);
    let issues = |story: &Story, period: Period| {
        let Register {
            emblems, assets, ..
        } = &story.register;
        let token = portal_token(30, period, Purpose::Protective.into());
        let digests = [Sha256::digest(token.bytes()).into(), [1; 32]];
        let request = Issue {
            asset,
            key: kid(30),
            purposes: Purpose::Protective.into(),
            period,
        };
        issue(emblems, assets, party(HOSPITAL), request, Some(digests)).map(|_| ())
    };
    assert_eq!(issues(&story, year()), Err(Refusal::Repeated));
    let digest = story.register.emblems.emblem(emblem).unwrap().digest();
    story.revokes(HOSPITAL, Target::Digest(digest));
    assert_eq!(issues(&story, year()), Err(Refusal::Repeated));
    let Period { from, until } = year();
    let later = from + 1;
    assert_eq!(issues(&story, Period { from: later, until }), Ok(()));

    let endorses = endorse(&story.register.emblems, party(AREN), token(10));
    assert_eq!(endorses, Err(Refusal::Repeated));
}

#[test]
fn a_statement_can_be_the_emblem_itself() {
    let mut story = Story::begun();
    story.publishes(HOSPITAL, 30, None);
    let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
    let request = Issue {
        asset,
        key: kid(30),
        purposes: Purpose::Protective.into(),
        period: year(),
    };
    let register = &story.register;
    let act = issue(
        &register.emblems,
        &register.assets,
        party(HOSPITAL),
        request,
        None,
    );
    let id = story.says(HOSPITAL, |draft| act.unwrap().write(draft));
    let emblem = story.register.emblems.with_digest(id.as_bytes()).unwrap();
    assert_eq!(emblem.stated.statement, id);
    story.revokes(HOSPITAL, Target::Digest(*id.as_bytes()));
    let answer = story.answer(asset);
    assert_eq!(answer.outcome, crate::asset::Outcome::Revoked);
}

#[test]
fn misuse_is_alleged_by_somebody_and_can_be_withdrawn_by_them_alone() {
    let (mut story, asset, emblem) = Story::told(AREN, BELV);
    let register = &story.register;
    let request = Alleged {
        emblem: Some(emblem),
        ..alleged(asset)
    };
    let act = allege(&register.emblems, &register.assets, request).unwrap();
    let foreign = Alleged {
        emblem: Some(StatementId::from_bytes([1; 32])),
        ..alleged(asset)
    };
    let refused = allege(&register.emblems, &register.assets, foreign);
    assert_eq!(refused, Err(Refusal::Unknown));
    let id = story.says(STRANGER, |draft| act.write(draft));
    let alleged = |story: &Story| {
        let as_of = story.at(story.now);
        let all = story.register.emblems.allegations_of(asset);
        all.filter(|allegation| allegation.stands(&as_of)).count()
    };
    assert_eq!(alleged(&story), 1);
    let answer = story.answer(asset);
    assert_eq!(
        answer.outcome,
        crate::asset::Outcome::Recognised,
        "it is no finding"
    );
    let withdraws = |story: &Story, by: u8| withdraw(&story.register.emblems, party(by), id);
    assert_eq!(withdraws(&story, AREN), Err(Refusal::Unknown));
    let act = withdraws(&story, STRANGER).unwrap();
    story.says(STRANGER, |draft| act.write(draft));
    assert_eq!(alleged(&story), 0);
    assert_eq!(withdraws(&story, STRANGER), Err(Refusal::Ended));

    let stated = |back: usize| {
        let at = story.log.len() - back;
        let (statement, received) = &story.log[at];
        facts(statement, at as u64, *received).remove(0)
    };
    let fact = stated(2);
    assert_eq!(fact.kind.as_str(), "emblem.misuse_alleged");
    assert_eq!(fact.grade, Some(code("reported")));
    assert_eq!((fact.valid, fact.cites), ([START, u64::MAX], vec![emblem]));
    assert_eq!(stated(1).retracts, Some(Retraction::Withdraws(id)));
}
