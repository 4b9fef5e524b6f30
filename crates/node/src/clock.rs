//! The one place where the node reads the clock and draws entropy.

use std::sync::atomic::{AtomicU64, Ordering};

use ensign_store::Entropy;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Unix seconds.
    fn now(&self) -> u64;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// A clock that stands where it is put, for tests and invented stories.
#[derive(Debug)]
pub struct SetClock(AtomicU64);

/// The operating system's entropy.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the clock"
        )]
        let now = jiff::Timestamp::now();
        u64::try_from(now.as_second()).unwrap_or(0)
    }
}

impl SetClock {
    /// A clock that shows this time.
    pub fn at(seconds: u64) -> Self {
        SetClock(AtomicU64::new(seconds))
    }

    /// Puts the clock to another time.
    pub fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that draws entropy"
        )]
        getrandom::fill(bytes).expect("the operating system gives entropy once it has started");
    }
}

/// A fresh array of random bytes.
pub(crate) fn fresh<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}
