//! The tokens and keys that travel with an emblem: on pages, in files, in zones, on cards.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ensign_trust::PartyId;

use super::Register;
use crate::emblem::Endorsed;
use crate::key::{EmblemKey, Kid};
use crate::moment::AsOf;
use crate::name::Organisation;
use crate::relation;
use crate::token::{Phase, Token};

/// Longest chain of an issuer's own endorsements.
const MAX_CHAIN: usize = 8;
/// Most endorsements by other organisations.
const MAX_EXTERNAL: usize = 8;
/// Most of these by one party, so that none crowds the others out.
const MAX_OF_PARTY: usize = 2;
/// Most bytes of one of these: sixteen log entries, the most that one may name, take 1,200.
const MAX_EXTERNAL_BYTES: usize = 2_048;

/// Who stands behind an organisation that endorses: recognises it by the key that does. The least
/// one travels first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backer {
    /// A third party.
    Another,
    /// The party that holds the key.
    Itself,
    /// Nobody.
    Nobody,
}

impl Register {
    /// The tokens that travel with an emblem, and the keys that verify them: the emblem, its
    /// issuer's own endorsements from the emblem's key upwards, those of others.
    ///
    /// A set may have one chain of the issuer's own endorsements and no more, or it is invalid. So of
    /// each key one is taken that stands, endorses it for the issuer and permits the emblem: of the
    /// party that holds the emblem's key, else of the party that was first to endorse it so, the last
    /// one. It ends with the endorsement that names the log entries of a certificate, which only a root
    /// key needs. Anybody may publish a key in an organisation's name, and endorse any key.
    ///
    /// The endorsements of others are those of the key at which that chain begins: first those by a key
    /// of an authority that a third party recognises, then those that its own party does, then the rest,
    /// in the order of the log. How many one party may add, and how long each may be, is bounded: a set
    /// has to fit where it is published. What endorses these in turn has no place in the protocol.
    pub fn set_of(&self, token: &Token, as_of: &AsOf) -> (Vec<Token>, Vec<EmblemKey>) {
        self.set_backed(token, Backer::Nobody, as_of)
    }

