use ensign_prove::source::{Value, record_id};
use ensign_trust::logbook::LogName;
use ensign_trust::party::Registry;
use ensign_trust::{Code, StatementId};

use crate::*;

mod marks;
mod promises;
mod revocations;
mod story;
mod taken;
mod words;
use story::{OPERATOR, SOURCE, Story, code, key, row, with};

/// Every answer that the views give, as JSON.
fn answers(views: &Views) -> Vec<String> {
    let source = code(SOURCE);
    let incidents = views.incidents(&Filter::default(), None, MAX_PAGE).unwrap();
    let changes = views.changes(&source, None, None, MAX_PAGE).unwrap();
    let mut answers = vec![
        serde_json::to_string(&views.front().unwrap()).unwrap(),
        serde_json::to_string(&incidents).unwrap(),
        serde_json::to_string(&views.source(&source).unwrap()).unwrap(),
        serde_json::to_string(&changes).unwrap(),
    ];
    for row in incidents.rows {
        let incident = views.incident(&row.record.to_string()).unwrap();
        answers.push(serde_json::to_string(&incident).unwrap());
        answers.push(format!("{:?}", views.proof_set(row.record).unwrap()));
    }
    for log in [LogName::Public, LogName::Closed] {
        let page = views.log(log, None, MAX_PAGE).unwrap();
        answers.push(serde_json::to_string(&page).unwrap());
    }
    answers
}

fn incident(views: &Views, id: &str) -> Incident {
    views.incident(id).unwrap().unwrap()
}

fn kinds(changes: &[Change]) -> Vec<(ChangeKind, &str)> {
    let mut kinds = Vec::new();
    for change in changes {
        let field = change.field.as_ref();
        kinds.push((change.kind, field.map_or("", Code::as_str)));
    }
    kinds
}

#[test]
fn views_that_are_fed_again_give_the_same_answers_byte_for_byte() {
    let story = Story::eventful();
    let expected = answers(&story.views);
    let afresh = Views::in_memory().unwrap();
    story.tell(&afresh);
    assert_eq!(answers(&afresh), expected);
    story.tell(&afresh);
    assert_eq!(
        answers(&afresh),
        expected,
        "batches that are known are skipped"
    );
    story.views.clear().unwrap();
    assert_eq!(story.views.position(LogName::Public).unwrap(), 0);
    assert_eq!(story.views.registry().unwrap(), Registry::default());
    story.tell(&story.views);
    assert_eq!(answers(&story.views), expected);
}

#[test]
fn views_on_disk_go_on_where_they_were_closed() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::eventful_in(Views::open(folder.path()).unwrap());
    let (expected, registry) = (answers(&story.views), story.views.registry().unwrap());
    let Story { views, .. } = story;
    drop(views);
    let again = Views::open(folder.path()).unwrap();
    assert_eq!(answers(&again), expected);
    assert_eq!(again.registry().unwrap(), registry);
}

#[test]
fn a_view_whose_file_is_gone_makes_all_of_them_begin_again() {
    for file in ["ledger.db", "mark.db", "party.db", "source.db"] {
        let folder = tempfile::tempdir().unwrap();
        let Story { views, batches, .. } = Story::eventful_in(Views::open(folder.path()).unwrap());
        let expected = answers(&views);
        drop(views);
        for end in ["", "-wal", "-shm"] {
            let path = folder.path().join(format!("{file}{end}"));
            assert!(std::fs::remove_file(&path).is_ok() || !end.is_empty());
        }
        let views = Views::open(folder.path()).unwrap();
        assert_eq!(views.position(LogName::Public).unwrap(), 0, "{file}");
        for batch in &batches {
            views
                .apply(batch.log, batch.first, &batch.entries, batch.received)
                .unwrap();
        }
        assert_eq!(answers(&views), expected, "{file}");
    }
}

