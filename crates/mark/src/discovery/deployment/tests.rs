//! What names of a log publish, told as stories.

use super::*;
use crate::asset::Registration;
use crate::asset::story::{
    AREN, BELV, HOSPITAL, START, STRANGER, Story, YEAR, endorsement, kid, organisation, party,
    recognised, registration, year,
};
use crate::emblem::Target;
use crate::moment::Period;
use crate::verify::TokenSet;

fn at(story: &Story, at: u64) -> Deployed {
    deployed(&story.register, &opens(story), &story.at(at))
}

/// What the story sealed, all of it public.
fn opens(story: &Story) -> impl Fn(&[u8; 32]) -> Option<Opened> {
    |digest| {
        let text = story.vault.get(digest).cloned()?;
        let is_public = true;
        Some(Opened { text, is_public })
    }
}

fn now(story: &Story) -> Option<Deployment> {
    let mut names = at(story, story.now).names;
    let found = names.remove(&portal());
    assert_eq!(names.len(), 0);
    let asked = wanted(story, &Wanted::Name(portal()));
    assert_eq!(asked.ok(), found, "asked for by its name");
    found
}

fn wanted(story: &Story, wanted: &Wanted) -> Result<Deployment, Nothing> {
    let found = deployed_for(wanted, &story.register, &opens(story), &story.at(story.now))?;
    assert_eq!(found.0, portal());
    Ok(found.1)
}

fn portal() -> DomainName {
    "portal.hospital.example".parse().unwrap()
}

/// The portal once more, by another party with a key of its own.
fn registers_too(story: &mut Story) -> (AssetId, StatementId) {
    story.publishes(STRANGER, 40, Some(organisation("stranger")));
    let asset = story.registers(STRANGER, registration("portal.hospital.example"));
    (asset, story.issues(STRANGER, 40, asset, year()))
}

/// What it publishes, and what others have that stands.
fn told(deployment: Option<Deployment>) -> (StatementId, Vec<(StatementId, Backing)>) {
    let Deployment { emblem, others, .. } = deployment.unwrap();
    let others = others.iter().filter(|it| it.stands);
    (emblem, others.map(|it| (it.emblem, it.backing)).collect())
}

/// Who signed the endorsements, in their order.
fn signers(deployment: &Deployment) -> Vec<Kid> {
    let tokens = deployment.items.iter();
    let tokens = tokens.filter_map(|it| Some(it.token(Reading::Strict)?.unwrap()));
    let endorsements = tokens.filter(|it| it.endorsement().is_some());
    endorsements.map(|it| it.kid()).collect()
}

#[test]
fn a_name_publishes_its_emblem_what_endorses_it_and_the_keys() {
    let (story, asset, emblem) = Story::told(AREN, BELV);
    let found = now(&story).unwrap();
    assert_eq!((found.asset, found.emblem), (asset, emblem));
    let ends = Ends {
        until: START + YEAR,
        first: Link::Asset,
    };
    assert_eq!(found.ends, ends);
    assert_eq!(signers(&found), [kid(10), kid(20)]);
    assert_eq!(found.items.len(), 6);
    let keys = found.items.iter().filter_map(|it| it.key());
    let keys: Vec<_> = keys.map(Result::unwrap).collect();
    let tokens = found.items.iter().filter(|it| it.is_token());
    let set = TokenSet::read(tokens.map(Item::bytes), keys, Reading::Strict).unwrap();
    for token in set.tokens() {
        let token = token.as_ref().unwrap();
        let key = set
            .keys()
            .iter()
            .find(|it| it.kid(Dialect::Cwt) == token.kid());
        assert!(token.is_signed_by(key.unwrap()));
    }
    let roots: Vec<_> = found
        .roots
        .iter()
        .map(|it| (it.key, it.is_issuer))
        .collect();
    assert_eq!(roots, [(kid(30), true), (kid(10), false), (kid(20), false)]);
    let names = found.roots[0].names();
    assert_eq!(names[0], "adem-configuration.hospital.example");
    assert_eq!(names[1], format!("{}.{}", kid(30), names[0]));
}

