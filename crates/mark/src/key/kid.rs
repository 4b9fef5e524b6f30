//! Key ids: 32 bytes, as text 52 characters of base32.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use thiserror::Error;

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    let symbols = &mut specification.symbols;
    symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    let encoding = specification.encoding();
    encoding.expect("thirty-two distinct symbols make a base32 alphabet")
});

/// The id of an emblem key: its SHA-256 thumbprint, by RFC 9679 in the CWT dialect and by RFC 7638
/// in the JWS dialect. As text it is RFC 4648 base32 in lower case without padding, which fits a
/// DNS label; it is read strictly, so one id has one text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kid([u8; 32]);

/// A text is not a key id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a key id is 52 characters a-z 2-7")]
pub struct NotAKid;

impl Kid {
    /// The id with this digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Kid(bytes)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Kid {
    type Err = NotAKid;

    fn from_str(text: &str) -> Result<Self, NotAKid> {
        if text.len() != 52 {
            return Err(NotAKid);
        }
        let bytes = BASE32.decode(text.as_bytes()).map_err(|_| NotAKid)?;
        bytes.try_into().map(Kid).map_err(|_| NotAKid)
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE32.encode(&self.0))
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