#[test]
fn a_view_of_another_format_is_outdated() {
    let folder = tempfile::tempdir().unwrap();
    drop(Views::open(folder.path()).unwrap());
    let file = folder.path().join("source.db");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(other);
    let error = Views::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Outdated { found: 99, path, .. } if path == file));
}

#[test]
fn a_gap_and_a_batch_without_its_receipt_are_refused() {
    let story = Story::eventful();
    let afresh = Views::in_memory().unwrap();
    let public = |n: usize| {
        let mut batches = story
            .batches
            .iter()
            .filter(|batch| batch.log == LogName::Public);
        batches.nth(n).unwrap()
    };
    let (first, second) = (public(0), public(1));
    let apply = |batch: &story::Appended, entries, received| {
        afresh.apply(batch.log, batch.first, entries, received)
    };
    let gap = apply(second, &second.entries, second.received);
    assert!(matches!(
        gap,
        Err(Error::Gap {
            expected: 0,
            found: 5,
            ..
        })
    ));
    let cut = apply(first, &first.entries[..4], first.received);
    assert!(matches!(cut, Err(Error::NotABatch { first: 0, .. })));
    let late = apply(first, &first.entries, first.received + 1);
    assert!(matches!(late, Err(Error::NotABatch { .. })));
    let closed = story.batches.last().unwrap();
    assert_eq!(closed.log, LogName::Closed);
    let ahead = apply(closed, &closed.entries, closed.received);
    assert!(matches!(
        ahead,
        Err(Error::Gap {
            log: LogName::Public,
            expected: 0,
            ..
        })
    ));
    assert_eq!(afresh.position(LogName::Public).unwrap(), 0);
}

#[test]
fn what_a_source_changed_later_is_listed_field_by_field() {
    let story = Story::eventful();
    let changes = |id| incident(&story.views, id).changes;
    assert_eq!(kinds(&changes("H001")), []);
    assert_eq!(
        kinds(&changes("H002")),
        [
            (ChangeKind::Changed, "killed"),
            (ChangeKind::Changed, "place"),
            (ChangeKind::Changed, "killed"),
        ],
        "the last run has no column for the place, so the place stands"
    );
    assert_eq!(
        kinds(&changes("H003")),
        [
            (ChangeKind::Changed, "country"),
            (ChangeKind::Changed, "date")
        ]
    );
    assert_eq!(
        kinds(&changes("H004")),
        [(ChangeKind::Absent, ""), (ChangeKind::ListedAgain, "")]
    );
    assert_eq!(
        kinds(&changes("H020")),
        [(ChangeKind::AddedLate, ""), (ChangeKind::Absent, "")]
    );
    assert_eq!(
        kinds(&changes("H050")),
        [],
        "no run covered its date before, none after"
    );
    let moved = &changes("H003")[1];
    let date = |text: &str| Shown {
        blank: false,
        coded: Some(code(text).into()),
        text: None,
    };
    assert_eq!(moved.was, Some(date("2031-01-03")));
    assert_eq!(moved.now, Some(date("2031-01-05")));

    let page = story.views.source(&code(SOURCE)).unwrap().unwrap();
    let counts = page.summary.changes;
    assert_eq!(
        (
            counts.added_late,
            counts.changed,
            counts.absent,
            counts.listed_again
        ),
        (1, 5, 2, 1)
    );
    assert_eq!(
        (
            page.summary.records,
            page.summary.not_listed,
            page.runs.len()
        ),
        (6, 1, 3)
    );
    assert_eq!(
        page.runs.iter().map(|run| run.rows).collect::<Vec<_>>(),
        [4, 5, 4]
    );
}

