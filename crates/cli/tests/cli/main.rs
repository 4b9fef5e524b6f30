//! The command line as its users meet it: the real binary, in folders of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod backups;
mod certificates;
mod contradictions;
mod deploying;
mod duties;
mod emblems;
mod ended;
mod ends;
mod how_to;
mod marks;
mod people;
mod refused;
mod revoked;
mod serving;
mod spine;
mod threats;
mod verification;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// An export of the shape of the SSA's, with invented rows.
const EXPORT: &str = "\
\"Attack Date\",\"Attack ID\",\"Country / Territory\",\"Certainty Level\",\"Total Death\",\"HC Other\"
2/8/24 12:00 AM,\"EX-1\",\"Aranthia\",\"Confirmed\",1.0,
2/7/24 12:00 AM,\"EX-2\",\"Aranthia\",\"Probable\",0.0,\"a lantern workshop\"
2/6/24 12:00 AM,\"EX-3\",\"Belvoria\",\"Confirmed\",,
13/6/24 12:00 AM,\"EX-4\",\"Belvoria\",\"Confirmed\",,
";

/// A folder to work in.
struct Place(TempDir);

/// How a command ended.
struct Ended {
    code: i32,
    out: String,
    said: String,
}

impl Place {
    fn new() -> Self {
        Place(TempDir::new().unwrap())
    }

    /// A place with a node in `node` and an export in `export.csv`.
    fn with_node() -> Self {
        let place = Self::new();
        std::fs::write(place.path("export.csv"), EXPORT).unwrap();
        place.init("node").done();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn init(&self, dir: &str) -> Ended {
        let origin = format!("{dir}.example.org/log");
        self.run(&[
            "init", "--dir", dir, "--name", "Lantern", "--origin", &origin, "--realm", "real",
        ])
    }

    fn command(&self, words: &[&str]) -> Command {
        ensign(self.0.path(), words)
    }

    fn run(&self, words: &[&str]) -> Ended {
        self.command(words).output().unwrap().into()
    }

    /// The JSON answer of a command that does its work.
    fn ask(&self, words: &[&str]) -> Value {
        let out = self.run(&[words, &["--json"]].concat()).done();
        assert_eq!(out.lines().count(), 1, "{out}");
        let answer = serde_json::from_str::<Value>(&out).unwrap();
        assert!(answer.is_object(), "{out}");
        answer
    }
}

impl Ended {
    /// What a command answered that did its work.
    fn done(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.said);
        self.out
    }

    /// What a command said that did not do its work and answered nothing.
    fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.said);
        assert_eq!(self.out, "");
        self.said
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn ensign(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ensign"));
    command.args(words).current_dir(folder).env("LC_ALL", "C");
    for variable in ["ENSIGN_DIR", "ENSIGN_KEY", "ENSIGN_KEY_FILE"] {
        command.env_remove(variable);
    }
    command
}
