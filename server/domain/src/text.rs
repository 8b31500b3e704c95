//! Folding of text for comparing, sorting and searching, the same on every database engine.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word that search keeps: longer ones are cut, which only widens a match.
const WORD_MAX: usize = 60;

/// Lower case without accents, compatibility forms replaced, inner space collapsed: `" Ana  SÍLVA"` -> `"ana silva"`.
pub fn fold(text: &str) -> String {
    // Lower-casing can bring combining marks in and decomposition can bring spaces in: hence this order.
    let folded: String = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .collect();
    let mut collapsed = String::with_capacity(folded.len());
    for part in folded.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(part);
    }
    collapsed
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .collect()
}

/// The key by which names are unique: compatibility-composed lower case, accents kept (`José` is not `jose`).
pub fn key(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).collect()
}

/// The distinct folded words of some texts, sorted. A word is cut at anything that is no letter or digit; an e-mail
/// address and other texts with punctuation are kept whole as well, so that they can be pasted.
pub fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words = Vec::new();
    for text in texts {
        for whole in fold(text).split(' ').filter(|w| !w.is_empty()) {
            words.push(cut(whole));
            words.extend(
                whole
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|w| !w.is_empty())
                    .map(cut),
            );
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}

fn cut(word: &str) -> String {
    word.chars().take(WORD_MAX).collect()
}

/// A word typed into a search box as the prefix to look up.
pub fn prefix(word: &str) -> String {
    cut(&fold(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_makes_the_same_of_what_people_type_for_the_same() {
        assert_eq!(fold("  Ana  SÍLVA "), "ana silva");
        assert_eq!(fold("\u{384}İ"), "i");
        assert_eq!(
            words(["José-Luis", "j.luis@example.com"]),
            [
                "com",
                "example",
                "j",
                "j.luis@example.com",
                "jose",
                "jose-luis",
                "luis"
            ]
        );
        assert_ne!(key("José"), key("Jose"));
        assert_eq!(key("Jose\u{301}"), key("José"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn every_word_of_a_text_is_found_by_its_prefixes(text in "[A-Za-zÀ-ž ]{1,30}") {
            let known = words([text.as_str()]);
            for word in text.split_whitespace() {
                prop_assert!(known.iter().any(|k| k.starts_with(&prefix(word))));
            }
        }
    }
}
