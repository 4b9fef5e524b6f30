//! An invented set of tokens that is ENDORSED, with all evidence: an emblem of a hospital, its own
//! endorsement, that of an authority, and for both root keys a certificate that a log has signed.
//!
//! All keys follow from a seed, all signatures are deterministic.

use anyhow::{Context as _, Result};
use ensign_mark::commitment::LogId;
use ensign_mark::key::Algorithm;
use ensign_mark::token::{Leaf, LogEntry, Unsigned, Validity};
use ensign_mark::{Dialect, Emblem, EmblemKey, Endorsement, Purpose};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use sha2::{Digest as _, Sha256};

use crate::place::TIME;

const HOSPITAL: &str = "https://hospital.example";
const AUTHORITY: &str = "https://authority.example";
const ISSUER: &str = "An issuer";
/// OID 2.5.29.17, subjectAltName.
const NAMES: [u8; 3] = [0x55, 0x1d, 0x11];
/// OID 1.3.6.1.4.1.11129.2.4.2, the signed timestamps of logs (RFC 6962 section 3.3).
const TIMESTAMPS: [u8; 10] = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];

/// A set, as it is found.
pub struct Endorsed {
    /// In CWT: the emblem, its issuer's endorsement, the authority's.
    pub tokens: Vec<Vec<u8>>,
    /// As COSE_Key, in the order of the tokens that they signed.
    pub keys: Vec<Vec<u8>>,
    /// Certificates in DER, each with that of its issuer.
    pub chains: Vec<[Vec<u8>; 2]>,
    /// The log's key as SubjectPublicKeyInfo.
    pub log_key: Vec<u8>,
    /// The tokens' signatures.
    pub signatures: Vec<Bare>,
    /// Those of the certificates and of the log, all ES256.
    pub evidence: Vec<Bare>,
    emblem: Secret,
}

/// A signature with all that it takes to check it by the library of its curve alone.
pub struct Bare {
    key: Public,
    message: Vec<u8>,
    signature: Vec<u8>,
}

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
}

impl Endorsed {
    /// Tokens signed with one algorithm.
    pub fn new(algorithm: Algorithm) -> Result<Self> {
        let [emblem, hospital, authority] = [1, 2, 3].map(|seed| Secret::new(algorithm, seed));
        let [emblem, hospital, authority] = [emblem?, hospital?, authority?];
        let (issuer, log) = (
            Secret::new(Algorithm::Es256, 51)?,
            Secret::new(Algorithm::Es256, 41)?,
        );
        let mut set = Endorsed {
            tokens: Vec::new(),
            keys: Vec::new(),
            chains: Vec::new(),
            log_key: log.key()?.to_spki(),
            signatures: Vec::new(),
            evidence: Vec::new(),
            emblem,
        };
        set.emblem_for("www.hospital.example")?;
        let own = set.endorsement(HOSPITAL, &set.emblem.key()?, &hospital, &issuer, &log)?;
        set.seal(own.draft(&hospital.key()?)?, &hospital)?;
        let external = set.endorsement(AUTHORITY, &hospital.key()?, &authority, &issuer, &log)?;
        set.seal(external.draft(&authority.key()?)?, &authority)?;
        for secret in [&set.emblem, &hospital, &authority] {
            set.keys.push(secret.key()?.to_cose());
        }
        Ok(set)
    }

    /// Has the emblem mark another name.
    pub fn emblem_for(&mut self, name: &str) -> Result<()> {
        let emblem = Emblem {
            issuer: Some(HOSPITAL.parse()?),
            validity: validity(),
            purposes: Some(Purpose::Protective.into()),
            assets: vec![name.parse()?],
            channels: None,
        };
        let draft = emblem.draft(&self.emblem.key()?)?;
        let bare = self.emblem.bare(draft.message())?;
        let token = draft.seal(&bare.signature)?.bytes().to_vec();
        match (self.tokens.first_mut(), self.signatures.first_mut()) {
            (Some(before), Some(signature)) => (*before, *signature) = (token, bare),
            _ => {
                self.tokens.push(token);
                self.signatures.push(bare);
            }
        }
        Ok(())
    }

