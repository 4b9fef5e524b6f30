//! What a revocation that reaches back takes away.

use ensign_trust::logbook::LogName;
use ensign_trust::party;

use super::story::{SOURCE, Story, code, key, row};
use super::{answers, incident};
use crate::*;

#[test]
fn what_a_key_said_from_the_index_on_at_which_it_is_revoked_is_taken_back() {
    let mut story = Story::opened();
    let founding = story.founding(3);
    let importer = founding.id().into();
    let mandate = story.grant(importer, "importer", Some(SOURCE));
    story.append(LogName::Public, vec![founding, mandate]);
    let rows = |killed| vec![row("H001", "2031-01-01", "XAA", killed)];
    story.imports_as(importer, 3, "2031-01-01", "2031-01-31", rows(1));
    let honest = incident(&story.views, "H001");
    let stolen = story.size(LogName::Public);
    story.imports_as(importer, 3, "2031-01-01", "2031-01-31", rows(500));
    let more = vec![
        row("H001", "2031-01-01", "XAA", 500),
        row("H002", "2031-01-02", "XAA", 70),
    ];
    story.imports_as(importer, 3, "2031-01-01", "2031-01-31", more);
    assert_eq!(story.views.front().unwrap().killed, 570);
    let act = party::Act::KeyRevoked {
        key: key(3).id(),
        as_of: stolen,
        reason: code("compromised"),
    };
    let mut draft = story.draft(Some(importer));
    act.write(&mut draft);
    let revocation = draft.sign(&key(3)).unwrap();
    let revoked = revocation.id();
    story.append(LogName::Public, vec![revocation]);

    let after = incident(&story.views, "H001");
    assert_eq!((&after.row, &after.fields), (&honest.row, &honest.fields));
    assert_eq!(story.views.front().unwrap().killed, 1);
    assert_eq!(story.views.incident("H002").unwrap(), None);
    assert_eq!(
        story
            .views
            .source(&code(SOURCE))
            .unwrap()
            .unwrap()
            .runs
            .len(),
        1
    );
    let refusal = |index| {
        let id = story.entry(LogName::Public, index).id();
        story.views.entry(id).unwrap().unwrap().refusal
    };
    assert_eq!(refusal(stolen), Some("key.revoked".to_owned()));
    assert_eq!(refusal(stolen - 1), None);
    assert_eq!(story.views.entry(revoked).unwrap().unwrap().refusal, None);
    let afresh = Views::in_memory().unwrap();
    story.tell(&afresh);
    assert_eq!(answers(&afresh), answers(&story.views));
}

#[test]
fn what_was_said_under_a_mandate_that_a_revocation_cut_is_taken_back() {
    let mut story = Story::opened();
    let (honest, second, late) = (3, 4, 5);
    let founded = [honest, late].map(|seed| story.founding(seed));
    let [importer, latecomer] = [0, 1].map(|at: usize| founded[at].id().into());
    let added = story.party_act(&party::Act::KeyAdded(key(second).public()));
    let mandate = story.grant(importer, "importer", Some(SOURCE));
    let founded = founded.into_iter().chain([added, mandate]);
    story.append(LogName::Public, founded.collect());
    let rows = |killed| vec![row("H001", "2031-01-01", "XAA", killed)];
    story.imports_as(importer, honest, "2031-01-01", "2031-01-31", rows(1));
    let before = incident(&story.views, "H001");

    // The second key, stolen, lets a latecomer in, and once more those who may already.
    let stolen = story.size(LogName::Public);
    let grants = [latecomer, importer].map(|to| {
        let mut draft = story.draft(Some(story.operator));
        party::Act::MandateGranted {
            to,
            role: code("importer"),
            scope: None,
            from: None,
            until: None,
        }
        .write(&mut draft);
        draft.sign(&key(second)).unwrap()
    });
    story.append(LogName::Public, grants.into());
    let forged = story.size(LogName::Public);
    let more = vec![
        row("H001", "2031-01-01", "XAA", 500),
        row("H002", "2031-01-02", "XAA", 70),
    ];
    story.imports_as(latecomer, late, "2031-01-01", "2031-01-31", more);
    let aside = story.entry(LogName::Public, forged).clone();
    story.append(LogName::Closed, vec![aside]);
    assert_eq!(story.views.front().unwrap().killed, 570);
    story.imports_as(importer, honest, "2031-01-03", "2031-01-31", Vec::new());
    let kept = story.size(LogName::Public) - 2;
    let revocation = story.party_act(&party::Act::KeyRevoked {
        key: key(second).id(),
        as_of: stolen,
        reason: code("compromised"),
    });
    story.append(LogName::Public, vec![revocation]);

    let after = incident(&story.views, "H001");
    assert_eq!((&after.row, &after.fields), (&before.row, &before.fields));
    assert_eq!(story.views.front().unwrap().killed, 1);
    assert_eq!(story.views.incident("H002").unwrap(), None);
    let page = story.views.source(&code(SOURCE)).unwrap().unwrap();
    assert!(page.runs.iter().all(|run| run.author == importer));
    let refusal = |log, index| {
        let page = story.views.log(log, Some(index + 1), 1).unwrap();
        page.rows[0].refusal.clone()
    };
    let missing = Some("mandate.missing".to_owned());
    assert_eq!(refusal(LogName::Public, forged), missing);
    assert_eq!(refusal(LogName::Closed, 0), missing);
    let revoked = Some("key.revoked".to_owned());
    assert_eq!(refusal(LogName::Public, stolen), revoked);
    assert_eq!(refusal(LogName::Public, kept), None);

    // The registry says the same of every entry.
    let registry = story.views.registry().unwrap();
    for row in story
        .views
        .log(LogName::Public, None, MAX_PAGE)
        .unwrap()
        .rows
    {
        let statement = story.entry(LogName::Public, row.index);
        if party::Act::read(statement).is_none() {
            let verdict = registry.admit_signed(statement, row.index, row.received, need);
            assert_eq!(row.refusal.as_deref(), verdict.err().map(|no| no.code()));
        }
    }
    let afresh = Views::in_memory().unwrap();
    story.tell(&afresh);
    assert_eq!(answers(&afresh), answers(&story.views));
}
