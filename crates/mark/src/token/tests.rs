use data_encoding::BASE64URL_NOPAD;
use ensign_trust::cbor::{self, Value};

use super::*;
use crate::encoding::Flaw;
use crate::identifier::IdentifierError;
use crate::name::NameError;
use crate::purpose::Purpose;
use crate::relation::{self, Excess};
use crate::tests::invented::{NOW, Secret, emblem, endorse, endorsement, issue};

fn secret() -> Secret {
    Secret::new(Algorithm::EdDsa, 1)
}

/// A token of the CWT dialect around any parts, signed.
fn sealed(header: Vec<(Value, Value)>, claims: Vec<(Value, Value)>) -> Vec<u8> {
    let header = cbor::encode(&Value::Map(header));
    let claims = cbor::encode(&Value::Map(claims));
    let message = cbor::encode(&Value::Array(vec![
        Value::text("Signature1"),
        Value::bytes(header.as_slice()),
        Value::bytes([]),
        Value::bytes(claims.as_slice()),
    ]));
    let parts = vec![
        Value::Bytes(header),
        Value::Map(vec![]),
        Value::Bytes(claims),
        Value::Bytes(secret().sign(&message)),
    ];
    let sign1 = Value::Tag(18, Box::new(Value::Array(parts)));
    cbor::encode(&Value::Tag(61, Box::new(sign1)))
}

fn int(number: i128) -> Value {
    Value::Int(number)
}

fn header() -> Vec<(Value, Value)> {
    let kid = secret().key().kid(Dialect::Cwt);
    vec![(int(1), int(-8)), (int(4), Value::bytes(*kid.as_bytes()))]
}

fn claims() -> Vec<(Value, Value)> {
    vec![
        (int(4), int(4_000_000_000)),
        (int(5), int(1)),
        (Value::text("ver"), int(1)),
        (Value::text("prp"), int(1)),
        (
            Value::text("assets"),
            Value::Array(vec![Value::text("www.hospital.example")]),
        ),
    ]
}

fn read(header: Vec<(Value, Value)>, claims: Vec<(Value, Value)>) -> Result<Token, TokenError> {
    Token::read(&sealed(header, claims), Reading::Strict)
}

/// The claims with one more, or with another value of one that is there.
fn with(key: Value, value: Value) -> Vec<(Value, Value)> {
    let mut claims = claims();
    claims.retain(|(name, _)| *name != key);
    claims.push((key, value));
    claims
}

#[test]
fn what_is_issued_reads_back_the_same() {
    for algorithm in Algorithm::ALL {
        let secret = Secret::new(algorithm, 1);
        let token = issue(&emblem(), &secret);
        assert_eq!(token.emblem(), Some(&emblem()));
        assert!(token.bytes().starts_with(&[0xd8, 0x3d, 0xd2, 0x84]));
        assert_eq!(
            cbor::encode(&cbor::decode(token.bytes()).unwrap()),
            token.bytes()
        );
        assert!(token.is_signed_by(&secret.key()));
        assert!(!token.is_signed_by(&Secret::new(algorithm, 2).key()));
        let entry = |leaf| LogEntry {
            log: LogId::from_bytes([3; 32]),
            leaf,
        };
        let log = vec![entry(Leaf::Hash([4; 32])), entry(Leaf::Index(5))];
        let kid = token.kid();
        let mut written = endorsement("https://hospital.example", kid, log);
        written.validity.issued = Some(written.validity.not_before);
        let token = endorse(&written, &secret);
        assert_eq!(token.endorsement(), Some(&written));
    }
    // A trust key signs like any other.
    let key = ensign_trust::key::SigningKey::from_seed(&[1; 32]);
    let draft = emblem()
        .draft(&EmblemKey::from_trust(&key.public()))
        .unwrap();
    assert_eq!(draft.sign(&key).unwrap(), issue(&emblem(), &secret()));
}

