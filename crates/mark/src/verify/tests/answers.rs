//! What is told of emblems that are of another time, or odd.

use super::*;
use crate::caution::Caution;
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

/// The cautions about one emblem of the JWS dialect at the invented time.
fn cautions(claims: &str) -> Vec<Caution> {
    let secret = Secret::new(Algorithm::EdDsa, 1);
    let token = Token::from_jws(&secret.jws("emb", claims)).unwrap();
    let set = TokenSet::new(vec![token], vec![secret.key()]).unwrap();
    let judged = verify(&set, &Evidence::default(), &Policy::default(), NOW);
    assert_eq!(judged.report.said, Some(0));
    Caution::of_set(&set, &judged.report, NOW)
}

#[test]
fn a_token_of_odd_times_counts_with_a_word_of_caution() {
    let said = |iat: i64, nbf: i64, exp: i64| {
        format!(r#"{{"ver":"v1","iat":{iat},"nbf":{nbf},"exp":{exp},"assets":["a.example"]}}"#)
    };
    let now = i64::try_from(NOW).unwrap();
    assert_eq!(cautions(&said(now, now, now + 1)), []);
    let issued = now + 1;
    assert_eq!(
        cautions(&said(issued, now, now + 9)),
        [Caution::IssuedAhead { token: 1, issued }]
    );
    for exp in [253_402_300_800, i64::MAX] {
        let endless = [Caution::Endless { token: 1 }];
        assert_eq!(cautions(&said(now, i64::MIN, exp)), endless, "{exp}");
    }
    assert_eq!(cautions(&said(now, now, 253_402_300_799)), []);
    // A number that no clock can have is refused as a claim.
    let secret = Secret::new(Algorithm::EdDsa, 1);
    for exp in ["1e30", "99999999999999999999", "-1e30"] {
        let claims = said(now, now, 1).replace("\"exp\":1", &format!("\"exp\":{exp}"));
        let read = Token::from_jws(&secret.jws("emb", &claims));
        assert_eq!(read.unwrap_err(), TokenError::Claim("exp"), "{exp}");
    }
}

#[test]
fn what_an_emblem_marks_too_widely_or_in_another_script_is_told_once() {
    let claims = r#"{"ver":"v1","nbf":1,"exp":1790000001,"iss":"https://xn--80ak6aa92e.example",
        "assets":["xn--80ak6aa92e.example","[0.0.0.0/0]","*.org","[0.0.0.0/0]"]}"#;
    let found = cautions(claims);
    let codes: Vec<_> = found.iter().map(Caution::code).collect();
    assert_eq!(
        codes,
        [
            "caution-script",
            "caution-every-address",
            "caution-wide-names"
        ]
    );
}

#[test]
fn what_an_emblem_marks_twice_is_told_once() {
    let secret = Secret::new(Algorithm::EdDsa, 1);
    let claims = r#"{"ver":"v1","nbf":1,"exp":2,
        "assets":["b.example","a.example","B.Example.","[2001:db8::1]","[2001:0db8::0:1]"]}"#;
    let token = Token::from_jws(&secret.jws("emb", claims)).unwrap();
    let marks: Vec<_> = token.emblem().unwrap().marks();
    let marks: Vec<_> = marks.into_iter().map(ToString::to_string).collect();
    assert_eq!(marks, ["b.example", "a.example", "[2001:db8::1]"]);
}

#[test]
fn a_token_without_the_tag_of_a_cwt_counts_with_a_word_of_caution() {
    let secret = Secret::new(Algorithm::EdDsa, 1);
    let token = invented::issue(&invented::emblem(), &secret);
    let found = |bytes: &[u8]| {
        let set = TokenSet::read([bytes], vec![secret.key()], Reading::Lenient).unwrap();
        let judged = verify(&set, &Evidence::default(), &Policy::default(), NOW);
        assert_eq!(judged.report.said, Some(0), "{:?}", judged.report);
        Caution::of_set(&set, &judged.report, NOW)
    };
    let bytes = token.bytes();
    assert_eq!(found(bytes), []);
    // In two bytes where one is enough, the tag is there all the same.
    assert_eq!(found(&[&[0xd9, 0, 61], &bytes[2..]].concat()), []);
    let untagged = found(&bytes[2..]);
    assert_eq!(untagged, [Caution::Untagged { token: 1 }]);
    assert_eq!(untagged[0].code(), "caution-untagged");
    assert!(
        untagged[0]
            .to_string()
            .starts_with("token 1 lacks the tag 61")
    );
}
