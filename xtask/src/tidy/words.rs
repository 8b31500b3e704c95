//! Looking for words in text without a grammar: good enough for findings, and quick.

/// Every position where `needle` stands and the characters around it are no part of the same word.
pub(super) fn positions<'a>(text: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(needle)
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = text[..*at].chars().next_back();
            let after = text[at + needle.len()..].chars().next();
            let starts = needle.starts_with(is_word) && before.is_some_and(is_word);
            let goes_on = needle.ends_with(is_word) && after.is_some_and(is_word);
            !starts && !goes_on
        })
}

pub(super) fn contains(text: &str, needle: &str) -> bool {
    positions(text, needle).next().is_some()
}

pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}

/// Blanks everything between `/*` and `*/`, so that positions and line numbers stay.
pub(super) fn without_block_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("/*") {
        let close = rest[open + 2..]
            .find("*/")
            .map_or(rest.len(), |close| open + close + 4);
        plain.push_str(&rest[..open]);
        plain.extend(
            rest[open..close]
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' }),
        );
        rest = &rest[close..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        assert!(contains("a: red;", "red"));
        assert!(!contains("a: var(--red-ink);", "red"));
        assert!(!contains("rendered", "red"));
        assert!(contains("x: rgb(1 2 3)", "rgb("));
    }

    #[test]
    fn comments_leave_their_lines() {
        assert_eq!(without_block_comments("a/*\n#fff*/b"), "a  \n      b");
        assert_eq!(without_block_comments("a/* open"), "a       ");
    }
}
