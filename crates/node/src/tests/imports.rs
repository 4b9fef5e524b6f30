use std::fmt::Write as _;

use ensign_prove::source;
use ensign_trust::Code;
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::{Bundle, BundleError};
use ensign_trust::logbook::LogName;
use ensign_views::ChangeKind;

use super::{BEGIN, Place, files};
use crate::command::Covers;
use crate::error::Error;
use crate::import::ImportAnswer;
use crate::node::Node;

const HEADER: &str = "Attack ID,Attack Date,Country / Territory,Certainty Level,Attack Type,\
    Total Injured,Total Death,HC Facilities,Facility Other";
const SHELLING: &str = "\"Violence with heavy weapons (requires more than one person to use such as \
    firearms, tanks, missiles, bombs, mortars)\"";

/// Six invented rows.
fn first() -> String {
    let mut text = format!("{HEADER}\n");
    for (id, date, dead, other) in [
        ("ARA000001", "3/1/25 12:00 AM", "0.0", ""),
        ("ARA000002", "3/2/25 12:00 AM", "1.0", "Dialysis clinic"),
        ("ARA000003", "3/5/25 12:00 AM", "0.0", ""),
        ("BEL000004", "3/9/25 12:00 AM", "2.0", "Blood bank"),
        ("BEL000005", "3/12/25 12:00 AM", "0.0", ""),
        ("BEL000006", "3/20/25 12:00 AM", "0.0", "Ambulance garage"),
    ] {
        let country = if id.starts_with('A') {
            "Aranthia (invented)"
        } else {
            "Belvoria (invented)"
        };
        writeln!(
            text,
            "{id},{date},{country},Confirmed,{SHELLING},1.0,{dead},YES,{other}"
        )
        .unwrap();
    }
    text
}

/// The same, months later: one late row, three changed, one reformatted throughout, one missing.
fn second() -> String {
    let mut text = format!("{HEADER}\n");
    for (id, date, level, injured, dead, other) in [
        (
            "BEL000006",
            "2025-03-20",
            "Confirmed",
            " 1 ",
            "0",
            "  Ambulance \u{a0} garage ",
        ),
        ("ARA000001", "3/1/2025", "Probable", "1", "0", ""),
        (
            "ARA000002",
            "3/2/25 9:15 AM",
            "Confirmed",
            "1.0",
            "1.0",
            "Maternity clinic",
        ),
        (
            "BEL000004",
            "3/10/25 12:00 AM",
            "Confirmed",
            "1",
            "2.00",
            "Blood bank",
        ),
        (
            "BEL000005",
            "3/12/25 12:00 AM",
            "confirmed",
            "1.0",
            "0.0",
            "",
        ),
        (
            "ARA000007",
            "3/4/25 12:00 AM",
            "Confirmed",
            "0.0",
            "0.0",
            "",
        ),
    ] {
        let country = if id.starts_with('A') {
            "Aranthia (invented)"
        } else {
            "Belvoria (invented)"
        };
        writeln!(
            text,
            "{id},{date},{country},{level},{SHELLING},{injured},{dead},YES,{other}"
        )
        .unwrap();
    }
    text
}

fn import(node: &Node, place: &Place, text: &str) -> ImportAnswer {
    let path = place.file("export.csv", text);
    node.import("who-ssa", &path, None, &mut |_| ()).unwrap()
}

/// `rows, added, changed, absent, unchanged, rejected`.
fn counts(answer: &ImportAnswer) -> [u64; 6] {
    [
        answer.rows,
        answer.added,
        answer.changed,
        answer.absent,
        answer.unchanged,
        answer.rejected,
    ]
}

fn size(node: &Node) -> u64 {
    node.log(LogName::Public).head().unwrap().unwrap().size
}

/// Kind, id and field of every change, oldest first.
fn changes(node: &Node) -> Vec<(ChangeKind, String, Option<String>)> {
    let source = Code::literal("who-ssa");
    let page = node.views().changes(&source, None, None, 100).unwrap();
    let mut rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            (
                row.kind,
                row.source_id.to_string(),
                row.field.as_ref().map(Code::to_string),
            )
        })
        .collect();
    rows.sort_by(|a, b| (&a.1, &a.2).cmp(&(&b.1, &b.2)));
    rows
}

#[test]
fn a_second_import_of_the_same_file_states_nothing_but_the_run() {
    let place = Place::new(20);
    let node = place.init();
    let answer = import(&node, &place, &first());
    assert_eq!(counts(&answer), [6, 6, 0, 0, 0, 0]);
    assert_eq!(
        (answer.covers.from.as_str(), answer.covers.until.as_str()),
        ("2025-03-01", "2025-03-20")
    );
    let before = size(&node);
    assert_eq!(counts(&import(&node, &place, &first())), [6, 0, 0, 0, 6, 0]);
    assert_eq!(size(&node), before + 2, "the run and its receipt");
    assert_eq!(changes(&node), []);
}

