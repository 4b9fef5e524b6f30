use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::fact::Retraction;
use ensign_trust::party::Malformed;
use ensign_trust::{Coded, Draft};

use super::story::{
    AREN, BELV, HOSPITAL, START, STRANGER, Story, YEAR, code, draft, endorsement, kid,
    organisation, party, recognised, registration, secret, year,
};
use ensign_trust::{AssetId, StatementId};

use super::*;
use crate::authority;
use crate::emblem::{Emblems, Target};
use crate::moment::{AsOf, Period};
use crate::purpose::Purpose;

fn reason_of(story: &Story, asset: AssetId) -> Option<Reason> {
    story.answer(asset).reason
}

fn outcome(answer: &Answer) -> (Outcome, Option<Reason>) {
    (answer.outcome, answer.reason)
}

#[test]
fn an_asset_is_declared_until_an_authority_that_somebody_recognises_says_so() {
    let mut story = Story::begun();
    let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
    assert_eq!(
        outcome(&story.answer(asset)),
        (Outcome::Declared, Some(Reason::NoEmblem))
    );
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    story.issues(HOSPITAL, 30, asset, year());
    assert_eq!(
        outcome(&story.answer(asset)),
        (Outcome::Declared, Some(Reason::NotEndorsed))
    );
    story.publishes(AREN, 10, Some(organisation("first")));
    story.endorses(AREN, 10, endorsement("first", 30));
    assert_eq!(
        outcome(&story.answer(asset)),
        (Outcome::Declared, Some(Reason::NotRecognised))
    );
    let recognition = story.recognises(BELV, recognised(organisation("first"), &[10]));
    let answer = story.answer(asset);
    assert_eq!(answer.outcome, Outcome::Recognised);
    let [by] = &answer.recognised[..] else {
        panic!("{answer:?}");
    };
    assert_eq!((by.by, by.recognition), (party(BELV), recognition));
    assert_eq!(by.authority, organisation("first"));
    assert_eq!((by.law.as_str(), by.policy), ("gc-i", Some([7; 32])));
    assert_eq!(by.endorsements.len(), 1);
}

#[test]
fn every_party_that_recognises_is_named_and_a_reader_may_honour_some() {
    let (story, asset, _) = Story::told(AREN, BELV);
    let by = |answer: &Answer| -> Vec<_> { answer.recognised.iter().map(|it| it.by).collect() };
    assert_eq!(by(&story.answer(asset)), [party(AREN), party(BELV)]);
    let honours = |parties: &[u8]| {
        let parties: BTreeSet<_> = parties.iter().map(|n| party(*n)).collect();
        let as_of = story.at(story.now);
        story
            .register
            .answer(asset, Honoured::These(&parties), &as_of)
    };
    assert_eq!(by(&honours(&[BELV])), [party(BELV)]);
    assert_eq!(
        outcome(&honours(&[STRANGER])),
        (Outcome::Declared, Some(Reason::NotHonoured))
    );
}

#[test]
fn swapping_the_two_parties_swaps_who_recognises_and_nothing_else() {
    let tell = |first, second| {
        let (mut story, asset, emblem) = Story::told(first, second);
        let mut answers = Vec::new();
        let mut note = |story: &Story| {
            let Answer {
                outcome,
                recognised,
                reason,
                ends,
            } = story.answer(asset);
            let label = |by| {
                if by == party(first) {
                    "first"
                } else {
                    "second"
                }
            };
            let by: Vec<_> = recognised.iter().map(|it| label(it.by)).collect();
            answers.push((outcome, by, reason, ends));
        };
        note(&story);
        let endorsement = story.register.emblems.endorsements_of(kid(30)).next();
        let digest = endorsement.unwrap().digest();
        story.revokes(first, Target::Digest(digest));
        note(&story);
        let digest = story.register.emblems.emblem(emblem).unwrap().digest();
        story.revokes(HOSPITAL, Target::Digest(digest));
        note(&story);
        answers
    };
    let answers = tell(AREN, BELV);
    assert_eq!(answers, tell(BELV, AREN));
    let by: Vec<_> = answers.into_iter().map(|(_, by, ..)| by).collect();
    assert_eq!(by, [vec!["first", "second"], vec!["second"], vec![]]);
}

