//! Bytes of any length, encrypted as they flow by: the STREAM construction (Hoang, Reyhanitabar,
//! Rogaway, Vizár 2015), as in age.
//!
//! ```text
//! stream = version (1) || prefix (19, random) || chunk...
//! chunk  = XChaCha20-Poly1305 of 65,536 bytes, the last one of 0 to 65,536
//! nonce  = prefix || number of the chunk (4, big-endian) || 1 for the last chunk, else 0
//! ```
//!
//! Each chunk is bound to the version and to the caller's context. Only an empty stream has an
//! empty last chunk, so that one plaintext has one length.

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::cipher::{self, NONCE, TAG};
use crate::{DataKey, Entropy};

const VERSION: u8 = 1;
const PREFIX: usize = 19;
const CHUNK: usize = 64 * 1024;

/// Reads plaintext from `R` and gives its encrypted stream.
pub struct Sealing<R> {
    chunks: Chunks<R>,
    nonces: Nonces,
    ready: Window,
}

impl<R: Read> Sealing<R> {
    /// Encrypts all of `plain` under `key`, bound to `context`: the place that it belongs to.
    pub fn new(key: &DataKey, context: &[u8], entropy: &dyn Entropy, plain: R) -> Self {
        let mut prefix = [0; PREFIX];
        entropy.fill(&mut prefix);
        let mut head = vec![VERSION];
        head.extend(prefix);
        Self {
            chunks: Chunks::new(plain, CHUNK),
            nonces: Nonces::new(key, context, prefix),
            ready: Window::of(Zeroizing::new(head)),
        }
    }
}

impl<R: Read> Read for Sealing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            let Some((chunk, last)) = self.chunks.next()? else {
                return Ok(0);
            };
            let nonce = self.nonces.next(last)?;
            let sealed = cipher::seal(self.nonces.key.bytes(), &nonce, &self.nonces.bound, &chunk);
            self.ready = Window::of(Zeroizing::new(sealed));
        }
        Ok(self.ready.take(buffer))
    }
}

/// Reads an encrypted stream from `R` and gives its plaintext.
///
/// A chunk is checked before its plaintext is given, but only the end of the stream proves that
/// nothing was cut off: what was read before an error must be thrown away.
pub struct Opening<R> {
    sealed: Option<R>,
    context: Vec<u8>,
    key: DataKey,
    open: Option<(Chunks<R>, Nonces)>,
    ready: Window,
}

impl<R: Read> Opening<R> {
    /// Decrypts the stream `sealed` with the key and context that it was made with.
    pub fn new(key: &DataKey, context: &[u8], sealed: R) -> Self {
        Self {
            sealed: Some(sealed),
            context: context.to_vec(),
            key: key.clone(),
            open: None,
            ready: Window::default(),
        }
    }

    fn read_head(&mut self, mut sealed: R) -> io::Result<(Chunks<R>, Nonces)> {
        let mut head = [0; 1 + PREFIX];
        sealed
            .read_exact(&mut head)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => altered("ends within its head"),
                _ => error,
            })?;
        let [version, prefix @ ..] = head;
        if version != VERSION {
            return Err(altered("has an unknown version"));
        }
        let nonces = Nonces::new(&self.key, &self.context, prefix);
        Ok((Chunks::new(sealed, CHUNK + TAG), nonces))
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(sealed) = self.sealed.take() {
            self.open = Some(self.read_head(sealed)?);
        }
        // After an error there is nothing more to read, and it is no clean end either.
        let (mut chunks, mut nonces) = self
            .open
            .take()
            .ok_or_else(|| altered("was refused before"))?;
        while self.ready.is_empty() {
            let first = nonces.is_first();
            let Some((chunk, last)) = chunks.next()? else {
                break;
            };
            if last && !first && chunk.len() == TAG {
                return Err(altered("ends in an empty chunk"));
            }
            let nonce = nonces.next(last)?;
            let plain = cipher::open(nonces.key.bytes(), &nonce, &nonces.bound, &chunk)
                .ok_or_else(|| altered("was changed, cut or moved"))?;
            self.ready = Window::of(plain);
        }
        self.open = Some((chunks, nonces));
        Ok(self.ready.take(buffer))
    }
}

/// Cuts a source into chunks of one size and knows which is the last, by reading one byte ahead.
struct Chunks<R> {
    source: R,
    size: usize,
    ahead: Option<u8>,
    done: bool,
}

impl<R: Read> Chunks<R> {
    fn new(source: R, size: usize) -> Self {
        Self {
            source,
            size,
            ahead: None,
            done: false,
        }
    }

    fn next(&mut self) -> io::Result<Option<(Zeroizing<Vec<u8>>, bool)>> {
        if self.done {
            return Ok(None);
        }
        let mut chunk = Zeroizing::new(Vec::with_capacity(self.size + 1));
        chunk.extend(self.ahead.take());
        let wanted = self.size + 1 - chunk.len();
        self.source
            .by_ref()
            .take(wanted as u64)
            .read_to_end(&mut chunk)?;
        if chunk.len() > self.size {
            self.ahead = chunk.pop();
        }
        self.done = self.ahead.is_none();
        Ok(Some((chunk, self.done)))
    }
}

struct Nonces {
    key: DataKey,
    bound: Vec<u8>,
    prefix: [u8; PREFIX],
    chunk: Option<u32>,
}

impl Nonces {
    fn new(key: &DataKey, context: &[u8], prefix: [u8; PREFIX]) -> Self {
        let bound = cipher::bind(&[b"ensign stream", &[VERSION], context]);
        Self {
            key: key.clone(),
            bound,
            prefix,
            chunk: Some(0),
        }
    }

    fn is_first(&self) -> bool {
        self.chunk == Some(0)
    }

