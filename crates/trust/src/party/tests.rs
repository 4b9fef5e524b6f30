use std::collections::BTreeMap;

use super::*;
use crate::code::{Code, Coded};
use crate::id::{PartyId, StatementId};
use crate::key::{PublicKey, SigningKey};
use crate::logbook::Entry;
use crate::realm::Realm;
use crate::statement::{Draft, Statement};

/// A log of invented statements, signed and applied one by one.
struct Story {
    registry: Registry,
    next: u64,
}

const RECEIVED: u64 = 1_790_000_000;

fn secret(n: u8) -> SigningKey {
    SigningKey::from_seed(&[n; 32])
}

fn draft(issuer: Option<PartyId>) -> Draft {
    Draft {
        issuer,
        subject: None,
        claimed: RECEIVED,
        unique: [0; 16],
        kind: Code::literal("test.said"),
        version: 1,
        realm: Realm::Real,
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    }
}

impl Story {
    /// A log that the party with key 1 has opened.
    fn opened() -> (Self, PartyId) {
        let mut story = Story {
            registry: Registry::default(),
            next: 0,
        };
        let root = story.founds(1);
        let mut opening = draft(Some(root));
        let origin = Code::literal("node.example.org/log");
        Entry::Opened {
            origin,
            log_key: [1; 32],
            cosigner_key: [2; 32],
        }
        .write(&mut opening);
        story.appends(&opening.sign(&secret(1)).unwrap());
        assert!(story.registry.is_root(root));
        (story, root)
    }

    fn founds(&mut self, key: u8) -> PartyId {
        let mut founding = draft(None);
        let nature = Code::literal("body");
        Act::Founded {
            key: secret(key).public(),
            nature,
        }
        .write(&mut founding);
        let founding = founding.sign(&secret(key)).unwrap();
        self.appends(&founding);
        founding.id().into()
    }

    fn acts(&mut self, issuer: PartyId, key: u8, act: &Act) -> StatementId {
        let statement = signed(issuer, key, act);
        self.appends(&statement);
        statement.id()
    }

    fn appends(&mut self, statement: &Statement) {
        self.registry = std::mem::take(&mut self.registry).apply(statement, self.next, RECEIVED);
        self.next += 1;
    }

    /// What a statement of this key meets at an index.
    fn verdict(&self, issuer: PartyId, key: u8, index: u64) -> Result<(), Refusal> {
        let statement = draft(Some(issuer)).sign(&secret(key)).unwrap();
        self.registry.admit(&statement, index, RECEIVED, |_| None)
    }

    fn may_import(&self, party: PartyId, key: u8, scope: &'static str, received: u64) -> bool {
        let mut draft = draft(Some(party));
        let scope = Code::literal(scope).into();
        draft.body.insert(Code::literal("source"), scope);
        let statement = draft.sign(&secret(key)).unwrap();
        let importers: Rule = |draft| Some(Need::role_in("importer", draft, "source"));
        self.registry
            .admit(&statement, self.next, received, importers)
            .is_ok()
    }
}

fn signed(issuer: PartyId, key: u8, act: &Act) -> Statement {
    let mut act_draft = draft(Some(issuer));
    act.write(&mut act_draft);
    act_draft.sign(&secret(key)).unwrap()
}

fn mandate(to: PartyId, scope: Option<&'static str>) -> Act {
    let role = Code::literal("importer");
    Act::MandateGranted {
        to,
        role,
        scope: scope.map(Code::literal),
        from: None,
        until: None,
    }
}

#[test]
fn every_act_reads_back_as_it_was_written() {
    let key = secret(9).public();
    let id = PartyId::from_bytes([4; 32]);
    for act in [
        Act::Founded {
            key: key.clone(),
            nature: Code::literal("state"),
        },
        Act::KeyAdded(key.clone()),
        Act::KeyRotated(key.clone()),
        Act::KeyRevoked {
            key: key.id(),
            as_of: 4,
            reason: Code::literal("lost"),
        },
        mandate(id, Some("who-ssa")),
        Act::MandateGranted {
            to: id,
            role: Code::literal("verifier"),
            scope: None,
            from: Some(1),
            until: Some(2),
        },
        Act::MandateWithdrawn(StatementId::from_bytes([5; 32])),
    ] {
        let mut written = draft(Some(id));
        act.write(&mut written);
        assert_eq!(Act::read(&written), Some(Ok(act)));
    }
}

