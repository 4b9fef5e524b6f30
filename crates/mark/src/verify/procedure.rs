//! The procedure, step by step. Signatures and commitments are arguments: how they are checked, and
//! what was checked before, is not its concern.

use super::TokenSet;
use super::report::{Broken, Commitment, Fate, Level, Report, Role, Root, Rule, Weight};
use crate::key::EmblemKey;
use crate::relation;
use crate::token::{Emblem, Endorsement, Phase, Token};

/// What is done with a token whose key is not at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unkeyed {
    /// It does not count.
    Dropped,
    /// It is supposed to be signed: what could be, if the key were there.
    Supposed,
}

/// Runs the procedure at a time in Unix seconds. `is_signed` says whether a key signed a token;
/// `weigh` what an issuer's commitment to the key that signed an endorsement amounts to.
pub(super) fn run(
    set: &TokenSet,
    now: u64,
    unkeyed: Unkeyed,
    is_signed: impl Fn(&Token, &EmblemKey) -> bool,
    weigh: impl Fn(&Token) -> Commitment,
) -> Report {
    let mut report = Report {
        dialect: None,
        emblem: None,
        said: None,
        holds: Err(NONE),
        tokens: vec![Fate::Dropped(Rule::NoEmblem); set.tokens().len()],
        own: None,
        endorsers: Vec::new(),
    };
    report.holds = judge(set, now, unkeyed, is_signed, weigh, &mut report);
    report
}

/// What there is to say about an empty set.
const NONE: Broken = Broken {
    rule: Rule::NoEmblem,
    token: None,
};

/// An endorsement that is signed and valid.
#[derive(Clone, Copy)]
struct Valid<'a> {
    at: usize,
    token: &'a Token,
    endorsement: &'a Endorsement,
}

fn judge(
    set: &TokenSet,
    now: u64,
    unkeyed: Unkeyed,
    is_signed: impl Fn(&Token, &EmblemKey) -> bool,
    weigh: impl Fn(&Token) -> Commitment,
    report: &mut Report,
) -> Result<Level, Broken> {
    // Steps 1 to 3: what is signed and valid, and the one emblem among it.
    let mut valid = Vec::with_capacity(set.tokens().len());
    for at in 0..set.tokens().len() {
        match admit(set, at, now, unkeyed, &is_signed) {
            Ok(token) => valid.push((at, token)),
            Err(rule) => report.tokens[at] = Fate::Dropped(rule),
        }
    }
    let (at, token, emblem) = the_emblem(set, &valid, report)?;
    report.dialect = Some(token.dialect());
    report.emblem = Some(at);
    report.said = Some(at);
    report.tokens[at] = Fate::Used(Role::Emblem);

    let (mut internal, mut external) = (Vec::new(), Vec::new());
    for (at, token) in valid {
        let Some(endorsement) = token.endorsement() else {
            continue;
        };
        let valid = Valid {
            at,
            token,
            endorsement,
        };
        if Some(token.dialect()) != report.dialect {
            report.tokens[at] = Fate::Dropped(Rule::OtherDialect);
        } else if endorsement.issuer == emblem.issuer {
            internal.push(valid);
        } else if endorsement.issuer.is_some() {
            external.push(valid);
        } else {
            report.tokens[at] = Fate::Dropped(Rule::NoIssuer);
        }
    }

    // Step 4: the issuer's own chain.
    let top = chain(token, emblem, internal, report)?;
    // Step 5: without an issuer there is no more to say.
    let Some(issuer) = &emblem.issuer else {
        for valid in external {
            report.tokens[valid.at] = Fate::Dropped(Rule::NotOfRoot);
        }
        return Ok(Level::Signed);
    };
    // Steps 6 and 7: the issuer's commitment to the root of its chain.
    let top = top.ok_or(Broken {
        rule: Rule::NoChain,
        token: Some(at),
    })?;
    let broken = |rule| Broken {
        rule,
        token: Some(top.at),
    };
    if top.endorsement.log.is_empty() {
        return Err(broken(Rule::NoCommitment));
    }
    let own = Root {
        token: top.at,
        organisation: issuer.clone(),
        key: top.token.kid(),
        commitment: weigh(top.token),
    };
    let weight = own.commitment.weight;
    report.own = Some(own);
    // Step 8: endorsements by others. They are looked at even where the issuer's own commitment is
    // unproven, so that all that is missing is named at once.
    for valid in external {
        report.tokens[valid.at] = match endorser(valid, top, emblem, &weigh) {
            Err(rule) => Fate::Dropped(rule),
            Ok(root) => {
                let fate = match root.commitment.weight {
                    Weight::False => Fate::Dropped(Rule::CommitmentFalse),
                    Weight::Revoked => Fate::Dropped(Rule::CommitmentRevoked),
                    Weight::Proved | Weight::Unproven => Fate::Used(Role::External),
                };
                report.endorsers.push(root);
                fate
            }
        };
    }
    let mut endorsers = report.endorsers.iter();
    match weight {
        Weight::False => Err(broken(Rule::CommitmentFalse)),
        Weight::Revoked => Err(broken(Rule::CommitmentRevoked)),
        Weight::Unproven => Ok(Level::Signed),
        Weight::Proved if endorsers.any(|it| it.commitment.weight == Weight::Proved) => {
            Ok(Level::Endorsed)
        }
        Weight::Proved => Ok(Level::Organizational),
    }
}

