//! The condition in the form of a rule: a text, which is the truth, and rows beside it that show or write it.
//!
//! What was changed since the form was shown is known from what travels with it, so changed rows are never lost without a
//! word, and neither is a changed text.

use domain::field::FieldErrors;
use leptos::prelude::*;
use policy::{Condition, Vocabulary};

use super::rows::{Rows, words_hint};
use super::words::applies_to;
use crate::format::only_text;
use crate::posted::Posted;
use crate::ui::leaf::leaf;
use crate::ui::{Banner, Button, Field, FormSection, Hidden, Tone, described_by};

/// What a condition is read from, and what is asked for with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Write the text from the rows.
    Compose,
    /// Say what is wrong with the text, or to whom it applies.
    Check,
    /// Take it as it is.
    Take,
}

/// The condition as the form shows it.
#[derive(Debug)]
pub(super) struct Written {
    /// Its text.
    pub(super) text: String,
    rows: Rows,
    /// The text says more than rows can show.
    more: bool,
    /// To whom it applies, after a check.
    words: String,
    /// Rows and text that this one began with.
    began: (String, String),
}

impl Written {
    /// A text that is kept, or none yet.
    pub(super) fn of(text: &str, vocabulary: &Vocabulary) -> Self {
        let mut written = Self {
            text: text.to_owned(),
            rows: Rows::default(),
            more: false,
            words: String::new(),
            began: (String::new(), String::new()),
        };
        if let Ok(condition) = Condition::parse(text, vocabulary) {
            written.show_rows(&condition);
        }
        written.settled()
    }

    /// What was sent; what is wrong goes to its fields.
    pub(super) fn sent(
        posted: &Posted,
        asked: Asked,
        vocabulary: &Vocabulary,
        errors: &mut FieldErrors,
    ) -> Self {
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        let mut written = Self {
            text: plain(posted.get("condition")),
            rows: Rows::sent(posted),
            more: false,
            words: String::new(),
            began: (posted.text("rows_were"), plain(posted.get("text_was"))),
        };
        if written.began.0.is_empty() {
            written.began.0 = Rows::default().key();
        }
        let rows_changed = written.rows.key() != written.began.0;
        let text_changed = written.text != written.began.1;
        if asked == Asked::Compose || (rows_changed && !text_changed) {
            let Some(form) = written.rows.form(errors) else {
                return written;
            };
            written.text = form.to_text();
        }
        let condition = match Condition::parse(&written.text, vocabulary) {
            Ok(condition) => condition,
            Err(problems) => {
                // Whoever takes it checks it as well, with everything else.
                if asked != Asked::Take {
                    for problem in problems {
                        errors.add("condition", problem.to_string());
                    }
                }
                return written.settled();
            }
        };
        if asked == Asked::Take && rows_changed && text_changed && !written.agrees(&condition) {
            errors.add(
                "condition",
                "The rows and the text were both changed and say different things. Write the condition from the rows, or check the text to fill the rows from it.",
            );
            return written;
        }
        if asked != Asked::Take {
            written.words = applies_to(&condition.in_words(), condition.text());
        }
        written.show_rows(&condition);
        written.settled()
    }

    /// Whether the rows say the same as the text.
    fn agrees(&self, condition: &Condition) -> bool {
        let form = self.rows.form(&mut FieldErrors::new());
        form.is_some() && form == condition.as_form()
    }

    fn show_rows(&mut self, condition: &Condition) {
        let rows = condition.as_form().and_then(|form| Rows::of(&form));
        self.more = rows.is_none();
        self.rows = rows.unwrap_or_default();
    }

    /// From here on it is known what is changed.
    fn settled(mut self) -> Self {
        self.began = (self.rows.key(), self.text.clone());
        self
    }

    /// The part of the form.
    pub(super) fn view(&self, vocabulary: &Vocabulary, errors: &FieldErrors) -> AnyView {
        let rows = leaf(self.rows.view(vocabulary, errors));
        let hint = words_hint(vocabulary);
        let more = self.more.then(|| {
            view! {
                <Banner title="The text says more than rows can show">
                    "The rows are empty for that reason. Writing the condition from them replaces the text."
                </Banner>
            }
        });
        let words = (!self.words.is_empty()).then(|| {
            let words = self.words.clone();
            view! { <Banner tone=Tone::Good title="The condition can be read"><p>{words}</p></Banner> }
        });
        let text = text_area(&self.text, errors);
        let (rows_were, text_was) = self.began.clone();
        view! {
            <FormSection title="To whom it applies" hint="The text below is what counts. The rows write it for you.">
                <Hidden name="rows_were" value=rows_were />
                <Hidden name="text_was" value=text_was />
                {more}
                {rows}
                <p class="hint">{hint}</p>
                <p><Button label="Write the condition from the rows" name="step" value="compose" /></p>
                {text}
                <p><Button label="Check" name="step" value="check" /></p>
                {words}
            </FormSection>
        }
        .into_any()
    }
}