#[test]
fn the_pages_of_a_list_of_changes_are_the_whole_list() {
    let story = Story::eventful();
    let source = code(SOURCE);
    let all = story.views.changes(&source, None, None, MAX_PAGE).unwrap();
    assert_eq!((all.rows.len() as u64, all.total), (9, 9));
    let newest_first =
        |pair: &[Change]| (pair[0].index, pair[0].order) > (pair[1].index, pair[1].order);
    assert!(all.rows.windows(2).all(newest_first));
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = story.views.changes(&source, None, after, 2).unwrap();
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(rows, all.rows);
    for kind in ChangeKind::ALL {
        let page = story
            .views
            .changes(&source, Some(kind), None, MAX_PAGE)
            .unwrap();
        let of_kind: Vec<_> = all
            .rows
            .iter()
            .filter(|row| row.kind == kind)
            .cloned()
            .collect();
        assert_eq!((page.total, page.rows), (of_kind.len() as u64, of_kind));
    }
}

#[test]
fn an_incident_has_its_fields_statements_and_runs() {
    let story = Story::eventful();
    let by_source = incident(&story.views, "H002");
    let record = by_source.row.record;
    assert_eq!(record, record_id(&code(SOURCE), &code("H002")));
    assert_eq!(incident(&story.views, &record.to_string()), by_source);
    let field = |name: &str| {
        let mut fields = by_source.fields.iter();
        fields.find(|row| row.field == name).unwrap()
    };
    assert_eq!(field("killed").value.coded, Some(2.into()));
    let place = field("place").value.text.unwrap();
    assert_eq!(story.vault[place.as_bytes()].text(), "south quay");
    assert_eq!(by_source.statements.len(), 3);
    assert_eq!(by_source.runs.len(), 3);
    for entry in &by_source.statements {
        assert_eq!(
            story.entry(LogName::Public, entry.index).id(),
            entry.statement
        );
        let receipt = story.entry(LogName::Public, entry.receipt);
        assert_eq!(receipt.kind, "log.received");
        assert_eq!(
            story.views.entry(entry.statement).unwrap().as_ref(),
            Some(entry)
        );
    }
    assert_eq!(by_source.row.killed, Some(2));
    assert_eq!(story.views.incident("H999").unwrap(), None);
    assert_eq!(story.views.incident("not an id").unwrap(), None);
    assert_eq!(
        story.views.entry(StatementId::from_bytes([1; 32])).unwrap(),
        None
    );
}

#[test]
fn what_does_not_count_is_shown_and_changes_nothing() {
    let mut story = Story::opened();
    story.imports(
        "2031-01-01",
        "2031-01-31",
        vec![row("H001", "2031-01-01", "XAA", 1)],
    );
    let before = (
        story.views.front().unwrap().killed,
        incident(&story.views, "H001"),
    );
    let ids = story.meddles();
    let after = incident(&story.views, "H001");
    assert_eq!(
        (story.views.front().unwrap().killed, &after.row),
        (before.0, &before.1.row)
    );
    assert_eq!(after.fields, before.1.fields);
    assert_eq!(
        after.statements.len(),
        3,
        "also the forged one and the one not understood"
    );
    let mut shown: Vec<_> = ids
        .into_iter()
        .map(|id| story.views.entry(id).unwrap().unwrap())
        .map(|entry| {
            (
                entry.index,
                entry.kind.to_string(),
                entry.understood,
                entry.refusal,
            )
        })
        .collect();
    shown.sort();
    let refusal = |code: &str| Some(code.to_owned());
    let shown: Vec<_> = shown
        .into_iter()
        .map(|(_, kind, known, why)| (kind, known, why))
        .collect();
    assert_eq!(
        shown,
        [
            ("source.stated".to_owned(), true, refusal("mandate.missing")),
            ("verdict.pronounced".to_owned(), false, None),
            (
                "source.stated".to_owned(),
                true,
                refusal("statement.malformed")
            ),
        ]
    );
}