    /// Digest of all that is verified.
    pub fn hash(&self, into: &mut Sha256) {
        let chains = self.chains.iter().flatten();
        for bytes in self.tokens.iter().chain(&self.keys).chain(chains) {
            into.update(bytes);
        }
        into.update(&self.log_key);
    }

    fn seal(&mut self, draft: Unsigned, secret: &Secret) -> Result<()> {
        let bare = secret.bare(draft.message())?;
        self.tokens
            .push(draft.seal(&bare.signature)?.bytes().to_vec());
        self.signatures.push(bare);
        Ok(())
    }

    /// What an organisation says of a key, with a certificate for its own.
    fn endorsement(
        &mut self,
        organisation: &str,
        endorsed: &EmblemKey,
        root: &Secret,
        issuer: &Secret,
        log: &Secret,
    ) -> Result<Endorsement> {
        let domain = organisation
            .strip_prefix("https://")
            .context("no https in an organisation")?;
        let kid = root.key()?.kid(Dialect::Cwt);
        let names = [
            format!("adem-configuration.{domain}"),
            format!("{kid}.adem-configuration.{domain}"),
        ];
        Ok(Endorsement {
            issuer: Some(organisation.parse()?),
            subject: Some(HOSPITAL.parse()?),
            validity: validity(),
            key: endorsed.kid(Dialect::Cwt),
            may_endorse: organisation == AUTHORITY,
            log: vec![self.certify(&names, issuer, log)?],
            purposes: Some(Purpose::Protective.into()),
            channels: None,
            assets: None,
            window: None,
        })
    }

    fn certify(&mut self, names: &[String], issuer: &Secret, log: &Secret) -> Result<LogEntry> {
        let issuer_key = issuer.key()?.to_spki();
        let names: Vec<_> = names.iter().map(|it| tlv(0x82, it.as_bytes())).collect();
        let names = extension(&NAMES, &tlv(0x30, &names.concat()));
        let subject = Secret::new(Algorithm::Es256, 99)?.key()?.to_spki();
        let precertificate = tbs("leaf", 7, &subject, &names);
        // RFC 6962 sections 3.2 and 3.4: what is signed, and is the entry.
        let entry = [
            &[0, 0][..],
            &((TIME - 86_400) * 1000).to_be_bytes(),
            &[0, 1],
            &Sha256::digest(&issuer_key),
            &(precertificate.len() as u32).to_be_bytes()[1..],
            &precertificate,
            &[0, 0],
        ]
        .concat();
        let signature = self.attest(log, &entry)?;
        let log = LogId::from_bytes(Sha256::digest(&self.log_key).into());
        let sct = [
            &[0][..],
            log.as_bytes(),
            &((TIME - 86_400) * 1000).to_be_bytes(),
            &[0, 0, 4, 3],
            &length(signature.len()),
            &signature,
        ]
        .concat();
        let list = [&length(sct.len())[..], &sct].concat();
        let list = [&length(list.len())[..], &list].concat();
        let logged = [names, extension(&TIMESTAMPS, &tlv(4, &list))].concat();
        let chain = [
            tbs("leaf", 7, &subject, &logged),
            tbs(ISSUER, 1, &issuer_key, &[]),
        ];
        let [leaf, root] = chain.map(|tbs| {
            let bits = [&[0][..], &self.attest(issuer, &tbs)?].concat();
            anyhow::Ok(tlv(0x30, &[tbs, ecdsa_sha256(), tlv(3, &bits)].concat()))
        });
        self.chains.push([leaf?, root?]);
        // That an issuer signed its own certificate says nothing, and is not checked.
        self.evidence.pop();
        let hash = Sha256::new().chain_update([0]).chain_update(&entry);
        Ok(LogEntry {
            log,
            leaf: Leaf::Hash(hash.finalize().into()),
        })
    }

