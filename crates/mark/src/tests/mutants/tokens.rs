//! Tokens and keys by themselves: three of four mutants.

use crate::key::Algorithm;
use crate::token::{Leaf, LogEntry, Reading};
use crate::{Dialect, EmblemKey, Token};

use super::random::{Random, wanted};
use super::{Taken, Tally};
use crate::commitment::LogId;
use crate::tests::invented::{Secret, emblem, endorse, endorsement, issue};

/// The most that a token or a key may take: one look at its bytes, and one check.
const ONE: Taken = Taken {
    held: 16 * 1024,
    allocated: 16,
    items: 1,
    signatures: 1,
};

/// A token, and the key that signed it.
struct Signed {
    token: Token,
    key: EmblemKey,
    signature: Vec<u8>,
}

/// An emblem and an endorsement in CWT, and an emblem in JWS.
fn signed(algorithm: Algorithm) -> Vec<Signed> {
    let secret = Secret::new(algorithm, 1);
    let key = secret.key();
    let entry = LogEntry {
        log: LogId::from_bytes([1; 32]),
        leaf: Leaf::Hash([2; 32]),
    };
    let endorsed = endorsement(
        "https://hospital.example",
        key.kid(Dialect::Cwt),
        vec![entry],
    );
    let claims = r#"{"ver":"v1","nbf":1,"exp":4000000000,"assets":["www.hospital.example"]}"#;
    let jws = Token::from_jws(&secret.jws("emb", claims)).unwrap();
    let tokens = [issue(&emblem(), &secret), endorse(&endorsed, &secret), jws];
    let with_key = |token: Token| Signed {
        signature: secret.sign(token.message()),
        key: key.clone(),
        token,
    };
    tokens.map(with_key).into()
}

/// The dearer curves are a tenth of all, each at one check a mutant.
fn algorithm(random: &mut Random) -> Algorithm {
    match random.below(20) {
        0 => Algorithm::Es512,
        1 => Algorithm::Es384,
        other if other % 2 == 0 => Algorithm::EdDsa,
        _ => Algorithm::Es256,
    }
}

#[test]
fn no_mutant_of_a_token_or_key_is_accepted() {
    let all = Algorithm::ALL.map(signed);
    let (mut random, mut tally) = (Random::new(1), Tally::default());
    for _ in 0..wanted() * 3 / 4 {
        let algorithm = algorithm(&mut random);
        let at = Algorithm::ALL.iter().position(|it| *it == algorithm);
        let signed = random.one(&all[at.unwrap()]);
        match random.below(2) {
            0 => signed.mutate_token(&mut random, &mut tally),
            _ => signed.mutate_key(&mut random, &mut tally),
        }
    }
    tally.print("were read");
}

impl Signed {
    fn mutate_token(&self, random: &mut Random, tally: &mut Tally) {
        let mutant = random.mutate(self.token.bytes());
        let (read, is_signed) = tally.bounded(&ONE, mutant.len(), || {
            let read = Token::read(&mutant, Reading::Lenient);
            let is_signed = read.as_ref().is_ok_and(|it| it.is_signed_by(&self.key));
            (read, is_signed)
        });
        let kind = format!("{} {}", self.token.dialect(), self.key.algorithm());
        tally.count(&kind, read.is_ok());
        let strict = Token::read(&mutant, Reading::Strict);
        match read {
            // Another outer form around what was signed; or blanks around a text, which are no
            // part of it.
            Ok(read) if is_signed => {
                assert_eq!(read.message(), self.token.message(), "{mutant:02x?}");
                assert!(strict.is_err() || read == self.token, "{mutant:02x?}");
            }
            Ok(_) => {}
            Err(_) => assert!(strict.is_err(), "{mutant:02x?}"),
        }
    }

    /// A key that was changed is another key, or none: it verifies nothing of the old one.
    fn mutate_key(&self, random: &mut Random, tally: &mut Tally) {
        let (form, name) = match random.below(3) {
            0 => (self.key.to_cose(), "COSE_Key"),
            1 => (self.key.to_jwk().into_bytes(), "JWK"),
            _ => (self.key.to_spki(), "SubjectPublicKeyInfo"),
        };
        let mutant = random.mutate(&form);
        let read = tally.bounded(&ONE, mutant.len(), || {
            let read = EmblemKey::read(&mutant);
            read.or_else(|_| EmblemKey::from_spki(&mutant))
        });
        tally.count(&format!("{name} {}", self.key.algorithm()), read.is_ok());
        if let Ok(read) = read
            && read != self.key
        {
            assert!(!self.token.is_signed_by(&read), "{mutant:02x?}");
            let verifies = read.verifies(self.token.message(), &self.signature);
            assert!(!verifies, "{mutant:02x?}");
        }
    }
}
