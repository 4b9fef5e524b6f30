//! Commitments against the recorded certificates, and against invented ones.

use std::collections::BTreeSet;

use super::*;
use crate::key::Algorithm;
use crate::tests::invented::{
    Certified, Committed, Issuer, LOGGED, Log, Secret, organisation, sct_list,
};
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

/// What each single changed byte does, in two ways each: the certificate is read all the same,
/// and never is nothing false.
fn no_byte_of_the_scts_can_change(
    chain: &[Vec<u8>],
    keys: &Evidence,
    found: impl Fn(&Evidence) -> Vec<Finding>,
) {
    let list = sct_list(&chain[0]);
    assert!(list.len() > 100);
    for at in list.clone() {
        for change in [0x01, 0x80] {
            let mut leaf = chain[0].clone();
            leaf[at] ^= change;
            let mut altered = keys.clone();
            let above = chain[1..].iter().map(Vec::as_slice);
            let certificates: Vec<_> = std::iter::once(&leaf[..]).chain(above).collect();
            assert_eq!(altered.add_chain(&certificates), Ok(Added::Chain));
            let found = found(&altered);
            let is_false = |it: &Finding| matches!(it, Finding::False(_));
            let offset = at - list.start;
            assert!(found.iter().any(is_false), "{offset} {change}: {found:?}");
        }
    }
}

