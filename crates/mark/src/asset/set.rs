//! The tokens and keys that travel with an emblem: on pages, in files, in zones, on cards.

use std::collections::BTreeMap;

use super::Register;
use crate::emblem::Endorsed;
use crate::key::{EmblemKey, Kid};
use crate::moment::AsOf;
use crate::name::Organisation;
use crate::relation;
use crate::token::Token;

/// Longest chain of an issuer's own endorsements.
const MAX_CHAIN: usize = 8;
/// Most endorsements by other organisations.
const MAX_EXTERNAL: usize = 8;

impl Register {
    /// The tokens that travel with an emblem, and the keys that verify them: the emblem, its
    /// issuer's own endorsements from the emblem's key upwards, those of others.
    ///
    /// A set may have one chain of the issuer's own endorsements and no more, or it is invalid. So of
    /// each key the last one is taken that stands, endorses it for the issuer and permits the
    /// emblem. The endorsements of others are those of the key at which that chain begins, of each
    /// signer the last one; what endorses these in turn has no place in the protocol.
    pub fn set_of(&self, token: &Token, as_of: &AsOf) -> (Vec<Token>, Vec<EmblemKey>) {
        let mut tokens = vec![token.clone()];
        while let Some(issuer) = token.issuer() {
            let own = self.endorsing(&tokens, as_of);
            let own = own.filter(|it| it.endorsement.issuer.as_ref() == Some(issuer));
            let Some(own) = own.last().filter(|_| tokens.len() <= MAX_CHAIN) else {
                break;
            };
            tokens.push(own.token.clone());
        }
        let mut external: BTreeMap<Kid, &Endorsed> = BTreeMap::new();
        for endorsed in self.endorsing(&tokens, as_of) {
            if endorsed.endorsement.issuer.as_ref() != token.issuer() {
                external.insert(endorsed.token.kid(), endorsed);
            }
        }
        // In the order of the log, whatever the ids of keys are.
        let mut external: Vec<&Endorsed> = external.into_values().collect();
        external.sort_by_key(|it| it.stated.index);
        external.truncate(MAX_EXTERNAL);
        tokens.extend(external.into_iter().map(|it| it.token.clone()));
        let mut keys: Vec<EmblemKey> = Vec::new();
        for token in &tokens {
            let key = self.emblems.key(token.kid()).map(|it| it.key.clone());
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        (tokens, keys)
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
