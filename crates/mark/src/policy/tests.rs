use super::*;
use crate::commitment::{Checked, Finding, LogId, Proof, Revocation, Shown};
use crate::token::{Leaf, LogEntry};
use crate::verify::Weight;

const FULL: &str = r#"
# comments do not change the id
version = 1
least = "endorsed"
commitments = 2
evidence-days = 400
revocation-lists = "required"
logs = ["FoMtq/CpJQ8P8DqlRf/Iv8gj0IdL9gQpJ/jnHzMT9fo="]

[[honour]]
organisation = "https://second.example"

[[honour]]
organisation = "https://first.example"
emblems = ["protective", "cultural-property"]
assets = ["domain", "network"]
"#;

#[test]
fn a_policy_is_known_by_what_it_says() {
    let policy = Policy::from_toml(FULL).unwrap();
    let terms = policy.terms();
    assert_eq!(terms.least, Level::Endorsed);
    assert_eq!(terms.commitments, Enough::AtLeast(2));
    assert_eq!(terms.evidence_days, Some(400));
    assert_eq!(terms.revocation, RevocationLists::Required);
    assert_eq!(terms.honours[0].purposes.bits(), 17);
    assert_eq!(
        terms.honours[1],
        Honour::of("https://second.example".parse().unwrap())
    );
    let read = Policy::decode(&policy.encode()).unwrap();
    assert_eq!(read, policy);
    let (head, tail) = FULL.split_once("commitments = 2").unwrap();
    let reordered = format!("commitments = 2{head}{tail}");
    assert_eq!(Policy::from_toml(&reordered).unwrap().id(), policy.id());
    let other = FULL.replace("400", "401");
    assert_ne!(Policy::from_toml(&other).unwrap().id(), policy.id());
    let default = Policy::from_toml("version = 1").unwrap();
    assert_eq!(default, Policy::default());
    assert_eq!(default.id().to_string().len(), 64);
}

#[test]
fn what_means_nothing_is_no_policy() {
    for (text, why) in [
        ("version = 2", PolicyError::Version),
        (
            "version = 1\nleast = \"trusted\"",
            PolicyError::Value("least"),
        ),
        (
            "version = 1\ncommitments = 0",
            PolicyError::Value("commitments"),
        ),
        (
            "version = 1\ncommitments = \"most\"",
            PolicyError::Value("commitments"),
        ),
        (
            "version = 1\nrevocation-lists = \"no\"",
            PolicyError::Value("revocation-lists"),
        ),
        ("version = 1\nlogs = [\"AAAA\"]", PolicyError::List("logs")),
        ("version = 1\nlogs = []", PolicyError::List("logs")),
    ] {
        assert_eq!(Policy::from_toml(text).unwrap_err(), why, "{text}");
    }
    let honour = |text: &str| {
        let text = format!("version = 1\n[[honour]]\norganisation = \"https://a.example\"\n{text}");
        Policy::from_toml(&text).unwrap_err()
    };
    assert_eq!(honour("emblems = []"), PolicyError::List("emblems"));
    assert_eq!(honour("emblems = [\"war\"]"), PolicyError::List("emblems"));
    assert_eq!(
        honour("assets = [\"domain\", \"domain\"]"),
        PolicyError::List("assets")
    );
    let twice = "[[honour]]\norganisation = \"https://a.example\"";
    assert_eq!(honour(twice), PolicyError::List("honour"));
    let name = "[[honour]]\norganisation = \"https://a.example/\"";
    assert!(matches!(honour(name), PolicyError::Organisation(_)));
    for text in ["", "version = 1\nmore = 1", "version = \"1\""] {
        let refused = Policy::from_toml(text);
        assert!(
            matches!(refused, Err(PolicyError::Toml(_))),
            "{text}: {refused:?}"
        );
    }
    for (line, name, wanted) in [
        ("commitments = 300", "commitments", "from 1 to 255"),
        ("commitments = 0.5", "commitments", "\"every\""),
        (
            "evidence-days = -1",
            "evidence-days",
            "a whole number of days",
        ),
    ] {
        let refused = Policy::from_toml(&format!("version = 1\n{line}")).unwrap_err();
        assert_eq!(refused, PolicyError::Value(name));
        assert!(refused.to_string().contains(wanted), "{refused}");
    }
    let long = format!("version = 1\n#{}", "x".repeat(MAX_POLICY));
    assert_eq!(Policy::from_toml(&long), Err(PolicyError::TooLong));
}

#[test]
fn the_encoding_of_a_policy_is_read_strictly() {
    let encoded = Policy::from_toml(FULL).unwrap().encode();
    for at in 0..encoded.len() {
        assert!(Policy::decode(&encoded[..at]).is_err());
        let mut changed = encoded.clone();
        changed[at] ^= 1;
        if let Ok(other) = Policy::decode(&changed) {
            assert_eq!(other.encode(), changed);
        }
    }
    assert_eq!(Policy::decode(&[0xa0]), Err(PolicyError::Encoding));
}

/// An entry that is proved: when it was logged, and what the lists say.
fn proved(logged: u64, revocation: Revocation) -> Checked {
    let shown = Shown {
        fingerprint: [1; 32],
        names: Vec::new(),
    };
    Checked {
        entry: LogEntry {
            log: LogId::from_bytes([2; 32]),
            leaf: Leaf::Index(3),
        },
        finding: Finding::Proved(Proof {
            certificate: shown,
            logged,
            included: false,
            issuer_checked: true,
            revocation,
        }),
    }
}

#[test]
fn a_commitment_is_proved_until_its_age_its_list_or_a_revocation_ends_that() {
    const DAY: u64 = 86_400;
    let now = 100 * DAY;
    let list = |until| Revocation::Clear {
        from: 0,
        until: Some(until),
    };
    let until = |terms: &str, entries: &[Checked]| {
        let policy = Policy::from_toml(&format!("version = 1\n{terms}")).unwrap();
        let weigh = |at| policy.weigh(entries.into(), at);
        let found = weigh(now);
        assert_eq!(found.weight, Weight::Proved, "{terms}");
        if let Some(until) = found.until {
            assert_eq!(weigh(until - 1).weight, Weight::Proved, "{terms}");
            assert_ne!(weigh(until).weight, Weight::Proved, "{terms}");
        }
        found.until
    };
    let (older, newer) = (now - 20 * DAY, now - 10 * DAY);
    let two = [older, newer].map(|logged| proved(logged, Revocation::Unknown));
    assert_eq!(until("", &two), None);
    let days = "evidence-days = 30\n";
    assert_eq!(until(days, &two), Some(older + 30 * DAY + 1));
    // One of the two is enough, and the newer one lasts longer.
    let one_of = "commitments = 1\nevidence-days = 30\n";
    assert_eq!(until(one_of, &two), Some(newer + 30 * DAY + 1));
    // A list that goes stale ends only what needs one.
    let listed = [proved(newer, list(now + 5))];
    assert_eq!(until("", &listed), None);
    assert_eq!(
        until("revocation-lists = \"required\"\n", &listed),
        Some(now + 5)
    );
    // A revocation to come ends it for everybody.
    let since = now + 7;
    let falls = [
        proved(older, Revocation::Unknown),
        proved(newer, Revocation::Revoked { since }),
    ];
    assert_eq!(until("commitments = 1\n", &falls), Some(since));
}