#[test]
fn what_the_dialect_cannot_say_is_not_issued() {
    let key = secret().key();
    let refused = |change: &dyn Fn(&mut Emblem)| {
        let mut emblem = emblem();
        change(&mut emblem);
        emblem.draft(&key).unwrap_err()
    };
    let asset = |text: &str| vec![text.parse().unwrap()];
    assert_eq!(
        refused(&|it| it.assets = asset("[192.0.2.1]")),
        IssueError::Asset
    );
    assert_eq!(
        refused(&|it| it.assets = asset("*.example.org")),
        IssueError::Asset
    );
    assert_eq!(refused(&|it| it.assets.clear()), IssueError::Length);
    assert_eq!(refused(&|it| it.purposes = None), IssueError::Purpose);
    assert_eq!(
        refused(&|it| it.channels = Channels::from_names(["dns"])),
        IssueError::Limit
    );
    assert_eq!(
        refused(&|it| it.validity.expires = it.validity.not_before),
        IssueError::Empty
    );
    let many = |it: &mut Emblem| it.assets = vec![it.assets[0].clone(); 1000];
    assert_eq!(refused(&many), IssueError::Length);
    let mut limited = endorsement("https://hospital.example", key.kid(Dialect::Cwt), vec![]);
    limited.window = Some(1);
    assert_eq!(limited.draft(&key).unwrap_err(), IssueError::Limit);
    let draft = emblem().draft(&key).unwrap();
    assert_eq!(
        draft.clone().seal(&[0; 64]).unwrap_err(),
        IssueError::Signature
    );
    assert_eq!(draft.seal(&[0; 63]).unwrap_err(), IssueError::Signature);
}

#[test]
fn headers_that_say_too_little_or_too_much_are_refused() {
    assert!(read(header(), claims()).is_ok());
    let kid = header()[1].clone();
    let read_with = |header: Vec<_>| read(header, claims()).unwrap_err();
    assert_eq!(read_with(vec![kid.clone()]), TokenError::Header("alg"));
    assert_eq!(
        read_with(vec![(int(1), int(-8))]),
        TokenError::Header("kid")
    );
    assert_eq!(
        read_with(vec![(int(1), int(-257)), kid.clone()]),
        TokenError::Algorithm
    );
    assert_eq!(
        read_with(vec![(int(1), int(-36)), kid]),
        TokenError::SignatureLength
    );
    let and = |more: (Value, Value)| [header(), vec![more]].concat();
    let typ = |typ: &str| and((int(16), Value::text(typ)));
    assert!(read(typ(CONTENT_TYPE), claims()).is_ok());
    assert_eq!(read_with(typ("application/cwt")), TokenError::Header("typ"));
    let critical = |labels: Vec<Value>| and((int(2), Value::Array(labels)));
    assert!(read(critical(vec![int(1), int(4)]), claims()).is_ok());
    for labels in [
        vec![],
        vec![int(33)],
        vec![int(16)],
        vec![Value::text("log")],
    ] {
        assert_eq!(read_with(critical(labels)), TokenError::Critical);
    }
    // Of an algorithm that the key is not of, whatever the header says.
    let confused = Secret::new(Algorithm::Es256, 1).key();
    let token = read(header(), claims()).unwrap();
    assert!(!token.is_signed_by(&confused));
}

