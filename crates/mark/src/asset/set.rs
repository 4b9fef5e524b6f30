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

impl Register {
    /// The tokens that travel with an emblem, and the keys that verify them: the emblem, its
    /// issuer's own endorsements from the emblem's key upwards, those of others.
    ///
    /// A set may have one chain of the issuer's own endorsements and no more, or it is invalid. So of
    /// each key one is taken that stands, endorses it for the issuer and permits the emblem: of the
    /// party that holds the emblem's key, else of the party that was first to endorse it so, the last
    /// one. Anybody may publish a key in an organisation's name.
    ///
    /// The endorsements of others are those of the key at which that chain begins: first those by a key
    /// of an authority that another party than the emblem's recognises, in the order of the log. How many
    /// one party may add, and how long each may be, is bounded: anybody may endorse any key, and a set
    /// has to fit where it is published. What endorses these in turn has no place in the protocol.
    pub fn set_of(&self, token: &Token, as_of: &AsOf) -> (Vec<Token>, Vec<EmblemKey>) {
        let mut tokens = vec![token.clone()];
        while let Some(own) = self.own(&tokens, as_of) {
            if tokens.len() > MAX_CHAIN {
                break;
            }
            tokens.push(own.token.clone());
        }
        let external = self.external(&tokens, as_of);
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
        let holder = self.holder(chain);
        let mut of_party: BTreeMap<PartyId, (u64, &Endorsed)> = BTreeMap::new();
        for endorsed in self.endorsing(chain, as_of) {
            if endorsed.endorsement.issuer.as_ref() == Some(issuer) {
                let first = (endorsed.stated.index, endorsed);
                let (_, last) = of_party.entry(endorsed.stated.by).or_insert(first);
                *last = endorsed;
            }
        }
        let of_party = of_party.into_iter();
        let best = of_party.min_by_key(|(by, (first, _))| (Some(*by) != holder, *first));
        best.map(|(_, (_, last))| last)
    }

    /// The endorsements of others that travel: of each signer the last one.
    fn external(&self, chain: &[Token], as_of: &AsOf) -> Vec<&Endorsed> {
        let holder = self.holder(chain);
        let issuer = chain.first().and_then(Token::issuer);
        let mut of_key: BTreeMap<Kid, &Endorsed> = BTreeMap::new();
        for endorsed in self.endorsing(chain, as_of) {
            let is_short = endorsed.token.bytes().len() <= MAX_EXTERNAL_BYTES;
            if endorsed.endorsement.issuer.as_ref() != issuer && is_short {
                of_key.insert(endorsed.token.kid(), endorsed);
            }
        }
        let ranked = of_key.into_iter().map(|(kid, endorsed)| {
            let is_recognised = self.is_recognised(kid, holder, as_of);
            (Reverse(is_recognised), endorsed)
        });
        let mut ranked: Vec<(Reverse<bool>, &Endorsed)> = ranked.collect();
        // Of one party the recognised ones count first, then the last.
        ranked.sort_by_key(|(rank, it)| (*rank, Reverse(it.stated.index)));
        let mut of_party: BTreeMap<PartyId, usize> = BTreeMap::new();
        ranked.retain(|(_, endorsed)| {
            let count = of_party.entry(endorsed.stated.by).or_default();
            *count += 1;
            *count <= MAX_OF_PARTY
        });
        ranked.sort_by_key(|(rank, it)| (*rank, it.stated.index));
        ranked.truncate(MAX_EXTERNAL);
        ranked.into_iter().map(|(_, endorsed)| endorsed).collect()
    }

    /// Who holds the emblem's key.
    fn holder(&self, chain: &[Token]) -> Option<PartyId> {
        let key = self.emblems.key(chain.first()?.kid())?;
        Some(key.stated.by)
    }

    /// Whether another party than this one recognises the organisation of a key by that key.
    fn is_recognised(&self, kid: Kid, except: Option<PartyId>, as_of: &AsOf) -> bool {
        let key = self.emblems.key(kid);
        let organisation: Option<&Organisation> = key.and_then(|it| it.organisation.as_ref());
        self.authorities.of_key(kid).any(|it| {
            Some(it.stated.by) != except
                && Some(&it.said.organisation) == organisation
                && as_of.knows(&it.stated)
                && it.ended(as_of).is_none()
                && it.said.period.at(as_of.at) == Phase::Valid
        })
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
