//! Zones and emblems from files.
//!
//! ```toml
//! [[zone]]
//! name = "example.org"
//! servers = ["ns1.example.org"]        # the first one is the primary
//! contact = "hostmaster.example.org"   # the mailbox, with a dot for the `@`
//! serial = 1                           # 1 if not given
//! ttl = 300                            # 300 if not given
//! emblems = "emblems"                  # a folder for each name, with its tokens and keys
//!
//! [[zone.host]]
//! name = "www.example.org"
//! addresses = ["192.0.2.10", "2001:db8::10"]
//! texts = ["v=spf1 -all"]
//! ```
//!
//! Paths are taken from the folder of the file. A file holds one token or one key: a CWT, COSE_Key,
//! compact JWS or JWK.

use std::fs;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ensign_mark::DomainName;
use ensign_mark::discovery::{Item, NotAnItem, Record, RecordType, text_data};
use ensign_mark::name::NameError;
use serde::Deserialize;

use super::zone::{Authority, Zone, ZoneError};

/// Longest file of zones, in bytes.
const MAX_ZONES: usize = 1024 * 1024;
/// Longest file of a token or key, in bytes.
const MAX_ITEM: usize = 64 * 1024;
/// Most tokens and keys of a name.
const MAX_ITEMS: usize = 64;

/// Why files make no zones.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum FileError {
    #[error("cannot read {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} is longer than {most} bytes", path.display())]
    TooLong { path: PathBuf, most: usize },
    #[error("{} holds more than {MAX_ITEMS} tokens and keys", path.display())]
    TooMany { path: PathBuf },
    #[error("{} describes no zones, line {line}: {message}", path.display())]
    Toml {
        path: PathBuf,
        line: usize,
        message: String,
    },
    #[error("{text:?} in {} is not the name of a host or zone", path.display())]
    Name {
        path: PathBuf,
        text: String,
        #[source]
        source: NameError,
    },
    #[error("{} holds no token or key", path.display())]
    Item {
        path: PathBuf,
        #[source]
        source: NotAnItem,
    },
    #[error("{} holds no zones that can be served", path.display())]
    Zone {
        path: PathBuf,
        #[source]
        source: ZoneError,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    zone: Vec<ZoneSheet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneSheet {
    name: String,
    servers: Vec<String>,
    contact: String,
    #[serde(default = "first")]
    serial: u32,
    #[serde(default = "five_minutes")]
    ttl: u32,
    emblems: Option<PathBuf>,
    #[serde(default)]
    host: Vec<HostSheet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostSheet {
    name: String,
    #[serde(default)]
    addresses: Vec<IpAddr>,
    #[serde(default)]
    texts: Vec<String>,
}

fn first() -> u32 {
    1
}

fn five_minutes() -> u32 {
    300
}

/// Reads zones, and the tokens and keys of their names.
///
/// # Errors
/// [`FileError`], which names the file.
pub fn read_zones(path: &Path, ihle: RecordType) -> Result<Vec<Zone>, FileError> {
    let bytes = read(path, MAX_ZONES)?;
    let wrong = |line: usize, message: &str| FileError::Toml {
        path: path.to_owned(),
        line,
        message: message.to_owned(),
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong(1, "not UTF-8"))?;
    let sheet: Sheet = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        wrong(line, error.message())
    })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let zones = sheet.zone.iter();
    zones.map(|it| zone(it, path, folder, ihle)).collect()
}

/// Reads the token or key in a file, or those in the files of a folder, in the order of their names.
///
/// # Errors
/// [`FileError`], which names the file.
pub fn read_items(path: &Path) -> Result<Vec<Item>, FileError> {
    if !path.is_dir() {
        return Ok(vec![read_item(path)?]);
    }
    let mut items = Vec::new();
    for entry in entries(path)? {
        if items.len() == MAX_ITEMS {
            let path = path.to_owned();
            return Err(FileError::TooMany { path });
        }
        items.push(read_item(&entry)?);
    }
    Ok(items)
}

fn zone(
    sheet: &ZoneSheet,
    path: &Path,
    folder: &Path,
    ihle: RecordType,
) -> Result<Zone, FileError> {
    let fault = |source| FileError::Zone {
        path: path.to_owned(),
        source,
    };
    let name = |text: &String| name(text, path);
    let authority = Authority {
        servers: sheet.servers.iter().map(name).collect::<Result<_, _>>()?,
        contact: name(&sheet.contact)?,
        serial: sheet.serial,
        ttl: sheet.ttl,
    };
    let mut zone = Zone::new(name(&sheet.name)?, authority).map_err(fault)?;
    for host in &sheet.host {
        let addresses = host.addresses.iter().map(|it| address(*it));
        let texts = host.texts.iter().map(|it| Record {
            rtype: RecordType::TXT,
            rdata: text_data(it.as_bytes()),
        });
        let host = name(&host.name)?;
        zone.add(&host, addresses.chain(texts)).map_err(fault)?;
    }
    let Some(emblems) = &sheet.emblems else {
        return Ok(zone);
    };
    for entry in entries(&folder.join(emblems))? {
        let text = entry.file_name().unwrap_or_default().to_string_lossy();
        let host = name(&text.into_owned())?;
        let items = read_items(&entry)?;
        zone.publish(&host, &items, ihle).map_err(fault)?;
    }
    Ok(zone)
}

fn address(address: IpAddr) -> Record {
    match address {
        IpAddr::V4(v4) => Record {
            rtype: RecordType::A,
            rdata: v4.octets().into(),
        },
        IpAddr::V6(v6) => Record {
            rtype: RecordType::AAAA,
            rdata: v6.octets().into(),
        },
    }
}

fn name(text: &str, path: &Path) -> Result<DomainName, FileError> {
    text.parse().map_err(|source| FileError::Name {
        path: path.to_owned(),
        text: text.to_owned(),
        source,
    })
}

/// What a folder holds, by name; hidden files are not meant.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let fault = |source| FileError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

fn read_item(path: &Path) -> Result<Item, FileError> {
    let bytes = read(path, MAX_ITEM)?;
    Item::from_file(&bytes).map_err(|source| FileError::Item {
        path: path.to_owned(),
        source,
    })
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read =
        fs::File::open(path).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|source| FileError::Read {
        path: path.to_owned(),
        source,
    })?;
    if bytes.len() > most {
        let path = path.to_owned();
        return Err(FileError::TooLong { path, most });
    }
    Ok(bytes)
}
