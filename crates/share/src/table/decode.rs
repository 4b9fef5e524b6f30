//! Bytes into UTF-8, a bounded piece at a time.

use std::io::{ErrorKind, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::{Encoding, MAX_HEADER};
use crate::Error;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
/// Decoded text held at a time: more than a header line, so that one can be looked at whole.
const HELD: usize = MAX_HEADER + CHUNK;

/// Finds the encoding of a file by reading all of it once, in constant memory.
///
/// The mark at its start decides. Without one it is UTF-8 if every byte fits, else Windows-1252,
/// in which every byte is a character. Refused are NUL, which no such text has, and a file that
/// says UTF-8 and is not.
pub fn sniff(mut read: impl Read) -> Result<Encoding, Error> {
    let mut chunk = vec![0; CHUNK];
    let mut decoded = vec![0; CHUNK];
    let mut decoder = encoding_rs::UTF_8.new_decoder_without_bom_handling();
    let mut held = 0;
    while held < 3 {
        match read_some(&mut read, &mut chunk[held..])? {
            0 => break,
            count => held += count,
        }
    }
    let marked = match &chunk[..held] {
        [0xff, 0xfe, ..] => return Ok(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Ok(Encoding::Utf16Be),
        start => start.starts_with(&[0xef, 0xbb, 0xbf]),
    };
    let mut is_utf8 = true;
    let mut offset = 0;
    loop {
        let mut rest = &chunk[..held];
        if rest.contains(&0) {
            return Err(Error::NotText);
        }
        while is_utf8 {
            let (result, count, _) =
                decoder.decode_to_utf8_without_replacement(rest, &mut decoded, held == 0);
            rest = &rest[count..];
            offset += count as u64;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) if marked => {
                    return Err(Error::Encoding {
                        encoding: Encoding::Utf8,
                        offset,
                    });
                }
                DecoderResult::Malformed(..) => is_utf8 = false,
            }
        }
        if held == 0 {
            return Ok(if is_utf8 {
                Encoding::Utf8
            } else {
                Encoding::Windows1252
            });
        }
        held = read_some(&mut read, &mut chunk)?;
    }
}

/// A reader whose bytes are decoded into a buffer of fixed size.
pub(super) struct Decoded<R> {
    read: R,
    encoding: Encoding,
    decoder: Decoder,
    raw: Box<[u8]>,
    raw_start: usize,
    raw_end: usize,
    text: Box<[u8]>,
    start: usize,
    end: usize,
    offset: u64,
    input_ended: bool,
    finished: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(read: R, encoding: Encoding) -> Self {
        Decoded {
            read,
            encoding,
            decoder: encoding.decoder().new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK].into(),
            raw_start: 0,
            raw_end: 0,
            text: vec![0; HELD].into(),
            start: 0,
            end: 0,
            offset: 0,
            input_ended: false,
            finished: false,
        }
    }

    /// Decoded text that is not consumed: whole characters of UTF-8.
    pub(super) fn ready(&self) -> &[u8] {
        &self.text[self.start..self.end]
    }

    /// Consumes decoded text.
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Decodes more behind what is ready. False when the file has ended; never called with more
    /// than a header line ready.
    pub(super) fn fill(&mut self) -> Result<bool, Error> {
        self.text.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while !self.finished {
            if self.raw_start == self.raw_end && !self.input_ended {
                self.raw_end = read_some(&mut self.read, &mut self.raw)?;
                self.raw_start = 0;
                self.input_ended = self.raw_end == 0;
            }
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.raw_start..self.raw_end],
                &mut self.text[self.end..],
                self.input_ended,
            );
            let new = self.end..self.end + written;
            self.raw_start += read;
            self.offset += read as u64;
            self.end = new.end;
            if self.text[new].contains(&0) {
                return Err(Error::NotText);
            }
            match result {
                DecoderResult::Malformed(..) => {
                    return Err(Error::Encoding {
                        encoding: self.encoding,
                        offset: self.offset,
                    });
                }
                DecoderResult::InputEmpty => self.finished = self.input_ended,
                DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Reads once, again if a signal interrupted; 0 at the end.
fn read_some(read: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Error> {
    loop {
        match read.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result.map_err(Error::Read),
        }
    }
}
