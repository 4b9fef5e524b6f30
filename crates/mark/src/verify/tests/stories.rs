//! Invented hospitals and authorities, wholly proved: every rule that can fail fails once.

use super::*;
use crate::commitment::{Flaw, Proof, Revocation};
use crate::key::Algorithm;
use crate::policy::Lack;
use crate::purpose::{Purpose, Purposes};
use crate::relation::Excess;
use crate::tests::invented::{
    self, Certified, Committed, Issuer, LOGGED, Log, NOW, Secret, emblem, endorse, endorsement,
    issue, names,
};
use crate::token::Leaf;

pub(super) const HOSPITAL: &str = "https://hospital.example";
const AUTHORITY: &str = "https://authority.example";

/// A certificate that somebody made for the names of the recorded authority.
pub(super) fn self_made_for(set: &TokenSet) -> Vec<u8> {
    let token = set.token(2).unwrap();
    let binding = Binding {
        dialect: token.dialect(),
        organisation: token.issuer().unwrap(),
        key: token.kid(),
    };
    let issuer = Issuer::new("leaf", 66);
    issuer.certify(&binding.names(), &[]).chain.remove(0)
}

/// A hospital with an emblem key, a root key and an authority above it.
pub(super) struct Story {
    pub(super) emblem: Secret,
    pub(super) hospital: Committed,
    pub(super) authority: Committed,
    pub(super) logs: [Log; 2],
    issuer: Issuer,
}

impl Story {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        let logs = [Log::new(41), Log::new(42)];
        let issuer = Issuer::new("An issuer", 51);
        let committed = |name, seed| {
            let both = [
                (&logs[0], None),
                (&logs[1], Some(1_486_270_850 + u64::from(seed))),
            ];
            Committed::new(name, Secret::new(algorithm, seed), &issuer, &both)
        };
        Story {
            emblem: Secret::new(algorithm, 1),
            hospital: committed(HOSPITAL, 2),
            authority: committed(AUTHORITY, 3),
            logs,
            issuer,
        }
    }

    pub(super) fn keys(&self) -> Vec<EmblemKey> {
        [&self.emblem, &self.hospital.secret, &self.authority.secret]
            .map(Secret::key)
            .to_vec()
    }

    fn kid(secret: &Secret) -> crate::key::Kid {
        secret.key().kid(Dialect::Cwt)
    }

    pub(super) fn own(&self) -> crate::token::Endorsement {
        let mut own = endorsement(
            HOSPITAL,
            Self::kid(&self.emblem),
            self.hospital.certified.entries.clone(),
        );
        own.may_endorse = false;
        own
    }

    pub(super) fn external(&self) -> crate::token::Endorsement {
        endorsement(
            AUTHORITY,
            Self::kid(&self.hospital.secret),
            self.authority.certified.entries.clone(),
        )
    }

    pub(super) fn tokens(&self) -> Vec<Token> {
        vec![
            issue(&emblem(), &self.emblem),
            endorse(&self.own(), &self.hospital.secret),
            endorse(&self.external(), &self.authority.secret),
        ]
    }

    pub(super) fn set(&self) -> TokenSet {
        TokenSet::new(self.tokens(), self.keys()).unwrap()
    }

    pub(super) fn evidence(&self) -> Evidence {
        let mut evidence = self.log_keys();
        self.hospital.certified.add_to(&mut evidence);
        self.authority.certified.add_to(&mut evidence);
        evidence
    }

    fn log_keys(&self) -> Evidence {
        let mut evidence = Evidence::default();
        for log in &self.logs {
            evidence.add_log_key(Some("a log"), &log.spki()).unwrap();
        }
        evidence
    }

    /// The judgement where the hospital's evidence is another.
    fn with_hospital(&self, certified: &Certified) -> Judgement {
        let mut evidence = self.log_keys();
        certified.add_to(&mut evidence);
        self.authority.certified.add_to(&mut evidence);
        verify(&self.set(), &evidence, &Policy::default(), NOW)
    }
}

