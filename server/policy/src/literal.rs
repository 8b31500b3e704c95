//! Texts and attribute accesses as Cedar source.
//!
//! Writing only; reading is Cedar's. Everything that could be taken for something else is escaped, so that any text of
//! an import or a form is safe inside a condition.

use std::fmt::Write;

use crate::pattern::Pattern;

/// Words that cannot stand after the dot of an attribute access.
const RESERVED: [&str; 10] = [
    "true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar",
];

/// A text with quotes, escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    escape(text, &mut out);
    out.push('"');
    out
}

/// A pattern with quotes: stars of its texts are escaped, the gaps between them are `*`.
pub(crate) fn quoted_pattern(pattern: &Pattern) -> String {
    let mut out = String::from('"');
    for (at, part) in pattern.parts().iter().enumerate() {
        if at > 0 {
            out.push('*');
        }
        for (star, piece) in part.split('*').enumerate() {
            if star > 0 {
                out.push_str("\\*");
            }
            escape(piece, &mut out);
        }
    }
    out.push('"');
    out
}

/// `principal.department`, or `principal["cost center"]` when the name is no identifier.
pub(crate) fn access(attribute: &str) -> String {
    let identifier = attribute.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && attribute
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !RESERVED.contains(&attribute);
    if identifier {
        format!("principal.{attribute}")
    } else {
        format!("principal[{}]", quoted(attribute))
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // A carriage return must be escaped; the other control characters would only be invisible.
            c if c.is_control() => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_control_characters_are_escaped() {
        assert_eq!(quoted("a\"b\\c\nd"), r#""a\"b\\c\u{a}d""#);
        assert_eq!(
            quoted_pattern(&Pattern::starting_with("a*\"")),
            r#""a\*\"*""#
        );
        assert_eq!(access("department"), "principal.department");
        assert_eq!(access("cost center"), "principal[\"cost center\"]");
        assert_eq!(access("if"), "principal[\"if\"]");
        assert_eq!(access(""), "principal[\"\"]");
    }
}
