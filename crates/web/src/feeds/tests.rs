use axum::http::StatusCode;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::merkle::{leaf_hash, root_of};
use ensign_trust::log::tile::{bundle_entries, tile_hashes, tiles_of_size};
use ensign_trust::logbook::LogName;

use crate::testkit::Served;

#[tokio::test]
async fn the_log_is_served_as_its_files_are() {
    let served = Served::story();
    let folder = served.node.folder().log(LogName::Public);
    let note = served.get("/tlog/checkpoint").await;
    assert_eq!(note.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(note.header("cache-control"), "public, max-age=2");
    assert_eq!(
        note.bytes,
        std::fs::read(folder.join("checkpoint")).unwrap()
    );
    let key = served.node.log_key(LogName::Public);
    let checkpoint = SignedCheckpoint::open(&note.bytes, &key)
        .unwrap()
        .into_checkpoint();
    for path in tiles_of_size(checkpoint.size) {
        let answer = served.get(&format!("/tlog/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header("content-encoding"), "");
        assert_eq!(
            answer.bytes,
            std::fs::read(folder.join(path.to_string())).unwrap(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_stranger_recomputes_the_root_from_what_is_served() {
    let served = Served::story();
    let note = served.get("/tlog/checkpoint").await;
    let key = served.node.log_key(LogName::Public);
    let checkpoint = SignedCheckpoint::open(&note.bytes, &key)
        .unwrap()
        .into_checkpoint();
    let mut leaves = Vec::new();
    for path in tiles_of_size(checkpoint.size) {
        let bytes = served.get(&format!("/tlog/{path}")).await.bytes;
        match path.to_string().strip_prefix("tile/entries/") {
            Some(_) => {
                let entries = bundle_entries(&bytes, path.width).unwrap();
                leaves.extend(entries.into_iter().map(leaf_hash));
            }
            None => assert_eq!(tile_hashes(&bytes).unwrap().len(), usize::from(path.width)),
        }
    }
    assert_eq!(root_of(&leaves), checkpoint.root);
}

#[tokio::test]
async fn what_is_no_file_of_the_log_is_not_there() {
    let served = Served::story();
    for path in [
        "tile/0/999",
        "tile/00/000",
        "tile/0/0",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/8/000",
        "tile/entries/..%2f..%2fcheckpoint",
        "tile/",
        "closed/checkpoint",
    ] {
        let answer = served.get(&format!("/tlog/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}
