//! What a party may say about emblems, and what its statements mean.

use ensign_trust::fact::Retraction;
use ensign_trust::party::Need;
use ensign_trust::{AssetId, Code, Draft, Fact, PartyId, Statement, StatementId};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::state::Emblems;
use super::statement::{Act, Alleged, Endorsing, Issuing, Published, Revoked, Target, Withdrawn};
use crate::asset::Assets;
use crate::key::{EmblemKey, Kid};
use crate::moment::Period;
use crate::name::Organisation;
use crate::purpose::Purposes;
use crate::token::{Dialect, Token};

/// Why something is not stated about an emblem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It was revoked or withdrawn before.
    #[error("it was revoked or withdrawn before")]
    Ended,
    /// An emblem of an asset that was withdrawn.
    #[error("the asset was withdrawn")]
    AssetWithdrawn,
    /// The key is another party's, or nobody published it.
    #[error("the party has not published this key as one of its own")]
    KeyNotYours,
    /// Another party published the key before.
    #[error("the key is already published")]
    KeyTaken,
    /// An emblem has an end, and it lies after its beginning.
    #[error("an emblem has an end, and that lies after its beginning")]
    Period,
    /// The author neither registered the asset nor bears it.
    #[error("only who registered an asset or bears it may mark it")]
    NotYourAsset,
    /// The party stated this very token before: what ended the one would end the other.
    #[error("the same token was stated before; another beginning or end makes it another")]
    Repeated,
    /// The token is no endorsement, or not signed with the party's key.
    #[error("the token is no endorsement that the key signed")]
    Token,
    /// The log has nothing of the kind that this party said.
    #[error("the log has nothing like this of the party")]
    Unknown,
}

impl Refusal {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Ended => "emblem.ended",
            Refusal::AssetWithdrawn => "emblem.asset_withdrawn",
            Refusal::KeyNotYours => "emblem.key_not_yours",
            Refusal::KeyTaken => "emblem.key_taken",
            Refusal::Period => "emblem.period",
            Refusal::NotYourAsset => "emblem.asset_not_yours",
            Refusal::Repeated => "emblem.repeated",
            Refusal::Token => "emblem.token",
            Refusal::Unknown => "emblem.unknown",
        }
    }
}

/// An emblem that a party wants to issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The asset.
    pub asset: AssetId,
    /// The party's key.
    pub key: Kid,
    /// Which protection.
    pub purposes: Purposes,
    /// When.
    pub period: Period,
}

/// Publishes a key, whose holder signed [`proof_message`](super::proof_message) with it.
pub fn publish(
    emblems: &Emblems,
    key: EmblemKey,
    proof: Vec<u8>,
    organisation: Option<Organisation>,
) -> Result<Act, Refusal> {
    if emblems.key(key.kid(Dialect::Cwt)).is_some() {
        return Err(Refusal::KeyTaken);
    }
    Ok(Act::Published(Published {
        key,
        proof,
        organisation,
    }))
}

/// States an endorsement that a party's key signed.
pub fn endorse(emblems: &Emblems, by: PartyId, token: Token) -> Result<Act, Refusal> {
    let key = usable(emblems, token.kid(), by)?;
    if token.endorsement().is_none() || !token.is_signed_by(key) {
        return Err(Refusal::Token);
    }
    let digest = Sha256::digest(token.bytes()).into();
    if emblems.endorsement(&digest, by).is_some() {
        return Err(Refusal::Repeated);
    }
    Ok(Act::Endorsed(Endorsing { token }))
}

/// Issues an emblem: of the token's digest and of the disclosure that holds it, where there is one.
pub fn issue(
    emblems: &Emblems,
    assets: &Assets,
    by: PartyId,
    request: Issue,
    token: Option<[[u8; 32]; 2]>,
) -> Result<Act, Refusal> {
    usable(emblems, request.key, by)?;
    let asset = assets.asset(request.asset).ok_or(Refusal::Unknown)?;
    if asset.withdrawn.is_some() {
        return Err(Refusal::AssetWithdrawn);
    }
    if ![asset.registrant, asset.latest().bearer].contains(&by) {
        return Err(Refusal::NotYourAsset);
    }
    let Period { from, until } = request.period;
    if until.is_none_or(|until| until <= from) {
        return Err(Refusal::Period);
    }
    // A signature that needs no chance makes one token of the same claims, and a token is its digest.
    if token.is_some_and(|[digest, _]| emblems.with_digest(&digest).is_some()) {
        return Err(Refusal::Repeated);
    }
    Ok(Act::Issued(Issuing {
        asset: request.asset,
        key: request.key,
        purposes: request.purposes,
        period: request.period,
        token,
    }))
}

