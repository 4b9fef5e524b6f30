//! Tokens: programs that act for an account in few ways, until a time.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ensign_trust::account::{Act, Action, Relation, Sensitivity};
use ensign_trust::id::AccountId;
use serde::Serialize;

use super::account::put;
use super::session::hex;
use super::{Refusal, cell, secret};
use crate::clock::fresh;
use crate::error::Error;
use crate::node::Node;

/// What a token can be made for: nothing that a person has to do.
pub const SCOPES: [Action; 4] = [
    Action::AccountRead,
    Action::AuditRead,
    Action::RequestRead,
    Action::StatementSubmit,
];

/// Days for which a token is good at most.
const MAX_DAYS: u64 = 366;

/// A token that was made. Shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenMade {
    /// Its name, which says nothing of it.
    pub token: String,
    /// What a program sends as `Authorization: Bearer`.
    pub secret: String,
    /// First second at which it is good no more, Unix seconds.
    pub until: u64,
}

/// A token in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenRow {
    /// Its name.
    pub token: String,
    /// What it is for.
    pub scopes: Vec<Action>,
    /// First second at which it is good no more, Unix seconds.
    pub until: u64,
}

/// Who acts by a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokened {
    /// For which account.
    pub account: AccountId,
    /// In which ways.
    pub scopes: Vec<Action>,
}

impl Tokened {
    /// Refuses what the token is not for.
    pub fn permits(&self, action: Action) -> Result<(), Error> {
        match self.scopes.contains(&action) {
            true => Ok(()),
            false => Err(Refusal::Scope(action).into()),
        }
    }
}

impl Node {
    /// Makes a token for an account.
    pub fn make_token(
        &self,
        account: AccountId,
        scopes: &[Action],
        days: u64,
    ) -> Result<TokenMade, Error> {
        if let Some(other) = scopes.iter().find(|scope| !SCOPES.contains(scope)) {
            return Err(Refusal::Scope(*other).into());
        }
        if scopes.is_empty() || !(1..=MAX_DAYS).contains(&days) {
            let what = "the token".to_owned();
            let expected = "for one thing or more and 1 to 366 days";
            return Err(Error::Argument { what, expected });
        }
        let _turn = self.changing();
        let (action, relation) = (Action::TokenMake, Relation::Author);
        self.permit(Some(account), action, Sensitivity::Moderate, relation)?;
        let bytes = fresh::<32>(&*self.entropy);
        let secret = format!("ensign_{}", BASE64URL_NOPAD.encode(&bytes));
        let row = secret::digest("token", &hex(&secret));
        let until = self.clock.now() + days * 86_400;
        let mut scopes = scopes.to_vec();
        scopes.sort();
        scopes.dedup();
        let owner = account.to_string();
        self.vault
            .apply(&[put("token", &row, &owner, account.as_bytes())])?;
        self.state_acts(&[Act::TokenMade {
            account,
            token: name_of(&row),
            scopes,
            until,
        }])?;
        Ok(TokenMade {
            token: HEXLOWER.encode(&name_of(&row)),
            secret,
            until,
        })
    }

    /// Ends a token of an account.
    pub fn revoke_token(
        &self,
        account: &str,
        token: &str,
        by: Option<AccountId>,
    ) -> Result<(), Error> {
        let account = self.open_account_id(account)?;
        self.permit_account(by, Action::TokenRevoke, account)?;
        let _turn = self.changing();
        let name = HEXLOWER
            .decode(token.as_bytes())
            .map_err(|_| Refusal::Token)?;
        let known = self
            .roster()
            .account(account)
            .is_some_and(|it| it.tokens.contains_key(&name));
        if !known {
            return Err(Refusal::Token.into());
        }
        self.state_acts(&[Act::TokenRevoked {
            account,
            token: name.clone(),
            by,
        }])?;
        for row in self.rows_of("token", account)? {
            if name_of(&row) == name {
                self.vault.delete(cell("token", &row))?;
            }
        }
        Ok(())
    }

    /// The tokens of an account that are good.
    pub fn tokens(&self, account: AccountId) -> Vec<TokenRow> {
        let now = self.clock.now();
        let roster = self.roster();
        let all = roster
            .account(account)
            .into_iter()
            .flat_map(|it| &it.tokens);
        let good = all.filter(|(_, (_, until))| now < *until);
        let row = |(name, (scopes, until)): (&Vec<u8>, &(Vec<Action>, u64))| TokenRow {
            token: HEXLOWER.encode(name),
            scopes: scopes.clone(),
            until: *until,
        };
        good.map(row).collect()
    }

    /// Who shows this token.
    pub fn tokened(&self, secret: &str) -> Result<Tokened, Error> {
        let row = secret::digest("token", &hex(secret));
        let account = self.account_at("token", &row)?.ok_or(Refusal::Token)?;
        let roster = self.roster();
        let known = roster
            .account(account)
            .and_then(|it| it.tokens.get(&name_of(&row)));
        match known {
            Some((scopes, until)) if self.clock.now() < *until => Ok(Tokened {
                account,
                scopes: scopes.clone(),
            }),
            _ => Err(Refusal::Token.into()),
        }
    }
}

/// What a token is called: the first half of its digest.
fn name_of(row: &str) -> Vec<u8> {
    let digest = HEXLOWER.decode(row.as_bytes()).unwrap_or_default();
    digest.into_iter().take(16).collect()
}
