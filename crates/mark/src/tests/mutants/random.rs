//! Chance from a seed, and what it does to bytes.

/// SplitMix64: the same mutants on every machine.
pub(super) struct Random(u64);

impl Random {
    /// Of a test, from the seed that is asked for.
    pub(super) fn new(test: u64) -> Self {
        Random(asked("ENSIGN_MUTANTS_SEED", 1) << 8 | test)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One to three changes: a bit, a byte, a cut, an insertion, a repetition. Never none.
    pub(super) fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        while changed == bytes {
            for _ in 0..=self.below(3) {
                self.change(&mut changed);
            }
        }
        changed
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let at = self.below(bytes.len());
        match self.below(6) {
            0 | 1 => bytes[at] ^= 1 << self.below(8),
            2 => bytes[at] = self.next().to_be_bytes()[0],
            3 => bytes.truncate(at),
            4 => bytes.insert(at, self.next().to_be_bytes()[0]),
            _ => {
                let end = (at + 1 + self.below(16)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
}

/// How many mutants all tests make together.
pub(super) fn wanted() -> u64 {
    asked("ENSIGN_MUTANTS", 20_000)
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a longer run is asked for by hand"
)]
fn asked(name: &str, otherwise: u64) -> u64 {
    let asked = std::env::var(name).ok();
    asked.map_or(otherwise, |it| it.parse().expect("a number"))
}