fn text_area(text: &str, errors: &FieldErrors) -> AnyView {
    let hint = "One expression in Cedar about the principal, such as principal.department == \"Finance\" && principal.kind != \"external\".";
    let problems = errors.iter().filter(|error| error.field == "condition");
    let problems: Vec<&str> = problems.map(|error| error.message.as_str()).collect();
    let problem = problems.join(" ");
    let describing = described_by("condition", hint, &problem);
    let invalid = (!problem.is_empty()).then_some("true");
    // A browser drops a line break right after the opening tag, so one is written for it to drop.
    let text = only_text(&format!("\n{text}"));
    view! {
        <Field name="condition" label="Condition" hint=hint error=problem required=true>
            <textarea
                class="input"
                id="f-condition"
                name="condition"
                rows="4"
                required=true
                aria-invalid=invalid
                aria-describedby=describing
                spellcheck="false"
                autocapitalize="none"
                data-mono=""
                dir="auto"
                inner_html=text
            />
        </Field>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINANCE: &str = r#"principal.department == "Finance""#;

    /// What was shown for `was`, sent with another row or another text.
    fn sent(was: &str, row: Option<&str>, text: Option<&str>, asked: Asked) -> (Written, String) {
        let vocabulary = Vocabulary::default();
        let shown = Written::of(was, &vocabulary);
        let value = if shown.rows == Rows::default() {
            ""
        } else {
            "Finance"
        };
        let attribute = if value.is_empty() && row.is_none() {
            ""
        } else {
            "department"
        };
        let posted = Posted::filled([
            ("rows_were", shown.began.0.clone()),
            ("text_was", shown.began.1.clone()),
            ("attribute-1", attribute.to_owned()),
            ("operator-1", "is".to_owned()),
            ("values-1", row.unwrap_or(value).to_owned()),
            ("condition", text.unwrap_or(was).to_owned()),
        ]);
        let mut errors = FieldErrors::new();
        let written = Written::sent(&posted, asked, &vocabulary, &mut errors);
        (written, errors.to_string())
    }

    #[test]
    fn changed_rows_write_the_text_and_a_changed_text_fills_the_rows() {
        let (written, problems) = sent(FINANCE, Some("Sales"), None, Asked::Take);
        assert_eq!(written.text, r#"principal.department == "Sales""#);
        assert_eq!(problems, "");
        let (written, _) = sent(
            FINANCE,
            None,
            Some(r#"principal.title == "A""#),
            Asked::Take,
        );
        assert_eq!(written.text, r#"principal.title == "A""#);
        assert!(written.rows.key().contains("title"));
    }

    #[test]
    fn where_both_were_changed_nothing_is_taken_before_somebody_chooses() {
        let other = r#"principal.title == "A""#;
        let (_, problems) = sent(FINANCE, Some("Sales"), Some(other), Asked::Take);
        assert!(problems.contains("both changed"), "{problems}");
        let (written, _) = sent(FINANCE, Some("Sales"), Some(other), Asked::Check);
        assert_eq!(written.text, other);
        let (written, _) = sent(FINANCE, Some("Sales"), Some(other), Asked::Compose);
        assert_eq!(written.text, r#"principal.department == "Sales""#);
    }

    #[test]
    fn a_check_says_where_it_is_wrong_or_to_whom_it_applies() {
        let (written, problems) = sent("", None, Some(FINANCE), Asked::Check);
        assert_eq!(problems, "");
        assert!(written.words.contains("department is Finance"));
        let (_, problems) = sent("", None, Some("principal.dept == \"x\""), Asked::Check);
        assert!(problems.contains("Line 1, column"), "{problems}");
    }

    #[test]
    fn a_text_that_rows_cannot_show_leaves_them_empty_and_says_so() {
        let text = r#"principal.title == "A" || principal.kind == "external""#;
        let (written, problems) = sent(text, None, None, Asked::Take);
        assert!(written.more && problems.is_empty());
        assert_eq!(written.text, text);
    }
}
