//! The facts about accounts and requests that get signed. Version 1 of all kinds.

use std::collections::BTreeMap;

use super::{Action, Role};
use crate::code::{Code, Coded};
use crate::id::{AccountId, StatementId};
use crate::party::Malformed;
use crate::statement::Draft;

/// The kinds.
pub(super) const KINDS: [&str; 16] = [
    "account.changed",
    "account.closed",
    "account.granted",
    "account.opened",
    "account.withdrawn",
    "act.done",
    "passkey.added",
    "passkey.removed",
    "request.approved",
    "request.asked",
    "request.done",
    "request.recused",
    "request.refused",
    "request.withdrawn",
    "token.made",
    "token.revoked",
];

codes! {
    /// What a person signs in with.
    Credential: "enrolment, passkey, password, recovery-codes, second-factor" {
        /// The code with which an account is first entered.
        Enrolment = "enrolment",
        /// A passkey.
        Passkey = "passkey",
        /// A password.
        Password = "password",
        /// Codes that stand in for the second factor, once each.
        RecoveryCodes = "recovery-codes",
        /// Codes that change with time.
        SecondFactor = "second-factor",
    }
}

/// What a statement says of accounts and requests. `by`: the account that did it; absent where
/// whoever holds the folder did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are named after what they say")]
pub enum Act {
    /// `account.changed`: `account`, `credential`, `by`.
    Changed {
        account: AccountId,
        credential: Credential,
        by: Option<AccountId>,
    },
    /// `account.closed`: `account`, `by`.
    Closed {
        account: AccountId,
        by: Option<AccountId>,
    },
    /// `account.granted`: `account`, `role`, and where given `until` (Unix seconds), `by`.
    Granted {
        account: AccountId,
        role: Role,
        until: Option<u64>,
        by: Option<AccountId>,
    },
    /// `account.opened`: `account`, `by`.
    Opened {
        account: AccountId,
        by: Option<AccountId>,
    },
    /// `account.withdrawn`: `account`, `role`, `by`.
    Withdrawn {
        account: AccountId,
        role: Role,
        by: Option<AccountId>,
    },
    /// `act.done`: `act`, `by`.
    Done { act: Code, by: Option<AccountId> },
    /// `passkey.added`: `account`, `passkey` (first 16 bytes of a digest of its id and key).
    PasskeyAdded {
        account: AccountId,
        passkey: Vec<u8>,
    },
    /// `passkey.removed`: `account`, `passkey`, `by`.
    PasskeyRemoved {
        account: AccountId,
        passkey: Vec<u8>,
        by: Option<AccountId>,
    },
    /// `request.done`; refers to the request.
    Carried { request: StatementId },
    /// `request.approved`: `by`; refers to the request.
    Approved { request: StatementId, by: AccountId },
    /// `request.asked`: `act`, the `about` that it concerns as an id or code, `assigned` accounts,
    /// `by`.
    Asked {
        act: Action,
        about: Code,
        assigned: Vec<AccountId>,
        by: Option<AccountId>,
    },
    /// `request.recused`: `by`; refers to the request.
    Recused { request: StatementId, by: AccountId },
    /// `request.refused`: `by`; refers to the request.
    Refused { request: StatementId, by: AccountId },
    /// `request.withdrawn`: `by`; refers to the request.
    Retracted {
        request: StatementId,
        by: Option<AccountId>,
    },
    /// `token.made`: `account`, `token` (first 16 bytes of its digest), `scopes`, `until`.
    TokenMade {
        account: AccountId,
        token: Vec<u8>,
        scopes: Vec<Action>,
        until: u64,
    },
    /// `token.revoked`: `account`, `token`, `by`.
    TokenRevoked {
        account: AccountId,
        token: Vec<u8>,
        by: Option<AccountId>,
    },
}