#[test]
fn the_front_adds_up() {
    let story = Story::eventful();
    let front = story.views.front().unwrap();
    let all = story
        .views
        .incidents(&Filter::default(), None, MAX_PAGE)
        .unwrap()
        .rows;
    let killed = |rows: &[IncidentRow]| rows.iter().filter_map(|row| row.killed).sum::<u64>();
    assert_eq!((front.incidents, front.killed), (6, killed(&all)));
    assert_eq!(front.killed, 1 + 2 + 3 + 4 + 9);
    assert_eq!(front.not_listed, 1);
    let months: Vec<_> = front
        .months
        .iter()
        .map(|row| (row.month.as_str(), row.incidents))
        .collect();
    assert_eq!(months, [("2031-01", 5), ("2031-02", 1)]);
    let countries = front.by_country.iter();
    let countries: Vec<_> = countries
        .map(|row| {
            (
                row.country.as_ref().map(Code::as_str),
                row.incidents,
                row.killed,
            )
        })
        .collect();
    assert_eq!(
        countries,
        [
            (Some("XAA"), 3, 7),
            (Some("XBB"), 2, 3),
            (Some("XCC"), 1, 9)
        ]
    );
    assert_eq!(front.countries, 3);
    assert_eq!(front.by_certainty.len(), 1);
    assert_eq!(front.first_date, Some(code("2031-01-01")));
    assert_eq!(front.last_date, Some(code("2031-02-10")));
    let sizes: Vec<_> = front
        .logs
        .iter()
        .map(|log| (log.log, log.entries))
        .collect();
    assert_eq!(
        sizes,
        [LogName::Public, LogName::Closed].map(|log| (log, story.size(log)))
    );
    assert_eq!(front.sources.len(), 1);
    assert_eq!(front.sources[0].last_run.as_ref().unwrap().rows, 4);
}

#[test]
fn every_filter_gives_what_going_through_all_incidents_gives() {
    let mut story = Story::eventful();
    let bare = |id: &str| ensign_prove::source::Row {
        values: [(code("country"), Value::Text("Atlantis".to_owned()))].into(),
        ..row(id, "2031-03-03", "XAA", 0)
    };
    story.imports(
        "2031-03-01",
        "2031-03-31",
        vec![bare("H101"), bare("H102"), bare("H100")],
    );
    let all = story
        .views
        .incidents(&Filter::default(), None, MAX_PAGE)
        .unwrap()
        .rows;
    assert_eq!(all.len(), 9);
    let order = |row: &IncidentRow| (row.date.clone(), row.source_id.clone());
    assert!(all.windows(2).all(|pair| order(&pair[0]) > order(&pair[1])));
    let texts = |texts: &[&str]| -> Vec<Option<Code>> {
        let some = texts.iter().map(|text| Some(code(text)));
        [None].into_iter().chain(some).collect()
    };
    let mut asked = 0;
    for country in texts(&["XAA", "XBB", "XQQ"]) {
        for certainty in texts(&["confirmed"]) {
            for attack_type in texts(&["theft", "flood"]) {
                for from in texts(&["2031-01-03"]) {
                    for (changed, listed) in [
                        (None, None),
                        (Some(true), None),
                        (Some(false), Some(true)),
                        (None, Some(false)),
                    ] {
                        let filter = Filter {
                            source: None,
                            country: country.clone(),
                            certainty: certainty.clone(),
                            attack_type: attack_type.clone(),
                            until: from.as_ref().map(|_| code("2031-02-10")),
                            from: from.clone(),
                            changed,
                            listed,
                        };
                        check(&story.views, &filter, &all);
                        asked += 1;
                    }
                }
            }
        }
    }
    assert_eq!(asked, 4 * 2 * 3 * 2 * 4);
    let of_source = |source| Filter {
        source: Some(code(source)),
        ..Filter::default()
    };
    check(&story.views, &of_source(SOURCE), &all);
    check(&story.views, &of_source("nobody"), &all);
}

