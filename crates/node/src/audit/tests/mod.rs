//! A folder with a log of some 600 entries, left alone and tampered with.

mod folders;
mod forged;
mod forging;
mod sealed;

use std::num::NonZero;
use std::path::{Path, PathBuf};

use ensign_store::{Cell, Kek};
use ensign_trust::anchor::Anchors;
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use zeroize::Zeroizing;

use super::{Audit, Finding, Options, VaultAudit, audit};
use crate::folder::Folder;
use crate::node::Node;
use crate::tests::{Place, files};

/// Entries of the public log, at least.
const ENTRIES: u64 = 600;

const EXPORT: &str = "Attack ID,Attack Date,Country / Territory,Certainty Level,Facility Other\n\
    ARA000001,3/1/25,Aranthia (invented),Confirmed,\n\
    ARA000002,3/2/25,Aranthia (invented),Confirmed,Dialysis clinic\n\
    BEL000003,3/5/25,Belvoria (invented),Confirmed,Blood bank\n";

/// A stopped node, and what only its operator knows.
struct Story {
    place: Place,
    anchors: Anchors,
    operator: (PartyId, SigningKey),
    clinic: (PartyId, SigningKey),
    /// Seed of the public log's key.
    log_seed: [u8; 32],
}

impl Story {
    fn told(seed: u64) -> Self {
        let place = Place::new(seed);
        let node = place.init();
        let clinic = node.found_party("Harbour Clinic", "organisation").unwrap();
        let party = clinic.party.to_string();
        node.grant_mandate(&party, "custodian", Some("harbour"), None, None)
            .unwrap();
        let key = node.secret(clinic.key.unwrap()).unwrap().unwrap();
        let export = place.file("export.csv", EXPORT);
        node.import("who-ssa", &export, None, &mut |_| ()).unwrap();
        while size(&node) < ENTRIES {
            place.clock.set(crate::tests::BEGIN + size(&node));
            let draft = |_| {
                let mut draft = node.draft(Some(clinic.party));
                draft.kind = Code::literal("test.unheard_of");
                draft
            };
            let drafts = (0..36).map(draft).collect();
            node.state_as(LogName::Public, clinic.party, &key, drafts)
                .unwrap();
        }
        let cell = Cell {
            table: "key",
            row: "log-public",
            column: "seed",
        };
        let seed = node.vault.get(cell).unwrap().unwrap();
        Story {
            anchors: node.trust_anchors().unwrap().anchors.parse().unwrap(),
            operator: (node.operator(), node.operating_key().unwrap()),
            clinic: (clinic.party, key),
            log_seed: <[u8; 32]>::try_from(seed.value.as_slice()).unwrap(),
            place,
        }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.place.folder().join(below)
    }

    fn kek(&self) -> Kek {
        let text = std::fs::read_to_string(self.place.folder().with_extension("key")).unwrap();
        Kek::from_hex(&Zeroizing::new(text)).unwrap()
    }

    /// Audits the folder both ways, which must agree.
    fn audit(&self) -> Audit {
        self.audit_with(None)
    }

    fn audit_with(&self, anchors: Option<&Anchors>) -> Audit {
        let strict = self.audit_by(false, anchors);
        let screened = self.audit_by(true, anchors);
        assert_eq!((strict.method, screened.method), ("strict", "screened"));
        assert_eq!(
            strict,
            Audit {
                method: "strict",
                ..screened
            }
        );
        strict
    }

    fn audit_by(&self, screen: bool, anchors: Option<&Anchors>) -> Audit {
        let options = Options {
            screen,
            kek: Some(self.kek()),
            cores: NonZero::new(2).unwrap(),
        };
        audit(
            &Folder::at(self.place.folder()),
            anchors,
            options,
            &mut |_| (),
        )
        .unwrap()
    }

    /// Changes one byte of a file while `act` looks at it.
    fn with_flip<T>(&self, path: &Path, at: usize, act: impl FnOnce() -> T) -> T {
        let bytes = std::fs::read(path).unwrap();
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        std::fs::write(path, changed).unwrap();
        let result = act();
        std::fs::write(path, bytes).unwrap();
        result
    }
}

fn size(node: &Node) -> u64 {
    node.log(LogName::Public).head().unwrap().unwrap().size
}

