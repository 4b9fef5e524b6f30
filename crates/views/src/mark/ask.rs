//! What is asked of the register.

use std::sync::Arc;

use ensign_mark::asset::{Asset, Identity, Register, Version};
use ensign_mark::emblem::{Issued, Target};
use ensign_mark::moment::{AsOf, Stated};
use ensign_trust::logbook::LogName;
use ensign_trust::{AssetId, Code, StatementId};

use super::row::{
    allegation_row, answer_row, asset_row, authority_row, emblem_row, endorsement_row, former_row,
    recognised_row, withdrawal_row,
};
use super::{
    AssetFilter, AssetPage, AssetRow, AuthorityFilter, AuthorityRow, EmblemFilter, EmblemPage,
    EmblemRow, Question,
};
use crate::page::{MAX_PAGE, Page};
use crate::{Error, Views};

impl Views {
    /// All that the public log says about assets, authorities and emblems.
    pub fn register(&self) -> Arc<Register> {
        self.marks.register()
    }

    /// A time as known to a log of a size: to the public log as it is, where none is given.
    ///
    /// # Errors
    /// [`Error::NotReached`].
    pub fn as_of(&self, size: Option<u64>, at: u64) -> Result<AsOf, Error> {
        Ok(AsOf::now_known(self.reached(size)?, at))
    }

    /// A size that the public log has had: the one it has, where none is given.
    pub(crate) fn reached(&self, size: Option<u64>) -> Result<u64, Error> {
        let known = self.position(LogName::Public)?;
        match size {
            Some(asked) if asked > known => Err(Error::NotReached { asked, size: known }),
            asked => Ok(asked.unwrap_or(known)),
        }
    }

    /// Assets, the last one registered first: those registered before an index, where given.
    pub fn assets(
        &self,
        filter: &AssetFilter,
        question: &Question<'_>,
        before: Option<u64>,
        limit: usize,
    ) -> Page<AssetRow, u64> {
        let register = self.marks.register();
        let found = register.assets.before(question.as_of.size);
        let found = found.filter_map(|asset| Some((asset, asset.version(&question.as_of)?)));
        let found = found.filter(|(asset, version)| lets_through(filter, asset, version));
        let row =
            |(asset, version): (&Asset, &Version)| asset_row(&register, asset, version, question);
        let place = |row: &AssetRow| row.index;
        match filter.outcome {
            None => page(
                found,
                |(asset, _)| asset.versions[0].stated.index,
                row,
                before,
                limit,
            ),
            Some(outcome) => {
                let rows = found.map(row);
                let rows = rows.filter(|row| row.answer.outcome == outcome);
                page(rows, place, |row| row, before, limit)
            }
        }
    }

    /// An asset, if it was registered by then.
    pub fn asset(&self, id: AssetId, question: &Question<'_>) -> Result<Option<AssetPage>, Error> {
        let register = self.marks.register();
        let as_of = question.as_of;
        let Some(asset) = register.assets.asset(id) else {
            return Ok(None);
        };
        let Some(version) = asset.version(&as_of) else {
            return Ok(None);
        };
        let then = register.answer(id, question.honoured, &as_of.then_known());
        let withdrawn = asset.withdrawn.as_ref();
        let withdrawn = withdrawn.filter(|withdrawn| as_of.knows(&withdrawn.stated));
        let emblems = register.emblems.of_asset(id);
        let emblems = emblems.filter(|emblem| as_of.knows(&emblem.stated));
        let alleged = register.emblems.allegations_of(id);
        let alleged = alleged.filter(|allegation| as_of.knows(&allegation.stated));
        let subject = Code::new(id.to_string()).expect("the text of an id is a code");
        let mut statements = self.ledger.about(&subject)?;
        for end in revocations(&register, id) {
            statements.extend(self.ledger.entry(end.statement)?);
        }
        statements.retain(|entry| entry.index < as_of.size && entry.received <= as_of.heard);
        statements.sort_by_key(|entry| entry.index);
        Ok(Some(AssetPage {
            row: asset_row(&register, asset, version, question),
            size: as_of.size,
            at: as_of.at,
            then: answer_row(then),
            withdrawn: withdrawn.map(withdrawal_row),
            former: register
                .former(id, question.honoured, &as_of)
                .map(former_row),
            emblems: emblems
                .map(|emblem| emblem_row(&register, emblem, &as_of))
                .collect(),
            alleged: alleged
                .map(|allegation| allegation_row(allegation, &as_of))
                .collect(),
            statements,
        }))
    }

    /// The assets that an identity is of, or that contain it. `opened` gives the text of a
    /// disclosure by its digest, where it can be read.
    pub fn assets_marking(
        &self,
        identity: &Identity,
        opened: &dyn Fn(&[u8; 32]) -> Option<String>,
        question: &Question<'_>,
    ) -> Vec<AssetRow> {
        let register = self.marks.register();
        let found = register.marking(identity, opened, &question.as_of);
        let row = |id| {
            let asset = register.assets.asset(id)?;
            let version = asset.version(&question.as_of)?;
            Some(asset_row(&register, asset, version, question))
        };
        found.into_iter().filter_map(row).collect()
    }

