//! Rows out of the register.

use ensign_mark::asset::{
    Answer, Asset, Former, Named, Reason, Recognised, Register, Version, Withdrawal,
};
use ensign_mark::authority::{Ending, Recognition};
use ensign_mark::emblem::{Allegation, Endorsed, Issued, Revocation, Target};
use ensign_mark::moment::AsOf;
use ensign_mark::purpose::{Purpose, Purposes};
use ensign_mark::token::Phase;

use super::{
    AllegationRow, AnswerRow, AssetRow, AuthorityRow, EmblemRow, EndRow, EndorsementRow, FormerRow,
    Question, RecognisedRow,
};
use crate::ledger::Digest;

pub(super) fn answer_row(answer: Answer) -> AnswerRow {
    AnswerRow {
        outcome: answer.outcome,
        reason: answer.reason,
        recognised: answer.recognised.into_iter().map(recognised_row).collect(),
        holds_until: answer.ends.map(|it| it.until),
        ends_first: answer.ends.map(|it| it.first),
    }
}

pub(super) fn recognised_row(recognised: Recognised) -> RecognisedRow {
    RecognisedRow {
        by: recognised.by,
        authority: recognised.authority.to_string(),
        law: recognised.law,
        policy: recognised.policy.map(Digest::from_bytes),
        until: recognised.ends.map(|it| it.until),
        ends_first: recognised.ends.map(|it| it.first),
        recognition: recognised.recognition,
        emblem: recognised.emblem,
        endorsements: recognised.endorsements,
    }
}

pub(super) fn asset_row(
    register: &Register,
    asset: &Asset,
    version: &Version,
    question: &Question<'_>,
) -> AssetRow {
    let (identifier, sealed) = match &version.named {
        Named::Clear(identity) => (identity.to_code(), None),
        Named::Sealed(digest) => (None, Some(*digest)),
    };
    let first = &asset.versions[0].stated;
    let tombstone = sealed.and_then(|digest| asset.erased.get(&digest));
    let answer = register.answer(asset.id, question.honoured, &question.as_of);
    AssetRow {
        gone: tombstone.is_some(),
        asset: asset.id,
        kind: asset.kind,
        identifier,
        sealed: sealed.map(Digest::from_bytes),
        erased: tombstone.is_some_and(|stated| question.as_of.knows(stated)),
        registrant: asset.registrant,
        bearer: version.bearer,
        law: version.law.clone(),
        authority: version.authority.as_ref().map(ToString::to_string),
        period: version.period,
        index: first.index,
        received: first.received,
        answer: answer_row(answer),
    }
}

pub(super) fn authority_row(recognition: &Recognition, as_of: &AsOf) -> AuthorityRow {
    let said = &recognition.said;
    let kinds = said.kinds.as_ref();
    let known = recognition.end.as_ref();
    let known = known.filter(|end| as_of.knows(&end.stated));
    AuthorityRow {
        stated: recognition.stated,
        organisation: said.organisation.to_string(),
        keys: said.keys.iter().map(ToString::to_string).collect(),
        purposes: codes(said.purposes),
        kinds: kinds.map(|kinds| kinds.iter().copied().collect()),
        law: said.law.clone(),
        policy: said.policy.map(Digest::from_bytes),
        period: said.period,
        status: match recognition.ended(as_of).map(|end| &end.how) {
            Some(Ending::Superseded) => "superseded",
            Some(Ending::Withdrawn(_)) => "withdrawn",
            None => phase(said.period.at(as_of.at)),
        },
        ended: known.map(|end| {
            let (how, reason) = match &end.how {
                Ending::Superseded => ("superseded", None),
                Ending::Withdrawn(reason) => ("withdrawn", Some(reason.clone())),
            };
            EndRow {
                stated: end.stated,
                how,
                reason,
            }
        }),
    }
}

