//! Seeds about emblems: from the project's own vectors, and bad ones made by hand.

use ensign_mark::bundle::Bundle;
use ensign_mark::commitment::Evidence;
use ensign_mark::policy::Policy;
use ensign_mark::token::Reading;
use ensign_mark::{EmblemKey, Token};
use serde_json::Value;

use super::{Seed, hex};

const VECTORS: &str = include_str!("../../../../../testdata/vectors/emblem-cwt.json");

const POLICY: &str = r#"version = 1
least = "endorsed"
commitments = 1
evidence-days = 400
revocation-lists = "required"
logs = ["FoMtq/CpJQ8P8DqlRf/Iv8gj0IdL9gQpJ/jnHzMT9fo="]
[[honour]]
organisation = "https://authority.example"
emblems = ["protective"]
assets = ["domain"]
"#;

/// An emblem of the JWS dialect; nobody signed it.
const JWS: [&str; 2] = [
    r#"{"alg":"EdDSA","cty":"adem-emb","kid":"6jvhmsqg27yhwqwbh6t4bs7ihuygd4iiy2x6rtultzbrie5iqfdq"}"#,
    r#"{"ver":"v1","nbf":1,"exp":4000000000.5,"assets":["*.example.org","[192.0.2.0/24]"],"emb":{"prp":["protective"],"dst":["dns"]}}"#,
];

pub(super) fn all() -> Vec<Seed> {
    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
    let algorithm = |at: usize| &vectors["algorithms"][at];
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let key = |at: usize, member: &str| text(&algorithm(at)["keys"][0][member]);
    let case = |at: usize, case: usize, token: usize| {
        hex(&text(&algorithm(at)["cases"][case]["tokens"][token]))
    };
    let chain = text(&algorithm(0)["evidence"]["chains"][0]);
    let log = hex(&text(&algorithm(0)["evidence"]["logs"][0]));
    let (emblem, endorsement) = (case(1, 2, 0), case(3, 2, 1));
    let cose = hex(&key(0, "cose_key"));
    let jwk = key(2, "jwk");
    let policy = Policy::from_toml(POLICY).expect("the policy is one");
    let bundle = bundle(&chain, &log, &[&emblem, &endorsement], &cose, &policy);
    let cut = |bytes: &[u8]| bytes[..bytes.len() - 1].to_vec();
    vec![
        ("emblem_bundle", "good-file", bundle.clone()),
        ("emblem_bundle", "bad-cut", cut(&bundle)),
        ("emblem_bundle", "bad-empty", hex("a0")),
        ("emblem_evidence", "good-chain", chain.clone().into_bytes()),
        ("emblem_evidence", "good-log", log_list(&log)),
        (
            "emblem_evidence",
            "bad-chain",
            chain.replacen("MII", "MIJ", 1).into_bytes(),
        ),
        ("emblem_evidence", "bad-revocations", hex("3000")),
        (
            "emblem_identifier",
            "good-name",
            b"www.example.org".to_vec(),
        ),
        (
            "emblem_identifier",
            "good-wildcard",
            b"*.example.org".to_vec(),
        ),
        (
            "emblem_identifier",
            "good-network",
            b"[2001:db8::/32]".to_vec(),
        ),
        (
            "emblem_identifier",
            "bad-mapped",
            b"[::ffff:192.0.2.1]".to_vec(),
        ),
        ("emblem_identifier", "bad-zone", b"[fe80::1%1]".to_vec()),
        (
            "emblem_identifier",
            "bad-homograph",
            "h\u{43e}spital.example".into(),
        ),
        ("emblem_key", "good-cose", cose.clone()),
        ("emblem_key", "good-jwk", jwk.clone().into_bytes()),
        (
            "emblem_key",
            "bad-private",
            jwk.replacen('{', "{\"d\":\"AA\",", 1).into_bytes(),
        ),
        ("emblem_key", "bad-cut", cut(&cose)),
        ("emblem_policy", "good-toml", POLICY.into()),
        ("emblem_policy", "good-cbor", policy.encode()),
        ("emblem_policy", "bad-version", b"version = 2".to_vec()),
        ("emblem_token", "good-emblem", emblem.clone()),
        ("emblem_token", "good-endorsement", endorsement),
        ("emblem_token", "good-untagged", emblem[2..].to_vec()),
        ("emblem_token", "good-jws", jws(JWS)),
        ("emblem_token", "bad-cut", cut(&emblem)),
        (
            "emblem_token",
            "bad-deep",
            [vec![0xd2], vec![0x81; 64]].concat(),
        ),
        (
            "emblem_token",
            "bad-unsigned",
            jws([r#"{"alg":"none"}"#, JWS[1]]),
        ),
    ]
}

fn jws(parts: [&str; 2]) -> Vec<u8> {
    let [header, claims] = parts.map(|it| base64url(it.as_bytes()));
    format!("{header}.{claims}.{}", base64url(&[1; 64])).into_bytes()
}

/// RFC 4648 section 5 without padding.
fn base64url(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |group: &[u8]| {
        let padded = [0, 1, 2].map(|at| group.get(at).copied().unwrap_or(0));
        let number = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        let symbol = |at: usize| char::from(SYMBOLS[(number >> (18 - 6 * at)) as usize & 63]);
        (0..=group.len()).map(symbol).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

/// A list of one log's key, as `{"logs":[{"name","id","key"}]}`.
fn log_list(spki: &[u8]) -> Vec<u8> {
    let mut evidence = Evidence::default();
    let id = evidence.add_log_key(None, spki).expect("the key of a log");
    let key = base64url(spki).replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - key.len() % 4) % 4);
    format!(r#"{{"logs":[{{"name":"a log","id":"{id}","key":"{key}{padding}"}}]}}"#).into_bytes()
}

fn bundle(chain: &str, log: &[u8], tokens: &[&Vec<u8>], key: &[u8], policy: &Policy) -> Vec<u8> {
    let mut evidence = Evidence::default();
    evidence.add_file(chain.as_bytes()).expect("a chain");
    evidence.add_log_key(None, log).expect("the key of a log");
    let read = |bytes: &&Vec<u8>| Token::read(bytes, Reading::Strict).expect("a token");
    let tokens = tokens.iter().map(read).collect();
    let keys = vec![EmblemKey::read(key).expect("a key")];
    let bundle = Bundle::new(tokens, keys, evidence, Some(policy.id()));
    bundle.and_then(|it| it.encode()).expect("a small bundle")
}
