use std::fs;
use std::num::NonZero;

use ensign_store::Kek;
use rusqlite::Connection;

use super::{Story, names, places};
use crate::audit::{Options, VaultAudit, audit};
use crate::folder::Folder;
use crate::tests::files;

#[test]
fn every_sealed_value_that_is_changed_is_noticed_and_named() {
    let story = Story::told(120);
    let database = Connection::open(story.path("vault.db")).unwrap();
    let values: Vec<(String, String, String, Vec<u8>)> = database
        .prepare("SELECT tbl, row, col, value FROM cell")
        .unwrap()
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(values.len() >= 8);
    let put = |(table, row, column, _): &(String, String, String, Vec<u8>), value: &[u8]| {
        let change = "UPDATE cell SET value = ?4 WHERE tbl = ?1 AND row = ?2 AND col = ?3";
        assert_eq!(
            database
                .execute(change, (table, row, column, value))
                .unwrap(),
            1
        );
    };
    for (number, value) in values.iter().enumerate() {
        let bytes = &value.3;
        for at in [
            number % bytes.len(),
            9 + number % 4,
            bytes.len() - 1 - number % 16,
        ] {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (number % 8);
            put(value, &changed);
            let audit = story.audit_by(false, None);
            let place = format!("vault.db/{}/{}/{}", value.0, value.1, value.2);
            assert_eq!(
                places(&audit),
                [("vault.value_altered", place.as_str())],
                "byte {at}"
            );
            assert!(matches!(
                audit.vault,
                VaultAudit::Checked { unreadable: 1, .. }
            ));
        }
        put(value, bytes);
    }
    assert!(story.audit().is_clean());
}

#[test]
fn a_sealed_value_in_the_place_of_another_is_noticed() {
    let story = Story::told(121);
    let database = Connection::open(story.path("vault.db")).unwrap();
    let change = "UPDATE cell SET value = (SELECT value FROM cell WHERE row = 'log-closed')
        WHERE row = 'log-public'";
    assert_eq!(database.execute(change, []).unwrap(), 1);
    let audit = story.audit();
    assert_eq!(
        places(&audit),
        [("vault.value_altered", "vault.db/key/log-public/seed")]
    );
}

#[test]
fn a_data_key_that_is_changed_or_gone_is_noticed() {
    let story = Story::told(122);
    let copy = fs::read(story.path("keys.db")).unwrap();
    for (change, code, place) in [
        (
            "UPDATE data_key SET wrapped = zeroblob(72) WHERE owner = 'node'",
            "keys.altered",
            "keys.db/node",
        ),
        (
            "DELETE FROM data_key WHERE owner = 'node'",
            "vault.value_altered",
            "vault.db/key/log-public/seed",
        ),
        (
            "UPDATE canary SET wrapped = zeroblob(40)",
            "keys.unreadable",
            "keys.db",
        ),
    ] {
        let database = Connection::open(story.path("keys.db")).unwrap();
        assert_eq!(database.execute(change, []).unwrap(), 1);
        drop(database);
        let audit = story.audit();
        assert!(names(&audit, code, place), "{change}: {:?}", places(&audit));
        fs::write(story.path("keys.db"), &copy).unwrap();
    }
    assert!(story.audit().is_clean());
}

#[test]
fn a_changed_or_lost_imported_file_is_noticed() {
    let story = Story::told(123);
    let blobs = files(&story.path("blobs"));
    let [blob] = &blobs[..] else {
        panic!("{blobs:?}")
    };
    let name = blob
        .strip_prefix(story.place.folder())
        .unwrap()
        .display()
        .to_string();
    let length = fs::metadata(blob).unwrap().len() as usize;
    for at in [0, 17, length / 2, length - 1] {
        let audit = story.with_flip(blob, at, || story.audit());
        assert!(names(&audit, "blob.altered", &name), "{:?}", places(&audit));
        assert_eq!(audit.blobs.opened, Some(0));
    }
    fs::remove_file(blob).unwrap();
    let audit = story.audit();
    assert!(
        matches!(places(&audit)[..], [("import.file_missing", _)]),
        "{:?}",
        places(&audit)
    );
}

#[test]
fn without_the_key_nothing_sealed_is_opened_and_the_answer_says_so() {
    let story = Story::told(124);
    let folder = Folder::at(story.place.folder());
    let options = |kek| Options {
        screen: false,
        kek,
        cores: NonZero::<usize>::MIN,
    };
    let without = audit(&folder, None, options(None), &mut |_| ()).unwrap();
    assert!(without.is_clean());
    assert_eq!(
        without.vault,
        VaultAudit::NotChecked {
            why: "no key".to_owned()
        }
    );
    assert_eq!(without.blobs.opened, None);
    let wrong = options(Some(Kek::from_bytes([9; 32])));
    let wrong = audit(&folder, None, wrong, &mut |_| ()).unwrap();
    assert_eq!(places(&wrong), [("keys.unreadable", "keys.db")]);
}
