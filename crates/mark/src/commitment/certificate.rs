//! Certificates and chains of them, read strictly: exactly the DER that would be written.

use sha2::{Digest, Sha256};
use thiserror::Error;
use x509_cert::Certificate as X509;
use x509_cert::crl::CertificateList;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{CrlDistributionPoints, SubjectAltName};

use super::Shown;
use super::sct::{self, Sct};
use crate::curve::{Hash, Point};

/// Longest certificate that is read, in bytes.
const MAX_CERTIFICATE: usize = 16 * 1024;
/// Longest chain that is read.
pub(super) const MAX_CHAIN: usize = 8;

const SCT_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Why bytes are not a certificate as it is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CertificateError {
    /// Not the exact DER of an X.509 certificate.
    #[error("not the exact encoding of an X.509 certificate")]
    Encoding,
    /// An extension that is needed cannot be read.
    #[error("the certificate's names cannot be read, or it has two lists of SCTs")]
    Extension,
    /// Longer than any certificate.
    #[error("longer than the {MAX_CERTIFICATE} bytes of any certificate, or more than {MAX_CHAIN}")]
    TooLong,
}

/// A certificate and those above it, as far as they were given.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) leaf: Certificate,
    pub(super) above: Vec<Certificate>,
}

#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    pub(super) fingerprint: [u8; 32],
    /// What the issuer signed.
    tbs: Vec<u8>,
    /// What the log signed: the same without the list of SCTs.
    pub(super) precertificate: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    subject: Vec<u8>,
    pub(super) serial: Vec<u8>,
    spki: Vec<u8>,
    /// DNS names in lower case.
    names: Vec<String>,
    /// None of them where the list cannot be read.
    pub(super) scts: Vec<Sct>,
    /// Whether the list of SCTs can be read, which a changed one may not be.
    pub(super) has_readable_scts: bool,
    /// Where its issuer publishes revocation lists.
    pub(super) revocation_urls: Vec<String>,
    algorithm: ObjectIdentifier,
    signature: Vec<u8>,
}

/// What came of checking a signature of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    Right,
    /// An algorithm that is not checked here.
    Unchecked,
    Wrong,
}

impl Chain {
    /// Reads certificates in the order of a chain.
    pub(super) fn read(certificates: &[&[u8]]) -> Result<Self, CertificateError> {
        if certificates.len() > MAX_CHAIN {
            return Err(CertificateError::TooLong);
        }
        let read: Result<Vec<_>, _> = certificates
            .iter()
            .map(|it| Certificate::read(it))
            .collect();
        let mut read = read?.into_iter();
        let leaf = read.next().ok_or(CertificateError::Encoding)?;
        Ok(Chain {
            leaf,
            above: read.collect(),
        })
    }

    /// The leaf's issuer, by its name.
    pub(super) fn issuer(&self) -> Option<&Certificate> {
        let above = self.above.first()?;
        (above.subject == self.leaf.issuer).then_some(above)
    }

    /// Whether the leaf is signed by its issuer; not checked where that is not there.
    pub(super) fn is_leaf_signed(&self) -> Signed {
        match self.issuer() {
            Some(issuer) => self.leaf.is_signed_by(issuer),
            None => Signed::Unchecked,
        }
    }

    /// Whether each certificate is signed by the next.
    pub(super) fn is_signed(&self) -> Signed {
        let mut signed = Signed::Right;
        let mut below = &self.leaf;
        for above in &self.above {
            if above.subject != below.issuer {
                return Signed::Wrong;
            }
            match below.is_signed_by(above) {
                Signed::Right => {}
                Signed::Unchecked => signed = Signed::Unchecked,
                Signed::Wrong => return Signed::Wrong,
            }
            below = above;
        }
        signed
    }

    pub(super) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.above)
    }
}

impl Certificate {
    fn read(der: &[u8]) -> Result<Self, CertificateError> {
        const ENCODING: CertificateError = CertificateError::Encoding;
        const EXTENSION: CertificateError = CertificateError::Extension;
        if der.len() > MAX_CERTIFICATE {
            return Err(CertificateError::TooLong);
        }
        let read = X509::from_der(der).map_err(|_| ENCODING)?;
        if read.to_der().map_err(|_| ENCODING)? != der {
            return Err(ENCODING);
        }
        let inner = read.tbs_certificate();
        if inner.signature() != read.signature_algorithm() {
            return Err(ENCODING);
        }
        let names = inner.get_extension::<SubjectAltName>();
        let names = names.map_err(|_| EXTENSION)?;
        let names = names.map_or_else(Vec::new, |(_, names)| dns_names(&names.0));
        let points = inner.get_extension::<CrlDistributionPoints>();
        let points = points.map_err(|_| EXTENSION)?;
        let points = points.map_or_else(Vec::new, |(_, points)| points.0);
        let point_names = points
            .iter()
            .filter_map(|it| it.distribution_point.as_ref());
        let tbs = inner.to_der().map_err(|_| ENCODING)?;
        let scts = match inner.extensions() {
            None => None,
            Some(all) => {
                let mut lists = all.iter().filter(|it| it.extn_id == SCT_LIST);
                let (list, None) = (lists.next(), lists.next()) else {
                    return Err(EXTENSION);
                };
                list
            }
        };
        let precertificate = match scts {
            None => tbs.clone(),
            Some(_) => without_scts(inner, &tbs).ok_or(ENCODING)?,
        };
        let scts = scts.map(|list| sct::read_list(list.extn_value.as_bytes()));
        let scts = scts.unwrap_or_else(|| Ok(Vec::new()));
        let info = inner.subject_public_key_info();
        Ok(Certificate {
            fingerprint: Sha256::digest(der).into(),
            der: der.to_vec(),
            precertificate,
            tbs,
            issuer: inner.issuer().to_der().map_err(|_| ENCODING)?,
            subject: inner.subject().to_der().map_err(|_| ENCODING)?,
            serial: inner.serial_number().as_bytes().to_vec(),
            spki: info.to_der().map_err(|_| ENCODING)?,
            names,
            has_readable_scts: scts.is_ok(),
            scts: scts.unwrap_or_default(),
            revocation_urls: point_names.flat_map(urls).collect(),
            algorithm: read.signature_algorithm().oid,
            // Whole bytes: a bit that is cut off would make another file of the same certificate.
            signature: read.signature().as_bytes().ok_or(ENCODING)?.to_vec(),
        })
    }

