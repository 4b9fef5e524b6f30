//! What is protected, who recognises whom, which emblems say so.

use std::collections::BTreeSet;

use ensign_mark::asset::{self, Honoured, Identity, Kind, Outcome, Reason, Registration};
use ensign_mark::authority::{self, Recognised};
use ensign_mark::emblem::{self, Issue, Target};
use ensign_mark::moment::{AsOf, Period};
use ensign_mark::purpose::Purpose;
use ensign_mark::token::Dialect;
use ensign_mark::{EmblemKey, Kid};
use ensign_trust::logbook::LogName;
use ensign_trust::{AssetId, Draft, PartyId, Realm, StatementId, party};

use super::story::{Story, code, key};
use crate::*;

const AREN: u8 = 21;
const HOSPITAL: u8 = 22;
/// The emblem key of the authority, and that of the hospital.
const ROOT: u8 = 31;
const OWN: u8 = 32;
const FROM: u64 = 1_930_000_000;

struct Told {
    story: Story,
    aren: PartyId,
    hospital: PartyId,
    /// Two sealed portals, the first one marked, and a network in clear.
    assets: [AssetId; 3],
    emblem: StatementId,
}

fn kid(n: u8) -> Kid {
    EmblemKey::from_trust(&key(n).public()).kid(Dialect::Cwt)
}

fn year() -> Period {
    Period {
        from: FROM,
        until: Some(FROM + 31_536_000),
    }
}

fn says(
    story: &mut Story,
    by: PartyId,
    seed: u8,
    write: impl FnOnce(&Story, &mut Draft),
) -> StatementId {
    let mut draft = story.draft(Some(by));
    write(story, &mut draft);
    let statement = draft.sign(&key(seed)).unwrap();
    let id = statement.id();
    story.append(LogName::Public, vec![statement]);
    id
}

fn publishes(story: &mut Story, by: PartyId, seed: u8, own: u8, name: &str) {
    let name = format!("https://{name}.example").parse().unwrap();
    let realm = Realm::Exercise(code("harbour"));
    let proof = key(own).sign(&emblem::proof_message(&realm, by)).to_vec();
    let public = EmblemKey::from_trust(&key(own).public());
    says(story, by, seed, |story, draft| {
        let register = story.views.register();
        let act = emblem::publish(&register.emblems, public, proof, Some(name)).unwrap();
        act.write(draft);
    });
}

fn registers(story: &mut Story, by: PartyId, kind: Kind, text: &str, permanent: bool) -> AssetId {
    let request = Registration {
        kind,
        identity: Identity::read(kind, text).unwrap(),
        permanent,
        bearer: None,
        law: code("gc-i"),
        authority: None,
        period: year(),
        replaces: None,
    };
    let mut id = None;
    let mut kept = None;
    says(story, by, HOSPITAL, |story, draft| {
        let register = story.views.register();
        let (act, disclosure) =
            asset::register(&register.assets, by, &draft.unique, [9; 32], request).unwrap();
        id = Some(act.asset());
        kept = disclosure;
        act.write(draft);
    });
    story.vault.extend(kept.map(|one| (one.digest(), one)));
    id.unwrap()
}

fn told() -> Told {
    told_in(Views::in_memory().unwrap())
}

