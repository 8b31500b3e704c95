//! Cuts a condition into tokens, with their places.
//!
//! For two things only: to refuse hostile texts before anything recursive sees them, and to find the place of something
//! the checks refuse, because Cedar's public syntax tree carries no places. It does not parse and knows no grammar.

use std::ops::Range;

/// How many brackets or `if`s may be nested. Each level costs stack in Cedar's parser and type checker.
const MAX_NESTING: usize = 30;
/// How many operators a text may hold: a chain of them is a tree as deep as the chain is long.
const MAX_OPERATORS: usize = 400;
/// How many member accesses may follow one another, as in `principal.a.b.c`.
const MAX_CHAIN: usize = 40;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name, keyword or number.
    Word,
    /// A text with its quotes.
    Text,
    /// Anything else.
    Sign,
}

/// A piece of the text.
#[derive(Debug, Clone)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

impl Token<'_> {
    /// Its place, in bytes.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// The tokens of a text.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    pub(crate) list: Vec<Token<'a>>,
    pub(crate) has_comments: bool,
}

/// Cuts a text. Never fails: what Cedar would not accept becomes a sign, or a text that runs to the end.
pub(crate) fn cut(text: &str) -> Tokens<'_> {
    let mut tokens = Tokens {
        list: Vec::new(),
        has_comments: false,
    };
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let length = if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        } else if rest.starts_with("//") {
            tokens.has_comments = true;
            start += rest.find(['\n', '\r']).unwrap_or(rest.len());
            continue;
        } else if first == '"' {
            text_length(rest)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if ["==", "!=", "<=", ">=", "&&", "||", "::"]
            .iter()
            .any(|sign| rest.starts_with(sign))
        {
            2
        } else {
            first.len_utf8()
        };
        tokens.list.push(Token {
            kind: match first {
                '"' => Kind::Text,
                c if is_word(c) => Kind::Word,
                _ => Kind::Sign,
            },
            text: &rest[..length],
            start,
        });
        start += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// How many levels of recursion the text can cost at most, or the first place where that is too much and what to say
/// about it.
pub(crate) fn levels(tokens: &Tokens<'_>) -> Result<usize, (Range<usize>, String)> {
    let (mut depth, mut ifs, mut operators, mut chain) = (0_usize, 0_usize, 0_usize, 0_usize);
    let (mut deepest, mut longest) = (0, 0);
    for token in tokens.list.iter().filter(|t| t.kind != Kind::Text) {
        match token.text {
            "(" | "[" | "{" => {
                depth += 1;
                chain += 1;
            }
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "." | "::" => chain += 1,
            "if" => ifs += 1,
            "&&" | "||" | "+" | "-" | "*" | "!" => {
                operators += 1;
                chain = 0;
            }
            _ if token.kind == Kind::Sign => chain = 0,
            _ => {}
        }
        deepest = depth.max(deepest);
        longest = chain.max(longest);
        let message = if depth > MAX_NESTING || ifs > MAX_NESTING || chain > MAX_CHAIN {
            format!(
                "This is nested too deeply: at most {MAX_NESTING} levels are possible. Write it flatter, or make several rules of it."
            )
        } else if operators > MAX_OPERATORS {
            format!(
                "This has too many parts: at most {MAX_OPERATORS} operators are possible. Use a list with .contains, or make several rules of it."
            )
        } else {
            continue;
        };
        return Err((token.range(), message));
    }
    // `principal.department` is a chain of one, which is no recursion worth counting.
    Ok(deepest + ifs + operators + longest.saturating_sub(deepest + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        cut(text).list.iter().map(|t| t.text).collect()
    }

    #[test]
    fn texts_comments_and_double_signs_are_cut_as_cedar_does() {
        assert_eq!(
            texts("principal.a==\"x\\\"(\"&&!b // (((\n|| c"),
            [
                "principal",
                ".",
                "a",
                "==",
                "\"x\\\"(\"",
                "&&",
                "!",
                "b",
                "||",
                "c"
            ]
        );
        assert_eq!(texts("\"open"), ["\"open"]);
        assert!(cut("true // why").has_comments && !cut("\"//\" == \"\"").has_comments);
    }

    #[test]
    fn deep_and_long_texts_are_refused_and_long_lists_are_not() {
        for text in [
            "(".repeat(31),
            "if ".repeat(31),
            "a[\"b\"]".repeat(41),
            "a.".repeat(41),
            "true && ".repeat(401),
        ] {
            assert!(levels(&cut(&text)).is_err(), "{text}");
        }
        let list = format!("[{}].contains(principal.title)", "\"a\", ".repeat(900));
        assert_eq!(levels(&cut(&list)), Ok(1));
    }
}
