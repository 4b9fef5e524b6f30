//! PEM and DER public keys. Their algorithm follows from their curve.

use super::{EmblemKey, KeyError, MAX_KEY};
use crate::curve::Point;
use crate::pem;

impl EmblemKey {
    /// Reads one PEM block `PUBLIC KEY` (RFC 7468), with lines of any length.
    pub fn from_pem(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() > MAX_KEY {
            return Err(KeyError::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| KeyError::NotAKey)?;
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err(KeyError::Private);
        }
        let (label, document) = pem::read(text).ok_or(KeyError::NotAKey)?;
        match &*label {
            "PUBLIC KEY" => Self::from_spki(document.as_bytes()),
            _ => Err(KeyError::NotAKey),
        }
    }

    /// Reads a DER SubjectPublicKeyInfo, strictly.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        if der.len() > MAX_KEY {
            return Err(KeyError::TooLong);
        }
        let (_, public, point) = Point::from_spki(der)?;
        Ok(Self::from_point(point, public))
    }
}
