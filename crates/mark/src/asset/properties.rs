//! What holds however a story goes on.

use ensign_trust::AssetId;
use proptest::prelude::*;

use super::story::{AREN, BELV, HOSPITAL, START, STRANGER, Story, code, kid, party, registration};
use super::{Act, Honoured, Register, Withdrawn};
use crate::authority;
use crate::emblem::{self, Target};
use crate::moment::AsOf;

proptest! {
    /// What is known as of a size of the log is what a log of that size knows.
    #[test]
    fn an_older_size_of_the_log_answers_as_the_log_did_then(
        ends in proptest::collection::vec(0u8..9, 0..6),
        at in START - 1..START + 2_000,
    ) {
        let (mut story, asset, _) = Story::told(AREN, BELV);
        for end in ends {
            story.meddles(end, asset);
        }
        for size in 0..=story.log.len() as u64 {
            let mut then = Register::default();
            for (index, (statement, received)) in (0..size).zip(&story.log) {
                then = then.apply(statement, index, *received);
            }
            let as_of = AsOf::now_known(size, at);
            let now = story.answer_at(asset, &as_of);
            prop_assert_eq!(now, then.answer(asset, Honoured::Everybody, &as_of));
        }
    }

    /// A stranger who has the evidence alone comes to the same answer, whatever else happened.
    #[test]
    fn the_evidence_of_an_asset_answers_as_the_whole_log_does(
        ends in proptest::collection::vec(0u8..9, 0..8),
        at in START - 1..START + 2_000,
    ) {
        let (mut story, asset, _) = Story::told(AREN, BELV);
        story.registers(STRANGER, registration("other.example"));
        for end in ends {
            story.meddles(end, asset);
        }
        let evidence = story.register.evidence(asset);
        let mut alone = Register::default();
        for index in &evidence {
            let (statement, received) = &story.log[*index as usize];
            alone = alone.apply(statement, *index, *received);
        }
        for size in 0..=story.log.len() as u64 {
            for as_of in [AsOf::now_known(size, at), AsOf::now_known(size, at).then_known()] {
                let told = alone.answer(asset, Honoured::Everybody, &as_of);
                prop_assert_eq!(told, story.answer_at(asset, &as_of));
            }
        }
        prop_assert_eq!(alone.assets.iter().count(), 1, "nothing about anything else");
    }
}

impl Story {
    /// Does something of which the log takes no notice, or which ends something.
    fn meddles(&mut self, end: u8, asset: AssetId) {
        let by = if end.is_multiple_of(2) {
            HOSPITAL
        } else {
            AREN
        };
        let emblems = &self.register.emblems;
        let emblem = emblems.of_asset(asset).next().unwrap().digest();
        let act = match end {
            7 => return self.rotates(AREN, "first", 11),
            8 => return self.ends_recognition(BELV),
            0 | 1 => Target::Digest(emblem),
            2 => Target::Key(kid(30)),
            3 => Target::Key(kid(10)),
            _ => {
                let reason = code("moved");
                let act = Act::Withdrawn(Withdrawn { asset, reason });
                self.says(by, |draft| act.write(draft));
                return;
            }
        };
        let reason = code("withdrawn");
        let revoked = emblem::Revoked {
            target: act,
            reason,
        };
        self.says(by, |draft| emblem::Act::Revoked(revoked).write(draft));
    }

    fn ends_recognition(&mut self, by: u8) {
        let Some(recognition) = self.standing(by) else {
            return;
        };
        let authorities = &self.register.authorities;
        let reason = code("policy");
        let act = authority::withdraw(authorities, party(by), recognition, reason).unwrap();
        self.says(by, |draft| act.write(draft));
    }
}