/// Whether a finding of a kind names a place.
fn names(audit: &Audit, code: &str, place: &str) -> bool {
    audit
        .findings
        .iter()
        .any(|finding| finding.code == code && finding.place == place)
}

/// Codes and places of all findings.
fn places(audit: &Audit) -> Vec<(&'static str, &str)> {
    audit
        .findings
        .iter()
        .map(|Finding { code, place, .. }| (*code, place.as_str()))
        .collect()
}

#[test]
fn a_folder_as_its_node_left_it_is_clean() {
    let story = Story::told(100);
    let audit = story.audit_with(Some(&story.anchors));
    assert_eq!(places(&audit), []);
    assert!(audit.is_clean() && audit.anchored);
    assert_eq!(audit.realm, "exercise/three-rivers");
    let [public, closed] = &audit.logs[..] else {
        panic!("two logs")
    };
    assert_eq!((public.log, closed.log), ("public", "closed"));
    assert!(public.size >= ENTRIES && public.root.is_some() && public.unsettled == 0);
    assert_eq!(public.kinds.values().sum::<u64>(), public.size);
    assert_eq!(public.understood + public.not_understood, public.size);
    assert_eq!(public.kinds["test.unheard_of"], public.not_understood);
    assert_eq!(public.kinds["log.received"], public.receipts);
    assert_eq!(public.kinds["source.stated"], 3);
    assert!(public.last_received > Some(crate::tests::BEGIN));
    assert_eq!((public.witnessed, public.refused_total), (None, 0));
    assert_eq!(closed.kinds["act.done"], 4);
    assert_eq!((audit.blobs.blobs, audit.blobs.opened), (1, Some(1)));
    let VaultAudit::Checked {
        values,
        unreadable: 0,
        owners,
    } = audit.vault
    else {
        panic!("{:?}", audit.vault)
    };
    assert!(values >= 8 && owners >= 3, "{values} {owners}");
}

#[test]
fn without_anchors_the_folders_own_keys_are_taken_and_the_answer_says_so() {
    let story = Story::told(101);
    let audit = story.audit();
    assert!(audit.is_clean() && !audit.anchored);
    let other = Story::told(102);
    let audit = story.audit_with(Some(&other.anchors));
    assert!(!audit.anchored);
    assert!(
        names(&audit, "anchors.log_key", "log/public/checkpoint"),
        "{audit:?}"
    );
    assert!(names(&audit, "anchors.log_key", "log/closed/checkpoint"));
    assert!(names(&audit, "anchors.party", "public/0"));
}

#[test]
fn an_audit_leaves_the_folder_as_it_was() {
    let story = Story::told(105);
    let contents = || {
        let all = files(&story.place.folder());
        let read = |path: PathBuf| (std::fs::read(&path).unwrap(), path);
        all.into_iter().map(read).collect::<Vec<_>>()
    };
    let before = contents();
    assert!(story.audit().is_clean());
    assert!(before == contents(), "a file was changed, made or removed");
}

#[test]
fn a_folder_without_a_node_is_no_audit() {
    let place = Place::new(103);
    let options = Options {
        screen: false,
        kek: None,
        cores: NonZero::<usize>::MIN,
    };
    let error = audit(&Folder::at(place.folder()), None, options, &mut |_| ()).unwrap_err();
    assert_eq!(error.code(), "node.no_folder");
    assert!(!place.folder().exists(), "an audit makes nothing");
}

#[test]
fn a_revocation_that_reaches_back_spoils_nothing_that_counted_when_it_was_received() {
    let story = Story::told(104);
    let node = story.place.open().unwrap();
    let operator = node.operator().to_string();
    let as_of = node.add_key(&operator).unwrap().index + 2;
    let first = story.operator.1.id().to_string();
    for log in [LogName::Public, LogName::Closed] {
        let mut draft = node.draft(Some(node.operator()));
        let act = Code::literal("test");
        ensign_trust::account::Act::Done { act, by: None }.write(&mut draft);
        let statement = draft.sign(&story.operator.1).unwrap();
        node.append(log, vec![statement]).unwrap();
    }
    // Both logs hold a statement of this key that came after this index.
    node.revoke_key(&first, Some(as_of), "compromised").unwrap();
    drop(node);
    let audit = story.audit();
    assert_eq!(places(&audit), []);
    assert!(audit.logs[1].kinds["act.done"] >= 6);
}
