//! The answer: whether a policy is met, and in which plain words an emblem is spoken of.

use std::fmt;

use super::{Policy, PolicyId};
use crate::commitment::{Finding, Flaw, Missing};
use crate::key::Kid;
use crate::name::Organisation;
use crate::token::{LogEntry, Token};
use crate::verify::{Broken, Fate, Level, Report, Root, Rule, TokenSet, Weight};

/// A verification, judged by a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What was found.
    pub report: Report,
    /// Whether the policy is met.
    pub outcome: Outcome,
    /// What may be said of the emblem; nothing where it is invalid or its issuer unproven.
    pub standing: Option<Standing>,
    /// By which policy.
    pub policy: PolicyId,
}

/// Whether a policy is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Evidence contradicts a commitment on which the answer depends.
    False(Broken),
    /// A rule failed.
    Invalid(Broken),
    /// It is met.
    Met,
    /// It is not, and nothing is wrong either: this is missing.
    Unproven(Vec<Lack>),
}

/// What is missing for a policy to be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// The token names fewer log entries than must be proved.
    Commitments {
        /// How many it names.
        named: usize,
        /// How many the policy asks for.
        needed: usize,
    },
    /// Evidence for a log entry.
    Evidence {
        /// The entry.
        entry: LogEntry,
        /// What is missing.
        missing: Missing,
    },
    /// The key of a token, so that its signature cannot be checked.
    Key {
        /// The key's id.
        key: Kid,
        /// The place of the token in the set.
        token: usize,
    },
    /// A higher level than holds.
    Level {
        /// The level that the policy asks for.
        asked: Level,
    },
    /// A certificate that was logged before the time judged.
    NotYetLogged {
        /// Its log entry.
        entry: LogEntry,
    },
    /// Recognition by an organisation that the policy honours.
    Recognition,
    /// A revocation list that is current at the time judged.
    RevocationList {
        /// The log entry whose certificate it is to cover.
        entry: LogEntry,
    },
    /// A proof that is not too old.
    TooOld {
        /// Its log entry.
        entry: LogEntry,
    },
}

/// What may be said of an emblem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Only its bearer says so.
    Declared,
    /// These organisations, which the policy does not name, say so too.
    Endorsed {
        /// Who.
        by: Vec<Organisation>,
    },
    /// Its signature is right, and its time has passed.
    Expired {
        /// The first second at which it no longer counted, Unix seconds.
        until: i64,
    },
    /// Its signature is right, and its time is still to come.
    NotYet {
        /// The first second at which it counts, Unix seconds.
        from: i64,
    },
    /// These organisations, which the policy honours, say so too.
    Recognised {
        /// Who.
        by: Vec<Organisation>,
    },
    /// The commitment that it rests on was revoked.
    Revoked,
}

impl Outcome {
    /// The message id.
    pub fn code(&self) -> &'static str {
        match self {
            Outcome::False(_) => "emblem-outcome-false",
            Outcome::Invalid(broken) => match broken.rule {
                Rule::Expired => "emblem-outcome-expired",
                Rule::NoEmblem => "emblem-outcome-none",
                Rule::NotYetValid => "emblem-outcome-not-yet",
                _ => "emblem-outcome-invalid",
            },
            Outcome::Met => "emblem-outcome-met",
            Outcome::Unproven(lacks) => match lacks.first() {
                Some(Lack::Key { .. }) => "emblem-outcome-key-missing",
                _ => "emblem-outcome-unproven",
            },
        }
    }
}

impl Standing {
    /// The message id.
    pub const fn code(&self) -> &'static str {
        match self {
            Standing::Declared => "emblem-declared",
            Standing::Endorsed { .. } => "emblem-endorsed",
            Standing::Expired { .. } => "emblem-expired",
            Standing::NotYet { .. } => "emblem-not-yet-valid",
            Standing::Recognised { .. } => "emblem-recognised",
            Standing::Revoked => "emblem-revoked",
        }
    }
}