/// Compares a list, page by page, with the incidents that a plain reading of the filter lets
/// through.
fn check(views: &Views, filter: &Filter, all: &[IncidentRow]) {
    let is =
        |asked: &Option<Code>, found: Option<&Code>| asked.is_none() || asked.as_ref() == found;
    let fits = |row: &&IncidentRow| {
        is(&filter.source, Some(&row.source))
            && is(&filter.country, row.country.as_ref())
            && is(&filter.certainty, row.certainty.as_ref())
            && filter
                .attack_type
                .as_ref()
                .is_none_or(|asked| row.attack_types.contains(asked))
            && filter.from.as_ref().is_none_or(|from| *from <= row.date)
            && filter.until.as_ref().is_none_or(|until| row.date <= *until)
            && filter
                .changed
                .is_none_or(|changed| changed == (row.changes > 0))
            && filter.listed.is_none_or(|listed| listed == row.listed)
    };
    let expected: Vec<IncidentRow> = all.iter().filter(fits).cloned().collect();
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = views.incidents(filter, after.as_ref(), 2).unwrap();
        assert_eq!(page.total, expected.len() as u64, "{filter:?}");
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(rows, expected, "{filter:?}");
}

#[test]
fn the_entries_that_prove_a_record_make_its_statements_count_for_a_stranger() {
    let mut story = Story::opened();
    let founding = story.founding(3);
    let importer = founding.id().into();
    let mandate = story.grant(importer, "importer", Some(SOURCE));
    let others = story.founding(4);
    let other = story.grant(others.id().into(), "importer", None);
    let irrelevant = others.id();
    story.append(LogName::Public, vec![founding, mandate, others, other]);
    let rows = |killed| {
        vec![
            row("H001", "2031-01-01", "XAA", killed),
            row("H002", "2031-01-02", "XAA", 1),
        ]
    };
    story.imports_as(importer, 3, "2031-01-01", "2031-01-31", rows(1));
    story.imports_as(importer, 3, "2031-01-01", "2031-01-31", rows(2));
    let record = record_id(&code(SOURCE), &code("H001"));
    let indexes = story.views.proof_set(record).unwrap();
    assert!(indexes.is_sorted());
    let entries: Vec<_> = indexes
        .iter()
        .map(|index| (*index, story.entry(LogName::Public, *index)))
        .collect();
    let mut registry = Registry::default();
    let mut about = 0;
    for (index, statement) in &entries {
        let received = story.views.entry(statement.id()).unwrap().unwrap().received;
        registry.admit(statement, *index, received, need).unwrap();
        registry = registry.apply(statement, *index, received);
        about += usize::from(statement.subject == Some(code(&record.to_string())));
    }
    assert_eq!(about, 2);
    let covered = |index: u64| {
        let receipt = story.views.entry(story.entry(LogName::Public, index).id());
        indexes.contains(&receipt.unwrap().unwrap().receipt)
    };
    assert!(indexes.iter().all(|index| covered(*index)));
    let has = |id| entries.iter().any(|(_, statement)| statement.id() == id);
    assert!(!has(irrelevant), "another party's founding is not needed");
    let two = record_id(&code(SOURCE), &code("H002")).to_string();
    assert!(
        !entries
            .iter()
            .any(|(_, statement)| statement.subject == Some(code(&two)))
    );
    let nobody = record_id(&code(SOURCE), &code("H999"));
    assert!(story.views.proof_set(nobody).unwrap().is_empty());
}

#[test]
fn no_text_of_a_disclosure_comes_near_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "Q7-PLANTED-WORDS";
    let mut story = Story::opened_in(Views::open(folder.path()).unwrap());
    for text in [secret, "other words"] {
        let row = with(
            row("H001", "2031-01-01", "XAA", 1),
            "place",
            Value::Text(text.to_owned()),
        );
        story.imports("2031-01-01", "2031-01-31", vec![row]);
    }
    let change = &incident(&story.views, "H001").changes[0];
    let was = change.was.as_ref().unwrap().text.unwrap();
    assert_eq!(story.vault[was.as_bytes()].text(), secret);
    assert!(
        answers(&story.views)
            .iter()
            .all(|answer| !answer.contains(secret))
    );
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(files.len() >= 3);
    for file in files {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found);
    }
}