#[test]
fn a_party_speaks_only_through_its_own_keys() {
    let (mut story, root) = Story::opened();
    let other = story.founds(2);
    assert_eq!(story.verdict(root, 1, 9), Ok(()));
    assert!(
        matches!(story.verdict(root, 2, 9), Err(Refusal::OtherParty { issuer, speaks_for, .. })
        if issuer == root && speaks_for == other)
    );
    assert!(matches!(
        story.verdict(root, 3, 9),
        Err(Refusal::UnknownKey { .. })
    ));
}

#[test]
fn a_key_counts_only_after_it_was_added() {
    let (mut story, root) = Story::opened();
    let added = story.next;
    story.acts(root, 1, &Act::KeyAdded(secret(3).public()));
    assert!(matches!(
        story.verdict(root, 3, added),
        Err(Refusal::UnknownKey { .. })
    ));
    assert_eq!(story.verdict(root, 3, added + 1), Ok(()));
}

#[test]
fn a_revoked_key_counts_before_the_index_and_not_from_it() {
    let (mut story, root) = Story::opened();
    story.acts(root, 1, &Act::KeyAdded(secret(3).public()));
    let revoked = Act::KeyRevoked {
        key: secret(3).id(),
        as_of: 5,
        reason: Code::literal("compromised"),
    };
    assert!(
        matches!(
            story
                .registry
                .admit(&signed(root, 1, &revoked), 4, RECEIVED, |_| None),
            Err(Refusal::RevokedAhead { as_of: 5, index: 4 })
        ),
        "a key cannot be revoked as of an index that is yet to come"
    );
    story.next = 8;
    story.acts(root, 1, &revoked);
    assert_eq!(story.verdict(root, 3, 4), Ok(()));
    assert!(matches!(
        story.verdict(root, 3, 5),
        Err(Refusal::KeyRevoked { revoked: 5, .. })
    ));
    // A later revocation with a later index gives nothing back.
    let later = Act::KeyRevoked {
        key: secret(3).id(),
        as_of: 7,
        reason: Code::literal("lost"),
    };
    story.acts(root, 1, &later);
    assert!(matches!(
        story.verdict(root, 3, 6),
        Err(Refusal::KeyRevoked { revoked: 5, .. })
    ));
}

#[test]
fn what_a_stolen_key_did_falls_with_it() {
    let (mut story, root) = Story::opened();
    story.acts(root, 1, &Act::KeyAdded(secret(3).public()));
    let stolen = story.next;
    story.acts(root, 3, &Act::KeyAdded(secret(4).public()));
    story.acts(root, 4, &Act::KeyAdded(secret(5).public()));
    let party = story.founds(2);
    story.acts(root, 5, &mandate(party, None));
    assert!(story.may_import(party, 2, "who-ssa", RECEIVED));
    let reason = Code::literal("compromised");
    story.acts(
        root,
        1,
        &Act::KeyRevoked {
            key: secret(3).id(),
            as_of: stolen,
            reason,
        },
    );
    for key in [3, 4, 5] {
        let verdict = story.verdict(root, key, story.next);
        assert!(
            matches!(verdict, Err(Refusal::KeyRevoked { .. })),
            "key {key}"
        );
    }
    assert!(!story.may_import(party, 2, "who-ssa", RECEIVED));
    assert_eq!(story.verdict(root, 1, story.next), Ok(()));
}

#[test]
fn a_party_that_exists_founds_itself_no_second_time() {
    let (mut story, root) = Story::opened();
    let nature = Code::literal("state");
    let act = Act::Founded {
        key: secret(6).public(),
        nature,
    };
    let refused = story
        .registry
        .admit(&signed(root, 1, &act), 9, RECEIVED, |_| None);
    assert_eq!(refused, Err(Refusal::Malformed("1 (iss)")));
    story.acts(root, 1, &act);
    assert_eq!(story.registry.party(root).unwrap().nature, "body");
}

