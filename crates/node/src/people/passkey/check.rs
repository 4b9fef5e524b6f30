//! Whether what a browser answers proves a passkey: Web Authentication Level 3, sections 7.1 and 7.2.
//!
//! What the node asks for is narrow, and so is what it takes: ES256 and EdDSA, the person verified,
//! this address alone and not in a frame of another, no attestation. "None" may come as self
//! attestation, which a browser passes on where it names no model; it is checked like any signature.
//! CBOR is read in its one canonical form, which authenticators and browsers have to write (section 2).

use data_encoding::BASE64URL_NOPAD;
use ensign_trust::cbor::{self, Value};
use ensign_trust::key::PublicKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::config::Address;

/// Most bytes of a credential's id (section 4, credential ID).
const MAX_ID: usize = 1023;

/// The person was there.
const PRESENT: u8 = 0x01;
/// The person was verified, by a finger or a number that only they know.
const VERIFIED: u8 = 0x04;
/// The passkey may be copied to the person's other devices.
const ELIGIBLE: u8 = 0x08;
/// It is.
const BACKED_UP: u8 = 0x10;
/// A fresh credential is told.
const ATTESTED: u8 = 0x40;
/// Extensions are told.
const EXTENDED: u8 = 0x80;

/// Why an answer proves nothing. It goes to the program log, and says nothing of whose it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    #[error("it is not an answer as browsers write it")]
    Unreadable,
    #[error("it is the answer to another ceremony")]
    Type,
    #[error("its challenge was not given out for this, was answered before or has lapsed")]
    Challenge,
    #[error("it was made at another origin than `web.address`")]
    Origin,
    #[error("it was made in a frame of another page")]
    Framed,
    #[error("it was made for another host than that of `web.address`")]
    Host,
    #[error("nobody was there when it was made")]
    NotPresent,
    #[error("who was there was not verified")]
    NotVerified,
    #[error("it contradicts itself, or what was said before, about copies")]
    Copies,
    #[error("the credential is none that was asked for, or was there before")]
    Credential,
    #[error("the attestation is neither none nor the credential's own")]
    Attestation,
    #[error("the signature does not verify")]
    Signature,
    #[error("the counter of signatures went back")]
    Counter,
    #[error("the credential is not known here")]
    Unknown,
    #[error("it is another person's")]
    Owner,
}

/// What a browser says when a passkey was made (`RegistrationResponseJSON`).
pub(super) struct Made {
    id: Vec<u8>,
    client: Client,
    object: Vec<u8>,
}

/// What a browser says when a passkey was used (`AuthenticationResponseJSON`).
pub(super) struct Used {
    pub id: Vec<u8>,
    /// What the passkey was made with, as whose.
    pub handle: Vec<u8>,
    client: Client,
    data: Vec<u8>,
    signature: Vec<u8>,
}

/// A passkey that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fresh {
    pub id: Vec<u8>,
    pub key: PublicKey,
    /// How often it has signed, or nothing for ever.
    pub count: u32,
    /// Whether it may be copied to other devices.
    pub eligible: bool,
}

/// What the browser itself says of the ceremony, and its digest.
struct Client {
    told: Told,
    challenge: Vec<u8>,
    digest: [u8; 32],
}

