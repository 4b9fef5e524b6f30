//! The facts about assets that get signed.

use ensign_trust::party::Malformed;
use ensign_trust::{AssetId, Code, Coded, Draft, PartyId, StatementId, cbor};
use sha2::{Digest, Sha256};

use super::identity::{Identity, Kind};
use crate::field::{
    as_code, author, body, code, digests, optional, organisation, parsed, period, refer, seals,
    set, set_period, subject,
};
use crate::moment::Period;
use crate::name::Organisation;

/// A statement about an asset. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `asset.erased`.
    Erased(Erased),
    /// `asset.registered`.
    Registered(Registered),
    /// `asset.withdrawn`.
    Withdrawn(Withdrawn),
}

/// `asset.registered`: subject the asset; `kind`, `law`, `from`, and where given `until`, `bearer`,
/// `authority` and `identifier`. Without an identifier there is one disclosure, which holds it.
/// Refers to the registration that it `supersedes`, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The asset.
    pub asset: AssetId,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What identifies it.
    pub named: Named,
    /// Who bears the emblem; the registrant where absent.
    pub bearer: Option<PartyId>,
    /// Under which law, as a code: `gc-i`, `gc-iv`, `ap-i`, `hague-1954`, ...
    pub law: Code,
    /// The authority on which the registrant counts.
    pub authority: Option<Organisation>,
    /// When it is protected.
    pub period: Period,
    /// The latest registration of the asset before this one.
    pub supersedes: Option<StatementId>,
}

/// An identifier as a statement has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// In clear, for good.
    Clear(Identity),
    /// As the digest of a disclosure.
    Sealed([u8; 32]),
}

/// `asset.withdrawn`: subject the asset; `reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The asset.
    pub asset: AssetId,
    /// Why: `closed`, `moved`, `mistaken`, `unsafe` or another code.
    pub reason: Code,
}

/// `asset.erased`: subject the asset; `digests` of the disclosures that were destroyed, sorted;
/// `ground`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The asset.
    pub asset: AssetId,
    /// What was destroyed.
    pub digests: Vec<[u8; 32]>,
    /// On what ground: `withdrawn` or another code.
    pub ground: Code,
}

/// The id of the asset that a party first registers in a statement with this `cti`: SHA-256 of the
/// deterministic CBOR array `["ensign asset", party, cti]`. Nobody else can register under it.
pub fn asset_id(registrant: PartyId, unique: &[u8; 16]) -> AssetId {
    let parts = vec![
        cbor::Value::text("ensign asset"),
        cbor::Value::bytes(*registrant.as_bytes()),
        cbor::Value::bytes(*unique),
    ];
    let bytes = cbor::encode(&cbor::Value::Array(parts));
    AssetId::from_bytes(Sha256::digest(bytes).into())
}

impl Act {
    /// Reads the statement; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        Some(match draft.kind.as_str() {
            "asset.erased" => Erased::read(draft).map(Act::Erased),
            "asset.registered" => Registered::read(draft).map(Act::Registered),
            "asset.withdrawn" => Withdrawn::read(draft).map(Act::Withdrawn),
            _ => return None,
        })
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Erased(_) => "asset.erased",
            Act::Registered(_) => "asset.registered",
            Act::Withdrawn(_) => "asset.withdrawn",
        })
    }

    /// The asset that it is about.
    pub fn asset(&self) -> AssetId {
        match self {
            Act::Erased(erased) => erased.asset,
            Act::Registered(registered) => registered.asset,
            Act::Withdrawn(withdrawn) => withdrawn.asset,
        }
    }

    /// Writes kind, version, subject, references, body and digests into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = self.kind();
        draft.version = 1;
        draft.subject = as_code(self.asset());
        match self {
            Act::Erased(erased) => {
                let digests = erased.digests.iter().map(|digest| digest.to_vec().into());
                draft.body = body([
                    ("digests", Coded::List(digests.collect())),
                    ("ground", erased.ground.clone().into()),
                ]);
            }
            Act::Registered(registered) => registered.write(draft),
            Act::Withdrawn(withdrawn) => {
                draft.body = body([("reason", withdrawn.reason.clone().into())]);
            }
        }
    }
}

impl Registered {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let registrant = author(draft)?;
        let asset = subject(draft)?;
        let supersedes = draft.reference("supersedes");
        if supersedes.is_none() && asset != asset_id(registrant, &draft.unique) {
            return Err(Malformed("2 (sub)"));
        }
        let kind: Kind = parsed(draft, "kind")?;
        let named = match optional(draft, "identifier", code)? {
            Some(text) => {
                seals(draft, 0)?;
                let identity = Identity::read(kind, text.as_str()).ok();
                // One identity has one text.
                let exact = identity.filter(|identity| identity.to_string() == text.as_str());
                Named::Clear(exact.ok_or(Malformed("identifier"))?)
            }
            None => {
                seals(draft, 1)?;
                Named::Sealed(draft.sealed[0])
            }
        };
        Ok(Registered {
            asset,
            kind,
            named,
            bearer: optional(draft, "bearer", parsed)?,
            law: code(draft, "law")?,
            authority: optional(draft, "authority", organisation)?,
            period: period(draft)?,
            supersedes,
        })
    }

    fn write(&self, draft: &mut Draft) {
        draft.body = body([
            ("kind", Code::literal(self.kind.code()).into()),
            ("law", self.law.clone().into()),
        ]);
        set_period(draft, self.period);
        if let Some(bearer) = self.bearer.and_then(as_code) {
            set(draft, "bearer", bearer);
        }
        if let Some(authority) = self.authority.as_ref().and_then(as_code) {
            set(draft, "authority", authority);
        }
        match &self.named {
            Named::Clear(identity) => {
                if let Some(identifier) = identity.to_code() {
                    set(draft, "identifier", identifier);
                }
            }
            Named::Sealed(digest) => draft.sealed = vec![*digest],
        }
        if let Some(supersedes) = self.supersedes {
            refer(draft, "supersedes", supersedes.as_bytes());
        }
    }
}

impl Withdrawn {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        Ok(Withdrawn {
            asset: subject(draft)?,
            reason: code(draft, "reason")?,
        })
    }
}

impl Erased {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        Ok(Erased {
            asset: subject(draft)?,
            digests: digests(draft, "digests")?,
            ground: code(draft, "ground")?,
        })
    }
}
