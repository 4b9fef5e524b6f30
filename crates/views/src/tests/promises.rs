//! Which texts bind whom, what happened, what each duty has come to.

use std::collections::BTreeMap;

use ensign_hold::evaluate::AsOf;
use ensign_hold::evaluate::record::{Head, Results, StatusRecord};
use ensign_hold::fact::{self, Lodged};
use ensign_hold::instrument::{self, Adoption, SIGNATORY};
use ensign_hold::record;
use ensign_hold::term::canonical::Sources;
use ensign_hold::term::name::{Kind, Role};
use ensign_hold::term::{self, InstrumentDigest};
use ensign_trust::logbook::LogName;
use ensign_trust::party::Act;
use ensign_trust::{Draft, PartyId, StatementId};

use super::story::{Story, code, key, row};
use crate::*;

pub(super) const NORTH: u8 = 41;
pub(super) const SOUTH: u8 = 42;

/// Seconds between two batches of a story.
pub(super) const STEP: i64 = 60;

const TEXT: &str = "
instrument pair {
  force treaty
  in_force 2030-01-01 .. open
  kind asked performative by asker to state
  term ANSWER { owes state to asker when occurs asked deliver answer within PT2M of asked grace PT2M }
}
";

pub(super) struct Told {
    pub(super) story: Story,
    pub(super) parties: [PartyId; 2],
    pub(super) text: InstrumentDigest,
}

fn published(text: &str) -> term::Published {
    let sources = Sources {
        zones: &|_| None,
        holidays: &|_| None,
        horizon: jiff::civil::date(2040, 1, 1),
    };
    term::Published::compile(term::parse(text).unwrap().instrument, &sources).unwrap()
}

impl Told {
    /// Two parties that both adopt one text.
    fn new(seeds: [u8; 2]) -> Self {
        Told::in_views(seeds, Views::in_memory().unwrap())
    }

    fn in_views(seeds: [u8; 2], views: Views) -> Self {
        Told::of(TEXT, seeds, views)
    }

    pub(super) fn of(instrument: &str, seeds: [u8; 2], views: Views) -> Self {
        let mut story = Story::opened_in(views);
        let founding = seeds.map(|seed| story.founding(seed));
        let parties = [0, 1].map(|at| PartyId::from(founding[at].id()));
        story.append(LogName::Public, founding.into());
        let grants = parties.map(|party| story.grant(party, SIGNATORY, None));
        story.append(LogName::Public, grants.into());
        let text = published(instrument).digest();
        let mut told = Told {
            story,
            parties,
            text,
        };
        told.publishes(instrument);
        for (party, seed) in parties.into_iter().zip(seeds) {
            told.says(party, seed, |told, draft| {
                let request = Adoption {
                    text,
                    roles: ["asker", "state"]
                        .map(|role| Role::new(role).unwrap())
                        .into(),
                    from: draft.claimed,
                    until: None,
                    params: BTreeMap::new(),
                    reservations: BTreeMap::new(),
                };
                let promises = told.now();
                let act = instrument::adopt(&promises.instruments, party, request, draft.claimed);
                act.unwrap().write(draft);
            });
        }
        told
    }

    fn publishes(&mut self, text: &str) {
        let operator = self.story.operator;
        self.says(operator, super::story::OPERATOR, |told, draft| {
            let publishing =
                instrument::publish(&told.now().instruments, &published(text), None).unwrap();
            assert!(publishing.parts.is_empty());
            publishing.publication(Vec::new()).write(draft);
        });
    }

    pub(super) fn now(&self) -> std::sync::Arc<Promises> {
        let size = self.story.size(LogName::Public);
        self.story.views.promises(size).unwrap()
    }

    /// What a party says; it is received with its own batch.
    pub(super) fn says(
        &mut self,
        by: PartyId,
        seed: u8,
        write: impl FnOnce(&Self, &mut Draft),
    ) -> StatementId {
        let mut draft = self.story.draft(Some(by));
        write(self, &mut draft);
        let statement = draft.sign(&key(seed)).unwrap();
        let id = statement.id();
        self.story.append(LogName::Public, vec![statement]);
        id
    }