#[test]
fn claims_that_are_missing_forbidden_or_wrong_are_refused() {
    let text = |text: &str| Value::text(text);
    let long = format!("{}.example", "a".repeat(64));
    let refused = |claims: Vec<_>| read(header(), claims).unwrap_err();
    let without = |name: Value| {
        let mut claims = claims();
        claims.retain(|(it, _)| *it != name);
        refused(claims)
    };
    assert_eq!(without(int(4)), TokenError::Missing("exp"));
    assert_eq!(without(int(5)), TokenError::Missing("nbf"));
    assert_eq!(without(text("ver")), TokenError::Missing("ver"));
    assert_eq!(without(text("prp")), TokenError::Missing("prp"));
    assert_eq!(without(text("assets")), TokenError::Kind);
    for (key, value, why) in [
        (text("ver"), int(2), TokenError::Version),
        (text("prp"), int(0), TokenError::Claim("prp")),
        (text("prp"), int(32), TokenError::Claim("prp")),
        (text("prp"), int(-1), TokenError::Claim("prp")),
        (
            text("assets"),
            Value::Array(vec![]),
            TokenError::Claim("assets"),
        ),
        (int(4), text("soon"), TokenError::Claim("exp")),
        (int(5), int(1 << 80), TokenError::Claim("nbf")),
        (
            int(2),
            text("https://hospital.example"),
            TokenError::Forbidden("sub"),
        ),
        (
            text("key"),
            Value::bytes([0; 32]),
            TokenError::Forbidden("key"),
        ),
        (text("end"), Value::Bool(true), TokenError::Forbidden("end")),
        (
            text("log"),
            Value::Array(vec![]),
            TokenError::Forbidden("log"),
        ),
        (
            text("iss"),
            text("https://a.example"),
            TokenError::Forbidden("iss"),
        ),
        (
            text("emb"),
            Value::Map(vec![]),
            TokenError::Forbidden("emb"),
        ),
        (int(3), text("aud"), TokenError::Forbidden("aud")),
        (int(7), Value::bytes([0]), TokenError::Forbidden("cti")),
        (int(9), int(0), TokenError::ClaimNumber(9)),
        (Value::Bool(true), int(0), TokenError::ClaimName),
        (
            int(1),
            text("https://Hospital.example"),
            TokenError::Organisation(NameError::NotAnOrganisation),
        ),
        (
            text("assets"),
            Value::Array(vec![text("h\u{43e}spital.example")]),
            TokenError::Asset(IdentifierError::Name(NameError::NotAscii)),
        ),
        (
            text("assets"),
            Value::Array(vec![text("[::ffff:192.0.2.1]")]),
            TokenError::Asset(IdentifierError::Mapped),
        ),
        (
            text("assets"),
            Value::Array(vec![text("fe80::1%eth0")]),
            TokenError::Asset(IdentifierError::Zone),
        ),
        (
            text("assets"),
            Value::Array(vec![text("[192.0.2.1]")]),
            TokenError::Asset(IdentifierError::OtherDialect),
        ),
        (
            text("assets"),
            Value::Array(vec![text("192.0.2.0/24")]),
            TokenError::Asset(IdentifierError::OtherDialect),
        ),
        (
            text("assets"),
            Value::Array(vec![text("*.example.org")]),
            TokenError::Asset(IdentifierError::OtherDialect),
        ),
        (
            text("assets"),
            Value::Array(vec![text(&long)]),
            TokenError::Asset(IdentifierError::Name(NameError::TooLong)),
        ),
    ] {
        assert_eq!(refused(with(key.clone(), value)), why, "{key:?}");
    }
    assert!(read(header(), with(text("note"), text("passed over"))).is_ok());
}

/// Each flaw says what is wrong, where, and what is to be done; none shares its sentence.
#[test]
fn every_flaw_of_an_encoding_has_its_own_sentence() {
    let mut told = std::collections::BTreeSet::new();
    let header = cbor::encode(&Value::Map(header()));
    let part = |bytes: &[u8]| cbor::encode(&Value::bytes(bytes));
    let with = |claims: &[u8]| {
        let parts = [part(&header), vec![0xa0], part(claims), part(&[1; 64])];
        [vec![0xd8, 0x3d, 0xd2, 0x84], parts.concat()].concat()
    };
    for (claims, code, place) in [
        (
            &b"\xa2\x01\x00\x01\x00"[..],
            "emblem-token-twice",
            "at byte 3",
        ),
        (&[0x81; 20], "emblem-token-nesting", "at byte 17"),
        (&[0x9a, 0, 1, 0, 0], "emblem-token-too-many", "at byte 0"),
        (
            &[0xa1, 0x04, 0xf9, 0x7e, 0],
            "emblem-token-not-finite",
            "at byte 2",
        ),
        (&[0x61, b'a'], "emblem-token-not-a-map", "at byte 0"),
        (&[0xa0, 0], "emblem-token-trailing", "at byte 1"),
        (&[0xa1, 0x04], "emblem-token-cut-short", "at byte 2"),
        (&[0xbf, 0xff], "emblem-token-indefinite", "at byte 0"),
        (&[0xa1, 0x04, 0xf6], "emblem-token-simple", "at byte 2"),
        (&[0xa1, 0x61, 0xff, 0], "emblem-token-not-utf8", "at byte 1"),
    ] {
        let why = Token::read(&with(claims), Reading::Strict).unwrap_err();
        let says = why.to_string();
        assert_eq!(why.code(), code, "{says}");
        assert!(
            says.starts_with("the payload cannot be read: ") && says.contains(place),
            "{says}"
        );
        assert!(told.insert(says));
    }
    let text = [
        vec![0xd8, 0x3d, 0xd2, 0x84],
        part(&header),
        vec![0xa0, 0x61, b'a'],
        part(&[1; 64]),
    ];
    let why = Token::read(&text.concat(), Reading::Strict).unwrap_err();
    assert_eq!(why, TokenError::Part("payload"));
    assert!(why.to_string().contains("a string of bytes"), "{why}");
    let why = TokenError::Forbidden("aud").to_string();
    assert!(why.contains("`aud` (for whom it is meant)"), "{why}");
}

