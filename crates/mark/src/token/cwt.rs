//! Reading the CWT dialect.
//!
//! ```cddl
//! token     = #6.61(#6.18([ bstr .cbor header, {}, bstr .cbor claims, signature: bstr ]))
//! header    = { 1: alg, 4: bstr .size 32, ? 16: "application/adem", ? "log": [+ entry], * any }
//! claims    = { "ver": 1, ? 6: date, 5: date, 4: date, ? 1: tstr, "prp": 1..31,
//!               ( "assets": [+ tstr] ) / ( ? 2: tstr, "key": bstr .size 32, "end": bool, ? "log": [+ entry] ) }
//! entry     = { "id": bstr .size 32, ("hash": bstr .size 32) / ("index": uint) }
//! date      = int / float
//! ```
//!
//! `log` is a claim in the draft's tables and a header parameter in its rules and in code: both are
//! read, one of them is written. Read strictly, the outer form has one spelling; within it, order and
//! widths are free, and the signature covers them. Unknown text claims are passed over; unknown integer claims, text
//! spellings of registered ones and the obsolete `emb` are refused.

use super::{
    CONTENT_TYPE, Claims, Dialect, Emblem, Endorsement, Leaf, LogEntry, MAX_TOKEN, Reading, Signer,
    Token, TokenError, Validity, round_up,
};
use crate::cbor::{self, Item, Map};
use crate::commitment::LogId;
use crate::encoding::Flaw;
use crate::identifier::{Identifier, IdentifierError};
use crate::key::{Algorithm, Kid};
use crate::name::Organisation;
use crate::purpose::Purposes;

pub(super) const ISS: i128 = 1;
pub(super) const SUB: i128 = 2;
const AUD: i128 = 3;
pub(super) const EXP: i128 = 4;
pub(super) const NBF: i128 = 5;
pub(super) const IAT: i128 = 6;
const CTI: i128 = 7;

/// Header parameters.
pub(super) const ALG: i128 = 1;
const CRIT: i128 = 2;
pub(super) const KID: i128 = 4;
pub(super) const TYP: i128 = 16;

/// Tags of a CWT and of a COSE_Sign1.
pub(super) const TAG_CWT: u64 = 61;
pub(super) const TAG_SIGN1: u64 = 18;

/// Text names that the registered claims must not be spelled with, and the obsolete `emb`.
const REGISTERED: [&str; 9] = [
    "aud", "cti", "emb", "exp", "iat", "iss", "jti", "nbf", "sub",
];

/// Most entries of a `log`.
pub(super) const MAX_LOG: usize = 16;

pub(super) fn read(bytes: &[u8], reading: Reading) -> Result<Token, TokenError> {
    if bytes.len() > MAX_TOKEN {
        return Err(TokenError::TooLong);
    }
    let item = cbor::decode(bytes).map_err(|why| TokenError::Encoding("token", why))?;
    let wrong = |found, expected| Err(TokenError::Tag { found, expected });
    let parts = match item {
        Item::Tag(TAG_CWT, inner) => match *inner {
            Item::Tag(TAG_SIGN1, parts) => *parts,
            Item::Tag(found, _) => return wrong(found, TAG_SIGN1),
            Item::Array(_) => return Err(TokenError::Untagged(TAG_SIGN1)),
            _ => return Err(TokenError::Shape),
        },
        Item::Tag(TAG_SIGN1, parts) => match reading {
            Reading::Lenient => *parts,
            Reading::Strict => return Err(TokenError::NoCwtTag),
        },
        Item::Tag(found, _) => return wrong(found, TAG_CWT),
        Item::Array(_) => return Err(TokenError::Untagged(TAG_CWT)),
        _ => return Err(TokenError::Shape),
    };
    let Item::Array(parts) = parts else {
        return Err(TokenError::Shape);
    };
    let [header, unprotected, payload, signature] = parts.as_slice() else {
        return Err(TokenError::Shape);
    };
    let header = string(header, "protected header")?;
    let Item::Map(unprotected) = unprotected else {
        return Err(TokenError::Part("unprotected header"));
    };
    let payload = string(payload, "payload")?;
    let signature = string(signature, "signature")?;
    if unprotected.len() != 0 {
        return Err(TokenError::Unprotected);
    }
    if reading == Reading::Strict && envelope(header, payload, signature) != bytes {
        return Err(TokenError::Spelling);
    }
    let parameters = map(header, "protected header")?;
    let algorithm = match parameters.int(ALG) {
        Some(Item::Int(number)) => Algorithm::from_cose(*number).ok_or(TokenError::Algorithm)?,
        _ => return Err(TokenError::Header("alg")),
    };
    let kid = match parameters.int(KID) {
        Some(Item::Bytes(kid)) => fixed(kid).ok_or(TokenError::Header("kid"))?,
        _ => return Err(TokenError::Header("kid")),
    };
    match parameters.int(TYP) {
        None | Some(Item::Text(CONTENT_TYPE)) => {}
        Some(_) => return Err(TokenError::Header("typ")),
    }
    critical(&parameters)?;
    if signature.len() != algorithm.signature_len() {
        return Err(TokenError::SignatureLength);
    }
    let claims = read_claims(&map(payload, "payload")?, parameters.text("log"))?;
    Ok(Token {
        bytes: bytes.to_vec(),
        dialect: Dialect::Cwt,
        algorithm,
        signer: Signer::Named(Kid::from_bytes(kid)),
        claims,
        signed: sig_structure(header, payload),
        signature: signature.to_vec(),
    })
}

