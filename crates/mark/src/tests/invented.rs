//! Invented keys, certificates and logs for tests, made by hand: the encodings here share nothing
//! with the readers that they test. All keys follow from a seed, all signatures are deterministic.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use p256::ecdsa::signature::Signer;
use sha2::{Digest, Sha256};

use crate::commitment::{Evidence, LogId};
use crate::key::{Algorithm, EmblemKey, Kid};
use crate::name::Organisation;
use crate::purpose::{Purpose, Purposes};
use crate::token::{Dialect, Emblem, Endorsement, Leaf, LogEntry, Token, Validity};

/// The time of all invented stories.
pub(crate) const NOW: u64 = 1_790_000_000;
/// When invented certificates were logged.
pub(crate) const LOGGED: u64 = NOW - 86_400;

/// The secret half of an emblem key.
#[derive(Clone)]
pub(crate) enum Secret {
    Ed25519(ensign_trust::key::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

impl Secret {
    pub(crate) fn new(algorithm: Algorithm, seed: u8) -> Self {
        match algorithm {
            Algorithm::EdDsa => {
                Secret::Ed25519(ensign_trust::key::SigningKey::from_seed(&[seed; 32]))
            }
            Algorithm::Es256 => {
                Secret::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
            }
            Algorithm::Es384 => {
                Secret::P384(p384::ecdsa::SigningKey::from_slice(&[seed; 48]).unwrap())
            }
            Algorithm::Es512 => {
                let mut scalar = [seed; 66];
                scalar[0] = 0;
                Secret::P521(p521::ecdsa::SigningKey::from_slice(&scalar).unwrap())
            }
        }
    }

    /// The scalar or seed.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Secret::Ed25519(key) => key.to_seed().to_vec(),
            Secret::P256(key) => key.to_bytes().to_vec(),
            Secret::P384(key) => key.to_bytes().to_vec(),
            Secret::P521(key) => key.to_bytes().to_vec(),
        }
    }

    pub(crate) fn key(&self) -> EmblemKey {
        match self {
            Secret::Ed25519(key) => EmblemKey::from_trust(&key.public()),
            Secret::P256(key) => {
                let sec1 = key.verifying_key().to_sec1_point(false);
                EmblemKey::new(Algorithm::Es256, &sec1.as_bytes()[1..]).unwrap()
            }
            Secret::P384(key) => {
                let sec1 = key.verifying_key().to_sec1_point(false);
                EmblemKey::new(Algorithm::Es384, &sec1.as_bytes()[1..]).unwrap()
            }
            Secret::P521(key) => {
                let sec1 = key.verifying_key().to_sec1_point(false);
                EmblemKey::new(Algorithm::Es512, &sec1.as_bytes()[1..]).unwrap()
            }
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Secret::Ed25519(key) => key.sign(message).to_vec(),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
        }
    }

    /// A signature of a P-256 key in DER.
    fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let Secret::P256(key) = self else {
            panic!("certificates and logs are signed with P-256");
        };
        let signature: p256::ecdsa::Signature = key.sign(message);
        signature.to_der().as_bytes().to_vec()
    }

    /// A token of the JWS dialect.
    pub(crate) fn jws(&self, kind: &str, claims: &str) -> Vec<u8> {
        let key = self.key();
        let header = format!(
            r#"{{"alg":"{}","cty":"adem-{kind}","kid":"{}"}}"#,
            key.algorithm(),
            key.kid(Dialect::Jws)
        );
        self.jws_with(&header, claims)
    }

    pub(crate) fn jws_with(&self, header: &str, claims: &str) -> Vec<u8> {
        let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = BASE64URL_NOPAD.encode(&self.sign(signed.as_bytes()));
        format!("{signed}.{signature}").into_bytes()
    }
}

pub(crate) fn organisation(text: &str) -> Organisation {
    text.parse().unwrap()
}

pub(crate) fn validity() -> Validity {
    Validity::new(
        i64::try_from(NOW).unwrap() - 60,
        i64::try_from(NOW).unwrap() + 3600,
    )
}

