//! The rows between two clicks.

use std::ops::RangeInclusive;

/// All positions from one to the other, both included, in whatever order they were clicked.
pub(super) fn between(from: usize, to: usize) -> RangeInclusive<usize> {
    from.min(to)..=from.max(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_clicks_does_not_matter() {
        assert_eq!(between(2, 5).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert_eq!(between(5, 2).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert_eq!(between(3, 3).collect::<Vec<_>>(), [3]);
    }
}