fn told_in(views: Views) -> Told {
    let mut story = Story::opened_in(views);
    let parties = [story.founding(AREN), story.founding(HOSPITAL)];
    let [aren, hospital] = [&parties[0], &parties[1]].map(|it| PartyId::from(it.id()));
    story.append(LogName::Public, parties.into());
    publishes(&mut story, aren, AREN, ROOT, "ministry");
    publishes(&mut story, hospital, HOSPITAL, OWN, "hospital");
    says(&mut story, aren, AREN, |story, draft| {
        let request = Recognised {
            organisation: "https://ministry.example".parse().unwrap(),
            keys: [kid(ROOT), kid(OWN)].into(),
            purposes: Purpose::Protective.into(),
            kinds: None,
            law: code("gc-i"),
            period: year(),
            policy: Some([7; 32]),
            supersedes: None,
        };
        let register = story.views.register();
        let act = authority::recognise(&register.authorities, aren, request).unwrap();
        act.write(draft);
    });
    let assets = [
        (Kind::Domain, "portal.hospital.example", false),
        (Kind::Domain, "er.hospital.example", false),
        (Kind::Network, "192.0.2.0/24", true),
    ];
    let assets =
        assets.map(|(kind, text, clear)| registers(&mut story, hospital, kind, text, clear));
    endorses(&mut story, aren);
    let emblem = says(&mut story, hospital, HOSPITAL, |story, draft| {
        let register = story.views.register();
        let request = Issue {
            asset: assets[0],
            key: kid(OWN),
            purposes: Purpose::Protective.into(),
            period: year(),
        };
        let (emblems, all) = (&register.emblems, &register.assets);
        emblem::issue(emblems, all, hospital, request, None)
            .unwrap()
            .write(draft);
    });
    Told {
        story,
        aren,
        hospital,
        assets,
        emblem,
    }
}

fn endorses(story: &mut Story, by: PartyId) {
    let [from, until] = [FROM as i64, FROM as i64 + 31_536_000];
    let endorsement = ensign_mark::Endorsement {
        issuer: Some("https://ministry.example".parse().unwrap()),
        subject: Some("https://hospital.example".parse().unwrap()),
        validity: ensign_mark::token::Validity::new(from, until),
        key: kid(OWN),
        may_endorse: true,
        log: Vec::new(),
        purposes: Some(Purpose::Protective.into()),
        channels: None,
        assets: None,
        window: None,
    };
    let public = EmblemKey::from_trust(&key(ROOT).public());
    let token = endorsement
        .draft(&public)
        .unwrap()
        .sign(&key(ROOT))
        .unwrap();
    says(story, by, AREN, |story, draft| {
        let register = story.views.register();
        let act = emblem::endorse(&register.emblems, by, token).unwrap();
        act.write(draft);
    });
}

impl Told {
    fn now(&self) -> Question<'static> {
        let at = self.story.batches.last().unwrap().received;
        Question {
            as_of: self.story.views.as_of(None, at).unwrap(),
            honoured: Honoured::Everybody,
        }
    }

    fn page(&self, at: usize) -> AssetPage {
        let page = self.story.views.asset(self.assets[at], &self.now());
        page.unwrap().unwrap()
    }
}

/// Every answer about marks, as JSON.
fn answers(views: &Views, question: &Question<'_>) -> Vec<String> {
    let as_of = &question.as_of;
    let assets = views.assets(&AssetFilter::default(), question, None, MAX_PAGE);
    let emblems = views.emblems(&EmblemFilter::default(), as_of, None, MAX_PAGE);
    let authorities = views.authorities(&AuthorityFilter::default(), as_of, None, MAX_PAGE);
    let mut answers = vec![
        serde_json::to_string(&assets).unwrap(),
        serde_json::to_string(&emblems).unwrap(),
        serde_json::to_string(&authorities).unwrap(),
    ];
    for row in assets.rows {
        let page = views.asset(row.asset, question).unwrap();
        answers.push(serde_json::to_string(&page).unwrap());
    }
    for row in emblems.rows {
        let page = views.emblem(row.stated.statement, question);
        answers.push(serde_json::to_string(&page).unwrap());
    }
    answers
}

#[test]
fn marks_that_are_fed_again_give_the_same_answers_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let told = told_in(Views::open(folder.path()).unwrap());
    let question = told.now();
    let expected = answers(&told.story.views, &question);
    let afresh = Views::in_memory().unwrap();
    told.story.tell(&afresh);
    assert_eq!(answers(&afresh, &question), expected);
    told.story.views.clear().unwrap();
    assert_eq!(*told.story.views.register(), Default::default());
    told.story.tell(&told.story.views);
    assert_eq!(answers(&told.story.views, &question), expected);
    let Told { story, .. } = told;
    drop(story.views);
    let again = Views::open(folder.path()).unwrap();
    assert_eq!(answers(&again, &question), expected);
}

