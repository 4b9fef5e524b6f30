//! What the verification of an emblem answers: every step, what failed or is missing, and by which
//! policy.

use ensign_mark::given::{self, Judged, told};
use ensign_mark::note::{NOT_UNPROTECTED, Note};
use ensign_mark::policy::{Enough, Lack, Outcome, Policy, RevocationLists, Standing};
use ensign_mark::purpose::{Purpose, Purposes};
use ensign_mark::token::{Claims, Phase, Token, TokenError};
use ensign_mark::verify::{Broken, Fate, Level, Role, Rule, TokenSet};
use serde::Serialize;
use utoipa::ToSchema;

use super::caution::Caution;
use crate::i18n::Texts;

mod commitment;

pub use commitment::Commitment;

/// A verified set of tokens. Numbers of tokens begin with 1, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// The time judged.
    pub at: u64,
    /// `met`, `unproven`, `invalid` or `false`: whether the policy is met.
    pub outcome: &'static str,
    /// Code of the sentence that says it most exactly: also that there is no emblem, that its key is
    /// missing, or that its time is over or to come.
    pub sentence: &'static str,
    /// `recognised`, `endorsed`, `declared`, `expired`, `not-yet` or `revoked`: what may be said of the
    /// emblem. Absent where it is invalid otherwise, or its issuer or an endorser unproven.
    pub standing: Option<&'static str>,
    /// The organisations that the policy honours and that endorse the emblem.
    pub recognised_by: Vec<String>,
    /// All organisations whose endorsement of the issuer is proved, honoured or not.
    pub endorsed_by: Vec<String>,
    /// The law that each protection stands for which the emblem claims. Tokens name no law.
    pub laws: Vec<PurposeLaw>,
    /// The first second at which something of the answer no longer holds: the earliest end of the
    /// tokens that count and of what proves their root keys. Absent where a rule failed.
    pub holds_until: Option<i64>,
    /// The token that ends then.
    pub ends_first: Option<EndsFirst>,
    /// What no answer means.
    #[schema(value_type = NoteWords)]
    pub note: Note,
    /// The dialect of the emblem, without which the results mean nothing.
    pub dialect: Option<&'static str>,
    /// The results that hold, by the names of the protocol.
    pub results: Vec<&'static str>,
    /// The rule that failed, where one did.
    pub failed: Option<Failure>,
    /// What breaks no rule and should be known: names of other scripts, wide networks, odd times,
    /// private keys among what was given.
    pub cautions: Vec<Caution>,
    /// What is missing for the policy to be met.
    pub missing: Vec<Lacking>,
    /// What the emblem says, where there is one and its signature is right.
    pub emblem: Option<EmblemSays>,
    /// Each token, and what became of it.
    pub tokens: Vec<TokenResult>,
    /// The commitments to root keys: the issuer's own first.
    pub commitments: Vec<Commitment>,
    /// The policy.
    pub policy: PolicyTerms,
    /// The policies that bundles among what was given name: by which their senders judged.
    pub bundle_policies: Vec<BundlePolicy>,
    /// What was given and not used.
    pub passed_over: Vec<Passed>,
}

/// The law that a protection stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PurposeLaw {
    /// Code of the protection.
    pub purpose: &'static str,
    /// Codes of the rules of law.
    pub laws: Vec<&'static str>,
}

/// The token that ends first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndsFirst {
    /// Its number.
    pub token: usize,
    /// `emblem`, `internal` or `external`: what it is.
    pub role: &'static str,
    /// `token`, where its own time ends, or `evidence`, where what proves its root key is then too old
    /// for the policy, or revoked.
    pub of: &'static str,
}

/// A sentence with its code.
#[derive(ToSchema)]
#[schema(as = Note)]
#[expect(dead_code, reason = "the schema of `ensign_mark::note::Note`")]
pub(crate) struct NoteWords {
    /// Its code.
    code: String,
    /// It in words.
    says: String,
}

/// A rule that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Failure {
    /// Its code.
    pub rule: &'static str,
    /// The rule in words.
    pub says: String,
    /// The token at which it failed, where it was one.
    pub token: Option<usize>,
    /// The name of the claim or header parameter, or the number of the claim or tag, that is meant where
    /// a token cannot be read for one.
    pub about: Option<String>,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lacking {
    /// Its code.
    pub code: &'static str,
    /// What it is, in words.
    pub says: String,
    /// The id of the log that is meant, in base64, where one is.
    pub log: Option<String>,
    /// The number of the token whose key is missing, where one is.
    pub token: Option<usize>,
    /// The id of that key.
    pub key: Option<String>,
    /// The level that is asked for, where one is: `signed`, `organizational` or `endorsed`.
    pub level: Option<&'static str>,
    /// How many log entries the token names, where that is too few.
    pub named: Option<usize>,
    /// How many of them the policy asks for.
    pub needed: Option<usize>,
}