/// Revokes what the same party issued, endorsed or published.
pub fn revoke(
    emblems: &Emblems,
    by: PartyId,
    target: Target,
    reason: Code,
) -> Result<Act, Refusal> {
    let is_own = match target {
        Target::Digest(digest) => {
            let emblem = emblems.with_digest(&digest);
            emblem.is_some_and(|emblem| emblem.stated.by == by)
                || emblems.endorsement(&digest, by).is_some()
        }
        Target::Key(kid) => emblems.is_held(kid, by),
    };
    if !is_own {
        return Err(Refusal::Unknown);
    }
    if emblems.revocation(target, by).is_some() {
        return Err(Refusal::Ended);
    }
    Ok(Act::Revoked(Revoked { target, reason }))
}

/// Alleges misuse of an asset's emblem.
pub fn allege(emblems: &Emblems, assets: &Assets, request: Alleged) -> Result<Act, Refusal> {
    assets.asset(request.asset).ok_or(Refusal::Unknown)?;
    if let Some(emblem) = request.emblem {
        let known = emblems.emblem(emblem);
        known
            .filter(|known| known.said.asset == request.asset)
            .ok_or(Refusal::Unknown)?;
    }
    if request
        .period
        .until
        .is_some_and(|until| until <= request.period.from)
    {
        return Err(Refusal::Period);
    }
    Ok(Act::Alleged(request))
}

/// Withdraws an allegation.
pub fn withdraw(emblems: &Emblems, by: PartyId, allegation: StatementId) -> Result<Act, Refusal> {
    let known = emblems.allegation(allegation);
    let known = known.filter(|known| known.stated.by == by);
    let known = known.ok_or(Refusal::Unknown)?;
    if known.withdrawn.is_some() {
        return Err(Refusal::Ended);
    }
    Ok(Act::Withdrawn(Withdrawn {
        asset: known.said.asset,
        allegation,
    }))
}

/// What the author of a statement about emblems must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    match draft.kind.as_str() {
        "emblem.endorsed"
        | "emblem.issued"
        | "emblem.key_published"
        | "emblem.misuse_alleged"
        | "emblem.misuse_withdrawn"
        | "emblem.revoked" => Some(Need::Known),
        _ => None,
    }
}

/// The facts that a statement states, mapping version 1.
///
/// Each is named like its statement. `emblem.misuse_alleged` is valid in the time alleged and has
/// its author's grade; `emblem.misuse_withdrawn` withdraws it. The others are acts, valid from the
/// time claimed until the time received. That a key was published states none.
pub fn facts(statement: &Statement, index: u64, received: u64) -> Vec<Fact> {
    let Some(Ok(act)) = Act::read(statement) else {
        return Vec::new();
    };
    let (mut cites, mut retracts, mut grade) = (Vec::new(), None, None);
    let mut valid = [statement.claimed.min(received), received];
    match &act {
        Act::Published(_) => return Vec::new(),
        Act::Alleged(said) => {
            cites.extend(said.emblem);
            grade = Some(said.grade.clone());
            valid = said.period.valid();
        }
        Act::Withdrawn(said) => {
            cites.push(said.allegation);
            retracts = Some(Retraction::Withdraws(said.allegation));
        }
        Act::Endorsed(_) | Act::Issued(_) | Act::Revoked(_) => {}
    }
    vec![Fact {
        kind: act.kind(),
        actor: statement.author(),
        to: None,
        subject: statement.subject.clone(),
        fields: statement.body.clone(),
        valid,
        received,
        position: index,
        cites,
        retracts,
        grade,
        sources: vec![statement.id()],
    }]
}

/// A key that a party published and did not revoke.
fn usable(emblems: &Emblems, kid: Kid, by: PartyId) -> Result<&EmblemKey, Refusal> {
    let key = emblems.key(kid).filter(|key| key.stated.by == by);
    let key = key.ok_or(Refusal::KeyNotYours)?;
    match emblems.revocation(Target::Key(kid), by) {
        Some(_) => Err(Refusal::Ended),
        None => Ok(&key.key),
    }
}
