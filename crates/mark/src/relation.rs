//! Which token endorses which, and what an endorsement permits.
//!
//! An absent limit limits nothing. An absent claim of an emblem claims everything: it is permitted
//! only where nothing is limited.

use crate::identifier::Identifier;
use crate::purpose::Purposes;
use crate::token::{Channels, Emblem, Endorsement, Token};

/// What an endorsement does not permit of an emblem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Excess {
    /// An asset is not among those permitted.
    Asset,
    /// A channel is not among those permitted.
    Channel,
    /// A purpose is not among those permitted.
    Purpose,
    /// The emblem is valid for longer than permitted.
    Window,
}

/// Whether an endorsement endorses the key of a token, for the organisation that the token says it
/// is of. Where neither names one, they agree.
pub fn endorses(endorsement: &Endorsement, token: &Token) -> bool {
    endorsement.key == token.kid() && endorsement.subject.as_ref() == token.issuer()
}

/// Whether an emblem keeps within an endorsement; what exceeds it, otherwise.
pub fn permits(endorsement: &Endorsement, emblem: &Emblem) -> Result<(), Excess> {
    let permitted = endorsement.purposes.unwrap_or(Purposes::ALL);
    if !permitted.contains(emblem.purposes.unwrap_or(Purposes::JWS)) {
        return Err(Excess::Purpose);
    }
    let within = |permitted: Channels| emblem.channels.is_some_and(|it| permitted.contains(it));
    if !endorsement.channels.is_none_or(within) {
        return Err(Excess::Channel);
    }
    let covers = |permitted: &Vec<Identifier>| {
        let covered = |asset| permitted.iter().any(|it| it.contains(asset));
        emblem.assets.iter().all(covered)
    };
    if !endorsement.assets.as_ref().is_none_or(covers) {
        return Err(Excess::Asset);
    }
    let lasts = emblem.validity.seconds();
    if endorsement.window.is_some_and(|window| lasts > window) {
        return Err(Excess::Window);
    }
    Ok(())
}