/// What an emblem says: its own word, whether or not it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmblemSays {
    /// The token that it is.
    pub token: usize,
    /// Whether it is `valid`, `expired` or `not-yet` at the time judged, or `never` valid.
    pub state: &'static str,
    /// Who says so.
    pub issuer: Option<String>,
    /// What is marked, each once.
    pub marks: Vec<String>,
    /// Which protections it claims; none where it does not say.
    pub purposes: Vec<&'static str>,
    /// The first second at which it counts.
    pub from: i64,
    /// The first second at which it no longer counts.
    pub until: i64,
}

/// A token, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenResult {
    /// Its number.
    pub token: usize,
    /// `emblem`, `internal` (endorsement by the issuer itself), `external` (by another
    /// organisation), `idle` (nothing wrong with it, but the set failed) or `dropped`.
    pub role: &'static str,
    /// The rule for which it was dropped.
    pub failed: Option<Failure>,
    /// `right`, `wrong`, `unread` where the token cannot be read, `mismatched` where the key is of
    /// another algorithm than the token says, or `unchecked`, where no key for it is there.
    pub signature: &'static str,
    /// What it says; absent where it cannot be read.
    pub says: Option<TokenSays>,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenSays {
    /// `emblem` or `endorsement`.
    pub kind: &'static str,
    /// Its dialect.
    pub dialect: &'static str,
    /// What it is signed with.
    pub algorithm: &'static str,
    /// The id of the key that signed it.
    pub key: String,
    /// Who says so.
    pub issuer: Option<String>,
    /// Whose key is endorsed.
    pub subject: Option<String>,
    /// The id of the key that is endorsed.
    pub endorses: Option<String>,
    /// Which protections it claims or permits; none where it does not say.
    pub purposes: Vec<&'static str>,
    /// The first second at which it counts.
    pub from: i64,
    /// The first second at which it no longer counts.
    pub until: i64,
}

/// What a policy asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyTerms {
    /// Its id: SHA-256 of what it says.
    pub id: String,
    /// Whether it was given; else it is the one for those who give none.
    pub given: bool,
    /// `signed`, `organizational` or `endorsed`: the level that must hold.
    pub least: &'static str,
    /// How many log entries of a commitment must be proved; absent where every one must.
    pub commitments: Option<u8>,
    /// How old a proof may be, in days; absent where it may be of any age.
    pub evidence_days: Option<u32>,
    /// Whether a current revocation list must be there.
    pub revocation_lists: bool,
    /// The logs that count; none where those count whose keys were given.
    pub logs: Vec<String>,
    /// The organisations that it honours.
    pub honours: Vec<String>,
}

/// The policy by which the sender of a bundle judged, by the bundle's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BundlePolicy {
    /// Its id: SHA-256 of what it says.
    pub id: String,
    /// Whether the answer is by the same policy.
    pub used: bool,
}

/// Something that was given and not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Passed {
    /// Its number among all pieces given.
    pub piece: usize,
    /// The name of its file.
    pub name: Option<String>,
    /// Code of why it was not used.
    pub code: &'static str,
    /// Why, in words.
    pub why: String,
}

impl Verification {
    /// The answer about what was judged.
    pub fn new(judged: &Judged<'_>) -> Self {
        let Judged { set, judgement, .. } = judged;
        let report = &judgement.report;
        let own = report.own.iter().map(|root| (true, root));
        let roots = own.chain(report.endorsers.iter().map(|root| (false, root)));
        let tokens = report.tokens.iter().enumerate();
        let said = report.said;
        let emblem = said.and_then(|at| EmblemSays::new(at, set.token(at)?, judged.at));
        let ends = report.ends(set);
        Verification {
            at: judged.at,
            outcome: match &judgement.outcome {
                Outcome::False(_) => "false",
                Outcome::Invalid(_) => "invalid",
                Outcome::Met => "met",
                Outcome::Unproven(_) => "unproven",
            },
            sentence: judgement.outcome.code(),
            standing: judgement.standing.as_ref().map(|standing| match standing {
                Standing::Declared => "declared",
                Standing::Endorsed { .. } => "endorsed",
                Standing::Expired { .. } => "expired",
                Standing::NotYet { .. } => "not-yet",
                Standing::Recognised { .. } => "recognised",
                Standing::Revoked => "revoked",
            }),
            recognised_by: match &judgement.standing {
                Some(Standing::Recognised { by }) => by.iter().map(ToString::to_string).collect(),
                _ => Vec::new(),
            },
            endorsed_by: report.endorsed_by().map(ToString::to_string).collect(),
            laws: emblem.as_ref().map_or_else(Vec::new, |it| it.laws()),
            holds_until: ends.map(|it| it.until),
            ends_first: ends.map(|it| EndsFirst {
                token: it.token + 1,
                role: it.role.code(),
                of: it.of.code(),
            }),
            note: NOT_UNPROTECTED,
            dialect: report.dialect.map(|it| it.code()),
            results: report.results(),
            failed: match &judgement.outcome {
                Outcome::False(broken) | Outcome::Invalid(broken) => Some(Failure::of(*broken)),
                Outcome::Met | Outcome::Unproven(_) => None,
            },
            cautions: judged.cautions.iter().map(Caution::from).collect(),
            missing: match &judgement.outcome {
                Outcome::Unproven(lacks) => lacks.iter().map(Lacking::new).collect(),
                _ => Vec::new(),
            },
            emblem,
            tokens: tokens
                .map(|(at, fate)| TokenResult::new(set, at, *fate, report.holds))
                .collect(),
            commitments: roots
                .map(|(own, root)| Commitment::new(own, root, judged.evidence))
                .collect(),
            policy: PolicyTerms::new(&judged.policy, judged.policy_given),
            bundle_policies: judged
                .named
                .iter()
                .map(|id| BundlePolicy {
                    id: id.to_string(),
                    used: *id == judged.policy.id(),
                })
                .collect(),
            passed_over: judged.passed.iter().map(Passed::new).collect(),
        }
    }

