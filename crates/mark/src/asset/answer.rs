//! The answer for an asset: recognised, by whom and under which law and policy, or why not.

use std::collections::{BTreeSet, VecDeque};

use ensign_trust::{AssetId, Code, PartyId, Statement, StatementId};

use super::identity::Identity;
use super::state::{Asset, Assets, Version};
use super::statement::Named;
use crate::authority::{Authorities, Ending, Recognition};
use crate::emblem::{Emblems, Issued, Target};
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
    /// The `authority.recognised` that says so.
    pub recognition: StatementId,
    /// The `emblem.issued` that leads there.
    pub emblem: StatementId,
    /// The endorsements between the two, the lowest one first.
    pub endorsements: Vec<StatementId>,
}

/// What an asset is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Only its bearer says that it is protected.
    Declared,
    /// Its time, or that of its last emblem, is over.
    Expired,
    /// Nothing is registered, which does not mean unprotected.
    NoEntry,
    /// Its time has not come.
    NotYet,
    /// An authority that somebody recognises says so too.
    Recognised,
    /// Its last emblem, or the key of it, was revoked.
    Revoked,
    /// Its registrant withdrew it.
    Withdrawn,
}

/// Why an asset is not recognised. In the order of how near it came: of several the last one is
/// given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The asset's time is over.
    AssetExpired,
    /// The asset bears no emblem.
    NoEmblem,
    /// The emblem is for a time to come.
    EmblemNotYet,
    /// The emblem's time is over.
    EmblemExpired,
    /// The emblem was revoked.
    EmblemRevoked,
    /// The emblem's key was revoked.
    KeyRevoked,
    /// Nobody endorsed the emblem's key, and nobody recognises it.
    NotEndorsed,
    /// The endorsement is for another protection.
    EndorsedForOther,
    /// The endorsement's time is over or has not come.
    EndorsementExpired,
    /// The endorsement, or the key that signed it, was revoked.
    EndorsementRevoked,
    /// Nobody recognises the authority that endorsed.
    NotRecognised,
    /// The authority is recognised for other kinds of asset.
    OtherKind,
    /// The authority is recognised for another protection.
    OtherPurpose,
    /// The recognition's time is over or has not come.
    RecognitionExpired,
    /// The recognition now names other keys, or says something else.
    RecognitionSuperseded,
    /// The recognition was withdrawn.
    RecognitionWithdrawn,
    /// Only the bearer itself recognises the authority.
    OnlyByBearer,
    /// The reader does not honour who recognises the authority.
    NotHonoured,
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
        let known = self.assets.asset(id);
        let known = known.and_then(|asset| Some((asset, asset.version(as_of)?)));
        match known {
            Some((asset, version)) => self.judge(asset, version, honoured, as_of),
            None => Answer::without(Outcome::NoEntry, None),
        }
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
        let is_it = |asset: &&Asset| {
            let version = asset.version(as_of);
            version.is_some_and(|version| match &version.named {
                Named::Clear(own) => own.contains(identity),
                Named::Sealed(digest) if !asset.erased.contains_key(digest) => {
                    let text = opened(digest);
                    let own = text.and_then(|text| Identity::read(asset.kind, &text).ok());
                    own.is_some_and(|own| own.contains(identity))
                }
                Named::Sealed(_) => false,
            })
        };
        self.assets
            .iter()
            .filter(is_it)
            .map(|asset| asset.id)
            .collect()
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

    fn judge(
        &self,
        asset: &Asset,
        version: &Version,
        honoured: Honoured<'_>,
        as_of: &AsOf,
    ) -> Answer {
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
        let (mut recognised, mut nearest, mut fate) = (Vec::new(), None, None);
        for emblem in self.emblems.of_asset(asset.id) {
            let is_entitled = [asset.registrant, version.bearer].contains(&emblem.stated.by);
            if !is_entitled || !as_of.knows(&emblem.stated) {
                continue;
            }
            fate = self.fate(emblem, as_of);
            if fate.is_none() {
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
        Answer::without(outcome, nearest.or(fate).or(Some(Reason::NoEmblem)))
    }

    /// Follows the endorsements of an emblem's key upwards to recognised authorities.
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
            nearest: Reason::NotEndorsed,
        };
        let mut seen = BTreeSet::from([emblem.said.key]);
        let mut ahead: VecDeque<(Kid, Vec<StatementId>)> = [(emblem.said.key, Vec::new())].into();
        while let Some((kid, steps)) = ahead.pop_front() {
            let Some(key) = self.emblems.key(kid) else {
                continue;
            };
            for recognition in self.authorities.of_key(kid) {
                let is_theirs = key.organisation.as_ref() == Some(&recognition.said.organisation);
                if !is_theirs || !as_of.knows(&recognition.stated) {
                    continue;
                }
                let obstacle = obstacle(recognition, asset, version, emblem, honoured, as_of);
                match obstacle {
                    Some(reason) => climb.nearest = climb.nearest.max(reason),
                    None => climb.found.push((
                        recognition.stated.index,
                        Recognised::by(recognition, emblem, &steps),
                    )),
                }
            }
            if steps.len() == MAX_STEPS {
                continue;
            }
            for endorsed in self.emblems.endorsements_of(kid) {
                let said = &endorsed.endorsement;
                let signer = endorsed.token.kid();
                let counts = as_of.knows(&endorsed.stated)
                    && said.subject == key.organisation
                    && (steps.is_empty() || said.may_endorse);
                if !counts {
                    continue;
                }
                let by = endorsed.stated.by;
                let revoked = |target| self.emblems.revoked(target, by, as_of).is_some();
                let within = said
                    .purposes
                    .is_none_or(|permitted| permitted.contains(purposes));
                climb.nearest = climb.nearest.max(match said.validity.at(as_of.at) {
                    _ if !within => Reason::EndorsedForOther,
                    _ if revoked(Target::Digest(endorsed.digest())) => Reason::EndorsementRevoked,
                    _ if revoked(Target::Key(signer)) => Reason::EndorsementRevoked,
                    Phase::Expired | Phase::NotYet => Reason::EndorsementExpired,
                    Phase::Valid => {
                        if seen.insert(signer) {
                            let next = [&steps[..], &[endorsed.stated.statement]].concat();
                            ahead.push_back((signer, next));
                        }
                        Reason::NotRecognised
                    }
                });
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
    nearest: Reason,
}

impl Answer {
    fn without(outcome: Outcome, reason: Option<Reason>) -> Self {
        Answer {
            outcome,
            recognised: Vec::new(),
            reason,
        }
    }

    /// Each recognition once, in the order of the log.
    fn recognised(mut found: Vec<(u64, Recognised)>) -> Self {
        found.sort_by_key(|(index, _)| *index);
        found.dedup_by_key(|(index, _)| *index);
        Answer {
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
    fn by(recognition: &Recognition, emblem: &Issued, endorsements: &[StatementId]) -> Self {
        Recognised {
            by: recognition.stated.by,
            authority: recognition.said.organisation.clone(),
            law: recognition.said.law.clone(),
            policy: recognition.said.policy,
            recognition: recognition.stated.statement,
            emblem: emblem.stated.statement,
            endorsements: endorsements.to_vec(),
        }
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

impl Outcome {
    /// All of them, in order of their codes.
    pub const ALL: [Outcome; 7] = [
        Outcome::Declared,
        Outcome::Expired,
        Outcome::NoEntry,
        Outcome::NotYet,
        Outcome::Recognised,
        Outcome::Revoked,
        Outcome::Withdrawn,
    ];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Declared => "declared",
            Outcome::Expired => "expired",
            Outcome::NoEntry => "no-entry",
            Outcome::NotYet => "not-yet",
            Outcome::Recognised => "recognised",
            Outcome::Revoked => "revoked",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    /// The outcome with a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

impl Reason {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Reason::AssetExpired => "asset-expired",
            Reason::NoEmblem => "no-emblem",
            Reason::EmblemNotYet => "emblem-not-yet",
            Reason::EmblemExpired => "emblem-expired",
            Reason::EmblemRevoked => "emblem-revoked",
            Reason::KeyRevoked => "key-revoked",
            Reason::NotEndorsed => "not-endorsed",
            Reason::EndorsedForOther => "endorsed-for-other",
            Reason::EndorsementExpired => "endorsement-expired",
            Reason::EndorsementRevoked => "endorsement-revoked",
            Reason::NotRecognised => "not-recognised",
            Reason::OtherKind => "other-kind",
            Reason::OtherPurpose => "other-purpose",
            Reason::RecognitionExpired => "recognition-expired",
            Reason::RecognitionSuperseded => "recognition-superseded",
            Reason::RecognitionWithdrawn => "recognition-withdrawn",
            Reason::OnlyByBearer => "only-by-bearer",
            Reason::NotHonoured => "not-honoured",
        }
    }
}

impl serde::Serialize for Outcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