#[test]
fn exactly_the_real_changes_of_a_second_export_are_found() {
    let place = Place::new(21);
    let node = place.init();
    import(&node, &place, &first());
    place.clock.set(BEGIN + 86_400);
    assert_eq!(
        counts(&import(&node, &place, &second())),
        [6, 1, 3, 1, 2, 0]
    );
    let row = |kind, id: &str, field: Option<&str>| (kind, id.to_owned(), field.map(str::to_owned));
    assert_eq!(
        changes(&node),
        [
            row(ChangeKind::Changed, "ARA000001", Some("certainty")),
            row(ChangeKind::Changed, "ARA000002", Some("facility_other")),
            row(ChangeKind::Absent, "ARA000003", None),
            row(ChangeKind::AddedLate, "ARA000007", None),
            row(ChangeKind::Changed, "BEL000004", Some("date")),
        ]
    );
    // And back: the missing row is listed again, the late one is missing.
    assert_eq!(counts(&import(&node, &place, &first())), [6, 0, 4, 1, 2, 0]);
}

#[test]
fn a_column_that_is_absent_says_nothing() {
    let place = Place::new(22);
    let node = place.init();
    import(&node, &place, &first());
    let narrow: String = first()
        .lines()
        .map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n")
        .collect();
    assert_eq!(counts(&import(&node, &place, &narrow)), [6, 0, 0, 0, 6, 0]);
}

#[test]
fn a_row_is_missing_only_inside_the_dates_that_the_file_covers() {
    let place = Place::new(23);
    let node = place.init();
    import(&node, &place, &first());
    let later: String = first()
        .lines()
        .filter(|line| !line.starts_with("ARA"))
        .map(|l| l.to_owned() + "\n")
        .collect();
    assert_eq!(counts(&import(&node, &place, &later)), [3, 0, 0, 0, 3, 0]);
    let path = place.file("covered.csv", &later);
    let covers = Covers {
        from: "2025-03-02".to_owned(),
        until: "2025-03-31".to_owned(),
    };
    let answer = node
        .import("who-ssa", &path, Some(&covers), &mut |_| ())
        .unwrap();
    assert_eq!(counts(&answer), [3, 0, 0, 2, 3, 0]);
    let backwards = Covers {
        from: covers.until,
        until: covers.from,
    };
    let refused = node.import("who-ssa", &path, Some(&backwards), &mut |_| ());
    assert!(matches!(refused, Err(Error::Argument { .. })));
}

#[test]
fn rejected_rows_are_listed_with_line_column_and_reason_and_the_others_count() {
    let place = Place::new(24);
    let node = place.init();
    let mut text = first();
    text.push_str("ARA000008,13/40/25,Aranthia (invented),Confirmed,,1,0,YES,\n");
    text.push_str("ARA000001,3/1/25,Aranthia (invented),Confirmed,,1,0,YES,\n");
    text.push_str("ARA000009,3/1/25,Aranthia (invented),Confirmed,,minus one,0,YES,\n");
    let answer = import(&node, &place, &text);
    assert_eq!(counts(&answer), [9, 6, 0, 0, 0, 3]);
    let listed: Vec<_> = answer
        .rejections
        .iter()
        .map(|row| (row.line, row.column.as_deref(), row.reason.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            (8, Some("Attack Date"), "import.row.bad_date"),
            (9, None, "import.row.duplicate_id"),
            (10, Some("Total Injured"), "import.row.bad_count"),
        ]
    );
    assert_eq!(
        counts(&import(&node, &place, &text)),
        [9, 0, 0, 0, 6, 3],
        "nothing false comes later"
    );
}

#[test]
fn a_record_whose_row_cannot_be_read_is_not_said_to_be_missing() {
    let place = Place::new(30);
    let node = place.init();
    import(&node, &place, &first());
    let broken = first().replace("ARA000003,3/5/25", "ARA000003,3/45/25");
    assert_eq!(counts(&import(&node, &place, &broken)), [6, 0, 0, 0, 5, 1]);
}

#[test]
fn a_file_that_is_no_export_is_refused_and_nothing_is_stated() {
    let place = Place::new(25);
    let node = place.init();
    let before = size(&node);
    for text in ["", "a,b\n1,2\n", "Attack ID,Attack Date\n"] {
        let path = place.file("bad.csv", text);
        let refused = node.import("who-ssa", &path, None, &mut |_| ());
        assert!(
            matches!(
                refused,
                Err(Error::Import { .. } | Error::ImportEmpty { .. })
            ),
            "{text:?}: {refused:?}"
        );
    }
    let unknown = node.import("unheard-of", &place.file("x.csv", ""), None, &mut |_| ());
    assert!(matches!(unknown, Err(Error::Importer { .. })));
    assert_eq!(size(&node), before);
}