#[test]
fn each_end_changes_the_answer_now_and_leaves_what_was_then_known() {
    type End = fn(&mut Story, AssetId);
    let ends: [(Outcome, Option<Reason>, End); 7] = [
        (
            Outcome::Revoked,
            Some(Reason::EmblemRevoked),
            |story, asset| {
                let emblem = story.register.emblems.of_asset(asset).next().unwrap();
                story.revokes(HOSPITAL, Target::Digest(emblem.digest()));
            },
        ),
        (Outcome::Revoked, Some(Reason::KeyRevoked), |story, _| {
            story.revokes(HOSPITAL, Target::Key(kid(30)));
        }),
        (
            Outcome::Declared,
            Some(Reason::EndorsementRevoked),
            |story, _| {
                story.revokes(AREN, Target::Key(kid(10)));
                story.revokes(BELV, Target::Key(kid(20)));
            },
        ),
        (
            Outcome::Declared,
            Some(Reason::RecognitionWithdrawn),
            |story, _| {
                let authorities = story.register.authorities.clone();
                for recognition in authorities.iter() {
                    let (by, id) = (recognition.stated.by, recognition.stated.statement);
                    let act = authority::withdraw(&authorities, by, id, code("policy")).unwrap();
                    story.says(by.as_bytes()[0], |draft| act.write(draft));
                }
            },
        ),
        (
            Outcome::Declared,
            Some(Reason::RecognitionSuperseded),
            |story, _| {
                // Root keys are rotated; the emblem's endorsements are of the old ones.
                let authorities = story.register.authorities.clone();
                for (recognition, key) in authorities.iter().zip([11, 21]) {
                    let mut request = recognised(recognition.said.organisation.clone(), &[key]);
                    request.supersedes = Some(recognition.stated.statement);
                    story.recognises(recognition.stated.by.as_bytes()[0], request);
                }
            },
        ),
        (Outcome::Withdrawn, None, |story, asset| {
            story.withdraws(HOSPITAL, asset);
        }),
        (
            Outcome::Expired,
            Some(Reason::AssetExpired),
            |story, asset| {
                let mut request = registration("portal.hospital.example");
                request.replaces = Some(asset);
                request.period.until = Some(START + 1);
                story.registers(HOSPITAL, request);
            },
        ),
    ];
    for (then, reason, end) in ends {
        let (mut story, asset, _) = Story::told(AREN, BELV);
        let before = (story.now, story.log.len() as u64);
        end(&mut story, asset);
        assert_eq!(outcome(&story.answer(asset)), (then, reason));
        let as_of = AsOf::now_known(before.1, story.now);
        let of_older_log = story.answer_at(asset, &as_of);
        assert_eq!(of_older_log.outcome, Outcome::Recognised, "{reason:?}");
        let as_then_known = story.at(before.0).then_known();
        let known = story.answer_at(asset, &as_then_known);
        assert_eq!(known.outcome, Outcome::Recognised, "{reason:?}");
    }
}

#[test]
fn emblems_and_recognitions_count_in_their_time_alone() {
    let (story, asset, _) = Story::told(AREN, BELV);
    let at = |at| outcome(&story.answer_at(asset, &story.at(at)));
    assert_eq!(at(START - 1), (Outcome::NotYet, None));
    assert_eq!(at(START), (Outcome::Recognised, None));
    assert_eq!(at(START + YEAR - 1), (Outcome::Recognised, None));
    assert_eq!(
        at(START + YEAR),
        (Outcome::Expired, Some(Reason::AssetExpired))
    );

    let mut story = Story::begun();
    let mut request = registration("portal.hospital.example");
    request.period.until = None;
    let asset = story.registers(HOSPITAL, request);
    story.publishes(HOSPITAL, 30, None);
    story.issues(HOSPITAL, 30, asset, year());
    let at = |at| outcome(&story.answer_at(asset, &story.at(at)));
    assert_eq!(
        at(START + YEAR),
        (Outcome::Expired, Some(Reason::EmblemExpired))
    );
}

