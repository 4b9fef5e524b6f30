//! Emblems verified on the command line: recorded ones, invented ones, and what is none.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE, BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};

use crate::certificates::{END, pem, self_made};
use crate::{Ended, Place};

/// A set of invented organisations, with all that proves it; and when it is valid.
const EXAMPLE: &str = include_str!("../../../web/assets/example.txt");
const AT: &str = "1790000000";
/// When the recorded emblem is valid.
const RECORDED_AT: &str = "1780000000";
const ALL: [&str; 3] = ["SIGNED", "ORGANIZATIONAL", "ENDORSED"];
const ONE_COMMITMENT: &str = "version = 1\ncommitments = 1\n";

impl Place {
    pub(crate) fn verify(&self, words: &[&str]) -> Ended {
        self.run(&[&["emblem", "verify"], words].concat())
    }

    /// The JSON answer, and the exit code.
    pub(crate) fn verified(&self, words: &[&str]) -> (Value, i32) {
        let ended = self.verify(&[words, &["--json"]].concat());
        let answer = serde_json::from_str(&ended.out);
        let answer = answer.unwrap_or_else(|_| panic!("{}{}", ended.out, ended.said));
        (answer, ended.code)
    }

    /// As a command that reads `content` from standard input.
    fn verify_piped(&self, content: &[u8], words: &[&str]) -> Ended {
        let mut command = self.command(&[&["emblem", "verify", "-"], words].concat());
        let command = command.stdin(Stdio::piped());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // Who answers early does not read on.
        let _ = input.write_all(content);
        drop(input);
        child.wait_with_output().unwrap().into()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }
}

/// A folder of recorded emblems, which lies beside the project or is absent.
fn recorded(folder: &str) -> Option<String> {
    let folder = ensign_recorded::find(&format!("adem-jws/{folder}"))?;
    Some(folder.to_str().unwrap().to_owned())
}

/// A copy of the recorded certificates, to be altered.
fn copied(place: &Place, certs: &str) {
    for entry in fs::read_dir(certs).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        place.write(&format!("certs/{name}"), fs::read(entry.path()).unwrap());
    }
}

const CHAIN: &str = "certs/emblem.felixlinker.de.fullchain.pem";

/// The first certificate of a chain, and the rest as it is.
fn first(chain: &str) -> (Vec<u8>, String) {
    let (block, rest) = chain.split_once(END).unwrap();
    let base64: String = block.lines().skip(1).collect();
    let der = BASE64_MIME_PERMISSIVE.decode(base64.as_bytes()).unwrap();
    (der, rest.trim_start().to_owned())
}

/// Each log entry of the answer: its organisation, its log and its result.
fn entries(answer: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for row in answer["commitments"].as_array().unwrap() {
        for entry in row["entries"].as_array().unwrap() {
            let log = match text(&entry["log_name"]) {
                name if name.is_empty() => text(&entry["log"]),
                name => name,
            };
            found.push((text(&row["organisation"]), log, text(&entry["result"])));
        }
    }
    found
}

