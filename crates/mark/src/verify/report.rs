//! What a verification found: the results that hold, what became of each token, and why.

use std::fmt;
use std::sync::Arc;

use super::TokenSet;
use crate::commitment::Checked;
use crate::key::Kid;
use crate::name::Organisation;
use crate::policy::Lack;
use crate::relation::Excess;
use crate::token::{Dialect, TokenError};

/// How much of the protocol holds; each level holds all below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The emblem is signed.
    Signed,
    /// Its issuer committed to the root key.
    Organizational,
    /// Others endorse the issuer.
    Endorsed,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The dialect of the emblem, beside which every result stands; absent where there is none.
    pub dialect: Option<Dialect>,
    /// The place in the set of the emblem that counts.
    pub emblem: Option<usize>,
    /// The place of the emblem whose words may be shown: the one that counts, else the first one
    /// whose signature is right and which does not count for its times alone.
    pub said: Option<usize>,
    /// The level that holds, or the rule that failed.
    pub holds: Result<Level, Broken>,
    /// What became of each token, in the order of the set.
    pub tokens: Vec<Fate>,
    /// The issuer's own commitment to its root key, where it came to that.
    pub own: Option<Root>,
    /// The external endorsements that keep all other rules, each with its commitment.
    pub endorsers: Vec<Root>,
}

/// Why a set is INVALID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The rule that failed.
    pub rule: Rule,
    /// The place of the token at which it did, where it was one.
    pub token: Option<usize>,
}

/// What became of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It did not count.
    Dropped(Rule),
    /// It counted.
    Used(Role),
}

/// What a token was in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The emblem.
    Emblem,
    /// An endorsement by another organisation.
    External,
    /// A link of the issuer's own chain.
    Internal,
}

/// The end of what a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// The first second, in Unix seconds, at which something of it no longer holds.
    pub until: i64,
    /// The place of the token that ends then.
    pub token: usize,
    /// What that token is.
    pub role: Role,
    /// What of it ends.
    pub of: EndOf,
}

/// What ends of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndOf {
    /// Its own time.
    Token,
    /// What proves its root key: by then too old for the policy, or revoked.
    Evidence,
}

/// An organisation's commitment to a root key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The place of the endorsement that the key signed.
    pub token: usize,
    /// Who committed.
    pub organisation: Organisation,
    /// The root key.
    pub key: Kid,
    /// What came of it.
    pub commitment: Commitment,
}

/// A commitment, weighed by a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// What it amounts to.
    pub weight: Weight,
    /// Each log entry that the endorsement names.
    pub entries: Arc<[Checked]>,
    /// What is missing, where it is unproven.
    pub lacks: Vec<Lack>,
    /// The first second, in Unix seconds, at which it is proved no more, where it is proved; for good
    /// where there is none.
    pub until: Option<u64>,
}

/// What a commitment amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Evidence that matches contradicts it.
    False,
    /// As many entries as the policy asks for are proved, and none is false.
    Proved,
    /// A certificate of it was revoked.
    Revoked,
    /// Too little is proved, and nothing is false.
    Unproven,
}

/// A rule that a token or a set broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The key that the token names is of another algorithm than the token's header says.
    Algorithm,
    /// The issuer's endorsements do not form one chain to the emblem's key.
    Chain,
    /// Evidence contradicts the commitment to the root key.
    CommitmentFalse,
    /// A certificate of the commitment was revoked.
    CommitmentRevoked,
    /// The same token is there twice.
    Duplicate,
    /// `exp` has come.
    Expired,
    /// The emblem exceeds what an endorsement permits.
    Exceeds(Excess),
    /// No key at hand has the id that the token names.
    KeyMissing,
    /// An endorsement endorses further without permission to.
    MayNotEndorse,
    /// `exp` does not come after `nbf`.
    NeverValid,
    /// The emblem names its issuer, and no endorsement of the issuer is there.
    NoChain,
    /// The endorsement by the root key names no log entry.
    NoCommitment,
    /// No emblem is there.
    NoEmblem,
    /// An endorsement beside an emblem with issuer names none itself.
    NoIssuer,
    /// The endorsement is not one of the issuer's root key.
    NotOfRoot,
    /// `nbf` is still to come.
    NotYetValid,
    /// The token is of another dialect than the emblem.
    OtherDialect,
    /// More than one emblem is there.
    SeveralEmblems,
    /// The signature is wrong.
    Signature,
    /// The bytes are no token.
    Unreadable(TokenError),
}

