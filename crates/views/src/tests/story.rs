//! An invented log: a harbour watch publishes, a node imports, a stranger meddles.

use std::collections::{BTreeMap, BTreeSet};

use ensign_prove::source::{self, Act, Counts, Outcome, Row, Run, Value};
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::{self, LogName, Receipt};
use ensign_trust::{Code, Coded, Disclosure, Draft, PartyId, Realm, Statement, StatementId, party};

use crate::Views;

/// A batch as it was appended.
pub struct Appended {
    pub log: LogName,
    pub first: u64,
    pub entries: Vec<Statement>,
    pub received: u64,
}

/// A node, its views, and all that it ever appended.
pub struct Story {
    pub views: Views,
    pub batches: Vec<Appended>,
    pub operator: PartyId,
    pub vault: BTreeMap<[u8; 32], Disclosure>,
    sizes: BTreeMap<LogName, u64>,
    unique: u64,
}

pub const SOURCE: &str = "harbour-watch";
pub const OPERATOR: u8 = 1;
const START: u64 = 1_930_000_000;

pub fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// A row with country, certainty, killed and attack types.
pub fn row(id: &str, date: &str, country: &str, killed: u64) -> Row {
    let values = [
        (
            "attack_types",
            Value::Coded(Coded::codes([code("arson"), code("theft")])),
        ),
        ("certainty", Value::Coded(code("confirmed").into())),
        ("country", Value::Coded(code(country).into())),
        ("killed", Value::Coded(killed.into())),
    ];
    Row {
        source: code(SOURCE),
        foreign_id: code(id),
        date: code(date),
        values: values.map(|(field, value)| (code(field), value)).into(),
    }
}

pub fn with(mut row: Row, field: &str, value: Value) -> Row {
    row.values.insert(code(field), value);
    row
}

impl Story {
    /// A public log that the operator has opened, with mandates to operate and to import.
    pub fn opened() -> Self {
        Story::opened_in(Views::in_memory().unwrap())
    }

    pub fn opened_in(views: Views) -> Self {
        let mut story = Story {
            views,
            batches: Vec::new(),
            operator: PartyId::from_bytes([0; 32]),
            vault: BTreeMap::new(),
            sizes: BTreeMap::new(),
            unique: 0,
        };
        let founding = story.founding(OPERATOR);
        story.operator = founding.id().into();
        let opened = story.opening();
        let operates = story.grant(story.operator, "operator", None);
        let imports = story.grant(story.operator, "importer", Some(SOURCE));
        story.append(LogName::Public, vec![founding, opened, operates, imports]);
        story
    }

    pub fn opening(&mut self) -> Statement {
        let mut draft = self.draft(Some(self.operator));
        let opened = logbook::Entry::Opened {
            origin: code("node.example.org/log"),
            log_key: [1; 32],
            cosigner_key: [2; 32],
        };
        opened.write(&mut draft);
        draft.sign(&key(OPERATOR)).unwrap()
    }

    pub fn founding(&mut self, seed: u8) -> Statement {
        let act = party::Act::Founded {
            key: key(seed).public(),
            nature: code("body"),
        };
        let mut draft = self.draft(None);
        act.write(&mut draft);
        draft.sign(&key(seed)).unwrap()
    }

    pub fn grant(&mut self, to: PartyId, role: &str, scope: Option<&str>) -> Statement {
        let act = party::Act::MandateGranted {
            to,
            role: code(role),
            scope: scope.map(code),
            from: None,
            until: None,
        };
        self.party_act(&act)
    }

    pub fn party_act(&mut self, act: &party::Act) -> Statement {
        let mut draft = self.draft(Some(self.operator));
        act.write(&mut draft);
        draft.sign(&key(OPERATOR)).unwrap()
    }

    pub fn draft(&mut self, issuer: Option<PartyId>) -> Draft {
        self.unique += 1;
        let mut unique = [0; 16];
        unique[8..].copy_from_slice(&self.unique.to_be_bytes());
        Draft {
            issuer,
            subject: None,
            claimed: START,
            unique,
            kind: code("test.said"),
            version: 1,
            realm: Realm::Exercise(code("harbour")),
            link: None,
            refs: Vec::new(),
            body: BTreeMap::new(),
            sealed: Vec::new(),
        }
    }

    pub fn says(&mut self, issuer: PartyId, seed: u8, act: &Act) -> Statement {
        let mut draft = self.draft(Some(issuer));
        act.write(&mut draft);
        draft.sign(&key(seed)).unwrap()
    }

    pub fn size(&self, log: LogName) -> u64 {
        self.sizes.get(&log).copied().unwrap_or(0)
    }

    /// Appends a batch with its receipt and feeds it to the views.
    pub fn append(&mut self, log: LogName, mut entries: Vec<Statement>) -> u64 {
        let first = self.size(log);
        let end = first + entries.len() as u64 + 1;
        let received = START + 60 * self.batches.len() as u64;
        let receipt = Receipt {
            first,
            end: end - 1,
            received,
            beside: (log == LogName::Closed).then(|| self.size(LogName::Public)),
        };
        let mut draft = self.draft(Some(self.operator));
        logbook::Entry::Received(receipt).write(&mut draft);
        entries.push(draft.sign(&key(OPERATOR)).unwrap());
        self.views.apply(log, first, &entries, received).unwrap();
        self.sizes.insert(log, end);
        self.batches.push(Appended {
            log,
            first,
            entries,
            received,
        });
        first
    }

