//! A simulation: nodes, witnesses and mirrors among lost, late, doubled and overtaking messages, cut
//! links, machines that stop, wrong clocks and logs that show two trees.
//!
//! | file | what |
//! |---|---|
//! | [`dice`] | everything that happens is drawn from one seed |
//! | [`party`] | a node and a witness over stores that outlive their processes |
//! | [`link`] | what becomes of messages |
//! | [`author`] | who hands in statements, again and again until they are acknowledged |
//! | [`world`] | what happens, one thing after the other |
//! | [`copying`] | a mirror that copies |
//! | [`settle`] | how all is repaired and comes to rest |
//! | [`check`] | what must hold |
//!
//! What is simulated is the world. Nodes, witnesses, mirrors and copies are those that run elsewhere, over
//! stores in memory; a mirror has a folder.

mod author;
mod check;
mod copying;
mod dice;
mod link;
mod party;
mod settle;
mod world;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use self::dice::Dice;
use self::party::Start;
use self::world::{Outcome, Planted, World};
use crate::folder::variable;

/// How many seeds are tried, unless `ENSIGN_SEEDS` says otherwise.
const SEEDS: u64 = 1000;

/// Parties, and how many of the others must cosign.
const SHAPES: [(usize, usize); 5] = [(2, 1), (3, 1), (3, 2), (4, 2), (4, 3)];

/// The worlds that there can be, each at its beginning.
struct Starts(Vec<Start>);

impl Starts {
    fn new() -> Self {
        let start = |(count, threshold)| Start::new(count, threshold);
        Starts(SHAPES.into_iter().map(start).collect())
    }

    fn run(&self, seed: u64, planted: Option<Planted>) -> Outcome {
        let mut dice = Dice::new(!seed);
        let start = dice.one(&self.0);
        let happenings = 20 + dice.below(60);
        World::new(seed, start, planted).run(happenings)
    }
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[test]
fn whatever_happens_nothing_acknowledged_is_lost_and_no_second_tree_goes_unnoticed() {
    let starts = Starts::new();
    let seeds = match number("ENSIGN_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("ENSIGN_SEEDS").unwrap_or(SEEDS),
    };
    let next = AtomicU64::new(seeds.start);
    let sums = Mutex::new(BTreeMap::<&str, u64>::new());
    let failed = Mutex::new(BTreeMap::new());
    #[expect(
        clippy::disallowed_methods,
        reason = "what a step costs is printed, and decides nothing"
    )]
    let begun = std::time::Instant::now();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let outcome = starts.run(seed, None);
                    if seeds.end - seeds.start == 1 {
                        println!("{}", outcome.trace.join("\n"));
                    }
                    let mut sums = sums.lock().unwrap();
                    for (what, count) in [
                        ("steps", outcome.steps),
                        ("entries compared", outcome.compared as u64),
                        ("logs with two trees", outcome.forked.into()),
                        ("kept evidence", outcome.found as u64),
                    ] {
                        *sums.entry(what).or_default() += count;
                    }
                    if outcome.violation.is_some() {
                        failed.lock().unwrap().insert(seed, outcome);
                    }
                }
            });
        }
    });
    #[expect(
        clippy::disallowed_methods,
        reason = "what a step costs is printed, and decides nothing"
    )]
    let taken = begun.elapsed();
    let (sums, failed) = (sums.into_inner().unwrap(), failed.into_inner().unwrap());
    let a_step = taken * cores as u32 / u32::try_from(sums["steps"].max(1)).unwrap();
    println!(
        "{} seeds in {taken:.1?}, {a_step:.1?} of a core a step: {sums:?}",
        seeds.end - seeds.start
    );
    if let Some((seed, shortest)) = failed.iter().min_by_key(|(_, it)| it.trace.len()) {
        println!("ENSIGN_SEED={seed}\n{}", shortest.trace.join("\n"));
        for (seed, outcome) in &failed {
            let violation = outcome.violation.as_deref();
            println!("ENSIGN_SEED={seed} {}", violation.unwrap_or_default());
        }
        panic!("{} seeds failed", failed.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let starts = Starts::new();
    for seed in 0..10 {
        assert_eq!(starts.run(seed, None), starts.run(seed, None), "{seed}");
    }
    assert_ne!(starts.run(1, None).trace, starts.run(2, None).trace);
}

/// How many seeds a planted fault is looked for.
const PATIENCE: u64 = 200;

/// Runs until the fault is found by what is said of it.
fn found(planted: Planted, said: &str) {
    let starts = Starts::new();
    let found = (0..PATIENCE).find(|seed| {
        let trace = starts.run(*seed, Some(planted)).trace;
        let mut violations = trace.iter().filter(|line| line.contains("VIOLATED"));
        violations.any(|line| line.contains(said))
    });
    let seed = found.unwrap_or_else(|| panic!("{planted:?} is not found"));
    println!("{planted:?} is found by seed {seed}");
}

#[test]
fn a_disk_that_forgets_what_was_durable_is_found() {
    found(Planted::ForgetfulDisk, "signed a head of");
}

#[test]
fn an_entry_that_was_acknowledged_too_early_is_missed() {
    found(Planted::HastyAnswer, "lost entry");
}

#[test]
fn a_witness_that_forgets_what_it_cosigned_is_found() {
    found(Planted::ForgetfulWitness, "which contradicts");
}

#[test]
fn a_mirror_that_forgets_what_it_had_is_found() {
    found(Planted::ForgetfulMirror, "did not find");
}

#[test]
fn a_log_that_secretly_shows_two_trees_is_found() {
    found(Planted::SecretTwin, "accuses");
}