#[test]
fn the_issuers_own_chain_comes_first_and_others_endorse_its_root() {
    let mut story = Story::begun();
    story.publishes(AREN, 10, Some(organisation("first")));
    for key in [30, 31] {
        story.publishes(HOSPITAL, key, Some(organisation("hospital")));
    }
    let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
    story.issues(HOSPITAL, 30, asset, year());
    story.endorses(AREN, 10, endorsement("first", 31));
    // Of the emblem's key itself, and so of no use once there is a chain.
    story.endorses(AREN, 10, endorsement("first", 30));
    let mut own = endorsement("hospital", 30);
    own.may_endorse = false;
    story.endorses(HOSPITAL, 31, own.clone());
    let found = now(&story).unwrap();
    assert_eq!(signers(&found), [kid(31), kid(10)]);
    assert_eq!(
        (found.roots[0].key, found.roots[0].committed),
        (kid(31), false)
    );
    // The same said again takes the place of the first.
    own.validity = Validity::new(START as i64, START as i64 + 5 * YEAR as i64);
    story.endorses(HOSPITAL, 31, own);
    let renewed = now(&story).unwrap();
    assert_eq!(signers(&renewed), [kid(31), kid(10)]);
    assert_ne!(renewed.items[1], found.items[1]);
}

#[test]
fn of_several_emblems_of_one_party_the_last_one_that_stands_is_published() {
    let (mut story, asset, first) = Story::told(AREN, BELV);
    let longer = Period {
        until: Some(START + YEAR + 1),
        ..year()
    };
    let second = story.issues(HOSPITAL, 30, asset, longer);
    let later = Period {
        from: START + YEAR / 2,
        until: Some(START + 2 * YEAR),
    };
    let third = story.issues(HOSPITAL, 30, asset, later);
    assert_eq!(now(&story).unwrap().emblem, second);
    let digest = story.register.emblems.emblem(second).unwrap().digest();
    story.revokes(HOSPITAL, Target::Digest(digest));
    assert_eq!(now(&story).unwrap().emblem, first);
    let half = at(&story, START + YEAR / 2);
    let found = half.names.values().next().unwrap();
    assert_eq!(found.emblem, third);
    // The asset's own time ends before that of its emblem.
    assert_eq!(half.until, Some(START + YEAR));
    assert_eq!(at(&story, START + YEAR).names.len(), 0);
}

#[test]
fn a_later_emblem_that_protects_nothing_takes_no_place() {
    let (mut story, asset, first) = Story::told(AREN, BELV);
    let indicative = Purpose::Indicative.into();
    let second = story.issues_as(HOSPITAL, 30, asset, year(), indicative);
    assert_eq!(now(&story).unwrap().emblem, first);
    // Nor where nobody endorses either.
    for (by, key) in [(AREN, 10), (BELV, 20)] {
        story.revokes(by, Target::Key(kid(key)));
    }
    assert_eq!(now(&story).unwrap().emblem, first);
    let digest = story.register.emblems.emblem(first).unwrap().digest();
    story.revokes(HOSPITAL, Target::Digest(digest));
    assert_eq!(now(&story).unwrap().emblem, second);
}

#[test]
fn another_party_takes_no_name_over_by_registering_it_last() {
    use Backing::{Declared, Recognised};
    let (mut story, asset, own) = Story::told(AREN, BELV);
    let (other_asset, other) = registers_too(&mut story);
    assert_eq!(told(now(&story)), (own, vec![(other, Declared)]));
    let asked = wanted(&story, &Wanted::Asset(asset)).unwrap();
    assert_eq!((asked.emblem, asked.first.emblem), (own, own));
    // Who asks for the other asset is given its emblem, and told what the name publishes.
    let asked = wanted(&story, &Wanted::Asset(other_asset)).unwrap();
    assert_eq!((asked.asset, asked.first.emblem), (other_asset, own));
    assert_eq!(told(Some(asked)), (other, vec![(own, Recognised)]));

    story.withdraws(HOSPITAL, asset);
    assert_eq!(told(now(&story)), (other, vec![]));
    let gone = wanted(&story, &Wanted::Asset(asset));
    assert_eq!(gone, Err(Nothing::NoEmblem));
}

