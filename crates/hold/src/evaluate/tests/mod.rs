//! Stories and properties of the evaluator.

mod bad;
mod binding;
mod bound;
mod many;
mod proofs;
mod seam;
mod story;
mod symmetry;
mod work;

use std::collections::BTreeSet;

use crate::evaluate::evaluate;

/// The files of stories.
const FILES: [&str; 8] = [
    "calendars.toml",
    "first.toml",
    "edges.toml",
    "duties.toml",
    "measures.toml",
    "continuity.toml",
    "witnessed.toml",
    "moments.toml",
];

/// Judges all stories of a file at all their times.
fn tell(file: &str) {
    let mut wrong = Vec::new();
    for story in story::read(file) {
        for expected in story.expect {
            let evaluation = evaluate(&story.accord, &story.facts, expected.as_of());
            if let Some(difference) = expected.differs(&evaluation) {
                wrong.push(format!("{}, t = {}: {difference}", story.name, expected.t));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_first_stories_come_out_as_told() {
    tell("first.toml");
}

#[test]
fn the_edge_cases_come_out_as_decided() {
    tell("edges.toml");
}

#[test]
fn periods_in_days_come_out_as_decided() {
    tell("calendars.toml");
}

#[test]
fn each_sort_of_duty_comes_out_as_decided() {
    tell("duties.toml");
}

#[test]
fn each_measure_comes_out_as_decided() {
    tell("measures.toml");
}

#[test]
fn a_service_comes_out_as_measured() {
    tell("continuity.toml");
}

#[test]
fn what_the_log_held_when_comes_out_as_cosigned() {
    tell("witnessed.toml");
}

#[test]
fn a_second_and_a_slot_more_or_less_come_out_as_decided() {
    tell("moments.toml");
}

#[test]
fn every_case_that_the_decision_names_is_told_and_no_other() {
    let note = include_str!("../../../../../docs/decisions/0006-evaluation.md");
    let (_, table) = note.split_once("## The cases by name").unwrap();
    let named: BTreeSet<String> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .map(str::to_owned)
        .filter(|name| name != "case")
        .collect();
    let stories = FILES.iter().flat_map(|file| story::read(file));
    let told: BTreeSet<String> = stories.flat_map(|story| story.cases).collect();
    assert!(named.len() > 10);
    assert_eq!(told, named);
}
