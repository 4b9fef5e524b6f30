//! Sets of tokens: recorded ones, vectors made for the project, and invented ones.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;

use super::*;
use crate::commitment::{Finding, Missing};
use crate::json::{self, Json};
use crate::policy::{Enough, Outcome, Standing, Terms};
use crate::tests::recorded::{self, NOW};
use crate::token::Dialect;

mod answers;
mod keys;
mod stories;
mod vectors;

fn one_proved() -> Policy {
    Policy::new(Terms {
        commitments: Enough::AtLeast(1),
        ..Terms::default()
    })
    .unwrap()
}

/// A commitment that was decided elsewhere.
pub(crate) fn decided(weight: Weight) -> Commitment {
    Commitment {
        weight,
        entries: Arc::new([]),
        lacks: Vec::new(),
        until: None,
    }
}

#[test]
fn the_recorded_set_is_endorsed_where_one_proved_commitment_is_enough() {
    let (Some(set), Some(auth), Some(emblem)) = (
        recorded::live(),
        recorded::chain("auth"),
        recorded::chain("emblem"),
    ) else {
        return;
    };
    let evidence = recorded::evidence(&[&auth, &emblem]).unwrap();
    let judgement = verify(&set, &evidence, &one_proved(), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    let by = vec!["https://auth.felixlinker.de".parse().unwrap()];
    assert_eq!(judgement.standing, Some(Standing::Endorsed { by }));
    let report = &judgement.report;
    assert_eq!(report.results(), ["SIGNED", "ORGANIZATIONAL", "ENDORSED"]);
    assert_eq!(report.dialect, Some(Dialect::Jws));
    let by: Vec<_> = report.endorsed_by().map(|it| it.to_string()).collect();
    assert_eq!(by, ["https://auth.felixlinker.de"]);
    assert_eq!(
        report.tokens,
        [Role::Emblem, Role::Internal, Role::External].map(Fate::Used)
    );
    let emblem = set.token(0).unwrap().emblem().unwrap();
    assert_eq!(emblem.assets[0].to_string(), "[2a01:4f9:c010:d8e4::1]");

    // The default policy asks for every commitment.
    let judgement = verify(&set, &evidence, &Policy::default(), NOW);
    let Outcome::Unproven(lacks) = &judgement.outcome else {
        panic!("{:?}", judgement.outcome);
    };
    let [lack] = &lacks[..] else {
        panic!("{lacks:?}");
    };
    assert!(
        lack.to_string()
            .contains("GoudaUpXmMiZoMqIvfSPwLRWYMzDYA0fcfRp/8fRrKM="),
        "{lack}"
    );
    assert_eq!(judgement.report.results(), ["SIGNED"]);
    assert_eq!(judgement.standing, None);

    // A verifier who honours the authority says so.
    let honouring = Policy::from_toml(
        "version = 1\ncommitments = 1\n[[honour]]\norganisation = \"https://auth.felixlinker.de\"\n",
    );
    let judgement = verify(&set, &evidence, &honouring.unwrap(), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    let sentence = judgement.sentence().unwrap();
    assert!(sentence.starts_with("recognised by https://auth.felixlinker.de under policy "));
    // One who honours others does not.
    let other = Policy::from_toml(
        "version = 1\ncommitments = 1\n[[honour]]\norganisation = \"https://authority.example\"\n",
    );
    let judgement = verify(&set, &evidence, &other.unwrap(), NOW);
    assert!(matches!(judgement.outcome, Outcome::Unproven(_)));
    let sentence = judgement.sentence().unwrap();
    assert_eq!(sentence, "endorsed by https://auth.felixlinker.de");
}

#[test]
fn the_recorded_set_is_unproven_without_evidence_and_with_foreign_evidence() {
    let Some(set) = recorded::live() else {
        return;
    };
    for policy in [Policy::default(), one_proved()] {
        let judgement = verify(&set, &Evidence::default(), &policy, NOW);
        let Outcome::Unproven(lacks) = judgement.outcome else {
            panic!("{:?}", judgement.outcome);
        };
        assert_eq!(lacks.len(), 4, "each of the four commitments is missing");
        assert_eq!(judgement.report.results(), ["SIGNED"]);
    }
    // A certificate for the right names that somebody made: it proves nothing, and is named.
    let emblem = recorded::chain("emblem").unwrap();
    let foreign = stories::self_made_for(&set);
    let mut evidence = recorded::evidence(&[&emblem]).unwrap();
    evidence.add_chain(&[&foreign]).unwrap();
    let judgement = verify(&set, &evidence, &one_proved(), NOW);
    let Outcome::Unproven(lacks) = &judgement.outcome else {
        panic!("{:?}", judgement.outcome);
    };
    let fingerprint = HEXLOWER.encode(&sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        &foreign,
    )));
    assert!(
        lacks
            .iter()
            .all(|lack| lack.to_string().contains(&fingerprint)),
        "{lacks:?}"
    );
    let root = &judgement.report.endorsers[0];
    let foreign = root.commitment.entries.iter().all(|it| {
        matches!(&it.finding, Finding::Unproven(Missing::Certificate { foreign, .. }) if foreign.len() == 1)
    });
    assert!(foreign);
}

