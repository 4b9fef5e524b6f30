//! Reading a statement, strictly and in one go.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{CONTENT_TYPE, Draft, Link, MAX_ENTRY, Statement, StatementError};
use crate::cbor::{DecodeError, Flaw, Reader};
use crate::code;
use crate::id::{KeyId, StatementId};
use crate::key::Algorithm;

impl Statement {
    /// Reads a statement, strictly.
    pub fn decode(entry: impl Into<Vec<u8>>) -> Result<Self, StatementError> {
        let entry = entry.into();
        if entry.len() > MAX_ENTRY {
            return Err(StatementError::TooLong(entry.len()));
        }
        let Parts {
            header,
            payload,
            signature,
        } = parts(&entry).map_err(|source| match source.flaw {
            Flaw::Unexpected => StatementError::NotSign1,
            _ => StatementError::Encoding {
                part: "entry",
                source,
            },
        })?;
        let (algorithm, key) = read_header(&entry[header.clone()])?;
        let draft = read_claims(&entry[payload.clone()])?;
        Ok(Statement {
            id: StatementId::from_bytes(Sha256::digest(&entry).into()),
            key,
            algorithm,
            signature,
            payload,
            header,
            draft,
            entry,
        })
    }
}

/// Where the header and the payload lie in an entry, and its signature.
struct Parts {
    header: std::ops::Range<usize>,
    payload: std::ops::Range<usize>,
    signature: [u8; 64],
}

fn parts(entry: &[u8]) -> Result<Parts, DecodeError> {
    let mut reader = Reader::new(entry);
    let exactly = |found, wanted, at| match found == wanted {
        true => Ok(()),
        false => Err(DecodeError {
            at,
            flaw: Flaw::Unexpected,
        }),
    };
    exactly(reader.expect(6)?, 18, 0)?;
    let at = reader.at();
    exactly(reader.expect(4)?, 4, at)?;
    let length = reader.byte_string()?.len();
    let header = reader.at() - length..reader.at();
    let at = reader.at();
    exactly(reader.expect(5)?, 0, at)?;
    let length = reader.byte_string()?.len();
    let payload = reader.at() - length..reader.at();
    let signature = reader.array_of()?;
    reader.finish()?;
    Ok(Parts {
        header,
        payload,
        signature,
    })
}

/// The header has one form: `{1: -8 or -7, 4: 32 bytes, 16: content type}`.
fn read_header(bytes: &[u8]) -> Result<(Algorithm, KeyId), StatementError> {
    let [0xa3, 0x01, algorithm, 0x04, 0x58, 0x20, rest @ ..] = bytes else {
        return Err(StatementError::Header);
    };
    let algorithm = match algorithm {
        0x27 => Algorithm::EdDsa,
        0x26 => Algorithm::Es256,
        _ => return Err(StatementError::Header),
    };
    match rest.split_first_chunk() {
        Some((key, [0x10, 0x76, content_type @ ..])) if content_type == CONTENT_TYPE.as_bytes() => {
            Ok((algorithm, KeyId::from_bytes(*key)))
        }
        _ => Err(StatementError::Header),
    }
}

/// Claims as far as they are read.
#[derive(Default)]
struct Claims {
    claimed: Option<u64>,
    unique: Option<[u8; 16]>,
    kind: Option<code::Code>,
    version: Option<u64>,
    realm: Option<crate::Realm>,
    log: Option<code::Code>,
    seq: Option<u64>,
    prev: Option<StatementId>,
}