pub(super) fn emblem_row(register: &Register, emblem: &Issued, as_of: &AsOf) -> EmblemRow {
    let said = &emblem.said;
    let revocation = |target| register.emblems.revocation(target, emblem.stated.by);
    let known = [Target::Digest(emblem.digest()), Target::Key(said.key)].map(revocation);
    let known = known.into_iter().flatten();
    let mut known = known.filter(|revocation| as_of.knows(&revocation.stated));
    let asset = register.assets.asset(said.asset);
    let withdrawn = asset.and_then(|asset| asset.withdrawn.as_ref());
    let withdrawn = withdrawn.filter(|withdrawn| as_of.knows(&withdrawn.stated));
    let disclosure = said.token.map(|[_, disclosure]| disclosure);
    let gone = asset.zip(disclosure);
    EmblemRow {
        stated: emblem.stated,
        asset: said.asset,
        key: said.key.to_string(),
        purposes: codes(said.purposes),
        period: said.period,
        digest: Digest::from_bytes(emblem.digest()),
        token: disclosure.map(Digest::from_bytes),
        gone: gone.is_some_and(|(asset, disclosure)| asset.erased.contains_key(&disclosure)),
        status: emblem_status(register, emblem, as_of),
        ended: known.next().map(end_row).or(withdrawn.map(withdrawal_row)),
    }
}

/// An emblem stands as long as its asset does.
fn emblem_status(register: &Register, emblem: &Issued, as_of: &AsOf) -> &'static str {
    let asset = register.assets.asset(emblem.said.asset);
    let known = asset.and_then(|asset| Some((asset, asset.version(as_of)?)));
    let of_asset = known.map(|(asset, version)| match asset.withdrawal(as_of) {
        Some(_) => "withdrawn",
        None => phase(version.period.at(as_of.at)),
    });
    match register.fate(emblem, as_of) {
        Some(Reason::EmblemNotYet) => "not-yet",
        Some(Reason::EmblemExpired) => "expired",
        Some(_) => "revoked",
        None => of_asset.unwrap_or("standing"),
    }
}

pub(super) fn endorsement_row(
    register: &Register,
    endorsed: &Endorsed,
    as_of: &AsOf,
) -> EndorsementRow {
    let said = &endorsed.endorsement;
    let signer = endorsed.token.kid();
    let by = endorsed.stated.by;
    let targets = [Target::Digest(endorsed.digest()), Target::Key(signer)];
    let revoked = |target: &Target| register.emblems.revoked(*target, by, as_of).is_some();
    let revocation = |target: &Target| register.emblems.revocation(*target, by);
    let mut known = targets.iter().filter_map(revocation);
    EndorsementRow {
        ended: known
            .find(|revocation| as_of.knows(&revocation.stated))
            .map(end_row),
        stated: endorsed.stated,
        issuer: said.issuer.as_ref().map(ToString::to_string),
        key: signer.to_string(),
        purposes: said.purposes.map_or_else(Vec::new, codes),
        from: said.validity.not_before,
        until: said.validity.expires,
        digest: Digest::from_bytes(endorsed.digest()),
        status: match targets.iter().any(revoked) {
            true => "revoked",
            false if register.authorities.is_replaced(signer, by, as_of) => "superseded",
            false => phase(said.validity.at(as_of.at)),
        },
    }
}

pub(super) fn allegation_row(allegation: &Allegation, as_of: &AsOf) -> AllegationRow {
    let said = &allegation.said;
    let evidence = said.evidence.iter().copied();
    AllegationRow {
        stated: allegation.stated,
        emblem: said.emblem,
        act: said.act.clone(),
        grade: said.grade.clone(),
        period: said.period,
        evidence: evidence.map(Digest::from_bytes).collect(),
        withdrawn: allegation.withdrawn.filter(|end| as_of.knows(end)),
    }
}

pub(super) fn end_row(revocation: &Revocation) -> EndRow {
    EndRow {
        stated: revocation.stated,
        how: "revoked",
        reason: Some(revocation.reason.clone()),
    }
}

pub(super) fn withdrawal_row(withdrawal: &Withdrawal) -> EndRow {
    EndRow {
        stated: withdrawal.stated,
        how: "withdrawn",
        reason: Some(withdrawal.reason.clone()),
    }
}

pub(super) fn former_row(former: Former) -> FormerRow {
    FormerRow {
        until: former.until,
        recognised: former.recognised.into_iter().map(recognised_row).collect(),
    }
}

fn codes(purposes: Purposes) -> Vec<&'static str> {
    purposes.iter().map(Purpose::code).collect()
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Expired => "expired",
        Phase::NotYet => "not-yet",
        Phase::Valid => "standing",
    }
}