impl Act {
    /// Reads the act; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        let known = draft.version == 1 && KINDS.contains(&draft.kind.as_str());
        known.then(|| read(draft))
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::Changed { .. } => "account.changed",
            Act::Closed { .. } => "account.closed",
            Act::Granted { .. } => "account.granted",
            Act::Opened { .. } => "account.opened",
            Act::Withdrawn { .. } => "account.withdrawn",
            Act::Done { .. } => "act.done",
            Act::PasskeyAdded { .. } => "passkey.added",
            Act::PasskeyRemoved { .. } => "passkey.removed",
            Act::Carried { .. } => "request.done",
            Act::Approved { .. } => "request.approved",
            Act::Asked { .. } => "request.asked",
            Act::Recused { .. } => "request.recused",
            Act::Refused { .. } => "request.refused",
            Act::Retracted { .. } => "request.withdrawn",
            Act::TokenMade { .. } => "token.made",
            Act::TokenRevoked { .. } => "token.revoked",
        }
    }

    /// Which account did it; absent where whoever holds the folder did.
    pub fn by(&self) -> Option<AccountId> {
        match self {
            Act::Changed { by, .. }
            | Act::Closed { by, .. }
            | Act::Granted { by, .. }
            | Act::Opened { by, .. }
            | Act::Withdrawn { by, .. }
            | Act::Done { by, .. }
            | Act::PasskeyRemoved { by, .. }
            | Act::Asked { by, .. }
            | Act::Retracted { by, .. }
            | Act::TokenRevoked { by, .. } => *by,
            Act::Approved { by, .. } | Act::Recused { by, .. } | Act::Refused { by, .. } => {
                Some(*by)
            }
            Act::PasskeyAdded { account, .. } | Act::TokenMade { account, .. } => Some(*account),
            Act::Carried { .. } => None,
        }
    }

    /// Which account it is about.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Act::Changed { account, .. }
            | Act::Closed { account, .. }
            | Act::Granted { account, .. }
            | Act::Opened { account, .. }
            | Act::Withdrawn { account, .. }
            | Act::PasskeyAdded { account, .. }
            | Act::PasskeyRemoved { account, .. }
            | Act::TokenMade { account, .. }
            | Act::TokenRevoked { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// Which request it is about.
    pub fn request(&self) -> Option<StatementId> {
        match self {
            Act::Approved { request, .. }
            | Act::Carried { request }
            | Act::Recused { request, .. }
            | Act::Refused { request, .. }
            | Act::Retracted { request, .. } => Some(*request),
            _ => None,
        }
    }

    /// Writes kind, version, references and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        let mut body = BTreeMap::new();
        let mut set = |name, value: Coded| {
            body.insert(Code::literal(name), value);
        };
        let id = |account: &AccountId| Coded::Bytes(account.as_bytes().to_vec());
        if let Some(account) = self.account() {
            set("account", id(&account));
        }
        if let Some(by) = self.by().filter(|by| {
            // What an account makes for itself names it already.
            !matches!(
                self,
                Act::PasskeyAdded { account, .. } | Act::TokenMade { account, .. } if account == by
            )
        }) {
            set("by", id(&by));
        }
        match self {
            Act::Changed { credential, .. } => {
                set("credential", Code::literal(credential.code()).into());
            }
            Act::Granted { role, until, .. } => {
                set("role", Code::literal(role.code()).into());
                if let Some(until) = until {
                    set("until", (*until).into());
                }
            }
            Act::Withdrawn { role, .. } => set("role", Code::literal(role.code()).into()),
            Act::Done { act, .. } => set("act", act.clone().into()),
            Act::PasskeyAdded { passkey, .. } | Act::PasskeyRemoved { passkey, .. } => {
                set("passkey", passkey.clone().into());
            }
            Act::Asked {
                act,
                about,
                assigned,
                ..
            } => {
                set("act", Code::literal(act.code()).into());
                set("about", about.clone().into());
                if !assigned.is_empty() {
                    set("assigned", Coded::List(assigned.iter().map(id).collect()));
                }
            }
            Act::TokenMade {
                token,
                scopes,
                until,
                ..
            } => {
                set("token", token.clone().into());
                let scopes = scopes.iter().map(|it| Code::literal(it.code()).into());
                set("scopes", Coded::List(scopes.collect()));
                set("until", (*until).into());
            }
            Act::TokenRevoked { token, .. } => set("token", token.clone().into()),
            Act::Closed { .. }
            | Act::Opened { .. }
            | Act::Approved { .. }
            | Act::Carried { .. }
            | Act::Recused { .. }
            | Act::Refused { .. }
            | Act::Retracted { .. } => (),
        }
        draft.kind = Code::literal(self.kind());
        draft.version = 1;
        draft.body = body;
        draft.refs = self
            .request()
            .map(|id| (Code::literal("request"), *id.as_bytes()))
            .into_iter()
            .collect();
    }
}