#[test]
fn what_the_bearer_alone_recognises_stays_declared() {
    let (mut story, _, _) = Story::told(AREN, BELV);
    let mut request = registration("er.first.example");
    request.bearer = Some(party(AREN));
    let asset = story.registers(HOSPITAL, request);
    let period = Period {
        until: Some(START + YEAR + 1),
        ..year()
    };
    story.issues(HOSPITAL, 30, asset, period);
    let answer = story.answer(asset);
    let by: Vec<_> = answer.recognised.iter().map(|it| it.by).collect();
    assert_eq!(
        by,
        [party(BELV)],
        "of two recognitions the bearer's own does not count"
    );
}

#[test]
fn nobody_marks_with_a_key_of_others_nor_what_belongs_to_others() {
    let (mut story, asset, _) = Story::told(AREN, BELV);
    let before = story.register.clone();
    // The stranger states an emblem of its own asset under the hospital's key.
    let own = story.registers(STRANGER, registration("stranger.example"));
    let issued = story
        .register
        .emblems
        .of_asset(asset)
        .next()
        .unwrap()
        .clone();
    let mut forged = issued.said.clone();
    forged.asset = own;
    story.says(STRANGER, |draft| {
        crate::emblem::Act::Issued(forged).write(draft)
    });
    assert_eq!(
        outcome(&story.answer(own)),
        (Outcome::Declared, Some(Reason::NoEmblem))
    );
    // It publishes a key of its own and marks the hospital's asset, revokes and withdraws.
    story.publishes(STRANGER, 40, Some(organisation("hospital")));
    let mut foreign = issued.said.clone();
    foreign.key = kid(40);
    story.says(STRANGER, |draft| {
        crate::emblem::Act::Issued(foreign).write(draft)
    });
    let target = Target::Digest(issued.digest());
    let reason = code("withdrawn");
    story.says(STRANGER, |draft| {
        let revoked = crate::emblem::Revoked { target, reason };
        crate::emblem::Act::Revoked(revoked).write(draft);
    });
    story.says(STRANGER, |draft| {
        let reason = code("moved");
        Act::Withdrawn(Withdrawn { asset, reason }).write(draft);
    });
    let recognition = before.authorities.iter().next().unwrap();
    story.says(STRANGER, |draft| {
        let withdrawn = authority::Withdrawn {
            organisation: recognition.said.organisation.clone(),
            recognition: recognition.stated.statement,
            reason: code("policy"),
        };
        authority::Act::Withdrawn(withdrawn).write(draft);
    });
    assert_eq!(story.answer(asset).outcome, Outcome::Recognised);
    assert_eq!(story.answer(asset).recognised.len(), 2);
    assert_eq!(
        story.register.assets.asset(asset),
        before.assets.asset(asset)
    );
    assert_eq!(story.register.authorities, before.authorities);
}

#[test]
fn an_endorsement_covers_its_purposes_and_its_recognition_its_kinds() {
    let mut story = Story::begun();
    story.publishes(AREN, 10, Some(organisation("first")));
    let mut request = recognised(organisation("first"), &[10]);
    request.kinds = Some([Kind::Place].into());
    story.recognises(AREN, request);
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
    story.issues(HOSPITAL, 30, asset, year());
    let mut other = endorsement("first", 30);
    other.purposes = Some(Purpose::CivilDefence.into());
    story.endorses(AREN, 10, other);
    let reason = |story: &Story| story.answer(asset).reason;
    assert_eq!(reason(&story), Some(Reason::EndorsedForOther));
    story.endorses(AREN, 10, endorsement("first", 30));
    assert_eq!(reason(&story), Some(Reason::OtherKind));
    let mut request = recognised(organisation("first"), &[10]);
    request.purposes = Purpose::CulturalProperty.into();
    story.recognises(BELV, request);
    assert_eq!(reason(&story), Some(Reason::OtherPurpose));
}

