//! What people bring to sign in, and what is kept of it.

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use ensign_store::Entropy;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::clock::fresh;

/// Fewest characters of a password.
pub const MIN_PASSWORD: usize = 12;
/// Most bytes of a password.
const MAX_PASSWORD: usize = 1024;
/// Digits of a one-time code.
const CODE_DIGITS: usize = 6;
/// Seconds for which a one-time code is the one of now.
const STEP: u64 = 30;
/// Recovery codes that are given at once.
const RECOVERY_CODES: usize = 10;
/// Argon2id: KiB of memory, passes, lanes (the OWASP cheat sheet's first choice for interactive
/// sign-in; RFC 9106, section 4, has larger ones for machines that do nothing else).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// What is kept of what one person signs in with. Wiped when dropped.
#[derive(Debug, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(super) struct Secrets {
    /// What the person is called.
    pub name: String,
    /// The name to sign in with.
    pub login: Option<String>,
    pub password: Option<Password>,
    pub second: Option<SecondFactor>,
    /// Digests of the codes that stand in for the second factor, once each.
    pub recovery: Vec<String>,
    /// Digest of the code with which the account is entered, and until when.
    pub enrolment: Option<(String, u64)>,
    /// What was chosen with that code, until the second factor has shown that it works.
    pub chosen: Option<Chosen>,
}

/// What a person chose who has not confirmed the second factor yet.
#[derive(Debug, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    pub login: String,
    pub password: Password,
    pub second: SecondFactor,
}

/// A password as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(super) struct Password {
    salt: [u8; 16],
    hash: [u8; 32],
    /// As in [`COST`], when it was made.
    cost: (u32, u32, u32),
}

/// The secret that an authenticator app shares with the node (RFC 6238: SHA-1, 30 s, six digits).
#[derive(Debug, Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondFactor {
    secret: [u8; 20],
    /// The last step whose code was used: each is good once.
    last: u64,
}

/// Whether a text can be a password.
pub(super) fn fits(password: &str) -> bool {
    password.chars().count() >= MIN_PASSWORD && password.len() <= MAX_PASSWORD
}

impl Password {
    pub(super) fn new(password: &str, entropy: &dyn Entropy) -> Self {
        let salt = fresh(entropy);
        Password {
            salt,
            hash: hash(password, &salt, COST),
            cost: COST,
        }
    }

    /// Whether this is the password.
    pub(super) fn is(&self, password: &str) -> bool {
        match password.len() <= MAX_PASSWORD {
            true => same(&hash(password, &self.salt, self.cost), &self.hash),
            // What is too long takes as long as what is wrong.
            false => Password::none(password),
        }
    }

    /// Takes as long as to compare a password, where there is none to compare with.
    pub(super) fn none(password: &str) -> bool {
        let password = if password.len() <= MAX_PASSWORD {
            password
        } else {
            ""
        };
        std::hint::black_box(hash(password, &[0; 16], COST));
        false
    }
}

fn hash(password: &str, salt: &[u8; 16], (memory, passes, lanes): (u32, u32, u32)) -> [u8; 32] {
    let params = Params::new(memory, passes, lanes, Some(32)).unwrap_or_default();
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .expect("salt, password and output have lengths that Argon2 takes");
    hash
}

impl SecondFactor {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        SecondFactor {
            secret: fresh(entropy),
            last: 0,
        }
    }

    /// The secret as people type it into an app.
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.secret))
    }

    /// The secret with its place, as an app scans it (Key Uri Format of Google Authenticator).
    pub(super) fn uri(&self, issuer: &str) -> Zeroizing<String> {
        let secret = self.text();
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}?secret={}&issuer={issuer}",
            *secret
        ))
    }

    /// Takes a code of now, of half a minute ago or ahead, if it was not used before.
    pub(super) fn take(&mut self, code: &str, now: u64) -> bool {
        let digits: String = code.chars().filter(|it| !it.is_whitespace()).collect();
        let step = now / STEP;
        let good = (step.saturating_sub(1)..=step + 1)
            .filter(|step| *step > self.last)
            .find(|step| same(self.code(*step).as_bytes(), digits.as_bytes()));
        self.last = good.unwrap_or(self.last);
        good.is_some()
    }

    /// The code of a step (RFC 4226, section 5.3).
    fn code(&self, step: u64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).expect("HMAC takes any length");
        mac.update(&step.to_be_bytes());
        let mac = mac.finalize().into_bytes();
        let at = usize::from(mac[19] & 15);
        let four = u32::from_be_bytes([mac[at] & 0x7f, mac[at + 1], mac[at + 2], mac[at + 3]]);
        format!("{:0CODE_DIGITS$}", four % 10_u32.pow(CODE_DIGITS as u32))
    }
}

