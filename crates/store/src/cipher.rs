//! XChaCha20-Poly1305, with associated data that cannot be read two ways.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Length of a key.
pub(crate) const KEY: usize = 32;
/// Length of a nonce: long enough to be drawn at random for each value.
pub(crate) const NONCE: usize = 24;
/// Length by which a ciphertext exceeds its plaintext.
pub(crate) const TAG: usize = 16;

/// Encrypts `plaintext`, bound to `bound`.
pub(crate) fn seal(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    bound: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    XChaCha20Poly1305::new(key.into())
        .encrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: plaintext,
                aad: bound,
            },
        )
        .expect("a message in memory is far shorter than the cipher's limit of 256 GiB")
}

/// Decrypts what [`seal`] made with the same key, nonce and bound bytes; `None` for anything else.
pub(crate) fn open(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    bound: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    XChaCha20Poly1305::new(key.into())
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: ciphertext,
                aad: bound,
            },
        )
        .ok()
        .map(Zeroizing::new)
}

/// Joins parts so that no two lists of parts give the same bytes: each with its length before it.
pub(crate) fn bind(parts: &[&[u8]]) -> Vec<u8> {
    let mut bound = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        bound.extend((part.len() as u64).to_be_bytes());
        bound.extend(*part);
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        assert_ne!(bind(&[b"ab", b"c"]), bind(&[b"a", b"bc"]));
        assert_ne!(bind(&[b"a"]), bind(&[b"a", b""]));
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn the_published_vector_is_reproduced() {
        let hex = |text: &str| {
            data_encoding::HEXLOWER
                .decode(text.as_bytes())
                .expect("hex")
        };
        let key = std::array::from_fn(|i| 0x80 + i as u8);
        let nonce = std::array::from_fn(|i| 0x40 + i as u8);
        let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
        let bound = hex("50515253c0c1c2c3c4c5c6c7");
        let sealed = seal(&key, &nonce, &bound, text);
        assert_eq!(sealed[..16], hex("bd6d179d3e83d43b9576579493c0e939"));
        assert_eq!(
            sealed[sealed.len() - TAG..],
            hex("c0875924c1c7987947deafd8780acf49")
        );
        assert_eq!(
            open(&key, &nonce, &bound, &sealed)
                .expect("opens")
                .as_slice(),
            text
        );
    }
}
