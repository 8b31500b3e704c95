//! What is wrong with a condition, and where.
//!
//! Places are for people: lines and columns from one, in characters. Turning an error of Cedar into a sentence is not
//! done here but in `explain`.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// One problem of a condition as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// How many characters are meant; 0 at the end of the text, where something is missing.
    pub length: usize,
    /// What is wrong and what was expected, for the person who typed.
    pub message: String,
}

impl Problem {
    /// A problem at a range of bytes of `text`; a range outside of it is moved to the nearest place inside.
    pub(crate) fn at(text: &str, range: &Range<usize>, message: impl Into<String>) -> Self {
        let start = text.floor_char_boundary(range.start.min(text.len()));
        let end = text
            .floor_char_boundary(range.end.min(text.len()))
            .max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            length: text[start..end].chars().count(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Line {}, column {}: {}",
            self.line, self.column, self.message
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_and_lines_from_one() {
        let text = "\"é\" ==\n  wrong";
        let start = text.find("wrong").expect("is in the text");
        let problem = Problem::at(text, &(start..start + 5), "No.");
        assert_eq!((problem.line, problem.column, problem.length), (2, 3, 5));
        assert_eq!(problem.to_string(), "Line 2, column 3: No.");
        let inside_e = Problem::at(text, &(2..99), "No.");
        assert_eq!((inside_e.line, inside_e.column), (1, 2));
    }
}