    /// Whether the emblem counts at the time judged.
    pub(crate) fn is_of_now(&self) -> bool {
        self.emblem.as_ref().is_some_and(|it| it.state == "valid")
    }
}

impl Passed {
    fn new(passed: &given::Passed) -> Self {
        Passed {
            piece: passed.piece,
            name: passed.name.clone(),
            code: passed.code,
            why: passed.why.clone(),
        }
    }
}

impl Failure {
    fn of(broken: Broken) -> Self {
        Failure {
            rule: broken.rule.code(),
            says: says(broken.rule),
            token: broken.token.map(|at| at + 1),
            about: match broken.rule {
                Rule::Unreadable(why) => about(why),
                _ => None,
            },
        }
    }
}

impl EndsFirst {
    /// The message id of what it is.
    pub(crate) fn role_code(&self) -> String {
        format!("role-{}", self.role)
    }
}

impl Lacking {
    /// The message id of a level.
    pub(crate) fn level_code(&self, level: &str) -> String {
        format!("level-{level}")
    }

    fn new(lack: &Lack) -> Self {
        let entry = match lack {
            Lack::Evidence { entry, .. }
            | Lack::NotYetLogged { entry }
            | Lack::RevocationList { entry }
            | Lack::TooOld { entry } => Some(entry),
            Lack::Commitments { .. }
            | Lack::Key { .. }
            | Lack::Level { .. }
            | Lack::Recognition => None,
        };
        let unkeyed = match lack {
            Lack::Key { key, token } => Some((token + 1, key.to_string())),
            _ => None,
        };
        let (token, key) = unkeyed.unzip();
        let counts = match lack {
            Lack::Commitments { named, needed } => Some((*named, *needed)),
            _ => None,
        };
        Lacking {
            code: lack.code(),
            says: lack.to_string(),
            log: entry.map(|it| it.log.to_string()),
            token,
            key,
            level: match lack {
                Lack::Level { asked } => Some(asked.code()),
                _ => None,
            },
            named: counts.map(|(named, _)| named),
            needed: counts.map(|(_, needed)| needed),
        }
    }
}

/// What is missing in the reader's language, from what an answer says of it: its code, the number of
/// the token, how many log entries that names and how many are asked for.
pub fn lacking_sentence(
    texts: &Texts,
    code: &str,
    token: Option<usize>,
    counts: Option<(usize, usize)>,
) -> Option<String> {
    match (code, token, counts) {
        ("emblem-lack-commitments", _, Some((named, needed))) => Some(texts.text_with(
            "emblem-lack-commitments",
            &[("named", named.into()), ("needed", needed.into())],
        )),
        ("emblem-lack-key", Some(token), _) => {
            Some(texts.text_with("emblem-lack-key", &[("token", token.into())]))
        }
        _ => texts.label("emblem-", code.strip_prefix("emblem-")?),
    }
}

impl EmblemSays {
    fn new(at: usize, token: &Token, now: u64) -> Option<Self> {
        let emblem = token.emblem()?;
        Some(EmblemSays {
            token: at + 1,
            state: match emblem.validity.at(now) {
                _ if emblem.validity.seconds() == 0 => "never",
                Phase::Expired => "expired",
                Phase::NotYet => "not-yet",
                Phase::Valid => "valid",
            },
            issuer: emblem.issuer.as_ref().map(ToString::to_string),
            marks: emblem
                .marks()
                .into_iter()
                .map(ToString::to_string)
                .collect(),
            purposes: codes(emblem.purposes),
            from: emblem.validity.not_before,
            until: emblem.validity.expires,
        })
    }
}

