//! What is wrong with an input, field by field, in words that say how to put it right.

use crate::time::Date;

/// One problem at one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The `name=` of the field.
    pub field: &'static str,
    /// A sentence for the person who typed.
    pub message: String,
}

/// All problems of an input, in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// No problem yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A single problem.
    pub fn one(field: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(field, message);
        errors
    }

    /// Adds a problem.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError {
            field,
            message: message.into(),
        });
    }

    /// Whether the input is fine.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// The first problem of a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|e| e.field == field)
            .map(|e| e.message.as_str())
    }

    /// `value` when there is no problem.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// A line of text: trimmed, without control characters, at most `max` characters.
    pub fn line(&mut self, field: &'static str, label: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            self.add(
                field,
                format!(
                    "{label} must not contain control characters. Type it again instead of pasting."
                ),
            );
        } else if text.chars().count() > max {
            self.add(
                field,
                format!("{label} is too long: shorten it to {max} characters."),
            );
        }
        text.to_owned()
    }

    /// Several lines of text.
    pub fn text(&mut self, field: &'static str, label: &str, text: &str, max: usize) -> String {
        let text = text.trim().replace("\r\n", "\n");
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            self.add(
                field,
                format!(
                    "{label} must not contain control characters. Type it again instead of pasting."
                ),
            );
        } else if text.chars().count() > max {
            self.add(
                field,
                format!("{label} is too long: shorten it to {max} characters."),
            );
        }
        text
    }

    /// A line that may not be empty.
    pub fn required(&mut self, field: &'static str, label: &str, text: &str, max: usize) -> String {
        let text = self.line(field, label, text, max);
        if text.is_empty() {
            self.add(field, format!("{label} is missing. Enter it."));
        }
        text
    }

    /// An optional day.
    pub fn date(&mut self, field: &'static str, label: &str, text: &str) -> Option<Date> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let date = text.parse().ok();
        if date.is_none() {
            self.add(
                field,
                format!("{label} is not a date. Write it as year-month-day, like 2026-11-30."),
            );
        }
        date
    }
}

impl std::fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&error.message)?;
        }
        Ok(())
    }
}
