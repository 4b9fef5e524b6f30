use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _, Parser as _};

use super::*;

/// Every command with its words, the binary itself first.
fn commands() -> Vec<(String, Command)> {
    fn collect(command: &Command, words: &str, found: &mut Vec<(String, Command)>) {
        found.push((words.to_owned(), command.clone()));
        for inner in command
            .get_subcommands()
            .filter(|inner| inner.get_name() != "help")
        {
            collect(inner, &format!("{words} {}", inner.get_name()), found);
        }
    }
    let mut binary = Arguments::command().term_width(100);
    binary.build();
    let mut found = Vec::new();
    collect(&binary, "ensign", &mut found);
    found
}

fn goldens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/help")
}

fn is_blessing() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test asks whether to rewrite its goldens"
    )]
    std::env::var_os("ENSIGN_BLESS").is_some()
}

#[test]
fn the_help_of_every_command_is_as_agreed() {
    let mut expected = Vec::new();
    for (words, mut command) in commands() {
        let name = words.replace(' ', "-") + ".txt";
        let path = goldens().join(&name);
        let help = command.render_long_help().to_string();
        if is_blessing() {
            fs::create_dir_all(goldens()).unwrap();
            fs::write(&path, &help).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(help, golden, "{name}; ENSIGN_BLESS=1 rewrites it");
        expected.push(name);
    }
    let found = fs::read_dir(goldens()).unwrap();
    for found in found.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        assert!(expected.contains(&found), "{found} is of no command");
    }
}

#[test]
fn every_command_shows_first_an_example_that_is_understood() {
    for (words, command) in commands() {
        let example = command
            .get_before_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let line = example.strip_prefix("Example:\n  ").expect(&words);
        let line = line.split(" > ").next().unwrap();
        assert!(line.starts_with(&words), "{words}: {line}");
        let split = split(line);
        Arguments::try_parse_from(&split).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn every_flag_and_argument_says_what_it_is() {
    for (words, command) in commands() {
        assert!(command.get_about().is_some(), "{words}");
        for argument in command.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{words}: {}",
                argument.get_id()
            );
        }
    }
}

#[test]
fn an_unknown_word_is_answered_with_the_nearest() {
    for (line, nearest) in [
        ("ensign stauts", "status"),
        ("ensign import who-sas file", "who-ssa"),
        ("ensign status --jsn", "--json"),
        ("ensign party lst", "list"),
    ] {
        let error = Arguments::try_parse_from(split(line)).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(
            error.to_string().contains(&format!("'{nearest}'")),
            "{line}: {error}"
        );
    }
}

/// Words of a line; quoted ones may have spaces.
fn split(line: &str) -> Vec<String> {
    let quoted = |(at, part): (usize, &str)| match at % 2 {
        0 => part
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    };
    line.split('"').enumerate().flat_map(quoted).collect()
}