impl Level {
    /// All of them, lowest first.
    pub const ALL: [Level; 3] = [Level::Signed, Level::Organizational, Level::Endorsed];

    /// The result's name in the protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Signed => "SIGNED",
            Level::Organizational => "ORGANIZATIONAL",
            Level::Endorsed => "ENDORSED",
        }
    }

    /// What is to be done where it does not hold.
    pub(crate) const fn lacking(self) -> &'static str {
        match self {
            Level::Signed => "give the emblem and the key that signed it",
            Level::Organizational => {
                "an emblem that names its issuer, and the issuer's endorsement of its key, are needed"
            }
            Level::Endorsed => {
                "an endorsement by another organisation, and what proves its key, are needed"
            }
        }
    }

    /// The name in policies.
    pub const fn code(self) -> &'static str {
        match self {
            Level::Signed => "signed",
            Level::Organizational => "organizational",
            Level::Endorsed => "endorsed",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Report {
    /// The names of the results that hold, as the protocol gives them: `INVALID`, or `SIGNED` and
    /// what comes on top. They mean something only beside [`dialect`](Self::dialect).
    pub fn results(&self) -> Vec<&'static str> {
        match self.holds {
            Err(_) => vec!["INVALID"],
            Ok(level) => {
                let held = Level::ALL.into_iter().filter(|it| *it <= level);
                held.map(Level::name).collect()
            }
        }
    }

    /// The organisations whose endorsement holds; none where ENDORSED does not.
    pub fn endorsed_by(&self) -> impl Iterator<Item = &Organisation> {
        self.proved_endorsers().map(|it| &it.organisation)
    }

    /// Until when all of it holds, and which token ends first: the earliest end of the emblem, of its
    /// issuer's chain, of the endorsements that hold, and of what proves them by the policy. Nothing
    /// where a rule failed.
    pub fn ends(&self, set: &TokenSet) -> Option<Ends> {
        self.holds.ok()?;
        let counts = |(token, fate): (usize, &Fate)| {
            let role = match fate {
                Fate::Used(role) => *role,
                Fate::Dropped(_) => return None,
            };
            let mut endorsers = self.proved_endorsers();
            let holds = role != Role::External || endorsers.any(|it| it.token == token);
            let until = set.token(token)?.validity().expires;
            let of = EndOf::Token;
            holds.then_some(Ends {
                until,
                token,
                role,
                of,
            })
        };
        let ends = self.tokens.iter().enumerate().filter_map(counts);
        let own = self.own.iter().map(|root| (root, Role::Internal));
        let own = own.filter(|(root, _)| root.commitment.weight == Weight::Proved);
        let others = self.proved_endorsers().map(|root| (root, Role::External));
        let proofs = own.chain(others).filter_map(|(root, role)| {
            let until = root.commitment.until?;
            Some(Ends {
                until: i64::try_from(until).unwrap_or(i64::MAX),
                token: root.token,
                role,
                of: EndOf::Evidence,
            })
        });
        // Of several that end alike the emblem itself is named.
        ends.chain(proofs)
            .min_by_key(|it| (it.until, it.role != Role::Emblem, it.of))
    }

    fn proved_endorsers(&self) -> impl Iterator<Item = &Root> {
        let holds = self.holds == Ok(Level::Endorsed);
        let all = self.endorsers.iter();
        all.filter(move |it| holds && it.commitment.weight == Weight::Proved)
    }

    /// Whether the key of a token is not at hand.
    pub(crate) fn lacks_a_key(&self) -> bool {
        self.tokens.contains(&Fate::Dropped(Rule::KeyMissing))
    }
}

