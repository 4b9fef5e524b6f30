//! The facts about authorities that get signed.

use std::collections::BTreeSet;

use ensign_trust::party::Malformed;
use ensign_trust::{Code, Coded, Draft, StatementId};

use crate::asset::Kind;
use crate::field::{
    as_code, author, body, code, digest, digests, optional, period, purposes, refer, seals, set,
    set_period, subject,
};
use crate::key::Kid;
use crate::moment::Period;
use crate::name::Organisation;
use crate::purpose::Purposes;

/// Most root keys of one organisation in a recognition.
pub const MAX_KEYS: usize = 16;

/// A statement about an authority. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `authority.recognised`.
    Recognised(Recognised),
    /// `authority.withdrawn`.
    Withdrawn(Withdrawn),
}

/// `authority.recognised`: subject the organisation; `keys`, `purposes`, `law`, `from`, and where
/// given `until`, `kinds` and `policy`. Refers to the recognition that it `supersedes`, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Who is recognised.
    pub organisation: Organisation,
    /// Ids of its root keys, 1 to [`MAX_KEYS`].
    pub keys: BTreeSet<Kid>,
    /// For which protection.
    pub purposes: Purposes,
    /// For which kinds of asset; for all where absent.
    pub kinds: Option<BTreeSet<Kind>>,
    /// Under which law, as a code.
    pub law: Code,
    /// When.
    pub period: Period,
    /// SHA-256 of the recogniser's trust policy.
    pub policy: Option<[u8; 32]>,
    /// The recognition whose place this one takes.
    pub supersedes: Option<StatementId>,
}

/// `authority.withdrawn`: subject the organisation; `reason`; refers to the `recognition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// Who is no longer recognised.
    pub organisation: Organisation,
    /// The recognition that ends.
    pub recognition: StatementId,
    /// Why, as a code.
    pub reason: Code,
}

impl Act {
    /// Reads the statement; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        Some(match draft.kind.as_str() {
            "authority.recognised" => Recognised::read(draft).map(Act::Recognised),
            "authority.withdrawn" => Withdrawn::read(draft).map(Act::Withdrawn),
            _ => return None,
        })
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Recognised(_) => "authority.recognised",
            Act::Withdrawn(_) => "authority.withdrawn",
        })
    }

    /// The organisation that it is about.
    pub fn organisation(&self) -> &Organisation {
        match self {
            Act::Recognised(recognised) => &recognised.organisation,
            Act::Withdrawn(withdrawn) => &withdrawn.organisation,
        }
    }

    /// Writes kind, version, subject, references and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = self.kind();
        draft.version = 1;
        draft.subject = as_code(self.organisation());
        match self {
            Act::Recognised(recognised) => recognised.write(draft),
            Act::Withdrawn(withdrawn) => {
                draft.body = body([("reason", withdrawn.reason.clone().into())]);
                refer(draft, "recognition", withdrawn.recognition.as_bytes());
            }
        }
    }
}

impl Recognised {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        seals(draft, 0)?;
        let keys = digests(draft, "keys")?;
        if keys.len() > MAX_KEYS {
            return Err(Malformed("keys"));
        }
        Ok(Recognised {
            organisation: subject(draft)?,
            keys: keys.into_iter().map(Kid::from_bytes).collect(),
            purposes: purposes(draft)?,
            kinds: optional(draft, "kinds", kinds)?,
            law: code(draft, "law")?,
            period: period(draft)?,
            policy: optional(draft, "policy", digest)?,
            supersedes: draft.reference("supersedes"),
        })
    }

    fn write(&self, draft: &mut Draft) {
        let keys = self.keys.iter().map(|kid| kid.as_bytes().to_vec().into());
        draft.body = body([
            ("keys", Coded::List(keys.collect())),
            ("purposes", u64::from(self.purposes.bits()).into()),
            ("law", self.law.clone().into()),
        ]);
        set_period(draft, self.period);
        if let Some(kinds) = &self.kinds {
            let codes = kinds.iter().map(|kind| Code::literal(kind.code()));
            set(draft, "kinds", Coded::codes(codes));
        }
        if let Some(policy) = self.policy {
            set(draft, "policy", policy.to_vec());
        }
        if let Some(supersedes) = self.supersedes {
            refer(draft, "supersedes", supersedes.as_bytes());
        }
    }
}

impl Withdrawn {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        seals(draft, 0)?;
        let recognition = draft.reference("recognition");
        Ok(Withdrawn {
            organisation: subject(draft)?,
            recognition: recognition.ok_or(Malformed("refs: recognition"))?,
            reason: code(draft, "reason")?,
        })
    }
}

/// Kinds in order of their codes, each once, at least one.
fn kinds(draft: &Draft, name: &'static str) -> Result<BTreeSet<Kind>, Malformed> {
    let list = draft.field(name).and_then(Coded::as_list).unwrap_or(&[]);
    let kind = |item: &Coded| item.as_code()?.as_str().parse::<Kind>().ok();
    let kinds: Option<Vec<_>> = list.iter().map(kind).collect();
    let kinds = kinds.filter(|all| !all.is_empty() && all.is_sorted_by(|a, b| a < b));
    Ok(kinds.ok_or(Malformed(name))?.into_iter().collect())
}
