//! The fields of the form of a rule.

use domain::field::FieldErrors;
use leptos::prelude::*;
use policy::Vocabulary;
use service::rules::RuleDraft;

use super::condition::{Asked, Written};
use crate::access::{owner_field, what_field};
use crate::posted::{Posted, error};
use crate::ui::{FieldRow, FormSection, TextArea, TextField};

/// What the button of a form asks for; what is unknown saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    /// Write the condition from the rows, or check it.
    Write(Asked),
    /// See what it would do.
    Plan,
    /// Save.
    Save,
}

impl Press {
    /// As it was sent.
    pub(super) fn of(posted: &Posted) -> Self {
        match posted.get("step") {
            "compose" => Self::Write(Asked::Compose),
            "check" => Self::Write(Asked::Check),
            "plan" => Self::Plan,
            _ => Self::Save,
        }
    }

    /// How the condition is read for it.
    pub(super) const fn asked(self) -> Asked {
        match self {
            Self::Write(asked) => asked,
            Self::Plan | Self::Save => Asked::Take,
        }
    }
}

/// What was typed, with the condition that was written.
pub(super) fn draft(posted: &Posted, written: &Written) -> RuleDraft {
    RuleDraft {
        name: posted.text("name"),
        description: posted.text("description"),
        condition: written.text.clone(),
        what: posted.text("what"),
        owner: posted.text("owner"),
        hand_over_days: posted.text("hand_over_days"),
        reason: posted.text("reason"),
        confirm: posted.text("confirm"),
    }
}

/// What all fields need.
#[derive(Debug)]
pub(super) struct Controls<'a> {
    pub(super) posted: &'a Posted,
    pub(super) written: &'a Written,
    pub(super) errors: &'a FieldErrors,
    pub(super) vocabulary: &'a Vocabulary,
    /// The recorded owner as a username and a name.
    pub(super) owner: Option<(&'a str, &'a str)>,
    /// What is recorded that it gives, as the field takes it and by name.
    pub(super) gives: Option<(&'a str, &'a str)>,
}

impl Controls<'_> {
    /// All fields with what was typed and what is wrong.
    pub(super) fn view(&self) -> AnyView {
        let what_it_is = self.what_it_is();
        let condition = self.written.view(self.vocabulary, self.errors);
        let what_it_gives = self.what_it_gives();
        let owner = owner_field(
            "Username or id of the person who answers for it.",
            self.owner,
            self.posted,
            self.errors,
        );
        view! {
            {what_it_is}
            {condition}
            {what_it_gives}
            <FormSection title="Who answers for it">{owner}</FormSection>
        }
        .into_any()
    }

    fn what_it_is(&self) -> AnyView {
        let (name, name_problem) = (self.posted.text("name"), error(self.errors, "name"));
        let description = self.posted.text("description");
        let problem = error(self.errors, "description");
        view! {
            <FormSection title="What it is">
                <TextField name="name" label="Name" value=name error=name_problem required=true maxlength=200 autocomplete="off" hint="No two rules share one." />
                <TextArea name="description" label="What it is for" value=description error=problem maxlength=2000 hint="In plain words: whoever decides about it reads this." />
            </FormSection>
        }
        .into_any()
    }

    fn what_it_gives(&self) -> AnyView {
        let known = self
            .gives
            .filter(|(typed, _)| *typed == self.posted.get("what"));
        let known = known.map(|(_, name)| name.to_owned()).unwrap_or_default();
        let what = what_field("Gives", known, self.posted, self.errors);
        let days = self.posted.text("hand_over_days");
        let problem = error(self.errors, "hand_over_days");
        view! {
            <FormSection title="What it gives">
                <FieldRow>
                    {what}
                    <TextField name="hand_over_days" label="Days of hand-over" value=days error=problem autocomplete="off" hint="So long somebody to whom it no longer applies keeps it. Empty: it ends at once." />
                </FieldRow>
            </FormSection>
        }
        .into_any()
    }
}
