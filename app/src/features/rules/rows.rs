//! The rows of the form of a rule: attribute, comparison, values. They write the text of the condition, and show it where
//! rows can; they are never kept.

use domain::field::FieldErrors;
use maud::{Markup, html};
use policy::words::attribute_in_words;
use policy::{Comparison, Form, Operator, Vocabulary};
use serde::Serialize;

use crate::posted::{Posted, error};
use crate::ui::{Icon, described_by};

/// Rows that are there at least.
const SHOWN: usize = 5;

/// The names of the fields of a row.
struct Names {
    attribute: &'static str,
    operator: &'static str,
    values: &'static str,
}

macro_rules! names {
    ($($number:literal)*) => {
        [$(Names {
            attribute: concat!("attribute-", $number),
            operator: concat!("operator-", $number),
            values: concat!("values-", $number),
        }),*]
    };
}

/// As many rows as there can be.
const NAMES: [Names; 10] = names![1 2 3 4 5 6 7 8 9 10];

/// The first field of the rows.
pub(super) const FIRST: &str = NAMES[0].attribute;

/// A row as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Row {
    attribute: String,
    operator: Operator,
    values: String,
}

/// All rows as they were typed, up to the last that is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Rows(Vec<Row>);

impl Row {
    const fn is_blank(&self) -> bool {
        self.attribute.is_empty() && self.values.is_empty()
    }

    /// The comparison, or why it is none.
    fn comparison(&self, number: usize) -> Result<Comparison, String> {
        if self.attribute.is_empty() {
            return Err(format!(
                "Row {number} has values and no attribute. Choose the attribute, or empty the values."
            ));
        }
        let typed = self.values.trim();
        let values: Vec<String> = match self.operator {
            Operator::IsOneOf | Operator::IsNotOneOf => typed
                .split(';')
                .map(str::trim)
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect(),
            _ if typed.is_empty() => Vec::new(),
            _ => vec![typed.to_owned()],
        };
        if self.operator.takes(values.len()) {
            return Ok(Comparison {
                attribute: self.attribute.clone(),
                operator: self.operator,
                values,
            });
        }
        Err(if values.is_empty() {
            format!("Row {number} has no value. Type one, or choose “is empty” or “is not empty”.")
        } else {
            let label = self.operator.label();
            format!(
                "Row {number}: “{label}” goes without a value. Empty it, or choose another comparison."
            )
        })
    }
}

impl Rows {
    /// As they were sent.
    pub(super) fn sent(posted: &Posted) -> Self {
        let row = |names: &Names| Row {
            attribute: posted.text(names.attribute),
            operator: Operator::from_word(posted.get(names.operator)).unwrap_or(Operator::Is),
            values: posted.get(names.values).trim().to_owned(),
        };
        let mut rows: Vec<Row> = NAMES.iter().map(row).collect();
        while rows.last().is_some_and(Row::is_blank) {
            rows.pop();
        }
        Self(rows)
    }

    /// The rows that say the same; nothing when there are too many, or when fields would change a value.
    pub(super) fn of(form: &Form) -> Option<Self> {
        let rows = form.all.iter().map(|comparison| Row {
            attribute: comparison.attribute.clone(),
            operator: comparison.operator,
            values: comparison.values.join("; "),
        });
        let rows = Self(rows.collect());
        let shown = rows.0.len() <= NAMES.len()
            && !rows
                .0
                .iter()
                .any(|row| row.values.contains(char::is_control));
        let same = rows.form(&mut FieldErrors::new());
        (shown && (form.all.is_empty() || same.as_ref() == Some(form))).then_some(rows)
    }

    /// What they say; what is wrong is put at its field.
    pub(super) fn form(&self, errors: &mut FieldErrors) -> Option<Form> {
        let mut form = Form::default();
        let mut fine = true;
        for (at, row) in self.0.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
            match row.comparison(at + 1) {
                Ok(comparison) => form.all.push(comparison),
                Err(problem) => {
                    errors.add(NAMES[at].values, problem);
                    fine = false;
                }
            }
        }
        if fine && form.all.is_empty() {
            errors.add(
                FIRST,
                "No row has an attribute. Choose one, or write true as the condition when it is for everybody.",
            );
            return None;
        }
        fine.then_some(form)
    }

    /// Says whether they are still the same when the form comes back.
    pub(super) fn key(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Their fields.
    pub(super) fn view(&self, vocabulary: &Vocabulary, errors: &FieldErrors) -> Markup {
        let shown = self.0.len().max(SHOWN).min(NAMES.len());
        html! {
            div.rule-rows role="group" aria-label="Rows that write the condition" {
                div.rule-heads aria-hidden="true" {
                    span { "Attribute" }
                    span { "Comparison" }
                    span { "Values" }
                }
                @for (at, names) in NAMES.iter().enumerate().take(shown) {
                    (row_view(at + 1, names, self.0.get(at), vocabulary, errors))
                }
            }
        }
    }
}

