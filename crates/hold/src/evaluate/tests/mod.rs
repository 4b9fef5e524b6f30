//! Stories and properties of the evaluator.

mod binding;
mod seam;
mod story;

use crate::evaluate::evaluate;
use story::Story;

/// Judges all stories of a file at all their times.
fn tell(file: &str) {
    let mut wrong = Vec::new();
    for Story {
        name,
        accord,
        facts,
        expect,
    } in story::read(file)
    {
        for expected in expect {
            let evaluation = evaluate(&accord, &facts, expected.as_of());
            if let Some(difference) = expected.differs(&evaluation) {
                wrong.push(format!("{name}, t = {}: {difference}", expected.t));
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
fn each_sort_of_duty_comes_out_as_decided() {
    tell("duties.toml");
}

#[test]
fn a_service_comes_out_as_measured() {
    tell("continuity.toml");
}