fn honouring(more: &str) -> Policy {
    let text = format!("version = 1\n{more}\n[[honour]]\norganisation = \"{AUTHORITY}\"\n");
    Policy::from_toml(&text).unwrap()
}

fn rule(judgement: &Judgement) -> Rule {
    judgement.report.holds.unwrap_err().rule
}

fn flaws(root: &Root) -> Vec<Option<Flaw>> {
    let entries = root.commitment.entries.iter();
    entries
        .map(|it| match &it.finding {
            Finding::False(contradiction) => Some(contradiction.flaw),
            _ => None,
        })
        .collect()
}

#[test]
fn each_algorithm_carries_a_wholly_proved_set() {
    for algorithm in Algorithm::ALL {
        let story = Story::new(algorithm);
        let (set, evidence) = (story.set(), story.evidence());
        let judgement = verify(&set, &evidence, &Policy::default(), NOW);
        assert_eq!(judgement.outcome, Outcome::Met, "{algorithm}");
        assert_eq!(
            judgement.report.results(),
            ["SIGNED", "ORGANIZATIONAL", "ENDORSED"]
        );
        let endorsed = format!("endorsed by {AUTHORITY}");
        assert_eq!(judgement.sentence().unwrap(), endorsed);
        let policy = honouring("");
        let judgement = verify(&set, &evidence, &policy, NOW);
        let sentence = format!("recognised by {AUTHORITY} under policy {}", policy.id());
        assert_eq!(judgement.sentence().unwrap(), sentence);
        let own = judgement.report.own.unwrap();
        for checked in own.commitment.entries.iter() {
            let Finding::Proved(Proof {
                logged,
                issuer_checked,
                ..
            }) = checked.finding
            else {
                panic!("{checked:?}");
            };
            assert!(issuer_checked);
            assert_eq!(logged, LOGGED);
        }
    }
}

#[test]
fn a_certificate_for_another_name_commits_nobody() {
    let story = Story::new(Algorithm::EdDsa);
    let kid = Story::kid(&story.hospital.secret);
    let right = names(HOSPITAL, kid);
    let other = names("https://other.example", kid);
    let other_key = names(HOSPITAL, Story::kid(&story.emblem));
    let wildcard = vec![
        right[0].clone(),
        "*.adem-configuration.hospital.example".to_owned(),
    ];
    let jws = vec!["hospital.example".to_owned(), right[1].clone()];
    for names in [
        &other,
        &other_key,
        &wildcard,
        &jws,
        &right[..1].to_vec(),
        &right[1..].to_vec(),
    ] {
        let logs = [(&story.logs[0], None), (&story.logs[1], Some(5))];
        let certified = story.issuer.certify(names, &logs);
        let mut own = story.own();
        own.log = certified.entries.clone();
        let tokens = vec![
            issue(&emblem(), &story.emblem),
            endorse(&own, &story.hospital.secret),
        ];
        let set = TokenSet::new(tokens, story.keys()).unwrap();
        let mut evidence = story.log_keys();
        certified.add_to(&mut evidence);
        let judgement = verify(&set, &evidence, &Policy::default(), NOW);
        assert_eq!(rule(&judgement), Rule::CommitmentFalse, "{names:?}");
        assert!(matches!(judgement.outcome, Outcome::False(_)));
        let own = judgement.report.own.unwrap();
        assert_eq!(flaws(&own), [Some(Flaw::Names); 2]);
    }
}

#[test]
fn a_certificate_that_its_issuer_did_not_sign_is_false() {
    let story = Story::new(Algorithm::Es256);
    let mut altered = story.hospital.certified.clone();
    *altered.chain[0].last_mut().unwrap() ^= 1;
    let judgement = story.with_hospital(&altered);
    let own = judgement.report.own.unwrap();
    assert_eq!(flaws(&own), [Some(Flaw::IssuerSignature); 2]);
    // Without the issuer's certificate the leaf hash cannot be computed.
    altered.chain.truncate(1);
    let judgement = story.with_hospital(&altered);
    let Outcome::Unproven(lacks) = judgement.outcome else {
        panic!("{:?}", judgement.outcome);
    };
    assert!(
        lacks.iter().all(|it| it.code() == "emblem-missing-issuer"),
        "{lacks:?}"
    );
}