#[test]
fn a_file_is_kept_once_and_one_that_is_refused_is_not_kept() {
    let place = Place::new(31);
    let node = place.init();
    let kept = || node.blobs.list().unwrap();
    let rows = || node.vault.stored().rows("import", None, 10).unwrap();
    let headings = place.file("headings.csv", &format!("{HEADER}\n"));
    for path in [place.file("bad.csv", "a,b\n1,2\n"), headings] {
        let refused = node.import("who-ssa", &path, None, &mut |_| ());
        assert!(refused.is_err());
        assert_eq!((kept(), rows()), (vec![], vec![]));
    }
    let answer = import(&node, &place, &first());
    let once = kept();
    assert_eq!((once.len(), rows()), (1, vec![answer.file]));
    import(&node, &place, &first());
    assert_eq!(kept(), once);
    // A copy that is lost is made anew.
    node.blobs.delete(&once[0]).unwrap();
    import(&node, &place, &first());
    assert_eq!((kept().len(), rows().len()), (1, 1));
}

#[test]
fn a_file_that_changes_while_it_is_imported_is_signed_as_it_was_taken_in() {
    let place = Place::new(32);
    let node = place.init();
    let path = place.file("export.csv", &first());
    let mut change = |step: crate::command::Progress| {
        if step.stage == "reading" {
            std::fs::write(&path, second()).unwrap();
        }
    };
    let answer = node.import("who-ssa", &path, None, &mut change).unwrap();
    assert_eq!(counts(&answer), [6, 6, 0, 0, 0, 0]);
    assert_eq!(counts(&import(&node, &place, &first())), [6, 0, 0, 0, 6, 0]);
}

#[test]
fn planted_free_text_lies_in_no_file_of_a_stopped_node() {
    let place = Place::new(26);
    let node = place.init();
    import(&node, &place, &first());
    import(&node, &place, &second());
    drop(node);
    for file in files(&place.folder()) {
        let bytes = std::fs::read(&file).unwrap();
        for planted in [
            "Dialysis clinic",
            "Maternity clinic",
            "Blood bank",
            "Ambulance garage",
        ] {
            let found = bytes
                .windows(planted.len())
                .any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {}", file.display());
        }
    }
}

#[test]
fn a_bundle_convinces_a_stranger_and_tells_another_node_apart() {
    let place = Place::new(27);
    let node = place.init();
    import(&node, &place, &first());
    import(&node, &place, &second());
    let anchors: Anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
    let record = source::record_id(&Code::literal("who-ssa"), &Code::literal("ARA000002"));
    for id in ["ARA000002".to_owned(), record.to_string()] {
        let (bundle, size) = node.incident_bundle(&id).unwrap();
        let bundle = Bundle::decode(&bundle.encode()).unwrap();
        let verified = bundle.verify(Some(&anchors), ensign_views::need).unwrap();
        assert!(verified.anchored);
        assert_eq!(verified.checkpoint.checkpoint().size, size);
        let texts: Vec<_> = verified.disclosures.iter().map(|one| one.text()).collect();
        for text in ["Dialysis clinic", "Maternity clinic"] {
            assert!(texts.contains(&text), "{texts:?}");
        }
        let stated = verified
            .statements
            .iter()
            .filter(|one| one.statement.kind == "source.stated");
        assert_eq!(stated.count(), 2);
        assert!(!bundle.verify(None, ensign_views::need).unwrap().anchored);

        let elsewhere = Place::new(28);
        let other = elsewhere.init();
        import(&other, &elsewhere, &first());
        let foreign = other.incident_bundle(&id).unwrap().0;
        assert!(foreign.verify(None, ensign_views::need).is_ok());
        let refused = foreign.verify(Some(&anchors), ensign_views::need);
        assert_eq!(refused.map(|_| ()), Err(BundleError::ForeignLog));
    }
    assert!(matches!(
        node.incident_bundle("ARA999999"),
        Err(Error::NotFound { .. })
    ));
}

#[test]
fn views_that_are_rebuilt_or_lost_answer_the_same_byte_for_byte() {
    let place = Place::new(29);
    let node = place.init();
    import(&node, &place, &first());
    import(&node, &place, &second());
    let source = Code::literal("who-ssa");
    let answers = |node: &Node| {
        let views = node.views();
        let json = |value: serde_json::Result<String>| value.unwrap();
        [
            json(serde_json::to_string(&views.front().unwrap())),
            json(serde_json::to_string(&views.source(&source).unwrap())),
            json(serde_json::to_string(&views.incident("ARA000002").unwrap())),
            json(serde_json::to_string(
                &views.log(LogName::Public, None, 100).unwrap(),
            )),
            json(serde_json::to_string(
                &views.log(LogName::Closed, None, 100).unwrap(),
            )),
            json(serde_json::to_string(
                &views.changes(&source, None, None, 100).unwrap(),
            )),
        ]
    };
    let before = answers(&node);
    node.rebuild_views(&mut |_| ()).unwrap();
    assert_eq!(answers(&node), before);
    drop(node);
    std::fs::remove_dir_all(place.folder().join("views")).unwrap();
    assert_eq!(answers(&place.open().unwrap()), before);
}
