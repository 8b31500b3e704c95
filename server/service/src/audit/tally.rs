//! Anonymous denials in memory, until they are summed up into entries.
//!
//! A flood from many addresses must not fill memory: beyond a number of keys the rest is counted without address.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Distinct pairs of address and action that are counted apart.
const MOST_KEYS: usize = 10_000;

/// How often anonymous requests were denied, by address and action.
#[derive(Debug, Default)]
pub struct DenialTally {
    counts: Mutex<HashMap<(String, String), u64>>,
}

impl DenialTally {
    /// Counts one denial.
    pub fn count(&self, address: &str, action: &str) {
        self.add(address, action, 1);
    }

    /// Counts several denials at once.
    pub(super) fn add(&self, address: &str, action: &str, times: u64) {
        // A count is never half-written, so a thread that panicked while counting harms nothing.
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (address.to_owned(), action.to_owned());
        let key = if counts.len() < MOST_KEYS || counts.contains_key(&key) {
            key
        } else {
            (String::new(), key.1)
        };
        let sum = counts.entry(key).or_default();
        *sum = sum.saturating_add(times);
    }

    /// Takes all counts out, in the order of address and action.
    pub fn take(&self) -> Vec<((String, String), u64)> {
        let counts =
            std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable();
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_and_bounded() {
        let tally = DenialTally::default();
        for n in 0..MOST_KEYS + 5 {
            tally.count(&n.to_string(), "read_audit");
        }
        tally.count("7", "read_audit");
        let counts = tally.take();
        assert_eq!(counts.len(), MOST_KEYS + 1);
        assert_eq!(counts[0], ((String::new(), "read_audit".to_owned()), 5));
        assert!(counts.contains(&(("7".to_owned(), "read_audit".to_owned()), 2)));
        assert!(tally.take().is_empty());
    }
}