/// Takes a token that is signed by a key at hand and valid now.
fn admit(
    set: &TokenSet,
    at: usize,
    now: u64,
    unkeyed: Unkeyed,
    is_signed: impl Fn(&Token, &EmblemKey) -> bool,
) -> Result<&Token, Rule> {
    let token = set.tokens()[at].as_ref();
    let token = token.map_err(|why| Rule::Unreadable(*why))?;
    if (0..at).any(|before| set.token(before) == Some(token)) {
        return Err(Rule::Duplicate);
    }
    match set.key_of(token) {
        None if unkeyed == Unkeyed::Supposed => {}
        None => return Err(Rule::KeyMissing),
        Some(key) if key.algorithm() != token.algorithm() => return Err(Rule::Algorithm),
        Some(key) if !is_signed(token, key) => return Err(Rule::Signature),
        Some(_) => {}
    }
    if token.validity().seconds() == 0 {
        return Err(Rule::NeverValid);
    }
    match token.validity().at(now) {
        Phase::Expired => Err(Rule::Expired),
        Phase::NotYet => Err(Rule::NotYetValid),
        Phase::Valid => Ok(token),
    }
}

/// The one emblem among the valid tokens. Where there is none but one was dropped, what it was
/// dropped for is the rule that failed.
fn the_emblem<'a>(
    set: &TokenSet,
    valid: &[(usize, &'a Token)],
    report: &mut Report,
) -> Result<(usize, &'a Token, &'a Emblem), Broken> {
    let emblems = valid.iter();
    let mut emblems = emblems.filter_map(|(at, token)| Some((*at, *token, token.emblem()?)));
    let found = emblems.next();
    let broken = match (found, emblems.next()) {
        (Some(found), None) => return Ok(found),
        (Some(_), Some(_)) => Broken {
            rule: Rule::SeveralEmblems,
            token: None,
        },
        (None, _) => {
            let dropped = report.tokens.iter().enumerate();
            let dropped = dropped.filter_map(|(at, fate)| match fate {
                Fate::Dropped(rule) if *rule != Rule::NoEmblem => Some((at, *rule)),
                _ => None,
            });
            let emblem = |at| set.token(at).is_none_or(|token| token.emblem().is_some());
            let mut dropped: Vec<_> = dropped.filter(|(at, _)| emblem(*at)).collect();
            // What is signed and only of another time says most; what was an emblem for certain
            // comes before what could not be read.
            dropped.sort_by_key(|(at, rule)| (!rule.is_of_time(), set.token(*at).is_none()));
            let said = dropped.first().filter(|(_, rule)| rule.is_of_time());
            report.said = said.map(|(at, _)| *at);
            report.dialect = report.said.and_then(|at| Some(set.token(at)?.dialect()));
            dropped.first().map_or(NONE, |(at, rule)| Broken {
                rule: *rule,
                token: Some(*at),
            })
        }
    };
    for (at, _) in valid {
        report.tokens[*at] = Fate::Dropped(broken.rule);
    }
    Err(broken)
}

/// Orders the issuer's endorsements into one chain from the emblem's key upwards; gives the top, or
/// none where there are no endorsements.
fn chain<'a>(
    token: &'a Token,
    emblem: &Emblem,
    mut internal: Vec<Valid<'a>>,
    report: &mut Report,
) -> Result<Option<Valid<'a>>, Broken> {
    let (mut below, mut top) = (token, None);
    while !internal.is_empty() {
        let above = |valid: &Valid| relation::endorses(valid.endorsement, below);
        let found = internal.iter().position(above);
        let Some(found) = found else {
            return Err(Broken {
                rule: Rule::Chain,
                token: internal.first().map(|it| it.at),
            });
        };
        if let Some(other) = internal[found + 1..].iter().find(|it| above(it)) {
            return Err(Broken {
                rule: Rule::Chain,
                token: Some(other.at),
            });
        }
        let valid = internal.remove(found);
        let broken = |rule| Broken {
            rule,
            token: Some(valid.at),
        };
        // The key that signed the emblem need not endorse; every key above it does.
        if top.is_some() && !valid.endorsement.may_endorse {
            return Err(broken(Rule::MayNotEndorse));
        }
        let permitted = relation::permits(valid.endorsement, emblem);
        permitted.map_err(|excess| broken(Rule::Exceeds(excess)))?;
        report.tokens[valid.at] = Fate::Used(Role::Internal);
        (below, top) = (valid.token, Some(valid));
    }
    Ok(top)
}

/// An external endorsement of the top of the issuer's chain, or the rule for which it is dropped.
fn endorser(
    valid: Valid,
    top: Valid,
    emblem: &Emblem,
    weigh: impl Fn(&Token) -> Commitment,
) -> Result<Root, Rule> {
    let endorsement = valid.endorsement;
    if !relation::endorses(endorsement, top.token) {
        return Err(Rule::NotOfRoot);
    }
    if !endorsement.may_endorse {
        return Err(Rule::MayNotEndorse);
    }
    relation::permits(endorsement, emblem).map_err(Rule::Exceeds)?;
    let organisation = endorsement.issuer.clone().ok_or(Rule::NoIssuer)?;
    if endorsement.log.is_empty() {
        return Err(Rule::NoCommitment);
    }
    Ok(Root {
        token: valid.at,
        organisation,
        key: valid.token.kid(),
        commitment: weigh(valid.token),
    })
}
