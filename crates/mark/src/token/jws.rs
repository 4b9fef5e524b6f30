//! Reading the JWS dialect: `base64url(header).base64url(claims).base64url(signature)`.
//!
//! | part | members |
//! |---|---|
//! | header | `alg`, `cty` (`adem-emb` or `adem-end`), `kid` or `jwk` (`kid` wins); `typ` is `JWT` where it stands |
//! | both | `ver` (`v1`), `nbf`, `exp`, `iat`?, `iss`?, `emb`? |
//! | emblem | one of `assets`, `bearers`, `ass`; `emb` {`prp`?, `dst`?} |
//! | endorsement | `key` (id or JWK), `sub`?, `end`?, `log`?; `emb` {`prp`?, `dst`?, `assets`?, `wnd`?} |
//!
//! Absent claims are absent: an emblem that does not say its purpose or channel claims any, which
//! only an endorsement that permits all permits. Unknown members are passed over, as RFC 7515 and
//! RFC 7519 ask; whatever is critical is refused.

use data_encoding::{BASE64, BASE64URL_NOPAD, DecodeError};

use super::cwt::MAX_LOG;
use super::{
    Channels, Claims, Dialect, Emblem, Endorsement, Leaf, LogEntry, MAX_TOKEN, Signer, Token,
    TokenError, Validity, round_up,
};
use crate::commitment::LogId;
use crate::encoding::Flaw;
use crate::identifier::Identifier;
use crate::json::{self, Json, Object};
use crate::key::{self, Algorithm, Kid};
use crate::name::Organisation;
use crate::purpose::{Purpose, Purposes};

/// The names that drafts and code gave to the same claim.
const ASSETS: [&str; 3] = ["assets", "bearers", "ass"];

pub(super) fn read(bytes: &[u8]) -> Result<Token, TokenError> {
    if bytes.len() > MAX_TOKEN {
        return Err(TokenError::TooLong);
    }
    let mut dots = (0..bytes.len()).filter(|at| bytes[*at] == b'.');
    let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
        return Err(TokenError::Encoding("token", Flaw::NotThreeParts.at(0)));
    };
    let header = object(&bytes[..first], "header")?;
    let claims = object(&bytes[first + 1..second], "payload")?;
    let signature = base64(&bytes[second + 1..], "signature")?;

    if header.get("crit").is_some() {
        return Err(TokenError::Critical);
    }
    let text = |name: &'static str| match header.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(TokenError::Header(name)),
    };
    let algorithm = match text("alg")? {
        None => return Err(TokenError::Header("alg")),
        Some("none") => return Err(TokenError::Unsigned),
        Some(name) => Algorithm::from_jose(name).ok_or(TokenError::Algorithm)?,
    };
    if text("typ")?.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return Err(TokenError::Header("typ"));
    }
    let signer = match (text("kid")?, header.get("jwk")) {
        (Some(kid), _) => Signer::Named(kid.parse().map_err(|_| TokenError::Header("kid"))?),
        (None, Some(jwk)) => {
            let members = jwk.as_object().ok_or(TokenError::Header("jwk"))?;
            let key = key::read_jwk(members).map_err(TokenError::EnclosedKey)?;
            Signer::Enclosed(Box::new(key))
        }
        (None, None) => return Err(TokenError::Header("kid")),
    };
    if signature.len() != algorithm.signature_len() {
        return Err(TokenError::SignatureLength);
    }
    let claims = match text("cty")? {
        Some("adem-emb") => Claims::Emblem(emblem(&claims)?),
        Some("adem-end") => Claims::Endorsement(endorsement(&claims)?),
        _ => return Err(TokenError::Kind),
    };
    Ok(Token {
        bytes: bytes.to_vec(),
        dialect: Dialect::Jws,
        algorithm,
        signer,
        claims,
        signed: bytes[..second].to_vec(),
        signature,
    })
}

fn object(part: &[u8], name: &'static str) -> Result<Object, TokenError> {
    let wrong = |why| TokenError::Encoding(name, why);
    match json::read(&base64(part, name)?).map_err(wrong)? {
        Json::Object(members) => Ok(members),
        _ => Err(wrong(Flaw::NotAMap.at(0))),
    }
}

fn base64(part: &[u8], name: &'static str) -> Result<Vec<u8>, TokenError> {
    let wrong = |why: DecodeError| TokenError::Encoding(name, Flaw::NotBase64.at(why.position));
    BASE64URL_NOPAD.decode(part).map_err(wrong)
}

fn emblem(claims: &Object) -> Result<Emblem, TokenError> {
    for name in ["key", "end", "log", "sub"] {
        if claims.get(name).is_some() {
            return Err(TokenError::Forbidden(name));
        }
    }
    let limits = limits(claims)?;
    let assets = assets(claims)?.ok_or(TokenError::Missing("assets"))?;
    Ok(Emblem {
        issuer: organisation(claims, "iss")?,
        validity: validity(claims)?,
        purposes: purposes(&limits)?,
        assets,
        channels: channels(&limits)?,
    })
}