#[test]
fn the_recorded_set_is_false_where_a_matching_sct_is_altered() {
    let (Some(set), Some(auth), Some(emblem)) = (
        recorded::live(),
        recorded::chain("auth"),
        recorded::chain("emblem"),
    ) else {
        return;
    };
    let intact = recorded::evidence(&[&auth, &emblem]).unwrap();
    let chains: Vec<Vec<Vec<u8>>> = intact
        .chains()
        .map(|chain| chain.into_iter().map(<[u8]>::to_vec).collect())
        .collect();
    for (token, altered) in [(2, 0), (1, 1)] {
        let log = set.token(token).unwrap().endorsement().unwrap().log[1].log;
        let mut chains = chains.clone();
        let leaf = &mut chains[altered][0];
        let id = leaf
            .windows(32)
            .position(|it| it == log.as_bytes())
            .unwrap();
        leaf[id + 60] ^= 1;
        let mut evidence = recorded::evidence(&[]).unwrap();
        for chain in &chains {
            let chain: Vec<_> = chain.iter().map(Vec::as_slice).collect();
            evidence.add_chain(&chain).unwrap();
        }
        for policy in [Policy::default(), one_proved()] {
            let judgement = verify(&set, &evidence, &policy, NOW);
            let Outcome::False(broken) = judgement.outcome else {
                panic!("{:?}", judgement.outcome);
            };
            assert_eq!(broken.token, Some(token));
            assert_eq!(broken.rule, Rule::CommitmentFalse);
        }
    }
}

#[test]
fn tokens_before_and_after_their_time_say_so() {
    let Some(set) = recorded::live() else {
        return;
    };
    let at = |now| verify(&set, &Evidence::default(), &Policy::default(), now);
    let early = at(1_775_637_699);
    assert_eq!(early.report.holds.unwrap_err().rule, Rule::NotYetValid);
    let from = 1_775_637_700;
    assert_eq!(early.standing, Some(Standing::NotYet { from }));
    let late = at(1_807_173_700);
    assert_eq!(late.report.holds.unwrap_err().rule, Rule::Expired);
    let until = 1_807_173_700;
    assert_eq!(late.standing, Some(Standing::Expired { until }));
}

/// The cases made for the project: tokens of two algorithms, verdicts by the rules.
#[test]
fn every_case_of_the_vectors_comes_out_as_it_says() {
    let Some(bytes) = recorded::file("adem-cwt/vectors.json") else {
        return;
    };
    let Ok(Json::Object(vectors)) = json::read(&bytes) else {
        panic!("the vectors are JSON");
    };
    let now = vectors.get("now").unwrap().as_u64().unwrap();
    let hex = |value: &Json| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let keys = vectors.get("keys").unwrap().as_object().unwrap();
    let mut dropped = BTreeSet::new();
    let cases = vectors.get("cases").unwrap().as_array().unwrap();
    for case in cases {
        let case = case.as_object().unwrap();
        let name = case.get("name").unwrap().as_str().unwrap();
        let list = |member: &str| case.get(member).unwrap().as_array().unwrap();
        let texts = |member: &str| -> Vec<&str> {
            list(member).iter().map(|it| it.as_str().unwrap()).collect()
        };
        let tokens: Vec<_> = list("tokens").iter().map(hex).collect();
        let key = |name: &&str| {
            let key = keys.get(name).unwrap().as_object().unwrap();
            let cose = hex(key.get("cose_key").unwrap());
            let read = EmblemKey::read(&cose).unwrap();
            let kid = read.kid(Dialect::Cwt);
            assert_eq!(kid.as_bytes()[..], hex(key.get("kid_hex").unwrap()));
            assert_eq!(
                kid.to_string(),
                key.get("kid_text").unwrap().as_str().unwrap()
            );
            assert_eq!(crate::key::Kid::of_cose_key(&cose), Ok(kid));
            assert_eq!(read.to_cose(), cose);
            read
        };
        let keys: Vec<_> = texts("keys").iter().map(key).collect();
        let weight = match case.get("ct").and_then(Json::as_str) {
            Some("accept") => Weight::Proved,
            _ => Weight::False,
        };
        let run = |reading| {
            let tokens = tokens.iter().map(Vec::as_slice);
            let set = TokenSet::read(tokens, keys.clone(), reading).unwrap();
            let unkeyed = Unkeyed::Dropped;
            procedure::run(&set, now, unkeyed, Token::is_signed_by, |_| decided(weight))
        };
        let report = run(Reading::Strict);
        assert_eq!(report.results(), texts("expect"), "{name}: {report:?}");
        let by: Vec<_> = report.endorsed_by().map(|it| it.to_string()).collect();
        assert_eq!(by, texts("endorsed_by"), "{name}");
        let strict_only = case.get("strict_only") == Some(&Json::Bool(true));
        let lenient = run(Reading::Lenient);
        assert_eq!(
            lenient.holds.is_ok(),
            report.holds.is_ok() || strict_only,
            "{name}"
        );
        dropped.extend(report.holds.err().map(|broken| broken.rule.code()));
    }
    assert_eq!(cases.len(), 36);
    let expected = [
        "emblem-commitment-false",
        "emblem-exceeds-purposes",
        "emblem-expired",
        "emblem-no-chain",
        "emblem-several",
        "emblem-signature",
        "emblem-token-claim",
        "emblem-token-no-cwt-tag",
        "emblem-token-trailing",
        "emblem-token-unprotected",
    ];
    assert_eq!(dropped.into_iter().collect::<Vec<_>>(), expected);
}