#[test]
fn a_name_whose_emblem_has_ended_is_kept_for_who_marked_it() {
    let (mut story, asset, own) = Story::told(AREN, BELV);
    let (other_asset, other) = registers_too(&mut story);
    let digest = story.register.emblems.emblem(own).unwrap().digest();
    story.revokes(HOSPITAL, Target::Digest(digest));
    let kept = |story: &Story| match wanted(story, &Wanted::Name(portal())) {
        Err(Nothing::Kept {
            name,
            asset,
            emblem,
        }) => {
            assert_eq!(name, portal());
            assert_eq!(at(story, story.now).names.len(), 0);
            (asset, emblem)
        }
        found => panic!("{found:?}"),
    };
    assert_eq!(kept(&story), (asset, own));
    // Who asks for the other asset is told that the name does not publish it.
    let asked = wanted(&story, &Wanted::Asset(other_asset)).unwrap();
    assert_eq!((asked.emblem, asked.first.emblem), (other, own));
    assert!(!asked.first.stands);
    let ended = wanted(&story, &Wanted::Asset(asset));
    assert_eq!(ended, Err(Nothing::NoEmblem));
    // An emblem for a time to come keeps it as well, and is published from then on.
    let later = Period {
        from: START + YEAR / 2,
        until: Some(START + YEAR),
    };
    let renewed = story.issues(HOSPITAL, 30, asset, later);
    assert_eq!(kept(&story), (asset, renewed));
    let half = at(&story, START + YEAR / 2).names;
    assert_eq!(half[&portal()].emblem, renewed);

    // Whom others back comes before who keeps it; whose registration ends keeps nothing.
    story.publishes(BELV, 21, Some(organisation("second")));
    let mut said = endorsement("second", 40);
    said.subject = Some(organisation("stranger"));
    let endorsed = story.endorses(BELV, 21, said);
    assert_eq!(told(now(&story)), (other, vec![]));
    assert_eq!(now(&story).unwrap().others[0].emblem, renewed);
    let endorsed = story
        .register
        .emblems
        .endorsements()
        .find(|it| it.stated.statement == endorsed);
    let digest = endorsed.unwrap().digest();
    story.revokes(BELV, Target::Digest(digest));
    assert_eq!(kept(&story), (asset, renewed));
    story.withdraws(HOSPITAL, asset);
    assert_eq!(told(now(&story)), (other, vec![]));
    assert_eq!(now(&story).unwrap().first.backing, Backing::Declared);
}

#[test]
fn an_emblem_of_a_name_before_keeps_nothing() {
    let mut story = Story::begun();
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    let early = story.registers(HOSPITAL, registration("portal.hospital.example"));
    let first = story.issues(HOSPITAL, 30, early, year());
    let digest = story.register.emblems.emblem(first).unwrap().digest();
    story.revokes(HOSPITAL, Target::Digest(digest));
    for name in ["www.hospital.example", "portal.hospital.example"] {
        let renamed = Registration {
            replaces: Some(early),
            ..registration(name)
        };
        story.registers(HOSPITAL, renamed);
    }
    let (_, other) = registers_too(&mut story);
    assert_eq!(told(now(&story)), (other, vec![]));
}

#[test]
fn what_is_sealed_counts_and_is_told() {
    let (story, _, own) = Story::told(AREN, BELV);
    let register = &story.register;
    let public = |sealed: &dyn Fn(&str) -> bool| {
        let opened = |digest: &[u8; 32]| {
            let text = story.vault.get(digest).cloned()?;
            let is_public = !sealed(&text);
            Some(Opened { text, is_public })
        };
        let names = deployed(register, &opened, &story.at(story.now)).names;
        assert_eq!(names[&portal()].emblem, own);
        names[&portal()].is_public
    };
    let is_name = |text: &str| text.len() < 64;
    assert!(public(&|_| false));
    assert!(!public(&is_name));
    assert!(!public(&|text| !is_name(text)));
}

#[test]
fn what_is_better_backed_comes_before_an_earlier_registration() {
    use Backing::{Declared, Endorsed};
    let mut story = Story::begun();
    let (_, first) = registers_too(&mut story);
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
    let second = story.issues(HOSPITAL, 30, asset, year());
    assert_eq!(told(now(&story)), (first, vec![(second, Declared)]));

    story.publishes(AREN, 10, Some(organisation("first")));
    story.endorses(AREN, 10, endorsement("first", 30));
    assert_eq!(told(now(&story)), (second, vec![(first, Declared)]));
    // Who endorses itself stands no better.
    story.publishes(STRANGER, 41, Some(organisation("second")));
    let mut own = endorsement("second", 40);
    own.subject = Some(organisation("stranger"));
    story.endorses(STRANGER, 41, own.clone());
    assert_eq!(told(now(&story)).0, second);
    story.publishes(BELV, 20, Some(organisation("second")));
    own.issuer = Some(organisation("second"));
    story.endorses(BELV, 20, own);
    assert_eq!(told(now(&story)), (first, vec![(second, Endorsed)]));

    // Recognised for a time: before it ends the other answer is due.
    let ends = story.now + 5_000;
    let mut request = recognised(organisation("first"), &[10]);
    request.period.until = Some(ends);
    story.recognises(AREN, request);
    assert_eq!(told(now(&story)), (second, vec![(first, Endorsed)]));
    assert_eq!(at(&story, story.now).until, Some(ends));
    story.now = ends;
    assert_eq!(told(now(&story)).0, first);
}

