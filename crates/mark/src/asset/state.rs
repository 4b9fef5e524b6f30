//! Assets as their statements leave them, with the place of each in the log, so that they answer
//! for every size of it at once.

use std::collections::BTreeMap;

use ensign_trust::{AssetId, Code, PartyId, Statement};

use super::identity::Kind;
use super::statement::{Act, Named};
use crate::moment::{AsOf, Period, Stated};
use crate::name::Organisation;

/// All assets that were ever registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    assets: BTreeMap<AssetId, Asset>,
    /// In the order of their first registrations.
    order: BTreeMap<u64, AssetId>,
}

/// An asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// What kind of thing it is; kept by all its registrations.
    pub kind: Kind,
    /// Who registered it.
    pub registrant: PartyId,
    /// Its registrations, the first one first, at least one.
    pub versions: Vec<Version>,
    /// Its withdrawal.
    pub withdrawn: Option<Withdrawal>,
    /// Digests of disclosures that were destroyed, with the tombstone of each.
    pub erased: BTreeMap<[u8; 32], Stated>,
}

/// What one registration of an asset says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The registration.
    pub stated: Stated,
    /// What identifies the asset.
    pub named: Named,
    /// Who bears the emblem.
    pub bearer: PartyId,
    /// Under which law.
    pub law: Code,
    /// The authority on which the registrant counts.
    pub authority: Option<Organisation>,
    /// When the asset is protected.
    pub period: Period,
}

/// A withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The statement.
    pub stated: Stated,
    /// Why.
    pub reason: Code,
}

impl Assets {
    /// What a statement that counts changes. Total: one that is not understood, or about an asset
    /// of somebody else, changes nothing.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        if let Some(Ok(act)) = Act::read(statement) {
            self.take(act, Stated::of(statement, index, received));
        }
        self
    }

    /// An asset.
    pub fn asset(&self, id: AssetId) -> Option<&Asset> {
        self.assets.get(&id)
    }

    /// All assets, in the order of their first registrations.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Asset> {
        self.order.values().filter_map(|id| self.assets.get(id))
    }

    /// The assets that were first registered before an index, the last one first.
    pub fn before(&self, index: u64) -> impl Iterator<Item = &Asset> {
        let ids = self.order.range(..index).rev();
        ids.filter_map(|(_, id)| self.assets.get(id))
    }

    fn take(&mut self, act: Act, stated: Stated) {
        let known = self.assets.get_mut(&act.asset());
        match (act, known) {
            (Act::Registered(said), known) => {
                let version = Version {
                    stated,
                    named: said.named,
                    bearer: said.bearer.unwrap_or(stated.by),
                    law: said.law,
                    authority: said.authority,
                    period: said.period,
                };
                match (said.supersedes, known) {
                    (None, None) => {
                        let asset = Asset {
                            id: said.asset,
                            kind: said.kind,
                            registrant: stated.by,
                            versions: vec![version],
                            withdrawn: None,
                            erased: BTreeMap::new(),
                        };
                        self.order.insert(stated.index, said.asset);
                        self.assets.insert(said.asset, asset);
                    }
                    (Some(latest), Some(asset))
                        if asset.registrant == stated.by
                            && asset.kind == said.kind
                            && asset.withdrawn.is_none()
                            && asset.latest().stated.statement == latest =>
                    {
                        asset.versions.push(version);
                    }
                    _ => {}
                }
            }
            (Act::Withdrawn(said), Some(asset)) if asset.registrant == stated.by => {
                let reason = said.reason;
                asset.withdrawn.get_or_insert(Withdrawal { stated, reason });
            }
            (Act::Erased(said), Some(asset)) if asset.registrant == stated.by => {
                for digest in said.digests {
                    asset.erased.entry(digest).or_insert(stated);
                }
            }
            _ => {}
        }
    }
}

impl Asset {
    /// The last registration.
    pub fn latest(&self) -> &Version {
        self.versions.last().expect("an asset has a registration")
    }

    /// The registration that was the last one then.
    pub fn version(&self, as_of: &AsOf) -> Option<&Version> {
        let mut versions = self.versions.iter().rev();
        versions.find(|version| as_of.knows(&version.stated))
    }

    /// The withdrawal, where it was known and the time judged is not before it.
    pub fn withdrawal(&self, as_of: &AsOf) -> Option<&Withdrawal> {
        let withdrawn = self.withdrawn.as_ref();
        withdrawn.filter(|withdrawn| as_of.is_past(&withdrawn.stated))
    }
}
