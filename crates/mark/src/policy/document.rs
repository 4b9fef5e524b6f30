//! A policy as TOML, which people write, and as deterministic CBOR, whose digest is its id.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use ensign_trust::cbor::{self, Value};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Enough, Honour, Policy, PolicyId, RevocationLists, Terms};
use crate::commitment::LogId;
use crate::identifier::AssetKind;
use crate::name::NameError;
use crate::purpose::{Purpose, Purposes};
use crate::verify::Level;

/// Longest policy that is read, in bytes, and most entries of each of its lists.
pub const MAX_POLICY: usize = 64 * 1024;
const MAX_LIST: usize = 256;

/// Why a text or bytes are not a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Not the deterministic CBOR of a policy.
    #[error("not the deterministic CBOR of a policy")]
    Encoding,
    /// An entry of a list has no meaning, or the list is empty, has it twice or is too long.
    #[error(
        "`{0}` has an entry that means nothing or stands twice, or is empty or too long: write {wanted}",
        wanted = wanted(.0)
    )]
    List(&'static str),
    /// An organisation cannot be read.
    #[error("an organisation that is honoured cannot be read")]
    Organisation(#[source] NameError),
    /// Longer than [`MAX_POLICY`].
    #[error("longer than the {MAX_POLICY} bytes of any policy")]
    TooLong,
    /// Not TOML of this shape: the reader's own words.
    #[error("{0}")]
    Toml(String),
    /// A value has no meaning.
    #[error("`{0}` has a value that means nothing: write {wanted}", wanted = wanted(.0))]
    Value(&'static str),
    /// Another version.
    #[error("the policy is of another version than 1")]
    Version,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Document {
    version: u64,
    least: Option<String>,
    commitments: Option<toml::Value>,
    evidence_days: Option<toml::Value>,
    revocation_lists: Option<String>,
    logs: Option<Vec<String>>,
    #[serde(default)]
    honour: Vec<HonourDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HonourDocument {
    organisation: String,
    emblems: Option<Vec<String>>,
    assets: Option<Vec<String>>,
}

impl Policy {
    /// A policy of these terms. Organisations are put in order.
    ///
    /// # Errors
    /// Where the terms mean nothing: no commitment at all is enough, an organisation stands twice
    /// or is honoured for no kind of asset, a list is too long.
    pub fn new(mut terms: Terms) -> Result<Self, PolicyError> {
        if terms.commitments == Enough::AtLeast(0) {
            return Err(PolicyError::Value("commitments"));
        }
        if terms.logs.len() > MAX_LIST {
            return Err(PolicyError::List("logs"));
        }
        let honours = &mut terms.honours;
        honours.sort_by(|a, b| a.organisation.cmp(&b.organisation));
        let mut pairs = honours.windows(2);
        if honours.len() > MAX_LIST || pairs.any(|it| it[0].organisation == it[1].organisation) {
            return Err(PolicyError::List("honour"));
        }
        if honours.iter().any(|it| it.kinds.is_empty()) {
            return Err(PolicyError::List("assets"));
        }
        let id = PolicyId(Sha256::digest(write(&terms)).into());
        Ok(Policy { terms, id })
    }

    /// Reads the TOML form.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_POLICY {
            return Err(PolicyError::TooLong);
        }
        let document: Document =
            toml::from_str(text).map_err(|why| PolicyError::Toml(why.message().to_owned()))?;
        if document.version != 1 {
            return Err(PolicyError::Version);
        }
        let default = Terms::default();
        let least = match document.least {
            None => default.least,
            Some(code) => level(&code).ok_or(PolicyError::Value("least"))?,
        };
        let commitments = match document.commitments {
            None => default.commitments,
            Some(toml::Value::String(word)) if word == "every" => Enough::Every,
            Some(value) => {
                let number = value.as_integer().and_then(|it| u8::try_from(it).ok());
                Enough::AtLeast(number.ok_or(PolicyError::Value("commitments"))?)
            }
        };
        let days = document.evidence_days.map(|value| {
            let days = value.as_integer().and_then(|it| u32::try_from(it).ok());
            days.ok_or(PolicyError::Value("evidence-days"))
        });
        let revocation = match document.revocation_lists {
            None => default.revocation,
            Some(code) => revocation(&code).ok_or(PolicyError::Value("revocation-lists"))?,
        };
        let log = |text: &String| {
            let bytes = BASE64.decode(text.as_bytes()).ok()?;
            Some(LogId::from_bytes(bytes.try_into().ok()?))
        };
        let honour = |honour: &HonourDocument| {
            let read = honour.organisation.parse();
            let mut read = Honour::of(read.map_err(PolicyError::Organisation)?);
            if let Some(codes) = &honour.emblems {
                read.purposes = purposes(codes).ok_or(PolicyError::List("emblems"))?;
            }
            if let Some(codes) = &honour.assets {
                read.kinds = set(codes, |it| kind(it)).ok_or(PolicyError::List("assets"))?;
            }
            Ok(read)
        };
        let logs = document
            .logs
            .map(|logs| set(&logs, log).ok_or(PolicyError::List("logs")));
        let honours = document.honour.iter().map(honour);
        Policy::new(Terms {
            least,
            commitments,
            evidence_days: days.transpose()?,
            revocation,
            logs: logs.transpose()?.unwrap_or_default(),
            honours: honours.collect::<Result<_, _>>()?,
        })
    }

    /// The deterministic CBOR whose digest is the policy's id.
    pub fn encode(&self) -> Vec<u8> {
        write(&self.terms)
    }

    /// Reads the CBOR form, strictly.
    pub fn decode(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > MAX_POLICY {
            return Err(PolicyError::TooLong);
        }
        let terms = cbor::decode(bytes).ok().and_then(read);
        let policy = Policy::new(terms.ok_or(PolicyError::Encoding)?)?;
        match policy.encode() == bytes {
            true => Ok(policy),
            false => Err(PolicyError::Encoding),
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy::new(Terms::default()).expect("the default terms mean something")
    }
}

fn write(terms: &Terms) -> Vec<u8> {
    let text = |text: &str| Value::text(text);
    let honour = |honour: &Honour| {
        let kinds = honour.kinds.iter().map(|it| text(it.code()));
        Value::Map(vec![
            (
                text("organisation"),
                Value::text(honour.organisation.to_string()),
            ),
            (text("emblems"), Value::Int(honour.purposes.bits().into())),
            (text("assets"), Value::Array(kinds.collect())),
        ])
    };
    let enough = match terms.commitments {
        Enough::AtLeast(number) => Value::Int(number.into()),
        Enough::Every => text("every"),
    };
    let revocation = match terms.revocation {
        RevocationLists::IfGiven => "if-given",
        RevocationLists::Required => "required",
    };
    let mut members = vec![
        (text("version"), Value::Int(1)),
        (text("least"), text(terms.least.code())),
        (text("commitments"), enough),
        (text("revocation-lists"), text(revocation)),
    ];
    if let Some(days) = terms.evidence_days {
        members.push((text("evidence-days"), Value::Int(days.into())));
    }
    if !terms.logs.is_empty() {
        let logs = terms.logs.iter().map(|log| Value::bytes(*log.as_bytes()));
        members.push((text("logs"), Value::Array(logs.collect())));
    }
    if !terms.honours.is_empty() {
        let honours = terms.honours.iter().map(honour);
        members.push((text("honour"), Value::Array(honours.collect())));
    }
    cbor::encode(&Value::Map(members))
}

/// Reads what [`write`] writes; the caller compares the encodings, which finds all that is more.
fn read(value: Value) -> Option<Terms> {
    let mut terms = Terms::default();
    for (name, value) in value.into_map()? {
        match name.into_text()?.as_str() {
            "version" => (value.as_u64()? == 1).then_some(())?,
            "least" => terms.least = level(&value.into_text()?)?,
            "commitments" => {
                terms.commitments = match &value {
                    Value::Text(word) if word == "every" => Enough::Every,
                    number => Enough::AtLeast(u8::try_from(number.as_u64()?).ok()?),
                }
            }
            "revocation-lists" => terms.revocation = revocation(&value.into_text()?)?,
            "evidence-days" => terms.evidence_days = Some(u32::try_from(value.as_u64()?).ok()?),
            "logs" => {
                let logs = value.into_array()?.into_iter();
                let log = |it: Value| Some(LogId::from_bytes(it.into_bytes()?.try_into().ok()?));
                terms.logs = logs.map(log).collect::<Option<_>>()?;
            }
            "honour" => {
                let honours = value.into_array()?.into_iter();
                terms.honours = honours.map(read_honour).collect::<Option<_>>()?;
            }
            _ => return None,
        }
    }
    Some(terms)
}

fn read_honour(value: Value) -> Option<Honour> {
    let members: [(Value, Value); 3] = value.into_map()?.try_into().ok()?;
    // In the order of their encodings, shortest first.
    let [(_, assets), (_, emblems), (_, organisation)] = members;
    let kinds = assets.into_array()?.into_iter();
    Some(Honour {
        organisation: organisation.into_text()?.parse().ok()?,
        purposes: Purposes::from_bits(emblems.as_u64()?)?,
        kinds: kinds
            .map(|it| kind(&it.into_text()?))
            .collect::<Option<_>>()?,
    })
}

/// What may stand as a value or in a list.
fn wanted(name: &str) -> &'static str {
    match name {
        "assets" => "one or more of \"address\", \"domain\", \"network\", each once",
        "commitments" => "\"every\", or a whole number from 1 to 255",
        "emblems" => {
            "one or more of \"protective\", \"indicative\", \"dangerous-forces\", \
             \"civil-defence\", \"cultural-property\", each once"
        }
        "evidence-days" => "a whole number of days, from 0 to 4294967295",
        "honour" => "each organisation once, and at most 256 of them",
        "least" => "\"signed\", \"organizational\" or \"endorsed\"",
        "logs" => "ids of logs, 32 bytes in base64, each once and at most 256 of them",
        _ => "\"if-given\" or \"required\"",
    }
}

fn level(code: &str) -> Option<Level> {
    Level::ALL.into_iter().find(|it| it.code() == code)
}

fn kind(code: &str) -> Option<AssetKind> {
    AssetKind::ALL.into_iter().find(|it| it.code() == code)
}

fn revocation(code: &str) -> Option<RevocationLists> {
    match code {
        "if-given" => Some(RevocationLists::IfGiven),
        "required" => Some(RevocationLists::Required),
        _ => None,
    }
}

fn purposes(codes: &[String]) -> Option<Purposes> {
    let purposes = set(codes, |it| Purpose::from_code(it))?;
    let purposes = purposes.into_iter().map(Purposes::from);
    purposes.reduce(|one, other| one | other)
}

/// A list as a set; none where it is empty, an entry means nothing or stands twice.
fn set<T: Ord>(list: &[String], read: impl Fn(&String) -> Option<T>) -> Option<BTreeSet<T>> {
    let read: BTreeSet<T> = list.iter().map(read).collect::<Option<_>>()?;
    (!list.is_empty() && read.len() == list.len()).then_some(read)
}
