//! Why bytes are no token: each flaw with a code that is stable and a sentence.

use thiserror::Error;

use super::MAX_TOKEN;
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
    #[error("the claim `{0}` is not of its type, or has a value that it cannot have")]
    Claim(&'static str),
    /// A critical header parameter is not understood.
    #[error("the token depends on a header parameter that is not understood")]
    Critical,
    /// The key in the header is refused.
    #[error("the key in the token is refused")]
    EnclosedKey(#[source] KeyError),
    /// A claim that this kind of token must not have.
    #[error("the token must not have the claim `{0}`")]
    Forbidden(&'static str),
    /// A header parameter is missing or not of its type.
    #[error("the header parameter `{0}` is missing or not what it must be")]
    Header(&'static str),
    /// Neither an emblem nor an endorsement.
    #[error("the token is neither an emblem nor an endorsement")]
    Kind,
    /// A required claim is not there.
    #[error("the token lacks the claim `{0}`")]
    Missing(&'static str),
    /// Tag 61 is not there, and the reading is strict.
    #[error("the token is not marked as a CWT (tag 61)")]
    NoCwtTag,
    /// An organisation is not written as one.
    #[error("an organisation of the token cannot be read")]
    Organisation(#[source] NameError),
    /// Not the encoding of the dialect.
    #[error("the {0} cannot be read: wrong, nested too deep, with a name twice or bytes after it")]
    Encoding(&'static str),
    /// Not `61(18([protected, {}, payload, signature]))`.
    #[error("not a COSE_Sign1 of protected header, unprotected header, payload and signature")]
    Shape,
    /// The signature has not the length of its algorithm.
    #[error("the signature has not the length of its algorithm")]
    SignatureLength,
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
            TokenError::Critical => "emblem-token-critical",
            TokenError::EnclosedKey(_) => "emblem-token-enclosed-key",
            TokenError::Encoding(_) => "emblem-token-encoding",
            TokenError::Forbidden(_) => "emblem-token-forbidden",
            TokenError::Header(_) => "emblem-token-header",
            TokenError::Kind => "emblem-token-kind",
            TokenError::Missing(_) => "emblem-token-missing",
            TokenError::NoCwtTag => "emblem-token-no-cwt-tag",
            TokenError::Organisation(_) => "emblem-token-organisation",
            TokenError::Shape => "emblem-token-shape",
            TokenError::SignatureLength => "emblem-token-signature-length",
            TokenError::TooLong => "emblem-token-too-long",
            TokenError::Unprotected => "emblem-token-unprotected",
            TokenError::Unsigned => "emblem-token-unsigned",
            TokenError::Version => "emblem-token-version",
        }
    }
}