impl EndOf {
    /// The name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            EndOf::Evidence => "evidence",
            EndOf::Token => "token",
        }
    }
}

impl Role {
    /// The name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Emblem => "emblem",
            Role::External => "external",
            Role::Internal => "internal",
        }
    }
}

impl Rule {
    /// Whether it is about nothing but when a token counts: its signature is right.
    pub const fn is_of_time(self) -> bool {
        matches!(self, Rule::Expired | Rule::NeverValid | Rule::NotYetValid)
    }

    /// The message id.
    pub const fn code(self) -> &'static str {
        match self {
            Rule::Algorithm => "emblem-algorithm",
            Rule::Chain => "emblem-chain",
            Rule::CommitmentFalse => "emblem-commitment-false",
            Rule::CommitmentRevoked => "emblem-commitment-revoked",
            Rule::Duplicate => "emblem-duplicate",
            Rule::Expired => "emblem-expired",
            Rule::Exceeds(Excess::Asset) => "emblem-exceeds-assets",
            Rule::Exceeds(Excess::Channel) => "emblem-exceeds-channels",
            Rule::Exceeds(Excess::Purpose) => "emblem-exceeds-purposes",
            Rule::Exceeds(Excess::Window) => "emblem-exceeds-window",
            Rule::KeyMissing => "emblem-key-missing",
            Rule::MayNotEndorse => "emblem-may-not-endorse",
            Rule::NeverValid => "emblem-never-valid",
            Rule::NoChain => "emblem-no-chain",
            Rule::NoCommitment => "emblem-no-commitment",
            Rule::NoEmblem => "emblem-none",
            Rule::NoIssuer => "emblem-no-issuer",
            Rule::NotOfRoot => "emblem-not-of-root",
            Rule::NotYetValid => "emblem-not-yet-valid",
            Rule::OtherDialect => "emblem-other-dialect",
            Rule::SeveralEmblems => "emblem-several",
            Rule::Signature => "emblem-signature",
            Rule::Unreadable(why) => why.code(),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::Algorithm => "the token's key is of another algorithm than its header says",
            Rule::Chain => "the issuer's endorsements do not form one chain to the emblem's key",
            Rule::CommitmentFalse => "evidence contradicts the commitment to the root key",
            Rule::CommitmentRevoked => "the certificate that commits to the root key was revoked",
            Rule::Duplicate => "the same token is there twice",
            Rule::Expired => "the token has expired",
            Rule::Exceeds(Excess::Asset) => "the emblem marks more than an endorsement permits",
            Rule::Exceeds(Excess::Channel) => {
                "the emblem may be found over channels that an endorsement does not permit"
            }
            Rule::Exceeds(Excess::Purpose) => {
                "the emblem claims a protection that an endorsement does not permit"
            }
            Rule::Exceeds(Excess::Window) => {
                "the emblem is valid for longer than an endorsement permits"
            }
            Rule::KeyMissing => "no key at hand has the id that the token names",
            Rule::MayNotEndorse => "a key endorses further without permission to",
            Rule::NeverValid => "the token can never be valid: it ends before it begins",
            Rule::NoChain => {
                "the emblem names its issuer, but no endorsement of the issuer is there"
            }
            Rule::NoCommitment => "the endorsement by the root key names no log entry",
            Rule::NoEmblem => "no emblem is there",
            Rule::NoIssuer => "the endorsement names no issuer, but the emblem does",
            Rule::NotOfRoot => {
                "the endorsement does not endorse the issuer's root key, the key on top of its chain, so \
                 it does not count"
            }
            Rule::NotYetValid => "the token is not valid yet",
            Rule::OtherDialect => "the token is of another dialect than the emblem",
            Rule::SeveralEmblems => "more than one emblem is there",
            Rule::Signature => "the token's signature is wrong",
            Rule::Unreadable(why) => return why.fmt(f),
        })
    }
}