#[test]
fn nobody_recognises_what_it_registered_itself() {
    let (mut story, _, own) = Story::told(AREN, BELV);
    for (by, key) in [(AREN, 10), (BELV, 20)] {
        story.revokes(by, Target::Key(kid(key)));
    }
    story.publishes(STRANGER, 40, Some(organisation("stranger")));
    story.recognises(STRANGER, recognised(organisation("stranger"), &[40]));
    // Not even with another party as its bearer.
    let asset = story.registers(
        STRANGER,
        Registration {
            bearer: Some(party(9)),
            ..registration("portal.hospital.example")
        },
    );
    let other = story.issues(STRANGER, 40, asset, year());
    assert_eq!(told(now(&story)), (own, vec![(other, Backing::Declared)]));
}

#[test]
fn a_name_is_registered_from_when_on_it_is_named() {
    let mut story = Story::begun();
    story.publishes(STRANGER, 40, Some(organisation("stranger")));
    let early = story.registers(STRANGER, registration("www.stranger.example"));
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
    let own = story.issues(HOSPITAL, 30, asset, year());
    let renamed = Registration {
        replaces: Some(early),
        ..registration("portal.hospital.example")
    };
    assert_eq!(story.registers(STRANGER, renamed), early);
    let other = story.issues(STRANGER, 40, early, year());
    assert_eq!(told(now(&story)), (own, vec![(other, Backing::Declared)]));
    // A registration of the same name that takes the place of one before loses nothing.
    let renewed = Registration {
        replaces: Some(asset),
        ..registration("portal.hospital.example")
    };
    story.registers(HOSPITAL, renewed);
    assert_eq!(told(now(&story)).0, own);
}

#[test]
fn what_ends_is_published_no_more_and_the_next_end_is_told() {
    let (mut story, asset, _) = Story::told(AREN, BELV);
    assert_eq!(at(&story, story.now).until, Some(START + YEAR));
    assert_eq!(at(&story, START - 1).until, Some(START));
    assert_eq!(at(&story, START + YEAR), Deployed::default());
    assert_eq!(at(&story, START - 1).names.len(), 0);

    story.revokes(AREN, Target::Key(kid(10)));
    assert_eq!(signers(&now(&story).unwrap()), [kid(20)]);
    story.withdraws(HOSPITAL, asset);
    assert_eq!(now(&story), None);
}

#[test]
fn a_replaced_root_key_endorses_no_more_in_what_is_published() {
    let (mut story, _, _) = Story::told(AREN, BELV);
    let before = story.log.len() as u64;
    story.rotates(AREN, "first", 11);
    // The new key endorsed, and came into the log after the one of the other side.
    assert_eq!(signers(&now(&story).unwrap()), [kid(20), kid(11)]);
    let then = AsOf::now_known(before, story.now);
    let then = deployed(&story.register, &opens(&story), &then).names;
    assert_eq!(signers(then.values().next().unwrap()), [kid(10), kid(20)]);
}

#[test]
fn a_revoked_key_takes_its_emblem_with_it() {
    let (mut story, _, _) = Story::told(AREN, BELV);
    story.revokes(HOSPITAL, Target::Key(kid(30)));
    assert_eq!(now(&story), None);
}

#[test]
fn a_token_that_cannot_be_opened_is_not_published() {
    let (mut story, _, _) = Story::told(AREN, BELV);
    assert!(now(&story).is_some());
    story.vault.retain(|_, text| text.len() < 64);
    assert_eq!(now(&story), None);
}

#[test]
fn a_domain_with_all_names_under_it_is_no_name() {
    let mut story = Story::begun();
    story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
    let asset = story.registers(HOSPITAL, registration(".hospital.example"));
    story.issues(HOSPITAL, 30, asset, year());
    assert_eq!(now(&story), None);
}
