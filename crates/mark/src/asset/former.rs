//! What something was before it ended: until when it was marked, and who recognised it then.

use ensign_trust::AssetId;

use super::answer::{Honoured, Recognised, Register};
use super::outcome::Outcome;
use crate::emblem::{Issued, Target};
use crate::moment::AsOf;
use crate::token::Phase;

/// What something was that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The first second at which it was marked no more.
    pub until: u64,
    /// Who recognised it in the second before.
    pub recognised: Vec<Recognised>,
}

impl Register {
    /// What an asset was that is withdrawn, expired or revoked; nothing where it is not, or was never
    /// in force.
    pub fn former(&self, id: AssetId, honoured: Honoured<'_>, as_of: &AsOf) -> Option<Former> {
        let ended = [Outcome::Withdrawn, Outcome::Expired, Outcome::Revoked];
        if !ended.contains(&self.answer(id, honoured, as_of).outcome) {
            return None;
        }
        let asset = self.assets.asset(id)?;
        let version = asset.version(as_of)?;
        let entitled = [asset.registrant, version.bearer];
        let emblems = self.emblems.of_asset(id);
        let emblems = emblems.filter(|emblem| {
            as_of.knows(&emblem.stated)
                && entitled.contains(&emblem.stated.by)
                && emblem.said.period.from <= as_of.at
        });
        let ends: Option<Vec<u64>> = emblems.map(|it| self.emblem_end(it, as_of)).collect();
        // As long as one of them stood, the asset bore an emblem.
        let last = ends.and_then(|ends| ends.into_iter().max());
        let until = [self.asset_end(id, as_of), last].into_iter().flatten();
        let until = until.min().filter(|until| version.period.from < *until)?;
        let before = before(until, as_of);
        let recognised = self.answer(id, honoured, &before).recognised;
        Some(Former { until, recognised })
    }

    /// What an emblem was that is revoked or expired, or whose asset is withdrawn or expired; nothing
    /// where it is not, or was never in force.
    pub fn former_emblem(
        &self,
        emblem: &Issued,
        honoured: Honoured<'_>,
        as_of: &AsOf,
    ) -> Option<Former> {
        let asset = self.asset_end(emblem.said.asset, as_of);
        let ends = [self.emblem_end(emblem, as_of), asset];
        let until = ends.into_iter().flatten().min();
        let until = until.filter(|until| emblem.said.period.from < *until)?;
        let recognised = self.recognised_by(emblem, honoured, &before(until, as_of));
        Some(Former { until, recognised })
    }

    /// When an asset ended by itself, if it has by then.
    fn asset_end(&self, id: AssetId, as_of: &AsOf) -> Option<u64> {
        let asset = self.assets.asset(id)?;
        let withdrawn = asset.withdrawal(as_of).map(|end| end.stated.received);
        let period = asset.version(as_of)?.period;
        let expired = period
            .until
            .filter(|_| period.at(as_of.at) == Phase::Expired);
        withdrawn.into_iter().chain(expired).min()
    }

    /// When an emblem ended by itself, if it has by then.
    fn emblem_end(&self, emblem: &Issued, as_of: &AsOf) -> Option<u64> {
        let by = emblem.stated.by;
        let targets = [
            Target::Digest(emblem.digest()),
            Target::Key(emblem.said.key),
        ];
        let revoked = targets.map(|target| self.emblems.revoked(target, by, as_of));
        let revoked = revoked.into_iter().flatten().map(|end| end.stated.received);
        let period = emblem.said.period;
        let expired = period
            .until
            .filter(|_| period.at(as_of.at) == Phase::Expired);
        revoked.chain(expired).min()
    }
}

/// The second before an end, with what is known now.
fn before(until: u64, as_of: &AsOf) -> AsOf {
    AsOf {
        at: until.saturating_sub(1),
        ..*as_of
    }
}

#[cfg(test)]
mod tests {
    use super::super::story::*;
    use super::*;

    /// Until when, and by whom it was recognised: of the asset and of its first emblem.
    fn former(story: &Story, asset: AssetId, at: u64) -> [Option<(u64, usize)>; 2] {
        let (register, as_of) = (&story.register, story.at(at));
        let emblem = register.emblems.of_asset(asset).next().unwrap();
        let told = |it: Former| (it.until, it.recognised.len());
        [
            register
                .former(asset, Honoured::Everybody, &as_of)
                .map(told),
            register
                .former_emblem(emblem, Honoured::Everybody, &as_of)
                .map(told),
        ]
    }

    #[test]
    fn what_has_ended_says_until_when_and_by_whom_it_was_recognised() {
        let end = START + YEAR;
        let (story, asset, _) = Story::told(AREN, BELV);
        assert_eq!(former(&story, asset, story.now), [None, None]);
        assert_eq!(former(&story, asset, START - 1), [None, None]);
        assert_eq!(former(&story, asset, end), [Some((end, 2)); 2]);

        let (mut story, asset, emblem) = Story::told(AREN, BELV);
        let digest = story.register.emblems.emblem(emblem).unwrap().digest();
        story.revokes(HOSPITAL, Target::Digest(digest));
        let revoked = story.now;
        assert_eq!(former(&story, asset, revoked), [Some((revoked, 2)); 2]);
        assert_eq!(former(&story, asset, end), [Some((revoked, 2)); 2]);
        assert_eq!(former(&story, asset, revoked - 1), [None, None]);
        // Another emblem stands, so that the asset has not ended.
        let longer = crate::moment::Period {
            from: START,
            until: Some(end + 1),
        };
        story.issues(HOSPITAL, 30, asset, longer);
        let now = story.now;
        assert_eq!(former(&story, asset, now), [None, Some((revoked, 2))]);
        story.withdraws(HOSPITAL, asset);
        let withdrawn = story.register.assets.asset(asset).unwrap();
        let withdrawn = withdrawn.withdrawn.as_ref().unwrap().stated.received;
        let [of_asset, of_emblem] = former(&story, asset, story.now);
        assert_eq!(of_asset, Some((withdrawn, 2)));
        assert_eq!(of_emblem, Some((revoked, 2)));
    }

    #[test]
    fn what_nobody_recognised_and_what_was_never_in_force_says_no_more_than_that() {
        let mut story = Story::begun();
        story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
        let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
        story.issues(HOSPITAL, 30, asset, year());
        story.withdraws(HOSPITAL, asset);
        let [of_asset, of_emblem] = former(&story, asset, story.now);
        assert_eq!((of_asset, of_emblem), (of_emblem, of_asset));
        assert_eq!(of_asset.unwrap().1, 0);

        let (mut story, asset, _) = Story::told(AREN, BELV);
        let later = crate::moment::Period {
            from: START + YEAR / 2,
            until: Some(START + YEAR),
        };
        let to_come = story.issues(HOSPITAL, 30, asset, later);
        let emblem = story.register.emblems.emblem(to_come).unwrap().clone();
        story.revokes(HOSPITAL, Target::Digest(emblem.digest()));
        let as_of = story.at(story.now);
        let former = |as_of| {
            let register = &story.register;
            register.former_emblem(&emblem, Honoured::Everybody, as_of)
        };
        assert_eq!(former(&as_of), None, "it never counted");
    }
}
