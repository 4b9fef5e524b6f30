//! Invented certificates and a log that takes them, made by hand.

use data_encoding::BASE64;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};

pub(crate) const END: &str = "-----END CERTIFICATE-----";

/// `SubjectPublicKeyInfo` of a P-256 key, up to its point.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 3, 1, 7, 3, 0x42, 0,
];
/// When the log took a certificate, in milliseconds.
const LOGGED: u64 = 1_700_000_000_000;

/// A certificate in PEM.
pub(crate) fn pem(der: &[u8]) -> String {
    let text = BASE64.encode(der).into_bytes();
    let lines: Vec<_> = text.chunks(64).collect();
    let lines = String::from_utf8(lines.join(&b"\n"[..])).unwrap();
    format!("-----BEGIN CERTIFICATE-----\n{lines}\n{END}\n")
}

/// A certificate for these names that its holder signed.
pub(crate) fn self_made(names: &[String]) -> Vec<u8> {
    certificate(names, None)
}

/// A Certificate Transparency log.
pub(crate) struct Log(p256::ecdsa::SigningKey);

impl Log {
    pub(crate) fn new() -> Self {
        Log(p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap())
    }

    /// The file of its key.
    pub(crate) fn keys(&self) -> String {
        let spki = self.spki();
        let id = BASE64.encode(&Sha256::digest(&spki));
        let key = BASE64.encode(&spki);
        format!(r#"{{"logs":[{{"name":"A log","id":"{id}","key":"{key}"}}]}}"#)
    }

    /// A chain for these names in PEM, which the log took.
    pub(crate) fn certify(&self, names: &[String]) -> String {
        let precertificate = tbs(names, None);
        let length = u32::try_from(precertificate.len()).unwrap().to_be_bytes();
        let entry = [
            &[0, 0][..],
            &LOGGED.to_be_bytes(),
            &[0, 1],
            &Sha256::digest(spki())[..],
            &length[1..],
            &precertificate,
            &[0, 0],
        ]
        .concat();
        let signature: p256::ecdsa::Signature = self.0.sign(&entry);
        let signature = signature.to_der();
        let sct = [
            &[0][..],
            &Sha256::digest(self.spki())[..],
            &LOGGED.to_be_bytes(),
            &[0, 0, 4, 3],
            &long(signature.as_bytes()),
        ]
        .concat();
        let list = long(&long(&sct));
        pem(&certificate(names, Some(&list))) + &pem(&self_made(&[]))
    }

    fn spki(&self) -> Vec<u8> {
        let point = self.0.verifying_key().to_sec1_point(false);
        [&P256[..], point.as_bytes()].concat()
    }
}

/// The key of whoever issues certificates here.
fn issuer() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

fn ed25519() -> Vec<u8> {
    tlv(0x30, &tlv(6, &[0x2b, 0x65, 0x70]))
}

fn spki() -> Vec<u8> {
    let key = issuer().verifying_key();
    tlv(0x30, &[ed25519(), bits(key.as_bytes())].concat())
}

fn certificate(names: &[String], scts: Option<&[u8]>) -> Vec<u8> {
    let tbs = tbs(names, scts);
    let signature = bits(&issuer().sign(&tbs).to_bytes());
    tlv(0x30, &[tbs, ed25519(), signature].concat())
}

fn tbs(names: &[String], scts: Option<&[u8]>) -> Vec<u8> {
    let common = [tlv(6, &[0x55, 4, 3]), tlv(0x0c, b"self-made")].concat();
    let name = tlv(0x30, &tlv(0x31, &tlv(0x30, &common)));
    let time = |text: &str| tlv(0x17, text.as_bytes());
    let names: Vec<_> = names.iter().map(|it| tlv(0x82, it.as_bytes())).collect();
    let mut extensions = Vec::new();
    if !names.is_empty() {
        extensions.extend(extension(&[0x55, 0x1d, 0x11], &tlv(0x30, &names.concat())));
    }
    if let Some(scts) = scts {
        let oid = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];
        extensions.extend(extension(&oid, &tlv(4, scts)));
    }
    let extensions = match extensions.is_empty() {
        true => Vec::new(),
        false => tlv(0xa3, &tlv(0x30, &extensions)),
    };
    let parts = [
        tlv(0xa0, &tlv(2, &[2])),
        tlv(2, &[7]),
        ed25519(),
        name.clone(),
        tlv(
            0x30,
            &[time("260101000000Z"), time("280101000000Z")].concat(),
        ),
        name,
        spki(),
        extensions,
    ];
    tlv(0x30, &parts.concat())
}

fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(6, oid), tlv(4, value)].concat())
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes].concat())
}

/// A vector with two bytes of length (RFC 5246 section 4.3).
fn long(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&length, content].concat()
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    match u16::try_from(content.len()).unwrap().to_be_bytes() {
        [0, short @ ..=127] => [&[tag, short], content].concat(),
        [0, one] => [&[tag, 0x81, one], content].concat(),
        [high, low] => [&[tag, 0x82, high, low], content].concat(),
    }
}