/// An emblem of `https://hospital.example` for one name.
pub(crate) fn emblem() -> Emblem {
    Emblem {
        issuer: Some(organisation("https://hospital.example")),
        validity: validity(),
        purposes: Some(Purpose::Protective.into()),
        assets: vec!["www.hospital.example".parse().unwrap()],
        channels: None,
    }
}

/// An endorsement of a key of `https://hospital.example`.
pub(crate) fn endorsement(issuer: &str, key: Kid, log: Vec<LogEntry>) -> Endorsement {
    Endorsement {
        issuer: Some(organisation(issuer)),
        subject: Some(organisation("https://hospital.example")),
        validity: validity(),
        key,
        may_endorse: true,
        log,
        purposes: Some(Purposes::ALL),
        channels: None,
        assets: None,
        window: None,
    }
}

pub(crate) fn issue(emblem: &Emblem, secret: &Secret) -> Token {
    let draft = emblem.draft(&secret.key()).unwrap();
    let signature = secret.sign(draft.message());
    draft.seal(&signature).unwrap()
}

pub(crate) fn endorse(endorsement: &Endorsement, secret: &Secret) -> Token {
    let draft = endorsement.draft(&secret.key()).unwrap();
    let signature = secret.sign(draft.message());
    draft.seal(&signature).unwrap()
}

/// A Certificate Transparency log.
pub(crate) struct Log {
    secret: Secret,
    id: LogId,
}

impl Log {
    pub(crate) fn new(seed: u8) -> Self {
        let secret = Secret::new(Algorithm::Es256, seed);
        let id = LogId::from_bytes(Sha256::digest(secret.key().to_spki()).into());
        Log { secret, id }
    }

    /// The same, under the name of another.
    pub(crate) fn posing_as(self, other: &Log) -> Self {
        Log {
            id: other.id,
            ..self
        }
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        self.secret.key().to_spki()
    }

    pub(crate) fn id(&self) -> LogId {
        self.id
    }

    /// The file of an inclusion proof in a tree of two entries.
    pub(crate) fn inclusion(&self, leaf: [u8; 32]) -> String {
        let beside = [7; 32];
        let root = Sha256::new()
            .chain_update([1])
            .chain_update(leaf)
            .chain_update(beside);
        let root: [u8; 32] = root.finalize().into();
        let (size, timestamp) = (2u64, LOGGED * 1000);
        let head = [
            &[0, 1][..],
            &timestamp.to_be_bytes(),
            &size.to_be_bytes(),
            &root,
        ];
        let signature = signed(&self.secret.sign_der(&head.concat()));
        format!(
            r#"{{"inclusions":[{{"log_id":"{}","leaf_hash":"{}","leaf_index":0,"audit_path":["{}"],"sth":{{"tree_size":2,"timestamp":{timestamp},"sha256_root_hash":"{}","tree_head_signature":"{}"}}}}]}}"#,
            self.id(),
            BASE64.encode(&leaf),
            BASE64.encode(&beside),
            BASE64.encode(&root),
            BASE64.encode(&signature),
        )
    }
}

/// An issuer of certificates.
pub(crate) struct Issuer {
    pub(crate) secret: Secret,
    pub(crate) name: &'static str,
    /// Where it publishes the shard of its revocation list that covers what it certifies; none
    /// where it has one list for all.
    pub(crate) shard: Option<&'static str>,
    /// Whether its signatures say that they are RSA, which is not checked.
    pub(crate) is_rsa: bool,
}

/// A certificate with those above it, and its log entries.
#[derive(Clone)]
pub(crate) struct Certified {
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) entries: Vec<LogEntry>,
}

impl Certified {
    pub(crate) fn add_to(&self, evidence: &mut Evidence) {
        let chain: Vec<_> = self.chain.iter().map(Vec::as_slice).collect();
        evidence.add_chain(&chain).unwrap();
    }