#[test]
fn a_recorded_emblem_is_proved_but_for_the_log_whose_key_is_missing() {
    let (Some(live), Some(certs)) = (recorded("live"), recorded("certs")) else {
        return;
    };
    let place = Place::new();
    let words = [&*live, "--evidence", &certs, "--at", RECORDED_AT];
    let (answer, code) = place.verified(&words);
    assert_eq!((code, &answer["outcome"]), (4, &json!("unproven")));
    let tokens = answer["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 3);
    assert!(
        tokens.iter().all(|it| it["signature"] == "right"),
        "{answer}"
    );
    let found = entries(&answer);
    assert_eq!(found.len(), 4);
    for (organisation, log, result) in &found {
        let expected = if log.starts_with("Gouda") {
            "unproven"
        } else {
            "proved"
        };
        assert_eq!(result, expected, "{organisation} {log}");
    }
    let proved = |of: &str| {
        let of = found
            .iter()
            .filter(|it| it.0 == format!("https://{of}.felixlinker.de"));
        of.filter(|it| it.2 == "proved").count()
    };
    assert_eq!((proved("auth"), proved("emblem")), (2, 1));
    let told = place.verify(&words);
    assert_eq!(told.code, 4);
    for part in [
        "SIGNED (dialect adem-jws)",
        "the public key of the log GoudaUpX",
        "DigiCert Sphinx2026h1",
        "proved",
        "707075e51622f41334859fc4e184835ad867337d924d571eb6727a0b264733f7",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }

    place.write("policy.toml", ONE_COMMITMENT);
    let words = [&words[..], &["--policy", "policy.toml"]].concat();
    let (answer, code) = place.verified(&words);
    assert_eq!((code, &answer["results"]), (0, &json!(ALL)), "{answer}");
    let told = place.verify(&words).done();
    assert!(
        told.contains("SIGNED ORGANIZATIONAL ENDORSED (dialect adem-jws)"),
        "{told}"
    );
}

#[test]
fn an_altered_promise_of_a_log_is_false() {
    let (Some(live), Some(certs)) = (recorded("live"), recorded("certs")) else {
        return;
    };
    let place = Place::new();
    copied(&place, &certs);
    let chain = fs::read_to_string(place.path(CHAIN)).unwrap();
    let (mut leaf, rest) = first(&chain);
    let log = BASE64
        .decode(b"SZybad4dfOz8Nt7Nh2SmuFuvCoeAGdFVUvvp6ynd+MM=")
        .unwrap();
    let log = leaf.windows(32).position(|it| it == log).unwrap();
    // After the id: time, extensions, algorithms, length; then the signature.
    leaf[log + 32 + 8 + 2 + 2 + 2 + 20] ^= 1;
    place.write(CHAIN, pem(&leaf) + &rest);
    place.write("policy.toml", ONE_COMMITMENT);
    let words = [&*live, "--evidence", "certs", "--at", RECORDED_AT];
    for words in [
        &words[..],
        &[&words[..], &["--policy", "policy.toml"]].concat(),
    ] {
        let (answer, code) = place.verified(words);
        assert_eq!((code, &answer["outcome"]), (1, &json!("false")), "{answer}");
        assert_eq!(answer["failed"]["rule"], "emblem-commitment-false");
    }
    let told = place.verify(&words);
    let why = "the log's signature over the certificate (SCT) is wrong";
    assert!(told.code == 1 && told.out.contains(why), "{}", told.out);
}

#[test]
fn a_self_made_certificate_is_foreign_and_none_at_all_is_missing() {
    let (Some(live), Some(certs)) = (recorded("live"), recorded("certs")) else {
        return;
    };
    let place = Place::new();
    copied(&place, &certs);
    let key = "h32ycgpm2jxlgmhmtrnuv5rywsexxk3gwa45w3cmpzpyvkacdvka";
    let names = [
        "emblem.felixlinker.de".to_owned(),
        format!("{key}.adem-configuration.emblem.felixlinker.de"),
    ];
    place.write(CHAIN, pem(&self_made(&names)));
    let words = [&*live, "--evidence", "certs", "--at", RECORDED_AT];
    let (answer, code) = place.verified(&words);
    assert_eq!(
        (code, &answer["outcome"]),
        (4, &json!("unproven")),
        "{answer}"
    );
    let says = answer["missing"][0]["says"].as_str().unwrap();
    assert!(
        says.contains("foreign to it") && says.contains(&names[1]),
        "{says}"
    );
    let told = place.verify(&words);
    assert!(
        told.code == 4 && told.out.contains("foreign to it"),
        "{}",
        told.out
    );

    let (answer, code) = place.verified(&[&live, "--at", RECORDED_AT]);
    assert_eq!((code, &answer["outcome"]), (4, &json!("unproven")));
    assert_eq!(answer["missing"].as_array().unwrap().len(), 4);
}

#[test]
fn the_command_that_the_page_prints_answers_as_the_page_does() {
    let place = Place::new();
    for (at, block) in EXAMPLE.split("\n\n").enumerate() {
        place.write(&format!("given/{at}.txt"), block);
    }
    place.write("given/notes.txt", "Call the hospital.\n");
    let printed = ["given", "--evidence", "given", "--at", AT];
    let (answer, code) = place.verified(&printed);
    assert_eq!((code, &answer["results"]), (0, &json!(ALL)), "{answer}");
    assert_eq!(answer["standing"], "endorsed");
    assert_eq!(answer["passed_over"][0]["name"], "given/notes.txt");
    let honour = "version = 1\n[[honour]]\norganisation = \"https://authority.example\"\n";
    place.write("policy.toml", honour);
    let told = place
        .verify(&[&printed[..], &["--policy", "policy.toml"]].concat())
        .done();
    for part in [
        "Recognised by https://authority.example, under the policy below.",
        "www.hospital.example",
        "21 September 2027",
        "https://authority.example endorses https://hospital.example",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // Without vouching for it, the log's key counts for nothing: anybody could bring a log.
    let (answer, code) = place.verified(&["given", "--at", AT]);
    assert_eq!(
        (code, &answer["missing"][0]["code"]),
        (4, &json!("emblem-missing-log-key"))
    );
    // A policy that lies among what was found does not count either.
    place.write("given/policy.toml", "version = 1\nleast = \"signed\"\n");
    let (answer, code) = place.verified(&["given", "--at", AT]);
    assert_eq!((code, &answer["policy"]["given"]), (4, &json!(false)));
}

#[test]
fn a_bundle_and_a_card_are_verified_and_written() {
    let place = Place::new();
    place.write("set.txt", EXAMPLE);
    let made = [
        "set.txt",
        "--evidence",
        "set.txt",
        "--at",
        AT,
        "--bundle-to",
        "set.emblem",
    ];
    let (answer, code) = place.verified(&made);
    assert_eq!((code, &answer["file"]), (0, &json!("set.emblem")));
    let again = place.verify(&made).failed(1);
    assert!(again.contains("--force"), "{again}");
    place.verify(&[&made[..], &["--force"]].concat()).done();
    let bundle = fs::read(place.path("set.emblem")).unwrap();
    // In the bundle, the key of the log is a stranger's.
    let (answer, code) = place.verified(&["set.emblem", "--at", AT]);
    assert_eq!((code, &answer["outcome"]), (4, &json!("unproven")));
    let log = answer["missing"][0]["log"].as_str().unwrap();
    place.write("policy.toml", format!("version = 1\nlogs = [\"{log}\"]\n"));
    let paper = format!("EMBLEM1:{}", data_encoding::BASE32_NOPAD.encode(&bundle));
    let lines: Vec<_> = paper.as_bytes().chunks(64).collect();
    place.write("card.txt", lines.join(&b"\n"[..]));
    for file in ["set.emblem", "card.txt"] {
        let words = [file, "--at", AT, "--policy", "policy.toml"];
        assert_eq!(place.verified(&words).1, 0, "{file}");
    }
    let piped = place.verify_piped(&bundle, &["--at", AT, "--policy", "policy.toml"]);
    assert_eq!(piped.code, 0, "{}{}", piped.out, piped.said);
    // What was signed alone is enough for who asks for no more.
    assert_eq!(
        place
            .verified(&["card.txt", "--at", AT, "--least", "signed"])
            .1,
        4
    );
    let first = EXAMPLE.split("\n\n").next().unwrap();
    let bare = place.verify_piped(first.as_bytes(), &["--at", AT]);
    assert!(
        bare.code == 4 && bare.out.contains("a key that signed is not here"),
        "{}",
        bare.out
    );
}

/// A case of the project's vectors, with the keys of its algorithm.
fn vector(algorithm: &str, name: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file: PathBuf = root.join("testdata/vectors/emblem-cwt.json");
    let vectors: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let mut all = vectors["algorithms"].as_array().unwrap().iter();
    let of = all.find(|it| it["algorithm"] == algorithm).unwrap();
    let name = format!("{algorithm}/{name}");
    let mut cases = of["cases"].as_array().unwrap().iter();
    let case = cases.find(|it| it["name"] == *name).unwrap();
    let unhex = |value: &Value| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let tokens = case["tokens"].as_array().unwrap().iter().map(unhex);
    let keys = of["keys"].as_array().unwrap().iter();
    (
        tokens.collect(),
        keys.map(|it| unhex(&it["cose_key"])).collect(),
    )
}

#[test]
fn every_algorithm_is_verified_from_binary_hexadecimal_and_base64() {
    let place = Place::new();
    for algorithm in ["EdDSA", "ES256", "ES384", "ES512"] {
        let (tokens, keys) = vector(algorithm, "signed-no-iss");
        for (at, piece) in tokens.iter().chain(&keys).enumerate() {
            place.write(&format!("{algorithm}/{at}.cbor"), piece);
            place.write(&format!("{algorithm}-hex/{at}.txt"), HEXLOWER.encode(piece));
            place.write(
                &format!("{algorithm}-base64/{at}.txt"),
                BASE64.encode(piece),
            );
        }
        for form in ["", "-hex", "-base64"] {
            let folder = format!("{algorithm}{form}");
            let words = [&*folder, "--at", AT, "--least", "signed"];
            let (answer, code) = place.verified(&words);
            assert_eq!(
                (code, &answer["results"]),
                (0, &json!(["SIGNED"])),
                "{folder}"
            );
            assert_eq!(answer["tokens"][0]["says"]["algorithm"], algorithm);
            // By the default policy a signature alone is not enough, and that is said.
            let (answer, code) = place.verified(&words[..3]);
            assert_eq!(
                (code, &answer["missing"][0]["code"]),
                (4, &json!("emblem-lack-level"))
            );
        }
    }
}

/// A token of the JWS dialect with a signature of the right length, that nobody made.
fn jws(header: &str, claims: &str) -> Vec<u8> {
    let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let signature = BASE64URL_NOPAD.encode(&[1; 64]);
    format!("{}.{}.{signature}", part(header), part(claims)).into_bytes()
}

fn marking(asset: &str) -> Vec<u8> {
    let header = format!(
        r#"{{"alg":"EdDSA","cty":"adem-emb","kid":"{}"}}"#,
        "a".repeat(52)
    );
    let claims = json!({ "ver": "v1", "iat": 1, "nbf": 1, "exp": 2_000_000_000, "assets": [asset],
        "emb": { "prp": ["protective"] } });
    jws(&header, &claims.to_string())
}

#[test]
fn what_is_no_emblem_is_answered_clearly() {
    let place = Place::new();
    let claims = r#"{"ver":"v1","iat":1,"nbf":1,"exp":2000000000,"assets":["a.example"],"emb":{}}"#;
    let header = |alg: &str| {
        format!(
            r#"{{"alg":"{alg}","cty":"adem-emb","kid":"{}"}}"#,
            "a".repeat(52)
        )
    };
    let twice = claims.replace("{\"ver\"", "{\"ver\":\"v1\",\"ver\"");
    let nested = claims.replace("{}", &("[".repeat(64) + &"]".repeat(64)));
    let assets = vec!["a.example"; 20_000];
    let huge = claims.replace("[\"a.example\"]", &json!(assets).to_string());
    let (tokens, _) = vector("EdDSA", "endorsed");
    let retagged = [&[0xd8, 0x3d, 0xd1], &tokens[0][3..]].concat();
    let deep = [&[0xd8, 0x3d, 0xd2, 0x84][..], &[0x81; 10_000]].concat();
    // An array of four, and of 2^32 - 1 in its place.
    let endless = [
        &tokens[0][..3],
        &[0x9a, 0xff, 0xff, 0xff, 0xff],
        &tokens[0][4..],
    ]
    .concat();
    let private = r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"AA","d":"AA"}"#;
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n";
    let cases: [(&str, Vec<u8>, &str); 16] = [
        (
            "words",
            b"hello".to_vec(),
            "neither token, key, certificate, list nor bundle",
        ),
        (
            "unsigned",
            jws(&header("none"), claims),
            "the token is not signed",
        ),
        (
            "alg confusion",
            jws(&header("HS256"), claims),
            "algorithm that emblem tokens do not use",
        ),
        (
            "duplicate keys",
            jws(&header("EdDSA"), &twice),
            "the same name stands twice",
        ),
        (
            "nested JSON",
            jws(&header("EdDSA"), &nested),
            "cannot be read",
        ),
        (
            "huge array",
            jws(&header("EdDSA"), &huge),
            "longer than the 16384 bytes of any token",
        ),
        ("nested CBOR", deep, "cannot be read"),
        ("endless array", endless, "cannot be read"),
        ("wrong tag", retagged, "must: this is something else"),
        (
            "private JWK",
            private.into(),
            "private part: it is refused, and must never be shared",
        ),
        ("private PEM", pem.into(), "private part"),
        (
            "zone id",
            marking("[fe80::1%eth0]"),
            "an asset of the token cannot be read",
        ),
        (
            "homograph",
            marking("h\u{43e}spital.example"),
            "an asset of the token cannot be read",
        ),
        (
            "over-long name",
            marking(&"a.".repeat(200)),
            "an asset of the token cannot be read",
        ),
        (
            "mapped address",
            marking("[::ffff:192.0.2.1]"),
            "an asset of the token cannot be read",
        ),
        ("cut off", tokens[0][..40].to_vec(), "cannot be read"),
    ];
    for (name, content, says) in cases {
        let ended = place.verify_piped(&content, &["--at", AT]);
        assert_eq!(ended.code, 1, "{name}: {}{}", ended.out, ended.said);
        assert!(
            ended.out.contains(says),
            "{name}: {}{}",
            ended.out,
            ended.said
        );
    }
    // The key of one algorithm under the id that a token of another names: a token names keys by
    // their content, so such a key is not found.
    let (tokens, _) = vector("EdDSA", "endorsed");
    let (_, keys) = vector("ES256", "endorsed");
    for (at, piece) in tokens.iter().chain(&keys).enumerate() {
        place.write(&format!("mixed/{at}.cbor"), piece);
    }
    let (answer, code) = place.verified(&["mixed", "--at", AT]);
    assert_eq!(
        (code, &answer["missing"][0]["code"]),
        (4, &json!("emblem-lack-key"))
    );
    place.write("set.txt", EXAMPLE);
    let early = place.verify(&["set.txt", "--at", "2026-01-01T00:00:00Z"]);
    assert!(
        early.code == 1 && early.out.contains("the token is not valid yet"),
        "{}",
        early.out
    );
}

#[test]
fn what_cannot_be_used_ends_with_the_agreed_code() {
    let place = Place::new();
    let said = place.verify(&["absent.jws"]).failed(3);
    assert!(said.contains("cannot read absent.jws"), "{said}");
    place.write("set.txt", EXAMPLE);
    for (flag, file) in [("--evidence", "absent"), ("--policy", "absent.toml")] {
        let said = place.verify(&["set.txt", flag, file]).failed(3);
        assert!(said.contains(file), "{said}");
    }
    place.write("policy.toml", "version = 1\nleast = \"most\"\n");
    let said = place
        .verify(&["set.txt", "--policy", "policy.toml"])
        .failed(2);
    assert!(
        said.contains("policy.toml is no trust policy: `least`"),
        "{said}"
    );
    place.verify(&[]).failed(2);
    place.verify(&["set.txt", "--least", "trusted"]).failed(2);
    let both = ["set.txt", "--least", "signed", "--policy", "policy.toml"];
    place.verify(&both).failed(2);
    place.write("many.txt", "x\n\n".repeat(200));
    let said = place.verify(&["many.txt"]).failed(1);
    assert!(said.contains("more than 128 pieces"), "{said}");
    let said = place
        .verify_piped(b"hello", &["--bundle-to", "none.emblem"])
        .failed(1);
    assert!(said.contains("no bundle can be made"), "{said}");
    assert!(!place.path("none.emblem").exists());
}
