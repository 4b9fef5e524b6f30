use super::*;
use crate::policy::{Outcome, Policy};
use crate::tests::recorded::{self, NOW};
use crate::verify::verify;

const KEPT: &str = "the recorded deployment";

/// The recorded deployment in one file.
fn live() -> Option<Bundle> {
    let set = recorded::live()?;
    let (auth, emblem) = (recorded::chain("auth")?, recorded::chain("emblem")?);
    let evidence = recorded::evidence(&[&auth, &emblem])?;
    let tokens = set.tokens().iter().cloned().map(|it| it.expect(KEPT));
    let policy = Some(Policy::default().id());
    Some(Bundle::new(tokens.collect(), set.keys().to_vec(), evidence, policy).expect(KEPT))
}

/// A small bundle of invented parts.
fn small() -> Bundle {
    let secret = crate::tests::invented::Secret::new(crate::key::Algorithm::EdDsa, 1);
    let token = crate::tests::invented::issue(&crate::tests::invented::emblem(), &secret);
    Bundle::new(vec![token], vec![secret.key()], Evidence::default(), None).unwrap()
}

fn framed(content: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(content).into();
    cbor::encode(&Value::Array(vec![
        Value::text(NAME),
        Value::Int(VERSION),
        Value::bytes(content),
        Value::bytes(digest),
    ]))
}

#[test]
fn a_bundle_reads_back_as_it_was_written_and_is_judged_like_its_parts() {
    let Some(bundle) = live() else {
        return;
    };
    let file = bundle.encode().unwrap();
    let read = Bundle::decode(&file).unwrap();
    assert_eq!(read.encode().unwrap(), file);
    assert_eq!((read.tokens().len(), read.keys().len()), (3, 3));
    assert_eq!(read.policy(), Some(Policy::default().id()));
    // Nobody vouches for the keys of logs that came with the tokens.
    let policy = |text: &str| Policy::from_toml(&format!("version = 1\n{text}")).unwrap();
    let judge = |policy| verify(&read.set(), read.evidence(), &policy, NOW);
    let alone = judge(policy("commitments = 1"));
    assert!(matches!(alone.outcome, Outcome::Unproven(lacks) if lacks.len() == 4));
    let logs: Vec<_> = read
        .evidence()
        .logs()
        .keys()
        .map(|id| format!("\"{id}\""))
        .collect();
    let named = judge(policy(&format!(
        "commitments = 1\nlogs = [{}]",
        logs.join(", ")
    )));
    assert_eq!(named.outcome, Outcome::Met);
    assert_eq!(
        named.report.results(),
        ["SIGNED", "ORGANIZATIONAL", "ENDORSED"]
    );
    // A verifier who has the keys needs no policy that names them.
    let mut evidence = read.evidence().clone();
    evidence.extend(&recorded::evidence(&[]).unwrap()).unwrap();
    let own = verify(&read.set(), &evidence, &policy("commitments = 1"), NOW);
    assert_eq!(own.outcome, Outcome::Met);
}

#[test]
fn a_damaged_file_is_told_from_a_false_one() {
    let file = small().encode().unwrap();
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        assert!(Bundle::decode(&damaged).is_err(), "byte {at}");
        assert!(Bundle::decode(&file[..at]).is_err(), "{at} bytes");
    }
    let mut damaged = file.clone();
    let middle = file.len() / 2;
    damaged[middle] ^= 1;
    assert_eq!(Bundle::decode(&damaged).unwrap_err(), BundleError::Damaged);
    assert!(matches!(
        Bundle::decode(&[&file[..], &[0]].concat()).unwrap_err(),
        BundleError::Encoding(_)
    ));
}

#[test]
fn a_bundle_has_one_form() {
    let bundle = small();
    let Value::Map(members) = bundle.content() else {
        panic!("the content is a map");
    };
    let with = |change: fn(&mut Vec<(Value, Value)>)| {
        let mut members = members.clone();
        change(&mut members);
        Bundle::decode(&framed(&cbor::encode(&Value::Map(members)))).unwrap_err()
    };
    fn member(name: &str, items: Vec<Value>) -> (Value, Value) {
        (Value::text(name), Value::Array(items))
    }
    assert_eq!(
        with(|it| it.push(member("notes", vec![]))),
        BundleError::Shape
    );
    assert_eq!(
        with(|it| it.push(member("logs", vec![]))),
        BundleError::Shape
    );
    assert_eq!(
        with(|it| it.retain(|(name, _)| *name != Value::text("tokens"))),
        BundleError::Size
    );
    fn twice(members: &mut Vec<(Value, Value)>) {
        for (_, list) in members {
            let Value::Array(items) = list else {
                panic!("lists only");
            };
            items.push(items[0].clone());
        }
    }
    assert_eq!(with(twice), BundleError::Shape);
    assert!(matches!(
        with(|it| it.push(member(
            "chains",
            vec![Value::Array(vec![Value::bytes([0x30, 0])])]
        ))),
        BundleError::Evidence(_)
    ));
    assert!(matches!(
        with(|it| it.push(member("revocations", vec![Value::bytes([0x30, 0])]))),
        BundleError::Evidence(_)
    ));
    assert_eq!(
        Bundle::new(vec![], vec![], Evidence::default(), None).unwrap_err(),
        BundleError::Size
    );
    let other = Value::Array(vec![
        Value::text(NAME),
        Value::Int(2),
        Value::bytes([]),
        Value::bytes([0; 32]),
    ]);
    assert_eq!(
        Bundle::decode(&cbor::encode(&other)).unwrap_err(),
        BundleError::Version(2)
    );
    assert_eq!(
        Bundle::decode(&[0x80]).unwrap_err(),
        BundleError::NotABundle
    );
}
