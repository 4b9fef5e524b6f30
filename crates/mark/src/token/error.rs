//! Why bytes are no token: each flaw with a code that is stable and a sentence.

use thiserror::Error;

use super::MAX_TOKEN;
use crate::encoding::Misencoded;
use crate::identifier::IdentifierError;
use crate::key::KeyError;
use crate::name::NameError;

/// Why bytes are not a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Another algorithm than those of emblem tokens.
    #[error("the token is signed with an algorithm that emblem tokens do not use")]
    Algorithm,
    /// An asset is not written as one.
    #[error("an asset of the token cannot be read")]
    Asset(#[source] IdentifierError),
    /// A claim has not its type, or a value that it cannot have.
    #[error("the claim `{0}` ({what}) is not of its type, or has a value that it cannot have", what = what(.0))]
    Claim(&'static str),
    /// A claim is named by neither a number nor a text.
    #[error("a claim is named by neither a number nor a text: its author must write one of these")]
    ClaimName,
    /// A claim of a number that no token of the protocol has.
    #[error("the token must not have the claim number {0}, which the protocol does not know")]
    ClaimNumber(i128),
    /// A critical header parameter is not understood.
    #[error("the token depends on a header parameter that is not understood")]
    Critical,
    /// The key in the header is refused.
    #[error("the key in the token is refused")]
    EnclosedKey(#[source] KeyError),
    /// A claim that this kind of token must not have.
    #[error("the token must not have the claim `{0}` ({what})", what = what(.0))]
    Forbidden(&'static str),
    /// A header parameter is missing or not of its type.
    #[error("the header parameter `{0}` ({what}) is missing or not what it must be", what = what(.0))]
    Header(&'static str),
    /// Neither an emblem nor an endorsement.
    #[error("the token is neither an emblem nor an endorsement")]
    Kind,
    /// A required claim is not there.
    #[error("the token lacks the claim `{0}` ({what})", what = what(.0))]
    Missing(&'static str),
    /// Tag 61 is not there, and the reading is strict.
    #[error("the token is not marked as a CWT (tag 61)")]
    NoCwtTag,
    /// An organisation is not written as one.
    #[error("an organisation of the token cannot be read")]
    Organisation(#[source] NameError),
    /// A part is not in the encoding of the dialect.
    #[error("the {0} cannot be read: {1}")]
    Encoding(&'static str, Misencoded),
    /// A part of the COSE_Sign1 has another type.
    #[error("the {0} is not {expected}: its author must write it so", expected = expected(.0))]
    Part(&'static str),
    /// Not the four parts of `61(18([protected, {}, payload, signature]))`.
    #[error("not a COSE_Sign1 of protected header, unprotected header, payload and signature")]
    Shape,
    /// Read strictly, the outer form has one spelling.
    #[error(
        "the outer form of the token is not in its one spelling, with lengths as short as can be"
    )]
    Spelling,
    /// The signature has not the length of its algorithm.
    #[error("the signature has not the length of its algorithm")]
    SignatureLength,
    /// Another tag than the one that must stand there.
    #[error(
        "the tag {found} stands where {expected} ({what}) must: this is something else than an \
         emblem's token",
        what = tag(*.expected)
    )]
    Tag {
        /// The tag that stands there.
        found: u64,
        /// The tag that must.
        expected: u64,
    },
    /// The tag that must stand there is missing.
    #[error(
        "the tag {0} ({what}) is missing: a token is 61(18([…])), so its author must write both tags",
        what = tag(*.0)
    )]
    Untagged(u64),
    /// Longer than [`MAX_TOKEN`].
    #[error("longer than the {MAX_TOKEN} bytes of any token")]
    TooLong,
    /// The unprotected header says something.
    #[error("the header has a part that the signature does not cover")]
    Unprotected,
    /// `alg` is `none`.
    #[error("the token is not signed")]
    Unsigned,
    /// Another version of the protocol.
    #[error("the token is of another version of the protocol")]
    Version,
}

impl TokenError {
    /// The message id.
    pub const fn code(self) -> &'static str {
        match self {
            TokenError::Algorithm => "emblem-token-algorithm",
            TokenError::Asset(_) => "emblem-token-asset",
            TokenError::Claim(_) => "emblem-token-claim",
            TokenError::ClaimName => "emblem-token-claim-name",
            TokenError::ClaimNumber(_) => "emblem-token-claim-number",
            TokenError::Critical => "emblem-token-critical",
            TokenError::EnclosedKey(_) => "emblem-token-enclosed-key",
            TokenError::Encoding(_, found) => found.flaw.code(),
            TokenError::Forbidden(_) => "emblem-token-forbidden",
            TokenError::Header(_) => "emblem-token-header",
            TokenError::Kind => "emblem-token-kind",
            TokenError::Missing(_) => "emblem-token-missing",
            TokenError::NoCwtTag => "emblem-token-no-cwt-tag",
            TokenError::Organisation(_) => "emblem-token-organisation",
            TokenError::Part(_) => "emblem-token-part",
            TokenError::Shape => "emblem-token-shape",
            TokenError::SignatureLength => "emblem-token-signature-length",
            TokenError::Spelling => "emblem-token-spelling",
            TokenError::Tag { .. } => "emblem-token-tag",
            TokenError::Untagged(_) => "emblem-token-untagged",
            TokenError::TooLong => "emblem-token-too-long",
            TokenError::Unprotected => "emblem-token-unprotected",
            TokenError::Unsigned => "emblem-token-unsigned",
            TokenError::Version => "emblem-token-version",
        }
    }
}

/// What a claim or a header parameter says, in words.
fn what(name: &str) -> &'static str {
    match name {
        "alg" => "what it is signed with",
        "assets" => "what is marked",
        "aud" => "for whom it is meant",
        "cti" | "jti" => "its own id",
        "cty" => "whether it is an emblem or an endorsement",
        "dst" => "over which channels it may be found",
        "emb" => "limits of an older form",
        "end" => "whether the key may endorse others",
        "exp" => "when it ends",
        "iat" => "when it was made",
        "iss" => "who says so",
        "jwk" => "the key that signed it",
        "key" => "the key that is endorsed",
        "kid" => "the id of the key that signed it",
        "log" => "where the key's certificate was logged",
        "nbf" => "when it begins",
        "prp" => "which protection",
        "sub" => "whose key is endorsed",
        "typ" => "its type",
        "ver" => "its version",
        "wnd" => "how long an emblem may be valid",
        _ => "another name",
    }
}

/// What a part of a COSE_Sign1 must be.
fn expected(part: &str) -> &'static str {
    match part {
        "unprotected header" => "a map",
        _ => "a string of bytes",
    }
}

fn tag(number: u64) -> &'static str {
    match number {
        18 => "COSE_Sign1, a message with one signature",
        _ => "a CWT, a token",
    }
}