#[test]
fn an_asset_has_its_answer_emblems_and_statements() {
    let told = told();
    let page = told.page(0);
    assert_eq!(page.row.answer.outcome, Outcome::Recognised);
    let [by] = &page.row.answer.recognised[..] else {
        panic!("{page:?}");
    };
    assert_eq!((by.by, by.emblem), (told.aren, told.emblem));
    assert_eq!(by.authority, "https://ministry.example");
    assert_eq!(by.policy, Some(Digest::from_bytes([7; 32])));
    assert_eq!(page.emblems[0].status, "standing");
    let kinds: Vec<_> = page.statements.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["asset.registered", "emblem.issued"]);
    assert!(
        page.statements
            .iter()
            .all(|it| it.understood && it.refusal.is_none())
    );
    let emblem = told.story.views.emblem(told.emblem, &told.now()).unwrap();
    assert_eq!(emblem.endorsements.len(), 1);
    assert_eq!(emblem.recognised, page.row.answer.recognised);
    let other = told.page(1).row.answer;
    assert_eq!(
        (other.outcome, other.reason),
        (Outcome::Declared, Some(Reason::NoEmblem))
    );
}

#[test]
fn an_older_size_of_the_log_shows_what_stood_in_it() {
    let told = told();
    let now = told.now();
    let views = &told.story.views;
    let first = views
        .asset(told.assets[0], &now)
        .unwrap()
        .unwrap()
        .row
        .index;
    let then = |size| Question {
        as_of: views.as_of(Some(size), now.as_of.at).unwrap(),
        ..now
    };
    assert_eq!(views.asset(told.assets[0], &then(first)).unwrap(), None);
    let declared = views
        .asset(told.assets[0], &then(first + 1))
        .unwrap()
        .unwrap();
    assert_eq!(declared.row.answer.outcome, Outcome::Declared);
    assert_eq!((declared.statements.len(), declared.size), (1, first + 1));
    let listed = views.assets(&AssetFilter::default(), &then(first + 1), None, 10);
    assert_eq!(listed.total, 1);
    let size = now.as_of.size;
    assert_eq!(views.as_of(Some(size), 0).unwrap().size, size);
    let beyond = [
        views.as_of(Some(size + 1), 0).map(|_| ()),
        views.judged_as_of(Some(size + 1), 0).map(|_| ()),
    ];
    let told = format!(
        "{} is not a size that the log has had: it has {size} entries",
        size + 1
    );
    assert_eq!(
        beyond.map(|it| it.unwrap_err().to_string()),
        [told.clone(), told]
    );
}

#[test]
fn lists_are_filtered_and_paged_from_the_last_one_on() {
    let told = told();
    let (views, now) = (&told.story.views, told.now());
    let ids = |filter: &AssetFilter, before, limit| {
        let page = views.assets(filter, &now, before, limit);
        let ids: Vec<_> = page.rows.iter().map(|row| row.asset).collect();
        (ids, page.total, page.next)
    };
    let [portal, er, network] = told.assets;
    let all = AssetFilter::default();
    assert_eq!(ids(&all, None, 10), (vec![network, er, portal], 3, None));
    let (first, total, next) = ids(&all, None, 2);
    assert_eq!((first, total), (vec![network, er], 3));
    assert_eq!(ids(&all, next, 2), (vec![portal], 3, None));
    let domains = AssetFilter {
        kind: Some(Kind::Domain),
        outcome: Some(Outcome::Declared),
        ..AssetFilter::default()
    };
    assert_eq!(ids(&domains, None, 10), (vec![er], 1, None));
    let by_others = AssetFilter {
        registrant: Some(told.aren),
        ..AssetFilter::default()
    };
    assert_eq!(ids(&by_others, None, 10).1, 0);
    let honoured = BTreeSet::from([told.hospital]);
    let strict = Question {
        honoured: Honoured::These(&honoured),
        ..now
    };
    let row = &views.assets(&all, &strict, None, 10).rows[2];
    assert_eq!(row.answer.reason, Some(Reason::NotHonoured));
    let authorities = views.authorities(&AuthorityFilter::default(), &now.as_of, None, 10);
    assert_eq!(
        (authorities.total, authorities.rows[0].status),
        (1, "standing")
    );
    let of_asset = EmblemFilter {
        asset: Some(er),
        by: None,
    };
    assert_eq!(views.emblems(&of_asset, &now.as_of, None, 10).total, 0);
}