impl Lack {
    /// The message id.
    pub fn code(&self) -> &'static str {
        match self {
            Lack::Commitments { .. } => "emblem-lack-commitments",
            Lack::Evidence { missing, .. } => missing.code(),
            Lack::Key { .. } => "emblem-lack-key",
            Lack::Level { .. } => "emblem-lack-level",
            Lack::NotYetLogged { .. } => "emblem-lack-not-yet-logged",
            Lack::Recognition => "emblem-lack-recognition",
            Lack::RevocationList { .. } => "emblem-lack-revocation-list",
            Lack::TooOld { .. } => "emblem-lack-too-old",
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lack::Commitments { named, needed } => write!(
                f,
                "the token names {named} log entries, and the policy asks for {needed}"
            ),
            Lack::Evidence { missing, .. } => missing.fmt(f),
            Lack::Key { key, token } => write!(
                f,
                "the key {key}, which signed token {}: ask whoever gave the token for it",
                token + 1
            ),
            Lack::Level { asked } => write!(
                f,
                "the policy asks for {asked}, and that does not hold: {}",
                asked.lacking()
            ),
            Lack::NotYetLogged { entry } => write!(
                f,
                "the certificate was logged in {} after the time judged",
                entry.log
            ),
            Lack::Recognition => f.write_str("no organisation that the policy honours endorses it"),
            Lack::RevocationList { entry } => write!(
                f,
                "no current revocation list covers the certificate logged in {}",
                entry.log
            ),
            Lack::TooOld { entry } => write!(
                f,
                "the certificate was logged in {} longer ago than the policy allows",
                entry.log
            ),
        }
    }
}

impl Judgement {
    /// The standing in a sentence, with the policy that it depends on.
    pub fn sentence(&self) -> Option<String> {
        Some(match self.standing.as_ref()? {
            Standing::Declared => "declared only".to_owned(),
            Standing::Endorsed { by } => format!("endorsed by {}", listed(by)),
            Standing::Expired { until } => format!("expired at Unix second {until}"),
            Standing::NotYet { from } => format!("not valid before Unix second {from}"),
            Standing::Recognised { by } => {
                format!("recognised by {} under policy {}", listed(by), self.policy)
            }
            Standing::Revoked => "revoked".to_owned(),
        })
    }
}

impl Policy {
    /// Judges what was found in a set; and where keys are missing, what would be found if all tokens
    /// without one were signed.
    pub(crate) fn judge(
        &self,
        report: Report,
        supposed: Option<&Report>,
        set: &TokenSet,
    ) -> Judgement {
        let outcome = self.outcome(&report, set);
        let outcome = match supposed {
            None => outcome,
            Some(supposed) => self.without_keys(outcome, &report, supposed, set),
        };
        Judgement {
            standing: self.standing(&report, set),
            outcome,
            policy: self.id,
            report,
        }
    }

    fn outcome(&self, report: &Report, set: &TokenSet) -> Outcome {
        let level = match report.holds {
            Err(broken) if is_false(broken.rule) => return Outcome::False(broken),
            Err(broken) => return Outcome::Invalid(broken),
            Ok(level) => level,
        };
        let own = report.own.as_ref();
        let own = own.filter(|it| it.commitment.weight == Weight::Unproven);
        let mut lacks = own.map_or_else(Vec::new, |it| it.commitment.lacks.clone());
        let recognised = !self.recognised_by(report, set).is_empty();
        // Endorsements that would decide the answer if they were proved.
        let endorsers = report.endorsers.iter();
        let deciding: Vec<&Root> = match (self.terms.honours.is_empty(), level) {
            (true, Level::Endorsed) => Vec::new(),
            (true, _) => endorsers.filter(|it| decides(it)).collect(),
            (false, _) if recognised => Vec::new(),
            (false, _) => {
                let honoured = |it: &&Root| self.is_honoured(&it.organisation, report, set);
                endorsers.filter(honoured).collect()
            }
        };
        for root in deciding {
            match root.commitment.weight {
                Weight::False | Weight::Revoked => {
                    let rule = match root.commitment.weight {
                        Weight::False => Rule::CommitmentFalse,
                        _ => Rule::CommitmentRevoked,
                    };
                    let token = Some(root.token);
                    return Outcome::False(Broken { rule, token });
                }
                Weight::Unproven => lacks.extend(root.commitment.lacks.iter().cloned()),
                Weight::Proved => {}
            }
        }
        if lacks.is_empty() && level < self.terms.least {
            let asked = self.terms.least;
            lacks.push(Lack::Level { asked });
        }
        if lacks.is_empty() && !self.terms.honours.is_empty() && !recognised {
            lacks.push(Lack::Recognition);
        }
        match lacks.is_empty() {
            true => Outcome::Met,
            false => Outcome::Unproven(lacks),
        }
    }

