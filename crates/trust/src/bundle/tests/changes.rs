//! Changed bytes, missing parts, random parts: each is refused, and none makes a panic.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::story::{Story, need, record};
use super::*;

#[test]
fn every_changed_byte_is_refused_with_the_outer_digest_as_it_was_or_made_anew() {
    let story = Story::of_records(1, 16, 600);
    assert_every_change_is_refused(&story.bundle_of(300).encode());
}

#[test]
fn every_changed_byte_of_an_unwitnessed_bundle_is_refused() {
    let mut story = Story::opened(1);
    story.states(0);
    story.receives();
    assert_every_change_is_refused(&story.bundle_of(0).encode());
}

#[test]
fn every_truncation_is_refused() {
    let file = log().bundle_of(0).encode();
    for len in 0..file.len() {
        assert!(Bundle::decode(&file[..len]).is_err(), "{len} bytes");
    }
    let content = content(&file);
    for len in 0..content.len() {
        assert!(
            Bundle::decode(&framed(&content[..len])).is_err(),
            "{len} bytes of content"
        );
    }
    let longer = [&file[..], &[0]].concat();
    assert!(matches!(
        Bundle::decode(&longer),
        Err(BundleError::Encoding(_))
    ));
}

#[test]
fn a_bundle_without_any_one_of_its_parts_is_none() {
    let file = log().bundle_of(0).encode();
    let Value::Array(parts) = cbor::decode(&file).unwrap() else {
        panic!("{file:?}")
    };
    for at in 0..parts.len() {
        let mut fewer = parts.clone();
        fewer.remove(at);
        let fewer = cbor::encode(&Value::Array(fewer));
        assert_eq!(
            Bundle::decode(&fewer),
            Err(BundleError::NotABundle),
            "part {at}"
        );
    }
    let Value::Map(members) = cbor::decode(&content(&file)).unwrap() else {
        panic!("{file:?}")
    };
    for at in 0..members.len() {
        let mut fewer = members.clone();
        fewer.remove(at);
        let without = framed(&cbor::encode(&Value::Map(fewer.clone())));
        assert_eq!(
            Bundle::decode(&without),
            Err(BundleError::Part("content")),
            "member {at}"
        );
        fewer.push((Value::text("more"), members[at].1.clone()));
        let renamed = framed(&cbor::encode(&Value::Map(fewer)));
        assert_eq!(
            Bundle::decode(&renamed),
            Err(BundleError::Part("content")),
            "member {at}"
        );
        let mut other = members.clone();
        other[at].1 = Value::Bool(true);
        let other = framed(&cbor::encode(&Value::Map(other)));
        let (Value::Text(name), _) = &members[at] else {
            panic!("{members:?}")
        };
        let Err(BundleError::Part(part)) = Bundle::decode(&other) else {
            panic!("{name}")
        };
        assert_eq!(part, name);
    }
    for no_size in [Value::text("9"), Value::Int(-1)] {
        let sized = [&members[..], &[(Value::text("size"), no_size)]].concat();
        let sized = framed(&cbor::encode(&Value::Map(sized)));
        assert_eq!(Bundle::decode(&sized), Err(BundleError::Part("size")));
    }
    let result = |parts: Vec<Value>| (Value::text("result"), Value::Array(parts));
    let (at, bytes, root) = (Value::Int(0), Value::bytes([1]), Value::bytes([0; 32]));
    let none = Value::Array(Vec::new());
    for no_result in [
        (Value::text("result"), Value::Int(0)),
        result(vec![at.clone(), bytes.clone(), root.clone()]),
        result(vec![
            bytes.clone(),
            bytes.clone(),
            root.clone(),
            none.clone(),
        ]),
        result(vec![
            Value::Int(i128::from(u64::MAX)),
            bytes.clone(),
            root.clone(),
            none.clone(),
        ]),
        result(vec![at.clone(), at.clone(), root, none.clone()]),
        result(vec![at.clone(), bytes.clone(), bytes.clone(), none]),
        result(vec![
            at,
            bytes.clone(),
            bytes.clone(),
            Value::Array(vec![bytes]),
        ]),
    ] {
        let stated = [&members[..], &[no_result]].concat();
        let stated = framed(&cbor::encode(&Value::Map(stated)));
        assert_eq!(Bundle::decode(&stated), Err(BundleError::Part("result")));
    }
    let more = [members, vec![(Value::text("more"), Value::Int(1))]].concat();
    let more = framed(&cbor::encode(&Value::Map(more)));
    assert_eq!(Bundle::decode(&more), Err(BundleError::Part("content")));
}

#[test]
fn a_file_of_another_kind_version_or_size_is_no_bundle() {
    let file = log().bundle_of(0).encode();
    let Value::Array(parts) = cbor::decode(&file).unwrap() else {
        panic!("{file:?}")
    };
    for (at, value) in [
        (0, Value::text("ensign bundles")),
        (1, Value::Int(2)),
        (3, Value::Int(0)),
    ] {
        let mut other = parts.clone();
        other[at] = value;
        let other = cbor::encode(&Value::Array(other));
        assert_eq!(
            Bundle::decode(&other),
            Err(BundleError::NotABundle),
            "part {at}"
        );
    }
    let mut damaged = parts;
    damaged[3] = Value::bytes([0; 32]);
    let damaged = cbor::encode(&Value::Array(damaged));
    assert_eq!(Bundle::decode(&damaged), Err(BundleError::Digest));
    let long = vec![0; MAX_BUNDLE + 1];
    assert_eq!(Bundle::decode(&long), Err(BundleError::TooLong(long.len())));
}

