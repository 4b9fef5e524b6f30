//! Keys, endorsements, emblems and allegations as their statements leave them, with the place of
//! each in the log.

use std::collections::BTreeMap;

use ensign_trust::{AssetId, Code, PartyId, Statement, StatementId};

use super::statement::{Act, Alleged, Issuing, Target};
use crate::key::{EmblemKey, Kid};
use crate::moment::{AsOf, Stated};
use crate::name::Organisation;
use crate::token::{Dialect, Endorsement, Token};
use sha2::{Digest, Sha256};

/// All that the log says about emblems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emblems {
    keys: BTreeMap<Kid, Key>,
    /// By their index.
    endorsements: BTreeMap<u64, Endorsed>,
    by_endorsed: BTreeMap<Kid, Vec<u64>>,
    /// By their index.
    emblems: BTreeMap<u64, Issued>,
    by_asset: BTreeMap<AssetId, Vec<u64>>,
    by_digest: BTreeMap<[u8; 32], u64>,
    /// By their index.
    allegations: BTreeMap<u64, Allegation>,
    places: BTreeMap<StatementId, u64>,
    revocations: BTreeMap<(Target, PartyId), Revocation>,
}

/// A key that signs emblems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Who published it, where and when: its holder.
    pub stated: Stated,
    /// The key.
    pub key: EmblemKey,
    /// For which organisation it signs.
    pub organisation: Option<Organisation>,
}

/// An endorsement whose signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsed {
    /// Who stated it, where and when.
    pub stated: Stated,
    /// The token.
    pub token: Token,
    /// What it says.
    pub endorsement: Endorsement,
}

/// An emblem that the holder of its key issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Who stated it, where and when.
    pub stated: Stated,
    /// What it says.
    pub said: Issuing,
}

/// What ended an emblem, an endorsement or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The statement.
    pub stated: Stated,
    /// Why.
    pub reason: Code,
}

/// Misuse that a party alleges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allegation {
    /// Who alleges it, where and when.
    pub stated: Stated,
    /// What.
    pub said: Alleged,
    /// Its withdrawal.
    pub withdrawn: Option<Stated>,
}