#[test]
fn a_rotated_key_gives_way_to_the_new_one() {
    let (mut story, root) = Story::opened();
    let rotation = story.next;
    story.acts(root, 1, &Act::KeyRotated(secret(4).public()));
    assert_eq!(story.verdict(root, 1, rotation), Ok(()));
    assert!(matches!(
        story.verdict(root, 1, rotation + 1),
        Err(Refusal::KeyRevoked { .. })
    ));
    assert_eq!(story.verdict(root, 4, rotation + 1), Ok(()));
}

#[test]
fn a_key_speaks_for_one_party_for_good() {
    let (mut story, root) = Story::opened();
    let other = story.founds(2);
    let act = Act::KeyAdded(secret(2).public());
    let taken = story
        .registry
        .admit(&signed(root, 1, &act), 9, RECEIVED, |_| None);
    assert!(matches!(taken, Err(Refusal::KeyTaken { .. })));
    story.acts(root, 1, &act);
    assert_eq!(story.registry.key(secret(2).id()).unwrap().party, other);
}

#[test]
fn a_mandate_covers_its_role_scope_and_dates_and_nothing_else() {
    let (mut story, root) = Story::opened();
    let party = story.founds(2);
    assert!(!story.may_import(party, 2, "who-ssa", RECEIVED));
    let granted = story.acts(root, 1, &mandate(party, Some("who-ssa")));
    assert!(story.may_import(party, 2, "who-ssa", RECEIVED));
    assert!(!story.may_import(party, 2, "other", RECEIVED));
    story.acts(root, 1, &Act::MandateWithdrawn(granted));
    assert!(!story.may_import(party, 2, "who-ssa", RECEIVED));

    let dated = Act::MandateGranted {
        to: party,
        role: Code::literal("importer"),
        scope: None,
        from: Some(RECEIVED),
        until: Some(RECEIVED + 10),
    };
    story.acts(root, 1, &dated);
    for (received, may) in [(-1, false), (0, true), (9, true), (10, false)] {
        let received = RECEIVED.checked_add_signed(received).unwrap();
        assert_eq!(
            story.may_import(party, 2, "anything", received),
            may,
            "{received}"
        );
    }
}

#[test]
fn only_a_root_grants_and_only_the_grantor_withdraws() {
    let (mut story, root) = Story::opened();
    let party = story.founds(2);
    story.acts(party, 2, &mandate(party, None));
    assert!(
        !story.may_import(party, 2, "who-ssa", RECEIVED),
        "nobody grants itself a mandate"
    );
    let granted = story.acts(root, 1, &mandate(party, None));
    story.acts(party, 2, &Act::MandateWithdrawn(granted));
    assert!(story.may_import(party, 2, "who-ssa", RECEIVED));
}

#[test]
fn a_second_opening_makes_no_second_root() {
    let (mut story, _) = Story::opened();
    let party = story.founds(2);
    let mut opening = draft(Some(party));
    let origin = Code::literal("node.example.org/log");
    Entry::Opened {
        origin,
        log_key: [1; 32],
        cosigner_key: [2; 32],
    }
    .write(&mut opening);
    story.appends(&opening.sign(&secret(2)).unwrap());
    assert!(!story.registry.is_root(party));
}

#[test]
fn a_malformed_act_is_refused_and_changes_nothing() {
    let (mut story, root) = Story::opened();
    let mut broken = draft(Some(root));
    Act::KeyAdded(secret(3).public()).write(&mut broken);
    broken
        .body
        .insert(Code::literal("key"), Coded::Bytes(vec![1, 2, 3]));
    let broken = broken.sign(&secret(1)).unwrap();
    let before = story.registry.clone();
    let refused = story.registry.admit(&broken, 9, RECEIVED, |_| None);
    assert_eq!(refused, Err(Refusal::Malformed("key")));
    story.appends(&broken);
    assert_eq!(story.registry, before);
}

#[test]
fn a_weak_key_founds_no_party() {
    let mut weak = [0; 32];
    weak[0] = 1;
    assert!(PublicKey::ed25519(&weak).is_err());
}
