//! What can be asked for that takes two people, and how the node does it.

use std::str::FromStr;

use ensign_trust::Code;
use ensign_trust::account::{Action, Relation};
use ensign_trust::id::{AccountId, AssetId, KeyId, PartyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::role;
use crate::error::Error;
use crate::node::{NODE, Node};
use crate::party::not_an_id;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "fields are those of the commands of the same name"
)]
pub enum Asked {
    /// `ensign account enrol`, for an account that decides.
    AccountEnrol { account: String },
    /// `ensign account grant`, of a role that decides.
    AccountGrant {
        account: String,
        role: String,
        until: Option<u64>,
    },
    /// `ensign key add`.
    KeyAdd { party: String },
    /// `ensign key revoke`.
    KeyRevoke {
        key: String,
        as_of: Option<u64>,
        reason: String,
    },
    /// `ensign key rotate`.
    KeyRotate { party: String },
    /// Who the person behind an account is.
    PersonIdentify { account: String },
    /// `ensign export asset --reveal`.
    PlaceReveal { asset: String },
    /// `ensign erase`.
    SubjectErase { subject: String, ground: String },
}

impl Asked {
    /// Which act it is.
    pub fn act(&self) -> Action {
        match self {
            Asked::AccountEnrol { .. } | Asked::AccountGrant { .. } => Action::AccountEmpower,
            Asked::KeyAdd { .. } | Asked::KeyRevoke { .. } | Asked::KeyRotate { .. } => {
                Action::KeyChange
            }
            Asked::PersonIdentify { .. } => Action::PersonIdentify,
            Asked::PlaceReveal { .. } => Action::PlaceReveal,
            Asked::SubjectErase { .. } => Action::SubjectErase,
        }
    }

    /// How an account stands to it that would ask for it.
    pub(super) fn relation(&self, by: Option<AccountId>) -> Relation {
        let own = match self {
            Asked::AccountEnrol { account } | Asked::AccountGrant { account, .. } => {
                account.parse().ok()
            }
            _ => None,
        };
        match by.is_some() && own == by {
            true => Relation::Author,
            false => Relation::None,
        }
    }
}

impl Node {
    /// What it is about: an id, so that nothing which identifies a person comes into the log. Refuses
    /// what could not be done now.
    pub(super) fn about(&self, asked: &Asked) -> Result<Code, Error> {
        fn id<T: FromStr + ToString>(text: &str) -> Result<String, Error> {
            let id: T = text.parse().map_err(|_| not_an_id(text))?;
            Ok(id.to_string())
        }
        let about = match asked {
            Asked::KeyAdd { party } | Asked::KeyRotate { party } => id::<PartyId>(party)?,
            Asked::KeyRevoke { key, reason, .. } => {
                crate::party::code("the reason", reason)?;
                id::<KeyId>(key)?
            }
            Asked::AccountGrant {
                account,
                role: code,
                until,
            } => {
                self.may_hold_until(*until)?;
                role(code)?;
                self.open_account_id(account)?.to_string()
            }
            Asked::AccountEnrol { account } | Asked::PersonIdentify { account } => {
                self.open_account_id(account)?.to_string()
            }
            Asked::PlaceReveal { asset } => id::<AssetId>(asset)?,
            Asked::SubjectErase { subject, ground } => {
                crate::erase::ground(ground)?;
                self.subject(subject)?.to_string()
            }
        };
        crate::party::code("what it is about", &about)
    }

    /// Does what was agreed to, for the account that asked; gives what came of it, and whose that is:
    /// it goes with them.
    pub(super) fn act_on(
        &self,
        asked: &Asked,
        by: Option<AccountId>,
    ) -> Result<(Value, String), Error> {
        fn json(answer: impl Serialize) -> Result<Value, Error> {
            serde_json::to_value(answer).map_err(Error::Answer)
        }
        let node = NODE.to_owned();
        Ok(match asked {
            Asked::AccountEnrol { account } => {
                let account = self.open_account_id(account)?;
                (
                    json(self.enrol_again_now(account, by)?)?,
                    account.to_string(),
                )
            }
            Asked::AccountGrant {
                account,
                role: code,
                until,
            } => {
                let account = self.open_account_id(account)?;
                (
                    json(self.grant_now(account, role(code)?, *until, by)?)?,
                    node,
                )
            }
            Asked::KeyAdd { party } => (json(self.add_key(party)?)?, node),
            Asked::KeyRevoke { key, as_of, reason } => {
                (json(self.revoke_key(key, *as_of, reason)?)?, node)
            }
            Asked::KeyRotate { party } => (json(self.rotate_key(party)?)?, node),
            Asked::PersonIdentify { account } => {
                let account = self.open_account_id(account)?;
                let secrets = self.secrets(account)?;
                let told = serde_json::json!({ "name": secrets.name, "login": secrets.login });
                (told, account.to_string())
            }
            Asked::PlaceReveal { asset } => {
                let id: AssetId = asset.parse().map_err(|_| not_an_id(asset))?;
                (json(self.export_asset(asset, None, true)?)?, id.to_string())
            }
            Asked::SubjectErase { subject, ground } => {
                let ground = crate::erase::ground(ground)?;
                (json(self.erase(self.subject(subject)?, ground, by)?)?, node)
            }
        })
    }

    /// Refuses a role that would have ended already.
    pub(super) fn may_hold_until(&self, until: Option<u64>) -> Result<(), Error> {
        match until.is_some_and(|until| until <= self.clock.now()) {
            true => Err(Error::Argument {
                what: "the role's last moment".to_owned(),
                expected: "ahead of now",
            }),
            false => Ok(()),
        }
    }
}
