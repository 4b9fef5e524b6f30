//! Tokens and keys changed at random, from a seed: none is accepted, none makes a panic.
//!
//! `ENSIGN_MUTANTS` asks for another number of them.

use super::*;

/// SplitMix64: the same mutants on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a longer run is asked for by hand"
)]
fn wanted() -> usize {
    let asked = std::env::var("ENSIGN_MUTANTS").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(20_000)
}

/// One to three changes: a bit, a byte, a cut, an insertion, a repetition.
fn mutate(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for _ in 0..=random.below(3) {
        if changed.is_empty() {
            break;
        }
        let at = random.below(changed.len());
        match random.below(6) {
            0 | 1 => changed[at] ^= 1 << random.below(8),
            2 => changed[at] = random.next().to_be_bytes()[0],
            3 => changed.truncate(at),
            4 => changed.insert(at, random.next().to_be_bytes()[0]),
            _ => {
                let end = (at + 1 + random.below(16)).min(changed.len());
                let again = changed[at..end].to_vec();
                changed.splice(at..at, again);
            }
        }
    }
    changed
}

#[test]
fn no_mutant_of_a_token_or_key_is_accepted() {
    let mut random = Random(1);
    let mut seeds = Vec::new();
    for algorithm in Algorithm::ALL {
        let secret = Secret::new(algorithm, 1);
        let key = secret.key();
        let claims = format!(r#"{{{BASE},"assets":["www.hospital.example"]}}"#);
        let entry = LogEntry {
            log: LogId::from_bytes([1; 32]),
            leaf: Leaf::Hash([2; 32]),
        };
        let endorsed = endorsement(
            "https://hospital.example",
            key.kid(Dialect::Cwt),
            vec![entry],
        );
        for token in [
            issue(&emblem(), &secret).bytes().to_vec(),
            endorse(&endorsed, &secret).bytes().to_vec(),
            secret.jws("emb", &claims),
        ] {
            seeds.push((token, key.clone()));
        }
    }
    let (mut read, mut verified) = (0, 0);
    for _ in 0..wanted() {
        let (token, key) = &seeds[random.below(seeds.len())];
        let mutant = mutate(token, &mut random);
        let original = Token::read(token, Reading::Strict).unwrap();
        if let Ok(changed) = Token::read(&mutant, Reading::Strict) {
            read += 1;
            // Blanks around a text are not part of it.
            assert!(
                changed == original || !changed.is_signed_by(key),
                "{mutant:02x?}"
            );
        }
        // Read leniently, a token may have another outer form, and says the same.
        if let Ok(changed) = Token::read(&mutant, Reading::Lenient)
            && changed.is_signed_by(key)
        {
            verified += 1;
            assert_eq!(changed.claims(), original.claims(), "{mutant:02x?}");
        }
        // A key that was changed is another key, or none: it verifies nothing of the old one.
        let form = match random.below(3) {
            0 => key.to_cose(),
            1 => key.to_jwk().into_bytes(),
            _ => key.to_spki(),
        };
        let mutant = mutate(&form, &mut random);
        let changed = EmblemKey::read(&mutant).or_else(|_| EmblemKey::from_spki(&mutant));
        if let Ok(changed) = changed
            && changed != *key
        {
            assert!(!original.is_signed_by(&changed), "{mutant:02x?}");
        }
    }
    println!("{read} mutants were read, {verified} said the same in another outer form");
}
