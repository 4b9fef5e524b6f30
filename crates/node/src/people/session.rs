//! Signing in, and being signed in.

use std::sync::PoisonError;

use data_encoding::BASE64URL_NOPAD;
use ensign_store::vault::SealedChange;
use ensign_trust::account::{Act, Credential};
use ensign_trust::id::AccountId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::put;
use super::secret::{self, Password};
use super::{Refusal, cell};
use crate::clock::fresh;
use crate::error::Error;
use crate::node::Node;

/// Seconds after which somebody who does nothing is signed in no more.
const IDLE: u64 = 30 * 60;
/// Seconds after which somebody is signed in no more, whatever they do.
const LONGEST: u64 = 12 * 3600;
/// Seconds for which a use is not written down after the last one that was.
const COARSE: u64 = 60;

/// Somebody who has signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// To which account.
    pub account: AccountId,
    /// What their browser keeps and shows with each request. Nothing of it is kept here but a digest.
    pub cookie: Zeroizing<String>,
}

/// Being signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// To which account.
    pub account: AccountId,
    /// Since when, Unix seconds.
    pub since: u64,
    /// What every form that changes something has to repeat, which no other origin can read.
    pub form_token: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    since: u64,
    used: u64,
}

impl Node {
    /// Signs somebody in with name, password and a code of the second factor or a recovery code. What
    /// is wrong is not told, nor whether anybody has the name, nor how long it took.
    pub fn sign_in(&self, login: &str, password: &str, code: &str) -> Result<SignedIn, Error> {
        let name = self.login_digest(login)?;
        self.attempt(name)?;
        let found = self.account_called(login)?;
        let kept = found.map(|account| self.secrets(account)).transpose()?;
        let kept = kept.as_ref().and_then(|secrets| secrets.password.clone());
        // Slow on purpose, so nobody waits for it with the accounts held.
        let known = match &kept {
            Some(kept) => kept.is(password),
            None => Password::none(password),
        };
        let Some(account) = found.filter(|_| known) else {
            return Err(Refusal::SignIn.into());
        };
        let _turn = self.changing();
        let mut secrets = self.secrets(account)?;
        if secrets.password != kept {
            // It was changed meanwhile.
            return Err(Refusal::SignIn.into());
        }
        let now = self.clock.now();
        let second = secrets.second.as_mut().is_some_and(|it| it.take(code, now));
        if !second {
            if !secrets.take_recovery(code) {
                return Err(Refusal::SignIn.into());
            }
            self.state_acts(&[Act::Changed {
                account,
                credential: Credential::RecoveryCodes,
                by: Some(account),
            }])?;
        }
        self.keep_secrets(account, &secrets)?;
        self.attempt_was_right(name);
        self.begin_session(account)
    }

    /// Who shows this cookie, if they are signed in. Being used keeps the session alive.
    pub fn session(&self, cookie: &str) -> Result<Option<Session>, Error> {
        let row = secret::digest("session", &hex(cookie));
        let Some(account) = self.account_at("session", &row)? else {
            return Ok(None);
        };
        let Some(opened) = self.vault.get(cell("session", &row))? else {
            return Ok(None);
        };
        let kept: Kept = serde_json::from_slice(&opened.value).map_err(Error::Answer)?;
        let now = self.clock.now();
        if !kept.lasts(now) {
            self.vault.delete(cell("session", &row))?;
            return Ok(None);
        }
        if now >= kept.used.saturating_add(COARSE) {
            // What was ended meanwhile stays so.
            let _turn = self.changing();
            if self.account_at("session", &row)?.is_none() {
                return Ok(None);
            }
            let used = Kept { used: now, ..kept };
            self.keep_session(&row, account, &used)?;
        }
        Ok(Some(Session {
            account,
            since: kept.since,
            form_token: secret::digest("form", &hex(cookie)),
        }))
    }

    /// Ends the session of this cookie, if there is one.
    pub fn sign_out(&self, cookie: &str) -> Result<(), Error> {
        let row = secret::digest("session", &hex(cookie));
        Ok(self.vault.delete(cell("session", &row))?)
    }

    /// Ends all sessions of an account, and what was begun in them.
    pub fn end_sessions(&self, account: AccountId) -> Result<(), Error> {
        self.forget_challenges(account);
        let rows = self.rows_of("session", account)?;
        let gone: Vec<_> = rows
            .iter()
            .map(|row| SealedChange::Delete(cell("session", row)))
            .collect();
        Ok(self.vault.apply(&gone)?)
    }

    /// How many sessions of an account last.
    pub fn sessions(&self, account: AccountId) -> Result<usize, Error> {
        let now = self.clock.now();
        let mut lasting = 0;
        for row in self.rows_of("session", account)? {
            if let Some(opened) = self.vault.get(cell("session", &row))? {
                let kept: Kept = serde_json::from_slice(&opened.value).map_err(Error::Answer)?;
                lasting += usize::from(kept.lasts(now));
            }
        }
        Ok(lasting)
    }

    pub(super) fn begin_session(&self, account: AccountId) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        // Those that ended are cleared away by whoever comes next.
        for row in self.rows_of("session", account)? {
            let opened = self.vault.get(cell("session", &row))?;
            let kept = opened.and_then(|it| serde_json::from_slice::<Kept>(&it.value).ok());
            if kept.is_none_or(|it| !it.lasts(now)) {
                self.vault.delete(cell("session", &row))?;
            }
        }
        let cookie = Zeroizing::new(BASE64URL_NOPAD.encode(&fresh::<32>(&*self.entropy)));
        let row = secret::digest("session", &hex(&cookie));
        let kept = Kept {
            since: now,
            used: now,
        };
        self.keep_session(&row, account, &kept)?;
        Ok(SignedIn { account, cookie })
    }

    fn keep_session(&self, row: &str, account: AccountId, kept: &Kept) -> Result<(), Error> {
        let kept = serde_json::to_vec(kept).map_err(Error::Answer)?;
        let owner = account.to_string();
        Ok(self.vault.apply(&[put("session", row, &owner, &kept)])?)
    }

    /// Lets an attempt at a password through, or says how long the next one waits.
    pub(super) fn attempt(&self, name: [u8; 32]) -> Result<(), Error> {
        let mut guesses = self
            .people
            .guesses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let waits = guesses.attempt(name, self.clock.now());
        waits.map_err(|seconds| Refusal::Throttled { seconds }.into())
    }

    /// The same for a passkey, which names nobody.
    pub(super) fn attempt_unnamed(&self) -> Result<(), Error> {
        let mut guesses = self
            .people
            .guesses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let waits = guesses.attempt_unnamed(self.clock.now());
        waits.map_err(|seconds| Refusal::Throttled { seconds }.into())
    }

    pub(super) fn attempt_was_right(&self, name: [u8; 32]) {
        let mut guesses = self
            .people
            .guesses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        guesses.right(name);
    }
}

impl Kept {
    fn lasts(&self, now: u64) -> bool {
        // A clock that was put back makes no session longer.
        self.since <= now.saturating_add(COARSE)
            && now < self.used.saturating_add(IDLE)
            && now < self.since.saturating_add(LONGEST)
    }
}

/// The bytes of a cookie or token, whose letters differ by case, in a form that no reading changes.
pub(super) fn hex(secret: &str) -> Zeroizing<String> {
    Zeroizing::new(data_encoding::HEXLOWER.encode(secret.as_bytes()))
}