#[test]
fn an_asset_is_found_in_clear_or_where_its_disclosure_can_be_opened() {
    let told = told();
    let (views, now) = (&told.story.views, told.now());
    let found = |kind, text: &str, open: bool| {
        let opened = |digest: &[u8; 32]| {
            let one = told.story.vault.get(digest).filter(|_| open)?;
            Some(one.text().to_owned())
        };
        let identity = Identity::read(kind, text).unwrap();
        let rows = views.assets_marking(&identity, &opened, &now);
        rows.into_iter().map(|row| row.asset).collect::<Vec<_>>()
    };
    assert_eq!(found(Kind::Address, "192.0.2.9", false), [told.assets[2]]);
    let portal = "portal.hospital.example";
    assert_eq!(found(Kind::Domain, portal, true), [told.assets[0]]);
    assert_eq!(found(Kind::Domain, portal, false), []);
}

#[test]
fn what_a_revoked_key_stated_about_marks_is_taken_back() {
    let mut told = told();
    let recognition = told.story.views.register();
    let index = recognition.authorities.iter().next().unwrap().stated.index;
    let act = party::Act::KeyRevoked {
        key: key(AREN).id(),
        as_of: index,
        reason: code("compromised"),
    };
    drop(recognition);
    says(&mut told.story, told.aren, AREN, |_, draft| {
        act.write(draft)
    });
    assert_eq!(told.page(0).row.answer.reason, Some(Reason::NotEndorsed));
    let question = told.now();
    let afresh = Views::in_memory().unwrap();
    told.story.tell(&afresh);
    assert_eq!(
        answers(&afresh, &question),
        answers(&told.story.views, &question)
    );
}

#[test]
fn what_ended_is_shown_with_its_end_and_as_then_known_without() {
    let mut told = told();
    let before = told.now().as_of.at;
    let digest = *told.emblem.as_bytes();
    let (hospital, asset) = (told.hospital, told.assets[0]);
    says(&mut told.story, hospital, HOSPITAL, |story, draft| {
        let register = story.views.register();
        let target = Target::Digest(digest);
        let act = emblem::revoke(&register.emblems, hospital, target, code("lost"));
        act.unwrap().write(draft);
    });
    let page = told.page(0);
    assert_eq!(page.row.answer.outcome, Outcome::Revoked);
    assert_eq!(page.emblems[0].status, "revoked");
    let ended = page.emblems[0].ended.as_ref().unwrap();
    assert_eq!((ended.how, &ended.reason), ("revoked", &Some(code("lost"))));
    let former = page.former.as_ref().unwrap();
    assert_eq!(former.until, ended.stated.received);
    assert_eq!(former.recognised[0].by, told.aren);
    let emblem = told.story.views.emblem(told.emblem, &told.now()).unwrap();
    assert_eq!(emblem.former.as_ref(), Some(former));
    let kinds = |page: &AssetPage| {
        let kinds = page.statements.iter().map(|it| it.kind.to_string());
        kinds.collect::<Vec<_>>()
    };
    let all = ["asset.registered", "emblem.issued", "emblem.revoked"];
    assert_eq!(kinds(&page), all);
    let earlier = Question {
        as_of: AsOf {
            at: before,
            ..told.now().as_of
        },
        ..told.now()
    };
    let page = told.story.views.asset(asset, &earlier).unwrap().unwrap();
    assert_eq!(page.row.answer.outcome, Outcome::Recognised);
    assert_eq!(page.then.outcome, Outcome::Recognised);
    assert!(page.emblems[0].ended.is_some(), "what came later is known");
    assert_eq!(
        (kinds(&page), &page.former),
        (all.map(str::to_owned).into(), &None)
    );
    let as_then_known = Question {
        as_of: earlier.as_of.then_known(),
        ..earlier
    };
    let page = told
        .story
        .views
        .asset(asset, &as_then_known)
        .unwrap()
        .unwrap();
    assert_eq!(kinds(&page), all[..2]);
}

