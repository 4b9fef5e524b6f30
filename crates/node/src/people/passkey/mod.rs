//! Passkeys: signing in with what a person's own device holds and unlocks for them alone.
//!
//! | | says so | then |
//! |---|---|---|
//! | made | whoever has a code to enter, or signed in a moment ago | the closed log has half a digest of its id and key |
//! | used | whoever holds it, and is verified by the device | signed in; the passkey itself says to which account |
//! | removed | whoever signed in a moment ago | the closed log says so, and everybody else is signed out |
//!
//! The id of a passkey is kept as a digest, which is all that finds it again. A browser is therefore
//! not told which passkeys there are, and each is made as that of a person of its own, so that the
//! second one on a device does not take the place of the first.
//!
//! In scope: Web Authentication Level 3 as far as `check` says. Out of scope: which make a device is
//! of, and what else it could do.

mod challenge;
mod check;
#[cfg(test)]
mod tests;

use std::sync::{MutexGuard, PoisonError};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ensign_trust::account::Act;
use ensign_trust::id::AccountId;
use ensign_trust::key::{Algorithm, PublicKey};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::put;
use super::enrol::Enrolled;
use super::session::{Session, SignedIn};
use super::{Refusal, cell, secret};
use crate::clock::fresh;
use crate::config::Address;
use crate::error::Error;
use crate::node::Node;
use challenge::{Ceremony, LIFE};
use check::{Flaw, Fresh, Made, Used};

pub(super) use challenge::Challenges;

/// Most passkeys of one account.
pub const MOST_PASSKEYS: usize = 10;
/// Longest name that a person gives to a passkey, in characters.
const MAX_LABEL: usize = 64;
/// Seconds after signing in within which another way in is made.
const FRESH: u64 = 10 * 60;

/// A passkey in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PasskeyRow {
    /// Its name in the closed log, which says nothing of it.
    pub passkey: String,
    /// What the person calls it.
    pub label: String,
    /// When it was added, Unix seconds.
    pub added: u64,
    /// When it was last used.
    pub used: Option<u64>,
}

/// What is kept of a passkey.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Its name in the closed log, in hexadecimal digits.
    name: String,
    /// Its COSE_Key, in hexadecimal digits.
    key: String,
    /// Digest of what the device keeps as whose it is.
    handle: String,
    count: u32,
    eligible: bool,
    label: String,
    added: u64,
    used: Option<u64>,
}

impl Node {
    /// What a page gives a browser so that somebody signs in with a passkey
    /// (`PublicKeyCredentialRequestOptionsJSON`).
    pub fn begin_passkey_sign_in(&self, address: &Address) -> String {
        let challenge = self.give_challenge(Ceremony::SignIn);
        json!({
            "challenge": challenge,
            "rpId": address.host(),
            "timeout": LIFE * 1000,
            "userVerification": "required",
        })
        .to_string()
    }

    /// Signs somebody in with what their browser answers (`AuthenticationResponseJSON`). What is wrong
    /// is not told.
    pub fn sign_in_with_passkey(&self, address: &Address, answer: &str) -> Result<SignedIn, Error> {
        self.attempt_unnamed()?;
        let used = Used::read(answer).map_err(refused)?;
        match self.take_challenge(used.challenge()) {
            Some(Ceremony::SignIn) => (),
            _ => return Err(refused(Flaw::Challenge)),
        }
        let _turn = self.changing();
        let row = row_of(&used.id);
        let account = self.account_at("passkey", &row)?;
        let account = account.ok_or_else(|| refused(Flaw::Unknown))?;
        let mut kept = self
            .passkey_at(&row)?
            .ok_or_else(|| refused(Flaw::Unknown))?;
        let key = kept.key().ok_or_else(|| refused(Flaw::Unknown))?;
        // What the log does not know is nobody's, whatever the vault says.
        let name = name_of(&used.id, &key);
        if !self.knows_passkey(account, &name) {
            return Err(refused(Flaw::Unknown));
        }
        if kept.handle != handle_digest(&used.handle) {
            return Err(refused(Flaw::Owner));
        }
        let checked = used.check(address, &key, kept.count, kept.eligible);
        kept.count = checked.map_err(refused)?;
        kept.used = Some(self.clock.now());
        let owner = account.to_string();
        self.vault
            .apply(&[put("passkey", &row, &owner, &kept.encoded()?)])?;
        self.begin_session(account)
    }

    /// What a page gives a browser so that somebody who has a code to enter makes a passkey
    /// (`PublicKeyCredentialCreationOptionsJSON`).
    pub fn begin_passkey_enrolment(&self, code: &str, address: &Address) -> Result<String, Error> {
        let account = self.enrolling(code)?.account;
        let handle = fresh(&*self.entropy);
        let ceremony = Ceremony::Enrol { account, handle };
        Ok(self.creation(ceremony, &handle, address))
    }