/// Whether bytes begin with the tag of a CWT, in whatever width.
pub(super) fn is_tagged(bytes: &[u8]) -> bool {
    matches!(cbor::decode(bytes), Ok(Item::Tag(TAG_CWT, _)))
}

/// Whether bytes are the four parts of a COSE_Sign1, under whatever tags or none.
pub(crate) fn is_signed_message(bytes: &[u8]) -> bool {
    let Ok(mut item) = cbor::decode(bytes) else {
        return false;
    };
    while let Item::Tag(_, inner) = item {
        item = *inner;
    }
    let Item::Array(parts) = item else {
        return false;
    };
    matches!(
        parts[..],
        [Item::Bytes(_), Item::Map(_), Item::Bytes(_), Item::Bytes(_)]
    )
}

/// RFC 9052 section 4.4, with no external data.
pub(super) fn sig_structure(header: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(header.len() + payload.len() + 24);
    out.extend_from_slice(b"\x84\x6aSignature1");
    for part in [header, &[], payload] {
        push_bytes(part, &mut out);
    }
    out
}

/// The token around these parts, in the one form that is written.
fn envelope(header: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(header.len() + payload.len() + signature.len() + 16);
    // Tags 61 and 18, an array of four; the unprotected header is the empty map.
    out.extend_from_slice(&[0xd8, 0x3d, 0xd2, 0x84]);
    push_bytes(header, &mut out);
    out.push(0xa0);
    push_bytes(payload, &mut out);
    push_bytes(signature, &mut out);
    out
}

