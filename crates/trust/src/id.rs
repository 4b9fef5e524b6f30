//! Ids: SHA-256 digests with a readable prefix.
//!
//! As text an id is its prefix, an underscore and 52 lower-case characters of RFC 4648 base32
//! without padding. Reading is strict: one id has one text.

use std::fmt;
use std::str::FromStr;

use data_encoding::{Encoding, Specification};
use std::sync::LazyLock;
use thiserror::Error;

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification
        .encoding()
        .expect("thirty-two distinct symbols make a base32 alphabet")
});

/// A text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an id of this kind is `{prefix}_` and 52 characters a-z 2-7")]
pub struct NotAnId {
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// What the text of such an id begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id with this digest.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                $name(bytes)
            }

            /// The digest.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, BASE32.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let wrong = NotAnId { prefix: $prefix };
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or(wrong.clone())?;
                let bytes = BASE32.decode(digits.as_bytes()).map_err(|_| wrong.clone())?;
                Ok($name(bytes.try_into().map_err(|_| wrong)?))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )+};
}

ids! {
    /// A person's access to a node: random, so that it says nothing of the person.
    AccountId = "acc";
    /// A protected asset.
    AssetId = "ast";
    /// An incident that a link statement made out of records.
    IncidentId = "inc";
    /// A key: its RFC 9679 thumbprint.
    KeyId = "key";
    /// An obligation: what names it, hashed.
    ObligationId = "obl";
    /// A party: the id of its genesis statement.
    PartyId = "pty";
    /// What one source holds under one of its own ids.
    RecordId = "rec";
    /// A statement: SHA-256 of the whole entry, signature included.
    StatementId = "sta";
}

impl From<StatementId> for PartyId {
    /// The party that a genesis statement founds.
    fn from(genesis: StatementId) -> Self {
        PartyId(genesis.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_text() {
        let id = PartyId::from_bytes([0xa5; 32]);
        let text = id.to_string();
        assert_eq!(text.len(), 4 + 52);
        assert_eq!(text.parse(), Ok(id));
        for wrong in [
            text.to_uppercase(),
            text.replace("pty", "rec"),
            format!("{text}a"),
            text[..55].to_owned(),
            // The last character carries four bits that must be zero.
            format!("{}b", &text[..55]),
        ] {
            assert!(wrong.parse::<PartyId>().is_err(), "{wrong}");
        }
    }
}
