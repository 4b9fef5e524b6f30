//! Tokens, keys, evidence, bundles and policies changed at random, from a seed: no mutant is
//! accepted, none makes a panic, and none takes more memory than is said here.
//!
//! `ENSIGN_MUTANTS` asks for another number of them than 20,000, `ENSIGN_MUTANTS_SEED` for others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../src/tests/invented.rs"]
#[expect(dead_code, reason = "the crate's own tests use the rest of it")]
mod invented;
mod random;
mod sets;
mod tokens;

// Where `invented` looks for them.
use ensign_mark::{commitment, key, name, purpose, token};

use std::collections::BTreeMap;

use allocation_counter::{AllocationInfo, measure};

/// How many mutants of each kind were made, and how many were read; and the most that one took.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, [u64; 2]>,
    /// Bytes held at once.
    held: u64,
    /// Bytes allocated for each byte that was read.
    work: u64,
}

impl Tally {
    fn count(&mut self, kind: &str, read: bool) {
        let counts = self.kinds.entry(kind.to_owned()).or_default();
        counts[0] += 1;
        counts[1] += u64::from(read);
    }

    /// What an act answers; it may hold this many bytes at once, and allocate this many for each
    /// byte of input.
    fn bounded<T>(&mut self, most: AllocationInfo, input: usize, act: impl FnOnce() -> T) -> T {
        let mut answer = None;
        let taken = measure(|| answer = Some(act()));
        // A short input has its fixed costs.
        let work = taken.bytes_total / (input as u64).max(1024);
        self.held = self.held.max(taken.bytes_max);
        self.work = self.work.max(work);
        assert!(taken.bytes_max <= most.bytes_max, "{taken:?}");
        assert!(work <= most.bytes_total, "{taken:?} for {input} bytes");
        answer.expect("what is measured is done")
    }

    fn print(&self, read: &str) {
        for (kind, [made, kept]) in &self.kinds {
            println!("{kind}: {made} mutants, {kept} {read}");
        }
        println!(
            "the most that one took: {} bytes at once, {} allocated for each byte read",
            self.held, self.work
        );
    }
}

/// So many bytes at once, and so many allocated for each byte of input.
fn bound(held: u64, work: u64) -> AllocationInfo {
    AllocationInfo {
        bytes_max: held,
        bytes_total: work,
        ..AllocationInfo::default()
    }
}
