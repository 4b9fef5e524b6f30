//! Reading the register of assets, authorities and emblems.

use ensign_mark::asset::{Backer, Honoured, Identity, Link};
use ensign_mark::bundle::Bundle;
use ensign_mark::caution;
use ensign_mark::commitment::Evidence;
use ensign_mark::moment;
use ensign_mark::moment::AsOf;
use ensign_mark::token::{Reading, Token};
use ensign_trust::{AssetId, Code, StatementId};
use ensign_views as views;
use ensign_views::{AssetFilter, AuthorityFilter, Digest, EmblemFilter, Question};

use super::Reader;
use crate::answer::caution::Caution;
use crate::answer::register::{
    Allegation, Answer, Asset, AssetRow, Assets, Authorities, Emblem, EmblemRow, Emblems, End,
    Endorsement, Former, Judged, NOTE, Recognised, Recognition, Stated,
};
use crate::ask::{AssetsAsked, AuthoritiesAsked, EmblemsAsked, ROWS, When};
use crate::fault::{Fault, internal, not_judged};

impl Reader<'_> {
    /// Some assets.
    pub(crate) fn assets(&self, asked: &AssetsAsked) -> Result<Assets, Fault> {
        let (judged, as_of) = self.judged(&asked.when)?;
        let filter = AssetFilter {
            kind: asked.kind,
            outcome: asked.outcome,
            ..AssetFilter::default()
        };
        let limit = asked.limit.unwrap_or(ROWS);
        let views = self.node.views();
        let page = views.assets(&filter, &everybody(as_of), asked.before, limit);
        Ok(Assets {
            judged,
            total: page.total,
            assets: all(&page.rows, |it| self.asset_row(it))?,
            next: page.next,
        })
    }

    /// An asset.
    pub(crate) fn asset(&self, id: &str, when: &When) -> Result<Asset, Fault> {
        let missing = || self.fallen(id, Fault::NoAsset { id: id.to_owned() });
        let id: AssetId = id.parse().map_err(|_| missing())?;
        let (judged, as_of) = self.judged(when)?;
        let found = self.node.views().asset(id, &everybody(as_of));
        let found = found.map_err(internal)?.ok_or_else(missing)?;
        let row = self.asset_row(&found.row)?;
        let identity = row.identifier.as_deref();
        let identity = identity.and_then(|text| Identity::read(found.row.kind, text).ok());
        let cautions = identity.iter().flat_map(|identity| {
            let own = caution::Caution::of_identity(identity).into_iter();
            own.chain(self.also_registered(&found.row, identity, &as_of))
        });
        Ok(Asset {
            judged,
            row,
            cautions: cautions.map(|it| Caution::from(&it)).collect(),
            then: self.answer(&found.then)?,
            withdrawn: self.end(found.withdrawn.as_ref())?,
            former: self.former(found.former.as_ref())?,
            emblems: all(&found.emblems, |it| self.emblem_row(it))?,
            alleged: all(&found.alleged, |it| self.allegation(it))?,
            statements: all(&found.statements, |it| self.entry(it))?,
        })
    }

    /// Which other parties have registered the same thing, of what is public.
    fn also_registered(
        &self,
        row: &views::AssetRow,
        identity: &Identity,
        as_of: &AsOf,
    ) -> Vec<caution::Caution> {
        let opened = |digest: &[u8; 32]| {
            let one = self.node.disclosed(digest).ok().flatten();
            one.map(|one| one.text().to_owned())
        };
        let register = self.node.views().register();
        let found = register.also_registered(row.registrant, identity, &opened, as_of);
        let caution = caution::Caution::AlsoRegistered;
        found.into_iter().map(caution).collect()
    }

    /// Some emblems.
    pub(crate) fn emblems(&self, asked: &EmblemsAsked) -> Result<Emblems, Fault> {
        let (judged, as_of) = self.judged(&asked.when)?;
        let filter = EmblemFilter {
            asset: asked.asset,
            ..EmblemFilter::default()
        };
        let limit = asked.limit.unwrap_or(ROWS);
        let views = self.node.views();
        let page = views.emblems(&filter, &as_of, asked.before, limit);
        Ok(Emblems {
            judged,
            total: page.total,
            emblems: all(&page.rows, |it| self.emblem_row(it))?,
            next: page.next,
        })
    }

    /// An emblem, by the statement that issued it.
    pub(crate) fn emblem(&self, id: &str, when: &When) -> Result<Emblem, Fault> {
        let missing = || self.fallen(id, Fault::NoEmblem { id: id.to_owned() });
        let id = self.emblem_id(id).ok_or_else(missing)?;
        let (judged, as_of) = self.judged(when)?;
        let found = self.node.views().emblem(id, &everybody(as_of));
        let found = found.ok_or_else(missing)?;
        let endorsement = |it: &views::EndorsementRow| {
            Ok(Endorsement {
                stated: self.stated(&it.stated)?,
                issuer: it.issuer.clone(),
                key: it.key.clone(),
                purposes: it.purposes.clone(),
                from: it.from,
                until: it.until,
                status: it.status,
                ended: self.end(it.ended.as_ref())?,
            })
        };
        let token = self.released(found.row.token)?;
        let asset = self.asset(&found.row.asset.to_string(), when)?;
        let mut cautions = asset.cautions;
        if let Some(token) = token.as_deref().and_then(token_of) {
            let of_token = caution::Caution::of_token(&token, 1, judged.at);
            let others = of_token.iter().map(Caution::from);
            for other in others.collect::<Vec<_>>() {
                if !cautions.contains(&other) {
                    cautions.push(other);
                }
            }
        }
        Ok(Emblem {
            judged,
            row: self.emblem_row(&found.row)?,
            organisation: found.organisation.clone(),
            token,
            endorsements: all(&found.endorsements, endorsement)?,
            recognised: all(&found.recognised, |it| self.recognised(it))?,
            former: self.former(found.former.as_ref())?,
            holds_until: found.holds_until,
            ends_first: found.ends_first.map(Link::code),
            cautions,
            alleged: all(&found.alleged, |it| self.allegation(it))?,
        })
    }

    /// The statement of an emblem, by its id or the SHA-256 of its token.
    fn emblem_id(&self, id: &str) -> Option<StatementId> {
        if let Ok(id) = id.parse() {
            return Some(id);
        }
        let digest = data_encoding::HEXLOWER_PERMISSIVE.decode(id.as_bytes());
        let digest: [u8; 32] = digest.ok()?.try_into().ok()?;
        let register = self.node.views().register();
        let found = register.emblems.with_digest(&digest)?;
        Some(found.stated.statement)
    }

    /// Recognitions of authorities: of one, where `organisation` names it.
    pub(crate) fn authorities(&self, asked: &AuthoritiesAsked) -> Result<Authorities, Fault> {
        let (judged, as_of) = self.judged(&asked.when)?;
        let filter = AuthorityFilter {
            organisation: asked.organisation.clone(),
            ..AuthorityFilter::default()
        };
        let limit = asked.limit.unwrap_or(ROWS);
        let views = self.node.views();
        let page = views.authorities(&filter, &as_of, asked.before, limit);
        Ok(Authorities {
            judged,
            total: page.total,
            recognitions: all(&page.rows, |it| self.recognition(it))?,
            next: page.next,
        })
    }

    /// The tokens and keys of an emblem that stands, whole up to the authority as far as they are in
    /// the log and stand too. Nothing where there is no token, or it is not public.
    pub(crate) fn emblem_bundle(
        &self,
        id: &str,
        least: Backer,
        when: &When,
    ) -> Result<Option<Bundle>, Fault> {
        let emblem = self.emblem(id, when)?;
        let is_standing = emblem.row.status == "standing";
        let token = emblem.token.as_deref().filter(|_| is_standing);
        let token = token.map(token_of);
        let Some(Some(token)) = token else {
            return Ok(None);
        };
        let (_, as_of) = self.judged(when)?;
        let register = self.node.views().register();
        let (tokens, keys) = register.set_backed(&token, least, &as_of);
        Ok(Bundle::new(tokens, keys, Evidence::default(), None).ok())
    }

    fn judged(&self, when: &When) -> Result<(Judged, AsOf), Fault> {
        let at = when.at.unwrap_or_else(|| self.node.clock().now());
        let as_of = self
            .node
            .views()
            .as_of(when.index, at)
            .map_err(not_judged)?;
        let judged = Judged {
            as_of: self.as_of.clone(),
            at,
            index: as_of.size,
            known: if when.then { "then" } else { "now" },
            note: NOTE,
        };
        let as_of = if when.then { as_of.then_known() } else { as_of };
        Ok((judged, as_of))
    }

    fn asset_row(&self, row: &views::AssetRow) -> Result<AssetRow, Fault> {
        let clear = row.identifier.as_ref().map(Code::to_string);
        Ok(AssetRow {
            id: row.asset.to_string(),
            kind: row.kind.code(),
            identifier: match clear {
                Some(clear) => Some(clear),
                None => self.released(row.sealed)?,
            },
            erased: row.erased,
            gone: row.gone,
            registrant: row.registrant.to_string(),
            registrant_name: self.name(row.registrant)?,
            bearer: row.bearer.to_string(),
            bearer_name: self.name(row.bearer)?,
            law: row.law.to_string(),
            authority: row.authority.clone(),
            from: row.period.from,
            until: row.period.until,
            index: row.index,
            received: row.received,
            answer: self.answer(&row.answer)?,
        })
    }

    fn answer(&self, answer: &views::AnswerRow) -> Result<Answer, Fault> {
        Ok(Answer {
            outcome: answer.outcome.code(),
            reason: answer.reason.map(|it| it.code()),
            recognised: all(&answer.recognised, |it| self.recognised(it))?,
            holds_until: answer.holds_until,
            ends_first: answer.ends_first.map(Link::code),
        })
    }

    fn recognised(&self, row: &views::RecognisedRow) -> Result<Recognised, Fault> {
        Ok(Recognised {
            by: row.by.to_string(),
            by_name: self.name(row.by)?,
            authority: row.authority.clone(),
            law: row.law.to_string(),
            policy: row.policy.map(|it| it.to_string()),
            until: row.until,
            ends_first: row.ends_first.map(Link::code),
            recognition: row.recognition.to_string(),
            emblem: row.emblem.to_string(),
            endorsements: row.endorsements.iter().map(ToString::to_string).collect(),
        })
    }

    fn emblem_row(&self, row: &views::EmblemRow) -> Result<EmblemRow, Fault> {
        Ok(EmblemRow {
            stated: self.stated(&row.stated)?,
            asset: row.asset.to_string(),
            key: row.key.clone(),
            purposes: row.purposes.clone(),
            from: row.period.from,
            until: row.period.until,
            digest: row.digest.to_string(),
            has_token: row.token.is_some(),
            gone: row.gone,
            status: row.status,
            ended: self.end(row.ended.as_ref())?,
        })
    }

    fn allegation(&self, row: &views::AllegationRow) -> Result<Allegation, Fault> {
        let withdrawn = row.withdrawn.as_ref();
        Ok(Allegation {
            stated: self.stated(&row.stated)?,
            emblem: row.emblem.map(|it| it.to_string()),
            act: row.act.to_string(),
            grade: row.grade.to_string(),
            from: row.period.from,
            until: row.period.until,
            withdrawn: withdrawn.map(|it| self.stated(it)).transpose()?,
        })
    }

    fn recognition(&self, row: &views::AuthorityRow) -> Result<Recognition, Fault> {
        let kinds = row.kinds.as_ref();
        Ok(Recognition {
            stated: self.stated(&row.stated)?,
            organisation: row.organisation.clone(),
            keys: row.keys.clone(),
            purposes: row.purposes.clone(),
            kinds: kinds.map(|kinds| kinds.iter().map(|it| it.code()).collect()),
            law: row.law.to_string(),
            policy: row.policy.map(|it| it.to_string()),
            from: row.period.from,
            until: row.period.until,
            status: row.status,
            ended: self.end(row.ended.as_ref())?,
        })
    }

    fn end(&self, row: Option<&views::EndRow>) -> Result<Option<End>, Fault> {
        let end = |row: &views::EndRow| {
            Ok(End {
                stated: self.stated(&row.stated)?,
                how: row.how,
                reason: row.reason.as_ref().map(Code::to_string),
            })
        };
        row.map(end).transpose()
    }

    fn former(&self, row: Option<&views::FormerRow>) -> Result<Option<Former>, Fault> {
        let former = |row: &views::FormerRow| {
            Ok(Former {
                until: row.until,
                recognised: all(&row.recognised, |it| self.recognised(it))?,
            })
        };
        row.map(former).transpose()
    }

    fn stated(&self, stated: &moment::Stated) -> Result<Stated, Fault> {
        Ok(Stated {
            statement: stated.statement.to_string(),
            index: stated.index,
            received: stated.received,
            by: stated.by.to_string(),
            by_name: self.name(stated.by)?,
        })
    }

    /// The text of a disclosure, where it is public.
    fn released(&self, digest: Option<Digest>) -> Result<Option<String>, Fault> {
        let Some(digest) = digest else {
            return Ok(None);
        };
        let opened = self.node.disclosed(digest.as_bytes()).map_err(internal)?;
        Ok(opened.map(|it| it.text().to_owned()))
    }
}

/// The recognitions of all parties count.
fn everybody(as_of: AsOf) -> Question<'static> {
    Question {
        as_of,
        honoured: Honoured::Everybody,
    }
}

/// A token as its disclosure has it.
fn token_of(text: &str) -> Option<Token> {
    let bytes = data_encoding::BASE64URL_NOPAD
        .decode(text.as_bytes())
        .ok()?;
    Token::from_cwt(&bytes, Reading::Strict).ok()
}

fn all<R, A>(rows: &[R], make: impl Fn(&R) -> Result<A, Fault>) -> Result<Vec<A>, Fault> {
    rows.iter().map(make).collect()
}
