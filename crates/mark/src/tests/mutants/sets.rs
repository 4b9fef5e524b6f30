//! What a verifier has at hand, one file of it changed, read and judged as the command line and the
//! pages do: one of four mutants.
//!
//! A policy is met by a mutant only where the answer rests on exactly what it rested on before:
//! the same signed bytes of the same tokens, the same certificates, logged and not revoked at the
//! same times. Nothing else is left out; blanks in JSON or a damaged inclusion proof beside a log's
//! own promise change none of that.

use crate::Dialect;
use crate::bundle::Bundle;
use crate::commitment::{Evidence, Finding, Proof};
use crate::given::{Given, Judged, Source};
use crate::key::{Algorithm, Kid};
use crate::policy::{Outcome, Policy, PolicyId, Standing};
use crate::token::{Leaf, LogEntry, Token};
use crate::verify::{Fate, Role, Root};
use ensign_trust::cbor::{self, Value};
use sha2::{Digest, Sha256};

use super::random::{Random, wanted};
use super::{Taken, Tally};
use crate::tests::invented::{
    Certified, Issuer, LOGGED, Log, NOW, Secret, emblem, endorse, endorsement, issue, names,
};

const HOSPITAL: &str = "https://hospital.example";
const AUTHORITY: &str = "https://authority.example";
const POLICY: &str = r#"
version = 1
least = "endorsed"
commitments = "every"
evidence-days = 400
revocation-lists = "required" # and current

[[honour]]
organisation = "https://authority.example"
emblems = ["protective"]
assets = ["domain"]
"#;

/// The most that a set may take: one look at its bytes, and four times the checks of the signatures
/// that are in it. Three are of tokens, two of certificates by their issuer, four of logs on these, and one
/// of the revocation list for each certificate; a mutant may have a signature tried for another purpose,
/// and a set that lacks a key is gone through a second time as if it had it.
const ALL: Taken = Taken {
    held: 64 * 1024,
    allocated: 64,
    items: 1,
    signatures: 44,
};

/// A file, as it is given.
struct File {
    kind: &'static str,
    name: &'static str,
    source: Source,
    content: Vec<u8>,
}

/// All files of a set.
struct Whole {
    name: String,
    files: Vec<File>,
    /// What its answer rests on; none where a certificate of it was revoked.
    grounds: Option<Grounds>,
}

/// What an answer rests on.
#[derive(Debug, PartialEq)]
struct Grounds {
    /// Who recognises it, by which policy.
    recognised: (PolicyId, Option<Standing>),
    tokens: Vec<(Role, Kid, Vec<u8>)>,
    roots: Vec<Committed>,
}

/// An organisation's commitment with all its proofs.
#[derive(Debug, PartialEq)]
struct Committed {
    organisation: String,
    key: Kid,
    proofs: Vec<(LogEntry, Proof)>,
}

/// The two organisations of a set, whose keys sign it in a dialect.
struct Parties {
    dialect: Dialect,
    emblem: Secret,
    hospital: (Secret, Certified),
    authority: (Secret, Certified),
}

impl Parties {
    fn new(dialect: Dialect, algorithm: Algorithm, issuer: &Issuer, logs: &[Log; 2]) -> Self {
        let committed = |organisation: &str, seed: u8| {
            let secret = Secret::new(algorithm, seed);
            let mut both = names(organisation, secret.key().kid(dialect));
            if dialect == Dialect::Jws {
                both[0] = organisation.replace("https://", "");
            }
            let certified = issuer.certify(&both, &[(&logs[0], None), (&logs[1], Some(77))]);
            (secret, certified)
        };
        Parties {
            dialect,
            emblem: Secret::new(algorithm, 1),
            hospital: committed(HOSPITAL, 2),
            authority: committed(AUTHORITY, 3),
        }
    }

