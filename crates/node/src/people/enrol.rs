//! Entering an account for the first time: a passkey, or a name, a password and a second factor that has
//! shown that it works. Then recovery codes are given.
//!
//! A recovery code stands in for the second factor. Where there is no password that it could stand
//! beside, it lets in like a code to enter: whoever has lost all passkeys makes another one.

use ensign_store::vault::SealedChange;
use ensign_trust::account::{Act, Credential};
use ensign_trust::id::AccountId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::account::put;
use super::secret::{self, Chosen, Password, SecondFactor, Secrets};
use super::session::{Session, SignedIn};
use super::{Refusal, cell};
use crate::clock::fresh;
use crate::error::Error;
use crate::node::{NODE, Node};

/// Longest name to sign in with, in characters.
const MAX_LOGIN: usize = 64;

/// What an authenticator app is to be told. Shown once.
#[derive(Debug)]
pub struct Begun {
    /// The secret as people type it.
    pub secret: Zeroizing<String>,
    /// The secret with its place, as an app scans it.
    pub uri: Zeroizing<String>,
}

/// Somebody who shows a code that lets in.
pub(super) struct Entering {
    pub account: AccountId,
    secrets: Secrets,
    /// Table and row of the code.
    code: (&'static str, String),
}

/// Somebody who has just entered.
#[derive(Debug)]
pub struct Enrolled {
    /// They are signed in.
    pub signed_in: SignedIn,
    /// Codes that stand in for the second factor, once each. Shown once.
    pub recovery: Vec<Zeroizing<String>>,
}

impl Node {
    /// Begins to enter with a code that was given out: the name and the password are kept once the
    /// second factor has shown that it works.
    pub fn begin_enrolment(&self, code: &str, login: &str, password: &str) -> Result<Begun, Error> {
        let _turn = self.changing();
        let Entering {
            account,
            mut secrets,
            ..
        } = self.enrolling(code)?;
        let login = name_of(login).ok_or(Refusal::Login)?;
        if self.account_called(&login)?.is_some_and(|it| it != account) {
            return Err(Refusal::Login.into());
        }
        if !secret::fits(password) {
            return Err(Refusal::Password.into());
        }
        let second = SecondFactor::new(&*self.entropy);
        let begun = Begun {
            secret: second.text(),
            uri: second.uri("Ensign"),
        };
        secrets.chosen = Some(Chosen {
            login,
            password: Password::new(password, &*self.entropy),
            second,
        });
        self.keep_secrets(account, &secrets)?;
        Ok(begun)
    }

    /// Enters, with a one-time code of the second factor.
    pub fn end_enrolment(&self, code: &str, one_time: &str) -> Result<Enrolled, Error> {
        let _turn = self.changing();
        let mut entering = self.enrolling(code)?;
        let (account, secrets) = (entering.account, &mut entering.secrets);
        let mut chosen = secrets.chosen.take().ok_or(Refusal::Enrolment)?;
        if !chosen.second.take(one_time, self.clock.now()) {
            return Err(Refusal::SecondFactor.into());
        }
        let digest = self.login_digest(&chosen.login)?;
        if self
            .account_called(&chosen.login)?
            .is_some_and(|it| it != account)
        {
            return Err(Refusal::Login.into());
        }
        let by = Some(account);
        self.state_acts(
            &[Credential::Password, Credential::SecondFactor].map(|credential| Act::Changed {
                account,
                credential,
                by,
            }),
        )?;
        secrets.login = Some(chosen.login.clone());
        secrets.password = Some(chosen.password.clone());
        secrets.second = Some(chosen.second.clone());
        self.let_in(entering, Some(data_encoding::HEXLOWER.encode(&digest)))
    }

    /// Lets somebody in who has shown how they will sign in, under the digest of a name where there is
    /// one. The code that was shown is used up, and so are recovery codes of before.
    pub(super) fn let_in(
        &self,
        entering: Entering,
        login: Option<String>,
    ) -> Result<Enrolled, Error> {
        let Entering {
            account,
            mut secrets,
            code: (table, code),
        } = entering;
        if table == "recovery" {
            self.state_acts(&[recovery_changed(account)])?;
        }
        secrets.chosen = None;
        let enrolment = secrets.enrolment.take();
        let recovery = secrets.new_recovery_codes(&*self.entropy);
        let owner = account.to_string();
        let mut changes = vec![SealedChange::Delete(cell(table, &code))];
        if let Some((enrolment, _)) = &enrolment {
            changes.push(SealedChange::Delete(cell("enrolment", enrolment)));
        }
        if let Some(login) = &login {
            changes.push(put("login", login, &owner, account.as_bytes()));
        }
        self.keep_recovery(account, &secrets, changes)?;
        Ok(Enrolled {
            signed_in: self.begin_session(account)?,
            recovery,
        })
    }

    /// Whether a code to enter is good now.
    pub fn can_enrol(&self, code: &str) -> Result<(), Error> {
        self.enrolling(code).map(drop)
    }

    /// Gives an account fresh recovery codes in place of those before. Where there is no password they
    /// let in by themselves, so only somebody who signed in a moment ago gets them.
    pub fn new_recovery_codes(&self, session: &Session) -> Result<Vec<Zeroizing<String>>, Error> {
        let account = session.account;
        let _turn = self.changing();
        let mut secrets = self.secrets(account)?;
        if secrets.password.is_none() && !self.is_fresh(session) {
            return Err(Refusal::NotFresh.into());
        }
        let codes = secrets.new_recovery_codes(&*self.entropy);
        self.state_acts(&[recovery_changed(account)])?;
        self.keep_recovery(account, &secrets, Vec::new())?;
        Ok(codes)
    }

