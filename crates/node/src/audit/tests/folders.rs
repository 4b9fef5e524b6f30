use std::fs;
use std::num::NonZero;

use ensign_trust::logbook::LogName;
use rusqlite::Connection;

use super::{Story, names, places};
use crate::audit::{Options, VaultAudit, audit};
use crate::folder::Folder;
use crate::tests::files;

/// Three places of a file, from its name.
fn three_places(name: &str, length: usize) -> [usize; 3] {
    let seed = name.bytes().fold(7_usize, |sum, byte| {
        sum.wrapping_mul(31) + usize::from(byte)
    });
    [
        seed % length,
        (seed / 7) % length,
        length - 1 - seed % length,
    ]
}

#[test]
fn a_changed_byte_in_any_file_of_the_log_folder_is_noticed_and_named() {
    let story = Story::told(110);
    let all = files(&story.path("log"));
    assert!(all.len() > 20, "full and partial tiles of both logs");
    for path in all {
        let name = path
            .strip_prefix(story.place.folder())
            .unwrap()
            .display()
            .to_string();
        let length = fs::metadata(&path).unwrap().len() as usize;
        for at in three_places(&name, length) {
            let audit = story.with_flip(&path, at, || story.audit());
            let named = audit.findings.iter().any(|finding| finding.place == name);
            assert!(named, "byte {at} of {name}: {:?}", places(&audit));
        }
    }
    assert!(story.audit().is_clean());
}

#[test]
fn a_changed_entry_is_told_from_a_changed_tile_and_spoils_nothing_else() {
    let story = Story::told(111);
    let bundle = story.path("log/public/tile/entries/001");
    let audit = story.with_flip(&bundle, 30_000, || story.audit());
    assert_eq!(
        places(&audit),
        [("log.entry_damaged", "log/public/tile/entries/001")]
    );
    let tile = story.path("log/public/tile/0/001");
    let audit = story.with_flip(&tile, 3000, || story.audit());
    assert_eq!(
        places(&audit),
        [("log.tile_differs", "log/public/tile/0/001")]
    );
}

#[test]
fn a_lost_file_is_noticed_and_what_it_held_is_said() {
    let story = Story::told(112);
    for (path, code) in [
        ("log/public/tile/0/000", "log.tile_missing"),
        ("log/public/tile/entries/001", "log.bundle_missing"),
        ("log/public/checkpoint", "log.checkpoint_missing"),
        ("log/closed/checkpoint", "log.checkpoint_missing"),
    ] {
        let bytes = fs::read(story.path(path)).unwrap();
        fs::remove_file(story.path(path)).unwrap();
        let audit = story.audit();
        assert_eq!(places(&audit), [(code, path)]);
        fs::write(story.path(path), bytes).unwrap();
    }
    let path = story.path("log/public/tile/entries/000");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let audit = story.audit();
    assert!(names(
        &audit,
        "log.bundle_damaged",
        "log/public/tile/entries/000"
    ));
    let what = &audit.findings[0].what;
    assert!(
        what.contains("entries") && what.contains("255 are lost"),
        "{what}"
    );
    fs::write(&path, bytes).unwrap();
    assert!(story.audit().is_clean());
}

#[test]
fn what_does_not_belong_into_the_log_folder_is_reported() {
    let story = Story::told(113);
    for place in [
        "log/note.txt",
        "log/public/note.txt",
        "log/public/checkpoint.old",
        "log/public/tile/entries/003",
        "log/public/tile/0/002.p/255",
        "log/public/tile/0/002.p/7",
        "log/public/tile/0/000.tmp",
        "log/public/tile/2/000",
        "log/public/tile/entries/x001/000",
        "log/closed/tile/0/000.p/x",
    ] {
        let path = story.path(place);
        let made = path
            .ancestors()
            .take_while(|above| !above.exists())
            .last()
            .unwrap();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "planted").unwrap();
        let audit = story.audit();
        let about = |named: &str| place == named || place.starts_with(&format!("{named}/"));
        let found = places(&audit);
        assert!(
            found.len() == 1 && found[0].0 == "log.file_foreign" && about(found[0].1),
            "{found:?}"
        );
        let removed = if made.is_dir() {
            fs::remove_dir_all(made)
        } else {
            fs::remove_file(made)
        };
        removed.unwrap();
    }
    for folder in ["log/other", "log/public/notes/deep"] {
        fs::create_dir_all(story.path(folder)).unwrap();
    }
    let audit = story.audit();
    assert!(
        names(&audit, "log.file_foreign", "log/other"),
        "{:?}",
        places(&audit)
    );
    assert!(names(&audit, "log.file_foreign", "log/public/notes"));
}

