//! Opening accounts, what they may do, and ending them.

use ensign_store::vault::SealedChange;
use ensign_trust::account::{Act, Action, Credential, Relation, Role, Sensitivity};
use ensign_trust::id::{AccountId, StatementId};
use serde::Serialize;
use zeroize::Zeroizing;

use super::secret::{self, Secrets};
use super::{Refusal, cell};
use crate::clock::fresh;
use crate::error::Error;
use crate::node::Node;

/// Seconds for which a code to enter is good.
const ENROLMENT: u64 = 3 * 86_400;

/// An account that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountOpened {
    /// Its id.
    pub account: AccountId,
    /// With what its person enters.
    #[serde(flatten)]
    pub enrolment: Enrolment,
}

/// With what somebody enters an account for the first time, or anew. Shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enrolment {
    /// The code.
    pub code: String,
    /// First second at which it is good no more, Unix seconds.
    pub until: u64,
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// Its id.
    pub account: AccountId,
    /// When it was opened, Unix seconds.
    pub opened: u64,
    /// When it was closed.
    pub closed: Option<u64>,
    /// What it may act as, beside a member.
    pub roles: Vec<RoleRow>,
}

/// A role in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    /// The role.
    pub role: Role,
    /// First second at which it is held no more, Unix seconds.
    pub until: Option<u64>,
}

