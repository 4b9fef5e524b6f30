//! A device that holds passkeys and the browser in front of it, in software, for tests: it answers as
//! Web Authentication Level 3 says (sections 6.3.2 and 6.3.3), or as a test bends it.

use data_encoding::BASE64URL_NOPAD;
use ensign_trust::cbor::{self, Value};
use ensign_trust::key::{PublicKey, SigningKey};
use p256::ecdsa::signature::Signer as _;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The device with its browser. What a test changes is told in the next answer.
#[derive(Debug, Clone)]
pub struct Authenticator {
    /// The origin of the page, as the browser sees it.
    pub origin: String,
    /// The host for which it signs, where it is not the one that the page names.
    pub host: Option<String>,
    /// What the browser says that this is, where it does not say the truth.
    pub ceremony: Option<&'static str>,
    /// Whether the page lies in a frame of another one.
    pub framed: bool,
    /// Flags of what it says: 1 present, 4 verified, 8 copied perhaps, 16 copied.
    pub flags: u8,
    /// How often it has signed; it counts unless this is 0.
    pub count: u32,
    /// Whether it attests itself, where it could say nothing.
    pub attests: bool,
    /// Whether its keys are ES256, and not EdDSA.
    pub is_es256: bool,
    /// Bytes that follow the authenticator data of an answer.
    pub trailing: Vec<u8>,
    /// How many passkeys were made.
    made: u8,
    /// The passkey that it holds: the last one that was made.
    held: Option<Held>,
}

#[derive(Debug, Clone)]
struct Held {
    id: Vec<u8>,
    handle: String,
    key: Key,
}

#[derive(Debug, Clone)]
enum Key {
    Ed25519(Box<SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

impl Authenticator {
    /// A device of an invented person, seen by pages of an origin. `number` tells it apart.
    pub fn new(origin: &str, number: u8) -> Self {
        Authenticator {
            origin: origin.to_owned(),
            host: None,
            ceremony: None,
            framed: false,
            flags: 0x05,
            count: 1,
            attests: false,
            is_es256: number.is_multiple_of(2),
            trailing: Vec::new(),
            made: number.wrapping_mul(16),
            held: None,
        }
    }

    /// Makes a passkey, as `navigator.credentials.create` does: takes
    /// `PublicKeyCredentialCreationOptionsJSON` and gives `RegistrationResponseJSON`.
    pub fn create(&mut self, options: &str) -> String {
        let options = read(options);
        self.made += 1;
        let seed: [u8; 32] = Sha256::digest([self.made, 1]).into();
        let key = match self.is_es256 {
            true => Key::P256(Box::new(
                p256::ecdsa::SigningKey::from_slice(&seed).expect("a digest is a scalar"),
            )),
            false => Key::Ed25519(Box::new(SigningKey::from_seed(&seed))),
        };
        let id = Sha256::digest([self.made, 2])[..24].to_vec();
        self.held = Some(Held {
            id: id.clone(),
            handle: text(&options["user"]["id"]),
            key: key.clone(),
        });
        let client = self.client("webauthn.create", &text(&options["challenge"]));
        let mut data = self.data(&text(&options["rp"]["id"]), 0x40);
        data.extend([7; 16]);
        data.extend((id.len() as u16).to_be_bytes());
        data.extend(&id);
        data.extend(key.cose());
        data.extend(&self.trailing);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let (format, statement) = match self.attests {
            true => (
                "packed",
                vec![
                    (Value::text("alg"), Value::Int(key.algorithm())),
                    (Value::text("sig"), Value::bytes(key.sign(&signed))),
                ],
            ),
            false => ("none", Vec::new()),
        };
        let object = cbor::encode(&Value::Map(vec![
            (Value::text("fmt"), Value::text(format)),
            (Value::text("attStmt"), Value::Map(statement)),
            (Value::text("authData"), Value::Bytes(data)),
        ]));
        answer(
            &id,
            json!({
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "attestationObject": BASE64URL_NOPAD.encode(&object),
                "transports": ["internal"],
            }),
        )
    }

    /// Uses the passkey that was made last, as `navigator.credentials.get` does: takes
    /// `PublicKeyCredentialRequestOptionsJSON` and gives `AuthenticationResponseJSON`.
    pub fn get(&mut self, options: &str) -> String {
        let options = read(options);
        let held = self.held.clone().expect("a passkey was made");
        self.count += u32::from(self.count > 0);
        let client = self.client("webauthn.get", &text(&options["challenge"]));
        let mut data = self.data(&text(&options["rpId"]), 0);
        data.extend(&self.trailing);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        answer(
            &held.id,
            json!({
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "authenticatorData": BASE64URL_NOPAD.encode(&data),
                "signature": BASE64URL_NOPAD.encode(&held.key.sign(&signed)),
                "userHandle": held.handle,
            }),
        )
    }

    fn client(&self, ceremony: &str, challenge: &str) -> Vec<u8> {
        let client = json!({
            "type": self.ceremony.unwrap_or(ceremony),
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": self.framed,
        });
        client.to_string().into_bytes()
    }

    fn data(&self, host: &str, more: u8) -> Vec<u8> {
        let host = Sha256::digest(self.host.as_deref().unwrap_or(host));
        let mut data = host.to_vec();
        data.push(self.flags | more);
        data.extend(self.count.to_be_bytes());
        data
    }
}

impl Key {
    fn algorithm(&self) -> i128 {
        match self {
            Key::Ed25519(_) => -8,
            Key::P256(_) => -7,
        }
    }

    /// The public half, with its algorithm (RFC 9052, section 7).
    fn cose(&self) -> Vec<u8> {
        let public = match self {
            Key::Ed25519(key) => key.public(),
            Key::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let (x, y) = point.as_bytes()[1..].split_at(32);
                let half = |half: &[u8]| half.try_into().expect("a coordinate has 32 bytes");
                PublicKey::p256(&half(x), &half(y)).expect("a key is on its curve")
            }
        };
        let members = cbor::decode(&public.to_cose())
            .ok()
            .and_then(Value::into_map);
        let mut members = members.expect("a key is a map");
        members.push((Value::Int(3), Value::Int(self.algorithm())));
        cbor::encode(&Value::Map(members))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Key::Ed25519(key) => key.sign(message).to_vec(),
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

fn answer(id: &[u8], response: serde_json::Value) -> String {
    let id = BASE64URL_NOPAD.encode(id);
    json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    })
    .to_string()
}

fn read(options: &str) -> serde_json::Value {
    serde_json::from_str(options).expect("options are JSON")
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().expect("the option is a text").to_owned()
}
