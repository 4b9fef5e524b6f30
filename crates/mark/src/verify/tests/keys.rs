//! What is told where the key of a token is missing, and until when an answer holds.

use super::stories::{HOSPITAL, Story};
use super::*;
use crate::key::Algorithm;
use crate::policy::Lack;
use crate::tests::invented::{NOW, Secret, emblem, endorse, endorsement, issue, validity};

/// The judgement of these tokens with some of the story's three keys.
fn with_keys(story: &Story, tokens: Vec<Token>, keys: &[usize], policy: &str) -> Judgement {
    let all = story.keys();
    let keys = keys.iter().map(|at| all[*at].clone()).collect();
    let set = TokenSet::new(tokens, keys).unwrap();
    let policy = Policy::from_toml(&format!("version = 1\n{policy}")).unwrap();
    verify(&set, &story.evidence(), &policy, NOW)
}

/// The tokens whose keys are said to be missing, and whether something else is.
fn missing(judgement: &Judgement) -> (Vec<usize>, bool) {
    let Outcome::Unproven(lacks) = &judgement.outcome else {
        panic!("{:?}", judgement.outcome);
    };
    let token = |lack: &Lack| match lack {
        Lack::Key { token, .. } => Some(*token),
        _ => None,
    };
    let tokens: Vec<_> = lacks.iter().filter_map(token).collect();
    let more = tokens.len() < lacks.len();
    (tokens, more)
}

#[test]
fn a_set_that_lacks_a_key_is_unproven_and_the_key_is_named() {
    let story = Story::new(Algorithm::EdDsa);
    let least = "least = \"endorsed\"\n";
    for (keys, tokens, held) in [
        (&[1, 2][..], vec![0], vec!["INVALID"]),
        (&[0, 2], vec![1], vec!["INVALID"]),
        (&[0, 1], vec![2], vec!["SIGNED", "ORGANIZATIONAL"]),
        (&[], vec![0, 1, 2], vec!["INVALID"]),
    ] {
        let judgement = with_keys(&story, story.tokens(), keys, least);
        assert_eq!(missing(&judgement), (tokens.clone(), false), "{keys:?}");
        // The results are those of the protocol, which knows no third answer.
        assert_eq!(judgement.report.results(), held);
        assert_eq!(judgement.outcome.code(), "emblem-outcome-key-missing");
        let Outcome::Unproven(lacks) = &judgement.outcome else {
            unreachable!("{:?}", judgement.outcome);
        };
        let kid = story.keys()[tokens[0]].kid(Dialect::Cwt).to_string();
        assert!(lacks[0].to_string().contains(&kid), "{}", lacks[0]);
    }
    // What the policy does not ask for is not missing.
    let judgement = with_keys(&story, story.tokens(), &[0, 1], "");
    assert_eq!(judgement.outcome, Outcome::Met);
}

#[test]
fn what_a_key_could_not_mend_stays_invalid() {
    let story = Story::new(Algorithm::EdDsa);
    let mut tokens = story.tokens();
    // The chain breaks whatever the authority's key is.
    tokens.remove(1);
    let judgement = with_keys(&story, tokens, &[0], "");
    assert!(matches!(judgement.outcome, Outcome::Invalid(broken) if broken.rule == Rule::NoChain));
    // A signature is wrong, and the emblem's key is missing.
    let mut bytes = story.tokens()[1].bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let mut tokens = story.tokens();
    tokens[1] = Token::read(&bytes, Reading::Strict).unwrap();
    let judgement = with_keys(&story, tokens, &[1, 2], "");
    assert!(matches!(judgement.outcome, Outcome::Invalid(_)));
    // Nothing can be read at all.
    let nothing = TokenSet::read([&b"nothing"[..]], vec![], Reading::Lenient).unwrap();
    let judgement = verify(&nothing, &Evidence::default(), &Policy::default(), NOW);
    assert!(matches!(judgement.outcome, Outcome::Invalid(_)));
}