    /// A signature in DER, noted as one of the evidence.
    fn attest(&mut self, by: &Secret, message: &[u8]) -> Result<Vec<u8>> {
        let bare = by.bare(message)?;
        let signature = p256::ecdsa::Signature::from_slice(&bare.signature)?;
        self.evidence.push(bare);
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

impl Bare {
    /// Checks it.
    pub fn is_good(&self) -> bool {
        let (message, signature) = (&self.message, self.signature.as_slice());
        match &self.key {
            Public::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify_strict(message, &it).is_ok()),
            Public::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify(message, &it).is_ok()),
            Public::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify(message, &it).is_ok()),
            Public::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify(message, &it).is_ok()),
        }
    }
}

impl Secret {
    fn new(algorithm: Algorithm, seed: u8) -> Result<Self> {
        Ok(match algorithm {
            Algorithm::EdDsa => Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[seed; 32])),
            Algorithm::Es256 => Secret::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32])?),
            Algorithm::Es384 => Secret::P384(p384::ecdsa::SigningKey::from_slice(&[seed; 48])?),
            Algorithm::Es512 => {
                let mut scalar = [seed; 66];
                scalar[0] = 0;
                Secret::P521(p521::ecdsa::SigningKey::from_slice(&scalar)?)
            }
        })
    }

    fn key(&self) -> Result<EmblemKey> {
        let (algorithm, coordinates) = match self {
            Secret::Ed25519(key) => (Algorithm::EdDsa, key.verifying_key().to_bytes().to_vec()),
            Secret::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                (Algorithm::Es256, point.as_bytes()[1..].to_vec())
            }
            Secret::P384(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                (Algorithm::Es384, point.as_bytes()[1..].to_vec())
            }
            Secret::P521(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                (Algorithm::Es512, point.as_bytes()[1..].to_vec())
            }
        };
        Ok(EmblemKey::new(algorithm, &coordinates)?)
    }

    /// Signs a message.
    fn bare(&self, message: &[u8]) -> Result<Bare> {
        let (key, signature) = match self {
            Secret::Ed25519(key) => (
                Public::Ed25519(key.verifying_key()),
                key.sign(message).to_bytes().to_vec(),
            ),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                (
                    Public::P256(*key.verifying_key()),
                    signature.to_bytes().to_vec(),
                )
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                (
                    Public::P384(*key.verifying_key()),
                    signature.to_bytes().to_vec(),
                )
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                (
                    Public::P521(*key.verifying_key()),
                    signature.to_bytes().to_vec(),
                )
            }
        };
        Ok(Bare {
            key,
            message: message.to_vec(),
            signature,
        })
    }
}

fn validity() -> Validity {
    let time = TIME as i64;
    Validity::new(time - 60, time + 3600)
}

/// A certificate by the issuer, to be signed.
fn tbs(subject: &str, serial: u8, spki: &[u8], extensions: &[u8]) -> Vec<u8> {
    let time = |text: &str| tlv(0x17, text.as_bytes());
    let validity = [time("260101000000Z"), time("270101000000Z")].concat();
    let extensions = match extensions {
        [] => vec![],
        _ => tlv(0xa3, &tlv(0x30, extensions)),
    };
    let parts = [
        tlv(0xa0, &tlv(2, &[2])),
        tlv(2, &[serial]),
        ecdsa_sha256(),
        name(ISSUER),
        tlv(0x30, &validity),
        name(subject),
        spki.to_vec(),
        extensions,
    ];
    tlv(0x30, &parts.concat())
}

fn ecdsa_sha256() -> Vec<u8> {
    tlv(0x30, &tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]))
}

fn name(common: &str) -> Vec<u8> {
    let attribute = [tlv(6, &[0x55, 4, 3]), tlv(0x0c, common.as_bytes())].concat();
    tlv(0x30, &tlv(0x31, &tlv(0x30, &attribute)))
}

fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(6, oid), tlv(4, value)].concat())
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = length(content.len());
    let head = match content.len() {
        0..=127 => vec![tag, low],
        128..=255 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&head, content].concat()
}

/// Nothing here is longer than 65,535 bytes.
fn length(length: usize) -> [u8; 2] {
    (length as u16).to_be_bytes()
}