    /// Enters with a code and what the browser answers (`RegistrationResponseJSON`), and neither
    /// password nor second factor.
    pub fn end_passkey_enrolment(
        &self,
        code: &str,
        address: &Address,
        answer: &str,
        label: &str,
    ) -> Result<Enrolled, Error> {
        let label = label_of(label)?;
        let _turn = self.changing();
        let entering = self.enrolling(code)?;
        let account = entering.account;
        let made = Made::read(answer).map_err(not_made)?;
        let handle = match self.take_challenge(made.challenge()) {
            Some(Ceremony::Enrol {
                account: whose,
                handle,
            }) if whose == account => handle,
            _ => return Err(not_made(Flaw::Challenge)),
        };
        let made = made.check(address).map_err(not_made)?;
        self.put_passkey(account, made, &handle, label)?;
        self.let_in(entering, None)
    }

    /// The same for somebody who signed in a moment ago and adds a passkey.
    pub fn begin_passkey(&self, session: &Session, address: &Address) -> Result<String, Error> {
        if !self.is_fresh(session) {
            return Err(Refusal::NotFresh.into());
        }
        let (account, handle) = (session.account, fresh(&*self.entropy));
        self.room_for_passkey(account)?;
        Ok(self.creation(Ceremony::Add { account, handle }, &handle, address))
    }

    /// Adds a passkey to the account of somebody signed in.
    pub fn end_passkey(
        &self,
        account: AccountId,
        address: &Address,
        answer: &str,
        label: &str,
    ) -> Result<(), Error> {
        let label = label_of(label)?;
        let made = Made::read(answer).map_err(not_made)?;
        // Whoever ends the account's sessions meanwhile forgets its challenges: it is before or after.
        let _turn = self.changing();
        let handle = match self.take_challenge(made.challenge()) {
            Some(Ceremony::Add {
                account: whose,
                handle,
            }) if whose == account => handle,
            _ => return Err(not_made(Flaw::Challenge)),
        };
        let made = made.check(address).map_err(not_made)?;
        self.put_passkey(account, made, &handle, label)
    }

    /// Removes a passkey of an account, unless it is all that the account is signed in with. Whoever
    /// else is signed in is not any more; and since that begins a session, the one of before has to
    /// be one in which a passkey can be added.
    pub fn remove_passkey(&self, session: &Session, passkey: &str) -> Result<SignedIn, Error> {
        if !self.is_fresh(session) {
            return Err(Refusal::NotFresh.into());
        }
        let account = session.account;
        let _turn = self.changing();
        let name = HEXLOWER.decode(passkey.as_bytes());
        let name = name.map_err(|_| Refusal::NoPasskey)?;
        if !self.knows_passkey(account, &name) {
            return Err(Refusal::NoPasskey.into());
        }
        if self.secrets(account)?.password.is_none() && self.passkeys(account)?.len() < 2 {
            return Err(Refusal::LastPasskey.into());
        }
        self.state_acts(&[Act::PasskeyRemoved {
            account,
            passkey: name,
            by: Some(account),
        }])?;
        for row in self.rows_of("passkey", account)? {
            if self.passkey_at(&row)?.is_some_and(|it| it.name == passkey) {
                self.vault.delete(cell("passkey", &row))?;
            }
        }
        self.end_sessions(account)?;
        self.begin_session(account)
    }

    /// The passkeys of an account, the first one first.
    pub fn passkeys(&self, account: AccountId) -> Result<Vec<PasskeyRow>, Error> {
        let mut rows = Vec::new();
        for row in self.rows_of("passkey", account)? {
            let Some(kept) = self.passkey_at(&row)? else {
                continue;
            };
            let name = HEXLOWER.decode(kept.name.as_bytes()).unwrap_or_default();
            if self.knows_passkey(account, &name) {
                rows.push(PasskeyRow {
                    passkey: kept.name,
                    label: kept.label,
                    added: kept.added,
                    used: kept.used,
                });
            }
        }
        rows.sort_by(|a, b| (a.added, &a.passkey).cmp(&(b.added, &b.passkey)));
        Ok(rows)
    }

    /// Whether somebody signed in so short a time ago that they may make another way in.
    pub fn is_fresh(&self, session: &Session) -> bool {
        self.clock.now() < session.since.saturating_add(FRESH)
    }

    /// What says in the closed log that the passkeys of an account are good no more.
    pub(super) fn passkeys_removed(&self, account: AccountId, by: Option<AccountId>) -> Vec<Act> {
        let roster = self.roster();
        let names = roster
            .account(account)
            .into_iter()
            .flat_map(|it| &it.passkeys);
        names
            .map(|passkey| Act::PasskeyRemoved {
                account,
                passkey: passkey.clone(),
                by,
            })
            .collect()
    }