#[test]
fn what_alone_stands_in_the_way_is_the_reason_and_not_what_was_replaced() {
    let (mut story, asset, _) = Story::told(AREN, BELV);
    for (by, name, key) in [(AREN, "first", 11), (BELV, "second", 21)] {
        story.rotates(by, name, key);
    }
    assert_eq!(story.answer(asset).outcome, Outcome::Recognised);
    let revoke = |story: &mut Story, by, key| {
        let all = story.register.emblems.endorsements();
        let of_key = all.filter(|it| it.token.kid() == kid(key));
        let digest = of_key.map(|it| it.digest()).next().unwrap();
        story.revokes(by, Target::Digest(digest));
    };
    // The endorsements by the keys of before are not revoked, and lead to what was replaced.
    revoke(&mut story, AREN, 11);
    revoke(&mut story, BELV, 21);
    assert_eq!(reason_of(&story, asset), Some(Reason::EndorsementRevoked));
    // So it is two steps further up.
    let (mut story, asset, _) = Story::told(AREN, BELV);
    story.recognises(STRANGER, recognised(organisation("third"), &[40]));
    story.publishes(STRANGER, 40, Some(organisation("third")));
    let mut upper = endorsement("third", 10);
    upper.subject = Some(organisation("first"));
    story.endorses(STRANGER, 40, upper);
    for (by, name, key) in [(AREN, "first", 11), (BELV, "second", 21)] {
        let standing = story.standing(by);
        let mut request = recognised(organisation(name), &[key]);
        request.supersedes = standing;
        story.recognises(by, request);
    }
    // Who recognises what was replaced keeps it as little.
    assert_eq!(
        reason_of(&story, asset),
        Some(Reason::RecognitionSuperseded)
    );
    revoke(&mut story, AREN, 10);
    assert_eq!(reason_of(&story, asset), Some(Reason::EndorsementRevoked));
    // With two obstacles on each way, the one nearest to a recognition.
    let authorities = story.register.authorities.clone();
    let third = authorities
        .iter()
        .find(|it| it.stated.by == party(STRANGER));
    let third = third.unwrap().stated.statement;
    let act = authority::withdraw(&authorities, party(STRANGER), third, code("policy")).unwrap();
    story.says(STRANGER, |draft| act.write(draft));
    assert_eq!(
        reason_of(&story, asset),
        Some(Reason::RecognitionSuperseded)
    );
}

#[test]
fn a_recognition_lasts_until_the_first_of_all_that_leads_there_is_over() {
    let (mut story, asset, first) = Story::told(AREN, BELV);
    let until = |story: &Story| {
        let answer = story.answer(asset);
        let until = answer
            .recognised
            .iter()
            .map(|it| it.ends.unwrap().until - START);
        until.collect::<Vec<_>>()
    };
    assert_eq!(until(&story), [YEAR, YEAR]);
    // A second emblem ends sooner, and the asset still has the first.
    let shorter = Period {
        from: START,
        until: Some(START + 5_000),
    };
    let second = story.issues(HOSPITAL, 30, asset, shorter);
    assert_eq!(until(&story), [YEAR, YEAR]);
    let by = |story: &Story, emblem| {
        let as_of = story.at(story.now);
        let emblem = story.register.emblems.emblem(emblem).unwrap().clone();
        let found = story
            .register
            .recognised_by(&emblem, Honoured::Everybody, &as_of);
        let until = found.iter().map(|it| it.ends.unwrap().until - START);
        until.collect::<Vec<_>>()
    };
    assert_eq!(by(&story, first), [YEAR, YEAR]);
    let as_of = story.at(story.now);
    let ends = |emblem| {
        let emblem = story.register.emblems.emblem(emblem).unwrap();
        let ends = story.register.ends(emblem, Honoured::Everybody, &as_of);
        let Ends { until, first } = ends.unwrap();
        (until - START, first)
    };
    assert_eq!(ends(first), (YEAR, Link::Asset));
    assert_eq!(ends(second), (5_000, Link::Emblem));
    assert_eq!(by(&story, second), [5_000, 5_000]);
    // An endorsement that ends sooner changes nothing beside one that lasts.
    let mut brief = endorsement("first", 30);
    brief.validity.expires = (START + 3_000) as i64;
    story.endorses(AREN, 10, brief);
    assert_eq!(until(&story), [YEAR, YEAR]);
    let lasting = story.register.emblems.endorsements_of(kid(30));
    let lasting = lasting.filter(|it| it.stated.by == party(AREN));
    let lasting = lasting.map(|it| it.digest()).next().unwrap();
    story.revokes(AREN, Target::Digest(lasting));
    assert_eq!(until(&story), [3_000, YEAR]);
}

