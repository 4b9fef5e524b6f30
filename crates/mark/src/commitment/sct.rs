//! Signed certificate timestamps (RFC 6962 section 3.2), as they stand in certificates.

use x509_cert::der::Decode;
use x509_cert::der::asn1::OctetString;

use super::LogId;
use crate::curve::{Hash, Point};

/// Most SCTs of one certificate.
const MAX_SCTS: usize = 16;
/// `HashAlgorithm` sha256 and `SignatureAlgorithm` ecdsa of RFC 5246.
pub(super) const ECDSA_SHA256: [u8; 2] = [4, 3];
/// `LogEntryType` of a precertificate.
const PRECERTIFICATE: [u8; 2] = [0, 1];

/// A log's promise to include a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sct {
    pub(super) log: LogId,
    /// Milliseconds of Unix time.
    pub(super) timestamp: u64,
    extensions: Vec<u8>,
    /// Hash and signature algorithm.
    algorithm: [u8; 2],
    signature: Vec<u8>,
}

/// Bytes are not a list of SCTs.
#[derive(Debug)]
pub(super) struct NotScts;

/// Reads the value of a certificate's extension 1.3.6.1.4.1.11129.2.4.2. SCTs of other versions are
/// passed over.
pub(super) fn read_list(value: &[u8]) -> Result<Vec<Sct>, NotScts> {
    let list = OctetString::from_der(value).map_err(|_| NotScts)?;
    let mut outer = Reader(list.as_bytes());
    let mut rest = Reader(outer.long()?);
    outer.end()?;
    let mut scts = Vec::new();
    while !rest.0.is_empty() {
        let mut sct = Reader(rest.long()?);
        if sct.take(1)? != [0] {
            continue;
        }
        if scts.len() == MAX_SCTS {
            return Err(NotScts);
        }
        scts.push(Sct {
            log: LogId::from_bytes(sct.fixed()?),
            timestamp: u64::from_be_bytes(sct.fixed()?),
            extensions: sct.long()?.to_vec(),
            algorithm: sct.fixed()?,
            signature: sct.long()?.to_vec(),
        });
        sct.end()?;
    }
    Ok(scts)
}

impl Sct {
    /// The entry's index in a static-ct-api log: extension 0, forty bits.
    pub(super) fn index(&self) -> Option<u64> {
        let mut rest = Reader(&self.extensions);
        let mut index = None;
        while !rest.0.is_empty() {
            let kind = rest.take(1).ok()?;
            let content = rest.long().ok()?;
            if kind == [0] {
                let bytes: [u8; 5] = content.try_into().ok()?;
                let number = bytes
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
                // The same extension twice says two things.
                if index.replace(number).is_some() {
                    return None;
                }
            }
        }
        index
    }

    /// What the log signed, which is also the entry of its tree (`MerkleTreeLeaf`): version 1, a
    /// precertificate, its issuer by the hash of its key.
    pub(super) fn signed(&self, issuer: &[u8; 32], precertificate: &[u8]) -> Vec<u8> {
        let length = u32::try_from(precertificate.len()).expect("a certificate is short");
        let mut out = Vec::with_capacity(precertificate.len() + self.extensions.len() + 64);
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&PRECERTIFICATE);
        out.extend_from_slice(issuer);
        out.extend_from_slice(&length.to_be_bytes()[1..]);
        out.extend_from_slice(precertificate);
        let length = u16::try_from(self.extensions.len()).expect("extensions are read with two");
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&self.extensions);
        out
    }

    /// Whether a log signed these bytes.
    pub(super) fn is_signed_by(&self, log: &Point, signed: &[u8]) -> bool {
        self.algorithm == ECDSA_SHA256 && log.verifies_der(Hash::Sha256, signed, &self.signature)
    }
}

/// Reads the presentation language of TLS (RFC 5246 section 4).
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], NotScts> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NotScts)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], NotScts> {
        self.take(N)?.try_into().map_err(|_| NotScts)
    }

    /// A vector with two bytes of length.
    pub(super) fn long(&mut self) -> Result<&'a [u8], NotScts> {
        let length = u16::from_be_bytes(self.fixed()?);
        self.take(length.into())
    }

    pub(super) fn end(&self) -> Result<(), NotScts> {
        self.0.is_empty().then_some(()).ok_or(NotScts)
    }
}
