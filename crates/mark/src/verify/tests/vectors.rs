//! Vectors of the project, for each algorithm: written here, read by anybody. An independent reader
//! can check every signature, thumbprint and leaf hash in them.

use std::path::Path;

use serde_json::{Value, json};

use super::stories::{HOSPITAL, Story};
use super::*;
use crate::key::Algorithm;
use crate::purpose::Purposes;
use crate::tests::invented::{NOW, Secret, emblem, endorse, issue};

const NOTE: &str = "Emblem tokens of the CWT dialect (draft-linker-diem-adem-core-02) for each algorithm, with \
    invented parties. `secrets` are the seeds or scalars of the test keys; never use them. Each case \
    is judged at `now`, on `evidence`, by the default policy; `rule` is the one that failed.";

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vectors/emblem-cwt.json")
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// The cases of one algorithm: name, tokens, and what must come out.
fn cases(story: &Story, algorithm: Algorithm) -> Vec<Value> {
    let secrets = [
        &story.emblem,
        &story.hospital.secret,
        &story.authority.secret,
    ];
    let tokens: Vec<Vec<u8>> = story
        .tokens()
        .iter()
        .map(|it| it.bytes().to_vec())
        .collect();
    let case = |name: &str, tokens: &[Vec<u8>], expect: &[&str], rule: Option<&str>| {
        json!({
            "name": format!("{algorithm}/{name}"),
            "tokens": tokens.iter().map(|it| hex(it)).collect::<Vec<_>>(),
            "expect": expect,
            "rule": rule,
        })
    };
    let mut bare = emblem();
    bare.issuer = None;
    let bare = issue(&bare, secrets[0]).bytes().to_vec();
    let mut old = emblem();
    old.validity.expires = i64::try_from(NOW).unwrap();
    let old = issue(&old, secrets[0]).bytes().to_vec();
    let mut early = emblem();
    early.validity.not_before = i64::try_from(NOW).unwrap() + 1;
    let early = issue(&early, secrets[0]).bytes().to_vec();
    let mut narrow = story.own();
    narrow.purposes = Purposes::from_bits(30);
    let narrow = endorse(&narrow, secrets[1]).bytes().to_vec();
    let mut tampered = tokens[0].clone();
    *tampered.last_mut().unwrap() ^= 1;
    let mut unprotected = tokens[0].clone();
    let kid = secrets[0].key().kid(Dialect::Cwt);
    let at = unprotected
        .windows(32)
        .position(|it| it == kid.as_bytes())
        .unwrap();
    let empty = at
        + 32
        + unprotected[at + 32..]
            .iter()
            .position(|it| *it == 0xa0)
            .unwrap();
    unprotected.splice(empty..=empty, [0xa1, 0x18, 0x63, 0x00]);
    let other = Algorithm::ALL
        .iter()
        .position(|it| *it == algorithm)
        .unwrap();
    let other = Algorithm::ALL[(other + 1) % 4];
    let foreign = issue(&emblem(), &Secret::new(other, 1)).bytes().to_vec();
    let with = |first: &[u8]| vec![first.to_vec(), tokens[1].clone(), tokens[2].clone()];
    let all = ["SIGNED", "ORGANIZATIONAL", "ENDORSED"];
    let invalid = ["INVALID"];
    vec![
        case("signed-no-iss", &[bare], &all[..1], None),
        case("organizational", &tokens[..2], &all[..2], None),
        case("endorsed", &tokens, &all, None),
        case("no-chain", &tokens[..1], &invalid, Some("emblem-no-chain")),
        case("expired", &with(&old), &invalid, Some("emblem-expired")),
        case(
            "not-yet-valid",
            &with(&early),
            &invalid,
            Some("emblem-not-yet-valid"),
        ),
        case(
            "tampered",
            &with(&tampered),
            &invalid,
            Some("emblem-signature"),
        ),
        case(
            "unprotected",
            &with(&unprotected),
            &invalid,
            Some("emblem-token-unprotected"),
        ),
        case(
            "key-missing",
            &with(&foreign),
            &invalid,
            Some("emblem-key-missing"),
        ),
        case(
            "purpose-not-permitted",
            &[tokens[0].clone(), narrow],
            &invalid,
            Some("emblem-exceeds-purposes"),
        ),
        case(
            "untagged",
            &with(&tokens[0][2..]),
            &invalid,
            Some("emblem-token-no-cwt-tag"),
        ),
    ]
}

