//! The facts about parties that get signed.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::code::{Code, Coded};
use crate::id::{KeyId, PartyId, StatementId};
use crate::key::PublicKey;
use crate::statement::Draft;

/// What a statement does to parties, keys and mandates. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `party.founded`: `key`, `type`.
    Founded {
        /// The first key.
        key: PublicKey,
        /// `state`, `organisation`, `armed-group`, `operator`, `body` or another code.
        nature: Code,
    },
    /// `key.added`: `key`.
    KeyAdded(PublicKey),
    /// `key.rotated`: `key`; the key that signs is retired.
    KeyRotated(PublicKey),
    /// `key.revoked`: `key`, `as_of`, `reason`.
    KeyRevoked {
        /// The key.
        key: KeyId,
        /// First log index at which its statements no longer count.
        as_of: u64,
        /// `retired`, `lost`, `compromised` or another code.
        reason: Code,
    },
    /// `mandate.granted`: subject the grantee; `role`, and where given `scope`, `from`, `until`.
    MandateGranted {
        /// Who may act.
        to: PartyId,
        /// In which role.
        role: Code,
        /// For what alone; everything the role covers where absent.
        scope: Option<Code>,
        /// First second, Unix time.
        from: Option<u64>,
        /// First second no more, Unix time.
        until: Option<u64>,
    },
    /// `mandate.withdrawn`: refers to the mandate.
    MandateWithdrawn(StatementId),
}

/// A statement of a known kind and version lacks a field or has it of another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the field {0} is missing or not of its type")]
pub struct Malformed(pub &'static str);

impl Act {
    /// Reads the act; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        let read: fn(&Draft) -> Result<Self, Malformed> = match draft.kind.as_str() {
            "party.founded" => |draft| {
                Ok(Act::Founded {
                    key: public_key(draft)?,
                    nature: code(draft, "type")?,
                })
            },
            "key.added" => |draft| Ok(Act::KeyAdded(public_key(draft)?)),
            "key.rotated" => |draft| Ok(Act::KeyRotated(public_key(draft)?)),
            "key.revoked" => |draft| {
                let key = draft.field("key").and_then(Coded::as_bytes);
                let key = key.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
                Ok(Act::KeyRevoked {
                    key: KeyId::from_bytes(key.ok_or(Malformed("key"))?),
                    as_of: number(draft, "as_of")?.ok_or(Malformed("as_of"))?,
                    reason: code(draft, "reason")?,
                })
            },
            "mandate.granted" => |draft| {
                let to = draft
                    .subject
                    .as_ref()
                    .and_then(|subject| subject.as_str().parse().ok());
                Ok(Act::MandateGranted {
                    to: to.ok_or(Malformed("sub"))?,
                    role: code(draft, "role")?,
                    scope: draft
                        .field("scope")
                        .map(|_| code(draft, "scope"))
                        .transpose()?,
                    from: number(draft, "from")?,
                    until: number(draft, "until")?,
                })
            },
            "mandate.withdrawn" => |draft| {
                let mandate = draft
                    .reference("mandate")
                    .ok_or(Malformed("refs: mandate"))?;
                Ok(Act::MandateWithdrawn(mandate))
            },
            _ => return None,
        };
        Some(read(draft))
    }

    /// The kind under which the act is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Founded { .. } => "party.founded",
            Act::KeyAdded(_) => "key.added",
            Act::KeyRotated(_) => "key.rotated",
            Act::KeyRevoked { .. } => "key.revoked",
            Act::MandateGranted { .. } => "mandate.granted",
            Act::MandateWithdrawn(_) => "mandate.withdrawn",
        })
    }

    /// Writes kind, version, subject, references and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        let mut body = BTreeMap::new();
        let mut set = |name, value: Coded| body.insert(Code::literal(name), value);
        match self {
            Act::Founded { key, nature } => {
                set("key", key.to_cose().into());
                set("type", nature.clone().into());
            }
            Act::KeyAdded(key) | Act::KeyRotated(key) => {
                set("key", key.to_cose().into());
            }
            Act::KeyRevoked { key, as_of, reason } => {
                set("key", key.as_bytes().to_vec().into());
                set("as_of", (*as_of).into());
                set("reason", reason.clone().into());
            }
            Act::MandateGranted {
                to,
                role,
                scope,
                from,
                until,
            } => {
                draft.subject = Code::new(to.to_string()).ok();
                set("role", role.clone().into());
                if let Some(scope) = scope {
                    set("scope", scope.clone().into());
                }
                if let Some(from) = from {
                    set("from", (*from).into());
                }
                if let Some(until) = until {
                    set("until", (*until).into());
                }
            }
            Act::MandateWithdrawn(mandate) => {
                draft
                    .refs
                    .push((Code::literal("mandate"), *mandate.as_bytes()));
            }
        }
        draft.kind = self.kind();
        draft.version = 1;
        draft.body = body;
    }
}

fn public_key(draft: &Draft) -> Result<PublicKey, Malformed> {
    let bytes = draft
        .field("key")
        .and_then(Coded::as_bytes)
        .ok_or(Malformed("key"))?;
    PublicKey::from_cose(bytes).map_err(|_| Malformed("key"))
}

fn code(draft: &Draft, name: &'static str) -> Result<Code, Malformed> {
    draft
        .field(name)
        .and_then(Coded::as_code)
        .cloned()
        .ok_or(Malformed(name))
}

fn number(draft: &Draft, name: &'static str) -> Result<Option<u64>, Malformed> {
    draft
        .field(name)
        .map(|value| value.as_u64().ok_or(Malformed(name)))
        .transpose()
}
