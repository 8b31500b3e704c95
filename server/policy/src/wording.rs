//! Names, values and lists of them as people read them.
//!
//! The pieces of sentences; the sentences are in `words` and `reason`. English only, and never parsed back.

use domain::identity::{IdentityKind, IdentityStatus};

use crate::facts::Facts;
use crate::term::Operand;
use crate::vocabulary::{Attribute, BUILT_IN};

/// An attribute as people call it: `display_name` is "display name".
pub fn attribute_in_words(attribute: &str) -> String {
    if BUILT_IN.contains(&attribute) {
        attribute.replace('_', " ")
    } else {
        shown(attribute)
    }
}

pub(crate) fn is_one_of(attribute: &Attribute, values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|v| value(attribute, v)).collect();
    format!("{} is {}", name(attribute), or(&values))
}

pub(crate) fn has(attribute: &Attribute, facts: &Facts) -> String {
    format!(
        "{} is {}",
        name(attribute),
        value(attribute, facts.read(attribute))
    )
}

pub(crate) fn or(values: &[String]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

pub(crate) fn neither(values: &[String]) -> String {
    match values {
        [one] => format!("not {one}"),
        [one, other] => format!("neither {one} nor {other}"),
        _ => format!("none of {}", or(values)),
    }
}

pub(crate) fn name(attribute: &Attribute) -> String {
    attribute_in_words(attribute.name())
}

pub(crate) fn subject(operand: &Operand) -> String {
    match operand {
        Operand::Attribute(attribute) => name(attribute),
        Operand::Text(text) => shown(text),
    }
}

/// The words of kind and status as people read them, everything else as it is.
pub(crate) fn value(attribute: &Attribute, text: &str) -> String {
    let label = match attribute.name() {
        "kind" => IdentityKind::from_word(text).map(IdentityKind::label),
        "status" => IdentityStatus::from_word(text).map(IdentityStatus::label),
        _ => None,
    };
    if text.is_empty() {
        "empty".to_owned()
    } else {
        label.map_or_else(|| shown(text), str::to_lowercase)
    }
}

/// A text as it is when nobody can take it for a part of the sentence, else in quotes.
pub(crate) fn shown(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.@/&+'".contains(c);
    let ordinary = |word: &str| {
        !word.is_empty()
            && word.chars().all(plain)
            && !["and", "or", "nor", "not", "is", "empty", "then", "else"].contains(&word)
    };
    if text.split(' ').all(ordinary) {
        text.to_owned()
    } else {
        format!("“{}”", visible(text))
    }
}

pub(crate) fn pattern_shown(parts: &[String]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| visible(&part.replace('*', "\\*")))
        .collect();
    format!("“{}”", parts.join("*"))
}

fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let hidden = c.is_control().then(|| c.escape_default());
            let shown = hidden.is_none().then_some(c);
            hidden.into_iter().flatten().chain(shown)
        })
        .collect()
}
