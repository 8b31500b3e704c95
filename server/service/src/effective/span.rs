//! Two moments, of which one comes before the other.

use domain::field::FieldErrors;
use domain::time::Instant;

use super::AsOf;
use crate::Result;

/// From one moment to a later one; either may be the present, and what lies in the future is scheduled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The earlier one.
    pub from: AsOf,
    /// The later one.
    pub to: AsOf,
}

impl Span {
    /// The moments that were asked for; none is the present.
    pub fn of(from: Option<Instant>, to: Option<Instant>, now: Instant) -> Result<Self> {
        let (from, to) = (AsOf::of(from, now), AsOf::of(to, now));
        if from.at >= to.at {
            let problem = "This is not before the other moment. Choose an earlier one.";
            return Err(FieldErrors::one("from", problem).into());
        }
        Ok(Self { from, to })
    }

    /// Up to when what was recorded counts.
    pub(super) const fn known(&self) -> (Instant, Instant) {
        (self.from.known, self.to.known)
    }

    /// What must be valid then.
    pub(super) const fn at(&self) -> (Instant, Instant) {
        (self.from.at, self.to.at)
    }
}
