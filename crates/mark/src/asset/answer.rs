//! The answer for an asset: recognised, by whom and under which law and policy, or why not.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::{AssetId, Code, PartyId, Statement, StatementId};

use super::also::stands_as;
use super::identity::Identity;
use super::outcome::{Outcome, Reason};
use super::state::{Asset, Assets, Version};
use super::statement::Named;
use crate::authority::{Authorities, Ending, Recognition};
use crate::emblem::{Emblems, Endorsed, Issued, Target};
use crate::key::Kid;
use crate::moment::AsOf;
use crate::name::Organisation;
use crate::token::Phase;

/// All that the log says about assets, authorities and emblems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// Assets.
    pub assets: Assets,
    /// Who recognises whom.
    pub authorities: Authorities,
    /// Keys, endorsements, emblems, revocations, allegations.
    pub emblems: Emblems,
}

/// Whose recognitions a reader honours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Honoured<'a> {
    /// Of all parties but the bearer itself.
    Everybody,
    /// Of these; not of the bearer itself either.
    These(&'a BTreeSet<PartyId>),
}

/// The answer for one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer in a word.
    pub outcome: Outcome,
    /// Who recognises the asset, in the order of the log; empty unless it is recognised.
    pub recognised: Vec<Recognised>,
    /// What stood in the way, where something did.
    pub reason: Option<Reason>,
    /// When something of the answer ends, and what ends first; for good where there is none.
    /// Absent also where the answer is that something has ended.
    pub ends: Option<Ends>,
}

/// The end of an answer: the earliest one of all that it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ends {
    /// The first second at which something of the answer no longer holds.
    pub until: u64,
    /// What ends then; of several that end alike the one nearest to the asset.
    pub first: Link,
}

/// A link of what leads from an asset to whoever recognises it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// The registration of the asset.
    Asset,
    /// Its emblem.
    Emblem,
    /// An endorsement between the two.
    Endorsement,
    /// The recognition of the authority.
    Recognition,
}

/// One way on which an asset is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Who recognises.
    pub by: PartyId,
    /// Which authority.
    pub authority: Organisation,
    /// Under which law.
    pub law: Code,
    /// SHA-256 of the recogniser's trust policy, where it named one.
    pub policy: Option<[u8; 32]>,
    /// The earliest end of all that leads there; for good where there is none.
    pub ends: Option<Ends>,
    /// The `authority.recognised` that says so.
    pub recognition: StatementId,
    /// The `emblem.issued` that leads there.
    pub emblem: StatementId,
    /// The endorsements between the two, the lowest one first.
    pub endorsements: Vec<StatementId>,
}

/// How many endorsements are followed upwards.
pub(super) const MAX_STEPS: usize = 8;

impl Register {
    /// What a statement that counts changes. Total, as its parts are.
    #[must_use]
    pub fn apply(self, statement: &Statement, index: u64, received: u64) -> Self {
        Register {
            assets: self.assets.apply(statement, index, received),
            authorities: self.authorities.apply(statement, index, received),
            emblems: self.emblems.apply(statement, index, received),
        }
    }

    /// The answer for an asset.
    pub fn answer(&self, id: AssetId, honoured: Honoured<'_>, as_of: &AsOf) -> Answer {
        self.judge(id, None, honoured, as_of)
    }

    /// Who recognises an asset by one emblem of it.
    pub fn recognised_by(
        &self,
        emblem: &Issued,
        honoured: Honoured<'_>,
        as_of: &AsOf,
    ) -> Vec<Recognised> {
        let only = Some(emblem.stated.statement);
        self.judge(emblem.said.asset, only, honoured, as_of)
            .recognised
    }

    /// When something of what is said of an emblem ends: of all that recognises the asset by it, else of
    /// the emblem and its asset themselves.
    pub fn ends(&self, emblem: &Issued, honoured: Honoured<'_>, as_of: &AsOf) -> Option<Ends> {
        let found = self.recognised_by(emblem, honoured, as_of);
        let recognised = found.iter().filter_map(|it| it.ends).min();
        recognised.or_else(|| {
            let asset = self.assets.asset(emblem.said.asset)?;
            Ends::own(asset.version(as_of)?, Some(emblem))
        })
    }

    /// The assets that an identity is of, as they were then registered and not withdrawn: the same
    /// identity, or a network or domain that contains it. `opened` gives the text of a disclosure
    /// by its digest, where it can be read.
    pub fn marking(
        &self,
        identity: &Identity,
        opened: &dyn Fn(&[u8; 32]) -> Option<String>,
        as_of: &AsOf,
    ) -> Vec<AssetId> {
        let known = self.assets.iter();
        let contains = |asset: &&Asset| {
            identity_of(asset, opened, as_of).is_some_and(|own| own.contains(identity))
        };
        known.filter(contains).map(|asset| asset.id).collect()
    }