fn read_claims(payload: &[u8]) -> Result<Draft, StatementError> {
    let mut reader = Reader::new(payload);
    let mut entries = within("map", reader.map())?;
    let mut claims = Claims::default();
    let (mut issuer, mut subject) = (None, None);
    let (mut refs, mut body, mut sealed) = (Vec::new(), BTreeMap::new(), Vec::new());
    while let Some(name) = within("that is none of the known ones", reader.key(&mut entries))? {
        let reader = &mut reader;
        match name {
            [1] => issuer = Some(within("1 (iss)", parsed(reader))?),
            [2] => subject = Some(within("2 (sub)", code::read_code(reader))?),
            [6] => claims.claimed = Some(within("6 (iat)", reader.uint())?),
            [7] => claims.unique = Some(within("7 (cti)", reader.array_of())?),
            b"\x62sd" => sealed = within("sd", read_sealed(reader))?,
            b"\x63log" => claims.log = Some(within("log", code::read_code(reader))?),
            b"\x63seq" => claims.seq = Some(within("seq", reader.uint())?),
            b"\x63ver" => claims.version = Some(within("ver", reader.uint())?),
            b"\x64body" => body = within("body", code::read_body(reader, 1))?,
            b"\x64kind" => claims.kind = Some(within("kind", code::read_code(reader))?),
            b"\x64prev" => {
                let prev = within("prev", reader.array_of())?;
                claims.prev = Some(StatementId::from_bytes(prev));
            }
            b"\x64refs" => refs = within("refs", read_refs(reader))?,
            b"\x65realm" => claims.realm = Some(within("realm", parsed(reader))?),
            _ => return Err(StatementError::Claim("that is none of the known ones")),
        }
    }
    reader.finish().map_err(payload_error)?;
    Ok(Draft {
        issuer,
        subject,
        claimed: claims.claimed.ok_or(StatementError::Claim("6 (iat)"))?,
        unique: claims.unique.ok_or(StatementError::Claim("7 (cti)"))?,
        kind: claims.kind.ok_or(StatementError::Claim("kind"))?,
        version: claims.version.ok_or(StatementError::Claim("ver"))?,
        realm: claims.realm.ok_or(StatementError::Claim("realm"))?,
        link: link(claims.log, claims.seq, claims.prev)?,
        refs,
        body,
        sealed,
    })
}

/// The claim by its name, where an item is not such as the claim wants it.
fn within<T>(claim: &'static str, read: Result<T, DecodeError>) -> Result<T, StatementError> {
    read.map_err(|source| match source.flaw {
        Flaw::Unexpected => StatementError::Claim(claim),
        _ => payload_error(source),
    })
}

fn payload_error(source: DecodeError) -> StatementError {
    StatementError::Encoding {
        part: "payload",
        source,
    }
}

/// A text that is parsed.
fn parsed<T: std::str::FromStr>(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    let at = reader.at();
    reader.text()?.parse().map_err(|_| DecodeError {
        at,
        flaw: Flaw::Unexpected,
    })
}

fn link(
    log: Option<code::Code>,
    seq: Option<u64>,
    prev: Option<StatementId>,
) -> Result<Option<Link>, StatementError> {
    match (log, seq, prev) {
        (None, None, None) => Ok(None),
        (Some(log), Some(seq), prev) if (seq == 0) == prev.is_none() => {
            Ok(Some(Link { log, seq, prev }))
        }
        _ => Err(StatementError::Claim("log, seq, prev")),
    }
}

/// One or more pairs of a role and a digest.
fn read_refs(reader: &mut Reader<'_>) -> Result<Vec<(code::Code, [u8; 32])>, DecodeError> {
    let at = reader.at();
    let unexpected = |at| DecodeError {
        at,
        flaw: Flaw::Unexpected,
    };
    let length = reader.array()?;
    let mut refs = Vec::with_capacity(length);
    for _ in 0..length {
        let at = reader.at();
        if reader.array()? != 2 {
            return Err(unexpected(at));
        }
        refs.push((code::read_code(reader)?, reader.array_of()?));
    }
    match refs.is_empty() {
        true => Err(unexpected(at)),
        false => Ok(refs),
    }
}

/// One or more digests, sorted.
fn read_sealed(reader: &mut Reader<'_>) -> Result<Vec<[u8; 32]>, DecodeError> {
    let at = reader.at();
    let length = reader.array()?;
    let mut digests: Vec<[u8; 32]> = Vec::with_capacity(length);
    for _ in 0..length {
        digests.push(reader.array_of()?);
    }
    let sorted = digests.windows(2).all(|pair| pair[0] < pair[1]);
    match sorted && !digests.is_empty() {
        true => Ok(digests),
        false => Err(DecodeError {
            at,
            flaw: Flaw::Unexpected,
        }),
    }
}
