//! The search text of a list: words and `key:value` tokens, and the way back to text.
//!
//! `status:active department:"Human Resources" kim risk>=high`. What a key means is the list's business.

use std::fmt;

/// How a token compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `:` or `=`.
    Is,
    /// `>=`.
    AtLeast,
    /// `<=`.
    AtMost,
    /// `>`.
    Over,
    /// `<`.
    Under,
}

impl Comparison {
    const fn text(self) -> &'static str {
        match self {
            Self::Is => ":",
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::Over => ">",
            Self::Under => "<",
        }
    }
}

/// One part of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A word (or quoted words) to find.
    Word(String),
    /// A condition on a named column.
    Token {
        /// Lower-case name.
        key: String,
        /// How to compare.
        comparison: Comparison,
        /// What to compare with.
        value: String,
    },
}

impl Term {
    /// A token that asks for equality.
    pub fn is(key: &str, value: &str) -> Self {
        Self::Token {
            key: key.to_owned(),
            comparison: Comparison::Is,
            value: value.to_owned(),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(&quoted(word, true)),
            Self::Token {
                key,
                comparison,
                value,
            } => write!(f, "{key}{}{}", comparison.text(), quoted(value, false)),
        }
    }
}

fn quoted(text: &str, word: bool) -> String {
    let special = |c: char| c.is_whitespace() || c == '"' || (word && ":<>=".contains(c));
    if text.is_empty() || text.contains(special) || (!word && text.starts_with('=')) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A parsed search text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The parts in the order they were typed.
    pub terms: Vec<Term>,
}

impl Search {
    /// Reads any text; nothing is an error here. A token without a value is dropped.
    pub fn parse(text: &str) -> Self {
        let mut terms = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (term, after) = term(rest);
            terms.extend(term);
            rest = after.trim_start();
        }
        Self { terms }
    }

    /// The same search without its part at `index`.
    #[must_use]
    pub fn without(&self, index: usize) -> Self {
        let mut terms = self.terms.clone();
        if index < terms.len() {
            terms.remove(index);
        }
        Self { terms }
    }

    /// The same search with another part at its end; a token of the same key and comparison is replaced.
    #[must_use]
    pub fn with(&self, term: Term) -> Self {
        let same = |old: &Term| match (old, &term) {
            (
                Term::Token {
                    key: a,
                    comparison: c,
                    ..
                },
                Term::Token {
                    key: b,
                    comparison: d,
                    ..
                },
            ) => a == b && c == d,
            (a, b) => a == b,
        };
        let mut terms: Vec<Term> = self
            .terms
            .iter()
            .filter(|old| !same(old))
            .cloned()
            .collect();
        terms.push(term);
        Self { terms }
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|term| match term {
            Term::Word(word) => Some(word.as_str()),
            Term::Token { .. } => None,
        })
    }

    /// The value of the first equality token with this key.
    pub fn token(&self, wanted: &str) -> Option<&str> {
        self.terms.iter().find_map(|term| match term {
            Term::Token {
                key,
                comparison: Comparison::Is,
                value,
            } if key == wanted => Some(value.as_str()),
            _ => None,
        })
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            term.fmt(f)?;
        }
        Ok(())
    }
}

fn term(text: &str) -> (Option<Term>, &str) {
    let key_end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
        .unwrap_or(text.len());
    let (key, after) = text.split_at(key_end);
    let comparison = [
        (">=", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        (">", Comparison::Over),
        ("<", Comparison::Under),
        (":", Comparison::Is),
        ("=", Comparison::Is),
    ];
    let starts_like_a_name = key.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_like_a_name
        && let Some((sign, comparison)) = comparison
            .into_iter()
            .find(|(sign, _)| after.starts_with(sign))
    {
        let (value, rest) = value(&after[sign.len()..]);
        let token = (!value.is_empty()).then(|| Term::Token {
            key: key.to_ascii_lowercase(),
            comparison,
            value,
        });
        return (token, rest);
    }
    let (word, rest) = value(text);
    ((!word.is_empty()).then_some(Term::Word(word)), rest)
}

/// A value up to the next space, or within quotes in which a quote is doubled.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut rest = quoted;
    while let Some(end) = rest.find('"') {
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => return (value.trim().to_owned(), rest),
        }
    }
    value.push_str(rest);
    (value.trim().to_owned(), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_tokens_quotes_and_comparisons() {
        let search = Search::parse(
            r#" kim status:active department:"Human ""R"" us" risk>=high ends<2026-12-31 empty: a@b.c "#,
        );
        assert_eq!(search.words().collect::<Vec<_>>(), ["kim", "a@b.c"]);
        assert_eq!(search.token("department"), Some("Human \"R\" us"));
        assert_eq!(search.terms.len(), 6);
        assert_eq!(
            search.with(Term::is("status", "ended")).token("status"),
            Some("ended")
        );
    }

    proptest! {
        #[test]
        fn any_text_parses_and_its_reading_is_stable(text in "[a-z:<>=\" éß.]{0,40}") {
            let search = Search::parse(&text);
            prop_assert_eq!(Search::parse(&search.to_string()), search);
        }
    }
}