    /// The same where there is less room: of the endorsements of others only those with such a backer
    /// or a better one.
    pub fn set_backed(
        &self,
        token: &Token,
        least: Backer,
        as_of: &AsOf,
    ) -> (Vec<Token>, Vec<EmblemKey>) {
        let mut tokens = vec![token.clone()];
        while let Some(own) = self.own(&tokens, as_of) {
            if tokens.len() > MAX_CHAIN {
                break;
            }
            tokens.push(own.token.clone());
        }
        let external = self.external(&tokens, least, as_of);
        tokens.extend(external.into_iter().map(|it| it.token.clone()));
        let mut keys: Vec<EmblemKey> = Vec::new();
        for token in &tokens {
            let key = self.emblems.key(token.kid()).map(|it| it.key.clone());
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        (tokens, keys)
    }

    /// The next endorsement in the issuer's own chain.
    fn own(&self, chain: &[Token], as_of: &AsOf) -> Option<&Endorsed> {
        let issuer = chain.first()?.issuer()?;
        let top = chain.last()?;
        if top.endorsement().is_some_and(|it| !it.log.is_empty()) {
            return None;
        }
        let holder = self.holder(chain);
        let is_own = |it: &&Endorsed| it.endorsement.issuer.as_ref() == Some(issuer);
        // A party keeps its place when its first endorsement ends and another one stands.
        let mut first: BTreeMap<PartyId, u64> = BTreeMap::new();
        let known = self.emblems.endorsements_of(top.kid()).filter(is_own);
        for endorsed in known.filter(|it| as_of.knows(&it.stated)) {
            first
                .entry(endorsed.stated.by)
                .or_insert(endorsed.stated.index);
        }
        let rank = |it: &&Endorsed| {
            let by = it.stated.by;
            let last = Reverse(it.stated.index);
            (Some(by) != holder, first.get(&by).copied(), last)
        };
        self.endorsing(chain, as_of).filter(is_own).min_by_key(rank)
    }

    /// The endorsements of others that travel: of each signer the last one.
    fn external(&self, chain: &[Token], least: Backer, as_of: &AsOf) -> Vec<&Endorsed> {
        let holder = self.holder(chain);
        let issuer = chain.first().and_then(Token::issuer);
        let mut of_key: BTreeMap<Kid, &Endorsed> = BTreeMap::new();
        for endorsed in self.endorsing(chain, as_of) {
            let is_short = endorsed.token.bytes().len() <= MAX_EXTERNAL_BYTES;
            if endorsed.endorsement.issuer.as_ref() != issuer && is_short {
                of_key.insert(endorsed.token.kid(), endorsed);
            }
        }
        let mut ranked: Vec<(Backer, &Endorsed)> = of_key
            .into_iter()
            .map(|(kid, endorsed)| (self.backer(kid, endorsed, holder, as_of), endorsed))
            .collect();
        ranked.retain(|(backer, _)| *backer <= least);
        // Of one party the better backed count first, then the last.
        ranked.sort_by_key(|(rank, it)| (*rank, Reverse(it.stated.index)));
        let mut of_party: BTreeMap<PartyId, usize> = BTreeMap::new();
        let placed = ranked.into_iter().filter_map(|(rank, endorsed)| {
            let before = of_party.entry(endorsed.stated.by).or_default();
            let place = *before;
            *before += 1;
            (place < MAX_OF_PARTY).then_some((rank, place, endorsed))
        });
        let mut placed: Vec<(Backer, usize, &Endorsed)> = placed.collect();
        placed.sort_by_key(|(rank, place, it)| (*rank, *place, it.stated.index));
        placed.truncate(MAX_EXTERNAL);
        placed.into_iter().map(|(_, _, it)| it).collect()
    }

    /// Who stands behind the organisation that endorses. What the emblem's own party says of it counts
    /// for nothing.
    fn backer(
        &self,
        kid: Kid,
        endorsed: &Endorsed,
        holder: Option<PartyId>,
        as_of: &AsOf,
    ) -> Backer {
        let key = self.emblems.key(kid);
        let organisation: Option<&Organisation> = key.and_then(|it| it.organisation.as_ref());
        let recognitions = self.authorities.of_key(kid).filter(|it| {
            Some(it.stated.by) != holder
                && Some(&it.said.organisation) == organisation
                && as_of.knows(&it.stated)
                && it.ended(as_of).is_none()
                && it.said.period.at(as_of.at) == Phase::Valid
        });
        let ranks = recognitions.map(|it| match it.stated.by == endorsed.stated.by {
            true => Backer::Itself,
            false => Backer::Another,
        });
        ranks.min().unwrap_or(Backer::Nobody)
    }

    /// Who holds the emblem's key.
    fn holder(&self, chain: &[Token]) -> Option<PartyId> {
        let key = self.emblems.key(chain.first()?.kid())?;
        Some(key.stated.by)
    }

    /// What stands, endorses the key of the last of these tokens and permits the first, in the order
    /// of the log.
    fn endorsing(&self, chain: &[Token], as_of: &AsOf) -> impl Iterator<Item = &Endorsed> {
        let subject = chain.last().and_then(|below| self.emblems.key(below.kid()));
        let subject: Option<&Organisation> = subject.and_then(|key| key.organisation.as_ref());
        let kid = chain.last().map(Token::kid);
        let known = kid.map(|kid| self.emblems.endorsements_of(kid));
        known.into_iter().flatten().filter(move |it| {
            let said = &it.endorsement;
            let emblem = chain.first().and_then(Token::emblem);
            self.stands(it, as_of)
                && said.subject.as_ref() == subject
                // The emblem's own key need not endorse others.
                && (chain.len() == 1 || said.may_endorse)
                && emblem.is_some_and(|emblem| relation::permits(said, emblem).is_ok())
                && !chain.contains(&it.token)
        })
    }
}

#[cfg(test)]
mod tests;
