//! Emblem tokens, their keys, what they mark, evidence, policies and bundles.

use ensign_mark::bundle::Bundle;
use ensign_mark::commitment::{Added, Evidence};
use ensign_mark::policy::Policy;
use ensign_mark::token::{Claims, Reading};
use ensign_mark::verify::{TokenSet, verify};
use ensign_mark::{Dialect, EmblemKey, Identifier, Token};
use ensign_trust::cbor::{self, Value};
use sha2::{Digest, Sha256};

const NOW: u64 = 1_790_000_000;

/// A bundle's file around any content, with the digest that fuzzing cannot find.
pub(crate) fn framed(content: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(content).into();
    cbor::encode(&Value::Array(vec![
        Value::text("ensign emblem bundle"),
        Value::Int(1),
        Value::bytes(content),
        Value::bytes(digest),
    ]))
}

/// Takes a bundle's file or its content alone.
pub(crate) fn bundle(bytes: &[u8]) -> bool {
    let content = framed(bytes);
    let (file, bundle) = match (Bundle::decode(bytes), Bundle::decode(&content)) {
        (Ok(bundle), _) => (bytes, bundle),
        (_, Ok(bundle)) => (content.as_slice(), bundle),
        _ => return false,
    };
    let written = bundle.encode().expect("a bundle that was read fits");
    assert_eq!(written, file);
    let judged = verify(&bundle.set(), bundle.evidence(), &Policy::default(), NOW);
    assert_eq!(judged.report.tokens.len(), bundle.tokens().len());
    true
}

/// A file of evidence of any kind.
pub(crate) fn evidence(bytes: &[u8]) -> bool {
    let mut evidence = Evidence::default();
    match evidence.add_file(bytes) {
        Ok(Added::Nothing) | Err(_) => false,
        Ok(_) => {
            let mut again = Evidence::default();
            again
                .extend(&evidence)
                .expect("what was read is read again");
            assert_eq!(again.is_empty(), evidence.is_empty());
            assert_eq!(again.logs().len(), evidence.logs().len());
            assert!(again.chains().eq(evidence.chains()));
            assert!(again.revocation_lists().eq(evidence.revocation_lists()));
            true
        }
    }
}

pub(crate) fn identifier(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes);
    let Some(Ok(identifier)) = text.ok().map(str::parse::<Identifier>) else {
        return false;
    };
    let written = identifier.to_string();
    assert_eq!(written.parse().as_ref(), Ok(&identifier));
    assert!(identifier.contains(&identifier));
    true
}

pub(crate) fn key(bytes: &[u8]) -> bool {
    let Ok(key) = EmblemKey::read(bytes) else {
        return false;
    };
    assert_eq!(EmblemKey::from_cose(&key.to_cose()).as_ref(), Ok(&key));
    assert_eq!(
        EmblemKey::from_jwk(key.to_jwk().as_bytes()).as_ref(),
        Ok(&key)
    );
    assert_eq!(EmblemKey::from_spki(&key.to_spki()).as_ref(), Ok(&key));
    let signature = vec![1; key.algorithm().signature_len()];
    assert!(
        !key.verifies(bytes, &signature),
        "a signature that nobody made"
    );
    true
}

/// A policy as TOML or as CBOR.
pub(crate) fn policy(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let read = text.and_then(|text| Policy::from_toml(text).ok());
    let Some(policy) = read.or_else(|| Policy::decode(bytes).ok()) else {
        return false;
    };
    assert_eq!(Policy::decode(&policy.encode()).as_ref(), Ok(&policy));
    true
}

/// A token of either dialect, alone in a set.
pub(crate) fn token(bytes: &[u8]) -> bool {
    let strict = Token::read(bytes, Reading::Strict);
    let Ok(token) = Token::read(bytes, Reading::Lenient) else {
        assert!(strict.is_err(), "what is read strictly is read leniently");
        return false;
    };
    let again = Token::read(token.bytes(), Reading::Lenient);
    assert_eq!(again.as_ref(), Ok(&token));
    if token.dialect() == Dialect::Cwt {
        let key = ensign_trust::key::SigningKey::from_seed(&[1; 32]);
        let public = EmblemKey::from_trust(&key.public());
        let draft = match token.claims() {
            Claims::Emblem(emblem) => emblem.draft(&public),
            Claims::Endorsement(endorsement) => endorsement.draft(&public),
        };
        // A token that never counts is read, and not issued.
        if let Ok(draft) = draft {
            let issued = draft.sign(&key).expect("what was read can be issued");
            assert_eq!(issued.claims(), token.claims());
        }
    }
    let set = TokenSet::new(vec![token], vec![]).expect("one token is not too many");
    let judged = verify(&set, &Evidence::default(), &Policy::default(), NOW);
    assert_ne!(judged.outcome, ensign_mark::policy::Outcome::Met);
    true
}
