//! The log entries that commit to a key, computed from the certificate that does: what an
//! endorsement by that key names.

use ensign_trust::log::leaf_hash;
use thiserror::Error;

use super::evidence::{Evidence, EvidenceError};
use super::{Added, Binding};
use crate::token::{Leaf, LogEntry};

/// Why a certificate chain commits nobody to a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntriesError {
    /// The chain cannot be read.
    #[error("the certificate chain cannot be read")]
    Evidence(#[source] EvidenceError),
    /// The certificate of the issuer is not behind it, without which no leaf hash can be computed.
    #[error("the certificate of the issuer is not behind it")]
    Issuer,
    /// It does not have both names.
    #[error("the certificate is not for both {} and {}", .0[0], .0[1])]
    Names([String; 2]),
    /// Not certificates in PEM.
    #[error("these are no certificates in PEM")]
    NotAChain,
    /// It has no SCTs: it was not logged before it was issued.
    #[error("the certificate has no timestamps of logs (SCTs)")]
    NotLogged,
    /// Its list of SCTs cannot be read.
    #[error("the certificate's list of timestamps of logs (SCTs) cannot be read")]
    Scts,
}

/// The entry of each log that promised to include the first certificate of a PEM chain: by its index
/// where the log gave one, otherwise by its leaf hash.
///
/// # Errors
/// Where the certificate does not bind the key, or the entries cannot be computed.
pub fn entries(binding: &Binding, chain: &[u8]) -> Result<Vec<LogEntry>, EntriesError> {
    let mut evidence = Evidence::default();
    match evidence.add_file(chain).map_err(EntriesError::Evidence)? {
        Added::Chain => {}
        _ => return Err(EntriesError::NotAChain),
    }
    let chain = &evidence.chains[0];
    let names = binding.names();
    if !names.iter().all(|name| chain.leaf.is_for(name)) {
        return Err(EntriesError::Names(names));
    }
    if !chain.leaf.has_readable_scts {
        return Err(EntriesError::Scts);
    }
    let issuer = chain.issuer().ok_or(EntriesError::Issuer)?.key_hash();
    let entry = |sct: &super::sct::Sct| LogEntry {
        log: sct.log,
        leaf: match sct.index() {
            Some(index) => Leaf::Index(index),
            None => Leaf::Hash(leaf_hash(&sct.signed(&issuer, &chain.leaf.precertificate))),
        },
    };
    let entries: Vec<_> = chain.leaf.scts.iter().map(entry).collect();
    match entries.is_empty() {
        true => Err(EntriesError::NotLogged),
        false => Ok(entries),
    }
}