#[test]
fn what_was_erased_since_can_be_shown_by_nobody_in_an_older_log_either() {
    let mut told = told();
    let (hospital, asset) = (told.hospital, told.assets[0]);
    let size = told.now().as_of.size;
    let acts = {
        let register = told.story.views.register();
        let (assets, emblems) = (&register.assets, &register.emblems);
        asset::withdraw(assets, emblems, hospital, asset, code("moved")).unwrap()
    };
    for act in acts {
        says(&mut told.story, hospital, HOSPITAL, |_, draft| {
            act.write(draft)
        });
    }
    let now = told.page(0);
    assert!(now.row.erased && now.row.gone);
    let withdrawn = now.withdrawn.as_ref().unwrap();
    assert_eq!(
        (withdrawn.how, now.former.unwrap().until),
        ("withdrawn", withdrawn.stated.received)
    );
    let question = Question {
        as_of: AsOf {
            size,
            ..told.now().as_of
        },
        ..told.now()
    };
    let older = told.story.views.asset(asset, &question).unwrap().unwrap();
    assert!(!older.row.erased && older.row.gone);
    assert_eq!((older.withdrawn, older.former), (None, None));
    assert!(older.statements.iter().all(|it| it.index < size));
}

#[test]
fn no_identifier_that_is_sealed_comes_near_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let told = told_in(Views::open(folder.path()).unwrap());
    drop(told);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let finds = |planted: &[u8]| bytes.windows(planted.len()).any(|it| it == planted);
        assert!(!finds(b"portal.hospital"), "{}", path.display());
    }
}

#[test]
fn a_reader_beside_the_writer_knows_the_register_as_of_its_last_batch() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Following::open(folder.path()).is_err());
    let mut told = told_in(Views::open(folder.path()).unwrap());
    let mut following = Following::open(folder.path()).unwrap();
    let register = following.register().unwrap().clone();
    assert_eq!(register, told.story.views.register());
    let same = following.register().unwrap();
    assert!(
        std::sync::Arc::ptr_eq(same, &register),
        "nothing was read again"
    );

    // One statement more, and one that takes others back.
    let hospital = told.hospital;
    publishes(&mut told.story, hospital, HOSPITAL, 33, "clinic");
    assert_eq!(*following.register().unwrap(), told.story.views.register());
    let act = party::Act::KeyRevoked {
        key: key(AREN).id(),
        as_of: following.next() - 1,
        reason: code("compromised"),
    };
    says(&mut told.story, told.aren, AREN, |_, draft| {
        act.write(draft)
    });
    let act = party::Act::KeyRevoked {
        key: key(HOSPITAL).id(),
        as_of: register.assets.iter().next().unwrap().versions[0]
            .stated
            .index,
        reason: code("compromised"),
    };
    says(&mut told.story, hospital, HOSPITAL, |_, draft| {
        act.write(draft)
    });
    let last = following.register().unwrap().clone();
    assert_eq!(last, told.story.views.register());
    assert_eq!(last.assets.iter().count(), 0);

    // Views that are fed afresh are passed over until they are as far again.
    told.story.views.clear().unwrap();
    assert_eq!(*following.register().unwrap(), last);
    told.story.tell(&told.story.views);
    assert_eq!(*following.register().unwrap(), last);
    assert_eq!(
        following.next(),
        told.story.views.position(LogName::Public).unwrap()
    );
}
