//! A zone as a value.

use std::collections::{BTreeMap, BTreeSet};

use ensign_mark::DomainName;
use ensign_mark::Token;
use ensign_mark::discovery::{Item, Record, RecordType, marks, records};
use ensign_mark::token::Reading;

/// Longest TTL (RFC 2181 section 8).
const MAX_TTL: u32 = i32::MAX as u32;

/// Names under an apex, each with its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    pub(super) apex: DomainName,
    pub(super) authority: Authority,
    pub(super) names: BTreeMap<DomainName, Vec<Record>>,
    /// Names under which an emblem lies that does not mark them.
    unmarked: BTreeSet<DomainName>,
}

/// Who answers for a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The servers of the zone; the first one is its primary.
    pub servers: Vec<DomainName>,
    /// The mailbox of who runs it, as a name: `hostmaster.example.org`.
    pub contact: DomainName,
    /// Grows with every change.
    pub serial: u32,
    /// Seconds for which any record may be kept, and that a name does not exist.
    pub ttl: u32,
}

/// Why records make no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum ZoneError {
    #[error("the zone {apex} has no server")]
    NoServer { apex: DomainName },
    #[error("{name} is not within the zone {apex}")]
    Outside { apex: DomainName, name: DomainName },
    #[error("the records of {name} do not fit into one answer")]
    TooLarge { name: DomainName },
    #[error("the zone {apex} keeps its records for more than {MAX_TTL} seconds")]
    Ttl { apex: DomainName },
    #[error("the zone {apex} is there twice, or within another one")]
    Overlap { apex: DomainName },
    #[error("a record of {name} has the type {rtype}, which is not served")]
    Type { name: DomainName, rtype: RecordType },
    #[error("the data of a record of {name} is not that of the type {rtype}")]
    Data { name: DomainName, rtype: RecordType },
}

impl Zone {
    /// A zone without names but its apex.
    ///
    /// # Errors
    /// [`ZoneError::NoServer`], [`ZoneError::Ttl`].
    pub fn new(apex: DomainName, authority: Authority) -> Result<Self, ZoneError> {
        if authority.servers.is_empty() {
            return Err(ZoneError::NoServer { apex });
        }
        if authority.ttl > MAX_TTL {
            return Err(ZoneError::Ttl { apex });
        }
        let names = BTreeMap::from([(apex.clone(), Vec::new())]);
        Ok(Zone {
            apex,
            authority,
            names,
            unmarked: BTreeSet::new(),
        })
    }

    /// Its topmost name.
    pub fn apex(&self) -> &DomainName {
        &self.apex
    }

    /// Gives a name, which exists from then on, further records: addresses, texts, and those that
    /// carry emblems.
    ///
    /// # Errors
    /// [`ZoneError::Outside`], [`ZoneError::Type`], [`ZoneError::Data`].
    pub fn add(
        &mut self,
        name: &DomainName,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<(), ZoneError> {
        if !name.is_within(&self.apex) {
            return Err(ZoneError::Outside {
                apex: self.apex.clone(),
                name: name.clone(),
            });
        }
        let known = self.names.entry(name.clone()).or_default();
        for record in records {
            check(name, &record)?;
            if !known.contains(&record) {
                known.push(record);
            }
        }
        Ok(())
    }

    /// Gives a name the records that publish tokens and keys.
    ///
    /// # Errors
    /// As [`Zone::add`].
    pub fn publish(
        &mut self,
        name: &DomainName,
        items: &[Item],
        ihle: RecordType,
    ) -> Result<(), ZoneError> {
        self.add(name, records(items, ihle))?;
        let tokens = items.iter().filter_map(|it| it.token(Reading::Lenient));
        let marks = |token: Token| token.emblem().is_none_or(|emblem| marks(emblem, name));
        if !tokens.flatten().all(marks) {
            self.unmarked.insert(name.clone());
        }
        Ok(())
    }

    /// The names under which an emblem lies that does not mark them: nobody who finds it there counts
    /// it.
    pub fn unmarked(&self) -> impl Iterator<Item = &DomainName> {
        self.unmarked.iter()
    }

    /// Whether a name publishes tokens or keys.
    pub(super) fn publishes(&self, name: &DomainName, ihle: RecordType) -> bool {
        let records = self.names.get(name).into_iter().flatten();
        records.into_iter().any(|record| record.rtype == ihle)
    }
}

fn check(name: &DomainName, record: &Record) -> Result<(), ZoneError> {
    let rtype = record.rtype;
    let length = record.rdata.len();
    let fits = match rtype {
        RecordType::A => length == 4,
        RecordType::AAAA => length == 16,
        RecordType::TXT => (1..=usize::from(u16::MAX)).contains(&length),
        RecordType(260..=65534) => (1..=usize::from(u16::MAX)).contains(&length),
        _ => {
            return Err(ZoneError::Type {
                name: name.clone(),
                rtype,
            });
        }
    };
    if fits {
        return Ok(());
    }
    Err(ZoneError::Data {
        name: name.clone(),
        rtype,
    })
}