/// `CollectedClientData`, section 5.8.1; what it may say in future is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<R> {
    id: String,
    raw_id: String,
    r#type: String,
    response: R,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attested {
    #[serde(rename = "clientDataJSON")]
    client: String,
    attestation_object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asserted {
    #[serde(rename = "clientDataJSON")]
    client: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

/// An attestation object, section 6.5.4.
struct Attestation {
    format: String,
    statement: Vec<(Value, Value)>,
    data: Vec<u8>,
}

/// Authenticator data, section 6.1.
struct Data {
    host: [u8; 32],
    flags: u8,
    count: u32,
    credential: Option<(Vec<u8>, PublicKey)>,
}

impl Made {
    pub fn read(text: &str) -> Result<Self, Flaw> {
        let (id, response) = answer::<Attested>(text)?;
        Ok(Made {
            id,
            client: Client::read(&response.client)?,
            object: bytes(&response.attestation_object)?,
        })
    }

    /// What it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.client.challenge
    }

    /// The passkey, once all that section 7.1 asks of it holds but its challenge and that it is new.
    pub fn check(&self, address: &Address) -> Result<Fresh, Flaw> {
        self.client.check("webauthn.create", address)?;
        let Attestation {
            format,
            statement,
            data,
        } = Attestation::read(&self.object)?;
        let read = Data::read(&data)?;
        read.check(address)?;
        let (id, key) = read.credential.clone().ok_or(Flaw::Credential)?;
        if id != self.id {
            return Err(Flaw::Credential);
        }
        match (format.as_str(), statement.as_slice()) {
            ("none", []) => (),
            (
                "packed",
                [
                    (Value::Text(alg), Value::Int(algorithm)),
                    (Value::Text(sig), Value::Bytes(signature)),
                ],
            ) if alg == "alg" && sig == "sig" && *algorithm == key.algorithm().cose() => {
                let signed = [data.as_slice(), &self.client.digest].concat();
                let checked = key.verify_authenticator(&signed, signature);
                checked.map_err(|_| Flaw::Attestation)?;
            }
            _ => return Err(Flaw::Attestation),
        }
        Ok(Fresh {
            id,
            key,
            count: read.count,
            eligible: read.has(ELIGIBLE),
        })
    }
}

impl Used {
    pub fn read(text: &str) -> Result<Self, Flaw> {
        let (id, response) = answer::<Asserted>(text)?;
        Ok(Used {
            id,
            // Nobody has typed a name: without it nobody is meant.
            handle: bytes(&response.user_handle.ok_or(Flaw::Owner)?)?,
            client: Client::read(&response.client)?,
            data: bytes(&response.authenticator_data)?,
            signature: bytes(&response.signature)?,
        })
    }

    /// What it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.client.challenge
    }

    /// How often the passkey has signed by now, once all that section 7.2 asks holds but its challenge
    /// and whose it is. `count` and `eligible` are those of the last time.
    pub fn check(
        &self,
        address: &Address,
        key: &PublicKey,
        count: u32,
        eligible: bool,
    ) -> Result<u32, Flaw> {
        self.client.check("webauthn.get", address)?;
        let read = Data::read(&self.data)?;
        read.check(address)?;
        if read.credential.is_some() {
            return Err(Flaw::Unreadable);
        }
        if read.has(ELIGIBLE) != eligible {
            return Err(Flaw::Copies);
        }
        let signed = [self.data.as_slice(), &self.client.digest].concat();
        let checked = key.verify_authenticator(&signed, &self.signature);
        checked.map_err(|_| Flaw::Signature)?;
        match (read.count, count) {
            // It does not count.
            (0, 0) => Ok(0),
            (now, before) if now > before => Ok(now),
            _ => Err(Flaw::Counter),
        }
    }
}

impl Client {
    fn read(text: &str) -> Result<Self, Flaw> {
        let told = bytes(text)?;
        let digest = Sha256::digest(&told).into();
        let told: Told = json(&told)?;
        Ok(Client {
            challenge: bytes(&told.challenge)?,
            told,
            digest,
        })
    }

    fn check(&self, ceremony: &str, address: &Address) -> Result<(), Flaw> {
        if self.told.r#type != ceremony {
            return Err(Flaw::Type);
        }
        if self.told.origin != address.origin() {
            return Err(Flaw::Origin);
        }
        match self.told.cross_origin || self.told.top_origin.is_some() {
            true => Err(Flaw::Framed),
            false => Ok(()),
        }
    }
}

impl Attestation {
    fn read(object: &[u8]) -> Result<Self, Flaw> {
        let members = cbor::decode(object).ok().and_then(Value::into_map);
        let members = <[_; 3]>::try_from(members.ok_or(Flaw::Unreadable)?);
        let [format, statement, data] = members.map_err(|_| Flaw::Unreadable)?;
        let named = [&format, &statement, &data]
            .into_iter()
            .zip(["fmt", "attStmt", "authData"])
            .all(|((key, _), name)| *key == Value::text(name));
        match (named, format.1, statement.1, data.1) {
            (true, Value::Text(format), Value::Map(statement), Value::Bytes(data)) => {
                Ok(Attestation {
                    format,
                    statement,
                    data,
                })
            }
            _ => Err(Flaw::Unreadable),
        }
    }
}