fn endorsement(claims: &Object) -> Result<Endorsement, TokenError> {
    for name in ASSETS {
        if claims.get(name).is_some() {
            return Err(TokenError::Forbidden(name));
        }
    }
    let limits = limits(claims)?;
    let key = match claims.get("key") {
        None => return Err(TokenError::Missing("key")),
        Some(Json::Text(kid)) => kid.parse().map_err(|_| TokenError::Claim("key"))?,
        Some(Json::Object(jwk)) => {
            let key = key::read_jwk(jwk).map_err(TokenError::EnclosedKey)?;
            key.kid(Dialect::Jws)
        }
        Some(_) => return Err(TokenError::Claim("key")),
    };
    let key: Kid = key;
    let may_endorse = match claims.get("end") {
        None => false,
        Some(Json::Bool(end)) => *end,
        Some(_) => return Err(TokenError::Claim("end")),
    };
    let window = match limits.get("wnd") {
        None => None,
        Some(seconds) => Some(seconds.as_u64().ok_or(TokenError::Claim("wnd"))?),
    };
    Ok(Endorsement {
        issuer: organisation(claims, "iss")?,
        subject: organisation(claims, "sub")?,
        validity: validity(claims)?,
        key,
        may_endorse,
        log: log(claims)?,
        purposes: purposes(&limits)?,
        channels: channels(&limits)?,
        assets: assets(&limits)?,
        window,
    })
}

/// The members of `emb`; none where it is absent.
fn limits(claims: &Object) -> Result<Object, TokenError> {
    match claims.get("emb") {
        None => Ok(Object::default()),
        Some(Json::Object(limits)) => Ok(limits.clone()),
        Some(_) => Err(TokenError::Claim("emb")),
    }
}

fn validity(claims: &Object) -> Result<Validity, TokenError> {
    match claims.get("ver") {
        None => return Err(TokenError::Missing("ver")),
        Some(Json::Text(version)) if version == "v1" => {}
        Some(Json::Text(_)) => return Err(TokenError::Version),
        Some(_) => return Err(TokenError::Claim("ver")),
    }
    let date = |name: &'static str| {
        let seconds = match claims.get(name) {
            None => return Ok(None),
            Some(Json::Integer(seconds)) => i64::try_from(*seconds).ok(),
            Some(Json::Float(seconds)) => round_up(*seconds),
            Some(_) => None,
        };
        seconds.map(Some).ok_or(TokenError::Claim(name))
    };
    Ok(Validity {
        not_before: date("nbf")?.ok_or(TokenError::Missing("nbf"))?,
        expires: date("exp")?.ok_or(TokenError::Missing("exp"))?,
        issued: date("iat")?,
    })
}

fn organisation(claims: &Object, name: &'static str) -> Result<Option<Organisation>, TokenError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => text.parse().map(Some).map_err(TokenError::Organisation),
        Some(_) => Err(TokenError::Claim(name)),
    }
}

fn purposes(limits: &Object) -> Result<Option<Purposes>, TokenError> {
    let Some(names) = limits.get("prp") else {
        return Ok(None);
    };
    let mut purposes: Option<Purposes> = None;
    for name in names.as_array().ok_or(TokenError::Claim("prp"))? {
        let purpose = match name.as_str() {
            Some("protective") => Purposes::from(Purpose::Protective),
            Some("indicative") => Purposes::from(Purpose::Indicative),
            _ => return Err(TokenError::Claim("prp")),
        };
        purposes = Some(purposes.map_or(purpose, |before| before | purpose));
    }
    purposes.map(Some).ok_or(TokenError::Claim("prp"))
}

fn channels(limits: &Object) -> Result<Option<Channels>, TokenError> {
    let Some(names) = limits.get("dst") else {
        return Ok(None);
    };
    const WRONG: TokenError = TokenError::Claim("dst");
    let names = names.as_array().ok_or(WRONG)?;
    let names: Option<Vec<_>> = names.iter().map(Json::as_str).collect();
    let channels = names.and_then(Channels::from_names);
    channels.map(Some).ok_or(WRONG)
}

/// The assets under whichever of their names is used; two names at once are refused.
fn assets(members: &Object) -> Result<Option<Vec<Identifier>>, TokenError> {
    const WRONG: TokenError = TokenError::Claim("assets");
    let mut found = ASSETS.iter().filter_map(|name| members.get(name));
    let (first, None) = (found.next(), found.next()) else {
        return Err(WRONG);
    };
    let Some(first) = first else {
        return Ok(None);
    };
    let items = first.as_array().filter(|items| !items.is_empty());
    let asset = |item: &Json| {
        let text = item.as_str().ok_or(WRONG)?;
        text.parse().map_err(TokenError::Asset)
    };
    let assets: Result<Vec<_>, _> = items.ok_or(WRONG)?.iter().map(asset).collect();
    assets.map(Some)
}

fn log(claims: &Object) -> Result<Vec<LogEntry>, TokenError> {
    const WRONG: TokenError = TokenError::Claim("log");
    let Some(entries) = claims.get("log") else {
        return Ok(Vec::new());
    };
    let entries = entries.as_array().ok_or(WRONG)?;
    if entries.is_empty() || entries.len() > MAX_LOG {
        return Err(WRONG);
    }
    let digest = |value: &Json| {
        let bytes = BASE64.decode(value.as_str()?.as_bytes()).ok()?;
        <[u8; 32]>::try_from(bytes).ok()
    };
    let entry = |entry: &Json| {
        let entry = entry.as_object().ok_or(WRONG)?;
        let log = entry.get("id").and_then(digest).ok_or(WRONG)?;
        let version = entry.get("ver").and_then(Json::as_str);
        let leaf = match (version, entry.get("hash"), entry.get("index")) {
            (Some("v1"), Some(hash), None) => Leaf::Hash(digest(hash).ok_or(WRONG)?),
            (Some("static"), None, Some(index)) => Leaf::Index(index.as_u64().ok_or(WRONG)?),
            _ => return Err(WRONG),
        };
        let log = LogId::from_bytes(log);
        Ok(LogEntry { log, leaf })
    };
    entries.iter().map(entry).collect()
}