#[test]
fn missing_records_are_those_that_are_listed_inside_the_dates_and_were_not_seen() {
    let mut story = Story::opened();
    let id = |n: u64| format!("H{n:04}");
    let all = |n: u64| {
        row(
            &id(n),
            if n < 700 { "2031-01-10" } else { "2031-03-10" },
            "XAA",
            n,
        )
    };
    story.imports("2031-01-01", "2031-12-31", (0..800).map(all).collect());
    let record = |n: u64| record_id(&code(SOURCE), &code(&id(n)));
    let mut absence = story.views.absence(&code(SOURCE)).unwrap();
    assert_eq!(absence.see(record(5), 2).unwrap(), None);
    assert_eq!(absence.see(record(6), 3).unwrap(), None);
    assert_eq!(absence.see(record(5), 9).unwrap(), Some(2));
    assert_eq!(absence.first_line(record(5)).unwrap(), Some(2));
    assert_eq!(absence.first_line(record(7)).unwrap(), None);
    let (from, until) = (code("2031-01-01"), code("2031-03-09"));
    assert_eq!(absence.count_missing(&from, &until).unwrap(), 698);
    let mut missing = Vec::new();
    let mut take = |record: Record| {
        missing.push(record.foreign_id.to_string());
        Ok::<(), Error>(())
    };
    absence.missing(&from, &until, &mut take).unwrap();
    let expected: Vec<_> = (0..700).filter(|n| !(5..=6).contains(n)).map(id).collect();
    assert_eq!(missing, expected);
    drop(absence);
    story.imports("2031-01-01", "2031-03-09", vec![all(5), all(6)]);
    let absence = story.views.absence(&code(SOURCE)).unwrap();
    assert_eq!(
        absence.count_missing(&from, &until).unwrap(),
        2,
        "absent ones are not missing again"
    );
}

#[test]
fn an_id_that_several_sources_use_is_ambiguous() {
    let mut story = Story::opened();
    let anywhere = story.grant(story.operator, "importer", None);
    story.append(LogName::Public, vec![anywhere]);
    story.imports(
        "2031-01-01",
        "2031-01-31",
        vec![row("H001", "2031-01-01", "XAA", 1)],
    );
    let mut other = row("H001", "2031-01-01", "XAA", 2);
    other.source = code("coast-watch");
    story.imports("2031-01-01", "2031-01-31", vec![other]);
    let error = story.views.incident("H001").unwrap_err();
    let Error::Ambiguous { records, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(records.len(), 2);
    for record in records {
        assert!(story.views.incident(&record.to_string()).unwrap().is_some());
    }
}

#[test]
fn a_log_is_paged_from_its_newest_entry_on() {
    let story = Story::eventful();
    for log in [LogName::Public, LogName::Closed] {
        let mut indexes = Vec::new();
        let mut before = None;
        loop {
            let page = story.views.log(log, before, 4).unwrap();
            assert_eq!(page.total, story.size(log));
            indexes.extend(page.rows.iter().map(|row| row.index));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(indexes, (0..story.size(log)).rev().collect::<Vec<_>>());
    }
    let page = story.views.log(LogName::Public, Some(u64::MAX), 1).unwrap();
    assert_eq!(page.rows[0].index, story.size(LogName::Public) - 1);
    assert_eq!(page.rows[0].kind, "log.received");
    assert_eq!(page.rows[0].key, key(OPERATOR).id());
}

#[test]
fn readers_see_whole_batches_while_the_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::opened();
    for batch in 0..12_u64 {
        let rows = (0..10).map(|n| row(&format!("H{batch:02}{n}"), "2031-01-10", "XAA", 1));
        story.imports("2031-02-01", "2031-02-28", rows.collect());
    }
    let views = Views::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            while last < 120 {
                let front = views.front().unwrap();
                assert_eq!(front.incidents % 10, 0);
                assert_eq!(front.killed, front.incidents);
                assert!(front.incidents >= last);
                last = front.incidents;
            }
        });
        story.tell(&views);
        reader.join().unwrap();
    });
}
