//! What travels with an emblem, whoever else says something about its key.

use ensign_trust::StatementId;
use ensign_trust::cbor::{self, Value};

use super::*;
use crate::asset::Registration;
use crate::asset::story::{
    AREN, BELV, HOSPITAL, STRANGER, Story, endorsement, kid, organisation, party, portal_token,
    recognised, registration, secret, year,
};
use crate::commitment::LogId;
use crate::purpose::Purpose;
use crate::token::{Endorsement, Leaf, LogEntry, Reading};
use crate::{authority, emblem};

/// Secrets of the keys of a stranger who has many.
const MANY: std::ops::Range<u8> = 50..62;

/// The hospital's portal with its own key, 30.
fn begun() -> Story {
    let mut story = Story::begun();
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    let portal: Registration = registration("portal.hospital.example");
    let asset = story.registers(HOSPITAL, portal);
    story.issues(HOSPITAL, 30, asset, year());
    story
}

fn ministry(story: &mut Story, by: u8, key: u8, name: &str) -> StatementId {
    story.publishes(by, key, Some(organisation(name)));
    story.endorses(by, key, endorsement(name, 30))
}

/// Who signed the endorsements that travel, in their order.
fn signers(story: &Story) -> Vec<Kid> {
    let token = portal_token(30, year(), Purpose::Protective.into());
    let (tokens, keys) = story.register.set_of(&token, &story.at(story.now));
    assert_eq!(keys.len(), tokens.len(), "each has a key of its own");
    tokens[1..].iter().map(Token::kid).collect()
}

#[test]
fn whoever_endorses_with_many_keys_crowds_nobody_out() {
    let mut story = begun();
    for key in MANY {
        ministry(&mut story, STRANGER, key, "stranger");
    }
    assert_eq!(signers(&story), [kid(61), kid(60)]);
    ministry(&mut story, AREN, 10, "first");
    ministry(&mut story, BELV, 20, "second");
    assert_eq!(signers(&story), [kid(61), kid(10), kid(20), kid(60)]);
    // What is recognised comes first, though it came last.
    story.recognises(AREN, recognised(organisation("second"), &[20]));
    assert_eq!(signers(&story), [kid(20), kid(61), kid(10), kid(60)]);
    story.recognises(AREN, recognised(organisation("first"), &[10]));
    assert_eq!(signers(&story), [kid(20), kid(10), kid(61), kid(60)]);
    let token = portal_token(30, year(), Purpose::Protective.into());
    let backed = |least| {
        let (tokens, _) = story
            .register
            .set_backed(&token, least, &story.at(story.now));
        tokens.len() - 1
    };
    let all = [Backer::Another, Backer::Itself, Backer::Nobody];
    assert_eq!(all.map(backed), [1, 2, 4]);
    // A stranger that recognises itself comes after those whom a third party recognises.
    let all: Vec<u8> = MANY.collect();
    story.recognises(STRANGER, recognised(organisation("stranger"), &all));
    assert_eq!(signers(&story), [kid(20), kid(61), kid(10), kid(60)]);
}

#[test]
fn of_one_party_what_is_recognised_travels_before_what_came_later() {
    let mut story = begun();
    for (key, name) in [(10, "first"), (11, "first"), (12, "third"), (13, "third")] {
        ministry(&mut story, AREN, key, name);
    }
    assert_eq!(signers(&story), [kid(13), kid(12)]);
    story.recognises(BELV, recognised(organisation("first"), &[10]));
    assert_eq!(signers(&story), [kid(10), kid(13)]);
    // A key is not recognised in another organisation's name.
    story.recognises(BELV, recognised(organisation("second"), &[11]));
    assert_eq!(signers(&story), [kid(10), kid(13)]);
    // What the emblem's own party says of others counts as much as if it said nothing.
    story.recognises(HOSPITAL, recognised(organisation("third"), &[12]));
    assert_eq!(signers(&story), [kid(10), kid(13)]);
}

#[test]
fn no_more_travel_than_a_set_has_room_for() {
    let mut story = begun();
    for n in 0..5 {
        let party = 100 + n;
        for key in [70 + n, 80 + n] {
            ministry(&mut story, party, key, &format!("ministry-{n}"));
        }
    }
    let eight = [80, 81, 82, 83, 84, 70, 71, 72];
    assert_eq!(signers(&story), eight.map(kid));
    let name = organisation("ministry-4");
    story.recognises(104, recognised(name, &[84]));
    let eight = [84, 80, 81, 82, 83, 70, 71, 72];
    assert_eq!(signers(&story), eight.map(kid));
}