/// The code that an app shows at a moment, Unix seconds, for a secret as people type it; `None` where
/// that is none.
pub fn one_time_code(secret: &str, now: u64) -> Option<String> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let secret = secret.try_into().ok()?;
    Some(SecondFactor { secret, last: 0 }.code(now / STEP))
}

impl Secrets {
    /// Of somebody who has not entered yet.
    pub(super) fn of(name: &str) -> Self {
        let mut secrets = Secrets::default();
        secrets.name = name.to_owned();
        secrets
    }

    /// Gives fresh recovery codes in place of those before.
    pub(super) fn new_recovery_codes(&mut self, entropy: &dyn Entropy) -> Vec<Zeroizing<String>> {
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| code_text(&fresh::<10>(entropy)))
            .collect();
        self.recovery = codes.iter().map(|code| digest("recovery", code)).collect();
        codes
    }

    /// Takes a recovery code, which is gone then.
    pub(super) fn take_recovery(&mut self, code: &str) -> bool {
        let code = digest("recovery", &plain(code));
        let found = self
            .recovery
            .iter()
            .position(|kept| same(kept.as_bytes(), code.as_bytes()));
        found.map(|at| self.recovery.remove(at)).is_some()
    }
}

/// A secret of random bytes as people type it: groups of four.
pub(super) fn code_text(bytes: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(BASE32_NOPAD.encode(bytes).to_lowercase());
    let groups: Vec<&str> = (0..text.len())
        .step_by(4)
        .map(|at| &text[at..text.len().min(at + 4)])
        .collect();
    Zeroizing::new(groups.join("-"))
}

/// What is kept of a secret that nobody can guess: its digest, for one use alone.
pub(super) fn digest(purpose: &str, secret: &str) -> String {
    let bytes = Sha256::new()
        .chain_update("ensign/people/")
        .chain_update(purpose)
        .chain_update([0])
        .chain_update(plain(secret).as_bytes())
        .finalize();
    HEXLOWER.encode(&bytes)
}

/// A secret as it was given out, however it was typed.
fn plain(secret: &str) -> Zeroizing<String> {
    let typed = secret.chars().filter(|it| it.is_ascii_alphanumeric());
    Zeroizing::new(typed.map(|it| it.to_ascii_lowercase()).collect())
}

/// Compares without telling where the first difference is.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    /// RFC 6238, appendix B, SHA-1, cut to six digits.
    #[test]
    fn one_time_codes_are_those_of_the_standard() {
        let factor = SecondFactor {
            secret: *b"12345678901234567890",
            last: 0,
        };
        for (now, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(factor.code(now / STEP), code, "at {now}");
        }
    }

    #[test]
    fn a_one_time_code_is_good_once_and_half_a_minute_around_its_time() {
        let mut factor = SecondFactor::new(&SystemEntropy);
        let code = one_time_code(&factor.text(), 6000).unwrap();
        for (late, good) in [(6000 - 31, false), (6000 + 60, false), (6000 + 30, true)] {
            assert_eq!(factor.clone().take(&code, late), good, "at {late}");
        }
        assert!(factor.take(&format!("{} {}", &code[..3], &code[3..]), 6000));
        assert!(!factor.take(&code, 6000), "nobody uses it again");
        assert!(!factor.take("", 7000) && !factor.take("00000", 7000));
    }

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let kept = Password::new("a horse of another colour", &SystemEntropy);
        assert!(kept.is("a horse of another colour"));
        assert!(!kept.is("a horse of another color") && !kept.is(""));
        let again = Password::new("a horse of another colour", &SystemEntropy);
        assert_ne!(
            kept.hash, again.hash,
            "the same password of two people is kept as two"
        );
        assert!(!Password::none("a horse of another colour"));
        assert!(fits("twelve chars") && !fits("eleven char") && !fits(&"x".repeat(1025)));
    }

    #[test]
    fn a_recovery_code_is_good_once_however_it_is_typed() {
        let mut secrets = Secrets::default();
        let codes = secrets.new_recovery_codes(&SystemEntropy);
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert_eq!(codes[0].len(), 16 + 3, "80 bits in groups of four");
        assert!(secrets.take_recovery(&codes[0].to_uppercase().replace('-', " ")));
        assert!(!secrets.take_recovery(&codes[0]));
        assert!(!secrets.take_recovery("") && !secrets.take_recovery("aaaa-aaaa-aaaa-aaaa"));
        let more = secrets.new_recovery_codes(&SystemEntropy);
        assert!(!secrets.take_recovery(&codes[1]) && secrets.take_recovery(&more[1]));
    }
}
