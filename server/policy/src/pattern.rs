//! The pattern of a `like`: texts with gaps of any length between them.
//!
//! Matches exactly as Cedar does (a property test holds it to that). Not a regular expression, and it never folds case
//! or accents.

use cedar_policy::pst::PatternElem;

/// The texts between the stars: one without a star, two with one star, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<String>,
}

impl Pattern {
    /// From Cedar's elements.
    pub(crate) fn of(elements: &[PatternElem]) -> Self {
        let mut parts = vec![String::new()];
        for element in elements {
            match (element, parts.last_mut()) {
                (PatternElem::Char(c), Some(part)) => part.push(*c),
                _ => parts.push(String::new()),
            }
        }
        Self { parts }
    }

    /// `text*`
    pub(crate) fn starting_with(text: &str) -> Self {
        Self {
            parts: vec![text.to_owned(), String::new()],
        }
    }

    /// `*text*`
    pub(crate) fn containing(text: &str) -> Self {
        Self {
            parts: vec![String::new(), text.to_owned(), String::new()],
        }
    }

    /// The texts between the stars.
    pub(crate) fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The text when the pattern is `text*`.
    pub(crate) fn as_start(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [text, end] if end.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The text when the pattern is `*text*`.
    pub(crate) fn as_middle(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [start, text, end] if start.is_empty() && end.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Whether the whole of `text` fits. Taking each inner part at its first place is enough: a later place never leaves
    /// more room for the rest.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let [first, inner @ .., last] = self.parts.as_slice() else {
            return self.parts.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text
            .strip_prefix(first.as_str())
            .and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for part in inner {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_must_come_in_order_without_overlap() {
        let pattern = |parts: &[&str]| Pattern {
            parts: parts.iter().map(ToString::to_string).collect(),
        };
        assert!(pattern(&["ab", "b"]).matches("abb"));
        assert!(!pattern(&["ab", "b"]).matches("ab"));
        assert!(pattern(&["", "é", "x", ""]).matches("caféx"));
        assert!(!pattern(&["", "x", "é", ""]).matches("caféx"));
        assert!(pattern(&["a"]).matches("a") && !pattern(&["a"]).matches("ab"));
        assert!(pattern(&["", ""]).matches(""));
    }
}
