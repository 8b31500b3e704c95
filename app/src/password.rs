//! Fields for passwords: one that is known already, and a new one with its repetition. What was typed never comes back
//! in a page, and nothing is cut off at a length: the service says what is too long.

use domain::field::FieldErrors;
use frontend::reveal::RevealPassword;
use leptos::prelude::*;

use crate::posted::error;
use crate::ui::{Field, Input, InputKind, described_by};

/// What makes a good password, in one hint.
const GOOD: &str = "At least 15 characters. Several words that do not belong together are strong and easy to remember.";

/// A password that exists, for signing in and before changing it.
pub fn known(
    name: &'static str,
    label: &'static str,
    errors: &FieldErrors,
    autofocus: bool,
) -> AnyView {
    field(
        name,
        label,
        "",
        error(errors, name),
        "current-password",
        autofocus,
    )
}

/// A password to be chosen (`password`) and the same once more (`again`).
pub fn chosen(label: &'static str, errors: &FieldErrors, autofocus: bool) -> AnyView {
    view! {
        {field("password", label, GOOD, error(errors, "password"), "new-password", autofocus)}
        {field("again", "The same again", "", error(errors, "again"), "new-password", false)}
    }
    .into_any()
}

fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    error: String,
    autocomplete: &'static str,
    autofocus: bool,
) -> AnyView {
    let describing = described_by(name, hint, &error);
    let invalid = !error.is_empty();
    view! {
        <Field name=name label=label hint=hint error=error required=true>
            <RevealPassword>
                <Input
                    name=name
                    kind=InputKind::Password
                    required=true
                    invalid=invalid
                    described_by=describing
                    autocomplete=autocomplete
                    autofocus=autofocus
                />
            </RevealPassword>
        </Field>
    }
    .into_any()
}
