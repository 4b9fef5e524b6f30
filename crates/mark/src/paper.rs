//! An emblem as text that paper and screens can carry: one QR code, or a line to copy.
//!
//! ```abnf
//! text = "EMBLEM1:" 1*( %x41-5A / %x32-37 )   ; the bundle in base32 (RFC 4648) without padding
//! ```
//!
//! The text is a [`Bundle`] and no more, so it is verified as the file is. All its characters are of
//! the alphanumeric mode of QR codes (ISO/IEC 18004), in which base32 costs a tenth more than the
//! densest alphabet would, and survives being copied, wrapped and typed.

use data_encoding::BASE32_NOPAD;
use thiserror::Error;

use crate::bundle::{Bundle, BundleError};

/// How every such text begins.
pub const PREFIX: &str = "EMBLEM1:";

/// Most characters that one QR code holds in alphanumeric mode, at the lowest level of correction
/// (version 40-L).
pub const MAX_QR: usize = 4296;

/// Why a text is not an emblem.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PaperError {
    /// What it carries is not a bundle.
    #[error("what the text carries is not an emblem bundle")]
    Bundle(#[source] BundleError),
    /// Not base32, or not as it is written: in capitals, without padding, white space apart.
    #[error("the text after {PREFIX} is not base32")]
    Encoding,
    /// It begins otherwise.
    #[error("the text does not begin with {PREFIX}")]
    Prefix,
}

/// The text of a bundle.
///
/// # Errors
/// [`BundleError::Size`] where the bundle is longer than is read.
pub fn write(bundle: &Bundle) -> Result<String, BundleError> {
    let file = bundle.encode()?;
    Ok(format!("{PREFIX}{}", BASE32_NOPAD.encode(&file)))
}

/// The bundle of a text; white space, as of wrapped lines, is passed over.
///
/// # Errors
/// [`PaperError`].
pub fn read(text: &str) -> Result<Bundle, PaperError> {
    let text: String = text.split_ascii_whitespace().collect();
    let encoded = text.strip_prefix(PREFIX).ok_or(PaperError::Prefix)?;
    let file = BASE32_NOPAD.decode(encoded.as_bytes());
    let file = file.map_err(|_| PaperError::Encoding)?;
    Bundle::decode(&file).map_err(PaperError::Bundle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::Evidence;
    use crate::key::Algorithm;
    use crate::tests::invented::{self, Secret};

    fn bundle(algorithm: Algorithm) -> Bundle {
        let secret = Secret::new(algorithm, 1);
        let token = invented::issue(&invented::emblem(), &secret);
        Bundle::new(vec![token], vec![secret.key()], Evidence::default(), None).unwrap()
    }

    #[test]
    fn a_bundle_is_the_same_after_paper() {
        for algorithm in [Algorithm::EdDsa, Algorithm::Es512] {
            let bundle = bundle(algorithm);
            let text = write(&bundle).unwrap();
            assert!(text.len() < MAX_QR);
            let wrapped: Vec<_> = text.as_bytes().chunks(60).collect();
            let wrapped = wrapped.join(&b"\r\n  "[..]);
            let read = read(std::str::from_utf8(&wrapped).unwrap()).unwrap();
            assert_eq!(read.encode(), bundle.encode());
            assert_eq!(read.set().tokens(), bundle.set().tokens());
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let text = write(&bundle(Algorithm::EdDsa)).unwrap();
        assert_eq!(read(&text[1..]).unwrap_err(), PaperError::Prefix);
        assert_eq!(read(&text.to_lowercase()).unwrap_err(), PaperError::Prefix);
        assert_eq!(read("EMBLEM1:A1").unwrap_err(), PaperError::Encoding);
        assert_eq!(read(&format!("{text}=")).unwrap_err(), PaperError::Encoding);
        for wrong in ["EMBLEM1:", "EMBLEM1:AA"] {
            let refused = read(wrong).unwrap_err();
            assert!(matches!(refused, PaperError::Bundle(_)), "{wrong}");
        }
        let lengths = PREFIX.len()..text.len();
        assert!(lengths.into_iter().all(|at| read(&text[..at]).is_err()));
    }
}
