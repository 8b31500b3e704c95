//! What searches and orders mean, said in Rust: the lists of both engines are compared with this.

use std::cmp::Ordering;

use domain::lifecycle::Level;
use domain::search::{Comparison, Search, Term};
use domain::text;

/// Whether every word of the search begins a word of these texts, and every token holds.
pub(crate) fn matches(
    search: &Search,
    texts: &[&str],
    token: impl Fn(&str, Comparison, &str) -> bool,
) -> bool {
    search.terms.iter().all(|term| match term {
        Term::Word(word) => has_words(texts, word),
        Term::Token {
            key,
            comparison,
            value,
        } => token(key, *comparison, value),
    })
}

/// Whether every part of a text begins a word of these texts.
pub(crate) fn has_words(texts: &[&str], wanted: &str) -> bool {
    let known = text::words(texts.iter().copied());
    let wanted = text::prefix(wanted);
    wanted
        .split_whitespace()
        .all(|part| known.iter().any(|word| word.starts_with(part)))
}

/// Whether a comparison holds.
pub(crate) fn holds<T: Ord>(value: &T, comparison: Comparison, with: &T) -> bool {
    let order = value.cmp(with);
    match comparison {
        Comparison::Is => order == Ordering::Equal,
        Comparison::AtLeast => order != Ordering::Less,
        Comparison::AtMost => order != Ordering::Greater,
        Comparison::Over => order == Ordering::Greater,
        Comparison::Under => order == Ordering::Less,
    }
}

/// `risk>=high`, `risk:none`: what has no level compares with none.
pub(crate) fn level(value: Option<Level>, comparison: Comparison, wanted: &str) -> bool {
    let wanted = if wanted == "none" {
        Some(None)
    } else {
        Level::from_word(wanted).map(Some)
    };
    let compares = value.is_some() || comparison == Comparison::Is;
    wanted.is_some_and(|wanted| compares && holds(&value, comparison, &wanted))
}

/// Sorts as a list does: by key and then by number, or all of it backwards.
pub(crate) fn in_order<T, K: Ord>(rows: &mut [T], descending: bool, key: impl Fn(&T) -> (K, i64)) {
    rows.sort_by(|a, b| {
        let order = key(a).cmp(&key(b));
        if descending { order.reverse() } else { order }
    });
}