#[test]
fn every_altered_byte_of_the_recorded_scts_is_false() {
    let Some(set) = recorded::live() else {
        return;
    };
    let keys = recorded::evidence(&[]).unwrap();
    for (name, token) in [("auth", AUTHORITY), ("emblem", ISSUER)] {
        let whole = recorded::evidence(&[&recorded::chain(name).unwrap()]).unwrap();
        let chain: Vec<_> = whole.chains[0]
            .certificates()
            .map(|it| it.der.clone())
            .collect();
        no_byte_of_the_scts_can_change(&chain, &keys, |it| findings(&set, token, it));
        // Evidence that is right outweighs what anybody may have put beside it.
        let mut leaf = chain[0].clone();
        leaf[sct_list(&chain[0]).end - 1] ^= 1;
        let mut both = keys.clone();
        both.add_chain(&[&leaf, &chain[1]]).unwrap();
        both.extend(&whole).unwrap();
        assert!(findings(&set, token, &both).iter().any(is_proved));
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
    let Finding::Unproven(Missing::Certificate { foreign, .. }) = found(&made) else {
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

/// What is found about entries of the hospital's, with the keys of these logs.
fn about(
    committed: &Committed,
    certified: &Certified,
    entries: &[LogEntry],
    logs: &[&Log],
) -> Vec<Finding> {
    let hospital = organisation(HOSPITAL);
    let binding = binding(&hospital, committed);
    let mut evidence = Evidence::default();
    for log in logs {
        evidence.add_log_key(None, &log.spki()).unwrap();
    }
    certified.add_to(&mut evidence);
    let checked = check(&binding, entries, &evidence, &BTreeSet::new());
    checked.into_iter().map(|it| it.finding).collect()
}

fn flaws(found: &[Finding]) -> Vec<Option<Flaw>> {
    let flaw = |it: &Finding| match it {
        Finding::False(found) => Some(found.flaw),
        _ => None,
    };
    found.iter().map(flaw).collect()
}

/// Whether all are unproven for want of the entry's certificate, and this one is named as foreign.
fn names_as_foreign(found: &[Finding], names: &[String]) -> bool {
    found.iter().all(|it| match it {
        Finding::Unproven(Missing::Certificate { foreign, .. }) => {
            foreign.len() == 1 && foreign[0].names == names
        }
        _ => false,
    })
}

#[test]
fn every_altered_byte_of_the_scts_is_false_where_the_issuer_is_known() {
    let logs = [Log::new(41), Log::new(42)];
    let committed = committed(&Issuer::new("An issuer", 51), &logs);
    let Certified { chain, entries } = &committed.certified;
    let hospital = organisation(HOSPITAL);
    let binding = binding(&hospital, &committed);
    let found = |entries: &[LogEntry], evidence: &Evidence| {
        let checked = check(&binding, entries, evidence, &BTreeSet::new());
        checked.into_iter().map(|it| it.finding).collect()
    };
    let mut keys = Evidence::default();
    // Without the logs' keys the issuer's signature still shows it, for each entry by itself.
    for log in [None, Some(&logs[0]), Some(&logs[1])] {
        if let Some(log) = log {
            keys.add_log_key(None, &log.spki()).unwrap();
        }
        for entry in entries {
            no_byte_of_the_scts_can_change(chain, &keys, |it| found(&[*entry], it));
        }
    }
}

#[test]
fn a_list_of_scts_that_cannot_be_read_is_told() {
    let logs = [Log::new(41), Log::new(42)];
    let committed = committed(&Issuer::new("An issuer", 51), &logs);
    let mut altered = committed.certified.clone();
    let list = sct_list(&altered.chain[0]);
    // The length of the list itself, after the head of the OCTET STRING.
    altered.chain[0][list.start + 4] ^= 1;
    let entries = &committed.certified.entries;
    let found = about(&committed, &altered, entries, &[&logs[0]]);
    assert_eq!(flaws(&found), [Some(Flaw::SctList); 2]);
    let own = organisation(HOSPITAL);
    let refused = super::entries(&binding(&own, &committed), altered.pem().as_bytes());
    assert_eq!(refused, Err(EntriesError::Scts));
    // Without the issuer nothing can be concluded.
    altered.chain.truncate(1);
    let found = about(&committed, &altered, entries, &[&logs[0], &logs[1]]);
    assert!(names_as_foreign(&found, &binding(&own, &committed).names()));
}

#[test]
fn an_intact_certificate_of_another_entry_is_foreign() {
    let (issuer, logs) = (Issuer::new("An issuer", 51), [Log::new(41), Log::new(42)]);
    let committed = committed(&issuer, &logs);
    let entries = &committed.certified.entries;
    let own = organisation(HOSPITAL);
    let names = binding(&own, &committed).names();
    let both = [&logs[0], &logs[1]];
    let other = Log::new(43);
    // Renewed: logged later, or in another log.
    let renewed = [(&logs[0], None), (&logs[1], Some(7))];
    let mut renewed = issuer.certify_at(&names, &renewed, LOGGED * 1000 + 1);
    let elsewhere = issuer.certify(&names, &[(&other, None)]);
    let self_made = Issuer::new("A stranger", 66).certify(&names, &[]);
    for certified in [&renewed, &elsewhere, &self_made] {
        let found = about(&committed, certified, entries, &both);
        assert!(names_as_foreign(&found, &names), "{found:?}");
    }
    // Its logs signed it, whatever happened to the signature of its issuer.
    *renewed.chain[0].last_mut().unwrap() ^= 1;
    let found = about(&committed, &renewed, entries, &both);
    assert!(names_as_foreign(&found, &names), "{found:?}");
    // No log at hand says so.
    let found = about(&committed, &renewed, entries, &[]);
    assert_eq!(flaws(&found), [Some(Flaw::IssuerSignature); 2]);
}

#[test]
fn of_an_issuer_whose_signature_is_not_checked_the_logs_say_what_was_altered() {
    let issuer = Issuer {
        is_rsa: true,
        ..Issuer::new("An issuer", 51)
    };
    let logs = [Log::new(41), Log::new(42)];
    let committed = committed(&issuer, &logs);
    let entries = &committed.certified.entries;
    let own = organisation(HOSPITAL);
    let names = binding(&own, &committed).names();
    let both = [&logs[0], &logs[1]];
    let unchecked = |it: &Finding| matches!(it, Finding::Proved(proof) if !proof.issuer_checked);
    let found = about(&committed, &committed.certified, entries, &both);
    assert!(found.iter().all(unchecked));
    let renewed = [(&logs[0], None), (&logs[1], Some(7))];
    let renewed = issuer.certify_at(&names, &renewed, LOGGED * 1000 + 1);
    let found = about(&committed, &renewed, entries, &both);
    assert!(names_as_foreign(&found, &names), "{found:?}");
    let certified = issuer.certify(&names, &[(&logs[0], None)]);
    let mut altered = certified.clone();
    let id = |it: &[u8]| it == logs[0].id().as_bytes();
    let at = altered.chain[0].windows(32).position(id).unwrap();
    altered.chain[0][at + 32 + 7] ^= 1;
    let found = about(&committed, &altered, &certified.entries, &both);
    assert_eq!(flaws(&found), [Some(Flaw::SctSignature)]);
    // Nobody at hand can say whose the SCT was.
    let mut altered = certified.clone();
    altered.chain[0][at] ^= 1;
    let found = about(&committed, &altered, &certified.entries, &both);
    assert!(names_as_foreign(&found, &names), "{found:?}");
}

#[test]
fn only_certificates_of_the_organisation_are_named_as_foreign() {
    let (issuer, logs) = (Issuer::new("An issuer", 51), [Log::new(41), Log::new(42)]);
    let committed = committed(&issuer, &logs);
    let entries = &committed.certified.entries;
    let own = organisation(HOSPITAL);
    let names = binding(&own, &committed).names();
    let of = |name: &str| {
        let certified = issuer.certify(&[name.to_owned()], &[]);
        about(&committed, &certified, entries, &[])
    };
    for near in [
        "www.hospital.example",
        "*.hospital.example",
        "hospital.example",
    ] {
        assert!(names_as_foreign(&of(near), &[near.to_owned()]), "{near}");
    }
    for far in ["otherhospital.example", "example", "relief.example"] {
        let none = Missing::Certificate {
            foreign: Vec::new(),
            names: names.clone(),
        };
        assert_eq!(none.code(), "emblem-missing-certificate");
        assert!(none.to_string().contains(&names[1]));
        assert!(
            of(far)
                .iter()
                .all(|it| *it == Finding::Unproven(none.clone()))
        );
    }
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
