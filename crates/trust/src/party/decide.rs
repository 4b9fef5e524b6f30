//! Whether a statement counts at a place of the log.

use thiserror::Error;

use crate::account;
use crate::code::{Code, Coded};
use crate::id::{KeyId, PartyId};
use crate::logbook;
use crate::party::state::Registry;
use crate::party::statement::Act;
use crate::statement::{Draft, Statement, VerifyError};

/// What the author of a statement must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A party that the log knows.
    Known,
    /// A root party.
    Root,
    /// A party with a mandate for this role and, where given, this scope.
    Role {
        /// The role.
        role: &'static str,
        /// The scope that the mandate must cover.
        scope: Option<Code>,
    },
}

/// Why a statement does not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum Refusal {
    #[error("the field {0} is missing or not of its type")]
    Malformed(&'static str),
    #[error("{key} is not a key that this log knows")]
    UnknownKey { key: KeyId },
    #[error("{key} speaks for {speaks_for}, not for {issuer}")]
    OtherParty {
        key: KeyId,
        speaks_for: PartyId,
        issuer: PartyId,
    },
    #[error("{key} no longer counts from index {revoked}")]
    KeyRevoked { key: KeyId, revoked: u64 },
    #[error("{key} is already registered")]
    KeyTaken { key: KeyId },
    #[error(transparent)]
    Signature(#[from] VerifyError),
    #[error("{party} has no mandate for {role}")]
    NoMandate { party: PartyId, role: String },
    #[error("only the party itself may revoke its keys")]
    NotYourKey,
    #[error("a key is revoked as of an index that the log has reached, not {as_of} at {index}")]
    RevokedAhead { as_of: u64, index: u64 },
    #[error("only the party that granted a mandate may withdraw it")]
    NotYourMandate,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed(_) => "statement.malformed",
            Refusal::UnknownKey { .. } => "key.unknown",
            Refusal::OtherParty { .. } => "key.of_other_party",
            Refusal::KeyRevoked { .. } => "key.revoked",
            Refusal::KeyTaken { .. } => "key.taken",
            Refusal::Signature(_) => "statement.signature",
            Refusal::NoMandate { .. } => "mandate.missing",
            Refusal::NotYourKey => "key.not_yours",
            Refusal::RevokedAhead { .. } => "key.revoked_ahead",
            Refusal::NotYourMandate => "mandate.not_yours",
        }
    }
}

/// What the authors of those kinds must be that other crates own; `None` for a kind that the rule
/// does not know.
pub type Rule = fn(&Draft) -> Option<Need>;

/// What the author of a statement must be. Of the kinds of this crate it decides alone, whatever
/// the `others` say; of a kind that nobody knows only a known author is asked.
///
/// The crates that own the other kinds stand above this one, so their rule has to come as an
/// argument. The views compose it, once, and all who admit statements hand on that one.
pub fn need(draft: &Draft, others: Rule) -> Need {
    own(draft)
        .or_else(|| logbook::need(draft))
        .or_else(|| account::need(draft))
        .or_else(|| others(draft))
        .unwrap_or(Need::Known)
}

/// What the author of a statement about parties must be.
fn own(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "mandate.granted" => Some(Need::Root),
        "party.founded" | "key.added" | "key.rotated" | "key.revoked" | "mandate.withdrawn" => {
            Some(Need::Known)
        }
        _ => None,
    }
}

impl Registry {
    /// Whether a statement counts at an index of the public log, having been received at a time;
    /// its signature is checked too. `others` says what the authors of other crates' kinds must be.
    pub fn admit(
        &self,
        statement: &Statement,
        index: u64,
        received: u64,
        others: Rule,
    ) -> Result<(), Refusal> {
        let key = self.signing_key(statement)?;
        statement.verify(&key)?;
        self.admit_signed(statement, index, received, others)
    }

    /// The key under which a statement has to verify.
    pub fn signing_key(&self, statement: &Statement) -> Result<crate::key::PublicKey, Refusal> {
        if statement.issuer.is_none() {
            return match Act::read(statement) {
                Some(Ok(Act::Founded { key, .. })) => Ok(key),
                Some(Err(malformed)) => Err(Refusal::Malformed(malformed.0)),
                _ => Err(Refusal::Malformed("1 (iss)")),
            };
        }
        let key = statement.key();
        let state = self.key(key).ok_or(Refusal::UnknownKey { key })?;
        Ok(state.key.clone())
    }

    /// [`Registry::admit`] for a statement whose signature was checked under
    /// [`Registry::signing_key`].
    pub fn admit_signed(
        &self,
        statement: &Statement,
        index: u64,
        received: u64,
        others: Rule,
    ) -> Result<(), Refusal> {
        let act = Act::read(statement)
            .transpose()
            .map_err(|bad| Refusal::Malformed(bad.0))?;
        if let Some(issuer) = statement.issuer {
            self.counts(statement.key(), issuer, index)?;
        }
        if let Some(act) = &act {
            self.admit_act(act, statement, index)?;
        }
        let (party, need) = (statement.author(), need(statement, others));
        if self.satisfies(party, &need, index, received) {
            return Ok(());
        }
        let role = match need {
            Need::Role {
                role,
                scope: Some(scope),
            } => format!("{role} in {scope}"),
            Need::Role { role, scope: None } => role.to_owned(),
            Need::Known | Need::Root => "root".to_owned(),
        };
        Err(Refusal::NoMandate { party, role })
    }

    fn counts(&self, key: KeyId, issuer: PartyId, index: u64) -> Result<(), Refusal> {
        let state = self.key(key).ok_or(Refusal::UnknownKey { key })?;
        if state.party != issuer {
            return Err(Refusal::OtherParty {
                key,
                speaks_for: state.party,
                issuer,
            });
        }
        match state.revoked {
            Some(revoked) if revoked <= index => Err(Refusal::KeyRevoked { key, revoked }),
            _ if !state.counts_at(index) => Err(Refusal::UnknownKey { key }),
            _ => Ok(()),
        }
    }

    fn admit_act(&self, act: &Act, statement: &Statement, index: u64) -> Result<(), Refusal> {
        match act {
            Act::Founded { .. } if statement.issuer.is_some() => Err(Refusal::Malformed("1 (iss)")),
            Act::Founded { key, .. } | Act::KeyAdded(key) | Act::KeyRotated(key) => {
                let key = key.id();
                match self.key(key) {
                    Some(_) => Err(Refusal::KeyTaken { key }),
                    None => Ok(()),
                }
            }
            Act::KeyRevoked { as_of, .. } if *as_of > index => Err(Refusal::RevokedAhead {
                as_of: *as_of,
                index,
            }),
            Act::KeyRevoked { key, .. } => match self.key(*key) {
                Some(state) if Some(state.party) == statement.issuer => Ok(()),
                _ => Err(Refusal::NotYourKey),
            },
            Act::MandateWithdrawn(id) => match self.mandates().find(|(known, _)| known == id) {
                Some((_, mandate)) if Some(mandate.by) == statement.issuer => Ok(()),
                _ => Err(Refusal::NotYourMandate),
            },
            Act::MandateGranted { .. } => Ok(()),
        }
    }
}

impl Need {
    /// A role within the scope that a field of the statement names.
    pub fn role_in(role: &'static str, draft: &Draft, field: &str) -> Self {
        Need::Role {
            role,
            scope: draft.field(field).and_then(Coded::as_code).cloned(),
        }
    }
}
