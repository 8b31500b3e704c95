//! A clock that goes as the machine's does and can be moved ahead.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::context::Clock;
use domain::time::{Instant, SECOND};
use service::clock::SystemClock;

/// The machine's clock, and how far it was moved.
#[derive(Debug, Default)]
pub(crate) struct MovedClock(AtomicI64);

impl MovedClock {
    /// Moves it ahead by so many seconds.
    pub(crate) fn advance(&self, seconds: i64) {
        self.0
            .fetch_add(seconds.saturating_mul(SECOND), Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Instant {
        SystemClock.now().plus(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::DAY;

    #[test]
    fn it_starts_at_the_machines_time_and_goes_on_from_where_it_was_moved() {
        let clock = MovedClock::default();
        assert!(clock.now() < SystemClock.now().plus(DAY));
        clock.advance(DAY / SECOND);
        assert!(clock.now() > SystemClock.now().plus(DAY - SECOND));
    }
}
