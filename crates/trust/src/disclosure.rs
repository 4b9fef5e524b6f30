//! Disclosures: the values that a statement commits to without holding them.
//!
//! Free text, unknown labels and whatever can identify a person never stand in a statement. The
//! statement's `sd` list holds the SHA-256 digest of the CBOR array `[salt, field, value]`; the
//! array itself lies in the node's vault, is released by access level, and can be destroyed. With
//! its fresh 32-byte salt gone, the digest says nothing about the value.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::cbor::{self, Value};
use crate::code::Code;

/// A salted value of a named field.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    salt: [u8; 32],
    field: Code,
    text: String,
}

/// Bytes are not a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a disclosure: deterministic CBOR of a 32-byte salt, a field's code and a text")]
pub struct NotADisclosure;

impl Disclosure {
    /// Commits to a text. The salt must be fresh and used nowhere else.
    pub fn new(salt: [u8; 32], field: Code, text: impl Into<String>) -> Self {
        Disclosure {
            salt,
            field,
            text: text.into(),
        }
    }

    /// Reads a disclosure.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotADisclosure> {
        let items = cbor::decode(bytes).ok().and_then(Value::into_array);
        let items: [Value; 3] = items
            .and_then(|items| items.try_into().ok())
            .ok_or(NotADisclosure)?;
        match items {
            [Value::Bytes(salt), Value::Text(field), Value::Text(text)] => Ok(Disclosure {
                salt: salt.try_into().map_err(|_| NotADisclosure)?,
                field: Code::new(field).map_err(|_| NotADisclosure)?,
                text,
            }),
            _ => Err(NotADisclosure),
        }
    }

    /// The bytes that the digest is taken of.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            Value::bytes(self.salt),
            Value::text(self.field.as_str()),
            Value::text(self.text.as_str()),
        ]))
    }

    /// What stands in the statement.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.encode()).into()
    }

    /// The field whose value this is.
    pub fn field(&self) -> &Code {
        &self.field
    }

    /// The value.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Shows the field alone: a value may identify a person.
impl std::fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "disclosure of {}", self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disclosure_reads_back_and_every_changed_byte_changes_its_digest() {
        let disclosure = Disclosure::new([3; 32], Code::literal("facility_other"), "Clinic \u{e9}");
        let bytes = disclosure.encode();
        assert_eq!(Disclosure::decode(&bytes), Ok(disclosure.clone()));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            if let Ok(read) = Disclosure::decode(&changed) {
                assert_ne!(read.digest(), disclosure.digest(), "byte {at}");
            }
        }
    }
}