#[test]
fn endorsements_are_followed_upwards_where_each_may_endorse() {
    let climb = |may_endorse| {
        let mut story = Story::begun();
        story.publishes(AREN, 10, Some(organisation("first")));
        story.recognises(AREN, recognised(organisation("first"), &[10]));
        story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
        story.publishes(HOSPITAL, 31, Some(organisation("hospital")));
        let mut upper = endorsement("first", 31);
        upper.may_endorse = may_endorse;
        story.endorses(AREN, 10, upper);
        // The lowest one needs no right to endorse, and a ring of endorsements is no way up.
        let mut lower = endorsement("hospital", 30);
        lower.may_endorse = false;
        story.endorses(HOSPITAL, 31, lower);
        story.endorses(HOSPITAL, 30, endorsement("hospital", 31));
        let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
        story.issues(HOSPITAL, 30, asset, year());
        let answer = story.answer(asset);
        let steps = answer.recognised.first().map(|it| it.endorsements.len());
        (answer.outcome, steps)
    };
    assert_eq!(climb(true), (Outcome::Recognised, Some(2)));
    assert_eq!(climb(false), (Outcome::Declared, None));
}

#[test]
fn an_asset_is_found_by_what_it_is_or_contains_until_it_is_withdrawn() {
    let (mut story, portal, _) = Story::told(AREN, BELV);
    let mut network = registration("unused.example");
    network.kind = Kind::Network;
    network.identity = Identity::read(Kind::Network, "192.0.2.0/24").unwrap();
    network.permanent = true;
    let network = story.registers(HOSPITAL, network);
    assert_eq!(
        story.found(Kind::Domain, "PORTAL.hospital.example"),
        [portal]
    );
    assert_eq!(story.found(Kind::Domain, "hospital.example"), []);
    assert_eq!(story.found(Kind::Address, "192.0.2.200"), [network]);
    story.withdraws(HOSPITAL, portal);
    assert_eq!(story.found(Kind::Domain, "portal.hospital.example"), []);
    assert_eq!(story.answer(portal).outcome, Outcome::Withdrawn);
    assert!(
        story.vault.is_empty(),
        "identifier and token are both destroyed"
    );
    story.withdraws(HOSPITAL, network);
    assert_eq!(
        story.found(Kind::Address, "192.0.2.200"),
        [network],
        "what stands in clear is found for good, as withdrawn"
    );
}

#[test]
fn a_party_learns_that_it_has_registered_the_same_already() {
    let (mut story, portal, _) = Story::told(AREN, BELV);
    let same = |story: &Story, by: u8, text: &str| {
        let identity = Identity::read(Kind::Domain, text).unwrap();
        story.registered_by(by, &identity)
    };
    assert_eq!(same(&story, HOSPITAL, "*.portal.hospital.example"), []);
    assert_eq!(same(&story, HOSPITAL, "Portal.Hospital.example"), [portal]);
    assert_eq!(same(&story, AREN, "portal.hospital.example"), []);
    story.withdraws(HOSPITAL, portal);
    assert_eq!(same(&story, HOSPITAL, "portal.hospital.example"), []);
}

