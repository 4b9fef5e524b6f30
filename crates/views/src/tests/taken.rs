//! What is told of duties whose triggers were corrected or withdrawn.

use std::collections::BTreeMap;

use ensign_hold::fact::{self, Lodged};
use ensign_hold::term::name::Kind;
use ensign_trust::logbook::LogName;
use ensign_trust::{ObligationId, StatementId};

use super::promises::{NORTH, SOUTH, STEP, Told};
use super::story::code;
use crate::*;

const OUTAGE: &str = "
instrument outages {
  force treaty
  in_force 2030-01-01 .. open
  kind outage performative by state
  kind noted performative by state
  term REPORT {
    owes state to asker when occurs outage deliver report within PT2M of outage on_breach { EXPLAIN }
  }
  term EXPLAIN { owes state to asker deliver explanation within PT9M of breach }
}
";

impl Told {
    /// The first party lodges what it became aware of so long after its last statement, in place of an
    /// older statement where one is named.
    fn aware(&mut self, kind: &str, after: i64, replaces: Option<StatementId>) -> StatementId {
        let party = self.parties[0];
        let at = (self.received() + after) as u64;
        self.says(party, NORTH, |told, draft| {
            let said = Lodged {
                kind: Kind::new(kind).unwrap(),
                about: None,
                to: None,
                valid: [at; 2],
                fields: BTreeMap::new(),
                grade: None,
                cites: Vec::new(),
                replaces,
            };
            let act = fact::lodge(&told.now().facts, party, said).unwrap();
            act.write(draft);
        })
    }

    fn withdraws(&mut self, statement: StatementId) -> u64 {
        let party = self.parties[0];
        self.says(party, NORTH, |told, draft| {
            let act = fact::withdraw(&told.now().facts, party, statement, code("mistake"));
            act.unwrap().write(draft);
        });
        // The statement, and the receipt after it.
        self.story.size(LogName::Public) - 2
    }

    fn changes(&self, id: ObligationId) -> Vec<TriggerChange> {
        let as_of = self.as_of(STEP);
        self.story.views.trigger_changes(id, as_of).unwrap()
    }

    fn taken_back(&self) -> Vec<TriggerChange> {
        let as_of = self.as_of(STEP);
        self.story.views.taken_back(self.text, as_of).unwrap()
    }
}

fn told() -> Told {
    Told::of(OUTAGE, [NORTH, SOUTH], Views::in_memory().unwrap())
}

#[test]
fn a_duty_whose_trigger_its_author_withdrew_is_told_as_it_was_just_before() {
    let mut told = told();
    let outage = told.aware("outage", STEP, None);
    told.aware("noted", 5 * STEP, None);
    for _ in 0..3 {
        told.aware("noted", STEP, None);
    }
    let before = told.rows(told.as_of(STEP));
    let terms: Vec<_> = before.iter().map(|row| row.term.as_str()).collect();
    assert_eq!(terms, ["REPORT", "EXPLAIN"]);
    assert_eq!(told.taken_back(), []);
    let index = told.withdraws(outage);
    assert_eq!(told.rows(told.as_of(STEP)), []);
    let gone = told.taken_back();
    assert_eq!(gone.len(), 2, "the duty, and what its breach had started");
    for (change, term) in gone.iter().zip(["EXPLAIN", "REPORT"]) {
        let was = change.before.as_ref().unwrap();
        assert_eq!((was.term.as_str(), was.trigger), (term, outage));
        assert_eq!((change.index, change.by), (index, told.parties[0]));
        assert_eq!(change.at, told.received());
        assert!(change.withdraws && change.after.is_none());
        assert_eq!(told.changes(was.obligation), std::slice::from_ref(change));
        // What is linked is the same.
        let then = told.story.views.judged_as_of(Some(index), change.at);
        let then = told.rows(then.unwrap());
        assert!(then.contains(was), "{then:?}");
    }
    assert_eq!(gone[1].before.as_ref().unwrap().status, "breached");
    // Judged at an earlier moment, it is what it was at that moment.
    let earlier = told.as_of(-4 * STEP);
    let earlier = told.story.views.taken_back(told.text, earlier).unwrap();
    assert_eq!(earlier[0].before.as_ref().unwrap().status, "active");
    // As of the size before, nothing is gone.
    let then = told.story.views.judged_as_of(Some(index), told.received());
    let then = then.unwrap();
    assert_eq!(told.story.views.taken_back(told.text, then).unwrap(), []);
}

#[test]
fn a_withdrawal_that_is_withdrawn_brings_the_duty_back_and_both_are_told() {
    let mut told = told();
    let outage = told.aware("outage", STEP, None);
    let id = told.rows(told.as_of(0))[0].obligation;
    told.withdraws(outage);
    let withdrawal = told.now().facts.known(outage).unwrap().taken_back.unwrap();
    assert_eq!(told.taken_back().len(), 1);
    told.withdraws(withdrawal);
    assert_eq!(told.taken_back(), []);
    let there = |it: &TriggerChange| (it.before.is_some(), it.after.is_some());
    let changes: Vec<_> = told.changes(id).iter().map(there).collect();
    assert_eq!(changes, [(true, false), (false, true)]);
}

#[test]
fn a_corrected_trigger_is_told_with_the_times_before_and_after() {
    let mut told = told();
    let outage = told.aware("outage", STEP, None);
    let first = told.rows(told.as_of(0))[0].clone();
    told.aware("outage", STEP / 2, Some(outage));
    let second = told.rows(told.as_of(0))[0].clone();
    assert_eq!(first.obligation, second.obligation);
    let changes = told.changes(first.obligation);
    assert_eq!(changes.len(), 1);
    let (before, after) = (&changes[0].before, &changes[0].after);
    let times = |row: &Option<ObligationRow>| row.as_ref().map(|row| (row.triggered, row.due));
    assert_eq!(times(before), Some((first.triggered, first.due)));
    assert_eq!(times(after), Some((second.triggered, second.due)));
    assert!(first.due < second.due && !changes[0].withdraws);
    assert_eq!(told.taken_back(), []);
}

#[test]
fn a_correction_that_says_something_else_takes_the_duty_back() {
    let mut told = told();
    let outage = told.aware("outage", STEP, None);
    told.aware("noted", 0, Some(outage));
    let gone = told.taken_back();
    assert_eq!(gone.len(), 1);
    assert!(!gone[0].withdraws);
}

#[test]
fn what_starts_nothing_may_be_taken_back_and_nothing_is_told() {
    let mut told = told();
    let outage = told.aware("outage", STEP, None);
    let noted = told.aware("noted", STEP, None);
    told.withdraws(noted);
    let id = told.rows(told.as_of(0))[0].obligation;
    assert_eq!((told.changes(id), told.taken_back()), (vec![], vec![]));
    // Another party's replacement has no effect.
    let stranger = told.parties[1];
    let at = told.received() as u64;
    told.says(stranger, SOUTH, |_, draft| {
        let said = Lodged {
            kind: Kind::new("noted").unwrap(),
            about: None,
            to: None,
            valid: [at; 2],
            fields: BTreeMap::new(),
            grade: None,
            cites: Vec::new(),
            replaces: Some(outage),
        };
        fact::Act::Lodged(said).write(draft);
    });
    assert_eq!((told.changes(id), told.taken_back()), (vec![], vec![]));
}