impl EmblemSays {
    /// The law that each of its protections stands for.
    fn laws(&self) -> Vec<PurposeLaw> {
        let purposes = self.purposes.iter().filter_map(|it| Purpose::from_code(it));
        let law = |purpose: Purpose| PurposeLaw {
            purpose: purpose.code(),
            laws: purpose.laws().to_vec(),
        };
        purposes.map(law).collect()
    }
}

impl TokenResult {
    fn new(set: &TokenSet, at: usize, fate: Fate, holds: Result<Level, Broken>) -> Self {
        let token = set.token(at);
        // A token that nothing is wrong with shares the fate of a set that failed elsewhere.
        let elsewhere =
            |rule: Rule| holds.is_err_and(|broken| broken.rule == rule && broken.token != Some(at));
        let (role, failed) = match fate {
            Fate::Used(Role::Emblem) => ("emblem", None),
            Fate::Used(Role::Internal) => ("internal", None),
            Fate::Used(Role::External) => ("external", None),
            Fate::Dropped(rule) if token.is_some() && elsewhere(rule) => ("idle", None),
            Fate::Dropped(rule) => {
                let token = Some(at);
                ("dropped", Some(Failure::of(Broken { rule, token })))
            }
        };
        TokenResult {
            token: at + 1,
            role,
            failed,
            signature: token.map_or("unread", |token| signature(set, token)),
            says: token.map(TokenSays::new),
        }
    }

    /// The message id of what its signature is.
    pub(crate) fn signature_code(&self) -> String {
        format!("signature-{}", self.signature)
    }

    /// The message id of the role.
    pub(crate) fn role_code(&self) -> String {
        format!("role-{}", self.role)
    }
}

impl TokenSays {
    fn new(token: &Token) -> Self {
        let validity = token.validity();
        let (kind, purposes) = match token.claims() {
            Claims::Emblem(it) => ("emblem", it.purposes),
            Claims::Endorsement(it) => ("endorsement", it.purposes),
        };
        let endorsement = token.endorsement();
        TokenSays {
            kind,
            dialect: token.dialect().code(),
            algorithm: token.algorithm().jose(),
            key: token.kid().to_string(),
            issuer: token.issuer().map(ToString::to_string),
            subject: endorsement.and_then(|it| Some(it.subject.as_ref()?.to_string())),
            endorses: endorsement.map(|it| it.key.to_string()),
            purposes: codes(purposes),
            from: validity.not_before,
            until: validity.expires,
        }
    }
}

impl PolicyTerms {
    fn new(policy: &Policy, given: bool) -> Self {
        let terms = policy.terms();
        let honours = terms.honours.iter();
        PolicyTerms {
            id: policy.id().to_string(),
            given,
            least: terms.least.code(),
            commitments: match terms.commitments {
                Enough::AtLeast(number) => Some(number),
                Enough::Every => None,
            },
            evidence_days: terms.evidence_days,
            revocation_lists: terms.revocation == RevocationLists::Required,
            logs: terms.logs.iter().map(ToString::to_string).collect(),
            honours: honours.map(|it| it.organisation.to_string()).collect(),
        }
    }

    /// The message id of the level that must hold.
    pub(crate) fn least_code(&self) -> String {
        format!("level-{}", self.least)
    }
}

/// Whether a token's signature is right under the key that it names.
fn signature(set: &TokenSet, token: &Token) -> &'static str {
    match set.key_of(token) {
        None => "unchecked",
        Some(key) if key.algorithm() != token.algorithm() => "mismatched",
        Some(key) if token.is_signed_by(key) => "right",
        Some(_) => "wrong",
    }
}

/// What of a token cannot be read, as it is written there.
fn about(why: TokenError) -> Option<String> {
    match why {
        TokenError::Claim(name)
        | TokenError::Forbidden(name)
        | TokenError::Header(name)
        | TokenError::Missing(name) => Some(name.to_owned()),
        TokenError::ClaimNumber(number) => Some(number.to_string()),
        TokenError::Tag { found, .. } => Some(found.to_string()),
        TokenError::Untagged(tag) => Some(tag.to_string()),
        _ => None,
    }
}

/// A rule in words; for what cannot be read, with the reason.
fn says(rule: Rule) -> String {
    match rule {
        Rule::Unreadable(why) => told(&why),
        rule => rule.to_string(),
    }
}

fn codes(purposes: Option<Purposes>) -> Vec<&'static str> {
    let purposes = purposes.into_iter().flat_map(Purposes::iter);
    purposes.map(Purpose::code).collect()
}
