//! What a party may say about assets, and what its statements mean.

use ensign_trust::fact::Retraction;
use ensign_trust::party::Need;
use ensign_trust::{AssetId, Code, Disclosure, Draft, Fact, PartyId, Statement, StatementId};
use thiserror::Error;

use super::identity::{Identity, Kind};
use super::state::{Asset, Assets};
use super::statement::{Act, Erased, Named, Registered, Withdrawn, asset_id};
use crate::emblem::Emblems;
use crate::field::as_code;
use crate::moment::Period;
use crate::name::Organisation;

/// Why something is not stated about an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It cannot be written in a statement.
    #[error("the identifier is too long to stand in a statement; seal it instead")]
    Long,
    /// Another party registered it.
    #[error("only the party that registered an asset may change that")]
    NotYours,
    /// A registration in place of another keeps the kind.
    #[error("an asset stays of the kind as which it was registered")]
    OtherKind,
    /// The asset's time would end before it begins.
    #[error("the asset's protection would end before it begins")]
    Period,
    /// A precise place in clear takes two people.
    #[error(
        "a place is never written into a statement in clear: that takes the word of two people"
    )]
    Place,
    /// The log has no such asset.
    #[error("the log has no such asset")]
    Unknown,
    /// It was withdrawn before.
    #[error("the asset was withdrawn before")]
    Withdrawn,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Long => "asset.long",
            Refusal::NotYours => "asset.not_yours",
            Refusal::OtherKind => "asset.other_kind",
            Refusal::Period => "asset.period",
            Refusal::Place => "asset.place",
            Refusal::Unknown => "asset.unknown",
            Refusal::Withdrawn => "asset.withdrawn_before",
        }
    }
}

/// An asset that a party wants to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What kind of thing it is.
    pub kind: Kind,
    /// What identifies it.
    pub identity: Identity,
    /// Whether that shall stand in the log for good. It can never be removed then.
    pub permanent: bool,
    /// Who bears the emblem; the registrant where absent.
    pub bearer: Option<PartyId>,
    /// Under which law, as a code.
    pub law: Code,
    /// The authority on which the registrant counts.
    pub authority: Option<Organisation>,
    /// When it is protected.
    pub period: Period,
    /// The asset whose registration this one replaces.
    pub replaces: Option<AssetId>,
}

/// Registers an asset, and seals its identifier unless that shall be permanent.
///
/// `unique` is the `cti` of the statement to come; `salt` must be fresh.
pub fn register(
    assets: &Assets,
    by: PartyId,
    unique: &[u8; 16],
    salt: [u8; 32],
    request: Registration,
) -> Result<(Act, Option<Disclosure>), Refusal> {
    let Period { from, until } = request.period;
    if until.is_some_and(|until| until <= from) {
        return Err(Refusal::Period);
    }
    let known = request.replaces.map(|id| own(assets, by, id)).transpose()?;
    if known.is_some_and(|known| known.kind != request.kind) {
        return Err(Refusal::OtherKind);
    }
    let (named, disclosure) = match request.permanent {
        true if request.kind == Kind::Place => return Err(Refusal::Place),
        true if request.identity.to_code().is_none() => return Err(Refusal::Long),
        true => (Named::Clear(request.identity), None),
        false => {
            let field = Code::literal("identifier");
            let disclosure = Disclosure::new(salt, field, request.identity.to_string());
            (Named::Sealed(disclosure.digest()), Some(disclosure))
        }
    };
    let act = Act::Registered(Registered {
        asset: known.map_or_else(|| asset_id(by, unique), |known| known.id),
        kind: request.kind,
        named,
        bearer: request.bearer.filter(|bearer| *bearer != by),
        law: request.law,
        authority: request.authority,
        period: request.period,
        supersedes: known.map(|known| known.latest().stated.statement),
    });
    Ok((act, disclosure))
}

/// Withdraws an asset. Where its registrations or the emblems of its registrant committed to
/// disclosures, the tombstone of these follows.
pub fn withdraw(
    assets: &Assets,
    emblems: &Emblems,
    by: PartyId,
    asset: AssetId,
    reason: Code,
) -> Result<Vec<Act>, Refusal> {
    let known = own(assets, by, asset)?;
    let mut acts = vec![Act::Withdrawn(Withdrawn { asset, reason })];
    let digests = known.sealed(emblems);
    if !digests.is_empty() {
        acts.push(Act::Erased(Erased {
            asset,
            digests,
            ground: Code::literal("withdrawn"),
        }));
    }
    Ok(acts)
}

impl Asset {
    /// Digests of all disclosures that tell which asset this is, sorted: those of its identifiers
    /// and those of its emblems' tokens. None where the identifier ever stood in clear.
    pub fn sealed(&self, emblems: &Emblems) -> Vec<[u8; 32]> {
        let mut digests = Vec::new();
        for version in &self.versions {
            match &version.named {
                Named::Clear(_) => return Vec::new(),
                Named::Sealed(digest) => digests.push(*digest),
            }
        }
        let tokens = emblems
            .of_asset(self.id)
            .filter_map(|emblem| emblem.said.token);
        digests.extend(tokens.map(|[_, disclosure]| disclosure));
        digests.sort();
        digests.dedup();
        digests
    }
}

/// What the author of a statement about an asset must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "asset.erased" | "asset.registered" | "asset.withdrawn" => Some(Need::Known),
        _ => None,
    }
}

/// The facts that a statement states, mapping version 1.
///
/// `asset.registered`, to the bearer, valid in the time of the protection, in place of the
/// registration that it supersedes; `asset.withdrawn`, which cites nothing and takes nothing back:
/// until then the asset was registered. A tombstone states none.
pub fn facts(statement: &Statement, index: u64, received: u64) -> Vec<Fact> {
    let Some(Ok(act)) = Act::read(statement) else {
        return Vec::new();
    };
    let (to, valid, supersedes): (_, _, Option<StatementId>) = match &act {
        Act::Erased(_) => return Vec::new(),
        Act::Registered(said) => {
            let bearer = said.bearer.unwrap_or_else(|| statement.author());
            (Some(bearer), said.period.valid(), said.supersedes)
        }
        Act::Withdrawn(_) => (None, [statement.claimed.min(received), received], None),
    };
    vec![Fact {
        kind: act.kind(),
        actor: statement.author(),
        to,
        subject: as_code(act.asset()),
        fields: statement.body.clone(),
        valid,
        received,
        position: index,
        cites: supersedes.into_iter().collect(),
        retracts: supersedes.map(Retraction::Replaces),
        grade: None,
        sources: vec![statement.id()],
    }]
}

/// A party's own asset that was not withdrawn.
fn own(assets: &Assets, by: PartyId, id: AssetId) -> Result<&Asset, Refusal> {
    let known = assets.asset(id).ok_or(Refusal::Unknown)?;
    match known.withdrawn {
        _ if known.registrant != by => Err(Refusal::NotYours),
        Some(_) => Err(Refusal::Withdrawn),
        None => Ok(known),
    }
}
