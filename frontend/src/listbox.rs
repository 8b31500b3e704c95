//! Moving through a list of suggestions with the arrow keys.
//!
//! The focus stays in the text field; the active option is only pointed at (`aria-activedescendant`).

/// The new active option when `key` moves within `len` options, or `None` when the key is not a movement.
pub(crate) fn step(active: Option<usize>, len: usize, key: &str) -> Option<usize> {
    let last = len.checked_sub(1)?;
    match (key, active) {
        ("ArrowDown", Some(at)) if at < last => Some(at + 1),
        ("ArrowDown", _) => Some(0),
        ("ArrowUp", Some(at)) if at > 0 => Some(at.min(len) - 1),
        ("ArrowUp", _) => Some(last),
        _ => None,
    }
}

/// "Showing 8 of 412", with the thousands set apart and a plus where the count stopped.
pub(crate) fn showing(shown: usize, total: u64, more: bool) -> String {
    let digits = total.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    format!(
        "Showing {shown} of {grouped}{}",
        if more { "+" } else { "" }
    )
}

/// Whether every word of the query begins a word of the text. Case does not matter.
pub(crate) fn matches(text: &str, query: &str) -> bool {
    let text = text.to_lowercase();
    let words = || text.split(|c: char| !c.is_alphanumeric());
    query
        .to_lowercase()
        .split_whitespace()
        .all(|wanted| words().any(|word| word.starts_with(wanted)) || text.contains(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_wrap_around() {
        assert_eq!(step(None, 3, "ArrowDown"), Some(0));
        assert_eq!(step(Some(2), 3, "ArrowDown"), Some(0));
        assert_eq!(step(None, 3, "ArrowUp"), Some(2));
        assert_eq!(step(Some(0), 3, "ArrowUp"), Some(2));
        assert_eq!(step(Some(9), 3, "ArrowUp"), Some(2));
    }

    #[test]
    fn nothing_moves_in_an_empty_list_or_by_other_keys() {
        assert_eq!(step(None, 0, "ArrowDown"), None);
        assert_eq!(step(Some(1), 3, "a"), None);
    }

    #[test]
    fn says_how_many_are_not_shown() {
        assert_eq!(showing(8, 412, false), "Showing 8 of 412");
        assert_eq!(showing(20, 10_000, true), "Showing 20 of 10\u{a0}000+");
        assert_eq!(
            showing(20, 1_234_567, false),
            "Showing 20 of 1\u{a0}234\u{a0}567"
        );
    }

    #[test]
    fn every_word_of_the_query_must_be_there() {
        assert!(matches("Ana Silva finance", "fin ana"));
        assert!(matches("People", ""));
        assert!(!matches("Ana Silva", "ana bo"));
    }
}