    /// The assets that a party has registered under exactly this identity, and that are neither
    /// withdrawn nor over.
    pub fn registered_by(
        &self,
        party: PartyId,
        identity: &Identity,
        opened: &dyn Fn(&[u8; 32]) -> Option<String>,
        as_of: &AsOf,
    ) -> Vec<AssetId> {
        let own = self.assets.iter().filter(|it| it.registrant == party);
        let same = own.filter(|it| stands_as(it, identity, opened, as_of));
        same.map(|asset| asset.id).collect()
    }

    /// What became of an emblem by then; nothing where it stands.
    pub fn fate(&self, emblem: &Issued, as_of: &AsOf) -> Option<Reason> {
        let by = emblem.stated.by;
        let revoked = |target| self.emblems.revoked(target, by, as_of).is_some();
        match emblem.said.period.at(as_of.at) {
            Phase::NotYet => Some(Reason::EmblemNotYet),
            _ if revoked(Target::Digest(emblem.digest())) => Some(Reason::EmblemRevoked),
            _ if revoked(Target::Key(emblem.said.key)) => Some(Reason::KeyRevoked),
            Phase::Expired => Some(Reason::EmblemExpired),
            Phase::Valid => None,
        }
    }

    /// Whether an endorsement is known, in its time, and neither it nor the key that signed it was
    /// revoked or replaced.
    pub fn stands(&self, endorsed: &Endorsed, as_of: &AsOf) -> bool {
        as_of.knows(&endorsed.stated) && self.endorsement_end(endorsed, as_of).is_none()
    }

    /// What ended an endorsement by then, or has not let it begin.
    fn endorsement_end(&self, endorsed: &Endorsed, as_of: &AsOf) -> Option<Reason> {
        let (said, by) = (&endorsed.endorsement, endorsed.stated.by);
        let revoked = |target| self.emblems.revoked(target, by, as_of).is_some();
        match said.validity.at(as_of.at) {
            _ if revoked(Target::Digest(endorsed.digest())) => Some(Reason::EndorsementRevoked),
            _ if revoked(Target::Key(endorsed.token.kid())) => Some(Reason::EndorsementRevoked),
            _ if self
                .authorities
                .is_replaced(endorsed.token.kid(), by, as_of) =>
            {
                Some(Reason::RecognitionSuperseded)
            }
            Phase::Expired | Phase::NotYet => Some(Reason::EndorsementExpired),
            Phase::Valid => None,
        }
    }

    fn judge(
        &self,
        id: AssetId,
        only: Option<StatementId>,
        honoured: Honoured<'_>,
        as_of: &AsOf,
    ) -> Answer {
        let known = self.assets.asset(id);
        let known = known.and_then(|asset| Some((asset, asset.version(as_of)?)));
        let Some((asset, version)) = known else {
            return Answer::without(Outcome::NoEntry, None);
        };
        if asset.withdrawal(as_of).is_some() {
            return Answer::without(Outcome::Withdrawn, None);
        }
        match version.period.at(as_of.at) {
            Phase::NotYet => return Answer::without(Outcome::NotYet, None),
            Phase::Expired => {
                return Answer::without(Outcome::Expired, Some(Reason::AssetExpired));
            }
            Phase::Valid => {}
        }
        let (mut recognised, mut fate, mut last) = (Vec::new(), None, None);
        let mut nearest: Option<Nearest> = None;
        for emblem in self.emblems.of_asset(asset.id) {
            let is_entitled = [asset.registrant, version.bearer].contains(&emblem.stated.by);
            let is_asked = only.is_none_or(|only| only == emblem.stated.statement);
            if !is_entitled || !is_asked || !as_of.knows(&emblem.stated) {
                continue;
            }
            fate = self.fate(emblem, as_of);
            if fate.is_none() {
                last = Some(emblem);
                let climb = self.climb(asset, version, emblem, honoured, as_of);
                recognised.extend(climb.found);
                nearest = nearest.max(Some(climb.nearest));
            }
        }
        if !recognised.is_empty() {
            return Answer::recognised(recognised);
        }
        // What stands is declared; otherwise the last emblem decides.
        let outcome = match fate {
            _ if nearest.is_some() => Outcome::Declared,
            Some(Reason::EmblemExpired) => Outcome::Expired,
            Some(Reason::EmblemRevoked | Reason::KeyRevoked) => Outcome::Revoked,
            _ => Outcome::Declared,
        };
        let is_declared = outcome == Outcome::Declared;
        let reason = nearest.map(|it| it.reason).or(fate);
        let reason = reason.or(Some(Reason::NoEmblem));
        Answer {
            ends: is_declared.then(|| Ends::own(version, last)).flatten(),
            ..Answer::without(outcome, reason)
        }
    }