impl Data {
    fn read(bytes: &[u8]) -> Result<Self, Flaw> {
        let (host, rest) = split::<32>(bytes)?;
        let ([flags], rest) = split::<1>(rest)?;
        let (count, mut rest) = split::<4>(rest)?;
        let credential = match flags & ATTESTED {
            0 => None,
            _ => {
                // Which model it is says nothing without an attestation.
                let (_, after) = split::<16>(rest)?;
                let (length, after) = split::<2>(after)?;
                let length = usize::from(u16::from_be_bytes(length));
                if !(1..=MAX_ID).contains(&length) {
                    return Err(Flaw::Credential);
                }
                let (id, after) = after.split_at_checked(length).ok_or(Flaw::Unreadable)?;
                let (key, after) = cbor::decode_first(after).map_err(|_| Flaw::Unreadable)?;
                rest = after;
                Some((id.to_vec(), public_key(key)?))
            }
        };
        if flags & EXTENDED != 0 {
            // None was asked for; what comes unasked is passed over.
            let (extensions, after) = cbor::decode_first(rest).map_err(|_| Flaw::Unreadable)?;
            extensions.into_map().ok_or(Flaw::Unreadable)?;
            rest = after;
        }
        match rest {
            [] => Ok(Data {
                host,
                flags,
                count: u32::from_be_bytes(count),
                credential,
            }),
            _ => Err(Flaw::Unreadable),
        }
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    fn check(&self, address: &Address) -> Result<(), Flaw> {
        if self.host != <[u8; 32]>::from(Sha256::digest(address.host())) {
            return Err(Flaw::Host);
        }
        if !self.has(PRESENT) {
            return Err(Flaw::NotPresent);
        }
        if !self.has(VERIFIED) {
            return Err(Flaw::NotVerified);
        }
        match self.has(BACKED_UP) && !self.has(ELIGIBLE) {
            true => Err(Flaw::Copies),
            false => Ok(()),
        }
    }
}

/// A credential's key, of one of the two kinds that were asked for.
fn public_key(key: Value) -> Result<PublicKey, Flaw> {
    let members = key.into_map().ok_or(Flaw::Unreadable)?;
    let coordinate = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).map_err(|_| Flaw::Credential);
    let key = match members.as_slice() {
        [
            (Value::Int(1), Value::Int(2)),
            (Value::Int(3), Value::Int(-7)),
            (Value::Int(-1), Value::Int(1)),
            (Value::Int(-2), Value::Bytes(x)),
            (Value::Int(-3), Value::Bytes(y)),
        ] => PublicKey::p256(&coordinate(x)?, &coordinate(y)?),
        [
            (Value::Int(1), Value::Int(1)),
            (Value::Int(3), Value::Int(-8)),
            (Value::Int(-1), Value::Int(6)),
            (Value::Int(-2), Value::Bytes(x)),
        ] => PublicKey::ed25519(&coordinate(x)?),
        _ => return Err(Flaw::Credential),
    };
    key.map_err(|_| Flaw::Credential)
}

/// The credential's id and the rest of an answer.
fn answer<R: DeserializeOwned>(text: &str) -> Result<(Vec<u8>, R), Flaw> {
    let answer: Answer<R> = json(text.as_bytes())?;
    match answer.r#type == "public-key" && answer.id == answer.raw_id {
        true => Ok((bytes(&answer.raw_id)?, answer.response)),
        false => Err(Flaw::Unreadable),
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Flaw> {
    serde_json::from_slice(bytes).map_err(|_| Flaw::Unreadable)
}

fn bytes(text: &str) -> Result<Vec<u8>, Flaw> {
    let read = BASE64URL_NOPAD.decode(text.as_bytes());
    read.map_err(|_| Flaw::Unreadable)
}

fn split<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), Flaw> {
    let (first, rest) = bytes.split_first_chunk().ok_or(Flaw::Unreadable)?;
    Ok((*first, rest))
}
