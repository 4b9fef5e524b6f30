use data_encoding::{BASE64, HEXLOWER};
use ensign_trust::cbor::{self, Value};

use super::*;
use crate::tests::invented::Secret;
use crate::tests::recorded;

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn cose(members: Vec<(i128, Value)>) -> Vec<u8> {
    let members = members
        .into_iter()
        .map(|(label, value)| (Value::Int(label), value));
    cbor::encode(&Value::Map(members.collect()))
}

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let text = BASE64.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|it| std::str::from_utf8(it).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
    .into_bytes()
}

#[test]
fn each_form_of_a_key_is_the_same_key() {
    for algorithm in Algorithm::ALL {
        let key = Secret::new(algorithm, 5).key();
        assert_eq!(key.algorithm(), algorithm);
        assert_eq!(Algorithm::from_cose(algorithm.cose()), Some(algorithm));
        assert_eq!(Algorithm::from_jose(algorithm.jose()), Some(algorithm));
        for form in [
            key.to_cose(),
            key.to_jwk().into_bytes(),
            pem("PUBLIC KEY", &key.to_spki()),
        ] {
            let read = EmblemKey::read(&form).unwrap();
            assert_eq!(read, key);
            for dialect in [Dialect::Cwt, Dialect::Jws] {
                assert_eq!(read.kid(dialect), key.kid(dialect));
            }
        }
        assert_ne!(key.kid(Dialect::Cwt), key.kid(Dialect::Jws));
        assert_eq!(Kid::of_cose_key(&key.to_cose()), Ok(key.kid(Dialect::Cwt)));
    }
}