#[test]
fn an_endorsement_has_its_log_in_one_place() {
    let text = |text: &str| Value::text(text);
    let mut claims = claims();
    claims.retain(|(name, _)| *name != text("assets"));
    claims.push((text("key"), Value::bytes([0; 32])));
    claims.push((text("end"), Value::Bool(true)));
    let entry = |leaf: Vec<(Value, Value)>| {
        let id = (text("id"), Value::bytes([1; 32]));
        Value::Array(vec![Value::Map([vec![id], leaf].concat())])
    };
    let hash = (text("hash"), Value::bytes([2; 32]));
    let index = (text("index"), int(7));
    let log = entry(vec![hash.clone()]);
    let in_header = [header(), vec![(text("log"), log.clone())]].concat();
    let in_claims = [claims.clone(), vec![(text("log"), log)]].concat();
    for (header, claims) in [
        (in_header.clone(), claims.clone()),
        (header(), in_claims.clone()),
    ] {
        let token = read(header, claims).unwrap();
        assert_eq!(
            token.endorsement().unwrap().log[0].leaf,
            Leaf::Hash([2; 32])
        );
    }
    assert_eq!(
        read(in_header, in_claims).unwrap_err(),
        TokenError::Claim("log")
    );
    let note = (text("note"), int(0));
    for leaf in [
        vec![],
        vec![hash.clone(), index.clone()],
        vec![index, note],
        vec![(text("hash"), Value::bytes([2; 31]))],
        vec![(text("index"), int(-1))],
    ] {
        let header = [header(), vec![(text("log"), entry(leaf))]].concat();
        assert_eq!(
            read(header, claims.clone()).unwrap_err(),
            TokenError::Claim("log")
        );
    }
}

#[test]
fn times_with_a_fraction_are_compared_exactly() {
    assert_eq!(round_up(0.5), Some(1));
    assert_eq!(round_up(-0.5), Some(0));
    assert_eq!(round_up(1e15), Some(1_000_000_000_000_000));
    for far in [1e16, -1e16, f64::MAX] {
        assert_eq!(round_up(far), None);
    }
    let validity = Validity::new(10, 20);
    for (now, phase) in [
        (9, Phase::NotYet),
        (10, Phase::Valid),
        (19, Phase::Valid),
        (20, Phase::Expired),
    ] {
        assert_eq!(validity.at(now), phase);
    }
    assert_eq!(validity.at(u64::MAX), Phase::Expired);
    assert_eq!(Validity::new(i64::MIN, i64::MAX).seconds(), u64::MAX);
    assert_eq!(Validity::new(20, 10).seconds(), 0);
    // fb 41d954fc40_200000 is 1_700_000_000.5, as a claim of the dialect may have it.
    let mut bytes = issue(&emblem(), &secret()).bytes().to_vec();
    let exp = [
        &[0x1a][..],
        &u32::try_from(NOW + 3600).unwrap().to_be_bytes(),
    ]
    .concat();
    let at = bytes.windows(5).position(|it| it == exp).unwrap();
    bytes[at..at + 5].copy_from_slice(&[0xfa, 0x4e, 0xd5, 0x56, 0x85]);
    let read = Token::read(&bytes, Reading::Strict).unwrap();
    assert_eq!(read.validity().expires, 1_789_608_576);
}

const BASE: &str = r#""ver":"v1","nbf":1,"exp":4000000000"#;

fn jws(kind: &str, claims: &str) -> Result<Token, TokenError> {
    let claims = format!("{{{BASE}{claims}}}");
    Token::read(&secret().jws(kind, &claims), Reading::Strict)
}

