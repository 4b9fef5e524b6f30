//! Promises as a node and as a stranger with a copy of its files judge them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ensign_trust::logbook::LogName;

use super::{BEGIN, Place, files};
use crate::clock::SystemEntropy;
use crate::instrument::Judged;
use crate::node::Node;
use crate::replica::ReplicaError;
use crate::{Error, Replica, demo};

const DAY: i64 = 86_400;

fn told(place: &Place) -> Node {
    let (clock, entropy) = (place.clock.clone(), Arc::new(SystemEntropy));
    demo::open(&place.folder(), clock, entropy, &mut |_| ()).unwrap()
}

/// Copies what of a log's files is on paper: checkpoint and bundles.
fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let copied = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(copied.parent().unwrap()).unwrap();
        fs::copy(path, copied).unwrap();
    }
}

#[test]
fn a_copy_of_the_files_gives_the_same_bytes_on_every_day_and_at_every_size() {
    let place = Place::new(91);
    let node = told(&place);
    let elsewhere = tempfile::tempdir().unwrap();
    copy(&node.folder().log(LogName::Public), elsewhere.path());
    let replica = Replica::read(elsewhere.path(), None).unwrap();
    let whole = node.evaluate(None, None, Judged::default()).unwrap().index;
    let sizes = [1, 40, 80, 120, whole / 2, whole].map(|size| size.min(whole));
    let mut different = std::collections::BTreeSet::new();
    for day in (-45..12).step_by(3) {
        for index in sizes {
            let asked = Judged {
                index: Some(index),
                at: Some(BEGIN as i64 + day * DAY),
            };
            let here = node.evaluate(None, None, asked).unwrap();
            let there = replica.evaluate(None, None, asked).unwrap();
            assert_eq!(here.results, there.results, "day {day}, size {index}");
            assert_eq!(here, there, "day {day}, size {index}");
            let statuses: Vec<_> = here.obligations.iter().map(|row| row.status).collect();
            different.insert(statuses);
            for row in &here.obligations {
                let id = row.obligation.to_string();
                let pages = [node.explain(&id, asked), replica.explain(&id, asked)];
                let [here, there] = pages.map(Result::unwrap);
                assert_eq!(here, there, "day {day}, size {index}");
            }
        }
    }
    assert!(different.len() > 8, "{different:?}");
}

#[test]
fn a_copy_of_which_one_byte_is_altered_or_one_file_is_missing_is_not_believed() {
    let place = Place::new(92);
    let node = told(&place);
    let elsewhere = tempfile::tempdir().unwrap();
    copy(&node.folder().log(LogName::Public), elsewhere.path());
    let read = || Replica::read(elsewhere.path(), None);
    read().unwrap();
    let of_concern: Vec<_> = files(elsewhere.path())
        .into_iter()
        .filter(|path| path.ends_with("checkpoint") || path.to_str().unwrap().contains("entries"))
        .collect();
    let size = node.evaluate(None, None, Judged::default()).unwrap().index;
    let widths = |path: &&std::path::PathBuf| path.to_str().unwrap().contains(".p/");
    // Of partial bundles only the last one belongs to the checkpoint.
    let last = format!("{}", size % 256);
    let read_ones = of_concern
        .iter()
        .filter(|path| !widths(path) || path.file_name().unwrap().to_str() == Some(&last));
    let mut altered = 0;
    for path in read_ones {
        let bytes = fs::read(path).unwrap();
        for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 2] {
            let mut other = bytes.clone();
            other[at] ^= 1;
            fs::write(path, other).unwrap();
            let refused = read().unwrap_err();
            assert!(matches!(refused, Error::Replica { .. }), "{refused:?}");
            altered += 1;
        }
        fs::remove_file(path).unwrap();
        let refused = read().unwrap_err();
        let missing = matches!(
            &refused,
            Error::Replica {
                source: ReplicaError::Missing { .. },
                ..
            }
        );
        assert!(missing, "{refused:?}");
        fs::write(path, bytes).unwrap();
    }
    assert!(altered >= 8);
    read().unwrap();
}
