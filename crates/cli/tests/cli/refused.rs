//! What is refused, with which exit code and which words.

use std::fs;

use crate::Place;

#[test]
fn a_command_line_that_is_not_understood_ends_with_2() {
    let place = Place::new();
    for (words, said) in [
        (&["stauts"][..], "'status'"),
        (&["import", "who-ssb", "x.csv"], "'who-ssa'"),
        (
            &[
                "import",
                "who-ssa",
                "x.csv",
                "--covers",
                "2024-02-08..2017-02-25",
            ],
            "is after",
        ),
        (
            &["verify", "x", "--at", "yesterday"],
            "2026-03-01T12:00:00Z",
        ),
        (
            &["init", "--name", "n", "--origin", "o", "--realm", "Real"],
            "exercise/NAME",
        ),
        (
            &[
                "init",
                "--name",
                "n",
                "--origin",
                "https://o/",
                "--realm",
                "real",
            ],
            "host name",
        ),
        (&[], "Usage: ensign"),
    ] {
        let found = place.run(words).failed(2);
        assert!(found.contains(said), "{words:?}: {found}");
    }
    assert_eq!(
        fs::read_dir(place.path("")).unwrap().count(),
        0,
        "nothing was made"
    );
}

#[test]
fn a_second_node_in_one_folder_is_refused() {
    let place = Place::with_node();
    let before = place.ask(&["status", "--dir", "node"])["operator"].clone();
    let said = place.init("node").failed(1);
    assert_eq!(
        said,
        "error: node already holds a node\n\nhint: choose another folder with `--dir`\n"
    );
    assert_eq!(place.ask(&["status", "--dir", "node"])["operator"], before);
}

#[test]
fn a_folder_without_a_node_and_an_unknown_id_are_refused() {
    let place = Place::with_node();
    let said = place.run(&["status", "--dir", "elsewhere"]).failed(1);
    assert!(
        said.starts_with("error: elsewhere holds no node\n\nhint: make one with "),
        "{said}"
    );
    let said = place
        .run(&["export", "incident", "EX-9", "--dir", "node", "-o", "c"])
        .failed(1);
    assert!(
        said.starts_with("error: nothing here has the id EX-9\n")
            && said.contains("hint: the pages of `ensign serve` show the ids"),
        "{said}"
    );
    assert!(!place.path("c").exists());
}

#[test]
fn a_file_that_is_no_export_is_refused_and_nothing_is_stated() {
    let place = Place::with_node();
    fs::write(place.path("notes.csv"), "a,b\n1,2\n").unwrap();
    for file in ["notes.csv", "absent.csv"] {
        let before = place.ask(&["status", "--dir", "node"])["logs"].clone();
        let said = place
            .run(&["import", "who-ssa", file, "--dir", "node"])
            .failed(1);
        assert!(said.contains("error: ") && said.contains(file), "{said}");
        assert_eq!(place.ask(&["status", "--dir", "node"])["logs"], before);
    }
}

#[test]
fn a_file_that_is_no_proof_is_called_so() {
    let place = Place::with_node();
    fs::write(place.path("empty"), "").unwrap();
    // An empty list: deterministic CBOR, and no bundle.
    fs::write(place.path("list"), [0x80]).unwrap();
    for (file, why) in [
        ("export.csv", "is no proof file, or only a part of one\n"),
        ("empty", "is no proof file, or only a part of one\n"),
        ("list", "no proof bundle of a version that is understood"),
    ] {
        let said = place.run(&["verify", file]).failed(1);
        assert!(said.contains(why), "{said}");
        assert!(
            said.contains("\nhint: make a proof file with `ensign export incident`"),
            "{said}"
        );
    }
}

#[test]
fn a_folder_without_its_key_stays_shut() {
    let place = Place::with_node();
    fs::rename(place.path("node.key"), place.path("away.key")).unwrap();
    let said = place.run(&["status", "--dir", "node"]).failed(1);
    assert!(
        said.contains("node.key") && said.contains("hint: give the key's file"),
        "{said}"
    );
    let mut command = place.command(&["status", "--dir", "node"]);
    assert!(
        command
            .env("ENSIGN_KEY_FILE", place.path("away.key"))
            .status()
            .unwrap()
            .success()
    );
    fs::write(place.path("node.key"), "0".repeat(64)).unwrap();
    place.run(&["status", "--dir", "node"]).failed(1);
}

#[test]
fn a_folder_of_a_newer_version_is_left_alone() {
    let place = Place::with_node();
    let path = place.path("node/log.db");
    let mut bytes = fs::read(&path).unwrap();
    // The user version in the header of an SQLite file.
    bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let said = place.run(&["status", "--dir", "node"]).failed(1);
    assert!(
        said.contains("9999") && said.contains("hint: use the version"),
        "{said}"
    );
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn an_unknown_key_of_the_configuration_is_named() {
    let place = Place::with_node();
    fs::write(
        place.path("node/ensign.toml"),
        "[web]\nlisten = \"127.0.0.1:1\"\nport = 2\n",
    )
    .unwrap();
    let said = place.run(&["status", "--dir", "node"]).failed(1);
    assert!(
        said.contains("ensign.toml") && said.contains("port"),
        "{said}"
    );
}

/// A small file system of its own, where this process may mount one.
struct Disk(std::path::PathBuf);

impl Disk {
    fn of(kilobytes: u32, place: &Place) -> Option<Self> {
        let path = place.path("disk");
        fs::create_dir(&path).unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = mount(&["-t", "tmpfs", "-o", &size, "tmpfs"], &path);
        if !mounted {
            ensign_recorded::skip("this process may not mount a file system");
        }
        mounted.then_some(Disk(path))
    }

    fn remount(&self, option: &str) {
        assert!(mount(&["-o", &format!("remount,{option}")], &self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

fn mount(words: &[&str], path: &std::path::Path) -> bool {
    let mut command = std::process::Command::new("mount");
    command
        .args(words)
        .arg(path)
        .stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_ends_with_3_and_loses_nothing() {
    let place = Place::with_node();
    let Some(disk) = Disk::of(1200, &place) else {
        return;
    };
    place.init("disk/node").done();
    let before = place.ask(&["status", "--dir", "disk/node"])["logs"].clone();
    let rest = fs::File::create(disk.0.join("rest")).unwrap();
    std::io::copy(&mut std::io::repeat(0), &mut &rest).unwrap_err();
    drop(rest);
    let found = [
        "party",
        "found",
        "--name",
        "Clinic",
        "--type",
        "body",
        "--dir",
        "disk/node",
    ];
    let said = place.run(&found).failed(3);
    assert!(said.contains("full") && said.contains("hint: "), "{said}");
    fs::remove_file(disk.0.join("rest")).unwrap();
    assert_eq!(place.ask(&["status", "--dir", "disk/node"])["logs"], before);
    place.run(&found).done();
}

#[test]
fn a_folder_that_may_not_be_written_ends_with_3_and_loses_nothing() {
    let place = Place::with_node();
    let Some(disk) = Disk::of(4000, &place) else {
        return;
    };
    place.init("disk/node").done();
    let before = place.ask(&["status", "--dir", "disk/node"])["logs"].clone();
    disk.remount("ro");
    let found = [
        "party",
        "found",
        "--name",
        "Clinic",
        "--type",
        "body",
        "--dir",
        "disk/node",
    ];
    let said = place.run(&found).failed(3);
    assert!(
        said.contains("may not be written") && said.contains("hint: "),
        "{said}"
    );
    disk.remount("rw");
    assert_eq!(place.ask(&["status", "--dir", "disk/node"])["logs"], before);
    place.run(&found).done();
}