fn read(draft: &Draft) -> Result<Act, Malformed> {
    let account = || account(draft, "account")?.ok_or(Malformed("account"));
    let by = || self::account(draft, "by");
    let some_by = || by()?.ok_or(Malformed("by"));
    let request = || draft.reference("request").ok_or(Malformed("refs: request"));
    Ok(match draft.kind.as_str() {
        "account.changed" => Act::Changed {
            account: account()?,
            credential: chosen(draft, "credential")?,
            by: by()?,
        },
        "account.closed" => Act::Closed {
            account: account()?,
            by: by()?,
        },
        "account.granted" => Act::Granted {
            account: account()?,
            role: chosen(draft, "role")?,
            until: number(draft, "until")?,
            by: by()?,
        },
        "account.opened" => Act::Opened {
            account: account()?,
            by: by()?,
        },
        "account.withdrawn" => Act::Withdrawn {
            account: account()?,
            role: chosen(draft, "role")?,
            by: by()?,
        },
        "act.done" => Act::Done {
            act: code(draft, "act")?.clone(),
            by: by()?,
        },
        "passkey.added" => Act::PasskeyAdded {
            account: account()?,
            passkey: half_digest(draft, "passkey")?,
        },
        "passkey.removed" => Act::PasskeyRemoved {
            account: account()?,
            passkey: half_digest(draft, "passkey")?,
            by: by()?,
        },
        "request.done" => Act::Carried {
            request: request()?,
        },
        "request.approved" => Act::Approved {
            request: request()?,
            by: some_by()?,
        },
        "request.asked" => Act::Asked {
            act: chosen(draft, "act")?,
            about: code(draft, "about")?.clone(),
            assigned: assigned(draft)?,
            by: by()?,
        },
        "request.recused" => Act::Recused {
            request: request()?,
            by: some_by()?,
        },
        "request.refused" => Act::Refused {
            request: request()?,
            by: some_by()?,
        },
        "request.withdrawn" => Act::Retracted {
            request: request()?,
            by: by()?,
        },
        "token.made" => Act::TokenMade {
            account: account()?,
            token: half_digest(draft, "token")?,
            scopes: scopes(draft)?,
            until: number(draft, "until")?.ok_or(Malformed("until"))?,
        },
        _ => Act::TokenRevoked {
            account: account()?,
            token: half_digest(draft, "token")?,
            by: by()?,
        },
    })
}

fn code<'a>(draft: &'a Draft, name: &'static str) -> Result<&'a Code, Malformed> {
    let code = draft.field(name).and_then(Coded::as_code);
    code.ok_or(Malformed(name))
}

fn chosen<T: std::str::FromStr>(draft: &Draft, name: &'static str) -> Result<T, Malformed> {
    let chosen = code(draft, name)?.as_str().parse();
    chosen.map_err(|_| Malformed(name))
}

fn number(draft: &Draft, name: &'static str) -> Result<Option<u64>, Malformed> {
    let number = |coded: &Coded| coded.as_u64().ok_or(Malformed(name));
    draft.field(name).map(number).transpose()
}

fn account(draft: &Draft, name: &'static str) -> Result<Option<AccountId>, Malformed> {
    let id = |coded: &Coded| account_id(coded).ok_or(Malformed(name));
    draft.field(name).map(id).transpose()
}

fn account_id(coded: &Coded) -> Option<AccountId> {
    let bytes = coded.as_bytes()?.try_into().ok()?;
    Some(AccountId::from_bytes(bytes))
}

fn assigned(draft: &Draft) -> Result<Vec<AccountId>, Malformed> {
    let Some(coded) = draft.field("assigned") else {
        return Ok(Vec::new());
    };
    let all = coded
        .as_list()
        .map(|all| all.iter().map(account_id).collect());
    all.flatten().ok_or(Malformed("assigned"))
}

fn half_digest(draft: &Draft, name: &'static str) -> Result<Vec<u8>, Malformed> {
    let half = draft.field(name).and_then(Coded::as_bytes);
    let half = half.filter(|bytes| bytes.len() == 16);
    Ok(half.ok_or(Malformed(name))?.to_vec())
}

fn scopes(draft: &Draft) -> Result<Vec<Action>, Malformed> {
    let all = draft.field("scopes").and_then(Coded::as_list);
    let scope = |coded: &Coded| coded.as_code()?.as_str().parse().ok();
    let scopes = all.and_then(|all| all.iter().map(scope).collect());
    scopes.ok_or(Malformed("scopes"))
}
