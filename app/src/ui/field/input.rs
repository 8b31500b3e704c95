//! Controls that take text: the bare input, and the text field and text area with their frame.

use leptos::prelude::*;

use crate::format::only_text;

use super::{super::some, Field, described_by};

/// What an input takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InputKind {
    #[default]
    Text,
    Email,
    Password,
    Date,
    /// Date and time of day, without a zone.
    DateTime,
    Number,
    Url,
    Tel,
}

impl InputKind {
    fn attribute(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Number => "number",
            Self::Url => "url",
            Self::Tel => "tel",
        }
    }
}

/// The control alone, for a [`Field`] with an island in it.
#[expect(
    clippy::fn_params_excessive_bools,
    reason = "each is an attribute of the element and is named at the call"
)]
#[component]
pub fn Input(
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(optional)] kind: InputKind,
    #[prop(optional)] required: bool,
    #[prop(optional)] invalid: bool,
    /// From [`described_by`].
    #[prop(optional, into)]
    described_by: String,
    #[prop(optional, into)] autocomplete: String,
    /// In characters; nothing when zero.
    #[prop(optional)]
    maxlength: u32,
    #[prop(optional, into)] placeholder: String,
    /// Technical text, shown in the fixed-width face and left alone by spelling.
    #[prop(optional)]
    mono: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    // Names, addresses and secrets are not words: a spelling checker would underline or even send them.
    let plain = mono
        || autocomplete == "username"
        || matches!(
            kind,
            InputKind::Email | InputKind::Password | InputKind::Url
        );
    view! {
        <input
            class="input"
            type=kind.attribute()
            id=format!("f-{name}")
            name=name
            value=some(value)
            required=required
            aria-invalid=invalid.then_some("true")
            aria-describedby=some(described_by)
            autocomplete=some(autocomplete)
            maxlength=(maxlength > 0).then(|| maxlength.to_string())
            placeholder=some(placeholder)
            data-mono=mono.then_some("")
            spellcheck=plain.then_some("false")
            autocapitalize=plain.then_some("none")
            autofocus=autofocus
            dir="auto"
        />
    }
    .into_any()
}

/// A labelled input.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: String,
    #[prop(optional)] kind: InputKind,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] autocomplete: String,
    #[prop(optional)] maxlength: u32,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] mono: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let describing = described_by(&name, &hint, &error);
    let invalid = !error.is_empty();
    view! {
        <Field name=name.clone() label=label hint=hint error=error required=required>
            <Input
                name=name
                value=value
                kind=kind
                required=required
                invalid=invalid
                described_by=describing
                autocomplete=autocomplete
                maxlength=maxlength
                placeholder=placeholder
                mono=mono
                autofocus=autofocus
            />
        </Field>
    }
    .into_any()
}

/// A labelled text of several lines.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: String,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] maxlength: u32,
    #[prop(optional, into)] placeholder: String,
) -> impl IntoView {
    let describing = described_by(&name, &hint, &error);
    let invalid = !error.is_empty();
    // A browser drops a line break right after the opening tag, so one is written for it to drop.
    let text = only_text(&format!("\n{value}"));
    view! {
        <Field name=name.clone() label=label hint=hint error=error required=required>
            <textarea
                class="input"
                id=format!("f-{name}")
                name=name
                rows=rows.to_string()
                required=required
                aria-invalid=invalid.then_some("true")
                aria-describedby=some(describing)
                maxlength=(maxlength > 0).then(|| maxlength.to_string())
                placeholder=some(placeholder)
                dir="auto"
                inner_html=text
            />
        </Field>
    }
    .into_any()
}
