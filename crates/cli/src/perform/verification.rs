//! Verifying an emblem: from files and standard input alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ensign_mark::bundle::MAX_BUNDLE;
use ensign_mark::given::{self, Given, Source, Unread};
use ensign_mark::policy::{MAX_POLICY, Outcome, Policy, Terms};
use ensign_node::Failure;
use ensign_node::clock::{Clock as _, SystemClock};
use ensign_web::Verification;
use serde_json::json;

use crate::answer::{self, EMBLEM_VERIFIED};
use crate::arguments::Verifying;
use crate::exit::{Exit, chain, failure, file_failure};
use crate::file;
use crate::talk::Talk;

/// Where a web server keeps what it says of itself (RFC 8615); hidden, as its name begins with a dot.
const WELL_KNOWN: &str = ".well-known";
/// What stands for standard input.
const INPUT: &str = "-";

pub(super) fn verify(asked: &Verifying, talk: &Talk) -> Result<Exit, Failure> {
    let mut given = Given::default();
    let files = collect(asked, &mut given)?;
    if given.is_empty() {
        return Err(nothing(asked, files));
    }
    if let Some(policy) = policy(asked)? {
        given.set_policy(policy);
    }
    let at = asked.at.unwrap_or_else(|| SystemClock.now());
    let judged = given.judge(at).map_err(|why| unusable(&why))?;
    let mut answer = json!(Verification::new(&judged));
    if let Some(file) = &asked.bundle_to {
        let bundle = given.bundle().map_err(|why| unusable(&why))?;
        file::write(file, &bundle, asked.force.force)?;
        answer["file"] = file.display().to_string().into();
    }
    answer::give(answer, EMBLEM_VERIFIED, asked.form, talk)?;
    Ok(match judged.judgement.outcome {
        Outcome::Met => Exit::Done,
        Outcome::False(_) | Outcome::Invalid(_) => Exit::Refused,
        Outcome::Unproven(_) => Exit::Unproven,
    })
}

/// What is said where there is no token, nor anything that could have been one, in so many files.
fn nothing(asked: &Verifying, files: usize) -> Failure {
    let mut hint = "give the emblem's tokens, with the keys that sign them".to_owned();
    let message = match &asked.what[..] {
        [one] if files == 0 && one.join(WELL_KNOWN).is_dir() => {
            let inside = file::shell_word(&one.join(WELL_KNOWN));
            hint = format!("give the folder itself: `ensign emblem verify {inside}`");
            format!(
                "{} holds nothing but folders: what a web server publishes lies in its {WELL_KNOWN}",
                one.display()
            )
        }
        [one] if files == 0 => format!("{} holds no file: nothing to verify", one.display()),
        [one] if one.to_str() == Some(INPUT) => {
            "standard input is empty: nothing to verify".to_owned()
        }
        [one] => format!("{} holds no token: nothing to verify", one.display()),
        _ => "no token is among what was given: nothing to verify".to_owned(),
    };
    Failure {
        hint: Some(hint),
        ..failure("emblem.nothing", message)
    }
}

/// Reads all files once, and counts those that are to be verified. One that is named as both is the
/// verifier's own, tokens and all.
fn collect(asked: &Verifying, given: &mut Given) -> Result<usize, Failure> {
    let mut unread = BTreeMap::new();
    let what = files(&asked.what, &mut unread)?;
    let evidence = files(&asked.evidence, &mut unread)?;
    for (path, what) in &unread {
        given.pass_over(&path.display().to_string(), *what);
    }
    let vouched: BTreeSet<_> = evidence.iter().map(|path| real(path)).collect();
    for path in &what {
        let source = match vouched.contains(&real(path)) {
            true => Source::Own,
            false => Source::Found,
        };
        add(path, source, given)?;
    }
    let taken: BTreeSet<_> = what.iter().map(|path| real(path)).collect();
    for path in evidence.iter().filter(|path| !taken.contains(&real(path))) {
        add(path, Source::Evidence, given)?;
    }
    Ok(what.len())
}

/// The files of these paths: of a folder those in it, by name, hidden ones apart. What is in it and is
/// no file is added to what is not read.
fn files(
    paths: &[PathBuf],
    unread: &mut BTreeMap<PathBuf, Unread>,
) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |error: &_| unavailable(file_failure("read", path, error));
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if !is_hidden {
                inside.push(entry.path());
            }
        }
        inside.sort();
        for path in inside {
            let other = match path.metadata() {
                Ok(found) if found.is_dir() => Some(Unread::Folder),
                Ok(found) if !found.is_file() => Some(Unread::Special),
                Ok(_) => None,
                Err(_) => Some(Unread::Link),
            };
            match other {
                Some(what) => drop(unread.insert(path, what)),
                None => files.push(path),
            }
        }
    }
    Ok(files)
}

fn add(path: &Path, source: Source, given: &mut Given) -> Result<(), Failure> {
    let (name, content) = match path.to_str() {
        Some(INPUT) => (None, file::read_input(MAX_BUNDLE)),
        _ => (
            Some(path.display().to_string()),
            file::read(path, MAX_BUNDLE),
        ),
    };
    let content = content.map_err(unavailable)?;
    let added = given.add_file(source, name.as_deref(), &content);
    added.map_err(|why| unusable(&why))
}

/// Where a path leads; standard input leads nowhere.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn policy(asked: &Verifying) -> Result<Option<Policy>, Failure> {
    if let Some(least) = asked.least {
        let terms = Terms {
            least,
            ..Terms::default()
        };
        let policy = Policy::new(terms).expect("the default terms mean something at any level");
        return Ok(Some(policy));
    }
    let Some(path) = &asked.policy else {
        return Ok(None);
    };
    let content = file::read(path, MAX_POLICY).map_err(unavailable)?;
    let unreadable = |why: String| Failure {
        hint: Some("a trust policy is TOML and begins with `version = 1`".to_owned()),
        ..failure(
            "command.argument",
            format!("{} is no trust policy: {why}", path.display()),
        )
    };
    let text = String::from_utf8(content).map_err(|_| unreadable("not UTF-8".to_owned()))?;
    let policy = Policy::from_toml(&text).map_err(|why| unreadable(chain(&why)))?;
    Ok(Some(policy))
}

/// A file that is not there may be there later.
fn unavailable(failure: Failure) -> Failure {
    Failure {
        unavailable: failure.code == "file.failed",
        ..failure
    }
}

fn unusable(why: &given::Error) -> Failure {
    let code = match why {
        given::Error::Policy(_) => "command.argument",
        given::Error::Bundle(_) | given::Error::TooMany => "emblem.unusable",
    };
    failure(code, chain(why))
}
