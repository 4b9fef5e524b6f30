//! The seeds made again, and every file of the corpora through its body.
//!
//! A file whose name begins with `good-` is accepted, one that begins with `bad-` is refused; of
//! what a run of the fuzzer found, only that no promise is broken.

mod seeds;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{TARGETS, run};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

/// Names in a folder, in their order; none of a folder that is not there.
fn names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeSet::new();
    };
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| name(entry.unwrap())).collect()
}

#[test]
fn every_file_of_a_corpus_is_read_or_refused_as_its_name_says() {
    let made = compare_seeds();
    for (target, body) in TARGETS {
        let folder = corpus().join(target);
        for verdict in ["good-", "bad-"] {
            let start = format!("{target}/{verdict}");
            let some = made.iter().any(|file| file.starts_with(&start));
            assert!(some, "{target} has no {verdict} seed");
        }
        for file in names(&folder) {
            let accepted = body(&fs::read(folder.join(&file)).unwrap());
            let (good, bad) = (file.starts_with("good-"), file.starts_with("bad-"));
            assert!(accepted || !good, "{target}/{file} is refused");
            assert!(!accepted || !bad, "{target}/{file} is accepted");
            let name = format!("{target}/{file}");
            assert!(
                !(good || bad) || made.contains(&name),
                "nothing makes {name}"
            );
        }
    }
}

#[test]
fn targets_corpora_and_the_list_have_the_same_names() {
    let listed: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&corpus()), listed);
    let targets = names(&corpus().join("../fuzz_targets"));
    let files: BTreeSet<String> = listed.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(targets, files);
    let manifest = fs::read_to_string(corpus().join("../Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
    assert!(!run("cbor", b""));
}

#[test]
fn what_a_statement_says_is_an_act_of_one_kind() {
    for (_, name, bytes) in seeds::acts::all() {
        let statement = ensign_trust::Statement::decode(bytes).unwrap();
        let expected = usize::from(!name.contains("malformed"));
        assert_eq!(crate::logs::acts(&statement), expected, "{name}");
    }
}

/// Every seed, cut short and with each byte changed: bad input beside the good.
#[test]
fn neighbours_of_the_seeds_break_no_promise() {
    for (target, _, bytes) in seeds::all() {
        let step = bytes.len().div_ceil(64).max(1);
        for at in (0..bytes.len()).step_by(step) {
            run(target, &bytes[..at]);
            for mask in [0x01, 0x20, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= mask;
                run(target, &changed);
            }
        }
    }
}

/// Compares each seed with its file, or rewrites the file; gives the names of all.
fn compare_seeds() -> BTreeSet<String> {
    let mut made = BTreeSet::new();
    for (target, name, bytes) in seeds::all() {
        let file = corpus().join(target).join(name);
        if blessing() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &bytes).unwrap();
        }
        let name = format!("{target}/{name}");
        let golden = fs::read(&file).unwrap_or_default();
        assert_eq!(golden, bytes, "{name}; ENSIGN_BLESS=1 rewrites it");
        assert!(made.insert(name), "{file:?} is made twice");
    }
    made
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a golden file is asked to be rewritten"
)]
fn blessing() -> bool {
    std::env::var_os("ENSIGN_BLESS").is_some()
}
