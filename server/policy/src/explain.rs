//! Errors of Cedar's parser in plain words, at the place in the text that was typed.
//!
//! Cedar's errors are opaque types whose message, help and labels are their only public contents: the sentences here are
//! chosen by them, and an unknown message is passed on as it is. Nothing is decided here.

use std::ops::Range;

use cedar_policy::ParseErrors;
use cedar_policy::ffi::DetailedError;

use crate::check::Finding;
use crate::literal::access;
use crate::vocabulary::Vocabulary;

const VALUE: &str = "an attribute such as principal.department, or a text in double quotes";

/// The findings of the parser for a text that begins at byte `offset` of what was parsed.
pub(crate) fn syntax(
    errors: &ParseErrors,
    offset: usize,
    text: &str,
    vocabulary: &Vocabulary,
) -> Vec<Finding> {
    errors
        .iter()
        .map(|error| {
            let error = DetailedError::from(error);
            let range = range(&error, offset, text);
            sentence(&error, range, text, vocabulary)
        })
        .collect()
}

/// The place an error is about, in the text that begins at `offset`.
pub(crate) fn range(error: &DetailedError, offset: usize, text: &str) -> Range<usize> {
    error
        .source_locations
        .first()
        .map_or(0..text.len(), |label| {
            label.loc.start.saturating_sub(offset)..label.loc.end.saturating_sub(offset)
        })
}

fn sentence(
    error: &DetailedError,
    range: Range<usize>,
    text: &str,
    vocabulary: &Vocabulary,
) -> Finding {
    let part = text.get(range.clone()).unwrap_or_default();
    let message = error.message.as_str();
    let expected = expected(error);
    let ticked = message.split('`').nth(1).unwrap_or_default();
    let sentence = if message.starts_with("unexpected end of input") {
        format!("The condition ends too early: expected {expected}.")
    } else if message.starts_with("unexpected token") {
        unexpected(part, &expected)
    } else if message.starts_with("invalid token") {
        return invalid_token(range.start, text);
    } else if message.starts_with("'=' is not") {
        let at =
            single_equals(part).map_or(range.clone(), |at| range.start + at..range.start + at + 1);
        return (
            at,
            "A single = cannot stand here. Write == to compare.".to_owned(),
        );
    } else if let Some(name) = message.strip_prefix("invalid variable: ") {
        if vocabulary.contains(name) {
            format!(
                "Write {} for the attribute, or \"{name}\" for a text.",
                access(name)
            )
        } else {
            format!("“{name}” is not known: expected {VALUE}, as in \"{name}\".")
        }
    } else if message.contains("is not a valid method") {
        format!(
            "There is no “{ticked}”. A text is tested with ==, != or like, as in principal.title like \"Senior*\"; a list with .contains."
        )
    } else if message.contains("is not a valid function") {
        format!("There is no function “{ticked}”. Expected {VALUE}.")
    } else if message.starts_with("right hand side of a `like`") {
        "After like comes a text in double quotes in which * stands for anything, as in \"Fin*\"."
            .to_owned()
    } else if message.starts_with("multiple relational operators") {
        "Two comparisons cannot follow one another. Join them with && or ||, or use parentheses."
            .to_owned()
    } else if message.starts_with("division") || message.starts_with("remainder") {
        "Dividing is not possible.".to_owned()
    } else if message.starts_with("too many occurrences") {
        format!("“{ticked}” cannot be repeated more than four times. Leave two away.")
    } else if message.contains("integer parse error") || message.contains("is too large") {
        "This number is too large. A text of digits stands in double quotes.".to_owned()
    } else if message.contains("is not a valid escape") {
        "After a backslash comes one of \\\" \\\\ \\n \\r \\t \\0 \\u{…}, and \\* after like. Write \\\\ for a backslash."
            .to_owned()
    } else if message.contains("reserved") {
        format!("“{part}” is a word of the language. As an attribute write principal[\"{part}\"].")
    } else if message.starts_with("call to") {
        format!(
            "“{ticked}” takes one value in parentheses, as in [\"a\", \"b\"].{ticked}(principal.title)."
        )
    } else if message.contains("slot") {
        "“?” cannot stand here. Write principal for the person.".to_owned()
    } else {
        passed_on(error)
    };
    (range, sentence)
}

fn unexpected(token: &str, expected: &str) -> String {
    match token.to_lowercase().as_str() {
        "and" => "Write && instead of “and”.".to_owned(),
        "or" => "Write || instead of “or”.".to_owned(),
        "not" => "Write ! instead of “not”.".to_owned(),
        ";" | "}" => format!(
            "“{token}” cannot stand here: a condition is a single expression. Expected {expected}."
        ),
        "@" => "“@” cannot stand here: a condition has no annotations.".to_owned(),
        _ => format!("“{token}” is not expected here: expected {expected}."),
    }
}

/// What Cedar expected, as a person would say it.
fn expected(error: &DetailedError) -> String {
    let label = error
        .source_locations
        .first()
        .and_then(|l| l.label.as_deref())
        .unwrap_or_default();
    if label.contains("string literal") {
        VALUE.to_owned()
    } else if label.contains("`==`") {
        "a comparison such as ==, or && or || before the next part".to_owned()
    } else {
        match label.strip_prefix("expected ") {
            Some(tokens) => tokens.replace('`', ""),
            None => "the end of the condition".to_owned(),
        }
    }
}

fn invalid_token(start: usize, text: &str) -> Finding {
    let rest = text.get(start..).unwrap_or_default();
    let c = rest.chars().next().unwrap_or(' ');
    let range = start..start + c.len_utf8();
    let message = match c {
        '"' => "This text is not closed: the double quote at its end is missing.".to_owned(),
        '\'' | '’' | '‘' | '“' | '”' | '„' | '«' | '»' => {
            "Texts stand in straight double quotes, as in \"Finance\".".to_owned()
        }
        '&' => "Write && for “and”.".to_owned(),
        '|' => "Write || for “or”.".to_owned(),
        c if c.is_control() => "There is an invisible character here. Delete it.".to_owned(),
        c => format!("“{c}” cannot stand here. Texts stand in double quotes, as in \"Finance\"."),
    };
    (range, message)
}

/// Where the first `=` is that is not part of another sign.
fn single_equals(part: &str) -> Option<usize> {
    crate::token::cut(part)
        .list
        .into_iter()
        .find(|token| token.text == "=")
        .map(|token| token.start)
}

/// Cedar's own words, for what no sentence was written for.
pub(crate) fn passed_on(error: &DetailedError) -> String {
    let message = match error.message.split_once("`, ") {
        Some((start, rest)) if start.starts_with("for policy") => rest,
        _ => &error.message,
    };
    let mut sentence: String = message.chars().take(300).collect();
    if let Some(first) = sentence.get(..1) {
        let first = first.to_uppercase();
        sentence.replace_range(..1, &first);
    }
    if let Some(help) = &error.help {
        sentence.push_str(": ");
        sentence.extend(help.chars().take(300));
    }
    sentence.push('.');
    sentence
}
