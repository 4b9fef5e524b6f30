use data_encoding::{BASE64, HEXLOWER};

use super::*;
use crate::discovery::{Item, document};
use crate::policy::Outcome;
use crate::token::Dialect;
use crate::verify::{Fate, Rule};

const EXAMPLE: &str = include_str!("../../../web/assets/example.txt");
/// When the example is valid.
const AT: u64 = 1_790_000_000;
const ALL: [&str; 3] = ["SIGNED", "ORGANIZATIONAL", "ENDORSED"];

fn given(text: &str) -> Given {
    let mut given = Given::default();
    given.add_text(text).unwrap();
    given
}

fn file(given: &mut Given, source: Source, name: &str, content: &[u8]) {
    given.add_file(source, Some(name), content).unwrap();
}

fn judgement(given: &Given, at: u64) -> Judgement {
    given.judge(at).unwrap().judgement
}

fn outcome(given: &Given) -> Outcome {
    judgement(given, AT).outcome
}

/// The codes of what is missing.
fn missing(given: &Given) -> Vec<&'static str> {
    match outcome(given) {
        Outcome::Unproven(lacks) => lacks.iter().map(|it| it.code()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_is_endorsed_and_every_piece_of_it_is_used() {
    let given = given(EXAMPLE);
    assert_eq!(given.passed, []);
    let judgement = judgement(&given, AT);
    assert_eq!(judgement.outcome, Outcome::Met);
    assert_eq!(judgement.report.results(), ALL);
}

#[test]
fn what_a_host_publishes_about_itself_is_taken_as_it_lies_there() {
    let whole = given(EXAMPLE);
    let tokens = whole.tokens.iter().map(|it| Item::Cwt(it.clone()));
    let keys = whole.keys.iter().map(|it| Item::CoseKey(it.to_cose()));
    let items: Vec<Item> = tokens.chain(keys).collect();
    let published = document(&items, Dialect::Cwt).unwrap();
    let mut found = Given::default();
    file(&mut found, Source::Found, "digital-emblem", &published.body);
    assert_eq!(found.passed, []);
    assert_eq!((&found.tokens, &found.keys), (&whole.tokens, &whole.keys));
    // The texts of the other dialect: what they hold is not read here, only taken apart.
    let lines = "adem-token=eyJhIjoxfQ.e30.AA\nadem-key={\"kty\":\"EC\"}\n\nEMBLEM1:X";
    let texts = given(lines);
    assert_eq!(texts.tokens, [b"eyJhIjoxfQ.e30.AA".to_vec()]);
    assert_eq!(
        texts.passed.len(),
        2,
        "a key without its parts, and no card"
    );
    let mut evidence = Given::default();
    file(&mut evidence, Source::Evidence, "it", &published.body);
    assert_eq!(evidence.tokens.len() + evidence.keys.len(), 0);
    assert_eq!(evidence.passed[0].why, ONLY_EVIDENCE.1);
}

#[test]
fn each_way_of_giving_the_same_gives_the_same_answer() {
    let whole = given(EXAMPLE);
    let expected = judgement(&whole, AT);
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
    assert_eq!(judgement(&given(&wrapped.join("\n\n")), AT), expected);
    // As files, each in the form that it has.
    let mut files = Given::default();
    for token in &whole.tokens {
        file(&mut files, Source::Found, "token.cbor", token);
        files.add_text(&HEXLOWER.encode(token)).unwrap();
    }
    for key in whole.keys.iter().chain(&whole.keys) {
        file(&mut files, Source::Found, "key.cbor", &key.to_cose());
    }
    assert_eq!(files.keys.len(), whole.keys.len());
    let read = judgement(&files, AT);
    assert_eq!(read.report.tokens.len(), 6, "the same token twice is told");
    assert_eq!(read.report.tokens[1], Fate::Dropped(Rule::Duplicate));
    // As a bundle: nobody vouches for the log's key, unless the policy names it.
    let bundle = whole.bundle().unwrap();
    let mut sent = Given::default();
    file(&mut sent, Source::Own, "set.emblem", &bundle);
    assert!(
        missing(&sent)
            .iter()
            .all(|it| *it == "emblem-missing-log-key")
    );
    let log = sent.evidence.logs().keys().next().unwrap();
    let policy = format!("version = 1\nlogs = [\"{log}\"]\n");
    sent.read_policy(&policy).unwrap();
    assert_eq!(outcome(&sent), Outcome::Met);
    let paper = paper::write(&Bundle::decode(&bundle).unwrap()).unwrap();
    let wrapped: Vec<_> = paper.as_bytes().chunks(64).collect();
    let wrapped = String::from_utf8(wrapped.join(&b"\n"[..])).unwrap();
    for text in [paper, wrapped, BASE64.encode(&bundle)] {
        let mut typed = given(&text);
        file(&mut typed, Source::Own, "policy.toml", policy.as_bytes());
        assert_eq!(outcome(&typed), Outcome::Met);
    }
}

#[test]
fn strangers_bring_neither_logs_nor_policies_and_evidence_brings_no_tokens() {
    let mut found = Given::default();
    file(&mut found, Source::Found, "set.txt", EXAMPLE.as_bytes());
    assert!(
        missing(&found)
            .iter()
            .all(|it| *it == "emblem-missing-log-key")
    );
    let lax = "version = 1\nleast = \"signed\"\n";
    file(&mut found, Source::Found, "policy.toml", lax.as_bytes());
    assert_eq!(found.policy, None);
    let [passed] = &found.passed[..] else {
        panic!("{:?}", found.passed);
    };
    assert_eq!(
        (passed.name.as_deref(), &*passed.why),
        (Some("policy.toml"), FOUND_POLICY.1)
    );
    // The same file as the verifier's own evidence: its tokens are not taken twice.
    file(&mut found, Source::Evidence, "set.txt", EXAMPLE.as_bytes());
    assert_eq!(found.tokens.len(), 3);
    assert_eq!(found.evidence.chains().count(), 2);
    assert_eq!(found.passed[1].why, ONLY_EVIDENCE.1);
    assert_eq!(outcome(&found), Outcome::Met);
}

#[test]
fn what_is_missing_is_named_and_what_is_wrong_is_told_apart() {
    // Without certificates and the log's key.
    let bare = EXAMPLE.split("-----BEGIN").next().unwrap();
    let bare = given(bare);
    assert_eq!(judgement(&bare, AT).report.results(), ["SIGNED"]);
    assert_eq!(missing(&bare), ["emblem-missing-certificate"; 2]);
    // A signature that is another's.
    let mut blocks: Vec<_> = EXAMPLE.split("\n\n").map(str::to_owned).collect();
    let end = blocks[0].len() - 4;
    let other = if blocks[0].as_bytes()[end] == b'A' {
        "B"
    } else {
        "A"
    };
    blocks[0].replace_range(end..=end, other);
    let Outcome::Invalid(broken) = outcome(&given(&blocks.join("\n\n"))) else {
        panic!("the signature is another's");
    };
    assert_eq!((broken.rule, broken.token), (Rule::Signature, Some(0)));
    // Later than it is valid.
    let late = judgement(&given(EXAMPLE), AT + 366 * 86_400);
    assert_eq!(late.standing.unwrap().code(), "emblem-expired");
}

#[test]
fn what_is_nothing_is_told_and_bounded() {
    let odd = given("hello there\n\n{\"a\": 1}\n\n-----BEGIN X-----\nAA==\n-----END X-----\n\n{");
    assert_eq!(odd.passed.len(), 4);
    assert!(matches!(outcome(&odd), Outcome::Invalid(_)));
    assert!(given("").is_empty());
    let secret = r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"AA","d":"AA"}"#;
    assert!(given(secret).passed[0].why.contains("private part"));
    // A file of many pieces that are nothing is told once.
    let mut list = Given::default();
    file(
        &mut list,
        Source::Own,
        "list.json",
        b"[\n{\"a\": 1},\n{\"b\": 2}\n]",
    );
    assert_eq!(list.passed.len(), 1, "{:?}", list.passed);
    for (many, once) in [("x\n\n", "x "), ("{}\n", "{}")] {
        let refused = Given::default().add_text(&many.repeat(MAX_PIECES + 1));
        assert!(matches!(refused, Err(Error::TooMany)), "{many:?}");
        // Bounded before it is counted.
        let pieces = pieces::split(&once.repeat(1_000_000), MAX_PIECES).len();
        assert!(pieces <= MAX_PIECES + 1, "{pieces}");
    }
    let mut policy = Given::default();
    assert!(matches!(
        policy.read_policy("version = 2"),
        Err(Error::Policy(_))
    ));
    assert!(matches!(given("hello").bundle(), Err(Error::Bundle(_))));
}

/// The files of a folder of recorded emblems, which lies beside the project or is absent.
fn recorded(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let place = ensign_recorded::find(&format!("adem-jws/{folder}"))?;
    let entries = std::fs::read_dir(place).unwrap();
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
    for (name, content) in &live {
        file(&mut given, Source::Found, name, content);
    }
    for (name, content) in &certs {
        file(&mut given, Source::Evidence, name, content);
    }
    let Outcome::Unproven(lacks) = judgement(&given, 1_780_000_000).outcome else {
        panic!("the key of a log is missing");
    };
    let [lack] = &lacks[..] else {
        panic!("{lacks:?}");
    };
    assert!(lack.to_string().contains("the log Gouda"), "{lack}");
    given.read_policy("version = 1\ncommitments = 1\n").unwrap();
    let judged = given.judge(1_780_000_000).unwrap();
    assert_eq!(judged.judgement.outcome, Outcome::Met);
    assert_eq!(judged.judgement.report.results(), ALL);
}

#[test]
fn a_set_of_keys_is_read_key_by_key() {
    let whole = given(EXAMPLE);
    let jwks: Vec<_> = whole.keys.iter().map(EmblemKey::to_jwk).collect();
    let private = r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"AA","d":"AA"}"#;
    let shared = r#"{"kty":"oct","alg":"HS256","k":"AAAA"}"#;
    let set = format!("{{\"keys\": [{private},{shared},{}]}}", jwks.join(","));
    let read = given(&set);
    assert_eq!(read.keys, whole.keys);
    let codes: Vec<_> = read.passed.iter().map(|it| it.code).collect();
    assert_eq!(
        codes,
        ["emblem-passed-private-key", "emblem-passed-shared-secret"]
    );
    for (set, code, why) in [
        (r#"{"keys":[]}"#, "emblem-passed-no-keys", "without any key"),
        (
            r#"{"keys":"kty"}"#,
            "emblem-passed-key",
            "neither a COSE_Key",
        ),
        (r#"{"keys":[1]}"#, "emblem-passed-key", "neither a COSE_Key"),
    ] {
        let read = given(set);
        assert_eq!(read.passed[0].code, code, "{set}");
        assert!(read.passed[0].why.contains(why), "{set}");
    }
    let many = vec![jwks[0].as_str(); 65].join(",");
    let read = given(&format!("{{\"keys\":[{many}]}}"));
    assert!(read.keys.is_empty() && read.passed[0].why.contains("more than the 64 keys"));
}

#[test]
fn a_private_key_is_refused_and_told_before_all_else() {
    let mut found = given(EXAMPLE);
    let secret = "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n";
    file(&mut found, Source::Found, "set/own.pem", secret.as_bytes());
    assert!(found.passed[0].why.contains("must never be shared"));
    let judged = found.judge(AT).unwrap();
    assert_eq!(judged.judgement.outcome, Outcome::Met);
    let told = judged.cautions[0].to_string();
    assert!(
        told.contains("set/own.pem") && told.contains("never share it"),
        "{told}"
    );
}

#[test]
fn what_lies_among_files_and_is_no_file_is_named() {
    let mut found = Given::default();
    found.pass_over("set/older", Unread::Folder);
    found.pass_over("set/pipe", Unread::Special);
    let told = found.passed.iter();
    let told: Vec<_> = told.map(|it| (it.name.as_deref(), it.code)).collect();
    assert_eq!(
        told,
        [
            (Some("set/older"), "emblem-passed-folder"),
            (Some("set/pipe"), "emblem-passed-special")
        ]
    );
}

#[test]
fn a_token_with_another_tag_or_none_says_which_tag_is_wrong_or_missing() {
    let token = &given(EXAMPLE).tokens[0].clone();
    assert_eq!(token[..4], [0xd8, 0x3d, 0xd2, 0x84]);
    let why = |bytes: &[u8]| {
        let mut given = Given::default();
        file(&mut given, Source::Found, "token", bytes);
        assert_eq!((given.tokens.len(), &given.passed[..]), (1, &[][..]));
        match judgement(&given, AT).report.tokens[0] {
            Fate::Dropped(Rule::Unreadable(why)) => why.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let other = [&[0xd8, 0x3e], &token[2..]].concat();
    assert!(why(&other).starts_with("the tag 62 stands where 61 (a CWT, a token) must"));
    let inner = [&[0xd8, 0x3d, 0xd3], &token[3..]].concat();
    assert!(
        why(&inner).starts_with("the tag 19 stands where 18 ("),
        "{}",
        why(&inner)
    );
    assert!(why(&token[3..]).starts_with("the tag 61 (a CWT, a token) is missing"));
    let unsigned = [&token[..2], &token[3..]].concat();
    assert!(
        why(&unsigned).starts_with("the tag 18 (COSE_Sign1, "),
        "{}",
        why(&unsigned)
    );
    // As hexadecimal too.
    let pasted = given(&HEXLOWER.encode(&token[3..]));
    assert_eq!((pasted.tokens.len(), pasted.passed.len()), (1, 0));
}

#[test]
fn a_key_with_a_member_twice_is_told_with_the_member() {
    let pasted = given(r#"{"kty":"OKP","crv":"Ed25519","x":"AA","x":"AB"}"#);
    let [passed] = &pasted.passed[..] else {
        panic!("{:?}", pasted.passed);
    };
    assert_eq!(passed.code, "emblem-passed-key-twice");
    assert!(
        passed.why.contains("the member \"x\" stands twice"),
        "{}",
        passed.why
    );
    let set = given(r#"{"keys":[{"kty":"OKP","x":"AA","x":"AB"}]}"#);
    assert_eq!(set.passed[0].code, "emblem-passed-key-twice");
}

#[test]
fn the_policy_that_a_bundle_names_is_told() {
    let mut own = given(EXAMPLE);
    assert_eq!(own.judge(AT).unwrap().named, []);
    own.read_policy("version = 1\ncommitments = 1\n").unwrap();
    let (bundle, id) = (own.bundle().unwrap(), own.policy.as_ref().unwrap().id());
    let mut found = Given::default();
    for source in [Source::Found, Source::Evidence] {
        file(&mut found, source, "set.emblem", &bundle);
    }
    assert_eq!(found.judge(AT).unwrap().named, [id]);
}

#[test]
fn lists_of_log_entries_are_neither_used_nor_told() {
    let entries = r#"[
  {"ver": "v1", "id": "FoMtq/CpJQ8P8DqlRf/Iv8gj0IdL9gQpJ/jnHzMT9fo=", "hash": "1Z60"},
  {"ver": "static", "id": "GoudaUpXmMiZoMqIvfSPwLRWYMzDYA0fcfRp/8fRrKM=", "index": 7}
]
"#;
    let mut with = given(EXAMPLE);
    file(&mut with, Source::Evidence, "logs.json", entries.as_bytes());
    assert_eq!(with.passed, []);
    assert_eq!(outcome(&with), Outcome::Met);
    assert!(given(entries).is_empty(), "there is nothing to verify");
    // What stands after it is read, and arrays of anything else are told.
    assert_eq!(given(&format!("{entries}{EXAMPLE}")).tokens, with.tokens);
    for other in [
        "[]",
        "[1]",
        "[{\"id\": \"x\"}]",
        "[{\"id\": \"x\", \"hash\": ",
    ] {
        assert!(!given(other).passed.is_empty(), "{other}");
    }
}