    fn next(&mut self, last: bool) -> io::Result<[u8; NONCE]> {
        let chunk = self.chunk.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                "a stream has at most 2^32 chunks",
            )
        })?;
        self.chunk = chunk.checked_add(1);
        let mut nonce = [0; NONCE];
        nonce[..PREFIX].copy_from_slice(&self.prefix);
        nonce[PREFIX..NONCE - 1].copy_from_slice(&chunk.to_be_bytes());
        nonce[NONCE - 1] = last.into();
        Ok(nonce)
    }
}

/// Bytes that wait to be read.
#[derive(Default)]
struct Window {
    bytes: Zeroizing<Vec<u8>>,
    taken: usize,
}

impl Window {
    fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self { bytes, taken: 0 }
    }

    fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }

    fn take(&mut self, buffer: &mut [u8]) -> usize {
        let rest = &self.bytes[self.taken..];
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.taken += n;
        n
    }
}

fn altered(how: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the sealed stream {how}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::Counting;

    fn key() -> DataKey {
        DataKey::from_bytes([7; 32])
    }

    fn seal(plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::new();
        Sealing::new(&key(), b"blob", &Counting::default(), plain)
            .read_to_end(&mut sealed)
            .expect("seals");
        sealed
    }

    fn open(sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        Opening::new(&key(), b"blob", sealed)
            .read_to_end(&mut plain)
            .map(|_| plain)
    }

    fn pattern(len: usize) -> Vec<u8> {
        (0..len).map(|i| (i % 251) as u8).collect()
    }

    #[test]
    fn a_stream_of_any_length_comes_back() {
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
            let sealed = seal(&pattern(len));
            assert_eq!(
                sealed.len(),
                1 + PREFIX + len + TAG * len.div_ceil(CHUNK).max(1)
            );
            assert_eq!(open(&sealed).expect("opens"), pattern(len), "{len} bytes");
        }
    }

    #[test]
    fn one_byte_at_a_time_reads_the_same() {
        struct Trickle<'a>(&'a [u8]);
        impl Read for Trickle<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let n = buffer.len().min(1);
                self.0.read(&mut buffer[..n])
            }
        }
        let plain = pattern(CHUNK + 9);
        let mut sealed = Vec::new();
        Trickle(&[]).read_to_end(&mut sealed).expect("nothing");
        Sealing::new(&key(), b"blob", &Counting::default(), Trickle(&plain))
            .read_to_end(&mut sealed)
            .expect("seals");
        assert_eq!(sealed, seal(&plain));
        let mut back = Vec::new();
        Opening::new(&key(), b"blob", Trickle(&sealed))
            .read_to_end(&mut back)
            .expect("opens");
        assert_eq!(back, plain);
    }

    #[test]
    fn a_stream_that_is_cut_anywhere_that_matters_is_refused() {
        let sealed = seal(&pattern(2 * CHUNK + 100));
        let (head, chunk) = (1 + PREFIX, CHUNK + TAG);
        for cut in [
            0,
            1,
            head - 1,
            head,
            head + 1,
            head + TAG,
            head + chunk,
            head + chunk + TAG,
        ] {
            assert!(open(&sealed[..cut]).is_err(), "cut at {cut}");
        }
        assert!(open(&sealed[..head + 2 * chunk]).is_err());
        assert!(open(&sealed[..sealed.len() - 1]).is_err());
    }

    #[test]
    fn chunks_that_are_swapped_dropped_repeated_or_added_are_refused() {
        let sealed = seal(&pattern(3 * CHUNK));
        let (head, chunks) = sealed.split_at(1 + PREFIX);
        let [a, b, c]: [&[u8]; 3] = chunks
            .chunks(CHUNK + TAG)
            .collect::<Vec<_>>()
            .try_into()
            .expect("three");
        assert!(open(&[head, a, b, c].concat()).is_ok());
        let wrong: [&[&[u8]]; 6] = [
            &[head, b, a, c],
            &[head, a, c],
            &[head, a, a, b, c],
            &[head, a, b, c, c],
            &[head, a, b],
            &[head, a, b, c, &[0]],
        ];
        for parts in wrong {
            assert!(open(&parts.concat()).is_err());
        }
    }

    #[test]
    fn a_changed_byte_another_key_or_another_place_is_refused() {
        let sealed = seal(&pattern(40));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&changed).is_err(), "byte {at}");
        }
        let mut plain = Vec::new();
        let other = DataKey::from_bytes([8; 32]);
        assert!(
            Opening::new(&other, b"blob", &sealed[..])
                .read_to_end(&mut plain)
                .is_err()
        );
        assert!(
            Opening::new(&key(), b"bolb", &sealed[..])
                .read_to_end(&mut plain)
                .is_err()
        );
    }

    #[test]
    fn an_empty_last_chunk_after_a_full_one_is_refused() {
        let plain = pattern(CHUNK);
        let prefix = [3; PREFIX];
        let mut nonces = Nonces::new(&key(), b"blob", prefix);
        let mut sealed = [&[VERSION][..], &prefix].concat();
        for (chunk, last) in [(&plain[..], false), (&[], true)] {
            let nonce = nonces.next(last).expect("a nonce");
            sealed.extend(cipher::seal(key().bytes(), &nonce, &nonces.bound, chunk));
        }
        assert!(
            open(&sealed)
                .expect_err("refused")
                .to_string()
                .contains("empty chunk")
        );
    }

    #[test]
    fn a_refused_stream_never_reads_as_ended() {
        let mut sealed = seal(&pattern(10));
        sealed[30] ^= 1;
        let mut opening = Opening::new(&key(), b"blob", &sealed[..]);
        assert!(opening.read(&mut [0; 8]).is_err());
        assert!(opening.read(&mut [0; 8]).is_err());
    }
}