    /// Imports rows that cover these dates, as a node does.
    pub fn imports(&mut self, from: &str, until: &str, rows: Vec<Row>) -> StatementId {
        self.imports_as(self.operator, OPERATOR, from, until, rows)
    }

    pub fn imports_as(
        &mut self,
        issuer: PartyId,
        seed: u8,
        from: &str,
        until: &str,
        rows: Vec<Row>,
    ) -> StatementId {
        let counts = Counts {
            rows: rows.len() as u64,
            ..Counts::default()
        };
        let run = Run {
            source: code(SOURCE),
            mapping: 1,
            file: [4; 32],
            from: code(from),
            until: code(until),
            columns: vec![code("country"), code("killed")],
            counts,
        };
        let run = self.says(issuer, seed, &Act::Imported(run));
        let id = run.id();
        let mut entries = vec![run];
        let mut absence = self.views.absence(&code(SOURCE)).unwrap();
        for (row, line) in rows.into_iter().zip(2..) {
            let record = source::record_id(&row.source, &row.foreign_id);
            assert_eq!(absence.see(record, line).unwrap(), None);
            let known = self.views.record(record).unwrap();
            let vault = self.vault.clone();
            let opened = |digest: &[u8; 32]| Some(vault.get(digest)?.text().to_owned());
            if source::compare(&row, known.as_ref(), &opened) == Outcome::Unchanged {
                continue;
            }
            let mut salt = || {
                self.unique += 1;
                let mut salt = [7; 32];
                salt[24..].copy_from_slice(&self.unique.to_be_bytes());
                salt
            };
            let (act, texts) = source::state(row, known.as_ref(), id, &opened, &mut salt);
            self.vault
                .extend(texts.into_iter().map(|text| (text.digest(), text)));
            entries.push(self.says(issuer, seed, &act));
        }
        let mut missing = Vec::new();
        let mut note = |record| {
            missing.push(source::absent(&record, id));
            Ok::<(), crate::Error>(())
        };
        absence
            .missing(&code(from), &code(until), &mut note)
            .unwrap();
        for act in missing {
            entries.push(self.says(issuer, seed, &act));
        }
        self.append(LogName::Public, entries);
        id
    }

    /// Feeds the whole story to other views, the public log first.
    pub fn tell(&self, views: &Views) {
        for log in [LogName::Public, LogName::Closed] {
            for batch in self.batches.iter().filter(|batch| batch.log == log) {
                views
                    .apply(log, batch.first, &batch.entries, batch.received)
                    .unwrap();
            }
        }
    }

    pub fn entry(&self, log: LogName, index: u64) -> &Statement {
        let of_log = self.batches.iter().filter(|batch| batch.log == log);
        let mut entries = of_log.flat_map(|batch| &batch.entries);
        entries.nth(index as usize).unwrap()
    }

    /// Four runs in which every kind of change occurs, beside statements that do not count.
    pub fn eventful() -> Self {
        Story::eventful_in(Views::in_memory().unwrap())
    }

    pub fn eventful_in(views: Views) -> Self {
        let mut story = Story::opened_in(views);
        let quay = |text: &str| Value::Text(format!("{text} quay"));
        let first = |n: u64| row(&format!("H{n:03}"), &format!("2031-01-{n:02}"), "XAA", n);
        story.imports(
            "2031-01-01",
            "2031-01-31",
            vec![
                first(1),
                with(first(2), "place", quay("north")),
                first(3),
                first(4),
            ],
        );
        story.imports(
            "2031-01-01",
            "2031-02-28",
            vec![
                first(1),
                with(
                    with(first(2), "place", quay("south")),
                    "killed",
                    Value::Blank,
                ),
                row("H003", "2031-01-05", "XBB", 3),
                row("H020", "2031-01-20", "XBB", 0),
                row("H050", "2031-02-10", "XCC", 9),
            ],
        );
        story.meddles();
        story.imports(
            "2031-01-01",
            "2031-01-31",
            vec![
                first(1),
                first(2),
                row("H003", "2031-01-05", "XBB", 3),
                first(4),
            ],
        );
        let said = story.draft(Some(story.operator));
        let said = said.sign(&key(OPERATOR)).unwrap();
        let opened = story.opening();
        story.append(LogName::Closed, vec![opened, said]);
        story
    }

    /// A stranger without a mandate states a record; somebody says what nobody understands.
    pub fn meddles(&mut self) -> BTreeSet<StatementId> {
        let founding = self.founding(9);
        let stranger = founding.id().into();
        self.append(LogName::Public, vec![founding]);
        let forged = row("H001", "2031-01-01", "XZZ", 500);
        let nothing = |_: &[u8; 32]| None;
        let run = StatementId::from_bytes([5; 32]);
        let (act, _) = source::state(forged, None, run, &nothing, &mut || [1; 32]);
        let forged = self.says(stranger, 9, &act);
        let mut unknown = self.draft(Some(stranger));
        unknown.subject = forged.subject.clone();
        unknown.kind = code("verdict.pronounced");
        let unknown = unknown.sign(&key(9)).unwrap();
        let mut broken = self.draft(Some(self.operator));
        act.write(&mut broken);
        broken.subject = None;
        let broken = broken.sign(&key(OPERATOR)).unwrap();
        let ids = [forged.id(), unknown.id(), broken.id()].into();
        self.append(LogName::Public, vec![forged, unknown, broken]);
        ids
    }
}