#[test]
fn a_thing_that_another_party_has_registered_too_is_known_until_that_one_ends() {
    let (mut story, portal, _) = Story::told(AREN, BELV);
    let also = |story: &Story, by: u8, text: &str| {
        let identity = Identity::read(Kind::Domain, text).unwrap();
        story.also_registered(by, &identity)
    };
    assert_eq!(also(&story, HOSPITAL, "portal.hospital.example"), []);
    assert_eq!(also(&story, AREN, "*.portal.hospital.example"), []);
    assert_eq!(also(&story, AREN, "portal.hospital.example"), [portal]);
    let second = story.registers(AREN, registration("Portal.Hospital.example"));
    assert_eq!(also(&story, HOSPITAL, "portal.hospital.example"), [second]);
    assert_eq!(also(&story, AREN, "portal.hospital.example"), [portal]);
    story.withdraws(AREN, second);
    assert_eq!(also(&story, HOSPITAL, "portal.hospital.example"), []);
    // Of each party once, and of no more than a few.
    let mut parties = BTreeMap::new();
    for by in 10..16 {
        for _ in 0..2 {
            let asset = story.registers(by, registration("portal.hospital.example"));
            parties.insert(asset, by);
        }
    }
    let told = also(&story, HOSPITAL, "portal.hospital.example");
    let told: BTreeSet<u8> = told.iter().map(|it| parties[it]).collect();
    assert_eq!(told.len(), MAX_ALSO);
    // What cannot be opened is not told of.
    story.vault.clear();
    assert_eq!(also(&story, AREN, "portal.hospital.example"), []);
}

#[test]
fn nothing_in_the_log_tells_what_a_removable_asset_is() {
    let (mut story, asset, _) = Story::told(AREN, BELV);
    story.withdraws(HOSPITAL, asset);
    let planted = b"portal.hospital.example";
    for (statement, _) in &story.log {
        let found = statement
            .entry()
            .windows(planted.len())
            .any(|it| it == planted);
        assert!(!found, "{}", statement.kind);
    }
}

#[test]
fn a_request_that_cannot_stand_is_refused_with_its_reason() {
    let (mut story, asset, _) = Story::told(AREN, BELV);
    let refused = |story: &Story, by: u8, request: Registration| {
        let assets = &story.register.assets;
        register(assets, party(by), &[9; 16], [9; 32], request).unwrap_err()
    };
    let mut place = registration("unused.example");
    place.kind = Kind::Place;
    place.identity = Identity::read(Kind::Place, "+10.0+010.0/").unwrap();
    place.permanent = true;
    assert_eq!(refused(&story, HOSPITAL, place.clone()), Refusal::Place);
    place.replaces = Some(asset);
    assert_eq!(refused(&story, HOSPITAL, place), Refusal::OtherKind);
    let mut again = registration("unused.example");
    again.replaces = Some(asset);
    assert_eq!(refused(&story, STRANGER, again.clone()), Refusal::NotYours);
    let mut empty = registration("unused.example");
    empty.period.until = Some(empty.period.from);
    assert_eq!(refused(&story, HOSPITAL, empty), Refusal::Period);
    let mut long = registration(&format!("{0}.{0}.{0}.example", "a".repeat(60)));
    long.permanent = true;
    assert_eq!(refused(&story, HOSPITAL, long), Refusal::Long);
    story.withdraws(HOSPITAL, asset);
    assert_eq!(refused(&story, HOSPITAL, again), Refusal::Withdrawn);
    let Register {
        assets, emblems, ..
    } = &story.register;
    let withdraws = |by, asset| withdraw(assets, emblems, party(by), asset, code("moved"));
    assert_eq!(withdraws(HOSPITAL, asset), Err(Refusal::Withdrawn));
    let unknown = AssetId::from_bytes([1; 32]);
    assert_eq!(withdraws(HOSPITAL, unknown), Err(Refusal::Unknown));
}

fn acts() -> Vec<Act> {
    let registered = Registered {
        asset: asset_id(party(HOSPITAL), &[0; 16]),
        kind: Kind::Domain,
        named: Named::Clear(Identity::read(Kind::Domain, ".hospital.example").unwrap()),
        bearer: Some(party(AREN)),
        law: code("gc-i"),
        authority: Some(organisation("first")),
        period: year(),
        supersedes: None,
    };
    let sealed = Registered {
        asset: AssetId::from_bytes([5; 32]),
        named: Named::Sealed([6; 32]),
        bearer: None,
        authority: None,
        period: Period {
            from: 0,
            until: None,
        },
        supersedes: Some(StatementId::from_bytes([8; 32])),
        ..registered.clone()
    };
    let asset = registered.asset;
    vec![
        Act::Registered(registered),
        Act::Registered(sealed),
        Act::Withdrawn(Withdrawn {
            asset,
            reason: code("moved"),
        }),
        Act::Erased(Erased {
            asset,
            digests: vec![[1; 32], [2; 32]],
            ground: code("withdrawn"),
        }),
    ]
}

