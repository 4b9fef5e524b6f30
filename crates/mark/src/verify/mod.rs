//! A set of tokens under the rules of the protocol: what holds, or the exact rule that failed.
//!
//! | result | means |
//! |---|---|
//! | SIGNED | the emblem is signed, and its issuer's endorsements form one chain to its key |
//! | ORGANIZATIONAL | and the issuer committed to the chain's root key |
//! | ENDORSED | and other organisations, committed to their keys, endorse that root key |
//! | INVALID | a rule failed: nothing may be concluded |
//!
//! The procedure is that of draft-linker-diem-adem-core-02, which the JWS dialect shares. Two things
//! differ on purpose: a commitment that is neither proved nor false leaves a result *unproven*, with
//! what is missing by name, where the reference calls it invalid; and an external endorsement that
//! does not count is dropped and never voids the set.
//!
//! A token whose key is not at hand does not count, so the results stay those of the protocol. But
//! nothing is wrong with it either: where the set would hold if the key were there, the
//! [`Outcome`](crate::policy::Outcome) is unproven and names the key.
//!
//! Out of scope: whom to honour, which is a matter of [`policy`](crate::policy), and whether the
//! asset that somebody asked about is among those marked.

mod chains;
mod procedure;
mod report;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use thiserror::Error;

use crate::commitment::{self, Binding, Checked, Evidence};
use crate::key::EmblemKey;
use crate::policy::{Judgement, Policy};
use crate::token::{Reading, Token, TokenError};
use procedure::Unkeyed;

pub use chains::VerifiedChains;
pub use report::{Broken, Commitment, EndOf, Ends, Fate, Level, Report, Role, Root, Rule, Weight};

/// Most tokens of a set.
pub const MAX_TOKENS: usize = 64;
/// Most keys of a set.
pub const MAX_KEYS: usize = 64;

/// Tokens that were found together, with the keys that were found with them.
#[derive(Debug, Clone, Default)]
pub struct TokenSet {
    tokens: Vec<Result<Token, TokenError>>,
    keys: Vec<EmblemKey>,
}

/// There are more tokens or keys than any emblem needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("more than {MAX_TOKENS} tokens or {MAX_KEYS} keys")]
pub struct TooMany;

impl TokenSet {
    /// Reads tokens and takes the keys that may verify them. A token that cannot be read has its
    /// place in the report.
    pub fn read<'a>(
        tokens: impl IntoIterator<Item = &'a [u8]>,
        keys: Vec<EmblemKey>,
        reading: Reading,
    ) -> Result<Self, TooMany> {
        let tokens = tokens.into_iter().take(MAX_TOKENS + 1);
        let tokens = tokens.map(|bytes| Token::read(bytes, reading)).collect();
        Self::checked(TokenSet { tokens, keys })
    }

    /// Tokens that were read already.
    pub fn new(tokens: Vec<Token>, keys: Vec<EmblemKey>) -> Result<Self, TooMany> {
        let tokens = tokens.into_iter().map(Ok).collect();
        Self::checked(TokenSet { tokens, keys })
    }

    fn checked(self) -> Result<Self, TooMany> {
        match self.tokens.len() <= MAX_TOKENS && self.keys.len() <= MAX_KEYS {
            true => Ok(self),
            false => Err(TooMany),
        }
    }

    /// The tokens, each read or refused.
    pub fn tokens(&self) -> &[Result<Token, TokenError>] {
        &self.tokens
    }

    /// The keys.
    pub fn keys(&self) -> &[EmblemKey] {
        &self.keys
    }

    /// The key that is to verify a token: its own, or the one at hand that it names.
    pub fn key_of<'a>(&'a self, token: &'a Token) -> Option<&'a EmblemKey> {
        let named = |key: &&EmblemKey| key.kid(token.dialect()) == token.kid();
        let own = token.enclosed_key();
        own.or_else(|| self.keys.iter().find(named))
    }

    /// The token at a place, if it was read.
    pub fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)?.as_ref().ok()
    }
}

/// Verifies a set at a time, in Unix seconds, on the evidence at hand, and judges it by a policy.
pub fn verify(set: &TokenSet, evidence: &Evidence, policy: &Policy, now: u64) -> Judgement {
    verify_with(set, evidence, policy, now, &mut VerifiedChains::none())
}

/// As [`verify`], with chains that were verified before: only what is new is checked, which is the
/// emblem's own signature where all else is known. What is found is remembered.
pub fn verify_with(
    set: &TokenSet,
    evidence: &Evidence,
    policy: &Policy,
    now: u64,
    chains: &mut VerifiedChains,
) -> Judgement {
    let chains = std::cell::RefCell::new(chains);
    let is_signed = |token: &Token, key: &EmblemKey| match token.endorsement() {
        None => token.is_signed_by(key),
        Some(_) => chains.borrow_mut().is_signed(token, key),
    };
    let weigh = |token: &Token| {
        let checked = chains
            .borrow_mut()
            .checked(token, evidence, policy, || look(token, evidence, policy));
        policy.weigh(checked, now)
    };
    let report = procedure::run(set, now, Unkeyed::Dropped, is_signed, weigh);
    let supposed = report.lacks_a_key().then(|| {
        let weigh = |token: &Token| policy.weigh(look(token, evidence, policy), now);
        procedure::run(set, now, Unkeyed::Supposed, is_signed, weigh)
    });
    policy.judge(report, supposed.as_ref(), set)
}

/// Checks the commitment to the key that signed an endorsement.
fn look(token: &Token, evidence: &Evidence, policy: &Policy) -> Arc<[Checked]> {
    let endorsement = token.endorsement();
    let organisation = token.issuer();
    let (Some(endorsement), Some(organisation)) = (endorsement, organisation) else {
        return Arc::new([]);
    };
    let binding = Binding {
        dialect: token.dialect(),
        organisation,
        key: token.kid(),
    };
    commitment::check(&binding, &endorsement.log, evidence, policy.logs()).into()
}
