//! A clock that stands until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::context::Clock;
use domain::time::Instant;

/// Where every test begins: Monday, 2026-01-05T09:00:00Z.
pub const START: Instant = Instant::from_micros(1_767_603_600_000_000);

/// A clock that stands at [`START`] until it is moved.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl Default for FakeClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.micros()))
    }
}

impl FakeClock {
    /// Moves it by so many microseconds; negative ones are a clock that was set back.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Sets it.
    pub fn set(&self, now: Instant) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::HOUR;

    #[test]
    fn it_starts_where_it_says_and_moves_only_by_hand() {
        let clock = FakeClock::default();
        assert_eq!(clock.now().to_string(), "2026-01-05T09:00:00.000000Z");
        clock.advance(-HOUR);
        assert_eq!(clock.now(), START.plus(-HOUR));
        clock.set(START);
        assert_eq!(clock.now(), START);
    }
}