#[test]
fn an_answer_holds_until_the_first_of_its_tokens_ends() {
    let story = Story::new(Algorithm::EdDsa);
    let ends = |own: i64, external: i64| {
        let until = |seconds| {
            let mut validity = validity();
            validity.expires = NOW as i64 + seconds;
            validity
        };
        let (mut below, mut above) = (story.own(), story.external());
        (below.validity, above.validity) = (until(own), until(external));
        let tokens = vec![
            issue(&emblem(), &story.emblem),
            endorse(&below, &story.hospital.secret),
            endorse(&above, &story.authority.secret),
        ];
        let set = TokenSet::new(tokens, story.keys()).unwrap();
        let judgement = verify(&set, &story.evidence(), &Policy::default(), NOW);
        assert_eq!(judgement.outcome, Outcome::Met);
        let ends = judgement.report.ends(&set).unwrap();
        (ends.until - NOW as i64, ends.token, ends.role)
    };
    let emblem = emblem().validity.expires - NOW as i64;
    assert_eq!(ends(emblem, emblem), (emblem, 0, Role::Emblem));
    assert_eq!(ends(10, 20), (10, 1, Role::Internal));
    assert_eq!(ends(20, 10), (10, 2, Role::External));
}

#[test]
fn an_endorsement_that_does_not_count_ends_nothing() {
    let story = Story::new(Algorithm::EdDsa);
    let stranger = Secret::new(Algorithm::EdDsa, 9);
    let hospital = story.keys()[1].kid(Dialect::Cwt);
    let mut brief = endorsement("https://stranger.example", hospital, vec![]);
    brief.validity.expires = NOW as i64 + 1;
    let tokens = [story.tokens(), vec![endorse(&brief, &stranger)]].concat();
    let keys = [story.keys(), vec![stranger.key()]].concat();
    let set = TokenSet::new(tokens, keys).unwrap();
    let judgement = verify(&set, &story.evidence(), &Policy::default(), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    assert_eq!(judgement.report.ends(&set).unwrap().role, Role::Emblem);
    assert_eq!(emblem().issuer.unwrap().to_string(), HOSPITAL);
}

#[test]
fn who_endorses_is_told_though_the_policy_names_nobody() {
    let story = Story::new(Algorithm::EdDsa);
    let judged = |tokens: usize| {
        let tokens = story.tokens()[..tokens].to_vec();
        with_keys(&story, tokens, &[0, 1, 2], "")
            .sentence()
            .unwrap()
    };
    assert_eq!(judged(3), "endorsed by https://authority.example");
    assert_eq!(judged(2), "declared only");
}

#[test]
fn an_answer_holds_no_longer_than_its_evidence_is_young_enough() {
    let story = Story::new(Algorithm::EdDsa);
    let mut tokens = [
        emblem().validity,
        story.own().validity,
        story.external().validity,
    ];
    for validity in &mut tokens {
        validity.expires = NOW as i64 + 30 * 86_400;
    }
    let (mut marks, mut below, mut above) = (emblem(), story.own(), story.external());
    [marks.validity, below.validity, above.validity] = tokens;
    let tokens = vec![
        issue(&marks, &story.emblem),
        endorse(&below, &story.hospital.secret),
        endorse(&above, &story.authority.secret),
    ];
    let set = TokenSet::new(tokens, story.keys()).unwrap();
    let policy = Policy::from_toml("version = 1\nevidence-days = 2\n").unwrap();
    let judge = |at| verify(&set, &story.evidence(), &policy, at);
    let found = judge(NOW);
    let ends = found.report.ends(&set).unwrap();
    assert_eq!((ends.of, ends.role), (EndOf::Evidence, Role::Internal));
    let last = u64::try_from(ends.until).unwrap() - 1;
    assert_eq!(judge(last).outcome, Outcome::Met);
    assert!(matches!(judge(last + 1).outcome, Outcome::Unproven(_)));
    // Without such a limit the tokens themselves end first.
    let any_age = verify(&set, &story.evidence(), &Policy::default(), NOW);
    assert_eq!(any_age.report.ends(&set).unwrap().of, EndOf::Token);
}