/// A byte string with its shortest head.
fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    let length = bytes.len();
    match u8::try_from(length) {
        Ok(short @ 0..=23) => out.push(0x40 | short),
        Ok(one) => out.extend_from_slice(&[0x58, one]),
        Err(_) => {
            // Parts of a token are at most MAX_TOKEN long.
            let two = u16::try_from(length).expect("a token's part fits two bytes of length");
            out.push(0x59);
            out.extend_from_slice(&two.to_be_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

fn map<'a>(bytes: &'a [u8], part: &'static str) -> Result<Map<'a>, TokenError> {
    let wrong = |why| TokenError::Encoding(part, why);
    match cbor::decode(bytes).map_err(wrong)? {
        Item::Map(map) => Ok(map),
        _ => Err(wrong(Flaw::NotAMap.at(0))),
    }
}

fn string<'a>(item: &Item<'a>, part: &'static str) -> Result<&'a [u8], TokenError> {
    match item {
        Item::Bytes(bytes) => Ok(bytes),
        _ => Err(TokenError::Part(part)),
    }
}

fn critical(parameters: &Map) -> Result<(), TokenError> {
    let Some(critical) = parameters.int(CRIT) else {
        return Ok(());
    };
    let understood = |label: &Item| match label {
        Item::Int(label) => [ALG, KID, TYP].contains(label) && parameters.int(*label).is_some(),
        Item::Text(label) => *label == "log" && parameters.text(label).is_some(),
        _ => false,
    };
    match critical {
        Item::Array(labels) if !labels.is_empty() && labels.iter().all(understood) => Ok(()),
        _ => Err(TokenError::Critical),
    }
}

fn read_claims(claims: &Map, header_log: Option<&Item>) -> Result<Claims, TokenError> {
    for key in claims.keys() {
        match key {
            Item::Int(ISS | SUB | EXP | NBF | IAT) => {}
            Item::Text(name) => {
                if let Some(name) = REGISTERED.into_iter().find(|it| it == name) {
                    return Err(TokenError::Forbidden(name));
                }
            }
            Item::Int(AUD) => return Err(TokenError::Forbidden("aud")),
            Item::Int(CTI) => return Err(TokenError::Forbidden("cti")),
            Item::Int(number) => return Err(TokenError::ClaimNumber(*number)),
            _ => return Err(TokenError::ClaimName),
        }
    }
    match claims.text("ver") {
        Some(Item::Int(1)) => {}
        Some(Item::Int(_)) => return Err(TokenError::Version),
        Some(_) => return Err(TokenError::Claim("ver")),
        None => return Err(TokenError::Missing("ver")),
    }
    let validity = Validity {
        not_before: date(claims, NBF, "nbf")?.ok_or(TokenError::Missing("nbf"))?,
        expires: date(claims, EXP, "exp")?.ok_or(TokenError::Missing("exp"))?,
        issued: date(claims, IAT, "iat")?,
    };
    let issuer = organisation(claims, ISS, "iss")?;
    let purposes = match claims.text("prp") {
        Some(Item::Int(bits)) => u64::try_from(*bits).ok().and_then(Purposes::from_bits),
        Some(_) => None,
        None => return Err(TokenError::Missing("prp")),
    };
    let purposes = Some(purposes.ok_or(TokenError::Claim("prp"))?);
    let log = match (header_log, claims.text("log")) {
        (None, None) => None,
        (Some(log), None) | (None, Some(log)) => Some(log),
        (Some(_), Some(_)) => return Err(TokenError::Claim("log")),
    };
    if let Some(assets) = claims.text("assets") {
        let forbidden = [
            ("sub", claims.int(SUB)),
            ("key", claims.text("key")),
            ("end", claims.text("end")),
            ("log", log),
        ];
        if let Some((name, _)) = forbidden.into_iter().find(|(_, it)| it.is_some()) {
            return Err(TokenError::Forbidden(name));
        }
        return Ok(Claims::Emblem(Emblem {
            issuer,
            validity,
            purposes,
            assets: read_assets(assets)?,
            channels: None,
        }));
    }
    let key = match claims.text("key") {
        Some(Item::Bytes(kid)) => fixed(kid).ok_or(TokenError::Claim("key"))?,
        Some(_) => return Err(TokenError::Claim("key")),
        None => return Err(TokenError::Kind),
    };
    let may_endorse = match claims.text("end") {
        Some(Item::Bool(end)) => *end,
        Some(_) => return Err(TokenError::Claim("end")),
        None => return Err(TokenError::Missing("end")),
    };
    Ok(Claims::Endorsement(Endorsement {
        issuer,
        subject: organisation(claims, SUB, "sub")?,
        validity,
        key: Kid::from_bytes(key),
        may_endorse,
        log: log.map(read_log).transpose()?.unwrap_or_default(),
        purposes,
        channels: None,
        assets: None,
        window: None,
    }))
}

fn read_assets(assets: &Item) -> Result<Vec<Identifier>, TokenError> {
    let Item::Array(assets) = assets else {
        return Err(TokenError::Claim("assets"));
    };
    if assets.is_empty() {
        return Err(TokenError::Claim("assets"));
    }
    let asset = |asset: &Item| match asset {
        Item::Text(text) => match text.parse() {
            Ok(domain @ Identifier::Domain(_)) => Ok(domain),
            Ok(_) | Err(IdentifierError::Bare) => {
                Err(TokenError::Asset(IdentifierError::OtherDialect))
            }
            Err(why) => Err(TokenError::Asset(why)),
        },
        _ => Err(TokenError::Claim("assets")),
    };
    assets.iter().map(asset).collect()
}

fn read_log(log: &Item) -> Result<Vec<LogEntry>, TokenError> {
    const WRONG: TokenError = TokenError::Claim("log");
    let Item::Array(entries) = log else {
        return Err(WRONG);
    };
    if entries.is_empty() || entries.len() > MAX_LOG {
        return Err(WRONG);
    }
    let entry = |entry: &Item| {
        let Item::Map(entry) = entry else {
            return Err(WRONG);
        };
        let Some(Item::Bytes(log)) = entry.text("id") else {
            return Err(WRONG);
        };
        let leaf = match (entry.text("hash"), entry.text("index")) {
            (Some(Item::Bytes(hash)), None) => Leaf::Hash(fixed(hash).ok_or(WRONG)?),
            (None, Some(Item::Int(index))) => {
                Leaf::Index(u64::try_from(*index).map_err(|_| WRONG)?)
            }
            _ => return Err(WRONG),
        };
        if entry.len() != 2 {
            return Err(WRONG);
        }
        let log = LogId::from_bytes(fixed(log).ok_or(WRONG)?);
        Ok(LogEntry { log, leaf })
    };
    entries.iter().map(entry).collect()
}

fn date(claims: &Map, label: i128, name: &'static str) -> Result<Option<i64>, TokenError> {
    let seconds = match claims.int(label) {
        None => return Ok(None),
        Some(Item::Int(seconds)) => i64::try_from(*seconds).ok(),
        Some(Item::Float(seconds)) => round_up(*seconds),
        Some(_) => None,
    };
    seconds.map(Some).ok_or(TokenError::Claim(name))
}

fn organisation(
    claims: &Map,
    label: i128,
    name: &'static str,
) -> Result<Option<Organisation>, TokenError> {
    match claims.int(label) {
        None => Ok(None),
        Some(Item::Text(text)) => text.parse().map(Some).map_err(TokenError::Organisation),
        Some(_) => Err(TokenError::Claim(name)),
    }
}

fn fixed(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}
