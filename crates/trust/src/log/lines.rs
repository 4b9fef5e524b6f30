//! The two values that stand alone on lines of C2SP texts: a decimal and a base64 hash.
//! Both have exactly one spelling.

use super::{Hash, MAX_SIZE};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Reads ASCII digits without sign or leading zero, at most [`MAX_SIZE`].
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !canonical || !digits {
        return None;
    }
    text.parse().ok().filter(|&value| value <= MAX_SIZE)
}

/// Reads the base64 (RFC 4648 section 4, padded, canonical) of 32 bytes.
pub(super) fn parse_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// Reads any canonical base64.
pub(super) fn parse_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Writes base64 (RFC 4648 section 4, padded).
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The position of the first ASCII control character (below U+0020) other than a newline.
pub(super) fn control_character(text: &str) -> Option<usize> {
    text.bytes().position(|byte| byte < 0x20 && byte != b'\n')
}
