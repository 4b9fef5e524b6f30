use super::*;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn draft() -> Draft {
    Draft {
        issuer: Some(PartyId::from_bytes([1; 32])),
        subject: Some(Code::literal("rec_x")),
        claimed: 1_790_000_000,
        unique: [2; 16],
        kind: Code::literal("source.stated"),
        version: 1,
        realm: Realm::Real,
        link: Some(Link {
            log: Code::literal("node.example.org/log"),
            seq: 7,
            prev: Some(StatementId::from_bytes([3; 32])),
        }),
        refs: vec![(Code::literal("run"), [4; 32])],
        body: BTreeMap::from([
            (Code::literal("killed"), Coded::Int(3)),
            (
                Code::literal("kinds"),
                Coded::codes([Code::literal("a"), Code::literal("b")]),
            ),
        ]),
        sealed: vec![[5; 32], [6; 32]],
    }
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

/// Signs claims that the draft's own rules would not let through.
fn signed(claims: &Value) -> Vec<u8> {
    let header = cbor::encode(&Value::Map(vec![
        (Value::Int(1), Value::Int(-8)),
        (Value::Int(4), Value::bytes(*key().id().as_bytes())),
        (Value::Int(16), Value::text(CONTENT_TYPE)),
    ]));
    let payload = cbor::encode(claims);
    let signature = key().sign(&sig_structure(&header, &payload));
    cbor::encode(&Value::Tag(
        18,
        Box::new(Value::Array(vec![
            Value::Bytes(header),
            Value::Map(vec![]),
            Value::Bytes(payload),
            Value::bytes(signature),
        ])),
    ))
}

#[test]
fn a_statement_reads_back_as_it_was_signed() {
    let statement = draft().sign(&key()).unwrap();
    let read = Statement::decode(statement.entry()).unwrap();
    assert_eq!(read, statement);
    assert_eq!(*read, draft());
    assert_eq!(read.verify(&key().public()), Ok(()));
    assert_eq!(
        read.id().as_bytes()[..],
        Sha256::digest(statement.entry())[..]
    );
}

#[test]
fn every_flipped_byte_is_noticed() {
    let statement = draft().sign(&key()).unwrap();
    for at in 0..statement.entry().len() {
        let mut entry = statement.entry().to_vec();
        entry[at] ^= 1;
        let verdict = Statement::decode(entry).map(|read| read.verify(&key().public()));
        assert!(
            !matches!(verdict, Ok(Ok(()))),
            "byte {at} of {}",
            statement.entry().len()
        );
    }
}

#[test]
fn a_statement_of_another_key_is_told_apart_from_a_wrong_signature() {
    let statement = draft().sign(&key()).unwrap();
    let other = SigningKey::from_seed(&[8; 32]).public();
    assert_eq!(statement.verify(&other), Err(VerifyError::OtherKey));
    let mut entry = statement.entry().to_vec();
    *entry.last_mut().unwrap() ^= 1;
    let forged = Statement::decode(entry).unwrap();
    assert_eq!(
        forged.verify(&key().public()),
        Err(VerifyError::Signature(BadSignature))
    );
}

#[test]
fn bad_claims_are_refused_by_name() {
    let replaced = |name: &str, value: Option<Value>| {
        let mut claims = draft().to_claims().into_map().unwrap();
        let number = name.parse().map(Value::Int).unwrap_or(Value::text(name));
        claims.retain(|(key, _)| *key != number);
        claims.extend(value.map(|value| (number, value)));
        Statement::decode(signed(&Value::Map(claims))).map(|_| ())
    };
    let claim = |name| Err(StatementError::Claim(name));
    assert_eq!(
        replaced("1", Some(Value::text("pty_short"))),
        claim("1 (iss)")
    );
    assert_eq!(replaced("6", None), claim("6 (iat)"));
    assert_eq!(replaced("6", Some(Value::Int(-1))), claim("6 (iat)"));
    assert_eq!(replaced("7", Some(Value::bytes([0; 15]))), claim("7 (cti)"));
    assert_eq!(
        replaced("kind", Some(Value::text("two words"))),
        claim("kind")
    );
    assert_eq!(
        replaced("realm", Some(Value::text("drill"))),
        claim("realm")
    );
    assert_eq!(replaced("prev", None), claim("log, seq, prev"));
    assert_eq!(
        replaced("seq", Some(Value::Int(0))),
        claim("log, seq, prev")
    );
    assert_eq!(replaced("log", None), claim("log, seq, prev"));
    assert_eq!(replaced("refs", Some(Value::Array(vec![]))), claim("refs"));
    let prose = Value::Map(vec![(Value::text("note"), Value::text("free text"))]);
    assert_eq!(replaced("body", Some(prose)), claim("body"));
    let digest = |n| Value::bytes([n; 32]);
    for unsorted in [
        vec![digest(2), digest(1)],
        vec![digest(1), digest(1)],
        vec![],
    ] {
        assert_eq!(replaced("sd", Some(Value::Array(unsorted))), claim("sd"));
    }
    assert_eq!(
        replaced("extra", Some(Value::Int(1))),
        claim("that is none of the known ones")
    );
}

#[test]
fn trailing_bytes_duplicate_keys_and_floats_are_refused() {
    let mut entry = draft().sign(&key()).unwrap().into_entry();
    entry.push(0);
    let error = Statement::decode(entry).unwrap_err();
    assert!(
        matches!(error, StatementError::Encoding { part: "entry", .. }),
        "{error:?}"
    );

    let mut payload = cbor::encode(&draft().to_claims());
    // The second integer key becomes a second issuer claim.
    let at = payload
        .windows(2)
        .position(|pair| pair == [2, 0x65])
        .unwrap();
    payload[at] = 1;
    let error = Statement::decode(with_payload(payload)).unwrap_err();
    let StatementError::Encoding {
        part: "payload",
        source,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(source.flaw, cbor::Flaw::DuplicateKey);

    let float = [0xa1, 0x06, 0xf9, 0x00, 0x00].to_vec();
    let error = Statement::decode(with_payload(float)).unwrap_err();
    let StatementError::Encoding {
        part: "payload",
        source,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(source.flaw, cbor::Flaw::Forbidden);
}

fn with_payload(payload: Vec<u8>) -> Vec<u8> {
    let statement = draft().sign(&key()).unwrap();
    cbor::encode(&Value::Tag(
        18,
        Box::new(Value::Array(vec![
            Value::bytes(&statement.entry[statement.header.clone()]),
            Value::Map(vec![]),
            Value::Bytes(payload),
            Value::bytes(*statement.signature()),
        ])),
    ))
}

#[test]
fn an_oversized_statement_is_neither_signed_nor_read() {
    let mut draft = draft();
    draft
        .body
        .insert(Code::literal("blob"), Coded::Bytes(vec![0; MAX_ENTRY]));
    assert!(matches!(
        draft.sign(&key()),
        Err(StatementError::TooLong(_))
    ));
    assert_eq!(
        Statement::decode(vec![0; MAX_ENTRY + 1]),
        Err(StatementError::TooLong(MAX_ENTRY + 1))
    );
}

#[test]
fn a_truncated_statement_is_refused_at_every_length() {
    let entry = draft().sign(&key()).unwrap().into_entry();
    for length in 0..entry.len() {
        assert!(
            Statement::decode(&entry[..length]).is_err(),
            "{length} bytes"
        );
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Statement::decode(bytes);
    }
}

#[test]
fn an_independent_cose_library_reads_and_verifies_a_statement() {
    use coset::{CborSerializable as _, TaggedCborSerializable as _};
    let statement = draft().sign(&key()).unwrap();
    let read = coset::CoseSign1::from_tagged_slice(statement.entry()).unwrap();
    assert_eq!(read.protected.header.key_id, statement.key().as_bytes());
    read.verify_signature(b"", |signature, signed| {
        assert_eq!(signed, statement.signed_bytes());
        key().public().verify(signed, signature.try_into().unwrap())
    })
    .unwrap();
    let claims = coset::cwt::ClaimsSet::from_slice(read.payload.as_deref().unwrap()).unwrap();
    assert_eq!(
        claims.issuer,
        statement.issuer.map(|issuer| issuer.to_string())
    );
    assert_eq!(claims.cwt_id.as_deref(), Some(&statement.unique[..]));
    assert_eq!(
        claims.issued_at,
        Some(coset::cwt::Timestamp::WholeSeconds(1_790_000_000))
    );
}