#[test]
fn each_name_of_the_asset_claim_is_read() {
    for name in ["assets", "bearers", "ass"] {
        let token = jws(
            "emb",
            &format!(r#","{name}":["*.example.org","[192.0.2.0/24]"]"#),
        );
        let token = token.unwrap();
        assert_eq!(token.emblem().unwrap().assets.len(), 2);
        assert!(token.is_signed_by(&secret().key()));
    }
    let both = jws("emb", r#","assets":["a.example"],"ass":["a.example"]"#);
    assert_eq!(both.unwrap_err(), TokenError::Claim("assets"));
    for (asset, why) in [
        ("[::ffff:192.0.2.1]", IdentifierError::Mapped),
        ("[fe80::1%1]", IdentifierError::Zone),
        ("[192.0.2.0/33]", IdentifierError::TooLong(32)),
    ] {
        let token = jws("emb", &format!(r#","assets":["{asset}"]"#));
        assert_eq!(token.unwrap_err(), TokenError::Asset(why));
    }
}

#[test]
fn flaws_of_the_jws_dialect_are_named() {
    let kid = secret().key().kid(Dialect::Jws);
    let refused = |header: &str, claims: &str| {
        let token = secret().jws_with(header, &format!("{{{BASE}{claims}}}"));
        Token::read(&token, Reading::Strict).unwrap_err()
    };
    let assets = r#","assets":["a.example"]"#;
    let ok = format!(r#""alg":"EdDSA","cty":"adem-emb","kid":"{kid}""#);
    for (header, why) in [
        (ok.replace("EdDSA", "none"), TokenError::Unsigned),
        (ok.replace("EdDSA", "HS256"), TokenError::Algorithm),
        (ok.replace("EdDSA", "ES512"), TokenError::SignatureLength),
        (ok.replace("adem-emb", "adem"), TokenError::Kind),
        (ok.replace(&kid.to_string(), "x"), TokenError::Header("kid")),
        (ok.replace("kid", "nokid"), TokenError::Header("kid")),
        (format!(r#"{ok},"crit":["exp"]"#), TokenError::Critical),
        (format!(r#"{ok},"typ":"JWS""#), TokenError::Header("typ")),
        (
            format!(r#"{ok},"alg":"EdDSA""#),
            TokenError::Encoding("header", Flaw::Twice.at(ok.len() + 6)),
        ),
    ] {
        assert_eq!(refused(&format!("{{{header}}}"), assets), why, "{header}");
    }
    let header = format!("{{{ok}}}");
    for (claims, why) in [
        ("", TokenError::Missing("assets")),
        (r#","assets":[]"#, TokenError::Claim("assets")),
        (
            r#","assets":["a.example"],"log":[]"#,
            TokenError::Forbidden("log"),
        ),
        (
            r#","assets":["a.example"],"emb":{"prp":["war"]}"#,
            TokenError::Claim("prp"),
        ),
        (
            r#","assets":["a.example"],"emb":{"prp":[]}"#,
            TokenError::Claim("prp"),
        ),
        (
            r#","assets":["a.example"],"emb":{"dst":["fax"]}"#,
            TokenError::Claim("dst"),
        ),
        (
            r#","assets":["a.example"],"exp":1"#,
            TokenError::Encoding("payload", Flaw::Twice.at(BASE.len() + 29)),
        ),
    ] {
        assert_eq!(refused(&header, claims), why, "{claims}");
    }
    for text in ["a.b", "a.b.c.d", "..", "e30.e30.", "e30=.e30.e30"] {
        let refused = Token::read(text.as_bytes(), Reading::Strict);
        assert!(refused.is_err(), "{text}");
    }
    let long = vec![b'a'; MAX_TOKEN + 1];
    assert_eq!(
        Token::read(&long, Reading::Strict).unwrap_err(),
        TokenError::TooLong
    );
}

#[test]
fn a_key_in_the_header_is_taken_with_the_id_that_it_has() {
    let (claims, key) = (
        format!(r#"{{{BASE},"assets":["a.example"]}}"#),
        secret().key(),
    );
    let jwk = key.to_jwk().replacen('{', r#"{"kid":"whatever","#, 1);
    let header = |jwk: &str| format!(r#"{{"alg":"EdDSA","cty":"adem-emb","jwk":{jwk}}}"#);
    let token = Token::read(&secret().jws_with(&header(&jwk), &claims), Reading::Strict).unwrap();
    assert_eq!(token.kid(), key.kid(Dialect::Jws));
    assert_eq!(token.enclosed_key(), Some(&key));
    let private = jwk.replacen('{', r#"{"d":"AA","#, 1);
    let token = Token::read(
        &secret().jws_with(&header(&private), &claims),
        Reading::Strict,
    );
    assert_eq!(
        token.unwrap_err(),
        TokenError::EnclosedKey(crate::key::KeyError::Private)
    );
    // `kid` wins over `jwk`.
    let kid = Secret::new(Algorithm::EdDsa, 2).key().kid(Dialect::Jws);
    let both = header(&jwk).replacen('{', &format!(r#"{{"kid":"{kid}","#), 1);
    let token = Token::read(&secret().jws_with(&both, &claims), Reading::Strict).unwrap();
    assert_eq!((token.kid(), token.enclosed_key()), (kid, None));
}

/// Limits of the JWS dialect: what the published reference gets wrong is right here.
#[test]
fn limits_hold_strictly_and_what_is_absent_is_no_crash() {
    let kid = secret().key().kid(Dialect::Jws);
    let permits = |limits: &str, emblem: &str| {
        let token = jws("end", &format!(r#","key":"{kid}","emb":{{{limits}}}"#)).unwrap();
        let mark = jws("emb", &format!(",{emblem}")).unwrap();
        relation::permits(token.endorsement().unwrap(), mark.emblem().unwrap())
    };
    let network = r#""assets":["[192.0.2.0/32]"]"#;
    // A network is within another by all of its addresses, not by its first.
    assert_eq!(
        permits(network, r#""assets":["[192.0.0.0/16]"]"#),
        Err(Excess::Asset)
    );
    assert_eq!(permits(network, r#""assets":["[192.0.2.0]"]"#), Ok(()));
    let wildcard = r#""assets":["*.example.org"]"#;
    assert_eq!(permits(wildcard, r#""assets":["a.example.org"]"#), Ok(()));
    assert_eq!(
        permits(wildcard, r#""assets":["badexample.org"]"#),
        Err(Excess::Asset)
    );
    assert_eq!(permits(wildcard, r#""assets":["*"]"#), Err(Excess::Asset));
    let name = r#""assets":["a.example"]"#;
    // Purpose and channel are optional: an emblem without them claims any.
    for (limit, excess) in [
        (r#""prp":["protective"]"#, Excess::Purpose),
        (r#""dst":["dns"]"#, Excess::Channel),
    ] {
        assert_eq!(permits(limit, name), Err(excess));
        assert_eq!(
            permits(limit, &format!(r#"{name},"emb":{{{limit}}}"#)),
            Ok(())
        );
        assert_eq!(permits("", &format!(r#"{name},"emb":{{{limit}}}"#)), Ok(()));
    }
    assert_eq!(
        permits(r#""prp":["protective","indicative"]"#, name),
        Ok(())
    );
    let purposes = Some(Purpose::Indicative.into());
    let token = jws("emb", &format!(r#",{name},"emb":{{"prp":["indicative"]}}"#)).unwrap();
    assert_eq!(token.emblem().unwrap().purposes, purposes);
    assert_eq!(permits(r#""wnd":3999999999"#, name), Ok(()));
    assert_eq!(permits(r#""wnd":3999999998"#, name), Err(Excess::Window));
    // No limits at all, `end` absent: it may not endorse further.
    let bare = jws("end", &format!(r#","key":"{kid}""#)).unwrap();
    assert!(!bare.endorsement().unwrap().may_endorse);
    let whole = format!(r#","key":{}"#, secret().key().to_jwk());
    assert_eq!(jws("end", &whole).unwrap().endorsement().unwrap().key, kid);
}

#[test]
fn bounds_hold_for_tokens_made_to_exhaust() {
    let deep = [&[0xd8, 0x3d, 0xd2][..], &vec![0x81; 4000]].concat();
    assert_eq!(
        Token::read(&deep, Reading::Strict).unwrap_err(),
        TokenError::Encoding("token", Flaw::Nesting.at(18))
    );
    let huge = [
        0xd8, 0x3d, 0xd2, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    assert_eq!(
        Token::read(&huge, Reading::Strict).unwrap_err(),
        TokenError::Encoding("token", Flaw::TooMany.at(3))
    );
    let nested = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    let part = BASE64URL_NOPAD.encode(nested.as_bytes());
    let token = format!("{part}.{part}.AAAA");
    assert_eq!(
        Token::read(token.as_bytes(), Reading::Strict).unwrap_err(),
        TokenError::Encoding("header", Flaw::Nesting.at(16))
    );
    for (wrong, found, expected) in [
        ([0xd8, 0x3e, 0xd2, 0x80], 62, 61),
        ([0xd8, 0x3d, 0xd1, 0x80], 17, 18),
    ] {
        let why = Token::read(&wrong, Reading::Lenient).unwrap_err();
        assert_eq!(why, TokenError::Tag { found, expected });
        let told = why.to_string();
        assert!(
            told.contains(&format!("tag {found} stands where {expected}")),
            "{told}"
        );
    }
}