    /// The outcome where keys are missing: unproven, if the set could meet the policy with them. What
    /// breaks a rule with or without them stays invalid; but an emblem that nobody can check is
    /// called neither right nor wrong.
    fn without_keys(
        &self,
        outcome: Outcome,
        report: &Report,
        supposed: &Report,
        set: &TokenSet,
    ) -> Outcome {
        let unkeyed = |at: &usize| set.token(*at).is_some_and(|it| set.key_of(it).is_none());
        let lack = |at: usize| {
            let key = set.token(at)?.kid();
            Some(Lack::Key { key, token: at })
        };
        let used = |at: &usize| matches!(supposed.tokens[*at], Fate::Used(_));
        let needed = (0..report.tokens.len()).filter(unkeyed).filter(used);
        let mut lacks: Vec<Lack> = needed.filter_map(lack).collect();
        match (&outcome, self.outcome(supposed, set)) {
            (Outcome::Met | Outcome::False(_), _) => return outcome,
            (_, Outcome::Met) => {}
            (_, Outcome::Unproven(more)) => lacks.extend(more),
            (Outcome::Invalid(broken), _) if broken.rule == Rule::KeyMissing => {
                let is_wrong = |fate: &Fate| *fate == Fate::Dropped(Rule::Signature);
                if report.tokens.iter().any(is_wrong) {
                    return outcome;
                }
                lacks = broken.token.and_then(lack).into_iter().collect();
            }
            _ => return outcome,
        }
        match lacks.first() {
            Some(Lack::Key { .. }) => Outcome::Unproven(lacks),
            _ => outcome,
        }
    }

    fn standing(&self, report: &Report, set: &TokenSet) -> Option<Standing> {
        match report.holds {
            Err(broken) => {
                let validity = report
                    .said
                    .and_then(|at| set.token(at))
                    .map(Token::validity);
                match (broken.rule, validity) {
                    (Rule::Expired, Some(it)) => Some(Standing::Expired { until: it.expires }),
                    (Rule::NotYetValid, Some(it)) => Some(Standing::NotYet {
                        from: it.not_before,
                    }),
                    (Rule::CommitmentRevoked, _) => Some(Standing::Revoked),
                    _ => None,
                }
            }
            // Its issuer named itself, and that is not shown.
            Ok(Level::Signed) if report.own.is_some() => None,
            Ok(_) => {
                let by = self.recognised_by(report, set);
                let endorsed: Vec<_> = report.endorsed_by().cloned().collect();
                let mut endorsers = report.endorsers.iter();
                match () {
                    () if !by.is_empty() => Some(Standing::Recognised { by }),
                    () if !endorsed.is_empty() => Some(Standing::Endorsed { by: endorsed }),
                    // Somebody else says so too, and that is not shown.
                    () if endorsers.any(|it| it.commitment.weight == Weight::Unproven) => None,
                    () => Some(Standing::Declared),
                }
            }
        }
    }

    /// The honoured organisations that endorse the emblem, or issued it, by proved commitments.
    fn recognised_by(&self, report: &Report, set: &TokenSet) -> Vec<Organisation> {
        let own = report.own.iter().map(|it| &it.organisation);
        let own = own.filter(|_| {
            report
                .holds
                .is_ok_and(|level| level >= Level::Organizational)
        });
        let all = own.chain(report.endorsed_by());
        let mut by: Vec<_> = all
            .filter(|it| self.is_honoured(it, report, set))
            .cloned()
            .collect();
        by.sort();
        by.dedup();
        by
    }

    fn is_honoured(&self, organisation: &Organisation, report: &Report, set: &TokenSet) -> bool {
        let emblem = report.emblem.and_then(|at| set.token(at)?.emblem());
        emblem.is_some_and(|emblem| self.honours(organisation, emblem))
    }
}

/// Whether an endorsement by an organisation that nobody asked for can stand in the way, or is dropped
/// as if it were not there. Anybody can add one to a set that names the log entries of others: their
/// certificates say nothing about the endorser. That its own certificate was tampered with does.
fn decides(endorser: &Root) -> bool {
    let commitment = &endorser.commitment;
    commitment.weight != Weight::False
        || commitment.entries.iter().any(
            |entry| matches!(&entry.finding, Finding::False(found) if found.flaw != Flaw::Names),
        )
}

fn listed(by: &[Organisation]) -> String {
    let by: Vec<_> = by.iter().map(Organisation::to_string).collect();
    by.join(", ")
}

fn is_false(rule: Rule) -> bool {
    matches!(rule, Rule::CommitmentFalse | Rule::CommitmentRevoked)
}
