//! Mutation tests: which small changes of the code does no test notice?
//!
//! All changes are compiled into one copy of the crate, each asleep until the environment calls its
//! number, so that the crate is built once and not a thousand times.

mod points;
mod render;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{shell, workspace};
use points::{Point, points};
use render::{Rendered, render};

/// The crate whose tests are tried.
const CRATE: &str = "hold";

/// The folders of its source that are changed.
const FOLDERS: [&str; 2] = ["evaluate", "calendar"];

/// Which tests are asked in turn: first those that notice most changes within a moment.
const ORDER: [&[&str]; 5] = [
    &["::proofs::"],
    &["evaluate::", "--skip", "::bad::", "--skip", "::symmetry::"],
    &[WRITTEN],
    &["calendar::"],
    &[
        "oracle::",
        "::bad::",
        "::symmetry::",
        "instrument::",
        "--skip",
        WRITTEN,
    ],
];

/// The dearest of them.
const WRITTEN: &str = "::wide::tests::status_records";

/// What notices a change of some files soonest.
const FIRST: [(&str, &[&str]); 3] = [
    ("/calendar/", &["calendar::"]),
    ("/ledger.rs", &["::wide::tests::step_by_step"]),
    ("/docket.rs", &["::wide::tests::step_by_step"]),
];

/// How many random logs a property is tried on.
const LOGS: &str = "400";

/// A run that takes more seconds of a processor than this hangs: that is noticed.
const PATIENCE: u32 = 60;

/// Where survivors are listed, each with the reason why it may live.
const LIST: &str = "crates/hold/survivors.tsv";

const CALLED: &str = "ENSIGN_MUTANT";

/// Asks the environment once which change is called.
const MUTANT: &str = r#"
mod mutant {
    pub(crate) fn is(number: usize) -> bool {
        static CALLED: std::sync::LazyLock<usize> = std::sync::LazyLock::new(|| {
            let called = std::env::var("ENSIGN_MUTANT").unwrap_or_default();
            called.parse().unwrap_or(0)
        });
        *CALLED == number
    }
}
"#;

/// A change that compiles.
struct Change {
    number: usize,
    /// File, function, text and what stands in its place: what names a change while lines move.
    columns: [String; 4],
}

impl Change {
    fn line(&self) -> String {
        self.columns.join("\t")
    }
}

/// A file with its changes.
struct Source {
    path: PathBuf,
    text: String,
    points: Vec<(usize, Point)>,
    rendered: Rendered,
}

/// Tries every so-manieth change whose file has a part of this name, or of all; `again` only those
/// that lived when this was done last.
pub fn run(part: Option<&str>, again: bool, every: usize, jobs: usize) -> Result<()> {
    let folder = workspace::target()?.join("mutants");
    let tree = folder.join("tree");
    let last = folder.join("living.tsv");
    copy(&tree)?;
    let mut sources = read(&tree, part)?;
    let tests = build(&tree, &mut sources)?;
    let chosen = match again {
        true => Some(fs::read_to_string(&last).context("nothing lived before")?),
        false => None,
    };
    let is_chosen = |it: &Change| {
        let chosen = chosen.as_ref();
        chosen.is_none_or(|all| all.lines().any(|line| line == it.line()))
    };
    let tried: Vec<Change> = sources
        .iter()
        .flat_map(|source| source.points.iter().map(move |it| (source, it)))
        .map(|(source, (number, point))| Change {
            number: *number,
            columns: columns(source, point),
        })
        .filter(is_chosen)
        .step_by(every.max(1))
        .collect();
    ensure!(
        !is_noticed(&tests, 0, "")?,
        "the tests fail without any change"
    );
    let tried_count = tried.len();
    println!("{tried_count} changes");
    fs::write(&last, "")?;
    let living = survivors(&tests, tried, jobs, &last)?;
    let reasons = reasons()?;
    let mut unexplained = 0;
    for change in &living {
        match reasons.get(&change.columns) {
            Some(reason) => println!("lives: {}: {reason}", change.line()),
            None => {
                unexplained += 1;
                println!("LIVES: {}", change.line());
            }
        }
    }
    let noticed = tried_count - living.len();
    println!("{noticed} of {tried_count} changes were noticed");
    if unexplained > 0 {
        bail!("{unexplained} changes live without a reason in {LIST}");
    }
    Ok(())
}

/// Copies the work tree, without what is built.
fn copy(tree: &Path) -> Result<()> {
    let listed = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let mut list = Command::new("git");
    list.current_dir(workspace::root()).args(listed);
    for path in shell::output(&mut list)?.lines() {
        let (from, to) = (workspace::root().join(path), tree.join(path));
        if from.is_file() {
            let folder = to.parent().context("a file lies in a folder")?;
            fs::create_dir_all(folder)?;
            fs::copy(&from, &to).with_context(|| format!("could not copy {path}"))?;
        }
    }
    let lib = tree.join("crates").join(CRATE).join("src/lib.rs");
    let text = fs::read_to_string(&lib)?;
    Ok(fs::write(&lib, text + MUTANT)?)
}