    /// Follows the endorsements of an emblem's key upwards to recognised authorities, step by step:
    /// each key by the way that lasts longest.
    fn climb(
        &self,
        asset: &Asset,
        version: &Version,
        emblem: &Issued,
        honoured: Honoured<'_>,
        as_of: &AsOf,
    ) -> Climb {
        let purposes = emblem.said.purposes;
        let mut climb = Climb {
            found: Vec::new(),
            nearest: Nearest::among_others(Reason::NotEndorsed),
        };
        // A way with one obstacle is followed apart: where it leads to a recognition, that obstacle
        // is all that stood in the way.
        let first = (emblem.said.key, None);
        let mut ways = BTreeMap::from([(first, Way::first(version, emblem))]);
        let mut gone: BTreeMap<(Kid, Option<Reason>), Reverse<u64>> = BTreeMap::new();
        for _ in 0..=MAX_STEPS {
            for (place, way) in std::mem::take(&mut ways) {
                let (kid, barred) = place;
                let Some(key) = self.emblems.key(kid) else {
                    continue;
                };
                if gone.get(&place).is_some_and(|before| *before <= way.until) {
                    continue;
                }
                gone.insert(place, way.until);
                for recognition in self.authorities.of_key(kid) {
                    let is_theirs =
                        key.organisation.as_ref() == Some(&recognition.said.organisation);
                    if !is_theirs || !as_of.knows(&recognition.stated) {
                        continue;
                    }
                    let obstacle = obstacle(recognition, asset, version, emblem, honoured, as_of);
                    match (barred, obstacle) {
                        (None, None) => climb.found.push((
                            recognition.stated.index,
                            Recognised::by(recognition, emblem, &way),
                        )),
                        (Some(one), None) | (None, Some(one)) => climb.meet(Nearest::alone(one)),
                        (Some(_), Some(_)) => {}
                    }
                }
                for endorsed in self.emblems.endorsements_of(kid) {
                    let said = &endorsed.endorsement;
                    let counts = as_of.knows(&endorsed.stated)
                        && said.subject == key.organisation
                        && (way.steps.is_empty() || said.may_endorse);
                    if !counts {
                        continue;
                    }
                    let permitted = said.purposes.is_none_or(|it| it.contains(purposes));
                    let obstacle = match permitted {
                        false => Some(Reason::EndorsedForOther),
                        true => self.endorsement_end(endorsed, as_of),
                    };
                    if barred.is_some() && obstacle.is_some() {
                        continue;
                    }
                    if barred.is_none() {
                        let reason = obstacle.unwrap_or(Reason::NotRecognised);
                        climb.meet(Nearest::among_others(reason));
                    }
                    let next = way.then(endorsed);
                    let known = ways.entry((endorsed.token.kid(), barred.or(obstacle)));
                    let known = known.or_insert_with(|| next.clone());
                    if next < *known {
                        *known = next;
                    }
                }
            }
        }
        climb
    }
}

/// What following an emblem's endorsements came to.
struct Climb {
    /// With the index of each recognition.
    found: Vec<(u64, Recognised)>,
    /// What stood in the way where nothing was found.
    nearest: Nearest,
}

impl Climb {
    fn meet(&mut self, obstacle: Nearest) {
        self.nearest = self.nearest.max(obstacle);
    }
}

/// What stood in the way. Of several the greatest one came nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nearest {
    /// Whether the emblem would be recognised but for this.
    alone: bool,
    reason: Reason,
}

impl Nearest {
    fn alone(reason: Reason) -> Self {
        Nearest {
            // Whoever replaced a recognition goes on to recognise: what its keys lack decides.
            alone: reason != Reason::RecognitionSuperseded,
            reason,
        }
    }

    fn among_others(reason: Reason) -> Self {
        Nearest {
            alone: false,
            reason,
        }
    }
}

/// A way from an emblem up to a key. The least one lasts longest; of two that last alike it is
/// the shorter one, then the one that was in the log before.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// First second no more; [`FOR_GOOD`] where there is none.
    until: Reverse<u64>,
    length: usize,
    /// The endorsements, the lowest one first, each with its index.
    steps: Vec<(u64, StatementId)>,
    /// What ends first.
    first: Link,
}

const FOR_GOOD: u64 = u64::MAX;

impl Way {
    /// From an emblem to its own key.
    fn first(version: &Version, emblem: &Issued) -> Self {
        let ends = Ends::own(version, Some(emblem));
        Way {
            until: Reverse(ends.map_or(FOR_GOOD, |it| it.until)),
            length: 0,
            steps: Vec::new(),
            first: ends.map_or(Link::Emblem, |it| it.first),
        }
    }