proptest! {
    #[test]
    fn random_bytes_are_refused_without_a_panic(bytes in any_bytes(400)) {
        prop_assert!(Bundle::decode(&bytes).is_err());
        if let Ok(bundle) = Bundle::decode(&framed(&bytes)) {
            prop_assert!(bundle.verify(None, need).is_err());
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_refused_without_a_panic(bundle in any_bundle()) {
        let file = bundle.encode();
        let read = Bundle::decode(&file);
        prop_assert_eq!(read.as_ref(), Ok(&bundle));
        let whole = BUNDLES.contains(&bundle);
        prop_assert_eq!(bundle.verify(None, need).is_ok(), whole);
    }

    #[test]
    fn random_text_makes_no_anchors_and_no_panic(text in "(realm|log|party|witness|group|quorum|#|[ -~é\n]){0,20}") {
        prop_assert!(text.parse::<Anchors>().is_err());
    }

    #[test]
    fn changed_anchors_are_refused_or_read_back_as_they_are_written(
        at in any::<prop::sample::Index>(),
        len in 0_usize..4,
        put in "[ -~é\n]{0,6}",
    ) {
        let mut text = ANCHORS.clone();
        let at = at.index(text.len());
        let end = (at + len).min(text.len());
        text.replace_range(at..end, &put);
        if let Ok(anchors) = text.parse::<Anchors>() {
            let written = anchors.to_string();
            let again = written.parse::<Anchors>().map(|again| again.to_string());
            prop_assert_eq!(again, Ok(written));
        }
    }
}

/// The content inside a file.
fn content(file: &[u8]) -> Vec<u8> {
    let [_, _, content, _]: [Value; 4] = cbor::decode(file)
        .unwrap()
        .into_array()
        .unwrap()
        .try_into()
        .unwrap();
    content.into_bytes().unwrap()
}

/// A file around any content, its digest made anew.
fn framed(content: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(content).into();
    cbor::encode(&Value::Array(vec![
        Value::text(MAGIC),
        VERSION.into(),
        Value::bytes(content),
        Value::bytes(digest),
    ]))
}

fn read_and_verify(file: &[u8]) -> Result<Verified, BundleError> {
    Bundle::decode(file)?.verify(None, need)
}

/// Asserts that a file is refused after a change to each byte: as it is, and with its outer
/// digest made anew. Trust anchors only ever refuse more, so none are given.
fn assert_every_change_is_refused(file: &[u8]) {
    let content = content(file);
    assert_eq!(framed(&content), file);
    for at in 0..file.len() {
        for mask in masks(at) {
            let mut changed = file.to_vec();
            changed[at] ^= mask;
            assert!(Bundle::decode(&changed).is_err(), "byte {at} xor {mask:#x}");
        }
    }
    for at in 0..content.len() {
        for mask in masks(at) {
            let mut changed = content.clone();
            changed[at] ^= mask;
            let verdict = read_and_verify(&framed(&changed));
            assert!(verdict.is_err(), "byte {at} of the content xor {mask:#x}");
        }
    }
}

/// The lowest bit, the highest, and a mix that differs from place to place.
fn masks(at: usize) -> [u8; 3] {
    let mixed = Sha256::digest(at.to_be_bytes())[0];
    [0x01, 0x80, mixed.max(2)]
}

/// Bundles of the first records of one log: made once, as signing takes most of the time.
static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| {
    let story = log();
    (0..20).map(|n| story.bundle_of(n)).collect()
});

static ANCHORS: LazyLock<String> = LazyLock::new(|| log().anchors().to_string());

fn any_bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

prop_compose! {
    /// Parts that need not fit each other, some of them from a good bundle.
    fn any_bundle()(
        good in prop::bits::u8::ANY,
        n in 0_usize..20,
        texts in prop::collection::vec(".{0,60}", 2),
        bytes in prop::collection::vec(any_bytes(80), 2),
        entries in prop::collection::vec(
            (any::<u64>(), any_bytes(80), prop::collection::vec(any::<Hash>(), 0..4)), 0..4),
    ) -> Bundle {
        let mut bundle = BUNDLES[n].clone();
        let bad = |bit: u8| good & (1 << bit) == 0;
        if bad(0) { bundle.log = texts[0].clone(); }
        if bad(1) { bundle.cosigners = vec![texts[1].clone()]; }
        if bad(2) { bundle.checkpoint = bytes[0].clone(); }
        if bad(3) { bundle.disclosures = vec![bytes[1].clone()]; }
        if bad(4) { bundle.subject = record(n as u64 + 1); }
        if bad(5) {
            bundle.entries = entries
                .into_iter()
                .map(|(index, entry, proof)| Proven { index, entry, proof })
                .collect();
        }
        bundle
    }
}
