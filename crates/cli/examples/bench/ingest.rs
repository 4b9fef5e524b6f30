//! Durable appending of statements that others signed, in batches of 256.
//!
//! A node cannot take in more than it can verify, nor write faster than the disk flushes. The
//! bound is the lower of half the rate at which all cores verify these signatures and a quarter of
//! the rate at which the same bytes are appended to a file with one flush a batch.

use std::fs::File;
use std::io::Write as _;

use anyhow::{Result, ensure};
use ensign_node::Node;
use ensign_trust::Statement;
use ensign_trust::logbook::LogName;
use sha2::{Digest as _, Sha256};

use crate::audit::{Bare, verify_strict};
use crate::authors::Authors;
use crate::measure::{ROUNDS, Rate, Spread, timed};
use crate::place::{self, Place, SEED};
use crate::report::{Duty, Report};

const BATCH: usize = 256;
/// Threads that append, each what its own group of authors signed: while one waits for the disk,
/// the signatures of another's batch are checked.
const FEEDS: u8 = 2;
/// Batches of each thread in a round.
const BATCHES: usize = 20;

type Batch = Vec<Statement>;

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let place = Place::new()?;
    let node = place::found(&place.node())?;
    let groups: Result<Vec<_>> = (0..FEEDS)
        .map(|group| Authors::found(&node, group))
        .collect();
    let mut groups = groups?;
    let notes = feeds(&mut groups, |authors, _| authors.notes(BATCH))?;
    measure(report, &place, &node, "notes", &groups, &notes)?;
    for authors in &mut groups {
        authors.mandate(&node)?;
    }
    let records = feeds(&mut groups, |authors, first| {
        authors.records(first, BATCH as u64)
    })?;
    measure(report, &place, &node, "records", &groups, &records)
}

/// What each group signs, `make` being told the number of its first statement among all.
fn feeds(
    groups: &mut [Authors],
    make: impl Fn(&mut Authors, u64) -> Result<Batch>,
) -> Result<Vec<Vec<Batch>>> {
    let mut numbers = (0_u64..).step_by(BATCH);
    let mut feed = |authors: &mut Authors| -> Result<Vec<Batch>> {
        let numbers = numbers.by_ref().take(BATCHES * ROUNDS);
        numbers.map(|first| make(authors, first)).collect()
    };
    groups.iter_mut().map(&mut feed).collect()
}

fn measure(
    report: &mut Report,
    place: &Place,
    node: &Node,
    name: &str,
    groups: &[Authors],
    feeds: &[Vec<Batch>],
) -> Result<()> {
    let bytes: usize = feeds
        .iter()
        .flatten()
        .flatten()
        .map(|it| it.entry().len())
        .sum();
    let all = usize::from(FEEDS) * BATCHES * ROUNDS * BATCH;
    let mut hash = Sha256::new();
    groups
        .iter()
        .for_each(|authors| hash.update(authors.digest()));
    report.data(
        &format!("{all} statements of {} bytes", bytes / all),
        SEED,
        hash.finalize().into(),
    );

    let registry = node.views().registry()?;
    let (mut rounds, mut verified, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let round: Vec<&[Batch]> = feeds
            .iter()
            .map(|feed| &feed[round * BATCHES..][..BATCHES])
            .collect();
        let batches = round.iter().map(|feed| feed.len()).sum::<usize>();
        let count = batches * BATCH;
        let given: Vec<Vec<Batch>> = round.iter().map(|feed| feed.to_vec()).collect();
        let before = size_of(node)?;
        let (appended, ours) = timed(|| append(node, given));
        appended?;
        let receipts = batches as u64;
        ensure!(
            size_of(node)? == before + count as u64 + receipts,
            "not all was appended"
        );

        let statements = round.iter().copied().flatten().flatten();
        let bare: Vec<_> = statements
            .map(|it| Bare::of(it, &registry))
            .collect::<Result<_>>()?;
        let verify = verify_strict(&bare)?.rate(count);
        let raw = append_raw(place, &round)?;
        verified.push(verify);
        written.push(raw);
        let bound = (verify.each_second / 2.0).min(raw.each_second / 4.0);
        rounds.push((
            ours.rate(count),
            Rate {
                each_second: bound,
                ..raw
            },
        ));
    }
    let median = |all: &[Rate]| Spread::of(all.iter().map(|rate| rate.each_second)).median;
    report.note(&format!(
        "verify_strict on all cores {:.0}/s ({:.1} µs of processor each), raw append with one \
         fdatasync a batch {:.0}/s",
        median(&verified),
        Spread::of(verified.iter().map(|rate| rate.cpu)).median,
        median(&written)
    ));
    report.rates(
        name,
        &rounds,
        "lower of 1/2 and 1/4 of these",
        1.0,
        Duty::Aim,
    );
    Ok(())
}

fn append(node: &Node, feeds: Vec<Vec<Batch>>) -> Result<()> {
    let feed = |batches: Vec<Batch>| -> Result<()> {
        for batch in batches {
            node.append(LogName::Public, batch)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = feeds
            .into_iter()
            .map(|batches| scope.spawn(move || feed(batches)))
            .collect();
        all.into_iter()
            .try_for_each(|one| one.join().expect("appending does not panic"))
    })
}

fn append_raw(place: &Place, feeds: &[&[Batch]]) -> Result<Rate> {
    let path = place.join("raw");
    let mut file = File::create(&path)?;
    let bytes = |batch: &Batch| batch.iter().flat_map(|it| it.entry().to_vec()).collect();
    let batches: Vec<Vec<u8>> = feeds.iter().copied().flatten().map(bytes).collect();
    let (written, span) = timed(|| -> Result<()> {
        for batch in &batches {
            file.write_all(batch)?;
            file.sync_data()?;
        }
        Ok(())
    });
    written?;
    std::fs::remove_file(path)?;
    Ok(span.rate(batches.len() * BATCH))
}

fn size_of(node: &Node) -> Result<u64> {
    Ok(node
        .log(LogName::Public)
        .head()?
        .map_or(0, |head| head.size))
}
