use ensign_trust::chain::{ChainError, Head};
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Refusal;
use ensign_trust::{Draft, Statement};

use super::{BEGIN, Place};
use crate::append::MAX_AHEAD;
use crate::error::Error;
use crate::node::Node;

/// A node with one party whose secret key the test holds.
struct Scene {
    node: Node,
    party: PartyId,
    key: SigningKey,
}

fn scene(seed: u64) -> (Place, Scene) {
    let place = Place::new(seed);
    let node = place.init();
    let founded = node.found_party("Harbour Clinic", "organisation").unwrap();
    let key = node.secret(founded.key.unwrap()).unwrap().unwrap();
    (
        place,
        Scene {
            node,
            party: founded.party,
            key,
        },
    )
}

impl Scene {
    /// A statement of an unknown kind at the end of the party's chain.
    fn statement(&self, change: impl FnOnce(&mut Draft)) -> Statement {
        let genesis = self.party.as_bytes();
        let mut draft = self.node.draft(Some(self.party));
        draft.kind = Code::literal("test.unheard_of");
        let last = Head {
            seq: 0,
            id: ensign_trust::StatementId::from_bytes(*genesis),
        };
        draft.link = Some(Head::next(Some(last), &self.node.origin(LogName::Public)));
        change(&mut draft);
        draft.sign(&self.key).unwrap()
    }

    fn submit(&self, statement: Statement) -> Result<u64, Error> {
        let before = self.node.log(LogName::Public).head().unwrap();
        let result = self.node.append(LogName::Public, vec![statement]);
        if result.is_err() {
            assert_eq!(
                self.node.log(LogName::Public).head().unwrap(),
                before,
                "nothing was kept"
            );
        }
        result.map(|appended| appended.first)
    }
}

#[test]
fn a_statement_of_an_unknown_kind_is_kept_and_shown_as_not_understood() {
    let (_place, scene) = scene(40);
    let statement = scene.statement(|_| ());
    let id = statement.id();
    let index = scene.submit(statement.clone()).unwrap();
    let row = scene.node.views().entry(id).unwrap().unwrap();
    assert_eq!(
        (row.index, row.understood, row.refusal),
        (index, false, None)
    );
    assert!(
        matches!(scene.submit(statement), Err(Error::Chain { .. })),
        "it is there once"
    );
}

#[test]
fn a_statement_without_a_chain_is_taken_once() {
    let (_place, scene) = scene(41);
    let statement = scene.statement(|draft| draft.link = None);
    scene.submit(statement.clone()).unwrap();
    assert!(matches!(scene.submit(statement), Err(Error::Stated { .. })));
}

#[test]
fn a_statement_of_another_realm_is_refused() {
    let (_place, scene) = scene(42);
    let statement = scene.statement(|draft| draft.realm = "real".parse().unwrap());
    assert!(matches!(
        scene.submit(statement),
        Err(Error::OtherRealm { at: 0, .. })
    ));
}

#[test]
fn a_statement_that_breaks_its_chain_is_refused_with_the_number_expected() {
    let (_place, scene) = scene(43);
    let later = scene.statement(|draft| draft.link.as_mut().unwrap().seq = 5);
    let Err(Error::Chain { source, .. }) = scene.submit(later) else {
        panic!()
    };
    assert!(matches!(
        source,
        ChainError::OutOfOrder {
            expected: 1,
            found: 5,
            ..
        }
    ));
    let forked = scene.statement(|draft| {
        draft.link.as_mut().unwrap().prev = Some(ensign_trust::StatementId::from_bytes([9; 32]));
    });
    let Err(Error::Chain { source, .. }) = scene.submit(forked) else {
        panic!()
    };
    assert!(matches!(source, ChainError::OtherPrevious { seq: 1, .. }));
    let elsewhere = scene.statement(|draft| {
        draft.link.as_mut().unwrap().log = Code::literal("other.example.org/log");
    });
    let Err(Error::Chain { source, .. }) = scene.submit(elsewhere) else {
        panic!()
    };
    assert!(matches!(source, ChainError::OtherLog { .. }));
}

