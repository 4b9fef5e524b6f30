//! What the guide to promises tells a newcomer to do, done in an empty folder.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::Place;

const GUIDE: &str = include_str!("../../../../docs/how-to/keep-a-promise.md");

/// The indented blocks of the guide.
fn blocks() -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in GUIDE.lines() {
        match line.strip_prefix("    ") {
            Some(code) => blocks.last_mut().unwrap().extend([code, "\n"]),
            None if line.is_empty() => {}
            None => blocks.push(String::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The words of a line as a shell reads them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (nth, part) in line.split('"').enumerate() {
        match nth % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// How the guide calls what a command answered.
fn named(words: &[&str], answer: &Value) -> Option<(String, String)> {
    let (name, part) = match words {
        ["party", "found", "--name", name, ..] => (&name[..5], "/party"),
        ["instrument", "publish", ..] => ("text", "/text"),
        ["fact", "lodge", "assistance_request", ..] => ("request", "/statement"),
        ["fact", "lodge", "answer", ..] => ("answer", "/statement"),
        ["dispute", "open", ..] => ("dispute", "/statement"),
        ["term", "eval", ..] => ("obligation", "/results/0/id"),
        _ => return None,
    };
    let id = answer.pointer(part)?.as_str()?;
    Some((name.to_uppercase(), id.to_owned()))
}

#[test]
fn the_guide_to_promises_works_word_for_word_in_an_empty_folder() {
    let place = Place::new();
    let mut ids = BTreeMap::new();
    let mut texts = vec!["samples.csv", "help.term"];
    let mut lines: Vec<String> = Vec::new();
    for block in blocks() {
        match block.starts_with("ensign ") {
            true => lines.extend(block.lines().map(str::to_owned)),
            false => fs::write(place.path(texts.pop().unwrap()), block).unwrap(),
        }
    }
    let mut last = Value::Null;
    for line in lines {
        let line = words(&line);
        if line[0] == "cp" {
            super::duties::copy(&place.path(&line[2]), &place.path(&line[3]));
            continue;
        }
        let known = |word: &String| ids.get(word).unwrap_or(word).clone();
        let line: Vec<String> = line[1..]
            .iter()
            .filter(|it| *it != "--json")
            .map(known)
            .collect();
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        last = place.ask(&line);
        if ["dispute", "fact"].contains(&line[0]) {
            assert_eq!(last["notes"], Value::Null, "{line:?}");
        }
        ids.extend(named(&line, &last));
    }
    assert_eq!(ids.len(), 8);
    assert_eq!(last["result"]["status"], "met");
    assert!(texts.is_empty());
}
