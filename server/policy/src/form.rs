//! A condition as rows of a form: attribute, operator, values, all of which must hold.
//!
//! A form and its text say the same, in both directions. Only what rows can show becomes a form: alternatives across
//! attributes, calculations and comments stay a text.

use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::literal::{access, quoted, quoted_pattern};
use crate::pattern::Pattern;
use crate::term::{Operand, Term};

/// How an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Is the value.
    Is,
    /// Is anything but the value.
    IsNot,
    /// Is one of the values.
    IsOneOf,
    /// Is none of the values.
    IsNotOneOf,
    /// Begins with the value.
    StartsWith,
    /// Has the value somewhere.
    Contains,
    /// Is unknown.
    IsEmpty,
    /// Is known.
    IsNotEmpty,
}

impl Operator {
    /// All operators, in the order to offer them.
    pub const ALL: [Self; 8] = [
        Self::Is,
        Self::IsNot,
        Self::IsOneOf,
        Self::IsNotOneOf,
        Self::StartsWith,
        Self::Contains,
        Self::IsEmpty,
        Self::IsNotEmpty,
    ];

    /// The word in a form and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::IsOneOf => "is_one_of",
            Self::IsNotOneOf => "is_not_one_of",
            Self::StartsWith => "starts_with",
            Self::Contains => "contains",
            Self::IsEmpty => "is_empty",
            Self::IsNotEmpty => "is_not_empty",
        }
    }

    /// What a person reads.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::IsOneOf => "is one of",
            Self::IsNotOneOf => "is not one of",
            Self::StartsWith => "starts with",
            Self::Contains => "contains",
            Self::IsEmpty => "is empty",
            Self::IsNotEmpty => "is not empty",
        }
    }

    /// The operator with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.word() == word)
    }

    /// Whether so many values belong to it.
    pub const fn takes(self, values: usize) -> bool {
        match self {
            Self::IsEmpty | Self::IsNotEmpty => values == 0,
            Self::IsOneOf | Self::IsNotOneOf => values > 0,
            Self::Is | Self::IsNot | Self::StartsWith | Self::Contains => values == 1,
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The name of the attribute.
    pub attribute: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what: as many as [`Operator::takes`].
    #[serde(default)]
    pub values: Vec<String>,
}

/// Rows that must all hold; without rows it holds for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The rows.
    pub all: Vec<Comparison>,
}

impl Form {
    /// The condition as text. It still has to be parsed: a row can name an attribute that does not exist. Rows with too
    /// many values use the first, with too few an empty one; none of no values is `true`, one of no values `false`.
    pub fn to_text(&self) -> String {
        if self.all.is_empty() {
            return "true".to_owned();
        }
        let rows: Vec<String> = self.all.iter().map(Comparison::to_text).collect();
        rows.join(" && ")
    }
}

impl Comparison {
    fn to_text(&self) -> String {
        let attribute = access(&self.attribute);
        let value = self.values.first().map_or("", String::as_str);
        match self.operator {
            Operator::Is => format!("{attribute} == {}", quoted(value)),
            Operator::IsNot => format!("{attribute} != {}", quoted(value)),
            Operator::IsEmpty => format!("{attribute} == \"\""),
            Operator::IsNotEmpty => format!("{attribute} != \"\""),
            Operator::StartsWith => {
                let pattern = Pattern::starting_with(value);
                format!("{attribute} like {}", quoted_pattern(&pattern))
            }
            Operator::Contains => {
                let pattern = Pattern::containing(value);
                format!("{attribute} like {}", quoted_pattern(&pattern))
            }
            // Cedar has no empty lists.
            Operator::IsOneOf if self.values.is_empty() => "false".to_owned(),
            Operator::IsNotOneOf if self.values.is_empty() => "true".to_owned(),
            Operator::IsOneOf => format!("[{}].contains({attribute})", self.list()),
            Operator::IsNotOneOf => format!("![{}].contains({attribute})", self.list()),
        }
    }

    fn list(&self) -> String {
        let values: Vec<String> = self.values.iter().map(|value| quoted(value)).collect();
        values.join(", ")
    }

