//! A condition in words.
//!
//! For reading, in English; nothing is ever parsed back from it. What has no words of its own is shown as its text.

use crate::condition::Condition;
use crate::term::{Operand, Term};
use crate::vocabulary::Attribute;
pub use crate::wording::attribute_in_words;
use crate::wording::{is_one_of, name, neither, or, pattern_shown, shown, subject, value};

impl Condition {
    /// What it asks for, as in "department is Finance and location is Lisbon or Porto".
    pub fn in_words(&self) -> String {
        match self.term() {
            Term::Foreign(_) => self.text().trim().to_owned(),
            term => phrase(term),
        }
    }
}

/// A term in words.
pub(crate) fn phrase(term: &Term) -> String {
    match term {
        Term::Known(true) => "always".to_owned(),
        Term::Known(false) => "never".to_owned(),
        Term::All(parts) => joined(parts, " and "),
        Term::Any(parts) => match alternatives(parts) {
            Some((attribute, values)) => is_one_of(attribute, &values),
            None => joined(parts, " or "),
        },
        Term::Not(part) => negated(part),
        Term::Same(Operand::Attribute(a), Operand::Attribute(b)) => {
            format!("{} is the same as {}", name(a), name(b))
        }
        Term::Same(Operand::Attribute(attribute), Operand::Text(text))
        | Term::Same(Operand::Text(text), Operand::Attribute(attribute)) => {
            is_one_of(attribute, &[text])
        }
        Term::Same(Operand::Text(a), Operand::Text(b)) => format!("{} is {}", shown(a), shown(b)),
        Term::Among(Operand::Attribute(attribute), values) => is_one_of(
            attribute,
            &values.iter().map(String::as_str).collect::<Vec<_>>(),
        ),
        Term::Among(Operand::Text(text), values) => {
            let values: Vec<String> = values.iter().map(|value| shown(value)).collect();
            format!("{} is {}", shown(text), or(&values))
        }
        Term::Like(operand, pattern) => match (pattern.as_start(), pattern.as_middle()) {
            (Some(text), _) => format!("{} starts with {}", subject(operand), shown(text)),
            (_, Some(text)) => format!("{} contains {}", subject(operand), shown(text)),
            _ => format!(
                "{} matches {}",
                subject(operand),
                pattern_shown(pattern.parts())
            ),
        },
        Term::Choice(parts) => {
            let [condition, yes, no] = &**parts;
            format!(
                "if {} then {} else {}",
                inner(condition),
                inner(yes),
                inner(no)
            )
        }
        Term::Foreign(text) => text.clone(),
    }
}

/// The opposite of a term in words.
pub(crate) fn negated(term: &Term) -> String {
    let text = phrase(term);
    match term {
        Term::Known(known) => phrase(&Term::Known(!known)),
        Term::Same(Operand::Attribute(a), Operand::Attribute(b)) => {
            format!("{} is not the same as {}", name(a), name(b))
        }
        Term::Same(Operand::Attribute(attribute), Operand::Text(text))
        | Term::Same(Operand::Text(text), Operand::Attribute(attribute)) => {
            format!("{} is not {}", name(attribute), value(attribute, text))
        }
        Term::Among(Operand::Attribute(attribute), values) => {
            let values: Vec<String> = values.iter().map(|v| value(attribute, v)).collect();
            format!("{} is {}", name(attribute), neither(&values))
        }
        Term::Like(operand, pattern) => match (pattern.as_start(), pattern.as_middle()) {
            (Some(text), _) => format!("{} does not start with {}", subject(operand), shown(text)),
            (_, Some(text)) => format!("{} does not contain {}", subject(operand), shown(text)),
            _ => format!(
                "{} does not match {}",
                subject(operand),
                pattern_shown(pattern.parts())
            ),
        },
        _ => format!("not ({text})"),
    }
}

fn joined(parts: &[Term], word: &str) -> String {
    parts.iter().map(inner).collect::<Vec<_>>().join(word)
}

/// As a part of something larger: in parentheses when it could be read wrongly.
fn inner(term: &Term) -> String {
    let bare = match term {
        Term::All(_) | Term::Choice(_) | Term::Foreign(_) => false,
        Term::Any(parts) => alternatives(parts).is_some(),
        _ => true,
    };
    let text = phrase(term);
    if bare { text } else { format!("({text})") }
}

/// `a == "x" || a == "y"` as the attribute and its values.
fn alternatives(parts: &[Term]) -> Option<(&Attribute, Vec<&str>)> {
    let mut found: Option<(&Attribute, Vec<&str>)> = None;
    for part in parts {
        let Term::Same(Operand::Attribute(attribute), Operand::Text(text)) = part else {
            return None;
        };
        match &mut found {
            Some((first, values)) if *first == attribute => values.push(text),
            Some(_) => return None,
            None => found = Some((attribute, vec![text])),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Vocabulary;

    fn condition(text: &str) -> Condition {
        let vocabulary = Vocabulary::new(["cost center".to_owned()]);
        Condition::parse(text, &vocabulary).expect("the text is right")
    }

    #[test]
    fn a_form_reads_like_a_sentence() {
        for (text, words) in [
            (
                r#"principal.department == "Finance" && ["Lisbon", "Porto"].contains(principal.location) && principal.kind != "external""#,
                "department is Finance and location is Lisbon or Porto and kind is not external",
            ),
            (
                r#"!["external", "service"].contains(principal.kind) && principal.status != "on_leave""#,
                "kind is neither external nor service and status is not on leave",
            ),
            (
                r#"principal.title like "Senior *" && principal.manager == """#,
                "title starts with “Senior ” and manager is empty",
            ),
            (
                r#"principal["cost center"] != "" && principal.display_name like "*an*""#,
                "cost center is not empty and display name contains an",
            ),
            ("true", "always"),
        ] {
            assert_eq!(condition(text).in_words(), words);
        }
    }

    #[test]
    fn what_is_no_form_is_told_as_well_as_possible() {
        for (text, words) in [
            (
                r#"principal.title == "A" && (principal.department == "B" || principal.email like "*@c.d")"#,
                "title is A and (department is B or email matches “*@c.d”)",
            ),
            (
                r#"principal.title == "A" || principal.title == "B, C""#,
                "title is A or “B, C”",
            ),
            (
                r#"!(principal.title == "A" && principal.email == principal.username)"#,
                "not (title is A and email is the same as username)",
            ),
            (
                r#"if principal.title == "A" then true else principal.title != "B""#,
                "if title is A then always else title is not B",
            ),
            (" 1 + 1 == 2 ", "1 + 1 == 2"),
        ] {
            assert_eq!(condition(text).in_words(), words);
        }
    }
}