fn read(tree: &Path, part: Option<&str>) -> Result<Vec<Source>> {
    let (mut sources, mut number) = (Vec::new(), 0);
    for path in workspace::files(&["rs"])? {
        let name = path.to_string_lossy();
        let is_ours = FOLDERS
            .iter()
            .any(|folder| name.starts_with(&format!("crates/{CRATE}/src/{folder}/")));
        let is_asked = part.is_none_or(|part| name.contains(part));
        if !is_ours || !is_asked || name.contains("/tests") {
            continue;
        }
        let text = fs::read_to_string(tree.join(&path))?;
        let found = points(&text).with_context(|| name.to_string())?;
        let numbered = found.into_iter().map(|point| {
            number += 1;
            (number, point)
        });
        sources.push(Source {
            points: numbered.collect(),
            rendered: Rendered::default(),
            path,
            text,
        });
    }
    Ok(sources)
}

/// Builds the tests; changes that do not compile are left out. Gives the binary.
fn build(tree: &Path, sources: &mut [Source]) -> Result<PathBuf> {
    loop {
        for source in sources.iter_mut() {
            let each: Vec<_> = source.points.iter().map(|(at, it)| (*at, it)).collect();
            source.rendered = render(&source.text, &each);
            fs::write(tree.join(&source.path), &source.rendered.text)?;
        }
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(tree)
            .env("CARGO_TARGET_DIR", tree.join("target"))
            .env("ENSIGN_LOGS", LOGS)
            .args(["test", "--no-run", "--lib", "--message-format", "json"])
            .args(["-p", &format!("ensign-{CRATE}")])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        let output = cargo.output().context("could not start cargo")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let messages: Vec<Value> = said
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        if output.status.success() {
            let binary = messages
                .iter()
                .rev()
                .find_map(|it| it["executable"].as_str());
            return Ok(binary.context("cargo built no tests")?.into());
        }
        let mut blamed = BTreeSet::new();
        for message in &messages {
            blamed.extend(blame(sources, &message["message"]));
        }
        ensure!(
            !blamed.is_empty(),
            "the crate does not compile, whatever is left out"
        );
        println!("{} changes do not compile", blamed.len());
        for source in sources.iter_mut() {
            source.points.retain(|(number, _)| !blamed.contains(number));
        }
    }
}

/// The changes that an error points at.
fn blame(sources: &[Source], message: &Value) -> BTreeSet<usize> {
    let mut blamed = BTreeSet::new();
    if message["level"] != "error" {
        return blamed;
    }
    for span in message["spans"].as_array().into_iter().flatten() {
        let path = span["file_name"].as_str().unwrap_or_default();
        let at = span["byte_start"].as_u64().unwrap_or_default() as usize;
        let is_first = span["is_primary"] == true;
        let source = sources.iter().find(|it| it.path == Path::new(path));
        if let Some(source) = source.filter(|_| is_first) {
            blamed.extend(source.rendered.blame(at));
        }
    }
    blamed
}

/// Calls each change, some at a time; writes down those that no test notices.
fn survivors(tests: &Path, all: Vec<Change>, jobs: usize, list: &Path) -> Result<Vec<Change>> {
    let (count, living) = (all.len(), Mutex::new(Vec::new()));
    let next = Mutex::new(all.into_iter().enumerate());
    let work = || -> Result<()> {
        loop {
            let taken = next.lock().expect("no thread panics with the queue").next();
            let Some((at, change)) = taken else {
                return Ok(());
            };
            if !is_noticed(tests, change.number, &change.columns[0])? {
                println!("{at} of {count}: {}", change.line());
                let mut list = OpenOptions::new().append(true).open(list)?;
                writeln!(list, "{}", change.line())?;
                let mut living = living.lock().expect("no thread panics with the list");
                living.push(change);
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("a worker does not panic"))
    })?;
    let mut living = living.into_inner().expect("no thread panics with the list");
    living.sort_by_key(|it| it.number);
    Ok(living)
}

/// Whether a test fails, or hangs, with a change of a file.
fn is_noticed(tests: &Path, number: usize, path: &str) -> Result<bool> {
    let first = FIRST.iter().filter(|(part, _)| path.contains(part));
    for chosen in first.map(|(_, chosen)| *chosen).chain(ORDER) {
        let mut command = Command::new("prlimit");
        // Away from the work tree, so that no failure of a change is kept in it.
        let place = tests.parent().context("a binary lies in a folder")?;
        command
            .current_dir(place)
            .arg(format!("--cpu={PATIENCE}"))
            .arg(tests)
            .args(["--test-threads", "1"])
            .args(chosen)
            .env(CALLED, number.to_string())
            .env("PROPTEST_RNG_SEED", "2026")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let child = command.spawn().context("could not start the tests")?;
        if fails(child)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether one of the tests fails or the run is ended; it is ended as soon as one fails.
fn fails(mut child: Child) -> Result<bool> {
    let out = child.stdout.take().context("standard output is piped")?;
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let failed = lines.any(|line| line.ends_with("FAILED"));
    if failed {
        child.kill()?;
    }
    Ok(!child.wait()?.success() || failed)
}

fn columns(source: &Source, point: &Point) -> [String; 4] {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    [
        source.path.to_string_lossy().into_owned(),
        point.function.clone(),
        line(&source.text[point.range.clone()]),
        line(&point.with),
    ]
}

fn reasons() -> Result<BTreeMap<[String; 4], String>> {
    let path = workspace::root().join(LIST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).context(LIST),
    };
    let mut reasons = BTreeMap::new();
    for line in text.lines() {
        let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [file, function, text, with, reason]: [String; 5] = columns
            .try_into()
            .map_err(|_| anyhow::anyhow!("{LIST}: not five columns: {line}"))?;
        reasons.insert([file, function, text, with], reason);
    }
    Ok(reasons)
}
