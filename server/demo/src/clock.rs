//! The clock of the history: it stands where the story is, and only goes forwards.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::context::Clock;
use domain::time::Instant;

/// A clock that is moved by hand.
#[derive(Debug)]
pub(crate) struct StoryClock(AtomicI64);

impl StoryClock {
    /// Stands at a moment.
    pub(crate) const fn at(moment: Instant) -> Self {
        Self(AtomicI64::new(moment.micros()))
    }

    /// Moves on to a moment; an earlier one leaves it where it is.
    pub(crate) fn move_to(&self, moment: Instant) {
        self.0.fetch_max(moment.micros(), Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::Relaxed))
    }
}