#[test]
fn every_act_reads_back_as_it_was_written() {
    for act in acts() {
        let mut written = draft(HOSPITAL, 0);
        act.write(&mut written);
        let statement = written.sign(&secret(HOSPITAL)).unwrap();
        let read = ensign_trust::Statement::decode(statement.entry()).unwrap();
        assert_eq!(Act::read(&read), Some(Ok(act)));
    }
}

#[test]
fn a_statement_that_is_not_well_formed_is_malformed_and_names_the_field() {
    type Spoil = fn(&mut Draft);
    let spoilt: [(&str, Spoil); 9] = [
        ("1 (iss)", |draft| draft.issuer = None),
        ("2 (sub)", |draft| draft.unique = [1; 16]),
        ("2 (sub)", |draft| draft.subject = None),
        ("kind", |draft| {
            draft.body.insert(code("kind"), code("hospital").into());
        }),
        ("identifier", |draft| {
            draft
                .body
                .insert(code("identifier"), code("PORTAL.example").into());
        }),
        ("sd", |draft| draft.sealed = vec![[1; 32]]),
        ("sd", |draft| drop(draft.body.remove("identifier"))),
        ("until", |draft| {
            draft.body.insert(code("until"), START.into());
        }),
        ("bearer", |draft| {
            draft.body.insert(code("bearer"), code("somebody").into());
        }),
    ];
    for (field, spoil) in spoilt {
        let mut written = draft(HOSPITAL, 0);
        acts()[0].write(&mut written);
        spoil(&mut written);
        assert_eq!(Act::read(&written), Some(Err(Malformed(field))), "{field}");
    }
    let mut unsorted = draft(HOSPITAL, 0);
    acts()[3].write(&mut unsorted);
    let digests = [[2; 32], [1; 32]].map(|digest: [u8; 32]| Coded::Bytes(digest.to_vec()));
    unsorted
        .body
        .insert(code("digests"), Coded::List(digests.into()));
    assert_eq!(Act::read(&unsorted), Some(Err(Malformed("digests"))));
    let mut newer = draft(HOSPITAL, 0);
    acts()[0].write(&mut newer);
    newer.version = 2;
    assert_eq!(Act::read(&newer), None);
}

#[test]
fn a_registration_states_a_fact_which_another_one_replaces() {
    let mut story = Story::begun();
    let mut request = registration("portal.hospital.example");
    request.bearer = Some(party(AREN));
    let asset = story.registers(HOSPITAL, request.clone());
    request.replaces = Some(asset);
    story.registers(HOSPITAL, request);
    story.withdraws(HOSPITAL, asset);
    let stated = |at: usize| {
        let (statement, received) = &story.log[at];
        facts(statement, at as u64, *received)
    };
    let first = &stated(0)[0];
    assert_eq!(first.kind.as_str(), "asset.registered");
    assert_eq!(
        (first.to, first.valid),
        (Some(party(AREN)), [START, START + YEAR - 1])
    );
    assert_eq!(first.subject.as_ref().unwrap().as_str(), asset.to_string());
    assert_eq!(first.retracts, None);
    let replaces = Retraction::Replaces(story.log[0].0.id());
    assert_eq!(stated(1)[0].retracts, Some(replaces));
    assert_eq!(stated(2)[0].kind.as_str(), "asset.withdrawn");
    assert_eq!((&stated(2)[0].retracts, stated(3).len()), (&None, 0));
}

#[test]
fn a_permanent_asset_leaves_nothing_to_erase() {
    let mut story = Story::begun();
    let mut request = registration("portal.hospital.example");
    request.permanent = true;
    let asset = story.registers(HOSPITAL, request);
    let known = story.register.assets.asset(asset).unwrap();
    assert_eq!(known.sealed(&Emblems::default()), Vec::<[u8; 32]>::new());
    story.withdraws(HOSPITAL, asset);
    assert_eq!(story.log.len(), 2);
}
