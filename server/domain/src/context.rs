//! What a use case may know of the outside world: the time and randomness.

use crate::time::Instant;

/// Where the time comes from. Tests move it by hand.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present moment, truncated to microseconds.
    fn now(&self) -> Instant;
}

/// Where random bytes come from.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills `bytes` with bytes nobody can guess.
    fn fill(&self, bytes: &mut [u8]);

    /// A fixed number of random bytes.
    fn bytes<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}
