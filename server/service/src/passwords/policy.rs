//! Which passwords are accepted: NIST SP 800-63B-4, section 3.1.1.2.
//!
//! 15 to 128 characters, anything allowed, no rules about kinds of characters, no periodic change; refused are common
//! and guessable ones.

use std::collections::HashSet;
use std::sync::OnceLock;

use domain::field::FieldErrors;
use domain::text::fold;
use unicode_normalization::UnicodeNormalization;

/// Fewest characters (code points after normalisation).
pub const MIN_CHARACTERS: usize = 15;
/// Most characters.
pub const MAX_CHARACTERS: usize = 128;

/// Words that belong to the account and so are guessed first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Personal<'a> {
    /// Sign-in name.
    pub username: &'a str,
    /// Name.
    pub display_name: &'a str,
    /// Mail address.
    pub email: &'a str,
    /// The organisation's name.
    pub organisation: &'a str,
}

/// Adds what is wrong with a password at `field`.
pub fn check(
    field: &'static str,
    password: &str,
    personal: Personal<'_>,
    errors: &mut FieldErrors,
) {
    let characters = password.nfc().count();
    if characters == 0 {
        errors.add(field, format!("The password is missing. Choose one of at least {MIN_CHARACTERS} characters; several words work well."));
    } else if characters < MIN_CHARACTERS {
        errors.add(field, format!("The password has {characters} characters. Make it at least {MIN_CHARACTERS} long; several words work well."));
    } else if characters > MAX_CHARACTERS {
        errors.add(
            field,
            format!("The password has {characters} characters. Shorten it to {MAX_CHARACTERS}."),
        );
    } else if guessable(password, personal) {
        errors.add(field, "This password is easy to guess: it is common, repeats itself, or is made of your own name. Choose several words that do not belong together.");
    }
}

fn common() -> &'static HashSet<&'static str> {
    static COMMON: OnceLock<HashSet<&'static str>> = OnceLock::new();
    COMMON.get_or_init(|| {
        include_str!("common.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect()
    })
}

/// Whether the password, its separators and digits at the ends aside, is a common password, a short piece repeated, a
/// run of neighbouring characters, or nothing but names of the account.
fn guessable(password: &str, personal: Personal<'_>) -> bool {
    let folded: String = fold(password)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let core = letters.trim_matches(|c: char| c.is_ascii_digit());
    let mut names: Vec<String> = [
        personal.username,
        personal.display_name,
        personal.email,
        personal.organisation,
        "bailiwick",
    ]
    .iter()
    .flat_map(|text| {
        fold(text)
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    })
    .filter(|word| word.chars().count() >= 3)
    .collect();
    names.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    [folded.as_str(), letters.as_str(), core]
        .iter()
        .any(|text| common().contains(text) || repeats(text) || runs(text))
        || few_common_words(core)
        || only(core, &names)
}

/// `abcabcabcabcabc`: a piece of at most a third of the length, over and over.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=all.len() / 3).any(|piece| all.iter().enumerate().all(|(i, c)| *c == all[i % piece]))
}

/// `123456789012345`, `abcdefghijklmno`, `qwertyuiopasdfg`: each character follows the one before.
fn runs(text: &str) -> bool {
    const ROWS: [&str; 6] = [
        "01234567890123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "qwertzuiopasdfghjklyxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    ];
    let length = text.chars().count();
    length >= 6
        && ROWS.iter().any(|row| {
            let backwards: String = row.chars().rev().collect();
            row.contains(text) || backwards.contains(text)
        })
}

/// One or two common passwords joined, as in `passwordiloveyou`.
fn few_common_words(text: &str) -> bool {
    let known = |part: &str| part.len() >= 4 && (common().contains(part) || runs(part));
    text.char_indices().skip(1).any(|(i, _)| {
        let (first, second) = text.split_at(i);
        known(first) && (known(second) || second.chars().all(|c| c.is_ascii_digit()))
    })
}

/// Nothing remains when the names are taken out.
fn only(text: &str, names: &[String]) -> bool {
    let mut rest = text.to_owned();
    for name in names {
        rest = rest.replace(name.as_str(), "");
    }
    !text.is_empty()
        && rest.chars().filter(|c| !c.is_ascii_digit()).count() < 3
        && rest.len() < text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(password: &str) -> bool {
        let mut errors = FieldErrors::new();
        let ana = Personal {
            username: "ana.silva",
            display_name: "Ana Silva",
            email: "ana@example.com",
            organisation: "Northwind Traders",
        };
        check("password", password, ana, &mut errors);
        errors.is_empty()
    }

    #[test]
    fn phrases_are_fine_without_any_rule_about_characters() {
        for good in [
            "correct horse battery staple",
            "seven wet umbrellas",
            "пятнадцать букв",
            "ööööß lange wörter",
            "a b c d e f g h q z",
            &"x7#kQ".repeat(2).replace("x7#kQx7", "x7#kQ pw-LL9tr"),
        ] {
            assert!(accepted(good), "{good}");
        }
    }

    #[test]
    fn short_long_common_repeated_and_personal_ones_are_refused() {
        for bad in [
            "short",
            "fourteen chars",
            "passwordpassword",
            "Password1234567",
            "123456789012345",
            "qwertyuiopasdfgh",
            "aaaaaaaaaaaaaaaa",
            "abc123abc123abc123",
            "anasilva20262026",
            "Northwind-Traders",
            "ana.silva@example.com",
            "iloveyouiloveyou",
            "P a s s w o r d 1 2 3 4 5",
        ] {
            assert!(!accepted(bad), "{bad}");
        }
        assert!(!accepted(&"long words ".repeat(20)));
    }
}