fn made() -> Value {
    let mut algorithms = Vec::new();
    for algorithm in Algorithm::ALL {
        let story = Story::new(algorithm);
        let key = |(role, secret): (&str, &Secret)| {
            let key = secret.key();
            let kid = key.kid(Dialect::Cwt);
            json!({
                "role": role,
                "secret": hex(&secret.bytes()),
                "cose_key": hex(&key.to_cose()),
                "jwk": key.to_jwk(),
                "spki": hex(&key.to_spki()),
                "kid_hex": hex(kid.as_bytes()),
                "kid_text": kid.to_string(),
                "kid_jws": key.kid(Dialect::Jws).to_string(),
            })
        };
        let keys = [
            ("emblem", &story.emblem),
            ("root", &story.hospital.secret),
            ("authority", &story.authority.secret),
        ];
        let logs = story.logs.iter().map(|log| hex(&log.spki()));
        algorithms.push(json!({
            "algorithm": algorithm.jose(),
            "keys": keys.map(key),
            "evidence": {
                "chains": [story.hospital.certified.pem(), story.authority.certified.pem()],
                "logs": logs.collect::<Vec<_>>(),
            },
            "cases": cases(&story, algorithm),
        }));
    }
    json!({ "note": NOTE, "now": NOW, "issuer": HOSPITAL, "algorithms": algorithms })
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a golden file is asked to be rewritten"
)]
fn blessing() -> bool {
    std::env::var_os("ENSIGN_BLESS").is_some()
}

#[test]
fn the_vectors_are_as_they_are_made_and_come_out_as_they_say() {
    let text = format!("{}\n", serde_json::to_string_pretty(&made()).unwrap());
    if blessing() {
        std::fs::create_dir_all(file().parent().unwrap()).unwrap();
        std::fs::write(file(), &text).unwrap();
    }
    let golden = std::fs::read_to_string(file()).unwrap_or_default();
    assert!(golden == text, "ENSIGN_BLESS=1 rewrites the vectors");
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let unhex = |value: &Value| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let now = vectors["now"].as_u64().unwrap();
    let mut count = 0;
    for algorithm in vectors["algorithms"].as_array().unwrap() {
        let keys: Vec<_> = algorithm["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| {
                let read = EmblemKey::read(&unhex(&key["cose_key"])).unwrap();
                assert_eq!(
                    read,
                    EmblemKey::read(key["jwk"].as_str().unwrap().as_bytes()).unwrap()
                );
                assert_eq!(read, EmblemKey::from_spki(&unhex(&key["spki"])).unwrap());
                assert_eq!(read.kid(Dialect::Cwt).to_string(), key["kid_text"]);
                read
            })
            .collect();
        let mut evidence = Evidence::default();
        for chain in algorithm["evidence"]["chains"].as_array().unwrap() {
            evidence
                .add_file(chain.as_str().unwrap().as_bytes())
                .unwrap();
        }
        for log in algorithm["evidence"]["logs"].as_array().unwrap() {
            evidence.add_log_key(None, &unhex(log)).unwrap();
        }
        for case in algorithm["cases"].as_array().unwrap() {
            let tokens: Vec<_> = case["tokens"]
                .as_array()
                .unwrap()
                .iter()
                .map(unhex)
                .collect();
            let tokens = tokens.iter().map(Vec::as_slice);
            let set = TokenSet::read(tokens, keys.clone(), Reading::Strict).unwrap();
            let report = verify(&set, &evidence, &Policy::default(), now).report;
            assert_eq!(json!(report.results()), case["expect"], "{}", case["name"]);
            let rule = report.holds.err().map(|broken| broken.rule.code());
            assert_eq!(json!(rule), case["rule"], "{}", case["name"]);
            count += 1;
        }
    }
    assert_eq!(count, 44);
}
