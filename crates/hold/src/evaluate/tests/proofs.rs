//! What each story's proofs say, to the last sum: a file to be read whenever it changes.

use std::fmt::Write;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::story::{Story, party, statement};
use super::{FILES, story};
use crate::evaluate::record::StatusRecord;
use crate::evaluate::{Evaluation, evaluate};
use crate::term::tests::instruments::blessing;

/// Of a status record what is the same for all of them.
const QUESTION: [&str; 6] = ["at", "engine", "id", "index", "instrument", "logs"];

#[test]
fn the_stories_are_proved_as_written_down() {
    let mut text = String::new();
    for file in FILES {
        for story in story::read(file) {
            tell(&story, &mut text);
        }
    }
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/stories/hold/proofs.txt");
    if blessing() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let differing = written.lines().zip(text.lines()).find(|(a, b)| a != b);
    assert_eq!(
        differing,
        None,
        "ENSIGN_BLESS=1 rewrites {}",
        path.display()
    );
    assert_eq!(written.len(), text.len());
}

/// Each obligation at each time of a story, unless it is as it was at the time before.
fn tell(story: &Story, text: &mut String) {
    writeln!(text, "# {}", story.name).unwrap();
    let mut before: Vec<String> = Vec::new();
    for expected in &story.expect {
        let as_of = expected.as_of();
        let evaluation = evaluate(&story.accord, &story.facts, as_of);
        let lines = lines(story, &evaluation);
        writeln!(text, "t {} k {}", expected.t, as_of.index).unwrap();
        for line in lines.iter().filter(|line| !before.contains(line)) {
            writeln!(text, "{line}").unwrap();
        }
        before = lines;
    }
}

fn lines(story: &Story, evaluation: &Evaluation) -> Vec<String> {
    let line = |obligation| {
        let record = StatusRecord {
            obligation,
            as_of: evaluation.as_of,
            heads: &[],
        };
        let mut record: Map<String, Value> = serde_json::from_str(&record.to_json()).unwrap();
        // What was asked stands above, and ids hang on the instrument's bytes.
        for name in QUESTION {
            assert!(record.remove(name).is_some(), "{name}");
        }
        named(story, Value::Object(record).to_string())
    };
    let next = evaluation
        .next
        .map_or("never".to_owned(), |it| it.to_string());
    let each = evaluation.obligations.iter().map(line);
    each.chain([format!("next {next}")]).collect()
}

/// With the story's own names in the place of ids.
fn named(story: &Story, mut text: String) -> String {
    for name in &story.names {
        text = text.replace(&statement(name).to_string(), name);
        text = text.replace(&party(name).to_string(), name);
    }
    text
}