impl Node {
    /// Opens an account for a person, with first roles. Whoever acts for an account grants no role
    /// that it may not grant.
    pub fn open_account(
        &self,
        name: &str,
        roles: &[Role],
        by: Option<AccountId>,
    ) -> Result<AccountOpened, Error> {
        self.permit(
            by,
            Action::AccountOpen,
            Sensitivity::Moderate,
            Relation::None,
        )?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            let what = "the name".to_owned();
            let expected = "1 to 200 characters";
            return Err(Error::Argument { what, expected });
        }
        if roles.contains(&Role::Member) {
            return Err(Refusal::Membership.into());
        }
        if roles.iter().any(|role| role.decides()) {
            takes_two(by, Action::AccountEmpower)?;
        }
        self.may_write()?;
        let _turn = self.changing();
        let account = AccountId::from_bytes(fresh(&*self.entropy));
        let mut secrets = Secrets::of(name);
        let enrolment = self.put_enrolment(account, &mut secrets)?;
        let mut acts = vec![Act::Opened { account, by }];
        acts.extend(roles.iter().map(|role| Act::Granted {
            account,
            role: *role,
            until: None,
            by,
        }));
        self.state_acts(&acts)?;
        Ok(AccountOpened { account, enrolment })
    }

    /// Gives the person of an account another code to enter: what they signed in with before counts
    /// no more, and whoever is signed in is not. For an account that decides it takes two people.
    pub fn enrol_again(
        &self,
        account: &str,
        by: Option<AccountId>,
    ) -> Result<AccountOpened, Error> {
        let account = self.open_account_id(account)?;
        let relation = if by == Some(account) {
            Relation::Author
        } else {
            Relation::None
        };
        self.permit(by, Action::AccountOpen, Sensitivity::Moderate, relation)?;
        let _turn = self.changing();
        if self.decides(account) {
            takes_two(by, Action::AccountEmpower)?;
        }
        self.enrol_again_now(account, by)
    }

    /// The same in the turn of whoever calls it.
    pub(super) fn enrol_again_now(
        &self,
        account: AccountId,
        by: Option<AccountId>,
    ) -> Result<AccountOpened, Error> {
        let mut secrets = Secrets::of(&self.secrets(account)?.name);
        let mut acts = vec![Act::Changed {
            account,
            credential: Credential::Enrolment,
            by,
        }];
        let tokens: Vec<_> = {
            let roster = self.roster();
            let account = roster.account(account);
            account
                .into_iter()
                .flat_map(|it| it.tokens.keys().cloned())
                .collect()
        };
        acts.extend(
            tokens
                .into_iter()
                .map(|token| Act::TokenRevoked { account, token, by }),
        );
        acts.extend(self.passkeys_removed(account, by));
        self.state_acts(&acts)?;
        self.forget_ways_in(account)?;
        let enrolment = self.put_enrolment(account, &mut secrets)?;
        self.vault.stored().scrub()?;
        Ok(AccountOpened { account, enrolment })
    }

    /// Grants a role to an account, until a time in Unix seconds where one is given. For a role that
    /// decides it takes two people.
    pub fn grant_role(
        &self,
        account: &str,
        role: Role,
        until: Option<u64>,
        by: Option<AccountId>,
    ) -> Result<AccountRow, Error> {
        let account = self.open_account_id(account)?;
        self.permit_account(by, Action::AccountGrant, account)?;
        if role == Role::Member {
            return Err(Refusal::Membership.into());
        }
        if role.decides() {
            takes_two(by, Action::AccountEmpower)?;
        }
        self.may_hold_until(until)?;
        let _turn = self.changing();
        self.grant_now(account, role, until, by)
    }

    /// The same in the turn of whoever calls it.
    pub(super) fn grant_now(
        &self,
        account: AccountId,
        role: Role,
        until: Option<u64>,
        by: Option<AccountId>,
    ) -> Result<AccountRow, Error> {
        self.state_acts(&[Act::Granted {
            account,
            role,
            until,
            by,
        }])?;
        self.account_row(account)
    }

    /// Whether an account holds a role that decides.
    pub(crate) fn decides(&self, account: AccountId) -> bool {
        let now = self.clock.now();
        let roster = self.roster();
        let account = roster.account(account);
        account.is_some_and(|it| it.held(now).any(Role::decides))
    }

    /// Takes a role back from an account.
    pub fn withdraw_role(
        &self,
        account: &str,
        role: Role,
        by: Option<AccountId>,
    ) -> Result<AccountRow, Error> {
        let account = self.open_account_id(account)?;
        self.permit_account(by, Action::AccountWithdraw, account)?;
        let _turn = self.changing();
        if role == Role::Administrator {
            self.keep_administered(account, by)?;
        }
        self.state_acts(&[Act::Withdrawn { account, role, by }])?;
        self.account_row(account)
    }

    /// Closes an account: what is known of its person is destroyed.
    pub fn close_account(&self, account: &str, by: Option<AccountId>) -> Result<AccountRow, Error> {
        let account = self.open_account_id(account)?;
        self.permit_account(by, Action::AccountClose, account)?;
        let _turn = self.changing();
        self.close_account_now(account, by)?;
        self.account_row(account)
    }

    /// Closes an account in the turn of whoever calls it; gives the statement that says so.
    pub(crate) fn close_account_now(
        &self,
        account: AccountId,
        by: Option<AccountId>,
    ) -> Result<StatementId, Error> {
        self.open_account_id(&account.to_string())?;
        self.keep_administered(account, by)?;
        let ids = self.state_acts(&[Act::Closed { account, by }])?;
        self.forget_account(account)?;
        Ok(ids[0])
    }

    /// Lists the accounts that an account may see; all for whoever holds the folder.
    pub fn accounts(&self, by: Option<AccountId>) -> Result<Vec<AccountRow>, Error> {
        let ids: Vec<_> = self.roster().accounts().map(|(id, _)| id).collect();
        let seen = |id: &AccountId| self.permit_account(by, Action::AccountRead, *id).is_ok();
        let mut rows = ids
            .into_iter()
            .filter(seen)
            .map(|id| self.account_row(id))
            .collect::<Result<Vec<_>, _>>()?;
        rows.sort_by_key(|row| (row.closed.is_some(), row.opened, row.account));
        Ok(rows)
    }

    /// An account.
    pub fn account_row(&self, account: AccountId) -> Result<AccountRow, Error> {
        let roster = self.roster();
        let found = roster.account(account).ok_or_else(|| Refusal::Unknown {
            id: account.to_string(),
        })?;
        let now = self.clock.now();
        let role = |role: Role| RoleRow {
            role,
            until: found.roles.get(&role).copied().flatten(),
        };
        Ok(AccountRow {
            account,
            opened: found.opened,
            closed: found.closed,
            roles: found.held(now).map(role).collect(),
        })
    }

    /// What the person of an account is called, for that person alone.
    pub fn own_name(&self, account: AccountId) -> Result<String, Error> {
        Ok(self.secrets(account)?.name.clone())
    }

    /// Destroys what is known of people whose accounts are closed or were never stated, where the node
    /// stopped before it was destroyed.
    pub(crate) fn finish_closing(&self) -> Result<(), Error> {
        let closed: Vec<_> = self
            .roster()
            .accounts()
            .filter(|(_, account)| !account.is_open())
            .map(|(id, _)| id)
            .collect();
        for account in closed {
            let key = self.vault.keys().find_data_key(&account.to_string())?;
            if key.is_some() {
                self.forget_account(account)?;
            }
        }
        let mut after = None::<String>;
        loop {
            let rows = self.vault.stored().rows("account", after.as_deref(), 256)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            for account in rows.iter().filter_map(|row| row.parse().ok()) {
                let open = self
                    .roster()
                    .account(account)
                    .is_some_and(|it| it.is_open());
                if !open {
                    self.forget_account(account)?;
                }
            }
        }
    }

    /// Refuses what would leave a node's accounts without anybody who can grant roles. Whoever holds
    /// the folder can.
    fn keep_administered(&self, account: AccountId, by: Option<AccountId>) -> Result<(), Error> {
        let now = self.clock.now();
        let roster = self.roster();
        let is_one = roster
            .account(account)
            .is_some_and(|it| it.holds(Role::Administrator, now));
        match by.is_some() && is_one && !roster.administered_without(account, now) {
            true => Err(Refusal::LastAdministrator.into()),
            false => Ok(()),
        }
    }

    /// Makes a code to enter and keeps its digest with the secrets.
    fn put_enrolment(&self, account: AccountId, secrets: &mut Secrets) -> Result<Enrolment, Error> {
        let code = secret::code_text(&fresh::<16>(&*self.entropy));
        let digest = secret::digest("enrolment", &code);
        let until = self.clock.now() + ENROLMENT;
        secrets.enrolment = Some((digest.clone(), until));
        let owner = account.to_string();
        let kept = encode(secrets)?;
        self.vault.apply(&[
            put("account", &owner, &owner, &kept),
            put("enrolment", &digest, &owner, account.as_bytes()),
        ])?;
        Ok(Enrolment {
            code: code.to_string(),
            until,
        })
    }

    /// What is kept of the person of an account.
    pub(super) fn secrets(&self, account: AccountId) -> Result<Secrets, Error> {
        let opened = self.vault.get(cell("account", &account.to_string()))?;
        let opened = opened.ok_or_else(|| Refusal::Unknown {
            id: account.to_string(),
        })?;
        serde_json::from_slice(&opened.value).map_err(Error::Answer)
    }

    /// Keeps what is known of the person of an account.
    pub(super) fn keep_secrets(&self, account: AccountId, secrets: &Secrets) -> Result<(), Error> {
        let (row, kept) = (account.to_string(), encode(secrets)?);
        Ok(self.vault.apply(&[put("account", &row, &row, &kept)])?)
    }

    /// Takes away all with which somebody comes into an account: names, codes, sessions, tokens.
    fn forget_ways_in(&self, account: AccountId) -> Result<(), Error> {
        self.forget_challenges(account);
        let mut gone = Vec::new();
        for table in [
            "login",
            "enrolment",
            "session",
            "token",
            "passkey",
            "recovery",
        ] {
            for row in self.rows_of(table, account)? {
                gone.push((table, row));
            }
        }
        let gone: Vec<_> = gone
            .iter()
            .map(|(table, row)| SealedChange::Delete(cell(table, row)))
            .collect();
        Ok(self.vault.apply(&gone)?)
    }

    /// Destroys what is known of the person of a closed account. The key goes before the row that says
    /// that there is something to destroy: as long as one of the two is there, the next start goes on.
    fn forget_account(&self, account: AccountId) -> Result<(), Error> {
        let owner = account.to_string();
        self.forget_ways_in(account)?;
        self.forget_answers(&owner)?;
        self.vault.keys().destroy(&owner)?;
        self.vault.delete(cell("account", &owner))?;
        self.vault.stored().scrub()?;
        Ok(())
    }

    /// The rows of a table that belong to an account.
    pub(crate) fn rows_of(&self, table: &str, account: AccountId) -> Result<Vec<String>, Error> {
        let owner = account.to_string();
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let rows = self.vault.stored().rows(table, after.as_deref(), 256)?;
            let Some(last) = rows.last() else {
                return Ok(found);
            };
            after = Some(last.clone());
            for row in rows {
                if self.vault.owner(cell(table, &row))?.as_ref() == Some(&owner) {
                    found.push(row);
                }
            }
        }
    }

    pub(crate) fn changing(&self) -> std::sync::MutexGuard<'_, ()> {
        let changing = &self.people.changing;
        changing
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn encode(secrets: &Secrets) -> Result<Zeroizing<Vec<u8>>, Error> {
    serde_json::to_vec(secrets)
        .map(Zeroizing::new)
        .map_err(Error::Answer)
}

pub(super) fn put<'a>(
    table: &'a str,
    row: &'a str,
    owner: &'a str,
    value: &'a [u8],
) -> SealedChange<'a> {
    SealedChange::Put {
        cell: cell(table, row),
        owner,
        value,
    }
}

/// Refuses what takes two people to one account alone.
fn takes_two(by: Option<AccountId>, action: Action) -> Result<(), Error> {
    match by {
        Some(_) => Err(Refusal::TakesTwo(action).into()),
        None => Ok(()),
    }
}
