//! Promises as a node and as a stranger with a copy of its files judge them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ensign_trust::Statement;
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::{Bundle, StatedResult};
use ensign_trust::cbor::{self, Value};
use ensign_trust::logbook::LogName;
use ensign_views::Recomputed;

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

/// What a stranger finds in a proof file: the parts of the result that do not follow from its
/// statements, or why it proves nothing at all.
fn checked(bundle: &Bundle, anchors: &Anchors) -> Result<Vec<String>, String> {
    let bundle = Bundle::decode(&bundle.encode()).map_err(|error| error.to_string())?;
    let verified = bundle.verify(Some(anchors), ensign_views::need);
    let verified = verified.map_err(|error| error.to_string())?;
    let recomputed = Recomputed::of(&verified).ok_or("no such obligation")?;
    let stated = &verified.result.as_ref().ok_or("no result")?.record;
    let differing = recomputed.differing(stated).into_iter();
    Ok(differing.map(|it| it.part).collect())
}

#[test]
fn a_proof_file_of_every_duty_gives_its_result_on_every_day_and_at_every_size() {
    let place = Place::new(93);
    let node = told(&place);
    let anchors: Anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
    let whole = node.evaluate(None, None, Judged::default()).unwrap().index;
    let (mut different, mut proved) = (std::collections::BTreeSet::new(), 0);
    for day in [-45, -21, -6, 0, 11] {
        for index in [100, whole - 3, whole] {
            let asked = Judged {
                index: Some(index),
                at: Some(BEGIN as i64 + day * DAY),
            };
            for row in node.evaluate(None, None, asked).unwrap().obligations {
                let id = row.obligation.to_string();
                let (bundle, size) = node.obligation_bundle(&id, asked).unwrap();
                assert_eq!(size, index);
                let what = format!("{} {} on day {day} at {index}", row.term, row.status);
                assert_eq!(checked(&bundle, &anchors), Ok(vec![]), "{what}");
                assert!(
                    bundle.entries.len() as u64 * 2 < whole,
                    "{what}: nearly everything"
                );
                different.insert(row.status);
                proved += 1;
            }
        }
    }
    assert!(
        proved > 20 && different.len() > 4,
        "{proved}: {different:?}"
    );
}

#[test]
fn a_statement_left_out_of_a_proof_file_is_noticed_if_the_result_rests_on_it() {
    let place = Place::new(94);
    let node = told(&place);
    let anchors: Anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
    let asked = Judged {
        index: None,
        at: Some(BEGIN as i64),
    };
    let (mut noticed, mut unnoticed) = (0, std::collections::BTreeSet::new());
    for row in node.evaluate(None, None, asked).unwrap().obligations {
        let id = row.obligation.to_string();
        let page = node.explain(&id, asked).unwrap();
        let (bundle, _) = node.obligation_bundle(&id, asked).unwrap();
        for at in 0..bundle.entries.len() {
            let mut fewer = bundle.clone();
            let entry = fewer.entries.remove(at).entry;
            let statement = Statement::decode(entry.as_slice()).unwrap();
            match checked(&fewer, &anchors) {
                Ok(parts) if parts.is_empty() => {
                    assert!(!page.uses.contains(&statement.id()));
                    unnoticed.insert(statement.kind.to_string());
                }
                _ => noticed += 1,
            }
        }
    }
    assert!(noticed > 100, "{noticed}");
    // What others may, and that others are bound as well, decides nothing here.
    let of_others = ["instrument.adopted", "mandate.granted"];
    assert!(unnoticed.iter().eq(of_others), "{unnoticed:?}");
}

#[test]
fn a_result_that_does_not_follow_is_told_part_by_part() {
    let place = Place::new(95);
    let node = told(&place);
    let anchors: Anchors = node.trust_anchors().unwrap().anchors.parse().unwrap();
    let asked = Judged {
        index: None,
        at: Some(BEGIN as i64),
    };
    let duties = node.evaluate(None, None, asked).unwrap().obligations;
    let of = |status: &str| {
        let mut duties = duties.iter();
        let found = duties.find(|row| row.status == status).unwrap();
        let id = found.obligation.to_string();
        node.obligation_bundle(&id, asked).unwrap().0
    };
    let (met, breached) = (of("met"), of("breached"));
    let with = |bundle: &Bundle, change: &dyn Fn(&mut StatedResult)| {
        let mut changed = bundle.clone();
        change(changed.result.as_mut().unwrap());
        checked(&changed, &anchors)
    };
    let forged = |result: &mut StatedResult| {
        let Value::Map(mut parts) = cbor::decode(&result.record).unwrap() else {
            panic!()
        };
        for (name, value) in &mut parts {
            if *name == Value::text("status") {
                *value = Value::text("met");
            }
        }
        result.record = cbor::encode(&Value::Map(parts));
    };
    let parts = with(&breached, &forged).unwrap();
    assert_eq!(parts, ["status"]);
    assert_eq!(with(&met, &|result| result.at -= 1).unwrap(), ["at"]);
    let parts = with(&met, &|result| result.record.truncate(9)).unwrap();
    assert_eq!(parts, ["record"]);
    let other = breached.result.clone().unwrap().record;
    let parts = with(&met, &|result| result.record = other.clone()).unwrap();
    assert!(parts.iter().any(|part| part == "status"), "{parts:?}");
    let renamed = Bundle {
        subject: breached.subject.clone(),
        ..met.clone()
    };
    assert_ne!(checked(&renamed, &anchors), Ok(vec![]));
    let mut altered = met;
    let bytes = &mut altered.entries.last_mut().unwrap().entry;
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(checked(&altered, &anchors).is_err());
}