    pub(super) fn lodges(
        &mut self,
        [by, to]: [usize; 2],
        seed: u8,
        kind: &str,
        cites: &[StatementId],
    ) -> StatementId {
        let (party, to) = (self.parties[by], self.parties[to]);
        let at = self.received() as u64 + STEP as u64;
        self.says(party, seed, |told, draft| {
            let said = Lodged {
                kind: Kind::new(kind).unwrap(),
                about: None,
                to: Some(to),
                valid: [at; 2],
                fields: BTreeMap::new(),
                grade: None,
                cites: cites.to_vec(),
                replaces: None,
            };
            let act = fact::lodge(&told.now().facts, party, said).unwrap();
            act.write(draft);
        })
    }

    pub(super) fn received(&self) -> i64 {
        self.story.batches.last().unwrap().received as i64
    }

    pub(super) fn as_of(&self, after: i64) -> AsOf {
        let t = self.received() + after;
        self.story.views.judged_as_of(None, t).unwrap()
    }

    pub(super) fn rows(&self, as_of: AsOf) -> Vec<ObligationRow> {
        let filter = ObligationFilter::default();
        self.story.views.obligations(&filter, as_of).unwrap()
    }

    fn statuses(&self, as_of: AsOf) -> Vec<&'static str> {
        self.rows(as_of).iter().map(|row| row.status).collect()
    }
}

fn bytes(views: &Views, as_of: AsOf) -> Vec<u8> {
    let head = Head {
        origin: "node.example.org/log".to_owned(),
        size: as_of.index,
        root: [7; 32],
    };
    let results = Results {
        evaluation: &views.evaluation(as_of).unwrap(),
        heads: &[head],
    };
    results.to_cbor()
}

#[test]
fn a_duty_runs_and_is_met_or_not_as_the_log_tells() {
    let mut told = Told::new([NORTH, SOUTH]);
    let asked = told.lodges([1, 0], SOUTH, "asked", &[]);
    assert_eq!(told.statuses(told.as_of(0)), ["active"]);
    assert_eq!(told.statuses(told.as_of(150)), ["in_grace"]);
    assert_eq!(told.statuses(told.as_of(300)), ["breached"]);
    let before = told.as_of(300);
    told.lodges([0, 1], NORTH, "answer", &[asked]);
    assert_eq!(told.statuses(told.as_of(300)), ["met"]);
    let row = &told.rows(told.as_of(0))[0];
    assert_eq!((row.debtor, row.trigger), (told.parties[0], asked));
    assert_eq!(row.creditors, [told.parties[1]]);
    assert_eq!(told.statuses(before), ["breached"], "the past stays");
}

const TIED: &str = "
instrument tied {
  force treaty
  in_force 2030-01-01 .. open
  kind asked performative by asker to state
  term E { owes state to asker when occurs asked deliver answer within PT2M of asked }
  term D { owes state to asker when occurs asked deliver answer within PT2M of asked }
  term C { owes state to asker when occurs asked deliver answer within PT2M of asked }
  term B { owes state to asker when occurs asked deliver answer within PT2M of asked }
  term A { owes state to asker when occurs asked deliver answer within PT2M of asked }
}
";

