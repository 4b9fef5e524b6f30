use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};

use super::*;

const EXAMPLE: &str = include_str!("../../assets/example.txt");
/// When the example is valid.
const AT: u64 = 1_790_000_000;

fn given(text: &str) -> Given {
    let mut given = Given::default();
    given.add_text(text).unwrap();
    given
}

#[test]
fn the_example_is_endorsed_and_every_commitment_is_proved() {
    let given = given(EXAMPLE);
    assert_eq!(given.passed, []);
    let verified = given.verify(AT).unwrap();
    assert_eq!(verified.outcome, "met");
    assert_eq!(verified.results, ["SIGNED", "ORGANIZATIONAL", "ENDORSED"]);
    assert_eq!(verified.dialect, Some("adem-cwt"));
    let roles: Vec<_> = verified.tokens.iter().map(|it| it.role).collect();
    assert_eq!(roles, ["emblem", "internal", "external"]);
    assert!(verified.tokens.iter().all(|it| it.signature == "right"));
    let found: Vec<_> = verified.commitments.iter().map(|it| it.result).collect();
    assert_eq!(found, ["proved", "proved"]);
}

#[test]
fn each_way_of_giving_the_same_gives_the_same_answer() {
    let whole = given(EXAMPLE);
    let expected = whole.verify(AT).unwrap();
    // Wrapped, as mail does it.
    let wrapped: Vec<String> = EXAMPLE
        .split("\n\n")
        .map(|block| match block.starts_with(['{', '-']) {
            true => block.to_owned(),
            false => {
                let lines = block.as_bytes().chunks(76);
                let lines = lines.map(|it| std::str::from_utf8(it).unwrap());
                lines.collect::<Vec<_>>().join("\r\n")
            }
        })
        .collect();
    assert_eq!(given(&wrapped.join("\n\n")).verify(AT).unwrap(), expected);
    // As files, each in the form that it has.
    let mut files = Given::default();
    for token in &whole.tokens {
        files.add_file("token.cbor", token).unwrap();
        files.add_text(&HEXLOWER.encode(token)).unwrap();
    }
    for key in &whole.keys {
        files.add_file("key.cbor", &key.to_cose()).unwrap();
    }
    let read = files.verify(AT).unwrap();
    assert_eq!(read.tokens.len(), 6, "the same token twice is told");
    assert_eq!(
        read.tokens[1].failed.as_ref().unwrap().rule,
        "emblem-duplicate"
    );
    // As a bundle: nobody vouches for the log's key, unless the policy names it.
    let bundle = whole.bundle().unwrap();
    let mut sent = Given::default();
    sent.add_file("set.emblem", &bundle).unwrap();
    let unvouched = sent.verify(AT).unwrap();
    assert_eq!(unvouched.outcome, "unproven");
    assert!(
        unvouched
            .missing
            .iter()
            .all(|it| it.code == "emblem-missing-log-key")
    );
    let log = unvouched.missing[0].log.clone().unwrap();
    let policy = format!("version = 1\nlogs = [\"{log}\"]\n");
    sent.set_policy(&policy).unwrap();
    assert_eq!(sent.verify(AT).unwrap().outcome, "met");
    let paper = ensign_mark::paper::write(&Bundle::decode(&bundle).unwrap()).unwrap();
    for text in [paper, BASE64.encode(&bundle)] {
        let mut typed = given(&text);
        typed.add_file("policy.toml", policy.as_bytes()).unwrap();
        assert_eq!(typed.verify(AT).unwrap().outcome, "met");
    }
}

#[test]
fn what_is_missing_is_named_and_what_is_wrong_is_told_apart() {
    // Without certificates and the log's key.
    let bare = EXAMPLE.split("-----BEGIN").next().unwrap();
    let bare = given(bare).verify(AT).unwrap();
    assert_eq!((bare.outcome, bare.results), ("unproven", vec!["SIGNED"]));
    let missing: Vec<_> = bare.missing.iter().map(|it| it.code).collect();
    assert_eq!(missing, ["emblem-missing-certificate"; 2]);
    // A signature that is another's.
    let mut blocks: Vec<_> = EXAMPLE.split("\n\n").map(str::to_owned).collect();
    let end = blocks[0].len() - 4;
    let other = if blocks[0].as_bytes()[end] == b'A' {
        "B"
    } else {
        "A"
    };
    blocks[0].replace_range(end..=end, other);
    let wrong = given(&blocks.join("\n\n")).verify(AT).unwrap();
    assert_eq!(wrong.outcome, "invalid");
    assert_eq!(wrong.failed.as_ref().unwrap().rule, "emblem-signature");
    assert_eq!(wrong.failed.unwrap().token, Some(1));
    let told: Vec<_> = wrong
        .tokens
        .iter()
        .map(|it| (it.role, it.signature))
        .collect();
    assert_eq!(
        told,
        [("dropped", "wrong"), ("idle", "right"), ("idle", "right")]
    );
    // Later than it is valid.
    let late = given(EXAMPLE).verify(AT + 366 * 86_400).unwrap();
    assert_eq!((late.outcome, late.standing), ("invalid", Some("expired")));
}

#[test]
fn what_is_nothing_is_told_and_bounded() {
    let odd = given("hello there\n\n{\"a\": 1}\n\n-----BEGIN X-----\nAA==\n-----END X-----\n\n{");
    assert_eq!(odd.passed.len(), 4);
    assert!(odd.verify(AT).unwrap().failed.is_some());
    assert!(given("").is_empty());
    let secret = r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"AA","d":"AA"}"#;
    assert!(given(secret).passed[0].why.contains("private part"));
    let many = "x\n\n".repeat(MAX_PIECES + 1);
    let refused = Given::default().add_text(&many);
    assert!(matches!(refused, Err(Error::TooMany)));
    let mut policy = Given::default();
    assert!(matches!(
        policy.set_policy("version = 2"),
        Err(Error::Policy(_))
    ));
    assert!(matches!(given("hello").bundle(), Err(Error::Bundle(_))));
}

/// The files of a folder of recorded emblems, which lies beside the project or is absent.
fn recorded(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adem-jws");
    let Ok(entries) = std::fs::read_dir(place.join(folder)) else {
        println!("skipped: the recorded emblems are not beside the project");
        return None;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.is_file());
    let mut files: Vec<_> = files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    Some(files)
}

#[test]
fn a_recorded_deployment_is_proved_but_for_the_log_whose_key_is_missing() {
    let (Some(live), Some(certs)) = (recorded("live"), recorded("certs")) else {
        return;
    };
    let mut given = Given::default();
    for (name, content) in live.iter().chain(&certs) {
        given.add_file(name, content).unwrap();
    }
    let verified = given.verify(1_780_000_000).unwrap();
    assert_eq!(verified.outcome, "unproven");
    let [missing] = &verified.missing[..] else {
        panic!("{:?}", verified.missing);
    };
    assert_eq!(missing.code, "emblem-missing-log-key");
    assert!(missing.log.as_ref().unwrap().starts_with("Gouda"));
    given.set_policy("version = 1\ncommitments = 1\n").unwrap();
    let verified = given.verify(1_780_000_000).unwrap();
    assert_eq!(verified.outcome, "met");
    assert_eq!(verified.dialect, Some("adem-jws"));
    assert_eq!(verified.results, ["SIGNED", "ORGANIZATIONAL", "ENDORSED"]);
}
