//! Errors of Cedar's type checker in plain words.
//!
//! As in `explain`, the sentences are chosen by Cedar's messages, and an unknown message is passed on as it is. Only the
//! checker decides what fits; types of Cedar are called "a text", "a number" and the like.

use cedar_policy::ValidationError;
use cedar_policy::ffi::DetailedError;

use crate::check::Finding;
use crate::explain::{passed_on, range};

/// The findings of the type checker for a text that begins at byte `offset` of what was checked. Unknown attributes are
/// left out: `check` names them, with suggestions.
pub(crate) fn misfits<'a>(
    errors: impl Iterator<Item = &'a ValidationError>,
    offset: usize,
    text: &str,
) -> Vec<Finding> {
    errors
        .filter(|error| !matches!(error, ValidationError::UnsafeAttributeAccess(_)))
        .map(|error| {
            let error = DetailedError::from(error);
            let range = range(&error, offset, text);
            let part = text.get(range.clone()).unwrap_or_default();
            let message = sentence(&error, part);
            (range, message)
        })
        .collect()
}

fn sentence(error: &DetailedError, part: &str) -> String {
    let message = error.message.as_str();
    let help = error.help.as_deref().unwrap_or_default();
    if let Some((wanted, got)) = message
        .split_once("unexpected type: expected ")
        .and_then(|(_, types)| types.split_once(" but saw "))
    {
        let got = type_words(got);
        return if wanted == "Bool" {
            format!(
                "This is {got}, but yes or no is needed. Compare it, as in principal.department == \"Finance\"."
            )
        } else if help.contains("concatenation") {
            "Texts cannot be put together with +.".to_owned()
        } else if wanted.contains("Set<") && part.contains("isEmpty") {
            "Whether a text is empty is asked with == \"\".".to_owned()
        } else if wanted.contains("Set<") {
            format!(
                "This is {got}, but a list is needed before the dot: [\"a\", \"b\"].contains(principal.title). To look into a text write principal.title like \"*x*\"."
            )
        } else if wanted.contains("Long") {
            format!(
                "This is {got}, but a number is needed: <, >, + and - are for numbers. Texts are compared with ==, != and like."
            )
        } else if wanted.contains("Record") || wanted.contains("Entity") {
            format!("This is {got}, which has no attributes of its own.")
        } else {
            format!("This is {got}, but {} is needed.", type_words(wanted))
        };
    }
    if let Some((one, other)) = message
        .strip_prefix("the types ")
        .and_then(|types| types.strip_suffix(" are not compatible"))
        .and_then(|types| types.split_once(" and "))
    {
        let both = format!("{} and {}", type_words(one), type_words(other));
        return if help.contains("elements of a set") {
            format!("This list mixes {both}. Texts stand in double quotes.")
        } else if help.contains("operands") {
            format!("This compares {both}, which are never the same. Texts stand in double quotes.")
        } else {
            format!("Here {both} meet, but both must be of one sort.")
        };
    }
    if message.contains("empty set literals") {
        return "This list is empty. Put at least one text into it, as in [\"Lisbon\"].".to_owned();
    }
    passed_on(error)
}

fn type_words(name: &str) -> String {
    let name = name.trim().trim_start_matches("__cedar::internal::");
    match name {
        "String" => "a text".to_owned(),
        "Long" => "a number".to_owned(),
        "Bool" | "True" | "False" => "yes or no".to_owned(),
        _ if name.starts_with("Set<") => "a list".to_owned(),
        _ if name.starts_with('{') => "a record".to_owned(),
        _ => name.to_owned(),
    }
}
