//! Tokens, keys, evidence, bundles and policies changed at random, from a seed: no mutant is
//! accepted, none makes a panic, and none takes more memory or more steps than is said here.
//!
//! `ENSIGN_MUTANTS` asks for another number of them than 20,000, `ENSIGN_MUTANTS_SEED` for others.

mod random;
mod sets;
mod tokens;

use std::collections::BTreeMap;

use allocation_counter::measure;

use crate::tests::steps::{self, Steps};

/// How many mutants of each kind were made, and how many were read; and the most that one took.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, [u64; 2]>,
    most: Taken,
}

/// What reading and judging one mutant takes.
#[derive(Debug, Default)]
struct Taken {
    /// Bytes held at once.
    held: u64,
    /// Bytes allocated for each byte that was read.
    allocated: u64,
    /// Items read and compared for each byte that was read.
    items: u64,
    /// Signatures checked.
    signatures: u64,
}

impl Tally {
    fn count(&mut self, kind: &str, read: bool) {
        let counts = self.kinds.entry(kind.to_owned()).or_default();
        counts[0] += 1;
        counts[1] += u64::from(read);
    }

    /// What an act on so many bytes answers; it may take no more than this.
    fn bounded<T>(&mut self, bound: &Taken, input: usize, act: impl FnOnce() -> T) -> T {
        let mut done = None;
        let memory = measure(|| done = Some(steps::counted(act)));
        let (answer, Steps { items, signatures }) = done.expect("what is measured is done");
        // A short input has its fixed costs.
        let a_byte = |all: u64| all.div_ceil((input as u64).max(1024));
        let taken = Taken {
            held: memory.bytes_max,
            allocated: a_byte(memory.bytes_total),
            items: a_byte(items),
            signatures,
        };
        let pairs = |other: &Taken| {
            [
                (taken.held, other.held),
                (taken.allocated, other.allocated),
                (taken.items, other.items),
                (taken.signatures, other.signatures),
            ]
        };
        for (took, most) in pairs(bound) {
            assert!(
                took <= most,
                "{taken:?} for {input} bytes, {bound:?} at most"
            );
        }
        let [held, allocated, items, signatures] = pairs(&self.most).map(|(a, b)| a.max(b));
        self.most = Taken {
            held,
            allocated,
            items,
            signatures,
        };
        answer
    }

    fn print(&self, read: &str) {
        for (kind, [made, kept]) in &self.kinds {
            println!("{kind}: {made} mutants, {kept} {read}");
        }
        let most = &self.most;
        println!(
            "the most that one took: {} bytes at once, {} bytes allocated and {} items read or \
            compared for each byte of input, {} signatures checked",
            most.held, most.allocated, most.items, most.signatures
        );
    }
}
