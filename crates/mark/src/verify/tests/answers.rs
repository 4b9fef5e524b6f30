//! What is told of emblems that are of another time, or odd.

use super::*;
use crate::key::Algorithm;
use crate::tests::invented::{self, NOW, Secret};

#[test]
fn an_emblem_of_another_time_is_shown_by_its_own_word_if_its_signature_is_right() {
    let secret = Secret::new(Algorithm::EdDsa, 1);
    let at = |token: &Token, keys, now| {
        let set = TokenSet::new(vec![token.clone()], keys).unwrap();
        verify(&set, &Evidence::default(), &Policy::default(), now)
    };
    let token = invented::issue(&invented::emblem(), &secret);
    let validity = token.validity();
    let late = at(&token, vec![secret.key()], NOW + 3600);
    assert_eq!((late.report.emblem, late.report.said), (None, Some(0)));
    assert_eq!(late.report.dialect, Some(Dialect::Cwt));
    assert_eq!(late.outcome.code(), "emblem-outcome-expired");
    let until = validity.expires;
    assert_eq!(late.standing, Some(Standing::Expired { until }));
    let early = at(&token, vec![secret.key()], NOW - 61);
    assert_eq!(early.outcome.code(), "emblem-outcome-not-yet");
    let from = validity.not_before;
    assert_eq!(early.standing, Some(Standing::NotYet { from }));
    assert_eq!(early.report.said, Some(0));
    // Whose signature cannot be checked, or is wrong, is not quoted.
    let unchecked = at(&token, vec![], NOW + 3600);
    assert_eq!(unchecked.outcome.code(), "emblem-outcome-key-missing");
    assert_eq!((unchecked.report.said, unchecked.standing), (None, None));
    // One that ends before it begins is of no time at all.
    let claims = r#"{"ver":"v1","nbf":1790000000,"exp":1790000000,"assets":["a.example"]}"#;
    let never = Token::from_jws(&secret.jws("emb", claims)).unwrap();
    for now in [0, NOW - 61, NOW, u64::MAX] {
        let judged = at(&never, vec![secret.key()], now);
        let Outcome::Invalid(broken) = judged.outcome else {
            panic!("{:?}", judged.outcome);
        };
        assert_eq!(broken.rule, Rule::NeverValid);
        assert_eq!((judged.report.said, judged.standing), (Some(0), None));
    }
}