fn row_view(
    number: usize,
    names: &Names,
    row: Option<&Row>,
    vocabulary: &Vocabulary,
    errors: &FieldErrors,
) -> Markup {
    let problem = error(errors, names.values);
    let missing = error(errors, names.attribute);
    let describing = described_by(names.values, "", &problem);
    let attribute = row.map_or("", |row| row.attribute.as_str());
    let operator = row.map_or(Operator::Is, |row| row.operator);
    let values = row.map_or("", |row| row.values.as_str());
    let note = |name: &str, text: &str| {
        html! {
            @if !text.is_empty() {
                p.error id={ "f-" (name) "-error" } { (Icon::CircleAlert.markup()) " " span { (text) } }
            }
        }
    };
    let describes = (!missing.is_empty()).then(|| described_by(names.attribute, "", &missing));
    html! {
        div.rule-row {
            span.select {
                select.input id={ "f-" (names.attribute) } name=(names.attribute) aria-label={ "Attribute in row " (number) }
                    aria-invalid=[(!missing.is_empty()).then_some("true")] aria-describedby=[describes] autocomplete="off" {
                    option value="" selected[attribute.is_empty()] { "None" }
                    @for name in vocabulary.attributes() {
                        option value=(name) selected[name == attribute] { (attribute_in_words(name)) }
                    }
                }
                (Icon::ChevronDown.markup())
            }
            span.select {
                select.input id={ "f-" (names.operator) } name=(names.operator) aria-label={ "Comparison in row " (number) } autocomplete="off" {
                    @for one in Operator::ALL {
                        option value=(one.word()) selected[one == operator] { (one.label()) }
                    }
                }
                (Icon::ChevronDown.markup())
            }
            input.input type="text" id={ "f-" (names.values) } name=(names.values) value=(values) aria-label={ "Values in row " (number) }
                aria-invalid=[(!problem.is_empty()).then_some("true")] aria-describedby=[(!describing.is_empty()).then_some(describing)]
                autocomplete="off" dir="auto";
            (note(names.attribute, &missing))
            (note(names.values, &problem))
        }
    }
}

/// The attributes that have a few words only, for the hint under the rows.
pub(super) fn words_hint(vocabulary: &Vocabulary) -> String {
    let limited = vocabulary
        .attributes()
        .filter_map(|name| Some((name, Vocabulary::words_of(name)?)));
    let sentences: Vec<String> = limited
        .map(|(name, words)| format!("Values of {name}: {}.", words.join(", ")))
        .collect();
    format!(
        "All rows must hold. Values of “is one of” are separated by semicolons. {}",
        sentences.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::Condition;

    fn sent(rows: &[(&str, &str, &str)]) -> Rows {
        let fields = rows.iter().zip(&NAMES).flat_map(|(row, names)| {
            [
                (names.attribute, row.0.to_owned()),
                (names.operator, row.1.to_owned()),
                (names.values, row.2.to_owned()),
            ]
        });
        Rows::sent(&Posted::filled(fields))
    }

    fn text(rows: &Rows) -> Result<String, String> {
        let mut errors = FieldErrors::new();
        let form = rows.form(&mut errors);
        form.map(|form| form.to_text())
            .ok_or_else(|| errors.to_string())
    }

    fn rows_of(text: &str) -> Option<Rows> {
        let vocabulary = Vocabulary::default();
        let condition = Condition::parse(text, &vocabulary).expect("the text is right");
        Rows::of(&condition.as_form()?)
    }

    #[test]
    fn rows_write_a_text_and_are_read_from_it() {
        let rows = sent(&[
            ("department", "is", " Finance "),
            ("location", "is_one_of", "Lisbon; Porto;"),
        ]);
        let written = text(&rows).expect("rows are right");
        assert_eq!(
            written,
            r#"principal.department == "Finance" && ["Lisbon", "Porto"].contains(principal.location)"#
        );
        let again = rows_of(&written).expect("rows can show it");
        assert_eq!(text(&again), Ok(written));
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said() {
        let problem = |row| text(&sent(&[row])).expect_err("it is wrong");
        assert!(problem(("", "is", "Finance")).contains("no attribute"));
        assert!(problem(("title", "is", "")).contains("no value"));
        assert!(problem(("title", "is_empty", "x")).contains("goes without a value"));
        assert!(text(&sent(&[])).is_err(), "no row is not everybody");
    }

    #[test]
    fn rows_show_only_what_they_would_write_again() {
        assert_eq!(rows_of("true"), Some(Rows::default()));
        assert!(rows_of(r#"["a; b", "c"].contains(principal.title)"#).is_none());
        assert!(rows_of(r#"principal.title like " x*""#).is_none());
        let many = [r#"principal.title != "x""#; 11].join(" && ");
        assert!(rows_of(&many).is_none());
    }

    #[test]
    fn the_key_of_rows_changes_with_them() {
        let rows = sent(&[("title", "is", "A")]);
        assert_eq!(
            rows.key(),
            sent(&[("title", "is", "A "), ("", "is", "")]).key()
        );
        assert_ne!(rows.key(), sent(&[("title", "is", "B")]).key());
    }
}