    /// Whether one of its names, which may be a wildcard, is a domain or lies under it.
    pub(super) fn is_under(&self, domain: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|name| match name.strip_suffix(domain) {
            Some(before) => before.is_empty() || before.ends_with('.'),
            None => false,
        })
    }

    /// Whether the certificate has a name, not by a wildcard.
    pub(super) fn is_for(&self, name: &str) -> bool {
        self.names.iter().any(|it| it == name)
    }

    /// SHA-256 of its public key, as a log knows an issuer.
    pub(super) fn key_hash(&self) -> [u8; 32] {
        Sha256::digest(&self.spki).into()
    }

    fn is_signed_by(&self, issuer: &Certificate) -> Signed {
        issuer.signed(self.algorithm, &self.tbs, &self.signature)
    }

    /// Whether a revocation list is signed with the certificate's key.
    pub(super) fn signed_list(&self, list: &CertificateList, tbs: &[u8]) -> Signed {
        let algorithm = list.signature_algorithm.oid;
        match list.signature.as_bytes() {
            Some(signature) => self.signed(algorithm, tbs, signature),
            None => Signed::Wrong,
        }
    }

    /// Whether a signature is right under the certificate's key.
    fn signed(&self, algorithm: ObjectIdentifier, message: &[u8], signature: &[u8]) -> Signed {
        let hash = match algorithm {
            ECDSA_SHA256 => Hash::Sha256,
            ECDSA_SHA384 => Hash::Sha384,
            ECDSA_SHA512 | ED25519 => Hash::Sha512,
            _ => return Signed::Unchecked,
        };
        // An algorithm of these with a key of none of their curves cannot have made a signature.
        let right = Point::from_spki(&self.spki).is_ok_and(|(_, _, point)| {
            point.is_ed25519() == (algorithm == ED25519)
                && point.verifies_der(hash, message, signature)
        });
        if right { Signed::Right } else { Signed::Wrong }
    }

    pub(super) fn shown(&self) -> Shown {
        Shown {
            fingerprint: self.fingerprint,
            names: self.names.clone(),
        }
    }
}

fn dns_names(names: &[GeneralName]) -> Vec<String> {
    let dns = names.iter().filter_map(|name| match name {
        GeneralName::DnsName(name) => Some(name.as_str().to_ascii_lowercase()),
        _ => None,
    });
    // What is not printable is no DNS name and could never match one.
    dns.filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()))
        .collect()
}

pub(super) fn urls(name: &DistributionPointName) -> Vec<String> {
    let DistributionPointName::FullName(names) = name else {
        return Vec::new();
    };
    let urls = names.iter().filter_map(|name| match name {
        GeneralName::UniformResourceIdentifier(url) => Some(url.as_str().to_owned()),
        _ => None,
    });
    urls.collect()
}

/// The signed part as the log saw it, before the SCTs were put in: extensions stand at its end, and
/// all but one of them are written again.
fn without_scts(inner: &x509_cert::TbsCertificate, tbs: &[u8]) -> Option<Vec<u8>> {
    let (mut all, mut kept) = (Vec::new(), Vec::new());
    for extension in inner.extensions()? {
        let der = extension.to_der().ok()?;
        all.extend_from_slice(&der);
        if extension.extn_id != SCT_LIST {
            kept.extend_from_slice(&der);
        }
    }
    let wrapped = |extensions: &[u8]| tlv(0xa3, &tlv(0x30, extensions));
    let before = tbs.strip_suffix(wrapped(&all).as_slice())?;
    let head = tbs.len() - content_len(tbs)?;
    let mut content = before.get(head..)?.to_vec();
    // An empty list of extensions is not written.
    if !kept.is_empty() {
        content.extend(wrapped(&kept));
    }
    Some(tlv(0x30, &content))
}

/// How many bytes of an element are content.
fn content_len(element: &[u8]) -> Option<usize> {
    let first = *element.get(1)?;
    let head = match first {
        0..=0x7f => 2,
        _ => 2 + usize::from(first & 0x7f),
    };
    element.len().checked_sub(head)
}

/// A DER element.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut element = vec![tag];
    let length = content.len().to_be_bytes();
    let significant = length.iter().skip_while(|byte| **byte == 0);
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => element.push(short),
        _ => {
            let significant: Vec<u8> = significant.copied().collect();
            let count = u8::try_from(significant.len()).expect("a length has at most eight bytes");
            element.push(0x80 | count);
            element.extend(significant);
        }
    }
    element.extend_from_slice(content);
    element
}
