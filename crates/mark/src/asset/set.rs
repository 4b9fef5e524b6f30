//! Which tokens and keys of the log travel with an emblem, so that a stranger can verify it.

use super::Register;
use crate::emblem::Endorsed;
use crate::key::EmblemKey;
use crate::moment::AsOf;
use crate::relation;
use crate::token::Token;

/// Longest way from an emblem's key up to an authority.
const MAX_STEPS: usize = 8;

impl Register {
    /// The tokens that travel with an emblem, the emblem first, and the keys that verify them.
    ///
    /// A set may have one chain of the issuer's own endorsements and no more, or it is invalid. So of
    /// each key the last one is taken that stands, endorses it for the issuer and permits the emblem;
    /// then all endorsements of the keys by others that stand.
    pub fn set_of(&self, token: &Token, as_of: &AsOf) -> (Vec<Token>, Vec<EmblemKey>) {
        let emblems = &self.emblems;
        let mut tokens = vec![token.clone()];
        for step in 0..MAX_STEPS {
            let below = &tokens[tokens.len() - 1];
            let own = emblems.endorsements_of(below.kid()).filter(|it| {
                self.stands(it, as_of)
                    && it.endorsement.issuer.as_ref() == token.issuer()
                    && (step == 0 || it.endorsement.may_endorse)
                    && relation::endorses(&it.endorsement, below)
                    && permits(it, token)
                    && !tokens.contains(&it.token)
            });
            let Some(own) = own.max_by_key(|it| it.stated.index) else {
                break;
            };
            tokens.push(own.token.clone());
        }
        let mut below: Vec<_> = tokens.iter().map(Token::kid).collect();
        for _ in 0..MAX_STEPS {
            let above = below.iter();
            let above = above.flat_map(|kid| emblems.endorsements_of(*kid));
            let others = above.filter(|it| {
                let issuer = &it.endorsement.issuer;
                self.stands(it, as_of) && issuer.is_some() && issuer.as_ref() != token.issuer()
            });
            let mut found = Vec::new();
            for other in others {
                if !tokens.contains(&other.token) {
                    tokens.push(other.token.clone());
                    found.push(other.token.kid());
                }
            }
            below = found;
        }
        let mut keys: Vec<EmblemKey> = Vec::new();
        for kid in tokens.iter().map(Token::kid) {
            let key = emblems.key(kid).map(|it| it.key.clone());
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        (tokens, keys)
    }
}

fn permits(endorsed: &Endorsed, token: &Token) -> bool {
    let emblem = token.emblem();
    emblem.is_some_and(|emblem| relation::permits(&endorsed.endorsement, emblem).is_ok())
}