#[test]
fn a_lock_row_that_differs_from_checkpoint_and_entries_is_noticed() {
    let story = Story::told(114);
    let copy = fs::read(story.path("log.db")).unwrap();
    for change in [
        "UPDATE head SET size = size + 1 WHERE log = 'public'",
        "UPDATE head SET size = -1 WHERE log = 'public'",
        "UPDATE head SET root = zeroblob(32) WHERE log = 'closed'",
        "UPDATE head SET settled = size + 5 WHERE log = 'public'",
        "UPDATE head SET checkpoint = CAST(replace(CAST(checkpoint AS TEXT), 'A', 'B') AS BLOB)",
        "DELETE FROM head WHERE log = 'closed'",
        "UPDATE meta SET value = CAST('node.example.net/log' AS BLOB) WHERE key = 'origin'",
        "UPDATE meta SET value = CAST('real' AS BLOB) WHERE key = 'realm'",
        "UPDATE meta SET value = zeroblob(32) WHERE key = 'operator'",
    ] {
        let database = Connection::open(story.path("log.db")).unwrap();
        assert!(database.execute(change, []).unwrap() > 0);
        drop(database);
        let audit = story.audit();
        let what = change
            .split_whitespace()
            .nth(if change.starts_with('D') { 2 } else { 1 });
        let codes: Vec<_> = audit.findings.iter().map(|finding| finding.code).collect();
        assert!(!audit.is_clean(), "{change}");
        match what {
            Some("head") => assert!(
                codes.iter().any(|code| {
                    ["log.head_differs", "log.checkpoint_differs", "log.empty"].contains(code)
                }),
                "{change}: {codes:?}"
            ),
            _ => assert!(
                codes.iter().any(|code| {
                    [
                        "log.not_opened",
                        "statement.other_realm",
                        "log.operator_differs",
                    ]
                    .contains(code)
                }),
                "{change}: {codes:?}"
            ),
        }
        fs::write(story.path("log.db"), &copy).unwrap();
    }
    assert!(story.audit().is_clean());
}

#[test]
fn a_served_folder_is_audited_beside_its_writer() {
    let story = Story::told(115);
    let node = story.place.open().unwrap();
    let (party, key) = &story.clinic;
    let append = || {
        let mut draft = node.draft(Some(*party));
        draft.kind = ensign_trust::Code::literal("test.unheard_of");
        node.state_as(LogName::Public, *party, key, vec![draft; 1])
            .unwrap();
    };
    append();
    let mut sizes = Vec::new();
    for _ in 0..3 {
        let folder = Folder::at(story.place.folder());
        let options = Options {
            screen: false,
            kek: Some(story.kek()),
            cores: NonZero::<usize>::MIN,
        };
        // The log grows while the audit is under way.
        let audit = audit(&folder, Some(&story.anchors), options, &mut |_| append()).unwrap();
        assert_eq!(places(&audit), []);
        sizes.push(audit.logs[0].size);
        assert!(audit.logs[0].unsettled > 0);
        assert!(matches!(
            audit.vault,
            VaultAudit::Checked { unreadable: 0, .. }
        ));
    }
    assert!(sizes.is_sorted_by(|a, b| a < b), "{sizes:?}");
    // What is staged may be missing from the files as yet; everything else may not.
    fs::remove_dir_all(story.path("log/public/tile/entries/002.p")).unwrap();
    let settled = super::size(&node);
    let audit = story.audit();
    assert!(
        !audit.is_clean(),
        "entries before the last settling are lost of {settled}"
    );
}
