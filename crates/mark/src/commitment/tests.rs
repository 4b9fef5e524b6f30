//! Commitments against the recorded certificates, and against invented ones.

use std::collections::BTreeSet;

use super::*;
use crate::key::Algorithm;
use crate::tests::invented::{Certified, Committed, Issuer, Log, Secret, organisation};
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

const HOSPITAL: &str = "https://hospital.example";

/// A hospital's root key, certified and logged by a log with leaf hashes and one with indices.
fn committed(issuer: &Issuer, logs: &[Log; 2]) -> Committed {
    let secret = Secret::new(Algorithm::EdDsa, 2);
    let both = [(&logs[0], None), (&logs[1], Some(1_486_270_852))];
    Committed::new(HOSPITAL, secret, issuer, &both)
}

fn binding<'a>(organisation: &'a Organisation, committed: &Committed) -> Binding<'a> {
    Binding {
        dialect: Dialect::Cwt,
        organisation,
        key: committed.secret.key().kid(Dialect::Cwt),
    }
}

#[test]
fn a_shard_of_a_revocation_list_counts_only_for_certificates_that_name_it() {
    let issuer = |shard| Issuer {
        shard,
        ..Issuer::new("An issuer", 51)
    };
    let (one, other) = ("http://lists.example/1.crl", "http://lists.example/2.crl");
    let logs = [Log::new(41), Log::new(42)];
    let hospital = organisation(HOSPITAL);
    let committed = committed(&issuer(Some(one)), &logs);
    let found = |shard: Option<&'static str>, revoked: bool| {
        let mut evidence = Evidence::default();
        evidence.add_log_key(None, &logs[0].spki()).unwrap();
        committed.certified.add_to(&mut evidence);
        let list = issuer(shard).revocations(revoked, "270101000000Z");
        assert_eq!(evidence.add_file(&list), Ok(Added::RevocationList));
        let entries = &committed.certified.entries[..1];
        let binding = binding(&hospital, &committed);
        match &check(&binding, entries, &evidence, &BTreeSet::new())[0].finding {
            Finding::Proved(proof) => proof.revocation,
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(found(Some(one), true), Revocation::Revoked { .. }));
    assert!(matches!(found(Some(one), false), Revocation::Clear { .. }));
    assert_eq!(found(Some(other), true), Revocation::Unknown);
    assert_eq!(found(Some(other), false), Revocation::Unknown);
    // A list without a shard covers all that its issuer certifies.
    assert!(matches!(found(None, true), Revocation::Revoked { .. }));
}

#[test]
fn a_self_made_certificate_with_junk_for_a_timestamp_is_foreign_and_an_altered_one_is_false() {
    let logs = [Log::new(41), Log::new(42)];
    let committed = committed(&Issuer::new("An issuer", 51), &logs);
    let hospital = organisation(HOSPITAL);
    let binding = binding(&hospital, &committed);
    let found = |certified: &Certified| {
        let mut evidence = Evidence::default();
        evidence.add_log_key(None, &logs[1].spki()).unwrap();
        certified.add_to(&mut evidence);
        let entries = &committed.certified.entries[1..];
        let mut checked = check(&binding, entries, &evidence, &BTreeSet::new());
        checked.remove(0).finding
    };
    assert!(is_proved(&found(&committed.certified)));
    // Anybody can certify anything for these names, and write the entry's index into it.
    let posing = Log::new(66).posing_as(&logs[1]);
    let stranger = Issuer::new("A stranger", 66);
    let mut made = stranger.certify(&binding.names(), &[(&posing, Some(1_486_270_852))]);
    let Finding::Unproven(Missing::Certificate { foreign }) = found(&made) else {
        panic!("{:?}", found(&made));
    };
    assert_eq!(foreign[0].names, binding.names());
    // What neither its log nor its issuer signed was something else before.
    *made.chain[0].last_mut().unwrap() ^= 1;
    let Finding::False(contradiction) = found(&made) else {
        panic!("{:?}", found(&made));
    };
    assert_eq!(contradiction.flaw, Flaw::SctSignature);
}

#[test]
fn a_certificate_whose_signature_lacks_a_bit_is_refused() {
    let logs = [Log::new(41), Log::new(42)];
    let [mut leaf, issuer]: [Vec<u8>; 2] = committed(&Issuer::new("An issuer", 51), &logs)
        .certified
        .chain
        .try_into()
        .unwrap();
    // A BIT STRING with no unused bits, around an ECDSA signature.
    let is_start = |it: &[u8]| it[0] == 3 && it[2..] == [0, 0x30];
    let start = leaf.windows(4).rposition(is_start).unwrap();
    leaf[start + 2] = 1;
    *leaf.last_mut().unwrap() &= !1;
    let refused = Evidence::default().add_chain(&[&leaf, &issuer]);
    let Err(EvidenceError::Certificate { at: 1, source }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(source, CertificateError::Encoding);
}

#[test]
fn the_entries_of_a_certificate_are_those_that_it_proves() {
    let (issuer, logs) = (Issuer::new("An issuer", 51), [Log::new(41), Log::new(42)]);
    let committed = committed(&issuer, &logs);
    let hospital = organisation(HOSPITAL);
    let pem = committed.certified.pem();
    let of = |binding: &Binding, pem: &str| entries(binding, pem.as_bytes());
    let own = binding(&hospital, &committed);
    assert_eq!(of(&own, &pem), Ok(committed.certified.entries.clone()));

    let other = organisation("https://other.example");
    let other = binding(&other, &committed);
    assert!(matches!(of(&other, &pem), Err(EntriesError::Names(_))));
    let end = "-----END CERTIFICATE-----\n";
    let leaf = pem.split_inclusive(end).next().unwrap();
    assert_eq!(of(&own, leaf), Err(EntriesError::Issuer));
    let unlogged = issuer.certify(&own.names(), &[]).pem();
    assert_eq!(of(&own, &unlogged), Err(EntriesError::NotLogged));
    assert_eq!(of(&own, "{}"), Err(EntriesError::NotAChain));
    let broken = of(&own, "-----BEGIN CERTIFICATE-----");
    assert!(matches!(broken, Err(EntriesError::Evidence(_))));
}

#[test]
fn the_entries_of_the_recorded_certificates_are_those_that_their_tokens_name() {
    let (Some(set), Some(auth), Some(emblem)) = (
        recorded::live(),
        recorded::chain("auth"),
        recorded::chain("emblem"),
    ) else {
        return;
    };
    for (at, chain) in [(AUTHORITY, auth), (ISSUER, emblem)] {
        let token = set.token(at).unwrap();
        let endorsement = token.endorsement().unwrap();
        let binding = Binding {
            dialect: token.dialect(),
            organisation: endorsement.issuer.as_ref().unwrap(),
            key: token.kid(),
        };
        let mut named = endorsement.log.clone();
        let mut found = entries(&binding, chain.as_bytes()).unwrap();
        named.sort();
        found.sort();
        assert_eq!(found, named);
    }
}