    /// What the device keeps and shows of whose passkey it is says nothing of the person.
    fn creation(&self, ceremony: Ceremony, handle: &[u8; 32], address: &Address) -> String {
        let challenge = self.give_challenge(ceremony);
        let name = format!("Ensign {}", HEXLOWER.encode(&handle[..2]));
        let algorithm = |it: Algorithm| json!({ "type": "public-key", "alg": it.cose() as i64 });
        json!({
            "attestation": "none",
            "authenticatorSelection": {
                "requireResidentKey": true,
                "residentKey": "required",
                "userVerification": "required",
            },
            "challenge": challenge,
            "excludeCredentials": [],
            "pubKeyCredParams": [algorithm(Algorithm::EdDsa), algorithm(Algorithm::Es256)],
            "rp": { "id": address.host(), "name": "Ensign" },
            "timeout": LIFE * 1000,
            "user": {
                "id": BASE64URL_NOPAD.encode(handle),
                "name": name,
                "displayName": name,
            },
        })
        .to_string()
    }

    fn put_passkey(
        &self,
        account: AccountId,
        made: Fresh,
        handle: &[u8; 32],
        label: String,
    ) -> Result<(), Error> {
        self.room_for_passkey(account)?;
        let row = row_of(&made.id);
        if self.vault.owner(cell("passkey", &row))?.is_some() {
            return Err(not_made(Flaw::Credential));
        }
        let name = name_of(&made.id, &made.key);
        let kept = Kept {
            name: HEXLOWER.encode(&name),
            key: HEXLOWER.encode(&made.key.to_cose()),
            handle: handle_digest(handle),
            count: made.count,
            eligible: made.eligible,
            label,
            added: self.clock.now(),
            used: None,
        };
        let owner = account.to_string();
        self.vault
            .apply(&[put("passkey", &row, &owner, &kept.encoded()?)])?;
        self.state_acts(&[Act::PasskeyAdded {
            account,
            passkey: name,
        }])?;
        Ok(())
    }

    fn room_for_passkey(&self, account: AccountId) -> Result<(), Error> {
        let roster = self.roster();
        let known = roster.account(account).filter(|it| it.is_open());
        match known.ok_or(Refusal::Closed)?.passkeys.len() < MOST_PASSKEYS {
            true => Ok(()),
            false => Err(Refusal::MostPasskeys.into()),
        }
    }

    fn knows_passkey(&self, account: AccountId, name: &[u8]) -> bool {
        let roster = self.roster();
        let account = roster.account(account);
        account.is_some_and(|it| it.passkeys.contains(name))
    }

    fn passkey_at(&self, row: &str) -> Result<Option<Kept>, Error> {
        let opened = self.vault.get(cell("passkey", row))?;
        let kept = opened.map(|it| serde_json::from_slice(&it.value));
        kept.transpose().map_err(Error::Answer)
    }

    /// Forgets what an account was asked to sign.
    pub(super) fn forget_challenges(&self, account: AccountId) {
        self.challenges().forget(account);
    }

    fn give_challenge(&self, ceremony: Ceremony) -> String {
        let challenge = fresh::<32>(&*self.entropy);
        let now = self.clock.now();
        self.challenges().give(challenge, ceremony, now);
        BASE64URL_NOPAD.encode(&challenge)
    }

    fn take_challenge(&self, challenge: &[u8]) -> Option<Ceremony> {
        let now = self.clock.now();
        self.challenges().take(challenge, now)
    }

    fn challenges(&self) -> MutexGuard<'_, Challenges> {
        let challenges = &self.people.challenges;
        challenges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn key(&self) -> Option<PublicKey> {
        let bytes = HEXLOWER.decode(self.key.as_bytes()).ok()?;
        PublicKey::from_cose(&bytes).ok()
    }

    fn encoded(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(Error::Answer)
    }
}

/// Nobody is told which of the flaws it was, but whoever reads the program log.
fn refused(flaw: Flaw) -> Error {
    tracing::info!(%flaw, "a passkey was refused");
    Refusal::SignIn.into()
}

fn not_made(flaw: Flaw) -> Error {
    tracing::info!(%flaw, "a passkey was not taken");
    Refusal::Passkey.into()
}

/// A name for a passkey as its person gave it.
fn label_of(label: &str) -> Result<String, Error> {
    let label = label.trim();
    let fits = (1..=MAX_LABEL).contains(&label.chars().count());
    match fits && !label.chars().any(char::is_control) {
        true => Ok(label.to_owned()),
        false => Err(Refusal::PasskeyLabel.into()),
    }
}

/// Where a passkey is kept.
fn row_of(id: &[u8]) -> String {
    secret::digest("passkey", &HEXLOWER.encode(id))
}

fn handle_digest(handle: &[u8]) -> String {
    secret::digest("handle", &HEXLOWER.encode(handle))
}

/// What the closed log calls a passkey: the first half of a digest of its id and its key, so that who
/// puts another key into the vault gains nothing.
fn name_of(id: &[u8], key: &PublicKey) -> Vec<u8> {
    let (id, key) = (HEXLOWER.encode(id), HEXLOWER.encode(&key.to_cose()));
    let digest = secret::digest("passkey-key", &format!("{id}x{key}"));
    let digest = HEXLOWER.decode(digest.as_bytes()).unwrap_or_default();
    digest.into_iter().take(16).collect()
}