#[test]
fn keys_of_logs_count_where_the_verifier_or_the_policy_vouches_for_them() {
    let story = Story::new(Algorithm::Es256);
    let mut evidence = Evidence::default();
    story.hospital.certified.add_to(&mut evidence);
    story.authority.certified.add_to(&mut evidence);
    for log in &story.logs {
        evidence.add_unvouched_log_key(&log.spki()).unwrap();
    }
    let set = story.set();
    let judgement = verify(&set, &evidence, &Policy::default(), NOW);
    let Outcome::Unproven(lacks) = judgement.outcome else {
        panic!("{:?}", judgement.outcome);
    };
    assert_eq!(lacks.len(), 4);
    assert!(
        lacks[0].to_string().contains("came with the tokens"),
        "{}",
        lacks[0]
    );
    let policy = format!(
        "logs = [\"{}\", \"{}\"]",
        story.logs[0].id(),
        story.logs[1].id()
    );
    let judgement = verify(&set, &evidence, &honouring(&policy), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    // A policy that names one log takes no other, even if the verifier has its key.
    let policy = format!("logs = [\"{}\"]", story.logs[0].id());
    let judgement = verify(&set, &story.evidence(), &honouring(&policy), NOW);
    assert!(matches!(judgement.outcome, Outcome::Unproven(lacks) if lacks.len() == 2));
    let policy = format!("{policy}\ncommitments = 1");
    let judgement = verify(&set, &story.evidence(), &honouring(&policy), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
}

#[test]
fn inclusion_proofs_count_and_a_wrong_one_is_false() {
    let story = Story::new(Algorithm::Es256);
    let Leaf::Hash(leaf) = story.hospital.certified.entries[0].leaf else {
        panic!("the first entry is by hash");
    };
    let right = story.logs[0].inclusion(leaf);
    let mut evidence = story.evidence();
    assert_eq!(
        evidence.add_file(right.as_bytes()),
        Ok(crate::commitment::Added::Inclusions(1))
    );
    let judgement = verify(&story.set(), &evidence, &Policy::default(), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    let own = judgement.report.own.unwrap();
    let included: Vec<_> = own
        .commitment
        .entries
        .iter()
        .map(|it| matches!(&it.finding, Finding::Proved(proof) if proof.included))
        .collect();
    assert_eq!(included, [true, false]);
    for wrong in [
        right.replace("\"leaf_index\":0", "\"leaf_index\":1"),
        right.replace("\"tree_size\":2", "\"tree_size\":3"),
        right.replace(
            &format!("\"timestamp\":{}", LOGGED * 1000),
            "\"timestamp\":1",
        ),
    ] {
        assert_ne!(wrong, right);
        let mut evidence = story.evidence();
        evidence.add_file(wrong.as_bytes()).unwrap();
        let judgement = verify(&story.set(), &evidence, &Policy::default(), NOW);
        assert_eq!(rule(&judgement), Rule::CommitmentFalse);
        let own = judgement.report.own.unwrap();
        assert_eq!(flaws(&own), [Some(Flaw::Inclusion), None]);
    }
}

#[test]
fn a_revoked_certificate_commits_nobody_from_then_on() {
    let story = Story::new(Algorithm::Es256);
    let (set, mut evidence) = (story.set(), story.evidence());
    let required = Policy::from_toml("version = 1\nrevocation-lists = \"required\"\n").unwrap();
    let judgement = verify(&set, &evidence, &required, NOW);
    assert!(matches!(&judgement.outcome, Outcome::Unproven(lacks)
        if lacks.iter().all(|it| matches!(it, Lack::RevocationList { .. }))));
    // A list that is not current any more is no list.
    let old = story.issuer.revocations(false, "260916000000Z");
    evidence.add_file(&old).unwrap();
    assert!(matches!(
        verify(&set, &evidence, &required, NOW).outcome,
        Outcome::Unproven(_)
    ));
    let clear = story.issuer.revocations(false, "270101000000Z");
    evidence.add_file(&clear).unwrap();
    let judgement = verify(&set, &evidence, &required, NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    let own = judgement.report.own.unwrap();
    assert!(
        matches!(&own.commitment.entries[0].finding, Finding::Proved(proof)
        if matches!(proof.revocation, Revocation::Clear { .. }))
    );
    // A list that somebody else signed says nothing.
    let mut other = evidence.clone();
    let stranger = Issuer::new(story.issuer.name, 52).revocations(true, "270101000000Z");
    other.add_file(&stranger).unwrap();
    assert_eq!(verify(&set, &other, &required, NOW).outcome, Outcome::Met);
    let revoked = story.issuer.revocations(true, "270101000000Z");
    evidence.add_file(&revoked).unwrap();
    for policy in [&Policy::default(), &required] {
        let judgement = verify(&set, &evidence, policy, NOW);
        assert_eq!(rule(&judgement), Rule::CommitmentRevoked);
        assert_eq!(judgement.sentence().unwrap(), "revoked");
    }
    // As judged before the revocation, it had not happened.
    let since = 1_788_220_800;
    let early = |now| {
        verify(&set, &evidence, &Policy::default(), now)
            .report
            .holds
    };
    assert_eq!(early(since).unwrap_err().rule, Rule::NotYetValid);
    assert!(NOW > since);
}

#[test]
fn evidence_has_an_age() {
    let story = Story::new(Algorithm::EdDsa);
    let policy = |days: u32| Policy::from_toml(&format!("version = 1\nevidence-days = {days}\n"));
    let at = |days, now| {
        let judged = verify(&story.set(), &story.evidence(), &policy(days).unwrap(), now);
        judged.outcome
    };
    assert_eq!(at(1, NOW), Outcome::Met);
    let Outcome::Unproven(lacks) = at(1, NOW + 1) else {
        panic!("a day and a second is more than a day");
    };
    assert!(matches!(lacks[0], Lack::TooOld { .. }));
    // Certified after the time judged: then it was not known yet.
    let kid = Story::kid(&story.hospital.secret);
    let logs = [
        (&story.logs[0], None),
        (&story.logs[1], Some(1_486_270_852)),
    ];
    let names = names(HOSPITAL, kid);
    let certified = story.issuer.certify_at(&names, &logs, (NOW + 1) * 1000);
    let mut own = story.own();
    own.log = certified.entries.clone();
    let tokens = vec![
        issue(&emblem(), &story.emblem),
        endorse(&own, &story.hospital.secret),
    ];
    let set = TokenSet::new(tokens, story.keys()).unwrap();
    let mut evidence = story.log_keys();
    certified.add_to(&mut evidence);
    let at = |now| verify(&set, &evidence, &Policy::default(), now).outcome;
    assert!(matches!(at(NOW), Outcome::Unproven(lacks)
        if matches!(lacks[0], Lack::NotYetLogged { .. })));
    assert_eq!(at(NOW + 1), Outcome::Met);
}

#[test]
fn a_bad_external_endorsement_is_dropped_and_the_set_stands() {
    let story = Story::new(Algorithm::Es256);
    let stranger = Secret::new(Algorithm::Es256, 9);
    let mut keys = story.keys();
    keys.push(stranger.key());
    let change = |change: &dyn Fn(&mut crate::token::Endorsement)| {
        let mut external = story.external();
        external.issuer = Some(invented::organisation("https://stranger.example"));
        change(&mut external);
        external
    };
    for (bad, why) in [
        (change(&|it| it.may_endorse = false), Rule::MayNotEndorse),
        (
            change(&|it| it.purposes = Some(Purpose::Indicative.into())),
            Rule::Exceeds(Excess::Purpose),
        ),
        (change(&|it| it.log.clear()), Rule::NoCommitment),
        (
            change(&|it| it.key = Story::kid(&stranger)),
            Rule::NotOfRoot,
        ),
        (change(&|it| it.subject = None), Rule::NotOfRoot),
        (change(&|it| it.issuer = None), Rule::NoIssuer),
        (
            change(&|it| it.validity.expires = it.validity.not_before + 1),
            Rule::Expired,
        ),
        // Another's commitment commits nobody else.
        (change(&|_| {}), Rule::CommitmentFalse),
    ] {
        let mut tokens = story.tokens();
        tokens.push(endorse(&bad, &stranger));
        let set = TokenSet::new(tokens, keys.clone()).unwrap();
        for policy in [Policy::default(), honouring("")] {
            let judgement = verify(&set, &story.evidence(), &policy, NOW);
            assert_eq!(judgement.outcome, Outcome::Met, "{why:?}");
            assert_eq!(judgement.report.tokens[3], Fate::Dropped(why));
            assert_eq!(judgement.report.endorsed_by().count(), 1);
        }
    }
}

#[test]
fn a_strangers_endorsement_with_log_entries_of_others_is_dropped_though_no_other_is_there() {
    let story = Story::new(Algorithm::Es256);
    let stranger = Secret::new(Algorithm::Es256, 9);
    let mut keys = story.keys();
    keys.push(stranger.key());
    let mut others = story.external();
    others.issuer = Some(invented::organisation("https://stranger.example"));
    let mut tokens = story.tokens();
    tokens[2] = endorse(&others, &stranger);
    let set = TokenSet::new(tokens, keys).unwrap();
    let judge = |policy: &Policy| verify(&set, &story.evidence(), policy, NOW);
    let judgement = judge(&Policy::default());
    assert_eq!(
        judgement.report.tokens[2],
        Fate::Dropped(Rule::CommitmentFalse)
    );
    assert_eq!(judgement.outcome, Outcome::Met);
    assert_eq!(judgement.report.endorsed_by().count(), 0);
    // Who asks for an endorsement is told that there is none.
    let asked = Policy::from_toml("version = 1\nleast = \"endorsed\"").unwrap();
    assert!(matches!(judge(&asked).outcome, Outcome::Unproven(_)));
}

#[test]
fn the_own_chain_must_be_one_and_permit_the_emblem() {
    let story = Story::new(Algorithm::Es256);
    let (root, middle) = (&story.hospital.secret, Secret::new(Algorithm::Es256, 8));
    let mut keys = story.keys();
    keys.push(middle.key());
    let mut upper = story.own();
    upper.key = Story::kid(&middle);
    upper.may_endorse = true;
    let mut lower = story.own();
    lower.log.clear();
    let run = |tokens: Vec<Token>| {
        let set = TokenSet::new(tokens, keys.clone()).unwrap();
        verify(&set, &story.evidence(), &Policy::default(), NOW)
    };
    let mark = issue(&emblem(), &story.emblem);
    let long = vec![
        mark.clone(),
        endorse(&upper, root),
        endorse(&lower, &middle),
    ];
    assert_eq!(run(long).outcome, Outcome::Met);
    // The same with a link that may not endorse, that permits less, and without its lower link.
    let mut closed = upper.clone();
    closed.may_endorse = false;
    let closed = vec![
        mark.clone(),
        endorse(&closed, root),
        endorse(&lower, &middle),
    ];
    assert_eq!(rule(&run(closed)), Rule::MayNotEndorse);
    let mut narrow = upper.clone();
    narrow.purposes = Some(Purposes::from_bits(30).unwrap());
    let narrow = vec![
        mark.clone(),
        endorse(&narrow, root),
        endorse(&lower, &middle),
    ];
    assert_eq!(rule(&run(narrow)), Rule::Exceeds(Excess::Purpose));
    let broken = vec![mark.clone(), endorse(&upper, root)];
    assert_eq!(rule(&run(broken)), Rule::Chain);
    // Two keys that both endorse the emblem's key are two chains.
    let forked = vec![
        mark.clone(),
        endorse(&story.own(), root),
        endorse(&lower, &middle),
    ];
    assert_eq!(rule(&run(forked)), Rule::Chain);
    let bare = vec![mark.clone(), endorse(&lower, root)];
    assert_eq!(rule(&run(bare)), Rule::NoCommitment);
    assert_eq!(rule(&run(vec![mark.clone()])), Rule::NoChain);
    // The same token twice is one token.
    let mut twice = story.tokens();
    twice.push(mark);
    let judgement = run(twice);
    assert_eq!(judgement.outcome, Outcome::Met);
    assert_eq!(judgement.report.tokens[3], Fate::Dropped(Rule::Duplicate));
}

#[test]
fn a_set_without_issuer_is_signed_and_no_more() {
    let secret = Secret::new(Algorithm::EdDsa, 1);
    let mut bare = emblem();
    bare.issuer = None;
    let set = TokenSet::new(vec![issue(&bare, &secret)], vec![secret.key()]).unwrap();
    let judgement = verify(&set, &Evidence::default(), &Policy::default(), NOW);
    assert_eq!(judgement.report.results(), ["SIGNED"]);
    assert!(matches!(&judgement.outcome, Outcome::Unproven(lacks)
        if matches!(lacks[..], [Lack::Level { asked: Level::Organizational }])));
    let least = Policy::from_toml("version = 1\nleast = \"signed\"\n").unwrap();
    let judgement = verify(&set, &Evidence::default(), &least, NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    assert_eq!(judgement.sentence().unwrap(), "declared only");
    let other = Secret::new(Algorithm::EdDsa, 2).key();
    let set = TokenSet::new(vec![issue(&bare, &secret)], vec![other]).unwrap();
    let judgement = verify(&set, &Evidence::default(), &least, NOW);
    assert_eq!(judgement.outcome.code(), "emblem-outcome-key-missing");
}

#[test]
fn a_policy_honours_for_kinds_of_emblem_and_asset() {
    let story = Story::new(Algorithm::EdDsa);
    let (set, evidence) = (story.set(), story.evidence());
    let judge = |honour: &str| {
        let text = format!("version = 1\n[[honour]]\norganisation = \"{honour}\n");
        verify(&set, &evidence, &Policy::from_toml(&text).unwrap(), NOW)
    };
    for met in [
        "https://authority.example\"\nemblems = [\"protective\"]\nassets = [\"domain\"]",
        // An issuer that is honoured itself recognises by issuing.
        "https://hospital.example\"",
    ] {
        assert_eq!(judge(met).outcome, Outcome::Met, "{met}");
    }
    for unmet in [
        "https://authority.example\"\nemblems = [\"civil-defence\"]",
        "https://authority.example\"\nassets = [\"address\", \"network\"]",
        "https://other.example\"",
    ] {
        let judgement = judge(unmet);
        assert!(matches!(&judgement.outcome, Outcome::Unproven(lacks)
            if matches!(lacks[..], [Lack::Recognition])));
        let endorsed = format!("endorsed by {AUTHORITY}");
        assert_eq!(judgement.sentence().unwrap(), endorsed);
    }
}

#[test]
fn verified_chains_change_no_answer_and_forget_the_oldest() {
    let story = Story::new(Algorithm::Es256);
    let (set, evidence, policy) = (story.set(), story.evidence(), Policy::default());
    let mut chains = VerifiedChains::new(2);
    let cold = verify(&set, &evidence, &policy, NOW);
    for _ in 0..2 {
        assert_eq!(
            verify_with(&set, &evidence, &policy, NOW, &mut chains),
            cold
        );
        assert_eq!((chains.len(), chains.checks()), (2, 4));
    }
    // What is remembered is not taken for anything else: another evidence, another token.
    let bare = Evidence::default();
    let judgement = verify_with(&set, &bare, &policy, NOW, &mut chains);
    assert_eq!(judgement, verify(&set, &bare, &policy, NOW));
    let elsewhere = format!("version = 1\nlogs = [\"{}\"]\n", Log::new(60).id());
    let elsewhere = Policy::from_toml(&elsewhere).unwrap();
    let judgement = verify_with(&set, &evidence, &elsewhere, NOW, &mut chains);
    assert_eq!(judgement, verify(&set, &evidence, &elsewhere, NOW));
    assert!(matches!(judgement.outcome, Outcome::Unproven(_)));
    assert_eq!(chains.checks(), 8, "commitments anew, endorsements not");
    let mut tokens: Vec<Vec<u8>> = story
        .tokens()
        .iter()
        .map(|it| it.bytes().to_vec())
        .collect();
    *tokens[1].last_mut().unwrap() ^= 1;
    let altered = tokens.iter().map(Vec::as_slice);
    let altered = TokenSet::read(altered, story.keys(), Reading::Strict).unwrap();
    let judgement = verify_with(&altered, &evidence, &policy, NOW, &mut chains);
    assert_eq!(judgement.report.tokens[1], Fate::Dropped(Rule::Signature));
    // Times are judged anew.
    let late = NOW + 3600;
    let judgement = verify_with(&set, &evidence, &policy, late, &mut chains);
    assert_eq!(rule(&judgement), Rule::Expired);
    let mut small = VerifiedChains::new(1);
    assert_eq!(verify_with(&set, &evidence, &policy, NOW, &mut small), cold);
    assert_eq!(small.len(), 1);
}

#[test]
fn tokens_of_another_dialect_than_the_emblem_do_not_count() {
    let story = Story::new(Algorithm::Es256);
    let secret = &story.hospital.secret;
    let claims = format!(
        r#"{{"ver":"v1","nbf":1,"exp":4000000000,"iss":"{HOSPITAL}","sub":"{HOSPITAL}","key":"{}"}}"#,
        story.emblem.key().kid(Dialect::Jws)
    );
    let jws = Token::from_jws(&secret.jws("end", &claims)).unwrap();
    let mut tokens = story.tokens();
    tokens.push(jws);
    let set = TokenSet::new(tokens, story.keys()).unwrap();
    let judgement = verify(&set, &story.evidence(), &Policy::default(), NOW);
    assert_eq!(judgement.outcome, Outcome::Met);
    assert_eq!(
        judgement.report.tokens[3],
        Fate::Dropped(Rule::OtherDialect)
    );
}

#[test]
fn a_token_whose_header_names_another_algorithm_than_its_key_is_refused() {
    // ES256 under the id of an Ed25519 key: the lengths agree, the algorithms do not.
    let secret = Secret::new(Algorithm::EdDsa, 1);
    let kid = secret.key().kid(Dialect::Jws);
    let claims = r#"{"ver":"v1","nbf":1,"exp":4000000000,"assets":["a.example"],"emb":{}}"#;
    let judged = |algorithm: &str| {
        let header = format!(r#"{{"alg":"{algorithm}","cty":"adem-emb","kid":"{kid}"}}"#);
        let token = Token::from_jws(&secret.jws_with(&header, claims)).unwrap();
        let set = TokenSet::new(vec![token], vec![secret.key()]).unwrap();
        verify(&set, &Evidence::default(), &Policy::default(), NOW).report
    };
    assert_eq!(judged("EdDSA").results(), ["SIGNED"]);
    let report = judged("ES256");
    assert_eq!(report.results(), ["INVALID"]);
    let broken = report.holds.unwrap_err();
    assert_eq!((broken.rule, broken.token), (Rule::Algorithm, Some(0)));
}
