//! Revocation lists: X.509 CRLs (RFC 5280 section 5), as issuers publish them.
//!
//! A list counts for a certificate where the certificate's issuer signed it and, if it is one of
//! several shards, where the certificate names it as its own. Delta lists, indirect ones and lists
//! of some reasons only are not understood and say nothing.

use x509_cert::crl::CertificateList;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;

use super::Revocation;
use super::certificate::{Chain, Signed, urls};

const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");

/// A revocation list that was read; its signature is not yet checked.
#[derive(Debug, Clone)]
pub(super) struct RevocationList {
    pub(super) der: Vec<u8>,
    list: CertificateList,
    tbs: Vec<u8>,
    issuer: Vec<u8>,
    /// Where it says that it is published; empty where it covers all certificates of its issuer.
    urls: Vec<String>,
}

impl RevocationList {
    /// Reads a list; none where it is not one, or one that is not understood.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let list = CertificateList::from_der(der).ok()?;
        if list.to_der().ok()? != der || list.tbs_cert_list.signature != list.signature_algorithm {
            return None;
        }
        let inner = &list.tbs_cert_list;
        let mut published = Vec::new();
        for extension in inner.crl_extensions.iter().flatten() {
            if extension.extn_id == ISSUING_DISTRIBUTION_POINT {
                let value = extension.extn_value.as_bytes();
                let point = IssuingDistributionPoint::from_der(value).ok()?;
                if point.indirect_crl
                    || point.only_contains_attribute_certs
                    || point.only_contains_ca_certs
                    || point.only_some_reasons.is_some()
                {
                    return None;
                }
                published = urls(point.distribution_point.as_ref()?);
                if published.is_empty() {
                    return None;
                }
            } else if extension.critical {
                return None;
            }
        }
        Some(RevocationList {
            tbs: inner.to_der().ok()?,
            issuer: inner.issuer.to_der().ok()?,
            urls: published,
            der: der.to_vec(),
            list,
        })
    }

    /// What the list says about the leaf of a chain.
    pub(super) fn says(&self, chain: &Chain) -> Revocation {
        let leaf = &chain.leaf;
        let named = |url| leaf.revocation_urls.contains(url);
        let covers = self.urls.is_empty() || self.urls.iter().any(named);
        let issuer = chain
            .issuer()
            .filter(|_| covers && self.issuer == leaf.issuer);
        let signed = issuer.map(|it| it.signed_list(&self.list, &self.tbs));
        if signed != Some(Signed::Right) {
            return Revocation::Unknown;
        }
        let inner = &self.list.tbs_cert_list;
        let mut revoked = inner.revoked_certificates.iter().flatten();
        match revoked.find(|it| it.serial_number.as_bytes() == leaf.serial) {
            Some(entry) => Revocation::Revoked {
                since: entry.revocation_date.to_unix_duration().as_secs(),
            },
            None => Revocation::Clear {
                from: inner.this_update.to_unix_duration().as_secs(),
                until: inner.next_update.map(|it| it.to_unix_duration().as_secs()),
            },
        }
    }
}