    /// Recognitions, the last one first: those before an index, where given.
    pub fn authorities(
        &self,
        filter: &AuthorityFilter,
        as_of: &AsOf,
        before: Option<u64>,
        limit: usize,
    ) -> Page<AuthorityRow, u64> {
        let register = self.marks.register();
        let found = register.authorities.before(as_of.size);
        let found = found.filter(|recognition| {
            let organisation = filter.organisation.as_ref();
            as_of.knows(&recognition.stated)
                && filter.by.is_none_or(|by| by == recognition.stated.by)
                && organisation.is_none_or(|it| *it == recognition.said.organisation.to_string())
        });
        let row = |recognition| authority_row(recognition, as_of);
        page(
            found,
            |recognition| recognition.stated.index,
            row,
            before,
            limit,
        )
    }

    /// Emblems, the last one first: those before an index, where given.
    pub fn emblems(
        &self,
        filter: &EmblemFilter,
        as_of: &AsOf,
        before: Option<u64>,
        limit: usize,
    ) -> Page<EmblemRow, u64> {
        let register = self.marks.register();
        let found = register.emblems.before(as_of.size);
        let found = found.filter(|emblem| {
            as_of.knows(&emblem.stated)
                && filter.asset.is_none_or(|asset| asset == emblem.said.asset)
                && filter.by.is_none_or(|by| by == emblem.stated.by)
        });
        let row = |emblem| emblem_row(&register, emblem, as_of);
        page(found, |emblem| emblem.stated.index, row, before, limit)
    }

    /// An emblem by its statement, if it was issued by then.
    pub fn emblem(&self, id: StatementId, question: &Question<'_>) -> Option<EmblemPage> {
        let register = self.marks.register();
        let as_of = question.as_of;
        let emblem = register.emblems.emblem(id);
        let emblem = emblem.filter(|emblem| as_of.knows(&emblem.stated))?;
        let key = register.emblems.key(emblem.said.key);
        let organisation = key.and_then(|key| key.organisation.as_ref());
        let endorsements = register.emblems.endorsements_of(emblem.said.key);
        let endorsements = endorsements.filter(|endorsed| as_of.knows(&endorsed.stated));
        let recognised = register.recognised_by(emblem, question.honoured, &as_of);
        let alleged = register.emblems.allegations_of(emblem.said.asset);
        let alleged = alleged.filter(|allegation| {
            as_of.knows(&allegation.stated) && allegation.said.emblem == Some(id)
        });
        let row = emblem_row(&register, emblem, &as_of);
        let stands = row.status == "standing";
        let ends = stands.then(|| register.ends(emblem, question.honoured, &as_of));
        let ends = ends.flatten();
        Some(EmblemPage {
            row,
            size: as_of.size,
            at: as_of.at,
            organisation: organisation.map(ToString::to_string),
            endorsements: endorsements
                .map(|endorsed| endorsement_row(&register, endorsed, &as_of))
                .collect(),
            recognised: recognised.into_iter().map(recognised_row).collect(),
            former: register
                .former_emblem(emblem, question.honoured, &as_of)
                .map(former_row),
            holds_until: ends.map(|it| it.until),
            ends_first: ends.map(|it| it.first),
            alleged: alleged
                .map(|allegation| allegation_row(allegation, &as_of))
                .collect(),
        })
    }
}

/// What took emblems of an asset back: each revocation once, of them and of their keys.
fn revocations(register: &Register, asset: AssetId) -> Vec<Stated> {
    let emblems = &register.emblems;
    let of_emblem = |emblem: &Issued| {
        let targets = [
            Target::Digest(emblem.digest()),
            Target::Key(emblem.said.key),
        ];
        targets.map(|target| emblems.revocation(target, emblem.stated.by))
    };
    let found = emblems.of_asset(asset).flat_map(of_emblem).flatten();
    let mut found: Vec<Stated> = found.map(|revocation| revocation.stated).collect();
    found.sort_by_key(|stated| stated.index);
    found.dedup();
    found
}

fn lets_through(filter: &AssetFilter, asset: &Asset, version: &Version) -> bool {
    filter.kind.is_none_or(|kind| kind == asset.kind)
        && filter.registrant.is_none_or(|by| by == asset.registrant)
        && filter.bearer.is_none_or(|bearer| bearer == version.bearer)
}

/// Counts all that was found, and makes rows of those before an index, as many as fit.
fn page<F, T>(
    found: impl Iterator<Item = F>,
    place: impl Fn(&F) -> u64,
    row: impl Fn(F) -> T,
    before: Option<u64>,
    limit: usize,
) -> Page<T, u64> {
    let limit = limit.clamp(1, MAX_PAGE);
    let (mut rows, mut total, mut last, mut more) = (Vec::new(), 0, None, false);
    for one in found {
        total += 1;
        let at = place(&one);
        if before.is_some_and(|before| at >= before) {
            continue;
        }
        if rows.len() == limit {
            more = true;
            continue;
        }
        last = Some(at);
        rows.push(row(one));
    }
    Page {
        rows,
        total,
        next: last.filter(|_| more),
    }
}
