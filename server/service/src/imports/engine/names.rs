//! Names of a file as fixed-size keys, so that millions of them fit into memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use domain::text;

/// A name's fingerprint of 128 bits: two names among twenty million share one with a chance of one in 10^24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Name(u64, u64);

impl Name {
    /// The name of nothing.
    pub(crate) const NONE: Self = Self(0, 0);

    /// Its two halves.
    pub(crate) const fn halves(self) -> (u64, u64) {
        (self.0, self.1)
    }

    /// Of a text as it stands.
    pub(crate) fn of(text: &str) -> Self {
        Self::within(0, text)
    }

    /// Of a text within something with a number.
    pub(crate) fn within(number: i64, text: &str) -> Self {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, number, text).hash(&mut hasher);
            hasher.finish()
        };
        Self(half(1), half(2))
    }
}

/// The form in which names are compared: [`text::key`], with a short way for plain ones.
pub(crate) fn key(name: &str) -> String {
    if name.is_ascii() {
        name.trim().to_ascii_lowercase()
    } else {
        text::key(name)
    }
}

/// What names stand for: numbers of objects, as far as they were looked up.
///
/// In a dry run an object that would be new has a number below zero.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<Name, i64>);

/// What a name stands for that is known to be nothing.
const NOTHING: i64 = 0;
/// A person of whom nobody has decided yet who they are.
const WAITING: i64 = i64::MIN;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An object with this number.
    Object(i64),
    /// Nothing.
    Nothing,
    /// Several people, until somebody decides.
    Waiting,
    /// It was not looked up.
    Unknown,
}

impl Known {
    /// Remembers what a name stands for.
    pub(crate) fn learn(&mut self, name: Name, number: Option<i64>) {
        self.0.insert(name, number.unwrap_or(NOTHING));
    }

    /// Remembers that a name waits for a decision.
    pub(crate) fn wait(&mut self, name: Name) {
        self.0.insert(name, WAITING);
    }

    /// What a name stands for.
    pub(crate) fn meaning(&self, name: Name) -> Meaning {
        match self.0.get(&name) {
            None => Meaning::Unknown,
            Some(&NOTHING) => Meaning::Nothing,
            Some(&WAITING) => Meaning::Waiting,
            Some(number) => Meaning::Object(*number),
        }
    }

    /// The object a name stands for.
    pub(crate) fn object(&self, name: Name) -> Option<i64> {
        match self.meaning(name) {
            Meaning::Object(number) => Some(number),
            _ => None,
        }
    }
}

/// A set of numbers of objects: one bit each.
#[derive(Debug, Default)]
pub(crate) struct Numbers(Vec<u64>);

impl Numbers {
    /// Adds a number; whether it is new. Numbers below one are never kept.
    pub(crate) fn insert(&mut self, number: i64) -> bool {
        let Some((word, bit)) = place(number) else {
            return false;
        };
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    /// Whether a number is in the set.
    pub(crate) fn has(&self, number: i64) -> bool {
        place(number)
            .is_some_and(|(word, bit)| self.0.get(word).is_some_and(|bits| bits & bit != 0))
    }
}

fn place(number: i64) -> Option<(usize, u64)> {
    let number = usize::try_from(number).ok().filter(|number| *number > 0)?;
    Some((number / 64, 1 << (number % 64)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_is_the_same_as_the_long_one(name in "[ -~]{0,20}") {
            prop_assert_eq!(key(&name), text::key(&name));
        }

        #[test]
        fn a_set_of_numbers_is_a_set(numbers in proptest::collection::vec(-5_i64..300, 0..50)) {
            let mut set = Numbers::default();
            for number in &numbers {
                set.insert(*number);
            }
            for number in -5..300 {
                prop_assert_eq!(set.has(number), number > 0 && numbers.contains(&number));
            }
        }
    }
}