    /// The emblem, the hospital's endorsement of its key, the authority's of the hospital's.
    fn tokens(&self) -> Vec<Vec<u8>> {
        let endorsed = [
            (HOSPITAL, &self.hospital, &self.emblem),
            (AUTHORITY, &self.authority, &self.hospital.0),
        ];
        match self.dialect {
            Dialect::Cwt => {
                let mut tokens = vec![issue(&emblem(), &self.emblem)];
                tokens.extend(endorsed.map(|(by, (secret, certified), of)| {
                    let kid = of.key().kid(Dialect::Cwt);
                    endorse(&endorsement(by, kid, certified.entries.clone()), secret)
                }));
                tokens.iter().map(|it| it.bytes().to_vec()).collect()
            }
            Dialect::Jws => {
                let common = format!(r#""ver":"v1","nbf":{},"exp":{}"#, NOW - 60, NOW + 3600);
                let claims = format!(
                    r#"{{{common},"iss":"{HOSPITAL}","assets":["www.hospital.example"],"emb":{{"prp":["protective"]}}}}"#
                );
                let mut tokens = vec![self.emblem.jws("emb", &claims)];
                tokens.extend(endorsed.map(|(by, (secret, certified), of)| {
                    let kid = of.key().kid(Dialect::Jws);
                    let log: Vec<_> = certified.entries.iter().map(json).collect();
                    let log = log.join(",");
                    let claims = format!(
                        r#"{{{common},"iss":"{by}","sub":"{HOSPITAL}","key":"{kid}","end":true,"log":[{log}]}}"#
                    );
                    secret.jws("end", &claims)
                }));
                tokens
            }
        }
    }
}

fn json(entry: &LogEntry) -> String {
    let id = entry.log;
    match entry.leaf {
        Leaf::Hash(hash) => {
            let hash = data_encoding::BASE64.encode(&hash);
            format!(r#"{{"ver":"v1","id":"{id}","hash":"{hash}"}}"#)
        }
        Leaf::Index(index) => format!(r#"{{"ver":"static","id":"{id}","index":{index}}}"#),
    }
}

impl Whole {
    fn new(dialect: Dialect, algorithm: Algorithm, revoked: bool, bundled: bool) -> Self {
        let (issuer, logs) = (Issuer::new("An issuer", 51), [Log::new(41), Log::new(42)]);
        let parties = Parties::new(dialect, algorithm, &issuer, &logs);
        let secrets = [&parties.emblem, &parties.hospital.0, &parties.authority.0];
        let chains = [&parties.hospital.1, &parties.authority.1];
        let Leaf::Hash(leaf) = chains[0].entries[0].leaf else {
            panic!("the first log has leaf hashes");
        };
        let inclusion = logs[0].inclusion(leaf);
        let list = issuer.revocations(revoked, "270101000000Z");
        let file = |kind, name, source, content: &[u8]| File {
            kind,
            name,
            source,
            content: content.to_vec(),
        };
        let mut files = Vec::new();
        if bundled {
            let mut evidence = Evidence::default();
            for chain in chains {
                chain.add_to(&mut evidence);
            }
            for piece in [inclusion.as_bytes(), &list] {
                evidence.add_file(piece).unwrap();
            }
            let tokens = parties.tokens();
            let tokens = tokens.iter().map(|it| Token::read(it, Default::default()));
            let keys = secrets.map(Secret::key).into();
            let bundle = Bundle::new(tokens.map(Result::unwrap).collect(), keys, evidence, None);
            let bundle = bundle.unwrap().encode().unwrap();
            files.push(file("bundle", "emblem.bundle", Source::Found, &bundle));
        } else {
            for token in parties.tokens() {
                files.push(file("token", "token", Source::Found, &token));
            }
            for secret in secrets {
                let key = match dialect {
                    Dialect::Cwt => secret.key().to_cose(),
                    Dialect::Jws => secret.key().to_jwk().into_bytes(),
                };
                files.push(file("key", "key", Source::Found, &key));
            }
            for chain in chains {
                let pem = chain.pem();
                files.push(file(
                    "certificates",
                    "chain.pem",
                    Source::Evidence,
                    pem.as_bytes(),
                ));
            }
            let inclusion = inclusion.as_bytes();
            files.push(file(
                "inclusion proof",
                "proof.json",
                Source::Evidence,
                inclusion,
            ));
            files.push(file("revocation list", "list.crl", Source::Evidence, &list));
        }
        for log in &logs {
            let (id, key) = (log.id(), data_encoding::BASE64.encode(&log.spki()));
            let keys = format!(r#"{{"logs":[{{"name":"A log","id":"{id}","key":"{key}"}}]}}"#);
            files.push(file(
                "log key",
                "logs.json",
                Source::Evidence,
                keys.as_bytes(),
            ));
        }
        files.push(file(
            "policy",
            "policy.toml",
            Source::Own,
            POLICY.as_bytes(),
        ));
        let mut whole = Whole {
            name: format!("{dialect} {algorithm}"),
            files,
            grounds: None,
        };
        let given = whole.given(None).unwrap();
        let judged = given.judge(NOW).unwrap();
        assert_eq!(judged.passed, [], "{}", whole.name);
        let met = judged.judgement.outcome == Outcome::Met;
        assert_eq!(met, !revoked, "{}: {:?}", whole.name, judged.judgement);
        whole.grounds = met.then(|| Grounds::of(&judged));
        whole
    }

    /// All files, one of them with another content; none where what is given is refused at once.
    fn given(&self, changed: Option<(usize, &[u8])>) -> Option<Given> {
        let mut given = Given::default();
        for (at, file) in self.files.iter().enumerate() {
            let content = match changed {
                Some((changed, content)) if changed == at => content,
                _ => &file.content,
            };
            given.add_file(file.source, Some(file.name), content).ok()?;
        }
        Some(given)
    }

    fn mutate(&self, random: &mut Random, tally: &mut Tally) {
        let at = random.below(self.files.len());
        let file = &self.files[at];
        let mutant = match file.kind {
            // Half of them with a digest that fits.
            "bundle" if random.below(2) == 0 => framed(&random.mutate(&content(&file.content))),
            _ => random.mutate(&file.content),
        };
        let size: usize = self.files.iter().map(|it| it.content.len()).sum();
        let answer = tally.bounded(&ALL, size, || {
            let given = self.given(Some((at, &mutant)))?;
            let judged = given.judge(NOW).ok()?;
            let met = judged.judgement.outcome == Outcome::Met;
            Some((met.then(|| Grounds::of(&judged)), judged.policy))
        });
        let met = answer
            .as_ref()
            .is_some_and(|(grounds, _)| grounds.is_some());
        tally.count(&format!("{} {}", self.name, file.kind), met);
        let Some((grounds, policy)) = answer else {
            return;
        };
        assert_eq!(Policy::decode(&policy.encode()).as_ref(), Ok(&policy));
        let (Some(mut grounds), name) = (grounds, &self.name) else {
            return;
        };
        let before = self.grounds.as_ref();
        let before = before.unwrap_or_else(|| panic!("{name}: revoked, and met by {mutant:02x?}"));
        // Another policy is another question, and the answer names it.
        if file.kind == "policy" && grounds.recognised.0 != before.recognised.0 {
            grounds.recognised = before.recognised.clone();
        }
        assert_eq!(&grounds, before, "{name}, {}: {mutant:02x?}", file.kind);
    }
}

impl Grounds {
    fn of(judged: &Judged) -> Self {
        let report = &judged.judgement.report;
        let used = report.tokens.iter().enumerate();
        let tokens = used.filter_map(|(at, fate)| match fate {
            Fate::Used(role) => {
                let token = judged.set.token(at).unwrap();
                Some((*role, token.kid(), token.message().to_vec()))
            }
            Fate::Dropped(_) => None,
        });
        Grounds {
            recognised: (judged.policy.id(), judged.judgement.standing.clone()),
            tokens: tokens.collect(),
            roots: report
                .own
                .iter()
                .chain(&report.endorsers)
                .map(committed)
                .collect(),
        }
    }
}

/// That an inclusion proof is there beside the log's own promise adds nothing to a proof.
fn committed(root: &Root) -> Committed {
    let entries = root.commitment.entries.iter();
    let proofs = entries.filter_map(|it| match &it.finding {
        Finding::Proved(proof) => {
            assert!(proof.issuer_checked && proof.logged == LOGGED);
            let mut proof = proof.clone();
            proof.included = false;
            Some((it.entry, proof))
        }
        _ => None,
    });
    Committed {
        organisation: root.organisation.to_string(),
        key: root.key,
        proofs: proofs.collect(),
    }
}

/// The content of a bundle's file.
fn content(file: &[u8]) -> Vec<u8> {
    let parts = cbor::decode(file).unwrap().into_array().unwrap();
    parts[2].clone().into_bytes().unwrap()
}

/// A bundle's file around any content.
fn framed(content: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(content).into();
    cbor::encode(&Value::Array(vec![
        Value::text("ensign emblem bundle"),
        Value::Int(1),
        Value::bytes(content),
        Value::bytes(digest),
    ]))
}

#[test]
fn a_mutant_among_what_is_given_meets_no_policy_but_on_the_same_grounds() {
    use Algorithm::{EdDsa, Es256, Es384, Es512};
    use Dialect::{Cwt, Jws};
    let often = [
        Whole::new(Cwt, EdDsa, false, false),
        Whole::new(Cwt, Es256, false, false),
        Whole::new(Jws, EdDsa, false, false),
        Whole::new(Cwt, EdDsa, false, true),
        Whole::new(Cwt, EdDsa, true, false),
    ];
    let seldom = [
        Whole::new(Cwt, Es384, false, false),
        Whole::new(Cwt, Es512, false, false),
        Whole::new(Jws, Es512, false, true),
    ];
    let (mut random, mut tally) = (Random::new(2), Tally::default());
    for _ in 0..wanted() / 4 {
        let whole = match random.below(20) {
            0 => random.one(&seldom),
            _ => random.one(&often),
        };
        whole.mutate(&mut random, &mut tally);
    }
    tally.print("met the policy on the same grounds");
}