impl Emblems {
    /// What a statement that counts changes. Total: one that is not understood, names a key that
    /// its author did not publish before, or is about what somebody else said, changes nothing.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        let stated = Stated::of(statement, index, received);
        match Act::read(statement) {
            Some(Ok(Act::Published(said))) => {
                let kid = said.key.kid(Dialect::Cwt);
                self.keys.entry(kid).or_insert(Key {
                    stated,
                    key: said.key,
                    organisation: said.organisation,
                });
            }
            Some(Ok(Act::Endorsed(said))) => self.endorse(said.token, stated),
            Some(Ok(Act::Issued(said))) if self.is_held(said.key, stated.by) => {
                let issued = Issued { stated, said };
                let of_asset = self.by_asset.entry(issued.said.asset).or_default();
                of_asset.push(index);
                self.by_digest.entry(issued.digest()).or_insert(index);
                self.places.insert(stated.statement, index);
                self.emblems.insert(index, issued);
            }
            Some(Ok(Act::Revoked(said))) => {
                let reason = said.reason;
                let revocation = Revocation { stated, reason };
                let target = (said.target, stated.by);
                self.revocations.entry(target).or_insert(revocation);
            }
            Some(Ok(Act::Alleged(said))) => {
                self.places.insert(stated.statement, index);
                let allegation = Allegation {
                    stated,
                    said,
                    withdrawn: None,
                };
                self.allegations.insert(index, allegation);
            }
            Some(Ok(Act::Withdrawn(said))) => {
                let place = self.places.get(&said.allegation);
                let known = place.and_then(|place| self.allegations.get_mut(place));
                if let Some(known) = known.filter(|known| known.stated.by == stated.by) {
                    known.withdrawn.get_or_insert(stated);
                }
            }
            _ => {}
        }
        self
    }

    /// A key that was published.
    pub fn key(&self, kid: Kid) -> Option<&Key> {
        self.keys.get(&kid)
    }

    /// The keys that a party published, in order of their ids.
    pub fn keys_of(&self, party: PartyId) -> impl Iterator<Item = (Kid, &Key)> {
        let keys = self
            .keys
            .iter()
            .filter(move |(_, key)| key.stated.by == party);
        keys.map(|(kid, key)| (*kid, key))
    }

    /// An emblem by its statement.
    pub fn emblem(&self, statement: StatementId) -> Option<&Issued> {
        self.emblems.get(self.places.get(&statement)?)
    }

    /// An emblem by its digest; the first one, where several statements have it.
    pub fn with_digest(&self, digest: &[u8; 32]) -> Option<&Issued> {
        self.emblems.get(self.by_digest.get(digest)?)
    }

    /// The emblems before an index, the last one first.
    pub fn before(&self, index: u64) -> impl Iterator<Item = &Issued> {
        self.emblems.range(..index).rev().map(|(_, issued)| issued)
    }

    /// The emblems of an asset, in the order of the log.
    pub fn of_asset(&self, asset: AssetId) -> impl DoubleEndedIterator<Item = &Issued> {
        let places = self.by_asset.get(&asset).into_iter().flatten();
        places.filter_map(|place| self.emblems.get(place))
    }

    /// The endorsements of a key, in the order of the log.
    pub fn endorsements_of(&self, key: Kid) -> impl Iterator<Item = &Endorsed> {
        let places = self.by_endorsed.get(&key).into_iter().flatten();
        places.filter_map(|place| self.endorsements.get(place))
    }

    /// An endorsement by the digest of its token, of a party.
    pub fn endorsement(&self, digest: &[u8; 32], by: PartyId) -> Option<&Endorsed> {
        let mut all = self.endorsements.values();
        all.find(|known| known.stated.by == by && known.digest() == *digest)
    }

    /// All endorsements, in the order of the log.
    pub fn endorsements(&self) -> impl Iterator<Item = &Endorsed> {
        self.endorsements.values()
    }

    /// Misuse that is or was alleged of an asset, in the order of the log.
    pub fn allegations_of(&self, asset: AssetId) -> impl Iterator<Item = &Allegation> {
        let all = self.allegations.values();
        all.filter(move |allegation| allegation.said.asset == asset)
    }

    /// An allegation by its statement.
    pub fn allegation(&self, statement: StatementId) -> Option<&Allegation> {
        self.allegations.get(self.places.get(&statement)?)
    }

    /// The revocation of something by the party that stated it.
    pub fn revocation(&self, target: Target, by: PartyId) -> Option<&Revocation> {
        self.revocations.get(&(target, by))
    }

    /// The same, where it was known and the time judged is not before it.
    pub fn revoked(&self, target: Target, by: PartyId, as_of: &AsOf) -> Option<&Revocation> {
        let revocation = self.revocation(target, by);
        revocation.filter(|revocation| as_of.is_past(&revocation.stated))
    }

    /// Whether a key was published by a party, and by nobody before.
    pub fn is_held(&self, key: Kid, by: PartyId) -> bool {
        self.key(key).is_some_and(|key| key.stated.by == by)
    }

    fn endorse(&mut self, token: Token, stated: Stated) {
        let Some(key) = self
            .key(token.kid())
            .filter(|key| key.stated.by == stated.by)
        else {
            return;
        };
        let Some(endorsement) = token.endorsement().cloned() else {
            return;
        };
        if !token.is_signed_by(&key.key) {
            return;
        }
        let of_key = self.by_endorsed.entry(endorsement.key).or_default();
        of_key.push(stated.index);
        let endorsed = Endorsed {
            stated,
            token,
            endorsement,
        };
        self.endorsements.insert(stated.index, endorsed);
    }
}

impl Issued {
    /// SHA-256 of its token, or the id of its statement where that is the emblem itself.
    pub fn digest(&self) -> [u8; 32] {
        match self.said.token {
            Some([token, _]) => token,
            None => *self.stated.statement.as_bytes(),
        }
    }
}

impl Endorsed {
    /// SHA-256 of its token.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.token.bytes()).into()
    }
}

impl Allegation {
    /// Whether it is known and was not withdrawn by the time judged.
    pub fn stands(&self, as_of: &AsOf) -> bool {
        as_of.knows(&self.stated) && !self.withdrawn.is_some_and(|end| as_of.is_past(&end))
    }
}
