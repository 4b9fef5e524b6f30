//! Where random bytes come from: the caller's one source, handed in.

/// A source of bytes that nobody can predict.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` whole.
    fn fill(&self, bytes: &mut [u8]);
}

impl<F: Fn(&mut [u8]) + Send + Sync> Entropy for F {
    fn fill(&self, bytes: &mut [u8]) {
        self(bytes);
    }
}