    /// One endorsement further up.
    fn then(&self, endorsed: &Endorsed) -> Self {
        let expires = endorsed.endorsement.validity.expires;
        let expires = u64::try_from(expires).unwrap_or_default();
        let step = (endorsed.stated.index, endorsed.stated.statement);
        Way {
            until: Reverse(self.until.0.min(expires)),
            length: self.length + 1,
            steps: [&self.steps[..], &[step]].concat(),
            first: match expires < self.until.0 {
                true => Link::Endorsement,
                false => self.first,
            },
        }
    }
}

impl Ends {
    /// The end of a registration and an emblem, without anybody else's word.
    fn own(version: &Version, emblem: Option<&Issued>) -> Option<Self> {
        let emblem = emblem.and_then(|emblem| emblem.said.period.until);
        let ends = [(version.period.until, Link::Asset), (emblem, Link::Emblem)];
        let ends = ends.into_iter().filter_map(|(until, first)| {
            let until = until?;
            Some(Ends { until, first })
        });
        ends.min()
    }
}

impl Link {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Link::Asset => "asset",
            Link::Emblem => "emblem",
            Link::Endorsement => "endorsement",
            Link::Recognition => "recognition",
        }
    }
}

impl serde::Serialize for Link {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Answer {
    fn without(outcome: Outcome, reason: Option<Reason>) -> Self {
        Answer {
            outcome,
            recognised: Vec::new(),
            reason,
            ends: None,
        }
    }

    /// Each recognition once, as it lasts longest, in the order of the log.
    fn recognised(mut found: Vec<(u64, Recognised)>) -> Self {
        let until = |found: &Recognised| Reverse(found.ends.map_or(FOR_GOOD, |it| it.until));
        found.sort_by_key(|(index, found)| (*index, until(found)));
        found.dedup_by_key(|(index, _)| *index);
        Answer {
            ends: found.iter().filter_map(|(_, found)| found.ends).min(),
            outcome: Outcome::Recognised,
            recognised: found
                .into_iter()
                .map(|(_, recognised)| recognised)
                .collect(),
            reason: None,
        }
    }
}

impl Recognised {
    fn by(recognition: &Recognition, emblem: &Issued, way: &Way) -> Self {
        let recognised = recognition.said.period.until.unwrap_or(FOR_GOOD);
        let until = way.until.0.min(recognised);
        let first = match recognised < way.until.0 {
            true => Link::Recognition,
            false => way.first,
        };
        Recognised {
            by: recognition.stated.by,
            authority: recognition.said.organisation.clone(),
            law: recognition.said.law.clone(),
            policy: recognition.said.policy,
            ends: (until < FOR_GOOD).then_some(Ends { until, first }),
            recognition: recognition.stated.statement,
            emblem: emblem.stated.statement,
            endorsements: way.steps.iter().map(|(_, statement)| *statement).collect(),
        }
    }
}

/// What identifies an asset, as it was then registered and as far as that can be read.
pub(super) fn identity_of(
    asset: &Asset,
    opened: &dyn Fn(&[u8; 32]) -> Option<String>,
    as_of: &AsOf,
) -> Option<Identity> {
    match &asset.version(as_of)?.named {
        Named::Clear(own) => Some(own.clone()),
        Named::Sealed(digest) if asset.erased.contains_key(digest) => None,
        Named::Sealed(digest) => Identity::read(asset.kind, &opened(digest)?).ok(),
    }
}

/// Why a recognition that names the right key does not count for an emblem of an asset.
fn obstacle(
    recognition: &Recognition,
    asset: &Asset,
    version: &Version,
    emblem: &Issued,
    honoured: Honoured<'_>,
    as_of: &AsOf,
) -> Option<Reason> {
    let said = &recognition.said;
    let by = recognition.stated.by;
    let is_honoured = match honoured {
        Honoured::Everybody => true,
        Honoured::These(parties) => parties.contains(&by),
    };
    match recognition.ended(as_of).map(|end| &end.how) {
        _ if !recognition.covers(asset.kind) => Some(Reason::OtherKind),
        _ if !said.purposes.contains(emblem.said.purposes) => Some(Reason::OtherPurpose),
        Some(Ending::Superseded) => Some(Reason::RecognitionSuperseded),
        Some(Ending::Withdrawn(_)) => Some(Reason::RecognitionWithdrawn),
        None if said.period.at(as_of.at) != Phase::Valid => Some(Reason::RecognitionExpired),
        None if by == version.bearer => Some(Reason::OnlyByBearer),
        None if !is_honoured => Some(Reason::NotHonoured),
        None => None,
    }
}
