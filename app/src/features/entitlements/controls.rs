//! The fields of the form of an entitlement.

use domain::entitlement::EntitlementKind;
use domain::field::FieldErrors;
use leptos::prelude::*;

use crate::access::{Picker, level_field, owner_field};
use crate::posted::{Posted, error};
use crate::routes;
use crate::ui::{Checkbox, Choice, FieldRow, FormSection, Select, TextArea, TextField};

/// What the form is about.
#[derive(Debug)]
pub(super) enum About<'a> {
    /// A new one; the name of the application that is typed, when there is one.
    New {
        /// Its name.
        application: String,
    },
    /// A known one, which stays with its application.
    Known {
        /// Username and name of its own owner.
        owner: Option<(&'a str, &'a str)>,
    },
}

/// All fields with what was typed and what is wrong.
pub(super) fn controls(about: About<'_>, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let (application, owner) = match about {
        About::New { application } => (Some(application), None),
        About::Known { owner } => (None, owner),
    };
    let application = application.map(|chosen| {
        let hint = "Technical name or id of the application that grants it.";
        Picker {
            name: "application",
            label: "Application",
            hint,
            endpoint: routes::API_PICK_APPLICATIONS,
            chosen,
            required: true,
        }
        .view(posted, errors)
    });
    let what = what_it_is(posted, errors);
    let reach = what_it_covers(posted, errors);
    let owner = owner_field(
        "Username or id. Empty: the owner of the application answers for it.",
        owner,
        posted,
        errors,
    );
    let risk = level_field(
        "risk",
        "Risk",
        "How bad it is in wrong hands.",
        posted,
        errors,
    );
    let requestable = view! {
        <Checkbox name="requestable" label="People can ask for it" value="true" checked=posted.ticked("requestable") error=error(errors, "requestable") />
    };
    view! {
        <FormSection title="What it is">
            {application}
            {what}
        </FormSection>
        <FormSection title="What it covers" hint="For policies and for those who review it; leave empty what does not apply.">{reach}</FormSection>
        <FormSection title="Who answers for it">
            <FieldRow>{owner} {risk}</FieldRow>
            {requestable}
        </FormSection>
    }
    .into_any()
}

fn what_it_is(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let kinds = EntitlementKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.word(), kind.label()))
        .collect();
    let name = view! {
        <TextField name="display_name" label="Name" value=value("display_name") error=problem("display_name") required=true maxlength=200 autocomplete="off" />
    };
    let technical = view! {
        <TextField name="name" label="Technical name" value=value("name") error=problem("name") required=true maxlength=200 mono=true autocomplete="off" hint="As the application itself writes it." />
    };
    let kind = view! { <Select name="kind" label="Kind" value=value("kind") options=kinds error=problem("kind") required=true /> };
    let description = view! {
        <TextArea name="description" label="What it lets a person do" value=value("description") error=problem("description") maxlength=2000 hint="In plain words: whoever decides about it reads this." />
    };
    view! {
        {name}
        <FieldRow>{technical} {kind}</FieldRow>
        {description}
    }
    .into_any()
}

fn what_it_covers(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let text = |name: &'static str, label: &'static str, hint: &'static str, max: u32| {
        view! { <TextField name=name label=label value=posted.text(name) error=error(errors, name) hint=hint maxlength=max mono=true autocomplete="off" /> }
    };
    let actions = text(
        "actions",
        "Actions",
        "Words separated by semicolons, like read; write; approve.",
        3000,
    );
    let kind = text("resource_type", "Resource type", "Like invoice.", 100);
    let one = text(
        "resource_id",
        "Resource",
        "A single one; empty means all of the type.",
        200,
    );
    view! {
        {actions}
        <FieldRow>{kind} {one}</FieldRow>
    }
    .into_any()
}
