//! Records: which carry what, and how they are written in a zone file.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXUPPER;
use thiserror::Error;

use super::item::Item;
use super::text;
use crate::name::DomainName;

/// The number of a record type (IANA DNS parameters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordType(pub u16);

/// A text that names no type under which emblems could be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a type for emblems is written TYPE65297 or 65297, and is none that has another meaning")]
pub struct NotARecordType;

/// A record of a name, without the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// Its type.
    pub rtype: RecordType,
    /// Its data, as it is sent.
    pub rdata: Vec<u8>,
}

impl RecordType {
    /// An IPv4 address.
    pub const A: RecordType = RecordType(1);
    /// An authoritative name server.
    pub const NS: RecordType = RecordType(2);
    /// The start of a zone.
    pub const SOA: RecordType = RecordType(6);
    /// Text.
    pub const TXT: RecordType = RecordType(16);
    /// Another name's alias.
    pub const CNAME: RecordType = RecordType(5);
    /// An IPv6 address.
    pub const AAAA: RecordType = RecordType(28);
    /// Emblems: the private type of the reference implementation, until IANA assigns one.
    pub const IHLE: RecordType = RecordType(65297);

    /// A type that emblems can be published under: not a type of a question or of a connection,
    /// and none that an ordinary zone uses.
    fn may_carry_emblems(self) -> bool {
        // Up to 127 and from 249 to 259: assigned. 128 to 255: questions and meta types. 65535 is reserved.
        (260..=65534).contains(&self.0) && !matches!(self.0, 32768 | 32769)
    }
}

impl FromStr for RecordType {
    type Err = NotARecordType;

    /// Reads a type that emblems can be published under.
    fn from_str(text: &str) -> Result<Self, NotARecordType> {
        let digits = match text.get(..4) {
            Some(word) if word.eq_ignore_ascii_case("TYPE") => &text[4..],
            _ => text,
        };
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| plain).map(RecordType);
        let number = number.filter(|it| it.may_carry_emblems());
        number.ok_or(NotARecordType)
    }
}

/// As in a zone file; types without a mnemonic of their own as RFC 3597 has it.
impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            RecordType::A => f.write_str("A"),
            RecordType::NS => f.write_str("NS"),
            RecordType::SOA => f.write_str("SOA"),
            RecordType::TXT => f.write_str("TXT"),
            RecordType::AAAA => f.write_str("AAAA"),
            RecordType(number) => write!(f, "TYPE{number}"),
        }
    }
}

/// The records that publish a set: an IHLE record for each item of the CWT dialect, a TXT record
/// for each of the JWS dialect, in their order and each once.
pub fn records(items: &[Item], ihle: RecordType) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for item in items {
        let record = match item {
            Item::Cwt(bytes) | Item::CoseKey(bytes) => Record {
                rtype: ihle,
                rdata: bytes.clone(),
            },
            Item::Jws(_) | Item::Jwk(_) | Item::Spki(_) => Record {
                rtype: RecordType::TXT,
                rdata: text::rdata(text::write(item).as_bytes()),
            },
        };
        // A set of records holds none twice (RFC 2181 section 5).
        if !records.contains(&record) {
            records.push(record);
        }
    }
    records
}

/// The lines of a zone file that publish a set; IHLE data in the generic syntax of RFC 3597, which
/// every name server reads.
pub fn zone_lines(name: &DomainName, items: &[Item], ihle: RecordType, ttl: u32) -> Vec<String> {
    let line = |record: &Record| {
        let data = match record.rtype {
            RecordType::TXT => text::presentation(&record.rdata),
            _ => format!(
                "\\# {} {}",
                record.rdata.len(),
                HEXUPPER.encode(&record.rdata)
            ),
        };
        format!("{name}. {ttl} IN {} {data}", record.rtype)
    };
    records(items, ihle).iter().map(line).collect()
}

/// A name as it is sent, in lower case (RFC 1035 section 3.1).
pub fn wire_name(name: &DomainName) -> Vec<u8> {
    let mut wire = Vec::with_capacity(name.as_str().len() + 2);
    for label in name.as_str().split('.') {
        wire.push(u8::try_from(label.len()).expect("a label has at most 63 bytes"));
        wire.extend(label.as_bytes());
    }
    wire.push(0);
    wire
}
