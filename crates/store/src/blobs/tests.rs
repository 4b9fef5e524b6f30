use std::fs;
use std::path::Path;

use super::*;
use crate::testkit::InFolder;
use crate::testkit::blobs::blobs_suite;

mod memory {
    use super::*;
    blobs_suite!(Box::new(MemoryBlobs::new()));
}

mod file {
    use super::*;

    blobs_suite!(InFolder::new(
        |folder| FileBlobs::open(folder).expect("opens")
    ));
}

fn path_of(folder: &Path, digest: &Digest) -> std::path::PathBuf {
    let name = digest.to_string();
    folder.join(&name[..2]).join(&name[2..])
}

#[test]
fn a_blob_whose_bytes_were_changed_is_refused_at_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = FileBlobs::open(folder.path()).expect("opens");
    let digest = blobs.put(&mut &b"as published"[..]).expect("put");
    for changed in [&b"as publishes"[..], b"as publishe", b"as published."] {
        fs::write(path_of(folder.path(), &digest), changed).expect("writes");
        let mut blob = blobs.get(&digest).expect("opens").expect("is there");
        let error = blob.read_to_end(&mut Vec::new()).expect_err("changed");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains(&digest.to_string()));
    }
}

#[test]
fn blobs_outlive_the_process_and_unfinished_ones_do_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let digest = FileBlobs::open(folder.path())
        .expect("opens")
        .put(&mut &b"kept"[..])
        .expect("put");
    fs::write(folder.path().join("coming/0"), b"half").expect("writes");
    let blobs = FileBlobs::open(folder.path()).expect("opens again");
    assert_eq!(blobs.list().expect("lists"), [digest]);
    assert_eq!(
        fs::read_dir(folder.path().join("coming"))
            .expect("lists")
            .count(),
        0
    );
}

#[test]
fn an_error_names_the_path_that_could_not_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, b"").expect("writes");
    let error = FileBlobs::open(&file.join("blobs"))
        .err()
        .expect("no folder");
    assert!(
        error.to_string().contains(&file.display().to_string()),
        "{error}"
    );
}

#[test]
fn the_text_of_a_digest_is_strict() {
    let digest = Digest::of(b"abc");
    let text = digest.to_string();
    assert_eq!(
        text,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(text.parse::<Digest>().expect("a digest"), digest);
    for bad in [
        &text[2..],
        &text.to_uppercase(),
        &format!("{text}00"),
        "",
        "xy",
    ] {
        assert!(bad.parse::<Digest>().is_err(), "{bad}");
    }
}