    pub(crate) fn pem(&self) -> String {
        let block = |der: &Vec<u8>| {
            let text = BASE64.encode(der);
            let lines = text
                .as_bytes()
                .chunks(64)
                .map(|it| std::str::from_utf8(it).unwrap());
            let lines: Vec<_> = lines.collect();
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                lines.join("\n")
            )
        };
        self.chain.iter().map(block).collect()
    }
}

impl Issuer {
    pub(crate) fn new(name: &'static str, seed: u8) -> Self {
        Issuer {
            secret: Secret::new(Algorithm::Es256, seed),
            name,
            shard: None,
            is_rsa: false,
        }
    }

    /// Certifies names, logged by each log: those with an index as static ones.
    pub(crate) fn certify(&self, names: &[String], logs: &[(&Log, Option<u64>)]) -> Certified {
        self.certify_at(names, logs, LOGGED * 1000)
    }

    pub(crate) fn certify_at(
        &self,
        names: &[String],
        logs: &[(&Log, Option<u64>)],
        timestamp: u64,
    ) -> Certified {
        let key_hash: [u8; 32] = Sha256::digest(self.secret.key().to_spki()).into();
        let precertificate = self.tbs(names, None);
        let (mut list, mut entries) = (Vec::new(), Vec::new());
        for (log, index) in logs {
            let extensions = match index {
                None => vec![],
                Some(index) => [&[0, 0, 5][..], &index.to_be_bytes()[3..]].concat(),
            };
            let entry = [
                &[0, 0][..],
                &timestamp.to_be_bytes(),
                &[0, 1],
                &key_hash,
                &u32::try_from(precertificate.len()).unwrap().to_be_bytes()[1..],
                &precertificate,
                &length(extensions.len()),
                &extensions,
            ]
            .concat();
            let sct = [
                &[0][..],
                log.id().as_bytes(),
                &timestamp.to_be_bytes(),
                &length(extensions.len()),
                &extensions,
                &signed(&log.secret.sign_der(&entry)),
            ]
            .concat();
            list.extend(length(sct.len()));
            list.extend(sct);
            let hash = Sha256::new()
                .chain_update([0])
                .chain_update(&entry)
                .finalize();
            entries.push(LogEntry {
                log: log.id(),
                leaf: index.map_or(Leaf::Hash(hash.into()), Leaf::Index),
            });
        }
        let list = [&length(list.len())[..], &list].concat();
        let leaf = self.sign(self.tbs(names, Some(&list)));
        Certified {
            chain: vec![leaf, self.own()],
            entries,
        }
    }

    /// Its own certificate, signed by itself.
    pub(crate) fn own(&self) -> Vec<u8> {
        let key = self.secret.key().to_spki();
        self.sign(tbs(self, self.name, 1, &key, &[]))
    }

    /// A revocation list; the serial of certified names is always 7.
    pub(crate) fn revocations(&self, revoked: bool, until: &str) -> Vec<u8> {
        let entry = tlv(0x30, &[tlv(2, &[7]), time("260901000000Z")].concat());
        let revoked = if revoked { tlv(0x30, &entry) } else { vec![] };
        let list = [
            tlv(2, &[1]),
            self.algorithm(),
            name(self.name),
            time("260915000000Z"),
            time(until),
            revoked,
            match self.shard {
                None => vec![],
                Some(url) => {
                    let point = tlv(0x30, &tlv(0xa0, &full_name(url)));
                    let parts = [tlv(6, &[0x55, 0x1d, 0x1c]), tlv(1, &[0xff]), tlv(4, &point)];
                    tlv(0xa0, &tlv(0x30, &tlv(0x30, &parts.concat())))
                }
            },
        ];
        self.sign(tlv(0x30, &list.concat()))
    }

