//! Commitments against the recorded certificates.

use std::collections::BTreeSet;

use super::*;
use crate::tests::recorded;
use crate::token::{Leaf, Token};
use crate::verify::TokenSet;

/// What is found about each log entry of a recorded endorsement.
fn findings(set: &TokenSet, at: usize, evidence: &Evidence) -> Vec<Finding> {
    let token: &Token = set.token(at).unwrap();
    let endorsement = token.endorsement().unwrap();
    let binding = Binding {
        dialect: token.dialect(),
        organisation: endorsement.issuer.as_ref().unwrap(),
        key: token.kid(),
    };
    let checked = check(&binding, &endorsement.log, evidence, &BTreeSet::new());
    checked.into_iter().map(|it| it.finding).collect()
}

fn is_proved(finding: &Finding) -> bool {
    matches!(finding, Finding::Proved(proof) if proof.issuer_checked && !proof.included)
}

const ISSUER: usize = 1;
const AUTHORITY: usize = 2;

#[test]
fn recorded_certificates_prove_what_the_recorded_tokens_name() {
    let (Some(set), Some(auth), Some(emblem)) = (
        recorded::live(),
        recorded::chain("auth"),
        recorded::chain("emblem"),
    ) else {
        return;
    };
    let evidence = recorded::evidence(&[&auth, &emblem]).unwrap();
    assert!(findings(&set, AUTHORITY, &evidence).iter().all(is_proved));
    let [gouda, sphinx] = &findings(&set, ISSUER, &evidence)[..] else {
        panic!("the issuer names two entries");
    };
    assert!(is_proved(sphinx));
    let entries = &set.token(ISSUER).unwrap().endorsement().unwrap().log;
    assert_eq!(entries[0].leaf, Leaf::Index(1_486_270_852));
    let missing = Missing::LogKey {
        log: entries[0].log,
        unvouched: false,
    };
    assert_eq!(*gouda, Finding::Unproven(missing));
    assert!(entries[0].log.to_string().starts_with("GoudaUpXmMiZoMqI"));
}

/// Every byte of the certificate and of its SCTs matters: none can change and leave the entry proved.
#[test]
fn no_byte_of_a_recorded_certificate_can_change_unseen() {
    let (Some(set), Some(auth)) = (recorded::live(), recorded::chain("auth")) else {
        return;
    };
    let evidence = recorded::evidence(&[&auth]).unwrap();
    let chain: Vec<Vec<u8>> = evidence
        .chains()
        .next()
        .unwrap()
        .iter()
        .map(|it| it.to_vec())
        .collect();
    let keys = recorded::evidence(&[]).unwrap();
    let (mut read, mut contradicted) = (0, 0);
    for at in (0..chain[0].len()).step_by(7) {
        let mut leaf = chain[0].clone();
        leaf[at] ^= 0x01;
        let mut altered = keys.clone();
        if altered.add_chain(&[&leaf, &chain[1]]).is_err() {
            continue;
        }
        read += 1;
        for finding in findings(&set, AUTHORITY, &altered) {
            assert!(!is_proved(&finding), "byte {at}");
            contradicted += usize::from(matches!(finding, Finding::False(_)));
        }
    }
    assert!(read > 50 && contradicted > 20, "{read} {contradicted}");
}

#[test]
fn an_altered_sct_is_false_whichever_part_of_it_is_altered() {
    let (Some(set), Some(auth)) = (recorded::live(), recorded::chain("auth")) else {
        return;
    };
    let evidence = recorded::evidence(&[&auth]).unwrap();
    let chain: Vec<Vec<u8>> = evidence
        .chains()
        .next()
        .unwrap()
        .iter()
        .map(|it| it.to_vec())
        .collect();
    let log = set.token(AUTHORITY).unwrap().endorsement().unwrap().log[0].log;
    let id = log.as_bytes();
    let start = chain[0].windows(32).position(|it| it == id).unwrap();
    // After the id: eight bytes of timestamp, two of length, two of algorithms, two of length.
    for (offset, what) in [(32 + 7, "timestamp"), (32 + 8 + 6 + 20, "signature")] {
        let mut leaf = chain[0].clone();
        leaf[start + offset] ^= 0x01;
        let mut altered = recorded::evidence(&[]).unwrap();
        altered.add_chain(&[&leaf, &chain[1]]).unwrap();
        let found = findings(&set, AUTHORITY, &altered);
        let Finding::False(contradiction) = &found[0] else {
            panic!("{what}: {found:?}");
        };
        assert_eq!(contradiction.flaw, Flaw::SctSignature, "{what}");
        // Evidence that is right outweighs what anybody may have put beside it.
        let mut both = altered.clone();
        both.extend(&evidence).unwrap();
        assert!(findings(&set, AUTHORITY, &both).iter().all(is_proved));
    }
}
