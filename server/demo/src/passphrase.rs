//! Random passwords that can be read out and typed: five words of a list of 512, 45 random bits.
//!
//! Enough for a sample company behind limits on sign-ins; the words come from real randomness, never from the dice.

use domain::context::Entropy;

const WORDS: &str = include_str!("words.txt");
const LENGTH: usize = 5;

/// A new password.
pub(crate) fn passphrase(entropy: &dyn Entropy) -> String {
    let words: Vec<&str> = WORDS.lines().collect();
    let mut random = [0_u8; LENGTH * 2];
    entropy.fill(&mut random);
    let (pairs, _) = random.as_chunks::<2>();
    // 65,536 is a multiple of 512: every word is as likely as any other.
    let chosen: Vec<&str> = pairs
        .iter()
        .map(|pair| words[usize::from(u16::from_be_bytes(*pair)) % words.len()])
        .collect();
    chosen.join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::field::FieldErrors;
    use service::passwords::{Personal, check};
    use testkit::SeededEntropy;

    use super::*;

    #[test]
    fn every_word_is_as_likely_as_any_other() {
        let words: BTreeSet<&str> = WORDS.lines().collect();
        assert_eq!(words.len(), 512);
        assert_eq!(WORDS.lines().count(), 512);
        assert!(
            words.iter().all(|word| (4..=7).contains(&word.len())
                && word.bytes().all(|b| b.is_ascii_lowercase()))
        );
    }

    #[test]
    fn the_policy_accepts_them() {
        let entropy = SeededEntropy::new(3);
        let made: BTreeSet<String> = (0..300).map(|_| passphrase(&entropy)).collect();
        assert_eq!(made.len(), 300);
        for password in made {
            let mut errors = FieldErrors::new();
            check(
                "password",
                &password,
                Personal {
                    organisation: "Northwind Trading",
                    ..Personal::default()
                },
                &mut errors,
            );
            assert!(errors.is_empty(), "{password}: {errors}");
        }
    }
}