/// The lists of duties in a story in which two parties ask each other in the same second, with each
/// party by its number.
fn tied(seeds: [u8; 2]) -> [Vec<(String, usize)>; 3] {
    let mut told = Told::of(TIED, seeds, Views::in_memory().unwrap());
    let parties = told.parties;
    let at = told.received() as u64 + STEP as u64;
    let asked = [(1, 0), (0, 1)].map(|(by, to)| {
        let said = Lodged {
            kind: Kind::new("asked").unwrap(),
            about: None,
            to: Some(parties[to]),
            valid: [at; 2],
            fields: BTreeMap::new(),
            grade: None,
            cites: Vec::new(),
            replaces: None,
        };
        let act = fact::lodge(&told.now().facts, parties[by], said).unwrap();
        let mut draft = told.story.draft(Some(parties[by]));
        act.write(&mut draft);
        draft.sign(&key(seeds[by])).unwrap()
    });
    told.story.append(LogName::Public, asked.into());
    let as_of = told.as_of(30);
    let known = |row: &ObligationRow| {
        let debtor = parties.iter().position(|party| *party == row.debtor);
        (row.term.clone(), debtor.unwrap())
    };
    let views = &told.story.views;
    let listed: Vec<_> = told.rows(as_of).iter().map(known).collect();
    let (filter, mut paged, mut after) = (DeadlineFilter::default(), Vec::new(), None);
    loop {
        let page = views.deadlines(&filter, as_of, after, 3).unwrap();
        paged.extend(page.rows.iter().map(|row| known(&row.row)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let accord = views.accord(told.text, as_of).unwrap().unwrap();
    let tallied = accord.tallies.iter().map(|it| {
        let debtor = parties.iter().position(|party| *party == it.debtor);
        (it.term.clone(), debtor.unwrap())
    });
    [listed, paged, tallied.collect()]
}

#[test]
fn what_is_due_in_the_same_second_is_in_the_order_of_terms_and_of_the_log() {
    let [listed, paged, tallied] = tied([NORTH, SOUTH]);
    // The second party asked first, so that the first one owes first.
    let of_term = |term: &str| [(term.to_owned(), 0), (term.to_owned(), 1)];
    let expected = ["A", "B", "C", "D", "E"].map(of_term).concat();
    assert_eq!(listed, expected);
    assert_eq!(paged, expected);
    assert_eq!(tallied, expected);
    for seeds in [[SOUTH, NORTH], [51, 52], [52, 51]] {
        assert_eq!(tied(seeds), [&expected; 3].map(Clone::clone), "{seeds:?}");
    }
}

#[test]
fn two_nodes_with_the_same_log_give_the_same_bytes_and_a_record_changes_none() {
    let mut told = Told::new([NORTH, SOUTH]);
    told.lodges([1, 0], SOUTH, "asked", &[]);
    let (as_of, other) = (told.as_of(300), Views::in_memory().unwrap());
    told.story.tell(&other);
    let result = bytes(&told.story.views, as_of);
    assert_eq!(result, bytes(&other, as_of));
    let north = told.parties[0];
    told.says(north, NORTH, |told, draft| {
        let evaluation = told.story.views.evaluation(as_of).unwrap();
        let head = Head {
            origin: "node.example.org/log".to_owned(),
            size: as_of.index,
            root: [7; 32],
        };
        let said = record::record(&StatusRecord {
            obligation: &evaluation.obligations[0],
            as_of,
            heads: &[head],
        });
        said.unwrap().write(draft);
    });
    assert_eq!(told.now().records.iter().count(), 1);
    assert_eq!(bytes(&told.story.views, as_of), result);
    let later = AsOf {
        index: told.story.size(LogName::Public),
        ..as_of
    };
    let then = told.story.views.evaluation(as_of).unwrap();
    let now = told.story.views.evaluation(later).unwrap();
    assert_eq!(then.obligations, now.obligations);
}

#[test]
fn a_revoked_key_takes_back_what_it_signed_and_nothing_from_answers_of_the_past() {
    let mut told = Told::new([NORTH, SOUTH]);
    let asked = told.lodges([1, 0], SOUTH, "asked", &[]);
    let index = told.story.size(LogName::Public);
    told.lodges([0, 1], NORTH, "answer", &[asked]);
    let before = told.as_of(600);
    let met = bytes(&told.story.views, before);
    assert_eq!(told.statuses(before), ["met"]);
    let north = told.parties[0];
    told.says(north, NORTH, |_, draft| {
        let act = Act::KeyRevoked {
            key: key(NORTH).id(),
            as_of: index,
            reason: code("compromised"),
        };
        act.write(draft);
    });
    let after = AsOf {
        index: told.story.size(LogName::Public),
        ..before
    };
    assert_eq!(told.statuses(after), ["breached"]);
    assert_eq!(bytes(&told.story.views, before), met);
    let other = Views::in_memory().unwrap();
    told.story.tell(&other);
    assert_eq!(bytes(&other, before), met);
    assert_eq!(bytes(&other, after), bytes(&told.story.views, after));
}

/// What is kept up to date is asked first, then the same from scratch.
fn agrees_with_scratch(views: &Views, as_of: AsOf) {
    let kept = views.obligations(&ObligationFilter::default(), as_of);
    let kept = kept.unwrap();
    let pages = kept.iter().map(|row| {
        let page = views.obligation(row.obligation, None, as_of).unwrap();
        (row.obligation, page.unwrap().record)
    });
    let pages: BTreeMap<_, _> = pages.collect();
    let evaluation = views.evaluation(as_of).unwrap();
    assert_eq!(kept.len(), evaluation.obligations.len());
    for obligation in &evaluation.obligations {
        let id = obligation.key.id();
        let row = kept.iter().find(|row| row.obligation == id).unwrap();
        assert_eq!(row.status, obligation.status.code(), "{as_of:?}");
        assert_eq!(row.due, obligation.bounds.map(|bounds| bounds.due.into()));
        let record = StatusRecord {
            obligation,
            as_of,
            heads: &[],
        };
        assert_eq!(pages[&id], record.to_json(), "{as_of:?}");
    }
}

#[test]
fn what_is_kept_up_to_date_is_what_scratch_gives_whatever_is_asked_in_which_order() {
    let mut told = Told::new([NORTH, SOUTH]);
    let asks = |told: &Told| {
        for after in [0, 59, 150, 151, 300, 100, 900, 0] {
            agrees_with_scratch(&told.story.views, told.as_of(after));
        }
    };
    asks(&told);
    let asked = told.lodges([1, 0], SOUTH, "asked", &[]);
    asks(&told);
    let index = told.story.size(LogName::Public);
    told.lodges([0, 1], NORTH, "answer", &[asked]);
    let before = told.as_of(600);
    asks(&told);
    let north = told.parties[0];
    told.says(north, NORTH, |_, draft| {
        let act = Act::KeyRevoked {
            key: key(NORTH).id(),
            as_of: index,
            reason: code("compromised"),
        };
        act.write(draft);
    });
    asks(&told);
    told.lodges([1, 0], SOUTH, "asked", &[]);
    asks(&told);
    agrees_with_scratch(&told.story.views, before);
    let long_after = told.as_of(10_000);
    assert_eq!(told.statuses(long_after), ["breached"; 2]);
    assert_eq!(told.statuses(before), ["met"]);
}

#[test]
fn views_on_disk_answer_after_they_were_closed_and_after_they_were_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let views = Views::open(folder.path()).unwrap();
    let mut told = Told::in_views([NORTH, SOUTH], views);
    told.lodges([1, 0], SOUTH, "asked", &[]);
    let as_of = told.as_of(300);
    let result = bytes(&told.story.views, as_of);
    let reopened = Views::open(folder.path()).unwrap();
    assert_eq!(bytes(&reopened, as_of), result);
    reopened.clear().unwrap();
    assert!(reopened.instruments(as_of).unwrap().is_empty());
    told.story.tell(&reopened);
    assert_eq!(bytes(&reopened, as_of), result);
}

#[test]
fn whoever_has_no_mandate_as_signatory_is_not_bound() {
    let mut told = Told::new([NORTH, SOUTH]);
    let founding = told.story.founding(43);
    let stranger = PartyId::from(founding.id());
    told.story.append(LogName::Public, vec![founding]);
    let text = told.text;
    told.says(stranger, 43, |told, draft| {
        let request = Adoption {
            text,
            roles: [Role::new("state").unwrap()].into(),
            from: draft.claimed,
            until: None,
            params: BTreeMap::new(),
            reservations: BTreeMap::new(),
        };
        let promises = told.now();
        let act = instrument::adopt(&promises.instruments, stranger, request, draft.claimed);
        act.unwrap().write(draft);
    });
    let page = told
        .story
        .views
        .accord(text, told.as_of(0))
        .unwrap()
        .unwrap();
    let members: Vec<_> = page.members.iter().map(|member| member.party).collect();
    // In the order in which they adopted it.
    assert_eq!(members, told.parties);
    assert_eq!(page.row.parties, 2);
}

#[test]
fn an_accord_counts_its_duties_with_one_denominator() {
    let mut told = Told::new([NORTH, SOUTH]);
    let first = told.lodges([1, 0], SOUTH, "asked", &[]);
    told.lodges([0, 1], NORTH, "answer", &[first]);
    told.lodges([0, 1], NORTH, "asked", &[]);
    let as_of = told.as_of(600);
    let page = told.story.views.accord(told.text, as_of).unwrap().unwrap();
    let counts = (page.tally.total, page.tally.kept, page.tally.breached);
    assert_eq!(counts, (2, 1, 1));
    assert_eq!(page.tallies.len(), 2);
    assert!(page.tallies.iter().all(|row| row.tally.total == 1));
    let cells = told.story.views.matrix(Some(told.text), as_of).unwrap();
    assert_eq!(cells.len(), 2);
    assert!(cells.iter().all(|cell| cell.binding == "in_force"));
    let due = told.rows(as_of)[1].due.unwrap();
    let filter = |due, party| ObligationFilter {
        due: Some(due),
        party,
        ..ObligationFilter::default()
    };
    let found = |filter| told.story.views.obligations(&filter, as_of).unwrap().len();
    assert_eq!(found(filter(due, Some(told.parties[1]))), 1);
    assert_eq!(found(filter([due[1] + 1, due[1] + 9], None)), 0);
    let id = told.rows(as_of)[0].obligation;
    let page = told.story.views.obligation(id, None, as_of).unwrap();
    let page = page.unwrap();
    assert!(
        page.clause
            .starts_with("term ANSWER {\n  class computable\n")
    );
    assert!(page.clause.ends_with("}\n"), "{}", page.clause);
    assert!(page.uses.contains(&first));
}

#[test]
fn two_parties_swapped_swap_their_outcomes_and_nothing_else() {
    let outcomes = |seeds: [u8; 2]| {
        let mut told = Told::new(seeds);
        let [first, second] = seeds;
        let asked = told.lodges([1, 0], second, "asked", &[]);
        told.lodges([0, 1], first, "answer", &[asked]);
        told.lodges([0, 1], first, "asked", &[]);
        let label = |party: PartyId| told.parties.iter().position(|it| *it == party);
        let rows = told.rows(told.as_of(600)).into_iter().map(|row| {
            let creditors: Vec<_> = row.creditors.iter().map(|party| label(*party)).collect();
            let (term, due) = (row.term.clone(), row.due);
            (
                term,
                label(row.debtor),
                creditors,
                row.status,
                due,
                row.triggered,
            )
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows
    };
    assert_eq!(outcomes([NORTH, SOUTH]), outcomes([SOUTH, NORTH]));
}

#[test]
fn imported_rows_are_read_once_a_text_names_their_kind() {
    let mut told = Told::new([NORTH, SOUTH]);
    let first = |n: u64| row(&format!("H{n:03}"), &format!("2031-01-{n:02}"), "XAA", n);
    let rows = vec![first(1)];
    told.story.imports("2031-01-01", "2031-01-31", rows);
    let incidents = |told: &Told| {
        let promises = told.now();
        let all = promises.facts.all().iter();
        all.filter(|fact| fact.kind == "incident.reported").count()
    };
    assert_eq!(incidents(&told), 0);
    told.publishes(
        "instrument watch {
          force pledge
          in_force 2030-01-01 .. open
          term REPORT { owes state when occurs incident.reported
            deliver report within PT24H of incident.reported }
        }",
    );
    let rows = vec![first(1), first(2)];
    told.story.imports("2031-01-01", "2031-01-31", rows);
    assert_eq!(incidents(&told), 1);
}

#[test]
fn a_threshold_is_supposed_to_be_measured_by_whose_word_counts() {
    let text = "
      instrument kept {
        force treaty
        in_force 2030-01-01 .. open
        kind up observed by asker
        indicator up scale 0% .. 100% every PT1M
        term KEEP { owes state to asker maintain avg(up, PT4M) >= 50% grace PT2M }
      }
    ";
    let told = Told::of(text, [NORTH, SOUTH], Views::in_memory().unwrap());
    let as_of = told.as_of(600);
    let row = told.rows(as_of).into_iter().next().unwrap();
    assert_eq!(row.status, "undetermined");
    let story = told.story.views.story(row.obligation, None, as_of);
    let supposed = story.unwrap().unwrap().supposed;
    let statuses: Vec<_> = supposed.iter().map(|it| (it.case, it.status)).collect();
    let expected = [
        (Case::Restored, "met"),
        (Case::Failed, "breached"),
        (Case::Unmeasured, "undetermined"),
    ];
    assert_eq!(statuses, expected);
}