    /// Keeps the secrets of an account whose recovery codes are others now, with other changes. Where
    /// there is no password, the codes are found by themselves.
    fn keep_recovery(
        &self,
        account: AccountId,
        secrets: &Secrets,
        others: Vec<SealedChange<'_>>,
    ) -> Result<(), Error> {
        let mut changes: Vec<SealedChange<'_>> = others;
        let owner = account.to_string();
        let kept = serde_json::to_vec(secrets)
            .map(Zeroizing::new)
            .map_err(Error::Answer)?;
        let before = self.rows_of("recovery", account)?;
        let gone = before.iter().map(|row| cell("recovery", row));
        changes.extend(gone.map(SealedChange::Delete));
        if secrets.password.is_none() {
            let codes = secrets.recovery.iter();
            changes.extend(codes.map(|row| put("recovery", row, &owner, account.as_bytes())));
        }
        changes.push(put("account", &owner, &owner, &kept));
        Ok(self.vault.apply(&changes)?)
    }

    /// Whether an account is signed in to with a password too.
    pub fn has_password(&self, account: AccountId) -> Result<bool, Error> {
        Ok(self.secrets(account)?.password.is_some())
    }

    /// How many recovery codes an account has left.
    pub fn recovery_codes_left(&self, account: AccountId) -> Result<usize, Error> {
        Ok(self.secrets(account)?.recovery.len())
    }

    /// Sets another password. Whoever else is signed in to the account is not any more.
    pub fn change_password(
        &self,
        account: AccountId,
        now: &str,
        next: &str,
    ) -> Result<SignedIn, Error> {
        let login = self
            .secrets(account)?
            .login
            .clone()
            .ok_or(Refusal::SignIn)?;
        let digest = self.login_digest(&login)?;
        self.attempt(digest)?;
        let _turn = self.changing();
        let mut secrets = self.secrets(account)?;
        if !secrets.password.as_ref().is_some_and(|kept| kept.is(now)) {
            return Err(Refusal::SignIn.into());
        }
        self.attempt_was_right(digest);
        if !secret::fits(next) {
            return Err(Refusal::Password.into());
        }
        secrets.password = Some(Password::new(next, &*self.entropy));
        self.state_acts(&[Act::Changed {
            account,
            credential: Credential::Password,
            by: Some(account),
        }])?;
        self.keep_secrets(account, &secrets)?;
        self.end_sessions(account)?;
        self.begin_session(account)
    }

    /// The account that a code lets in.
    pub(super) fn enrolling(&self, code: &str) -> Result<Entering, Error> {
        for table in ["enrolment", "recovery"] {
            let digest = secret::digest(table, code);
            let Some(account) = self.account_at(table, &digest)? else {
                continue;
            };
            let secrets = self.secrets(account)?;
            let good = match table {
                "enrolment" => secrets
                    .enrolment
                    .as_ref()
                    .is_some_and(|(kept, until)| *kept == digest && self.clock.now() < *until),
                _ => secrets.password.is_none() && secrets.recovery.contains(&digest),
            };
            if good {
                return Ok(Entering {
                    account,
                    secrets,
                    code: (table, digest),
                });
            }
        }
        Err(Refusal::Enrolment.into())
    }

    /// The account that signs in under a name.
    pub(super) fn account_called(&self, login: &str) -> Result<Option<AccountId>, Error> {
        let digest = data_encoding::HEXLOWER.encode(&self.login_digest(login)?);
        self.account_at("login", &digest)
    }

    /// The open account that a row of a table belongs to.
    pub(super) fn account_at(&self, table: &str, row: &str) -> Result<Option<AccountId>, Error> {
        let opened = match self.vault.get(cell(table, row)) {
            Err(ensign_store::Error::NoKey { .. }) => None,
            found => found?,
        };
        let account = opened.and_then(|it| it.owner.parse().ok());
        let open = |id: &AccountId| self.roster().account(*id).is_some_and(|it| it.is_open());
        Ok(account.filter(open))
    }

    /// What stands for a name to sign in with: without the node's key nobody can tell which name.
    pub(super) fn login_digest(&self, login: &str) -> Result<[u8; 32], Error> {
        let place = cell("secret", "login");
        let kept = self.vault.get(place)?.map(|opened| opened.value);
        let key = match kept {
            Some(key) => key,
            None => {
                let key = Zeroizing::new(fresh::<32>(&*self.entropy).to_vec());
                self.vault.put(place, NODE, &key)?;
                key
            }
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes any length");
        mac.update(name_of(login).unwrap_or_default().as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

fn recovery_changed(account: AccountId) -> Act {
    Act::Changed {
        account,
        credential: Credential::RecoveryCodes,
        by: Some(account),
    }
}

/// A name to sign in with as it is compared; `None` where it is none.
fn name_of(login: &str) -> Option<String> {
    let name: String = login.trim().to_lowercase();
    let fits = (1..=MAX_LOGIN).contains(&name.chars().count());
    (fits && !name.chars().any(char::is_control)).then_some(name)
}