    fn tbs(&self, names: &[String], scts: Option<&[u8]>) -> Vec<u8> {
        let names: Vec<_> = names.iter().map(|it| tlv(0x82, it.as_bytes())).collect();
        let mut extensions = extension(&[0x55, 0x1d, 0x11], &tlv(0x30, &names.concat()));
        if let Some(url) = self.shard {
            let point = tlv(0x30, &tlv(0xa0, &full_name(url)));
            extensions.extend(extension(&[0x55, 0x1d, 0x1f], &tlv(0x30, &point)));
        }
        if let Some(scts) = scts {
            let oid = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];
            extensions.extend(extension(&oid, &tlv(4, scts)));
        }
        let subject = Secret::new(Algorithm::Es256, 99).key().to_spki();
        tbs(self, "leaf", 7, &subject, &extensions)
    }

    fn algorithm(&self) -> Vec<u8> {
        match self.is_rsa {
            true => tlv(
                0x30,
                &tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b]),
            ),
            false => tlv(0x30, &tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])),
        }
    }

    fn sign(&self, tbs: Vec<u8>) -> Vec<u8> {
        let bits = [&[0][..], &self.secret.sign_der(&tbs)].concat();
        tlv(0x30, &[tbs, self.algorithm(), tlv(3, &bits)].concat())
    }
}

/// An organisation with a root key that it committed to.
pub(crate) struct Committed {
    pub(crate) secret: Secret,
    pub(crate) certified: Certified,
}

impl Committed {
    pub(crate) fn new(
        organisation: &str,
        secret: Secret,
        issuer: &Issuer,
        logs: &[(&Log, Option<u64>)],
    ) -> Self {
        let names = names(organisation, secret.key().kid(Dialect::Cwt));
        Committed {
            certified: issuer.certify(&names, logs),
            secret,
        }
    }
}

/// Where in a certificate the value of its list of SCTs stands: an OCTET STRING around the list.
pub(crate) fn sct_list(der: &[u8]) -> std::ops::Range<usize> {
    let oid = [6, 10, 0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2, 4];
    let head = der.windows(oid.len()).position(|it| it == oid).unwrap() + oid.len();
    let (start, length) = match der[head] {
        0x82 => {
            let long = u16::from_be_bytes([der[head + 1], der[head + 2]]);
            (head + 3, usize::from(long))
        }
        0x81 => (head + 2, usize::from(der[head + 1])),
        short => (head + 1, usize::from(short)),
    };
    start..start + length
}

/// The names that the CWT dialect asks for.
pub(crate) fn names(organisation: &str, kid: Kid) -> Vec<String> {
    let domain = organisation.strip_prefix("https://").unwrap();
    vec![
        format!("adem-configuration.{domain}"),
        format!("{kid}.adem-configuration.{domain}"),
    ]
}

/// Hash and signature algorithm and length before a signature (RFC 5246 section 4.7).
fn signed(signature: &[u8]) -> Vec<u8> {
    [&[4, 3][..], &length(signature.len()), signature].concat()
}

fn length(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_be_bytes()
}

fn tbs(issuer: &Issuer, subject: &str, serial: u8, spki: &[u8], extensions: &[u8]) -> Vec<u8> {
    let validity = [time("260101000000Z"), time("270101000000Z")].concat();
    let extensions = match extensions {
        [] => vec![],
        _ => tlv(0xa3, &tlv(0x30, extensions)),
    };
    let parts = [
        tlv(0xa0, &tlv(2, &[2])),
        tlv(2, &[serial]),
        issuer.algorithm(),
        name(issuer.name),
        tlv(0x30, &validity),
        name(subject),
        spki.to_vec(),
        extensions,
    ];
    tlv(0x30, &parts.concat())
}

/// `fullName` of a distribution point: one URL.
fn full_name(url: &str) -> Vec<u8> {
    tlv(0xa0, &tlv(0x86, url.as_bytes()))
}

fn name(common: &str) -> Vec<u8> {
    let attribute = [tlv(6, &[0x55, 4, 3]), tlv(0x0c, common.as_bytes())].concat();
    tlv(0x30, &tlv(0x31, &tlv(0x30, &attribute)))
}

fn time(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(6, oid), tlv(4, value)].concat())
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let head = match content.len() {
        short @ 0..=127 => vec![tag, u8::try_from(short).unwrap()],
        one @ 128..=255 => vec![tag, 0x81, u8::try_from(one).unwrap()],
        two => [&[tag, 0x82][..], &length(two)].concat(),
    };
    [&head[..], content].concat()
}