#[test]
fn what_is_too_long_for_any_answer_stays_in_the_log() {
    for (length, expected) in [(1_500, vec![kid(10)]), (2_048, vec![])] {
        let mut story = begun();
        story.publishes(AREN, 10, Some(organisation("first")));
        let token = padded(10, length);
        let act = emblem::endorse(&story.register.emblems, party(AREN), token).unwrap();
        story.says(AREN, |draft| act.write(draft));
        assert_eq!(signers(&story), expected, "{length}");
    }
}

/// An endorsement with a claim that nobody knows, of this many bytes.
fn padded(key: u8, length: usize) -> Token {
    let public = EmblemKey::from_trust(&secret(key).public());
    let short = endorsement("first", 30).draft(&public).unwrap();
    let short = short.sign(&secret(key)).unwrap();
    let Value::Tag(61, sign1) = cbor::decode(short.bytes()).unwrap() else {
        panic!("a CWT");
    };
    let Value::Tag(18, parts) = *sign1 else {
        panic!("a COSE_Sign1");
    };
    let [header, open, claims, _] = parts.into_array().unwrap().try_into().unwrap();
    let claims = cbor::decode(&claims.into_bytes().unwrap()).unwrap();
    let mut claims = claims.into_map().unwrap();
    claims.push((Value::text("padding"), Value::bytes(vec![0; length])));
    let claims = Value::bytes(cbor::encode(&Value::Map(claims)));
    let parts = [
        Value::text("Signature1"),
        header.clone(),
        Value::bytes([]),
        claims.clone(),
    ];
    let message = cbor::encode(&Value::Array(parts.to_vec()));
    let signature = Value::bytes(secret(key).sign(&message));
    let sign1 = Value::Array(vec![header, open, claims, signature]);
    let tagged = Value::Tag(61, Box::new(Value::Tag(18, Box::new(sign1))));
    Token::from_cwt(&cbor::encode(&tagged), Reading::Strict).unwrap()
}

/// What the hospital's own organisation says of a key of it, with a commitment or none.
fn own(key: u8, entries: u8) -> Endorsement {
    let entry = |n: u8| LogEntry {
        log: LogId::from_bytes([n; 32]),
        leaf: Leaf::Hash([n; 32]),
    };
    Endorsement {
        may_endorse: key != 30,
        log: (0..entries).map(entry).collect(),
        ..endorsement("hospital", key)
    }
}

#[test]
fn nobody_takes_the_issuers_own_chain_over_in_its_name() {
    let mut story = begun();
    story.publishes(STRANGER, 66, Some(organisation("hospital")));
    story.endorses(STRANGER, 66, own(30, 0));
    // Nobody else says so: what is in its name is no endorsement by others.
    assert_eq!(signers(&story), [kid(66)]);
    // A party of the same organisation that was there before the stranger came.
    let mut story = begun();
    story.publishes(BELV, 31, Some(organisation("hospital")));
    let mut short = own(30, 1);
    short.validity.expires = story.now.cast_signed() + 600;
    story.endorses(BELV, 31, short);
    ministry(&mut story, AREN, 10, "first");
    let mut root = endorsement("first", 31);
    root.may_endorse = true;
    story.endorses(AREN, 10, root);
    story.publishes(STRANGER, 66, Some(organisation("hospital")));
    story.endorses(STRANGER, 66, own(30, 1));
    // Above a root key there is nothing of its own.
    story.endorses(STRANGER, 66, own(31, 1));
    assert_eq!(signers(&story), [kid(31), kid(10)]);
    // What is renewed keeps its place.
    story.endorses(BELV, 31, own(30, 1));
    story.now += 1_000;
    assert_eq!(signers(&story), [kid(31), kid(10)]);
    // The party itself, whenever it comes, and a key of it between the two.
    for key in [32, 33] {
        story.publishes(HOSPITAL, key, Some(organisation("hospital")));
    }
    story.endorses(HOSPITAL, 33, own(32, 1));
    story.endorses(HOSPITAL, 32, own(30, 0));
    story.endorses(STRANGER, 66, own(32, 1));
    assert_eq!(signers(&story), [kid(32), kid(33)]);
}

#[test]
fn nobody_but_its_holder_replaces_a_key() {
    let mut story = begun();
    ministry(&mut story, AREN, 10, "first");
    let by = |story: &mut Story, by: u8, keys: &[u8], supersedes| {
        let request = authority::Recognised {
            supersedes,
            ..recognised(organisation("first"), keys)
        };
        story.recognises(by, request)
    };
    let stranger = by(&mut story, STRANGER, &[10], None);
    by(&mut story, STRANGER, &[66], Some(stranger));
    assert_eq!(signers(&story), [kid(10)]);
    let own = by(&mut story, AREN, &[10], None);
    by(&mut story, AREN, &[11], Some(own));
    assert_eq!(signers(&story), []);
    // Nor does anybody else keep it.
    by(&mut story, BELV, &[10], None);
    assert_eq!(signers(&story), []);
}