#[test]
fn thumbprints_are_those_of_the_standards() {
    // RFC 9679 section 6.
    let key = hex(concat!(
        "a4010220012158",
        "2065eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d",
        "2258201e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c"
    ));
    let kid = Kid::of_cose_key(&key).unwrap();
    let thumbprint = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";
    assert_eq!(HEXLOWER.encode(kid.as_bytes()), thumbprint);
    // Without its algorithm it verifies nothing.
    assert_eq!(EmblemKey::from_cose(&key), Err(KeyError::NoAlgorithm));
    // RFC 8037 appendix A.3.
    let key = br#"{"kty":"OKP","alg":"EdDSA","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let kid = EmblemKey::read(key).unwrap().kid(Dialect::Jws);
    let thumbprint = data_encoding::BASE64URL_NOPAD.encode(kid.as_bytes());
    assert_eq!(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn recorded_key_ids_are_reproduced_and_the_legacy_one_is_not() {
    let kid_in = |file: &str| {
        let text = recorded::text(&format!("adem-jws/certs/{file}"))?;
        let key = EmblemKey::read(text.as_bytes()).unwrap();
        let (_, rest) = text.split_once("\"kid\": \"").unwrap();
        Some((
            key.kid(Dialect::Jws),
            rest.split_once('"').unwrap().0.to_owned(),
        ))
    };
    for name in ["auth.felixlinker.de", "emblem.felixlinker.de", "emblem"] {
        let Some((computed, written)) = kid_in(&format!("{name}.pub.json")) else {
            return;
        };
        assert_eq!(computed.to_string(), written, "{name}");
    }
    // The same key with the id of an older dialect: an id that comes with a key is ignored.
    let (computed, written) = kid_in("emblem.pk.json").unwrap();
    assert_ne!(computed.to_string(), written);
    assert_eq!(kid_in("emblem.pub.json").unwrap().0, computed);
}

#[test]
fn a_key_id_has_one_text() {
    let kid = Kid::from_bytes([0xa5; 32]);
    let text = kid.to_string();
    assert_eq!(text.len(), 52);
    assert_eq!(text.parse(), Ok(kid));
    let last = format!("{}b", &text[..51]);
    for wrong in [
        text.to_uppercase(),
        format!("{text}a"),
        text[..51].to_owned(),
        last,
    ] {
        assert_eq!(wrong.parse::<Kid>(), Err(NotAKid), "{wrong}");
    }
}

#[test]
fn private_parts_are_refused_wherever_they_stand() {
    for algorithm in Algorithm::ALL {
        let secret = Secret::new(algorithm, 5);
        let key = secret.key();
        let Ok(Value::Map(mut members)) = cbor::decode(&key.to_cose()) else {
            panic!("a COSE_Key is a map");
        };
        members.push((Value::Int(-4), Value::Bytes(secret.bytes())));
        let with_d = cbor::encode(&Value::Map(members));
        assert_eq!(EmblemKey::read(&with_d), Err(KeyError::Private));
        assert_eq!(Kid::of_cose_key(&with_d), Err(KeyError::Private));
        let jwk = key.to_jwk().replacen('{', "{\"d\":\"AA\",", 1);
        assert_eq!(EmblemKey::read(jwk.as_bytes()), Err(KeyError::Private));
    }
    for label in ["PRIVATE KEY", "EC PRIVATE KEY"] {
        assert_eq!(
            EmblemKey::read(&pem(label, &[0; 40])),
            Err(KeyError::Private)
        );
    }
    let symmetric = br#"{"kty":"oct","alg":"HS256","k":"AAAA"}"#;
    assert_eq!(EmblemKey::read(symmetric), Err(KeyError::Symmetric));
    let symmetric = cose(vec![(1, Value::Int(4)), (-1, Value::bytes([7; 16]))]);
    assert_eq!(EmblemKey::read(&symmetric), Err(KeyError::Symmetric));
}

#[test]
fn algorithm_and_curve_must_agree_and_be_known() {
    let key = Secret::new(Algorithm::Es256, 5).key();
    let (x, y) = key.coordinates().split_at(32);
    let ec2 = |curve: i128, algorithm: i128| {
        cose(vec![
            (1, Value::Int(2)),
            (-1, Value::Int(curve)),
            (-2, Value::bytes(x)),
            (-3, Value::bytes(y)),
            (3, Value::Int(algorithm)),
        ])
    };
    assert!(EmblemKey::read(&ec2(1, -7)).is_ok());
    assert_eq!(
        EmblemKey::read(&ec2(1, -36)),
        Err(KeyError::AlgorithmMismatch)
    );
    assert_eq!(
        EmblemKey::read(&ec2(1, -8)),
        Err(KeyError::AlgorithmMismatch)
    );
    assert_eq!(EmblemKey::read(&ec2(1, -257)), Err(KeyError::Unsupported));
    assert_eq!(EmblemKey::read(&ec2(8, -47)), Err(KeyError::Unsupported));
    assert_eq!(EmblemKey::read(&ec2(2, -35)), Err(KeyError::Coordinate));
    let jwk = key.to_jwk();
    for (from, to, why) in [
        ("ES256", "ES512", KeyError::AlgorithmMismatch),
        ("ES256", "none", KeyError::Unsupported),
        ("ES256", "HS256", KeyError::Unsupported),
        ("P-256", "secp256k1", KeyError::Unsupported),
        ("\"alg\":\"ES256\",", "", KeyError::NoAlgorithm),
        ("\"alg\"", "\"use\":\"enc\",\"alg\"", KeyError::OtherUse),
        (
            "\"alg\"",
            "\"key_ops\":[\"sign\"],\"alg\"",
            KeyError::OtherUse,
        ),
        (
            "\"alg\"",
            "\"kty\":\"EC\",\"alg\"",
            KeyError::Twice {
                member: "the member \"kty\"",
                at: 40,
            },
        ),
        ("\"x\":\"", "\"x\":\"AAAA", KeyError::Coordinate),
    ] {
        let changed = jwk.replacen(from, to, 1);
        assert_ne!(changed, jwk);
        assert_eq!(EmblemKey::read(changed.as_bytes()), Err(why), "{changed}");
    }
    let sign = jwk.replacen(
        "\"alg\"",
        "\"use\":\"sig\",\"key_ops\":[\"verify\"],\"alg\"",
        1,
    );
    assert_eq!(EmblemKey::read(sign.as_bytes()), Ok(key));
}

#[test]
fn weak_compressed_and_foreign_points_are_refused() {
    let okp = |x: [u8; 32]| {
        cose(vec![
            (1, Value::Int(1)),
            (-1, Value::Int(6)),
            (-2, Value::bytes(x)),
            (3, Value::Int(-8)),
        ])
    };
    let mut one = [0; 32];
    one[0] = 1;
    assert_eq!(EmblemKey::read(&okp(one)), Err(KeyError::Weak));
    let mut p_plus_one = [0xff; 32];
    (p_plus_one[0], p_plus_one[31]) = (0xee, 0x7f);
    assert_eq!(EmblemKey::read(&okp(p_plus_one)), Err(KeyError::NotAPoint));
    for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512] {
        let width = algorithm.curve().width();
        let zero = vec![0; 2 * width];
        assert_eq!(EmblemKey::new(algorithm, &zero), Err(KeyError::NotAPoint));
        let huge = vec![0xff; 2 * width];
        assert_eq!(EmblemKey::new(algorithm, &huge), Err(KeyError::NotAPoint));
        let short = vec![1; 2 * width - 1];
        assert_eq!(EmblemKey::new(algorithm, &short), Err(KeyError::Coordinate));
        let key = Secret::new(algorithm, 5).key();
        let mut off = key.coordinates().to_vec();
        *off.last_mut().unwrap() ^= 1;
        assert_eq!(EmblemKey::new(algorithm, &off), Err(KeyError::NotAPoint));
    }
    let key = Secret::new(Algorithm::Es256, 5).key();
    let compressed = cose(vec![
        (1, Value::Int(2)),
        (-1, Value::Int(1)),
        (-2, Value::bytes(&key.coordinates()[..32])),
        (-3, Value::Bool(true)),
        (3, Value::Int(-7)),
    ]);
    assert_eq!(EmblemKey::read(&compressed), Err(KeyError::Coordinate));
}

#[test]
fn what_is_no_key_is_refused() {
    let spki = Secret::new(Algorithm::Es384, 5).key().to_spki();
    let trailing = [&spki[..], &[0]].concat();
    assert_eq!(EmblemKey::from_spki(&trailing), Err(KeyError::Spki));
    assert_eq!(
        EmblemKey::read(&pem("PUBLIC KEY", &trailing)),
        Err(KeyError::NotAKey)
    );
    assert_eq!(
        EmblemKey::from_spki(&spki[..spki.len() - 1]),
        Err(KeyError::Spki)
    );
    assert_eq!(
        EmblemKey::read(&pem("CERTIFICATE", &spki)),
        Err(KeyError::NotAKey)
    );
    for bytes in [&b""[..], b"hello", b"{", b"\xa0\x00", b"[1]", b"-----BEGIN"] {
        assert_eq!(EmblemKey::read(bytes), Err(KeyError::NotAKey), "{bytes:?}");
    }
    assert_eq!(EmblemKey::read(b"\xa0"), Err(KeyError::Unsupported));
    let long = [&b"{"[..], &vec![b' '; MAX_KEY], b"}"].concat();
    assert_eq!(EmblemKey::read(&long), Err(KeyError::TooLong));
}

#[test]
fn a_member_that_stands_twice_is_named_with_its_place() {
    let twice = |bytes: &[u8]| EmblemKey::read(bytes).unwrap_err();
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"AA", "x":"AA"}"#;
    let member = "the member \"x\"";
    assert_eq!(twice(jwk.as_bytes()), KeyError::Twice { member, at: 39 });
    assert_eq!(&jwk[39..41], "\"x");
    let other = r#"{"kty":"OKP","kty ":1,"kty ":2}"#;
    let member = "a member";
    assert_eq!(twice(other.as_bytes()), KeyError::Twice { member, at: 22 });
    let set = r#"{"keys":[{"kty":"OKP","alg":"EdDSA","alg":"ES256"}]}"#;
    let member = "the member \"alg\"";
    let refused = EmblemKey::read_set(set.as_bytes()).unwrap_err();
    assert_eq!(refused, KeyError::Twice { member, at: 36 });
    // {1: 1, -1: 6, -1: 6}
    let cose = [0xa3, 0x01, 0x01, 0x20, 0x06, 0x20, 0x06];
    let member = "the member -1 (crv)";
    assert_eq!(twice(&cose), KeyError::Twice { member, at: 5 });
    let told = twice(&cose).to_string();
    assert!(
        told.contains("the member -1 (crv) stands twice in the key, the second time at byte 5")
    );
}
