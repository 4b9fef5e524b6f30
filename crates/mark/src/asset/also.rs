//! Who else has registered the same thing.

use std::collections::BTreeSet;

use ensign_trust::{AssetId, PartyId};

use super::answer::{Register, identity_of};
use super::identity::Identity;
use super::state::Asset;
use crate::moment::AsOf;
use crate::token::Phase;

/// Of how many other parties it is told that they have registered the same.
pub const MAX_ALSO: usize = 4;

impl Register {
    /// What other parties than this one have registered under exactly this identity, and that is
    /// neither withdrawn nor over: of each party the first asset, and at most [`MAX_ALSO`] in all.
    /// `opened` gives the text of a disclosure by its digest, where it can be read.
    pub fn also_registered(
        &self,
        party: PartyId,
        identity: &Identity,
        opened: &dyn Fn(&[u8; 32]) -> Option<String>,
        as_of: &AsOf,
    ) -> Vec<AssetId> {
        let others = self.assets.iter().filter(|it| it.registrant != party);
        let mut told = BTreeSet::new();
        let same = others.filter(|it| stands_as(it, identity, opened, as_of));
        let first = same.filter(|asset| told.insert(asset.registrant));
        first.take(MAX_ALSO).map(|asset| asset.id).collect()
    }
}

/// Whether an asset is registered under exactly this identity, and neither withdrawn nor over.
pub(super) fn stands_as(
    asset: &Asset,
    identity: &Identity,
    opened: &dyn Fn(&[u8; 32]) -> Option<String>,
    as_of: &AsOf,
) -> bool {
    let version = asset.version(as_of);
    version.is_some_and(|it| it.period.at(as_of.at) != Phase::Expired)
        && asset.withdrawal(as_of).is_none()
        && identity_of(asset, opened, as_of).as_ref() == Some(identity)
}