#[test]
fn a_statement_claimed_far_ahead_of_the_clock_is_refused() {
    let (_place, scene) = scene(44);
    let at = |claimed| scene.statement(|draft| draft.claimed = claimed);
    assert!(matches!(
        scene.submit(at(BEGIN + MAX_AHEAD + 1)),
        Err(Error::FromTheFuture { seconds, .. }) if seconds == MAX_AHEAD + 1
    ));
    scene.submit(at(BEGIN + MAX_AHEAD)).unwrap();
}

#[test]
fn a_forged_signature_and_a_missing_mandate_are_refused() {
    let (_place, scene) = scene(45);
    let mut entry = scene.statement(|_| ()).into_entry();
    *entry.last_mut().unwrap() ^= 1;
    let forged = Statement::decode(entry).unwrap();
    assert!(matches!(
        scene.submit(forged),
        Err(Error::Refused {
            refusal: Refusal::Signature(_),
            ..
        })
    ));
    let unmandated = scene.statement(|draft| {
        draft.kind = Code::literal("source.stated");
        draft
            .body
            .insert(Code::literal("source"), Code::literal("who-ssa").into());
    });
    assert!(matches!(
        scene.submit(unmandated),
        Err(Error::Refused {
            refusal: Refusal::NoMandate { .. },
            ..
        })
    ));
    let stranger = SigningKey::from_seed(&[77; 32]);
    let mut draft = scene.node.draft(Some(scene.party));
    draft.kind = Code::literal("test.unheard_of");
    assert!(matches!(
        scene.submit(draft.sign(&stranger).unwrap()),
        Err(Error::Refused {
            refusal: Refusal::UnknownKey { .. },
            ..
        })
    ));
}

#[test]
fn a_batch_is_whole_or_not_at_all() {
    let (_place, scene) = scene(46);
    let good = scene.statement(|draft| draft.link = None);
    let bad = scene.statement(|draft| {
        draft.link = None;
        draft.realm = "real".parse().unwrap();
    });
    let before = scene.node.log(LogName::Public).head().unwrap();
    let refused = scene.node.append(LogName::Public, vec![good.clone(), bad]);
    assert!(matches!(refused, Err(Error::OtherRealm { at: 1, .. })));
    assert_eq!(scene.node.log(LogName::Public).head().unwrap(), before);
    scene.submit(good).unwrap();
}

#[test]
fn a_batch_may_use_a_key_that_it_adds_itself() {
    let (_place, scene) = scene(47);
    let fresh = SigningKey::from_seed(&[88; 32]);
    let adds = scene.statement(|draft| {
        ensign_trust::party::Act::KeyAdded(fresh.public()).write(draft);
    });
    let mut uses = scene.node.draft(Some(scene.party));
    uses.kind = Code::literal("test.unheard_of");
    let uses = uses.sign(&fresh).unwrap();
    scene
        .node
        .append(LogName::Public, vec![adds, uses])
        .unwrap();
}

#[test]
fn batches_that_are_appended_at_once_are_projected_in_their_order() {
    let (place, scene) = scene(49);
    let node = &scene.node;
    std::thread::scope(|scope| {
        for feed in 0..4_u8 {
            let scene = &scene;
            scope.spawn(move || {
                let log = match feed % 2 {
                    0 => LogName::Public,
                    _ => LogName::Closed,
                };
                for number in 0..20_u8 {
                    let statement = scene.statement(|draft| {
                        draft.link = None;
                        draft.unique = [feed + 1, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
                    });
                    let id = statement.id();
                    let appended = node.append(log, vec![statement]).unwrap();
                    let row = node.views().entry(id).unwrap();
                    let read_back = row.is_some_and(|row| row.index == appended.first);
                    assert!(read_back, "whoever wrote reads it back");
                }
            });
        }
    });
    let positions = |node: &Node| {
        [LogName::Public, LogName::Closed].map(|log| {
            let size = node.log(log).head().unwrap().unwrap().size;
            assert_eq!(node.views().position(log).unwrap(), size);
            size
        })
    };
    let before = positions(node);
    let page = |node: &Node| {
        format!(
            "{:?}",
            node.views().log(LogName::Closed, None, 100).unwrap()
        )
    };
    let shown = page(node);
    node.rebuild_views(&mut |_| ()).unwrap();
    assert_eq!(positions(node), before);
    assert_eq!(page(node), shown);
    drop(scene);
    positions(&place.open().unwrap());
}
