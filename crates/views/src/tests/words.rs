//! What a debtor says of which of its duties.

use super::promises::{NORTH, SOUTH, Told};
use crate::*;

const TEXT: &str = "
instrument several {
  force treaty
  in_force 2030-01-01 .. open
  kind asked performative by asker to state
  term ANSWER {
    owes state to asker when occurs asked deliver answer within PT2M of asked on_breach { EXPLAIN }
  }
  term CONTINUE { owes state to asker when occurs asked deliver continuity within PT2M of asked }
  term EXPLAIN { owes state to asker deliver explanation within PT9M of breach }
}
";

#[test]
fn an_act_that_another_term_demands_is_no_word_about_a_duty() {
    let mut told = Told::of(TEXT, [NORTH, SOUTH], Views::in_memory().unwrap());
    let asked = told.lodges([1, 0], SOUTH, "asked", &[]);
    told.lodges([0, 1], NORTH, "contest", &[asked]);
    told.lodges([0, 1], NORTH, "explanation", &[asked]);
    let as_of = told.as_of(300);
    let rows = told.rows(as_of);
    let mut said: Vec<(&str, Vec<String>, String)> = Vec::new();
    for row in &rows {
        let views = &told.story.views;
        let story = views.story(row.obligation, None, as_of).unwrap().unwrap();
        let kinds = story.own_words.into_iter().map(|it| it.kind).collect();
        let last = views.last_own_words(&[row.obligation], as_of).unwrap();
        let last = last[0].as_ref().unwrap().kind.clone();
        said.push((&row.term, kinds, last));
    }
    said.sort();
    let all = || ["contest", "explanation"].map(str::to_owned).to_vec();
    assert_eq!(
        said,
        [
            ("ANSWER", all(), "explanation".to_owned()),
            ("CONTINUE", all()[..1].to_vec(), "contest".to_owned()),
            ("EXPLAIN", all(), "explanation".to_owned()),
        ]
    );
}