    fn of(term: &Term) -> Option<Self> {
        let (operand, operator, values): (&Operand, Operator, &[String]) = match term {
            Term::Same(operand, Operand::Text(text)) if text.is_empty() => {
                (operand, Operator::IsEmpty, &[])
            }
            Term::Same(operand, Operand::Text(text)) => {
                (operand, Operator::Is, std::slice::from_ref(text))
            }
            Term::Among(operand, values) => (operand, Operator::IsOneOf, values),
            Term::Like(operand, pattern) => {
                let (operator, text) = match (pattern.as_start(), pattern.as_middle()) {
                    (Some(text), _) => (Operator::StartsWith, text),
                    (None, Some(text)) => (Operator::Contains, text),
                    (None, None) => return None,
                };
                return Self::about(operand, operator, &[text.to_owned()]);
            }
            Term::Not(inner) => {
                let inner = Self::of(inner)?;
                let operator = match inner.operator {
                    Operator::Is => Operator::IsNot,
                    Operator::IsEmpty => Operator::IsNotEmpty,
                    Operator::IsOneOf => Operator::IsNotOneOf,
                    _ => return None,
                };
                return Some(Self { operator, ..inner });
            }
            _ => return None,
        };
        Self::about(operand, operator, values)
    }

    fn about(operand: &Operand, operator: Operator, values: &[String]) -> Option<Self> {
        match operand {
            Operand::Attribute(attribute) => Some(Self {
                attribute: attribute.name().to_owned(),
                operator,
                values: values.to_vec(),
            }),
            Operand::Text(_) => None,
        }
    }
}

impl Condition {
    /// The form that says the same; nothing when rows cannot say it, or when a comment would be lost.
    pub fn as_form(&self) -> Option<Form> {
        if self.has_comments() {
            return None;
        }
        let all = match self.term() {
            Term::Known(true) => Vec::new(),
            term => term
                .parts()
                .iter()
                .map(Comparison::of)
                .collect::<Option<_>>()?,
        };
        Some(Form { all })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Vocabulary;

    fn form(text: &str) -> Option<Form> {
        let vocabulary = Vocabulary::new(["cost center".to_owned()]);
        Condition::parse(text, &vocabulary)
            .expect("the text is right")
            .as_form()
    }

    #[test]
    fn rows_become_text_and_text_becomes_rows() {
        let text = r#"principal.department == "Finance" && ["Lisbon", "Porto"].contains(principal.location) && principal.kind != "external" && principal["cost center"] like "4\**" && principal.email != """#;
        let form = form(text).expect("it is a form");
        let operators: Vec<Operator> = form.all.iter().map(|row| row.operator).collect();
        assert_eq!(
            operators,
            [
                Operator::Is,
                Operator::IsOneOf,
                Operator::IsNot,
                Operator::StartsWith,
                Operator::IsNotEmpty
            ]
        );
        assert_eq!(form.all[3].values, ["4*"]);
        assert_eq!(form.to_text(), text);
        assert!(
            form.all
                .iter()
                .all(|row| row.operator.takes(row.values.len()))
        );
    }

    #[test]
    fn what_rows_cannot_say_is_no_form() {
        for text in [
            r#"principal.title == "A" || principal.title == "B""#,
            r#""A" == principal.title"#,
            r#"principal.title like "a*b""#,
            r#"!(principal.title like "a*")"#,
            r#"principal.title == "A" // because"#,
            "principal.title == principal.department",
            "1 + 1 == 2",
            "false",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
        assert_eq!(form("true"), Some(Form::default()));
    }

    #[test]
    fn unfinished_rows_make_a_text_that_can_be_parsed() {
        for operator in Operator::ALL {
            let row = Comparison {
                attribute: "title".to_owned(),
                operator,
                values: Vec::new(),
            };
            let text = Form { all: vec![row] }.to_text();
            assert!(
                Condition::parse(&text, &Vocabulary::default()).is_ok(),
                "{text}"
            );
            assert_eq!(Operator::from_word(operator.word()), Some(operator));
            let json = serde_json::to_value(operator).expect("an operator is JSON");
            assert_eq!(json, operator.word());
        }
    }
}
