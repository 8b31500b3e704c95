//! The moment that a page shows.

use domain::time::Instant;

/// What was valid at a moment, as it was known at that moment; a future one shows what is scheduled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// When it is, or was, valid.
    pub at: Instant,
    /// Until when what was recorded counts.
    pub known: Instant,
    /// Whether nothing that was recorded is left out.
    pub present: bool,
}

/// After every clock: what is recorded now is never left out because a clock stood still.
const LATEST: Instant = Instant::from_micros(253_370_764_800_000_000);

impl AsOf {
    /// The present.
    pub const fn now(now: Instant) -> Self {
        Self {
            at: now,
            known: LATEST,
            present: true,
        }
    }

    /// A moment that was asked for.
    pub fn of(asked: Option<Instant>, now: Instant) -> Self {
        match asked {
            Some(at) if at < now => Self {
                at,
                known: at,
                present: false,
            },
            Some(at) => Self {
                at,
                ..Self::now(now)
            },
            None => Self::now(now),
        }
    }
}
